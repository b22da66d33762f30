"""Every lesson, exercise and scenario keeps the shape that lesson-shape.md gives it.

WHAT DIFFERS, and why. Whatever is not in these tables is held to the shape of a practice lesson.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from plain_language import plain_text, reading_grade, sentences, words

from alongside import course as content
from alongside.course import END, ROOT, Lesson, Scenario


@dataclass(frozen=True)
class Shape:
    """Ranges are (least, most): words of learner Markdown, usual minutes in a room, minutes alone."""

    words: tuple[int, int]
    room: tuple[int, int]
    alone: tuple[int, int]
    sections: tuple[str, ...] | None  # None: sections of its own


# fmt: off
PRACTICE = Shape((900, 1200), (45, 45), (24, 30), (
    "Arrive", "The practice", "What we know", "Try it",
    "Reflect", "Look at ourselves", "One small step", "Close",
))
# A values lesson has four values, one section each, in place of "The practice" and "What we know".
VALUES = Shape((900, 1600), (45, 45), (24, 36), None)
# A tour of the buttons: no practice, no story, no promise.
TOUR = Shape((400, 900), (20, 30), (10, 20), None)
# It gathers what was kept: its activity is plan(), and it has no story and no survey questions.
PLAN = Shape((400, 1000), (40, 50), (20, 30), None)
# A featured hack has no P mark and no survey questions: the survey asks how often a practice could be seen.
# In place of those, "Look at ourselves" has an activity about the place. All else is as in a practice lesson.
HACK = Shape(PRACTICE.words, PRACTICE.room, PRACTICE.alone, PRACTICE.sections)
# It brings promises back, weeks later: shorter, its activity is checkin(), and it has no story or survey questions.
CHECK_IN = Shape((600, 900), (25, 35), (12, 20), None)
# The survey lessons teach a tool: its verb stands in place of a story, and no practice has survey questions about it.
SURVEY = Shape((800, 1200), (40, 50), (24, 34), None)
# For a group, in its own steps. Nobody does it alone.
EXERCISE = Shape((400, 1600), (30, 90), (0, 0), None)
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

# lesson-shape.md: (shortest, longest) minutes in a room. What we know is counted in The practice.
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
KEEPS_AN_ANSWER = {"ask", "rate", "choose", "rank", "sort_cards", "compose", "board", "promise", "checkin"}
# They work with files in the learner's own folder, and keep no answer.
TOOLS = {"survey_form", "survey_report", "survey_changes"}
ACTIVITIES = KEEPS_AN_ANSWER | TOOLS | {"scenario", "picture", "plan"}


# --- what is read --------------------------------------------------------------------------------


def found(pattern: str) -> list[Path]:
    paths = sorted(ROOT.glob(pattern))
    assert paths, f"{pattern} finds no file, so nothing would be tested"
    return paths


@dataclass(frozen=True)
class Cell:
    id: str
    kind: str
    source: str
    tags: frozenset[str]
    raw: dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One activity of a code cell, read and never run."""

    name: str
    cell: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]

    @property
    def prompt(self) -> str:
        return str(self.arguments[0])


@dataclass(frozen=True)
class Notebook:
    name: str  # "notebooks/05-share-power"
    raw: dict[str, Any]
    cells: tuple[Cell, ...]
    lesson: Lesson
    shape: Shape

    @property
    def learner_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "markdown" and "facilitator" not in cell.tags]

    @property
    def learner_text(self) -> str:
        return "\n\n".join(plain_text(cell.source) for cell in self.learner_cells)

    @property
    def code_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def calls(self) -> list[Call]:
        return [call for cell in self.code_cells for call in calls_of(cell) if call.name != "begin"]

    @property
    def prompts(self) -> list[str]:
        """Everything that an activity says: all texts of its call but its keys."""
        return [text for call in self.calls for text in spoken(call)]


def open_notebook(path: Path) -> Notebook:
    raw = json.loads(path.read_text(encoding="utf-8"))
    cells = tuple(
        Cell(
            cell["id"],
            cell["cell_type"],
            "".join(cell["source"]),
            frozenset(cell["metadata"].get("tags", ())),
            cell,
        )
        for cell in raw["cells"]
    )
    shape = EXERCISE if path.parent.name == "exercises" else OTHER_SHAPES.get(path.stem, PRACTICE)
    return Notebook(f"{path.parent.name}/{path.stem}", raw, cells, content.read_lesson(path), shape)


def calls_of(cell: Cell) -> list[Call]:
    statements = ast.parse(cell.source).body
    return [
        Call(
            ast.unparse(node.value.func),
            cell.id,
            tuple(ast.literal_eval(argument) for argument in node.value.args),
            {str(word.arg): ast.literal_eval(word.value) for word in node.value.keywords},
        )
        for node in statements
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]


def spoken(call: Call) -> list[str]:
    if call.name in {"scenario", "picture", "plan"}:
        return []
    values = [
        *call.arguments,
        *(value for key, value in call.keywords.items() if key not in {"keep_as", "beside"}),
    ]
    return [text for value in values for text in texts_in(value)]


def texts_in(value: Any) -> list[str]:
    """All texts of an argument, however deep: names of parts and columns are read by learners too."""
    if isinstance(value, dict):
        value = list(value.values())  # its keys are ids
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []


LESSONS = [open_notebook(path) for path in found("notebooks/*.ipynb")]
EXERCISES = [open_notebook(path) for path in found("exercises/*.ipynb")]
SCENARIOS = list(content.scenarios().values())
assert SCENARIOS, "data/scenarios.yml holds no scenario, so nothing would be tested"

each_notebook = pytest.mark.parametrize("notebook", LESSONS + EXERCISES, ids=lambda one: one.name)
each_lesson = pytest.mark.parametrize("notebook", LESSONS, ids=lambda one: one.name)
each_practice = pytest.mark.parametrize(
    "notebook", [one for one in LESSONS if one.shape is PRACTICE], ids=lambda one: one.name
)
each_hack = pytest.mark.parametrize(
    "notebook", [one for one in LESSONS if one.shape is HACK], ids=lambda one: one.name
)
each_survey = pytest.mark.parametrize(
    "notebook", [one for one in LESSONS if one.shape is SURVEY], ids=lambda one: one.name
)
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)


def headings(notebook: Notebook) -> list[tuple[int, str]]:
    """(level, words) of each heading in the learner's cells."""
    lines = itertools.chain.from_iterable(cell.source.splitlines() for cell in notebook.learner_cells)
    marks = (re.match(r"(#+)\s+(.+?)\s*$", line) for line in lines)
    return [(len(mark[1]), mark[2]) for mark in marks if mark]


def by_section(notebook: Notebook) -> dict[str, list[Cell]]:
    """The cells from each H2 to the next."""
    sections: dict[str, list[Cell]] = {"": []}
    for cell in notebook.cells:
        heading = (
            re.search(r"^##\s+(.+?)\s*$", cell.source, re.MULTILINE) if cell.kind == "markdown" else None
        )
        if heading:
            sections[heading[1]] = []
        sections[list(sections)[-1]].append(cell)
    return sections


# --- clean files, one activity a cell --------------------------------------------------------------


@each_notebook
def test_nothing_that_ran_is_saved(notebook: Notebook) -> None:
    assert "widgets" not in notebook.raw["metadata"]
    assert notebook.code_cells
    for cell in notebook.code_cells:
        assert cell.raw["outputs"] == [], cell.id
        assert cell.raw["execution_count"] is None, cell.id


@each_notebook
def test_code_is_hidden_on_every_surface(notebook: Notebook) -> None:
    for cell in notebook.code_cells:
        assert cell.raw["metadata"]["jupyter"]["source_hidden"] is True, cell.id
        assert "remove-input" in cell.tags, cell.id


@each_notebook
def test_a_code_cell_is_short_and_begins_with_plain_words(notebook: Notebook) -> None:
    for cell in notebook.code_cells:
        lines = cell.source.splitlines()
        assert len(lines) <= 3, cell.id
        assert re.match(r"# \w", lines[0]), cell.id


@each_notebook
def test_the_first_code_cell_begins_and_the_others_hold_one_activity(notebook: Notebook) -> None:
    begin, *others = notebook.code_cells
    imports, call = ast.parse(begin.source).body
    assert isinstance(imports, ast.ImportFrom) and imports.module == "alongside"
    assert ast.unparse(call) == "begin()"
    imported = [alias.name for alias in imports.names]
    assert imported == sorted(imported)
    assert set(imported) == {"begin", *(one.name for one in notebook.calls)}
    for cell in others:
        assert len(ast.parse(cell.source).body) == len(calls_of(cell)) == 1, cell.id
        assert calls_of(cell)[0].name in ACTIVITIES, cell.id


@each_notebook
def test_cell_ids_are_kebab_case_and_stand_once(notebook: Notebook) -> None:
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if not is_kebab_case(one)] == []


@each_notebook
def test_the_first_activity_is_at_most_the_fourth_cell(notebook: Notebook) -> None:
    first = next(n for n, cell in enumerate(notebook.cells, start=1) if cell.id == notebook.calls[0].cell)
    assert first <= 4


# --- headings and minutes --------------------------------------------------------------------------


@each_notebook
def test_the_first_cell_is_title_and_promise(notebook: Notebook) -> None:
    lesson = notebook.lesson
    assert notebook.cells[0].source.strip() == f"# {lesson.title}\n\n{lesson.promise}"


@each_notebook
def test_there_is_one_h1_and_no_level_is_skipped(notebook: Notebook) -> None:
    levels = [level for level, _ in headings(notebook)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1


@each_notebook
def test_every_h2_has_its_minutes(notebook: Notebook) -> None:
    sections = [name for level, name in headings(notebook) if level == 2]
    assert sections == [section.name for section in notebook.lesson.minutes]
    assert len(sections) == len(set(sections))


@each_notebook
def test_facilitator_cells_have_no_headings(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if "facilitator" in cell.tags:
            assert not re.search(r"^#+ ", cell.source, re.MULTILINE), cell.id


@each_lesson
def test_sections_stand_in_the_order_of_the_shape(notebook: Notebook) -> None:
    names = [section.name for section in notebook.lesson.minutes]
    if notebook.shape.sections:
        assert names == list(notebook.shape.sections)
    assert names[0] == "Arrive"
    assert names[-1] == "Close"


@each_lesson
def test_a_section_takes_the_minutes_of_the_shape(notebook: Notebook) -> None:
    for section in notebook.lesson.minutes:
        if section.name in SECTION_MINUTES and (notebook.lesson.name, section.name) not in OTHER_MINUTES:
            shortest, longest = SECTION_MINUTES[section.name]
            assert shortest <= section.room[0] <= section.room[2] <= longest, section.name


@each_notebook
def test_minutes_add_up_to_the_shape(notebook: Notebook) -> None:
    least, most = notebook.shape.room
    assert least <= notebook.lesson.room[1] <= most
    least, most = notebook.shape.alone
    assert least <= notebook.lesson.alone <= most


@each_notebook
def test_every_section_with_minutes_has_a_facilitator_cell(notebook: Notebook) -> None:
    cells = by_section(notebook)
    for section in notebook.lesson.minutes:
        led = cells[section.name]
        if section.name == "The practice":
            led = led + cells["What we know"]  # led together, from the cell after both
        if section.room[2]:
            assert any("facilitator" in cell.tags for cell in led), section.name


# --- metadata --------------------------------------------------------------------------------------


@each_practice
def test_a_practice_lesson_covers_its_practice_and_rests_on_values(notebook: Notebook) -> None:
    lesson = notebook.lesson
    assert lesson.covers == (f"P{lesson.number - 3}",)
    assert lesson.rests_on
    assert all(mark.startswith("V") for mark in lesson.rests_on)


@each_practice
def test_a_practice_lesson_has_a_story_survey_questions_and_a_promise(notebook: Notebook) -> None:
    assert notebook.lesson.scenario
    assert notebook.lesson.survey
    names = Counter(call.name for call in notebook.calls)
    assert names["scenario"] == names["promise"] == 1


@each_hack
def test_a_lesson_on_a_hack_covers_it_and_has_a_story_a_promise_and_a_look_at_the_place(
    notebook: Notebook,
) -> None:
    lesson = notebook.lesson
    assert lesson.covers == (f"H{lesson.number - 15}",)
    assert lesson.rests_on
    assert all(mark.startswith("V") for mark in lesson.rests_on)
    assert lesson.scenario
    assert not lesson.survey
    names = Counter(call.name for call in notebook.calls)
    assert names["scenario"] == names["promise"] == 1
    look = [cell for cell in by_section(notebook)["Look at ourselves"] if cell.kind == "code"]
    assert {call.name for cell in look for call in calls_of(cell)} & KEEPS_AN_ANSWER


def test_the_check_in_brings_promises_back_and_counts_nothing() -> None:
    (notebook,) = [one for one in LESSONS if one.shape is CHECK_IN]
    names = [call.name for call in notebook.calls]
    assert names.count("checkin") == 1
    assert "promise" in names
    said = " ".join([notebook.learner_text, *notebook.prompts])
    assert re.search(r"\b(scores?|scored|points|streaks?|percent)\b|%", said, re.IGNORECASE) is None


@each_survey
def test_a_survey_lesson_has_one_tool_and_a_promise(notebook: Notebook) -> None:
    names = Counter(call.name for call in notebook.calls)
    assert sum(names[tool] for tool in TOOLS) == names["promise"] == 1
    assert not notebook.lesson.survey


def test_each_tool_of_the_survey_has_its_lesson() -> None:
    used = [call.name for one in LESSONS for call in one.calls if call.name in TOOLS]
    assert sorted(used) == sorted(TOOLS)


def said_before(notebook: Notebook, names: set[str]) -> str:
    """What learners read above the first activity with one of these names."""
    first = next(n for n, cell in enumerate(notebook.cells) if {c.name for c in code_calls(cell)} & names)
    read = [cell for cell in notebook.cells[:first] if cell in notebook.learner_cells]
    return "\n".join(cell.source for cell in read)


def code_calls(cell: Cell) -> list[Call]:
    return calls_of(cell) if cell.kind == "code" else []


def test_a_talk_is_offered_before_anyone_works_on_a_question_or_opens_a_file() -> None:
    guide = "(../exercises/21-survey-read.ipynb)"
    for notebook in LESSONS:
        if notebook.lesson.name in {"20-survey-ask", "21-survey-read"}:
            assert guide in said_before(notebook, TOOLS | {"ask", "board", "sort_cards"}), notebook.name


def test_a_machine_of_strangers_is_named_before_a_file_is_chosen() -> None:
    for notebook in LESSONS:
        if notebook.lesson.name in {"21-survey-read", "22-survey-compare"}:
            assert re.search(r"Binder.+made-up", said_before(notebook, TOOLS)), notebook.name


def test_whoever_reads_the_answers_finds_the_lesson_of_each_practice() -> None:
    (notebook,) = [one for one in LESSONS if one.lesson.name == "21-survey-read"]
    linked = {target for cell in notebook.learner_cells for target in re.findall(r"\((\d[^)]+)", cell.source)}
    practices = {f"{one.lesson.name}.ipynb" for one in LESSONS if one.shape is PRACTICE}
    assert len(practices) == 12
    assert practices <= linked


@each_notebook
def test_the_names_of_what_comes_next_are_lessons_of_the_course(notebook: Notebook) -> None:
    assert notebook.lesson.next
    assert set(notebook.lesson.next) <= set(COURSE)
    assert notebook.lesson.name not in notebook.lesson.next or notebook.shape is EXERCISE


@each_lesson
def test_a_lesson_has_a_name_of_the_course(notebook: Notebook) -> None:
    assert notebook.lesson.name in COURSE
    assert COURSE.index(notebook.lesson.name) == notebook.lesson.number


@pytest.mark.parametrize("notebook", EXERCISES, ids=lambda one: one.name)
def test_an_exercise_has_the_name_of_its_lesson(notebook: Notebook) -> None:
    assert notebook.lesson.name in [one.lesson.name for one in LESSONS]


@each_notebook
def test_survey_questions_of_a_lesson_are_in_the_survey(notebook: Notebook) -> None:
    assert set(notebook.lesson.survey) <= set(content.survey_items())


@each_practice
def test_a_practice_lesson_shows_the_survey_questions_of_its_practice(notebook: Notebook) -> None:
    practice = notebook.lesson.name.partition("-")[2]
    items = content.survey_items().values()
    assert sorted(notebook.lesson.survey) == sorted(item.key for item in items if item.practice == practice)


def told_in(notebook: Notebook) -> list[str]:
    return [call.prompt for call in notebook.calls if call.name == "scenario"]


@each_notebook
def test_the_story_that_is_told_is_the_one_of_the_metadata(notebook: Notebook) -> None:
    told = told_in(notebook)
    assert told[:1] == ([notebook.lesson.scenario] if notebook.lesson.scenario else [])
    assert not told[1:] or notebook.shape is EXERCISE  # a group may choose between stories
    assert len(told) == len(set(told))
    assert set(told) <= {scenario.key for scenario in SCENARIOS}


def test_every_story_is_told_somewhere() -> None:
    told = {key for one in LESSONS + EXERCISES for key in told_in(one)}
    told |= {scenario.gentler for scenario in SCENARIOS if scenario.gentler}
    assert [scenario.key for scenario in SCENARIOS if scenario.key not in told] == []


# --- activities ------------------------------------------------------------------------------------


def is_kebab_case(key: str) -> bool:
    return bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key))


def test_one_key_has_one_prompt_in_the_whole_course() -> None:
    keys = Counter(
        call.keywords["keep_as"]
        for notebook in LESSONS + EXERCISES
        for call in notebook.calls
        if call.name in KEEPS_AN_ANSWER
    )
    assert len(keys) > 10
    assert [key for key, times in keys.items() if times > 1] == []
    assert [key for key in keys if not is_kebab_case(key)] == []


@each_notebook
def test_a_question_stands_beside_an_earlier_one_of_its_notebook(notebook: Notebook) -> None:
    earlier: set[str] = set()
    for call in notebook.calls:
        if "beside" in call.keywords:
            assert call.keywords["beside"] in earlier, call.cell
        earlier.add(call.keywords.get("keep_as", ""))


@each_lesson
def test_the_arrival_question_comes_back_at_the_close(notebook: Notebook) -> None:
    sections = by_section(notebook)
    arrival = [
        call.keywords["keep_as"]
        for cell in sections["Arrive"]
        if cell.kind == "code"
        for call in calls_of(cell)
        if call.name == "rate"
    ]
    close = [
        call.keywords.get("beside")
        for cell in sections["Close"]
        if cell.kind == "code"
        for call in calls_of(cell)
    ]
    assert arrival[0] in close


@each_notebook
def test_a_promise_has_three_starters(notebook: Notebook) -> None:
    for call in notebook.calls:
        if call.name == "promise":
            assert len(call.keywords["starters"]) == 3, call.cell


# --- plain language --------------------------------------------------------------------------------


@each_notebook
def test_a_lesson_has_the_length_of_its_shape(notebook: Notebook) -> None:
    least, most = notebook.shape.words
    assert least <= len(words(notebook.learner_text)) <= most


@each_notebook
def test_a_lesson_reads_at_grade_8_or_lower(notebook: Notebook) -> None:
    assert reading_grade(notebook.learner_text) <= 8


@each_notebook
def test_sentences_of_a_lesson_are_short(notebook: Notebook) -> None:
    lengths = [len(words(sentence)) for sentence in sentences(notebook.learner_text)]
    assert statistics.median(lengths) <= 15


@each_notebook
def test_no_sentence_is_over_25_words(notebook: Notebook) -> None:
    lesson = notebook.lesson
    texts = [plain_text(cell.source) for cell in notebook.cells if cell.kind == "markdown"]
    texts += [*notebook.prompts, lesson.promise, *lesson.objectives, *lesson.needs, *lesson.touches]
    assert too_long(texts) == []


def too_long(texts: list[str]) -> list[str]:
    return [one for text in texts for one in sentences(text) if len(words(one)) > 25]


def to_avoid(text: str) -> list[str]:
    """Expressions of data/words.yml in a text, except where they may stand; that file says the rule."""
    hits: list[str] = []
    for word in content.words_to_avoid():
        left = re.sub(r"\[[a-z0-9-]+\]", " ", text)  # the key of a source is no word of ours
        if "quotation" in word.allowed_in or "own word" in word.allowed_in:
            left = re.sub(r"“[^”\n]*”|\"[^\"\n]*\"", " ", left)
        if "title" in word.allowed_in:
            left = re.sub(r"(?<!\*)\*(?!\*)[^*\n]+\*(?!\*)", " ", left)
        for expression in word.avoid:
            # words in brackets say a meaning, and a program can't tell meanings apart
            if "(" not in expression and re.search(
                rf"\b{re.escape(expression)}(?:e?s)?\b", left, re.IGNORECASE
            ):
                hits.append(expression)
    return hits


@each_notebook
def test_a_lesson_avoids_the_words_to_avoid(notebook: Notebook) -> None:
    lesson = notebook.lesson
    texts = [cell.source for cell in notebook.cells if cell.kind == "markdown"]
    texts += [
        *notebook.prompts,
        lesson.title,
        lesson.promise,
        *lesson.objectives,
        *lesson.needs,
        *lesson.touches,
    ]
    texts += [cell.source.splitlines()[0] for cell in notebook.code_cells]
    assert {text: to_avoid(text) for text in texts if to_avoid(text)} == {}


def test_what_data_says_avoids_the_words_to_avoid() -> None:
    texts = [
        text for scenario in SCENARIOS for text in [*story(scenario), *carried(scenario), scenario.title]
    ]
    texts += [item.text for item in content.survey_items().values()]
    texts += [term.means for term in content.glossary().values()]
    texts += [text for source in content.sources().values() for text in (source.what_it_found, source.limits)]
    texts += [text for word in content.words_to_avoid() for text in (word.prefer, word.why)]
    assert {text: to_avoid(text) for text in texts if to_avoid(text)} == {}


def test_what_data_says_has_no_sentence_over_25_words() -> None:
    texts = [item.text for item in content.survey_items().values()]
    texts += [term.means for term in content.glossary().values()]
    texts += [text for source in content.sources().values() for text in (source.what_it_found, source.limits)]
    texts += [text for word in content.words_to_avoid() for text in (word.prefer, word.why)]
    assert too_long(texts) == []


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
    assert to_avoid(text) == hits


# --- sources and links -----------------------------------------------------------------------------

KEY = re.compile(r"\[([A-Za-z0-9-]+)\](?!\()")
NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty)"
FIGURE = re.compile(
    rf"\d\s?%|\bpercent\b|\b[nd] = |(?<!these )\b{NUMBER} (?:\w+ ){{0,2}}"
    r"(?:studies|trials|experiments|samples|articles|reviews|interviews|surveys|clinicians|documents)\b",
    re.IGNORECASE,
)


@each_notebook
def test_every_source_that_is_cited_is_listed(notebook: Notebook) -> None:
    known = content.sources()
    cited = [key for cell in notebook.cells if cell.kind == "markdown" for key in KEY.findall(cell.source)]
    assert [key for key in cited if key not in known] == []
    assert cited or notebook.shape in (EXERCISE, PLAN)


@each_notebook
def test_a_cell_with_a_figure_names_its_source(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if cell.kind == "markdown":
            figure = FIGURE.search(plain_text(cell.source))
            assert not figure or KEY.search(cell.source), f"{cell.id}: {figure and figure[0]}"


@pytest.mark.parametrize(
    "text", ["It helped 20% of them.", "In five experiments with many people", "129 studies"]
)
def test_a_figure_is_recognized(text: str) -> None:
    assert FIGURE.search(text)


@each_notebook
def test_every_link_leads_to_a_file_that_is_there(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if cell.kind == "markdown":
            for target in re.findall(r"\]\(([^)\s]+)\)", cell.source):
                assert not target.startswith("http"), f"{cell.id}: sources are cited by their key"
                file = target.partition("#")[0]
                assert not file or (notebook.lesson.path.parent / file).is_file(), f"{cell.id}: {target}"


# --- glossary --------------------------------------------------------------------------------------


def test_a_term_of_the_glossary_is_used_in_the_lesson_that_it_names_and_in_none_before() -> None:
    texts = {one.lesson.name: " ".join([one.learner_text, *one.prompts, *story_of(one)]) for one in LESSONS}
    for exercise in EXERCISES:
        texts[exercise.lesson.name] += " ".join(
            ["", exercise.learner_text, *exercise.prompts, *story_of(exercise)]
        )
    assert content.glossary()
    for term in content.glossary().values():
        said_in = [
            name
            for name, text in texts.items()
            if re.search(rf"\b{re.escape(term.term)}", text, re.IGNORECASE)
        ]
        assert said_in[:1] == [term.first_in], term.term


def story_of(notebook: Notebook) -> list[str]:
    told = told_in(notebook)
    return [text for scenario in SCENARIOS if scenario.key in told for text in story(scenario)]


# --- scenarios -------------------------------------------------------------------------------------


def story(scenario: Scenario) -> list[str]:
    """Everything that a scenario tells, without titles, names and the first words of what it carries."""
    texts = [scenario.opening, *scenario.debrief]
    for step in scenario.steps:
        texts.append(step.text)
        for choice in step.choices:
            texts += [choice.say, choice.then, choice.costs, choice.gains_power, choice.carries_risk]
            texts += [after for _, after in choice.changes]
    return texts


def carried(scenario: Scenario) -> list[str]:
    return [first for _, first in scenario.carries]


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
def test_a_way_through_a_story_takes_three_choices_or_more(scenario: Scenario) -> None:
    assert min(len(way) for way in paths(scenario, scenario.steps[0].name)) > 3


@each_scenario
def test_nothing_in_a_story_is_scored(scenario: Scenario) -> None:
    judging = r"\b(scores?|scored|points|(in)?correct|(right|wrong|best) (answer|choice)|well done)\b(?! it)"
    assert [text for text in story(scenario) if re.search(judging, text, re.IGNORECASE)] == []


@each_scenario
def test_a_story_has_12_to_16_choices_and_600_to_900_words(scenario: Scenario) -> None:
    assert 12 <= sum(len(step.choices) for step in scenario.steps) <= 16
    assert 600 <= len(words("\n".join(story(scenario)))) <= 900


@each_scenario
def test_a_story_reads_at_grade_8_or_lower_in_short_sentences(scenario: Scenario) -> None:
    text = "\n".join(story(scenario))
    assert reading_grade(text) <= 8
    assert statistics.median(len(words(sentence)) for sentence in sentences(text)) <= 15
    assert too_long([text, *carried(scenario)]) == []


@each_scenario
def test_choices_of_a_step_say_different_things(scenario: Scenario) -> None:
    for step in scenario.steps:
        said = [choice.say for choice in step.choices]
        assert len(said) == len(set(said)), step.name


HARD = re.compile(
    r"\b(deaths?|die[sd]?|dead|dying|suicides?|violen\w+|child(?:ren)?|kids?|bab(?:y|ies)|ban(?:s|ned)?)\b",
    re.IGNORECASE,
)


@each_scenario
def test_a_story_of_death_violence_a_child_or_a_ban_has_a_gentler_twin(scenario: Scenario) -> None:
    hits = [hit[0] for text in [scenario.title, *story(scenario)] for hit in HARD.finditer(text)]
    if scenario.key in {other.gentler for other in SCENARIOS}:
        assert hits == []
    elif hits:
        assert scenario.gentler, hits


@each_notebook
def test_a_lesson_that_touches_death_violence_a_child_or_a_ban_has_a_gentler_twin(notebook: Notebook) -> None:
    hits = [text for text in notebook.lesson.touches if HARD.search(text)]
    if hits and notebook.lesson.scenario and notebook.lesson.name not in NAMED_WITHOUT_A_STORY:
        assert content.scenario(notebook.lesson.scenario).gentler, hits


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
        files += [Path(folder) / name for name in names]
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
