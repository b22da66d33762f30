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
Marks = tuple[str | None, ...]


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

    ``counts`` and ``answers``: each part's favorable answers, and all of them. ``low`` and ``high``: what is
    known of the former. ``marks``: None, "at most", "at least", or "hidden" for a part that is not published.
    ``alike``: counts [many, parts] that would be published exactly like this, where the level was raised;
    None at the first level, where everything between the ends is.
    """

    level: int
    counts: np.ndarray
    answers: np.ndarray
    low: np.ndarray
    high: np.ndarray
    marks: tuple[str | None, ...]
    total: tuple[int, int]
    alike: np.ndarray | None

    def ends(self, at: int) -> tuple[int, int]:
        return int(self.low[at]), int(self.high[at])

    def same(self, counts: np.ndarray) -> np.ndarray:
        """Which rows of possible counts [many, parts] would be published exactly like this."""
        kept = ((counts >= self.low) & (counts <= self.high)).all(axis=1)
        return np.asarray(kept & _raised(counts, self.answers, self.marks, self.total, self.level))


def soften(counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, whole: Total) -> Soft | None:
    """Publish parts at the first level at which each softened number keeps three counts; None if none does.

    ``counts``: favorable answers of each part, ``answers``: all of them, ``hidden``: parts that are not
    published. They add up to ``whole``, which is published and must keep its own counts if it is softened.
    """
    known = whole.low, whole.high
    for level in LEVELS:
        low, high, marks = _boxes(counts, answers, hidden, level)
        if level == LEVELS[0]:
            # counts at the ends stand for all of them: nothing but what is published may matter
            alike, holds = None, bool(_keeps(low[None, :], answers, marks, known, level)[0])
        else:
            alike = _possibilities(low, high, known)
            alike = alike[_raised(alike, answers, marks, known, level)]
            holds = _wide_enough(alike, answers, marks, known)
        if holds:
            return Soft(level, counts, answers, low, high, marks, known, alike)
    return None


def _raised(
    counts: np.ndarray, answers: np.ndarray, marks: Marks, known: tuple[int, int], level: int
) -> np.ndarray:
    """For which rows of counts all levels before this one fail."""
    found = np.ones(len(counts), bool)
    for before in LEVELS[: LEVELS.index(level)]:
        found &= ~_keeps(counts, answers, marks, known, before)
    return found


def _wide_enough(alike: np.ndarray, answers: np.ndarray, marks: Marks, known: tuple[int, int]) -> bool:
    """Whether every softened number, and the total if it is one, has three counts among these."""
    enough = [
        len(np.unique(alike[:, part])) >= min(COUNTS, int(answers[part]) + 1)
        for part, mark in enumerate(marks)
        if mark is not EXACT
    ]
    return all(enough) and (known[0] == known[1] or len(np.unique(alike.sum(axis=1))) >= COUNTS)


def _boxes(
    counts: np.ndarray, answers: np.ndarray, hidden: np.ndarray, level: int
) -> tuple[np.ndarray, np.ndarray, Marks]:
    found = [
        (0, int(size), HIDDEN) if out else box(int(count), int(size), level)
        for count, size, out in zip(counts, answers, hidden, strict=True)
    ]
    low, high, marks = zip(*found, strict=True)
    return np.array(low, np.int64), np.array(high, np.int64), marks


def _keeps(
    counts: np.ndarray, answers: np.ndarray, marks: Marks, known: tuple[int, int], level: int
) -> np.ndarray:
    """For rows of counts [many, parts]: would each softened number keep three counts, by subtraction alone?

    Parts between two ends that add up to a number between two ends can be every whole number from
    ``lowest`` to ``highest``; no program is needed for that.
    """
    hidden = np.array([mark == HIDDEN for mark in marks])
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
