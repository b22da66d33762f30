"""The stories with choices: data/scenarios.yml, with every path through them checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType

from alongside.course.entry import Entry, Pairs, among, mistake, pick, read_entries
from alongside.course.place import ROOT
from alongside.course.references import sources
from alongside.words import say

__all__ = ["END", "Choice", "Scenario", "Step", "scenario", "scenarios"]

END = "end"  # where a scenario's last choice leads


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be said or done. ``changes`` are new words for what the scenario carries."""

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
    data, known_sources = read_entries(root / "data" / "scenarios.yml"), sources(root)
    needs = "title from opening carries steps repair debrief sources"
    found = {key: _scenario(key, entry, known_sources) for key, entry in data.entries(needs, may="gentler")}
    for one in found.values():
        if one.gentler:
            among([one.gentler], found.keys() - {one.key}, f'{data.where}, "{one.key}", "gentler"')
    return MappingProxyType(found)


def scenario(key: str, root: Path = ROOT) -> Scenario:
    """One scenario by its key."""
    return pick(key, scenarios(root), "course.unknown_scenario")


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
        gentler=entry.text("gentler") if "gentler" in entry else None,
        debrief=entry.texts("debrief"),
        sources=among(entry.texts("sources"), known_sources, f'{entry.where}, "sources"'),
    )


def _step(name: str, entry: Entry, carries: Iterable[str], at_least: int) -> Step:
    choices = tuple(
        _choice(
            Entry(value, where, needs="say then costs gains_power carries_risk next", may="changes"), carries
        )
        for value, where in entry.numbered("choices", "course.at_choice")
    )
    if len(choices) < at_least:
        raise entry.mistake("course.few_choices", count=at_least, found=len(choices))
    return Step(name, entry.text("text"), choices)


def _choice(entry: Entry, carries: Iterable[str]) -> Choice:
    changes = entry.pairs("changes") if "changes" in entry else ()
    among([name for name, _ in changes], carries, f'{entry.where}, "changes"')
    return Choice(
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
