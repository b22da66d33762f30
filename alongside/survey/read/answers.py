"""What a cell means: on the scale, and as an answer of a breakdown. No message quotes one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from string import ascii_lowercase

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

__all__ = [
    "BLANK",
    "CODE",
    "MISSING",
    "UNFIT",
    "Scale",
    "Values",
    "code_of",
    "coded",
    "has_number_beside",
    "looks_like_an_address",
]

MISSING, UNFIT, BLANK, CODE = -1, -2, -3, -4  # beside the points of the scale, 0 and up
OTHER = frozenset({
    "other", "others", "-oth-", "otro", "otra", "otros", "autre", "autres", "andere", "anderes", "andere antwort",
    "sonstiges", "outro", "outra", "outros",
})  # fmt: skip
MOST_ANSWERS = 12  # survey-rules.md, rule 1: a breakdown with more looks like identifiers


class Scale:
    """What a cell means on the scale: a point's index, MISSING, BLANK, CODE or UNFIT.

    By words, by a code that spells them (strongly_agree), or by both a number and words ("4 - Agree"). By a number, a
    letter or another code alone only as the codebook says: forms run both ways, and begin at 0 or at 1.
    """

    NUMBER_FIRST = re.compile(r"[\[(]?([a-z]{0,2}\d{1,3})[\])]?\s*[-–—.:=]*\s*(.*\D.*)")
    NUMBER_LAST = re.compile(r"(.*\D)\s*[-–—.:=(\[]\s*(\d{1,3})[\])]?")

    def __init__(self, codebook: Codebook) -> None:
        words, _ = spellings(answers_of(codebook))
        points = {point: number for number, point in enumerate(codebook.scale)}
        assert NO_ANSWER not in points
        self._words = {word: points.get(meaning, MISSING) for word, meaning in words.items()}
        self._codes = {_code(word): point for word, point in self._words.items() if _code(word)}

    def __call__(self, cell: str) -> int:
        text = plain(tidy(cell))
        if not text:
            return BLANK
        said = self._said(text)
        if said is not None:
            return said
        if _code(text) or _LETTERS.fullmatch(text):
            return CODE
        return next((self._agreed(number, words) for number, words in _beside(text)), UNFIT)

    def number(self, cell: str) -> int:
        """The number that stands beside words of a point, or -1: that of "4 - Often" and of "A04. Often" is 4."""
        text = plain(tidy(cell))
        if not text or self._said(text) is not None:
            return -1
        found = (number for number, words in _beside(text) if self._said(words) not in (None, MISSING))
        return next((int(number.strip(ascii_lowercase)) for number in found), -1)

    def _said(self, text: str) -> int | None:
        if text in self._words:
            return self._words[text]
        code = _code(text)  # folded, -1 would be 1
        return self._codes.get(code) if code else self._words.get(fold(text))

    def _agreed(self, number: str, words: str) -> int:
        """The words say it. A number that the codebook explains has to say the same."""
        said, told = self._said(words.strip()), self._codes.get(_code(number) or "")
        if said is None or said == MISSING:
            return UNFIT if said is None else MISSING  # "98 - Prefer not to say"
        return said if told in (None, said) else UNFIT


def _beside(text: str) -> Iterator[tuple[str, str]]:
    """The number and the words of "4 - Often" and "Often (4)". ``text`` is ``plain``."""
    if both := Scale.NUMBER_FIRST.fullmatch(text):
        yield both[1], both[2].strip()
    if turned := Scale.NUMBER_LAST.fullmatch(text):
        yield turned[2], turned[1].strip()


def has_number_beside(cell: str) -> bool:
    """Whether a number stands beside a cell's words, whatever they are."""
    return any(_beside(plain(tidy(cell))))


_CODE = re.compile(
    r"[\[(]?(?:([+-]?)0*(\d{1,4})(?:[.,](\d+))?"  # 4, 04, -1, 2.5
    r"|([a-z])"
    r"|([a-z]{1,3}|option|choice|answer|item|value|code)[-_ ]?0*(\d{1,4}))[\])]?"  # A4, ao04, option_4
)
_LETTERS = re.compile(r"[a-z]{2}")  # SA for strongly agree; among a breakdown's answers it may be a state


def code_of(word: str) -> str | None:
    """A number, letter or code as a person wrote it, in one form of writing it; None for words."""
    return _code(plain(tidy(word)))


def _code(text: str) -> str | None:
    """A number, letter or code in one form of writing it (A04 is a4), or None for words. ``text`` is ``plain``."""
    found = _CODE.fullmatch(text)
    if not found:
        return None
    sign, whole, rest, letter, name, number = found.groups(default="")
    return letter or (f"{name}{number}" if name else f"{sign.strip('+')}{whole}{rest and '.'}{rest}")


def coded(column: Column, fits: Callable[[str], int]) -> np.ndarray:
    """A column of an item as int8, one a row. Each spelling is looked up once."""
    return np.array(list(map(fits, column.spellings)), dtype=np.int8)[column.codes]


# --- breakdowns --------------------------------------------------------------------------------------


class Values:
    """One breakdown: ``codes`` of people into ``names``, or why it is ``refused``.

    ``unexplained``: some answers are numbers, letters or codes that the codebook doesn't explain. ``another``: how many
    people gave an answer that it doesn't list, by the listed answer that is spelled most like it, or by "".
    """

    def __init__(self, about: About, written: Sequence[str], codes: np.ndarray, silent: set[str]) -> None:
        people = np.bincount(codes, minlength=len(written))
        used = [int(number) for number in np.flatnonzero(people)]
        self.names: tuple[str, ...] = ()
        self.codes = np.zeros(0, dtype=np.int16)
        self.unexplained = False
        self.another: dict[str, int] = {}
        self.refused = say("read.far_too_many") if len(used) > 1000 else ""
        if self.refused:
            return
        known = _known(about)
        labels = {number: _label(written[number], known, silent) for number in used}
        self.refused = _looks_like_people(written, people, labels)
        if self.refused:
            return
        unlisted = [number for number in used if labels[number] is None]
        self.unexplained = any(code_of(written[number]) for number in unlisted)
        for number in unlisted:
            near = _near(written[number], known)
            self.another[near] = self.another.get(near, 0) + int(people[number])
        if not any(label and label != say("read.no_answer") for label in labels.values()) and unlisted:
            self.refused = say("read.unknown_answers")
            return
        self.names, self.codes = _numbered(tuple(about.answers), labels, codes, len(written))


def _known(about: About) -> dict[str, str]:
    """What each spelling means. "Other" is what a tool says by itself, in the language that it speaks."""
    meant = [(label, (label, *words)) for label, words in about.answers.items()]
    known, _ = spellings(meant)
    known |= {code: label for label, words in meant for word in words if (code := code_of(word))}
    other = next((known[word] for word in OTHER if word in known), None)
    return known if other is None else {**dict.fromkeys(OTHER, other), **known}


def _label(cell: str, known: Mapping[str, str], silent: set[str]) -> str | None:
    """The answer of the codebook that a cell means, or "No answer", or None for what the codebook doesn't list."""
    text = plain(tidy(cell))
    code = _code(text)
    for one in (text, code or fold(text)):  # folded, -1 would be 1
        if one in known:
            return known[one]
    if not code and (label := _numbered_or_other(text, known)):
        return label
    return say("read.no_answer") if not text or text in silent or fold(text) in silent else None


def _numbered_or_other(text: str, known: Mapping[str, str]) -> str | None:
    """What "1 - Nurse" and "Nurse (1)" mean, and "Other: …", which somebody wrote more to."""
    for number, words in _beside(text):
        label = known.get(words) or known.get(fold(words))
        told = known.get(_code(number) or "")
        if label and told in (None, label):
            return label
    other = re.match(r"([^\W\d]+(?: [^\W\d]+)?)\s*[:(\[–—-]", text)
    return known.get(other[1]) if other and other[1] in OTHER else None


def _near(cell: str, known: Mapping[str, str]) -> str:
    """The listed answer with the spelling nearest to a cell's, or ""."""
    text = fold(tidy(cell))
    held = [label for word, label in known.items() if len(word) > 3 and f" {word} " in f" {text} "]
    close = difflib.get_close_matches(text, known, n=1, cutoff=0.7)
    return held[0] if len(set(held)) == 1 else known[close[0]] if close else ""


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
