"""Rule 7: could somebody who reads everything that is shown find out what a few people answered?

The question is put for one practice at a time, because no published number adds up two practices. *Unknown*
is, for each item and each cell of people who are alike in all breakdowns, how many answers were favorable: a
whole number from 0 to the number of answers, which the attacker knows. Each published number says that some
of these add up to a count, or lie between two ends. A *protected* sum, over a set of people, is safe when at
least three counts of it stay possible (all of them, where the set has fewer than three answers).

How it is decided, in whole people and never by fractions:

1. A count is possible when some whole-number answer has it, so possible answers are collected and checked.
   Many come by exchange: one favorable answer more here and one less there, so that every published sum stays. Where
   something is softened, exchanges may change that too, as long as it would be published alike.
2. For a sum that these don't settle, a linear program (HiGHS) gives the ends between which all counts lie,
   and then an integer program looks for a count in each gap between the ends and the counts that were found.
   Whole answers that either finds are possible answers too, and settle other sums along the way. A linear
   program's ends alone would not do: at fractional bounds they call pinned sums safe. They only rule out.

Nothing is called safe without three possible answers in hand, each of which would be *published exactly like
the real one* (``same``), bound for bound and level for level. So somebody who runs this code on every answer
that they can think of can't tell these three apart, and it does not help to know the code.

That something *is* shown says nothing beyond its numbers, since the audit knows only what they say. What an
absence says is dealt with in disclosure.py, which asks here for ``every`` possible answer or for ``extremes``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from alongside.survey.rules.softening import Soft, Total, each_way, soften
from alongside.survey.rules.tally import Groups, Plan, Practice, Tally
from alongside.thresholds import COUNTS, reach

__all__ = [
    "Exchanges",
    "Puzzle",
    "Sum",
    "every",
    "exchanges",
    "extremes",
    "narrow",
    "pinned",
    "published",
    "puzzle_of",
    "safe",
    "tables_of",
]

_TRIES = (16, 128, 1024)  # exchanges tried for each set of people: more where few don't settle it
_IN_A_ROW = (256, 1024, 4096)  # exchanges tried one after the other: the last where programs are large
_APART = 1024  # the same, where what is softened may change
_CHOICES = 500  # of counts that come only together: at most
_FROM_ELSEWHERE = 128  # exchanges tried from another possible answer
_ROUNDED = 8  # sets of counts that come only together, looked at near what a linear program gives
_LARGE = 180  # unknowns, from which a program is large, and is first tried in small
_FREE = 120  # unknowns that may change then
_FEW = 20_000  # possible answers that are all gone through
_SMALLEST = 12  # protected sums that a linear program is asked about
_DIRECTIONS = 6  # in which extreme answers are looked for
_NODES = 20_000  # of an integer program before it is given up, which counts as unsafe
_NODES_TO_AN_END = 100  # the same, where a good answer will do
_NEARLY = 1e-6  # a whole number, as far as a program can tell


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """A sum over some items and some cells of people, and what is known of it: ``low`` to ``high``."""

    items: np.ndarray
    cells: np.ndarray
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
    ``groups``: each cell's shown groups [breakdowns, cells]. ``tables``: what is published beside the total,
    and what each number adds up.
    """

    favorable: np.ndarray
    answers: np.ndarray
    known: Sequence[Sum]
    choices: Sequence[tuple[Sequence[int], np.ndarray]]
    softened: Sequence[Sum]
    sets: np.ndarray
    groups: np.ndarray
    tables: Sequence[tuple[Soft, Sequence[Sum]]]

    def same(self, possible: np.ndarray) -> np.ndarray:
        """Which of many possible answers [many, items, cells] would be published exactly like the real one."""
        alike = np.ones(len(possible), bool)
        for soft, sums in self.tables:
            alike &= soft.same(np.stack([each.of(possible) for each in sums], axis=-1))
        return alike


# --- what an attacker meets --------------------------------------------------------------------------------


def tables_of(tally: Tally, practice: Practice, plan: Plan) -> list[tuple[Soft, list[Sum]]]:
    """The tables of a practice beside its total: what is published, and what each of its numbers adds up."""
    everybody, all_items = np.ones(len(tally.people), bool), np.ones(len(practice.items), bool)
    tables = []
    if practice.by_item:
        items = np.eye(len(practice.items), dtype=bool)
        tables.append((practice.by_item, [Sum(item, everybody) for item in items]))
    for groups, soft in _by_groups(practice, plan):
        of = groups.of
        tables.append((soft, [Sum(all_items, of == at) for at in range(len(groups.names))]))
    return tables


def _by_groups(practice: Practice, plan: Plan) -> list[tuple[Groups, Soft]]:
    """The breakdowns of a practice; one that too few people answered has none (rule 13)."""
    return list(zip(plan.shown, practice.by_group, strict=True)) if practice.by_group else []


def puzzle_of(tally: Tally, practice: Practice, plan: Plan, sets: np.ndarray) -> Puzzle:
    """A practice as an attacker meets it. ``sets``: sets of people [sets, cells] that are too few."""
    everybody, all_items = np.ones(len(tally.people), bool), np.ones(len(practice.items), bool)
    known = [Sum(all_items, everybody, practice.total.low, practice.total.high)]
    softened = [known[0]] if practice.total.mark else []
    tables = tables_of(tally, practice, plan)
    choices = []
    for soft, sums in tables:
        told = [Sum(each.items, each.cells, *soft.ends(at)) for at, each in enumerate(sums)]
        if soft.alike is not None:
            choices.append((range(len(known), len(known) + len(told)), soft.alike))
        known += told
        softened += [each for each, mark in zip(told, soft.marks, strict=True) if mark]
    groups = np.array([shown.of for shown, _ in _by_groups(practice, plan)], np.int64).reshape(
        -1, len(tally.people)
    )
    favorable, answers = tally.favorable[practice.items], tally.answers[practice.items]
    return Puzzle(favorable, answers, known, choices, softened, sets, groups, tables)


def published(soft: Soft, sums: Sequence[Sum], whole: Total, possible: np.ndarray) -> np.ndarray:
    """What a table would publish for possible answers [many, items, cells]: level and ends of each."""
    counts, at = np.unique(
        np.stack([each.of(possible) for each in sums], axis=-1), axis=0, return_inverse=True
    )
    softened = [soften(row, soft.answers, soft.hidden, whole) for row in counts]
    ends = np.array([[*each.levels, *each.low, *each.high] for each in softened if each])
    return ends[at.ravel()]


# --- whether it is safe ------------------------------------------------------------------------------------


def safe(puzzle: Puzzle) -> bool:
    """Whether every protected sum keeps enough counts."""
    return _Search(puzzle, [*puzzle.softened, *_by_exchange(puzzle)]).settles()


def pinned(puzzle: Puzzle) -> bool:
    """Whether some of the smallest protected sums surely has too few counts: :func:`safe` would say no.

    Quick, by linear programs: between their ends lie all whole answers, and perhaps others. So True is
    certain, and False says nothing.
    """
    smallest = sorted(_by_exchange(puzzle), key=lambda one: int(one.of(puzzle.answers)))[:_SMALLEST]
    search = _Search(puzzle, smallest)
    program = search.program(*search.ends) if search.open else None
    return any(search.most_counts(at, program) < search.needs[at] for at in search.open if program)


def every(puzzle: Puzzle) -> np.ndarray | None:
    """All answers [many, items, cells] that would be published like the real one, or None where they are many."""
    size = puzzle.answers.ravel() + 1
    if np.prod(size.astype(float)) > _FEW:
        return None
    found = each_way(size).reshape(-1, *puzzle.answers.shape)
    fits = puzzle.same(found)
    for one in puzzle.known:
        sums = one.of(found)
        fits &= (sums >= one.low) & (sums <= one.high)
    return found[fits]


def extremes(puzzle: Puzzle, parts: Sequence[Sum]) -> Iterator[np.ndarray]:
    """Answers [items, cells] that would be published like the real one, each at an end of what is possible.

    Each weighs ``parts`` in another way, but keeps them off their own ends if it can, so that they would be
    shown exactly. With the parts shown as well, such an answer is nearly the only one, because it is the one
    of greatest weight and the weight is shown: the answers that an audit fails on first. They depend on what
    is published alone, and come in the same order.
    """
    search, chance = _Search(puzzle, ()), np.random.default_rng(0)
    rows = np.array([search.row(one) for one in parts])
    program = search.off_the_ends(rows)
    for _ in range(_DIRECTIONS):
        cost = chance.normal(size=len(rows)) @ rows
        found = program.best(cost, _NODES_TO_AN_END)
        if found is None:
            continue
        answer = np.rint(found[: puzzle.answers.size]).astype(np.int64).reshape(puzzle.answers.shape)
        if search.fits(answer):
            yield answer


def narrow(answers: np.ndarray, published: np.ndarray, sums: Sequence[tuple[Sum, int]]) -> bool:
    """Whether some sum has too few counts in some class of possible answers that are ``published`` alike.

    ``answers``: [many, items, cells]; ``published``: each one's class, from 0; ``sums``: with the counts that
    each must keep.
    """
    classes = int(published.max(initial=-1)) + 1
    for one, need in sums:
        values = one.of(answers)
        pairs = np.unique(published.astype(np.int64) * (int(values.max(initial=0)) + 1) + values)
        found = np.bincount(pairs // (int(values.max(initial=0)) + 1), minlength=classes)
        if (found < need).any():
            return True
    return False


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
        self._answers, self._favorable = puzzle.answers.ravel(), puzzle.favorable.ravel()
        self.sums = np.array([self.row(one) for one in puzzle.known])
        self.ends = np.array([(one.low, one.high) for one in puzzle.known], float).T
        self._chosen = [
            (which, counts[:: -(-len(counts) // _CHOICES) or 1]) for which, counts in puzzle.choices
        ]
        self._whole: _Program | None = None
        self.chance = np.random.default_rng(0)
        self.rows = self._different(protected)
        self.needs = [min(COUNTS, round(float(row @ self._answers)) + 1) for row in self.rows]
        self.seen = [{round(float(row @ self._favorable))} for row in self.rows]
        self.open = [at for at in range(len(self.rows)) if not self._enough(at)]

    def settles(self) -> bool:
        """More exchanges, then programs about what is still open: about the narrowest ones first."""
        first, *more = _IN_A_ROW
        self._exchange_on(self.puzzle.favorable, first)
        self._exchange_apart()
        for tries in more if self._answers.size > _LARGE else ():
            self._exchange_on(self.puzzle.favorable, tries)
        if not self.open:
            return True
        near = self.program(*self._held())
        order = sorted(self.open, key=lambda at: (len(self.seen[at]), self.rows[at] @ self._answers, at))
        return all(self._enough(at) or self._look_for(at, near) for at in order)

    def row(self, one: Sum) -> np.ndarray:
        row = np.zeros(self.shape)
        row[np.ix_(one.items, one.cells)] = 1
        return row.ravel()

    def _different(self, sums: Sequence[Sum]) -> np.ndarray:
        """One row for each of these sums, without those that are the same answers."""
        rows = np.array([self.row(one) for one in sums]).reshape(len(sums), self._answers.size)
        rows[:, self._answers == 0] = 0
        first: dict[bytes, int] = {}
        for at, row in enumerate(rows):
            first.setdefault(row.tobytes(), at)
        return rows[list(first.values())]

    def _enough(self, target: int) -> bool:
        return len(self.seen[target]) >= self.needs[target]

    def _exchange_on(self, start: np.ndarray, tries: int) -> None:
        """For each sum that is still open: exchanges that all move it one way, each after the other.

        They begin at an answer that is published like the real one, and so do all that they lead to.
        """
        if not self.open or not len(self.puzzle.sets):
            return
        items, cells = self.shape
        table = self.rows[self.open].reshape(-1, items, cells)
        trial = exchanges(np.asarray(table.any(axis=1)), self.puzzle.groups, tries, seed=tries)
        favorable, spare = self._with_room(start, tries)
        for at, target in enumerate(list(self.open)):
            now = round(float(self.rows[target] @ start.ravel()))
            places, moved = trial.places(at, np.flatnonzero(table[at].any(axis=1)), items, cells + 1)
            for way in (1, -1):
                gain, lose = (places[:, :2], places[:, 2:]) if way == 1 else (places[:, 2:], places[:, :2])
                fits = (spare[gain] > 0).all(axis=1) & (favorable[lose] > 0).all(axis=1)
                far = _climb(favorable, spare, np.hstack([gain, lose])[fits], moved[fits])
                self.seen[target] |= {now + way * one for one in far}
        self.open = [at for at in self.open if not self._enough(at)]

    def _exchange_apart(self) -> None:
        """Exchanges that also change what is softened, as long as it stays published alike: two after each other.

        They keep everyone's total, and each table that nothing is softened of.
        """
        first = len(self.puzzle.tables) - len(
            self.puzzle.groups
        )  # where single items have a table, it is the first
        soft = [at for at, (soft, _) in enumerate(self.puzzle.tables) if any(soft.marks)]
        for apart in [[at] for at in soft] + ([soft] if len(soft) > 1 else []):
            if not self.open or not len(self.puzzle.sets):
                return
            kept = np.array([at + first not in apart for at in range(len(self.puzzle.groups))], bool)
            self._exchange_loosely(_Alike(self.puzzle, apart), kept, first == 1 and 0 in apart)

    def _exchange_loosely(self, alike: _Alike, kept: np.ndarray, among_items: bool) -> None:
        """The same, ``kept`` being the breakdowns whose sums stay. ``among_items``: sums of items need not stay."""
        items, cells = self.shape
        table = self.rows[self.open].reshape(-1, items, cells)
        trial = exchanges(np.asarray(table.any(axis=1)), self.puzzle.groups[kept], _APART, seed=_APART)
        favorable, spare = self._with_room(self.puzzle.favorable, _APART)
        for at, target in enumerate(list(self.open)):
            if self._enough(target):
                continue
            places = trial.loose_places(at, table[at], among_items)
            for ends in ((0, 1, 2, 3), (2, 3, 0, 1)):  # upward and downward
                steps = places[:, ends]
                fits = (spare[steps[:, :2]] > 0).all(axis=1) & (favorable[steps[:, 2:]] > 0).all(axis=1)
                for counts in _climb_alike(favorable, spare, steps[fits], alike):
                    self._note(counts.reshape(items, cells + 1)[:, :-1].ravel())
                if self._enough(target):
                    break

    def _with_room(self, start: np.ndarray, tries: int) -> tuple[np.ndarray, np.ndarray]:
        """Favorable answers and the others, one row after the other, with one column more: "no cell", with room for all."""
        room = np.full((len(start), 1), tries, np.int64)
        return np.hstack([start, room]).ravel(), np.hstack([self.puzzle.answers - start, room]).ravel()

    # --- what is asked of a program

    def program(self, low: np.ndarray, high: np.ndarray) -> _Program:
        """The unknown counts, and what is known of their sums."""
        return _Program(self.sums, low, high, self._answers)

    def _held(self, *instead: tuple[Sequence[int], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The ends, with counts that come only together held at the real ones, or at others ``instead``."""
        low, high = self.ends.copy()
        for which, _ in self.puzzle.choices:
            low[list(which)] = high[list(which)] = self.sums[list(which)] @ self._favorable
        for which, counts in instead:
            low[list(which)] = high[list(which)] = counts
        return low, high

    def whole(self, *more: tuple[np.ndarray, np.ndarray, np.ndarray]) -> _Program:
        """The same, where one unknown more chooses each set of counts that come only together."""
        width, done = sum(len(counts) for _, counts in self._chosen), 0
        rows = [np.hstack([self.sums, np.zeros((len(self.sums), width))])]
        low, high = (one.tolist() for one in self.ends)
        for which, counts in self._chosen:
            block = np.zeros((len(which) + 1, width))
            block[:-1, done : done + len(counts)] = -counts.T
            block[-1, done : done + len(counts)] = 1
            done += len(counts)
            rows.append(np.hstack([np.vstack([self.sums[list(which)], np.zeros(self.sums.shape[1])]), block]))
            low, high = [*low, *[0] * len(which), 1], [*high, *[0] * len(which), 1]
        for sums, least, most in more:
            rows.append(np.hstack([sums, np.zeros((len(sums), width))]))
            low, high = [*low, *least], [*high, *most]
        size = np.append(self._answers, np.ones(width))
        return _Program(np.vstack(rows), np.array(low, float), np.array(high, float), size)

    def off_the_ends(self, rows: np.ndarray) -> _Program:
        """The program, with further sums kept three answers and a little more than 10 % from their ends."""
        given = rows @ self._answers
        least = np.array([min(reach(round(float(answers))) + 1, answers // 2) for answers in given])
        return self.whole((rows, least, given - least))

    # --- looking for counts

    def _look_for(self, target: int, near: _Program) -> bool:
        """Whether one sum has enough counts: beside the real answer, beside some others, and in all that is possible."""
        self._ask(near, target)
        if not self._enough(target) and self.puzzle.choices:
            if self._whole is None:
                self._whole = self.whole()
                self._try_others(near)
            if not self._enough(target):
                self._ask(self._whole, target, near)
        return self._enough(target)

    def _try_others(self, near: _Program) -> None:
        """Possible answers with other counts where these come only together, and exchanges from there."""
        for which, counts in self.puzzle.choices:
            for one in _spread(counts):
                if self.open:
                    near.hold(*self._held((which, one)))
                    row = self.rows[self.open[0]]
                    possible, answer = near.fraction(row)
                    if possible is not None:
                        self._go_on_from(near.best(0 * row) if answer is None else answer)
        near.hold(*self._held())

    def _ask(self, program: _Program, target: int, near: _Program | None = None) -> None:
        """Look for counts of one sum: at the ends of what is possible, then in the gaps between those found.

        First by fractions, which often are whole numbers already; their ends, rounded inward, leave nothing out.
        Then in small, where most people's answers stay, or, with ``near``, where counts that come only together
        are held; at last by a whole integer program. What that doesn't find is taken as impossible.
        """
        row, seen = self.rows[target], self.seen[target]
        ends = []
        for sign in (1.0, -1.0):
            least, answer = program.fraction(sign * row)
            if least is None:
                return
            self._note(answer)
            if self._enough(target):
                return
            ends.append(round(sign * math.ceil(least - _NEARLY)))
        nothing: set[int] = set()
        while not self._enough(target) and (gap := _gap(ends, seen, nothing)):
            inside = set(range(gap[0], gap[1] + 1))
            program.bound(row, *gap)
            self._note(program.fraction(row)[1])
            if not seen & inside and near:
                self._round(program, near, row, gap)
            elif not seen & inside and len(row) > _LARGE:
                free = (row > 0) | (self.chance.random(len(row)) < _FREE / len(row))
                self._go_on_from(program.best(0 * row, kept=(~free, self._favorable)))
            if not seen & inside:
                self._go_on_from(program.best(0 * row))
            program.unbound()
            if not seen & inside:
                nothing |= inside

    def _round(self, program: _Program, near: _Program, row: np.ndarray, gap: tuple[int, int]) -> None:
        """Hold counts that come only together at some that are close to a program's fractions, and look there."""
        if program.values is None:
            return
        fractions, closest = self.sums @ program.values[: self._answers.size], []
        for which, counts in self.puzzle.choices:
            far = np.abs(counts - fractions[list(which)]).sum(axis=1)
            closest.append((which, counts[np.argsort(far, kind="stable")[:_ROUNDED]]))
        near.bound(row, *gap)
        for at in range(_ROUNDED):
            near.hold(*self._held(*((which, counts[min(at, len(counts) - 1)]) for which, counts in closest)))
            possible, answer = near.fraction(row)
            if possible is not None and self._go_on_from(near.best(0 * row) if answer is None else answer):
                break
        near.unbound()
        near.hold(*self._held())

    def _go_on_from(self, found: np.ndarray | None) -> bool:
        """Note an answer, and if it says something, where exchanges lead from there."""
        noted = self._note(found)
        if noted is not None:
            self._exchange_on(noted, _FROM_ELSEWHERE)
        return noted is not None

    def _note(self, found: np.ndarray | None) -> np.ndarray | None:
        """What an answer says of each sum that is still open, if it is possible; the answer, if it says anything."""
        if found is None:
            return None
        answer = np.rint(found[: self._answers.size])
        values = self.rows[self.open] @ answer
        new = [
            (at, count)
            for at, count in zip(self.open, np.rint(values).astype(int).tolist(), strict=True)
            if count not in self.seen[at]
        ]
        table = answer.astype(np.int64).reshape(self.shape)
        if not new or not self.fits(table):
            return None
        for at, count in new:
            self.seen[at].add(count)
        self.open = [at for at in self.open if not self._enough(at)]
        return table

    def most_counts(self, target: int, program: _Program) -> int:
        """How many counts of a sum lie between the ends of a linear program."""
        ends = [program.fraction(sign * self.rows[target])[0] for sign in (1, -1)]
        if ends[0] is None or ends[1] is None:
            return COUNTS
        return math.floor(_NEARLY - ends[1]) - math.ceil(ends[0] - _NEARLY) + 1

    def fits(self, answer: np.ndarray) -> bool:
        """Whether an answer is possible and would be published alike, by counting: programs round."""
        within = (answer >= 0).all() and (answer <= self.puzzle.answers).all()
        sums = self.sums @ answer.ravel()
        known = (sums >= self.ends[0]).all() and (sums <= self.ends[1]).all()
        return bool(within and known and self.puzzle.same(answer[None])[0])


def _gap(ends: Sequence[int], seen: set[int], nothing: set[int]) -> tuple[int, int] | None:
    """The widest run of counts from one end to the other that are neither seen nor known to be impossible."""
    runs, begin = [], ends[0]
    for one in [*sorted(at for at in seen | nothing if ends[0] <= at <= ends[1]), ends[1] + 1]:
        if begin < one:
            runs.append((begin, one - 1))
        begin = one + 1
    return max(runs, key=lambda run: run[1] - run[0]) if runs else None


def _spread(counts: np.ndarray) -> np.ndarray:
    """Of counts that come only together: for each part those with the fewest, the most, and one between."""
    if len(counts) == 0:  # of a draw, perhaps none
        return counts
    order = np.argsort(counts, axis=0, kind="stable")
    return counts[np.unique(order[[0, len(counts) // 2, -1]])]


class _Program:
    """Whole unknowns from 0 to ``most`` with sums between two ends, in HiGHS, which keeps what it worked out.

    So each question begins where the one before it ended. ``sums``: [sums, unknowns].
    """

    def __init__(self, sums: np.ndarray, low: np.ndarray, high: np.ndarray, most: np.ndarray) -> None:
        import highspy  # takes a moment to load, and only a survey that exchanges don't settle needs it

        self.low, self.high, self.most = low, high, most.astype(float)
        self.values: np.ndarray | None = None  # of the last question by fractions
        self._columns = np.arange(len(most), dtype=np.int32)
        self._statuses, self._solver = highspy.HighsModelStatus, highspy.Highs()
        self._solver.silent()
        for name, value in (("threads", 1), ("mip_rel_gap", 0.0), ("mip_detect_symmetry", False)):
            self._solver.setOptionValue(name, value)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = sums.shape
        model.col_cost_, model.col_lower_, model.col_upper_ = 0 * self.most, 0 * self.most, self.most
        model.row_lower_, model.row_upper_ = low.astype(float), high.astype(float)
        rows, columns = np.nonzero(sums)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.searchsorted(rows, np.arange(len(sums) + 1)).astype(np.int32)
        model.a_matrix_.index_, model.a_matrix_.value_ = columns.astype(np.int32), sums[rows, columns]
        self._solver.passModel(model)

    def hold(self, low: np.ndarray, high: np.ndarray) -> None:
        """Let the sums lie between other ends."""
        for at in np.flatnonzero((low != self.low) | (high != self.high)):
            self._solver.changeRowBounds(int(at), float(low[at]), float(high[at]))
        self.low, self.high = low, high

    def bound(self, row: np.ndarray, low: int, high: int) -> None:
        """One sum more, until :meth:`unbound`."""
        at = np.flatnonzero(row).astype(np.int32)
        self._solver.addRow(float(low), float(high), len(at), at, row[at])

    def unbound(self) -> None:
        self._solver.deleteRows(1, np.array([len(self.low)], np.int32))

    def fraction(self, cost: np.ndarray) -> tuple[float | None, np.ndarray | None]:
        """The least that ``cost`` can be by fractions (None: nothing is possible), and whole unknowns that have it.

        None for these where the program gave fractions.
        """
        self.values = found = self._run(cost)
        if found is None or self._solver.getModelStatus() != self._statuses.kOptimal:
            return None, None
        whole = np.abs(found - np.rint(found)).max() < _NEARLY
        return float(self._solver.getInfo().objective_function_value), found if whole else None

    def best(
        self, cost: np.ndarray, nodes: int = _NODES, kept: tuple[np.ndarray, np.ndarray] | None = None
    ) -> np.ndarray | None:
        """The whole unknowns with the least ``cost``, or the best within so many nodes; None where none is found.

        ``kept``: which unknowns stay, and at which values.
        """
        which, values = kept or (np.zeros(0, bool), np.zeros(0))
        at = np.flatnonzero(which).astype(np.int32)
        fixed, kinds = values[at].astype(float), np.ones(len(self._columns), np.uint8)
        self._solver.setOptionValue("mip_max_nodes", nodes)
        self._solver.changeColsIntegrality(len(kinds), self._columns, kinds)
        self._solver.changeColsBounds(len(at), at, fixed, fixed)
        found = self._run(cost)
        self._solver.changeColsBounds(len(at), at, 0 * fixed, self.most[at])
        self._solver.changeColsIntegrality(len(kinds), self._columns, 0 * kinds)
        return found

    def _run(self, cost: np.ndarray) -> np.ndarray | None:
        """The unknowns that the solver found, if any."""
        full = np.zeros(len(self._columns))
        full[: len(cost)] = cost
        self._solver.changeColsCost(len(full), self._columns, full)
        self._solver.run()
        if self._solver.getModelStatus() not in (self._statuses.kOptimal, self._statuses.kSolutionLimit):
            return None
        found = self._solver.getSolution()
        return np.array(found.col_value) if found.value_valid else None


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
        counts = np.zeros(items, bool)
        counts[rows] = True
        moved = first + second * counts[item[:, 1]]
        places = item[:, [0, 1, 0, 1]] * width + cells
        places[moved < 0] = places[moved < 0][:, [2, 3, 0, 1]]
        return places[moved != 0], np.abs(moved[moved != 0])

    def loose_places(self, at: int, target: np.ndarray, among_items: bool) -> np.ndarray:
        """Exchanges of one set that raise a sum over ``target`` [items, cells], as places like those above.

        ``among_items``: an answer that is gained and the one that is lost for it may be to two items.
        """
        chance, items = np.random.default_rng(at), len(target)
        cells = np.stack([one[at][self.can[at]] for one in (*self.up, *self.down)], axis=-1)
        item = chance.integers(0, items, cells.shape)
        item[:, 0] = chance.choice(np.flatnonzero(target.any(axis=1)), len(cells))
        if not among_items:
            item[:, 2:] = item[:, :2]
        counts = np.hstack([target, np.zeros((items, 1))]).astype(np.int64)
        places = item * counts.shape[1] + cells
        moved = counts.ravel()[places] @ np.array([1, 1, -1, -1])
        places[moved < 0] = places[moved < 0][:, [2, 3, 0, 1]]
        return places[moved != 0]


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


class _Alike:
    """Whether some tables (``apart``) are published like the real ones after steps that move single answers.

    It only saves time: whatever is found with it is looked at as a whole once more. ``real``: what these tables count,
    one after the other. ``of``: [places, tables] the count that a place of [items, cells and "no cell"] adds to.
    """

    def __init__(self, puzzle: Puzzle, apart: Sequence[int]) -> None:
        items, cells = puzzle.answers.shape
        self._softs = [puzzle.tables[at][0] for at in apart]
        self.real = np.concatenate([soft.counts for soft in self._softs])
        starts = np.cumsum([0, *(len(soft.counts) for soft in self._softs)])
        self._ends = starts[1:-1]
        self.of = np.full(
            (items, cells + 1, len(apart)), len(self.real)
        )  # "no cell" adds to a count of its own
        for column, (at, start) in enumerate(zip(apart, starts[:-1], strict=True)):
            for part, each in enumerate(puzzle.tables[at][1]):
                self.of[..., column][np.ix_(each.items, np.append(each.cells, False))] = start + part
        self.of = self.of.reshape(-1, len(apart))
        self._known: dict[bytes, bool] = {}

    def __call__(self, counts: np.ndarray) -> bool:
        """Whether these sums of the groups would be published alike."""
        key = counts.tobytes()
        if key not in self._known:
            each = np.split(counts, self._ends)
            self._known[key] = all(
                bool(soft.same(one[None])[0]) for soft, one in zip(self._softs, each, strict=True)
            )
        return self._known[key]


def _climb_alike(
    favorable: np.ndarray, spare: np.ndarray, steps: np.ndarray, alike: _Alike
) -> Iterator[np.ndarray]:
    """Tables along exchanges, each made where the ones before left room, and where what is published stays."""
    count, room, sums = favorable.copy(), spare.copy(), np.append(alike.real, 0)
    made = 0
    for gain, also, lose, besides in steps.tolist():
        if made == COUNTS - 1:
            return
        if room[gain] and room[also] and count[lose] and count[besides]:
            after = sums.copy()
            for place, more in ((gain, 1), (also, 1), (lose, -1), (besides, -1)):
                after[alike.of[place]] += more
            if alike(after[:-1]):
                sums, made = after, made + 1
                for place, more in ((gain, 1), (also, 1), (lose, -1), (besides, -1)):
                    count[place] += more
                    room[place] -= more
                yield count


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
        every = np.arange(int(np.prod(self.sizes)))
        self.first, self.last = (
            np.searchsorted(codes[self.order], every, side) for side in ("left", "right")
        )

    def __call__(self, groups: np.ndarray) -> np.ndarray:
        """A cell drawn among those in these groups, or -1 where there is none."""
        codes = self._code(groups)
        first, last = self.first[codes], self.last[codes]
        at = first + (self.chance.random(codes.shape) * (last - first)).astype(np.int64)
        return np.where(first < last, self.order[np.minimum(at, len(self.order) - 1)], -1)

    def _code(self, groups: np.ndarray) -> np.ndarray:
        code = np.zeros(groups.shape[1:], np.int64)
        for row, size in zip(groups, self.sizes, strict=True):
            code = code * size + row
        return code
