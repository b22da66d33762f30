"""The shape that ``start.py check`` and the tests hold each lesson, exercise and story to.

WHAT DIFFERS, and why. Whatever is not in these tables is held to the shape of a practice lesson.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ACTIVITIES",
    "COURSE",
    "KEEPS_AN_ANSWER",
    "NAMED_WITHOUT_A_STORY",
    "OTHER_MINUTES",
    "SECTION_MINUTES",
    "STORY",
    "TOOLS",
    "Shape",
    "shape_of",
]

Range = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """Ranges are (least, most): words of learner Markdown, usual minutes in a room, minutes alone."""

    kind: Literal["practice", "values", "tour", "plan", "hack", "check-in", "survey", "exercise"]
    words: Range
    room: Range
    alone: Range
    sections: tuple[str, ...] | None  # None: sections of its own


# fmt: off
PRACTICE = Shape("practice", (900, 1200), (45, 45), (24, 30), (
    "Arrive", "The practice", "What we know", "Try it",
    "Reflect", "Look at ourselves", "One small step", "Close",
))
# A values lesson has four values, one section each, in place of "The practice" and "What we know".
VALUES = Shape("values", (900, 1600), (45, 45), (24, 36), None)
# A tour of the buttons: no practice, no story, no promise.
TOUR = Shape("tour", (400, 900), (20, 30), (10, 20), None)
# It gathers what was kept: its activity is plan(), and it has no story and no survey questions.
PLAN = Shape("plan", (400, 1000), (40, 50), (20, 30), None)
# A featured hack has no P mark and no survey questions: the survey asks how often a practice could be seen.
# In place of those, "Look at ourselves" has an activity about the place. All else is as in a practice lesson.
HACK = Shape("hack", PRACTICE.words, PRACTICE.room, PRACTICE.alone, PRACTICE.sections)
# It brings promises back, weeks later: shorter, its activity is checkin(), and it has no story or survey questions.
CHECK_IN = Shape("check-in", (600, 900), (25, 35), (12, 20), None)
# The survey lessons teach a tool: its verb stands in place of a story, and no practice has survey questions about it.
SURVEY = Shape("survey", (800, 1200), (40, 50), (24, 34), None)
# For a group, in its own steps. Nobody does it alone.
EXERCISE = Shape("exercise", (400, 1600), (30, 90), (0, 0), None)
# fmt: on

OTHER_SHAPES = {
    "00-start-here": TOUR,
    "01-values-how-we-see-people": VALUES,
    "02-values-what-we-know": VALUES,
    "03-values-how-we-work": VALUES,
    "16-worker-stances": HACK,
    "17-consent-culture": HACK,
    "18-our-plan": PLAN,
    "19-check-in": CHECK_IN,
    "20-survey-ask": SURVEY,
    "21-survey-read": SURVEY,
    "22-survey-compare": SURVEY,
}
# Sections that one lesson times otherwise than lesson-shape.md: (lesson, section), and why.
OTHER_MINUTES = {
    ("00-start-here", "What we know"): "there is no section The practice that could hold its minutes",
}
# Lessons that name something hard in passing, and have no story about it.
NAMED_WITHOUT_A_STORY = {
    "01-values-how-we-see-people": "one sentence about overdose deaths, one that names limits",
}

# (shortest, longest) minutes in a room. What we know is counted in The practice.
SECTION_MINUTES = {
    "Arrive": (2, 4),
    "The practice": (4, 7),
    "What we know": (0, 0),
    "Try it": (8, 12),
    "Reflect": (10, 15),
    "Look at ourselves": (6, 10),
    "One small step": (3, 5),
    "Close": (2, 4),
}


@dataclass(frozen=True)
class StoryShape:
    """Ranges are (least, most); ``way`` is the fewest choices on a way through the story."""

    choices: Range
    words: Range
    way: int


STORY = StoryShape(choices=(12, 16), words=(600, 900), way=3)

COURSE = (
    "00-start-here",
    "01-values-how-we-see-people",
    "02-values-what-we-know",
    "03-values-how-we-work",
    "04-define-mission-and-values",
    "05-share-power",
    "06-cultivate-leadership",
    "07-practice-equity",
    "08-clear-feedback",
    "09-assume-positive-intent",
    "10-be-accountable",
    "11-be-transparent",
    "12-be-reliable",
    "13-follow-through",
    "14-be-equivocal",
    "15-be-a-team",
    "16-worker-stances",
    "17-consent-culture",
    "18-our-plan",
    "19-check-in",
    "20-survey-ask",
    "21-survey-read",
    "22-survey-compare",
    "23-facilitate",
)
"""The names of the course, in the order of their numbers."""

KEEPS_AN_ANSWER = frozenset(
    {"ask", "rate", "choose", "rank", "sort_cards", "compose", "board", "promise", "checkin"}
)
#: They work with files in the learner's own folder, and keep no answer.
TOOLS = frozenset({"survey_form", "survey_report", "survey_changes"})
ACTIVITIES = KEEPS_AN_ANSWER | TOOLS | {"scenario", "picture", "plan"}


def shape_of(folder: str, name: str) -> Shape:
    """What a notebook of ``folder`` ("notebooks" or "exercises") is held to."""
    return EXERCISE if folder == "exercises" else OTHER_SHAPES.get(name, PRACTICE)
