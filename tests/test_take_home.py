"""Words are taken home in a file and brought back, plain or locked, and no file from anywhere can do harm here."""

from __future__ import annotations

import base64
import datetime
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from conftest import ARGUMENTS, SECONDS, Watched, browser_path
from hands import FOLLOW, NEWS, PEOPLE, PLAN, SHARE, Course, Learner
from playwright.sync_api import Browser, Dialog, Download, Locator, Playwright, expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser

ARRIVE, MAP, CARD, PROMISE = (
    "share-power-arrive",
    "share-power-map",
    "share-power-one-card",
    "share-power-promise",
)
STORY = "scenario-the-dragon-on-the-wall"
ONE, MANY = "people-done-well", "people-limits-told"
WAITED = "follow-through-waited"
PASSPHRASE = "four kind otters swim"
WORDS = "quiet otter"
SAFE_DOORS = pytest.mark.parametrize("course", ["http", "file"], indirect=True)
KINDS = pytest.mark.parametrize("kind", ["plain", "locked"])
HERE = "Choose a file that you saved here"
BACK = "Your words are back in this tab."
#: What would change the page's title, or open a dialog, if it were anything but text.
TEXTS = (
    "<img src=x onerror=\"document.title='hurt'\">",
    "<script>document.title = 'hurt'; alert(1)</script>",
    "</script></textarea></p><script>alert(1)</script>",
    "<svg onload=alert(1)><style>*{display:none}</style>",
    "&amp; &lt;b&gt; &#0; &nbsp",
    "<!-- --> ]]> ${1} `${2}` {{3}} %s \\u0041 \\",
    "👩🏽‍🚀🏳️‍🌈 e\u0301 \ufeff",
    "كلمات هادئة שָׁלוֹם",
    "\u202eright to left\u202c \u2066apart\u2069",
)

# --- what a person does with files -----------------------------------------------------------------


def save(place: Locator) -> Path:
    with place.page.expect_download() as saved:
        place.get_by_role("button", name="Save as a file", exact=True).click()
    assert saved.value.suggested_filename == "notes.html"
    return Path(saved.value.path())


SHOW = "Show what I write"


def save_locked(place: Locator, passphrase: str = PASSPHRASE) -> Path:
    box = place.get_by_label("A passphrase (four words are good)")
    if not box.is_visible():
        place.get_by_text("Lock the file with a passphrase", exact=True).click()
    box.fill(passphrase)
    with place.page.expect_download() as saved:
        place.get_by_role("button", name="Save as a locked file").click()
    assert saved.value.suggested_filename == "notes.html"
    return Path(saved.value.path())


def save_as(kind: str, place: Locator) -> Path:
    return save_locked(place) if kind == "locked" else save(place)


#: Files for the browser to read from the disk, until all tests are done.
ON_DISK = tempfile.TemporaryDirectory(prefix="alongside-test-")


def bring(place: Locator, file: Path | bytes) -> None:
    if isinstance(file, bytes) and len(file) > 50_000:  # in a message to the browser this would take seconds
        large = Path(ON_DISK.name, "notes.html")
        large.write_bytes(file)
        file = large
    if isinstance(file, Path):
        place.get_by_label(HERE).set_input_files(file)
    else:
        place.get_by_label(HERE).set_input_files(
            {"name": "notes.html", "mimeType": "text/html", "buffer": file}
        )


def unlock(place: Locator, passphrase: str = PASSPHRASE) -> None:
    box = place.get_by_label("This file is locked. Its passphrase")
    expect(box).to_be_focused()
    box.fill(passphrase)
    place.get_by_role("button", name="Open it").click()


def said(dialog: Locator) -> Locator:
    return dialog.locator(NEWS)


def bring_back(learner: Learner, file: Path | bytes, kind: str = "plain") -> Locator:
    words = learner.my_words()
    bring(words, file)
    if kind == "locked":
        unlock(words)
    expect(said(words)).to_have_text(
        BACK, timeout=20 * SECONDS
    )  # the largest takes seconds on a busy computer
    return words


def close(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).to_have_count(0)


def another_tab(learner: Learner, name: str) -> Learner:
    return learner.beside(learner.page.context.new_page()).open(name)


# --- files, as contract.md has them ----------------------------------------------------------------


def page_with(block: str) -> bytes:
    text = f'<!doctype html><title>Notes</title><script type="application/json" id="alongside-words">{block}</script>'
    return text.encode("utf-8", "surrogatepass")


def file_of(words: dict[str, Any], version: float = 1) -> bytes:
    data = {"alongside": version, "words": words}
    return page_with(json.dumps(data).replace("<", "\\u003c"))


def word(answer: object, prompt: str = "What was it?") -> dict[str, object]:
    return {"prompt": prompt, "answer": answer}


def parsed(file: Path) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(file.read_bytes())


def data_in(file: Path) -> dict[str, Any]:
    (block,) = list(parsed(file).iter("script"))
    assert (block.get("type"), block.get("id")) == ("application/json", "alongside-words")
    return json.loads(block.text)


def lines_in(element: Any) -> list[str]:
    return [line for line in "".join(element.itertext()).splitlines() if line]


def noting(messages: list[str]) -> Callable[[Dialog], None]:
    def note(dialog: Dialog) -> None:
        messages.append(dialog.message)
        dialog.dismiss()

    return note


@pytest.fixture
def quiet(tab: Watched) -> Iterator[Watched]:
    """The tab, where no file may open a dialog, run a script or raise an error."""
    dialogs: list[str] = []
    tab.page.on("dialog", noting(dialogs))
    yield tab
    assert dialogs == []
    assert tab.errors == []


# --- the file --------------------------------------------------------------------------------------


def test_the_file_is_one_page_that_anyone_can_read_and_that_names_nobody(
    learner: Learner, tab: Watched
) -> None:
    learner.open(SHARE).write(CARD, f"{WORDS}\n\nand its hours")
    learner.question(ARRIVE).get_by_role("radio", name="2", exact=True).check()
    asked, rated = learner.props(CARD)["prompt"], learner.props(ARRIVE)["prompt"]
    words = learner.my_words()
    file = save(words)

    page = parsed(file)
    assert page.find("head/title").text == "Notes"
    assert page.get("lang") == "en"
    (policy,) = [one for one in page.iter("meta") if one.get("http-equiv")]
    assert (policy.get("http-equiv"), policy.get("content")) == (
        "Content-Security-Policy",
        "default-src 'none'",
    )
    assert lines_in(page.find("body/main")) == [
        "Notes",
        asked,
        WORDS,
        "and its hours",
        rated,
        "2 of 5, from Hardly ever to Always",
    ]
    assert data_in(file) == {
        "alongside": 2,
        "words": {
            CARD: {"prompt": asked, "answer": {"kind": "ask", "v": 2, "text": f"{WORDS}\n\nand its hours"}},
            ARRIVE: {
                "prompt": rated,
                "answer": {"kind": "rate", "v": 2, "step": 2},
                "shown": {"ends": {"low": "Hardly ever", "high": "Always"}},
            },
        },
    }
    text = file.read_text("utf-8")
    today = datetime.date.today()
    for telling in (
        f"{today.year}-",
        f"{today:%d.%m.}",
        f"{today:%B}",
        "GMT",
        "otter's",
        "127.0.0.1",
        "file:",
        "Lesson",
    ):
        assert telling not in text
    assert not re.search(r"\b1[78]\d{8}(\d{3})?\b", text), "a time in seconds or milliseconds"
    # Not even when it was saved, or that it was saved twice.
    assert save(words).read_bytes() == file.read_bytes()
    assert tab.errors == []


def test_the_file_fits_a_phone_and_its_lines_stay_lines(
    learner: Learner, tab: Watched, tmp_path: Path
) -> None:
    learner.open(SHARE).write(CARD, "http://" + "otter" * 60)
    what = learner.question(PROMISE).get_by_label("What", exact=True)
    what.fill("first line\n  second line\n\nlast line")
    file = tmp_path / "notes.html"
    file.write_bytes(save(learner.my_words()).read_bytes())
    opened = Watched(learner.page.context.new_page())
    opened.watch(opened.page)
    opened.page.set_viewport_size({"width": 320, "height": 600})
    opened.page.goto(file.as_uri())
    drawn = opened.page.get_by_role("main").inner_text()
    assert [line.strip() for line in drawn.splitlines() if line.strip()][-3:] == [
        "What: first line",
        "second line",
        "last line",
    ]
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.page.locator("p[translate=no]").count() == opened.page.locator("p").count() == 5
    assert opened.errors == []


@pytest.mark.parametrize("reach", ["my words", "plan"])
def test_where_no_file_comes_the_words_can_be_copied(learner: Learner, reach: str) -> None:
    learner.page.add_init_script(
        """globalThis.lives = []; const make = URL.createObjectURL, end = URL.revokeObjectURL;
        URL.createObjectURL = (blob) => { const url = make(blob); lives.push(url); return url; };
        URL.revokeObjectURL = (url) => { lives.splice(lives.indexOf(url), 1); end(url); };"""
    )
    learner.page.clock.install()
    learner.open(SHARE).write(CARD, f"{WORDS}\nand its hours")
    asked = learner.props(CARD)["prompt"]
    if reach == "plan":
        place = learner.open(PLAN).question("plan")
        status = learner.said("plan")
    else:
        place = learner.my_words()
        status = said(place)
    for _ in range(2):  # an app that drops downloads: no file comes, and nothing tells the page
        save(place)
        expect(status).to_contain_text("Make sure it is there before you forget anything here.")
    learner.page.clock.fast_forward(40 * SECONDS)
    assert len(learner.page.evaluate("lives")) == 2  # a phone asks first, and takes the file after that
    learner.page.clock.fast_forward(40 * SECONDS)
    assert learner.page.evaluate("lives") == []
    copy = place.get_by_role("textbox", name="If no file came: your words, to copy")
    assert WORDS not in learner.page.evaluate(
        "[...document.querySelectorAll('[readonly]')].map((one) => one.value)"
    )
    place.get_by_text("If no file came: your words, to copy").click()
    expect(copy).to_have_value(f"{asked}\n{WORDS}\nand its hours")
    expect(copy).to_have_attribute("translate", "no")
    place.get_by_role("button", name="Forget everything here").click()
    assert WORDS not in learner.traces()


@KINDS
def test_the_file_opens_in_a_browser_without_running_or_asking_anything(
    learner: Learner, tab: Watched, tmp_path: Path, kind: str
) -> None:
    learner.open(SHARE).write(CARD, " ".join(TEXTS))
    file = tmp_path / "notes.html"
    file.write_bytes(save_as(kind, learner.my_words()).read_bytes())

    opened = Watched(learner.page.context.new_page())
    opened.watch(opened.page)
    dialogs: list[str] = []
    opened.page.on("dialog", noting(dialogs))
    opened.page.goto(file.as_uri())

    expect(opened.page).to_have_title("Notes")
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Notes")
    expect(opened.page.get_by_role("main")).to_contain_text(
        TEXTS[0] if kind == "plain" else "These notes are locked."
    )
    assert opened.requests == [file.as_uri()]
    assert opened.errors == dialogs == []
    assert opened.page.locator("img, svg, style, link").count() == 0
    assert opened.page.evaluate("[...document.scripts].map((one) => one.type)") == ["application/json"]


def test_a_locked_file_holds_no_word_and_two_of_them_have_nothing_in_common(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    prompt = str(learner.props(CARD)["prompt"])
    words = learner.my_words()
    first, second = save_locked(words), save_locked(words)

    locks = [data_in(file) for file in (first, second)]
    for file, data in zip((first, second), locks, strict=True):
        text = file.read_text("utf-8")
        assert set(data) == {"alongside", "locked"}
        assert data["locked"]["rounds"] >= 600_000
        sealed = base64.b64decode(data["locked"]["data"], validate=True)
        for secret in (WORDS, prompt, CARD, "answer", PASSPHRASE):
            assert secret not in text and secret.encode() not in sealed
    for part in ("salt", "iv", "data"):
        assert locks[0]["locked"][part] != locks[1]["locked"][part]
    assert PASSPHRASE not in learner.traces()


# --- home and back ---------------------------------------------------------------------------------


def answer_everything(learner: Learner) -> None:
    """One answer of every kind, in three lessons."""
    learner.open(SHARE).write(CARD, " | ".join(TEXTS) + "\n\nlast line")
    learner.question(ARRIVE).get_by_role("radio", name="5", exact=False).check()
    piles = learner.texts(MAP, "piles")
    learner.question(MAP).get_by_role("button", name=piles[1], exact=True).click()
    learner.question(MAP).get_by_role("button", name=piles[3], exact=True).click()
    learner.story(STORY).shown.locator(".al-step button").first.click()
    promise = learner.question(PROMISE)
    promise.get_by_label("What", exact=True).fill("A note\non the door & <b>more</b>")
    promise.get_by_role("radio", name="Maybe, it depends on …").check()
    for label in ("It depends on", "Who does it", "Whom I tell", "How I will tell you if it slips"):
        promise.get_by_label(label, exact=True).fill(f"{label}: {TEXTS[7]}")
    promise.get_by_label("By when (a day)").fill("2027-03-01")
    learner.open(PEOPLE).question(ONE).get_by_role("radio", name="Compassion", exact=True).check()
    for box in learner.question(MANY).get_by_role("checkbox").all()[1:3]:
        box.check()
    expect(learner.said(MANY)).to_have_text("Kept in this tab.")


def assert_everything_is_back(learner: Learner) -> None:
    expect(learner.box(CARD)).to_have_value(" | ".join(TEXTS) + "\n\nlast line")
    expect(learner.question(ARRIVE).get_by_role("radio", name="5", exact=False)).to_be_checked()
    cards, piles = learner.texts(MAP, "cards"), learner.texts(MAP, "piles")
    for card, pile in zip(cards[:2], (piles[1], piles[3]), strict=True):
        held = learner.question(MAP).locator(".al-sorted > div").filter(has_text=pile)
        expect(held.get_by_role("button", name=card, exact=True)).to_be_visible()
    expect(learner.story(STORY).shown).to_contain_text("You chose: ")
    promise = learner.question(PROMISE)
    expect(promise.get_by_label("What", exact=True)).to_have_value("A note\non the door & <b>more</b>")
    expect(promise.get_by_role("radio", name="Maybe, it depends on …")).to_be_checked()
    for label in ("It depends on", "Who does it", "Whom I tell", "How I will tell you if it slips"):
        expect(promise.get_by_label(label, exact=True)).to_have_value(f"{label}: {TEXTS[7]}")
    expect(promise.get_by_label("By when (a day)")).to_have_value("2027-03-01")
    learner.open(PEOPLE)
    expect(learner.question(ONE).get_by_role("radio", name="Compassion", exact=True)).to_be_checked()
    ticked = [box.is_checked() for box in learner.question(MANY).get_by_role("checkbox").all()]
    assert ticked == [False, True, True] + [False] * (len(ticked) - 3)


@SAFE_DOORS
@KINDS
def test_every_kind_of_answer_comes_back_into_its_activity(
    learner: Learner, quiet: Watched, kind: str
) -> None:
    answer_everything(learner)
    words = learner.my_words()
    plain, file = save(words), save_as(kind, words)

    later = another_tab(learner, SHARE)
    assert later.stored() == {}
    close(bring_back(later, file, kind))
    assert_everything_is_back(later)
    assert data_in(save(later.my_words())) == data_in(plain)


def test_the_plan_saves_and_brings_back_too(learner: Learner, quiet: Watched) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    plan = learner.open(PLAN).question("plan")
    plain, locked = save(plan), save_locked(plan)
    for file in (plain, locked):
        plan.get_by_role("button", name="Forget everything here").click()
        expect(plan).not_to_contain_text(str(data_in(plain)["words"][CARD]["prompt"]))
        bring(plan, file)
        if file == locked:
            unlock(plan)
        expect(learner.said("plan")).to_have_text(BACK)
        expect(plan.get_by_role("textbox", name=str(data_in(plain)["words"][CARD]["prompt"]))).to_have_value(
            WORDS
        )


@KINDS
def test_a_very_long_answer_comes_back_whole(learner: Learner, kind: str) -> None:
    long = "wörter und <mehr> " * 6000 + "\nEnde"
    learner.open(SHARE).write(CARD, long)
    file = save_as(kind, learner.my_words())
    later = another_tab(learner, SHARE)
    close(bring_back(later, file, kind))
    assert later.box(CARD).input_value() == long


def test_what_is_too_large_to_come_back_says_so_when_it_is_saved(learner: Learner) -> None:
    """A tab holds more than a file may bring back: the file is still whole for reading."""
    learner.open(SHARE)
    block = json.dumps({"alongside": 1, "words": {CARD: word(("<" * 100 + "\n") * 9000)}})
    words = bring_back(learner, page_with(block))
    file = save(words)
    expect(said(words)).to_contain_text("every browser can show it, but it can't be brought back here")
    assert file.read_text("utf-8").count("&lt;") == 900_000


def test_what_was_skipped_is_not_in_the_file_and_a_file_answers_it(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    file = save(learner.my_words())
    later = another_tab(learner, SHARE).skip(CARD)
    close(bring_back(later, file))
    expect(later.box(CARD)).to_have_value(WORDS)

    later.skip(CARD)
    words = later.my_words()
    words.get_by_role("button", name="Save as a file", exact=True).click()
    expect(said(words)).to_have_text("There is nothing to save or print yet.")


# --- what is here already --------------------------------------------------------------------------


def test_words_of_both_stay_where_they_differ(learner: Learner, quiet: Watched) -> None:
    learner.open(SHARE).write(CARD, "from the first day")
    first = save(learner.my_words())
    second_day = another_tab(learner, SHARE).write(CARD, "from the second day")
    second = save(second_day.my_words())
    third_day = another_tab(learner, SHARE).write(CARD, "from the third day")
    prompt = str(third_day.props(CARD)["prompt"])

    words = bring_back(third_day, first)
    bring(words, second)
    expect(words.get_by_text("from the second day", exact=True)).to_be_visible()

    expect(words.get_by_text("from the first day", exact=True)).to_be_visible()
    expect(words.get_by_role("heading", name=prompt, exact=True)).to_have_count(1)
    expect(words.get_by_role("heading", name=f"{prompt} (from your file)", exact=True)).to_have_count(2)
    everything = save(words)
    close(words)
    expect(third_day.box(CARD)).to_have_value("from the third day")

    # All three go home together, and come back so: into a fresh tab, and beside a fourth.
    fresh = another_tab(learner, SHARE)
    words = bring_back(fresh, everything)
    assert data_in(save(words)) == data_in(everything)
    fourth = another_tab(learner, SHARE).write(CARD, "from the fourth day")
    words = bring_back(fourth, everything)
    kept = data_in(save(words))["words"]
    assert sorted(one["answer"]["text"] for one in kept.values()) == sorted(
        f"from the {which} day" for which in ("first", "second", "third", "fourth")
    )
    assert kept[CARD]["answer"]["text"] == "from the fourth day"
    before = fourth.stored()
    bring(words, everything)
    expect(said(words)).to_have_text(BACK)
    assert fourth.stored()["alongside.words"] == before["alongside.words"]


@KINDS
def test_bringing_the_same_file_twice_changes_nothing(learner: Learner, kind: str) -> None:
    answer_everything(learner)
    words = learner.my_words()
    file = save_as(kind, words)
    for _ in range(2):
        before = learner.stored()["alongside.words"]
        bring(words, file)
        if kind == "locked":
            unlock(words)
        expect(said(words)).to_have_text(BACK)
        assert learner.stored()["alongside.words"] == before


def test_a_file_does_not_change_the_question_of_an_answer_that_is_here(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    prompt = str(learner.props(CARD)["prompt"])
    words = bring_back(learner, file_of({CARD: word(WORDS, "Another question?")}))
    expect(words.get_by_role("heading", name=prompt, exact=True)).to_be_visible()
    expect(words).not_to_contain_text("Another question?")


def test_a_file_that_finds_no_room_changes_nothing(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    before = learner.stored()["alongside.words"]
    words = learner.my_words()
    # More than a tab may hold, in a file that may be read.
    bring(words, file_of({f"key-{at}": word("x" * 700_000) for at in range(11)}))
    expect(said(words)).to_have_text("This tab has no room for that file. Nothing was changed.")
    assert learner.stored()["alongside.words"] == before
    close(words)
    learner.write(CARD, WORDS + " goes on")


def test_many_words_come_back_without_a_wait(learner: Learner, quiet: Watched) -> None:
    """Five hundred answers on the page that shows them all: each used to draw everything anew."""
    learner.open(PLAN)
    plan = learner.question("plan")
    many = {f"key-{at}": word(f"{at} " + "x" * 2000, f"Question {at}?") for at in range(500)}
    bring(plan, file_of(many))
    expect(learner.said("plan")).to_have_text(BACK, timeout=30 * SECONDS)
    expect(plan.get_by_role("textbox", name="Question 499?", exact=True)).to_have_value(
        re.compile("^499 x+$")
    )
    again = file_of({key: word(f"{at} other") for at, key in enumerate(many)})
    bring(plan, again)
    expect(plan.get_by_role("group", name="What was it? (from your file)", exact=True).first).to_be_visible(
        timeout=30 * SECONDS
    )


# --- passphrases -----------------------------------------------------------------------------------


def test_a_passphrase_is_masked_is_no_password_to_the_browser_and_ends_with_enter(learner: Learner) -> None:
    page = learner.open(SHARE).write(CARD, WORDS).page
    words = learner.my_words()
    words.get_by_text("Lock the file with a passphrase", exact=True).click()
    box = words.get_by_label("A passphrase (four words are good)")
    box.fill("short")
    box.press("Enter")
    expect(said(words)).to_have_text("Write a passphrase of at least 8 letters first.")
    box.fill(PASSPHRASE)
    assert_masked(box)
    # Safari's Enter that ends a word which a keyboard put together: half of a passphrase locks nothing.
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    expect(box).to_have_value(PASSPHRASE)
    with page.expect_download() as saved:
        box.press("Enter")
    expect(box).to_have_value("")
    words.get_by_role("button", name="Forget everything here").click()
    words.get_by_label(HERE).set_input_files(saved.value.path())
    opening = words.get_by_label("This file is locked. Its passphrase")
    opening.fill(PASSPHRASE)
    assert_masked(opening)
    opening.press("Enter")
    expect(said(words)).to_have_text(BACK)
    close(words)
    expect(learner.box(CARD)).to_have_value(WORDS)
    assert page.locator("[type=password]").count() == 0


def assert_masked(box: Locator, how: str = "disc") -> None:
    assert box.evaluate("(one) => [one.type, getComputedStyle(one).webkitTextSecurity]") == ["text", how]


def test_a_passphrase_can_be_shown_since_a_slip_would_lock_the_file_for_good(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    words = learner.my_words()
    words.get_by_text("Lock the file with a passphrase", exact=True).click()
    box, show = words.get_by_label("A passphrase (four words are good)"), words.get_by_label(SHOW).first
    for _ in range(2):
        show.check()
        assert_masked(box, "none")
        show.uncheck()
        assert_masked(box)
    show.check()
    # Once the box is emptied, whoever comes next finds nothing shown.
    locked = save_locked(words)
    assert_masked(box)
    expect(show).not_to_be_checked()

    bring(words, locked)
    opening, shown = words.get_by_label("This file is locked. Its passphrase"), words.get_by_label(SHOW).last
    opening.fill(PASSPHRASE)
    assert_masked(opening)
    shown.check()
    assert_masked(opening, "none")
    words.get_by_role("button", name="Forget everything here").click()
    bring(words, locked)
    expect(opening).to_have_value("")
    assert_masked(opening)
    expect(shown).not_to_be_checked()


# --- what stands outside of boxes ------------------------------------------------------------------

#: Texts of a page that hold some words, and that a translator would send to its maker.
TRANSLATED = """(words) => {
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const found = {left: [], sent: []};
    while (walker.nextNode()) {
        const {data, parentElement} = walker.currentNode;
        if (data.includes(words)) found[parentElement.translate ? "sent" : "left"].push(parentElement.outerHTML);
    }
    const named = [...document.querySelectorAll("[title], [aria-label], [placeholder], [alt]")]
        .filter((one) => one.translate && ["title", "aria-label", "placeholder", "alt"]
            .some((name) => (one.getAttribute(name) || "").includes(words)));
    return {left: found.left.length, sent: [...found.sent, ...named.map((one) => one.outerHTML)]};
}"""


def test_no_translator_is_given_a_learners_words(learner: Learner, tmp_path: Path) -> None:
    page = learner.page
    page.add_init_script("window.print = () => {}")  # so that the sheet stays to be looked at

    def assert_left(least: int) -> None:
        found = page.evaluate(TRANSLATED, "otter")
        assert found["sent"] == []
        assert found["left"] >= least

    learner.open("08-clear-feedback")
    for box in learner.question("feedback-build").get_by_role("textbox").all():
        box.fill(WORDS)
    assert_left(4)
    learner.open(SHARE).write(CARD, WORDS)
    learner.question(PROMISE).get_by_label("What", exact=True).fill(WORDS)
    words = learner.my_words()
    assert_left(6)
    file = save(words)
    words.get_by_role("button", name="Print", exact=True).click()
    assert_left(12)
    learner.open("19-check-in")
    assert_left(1)
    learner.open(PLAN)
    assert_left(4)
    page.goto(file_to_read(file).as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Notes")
    assert_left(6)


def file_to_read(file: Path) -> Path:
    """A browser downloads again what has no ending."""
    return file.rename(file.with_suffix(".html"))


def test_words_leave_the_print_sheet_also_where_the_end_of_printing_is_never_told(learner: Learner) -> None:
    page = learner.page
    page.add_init_script("window.print = () => {}")
    sheet = page.locator(".al-sheet")
    learner.open(SHARE).write(CARD, WORDS)
    for go_on in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.mouse.click(5, 300),
        lambda: page.evaluate("dispatchEvent(new Event('afterprint'))"),
    ):
        learner.my_words().get_by_role("button", name="Print", exact=True).click()
        expect(sheet).to_contain_text(WORDS)
        go_on()
        expect(sheet).to_have_count(0)
        expect(page.locator("html.al-printing")).to_have_count(0)
        page.get_by_role("dialog").evaluate_all("(all) => all.forEach((one) => one.close())")


def test_the_browsers_own_command_prints_what_my_words_shows(learner: Learner, tmp_path: Path) -> None:
    """It would print one screen of the dialog, over and over, and the page behind it."""
    page = learner.open(SHARE).write(CARD, "\n".join(f"otter {number}" for number in range(80))).page

    def paper() -> list[str]:
        page.pdf(path=tmp_path / "paper.pdf")
        return [sheet.extract_text() for sheet in PdfReader(tmp_path / "paper.pdf").pages]

    words = learner.my_words()
    sheets = paper()
    assert len(sheets) <= 4
    assert [line for line in "\n".join(sheets).splitlines() if line.startswith("otter")] == [
        f"otter {number}" for number in range(80)
    ]
    expect(page.locator(".al-sheet")).to_have_count(0)
    expect(words).to_be_visible()
    words.get_by_role("button", name="Forget everything here").click()
    assert "Arrive" in "".join(paper())  # nothing is kept: no empty sheet
    close(words)
    learner.write(CARD, "heron")
    assert "Share power" in "".join(paper())  # the page, as ever


def test_signs_of_many_parts_stay_whole_in_the_file(learner: Learner) -> None:
    """Vowels and tones stand on their letter, and a flag or a family is one sign; letters alone may part anywhere."""
    thai, family, flag = "ที่นี่นี้" * 6, "👨‍👩‍👧‍👦", "🇺🇸"
    hindi = "निर्णयप्रक्रियासम्बन्धीसमस्याहरूको"
    learner.open(SHARE).write(CARD, "\n".join([thai, family * 20, flag * 40, "👍🏽" * 20, hindi, "决" * 40]))
    text = save(learner.my_words()).read_text(encoding="utf-8")
    lines = re.findall(r'<p dir="auto" translate="no">(.*)</p>', text)
    assert len(lines) == 6
    for line in lines:
        pieces = [piece for piece in line.split("<wbr>") if piece]
        assert len(pieces) > 1
        for piece in pieces:
            assert not unicodedata.category(piece[0]).startswith("M")
            assert piece[0] not in "\u200d\U0001f3fd" and piece[-1] != "\u200d"
            assert sum(0x1F1E6 <= ord(letter) <= 0x1F1FF for letter in piece) % 2 == 0
    assert [line.replace("<wbr>", "") for line in lines][:2] == [thai, family * 20]


#: The parts of a lock as pages made it that took a passphrase as it was written. One round makes the test quick.
LOCKED_AS_WRITTEN = """async ([passphrase, words]) => {
    const letters = (text) => new TextEncoder().encode(text);
    const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
    const [salt, iv] = [new Uint8Array(16), new Uint8Array(12)];
    const raw = await crypto.subtle.importKey("raw", letters(passphrase), "PBKDF2", false, ["deriveKey"]);
    const how = {name: "PBKDF2", hash: "SHA-256", salt, iterations: 1};
    const key = await crypto.subtle.deriveKey(how, raw, {name: "AES-GCM", length: 256}, false, ["encrypt"]);
    const data = await crypto.subtle.encrypt({name: "AES-GCM", iv}, key, letters(words));
    return {salt: text64(salt), iv: text64(iv), rounds: 1, data: text64(data)};
}"""


def test_spaces_that_a_phones_keyboard_adds_do_not_lock_anybody_out(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    words = learner.my_words()
    file = save_locked(words, "four quiet  otters swim ")
    for phrase in ("four quiet otters swim", " four  quiet otters swim "):
        words.get_by_role("button", name="Forget everything here").click()
        bring(words, file)
        unlock(words, phrase)
        expect(said(words)).to_have_text(BACK)
    # A file of before, whose passphrase ends with a space.
    kept = json.dumps({WAITED: word({"kind": "ask", "v": 2, "text": "of before"})})
    lock = learner.page.evaluate(LOCKED_AS_WRITTEN, ["four otters ", kept])
    bring(words, page_with(json.dumps({"alongside": 2, "locked": lock})))
    unlock(words, "four otters ")
    expect(said(words)).to_have_text(BACK)
    expect(words).to_contain_text("of before")
    # A keyboard for Chinese or Japanese may write letters and numbers wide, and a box of dots shows none of it.
    wide = "\uff46\uff4f\uff55\uff52\u3000otters \uff12\uff10\uff12\uff17"
    for written, phrase in (("four otters 2027", wide), (wide, "four otters 2027")):
        file = save_locked(words, written)
        words.get_by_role("button", name="Forget everything here").click()
        bring(words, file)
        unlock(words, phrase)
        expect(said(words)).to_have_text(BACK)
    # A file of before: wide, and its spaces in order.
    lock = learner.page.evaluate(LOCKED_AS_WRITTEN, ["otters \uff12\uff10\uff12\uff17", kept])
    bring(words, page_with(json.dumps({"alongside": 2, "locked": lock})))
    unlock(words, " otters  \uff12\uff10\uff12\uff17")
    expect(said(words)).to_have_text(BACK)
    words.get_by_label("A passphrase (four words are good)").fill("         ")
    words.get_by_role("button", name="Save as a locked file").click()
    expect(said(words)).to_have_text("Write a passphrase of at least 8 letters first.")


@pytest.mark.parametrize("short", ["", "1234567", "ééééééé"])
def test_a_short_passphrase_is_refused(learner: Learner, short: str) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    words = learner.my_words()
    words.get_by_text("Lock the file with a passphrase", exact=True).click()
    words.get_by_label("A passphrase (four words are good)").fill(short)
    saved: list[Download] = []
    learner.page.on("download", lambda file: saved.append(file))
    words.get_by_role("button", name="Save as a locked file").click()
    expect(said(words)).to_have_text("Write a passphrase of at least 8 letters first.")
    learner.drawn()
    assert saved == []


def test_a_wrong_passphrase_is_refused_kindly_and_the_right_one_still_opens(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, WORDS)
    file = save_locked(learner.my_words())
    later = another_tab(learner, FOLLOW).write(WAITED, "words of today")
    before = later.stored()["alongside.words"]
    words = later.my_words()
    bring(words, file)
    for wrong in ("", "wrong", PASSPHRASE + ".", PASSPHRASE.upper()):
        unlock_again(words, wrong)
        expect(said(words)).to_have_text(
            "The passphrase does not open this file, or the file is damaged. Try it again. Nothing was changed."
        )
        assert later.stored()["alongside.words"] == before
    unlock_again(words, PASSPHRASE)
    expect(said(words)).to_have_text(BACK)
    expect(words).to_contain_text(WORDS)
    expect(words).to_contain_text("words of today")
    expect(words.get_by_label("This file is locked. Its passphrase")).to_be_hidden()
    assert PASSPHRASE not in later.traces()


def unlock_again(place: Locator, passphrase: str) -> None:
    place.get_by_label("This file is locked. Its passphrase").fill(passphrase)
    place.get_by_role("button", name="Open it").click()


#: A little more time than locking or opening a file takes.
AS_LONG_AS_OPENING = """async () => {
    const raw = await crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(16), iterations: 900000 };
    await crypto.subtle.deriveBits(how, raw, 256);
}"""


@pytest.mark.parametrize("reach", ["plan", "my words"])
def test_what_was_forgotten_meanwhile_stays_forgotten(learner: Learner, reach: str) -> None:
    """Opening a locked file takes a moment. Who forgets everything in that moment is handed nothing after it."""
    learner.open(SHARE).write(CARD, WORDS)
    locked = save_locked(learner.my_words())
    later = another_tab(learner, PLAN)
    place = later.question("plan") if reach == "plan" else later.my_words()
    bring(place, locked)
    box = place.get_by_label("This file is locked. Its passphrase")
    expect(box).to_be_focused()
    box.fill(PASSPHRASE)
    # One task of the page, so that nothing can come between the two.
    place.evaluate(
        """(place) => {
            const press = (name) => [...place.querySelectorAll("button")].find((one) => one.textContent === name).click();
            press("Open it");
            press("Forget everything here");
        }"""
    )
    status = later.said("plan") if reach == "plan" else said(place)
    expect(status).to_have_text("Forgotten. Nothing of yours is on these pages now.")
    later.page.evaluate(AS_LONG_AS_OPENING)
    later.drawn()
    expect(status).to_have_text("Forgotten. Nothing of yours is on these pages now.")
    assert WORDS not in later.traces() and PASSPHRASE not in later.traces()
    assert later.stored() == {}


def test_what_was_forgotten_on_another_page_is_not_handed_over_by_one_that_comes_back(
    learner: Learner,
) -> None:
    """A page that was left while it locked a file stands still in the browser's page cache, and goes on at Back."""
    page, saved = learner.page, list[Download]()
    page.on("download", lambda file: saved.append(file))
    page.add_init_script(
        """const [make, held] = [crypto.subtle.deriveKey.bind(crypto.subtle), new Promise((done) => (globalThis.goOn = done))];
        crypto.subtle.deriveKey = (...how) => held.then(() => make(...how));"""
    )
    learner.open(SHARE).write(CARD, WORDS)
    words = learner.my_words()
    words.get_by_text("Lock the file with a passphrase", exact=True).click()
    words.get_by_label("A passphrase (four words are good)").fill(PASSPHRASE)
    words.get_by_role("button", name="Save as a locked file").click()
    expect(said(words)).to_have_text("One moment …")
    learner.open(FOLLOW).my_words().get_by_role("button", name="Forget everything here").click()
    learner.back()
    expect(said(words)).to_have_text(
        ""
    )  # of the dialog that was left open, so this is the page that was left
    page.evaluate("goOn()")
    page.evaluate(AS_LONG_AS_OPENING)
    learner.drawn()
    assert saved == [] and said(words).text_content() == ""


# --- files that are not ours, or no longer whole ----------------------------------------------------

FOREIGN = "That file was not saved by these pages, or it is damaged. Choose the file that you saved here. Nothing was changed."
NEWER = (
    "That file was saved by a newer version of these pages. Open it with that version. Nothing was changed."
)
LARGE = "That file is too large to be one of these. Choose the file that you saved here. Nothing was changed."

DOCUMENT = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LOCK = {
    "salt": base64.b64encode(bytes(16)).decode(),
    "iv": base64.b64encode(bytes(12)).decode(),
    "rounds": 600_000,
    "data": base64.b64encode(bytes(64)).decode(),
}


def locked_with(**changes: object) -> bytes:
    lock = {name: value for name, value in (LOCK | changes).items() if value is not ...}
    return page_with(json.dumps({"alongside": 1, "locked": lock}))


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


REFUSED = {
    "any page": (b"<!doctype html><title>News</title><p>Hello</p>", FOREIGN),
    "a document": (DOCUMENT, FOREIGN),
    "a picture": (PICTURE, FOREIGN),
    "nothing": (b"", FOREIGN),
    "zeros": (bytes(100_000), FOREIGN),
    "no text": (bytes(range(256)) * 40, FOREIGN),
    "plain words": (b'{"alongside": 1, "words": {}}', FOREIGN),
    "an empty block": (page_with(""), FOREIGN),
    "a block without an end": (b'<script id="alongside-words">{"alongside": 1, "words": {}}', FOREIGN),
    "half a file": (file_of({CARD: word("x" * 3000)})[:2000], FOREIGN),
    "two letters changed": (file_of({CARD: word("x")}).replace(b'":', b'"=', 2), FOREIGN),
    "null": (page_with("null"), FOREIGN),
    "a list": (page_with("[1, 2]"), FOREIGN),
    "another kind of data": (page_with('{"nodes": []}'), FOREIGN),
    "no words": (page_with('{"alongside": 1}'), FOREIGN),
    "words as a list": (page_with('{"alongside": 1, "words": [["a", "b"]]}'), FOREIGN),
    "a version in words": (page_with('{"alongside": "1", "words": {}}'), FOREIGN),
    "version 0": (file_of({}, 0), FOREIGN),
    "version 3": (file_of({CARD: word("x")}, 3), NEWER),
    "version 2.5": (file_of({CARD: word("x")}, 2.5), NEWER),
    "version 1.5": (file_of({CARD: word("x")}, 1.5), FOREIGN),
    "a version without end": (page_with('{"alongside": 1e999, "words": {}}'), NEWER),
    "a prototype as key": (
        page_with('{"alongside": 1, "words": {"__proto__": {"prompt": "p", "answer": "a"}}}'),
        FOREIGN,
    ),
    "a constructor as key": (file_of({"constructor": word("x")}), FOREIGN),
    "a prototype in an answer": (
        page_with('{"alongside": 1, "words": {"k": {"prompt": "p", "answer": {"__proto__": {"step": 1}}}}}'),
        FOREIGN,
    ),
    "a constructor in an answer": (file_of({"k": word({"constructor": "x"})}), FOREIGN),
    "an answer that can't be read out": (
        file_of({"k": word({"step": 1, "low": {"toString": "x"}})}),
        FOREIGN,
    ),
    "a key with spaces": (file_of({"my key": word("x")}), FOREIGN),
    "a key of a megabyte": (file_of({"k" * 1_000_000: word("x")}), FOREIGN),
    "a script as key": (file_of({"<script>alert(1)</script>": word("x")}), FOREIGN),
    "a prompt of a megabyte": (file_of({"k": word("x", "p" * 1_000_000)}), FOREIGN),
    "a prompt that is no text": (file_of({"k": {"prompt": {"a": 1}, "answer": "x"}}), FOREIGN),
    "no prompt": (file_of({"k": {"answer": "x"}}), FOREIGN),
    "no answer": (file_of({"k": {"prompt": "x"}}), FOREIGN),
    "an answer of null": (file_of({"k": word(None)}), FOREIGN),
    "an answer of true": (file_of({"k": word(True)}), FOREIGN),
    "a number without end": (
        page_with('{"alongside": 1, "words": {"k": {"prompt": "p", "answer": 1e999}}}'),
        FOREIGN,
    ),
    "a step without end": (
        page_with('{"alongside": 1, "words": {"k": {"prompt": "p", "answer": {"step": -1e999}}}}'),
        FOREIGN,
    ),
    "a deep answer": (file_of({"k": word([[[["x"]]]])}), FOREIGN),
    "a very deep answer": (
        page_with('{"alongside": 1, "words": {"k": {"prompt": "p", "answer": ' + nested(500_000) + "}}}"),
        FOREIGN,
    ),
    "a very deep block": (page_with(nested(1_000_000)), FOREIGN),
    "very deep elements": (b"<div>" * 400_000, FOREIGN),
    "many blocks": (b'<script id="alongside-word">' * 100_000, FOREIGN),
    "many tags": (b"<script " * 500_000, FOREIGN),
    "a hundred thousand keys": (file_of({f"k{at}": word("x") for at in range(100_000)}), FOREIGN),
    "a hundred thousand parts": (file_of({"k": word(["x"] * 100_000)}), FOREIGN),
    "a raw NUL": (page_with('{"alongside": 1, "words": {"k": {"prompt": "p", "answer": "a\0b"}}}'), FOREIGN),
    "another script of the page": (b'<script id="alongside-words">alert(1)</script>', FOREIGN),
    "a lock that is no lock": (page_with('{"alongside": 1, "locked": true}'), FOREIGN),
    "a lock of null": (page_with('{"alongside": 1, "locked": null}'), FOREIGN),
    "an empty lock": (page_with('{"alongside": 1, "locked": {}}'), FOREIGN),
    "a lock of a trillion rounds": (locked_with(rounds=10**12), FOREIGN),
    "a lock of no rounds": (locked_with(rounds=0), FOREIGN),
    "a lock of half a round": (locked_with(rounds=1.5), FOREIGN),
    "rounds in words": (locked_with(rounds="600000"), FOREIGN),
    "a lock without salt": (locked_with(salt=...), FOREIGN),
    "a lock without iv": (locked_with(iv=...), FOREIGN),
    "a lock without data": (locked_with(data=...), FOREIGN),
    "a lock with short salt": (locked_with(salt="AAAA"), FOREIGN),
    "a lock that is not base64": (locked_with(data="<script>alert(1)</script>"), FOREIGN),
    "a lock of other things": (locked_with(iv={"toString": 1}), FOREIGN),
}


@pytest.fixture(scope="module")
def at_the_boxes(chromium: Browser, site_over_http: str) -> Iterator[tuple[Learner, Watched, list[str]]]:
    """Someone with words in the tab and "My words" open, for one file after another."""
    context = chromium.new_context()
    watched = Watched(context.new_page())
    watched.watch(watched.page)
    dialogs: list[str] = []
    watched.page.on("dialog", noting(dialogs))
    learner = Learner(watched.page, Course("http", lambda name: f"{site_over_http}{name}.html", ""))
    learner.open(SHARE).write(CARD, WORDS)
    learner.my_words()
    yield learner, watched, dialogs
    context.close()


#: All of them are tried in Node (test_in_node.py). In a browser stand one of each kind, and those that could do harm there.
IN_A_BROWSER = [
    "a document",
    "zeros",
    "null",
    "version 3",
    "a prototype as key",
    "a script as key",
    "a very deep block",
    "very deep elements",
    "another script of the page",
    "a lock of a trillion rounds",
]


@pytest.mark.parametrize("name", IN_A_BROWSER)
def test_a_file_that_can_not_be_used_is_refused_kindly_and_nothing_is_lost(
    at_the_boxes: tuple[Learner, Watched, list[str]], name: str
) -> None:
    learner, watched, dialogs = at_the_boxes
    words = learner.page.get_by_role("dialog", name="My words")
    file, sentence = REFUSED[name]
    before, asked = learner.stored()["alongside.words"], len(watched.requests)

    bring(words, file)

    expect(said(words)).to_have_text(sentence, timeout=10 * SECONDS)
    assert learner.stored()["alongside.words"] == before
    expect(words.get_by_text(WORDS, exact=True)).to_be_visible()
    expect(words.get_by_label("This file is locked. Its passphrase")).to_be_hidden()
    expect(learner.page).to_have_title("Lesson 5")
    assert (dialogs, watched.errors, watched.requests[asked:]) == ([], [], [])
    bring(words, file_of({CARD: word(WORDS)}))  # another file works right after it
    expect(said(words)).to_have_text(BACK)


def test_a_huge_file_is_refused_before_it_is_read(learner: Learner, tab: Watched, tmp_path: Path) -> None:
    huge = tmp_path / "notes.html"
    with huge.open("wb") as file:
        file.write(file_of({CARD: word("x")}))
        file.truncate(50_000_000)
    learner.open(SHARE).write(CARD, WORDS)
    words = learner.my_words()
    learner.page.evaluate(
        """() => {
            globalThis.read = 0;
            for (const name of ["text", "arrayBuffer", "stream", "slice"]) {
                const own = Blob.prototype[name];
                Blob.prototype[name] = function (...more) { globalThis.read += 1; return own.apply(this, more); };
            }
        }"""
    )
    bring(words, huge)
    expect(said(words)).to_have_text(LARGE)
    assert learner.page.evaluate("globalThis.read") == 0
    expect(words.get_by_text(WORDS, exact=True)).to_be_visible()
    bring(words, file_of({CARD: word(WORDS)}))
    expect(said(words)).to_have_text(BACK)
    assert learner.page.evaluate("globalThis.read") == 1


def test_a_file_that_is_gone_when_it_is_read_is_refused_kindly(
    learner: Learner, tab: Watched, tmp_path: Path
) -> None:
    """A stick that was pulled out: the browser has the file's name, and can't read it any more."""
    file = tmp_path / "notes.html"
    file.write_bytes(file_of({CARD: word("x")}))
    learner.open(SHARE).write(CARD, WORDS)
    words = learner.my_words()
    learner.page.evaluate(
        """() => {
            const own = Blob.prototype.text;
            Blob.prototype.text = async function () {
                await new Promise((done) => { globalThis.goOn = done; });
                return own.apply(this);
            };
        }"""
    )
    bring(words, file)
    expect(said(words)).to_have_text("One moment …")
    file.unlink()
    learner.page.evaluate("globalThis.goOn()")
    expect(said(words)).to_have_text(
        "The browser could not read that file. Choose it again. Nothing was changed."
    )
    expect(words.get_by_text(WORDS, exact=True)).to_be_visible()
    assert tab.errors == []


# --- files that hold odd things, and are shown as what they are: text ------------------------------

ODD = {
    CARD: word("\n".join(TEXTS), TEXTS[0]),
    "more": word([*TEXTS], TEXTS[1]),
    "controls": word("a\0b\x07c\x1bd\x7fe\x85f\u2028g\ud800h", "\0 p \ud83d"),
    "piles": word({TEXTS[0]: [*TEXTS], "b": "c", "d": [["e"]]}, TEXTS[7]),
    "none": word(""),
    "no-parts": word([]),
    "no-piles": word({}),
    "number": word(-0.5),
    "deep": word([["a"], {"b": ["c"]}]),
    ARRIVE: word({"step": 1, "low": ["x", {"y": "z"}], "high": 7}),
    "share-power-arrive-close": word("not a step"),
    STORY: word({"path": [-1, 5.5, "0", 99], "said": [["a"], {"b": "c"}, 3]}),
    MAP: word(
        {
            "no such pile": ["no such card"],
            "Staff decide": "no list",
            "We decide together": ["What is on the walls"],
        }
    ),
    PROMISE: word(
        {"answer": TEXTS[0], "what": TEXTS[2], "when": ["2027-01-01"], "who": {"a": "b"}, "tell": 5}
    ),
    ONE: word({"step": 3}),
}


def texts_in(value: object) -> list[str]:
    """Every text and number in a value, as texts; of parts with a name, not the names."""
    if isinstance(value, dict):
        value = list(value.values())
    return [text for one in value for text in texts_in(one)] if isinstance(value, list) else [str(value)]


def test_odd_things_in_a_file_are_shown_as_text_everywhere(
    learner: Learner, quiet: Watched, tmp_path: Path
) -> None:
    page = learner.page
    page.add_init_script("window.print = () => {}")  # so that the sheet stays to be looked at
    learner.open(SHARE)
    words = bring_back(learner, file_of(ODD))
    for text in TEXTS:
        expect(words).to_contain_text(text)
    expect(words.get_by_role("heading", name=TEXTS[0], exact=True)).to_be_visible()
    file = save(words)
    close(words)

    expect(learner.box(CARD)).to_have_value("\n".join(TEXTS))
    expect(learner.question(PROMISE).get_by_label("What", exact=True)).to_have_value(TEXTS[2])
    expect(learner.question(ARRIVE).get_by_role("radio", name="1", exact=False)).to_be_checked()
    expect(learner.story(STORY).shown).to_be_visible()
    expect(learner.question(MAP)).to_be_visible()

    learner.open(PEOPLE)
    plan = learner.open(PLAN).question("plan")
    expect(plan.get_by_role("group", name=TEXTS[0], exact=True)).to_be_visible()
    expect(plan).to_contain_text(TEXTS[3])
    plan.get_by_role("button", name="Print", exact=True).click()
    sheet = page.locator(".al-sheet")
    assert all(text in (sheet.text_content() or "") for text in TEXTS)

    made = "img[src='x'], svg[onload], b, main style, dialog style, .al-sheet style, body script"
    assert page.locator(made).count() == 0
    assert page.title() == "Lesson 18"

    main = parsed(file).find("body/main")
    assert {one.tag for one in main.iter()} <= {"main", "h1", "h2", "p", "wbr"}
    shown = "".join(main.itertext())
    assert all(text.replace("\ufeff", "") in shown.replace("\ufeff", "") for text in TEXTS)
    again = another_tab(learner, SHARE)
    kept = data_in(file)
    assert data_in(save(bring_back(again, file))) == kept
    # Not a letter is lost: what no question can use is carried as it was, and the rest stands in today's form.
    assert kept["alongside"] == 2 and kept["words"].keys() == ODD.keys()
    for key, odd in ODD.items():
        assert kept["words"][key]["prompt"] == odd["prompt"]
        held = "\n".join(texts_in(kept["words"][key]))
        lost = {text for text in texts_in(odd["answer"]) if text not in held}
        # The numbers of choices are kept as ids, and the ends of a scale are the question's own words.
        assert lost <= {STORY: {"0", "-1", "5.5", "99"}, ARRIVE: {"x", "z", "7"}}.get(key, set()), key
    for key in (
        "more",
        "controls",
        "piles",
        "none",
        "no-parts",
        "number",
        "deep",
        "share-power-arrive-close",
    ):
        assert kept["words"][key]["answer"] == {"kind": "old", "v": 1, "answer": ODD[key]["answer"]}


@pytest.mark.parametrize(
    "spell",
    [
        lambda block: f'<script id="alongside-words" type="application/json">\n{block}\n</script>',
        lambda block: f"<SCRIPT type=application/json id=alongside-words>{block}</SCRIPT >",
        lambda block: (
            f"<html><p>x</p><script>1</script><script  id = 'alongside-words' >{block}</script></html>"
        ),
    ],
)
def test_a_file_that_another_program_wrote_anew_is_still_read(
    learner: Learner, spell: Callable[[str], str]
) -> None:
    block = json.dumps({"alongside": 1, "words": {CARD: word("1 < 2 & 3 <b>")}})
    learner.open(SHARE)
    words = bring_back(learner, spell(block).encode())
    expect(words).to_contain_text("1 < 2 & 3 <b>")


def test_no_page_can_put_a_second_block_into_a_file_by_its_words(learner: Learner) -> None:
    trick = 'x</p><script type="application/json" id="alongside-words">{"alongside": 1, "words": {}}</script>'
    learner.open(SHARE).write(CARD, trick)
    file = save(learner.my_words())
    assert data_in(file)["words"][CARD]["answer"]["text"] == trick
    later = another_tab(learner, SHARE)
    close(bring_back(later, file))
    expect(later.box(CARD)).to_have_value(trick)


# --- an address that is not secure ------------------------------------------------------------------


@pytest.fixture
def insecure(playwright: Playwright, site_over_http: str) -> Iterator[Learner]:
    """The lessons at http:// and a name that is not this computer's own: a room's laptop, seen from a phone."""
    port = site_over_http.rstrip("/").rpartition(":")[2]
    browser = playwright.chromium.launch(
        executable_path=browser_path(), args=[*ARGUMENTS, "--host-resolver-rules=MAP a-room.test 127.0.0.1"]
    )
    watched = Watched(browser.new_page())
    watched.watch(watched.page)
    home = f"http://a-room.test:{port}/"
    yield Learner(watched.page, Course("http", lambda name: f"{home}{name}.html", ""))
    assert [url for url in watched.requests if not url.startswith((home, "blob:", "data:"))] == []
    assert watched.errors == []
    browser.close()


def test_at_an_insecure_address_words_go_home_plain_and_no_lock_is_promised(
    insecure: Learner, learner: Learner
) -> None:
    learner.open(SHARE).write(CARD, "locked at home")
    locked = save_locked(learner.my_words())
    insecure.open(SHARE)
    assert insecure.page.evaluate("[isSecureContext, globalThis.crypto.subtle === undefined]") == [
        False,
        True,
    ]
    insecure.write(CARD, WORDS)

    words = insecure.my_words()
    expect(words).to_contain_text("A locked file needs a secure address, and this page has none.")
    expect(words.get_by_text("Lock the file with a passphrase", exact=True)).to_have_count(0)
    file = save(words)
    bring(words, locked)
    expect(said(words)).to_have_text(
        "This page can't open a locked file, because the browser allows it only at a secure address. "
        "Nothing was changed."
    )
    expect(words.get_by_label("This file is locked. Its passphrase")).to_be_hidden()
    words.get_by_role("button", name="Forget everything here").click()
    bring(words, file)
    expect(said(words)).to_have_text(BACK)
    close(words)
    expect(insecure.box(CARD)).to_have_value(WORDS)
    # A calendar note asks for random letters, which are there at any address.
    insecure.question(PROMISE).get_by_role("radio", name="Yes").check()
    insecure.question(PROMISE).get_by_label("By when (a day)").fill("2027-03-01")
    with insecure.page.expect_download() as note:
        insecure.question(PROMISE).get_by_role("button", name="Save a calendar note").click()
    assert note.value.suggested_filename == "note.ics"
