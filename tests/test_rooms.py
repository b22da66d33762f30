"""What may import what: CONTRIBUTING draws it, and the code keeps to the drawing.

The drawing is the only place where it stands. A block begins with a folder (``alongside/page/``, or
``alongside/page/*.js`` for its JavaScript); each line below is a floor, and each name a room: a module, or a folder with all
that is in it. A room imports from floors below its own and never from its own. Where a bar stands in a line, what is
left of it and what is right of it know nothing of each other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "alongside"
_JS_IMPORT = re.compile(r'^import\s[^;"]*from\s+"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Room:
    floor: int  # counted from above
    side: str  # "left" or "right" of a bar, or ""


@dataclass(frozen=True)
class Drawing:
    """One block: the rooms of a folder, of its Python (".py") or its JavaScript (".js")."""

    folder: Path
    kind: str
    rooms: Mapping[str, Room]

    def room_of(self, path: Path) -> str | None:
        """The room in which a file lies, if it is in this folder."""
        if not path.is_relative_to(self.folder):
            return None
        first, *deeper = path.relative_to(self.folder).parts
        if self.kind == ".js":
            return path.stem if path.suffix == ".js" and not deeper else None
        return first if deeper else path.stem if path.suffix == ".py" else None


def drawn(text: str) -> list[Drawing]:
    """The drawings of CONTRIBUTING's section."""
    section = text.partition("### What may import what\n")[2].partition("\n### ")[0]
    drawings: list[Drawing] = []
    for block in re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
        for part in re.split(r"\n(?=\S)", block.rstrip()):
            head, *floors = part.splitlines()
            folder, kind = (head[:-4], ".js") if head.endswith("*.js") else (head, ".py")
            rooms: dict[str, Room] = {}
            for number, line in enumerate(filter(str.strip, floors)):
                sides = ("left", "right") if "|" in line else ("",)
                for side, names in zip(sides, line.split("|"), strict=True):
                    for name in re.findall(r"[\w-]+", names):
                        assert name not in rooms, f"{head}: {name} is drawn twice"
                        rooms[name] = Room(number, side)
            drawings.append(Drawing(ROOT / folder, kind, rooms))
    return drawings


def files() -> list[Path]:
    paths = [path for kind in ("*.py", "*.js") for path in PACKAGE.rglob(kind)]
    assert len(paths) > 60
    return sorted(paths)


def imports(path: Path) -> set[Path]:
    """The files of the package that a file imports anywhere in it, also inside a function."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        return {(path.parent / name).resolve() for name in _JS_IMPORT.findall(text)}
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written with their whole name"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return {_file(name) for name in names if name.split(".")[0] == "alongside"}


def _file(name: str) -> Path:
    """The file of the longest part of a dotted name that is one."""
    parts = name.split(".")
    while parts:
        path = ROOT.joinpath(*parts)
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return file
        parts.pop()
    raise AssertionError(f"{name} is no module of the package")


DRAWINGS = drawn((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
IMPORTS = {path: imports(path) - {path} for path in files()}
each_drawing = pytest.mark.parametrize(
    "drawing", DRAWINGS, ids=lambda one: f"{one.folder.relative_to(ROOT).as_posix()}{one.kind}"
)


def wrong_ways(drawing: Drawing) -> list[str]:
    """The imports between rooms of a drawing that don't go down, or go over to the other side."""
    wrong: list[str] = []
    for path, needed in IMPORTS.items():
        for other in needed:
            here, there = drawing.room_of(path), drawing.room_of(other)
            if not here or not there or here == there:
                continue
            upper, lower = drawing.rooms[here], drawing.rooms[there]
            over = upper.side and lower.side and upper.side != lower.side
            if lower.floor <= upper.floor or over:
                wrong.append(f"{path.relative_to(ROOT)} imports {other.relative_to(ROOT)}")
    return wrong


def rooms_there(folder: Path, kind: str) -> set[str]:
    """The rooms that a folder has."""
    rooms = {path.stem for path in folder.glob(f"*{kind}")}
    if kind == ".py":
        rooms |= {path.name for path in folder.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    return rooms


@each_drawing
def test_every_room_is_drawn_and_every_drawn_room_is_there(drawing: Drawing) -> None:
    assert set(drawing.rooms) == rooms_there(drawing.folder, drawing.kind)


def test_every_folder_with_more_than_one_room_is_drawn() -> None:
    folders = {path.parent for path in files()} | {PACKAGE}
    needed = {
        (folder, kind) for folder in folders for kind in (".py", ".js") if len(rooms_there(folder, kind)) > 1
    }
    assert len(needed) > 5
    assert needed == {(drawing.folder, drawing.kind) for drawing in DRAWINGS}


@each_drawing
def test_imports_only_go_down_and_never_to_the_other_side(drawing: Drawing) -> None:
    assert wrong_ways(drawing) == []


def test_no_file_is_in_a_circle() -> None:
    order = list(TopologicalSorter(IMPORTS).static_order())  # raises where there is one
    assert set(order) == set(IMPORTS)


def test_the_survey_and_the_lessons_know_nothing_of_each_other() -> None:
    sides = {name: room.side for name, room in DRAWINGS[0].rooms.items()}
    assert sides["survey"] == "right"
    assert {sides[name] for name in ("surfaces", "activities", "pictures")} == {"left"}
    assert "survey" not in {
        DRAWINGS[0].room_of(other) for room in ("course", "page") for other in needed_by(room)
    }


def needed_by(room: str) -> set[Path]:
    return {
        other for path, needed in IMPORTS.items() if DRAWINGS[0].room_of(path) == room for other in needed
    }


def test_a_kind_of_activity_imports_the_page_and_never_the_other_way() -> None:
    kinds = [path for path in files() if path.suffix == ".js" and path.parent.name == "activities"]
    pages = [path for path in files() if path.suffix == ".js" and path.parent.name == "page"]
    assert len(kinds) > 5 and len(pages) > 10
    for path in kinds:
        assert "page" in {other.parent.name for other in IMPORTS[path]}, path.name
    for path in pages:
        assert {other.parent.name for other in IMPORTS[path]} <= {"page"}, path.name
    needing = {path.name for path in kinds + pages if PACKAGE / "page/main.js" in IMPORTS[path]}
    assert needing == {"after.js"}  # a page with something of its own, which begins as every page does


# --- the drawing can be wrong --------------------------------------------------------------------------


def test_two_floors_that_change_places_are_found() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    low = next(
        number for number, line in enumerate(lines) if re.fullmatch(r"\s+thresholds · words.*\n", line)
    )
    lines[low - 1], lines[low] = lines[low], lines[low - 1]
    assert [one for one in wrong_ways(drawn("".join(lines))[0]) if "alongside/errors.py" in one]


def test_an_import_over_the_bar_is_found() -> None:
    whole = DRAWINGS[0]
    assert whole.rooms["surfaces"].side == "left"
    moved = {**whole.rooms, "page": Room(whole.rooms["page"].floor, "right")}
    found = wrong_ways(Drawing(whole.folder, whole.kind, moved))
    assert found and all(re.search(r"^alongside/(surfaces|activities|pictures)/", one) for one in found)


def test_a_room_that_is_drawn_twice_is_found() -> None:
    with pytest.raises(AssertionError, match="drawn twice"):
        drawn("### What may import what\n\n```\nalongside/\n    cli\n    cli\n```\n")
