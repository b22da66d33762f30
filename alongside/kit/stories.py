"""Stories as booklets that a room plays without a screen: a scene on the front of a leaf, what follows overleaf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alongside.course.scenarios import END, Choice, Scenario, Step, scenario
from alongside.kit.sheet import Order, Sheet
from alongside.words import say

__all__ = ["sheets"]


def sheets(order: Order) -> Iterator[Sheet]:
    """One booklet for each story."""
    for story in order.stories:
        yield Sheet(f"stories/{story.key}.pdf", Path(__file__).with_name("stories.typ"), _booklet(story))


def _booklet(story: Scenario) -> dict[str, Any]:
    scenes = [step for step in story.steps if step.name != story.repair]
    mending = next(step for step in story.steps if step.name == story.repair)
    return {
        "title": story.title,
        "opening": story.opening,
        "carries": story.carries,
        "scenes": [
            *(
                _scene(step, say("kit.story_scene", number=number))
                for number, step in enumerate(scenes, start=1)
            ),
            _scene(mending, say("activities.scenario_mending")),
        ],
        "repair": story.repair,
        "debrief": story.debrief,
        "gentler": say("kit.story_gentler", title=scenario(story.gentler).title) if story.gentler else "",
        "words": {
            "how": say("kit.story_how"),
            "standing": say("activities.scenario_standing"),
            "no_right": say("activities.scenario_no_right"),
            "turn": say("kit.story_turn"),
            "follows": say("kit.story_follows"),
            "go_to": say("kit.story_go_to", page="{page}"),
            "ends": say("activities.scenario_ends"),
            "ended": say("activities.scenario_ended", ends=say("activities.scenario_ends")),
            "mending": say("activities.scenario_mending"),
            "repair": say("kit.story_repair", page="{page}"),
            "debrief": say("activities.scenario_debrief"),
            "another": say("kit.story_another"),
        },
    }


def _scene(step: Step, heading: str) -> dict[str, Any]:
    # Numbers, as hosts call them and people show them in fingers; not the letters of a handout.
    choices = [_choice(choice, str(number)) for number, choice in enumerate(step.choices, start=1)]
    return {"name": step.name, "heading": heading, "text": step.text, "choices": choices}


def _choice(choice: Choice, mark: str) -> dict[str, Any]:
    return {
        "mark": mark,
        "say": choice.say,
        "then": choice.then,
        "led": [
            (say("activities.scenario_costs"), choice.costs),
            (say("activities.scenario_gains"), choice.gains_power),
            (say("activities.scenario_risk"), choice.carries_risk),
        ],
        "changes": choice.changes,
        "next": choice.next,
        "ends": choice.next == END,
    }
