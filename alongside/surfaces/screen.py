"""The big screen: what a room needs to see of each step, and nothing that only the person who leads reads.

One page for all lessons and exercises. It holds each step's learner text, its question with all options, its story and
its picture, out of the cells that learners' pages show and of display bundles. Of how a lesson is led it takes
minutes, order, grouping, votes and what can be left out; no ``say``, no ``do`` and no facilitator's cell is read.
What is played, and when, is the script's business: ``page/screen.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode

from alongside import templates
from alongside.course.lesson import (
    OFF_PAGES,
    PAPER,
    Lesson,
    Section,
    exercises,
    lessons,
    open_notebook,
    read_lesson,
)
from alongside.course.parts import by_part
from alongside.course.place import ROOT
from alongside.course.references import CITED
from alongside.course.session import Step
from alongside.course.shape import OPENING
from alongside.page import html as pages
from alongside.page import join, theme
from alongside.surfaces import direct

__all__ = ["NAME", "Shown", "draw", "shown"]

#: The page's file, at the top of the site and below "alongside/" on a local server.
NAME = "screen.html"
TEMPLATE = Path(__file__).parent / "screen.html.j2"

#: What a learner's page has for one person at a device, and a room has no use for.
_FOR_ONE = frozenset({"privacy"})
#: Where nothing is asked: the bar of JupyterLab, and what was kept in one's own tab.
_NOT_ASKED = frozenset({"begin", "plan"})
_HEADING = re.compile(r"^#+ .*\n?", re.MULTILINE)
#: How an exercise's text begins. A plan may have given it other minutes.
_MINUTES = re.compile(r"^\*\d+ minutes?\.\*\s*", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_PICTURE = re.compile(r"<img [^>]*>")
_PICTURE_KEY = re.compile(r'id="picture-([\w-]+)"')
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
#: A row of a picture's words: a heading over both columns, or a name and what is said of it.
_ROW = re.compile(
    r'<th colspan="2" scope="rowgroup">(.*?)</th>|<th scope="row">(.*?)</th><td>(.*?)</td>', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to see. ``kind``: "text" (``value`` is HTML), "picture" (a mapping), "asked" (an activity's question), or
    "story" (the story, and its gentler twin if there is one)."""

    kind: str
    value: Any
    key: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A step as the room sees it."""

    step: Step
    section: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A lesson or an exercise as the room sees it. ``id`` as a plan names it: "exercise-05-share-power" for an exercise."""

    id: str
    lesson: Lesson
    steps: tuple[Seen, ...]


def id_of(lesson: Lesson) -> str:
    """What a plan calls a lesson or an exercise."""
    return f"exercise-{lesson.name}" if lesson.folder == "exercises" else lesson.name


def shown(lesson: Lesson) -> Shown:
    """What a room sees of a lesson, by its steps. Raises :class:`AlongsideError` where its file can't be read."""
    made_of = (lesson.path, *(ROOT / "data" / name for name in ("scenarios.yml", "pictures.yml")))
    return _shown(lesson.path, tuple(path.stat().st_mtime_ns for path in made_of if path.is_file()))


@lru_cache(maxsize=256)
def _shown(path: Path, changed: tuple[int, ...]) -> Shown:
    """Made once for each time at which one of its files was ``changed``: a server makes the page for each who asks."""
    lesson = read_lesson(path)
    notebook = open_notebook(lesson.path, without=OFF_PAGES | PAPER | _FOR_ONE)
    direct.run_lines(notebook)
    blocks = {cell.get("id", ""): [*_blocks(cell)] for cell in notebook.cells}
    told: set[str] = set()
    steps: list[Seen] = []
    for section in lesson.sections:
        own = [block for cell in section.cells for block in blocks.get(cell.id, ())]
        for step, seen in zip(section.steps, _by_step(section, own), strict=True):
            marked = tuple(_of_story(block, step, told) for block in seen)
            told |= {block.key for block in marked if block.key and block.key == step.activity}
            steps.append(Seen(step, section.name, marked))
    return Shown(id_of(lesson), lesson, tuple(steps))


def draw(home: str, after: str) -> str:
    """The page. ``home`` and ``after``: addresses of the first page, and of the page for what was promised."""
    script = join.page_script((), "screen")
    known = {id_of(one): shown(one) for one in (*lessons(), *exercises()) if one.session}
    listed = [
        (part, [known[id_of(one)] for one in some if id_of(one) in known])
        for part, some in by_part([*lessons(), *exercises()])
    ]
    values = {"script": script, "style": "", "home": home, "after": after, "opening": OPENING}
    body = templates.fill(TEMPLATE, parts=listed, policy="", **values)
    style = theme.screen_css(body)
    values |= {"style": Markup(style), "script": Markup(script)}
    return templates.fill(TEMPLATE, parts=listed, policy=pages.policy(script, style), **values)


def _blocks(cell: NotebookNode) -> Iterator[Block]:
    if cell.cell_type == "markdown":
        text = _MINUTES.sub("", _HEADING.sub("", cell.source))
        text = _LINK.sub(r"\1", re.sub(rf" ?{CITED.pattern}", "", text)).strip()
        if text:
            yield Block("text", Markup(markdown2html_mistune(text).strip()))
    elif cell.cell_type == "code":
        for output in cell.outputs:
            data = output.get("data", {})
            asked = data.get(join.MIME)
            if asked and asked["activity"] not in _NOT_ASKED:
                story = asked["activity"] == "scenario"
                key = asked["key"].removeprefix("scenario-" if story else "")
                yield Block("story" if story else "asked", asked, key)
            elif "text/html" in data:
                named = _PICTURE_KEY.search(data["text/html"])
                yield Block("picture", _picture(data["text/html"]), named[1] if named else "")


def _picture(figure: str) -> dict[str, Any]:
    """A picture with the same in words, out of its figure. Letters that fit a phone are too small at the end of a room:
    there people read the words beside it."""
    image, caption = _PICTURE.search(figure), _CAPTION.search(figure)
    return {
        "image": Markup(image[0] if image else ""),
        "title": Markup(caption[1] if caption else ""),
        "rows": [tuple(Markup(text) for text in row) for row in _ROW.findall(figure)],
    }


def _by_step(section: Section, own: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """What is seen in each step of a section: a step that asks has all up to its question, and one that doesn't has what
    stands before the next question. One for which nothing is left has the text and the last question again."""
    at = 0
    places = [_place(step, own) for step in section.steps]
    for number, place in enumerate(places):
        last = number == len(places) - 1
        if place is not None:
            mine = own[at : place + 1] or own[place : place + 1]
            at = max(at, place + 1)
        else:
            end = min(
                [one for one in places[number + 1 :] if one is not None and one >= at], default=len(own)
            )
            mine = own[at:end]
            at = end
        if last:
            mine, at = [*mine, *own[at:]], len(own)
        yield mine or _again(own[:at])


def _place(step: Step, own: Sequence[Block]) -> int | None:
    return next((at for at, block in enumerate(own) if step.activity and block.key == step.activity), None)


def _again(before: Sequence[Block]) -> list[Block]:
    asked = [block for block in before if block.kind == "asked"]
    return [*(block for block in before if block.kind == "text"), *asked[-1:]]


def _of_story(block: Block, step: Step, told: set[str]) -> Block:
    """A story takes two steps: its way, and then its repair."""
    if block.kind != "story":
        return block
    story, repair = block.value["props"]["scenario"], block.key == step.activity and block.key in told
    both = [story, *([story["gentler"]] if story.get("gentler") else [])]
    return Block("story", [_from(one, repair) for one in both], block.key)


def _from(story: Mapping[str, Any], repair: bool) -> dict[str, Any]:
    """A story with the scenes alone that can be come to from its start, or from its repair."""
    start = story["repair"] if repair else story["start"]
    steps, ahead = dict[str, Any](), [start]
    while ahead:
        name = ahead.pop()
        if name in story["steps"] and name not in steps:
            steps[name] = story["steps"][name]
            ahead += [led["next"] for led in steps[name]["led"].values()]
    opening = "" if repair else story["opening"]
    return {
        "title": story["title"],
        "start": start,
        "opening": opening,
        "debrief": story["debrief"],
        "steps": [*steps.items()],
    }
