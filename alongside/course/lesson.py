"""A lesson as one object: the only reader of notebooks.

    share_power = lesson("05-share-power")
    share_power.sections                     # names, minutes, cells
    [one.prompt for one in share_power.activities]

A notebook's code is read here and never run: a cell of a lesson is one verb of ours with plain values, so all that it
will show can be told from its text. What a page, a run sheet, a search or a check needs to know about a lesson, it asks
here. Everything is frozen. Whatever can't be used is an :class:`AlongsideError` that names the file and says what to do.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from alongside.course import session
from alongside.course.entry import Entry, among, line_of_two_versions, mistake, pick, shown, text_of
from alongside.course.place import ROOT
from alongside.course.shape import BREAK, MOST_WITHOUT_A_BREAK, OPENING
from alongside.errors import nearest
from alongside.folder import files
from alongside.words import say

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "FACILITATOR",
    "LAB_ONLY",
    "MARKS",
    "OFF_PAGES",
    "PAPER",
    "ActivityLine",
    "Cell",
    "Code",
    "Lesson",
    "Section",
    "exercise",
    "exercises",
    "lesson",
    "lessons",
    "open_notebook",
    "read_code",
    "read_lesson",
]

MARKS = (*(f"V{n}" for n in range(1, 13)), *(f"P{n}" for n in range(1, 13)), "H1", "H2")
"""The twelve values, the twelve practices and the two featured hacks."""

#: Tags of cells: for the person who leads; for JupyterLab alone; for a room with one shared device or with paper only.
FACILITATOR, LAB_ONLY, PAPER = "facilitator", "lab-only", frozenset({"rung-2", "rung-3"})
#: Cells with one of these are left out of learners' pages, before anything of them is run.
OFF_PAGES = frozenset({FACILITATOR, LAB_ONLY})

_HEADING = re.compile(r"^(#+)[ \t]+(.+?)\s*$", re.MULTILINE)
#: What IPython alone understands: %magic and !command.
_NO_PYTHON = re.compile(r"^\s*[%!].*$", re.MULTILINE)
#: Verbs whose words are kept elsewhere: what they are called with is a key.
_BY_KEY = frozenset({"scenario", "picture", "plan"})
_KEYS = frozenset({"keep_as", "beside"})
#: What an answer is kept by; nobody reads it.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# --- a code cell, read and never run ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """The one call of a code cell: which verb, with which words, and what else by name."""

    verb: str
    words: tuple[Any, ...]
    named: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Under what the answer is kept, or "" where none is."""
        return str(self.named.get("keep_as", ""))

    @property
    def prompt(self) -> str:
        """The question; of a story or a picture its key; "" where the verb takes no words."""
        return str(self.words[0]) if self.words else ""

    @property
    def texts(self) -> list[str]:
        """Everything that people read of it, except its key and what lies in data/."""
        if self.verb in _BY_KEY:
            return []
        values = [*self.words, *(value for name, value in self.named.items() if name not in _KEYS)]
        return [text for value in values for text in _texts_in(value)]


@dataclass(frozen=True, slots=True)
class Code:
    """What a code cell says. ``imports``: names from ``alongside``; ``line``: the call that it ends with, if its values
    are plain; ``ours``: nothing else stands in it; ``uses``: every name that it imports or mentions; ``broken``: the line,
    from 1, at which it is no Python any more, or 0."""

    imports: tuple[str, ...] = ()
    line: ActivityLine | None = None
    ours: bool = False
    uses: frozenset[str] = frozenset()
    broken: int = 0


@lru_cache(maxsize=2048)
def read_code(source: str) -> Code:
    """Read a code cell's text. Nobody may change what it returns."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return _not_ours(source)
    uses, imports = _uses(statements), list[str]()
    while statements and (names := _imports(statements[0])) is not None:
        imports += names
        statements.pop(0)
    line = _line(statements[-1]) if statements else None
    ours = not statements or (len(statements) == 1 and line is not None)
    return Code(tuple(imports), line, ours, uses)


def _not_ours(source: str) -> Code:
    """Of a cell that is no Python, only what its Python lines use."""
    try:
        return Code(uses=_uses(ast.parse(_NO_PYTHON.sub("", source)).body))
    except SyntaxError as error:
        return Code(broken=error.lineno or 1)


def _imports(statement: ast.stmt) -> list[str] | None:
    """The names of ``from alongside import …``; None for any other statement."""
    match statement:
        case ast.ImportFrom(module="alongside", level=0, names=names) if not any(one.asname for one in names):
            return [one.name for one in names]
    return None


def _line(statement: ast.stmt) -> ActivityLine | None:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=verb), args=words, keywords=named)):
            try:
                return ActivityLine(
                    verb,
                    tuple(ast.literal_eval(word) for word in words),
                    MappingProxyType({_name(word): ast.literal_eval(word.value) for word in named}),
                )
            except ValueError:
                return None
    return None


def _name(word: ast.keyword) -> str:
    if word.arg is None:
        raise ValueError  # **words are no plain values
    return word.arg


def _uses(statements: Iterable[ast.stmt]) -> frozenset[str]:
    found: set[str] = set()
    for node in (node for statement in statements for node in ast.walk(statement)):
        match node:
            case ast.Name(id=name):
                found.add(name)
            case ast.Attribute(attr=name):
                found.add(name)
            case ast.ImportFrom(module=str(module)):
                found |= {*module.split("."), *(one.name for one in node.names)}
            case ast.Import(names=names):
                found |= {part for one in names for part in one.name.split(".")}
    return frozenset(found)


def _texts_in(value: Any) -> list[str]:
    """All texts of a value, however deep. Names in a dictionary that are no ids are read by learners, too."""
    if isinstance(value, dict):
        value = [*(name for name in value if not _ID.fullmatch(str(name))), *value.values()]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts_in(one)]
    return [value] if isinstance(value, str) else []


# --- lessons ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook. ``kind`` is "markdown", "code" or "raw"; ``ran``: something that a run left behind is saved
    in it; ``hidden``: JupyterLab opens it with its code folded away."""

    id: str
    kind: str
    source: str
    tags: frozenset[str]
    ran: bool = False
    hidden: bool = False

    @property
    def facilitator(self) -> bool:
        """For the person who leads."""
        return FACILITATOR in self.tags

    @property
    def lab_only(self) -> bool:
        """For JupyterLab alone."""
        return LAB_ONLY in self.tags

    @property
    def on_pages(self) -> bool:
        """Whether learners' pages show it."""
        return not self.tags & OFF_PAGES

    @property
    def code(self) -> Code:
        """What it says as code; empty for any other kind of cell."""
        return read_code(self.source) if self.kind == "code" else Code()

    @property
    def line(self) -> ActivityLine | None:
        """The activity that it shows."""
        return self.code.line

    @property
    def headings(self) -> list[tuple[int, str]]:
        """(level, words) of each heading in it."""
        return _headings(self.source) if self.kind == "markdown" else []


@dataclass(frozen=True, slots=True)
class Section:
    """One H2 of a lesson, with its cells up to the next. ``room`` is (shortest, usual, longest) in minutes, ``alone``
    is minutes; ``steps``: how it is led. With steps, its shortest and usual minutes are theirs."""

    name: str
    room: tuple[int, int, int]
    alone: int
    cells: tuple[Cell, ...] = ()
    steps: tuple[session.Step, ...] = ()

    @property
    def activities(self) -> list[ActivityLine]:
        """What is asked in it, in order."""
        return _activities(self.cells)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A notebook of notebooks/ or exercises/: what ``metadata.alongside`` says of it, and its cells.

    ``session``: how it is led. Each of the course says so; None in a lesson that somebody only begins to write."""

    name: str
    number: int
    title: str
    promise: str
    objectives: tuple[str, ...]
    covers: tuple[str, ...]
    rests_on: tuple[str, ...]
    sections: tuple[Section, ...]
    group: tuple[int, int]
    needs: tuple[str, ...]
    touches: tuple[str, ...]
    survey: tuple[str, ...]
    scenario: str | None
    next: tuple[str, ...]
    reviewed_by: tuple[str, ...]
    session: session.Session | None
    cells: tuple[Cell, ...]
    path: Path
    widgets: bool = False  # whether the state of widgets is saved in it

    @property
    def folder(self) -> str:
        """ "notebooks" for a lesson, "exercises" for a group exercise."""
        return self.path.parent.name

    @property
    def room(self) -> tuple[int, int, int]:
        """All sections together in a room: (shortest, usual, longest) in minutes."""
        shortest, usual, longest = (sum(section.room[i] for section in self.sections) for i in range(3))
        return shortest, usual, longest

    @property
    def session_minutes(self) -> tuple[int, int, int]:
        """What a session takes: (shortest, usual, longest) in minutes, with the opening where there are steps, and with
        its breaks. The shortest goes without one where nobody sits too long for that."""
        before = OPENING if self.session and self.room[1] else 0
        rest = BREAK * self.session.breaks if self.session else 0
        shortest, usual, longest = (minutes + before for minutes in self.room)
        return shortest + (rest if shortest > MOST_WITHOUT_A_BREAK else 0), usual + rest, longest + rest

    @property
    def alone(self) -> int:
        """All sections together for one person, in minutes."""
        return sum(section.alone for section in self.sections)

    @property
    def activities(self) -> list[ActivityLine]:
        """What is asked, in order, without begin()."""
        return _activities(self.cells)

    @property
    def code_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def facilitator_cells(self) -> list[Cell]:
        """What the person who leads reads, in order."""
        return [cell for cell in self.cells if cell.facilitator]

    @property
    def headings(self) -> list[tuple[int, str]]:
        """(level, words) of each heading that learners read."""
        return [heading for cell in self.prose_cells() for heading in cell.headings]

    @property
    def reviewers(self) -> str:
        """Who reviewed it, or that no one has yet, in words."""
        return ", ".join(self.reviewed_by) or say("course.reviewed_by_no_one")

    def section(self, name: str) -> Section:
        """One section by its heading."""
        return pick(name, {one.name: one for one in self.sections}, "course.unknown_section")

    def prose_cells(self, without: Collection[str] = OFF_PAGES) -> list[Cell]:
        """The cells of Markdown, without those that have one of these tags."""
        return [cell for cell in self.cells if cell.kind == "markdown" and not cell.tags & set(without)]

    def prose(self, without: Collection[str] = OFF_PAGES) -> str:
        """The Markdown of these cells, as one text. What learners read, if nothing else is said."""
        return "\n\n".join(cell.source for cell in self.prose_cells(without))


def _activities(cells: Iterable[Cell]) -> list[ActivityLine]:
    return [cell.line for cell in cells if cell.line and cell.line.verb != "begin"]


def lessons(root: Path = ROOT) -> tuple[Lesson, ...]:
    """The lessons of notebooks/, by number."""
    return _all_of(root, "notebooks")


def exercises(root: Path = ROOT) -> tuple[Lesson, ...]:
    """The group exercises of exercises/, by number; each has the name of its lesson."""
    return _all_of(root, "exercises")


def lesson(name: str, root: Path = ROOT) -> Lesson:
    """One lesson by its file name without the ending."""
    return pick(name, {one.name: one for one in lessons(root)}, "course.unknown_lesson")


def exercise(name: str, root: Path = ROOT) -> Lesson:
    """One group exercise by its file name without the ending."""
    return pick(name, {one.name: one for one in exercises(root)}, "course.unknown_exercise")


def _all_of(root: Path, folder: str) -> tuple[Lesson, ...]:
    if not (root / folder).is_dir():
        raise mistake(f"{folder}/", "course.no_folder", folder=root)
    found = [read_lesson(path) for path in files(root / folder, "*.ipynb")]
    return tuple(sorted(found, key=lambda one: (one.number, one.name)))


# --- reading a file --------------------------------------------------------------------------------


def open_notebook(path: Path, *, without: Collection[str] = OFF_PAGES) -> NotebookNode:
    """A notebook to run and to draw, whoever wrote it: without the cells that have one of these tags, none of which is
    ever run. Raises :class:`AlongsideError` where it can't be read."""
    import nbformat  # takes a moment to load, and who only reads what lessons say doesn't need it

    try:
        notebook = nbformat.reads(text_of(path), as_version=4)
    except (ValueError, nbformat.ValidationError):
        raise mistake(shown(path), "course.no_notebook") from None
    notebook.cells = [
        cell for cell in notebook.cells if not set(cell.metadata.get("tags", ())) & set(without)
    ]
    return notebook


def read_lesson(path: Path) -> Lesson:
    """One lesson or exercise, its sections in the order in which the notebook has them."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read_lesson(path, changed)


@lru_cache(maxsize=256)
def _read_lesson(path: Path, changed: int) -> Lesson:
    """Read once for each time at which the file was ``changed``: every page names every lesson."""
    where = shown(path)
    notebook = _notebook(path, where)
    metadata = Entry(notebook["metadata"], f"{where}, metadata")
    if "alongside" not in metadata:
        raise mistake(where, "course.no_metadata")
    cells = tuple(map(_cell, notebook["cells"]))
    if cells and "evidence" in Entry(metadata["alongside"], where) and not any(cell.id for cell in cells):
        raise mistake(where, "course.no_ids")
    found = _lesson(
        Entry(
            metadata["alongside"],
            where,
            needs="number title promise objectives covers rests_on minutes group needs touches"
            " survey scenario next reviewed_by",
            may=session.NAMES,
        ),
        cells,
        path,
        widgets="widgets" in metadata,
    )
    number = re.match(r"\d+", path.name)
    if number and int(number[0]) != found.number:
        raise mistake(
            f'{where}, "number"', "course.other_number", expected=int(number[0]), found=found.number
        )
    return found


def _notebook(path: Path, where: str) -> Mapping[str, Any]:
    text = text_of(path)
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        if number := line_of_two_versions(text):
            raise mistake(say("course.at_line", where=where, number=number), "course.two_versions") from None
        place = say("course.at_line", where=where, number=error.lineno)
        raise mistake(place, "course.broken_notebook", problem=error.msg) from None
    found = Entry(notebook, where, needs="cells metadata nbformat nbformat_minor")
    for cell, address in found.numbered("cells", "course.at_cell"):
        Entry(cell, address, needs="cell_type source metadata", may="id outputs execution_count attachments")
        if not _is_whole(cell):
            raise mistake(address, "course.broken_cell")
    if found["nbformat"] != 4:
        raise mistake(where, "course.no_notebook")
    return found.value


def _is_whole(cell: Mapping[str, Any]) -> bool:
    """Whether text and tags have the shape that every program of notebooks gives them. A tag in any other is none, and
    a facilitator's cell would be everybody's."""
    metadata, source = cell["metadata"], cell["source"]
    if not isinstance(metadata, dict) or not isinstance(metadata.get("jupyter", {}), dict):
        return False
    lists = [metadata.get("tags", []), [source] if isinstance(source, str) else source]
    return all(isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists)


def _cell(cell: Mapping[str, Any]) -> Cell:
    return Cell(
        id=cell.get("id", ""),
        kind=cell["cell_type"],
        source="".join(cell["source"]),  # the file holds a cell's text as one string or as a list of lines
        tags=frozenset(cell["metadata"].get("tags", ())),
        ran=bool(cell.get("outputs")) or cell.get("execution_count") is not None,
        hidden=cell["metadata"].get("jupyter", {}).get("source_hidden") is True,
    )


def _lesson(entry: Entry, cells: tuple[Cell, ...], path: Path, widgets: bool) -> Lesson:
    fewest, most = entry.numbers("group", 2, "course.fewest_most")
    minutes = Entry(entry["minutes"], f'{entry.where}, "minutes"')
    sections = _sections(minutes, _by_heading(cells))
    covers = among(entry.texts("covers"), MARKS, f'{entry.where}, "covers"')
    led = session.read_session(
        entry,
        exercise=path.parent.name == "exercises",
        sections=[section.name for section in sections],
        cells=[cell.id for cell in cells],
        keys=_keys(cells),
        covers=covers,
    )
    if led:
        sections = tuple(_with_steps(section, led, minutes) for section in sections)
    return Lesson(
        name=path.stem,
        number=entry.number("number"),
        title=entry.text("title"),
        promise=entry.text("promise"),
        objectives=entry.texts("objectives"),
        covers=covers,
        rests_on=among(entry.texts("rests_on"), MARKS, f'{entry.where}, "rests_on"'),
        sections=sections,
        group=(fewest, most),
        needs=entry.texts("needs"),
        touches=entry.texts("touches"),
        survey=entry.texts("survey"),
        scenario=None if entry["scenario"] is None else entry.text("scenario"),
        next=entry.texts("next"),
        reviewed_by=entry.texts("reviewed_by"),
        session=led,
        cells=cells,
        path=path,
        widgets=widgets,
    )


def _keys(cells: Iterable[Cell]) -> list[str] | None:
    """What the activities are called by: the key of an answer, a story or a picture. None where a cell's code can't be
    read: that is the mistake to name then, and not a step whose activity seems to be missing."""
    cells = tuple(cells)
    if any(cell.kind == "code" and not cell.code.ours for cell in cells):
        return None
    return [line.key or line.prompt for line in _activities(cells)]


def _with_steps(section: Section, led: session.Session, minutes: Entry) -> Section:
    """A section with its steps, whose minutes stand in "minutes" as well: other tools read them there."""
    written, (shortest, usual) = section.room, led.minutes_of(section.name)
    if written[:2] != (shortest, usual):
        raise minutes.mistake(
            "course.minutes_of_steps",
            section=section.name,
            wanted=[shortest, usual, max(usual, written[2])],
            found=list(written),
        )
    return replace(section, steps=led.steps.get(section.name, ()))


def _headings(markdown: str) -> list[tuple[int, str]]:
    return [(len(mark[1]), mark[2]) for mark in _HEADING.finditer(markdown)]


def _by_heading(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The cells from each H2 to the next. What stands before the first belongs to none."""
    found: dict[str, list[Cell]] = {}
    own: list[Cell] = []
    for cell in cells:
        begins = [words for level, words in cell.headings if level == 2]
        for words in begins:
            own = found.setdefault(words, [])
            own.append(cell)
        if not begins:
            own.append(cell)
    return found


def _sections(minutes: Entry, cells: Mapping[str, Sequence[Cell]]) -> tuple[Section, ...]:
    """The headings say the order of the sections, because whoever saves a notebook through nbformat, as JupyterLab
    does, sorts its metadata by the alphabet."""
    found: dict[str, Section] = {}
    for name, entry in minutes.entries(needs="room alone"):
        shortest, usual, longest = entry.numbers("room", 3, "course.shortest_usual_longest")
        found[name] = Section(
            name, (shortest, usual, longest), entry.number("alone"), tuple(cells.get(name, ()))
        )
    if not cells:
        return tuple(found.values())
    for name in found:
        if name not in cells:
            raise minutes.mistake("course.no_heading", name=name, nearest=nearest(name, cells))
    for name in cells:
        if name not in found:
            raise minutes.mistake("course.no_minutes", name=name, example='{"room": [2, 3, 4], "alone": 1}')
    return tuple(found[name] for name in cells)
