"""What was promised, for the wall: what, a place or a role, by when. Nobody who asked stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alongside.kit.sheet import Order, Sheet
from alongside.words import say

__all__ = ["sheets"]


def sheets(_: Order) -> Iterator[Sheet]:
    """One sheet, the same for every lesson."""
    data = {
        "title": say("leading.bring_back_title"),
        "how": [
            say("leading.bring_back_how"),
            say("leading.bring_back_rules"),
            say("leading.bring_back_can"),
        ],
        "head": [
            say("leading.what"),
            say("leading.bring_back_role"),
            say("leading.by_when"),
            say("leading.bring_back_stands"),
        ],
        "next": say("leading.bring_back_next"),
    }
    yield Sheet("bring-back.pdf", Path(__file__).with_name("bring_back.typ"), data)
