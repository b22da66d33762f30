"""Which heading of a file asks which question, and which rows of a file are its headings.

What is a tool's own about its headings stands in tools.py. No message quotes an answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence

from alongside.course.entry import mistake
from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook, fold
from alongside.survey.read import tools
from alongside.survey.read.answers import Scale
from alongside.survey.read.files import Record, tidy
from alongside.words import say

__all__ = ["Headings", "dropped", "heading_rows", "headings_in", "match", "shown"]

Headings = Sequence[Record]  # one for each column: what its heading rows say, top down, without blanks


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
    fits, enough = Scale(codebook), min(2, len(codebook.items))
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


def match(codebook: Codebook, headings: Headings, where: str) -> dict[str, int]:
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
        raise AlongsideError(f"{told} {say('read.is_it', heading=shown(near))}" if near else told)


def _check_claims(headings: Headings, found: Mapping[str, Sequence[int]], where: str) -> None:
    """One column for each, and each for one."""
    claims: dict[int, str] = {}
    for key, numbers in found.items():
        if len(numbers) > 1:
            one, two = (shown(headings[number]) for number in numbers[:2])
            if one == two:
                raise mistake(where, "read.column_twice", key=key, heading=one)
            raise mistake(where, "read.two_columns", key=key, one=one, two=two)
        other = claims.setdefault(numbers[0], key)
        if other != key:
            heading = shown(headings[numbers[0]])
            raise mistake(where, "read.two_questions", heading=heading, one=other, two=key)


def shown(heading: Sequence[str]) -> str:
    """A column's heading, short enough for a sentence."""
    text = " ".join(" / ".join(heading).split())
    return text if len(text) <= 80 else text[:79] + "…"


def dropped(
    headings: Headings, places: Mapping[str, int], marks: set[int], ids: set[int]
) -> list[tuple[str, str]]:
    """The columns that were not taken, and why."""
    taken = set(places.values())
    why = dict.fromkeys(ids, say("read.only_ids")) | dict.fromkeys(marks, say("read.only_marks"))
    last = max(number for number, heading in enumerate(headings) if heading)  # lines may end in a separator
    return [
        (
            shown(heading) or say("read.column_without_heading", number=number + 1),
            why.get(number, say("read.not_asked")),
        )
        for number, heading in enumerate(headings[: last + 1])
        if number not in taken
    ]
