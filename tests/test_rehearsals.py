"""Three sessions as people prepare and lead them: from the first page to a plan, to paper, to the big screen, to what was promised.

``--keep-rehearsals FOLDER`` keeps what came out of each, to be looked at: the planner as a picture, the run sheet, the sheets of
``alongside print``, what the screen showed, the sheet for the wall, and the figures.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SECONDS, Jupyter, Watched, published_course
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from rooms import ask, at_hand, few_lessons, press
from visits import violations

from alongside import kit
from alongside.course.cutting import taken
from alongside.course.lesson import Lesson, exercises, lessons
from alongside.course.plain import words as words_of
from alongside.course.references import here, opening
from alongside.course.session import Session
from alongside.kit import cards
from alongside.kit.sheet import Order, name_of
from alongside.words import say

TEN = "2027-03-05T10:00:00Z"
MOST_PRESSES, MOST_WORDS = 12, 900


# --- what is cut up is counted once -------------------------------------------------------------------------


def test_the_planner_counts_the_paper_that_alongside_print_sets() -> None:
    for lesson in kit.ordered():
        packs = cards.packed(Order((lesson,)), lesson)
        set_there = [(one.kind, one.pages, one.each, one.cuts) for one in packs]
        assert [(one.kind, one.pages, one.each, one.cuts) for one in taken(lesson)] == set_there, lesson.name
        if lesson.session:
            known = {step.id for step in lesson.session.in_order}
            assert {step for one in taken(lesson) for step in one.steps} <= known
            needs = {"cards": "cards", "piles": "cards", "options": "slips", "slips": "slips"}
            assert {needs[pack.kind] for pack in packs} == set(lesson.session.paper) - {"story"}, lesson.name


# --- the three rehearsals -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rehearsal:
    """What is answered: (words of the question, what is pressed there), and how many sheets are a burden that can be borne."""

    name: str
    door: str
    people: int
    minutes: int
    pressed: list[tuple[str, str]]
    sheets: int


REHEARSALS = [
    Rehearsal(
        "a",
        "file",  # from a stick: there is no internet
        9,
        45,
        [
            ("1. Door to door", "45 min"),
            ("2. How many people", "9"),
            ("3. What works for sure?", "A projector"),
            ("5. What hurts?", "Promises keep slipping."),
        ],
        6,
    ),
    Rehearsal(
        "b",
        "http",
        14,
        90,
        [
            ("1. Door to door", "90 min"),
            ("2. How many people", "14"),
            ("3. What works for sure?", "A printer"),
            (
                "3. What works for sure?",
                "One device to read from, such as this one",
            ),  # which was chosen before
            ("Does anybody come", "Yes, the whole time"),
            ("5. What hurts?", "Everything here is decided before we hear of it."),
            ("7. How many days", "A week or more"),
        ],
        24,
    ),
    Rehearsal(
        "c",
        "http",
        8,
        240,
        [
            ("1. Door to door", "Half a day, 4 hours"),
            ("2. How many people", "8"),
            ("3. What works for sure?", "A printer"),
            ("5. What hurts?", "Everything here is decided before we hear of it."),
            ("5. What hurts?", "Nobody tells anyone anything until it blows up."),
            ("7. How many days", "A week or more"),
        ],
        20,
    ),
]

#: The text that is seen before an element, and in it. What has to be read until one leads is, in words as the lessons' are counted
#: (numbers are none): the first page to its link, the planner's page to the button that prints, and the front of the run sheet.
#: Below the button stands what is looked up: the table, which is the run sheet's, errands, money and paper.
WORDS_TO = """(end) => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  let text = "";
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const before = end.contains(node) || end.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
    if (before && node.parentElement.checkVisibility({ visibilityProperty: true })) text += " " + node.data;
  }
  return text;
}"""


@dataclass
class Row:
    """A row of the planner's table. ``seats``: sizes of groups, or words; ``needs``: what lies under "You need"."""

    clock: str
    minutes: int
    name: str
    seats: str
    needs: str


@dataclass
class Walk:
    """One rehearsal, and what came of it."""

    of: Rehearsal
    context: BrowserContext
    page: Page
    folder: Path
    presses: int = 0
    words: dict[str, int] = field(default_factory=dict)

    def press(self, question: str, option: str) -> None:
        self.page.get_by_role("group", name=question).get_by_label(option, exact=True).click()
        self.presses += 1

    def read_to(self, name: str, role: str, end: str) -> None:
        found = self.page.get_by_role(role, name=end, exact=True).first  # pyright: ignore[reportArgumentType]
        self.words[name] = len(words_of(found.evaluate(WORDS_TO)))
        found.click()
        self.presses += 1

    def rows(self) -> list[Row]:
        return [
            Row(clock.split()[0], int(minutes), name, seats, needs)
            for clock, minutes, name, seats, needs in self.page.get_by_role("table", name="Your plan")
            .locator("tbody tr")
            .evaluate_all(
                "(rows) => rows.map((row) => [0, 1, 2, 3, 4].map((at) =>"
                " at === 2 ? row.cells[2].getAttribute('aria-label') : row.cells[at].innerText))"
            )
        ]

    def opened(self, link: str) -> Page:
        """What a button of the planner opens beside it."""
        with self.context.expect_page() as got:
            self.page.get_by_role("link", name=link, exact=True).click()
        return got.value


@pytest.fixture
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = request.config.getoption("--keep-rehearsals")
    return Path(folder).resolve() if folder else tmp_path


@pytest.fixture(params=REHEARSALS, ids=lambda one: one.name)
def walk(
    request: pytest.FixtureRequest, chromium: Browser, site: Path, site_over_http: str, kept: Path
) -> Iterator[Walk]:
    of: Rehearsal = request.param
    folder = kept / of.name
    folder.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, timezone_id="UTC", reduced_motion="reduce"
    )
    context.set_default_timeout(20 * SECONDS)
    context.clock.set_fixed_time(TEN)
    context.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    watched: list[Watched] = []

    def look(page: Page) -> None:
        watched.append(Watched(page))
        watched[-1].watch(page)

    context.on("page", look)
    page = context.new_page()
    home = site.as_uri() + "/" if of.door == "file" else site_over_http
    page.goto(published_course(of.door, home).address("index"))
    yield Walk(of, context, page, folder)
    assert [one.errors for one in watched if one.errors] == []
    assert [one.other_hosts for one in watched if one.other_hosts] == []
    context.close()


@pytest.mark.browser
def test_a_session_is_prepared_led_and_written_up_and_nothing_says_otherwise(walk: Walk) -> None:
    of, page = walk.of, walk.page
    # From the first page to the button that prints.
    walk.read_to("first page", "link", "Lead a session")
    expect(page.locator("html.al-ready")).to_have_count(1)
    for question, option in of.pressed:
        walk.press(question, option)
    page.get_by_role("button", name="Make the plan").click()
    walk.presses += 1
    walk.read_to("planner", "button", "Print the run sheet")
    assert page.evaluate("window.printed") == 1
    assert walk.presses <= MOST_PRESSES
    rows = walk.rows()
    assert sum(row.minutes for row in rows) <= of.minutes
    page.screenshot(path=walk.folder / "planner.png", full_page=True)

    front, back = on_paper(walk)
    walk.words["front of the run sheet"] = len(words_of(front))
    assert sum(walk.words.values()) <= MOST_WORDS, walk.words
    says_the_rows(front, rows, plan_of(walk))
    for sentence in ("If something happens", "What I said I would bring back"):
        assert sentence in back

    in_the_file(walk)
    sheets = printed(walk, rows)
    assert sheets <= of.sheets
    seen = screened(walk, rows)
    after(walk)
    figures = {"presses": walk.presses, "words": walk.words, "sheets": sheets, "screens": seen}
    (walk.folder / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")


def on_paper(walk: Walk) -> tuple[str, str]:
    """Front and back of the run sheet, on both papers the same two sides."""
    for paper in ("A4", "Letter"):
        made = walk.page.pdf(format=paper, path=walk.folder / f"run-sheet-{paper.lower()}.pdf")
        sides = [" ".join(side.extract_text().split()) for side in PdfReader(io.BytesIO(made)).pages]
        assert len(sides) == 2, paper
    return sides[0], sides[1]


def plan_of(walk: Walk) -> dict[str, Any]:
    """What the planner hands to the screen: ids and minutes."""
    link = walk.page.get_by_role("link", name="Open the big screen", exact=True)
    end = (link.get_attribute("href") or "").partition("#")[2]
    plan = json.loads(base64.urlsafe_b64decode(end + "=" * (-len(end) % 4)))
    (walk.folder / "plan.json").write_text(json.dumps(plan, indent=1), "utf-8")
    return plan


def led(id: str) -> Lesson:
    (found,) = [one for one in (*lessons(), *exercises()) if name_of(one) == id]
    return found


def parts(id: str, minutes: int) -> tuple[str, str, str]:
    """(what the planner and the run sheet call a row, what the screen calls it, the lesson's title), by the lesson itself."""
    if id == "opening":
        return say("activities.planner_opening"), say("screen.opening"), ""
    if id == "closing":
        return say("activities.planner_closing"), say("screen.closing"), ""
    if id == "break":
        return ("Meal", "Meal", "") if minutes >= 25 else ("Break", "Break", "")
    home, _, step = id.partition("/")
    lesson = led(home)
    assert lesson.session
    for section, steps in lesson.session.steps.items():
        own = [one.id for one in steps]
        if step in own:
            place = f" {own.index(step) + 1}/{len(own)}" if len(own) > 1 else ""
            return section + place, section, lesson.title
    raise AssertionError(f"{id} is in no lesson")


def says_the_rows(front: str, rows: list[Row], plan: dict[str, Any]) -> None:
    """Each row's clock, minutes, name and groups, in the order of the plan; and of several sessions, where each begins."""
    at, clock = 0, 0
    titles = [parts(one["id"], one["minutes"])[2] for one in plan["rows"]]
    several = len(set(filter(None, titles))) > 1
    assert [one["minutes"] for one in plan["rows"]] == [row.minutes for row in rows]
    for place, (row, one) in enumerate(zip(rows, plan["rows"], strict=True)):
        name = parts(one["id"], one["minutes"])[0]
        begins = several and titles[place] and titles[place] not in titles[:place]
        ahead = f"{titles[place]}. " if begins else ""
        assert row.clock == clock_after(clock) and row.name.startswith(name), row
        found = re.compile(re.escape(f"{row.clock} {row.minutes} {ahead}{name} {row.seats}".strip())).search(
            front, at
        )
        assert found, (row, front[at : at + 300])
        at = found.end()
        clock += row.minutes


def in_the_file(walk: Walk) -> None:
    """All that is said is in the file that one saves, where two sides have no room for it, and the page says so."""
    with walk.page.expect_download() as got:
        walk.page.get_by_role("button", name="Save as a file").click()
    got.value.save_as(walk.folder / "plan.html")
    saved = html.unescape((walk.folder / "plan.html").read_text("utf-8"))
    lines = [line.said(here()) for line in opening().lines]
    steps = [one["id"].split("/") for one in plan_of(walk)["rows"] if "/" in one["id"]]
    told = {(name, step.id): step.say for name, _ in steps for step in session_of(name).in_order}
    for sentence in (*lines, *(told[name, step] for name, step in steps)):
        assert sentence in saved, sentence
    assert "The two sides have no room for the words of the opening" in walk.page.locator("main").inner_text()
    walk.page.locator("summary", has_text="The opening, word for word").click()
    for line in lines:
        expect(walk.page.get_by_role("listitem").filter(has_text=line)).to_be_visible()


def session_of(id: str) -> Session:
    found = led(id).session
    assert found
    return found


def printed(walk: Walk, rows: list[Row]) -> int:
    """The sheets that the plan names, out of what ``alongside print`` makes for its notebooks; all of one side, but for the run
    sheet and a story."""
    text = walk.page.locator("main").inner_text()
    names = list(
        dict.fromkeys(
            id.partition("/")[0] for id in map(itemgetter("id"), plan_of(walk)["rows"]) if "/" in id
        )
    )
    kit.fill(walk.folder / "print", names, ("letter",))
    folder = walk.folder / "print" / "letter"
    people = walk.of.people
    circles = 2 if people > 12 else 1
    whole = circles  # run sheets, which the browser prints
    used = " ".join(row.needs for row in rows)
    if "A printer" not in [option for _, option in walk.of.pressed]:
        assert say("activities.planner_print_none") in text
        # Nothing is said to be of paper but slips, which are torn.
        assert re.findall(r"\b(?:cards|story)(?! on the screen)", used) == []
        return whole
    aloud = circles * len(PdfReader(folder / "opening.pdf").pages)
    assert f"Opening, to read aloud: {aloud} sheet" in text
    whole += aloud
    for name in names:
        title = led(name).title
        lines = re.findall(rf"(?:Cards of|Slips for) “{re.escape(title)}”: (\d+) sheet", text)
        file = folder / "cards" / f"{name}.pdf"
        assert bool(lines) is file.is_file(), name
        if lines:
            pages = PdfReader(file).pages
            # Its first page says how much it is for so many people; a second circle has its own wall.
            row = re.search(rf"(?m)^{people} ?\D? ?(\d+)? (\d+) (\d+)$", pages[0].extract_text())
            assert row, pages[0].extract_text()
            walls = sum(one.kind == "options" for one in taken(led(name)))
            sheets = 1 + int(row[2]) + (circles - 1) * walls
            assert sum(map(int, lines)) == sheets, name
            whole += sheets
    assert f"Print: {whole} sheets" in text
    return whole


def sizes(seats: str) -> list[int]:
    """ "3+3+3", and of two circles "3+4 and 3+4" or, if both are alike, "3+4" alone."""
    return sorted(map(int, re.findall(r"\d+", seats)))


WORDS_OF = {"pair": 2, "pairs": 2, "three": 3, "threes": 3, "four": 4, "fours": 4}


def on_the_screen(how: str) -> list[int]:
    """ "3 pairs and 1 three" as [2, 2, 2, 3]."""
    found = re.findall(r"(\d+) (pairs?|threes?|fours?)", how)
    return sorted(size for count, word in found for size in [WORDS_OF[word]] * int(count))


def screened(walk: Walk, rows: list[Row]) -> int:
    """All of the plan on the big screen: its steps in their order, with their minutes and groups; gives how many screens."""
    screen, plan = walk.opened("Open the big screen"), plan_of(walk)
    screen.set_viewport_size({"width": 1024, "height": 768})
    whole = sum(row.minutes for row in rows)
    expect(screen.locator("main")).to_contain_text(f"{whole} minutes, until {clock_after(whole)}")
    expect(screen.locator("main")).to_contain_text(f"{walk.of.people} people")
    expect(walk.page.locator("main")).to_contain_text(f"It ends at {clock_after(whole)}.")
    screen.get_by_role("button", name="Begin now").click()
    seen: list[tuple[str, str, str, str]] = []
    told, count, before = "", 0, -1
    look = """() => [JSON.parse(sessionStorage.getItem("alongside.screen")).row, document.querySelector("h1").innerText,
      (document.querySelector("header .al-of") || {innerText: ""}).innerText, (document.querySelector(".al-how") || {innerText: ""}).innerText,
      document.querySelector(".al-clock").innerText, document.querySelector("main").innerText,
      document.querySelectorAll("[data-pick]").length]"""
    while count < 500:
        at, title, of, how, clock, text, picks = screen.evaluate(look)
        count += 1
        told += f"--- {clock}\n{text}\n\n"
        if at != before:
            seen.append((title, of, how, clock))
            if at in (0, 2, len(rows) // 2):
                screen.screenshot(path=walk.folder / f"screen-{at}.png")
            before = at
        if at == len(rows) - 1 and screen.get_by_text("For the hosts: what was promised").count():
            break
        screen.keyboard.press("1" if picks else "ArrowRight")
    (walk.folder / "screen.txt").write_text(told, "utf-8")
    for row, one, (title, of, how, clock) in zip(rows, plan["rows"], seen, strict=True):
        _, name, lesson = parts(one["id"], one["minutes"])
        assert (title, of) == (name, lesson)
        until = "" if one["id"] == "closing" else f", until {clock_after(one['minutes'])}"
        assert clock == f"10:00{until}", row  # time stands still here
        if "+" in row.seats:
            circles = 2 if walk.of.people > 12 and " and " not in row.seats else 1
            assert on_the_screen(how) == sorted(sizes(row.seats) * circles), row
        if one.get("slips"):
            assert "slips" in how.lower(), row
        assert ("Vote with slips" in how) is ("slips" in row.needs), row
    for name in dict.fromkeys(one["id"].partition("/")[0] for one in plan["rows"] if "/" in one["id"]):
        for pack in cards.packed(Order((led(name),)), led(name)):
            assert pack.kind == "slips" or pack.prompt in told, (name, pack.prompt)
    address = screen.get_by_role("link", name="For the hosts: what was promised").get_attribute("href")
    assert address == "after.html"
    return count


def clock_after(minutes: int) -> str:
    """So many minutes after ten, without AM and PM."""
    return f"{(9 + minutes // 60) % 12 + 1}:{minutes % 60:02}"


def after(walk: Walk) -> None:
    """What was promised, from the paper to one sheet for the wall."""
    page = walk.opened("What was promised today")
    expect(page.locator("html.al-ready")).to_have_count(1)
    assert page.url.endswith("/after.html")
    first = page.get_by_role("group", name="Promise 1", exact=True)
    first.get_by_label("What we said we would find out or do").fill(
        "Who decides the opening hours on Sundays"
    )
    first.get_by_label("By when").fill("2027-03-12")
    page.get_by_label("On which day do you look at it together?").fill("2027-03-19")
    page.get_by_role("button", name="Print it, one sheet").click()
    wall = PdfReader(io.BytesIO(page.pdf(format="Letter", path=walk.folder / "wall.pdf")))
    assert len(wall.pages) == 1
    assert "Who decides the opening hours on Sundays" in " ".join(wall.pages[0].extract_text().split())


@pytest.mark.nightly
@pytest.mark.browser
def test_at_a_local_server_the_screen_and_what_was_promised_are_opened_as_well(
    jupyter: Jupyter, context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(jupyter.voila("notebooks/23-facilitate"))
    expect(page.get_by_role("button", name="Make the plan")).to_be_visible()
    walk = Walk(REHEARSALS[0], context, page, tmp_path)
    for question, option in walk.of.pressed:
        walk.press(question, option)
    page.get_by_role("button", name="Make the plan").click()
    expect(walk.opened("Open the big screen").locator("main")).to_contain_text("9 people")
    expect(walk.opened("What was promised today").get_by_role("group", name="Promise 1")).to_be_visible()
    assert violations(page) == []


# --- thirty phones -------------------------------------------------------------------------------------------------

#: A question out of each step of the plan that asks one, as a room has it: its kind, and how many of thirty answer what. Each phone
#: is one of exactly sixteen in one of the last two, and of fifteen in the first: lost, or counted twice, it changes a sentence.
PHONES = 30
ASKED: dict[str, tuple[str, list[int], str]] = {
    "follow-through-arrive": ("rate", [15, 15, 0, 0, 0], "Mixed"),
    "follow-through-sorted": ("dots", [7, 8, 7, 7, 1, 0], ""),
    "follow-through-step": ("agreement", [8, 8, 14], "Stands"),
    "follow-through-close": ("rate", [1, 3, 4, 6, 16], ""),
}


def of_the_plan(folder: Path) -> tuple[Path, list[Asked]]:
    """The questions of the steps of lesson 13, in a file, and what comes of each."""
    lines = {line.key: line for line in led("13-follow-through").activities}
    asked: list[Asked] = []
    entries: list[dict[str, Any]] = []
    for key, (kind, counts, sentence) in ASKED.items():
        line = lines[key]
        if line.verb == "rate":
            options = [f"1: {line.named['low']}", "2", "3", "4", f"5: {line.named['high']}"]
        elif line.verb == "sort_cards":
            options = [*line.named["cards"].values()]
        else:
            options = [say(f"activities.promise_{one}") for one in ("yes", "maybe", "not_this_time")]
        assert sum(counts) == PHONES and len(counts) == len(options)
        highest = options[counts.index(max(counts))]
        told = sentence or f"{'Most dots' if kind == 'dots' else 'Most are at'}: {highest}"
        chosen = [option for option, count in zip(options, counts, strict=True) for _ in range(count)]
        asked.append(Asked(key, line.prompt, chosen, told))
        entries.append({"id": key, "kind": kind, "text": line.prompt, "options": options})
    path = folder / "room.yml"
    path.write_text(yaml.safe_dump({"title": "Promises keep slipping", "questions": entries}), "utf-8")
    return path, asked


@dataclass(frozen=True)
class Asked:
    id: str
    prompt: str
    chosen: list[str]  # by each phone
    told: str


def by_hand(phone: Page, option: str) -> None:
    """Somebody answers on a page."""
    phone.get_by_role("radio", name=option, exact=True).check()
    phone.get_by_role("button", name=say("room.send")).click()
    expect(phone.get_by_role("heading", name=say("room.counted"))).to_be_visible()


def thirty_answer(folder: Path, pages: list[Page], walls: list[Page]) -> None:
    """All questions of the plan, each opened, answered by thirty, closed and shown. ``pages``: phones that somebody holds, the last
    of them without scripts; the others speak plain HTTP. ``walls``: screens that are looked at beside the one over HTTP."""
    path, questions = of_the_plan(folder)
    with at_hand(path, few_lessons(folder / "lessons")) as room:
        host = room.host()
        for page in pages:
            page.goto(room.address)
        for wall in walls:
            wall.goto(f"{room.address}screen")
        phones = [room.phone() for _ in range(PHONES - len(pages))]
        for asked in questions:
            press(host, "open", asked.id)
            for page in pages[-1:]:
                page.goto(room.address)
            held = set(range(0, PHONES, 11)[: len(pages)])  # of different answers
            for page, at in zip(pages, sorted(held), strict=True):
                by_hand(page, asked.chosen[at])
            rest = [one for at, one in enumerate(asked.chosen) if at not in held]
            for phone, option in zip(phones, rest, strict=True):
                assert phone.answer(asked.id, option).status == 303
                assert say("room.counted") in phone.go("/").text
            assert asked.told not in html.unescape(ask(room.address, "/screen").text)
            press(host, "close", asked.id)
            for page in (*walls, *pages[:-1]):
                expect(page.get_by_role("main").get_by_text(asked.told, exact=True)).to_be_visible()
            for page in pages[-1:]:
                page.goto(room.address)
                expect(page.get_by_role("main").get_by_text(asked.told, exact=True)).to_be_visible()
            # The screen says the question and the sentence, and of no answer how many there were.
            main = re.search(r"<main[^>]*>(.*?)</main>", ask(room.address, "/screen").text, re.DOTALL)
            assert main
            said = html.unescape(re.sub(r"<[^>]*>", " ", main[1]))
            assert asked.prompt in said and asked.told in said
            # as a number of its own: the port in the address has other digits beside it
            assert not re.search(rf"(?<!\d){PHONES}(?!\d)", said)
            for phone in phones:
                assert asked.told in html.unescape(phone.go("/").text)
        shown = json.dumps(json.loads(room.shown.read_text("utf-8")), ensure_ascii=False)
        assert [one.told for one in questions if one.told not in shown] == []


def test_thirty_phones_answer_all_of_a_plan_and_none_is_lost(tmp_path: Path) -> None:
    thirty_answer(tmp_path, [], [])


@pytest.mark.nightly
@pytest.mark.browser
def test_thirty_phones_three_of_them_in_hand_answer_all_of_a_plan(chromium: Browser, tmp_path: Path) -> None:
    contexts = [
        chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=on)
        for on in (True, True, False)
    ]
    wall = chromium.new_context(viewport={"width": 1024, "height": 768})
    thirty_answer(tmp_path, [one.new_page() for one in contexts], [wall.new_page()])
    for context in (*contexts, wall):
        context.close()
