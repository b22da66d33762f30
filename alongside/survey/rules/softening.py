"""Rule 6: an extreme share is softened, and a softened number can't be got back from the others beside it.

A number is *soft* when it is within ``reach`` of 0 or of all answers. What is published of it is a bound, and
the bound depends on the number of answers alone. Numbers that add up to a number that is shown too (the groups
of a breakdown, or the items of a practice, and everyone's total) are softened as a whole: if subtraction
would give one back at the first level of 10 %, all within 25 % of an end are softened, else all.

Whoever knows these rules learns from a level that the one before it failed. So each level counts only those
possibilities for which the earlier levels fail as well, and its answer depends on nothing but what it
publishes. Two surveys that are possible under the same published numbers are therefore published alike.

A table never disappears because of its answers, for then its absence would be a published number too. What no level
keeps open is published at the level "open", which says nothing ("at most 100 %"). Where too few possibilities would
meet there, the levels before it are not used at all for that total, whatever the answers are: that is decided from
the number of answers in each part and from the total that is published anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from alongside.thresholds import COUNTS, LEVELS, near_an_end, reach

__all__ = ["Soft", "Total", "soften", "total"]

OPEN = 100  # a level that says nothing
_FEW = 20_000  # possibilities that are looked at each, for what they would be published as
_MANY, _SAMPLE = 100_000, 4096  # possibilities gone through one by one, or drawn where there are more

EXACT, AT_MOST, AT_LEAST, HIDDEN = None, "at most", "at least", "hidden"
Marks = tuple[str | None, ...]


class _Known(NamedTuple):
    """What is known of counts [..., parts] once they are published: the least and the most, and which are near an end."""

    low: np.ndarray
    high: np.ndarray
    at_most: np.ndarray
    at_least: np.ndarray


def _ends(counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, level: int) -> _Known:
    """Counts [..., parts] as they are published at a level; ``hidden`` parts are not, whatever they count."""
    within = np.array([_within(int(size), level) for size in answers])
    at_most, at_least = near_an_end(counts, answers, within)
    at_most, at_least = at_most & ~hidden, at_least & ~hidden
    low = np.where(at_most | hidden, 0, np.where(at_least, np.maximum(answers - within, within + 1), counts))
    high = np.where(at_most, within, np.where(at_least | hidden, answers, counts))
    return _Known(low, high, at_most, at_least)


def _within(answers: int, level: int) -> int:
    return answers if level == OPEN else reach(answers, level)


def _boxes(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, level: int
) -> tuple[np.ndarray, np.ndarray, Marks]:
    """What is known of the counts of one table [parts], and their marks."""
    low, high, at_most, at_least = _ends(counts, answers, hidden, level)
    marks = tuple(
        HIDDEN if out else AT_MOST if most else AT_LEAST if least else EXACT
        for out, most, least in zip(hidden, at_most, at_least, strict=True)
    )
    return low.astype(np.int64), high.astype(np.int64), marks


def box(count: int, answers: int, level: int) -> tuple[int, int, str | None]:
    """What is known of one count once it is published: the least, the most, and the mark."""
    low, high, marks = _boxes(np.array([count]), np.array([answers]), np.zeros(1, bool), level)
    return int(low[0]), int(high[0]), marks[0]


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
    known of the former. ``marks``: None, "at most", "at least", or "hidden" for a part that is not published.
    ``alike``: counts [many, parts] that would be published exactly like this, where the level was raised;
    None at the first level, where everything between the ends is. ``complete``: these are all of them.
    """

    level: int
    counts: np.ndarray
    answers: np.ndarray
    low: np.ndarray
    high: np.ndarray
    marks: tuple[str | None, ...]
    total: tuple[int, int]
    alike: np.ndarray | None
    complete: bool

    @property
    def hidden(self) -> np.ndarray:
        """Which parts are not published."""
        return np.array([mark == HIDDEN for mark in self.marks])

    def ends(self, at: int) -> tuple[int, int]:
        return int(self.low[at]), int(self.high[at])

    def same(self, counts: np.ndarray) -> np.ndarray:
        """Which rows of possible counts [many, parts] would be published exactly like this."""
        kept = np.asarray(((counts >= self.low) & (counts <= self.high)).all(axis=1))
        if self.alike is None:
            return kept
        if not self.complete:
            return kept & _raised(counts, self.answers, self.hidden, self.total, self.level)
        kept[kept] = _is_among(counts[kept], self.alike)
        return kept


def soften(counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, whole: Total) -> Soft | None:
    """Publish parts at the first level at which each softened number keeps three counts.

    ``counts``: favorable answers of each part, ``answers``: all of them, ``hidden``: parts that are not
    published. They add up to ``whole``, which is published and must keep its own counts if it is softened.
    None where not even the open level keeps them, which depends on ``answers`` and ``whole`` alone.
    """
    known = whole.low, whole.high
    if not _can_go_through(answers, known):
        return _soften_many(counts, answers, hidden, known)
    low, high, marks = _boxes(counts, answers, hidden, LEVELS[0])
    scheme = _scheme(tuple(answers.tolist()), tuple(hidden.tolist()), known)
    if scheme is None:
        return None
    if scheme[0] == LEVELS[0] and _keeps(low[None, :], answers, hidden, known, LEVELS[0])[0]:
        # counts at the ends stand for all of them: nothing but what is published may matter
        return Soft(LEVELS[0], counts, answers, low, high, marks, known, None, complete=True)
    every, classes = _published(tuple(answers.tolist()), tuple(hidden.tolist()), known, scheme)
    for level in scheme:
        low, high, marks = _boxes(counts, answers, hidden, level)
        inside = ((every >= low) & (every <= high)).all(axis=1) & (classes == level)
        alike = every[inside]
        if level == OPEN or (level != LEVELS[0] and _is_among(counts[None, :], alike)[0]):
            return Soft(level, counts, answers, low, high, marks, known, alike, complete=True)
    return None


def _soften_many(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, known: tuple[int, int]
) -> Soft | None:
    """The same for so many answers that possibilities are drawn; those that no level keeps are many there, too."""
    for level in (*LEVELS, OPEN):
        low, high, marks = _boxes(counts, answers, hidden, level)
        if level == LEVELS[0]:
            alike, holds = None, bool(_keeps(low[None, :], answers, hidden, known, level)[0])
        else:
            alike = _possibilities(low, high, known)
            alike = alike[_raised(alike, answers, hidden, known, level)]
            holds = level == OPEN or _wide_enough(alike, answers, marks, known)
        if holds:
            return Soft(level, counts, answers, low, high, marks, known, alike, complete=False)
    return None


def _raised(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, known: tuple[int, int], level: int
) -> np.ndarray:
    """For which rows of counts all levels before this one fail, by subtraction."""
    found = np.ones(len(counts), bool)
    for before in (one for one in LEVELS if one < level):
        found &= ~_keeps(counts, answers, hidden, known, before)
    return found


@lru_cache(maxsize=256)
def _scheme(
    answers: tuple[int, ...], hidden: tuple[bool, ...], known: tuple[int, int]
) -> tuple[int, ...] | None:
    """The levels that are used for this total: all that leave enough possibilities to those that none of them keeps."""
    for used in range(len(LEVELS), -1, -1):
        scheme = (*LEVELS[:used], OPEN)
        every, classes = _published(answers, hidden, known, scheme)
        left = every[classes == OPEN]
        marks = tuple(HIDDEN if out else AT_MOST for out in hidden)
        if len(left) == 0 or _wide_enough(left, np.array(answers), marks, known):
            return scheme
    return None


@lru_cache(maxsize=256)
def _published(
    answers: tuple[int, ...], hidden: tuple[bool, ...], known: tuple[int, int], scheme: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """All possible counts [many, parts] that add up to the total, and the level at which each is published."""
    sizes, out = np.array(answers), np.array(hidden)
    every = _every(sizes, known)
    classes = np.full(len(every), OPEN)
    waiting = np.ones(len(every), bool)
    for level in scheme[:-1]:
        if level == LEVELS[0]:
            kept = _keeps(every[waiting], sizes, out, known, level)
        else:
            low, high, *_ = _ends(every[waiting], sizes, out, level)
            kept = _kept_by_class(every[waiting], low, high, sizes, known)
        at = np.flatnonzero(waiting)[kept]
        classes[at], waiting[at] = level, False
    return every, classes


def _kept_by_class(
    counts: np.ndarray, low: np.ndarray, high: np.ndarray, answers: np.ndarray, known: tuple[int, int]
) -> np.ndarray:
    """Which rows have three counts for each of their softened numbers among the rows that are published alike."""
    if len(counts) == 0:
        return np.zeros(0, bool)
    _, alike = np.unique(np.hstack([low, high]), axis=0, return_inverse=True)
    alike, many = alike.ravel(), int(alike.max()) + 1
    kept = np.ones(len(counts), bool)
    for part in range(counts.shape[1]):
        need = np.minimum(COUNTS, answers[part] + 1)
        kept &= (low[:, part] == high[:, part]) | (_different(alike, counts[:, part], many) >= need)[alike]
    if known[0] < known[1]:
        kept &= (_different(alike, counts.sum(axis=1), many) >= COUNTS)[alike]
    return kept


def _different(alike: np.ndarray, values: np.ndarray, many: int) -> np.ndarray:
    """How many different values each class has."""
    width = int(values.max(initial=0)) + 1
    return np.bincount(np.unique(alike.astype(np.int64) * width + values) // width, minlength=many)


def _is_among(counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Which of some rows of counts [many, parts] stand among others."""
    if len(rows) == 0:
        return np.zeros(len(counts), bool)
    width = int(max(counts.max(initial=0), rows.max(initial=0))) + 1
    weights = width ** np.arange(counts.shape[1], dtype=object)
    known = {int(one) for one in (rows.astype(object) * weights).sum(axis=1)}
    return np.array([int(one) in known for one in (counts.astype(object) * weights).sum(axis=1)])


def _wide_enough(alike: np.ndarray, answers: np.ndarray, marks: Marks, known: tuple[int, int]) -> bool:
    """Whether every softened number, and the total if it is one, has three counts among these."""
    enough = [
        len(np.unique(alike[:, part])) >= min(COUNTS, int(answers[part]) + 1)
        for part, mark in enumerate(marks)
        if mark is not EXACT
    ]
    return all(enough) and (known[0] == known[1] or len(np.unique(alike.sum(axis=1))) >= COUNTS)


def _keeps(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, known: tuple[int, int], level: int
) -> np.ndarray:
    """For rows of counts [many, parts]: would each softened number keep three counts, by subtraction alone?

    Parts between two ends that add up to a number between two ends can be every whole number from
    ``lowest`` to ``highest``; no program is needed for that.
    """
    low, high, at_most, at_least = _ends(counts, answers, hidden, level)
    exact = ~(hidden | at_most | at_least)
    lows, highs = low.sum(axis=1, keepdims=True), high.sum(axis=1, keepdims=True)
    lowest = np.maximum(low, known[0] - (highs - high))
    highest = np.minimum(high, known[1] - (lows - low))
    enough = (exact | (highest - lowest + 1 >= np.minimum(COUNTS, answers + 1))).all(axis=1)
    if known[0] < known[1]:
        enough &= np.minimum(known[1], highs[:, 0]) - np.maximum(known[0], lows[:, 0]) + 1 >= COUNTS
    return np.asarray(enough)


def _can_go_through(answers: np.ndarray, known: tuple[int, int]) -> bool:
    """Whether all counts that add up to what is known are few enough to look at each."""
    others = np.sort(answers)[:-1] + 1
    return float(np.prod(others.astype(float))) * (known[1] - known[0] + 1) <= _FEW


def _every(answers: np.ndarray, known: tuple[int, int]) -> np.ndarray:
    """All counts [many, parts] that add up to what is known: the largest part is what the others leave."""
    largest = int(np.argmax(answers))
    others = np.delete(answers, largest)
    many = int(np.prod(others + 1))
    grid = np.indices(tuple(int(one) + 1 for one in others)).reshape(len(others), many).T
    found = []
    for together in range(known[0], known[1] + 1):
        left = together - grid.sum(axis=1)
        fits = (left >= 0) & (left <= answers[largest])
        found.append(np.insert(grid[fits], largest, left[fits], axis=1))
    return np.vstack(found)


def _possibilities(low: np.ndarray, high: np.ndarray, known: tuple[int, int]) -> np.ndarray:
    """Counts between the ends that add up to what is known: all, or a draw that is always the same."""
    free = np.flatnonzero(low < high)
    if np.prod((high - low + 1)[free].astype(float)) <= _MANY:
        grid = np.indices(tuple(int(one) for one in (high - low + 1)[free])).reshape(len(free), -1).T
        found = np.repeat(low[None, :], len(grid), axis=0)
        found[:, free] += grid
    else:
        found = _draw(low, high, known)
    sums = found.sum(axis=1)
    return found[(sums >= known[0]) & (sums <= known[1])]


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
