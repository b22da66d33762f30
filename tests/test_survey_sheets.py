"""Spreadsheets and other files as people have them: read, or one sentence that says what to save instead."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pytest
from survey_tools import CODEBOOK, Grid, Person, google, save, save_xlsx, typeform

from alongside.errors import AlongsideError
from alongside.survey.read.exports import read
from alongside.survey.read.responses import Rows, _rows
from alongside.survey.read.sheets import _hidden_rows

PEOPLE = [Person((n % 5, (n + 1) % 5, 4 - n % 5, None), n % 3, n % 3) for n in range(12)]
ANSWERS = [[-1 if one is None else one for one in person.answers] for person in PEOPLE]
SHEETS = Path(__file__).parent / "spreadsheets"
XLS = (SHEETS / "msforms.xls").read_bytes()
"""What PEOPLE answered, as an .xls file of 2003 with an empty second sheet."""


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    (tmp_path / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    return tmp_path / "codebook.yml"


def rows(path: Path, codebook: Path) -> Rows:
    return _rows(read(path, codebook))


def zipped(path: Path, parts: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


# --- spreadsheets that are read ------------------------------------------------------------------------


def ods(grid: Grid, path: Path, tail: str = "", manifest: str = "<manifest/>") -> Path:
    """As LibreOffice writes it, repetitions and endless blanks at the end included."""

    def cell(value: Any) -> str:
        if value in ("", None):
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value={quoteattr(str(value))}/>'
        text = escape(str(value)).replace("\n", "</text:p><text:p>")
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    filled = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in grid)
    blanks = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Form1">{filled}{tail}{blanks}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifest,
        "content.xml": content,
    }
    return zipped(path, parts)


def xlsb(grid: Grid, path: Path, last: tuple[int, int] | None = None) -> Path:
    """An Excel binary workbook. ``last``: row and column of one more cell."""

    def record(kind: int, body: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, left = b"", len(body)
        while True:
            size += bytes([left & 0x7F | (0x80 if left > 0x7F else 0)])
            left >>= 7
            if not left:
                return number + size + body

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value.encode("utf-16-le")) // 2) + value.encode("utf-16-le")

    def row(number: int, cells: Sequence[tuple[int, Any]]) -> bytes:
        made = record(0, struct.pack("<IIH", number, 0, 300) + bytes(7))
        for column, value in cells:
            head = struct.pack("<II", column, 0)
            if isinstance(value, int | float):
                made += record(5, head + struct.pack("<d", value))
            else:
                made += record(6, head + text(str(value)))
        return made

    data = b"".join(
        row(number, [(column, value) for column, value in enumerate(one) if value not in ("", None)])
        for number, one in enumerate(grid)
    )
    if last:
        data += row(last[0], [(last[1], "far")])
    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(grid) - 1, 0, len(grid[0]) - 1))
    sheet += record(145) + data + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Form1"))
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = '<Relationships xmlns="{0}"><Relationship Id="rId1" Type="{1}/{2}" Target="{3}"/></Relationships>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": one.format(relations, office, "officeDocument", "xl/workbook.bin"),
        "xl/_rels/workbook.bin.rels": one.format(relations, office, "worksheet", "worksheets/sheet1.bin"),
        "xl/workbook.bin": record(131) + record(143) + bundle + record(144) + record(132),
        "xl/worksheets/sheet1.bin": sheet,
    }
    return zipped(path, parts)


def strict(grid: Grid, path: Path) -> Path:
    """A spreadsheet as Excel saves it as "Strict Open XML"."""
    save_xlsx(grid, path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for name, content in parts.items():
        if name.startswith("xl/") or name == "_rels/.rels":
            for part in (b"officeDocument", b"spreadsheetml", b"drawingml"):
                pattern = rb"http://schemas\.openxmlformats\.org/" + part + rb"/2006/"
                content = re.sub(pattern, rb"http://purl.oclc.org/ooxml/" + part + rb"/", content)
        parts[name] = content
    return zipped(path, dict(parts))


def with_formulas(grid: Grid, path: Path, stored: bool = True) -> Path:
    """A spreadsheet whose answers are formulas, each with the result that a spreadsheet program stored, or without."""
    save_xlsx(grid, path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old:
        parts = {name: old.read(name) for name in old.namelist()}

    def formula(cell: re.Match[str]) -> str:
        value = f"<v>{cell[2]}</v>" if stored else "<v></v>"
        return f'<c r="{cell[1]}" t="str"><f>VLOOKUP(1,A1:B2,2)</f>{value}</c>'

    name = "xl/worksheets/sheet1.xml"
    sheet = re.sub(
        r'<c r="([E-H](?!1")\d+)" t="inlineStr"><is><t>([^<]*)</t></is></c>', formula, parts[name].decode()
    )
    assert sheet.count("<f>") > 30
    parts[name] = sheet.encode()
    return zipped(path, dict(parts))


def raw(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


READ: dict[str, Callable[[Path], Path]] = {
    "a spreadsheet of today": lambda path: save_xlsx(google(PEOPLE), path),
    "one of 2003 (.xls)": raw(XLS),
    "a binary one (.xlsb)": lambda path: xlsb(google(PEOPLE), path),
    "one of LibreOffice (.ods)": lambda path: ods(google(PEOPLE), path),
    "Strict Open XML": lambda path: strict(google(PEOPLE), path),
    "formulas whose results are stored": lambda path: with_formulas(google(PEOPLE), path),
}


@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx"])
@pytest.mark.parametrize("kind", READ)
def test_a_spreadsheet_is_read_by_its_content_whatever_its_name(
    kind: str, ending: str, tmp_path: Path, codebook: Path
) -> None:
    found = rows(READ[kind](tmp_path / f"answers{ending}"), codebook)
    assert found.answers.tolist() == ANSWERS
    assert found.about.tolist() == [[person.role, person.site] for person in PEOPLE]


def test_a_number_in_any_spreadsheet_is_that_number(tmp_path: Path, codebook: Path) -> None:
    grid = google(PEOPLE)
    for row in grid[1:]:
        row[4:8] = [4, 2, 5, 1]
    for number, write in enumerate((save_xlsx, ods, xlsb, strict)):
        path = write(grid, tmp_path / f"{number}.xlsx")  # pyright: ignore[reportCallIssue]
        assert rows(path, codebook).answers.tolist() == [[3, 1, 4, 0]] * 12


def test_rows_are_numbered_as_the_program_numbers_them(tmp_path: Path, codebook: Path) -> None:
    grid = google(PEOPLE)
    grid[3][4] = "Zebra"
    blank = [""] * len(grid[0])
    for number, write in enumerate((save_xlsx, ods, xlsb)):
        path = write([blank, *grid], tmp_path / f"{number}.xlsx")  # pyright: ignore[reportCallIssue]
        with pytest.raises(AlongsideError, match="the first in row 5"):
            read(path, codebook)


def hidden(path: Path, row: int, tag: str) -> Path:
    """The spreadsheet with one row more that its program doesn't show, by what such a program writes for it."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old:
        parts: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist()}
    name = "content.xml" if "content.xml" in parts else "xl/worksheets/sheet1.xml"
    text = str(parts[name], "utf-8")  # type: ignore[arg-type]
    at = list(re.finditer(r"<(?:table:table-)?row(?=[\s/>])", text))[row - 1].end()
    return zipped(path, {**parts, name: f"{text[:at]} {tag}{text[at:]}"})


FILTERED: dict[str, tuple[Callable[[Grid, Path], Path], str]] = {
    "Excel": (save_xlsx, 'hidden="1"'),
    "another program": (save_xlsx, 'customHeight="1" hidden="true"'),
    "Strict Open XML": (strict, 'hidden="1"'),
    "LibreOffice, by a filter": (ods, 'table:visibility="filter"'),
    "LibreOffice, by hand": (ods, 'table:visibility="collapse"'),
}


@pytest.mark.parametrize("kind", FILTERED)
def test_people_whose_rows_are_hidden_are_not_counted_in_silence(
    kind: str, tmp_path: Path, codebook: Path
) -> None:
    """Somebody filtered test rows or a site away, and would report on them without knowing."""
    write, tag = FILTERED[kind]
    path = hidden(hidden(write(google(PEOPLE), tmp_path / "a.xlsx"), 9, tag), 4, tag)
    with pytest.raises(AlongsideError) as told:
        read(path, codebook)
    assert "2 rows with answers are hidden" in str(told.value) and "first of them row 4;" in str(told.value)
    path = hidden(write(google(PEOPLE), tmp_path / "b.xlsx"), 13, tag)
    with pytest.raises(AlongsideError, match="1 row with answers is hidden, as by a filter: row 13;"):
        read(path, codebook)


@pytest.mark.parametrize("kind", FILTERED)
def test_what_is_hidden_and_counts_for_nothing_stops_nobody(
    kind: str, tmp_path: Path, codebook: Path
) -> None:
    """A title, a blank row, and one that the tool marks; with people above and below."""
    write, tag = FILTERED[kind]
    partial = Person((0, 0, 0, 0), 0, 0, "partial")
    grid = typeform([*PEOPLE[:3], partial, *PEOPLE[3:]])
    path = write([["Our answers"], *grid[:4], [""] * len(grid[0]), *grid[4:]], tmp_path / "a.xlsx")
    for row in (1, 6, 7):
        hidden(path, row, tag)
    assert rows(path, codebook).answers.tolist() == ANSWERS


def test_a_hidden_row_has_its_own_number_below_rows_that_are_grouped(tmp_path: Path, codebook: Path) -> None:
    """LibreOffice puts rows that can be folded away into a group, and that is no row."""
    path = ods(google(PEOPLE), tmp_path / "a.ods")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old:
        parts: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist()}
    rows_of = str(parts["content.xml"], "utf-8").split("</table:table-row>")  # type: ignore[arg-type]
    rows_of[2] = rows_of[2].replace("<table:table-row>", "<table:table-row-group><table:table-row>")
    rows_of[5] = "</table:table-row-group>" + rows_of[5]
    zipped(path, {**parts, "content.xml": "</table:table-row>".join(rows_of)})
    with pytest.raises(AlongsideError, match="1 row with answers is hidden, as by a filter: row 8;"):
        read(hidden(path, 8, 'table:visibility="collapse"'), codebook)


def test_a_hidden_row_is_found_where_rows_have_no_number_and_where_a_tag_is_cut_in_two() -> None:
    made = b'<cols><col hidden="1"/></cols><sheetData><row/>' + b'<row spans="1:9"></row>' * 99_999
    made += b'<row hidden="1"><c/></row><row r="200007" hidden="1"/><rowBreaks hidden="1"/>'
    assert list(_hidden_rows(io.BytesIO(made))) == [100_001, 200_007]
    for cut in range(1, 60):  # whatever falls where one piece of a file ends
        text = b"x" * ((1 << 20) - cut) + b'<row r="7" spans="1:40" ht="15" hidden="1"><c r="A7"/></row>'
        assert list(_hidden_rows(io.BytesIO(text))) == [7]


# --- files that are not ------------------------------------------------------------------------------------

ZEBRA = "Zebra"  # what a respondent wrote
LINK = b"\x4c\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00"


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le") + bytes(600)


def locked_zip(path: Path) -> Path:
    zipped(path, {"xl/workbook.xml": ZEBRA * 50})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flags of the file's own head, and of the list at the end
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    return path


HTML = b"<html><table><tr><td>Zebra</td></tr></table></html>"
NOT_READ: dict[str, tuple[Callable[[Path], Path], str]] = {
    "Numbers": (lambda path: zipped(path, {"Index/Document.iwa": "x", "Data/a.jpg": "x"}), "Apple's Numbers; open it there, and choose File, Export To"),
    "an older Numbers": (lambda path: zipped(path, {"index.apxl": ZEBRA}), "Apple's Numbers"),
    "SPSS": (raw(b"$FL2@(#) SPSS DATA FILE Zebra"), "save it from there as CSV or as .xlsx"),
    "SPSS, compressed": (raw(b"$FL3@(#) SPSS DATA FILE Zebra"), "SPSS"),
    "Stata": (raw(b"<stata_dta><header><release>118</release>Zebra"), "statistics program"),
    "an older Stata": (raw(b"\x72\x02\x01\x00Zebra" + bytes(90)), "statistics program"),
    "SAS": (raw(bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11" + bytes(90)), "statistics program"),
    "a link of Windows": (raw(b"[InternetShortcut]\r\nURL=https://example.org/Zebra\r\n"), "a link to a file, not the file itself"),
    "a shortcut of Windows": (raw(LINK + bytes(80)), "a link to a file"),
    "a link of a Mac": (raw(b'<?xml version="1.0"?><!DOCTYPE plist><plist><dict><key>URL</key></dict></plist>'), "a link to a file"),
    "a binary link of a Mac": (raw(b"bplist00\xd1\x01\x02SURL" + bytes(60)), "a link to a file"),
    "Google Drive's .gsheet": (raw(b'{"url": "https://docs.example.org/Zebra", "doc_id": "Zebra"}'), "a link to a file"),
    "an address in a file": (raw(b"https://example.org/Zebra\n"), "a link to a file"),
    "a desktop entry": (raw(b"[Desktop Entry]\nType=Link\nURL=https://example.org/Zebra\n"), "a link to a file"),
    "a password": (raw(ole("EncryptedPackage")), "has a password; open it, save it as .xlsx without one"),
    "a ZIP with a password": (locked_zip, "has a password"),
    "ODS with a password": (lambda path: ods(google(PEOPLE), path, manifest="<encryption-data/>"), "has a password"),
    "a PDF": (raw(b"%PDF-1.7\nZebra"), "this is a PDF"),
    "a web page called .xls": (raw(HTML), "even if its name says spreadsheet"),
    "a web page with a doctype": (raw(b"<!DOCTYPE html>\n" + HTML), "even if its name says spreadsheet"),
    "a web archive": (raw(b"MIME-Version: 1.0\nContent-Type: multipart/related\nZebra"), "web page"),
    "a spreadsheet in XML": (raw(b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook>Zebra'), "in one XML file"),
    "a flat ODS": (raw(b'<?xml version="1.0"?>\n<office:document xmlns:office="x">Zebra'), "in one XML file"),
    "a .doc": (raw(ole("WordDocument")), "a text document"),
    "a .docx": (lambda path: zipped(path, {"word/document.xml": ZEBRA}), "a text document"),
    "an .odt": (lambda path: zipped(path, {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ZEBRA}), "a text document"),
    "slides": (lambda path: zipped(path, {"ppt/presentation.xml": ZEBRA}), "slides"),
    "rich text": (raw(b"{\\rtf1\\ansi Zebra}"), "a text document"),
    "an e-mail kept by Outlook": (raw(ole("__nameid_version1.0")), "can't be read as a spreadsheet"),
    "a ZIP with a table": (lambda path: zipped(path, {"export/answers.csv": ZEBRA}), "unpack it"),
    "a ZIP with a spreadsheet": (lambda path: zipped(path, {"answers.xlsx": ZEBRA}), "unpack it"),
    "a database": (raw(b"SQLite format 3\0Zebra"), "a database"),
    "Parquet": (raw(b"PAR1Zebra"), "a database"),
    "a photo of a phone": (raw(bytes([0, 0, 0, 24]) + b"ftypheic" + bytes(90)), "this is a picture"),
    "an .xls of the nineties": (raw(b"\x09\x08\x06\x00\x00\x05" + bytes(90)), "very old program"),
    "an .xls that is cut": (raw(XLS[:6000]), "damaged"),
    "an .xls that is spoiled": (raw(XLS[:2000] + bytes(3000) + XLS[5000:]), "damaged"),
    "formulas without results": (lambda path: with_formulas(google(PEOPLE), path, stored=False), "results were never stored; open it in a spreadsheet program, save it there"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOT_READ)
def test_a_file_that_is_no_table_says_what_to_save_instead(
    kind: str, tmp_path: Path, codebook: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make, expected = NOT_READ[kind]
    path = make(tmp_path / "answers.xls")
    with pytest.raises(AlongsideError) as caught:
        read(path, codebook)
    said = str(caught.value)
    assert expected in said and "a mistake of Alongside" not in said
    assert "\n" not in said and said.endswith(".") and ZEBRA not in said
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("other", ["a chart", "a sheet with a blank in one cell"])
def test_a_sheet_that_holds_nothing_to_read_is_no_second_sheet(
    other: str, tmp_path: Path, codebook: Path
) -> None:
    book = openpyxl.load_workbook(save_xlsx(google(PEOPLE), tmp_path / "a.xlsx"))
    if other == "a chart":
        book.create_chartsheet("Chart")  # with nothing drawn on it yet, over which openpyxl stumbles
    else:
        book.create_sheet("Sheet2")["B2"] = " "
    book.save(tmp_path / "b.xlsx")
    assert _rows(read(tmp_path / "b.xlsx", codebook)).people == 12


def test_one_sheet_of_several_is_asked_for_by_name(tmp_path: Path, codebook: Path) -> None:
    path = save_xlsx(google(PEOPLE), tmp_path / "a.xlsx", Notes=[[ZEBRA]])
    with pytest.raises(AlongsideError, match='with --sheet on the command line: "Sheet", "Notes"'):
        read(path, codebook)
    assert _rows(read(path, codebook, sheet="Sheet")).people == 12


# --- files that would fill the memory ------------------------------------------------------------------


FAR = '<table:table-row><table:table-cell office:value-type="string"><text:p>far</text:p></table:table-cell></table:table-row>'
HOSTILE: dict[str, Callable[[Path], Path]] = {
    "ODS, a row repeated a million times": lambda path: ods(google(PEOPLE), path, (
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16000"/></table:table-row>')),
    "ODS, a cell below a million blanks": lambda path: ods(google(PEOPLE), path, (
        '<table:table-row table:number-rows-repeated="9000000"><table:table-cell/></table:table-row>' + FAR)),
    "XLSB, a cell in the last corner": lambda path: xlsb(google(PEOPLE), path, last=(1_048_575, 16_383)),
    "XLSB, a row that no sheet has": lambda path: xlsb(google(PEOPLE), path, last=(4_000_000_000, 3)),
    "a ZIP bomb called .ods": lambda path: ods(google(PEOPLE), path, "<!-- " + " " * 300_000_000 + "-->"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_would_fill_the_memory_is_refused_before_it_does(
    kind: str, tmp_path: Path, codebook: Path
) -> None:
    path = HOSTILE[kind](tmp_path / "answers.ods")
    assert path.stat().st_size < 1_000_000
    with pytest.raises(AlongsideError, match="unpacks to far more than a table of answers"):
        read(path, codebook)


def test_the_endless_blanks_that_programs_write_do_no_harm(tmp_path: Path, codebook: Path) -> None:
    assert rows(ods(google(PEOPLE), tmp_path / "a.ods"), codebook).people == 12
    assert rows(save(google(PEOPLE), tmp_path / "a.csv"), codebook).people == 12
