"""How the course is laid out: its parts, the thing that stands for each lesson, and a lesson in one line.

A thing is one line drawing out of ``data/objects.yml``, the same wherever its lesson or its exercise is named, so that
people can say "the kettle one". It decorates: nothing is said by it, or by a part's color, that no words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from alongside import templates
from alongside.course.entry import read_entries
from alongside.course.lesson import Lesson
from alongside.course.place import ROOT
from alongside.words import say

__all__ = ["PARTS", "Part", "Thing", "by_part", "in_a_line", "part_of", "thing_of", "things"]

OBJECT = Path(__file__).parent / "object.html.j2"
#: What a drawing is made of: letters of SVG's paths, and numbers.
_LINE = re.compile(r"[MLHVQTCSAZ0-9 .,-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Lessons that belong together, by their numbers. ``key`` is the part's in addresses, ``look`` its class in styles."""

    key: str
    look: str
    first: int
    last: int

    @property
    def title(self) -> str:
        return _TITLES[self.key]()


#: In their order. What an author adds comes into the last one.
PARTS = (
    Part("start", "al-of-start", 0, 0),
    Part("values", "al-of-values", 1, 3),
    Part("decides", "al-of-decides", 4, 7),
    Part("talk", "al-of-talk", 8, 11),
    Part("word", "al-of-word", 12, 15),
    Part("more", "al-of-more", 16, 10**9),
)
_TITLES = {
    "start": lambda: say("course.part_start"),
    "values": lambda: say("course.part_values"),
    "decides": lambda: say("course.part_decides"),
    "talk": lambda: say("course.part_talk"),
    "word": lambda: say("course.part_word"),
    "more": lambda: say("course.part_more"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What stands for a lesson: its name, "a kettle", and its one line, on a grid of 48 by 48."""

    name: str
    line: str

    @property
    def svg(self) -> str:
        """The drawing on a page. It takes the color of the text around it, and no screen reader reads it."""
        return templates.fill(OBJECT, line=self.line).strip()


def part_of(number: int) -> Part:
    """The part that the lesson of a number belongs to."""
    return next(part for part in PARTS if part.first <= number <= part.last)


def by_part(lessons: Iterable[Lesson]) -> list[tuple[Part, list[Lesson]]]:
    """Lessons, or exercises, by part; without the parts that have none of them."""
    there = list(lessons)
    found = [(part, [one for one in there if part_of(one.number) is part]) for part in PARTS]
    return [(part, some) for part, some in found if some]


def things(root: Path = ROOT) -> Mapping[str, Thing]:
    """data/objects.yml: the thing of each lesson, by the lesson's name."""
    path = root / "data" / "objects.yml"
    return _things(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=8)
def _things(path: Path, changed: int) -> Mapping[str, Thing]:
    """Read once for each time at which the file was ``changed``: every page shows some."""
    found: dict[str, Thing] = {}
    for name, entry in read_entries(path).entries(needs="thing line"):
        line = entry.text("line")
        if not _LINE.fullmatch(line) or not line.startswith("M"):
            raise entry.mistake("course.no_line")
        found[name] = Thing(entry.text("thing"), line)
    return MappingProxyType(found)


def thing_of(lesson: Lesson, root: Path = ROOT) -> str:
    """The drawing of a lesson or of its exercise; "" for one of an author's own, which nothing was drawn for."""
    thing = things(root).get(lesson.name)
    return thing.svg if thing else ""


def in_a_line(lesson: Lesson) -> str:
    """How long it takes, and what it touches: "27 min alone · 45 in a room · touches pay; being left out"."""
    told, room = [], lesson.session_minutes[1]
    if lesson.alone:
        told.append(say("course.line_alone", count=lesson.alone))
    if room:
        told.append(say("course.line_in_a_room" if lesson.alone else "course.line_room", count=room))
    if lesson.touches:
        told.append(say("course.line_touches", what="; ".join(lesson.touches)))
    return " · ".join(told)
