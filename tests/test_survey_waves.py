"""Rule 8 for whoever means no harm: the same wave a second time by a way around the file, and another wave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook
from alongside.survey.read.responses import Rows, _responses
from alongside.survey.rules import releases
from alongside.survey.rules.disclosure import Release, release
from tests.survey_made import book, made

KEEP = "Keep the first report"


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    return book(tmp_path, about=None)


def shown(codebook: Codebook, people: int, crowd: int = 0) -> Release:
    """What may be shown when this many answered, the first of a crowd always the same."""
    answers = np.random.default_rng(crowd).integers(0, 5, (90, len(codebook.items)), np.int8)[:people]
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
    releases.remember(shown(other, 26, crowd=1), other)
    assert shown(other, 26, crowd=1).to_dict()["people"] == 26


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


# --- another wave of the same survey -----------------------------------------------------------------


@pytest.fixture
def spring(tmp_path: Path) -> Codebook:
    return book(tmp_path)


def in_fall(spring: Codebook, **more: Any) -> Codebook:
    """The next wave, in a codebook of its own beside the first one."""
    return replace(named(spring, "survey-2.yml"), wave="2026 fall", **more)


def breakdowns(shown: Release) -> set[str | None]:
    return {one["by"] for one in shown.to_dict()["tables"]} - {None}


def test_a_second_wave_in_a_codebook_of_its_own_shows_everyone_together_only(spring: Codebook) -> None:
    assert breakdowns(made(in_fall(spring), 60)) == {"role", "site"}, "nothing was shown yet"
    releases.remember(made(spring, 60), spring)
    for title in (spring.title, f" {spring.title.upper()} "):
        second = made(in_fall(spring, title=title), 60)
        assert not breakdowns(second) and second.to_dict()["tables"]


def test_the_first_waves_report_comes_out_again_after_the_second_wave(spring: Codebook) -> None:
    for fall in (replace(spring, wave="2026 fall"), in_fall(spring)):
        first = made(spring, 60)
        releases.remember(first, spring)
        releases.remember(made(fall, 60), fall)
        assert breakdowns(first) and made(spring, 60).to_dict() == first.to_dict()
        with pytest.raises(AlongsideError, match=KEEP):
            made(spring, 61)
        releases.remember(made(spring, 60), spring)
        again = made(fall, 60)
        assert not breakdowns(again) and again.to_dict() == made(fall, 60).to_dict()
        for path in sorted(spring.path.parent.glob("*.released.json")) if spring.path else ():
            path.unlink()


def test_a_small_first_wave_gains_no_breakdown_by_being_reported_again(spring: Codebook) -> None:
    releases.remember(made(spring, 25), spring)
    releases.remember(made(in_fall(spring), 60), in_fall(spring))
    assert made(spring, 25).to_dict() == made(replace(spring, path=None), 25).to_dict()
    late = made(spring, 60)
    assert not breakdowns(late)


def test_another_wave_that_was_shown_meanwhile_stops_what_shows_groups(spring: Codebook) -> None:
    fall = in_fall(spring)
    one, other = made(spring, 60), made(fall, 60)
    releases.remember(one, spring)
    with pytest.raises(AlongsideError, match="Another wave of this survey was shown meanwhile"):
        releases.remember(other, fall)
    releases.remember(made(fall, 60), fall)
    releases.remember(one, spring)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda _: "",
        lambda _: "[1, 2]",
        lambda _: '{"alongside": 1, "title": 5, "check": "x", "releases": []}',
        lambda text: text.replace("2026 fall", "2026 winter"),
    ],
)
def test_a_damaged_file_of_another_survey_does_not_stop_a_second_wave(
    spring: Codebook, spoil: Callable[[str], str]
) -> None:
    other = in_fall(spring, title="Another survey")
    releases.remember(made(other, 60), other)
    path = releases.place(other)
    assert path
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    (path.parent / "a folder.released.json").mkdir()
    releases.remember(made(spring, 60), spring)
    assert breakdowns(made(spring, 60)) == {"role", "site"}


def test_other_surveys_of_the_folder_take_no_breakdowns_away(spring: Codebook) -> None:
    other = in_fall(spring, title="Another survey")
    releases.remember(made(other, 60), other)
    assert breakdowns(made(spring, 60)) == {"role", "site"}
