"""From an export of a survey tool to Responses, by allow-list.

The exports of all tools, and whatever a spreadsheet made of them, are one thing here: records, of which the first one
to three are headings; what is a tool's own about them stands in tools.py. Only
columns that the codebook names are taken. Of the columns with which a tool marks its test and partial rows,
a yes or no for each row is taken and nothing else. No message quotes an answer.
"""

from __future__ import annotations

import difflib
import hashlib
import re
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
from alongside.survey.ask.codebook import (
    NO_ANSWER,
    About,
    Codebook,
    answers_of,
    fold,
    load,
    plain,
    spellings,
)
from alongside.survey.read import tools
from alongside.survey.read.files import Column, Record, open_table, tidy
from alongside.survey.read.responses import Responses, Rows, _responses, walled
from alongside.words import say

__all__ = [
    "Matched",
    "heading_rows",
    "headings_in",
    "looks_like_an_address",
    "matched",
    "numbers_read",
    "read",
]

MISSING, UNFIT, BLANK = -1, -2, -3  # beside the points of the scale, 0 and up
MOST_ANSWERS = 12  # survey-rules.md, rule 1: a breakdown with more looks like identifiers

Headings = Sequence[Record]  # one for each column: what its heading rows say, top down, without blanks


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
    fits = _Scale(codebook)
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
            folders=tuple(dict.fromkeys(Path(one).parent for one in paths)),
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

    def __init__(self, path: Path | str, codebook: Codebook, sheet: str | None, fits: _Scale) -> None:
        self.table = open_table(path, sheet)
        self.skip = heading_rows(self.table.first, codebook)
        headings = headings_in(self.table.first[: self.skip])
        places = _match(codebook, headings, self.table.where)
        taken = set(places.values())
        test, partial = tools.marks(headings, taken).values()
        named, time = tools.identities(headings, taken), tools.time_of_submission(headings, taken)
        columns, flags, digests = self._columns(
            len(headings), taken, {**test, **partial}, {*named, *([] if time is None else [time])}
        )
        self.answers = np.stack([_coded(columns[places[key]], fits) for key in codebook.items], axis=1)
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
        self.named = {key: _shown(headings[places[key]]) for key in self.about}
        self.dropped = _dropped(headings, places, {*test, *partial}, set(named))
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
    fits = [(one.text, _shown(headings[places[one.key]]) if one.key in places else "") for one in asked]
    test, partial = tools.marks(headings, set(places.values())).values()
    named = tools.identities(headings, set(places.values()))
    return Matched(fits, _dropped(headings, places, {*test, *partial}, set(named)), problem)


def _places(codebook: Codebook, headings: Headings, where: str) -> tuple[dict[str, int], str]:
    """The column of each question, and what is wrong where not all have one."""
    try:
        return _match(codebook, headings, where), ""
    except AlongsideError as error:
        found: dict[str, int] = {}
        for key, item in codebook.items.items():
            with suppress(AlongsideError):
                found |= _match(replace(codebook, items={key: item}, about={}), headings, where)
        if 2 * len(found) < len(codebook.items):
            raise
        return found, str(error)


# --- headings --------------------------------------------------------------------------------------


def heading_rows(first: Sequence[Record], codebook: Codebook | None = None) -> int:
    """How many records of a file come before its first answer: blank ones, titles and headings.

    Some tools write two or three rows of headings, and a spreadsheet may have a title.
    """
    filled = (number for number, record in enumerate(first) if any(map(str.strip, record)))
    start = next(filled, 0)
    is_heading = _heading_like(codebook) if codebook else lambda _: False
    last = start
    for number in range(start + 1, min(start + 3, len(first))):
        record = first[number]
        if tools.is_heading_row(record) or is_heading(record):
            last = number
    return last + 1


def _heading_like(codebook: Codebook) -> Callable[[Record], bool]:
    """Whether a record names questions and answers none. Two names at least: one may be what somebody wrote."""
    names = frozenset[str]().union(*_names(codebook).values())
    fits, enough = _Scale(codebook), min(2, len(codebook.items))
    return lambda record: (
        len(names & set(map(fold, record))) >= enough and not any(fits(cell) >= 0 for cell in record)
    )


def headings_in(records: Sequence[Record]) -> list[Record]:
    """For each column what its heading rows say, top down, without blanks and repetitions."""
    found: list[list[str]] = [[] for _ in range(max(map(len, records), default=0))]
    for record in records:
        for heading, cell in zip(found, record, strict=False):
            told = tools.heading_of(cell)
            text = tidy(cell) if told is None else told
            if text and fold(text) not in map(fold, heading):
                heading.append(text)
    return list(map(tuple, found))


def _names(codebook: Codebook) -> dict[str, set[str]]:
    """For each item and breakdown the headings that mean it, folded."""
    targets = (*codebook.items.values(), *codebook.about.values())
    return {one.key: set(map(fold, (one.text, one.key, *one.columns))) for one in targets}


def _match(codebook: Codebook, headings: Headings, where: str) -> dict[str, int]:
    """The column of each item and breakdown; a breakdown may have none."""
    whole = [set(map(fold, heading)) for heading in headings]
    parts = [{fold(part) for cell in heading for part in tools.unwrapped(cell)} for heading in headings]
    names = _names(codebook)
    found: dict[str, list[int]] = {}
    for looked_at in (whole, parts):  # a heading that fits as it stands goes before one that ends in it
        taken = {number for numbers in found.values() for number in numbers}
        for key in names.keys() - found.keys():
            fits = [n for n, cells in enumerate(looked_at) if n not in taken and cells & names[key]]
            if fits:
                found[key] = fits
    _check_missing(codebook, headings, found, where)
    _check_claims(headings, found, where)
    return {key: found[key][0] for key in names if key in found}


def _check_missing(codebook: Codebook, headings: Headings, found: Mapping[str, object], where: str) -> None:
    missing = [item for item in codebook.items.values() if item.key not in found]
    asked, left = len(codebook.items), len(missing)
    if left == asked:
        raise mistake(where, "read.none_fit", title=codebook.title)
    if 2 * left > asked:
        raise mistake(where, "read.few_fit", fit=asked - left, count=asked, title=codebook.title)
    if missing:
        cells = {cell for heading in headings for cell in heading}
        near = difflib.get_close_matches(missing[0].text, cells, n=1, cutoff=0.75)
        key = missing[0].key
        if left == 1:
            told = say("read.unmatched", where=where, key=key)
        else:
            told = say("read.several_unmatched", where=where, key=key, count=left - 1)
        raise AlongsideError(f"{told} {say('read.is_it', heading=_shown(near))}" if near else told)


def _check_claims(headings: Headings, found: Mapping[str, Sequence[int]], where: str) -> None:
    """One column for each, and each for one."""
    claims: dict[int, str] = {}
    for key, numbers in found.items():
        if len(numbers) > 1:
            one, two = (_shown(headings[number]) for number in numbers[:2])
            if one == two:
                raise mistake(where, "read.column_twice", key=key, heading=one)
            raise mistake(where, "read.two_columns", key=key, one=one, two=two)
        other = claims.setdefault(numbers[0], key)
        if other != key:
            heading = _shown(headings[numbers[0]])
            raise mistake(where, "read.two_questions", heading=heading, one=other, two=key)


def _shown(heading: Sequence[str]) -> str:
    """A column's heading, short enough for a sentence."""
    text = " ".join(" / ".join(heading).split())
    return text if len(text) <= 80 else text[:79] + "…"


def _dropped(
    headings: Headings, places: Mapping[str, int], marks: set[int], ids: set[int]
) -> list[tuple[str, str]]:
    """The columns that were not taken, and why."""
    taken = set(places.values())
    why = dict.fromkeys(ids, say("read.only_ids")) | dict.fromkeys(marks, say("read.only_marks"))
    last = max(number for number, heading in enumerate(headings) if heading)  # lines may end in a separator
    return [
        (
            _shown(heading) or say("read.column_without_heading", number=number + 1),
            why.get(number, say("read.not_asked")),
        )
        for number, heading in enumerate(headings[: last + 1])
        if number not in taken
    ]


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


class _Scale:
    """What a cell means on the scale: a point's index, MISSING, BLANK or UNFIT.

    By words, by number, by code (A4, strongly_agree), or by both ("4 - Agree"), which have to say the same.

    1 is the first point, unless the codebook spells a number: then all count from there, so that 0 for the first
    point does not leave 1 for it as well. Where its numbers stand in no order, only those that it spells count.
    ``counted`` becomes true when a number was read without the codebook saying how.
    """

    _CODE = re.compile(r"[\[(]?([a-z]{0,2})0*(\d{1,2})[\])]?")
    _BOTH = re.compile(rf"(?:{_CODE.pattern})\s*[-–—.:=]*\s*(.*\D.*)")
    _BOTH_TURNED = re.compile(r"(.*\D)\s*[-–—.:=(\[]\s*(\d{1,2})[\])]?")

    def __init__(self, codebook: Codebook) -> None:
        words, _ = spellings(answers_of(codebook))
        points = {point: number for number, point in enumerate(codebook.scale)}
        self._words = {word: points.get(meaning, MISSING) for word, meaning in words.items()}
        self._size = len(codebook.scale)
        self._starts: dict[str, set[int]] = {}
        for word, point in self._words.items():
            if point >= 0 and (code := self._CODE.fullmatch(word)):
                self._starts.setdefault(code[1], set()).add(point - int(code[2]))
        self.counted = False
        assert NO_ANSWER not in points

    def __call__(self, cell: str) -> int:
        text = plain(tidy(cell))
        if not text:
            return BLANK
        said = self._by_words(text)
        if said is not None:
            return said
        if alone := self._CODE.fullmatch(text):
            self.counted |= not alone[1] and "" not in self._starts
            return self._by_number(alone[1], alone[2])
        if both := self._BOTH.fullmatch(text):
            return self._agreed(both[1], both[2], both[3])
        if turned := self._BOTH_TURNED.fullmatch(text):
            return self._agreed("", turned[2], turned[1])
        return UNFIT

    def _by_words(self, text: str) -> int | None:
        return self._words.get(text, self._words.get(fold(text)))

    def _by_number(self, letters: str, digits: str) -> int:
        said, starts = self._words.get(f"{letters}{digits}"), self._starts.get(letters, {-1})
        if said is not None or len(starts) > 1:
            return UNFIT if said is None else said
        point = int(digits) + min(starts)
        return point if 0 <= point < self._size else UNFIT

    def _agreed(self, letters: str, digits: str, words: str) -> int:
        said = self._by_words(words)
        if said == MISSING:
            return MISSING  # "98 - Prefer not to say"
        return said if said is not None and said == self._by_number(letters, digits) else UNFIT


def _coded(column: Column, fits: Callable[[str], int]) -> np.ndarray:
    """A column of an item as int8, one a row. Each spelling is looked up once."""
    return np.array(list(map(fits, column.spellings)), dtype=np.int8)[column.codes]


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
                say("read.at_column", where=where, heading=_shown(headings[places[key]])),
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
            values = _Values(one, column.spellings, column.codes[kept], silent)
            if values.refused:
                self.dropped.append((parts[0].named[key], values.refused))
            else:
                self.names[key] = values.names
                found.append(values.codes)
        self.codes = np.stack(found, axis=1) if found else np.zeros((int(kept.sum()), 0), dtype=np.int16)


class _Values:
    """One breakdown: ``codes`` of people into ``names``, or why it is ``refused``."""

    def __init__(self, about: About, written: Sequence[str], codes: np.ndarray, silent: set[str]) -> None:
        people = np.bincount(codes, minlength=len(written))
        used = [int(number) for number in np.flatnonzero(people)]
        self.names: tuple[str, ...] = ()
        self.codes = np.zeros(0, dtype=np.int16)
        self.refused = say("read.far_too_many") if len(used) > 1000 else ""
        if self.refused:
            return
        known, _ = spellings((label, (label, *words)) for label, words in about.answers.items())
        labels = {number: _label(written[number], known, silent) for number in used}
        self.refused = _looks_like_people(written, people, labels)
        if not self.refused:
            self.names, self.codes = _numbered(tuple(about.answers), labels, codes, len(written))


def _label(cell: str, known: Mapping[str, str], silent: set[str]) -> str | None:
    """The answer of the codebook that a cell means, or "No answer", or None for what the codebook doesn't list."""
    text = plain(tidy(cell))
    for one in (text, fold(text)):
        if one in known:
            return known[one]
    return say("read.no_answer") if not text or text in silent or fold(text) in silent else None


def _looks_like_people(written: Sequence[str], people: np.ndarray, labels: Mapping[int, str | None]) -> str:
    """Why values look like identifiers (survey-rules.md, rule 1), or ""."""
    none = say("read.no_answer")
    told = {
        number: label or plain(tidy(written[number])) for number, label in labels.items() if label != none
    }
    sizes: dict[str, int] = {}
    for number, value in told.items():
        sizes[value] = sizes.get(value, 0) + int(people[number])
    if any(looks_like_an_address(written[number]) for number in told):
        return say("read.addresses")
    if len(sizes) > MOST_ANSWERS:
        return say("read.too_many", count=MOST_ANSWERS)
    if sizes and 2 * sum(size for size in sizes.values() if size == 1) >= sum(sizes.values()):
        return say("read.answers_of_their_own")
    if sizes and not any(labels[number] for number in told):
        return say("read.unknown_answers")
    return ""


_ADDRESS = re.compile(
    r"\S+@\S+\.\S+"  # e-mail
    r"|\d{1,3}(\.\d{1,3}){3}(:\d+)?|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}"  # IP
    r"|(?!(19|20)\d\d\D{1,3}(19|20)\d\d$)\+?[\d(](?:[\d\s().\-–/]*\d){6,}"  # phone; "2020 - 2024" is none
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # UUID
)


def looks_like_an_address(cell: str) -> bool:
    """Whether a cell is an e-mail address, an IP address, a phone number or another long number."""
    return bool(_ADDRESS.fullmatch(plain(tidy(cell))))


def _numbered(
    listed: Sequence[str], labels: Mapping[int, str | None], codes: np.ndarray, size: int
) -> tuple[tuple[str, ...], np.ndarray]:
    """Names in the codebook's order, then "Another answer" and "No answer" where somebody gave them; and people's codes."""
    same = {plain(label): label for label in listed}  # a codebook may have words of its own for these two
    another, silence = say("read.another_answer"), say("read.no_answer")
    another, none = same.get(plain(another), another), same.get(plain(silence), silence)
    words = {
        number: another if label is None else none if label == silence else label
        for number, label in labels.items()
    }
    extra = [name for name in (another, none) if name not in listed and name in words.values()]
    names = (*listed, *extra)
    numbers = np.zeros(size, dtype=np.int16)
    for number, word in words.items():
        numbers[number] = names.index(word)
    return names, numbers[codes]
