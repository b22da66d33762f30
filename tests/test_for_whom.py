"""What a learner reads is meant for a learner, by whichever door they came: no word of the machinery behind a page.

``lab-only`` cells hold what is for JupyterLab alone. Pages leave them out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from alongside import templates
from alongside.course import about
from alongside.course.lesson import exercises, lessons, open_notebook
from alongside.page import html as pages
from alongside.surfaces import direct
from alongside.words import catalog

#: Names of what somebody else works with, and "program" where it means software: here that word is a harm reduction program.
ELSEWHERE = re.compile(
    r"""jupyter | (?-i:\bBinder\b) | \bkernels? | \bnotebooks?\b | \bgr[ae]y\ bars? | \brun\ all\b | \bvoil[aà] | \bpython\b
    | \bwidgets?\b | \bplanned\ lessons? | \blessons?\ (is|are)\ planned
    | \bprograms?\ (behind|called|for\ (opening|changing)|(only\ )?(draws?|shows?|runs?|reads?)\b)
    | \bprograms?\ that\ (watch|you\ use|draw|show|run|read|open)
    | \b(spreadsheet|survey|computer|mail|web)\ programs?\b""",
    re.IGNORECASE | re.VERBOSE,
)
SAID = ("alt", "aria-label", "aria-description", "title", "placeholder", "data-words")
#: What learners' pages can say beside what stands in them: their scripts, their activities and the survey's tools.
SECTIONS = ("page", "activities", "desk")
#: Of these, what JupyterLab alone shows, and the one that names a folder as it is called.
NOT_SO = {"page.begin", "activities.text", "desk.only_text", "desk.where_paths_begin"}


class Shown(HTMLParser):
    """All that a page says: drawn text, names for screen readers, and the questions that its script will draw."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._code = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("script", "style")
        for name, value in attrs:
            if name in SAID:
                self.texts.append(value or "")
            if name == "data-props":
                self.texts += strings(json.loads(value or "null"))

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.texts.append(data)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def for_others(texts: list[str]) -> list[str]:
    """What is meant for somebody else, with a few words around it."""
    whole = " ".join(" ".join(texts).split())
    return [whole[max(0, found.start() - 60) : found.end() + 40] for found in ELSEWHERE.finditer(whole)]


@cache
def drawn_for_voila() -> dict[str, str]:
    """Each page as Voilà sends it; of lessons 20 to 22 as it is before their tool has come."""
    made = {}
    for one in (*lessons(), *exercises()):
        notebook = open_notebook(one.path)
        direct.run(notebook)
        made[f"{one.folder}/{one.name}"] = notebook
    made |= {f"about/{page.name}": about.notebook(page.name) for page in about.pages()}
    drawn = {}
    for name, notebook in made.items():
        folder, _, file = name.partition("/")
        page = pages.prepare(notebook, pages.VOILA, name=file, folder=folder, host="here:1")
        page.metadata["alongside_page"]["live"] = False  # the tool, which only Voilà can add
        drawn[name] = pages.draw(page)
    return drawn


def test_what_voila_sends_is_meant_for_learners() -> None:
    drawn = drawn_for_voila()
    found = {name: for_others(Shown(page).texts) for name, page in drawn.items()}
    assert len(found) > 45 and all(len(Shown(page).texts) > 50 for page in drawn.values())
    assert {name: said for name, said in found.items() if said} == {}


def test_what_is_published_is_meant_for_learners(site: Path) -> None:
    files = sorted(site.rglob("*.html"))
    found = {str(path.relative_to(site)): for_others(Shown(path.read_text("utf-8")).texts) for path in files}
    assert len(found) > 48
    assert {name: said for name, said in found.items() if said} == {}


def test_what_scripts_tools_and_pages_of_few_words_say_is_meant_for_learners() -> None:
    said = {key: list(strings(forms)) for key, forms in catalog().items() if key.split(".")[0] in SECTIONS}
    assert len(said) > 300 and said.keys() >= NOT_SO
    assert {key for key, texts in said.items() if for_others(texts)} == NOT_SO
    for name in ("404.html", "error.html", "neutral.html"):
        page = templates.fill(pages.FRAMES / name, first="x.html", base_url="/")
        assert Shown(page).texts and for_others(Shown(page).texts) == []


def test_what_jupyterlab_alone_needs_is_said_there_and_on_no_page() -> None:
    cells = [(one, cell) for one in (*lessons(), *exercises()) for cell in one.cells if cell.lab_only]
    assert {one.number for one, _ in cells} == {0, 21}
    assert all("**Run All Cells**" in cell.source for _, cell in cells)
    drawn = drawn_for_voila()
    for one, cell in cells:
        sentence = cell.source.split(". ")[0]
        assert sentence not in drawn[f"{one.folder}/{one.name}"]


@pytest.mark.parametrize(
    "text",
    [
        "If you see gray bars, this is JupyterLab.",
        "It is sent to no program behind this page.",
        "Of 24 planned lessons, six are here.",
        "The program only shows the questions.",
        "The kernel of this notebook has stopped.",
    ],
)
def test_a_sentence_for_somebody_else_is_seen(text: str) -> None:
    assert for_others([text])
    assert for_others(Shown(f"<p>{text}</p>").texts) and for_others(Shown(f'<img alt="{text}">').texts)
    question = json.dumps({"prompt": "Why?", "options": [["a", text]]}).replace("'", "&#39;")
    assert for_others(Shown(f"<section data-props='{question}'></section>").texts)
    assert not for_others(Shown(f"<script>{text}</script>").texts)


@pytest.mark.parametrize(
    "text",
    [
        "A program can ask its people. Ask if the program's address could take mail.",
        "The program rents out lockers, and a syringe program was suspended.",
        "She had planned the lesson, and made a note in her book.",
        "People bind a wound.",
    ],
)
def test_a_harm_reduction_program_is_no_software(text: str) -> None:
    assert for_others([text]) == []
