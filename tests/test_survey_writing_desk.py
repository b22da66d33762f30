"""Lesson 20's tool: a codebook and its questionnaire by ticking and in plain boxes, opened again and changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SECONDS, Jupyter, Watched
from hands import Learner
from playwright.sync_api import Page, expect
from survey_tools import CODEBOOK
from test_survey_desk import CANARY, Hand, at_home, complaints, export, held

from alongside.survey.ask.codebook import FollowUp, load
from alongside.survey.ask.writing import ready_made
from alongside.survey.writing_desk import survey_form
from alongside.words import say

__all__ = ["at_home"]

STAFF, PARTICIPANTS = ready_made().values()
SEE, KEEP, KEEP_ABOUT, SAVE = (
    say(f"desk.{name}") for name in ("see_questions", "keep_question", "keep_about", "save_questions")
)


class Writer(Hand):
    """Somebody at the tool of lesson 20."""

    def __init__(self) -> None:
        super().__init__(survey_form())

    def see(self, chosen: str | Path = "writing.for_staff") -> Writer:
        self.control(say("desk.questions")).value = (
            say("desk.our_own") if isinstance(chosen, Path) else say(chosen)
        )
        if isinstance(chosen, Path):
            self.control(say("desk.path_of_our_codebook")).value = str(chosen)
        self.press(SEE)
        return self

    def ticks(self) -> dict[str, ipywidgets.Checkbox]:
        return {one.description: one for one in self.all(ipywidgets.Checkbox)}

    def tick(self, *texts: str, on: bool = True) -> Writer:
        for text in texts:
            (found,) = [one for name, one in self.ticks().items() if text in name]
            found.value = on
        return self

    def fill(self, **values: str) -> Writer:
        for name, value in values.items():
            self.control(say(f"desk.{name}")).value = value
        return self

    def choose(self, name: str, text: str) -> Writer:
        control = self.control(say(f"desk.{name}"))
        (control.value,) = [value for label, value in control.options if text in label]
        return self

    def save(self, home: Path) -> str:
        self.fill(file_for_questions=str(home / "our.yml"), folder_for_questionnaire=str(home / "form"))
        return self.press(SAVE)


def test_a_codebook_and_its_questionnaire_come_of_ticks_and_boxes(tmp_path: Path) -> None:
    hand = Writer().see()
    hand.tick("participants had a say before a rule changed", "peers were paid")
    hand.choose("question_to_change", "peers were paid").fill(
        its_words="In the last month, peers got their money: on time"
    )
    hand.press(KEEP)
    hand.choose("question_to_change", say("desk.new_question")).fill(
        its_words="In the last month, there was coffee #1"
    )
    hand.choose("practice", say("desk.other")).fill(other_practice="Coffee").press(KEEP)
    hand.tick("What do you mostly do here?", "Where do you mostly work?")
    hand.choose("about_to_change", "Where do you mostly work?").fill(
        its_answers="At a site; On outreach"
    ).press(KEEP_ABOUT)
    hand.fill(wave="2027 spring", scale="no; sometimes; yes", headcount="24", next_steps="We meet on Monday")
    hand.control(say("desk.headcount_of", label="At a site", text="Where do you mostly work?")).value = "14"
    hand.fill(day="2027-3-1", what="Say what changed", who="the team that plans the week")
    shown = hand.save(tmp_path)
    assert hand.alerts() == []
    book = load(tmp_path / "our.yml")
    assert [item.text for item in book.items.values()] == [
        "In the last month, participants had a say before a rule changed.",
        "In the last month, peers got their money: on time",
        "In the last month, there was coffee #1",
    ]
    assert dict(book.practices)["practice_1"] == "Coffee" and len(book.practices) == 3
    assert [(one.text, list(one.answers), dict(one.headcounts)) for one in book.about.values()] == [
        ("What do you mostly do here?", ["Work with participants", "Other work"], {}),
        ("Where do you mostly work?", ["At a site", "On outreach"], {"At a site": 14}),
    ]
    assert (book.title, book.wave, book.headcount) == ("How we build community here", "2027 spring", 24)
    assert (book.scale, book.favorable, book.unfavorable) == (("no", "sometimes", "yes"), ("yes",), ("no",))
    assert book.follow_up == FollowUp(date(2027, 3, 1), "Say what changed", "the team that plans the week")
    made = {path.name for path in (tmp_path / "form").iterdir()}
    assert made >= {"questionnaire.html", "kobotoolbox.xlsx", "questionnaire.txt", "answers-from-paper.csv"}
    assert "In the last month, there was coffee #1" in (tmp_path / "form" / "questionnaire.txt").read_text(
        "utf-8"
    )
    assert f"The questions are in {tmp_path / 'our.yml'}." in shown


def test_a_codebook_that_was_written_is_opened_again_and_changed(tmp_path: Path) -> None:
    Writer().see("writing.for_participants").tick("had a say", "wrote something down").fill(wave="2027").save(
        tmp_path
    )
    hand = Writer().see(tmp_path / "our.yml")
    ticked = [name for name, one in hand.ticks().items() if one.value]
    assert (
        len(ticked) == 2 and len(hand.ticks()) == 36 + 2 + 1
    )  # with questions about the person, and "replace"
    hand.tick("wrote something down", on=False).tick("looked out for one another").fill(wave="2028")
    hand.save(tmp_path)
    assert hand.alerts() == [
        f"{tmp_path / 'our.yml'} is there already, so nothing was changed. Say that it may be replaced, or choose another name."
    ]
    assert load(tmp_path / "our.yml").wave == "2027"
    hand.control(say("desk.replace")).value = True
    hand.press(SAVE)
    assert hand.alerts() == []
    assert (load(tmp_path / "our.yml").wave, [*load(tmp_path / "our.yml").items]) == (
        "2028",
        ["share_power_1", "be_a_team_3"],
    )
    hand.fill(wave="2029").press(SAVE)  # what was just saved here can be saved again
    assert hand.alerts() == [] and load(tmp_path / "our.yml").wave == "2029"


def test_what_is_not_asked_for_stays_in_a_file_that_is_opened(tmp_path: Path) -> None:
    (tmp_path / "our.yml").write_text("# ours\n" + CODEBOOK, encoding="utf-8")
    hand = Writer().see(tmp_path / "our.yml")
    assert len(hand.ticks()) == 4 + 2 + 1, "only questions of their own"
    hand.save(tmp_path)
    assert hand.alerts() == [] and (tmp_path / "our.yml").read_text("utf-8") == "# ours\n" + CODEBOOK
    hand.choose("question_to_change", "We greet people").fill(its_words="We greet everybody").press(KEEP)
    hand.fill(wave="2027")
    hand.control(say("desk.replace")).value = True
    hand.save(tmp_path)
    assert hand.alerts() == []
    book = load(tmp_path / "our.yml")
    assert (book.items["greet"].text, book.items["greet"].columns) == (
        "We greet everybody",
        ("p01_a", "SQ001", "Q4_1"),
    )
    assert dict(book.also_means) == {"Neither agree nor disagree": ("Neutral",)}
    assert book.about["site"].answers["North"] == ("1", "A1")
    assert (tmp_path / "our.yml").read_text("utf-8").splitlines()[0] == "# ours"


def test_a_question_that_was_unticked_comes_back_with_its_own_words(tmp_path: Path) -> None:
    hand = Writer().see().tick("peers were paid")
    hand.choose("question_to_change", "peers were paid").fill(its_words="Peers got their money").press(KEEP)
    hand.choose("question_to_change", say("desk.new_question")).fill(its_words="There was coffee").press(KEEP)
    hand.tick("Peers got their money", "There was coffee", on=False)
    assert hand.control(say("desk.question_to_change")).options == ((say("desk.new_question"), ""),)
    hand.tick("Peers got their money", "There was coffee").fill(wave="2027")
    hand.save(tmp_path)
    assert hand.alerts() == []
    assert [one.text for one in load(tmp_path / "our.yml").items.values()] == [
        "Peers got their money",
        "There was coffee",
    ]


def test_every_question_can_be_ticked_at_once(tmp_path: Path) -> None:
    hand = Writer().see()
    hand.press(say("desk.tick_all"))
    hand.fill(wave="2027").save(tmp_path)
    assert hand.alerts() == [] and load(tmp_path / "our.yml").items == load(STAFF).items
    hand.press(say("desk.untick_all"))
    hand.press(SAVE)
    assert hand.alerts() == [say("writing.no_questions")]


# fmt: off
MISTAKES: dict[str, tuple[dict[str, str], str, str, dict[str, Any]]] = {
    "no title": ({"title": " "}, "title", "writing.no_title", {}),
    "no wave": ({"wave": ""}, "wave", "writing.no_wave", {}),
    "one answer": ({"scale": "Never"}, "scale", "writing.points", {"count": 11}),
    "an end that is no answer": ({"favorable": "Good"}, "favorable", "writing.not_on_the_scale",
                                 {"scale": "Never, Rarely, Sometimes, Often, Always"}),
    "forty": ({"headcount": "forty"}, "headcount", "writing.no_number", {}),
    "no day": ({"day": "next Monday"}, "day", "writing.no_date", {}),
    "a promise without a day": ({"what": "Say it"}, "what", "writing.no_day", {}),
}
# fmt: on


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_a_box_is_one_sentence_with_the_name_of_the_box(tmp_path: Path, case: str) -> None:
    values, box, key, said = MISTAKES[case]
    hand = Writer().see().tick("had a say").fill(**({"wave": "2027"} | values))
    hand.save(tmp_path)
    (alert,) = hand.alerts()
    assert alert == say("desk.at_box", name=say(f"desk.{box}"), problem=say(key, **said))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_refused_and_no_codebook_is_left(tmp_path: Path) -> None:
    (tmp_path / "form").mkdir()
    (tmp_path / "form" / "letter.txt").write_text("mine")
    hand = Writer().see().tick("had a say").fill(wave="2027")
    hand.save(tmp_path)
    assert "letter.txt" in hand.alerts()[0]
    assert [one.name for one in tmp_path.iterdir()] == ["form"]


def test_words_that_are_there_already_are_refused_beside_their_button() -> None:
    hand = Writer().see().tick("had a say", "peers were paid")
    hand.choose("question_to_change", "peers were paid")
    hand.fill(its_words="In the last month: participants had a say before a rule changed").press(KEEP)
    assert hand.alerts() == [say("writing.asked_twice")]
    assert [name for name in hand.ticks() if "peers were paid" in name]


def test_a_codebook_is_drafted_from_headings_and_no_answer_is_seen(tmp_path: Path) -> None:
    answers, _ = export(tmp_path)
    hand = Hand(survey_form())
    hand.set(Path_of_the_export=str(answers), New_file_for_the_codebook=str(tmp_path / "new.yml"))
    shown = hand.press("Draft a codebook")
    assert hand.alerts() == []
    assert "We greet people by name" in (tmp_path / "new.yml").read_text(encoding="utf-8")
    assert "We greet people by name" in shown and CANARY not in shown + held()
    # Opened at the top: what only a person knows is empty, and nothing is saved before it is written.
    writer = Writer().see(tmp_path / "new.yml")
    boxes = ("title", "wave", "scale", "favorable", "unfavorable")
    assert [writer.control(say(f"desk.{name}")).value for name in boxes] == [""] * 5
    writer.control(say("desk.replace")).value = True
    writer.fill(file_for_questions=str(tmp_path / "new.yml"), folder_for_questionnaire=str(tmp_path / "form"))
    writer.press(SAVE)
    assert (
        say("writing.no_title") in writer.alerts()[0].replace("&quot;", '"')
        and not (tmp_path / "form").exists()
    )
    writer.fill(title="Ours", wave="2027", scale="Strongly disagree; Disagree; Agree; Strongly agree").press(
        SAVE
    )
    assert writer.alerts() == []
    assert load(tmp_path / "new.yml").favorable == ("Agree", "Strongly agree")


# --- in a browser ------------------------------------------------------------------------------------


@pytest.fixture
def owner(tab: Watched, jupyter: Jupyter) -> Iterator[Learner]:
    yield Learner(tab.page, jupyter.course())
    shutil.rmtree(jupyter.folder / "surveys", ignore_errors=True)


def box(page: Page, key: str, **values: str) -> Any:
    return page.get_by_role("textbox", name=say(f"desk.{key}", **values), exact=True)


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.browser
def test_in_voila_questions_are_chosen_changed_saved_and_opened_again_by_clicks(
    owner: Learner, tab: Watched, jupyter: Jupyter
) -> None:
    page = owner.open("20-survey-ask").page
    expect(button(page, SEE)).to_be_visible(timeout=60 * SECONDS)
    button(page, SEE).click()
    say_so = page.get_by_role(
        "checkbox", name="In the last month, participants had a say before a rule changed."
    )
    say_so.check(timeout=60 * SECONDS)
    page.get_by_role("checkbox", name="In the last month, peers were paid for the work they did").check()
    expect(page.get_by_text("2 questions are chosen.")).to_be_visible()
    page.get_by_role("combobox", name=say("desk.question_to_change"), exact=True).select_option(
        label="In the last month, participants had a say before a rule changed."
    )
    # The kernel puts its words into the box; who types sooner than it answers would be written over.
    expect(box(page, "its_words")).to_have_value(
        "In the last month, participants had a say before a rule changed."
    )
    box(page, "its_words").fill("In the last month, we were asked before a rule changed")
    button(page, KEEP).click()
    expect(
        page.get_by_role("checkbox", name="In the last month, we were asked before a rule changed")
    ).to_be_checked()
    page.get_by_role("checkbox", name="Where do you mostly work?").check()
    expect(page.get_by_text(say("desk.chosen_about", count=1))).to_be_visible()
    box(page, "headcount_of", label="At a site", text="Where do you mostly work?").fill("14")
    box(page, "wave").fill("2027 spring")
    box(page, "headcount").fill("forty")
    button(page, SAVE).click()
    expect(page.get_by_role("alert").filter(has_text=say("writing.no_number"))).to_be_visible()
    box(page, "headcount").fill("40")
    button(page, SAVE).click()
    expect(page.get_by_text("The questions are in surveys/our-survey.yml.")).to_be_visible(
        timeout=60 * SECONDS
    )
    book = load(jupyter.folder / "surveys" / "our-survey.yml")
    assert book.items["share_power_1"].text == "In the last month, we were asked before a rule changed"
    assert (len(book.items), book.headcount, dict(book.about["place"].headcounts)) == (
        2,
        40,
        {"At a site": 14},
    )
    assert (jupyter.folder / "surveys" / "questionnaire" / "kobotoolbox.xlsx").is_file()
    # Nothing is hidden from a screen reader or a thumb, and it fits a phone.
    found = Axe().run(page, context=".alongside-desk")
    assert found.response["passes"] and found.response["violations"] == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    heights = page.locator(
        ".alongside-desk :is(button, select, input[type=text], label:has(input))"
    ).evaluate_all("all => all.map(one => one.getBoundingClientRect().height).filter(Boolean)")
    assert len(heights) > 50 and min(heights) >= 44
    # Opened again.
    page.set_viewport_size({"width": 1000, "height": 800})
    page.get_by_role("combobox", name=say("desk.questions"), exact=True).select_option(say("desk.our_own"))
    box(page, "path_of_our_codebook").fill("surveys/our-survey.yml")
    button(page, SEE).click()
    expect(box(page, "wave")).to_have_value("2027 spring", timeout=60 * SECONDS)
    expect(page.get_by_text("2 questions are chosen.")).to_be_visible()
    box(page, "wave").fill("2028")
    page.get_by_role("checkbox", name=say("desk.replace")).check()
    button(page, SAVE).click()
    expect(page.get_by_text("The questions are in surveys/our-survey.yml.")).to_be_visible(
        timeout=60 * SECONDS
    )
    assert load(jupyter.folder / "surveys" / "our-survey.yml").wave == "2028"
    assert complaints(tab) == []
    assert "We were asked" not in json.dumps(owner.stored())
