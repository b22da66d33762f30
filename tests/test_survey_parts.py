"""The same answers in another form are the same release: in parts, in another order, with groups of other names."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from survey_tools import (
    CODEBOOK,
    Grid,
    Person,
    google,
    kobo_labels,
    limesurvey_codes,
    qualtrics_labels,
    qualtrics_values,
    save,
    save_xlsx,
)

from alongside.errors import AlongsideError
from alongside.survey import read, release
from alongside.survey.ask.codebook import Codebook, load


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return replace(load(path), path=None)


def people(count: int = 60) -> list[Person]:
    chance = random.Random(5)
    return [
        Person(
            (*(chance.choice((1, 2, 3, 3, 4)) for _ in range(4)),), chance.randrange(3), chance.randrange(2)
        )
        for _ in range(count)
    ]


def shown(codebook: Codebook, *paths: Path) -> dict[str, Any]:
    found = release(read(paths[0] if len(paths) == 1 else paths, codebook))
    return {**found.to_dict(), "rows": found.notes["rows"]}


def numbered(grid: Grid, heads: int = 1) -> Grid:
    """The same export with a number in each row, as every tool writes one."""
    return [["No." if at < heads else str(at), *row] for at, row in enumerate(grid)]


@pytest.mark.parametrize(
    ("shape", "heads"), [(google, 1), (qualtrics_labels, 3), (kobo_labels, 1), (limesurvey_codes, 1)]
)
@pytest.mark.parametrize("cut", [1, 7, 30, 59])
def test_an_export_in_parts_is_released_as_one_file(
    shape: Callable[[list[Person]], Grid], heads: int, cut: int, tmp_path: Path, codebook: Codebook
) -> None:
    grid = numbered(shape(people()), heads)
    whole = shown(codebook, save(grid, tmp_path / "whole.csv"))
    assert {one["by"] for one in whole["tables"]} == {None, "role", "site"}
    one = save(grid[: heads + cut], tmp_path / "one.csv")
    other = save_xlsx([*grid[:heads], *grid[heads + cut :]], tmp_path / "other.xlsx")
    assert shown(codebook, one, other) == shown(codebook, other, one) == whole


def test_parts_may_have_their_columns_in_another_order(tmp_path: Path, codebook: Codebook) -> None:
    grid = numbered(google(people()))
    whole = shown(codebook, save(grid, tmp_path / "whole.csv"))
    one = save(grid[:31], tmp_path / "one.csv")
    other = save([row[::-1] for row in [grid[0], *grid[31:]]], tmp_path / "other.csv")
    assert shown(codebook, one, other) == whole


def test_shuffled_rows_are_the_same_release(tmp_path: Path, codebook: Codebook) -> None:
    grid = google(people())
    whole = shown(codebook, save(grid, tmp_path / "whole.csv"))
    for seed in range(3):
        rest = random.Random(seed).sample(grid[1:], len(grid) - 1)
        assert shown(codebook, save([grid[0], *rest], tmp_path / "turned.csv")) == whole


def test_groups_of_other_names_have_the_same_numbers(tmp_path: Path, codebook: Codebook) -> None:
    names = {
        "Outreach": "Zebra",
        "Peer worker": "Apple",
        "Nurse": "Middle",
        "North": "Ypsilon",
        "Montréal": "Beta",
    }
    path, words = tmp_path / "renamed.yml", yaml.safe_load(CODEBOOK)
    for about in words["about"].values():
        about["answers"] = {names.get(key, key): spelled for key, spelled in about["answers"].items()}
    path.write_text(yaml.safe_dump(words, sort_keys=False), encoding="utf-8")
    grid = google(people())
    renamed = [[names.get(str(cell), cell) for cell in row] for row in grid]
    assert renamed != grid
    whole = shown(codebook, save(grid, tmp_path / "whole.csv"))
    for table in whole["tables"]:
        for group in table["groups"]:
            group["name"] = names.get(group["name"], group["name"])
    assert shown(replace(load(path), path=None), save(renamed, tmp_path / "renamed.csv")) == whole


# --- the same people twice ---------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 5])
def test_a_file_and_a_later_export_of_it_do_not_make_a_crowd(
    more: int, tmp_path: Path, codebook: Codebook
) -> None:
    grid = numbered(google(people(6 + more)))
    one, other = save(grid[:7], tmp_path / "one.csv"), save_xlsx(grid, tmp_path / "later.xlsx")
    with pytest.raises(AlongsideError, match="people would count twice"):
        read([one, other], codebook)
    with pytest.raises(AlongsideError, match="people would count twice"):
        read([one, one], codebook)


def test_the_same_people_as_words_and_as_numbers_do_not_make_a_crowd(
    tmp_path: Path, codebook: Codebook
) -> None:
    words = save(numbered(qualtrics_labels(people(8)), 3), tmp_path / "words.csv")
    codes = save(numbered(qualtrics_values(people(8)), 3), tmp_path / "codes.csv")
    with pytest.raises(AlongsideError, match="people would count twice"):
        read([words, codes], codebook)


def test_what_was_dropped_is_told_once_for_all_parts(tmp_path: Path, codebook: Codebook) -> None:
    grid = [
        [*row, "Notes" if at == 0 else "", "Notes" if at == 0 else ""]
        for at, row in enumerate(numbered(google(people())))
    ]
    whole = release(read(save(grid, tmp_path / "whole.csv"), codebook)).notes["columns_dropped"]
    one, other = save(grid[:31], tmp_path / "one.csv"), save([grid[0], *grid[31:]], tmp_path / "other.csv")
    assert release(read([one, other], codebook)).notes["columns_dropped"] == whole
    assert [each["column"] for each in whole].count("Notes") == 2


def test_one_row_in_common_is_enough_where_each_row_has_its_number(
    tmp_path: Path, codebook: Codebook
) -> None:
    grid = numbered(google(people()))
    one, other = save(grid[:31], tmp_path / "one.csv"), save([grid[0], *grid[30:]], tmp_path / "other.csv")
    with pytest.raises(AlongsideError, match=r"other\.csv: 1 id in it stands in another") as caught:
        read([one, other], codebook)
    assert "Agree" not in str(caught.value)


def test_one_row_in_common_is_enough_where_no_tool_gave_a_number(tmp_path: Path, codebook: Codebook) -> None:
    grid = numbered([row[2:] for row in google(people())])
    one, other = save(grid[:31], tmp_path / "one.csv"), save([grid[0], *grid[30:]], tmp_path / "other.csv")
    with pytest.raises(AlongsideError, match=r"other\.csv: it holds rows that stand in another"):
        read([one, other], codebook)


def test_people_who_answered_alike_on_paper_are_not_taken_for_one(tmp_path: Path, codebook: Codebook) -> None:
    grid = [row[2:] for row in google(people())]
    grid[2] = list(grid[1])
    same = [list(grid[1])]
    one, other = (
        save(grid[:31], tmp_path / "one.csv"),
        save([grid[0], *same, *grid[31:]], tmp_path / "other.csv"),
    )
    found = shown(codebook, one, other)
    assert found["people"] == 61


def test_no_file_at_all_is_a_plain_sentence(codebook: Codebook) -> None:
    with pytest.raises(AlongsideError, match="No file with answers was named"):
        read([], codebook)
