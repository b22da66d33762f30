"""What a cell means: on the scale, and as an answer of a breakdown. No message quotes one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from alongside.survey.ask.codebook import (
    NO_ANSWER,
    About,
    Codebook,
    answers_of,
    fold,
    plain,
    spellings,
)
from alongside.survey.read.files import Column, tidy
from alongside.words import say

__all__ = ["BLANK", "MISSING", "UNFIT", "Scale", "Values", "coded", "looks_like_an_address"]

MISSING, UNFIT, BLANK = -1, -2, -3  # beside the points of the scale, 0 and up
MOST_ANSWERS = 12  # survey-rules.md, rule 1: a breakdown with more looks like identifiers


class Scale:
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


def coded(column: Column, fits: Callable[[str], int]) -> np.ndarray:
    """A column of an item as int8, one a row. Each spelling is looked up once."""
    return np.array(list(map(fits, column.spellings)), dtype=np.int8)[column.codes]


# --- breakdowns --------------------------------------------------------------------------------------


class Values:
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
