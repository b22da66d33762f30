"""From a lesson's notebook to what a page needs: the same for Voilà and for the published site.

:func:`prepare` changes a notebook in memory, before it is drawn: facilitators' cells are taken out, marks of sources
become links, links to notebooks become links to pages, and everything that stands around the cells (passport, course,
sources, someone to talk to) is put into the notebook's metadata, where the template finds it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from alongside import templates
from alongside.course import about, parts
from alongside.course.lesson import OFF_PAGES, PAPER, Lesson, exercises, lessons, read_code
from alongside.course.place import ON_BINDER, SITE, VOILA, Surface
from alongside.course.references import CITED, Source, Term, glossary, here, sources
from alongside.course.shape import BREAK
from alongside.errors import AlongsideError
from alongside.page import finding, theme
from alongside.page import join as browser
from alongside.page.join import MIME
from alongside.words import LANGUAGE, say

__all__ = [
    "FILTERS",
    "NEUTRAL",
    "SITE",
    "VOILA",
    "WORKER",
    "Surface",
    "apologize",
    "draw",
    "live_policy",
    "policy",
    "prepare",
]

_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>[^<]*</a>')
#: What a cell uses that shows a widget, which needs a program behind it.
_LIVE = {"survey_form", "survey_report", "survey_changes", "ipywidgets"}
_LINK = re.compile(r"\]\((?:\.\./(notebooks|exercises|about)/)?([a-z0-9-]+)\.ipynb(#[^)]*)?\)")
#: The same in a list that was made of the data.
_LINK_IN_A_LIST = re.compile(r'<a href="\.\./(notebooks|exercises)/([a-z0-9-]+)\.ipynb"')


#: Letters of a source's title that may stand in the margin, and of what it found at a page's foot. The page of sources has all.
BESIDE, FOUND = 70, 260
#: What keeps the published pages on a device, at the top of the site.
WORKER = "offline-worker.js"
FRAMES = theme.TEMPLATES / "alongside"
MARK = Path(__file__).parent / "mark.html.j2"
#: The page that takes a lesson's place in the history after a quick exit. It says nothing about where it came from.
NEUTRAL = templates.fill(FRAMES / "neutral.html")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@cache
def policy(script: str, style: str) -> str:
    """The Content-Security-Policy of a page: its own one script and one style, pictures in the page, nothing else."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def live_policy(script: str, host: str) -> str:
    """The policy of a page with a widget on it: scripts, styles and words to and from this server alone.

    Widgets are drawn by Jupyter's own front end, which puts styles into the page and talks to the kernel. ``host``:
    name and port of this server; some browsers don't count a socket to it as the page's own.
    """
    return (
        f"default-src 'none'; script-src 'self' {_hash(script)} {_hash(browser.asleep_script())}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        f"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'"
    )


def without_anchors(text: str) -> str:
    """Headings keep their ids, so that links find them, but lose nbconvert's links to themselves: a stop without a
    name for everyone who walks by keyboard. Empty lines at the end go, too."""
    return _ANCHOR.sub("", text).strip()


def late_pictures(text: str) -> str:
    """A picture is drawn when it comes near: each is a document of its own, with its own style and layout."""
    return text.replace("<img ", '<img loading="lazy" decoding="async" ')


#: What a choice of a story leads to, in the order in which a page has it.
_LED = ("then", "costs", "gains_power", "carries_risk", "next", "changes")


def short_story(story: Mapping[str, Any]) -> dict[str, Any]:
    """A story as a page has it: what each choice leads to is a list, without the names that stood there for each, and
    the title is the question's."""
    steps = {
        name: {**step, "led": [[led[part] for part in _LED] for led in step["led"].values()]}
        for name, step in story["steps"].items()
    }
    rest = {name: value for name, value in story.items() if value is not None and name != "title"}
    return {**rest, "steps": steps} | ({"gentler": short_story(rest["gentler"])} if "gentler" in rest else {})


def question_json(props: Mapping[str, Any]) -> str:
    """What is asked as JSON in as few letters as it takes, without one that could end the attribute that it stands in,
    and without the question, which the page says beside it."""
    rest = {name: value for name, value in props.items() if name != "prompt"}
    if "scenario" in rest:
        rest["scenario"] = short_story(rest["scenario"])
    return _in_an_attribute(json.dumps(rest, ensure_ascii=False, separators=(",", ":")))


def _in_an_attribute(text: str) -> str:
    """JSON without a letter that could end the attribute that it stands in."""
    return re.sub("[&<>']", lambda found: f"\\u{ord(found[0]):04x}", text)


#: What the template uses beside nbconvert's own filters.
FILTERS = {
    "without_anchors": without_anchors,
    "late_pictures": late_pictures,
    "question_json": question_json,
    "say": say,
}


def prepare(
    notebook: NotebookNode, surface: Surface, *, name: str, folder: str, base: str = "/", host: str = ""
) -> NotebookNode:
    """Make a lesson or an exercise ready to be drawn as a page.

    ``name`` is the file's name without its ending, ``folder`` "notebooks" or "exercises" or "about", ``base`` the server's
    base address and ``host`` its name and port (Voilà only). Raises :class:`AlongsideError` where the lesson's metadata can't be read.
    """
    cells = [cell for cell in notebook.cells if not OFF_PAGES & _tags(cell)]
    notebook.cells = cells
    cited: list[str] = []
    known = sources()
    explained = [one for one in glossary().values() if folder == "notebooks" and one.first_in == name]
    for number, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            before = len(cited)
            cell.source = _links(_marks(cell.source, known, cited), surface, folder)
            cell.metadata["alongside_paper"] = bool(PAPER & _tags(cell))
            if (
                number and folder != "about"
            ):  # the band at the head has no margin, and there all sources are the text
                fresh = [known[key] for key in cited[before:]]
                cell.metadata["alongside_beside"] = _beside(cell.source, fresh, explained)
    lesson = _metadata(notebook, name, folder)
    tool = _tool(name, folder)
    notebook.metadata["alongside_page"] = _frame(surface, name, folder, base, _kinds(cells), tool) | {
        **_live(cells, surface, host),
        "first": next((one["key"] for one in _activities(cells) if one["activity"] != "begin"), ""),
        "course": _course(surface, name, folder, lesson),
        "part": parts.part_of(lesson.number) if lesson else None,
        "thing": parts.thing_of(lesson) if lesson else "",
        "passport": _passport(lesson) if lesson else [],
        "summary": parts.in_a_line(lesson) if lesson else "",
        "next": _next(lesson, surface, folder) if lesson else [],
        "sources": [_source(known[key], surface, folder) for key in cited],
        "talk": _talk(),
    }
    return notebook


def _tags(cell: NotebookNode) -> frozenset[str]:
    return frozenset(cell.metadata.get("tags", ()))


@cache
def _exporter() -> HTMLExporter:
    return HTMLExporter(
        extra_template_basedirs=[str(theme.TEMPLATES)],
        template_name="alongside",
        filters=FILTERS,
        default_preprocessors=[],  # prepare() did all that there is to do, and each would check the whole page anew
    )


def draw(notebook: NotebookNode) -> str:
    """The page of a notebook that was run and prepared."""
    # Past HTMLExporter itself, which would read the whole page once more to mend what other templates leave out.
    text, _ = super(HTMLExporter, _exporter()).from_notebook_node(notebook)
    return _with_its_own_style(text)


def _with_its_own_style(text: str) -> str:
    """A page brings the rules alone of what stands on it, or what its script may put there; and its policy says so."""
    whole = theme.lesson_css()
    before, style, after = text.partition(f"<style>{whole}</style>")
    if not style:
        return text
    own = theme.lesson_css(f"{before}{after}")
    return f"{before.replace(_hash(whole), _hash(own))}<style>{own}</style>{after}"


def apologize(
    notebook: NotebookNode,
    why: AlongsideError,
    surface: Surface,
    *,
    name: str,
    folder: str,
    base: str = "/",
    host: str = "",
) -> NotebookNode:
    """The page that stands where a lesson can't be drawn, with the sentence that an author needs."""
    notebook.cells = [
        new_markdown_cell(
            f"# {say('page.not_shown')}\n\n{say('page.not_shown_why')}\n\n"
            + say("page.for_authors", why=html.escape(str(why)))
        )
    ]
    notebook.metadata["alongside_page"] = _frame(surface, name, folder, base)
    return notebook


def _live(cells: list[NotebookNode], surface: Surface, host: str) -> dict[str, Any]:
    """What a page has beside the others where a widget is to be drawn on it and a kernel is at hand."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    if surface is not VOILA or not any(_LIVE & read_code(cell.source).uses for cell in code):
        return {}
    return {
        "live": True,
        "asleep": browser.asleep_script(),
        "policy": live_policy(browser.page_script(), host),
    }


def _kinds(cells: list[NotebookNode]) -> frozenset[str] | None:
    """The kinds of activities that stand on a page; None where its cells are still to be run."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    if code and not any(cell.outputs for cell in code):
        return None
    return frozenset(activity["activity"] for activity in _activities(cells))


def _activities(cells: list[NotebookNode]) -> list[dict[str, Any]]:
    """What the cells of a page ask, in order; empty where they are still to be run."""
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.data[MIME] for output in outputs if MIME in output.get("data", {})]


def _tool(name: str, folder: str) -> dict[str, str] | None:
    """What a page beside the lessons has a script of its own for, and what that is given."""
    if (folder, name) == ("", about.SEARCH):
        return {"end": "search", "look": "al-search", "given": _in_an_attribute(finding.as_data())}
    if (folder, name) == ("about", about.OFFLINE):
        # It is the one page that may start a worker, and only one of the site's own.
        look = {"end": "offline", "look": "al-offline"}
        return look | {"given": f"../{WORKER}", "policy": "; worker-src 'self'"}
    return None


def _frame(
    surface: Surface,
    name: str,
    folder: str,
    base: str,
    kinds: frozenset[str] | None = None,
    tool: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What every page has, also one that can't be drawn."""
    script = browser.page_script(kinds, tool["end"] if tool else "page")
    return {
        "lang": LANGUAGE,
        "mime": MIME,
        "live": False,
        "first": "",
        "policy": policy(script, theme.lesson_css()) + (tool or {}).get("policy", ""),
        "style": theme.lesson_css(),
        "script": script,
        "exit": _exit(surface, folder, base),
        "on_binder": surface is VOILA and any(os.environ.get(name) for name in ON_BINDER),
        "tab": _tab(name, folder),
        "course": None,
        "search": surface.address("", about.SEARCH, seen_from=folder),
        "tool": tool,
        "part": None,
        "thing": "",
        "passport": [],
        "summary": "",
        "next": [],
        "sources": [],
        "about": [
            {"href": surface.address("about", one.name, seen_from=folder), "label": one.title}
            for one in (*about.pages(), *(about.more() if (folder, name) == ("", about.HOME) else ()))
        ],
        "talk": [say("page.talk_unknown")],
    }


def _exit(surface: Surface, folder: str, base: str) -> str:
    """The address of the neutral page."""
    if surface is SITE:
        return SITE.address(SITE.at_the_top, "page", seen_from=folder)
    return f"{base}alongside/page"


def _metadata(notebook: NotebookNode, name: str, folder: str) -> Lesson | None:
    """A lesson's passport; None for a notebook that an author wrote without one."""
    if "alongside" not in notebook.metadata:
        return None
    known = exercises() if folder == "exercises" else lessons()
    return next((one for one in known if one.name == name), None)


def _tab(name: str, folder: str) -> str:
    """A title that says nothing to someone who looks at the tabs or at the history."""
    number = name.split("-", 1)[0]
    if not folder:
        return say("page.tab_start")
    if not number.isdigit():
        return say("page.tab")
    if folder == "exercises":
        return say("page.tab_exercise", number=int(number))
    return say("page.tab_start") if int(number) == 0 else say("page.tab_lesson", number=int(number))


def _marks(source: str, known: Mapping[str, Source], cited: list[str]) -> str:
    def link(found: re.Match[str]) -> str:
        key = found.group(1)
        if key not in known:
            return found.group(0)
        if key not in cited:
            cited.append(key)
        return templates.fill(MARK, key=key, words=known[key].short)

    return CITED.sub(link, source)


def _beside(text: str, fresh: list[Source], explained: list[Term]) -> list[tuple[str, str]]:
    """What stands in a wide screen's margin beside a text: sources that it is the first to cite, and words that it is
    the first to use, which are taken out of ``explained``."""
    notes = [(one.short, textwrap.shorten(one.note, BESIDE, placeholder=" …")) for one in fresh if one.note]
    for one in list(explained):
        if re.search(rf"\b{re.escape(one.term)}", text, re.IGNORECASE):
            explained.remove(one)
            notes.append((one.term, one.means))
    return notes


def _links(source: str, surface: Surface, folder: str) -> str:
    def link(found: re.Match[str]) -> str:
        return f"]({surface.address(found[1] or folder, found[2], seen_from=folder)}{found[3] or ''})"

    def listed(found: re.Match[str]) -> str:
        return f'<a href="{surface.address(found[1], found[2], seen_from=folder)}"'

    return _LINK_IN_A_LIST.sub(listed, _LINK.sub(link, source))


def _source(source: Source, surface: Surface, folder: str) -> dict[str, str]:
    found = _first_sentences(source.what_it_found, FOUND)
    more = surface.address("about", "sources", seen_from=folder)
    return {
        "key": source.key,
        "text": source.reference,
        "href": source.address,
        "shown": f"doi:{source.doi}" if source.doi else source.address,
        "found": found,
        "more": "" if found == source.what_it_found else f"{more}#{source.key}",
        "limits": source.limits,
    }


def _first_sentences(text: str, letters: int) -> str:
    """As many whole sentences as fit, and one at least."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z“])", text)
    found = sentences.pop(0)
    while sentences and len(found) + len(sentences[0]) < letters:
        found += f" {sentences.pop(0)}"
    return found


def _course(surface: Surface, name: str, folder: str, lesson: Lesson | None) -> dict[str, Any]:
    """The way to all lessons; and on wide screens the parts, with the lessons of the part that this page is of."""
    home = surface.address("", about.HOME, seen_from=folder)
    own = parts.part_of(lesson.number) if lesson else None
    return {
        "here": not folder and name == about.HOME,
        "all": f"{home}#lessons",
        "parts": [
            {
                "title": part.title,
                "href": f"{home}#{part.key}",
                "lessons": [
                    {
                        "href": surface.address("notebooks", one.name, seen_from=folder),
                        "label": one.title,
                        "thing": parts.thing_of(one),
                        "current": folder == "notebooks" and one.name == name,
                    }
                    for one in some
                    if part is own
                ],
            }
            for part, some in parts.by_part(lessons())
        ],
    }


def _next(lesson: Lesson, surface: Surface, folder: str) -> list[dict[str, str]]:
    there = {one.name: one for one in lessons()}
    names = [name for name in lesson.next if name in there]
    if folder == "notebooks" and lesson.name != "18-our-plan" and "18-our-plan" not in names:
        names.append("18-our-plan")
    links = [
        {
            "href": surface.address("notebooks", name, seen_from=folder),
            "label": say("page.go_to", title=there[name].title),
        }
        for name in names
        if name in there
    ]
    if folder == "notebooks":
        for one in exercises():
            if one.name == lesson.name:
                href = surface.address("exercises", one.name, seen_from=folder)
                links.append({"href": href, "label": say("page.for_a_group", title=one.title)})
    return links


def _passport(lesson: Lesson) -> list[tuple[str, list[str]]]:
    shortest, usual, longest = lesson.session_minutes
    facts: list[tuple[str, list[str]]] = [(say("page.take"), list(lesson.objectives))]
    if lesson.alone:
        facts.append((say("page.alone"), [say("page.alone_minutes", count=lesson.alone)]))
    if usual:
        minutes = say("page.room_minutes", count=usual, shortest=shortest, longest=longest)
        rests = [say("page.room_break", count=BREAK)] if lesson.session and lesson.session.breaks else []
        facts.append((say("page.room"), [minutes, *rests]))
    if lesson.group:
        people = say("page.group_people", fewest=lesson.group[0], count=lesson.group[1])
        facts.append((say("page.group"), [people]))
    facts.append((say("page.need"), list(lesson.needs) or [say("page.need_nothing")]))
    facts.append((say("page.touch"), list(lesson.touches) or [say("page.touch_nothing")]))
    facts.append((say("page.made"), [say("page.made_how", reviewers=lesson.reviewers)]))
    return facts


def _talk() -> list[str]:
    """What the program wrote for its own people, or the one honest sentence where it wrote nothing."""
    ours = here()
    lines = [ours.someone_to_talk_to or say("page.talk_unknown")]
    for key, text in (
        ("page.talk_hours", ours.hours),
        ("page.talk_answers", ours.who_can_see_answers),
        ("page.talk_naloxone", ours.naloxone),
    ):
        if text:
            lines.append(say(key, text=text))
    return lines
