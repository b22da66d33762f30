"""The same wave a second time, by a way around the file that remembers: rule 8 for whoever means no harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alongside.errors import AlongsideError
from alongside.survey import releases
from alongside.survey.codebook import Codebook
from alongside.survey.disclosure import Release, release
from alongside.survey.responses import Rows, _responses
from tests.survey_made import book

KEEP = "Keep the first report"


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    return book(tmp_path, about=None)


def shown(codebook: Codebook, people: int) -> Release:
    """What may be shown when this many answered, the first of them always the same."""
    answers = np.random.default_rng(0).integers(0, 5, (90, len(codebook.items)), np.int8)[:people]
    nothing = np.zeros((people, 0), np.int16)
    counts = {"read": people, "blank": 0, "test": 0, "partial": 0, "duplicated": 0}
    return release(_responses(Rows(codebook, people, answers, nothing, {}, counts, ())))


def named(codebook: Codebook, name: str) -> Codebook:
    assert codebook.path
    return replace(codebook, path=codebook.path.with_name(name))


def test_a_renamed_or_copied_codebook_remembers_what_was_released(codebook: Codebook) -> None:
    releases.remember(shown(codebook, 25), codebook)
    copied = named(codebook, "a copy.yml")
    with pytest.raises(AlongsideError, match=KEEP):
        shown(copied, 26)
    again = shown(copied, 25)
    releases.remember(again, copied)
    assert again.to_dict() == shown(codebook, 25).to_dict()


def test_another_survey_of_the_folder_is_not_in_the_way(codebook: Codebook) -> None:
    other = replace(named(codebook, "other.yml"), title="Another survey")
    releases.remember(shown(codebook, 25), codebook)
    releases.remember(shown(other, 26), other)
    assert shown(other, 26).to_dict()["people"] == 26


@pytest.mark.parametrize("wave", ["2026  spring", "2026 Spring", "2026-spring", " 2026 spring."])
def test_a_wave_that_is_written_in_another_way_is_the_same_wave(codebook: Codebook, wave: str) -> None:
    releases.remember(shown(codebook, 25), codebook)
    with pytest.raises(AlongsideError, match=KEEP):
        shown(replace(codebook, wave=wave), 26)


def test_two_reports_that_are_made_at_once_are_not_both_shown(codebook: Codebook) -> None:
    one, other = shown(codebook, 25), shown(codebook, 26)
    releases.remember(one, codebook)
    with pytest.raises(AlongsideError, match=KEEP):
        releases.remember(other, codebook)
    releases.remember(one, codebook)
    assert shown(codebook, 25).to_dict() == one.to_dict()


def test_many_late_answers_are_kept_after_the_first_report_and_nothing_after_them(codebook: Codebook) -> None:
    releases.remember(shown(codebook, 40), codebook)
    late = shown(codebook, 80)
    third = shown(replace(codebook, path=None), 60)
    releases.remember(late, codebook)
    with pytest.raises(AlongsideError, match=KEEP):
        releases.remember(third, codebook)
    assert shown(codebook, 80).to_dict() == late.to_dict()


def test_a_file_that_is_being_written_by_another_report_is_waited_for(codebook: Codebook) -> None:
    one, path = shown(codebook, 25), releases.place(codebook)
    assert path
    taken = path.with_name(f"{path.name}.new")
    taken.touch()
    with pytest.raises(AlongsideError, match="Another report of this survey is being made"):
        releases.remember(one, codebook)
    assert taken.exists() and not path.exists()
    taken.unlink()
    releases.remember(one, codebook)
    assert path.exists() and not taken.exists()
