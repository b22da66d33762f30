"""The activities that are built up part by part: rank, compose, board and checkin, each by what a person does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import Watched
from hands import Course, Learner, focused
from playwright.sync_api import Locator, expect

from alongside.page import html as pages
from alongside.surfaces import direct

pytestmark = pytest.mark.browser

LINES = {
    "rank": 'rank("Which of these are yours?", ["Warmth", "Honesty", "Fairness"], keep_as="own-values")',
    "compose": 'compose("Say one thing kindly.", parts={"What I saw": "Something visible", '
    '"What I ask for": "Something small"}, avoid=["“Always”: few things are."], keep_as="one-thing")',
    "board": 'board("Who decides?", rows=["The walls", "The hours"], '
    'columns={"Who decides": ["Staff", "All of us"], "Why": []}, own_rows=1, keep_as="who-decides")',
    "checkin": 'checkin("How do your promises stand?", keep_as="how-they-stand")',
    "ask": 'ask("Put it your way.", ideas=["One way", "Another way"], keep_as="your-way")',
    "promise": 'promise("One small thing", keep_as="small-thing", starters=["a", "b", "c"])',
}


@pytest.fixture
def learner(tab: Watched, tmp_path: Path) -> Iterator[Learner]:
    """Someone at a page that holds each of these activities once, opened from a folder."""
    verbs = ", ".join(sorted(LINES))
    sources = [f"from alongside import {verbs}", *LINES.values()]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A bench"), *map(nbformat.v4.new_code_cell, sources)]
    )
    assert direct.run(notebook)
    page = tmp_path / "bench.html"
    page.write_text(
        pages.draw(pages.prepare(notebook, pages.SITE, name="bench", folder="notebooks")), encoding="utf-8"
    )
    learner = Learner(tab.page, Course("file", lambda _: page.as_uri(), neutral=""))
    yield learner.open("bench")
    assert tab.errors == []


def words(learner: Learner) -> Locator:
    return learner.my_words()


def items(question: Locator) -> list[str]:
    """The options in the learner's order, without their buttons."""
    return question.locator("ol > li > span:first-child").all_inner_texts()


# --- rank


def test_options_move_up_and_down_and_out_and_back_by_buttons(learner: Learner) -> None:
    question = learner.question("own-values")
    assert items(question) == ["Warmth", "Honesty", "Fairness"]
    question.get_by_role("button", name="Down: Warmth").click()
    assert items(question) == ["Honesty", "Warmth", "Fairness"]
    expect(learner.said("own-values")).to_have_text("“Warmth” is now 2 of 3.")
    question.get_by_role("button", name="Up: Fairness").click()
    assert items(question) == ["Honesty", "Fairness", "Warmth"]
    question.get_by_role("button", name="Not mine: Honesty").click()
    assert items(question) == ["Fairness", "Warmth"]
    learner.reload()
    assert items(learner.question("own-values")) == ["Fairness", "Warmth"]
    expect(words(learner)).to_contain_text(
        re.compile("In my order: Fairness; Warmth.*Not mine: Honesty", re.DOTALL)
    )
    learner.page.keyboard.press("Escape")
    learner.question("own-values").get_by_role("button", name="Take it back: Honesty").click()
    assert items(learner.question("own-values")) == ["Fairness", "Warmth", "Honesty"]


def test_the_keyboard_alone_puts_options_in_order_and_the_focus_stays_at_hand(learner: Learner) -> None:
    question = learner.question("own-values")
    question.get_by_role("button", name="Down: Warmth").focus()
    learner.page.keyboard.press("Enter")
    assert focused(question.get_by_role("button", name="Down: Warmth"))
    learner.page.keyboard.press("Space")
    assert items(question) == ["Honesty", "Fairness", "Warmth"]
    # At the end there is no further down, so the focus is on its neighbor and never lost.
    assert focused(question.get_by_role("button", name="Up: Warmth"))
    question.get_by_role("button", name="Not mine: Warmth").press("Enter")
    assert focused(question.get_by_role("button", name="Take it back: Warmth"))


def test_an_order_that_fits_as_it_is_can_be_kept_and_nothing_is_kept_before(learner: Learner) -> None:
    assert learner.stored() == {}
    learner.question("own-values").get_by_role("button", name="Keep this order").click()
    expect(words(learner)).to_contain_text("In my order: Warmth; Honesty; Fairness")


def test_skipping_and_forgetting_put_the_options_back_as_they_were(learner: Learner) -> None:
    learner.question("own-values").get_by_role("button", name="Not mine: Warmth").click()
    learner.skip("own-values")
    expect(learner.said("own-values")).to_have_text("Skipped. That is an answer too.")
    learner.activity("own-values").get_by_role("button", name="Answer after all").click()
    assert items(learner.question("own-values")) == ["Honesty", "Fairness"]
    dialog = words(learner)
    dialog.get_by_role("button", name="Forget everything here").click()
    learner.page.keyboard.press("Escape")
    assert items(learner.question("own-values")) == ["Warmth", "Honesty", "Fairness"]


# --- compose


def test_parts_are_read_as_one_and_what_tends_to_go_wrong_lies_folded(learner: Learner) -> None:
    question = learner.question("one-thing")
    expect(question.get_by_text("All together")).to_be_hidden()
    saw = question.get_by_role("textbox", name="What I saw")
    expect(saw).to_have_accessible_description(re.compile("^Something visible Use no names"))
    saw.fill("the quiet otter waited")
    question.get_by_role("textbox", name="What I ask for").fill("tell it when")
    expect(question.get_by_text("All together")).to_be_visible()
    folded = question.get_by_text("“Always”: few things are.")
    expect(folded).to_be_hidden()
    question.get_by_text("What tends to go wrong").click()
    expect(folded).to_be_visible()
    learner.reload()
    expect(learner.question("one-thing").get_by_role("textbox", name="What I saw")).to_have_value(
        "the quiet otter waited"
    )
    shown = words(learner)
    expect(shown).to_contain_text("What I saw: the quiet otter waited")
    expect(shown).to_contain_text("What I ask for: tell it when")


def test_a_composed_thing_that_is_emptied_again_is_kept_nowhere(learner: Learner) -> None:
    saw = learner.question("one-thing").get_by_role("textbox", name="What I saw")
    saw.fill("the quiet otter waited")
    saw.fill(" ")
    expect(words(learner)).to_contain_text("Nothing is kept in this tab.")
    assert "otter" not in learner.traces()


# --- board


def test_a_table_is_filled_row_by_row_with_one_row_of_ones_own(learner: Learner) -> None:
    question = learner.question("who-decides")
    walls = question.get_by_role("group", name="The walls")
    walls.get_by_role("combobox", name="Who decides").select_option("All of us")
    walls.get_by_role("textbox", name="Why").fill("we look at them")
    own = question.get_by_role("group", name="One of your own")
    own.get_by_role("textbox", name="What it is").fill("the radio")
    own.get_by_role("combobox", name="Who decides").select_option("Staff")
    learner.reload()
    question = learner.question("who-decides")
    walls = question.get_by_role("group", name="The walls")
    expect(walls.get_by_role("combobox", name="Who decides")).to_have_value("all-of-us")
    expect(walls.get_by_role("textbox", name="Why")).to_have_value("we look at them")
    own = question.get_by_role("group", name="One of your own")
    expect(own.get_by_role("textbox", name="What it is")).to_have_value("the radio")
    expect(own.get_by_role("combobox", name="Who decides")).to_have_value("staff")
    shown = words(learner)
    expect(shown).to_contain_text("The walls: Who decides: All of us; Why: we look at them")
    expect(shown).to_contain_text("the radio: Who decides: Staff")
    expect(shown).not_to_contain_text("The hours")


@pytest.mark.parametrize("name", ["constructor", "The walls", "__proto__"])
def test_a_row_of_ones_own_may_have_any_name(learner: Learner, name: str) -> None:
    question = learner.question("who-decides")
    question.get_by_role("group", name="The walls").get_by_role("textbox", name="Why").fill("mine")
    own = question.get_by_role("group", name="One of your own")
    own.get_by_role("textbox", name="What it is").fill(name)
    own.get_by_role("textbox", name="Why").fill("a quiet heron")
    learner.reload()
    question = learner.question("who-decides")
    expect(question.get_by_role("group", name="The walls").get_by_role("textbox", name="Why")).to_have_value(
        "mine"
    )
    own = question.get_by_role("group", name="One of your own")
    expect(own.get_by_role("textbox", name="Why")).to_have_value("a quiet heron")
    expect(own.get_by_role("textbox", name="What it is")).to_have_value(re.compile(re.escape(name)))


# --- checkin


def test_promises_of_the_sitting_come_back_and_say_how_they_stand(learner: Learner) -> None:
    question = learner.question("how-they-stand")
    expect(question).to_contain_text("No promise is kept in this tab, and that is fine.")
    learner.question("small-thing").get_by_label("What", exact=True).fill("ask about the kettle")
    card = question.get_by_role("group", name="ask about the kettle")
    expect(card).to_be_visible()
    expect(question.get_by_text("No promise is kept in this tab")).to_be_hidden()
    card.get_by_role("radio", name="Told people").check()
    card.get_by_role("textbox").fill("they laughed")
    learner.reload()
    card = learner.question("how-they-stand").get_by_role("group", name="ask about the kettle")
    expect(card.get_by_role("radio", name="Told people")).to_be_checked()
    expect(words(learner)).to_contain_text(
        "ask about the kettle: How it stands: Told people; What I want to say about it: they laughed"
    )


def test_a_promise_that_is_not_here_can_be_remembered(learner: Learner) -> None:
    own = learner.question("how-they-stand").get_by_role("group", name="One that you remember")
    own.get_by_role("textbox", name="The promise").fill("the kettle")
    own.get_by_role("radio", name="Not yet").check()
    learner.reload()
    own = learner.question("how-they-stand").get_by_role("group", name="One that you remember")
    expect(own.get_by_role("textbox", name="The promise")).to_have_value("the kettle")
    expect(own.get_by_role("radio", name="Not yet")).to_be_checked()


def test_words_that_are_typed_into_a_check_in_stay_where_they_are_while_promises_change(
    learner: Learner,
) -> None:
    own = learner.question("how-they-stand").get_by_role("group", name="One that you remember")
    own.get_by_role("radio", name="Changed").check()
    box = own.get_by_role("textbox", name="What I want to say about it")
    box.press_sequentially("it rained")
    assert focused(box)
    learner.question("small-thing").get_by_label("What", exact=True).fill("ask about the kettle")
    expect(box).to_have_value("it rained")


def test_not_this_time_is_no_promise_to_check(learner: Learner) -> None:
    promise = learner.question("small-thing")
    promise.get_by_label("What", exact=True).fill("ask about the kettle")
    promise.get_by_role("radio", name="Not this time").check()
    question = learner.question("how-they-stand")
    expect(question.get_by_role("group", name="ask about the kettle")).to_have_count(0)


# --- ideas below a question


def test_ideas_lie_folded_and_give_no_verdict(learner: Learner) -> None:
    question = learner.question("your-way")
    expect(question.get_by_text("Another way")).to_be_hidden()
    question.get_by_text("Some ways to put it").click()
    expect(question.get_by_text("Another way")).to_be_visible()
    learner.write("your-way", "a third way")
    expect(question.get_by_text("Another way")).to_be_visible()


# --- all of them


def test_a_file_brings_every_kind_of_answer_back(learner: Learner) -> None:
    learner.question("own-values").get_by_role("button", name="Not mine: Warmth").click()
    learner.question("one-thing").get_by_role("textbox", name="What I saw").fill("a quiet otter")
    learner.question("who-decides").get_by_role("combobox", name="Who decides").first.select_option("Staff")
    learner.question("small-thing").get_by_label("What", exact=True).fill("ask about the kettle")
    learner.question("how-they-stand").get_by_role("radio", name="Kept").first.check()
    before = learner.stored()["alongside.words"]
    with learner.page.expect_download() as handed:
        words(learner).get_by_role("button", name="Save as a file", exact=True).click()
    file = Path(handed.value.path()).read_bytes()
    dialog = learner.page.get_by_role("dialog", name="My words")
    dialog.get_by_role("button", name="Forget everything here").click()
    assert "alongside.words" not in learner.stored()
    dialog.get_by_label("Choose a file that you saved here").set_input_files(
        {"name": "notes.html", "mimeType": "text/html", "buffer": file}
    )
    expect(dialog).to_contain_text("Your words are back in this tab.")
    assert learner.stored()["alongside.words"] == before


def test_nothing_of_these_is_wider_than_a_small_phone_or_smaller_than_a_finger(learner: Learner) -> None:
    page = learner.page
    page.set_viewport_size({"width": 320, "height": 640})
    learner.question("small-thing").get_by_label("What", exact=True).fill("ask about the kettle")
    learner.unfold()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """() => [...document.querySelectorAll("section button, section select, section textarea, section summary")]
        .filter((one) => one.checkVisibility()).map((one) => [one.textContent, one.getBoundingClientRect().height])
        .filter(([, height]) => height < 43.9)"""
    )
    assert small == []
