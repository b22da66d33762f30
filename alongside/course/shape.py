"""The shape that ``start.py check`` and the tests hold each lesson, exercise and story to.

WHAT DIFFERS, and why. Whatever is not in these tables is held to the shape of a practice lesson.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ACTIVITIES",
    "CLOSE",
    "COURSE",
    "KEEPS_AN_ANSWER",
    "LIMITS",
    "NAMED_BY",
    "NO_LESSON",
    "PRIVACY",
    "PRIVACY_WORDS",
    "STANDING",
    "STORY",
    "TOOLS",
    "Shape",
    "shape_of",
]

Range = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """Ranges are (least, most): words of learner Markdown, usual minutes in a room, minutes alone."""

    kind: Literal["practice", "values", "tour", "plan", "hack", "check-in", "survey", "planner", "exercise"]
    words: Range
    room: Range
    alone: Range


#: The most usual minutes of a lesson in a room: the opening stands before them. MOST_WITH_CUTS is in minutes.py.
MOST = 39

# fmt: off
PRACTICE = Shape("practice", (900, 1200), (25, MOST), (24, 30))
# A values lesson has four values, one section each.
VALUES = Shape("values", (900, 1600), (25, MOST), (24, 36))
# A tour of the buttons: no practice, no story, no promise.
TOUR = Shape("tour", (400, 900), (10, MOST), (10, 20))
# It gathers what was kept: its activity is plan(), and it has no story and no survey questions.
PLAN = Shape("plan", (400, 1000), (25, MOST), (20, 30))
# A featured hack has no P mark and no survey questions: the survey asks how often a practice could be seen.
# All else is as in a practice lesson.
HACK = Shape("hack", PRACTICE.words, PRACTICE.room, PRACTICE.alone)
# It brings promises back, weeks later: shorter, its activity is checkin(), and it has no story or survey questions.
CHECK_IN = Shape("check-in", (250, 900), (5, MOST), (5, 20))
# The survey lessons teach a tool: its verb stands in place of a story, and no practice has survey questions about it.
SURVEY = Shape("survey", (800, 1200), (25, MOST), (24, 34))
# No lesson: a tool for whoever will lead one, alone and beforehand. Nothing is asked about the reader, so nothing comes back at a
# close; nobody leads it in a room, so it has no steps; and it teaches nothing that has a source. It is short, to be used soon.
PLANNER = Shape("planner", (100, 350), (0, 0), (5, 20))
# For a group, in its own steps. Nobody does it alone.
EXERCISE = Shape("exercise", (400, 1600), (30, 90), (0, 0))
# fmt: on

#: The last section of a lesson: the arrival question comes back in it.
CLOSE = "Close"
#: What nobody learns alone from its beginning to its end: it has no arrival question, no close and no words on privacy.
NO_LESSON = ("exercise", "planner")

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
    "23-facilitate": PLANNER,
}

#: Sentences that stand word for word in every lesson, and that alone may: see PRIVACY_WORDS and tests/sameness.py.
STANDING = (
    "What you type stays in this browser tab.",
    "Use no names, and leave out details that could point to one person.",
    "You can skip anything here.",
)
#: A paragraph that says something of this is about privacy; so many words of such may stand before a first question.
PRIVACY = re.compile(
    r"\b(browser|tabs?|private|privacy|server|window|shared computer|leaves? traces|your words go|use no names|forgets?)\b"
    r"|\byou can skip\b|\bpassing is\b",
    re.IGNORECASE,
)
PRIVACY_WORDS = 35

#: How the cell that says what a value, a practice or a hack is names it. "Equity" is fairness in the text we grew from.
NAMED_BY = {
    "V1": r"compassion",
    "V2": r"judg",
    "V3": r"stigma|shame|bias",
    "V4": r"evidence|science",
    "V5": r"trauma",
    "V6": r"humility",
    "V7": r"equit",
    "V8": r"serv(e|ice|ing)",
    "V9": r"autonomy|own (choice|decision)",
    "V10": r"empower",
    "V11": r"transparen",
    "V12": r"responsib",
    "P1": r"mission|values",
    "P2": r"power",
    "P3": r"lead",
    "P4": r"equity|fair",
    "P5": r"feedback",
    "P6": r"intent",
    "P7": r"account",
    "P8": r"transparen",
    "P9": r"reliab|rely",
    "P10": r"follow",
    "P11": r"equivocal|maybe",
    "P12": r"team",
    "H1": r"stance",
    "H2": r"consent",
}
#: How the cell that says where it ends speaks.
LIMITS = re.compile(
    r"\bgo(es)? wrong\b|\blimits?\b|\b(is|are|does|do|did|was|can) ?not\b|\b\w+n['’]t\b|\bnever\b|\b(harm|hurt|fail)s?\b",
    re.IGNORECASE,
)


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
ACTIVITIES = KEEPS_AN_ANSWER | TOOLS | {"scenario", "picture", "plan", "facilitate"}


def shape_of(folder: str, name: str) -> Shape:
    """What a notebook of ``folder`` ("notebooks" or "exercises") is held to."""
    return EXERCISE if folder == "exercises" else OTHER_SHAPES.get(name, PRACTICE)


#: Minutes of the opening of a session, data/opening.yml, which stands before a lesson or an exercise that is led by steps.
OPENING = 6
#: Nobody sits longer than this, in minutes, and the opening counts.
MOST_WITHOUT_A_BREAK = 60
#: Minutes of a break. It stands between two steps, and in the minutes of neither.
BREAK = 10
