"""Rule 6: an extreme share is softened, and a softened number can't be got back from the others beside it.

A number is *soft* when it is within ``reach`` of 0 or of all answers. What is published of it is a bound, and
the bound depends on the number of answers alone. Numbers that add up to a number that is shown too (the groups
of a breakdown, or the items of a practice, and everyone's total) are softened as a whole: if subtraction
would give one back at the first level of 10 %, all within 25 % of an end are softened, else all.

Whoever knows these rules learns from a level that the one before it failed. So each level counts only those
possibilities for which the earlier levels fail as well, and its answer depends on nothing but what it
publishes. Two surveys that are possible under the same published numbers are therefore published alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["LEVELS", "Soft", "Total", "soften", "total"]

LEVELS = (10, 25, 50)
"""Percent from an end within which numbers are softened: the rule's own, then wider, then every number."""
FEWEST = 2  # a number that fewer than three answers keep from an end is soft, however few the answers
COUNTS = 3  # that stay possible for a softened number
_MANY, _SAMPLE = 100_000, 4096  # possibilities gone through one by one, or drawn where there are more

EXACT, AT_MOST, AT_LEAST, HIDDEN = None, "at most", "at least", "hidden"


def reach(answers: int, level: int) -> int:
    """How many answers from an end are softened at a level.

    The five hundredths of a percent keep a share that is shown exactly from being *rounded* to 10 %.
    """
    if level == LEVELS[-1]:
        return answers // 2
    return min(max(FEWEST, answers * (100 * level + 5) // 10_000), answers // 2)


def box(count: int, answers: int, level: int) -> tuple[int, int, str | None]:
    """What is known of a count once it is published: the least, the most, and the mark."""
    within = reach(answers, level)
    if count <= within:
        return 0, within, AT_MOST
    if count >= answers - within:
        return max(answers - within, within + 1), answers, AT_LEAST
    return count, count, EXACT


def bound(answers: int, level: int) -> float:
    """Percent, one decimal, rounded away from the end: "at most" this, or "at least" 100 less this."""
    return max(float(level), -(-1000 * reach(answers, level) // answers) / 10)


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

    ``counts`` and ``answers``: each part's favorable answers, and all of them. ``low`` and ``high``: what is known of each part's favorable answers.
    ``marks``: None, "at most", "at least", or "hidden" for a part that is not published. ``narrow``: a box
    in which every possibility also has the real ones' marks at the levels before.
    """

    level: int
    counts: np.ndarray
    answers: np.ndarray
    low: np.ndarray
    high: np.ndarray
    marks: tuple[str | None, ...]
    narrow: tuple[np.ndarray, np.ndarray]
    total: tuple[int, int]

    def known(self, at: int) -> tuple[int, int, tuple[int, int]]:
        """A part's least and greatest count, and where to look first for counts that are published alike."""
        low, high = self.narrow
        return int(self.low[at]), int(self.high[at]), (int(low[at]), int(high[at]))

    def same(self, counts: np.ndarray) -> np.ndarray:
        """Which rows of possible counts [many, parts] would be published exactly like this."""
        kept = ((counts >= self.low) & (counts <= self.high)).all(axis=1)
        hidden = np.array([mark == HIDDEN for mark in self.marks])
        for level in LEVELS[: LEVELS.index(self.level)]:
            kept &= ~_keeps(counts, self.answers, hidden, self.total, level)
        return np.asarray(kept)


def soften(counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, whole: Total) -> Soft | None:
    """Publish parts at the first level at which each softened number keeps three counts; None if none does.

    ``counts``: favorable answers of each part, ``answers``: all of them, ``hidden``: parts that are not
    published. They add up to ``whole``, which is published and must keep its own counts if it is softened.
    """
    known = whole.low, whole.high
    for level in LEVELS:
        low, high, marks = _boxes(counts, answers, hidden, level)
        if _level_holds(low, high, marks, tuple(map(int, answers)), known, level):
            narrow = _narrow(counts, answers, hidden, level)
            return Soft(level, counts, answers, np.array(low), np.array(high), marks, narrow, known)
    return None


def _boxes(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, level: int
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str | None, ...]]:
    found = [
        (0, size, HIDDEN) if out else box(int(count), int(size), level)
        for count, size, out in zip(counts, answers, hidden, strict=True)
    ]
    return (
        tuple(int(one[0]) for one in found),
        tuple(int(one[1]) for one in found),
        tuple(one[2] for one in found),
    )


def _narrow(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, level: int
) -> tuple[np.ndarray, np.ndarray]:
    """The real counts' box at a level, cut to the ends in which they are soft, or not, at the levels before."""
    low, high, _ = (np.array(one) for one in _boxes(counts, answers, hidden, level))
    low, high = low.astype(np.int64), high.astype(np.int64)
    for before in LEVELS[: LEVELS.index(level)]:
        for part, (count, size) in enumerate(zip(counts, answers, strict=True)):
            if not hidden[part]:
                least, most, mark = box(int(count), int(size), before)
                within = reach(int(size), before)
                least, most = (least, most) if mark else (within + 1, int(size) - within - 1)
                low[part], high[part] = max(low[part], least), min(high[part], most)
    return low, high


def _level_holds(
    low: tuple[int, ...],
    high: tuple[int, ...],
    marks: tuple[str | None, ...],
    answers: tuple[int, ...],
    known: tuple[int, int],
    level: int,
) -> bool:
    """Whether every softened number keeps three counts. Knows only what is published: the arguments."""
    hidden = np.array([mark == HIDDEN for mark in marks])
    size = np.array(answers, np.int64)
    if level == LEVELS[0]:
        exact_or_not = np.array([low])  # any count in the box gives the same answer
        return bool(_keeps(exact_or_not, size, hidden, known, level)[0])
    possible = _possibilities(np.array(low), np.array(high), known)
    for before in LEVELS[: LEVELS.index(level)]:
        possible = possible[~_keeps(possible, size, hidden, known, before)]
    soft = [part for part, mark in enumerate(marks) if mark is not EXACT]
    kept = [len(np.unique(possible[:, part])) >= min(COUNTS, answers[part] + 1) for part in soft]
    if known[0] < known[1]:
        kept.append(len(np.unique(possible.sum(axis=1))) >= COUNTS)
    return all(kept)


def _keeps(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, known: tuple[int, int], level: int
) -> np.ndarray:
    """For rows of counts [many, parts]: would each softened number keep three counts, by subtraction alone?

    Parts between two ends that add up to a number between two ends can be every whole number from
    ``lowest`` to ``highest``; no program is needed for that.
    """
    within = np.array([reach(int(size), level) for size in answers])
    at_most = ~hidden & (counts <= within)
    at_least = ~hidden & ~at_most & (counts >= answers - within)
    exact = ~(hidden | at_most | at_least)
    low = np.where(exact, counts, np.where(at_least, np.maximum(answers - within, within + 1), 0))
    high = np.where(exact, counts, np.where(at_most, within, answers))
    lows, highs = low.sum(axis=1, keepdims=True), high.sum(axis=1, keepdims=True)
    lowest = np.maximum(low, known[0] - (highs - high))
    highest = np.minimum(high, known[1] - (lows - low))
    enough = (exact | (highest - lowest + 1 >= np.minimum(COUNTS, answers + 1))).all(axis=1)
    if known[0] < known[1]:
        enough &= np.minimum(known[1], highs[:, 0]) - np.maximum(known[0], lows[:, 0]) + 1 >= COUNTS
    return np.asarray(enough)


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
