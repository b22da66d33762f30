"""Quick exit: blank at once, the sitting emptied, and nothing to be found by going back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import SECONDS, Watched, published_course
from hands import (
    BY_EVERY_DOOR,
    EXERCISE,
    FOLLOW,
    PLAN,
    SCROLLED_JUST_NOW,
    SHARE,
    START,
    Course,
    Learner,
    focused,
)
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from visits import Visit

pytestmark = pytest.mark.browser

CARD, WAITED, TABLE = "share-power-one-card", "follow-through-waited", "start-break-table"
STORY = "scenario-the-dragon-on-the-wall"
WORDS = "quiet otter"
#: Writes down what stands on the page whenever it changes, and when a press was over.
WATCH = """() => {
    globalThis.seen = [];
    const note = (when) => seen.push({
        when, at: performance.now(), text: document.documentElement.textContent.trim().replace("New page", ""),
        title: document.title, kept: sessionStorage.length,
    });
    for (const kind of ["click", "keyup"]) {
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
    # Before it, the count of Shift is shown.
    changed = next(at for at, one in enumerate(seen) if one["when"] == "changed" and one["text"] == "")
    blank, later = seen[changed], seen[changed + 1 :]
    assert (blank["title"], blank["kept"]) == ("New page", 0)
    # Nothing else had a turn between the press and the blank page, and so it stays.
    assert {one["when"] for one in later} == {"press was over", "drawn"}
    assert {(one["text"], one["kept"]) for one in later} == {("", 0)}
    assert WORDS not in learner.traces()
    pressed = page.evaluate("pressed")
    print(
        f"blank {blank['at'] - pressed:.1f} ms after the press, drawn {later[-1]['at'] - pressed:.1f} ms after it"
    )


def hold(page: Page, key: str, do: Callable[[], object]) -> None:
    page.keyboard.down(key)
    do()
    page.keyboard.up(key)


def thrice(page: Page, do: Callable[[], object], key: str = "Shift") -> None:
    """What somebody does three times while Shift is down."""
    for _ in range(3):
        hold(page, key, do)


def compose(page: Page) -> None:
    """Begin a word in an input method, as for Chinese or Japanese, and leave it open."""
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2}
    )


def presses(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


#: Ready when an event has been told to everybody; or, if it never comes, after a while, so that the check goes on.
TELL = """(kind) => {
    globalThis.told = new Promise((done) => {
        addEventListener(kind, () => setTimeout(done), {capture: true, once: true});
        setTimeout(done, 10000);
    });
}"""


def until_told(page: Page, kind: str, do: Callable[[], object]) -> None:
    """Do what the page is told of by an event, and wait for that: on a slow machine the next key could be there before."""
    page.evaluate(TELL, kind)
    do()
    page.evaluate("told")


def wheel(page: Page) -> None:
    until_told(page, "wheel", lambda: page.mouse.wheel(0, 40))


def with_mouse(*, held: bool, between: bool) -> Callable[[Page], None]:
    def use(page: Page) -> None:
        page.mouse.move(200, 500)
        if held:
            page.mouse.down()
        for at in range(3):
            if between:
                wheel(page)
                page.wait_for_timeout(200)  # a wheel that turns on without a pause was turned before
            elif held:
                page.mouse.move(200, 500 - 20 * at)
            shift(page, 1)
        page.mouse.up()

    return use


AT_HEADING = "(at) => getSelection().collapse(document.querySelectorAll('h2')[at])"
#: What Shift is used for, with the focus in a box: none of it means to leave.
OTHER_USES: dict[str, Callable[[Page], object]] = {
    "a letter between": presses("Shift", "Shift", "a", "Shift"),
    "Tab between": presses("Shift", "Tab", "Shift", "Shift"),
    "an arrow at the end": presses("Shift", "Shift", "ArrowDown"),
    "capital letters": presses("Shift+A", "Shift+B", "Shift+C", "Shift+D"),
    "a capital letter between": presses("Shift", "Shift+A", "Shift", "Shift"),
    "text chosen by arrows": presses("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft"),
    "back through the page": presses("Shift+Tab", "Shift+Tab", "Shift+Tab"),
    "another key held": lambda page: hold(page, "a", lambda: shift(page)),
    "Alt held, as for another keyboard": lambda page: hold(page, "Alt", lambda: shift(page)),
    "Control held, as for another keyboard": lambda page: hold(page, "Control", lambda: shift(page)),
    "AltGr held": lambda page: hold(page, "AltGraph", lambda: shift(page)),
    "Meta held": lambda page: hold(page, "Meta", lambda: shift(page)),
    "Alt pressed while it is held": lambda page: thrice(page, lambda: page.keyboard.press("Alt")),
    "Control pressed while it is held": lambda page: thrice(page, lambda: page.keyboard.press("Control")),
    "Control between, which quiets a screen reader": presses("Shift", "Control", "Shift", "Control", "Shift"),
    "both Shift keys at once": lambda page: thrice(
        page, lambda: page.keyboard.press("ShiftRight"), "ShiftLeft"
    ),
    "one Shift key held, the other pressed": lambda page: hold(
        page, "ShiftLeft", lambda: [page.keyboard.press("ShiftRight") for _ in range(5)]
    ),
    "held down until it repeats": lambda page: (
        [page.keyboard.down("Shift") for _ in range(10)] and page.keyboard.up("Shift")
    ),
    "clicks": lambda page: thrice(page, lambda: page.mouse.click(200, 500)),
    "a click between": lambda page: (shift(page, 2), page.mouse.click(200, 500), shift(page, 1)),
    "the mouse held down": with_mouse(held=True, between=False),
    "the wheel between": with_mouse(held=False, between=True),
    "the wheel turned sideways": lambda page: thrice(page, lambda: wheel(page)),
    "an input method open": lambda page: (compose(page), shift(page)),
    "an input method between": lambda page: (shift(page, 2), compose(page), shift(page, 1)),
    "words that were dictated": lambda page: (shift(page, 2), page.keyboard.insert_text("b"), shift(page, 1)),
    "a screen reader's way back to a heading": lambda page: [
        (
            shift(page, 1),
            until_told(page, "selectionchange", partial(page.evaluate, AT_HEADING, at)),
        )
        for at in range(3)
    ],
    "a screen reader's way back while Shift is down": lambda page: [
        hold(
            page,
            "Shift",
            lambda at=at: (
                page.evaluate(f"getSelection().collapse(document.querySelectorAll('h2')[{at % 3}])"),
                page.wait_for_timeout(50),
            ),
        )
        for at in range(6)
    ],
    "a screen reader's way back to a button": lambda page: [
        (shift(page, 1), page.evaluate(f"document.querySelectorAll('section button')[{at}].focus()"))
        for at in range(3)
    ],
    "a screen reader's way back out of sight": lambda page: [
        (
            shift(page, 1),
            until_told(page, "scroll", partial(page.evaluate, "(to) => scrollTo(0, to)", 900 - 200 * at)),
        )
        for at in range(3)
    ],
    "another tab between": lambda page: (shift(page, 2), elsewhere(page), shift(page, 1)),
}


def elsewhere(page: Page) -> None:
    """Another window comes to the front, and this one again. Playwright tells every page that it is in front."""
    page.evaluate("for (const kind of ['blur', 'focus']) window.dispatchEvent(new Event(kind))")


def test_shift_for_anything_else_is_no_exit(learner: Learner) -> None:
    """One after the other on one page. Each is followed by what ends a count, so that none lends to the next."""
    page = learner.open(SHARE).page
    for use, do in OTHER_USES.items():
        learner.write(CARD, WORDS).box(CARD).focus()
        page.keyboard.press("End")
        if use.startswith("a screen reader's"):
            page.wait_for_timeout(400)  # right after a key the page may move because of that key
        do(page)
        assert (page.title(), use) == ("Lesson 5", use)
        page.keyboard.press("Escape")
    assert_still_there(learner)
    # After all of this it still leaves.
    shift(page)
    assert_gone(learner)


def test_what_had_moved_before_the_first_shift_takes_none_away(learner: Learner) -> None:
    page = learner.open(SHARE).page
    page.wait_for_timeout(400)  # nothing is owed to a hand any more
    page.evaluate(SCROLLED_JUST_NOW)
    learner.drawn()
    shift(page, 2)
    expect(page).to_have_url(learner.course.neutral)


def flung_by_wheel(page: Page, at: int) -> None:
    page.mouse.wheel(0, 40 - at)  # the clock stands: it turns on without a pause


def flung_by_hand(page: Page, at: int) -> None:
    page.clock.run_for(200)
    page.evaluate(f"scrollTo(0, {1000 - 100 * at})")


@pytest.mark.parametrize("run_out", [flung_by_wheel, flung_by_hand])
def test_whoever_flung_the_page_and_sees_somebody_come_leaves_before_it_is_at_rest(
    learner: Learner, run_out: Callable[[Page, int], object]
) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE).write(CARD, WORDS)
    page.clock.run_for(6 * SECONDS)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 60"))
    page.mouse.click(200, 500) if run_out is flung_by_hand else page.mouse.move(200, 500)
    for at in range(3):
        run_out(page, at)
        shift(page, 1)
    expect(page).to_have_url(learner.course.neutral)


def test_a_key_whose_end_was_never_told_is_held_no_longer_than_the_count(learner: Learner) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE)
    page.keyboard.down("F8")  # the system took the rest of it
    shift(page)
    assert_still_open(page)
    page.clock.run_for(6 * SECONDS)
    shift(page)
    expect(page).to_have_url(learner.course.neutral)


def assert_still_open(page: Page) -> None:
    assert page.title() != "New page"


def count_of_shift(within: Page | Locator) -> Locator:
    """What is shown of it, in a place from where a screen reader tells it."""
    return within.locator("[aria-live=polite]").filter(has_text=re.compile("Shift|You stay"))


@pytest.mark.parametrize("where", ["page", "my words"])
def test_the_count_of_shift_is_shown_and_told_and_so_is_its_end(learner: Learner, where: str) -> None:
    page = learner.page
    page.clock.install()
    learner.open(SHARE)
    within = learner.bar if where == "page" else learner.my_words()
    count = count_of_shift(within)
    shift(page, 1)
    expect(count).to_have_text("Shift, twice more to leave")
    expect(count).to_be_in_viewport(ratio=1)
    shift(page, 1)
    expect(count).to_have_text("Shift, once more to leave")
    page.clock.run_for(6 * SECONDS)
    expect(count).to_have_text("You stay on this page")
    page.clock.run_for(6 * SECONDS)
    expect(count).to_have_count(0)
    # Whoever goes on writing stays at once.
    shift(page, 2)
    page.keyboard.press("a")
    expect(count).to_have_text("You stay on this page")
    shift(page, 2)
    expect(count).to_have_text("Shift, once more to leave")
    shift(page, 1)
    expect(page).to_have_url(learner.course.neutral)


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


# --- where it is

#: Widths and heights of a phone on its side, a small window, a small phone with a keyboard, a laptop enlarged, and 400 %.
LOW = [(640, 300), (750, 340), (320, 460), (911, 420), (320, 256), (390, 800), (1280, 800)]


def assert_in_reach(button: Locator) -> None:
    """All of it is on the screen, and nothing lies over it."""
    expect(button).to_be_in_viewport(ratio=1)
    button.click(trial=True)
    assert button.evaluate(
        """(one) => {
            const {left, top, width, height} = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }"""
    )


def test_quick_exit_is_in_reach_on_every_screen_however_far_one_scrolls(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    button = learner.bar.get_by_role("button", name="Quick exit")
    for width, height in LOW:
        page.set_viewport_size({"width": width, "height": height})
        for down in (0, 700, 100_000):
            page.evaluate("(down) => scrollTo(0, down)", down)
            assert_in_reach(button)
        page.evaluate("scrollTo(0, 0)")
        dialog = learner.my_words()
        in_dialog = dialog.get_by_role("button", name="Quick exit")
        assert_in_reach(in_dialog)
        dialog.evaluate("(one) => one.scrollTo(0, 100000)")
        assert_in_reach(in_dialog)
        page.keyboard.press("Escape")
    shift(page, 1)
    page.set_viewport_size({"width": 640, "height": 300})
    expect(count_of_shift(learner.bar)).to_be_in_viewport(ratio=1)


@pytest.fixture
def plain(chromium: Browser, course: Course) -> Iterator[Learner]:
    """Someone whose browser runs no scripts."""
    context = chromium.new_context(viewport={"width": 640, "height": 300}, java_script_enabled=False)
    yield Learner(context.new_page(), course)
    context.close()


@BY_EVERY_DOOR
def test_without_scripts_quick_exit_is_a_link_to_the_neutral_page(plain: Learner) -> None:
    page = plain.page
    page.goto(plain.course.address(SHARE))
    page.get_by_role("heading", name="Sources of this page").scroll_into_view_if_needed()
    link = plain.bar.get_by_role("link", name="Quick exit")
    expect(link).to_be_in_viewport(ratio=1)
    link.click()
    expect(page).to_have_url(plain.course.neutral)


@pytest.fixture
def around(tmp_path: Path, site: Path, serve: Callable[[Path], str]) -> str:
    """The address of a web host where a page of somebody else has the lesson in a frame, and a second one holds it
    fast there. The lesson itself comes from 127.0.0.1."""
    (tmp_path / "site").symlink_to(site)
    home = serve(tmp_path)
    for name, more in (("loose", ""), ("fast", 'sandbox="allow-scripts allow-same-origin"')):
        frame = f'<iframe src="{home}site/{SHARE}.html" {more} width="600" height="600"></iframe>'
        (tmp_path / f"{name}.html").write_text(f"<title>Around</title>{frame}")
    return home


def test_out_of_a_frame_quick_exit_leaves_the_whole_page(tab: Watched, plain: Learner, around: str) -> None:
    plain.page.goto(f"{around}loose.html")
    plain.page.frame_locator("iframe").get_by_role("link", name="Quick exit").click()
    expect(plain.page).to_have_url(f"{around}site/page.html")

    page = tab.page
    for name, how in (("loose", "button"), ("loose", "keys"), ("fast", "button")):
        # Once from the lesson's own host, and once from another.
        for home in (around, around.replace("127.0.0.1", "localhost")):
            page.goto(f"{home}{name}.html")
            lesson = page.frame_locator("iframe")
            card = lesson.locator(f'section[data-key="{CARD}"]').get_by_role("textbox")
            card.fill(WORDS)
            card.focus()
            lesson.get_by_role("button", name="Quick exit").click() if how == "button" else shift(page)
            if name == "loose":
                expect(page).to_have_url(f"{around}site/page.html")
            else:
                expect(lesson.get_by_role("heading")).to_have_text("New page")
            page.goto(f"{around}site/{SHARE}.html")
            assert WORDS not in Learner(page, published_course("http", f"{around}site/")).traces()


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
