"""Binder: what a page says there, and the steps of its image that can be run on this computer (``binder.py`` runs them)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import binder
import pytest
from conftest import ROOT, SECONDS
from playwright.sync_api import Browser, expect

from alongside.course.lesson import open_notebook
from alongside.course.place import ON_BINDER, SITE, VOILA, Surface
from alongside.page import html as pages
from alongside.surfaces import direct
from alongside.words import say

#: mybinder.org's own guidelines: everyone is sure to have 1 GB.
MOST_MB = 1000


def page(surface: Surface, name: str = "05-share-power") -> str:
    notebook = open_notebook(ROOT / "notebooks" / f"{name}.ipynb")
    assert direct.run(notebook)
    return unescape(pages.draw(pages.prepare(notebook, surface, name=name, folder="notebooks")))


@pytest.mark.parametrize("variable", ON_BINDER)
def test_on_binder_and_nowhere_else_a_page_says_whose_computer_it_is_and_what_that_can_see(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ON_BINDER:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ana/")  # a program's own hub is no Binder
    elsewhere = page(VOILA)
    monkeypatch.setenv(variable, "https://binder.example")
    there = page(VOILA)
    assert say("page.elsewhere") in there and say("page.elsewhere_why") in there
    assert there.index(say("page.elsewhere_why")) < there.index('data-activity="')
    assert say("page.elsewhere") not in elsewhere and say("page.elsewhere") not in page(SITE)
    assert "al-elsewhere" not in elsewhere  # nor its style


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("binder")


@pytest.fixture(scope="module")
def made(at: Path) -> binder.Recipe:
    return binder.recipe(at)


@pytest.fixture(scope="module")
def python(at: Path, made: binder.Recipe) -> Path:
    return binder.image(at, made)


@pytest.fixture(scope="module")
def server(at: Path, python: Path) -> Iterator[binder.Server]:
    with binder.serving(python, at) as running:
        yield running


@pytest.mark.nightly
@pytest.mark.slow
def test_repo2docker_takes_the_environment_for_condas_and_python_3_11(made: binder.Recipe) -> None:
    assert re.search(r'env update -p \S+ --file "environment\.yml"', made.text)
    assert made.base.name == "environment.py-3.11-linux-64.lock"


@pytest.mark.nightly
@pytest.mark.slow
def test_in_binders_environment_no_package_wants_another_version_of_another(python: Path) -> None:
    assert binder.complaints(python) == []


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.browser
def test_a_walk_through_the_whole_course_stays_under_what_binder_gives(
    server: binder.Server, chromium: Browser
) -> None:
    steps = binder.walk(server)
    assert len(steps) > 40
    # Then a report is made, which brings in all that draws.
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto(f"{server.origin}/voila/render/notebooks/21-survey-read.ipynb?token={binder.TOKEN}")
    tab.get_by_role("button", name=say("desk.show")).click(timeout=120 * SECONDS)
    expect(tab.get_by_text("60 people answered").first).to_be_visible(timeout=120 * SECONDS)
    steps.append(("a report", *server.memory()))
    context.close()
    print(*steps, sep="\n")
    assert max(own + kernels for _, own, kernels in steps) < MOST_MB
    assert steps[-1][2] > 100, "a kernel was seen"
