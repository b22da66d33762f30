"""How long a session really takes: the one model of minutes, for ``check``, run sheets and the planner.

    for taken in reckon(lesson.session.in_order, scenarios()):
        taken.minutes, taken.step.minutes      # what it takes, and what it was given

Reading aloud, sitting down anew and a vote take longer than one thinks. The figures come from preparing sessions and reading
them aloud; they are ours, and nobody has measured them with a group.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alongside.course.plain import words
from alongside.course.scenarios import Scenario
from alongside.course.session import ALL_TOGETHER, NO_VOTE, SECOND_VOTE, VOTE, Step

__all__ = [
    "MOST_WITH_CUTS",
    "OF_A_CHOICE",
    "OF_A_VOTE",
    "REGROUPING",
    "WORDS_A_MINUTE",
    "Taken",
    "reckon",
    "stretches",
]

WORDS_A_MINUTE = 130
#: Minutes until people sit or stand otherwise than in the step before.
REGROUPING = 0.5
#: Minutes of a vote with a cup and slips; cup and slips are there for a second one.
OF_A_VOTE: Mapping[str, float] = {NO_VOTE: 0.0, VOTE: 3.0, SECOND_VOTE: 1.5}
#: Minutes of one choice of a story: two reasons and fingers.
OF_A_CHOICE = 65 / 60
#: The most minutes of a lesson without everything that can be left out; six of opening stand before them. Its most usual
#: minutes are in shape.py.
MOST_WITH_CUTS = 30


@dataclass(frozen=True, slots=True)
class Taken:
    """What one step takes, in minutes, by what it takes them for. ``choices``: how many of a story are played in it;
    ``aloud``: the fewest words of that story that a room hears, 0 where there is none."""

    step: Step
    said: int  # words, the facilitator's and what is read out
    regrouping: float
    voting: float
    choices: int = 0
    aloud: int = 0

    @property
    def reading(self) -> float:
        """Minutes of reading aloud."""
        return self.said / WORDS_A_MINUTE

    @property
    def choosing(self) -> float:
        """Minutes of choosing in a story."""
        return self.choices * OF_A_CHOICE

    @property
    def minutes(self) -> float:
        """All of it together."""
        return self.reading + self.step.work + self.regrouping + self.voting + self.choosing

    @property
    def missing(self) -> float:
        """How many minutes the step has too few; 0 where it has enough."""
        return max(0.0, round(self.minutes - self.step.minutes, 6))

    @property
    def wanted(self) -> int:
        """The whole minutes that it needs."""
        return max(self.step.minutes, math.ceil(round(self.minutes, 6)))


def reckon(steps: Iterable[Step], stories: Mapping[str, Scenario]) -> tuple[Taken, ...]:
    """What each of these steps takes, in the order in which a session takes them.

    A session begins all together. It plays one way through a story, the longest, and then the repair. Where two steps
    name one story, the first plays the way and the second the repair. A story that is not known takes nothing here.
    """
    steps = tuple(steps)
    played = [step.activity for step in steps if step.activity in stories]
    found: list[Taken] = []
    grouping, begun = ALL_TOGETHER, set[str]()
    for step in steps:
        choices = aloud = 0
        if story := stories.get(step.activity):
            parts = (_way(story), _repair(story))
            if played.count(story.key) > 1:
                parts = parts[1:] if story.key in begun else parts[:1]
            choices, aloud = sum(part[0] for part in parts), sum(part[1] for part in parts)
            begun.add(story.key)
        found.append(
            Taken(
                step,
                said=len(words(step.say)) + step.read_aloud,
                regrouping=REGROUPING if step.grouping != grouping else 0.0,
                voting=OF_A_VOTE[step.vote],
                choices=choices,
                aloud=aloud,
            )
        )
        grouping = step.grouping
    return tuple(found)


def _way(story: Scenario) -> tuple[int, int]:
    """The most choices on a way through a story, and the fewest words on one, its opening included."""
    most, fewest = _ways(story, "")
    return most, fewest + len(words(story.opening))


def _repair(story: Scenario) -> tuple[int, int]:
    """The same of its repair."""
    return _ways(story, story.repair)


def _ways(story: Scenario, start: str) -> tuple[int, int]:
    ways = story.ways(start)
    return max(len(way.choices) for way in ways), min(len(words("\n".join(way.texts))) for way in ways)


def stretches(steps: Iterable[Step]) -> list[tuple[Step, ...]]:
    """The steps between two breaks."""
    found: list[list[Step]] = [[]]
    for step in steps:
        found[-1].append(step)
        if step.break_after:
            found.append([])
    return [tuple(stretch) for stretch in found if stretch]
