"""Files that can't be used: one or two plain sentences, no respondent's words, and the file as it was."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
from survey_tools import CODEBOOK, ITEMS, SHAPES, Grid, Person, google, save, save_xlsx

from alongside import survey
from alongside.errors import AlongsideError
from alongside.survey.read.exports import read

SAID = "Zebra"  # what a respondent wrote; no message may hold it
PEOPLE = [Person((n % 5, 1, 2, 3), n % 3, n % 2) for n in range(12)]


def grid(change: Callable[[Grid], object] | None = None) -> Grid:
    """A good export with a respondent's words in the free text of each row, changed."""
    made = [list(row) for row in google(PEOPLE)]
    for row in made[1:]:
        row[-1] = f"{SAID} said"
    if change:
        change(made)
    return made


def cell(row: int, column: int, value: object) -> Callable[[Path], Path]:
    """A file in which one cell is another. Row 0 is the headings, column 4 the first question."""

    def put(made: Grid) -> None:
        made[row][column] = value

    return csv_of(put)


def csv_of(change: Callable[[Grid], object]) -> Callable[[Path], Path]:
    return lambda path: save(grid(change), path)


def xlsx_of(change: Callable[[Grid], object]) -> Callable[[Path], Path]:
    return lambda path: save_xlsx(grid(change), path)


def raw(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def text_of(made: Grid, **how: str) -> bytes:
    return save(made, Path(_scratch) / "scratch.csv", **how).read_bytes()  # pyright: ignore[reportArgumentType]


_scratch = ""


@pytest.fixture(autouse=True)
def scratch(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _scratch
    _scratch = str(tmp_path_factory.mktemp("scratch"))


def changed(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """A good file whose bytes were changed."""

    def write(path: Path) -> Path:
        good = text_of(grid())
        broken = change(good)
        assert broken != good, "this changes nothing and would test nothing"
        path.write_bytes(broken)
        return path

    return write


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("answers.csv", text_of(grid()))
    return path


def cut_xlsx(path: Path) -> Path:
    save_xlsx(grid(), path)
    path.write_bytes(path.read_bytes()[:-2000])
    return path


def spoiled_sheet(path: Path) -> Path:
    """A spreadsheet whose sheet is no XML any more."""
    good = save_xlsx(grid(), path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            new.writestr(name, inside[: len(inside) // 2] if "sheet1" in name else inside)
    return path


def with_part(part: str, xml: Iterable[bytes]) -> Callable[[Path], Path]:
    """A good spreadsheet in which one part of the ZIP is this."""

    def write(path: Path) -> Path:
        good = save_xlsx(grid(), path).read_bytes()
        with (
            zipfile.ZipFile(io.BytesIO(good)) as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                if name != part:
                    new.writestr(name, old.read(name))
            with new.open(part, "w", force_zip64=True) as file:
                for piece in xml:
                    file.write(piece)
        return path

    return write


def sheet_of(rows: bytes) -> list[bytes]:
    return [
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
        rows,
        b"</sheetData></worksheet>",
    ]


SHEET, SPACES = "xl/worksheets/sheet1.xml", [b" " * 1_000_000] * 120


def two_sheets(path: Path) -> Path:
    return save_xlsx(grid(), path, Notes=[[f"{SAID} notes"]])


def no_sheet_with_anything(path: Path) -> Path:
    openpyxl.Workbook().save(path)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def absent(path: Path) -> Path:
    return path


def second_column(made: Grid) -> None:
    for number, row in enumerate(made):
        row.append(row[4] if number == 0 else "Agree")


def two_in_one(made: Grid) -> None:
    made.insert(1, [""] * len(made[0]))
    made[0][5] = "Other"
    made[0][4], made[1][4], made[1][6] = "decide", ITEMS[0], ITEMS[2]


def without(text: str) -> Callable[[Grid], None]:
    def take_out(made: Grid) -> None:
        column = next(n for n, one in enumerate(made[0]) if text in str(one))
        for row in made:
            del row[column]

    return take_out


def qualtrics_without_texts(path: Path) -> Path:
    shape = next(one for one in SHAPES if one.__name__ == "qualtrics_labels")
    made = shape(PEOPLE)
    made[1] = [""] * len(made[1])
    made[0] = [f"X{number}" for number in range(len(made[0]))]
    return save(made, path)


# kind: (file, what the message has to say)
BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    # not there, not a table
    "no file": (absent, "there is no such file"),
    "a folder": (folder, "this is a folder"),
    "an empty file": (raw(b""), "the file is empty"),
    "a file of blanks": (raw(b" \r\n\r\n  \n"), "the file is empty"),
    "a byte order mark only": (raw(b"\xef\xbb\xbf"), "the file is empty"),
    "a PDF": (raw(b"%PDF-1.7\n..."), "this is a PDF"),
    "a web page": (raw(b"<!DOCTYPE html><html>Zebra</html>"), "this is a web page"),
    "a web page with a mark": (raw(b"\xef\xbb\xbf<html>Zebra</html>"), "this is a web page"),
    "JSON entries": (raw(json.dumps({"a": SAID}).encode()), "this is JSON"),
    "a JSON list": (raw(json.dumps([{"a": SAID}]).encode()), "this is JSON"),
    "an SPSS file": (raw(b"$FL2@(#) SPSS DATA FILE"), "this is an SPSS file"),
    "an old .xls": (raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "can't be read as a spreadsheet"),
    "a gzip": (lambda path: raw(gzip.compress(text_of(grid())))(path), "compressed file"),
    "a ZIP of a CSV": (zipped, "a ZIP with tables in it"),
    "a picture": (raw(b"\x89PNG\r\n\x1a\n" + bytes(100)), "this is a picture"),
    "zeros": (raw(bytes(5000)), "not text"),
    "random bytes": (raw(bytes(range(128, 256)) * 40), "not text"),
    "text that is no table": (raw(b"Dear Zebra\nhere are the answers.\n"), "no table was found"),
    "one column": (raw(b"Role\nNurse\nZebra\n"), "no table was found"),
    # encodings
    "UTF-16 that ends in the middle": (
        lambda path: raw(text_of(grid(), encoding="utf-16") + b"\x00")(path), "not text in UTF-8, UTF-16"),
    "two encodings": (changed(lambda text: text + b"\x81\x8d,\xff\n"), "not text in UTF-8, UTF-16"),
    "UTF-8 with a damaged letter": (
        changed(lambda text: text.replace("réunions".encode(), b"r\xa9unions", 1).replace(b"Zebra", "Zébra".encode())),
        "or it is damaged"),
    "zeros inside": (changed(lambda text: text.replace(b"Nurse", b"Nur\0se")), "not text"),
    # spreadsheets
    "a spreadsheet cut short": (cut_xlsx, "can't be read as a spreadsheet"),
    "a spreadsheet with a spoiled sheet": (spoiled_sheet, "this spreadsheet is damaged"),
    "a ZIP that blows up, in its sheet": (with_part(SHEET, [*sheet_of(b"")[:1], *SPACES]), "unpacks to far more"),
    "a ZIP that blows up, elsewhere": (with_part("xl/sharedStrings.xml", SPACES), "unpacks to far more"),
    "a row number that no sheet has": (
        with_part(SHEET, sheet_of(b'<row r="99999999999"><c><v>1</v></c></row>')),
        "more than the 1,048,576 rows"),
    "more columns than a sheet has": (
        with_part(SHEET, sheet_of(b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row>")), "16,384 columns"),
    "more columns than a sheet has, in text": (raw(b"a," * 20_000 + b"a\n"), "16,384 columns"),
    "several sheets": (two_sheets, 'with --sheet on the command line: "Sheet", "Notes".'),
    "empty sheets": (no_sheet_with_anything, "no sheet holds anything"),
    "formulas in a spreadsheet": (
        xlsx_of(lambda made: made[1].__setitem__(4, '=IF(1=1,"Zebra","")')), "results were never stored"),
    "a date for an answer": (xlsx_of(lambda made: made[2].__setitem__(4, "2026-04-05")), "in row 3"),
    # quotation marks, rows
    "a quotation mark that stays open": (
        changed(lambda text: text.replace(b'"CANARY', b'CANARY').replace(b"Nurse", b'"Nurse', 1)),
        "a quotation mark is opened and not closed"),
    "cut in the middle of a cell": (
        changed(lambda text: text.replace(b"Zebra said", b'"Zebra\nsaid"')[:-4]), "a quotation mark is opened"),
    "a comma without quotation marks": (
        changed(lambda text: text.replace(b"Nurse", b"Nurse, at night", 1)), "row 4: expected 9 cells"),
    "a comma in the free text": (
        changed(lambda text: text.replace(b"Zebra said", b"Zebra, said", 1)), "row 2: expected 9 cells"),
    "a line end without quotation marks": (
        changed(lambda text: text.replace(b"Nurse", b"Nur\nse", 1)), "row 4: expected 9 cells"),
    "a last line that is cut": (changed(lambda text: text[: text.rindex(b"Agree")]), "row 13: expected 9 cells"),
    # headings
    "no headings": (csv_of(lambda made: made.pop(0)), "no heading fits any question"),
    "another survey": (csv_of(lambda made: made.__setitem__(0, [f"Head {n}" for n in range(9)])), "no heading fits any"),
    "headings and codebook in other words": (qualtrics_without_texts, "no heading fits any question"),
    "a question left out": (csv_of(without("decide how")), 'no heading fits 1 question: "decide"'),
    "two questions left out": (
        csv_of(lambda made: (without("decide how")(made), without("I feel safe")(made))), 'no heading fits 2 questions: "decide", "safe"'),
    "three questions of four left out": (
        csv_of(lambda made: [without(word)(made) for word in ("decide how", "I feel safe", "We greet")]),
        'no heading fits 3 questions: "greet", "decide", "safe"'),
    "a heading with a slip": (
        cell(0, 4, "We greet peple by nam when they come in"), 'Is it "We greet peple by nam when they come in"?'),
    "one heading twice": (csv_of(second_column), f'two columns ask "greet" (such as "How much do you agree? [{ITEMS[0]}]"'),
    "a heading that two questions claim": (csv_of(two_in_one), "fits both"),
    "blank headings": (csv_of(lambda made: made.__setitem__(0, [""] * 8 + ["Other"])), "no heading fits any"),
    # answers
    "words that are not on the scale": (cell(3, 4, SAID), "some answers fit no point of the scale"),
    "a misspelling": (cell(3, 4, "Agre Zebra"), "in row 4"),
    "several misspellings": (
        csv_of(lambda made: [row.__setitem__(6, SAID) for row in made[4:7]]), "the first in row 5"),
    "a number over the scale": (cell(3, 4, 6), "doesn’t say what they mean"),
    "zero": (cell(3, 4, 0), "doesn’t say what they mean"),
    "a negative number": (cell(3, 4, -1), "doesn’t say what they mean"),
    "half a point": (cell(3, 4, 3.5), "doesn’t say what they mean"),
    "a code over the scale": (cell(3, 4, "A6"), "doesn’t say what they mean"),
    "number and words that differ": (cell(3, 4, "3 - Agree"), "fit no point"),
    "two answers in one cell": (cell(3, 4, "Agree, Disagree"), "fit no point"),
    "an e-mail for an answer": (cell(3, 4, "zebra@example.org"), "fit no point"),
    "a long text for an answer": (cell(3, 4, SAID * 2000), "fit no point"),
    "a cell error of a spreadsheet": (cell(3, 4, "#REF!"), "fit no point"),
    "free text in a question's column": (
        csv_of(lambda made: [row.__setitem__(4, f"{SAID} {n}") for n, row in enumerate(made) if n]), "the first in row 2"),
}  # fmt: skip


def test_a_last_row_with_a_number_that_no_sheet_has_is_a_plain_sentence(
    tmp_path: Path, codebook: Path
) -> None:
    with zipfile.ZipFile(save_xlsx(grid(), tmp_path / "good.xlsx")) as good:
        xml = good.read(SHEET)
    far = re.sub(rb'r="(\w?)13"', rb'r="\g<1>99999999999"', xml)
    assert far != xml
    with pytest.raises(AlongsideError) as caught:
        read(with_part(SHEET, [far])(tmp_path / "a.xlsx"), codebook)
    check(str(caught.value), "more than the 1,048,576 rows")


def test_one_cell_in_the_last_row_that_a_sheet_can_have_does_no_harm(tmp_path: Path, codebook: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in grid():
        sheet.append(row)
    sheet.cell(1_048_576, 9, SAID)
    made.save(tmp_path / "a.xlsx")
    assert "12 people" in repr(read(tmp_path / "a.xlsx", codebook))


def test_there_are_forty_kinds_and_more() -> None:
    assert len(BROKEN) >= 40


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_cant_be_used_is_a_plain_sentence(kind: str, tmp_path: Path, codebook: Path) -> None:
    make, expected = BROKEN[kind]
    path = make(tmp_path / "answers.csv")
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(AlongsideError) as caught:
        read(path, codebook)
    check(str(caught.value), expected)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert {one.name for one in tmp_path.iterdir()} <= {"answers.csv", "codebook.yml"}


def check(message: str, expected: str) -> None:
    assert expected in message
    assert "\n" not in message and message.endswith((".", "?"))
    assert "a mistake of Alongside" not in message  # each of these is known
    assert SAID.lower() not in message.lower()
    assert "example.org" not in message and "CANARY" not in message
    sentences = [one for one in message.replace("? Is it", ". Is it").split(". ") if one]
    assert len(sentences) <= 2 and len(message) < 420


def test_the_file_that_is_changed_above_is_good(tmp_path: Path, codebook: Path) -> None:
    assert "12 people" in repr(read(save(grid(), tmp_path / "a.csv"), codebook))
    assert "12 people" in repr(read(save_xlsx(grid(), tmp_path / "a.xlsx"), codebook))


def test_the_message_names_file_heading_row_and_what_to_do(tmp_path: Path, codebook: Path) -> None:
    with pytest.raises(AlongsideError) as caught:
        read(cell(3, 4, SAID)(tmp_path / "answers.csv"), codebook)
    assert str(caught.value) == (
        f'answers.csv, column "How much do you agree? [{ITEMS[0]}]": some answers fit no point of the scale '
        "(Strongly disagree, Disagree, Neither agree nor disagree, Agree, Strongly agree), the first in row 4; "
        'add the spelling to "also_means" or "no_answer" in the codebook, or mend the cell.'
    )


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path, codebook: Path) -> None:
    """Empty lines, blank rows and cells of several lines count as they do there."""
    made = grid()
    made[5][4] = SAID
    made[2][-1] = "three\nlines\nlong"
    made.insert(3, [""] * 9)
    text = save(made, tmp_path / "a.csv").read_bytes()
    head, rest = text.split(b"\r\n", 1)
    (tmp_path / "a.csv").write_bytes(head + b"\r\n\r\n" + rest)
    with pytest.raises(AlongsideError, match="in row 8;"):
        read(tmp_path / "a.csv", codebook)
    with pytest.raises(AlongsideError, match="in row 7;"):
        read(save_xlsx(made, tmp_path / "a.xlsx"), codebook)


def test_a_sheet_that_is_not_there_names_the_nearest(tmp_path: Path, codebook: Path) -> None:
    path = two_sheets(tmp_path / "a.xlsx")
    with pytest.raises(AlongsideError, match=r'there is no sheet "Shet"\. Did you mean "Sheet"\?'):
        read(path, codebook, sheet="Shet")


def test_a_csv_has_no_sheets(tmp_path: Path, codebook: Path) -> None:
    with pytest.raises(AlongsideError, match="it has no sheets"):
        read(save(grid(), tmp_path / "a.csv"), codebook, sheet="Sheet1")


def test_a_codebook_that_cant_be_used_is_said_before_the_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(AlongsideError, match="there is no such file; give the path of a codebook"):
        read(tmp_path / "absent.csv", tmp_path / "absent.yml")


NO_TABLES = list(BROKEN)[: list(BROKEN).index("formulas in a spreadsheet")]


@pytest.mark.parametrize("kind", NO_TABLES)
def test_no_codebook_is_drafted_from_a_file_that_cant_be_used(kind: str, tmp_path: Path) -> None:
    make, expected = BROKEN[kind]
    with pytest.raises(AlongsideError) as caught:
        survey.draft(make(tmp_path / "answers.csv"))
    check(str(caught.value), expected)
