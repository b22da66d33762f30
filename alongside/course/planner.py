"""What the planner knows: how each lesson and exercise is led, as one value that a page can carry.

    known = knows()
    known["sessions"][0]["steps"][0]["minutes"]

It is drawn from the lessons' own steps, the model of minutes, ``data/needs.yml``, ``opening.yml``, ``care.yml`` and
``here.yml``; nothing of it stands anywhere twice. Minutes are minutes; ``reads`` is minutes of reading aloud and ``takes`` all
minutes that a step needs at least, both by :mod:`alongside.course.minutes`. Whoever leads reads it: no learner's page has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from alongside.course import minutes
from alongside.course.cutting import SECONDS_A_CUT, taken
from alongside.course.lesson import Lesson, exercises, lessons
from alongside.course.place import ROOT
from alongside.course.plain import words
from alongside.course.references import care, here, needs, opening
from alongside.course.scenarios import Scenario, scenarios
from alongside.course.session import Step
from alongside.course.shape import CLOSE

__all__ = ["CONVERSATION", "knows"]

#: What three to five people do, however long they have.
CONVERSATION = "exercise-21-survey-read"
PACKAGE = Path(__file__).parent.parent
#: The lessons about the survey's tools.
_NOT_LED = range(20, 23)


def knows(root: Path = ROOT) -> dict[str, Any]:
    """{"sessions", "needs", "opening", "care", "here"}, ready for a page. Raises :class:`AlongsideError` where a file can't
    be used. Nobody may change what it returns."""
    files = (*root.glob("notebooks/*.ipynb"), *root.glob("exercises/*.ipynb"), *root.glob("data/*.yml"))
    return _knows(root, tuple(sorted((str(path), path.stat().st_mtime_ns) for path in files)))


@lru_cache(maxsize=2)
def _knows(root: Path, _changed: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    """Worked out once for each time at which a file was changed: Voilà draws the page whenever somebody opens it."""
    stories, said, ours = scenarios(root), opening(root), here(root)
    led = [one for one in (*lessons(root), *exercises(root)) if one.session and _is_led(one)]
    lines = [line.said(ours) for line in said.lines]
    aloud = sum(len(words(line)) for line in lines) / minutes.WORDS_A_MINUTE
    return {
        "sessions": [_session(one, stories) for one in led],
        "needs": [{"says": one.says, "lessons": list(one.lessons)} for one in needs(root)],
        "conversation": CONVERSATION,
        "conversation_cards": _cards_by_hand(led),
        "opening": {"minutes": said.minutes, "reads": round(aloud, 3), "lines": lines},
        "care": [[line.when, line.done(ours)] for line in care(root).lines],
        "here": {"naloxone": ours.naloxone, "responds": ours.responds, "way_out": ours.way_out},
        "seconds_a_cut": SECONDS_A_CUT,
        # Whether this copy has the big screen and the page for what was promised, and a server that sets a sheet when it is asked for.
        "screen": (PACKAGE / "surfaces" / "screen.py").is_file(),
        "served": (PACKAGE / "kit" / "served.py").is_file(),
    }


def _is_led(one: Lesson) -> bool:
    """Not the tour, and of the survey only the conversation that stands in its place."""
    return one.number > 0 and (one.number not in _NOT_LED or _id(one) == CONVERSATION)


def _id(one: Lesson) -> str:
    """ "05-share-power", or "exercise-05-share-power": what a run sheet's file is called."""
    return one.name if one.folder == "notebooks" else f"exercise-{one.name}"


def _cards_by_hand(led: list[Lesson]) -> list[str]:
    """The cards of the conversation, as short as they can be copied by hand: "10. Follow-through"."""
    lines = [line for one in led if _id(one) == CONVERSATION for line in one.activities]
    return [text.partition(":")[0] for line in lines for text in line.named.get("cards", {}).values()]


def _session(one: Lesson, stories: Mapping[str, Scenario]) -> dict[str, Any]:
    assert one.session
    section_of = {step.id: section.name for section in one.sections for step in section.steps}
    story = [stories[step.activity] for step in one.session.in_order if step.activity in stories]
    lines = [line for line in one.activities if line.verb in ("sort_cards", "rank")]
    shown = {line.key: "cards" for line in lines} | {
        line.prompt: "story" for line in one.activities if line.verb == "scenario"
    }
    return {
        "id": _id(one),
        "lesson": one.name,
        "exercise": one.folder == "exercises",
        "title": one.title,
        "group": list(one.group),
        "days": one.session.lead.days,
        "charge": one.session.lead.somebody_in_charge,
        "second": one.session.second_person,
        "paper": list(one.session.paper),
        "needs": list(one.needs),
        "touches": list(one.touches),
        "next": list(one.next),
        "cut_up": [asdict(some) for some in taken(one)],
        # Each step of a booklet is a leaf, and what is asked at the end is one more.
        "story": max((len(some.steps) + 1 for some in story), default=0),
        "story_key": one.scenario or "",
        "steps": [
            _step(reckoned, section_of, shown) for reckoned in minutes.reckon(one.session.in_order, stories)
        ],
        "cut": [[cut.step, cut.saves] for cut in one.session.cut],
    }


def _step(taken: minutes.Taken, section_of: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, Any]:
    step: Step = taken.step
    return {
        "id": step.id,
        "section": section_of[step.id],
        "minutes": step.minutes,
        "takes": round(taken.minutes, 3),
        "reads": round(taken.reading, 3),
        "work": step.work,
        "grouping": step.grouping,
        "vote": step.vote,
        "closes": section_of[step.id] == CLOSE,
        "on": shown.get(step.activity, ""),
        "break": step.break_after,
        "managers": step.about_managers,
        "say": step.say,
        "do": step.do,
    }
