"""The Python side of an activity: one line with a question in it, which goes out to the page and never comes back."""

from __future__ import annotations

import ast
import copy
import json
import re
import subprocess
import sys
from typing import Any

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

import alongside
from alongside.activities import MIME, TEXT, ask, lab
from alongside.course import scenarios as content
from alongside.errors import AlongsideError
from alongside.surfaces import direct

PACKAGE = ROOT / "alongside"

# --- what a mistake is told ---------------------------------------------------------------------------

# fmt: off
MISTAKES = {
    'ask("Why?", keep_a="why")': 'ask has no argument "keep_a". Did you mean "keep_as"?',
    'rate("Why?", lo="No", high="Yes", keep_as="why")': 'rate has no argument "lo". Did you mean "low"?',
    'choose("Why?", ["a", "b"], keep_as="why", multiple=True)': 'choose has no argument "multiple".',
    'ask("Why?")': "ask(…, keep_as=…, hint=…, ideas=…)",
    'ask(keep_as="why")': "It takes its words first",
    'ask("Why?", "why")': "everything else by name",
    'begin("Share power")': "begin(…)",
    'plan(keep_as="plan")': 'plan has no argument "keep_as".',
    'ask("", keep_as="why")': "ask needs words for question",
    'ask(5, keep_as="why")': "ask needs words for question",
    'ask("Why?", keep_as="why", hint=["a"])': "ask needs words for hint",
    'rate("Why?", low="No", high=" ", keep_as="why")': "rate needs words for high",
    'rate("Why?", low="No", high="Yes", keep_as="why", beside="Say why")': "rate can't use this beside.",
    'choose("Why?", ["Only one"], keep_as="why")': "choose needs at least 2 options, and has 1.",
    'choose("Why?", "Yes or no", keep_as="why")': "choose needs a list for options.",
    'choose("Why?", ["Yes", "Yes"], keep_as="why")': "choose has the same words twice in options.",
    'choose("Why?", ["a", None], keep_as="why")': "choose needs words for options",
    'choose("Why?", ["a", "b"], keep_as="why", many="yes")': "Write many=True",
    'sort_cards("Why?", cards=["a", "b"], piles=["c"], keep_as="why")': "at least 2 piles, and has 1.",
    'sort_cards("Why?", cards=[], piles=["c", "d"], keep_as="why")': "at least 2 cards, and has 0.",
    'ask("Why?", keep_as="why", ideas="One")': "ask needs a list for ideas.",
    'rank("Why?", ["a"], keep_as="why")': "rank needs at least 2 options, and has 1.",
    'rank("Why?", ["a", "b"], keep_as="why", not_mine="")': "rank needs words for not_mine",
    'compose("Why?", parts=["a", "b"], keep_as="why")': "compose needs two parts or more, each with its hint.",
    'compose("Why?", parts={"a": "b"}, keep_as="why")': "compose needs two parts or more, each with its hint.",
    'compose("Why?", parts={"A": "b", "C": 5}, keep_as="why")': "compose needs words for parts, C",
    'compose("Why?", parts={"a": ("A", "b")}, keep_as="why")': "compose needs two parts or more, each with its hint.",
    'compose("Why?", parts={"a": ("A", "b"), "C": ("C", "d")}, keep_as="why")': "compose can't use an id in parts.",
    'compose("Why?", parts={"a": ("A", "b"), "c": ("A", "d")}, keep_as="why")': "the same words twice in parts.",
    'choose("Why?", {"One": "1", "two": "2"}, keep_as="why")': "choose can't use an id in options. An id has small",
    'choose("Why?", {"constructor": "1", "two": "2"}, keep_as="why")': "choose can't use an id in options.",
    'choose("Why?", {"one": "1", "two": 2}, keep_as="why")': "choose needs words for options",
    'choose("Why?", {"one": "1", "two": "1"}, keep_as="why")': "choose has the same words twice in options.",
    'board("Why?", rows={"a": "A"}, columns={"b": ("B", {"c d": "C"})}, keep_as="why")': "can't use an id in columns.",
    'board("Why?", rows=["a"], columns=["b"], keep_as="why")': "board needs its columns by name.",
    'board("Why?", rows=[], columns={"b": []}, keep_as="why")': "board needs at least 1 rows",
    'board("Why?", rows=["a"], columns={"b": 5}, keep_as="why")': "board needs a list for columns.",
    'board("Why?", rows=["a"], columns={"b": []}, keep_as="why", own_rows=9)': "a number from 0 to 3 for own_rows",
    'checkin(keep_as="why")': "It takes its words first",
    'promise("Why?", keep_as="why", starters="I will")': "promise needs a list for starters.",
    'scenario("the-dragon-on-the-wal")': 'Did you mean "the-dragon-on-the-wall"?',
    'scenario("qqqq")': 'Known: "',
    "scenario(None)": "scenario needs words for key",
    'picture("ladder-of-participatoin")': 'Did you mean "ladder-of-participation"?',
    **{
        f'ask("Why?", keep_as={key!r})': "ask can't use this keep_as. A key has small letters"
        for key in ("", "Say-why", "say_why", "say--why", "-say", "say why", "é", "a" * 61, 5, None)
    },
}
# fmt: on
VERBS = {name: getattr(alongside, name) for name in alongside.__all__}


@pytest.mark.parametrize("cell", MISTAKES)
def test_a_mistake_is_told_in_one_short_line(cell: str) -> None:
    with pytest.raises(AlongsideError) as raised:
        eval(cell, dict(VERBS))
    said = str(raised.value)
    assert MISTAKES[cell] in said
    assert "\n" not in said and len(said) < 300
    assert said[-1] in ".?"


# --- what an activity shows ---------------------------------------------------------------------------

STORY = "the-dragon-on-the-wall"
# fmt: off
ACTIVITIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "begin()": ("begin", "begin", {}),
    'ask("Why?", keep_as="why")': ("ask", "why", {"prompt": "Why?"}),
    'ask("Why?", keep_as="why", hint="Or not.")': ("ask", "why", {"prompt": "Why?", "hint": "Or not."}),
    'rate("Why?", low="No", high="Yes", keep_as="why-close", beside="why")': (
        "rate", "why-close", {"prompt": "Why?", "low": "No", "high": "Yes", "beside": "why"}),
    'choose("Why?", ["a", "b"], keep_as="why", many=True)': (
        "choose", "why", {"prompt": "Why?", "options": [["a", "a"], ["b", "b"]], "many": True}),
    'sort_cards("Why?", cards=["a", "b"], piles=["c", "d"], keep_as="why")': (
        "sort_cards", "why",
        {"prompt": "Why?", "cards": [["a", "a"], ["b", "b"]], "piles": [["c", "c"], ["d", "d"]]}),
    'sort_cards("Why?", cards={"a": "One", "b": "Two"}, piles={"c": "Here", "d": "There"}, keep_as="why")': (
        "sort_cards", "why",
        {"prompt": "Why?", "cards": [["a", "One"], ["b", "Two"]], "piles": [["c", "Here"], ["d", "There"]]}),
    'ask("Why?", keep_as="why", ideas=["One way"])': (
        "ask", "why", {"prompt": "Why?", "ideas": ["One way"]}),
    'rank("Why?", ["a", "b"], keep_as="why")': (
        "rank", "why", {"prompt": "Why?", "options": [["a", "a"], ["b", "b"]], "not_mine": "Not mine"}),
    'compose("Why?", parts={"A": "b", "C": "d"}, keep_as="why", avoid=["e"])': (
        "compose", "why",
        {"prompt": "Why?", "parts": [["a", "A"], ["c", "C"]], "hints": [["a", "b"], ["c", "d"]], "avoid": ["e"]}),
    'compose("Why?", parts={"saw": ("What I saw", "b"), "ask": ("What I ask", "d")}, keep_as="why")': (
        "compose", "why",
        {"prompt": "Why?", "parts": [["saw", "What I saw"], ["ask", "What I ask"]], "hints": [["saw", "b"], ["ask", "d"]],
         "avoid": []}),
    'board("Why?", rows=["a"], columns={"b": ["c"], "d": []}, keep_as="why", own_rows=1)': (
        "board", "why",
        {"prompt": "Why?", "rows": [["a", "a"]], "columns": [["b", "b"], ["d", "d"]],
         "options": {"b": [["c", "c"]], "d": []}, "own_rows": 1}),
    'board("Why?", rows={"a": "A"}, columns={"b": ("Who", {"c": "C"}), "d": "Why"}, keep_as="why")': (
        "board", "why",
        {"prompt": "Why?", "rows": [["a", "A"]], "columns": [["b", "Who"], ["d", "Why"]],
         "options": {"b": [["c", "C"]], "d": []}, "own_rows": 0}),
    'checkin("Why?", keep_as="why")': ("checkin", "why", {"prompt": "Why?"}),
    'promise("Why?", keep_as="why", starters=["I will"])': (
        "promise", "why", {"prompt": "Why?", "starters": ["I will"]}),
    "plan()": ("plan", "plan", {"prompt": "What you kept"}),
}
# fmt: on
CALLS = [*ACTIVITIES, f'scenario("{STORY}")']


@pytest.fixture(scope="module")
def outputs() -> dict[str, dict[str, Any]]:
    """What a notebook holds after each activity was run in it, as every page, print and test reads it."""
    setup = nbformat.v4.new_code_cell(
        "from alongside import ask, begin, board, checkin, choose, compose, plan, promise, rank, rate, scenario, sort_cards"
    )
    cells = [nbformat.v4.new_code_cell(call) for call in CALLS]
    notebook = nbformat.v4.new_notebook(cells=[setup, *cells])
    NotebookClient(notebook, kernel_name="python3", timeout=60, store_widget_state=False).execute()
    return {cell.source: only(cell.outputs)["data"] for cell in cells}


def only(outputs: list[Any]) -> Any:
    assert len(outputs) == 1, outputs
    return outputs[0]


@pytest.mark.parametrize("call", ACTIVITIES)
def test_an_activity_shows_its_question_for_pages_to_read(
    call: str, outputs: dict[str, dict[str, Any]]
) -> None:
    activity, key, props = ACTIVITIES[call]
    assert outputs[call][MIME] == {"activity": activity, "key": key, "props": props}


@pytest.mark.parametrize("call", CALLS)
def test_beside_the_question_there_is_a_widget_and_one_constant_sentence(
    call: str, outputs: dict[str, dict[str, Any]]
) -> None:
    assert set(outputs[call]) == {MIME, lab.WIDGET, "text/plain"}
    assert outputs[call]["text/plain"] == TEXT
    assert set(outputs[call][lab.WIDGET]) == {"version_major", "version_minor", "model_id"}


def test_a_story_goes_out_whole(outputs: dict[str, dict[str, Any]]) -> None:
    story = content.scenario(STORY)
    shown = outputs[f'scenario("{STORY}")'][MIME]
    assert (shown["activity"], shown["key"]) == ("scenario", f"scenario-{STORY}")
    told = shown["props"]["scenario"]
    assert shown["props"]["prompt"] == told["title"] == story.title
    assert told["start"] == story.steps[0].name
    assert list(told["steps"]) == [step.name for step in story.steps]
    for step in story.steps:
        shown = told["steps"][step.name]
        assert shown["choices"] == [[choice.id, choice.say] for choice in step.choices]
        assert {key: led["next"] for key, led in shown["led"].items()} == {
            choice.id: choice.next for choice in step.choices
        }


def test_an_activity_has_no_trait_and_no_ear_for_an_answer() -> None:
    activity = ask("Why?", keep_as="why")
    assert repr(activity) == str(activity) == TEXT
    ours = set(lab._Question.class_own_traits()) - {"_esm", "_css", "_anywidget_id"}
    assert ours == {"activity", "key", "props"}
    shown = lab._Question(**activity.question)
    assert shown._msg_callbacks.callbacks == []


# --- lines that are run without a kernel ----------------------------------------------------------------

NOTEBOOKS = sorted([*ROOT.glob("notebooks/[01]*.ipynb"), *ROOT.glob("exercises/*.ipynb")])


@pytest.mark.slow
def test_every_line_of_the_course_says_the_same_without_a_kernel_as_with_one() -> None:
    """All lessons' cells in one kernel, beside the same cells run in this process."""
    cells = [
        nbformat.v4.new_code_cell(cell.source)
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    assert len(cells) > 20
    here = nbformat.v4.new_notebook(cells=cells)
    there = copy.deepcopy(here)
    assert direct.run(here)
    NotebookClient(there, kernel_name="python3", timeout=60, store_widget_state=False).execute()
    for mine, kernels in zip(here.cells, there.cells, strict=True):
        data = dict(only(kernels.outputs)["data"])
        data.pop(lab.WIDGET, None)
        assert only(mine.outputs)["data"] == data, mine.source


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "from os import getcwd\ngetcwd()",
        "from alongside import ask as begin\nbegin()",
        "from alongside import *\nplan()",
        "begin()",
        "from alongside import plan\nplan",
        "from alongside import plan\nplan().question",
        "from alongside import plan\nplan()\nplan()",
        "from alongside import ask\nask('Why?', keep_as=str(5))",
        "from alongside import ask\nask('Why?', keep_as=f'{5}')",
        "from alongside import ask\nask(**{'question': 'Why?', 'keep_as': 'why'})",
        "from alongside import ask\nask(*['Why?'], keep_as='why')",
        "from alongside import ask\nx = ask('Why?', keep_as='why')",
        "from alongside import survey\nsurvey()",
        "from alongside import ask\nask(",
        "%matplotlib inline",
    ],
)
def test_any_other_code_is_left_to_a_kernel(code: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    assert not direct.run(notebook)
    assert notebook.cells[0].outputs == []


def test_a_mistake_in_a_line_is_told_and_the_next_line_is_still_run() -> None:
    cells = [
        nbformat.v4.new_code_cell(code)
        for code in ("from alongside import plan, scenario", "scenario('x')", "plan()")
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert direct.run(notebook)
    assert [len(cell.outputs) for cell in cells] == [0, 1, 1]
    assert cells[1].outputs[0].output_type == "error"
    assert cells[1].outputs[0].evalue.startswith('There is no scenario "x".')
    assert cells[2].outputs[0].data[MIME]["activity"] == "plan"


# --- what a mistake looks like in a notebook ----------------------------------------------------------


@pytest.mark.parametrize("cell", ['ask("Why?", keep_a="why")', 'scenario("the-dragon-on-the-wal")'])
def test_in_a_notebook_a_mistake_is_one_line_without_a_traceback(cell: str) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(f"from alongside import ask, scenario\n{cell}")]
    )
    NotebookClient(notebook, kernel_name="python3", timeout=60, allow_errors=True).execute()
    shown = only(notebook.cells[0].outputs)
    assert shown["output_type"] == "error"
    assert shown["traceback"] == [shown["evalue"]]
    assert shown["evalue"].endswith("?") and "\n" not in shown["evalue"]


# --- what is imported ---------------------------------------------------------------------------------

HEAVY = {"pandas", "numpy", "matplotlib", "scipy"}
WIDGETS = {"anywidget", "ipywidgets", "traitlets", "IPython"}


def imported_by(code: str) -> set[str]:
    """The packages that a fresh Python holds after running some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {name.split(".")[0] for name in done.stdout.split()}
    assert "alongside" in found
    return found


def test_the_package_alone_brings_neither_widgets_nor_tables() -> None:
    assert imported_by("import alongside") & (HEAVY | WIDGETS) == set()


def test_no_lesson_brings_tables_or_charts() -> None:
    lessons = sorted(ROOT.glob("notebooks/[01]*.ipynb")) + sorted(ROOT.glob("exercises/*.ipynb"))
    assert len(lessons) > 1
    cells = [
        "".join(cell["source"])
        for path in lessons
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert imported_by("\n".join(cells)) & HEAVY == set()


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["What is on the walls", "Who's in?"], ["what-is-on-the-walls", "whos-in"]),
        (["Café", "cafe"], ["cafe", "cafe-2"]),
        (["نعم", "لا"], ["number-1", "number-2"]),
        (["constructor", "x"], ["constructor-2", "x"]),
        (["w " * 60, "w " * 61], ["w-" * 17 + "w", "w-" * 17 + "w-2"]),
    ],
)
def test_texts_without_ids_get_ids_of_their_words(texts: list[str], ids: list[str]) -> None:
    made = alongside.choose("Why?", texts, keep_as="why").props["options"]
    assert made == [[key, text.strip()] for key, text in zip(ids, texts, strict=True)]


def test_the_courses_own_questions_have_their_ids_written_down() -> None:
    """Made from its words, an id would go with them, and with it every answer that was kept."""
    plain = []
    for path in sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*.ipynb")]):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            for call in (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)):
                verb = ast.unparse(call.func)
                named: dict[str, Any] = {str(word.arg): word.value for word in call.keywords}
                if verb in ("choose", "rank"):
                    named.setdefault("options", call.args[-1])
                wanted = {name: named[name] for name in IDS.get(verb, ())}
                WRITTEN.update((verb, name) for name in wanted)
                plain += [(path.name, verb, name) for name, value in wanted.items() if not has_ids(value)]
    assert {(verb, name) for verb, names in IDS.items() for name in names} == WRITTEN
    assert plain == []


IDS = {
    "choose": ["options"],
    "rank": ["options"],
    "sort_cards": ["cards", "piles"],
    "compose": ["parts"],
    "board": ["rows", "columns"],
}
WRITTEN: set[tuple[str, str]] = set()


def has_ids(value: ast.expr) -> bool:
    """{"walls": "What is on the walls"}; of parts and columns {"who": ("Who decides", …)} or {"why": "Why"}."""
    written = ast.literal_eval(value)
    if not isinstance(written, dict) or not all(re.fullmatch(r"[a-z0-9-]+", key) for key in written):
        return False
    return all(isinstance(rest[1], str | dict) for rest in written.values() if not isinstance(rest, str))
