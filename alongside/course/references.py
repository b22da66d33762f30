"""What lessons lean on, from data/: sources, words to avoid, terms, survey questions, the people of the stories, what is
said at every opening and when something happens, what people say when they come to plan, and what a program wrote for its
own people."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from alongside.course.entry import Entry, among, mistake, read_entries, read_list, text_of
from alongside.course.place import ROOT
from alongside.course.shape import COURSE
from alongside.words import say

__all__ = [
    "BY_PRACTITIONERS",
    "BY_THE_PROGRAM",
    "CITED",
    "NOT_SHOWN",
    "Care",
    "CareLine",
    "Here",
    "Need",
    "Opening",
    "OpeningLine",
    "Person",
    "Source",
    "SurveyItem",
    "Term",
    "Word",
    "care",
    "cast",
    "glossary",
    "here",
    "needs",
    "opening",
    "sources",
    "survey_items",
    "survey_questions",
    "words_to_avoid",
]

#: What data/sources.yml has in place of a title, with what it is.
_NO_TITLE = re.compile(r"\(title not shown; (.+)\)")
NOT_SHOWN = "not shown"  # what data/sources.yml says where the page that was read did not tell
#: Letters of a source's name that may stand within a sentence; the list of sources has all of it.
SHORT = 40
#: Where a line of the care card comes from, if from no source: what experienced workers say; the program's own rule.
BY_PRACTITIONERS, BY_THE_PROGRAM = "practitioners", "here"
#: A place in a text for what a program wrote: {must_pass_on}.
_FIELD = re.compile(r"\{(\w*)\}")
#: How a text names a source: [arnstein-1969]. A link begins in the same way, and is none.
CITED = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)+)\](?!\()")


@dataclass(frozen=True, slots=True)
class Source:
    """One reference. ``doi`` or ``url`` is there, or both are "" where only a copy or a number was seen.

    ``called``: how a text names it, where what was read showed neither who wrote it nor its title, or where another
    source has the same name; else "".
    """

    key: str
    authors: str
    year: str
    title: str
    where: str
    doi: str
    url: str
    what_it_found: str
    limits: str
    called: str = ""

    @property
    def address(self) -> str:
        """Where a reader can look it up, or ""."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def nameless(self) -> bool:
        """Whether neither who wrote it nor its title was shown."""
        return self.authors == NOT_SHOWN and bool(_NO_TITLE.fullmatch(self.title))

    @property
    def short(self) -> str:
        """What stands in a sentence: a surname or a short title, and a year."""
        known = self.authors != NOT_SHOWN
        named = self.called or re.split(r"[,(;:]", self.authors if known else self.title)[0].strip()
        year = re.search(r"\d{4}(-\d\d)?", self.year)
        return f"{textwrap.shorten(named, SHORT, placeholder=' …')} {year[0] if year else ''}".strip()

    @property
    def note(self) -> str:
        """What a margin says beside ``short``: the title, or what it is where none was shown; "" where ``short`` has said it."""
        if untitled := _NO_TITLE.fullmatch(self.title):
            return untitled[1]
        return "" if self.authors == NOT_SHOWN else self.title

    @property
    def reference(self) -> str:
        """It as a list of sources has it: "Arnstein, S. R. (1969). A Ladder of Citizen Participation. Journal …"."""
        authors = say("course.authors_not_shown") if self.authors == NOT_SHOWN else self.authors
        year = "" if self.year == NOT_SHOWN else f" ({self.year})"
        parts = [f"{authors}{year}", self.title, self.where]
        return " ".join(part if part.endswith(("?", ".", "!")) else f"{part}." for part in parts if part)


@dataclass(frozen=True, slots=True)
class Word:
    """Expressions to avoid. ``allowed_in``: "quotation", "title", "own word"; data/words.yml explains."""

    avoid: tuple[str, ...]
    prefer: str
    why: str
    source: str
    allowed_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the lessons explain, and the lesson that needs it first."""

    term: str
    means: str
    first_in: str


@dataclass(frozen=True, slots=True)
class Here:
    """What a program wrote for its own people; each may be ""."""

    someone_to_talk_to: str
    hours: str
    who_can_see_answers: str
    naloxone: str
    responds: str = ""  # who responds when something happens, by role
    emergency: str = ""  # which number is called, and the plan
    must_pass_on: str = ""  # what a host here has to report, whoever tells it
    way_out: str = ""
    quiet_corner: str = ""

    def fill(self, text: str, otherwise: str) -> str:
        """A text with its {fields} filled in; ``otherwise`` where one of them is empty."""
        values = {name: str(getattr(self, name)) for name in _FIELD.findall(text)}
        return _FIELD.sub(lambda field: values[field[1]], text) if all(values.values()) else otherwise


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes back in stories: one person, one role, everywhere. ``talks`` is how."""

    key: str
    name: str
    role: str
    wants: str
    talks: str
    first_in: str


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Something that is said at the beginning of a session. ``say`` may hold {fields} of data/here.yml; ``otherwise`` is
    said where one of these is empty."""

    say: str
    minutes: int
    otherwise: str

    def said(self, here: Here) -> str:
        """It in the words of this program."""
        return here.fill(self.say, self.otherwise)


@dataclass(frozen=True, slots=True)
class Opening:
    """How each session begins, whatever it is about."""

    lines: tuple[OpeningLine, ...]
    reviewed_by: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """All lines together."""
        return sum(line.minutes for line in self.lines)


@dataclass(frozen=True, slots=True)
class CareLine:
    """What to do when something happens. ``do`` and ``otherwise`` as in :class:`OpeningLine`; ``source``: a key of
    data/sources.yml, BY_PRACTITIONERS or BY_THE_PROGRAM."""

    when: str
    do: str
    source: str
    otherwise: str

    def done(self, here: Here) -> str:
        """What to do, in the words of this program."""
        return here.fill(self.do, self.otherwise)


@dataclass(frozen=True, slots=True)
class Care:
    """The care card."""

    lines: tuple[CareLine, ...]
    reviewed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody says who comes to plan a session, the practice that it is about, and lessons that help."""

    says: str
    practice: str
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """One survey question, as a lesson shows it."""

    key: str
    practice: str
    text: str


def sources(root: Path = ROOT) -> Mapping[str, Source]:
    """data/sources.yml: every reference by its key."""
    return _sources(root, text_of(root / "data" / "sources.yml"))


@lru_cache(maxsize=8)
def _sources(root: Path, _: str) -> Mapping[str, Source]:
    """Checked once for each text of the file: every page asks for it."""
    needs = "authors year title where what_it_found limits"
    entries = dict(read_entries(root / "data" / "sources.yml").entries(needs, may="doi url called"))
    found = {key: _source(key, entry) for key, entry in entries.items()}
    _each_by_its_name(found, entries)
    return MappingProxyType(found)


def _each_by_its_name(found: Mapping[str, Source], entries: Mapping[str, Entry]) -> None:
    """Two sources of one name couldn't be told apart in a text; and a name of its own is for who needs it."""
    uncalled = Counter(replace(source, called="").short for source in found.values())
    names: dict[str, str] = {}
    for key, source in found.items():
        needed = source.nameless or uncalled[replace(source, called="").short] > 1
        if source.called and not needed:
            raise entries[key].mistake("course.two_names", name="called")
        if source.short in names:
            raise entries[key].mistake(
                "course.same_name", name="called", short=source.short, other=names[source.short]
            )
        names[source.short] = key


def words_to_avoid(root: Path = ROOT) -> tuple[Word, ...]:
    """data/words.yml: what to avoid and what to say instead."""
    needs = "avoid prefer why source allowed_in"
    return tuple(_word(one) for one in read_list(root / "data" / "words.yml", needs))


def glossary(root: Path = ROOT) -> Mapping[str, Term]:
    """data/glossary.yml: every term that the lessons explain."""
    entries = read_entries(root / "data" / "glossary.yml").entries(needs="means first_in")
    return MappingProxyType(
        {term: Term(term, entry.text("means"), entry.text("first_in")) for term, entry in entries}
    )


def here(root: Path = ROOT) -> Here:
    """data/here.yml: what a program wrote for its own people. A field that was emptied is "", and so is one of the newer
    ones that a program's own file, written before them, does not have."""
    newer = " ".join(field.name for field in dataclasses.fields(Here) if field.default == "")
    older = " ".join(field.name for field in dataclasses.fields(Here) if field.default != "")
    entry = read_entries(root / "data" / "here.yml", needs=older, may=newer)
    return Here(**{name: "" if entry[name] in (None, "") else entry.text(name) for name in entry.value})


def cast(root: Path = ROOT) -> Mapping[str, Person]:
    """data/cast.yml: everybody who comes back in stories, by key. No two have one name."""
    data = read_entries(root / "data" / "cast.yml")
    people: dict[str, Person] = {}
    for key, entry in data.entries(needs="name role wants talks first_in"):
        name = entry.text("name")
        for other in people.values():
            if other.name.lower() == name.lower():
                raise entry.mistake("course.two_people", name=name, other=other.key)
        people[key] = Person(
            key=key,
            name=name,
            role=entry.text("role"),
            wants=entry.text("wants"),
            talks=entry.text("talks"),
            first_in=among([entry.text("first_in")], COURSE, f'{entry.where}, "first_in"')[0],
        )
    return MappingProxyType(people)


def opening(root: Path = ROOT) -> Opening:
    """data/opening.yml: what is said at the beginning of every session."""
    data = read_entries(root / "data" / "opening.yml", needs="reviewed_by opening")
    lines = tuple(
        OpeningLine(one.text("say"), one.number("minutes"), _otherwise(one, "say"))
        for one in data.several("opening", "say minutes", may="otherwise")
    )
    return Opening(lines, data.texts("reviewed_by"))


def care(root: Path = ROOT) -> Care:
    """data/care.yml: what to do when something happens in a session."""
    data = read_entries(root / "data" / "care.yml", needs="reviewed_by care")
    known = {*sources(root), BY_PRACTITIONERS, BY_THE_PROGRAM}
    lines = tuple(
        CareLine(
            when=one.text("when"),
            do=one.text("do"),
            source=among([one.text("source")], known, f'{one.where}, "source"')[0],
            otherwise=_otherwise(one, "do"),
        )
        for one in data.several("care", "when do source", may="otherwise")
    )
    return Care(lines, data.texts("reviewed_by"))


def _otherwise(entry: Entry, name: str) -> str:
    """What is said where what a program would have to write is empty; "" where nothing of it is in the text."""
    fields = _FIELD.findall(entry.text(name))
    among(fields, [field.name for field in dataclasses.fields(Here)], f'{entry.where}, "{name}"')
    if fields and "otherwise" not in entry:
        raise entry.mistake("course.no_otherwise", name=name, field=f"{{{fields[0]}}}")
    if not fields and "otherwise" in entry:
        raise entry.mistake("course.otherwise_for_nothing", name=name)
    return entry.text("otherwise") if fields else ""


def needs(root: Path = ROOT) -> tuple[Need, ...]:
    """data/needs.yml: what people say when they come to plan, one sentence a practice."""
    codebook = read_entries(root / "data" / "survey-staff.yml")
    practices = codebook.inner("practices").value
    found: list[Need] = []
    for entry in read_list(root / "data" / "needs.yml", "says practice lessons"):
        (practice,) = among([entry.text("practice")], practices, f'{entry.where}, "practice"')
        if practice in {one.practice for one in found}:
            raise entry.mistake("course.practice_twice", practice=practice)
        lessons = among(entry.texts("lessons"), COURSE, f'{entry.where}, "lessons"')
        if not lessons:
            raise entry.mistake("course.empty_list", name="lessons")
        found.append(Need(entry.text("says"), practice, lessons))
    return tuple(found)


def survey_items(file: str = "survey-staff.yml", root: Path = ROOT) -> Mapping[str, SurveyItem]:
    """The questions of one survey of data/, by key. What else a codebook holds is not looked at here."""
    return MappingProxyType(
        {item.key: item for item, _ in survey_questions(read_entries(root / "data" / file))}
    )


def survey_questions(codebook: Entry) -> Iterable[tuple[SurveyItem, Entry]]:
    """Each question of a codebook, in order, with its own entries."""
    for name in ("practices", "items"):
        if name not in codebook:
            raise codebook.mistake("course.missing", name=name)
    practices = Entry(codebook["practices"], f"{codebook.where}, practices").value
    items = Entry(codebook["items"], f"{codebook.where}, items")
    for key, entry in items.entries(needs="practice text", may="column reversed favorable"):
        (practice,) = among([entry.text("practice")], practices, f'{entry.where}, "practice"')
        yield SurveyItem(key, practice, entry.text("text")), entry


def _source(key: str, entry: Entry) -> Source:
    doi = entry.text("doi") if "doi" in entry else ""
    url = entry.text("url") if "url" in entry else ""
    if not doi and not url:
        raise entry.mistake("course.no_address", not_shown=NOT_SHOWN)
    if doi and not doi.startswith("10."):
        raise mistake(f'{entry.where}, "doi"', "course.no_doi")
    if url and url != NOT_SHOWN and not url.startswith("https://"):
        raise mistake(f'{entry.where}, "url"', "course.no_url", not_shown=NOT_SHOWN)
    year = entry["year"]
    source = Source(
        key=key,
        authors=entry.text("authors"),
        # a number, or words such as "2018 by DOI"
        year=str(year) if type(year) is int else entry.text("year"),
        title=entry.text("title"),
        where=entry.text("where"),
        doi=doi,
        url="" if url == NOT_SHOWN else url,
        what_it_found=entry.text("what_it_found"),
        limits=entry.text("limits"),
        called=entry.text("called") if "called" in entry else "",
    )
    if source.nameless and not source.called:
        raise entry.mistake("course.not_called", name="called")
    return source


def _word(entry: Entry) -> Word:
    places = ("quotation", "title", "own word")
    return Word(
        avoid=entry.texts("avoid"),
        prefer=entry.text("prefer"),
        why=entry.text("why"),
        source=entry.text("source"),
        allowed_in=among(entry.texts("allowed_in"), places, f'{entry.where}, "allowed_in"'),
    )
