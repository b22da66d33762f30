"""A lesson or an exercise with its cells and the activity of each code cell, read and never run."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alongside import course as content
from alongside.course import Lesson
from alongside.course.plain import plain_text
from alongside.course.shape import Shape, shape_of
from alongside.errors import AlongsideError
from alongside.words import say

__all__ = ["Call", "Cell", "Notebook", "by_section", "calls_of", "headings", "open_notebook"]


@dataclass(frozen=True)
class Cell:
    id: str
    kind: str
    source: str
    tags: frozenset[str]
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One activity of a code cell."""

    name: str
    cell: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        return str(self.arguments[0]) if self.arguments else ""


@dataclass(frozen=True)
class Notebook:
    name: str  # "notebooks/05-share-power"
    raw: Mapping[str, Any]
    cells: tuple[Cell, ...]
    calls: tuple[Call, ...]  # without begin()
    lesson: Lesson
    shape: Shape

    @property
    def file(self) -> str:
        return f"{self.name}.ipynb"

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
    def prompts(self) -> list[str]:
        """Everything that an activity says: all texts of its call but its keys."""
        return [text for call in self.calls for text in spoken(call)]


def open_notebook(path: Path) -> Notebook:
    """Read one notebook of notebooks/ or exercises/. Raises AlongsideError where it can't be read."""
    lesson = content.read_lesson(path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    cells = tuple(
        Cell(
            cell.get("id") or f"number {number}",
            cell["cell_type"],
            "".join(cell["source"]),
            frozenset(cell["metadata"].get("tags", ())),
            cell,
        )
        for number, cell in enumerate(raw["cells"], start=1)
    )
    name = f"{path.parent.name}/{path.stem}"
    try:
        calls = tuple(
            call
            for cell in cells
            if cell.kind == "code"
            for call in _calls(cell, f"{name}.ipynb")
            if call.name != "begin"
        )
    except RecursionError:  # brackets within brackets, some hundred deep
        raise AlongsideError(say("course.code_unread", file=f"{name}.ipynb", cell="?")) from None
    return Notebook(name, raw, cells, calls, lesson, shape_of(path.parent.name, path.stem))


def _calls(cell: Cell, file: str) -> list[Call]:
    try:
        return calls_of(cell)
    except (SyntaxError, ValueError):
        raise AlongsideError(say("course.code_unread", file=file, cell=cell.id)) from None


def calls_of(cell: Cell) -> list[Call]:
    """The calls of a code cell. Raises SyntaxError or ValueError where it holds more than calls with plain values."""
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
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []


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
