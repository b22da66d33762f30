"""Quick exit: blank at once, the sitting emptied, and nothing to be found by going back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import SECONDS
from hands import BY_EVERY_DOOR, EXERCISE, FOLLOW, PLAN, SHARE, START, Learner, focused
from playwright.sync_api import Dialog, Page, expect
from visits import Visit

pytestmark = pytest.mark.browser

CARD, WAITED, TABLE = "share-power-one-card", "follow-through-waited", "start-break-table"
STORY = "scenario-one-seat-on-the-board"
WORDS = "quiet otter"
#: Writes down what stands on the page whenever it changes, and when a press was over.
WATCH = """() => {
    globalThis.seen = [];
    const note = (when) => seen.push({
        when, at: performance.now(), text: document.documentElement.textContent.trim().replace("New page", ""),
        title: document.title, kept: sessionStorage.length,
    });
    for (const kind of ["click", "keydown"]) {
        document.addEventListener(kind, (event) => {
            globalThis.pressed = event.timeStamp;
            setTimeout(() => note("press was over"));
            requestAnimationFrame(() => note("drawn"));
        }, true);
    }
    new MutationObserver(() => note("changed")).observe(document, {childList: true, subtree: true});
}"""


def shift(page: Page, times: int = 3) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def assert_gone(learner: Learner) -> None:
    page = learner.page
    expect(page).to_have_url(learner.course.neutral)
    expect(page).to_have_title("New page")
    assert page.locator("body").inner_text().strip() == "New page"
    assert WORDS not in learner.traces()
    assert learner.stored() == {}


def assert_still_there(learner: Learner, key: str = CARD) -> None:
    expect(learner.box(key)).to_have_value(re.compile(WORDS))


# --- the button and the keys


@BY_EVERY_DOOR
@pytest.mark.parametrize(("how", "name"), [("button", EXERCISE), ("keys", SHARE)])
def test_quick_exit_leaves_a_neutral_page_and_an_empty_sitting(learner: Learner, how: str, name: str) -> None:
    dialogs: list[str] = []

    def agree(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    learner.page.on("dialog", agree)
    learner.open(SHARE).write(CARD, WORDS)
    learner.open(name)
    learner.quick_exit() if how == "button" else shift(learner.page)
    assert_gone(learner)
    assert dialogs == []  # it never asks "are you sure"


def test_quick_exit_is_the_first_stop_of_the_tab_key_on_every_page(visits: dict[str, Visit]) -> None:
    assert {name: one.structure.exit_is_first_stop for name, one in visits.items()} == dict.fromkeys(
        visits, True
    )


@pytest.mark.parametrize("how", ["button", "keys"])
def test_the_page_is_blank_within_the_same_press(learner: Learner, how: str) -> None:
    page = learner.page
    learner.open(SHARE).write(CARD, WORDS)
    page.route(
        learner.course.neutral, lambda route: route.fulfill(status=204)
    )  # the neutral page never comes
    page.evaluate(WATCH)
    learner.quick_exit() if how == "button" else shift(page)
    expect(page).to_have_title("New page")
    learner.drawn()
    seen: list[dict[str, Any]] = page.evaluate("seen")
    changed = next(at for at, one in enumerate(seen) if one["when"] == "changed")
    blank, later = seen[changed], seen[changed + 1 :]
    assert (blank["text"], blank["title"], blank["kept"]) == ("", "New page", 0)
    # Nothing else had a turn between the press and the blank page, and so it stays.
    assert {one["when"] for one in later} == {"press was over", "drawn"}
    assert {(one["text"], one["kept"]) for one in later} == {("", 0)}
    assert WORDS not in learner.traces()
    pressed = page.evaluate("pressed")
    print(
        f"blank {blank['at'] - pressed:.1f} ms after the press, drawn {later[-1]['at'] - pressed:.1f} ms after it"
    )
    assert blank["at"] - pressed < 100


def test_another_key_between_is_no_exit(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    for keys in (
        ("Shift", "Shift", "a", "Shift"),
        ("Shift", "Tab", "Shift", "Shift"),
        ("Shift", "Shift", "ArrowDown"),
    ):
        for key in keys:
            learner.page.keyboard.press(key)
        learner.page.keyboard.press("Escape")
    assert_still_there(learner)


def test_capital_letters_are_no_exit(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS).box(CARD).focus()
    learner.page.keyboard.press("End")
    for letter in "ABCDE":
        learner.page.keyboard.press(f"Shift+{letter}")
    expect(learner.box(CARD)).to_have_value(f"{WORDS}ABCDE")


def test_a_shift_key_that_is_held_down_is_no_exit(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    for _ in range(10):
        learner.page.keyboard.down(
            "Shift"
        )  # the same key again without letting go: the browser calls it a repeat
    learner.page.keyboard.up("Shift")
    assert_still_there(learner)


def test_three_shifts_count_only_within_five_seconds(learner: Learner) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE).write(CARD, WORDS)
    for _ in range(4):
        shift(page, 1)
        page.clock.run_for(2600)
    assert_still_there(learner)
    page.clock.run_for(6 * SECONDS)
    shift(page, 2)
    page.clock.run_for(4 * SECONDS)
    shift(page, 1)
    expect(page).to_have_url(learner.course.neutral)


@pytest.mark.parametrize(
    "where", ["in a box", "in a box of the plan", "in my words", "while it is asked who this is"]
)
def test_the_keys_work_wherever_the_focus_is(learner: Learner, where: str) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    if where == "in a box":
        learner.box(CARD).focus()
    elif where == "in a box of the plan":
        learner.open(PLAN).question("plan").get_by_role("textbox").first.focus()
    elif where == "in my words":
        learner.my_words()
    else:
        ask_who_this_is(learner)
    shift(learner.page)
    assert_gone(learner)


@pytest.mark.parametrize("which", ["my words", "is this still you"])
def test_the_button_is_in_reach_in_every_dialog(learner: Learner, which: str) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    if which == "my words":
        dialog = learner.my_words()
    else:
        ask_who_this_is(learner)
        dialog = learner.still_you
    button = dialog.get_by_role("button", name="Quick exit")
    page.keyboard.press("Tab")
    assert focused(button)
    button.click()
    assert_gone(learner)


def ask_who_this_is(learner: Learner) -> None:
    learner.page.goto(learner.course.neutral)
    learner.page.evaluate(
        """sessionStorage.setItem("alongside.sitting",
            JSON.stringify({...JSON.parse(sessionStorage.getItem("alongside.sitting")), asking: true}))"""
    )
    learner.open(SHARE)
    expect(learner.still_you).to_be_visible()


# --- after it


@pytest.mark.parametrize("course", ["http", "voila"], indirect=True)
def test_back_after_an_exit_on_the_third_lesson_shows_empty_boxes(walker: Learner, page_cache: bool) -> None:
    page = walker.page
    walker.open(START).write(TABLE, WORDS)
    page.evaluate("globalThis.noted = true")
    walker.open(SHARE).write(CARD, WORDS)
    walker.story(STORY).shown.get_by_role("button").first.click()
    expect(walker.story(STORY).shown).to_contain_text("You chose:")
    page.evaluate("globalThis.noted = true")
    walker.open(FOLLOW).write(WAITED, WORDS)
    before = page.evaluate("history.length")
    walker.quick_exit()
    assert_gone(walker)
    assert page.evaluate("history.length") == before  # it took the lesson's place

    for name, key in ((SHARE, CARD), (START, TABLE)):
        walker.back()
        assert name in page.url
        assert page.evaluate("globalThis.noted === true") == page_cache
        expect(walker.box(key)).to_have_value("")
        assert WORDS not in walker.traces()
        assert "You chose:" not in walker.seen()
        assert walker.still_you.count() == 0
        assert walker.stored() == {}
    # Forward comes to the neutral page, not to the lesson that was left.
    walker.forward()
    page.go_forward(wait_until="commit")
    expect(page).to_have_url(walker.course.neutral)


def test_after_an_exit_a_person_can_begin_anew(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS).quick_exit()
    assert_gone(learner)
    learner.open(SHARE).write(CARD, "second thoughts").reload()
    expect(learner.box(CARD)).to_have_value("second thoughts")
    assert learner.still_you.count() == 0
