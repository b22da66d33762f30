"""Spreadsheets: their sheets and rows as texts, whatever program wrote them. What is read is what the cells show.

XLSX is read row by row, so that a cell far away costs nothing. The rest is read by calamine, which lays out a whole sheet
in memory: how large that would be is looked up first, for a file of a few kilobytes may claim a million rows.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar

from alongside.course.entry import mistake
from alongside.errors import AlongsideError

__all__ = ["Book", "is_spreadsheet", "open_book", "within"]

Row = TypeVar("Row", bound=tuple[Any, ...])
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # what a spreadsheet can hold
MOST_CELLS = 30_000_000  # laid out in memory: 100,000 people with 300 columns
MOST_UNPACKED = 400_000_000  # bytes; 100,000 people with 40 columns are 220 million
# From so many bytes on, a part may unpack to so many times its size: answers to 20 times, endless blanks to 1,000.
SUSPECT, MOST_TIMES = 20_000_000, 150
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
    TypeError,
)


class Book(Protocol):
    """A spreadsheet. ``names``: its sheets, the hidden ones too; ``seen``: those that aren't hidden."""

    names: list[str]
    seen: list[str]

    def rows(self, name: str) -> Iterator[tuple[str, ...]]:
        """The rows of a sheet, blank ones too."""
        ...

    def hidden(self, name: str, last: int) -> set[int]:
        """The numbers, from 1 to ``last``, of a sheet's rows that it doesn't show, as behind a filter; of XLS and XLSB none."""
        ...


def is_spreadsheet(start: bytes) -> bool:
    """Whether a file that begins so is to be opened as a spreadsheet, by its content and not by its name."""
    return start.startswith((ZIP, OLE))


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """A spreadsheet. Raises AlongsideError where it can't be used, while it is opened and while it is read."""
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and pictures, which nobody reads here
        try:
            book = _opened(path, file)
        except (*_DAMAGE, OSError):
            raise mistake(path.name, "read.no_spreadsheet") from None
        try:
            yield book
        except _DAMAGE:
            raise mistake(path.name, "read.damaged") from None
        finally:
            if isinstance(book, _Xlsx):
                book.close()


def within(where: str, number: int, row: Row) -> Row:
    """The row, if a spreadsheet could hold it: a damaged or hostile file may claim more than fits in here."""
    if number <= MOST_ROWS and len(row) <= MOST_COLUMNS:
        return row
    raise mistake(where, "read.too_large", rows=f"{MOST_ROWS:,}", columns=f"{MOST_COLUMNS:,}")


def _opened(path: Path, file: IO[bytes]) -> Book:
    if file.read(4) == OLE:
        return _opened_ole(path, file)
    with zipfile.ZipFile(file) as parts:
        names = parts.namelist()
        if any(one.flag_bits & 1 for one in parts.infolist()):
            raise mistake(path.name, "read.password")
        _check_unpacked(path.name, parts)
        if any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
            return _Xlsx(path.name, file, _as_transitional(parts, names))
        if "xl/workbook.bin" in names:
            sizes = (
                _size_of_xlsb(parts.read(name)) for name in names if re.match(r"xl/worksheets/.*\.bin$", name)
            )
            return _Calamine(path, sizes)
        if "content.xml" in names and b"opendocument.spreadsheet" in parts.read("mimetype"):
            if b"encryption-data" in parts.read("META-INF/manifest.xml"):
                raise mistake(path.name, "read.password")
            text = parts.read("content.xml").decode()
            return _Calamine(path, _sizes_of_ods(text), list(map(list, _hidden_in_ods(text))))
        for pattern, key in _NO_SPREADSHEETS.items():
            if any(re.search(pattern, name.casefold()) for name in names):
                raise mistake(path.name, key)
    raise mistake(path.name, "read.no_spreadsheet")


_NO_SPREADSHEETS = {  # by the parts of a ZIP
    r"\.iwa$|^index\.(zip|apxl)": "read.numbers_file",
    r"^(word|ppt)/|^content\.xml$": "read.a_text_document",
    r"\.(csv|tsv|xlsx?|ods)$": "read.a_zip_of_tables",
}


def _opened_ole(path: Path, file: IO[bytes]) -> Book:
    file.seek(0)
    whole = file.read()

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in whole

    if holds("EncryptedPackage"):
        raise mistake(path.name, "read.password")
    if holds("WordDocument") or holds("PowerPoint Document"):
        raise mistake(path.name, "read.a_text_document")
    if not holds("Workbook") and not holds("Book"):
        raise mistake(path.name, "read.no_spreadsheet")
    return _Calamine(path, ())  # of 65,536 rows and 256 columns at most


def _check_unpacked(name: str, parts: zipfile.ZipFile) -> None:
    """Refuse a ZIP of a few kilobytes that would fill the memory; what it claims to unpack to is all that is read."""
    sizes = [(one.file_size, one.compress_size) for one in parts.infolist()]
    whole = sum(size for size, _ in sizes)
    if whole > MOST_UNPACKED or any(size > SUSPECT and size > MOST_TIMES * packed for size, packed in sizes):
        raise mistake(name, "read.unpacks")


# --- XLSX -------------------------------------------------------------------------------------------------


class _Xlsx:
    """Row by row, by openpyxl. Formulas count by the value that was stored with them."""

    def __init__(self, name: str, file: IO[bytes], strict: IO[bytes] | None) -> None:
        from openpyxl.reader.excel import ExcelReader

        class Reader(ExcelReader):
            def read_chartsheet(self, sheet: object, rel: object) -> None:
                """A sheet that is one chart holds no cell. openpyxl stumbles over it where it reads row by row."""

        def load(stored: bool) -> Any:
            reader = Reader(strict or file, read_only=True, data_only=stored)
            reader.read()
            self._parts.update((sheet.name, rel.target) for sheet, rel in reader.parser.find_sheets())
            return reader.wb

        self._name, self._load, self._file = name, load, file
        self._transitional = strict or file
        self._parts: dict[str, str] = {}  # of the file, by the name of their sheet
        self._has_formulas: bool | None = None
        self._book = load(stored=True)
        self._opened = [self._book]
        self.names = [one.title for one in self._book.worksheets]
        self.seen = [one.title for one in self._book.worksheets if one.sheet_state == "visible"]

    def close(self) -> None:
        for book in self._opened:
            book.close()

    def rows(self, name: str) -> Iterator[tuple[str, ...]]:
        formulas = self._formulas(name)
        for number, row in enumerate(self._values(self._book, name), start=1):
            within(self._name, number, row)
            if formulas is not None:
                pairs = zip_longest(row, next(formulas, ()))
                if any(stored is None and written is not None for stored, written in pairs):
                    raise mistake(self._name, "read.no_stored_values")
            yield tuple("" if cell is None else str(cell) for cell in row)

    def hidden(self, name: str, last: int) -> set[int]:
        if name not in self._parts:
            return set()
        # openpyxl knows of hidden rows only where it lays out a whole sheet
        with zipfile.ZipFile(self._transitional) as parts, parts.open(self._parts[name]) as sheet:
            return {number for number in _hidden_rows(sheet) if number <= last}

    def _formulas(self, name: str) -> Iterator[tuple[Any, ...]] | None:
        """The same rows with formulas in place of values; None in a book that has none."""
        if self._has_formulas is None:
            self._has_formulas = _has_formulas(self._file)
        if not self._has_formulas:
            return None
        if len(self._opened) < 2:
            self._opened.append(self._load(stored=False))
        return self._values(self._opened[1], name)

    @staticmethod
    def _values(book: Any, name: str) -> Iterator[tuple[Any, ...]]:
        sheet = book[name]
        sheet.reset_dimensions()  # some tools write a wrong size, and rows would be missing
        return sheet.iter_rows(values_only=True)


def _has_formulas(file: IO[bytes]) -> bool:
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            if re.match(r"xl/worksheets/[^/]+\.xml$", name):
                with parts.open(name) as sheet:
                    if any(re.search(rb"<(\w+:)?f[\s/>]", chunk) for chunk in _overlapping(sheet)):
                        return True
    return False


def _hidden_rows(sheet: IO[bytes]) -> Iterator[int]:
    """The numbers of the rows whose tag says so. A row may have no number, and then comes after the one before."""
    number, rest, more = 0, b"", True
    while more:
        chunk = sheet.read(1 << 20)
        more, text = bool(chunk), rest + chunk
        cut = (
            text.rfind(b"<") if more else len(text)
        )  # a tag that is cut in two is looked at with the next chunk
        text, rest = text[:cut], text[cut:]
        for tag in re.finditer(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)", text):
            told = re.search(rb"""\sr=["'](\d+)["']""", tag[1])
            number = int(told[1]) if told else number + 1
            if re.search(rb"""\shidden=["'](?:1|true)["']""", tag[1]):
                yield number


def _overlapping(file: IO[bytes]) -> Iterator[bytes]:
    """The chunks of a file, each with the end of the one before."""
    before = b""
    while chunk := file.read(1 << 20):
        yield before + chunk
        before = chunk[-16:]


def _as_transitional(parts: zipfile.ZipFile, names: list[str]) -> IO[bytes] | None:
    """A Strict Open XML file with the names that everybody else writes; None where it has them already."""
    if not any(
        b"purl.oclc.org/ooxml/" in parts.read(name)
        for name in names
        if re.fullmatch(r"xl/workbook\d*\.xml", name)
    ):
        return None
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as changed:
        for name in names:
            text = parts.read(name)
            if name.endswith((".xml", ".rels")):
                text = re.sub(
                    rb"http://purl\.oclc\.org/ooxml/(\w+)/",
                    rb"http://schemas.openxmlformats.org/\1/2006/",
                    text,
                )
            changed.writestr(name, text)
    held.seek(0)
    return held


# --- XLS, XLSB and ODS -----------------------------------------------------------------------------------------


class _Calamine:
    """By calamine. ``sizes``: rows and columns of the sheets, as they would be laid out in memory. ``hidden``: for
    each sheet the ranges of rows that it doesn't show, where the file tells them."""

    def __init__(self, path: Path, sizes: Any, hidden: Sequence[Sequence[range]] = ()) -> None:
        for rows, columns in sizes:
            if rows * columns > MOST_CELLS:
                raise mistake(path.name, "read.unpacks")
        self._path, self._hidden = path, hidden
        self._book = self._plainly(
            lambda calamine: calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        )
        self.names = list(self._book.sheet_names)
        self.seen = [one.name for one in self._book.sheets_metadata if str(one.visible).endswith("Visible")]

    def rows(self, name: str) -> Iterator[tuple[str, ...]]:
        sheet = self._plainly(lambda _: self._book.get_sheet_by_name(name))
        first, blank = (sheet.start or (0, 0))[1], ""
        for row in sheet.iter_rows():
            yield (*(blank,) * first, *map(str, row))

    def hidden(self, name: str, last: int) -> set[int]:
        ranges = dict(zip(self.names, self._hidden, strict=False)).get(name, ())
        return {number for one in ranges for number in range(one.start, min(one.stop, last + 1))}

    def _plainly(self, work: Callable[[Any], Any]) -> Any:
        import python_calamine

        try:
            return work(python_calamine)
        except python_calamine.PasswordError:
            raise mistake(self._path.name, "read.password") from None
        except (python_calamine.CalamineError, OSError):
            raise mistake(self._path.name, "read.damaged") from None
        except (AlongsideError, KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:  # a panic of Rust is no Exception
            raise mistake(self._path.name, "read.damaged") from None


def _size_of_xlsb(records: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell. A record is its kind and its size, seven bits a byte, and what it says."""
    at, rows, columns = 0, 0, 0
    with suppress(IndexError, struct.error):
        while at < len(records):
            kind, at = _seven_bits(records, at, 2)
            size, at = _seven_bits(records, at, 4)
            if kind == 0:  # a row, and its number
                rows = max(rows, struct.unpack_from("<I", records, at)[0] + 1)
            elif 1 <= kind <= 11:  # a cell, and its column
                columns = max(columns, struct.unpack_from("<I", records, at)[0] + 1)
            at += size
    return rows, columns


def _seven_bits(records: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for number in range(most):
        byte = records[at]
        at += 1
        value |= (byte & 0x7F) << (7 * number)
        if byte < 0x80:
            break
    return value, at


def _sizes_of_ods(text: str) -> Iterator[tuple[int, int]]:
    """Rows and columns of each sheet up to its last cell that holds something. Rows and cells may be repeated."""
    for sheet in text.split("<table:table ")[1:]:
        above, rows, columns = 0, 0, 0
        for row in _rows_of_ods(sheet):
            before = 0
            cells = re.findall(r"<table:(?:covered-)?table-cell([^>]*)>", row)
            for cell in cells:
                before += _repeated(cell, "columns")
                if "value-type" in cell:
                    columns, rows = max(columns, before), above + _repeated(row.split(">", 1)[0], "rows")
            above += _repeated(row.split(">", 1)[0], "rows")
        yield rows, columns


def _hidden_in_ods(text: str) -> Iterator[Iterator[range]]:
    """Of each sheet the ranges of rows that it doesn't show."""

    def of(sheet: str) -> Iterator[range]:
        above = 1
        for row in _rows_of_ods(sheet):
            tag = row.split(">", 1)[0]
            below = above + _repeated(tag, "rows")
            if re.search(r'table:visibility="(?:filter|collapse)"', tag):
                yield range(above, below)
            above = below

    return map(of, text.split("<table:table ")[1:])


def _rows_of_ods(sheet: str) -> list[str]:
    """A sheet's rows, each from behind the name of its tag on. A group of rows is no row."""
    return re.split(r"<table:table-row(?=[\s/>])", sheet)[1:]


def _repeated(tag: str, what: str) -> int:
    found = re.search(rf'number-{what}-repeated="(\d+)"', tag)
    return int(found[1]) if found else 1
