"""The pages about the course itself: its words, its sources, how sure we are, access, privacy, and who wrote it.

Their prose lies in ``data/about/``, one Markdown file a page. Where a file says ``<!-- glossary -->``,
``<!-- sources -->``, ``<!-- reviews -->`` or ``<!-- exercises -->`` on a line of its own, a list is put there that is made from the data, so
that it can't fall behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from alongside import templates
from alongside.course.lesson import exercises, lessons
from alongside.course.place import ROOT
from alongside.course.references import CITED, glossary, sources
from alongside.errors import AlongsideError, nearest

__all__ = ["NAMES", "About", "notebook", "pages"]

FOLDER = ROOT / "data" / "about"
#: In the order in which the foot of each page names them.
NAMES = (
    "group-exercises",
    "glossary",
    "sources",
    "the-evidence",
    "who-it-is-for",
    "accessibility",
    "privacy",
    "who-wrote-this",
)
SOURCES = Path(__file__).parent / "sources.html.j2"
_TITLE = re.compile(r"# (.+)\n")
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


def notebook(name: str) -> NotebookNode:
    """One page as a notebook without code, for the same template as the lessons."""
    known = {one.name: one for one in pages()}
    if name not in known:
        raise AlongsideError(f'There is no page "{name}". {nearest(name, known)}')
    cells = [new_markdown_cell(part) for part in re.split(r"\n(?=## )", known[name].text)]
    return new_notebook(cells=cells)


def _where(name: str) -> str:
    return f"data/about/{name}.md"


def _page(name: str, folder: Path) -> About:
    where = _where(name)
    try:
        text = (folder / f"{name}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AlongsideError(f"{where} is not there. Get the whole project again.") from None
    title = _TITLE.match(text)
    if not title:
        raise AlongsideError(f'{where}: its first line is not its title. Begin it as in: "# Words".')
    return About(name, title[1], text)


def _made(name: str, where: str) -> str:
    if name not in _LISTS:
        raise AlongsideError(f'{where}: there is no list "{name}". {nearest(name, _LISTS)}')
    return _LISTS[name]()


def _exercises() -> str:
    return "\n".join(
        f"- [{one.number}. {one.title}](../exercises/{one.name}.ipynb), about {one.room[1]} minutes. {one.promise}"
        for one in exercises()
    )


def _glossary() -> str:
    known = {one.name: one for one in lessons()}
    lines = []
    for term in sorted(glossary().values(), key=lambda one: one.term.lower()):
        one = known.get(term.first_in)
        first = f" First in [{one.title}](../notebooks/{one.name}.ipynb)." if one else ""
        lines.append(f"- **{term.term}**: {term.means}{first}")
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
    lines = []
    for kind, ones in (("", lessons()), ("Group exercise: ", exercises())):
        for one in ones:
            who = ", ".join(one.reviewed_by) or "no one with lived experience yet"
            lines.append(f"- {kind}{one.title}: {who}")
    return "\n".join(lines)


_LISTS: Mapping[str, Callable[[], str]] = {
    "exercises": _exercises,
    "glossary": _glossary,
    "sources": _sources,
    "reviews": _reviews,
}
