"""`alongside survey check`: what was taken for what, for the owner alone, before anything is shown or remembered."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from survey_tools import CODEBOOK, ITEMS, Grid, Person, google, limesurvey_codes, qualtrics_labels, save

from alongside import cli

SECRET = "zq-quiet-heron"  # a person's words
PEOPLE = [Person((n % 5, (n + 1) % 5, 4 - n % 5, 3), n % 3, n % 3) for n in range(36)]


def run(home: Path, *words: str) -> tuple[int, str, str]:
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.chdir(home), redirect_stdout(said), redirect_stderr(complained):
        status = cli.main(["survey", *words])
    assert SECRET not in said.getvalue() + complained.getvalue()
    return status, said.getvalue(), complained.getvalue()


def check(home: Path) -> tuple[int, str, str]:
    """What ``check`` does. It never writes anything."""
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    ran = run(home, "check", "answers.csv", "--codebook", "codebook.yml")
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    return ran


def survey(home: Path, grid: Grid, codebook: str = CODEBOOK, heading_rows: int = 1) -> Path:
    for row in grid[heading_rows:]:
        row[-1] = f"{SECRET} told me"
    save(grid, home / "answers.csv")
    (home / "codebook.yml").write_text(codebook, encoding="utf-8")
    return home


def test_check_shows_headings_codes_rows_and_columns_and_remembers_nothing(tmp_path: Path) -> None:
    status, said, complained = check(survey(tmp_path, google(PEOPLE)))
    assert (status, complained) == (0, "")
    assert f'Question "{ITEMS[0]}": heading "How much do you agree? [{ITEMS[0]}]"' in said
    assert '4 means "Agree"' in said and 'A4 means "Agree"' in said and '98 means "no answer"' in said
    assert '2 means "Peer worker" (question "What is your role?")' in said
    assert "36 people’s answers count." in said
    assert '"Anything else?": not in the codebook' in said
    assert said.endswith("A report would go through. Nothing was shown, and nothing is remembered.\n")


FAULTS: dict[str, Callable[[Grid], object]] = {
    "a question without a heading": lambda grid: grid[0].__setitem__(4, "Else"),
    "an answer in other words": lambda grid: grid[5].__setitem__(4, SECRET),
    "a number that nothing explains": lambda grid: grid[5].__setitem__(4, "7"),
    "a code of a breakdown": lambda grid: grid[5].__setitem__(3, "9"),
    "no headings": lambda grid: grid.pop(0),
    "a row that is cut": lambda grid: grid.__setitem__(5, grid[5][:3]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_ends_with_the_reports_own_sentence_where_a_report_would_be_refused(
    fault: str, tmp_path: Path
) -> None:
    grid = google(PEOPLE)
    for row in grid[1:]:
        row[1], row[-1] = f"{SECRET}@example.org", f"{SECRET} told me"
    FAULTS[fault](grid)
    save(grid, tmp_path / "answers.csv")
    (tmp_path / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    status, _, complained = check(tmp_path)
    refused, _, sentence = run(
        tmp_path, "report", "answers.csv", "--codebook", "codebook.yml", "--to", "report"
    )
    assert (status, complained) == (refused, sentence) and status == 2 and sentence.endswith(".\n")
    assert not (tmp_path / "report").exists() and not list(tmp_path.glob("*.released.json"))


def test_what_fits_is_shown_where_a_question_has_no_heading_and_the_nearest_is_named(tmp_path: Path) -> None:
    grid = google(PEOPLE)
    grid[0][4] = "We greet people by their names as they come in"
    status, said, complained = check(survey(tmp_path, grid))
    near = 'Is it "We greet people by their names as they come in"?'
    assert f'Question "{ITEMS[0]}": no heading fits. {near}' in said and near in complained and status == 2
    assert f'Question "{ITEMS[1]}": heading "How much do you agree? [{ITEMS[1]}]"' in said


def test_a_late_answer_is_refused_by_check_as_by_report(tmp_path: Path) -> None:
    survey(tmp_path, google(PEOPLE))
    words = ("answers.csv", "--codebook", "codebook.yml", "--to", "report")
    assert run(tmp_path, "report", *words)[0] == 0
    assert check(tmp_path)[0] == 0, "the same once more goes through"
    survey(tmp_path, google([*PEOPLE, PEOPLE[0]]))
    status, _, complained = check(tmp_path)
    refused, _, sentence = run(tmp_path, "report", *words)
    assert (status, complained) == (refused, sentence) and status == 2


RESPELLED = {
    "a word more": ("I am a peer worker", "Peer worker"),
    "a slip": ("Pear worker", "Peer worker"),
    "another ending": ("Peer workers", "Peer worker"),
    "a code with a slip": ("peer_workr", "Peer worker"),
    "something else": ("Cook", ""),
}


@pytest.mark.parametrize("how", RESPELLED)
@pytest.mark.parametrize("people", [3, 12])
def test_who_gave_an_answer_that_the_codebook_lacks_is_told_from_the_minimum_up_with_the_nearest_spelling(
    how: str, people: int, tmp_path: Path
) -> None:
    written, near = RESPELLED[how]
    grid = google(PEOPLE)
    changed = [row for row in grid[1:] if row[2] == "Peer worker"][:people]
    assert len(changed) == people
    for row in changed:
        row[2] = written
    survey(tmp_path, grid)
    status, said, _ = check(tmp_path)
    (line,) = [line for line in said.splitlines() if "Another answer" in line]
    count = "12 people gave" if people == 12 else "some people, too few to say how many, gave"
    assert f'Question "What is your role?": {count} an answer that is not in the codebook' in line
    assert (f'spelled most like "{near}"' in line) if near else ("spelled most like" not in line)
    assert written not in said and status == 0
    reported = run(tmp_path, "report", "answers.csv", "--codebook", "codebook.yml", "--to", "report")
    assert line in reported[2], "the report's owner is told too"


def test_rows_that_a_tool_marks_are_told_by_its_column_from_the_minimum_up(tmp_path: Path) -> None:
    tests = [Person((0, 0, 0, 0), 0, 0, "test")] * 12
    partial = [Person((0, 0, 0, 0), 0, 0, "partial")] * 3
    _, said, _ = check(survey(tmp_path, qualtrics_labels([*PEOPLE, *tests, *partial]), heading_rows=3))
    assert 'Rows left out by the column "Status / Response Type", as test: 12 rows' in said
    assert 'Rows left out by the column "Finished", as partial: some, too few to say how many' in said
    assert "36 people’s answers count." in said


def test_of_fewer_people_than_the_minimum_no_number_is_told(tmp_path: Path) -> None:
    status, said, _ = check(survey(tmp_path, google(PEOPLE[:7])))
    assert status == 0 and "Too few people’s answers count to say how many" in said and "7 people" not in said


def test_a_breakdown_that_could_not_be_read_is_told_to_the_owner_and_the_page_says_nothing_of_it(
    tmp_path: Path,
) -> None:
    grid = google(PEOPLE)
    grid[0][3] = "Which place?"
    survey(tmp_path, grid)
    _, said, _ = check(tmp_path)
    assert (
        'Question "Which site?": no heading fits.' in said and '"Which site?": no heading fits this' in said
    )
    assert run(tmp_path, "report", "answers.csv", "--codebook", "codebook.yml", "--to", "report")[0] == 0
    assert '"left_out": []' in (tmp_path / "report" / "tables.json").read_text(encoding="utf-8")
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert page.count("Which site?") <= 1, "that it was asked is said, and no more"


def test_codes_of_limesurvey_are_shown_with_what_the_codebook_says_of_them(tmp_path: Path) -> None:
    status, said, _ = check(survey(tmp_path, limesurvey_codes(PEOPLE)))
    assert status == 0 and 'A1 means "Strongly disagree"' in said and 'heading "prac[SQ001]"' in said
