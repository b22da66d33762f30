"""After a session: the page on which hosts write down what they said they would bring back.

It gives a page for the wall, notes for a calendar, the day of the check-in and words for an invitation. All of it is
made in the page, by ``page/after.js``; what is typed lies in the tab's own storage, as on every lesson.
"""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from alongside import templates
from alongside.page import html as pages
from alongside.page import join, theme

__all__ = ["CHECK_IN", "NAME", "draw"]

#: The page's file, beside the big screen.
NAME = "after.html"
#: The lesson for the day on which promises are looked at.
CHECK_IN = "19-check-in"
TEMPLATE = Path(__file__).parent / "after.html.j2"


def draw(home: str, leave: str, checkin: str) -> str:
    """The page. Addresses: ``home`` of the first page, ``leave`` of the neutral one, ``checkin`` of CHECK_IN, or "" where it
    isn't there."""
    script = join.page_script((), "after")
    values = {"home": home, "leave": leave, "checkin": checkin, "script": Markup(script)}
    style = theme.lesson_css(templates.fill(TEMPLATE, policy="", style="", **values))
    policy = pages.policy(script, style)
    return templates.fill(TEMPLATE, policy=policy, style=Markup(style), **values)
