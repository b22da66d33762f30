"""The stories with choices: data/scenarios.yml, with every path through them checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType

from alongside.course.entry import Entry, Pairs, among, mistake, pick, read_entries
from alongside.course.place import ROOT
from alongside.course.references import cast, sources
from alongside.words import say

__all__ = ["END", "ENDINGS", "WORSE", "YOU", "Choice", "Scenario", "Step", "Way", "scenario", "scenarios"]

END = "end"  # where a scenario's last choice leads
#: Who "you" can be in a story.
YOU = ("participant", "peer", "volunteer", "worker", "manager")
#: How a story is left: things are better, it is open how they go on, things are worse.
ENDINGS = ("better", "open", "worse")
WORSE = "worse"
#: An id that a kept answer may hold. "constructor" is refused: every object of a page has something of that name.
CHOICE_ID = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")


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
    ends: str = ""  # one of ENDINGS where ``next`` is END; "" in a story that says no ``you``


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of a scenario, and what can be done in it."""

    name: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with choices. The first step is the start, every path leads to END, and nothing is scored.

    ``you``: one of YOU; ``cast``: who of data/cast.yml is in it. A story of an author's own may say neither.
    """

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
    you: str = ""
    cast: tuple[str, ...] = ()

    @property
    def endings(self) -> frozenset[str]:
        """Every ending that the repair offers; empty in a story that says no ``you``."""
        return frozenset(
            choice.ends for way in self.ways(self.repair) for choice in way.choices if choice.next == END
        ) - {""}

    def ways(self, start: str = "") -> list[Way]:
        """Every way from a step, or from the first one, to the end."""
        steps = {step.name: step for step in self.steps}
        found: list[Way] = []
        ahead = [(start or self.steps[0].name, Way())]
        while ahead:
            name, way = ahead.pop()
            if name == END:
                found.append(way)
                continue
            step = steps[name]
            ahead += [
                (choice.next, Way((*way.steps, step), (*way.choices, choice))) for choice in step.choices
            ]
        return found


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a story: the steps that are come to, and what is chosen in each."""

    steps: tuple[Step, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def texts(self) -> list[str]:
        """What a room hears on it: each step, what can be chosen, what then happens, and what it costs."""
        return [
            text
            for step, choice in zip(self.steps, self.choices, strict=True)
            for text in (step.text, *(one.say for one in step.choices), choice.then, choice.costs)
        ]


def scenarios(root: Path = ROOT) -> Mapping[str, Scenario]:
    """data/scenarios.yml: every scenario by its key."""
    files = [root / "data" / name for name in ("scenarios.yml", "sources.yml", "cast.yml")]
    stats = [path.stat() if path.is_file() else None for path in files]
    return _scenarios(root, tuple((one.st_mtime_ns, one.st_size) if one else None for one in stats))


@lru_cache(maxsize=8)
def _scenarios(root: Path, changed: tuple[tuple[int, int] | None, ...]) -> Mapping[str, Scenario]:
    """Read once for each time at which one of the files was ``changed``: every lesson with a story asks for it."""
    data, known_sources = read_entries(root / "data" / "scenarios.yml"), sources(root)
    needs = "title from opening carries steps repair debrief sources"
    entries = [*data.entries(needs, may="gentler you cast")]
    known_cast = cast(root) if any(entry.value.get("cast") for _, entry in entries) else {}
    found = {key: _scenario(key, entry, known_sources, known_cast) for key, entry in entries}
    for one in found.values():
        if one.gentler:
            among([one.gentler], found.keys() - {one.key}, f'{data.where}, "{one.key}", "gentler"')
    return MappingProxyType(found)


def scenario(key: str, root: Path = ROOT) -> Scenario:
    """One scenario by its key."""
    return pick(key, scenarios(root), "course.unknown_scenario")


def _scenario(key: str, entry: Entry, known_sources: Iterable[str], known_cast: Iterable[str]) -> Scenario:
    carries, repair = dict(entry.pairs("carries")), entry.text("repair")
    named = Entry(entry["steps"], f"{entry.where}, steps")
    among([repair], named.value, f'{entry.where}, "repair"')
    steps = tuple(
        _step(name, step, carries, at_least=2 if name == repair else 3)
        for name, step in named.entries(needs="text choices")
    )
    _check_paths(steps, repair, entry.where)
    you = ""
    if "you" in entry or "cast" in entry:
        for name in ("you", "cast"):
            if name not in entry:
                raise entry.mistake("course.missing", name=name)
        (you,) = among([entry.text("you")], YOU, f'{entry.where}, "you"')
    _check_endings(steps, entry, said=bool(you))
    return Scenario(
        key=key,
        title=entry.text("title"),
        origin=entry.text("from"),
        opening=entry.text("opening"),
        carries=tuple(carries.items()),
        steps=steps,
        repair=repair,
        gentler=entry.text("gentler") if "gentler" in entry else None,
        debrief=entry.texts("debrief"),
        sources=among(entry.texts("sources"), known_sources, f'{entry.where}, "sources"'),
        you=you,
        cast=among(entry.texts("cast"), known_cast, f'{entry.where}, "cast"') if you else (),
    )


def _step(name: str, entry: Entry, carries: Iterable[str], at_least: int) -> Step:
    choices = tuple(
        _choice(
            Entry(value, where, needs="id say then costs gains_power carries_risk next", may="changes ends"),
            carries,
        )
        for value, where in entry.numbered("choices", "course.at_choice")
    )
    if len(choices) < at_least:
        raise entry.mistake("course.few_choices", count=at_least, found=len(choices))
    ids = [choice.id for choice in choices]
    if len(set(ids)) < len(ids):
        raise entry.mistake("course.choice_ids")
    return Step(name, entry.text("text"), choices)


def _choice_id(entry: Entry) -> str:
    text = entry.text("id")
    if not CHOICE_ID.fullmatch(text) or text == "constructor":
        raise entry.mistake("course.choice_id")
    return text


def _choice(entry: Entry, carries: Iterable[str]) -> Choice:
    changes = entry.pairs("changes") if "changes" in entry else ()
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
        ends=among([entry.text("ends")], ENDINGS, f'{entry.where}, "ends"')[0] if "ends" in entry else "",
    )


def _check_endings(steps: Iterable[Step], entry: Entry, said: bool) -> None:
    """A story that says who "you" are says how each of its last choices ends, and no other choice does."""
    for step in steps:
        for number, choice in enumerate(step.choices, start=1):
            at = say("course.at_choice", where=f'{entry.where}, steps, "{step.name}"', number=number)
            if choice.ends and not said:
                raise mistake(at, "course.ends_without_you")
            if choice.ends and choice.next != END:
                raise mistake(at, "course.ends_too_early", next=choice.next)
            if said and choice.next == END and not choice.ends:
                raise mistake(at, "course.no_ending")


def _check_paths(steps: Sequence[Step], repair: str, where: str) -> None:
    """Every path leads on and comes to an end, and every step can be come to."""
    names = [step.name for step in steps]
    for step in steps:
        for number, choice in enumerate(step.choices, start=1):
            at = say("course.at_choice", where=f'{where}, steps, "{step.name}"', number=number)
            among([choice.next], [*names, END], f'{at}, "next"')

    leads_to = {step.name: {choice.next for choice in step.choices} - {END} for step in steps}
    try:
        TopologicalSorter(leads_to).prepare()
    except CycleError as error:
        steps_in_it = (f'"{name}"' for name in reversed(error.args[1]))
        circle = reduce(lambda way, step: say("course.from_to", way=way, step=step), steps_in_it)
        raise mistake(where, "course.circle", circle=circle) from None

    reached: set[str] = set()
    ahead = [names[0], repair]  # the repair has a button of its own at the end
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += leads_to[name]
    for name in names:
        if name not in reached:
            raise mistake(f'{where}, steps, "{name}"', "course.not_reached")
