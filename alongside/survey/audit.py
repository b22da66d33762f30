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

What an absence says: that a breakdown *is* shown says nothing beyond its numbers, since the audit knows only
what they say. Whether one is left out does depend on answers, in rare surveys whose head counts are just
enough. It is decided once for all practices, with one sentence. With several practices it says "in at least
one of them something would have been given back": a practice's answers can be anything that the other numbers
allow, as long as another practice may be the one. With a single practice there is no other. So a plan is
followed there only if it passes for the ``others``, too, that would be published alike without it: all of
them where they are few, else some that lie far apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

__all__ = ["Exchanges", "Puzzle", "Sum", "exchanges", "others", "safe"]

COUNTS = 3  # that stay possible
_TRIES = (16, 128)  # exchanges tried for each set of people: few at first, more where these don't settle it
_IN_A_ROW = (256, 4096)  # exchanges tried one after the other
_CHOICES, _SPREAD = 500, 5  # of counts that come only together: at most, and to begin with
_FEW, _OTHERS = 20_000, 120  # possible answers that are all gone through, and how many others are tried
_NODES = 20_000  # of an integer program before it is given up, which counts as unsafe

Mask = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """A sum over some items and some cells of people, and what is known of it: ``low`` to ``high``."""

    items: Mask
    cells: Mask
    low: int = 0
    high: int = 0

    def of(self, table: np.ndarray) -> np.ndarray:
        """This sum in a table [..., items, cells]."""
        return table[..., self.items, :][..., self.cells].sum(axis=(-2, -1))


@dataclass(frozen=True, slots=True, eq=False)
class Puzzle:
    """One practice, as the attacker meets it, and the real answer.

    ``favorable`` and ``answers``: [items, cells]. ``known``: every published sum. ``choices``: numbers of sums
    in ``known``, and the counts [many, sums] that these can only have together. ``softened``: those that must
    stay open. ``sets``: sets of people [sets, cells] whose sums must stay open, for each item and for all.
    ``groups``: each cell's shown groups [breakdowns, cells]. ``same``: which of many possible answers [many,
    items, cells] would be published exactly like the real one.
    """

    favorable: np.ndarray
    answers: np.ndarray
    known: Sequence[Sum]
    choices: Sequence[tuple[Sequence[int], np.ndarray]]
    softened: Sequence[Sum]
    sets: np.ndarray
    groups: np.ndarray
    same: Callable[[np.ndarray], np.ndarray]


def safe(puzzle: Puzzle) -> bool:
    """Whether every protected sum keeps enough counts."""
    return _Search(puzzle, [*puzzle.softened, *_by_exchange(puzzle)]).settles()


def others(puzzle: Puzzle) -> Iterator[np.ndarray]:
    """Other possible answers [items, cells] that would be published exactly like the real one.

    All, where there are few; else some that lie far apart. They depend on what is published alone.
    """
    search, size = _Search(puzzle, ()), puzzle.answers.ravel() + 1
    if np.prod(size.astype(float)) <= _FEW:
        every = (
            np.indices(tuple(int(one) for one in size))
            .reshape(len(size), -1)
            .T.reshape(-1, *puzzle.answers.shape)
        )
        fits = puzzle.same(every)
        for one in puzzle.known:
            sums = one.of(every)
            fits &= (sums >= one.low) & (sums <= one.high)
        found = every[fits]
        yield from found[:: -(-len(found) // _OTHERS) or 1]
        return
    search.state()
    chance = np.random.default_rng(0)
    for _ in range(_OTHERS // 8):
        found = search.solve(chance.normal(size=len(size)) + chance.normal(), search.whole)
        if found is not None and search.fits(found):
            yield found


def _by_exchange(puzzle: Puzzle) -> list[Sum]:
    """The sums over sets of people that exchanges leave open: for each item, and for all together."""
    items, sets = len(puzzle.answers), np.arange(len(puzzle.sets))
    unsettled = np.ones((items + 1, len(sets)), bool)
    for seed, tries in enumerate(_TRIES):
        sets = np.flatnonzero(unsettled.any(axis=0))
        if len(sets):
            trial = exchanges(puzzle.sets[sets], puzzle.groups, tries, seed)
            unsettled[:, sets] &= trial.leave_open(puzzle.sets[sets], puzzle.favorable, puzzle.answers)
    which = [*np.eye(items, dtype=bool), np.ones(items, bool)]
    return [Sum(which[row], puzzle.sets[at]) for row, at in np.argwhere(unsettled)]


class _Search:
    """Possible answers found so far, and the counts that each protected sum can have by them."""

    def __init__(self, puzzle: Puzzle, protected: Sequence[Sum]) -> None:
        self.puzzle, self.shape = puzzle, puzzle.answers.shape
        self.rows = np.array([self._row(one) for one in protected]).reshape(
            len(protected), puzzle.answers.size
        )
        self.needs = [min(COUNTS, round(float(row @ puzzle.answers.ravel())) + 1) for row in self.rows]
        self.now = [round(float(row @ puzzle.favorable.ravel())) for row in self.rows]
        self.seen = [{one} for one in self.now]
        self.open = [at for at in range(len(protected)) if not self._enough(at)]

    def settles(self) -> bool:
        """More exchanges, then integer programs about what is still open."""
        for tries in _IN_A_ROW:
            if self.open and len(self.puzzle.sets):
                self._exchange_on(tries)
        if self.open:
            self.state()
            self._try_others()
        return all(self._look_for(target) for target in list(self.open))

    def _row(self, one: Sum) -> np.ndarray:
        row = np.zeros(self.shape)
        row[np.ix_(one.items, one.cells)] = 1
        return row.ravel()

    def _note(self, answer: np.ndarray) -> None:
        """What a possible answer says of each sum that is still open."""
        for at, value in zip(self.open, self.rows[self.open] @ answer.ravel(), strict=True):
            self.seen[at].add(round(float(value)))
        self.open = [at for at in self.open if not self._enough(at)]

    def _enough(self, target: int) -> bool:
        return len(self.seen[target]) >= self.needs[target]

    def _exchange_on(self, tries: int) -> None:
        """For each sum that is still open: exchanges that all move it one way, each after the other."""
        items, cells = self.shape
        table = self.rows[self.open].reshape(-1, items, cells)
        trial = exchanges(np.asarray(table.any(axis=1)), self.puzzle.groups, tries, seed=tries)
        # one column more, for "no cell", with room for every exchange
        room = np.full((items, 1), tries, np.int64)
        favorable = np.hstack([self.puzzle.favorable, room]).ravel()
        spare = np.hstack([self.puzzle.answers - self.puzzle.favorable, room]).ravel()
        for at, target in enumerate(list(self.open)):
            places, moved = trial.places(at, np.flatnonzero(table[at].any(axis=1)), items, cells + 1)
            for way in (1, -1):
                gain, lose = (places[:, :2], places[:, 2:]) if way == 1 else (places[:, 2:], places[:, :2])
                fits = (spare[gain] > 0).all(axis=1) & (favorable[lose] > 0).all(axis=1)
                far = _climb(favorable, spare, np.hstack([gain, lose])[fits], moved[fits])
                self.seen[target] |= {self.now[target] + way * one for one in far}
        self.open = [at for at in self.open if not self._enough(at)]

    def state(self) -> None:
        """Put the puzzle as an integer program. Where counts come only together, one unknown chooses each set."""
        puzzle = self.puzzle
        self.sums = np.array([self._row(one) for one in puzzle.known])
        self.ends = np.array([(one.low, one.high) for one in puzzle.known], float).T
        chosen = [counts[:: -(-len(counts) // _CHOICES) or 1] for _, counts in puzzle.choices]
        more, done = sum(len(one) for one in chosen), 0
        rows = [np.hstack([self.sums, np.zeros((len(self.sums), more))])]
        low, high = (one.tolist() for one in self.ends)
        for (which, _), counts in zip(puzzle.choices, chosen, strict=True):
            block = np.zeros((len(which) + 1, more))
            block[:-1, done : done + len(counts)] = -counts.T
            block[-1, done : done + len(counts)] = 1
            done += len(counts)
            rows.append(np.hstack([np.vstack([self.sums[list(which)], np.zeros(self.sums.shape[1])]), block]))
            low, high = [*low, *[0] * len(which), 1], [*high, *[0] * len(which), 1]
        self.whole = csr_matrix(np.vstack(rows)), np.array(low, float), np.array(high, float)
        self.fixed = csr_matrix(self.sums), *self._fix()

    def _fix(self, *instead: tuple[Sequence[int], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The ends, with counts that come only together held at the real ones, or at others ``instead``."""
        low, high = self.ends.copy()
        for which, _ in self.puzzle.choices:
            low[list(which)] = high[list(which)] = self.sums[list(which)] @ self.puzzle.favorable.ravel()
        for which, counts in instead:
            low[list(which)] = high[list(which)] = counts
        return low, high

    def _try_others(self) -> None:
        """Possible answers with a few of the counts that come only together."""
        for which, counts in self.puzzle.choices:
            for one in counts[:: -(-len(counts) // _SPREAD) or 1]:
                self.solve(0 * self.sums[0], (self.fixed[0], *self._fix((which, one))))

    def _look_for(self, target: int) -> bool:
        """Look for counts of one sum by integer programs; whether enough were found."""
        row = self.rows[target]
        for program in (self.fixed, self.whole) if self.puzzle.choices else (self.whole,):
            if self._enough(target):
                return True
            ends = [self.solve(sign * row, program) for sign in (1.0, -1.0)]
            values = [round(float(row @ one.ravel())) for one in ends if one is not None]
            if len(values) == 2 and values[1] - values[0] >= 2 and not self._enough(target):
                self.solve(0 * row, program, between=(row, values[0] + 1, values[1] - 1))
        return self._enough(target)

    def solve(
        self,
        cost: np.ndarray,
        program: tuple[csr_matrix, np.ndarray, np.ndarray],
        between: tuple[np.ndarray, int, int] | None = None,
    ) -> np.ndarray | None:
        """The possible answer of least cost, noted for every protected sum if it would be published alike."""
        matrix, low, high = program
        more = np.zeros(matrix.shape[1] - len(cost))  # pyright: ignore[reportOptionalSubscript]
        rules = [LinearConstraint(matrix, low, high)]  # pyright: ignore[reportArgumentType]
        if between is not None:
            row, least, most = between
            rules.append(LinearConstraint(np.hstack([row, more])[None, :], least, most))
        most = np.hstack([self.puzzle.answers.ravel(), more + 1]).astype(float)
        found = milp(
            np.hstack([cost, more]), integrality=np.ones(len(most)), constraints=rules,
            bounds=Bounds(0 * most, most),  # pyright: ignore[reportArgumentType]
            options={"node_limit": _NODES},
        )  # fmt: skip
        if found.status != 0:
            return None
        answer = np.rint(found.x[: len(cost)]).astype(np.int64).reshape(self.shape)
        if self.fits(answer):
            self._note(answer)
        return answer

    def fits(self, answer: np.ndarray) -> bool:
        """Whether an answer is possible and would be published alike, by counting: programs round."""
        puzzle = self.puzzle
        within = (answer >= 0).all() and (answer <= puzzle.answers).all()
        known = all(one.low <= one.of(answer) <= one.high for one in puzzle.known)
        return bool(within and known and puzzle.same(answer[None])[0])


# --- exchanges -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Exchanges:
    """For each set of people some exchanges [sets, tries], each between four cells of people.

    One favorable answer to an item more in the cells ``up[0]`` and less in ``down[0]``, and for the same or
    another item more in ``up[1]`` and less in ``down[1]``. The two cells that lose are together in the same
    groups as the two that gain, so every sum over a shown group, over everyone and over an item stays. Cells
    are numbered; the number after the last is "no cell", where the exchange is between two. ``change``: by
    how much each half moves the sum over the set. ``can``: which exchanges can be made at all.
    """

    up: tuple[np.ndarray, np.ndarray]
    down: tuple[np.ndarray, np.ndarray]
    change: tuple[np.ndarray, np.ndarray]
    can: np.ndarray

    def leave_open(self, sets: np.ndarray, favorable: np.ndarray, answers: np.ndarray) -> np.ndarray:
        """Which sums are not settled by these exchanges: [items and one row for all of them, sets].

        ``favorable`` and ``answers``: [items, cells] of one practice.
        """
        nobody = np.full((len(answers), 1), COUNTS)  # what isn't there sets no limit
        spare, taken = np.hstack([answers - favorable, nobody]), np.hstack([favorable, nobody])
        up, down, change = self.up, self.down, self.change
        forth = [np.minimum(spare[:, one], taken[:, other]) for one, other in zip(up, down, strict=True)]
        back = [np.minimum(taken[:, one], spare[:, other]) for one, other in zip(up, down, strict=True)]
        steps = np.zeros((2, len(answers) + 1, len(sets)), np.int64)  # upward and downward
        for item, other in np.ndindex(len(answers), len(answers)):
            ways = np.minimum(forth[0][item], forth[1][other]), np.minimum(back[0][item], back[1][other])
            both = change[0] + change[1]
            for row, moved in ((item, both if item == other else change[0]), (len(answers), both)):
                for at, way in enumerate(ways):
                    steps[at, row] = np.maximum(steps[at, row], (way * (moved > 0)).max(axis=-1))
                    steps[1 - at, row] = np.maximum(steps[1 - at, row], (way * (moved < 0)).max(axis=-1))
        given = answers.astype(float) @ sets.T
        given = np.vstack([given, given.sum(axis=0)])
        return np.asarray(steps.sum(axis=0) + 1 < np.minimum(COUNTS, given + 1))

    def places(self, at: int, rows: np.ndarray, items: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Exchanges of one set that raise its sum over some items (``rows``), and by how much each does.

        Each is four places in a flat table of ``width`` cells a row: two that gain one, two that lose one.
        """
        chance = np.random.default_rng(at)
        cells = np.stack([one[at][self.can[at]] for one in (*self.up, *self.down)], axis=-1)
        first, second = (one[at][self.can[at]] for one in self.change)
        item = np.stack([chance.choice(rows, len(cells)), chance.integers(0, items, len(cells))], axis=-1)
        moved = first + second * np.isin(item[:, 1], rows)
        places = item[:, [0, 1, 0, 1]] * width + cells
        places[moved < 0] = places[moved < 0][:, [2, 3, 0, 1]]
        return places[moved != 0], np.abs(moved[moved != 0])


def _climb(favorable: np.ndarray, spare: np.ndarray, steps: np.ndarray, moved: np.ndarray) -> list[int]:
    """By how much a sum moves along exchanges, each made where the ones before left room for it."""
    count, room = favorable.tolist(), spare.tolist()
    far: list[int] = []
    for (gain, also, lose, besides), by in zip(steps.tolist(), moved.tolist(), strict=True):
        if len(far) == COUNTS - 1:
            break
        if room[gain] and room[also] and count[lose] and count[besides]:
            for place, more in ((gain, 1), (also, 1), (lose, -1), (besides, -1)):
                count[place] += more
                room[place] -= more
            far.append(by + (far[-1] if far else 0))
    return far


def exchanges(sets: np.ndarray, groups: np.ndarray, tries: int, seed: int) -> Exchanges:
    """Draw exchanges for sets of cells [sets, cells], given each cell's shown groups [breakdowns, cells].

    Three kinds. Two cells of the same groups exchange directly. Two others do so with two cells that have their
    groups the other way round: (Outreach, North) and (Desk, South) with (Desk, North) and (Outreach, South).
    And any two cells exchange the answers to two items.
    """
    chance = np.random.default_rng(seed)
    cells = sets.shape[1]
    first = _drawn(sets, tries, chance)
    second = chance.integers(0, cells, first.shape)
    swap = chance.random((len(groups), *first.shape)) < 0.5
    one, other = groups[:, first], groups[:, second]
    find = _Finder(groups, chance)
    third, fourth = find(np.where(swap, other, one)), find(np.where(swap, one, other))
    kind = np.broadcast_to(np.arange(tries) % 4, first.shape)
    direct, items = kind == 0, kind == 1
    third = np.where(direct, find(one), np.where(items, second, third))
    fourth = np.where(direct, cells, np.where(items, first, fourth))
    second = np.where(direct, cells, second)
    can = (third >= 0) & (fourth >= 0) & (direct | ((first != second) & (third != fourth)))
    belongs = np.hstack([sets, np.zeros((len(sets), 1), bool)]).astype(np.int64)
    row = np.arange(len(sets))[:, None]
    change = [
        np.where(can, belongs[row, more] - belongs[row, less], 0)
        for more, less in ((first, third), (second, fourth))
    ]
    return Exchanges((first, second), (third, fourth), (change[0], change[1]), can)


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
