"""Whoever leads a session, at the planner of lesson 23: seven questions, a plan that can be changed, and two sides of paper."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from conftest import ROOT, Watched, published_course
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from visits import FITS, WIDE, violations

from alongside.course.lesson import exercises, lessons
from alongside.course.planner import CONVERSATION, knows
from alongside.course.references import here, opening
from alongside.words import say

pytestmark = pytest.mark.browser

LESSON = "23-facilitate"
SLIPPING, DECIDED, UNTOLD = (
    "Promises keep slipping.",
    "Everything here is decided before we hear of it.",
    "Nobody tells anyone anything until it blows up.",
)
MOST_PRESSES, MOST_WORDS = 12, 900


@dataclass
class Host:
    """Somebody who plans. ``presses`` counts what they pressed."""

    page: Page
    presses: int = 0

    def group(self, words: str) -> Locator:
        return self.page.get_by_role("group", name=words)

    def choose(self, question: str, *options: str) -> Host:
        for option in options:
            self.group(question).get_by_label(option, exact=True).click()
            self.presses += 1
        return self

    def write(self, label: str, words: str) -> Host:
        self.page.get_by_label(label, exact=True).fill(words)
        return self

    def press(self, name: str) -> Host:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.presses += 1
        return self

    @property
    def said(self) -> Locator:
        return self.page.locator(".al-status")

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("table", name="Your plan").locator("tbody").get_by_role("row")

    def clock(self) -> list[tuple[str, int]]:
        """When each row begins, and how many minutes it has."""
        texts = [
            (row.get_by_role("cell").nth(0).inner_text(), row.get_by_role("cell").nth(1).inner_text())
            for row in self.rows.all()
        ]
        return [(clock.split()[0], int(minutes)) for clock, minutes in texts]


@pytest.fixture
def host(tab: Watched, site: Path, tmp_path: Path) -> Iterator[Host]:
    """At the planner's page from a USB stick, with the big screen beside it and nothing else of the curriculum at hand."""
    text = (site / f"{LESSON}.html").read_text("utf-8")
    (tmp_path / f"{LESSON}.html").write_text(text.replace('"screen":false', '"screen":true'), "utf-8")
    page = tab.page
    page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    page.goto(published_course("file", tmp_path.as_uri() + "/").address(LESSON))
    expect(page.locator("html.al-ready")).to_have_count(1)
    yield Host(page)
    assert tab.errors == [] and tab.other_hosts == []
    kept = "() => [sessionStorage, localStorage].flatMap((one) => Object.keys(one)).filter((key) => key !== 'alongside.seen')"
    assert not [key for key in page.evaluate(kept) if "plan" in key or "facilitate" in key]


@dataclass(frozen=True)
class Rehearsal:
    time: str
    people: str
    works: list[str]
    hurts: list[str]
    sheets: int
    minutes: int
    days: str = "It is today"
    managers: str = "No"
    pressed_out: list[str] = field(default_factory=list)


REHEARSALS = {
    "45 minutes, 9 people, one laptop and a projector": Rehearsal(
        "45 min", "9", ["A projector"], [SLIPPING], 6, 45
    ),
    "90 minutes, 14 people with a manager among them, paper only": Rehearsal(
        "90 min", "14", ["A printer", "One device to read from, such as this one"], [DECIDED], 24, 90,
        "A week or more", "Yes, the whole time",
    ),
    "half a day, 8 peers": Rehearsal(
        "Half a day, 4 hours", "8", ["A printer"], [DECIDED, UNTOLD], 20, 240, "A week or more"
    ),
}  # fmt: skip


def planned(host: Host, one: Rehearsal) -> Host:
    host.choose("1. Door to door", one.time).choose("2. How many people", one.people)
    host.choose("3. What works for sure?", *one.works)
    if one.managers != "No":
        host.choose("Does anybody come", one.managers)
    host.choose("5. What hurts?", *one.hurts)
    if one.days != "It is today":
        host.choose("7. How many days", one.days)
    return host.press("Make the plan")


@pytest.mark.parametrize("name", REHEARSALS)
def test_a_session_is_planned_and_printed_in_twelve_presses_on_two_sides(host: Host, name: str) -> None:
    one = REHEARSALS[name]
    planned(host, one).press("Print the run sheet")
    page = host.page
    assert page.evaluate("window.printed") == 1 and host.presses <= MOST_PRESSES
    whole = sum(minutes for _, minutes in host.clock())
    assert one.minutes - 35 <= whole <= one.minutes
    expect(host.said).to_have_text("The run sheet was handed to the printer's window.")
    # The table is looked up while one leads: what has to be read before one prints is all the rest.
    words = page.locator("main").inner_text().split()
    table = page.get_by_role("table", name="Your plan").inner_text().split()
    assert 300 < len(words) - len(table) <= MOST_WORDS
    sheets = re.search(r"Print: (\d+) sheet", page.locator("main").inner_text())
    assert (int(sheets[1]) if sheets else 0) <= one.sheets and bool(sheets) is ("A printer" in one.works)
    for paper in ("Letter", "A4"):
        sides = PdfReader(BytesIO(page.pdf(format=paper))).pages
        assert len(sides) == 2, paper
        front, back = (" ".join(side.extract_text().split()) for side in sides)
        assert "This sheet is not complete until" in front
        assert "Naloxone:" in front and "Thanks, and what happens next" in front and "Quick exit" not in front
        assert "If something happens" in back and "What I said I would bring back" in back
        assert "When it comes out otherwise" in front + back and "calls in: this doesn't work" in front + back
    # The big screen is handed ids and minutes, and nothing that anybody said.
    address = page.get_by_role("link", name="Open the big screen").get_attribute("href") or ""
    end = address.partition("screen.html#")[2]
    plan = json.loads(base64.urlsafe_b64decode(end + "=" * (-len(end) % 4)))
    assert plan["alongside_plan"] == 1 and plan["people"] == int(one.people) and plan["start"] == "10:00"
    assert sum(row["minutes"] for row in plan["rows"]) == whole
    known = {f"{some['id']}/{step['id']}" for some in knows()["sessions"] for step in some["steps"]}
    assert {row["id"] for row in plan["rows"]} <= known | {"opening", "break", "closing"}
    assert {cut["id"] for cut in plan["cuts"]} <= {row["id"] for row in plan["rows"]}


def test_all_that_is_said_and_done_is_read_from_the_page_and_printed_however_long_it_gets(host: Host) -> None:
    planned(host, REHEARSALS["half a day, 8 peers"])
    page = host.page
    address = page.get_by_role("link", name="Open the big screen").get_attribute("href") or ""
    end = address.partition("#")[2]
    ids = {row["id"] for row in json.loads(base64.urlsafe_b64decode(end + "=" * (-len(end) % 4)))["rows"]}
    steps = [
        step for some in knows()["sessions"] for step in some["steps"] if f"{some['id']}/{step['id']}" in ids
    ]
    told = [text for step in steps for text in (step["say"], step["do"])]
    assert len(told) > 60
    page.locator("summary", has_text="What you say and do, step by step").click()
    shown = page.locator(".al-planned-here .al-words-said").inner_text()
    assert [text for text in told if text not in shown] == []

    def printed() -> list[str]:
        return [
            " ".join(side.extract_text().split()) for side in PdfReader(BytesIO(page.pdf(format="A4"))).pages
        ]

    host.press("Print the words to say")
    expect(host.said).to_have_text("The words to say were handed to the printer's window.")
    paper = " ".join(printed())
    told += [line.said(here()) for line in opening().lines]
    missing = [text for text in told if text not in paper]
    assert missing == [] and "If something happens" not in paper
    # Once they are printed, the browser's own "Print" gives the run sheet again; so does the button where a browser never tells.
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(printed()) == 2 and "If something happens" in printed()[1]
    host.press("Print the words to say").press("Print the run sheet")
    assert len(printed()) == 2 and "If something happens" in printed()[1]


def test_before_the_day_one_is_told_to_agree_on_pay_and_to_say_what_it_touches(host: Host) -> None:
    planned(host, REHEARSALS["45 minutes, 9 people, one laptop and a projector"])
    page = host.page
    errands = page.locator(".al-errands > li")
    expect(errands.filter(has_text="Agree on your own pay")).to_have_count(1)
    touches = next(one["touches"] for one in knows()["sessions"] if one["id"] == "13-follow-through")
    invite = errands.filter(has_text="Invite people, and say what it touches.")
    invite.locator("summary").click()
    expect(invite.get_by_text("Will you come")).to_contain_text(touches[0])


def test_a_manager_who_is_early_hears_the_minute_at_which_they_come_in(host: Host) -> None:
    host.write("It starts at", "2:30 pm").choose("Does anybody come", "Yes, for the last step only")
    host.choose("1. Door to door", "90 min").choose("2. How many people", "9")
    host.choose("3. What works for sure?", "A printer").choose("5. What hurts?", SLIPPING)
    host.press("Make the plan")
    note = host.page.locator(".al-plan").get_by_text("Managers come in now").inner_text()
    clock = note.rpartition(" ")[2]
    assert host.clock()[0] == ("2:30", 6) and clock.startswith(("2:", "3:"))
    paper = " ".join(host.page.locator(".al-run").evaluate("(one) => one.textContent").split())
    assert f"A manager walks in early: “You come in at {clock}, at ‘" in paper


def test_what_can_be_left_out_is_said_once_where_there_is_no_more_of_it(host: Host) -> None:
    host.choose("1. Door to door", "45 min").choose("2. How many people", "4")
    host.choose("5. What hurts?", SLIPPING).press("Make the plan")
    lines = host.page.locator(".al-planned-here > p").all_inner_texts()
    assert [line for line in lines if line.startswith("5 minutes late: ")]
    assert not [line for line in lines if line.startswith("10 minutes late: ")]
    assert str(say("activities.planner_late_all")) in lines


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_planner_and_its_plan_are_for_everyone(host: Host, width: int, scheme: str) -> None:
    host.page.set_viewport_size({"width": width, "height": 800})
    host.page.emulate_media(color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    planned(host, REHEARSALS["half a day, 8 peers"])
    host.page.get_by_role("button", name=re.compile("^Clock: Arrive")).first.click()
    host.page.locator("summary", has_text="Words to send").first.click()
    assert violations(host.page) == []
    assert host.page.evaluate(WIDE) == FITS
    names = [one.get_attribute("aria-label") for one in host.page.locator(".al-changes > button").all()]
    assert len(names) > 100 and len(set(names)) == len(names)


def test_what_makes_no_sense_is_met_by_a_sentence_and_never_by_an_empty_table(host: Host) -> None:
    page = host.page

    def answered(sentence: str) -> None:
        host.press("Make the plan")
        expect(host.said).to_have_text(sentence)
        expect(page.locator(".al-why")).to_have_text(sentence)
        expect(page.get_by_role("table", name="Your plan")).to_have_count(0)

    answered(str(say("activities.planner_no_minutes")))
    host.write("Or this many minutes", "555-0134")
    answered(str(say("activities.planner_odd_minutes")))
    host.write("Or this many minutes", "5550134")
    answered(str(say("activities.planner_many_minutes")))
    host.write("Or this many minutes", "10")
    answered(str(say("activities.planner_few_minutes")))
    host.write("Or this many minutes", "50")
    answered(str(say("activities.planner_no_people")))
    host.write("Or another number", "40")
    answered(str(say("activities.planner_many_people")))
    host.write("Or another number", "2")
    answered(str(say("activities.planner_few_people")))
    host.write("Or another number", "a few")
    answered(str(say("activities.planner_odd_people")))
    host.write("Or another number", "9").write("It starts at", "after lunch")
    answered(str(say("activities.planner_odd_start")))
    host.write("It starts at", "9:30")
    answered(str(say("activities.planner_no_needs")))
    host.choose("5. What hurts?", SLIPPING, DECIDED, UNTOLD)
    expect(host.said).to_have_text(str(say("activities.planner_two_needs")))
    expect(host.group("5. What hurts?").get_by_role("checkbox", checked=True)).to_have_count(2)
    host.choose("5. What hurts?", DECIDED).choose(
        "3. What works", "One device to read from, such as this one"
    )
    answered(
        "Nothing for this fits yet. “Follow-through” would, with a printer, a screen or one device to read from."
    )
    host.choose("3. What works", "People's phones, tried today").press("Make the plan")
    expect(host.rows.first).to_be_visible()
    assert host.clock()[0] == ("9:30", 6)


def test_three_people_get_the_conversation_and_its_cards_by_hand_where_nothing_works(host: Host) -> None:
    host.choose("1. Door to door", "3 hours").choose("2. How many people", "3")
    host.choose("3. What works", "One device to read from, such as this one").press("Make the plan")
    title = next(one["title"] for one in knows()["sessions"] if one["id"] == CONVERSATION)
    expect(host.said).to_contain_text(f"of 180 minutes: {title}.")
    expect(host.page.get_by_text("Copy the twelve by hand")).to_contain_text("12. Be a team")


def test_where_there_is_no_big_screen_the_plan_says_so(host: Host, tmp_path: Path) -> None:
    page = tmp_path / f"{LESSON}.html"
    page.write_text(page.read_text("utf-8").replace('"screen":true', '"screen":false'), "utf-8")
    host.page.reload()
    planned(host, REHEARSALS["45 minutes, 9 people, one laptop and a projector"])
    expect(host.page.get_by_text("This copy has no big screen.")).to_be_visible()
    expect(host.page.get_by_role("link", name="Open the big screen")).to_have_count(0)


def test_a_plan_is_changed_by_the_keyboard_alone_and_keeps_its_rules(host: Host) -> None:
    page, keys = host.page, host.page.keyboard
    page.get_by_label("45 min", exact=True).focus()
    keys.press("Space")

    def walk_to(name: str, role: str = "button") -> None:
        for _ in range(120):
            keys.press("Tab")
            here = page.get_by_role(role, name=name, exact=True)  # pyright: ignore[reportArgumentType]
            if here.count() and here.first.evaluate("(one) => one === document.activeElement"):
                return
        raise AssertionError(f"Tab does not come to {name}")

    walk_to("3", "radio")
    for _ in range(6):
        keys.press("ArrowRight")
    expect(page.get_by_label("9", exact=True)).to_be_checked()
    walk_to(SLIPPING, "checkbox")
    keys.press("Space")
    walk_to("Make the plan")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Your plan")).to_be_focused()
    before = host.clock()
    walk_to("+5: Three endings")
    keys.press("Enter")
    expect(host.said).to_contain_text("There are only 0 minutes left.")
    expect(page.locator(".al-no")).to_contain_text("There are only 0 minutes left.")
    assert host.clock() == before
    walk_to("Leave out: Three endings")
    keys.press("Enter")
    expect(host.said).to_have_text("“Three endings” is left out.")
    after = host.clock()
    assert len(after) == len(before) - 1 and sum(m for _, m in after) == sum(m for _, m in before) - 4
    walk_to("Clock: One small step")
    keys.press("Enter")
    expect(page.get_by_role("textbox", name="Begins at")).to_be_focused()
    keys.press("Control+a")
    keys.type("10:36")
    keys.press("Enter")
    expect(host.said).to_have_text("“One small step” begins at 10:36. The rest moved around it.")
    assert "10:36" in [clock for clock, _ in host.clock()]
    # An hour after noon is written as it is shown, and a time that is before the start is outside.
    walk_to("Clock: Close")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("9:00")
    keys.press("Enter")
    expect(host.said).to_contain_text("That is not within your session.")
    walk_to("Swap: Close")
    keys.press("Enter")
    expect(host.said).to_contain_text("Nothing else fits these answers.")


def test_every_change_can_be_taken_back_one_after_the_other(host: Host) -> None:
    planned(host, REHEARSALS["half a day, 8 peers"])
    host.write("For each person, in whole dollars", "25")
    undo = host.page.get_by_role("button", name="Take it back", exact=True)
    expect(undo).to_have_count(0)
    steps = [host.clock()]
    for change in ("Leave out: Close, Share power", "−5: Meal", "Swap: Arrive, Share power"):
        name = re.compile(f"^{change}(?!:)")
        host.page.get_by_role("button", name=name).first.click()
        expect(undo).to_have_count(1)
        steps.append(host.clock())
        assert steps[-1] != steps[-2], change
    expect(host.page.get_by_text("8 × 25 = 200.")).to_be_visible()
    while len(steps) > 1:
        steps.pop()
        host.press("Take it back")
        expect(host.said).to_have_text("The last change is taken back.")
        assert host.clock() == steps[-1]
    expect(undo).to_have_count(0)


def test_a_session_that_goes_past_midnight_is_fixed_to_the_clock_as_it_is_shown(host: Host) -> None:
    host.write("It starts at", "22:00").choose("1. Door to door", "3 hours").choose("2. How many people", "8")
    host.choose("5. What hurts?", DECIDED).choose("7. How many days", "A week or more").press("Make the plan")
    at = next(at for at, (_, minutes) in enumerate(host.clock()) if minutes == 30)
    row = host.rows.nth(at)
    assert "Meal" in row.inner_text()
    for written in ("12:15", "0:20"):
        row = host.rows.filter(has_text="Meal")
        row.get_by_role("button", name=re.compile("^Clock: ")).click()
        row.get_by_role("textbox", name="Begins at").fill(written)
        row.get_by_role("button", name=re.compile("^Fix it: ")).click()
        clock = {"12:15": "12:15", "0:20": "12:20"}[written]
        expect(host.said).to_contain_text(f"begins at {clock}. The rest moved around it.")
        assert next(shown for shown, minutes in host.clock() if minutes >= 25) == clock


def test_paper_and_the_saved_file_say_which_session_begins_when_managers_come_in_and_what_is_to_do_before(
    host: Host, tmp_path: Path
) -> None:
    host.choose("Does anybody come", "Yes, for the last step only")
    planned(host, REHEARSALS["half a day, 8 peers"])
    page = host.page
    note = page.locator(".al-plan").get_by_text("Managers come in now").inner_text()
    front = page.locator(".al-run .al-side").first.evaluate("(one) => one.textContent")
    titles = page.locator(".al-plan .al-of").all_inner_texts()
    assert note in front and len(titles) > 2
    assert [title for title in titles if f"{title}. " not in front] == []
    with page.expect_download() as got:
        host.press("Save as a file")
    got.value.save_as(tmp_path / "plan.html")
    browser = page.context.browser
    assert browser
    phone = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True)
    saved = phone.new_page()
    saved.goto((tmp_path / "plan.html").as_uri())
    assert saved.evaluate("innerWidth") < 500  # and not the 980 of a page for desks, shrunk
    text = saved.locator("body").inner_text()
    for words in (
        note,
        f"{titles[0]} Arrive",
        "Before the day",
        "Agree on your own pay",
        "Before I say yes to leading this",
        "Will you come to",
        "Print: ",
    ):
        assert words in text, words
    phone.close()


def test_money_comes_in_small_notes_and_the_plan_goes_along_as_a_file(host: Host, tmp_path: Path) -> None:
    planned(host, REHEARSALS["45 minutes, 9 people, one laptop and a projector"])
    host.write("For each person, in whole dollars", "25")
    expect(host.page.get_by_text("9 × 25 = 225.")).to_contain_text("9 × 20, and 9 × 5")
    host.write("For each person, in whole dollars", "lots")
    expect(host.page.get_by_text("Write a whole number, such as 20.")).to_be_visible()
    with host.page.expect_download() as got:
        host.press("Save as a file")
    got.value.save_as(tmp_path / "plan.html")
    page = host.page.context.new_page()
    page.goto((tmp_path / "plan.html").as_uri())
    expect(page.get_by_role("row", name=re.compile("Three endings")).first).to_be_visible()
    expect(page.get_by_text("What I said I would bring back")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_what_a_host_says_and_does_stands_on_the_planners_page_alone(site: Path) -> None:
    """Of the published pages. The sentences are found there, so a page that had one would be found, too."""
    steps = [step for one in knows()["sessions"] for step in one["steps"]]
    said = {text for step in steps for text in (step["say"], step["do"]) if len(text.split()) >= 8}
    # A host may read out what learners have before them as well.
    read = "\n".join(
        text
        for one in (*lessons(), *exercises())
        for text in (one.prose(), *(word for line in one.activities for word in line.texts))
    )
    read += " ".join((ROOT / "data" / "scenarios.yml").read_text("utf-8").split())
    said = {one for one in said if one not in read}
    assert len(said) > 300

    def found_on(page: Path) -> set[str]:
        text = page.read_text("utf-8")
        props = re.sub(r"\\u00([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text)
        return {one for one in said if one in props}

    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    assert found_on(site / f"{LESSON}.html") >= {one for one in said if '"' not in one}
    others = {page.name: found_on(page) for page in pages if page.stem != LESSON}
    assert {name: found for name, found in others.items() if found} == {}
