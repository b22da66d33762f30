"""The big screen: what a room sees, in letters that it can read, and nothing that only the host reads."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SECONDS, Jupyter, Watched
from playwright.sync_api import Browser, Page, expect

from alongside.activities import MIME
from alongside.course.lesson import Lesson, exercises, lessons, open_notebook
from alongside.course.references import care, here, opening
from alongside.surfaces import direct, screen

#: What is led in a room. The page that plans is not: it alone holds what hosts say.
ALL = tuple(one for one in (*lessons(), *exercises()) if one.session)
#: The longest texts, an exercise with ten options and a vote, a story with a gentler twin, and a tool beside activities.
SAMPLE = ("exercise-05-share-power", "16-worker-stances", "03-values-how-we-work", "20-survey-ask")
SIZE = (1024, 768)
SMALLEST = 28  # pixels of a letter
TEN = "2027-03-05T10:00:00Z"

ROWS = [
    {"id": "opening", "minutes": 6},
    {"id": "05-share-power/dragon-story", "minutes": 10},
    {"id": "exercise-05-share-power/show-fours", "minutes": 8},
    {"id": "break", "minutes": 10},
    {"id": "05-share-power/look-chairs", "minutes": 8},
    {"id": "closing", "minutes": 3},
]
PLAN: dict[str, Any] = {
    "alongside_plan": 1,
    "start": "10:00",
    "people": 9,
    "rows": ROWS,
    "cuts": [{"id": "05-share-power/look-chairs", "saves": 8}],
}


def link(plan: Any) -> str:
    """What the planner writes behind the "#"."""
    return base64.urlsafe_b64encode(json.dumps(plan).encode()).decode().rstrip("=")


# --- what stands in the page, without a browser ----------------------------------------------------------


def plain(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).split())


def sentences(text: str) -> list[str]:
    """Of four words and more: shorter ones can say the same by chance."""
    found = [plain(one) for one in re.split(r"(?<=[.!?:])\s+|\n|“|”", text)]
    return [one for one in found if len(one.split()) >= 4]


def words_in(page: str) -> str:
    """All that a page holds, also what is not shown, in attributes and in its script."""
    return plain(html.unescape(re.sub(r"<[^>]*>", " ", page))) + plain(html.unescape(page))


def of_the_host(lesson: Lesson) -> list[str]:
    cells = [text for cell in lesson.facilitator_cells for text in sentences(cell.source)]
    steps = lesson.session.in_order if lesson.session else ()
    return [*cells, *(text for step in steps for said in (step.say, step.do) for text in sentences(said))]


@cache
def of_hosts_alone() -> frozenset[str]:
    """The sentences of hosts that no learner reads anywhere."""
    learners = plain(
        " ".join(lesson.prose() + " ".join(asked_in(lesson.path, pictures=True)) for lesson in ALL)
    )
    own = [text for lesson in ALL for text in of_the_host(lesson)]
    own += [text for line in opening().lines for text in sentences(line.said(here()))]
    own += [text for line in care().lines for text in sentences(f"{line.when} {line.done(here())}")]
    assert len(own) > 1500
    return frozenset(text for text in own if text not in learners)


def told_by_the_host(page: str) -> list[str]:
    """The sentences of hosts that stand in a page."""
    held = words_in(page)
    return sorted(text for text in of_hosts_alone() if text in held)


@pytest.fixture(scope="module")
def drawn() -> str:
    return screen.draw("index.html", "after.html")


def test_no_sentence_of_a_facilitator_is_in_the_page(drawn: str) -> None:
    assert told_by_the_host(drawn) == [], told_by_the_host(drawn)


def test_a_facilitators_sentence_that_gets_into_the_page_is_found() -> None:
    lesson = next(one for one in lessons() if one.number == 5)
    assert lesson.session
    for planted in (
        lesson.session.in_order[1].say,
        lesson.session.in_order[3].do,
        lesson.facilitator_cells[0].source,
        opening().lines[0].say,
        care().lines[0].do,
    ):
        assert told_by_the_host(f"<template><p>{html.escape(planted)}</p></template>") != [], planted


@cache
def asked_in(path: Path, pictures: bool = False) -> list[str]:
    """The prompts, options, cards, piles and parts of a lesson, and its stories, out of its display bundles; with ``pictures``
    also what these say."""
    notebook = open_notebook(path)
    direct.run_lines(notebook)
    found: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            asked = data.get(MIME)
            if asked and asked["activity"] not in ("begin", "plan"):
                found += texts_of(asked["props"])
            elif pictures and "text/html" in data:
                found.append(html.unescape(re.sub(r"<[^>]*>", " ", data["text/html"])))
    return found


def texts_of(props: Any, name: str = "") -> list[str]:
    # What lies folded on a page, names of scenes, and how things stand in a story, which nobody reads aloud.
    if name in ("avoid", "ideas", "next", "start", "repair", "changes", "carries", "beside"):
        return []
    if isinstance(props, str):
        return [props]
    if isinstance(props, dict):
        scenes = name == "steps"  # their names may be any
        return [text for key, value in props.items() for text in texts_of(value, "" if scenes else key)]
    if not isinstance(props, list):
        return []
    pairs = all(isinstance(one, list) and len(one) == 2 for one in props)
    return [text for one in props for text in texts_of(one[1] if pairs else one, name)]


def test_every_prompt_option_card_pile_and_choice_is_in_the_page_from_display_bundles(drawn: str) -> None:
    held = words_in(drawn)
    for lesson in ALL:
        asked = asked_in(lesson.path)
        assert asked, lesson.name
        assert [text for text in asked if plain(text) not in held] == [], lesson.name


def test_every_step_of_every_lesson_has_something_to_see() -> None:
    for lesson in ALL:
        seen = screen.shown(lesson).steps
        assert lesson.session
        assert [one.step.id for one in seen] == [step.id for step in lesson.session.in_order]
        for one in seen:
            assert one.blocks, (lesson.name, one.step.id)
            keys = {block.key for block in one.blocks}
            assert not one.step.activity or one.step.activity in keys, (lesson.name, one.step.id)


def test_the_page_has_no_input_of_any_kind_and_no_live_region(drawn: str) -> None:
    tree = html5lib.parse(drawn, namespaceHTMLElements=False)
    tags = {str(one.tag) for one in tree.iter()}
    assert {"template", "section"} <= tags
    assert tags & {"input", "textarea", "select", "form", "iframe", "link", "object", "audio", "video"} <= {
        "link"
    }
    assert not re.search(r"\bfetch\(|XMLHttp|WebSocket|sendBeacon|localStorage|indexedDB", drawn)


# --- in a browser ------------------------------------------------------------------------------------------

browser = pytest.mark.browser


class Room:
    """A room in front of a screen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open(self, fragment: str = "") -> Room:
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#{fragment}")
        return self

    def begin(self, fragment: str) -> Room:
        self.open(fragment).press("Begin now")
        return self

    def press(self, name: str, times: int = 1) -> Room:
        for _ in range(times):
            self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def key(self, *names: str) -> Room:
        for name in names:
            self.page.keyboard.press(name)
        return self

    def heading(self, name: str) -> Room:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        return self

    def to(self, name: str) -> Room:
        """On, until a part of this name is there."""
        for _ in range(60):
            if self.page.locator("h1").inner_text() == name:
                return self
            self.key("ArrowRight")
        raise AssertionError(f"{name} never came")

    @property
    def clock(self) -> str:
        return self.page.locator(".al-clock").inner_text()

    def says(self, words: str) -> Room:
        expect(self.page.locator("main")).to_contain_text(words)
        return self


@pytest.fixture
def room(chromium: Browser, site_over_http: str) -> Iterator[Room]:
    """At ten in the morning. The page may ask for itself alone, and complain of nothing."""
    context = chromium.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]}, timezone_id="UTC", reduced_motion="reduce"
    )
    context.set_default_timeout(20 * SECONDS)
    page = context.new_page()
    watched = Watched(page)
    watched.watch(page)
    page.clock.install(time="2027-03-05T09:00:00Z")
    page.clock.pause_at(TEN)
    yield Room(page, f"{site_over_http}screen.html")
    asked = {url.split("#")[0] for url in watched.requests if not url.startswith(("data:", "about:"))}
    assert asked <= {f"{site_over_http}screen.html"}
    assert watched.errors == []
    context.close()


#: What is wrong with a screen: what can be scrolled, what is cut off, and letters that are too small.
WRONG = """(smallest) => {
  const wrong = [];
  if (document.querySelector("input, textarea, select, [contenteditable]")) wrong.push("something can be typed");
  if (document.querySelector("[aria-live], [role=status], [role=alert], [role=timer]")) wrong.push("a live region");
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight + 1 || root.scrollWidth > innerWidth + 1) wrong.push("the page scrolls");
  const stage = document.querySelector(".al-stage");
  if (stage.scrollHeight > stage.clientHeight + 1 || stage.scrollWidth > stage.clientWidth + 1) wrong.push("the stage scrolls");
  const [edge, foot] = [stage.getBoundingClientRect(), document.querySelector("#alongside-bar").getBoundingClientRect()];
  if (foot.bottom > innerHeight + 1 || edge.bottom > foot.top + 1) wrong.push("the bar covers something");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let letters = 0;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("template, script, noscript")) continue;
    if (parseFloat(getComputedStyle(parent).fontSize) < smallest - 0.01) wrong.push("small: " + node.data);
    if (stage.contains(node)) letters += node.data.trim().length;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.right > innerWidth + 1 || (stage.contains(node) && box.bottom > edge.bottom + 1)) wrong.push("cut off: " + node.data);
    }
  }
  if (letters === 0 && !stage.querySelector("img") && !stage.textContent) wrong.push("nothing is seen");
  return [...new Set(wrong)];
}"""


def walked(room: Room, name: str, size: tuple[int, int], way: int) -> str:
    """Through every screen of a lesson; gives all that was seen. In stories the choice number ``way`` is taken."""
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.open().page.evaluate("sessionStorage.clear()")  # or it would go on where it was
    room.begin(name)
    seen: list[str] = []
    before = ""
    for _ in range(400):
        now = room.page.evaluate("document.querySelector('main').innerText")
        assert room.page.evaluate(WRONG, SMALLEST) == [], (name, size, now)
        seen.append(now)
        choices = room.page.locator("[data-pick]").count()
        if choices:
            room.key(str(min(way, choices)))
        else:
            room.key("ArrowRight")
        if (before := now) and room.page.locator("h1").inner_text() == "Thank you":
            return plain(" ".join(seen))
    raise AssertionError(f"{name} has no end after {before}")


def shown_of(lesson: Lesson) -> list[str]:
    """What has to be seen whichever way a story takes: questions and options, on paper or not."""
    return [text for text in asked_in(lesson.path) if len(text) < 400]


def looked_at(room: Room, lesson: Lesson, size: tuple[int, int], way: int = 1) -> None:
    seen = walked(room, screen.id_of(lesson), size, way)
    notebook = open_notebook(lesson.path)
    direct.run_lines(notebook)
    asked = [
        output["data"][MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    for one in asked:
        if one["activity"] in ("begin", "plan"):
            continue
        props = one["props"]
        wanted = texts_of(props) if one["activity"] != "scenario" else [props["scenario"]["opening"]]
        missing = [text for text in wanted if squeezed(text) not in squeezed(seen)]
        assert missing == [], (lesson.name, size)


def squeezed(text: str) -> str:
    """Without spaces: a long text may go on on the next screen, with the question once more between."""
    return re.sub(r"\s+", "", text)


@browser
@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_lessons_is_seen_whole_in_large_letters_and_without_scrolling(
    room: Room, name: str
) -> None:
    (lesson,) = [one for one in ALL if screen.id_of(one) == name]
    looked_at(room, lesson, SIZE)


@browser
@pytest.mark.nightly
@pytest.mark.parametrize("size", [SIZE, (1280, 800), (1920, 1080), (800, 600)], ids=str)
def test_every_step_of_every_lesson_is_seen_whole_in_large_letters_and_without_scrolling(
    room: Room, size: tuple[int, int]
) -> None:
    for number, lesson in enumerate(ALL):
        looked_at(room, lesson, size, way=1 + number % 3)
    if size == SIZE:
        for lesson in ALL:
            if lesson.scenario:
                for way in (1, 2, 3):
                    walked(room, screen.id_of(lesson), size, way)


@browser
def test_a_small_screen_shows_the_same_on_more_of_them(room: Room) -> None:
    (lesson,) = [one for one in ALL if screen.id_of(one) == "02-values-what-we-know"]
    looked_at(room, lesson, (800, 600))


#: What stands beyond the edge of a screen, or is cut off by the edge of what holds it.
BEYOND = """() => [...document.querySelectorAll("main, main *, footer, footer *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1 || (one.matches("main, .al-stage, footer") && one.scrollWidth > one.clientWidth + 1)
).map((one) => one.outerHTML.slice(0, 80))"""


@browser
def test_on_a_phone_nothing_stands_beyond_the_edge(room: Room) -> None:
    """Where there is no projector, it is the one device to read from. A long sentence may be scrolled down, never sideways."""
    room.page.set_viewport_size({"width": 360, "height": 740})
    room.begin(link(PLAN))
    later(room, 12)
    seen: set[str] = set()
    for _ in range(150):
        title = room.page.locator("h1").inner_text()
        if title not in seen:
            room.key("l")
            assert room.page.evaluate(BEYOND) == [], f"late at {title}"
            room.key("l")
        seen.add(title)
        assert room.page.evaluate(BEYOND) == [], title
        if title == "Thank you":
            break
        room.key("1" if room.page.locator("[data-pick]").count() else "ArrowRight")
    assert len(seen) == 6
    room.begin("exercise-05-share-power").to("A say or a show?")
    room.begin("02-values-what-we-know").to("One flyer").key("ArrowRight", "ArrowRight")
    assert room.page.evaluate(BEYOND) == []


@browser
def test_a_plan_is_played_in_its_order_with_its_people(room: Room) -> None:
    room.open(link(PLAN)).says("45 minutes, until 10:45").says("9 people").press("Begin now")
    titles = ["Welcome", "The dragon", "A say or a show?", "Break", "Count the chairs", "Thank you"]
    seen: list[str] = []
    for _ in range(40):
        title = room.page.locator("h1").inner_text()
        seen += [title] if title not in seen else []
        if title == "The dragon":
            room.says("3 pairs and 1 three")
        if title == "A say or a show?":
            room.says("3 threes")  # fours for nine people
            room.says("1. A seat on the board, unpaid, meetings at noon") if "2 of" in room.page.locator(
                "header"
            ).inner_text() else None
        room.key("ArrowRight")
        if room.page.locator("[data-pick]").count():
            room.key("ArrowRight")  # asks first, and then leaves the story
    assert seen == titles
    room.says("For the hosts: what was promised")


@browser
def test_two_circles_sit_as_the_planner_seats_them_and_what_a_manager_must_not_hear_is_written(
    room: Room,
) -> None:
    """Seven and seven: in pairs four and two threes, where fourteen would be seven pairs."""
    rows = [ROWS[0], ROWS[1], {"id": "exercise-05-share-power/line", "minutes": 7, "slips": True}]
    room.begin(link({**PLAN, "people": 14, "rows": [*rows, {"id": "break", "minutes": 30}, *ROWS[4:]]}))
    room.to("The dragon").says("4 pairs and 2 threes")
    room.page.evaluate("sessionStorage.clear()")
    room.begin(link({**PLAN, "rows": [rows[0], rows[2], {"id": "break", "minutes": 30}, *ROWS[4:]]}))
    room.to("A line across the room").says("Each alone, on slips").to("Meal")


@browser
@pytest.mark.parametrize(
    "fragment",
    [
        "nothing-of-ours",
        "%%%",
        link([1]),
        link(PLAN)[:30],
        link({**PLAN, "alongside_plan": 2}),
        link({**PLAN, "rows": [{"id": "99-nowhere/step", "minutes": 5}]}),
        link({**PLAN, "rows": [{"id": "opening", "minutes": 6135550123}]}),
    ],
    ids=str,
)
def test_an_address_without_a_plan_gives_one_sentence_and_the_lessons_to_choose_from(
    room: Room, fragment: str
) -> None:
    room.open(fragment).heading("What do you want to show?").says("This address holds no plan")
    room.page.get_by_role("link", name="Share power", exact=True).click()
    room.heading("Share power").says("until 10:4").press("Begin now").heading("Welcome")


@browser
def test_what_a_plan_names_and_is_not_there_is_left_out_and_said(room: Room) -> None:
    plan = {**PLAN, "rows": [*ROWS, {"id": "05-share-power/gone", "minutes": 9}]}
    room.open(link(plan)).says("1 part of this plan isn't in these lessons").says("45 minutes")


@browser
def test_without_a_plan_there_is_a_list_of_all_lessons(room: Room) -> None:
    room.open().heading("What do you want to show?")
    links = room.page.locator(".al-stage li a")
    assert links.count() == len([one for one in ALL if one.session])
    expect(room.page.locator("main")).not_to_contain_text("no plan")


@browser
def test_keys_clickers_and_buttons_lead_on_and_back(room: Room) -> None:
    room.begin("05-share-power").heading("Welcome")
    for forth, back in [("ArrowRight", "ArrowLeft"), ("PageDown", "PageUp"), ("Space", "ArrowLeft")]:
        room.key(forth).heading("Arrive").key(back).heading("Welcome")
    room.press("Next").heading("Arrive").press("Back").heading("Welcome")
    # Space does not press once more what the mouse has pressed.
    room.press("Five minutes more for this part")
    room.key("Space").heading("Arrive")
    expect(room.page.get_by_role("heading", level=1)).to_be_focused()
    room.key("ArrowLeft", "ArrowLeft").heading("Share power")  # before it began


@browser
def test_a_storys_choice_leads_on_only_when_its_number_is_pressed(room: Room) -> None:
    room.begin("05-share-power").to("The dragon")
    while not room.page.locator("[data-pick]").count():
        room.key("ArrowRight")
    scene = room.page.locator(".al-stage").inner_text()
    for words in ("What it costs", "Who gains power"):
        assert words not in scene
    expect(room.page.locator("[data-pick]")).to_have_count(3)
    chosen = room.page.locator("[data-pick]").nth(1).inner_text().removeprefix("2").strip()
    room.key("2").says(chosen).says("What it costs").says("Who carries the risk")
    room.key("ArrowLeft")
    assert room.page.locator(".al-stage").inner_text() == scene
    room.page.locator("[data-pick]").nth(2).click()  # another way
    expect(room.page.locator("main")).not_to_contain_text(chosen)
    room.says("What it costs").page.reload()
    room.says("What it costs")
    # On without a choice asks first.
    room.key("ArrowLeft", "ArrowRight", "ArrowRight")
    while not room.page.locator("[data-pick]").count():
        room.key("ArrowRight")
    room.key("ArrowRight").says("Choose a number from 1 to").heading("The dragon")
    room.key("ArrowRight").heading("The dragon")  # its repair is a part of its own
    expect(room.page.locator("[data-pick]")).to_have_count(2)


@browser
def test_a_gentler_story_is_told_instead_and_stays(room: Room) -> None:
    room.begin("03-values-how-we-work").to("A locked door").key("ArrowRight")
    first = room.page.locator("main").inner_text()
    room.press("Take a gentler story").page.reload()
    expect(room.page.get_by_role("button", name="Back to the first story")).to_be_visible()
    assert room.page.locator("main").inner_text() != first


#: Presses a key, and says in the same moment what is at three places of the screen.
AT_ONCE = """(key) => {
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return [[5, 5], [innerWidth / 2, innerHeight / 2], [innerWidth - 5, innerHeight - 5]].map(([x, y]) => {
    const style = getComputedStyle(document.elementFromPoint(x, y));
    return style.backgroundColor + " " + style.opacity;
  });
}"""


@browser
@pytest.mark.parametrize("key", ["b", "B", "."])
def test_b_makes_the_screen_dark_at_once_and_any_key_brings_it_back(room: Room, key: str) -> None:
    room.begin("05-share-power").to("The dragon").key("ArrowRight")
    before = room.page.locator("main").inner_text()
    for other in ("Escape", "ArrowRight", "x", "b"):
        # Nothing has to be drawn, loaded or waited for: the next picture of the screen is black.
        assert room.page.evaluate(AT_ONCE, key) == ["rgb(0, 0, 0) 1"] * 3
        # Nothing behind it can be reached or read.
        assert room.page.evaluate("[...document.querySelectorAll('main, footer')].every((one) => one.inert)")
        room.key(other)
        expect(room.page.get_by_role("button", name="Next")).to_be_visible()
        assert room.page.locator("main").inner_text() == before
    room.key("b").page.mouse.click(200, 200)
    assert room.page.locator("main").inner_text() == before


# --- the clock


def later(room: Room, minutes: float) -> Room:
    """The clock goes on while the computer sleeps: no tick in between."""
    room.page.clock.fast_forward(round(minutes * 60 * SECONDS))
    return room


@browser
def test_the_clock_survives_a_reload_and_a_laptop_that_slept(room: Room) -> None:
    room.begin(link(PLAN)).key("ArrowRight").heading("The dragon")
    assert room.clock == "10:00, until 10:10"
    later(room, 4)
    assert room.clock == "10:04, until 10:10"
    room.page.reload()
    room.heading("The dragon")
    assert room.clock == "10:04, until 10:10"
    later(room, 18)
    assert room.clock == "10:22, until 10:10, 6 late"
    room.page.reload()
    assert room.clock == "10:22, until 10:10, 6 late"


@browser
def test_late_says_by_how_much_and_offers_what_to_leave_out(room: Room) -> None:
    room.begin(link(PLAN))
    later(room, 6).key("ArrowRight").heading("The dragon")
    later(room, 16).press("We're late").heading("6 minutes late")
    room.says("Planned end 10:45. As it goes now, it ends at 10:51.")
    room.says("Leave out “Count the chairs”, and it ends at 10:43.")
    room.press("Leave it out").heading("We are on time").says("it ends at 10:43")
    room.says("Nothing that is still to come can be left out.").press("Put it back").heading("6 minutes late")
    room.press("Leave it out").key("Escape").heading("The dragon")
    room.page.reload()
    room.to("Break").key("ArrowRight").heading("Thank you")  # the chairs are left out
    room.key("ArrowLeft").heading("Break")


@browser
def test_late_can_be_kept_and_then_it_is_late_no_more(room: Room) -> None:
    room.begin(link(PLAN))
    later(room, 12).press("We're late").heading("6 minutes late").press("Keep it, end 10:51")
    assert room.clock == "10:12, until 10:06"
    later(room, 2)
    assert room.clock == "10:14, until 10:06, 2 late"


@browser
def test_five_minutes_more_are_one_press_and_are_told(room: Room) -> None:
    room.begin(link(PLAN)).press("Five minutes more for this part")
    later(room, 0.1)
    assert room.clock == "10:00, until 10:11, 5 late"
    room.key("+", "l").heading("10 minutes late")


@browser
def test_a_pause_says_when_it_goes_on_and_never_why(room: Room) -> None:
    room.begin(link(PLAN))
    later(room, 3).press("Pause").heading("Pause").says("Back at 10:13")
    room.press("5 minutes more").says("Back at 10:18").press("5 minutes less", 2).says("Back at 10:08")
    assert set(room.page.locator(".al-stage").inner_text().split("\n")) - {""} == {
        "Back at 10:08",
        "5 minutes less",
        "5 minutes more",
        "Go on now",
    }
    room.page.reload()
    later(room, 5).says("Back at 10:08").press("Go on now").heading("Welcome")
    later(room, 0.1)
    assert room.clock == "10:08, until 10:11, 5 late"  # three of its six minutes are left


@browser
def test_a_break_says_when_it_is_over(room: Room) -> None:
    room.begin(link(PLAN)).to("Break").says("Back at 10:10")
    room.press("Five minutes more for this part").says("Back at 10:15")


@browser
def test_it_begins_at_the_planned_time_and_goes_on_by_itself_if_that_was_chosen(room: Room) -> None:
    room.page.clock.pause_at("2027-03-05T10:10:00Z")
    room.open(link({**PLAN, "start": "10:30"})).press("Goes on when a key is pressed")
    room.press("Begin at 10:30").says("We begin at 10:30")
    later(room, 19.5).says("We begin at 10:30")
    room.page.reload()
    later(room, 0.6).heading("Welcome")
    room.page.clock.run_for(6 * 60 * SECONDS)
    room.heading("The dragon")
    assert room.clock == "10:36, until 10:46"
    # A laptop that slept for an hour goes on by one part, whose minutes begin when people see it.
    later(room, 60).heading("A say or a show?")
    assert room.clock.startswith("11:36, until 11:44")


@browser
def test_a_session_that_was_tried_out_before_begins_anew_with_all_of_its_minutes(room: Room) -> None:
    room.page.clock.pause_at("2027-03-05T20:00:00Z")
    room.begin(link(PLAN)).key("+").to("Thank you")
    later(room, 20).key("Home").says("It began at 8:00.")
    # A look at the first screen takes nothing away.
    room.press("Go on now").heading("Thank you").key("Home")
    later(room, 2).press("Begin anew").heading("Welcome")
    assert room.clock == "8:22, until 8:28"
    # Tomorrow's session is tomorrow's, in this tab as well.
    later(room, 13 * 60).page.reload()
    room.says("45 minutes, until").press("Begin now").heading("Welcome")
    assert room.clock == "9:22, until 9:28"


@browser
def test_the_first_screen_waits_also_where_all_goes_on_by_itself(room: Room) -> None:
    room.open(link(PLAN)).press("Goes on when a key is pressed").press("Begin now").to("Break").key("Home")
    room.page.clock.run_for(3 * SECONDS)
    room.says("It began at 10:00.").press("Go on now").heading("Break")
    room.page.clock.run_for(11 * 60 * SECONDS)
    expect(room.page.get_by_role("heading", level=1)).not_to_have_text("Break")


@browser
def test_who_opens_the_plan_the_evening_before_is_not_ten_hours_late(room: Room) -> None:
    room.page.clock.pause_at("2027-03-05T20:00:00Z")
    room.open(link({**PLAN, "start": "10:30"})).press("Begin at 10:30").says("We begin at 10:30")
    later(room, 14 * 60 + 37).key("ArrowRight").heading("Welcome")
    assert room.clock == "10:37, until 10:43, 7 late"


@browser
def test_a_part_that_was_pressed_to_by_a_slip_begins_when_people_come_to_it(room: Room) -> None:
    room.begin(link(PLAN)).key("ArrowRight").heading("The dragon")
    room.key("ArrowLeft").heading("Welcome")
    later(room, 5).key("ArrowRight").heading("The dragon")
    assert room.clock == "10:05, until 10:15"
    # A look back takes no minute away.
    later(room, 3).key("ArrowLeft").heading("Welcome").key("ArrowRight").heading("The dragon")
    assert room.clock == "10:08, until 10:15"


@browser
def test_who_goes_back_stays_there_also_where_it_goes_on_by_itself(room: Room) -> None:
    room.open(link(PLAN)).press("Goes on when a key is pressed").press("Begin now")
    room.page.clock.run_for(7 * 60 * SECONDS)
    room.heading("The dragon").key("ArrowLeft").heading("Welcome")
    room.page.clock.run_for(60 * SECONDS)
    room.heading("Welcome").key("ArrowRight").heading("The dragon")
    room.page.clock.run_for(11 * 60 * SECONDS)
    room.heading("A say or a show?")


#: Tells when the browser was asked to keep the screen awake, and when that was given back. It is the browser's own that is asked.
WATCH_THE_SCREEN = """
  const told = (what) => document.documentElement.setAttribute("data-awake", ((document.documentElement.dataset.awake || "") + " " + what).trim());
  const ask = navigator.wakeLock && navigator.wakeLock.request.bind(navigator.wakeLock);
  if (ask) navigator.wakeLock.request = async (kind) => {
    const lock = await ask(kind);
    told(kind);
    lock.addEventListener("release", () => told("released"));
    return lock;
  };
"""
NO_WORD = "if (navigator.wakeLock) navigator.wakeLock.request = async () => { throw new DOMException('no') }"


@browser
def test_the_screen_stays_awake_while_a_session_goes_on_and_no_longer(room: Room) -> None:
    """A part may take a quarter of an hour in which nobody touches the computer."""
    room.page.add_init_script(WATCH_THE_SCREEN)
    html = room.page.locator("html")
    room.open(link(PLAN)).says("Begin now")
    assert html.get_attribute("data-awake") is None
    room.press("Begin now").heading("Welcome")
    expect(html).to_have_attribute("data-awake", "screen")
    room.to("Break").to("Thank you")
    expect(html).to_have_attribute("data-awake", "screen released")
    room.key("ArrowLeft")
    expect(html).to_have_attribute("data-awake", "screen released screen")
    # Where a browser refuses, everything is shown as well.
    room.page.add_init_script(NO_WORD)
    room.page.reload()
    room.to("Thank you")
    assert html.get_attribute("data-awake") is None


@browser
def test_it_waits_for_a_press_unless_it_was_told_otherwise(room: Room) -> None:
    room.begin(link(PLAN))
    room.page.clock.run_for(20 * 60 * SECONDS)
    room.heading("Welcome")


@browser
def test_what_the_tab_keeps_is_a_place_and_times(room: Room) -> None:
    room.begin(link(PLAN)).to("The dragon")
    kept = room.page.evaluate("({...sessionStorage})")
    assert list(kept) == ["alongside.screen"]
    told = json.loads(kept["alongside.screen"])
    assert told.pop("of") == link(PLAN)
    assert not re.search(r"[A-Z]|[a-z] [a-z]", json.dumps(list(told.values())))


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_screen(room: Room, scheme: Any) -> None:
    room.page.emulate_media(color_scheme=scheme)
    room.page.clock.resume()  # axe waits now and then
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        told = Axe().run(room.page).response["violations"]
        found[name] = [f"{one['id']}: {one['nodes'][0]['html'][:90]}" for one in told]

    room.open()
    look("list")
    room.open("nothing-of-ours")
    look("trouble")
    room.open(link(PLAN))
    look("cover")
    room.press("Begin now")
    look("opening")
    room.to("The dragon").key("ArrowRight", "ArrowRight")
    look("story")
    room.key("1")
    look("what it led to")
    room.press("We're late")
    look("late")
    room.key("Escape").press("Pause")
    look("pause")
    room.press("Go on now").key("b")
    look("dark")
    room.key("b").begin("exercise-05-share-power").to("A say or a show?")
    look("cards")
    room.begin("05-share-power").to("How high on the ladder?").key("ArrowRight")
    look("picture")
    assert found == {name: [] for name in found} and len(found) == 11


# --- by the other doors


@browser
def test_from_a_folder_of_files_it_works_as_well(chromium: Browser, site: Path) -> None:
    page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    watched = Watched(page)
    watched.watch(page)
    Room(page, (site / "screen.html").as_uri()).begin(link(PLAN)).heading("Welcome")
    assert [url.split("#")[0] for url in watched.requests if url.startswith("file:")] == [
        (site / "screen.html").as_uri()
    ]
    assert (watched.other_hosts, watched.errors) == ([], [])
    page.close()


@pytest.mark.parametrize("name", ["screen.html", "after.html"])
def test_it_is_served_beside_voila_and_jupyterlab_to_whoever_may_see_the_lessons(
    jupyter: Jupyter, sent_by_voila: Callable[[str], str], site: Path, name: str
) -> None:
    sent = sent_by_voila(f"{jupyter.origin}/alongside/{name}")
    published = (site / name).read_text("utf-8")
    # But for its links it is the same page.
    assert re.sub(r'(href|data-checkin)="[^"#]*"', "", sent) == re.sub(
        r'(href|data-checkin)="[^"#]*"', "", published
    )
    assert f"{jupyter.origin}/voila/render/index.ipynb".endswith(
        re.findall(r'href="(/[^"]*index\.ipynb)"', sent)[0]
    )
    try:
        with urllib.request.urlopen(f"{jupyter.origin}/alongside/{name}", timeout=30) as answer:
            assert "login" in answer.url
    except urllib.error.HTTPError as refused:
        assert refused.code in (401, 403)
