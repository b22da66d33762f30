"""What can be looked for in the course: every heading with the text below it, every story, and every explained word.

A page can't fetch an index from a folder on a stick, so the page of the search brings all of it. It is taken from the
lessons and the data themselves, and says in which place of which page each text stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from nbconvert.filters.markdown import markdown2html

from alongside.course import about
from alongside.course.lesson import Cell, Lesson, exercises, lessons
from alongside.course.references import CITED, glossary
from alongside.course.scenarios import Scenario, scenarios
from alongside.words import say

__all__ = ["Place", "as_data", "places"]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_ID = re.compile(r'<h\d id="([^"]+)"')
_TAG = re.compile(r"<!--.*?-->|</?[a-z][^<>]*>", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_TABLE = re.compile(r"^\|[\s|:-]+\|$|\|", re.MULTILINE)
_BEGINS = re.compile(r"^[ \t]*(?:>|[-*+](?=[ \t])|\d+\.(?=[ \t]))[ \t]*", re.MULTILINE)
_STRONG = re.compile(r"(?<![\w*])(\*{1,3}|_)(?=\S)(.+?)(?<=\S)\1(?![\w*])")
#: Pages that only list what stands elsewhere, where it is found.
LISTS = ("glossary", "sources", "group-exercises")


@dataclass(frozen=True, slots=True)
class Place:
    """A text and where it stands: ``page`` is (folder, name), ``anchor`` the place on it ("": its beginning)."""

    page: tuple[str, str]
    anchor: str
    heading: str
    text: str


def places() -> list[Place]:
    """Everything that can be found, in the order of the pages."""
    told = scenarios()
    found = [place for one in (*lessons(), *exercises()) for place in _of_lesson(one, told)]
    for page in (*about.pages(), *about.more()):
        if page.name not in LISTS:
            found += _of_prose(("about", page.name), page.prose)
    found += [
        Place(
            ("about", "glossary"),
            term.term.replace(" ", "-"),
            say("course.called_word", word=term.term),
            term.means,
        )
        for term in glossary().values()
    ]
    return found


def as_data() -> str:
    """All places as JSON, for the script of the page: ``[number of the page in about.everything(), anchor, heading, text]``."""
    numbers = {(folder, name): at for at, (folder, name, _) in enumerate(about.everything())}
    listed = [[numbers[one.page], one.anchor, one.heading, one.text] for one in places()]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def _of_lesson(lesson: Lesson, told: Mapping[str, Scenario]) -> Iterator[Place]:
    page = (lesson.folder, lesson.name)
    heading, anchor, texts = lesson.title, "", list[str]()
    for cell in lesson.cells:
        if not cell.on_pages:
            continue
        line = cell.line
        if line and line.verb == "scenario" and line.prompt in told:
            yield from _of_story(page, anchor, told[line.prompt], told)
        elif line:
            texts += line.texts
        for level, words, text in _parts(cell):
            if level > 1:
                yield from _place(page, anchor, heading, texts)
                heading, anchor, texts = plain(words), _anchor(words), []
            texts.append(text)
    yield from _place(page, anchor, heading, texts)


def _of_story(
    page: tuple[str, str], anchor: str, story: Scenario, told: Mapping[str, Scenario]
) -> Iterator[Place]:
    texts = [story.opening]
    for step in story.steps:
        texts.append(step.text)
        for choice in step.choices:
            texts += [choice.say, choice.then, choice.costs]
    yield from _place(page, anchor, say("course.called_story", title=story.title), texts)
    if story.gentler and story.gentler in told:
        yield from _of_story(page, anchor, told[story.gentler], {})


def _of_prose(page: tuple[str, str], prose: str) -> Iterator[Place]:
    heading, anchor, texts = "", "", list[str]()
    for level, words, text in _split(prose):
        if level > 1:
            yield from _place(page, anchor, heading, texts)
            anchor, texts = _anchor(words), []
        heading = plain(words) or heading
        texts.append(text)
    yield from _place(page, anchor, heading, texts)


def _place(page: tuple[str, str], anchor: str, heading: str, texts: Iterable[str]) -> Iterator[Place]:
    text = "\n".join(filter(None, map(plain, texts)))
    if text:
        yield Place(page, anchor, heading, text)


def _parts(cell: Cell) -> Iterator[tuple[int, str, str]]:
    return _split(cell.source) if cell.kind == "markdown" else iter(())


def _split(markdown: str) -> Iterator[tuple[int, str, str]]:
    """(level, words of the heading, text below it); what stands before the first heading has level 0."""
    level, words, at = 0, "", 0
    for mark in _HEADING.finditer(markdown):
        if markdown[at : mark.start()].strip() or level:
            yield level, words, markdown[at : mark.start()]
        level, words, at = len(mark[1]), mark[2], mark.end()
    yield level, words, markdown[at:]


@cache
def _anchor(words: str) -> str:
    """The id that a heading has on its page."""
    found = _ID.search(str(markdown2html(f"## {CITED.sub('', words)}")))
    return found[1] if found else ""


@cache
def plain(markdown: str) -> str:
    """What is read of a text, a block or a line of a list on each line: without the marks of Markdown, sources and tags."""
    text = _TAG.sub("", _LINK.sub(r"\1", CITED.sub("", markdown)))
    text = _STRONG.sub(r"\2", _BEGINS.sub("", _TABLE.sub("\n", text)))
    blocks = re.split(r"\n\s*\n|\n(?=[A-Z“])", text)
    return "\n".join(filter(None, (" ".join(block.split()).replace(" .", ".") for block in blocks)))
