"""The sheet on which two people count slips from a cup. They say one sentence, and it never says how many.

Its third page are slips for any question: a room of phones that has to go on with paper says "Slips, page 3".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alongside.course.cutting import NUMBERS, SLIPS_DOWN
from alongside.kit.sheet import Order, Sheet
from alongside.words import say

__all__ = ["sheets"]


def sheets(_: Order) -> Iterator[Sheet]:
    """One sheet, the same for every lesson."""
    data = {
        "title": say("kit.tally_title"),
        "how": [
            say("kit.tally_two"),
            say("kit.tally_lines"),
            say("kit.tally_say"),
            say("kit.tally_tear"),
        ],
        "kinds": [
            {
                "name": say("kit.tally_choose"),
                "when": say("kit.tally_choose_when"),
                "says": [say("kit.says_most"), say("kit.says_mixed")],
            },
            {
                "name": say("kit.tally_agree"),
                "when": say("kit.tally_agree_when"),
                "says": [say("kit.says_stands"), say("kit.says_not_yet")],
            },
            {
                "name": say("kit.tally_dots"),
                "when": say("kit.tally_dots_when"),
                "says": [say("kit.says_dots"), say("kit.says_mixed")],
            },
        ],
        "never": say("kit.tally_never"),
        "few": say("kit.tally_few"),
        "any": say("kit.tally_any", count=SLIPS_DOWN),
        "words": {
            "option": say("kit.tally_option"),
            "lines": say("kit.tally_strokes"),
            "says": say("kit.tally_says"),
            "slip": say("kit.slip_many"),
        },
        "slips": {"down": SLIPS_DOWN, "numbers": NUMBERS},
    }
    yield Sheet("tally.pdf", Path(__file__).with_name("tally.typ"), data)
