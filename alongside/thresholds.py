"""Rules 3 and 20 and the ends of rule 6, once: which group is too small to be shown, and which share is too near 0 or 100 %.

These are the numbers of the survey's rules that more than one place goes by: the codebook, the text form of
responses, what is shown, what is softened, the audit, the comparison of waves, and the lessons' pictures of invented
answers. How a softened share is published is the matter of ``survey/rules/softening.py``. It imports nothing, since
lessons without a survey go by it too.
"""

from __future__ import annotations

from typing import Any, Literal

__all__ = [
    "COUNTS",
    "GROUPS_FROM",
    "LEVELS",
    "SMALLEST_MINIMUM",
    "USUAL_MINIMUM",
    "lifted",
    "minimum_for",
    "near_an_end",
    "reach",
]

# --- rules 3 and 20: how few people are too few ---------------------------------------------------------------

SMALLEST_MINIMUM, USUAL_MINIMUM = 5, 10
"""People. Never under the one; under the other needs a head count, as ``lifted`` says."""
GROUPS_FROM = 30
"""People; fewer are shown as everyone together only, and favorable answers only."""


def lifted(people: int, minimum: int, headcount: int | None) -> Literal["few asked", "most answered"] | None:
    """Why 10 holds in place of a smaller minimum, or None where it does not.

    A small minimum needs a head count of at least twice the minimum, of which fewer than 80 % answered: else a
    reader knows who is in a group, or the few who are not.
    """
    if minimum >= USUAL_MINIMUM:
        return None
    if headcount is None or headcount < 2 * minimum:
        return "few asked"
    return "most answered" if people * 5 >= headcount * 4 else None


def minimum_for(people: int, minimum: int, headcount: int | None) -> int:
    """The smallest group: the codebook's, but 10 where that is smaller and the head count does not carry it."""
    return USUAL_MINIMUM if lifted(people, minimum, headcount) else minimum


# --- rule 6: how near to an end is too near -----------------------------------------------------------

LEVELS = (10, 25, 50)
"""Percent from an end within which shares are softened: the rule's own, then wider, then every share."""
COUNTS = 3
"""That stay possible for whatever is protected; a share that fewer answers keep from an end is softened."""


def reach(answers: int, level: int = LEVELS[0]) -> int:
    """How many answers from an end a share is softened, of so many answers, at one of the levels.

    The five hundredths of a percent keep a share that is shown exactly from being *rounded* to 10 %.
    """
    if level == LEVELS[-1]:
        return answers // 2
    return min(max(COUNTS - 1, answers * (100 * level + 5) // 10_000), answers // 2)


def near_an_end(count: Any, answers: Any, within: Any) -> tuple[Any, Any]:
    """Whether a count is published as "at most", and whether as "at least". ``within``: what ``reach`` gives.

    For whole numbers, or for arrays of them that go together. A share of one half may be near to both ends; it
    is "at most" then.
    """
    return count <= within, (count > within) & (count >= answers - within)
