"""How a lesson is led: its steps with their minutes, what to leave out when time is short, and what to arrange before.

It is the second half of a lesson's metadata. A lesson of the course has all of :data:`NAMES`, and an exercise all of
:data:`LED`; a lesson that somebody only begins to write may have none of them, and never some. What stands here is the
facilitator's; what learners read stands in the notebook's cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alongside.course.entry import Entry, among

__all__ = [
    "ALL_TOGETHER",
    "GROUPINGS",
    "LED",
    "NAMES",
    "NO_VOTE",
    "PATTERNS",
    "SECOND_VOTE",
    "SEED",
    "VOTE",
    "VOTES",
    "Cut",
    "Evidence",
    "Lead",
    "Session",
    "Step",
    "read_session",
]

PATTERNS = ("story first", "object first", "try first", "guess first")
PAPER = ("cards", "story", "slips")
ALL_TOGETHER = "all"
#: How people sit or stand in a step. The last three are said in ``do``: a line across the room, a silent wall, a walk.
GROUPINGS = ("alone", "pairs", "threes", "fours", ALL_TOGETHER, "line", "wall", "walk")
NO_VOTE, VOTE, SECOND_VOTE = "none", "cup", "cup again"
#: With a cup and slips; a second vote is quicker, because cup and slips are there.
VOTES = (NO_VOTE, VOTE, SECOND_VOTE)
#: Sentences of the text that the course grew from, and that are easily lost: what ``teaches`` may name.
SEED = (
    "feel-good-about",
    "connected-and-committed",
    "lightens-moods",
    "works-in-progress",
    "common-goal",
    "common-identity",
    "need-to-support",
    "why-not-participants",
    "apologize-before-asked",
    "explain-even-a-no",
    "know-and-understand",
    "everyone-you-meet",
    "protective-in-escalation",
    "feedback-de-escalates",
)
#: What an exercise has; and a lesson, which says besides how it teaches, and what is taught where.
LED = "steps cut lead second_person paper"
NAMES = f"pattern teaches {LED} evidence"
_STEP = "id say read_aloud do activity work minutes grouping vote break_after about_managers"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a facilitator says and people then do. ``read_aloud``: words of learner text that are read out;
    ``work``: those of its ``minutes`` in which people write, sort or talk; ``activity``: the key of an answer, a story or a
    picture of the notebook, or ""; ``break_after``: here a break may be; ``about_managers``: asked only once it is agreed
    whether managers are there."""

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
    """A lesson or an exercise as it is led in a room. ``pattern`` is "", and ``evidence`` empty, for an exercise."""

    pattern: str
    teaches: tuple[str, ...]
    steps: Mapping[str, tuple[Step, ...]]  # by section, in the order of the notebook
    cut: tuple[Cut, ...]  # in the order in which to leave out
    lead: Lead
    second_person: bool
    paper: tuple[str, ...]
    evidence: Mapping[str, Evidence]  # by mark

    @property
    def in_order(self) -> tuple[Step, ...]:
        """All steps, as a session takes them."""
        return tuple(step for steps in self.steps.values() for step in steps)

    @property
    def minutes(self) -> int:
        """All steps together."""
        return sum(step.minutes for step in self.in_order)

    @property
    def breaks(self) -> int:
        """How many breaks there are: they are extra time, and no step's minutes."""
        return sum(step.break_after for step in self.in_order)

    @property
    def shortest(self) -> int:
        """All steps together, without what can be left out."""
        return self.minutes - sum(cut.saves for cut in self.cut)

    def minutes_of(self, section: str) -> tuple[int, int]:
        """The steps of one section: (without what can be left out, usual) in minutes."""
        steps = self.steps.get(section, ())
        usual, ids = sum(step.minutes for step in steps), {step.id for step in steps}
        return usual - sum(cut.saves for cut in self.cut if cut.step in ids), usual


def read_session(
    entry: Entry,
    *,
    exercise: bool,
    sections: Collection[str],
    cells: Collection[str],
    keys: Collection[str] | None,
    covers: Iterable[str],
) -> Session | None:
    """The session of the metadata of a lesson, or of an exercise; None where there is none.

    ``sections``, ``cells`` and ``keys`` are what the notebook has: its headings in order, its cells' ids, its activities'
    keys (None: they are not known, and any will do). Raises :class:`AlongsideError` where the session names another, or one step twice.
    """
    if not any(name in entry for name in NAMES.split()):
        return None
    for name in NAMES.split():
        if exercise and name in ("pattern", "evidence") and name in entry:
            raise entry.mistake("course.of_lessons_only", name=name)
        if name not in entry and not (exercise and name not in LED.split()):
            raise entry.mistake("course.missing", name=name)
    steps = _steps(entry.inner("steps"), sections, keys)
    known: dict[str, Step] = {}
    for step in (step for some in steps.values() for step in some):
        if step.id in known:
            raise entry.mistake("course.step_twice", step=step.id)
        known[step.id] = step
    _second_votes_come_second(entry, known.values())
    lead = entry.inner("lead", "days somebody_in_charge")
    return Session(
        pattern="" if exercise else among([entry.text("pattern")], PATTERNS, f'{entry.where}, "pattern"')[0],
        teaches=among(entry.texts("teaches"), SEED, f'{entry.where}, "teaches"')
        if "teaches" in entry
        else (),
        steps=steps,
        cut=_cuts(entry, known),
        lead=Lead(lead.number("days"), lead.flag("somebody_in_charge")),
        second_person=entry.flag("second_person"),
        paper=among(entry.texts("paper"), PAPER, f'{entry.where}, "paper"'),
        evidence=MappingProxyType({} if exercise else _evidences(entry, covers, cells, keys)),
    )


def _steps(
    entry: Entry, sections: Collection[str], keys: Collection[str] | None
) -> Mapping[str, tuple[Step, ...]]:
    """In the order of the headings: whoever saves a notebook through nbformat sorts its metadata by the alphabet."""
    among(entry.value, sections, entry.where)
    return MappingProxyType(
        {
            name: tuple(_step(one, keys) for one in entry.several(name, _STEP))
            for name in sections
            if name in entry
        }
    )


def _step(entry: Entry, keys: Collection[str] | None) -> Step:
    step = Step(
        id=entry.text("id"),
        say=entry.text("say"),
        read_aloud=entry.number("read_aloud"),
        do=entry.text("do"),
        activity=_one_of(entry, "activity", keys),
        work=entry.number("work"),
        minutes=entry.number("minutes"),
        grouping=among([entry.text("grouping")], GROUPINGS, f'{entry.where}, "grouping"')[0],
        vote=among([entry.text("vote")], VOTES, f'{entry.where}, "vote"')[0],
        break_after=entry.flag("break_after"),
        about_managers=entry.flag("about_managers"),
    )
    if not _ID.fullmatch(step.id):
        raise entry.mistake("course.step_id")
    if not step.minutes:
        raise entry.mistake("course.step_without_minutes", step=step.id)
    return step


def _second_votes_come_second(entry: Entry, steps: Iterable[Step]) -> None:
    voted = False
    for step in steps:
        if step.vote == SECOND_VOTE and not voted:
            raise entry.mistake("course.no_first_vote", step=step.id, second=SECOND_VOTE, first=VOTE)
        voted = voted or step.vote != NO_VOTE


def _cuts(entry: Entry, steps: Mapping[str, Step]) -> tuple[Cut, ...]:
    cuts: dict[str, Cut] = {}
    for value, where in entry.numbered("cut"):
        one = Entry(value, where, "step saves")
        name, saves = among([one.text("step")], steps, f'{where}, "step"')[0], one.number("saves")
        if name in cuts:
            raise one.mistake("course.cut_twice", step=name)
        if not 1 <= saves <= steps[name].minutes:
            raise one.mistake("course.saves", step=name, count=steps[name].minutes, found=saves)
        cuts[name] = Cut(name, saves)
    return tuple(cuts.values())


def _evidences(
    entry: Entry, covers: Iterable[str], cells: Collection[str], keys: Collection[str] | None
) -> dict[str, Evidence]:
    marks, evidence = tuple(covers), entry.inner("evidence")
    among(evidence.value, marks, evidence.where)
    for mark in marks:
        if mark not in evidence:
            raise evidence.mistake("course.missing", name=mark)
    return {
        mark: _evidence(one, cells, keys)
        for mark, one in evidence.entries("is limits known activity exercise story survey")
    }


def _evidence(entry: Entry, cells: Collection[str], keys: Collection[str] | None) -> Evidence:
    return Evidence(
        is_=_one_of(entry, "is", cells),
        limits=_one_of(entry, "limits", cells),
        known=_one_of(entry, "known", cells),
        activity=_one_of(entry, "activity", keys),
        exercise=None if entry["exercise"] is None else entry.number("exercise"),
        story="" if entry["story"] is None else entry.text("story"),
        survey=entry.texts("survey"),
    )


def _one_of(entry: Entry, name: str, known: Collection[str] | None) -> str:
    """A name that has to be known, or "" for null."""
    if entry[name] is None:
        return ""
    if known is None:
        return entry.text(name)
    return among([entry.text(name)], known, f'{entry.where}, "{name}"')[0]
