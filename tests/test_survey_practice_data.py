"""The invented answers for practice: they say so, they are what the script makes, and they can be read."""

from __future__ import annotations

import csv
import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
import yaml

from alongside.course.place import ROOT
from alongside.survey.ask import codebook
from alongside.survey.read.exports import read
from alongside.survey.read.responses import _rows

FOLDER = ROOT / "data" / "practice"
SURVEYS = {
    "14-people": (14, "csv"),
    "60-people-spring": (60, "csv"),
    "60-people-fall": (60, "csv"),
    "network-of-400": (400, "xlsx"),
}
each_survey = pytest.mark.parametrize("name", SURVEYS)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_practice_answers", ROOT / "data" / "make_practice_answers.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for their module there
    spec.loader.exec_module(module)
    return module


def answers(name: str) -> Path:
    return FOLDER / f"invented-{name}.{SURVEYS[name][1]}"


def book(name: str) -> Path:
    return FOLDER / f"codebook-{name}.yml"


def table(held: bytes, ending: str) -> list[list[Any]]:
    """The cells of a file; a workbook's bytes also say when it was written."""
    if ending == "xlsx":
        return [
            list(row)
            for row in openpyxl.load_workbook(io.BytesIO(held)).worksheets[0].iter_rows(values_only=True)
        ]
    text = held.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if '";"' in text else ","))


def test_the_files_are_what_the_script_makes(script: ModuleType) -> None:
    made = script.files()
    # beside a codebook a report remembers what it showed, so other files may stand here
    there = {path.name for path in FOLDER.iterdir() if path.suffix in (".yml", ".csv", ".xlsx", ".md")}
    assert there == set(made)
    for name, held in made.items():
        found = (FOLDER / name).read_bytes()
        if name.endswith(".xlsx"):
            assert table(found, "xlsx") == table(held, "xlsx"), name
        else:
            assert found == held, f"{name}: run data/make_practice_answers.py"


@each_survey
def test_a_file_says_that_it_is_invented_in_its_name_its_first_heading_and_every_row(name: str) -> None:
    assert answers(name).name.startswith("invented-")
    heads, *rows = table(answers(name).read_bytes(), SURVEYS[name][1])
    assert heads[0] == "All answers in this file are invented, for practice only"
    assert len(rows) == SURVEYS[name][0]
    assert {row[0] for row in rows} == {"invented"}
    assert "(invented answers)" in codebook.load(book(name)).title


def test_the_readme_names_every_file_and_says_that_all_is_invented() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "**Everything here is invented.**" in text
    for name in SURVEYS:
        assert f"`{answers(name).name}`" in text and f"`{book(name).name}`" in text


@each_survey
def test_practice_answers_are_read_whole(name: str, script: ModuleType) -> None:
    rows = _rows(read(answers(name), book(name)))
    people, _ = SURVEYS[name]
    assert rows.people == people
    assert dict(rows.counts) | {"duplicated": 0} == {
        "read": people, "blank": 0, "test": 0, "partial": 0, "duplicated": 0,
    }  # fmt: skip
    assert rows.codebook.headcount and rows.codebook.headcount > people
    assert len(rows.about_names) == len(rows.codebook.about)  # none was taken for an identifier
    assert all("Another answer" not in labels for labels in rows.about_names.values())
    (made,) = [one for one in script.SURVEYS if one.name == name]
    _, *expected = script.answered(made, yaml.safe_load(script.codebook(made)))
    scale = rows.codebook.scale
    for found, person in zip(rows.answers.tolist(), expected, strict=True):
        assert found == [scale.index(one) if one in scale else -1 for one in person[: len(found)]]


def test_a_network_has_four_breakdowns_and_a_program_three() -> None:
    assert len(codebook.load(book("network-of-400")).about) == 4
    assert len(codebook.load(book("60-people-spring")).about) == 3


def test_two_waves_are_one_survey_with_two_names_of_a_wave() -> None:
    spring, fall = codebook.load(book("60-people-spring")), codebook.load(book("60-people-fall"))
    assert (spring.title, spring.items, spring.about) == (fall.title, fall.items, fall.about)
    assert spring.wave != fall.wave


def test_every_other_set_is_a_survey_of_its_own() -> None:
    titles = {codebook.load(book(name)).title for name in SURVEYS}
    assert len(titles) == 3


@each_survey
def test_the_questions_for_practice_are_the_ones_that_staff_are_asked(name: str) -> None:
    staff = codebook.load(ROOT / "data" / "survey-staff.yml")
    assert codebook.load(book(name)).items == staff.items
