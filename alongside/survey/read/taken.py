"""What was taken for what in an export, for the survey owner alone, before anything is shown or remembered (rule 14).

It holds headings and words of the codebook, and never a cell. Numbers of people are told from the minimum up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import NO_ANSWER, About, Codebook
from alongside.survey.read.answers import code_of
from alongside.survey.read.exports import Reading, opened
from alongside.survey.read.headings import nearest_heading
from alongside.survey.read.responses import Responses, walled
from alongside.thresholds import minimum_for
from alongside.words import say

__all__ = [
    "Breakdown",
    "Code",
    "LeftOut",
    "Question",
    "Taken",
    "another_answers",
    "counted_otherwise",
    "lines",
    "rows",
    "taken",
]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the codebook and the ``headings`` that ask it: several where branches of a form were put together.

    Where there is none, ``near`` is the heading that is spelled most like it, or "". ``favorable``: the points that
    are favorable for it, where these are not the codebook's.
    """

    key: str
    text: str
    headings: tuple[str, ...]
    near: str
    favorable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A number, letter or code that the codebook explains. ``of``: the breakdown whose answer it means, or ""."""

    code: str
    means: str
    of: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that a column of the tool marks. ``rows``: how many, None where there are too few to say, 0 for none."""

    heading: str
    kind: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A breakdown whose answers are not all in the codebook.

    ``another``: how many people gave such an answer, None where too few to say, by the listed answer that is spelled
    most like theirs, or by "" where none is.
    """

    key: str
    text: str
    another: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken for what. ``people``: whose answers count, None where too few to say or where it isn't known.

    ``dropped``: headings that were not taken, and why; ``free``: the same as they are shown, and whole. ``problem``: why a report would be refused, or "".
    """

    questions: tuple[Question, ...]
    codes: tuple[Code, ...]
    people: int | None
    left_out: tuple[LeftOut, ...]
    breakdowns: tuple[Breakdown, ...]
    dropped: tuple[tuple[str, str], ...]
    free: tuple[tuple[str, str], ...]
    problem: str


@walled
def taken(
    path: Path | str | Sequence[Path | str], codebook: Codebook, sheet: str | None = None
) -> tuple[Taken, Responses | None]:
    """What was taken for what, and the responses where they can be used.

    Raises AlongsideError where a file can't be used at all.
    """
    reading = opened(path, codebook, sheet)
    problem = ""
    try:
        reading.read()
    except AlongsideError as error:
        problem = str(error)
    return _taken(reading, problem), reading.responses


def _taken(reading: Reading, problem: str) -> Taken:
    codebook = reading.codebook
    asked = (*codebook.items.values(), *codebook.about.values())
    found = {one.key: _headings(reading, one.key) for one in asked}
    near = [heading for part in reading.parts for heading in part.headings]
    questions = [
        Question(
            one.key, one.text, found[one.key], "" if found[one.key] else nearest_heading(one, near, codebook.scale),
            _its_favorable(codebook, one.key),
        )
        for one in asked
    ]  # fmt: skip
    # where most questions have no heading, the first row may be somebody's answers
    are_headings = 2 * sum(bool(found[key]) for key in codebook.items) >= len(codebook.items)
    kept = [part.kept for part in reading.parts if hasattr(part, "kept")]
    people = sum(int(one.sum()) for one in kept)
    enough = minimum_for(people, codebook.minimum_group, codebook.headcount)
    marks: dict[tuple[str, str], int] = {}
    for part in reading.parts:
        for heading, kind, rows in part.marked:
            marks[heading, kind] = marks.get((heading, kind), 0) + rows
    another: Mapping[str, Mapping[str, int]] = reading.about.another if reading.about else {}
    return Taken(
        questions=tuple(questions),
        codes=tuple(_codes(codebook)),
        people=_told(people, enough),
        left_out=tuple(LeftOut(*of, _told(rows, enough)) for of, rows in marks.items()),
        breakdowns=tuple(
            _breakdown(codebook.about[key], some, enough) for key, some in another.items() if some
        ),
        dropped=reading.dropped if are_headings else (),
        free=reading.free if are_headings else (),
        problem=problem,
    )


def _its_favorable(codebook: Codebook, key: str) -> tuple[str, ...]:
    points = codebook.points(codebook.items[key]).favorable if key in codebook.items else ()
    return () if set(points) == set(codebook.favorable) else points


def _headings(reading: Reading, key: str) -> tuple[str, ...]:
    """The headings that ask a question, once for all parts; none where one part lacks it."""
    first, *others = (part.headings_of(key) for part in reading.parts)
    if not first or not all(others):
        return ()
    more = dict.fromkeys(one for part in others for one in part)
    return tuple(first + [one for one in more if one not in first])


def _told(count: int, enough: int) -> int | None:
    return count if not count or count >= enough else None


def _codes(codebook: Codebook) -> Iterator[Code]:
    for code, point in codebook.numbers.items():
        yield Code(code, say("check.no_answer") if point == NO_ANSWER else point, "")
    for point, words in codebook.also_means.items():
        yield from (Code(word, point, "") for word in words if code_of(word))
    yield from (Code(word, say("check.no_answer"), "") for word in codebook.no_answer if code_of(word))
    for one in codebook.about.values():
        for label, words in one.answers.items():
            yield from (Code(word, label, one.text) for word in words if code_of(word))


def _breakdown(about: About, another: Mapping[str, int], enough: int) -> Breakdown:
    nearest_first = sorted(another.items(), key=lambda one: (not one[0], -one[1]))
    return Breakdown(
        about.key, about.text, tuple((near, _told(count, enough)) for near, count in nearest_first)
    )


_KINDS = {"test": "check.kind_test", "partial": "check.kind_partial", "unusable": "check.kind_unusable"}


# --- to be read in a terminal ---------------------------------------------------------------------------


def lines(taken: Taken) -> Iterator[str]:
    """What was taken for what, in lines for the survey owner."""
    yield say("check.head")
    for one in taken.questions:
        if len(one.headings) > 1:
            yield say("check.question_in_parts", text=one.text, headings=_quoted(one.headings))
        elif one.headings:
            yield say("check.question", text=one.text, heading=one.headings[0])
        else:
            told = say("check.no_heading", text=one.text)
            yield f"{told} {say('read.is_it', heading=one.near)}" if one.near else told
    yield from counted_otherwise(taken)
    yield say("check.codes") if taken.codes else say("check.no_codes")
    for code in taken.codes:
        key = "check.code_of" if code.of else "check.code"
        yield say(key, code=code.code, means=code.means, of=code.of)
    yield from rows(taken)
    yield from another_answers(taken)
    if taken.dropped:
        yield say("check.dropped")
        yield from (say("check.column", heading=heading, why=why) for heading, why in taken.dropped)


def counted_otherwise(taken: Taken) -> Iterator[str]:
    """Which questions count other words as favorable than the codebook does, in lines for the survey owner."""
    found = [one for one in taken.questions if one.favorable]
    if found:
        yield say("check.counted_otherwise")
    for one in found:
        yield say("check.favorable_for", text=one.text, points=_quoted(one.favorable))


def rows(taken: Taken) -> Iterator[str]:
    """How many people's answers count, and which rows were left out, in lines for the survey owner."""
    if taken.people:
        yield say("check.people", count=taken.people)
    elif not taken.problem:
        yield say("check.too_few")
    for mark in taken.left_out:
        yield say(
            "check.left_out",
            heading=mark.heading,
            kind=say(_KINDS[mark.kind]),
            rows=_rows(mark.rows),
        )


def another_answers(taken: Taken) -> Iterator[str]:
    """How many gave an answer to a breakdown that the codebook doesn't have, in lines for the survey owner."""
    for breakdown in taken.breakdowns:
        for near, count in breakdown.another:
            told = say("check.some_another") if count is None else say("check.another", count=count)
            line = say("check.breakdown", text=breakdown.text, told=told)
            yield f"{line} {say('check.near', near=near)}" if near else line


def _quoted(headings: Sequence[str]) -> str:
    return ", ".join(f'"{one}"' for one in headings)


def _rows(rows: int | None) -> str:
    if rows is None:
        return say("check.some_rows")
    return say("check.rows", count=rows) if rows else say("check.no_row")
