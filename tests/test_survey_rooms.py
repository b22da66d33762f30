"""The survey's rooms: what may import what inside of it, and the one way of an export through them."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from types import FrameType

import pytest
from conftest import ROOT
from survey_tools import CODEBOOK, Person, google, save

from alongside import survey
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.rules import disclosure
from alongside.survey.show import report

SURVEY = Path(str(survey.__file__)).parent


def drawn() -> list[set[str]]:
    """The survey's floors as CONTRIBUTING draws them, from the ground up."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (drawing,) = re.findall(r"Inside `alongside/survey/` too:\n\n```\n(.*?)```", text, re.DOTALL)
    return [set(line.strip().split(" · ")) for line in reversed(drawing.splitlines())]


ROOMS = drawn()
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
BELOW = {"errors", "thresholds", "content", "folder", "paper", "theme"}
"""What the survey stands on."""


def files() -> dict[str, list[Path]]:
    """The survey's files by room; those at its top are rooms of their own. Its front door is in none."""
    rooms: dict[str, list[Path]] = {}
    for path in sorted(SURVEY.rglob("*.py")):
        if path != SURVEY / "__init__.py":
            rooms.setdefault(path.relative_to(SURVEY).parts[0].removesuffix(".py"), []).append(path)
    assert sum(map(len, rooms.values())) > 15
    return rooms


def imported(path: Path) -> set[str]:
    """Every name of the package that a file imports, wherever it stands in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written with their whole name"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "alongside"}


def rooms_of(path: Path) -> set[str]:
    return {name.split(".")[2] for name in imported(path) if name.startswith("alongside.survey.")}


def test_every_room_of_the_survey_has_its_floor() -> None:
    assert set(files()) == set(FLOOR)


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_inside_the_survey_imports_only_go_down(room: str) -> None:
    for path in files()[room]:
        for other in rooms_of(path) - {room}:
            assert other in FLOOR, f"{path.name} imports {other} by the front door and not by its room"
            assert FLOOR[other] < FLOOR[room], f"{path.name} imports {other}, which is not below it"


def test_no_room_of_the_survey_is_a_circle_in_itself() -> None:
    for paths in files().values():
        names = {".".join(path.relative_to(SURVEY).with_suffix("").parts): path for path in paths}
        needs = {
            name: {
                other
                for other in names
                if other != name
                and any(f"{one}.".startswith(f"alongside.survey.{other}.") for one in imported(path))
            }
            for name, path in names.items()
        }
        assert set(TopologicalSorter(needs).static_order()) == set(names)  # raises at a circle


def test_the_survey_stands_on_the_lowest_floors_alone() -> None:
    outside = {
        name.split(".")[1]
        for paths in files().values()
        for path in paths
        for name in imported(path)
        if not name.startswith("alongside.survey")
    }
    assert outside and outside <= BELOW


# --- one way through -----------------------------------------------------------------------------------


def entered(work: Callable[[], object]) -> Counter[str]:
    """How often each file of the survey is come into from another one while something is done."""
    seen: Counter[str] = Counter()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        name, back = frame.f_code.co_filename, frame.f_back
        if name.startswith(str(SURVEY)) and back is not None and back.f_code.co_filename != name:
            seen[str(Path(name).relative_to(SURVEY))] += 1

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return seen


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return load(path)


def export(path: Path, people: int) -> Path:
    answers = [
        Person((n % 5, (n // 2) % 5, (n // 3) % 5, n * 7 % 5), n % 3, n // 5 % 3) for n in range(people)
    ]
    return save(google(answers), path)


def test_the_rules_are_come_into_once_on_the_way_of_one_export(tmp_path: Path, codebook: Codebook) -> None:
    shown = []

    def way() -> None:
        release = survey.release(survey.read(export(tmp_path / "answers.csv", 60), codebook))
        shown.append(report.page(release, codebook))

    seen = entered(way)
    assert "What we see" in shown[0]
    assert seen["read/files.py"] > 1 and seen["rules/audit.py"] > 1  # so the count does count
    assert seen["rules/disclosure.py"] == 1


def test_the_rules_are_come_into_once_for_late_answers_too(tmp_path: Path, codebook: Codebook) -> None:
    book = replace(codebook, about={}, path=None)
    first = survey.release(survey.read(export(tmp_path / "first.csv", 40), book))
    late = survey.read(export(tmp_path / "late.csv", 90), book)
    kept = []
    seen = entered(lambda: kept.append(disclosure.release(late, [first])))
    assert kept[0].to_dict()["people"] == 90 and kept[0].to_dict() != first.to_dict()
    assert seen["rules/disclosure.py"] == 1
