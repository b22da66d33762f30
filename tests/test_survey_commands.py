"""`alongside survey …`: one line and exit status 0, or one sentence, exit status 2 and nothing half-written."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from survey_made import SCALE, entries

from alongside import cli, folder
from alongside.survey.rules import releases
from alongside.words import say

SECRET = "zq-quiet-heron"  # a person's words, wherever answers stand
NOTES = f"{SECRET} told me in the kitchen"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A survey owner's folder: a codebook and an export of 36 people."""
    save_codebook(tmp_path / "codebook.yml")
    save_answers(tmp_path / "answers.csv", rows(36))
    return tmp_path


def save_codebook(path: Path, **changes: object) -> Path:
    path.write_text(yaml.safe_dump(entries(**changes), sort_keys=False), encoding="utf-8")
    return path


def rows(people: int, good: int = 12) -> list[list[str]]:
    """Headings, and a row for each of so many people; ``good`` of them answer the first practice favorably."""
    items: dict[str, dict[str, str]] = entries()["items"]  # type: ignore[assignment]
    found = [
        [
            "E-mail",
            *[one["text"] for one in items.values()],
            "What is your role?",
            "Where do you work?",
            "Notes",
        ]
    ]
    for one in range(people):
        answers = [SCALE[3 if one % people < good + at else one % 3] for at in range(len(items))]
        role, site = ("outreach", "office")[one % 2], ("north", "south")[one // 2 % 2]
        found.append([f"{SECRET}{one}@example.org", *answers, role, site, NOTES])
    return found


def save_answers(path: Path, table: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(table)
    return path


def survey(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in this process, as typed in the owner's folder."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.chdir(home), redirect_stdout(said), redirect_stderr(complained):
        try:
            status = cli.main(["survey", *map(str, words)])
        except SystemExit as ended:  # --help
            status = int(ended.code or 0)
    return subprocess.CompletedProcess(words, status, said.getvalue(), complained.getvalue())


def report(
    home: Path, *more: str, answers: str = "answers.csv", to: str = "report"
) -> subprocess.CompletedProcess[str]:
    return survey(home, "report", answers, "--codebook", "codebook.yml", "--to", to, *more)


def contents(place: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(place.rglob("*"))
    }


def assert_refused(ran: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit status 2 and one line of a sentence or two, without anybody's words."""
    assert (ran.returncode, ran.stdout) == (2, ""), (ran.returncode, ran.stdout, ran.stderr)
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert "Traceback" not in ran.stderr and SECRET not in ran.stderr
    assert ran.stderr.rstrip().endswith((".", "--help", "?")), ran.stderr
    for one in words:
        assert one in ran.stderr, ran.stderr


# --- report ----------------------------------------------------------------------------------------


def test_report_writes_three_files_and_says_where(home: Path) -> None:
    before = contents(home)
    ran = report(home)

    assert (ran.returncode, ran.stdout) == (
        0,
        "The report is in report. Open report/report.html.\n".replace("/", os.sep),
    )
    assert sorted(one.name for one in (home / "report").iterdir()) == [
        ".alongside-report.json", "report.html", "tables.csv", "tables.json",
    ]  # fmt: skip
    tables = json.loads((home / "report" / "tables.json").read_text(encoding="utf-8"))
    assert tables["people"] == 36 and len(tables["tables"]) > 6
    after = contents(home)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) - {name for name in after if name.startswith("report")} == {
        "codebook.released.json"
    }


def test_what_is_for_the_owner_is_printed_on_standard_error_alone(home: Path) -> None:
    table = rows(36)
    table[3:3] = [[""] * len(table[0])]
    table.append(table[5])
    save_answers(home / "answers.csv", table)
    twice = 37 - len({tuple(row[1:-1]) for row in table[1:] if any(row)})
    ran = report(home)

    assert ran.returncode == 0
    assert (
        f"Rows read: 38. Left out: 1 blank, 0 test, 0 partial. Duplicated, and kept: {twice}." in ran.stderr
    )
    assert "Column left out: E-mail" in ran.stderr and "Column left out: Notes" in ran.stderr
    assert SECRET not in ran.stderr + ran.stdout
    written = "".join(path.read_text("utf-8") for path in (home / "report").iterdir())
    for words in ("Notes", "E-mail", "uplicated", SECRET):
        assert words not in written


def test_a_heading_can_not_give_orders_to_a_terminal(home: Path) -> None:
    table = rows(36)
    table[0][-1] = "Notes\x1b[2J\x07 of\nthe day\u202e"
    save_answers(home / "answers.csv", table)
    ran = report(home)

    assert ran.returncode == 0
    line = next(one for one in ran.stderr.splitlines() if "Notes" in one)
    assert line.startswith("Column left out: Notes[2J of the day (")
    assert all(one.isprintable() for one in line)


def test_the_owner_hears_which_file_has_to_stay_beside_the_codebook_and_why(home: Path) -> None:
    told = report(home).stderr.splitlines()[-1]
    assert told.startswith(
        "Keep codebook.released.json beside the codebook: it remembers what was shown, so that "
    )
    assert (home / "codebook.released.json").exists()


def test_numbers_that_the_codebook_does_not_explain_are_refused_and_nothing_is_remembered(home: Path) -> None:
    table = [[str(SCALE.index(one) + 1) if one in SCALE else one for one in row] for row in rows(36)]
    save_answers(home / "answers.csv", table)
    before = contents(home)
    assert_refused(report(home), "the codebook doesn’t say what they mean")
    assert contents(home) == before
    meant = ", ".join(f"{number}: {point}" for number, point in enumerate(SCALE, start=1))
    with (home / "codebook.yml").open("a", encoding="utf-8") as file:
        file.write(f"numbers: {{{meant}}}\n")
    assert report(home).returncode == 0


def test_too_few_answers_are_a_report_and_exit_status_0(home: Path) -> None:
    save_answers(home / "answers.csv", rows(7))
    ran = report(home)

    assert ran.returncode == 0
    assert "too few answers to show" in (home / "report" / "report.html").read_text(encoding="utf-8")
    assert not (home / "codebook.released.json").exists() and "released.json" not in ran.stderr
    assert "7" not in ran.stdout


def test_a_second_report_replaces_the_first_with_the_same(home: Path) -> None:
    report(home)
    first = contents(home)
    assert report(home).returncode == 0
    assert contents(home) == first


def test_a_report_with_one_late_answer_is_refused_and_the_first_one_stays(home: Path) -> None:
    assert report(home).returncode == 0
    save_answers(home / "answers.csv", rows(37))
    before = contents(home)

    assert_refused(report(home), "Keep the first report")
    assert_refused(report(home, to="second"), "Keep the first report")
    assert contents(home) == before


def test_a_report_that_can_not_be_remembered_is_not_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(releases, "remember", full)
    before = contents(home)
    assert_refused(report(home), "No space left")
    assert contents(home) == before


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_is_stopped_before_it_is_seen_can_be_made_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException | type[BaseException]
) -> None:
    """Stopped between remembering and showing: the same report comes out, and another one does not."""

    def stopped(*_: object) -> None:
        raise stop

    with monkeypatch.context() as patched:
        patched.setattr(folder, "_swap", stopped)
        assert report(home).returncode in (2, 130)
    assert not (home / "report").exists()
    assert (home / "codebook.released.json").exists(), "on record before anybody could see it"

    assert report(home).returncode == 0
    save_answers(home / "answers.csv", rows(37))
    assert_refused(report(home, to="second"), "Keep the first report")


def test_ctrl_c_says_so_and_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alongside.survey.read import taken

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(taken, "taken", interrupted)
    before = contents(home)
    ran = report(home)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "Stopped. Nothing was changed.\n")
    assert contents(home) == before


def test_our_own_mistake_names_its_kind_and_quotes_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alongside.survey.rules import disclosure

    def broken(*_: object) -> None:
        raise ZeroDivisionError(NOTES)

    monkeypatch.setattr(disclosure, "release", broken)
    before = contents(home)
    ran = report(home)
    assert ran.returncode == 1 and "ZeroDivisionError" in ran.stderr
    assert SECRET not in ran.stderr and len(ran.stderr.splitlines()) == 1
    assert contents(home) == before


@pytest.mark.skipif(os.name != "posix", reason="not run: no such terminal here")
def test_a_terminal_is_told_how_far_it_is(home: Path) -> None:
    ours, theirs = os.openpty()
    ran = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "survey", "report", "answers.csv",
         "--codebook", "codebook.yml", "--to", "report"],
        cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=theirs, check=False,
    )  # fmt: skip
    os.close(theirs)
    told = os.read(ours, 10_000).decode().splitlines()
    os.close(ours)
    assert ran.returncode == 0
    assert told[:3] == ["Reading the answers …", "Working out what may be shown …", "Drawing the report …"]
    assert told[3] == "For you alone, and not for the report:"


# --- folders ---------------------------------------------------------------------------------------


def put_thesis(home: Path) -> None:
    (home / "report").mkdir()
    (home / "report" / "thesis.odt").write_text("years of work")


def put_file(home: Path) -> None:
    (home / "report").write_text("a file")


def put_another_commands_files(home: Path) -> None:
    assert survey(home, "form", "--codebook", "codebook.yml", "--to", "report").returncode == 0


def put_link(home: Path) -> None:
    (home / "elsewhere").write_text("somebody else's")
    (home / "report").mkdir()
    (home / "report" / "report.html").symlink_to(home / "elsewhere")
    (home / "report" / ".alongside-report.json").write_text('["report.html"]')


@pytest.mark.parametrize("put", [put_thesis, put_file, put_another_commands_files, put_link])
def test_only_files_of_its_own_are_replaced(home: Path, put: Callable[[Path], None]) -> None:
    put(home)
    before = contents(home)
    assert_refused(report(home), "report")
    assert contents(home) == before


def test_a_folder_is_looked_at_before_the_long_work(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alongside.survey.read import taken

    put_thesis(home)
    monkeypatch.setattr(taken, "taken", lambda *_, **__: pytest.fail("it read first"))
    assert_refused(report(home), "thesis.odt")


# --- what can't be used ----------------------------------------------------------------------------


def answers(change: Callable[[list[list[str]]], object], encoding: str = "utf-8") -> Callable[[Path], None]:
    def spoil(home: Path) -> None:
        table = rows(36)
        change(table)
        save_answers(home / "answers.csv", table, encoding)

    return spoil


def codebook(**changes: object) -> Callable[[Path], object]:
    return lambda home: save_codebook(home / "codebook.yml", **changes)


def write(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda home: (home / name).write_bytes(data)


def cell(row: int, column: int, words: str) -> Callable[[Path], None]:
    def change(table: list[list[str]]) -> None:
        table[row][column] = words

    return answers(change)


ITEMS: dict[str, dict[str, object]] = entries()["items"]  # type: ignore[assignment]
UNUSABLE: dict[str, Callable[[Path], object]] = {
    "no answers file": lambda home: (home / "answers.csv").unlink(),
    "answers are a folder": lambda home: ((home / "answers.csv").unlink(), (home / "answers.csv").mkdir()),
    "empty file": write("answers.csv", b""),
    "only spaces": write("answers.csv", b" \n \n"),
    "a picture": write("answers.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9),
    "zeros": write("answers.csv", bytes(4000)),
    "a PDF": write("answers.csv", b"%PDF-1.7\n" + SECRET.encode() * 40),
    "HTML": write("answers.csv", b"<!doctype html><html><body>" + SECRET.encode() + b"</body></html>"),
    "JSON": write("answers.csv", json.dumps({"words": SECRET}).encode()),
    "broken spreadsheet": lambda home: (home / "answers.csv").write_bytes(b"PK\x03\x04" + SECRET.encode() * 50),
    "an answer off the scale": cell(5, 1, SECRET),
    "a number off the scale": cell(5, 2, "77"),
    "a date in place of an answer": cell(5, 3, "2026-03-01"),
    "a formula in place of an answer": cell(5, 1, f"=HYPERLINK({SECRET})"),
    "a question is missing": answers(lambda table: [row.pop(3) for row in table]),
    "all questions are missing": answers(lambda table: table[0].__setitem__(slice(1, 7), list("abcdef"))),
    "one question twice": cell(0, 2, str(ITEMS["share_power_1"]["text"])),
    "no headings": answers(lambda table: table.pop(0)),
    "an open quotation mark": lambda home: (home / "answers.csv").write_text(
        (home / "answers.csv").read_text().replace(NOTES, f'"{NOTES}', 1)
    ),
    "no codebook": lambda home: (home / "codebook.yml").unlink(),
    "codebook is a folder": lambda home: ((home / "codebook.yml").unlink(), (home / "codebook.yml").mkdir()),
    "empty codebook": write("codebook.yml", b""),
    "codebook is no YAML": write("codebook.yml", b'title: "no end\n'),
    "codebook is a list": write("codebook.yml", b"- title\n"),
    "codebook in another encoding": write("codebook.yml", "title: Für alle".encode("utf-16")),
    "the answers as codebook": lambda home: (home / "answers.csv").replace(home / "codebook.yml"),
    "unknown entry": codebook(minimum_grup=10),
    "no title": codebook(title=None),
    "no scale": codebook(scale=None),
    "no items": codebook(items={}),
    "minimum of 3": codebook(minimum_group=3),
    "minimum of 7 without a head count": codebook(minimum_group=7),
    "minimum is a word": codebook(minimum_group="ten"),
    "head count of zero": codebook(headcount=0),
    "more answers than people": codebook(headcount=20),
    "favorable is off the scale": codebook(favorable=["Frequently"]),
    "a point is both": codebook(unfavorable=["Never", "Always"]),
    "an item of no practice": codebook(items={**ITEMS, "x": {"practice": "nothing", "text": "What?"}}),
    "five breakdowns": codebook(about={f"b{n}": {"text": f"B{n}?", "answers": {"A": ["a"]}} for n in range(5)}),
    "a bare No": write("codebook.yml", yaml.safe_dump(entries(scale=[False, "Rarely", "Often"])).encode()),
    "what was released is broken": write("codebook.released.json", b'{"alongside": 1'),
    "what was released is of another survey": write(
        "codebook.released.json", json.dumps({"alongside": 1, "title": "Another", "releases": []}).encode()
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_can_not_be_used_is_one_sentence_and_nothing_is_written(home: Path, kind: str) -> None:
    UNUSABLE[kind](home)
    before = contents(home)
    assert_refused(report(home))
    assert contents(home) == before


def test_at_least_forty_kinds_of_broken_inputs_are_tried() -> None:
    assert len(UNUSABLE) >= 40


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["rapport"], "rapport"),
        (["report"], "ANSWERS"),
        (["report", "answers.csv", "--to", "x"], "--codebook"),
        (["report", "answers.csv", "--codebook", "codebook.yml"], "--to"),
        (["report", "answers.csv", "--codebook", "codebook.yml", "--to", ""], "--to"),
        (
            ["report", "answers.csv", "--codebook", "codebook.yml", "--to", "x", "--protect", "no"],
            "--protect",
        ),
        (["report", "answers.csv", "--codebook", "codebook.yml", "--to", "x", "--sheet"], "--sheet"),
        (["report", "", "--codebook", "codebook.yml", "--to", "x"], "ANSWERS"),
        (["compare", "one", "--to", "x"], "LATER"),
        (["form", "--to", "x"], "--codebook"),
        (["draft", "answers.csv"], "--to"),
    ],
)
def test_a_request_that_can_not_be_used_is_one_sentence(home: Path, words: list[str], said: str) -> None:
    before = contents(home)
    assert_refused(survey(home, *words), said)
    assert contents(home) == before


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["form", "--help"],
        ["draft", "--help"],
        ["report", "--help"],
        ["withdraw", "--help"],
        ["compare", "--help"],
    ],
)
def test_help_says_the_exit_status_and_what_is_replaced(home: Path, words: list[str]) -> None:
    ran = survey(home, *words)
    told = " ".join(ran.stdout.split())
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Exit status: 0 done; 2 the input or the request can't be used" in told
    assert len(words) == 1 or re.search("--(to|codebook) (FOLDER|FILE)", told)
    if words[0] in ("form", "report", "compare"):
        assert "Only files that this command made are ever replaced" in told


# --- a sheet of a spreadsheet ----------------------------------------------------------------------


def test_sheet_says_which_one_where_there_are_several(home: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.title = "Cover"  # type: ignore[union-attr]
    workbook.active.append(["Nothing here"])  # type: ignore[union-attr]
    sheet = workbook.create_sheet("Answers")
    for row in rows(36):
        sheet.append(row)
    more = workbook.create_sheet("More answers")
    for row in rows(36):
        more.append(row)
    workbook.save(home / "answers.xlsx")

    assert_refused(report(home, answers="answers.xlsx"), "Answers", "More answers")
    assert_refused(report(home, "--sheet", "Anwsers", answers="answers.xlsx"), "Answers")
    assert report(home, "--sheet", "Answers", answers="answers.xlsx").returncode == 0


def test_a_spreadsheet_that_blows_up_is_one_sentence_for_a_report_and_for_a_draft(home: Path) -> None:
    with (
        zipfile.ZipFile(home / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as file,
        file.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(300):
            sheet.write(b" " * 1_000_000)
    assert (home / "bomb.xlsx").stat().st_size < 400_000
    before = contents(home)
    assert_refused(report(home, answers="bomb.xlsx"), "unpacks to far more")
    assert_refused(survey(home, "draft", "bomb.xlsx", "--to", "new.yml"), "unpacks to far more")
    assert contents(home) == before


# --- withdraw --------------------------------------------------------------------------------------


def test_a_report_is_taken_back_only_where_its_owner_says_that_nobody_has_seen_it(home: Path) -> None:
    assert report(home).returncode == 0
    before = contents(home)
    ran = survey(home, "withdraw", "--codebook", "codebook.yml")
    assert_refused(ran, "there is no terminal", "--nobody-has-seen-it")
    assert contents(home) == before

    ran = survey(home, "withdraw", "--codebook", "codebook.yml", "--nobody-has-seen-it")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "is taken back" in ran.stdout and "codebook.released.json keeps that it happened" in ran.stdout
    assert_refused(
        survey(home, "withdraw", "--codebook", "codebook.yml", "--nobody-has-seen-it"), "nothing to take"
    )
    save_answers(home / "answers.csv", rows(37))
    assert report(home).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="not run: no such terminal here")
@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("Nobody has seen it.\n", 0, "is taken back"),
        ("yes\n", 2, "Nothing was taken back"),
        ("\n", 2, "Nothing was"),
    ],
)
def test_a_terminal_is_asked_to_type_that_nobody_has_seen_it(
    home: Path, typed: str, status: int, told: str
) -> None:
    assert report(home).returncode == 0
    before = contents(home)
    ours, theirs = os.openpty()
    os.write(ours, typed.encode())
    ran = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "survey", "withdraw", "--codebook", "codebook.yml"],
        cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=theirs, capture_output=True, text=True, check=False,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert ran.returncode == status, ran.stderr
    assert "Else type: nobody has seen it" in ran.stderr and told in ran.stdout + ran.stderr
    assert (contents(home) == before) == (status == 2)


# --- compare ---------------------------------------------------------------------------------------


@pytest.fixture
def two_waves(home: Path) -> Path:
    """The owner's folder with the reports of two waves, in which the first practice rose a lot."""
    assert report(home, to="spring").returncode == 0
    fall = home / "codebook-fall.yml"
    save_codebook(fall, wave="2026 fall")
    save_answers(home / "fall.csv", rows(36, good=30))
    ran = survey(home, "report", "fall.csv", "--codebook", "codebook-fall.yml", "--to", "fall")
    assert ran.returncode == 0, ran.stderr
    return home


def test_compare_writes_two_files_with_the_contracts_names(two_waves: Path) -> None:
    ran = survey(two_waves, "compare", "spring", "fall", "--to", "changes")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert sorted(one.name for one in (two_waves / "changes").iterdir()) == [
        ".alongside-changes.json", "changes.html", "changes.json",
    ]  # fmt: skip
    changes = json.loads((two_waves / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert [one["measure"] for one in changes] == ["share-power", "follow-through", "be-a-team"]
    for one in changes:
        assert set(one) == {"measure", "people", "favorable", "change", "low", "high", "reading", "why"}
        assert one["people"] == [36, 36]
        assert one["reading"] in ("cannot tell", "went up", "went down", "not shown")
        if one["reading"] == "not shown":
            assert None in one["favorable"] and one["change"] is one["low"] is one["high"] is None
        else:
            assert one["low"] < one["change"] < one["high"]
            assert one["change"] == pytest.approx(one["favorable"][1] - one["favorable"][0], abs=0.051)
    assert "went up" in [one["reading"] for one in changes]
    turned = survey(two_waves, "compare", "fall", "spring", "--to", "turned")
    back = json.loads((two_waves / "turned" / "changes.json").read_text(encoding="utf-8"))
    assert turned.returncode == 0 and "went down" in [one["reading"] for one in back]


Shares = dict[str, float | str]


def save_tables(
    home: Path, wave: str, shares: Shares, people: int = 60, asked: str | None = "the same"
) -> None:
    """A folder with these shares; a text such as "at least 90" is a softened one."""
    (home / wave).mkdir()
    told = {"asked": asked} if asked else {}
    tables = [
        {"measure": key, "kind": "practice", "text": key, "by": None, **told, "groups": [everyone(value, people)]}
        for key, value in shares.items()
    ]  # fmt: skip
    whole = {"title": "Survey", "wave": wave, "people": people, "tables": tables}
    (home / wave / "tables.json").write_text(json.dumps(whole))


def compared(home: Path, *names: str) -> list[dict[str, Any]]:
    ran = survey(home, "compare", *names, "--to", "changes")
    assert ran.returncode == 0, ran.stderr
    return json.loads((home / "changes" / "changes.json").read_text())


def page_of(home: Path) -> str:
    return (home / "changes" / "changes.html").read_text(encoding="utf-8")


def waves(home: Path, one: Shares, two: Shares, people: int = 60) -> list[dict[str, Any]]:
    """``changes.json`` of two folders with these shares."""
    save_tables(home, "one", one, people)
    save_tables(home, "two", two, people)
    return compared(home, "one", "two")


def everyone(value: float | str, people: int) -> dict[str, object]:
    bound, share = value.rsplit(" ", 1) if isinstance(value, str) else (None, value)
    return {
        "name": "Everyone",
        "people": people,
        "answered": people,
        "favorable": float(share),
        "bound": bound,
    }


def test_a_change_counts_only_where_it_stands_among_all_practices(home: Path) -> None:
    names = [f"p{one}" for one in range(12)]
    alone = waves(home, {"p0": 40.0}, {"p0": 60.0})
    assert [one["reading"] for one in alone] == ["went up"]
    (home / "many").mkdir()
    many = waves(home / "many", dict.fromkeys(names, 40.0), {**dict.fromkeys(names, 41.0), "p0": 60.0})
    assert [one["reading"] for one in many] == ["cannot tell"] * 12
    assert many[0]["low"] == alone[0]["low"] and float(str(many[0]["low"])) > 0


def test_a_softened_share_has_no_change_and_still_counts_among_the_tries(home: Path) -> None:
    shares: Shares = {f"p{one}": "at least 90" for one in range(11)}
    found = waves(home, {**shares, "p11": 40.0}, {**shares, "p11": 60.0})
    assert [one["reading"] for one in found] == ["not shown"] * 11 + ["cannot tell"]
    assert found[0] == {
        "measure": "p0", "people": [60, 60], "favorable": [None, None],
        "change": None, "low": None, "high": None, "reading": "not shown", "why": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "people", "sentence"),
    [
        ({}, 60, "Of 1 practice, 1 went up."),
        ({"down": (60.0, 40.0)}, 2000, "Of 2 practices, 1 went up and 1 went down."),
        ({"same": (50.0, 50.0)}, 2000, "Of 2 practices, 1 went up. For the others we cannot tell."),
    ],
)
def test_the_page_reads_each_change_as_changes_json_does_and_counts_them_in_a_sentence(
    home: Path, other: dict[str, tuple[float, float]], people: int, sentence: str
) -> None:
    both = {"up": (40.0, 60.0), **other}
    first: Shares = {key: shares[0] for key, shares in both.items()}
    second: Shares = {key: shares[1] for key, shares in both.items()}
    found = waves(home, first, second, people)
    page = (home / "changes" / "changes.html").read_text(encoding="utf-8")
    read = dict(re.findall(r'scope="row">(\w+)</th><td>\d+%</td><td>\d+%</td><td>([^<]+)</td>', page))
    assert read == {one["measure"]: one["reading"] for one in found} and len(read) == len(both)
    assert sentence in page
    assert f"<p>one: {people:,} people answered. two: {people:,} people answered.</p>" in page


def test_one_side_that_is_softened_is_not_shown_and_the_other_side_keeps_its_share(home: Path) -> None:
    (found,) = waves(home, {"p": "at most 10"}, {"p": 60.0})
    assert (found["favorable"], found["reading"]) == ([None, 60.0], "not shown")


def test_practices_of_one_wave_only_are_left_out_and_named(home: Path) -> None:
    found = waves(home, {"p": 40.0, "gone": 50.0}, {"new": 50.0, "p": 41.0})
    assert [one["measure"] for one in found] == ["p"]
    page = (home / "changes" / "changes.html").read_text(encoding="utf-8")
    assert "Asked in one wave only, and left out: gone; new." in page


def test_two_waves_with_too_few_answers_are_a_page_and_an_empty_list(home: Path) -> None:
    assert waves(home, {}, {"p": 40.0}) == []
    assert "too few answers to show" in (home / "changes" / "changes.html").read_text(encoding="utf-8")


def test_what_was_not_asked_alike_is_not_compared_and_says_why(home: Path) -> None:
    save_tables(home, "one", {"p": 40.0, "q": 40.0})
    save_tables(home, "two", {"p": 90.5, "q": 70.0}, asked="something else")
    found = compared(home, "one", "two")
    assert [one["reading"] for one in found] == ["not compared"] * 2
    assert all(
        one["change"] is one["low"] is one["high"] is None and "favorable" in one["why"] for one in found
    )
    assert (found[0]["people"], found[0]["favorable"]) == ([60, 60], [40.0, 90.5])
    page = page_of(home)
    assert "There is nothing that can be compared." in page and "Not compared: p; q. Its questions" in page
    assert "went up" not in page and "<svg" not in page


def test_a_report_of_an_earlier_version_is_not_compared_and_says_why(home: Path) -> None:
    save_tables(home, "one", {"p": 40.0}, asked=None)
    save_tables(home, "two", {"p": 60.0})
    (found,) = compared(home, "one", "two")
    assert found["reading"] == "not compared" and "earlier version" in found["why"]
    assert "earlier version" in page_of(home)


def test_what_is_not_compared_is_no_try_among_the_others(home: Path) -> None:
    names = [f"p{one}" for one in range(11)]
    save_tables(home, "one", dict.fromkeys([*names, "x"], 40.0))
    save_tables(home, "two", {**dict.fromkeys(names, 40.0), "x": 60.0})
    for wave in ("one", "two"):
        path = home / wave / "tables.json"
        whole = json.loads(path.read_text())
        for table in whole["tables"][:11]:
            table["asked"] = wave
        path.write_text(json.dumps(whole))
    found = compared(home, "one", "two")
    assert [one["reading"] for one in found] == ["not compared"] * 11 + ["went up"]


def test_the_interval_of_a_change_counts_who_answered_the_practice(home: Path) -> None:
    save_tables(home, "one", {"p": 40.0, "q": 40.0})
    save_tables(home, "two", {"p": 60.0, "q": 60.0})
    for wave in ("one", "two"):
        path = home / wave / "tables.json"
        whole = json.loads(path.read_text())
        whole["tables"][1]["groups"][0]["answered"] = 12
        path.write_text(json.dumps(whole))
    p, q = compared(home, "one", "two")
    assert (p["people"], q["people"]) == ([60, 60], [12, 12])
    assert q["low"] < 0 < p["low"] and q["reading"] == "cannot tell"


def test_several_waves_stand_in_their_order_and_the_last_is_set_against_the_first(home: Path) -> None:
    save_tables(home, "one", {"p": 40.0, "q": 50.0, "gone": 30.0}, people=400)
    save_tables(home, "two", {"p": 45.0}, people=300)
    save_tables(home, "three", {"q": "at least 90", "p": 60.0}, people=400)
    q, p = compared(home, "one", "two", "three")
    assert (p["people"], p["favorable"], p["change"]) == ([400, 300, 400], [40.0, 45.0, 60.0], 20.0)
    assert (p["reading"], q["reading"]) == ("went up", "not shown")
    assert (q["people"], q["favorable"]) == ([400, None, 400], [50.0, None, None])
    page = page_of(home)
    assert "one, then two, then three: what changed?" in page and "left out: gone." in page
    assert re.search('scope="row">p</th><td>40%</td><td>45%</td><td>60%</td><td>went up', page)
    turned = survey(home, "compare", "three", "two", "one", "--to", "turned")
    assert turned.returncode == 0 and '"went down"' in (home / "turned" / "changes.json").read_text()


def test_a_wave_in_between_that_asked_otherwise_is_why_nothing_is_compared(home: Path) -> None:
    for wave, asked in (("one", "a"), ("two", "b"), ("three", "a")):
        save_tables(home, wave, {"p": 40.0}, asked=asked)
    assert [one["reading"] for one in compared(home, "one", "two", "three")] == ["not compared"]


def test_the_picture_shows_the_whole_line_a_row_a_wave_and_joins_no_two_waves(home: Path) -> None:
    for wave, share in (("one", 40.0), ("two", "at most 10"), ("three", 60.0)):
        save_tables(home, wave, {"p": share})
    compared(home, "one", "two", "three")
    (drawn,) = re.findall("<svg.*?</svg>", page_of(home), re.DOTALL)
    assert 'aria-label="one: 40%, two: at most 10%, three: 60%"' in drawn
    assert [float(x) for x in re.findall('<circle cx="([0-9.]+)"', drawn)] == [144.0, 170.0], (
        "no dot that is softened"
    )
    ends = re.findall('class="al-line" x1="([0-9.]+)" x2="([0-9.]+)"', drawn)
    assert len(ends) == 2 and all(float(low) < float(high) for low, high in ends)
    assert 'd="M92.0' in drawn and "H105.0" in drawn, "a bracket from 0 to 10 %"
    assert drawn.count("n=60") == 3 and "polyline" not in drawn


@pytest.mark.parametrize(("people", "least"), [(20, 31), (60, 18), (400, 7)])
def test_a_small_survey_says_first_what_it_can_tell_at_all(home: Path, people: int, least: int) -> None:
    waves(home, {"p": 40.0}, {"p": 41.0}, people)
    lead = page_of(home).partition('<p class="alongside-lead">')[2].partition("</p>")[0]
    small = f"only a change of about {least} points or more could be told from chance"
    assert (small in lead) == (least >= 20) and ("small" in lead) == (least >= 20)
    assert lead.endswith(
        "For none of these practices can we tell. That is the usual answer, and an honest one."
    )


def test_waves_that_count_other_words_as_favorable_are_not_compared(home: Path) -> None:
    """The case compare_favorable_changed: identical answers read "12 of 12 went up"."""
    assert report(home, to="spring").returncode == 0
    (home / "later").mkdir()
    save_codebook(
        home / "later" / "codebook.yml", wave="2026 fall", favorable=SCALE[2:], unfavorable=SCALE[:2]
    )
    save_answers(home / "later" / "fall.csv", rows(36, good=20))
    ran = survey(home, "report", "later/fall.csv", "--codebook", "later/codebook.yml", "--to", "fall")
    assert ran.returncode == 0, ran.stderr
    found = compared(home, "spring", "fall")
    assert [one["reading"] for one in found] == ["not compared"] * 3


def spoil_tables(**changes: object) -> Callable[[Path], None]:
    def spoil(home: Path) -> None:
        path = home / "spring" / "tables.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return spoil


def spoil_group(**changes: object) -> Callable[[Path], None]:
    def spoil(home: Path) -> None:
        path = home / "spring" / "tables.json"
        whole = json.loads(path.read_text())
        whole["tables"][0]["groups"][0].update(changes)
        path.write_text(json.dumps(whole))

    return spoil


def remove(home: Path) -> None:
    (home / "spring" / "tables.json").unlink()


UNLIKE: dict[str, tuple[Callable[[Path], object], str]] = {
    "another survey": (spoil_tables(title="Another"), "two different surveys"),
    "the same wave twice": (spoil_tables(wave="2026 fall"), "the same wave"),
    "the same wave written in another way": (spoil_tables(wave="2026\u00a0Fall."), "the same wave"),
    "no such folder": (lambda home: (home / "spring").rename(home / "gone"), "not a folder"),
    "no tables": (remove, "tables.json"),
    "broken tables": (lambda home: (home / "spring" / "tables.json").write_text('{"title"'), "can't be read"),
    "tables in another encoding": (
        lambda home: (home / "spring" / "tables.json").write_bytes(b"\xff\xfe{\x00"), "can't be read",
    ),
    "a list": (lambda home: (home / "spring" / "tables.json").write_text("[]"), "can't be read"),
    "deep": (lambda home: (home / "spring" / "tables.json").write_text("[" * 99_999), "can't be read"),
    "no title": (spoil_tables(title=None), "can't be read"),
    "tables of something else": (spoil_tables(tables=[{"x": SECRET}]), "can't be read"),
    "a share over 100": (spoil_group(favorable=162.0), "can't be read"),
    "a share that is no number": (spoil_group(favorable=SECRET), "can't be read"),
    "not a number": (spoil_group(favorable=float("nan")), "can't be read"),
    "people under any minimum": (spoil_group(people=3), "can't be read"),
    "a part of a person": (spoil_group(people=36.5), "can't be read"),
    "an unknown bound": (spoil_group(bound=SECRET), "can't be read"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNLIKE)
def test_folders_that_can_not_be_compared_are_one_sentence(two_waves: Path, kind: str) -> None:
    spoil, said = UNLIKE[kind]
    spoil(two_waves)
    before = contents(two_waves)
    assert_refused(survey(two_waves, "compare", "spring", "fall", "--to", "changes"), said)
    assert contents(two_waves) == before


def test_compare_does_not_write_into_a_report(two_waves: Path) -> None:
    before = contents(two_waves)
    assert_refused(survey(two_waves, "compare", "spring", "fall", "--to", "fall"), "did not make")
    assert contents(two_waves) == before


# --- form and draft --------------------------------------------------------------------------------


def test_form_writes_paper_kobotoolbox_and_plain_text_and_replaces_only_its_own(home: Path) -> None:
    ran = survey(home, "form", "--codebook", "codebook.yml", "--to", "form")
    made = {one.suffix for one in (home / "form").iterdir()} - {""}
    assert ran.returncode == 0 and {".html", ".xlsx", ".txt"} <= made
    assert survey(home, "form", "--codebook", "codebook.yml", "--to", "form").returncode == 0
    (home / "form" / "mine.txt").write_text("mine")
    before = contents(home)
    assert_refused(survey(home, "form", "--codebook", "codebook.yml", "--to", "form"), "mine.txt")
    assert contents(home) == before


@pytest.mark.skipif(os.name == "nt", reason="there, a pipe that nobody reads is another thing")
@pytest.mark.parametrize("held_back", ["", "1"], ids=["held back", "at once"])
@pytest.mark.parametrize("words", [("--version",), ("survey", "--help"), ("survey", "check")])
def test_who_has_read_enough_is_told_nothing_more(home: Path, words: tuple[str, ...], held_back: str) -> None:
    more = ("answers.csv", "--codebook", "codebook.yml") if "check" in words else ()
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        ran = subprocess.run(
            [sys.executable, "-m", "alongside.cli", *words, *more], cwd=home, stdout=nobody,
            stderr=subprocess.PIPE, text=True, timeout=120, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": held_back},
        )  # fmt: skip
    assert ran.stderr == ""
    assert ran.returncode in ((1,) if "--help" not in words else (0, 1))  # argparse says nothing of it itself


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full is made by Linux here")
def test_what_can_not_be_said_is_one_sentence_and_the_work_is_done(home: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-m", "alongside.cli", "survey", "draft", "answers.csv", "--to", "new.yml"],
            cwd=home, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        )  # fmt: skip
    assert ran.stderr.strip() == say("cli.not_said", why=os.strerror(errno.ENOSPC))
    assert ran.returncode == 1 and (home / "new.yml").exists()


@pytest.mark.skipif(os.name == "nt", reason="a limit on files is made with POSIX means")
def test_a_full_disk_leaves_no_half_of_a_draft(home: Path) -> None:
    before = contents(home)
    limits = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limits += "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); from alongside.cli import main; sys.exit(main())"
    ran = subprocess.run(
        [sys.executable, "-c", limits, "survey", "draft", "answers.csv", "--to", "new.yml"],
        cwd=home, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert_refused(ran, os.strerror(errno.EFBIG))
    assert contents(home) == before


def test_draft_writes_a_codebook_from_headings_and_never_over_a_change(home: Path) -> None:
    ran = survey(home, "draft", "answers.csv", "--to", "new.yml")
    assert ran.returncode == 0, ran.stderr
    text = (home / "new.yml").read_text(encoding="utf-8")
    assert str(ITEMS["share_power_1"]["text"]) in text
    assert SECRET not in text + ran.stdout + ran.stderr
    assert survey(home, "draft", "answers.csv", "--to", "new.yml").returncode == 0
    (home / "new.yml").write_text(text + "# my change\n", encoding="utf-8")
    before = contents(home)
    assert_refused(survey(home, "draft", "answers.csv", "--to", "new.yml"), "there already")
    assert_refused(survey(home, "draft", "answers.csv", "--to", "none/new.yml"), "none")
    assert_refused(survey(home, "draft", "nothing.csv", "--to", "other.yml"), "nothing.csv")
    assert contents(home) == before
