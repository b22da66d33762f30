"""A note for a calendar on the day by which something was promised (RFC 5545), as an address that asks for no file.

It names the survey, what was promised and the role that does it: what stands on the wall, and no person.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from alongside.survey.ask.codebook import FollowUp

__all__ = ["address", "note"]

OCTETS = 75  # of a line, at most


def address(promised: FollowUp, title: str) -> str:
    """The note as a ``data:`` address, to be saved by a link."""
    return "data:text/calendar;charset=utf-8," + quote(note(promised, title))


def note(promised: FollowUp, title: str) -> str:
    """The note's text: one whole day. The same promise gives the same bytes, and so one note and not two."""
    day, after = (one.strftime("%Y%m%d") for one in (promised.date, promised.date + timedelta(days=1)))
    mark = hashlib.sha256(f"{title}\n{day}\n{promised.what}".encode()).hexdigest()[:32]
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Notes//Notes//EN",
        "BEGIN:VEVENT",
        f"UID:{mark}",
        f"DTSTAMP:{day}T000000Z",  # a time of making is wanted; the day itself says nothing about when it was written
        f"DTSTART;VALUE=DATE:{day}",
        f"DTEND;VALUE=DATE:{after}",
        "TRANSP:TRANSPARENT",
        _property("SUMMARY", promised.what),
        _property("DESCRIPTION", f"{title}\n{promised.who}".strip()),
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _property(name: str, text: str) -> str:
    """Text as a calendar wants it: escaped, and folded where a line would be too long."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    lines, line = [], ""
    for letter in name + ":" + r"\n".join(text.splitlines()):
        if len((line + letter).encode()) > OCTETS:
            lines, line = [*lines, line], " "
        line += letter
    return "\r\n".join([*lines, line])
