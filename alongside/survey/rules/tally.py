"""What is counted of a survey, and what might be shown of it: the objects that the rules decide about.

Counts go no further down than *cells*: people who are alike in all breakdowns. Whoever attacks a release is
taken to know who is in which cell and who answered what, but no answers. No rule is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from alongside.survey.read.responses import Rows
from alongside.survey.rules.softening import Soft, Total

__all__ = ["Asked", "Groups", "Plan", "Practice", "Tally", "count"]


class Asked(NamedTuple):
    """A practice that enough people answered: its row in ``answered``, its items' rows.

    ``in_groups``: enough for breakdowns too, so that it has a say in how groups are formed (rule 13).
    """

    key: str
    at: int
    items: np.ndarray
    in_groups: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tally:
    """Counts by cell, a cell being the people who are alike in all breakdowns.

    ``people`` [cells]; ``values`` [breakdowns, cells]: the cell's value in each; ``answers``, ``favorable``,
    ``unfavorable`` [items, cells]; ``answered`` [practices, cells]: people who answered any of its items.
    ``practices``: those that are shown.
    """

    minimum: int
    people: np.ndarray
    values: np.ndarray
    answers: np.ndarray
    favorable: np.ndarray
    unfavorable: np.ndarray
    answered: np.ndarray
    practices: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A breakdown as it is shown: ``of`` [cells] is each cell's group, ``names`` are theirs."""

    key: str
    names: tuple[str, ...]
    of: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Practice:
    """``at``: its row in ``answered``. ``items``: its items' rows. ``by_group``: one for each breakdown, or none at all."""

    key: str
    at: int
    items: np.ndarray
    total: Total
    by_item: Soft | None
    by_group: tuple[Soft, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What might be shown: each practice, single items or none of them, and these breakdowns."""

    practices: tuple[Practice, ...]
    with_items: bool
    shown: tuple[Groups, ...]


def count(rows: Rows, minimum: int) -> Tally:
    """Add up people who are alike. From here on nobody's own answers are seen.

    ``minimum``: the smallest group; a practice that fewer people answered is not shown. One that does not apply to
    most people would leave no group large enough: it is shown for everyone, and has no part in breakdowns.
    """
    book = rows.codebook
    first, cell = _cells(rows.about)
    items = {key: np.array([item.practice == key for item in book.items.values()]) for key in book.practices}
    answers = np.ascontiguousarray(rows.answers.T)
    given = np.stack([_by_point(one, cell, len(first), len(book.scale)) for one in answers])
    points = [book.points(item) for item in book.items.values()]

    def among(parts: Sequence[tuple[str, ...]]) -> np.ndarray:
        """How many answers [items, cells] are among the points of each item's part."""
        inside = np.array([[point in part for point in book.scale] for part in parts])
        return (given * inside[:, None, :]).sum(axis=2)

    # of a person who answered several items of a practice, one counts
    some = [(answers[its] >= 0).any(axis=0) for its in items.values()]
    answered = np.stack([np.bincount(cell[anything], minlength=len(first)) for anything in some])
    enough = max(2 * minimum, rows.people / 2)
    return Tally(
        minimum=minimum,
        people=np.bincount(cell, minlength=len(first)),
        values=rows.about[first].T.astype(np.int64),
        answers=given.sum(axis=2),
        favorable=among([one.favorable for one in points]),
        unfavorable=among([one.unfavorable for one in points]),
        answered=answered,
        practices=tuple(
            Asked(key, at, np.flatnonzero(its), bool(answered[at].sum() >= enough))
            for at, (key, its) in enumerate(items.items())
            if answered[at].sum() >= minimum
        ),
    )


def _by_point(answers: np.ndarray, cell: np.ndarray, cells: int, points: int) -> np.ndarray:
    """Of one item, how many people of each cell gave each point of the scale as their answer [cells, points]."""
    width = points + 1  # no answer is -1, and stands first
    found = np.bincount(cell * width + (answers + 1), minlength=cells * width)
    return found.reshape(cells, width)[:, 1:]


def _cells(about: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Somebody of each cell, and everybody's cell."""
    code = np.zeros(len(about), np.int64)
    for column in about.T:
        code = code * (int(column.max(initial=0)) + 1) + column
    _, first, cell = np.unique(code, return_index=True, return_inverse=True)
    return first, cell.ravel()
