"""After a session: one sheet for the wall, notes for a calendar, an invitation, and nothing that stays."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SECONDS, Watched
from hands import TRACES
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser

WHAT, WHERE, WHEN = "What we said we would find out or do", "Where the answer goes", "By when"
TODAY = "2027-03-01T10:00:00Z"
HOURS = "Who decides the opening hours on Sundays"
CHAIRS = "Two paid chairs at the next meeting of the board"


class Host:
    """Someone with a sheet of promises in their hand."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open(self) -> Host:
        self.page.goto(self.address)
        expect(self.page.locator("html.al-ready")).to_have_count(1)
        return self

    def promise(self, number: int) -> Locator:
        return self.page.get_by_role("group", name=f"Promise {number}", exact=True)

    def write(self, number: int, what: str, where: str = "", when: str = "") -> Host:
        if not self.promise(number).count():
            self.press("One more promise")
        for label, text in ((WHAT, what), (WHERE, where), (WHEN, when)):
            if text:
                self.promise(number).get_by_label(label).fill(text)
        return self

    def press(self, name: str) -> Host:
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def check_in(self, day: str) -> Host:
        self.page.get_by_label("On which day do you look at it together?").fill(day)
        return self

    @property
    def wall(self) -> Locator:
        return self.page.get_by_role("group", name="The page for the wall")

    def note(self, name: str) -> str:
        with self.page.expect_download() as handed:
            self.press(name)
        assert handed.value.suggested_filename == "note.ics"  # which says nothing
        return Path(handed.value.path()).read_bytes().decode().replace("\r\n ", "")

    def printed(self) -> PdfReader:
        """The sheet, as the browser prints it."""
        self.page.evaluate(
            "() => { window.print = () => { window.letters = parseFloat(document.querySelector('.al-wall').style.fontSize) } }"
        )
        self.press("Print it, one sheet")
        return PdfReader(io.BytesIO(self.page.pdf(format="Letter")))


@pytest.fixture
def host(context: BrowserContext, site_over_http: str) -> Iterator[Host]:
    page = context.new_page()
    watched = Watched(page)
    watched.watch(page)
    page.clock.set_fixed_time(TODAY)
    yield Host(page, f"{site_over_http}after.html").open()
    asked = {url for url in watched.requests if not url.startswith(("data:", "blob:", "about:"))}
    assert asked <= {f"{site_over_http}{name}.html" for name in ("after", "page", "19-check-in")}
    assert watched.errors == []


def words(sheet: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in sheet.pages).split())


def test_promises_become_one_sheet_for_the_wall_in_large_letters(host: Host) -> None:
    host.write(1, HOURS, "the wall by the kitchen", "2027-03-12").write(2, CHAIRS, "I know", "2027-03-05")
    host.write(3, "A key for the bathroom").check_in("2027-03-19")
    expect(host.wall).to_contain_text("By Friday, March 5")
    sheet = host.printed()
    assert len(sheet.pages) == 1
    told = words(sheet)
    # By day, and whom a host knows is nobody's business.
    order = [
        "We said we would bring back",
        "March 5",
        CHAIRS,
        "March 12",
        HOURS,
        "the wall by the kitchen",
        "No day yet",
    ]
    assert [told.index(one) for one in order] == sorted(told.index(one) for one in order)
    assert "I know" not in told and told.endswith("We look at this list together on Friday, March 19.")
    assert host.page.evaluate("window.letters") >= 22  # points


def test_twelve_promises_still_fit_one_sheet_and_a_thirteenth_is_asked_about(host: Host) -> None:
    for number in range(1, 13):
        host.write(number, f"Number {number}: who cleans the urn, and how it is paid", "the board")
    host.press("One more promise")
    expect(host.page.locator(".al-foot .al-status")).to_contain_text("Twelve are as many as one sheet holds")
    # The foot is many screens below the button of a phone.
    beside = host.page.locator("p.al-hint", has_text="Twelve are as many as one sheet holds")
    expect(beside).to_be_in_viewport()
    host.write(12, "A key for the bathroom")
    expect(beside).to_have_count(0)
    assert len(host.printed().pages) == 1


def test_each_day_has_a_calendar_note_that_says_nothing_unless_words_are_put_in(host: Host) -> None:
    expect(host.page.locator("main")).to_contain_text("Choose a day above, and its note is here.")
    host.write(1, HOURS, "the board", "2027-03-12").write(2, CHAIRS, "", "2027-03-12").check_in("2027-03-19")
    empty = host.note("Save a note for Friday, March 12")
    assert "DTSTART;VALUE=DATE:20270312" in empty and "DESCRIPTION" not in empty and HOURS not in empty
    host.page.get_by_label("Put my words in").check()
    assert f"DESCRIPTION:{HOURS}\\nthe board\\n\\n{CHAIRS}\r\n" in host.note(
        "Save a note for Friday, March 12"
    )
    check_in = host.note("Save a note for the check-in, Friday, March 19")
    assert "DTSTART;VALUE=DATE:20270319" in check_in and "We look together at what was promised." in check_in


def test_the_invitation_has_the_day_and_promises_nothing_of_anybody(host: Host) -> None:
    box = host.page.get_by_role("textbox", name="Words for the invitation")
    expect(box).to_have_value(re.compile("We will tell you the day"))
    host.write(1, HOURS).check_in("2027-03-19")
    expect(box).to_have_value(re.compile("^On Friday, March 19 we look at what was promised last time"))
    assert HOURS not in box.input_value()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2027-02-28", "This day is over. Is the year right?"),
        ("0207-03-05", "This day is over. Is the year right?"),
        ("2029-03-05", "This day is more than a year away. Is the year right?"),
        ("2027-03-05", ""),
    ],
)
def test_a_day_that_makes_no_sense_gets_one_sentence_and_stays(host: Host, day: str, sentence: str) -> None:
    host.write(1, HOURS, "", day)
    expect(host.promise(1).locator(".al-hint")).to_have_text(sentence)
    host.check_in(day)
    expect(host.page.get_by_label("On which day")).to_have_value(day)
    assert host.page.get_by_text("Is the year right?").count() == 2 * bool(sentence)


def test_a_promise_for_later_than_the_check_in_is_told_gently(host: Host) -> None:
    host.write(1, HOURS, "", "2027-03-26").check_in("2027-03-19")
    expect(host.page.get_by_text("Some of it is promised for a later day than this.")).to_be_visible()


def test_what_may_be_a_name_is_asked_about_and_never_refused(host: Host) -> None:
    host.write(1, HOURS, "Marcus")
    hint = host.promise(1).locator(".al-hint")
    expect(hint).to_contain_text("Could this be somebody's name?")
    expect(host.wall).to_contain_text("Marcus")
    host.write(1, HOURS, "the wall by the kitchen")
    expect(hint).to_have_text("")
    expect(host.promise(1).get_by_label(WHERE)).to_have_accessible_description("")


def test_without_a_promise_nothing_is_printed_and_the_page_says_what_is_missing(host: Host) -> None:
    host.page.evaluate("() => { window.print = () => { throw new Error('printed') } }")
    host.press("Print it, one sheet")
    expect(host.page.locator(".al-foot .al-status")).to_have_text("Write down one promise first, above.")


def test_what_was_typed_survives_a_reload_and_is_in_my_words_and_in_the_check_in(host: Host) -> None:
    host.write(1, HOURS, "the board", "2027-03-12").write(2, CHAIRS).check_in("2027-03-19")
    host.page.reload()
    expect(host.promise(1).get_by_label(WHAT)).to_have_value(HOURS)
    expect(host.promise(2).get_by_label(WHAT)).to_have_value(CHAIRS)
    expect(host.page.get_by_label("On which day")).to_have_value("2027-03-19")
    host.press("My words")
    dialog = host.page.get_by_role("dialog", name="My words")
    for told in (HOURS, "Whom I tell: the board", "2027-03-19"):
        expect(dialog).to_contain_text(told)
    host.press("Close").page.get_by_role("link", name="Check-in", exact=True).click()
    expect(host.page.get_by_role("group", name=HOURS, exact=True)).to_be_visible()


def test_a_promise_that_is_taken_out_is_nowhere(host: Host) -> None:
    host.write(1, HOURS).write(2, CHAIRS)
    host.press("Take this out: promise 1")
    expect(host.promise(1).get_by_label(WHAT)).to_have_value(CHAIRS)
    assert HOURS not in host.page.evaluate(TRACES)
    host.press("Take this out: promise 1")
    expect(host.promise(1).get_by_label(WHAT)).to_have_value("")
    assert CHAIRS not in host.page.evaluate(TRACES)


def test_forget_empties_the_page_and_quick_exit_leaves_nothing(host: Host) -> None:
    host.page.evaluate(
        "sessionStorage.setItem('alongside.screen', '{}')"
    )  # where the room was is forgotten as well
    host.write(1, HOURS, "the board", "2027-03-12").check_in("2027-03-19").press("My words")
    host.press("Forget everything here").press("Close")
    assert host.page.evaluate("Object.keys(sessionStorage).filter((one) => one.includes('screen'))") == []
    expect(host.promise(1).get_by_label(WHAT)).to_have_value("")
    assert not {HOURS, "2027-03-12", "2027-03-19"} & set(
        re.findall(rf"{HOURS}|2027-03-\d\d", host.page.evaluate(TRACES))
    )
    host.write(1, CHAIRS)
    host.printed()
    host.page.get_by_role("button", name="Quick exit").first.click()
    expect(host.page).to_have_url(re.compile(r"/page\.html$"))
    assert CHAIRS not in host.page.evaluate(TRACES)
    host.page.go_back(wait_until="commit")
    expect(host.page).to_have_url(re.compile(r"^(?!.*after\.html)"))


def test_the_sheet_for_the_wall_stays_on_no_page(host: Host) -> None:
    host.write(1, HOURS)
    host.printed()
    host.page.keyboard.press("Tab")
    expect(host.page.locator(".al-sheet")).to_have_count(0)


def test_it_is_done_by_keyboard_alone(host: Host) -> None:
    host.page.get_by_role("button", name="Quick exit").first.focus()
    for _ in range(30):
        host.page.keyboard.press("Tab")
        if host.page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    host.page.keyboard.type(HOURS)
    host.page.keyboard.press("Tab")
    host.page.keyboard.type("the board")
    expect(host.wall).to_contain_text(HOURS)
    expect(host.wall).to_contain_text("The answer: the board")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_empty_or_filled_in(host: Host, scheme: str) -> None:
    host.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    assert Axe().run(host.page).response["violations"] == []
    host.write(1, HOURS, "Marcus", "2027-02-12").write(2, CHAIRS).check_in("2027-03-19")
    assert Axe().run(host.page).response["violations"] == []
    for width in (320, 1280):
        host.page.set_viewport_size({"width": width, "height": 800})
        assert host.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_box_keeps_its_words_from_the_browser(host: Host) -> None:
    host.write(2, CHAIRS)
    boxes = host.page.locator("#alongside-after :is(textarea, input[type=date])")
    assert boxes.count() == 8
    for box in boxes.all()[:-1]:
        assert box.get_attribute("autocomplete") == "off" and box.get_attribute("spellcheck") == "false"
        assert box.get_attribute("writingsuggestions") == "false"


def test_from_a_folder_of_files_it_works_as_well(context: BrowserContext, site: Path) -> None:
    page = context.new_page()
    page.set_default_timeout(20 * SECONDS)
    Host(page, (site / "after.html").as_uri()).open().write(1, HOURS)
    expect(page.get_by_role("group", name="The page for the wall")).to_contain_text(HOURS)
    page.reload()
    expect(page.get_by_label(WHAT)).to_have_value(HOURS)
