"""The few statistics that the survey uses, as the field defines them.

Shares are shares of 1, never percents. ``level`` is the confidence level, 0.95 for a 95 % interval. Counts may be
fractional, because a group's share of favorable *answers* is carried over to its number of *people*: one person's
answers go together, so people are what an interval counts. Whatever can't be worked out raises an
:class:`AlongsideError`; nothing comes back as "not a number".

For a report: alpha says something from 30 people and 3 items on, Spearman-Brown is for 2 items.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from alongside.errors import AlongsideError
from alongside.words import say

__all__ = [
    "cliffs_delta",
    "cronbach_alpha",
    "feldt",
    "holm",
    "newcombe",
    "newcombe_p",
    "spearman_brown",
    "wilson",
]

Pair = tuple[float, float]


def wilson(x: float, n: float, level: float = 0.95) -> Pair:
    """Wilson's score interval ``(low, high)`` of the share ``x / n``, without continuity correction.

    Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209-212; Brown, Cai and DasGupta (2001), Stat. Sci. 16, 101-133.
    """
    _check_counts(x, n)
    return _wilson(x, n, _z(level))


def newcombe(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Pair:
    """Newcombe's interval ``(low, high)`` of the difference ``x1 / n1 - x2 / n2`` of two independent shares.

    The hybrid score interval, method 10 of Newcombe, R. G. (1998), Stat. Med. 17, 873-890.
    """
    _check_counts(x1, n1)
    _check_counts(x2, n2)
    return _newcombe(x1, n1, x2, n2, _z(level))


def newcombe_p(x1: float, n1: float, x2: float, n2: float) -> float:
    """The two-sided p-value that belongs to Newcombe's interval: 1 minus the level at which it just touches zero.

    Found by halving: the wider the interval, the nearer is its end to zero, and past it.
    """
    _check_counts(x1, n1)
    _check_counts(x2, n2)
    if x1 * n2 < x2 * n1:
        x1, n1, x2, n2 = x2, n2, x1, n1
    below, above = 0.0, 40.0
    for _ in range(60):
        z = (below + above) / 2
        below, above = (z, above) if _newcombe(x1, n1, x2, n2, z)[0] > 0 else (below, z)
    return 2 * NormalDist().cdf(-below)


def holm(p: Sequence[float]) -> list[float]:
    """The p-values adjusted for being many, in their order. Holm, S. (1979), Scand. J. Stat. 6, 65-70."""
    values = np.asarray(p, dtype=float)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise AlongsideError(say("statistics.no_p_values"))
    order = np.argsort(values, kind="stable")
    stepped = np.minimum(1, (len(values) - np.arange(len(values))) * values[order])
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(stepped)
    return adjusted.tolist()


def cliffs_delta(a: Sequence[float], b: Sequence[float]) -> float:
    """How much more often one of ``a`` is above one of ``b`` than below: from -1 to 1, positive where ``a`` is higher.

    Missing values are left out. Cliff, N. (1993), Psychol. Bull. 114, 494-509.
    """
    first, second = _present(a), np.sort(_present(b))
    if not (len(first) and len(second)):
        raise AlongsideError(say("statistics.one_side_empty"))
    above = np.searchsorted(second, first, side="left").sum()
    below = (len(second) - np.searchsorted(second, first, side="right")).sum()
    return float((above - below) / (len(first) * len(second)))


def cronbach_alpha(frame: Any) -> float:
    """Cronbach's alpha of ``frame`` [people, items], of the people who answered every item.

    Cronbach, L. J. (1951), Psychometrika 16, 297-334. Raises where there are fewer than 2 items or 2 such people,
    or where everybody's sum is the same.
    """
    rows = _complete(frame, "statistics.alpha_needs")
    items = rows.shape[1]
    total = rows.sum(axis=1).var(ddof=1)
    if total == 0:
        raise AlongsideError(say("statistics.no_alpha"))
    return float(items / (items - 1) * (1 - rows.var(axis=0, ddof=1).sum() / total))


def feldt(alpha: float, people: int, items: int, level: float = 0.95) -> Pair:
    """Feldt's interval ``(low, high)`` of Cronbach's alpha. Feldt, L. S. (1965), Psychometrika 30, 357-370."""
    if not (people >= 2 and items >= 2 and alpha <= 1):
        raise AlongsideError(say("statistics.no_feldt"))
    _z(level)
    from scipy.special import fdtri  # scipy takes a moment to load, and only this needs it

    tail, first, second = (1 - level) / 2, people - 1, (people - 1) * (items - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(first, second, share)) for share in (1 - tail, tail))
    return low, high


def spearman_brown(frame: Any) -> float:
    """The Spearman-Brown reliability of two items together: ``2 r / (1 + r)``, of the people who answered both.

    ``frame``: [people, 2]. Eisinga, te Grotenhuis and Pelzer (2013), Int. J. Public Health 58, 637-642.
    """
    rows = _complete(frame, "statistics.spearman_brown_needs")
    if rows.shape[1] != 2:
        raise AlongsideError(say("statistics.more_than_two", found=rows.shape[1]))
    centered = rows - rows.mean(axis=0)
    spread = sqrt(float((centered[:, 0] ** 2).sum() * (centered[:, 1] ** 2).sum()))
    r = float((centered[:, 0] * centered[:, 1]).sum()) / spread if spread else float("nan")
    if not isfinite(r) or r <= -1:
        raise AlongsideError(say("statistics.no_spearman_brown"))
    return 2 * r / (1 + r)


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise AlongsideError(say("statistics.no_level"))
    return NormalDist().inv_cdf((1 + level) / 2)


def _check_counts(x: float, n: float) -> None:
    if not (n > 0 and -1e-9 * n <= x <= n * (1 + 1e-9) and isfinite(n)):
        raise AlongsideError(say("statistics.no_share"))


def _wilson(x: float, n: float, z: float) -> Pair:
    share, square = min(max(x / n, 0.0), 1.0), z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def _newcombe(x1: float, n1: float, x2: float, n2: float, z: float) -> Pair:
    (low1, high1), (low2, high2) = _wilson(x1, n1, z), _wilson(x2, n2, z)
    one, two = x1 / n1, x2 / n2
    return (
        one - two - sqrt((one - low1) ** 2 + (high2 - two) ** 2),
        one - two + sqrt((high1 - one) ** 2 + (two - low2) ** 2),
    )


def _present(values: Any) -> np.ndarray:
    numbers = np.asarray(values, dtype=float)
    return numbers[~np.isnan(numbers)]


def _complete(frame: Any, otherwise: str) -> np.ndarray:
    """The people who answered every item; ``otherwise`` is the key of what is said where there are too few."""
    rows = np.asarray(frame, dtype=float)
    rows = rows[~np.isnan(rows).any(axis=1)] if rows.ndim == 2 else rows
    if rows.ndim != 2 or rows.shape[1] < 2 or rows.shape[0] < 2:
        raise AlongsideError(say(otherwise))
    return rows
