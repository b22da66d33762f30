"""From an export of a survey tool to Responses, by allow-list.

The exports of all tools, and whatever a spreadsheet made of them, are one thing here: records, of which the first one
to three are headings; what is a tool's own about them stands in tools.py. Only
columns that the codebook names are taken. Of the columns with which a tool marks its test and partial rows,
a yes or no for each row is taken and nothing else. No message quotes an answer.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np

from alongside.course.entry import mistake
from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import NO_ANSWER, Codebook, answers_of, load, plain, spellings
from alongside.survey.read import tools
from alongside.survey.read.answers import BLANK, MISSING, UNFIT, Scale, Values, coded
from alongside.survey.read.files import Column, open_table, tidy
from alongside.survey.read.headings import Headings, dropped, heading_rows, headings_in, match, shown
from alongside.survey.read.responses import Responses, Rows, _responses, walled
from alongside.words import say

__all__ = ["Matched", "matched", "numbers_read", "read"]


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
    fits = Scale(codebook)
    paths = [path] if isinstance(path, str | Path) else list(path)
    parts = [_File(one, codebook, sheet, fits) for one in paths]
    _check_files(parts)
    answers, kept, ids, times = (
        np.concatenate([getattr(one, what) for one in parts]) for what in ("answers", "kept", "ids", "times")
    )
    about = _Breakdowns(codebook, parts, kept)
    answers = np.maximum(answers[kept], MISSING)
    counts = {key: sum(one.counts[key] for one in parts) for key in parts[0].counts}
    made = _responses(
        Rows(
            codebook=codebook,
            people=len(answers),
            answers=answers,
            about=about.codes,
            about_names=MappingProxyType(about.names),
            counts=MappingProxyType({**counts, "duplicated": _duplicated(answers, about.codes)}),
            columns_dropped=(*about.dropped, *_dropped_by(parts)),
            ids=tuple(ids[kept].tolist()),
            ids_counted=any(one.counted for one in parts),
            times=tuple(times[kept].tolist()),
        )
    )
    if fits.counted:
        _COUNTED[made] = codebook.scale
    return made


_COUNTED: WeakKeyDictionary[Responses, Sequence[str]] = WeakKeyDictionary()


def numbers_read(responses: Responses) -> str:
    """For the survey owner: how numbers were read, or "" where none were or where the codebook says how.

    A scale from 0 to 4 in which nobody chose 0 looks like one from 1 to 5. This says nothing of what was chosen.
    """
    scale = _COUNTED.get(responses, ())
    return say("read.numbers", first=scale[0], points=len(scale), last=scale[-1]) if scale else ""


class _File:
    """One file: ``answers`` [rows, items], which rows are ``kept``, their ``counts``, breakdowns' columns by key."""

    def __init__(self, path: Path | str, codebook: Codebook, sheet: str | None, fits: Scale) -> None:
        self.table = open_table(path, sheet)
        self.skip = heading_rows(self.table.first, codebook)
        headings = headings_in(self.table.first[: self.skip])
        places = match(codebook, headings, self.table.where)
        taken = set(places.values())
        test, partial = tools.marks(headings, taken).values()
        named, time = tools.identities(headings, taken), tools.time_of_submission(headings, taken)
        columns, flags, digests = self._columns(
            len(headings), taken, {**test, **partial}, {*named, *([] if time is None else [time])}
        )
        self.answers = np.stack([coded(columns[places[key]], fits) for key in codebook.items], axis=1)
        self.kept, self.counts = _sort_out(self.answers, _any(flags, test), _any(flags, partial))
        _check_answers(
            self.answers,
            self.kept,
            lambda row: self.table.number(self.skip, row),
            codebook,
            headings,
            places,
            self.table.where,
        )
        self.about = {key: columns[places[key]] for key in codebook.about if key in places}
        self.named = {key: shown(headings[places[key]]) for key in self.about}
        self.dropped = dropped(headings, places, {*test, *partial}, set(named))
        best = next((number for number in named if digests[number][self.kept].any()), None)
        self.counted = best is not None and named[best] != "record"
        self.ids, self.times = (
            np.full(len(self.kept), "", dtype=object) if one is None else digests[one] for one in (best, time)
        )

    def _columns(
        self, width: int, taken: set[int], marks: Mapping[int, tools.Flag], told: set[int]
    ) -> tuple[dict[int, Column], dict[int, np.ndarray], dict[int, np.ndarray]]:
        """The columns that are taken; whether a row is marked; and digests of the columns that are only told apart."""
        both = {number: _both(marks[number]) for number in marks.keys() & told}
        readers = {**dict.fromkeys(told, _digest), **marks, **both}
        columns, found = self.table.columns(self.skip, width, taken, readers)
        flags, digests = ({number: found[number] for number in some} for some in (marks, told))
        for number in both:
            flags[number], digests[number] = (
                np.array([one[at] for one in found[number]], dtype=object) for at in (0, 1)
            )
        return columns, flags, digests

    def says(self) -> list[bytes]:
        """Everybody's answers in an order of their own: a tool may export the same people as words and as numbers."""
        return sorted(one.tobytes() for one in self.answers[self.kept])


def _check_files(parts: Sequence[_File]) -> None:
    """Parts of one export hold different people. The same ones twice would make a crowd of too few.

    Where no row stands twice in either file, as with a time or a number in each, one row in common is enough to tell;
    where rows repeat, people may have answered alike, and half of the smaller file is too much.
    """
    if not parts:
        raise AlongsideError(say("read.no_files"))
    for one, other in combinations(parts, 2):
        if _share_people(one, other):
            raise mistake(other.table.where, "read.same_rows")


def _share_people(one: _File, other: _File) -> bool:
    """Whether two files seem to hold the same rows, or all the same answers, once as words and once as numbers."""
    rows = [Counter(part.table.marks(part.skip)) for part in (one, other)]
    both, fewest = (rows[0] & rows[1]).total(), min(found.total() for found in rows)
    unlike = max((count for found in rows for count in found.values()), default=1) == 1
    said = one.says()
    return (both > 0 and (unlike or 2 * both >= fewest)) or (bool(said) and said == other.says())


def _dropped_by(parts: Sequence[_File]) -> list[tuple[str, str]]:
    """What was dropped, once for all parts that have it."""
    found = list(parts[0].dropped)
    for one in parts[1:]:
        found += [each for each in one.dropped if each not in found]
    return found


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


@dataclass(frozen=True, slots=True)
class Matched:
    """Which heading asks which question, "" where none does; ``left_out``: heading and why; ``problem``: or ""."""

    fits: Sequence[tuple[str, str]]
    left_out: Sequence[tuple[str, str]]
    problem: str


@walled
def matched(path: Path | str, codebook: Codebook, sheet: str | None = None) -> Matched:
    """Match the headings of an export by looking at nothing else.

    Where only some questions have a heading, these are given beside the complaint; where most have none, the first
    row may be somebody's answers, and nothing of it is given: it raises, as where the file can't be used.
    """
    table = open_table(path, sheet)
    headings = headings_in(table.first[: heading_rows(table.first, codebook)])
    places, problem = _places(codebook, headings, table.where)
    asked = (*codebook.items.values(), *codebook.about.values())
    fits = [(one.text, shown(headings[places[one.key]]) if one.key in places else "") for one in asked]
    test, partial = tools.marks(headings, set(places.values())).values()
    named = tools.identities(headings, set(places.values()))
    return Matched(fits, dropped(headings, places, {*test, *partial}, set(named)), problem)


def _places(codebook: Codebook, headings: Headings, where: str) -> tuple[dict[str, int], str]:
    """The column of each question, and what is wrong where not all have one."""
    try:
        return match(codebook, headings, where), ""
    except AlongsideError as error:
        found: dict[str, int] = {}
        for key, item in codebook.items.items():
            with suppress(AlongsideError):
                found |= match(replace(codebook, items={key: item}, about={}), headings, where)
        if 2 * len(found) < len(codebook.items):
            raise
        return found, str(error)


# --- rows that are no answers ---------------------------------------------------------------------------


def _any(flags: Mapping[int, np.ndarray], marks: Iterable[int]) -> np.ndarray | bool:
    """For each row, whether one of these marks is set; False for all where there is no mark."""
    chosen = [flags[number].astype(bool) for number in marks]
    return np.logical_or.reduce(chosen) if chosen else False


def _digest(cell: str) -> str:
    """Of a cell that names somebody or a time, what is kept: the same for the same cell, "" where it says nothing."""
    text = plain(tidy(cell))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest() if text else ""


def _both(mark: tools.Flag) -> Callable[[str], tuple[bool, str]]:
    return lambda cell: (mark(cell), _digest(cell))


def _sort_out(
    answers: np.ndarray, test: np.ndarray | bool, partial: np.ndarray | bool
) -> tuple[np.ndarray, dict[str, int]]:
    """The rows of respondents as a mask, and how many rows of each kind there are. Each row is counted once."""
    blank = (answers == BLANK).all(axis=1)
    tests = ~blank & test
    partials = ~blank & ~tests & partial
    counts = {
        "read": len(answers),
        "blank": int(blank.sum()),
        "test": int(tests.sum()),
        "partial": int(partials.sum()),
    }
    return ~(blank | tests | partials), counts


def _duplicated(answers: np.ndarray, about: np.ndarray) -> int:
    """How many rows say the same as an earlier one. They stay: anonymous people can agree."""
    both = np.ascontiguousarray(np.hstack([answers.astype(np.int16), about]))
    width = both.shape[1] * both.itemsize
    cells = both.tobytes()
    return len(both) - len({cells[start : start + width] for start in range(0, len(cells), width)})


# --- answers -----------------------------------------------------------------------------------------


def _check_answers(
    answers: np.ndarray,
    kept: np.ndarray,
    number: Callable[[int], int],
    codebook: Codebook,
    headings: Headings,
    places: Mapping[str, int],
    where: str,
) -> None:
    """Each answer of a respondent is one of the scale. The message says where, and never what."""
    unfit = (answers == UNFIT) & kept[:, None]
    for key, column in zip(codebook.items, unfit.T, strict=True):
        if column.any():
            raise mistake(
                say("read.at_column", where=where, heading=shown(headings[places[key]])),
                "read.off_the_scale",
                count=int(column.sum()),
                scale=", ".join(codebook.scale),
                row=number(int(column.argmax())),
            )


# --- breakdowns --------------------------------------------------------------------------------------


class _Breakdowns:
    """The breakdowns that may be used: ``codes`` int16 [people, breakdowns], and the ``names`` they point at.

    ``dropped`` are the others: heading and why.
    """

    def __init__(self, codebook: Codebook, parts: Sequence[_File], kept: np.ndarray) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.dropped: list[tuple[str, str]] = []
        found: list[np.ndarray] = []
        silent = {
            word for word, meaning in spellings(answers_of(codebook))[0].items() if meaning == NO_ANSWER
        }
        for key, one in codebook.about.items():
            if not all(key in part.about for part in parts):
                self.dropped.append((one.text, say("read.no_breakdown")))
                continue
            column = _joined([part.about[key] for part in parts])
            values = Values(one, column.spellings, column.codes[kept], silent)
            if values.refused:
                self.dropped.append((parts[0].named[key], values.refused))
            else:
                self.names[key] = values.names
                found.append(values.codes)
        self.codes = np.stack(found, axis=1) if found else np.zeros((int(kept.sum()), 0), dtype=np.int16)
