"""Every lesson, exercise and scenario keeps its shape; ``alongside/course/shape.py`` says what differs, and why.

The rules are those of ``python3 start.py check``: what it would say of the course is said here, one promise at a time.
That each rule can find something is tried in ``test_check.py``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from alongside.course import check
from alongside.course.check import FIGURE, Finding, Notebook, shortest_way
from alongside.course.place import ROOT
from alongside.course.plain import to_avoid
from alongside.course.references import survey_items
from alongside.course.scenarios import END, Scenario
from alongside.course.shape import KEEPS_AN_ANSWER, TOOLS

WHOLE = check.read()
LESSONS, EXERCISES = list(WHOLE.lessons), list(WHOLE.exercises)
SCENARIOS = list(WHOLE.scenarios.values())
assert LESSONS and EXERCISES and SCENARIOS, "nothing would be tested"


def test_every_notebook_can_be_read() -> None:
    assert not WHOLE.unread


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    notebooks = [one for one in LESSONS if one.shape.kind in kinds]
    assert notebooks, kinds
    return pytest.mark.parametrize("notebook", notebooks, ids=lambda one: one.name)


each_notebook = pytest.mark.parametrize("notebook", LESSONS + EXERCISES, ids=lambda one: one.name)
each_lesson = pytest.mark.parametrize("notebook", LESSONS, ids=lambda one: one.name)
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)


def findings(rule: Callable[..., Iterator[Finding]], *of: object) -> list[str]:
    return [str(finding) for finding in rule(*of, WHOLE)]


# --- clean files, one activity a cell --------------------------------------------------------------


@each_notebook
def test_nothing_that_ran_is_saved(notebook: Notebook) -> None:
    assert findings(check.nothing_that_ran, notebook) == []


@each_notebook
def test_code_is_hidden_on_every_surface(notebook: Notebook) -> None:
    assert findings(check.code_is_hidden, notebook) == []


@each_notebook
def test_a_code_cell_is_short_and_begins_with_plain_words(notebook: Notebook) -> None:
    assert findings(check.code_is_short_and_begins_with_plain_words, notebook) == []


@each_notebook
def test_the_first_code_cell_begins_and_the_others_hold_one_activity(notebook: Notebook) -> None:
    assert findings(check.one_activity_a_cell, notebook) == []


@each_notebook
def test_cell_ids_are_kebab_case_and_stand_once(notebook: Notebook) -> None:
    assert findings(check.cells_have_ids_of_their_own, notebook) == []


@each_notebook
def test_the_first_activity_is_at_most_the_fourth_cell(notebook: Notebook) -> None:
    assert findings(check.first_activity_comes_early, notebook) == []


# --- headings and minutes --------------------------------------------------------------------------


@each_notebook
def test_the_first_cell_is_title_and_promise(notebook: Notebook) -> None:
    assert findings(check.first_cell_is_title_and_promise, notebook) == []


@each_notebook
def test_there_is_one_h1_and_no_level_is_skipped(notebook: Notebook) -> None:
    assert findings(check.headings_go_down_step_by_step, notebook) == []


@each_notebook
def test_every_h2_has_its_minutes(notebook: Notebook) -> None:
    assert findings(check.sections_have_their_minutes_once, notebook) == []


@each_notebook
def test_facilitator_cells_have_no_headings(notebook: Notebook) -> None:
    assert findings(check.facilitator_cells_have_no_headings, notebook) == []


@each_lesson
def test_sections_stand_in_the_order_of_the_shape(notebook: Notebook) -> None:
    assert findings(check.sections_stand_in_order, notebook) == []


@each_notebook
def test_minutes_add_up_to_the_shape(notebook: Notebook) -> None:
    assert findings(check.minutes_add_up, notebook) == []


# --- metadata --------------------------------------------------------------------------------------


@of_kind("practice", "hack")
def test_a_lesson_covers_its_practice_or_hack_and_rests_on_values(notebook: Notebook) -> None:
    assert findings(check.covers_what_its_number_says, notebook) == []


@of_kind("practice", "hack")
def test_a_lesson_on_a_practice_or_a_hack_has_a_story_and_a_promise(notebook: Notebook) -> None:
    assert findings(check.has_its_story_promise_and_tool, notebook) == []


@of_kind("practice", "hack", "survey")
def test_a_practice_shows_its_survey_questions_a_hack_and_a_tool_none(
    notebook: Notebook,
) -> None:
    assert findings(check.shows_its_survey_questions, notebook) == []


@of_kind("check-in")
def test_the_check_in_brings_promises_back_and_counts_nothing(notebook: Notebook) -> None:
    assert findings(check.has_its_story_promise_and_tool, notebook) == []


@of_kind("survey")
def test_a_survey_lesson_has_one_tool_and_a_promise(notebook: Notebook) -> None:
    assert findings(check.has_its_story_promise_and_tool, notebook) == []


def test_each_tool_of_the_survey_has_its_lesson() -> None:
    assert findings(check.each_tool_has_its_lesson) == []


def said_before(notebook: Notebook, names: AbstractSet[str]) -> str:
    """What learners read above the first activity with one of these names."""
    first = next(n for n, cell in enumerate(notebook.cells) if cell.line and cell.line.verb in names)
    read = [cell for cell in notebook.cells[:first] if cell.kind == "markdown" and cell.on_pages]
    return "\n".join(cell.source for cell in read)


def test_a_talk_is_offered_before_anyone_works_on_a_question_or_opens_a_file() -> None:
    guide = "(../exercises/21-survey-read.ipynb)"
    for notebook in LESSONS:
        if notebook.lesson.name in {"20-survey-ask", "21-survey-read"}:
            assert guide in said_before(notebook, TOOLS | {"ask", "board", "sort_cards"}), notebook.name


def test_a_machine_of_strangers_is_named_before_a_file_is_chosen() -> None:
    for notebook in LESSONS:
        if notebook.lesson.name in {"21-survey-read", "22-survey-compare"}:
            assert re.search(r"strangers.+made-up", said_before(notebook, TOOLS)), notebook.name


def test_whoever_reads_the_answers_finds_the_lesson_of_each_practice() -> None:
    (notebook,) = [one for one in LESSONS if one.lesson.name == "21-survey-read"]
    linked = {
        target for cell in notebook.lesson.prose_cells() for target in re.findall(r"\((\d[^)]+)", cell.source)
    }
    practices = {f"{one.lesson.name}.ipynb" for one in LESSONS if one.shape.kind == "practice"}
    assert len(practices) == 12
    assert practices <= linked


@each_notebook
def test_the_names_of_what_comes_next_are_lessons_of_the_course(notebook: Notebook) -> None:
    assert findings(check.leads_on_to_lessons_of_the_course, notebook) == []


@each_notebook
def test_a_lesson_has_a_name_of_the_course_and_an_exercise_that_of_its_lesson(notebook: Notebook) -> None:
    assert findings(check.has_a_name_of_the_course, notebook) == []


@each_notebook
def test_survey_questions_of_a_lesson_are_in_the_survey(notebook: Notebook) -> None:
    assert set(notebook.lesson.survey) <= set(survey_items())


@each_notebook
def test_the_story_that_is_told_is_the_one_of_the_metadata(notebook: Notebook) -> None:
    assert findings(check.tells_the_story_of_its_metadata, notebook) == []


def test_every_story_is_told_somewhere() -> None:
    assert findings(check.every_story_is_told) == []


# --- activities ------------------------------------------------------------------------------------


def test_one_key_has_one_prompt_in_the_whole_course() -> None:
    keys = [
        line.key for one in WHOLE.notebooks for line in one.lesson.activities if line.verb in KEEPS_AN_ANSWER
    ]
    assert len(keys) > 10
    assert len(keys) == len(set(keys))
    for notebook in WHOLE.notebooks:
        assert findings(check.keys_stand_once_in_the_course, notebook) == []


@each_notebook
def test_a_question_stands_beside_an_earlier_one_of_its_notebook(notebook: Notebook) -> None:
    assert findings(check.beside_names_an_earlier_question, notebook) == []


@each_lesson
def test_the_arrival_question_comes_back_at_the_close(notebook: Notebook) -> None:
    assert findings(check.the_arrival_question_comes_back, notebook) == []


@each_notebook
def test_a_promise_has_three_starters(notebook: Notebook) -> None:
    assert findings(check.promises_have_three_starters, notebook) == []


# --- plain language --------------------------------------------------------------------------------


@each_notebook
def test_a_lesson_has_the_length_of_its_shape(notebook: Notebook) -> None:
    assert findings(check.has_the_length_of_its_shape, notebook) == []


@each_notebook
def test_a_lesson_reads_at_grade_8_or_lower(notebook: Notebook) -> None:
    assert findings(check.reads_at_grade_8, notebook) == []


@each_notebook
def test_sentences_of_a_lesson_are_short(notebook: Notebook) -> None:
    assert findings(check.sentences_are_short, notebook) == []


@each_notebook
def test_no_sentence_is_over_25_words(notebook: Notebook) -> None:
    assert findings(check.no_sentence_is_too_long, notebook) == []


@each_notebook
def test_a_lesson_avoids_the_words_to_avoid(notebook: Notebook) -> None:
    assert findings(check.avoids_the_words_to_avoid, notebook) == []


def test_what_data_says_avoids_the_words_to_avoid_and_has_no_sentence_over_25_words() -> None:
    assert WHOLE.items and WHOLE.glossary and WHOLE.sources and WHOLE.avoided
    assert findings(check.what_data_says_is_plain) == []


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Ask the user.", ["user"]),
        ("Two USERS came.", ["user"]),
        ("Some say “user” of themselves.", []),
        ('"I was a user," he said.', []),
        ("See *The snakes and ladders of user involvement*.", []),
        ("A **user** came.", ["user"]),
        ("Who uses this? It is useful.", []),
        ("How I will tell you if it slips.", []),
    ],
)
def test_a_word_to_avoid_may_stand_in_quotation_marks_and_titles_only(text: str, hits: list[str]) -> None:
    assert [expression for expression, _ in to_avoid(text, WHOLE.avoided)] == hits


# --- sources and links -----------------------------------------------------------------------------


@each_notebook
def test_every_source_that_is_cited_is_listed(notebook: Notebook) -> None:
    assert findings(check.cites_what_is_listed, notebook) == []


@each_notebook
def test_a_cell_with_a_figure_names_its_source(notebook: Notebook) -> None:
    assert findings(check.figures_name_their_source, notebook) == []


@pytest.mark.parametrize(
    "text", ["It helped 20% of them.", "In five experiments with many people", "129 studies"]
)
def test_a_figure_is_recognized(text: str) -> None:
    assert FIGURE.search(text)


@each_notebook
def test_every_link_leads_to_a_file_that_is_there(notebook: Notebook) -> None:
    assert findings(check.links_lead_to_files, notebook) == []


# --- glossary --------------------------------------------------------------------------------------


def test_a_term_of_the_glossary_is_used_in_the_lesson_that_it_names_and_in_none_before() -> None:
    assert findings(check.terms_are_first_used_where_they_say) == []


# --- scenarios -------------------------------------------------------------------------------------


def paths(scenario: Scenario, start: str) -> Iterator[list[str]]:
    """Every way through a scenario, as the steps that it passes and END."""
    steps = {step.name: step for step in scenario.steps}
    waiting = [[start]]
    while waiting:
        path = waiting.pop()
        assert len(path) <= len(steps) + 1, f"a circle: {path}"
        if path[-1] == END:
            yield path
        else:
            waiting += [[*path, choice.next] for choice in steps[path[-1]].choices]


@each_scenario
def test_every_way_through_a_story_ends_and_every_step_is_on_one(scenario: Scenario) -> None:
    ways = [*paths(scenario, scenario.steps[0].name), *paths(scenario, scenario.repair)]
    assert all(way[-1] == END for way in ways)
    assert {name for way in ways for name in way} == {END, *(step.name for step in scenario.steps)}


@each_scenario
def test_the_shortest_way_through_a_story_is_measured_rightly(scenario: Scenario) -> None:
    shortest = min(len(way) for way in paths(scenario, scenario.steps[0].name)) - 1  # without the start
    assert shortest_way(scenario) == shortest >= 3


@each_scenario
def test_nothing_in_a_story_is_scored(scenario: Scenario) -> None:
    assert findings(check.story_scores_nothing, scenario) == []


@each_scenario
def test_a_story_has_12_to_16_choices_that_differ_and_three_on_each_way(scenario: Scenario) -> None:
    assert findings(check.story_takes_its_choices, scenario) == []


@each_scenario
def test_a_story_has_600_to_900_words_reads_at_grade_8_or_lower_and_avoids_the_words_to_avoid(
    scenario: Scenario,
) -> None:
    assert findings(check.story_reads_plainly, scenario) == []


@each_scenario
def test_a_story_of_death_violence_a_child_or_a_ban_has_a_gentler_twin(scenario: Scenario) -> None:
    assert findings(check.a_hard_story_has_a_gentler_twin, scenario) == []


@each_notebook
def test_a_lesson_that_touches_death_violence_a_child_or_a_ban_has_a_gentler_twin(notebook: Notebook) -> None:
    assert findings(check.a_hard_lesson_has_a_gentler_twin, notebook) == []


# --- the whole repository --------------------------------------------------------------------------

NOT_OURS = {
    ".git",
    ".venv",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    ".ipynb_checkpoints",
    "__pycache__",
    "site",
    "build",
    "dist",
}
# Written so that these lines do not match themselves. An address of loopback, as tests use, is no registry.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.-])/(?:wor[k]|far[m]|roo[t]|tmp/part[s]|tmp/tool[s]|tmp/de[v])(?=[/\"'\s]|$)"
)
OF_A_REGISTRY = re.compile(
    r"index[-_]ur[l]\s*[=:]|--index-ur[l]\s|--find-link[s][\s=]|\"resolved\": *\"http|^registry *=|"
    r"//(?!127[.]0[.]0[.]1|localhost)[^\s\"']+/simpl[e]\b|pypi[.]org|pythonhosted[.]org|npmjs[.]org"
)


def our_files() -> list[Path]:
    """Every file of the project, without what is made on a machine. A big .venv is never walked through."""
    files: list[Path] = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in NOT_OURS and not name.endswith(".egg-info")]
        files += [Path(folder) / name for name in names if name not in NOT_OURS]  # .git may be a file
    return sorted(files)


def test_no_file_names_a_folder_of_one_machine_or_a_package_registry() -> None:
    files = our_files()
    assert len(files) > 10
    hits: list[str] = []
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a spreadsheet
        hits += [
            f"{path.relative_to(ROOT)}, line {number}: {line.strip()[:80]}"
            for number, line in enumerate(lines, start=1)
            if OF_ONE_MACHINE.search(line) or OF_A_REGISTRY.search(line)
        ]
    assert hits == []
