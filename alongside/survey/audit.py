"""Rule 7: could somebody who reads everything that is shown find out what a few people answered?

The question is put for one practice at a time, because no published number adds up two practices. *Unknown*
is, for each item and each cell of people who are alike in all breakdowns, how many answers were favorable: a
whole number from 0 to the number of answers, which the attacker knows. Each published number says that some
of these add up to a count, or lie between two ends. A *protected* sum, over a set of people, is safe when at
least three counts of it stay possible (all of them, where the set has fewer than three answers).

How it is decided, in whole people and never by fractions:

1. A count is possible when some whole-number answer has it, so possible answers are collected and checked.
   Many come by exchange: one favorable answer more here and one less there, so that every published sum stays.
2. For a sum that these don't settle, an integer program (HiGHS) looks for its least, its greatest and a third
   count. What it finds is a possible answer too, and settles others along the way. A linear program's ends
   would not do: at fractional bounds they call pinned sums safe.

Nothing is called safe without three possible answers in hand, each of which would be *published exactly like
the real one* (``same``), bound for bound and level for level. So somebody who runs this code on every answer
that they can think of can't tell these three apart, and it does not help to know the code.

What an absence says: whether a breakdown is left out does depend on answers, in rare surveys whose head
counts are just enough. It is decided once for all practices, with one sentence, so it says "in at least one
practice, something would have been given back", and nothing about which. Whatever is left out publishes no
sum of its own, and every protected set keeps the freedom that it had without that breakdown, except for the
answers of all practices at once that would have passed. That a breakdown *is* shown says nothing beyond its
numbers, since the audit knows only what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

__all__ = ["Exchanges", "Puzzle", "Sum", "exchanges", "safe"]

COUNTS = 3  # that stay possible
_NODES = 20_000  # of an integer program before it is given up, which counts as unsafe

Mask = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """A sum over some items and some cells of people, and what is known of it: ``low`` to ``high``."""

    items: Mask
    cells: Mask
    low: int = 0
    high: int = 0
    narrow: tuple[int, int] | None = None  # where to look first for answers that are published alike

    def of(self, table: np.ndarray) -> np.ndarray:
        """This sum in a table [..., items, cells]."""
        return table[..., self.items, :][..., self.cells].sum(axis=(-2, -1))


@dataclass(frozen=True, slots=True, eq=False)
class Puzzle:
    """One practice, as the attacker meets it, and the real answer.

    ``favorable`` and ``answers``: [items, cells]. ``known``: every published sum. ``protected``: sums that
    must stay open. ``same``: which of many possible answers [many, items, cells] would be published alike.
    """

    favorable: np.ndarray
    answers: np.ndarray
    known: Sequence[Sum]
    protected: Sequence[Sum]
    same: Callable[[np.ndarray], np.ndarray]


def safe(puzzle: Puzzle) -> bool:
    """Whether every protected sum keeps enough counts."""
    return _Search(puzzle).settles()


class _Search:
    """Possible answers found so far, and the counts that each protected sum can have by them."""

    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = puzzle
        self.needs = [min(COUNTS, int(one.of(puzzle.answers)) + 1) for one in puzzle.protected]
        self.seen: list[set[int]] = [{int(one.of(puzzle.favorable))} for one in puzzle.protected]
        self.open = [at for at, need in enumerate(self.needs) if need > 1]
        self.shape = puzzle.answers.shape
        ends = np.zeros(puzzle.answers.size), puzzle.answers.ravel().astype(float)
        self.ends = Bounds(*ends)  # pyright: ignore[reportArgumentType]
        self.matrix = csr_matrix(np.array([self._row(one) for one in puzzle.known]))

    def settles(self) -> bool:
        while self.open:
            target = self.open[0]
            if not self._look_for(target):
                return False
            self.open = [at for at in self.open if len(self.seen[at]) < self.needs[at]]
        return True

    def _look_for(self, target: int) -> bool:
        """Look for counts of one sum by integer programs; whether enough were found."""
        row = self._row(self.puzzle.protected[target])
        for narrow in (False, True):
            ends = [self._solve(sign * row, narrow) for sign in (1.0, -1.0)]
            values = [round(float(row @ one)) for one in ends if one is not None]
            if len(values) == 2 and values[1] - values[0] >= 2 and not self._enough(target):
                self._solve(0 * row, narrow, between=(row, values[0] + 1, values[1] - 1))
            if self._enough(target):
                return True
            if not any(one.narrow for one in self.puzzle.known):
                return False
        return False

    def _enough(self, target: int) -> bool:
        return len(self.seen[target]) >= self.needs[target]

    def _row(self, one: Sum) -> np.ndarray:
        row = np.zeros(self.shape)
        row[np.ix_(one.items, one.cells)] = 1
        return row.ravel()

    def _solve(
        self, cost: np.ndarray, narrow: bool, between: tuple[np.ndarray, int, int] | None = None
    ) -> np.ndarray | None:
        """The possible answer of least cost, noted for every protected sum if it would be published alike."""
        ends = [one.narrow if narrow and one.narrow else (one.low, one.high) for one in self.puzzle.known]
        low, high = np.array(ends, float).T
        rules = [LinearConstraint(self.matrix, low, high)]
        if between is not None:
            row, least, most = between
            rules.append(LinearConstraint(row[None, :], least, most))
        found = milp(
            cost, integrality=np.ones(len(cost)), bounds=self.ends, constraints=rules,
            options={"node_limit": _NODES},
        )  # fmt: skip
        if found.status != 0:
            return None
        answer = np.rint(found.x)
        self._note(answer.astype(np.int64).reshape(self.shape))
        return answer

    def _note(self, answer: np.ndarray) -> None:
        """Keep what an answer says, once it is checked by counting: programs round."""
        puzzle = self.puzzle
        fits = all(one.low <= one.of(answer) <= one.high for one in puzzle.known)
        within = (answer >= 0).all() and (answer <= puzzle.answers).all()
        if fits and within and puzzle.same(answer[None])[0]:
            for at in self.open:
                self.seen[at].add(int(puzzle.protected[at].of(answer)))


# --- exchanges -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Exchanges:
    """For each set of people some exchanges [sets, tries] between four cells, and what each does to the set.

    One favorable answer to some item more in the cells ``up`` and one less in the cells ``down`` keeps all
    sums over the shown groups and over everyone. ``change``: by how much it moves the sum over the set.
    Cells are numbered; the number after the last stands for "no cell", where the exchange is between two.
    """

    up: np.ndarray
    down: np.ndarray
    change: np.ndarray

    def leave_open(
        self, sets: np.ndarray, which: np.ndarray, favorable: np.ndarray, answers: np.ndarray
    ) -> np.ndarray:
        """Which sums are not settled by these exchanges: [items and one row for all of them, sets].

        ``which``: rows of ``sets`` that matter. ``favorable``, ``answers``: [items, cells] of one practice.
        """
        anything = np.full((len(answers), 1), COUNTS)
        spare, taken = np.hstack([answers - favorable, anything]), np.hstack([favorable, anything])
        up, down, change = self.up[which], self.down[which], self.change[which]
        forth = np.minimum(spare[:, up].min(axis=-1), taken[:, down].min(axis=-1))
        back = np.minimum(taken[:, up].min(axis=-1), spare[:, down].min(axis=-1))
        more = (np.where(change > 0, forth, back) * (change != 0)).max(axis=-1)
        less = (np.where(change > 0, back, forth) * (change != 0)).max(axis=-1)
        given = answers.astype(float) @ sets[which].T
        steps, given = (np.vstack([one, all_of]) for one, all_of in (
            (more + less, (more.max(axis=0) + less.max(axis=0))[None]), (given, given.sum(axis=0)[None]),
        ))  # fmt: skip
        found = np.zeros((len(steps), len(sets)), bool)
        found[:, which] = steps + 1 < np.minimum(COUNTS, given + 1)
        return found


def exchanges(sets: np.ndarray, groups: np.ndarray, tries: int, seed: int) -> Exchanges:
    """Draw exchanges for sets of cells [sets, cells], given each cell's shown groups [breakdowns, cells].

    Two cells of the same groups exchange directly. Two others do so with two cells that have their groups the
    other way round: (Outreach, North) and (Desk, South) with (Desk, North) and (Outreach, South).
    """
    chance = np.random.default_rng(seed)
    cells = sets.shape[1]
    members = _drawn(sets, tries, chance)
    others = chance.integers(0, cells, members.shape)
    swap = chance.random((len(groups), *members.shape)) < 0.5
    one, other = groups[:, members], groups[:, others]
    find = _Finder(groups, chance)
    third, fourth = find(np.where(swap, other, one)), find(np.where(swap, one, other))
    direct = find(one)  # a cell with all the same groups
    pairs = chance.random(members.shape) < (0.3 if len(groups) else 1.0)
    nobody = np.full_like(members, cells)
    up = np.stack([members, np.where(pairs, nobody, others)], axis=-1)
    down = np.stack([np.where(pairs, direct, third), np.where(pairs, nobody, fourth)], axis=-1)
    missing = (down < 0).any(axis=-1) | (~pairs & ((members == others) | (third == fourth)))
    belongs = np.hstack([sets, np.zeros((len(sets), 1), bool)]).astype(np.int8)
    rows = np.arange(len(sets))[:, None, None]
    change = belongs[rows, up].sum(axis=-1) - belongs[rows, np.maximum(down, 0)].sum(axis=-1)
    return Exchanges(up, np.maximum(down, 0), np.where(missing, 0, change))


def _drawn(sets: np.ndarray, tries: int, chance: np.random.Generator) -> np.ndarray:
    """Cells out of each set [sets, tries]."""
    found = np.empty((len(sets), tries), np.int64)
    for at, row in enumerate(sets):
        found[at] = chance.choice(np.flatnonzero(row), tries)
    return found


class _Finder:
    """Finds some cell that is in given groups."""

    def __init__(self, groups: np.ndarray, chance: np.random.Generator) -> None:
        self.chance = chance
        self.sizes = groups.max(axis=1, initial=0) + 1
        codes = self._code(groups)
        self.order = np.argsort(codes, kind="stable")
        self.codes = codes[self.order]

    def __call__(self, groups: np.ndarray) -> np.ndarray:
        """A cell drawn among those in these groups, or -1 where there is none."""
        codes = self._code(groups)
        first, last = (np.searchsorted(self.codes, codes, side) for side in ("left", "right"))
        at = first + (self.chance.random(codes.shape) * (last - first)).astype(np.int64)
        return np.where(first < last, self.order[np.minimum(at, len(self.order) - 1)], -1)

    def _code(self, groups: np.ndarray) -> np.ndarray:
        code = np.zeros(groups.shape[1:], np.int64)
        for row, size in zip(groups, self.sizes, strict=True):
            code = code * size + row
        return code
