"""A count of what random surveys show, apart from the attack's own surveys: of the breakdowns that head counts
allow, how many are shown, and still say something?

Surveys of 45 to 120 people, three breakdowns of 2 to 5 values, four practices of 2 or 3 items, minimums of 10 and
of 5, up to a fifth of the answers missing, and groups that are unanimous or nearly so here and there. Written apart
from ``alongside.survey.rules``: which breakdowns can be formed is worked out here again, from head counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from survey_random import codebook, rows

from alongside.survey.ask.codebook import Item
from alongside.survey.read.responses import Rows

PRACTICES = 4
WIDE, MANY = 40, 1 / 3
"""Points from an end, and of a breakdown's numbers: so many within such bounds leave it with little to say."""


@dataclass(frozen=True)
class Counted:
    """Breakdowns: that rules 3, 5 and 18 can form, that are shown, and those of them that say something."""

    formed: int
    shown: int
    told: int

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.formed + other.formed, self.shown + other.shown, self.told + other.told)

    @property
    def share(self) -> float:
        return self.told / self.formed


def survey(seed: int) -> Rows:
    """Always the same one."""
    chance = np.random.default_rng([seed, 12])
    people, minimum = int(chance.integers(45, 121)), int(chance.choice((5, 10)))
    sizes, many = chance.integers(2, 6, 3), chance.integers(2, 4, PRACTICES)
    book = codebook(PRACTICES, 3, sizes.tolist(), minimum)
    items = {key: one for key, one in book.items.items() if int(key[-1]) < many[int(key[1])]}
    book = replace(book, items=items)
    about = np.column_stack([_spread(int(size), people, chance) for size in sizes])
    if chance.random() < 0.3:  # two that mostly go together, as role and site do
        alike = chance.random(people) < 0.8
        about[alike, 1] = about[alike, 0] % sizes[1]
    good = chance.random((people, len(items))) < _likely(list(items.values()), about, chance)
    answers = np.where(good, chance.integers(3, 5, good.shape), chance.integers(0, 3, good.shape))
    answers[chance.random(good.shape) < chance.uniform(0, 0.2)] = -1
    return rows(book, answers, about)


def _spread(values: int, people: int, chance: np.random.Generator) -> np.ndarray:
    return chance.choice(values, people, p=chance.dirichlet(np.full(values, 3.0)))


def _likely(items: list[Item], about: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """How likely each answer [people, items] is favorable: some groups agree, or nearly, about some practice."""
    share = {f"p{one}": chance.uniform(0.25, 0.85) for one in range(PRACTICES)}
    likely = np.clip([share[one.practice] + chance.normal(0, 0.08) for one in items], 0.02, 0.98)
    likely = np.tile(likely, (len(about), 1))
    for practice in share:
        mine = [at for at, one in enumerate(items) if one.practice == practice]
        for column in about.T:
            for value in np.unique(column):
                if chance.random() < 0.08:
                    end = chance.choice((0.0, 0.04, 0.96, 1.0))
                    likely[np.ix_(column == value, mine)] = end
    return likely


# --- what could be shown, and what is -------------------------------------------------------------------


def counted(of: Rows, tables: dict[str, Any], minimum: int) -> Counted:
    """One survey's breakdowns, given what ``tables.json`` would hold."""
    keys = list(of.about_names)
    by: dict[str, list[dict[str, Any]]] = {}
    for table in tables["tables"]:
        if table["by"]:
            by.setdefault(table["by"], []).extend(table["groups"])
    formed = [key for at, key in enumerate(keys) if _can_be_formed(of, at, minimum)]
    return Counted(len(formed), sum(key in by for key in formed), sum(_says(by.get(key)) for key in formed))


def _can_be_formed(of: Rows, at: int, minimum: int) -> bool:
    """Values under the minimum, by the practice that fewest answered, and the next smallest until it is reached."""
    given = of.answers >= 0
    asked = [one.practice for one in of.codebook.items.values()]
    each = [given[:, [one == key for one in asked]].any(axis=1) for key in dict.fromkeys(asked)]
    counts = np.array([np.bincount(of.about[one, at], minlength=9) for one in each if one.sum() >= minimum])
    value = np.unique(of.about[:, at]).tolist()
    listed = len(list(of.about_names.values())[at]) - 2  # then "Another answer" and "No answer"
    small = {one for one in value if one >= listed or counts[:, one].min() < minimum}
    for one in sorted(value, key=lambda one: counts[:, one].min()):
        together = counts[:, sorted(small)].sum(axis=1).min() if small else minimum
        if not small or (len(small) > 1 and together >= minimum):
            break
        small |= {one}
    fits = not small or (len(small) > 1 and counts[:, sorted(small)].sum(axis=1).min() >= minimum)
    return fits and len(value) - len(small) + bool(small) >= 2


def _says(groups: Iterable[dict[str, Any]] | None) -> bool:
    bounds = [_points(one) for one in groups or ()]
    return bool(bounds) and sum(one > WIDE for one in bounds) < MANY * len(bounds)


def _points(group: dict[str, Any]) -> float:
    """How wide the bound of a number is, in points; an exact one has none."""
    if group["bound"] is None:
        return 0.0
    return group["favorable"] if group["bound"] == "at most" else 100 - group["favorable"]
