"""From an export of a survey tool to Responses, by allow-list.

The exports of all tools, and whatever a spreadsheet made of them, are one thing here: records, of which the first one
to three are headings; what is a tool's own about them stands in tools.py. Only
columns that the codebook names are taken. Of the columns with which a tool marks its test and partial rows,
a yes or no for each row is taken and nothing else. No message quotes an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from types import MappingProxyType

import numpy as np

from alongside.course.entry import mistake
from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import NO_ANSWER, Codebook, answers_of, fold, load, spellings
from alongside.survey.read.answers import (
    BLANK,
    CODE,
    MISSING,
    UNFIT,
    Scale,
    Values,
    coded,
    has_number_beside,
)
from alongside.survey.read.files import Column, open_table, tidy
from alongside.survey.read.headings import (
    below,
    dropped,
    first_few,
    heading_rows,
    headings_in,
    match,
    nearest_heading,
    shown,
)
from alongside.survey.read.people import People, about_rows, check_parts
from alongside.survey.read.responses import Responses, Rows, _responses, row_bytes, walled
from alongside.words import say

__all__ = ["Breakdowns", "File", "Reading", "opened", "read"]

MOST_LINES = 3  # of an error


@walled
def read(
    path: Path | str | Sequence[Path | str], codebook: Codebook | Path | str, sheet: str | None = None
) -> Responses:
    """The answers of an export. ``sheet``: which sheet of a spreadsheet, where several hold something.

    Several paths are the parts of one export, such as one for each site, and are read as one file with all their
    rows. Raises AlongsideError, in one sentence or two, where a file or the codebook can't be used.
    """
    if not isinstance(codebook, Codebook):
        codebook = load(codebook)
    reading = opened(path, codebook, sheet)
    reading.read()
    assert reading.responses is not None
    return reading.responses


@dataclass(eq=False, repr=False)
class Reading:
    """Files on their way to Responses. What was read so far is there even where :meth:`read` has raised.

    ``parts``: the files. ``about``: the breakdowns, once they are read. ``responses``: once all is read.
    """

    codebook: Codebook
    parts: Sequence[File]
    about: Breakdowns | None = None
    responses: Responses | None = None

    def read(self) -> None:
        """Read all rows. Raises AlongsideError where the answers can't be used, in three lines at most."""
        codebook, parts = self.codebook, self.parts
        for part in parts:
            if part.places.problem:
                raise AlongsideError(part.places.problem)
        fits = Scale(codebook)
        for part in parts:
            part.read(fits)
        _check_files(parts)
        answers, kept = (
            np.concatenate([getattr(one, what) for one in parts]) for what in ("answers", "kept")
        )
        people = [part.people for part in parts if part.people]
        ids, times = (np.concatenate([getattr(one, what) for one in people]) for what in ("ids", "times"))
        about = self.about = Breakdowns(codebook, parts, kept)
        if problems := [*(one for part in parts for one in part.problems), *about.problems]:
            raise AlongsideError("\n".join(problems[:MOST_LINES]))
        answers = np.maximum(answers[kept], MISSING)
        kinds = dict.fromkeys(kind for one in parts for kind in one.counts)
        counts = {kind: sum(one.counts.get(kind, 0) for one in parts) for kind in kinds}
        counts["duplicated"] = _duplicated(answers, about.codes) + counts.get("repeated", 0)
        self.responses = _responses(
            Rows(
                codebook=codebook,
                people=len(answers),
                answers=answers,
                about=about.codes,
                about_names=MappingProxyType(about.names),
                counts=MappingProxyType(counts),
                columns_dropped=self.dropped,
                ids=tuple(ids[kept].tolist()),
                ids_counted=any(one.counted for one in people),
                times=tuple(times[kept].tolist()),
                folders=tuple(dict.fromkeys(part.folder for part in parts)),
            )
        )

    @property
    def dropped(self) -> tuple[tuple[str, str], ...]:
        """Headings that were not taken, and why, once for all parts that have them."""
        found = list(self.about.dropped if self.about else ())
        for part in self.parts:
            found += [each for each in part.dropped if each not in found]
        return tuple(found)

    @property
    def free(self) -> tuple[tuple[str, str], ...]:
        """Headings that were not taken, as they are shown and, whole, in the row that says most; once for all parts."""
        return tuple(dict.fromkeys(each for part in self.parts for each in part.free))


def opened(path: Path | str | Sequence[Path | str], codebook: Codebook, sheet: str | None = None) -> Reading:
    """Files whose headings were read and nothing else. Raises AlongsideError where one can't be used."""
    paths = [path] if isinstance(path, str | Path) else list(path)
    if not paths:
        raise AlongsideError(say("read.no_files"))
    return Reading(codebook, [File(one, codebook, sheet) for one in paths])


class File:
    """One file, in its ``folder``. ``headings`` and ``places`` are known from its headings, the rest once it is ``read``.

    ``answers`` [rows, items], which rows are ``kept``, their ``counts``, the breakdowns' columns ``about`` by key,
    ``marked``: for a column by which rows are left out, of which kind they are and how many. ``dropped``: headings and
    why. ``problems``: why its answers can't be used, in sentences.
    """

    def __init__(self, path: Path | str, codebook: Codebook, sheet: str | None) -> None:
        self.codebook = codebook
        self.folder = Path(path).parent
        self.table = open_table(path, sheet)
        self.where = self.table.where
        start, self.skip = heading_rows(self.table.first, codebook)
        self.headings = headings_in(self.table.first[start : self.skip])
        self.places = match(codebook, self.headings, self.where)
        if self.places.problem:
            self.places = replace(self.places, problem=self.places.problem + self._misread())
        if not self.places.sure.keys() & codebook.items.keys() and below(self.table.first, codebook):
            raise mistake(self.where, "read.questions_below")
        self.taken = self.places.all()
        self.people: People | None = None
        self.counts: Mapping[str, int] = {}
        self.about: dict[str, Column] = {}
        self.marked: list[tuple[str, str, int]] = []
        self.problems: list[str] = []
        self._unused: set[int] = set()

    def read(self, fits: Scale) -> None:
        """Read the rows."""
        codebook, headings = self.codebook, self.headings
        self.people = People(self.table, self.skip, headings, self.taken, codebook.leave_out)
        columns = self.people.columns
        self._joined = {key: self._side_by_side(columns, key) for key in self.places.sure}
        self.answers = np.stack([coded(self._joined[key].column, fits) for key in codebook.items], axis=1)
        blank = np.all(self.answers == BLANK, axis=1)
        unfit = np.any(np.isin(self.answers, (UNFIT, CODE)), axis=1)
        items = [
            number for key in codebook.items for number in (*self.places.sure[key], *self.places.maybe[key])
        ]
        listed = {
            number: {fold(word) for label, words in about.answers.items() for word in (label, *words)}
            for key, about in codebook.about.items()
            for number in (*self.places.sure.get(key, ()), *self.places.maybe.get(key, ()))
        }
        self.people.sort_out(items, blank, unfit, listed)
        self.kept, self.counts = self.people.kept, self.people.counts
        self.marked = [(shown(headings[number]), kind, count) for number, kind, count in self.people.marked]
        self.about = {key: self._joined[key].column for key in codebook.about if key in self._joined}
        self.problems = [
            *self._hidden(),
            *self._both_filled(),
            *self._unfit(),
            *self._counts_or_key(fits),
        ]

    @property
    def dropped(self) -> list[tuple[str, str]]:
        """The headings that were not taken, and why."""
        sorted_out = self.people if self.counts else None
        seen = sorted_out or about_rows(self.headings, self.taken, {}, self.where)
        why = seen.uses()
        why |= {number: say("read.not_beside") for number in self._unused}
        return dropped(self.headings, self.taken - self._unused, why)

    @property
    def free(self) -> list[tuple[str, str]]:
        """The headings that were not taken: as they are shown, and the row that says most, whole."""
        taken = self.taken - self._unused
        return [
            (shown(heading), max(heading, key=len))
            for number, heading in enumerate(self.headings)
            if heading and number not in taken
        ]

    def heading(self, key: str) -> str:
        """The heading of a question, or of the first of its columns."""
        return shown(self.headings[self.places.sure[key][0]])

    def headings_of(self, key: str) -> list[str]:
        """The headings of all columns from which a question's answers are taken."""
        numbers = (*self.places.sure.get(key, ()), *self.places.maybe.get(key, ()))
        return [shown(self.headings[number]) for number in numbers if number not in self._unused]

    def _side_by_side(self, columns: Mapping[int, Column], key: str) -> _Joined:
        """A question's columns as one: branches of a form, of which each person fills one."""
        first, *others = self.places.sure[key]
        joined = _Joined(columns[first])
        for number in others:
            joined.add(columns[number])
        for number in self.places.maybe[key]:
            if joined.overlaps(columns[number]):
                self._unused.add(number)
            else:
                joined.add(columns[number])
        return joined

    def _hidden(self) -> Iterator[str]:
        """Where people's rows are hidden: whoever left them out by a filter would count them without knowing."""
        rows = [row for row in sorted(self.table.hidden(self.skip, len(self.kept))) if self.kept[row]]
        if rows:
            yield say("read.hidden_rows", where=self.where, count=len(rows), row=self._row(rows[0]))

    def _both_filled(self) -> Iterator[str]:
        """Where a row fills two columns of one question: which of them is meant can't be told."""
        keys = [key for key, one in self._joined.items() if (one.clash & self.kept).any()]
        if keys:
            row = min(int((self._joined[key].clash & self.kept).argmax()) for key in keys)
            one, two = (shown(self.headings[number]) for number in self.places.sure[keys[0]][:2])
            yield say(
                "read.both_filled",
                where=self.where,
                keys=first_few(keys),
                one=one,
                two=two,
                row=self._row(row),
            )

    def _unfit(self) -> Iterator[str]:
        """Where answers of respondents are none of the scale. It says where, and never what."""
        scale = ", ".join(self.codebook.scale)
        for kind, key in ((CODE, "read.codes"), (UNFIT, "read.off_the_scale")):
            found = (self.answers == kind) & self.kept[:, None]
            items = [key for key, column in zip(self.codebook.items, found.T, strict=True) if column.any()]
            if items:
                names, row = first_few(list(map(self.heading, items))), int(found.any(axis=1).argmax())
                told = say(
                    key, where=self.where, headings=names, count=len(items), row=self._row(row), scale=scale
                )
                yield told + self._misread() if kind == UNFIT else told

    def _misread(self) -> str:
        """That the file's letters are others than the codebook's, in a sentence behind another one, or ""."""
        book = self.codebook
        asked = (*book.items.values(), *book.about.values())
        words = "".join((*book.scale, *(one.text for one in asked)))
        try:
            "".join(filter(str.isalpha, words)).encode(self.table.letters or "utf-8")
        except UnicodeEncodeError:
            return " " + say("read.old_letters")
        return ""

    def _counts_or_key(self, fits: Scale) -> Iterator[str]:
        """Where a row seems to say how often each word was chosen ("Never: 3"), or which number means it ("1 = Never").

        Numbers stand beside all of its words, and beside those of few others; or a word has one number here and another
        one elsewhere in its column.
        """
        assert self.people is not None
        columns = [_by_spelling(self._joined[key].column, fits.number) for key in self.codebook.items]
        beside = np.stack(columns, axis=1).astype(np.int64)
        with_number = (beside >= 0) & self.kept[:, None]
        if not with_number.any():
            return
        otherwise = np.zeros(len(self.kept), dtype=bool)
        for numbers, points, told in zip(beside.T, self.answers.T, with_number.T, strict=True):
            for point in np.unique(points[told]):
                rows = told & (points == point)
                otherwise |= rows & (numbers != Counter(numbers[rows]).most_common(1)[0][0])
        all_beside = with_number.any(axis=1) & (with_number | (self.answers == BLANK)).all(axis=1)
        for column in self.about.values():
            all_beside &= ~_filled(column) | _by_spelling(column, has_number_beside).astype(bool)
        seems = all_beside & ~self.people.told
        if 2 * all_beside.sum() < self.kept.sum() and (
            self.people.told.any() or not _are_codes(self.answers[seems], beside[seems], self.codebook)
        ):
            otherwise |= seems
        if otherwise.any():
            yield say("read.counts_or_key", where=self.where, row=self._row(int(otherwise.argmax())))

    def _row(self, row: int) -> int:
        return self.table.number(self.skip, row)

    def says(self) -> list[bytes]:
        """Everybody's answers in an order of their own: a tool may export the same people as words and as numbers."""
        return sorted(one.tobytes() for one in self.answers[self.kept])


def _check_files(parts: Sequence[File]) -> None:
    """Parts of one export hold different people. The same ones twice would make a crowd of too few.

    Where no row stands twice in either file, as with a time or a number in each, one row in common is enough to tell;
    where rows repeat, people may have answered alike, and half of the smaller file is too much.
    """
    check_parts([(part.people, part.answers) for part in parts if part.people])
    for one, other in combinations(parts, 2):
        if _share_people(one, other):
            raise mistake(other.table.where, "read.same_rows")


def _share_people(one: File, other: File) -> bool:
    """Whether two files seem to hold the same rows, or all the same answers, once as words and once as numbers."""
    rows = [Counter(mark for mark in part.table.each(part.skip, _mark) if mark) for part in (one, other)]
    both, fewest = (rows[0] & rows[1]).total(), min(found.total() for found in rows)
    unlike = max((count for found in rows for count in found.values()), default=1) == 1
    said = one.says()
    return (both > 0 and (unlike or 2 * both >= fewest)) or (bool(said) and said == other.says())


class _Joined:
    """Columns beside each other as one ``column``; ``clash``: rows that fill more than one of them."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.clash = np.zeros(len(column.codes), dtype=bool)

    def overlaps(self, other: Column) -> bool:
        return bool((_filled(self.column) & _filled(other)).any())

    def add(self, other: Column) -> None:
        ours, theirs = _filled(self.column), _filled(other)
        self.clash |= ours & theirs
        codes = np.where(ours, self.column.codes, other.codes.astype(np.int32) + len(self.column.spellings))
        self.column = Column(codes, [*self.column.spellings, *other.spellings])


def _filled(column: Column) -> np.ndarray:
    return np.array([bool(tidy(one).strip()) for one in column.spellings], dtype=bool)[column.codes]


def _are_codes(points: np.ndarray, beside: np.ndarray, codebook: Codebook) -> bool:
    """Whether numbers beside answers [rows, items] may be a person's way to write them: they run with the scale.

    Counts rarely do. A row that says each point once, in order, is a key.
    """
    whole = list(range(len(codebook.scale)))
    if any(row[row != BLANK].tolist() in (whole, whole[::-1]) for row in points):
        return False
    pairs = {one for one in zip(points.flat, beside.flat, strict=True) if one[1] >= 0}
    numbers = [number for _, number in sorted(pairs)]
    each_once = len({point for point, _ in pairs}) == len(pairs) == len(set(numbers))
    return each_once and numbers in (sorted(numbers), sorted(numbers, reverse=True))


def _by_spelling(column: Column, what: Callable[[str], object]) -> np.ndarray:
    """What a function says of each cell; each spelling is looked up once."""
    return np.array([what(one) for one in column.spellings], dtype=object)[column.codes]


def _joined(columns: Sequence[Column]) -> Column:
    """Columns below each other, as one."""
    if len(columns) == 1:
        return columns[0]
    number: dict[str, int] = {}
    codes = [
        np.array([number.setdefault(one, len(number)) for one in column.spellings], dtype=np.int32)[
            column.codes
        ]
        for column in columns
    ]
    return Column(np.concatenate(codes), list(number))


def _mark(record: Sequence[str]) -> int:
    """Of a row that holds anything: the same for the same cells. Python salts it anew in each run."""
    cells = tuple(cell.strip() for cell in record)
    return hash(cells) if any(cells) else 0


def _duplicated(answers: np.ndarray, about: np.ndarray) -> int:
    """How many rows say the same as an earlier one. They stay: anonymous people can agree."""
    both = np.hstack([answers.astype(np.int16), about])
    return len(both) - len(set(row_bytes(both)))


# --- breakdowns --------------------------------------------------------------------------------------


class Breakdowns:
    """The breakdowns that may be used: ``codes`` int16 [people, breakdowns], and the ``names`` they point at.

    ``dropped`` are the others: heading and why. ``another``: by key, how many people gave an answer that the codebook
    doesn't list, by the listed answer that is spelled most like it, or "". ``problems``: why none can be used.
    """

    def __init__(self, codebook: Codebook, parts: Sequence[File], kept: np.ndarray) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.dropped: list[tuple[str, str]] = []
        self.another: dict[str, Mapping[str, int]] = {}
        self.problems: list[str] = []
        found: list[np.ndarray] = []
        silent = {
            word for word, meaning in spellings(answers_of(codebook))[0].items() if meaning == NO_ANSWER
        }
        unexplained = []
        for key, one in codebook.about.items():
            if not all(key in part.about for part in parts):
                near = next((near for part in parts if (near := nearest_heading(one, part.headings))), "")
                why = say("read.no_breakdown")
                self.dropped.append((one.text, f"{why}. {say('read.is_it', heading=near)}" if near else why))
                continue
            column = _joined([part.about[key] for part in parts])
            values = Values(one, column.spellings, column.codes[kept], silent)
            self.another[key] = values.another
            if values.unexplained:
                unexplained.append(key)
            if values.refused:
                self.dropped.append((parts[0].heading(key), values.refused))
            else:
                self.names[key] = values.names
                found.append(values.codes)
        if unexplained:
            first = codebook.about[unexplained[0]]
            label = next(iter(first.answers))
            names = first_few([parts[0].heading(key) for key in unexplained])
            where = parts[0].where
            told = say("read.codes_of_breakdowns", where=where, headings=names, key=first.key, label=label)
            self.problems.append(told)
        self.codes = np.stack(found, axis=1) if found else np.zeros((int(kept.sum()), 0), dtype=np.int16)
