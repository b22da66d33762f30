"""Every page stands in one frame, and says in which language it is."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT
from jinja2 import UndefinedError

from alongside import templates
from alongside.course import about
from alongside.course.parts import OBJECT
from alongside.course.place import SITE, VOILA
from alongside.page import html as pages
from alongside.page import theme
from alongside.words import LANGUAGE

FRAME = theme.TEMPLATES / "alongside" / "frame.html.j2"
#: What the survey makes are files of its own, with no door of the course around them.
OURS = [
    path
    for path in (ROOT / "alongside").rglob("*")
    if path.suffix in {".py", ".j2", ".html"} and "survey" not in path.relative_to(ROOT).parts
]


def language_of(page: str) -> str:
    return re.findall(r'<html lang="([^"]*)">', page)[0]


def test_one_file_says_what_a_page_is() -> None:
    assert len(OURS) > 20
    assert [
        path for path in OURS if re.search(r"<!doctype|<html", path.read_text(encoding="utf-8"), re.I)
    ] == [FRAME]


def test_a_page_of_few_words_loads_and_runs_nothing() -> None:
    page = pages.NEUTRAL
    assert "default-src 'none'; img-src data:\"" in page
    assert language_of(page) == LANGUAGE
    assert "<script" not in page and "<style" not in page


def test_a_page_is_in_the_language_that_it_is_told() -> None:
    assert language_of(templates.fill(FRAME.parent / "neutral.html", lang="sw")) == "sw"
    for surface in (SITE, VOILA):
        notebook = pages.prepare(about.notebook("privacy"), surface, name="privacy", folder="about")
        assert language_of(pages.draw(notebook)) == LANGUAGE
        notebook.metadata["alongside_page"]["lang"] = "sw"
        assert language_of(pages.draw(notebook)) == "sw"


def test_what_is_filled_in_is_escaped_and_a_missing_value_is_an_error() -> None:
    assert 'd="&lt;b&gt;&#34;"' in templates.fill(OBJECT, line='<b>"')
    with pytest.raises(UndefinedError):
        templates.fill(OBJECT)


@pytest.mark.parametrize(
    ("code", "live"),
    [
        ("from alongside import survey_report\nsurvey_report()", True),
        ("import ipywidgets as w\nw.Button()", True),
        ("%matplotlib inline\nimport ipywidgets", True),
        ("# A word on survey_report()\n1 + 1", False),
        ("from alongside import ask\nask('What would survey_report() say?', keep_as='say')", False),
    ],
)
def test_a_page_loads_the_front_end_of_widgets_only_where_a_cell_uses_one(code: str, live: bool) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    page = pages.prepare(notebook, VOILA, name="x", folder="notebooks", host="here:1")
    assert page.metadata["alongside_page"]["live"] is live
