"""What lessons lean on, from data/: sources, words to avoid, terms, survey questions, and what a program wrote for its
own people."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from alongside.course.entry import Entry, among, mistake, read_entries, read_list
from alongside.course.place import ROOT
from alongside.words import say

__all__ = [
    "CITED",
    "NOT_SHOWN",
    "Here",
    "Source",
    "SurveyItem",
    "Term",
    "Word",
    "glossary",
    "here",
    "sources",
    "survey_items",
    "survey_questions",
    "words_to_avoid",
]

NOT_SHOWN = "not shown"  # what data/sources.yml says where the page that was read did not tell
#: How a text names a source: [arnstein-1969]. A link begins in the same way, and is none.
CITED = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)+)\](?!\()")


@dataclass(frozen=True, slots=True)
class Source:
    """One reference. ``doi`` or ``url`` is there, or both are "" where only a copy or a number was seen."""

    key: str
    authors: str
    year: str
    title: str
    where: str
    doi: str
    url: str
    what_it_found: str
    limits: str

    @property
    def address(self) -> str:
        """Where a reader can look it up, or ""."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

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


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """One survey question, as a lesson shows it."""

    key: str
    practice: str
    text: str


def sources(root: Path = ROOT) -> Mapping[str, Source]:
    """data/sources.yml: every reference by its key."""
    needs = "authors year title where what_it_found limits"
    entries = read_entries(root / "data" / "sources.yml").entries(needs, may="doi url")
    return MappingProxyType({key: _source(key, entry) for key, entry in entries})


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
    """data/here.yml: what a program wrote for its own people. A field that was emptied is ""."""
    fields = [field.name for field in dataclasses.fields(Here)]
    entry = read_entries(root / "data" / "here.yml", needs=" ".join(fields))
    return Here(**{name: "" if entry[name] in (None, "") else entry.text(name) for name in fields})


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
    return Source(
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
    )


def _word(entry: Entry) -> Word:
    places = ("quotation", "title", "own word")
    return Word(
        avoid=entry.texts("avoid"),
        prefer=entry.text("prefer"),
        why=entry.text("why"),
        source=entry.text("source"),
        allowed_in=among(entry.texts("allowed_in"), places, f'{entry.where}, "allowed_in"'),
    )
