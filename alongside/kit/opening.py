"""The opening of every session, to be read aloud: data/opening.yml in the words of this program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from alongside.course.references import opening
from alongside.kit.sheet import Order, Sheet
from alongside.words import say

__all__ = ["reviewed", "sheets"]


def sheets(order: Order) -> Iterator[Sheet]:
    """One sheet, the same for every lesson. While nobody wrote down who responds, it says that it isn't complete."""
    said, here = opening(), order.here
    data = {
        "title": say("leading.opening_title"),
        "how": say("leading.opening_how", count=said.minutes),
        "incomplete": "" if here.responds and here.naloxone else say("leading.opening_incomplete"),
        "lines": [
            {"minutes": say("leading.minutes", count=line.minutes), "say": line.said(here)}
            for line in said.lines
        ],
        "foot": reviewed(said.reviewed_by),
    }
    yield Sheet("opening.pdf", Path(__file__).with_name("opening.typ"), data)


def reviewed(names: Sequence[str]) -> str:
    """Who reviewed it, or that nobody has yet."""
    return say("leading.reviewed_by", names=", ".join(names)) if names else say("leading.not_reviewed")
