"""One sheet of the kit, and what it may be drawn from.

A maker is a function that takes an :class:`Order` and yields :class:`Sheet`. It never asks which paper: the same data is set
on Letter and on A4, and a template that has to fit measures itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from alongside.activities import Activity
from alongside.course.lesson import Cell, Lesson
from alongside.course.parts import things
from alongside.course.references import Here, here
from alongside.course.scenarios import Scenario, scenarios
from alongside.errors import AlongsideError
from alongside.pictures import Picture
from alongside.surfaces import direct
from alongside.words import say

__all__ = ["MARK", "Maker", "Order", "Sheet", "head", "letter", "lettered", "name_of"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One PDF. ``place`` is where it lies in the folder of a paper ("cards/05-share-power.pdf"); ``template`` and ``data`` are
    what :func:`alongside.press.press` takes, so ``data`` has a ``title``."""

    place: str
    template: Path
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Order:
    """What somebody wants on paper: these lessons and exercises, by number, each lesson before its exercise."""

    lessons: tuple[Lesson, ...]
    here: Here = field(default_factory=here)  # what this program wrote for its own people

    @cached_property
    def _shown(self) -> dict[Cell, Activity | Picture | None]:
        return {}

    def shown(self, lesson: Lesson, cell: Cell) -> Activity | Picture | None:
        """What a cell shows to learners; None where it shows nothing, needs a kernel or isn't theirs."""
        if cell not in self._shown:
            self._shown[cell] = _shown(lesson, cell)
        return self._shown[cell]

    @cached_property
    def stories(self) -> tuple[Scenario, ...]:
        """The stories of these lessons, each followed by its gentler twin."""
        known = scenarios()
        keys = [
            key
            for lesson in self.lessons
            for line in lesson.activities
            if line.verb == "scenario"
            for key in (line.prompt, known[line.prompt].gentler if line.prompt in known else None)
            if key is not None
        ]
        return tuple(known[key] for key in dict.fromkeys(keys))


#: What an option may be called in its own words: "3. I can live with it".
MARK = re.compile(r"(\d{1,2}|[A-Z])\. ")

Maker = Callable[[Order], Iterable[Sheet]]


def name_of(lesson: Lesson) -> str:
    """How a lesson or an exercise is called among files: "05-share-power", "exercise-05-share-power"."""
    return lesson.name if lesson.folder == "notebooks" else f"exercise-{lesson.name}"


def head(lesson: Lesson, kind: str) -> dict[str, str]:
    """What ``head()`` of a template sets: the lesson's title, which kind of sheet this is, and the lesson's thing."""
    of = {"notebooks": "kit.lesson_number"}.get(lesson.folder, "kit.exercise_number")
    which = say(of, number=f"{lesson.number:02}")
    thing = things().get(lesson.name)
    return {
        "name": lesson.title,
        "kind": say("kit.kind_of", which=which, kind=kind),
        "drawing": thing.line if thing else "",
    }


def lettered(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Texts with a mark for each: A, B, C …, or the numbers or letters that they themselves begin with."""
    own = [MARK.match(text) for text in texts]
    if all(own) and len({found[1] for found in own if found}) == len(texts):
        return [(found[1], text[found.end() :]) for found, text in zip(own, texts, strict=True) if found]
    return [(letter(number), text) for number, text in enumerate(texts)]


def letter(number: int) -> str:
    """A, B, C … for 0, 1, 2 …"""
    return chr(ord("A") + number)


def _shown(lesson: Lesson, cell: Cell) -> Activity | Picture | None:
    if not cell.line or not cell.on_pages or cell.line.verb not in direct.VERBS or cell.line.verb == "begin":
        return None
    try:
        return direct.shown(cell.line)
    except AlongsideError as error:
        raise AlongsideError(
            say("site.not_run", notebook=f"{lesson.folder}/{lesson.name}.ipynb", complaint=error)
        ) from None
