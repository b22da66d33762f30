"""How a lesson is led: its steps with their minutes, what to leave out when time is short, and what to arrange before.

It is the second half of a lesson's metadata, and a lesson may still be without it. What stands here is the facilitator's;
what learners read stands in the notebook's cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alongside.course.entry import Entry, among

__all__ = ["NAMES", "Cut", "Evidence", "Lead", "Session", "Step", "read_session"]

PATTERNS = ("story first", "object first", "try first", "guess first")
PAPER = ("cards", "story", "slips")
#: What the metadata of a lesson with a session has beside the rest; all of it or none.
NAMES = "pattern teaches steps cut lead second_person paper evidence"
_STEP = "id say read_aloud do activity work minutes grouping vote break_after about_managers"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a facilitator says and people then do. ``read_aloud``: words of learner text that are read out;
    ``work``: those of its ``minutes`` in which people write, sort or talk; ``activity``: a key of the notebook, or "";
    ``about_managers``: asked only once it is agreed whether managers are there."""

    id: str
    say: str
    read_aloud: int
    do: str
    activity: str
    work: int
    minutes: int
    grouping: str
    vote: str
    break_after: bool
    about_managers: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A step that can be left out, and the minutes that this saves."""

    step: str
    saves: int


@dataclass(frozen=True, slots=True)
class Lead:
    """What has to be there before: so many days, and somebody in charge."""

    days: int
    somebody_in_charge: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one of ``covers`` is taught: cells by id, an activity and a story by key (or ""), an exercise by number."""

    is_: str
    limits: str
    known: str
    activity: str
    exercise: int | None
    story: str
    survey: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A lesson as it is led in a room."""

    pattern: str
    teaches: tuple[str, ...]
    steps: Mapping[str, tuple[Step, ...]]  # by section
    cut: tuple[Cut, ...]  # in the order in which to leave out
    lead: Lead
    second_person: bool
    paper: tuple[str, ...]
    evidence: Mapping[str, Evidence]  # by mark

    @property
    def minutes(self) -> int:
        """All steps together."""
        return sum(step.minutes for steps in self.steps.values() for step in steps)

    @property
    def shortest(self) -> int:
        """All steps together, without those that can be left out."""
        return self.minutes - sum(cut.saves for cut in self.cut)


def read_session(
    entry: Entry,
    *,
    sections: Collection[str],
    cells: Collection[str],
    keys: Collection[str],
    covers: Iterable[str],
) -> Session | None:
    """The session of a lesson's metadata; None where there is none.

    ``sections``, ``cells`` and ``keys`` are what the notebook has: its headings, its cells' ids, its activities' keys.
    Raises :class:`AlongsideError` where the session names another, or one step twice.
    """
    if not any(name in entry for name in NAMES.split()):
        return None
    for name in NAMES.split():
        if name not in entry:
            raise entry.mistake("course.missing", name=name)
    steps = _steps(entry.inner("steps"), sections, keys)
    ids = [step.id for some in steps.values() for step in some]
    for one in ids:
        if ids.count(one) > 1:
            raise entry.mistake("course.step_twice", step=one)
    lead = entry.inner("lead", "days somebody_in_charge")
    evidence = entry.inner("evidence")
    among(evidence.value, covers, evidence.where)
    return Session(
        pattern=among([entry.text("pattern")], PATTERNS, f'{entry.where}, "pattern"')[0],
        teaches=entry.texts("teaches"),
        steps=steps,
        cut=tuple(_cut(Entry(cut, where, "step saves"), ids) for cut, where in entry.numbered("cut")),
        lead=Lead(lead.number("days"), lead.flag("somebody_in_charge")),
        second_person=entry.flag("second_person"),
        paper=among(entry.texts("paper"), PAPER, f'{entry.where}, "paper"'),
        evidence=MappingProxyType(
            {
                mark: _evidence(one, cells, keys)
                for mark, one in evidence.entries("is limits known activity exercise story survey")
            }
        ),
    )


def _steps(entry: Entry, sections: Collection[str], keys: Collection[str]) -> Mapping[str, tuple[Step, ...]]:
    among(entry.value, sections, entry.where)
    return MappingProxyType(
        {name: tuple(_step(one, keys) for one in entry.several(name, _STEP)) for name in entry.value}
    )


def _step(entry: Entry, keys: Collection[str]) -> Step:
    return Step(
        id=entry.text("id"),
        say=entry.text("say"),
        read_aloud=entry.number("read_aloud"),
        do=entry.text("do"),
        activity=_one_of(entry, "activity", keys),
        work=entry.number("work"),
        minutes=entry.number("minutes"),
        grouping=entry.text("grouping"),
        vote=entry.text("vote"),
        break_after=entry.flag("break_after"),
        about_managers=entry.flag("about_managers"),
    )


def _cut(entry: Entry, ids: Collection[str]) -> Cut:
    return Cut(_one_of(entry, "step", ids), entry.number("saves"))


def _evidence(entry: Entry, cells: Collection[str], keys: Collection[str]) -> Evidence:
    return Evidence(
        is_=_one_of(entry, "is", cells),
        limits=_one_of(entry, "limits", cells),
        known=_one_of(entry, "known", cells),
        activity=_one_of(entry, "activity", keys),
        exercise=None if entry["exercise"] is None else entry.number("exercise"),
        story="" if entry["story"] is None else entry.text("story"),
        survey=entry.texts("survey"),
    )


def _one_of(entry: Entry, name: str, known: Collection[str]) -> str:
    """A name that has to be known, or "" for null."""
    if entry[name] is None:
        return ""
    return among([entry.text(name)], known, f'{entry.where}, "{name}"')[0]
