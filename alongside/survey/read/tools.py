"""What the exports of each survey tool look like: one entry a tool, in ``TOOLS``, and nothing about a tool elsewhere.

A tool is added or taught another language here alone. Patterns are those of whole headings and whole cells, folded as
the codebook folds them (no case, accents or punctuation); each stands under the language of the tool's interface
that it is in, or under "any" where it is the same in all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Literal

from alongside.survey.ask.codebook import fold
from alongside.survey.read.files import Record, tidy

__all__ = [
    "TOOLS",
    "Flag",
    "Ids",
    "Mark",
    "Tool",
    "Wrapper",
    "heading_of",
    "identities",
    "is_added_by_a_tool",
    "is_for_words",
    "is_heading_row",
    "is_second_row_word",
    "known",
    "marks",
    "pieces",
    "time_of_submission",
    "unwrapped",
]

Spoken = Mapping[str, str]
"""A pattern for each language of a tool's interface."""
Flag = Callable[[str], bool]
Headings = Sequence[Record]
BLANK = None
"""Instead of what a cell says: it is the empty cell that marks a row."""


class Wrapper(Enum):
    """How a tool wraps a question into more words."""

    GROUP = "Group/Heading"
    DASH = "Question - Heading"
    BRACKETS = "Question [Heading]"
    CODE = "Q1. Heading"


_SIGNS = {Wrapper.GROUP: ("/",), Wrapper.DASH: (" - ", " – ", " — ")}
"""Before the heading, in wrappers that go by a sign."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Columns in which a tool says of a row that it is a test or only partial.

    ``heading``: the columns. ``says``: what marks a row there, or BLANK. ``unless``: it does not count in a file with
    such a column. ``nearest``: it counts in the columns nearest to ours alone, before or after them.
    """

    kind: Literal["test", "partial"]
    heading: Spoken
    says: Spoken | None
    unless: Spoken = field(default_factory=dict)
    nearest: Literal["before", "after"] | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """Columns in which a tool names a record or a respondent.

    ``heading``: the columns. ``names``: "record" where no other record of the tool has the same; "count" where it runs
    from 1 in each form; "person" where it is somebody's, such as an e-mail address, in each form that they fill in.
    """

    names: Literal["record", "count", "person"]
    heading: Spoken


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``known_by``: its file has, for all patterns of one of these, a heading that fits.

    ``ids``: columns that name a respondent or a record. ``times``: columns with the time of submission, the best first.
    ``system``: all others that it adds by itself.
    ``as_written``: such headings by a pattern that case and signs count in. ``wrappers``: of its questions. ``marks``:
    of rows that are no answers. ``second_row``: words of a second row of headings that are no questions.
    ``names_a_column``: what stands in a further row of headings, with the column's name as its group.
    """

    name: str
    known_by: tuple[tuple[str, ...], ...]
    ids: tuple[Ids, ...]
    times: tuple[Spoken, ...]
    system: Spoken
    wrappers: tuple[Wrapper, ...]
    marks: tuple[Mark, ...]
    as_written: str = ""
    second_row: Spoken = field(default_factory=dict)
    names_a_column: str = ""


TOOLS = (
    Tool(
        name="Qualtrics",
        known_by=((r"response ?id|recordid", r"status|finished|progress"),),
        ids=(
            Ids("record", {"any": r"response ?id"}),
            Ids("person", {"en": r"recipient ?email|external(data)? ?reference|external data reference"}),
        ),
        times=({"en": r"recorded ?date"}, {"en": r"end ?date"}),
        system={
            "en": r"start ?date|end ?date|recorded ?date|status|response type|ip ?address|progress|finished|duration.*"
            r"|recipient.*|location.*|distribution ?channel|user ?language"
        },
        wrappers=(Wrapper.DASH,),
        marks=(
            Mark(
                "test",
                {"en": r"status|response type|distribution ?channel"},
                # as words, or as numbers: 1 a preview, 2 a test, 9 and 17 a preview by other ways
                {"any": r"1|2|9|17", "en": r"(survey |offline )?(preview|test)( spam)?"},
            ),
            Mark("partial", {"en": r"finished"}, {"any": r"0", "en": r"false"}),
            Mark("partial", {"en": r"progress"}, {"any": r"0*\d{1,2}"}, unless={"en": r"finished"}),
        ),
        names_a_column=r'\s*\{\s*"ImportId"\s*:\s*"([^"]*)"',
    ),
    Tool(
        name="LimeSurvey",
        known_by=(
            (r"submitdate|date submitted", r"lastpage|last page|startlanguage"),
            (r"submitdate .*",),  # code and text in one heading
        ),
        ids=(Ids("count", {"any": r"id", "en": r"response id"}), Ids("person", {"any": r"token"})),
        times=({"any": r"submitdate( .*)?", "en": r"date submitted"}, {"any": r"datestamp"}),
        system={
            "any": r"submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl",
            "en": r"date submitted|last page|start language|ip address|referrer url",
        },
        wrappers=(Wrapper.BRACKETS, Wrapper.CODE),
        marks=(
            Mark("partial", {"any": r"submitdate", "en": r"date submitted"}, BLANK),
            Mark(
                "partial",
                {"any": r"submitdate .*"},
                BLANK,
                unless={"any": r"submitdate", "en": r"date submitted"},
            ),
        ),
    ),
    Tool(
        name="REDCap",
        known_by=((r"record id|(redcap )?survey identifier|redcap event name",),),
        ids=(
            Ids("count", {"any": r"record id"}),
            Ids("person", {"any": r"redcap survey identifier", "en": r"survey identifier"}),
        ),
        times=({"en": r"(.* )?timestamp"},),
        system={"any": r"redcap.*", "en": r"(.* )?timestamp|(.* )?complete"},
        as_written=r".*___\d+",  # a box of a question where several could be ticked
        wrappers=(),
        # a time before the fields of each form, and "complete" after them; only those of our questions count
        marks=(
            Mark("partial", {"en": r".*timestamp"}, {"en": r"not completed"}, nearest="before"),
            Mark("partial", {"en": r"(.* )?complete"}, {"any": r"0", "en": r"incomplete"}, nearest="after"),
        ),
    ),
    Tool(
        name="KoboToolbox",
        known_by=((r"uuid|submission time",),),
        ids=(Ids("record", {"any": r"uuid|id"}),),
        times=({"any": r"submission time"}, {"any": r"end"}),
        system={"any": r"start|end|deviceid|username|location.*|submission time|index"},
        as_written=r"_.*",
        wrappers=(Wrapper.GROUP,),
        marks=(),
    ),
    Tool(
        name="SurveyMonkey",
        known_by=((r"respondent id",),),
        ids=(Ids("record", {"en": r"respondent id"}), Ids("person", {"en": r"email address"})),
        times=({"en": r"end date"}, {"en": r"start date"}),
        system={"en": r"collector id|start date|end date|ip address|first name|last name|custom data \d+"},
        wrappers=(Wrapper.DASH,),
        marks=(),
        second_row={
            "en": r"response|open ended response",
            "fr": r"reponse|reponse ouverte",
            "es": r"respuesta|respuesta abierta",
        },
    ),
    Tool(
        name="Microsoft Forms",
        known_by=((r"id", r"start time|completion time"),),
        ids=(Ids("count", {"en": r"id"}), Ids("person", {"en": r"email"})),
        times=({"en": r"completion time"}, {"en": r"start time"}),
        system={"en": r"start time|completion time|name|last modified time"},
        wrappers=(),
        marks=(),
    ),
    Tool(
        name="Google Forms",
        known_by=((r"timestamp|horodateur",),),
        ids=(Ids("person", {"en": r"email address|username", "fr": r"adresse e mail"}),),
        times=({"en": r"timestamp", "fr": r"horodateur"},),
        system={"en": r"timestamp", "fr": r"horodateur"},
        wrappers=(Wrapper.BRACKETS,),
        marks=(),
    ),
)
"""Where a file may be two tools', the first that marks rows says which."""

_PEOPLES_OWN = {
    "en": r"(.* )?id|.*identifier|.*e ?mail.*|.*\bname|phone.*|password|index|uuid|.*(latitude|longitude)"
    r"|(start|end|recorded|completion|submission|last modified|start ?date|date) ?(date|time)?( submitted)?"
    r"|enddate|recordeddate|ip ?addr|submitdate",
    "fr": r"nom",
}
"""What many tools have, and people who keep answers in a spreadsheet of their own."""


# --- which tool a file is of, and which rows it marks ------------------------------------------------


def known(headings: Iterable[str]) -> Iterator[Tool]:
    """The tools that a file may be of, by its headings; most exports are known as one tool's, or as none's."""
    folded = frozenset(map(fold, headings))
    for tool in TOOLS:
        if any(all(any(map(_whole(one), folded)) for one in patterns) for patterns in tool.known_by):
            yield tool


def marks(headings: Headings, taken: set[int]) -> dict[Literal["test", "partial"], dict[int, Flag]]:
    """Where the file's tool marks test rows, and where partial ones: for a column, what says so of a cell.

    ``taken``: the columns of our questions, which mark nothing.
    """
    columns = {number: cells for number, cells in enumerate(headings) if number not in taken}
    tools = known(cell for cells in columns.values() for cell in cells)
    found: dict[Literal["test", "partial"], dict[int, Flag]] = {"test": {}, "partial": {}}
    for mark in next((tool.marks for tool in tools if tool.marks), ()):
        if mark.unless and any(_fitting(columns, mark.unless)):
            continue
        numbers = list(_fitting(columns, mark.heading))
        if mark.nearest:
            numbers = _nearest(numbers, taken, mark.nearest)
        found[mark.kind] |= dict.fromkeys(numbers, _is_blank if mark.says is None else _says(mark.says))
    return found


def identities(headings: Headings, taken: set[int]) -> dict[int, Literal["record", "count", "person"]]:
    """The columns that name the record or the respondent of each row, the one that tells records apart best first.

    A heading that means such a column to one tool, and something else to the one that the file is of, is none.
    ``taken``: the columns of our questions, which name nobody.
    """
    own = _own(headings, taken)
    found: dict[int, Literal["record", "count", "person"]] = {}
    for number, cells in enumerate(headings):
        if number in taken:
            continue
        kinds = _names(own, cells)
        if not kinds and not any(_fits(tool.system, cells) for tool in own):
            kinds = _names(TOOLS, cells)
        if kinds:
            found[number] = max(
                kinds, key=_NAMING.index
            )  # where two tools mean two things, the more careful reading
    return dict(sorted(found.items(), key=lambda one: _NAMING.index(one[1])))


_NAMING: tuple[Literal["record", "count", "person"], ...] = ("record", "count", "person")


def _names(tools: Iterable[Tool], cells: Record) -> set[Literal["record", "count", "person"]]:
    return {one.names for tool in tools for one in tool.ids if _fits(one.heading, cells)}


def time_of_submission(headings: Headings, taken: set[int]) -> int | None:
    """The column in which the file's tool says when a row was submitted, or None."""
    for tool in _own(headings, taken) or TOOLS:
        for heading in tool.times:
            numbers = [n for n, cells in enumerate(headings) if n not in taken and _fits(heading, cells)]
            if numbers:
                return next(iter(_nearest(numbers, taken, "before")), numbers[0])
    return None


def _own(headings: Headings, taken: set[int]) -> list[Tool]:
    return list(known(cell for number, cells in enumerate(headings) if number not in taken for cell in cells))


def _fits(heading: Spoken, cells: Record) -> bool:
    fits = _whole(_spoken(heading))
    return any(fits(fold(cell)) for cell in cells)


def _fitting(columns: Mapping[int, Record], heading: Spoken) -> Iterator[int]:
    fits = _whole(_spoken(heading))
    return (number for number, cells in columns.items() if any(fits(fold(cell)) for cell in cells))


def _nearest(numbers: Sequence[int], taken: set[int], side: Literal["before", "after"]) -> list[int]:
    if side == "before":
        ends = {max((one for one in numbers if one < place), default=None) for place in taken}
    else:
        ends = {min((one for one in numbers if one > place), default=None) for place in taken}
    return sorted(one for one in ends if one is not None)


def _says(words: Spoken) -> Flag:
    marked = _whole(_spoken(words))
    return lambda cell: marked(fold(tidy(cell)))


def _is_blank(cell: str) -> bool:
    return not cell.strip()


# --- headings ----------------------------------------------------------------------------------------


def is_heading_row(record: Record) -> bool:
    """Whether a tool marks this record as a further row of headings."""
    if any(heading_of(cell) is not None for cell in record):
        return True
    # the first cell of a second row is blank where answers have a respondent's number
    starts = bool(record) and (not fold(record[0]) or is_second_row_word(record[0]))
    return starts and any(map(is_second_row_word, record))


def heading_of(cell: str) -> str | None:
    """The name of a column in a tool's own notation for it, or None."""
    for tool in TOOLS:
        if tool.names_a_column and (told := re.match(tool.names_a_column, cell)):
            return told[1]
    return None


def is_second_row_word(cell: str) -> bool:
    """Whether a cell of a second row of headings is a tool's word, and no question."""
    return _whole(_all_spoken("second_row"))(fold(cell))


def is_added_by_a_tool(heading: str) -> bool:
    """Whether some tool, or a person with a spreadsheet, adds such a column: it is no question."""
    written = "|".join(tool.as_written for tool in TOOLS if tool.as_written)
    return bool(re.fullmatch(written, heading, re.DOTALL)) or _whole(_all_system())(fold(heading))


def unwrapped(heading: str) -> set[str]:
    """The heading inside of "Group/Heading", "Question [Heading]", "Question - Heading" and "Q1. Heading"."""
    wrappers = {wrapper for tool in TOOLS for wrapper in tool.wrappers}
    found: set[str] = set()
    for sign in (sign for wrapper, signs in _SIGNS.items() if wrapper in wrappers for sign in signs):
        pieces = heading.split(sign)
        found |= {sign.join(pieces[number:]) for number in range(1, len(pieces))}
    code = re.match(r"\s*([\w\[\]]+)\.\s+(.+)", heading, re.DOTALL)
    if code and Wrapper.CODE in wrappers:
        found |= {code[1], code[2]}
    if Wrapper.BRACKETS in wrappers:
        for text in (heading, *found):
            if text.rstrip().endswith("]"):
                found |= {text.rstrip()[start.end() : -1] for start in re.finditer(r"\[", text)}
    return found


_OTHER = r"(?:other|others|otr[oa]s?|autres?|andere[rs]?|sonstiges?|outr[oa]s?)"
_BESIDE = {
    "any": rf"{_OTHER}|text",
    "en": r"comments?( (on|to|about|for)( .*)?)?|why( not)?|reasons?|notes?|feedback|remarks?|topics|sentiment( .*)?"
    r"|points|score|grade|(question )?tim(e|ing)|first click|last click|page submit|click count"
    r"|open ended response|explanation|.*(explain|specify|describe|elaborate).*",
    "es": r"comentarios?|por que( no)?|motivos?|razon(es)?|notas?|observaciones|puntos|puntuacion|tiempo|texto"
    r"|respuesta abierta|.*(explique|especifique|describa|aclare|especificar|explicar).*",
    "fr": r"commentaires?|pourquoi( pas)?|raisons?|notes?|remarques?|points|temps|texte|reponse ouverte"
    r"|.*(precise[rz]|explique[rz]|decrire|decrivez).*",
    "de": r"kommentare?|warum( nicht)?|grund|grunde|anmerkung(en)?|bemerkung(en)?|punkte|zeit|freitext"
    r"|offene antwort|.*(angeben|erlautern|erklaren|beschreiben|begrunden|spezifizieren).*",
    "pt": r"comentarios?|por que( nao)?|motivos?|razao|razoes|notas?|observac(ao|oes)|pontos|pontuacao|tempo|texto"
    r"|resposta aberta|.*(explique|especifique|descreva|justifique|especificar|explicar).*",
}
"""What stands beside a question in the heading of a box for words, or of a tool's own column, folded."""


def is_for_words(piece: str, first: bool = False) -> bool:
    """Whether such words beside a question say that the column is not the question. ``first``: they stand before it."""
    text = fold(piece)
    if len(text.split()) > 6 or (first and text in ("note", "notes", "grund", "texto", "texte", "text")):
        return False
    return _whole(_spoken(_BESIDE))(text)


def pieces(text: str) -> list[str]:
    """What stands around a question, at its signs."""
    return [piece for piece in re.split(r"[^\w\s'’]+|\n|_", text) if piece.strip()]


# --- patterns ----------------------------------------------------------------------------------------


def _spoken(words: Spoken) -> str:
    return "|".join(words.values())


@cache
def _all_spoken(part: str) -> str:
    return "|".join(_spoken(getattr(tool, part)) for tool in TOOLS if getattr(tool, part))


@cache
def _all_system() -> str:
    ids = "|".join(_spoken(one.heading) for tool in TOOLS for one in tool.ids)
    return "|".join((ids, _all_spoken("system"), _spoken(_PEOPLES_OWN)))


@cache
def _whole(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None
