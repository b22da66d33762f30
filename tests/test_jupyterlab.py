"""A lesson in JupyterLab, in a real browser: for authors, and for whoever would rather see the notebook."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, SECONDS, Jupyter, Watched
from hands import NEWS, SHARE
from lab import REFLECT, Lab
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

WORDS = "The quince jam,\nand who may spread it"


@pytest.fixture
def lab(tab: Watched, jupyter: Jupyter) -> Lab:
    return Lab(tab, jupyter)


# Opening JupyterLab and running a lesson takes as long as all that a test does there, so each test is a journey.


def test_a_lesson_runs_is_there_for_everyone_and_takes_the_keys_that_are_pressed_in_it(lab: Lab) -> None:
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
    axe_finds_nothing_in_what_a_lesson_shows(lab)
    skipping_puts_the_words_away_and_answering_after_all_brings_them_back(lab)
    keys_that_a_person_presses_in_an_activity_never_reach_jupyterlab(lab)
    a_mistake_in_a_cell_is_one_line_and_no_traceback(lab)


def axe_finds_nothing_in_what_a_lesson_shows(lab: Lab) -> None:
    lab.box().fill(WORDS)
    # JupyterLab's body has no height, so that axe takes every label in it for hidden: whether a box has one that can be
    # seen is judged on the pages, by test_accessibility.py, which have the same boxes.
    options = {"rules": {"label-title-only": {"enabled": False}}}
    found = Axe().run(lab.page, context=".jp-OutputArea, .jp-RenderedMarkdown", options=options)
    assert len(found.response["passes"]) > 10
    assert [
        (one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]
    ] == []


def skipping_puts_the_words_away_and_answering_after_all_brings_them_back(lab: Lab) -> None:
    activity = lab.activity(REFLECT)
    activity.get_by_role("button", name="Skip", exact=True).click()
    expect(activity.locator(NEWS)).to_have_text("Skipped. That is an answer too.")
    expect(lab.box()).to_be_hidden()
    activity.get_by_role("button", name="Answer after all").click()
    expect(lab.box()).to_have_value(WORDS)


def keys_that_a_person_presses_in_an_activity_never_reach_jupyterlab(lab: Lab) -> None:
    cells = lab.panel.locator(".jp-Cell")
    before = cells.count()
    lab.box().fill("")
    lab.box().click()
    for key in ("f", "Enter", "d", "d", "x", "0", "0"):
        lab.page.keyboard.press(key)
    expect(lab.box()).to_have_value("f\nddx00")
    # "d d" deletes the chosen cell, "x" cuts it, "a" puts one above, wherever the focus is no box.
    for button in (
        lab.activity(REFLECT).get_by_role("button", name="Skip", exact=True),
        lab.activities.first.get_by_role("button", name="My words"),
        lab.activities.first.get_by_role("button", name="Quick exit"),
        lab.page.locator(".al-at-hand").get_by_role("button", name="Quick exit"),
    ):
        button.focus()
        for key in ("d", "d", "x", "a"):
            lab.page.keyboard.press(key)
    # What those keys would have done is done before the next thing that the same keyboard asks for.
    lab.panel.locator(".jp-RenderedMarkdown").first.click()
    lab.page.keyboard.press("b")
    expect(cells).to_have_count(before + 1)


def a_mistake_in_a_cell_is_one_line_and_no_traceback(lab: Lab) -> None:
    cell = lab.panel.locator(".jp-Cell.jp-mod-selected")  # the new one
    lab.page.keyboard.press("Enter")
    expect(cell.get_by_role("textbox")).to_be_focused()
    lab.page.keyboard.insert_text('from alongside import ask\nask("What would help?", keep_a="help")')
    lab.page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-OutputArea-output")).to_have_text(
        'ask has no argument "keep_a". Did you mean "keep_as"?', timeout=40 * SECONDS
    )


def test_words_survive_running_again_a_new_kernel_a_reload_and_the_walk_until_all_is_forgotten(
    lab: Lab,
) -> None:
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

    lab.page.reload()
    lab.ready()
    expect(lab.activities).to_have_count(0)  # as the lessons say: nothing is shown until Run All
    lab.run_all()
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    expect(lab.box()).to_have_value(WORDS)

    lab.panel.get_by_role("link", name="Our plan").last.click()
    expect(lab.page).to_have_title(re.compile("18-our-plan"))
    lab.ready("notebooks/18-our-plan")
    # A notebook that comes back after the reload may be brought to the front once more, and has the same box.
    lab.page.get_by_role("tab", name=re.compile("18-our-plan")).click()
    expect(lab.panel.get_by_role("heading", name="Our plan", level=1)).to_be_visible()
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


def test_is_this_still_you_is_asked_in_a_duplicated_tab_and_after_an_hour_before_a_word_is_shown(
    lab: Lab,
) -> None:
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


@pytest.mark.parametrize("way", ["the first cell's button", "the button at the edge", "shift"])
def test_quick_exit_blanks_in_place_jupyterlab_draws_nothing_there_and_leaving_asks_nothing(
    way: str, lab: Lab
) -> None:
    lab.open().run_all()
    lab.box().fill(WORDS)
    edit_first_cell(lab, "Not saved yet.")
    waiting: list[Route] = []
    lab.page.route("**/api/contents/**", lambda route: waiting.append(route))
    lab.page.keyboard.press("Control+s")
    with lab.page.expect_event("requestfailed"):
        while not waiting:
            lab.page.wait_for_timeout(50)
        if way == "the first cell's button":
            lab.activities.first.get_by_role("button", name="Quick exit").click()
        elif way == "the button at the edge":
            lab.activities.last.scroll_into_view_if_needed()
            lab.page.locator(".al-at-hand").get_by_role("button", name="Quick exit").click()
        else:
            for _ in range(3):
                lab.page.keyboard.press("Shift")
        expect_blank(lab)
        for route in waiting:
            route.abort()  # JupyterLab says so in a dialog
    lab.page.wait_for_timeout(1 * SECONDS)
    expect_blank(lab)
    lab.page.goto(f"{lab.jupyter.origin}/alongside/page")
    expect(lab.page).to_have_url(re.compile("alongside/page"))
    lab.page.go_back(wait_until="commit")
    assert "quince" not in everything_shown(lab.page)
    assert lab.dialogs == []


@pytest.fixture
def draft(jupyter: Jupyter) -> Iterator[Path]:
    """A lesson that an author works on, outside the course that the other tests read."""
    path = jupyter.folder / "draft.ipynb"
    shutil.copy(ROOT / "notebooks" / f"{SHARE}.ipynb", path)
    yield path
    path.unlink()
    shutil.rmtree(jupyter.folder / ".ipynb_checkpoints", ignore_errors=True)


def test_saving_keeps_what_an_author_changed_and_nothing_that_ran_and_what_is_not_saved_is_asked_about(
    lab: Lab, draft: Path
) -> None:
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

    # Nobody pressed Quick exit, so a change that was not saved is asked about.
    edit_first_cell(lab, "Not saved yet.")
    lab.page.goto(f"{lab.jupyter.origin}/alongside/page")
    assert lab.dialogs == ["beforeunload"]
    assert "Not saved yet." not in draft.read_text(encoding="utf-8")
