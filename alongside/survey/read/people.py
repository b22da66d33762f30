"""Who counts: each person once, and no row that is nobody's answers (survey-rules.md, rules 12 and 15).

Of the columns in which a tool names the record or the respondent, and of the time of submission, a digest is taken
and nothing else; of the columns that mark rows, the kind of the mark. No message quotes a cell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from alongside.course.entry import mistake
from alongside.survey.ask.codebook import fold, plain
from alongside.survey.read import tools
from alongside.survey.read.files import Record, Table, tidy
from alongside.words import say

__all__ = ["People", "check_parts"]

CUT, LABEL, WORD = "~", "?", "!"
"""Instead of a digest, for a long number that a spreadsheet cut short; and before one, where a cell may be a row's label, or
is a word without any digit."""
_SERIAL = 10  # numbers in their order, from which on they are no answers
_KINDS: tuple[tools.Kind, ...] = ("test", "unusable", "partial")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Of a file: the places of the columns that say something about rows. ``times``: the best first."""

    marks: Mapping[int, tools.Reader]
    ids: Mapping[int, tools.Names]
    times: Sequence[int]

    def uses(self) -> dict[int, str]:
        """What each of them is looked at for, in words."""
        return dict.fromkeys([*self.ids, *self.times[:1]], say("read.only_ids")) | dict.fromkeys(
            self.marks, say("read.only_marks")
        )


class People:
    """The rows of one file, and which of them are people.

    ``columns``: those that were ``taken``, by place. After ``sort_out``: ``kept``, a yes or no for each row;
    ``counts`` of rows by kind; ``marked``, for each column that left rows out, how many; ``shared``, how many rows have an
    earlier one's e-mail address, by column; ``ids`` and ``times``, a digest for each row, and whether such an id is
    ``counted`` (responses.py).
    """

    def __init__(
        self,
        table: Table,
        skip: int,
        headings: Sequence[Record],
        taken: set[int],
        leave_out: Mapping[str, Sequence[str]],
    ) -> None:
        self.table, self._skip, self._headings, self._taken = table, skip, headings, taken
        self._about_rows = about_rows(headings, taken, leave_out, table.where)
        told = {*self._about_rows.ids, *self._about_rows.times[:1]}
        readers: dict[int, Callable[[str], object]] = {
            number: _digest_of_time if number in self._about_rows.times[:1] else _digest for number in told
        }
        marks = self._about_rows.marks
        # the first column may count the rows, in words of any language
        counting = {0: _whole_number} if headings and 0 not in {*taken, *told, *marks} else {}
        both = {number: _both(marks[number], readers[number]) for number in marks.keys() & told}
        self.columns, found = table.columns(
            skip, len(headings), taken, {**counting, **readers, **marks, **both}
        )
        self._counting = found.get(0) if counting else None
        self._marks, self._digests = ({n: found[n] for n in some} for some in (marks, told))
        for number in both:
            self._marks[number], self._digests[number] = (
                np.array([one[at] for one in found[number]], dtype=object) for at in (0, 1)
            )
        self.cut = [n for n in self._about_rows.ids if (self._digests[n] == CUT).any()]
        for number, digests in self._digests.items():
            self._digests[number] = np.where(digests == CUT, "", digests)
        self._words = {n: _starts(self._digests[n], WORD) for n in self._about_rows.ids}
        for number, words in self._words.items():
            if words.any():
                self._digests[number][words] = [one[1:] for one in self._digests[number][words]]

    def sort_out(
        self,
        items: Sequence[int],
        blank: np.ndarray,
        unfit: np.ndarray,
        listed: Mapping[int, Container[str]],
    ) -> None:
        """Find the rows of people. ``items``: places of our questions. ``blank``: rows that answer none of them;
        ``unfit``: rows with an answer to any of them that isn't one. ``listed``: the answers that the codebook knows in
        the columns of breakdowns, by their places, folded.

        Raises AlongsideError where a row is no respondent's, where one person stands in several rows, and where a
        column marks rows in words of which nobody said what they mean.
        """
        kinds = self._kinds()
        left = {kind: ~blank & (kinds == kind) for kind in _KINDS}
        self.kept = ~(blank | np.logical_or.reduce(list(left.values())))
        self._listed = listed
        self._check_rows(items, unfit & ~blank)
        self._check_words()
        self.shared: dict[int, int] = {}
        repeated = self._repeated()
        self.kept &= ~repeated
        self._check_ids()
        self._check_serial()
        counts = {kind: int(rows.sum()) for kind, rows in left.items()} | {"repeated": int(repeated.sum())}
        self.counts = {
            "read": len(blank),
            "blank": int(blank.sum()),
            "test": counts["test"],
            "partial": counts["partial"],
        }
        self.counts |= {kind: counts[kind] for kind in ("unusable", "repeated") if counts[kind]}
        self.marked = [
            (number, kind, int((left[kind] & (flags == kind)).sum()))
            for number, flags in self._marks.items()
            for kind in _KINDS
            if (left[kind] & (flags == kind)).any()
        ]
        self._name()

    @property
    def told(self) -> np.ndarray:
        """The rows to which the tool gave an id or a time, a yes or no for each."""
        found = [flags != "" for flags in self._digests.values()]
        return np.logical_or.reduce(found) if found else np.zeros(len(self.kept), dtype=bool)

    def number(self, row: int) -> int:
        """The number that a spreadsheet shows beside a row."""
        return self.table.number(self._skip, row)

    def uses(self) -> dict[int, str]:
        """For the survey owner: what columns that are not taken were looked at for, in words."""
        shared = {n: say("read.shared_addresses", count=count) for n, count in self.shared.items()}
        cut = dict.fromkeys(self.cut, say("read.cut_ids"))
        return self._about_rows.uses() | self._untold() | shared | cut

    def _untold(self) -> dict[int, str]:
        """Where the tool gave most rows an id or a time and some none: somebody typed them in, or they sum up the others."""
        rows = np.flatnonzero(self.kept & ~self.told)
        if not len(rows) or 2 * len(rows) >= self.kept.sum():
            return {}
        first = next(iter((*self._about_rows.ids, *self._about_rows.times)))
        return {first: say("read.rows_without_id", row=self.number(int(rows[0])))}

    # --- rows that are none of the answers -------------------------------------------------------------

    def _kinds(self) -> np.ndarray:
        """Of each row why it is none of the answers, or "". A row is counted once, by the first kind that fits."""
        size = len(next(iter(self.columns.values())).codes)
        found = np.full(size, "", dtype=object)
        for kind in reversed(_KINDS):
            for flags in self._marks.values():
                found[flags == kind] = kind
        return found

    def _check_words(self) -> None:
        for number, flags in self._marks.items():
            rows = np.flatnonzero((flags == tools.UNKNOWN) & self.kept)
            if len(rows):
                heading = self._headings[number][0]
                where = say("read.at_column", where=self.table.where, heading=heading)
                raise mistake(where, "read.unknown_marks", row=self.number(int(rows[0])), heading=heading)

    def _check_rows(self, items: Sequence[int], unfit: np.ndarray) -> None:
        """No row repeats the headings, and none sums up the others."""
        if unfit.any():  # of all rows: "Test data" as a heading reads like a mark
            words = {fold(cell) for heading in self._headings for cell in heading}
            self._refuse(unfit, lambda record: _repeats(record, words), "read.headings_again")
        # a row to which its tool gave an id and a time is somebody's
        labels = [_starts(flags, LABEL) for flags in self._digests.values()]
        silent = [(flags == "") | label for flags, label in zip(self._digests.values(), labels, strict=True)]
        maybe = self.kept.copy()
        # where others have numbers or codes, a word is no id
        self._odd = {
            n for n, words in self._words.items() if 0 < 4 * (words & self.kept).sum() <= self.kept.sum()
        }
        labels += [self._words[number] for number in self._odd]
        if labels:
            maybe &= np.logical_and.reduce(silent) | np.logical_or.reduce(labels)
        self._times_are_told = 2 * int(maybe.sum()) < int(self.kept.sum())
        maybe &= self._may_sum_up(items)
        if maybe.any():
            summary = cache(
                tools.is_summary_word
            )  # for this reading only: what stays in memory would be answers
            beside = [number for number in range(len(self._headings)) if number not in set(items)]
            self._refuse(maybe, lambda record: self._sums_up(record, beside, summary), "read.sums_up")

    def _may_sum_up(self, items: Sequence[int]) -> np.ndarray | bool:
        """Rows to look at cell by cell; no other row sums up. Where all columns beside the questions were taken, their
        different spellings tell, and a large file is not read a second time."""
        beside = set(range(len(self._headings))) - set(items)
        if not beside <= self.columns.keys() - self._digests.keys():
            return True
        found = np.zeros(len(self.kept), dtype=bool)
        for number in beside:
            column = self.columns[number]
            labels = np.array([tools.is_summary_word(one) for one in column.spellings], dtype=bool)
            found |= labels[column.codes]
        return found

    def _refuse(self, maybe: np.ndarray, is_one: Callable[[Sequence[str]], bool], key: str) -> None:
        """Refuse the first of these rows that ``is_one``, by its number."""
        candidates = set(np.flatnonzero(maybe).tolist())
        counter = iter(range(len(maybe)))
        looked_at = self.table.each(
            self._skip, lambda record: next(counter, -1) in candidates and is_one(record)
        )
        if True in looked_at:
            raise mistake(self.table.where, key, row=self.number(looked_at.index(True)))

    def _sums_up(
        self, record: Sequence[str], beside: Sequence[int], is_summary: Callable[[str], bool]
    ) -> bool:
        """Whether a row has a label and answers, as an average below the others has, and not what people have.

        ``beside``: the places of the columns that are none of our questions.
        """
        filled = (n for n in beside if n < len(record) and record[n].strip())
        number = next(filled, None)
        if number is None:
            return False
        first = record[number]
        alone, named = next(filled, None) is None, number in self._digests
        if is_summary(first) and fold(first) not in self._listed.get(number, ()):
            heading = self._headings[number] if number < len(self._headings) else ()
            return alone or named or not heading or tools.is_added_by_a_tool(heading[0])
        if number in self._odd and _digest(first).startswith(WORD):
            return alone
        other = number in self._about_rows.times[:1] and _digest_of_time(first).startswith(LABEL)
        return alone and other and self._times_are_told

    # --- one person in several rows --------------------------------------------------------------------

    def _repeated(self) -> np.ndarray:
        """Rows that are alike in everything, a tool's id among it, to an earlier one."""
        found = np.zeros(len(self.kept), dtype=bool)
        again = self._again()
        if not again.any():
            return found
        marks = self.table.each(self._skip, _mark)
        if len(marks) != len(found):
            return found
        seen: set[int] = set()
        for row in np.flatnonzero(self.kept):
            if marks[row] in seen and again[row]:
                found[row] = True
            seen.add(marks[row])
        return found

    def _again(self) -> np.ndarray:
        """Kept rows whose id an earlier kept row has."""
        found = np.zeros(len(self.kept), dtype=bool)
        for number in self._about_rows.ids:
            found |= self._again_in(self._digests[number])
        return found

    def _again_in(self, ids: np.ndarray) -> np.ndarray:
        rows = np.flatnonzero(self.kept & (ids != ""))
        _, first = np.unique(ids[rows].astype(str), return_index=True)
        found = np.zeros(len(ids), dtype=bool)
        found[np.delete(rows, first)] = True
        return found

    def _check_ids(self) -> None:
        for number, names in self._about_rows.ids.items():
            count = int(self._again_in(self._digests[number]).sum())
            if count and names == "address":  # several people may share one, as on the computer of a site
                self.shared[number] = count
            elif count:
                heading = self._headings[number][0]
                where = say("read.at_column", where=self.table.where, heading=heading)
                raise mistake(where, "read.same_id", count=count)

    def _check_serial(self) -> None:
        """Where the first column counts 1, 2, 3…, whatever it is called, no number of it stands in two rows."""
        if self._counting is None:
            return
        numbers = self._counting.astype(np.int64)
        seen, first = np.unique(numbers[numbers >= 0], return_index=True)
        kept = numbers[self.kept]
        people, again = len(np.unique(kept)), len(kept) - len(np.unique(kept))
        counts = len(seen) >= _SERIAL and seen[0] in (0, 1) and seen[-1] - seen[0] == len(seen) - 1
        if again and counts and (np.diff(first) > 0).all() and (kept >= 0).all() and people > again:
            heading = next(iter(self._headings[0]), say("read.column_without_heading", number=1))
            where = say("read.at_column", where=self.table.where, heading=heading)
            raise mistake(where, "read.same_id", count=again)

    def _name(self) -> None:
        """Of the columns with ids that the tool has, the one that tells records apart best stands for a row."""
        none = np.full(len(self.kept), "", dtype=object)
        ids, times = self._about_rows.ids, self._about_rows.times[:1]
        best = next((number for number in ids if (self._digests[number][self.kept] != "").any()), None)
        self.counted = best is not None and ids[best] != "record"
        self.ids = none if best is None else self._digests[best]
        self.times = next((self._digests[number] for number in times), none)

    def names(self, *some: tools.Names) -> set[str]:
        """The digests of people's ids, of the columns whose ids are of these sorts."""
        wanted = [number for number, names in self._about_rows.ids.items() if names in some]
        return {one for number in wanted for one in self._digests[number][self.kept]} - {""}

    def counted_at(self, answers: np.ndarray) -> set[tuple[str, str | bytes]]:
        """Each person's id with the time of submission, or else with all answers, where ids run from 1 in each form."""
        told = zip(self.ids[self.kept], self.times[self.kept], answers[self.kept], strict=True)
        return {(one, time or said.tobytes()) for one, time, said in told if one} if self.counted else set()


def about_rows(
    headings: Sequence[Record], taken: set[int], leave_out: Mapping[str, Sequence[str]], where: str
) -> _Columns:
    """The columns that say something about rows. Raises AlongsideError where ``leave_out`` names none that does."""
    words: dict[int, Sequence[str]] = {}
    for heading, marked in leave_out.items():
        fits = [n for n, cells in enumerate(headings) if fold(heading) in map(fold, cells)]
        if not fits:
            raise mistake(where, "read.no_such_mark", heading=heading)
        if taken & set(fits):
            raise mistake(where, "read.mark_is_asked", heading=heading)
        words |= dict.fromkeys(fits, marked)
    return _Columns(
        tools.marks(headings, taken, words), tools.identities(headings, taken), tools.times(headings, taken)
    )


def check_parts(parts: Sequence[tuple[People, np.ndarray]]) -> None:
    """Parts of one export hold different people: no id stands in two of them. With each part go its answers."""
    for (one, answers), (other, others) in combinations(parts, 2):
        both = len(one.names("record", "person") & other.names("record", "person"))
        both = both or len(one.counted_at(answers) & other.counted_at(others))
        if both:
            raise mistake(other.table.where, "read.same_id_in_parts", count=both)


# --- what is taken of a cell -------------------------------------------------------------------------


_PLAIN = re.compile(r"(?=[^\d]*\d)[A-Za-z\d_:-]{2,}")
"""Most ids, which need no second look: thousands are read in a file."""


def _digest(cell: str) -> str:
    """Of a cell that names somebody: the same for the same cell in each file, "" where it names nobody."""
    if _PLAIN.fullmatch(cell):
        return _hash(cell)
    text = " ".join(tidy(cell).split())
    text = text.casefold() if "@" in text else text
    if tools.names_nobody(text):
        return CUT if any(map(str.isdigit, text)) and text != "0" else ""
    if any(map(str.isdigit, text)) or "@" in text:
        return _hash(text)
    return (LABEL if tools.is_summary_word(text) else WORD) + _hash(text)


def _whole_number(cell: str) -> int:
    """A whole number, or -1."""
    text = plain(tidy(cell))
    return int(text) if re.fullmatch(r"\d{1,7}", text) else -1


_TIME = re.compile(
    r"(\d{1,4})\D(\d{1,2})\D(\d{1,4})\D+?(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*([ap])?", re.IGNORECASE
)


def _digest_of_time(cell: str) -> str:
    """Of a time: the same to the minute however its day is written, because a spreadsheet writes it in a way of its own.

    "" where the tool kept no time: what it writes instead is alike in each row of each survey, and tells nobody apart.
    """
    if tools.is_time_of_nobody(cell):
        return ""
    found = _TIME.match(cell)
    if not found:
        text = plain(tidy(cell))
        found = _TIME.match(text)
        if not found:
            told = len(re.findall(r"\d+", text)) > 1  # "Baseline 2025" is no day
            return (_hash(text) if told else LABEL + _hash(text)) if text else ""
    day = sorted([int(found[1]) % 100, int(found[2]), int(found[3]) % 100])
    hour = int(found[4])
    if found[6]:
        hour = hour % 12 + 12 * (found[6] in "pP")
    return _hash(f"{day} {hour}:{found[5]}")


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _both(mark: tools.Reader, digest: Callable[[str], object]) -> Callable[[str], tuple[str, object]]:
    return lambda cell: (mark(cell), digest(cell))


def _mark(record: Sequence[str]) -> int:
    """Of a row: the same for the same cells. Python salts it anew in each run, so it says nothing outside of it."""
    return hash(tuple(cell.strip() for cell in record))


def _repeats(record: Sequence[str], words: set[str]) -> bool:
    """Whether a row is a row of headings, in whatever order."""
    cells = [cell for cell in record if fold(cell)]
    same = sum(fold(cell) in words or tools.heading_of(cell) is not None for cell in cells)
    return same >= 2 and 5 * same >= 4 * len(cells)


def _starts(flags: np.ndarray, sign: str) -> np.ndarray:
    return np.array([one.startswith(sign) for one in flags], dtype=bool)
