"""Which heading of a file asks which question, and which rows of a file are its headings.

A heading asks a question if it is its text, its key or one of its other headings; if it ends in one of them behind a
sign of a tool ("Group/Heading", "Question [Heading]"); or if it holds the text of exactly one question whole, set off by
a sign, a line end or a number ("Q1: …", "…? - Selected Choice", "… / the same in another language"). A box for words
beside a question is not the question. What is a tool's own about its headings stands in tools.py. No message quotes an
answer.
"""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from alongside.survey.ask.codebook import About, Codebook, Item, fold
from alongside.survey.read import tools
from alongside.survey.read.answers import Scale
from alongside.survey.read.files import Record, tidy
from alongside.words import say

__all__ = [
    "Headings",
    "Places",
    "below",
    "first_few",
    "heading_rows",
    "headings_in",
    "match",
    "nearest_heading",
    "shown",
]

Headings = Sequence[Record]  # one for each column: what its heading rows say, top down, without blanks
MOST_NAMED = 5  # in one sentence


@dataclass(frozen=True, slots=True)
class Places:
    """The columns of each question, by its key: ``sure``, and ``maybe`` others, which count where they fill a gap alone.

    A question may stand in several columns, one for each branch of a form. ``missing``: keys that no heading fits.
    ``problem``: what is wrong with the headings in a sentence, or "".
    """

    sure: Mapping[str, tuple[int, ...]]
    maybe: Mapping[str, tuple[int, ...]]
    missing: tuple[str, ...]
    problem: str

    def all(self) -> set[int]:
        """Every column that may hold answers to a question."""
        return {number for some in (*self.sure.values(), *self.maybe.values()) for number in some}


# --- which rows are headings -----------------------------------------------------------------------------


def heading_rows(first: Sequence[Record], codebook: Codebook | None = None) -> tuple[int, int]:
    """Which records of a file are its headings: the place of the first, and how many records come before its first answer.

    Some tools write two or three rows of headings, and a spreadsheet may have a title. A tool may write lines about the
    survey above them; where a codebook is given, they are found by its questions. Without one, a row with a single cell
    above rows with more is a title.
    """
    filled = [number for number, record in enumerate(first) if any(map(str.strip, record))]
    start = filled[0] if filled else 0
    if codebook is None:
        start = next((at for at in filled if sum(map(bool, map(str.strip, first[at]))) > 1), start)
    is_heading = _heading_like(codebook) if codebook else lambda _: False
    last = start
    for number in range(start + 1, min(start + 3, len(first))):
        record = first[number]
        if (
            tools.is_heading_row(record)
            or is_heading(record)
            or _names_boxes(first[start : last + 1], record, codebook)
        ):
            last = number
    if codebook and last == start and filled and not is_heading(first[start]):
        fits = Scale(codebook)
        for number in filled[1:]:
            if is_heading(first[number]):
                return number, number + 1
            if any(
                fits(cell) >= 0 for cell in first[number]
            ):  # somebody's answers, and no lines about the survey
                break
    return start, last + 1


def below(first: Sequence[Record], codebook: Codebook) -> bool:
    """Whether questions stand below one another, as in an export of one row for each answer."""
    texts = {fold(item.text) for item in codebook.items.values()}
    found = [
        {fold(record[at]) for record in first if at < len(record)} & texts
        for at in range(max(map(len, first), default=0))
    ]
    return any(len(one) >= min(3, len(texts)) and len(one) > 1 for one in found)


def _names_boxes(headings: Sequence[Record], record: Record, codebook: Codebook | None) -> bool:
    """Whether a record below the headings says which answer each column without a heading is for."""
    if codebook is None:
        return False
    answers = {*codebook.scale, *(label for one in codebook.about.values() for label in one.answers)}
    boxes = set(map(fold, answers))
    without = [at for at in range(len(record)) if not any(fold(row[at]) for row in headings if at < len(row))]
    return sum(fold(record[at]) in boxes for at in without) >= 2


def _heading_like(codebook: Codebook) -> Callable[[Record], bool]:
    """Whether a record names questions and answers none. Two names at least: one may be what somebody wrote."""
    asked = [_Asked(one, codebook.scale) for one in (*codebook.items.values(), *codebook.about.values())]
    fits, enough = Scale(codebook), min(2, len(codebook.items))

    def is_heading(record: Record) -> bool:
        if any(fits(cell) >= 0 for cell in record):
            return False
        cells = [_Cell(cell) for cell in set(record) if cell.strip()]
        found = {one.key for cell in cells for one in asked if one.level([cell]) is not None}
        return len(found) >= enough

    return is_heading


def headings_in(records: Sequence[Record]) -> list[Record]:
    """For each column what its heading rows say, top down, without blanks and repetitions."""
    found: list[list[str]] = [[] for _ in range(max(map(len, records), default=0))]
    for record in records:
        for heading, cell in zip(found, record, strict=False):
            told = tools.heading_of(cell)
            text = tidy(_unmarked(cell)) if told is None else told
            if text and fold(text) not in map(fold, heading):
                heading.append(text)
    return list(map(tuple, found))


def _unmarked(cell: str) -> str:
    """Without the HTML in which some tools keep a question."""
    if not re.search(r"</?[a-zA-Z][^<>]*>|&\w+;|&#\d+;", cell):
        return cell
    return html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", " ", cell))


# --- which column is of which question --------------------------------------------------------------------


class _Cell:
    """One cell of a heading, worked out once for all questions."""

    def __init__(self, text: str) -> None:
        self.text, self.folded = text, fold(text)
        again, copied = _AGAIN.fullmatch(text.strip()), _COPIED.fullmatch(text.strip())
        self.again = (
            (fold(again[1]), bool(again[2])) if again else (fold(copied[1]), True) if copied else None
        )
        self.parts = [(fold(part), text[: text.rfind(part)]) for part in tools.unwrapped(text)]

    @cached_property
    def flat(self) -> tuple[str, list[int]]:
        return _flat(self.text)

    @cached_property
    def is_for_words(self) -> bool:
        return tools.is_for_words(self.text)


class _Asked:
    """One question, and how well a column's heading fits it: the smaller the ``level`` the better."""

    WHOLE, AGAIN, WRAPPED, HELD, NONE = range(5)

    def __init__(self, one: Item | About, scale: Sequence[str]) -> None:
        self.key = one.key
        self.names = set(map(fold, (one.text, one.key, *one.columns)))
        self._key, self._keys = fold(one.key), set(map(fold, (one.key, *one.columns)))
        texts = [fold(one.text), *(fold(text) for text in one.columns if len(text.split()) >= 3)]
        self._texts = texts
        self._spoken = {self._key, *texts}
        self._boxes = set(map(fold, one.answers if isinstance(one, About) else scale))

    def level(self, heading: Sequence[_Cell]) -> int | None:
        """How well the heading of a column, of one to three rows, fits this question; None where it doesn't."""
        levels = [self._level_of(cell) for cell in heading]
        fitting = [level for level in levels if level is not None]
        if not fitting:
            return None
        beside = [cell for cell, level in zip(heading, levels, strict=True) if level is None]
        # below a question, a word of its scale heads the column of those who ticked it
        words = any(cell.is_for_words or cell.folded in self._boxes for cell in beside)
        return None if words else min(fitting)

    def _level_of(self, cell: _Cell) -> int | None:
        if cell.folded in self.names:
            return self.WHOLE
        if cell.again:
            text, signed = cell.again
            if text in self._spoken and (signed or text != self._key):
                return self.AGAIN
        for part, before in cell.parts:
            if part in self.names and not _beside(before, "", self._boxes):
                return self.WRAPPED
        return self.HELD if self.held(cell) else None

    def held(self, cell: _Cell) -> str:
        """The text of this question that a cell holds whole, once, and set off from whatever else it says; or ""."""
        for text in self._texts:
            if text not in cell.folded:  # soon looked up, and so for most
                continue
            flat, at = cell.flat
            found = list(re.finditer(rf"(?<![^ ]){text.replace(' ', ' +')}(?![^ ])", flat))
            if len(found) != 1:
                continue
            start, end = at[found[0].start()], at[found[0].end() - 1] + 1
            around = cell.text[:start], cell.text[end:]
            if _set_off(*around, short=text.count(" ") < 2) and not _beside(*around, self._boxes):
                return text
        return ""

    def ends_in_key(self, cell: str, sign: str) -> bool:
        """Whether a cell is a group, a sign and this question's key: "practices-greet"."""
        pieces = cell.split(sign)
        ends = (sign.join(pieces[number:]) for number in range(1, len(pieces)))
        return any(fold(end) in self._keys for end in ends) and not tools.is_for_words(pieces[0], first=True)


def _beside(before: str, after: str, boxes: Container[str]) -> bool:
    """Whether what stands around a question says that this is a box beside it, or one answer's box."""
    return (
        not before.rstrip().endswith("/")  # the name of a group
        and any(tools.is_for_words(piece, first=True) for piece in tools.pieces(before))
    ) or any(tools.is_for_words(piece) or fold(piece) in boxes for piece in tools.pieces(after))


def _flat(cell: str) -> tuple[str, list[int]]:
    """A cell folded letter by letter, and for each letter of it where it stands in the cell."""
    flat: list[str] = []
    at: list[int] = []
    for number, one in enumerate(cell):
        for letter in fold(one) or ("" if unicodedata.combining(one) else " "):
            flat.append(letter)
            at.append(number)
    return "".join(flat), at


def _set_off(before: str, after: str, short: bool) -> bool:
    """Whether a text is set off from what stands around it: by a sign, a line end or a number.

    A comma sets nothing off: "I feel safe" is not asked by "I feel safe, even at night". Beside a ``short`` text such
    as "Role" there may be a number, and the words that one tool puts behind every question.
    """
    first = not fold(before) or bool(_NUMBER.fullmatch(before))
    last = not fold(after) or bool(_NUMBER.fullmatch(after)) or fold(after) == "selected choice"
    if short:
        return first and last
    return (first or bool(_SIGN_BEFORE.search(before))) and (last or bool(_SIGN_AFTER.match(after)))


_AGAIN = re.compile(
    r"(.*?)(?:\s*(\(\d{1,2}\)|\[\d{1,2}\]|\.\d{1,2}|\.{3}\d{1,3}|\s\d{1,2})|_?\d{1,2})", re.DOTALL
)
"""A heading that a tool or a spreadsheet made unlike an earlier one: "Role.1", "Role (2)", "Role 2", "Role2"."""
_COPIED = re.compile(
    r"(?:copy of|copia de|copie d[eu]|kopie von|cópia d[eao])\s+(.*)", re.DOTALL | re.IGNORECASE
)
_NUMBER = re.compile(r"\W*(?:[^\W\d]+\W+)?(?:[^\W\d]{0,3}\d[\w.]{0,4})\W*")
"""What may stand beside a question without a sign: "Q1", "Question 12", "3a"."""
_SIGN = r"(?:[^\w\s,'’&+-]|\n|\s-|-\s)"
_SIGN_BEFORE, _SIGN_AFTER = re.compile(rf"{_SIGN}[^\w]*$"), re.compile(rf"[^\w]*?{_SIGN}")
_GROUP_SIGNS = "-.:"


def match(codebook: Codebook, headings: Headings, where: str) -> Places:
    """The columns of each question, and what is wrong where an item has none."""
    asked = {
        one.key: _Asked(one, codebook.scale) for one in (*codebook.items.values(), *codebook.about.values())
    }
    columns = [_claims(heading, asked.values()) for heading in headings]
    _add_grouped(columns, headings, asked)
    problem = ""
    found: dict[str, dict[int, int]] = {}
    for number, (level, keys) in enumerate(columns):
        for key in keys:
            found.setdefault(key, {})[number] = level
        if len(keys) > 1 and not problem:
            problem = say(
                "read.two_questions", where=where, heading=shown(headings[number]), one=keys[0], two=keys[1]
            )
    sure, maybe = {}, {}
    for key in asked:
        if levels := found.get(key):
            best = min(levels.values())
            first = (best, _Asked.AGAIN) if best <= _Asked.WRAPPED else (best,)
            sure[key] = tuple(number for number, level in levels.items() if level in first)
            maybe[key] = tuple(number for number, level in levels.items() if level not in first)
    missing = tuple(key for key in asked if key not in sure)
    return Places(sure, maybe, missing, problem or _missing(codebook, headings, missing, where))


def _claims(heading: Record, asked: Iterable[_Asked]) -> tuple[int, list[str]]:
    """The questions that a heading fits best, and how well. One that only holds a text is of one question or of none."""
    cells = [_Cell(cell) for cell in heading]
    levels = {one: level for one in asked if (level := one.level(cells)) is not None}
    if not levels:
        return _Asked.NONE, []
    best = min(levels.values())
    fits = [one for one, level in levels.items() if level == best]
    if best == _Asked.HELD and len(fits) > 1:
        texts = {one: {one.held(cell) for cell in cells} - {""} for one in fits}
        within = [
            one for one in fits if any(_inside(texts[one], texts[more]) for more in fits if more is not one)
        ]
        fits = [one for one in fits if one not in within]
        if len(fits) > 1:
            return _Asked.NONE, []
    return best, [one.key for one in fits]


def _inside(texts: Iterable[str], others: Iterable[str]) -> bool:
    return all(any(f" {text} " in f" {other} " for other in others) for text in texts)


def _add_grouped(
    columns: list[tuple[int, list[str]]], headings: Headings, asked: Mapping[str, _Asked]
) -> None:
    """Headings such as "practices-greet": one may be a word of its own ("web-site"), two or more are a tool's way."""
    free = [n for n, (_, keys) in enumerate(columns) if not keys and len(headings[n]) > 0]
    for sign in _GROUP_SIGNS:
        fits: dict[int, list[str]] = {}
        for number in free:
            for cell in headings[number]:
                if sign in cell and not re.search(r"\s", cell.strip()):
                    keys = [key for key, one in asked.items() if one.ends_in_key(cell, sign)]
                    if keys:
                        fits[number] = [max(keys, key=len)]
        if len({key for keys in fits.values() for key in keys}) >= min(2, len(asked)):
            for number, keys in fits.items():
                columns[number] = _Asked.WRAPPED, keys


def _missing(codebook: Codebook, headings: Headings, missing: Sequence[str], where: str) -> str:
    """Which items no heading fits, and the heading that is nearest to the first of them."""
    lacking = [codebook.items[key] for key in missing if key in codebook.items]
    if not lacking:
        return ""
    if len(lacking) == len(codebook.items):
        told = say("read.none_fit", where=where, title=codebook.title)
    else:
        told = say(
            "read.unmatched", where=where, count=len(lacking), keys=first_few([one.key for one in lacking])
        )
    scale = codebook.scale
    if boxes := [one for one in lacking if _boxes_of(one, headings, scale)]:
        return say("read.column_for_each_answer", where=where, keys=first_few([one.key for one in boxes]))
    near = next((near for one in lacking[:MOST_NAMED] if (near := nearest_heading(one, headings, scale))), "")
    return f"{told} {say('read.is_it', heading=near)}" if near else told


def nearest_heading(one: Item | About, headings: Headings, scale: Sequence[str] = ()) -> str:
    """The heading that is spelled most like a question, or "". None that is for one answer, where ``scale`` is given.

    A row without headings would be somebody's answers: only what is near to a whole sentence is told, which nobody
    answers.
    """
    text = fold(one.text)
    if len(text) < 15:
        return ""
    boxes = _boxes_of(one, headings, scale)
    cells = {fold(cell): heading for heading in headings for cell in heading if fold(cell) not in boxes}
    close = difflib.get_close_matches(text, cells, n=1, cutoff=0.7)
    return shown(cells[close[0]]) if close else ""


def _boxes_of(one: Item | About, headings: Headings, scale: Sequence[str]) -> set[str]:
    """The headings, folded, that say a question and one of its answers below it, or beside it in several columns."""
    text, answers = (
        fold(one.text),
        {fold(word) for word in (one.answers if isinstance(one, About) else scale)},
    )
    found, below = [], False
    for heading in headings:
        cells = [fold(cell) for cell in heading]
        whole = " ".join(cells)
        _, inside, after = f" {whole} ".partition(f" {text} ")
        if inside and after.strip() in answers:
            found.append({*cells, whole})
            below = below or after.strip() in cells
    return set[str]().union(*found) if len(found) > 1 or below else set()


def first_few(names: Sequence[str]) -> str:
    """Five names at most, for a sentence: "a", "b" and 3 more."""
    listed = ", ".join(f'"{name}"' for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return listed if more <= 0 else say("read.and_more", names=listed, count=more)


def shown(heading: Sequence[str]) -> str:
    """A column's heading, short enough for a sentence."""
    text = " ".join(" / ".join(heading).split())
    return text if len(text) <= 80 else text[:79] + "…"


def dropped(headings: Headings, taken: set[int], why: Mapping[int, str]) -> list[tuple[str, str]]:
    """The columns that were not taken, and why: ``why`` for those that are not just no question of ours."""
    last = max((number for number, heading in enumerate(headings) if heading), default=-1)
    return [  # lines may end in a separator
        (
            shown(heading) or say("read.column_without_heading", number=number + 1),
            why.get(number, say("read.not_asked")),
        )
        for number, heading in enumerate(headings[: last + 1])
        if number not in taken
    ]
