"""The one way of an export through the survey's rooms. What may import what there is held by ``test_rooms.py``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest
from survey_tools import CODEBOOK, Person, google, save

from alongside import survey
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.rules import disclosure
from alongside.survey.show import report

SURVEY = Path(str(survey.__file__)).parent


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
