"""Rule 6: an extreme share is softened, and a softened number can't be got back from the others beside it.

A number is *soft* when it is within ``reach`` of 0 or of all answers: 10 %, or fewer than three answers. What is
published of it is a bound. Numbers that add up to a number that is shown too (the groups of a breakdown, or the items
of a practice, and everyone's total) are softened as a whole. If subtraction would give one back, the next most extreme
number is softened too, else a large one, else the next two or two large ones: the *stages*.

Whoever knows these rules learns from a stage that those before it failed. So all counts that a stage may have to do
with, those which agree in every other exact number, are taken together as one *family*, and divided into *classes*: at
the first stage count by count of the one more number, where what is kept by itself stays so and what isn't joins its
neighbors until three counts of each fit; then along :data:`STEPS`, among what no stage before keeps. What is published
of a count are the narrowest bounds around its class. So it depends on nothing but what it publishes: two surveys that
are possible under the same published numbers are published alike.

A table never disappears because of its answers, for then its absence would be a published number too. What no stage
keeps is published by bounds that hold for all of it. Where that is too few possibilities, the nearest classes join
them, whatever the answers are: that is decided from the number of answers in each part and from the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from alongside.thresholds import COUNTS, LEVELS, near_an_end, reach

__all__ = ["STEPS", "Soft", "Total", "each_way", "soften", "total"]

STEPS = (15, 20, 25, 30, 35, 40, 45, 50)
"""Percent from an end: where the counts of two more softened numbers, or of a large one, are divided."""
OPEN = 100  # a bound that says nothing
_STAGES = (
    (1, True),
    (1, False),
    (2, True),
    (2, False),
)  # how many more are softened: extreme ones, or large ones
_LEFT = len(_STAGES) + 1  # the stage of what no stage keeps
_ALL = 4_000  # possibilities of a table, which are all gone through
_FAMILY = 20_000  # those of one family
_SAMPLE = 128  # possibilities that are drawn where there are more
_ROOM = 2 * COUNTS  # of a class, if its family has as many: other tables take some away
_NEAR = 64  # of those that no stage keeps, from which the nearest class is looked for

EXACT, AT_MOST, AT_LEAST, HIDDEN = None, "at most", "at least", "hidden"


def _within(answers: int, level: int) -> int:
    return answers * level // 100 if level > LEVELS[-1] else reach(answers, level)


def box(count: int, answers: int, level: int) -> tuple[int, int, str | None]:
    """What is known of one count once it is published: the least, the most, and the mark."""
    within = _within(answers, level)
    at_most, at_least = near_an_end(count, answers, within)
    if at_most:
        return 0, within, AT_MOST
    if at_least:
        return max(answers - within, within + 1), answers, AT_LEAST
    return count, count, EXACT


def bound(answers: int, level: int) -> float:
    """Percent, one decimal, rounded away from the end: "at most" this, or "at least" 100 less this."""
    return max(float(level), -(-1000 * _within(answers, level) // answers) / 10)


@dataclass(frozen=True, slots=True)
class Total:
    """Everyone's answers to a practice: how many, how many favorable, and what is published of these."""

    count: int
    answers: int
    level: int
    low: int
    high: int
    mark: str | None


def total(count: int, answers: int, level: int = LEVELS[0]) -> Total:
    return Total(count, answers, level, *box(count, answers, level))


@dataclass(frozen=True, slots=True, eq=False)
class Soft:
    """Parts that add up to a total, as they are published.

    ``counts`` and ``answers``: each part's favorable answers, and all of them. ``low`` and ``high``: what is
    known of the former. ``marks``: None, "at most", "at least", or "hidden" for a part that is not published;
    ``levels``: within how many percent of an end a marked one is. ``alike``: counts [many, parts] that would be
    published exactly like this, where more than the extreme numbers is softened; None where everything between
    the ends is. ``table``: where ``alike`` is a draw, what tells about others.
    """

    counts: np.ndarray
    answers: np.ndarray
    low: np.ndarray
    high: np.ndarray
    marks: tuple[str | None, ...]
    levels: tuple[int, ...]
    alike: np.ndarray | None
    table: _Table | None = None

    @property
    def hidden(self) -> np.ndarray:
        """Which parts are not published."""
        return np.array([mark == HIDDEN for mark in self.marks])

    def ends(self, at: int) -> tuple[int, int]:
        return int(self.low[at]), int(self.high[at])

    def same(self, counts: np.ndarray) -> np.ndarray:
        """Which rows of possible counts [many, parts] would be published exactly like this."""
        kept = np.asarray(((counts >= self.low) & (counts <= self.high)).all(axis=1))
        if self.table:
            kept[kept] = self.table.stages(counts[kept]) == _LEFT
        elif self.alike is not None:
            kept[kept] = _is_among(counts[kept], self.alike)
        return kept


def soften(counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, whole: Total) -> Soft | None:
    """Publish parts at the first stage at which each softened number keeps three counts.

    ``counts``: favorable answers of each part, ``answers``: all of them, ``hidden``: parts that are not
    published. They add up to ``whole``, which is published and must keep its own counts if it is softened.
    None where nothing keeps them, which depends on ``answers`` and ``whole`` alone.
    """
    table = _table(tuple(answers.tolist()), tuple(hidden.tolist()), (whole.low, whole.high))
    return table.publish(counts)


@lru_cache(maxsize=256)
def _table(answers: tuple[int, ...], hidden: tuple[bool, ...], known: tuple[int, int]) -> _Table:
    return _Table(np.array(answers, np.int64), np.array(hidden), known)


class _Family(NamedTuple):
    """Counts [many, parts], the class of each, which ones are published by themselves, and where each row stands."""

    rows: np.ndarray
    classes: np.ndarray
    alone: np.ndarray
    where: dict[bytes, int]


class _Table:
    """All that could be published of parts of these sizes with this total: it knows no answers.

    Where possibilities are few, all are gone through once. Else a family is looked at when somebody asks for it:
    its exact numbers stay, so only the softened ones are gone through. What no stage keeps is many there.
    """

    def __init__(self, answers: np.ndarray, hidden: np.ndarray, known: tuple[int, int]) -> None:
        self.answers, self.hidden, self.known = answers, hidden, known
        self.within = np.array([reach(int(size)) for size in answers])
        self.steps = np.array([[reach(int(size), step) for size in answers] for step in STEPS])
        self.need = np.minimum(COUNTS, answers + 1)
        self._families: dict[tuple[int, bytes], _Family] = {}
        self._drawn: np.ndarray | None = None
        self.every: np.ndarray | None = None
        others = np.sort(answers)[:-1] + 1
        if float(np.prod(others.astype(float))) * (known[1] - known[0] + 1) <= _ALL:
            self._go_through_all()

    def publish(self, counts: np.ndarray) -> Soft | None:
        rows = counts[None, :].astype(np.int64)
        if self.every is None:
            stage = int(self.stages(rows)[0])
            alike = self._class(rows, stage) if 0 < stage < _LEFT else self._some_left() if stage else None
        else:
            at = int(np.flatnonzero((self.every == counts).all(axis=1))[0])
            stage = int(self.stage[at])
            if stage == _LEFT and not self._wide(self.every[self.stage == _LEFT], np.ones_like(self.hidden)):
                return None
            alike = self.every[self.classes == self.classes[at]] if stage else None
        low, high = rows[0].copy(), rows[0].copy()
        marks: list[str | None] = [EXACT] * len(counts)
        levels = [0] * len(counts)
        softened = self._extra(rows, stage)[0] | (stage == _LEFT)
        for part, size in enumerate(self.answers.tolist()):
            if self.hidden[part]:
                low[part], high[part], marks[part] = 0, size, HIDDEN
            elif softened[part] and alike is not None:
                ends = (0, size) if self.every is None and stage == _LEFT else _ends(alike[:, part])
                low[part], high[part], marks[part], levels[part] = _around(*ends, size)
            else:
                low[part], high[part], marks[part] = box(int(counts[part]), size, LEVELS[0])
                levels[part] = LEVELS[0] if marks[part] else 0
        beyond = self if self.every is None and stage == _LEFT else None
        return Soft(counts, self.answers, low, high, tuple(marks), tuple(levels), alike, beyond)

    # --- stages, families and classes

    def _first(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Between which ends each count [many, parts] lies by itself, and which are softened or hidden."""
        at_most, at_least = near_an_end(rows, self.answers, self.within)
        low = np.where(
            at_most, 0, np.where(at_least, np.maximum(self.answers - self.within, self.within + 1), rows)
        )
        high = np.where(at_most, self.within, np.where(at_least, self.answers, rows))
        low, high = np.where(self.hidden, 0, low), np.where(self.hidden, self.answers, high)
        return low, high, at_most | at_least | self.hidden

    def _extra(self, rows: np.ndarray, stage: int) -> np.ndarray:
        """Which counts [many, parts] a stage softens beside the extreme ones.

        The next most extreme by tens of percent, and the larger of two that are alike in that: somebody who is told
        which one it is should learn little about it.
        """
        found = np.zeros(rows.shape, bool)
        if 0 < stage < _LEFT:
            more, extreme = _STAGES[stage - 1]
            size = np.maximum(self.answers, 1)
            tens = (
                np.minimum(10 * np.minimum(rows, size - rows) // size, 4) if extreme else np.zeros_like(rows)
            )
            order = tens - self.answers / (self.answers.max() + 1)
            order[self._first(rows)[2]] = np.inf
            which = np.argsort(order, axis=1, kind="stable")[:, :more]
            can = np.isfinite(np.take_along_axis(order, which, axis=1))
            np.put_along_axis(found, which, can, axis=1)
        return found

    def _keys(self, rows: np.ndarray, stage: int) -> np.ndarray:
        """What the rows of one family have in common [many, twice the parts]."""
        low, high, _ = self._first(rows)
        extra = self._extra(rows, stage)
        low[extra], high[extra] = -1, -2
        return np.hstack([low, high])

    def _divided(self, rows: np.ndarray, stage: int) -> tuple[np.ndarray, np.ndarray]:
        """The class of each row, from 0, where these rows are whole families; -1 in a family with too few counts.

        And which rows are published by themselves, at the first stage alone: their neighbors don't need them.
        """
        extra = self._extra(rows, stage)
        soft = extra | self._first(rows)[2]
        family = _numbered(self._keys(rows, stage))
        classes, alone = np.full(len(rows), -1), np.zeros(len(rows), bool)
        at = np.flatnonzero(self._kept(rows, family, soft))
        if stage == 1:
            alone[at] = self._keep_by_themselves(rows[at])
            pieces = family[at] * (int(self.answers.max()) + 1) + np.where(extra, rows, 0).sum(axis=1)[at]
        else:
            pieces = family[at]
            for column in self._steps(rows[at], extra[at]).T:
                pieces = pieces * (2 * len(STEPS)) + column
        classes[at] = np.unique(pieces, return_inverse=True)[1]
        for one in np.unique(family[at][~alone[at]]):
            mine = at[family[at] == one]
            classes[mine], alone[mine] = self._joined(rows[mine], classes[mine], soft[mine[0]], alone[mine])
        return classes, alone

    def _steps(self, rows: np.ndarray, extra: np.ndarray) -> np.ndarray:
        """Between which steps the counts lie that a stage softens, from 0 [many, as many as it softens]."""
        which = np.argsort(~extra, axis=1, kind="stable")[:, : int(extra.sum(axis=1).max(initial=0))]
        counts = np.take_along_axis(rows, which, axis=1)
        up, sizes = self.steps[:, which], self.answers[which]
        below, above = (counts > up).sum(axis=0), (counts < sizes - up).sum(axis=0)
        found = np.where(below < len(STEPS), below, 2 * len(STEPS) - 1 - above)
        return np.where(np.take_along_axis(extra, which, axis=1), found, 0)

    def _joined(
        self, rows: np.ndarray, pieces: np.ndarray, soft: np.ndarray, alone: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Pieces of one family with too few counts, each joined with the next ones, and the last with those before."""
        found, stays = pieces.copy(), np.zeros(len(pieces), bool)
        order = np.argsort(pieces, kind="stable")
        ends = (np.flatnonzero(np.diff(pieces[order])) + 1).tolist()
        done: list[tuple[int, bool]] = []  # where each class begins, and whether it stays as it was
        begin, first = 0, True
        for end in [*ends, len(order)]:
            mine = order[begin:end]
            if (first and alone[mine[0]]) or (len(mine) >= _ROOM and self._wide(rows[mine], soft)):
                done.append((begin, first and bool(alone[mine[0]])))
                begin, first = end, True
            else:
                first = False
        while begin < len(order):
            mine = order[begin:]
            if not done or self._wide(rows[mine], soft):
                done.append((begin, False))
                break
            begin = done.pop()[0]
        for (start, unchanged), (end, _) in zip(done, [*done[1:], (len(order), False)], strict=True):
            mine = order[start:end]
            found[mine], stays[mine] = pieces[mine[0]], unchanged
        return found, stays

    def _kept(
        self, rows: np.ndarray, alike: np.ndarray, soft: np.ndarray, counts: int = COUNTS
    ) -> np.ndarray:
        """Which rows have enough counts for each softened number among the rows that are ``alike``."""
        many = int(alike.max(initial=-1)) + 1
        kept = np.ones(len(rows), bool)
        for part, size in enumerate(self.answers):
            need = min(counts, size + 1)
            kept &= ~soft[:, part] | (_different(alike, rows[:, part], many) >= need)[alike]
        if self.known[0] < self.known[1]:
            kept &= (_different(alike, rows.sum(axis=1), many) >= COUNTS)[alike]
        return kept

    def _wide(self, rows: np.ndarray, soft: np.ndarray, counts: int = COUNTS) -> bool:
        """The same for rows that are all alike."""
        found = all(
            len(set(rows[:, part].tolist())) >= min(counts, self.answers[part] + 1)
            for part in np.flatnonzero(soft)
        )
        return found and (self.known[0] == self.known[1] or len(set(rows.sum(axis=1).tolist())) >= COUNTS)

    # --- all of it, where it is little

    def _go_through_all(self) -> None:
        """Each possibility's stage and class. What is left, and too little, takes in the nearest classes."""
        self.every = every = _between(np.zeros_like(self.answers), self.answers, self.known)
        self.stage = np.where(self._keep_by_themselves(every), 0, _LEFT)
        self.classes = _numbered(self._keys(every, 0))
        family = _numbered(self._keys(every, 1))
        for stage in range(1, _LEFT):
            waiting = np.flatnonzero(self.stage == _LEFT)
            if stage == 1:
                waiting = np.flatnonzero(np.isin(family, family[waiting]))
            if len(waiting):
                classes, alone = self._divided(every[waiting], stage)
                kept = (classes >= 0) & ~alone
                self.stage[waiting[kept]] = stage
                self.classes[waiting[kept]] = classes[kept] + self.classes.max() + 1
        left = self.stage == _LEFT
        while left.any() and not left.all() and not self._wide(every[left], np.ones_like(self.hidden)):
            rest = np.flatnonzero(~left)
            near = every[left][:_NEAR]
            far = np.abs(every[rest][:, None, :] - near[None, :, :]).sum(axis=2).min(axis=1)
            one = rest[int(far.argmin())]
            left |= (self.classes == self.classes[one]) & (self.stage == self.stage[one])
        self.stage[left], self.classes[left] = _LEFT, self.classes.max(initial=-1) + 1

    def _keep_by_themselves(self, rows: np.ndarray) -> np.ndarray:
        """For rows of counts [many, parts]: would each extreme number keep three counts, by subtraction alone?

        Parts between two ends that add up to a number between two ends can be every whole number from
        ``lowest`` to ``highest``; no program is needed for that.
        """
        low, high, soft = self._first(rows)
        lows, highs = low.sum(axis=1, keepdims=True), high.sum(axis=1, keepdims=True)
        lowest = np.maximum(low, self.known[0] - (highs - high))
        highest = np.minimum(high, self.known[1] - (lows - low))
        enough = (~soft | (highest - lowest + 1 >= self.need)).all(axis=1)
        if self.known[0] < self.known[1]:
            least, most = np.maximum(self.known[0], lows[:, 0]), np.minimum(self.known[1], highs[:, 0])
            enough &= most - least + 1 >= COUNTS
        return np.asarray(enough)

    # --- one family after the other

    def stages(self, rows: np.ndarray, up_to: int = _LEFT) -> np.ndarray:
        """The stage that keeps each of these rows of counts; ``up_to`` where none before it does."""
        found = np.full(len(rows), up_to)
        found[self._keep_by_themselves(rows)] = 0
        plain = ~self._first(rows)[2].any(axis=1) & (self.known[0] == self.known[1])
        for stage in range(1, up_to):
            for at in np.flatnonzero((found == up_to) | ((found == 0) & (stage == 1) & ~plain)):
                family = self._family(rows[at : at + 1], stage)
                which = family.where.get(rows[at].tobytes(), -1)
                if which >= 0 and family.classes[which] >= 0:
                    found[at] = 0 if family.alone[which] else stage
        return found

    def _family(self, row: np.ndarray, stage: int) -> _Family:
        """All rows of a row's family; none where they would be too many to look at."""
        key = self._keys(row, stage)
        if (known := (stage, key.tobytes())) not in self._families:
            low, high, _ = self._first(row)
            extra = self._extra(row, stage)
            low, high = np.where(extra, 0, low)[0], np.where(extra, self.answers, high)[0]
            width = (high - low + 1).astype(float)
            found = row[:0]
            if np.prod(width) / width.max() * (self.known[1] - self.known[0] + 1) <= _FAMILY:
                found = _between(low, high, self.known)
                found = np.ascontiguousarray(found[(self._keys(found, stage) == key).all(axis=1)])
                found = found[self.stages(found, stage) == stage] if stage > 1 else found
            where = {one.tobytes(): at for at, one in enumerate(found)}
            self._families[known] = _Family(found, *self._divided(found, stage), where)
        return self._families[known]

    def _class(self, row: np.ndarray, stage: int) -> np.ndarray:
        family = self._family(row, stage)
        return family.rows[family.classes == family.classes[family.where[row.tobytes()]]]

    def _some_left(self) -> np.ndarray:
        """Some of what no stage keeps, where that is many."""
        if self._drawn is None:
            draw = _draw(np.zeros_like(self.answers), self.answers, self.known)
            sums = draw.sum(axis=1)
            draw = draw[(sums >= self.known[0]) & (sums <= self.known[1])]
            self._drawn = draw[self.stages(draw) == _LEFT]
        return self._drawn


def _ends(counts: np.ndarray) -> tuple[int, int]:
    return int(counts.min()), int(counts.max())


def _around(least: int, most: int, answers: int) -> tuple[int, int, str, int]:
    """The narrowest bound around counts from the least to the most: its ends, its mark and its level."""
    for level in (*range(LEVELS[0], OPEN, 5), OPEN):
        within = _within(answers, level)
        if most <= within:
            return 0, within, AT_MOST, level
        if least >= answers - within:
            return answers - within, answers, AT_LEAST, level
    raise AssertionError


def _numbered(keys: np.ndarray) -> np.ndarray:
    """A number for each row [many], the same for rows that are the same."""
    rows = np.ascontiguousarray(keys)
    return np.unique(
        rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel(), return_inverse=True
    )[1]


def each_way(sizes: np.ndarray) -> np.ndarray:
    """All rows of whole numbers from 0 to below each of ``sizes`` [many, sizes]; most sizes may be 1."""
    found, is_open = np.zeros((int(np.prod(sizes)), len(sizes)), np.int64), sizes != 1
    # of the others there can be hundreds, and an array has 64 dimensions at most
    found[:, is_open] = np.indices(tuple(sizes[is_open])).reshape(int(is_open.sum()), len(found)).T
    return found


def _different(alike: np.ndarray, values: np.ndarray, many: int) -> np.ndarray:
    """How many different values each class has."""
    width = int(values.max(initial=0)) + 1
    return np.bincount(np.unique(alike.astype(np.int64) * width + values) // width, minlength=many)


def _is_among(counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Which of some rows of counts [many, parts] stand among others."""
    known = {row.tobytes() for row in np.ascontiguousarray(rows, np.int64)}
    return np.array([row.tobytes() in known for row in np.ascontiguousarray(counts, np.int64)], bool)


def _between(low: np.ndarray, high: np.ndarray, known: tuple[int, int]) -> np.ndarray:
    """All counts [many, parts] between the ends that add up to what is known: the widest part is what the others leave."""
    widest = int(np.argmax(high - low))
    others = np.delete(np.arange(len(low)), widest)
    grid = each_way((high - low + 1)[others]) + low[others]
    found = []
    for together in range(known[0], known[1] + 1):
        left = together - grid.sum(axis=1)
        fits = (left >= low[widest]) & (left <= high[widest])
        found.append(np.insert(grid[fits], widest, left[fits], axis=1))
    return np.vstack(found)


def _draw(low: np.ndarray, high: np.ndarray, known: tuple[int, int]) -> np.ndarray:
    """Many different counts between the ends, drawn with a fixed seed and mended until their sum fits.

    In turn one part is drawn from the tenth at either end, since most surveys that fail have one extreme.
    """
    chance = np.random.default_rng(0)
    found = chance.integers(low, high + 1, (_SAMPLE, len(low)))
    lead = np.arange(_SAMPLE) % len(low)
    share = chance.choice([0.0, 0.9], _SAMPLE) + chance.random(_SAMPLE) / 10
    rows = np.arange(_SAMPLE)
    found[rows, lead] = low[lead] + np.rint(share * (high - low)[lead]).astype(np.int64)
    aim = chance.integers(known[0], known[1] + 1, _SAMPLE)
    for step in [*range(1, len(low)), 0]:  # the others first, the extreme one last
        part = (lead + step) % len(low)
        mended = found[rows, part] + aim - found.sum(axis=1)
        found[rows, part] = np.clip(mended, low[part], high[part])
    return found
