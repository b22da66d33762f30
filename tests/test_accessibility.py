"""Everyone can use a page: by keyboard, by ear, by touch, small, much enlarged, light and dark."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Watched
from hands import (
    ABOUT,
    BY_BOTH_SERVERS,
    FOLLOW,
    PAGES,
    PEOPLE,
    PLAN,
    SHARE,
    START,
    Course,
    Learner,
    focused,
    tab_to,
)
from playwright.sync_api import Browser, Locator, Page, expect

from alongside import content

pytestmark = pytest.mark.browser

CARD, ARRIVE, MAP, PROMISE = (
    "share-power-one-card",
    "share-power-arrive",
    "share-power-map",
    "share-power-promise",
)
STORY = "scenario-one-seat-on-the-board"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3

#: Everything that can be pressed, written in or ticked; of a small box, the label that belongs to it.
TARGETS = """() => [...document.querySelectorAll("button, input, textarea, select, summary, a[href]")]
    .map((one) => (["radio", "checkbox"].includes(one.type) ? one.closest("label") : one))
    .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline")
    .filter((one) => one.getBoundingClientRect().right > 0)
    .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect().width, one.getBoundingClientRect().height])"""

PRIVATE = """() => [...document.querySelectorAll("textarea, input:not([type=radio], [type=checkbox], [type=file])")]
    .map((one) => [one.type, one.autocomplete, one.getAttribute("spellcheck"), one.dataset.gramm])"""

#: Where the focus is, what it is drawn with, and whether that is a change.
FOCUS = """() => {
    const one = document.activeElement;
    const drawn = [one, one.closest("label")].filter(Boolean).map((part) => getComputedStyle(part));
    const ring = drawn.find((style) => style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2);
    return {what: one.outerHTML.slice(0, 120), top: one === document.body, ring: Boolean(ring),
            seen: one.getBoundingClientRect().width > 0};
}"""

WIDE = """() => ({
    page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    parts: [...document.querySelectorAll("dialog, .alongside-activity, .alongside-passport")]
        .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.outerHTML.slice(0, 120)),
})"""

MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    const long = (times) => times.split(",").some((time) => parseFloat(time) > 0);
    return long(style.transitionDuration) || long(style.animationDuration) || style.scrollBehavior === "smooth";
}).length"""


def violations(page: Page) -> list[str]:
    found: dict[str, Any] = Axe().run(page).response
    assert found["passes"], "axe looked at nothing"
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def fill(learner: Learner) -> None:
    """Answer one of each kind on "Share power", so that the page shows all that it can show."""
    learner.open(SHARE).write(CARD, f"quiet otter {LONG}")
    learner.question(ARRIVE).get_by_role("radio", name="1, Hardly ever").check()
    group = learner.question(MAP)
    for pile in learner.props(MAP)["piles"]:  # type: ignore[attr-defined]
        group.get_by_role("button", name=pile, exact=True).click()
    story, scenario = learner.story(STORY), content.scenario("one-seat-on-the-board")
    step = scenario.steps[0].name
    while step != content.END:
        choice = next(one for one in scenario.steps if one.name == step).choices[0]
        story.choose(choice.say)
        step = choice.next
    story.press("See one way to repair")
    promise = learner.question(PROMISE)
    promise.get_by_label("What", exact=True).fill(f"quiet heron {LONG}")
    promise.get_by_role("radio", name="Maybe, it depends on …").check()


@pytest.fixture(params=["light", "dark"])
def colored(request: pytest.FixtureRequest, chromium: Browser, course: Course) -> Iterator[Learner]:
    """Someone whose screen is set to light or to dark."""
    context = chromium.new_context(viewport={"width": 390, "height": 800}, color_scheme=request.param)
    yield Learner(context.new_page(), course)
    context.close()


# --- axe


def test_axe_finds_nothing_on_any_published_page(colored: Learner) -> None:
    found = {name: violations(colored.open(name).unfold().page) for name in (*PAGES, *ABOUT)}
    colored.page.goto(colored.course.neutral)
    assert found | {"neutral": violations(colored.page)} == {name: [] for name in (*PAGES, *ABOUT, "neutral")}


def test_axe_finds_nothing_on_a_page_that_is_filled_in(colored: Learner) -> None:
    fill(colored)
    assert violations(colored.unfold().page) == []
    colored.my_words()
    assert violations(colored.unfold().page) == []
    colored.open(PLAN)
    assert violations(colored.unfold().page) == []


def test_axe_finds_nothing_while_it_is_asked_who_this_is(colored: Learner) -> None:
    colored.open(SHARE).write(CARD, "quiet otter")
    with colored.page.expect_popup() as opened:
        colored.page.evaluate("window.open(location.href)")
    twin = colored.beside(opened.value).ready()
    expect(twin.still_you).to_be_visible()
    assert violations(twin.page) == []
    twin.page.keyboard.press("Escape")
    assert violations(twin.page) == []


@pytest.mark.parametrize("course", ["voila"], indirect=True)
def test_axe_finds_nothing_in_voila(colored: Learner) -> None:
    assert violations(colored.open(SHARE).unfold().page) == []
    colored.my_words()
    assert violations(colored.unfold().page) == []


# --- names and structure


@BY_BOTH_SERVERS
def test_every_page_says_its_language_and_has_landmarks_and_one_heading_of_the_first_rank(
    learner: Learner,
) -> None:
    for name in (*PAGES, *ABOUT) if learner.course.door == "http" else (SHARE,):
        page = learner.open(name).page
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        for landmark in ("main", "banner", "contentinfo"):
            expect(page.get_by_role(landmark)).to_have_count(1)  # type: ignore[arg-type]
        expect(page.get_by_role("navigation", name="All lessons")).to_have_count(1)
        levels = [
            int(one[1])
            for one in page.locator("h1, h2, h3, h4").evaluate_all("(all) => all.map((one) => one.tagName)")
        ]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@BY_BOTH_SERVERS
def test_every_control_has_a_name(learner: Learner) -> None:
    for name in PAGES if learner.course.door == "http" else (SHARE,):
        tree = learner.open(name).unfold().page.locator("body").aria_snapshot()
        assert tree.count("- button ") > 3
        assert nameless(tree) == []


def test_every_control_of_a_filled_page_has_a_name(learner: Learner) -> None:
    fill(learner)
    assert nameless(learner.unfold().page.locator("body").aria_snapshot()) == []
    learner.my_words()
    assert nameless(learner.unfold().page.locator("body").aria_snapshot()) == []
    learner.open(PLAN)
    assert nameless(learner.unfold().page.locator("body").aria_snapshot()) == []


def nameless(tree: str) -> list[str]:
    """Lines of an accessibility tree with a control that a screen reader can't name."""
    control = re.compile(r"- '?(button|link|textbox|radio|checkbox|combobox|spinbutton|img)(?! \")")
    return [line for line in tree.splitlines() if control.search(line)]


def test_the_question_is_the_name_of_its_group_on_every_page(learner: Learner) -> None:
    counted = 0
    for name in PAGES:
        learner.open(name)
        for section in learner.page.locator("section.alongside-activity").all():
            prompt = str(learner.props(section.get_attribute("data-key") or "")["prompt"])
            expect(section.get_by_role("group", name=prompt, exact=True)).to_have_count(1)
            expect(section.get_by_text(prompt, exact=True).first).to_be_visible()
            counted += 1
    assert counted > 20


def test_what_happened_is_said_by_a_status_line(learner: Learner) -> None:
    learner.open(SHARE)
    for section in learner.page.locator("section.alongside-activity").all():
        expect(section.get_by_role("status")).to_have_count(1)
    expect(learner.my_words().get_by_role("status")).to_have_count(1)


@BY_BOTH_SERVERS
def test_the_skip_link_leads_to_the_lesson(learner: Learner) -> None:
    page = learner.open(SHARE).page
    link = page.get_by_role("link", name="Skip to the lesson")
    tab_to(page, link, most=5)
    assert link.evaluate("(one) => one.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert focused(page.get_by_role("main"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_private_boxes_tell_the_browser_to_remember_and_check_nothing(learner: Learner) -> None:
    for name in PAGES:
        page = learner.open(name).unfold().page
        kinds = boxes(page)
        assert kinds or page.locator('[data-activity="ask"], [data-activity="promise"]').count() == 0
    fill(learner)
    learner.my_words()
    assert {"textarea", "date", "password"} <= boxes(learner.page)
    learner.open(PLAN)
    assert {"textarea", "date", "password"} <= boxes(learner.page)


def boxes(page: Page) -> set[str]:
    """The kinds of boxes for words on a page, after a look at each one's attributes."""
    found = page.evaluate(PRIVATE)
    for kind, autocomplete, spellcheck, gramm in found:
        assert autocomplete == "off" or (kind, autocomplete) == ("password", "new-password")
        assert (spellcheck, gramm) == ("false", "false")
    return {kind for kind, *_ in found}


# --- touch, small screens, much enlarged


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_touch_targets_are_44_pixels_each_way(learner: Learner, width: int) -> None:
    learner.page.set_viewport_size({"width": width, "height": 800})
    small = []
    for name in (*PAGES, *ABOUT):
        found = learner.open(name).unfold().page.evaluate(TARGETS)
        assert found
        small += [(name, *one) for one in found if min(one[1:]) < 43.9]
    fill(learner)
    for _ in range(2):
        small += [one for one in learner.unfold().page.evaluate(TARGETS) if min(one[1:]) < 43.9]
        if learner.page.get_by_role("dialog").count() == 0:
            learner.my_words()
    learner.open(PLAN)
    small += [one for one in learner.unfold().page.evaluate(TARGETS) if min(one[1:]) < 43.9]
    assert small == []


@pytest.mark.parametrize("height", [640, 256], ids=["320 px", "400 % zoom"])
def test_nobody_has_to_scroll_sideways(learner: Learner, height: int) -> None:
    page = learner.page
    page.set_viewport_size({"width": 320, "height": height})
    fits = {"page": 0, "parts": []}
    for name in (*PAGES, *ABOUT):
        assert learner.open(name).unfold().page.evaluate(WIDE) == fits, name
    fill(learner)
    assert learner.unfold().page.evaluate(WIDE) == fits
    learner.my_words()
    assert learner.unfold().page.evaluate(WIDE) == fits
    learner.open(PLAN)
    assert learner.unfold().page.evaluate(WIDE) == fits


def test_the_bar_does_not_cover_a_much_enlarged_page(learner: Learner) -> None:
    page = learner.page
    page.set_viewport_size({"width": 320, "height": 256})
    learner.open(SHARE)
    box = learner.box(CARD)
    box.focus()
    box.scroll_into_view_if_needed()
    assert learner.bar.bounding_box()["y"] < 0  # type: ignore[index]


def test_the_bar_stays_in_reach_on_a_phone(learner: Learner) -> None:
    learner.open(SHARE).box(CARD).scroll_into_view_if_needed()
    exit_button = learner.bar.get_by_role("button", name="Quick exit")
    expect(exit_button).to_be_in_viewport(ratio=1)


# --- focus and keys


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_can_be_seen_at_every_stop(learner: Learner, scheme: Literal["light", "dark"]) -> None:
    page = learner.page
    page.emulate_media(color_scheme=scheme)
    for name in (SHARE, START, PLAN):
        learner.open(name).unfold()
        stops = walk_all(page)
        assert len(stops) > 20
        assert [one["what"] for one in stops if not (one["ring"] and one["seen"])] == []
    learner.open(SHARE).write(CARD, "quiet otter").my_words()
    learner.unfold()
    stops = walk_all(page, most=12)
    assert [one["what"] for one in stops if not (one["ring"] and one["seen"])] == []


def walk_all(page: Page, most: int = 200) -> list[dict[str, Any]]:
    """Every stop of the Tab key until it comes back to where it began."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["top"] or (stops and stop["what"] == stops[0]["what"]):
            break
        stops.append(stop)
    return stops


def test_a_lesson_can_be_done_by_keyboard_alone(learner: Learner, tab: Watched) -> None:
    page, keys = learner.page, learner.page.keyboard
    learner.open(SHARE)

    def press(key: str, wanted: Locator) -> None:
        tab_to(page, wanted)
        keys.press(key)

    press("Enter", page.get_by_role("link", name="Skip to the lesson"))
    # A scale: Tab comes in, arrows choose.
    press("Space", learner.question(ARRIVE).get_by_role("radio", name="1, Hardly ever"))
    keys.press("ArrowRight")
    expect(learner.question(ARRIVE).get_by_role("radio", name="2", exact=True)).to_be_checked()
    # A story: after each choice the focus is at what happened, and the next choices are ahead.
    scenario = content.scenario("one-seat-on-the-board")
    step, shown = scenario.steps[0].name, learner.story(STORY).shown
    while step != content.END:
        choice = next(one for one in scenario.steps if one.name == step).choices[-1]
        press("Enter", shown.get_by_role("button", name=choice.say, exact=True))
        assert page.evaluate("document.activeElement.textContent") == choice.then
        step = choice.next
    press("Enter", shown.get_by_role("button", name="See one way to repair"))
    repair = next(one for one in scenario.steps if one.name == scenario.repair)
    assert page.evaluate("document.activeElement.textContent") == repair.text
    press("Space", shown.get_by_role("button", name=repair.choices[0].say, exact=True))
    # Cards are skipped; words are written; a promise is made.
    press("Space", learner.activity(MAP).get_by_role("button", name="Skip", exact=True))
    expect(learner.activity(MAP).get_by_role("button", name="Answer after all")).to_be_focused()
    tab_to(page, learner.box(CARD))
    keys.type("Opening hours")
    promise = learner.question(PROMISE)
    press("Enter", promise.get_by_role("button").first)
    assert focused(promise.get_by_label("What", exact=True))
    press("Space", promise.get_by_role("radio", name="Yes", exact=True))
    tab_to(page, promise.get_by_label("By when (a day)"))
    keys.type("03012027")
    expect(promise.get_by_label("By when (a day)")).to_have_value("2027-03-01")
    press("Space", promise.get_by_label("Put my words in"))
    with page.expect_download():
        press("Enter", promise.get_by_role("button", name="Save a calendar note"))
    # All of it stands in "My words"; the dialog gives the focus back.
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    press("Enter", learner.bar.get_by_role("button", name="My words"))
    words = page.get_by_role("dialog", name="My words")
    expect(words).to_contain_text("Opening hours")
    keys.press("Escape")
    expect(words).to_have_count(0)
    assert focused(learner.bar.get_by_role("button", name="My words"))
    press("Enter", page.get_by_role("link", name=f"Go to: {content.lesson(FOLLOW).title}"))
    expect(page.get_by_role("heading", level=1)).to_have_text(content.lesson(FOLLOW).title)
    assert tab.errors == []


def test_a_dialog_holds_the_focus_and_closes_with_escape(learner: Learner) -> None:
    page = learner.open(SHARE).page
    dialog = learner.my_words()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_nothing_moves_for_people_who_asked_for_that(learner: Learner) -> None:
    page = learner.page
    page.emulate_media(reduced_motion="no-preference")
    learner.open(SHARE)
    assert page.evaluate(MOVING) > 0  # else this test would see nothing
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0
    learner.my_words()
    assert page.evaluate(MOVING) == 0


@pytest.mark.parametrize("contrast", ["forced colors"])
def test_chosen_and_focused_can_be_told_in_forced_colors(learner: Learner, contrast: str) -> None:
    page = learner.page
    page.emulate_media(forced_colors="active")
    learner.open(PEOPLE)
    radio = learner.question("people-done-well").get_by_role("radio").first
    radio.check()
    box = radio.bounding_box()
    assert (
        box and min(box["width"], box["height"]) >= 16
    )  # the browser's own control, drawn in its own colors
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["ring"]
