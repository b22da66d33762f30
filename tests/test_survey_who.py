"""Who counts: each person once, and no row that is nobody's answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from survey_tools import CODEBOOK, Grid, Person, google, microsoft_forms, qualtrics_labels, save, save_xlsx

from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.read.exports import read
from alongside.survey.read.responses import Rows, _rows

Shape = Callable[[Sequence[Person]], Grid]


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return load(path)


def people(count: int) -> list[Person]:
    return [Person((n % 5, 1, 2, n // 5 % 5), n % 3, n % 2) for n in range(count)]


def rows(path: Path | Sequence[Path], codebook: Codebook) -> Rows:
    return _rows(read(path, codebook))


def put(grid: Grid, heading: str, *cells: object, heads: int = 1) -> Grid:
    """The grid with these cells below a heading."""
    at = next(row.index(heading) for row in grid[:heads] if heading in row)
    for row, cell in zip(grid[heads:], cells, strict=True):
        row[at] = cell
    return grid


# --- what is read of an id ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "heads", "heading", "time", "counted"),
    [
        (google, 1, "Email Address", "Timestamp", True),
        (microsoft_forms, 1, "ID", "Start time", True),
        (qualtrics_labels, 3, "ResponseId", "", False),
    ],
)
def test_each_person_has_a_mark_of_their_id_and_time_and_the_id_itself_is_not_kept(
    shape: Shape, heads: int, heading: str, time: str, counted: bool, tmp_path: Path, codebook: Codebook
) -> None:
    ids = [f"r{n:02}@example.org" for n in range(13)]
    grid = put(shape([*people(12), Person((None,) * 4, None, None, "blank")]), heading, *ids, heads=heads)
    if time:
        put(grid, time, *(f"2026-03-{n:02} 09:00:00" for n in range(1, 14)), heads=heads)
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    again = rows(save_xlsx([*grid[:heads], *grid[: heads - 1 : -1]], tmp_path / "b.xlsx"), codebook)
    assert found.people == len(found.ids) == len(found.times) == 12  # none for a row that is blank
    assert len(set(found.ids)) == 12 and "" not in found.ids
    assert again.ids == found.ids[::-1] and again.times == found.times[::-1]
    assert found.ids_counted is counted
    assert len(set(found.times)) == (12 if time else 1) and ("" in found.times) is not bool(time)
    assert not any("example" in one or "2026" in one for one in (*found.ids, *found.times))


def test_nobody_has_an_id_where_the_file_says_none(tmp_path: Path, codebook: Codebook) -> None:
    grid = [row[2:] for row in google(people(11))]
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert found.ids == found.times == ("",) * 11
    assert found.ids_counted is False
