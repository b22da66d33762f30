"""One entry for each survey tool: complete by the tool's own export, and the only place that knows of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import ROOT
from survey_tools import (
    CODEBOOK,
    SHAPES,
    Grid,
    Person,
    limesurvey_codes,
    limesurvey_texts,
    qualtrics_labels,
    qualtrics_values,
    redcap_labels,
    redcap_raw,
    save,
)

from alongside.survey.ask.codebook import fold
from alongside.survey.read import tools
from alongside.survey.read.exports import read
from alongside.survey.read.files import open_table
from alongside.survey.read.headings import headings_in
from alongside.survey.read.responses import _rows
from alongside.survey.read.tools import TOOLS, Mark, Tool

Shape = Callable[[Sequence[Person]], Grid]
EXAMPLES = {
    "Qualtrics": ("qualtrics.csv", 3),
    "LimeSurvey": ("limesurvey_codes.csv", 1),
    "REDCap": ("redcap_raw.csv", 1),
    "KoboToolbox": ("kobo_labels.csv", 1),
    "SurveyMonkey": ("surveymonkey.csv", 2),
    "Microsoft Forms": ("msforms.xlsx", 1),
    "Google Forms": ("google_forms.csv", 1),
}
"""Each tool's example in tests/exports, and how many rows of headings it has."""
MARKING = {
    "Qualtrics": {"qualtrics_labels", "qualtrics_values"},
    "LimeSurvey": {"limesurvey_codes", "limesurvey_texts"},
    "REDCap": {"redcap_raw", "redcap_labels"},
}
"""Whose rows are marked, by the shapes of survey_tools."""


def headings(tool: Tool) -> list[tuple[str, ...]]:
    name, rows = EXAMPLES[tool.name]
    return headings_in(open_table(ROOT / "tests" / "exports" / name).first[:rows])


def fits(spoken: tools.Spoken, cell: str) -> bool:
    return any(re.fullmatch(pattern, fold(cell)) for pattern in spoken.values())


def own(tool: Tool, cell: str) -> bool:
    """Whether a tool's own entry says that it adds such a column."""
    written = bool(tool.as_written and re.fullmatch(tool.as_written, cell, re.DOTALL))
    return written or any(fits(one.heading, cell) for one in tool.ids) or fits(tool.system, cell)


def test_every_tool_has_an_example_and_is_there_once() -> None:
    assert [tool.name for tool in TOOLS] == list(EXAMPLES)
    assert {path.name for path in (ROOT / "tests" / "exports").iterdir()} == {
        *(name for name, _ in EXAMPLES.values()),
        "excel_fr_cp1252.csv",  # what a spreadsheet made of one of them
    }


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_an_export_is_known_as_its_own_tools_and_as_no_others(tool: Tool) -> None:
    assert [one.name for one in tools.known(cell for cells in headings(tool) for cell in cells)] == [
        tool.name
    ]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_column_that_a_tool_adds_stands_in_its_own_entry(tool: Tool) -> None:
    """So that a reader sees a tool whole: no other tool's entry, and no list of leftovers, knows its columns."""
    added = [cells[0] for cells in headings(tool) if cells and tools.is_added_by_a_tool(cells[0])]
    assert len(added) >= 2
    assert [cell for cell in added if not own(tool, cell)] == []
    assert any(fits(one.heading, cell) for one in tool.ids for cell in added)
    assert any(fits(tool.times[0], cell) for cell in added)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_no_question_of_an_example_is_taken_for_a_column_of_a_tool(tool: Tool) -> None:
    asked = [cell for cells in headings(tool) for cell in cells if "We greet people by name" in cell]
    coded = [cell for cells in headings(tool) for cell in cells if re.search(r"SQ001|p01_a", cell)]
    assert asked or coded
    assert not any(map(tools.is_added_by_a_tool, [*asked, *coded]))


@pytest.mark.parametrize(
    ("tool", "mark"), [(tool, mark) for tool in TOOLS for mark in tool.marks], ids=lambda one: ""
)
def test_every_mark_is_that_of_a_column_that_the_tool_writes(tool: Tool, mark: Mark) -> None:
    shapes = [shape for shape in SHAPES if shape.__name__ in MARKING[tool.name]]
    assert len(shapes) == 2
    person = Person((1, 2, 3, 4), 0, 0)
    written = [str(cell) for shape in shapes for row in shape([person])[:3] for cell in row]
    written += [cell for cells in headings(tool) for cell in cells]
    if mark.heading == {"any": r"submitdate .*"}:
        written.append("submitdate. Date submitted")  # code and text in one heading, another way to export
    assert any(fits(mark.heading, cell) for cell in written)
    assert mark.kind in SHAPES[shapes[0]]


Change = tuple[dict[str, str], dict[str, str]]
"""Of a grid: other headings, and other cells in the row of the fourth person."""
MARKED: list[tuple[Shape, str, Change]] = [
    (qualtrics_labels, "test", ({}, {"Status": "Survey Preview"})),
    (qualtrics_values, "test", ({}, {"Status": "1"})),
    (qualtrics_labels, "partial", ({}, {"Finished": "False"})),
    (
        qualtrics_labels,
        "partial",
        (
            {"Finished": "Progress", '{"ImportId":"finished"}': '{"ImportId":"progress"}'},
            {"Progress": "40"},
        ),
    ),
    (limesurvey_codes, "partial", ({}, {"submitdate": ""})),
    (limesurvey_texts, "partial", ({}, {"Date submitted": ""})),
    (
        limesurvey_codes,
        "partial",
        ({"submitdate": "submitdate. Date submitted"}, {"submitdate. Date submitted": ""}),
    ),
    (redcap_raw, "partial", ({}, {"staff_timestamp": "[not completed]"})),
    (redcap_raw, "partial", ({}, {"staff_complete": "0"})),
    (redcap_labels, "partial", ({}, {"Complete?": "Incomplete"})),
]


@pytest.mark.parametrize(("shape", "kind", "change"), MARKED, ids=lambda one: getattr(one, "__name__", ""))
def test_each_mark_by_itself_leaves_out_the_row_that_it_marks(
    shape: Shape, kind: str, change: Change, tmp_path: Path
) -> None:
    grid = shape([Person((1, 2, 3, 4), 0, 0)] * 12)
    heads = len(grid) - 12
    for heading, other in change[0].items():
        for row in grid[:heads]:
            row[:] = [other if cell == heading else cell for cell in row]
        at = next(row.index(other) for row in grid[:heads] if other in row)
        for row in grid[heads:]:
            row[at] = {"Progress": "100"}.get(other, row[at])
    for heading, says in change[1].items():
        at = next(row.index(heading) for row in grid[:heads] if heading in row)
        grid[heads + 3][at] = says
    codebook = tmp_path / "codebook.yml"
    codebook.write_text(CODEBOOK, encoding="utf-8")
    counts = _rows(read(save(grid, tmp_path / "answers.csv"), codebook)).counts
    expected = {"test": 0, "partial": 0} | {kind: 1}
    assert {one: counts[one] for one in expected} == expected


def test_who_marks_rows_is_who_the_shapes_say() -> None:
    assert {tool.name for tool in TOOLS if tool.marks} == set(MARKING)
    marking = {shape.__name__ for shape, kinds in SHAPES.items() if kinds}
    assert set().union(*MARKING.values()) == marking


def test_no_tool_is_named_elsewhere_in_what_reads() -> None:
    folder = Path(str(tools.__file__)).parent
    others = [path for path in sorted(folder.glob("*.py")) if path.name != "tools.py"]
    assert len(others) > 3
    names = [word for tool in TOOLS for word in {tool.name, tool.name.replace(" ", "")}]
    # the forms that people speak of, and the words by which the entries know a file
    words = re.compile("|".join([*names, "Kobo", "ImportId", "submitdate", "lastpage", "record.id"]), re.I)
    for path in others:
        assert words.findall(path.read_text(encoding="utf-8")) == [], path.name
    assert words.findall((folder / "tools.py").read_text(encoding="utf-8"))
