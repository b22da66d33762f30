"""Somebody who reads everything that a survey shows, and tries to find out what a few people answered.

Written apart from ``alongside.survey.rules.audit``, and in another way: one yes-or-no unknown for each person and
question, groups found again from what is published, counts found again from percents. It knows the rules of
the survey, who answered which question, and what everybody said about themselves; no answers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

SMALLER = "Smaller groups together"


@dataclass(frozen=True)
class Known:
    """``answered`` [people, items]; ``about``: each breakdown's labels, one for each person; ``practice``: each
    item's practice; ``items``: keys; ``minimum``: the smallest group; ``here``: who is in this release."""

    answered: np.ndarray
    about: Mapping[str, Sequence[str]]
    practice: Sequence[str]
    items: Sequence[str]
    minimum: int
    here: np.ndarray


@dataclass
class Fact:
    """``people`` and ``items`` whose favorable answers add up to a count from ``low`` to ``high``."""

    people: np.ndarray
    items: np.ndarray
    low: int
    high: int
    soft: bool
    what: str


@dataclass
class Target:
    people: np.ndarray
    items: np.ndarray
    what: str
    need: int = 3
    values: set[int] = field(default_factory=set)


def found_out(shown: Sequence[tuple[Mapping[str, Any], Known]]) -> list[str]:
    """What the attacker finds out from these releases, each with who was in it; an empty list is what we want."""
    facts = [fact for tables, known in shown for fact in facts_of(tables, known)]
    known = shown[-1][1]
    targets = [target for tables, one in shown for target in targets_of(tables, one)]
    targets += [Target(fact.people, fact.items, f"softened: {fact.what}") for fact in facts if fact.soft]
    lost = []
    for practice in dict.fromkeys(known.practice):
        own = np.array([one == practice for one in known.practice])
        answered = np.any([one.answered for _, one in shown], axis=0) & own
        theirs = [fact for fact in facts if (fact.items & own).any()]
        lost += _pinned(answered, theirs, [one for one in targets if (one.items & own).any()])
    return lost


# --- reading what is shown -------------------------------------------------------------------------------


def facts_of(tables: Mapping[str, Any], known: Known) -> list[Fact]:
    found = []
    for table in tables["tables"]:
        if table["kind"] == "practice":
            items = np.array([one == table["measure"] for one in known.practice])
        else:
            items = np.array([one == table["measure"] for one in known.items])
        for group in table["groups"]:
            people = members(table, group["name"], known)
            what = f"{table['measure']} by {table['by']}, {group['name']}"
            answers = int(known.answered[people][:, items].sum())
            assert group["people"] == people.sum(), f"{what}: the number of people is not right"
            gave = (known.answered[:, items].any(axis=1) & people).sum()
            assert group["answered"] == gave >= known.minimum, f"{what}: who answered it is not right"
            low, high = counts_for(group, answers)
            found.append(Fact(people, items, low, high, group["bound"] is not None, what))
    return found


def members(table: Mapping[str, Any], name: str, known: Known) -> np.ndarray:
    if table["by"] is None:
        return known.here.copy()
    labels = np.array(known.about[table["by"]])
    names = [group["name"] for group in table["groups"]]
    if name == SMALLER:
        return known.here & ~np.isin(labels, names)
    return known.here & (labels == name)


def counts_for(group: Mapping[str, Any], answers: int) -> tuple[int, int]:
    """Which counts a number can stand for. An exact one is not extreme, since it would have been softened."""
    share = group["favorable"]
    if group["bound"] == "at most":
        return 0, math.floor(share * answers / 100 + 1e-9)
    if group["bound"] == "at least":
        return math.ceil(share * answers / 100 - 1e-9), answers
    fits = [count for count in range(answers + 1) if abs(100 * count / answers - share) <= 0.0500001]
    assert fits, "a percent that no count has"
    assert fits[0] >= 3 and fits[-1] <= answers - 3, "an exact number near an end"
    assert 10 < share < 90, "an exact number near an end"
    return fits[0], fits[-1]


def targets_of(tables: Mapping[str, Any], known: Known) -> list[Target]:
    """Everybody alike, everybody with one value, and differences of shown groups: too few of them answered a practice."""
    sets: dict[bytes, tuple[np.ndarray, str]] = {}

    def add(people: np.ndarray, what: str) -> None:
        sets.setdefault(people.tobytes(), (people, what))

    columns = [np.array(labels) for labels in known.about.values()]
    alike = [" / ".join(row) for row in zip(*columns, strict=True)] if columns else [""] * len(known.here)
    for one in set(alike):
        add(known.here & (np.array(alike) == one), f"everybody who is {one}")
    for column in columns:
        for one in set(column):
            add(known.here & (column == one), f"everybody who said {one}")
    groups = {
        members(table, group["name"], known).tobytes(): members(table, group["name"], known)
        for table in tables["tables"]
        for group in table["groups"]
    }
    for one, other in itertools.permutations(groups.values(), 2):
        add(one & ~other, "a difference")
    found = []
    for people, what in sets.values():
        for items, practice, name in _measures(known):
            answers = int(known.answered[people][:, items].sum())
            gave = known.answered[people][:, practice].any(axis=1).sum()
            if 0 < gave < known.minimum and answers:
                found.append(Target(people, items, f"{name}: {what}", min(3, answers + 1)))
    return found


def _measures(known: Known) -> list[tuple[np.ndarray, np.ndarray, str]]:
    """Each measure: its items, those of its practice, and its name."""
    own = {name: np.array([one == name for one in known.practice]) for name in known.practice}
    practices = [(items, items, name) for name, items in own.items()]
    return practices + [
        (np.array([one == name for one in known.items]), own[practice], name)
        for name, practice in zip(known.items, known.practice, strict=True)
    ]


# --- working it out --------------------------------------------------------------------------------------


def _pinned(answered: np.ndarray, facts: Sequence[Fact], targets: Sequence[Target]) -> list[str]:
    """Which targets can't have enough counts. One unknown for each person and item that was answered."""
    places = {place: at for at, place in enumerate(zip(*np.nonzero(answered), strict=True))}
    if not places or not targets:
        return []

    def row(one: Fact | Target) -> np.ndarray:
        found = np.zeros(len(places))
        for person, item in zip(*np.nonzero(answered & one.people[:, None] & one.items), strict=True):
            found[places[person, item]] = 1
        return found

    rules = lil_matrix((max(len(facts), 1), len(places)))
    for at, fact in enumerate(facts):
        rules[at] = row(fact)
    low, high = [fact.low for fact in facts] or [0], [fact.high for fact in facts] or [0]
    base = LinearConstraint(rules.tocsr(), np.array(low), np.array(high))  # pyright: ignore[reportArgumentType]
    rows = np.array([row(target) for target in targets])

    def solve(cost: np.ndarray, *more: LinearConstraint) -> np.ndarray | None:
        one = milp(cost, constraints=[base, *more], integrality=np.ones(len(cost)), bounds=Bounds(0, 1))
        if one.status != 0:
            return None
        sums = np.rint(rows @ one.x).astype(int)
        for target, value in zip(targets, sums, strict=True):
            target.values.add(int(value))
        return one.x

    chance = np.random.default_rng(7)
    for _ in range(12):
        solve(chance.normal(size=len(places)) + chance.normal())
    lost = []
    for at, target in enumerate(targets):
        if len(target.values) < target.need:
            ends = [solve(sign * rows[at]) for sign in (1, -1)]
            assert all(one is not None for one in ends), f"what is shown contradicts itself: {target.what}"
            least, most = min(target.values), max(target.values)
            if most - least >= 2 and len(target.values) < target.need:
                solve(np.zeros(len(places)), LinearConstraint(rows[at][None, :], least + 1, most - 1))
        if len(target.values) < target.need:
            lost.append(f"{target.what}: only {sorted(target.values)} possible")
    return lost


# --- by trying everything --------------------------------------------------------------------------------


def by_trying(
    sizes: Sequence[int],
    possible: Iterable[tuple[int, ...]],
    shown: Callable[[Sequence[int]], object],
    sets: Mapping[str, tuple[Sequence[int], int]],
) -> list[str]:
    """What somebody finds out who runs the program itself on every answer that there could have been.

    ``sizes``: answers in each cell of people who are alike, to one question after the other; ``possible``: favorable
    answers in each cell, all that come into question together; ``shown``: everything that would be published for such
    counts; ``sets``: cells, and how many counts of their sum must stay. Tells for every answer, not for one.
    """
    published: dict[object, list[tuple[int, ...]]] = {}
    for counts in possible:
        assert all(0 <= count <= size for count, size in zip(counts, sizes, strict=True))
        published.setdefault(shown(counts), []).append(counts)
    assert published
    return [
        f"{name}: only {sorted({sum(counts[cell] for cell in cells) for counts in alike})} where {alike[0]}"
        for alike in published.values()
        for name, (cells, need) in sets.items()
        if len({sum(counts[cell] for cell in cells) for counts in alike}) < need
    ]
