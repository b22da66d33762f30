"""The course as a whole, computed from its files: nothing is missing, and nothing is only claimed."""

from __future__ import annotations

import pytest
from test_lessons import WHOLE

from alongside.course import check
from alongside.course.lesson import MARKS, Lesson
from alongside.course.plain import plain_text
from alongside.course.references import survey_items
from alongside.course.shape import COURSE, KEEPS_AN_ANSWER

LESSONS = [one.lesson for one in WHOLE.lessons]
EXERCISES = [one.lesson for one in WHOLE.exercises]

VALUES = {
    "V1": "Compassion",
    "V2": "Non-judgment",
    "V3": "Less shame, bias and stigma",
    "V4": "Science and evidence",
    "V5": "Trauma and cultural barriers",
    "V6": "Cultural humility and competency",
    "V7": "Equity",
    "V8": "Service",
    "V9": "Personal autonomy",
    "V10": "Meaningful empowerment",
    "V11": "Transparency",
    "V12": "Shared responsibility",
}
#: How lessons name a value that they rest on.
ALSO = {
    "V2": "judg",
    "V3": "stigma",
    "V4": "evidence",
    "V5": "trauma",
    "V6": "humility",
    "V9": "autonomy",
    "V10": "empowerment",
}
PRACTICES = tuple(f"P{number}" for number in range(1, 13))
LESSON_OF = {mark: lesson for lesson in LESSONS for mark in lesson.covers}
EXERCISE_OF = {exercise.name: exercise for exercise in EXERCISES}


def test_every_lesson_of_the_course_is_written() -> None:
    assert [one.name for one in LESSONS] == list(COURSE)


def test_every_lesson_from_1_to_17_has_its_group_exercise() -> None:
    assert [one.name for one in LESSONS if 1 <= one.number <= 17] == [
        one.name for one in EXERCISES if one.number <= 17
    ]


def test_every_value_practice_and_hack_is_covered_once() -> None:
    covered = [mark for one in LESSONS for mark in one.covers]
    assert sorted(covered) == sorted(MARKS)


@pytest.mark.parametrize("mark", MARKS)
def test_evidence_says_where_its_cells_sources_activity_exercise_story_and_survey_questions_are(
    mark: str,
) -> None:
    lesson = LESSON_OF[mark]
    (notebook,) = [one for one in WHOLE.lessons if one.lesson == lesson]
    assert lesson.session and mark in lesson.session.evidence
    assert [found.what for found in check.evidence_says_what_it_is_there_for(notebook, WHOLE)] == []


@pytest.mark.parametrize("mark", PRACTICES)
def test_a_practice_has_its_values_an_exercise_and_survey_questions(mark: str) -> None:
    lesson = LESSON_OF[mark]
    said = plain_text(lesson.prose()).lower()
    for value in lesson.rests_on:
        assert ALSO.get(value, VALUES[value].lower()) in said, value
    assert lesson.name in EXERCISE_OF
    assert len(lesson.survey) == 3
    assert {survey_items()[key].practice for key in lesson.survey} == {lesson.name.partition("-")[2]}


@pytest.mark.parametrize("mark", [*PRACTICES, "H1", "H2"])
def test_a_practice_says_what_each_person_can_do(mark: str) -> None:
    cells = LESSON_OF[mark].section("One small step").cells
    step = "\n".join(cell.source for cell in cells if not cell.facilitator).lower()
    for person in ("participant", "peer", "manager"):
        assert person in step, person
    assert "worker" in step or "staff" in step


def test_the_plan_gathers_what_lessons_ask_and_a_question_stands_beside_one_that_exists() -> None:
    keys = {
        call.named["keep_as"]
        for one in LESSONS + EXERCISES
        for call in one.activities
        if "keep_as" in call.named
    }
    beside = {
        call.named["beside"]
        for one in LESSONS + EXERCISES
        for call in one.activities
        if "beside" in call.named
    }
    assert len(beside) > 15
    assert beside <= keys


@pytest.mark.parametrize("notebook", LESSONS, ids=lambda one: one.name)
def test_a_lesson_leads_on_to_lessons_that_are_written(notebook: Lesson) -> None:
    assert [name for name in notebook.next if name in COURSE]


def test_activities_are_chosen_for_the_practice_and_not_the_same_two_everywhere() -> None:
    kinds = {one.name: {call.verb for call in one.activities} & KEEPS_AN_ANSWER for one in LESSONS}
    assert len({frozenset(names) for names in kinds.values()}) >= 8
    assert (
        set().union(*kinds.values(), *({c.verb for c in e.activities} for e in EXERCISES)) >= KEEPS_AN_ANSWER
    )


@pytest.mark.parametrize("notebook", LESSONS, ids=lambda one: one.name)
def test_every_lesson_has_a_picture(notebook: Lesson) -> None:
    drawn = [call.prompt for call in notebook.activities if call.verb == "picture"]
    assert [key for key in drawn if not key.startswith("survey-")] or notebook.name in {
        "18-our-plan",  # the picture of a promise
        "23-facilitate",  # a tool for whoever leads; nothing is taught
    }


def test_no_lesson_opens_as_another_one_does() -> None:
    openings = {}
    for one in LESSONS:
        if not one.session:  # the planner, which nobody arrives at
            continue
        text = next(
            cell.source
            for cell in one.section("Arrive").cells
            if cell.kind == "markdown" and cell.source.startswith("## ")
        )
        openings[one.name] = text.partition("\n")[2].strip()[:30]
    assert len(set(openings.values())) == len(openings)


def test_headings_of_a_lesson_differ() -> None:
    for one in LESSONS + EXERCISES:
        names = [name for _, name in one.headings]
        assert len(names) == len(set(names)), one.name
