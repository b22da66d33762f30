"""What a person has in hand who leads: two sides of one leaf, readable standing up, and honest about what nobody decided yet."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from pypdf import PageObject, PdfReader

from alongside import kit
from alongside.course.lesson import Lesson, exercise, lesson
from alongside.course.references import Here, care, here, opening, sources
from alongside.course.session import Session
from alongside.course.shape import OPENING
from alongside.errors import AlongsideError
from alongside.kit import care as care_card
from alongside.kit import opening as opening_sheet
from alongside.kit import run_sheets
from alongside.kit.run_sheets import first_sentences, groups_of, run_sheet
from alongside.kit.sheet import Order, Sheet, name_of
from alongside.press import PAPERS, compiled, press
from alongside.words import say

LED = [(one, one.session) for one in kit.ordered() if one.session]
WRITTEN_DOWN = Here(
    someone_to_talk_to="Ask for Sam or Dee at the front desk.",
    hours="Monday to Friday, 10 to 4.",
    who_can_see_answers="Two people type up the paper, and then it is shredded.",
    naloxone="In the red bag on the wall by the coffee, and at the front desk.",
    responds="The shift lead, who sits by the door and carries naloxone.",
    emergency="911. The shift lead calls, one person opens the gate, and everybody else goes to the kitchen.",
    must_pass_on="That a child is being hurt, and that somebody is about to hurt a person.",
    way_out="The door behind the coffee.",
    quiet_corner="The room with the green chair.",
)
NOTHING = Here(someone_to_talk_to="", hours="", who_can_see_answers="", naloxone="")
each_paper = pytest.mark.parametrize("paper", sorted(PAPERS))
each_led = pytest.mark.parametrize(("one", "led"), LED, ids=[name_of(one) for one, _ in LED])


def sheet_of(one: Lesson, led: Session | None, said_here: Here = NOTHING) -> dict[str, Any]:
    assert led is not None
    return run_sheet(order(said_here, one), one, led)


def order(said_here: Here, *lessons: Lesson) -> Order:
    """An order for a program that wrote this down."""
    made = Order(lessons)
    made.__dict__["here"] = said_here  # what it would read once, and keep
    return made


@dataclass(frozen=True)
class Side:
    """One side of a sheet: its words, as one text, and the size of the smallest of them, in points."""

    words: str
    smallest: float


def sides(template: Path, data: Mapping[str, Any], paper: str) -> list[Side]:
    made, warnings = compiled(template, data, paper)
    assert warnings == []
    return [side(page) for page in PdfReader(io.BytesIO(made)).pages]


def side(page: PageObject) -> Side:
    contents = page.get_contents()
    assert contents is not None
    drawn = contents.get_data()
    # Typst sets letters in their own size, and turns them around without scaling them.
    assert {*re.findall(rb"(\S+) (\S+) (\S+) (\S+) \S+ \S+ Tm", drawn)} == {(b"1", b"0", b"0", b"-1")}
    sizes = [float(size) for size in re.findall(rb"/\S+ ([\d.]+) Tf", drawn)]
    return Side(" ".join(page.extract_text().split()), min(sizes))


@pytest.fixture(scope="module")
def empty(nightly: bool) -> dict[tuple[str, str], list[Side]]:
    """Every run sheet as shipped, where nobody wrote down anything yet, by name and paper: on Letter, which has less room; at
    night on A4 too. Each day both papers are tried with the fullest sheets, further down."""
    with ThreadPoolExecutor(max_workers=2) as threads:  # Typst lets Python go on meanwhile
        asked = {
            (name_of(one), paper): threads.submit(sides, run_sheets.TEMPLATE, sheet_of(one, led), paper)
            for one, led in LED
            for paper in (PAPERS if nightly else ["letter"])
        }
        return {key: one.result() for key, one in asked.items()}


def in_order(text: str, parts: list[str]) -> None:
    """Each part stands in the text, after the one before."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part!r} isn't there after {text[max(0, place - 60) : place]!r}"
        place = found + len(part)


def sheets_of(make: Any, said_here: Here) -> list[Sheet]:
    return list(make(order(said_here)))


# --- run sheets ------------------------------------------------------------------------------------------


def test_every_lesson_and_exercise_that_says_how_it_is_led_has_a_run_sheet() -> None:
    made = [sheet.place for sheet in run_sheets.sheets(Order(kit.ordered()))]
    assert made == [f"run-sheets/{name_of(one)}.pdf" for one, _ in LED]
    assert len(made) == 41
    assert {"run-sheets/05-share-power.pdf", "run-sheets/exercise-05-share-power.pdf"} <= set(made)


@each_led
def test_a_run_sheet_has_exactly_two_sides_that_can_be_read_standing_up_and_says_each_step_in_order(
    one: Lesson, led: Session, empty: dict[tuple[str, str], list[Side]]
) -> None:
    papers = [(paper, both) for (name, paper), both in empty.items() if name == name_of(one)]
    assert papers
    for paper, both in papers:
        assert len(both) == 2, paper
        assert min(one.smallest for one in both) >= 10.99
        front, back = (one.words for one in both)
        said, clock = [], OPENING
        for step in led.in_order:
            said += [f"{clock // 60}:{clock % 60:02}", " ".join(step.say.split()[:6])]
            clock += step.minutes
            if step.break_after:
                said += [f"{clock // 60}:{clock % 60:02}", "Break, 10 minutes"]
                clock += 10
        in_order(front, ["Naloxone is", "Who responds:", "Second person:", "Way out", "0:00", *said])
        in_order(front, [said[-1], f"{clock // 60}:{clock % 60:02}", say("leading.end_say")])
        assert front.count("Drop ") - 1 + front.count("Shorten ") == len(led.cut)  # one is the column's head
        for heading in ("something", "before_the_day", "bring", "plans", "ways", "promised"):
            assert run_sheets._labels()[heading] in back
        assert "no training" in back
        assert "Give naloxone" in back and "Stay until help is there." in back  # however little room is left


@each_paper
def test_while_nobody_wrote_down_who_responds_a_run_sheet_says_that_it_is_not_complete(paper: str) -> None:
    one = lesson("05-share-power")
    assert one.session
    front = sides(run_sheets.TEMPLATE, sheet_of(one, one.session), paper)[0].words
    in_order(front, [say("leading.incomplete"), "Naloxone is", "Who responds:"])
    told = sides(run_sheets.TEMPLATE, sheet_of(one, one.session, WRITTEN_DOWN), paper)[0].words
    assert "not complete" not in told
    for known in (
        WRITTEN_DOWN.naloxone,
        WRITTEN_DOWN.responds,
        WRITTEN_DOWN.emergency,
        WRITTEN_DOWN.way_out,
        WRITTEN_DOWN.quiet_corner,
    ):
        assert known in told


@pytest.mark.parametrize("name", ["02-values-what-we-know", "12-be-reliable", "17-consent-culture"])
def test_the_fullest_run_sheets_keep_two_sides_where_a_program_wrote_much(name: str) -> None:
    much = Here(**{key: f"{text} {text}" for key, text in vars_of(WRITTEN_DOWN).items()})
    for one in (lesson(name), exercise(name)):
        assert one.session
        for paper in PAPERS:
            both = sides(run_sheets.TEMPLATE, sheet_of(one, one.session, much), paper)
            assert len(both) == 2
            assert "Stay until help is there." in both[1].words
            assert min(one.smallest for one in both) >= 10.99


def vars_of(said_here: Here) -> dict[str, str]:
    return {name: getattr(said_here, name) for name in said_here.__dataclass_fields__}


def test_what_can_never_fit_two_sides_is_one_sentence_and_no_third_side() -> None:
    one = lesson("05-share-power")
    assert one.session
    endless = sheet_of(one, one.session, replace(WRITTEN_DOWN, way_out="The door behind the coffee. " * 80))
    with pytest.raises(AlongsideError) as refused:
        press(run_sheets.TEMPLATE, endless, "letter")
    assert str(refused.value) == say("press.too_long", title="Share power")


def test_a_sheet_says_what_to_leave_out_first_who_is_needed_and_when_managers_come_in() -> None:
    one = lesson("05-share-power")
    assert one.session
    data = sheet_of(one, one.session)
    late = {row["say"]: row["late"] for row in data["rows"] if row["late"]}
    by_id = {step.id: step.say for step in one.session.in_order}
    assert late == {
        by_id["look-chairs"]: "Drop 1st: saves 4",
        by_id["dragon-repair"]: "Drop 2nd: saves 4",
        by_id["ladder"]: "Shorten 3rd: saves 1",
    }
    assert "at 0:35, at ‘Count the chairs’" in dict(data["plans"])["A manager walks in:"]
    twelve = lesson("12-be-reliable")
    assert twelve.session and twelve.session.second_person
    assert sheet_of(twelve, twelve.session)["second_note"] == say("leading.second_needed")
    assert data["second_note"] == say("leading.second_good")


def test_a_break_is_a_row_of_its_own_and_the_clock_runs_on_after_it() -> None:
    eleven, seven = exercise("11-be-transparent"), exercise("07-practice-equity")
    data = sheet_of(eleven, eleven.session)
    at = [row["section"] for row in data["rows"]].index("Break, 10 minutes")
    before, pause, after = data["rows"][at - 1 : at + 2]
    assert (before["clock"], pause["clock"], after["clock"]) == ("0:27", "0:30", "0:40")
    assert (pause["do"], pause["late"]) == ("We go on at 0:40.", "")
    assert data["rows"][-1]["clock"] == "1:17" and data["minutes"] == "77 minutes, with opening and break"
    spare = [
        row["late"] for row in sheet_of(seven, seven.session)["rows"] if row["section"].startswith("Break")
    ]
    assert spare == ["Can be left out: saves 10"]  # without it people sit for 57 minutes
    one = exercise("01-values-how-we-see-people")
    late = next(step.say for step in one.session.in_order if step.about_managers) if one.session else ""
    data = sheet_of(one, one.session)
    (clock,) = [row["clock"] for row in data["rows"] if row["say"] == late]
    assert f"at {clock}" in dict(data["plans"])["A manager walks in:"]


def test_groups_come_out_for_exactly_so_many_people_and_leave_nobody_alone() -> None:
    for people in range(3, 17):
        for size in (2, 3, 4):
            groups = groups_of(people, size)
            assert sum(groups) == people
            assert min(groups) >= 2 and max(groups) <= max(size, 4)
            assert size != 2 or max(groups) <= 3
            assert max(groups) - min(groups) <= 1
    assert groups_of(9, 2) == [3, 2, 2, 2]
    assert groups_of(7, 3) == [4, 3]
    assert groups_of(5, 3) == groups_of(5, 4) == [3, 2]
    assert groups_of(6, 4) == [3, 3]


def test_a_text_is_shortened_by_whole_sentences_and_a_quotation_is_closed() -> None:
    text = "Stop them: “Before you go on. I would pass it on.” It is your choice. Nobody asks."
    assert first_sentences(text, 0) == "Stop them: “Before you go on. I would pass it on.” …"
    assert (
        first_sentences(text, 16) == "Stop them: “Before you go on. I would pass it on.” It is your choice. …"
    )
    assert first_sentences(text, 99) == text


def test_a_run_sheet_of_a_program_that_answers_to_another_number_says_that_number() -> None:
    one = lesson("05-share-power")
    assert one.session
    told = replace(WRITTEN_DOWN, emergency="112. The night nurse calls.")
    for one_side in sides(run_sheets.TEMPLATE, sheet_of(one, one.session, told), "a4"):
        assert "112. The night nurse calls." in one_side.words and "911" not in one_side.words


# --- notes, opening, care card, pay, what was promised ---------------------------------------------------


@pytest.mark.parametrize("one", [lesson("01-values-how-we-see-people"), exercise("11-be-transparent")])
def test_whatever_a_lesson_says_to_the_person_who_leads_stands_in_its_notes(one: Lesson) -> None:
    (sheet,) = kit.notes.sheets(Order((one,)))
    assert sheet.place == f"notes/{name_of(one)}.pdf"
    text = " ".join(page.words for page in sides(sheet.template, sheet.data, "letter"))
    text = text.replace(
        f"{sheet.data['title']} ", ""
    )  # the foot of a page may stand in the middle of a sentence
    for cell in one.facilitator_cells:
        for sentence in re.findall(r"[A-Z][^.!?*\[\]“”]+[.!?]", cell.source):
            assert " ".join(sentence.split()) in text, sentence


@each_paper
@pytest.mark.parametrize("told", [NOTHING, WRITTEN_DOWN], ids=["empty", "written down"])
def test_the_opening_and_the_care_card_are_one_side_each_in_the_words_of_this_program(
    told: Here, paper: str
) -> None:
    (said,) = sheets_of(opening_sheet.sheets, told)
    (card,) = sheets_of(care_card.sheets, told)
    (spoken,) = (one.words for one in sides(said.template, said.data, paper))
    (done,) = (one.words for one in sides(card.template, card.data, paper))
    assert len(spoken.split()) > 200 and len(done.split()) > 400
    in_order(spoken, ["6 minutes", *(" ".join(line.said(told).split()) for line in opening().lines)])
    in_order(done, [" ".join(line.when.split())[:25] for line in care().lines])
    for line in care().lines:
        assert " ".join(line.done(told).split()) in done
    assert ("not complete" in spoken) == (told is NOTHING)
    assert "{" not in spoken + done
    assert "Nobody with lived experience has reviewed this yet." in spoken
    assert "Nobody with lived experience has reviewed this yet." in done
    assert "A card is no training." in done
    assert sources()["cdc-overdose-response"].title in done
    if told is NOTHING:
        assert "We don't know what must be passed on here, so tell nothing private." in spoken


@each_paper
def test_the_pay_sheet_is_one_leaf_to_fill_in_with_the_words_of_a_peer_overleaf(paper: str) -> None:
    (sheet,) = sheets_of(kit.pay.sheets, NOTHING)
    front, back = (one.words for one in sides(sheet.template, sheet.data, paper))
    written = (ROOT / "data" / "about" / "pay.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][^|]+) \| \|$", written, re.MULTILINE)
    assert len(rows) == 9
    in_order(front, rows)
    said = re.findall(r"^- (“.+”)$", written, re.MULTILINE)
    assert len(said) == 5
    in_order(back, [*said, "Take a second person.", "There is no money", "[bccdc-2018]"])


@each_paper
def test_what_was_promised_hangs_on_the_wall_with_a_place_or_a_role_and_a_day_and_no_name(paper: str) -> None:
    (sheet,) = sheets_of(kit.bring_back.sheets, NOTHING)
    (hung,) = (one.words for one in sides(sheet.template, sheet.data, paper))
    assert len(hung.split()) >= 60
    in_order(hung, ["never who asked", "What", "a place or a role", "By when", "How it stands"])


# --- the command -----------------------------------------------------------------------------------------


def test_a_wrong_name_in_what_a_program_wrote_down_is_one_sentence_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    course = tmp_path / "course"
    for name in ("alongside", "data"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("notebooks/05-share-power.ipynb", "exercises/05-share-power.ipynb"):
        (course / name).parent.mkdir()
        shutil.copy(ROOT / name, course / name)
    written = (course / "data" / "here.yml").read_text(encoding="utf-8")
    assert 'responds: ""' in written
    wrong = written.replace('responds: ""', 'respond: "The shift lead."')
    (course / "data" / "here.yml").write_text(wrong, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "print", "--to", str(tmp_path / "paper"), "--lesson", "05"],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(course)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "here.yml" in ran.stderr and "respond" in ran.stderr and "Traceback" not in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not (tmp_path / "paper").exists()
    assert here() == NOTHING  # as shipped
