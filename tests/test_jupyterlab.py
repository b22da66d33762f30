"""A lesson in JupyterLab, in a real browser: for authors, and for whoever would rather see the notebook."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, SECONDS, Jupyter, Watched
from hands import SHARE
from lab import REFLECT, Lab
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

WORDS = "The quince jam,\nand who may spread it"


@pytest.fixture
def lab(tab: Watched, jupyter: Jupyter) -> Lab:
    return Lab(tab, jupyter)


def test_a_lesson_runs_and_begins_with_quick_exit_and_my_words(lab: Lab) -> None:
    lab.open().run_all()
    begin = lab.activities.first
    expect(begin.get_by_role("button")).to_have_text(["Quick exit", "My words"])
    expect(begin).to_contain_text("What you write below stays in this browser tab.")
    expect(lab.box()).to_be_visible()
    expect(lab.panel.locator(".jp-OutputArea").get_by_role("img").first).to_be_visible()
    # JupyterLab would ask whether it may fetch its news from another host.
    expect(lab.page.locator(".Toastify__toast")).to_have_count(0)
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    assert lab.tab.errors == []


def test_axe_finds_nothing_in_what_a_lesson_shows(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    found = Axe().run(lab.page, context=".jp-OutputArea, .jp-RenderedMarkdown")
    assert len(found.response["passes"]) > 10
    assert [
        (one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]
    ] == []


def test_keys_that_a_person_presses_in_an_activity_never_reach_jupyterlab(lab: Lab) -> None:
    lab.open().run_all()
    cells = lab.panel.locator(".jp-Cell")
    before = cells.count()
    lab.box().click()
    for key in ("f", "Enter", "d", "d", "x", "0", "0"):
        lab.page.keyboard.press(key)
    expect(lab.box()).to_have_value("f\nddx00")
    # "d d" deletes the chosen cell, "x" cuts it, "a" puts one above, wherever the focus is no box.
    for button in (
        lab.activity(REFLECT).get_by_role("button", name="Skip", exact=True),
        lab.activities.first.get_by_role("button", name="My words"),
        lab.activities.first.get_by_role("button", name="Quick exit"),
    ):
        button.focus()
        for key in ("d", "d", "x", "a"):
            lab.page.keyboard.press(key)
    # What those keys would have done is done before the next thing that the same keyboard asks for.
    lab.panel.locator(".jp-RenderedMarkdown").first.click()
    lab.page.keyboard.press("b")
    expect(cells).to_have_count(before + 1)


def test_skipping_puts_the_words_away_and_answering_after_all_brings_them_back(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    activity = lab.activity(REFLECT)
    activity.get_by_role("button", name="Skip", exact=True).click()
    expect(activity.get_by_role("status")).to_have_text("Skipped. That is an answer too.")
    expect(lab.box()).to_be_hidden()
    activity.get_by_role("button", name="Answer after all").click()
    expect(lab.box()).to_have_value(WORDS)


def test_words_survive_a_cell_that_is_run_again_and_a_kernel_that_starts_again(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    lab.run_all()
    expect(lab.box()).to_have_value(WORDS)
    lab.menu("Kernel", "kernelmenu:restart")
    lab.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    lab.ready()
    expect(lab.box()).to_have_value(WORDS)
    lab.run_all()
    expect(lab.box()).to_have_value(WORDS)


def test_words_survive_a_reload_and_run_all(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    lab.page.reload()
    lab.ready()
    expect(lab.activities).to_have_count(0)  # as the lessons say: nothing is shown until Run All
    lab.run_all()
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    expect(lab.box()).to_have_value(WORDS)


def test_words_walk_along_to_the_next_notebook_and_are_forgotten_everywhere(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    lab.panel.get_by_role("link", name="Our plan").last.click()
    expect(lab.page).to_have_title(re.compile("18-our-plan"))
    lab.ready("notebooks/18-our-plan")
    lab.run_all()
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    expect(lab.box()).to_have_value(WORDS)  # the plan's editor, named by the question
    lab.activities.first.get_by_role("button", name="My words").click()
    words = lab.page.get_by_role("dialog", name="My words")
    expect(words).to_contain_text("The quince jam,")
    words.get_by_role("button", name="Forget everything here").click()
    expect(words).not_to_contain_text("The quince jam,")
    words.get_by_role("button", name="Close").click()
    expect(lab.box()).to_have_count(0)
    lab.page.get_by_role("tab", name=re.compile("05-share-power")).click()
    expect(lab.box()).to_have_value("")
    assert lab.page.evaluate("JSON.stringify(sessionStorage)") == "{}"


def test_a_duplicated_tab_asks_is_this_still_you_before_it_shows_a_word(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    with lab.page.expect_popup() as opened:  # as "Duplicate" does it: with a copy of the tab's storage
        lab.page.evaluate("window.open(location.href)")
    twin = Lab(Watched(opened.value), lab.jupyter)
    twin.ready(lab.name)
    twin.run_all()
    question = twin.page.get_by_role("dialog", name="Is this still you?")
    expect(question).to_be_visible()
    assert "quince" not in everything_shown(twin.page)
    question.get_by_role("button", name="Yes, go on with my words").click()
    expect(twin.box()).to_have_value(WORDS)
    expect(lab.box()).to_have_value(WORDS)


def test_a_sitting_that_lay_for_more_than_an_hour_asks_is_this_still_you(lab: Lab) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    lab.page.clock.set_system_time(time.time() + 2 * 60 * 60)
    lab.activities.first.get_by_role("button", name="My words").click()
    question = lab.page.get_by_role("dialog", name="Is this still you?")
    expect(question).to_be_visible()
    assert "quince" not in everything_shown(lab.page)
    question.get_by_role("button", name="No, forget everything here").click()
    expect(lab.box()).to_have_value("")
    assert lab.page.evaluate("JSON.stringify(sessionStorage)") == "{}"


def everything_shown(page: Page) -> str:
    """All text of a page, and what stands in its boxes."""
    return page.evaluate(
        "document.documentElement.outerHTML + [...document.querySelectorAll('textarea, input')].map(one => one.value)"
    )


@pytest.fixture
def changed(lab: Lab) -> Lab:
    """A lesson with a learner's words in it, and with a change to its prose that nobody has saved."""
    lab.open().run_all()
    lab.box().fill(WORDS)
    edit_first_cell(lab, "Not saved yet.")
    return lab


def edit_first_cell(lab: Lab, words: str) -> None:
    cell = lab.panel.locator(".jp-MarkdownCell").first
    cell.locator(".jp-RenderedMarkdown").dblclick()
    cell.get_by_role("textbox").press("Control+End")
    lab.page.keyboard.type(f"\n\n{words}")
    expect(cell.get_by_role("textbox")).to_contain_text(words)
    lab.page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-RenderedMarkdown")).to_contain_text(words)


def expect_blank(lab: Lab) -> None:
    expect(lab.page.locator("body")).to_be_empty()
    assert lab.page.locator("body").count() == 1
    assert lab.page.title() == "New page"
    assert lab.page.evaluate("JSON.stringify(sessionStorage)") == "{}"


@pytest.mark.parametrize("way", ["button", "shift"])
def test_quick_exit_blanks_in_place_and_leaving_asks_nothing(way: str, changed: Lab) -> None:
    if way == "button":
        changed.activities.first.get_by_role("button", name="Quick exit").click()
    else:
        for _ in range(3):
            changed.page.keyboard.press("Shift")
    expect_blank(changed)
    changed.page.goto(f"{changed.jupyter.origin}/alongside/page")
    expect(changed.page).to_have_url(re.compile("alongside/page"))
    changed.page.go_back(wait_until="commit")
    assert "quince" not in everything_shown(changed.page)
    assert changed.dialogs == []


def test_a_change_that_was_not_saved_is_asked_about_where_nobody_pressed_quick_exit(changed: Lab) -> None:
    changed.page.goto(f"{changed.jupyter.origin}/alongside/page")
    assert changed.dialogs == ["beforeunload"]


def test_jupyterlab_draws_nothing_on_the_page_that_quick_exit_blanked(changed: Lab) -> None:
    waiting: list[Route] = []
    changed.page.route("**/api/contents/**", lambda route: waiting.append(route))
    changed.page.keyboard.press("Control+s")
    with changed.page.expect_event("requestfailed"):
        while not waiting:
            changed.page.wait_for_timeout(50)
        for _ in range(3):
            changed.page.keyboard.press("Shift")
        expect_blank(changed)
        for route in waiting:
            route.abort()  # JupyterLab says so in a dialog
    changed.page.wait_for_timeout(1 * SECONDS)
    expect_blank(changed)


@pytest.fixture
def draft(jupyter: Jupyter) -> Iterator[Path]:
    """A lesson that an author works on, outside the course that the other tests read."""
    path = jupyter.folder / "draft.ipynb"
    shutil.copy(ROOT / "notebooks" / f"{SHARE}.ipynb", path)
    yield path
    path.unlink()
    shutil.rmtree(jupyter.folder / ".ipynb_checkpoints", ignore_errors=True)


def test_saving_keeps_what_an_author_changed_and_nothing_that_ran(lab: Lab, draft: Path) -> None:
    before = json.loads(draft.read_text(encoding="utf-8"))
    lab.open("draft").run_all()
    lab.box().fill(WORDS)
    lab.activity("How often do people here").get_by_role("radio").nth(3).check()
    for words in ("A line of mine.", "And one more."):
        edit_first_cell(lab, words)
        lab.box().focus()  # JupyterLab saves from there too, or the browser would offer to save the page
        with lab.page.expect_response(
            lambda answer: answer.request.method == "PUT" and "draft.ipynb" in answer.url
        ) as saved:
            lab.page.keyboard.press("Control+s")
        assert saved.value.ok
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    after = json.loads(draft.read_text(encoding="utf-8"))
    first = "".join(before["cells"][0]["source"]) + "\n\nA line of mine.\n\nAnd one more."
    assert "".join(after["cells"][0]["source"]) == first
    # Beside that cell the file is what it was: no outputs, no counts, no widgets, nothing of the learner.
    after["cells"][0]["source"] = before["cells"][0]["source"]
    assert after["metadata"] == before["metadata"]
    assert after == before
    assert "quince" not in draft.read_text(encoding="utf-8")
    expect(lab.box()).to_have_value(WORDS)


@pytest.fixture
def wrong(jupyter: Jupyter) -> Iterator[str]:
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    notebook.cells = [
        nbformat.v4.new_code_cell("from alongside import ask, begin\nbegin()", id="one"),
        nbformat.v4.new_code_cell('ask("What would help?", keep_a="help")', id="two"),
    ]
    path = jupyter.folder / "wrong.ipynb"
    nbformat.write(notebook, path)
    yield "wrong"
    path.unlink()
    shutil.rmtree(jupyter.folder / ".ipynb_checkpoints", ignore_errors=True)


def test_a_mistake_in_a_cell_is_one_line_and_no_traceback(lab: Lab, wrong: str) -> None:
    lab.open(wrong).press_run_all()
    output = lab.panel.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    expect(output).to_have_text('ask has no argument "keep_a". Did you mean "keep_as"?', timeout=40 * SECONDS)
