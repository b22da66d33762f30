"""The pages about the course itself: its words, its sources, how sure we are, access, privacy, and who wrote it.

Their prose lies in ``data/about/``, one Markdown file a page. Where a file says ``<!-- glossary -->``,
``<!-- sources -->``, ``<!-- reviews -->``, ``<!-- needs -->``, ``<!-- lessons -->``, ``<!-- exercises -->`` or
``<!-- everything -->`` on a line of its own, a list is put there that is made from the data, so that it can't fall behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from alongside import templates
from alongside.course.entry import mistake
from alongside.course.lesson import Lesson, exercises, lessons
from alongside.course.parts import by_part, in_a_line, thing_of
from alongside.course.place import ROOT
from alongside.course.references import CITED, glossary, needs, sources
from alongside.course.shape import KEEPS_AN_ANSWER
from alongside.errors import AlongsideError, nearest
from alongside.words import say

__all__ = [
    "HOME",
    "MORE",
    "NAMES",
    "OFFLINE",
    "SEARCH",
    "About",
    "everything",
    "home",
    "more",
    "notebook",
    "pages",
    "search",
]

FOLDER = ROOT / "data" / "about"
#: In the order in which the foot of each page names them.
NAMES = (
    "group-exercises",
    "pay",
    "glossary",
    "sources",
    "the-evidence",
    "who-it-is-for",
    "accessibility",
    "privacy",
    "who-wrote-this",
)
#: Those that the foot of the first page alone names, for whoever sets the course up for others.
MORE = ("offline", "shared-tablet")
#: Of these, the one on which the lessons can be kept on a device.
OFFLINE = "offline"
#: The first page of all: what this is, and for whom. It stands above the folders of the others.
HOME = "index"
#: Beside it: the page that every page leads to, where one looks for a word.
SEARCH = "search"
SOURCES = Path(__file__).parent / "sources.html.j2"
LIST = Path(__file__).parent / "list.html.j2"
NEEDS = Path(__file__).parent / "needs.html.j2"
_TITLE = re.compile(r"# (.+)\n")
#: Where a page's text is taken apart: before a heading, and before the list of the course.
_CELL = re.compile(r"\n(?=## |<\w+ class=\"al-course\")")
_LIST = re.compile(r"^<!-- ([a-z]+) -->$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class About:
    """One page: ``name`` in its address, ``title`` as people read it, ``prose`` as its file has it."""

    name: str
    title: str
    prose: str

    @property
    def text(self) -> str:
        """The whole page in Markdown, its lists made from the data as they are now."""
        return _LIST.sub(lambda mark: _made(mark[1], _where(self.name)), self.prose)


def pages(folder: Path = FOLDER) -> tuple[About, ...]:
    """All pages, in their order. Raises :class:`AlongsideError` where one can't be read."""
    return tuple(_page(name, folder) for name in NAMES)


def more(folder: Path = FOLDER) -> tuple[About, ...]:
    """The pages that only the first page's foot names."""
    return tuple(_page(name, folder) for name in MORE)


def home(folder: Path = FOLDER) -> About:
    """The first page."""
    return _page(HOME, folder)


def search(folder: Path = FOLDER) -> About:
    """The page where one looks for a word."""
    return _page(SEARCH, folder)


def everything() -> list[tuple[str, str, str]]:
    """(folder, name, what people call it) of each page that can be found: lessons, exercises, pages about the course."""
    course = [
        ("notebooks", one.name, say("course.called_lesson", number=one.number, title=one.title))
        for one in lessons()
    ]
    course += [
        ("exercises", one.name, say("course.called_exercise", number=one.number, title=one.title))
        for one in exercises()
    ]
    return course + [("about", one.name, one.title) for one in (*pages(), *more())]


def notebook(name: str) -> NotebookNode:
    """One page as a notebook without code, for the same template as the lessons."""
    known = {one.name: one for one in (home(), search(), *pages(), *more())}
    if name not in known:
        raise AlongsideError(say("course.unknown_page", name=name, nearest=nearest(name, known)))
    title, *rest = _CELL.split(known[name].text)
    if name != HOME:  # the band at the head has the title alone; of the first page it has the doors as well
        heading, _, below = title.partition("\n")
        title, rest = heading, [below, *rest] if below.strip() else rest
    cells = [new_markdown_cell(part) for part in (title, *rest)]
    return new_notebook(cells=cells)


def _where(name: str) -> str:
    return f"data/about/{name}.md"


def _page(name: str, folder: Path) -> About:
    where = _where(name)
    try:
        text = (folder / f"{name}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AlongsideError(say("course.no_page_file", where=where)) from None
    title = _TITLE.match(text)
    if not title:
        raise mistake(where, "course.no_page_title")
    return About(name, title[1], text)


def _made(name: str, where: str) -> str:
    if name not in _LISTS:
        raise mistake(where, "course.unknown_list", name=name, nearest=nearest(name, _LISTS))
    return _LISTS[name]()


def _lessons() -> str:
    return _by_part(lessons(), of_lessons=True)


def _needs() -> str:
    known = {one.name: one for one in lessons()}
    shown = [(one.says, [known[name] for name in one.lessons if name in known]) for one in needs()]
    shown = [(says, first, others) for says, (first, *others) in (one for one in shown if one[1])]
    return templates.fill(NEEDS, needs=shown).strip()


def _exercises() -> str:
    return _by_part(exercises(), of_lessons=False)


def _by_part(those: Iterable[Lesson], of_lessons: bool) -> str:
    shown = [
        (
            part,
            [
                {"lesson": one, "thing": thing_of(one), "line": in_a_line(one), "kept_by": _keys(one)}
                for one in some
            ],
        )
        for part, some in by_part(those)
    ]
    return templates.fill(LIST, of_lessons=of_lessons, parts=shown).strip()


def _keys(lesson: Lesson) -> str:
    """What answers of a lesson are kept by in a tab, so that the list can say where somebody has been."""
    keys = (
        one.key or f"scenario-{one.prompt}"
        for one in lesson.activities
        if one.verb in {*KEEPS_AN_ANSWER, "scenario"}
    )
    return " ".join(keys)


def _glossary() -> str:
    known = {one.name: one for one in lessons()}
    lines = []
    for term in sorted(glossary().values(), key=lambda one: one.term.lower()):
        one = known.get(term.first_in)
        told = [
            f'- <strong id="{escape(term.term.replace(" ", "-"))}">{escape(term.term)}</strong>: {term.means}'
        ]
        if one:
            told.append(say("course.first_in", title=one.title, address=f"../notebooks/{one.name}.ipynb"))
        lines.append(" ".join(told))
    return "\n".join(lines)


def _sources() -> str:
    return templates.fill(SOURCES, sources=sources().values(), cited=_cited()).rstrip("\n")


def _cited() -> Mapping[str, list[str]]:
    """The titles of the lessons and exercises that cite each source."""
    found: dict[str, list[str]] = {}
    for one in (*lessons(), *exercises()):
        for key in sorted(set(CITED.findall(one.prose(without=())))):
            found.setdefault(key, []).append(one.title)
    return found


def _reviews() -> str:
    lines = [say("course.review", title=one.title, who=one.reviewers) for one in lessons()]
    lines += [say("course.review_of_exercise", title=one.title, who=one.reviewers) for one in exercises()]
    return "\n".join(f"- {line}" for line in lines)


def _everything() -> str:
    return "\n".join(f"- [{label}](../{folder}/{name}.ipynb)" for folder, name, label in everything())


_LISTS: Mapping[str, Callable[[], str]] = {
    "needs": _needs,
    "lessons": _lessons,
    "exercises": _exercises,
    "glossary": _glossary,
    "sources": _sources,
    "everything": _everything,
    "reviews": _reviews,
}
