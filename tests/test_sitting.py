"""One sitting: words stay while a person goes from page to page, and nobody who comes later is shown them unasked."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ARGUMENTS, SECONDS, Watched, browser_path, published_course
from engines import eventually
from hands import BY_EVERY_DOOR, FOLLOW, PLAN, SHARE, START, Course, Learner
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from test_shared_computer import holds

pytestmark = pytest.mark.browser

CARD, ARRIVE, WAITED = "share-power-one-card", "share-power-arrive", "follow-through-waited"
STORY = "scenario-the-dragon-on-the-wall"
WORDS = "quiet otter"
HOUR = 60 * 60 * SECONDS
#: Leaves a tab's storage without room for one letter more.
FILL = """() => {
    for (const size of [65536, 256, 1]) {
        try { for (let n = 0; ; n += 1) sessionStorage.setItem(`${size}-${n}`, "x".repeat(size)); } catch (full) {}
    }
}"""


def profile(playwright: Playwright, folder: Path, *arguments: str) -> BrowserContext:
    """A browser with a profile of its own on the disk, as people have one."""
    return playwright.chromium.launch_persistent_context(
        folder,
        executable_path=browser_path(),
        args=[*ARGUMENTS, *arguments],
        ignore_default_args=["--disable-back-forward-cache"],
    )


@pytest.fixture
def shut(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose settings let no page keep anything."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(
        json.dumps({"profile": {"default_content_setting_values": {"cookies": 2}}})
    )
    context = profile(playwright, tmp_path)
    yield context
    context.close()


def note(page: Page) -> None:
    page.evaluate("globalThis.noted = true")


def noted(page: Page) -> bool:
    """Whether this is the very page that was noted, and not one that was drawn anew."""
    return page.evaluate("globalThis.noted === true")


def change_mark(page: Page, **changes: object) -> None:
    page.evaluate(
        """(changes) => sessionStorage.setItem("alongside.sitting",
            JSON.stringify({...JSON.parse(sessionStorage.getItem("alongside.sitting")), ...changes}))""",
        changes,
    )


def assert_asked_before_a_word_is_shown(learner: Learner) -> None:
    expect(learner.still_you).to_be_visible()
    assert WORDS in str(learner.stored())
    drawn, ticked = learner.page.evaluate(
        """[document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map((box) => box.value),
            document.querySelectorAll("input:checked").length]"""
    )
    assert WORDS not in drawn
    assert ticked == 0


# --- words stay


@BY_EVERY_DOOR
def test_words_survive_a_reload_and_the_walk_from_lesson_to_lesson(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    learner.question(ARRIVE).get_by_role("radio", name="4", exact=True).check()
    learner.reload()
    expect(learner.box(CARD)).to_have_value(WORDS)
    expect(learner.question(ARRIVE).get_by_role("radio", name="4", exact=True)).to_be_checked()
    for name in (FOLLOW, PLAN, SHARE):
        learner.open(name)
        assert learner.still_you.count() == 0
        expect(learner.my_words()).to_contain_text(WORDS)
    learner.page.keyboard.press("Escape")
    expect(learner.box(CARD)).to_have_value(WORDS)


@pytest.mark.parametrize("course", ["http", "voila"], indirect=True)
def test_back_and_forward_bring_the_newest_words_along(walker: Learner, page_cache: bool) -> None:
    page = walker.page
    walker.open(SHARE).write(CARD, "first")
    note(page)
    walker.open(FOLLOW).write(WAITED, WORDS)
    walker.back()
    assert noted(page) == page_cache
    expect(walker.box(CARD)).to_have_value("first")
    walker.write(CARD, "second")
    walker.forward()
    expect(walker.box(WAITED)).to_have_value(WORDS)
    expect(walker.my_words()).to_contain_text("second")
    assert walker.still_you.count() == 0


def test_forgetting_on_one_page_empties_those_before_it(walker: Learner, page_cache: bool) -> None:
    page = walker.page
    walker.open(SHARE).write(CARD, WORDS)
    walker.story(STORY).shown.get_by_role("button").first.click()
    note(page)
    walker.open(FOLLOW)
    walker.my_words().get_by_role("button", name="Forget everything here").click()
    walker.back()
    assert noted(page) == page_cache
    expect(walker.box(CARD)).to_have_value("")
    assert WORDS not in walker.traces()
    assert "You chose:" not in walker.seen()
    assert "alongside.words" not in walker.stored()


def test_a_page_that_only_was_visited_keeps_nothing(learner: Learner) -> None:
    learner.open(START).open(SHARE).open(FOLLOW).back().back()
    assert learner.stored() == {}


def test_words_belong_to_one_tab(learner: Learner, context: BrowserContext) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    other = learner.beside(context.new_page()).open(SHARE)
    expect(other.box(CARD)).to_have_value("")
    assert WORDS not in other.traces()
    assert other.stored() == {}


def test_behind_a_hub_the_next_account_in_a_tab_finds_nothing_of_the_one_before(
    tab: Watched, site: Path, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    """The accounts share one address. With a real hub, by night: ``test_hub.py``."""
    (tmp_path / "user").mkdir()
    for name in ("ana", "ben"):
        (tmp_path / "user" / name).symlink_to(site)
    home = serve(tmp_path)
    ana, ben = (Learner(tab.page, published_course("http", f"{home}user/{name}/")) for name in ("ana", "ben"))
    ana.open(SHARE).write(CARD, WORDS).reload()
    expect(ana.open(FOLLOW).my_words()).to_contain_text(WORDS)
    expect(ben.open(SHARE).box(CARD)).to_have_value("")
    expect(ben.still_you).to_be_hidden()
    assert WORDS not in ben.traces() and ben.stored() == {}
    ben.write(CARD, "copper lantern")
    assert "copper" not in ana.open(SHARE).traces()


# --- "Is this still you?"


@BY_EVERY_DOOR
def test_a_duplicated_tab_asks_before_it_shows_a_word(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    learner.question(ARRIVE).get_by_role("radio", name="4", exact=True).check()
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href)")  # the browser copies this tab's storage into the new one
    twin = learner.beside(opened.value).ready()
    assert_asked_before_a_word_is_shown(twin)
    twin.still_you.get_by_role("button", name="No, forget everything here").click()
    expect(twin.box(CARD)).to_have_value("")
    assert WORDS not in twin.traces()
    expect(learner.box(CARD)).to_have_value(WORDS)


@BY_EVERY_DOOR
def test_a_reopened_tab_asks_before_it_shows_a_word(learner: Learner, context: BrowserContext) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    learner.page.goto(learner.course.neutral)
    kept = learner.stored()  # as the lesson left it when it went
    left = json.loads(kept["alongside.sitting"])["left"]
    learner.page.close()
    again = learner.beside(context.new_page())
    again.page.wait_for_function("(left) => Date.now() > left + 500", arg=left)  # nobody is that quick
    again.given(kept).open(SHARE)
    assert_asked_before_a_word_is_shown(again)
    again.still_you.get_by_role("button", name="Yes, go on with my words").click()
    expect(again.box(CARD)).to_have_value(WORDS)
    again.open(FOLLOW)
    assert again.still_you.count() == 0
    expect(again.my_words()).to_contain_text(WORDS)


def test_a_browser_that_restores_its_last_session_asks_first(
    playwright: Playwright, course: Course, tmp_path: Path
) -> None:
    yesterday = profile(playwright, tmp_path)
    learner = Learner(yesterday.pages[0], course)
    learner.open(SHARE).write(CARD, WORDS)
    # The browser writes a tab's storage to the disk now and then, and the list of its tabs.
    folder = tmp_path / "Default"
    eventually(lambda: holds(folder / "Session Storage", WORDS), "the words never were on the disk")
    eventually(lambda: holds(folder / "Sessions", f"{SHARE}.html"), "the tab never was on the disk")
    yesterday.close()
    today = profile(playwright, tmp_path, "--restore-last-session")
    try:
        page = next((one for one in today.pages if one.url.startswith("http")), None) or today.wait_for_event(
            "page", lambda one: one.url.startswith("http")
        )
        assert_asked_before_a_word_is_shown(Learner(page, course).ready())
    finally:
        today.close()


@pytest.mark.parametrize("how", ["a reload", "going back"])
def test_a_sitting_of_an_hour_ago_asks_before_it_shows_a_word(learner: Learner, how: str) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    long_ago = learner.page.evaluate("Date.now()") - HOUR - SECONDS
    if how == "a reload":
        change_mark(learner.page, seen=long_ago)  # a laptop that slept: no clock of the page went on
        learner.reload()
    else:
        learner.page.goto(learner.course.neutral)
        change_mark(learner.page, seen=long_ago)
        learner.back()
    assert_asked_before_a_word_is_shown(learner)
    # A look away is no answer: the question stands, on this page and on the next.
    learner.reload()
    assert_asked_before_a_word_is_shown(learner)
    learner.open(FOLLOW)
    assert_asked_before_a_word_is_shown(learner)


def test_nothing_can_be_read_or_saved_while_the_question_stands(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    change_mark(page, asking=True)
    learner.reload()
    expect(learner.still_you).to_be_visible()
    page.keyboard.press("Escape")
    expect(learner.still_you).to_have_count(0)
    assert WORDS not in learner.page.evaluate("document.body.innerText")
    assert learner.question(CARD).get_by_role("textbox").count() == 0
    assert page.get_by_role("button", name="Skip", exact=True).count() == 0
    # "My words" and every question lead back to it.
    learner.bar.get_by_role("button", name="My words").click()
    expect(learner.still_you).to_be_visible()
    page.keyboard.press("Escape")
    learner.question(CARD).get_by_role("button", name="Is this still you?").click()
    learner.still_you.get_by_role("button", name="Yes, go on with my words").click()
    expect(learner.box(CARD)).to_have_value(WORDS)


def test_the_question_is_read_out_before_anything_can_be_pressed_by_chance(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    change_mark(page, asking=True)
    learner.reload()
    # A moment after the dialog came, so that Orca says it. No key presses anything before, nor after.
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
    expect(learner.still_you.get_by_role("heading", name="Is this still you?")).to_be_focused()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
    expect(learner.still_you).to_be_visible()
    assert WORDS in str(learner.stored())


def test_a_page_that_nobody_touched_for_an_hour_closes_itself(learner: Learner) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE).write(CARD, WORDS)
    page.clock.fast_forward(HOUR - 60 * SECONDS)
    assert learner.still_you.count() == 0
    expect(learner.box(CARD)).to_have_value(WORDS)
    page.clock.fast_forward(2 * 60 * SECONDS)
    assert_asked_before_a_word_is_shown(learner)


def test_a_clock_that_was_set_back_does_not_keep_a_page_open_for_hours(learner: Learner) -> None:
    page = learner.page
    page.clock.install(time=datetime.datetime(2026, 11, 1, 12))
    learner.open(SHARE).write(CARD, WORDS)
    page.clock.set_system_time(datetime.datetime(2026, 11, 1, 6))
    page.clock.run_for(60 * SECONDS)
    assert_asked_before_a_word_is_shown(learner)


def test_an_hour_counts_from_the_last_touch(learner: Learner) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE).write(CARD, WORDS)
    for _ in range(3):
        page.clock.fast_forward(HOUR - 60 * SECONDS)
        page.get_by_role("heading", level=1).click()
    assert learner.still_you.count() == 0
    expect(learner.box(CARD)).to_have_value(WORDS)


def test_my_words_close_too_when_the_page_does(learner: Learner) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE).write(CARD, WORDS)
    expect(learner.my_words()).to_contain_text(WORDS)
    page.clock.fast_forward(HOUR + 60 * SECONDS)
    assert_asked_before_a_word_is_shown(learner)


#: A slow browser: what a page writes when it is left reaches the tab's storage only after the next page has begun.
LATE = """(() => {
    const name = "alongside.sitting", late = "late";
    addEventListener("DOMContentLoaded", () => addEventListener("pagehide", () => {
        localStorage.setItem(late, sessionStorage.getItem(name));
        const mark = JSON.parse(sessionStorage.getItem(name));
        sessionStorage.setItem(name, JSON.stringify({...mark, left: null}));
    }));
    const held = localStorage.getItem(late);
    localStorage.removeItem(late);
    if (held) setTimeout(() => sessionStorage.setItem(name, held), 1200);
    globalThis.asked = 0;
    new MutationObserver(() => { if (document.querySelector("dialog")) asked += 1; })
        .observe(document, {childList: true, subtree: true});
})()"""


def test_nobody_is_asked_in_the_middle_of_a_walk_because_a_phone_is_slow(learner: Learner) -> None:
    learner.page.add_init_script(LATE)
    learner.open(SHARE).write(CARD, WORDS)
    page, address = learner.page, learner.course.address
    for go in (page.reload, lambda: page.goto(address(FOLLOW)), lambda: page.goto(address(SHARE))):
        go()
        learner.begun()
        assert WORDS not in learner.seen()  # not before it is known that they walked
        first = learner.page.locator("section.alongside-activity").first
        expect(first).to_have_attribute("data-state", re.compile("answered|open"))
        assert learner.page.evaluate("asked") == 0
    expect(learner.box(CARD)).to_have_value(WORDS)
    expect(learner.my_words()).to_contain_text(WORDS)


@pytest.mark.parametrize("hurry", [False, True])
def test_a_copied_tab_is_asked_however_slow_or_fast_it_is(
    learner: Learner, context: BrowserContext, hurry: bool
) -> None:
    storage = learner.open(SHARE).write(CARD, WORDS).stored()
    copy = learner.beside(context.new_page())
    copy.given(storage).page.goto(copy.course.address(SHARE))
    if hurry:  # the page is left while it still looks
        copy.begun().page.reload()
        for name in (FOLLOW, SHARE):
            copy.begun().page.goto(copy.course.address(name))
    assert WORDS not in copy.begun().seen()
    assert_asked_before_a_word_is_shown(copy)
    assert learner.still_you.count() == 0


#: A slow Chromium, with files in a folder: this page is given an empty storage, once or always, and what it writes is lost.
#: Nothing here asks for a storage at once, since that may be what brings an empty one.
GIVEN_NOTHING = """(always) => {
    const again = performance.getEntriesByType("navigation")[0].type === "reload";
    if (!location.pathname.includes("13-follow-through") || (again && !always)) return;
    const kept = new Map();
    const nothing = {
        get length() { return kept.size; },
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, text) => kept.set(key, text),
        removeItem: (key) => kept.delete(key),
    };
    Object.defineProperty(window, "sessionStorage", { get: () => nothing });
}"""


@pytest.mark.parametrize("course", ["file"], indirect=True)
def test_a_page_from_a_folder_that_a_slow_browser_gives_an_empty_storage_begins_once_more(
    learner: Learner,
) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    learner.page.add_init_script(f"({GIVEN_NOTHING})(false)")
    learner.open(FOLLOW)
    assert learner.still_you.count() == 0
    learner.write(WAITED, "copper lantern").open(SHARE)
    expect(learner.box(CARD)).to_have_value(WORDS)
    expect(learner.my_words()).to_contain_text("copper lantern")
    # The sign goes with the words.
    assert learner.page.evaluate("window.name") == "1"
    learner.page.get_by_role("button", name="Forget everything here").click()
    assert learner.page.evaluate("window.name") == ""


#: The same, on the first page of a tab that asks at once.
NOTHING_AT_FIRST = """() => {
    if (!location.pathname.includes("05-share-power")) return;
    const own = Object.getOwnPropertyDescriptor(window, "sessionStorage").get;
    const nothing = { length: 0, getItem: () => null, setItem() {}, removeItem() {} };
    let given;
    const get = () => (given = given || (document.readyState === "complete" ? own.call(window) : nothing));
    Object.defineProperty(window, "sessionStorage", { get });
}"""


@pytest.mark.parametrize("course", ["file"], indirect=True)
def test_the_first_page_of_a_tab_asks_for_no_storage_before_a_slow_browser_has_it(learner: Learner) -> None:
    learner.page.add_init_script(f"({NOTHING_AT_FIRST})()")
    learner.open(SHARE).write(CARD, WORDS).open(FOLLOW)
    expect(learner.my_words()).to_contain_text(WORDS)


@pytest.mark.parametrize("course", ["file"], indirect=True)
def test_a_page_that_is_given_an_empty_storage_twice_goes_on_without_words(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    learner.page.add_init_script(f"({GIVEN_NOTHING})(true)")
    learner.open(FOLLOW)
    expect(learner.box(WAITED)).to_have_value("")
    assert learner.page.evaluate("window.name") == ""


@pytest.mark.parametrize("course", ["file"], indirect=True)
def test_a_reopened_tab_that_is_given_an_empty_storage_asks_all_the_same(
    learner: Learner, context: BrowserContext
) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    learner.page.goto(learner.course.neutral)
    kept = learner.stored()
    again = learner.beside(context.new_page())
    again.page.wait_for_function(
        "(left) => Date.now() > left + 500", arg=json.loads(kept["alongside.sitting"])["left"]
    )
    again.given(kept, "1").page.add_init_script(f"({GIVEN_NOTHING})(false)")
    again.open(FOLLOW)
    assert_asked_before_a_word_is_shown(again)


# --- a browser that keeps nothing, or has no room


def test_a_browser_that_keeps_nothing_is_said_and_the_page_still_works(
    shut: BrowserContext, course: Course
) -> None:
    learner = Learner(shut.new_page(), course).open(SHARE)
    learner.box(CARD).fill(WORDS)
    expect(learner.said(CARD)).to_have_text(
        "Kept until you leave this page: this browser lets no page remember."
    )
    learner.story(STORY).shown.get_by_role("button").first.click()
    words = learner.my_words()
    expect(words).to_contain_text(WORDS)
    with learner.page.expect_download() as saved:
        words.get_by_role("button", name="Save as a file", exact=True).click()
    assert WORDS in Path(saved.value.path()).read_text(encoding="utf-8")
    learner.page.keyboard.press("Escape")
    expect(learner.box(CARD)).to_have_value(WORDS)


@pytest.mark.parametrize("leave", ["Forget everything here", "Quick exit"])
def test_a_browser_that_keeps_nothing_has_nothing_to_bring_back(
    shut: BrowserContext, course: Course, leave: str
) -> None:
    learner = Learner(shut.new_page(), course).open(SHARE)
    learner.box(CARD).fill(WORDS)
    learner.open(FOLLOW)
    if leave == "Quick exit":
        learner.quick_exit()
        expect(learner.page).to_have_url(course.neutral)
    else:
        learner.my_words().get_by_role("button", name=leave).click()
    learner.back()
    expect(learner.box(CARD)).to_have_value("")


def test_a_full_tab_is_said_and_nothing_on_the_page_is_lost(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    page.evaluate(FILL)
    newest = WORDS + " and much more" * 20
    learner.box(CARD).fill(newest)
    expect(learner.said(CARD)).to_have_text(
        "This tab is full, so the newest words last only as long as this page. Save your words as a file now."
    )
    story = learner.story(STORY)
    story.shown.get_by_role("button").first.click()
    expect(story.shown).to_contain_text("You chose:")
    # The file and the sheet of paper hold the newest words, not the last that found room.
    words = learner.my_words()
    expect(words).to_contain_text(newest)
    with page.expect_download() as saved:
        words.get_by_role("button", name="Save as a file", exact=True).click()
    assert newest in Path(saved.value.path()).read_text(encoding="utf-8")
    words.get_by_role("button", name="Forget everything here").click()
    assert WORDS not in learner.traces()
    learner.page.keyboard.press("Escape")
    expect(learner.box(CARD)).to_have_value("")
