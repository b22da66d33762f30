"""The model of minutes: what a step takes in a room, and how long people sit."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from alongside.course.minutes import OF_A_CHOICE, reckon, stretches
from alongside.course.scenarios import END, Choice, Scenario, Step
from alongside.course.session import Step as Led


def led(name: str = "one", **changed: Any) -> Led:
    values: dict[str, Any] = {
        "id": name, "say": "", "read_aloud": 0, "do": "Wait.", "activity": "", "work": 0, "minutes": 10, "grouping": "all",
        "vote": "none", "break_after": False, "about_managers": False,
    }  # fmt: skip
    return Led(**{**values, **changed})


def taken(*steps: Led) -> list[float]:
    return [round(one.minutes, 3) for one in reckon(steps, STORIES)]


def choice(name: str, goes_to: str) -> Choice:
    return Choice(name, f"Say {name}.", "It goes on.", "An hour.", "You.", "They.", (), goes_to)


#: Two ways, of one choice and of three; a repair of one.
STORY = Scenario(
    key="the-last-box", title="", origin="our own", opening="One box is left.", carries=(),
    steps=(
        Step("first", "They ask.", (choice("give", END), choice("wait", "second"))),
        Step("second", "It is late.", (choice("stay", "third"),)),
        Step("third", "It is dark.", (choice("close", END),)),
        Step("mend", "Something is loose.", (choice("sorry", END), choice("listen", END))),
    ),
    repair="mend", gentler=None, debrief=(), sources=(), you="peer", cast=(),
)  # fmt: skip
STORIES = MappingProxyType({STORY.key: STORY})
#: Words on the shorter way: the opening, the step, both choices, what then happens, what it costs; and on the repair.
ALOUD, ALOUD_REPAIR = 4 + 2 + 4 + 3 + 2, 3 + 4 + 3 + 2


def test_reading_aloud_takes_a_minute_for_130_words_and_what_the_host_says_counts() -> None:
    assert taken(led(read_aloud=130)) == [1.0]
    assert taken(led(say="Word. " * 65, read_aloud=130, work=2)) == [3.5]


def test_sitting_otherwise_takes_half_a_minute_and_a_session_begins_all_together() -> None:
    assert taken(led("a", grouping="alone"), led("b", grouping="alone"), led("c", grouping="pairs"), led("d")) == [
        0.5, 0.0, 0.5, 0.5,
    ]  # fmt: skip


def test_a_vote_takes_three_minutes_and_a_second_half_of_that() -> None:
    assert taken(led("a", vote="cup"), led("b", vote="cup again")) == [3.0, 1.5]


def test_a_story_takes_65_seconds_a_choice_of_its_longest_way_and_of_its_repair() -> None:
    (whole,) = reckon([led(activity=STORY.key)], STORIES)
    assert (whole.choices, whole.aloud) == (4, ALOUD + ALOUD_REPAIR)
    assert round(whole.minutes, 3) == round(4 * OF_A_CHOICE, 3) == 4.333


def test_a_story_of_two_steps_plays_its_way_in_the_first_and_its_repair_in_the_second() -> None:
    way, between, repair = reckon(
        [led("a", activity=STORY.key), led("b"), led("c", activity=STORY.key)], STORIES
    )
    assert (way.choices, way.aloud) == (3, ALOUD)
    assert (between.choices, between.aloud) == (0, 0)
    assert (repair.choices, repair.aloud) == (1, ALOUD_REPAIR)


def test_an_activity_that_is_no_story_takes_its_work_alone() -> None:
    assert taken(led(activity="who-decides", work=4)) == [4.0]


@pytest.mark.parametrize(
    ("minutes", "missing", "wanted"), [(4, 0.0, 4), (3, 0.5, 4), (1, 2.5, 4), (9, 0.0, 9)]
)
def test_what_is_missing_is_told_and_what_is_wanted_is_whole(
    minutes: int, missing: float, wanted: int
) -> None:
    (one,) = reckon([led(minutes=minutes, work=3, grouping="pairs")], STORIES)
    assert (one.missing, one.wanted) == (missing, wanted)


def test_exactly_enough_is_enough() -> None:
    (one,) = reckon([led(minutes=3, read_aloud=39, work=2, say="Word. " * 91)], STORIES)
    assert (one.minutes, one.missing, one.wanted) == (3.0, 0.0, 3)


def test_people_sit_from_break_to_break() -> None:
    steps = [led("a"), led("b", break_after=True), led("c"), led("d", break_after=True)]
    assert [[step.id for step in stretch] for stretch in stretches(steps)] == [["a", "b"], ["c", "d"]]
    assert stretches([]) == []
