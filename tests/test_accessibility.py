"""Everyone can use a page: by keyboard, by ear, by touch, small, much enlarged, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from conftest import Watched
from hands import (
    BY_BOTH_SERVERS,
    EXERCISE,
    FOLLOW,
    NEWS,
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
from visits import (
    FITS,
    HEIGHTS,
    LANDMARKS,
    PRIVATE,
    TARGETS,
    WIDE,
    WIDTHS,
    Visit,
    nameless,
    sized,
    small_targets,
    violations,
)

from alongside.course.lesson import lesson
from alongside.course.scenarios import END
from alongside.course.scenarios import scenario as story_of

pytestmark = pytest.mark.browser

CARD, ARRIVE, MAP, PROMISE = (
    "share-power-one-card",
    "share-power-arrive",
    "share-power-map",
    "share-power-promise",
)
STORY = "scenario-the-dragon-on-the-wall"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3

#: Where the focus is, what it is drawn with, and whether that is a change.
FOCUS = """() => {
    const one = document.activeElement;
    const drawn = [one, one.closest("label")].filter(Boolean).map((part) => getComputedStyle(part));
    const ring = drawn.find((style) => style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2);
    return {what: one.outerHTML.slice(0, 120), top: one === document.body, ring: Boolean(ring),
            seen: one.getBoundingClientRect().width > 0};
}"""

MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    const long = (times) => times.split(",").some((time) => parseFloat(time) > 0);
    return long(style.transitionDuration) || long(style.animationDuration) || style.scrollBehavior === "smooth";
}).length"""


def fill(learner: Learner) -> None:
    """Answer one of each kind on "Share power", so that the page shows all that it can show."""
    learner.open(SHARE).write(CARD, f"quiet otter {LONG}")
    learner.question(ARRIVE).get_by_role("radio", name="1, Hardly ever").check()
    group = learner.question(MAP)
    for pile in learner.texts(MAP, "piles"):
        group.get_by_role("button", name=pile, exact=True).click()
    story, scenario = learner.story(STORY), story_of("the-dragon-on-the-wall")
    step = scenario.steps[0].name
    while step != END:
        choice = next(one for one in scenario.steps if one.name == step).choices[0]
        story.choose(choice.say)
        step = choice.next
    story.press("See one way to repair")
    promise = learner.question(PROMISE)
    promise.get_by_label("What", exact=True).fill(f"quiet heron {LONG}")
    promise.get_by_role("radio", name="Maybe, it depends on …").check()


def lessons_among(names: Iterable[str]) -> list[str]:
    """Those of the pages on which something is asked."""
    found = [name for name in names if name in PAGES]
    assert len(found) > 6
    return found


@pytest.fixture(params=["light", "dark"])
def colored(request: pytest.FixtureRequest, chromium: Browser, course: Course) -> Iterator[Learner]:
    """Someone whose screen is set to light or to dark."""
    context = chromium.new_context(viewport={"width": 390, "height": 800}, color_scheme=request.param)
    yield Learner(context.new_page(), course)
    context.close()


# --- axe


@pytest.mark.parametrize("scheme", ["light", "dark", "at 320 px"])
def test_axe_finds_nothing_on_any_published_page(visits: dict[str, Visit], scheme: str) -> None:
    assert {name: one.axe[scheme] for name, one in visits.items()} == {name: [] for name in visits}


def test_axe_finds_nothing_on_the_neutral_page(colored: Learner) -> None:
    colored.page.goto(colored.course.neutral)
    assert violations(colored.page) == []


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


def test_every_page_says_its_language_and_has_landmarks_and_one_heading_of_the_first_rank(
    looked_at: dict[str, Visit],
) -> None:
    for name, one in looked_at.items():
        page = one.structure
        assert page.language == "en", name
        assert page.counts == dict.fromkeys(("heading", *LANDMARKS, "All lessons"), 1), name
        assert page.ranks[:1] == [1], name
        assert page.leaves_out_no_rank, name


def test_every_control_has_a_name(looked_at: dict[str, Visit]) -> None:
    for name, one in looked_at.items():
        assert "- button " in one.tree, name
        assert nameless(one.tree) == [], name


def test_on_every_page_each_question_has_something_to_press(visits: dict[str, Visit]) -> None:
    for name in lessons_among(visits):
        # Quick exit, My words, and one in each question; the planner has one until there is a plan.
        assert visits[name].tree.count("- button ") > (2 if name == "23-facilitate" else 3), name


def test_every_control_of_a_filled_page_has_a_name(learner: Learner) -> None:
    fill(learner)
    assert nameless(learner.unfold().page.locator("body").aria_snapshot()) == []
    learner.my_words()
    assert nameless(learner.unfold().page.locator("body").aria_snapshot()) == []
    learner.open(PLAN)
    assert nameless(learner.unfold().page.locator("body").aria_snapshot()) == []


def test_the_question_is_the_name_of_its_group_on_every_page(visits: dict[str, Visit]) -> None:
    found = [(name, *one) for name in lessons_among(visits) for one in visits[name].questions]
    assert len(found) > 20
    assert {name for name, *_ in found} == set(lessons_among(visits))
    assert [one for one in found if one[3:] != (1, True)] == []


def test_what_happened_is_said_by_a_status_line(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, "quiet otter")
    expect(learner.said(CARD)).to_have_text("Kept in this tab.")
    # One foot for all: Skip at the left, what is kept at the right.
    skip = learner.activity(CARD).get_by_role("button", name="Skip", exact=True).bounding_box()
    said, box = learner.said(CARD).bounding_box(), learner.box(CARD).bounding_box()
    assert skip and said and box
    assert abs(skip["x"] - box["x"]) < 2
    assert abs(said["x"] + said["width"] - box["x"] - box["width"]) < 2
    for section in learner.page.locator("section.alongside-activity").all():
        expect(section.get_by_role("status")).to_have_count(1)
    expect(learner.my_words().get_by_role("status")).to_have_count(1)


#: Counts how often words come into a status line: each time is an announcement.
ANNOUNCED = """() => {
    globalThis.announced = 0;
    const lines = [...document.querySelectorAll("[role=status]")];
    for (const line of lines) new MutationObserver(() => { if (line.textContent) announced += 1; })
        .observe(line, {childList: true, characterData: true, subtree: true});
    return lines.length;
}"""


def test_twelve_letters_are_announced_once(learner: Learner) -> None:
    # The page's own clock stands still while somebody writes: on a slow machine a second goes by between two letters.
    learner.page.clock.install(time="2027-03-05T09:00:00Z")
    page = learner.open(SHARE).page
    learner.question(PROMISE).get_by_role("radio", name="Not this time").check()
    assert page.evaluate(ANNOUNCED) > 5
    page.clock.pause_at("2027-03-05T09:20:00Z")
    for box, times in (
        (learner.box(CARD), 1),
        (learner.question(PROMISE).get_by_label("What", exact=True), 0),
    ):
        page.evaluate("announced = 0")
        box.press_sequentially("twelve otter")
        assert page.evaluate("announced") == 0  # a screen reader leaves off at each key
        page.clock.run_for(1500)  # it is said when nobody has written for a second
        assert page.evaluate("announced") == times
    card = str(learner.props(CARD)["prompt"])
    page.clock.resume()
    page = learner.open(PLAN).page
    page.evaluate(ANNOUNCED)
    page.clock.pause_at("2027-03-05T09:40:00Z")
    learner.question("plan").get_by_role("textbox", name=card, exact=True).press_sequentially("twelve otter")
    assert page.evaluate("announced") == 0
    page.clock.run_for(1500)
    expect(learner.said("plan")).to_have_text("Kept in this tab.")
    assert page.evaluate("announced") == 1
    # An empty line has no size.
    sizes = "(all) => all.filter((one) => !one.textContent).map((one) => one.getBoundingClientRect().width)"
    empty = page.locator(NEWS).evaluate_all(sizes)
    assert empty
    assert set(empty) == {0}


def test_a_person_who_only_hears_and_tabs_gets_story_consequence_and_card(learner: Learner) -> None:
    page, keys = learner.open(SHARE).page, learner.page.keyboard
    scenario, shown = story_of("the-dragon-on-the-wall"), learner.story(STORY).shown
    steps = {step.name: step for step in scenario.steps}
    step = scenario.steps[0]
    # Coming in by Tab, the group's name is said before the button's.
    opening = shown.get_by_role("group", name=scenario.opening, exact=True)
    begin = opening.get_by_role("group", name=step.text, exact=True)
    expect(begin).to_have_count(1)
    choice = step.choices[0]
    tab_to(page, begin.get_by_role("button", name=choice.say, exact=True))
    keys.press("Enter")
    costs = f"What it costs {choice.costs} Who gains power {choice.gains_power}"
    led = shown.get_by_role(
        "group", name=f"{choice.then} {costs} Who carries the risk {choice.carries_risk}", exact=True
    )
    assert focused(led)
    stands = {**dict(scenario.carries), **dict(choice.changes)}
    for words in stands.values():
        expect(led).to_have_accessible_description(re.compile("^How things stand .*" + re.escape(words)))
    assert stands
    further = shown.get_by_role("group", name=steps[choice.next].text, exact=True)
    tab_to(page, further.get_by_role("button").first)
    keys.press("Enter")
    tab_to(page, shown.get_by_role("button", name="Back one choice"))
    keys.press("Enter")
    assert focused(led)
    tab_to(page, shown.get_by_role("button", name="Start over"))
    keys.press("Enter")
    assert focused(begin)
    # The card is the name of what holds its piles; a pile is the name of what lies in it.
    cards, piles = learner.texts(MAP, "cards"), learner.texts(MAP, "piles")
    hand = f"Card 1 of {len(cards)}. Where does it belong? {cards[0]}"
    group = learner.question(MAP)
    tab_to(
        page,
        group.get_by_role("group", name=hand, exact=True).get_by_role("button", name=piles[0], exact=True),
    )
    keys.press("Enter")
    lying = group.get_by_role("group", name=piles[0], exact=True).get_by_role(
        "button", name=cards[0], exact=True
    )
    expect(lying).to_have_count(1)
    # A note belongs to its box, Skip says what it skips, and its opposite says that it was heard.
    care = "Use no names. Leave out details that could point to one person."
    expect(learner.box(CARD)).to_have_accessible_description(care)
    for box in learner.question(PROMISE).get_by_role("textbox").all():
        if box.get_attribute("type") != "date":
            expect(box).to_have_accessible_description(care)
    skip = learner.activity(CARD).get_by_role("button", name="Skip", exact=True)
    expect(skip).to_have_accessible_description(str(learner.props(CARD)["prompt"]))
    skip.press("Enter")
    learner.activity(CARD).get_by_role("button", name="Answer after all").press("Enter")
    expect(learner.said(CARD)).to_have_text("You can answer now.")
    # Words to start from are for somebody, and the first answer stands beside the last question.
    starter = str(learner.props(PROMISE)["starters"][0])  # type: ignore[index]
    learner.question(PROMISE).get_by_text("Words to start from", exact=True).click()
    starters = learner.question(PROMISE).get_by_role("button", name=starter, exact=True)
    expect(starters).to_have_accessible_description("If you decide things here:")
    learner.question(ARRIVE).get_by_role("radio", name="1, Hardly ever").check()
    again = learner.question(f"{ARRIVE}-close").get_by_role("radio")
    expect(again.first).to_have_accessible_description("When you arrived you said 1 of 5: Hardly ever.")


def test_a_story_says_that_its_way_ends_and_what_to_think_about(learner: Learner) -> None:
    fill(learner)
    shown, end = learner.story(STORY).shown, "This way through ends here. Other ways are open."
    asked = story_of("the-dragon-on-the-wall").debrief[-1]
    think = re.compile("^To think about, or to talk about: .*" + re.escape(asked))
    mending = shown.get_by_role("group", name=end, exact=True).get_by_role(
        "group", name="Something may still need mending.", exact=True
    )
    ended = shown.get_by_role("group", name=end, exact=True).get_by_role("group", name=think)
    for choice in story_of("the-dragon-on-the-wall").steps[-1].choices[:1]:
        learner.story(STORY).choose(choice.say)
    expect(mending).to_have_count(0)
    expect(ended.get_by_role("button", name="Try another way")).to_have_count(1)
    ended.get_by_role("button", name="Back one choice").click()
    expect(mending.get_by_role("button", name="See one way to repair")).to_have_count(1)


def test_what_orca_would_say_in_any_order_or_never_reach_the_end_of_is_not_on_a_page(
    learner: Learner,
) -> None:
    """Several texts as one name, and parts that are laid out late. Heard in test_hearing.py, at night."""
    several = "[role=group][aria-labelledby*=' ']"
    page = learner.open(SHARE).page
    expect(page.locator("[role=group][aria-labelledby]")).not_to_have_count(0)
    expect(page.locator(several)).to_have_count(0)
    late = """[...document.querySelectorAll("main > *, footer")]
        .filter((one) => getComputedStyle(one).contentVisibility !== "visible").length"""
    assert page.evaluate(late) == 0
    fill(learner)
    expect(page.locator(several)).to_have_count(0)
    expect(learner.my_words().get_by_role("heading", name="My words")).to_be_focused()


def test_a_gentler_story_and_a_way_to_repair_take_the_focus_along(learner: Learner) -> None:
    page, scenario = learner.open("12-be-reliable").page, story_of("wednesday-without-lonnie")
    shown = learner.story("scenario-wednesday-without-lonnie").shown
    gentler = scenario.gentler
    assert gentler
    for press, story in (("Take a gentler story", story_of(gentler)), ("Back to the first story", scenario)):
        tab_to(page, shown.get_by_role("button", name=press))
        page.keyboard.press("Enter")
        opening = shown.get_by_role("group", name=story.opening, exact=True)
        assert focused(opening.get_by_role("group", name=story.steps[0].text, exact=True))


def test_what_is_taken_out_of_the_plan_leaves_the_focus_at_its_place(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, "quiet otter").page
    learner.question(PROMISE).get_by_label("What", exact=True).fill("quiet heron")
    learner.question(ARRIVE).get_by_role("radio", name="2", exact=True).check()
    prompts = [str(learner.props(key)["prompt"]) for key in (CARD, PROMISE, ARRIVE)]
    plan = learner.open(PLAN).question("plan")
    names = plan.get_by_role("button").evaluate_all(
        "(all) => all.map((one) => one.ariaLabel || one.textContent)"
    )
    assert len(names) == len(set(names)) > 5
    assert f"Save a calendar note: {prompts[1]}" in names
    for at, after in ((1, 2), (2, 0), (0, None)):
        out = plan.get_by_role("button", name=f"Take this out: {prompts[at]}", exact=True)
        tab_to(page, out)
        page.keyboard.press("Enter")
        expect(learner.said("plan")).to_have_text("Taken out.")
        if after is None:
            assert focused(plan.get_by_role("group", name="Nothing is kept here yet"))
        else:
            assert focused(plan.get_by_role("group", name=prompts[after], exact=True))


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


def test_private_boxes_tell_the_browser_to_remember_check_and_suggest_nothing(
    visits: dict[str, Visit], learner: Learner
) -> None:
    for name in lessons_among(visits):
        asked = {kind for kind, *_ in visits[name].questions}
        assert boxes(visits[name].boxes) or not asked & {"ask", "promise"}, name
    fill(learner)
    learner.my_words()
    assert {"textarea", "date", "text"} <= boxes(learner.page.evaluate(PRIVATE))
    learner.open(PLAN)
    assert {"textarea", "date", "text"} <= boxes(learner.page.evaluate(PRIVATE))


def boxes(found: Iterable[Sequence[str]]) -> set[str]:
    """The kinds of boxes for words on a page, after a look at each one's attributes."""
    for kind, autocomplete, spellcheck, suggestions, gramm in found:
        # A browser offers to keep what is of type password, also when it was forgotten.
        assert (kind != "password", autocomplete) == (True, "off")
        assert (spellcheck, suggestions, gramm) == ("false", "false", "false")
    return {kind for kind, *_ in found}


# --- touch, small screens, much enlarged


@pytest.mark.parametrize("width", WIDTHS)
def test_touch_targets_are_44_pixels_each_way(visits: dict[str, Visit], learner: Learner, width: int) -> None:
    assert {name: small_targets(one.targets[width]) for name, one in visits.items()} == {
        name: [] for name in visits
    }
    sized(learner.page, width)
    fill(learner)
    assert small_targets(learner.unfold().page.evaluate(TARGETS)) == []
    learner.my_words()
    assert small_targets(learner.unfold().page.evaluate(TARGETS)) == []
    learner.open(PLAN)
    assert small_targets(learner.unfold().page.evaluate(TARGETS)) == []


@pytest.mark.parametrize("height", HEIGHTS, ids=["320 px", "400 % zoom"])
def test_nobody_has_to_scroll_sideways(visits: dict[str, Visit], learner: Learner, height: int) -> None:
    assert {name: one.wide[height] for name, one in visits.items()} == dict.fromkeys(visits, FITS)
    sized(learner.page, 320, height)
    fill(learner)
    assert learner.unfold().page.evaluate(WIDE) == FITS
    learner.my_words()
    assert learner.unfold().page.evaluate(WIDE) == FITS
    learner.open(PLAN)
    assert learner.unfold().page.evaluate(WIDE) == FITS


def test_a_sheet_of_many_columns_fits_a_small_phone_also_in_the_wider_letters_of_another_engine(
    learner: Learner,
) -> None:
    page = sized(learner.page, 320)
    learner.open(EXERCISE)
    sheet = page.locator(".al-paper", has=page.get_by_role("columnheader", name="who decides"))
    sheet.evaluate("(one) => one.style.letterSpacing = '.15em'")
    assert sheet.evaluate("(one) => one.scrollWidth - one.clientWidth") > 0  # it scrolls by itself
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


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


def test_a_box_hides_nothing_of_what_was_written(learner: Learner, tmp_path: Path) -> None:
    """After the phone was turned, after a box was filled while it was hidden, and with wider letters."""
    page = sized(learner.page, 800, 390)
    promise = learner.open(SHARE).question(PROMISE)
    learner.write(CARD, "quiet otter " * 40)
    promise.get_by_role("radio", name="Maybe, it depends on …").check()
    depends = promise.get_by_role("textbox", name="It depends on")
    depends.fill("quiet heron " * 40)
    sized(page, 390, 800)
    for box in (learner.box(CARD), depends):
        expect_nothing_hidden(learner, box)

    words = learner.my_words()
    with page.expect_download() as saved:
        words.get_by_role("button", name="Save as a file", exact=True).click()
    words.get_by_role("button", name="Forget everything here").click()
    saved.value.save_as(tmp_path / "notes.html")
    words.get_by_label("Choose a file that you saved here").set_input_files(tmp_path / "notes.html")
    expect(words.locator(NEWS)).to_have_text("Your words are back in this tab.")
    page.keyboard.press("Escape")
    for box in (learner.box(CARD), depends):
        expect_nothing_hidden(learner, box)
        # A person's own style, which a page is not told of: what no longer fits can be scrolled to.
        box.evaluate(
            "(one) => Object.assign(one.style, {lineHeight: 2, letterSpacing: '.12em', wordSpacing: '.16em'})"
        )
        assert box.evaluate("(one) => getComputedStyle(one).overflowY") == "auto"


def expect_nothing_hidden(learner: Learner, box: Locator) -> None:
    box.scroll_into_view_if_needed()
    learner.drawn().drawn()  # a page is told what came into sight after it was drawn
    assert box.evaluate("(one) => one.scrollHeight - one.clientHeight") == 0


# --- focus and keys


#: Of what has the focus, how much lies below what stays at the top: a part of 1. Quick exit and My words stay there
#: themselves.
CLEAR = """() => {
    const one = document.activeElement;
    if (one === document.body || one.closest(".al-bar, .al-skip")) return null;
    const part = ["radio", "checkbox"].includes(one.type) ? one.closest("label") : one;
    const {left, right, top, height} = part.getBoundingClientRect();
    const over = [...document.querySelectorAll(".al-bar, .al-bar .al-exit")].map((bar) => bar.getBoundingClientRect())
        .filter((bar) => bar.height && bar.top < 20 && bar.bottom > 0 && left < bar.right && right > bar.left);
    const line = Math.max(0, ...over.map((bar) => bar.bottom));
    return {what: one.outerHTML.slice(0, 100), top, line, bottom: top + height, low: innerHeight};
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 800), (1280, 800), (640, 300)])
def test_what_has_the_focus_or_was_linked_to_lies_clear_of_the_bar(
    learner: Learner, width: int, height: int
) -> None:
    page = sized(learner.page, width, height)
    learner.open(SHARE).unfold()
    covered = [one for key in ("Tab", "Shift+Tab") for one in stops_under_the_bar(page, key)]
    assert covered == []
    source = page.locator('a[href^="#source-"]').first
    source.click()
    target = page.locator(source.get_attribute("href") or "")
    expect(target).to_be_in_viewport()
    assert target.bounding_box()["y"] >= 60  # type: ignore[index]


def stops_under_the_bar(page: Page, key: str) -> list[dict[str, Any]]:
    page.evaluate("document.activeElement.blur()")
    covered, seen = [], 0
    for _ in range(120):
        page.keyboard.press(key)
        stop = page.evaluate(CLEAR)
        if stop is None and seen > 5:
            break
        if stop is not None:
            seen += 1
            if stop["top"] < stop["line"] - 1 and stop["bottom"] < stop["low"]:
                covered.append(stop)
    assert seen > 40
    return covered


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
    scenario = story_of("the-dragon-on-the-wall")
    step, shown = scenario.steps[0].name, learner.story(STORY).shown
    while step != END:
        choice = next(one for one in scenario.steps if one.name == step).choices[-1]
        press("Enter", shown.get_by_role("button", name=choice.say, exact=True))
        assert page.evaluate("document.activeElement.textContent").startswith(choice.then)
        step = choice.next
    press("Enter", shown.get_by_role("button", name="See one way to repair"))
    repair = next(one for one in scenario.steps if one.name == scenario.repair)
    assert page.evaluate("document.activeElement.firstChild.textContent") == repair.text
    press("Space", shown.get_by_role("button", name=repair.choices[0].say, exact=True))
    # Cards are skipped; words are written; a promise is made.
    press("Space", learner.activity(MAP).get_by_role("button", name="Skip", exact=True))
    expect(learner.activity(MAP).get_by_role("button", name="Answer after all")).to_be_focused()
    tab_to(page, learner.box(CARD))
    keys.type("Opening hours")
    promise = learner.question(PROMISE)
    press("Enter", promise.get_by_text("Words to start from", exact=True))
    press("Enter", promise.get_by_role("listitem").get_by_role("button").first)
    assert focused(promise.get_by_label("What", exact=True))
    press("Space", promise.get_by_role("radio", name="Yes", exact=True))
    tab_to(page, promise.get_by_label("By when (a day)"))
    keys.type("03012027")
    # A year has four digits, however many are typed: no calendar reads five.
    expect(promise.get_by_label("By when (a day)")).to_have_value("2027-03-01")
    keys.press("Shift+Tab")
    promise.get_by_label("By when (a day)").press("Control+a")
    keys.type("030112345")
    expect(promise.get_by_label("By when (a day)")).to_have_value(re.compile(r"\d{4}-\d\d-\d\d"))
    promise.get_by_label("By when (a day)").fill("2027-03-01")
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
    press("Enter", page.get_by_role("link", name=f"Go to: {lesson(FOLLOW).title}"))
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson(FOLLOW).title)
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
    learner.story(STORY).choose(story_of("the-dragon-on-the-wall").steps[0].choices[0].say)
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
