"""Answers have a kind and hold ids, so that words can change around them; and what earlier pages kept is still read.

The files and storages in ``tests/kept`` were made by the pages of version 1, by hand in a browser: never change them.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT, Watched
from hands import Course, Learner
from playwright.sync_api import Locator, expect
from test_take_home import BACK, PASSPHRASE, bring, close, data_in, file_of, page_with, said, save, unlock

from alongside.course import scenarios as content
from alongside.page import html as pages
from alongside.surfaces import direct

pytestmark = pytest.mark.browser

KEPT = ROOT / "tests" / "kept"
SHARE, PEOPLE, RELIABLE = "05-share-power", "01-values-how-we-see-people", "12-be-reliable"
TRANSPARENT, TEAM, CHECK_IN, PLAN = "11-be-transparent", "15-be-a-team", "19-check-in", "18-our-plan"

#: What a person reads of tests/kept/v1-everything, by the answer's key: the lines in which version 1 showed it.
READ = {
    "share-power-one-card": ["quiet otter hours", "and the <kettle>"],
    "share-power-arrive": ["2 of 5, from Hardly ever to Always"],
    "share-power-arrive-close": ["5 of 5: Always"],
    "share-power-map": [
        "Staff decide: What is on the walls; Which services we offer",
        "We decide together: How the furniture stands",
        "Nobody told us: What happens after an escalated event",
    ],
    "scenario-one-seat-on-the-board": [
        "Ask at morning coffee: do we want this seat, and who should sit there?",
        "Ask the board to hold the vote for two weeks.",
        "Propose a rule: anyone who loses income by coming is paid.",
        "Ask the board to hand over one whole decision, with money: the front room.",
        "Ask Theo how he'd put it. If he agrees, ask Joan to correct it.",
    ],
    "share-power-promise": [
        "My answer: Yes",
        "What: ask about the kettle",
        "Who does it: me and the late shift",
        "By when: 2027-03-01",
        "Whom I tell: everyone at coffee",
        "How I will tell you if it slips: a note on the door",
    ],
    "people-done-well": ["Compassion"],
    "people-limits-told": ["What happens after violence", "What must be reported about a child, if anything"],
    "people-small-step": [
        "My answer: Maybe, it depends on …",
        "It depends on: the weather",
        "What: say hello first",
    ],
    "reliable-order": [
        "In my order: The supplies are there; The door opens at the hour on the sign; Everybody gives the same answer; "
        "A face that knows me; Somebody answers when we are closed; If it is off, I hear it before I come",
        "I could do without it: Something warm to drink",
    ],
    "reliable-message": ["What is off: no van on Friday", "What is sure: Monday at nine", "Nico says so"],
    "scenario-wednesday-without-lonnie": [
        "Propose to stay open, and to go to the lake in two groups.",
        "Ask Leona to take the window, since she chose the day.",
    ],
    "reliable-promise": ["My answer: Not this time"],
    "team-who": ["Peers: At the meetings: Now and then; Hear news: By chance", "Peers: Hear news: Later"],
    "team-after-a-long-day": [
        "In my order: Somebody takes over my last task; Ten minutes to look back together; A laugh about something else; "
        "Being left in peace; A message the next day; Paid time to rest"
    ],
    "transparent-board": [
        "How money was spent: Who hears it: Staff only; What may not be told, and why: the rent: the landlord asked",
        "Another one: When: Within a week",
    ],
    "checkin-promises": [
        "ask about the kettle: How it stands: Told people; What I want to say about it: they laughed",
        "the blue bicycle: How it stands: Not yet; What I want to say about it: it rained",
    ],
}


#: What was kept of stories that no lesson tells any more: carried along, and read as before.
GONE = {"scenario-one-seat-on-the-board"}


def stored_words(name: str) -> list[Any]:
    return json.loads((KEPT / name).read_text("utf-8"))


def open_tab_of_version_1(learner: Learner, name: str) -> Learner:
    """A tab that was open, with words in it, when the pages changed."""
    now = time.time() * 1000
    sitting = {"left": now + 60000, "seen": now, "asking": False}
    return learner.given(
        {
            "alongside.words": json.dumps(stored_words(name)),
            "alongside.sitting": json.dumps(sitting),
        }
    )


def kept(learner: Learner) -> dict[str, Any]:
    return dict(json.loads(learner.stored()["alongside.words"]))


def read_out(place: Locator) -> dict[str, list[str]]:
    """What "My words" shows: each question with its lines."""
    cards = place.locator(".al-card")
    # A slow browser still brings what the last page wrote when it was left.
    expect(cards.first).to_be_visible()
    return {
        card.get_by_role("heading").inner_text(): [
            line for text in card.locator("p").all_inner_texts() for line in text.splitlines() if line.strip()
        ]
        for card in cards.all()
    }


def expected() -> dict[str, list[str]]:
    prompts = {key: word["prompt"] for key, word in stored_words("v1-everything.json")}
    assert prompts.keys() == READ.keys()
    return {prompts[key]: lines for key, lines in READ.items()}


# --- words of version 1 -----------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["00-start-here", SHARE, TEAM, CHECK_IN])
@pytest.mark.parametrize("from_", ["a file", "a locked file", "an open tab"])
def test_everything_that_version_1_kept_is_read_as_before(learner: Learner, from_: str, at: str) -> None:
    if from_ == "an open tab":
        open_tab_of_version_1(learner, "v1-everything.json").open(at)
        words = learner.my_words()
    else:
        words = learner.open(at).my_words()
        bring(words, KEPT / ("v1-everything.html" if from_ == "a file" else "v1-everything-locked.html"))
        if from_ == "a locked file":
            unlock(words, PASSPHRASE)
        expect(said(words)).to_have_text(BACK)
    assert read_out(words) == expected()


def test_every_answer_of_version_1_comes_back_into_its_activity_and_into_todays_form(
    learner: Learner, tab: Watched
) -> None:
    open_tab_of_version_1(learner, "v1-everything.json").open(SHARE)
    expect(learner.box("share-power-one-card")).to_have_value("quiet otter hours\n\nand the <kettle>")
    expect(learner.question("share-power-arrive").get_by_role("radio", name="2", exact=True)).to_be_checked()
    expect(learner.question("share-power-arrive-close")).to_contain_text("When you arrived you said 2 of 5")
    piles = learner.question("share-power-map").locator(".al-sorted > div")
    expect(piles.filter(has_text="Staff decide").get_by_role("listitem")).to_have_text(
        ["What is on the walls", "Which services we offer"]
    )
    # The lesson tells another story today, and nobody is told to have chosen in it.
    expect(learner.question("scenario-the-dragon-on-the-wall").get_by_text("You chose:")).to_have_count(0)
    promise = learner.question("share-power-promise")
    expect(promise.get_by_role("radio", name="Yes", exact=True)).to_be_checked()
    expect(promise.get_by_label("By when (a day)")).to_have_value("2027-03-01")

    learner.open(PEOPLE)
    one = learner.question("people-done-well").get_by_role("radio", name="Compassion", exact=True)
    expect(one).to_be_checked()
    many = learner.question("people-limits-told").get_by_role("checkbox").all()
    assert [box.is_checked() for box in many] == [False, True, True] + [False] * (len(many) - 3)
    maybe = learner.question("people-small-step")
    expect(maybe.get_by_label("It depends on", exact=True)).to_have_value("the weather")

    learner.open(RELIABLE)
    order = learner.question("reliable-order").locator("ol > li > span:first-child")
    expect(order.first).to_have_text("The supplies are there")
    expect(order).to_have_count(6)
    saw = learner.question("reliable-message").get_by_role("textbox", name="What is sure")
    expect(saw).to_have_value("Monday at nine\nNico says so")
    gentler = learner.question("scenario-wednesday-without-lonnie")
    expect(gentler.get_by_role("button", name="Back to the first story")).to_be_visible()
    expect(gentler.get_by_text("You chose:")).to_have_count(2)
    expect(learner.page.get_by_role("radio", name="Not this time")).to_be_checked()

    learner.open(TEAM)
    board = learner.question("team-who")
    peers = board.get_by_role("group", name="Peers", exact=True)
    expect(peers.get_by_role("combobox", name="At the meetings")).to_have_value("now-and-then")
    own = board.get_by_role("group", name="One of your own")
    expect(own.get_by_role("textbox", name="What it is")).to_have_value("Peers")
    expect(own.get_by_role("combobox", name="Hear news")).to_have_value("later")
    learner.open(TRANSPARENT)
    money = learner.question("transparent-board").get_by_role("group", name="How money was spent")
    expect(money.get_by_role("textbox")).to_have_value("the rent: the landlord asked")
    unnamed = learner.question("transparent-board").get_by_role("group", name="One of your own")
    expect(unnamed.get_by_role("textbox", name="What it is")).to_have_value("")
    expect(unnamed.get_by_role("combobox", name="When")).to_have_value(re.compile("week"))

    learner.open(CHECK_IN)
    stands = learner.question("checkin-promises")
    kettle = stands.get_by_role("group", name="ask about the kettle")
    expect(kettle.get_by_role("radio", name="Told people")).to_be_checked()
    expect(kettle.get_by_role("textbox")).to_have_value("they laughed")
    remembered = stands.get_by_role("group", name="One that you remember")
    expect(remembered.get_by_role("textbox", name="The promise")).to_have_value("the blue bicycle")
    expect(remembered.get_by_role("radio", name="Not yet")).to_be_checked()

    words = kept(learner)
    assert [key for key, _ in stored_words("v1-everything.json")] == list(words)
    assert {key: (word["answer"]["kind"], word["answer"]["v"]) for key, word in words.items()} == {
        key: ("old", 1) if key in GONE else (kind_of(key), 2) for key in words
    }
    # All of it is read as before on a page that asks none of this.
    assert read_out(learner.open("00-start-here").my_words()) == expected()
    assert tab.errors == []


def kind_of(key: str) -> str:
    """What a key's question is, by the course's own cells."""
    return QUESTIONS[key]["activity"]


def questions() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in ("notebooks", "exercises"):
        paths = sorted((ROOT / folder).glob("*.ipynb"))
        assert paths
        for path in paths:
            notebook = nbformat.read(path, as_version=4)
            if not direct.run(notebook):
                continue  # the survey's lessons need a kernel
            for cell in notebook.cells:
                for output in cell.get("outputs", []):
                    question = output.data.get("application/vnd.alongside.activity+json")
                    if question:
                        found[question["key"]] = question
    return found


QUESTIONS = questions()


def test_what_was_skipped_or_only_begun_in_version_1_stays_so(learner: Learner) -> None:
    open_tab_of_version_1(learner, "v1-skipped.json").open(SHARE)
    for key in ("share-power-map", "share-power-promise"):
        expect(learner.activity(key).get_by_role("button", name="Answer after all")).to_be_visible()
    expect(learner.box("share-power-one-card")).to_have_value("half a")
    expect(learner.question("scenario-the-dragon-on-the-wall").get_by_text("You chose:")).to_have_count(0)
    own = learner.open(TEAM).question("team-who").get_by_role("group", name="One of your own")
    expect(own.get_by_role("textbox", name="What it is")).to_have_value("constructor")
    expect(own.get_by_role("combobox", name="Hear news")).to_have_value("later")
    own = (
        learner.open(CHECK_IN).question("checkin-promises").get_by_role("group", name="One that you remember")
    )
    expect(own.get_by_role("radio", name="Kept")).to_be_checked()
    expect(own.get_by_role("textbox", name="The promise")).to_have_value("")


def test_words_that_stood_beside_others_in_version_1_stay_beside_them(learner: Learner) -> None:
    words = learner.open(SHARE).my_words()
    bring(words, KEPT / "v1-two-days.html")
    expect(said(words)).to_have_text(BACK)
    for text in ("from the second day", "quiet otter hours", "Participants decide: What is on the walls"):
        expect(words.get_by_text(text, exact=True)).to_be_visible()
    file = save(words)
    again = learner.beside(learner.page.context.new_page()).open(SHARE).my_words()
    bring(again, file)
    expect(said(again)).to_have_text(BACK)
    assert data_in(save(again)) == data_in(file)


@pytest.mark.parametrize("at", [SHARE, "00-start-here"])
def test_a_file_of_version_1_is_not_taken_for_other_words_than_those_it_became(
    learner: Learner, at: str
) -> None:
    """The same answers, once as they are kept today and once as they were: nothing stands twice."""
    open_tab_of_version_1(learner, "v1-everything.json")
    for name in (SHARE, PEOPLE, RELIABLE, TEAM, TRANSPARENT, CHECK_IN, at):
        learner.open(name)
    before = kept(learner)
    words = learner.my_words()
    bring(words, KEPT / "v1-everything.html")
    expect(said(words)).to_have_text(BACK)
    assert kept(learner) == before


def test_the_plan_edits_words_of_version_1(learner: Learner) -> None:
    open_tab_of_version_1(learner, "v1-everything.json").open(PLAN)
    plan = learner.question("plan")
    prompt = dict(stored_words("v1-everything.json"))["share-power-one-card"]["prompt"]
    plan.get_by_role("textbox", name=prompt, exact=True).fill("loud otter")
    plan.get_by_label("Whom I tell", exact=True).first.fill("the whole street")
    learner.open(SHARE)
    expect(learner.box("share-power-one-card")).to_have_value("loud otter")
    expect(learner.question("share-power-promise").get_by_label("Whom I tell", exact=True)).to_have_value(
        "the whole street"
    )


# --- a question whose words change ------------------------------------------------------------------

BEFORE = {
    "choose": 'choose("Which?", {"warm": "Warm", "fair": "Fair", "bold": "Bold"}, keep_as="c", many=True)',
    "one": 'choose("Which one?", {"warm": "Warm", "fair": "Fair"}, keep_as="c-one")',
    "rank": 'rank("In which order?", {"warm": "Warm", "fair": "Fair", "bold": "Bold"}, keep_as="r")',
    "sort_cards": 'sort_cards("Where?", cards={"walls": "Walls", "hours": "Hours"}, piles={"staff": "Staff", "all": "All"}, keep_as="s")',
    "compose": 'compose("Say it.", parts={"saw": ("What I saw", "Look"), "ask": ("What I ask", "Small")}, keep_as="p")',
    "board": 'board("Who?", rows={"walls": "Walls", "hours": "Hours"}, columns={"who": ("Who decides", {"staff": "Staff", "all": "All"}), "why": "Why"}, keep_as="b", own_rows=2)',
    "rate": 'rate("How often?", low="Never", high="Always", keep_as="e")',
    "promise": 'promise("One thing", keep_as="o")',
    "checkin": 'checkin("How do they stand?", keep_as="t")',
}
REWORDED = {
    "choose": 'choose("Which?", {"new": "New", "bold": "Brave", "fair": "Just", "warm": "Kind"}, keep_as="c", many=True)',
    "one": 'choose("Which one?", {"fair": "Just", "warm": "Kind"}, keep_as="c-one")',
    "rank": 'rank("In which order?", {"bold": "Brave", "fair": "Just", "warm": "Kind"}, keep_as="r", not_mine="Not for me")',
    "sort_cards": 'sort_cards("Where?", cards={"hours": "Opening times", "walls": "The walls"}, piles={"all": "Everybody", "staff": "Workers"}, keep_as="s")',
    "compose": 'compose("Say it.", parts={"ask": ("My wish", "Small"), "saw": ("I noticed", "Look")}, keep_as="p")',
    "board": 'board("Who?", rows={"hours": "Opening times", "walls": "The walls"}, columns={"why": "The reason", "who": ("Decided by", {"all": "Everybody", "staff": "Workers"})}, keep_as="b", own_rows=2)',
    "rate": 'rate("How often?", low="Hardly ever", high="All the time", keep_as="e")',
    "promise": BEFORE["promise"],
    "checkin": BEFORE["checkin"],
}
#: The same questions without some of what they had: an option, a card and a pile, a part, a row and a column.
SHORTER = {
    "choose": 'choose("Which?", {"fair": "Fair", "bold": "Bold"}, keep_as="c", many=True)',
    "one": 'choose("Which one?", {"fair": "Fair", "bold": "Bold"}, keep_as="c-one")',
    "rank": 'rank("In which order?", {"fair": "Fair", "bold": "Bold"}, keep_as="r")',
    "sort_cards": 'sort_cards("Where?", cards={"hours": "Hours", "desk": "Desk"}, piles={"all": "All", "few": "Few"}, keep_as="s")',
    "compose": 'compose("Say it.", parts={"ask": ("What I ask", "Small"), "then": ("And then", "Next")}, keep_as="p")',
    "board": 'board("Who?", rows={"hours": "Hours"}, columns={"who": ("Who decides", {"staff": "Staff"})}, keep_as="b")',
    "rate": BEFORE["rate"],
    "promise": BEFORE["promise"],
    "checkin": BEFORE["checkin"],
}


@pytest.fixture
def bench(tab: Watched, tmp_path: Path) -> Iterator[Callable[[dict[str, str]], Learner]]:
    """A page with questions of one's own. Opened again with others, it stands at the same address, in the same tab."""
    page = tmp_path / "bench.html"
    learner = Learner(tab.page, Course("file", lambda _: page.as_uri(), neutral=""))

    def lay(lines: dict[str, str]) -> Learner:
        verbs = sorted({line.partition("(")[0] for line in lines.values()})
        sources = [f"from alongside import {', '.join(verbs)}", *lines.values()]
        cells = [nbformat.v4.new_markdown_cell("# A bench"), *map(nbformat.v4.new_code_cell, sources)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        assert direct.run(notebook)
        prepared = pages.prepare(notebook, pages.SITE, name="bench", folder="notebooks")
        page.write_text(pages.draw(prepared), encoding="utf-8")
        return learner.open("bench")

    yield lay
    assert tab.errors == []


def answer_the_bench(learner: Learner) -> None:
    for name in ("Warm", "Bold"):
        learner.question("c").get_by_role("checkbox", name=name).check()
    learner.question("c-one").get_by_role("radio", name="Warm").check()
    learner.question("r").get_by_role("button", name="Down: Warm").click()
    learner.question("r").get_by_role("button", name="Not mine: Bold").click()
    for pile in ("All", "Staff"):
        learner.question("s").get_by_role("button", name=pile, exact=True).click()
    learner.question("p").get_by_role("textbox", name="What I saw").fill("an otter")
    walls = learner.question("b").get_by_role("group", name="Walls")
    walls.get_by_role("combobox").select_option("All")
    walls.get_by_role("textbox", name="Why").fill("we look at them")
    second = learner.question("b").get_by_role("group", name="One of your own").nth(1)
    second.get_by_role("textbox", name="What it is").fill("Hours")
    second.get_by_role("combobox").select_option("Staff")
    learner.question("e").get_by_role("radio", name="1, Never").check()
    learner.question("o").get_by_label("What", exact=True).fill("ask about the kettle")
    kettle = learner.question("t").get_by_role("group", name="ask about the kettle")
    kettle.get_by_role("radio", name="Changed").check()
    expect(learner.said("t")).to_have_text("Kept in this tab.")


def test_no_answer_holds_a_word_of_its_question(bench: Callable[[dict[str, str]], Learner]) -> None:
    learner = bench(BEFORE)
    answer_the_bench(learner)
    answers = {key: word["answer"] for key, word in kept(learner).items()}
    assert answers == {
        "c": {"kind": "choose", "v": 2, "chosen": ["warm", "bold"]},
        "c-one": {"kind": "choose", "v": 2, "chosen": ["warm"]},
        "r": {"kind": "rank", "v": 2, "order": ["fair", "warm"], "out": ["bold"]},
        "s": {"kind": "sort_cards", "v": 2, "placed": [["hours", "staff"], ["walls", "all"]]},
        "p": {"kind": "compose", "v": 2, "parts": [["saw", "an otter"]]},
        "b": {
            "kind": "board",
            "v": 2,
            "rows": [
                {
                    "row": "walls",
                    "cells": [
                        {"column": "who", "option": "all"},
                        {"column": "why", "text": "we look at them"},
                    ],
                }
            ],
            "own": [{"at": 1, "name": "Hours", "cells": [{"column": "who", "option": "staff"}]}],
        },
        "e": {"kind": "rate", "v": 2, "step": 1},
        "o": {"kind": "promise", "v": 2, "what": "ask about the kettle"},
        "t": {"kind": "checkin", "v": 2, "rows": [{"promise": "o", "state": "changed", "text": ""}]},
    }


def test_reworded_and_reordered_options_rows_parts_and_piles_keep_their_answer(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    answer_the_bench(bench(BEFORE))
    learner = bench(REWORDED)
    for name, ticked in {"New": False, "Brave": True, "Just": False, "Kind": True}.items():
        box = learner.question("c").get_by_role("checkbox", name=name)
        expect(box).to_be_checked(checked=ticked)
    expect(learner.question("c-one").get_by_role("radio", name="Kind")).to_be_checked()
    expect(learner.question("r").locator("ol > li > span:first-child")).to_have_text(["Just", "Kind"])
    expect(learner.question("r").get_by_role("button", name="Take it back: Brave")).to_be_visible()
    workers = learner.question("s").locator(".al-sorted > div").filter(has_text="Workers")
    expect(workers.get_by_role("listitem")).to_have_text(["Opening times"])
    expect(learner.question("p").get_by_role("textbox", name="I noticed")).to_have_value("an otter")
    walls = learner.question("b").get_by_role("group", name="The walls")
    expect(walls.get_by_role("combobox", name="Decided by")).to_have_value("all")
    expect(walls.get_by_role("textbox", name="The reason")).to_have_value("we look at them")
    own = learner.question("b").get_by_role("group", name="One of your own")
    expect(own.nth(0).get_by_role("textbox", name="What it is")).to_have_value("")
    expect(own.nth(1).get_by_role("textbox", name="What it is")).to_have_value("Hours")
    expect(learner.question("e").get_by_role("radio", name="1, Hardly ever")).to_be_checked()
    # Where the question stands, its answer is read in today's words.
    read = read_out(learner.my_words())
    assert read["Which?"] == ["Kind", "Brave"]
    assert read["In which order?"] == ["In my order: Just; Kind", "Not for me: Brave"]
    assert read["Where?"] == ["Workers: Opening times", "Everybody: The walls"]
    assert read["Say it."] == ["I noticed: an otter"]
    assert read["Who?"] == [
        "The walls: Decided by: Everybody; The reason: we look at them",
        "Hours: Decided by: Workers",
    ]
    assert read["How often?"] == ["1 of 5: Hardly ever"]


def test_what_a_question_no_longer_has_is_carried_along_and_shown(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    answer_the_bench(bench(BEFORE))
    learner = bench(SHORTER)
    learner.question("c").get_by_role("checkbox", name="Fair").check()
    learner.question("r").get_by_role("button", name="Take it back: Bold").click()
    learner.question("s").get_by_role("button", name="Few", exact=True).click()
    learner.question("p").get_by_role("textbox", name="What I ask").fill("a towel")
    hours = learner.question("b").get_by_role("group", name="Hours")
    hours.get_by_role("combobox").select_option("Staff")
    expect(learner.said("b")).to_have_text("Kept in this tab.")
    read = read_out(learner.my_words())
    assert set(read["Which?"]) == {"Warm", "Bold", "Fair"}
    assert read["Which one?"] == ["Warm"]
    assert read["In which order?"] == ["In my order: Fair; Bold; Warm"]
    assert read["Where?"] == ["Few: Hours", "All: Walls"] or read["Where?"] == [
        "Few: Desk",
        "Staff: Hours",
        "All: Walls",
    ]
    assert read["Say it."] == ["What I ask: a towel", "What I saw: an otter"]
    assert read["Who?"] == [
        "Hours: Who decides: Staff",
        "Walls: Who decides: All; Why: we look at them",
        "Hours: Who decides: Staff",
    ]
    # And back on the page that has them all, they are where they were.
    learner = bench(BEFORE)
    expect(learner.question("c").get_by_role("checkbox", name="Warm")).to_be_checked()
    expect(learner.question("p").get_by_role("textbox", name="What I saw")).to_have_value("an otter")
    walls = learner.question("b").get_by_role("group", name="Walls")
    expect(walls.get_by_role("textbox", name="Why")).to_have_value("we look at them")
    second = learner.question("b").get_by_role("group", name="One of your own").nth(1)
    expect(second.get_by_role("textbox", name="What it is")).to_have_value("Hours")


#: The same questions where options took the place of free words, and of every other thing one is gone.
OTHER = {
    **SHORTER,
    "one": 'choose("Which one?", {"fair": "Fair", "bold": "Bold"}, keep_as="c-one")',
    "board": 'board("Who?", rows={"walls": "Walls"}, columns={"who": ("Who decides", {"staff": "Staff"}), "why": ("Why", {"so": "So"})}, keep_as="b", own_rows=1)',
    "promise": BEFORE["promise"],
}


def test_what_a_question_can_not_draw_any_more_stands_beside_it_and_no_key_takes_it_away(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    answer_the_bench(bench(BEFORE))
    learner = bench(OTHER)
    before = {
        "c": ["Warm"],
        "c-one": ["Warm"],
        "r": ["In my order: Warm"],
        "s": ["Staff: Hours", "All: Walls"],
        "p": ["What I saw: an otter"],
        "b": ["Walls: Who decides: All; Why: we look at them", "Hours: Who decides: Staff"],
    }

    def stand_beside() -> None:
        for key, lines in before.items():
            kept_before = learner.question(key).get_by_text("Kept from before this question was changed:")
            expect(kept_before).to_be_visible()
            for line in lines:
                expect(learner.question(key).get_by_text(line, exact=True)).to_be_visible()

    stand_beside()
    learner.question("c").get_by_role("checkbox", name="Fair").check()
    learner.question("c-one").get_by_role("radio", name="Fair").check()
    learner.question("r").get_by_role("button", name="Take it back: Bold").click()
    learner.question("p").get_by_role("textbox", name="What I ask").fill("a towel")
    walls = learner.question("b").get_by_role("group", name="Walls", exact=True)
    walls.get_by_role("combobox", name="Who decides").select_option("Staff")
    walls.get_by_role("combobox", name="Why").select_option("So")
    own = learner.question("b").get_by_role("group", name="One of your own")
    own.get_by_role("textbox", name="What it is").fill("Walls")
    stand_beside()
    learner.reload()
    stand_beside()
    # A row of one's own is neither the question's row of its name nor one that stood in another place.
    expect(own.get_by_role("textbox", name="What it is")).to_have_value("Walls")
    expect(walls.get_by_role("combobox", name="Why")).to_have_value("so")
    # A card that is sorted anew lies where it was put, and no longer where it was.
    learner.question("s").get_by_role("button", name="Few", exact=True).click()
    expect(learner.question("s").get_by_text("Staff: Hours", exact=True)).to_have_count(0)
    expect(learner.question("s").get_by_text("All: Walls", exact=True)).to_be_visible()
    read = read_out(learner.my_words())
    assert read["Which one?"] == ["Fair", "Warm"]
    assert read["Who?"] == [
        "Walls: Who decides: Staff; Why: So; Who decides: All; Why: we look at them",
        "Walls",
        "Hours: Who decides: Staff",
    ]
    # And back on the page that has them all, they are where they were.
    learner = bench(BEFORE)
    expect(learner.question("c").get_by_role("checkbox", name="Warm")).to_be_checked()
    why = (
        learner.question("b")
        .get_by_role("group", name="Walls", exact=True)
        .get_by_role("textbox", name="Why")
    )
    expect(why).to_have_value("we look at them")
    second = learner.question("b").get_by_role("group", name="One of your own").nth(1)
    expect(second.get_by_role("textbox", name="What it is")).to_have_value("Hours")


def test_a_promise_carries_what_has_no_box_and_a_check_in_what_has_no_card(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    learner = bench(BEFORE)
    words = learner.my_words()
    brought = {
        "o": {"kind": "promise", "v": 2, "answer": "was-1", "what": "a lamp", "when": "some day"},
        "t": {
            "kind": "checkin",
            "v": 2,
            "rows": [
                {"promise": "o", "state": "told", "text": "first"},
                {"promise": "o", "state": "kept", "text": "again"},
            ],
        },
    }
    shown = {"answers": {"was-1": "Perhaps, says the otter"}}
    bring(words, file_of({key: kept_word(answer, shown) for key, answer in brought.items()}, 2))
    close(words)
    learner.question("o").get_by_label("Who does it").fill("me")
    remembered = learner.question("t").get_by_role("group", name="One that you remember")
    remembered.get_by_role("textbox", name="The promise").fill("a lamp")  # and nothing is ticked
    learner.reload()
    expect(remembered.get_by_role("textbox", name="The promise")).to_have_value("a lamp")
    for line in ("My answer: Perhaps, says the otter", "By when: some day"):
        expect(learner.question("o").get_by_text(line, exact=True)).to_be_visible()
    again = "a lamp: How it stands: Kept; What I want to say about it: again"
    expect(learner.question("t").get_by_text(again, exact=True)).to_be_visible()
    learner.question("o").get_by_role("radio", name="Yes", exact=True).check()
    answers = {key: word["answer"] for key, word in kept(learner).items()}
    assert answers["o"] == {**brought["o"], "answer": "yes", "who": "me"}
    assert answers["t"] == {**brought["t"], "remembered": {"what": "a lamp"}}


def test_a_check_in_goes_with_its_promise_when_that_is_reworded_or_taken_out(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    learner = bench(BEFORE)
    learner.question("o").get_by_label("What", exact=True).fill("ask about the kettle")
    kettle = learner.question("t").get_by_role("group", name="ask about the kettle")
    kettle.get_by_role("radio", name="Told people").check()
    own = learner.question("t").get_by_role("group", name="One that you remember")
    own.get_by_role("textbox", name="The promise").fill("ask about the teapot")
    own.get_by_role("radio", name="Kept").check()
    what = learner.question("o").get_by_label("What", exact=True)
    what.fill("ask about the teapot")  # the very words of the one that is remembered
    teapot = learner.question("t").get_by_role("group", name="ask about the teapot")
    expect(teapot.get_by_role("radio", name="Told people")).to_be_checked()
    expect(own.get_by_role("radio", name="Kept")).to_be_checked()
    learner.reload()
    own = learner.question("t").get_by_role("group", name="One that you remember")
    expect(own.get_by_role("textbox", name="The promise")).to_have_value("ask about the teapot")
    what.fill("")
    # The promise is gone, and what was said about it is not; its card says what it was about.
    gone = (
        learner.question("t")
        .get_by_role("group", name="ask about the", exact=False)
        .filter(has=learner.page.get_by_role("radio", name="Told people", checked=True))
    )
    expect(gone).to_have_count(1)


def test_a_check_in_of_a_file_goes_with_the_files_promises(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    learner = bench(BEFORE)
    learner.question("o").get_by_label("What", exact=True).fill("ask about the kettle")
    learner.question("t").get_by_role("group", name="ask about the kettle").get_by_role(
        "radio", name="Changed"
    ).check()
    file = save(learner.my_words())
    words = learner.page.get_by_role("dialog", name="My words")
    words.get_by_role("button", name="Forget everything here").click()
    close(words)
    learner.question("o").get_by_label("What", exact=True).fill("buy a lamp")
    words = learner.my_words()
    bring(words, file)
    expect(said(words)).to_have_text(BACK)
    close(words)
    stands = learner.question("t")
    expect(
        stands.get_by_role("group", name="ask about the kettle").get_by_role("radio", name="Changed")
    ).to_be_checked()
    expect(stands.get_by_role("group", name="buy a lamp").get_by_role("radio", checked=True)).to_have_count(0)


def test_a_gentler_story_is_still_there_after_a_reload(learner: Learner) -> None:
    story = learner.open(RELIABLE).question("scenario-wednesday-without-lonnie")
    story.get_by_role("button", name="Take a gentler story").click()
    learner.reload()
    expect(story.get_by_role("button", name="Back to the first story")).to_be_visible()
    expect(learner.my_words()).to_contain_text("This is a gentler story.")
    close(learner.page.get_by_role("dialog", name="My words"))
    story.get_by_role("button", name="Back to the first story").click()
    expect(learner.my_words()).to_contain_text("Nothing is kept in this tab.")


def test_a_story_with_a_new_choice_and_other_words_keeps_its_way(learner: Learner) -> None:
    learner.open(SHARE)
    step = content.scenario("the-dragon-on-the-wall").steps[0]
    key = "scenario-the-dragon-on-the-wall"
    learner.question(key).get_by_role("button", name=step.choices[1].say, exact=True).click()

    def change(route: Any) -> None:
        response = route.fetch()
        body = response.text().replace("&#34;", '"')
        assert json.dumps(step.choices[1].say, ensure_ascii=False) in body or step.choices[1].say in body
        route.fulfill(response=response, body=add_choice(response.text(), step))

    learner.page.route("**/05-share-power.html", change)
    learner.reload()
    story = learner.question(key)
    expect(story.get_by_text("In other words.", exact=False).first).to_be_visible()
    expect(story.get_by_text("You chose:")).to_have_count(1)
    expect(learner.my_words()).to_contain_text("In other words.")


def test_a_way_that_a_story_no_longer_has_is_carried_and_shown(learner: Learner) -> None:
    key = "scenario-the-dragon-on-the-wall"
    first = content.scenario("the-dragon-on-the-wall").steps[0].choices[0]
    step = next(one for one in content.scenario("the-dragon-on-the-wall").steps if one.name == first.next)
    story = learner.open(SHARE).question(key)
    for say in (first.say, step.choices[0].say):
        story.get_by_role("button", name=say, exact=True).click()

    def change(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=without_choice(response.text(), step))

    learner.page.route("**/05-share-power.html", change)
    learner.reload()
    beside = story.get_by_text(step.choices[0].say, exact=True)
    expect(beside).to_be_visible()
    expect(story.get_by_text("You chose:")).to_have_count(1)
    story.get_by_role("button", name=step.choices[1].say, exact=True).click()
    story.get_by_role("button", name="Back one choice").click()
    learner.reload()
    expect(beside).to_be_visible()
    expect(learner.my_words()).to_contain_text(step.choices[0].say)
    close(learner.page.get_by_role("dialog", name="My words"))
    # Whoever begins anew wants it gone.
    story.get_by_role("button", name="Start over").click()
    expect(beside).to_have_count(0)
    assert key not in kept(learner)


def without_choice(page: str, step: content.Step) -> str:
    """The page of a story in which a step has its first choice no more."""

    def edit(props: dict[str, Any]) -> None:
        changed = props["scenario"]["steps"][step.name]
        del changed["choices"][0], changed["led"][0]

    return with_story(page, edit)


def add_choice(page: str, step: content.Step) -> str:
    """The page of a story whose first step has a new first choice, and other words for the second."""

    def edit(props: dict[str, Any]) -> None:
        first = props["scenario"]["steps"][step.name]
        first["choices"] = [["new-one", "A new one."], *first["choices"]]
        first["led"] = [first["led"][0], *first["led"]]
        first["choices"][2][1] = "In other words."

    return with_story(page, edit)


def with_story(page: str, edit: Callable[[dict[str, Any]], None]) -> str:
    def changed(found: re.Match[str]) -> str:
        props = json.loads(html.unescape(found[1]))
        edit(props)
        return found[0].replace(found[1], html.escape(json.dumps(props)))

    text, times = re.subn(r"data-activity=.scenario.[^>]*?data-props='([^']*)'", changed, page)
    assert times == 1
    return text


# --- what a page doesn't know -----------------------------------------------------------------------

NEWER_KIND = {
    "kind": "dance",
    "v": 1,
    "steps": ["two-left", "one-right"],
    "mood": {"now": "glad of the otter"},
}
SHOWN = {"steps": {"two-left": "Two to the left", "one-right": "One to the right"}}


def kept_word(answer: object, shown: object = None, prompt: str = "What was it?") -> dict[str, Any]:
    return {"prompt": prompt, "answer": answer} | ({"shown": shown} if shown else {})


def test_an_answer_of_an_unknown_kind_or_version_is_carried_along_and_shown(learner: Learner) -> None:
    newer_rank = {"kind": "rank", "v": 3, "order": ["warm"], "why": "quiet heron"}
    brought = {"a-dance": kept_word(NEWER_KIND, SHOWN, "Your dance"), "a-rank": kept_word(newer_rank)}
    words = learner.open(SHARE).my_words()
    bring(words, file_of(brought, 2))
    expect(said(words)).to_have_text(BACK)
    read = read_out(words)
    assert read["Your dance"] == ["Two to the left", "One to the right", "glad of the otter"]
    assert read["What was it?"] == ["warm", "quiet heron"]
    assert data_in(save(words))["words"] == brought


def test_an_answer_that_its_question_can_not_draw_is_never_written_over(learner: Learner) -> None:
    key = "share-power-one-card"
    words = learner.open(SHARE).my_words()
    bring(words, file_of({key: kept_word(NEWER_KIND, SHOWN, "Your dance")}, 2))
    expect(said(words)).to_have_text(BACK)
    close(words)
    expect(learner.box(key)).to_have_value("")
    learner.write(key, "quiet otter")
    learner.write(key, "quiet otter hours")
    read = read_out(learner.my_words())
    assert read["Your dance (from before)"] == ["Two to the left", "One to the right", "glad of the otter"]
    assert kept(learner)[key]["answer"]["text"] == "quiet otter hours"
    assert len(kept(learner)) == 2


def test_a_part_that_a_page_does_not_know_goes_along_when_the_answer_changes(learner: Learner) -> None:
    key = "share-power-arrive"
    answer = {"kind": "rate", "v": 2, "step": 2, "because": "the quiet heron"}
    words = learner.open(SHARE).my_words()
    bring(words, file_of({key: kept_word(answer)}, 2))
    expect(words).to_contain_text("the quiet heron")
    close(words)
    learner.question(key).get_by_role("radio", name="4", exact=True).check()
    assert kept(learner)[key]["answer"] == {**answer, "step": 4}
    expect(learner.my_words()).to_contain_text("the quiet heron")


#: Entries that can't be read, each beside a good one.
UNREADABLE = {
    "a key with spaces": ("my key", kept_word({"kind": "ask", "v": 2, "text": "x"})),
    "a taken name": ("constructor", kept_word({"kind": "ask", "v": 2, "text": "x"})),
    "no prompt": ("bad", {"answer": {"kind": "ask", "v": 2, "text": "x"}}),
    "no answer": ("bad", {"prompt": "x"}),
    "nothing": ("bad", None),
    "an answer of true": ("bad", kept_word(True)),
    "a taken name in an answer": ("bad", kept_word({"kind": "ask", "v": 2, "constructor": "x"})),
    "a number without end": ("bad", kept_word({"kind": "rate", "v": 2, "step": "INFINITE"})),
    "a very deep answer": ("bad", kept_word({"kind": "ask", "v": 2, "text": [[[[[[[["x"]]]]]]]]})),
    "a hundred thousand parts": ("bad", kept_word({"kind": "choose", "v": 2, "chosen": ["x"] * 100_000})),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_one_entry_that_can_not_be_read_never_refuses_the_others(learner: Learner, name: str) -> None:
    key, entry = UNREADABLE[name]
    good = kept_word({"kind": "ask", "v": 2, "text": "quiet otter"}, prompt="The good one")
    block = json.dumps({"alongside": 2, "words": {"good": good, key: entry}}).replace('"INFINITE"', "1e999")
    words = learner.open("00-start-here").my_words()
    bring(words, page_with(block))
    expect(said(words)).to_have_text(
        "Your words are back in this tab. 1 answer in the file could not be read, and was left out."
    )
    assert read_out(words) == {"The good one": ["quiet otter"]}
    bring(words, page_with(block.replace('"good"', '"other"').replace("{key}", key)))
    expect(words.get_by_text("quiet otter", exact=True)).to_have_count(2)


#: Answers of today's form with odd things in them, for questions of lesson 05 and of the bench.
ODD = {
    "c": {"kind": "choose", "v": 2, "chosen": {"a": ["quiet otter"]}},
    "c-one": {"kind": "choose", "v": 2, "chosen": [["x"], 5, "warm", "__proto__", "toString"]},
    "r": {"kind": "rank", "v": 2, "order": "quiet otter", "out": [{"a": "b"}]},
    "s": {"kind": "sort_cards", "v": 2, "placed": [["walls"], ["walls", "nowhere"], ["__proto__", "staff"], 7]},
    "p": {"kind": "compose", "v": 2, "parts": [["saw", {"a": "b"}], ["saw", "x"], ["saw", "y"]]},
    "b": {"kind": "board", "v": 2, "rows": [{"row": 5, "cells": "x"}, {"row": "walls", "cells": [{"column": "who", "option": ["all"]}, 3]}], "own": {"at": 0}},
    "e": {"kind": "rate", "v": 2, "step": "two"},
    "o": {"kind": "promise", "v": 2, "answer": "<b>", "what": ["a"], "when": "9999-99-99"},
    "t": {"kind": "checkin", "v": 2, "rows": [{"promise": ["o"], "state": {"a": "b"}}, "x"], "remembered": "y"},
}  # fmt: skip


def test_odd_answers_in_todays_form_do_no_harm_and_are_carried(
    bench: Callable[[dict[str, str]], Learner],
) -> None:
    learner = bench(BEFORE)
    words = learner.my_words()
    brought = {
        key: kept_word(answer, {"options": {"warm": "<b>bold</b>"}}, f"The {key}")
        for key, answer in ODD.items()
    }
    bring(words, file_of(brought, 2))
    expect(said(words)).to_have_text(BACK)
    assert data_in(save(words))["words"] == brought
    assert read_out(words).keys() == {f"The {key}" for key in ODD}
    expect(words).to_contain_text("quiet otter")
    close(words)
    for key in ODD:
        expect(learner.activity(key)).to_be_visible()
    learner.question("c").get_by_role("checkbox", name="Fair").check()
    learner.question("b").get_by_role("group", name="Walls").get_by_role("textbox", name="Why").fill("so")
    learner.question("s").get_by_role("button", name="All", exact=True).click()
    assert learner.page.locator("b").count() == 0


# --- every kind, from its one row -------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of activity: its line, what a person does, the answer that is kept, and the lines in which it is read."""

    line: str
    act: Callable[[Locator], object]
    answer: dict[str, Any]
    read: list[str]


def press(name: str) -> Callable[[Locator], object]:
    return lambda question: question.get_by_role("button", name=name, exact=True).click()


def check(name: str) -> Callable[[Locator], object]:
    return lambda question: question.get_by_label(name, exact=True).check()


def fill(name: str, words: str) -> Callable[[Locator], object]:
    return lambda question: question.get_by_label(name, exact=True).first.fill(words)


# fmt: off
KINDS = {
    "ask": Kind('ask("Tell.", keep_as="k")', fill("Tell.", "a quiet otter"), {"text": "a quiet otter"}, ["a quiet otter"]),
    "rate": Kind('rate("How?", low="No", high="Yes", keep_as="k")', check("5, Yes"), {"step": 5}, ["5 of 5: Yes"]),
    "choose": Kind('choose("Which?", {"a": "One", "b": "Two"}, keep_as="k")', check("Two"), {"chosen": ["b"]}, ["Two"]),
    "sort_cards": Kind('sort_cards("Where?", cards={"a": "One", "b": "Two"}, piles={"x": "Here", "y": "There"}, keep_as="k")',
                       press("There"), {"placed": [["a", "y"]]}, ["There: One"]),
    "rank": Kind('rank("Order?", {"a": "One", "b": "Two"}, keep_as="k")', press("Down: One"),
                 {"order": ["b", "a"], "out": []}, ["In my order: Two; One"]),
    "compose": Kind('compose("Say.", parts={"a": ("One", "x"), "b": ("Two", "y")}, keep_as="k")', fill("One", "otter"),
                    {"parts": [["a", "otter"]]}, ["One: otter"]),
    "board": Kind('board("Who?", rows={"a": "One"}, columns={"w": "Why"}, keep_as="k")', fill("Why", "otter"),
                  {"rows": [{"row": "a", "cells": [{"column": "w", "text": "otter"}]}], "own": []}, ["One: Why: otter"]),
    "checkin": Kind('checkin("How?", keep_as="k")', fill("The promise", "a lamp"),
                    {"rows": [], "remembered": {"what": "a lamp"}}, ["a lamp"]),
    "promise": Kind('promise("One", keep_as="k")', check("Not this time"), {"answer": "not-this-time"},
                    ["My answer: Not this time"]),
    "scenario": Kind('scenario("the-dragon-on-the-wall")', press(content.scenario("the-dragon-on-the-wall").steps[0].choices[0].say),
                     {"path": [["saturday", "read-the-line"]]},
                     [content.scenario("the-dragon-on-the-wall").steps[0].choices[0].say]),
}
# fmt: on


def test_every_kind_that_keeps_an_answer_has_a_row() -> None:
    files = {path.stem for path in (ROOT / "alongside" / "activities").glob("*.js")}
    assert files - {"plan", "facilitate"} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_answered_skipped_saved_brought_back_and_forgotten(
    bench: Callable[[dict[str, str]], Learner], name: str
) -> None:
    go_through(bench({name: KINDS[name].line}), name, KINDS[name])


def go_through(learner: Learner, name: str, kind: Kind) -> None:
    key = learner.page.locator("section.alongside-activity").get_attribute("data-key") or ""
    kind.act(learner.question(key))
    answer = {"kind": name, "v": 2, **kind.answer}
    assert kept(learner)[key]["answer"] == answer
    learner.skip(key)
    assert kept(learner)[key]["answer"] is None
    learner.activity(key).get_by_role("button", name="Answer after all").click()
    assert kept(learner)[key]["answer"] == answer
    words = learner.my_words()
    assert list(read_out(words).values()) == [kind.read]
    file = save(words)
    words.get_by_role("button", name="Forget everything here").click()
    assert "alongside.words" not in learner.stored()
    bring(words, file)
    expect(said(words)).to_have_text(BACK)
    assert list(read_out(words).values()) == [kind.read]
    close(words)
    assert kept(learner)[key]["answer"] == answer
    expect(learner.activity(key)).to_have_attribute("data-state", "answered")


COIN_PYTHON = '''

@_verb
def coin(question: str, sides: Options, *, keep_as: str) -> Activity:
    """A coin to toss."""
    props = {"prompt": _text("coin", "question", question), "sides": _options("coin", "sides", sides, least=2)}
    return Activity(activity="coin", key=_key("coin", keep_as), props=props)


__all__ += ["coin"]
'''
COIN_SCRIPT = """// A coin to toss. Answer: {kind: "coin", v: 2, side}.

import { textOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";

registerWords("coin", {
  parts: ["side"],
  texts: ({ sides }) => ({ sides }),
  words: ({ side }, text) => (textOf(side) ? [text("sides", side)] : []),
});

// --- on the page ---

import { button, h } from "../page/dom.js";
import { register } from "../page/kinds.js";

const coin = {
  build({ body, props, keep }) {
    const shown = h("p", {});
    body.append(...props.sides.map(([id, words]) => button(words, () => keep({ side: id }))), shown);
    return (kept) => {
      shown.textContent = kept ? textOf(kept.side) : "";
    };
  },
};

register("coin", coin);
"""


def test_a_kind_that_is_added_in_two_files_works_from_the_line_to_the_file(
    tab: Watched, tmp_path: Path
) -> None:
    """In a copy of the package, as somebody would add it: a verb, and a script of its name."""
    course = tmp_path / "course"
    for name in ("alongside", "data", "exercises", "notebooks"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (course / "alongside" / "activities" / "__init__.py").open("a", encoding="utf-8") as verbs:
        verbs.write(COIN_PYTHON)
    (course / "alongside" / "activities" / "coin.js").write_text(COIN_SCRIPT, encoding="utf-8")
    line = 'coin("Heads or tails?", {"heads": "Heads up", "tails": "Tails up"}, keep_as="k")'
    draw = f"""
import nbformat, pathlib, sys
from alongside.page import html as pages
from alongside.surfaces import direct
import alongside
assert pathlib.Path(alongside.__file__).is_relative_to({str(course)!r})
for name, cells in {{"coin": ["from alongside import coin", {line!r}], "none": []}}.items():
    cells = [nbformat.v4.new_markdown_cell("# A bench"), *map(nbformat.v4.new_code_cell, cells)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert direct.run(notebook)
    prepared = pages.prepare(notebook, pages.SITE, name=name, folder="notebooks")
    pathlib.Path(name + ".html").write_text(pages.draw(prepared), encoding="utf-8")
"""
    done = subprocess.run(
        [sys.executable, "-c", draw],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(course)},
    )
    assert done.returncode == 0, done.stderr
    coin, elsewhere = course / "coin.html", course / "none.html"
    learner = Learner(tab.page, Course("file", lambda name: (course / f"{name}.html").as_uri(), neutral=""))
    kind = Kind(line, press("Tails up"), {"side": "tails"}, ["Tails up"])
    go_through(learner.open("coin"), "coin", kind)
    # A page without one of its kind reads it as well, and doesn't bring what draws it.
    assert 'register("coin"' in coin.read_text("utf-8") and 'register("coin"' not in elsewhere.read_text(
        "utf-8"
    )
    words = learner.open("none").my_words()
    assert list(read_out(words).values()) == [["Tails up"]]
    assert tab.errors == []
