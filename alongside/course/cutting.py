"""What of a lesson is cut up or hung up, and how much paper it takes: cards, piles to lay them on, options for the wall, slips.

Once, for whoever counts it (the planner) and for whoever sets it (``alongside print``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from alongside.course.lesson import ActivityLine, Lesson
from alongside.course.session import NO_VOTE

__all__ = [
    "IN_A_GROUP",
    "NUMBERS",
    "SECONDS_A_CUT",
    "SLIPS_DOWN",
    "Taken",
    "cards_on",
    "piles_on",
    "slips_beside",
    "slips_on",
    "taken",
    "voted",
]

#: How many people have one set of cards.
IN_A_GROUP = 4
#: How many of its minutes a sheet takes to cut: so many cuts with scissors, at ten seconds each.
SECONDS_A_CUT = 10
#: Where a vote says no options, people vote by a number: of a card, of a line on the wall.
NUMBERS = 12
#: How many cards stand on a page: (columns, rows), and rows where that spares a page. Piles share a page, as large as it allows.
CARDS, CLOSER, PILES = (2, 5), 6, 6
#: How many slips stand on a page beside each other, by how many options they may have, and below each other.
SLIPS, SLIPS_DOWN = {5: 3, 7: 2}, 9


@dataclass(frozen=True, slots=True)
class Taken:
    """``kind``: "cards", "piles", "options" (for the wall) or "slips". ``pages``: how many it takes once; ``each``: so many people
    share one copy, 0 where a circle needs one; ``cuts`` a page; ``steps``: ids of the steps that vote with it."""

    kind: str
    pages: int
    each: int
    cuts: int
    steps: tuple[str, ...] = ()


def cards_on(cards: int) -> tuple[int, int, int]:
    """(columns, rows, pages) for so many cards."""
    columns, rows = CARDS
    if columns * rows < cards <= columns * CLOSER:
        rows = CLOSER
    return columns, rows, math.ceil(cards / (columns * rows))


def piles_on(piles: int) -> tuple[int, int]:
    """(rows, pages) for so many piles."""
    rows = min(PILES, piles)
    return rows, math.ceil(piles / rows)


def slips_beside(options: int) -> int:
    """How many slips with so many options stand beside each other."""
    return next((columns for most, columns in SLIPS.items() if options <= most), 1)


def slips_on(options: int, times: int) -> int:
    """How many people a page of slips is for, if each votes so many times."""
    return slips_beside(options) * SLIPS_DOWN // times


def voted(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """The steps that vote with a cup, by the key of what is voted on; "" for votes on what the room itself put up.

    A vote that says no key and comes again is about what was voted on before."""
    found: dict[str, tuple[str, ...]] = {}
    before = ""
    for step in lesson.session.in_order if lesson.session else ():
        if step.vote != NO_VOTE:
            again = not step.activity and step.vote != "cup"
            before = before if again else step.activity
            found[before] = (*found.get(before, ()), step.id)
    return found


def taken(lesson: Lesson) -> list[Taken]:
    """Everything of a lesson that is cut or hung up, in the order in which it is needed."""
    votes = voted(lesson)
    found: list[Taken] = []
    for line in lesson.activities:
        if line.verb == "sort_cards":
            found += _set(len(line.named["cards"]), len(line.named["piles"]))
        elif line.verb == "rank":
            found += _set(len(_options(line)) + 1)
        if line.key in votes and line.verb in ("choose", "rank", "rate"):
            found.append(Taken("options", 1, 0, 0, votes[line.key]))
            found.append(_slips(5 if line.verb == "rate" else len(_options(line)), votes[line.key]))
    if "" in votes:
        found.append(_slips(NUMBERS, votes[""]))
    return found


def _options(line: ActivityLine) -> list[object]:
    return [*(line.named.get("options") or line.words[1])]


def _set(cards: int, piles: int = 0) -> Iterator[Taken]:
    columns, rows, pages = cards_on(cards)
    yield Taken("cards", pages, IN_A_GROUP, columns - 1 + rows - 1)
    if piles:
        rows, pages = piles_on(piles)
        yield Taken("piles", pages, IN_A_GROUP, rows - 1)


def _slips(options: int, steps: tuple[str, ...]) -> Taken:
    cuts = slips_beside(options) - 1 + SLIPS_DOWN - 1
    return Taken("slips", 1, slips_on(options, len(steps)), cuts, steps)
