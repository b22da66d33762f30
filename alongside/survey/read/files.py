"""Tables in files: CSV and XLSX as survey tools write them, whatever the encoding and the separator.

A cell leaves this module in two ways only: as one of the first records, among which the headings are, and in
a column that was asked for by its position. Of other cells goes out what a function makes of them, such as a yes or no.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median_low
from typing import IO, Protocol, TypeVar

import numpy as np

from alongside.course.entry import mistake
from alongside.errors import AlongsideError, nearest
from alongside.survey.ask.codebook import plain
from alongside.survey.read.sheets import Book, is_spreadsheet, open_book, within
from alongside.words import say

__all__ = ["Column", "Table", "open_table", "tidy"]

Record = tuple[str, ...]
Made = TypeVar("Made")
Flags = Mapping[int, Callable[[str], object]]
_CHUNK = 1 << 16  # bytes: what is looked at while it is near the processor takes a third of the time
FIRST = 30  # records to look at for the separator and the headings
SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Column:
    """The cells of a column: int ``codes``, one a row, into the different ``spellings``."""

    codes: np.ndarray
    spellings: list[str]


class Table(Protocol):
    """A table whose rows are read when they are asked for.

    ``where``: its name in messages. ``first``: its first records, blank ones too. ``letters``: the encoding of one byte a
    letter that its letters were guessed to be in, or "".
    """

    where: str
    letters: str
    first: Sequence[Record]

    def columns(
        self, skip: int, width: int, positions: Iterable[int], flags: Flags
    ) -> tuple[dict[int, Column], dict[int, np.ndarray]]:
        """The rows after ``skip`` records: columns by position, and for other positions only a flag a row.

        A flag is what its function makes of a cell, such as yes or no. The cell itself is dropped at once.
        ``width`` is how many cells the headings are. Raises AlongsideError where rows don't fit them.
        """
        ...

    def each(self, skip: int, make: Callable[[Sequence[str]], Made]) -> list[Made]:
        """What ``make`` makes of the cells of each row that ``columns`` gave, which has to be no cell of it."""
        ...

    def number(self, skip: int, row: int) -> int:
        """The number that a spreadsheet shows beside row 0, 1, 2… of those that ``columns`` gave."""
        ...

    def hidden(self, skip: int, count: int) -> set[int]:
        """Which rows, of the ``count`` that ``columns`` gave, a spreadsheet doesn't show, as behind a filter."""
        ...


def open_table(path: Path | str, sheet: str | None = None) -> Table:
    """A table in a file. Raises AlongsideError where it can't be used, or several sheets need a choice."""
    path = Path(path)
    start = _start(path)
    if is_spreadsheet(start):
        return _Sheet(path, sheet)
    text = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for pattern, key in _NOT_TABLES.items():
        if re.match(pattern, text, re.DOTALL):
            raise mistake(path.name, key)
    if sheet is not None:
        raise mistake(path.name, "read.no_sheets")
    return _Text(path, start)


def tidy(text: str) -> str:
    """A cell as a person means it: "4.0" and ="4" are 4."""
    text = text.strip()
    constant = re.fullmatch(r'=\s*"([^"]*)"', text)
    text = (constant[1] if constant else text.removeprefix("'")).strip()
    number = re.fullmatch(r"(\d+)[.,]0+", text)
    return number[1] if number else text


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except FileNotFoundError:
        raise mistake(str(path), "read.no_file") from None
    except IsADirectoryError:
        raise mistake(str(path), "read.a_folder") from None
    except OSError:
        raise mistake(str(path), "read.not_opened") from None
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise mistake(path.name, "read.empty_file")
    return start


_NOT_TABLES = {  # by how a file begins, without blanks and in small letters
    rb"<stata_dta|[i-s][\x01\x02]\x01\0|header record\*+library": "read.statistics",
    rb"%pdf": "read.a_pdf",
    rb"(#[^\n]*\n|\s)*(title|wave|minimum_group):\s": "read.a_codebook",
    rb"\[(internetshortcut|desktop entry)|bplist00|l\0\0\0\x01\x14\x02|https?://\S+\s*$": "read.a_link",
    rb"\{.*\"(doc_id|resource_id)\"|<\?xml.*<plist": "read.a_link",
    rb"\{\\rtf": "read.a_text_document",
    rb"<\?xml.*(progid=\"excel|urn:schemas-microsoft-com:office:spreadsheet)": "read.an_xml_spreadsheet",
    rb"<\?xml.*office:document": "read.an_xml_spreadsheet",
    rb"<|mime-version:|from:.*mime-version:": "read.a_web_page",
    rb"[{\[]": "read.a_json",
    rb"\$fl[23]|ascii spss port|c1e2c3c9c940e2d7e2e2": "read.spss",
    rb"\0{12}\xc2\xea\x81|par1|arrow1|rdx[23]|sqlite format": "read.statistics",
    rb"[\0\x02\x04\x08][\x04\x06\x08\x10]\0": "read.old_spreadsheet",
    rb"\x1f\x8b|rar!|7z\xbc\xaf|bzh\d|\xfd7zxz": "read.compressed",
    rb"\x89png|\xff\xd8\xff|gif8|riff....webp|ii\*\0|mm\0\*|....ftyphei": "read.a_picture",
}


# --- text ------------------------------------------------------------------------------------------


class _Text:
    """CSV, with whatever separator."""

    def __init__(self, path: Path, start: bytes) -> None:
        self.where, self._path = path.name, path
        self._encoding = _encoding(path, start)
        self.letters = self._encoding if self._encoding in _OLD else ""
        with self._open() as file:
            # Excel's own first line says the separator and is no record
            told = re.fullmatch(r'"?sep=([,;|\t])"?\s*', file.readline(), re.IGNORECASE)
        self._preamble = 1 if told else 0
        self._separator = told[1] if told else self._guess()
        self.first: Sequence[Record] = self._records(self._separator, FIRST)

    def columns(
        self, skip: int, width: int, positions: Iterable[int], flags: Flags
    ) -> tuple[dict[int, Column], dict[int, np.ndarray]]:
        import pandas as pd

        taken = sorted(positions)
        blank = self._check_widths(skip, width, max([*taken, *flags], default=0) + 1)
        with self._open() as file, self._plainly():
            _skip(self._reader(file), self._preamble + skip)
            frame = pd.read_csv(
                file,
                sep=self._separator,
                header=None,
                names=list(map(str, range(width))),
                usecols=[*taken, *flags],
                dtype=dict.fromkeys(map(str, taken), "category"),
                converters={str(position): flag for position, flag in flags.items()},
                na_filter=False,
                skipinitialspace=True,
                skip_blank_lines=False,  # pandas and csv mean different lines by it
                index_col=False,
            ).drop(index=blank)
        cells = {position: frame[str(position)].cat for position in taken}
        columns = {
            position: Column(one.codes.to_numpy(), list(map(str, one.categories)))
            for position, one in cells.items()
        }
        return columns, {position: frame[str(position)].to_numpy(dtype=object) for position in flags}

    def each(self, skip: int, make: Callable[[Sequence[str]], Made]) -> list[Made]:
        with self._open() as file, self._plainly():
            records = islice(self._reader(file), self._preamble + skip, None)
            return [make(record) for record in records if _is_row(record)]

    def number(self, skip: int, row: int) -> int:
        with self._open() as file:
            filled = (
                count - self._preamble
                for count, record in enumerate(self._reader(file), start=1)
                if count > self._preamble + skip and _is_row(record)
            )
            return next(islice(filled, row, None))

    def hidden(self, skip: int, count: int) -> set[int]:
        return set()

    def _open(self) -> IO[str]:
        return self._path.open(encoding=self._encoding, newline="")

    def _reader(self, file: IO[str], separator: str | None = None) -> Iterator[list[str]]:
        return csv.reader(file, delimiter=separator or self._separator, skipinitialspace=True, strict=True)

    def _records(self, separator: str, count: int) -> list[Record]:
        with self._open() as file, self._plainly():
            records = self._reader(file, separator)
            _skip(records, self._preamble)
            return [within(self.where, 1, tuple(record)) for record in islice(records, count)]

    def _guess(self) -> str:
        """The separator that cuts the first records into most cells, of those that cut them alike if any does.

        Answers such as "Often, most weeks, or so" hold more commas than their file has semicolons.
        """
        cells, even = {}, []
        for separator in SEPARATORS:
            try:
                lengths = [len(record) for record in self._records(separator, FIRST) if _is_row(record)]
            except AlongsideError:
                continue  # quotation marks that make no sense with this one
            cells[separator] = median_low(lengths) if lengths else 0
            if len(lengths) > 1 and len(set(lengths)) == 1 and lengths[0] > 1:
                even.append(separator)
        best = max(even or cells, key=lambda separator: cells[separator], default=SEPARATORS[0])
        if cells.get(best, 0) < 2:
            for separator in SEPARATORS:
                self._records(separator, FIRST)  # says so, where quotation marks are what is wrong
            raise mistake(self.where, "read.no_table")
        return best

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """What a parser complains about, without the text that it quotes."""
        try:
            yield
        except (csv.Error, ValueError):
            raise mistake(self.where, "read.open_quotation") from None

    def _check_widths(self, skip: int, width: int, needed: int) -> list[int]:
        """Each row has as many cells as there are headings, or lacks only cells that nobody asked for.

        A cell too many, or a row cut in two by a line end, would move answers to other questions in silence. Gives the
        places of blank lines among the records after ``skip``, which are no rows.
        """
        if width > 1 and _all_have(self._path, self._encoding, self._separator, width):
            return []
        cells, count, blank = width, 0, list[int]()
        with self._open() as file, self._plainly():
            for count, record in enumerate(self._reader(file), start=1):
                if count <= self._preamble + skip:
                    continue
                if not _is_row(record):
                    blank.append(count - self._preamble - skip - 1)
                if not any(map(str.strip, record)):
                    continue
                cells = len(record)
                if cells < needed or any(map(str.strip, record[width:])):
                    raise self._uneven(count, width, cells)
        if cells < width and not _ends_a_line(self._path):
            raise self._uneven(
                count, width, cells
            )  # the last row was cut, perhaps in the middle of an answer
        return blank

    def _uneven(self, count: int, width: int, cells: int) -> AlongsideError:
        where = say("read.at_row", where=self.where, number=count - self._preamble)
        return mistake(where, "read.uneven", count=width, found=cells)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-2, os.SEEK_END)
        return file.read().strip(b"\0").endswith((b"\n", b"\r"))  # UTF-16 has a zero beside it


def _is_row(record: Sequence[str]) -> bool:
    """Whether a record is more than a blank line, one of spaces too. One of separators alone is a row that is blank."""
    return len(record) > 1 or any(map(str.strip, record))


def _skip(records: Iterator[object], count: int) -> None:
    next(islice(records, count, count), None)


def _all_have(path: Path, encoding: str, separator: str, width: int) -> bool:
    """Whether every record of a text, quotation marks respected, has ``width`` cells. May say no wrongly.

    Looks at separators and line ends alone, 20 times as fast as reading records. Empty lines, titles, other
    encodings and quotation marks in the middle of a cell confuse it; then the caller looks again, slowly.
    """
    if encoding.startswith("utf-16"):
        return False
    line = separator.encode() * (width - 1) + b"\n"
    others = bytes(set(range(256)) - set(line))
    inside, rest, last, returns = 0, b"", b"\n", 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            # a carriage return that no line feed follows ends a line, too
            returns += chunk.count(b"\r") - chunk.count(b"\r\n") - (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
            pieces = chunk.split(b'"')
            rest += b"".join(pieces[inside::2]).translate(None, others)
            inside = (inside + len(pieces) - 1) % 2
            whole = len(rest) // width
            if rest[: whole * width] != line * whole:
                return False
            rest = rest[whole * width :]
    return not inside and not returns and ((rest == b"" and last == b"\n") or rest == line[:-1])


def _encoding(path: Path, start: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            names: tuple[str, ...] = (name,)
            break
    else:
        names = ("utf-8", "cp1252")
        if 4 * start.count(0) > len(start):  # letters of UTF-16 have a zero beside them
            names = ("utf-16-le",) if start[1:2] == b"\0" else ("utf-16-be",)
    for name in names:
        if name == "cp1252":
            if _is_damaged_utf8(path):
                break  # as cp1252 it could be read, with other letters in place of each é
            name = _of_one_byte(path)
        if _decodes(path, name):
            return name
    raise mistake(path.name, "read.no_encoding")


def _is_damaged_utf8(path: Path) -> bool:
    """Whether a text that is not UTF-8 has more letters of UTF-8 than mistakes."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    mistakes = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(not one.isascii() for one in text) > 2 * mistakes


_OLD = ("cp1252", "mac_roman", "cp850")  # Windows; Excel's CSV for Macintosh; its CSV for MS-DOS
_LETTERS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœß’")  # and what Windows writes in "don’t"


def _of_one_byte(path: Path) -> str:
    """The encoding of one byte a letter in which most letters within words are letters of Western Europe."""
    text = path.read_bytes()
    within = Counter(found[1] for found in re.finditer(rb"[A-Za-z]([\x80-\xff])", text))

    def fits(name: str) -> int:
        return sum(many for one, many in within.items() if one.decode(name, errors="replace") in _LETTERS)

    return max(_OLD, key=fits)  # the first one, where several fit alike


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


# --- spreadsheets ------------------------------------------------------------------------------------


class _Sheet:
    """One sheet of a spreadsheet."""

    letters = ""

    def __init__(self, path: Path, sheet: str | None) -> None:
        self._path = path
        with open_book(path) as book:
            self._sheet = _choose(path.name, book, sheet)
            single = len(book.names) == 1
            self.where = path.name if single else say("read.at_sheet", where=path.name, sheet=self._sheet)
            self.first: Sequence[Record] = list(islice(book.rows(self._sheet), FIRST))

    def columns(
        self, skip: int, width: int, positions: Iterable[int], flags: Flags
    ) -> tuple[dict[int, Column], dict[int, np.ndarray]]:
        numbers = {position: _Numbers() for position in positions}
        codes: dict[int, list[int]] = {position: [] for position in numbers}
        marks: dict[int, list[object]] = {position: [] for position in flags}
        length = 0  # up to the last row that holds anything: a sheet often ends in rows with a style only
        with open_book(self._path) as book:
            for count, row in enumerate(islice(book.rows(self._sheet), skip, None), start=1):
                if not any(row):
                    continue
                blank, length = count - length - 1, count
                cells = (*row, *("",) * (width - len(row)))
                for position, number in numbers.items():
                    codes[position] += [number[""]] * blank if blank else []
                    codes[position].append(number[cells[position]])
                for position, flag in flags.items():
                    marks[position] += [flag("")] * blank
                    marks[position].append(flag(cells[position]))
        columns = {
            position: Column(np.array(codes[position], dtype=np.int32), list(number))
            for position, number in numbers.items()
        }
        return columns, {position: np.array(mark, dtype=object) for position, mark in marks.items()}

    def each(self, skip: int, make: Callable[[Sequence[str]], Made]) -> list[Made]:
        found: list[Made] = []
        blank = 0
        with open_book(self._path) as book:
            for row in islice(book.rows(self._sheet), skip, None):
                if not any(row):
                    blank += 1
                    continue
                found += [make(()) for _ in range(blank)]
                found.append(make(row))
                blank = 0
        return found

    def number(self, skip: int, row: int) -> int:
        return skip + row + 1

    def hidden(self, skip: int, count: int) -> set[int]:
        with open_book(self._path) as book:
            return {number - skip - 1 for number in book.hidden(self._sheet, skip + count) if number > skip}


class _Numbers(dict[str, int]):
    """Different texts, numbered in the order of coming."""

    def __missing__(self, text: str) -> int:
        return self.setdefault(text, len(self))


def _choose(name: str, book: Book, sheet: str | None) -> str:
    """The sheet that was asked for, or the only one with anything in it."""
    if sheet is not None:
        same = [title for title in book.names if title == sheet] or [
            title for title in book.names if plain(title) == plain(sheet)
        ]
        if len(same) != 1:
            raise mistake(name, "read.no_sheet", sheet=sheet, nearest=nearest(sheet, book.names))
        return same[0]
    filled = [title for title in book.seen if any(any(map(str.strip, row)) for row in book.rows(title))]
    if not filled:
        raise mistake(name, "read.empty_sheets")
    if len(filled) > 1:
        names = ", ".join(f'"{title}"' for title in filled)
        raise mistake(name, "read.which_sheet", names=names)
    return filled[0]
