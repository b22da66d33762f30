"""What the curriculum says, as frozen dataclasses: the files of data/, and each lesson's metadata.

Every function reads below ``root``, which is this checkout unless a test or an adapted course says otherwise.
Whatever cannot be used is an AlongsideError that names the file and the entry, and says what was expected
and what to do. Nothing is guessed, and nothing is left out in silence.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from alongside.errors import AlongsideError, nearest

__all__ = [
    "END",
    "MARKS",
    "NOT_SHOWN",
    "ROOT",
    "Choice",
    "Entry",
    "Here",
    "Lesson",
    "Scenario",
    "Section",
    "Source",
    "Step",
    "SurveyItem",
    "Term",
    "Word",
    "among",
    "exercises",
    "glossary",
    "here",
    "lesson",
    "lessons",
    "parse_lesson",
    "parsed_yaml",
    "read_lesson",
    "scenario",
    "scenarios",
    "sources",
    "survey_items",
    "survey_questions",
    "words_to_avoid",
    "wrong",
    "yaml_entries",
]

ROOT = Path(__file__).resolve().parents[2]
#: An id that a kept answer may hold. "constructor" is refused: every object of a page has something of that name.
CHOICE_ID = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")
END = "end"  # where a scenario's last choice leads
NOT_SHOWN = "not shown"  # what data/sources.yml says where the page that was read did not tell
MARKS = (*(f"V{n}" for n in range(1, 13)), *(f"P{n}" for n in range(1, 13)), "H1", "H2")
"""The twelve values, the twelve practices and the two featured hacks."""

Pairs = tuple[tuple[str, str], ...]
Found = TypeVar("Found")


# --- lessons -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """One H2 of a lesson. ``room`` is (shortest, usual, longest) in minutes, ``alone`` is minutes."""

    name: str
    room: tuple[int, int, int]
    alone: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """``metadata.alongside`` of one notebook of notebooks/ or exercises/."""

    name: str
    number: int
    title: str
    promise: str
    objectives: tuple[str, ...]
    covers: tuple[str, ...]
    rests_on: tuple[str, ...]
    minutes: tuple[Section, ...]
    group: tuple[int, int]
    needs: tuple[str, ...]
    touches: tuple[str, ...]
    survey: tuple[str, ...]
    scenario: str | None
    next: tuple[str, ...]
    reviewed_by: tuple[str, ...]
    path: Path

    @property
    def room(self) -> tuple[int, int, int]:
        """All sections together in a room: (shortest, usual, longest) in minutes."""
        shortest, usual, longest = (sum(section.room[i] for section in self.minutes) for i in range(3))
        return shortest, usual, longest

    @property
    def alone(self) -> int:
        """All sections together for one person, in minutes."""
        return sum(section.alone for section in self.minutes)


def lessons(root: Path = ROOT) -> tuple[Lesson, ...]:
    """The lessons of notebooks/, by number."""
    return _notebooks(root, "notebooks")


def exercises(root: Path = ROOT) -> tuple[Lesson, ...]:
    """The group exercises of exercises/, by number; each has the name of its lesson."""
    return _notebooks(root, "exercises")


def lesson(name: str, root: Path = ROOT) -> Lesson:
    """One lesson by its file name without the ending."""
    return _pick(name, {one.name: one for one in lessons(root)}, "lesson")


def read_lesson(path: Path) -> Lesson:
    """One notebook's metadata, its sections in the order in which the notebook has them."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read_lesson(path, changed)


@lru_cache(maxsize=256)
def _read_lesson(path: Path, changed: int) -> Lesson:
    """Read once for each time at which the file was ``changed``: every page names every lesson."""
    where = _shown(path)
    notebook = _notebook(path, where)
    metadata = Entry(notebook["metadata"], f"{where}, metadata")
    if "alongside" not in metadata.value:
        raise wrong(
            where, 'the notebook\'s metadata has no "alongside"', "copy it from another lesson and change it"
        )
    read = parse_lesson(metadata["alongside"], where, headings=_headings(notebook))
    number = re.match(r"\d+", path.name)
    if number and int(number[0]) != read.number:
        raise wrong(
            f'{where}, "number"',
            f"expected {int(number[0])}, as in the file's name, but found {read.number}",
            "change one of them",
        )
    return dataclasses.replace(read, path=path)


def parse_lesson(metadata: Mapping[str, Any], where: str, headings: Sequence[str] = ()) -> Lesson:
    """``metadata.alongside`` of the notebook that is known as ``where``: "notebooks/05-share-power.ipynb".

    ``headings`` are the notebook's H2s. They say the order of the sections, because whoever saves a
    notebook through nbformat, as JupyterLab does, sorts its metadata by the alphabet.
    """
    entry = Entry(
        metadata,
        where,
        needs="number title promise objectives covers rests_on minutes group needs touches"
        " survey scenario next reviewed_by",
    )
    fewest, most = entry.numbers("group", "fewest, most")
    return Lesson(
        name=Path(where).stem,
        number=entry.number("number"),
        title=entry.text("title"),
        promise=entry.text("promise"),
        objectives=entry.texts("objectives"),
        covers=among(entry.texts("covers"), MARKS, f'{where}, "covers"'),
        rests_on=among(entry.texts("rests_on"), MARKS, f'{where}, "rests_on"'),
        minutes=_sections(Entry(entry["minutes"], f'{where}, "minutes"'), headings),
        group=(fewest, most),
        needs=entry.texts("needs"),
        touches=entry.texts("touches"),
        survey=entry.texts("survey"),
        scenario=None if entry["scenario"] is None else entry.text("scenario"),
        next=entry.texts("next"),
        reviewed_by=entry.texts("reviewed_by"),
        path=Path(where),
    )


def _notebooks(root: Path, folder: str) -> tuple[Lesson, ...]:
    if not (root / folder).is_dir():
        raise wrong(
            f"{folder}/",
            f"it is not in {root}",
            'get the whole project, and install it with "pip install -e ."',
        )
    found = [read_lesson(path) for path in (root / folder).glob("*.ipynb")]
    return tuple(sorted(found, key=lambda one: (one.number, one.name)))


def _notebook(path: Path, where: str) -> Mapping[str, Any]:
    try:
        notebook = json.loads(_text_of(path))
    except json.JSONDecodeError as error:
        raise wrong(
            f"{where}, line {error.lineno}",
            f"this is not a notebook ({error.msg})",
            "take back the last change, or save it again from JupyterLab",
        ) from None
    found = Entry(notebook, where, needs="cells metadata nbformat nbformat_minor")
    for cell, address in found.numbered("cells", "cell"):
        Entry(cell, address, needs="cell_type source metadata", may="id outputs execution_count attachments")
    return found.value


def _headings(notebook: Mapping[str, Any]) -> list[str]:
    """The H2s of a notebook, in order."""
    found: list[str] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            # the file holds a cell's text as one string or as a list of lines
            found += re.findall(r"^##\s+(.+?)\s*$", "".join(cell["source"]), re.MULTILINE)
    return found


def _sections(minutes: Entry, headings: Sequence[str]) -> tuple[Section, ...]:
    found: dict[str, Section] = {}
    for name, entry in minutes.entries(needs="room alone"):
        shortest, usual, longest = entry.numbers("room", "shortest, usual, longest")
        found[name] = Section(name, (shortest, usual, longest), entry.number("alone"))
    if not headings:
        return tuple(found.values())
    for name in found:
        if name not in headings:
            raise AlongsideError(
                f'{minutes.where}: the notebook has no heading "## {name}". {nearest(name, headings)}'
            )
    for name in headings:
        if name not in found:
            raise wrong(
                minutes.where,
                f'the heading "## {name}" has no minutes',
                'add it, with {"room": [2, 3, 4], "alone": 1}',
            )
    return tuple(found[name] for name in headings)


# --- scenarios -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be said or done. ``changes`` are new words for what the scenario carries.

    ``id`` stands once in its step: a learner's way is kept by ids, so that words can change and choices be added.
    """

    id: str
    say: str
    then: str
    costs: str
    gains_power: str
    carries_risk: str
    changes: Pairs
    next: str


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of a scenario, and what can be done in it."""

    name: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with choices. The first step is the start, every path leads to END, and nothing is scored."""

    key: str
    title: str
    origin: str  # "from" in the file: a dilemma of our notes, or "our own"
    opening: str
    carries: Pairs
    steps: tuple[Step, ...]
    repair: str
    gentler: str | None
    debrief: tuple[str, ...]
    sources: tuple[str, ...]


def scenarios(root: Path = ROOT) -> Mapping[str, Scenario]:
    """data/scenarios.yml: every scenario by its key."""
    data, known_sources = _data(root, "scenarios.yml"), sources(root)
    needs = "title from opening carries steps repair debrief sources"
    found = {key: _scenario(key, entry, known_sources) for key, entry in data.entries(needs, may="gentler")}
    for one in found.values():
        if one.gentler:
            among([one.gentler], found.keys() - {one.key}, f'{data.where}, "{one.key}", "gentler"')
    return MappingProxyType(found)


def scenario(key: str, root: Path = ROOT) -> Scenario:
    """One scenario by its key."""
    return _pick(key, scenarios(root), "scenario")


def _scenario(key: str, entry: Entry, known_sources: Iterable[str]) -> Scenario:
    carries, repair = dict(entry.pairs("carries")), entry.text("repair")
    named = Entry(entry["steps"], f"{entry.where}, steps")
    among([repair], named.value, f'{entry.where}, "repair"')
    steps = tuple(
        _step(name, step, carries, at_least=2 if name == repair else 3)
        for name, step in named.entries(needs="text choices")
    )
    _check_paths(steps, repair, entry.where)
    return Scenario(
        key=key,
        title=entry.text("title"),
        origin=entry.text("from"),
        opening=entry.text("opening"),
        carries=tuple(carries.items()),
        steps=steps,
        repair=repair,
        gentler=entry.text("gentler") if "gentler" in entry.value else None,
        debrief=entry.texts("debrief"),
        sources=among(entry.texts("sources"), known_sources, f'{entry.where}, "sources"'),
    )


def _step(name: str, entry: Entry, carries: Iterable[str], at_least: int) -> Step:
    choices = tuple(
        _choice(
            Entry(value, where, needs="id say then costs gains_power carries_risk next", may="changes"),
            carries,
        )
        for value, where in entry.numbered("choices", "choice")
    )
    if len(choices) < at_least:
        raise wrong(
            entry.where,
            f"expected {at_least} choices or more, but found {len(choices)}",
            "add what else a person could do",
        )
    ids = [choice.id for choice in choices]
    if len(set(ids)) < len(ids):
        raise wrong(
            entry.where,
            "two choices have one id",
            "give each choice an id that stands once in its step: answers are kept by it",
        )
    return Step(name, entry.text("text"), choices)


def _choice_id(entry: Entry) -> str:
    text = entry.text("id")
    if not CHOICE_ID.fullmatch(text) or text == "constructor":
        raise wrong(
            entry.where,
            '"id" can\'t be used',
            "use small letters, digits and single hyphens, at most 40 of them, as in: ask-theo",
        )
    return text


def _choice(entry: Entry, carries: Iterable[str]) -> Choice:
    changes = entry.pairs("changes") if "changes" in entry.value else ()
    among([name for name, _ in changes], carries, f'{entry.where}, "changes"')
    return Choice(
        id=_choice_id(entry),
        say=entry.text("say"),
        then=entry.text("then"),
        costs=entry.text("costs"),
        gains_power=entry.text("gains_power"),
        carries_risk=entry.text("carries_risk"),
        changes=changes,
        next=entry.text("next"),
    )


def _check_paths(steps: Sequence[Step], repair: str, where: str) -> None:
    """Every path leads on and comes to an end, and every step can be come to."""
    names = [step.name for step in steps]
    for step in steps:
        for number, choice in enumerate(step.choices, start=1):
            among([choice.next], [*names, END], f'{where}, steps, "{step.name}", choice {number}, "next"')

    leads_to = {step.name: {choice.next for choice in step.choices} - {END} for step in steps}
    try:
        TopologicalSorter(leads_to).prepare()
    except CycleError as error:
        circle = " to ".join(f'"{name}"' for name in reversed(error.args[1]))
        raise wrong(where, f"the steps go in a circle, {circle}", "let one of them lead on") from None

    reached: set[str] = set()
    ahead = [names[0], repair]  # the repair has a button of its own at the end
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += leads_to[name]
    for name in names:
        if name not in reached:
            raise wrong(f'{where}, steps, "{name}"', "no choice leads here", 'name it as the "next" of one')


# --- sources, words, terms, survey questions, and what a program writes for its own people --------


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
    entries = _data(root, "sources.yml").entries(needs, may="doi url")
    return MappingProxyType({key: _source(key, entry) for key, entry in entries})


def words_to_avoid(root: Path = ROOT) -> tuple[Word, ...]:
    """data/words.yml: what to avoid and what to say instead."""
    where, values = _yaml(root, "words.yml")
    if not isinstance(values, list):
        raise wrong(where, f"expected a list of entries, but found {_kind(values)}", "begin each with a dash")
    needs = "avoid prefer why source allowed_in"
    return tuple(_word(Entry(one, f"{where}, entry {n}", needs)) for n, one in enumerate(values, start=1))


def glossary(root: Path = ROOT) -> Mapping[str, Term]:
    """data/glossary.yml: every term that the lessons explain."""
    entries = _data(root, "glossary.yml").entries(needs="means first_in")
    return MappingProxyType(
        {term: Term(term, entry.text("means"), entry.text("first_in")) for term, entry in entries}
    )


def here(root: Path = ROOT) -> Here:
    """data/here.yml: what a program wrote for its own people. A field that was emptied is ""."""
    where, values = _yaml(root, "here.yml")
    fields = [field.name for field in dataclasses.fields(Here)]
    entry = Entry(values, where, needs=" ".join(fields))
    return Here(**{name: "" if entry[name] in (None, "") else entry.text(name) for name in fields})


def survey_items(file: str = "survey-staff.yml", root: Path = ROOT) -> Mapping[str, SurveyItem]:
    """The questions of one survey of data/, by key. What else a codebook holds is not looked at here."""
    return MappingProxyType({item.key: item for item, _ in survey_questions(_data(root, file))})


def survey_questions(codebook: Entry) -> Iterable[tuple[SurveyItem, Entry]]:
    """Each question of a codebook, in order, with its own entries."""
    for name in ("practices", "items"):
        if name not in codebook.value:
            raise wrong(codebook.where, f'"{name}" is missing', "add it")
    practices = Entry(codebook["practices"], f"{codebook.where}, practices").value
    items = Entry(codebook["items"], f"{codebook.where}, items")
    for key, entry in items.entries(needs="practice text", may="column"):
        (practice,) = among([entry.text("practice")], practices, f'{entry.where}, "practice"')
        yield SurveyItem(key, practice, entry.text("text")), entry


def _source(key: str, entry: Entry) -> Source:
    doi = entry.text("doi") if "doi" in entry.value else ""
    url = entry.text("url") if "url" in entry.value else ""
    if not doi and not url:
        raise wrong(entry.where, '"doi" or "url" is missing', f'add one, or write "url: {NOT_SHOWN}"')
    if doi and not doi.startswith("10."):
        raise wrong(
            f'{entry.where}, "doi"', "expected it to begin with 10.", "write it as 10.1186/1747-597X-7-47"
        )
    if url and url != NOT_SHOWN and not url.startswith("https://"):
        raise wrong(
            f'{entry.where}, "url"', "expected it to begin with https://", f'or write "url: {NOT_SHOWN}"'
        )
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


# --- reading files -------------------------------------------------------------------------------


class _NoDoubles(yaml.constructor.SafeConstructor):
    """YAML in which a name that stands twice is an error: plain YAML lets the last one win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        first: dict[str, int] = {}
        for name, _ in node.value:
            line = name.start_mark.line + 1
            if isinstance(name, yaml.ScalarNode) and first.setdefault(name.value, line) != line:
                problem = f'"{name.value}" stands twice, the first time in line {first[name.value]}'
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=name.start_mark)
        return super().construct_mapping(node, deep)


class _Plain(_NoDoubles, yaml.SafeLoader):
    """The loader that says more plainly what is wrong."""


class _Quick(_NoDoubles, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # pyright: ignore[reportGeneralTypeIssues]
    """The one in C, eight times as quick, where PyYAML was built with it."""


def _data(root: Path, name: str) -> Entry:
    """One file of data/ that holds entries with names."""
    return yaml_entries(root / "data" / name)


def yaml_entries(path: Path) -> Entry:
    """A YAML file anywhere that holds entries with names."""
    return Entry(_yaml_of(path), _shown(path))


def _yaml(root: Path, name: str) -> tuple[str, Any]:
    """One file of data/: its address for messages, and what it holds."""
    path = root / "data" / name
    return _shown(path), _yaml_of(path)


def _yaml_of(path: Path) -> Any:
    where, text = _shown(path), _text_of(path)
    try:
        return parsed_yaml(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that there is not, as 2024-13-45
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise wrong(
            f"{where}{line}",
            f"this cannot be read as YAML ({problem})",
            "look there for a missing quotation mark, a name that stands twice or a wrong indent",
        ) from None


@lru_cache(maxsize=32)
def parsed_yaml(text: str) -> Any:
    """YAML to Python, once for each text. Nobody may change what it returns. Raises yaml.YAMLError."""
    try:
        return yaml.load(text, Loader=_Quick)
    except yaml.YAMLError:
        return yaml.load(text, Loader=_Plain)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise wrong(
            _shown(path), f"it is not in {path.parent.parent}", "get the whole project again"
        ) from None
    except UnicodeDecodeError:
        raise wrong(_shown(path), "this is not UTF-8 text", "save it again as UTF-8") from None


def _shown(path: Path) -> str:
    """A file's address for messages: its folder and its name, as in "data/words.yml"."""
    return f"{path.parent.name}/{path.name}"


# --- checking entries ----------------------------------------------------------------------------


class Entry:
    """Entries with names, and their address for messages. What is taken out of it has been checked."""

    def __init__(self, value: object, where: str, needs: str = "", may: str = "") -> None:
        """``needs`` and ``may`` are names, separated by spaces; without ``needs`` any name will do."""
        if not isinstance(value, Mapping):
            raise wrong(where, f"expected entries with names, but found {_kind(value)}", "write name: value")
        for name in value:
            if not isinstance(name, str):
                raise wrong(
                    where, f"expected a name, but found {_kind(name)}", "put quotation marks around it"
                )
        if needs:
            among(value, [*needs.split(), *may.split()], where)
        for name in needs.split():
            if name not in value:
                raise wrong(where, f'"{name}" is missing', "add it")
        self.value: Mapping[str, Any] = value
        self.where = where

    def __getitem__(self, name: str) -> Any:
        return self.value[name]

    def entries(self, needs: str, may: str = "") -> Iterable[tuple[str, Entry]]:
        """Each name with its own entries."""
        for name, value in self.value.items():
            yield name, Entry(value, f'{self.where}, "{name}"', needs, may)

    def numbered(self, name: str, noun: str) -> Iterable[tuple[Any, str]]:
        """Each value of a list, with its address."""
        values = self.value[name]
        if not isinstance(values, list):
            raise wrong(
                f'{self.where}, "{name}"',
                f"expected a list, but found {_kind(values)}",
                "write each on a line of its own, with a dash, or all in [square brackets]",
            )
        for number, value in enumerate(values, start=1):
            yield value, f"{self.where}, {noun} {number}"

    def text(self, name: str) -> str:
        return _text(self.value[name], f'{self.where}, "{name}"')

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; it may be empty."""
        return tuple(_text(value, where) for value, where in self.numbered(name, f'"{name}", number'))

    def pairs(self, name: str) -> Pairs:
        """Names with texts; there may be none."""
        inner = Entry(self.value[name], f'{self.where}, "{name}"')
        return tuple((key, inner.text(key)) for key in inner.value)

    def number(self, name: str) -> int:
        value = self.value[name]
        if not _whole(value):
            raise wrong(
                f'{self.where}, "{name}"',
                f"expected a whole number, but found {_kind(value)}",
                "write it as 5",
            )
        return value

    def numbers(self, name: str, meaning: str) -> list[int]:
        """As many whole numbers as ``meaning`` has words, none smaller than the one before."""
        values, expected = self.value[name], len(meaning.split())
        whole = isinstance(values, list) and len(values) == expected and all(map(_whole, values))
        if not whole or values != sorted(values):
            example = list(range(2, 2 + expected))
            raise wrong(
                f'{self.where}, "{name}"',
                f"expected {expected} whole numbers ({meaning}), none smaller than the one before",
                f"write them as {example}",
            )
        return values


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if value is None or isinstance(value, str):
        raise wrong(where, "expected text, but it is empty", "write it there")
    # YAML reads a bare No, Yes, On or Off as true or false, and 2024 or 2024-05-01 as a number or a date
    todo = "write it as one text" if isinstance(value, list | Mapping) else "put quotation marks around it"
    raise wrong(where, f"expected text, but found {_kind(value)}", todo)


def _whole(value: object) -> bool:
    return type(value) is int and value >= 0  # not isinstance: true and false are ints to Python


def among(values: Iterable[str], known: Iterable[str], where: str) -> tuple[str, ...]:
    """The values, each of which has to be known."""
    found, names = tuple(values), set(known)
    for value in found:
        if value not in names:
            raise AlongsideError(f'{where}: "{value}" is not known here. {nearest(value, names)}')
    return found


def _pick(key: str, known: Mapping[str, Found], noun: str) -> Found:
    if key not in known:
        raise AlongsideError(f'There is no {noun} "{key}". {nearest(key, known)}')
    return known[key]


def _kind(value: object) -> str:
    """What a value is, in plain words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the YAML value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{value[:40]}"'
        case list():
            return "a list"
        case Mapping():
            return "entries with names"
        case _:
            return f"a {type(value).__name__}"


def wrong(where: str, what: str, todo: str) -> AlongsideError:
    return AlongsideError(f"{where}: {what}; {todo}.")
