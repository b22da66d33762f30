"""The report and the page of two waves: what they say, in which order, and that they hold no more than was shown."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import json
import math
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import html5lib
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Watched, browser_path
from playwright.sync_api import Browser, expect
from pypdf import PdfReader
from survey_made import PRACTICES, book, made

from alongside import survey
from alongside.course import lesson as lessons
from alongside.course import references
from alongside.errors import AlongsideError
from alongside.page import theme
from alongside.survey import controls as ui
from alongside.survey import desk
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.read.responses import Rows, _responses
from alongside.survey.rules.disclosure import Release
from alongside.survey.show import charts
from alongside.survey.show.report import COLUMNS, excerpt, files, page
from alongside.words import say

ORDER = [
    "What happens next, and by when", "What stands out", "What we can’t tell", "On this page", "What we see",
    "What we can’t show, and why", "The limits", "Talk about it",
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("survey")


@pytest.fixture(scope="module")
def codebook(folder: Path) -> Codebook:
    return book(
        folder,
        headcount=72,
        next_steps="We meet on Monday.\n\nDee writes down what we choose.",
        follow_up={"date": "2026-09-01", "what": "Say what changed", "who": "the team that plans the week"},
    )


@pytest.fixture(scope="module")
def release(codebook: Codebook) -> Release:
    return made(codebook, 60)


@pytest.fixture(scope="module")
def text(release: Release, codebook: Codebook) -> str:
    return page(release, codebook)


@cache
def elements(text: str) -> list[Any]:
    """All of a page, by a parser that forgives nothing."""
    return list(html5lib.HTMLParser(strict=True).parse(text).iter())


def tags(text: str, *names: str) -> list[Any]:
    return [one for one in elements(text) if one.tag in {XHTML + name for name in names}]


def said(text: str) -> str:
    """What a reader reads, without the head."""
    (main,) = tags(text, "main")
    return " ".join(" ".join(main.itertext()).split())


def section(text: str, heading: str) -> str:
    """The words under one heading of the second rank."""
    (after,) = re.findall(rf"<h2[^>]*>{re.escape(heading)}</h2>(.*?)(?:<h2|</main>|$)", text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", after).split())


def wall(text: str) -> str:
    """The words of the sheet for the wall."""
    (found,) = [one for one in tags(text, "div") if "alongside-wall" in (one.get("class") or "").split()]
    return " ".join(" ".join(found.itertext()).split())


def cells(text: str) -> list[Any]:
    """The cells of the tables of numbers: each number's own, with its line from 0 to 100 %."""
    grids = [one for one in tags(text, "table") if "al-grid" in (one.get("class") or "")]
    assert grids
    return [cell for grid in grids for cell in grid.iter(f"{XHTML}td")]


# --- the page --------------------------------------------------------------------------------------


def test_what_happens_next_comes_first_and_the_limits_after_what_we_see(text: str) -> None:
    assert [one.text for one in tags(text, "h2")] == ORDER


def test_headings_have_one_of_the_first_rank_and_skip_none(text: str, folder: Path) -> None:
    few = book(folder)
    for one in (text, page(made(few, 7), few)):
        levels = [int(found.tag[-1]) for found in tags(one, "h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1 and levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_next_steps_are_those_of_the_codebook_and_else_lines_to_write_on(text: str, folder: Path) -> None:
    assert "<p>We meet on Monday.</p><p>Dee writes down what we choose.</p>" in text
    blank = book(folder)
    lines = section(page(made(blank, 60), blank), ORDER[0])
    assert "not written down yet" in lines
    assert all(
        label in lines for label in ("What we will do:", "Who:", "By when:", "How you will hear of it:")
    )


def test_the_report_says_how_many_answered_of_how_many(text: str, folder: Path) -> None:
    assert "60 people answered, of 72 who were asked." in wall(text)
    unknown = book(folder)
    assert "How many were asked is not written down" in page(made(unknown, 60), unknown)


def test_the_report_says_what_a_number_is_and_shows_every_question_with_its_share(
    text: str, release: Release
) -> None:
    seen = section(text, "What we see")
    assert "6 questions about 3 practices." in seen and "Never, Rarely, Sometimes, Often, Always" in seen
    assert "the share of answers that said “Often or Always”" in seen
    items = [one for one in release.to_dict()["tables"] if one["kind"] == "item"]
    assert len(items) == 6
    for one in items:
        group = one["groups"][0]
        bound = f"{group['bound']} " if group["bound"] else ""
        assert f"{one['text'].removeprefix('In the last month, ')} {bound}{group['favorable']:.0f}%" in seen


def test_with_a_head_count_the_worst_case_is_shown(text: str, release: Release, folder: Path) -> None:
    group = release.to_dict()["tables"][0]["groups"][0]
    worst, line = group["worst_case"], f"{group['low']:.0f}–{group['high']:.0f}"
    assert (
        f"Share power {group['favorable']:.0f}% {line} {worst[0]:.0f}–{worst[1]:.0f}"
        in section(text, "What we see")
    )  # fmt: skip
    unknown = book(folder)
    assert "If everyone had answered" not in page(made(unknown, 60), unknown)


def test_a_page_with_a_frame_of_its_own_shows_everyone_with_all_that_the_report_has(
    release: Release, codebook: Codebook
) -> None:
    told = " ".join(re.sub(r"<[^>]*>", " ", excerpt(release, codebook)).split())
    group = release.to_dict()["tables"][0]["groups"][0]
    assert "60 people answered, of 72 who were asked." in told and "Outreach" not in told
    assert f"If everyone had answered Share power {group['favorable']:.0f}%" in told
    assert f"{group['worst_case'][0]:.0f}–{group['worst_case'][1]:.0f}" in told
    assert "we did share-power 1." in told and "What we can’t show, and why" in told


def test_each_breakdown_that_was_released_is_a_grid_of_practices_by_groups(
    text: str, release: Release, codebook: Codebook
) -> None:
    tables = release.to_dict()["tables"]
    assert {one["by"] for one in tables} - {None} == {"role", "site"}
    for key in ("role", "site"):
        (grid,) = [one for one in tags(text, "table") if one.get("aria-label") == codebook.about[key].text]
        heads = [
            " ".join("".join(one.itertext()).split())
            for one in grid.iter(f"{XHTML}th")
            if one.get("scope") == "col"
        ]
        groups = tables[next(at for at, one in enumerate(tables) if one["by"] == key)]["groups"]
        assert heads[1:] == [f"{one['name']} {one['people']} answered" for one in groups]
        rows = [
            [" ".join("".join(one.itertext()).split()) for one in row] for row in grid.iter(f"{XHTML}tr")
        ][1:]
        assert sorted(row[0] for row in rows) == sorted(PRACTICES.values())
        for row in rows:
            (table,) = [one for one in tables if one["by"] == key and one["text"] == row[0]]
            assert row[1:] == [
                f"{one['bound']} {one['favorable']:.0f}%" if one["bound"]
                else f"{one['favorable']:.0f}% {one['low']:.0f}–{one['high']:.0f}"
                for one in table["groups"]
            ]  # fmt: skip


def test_a_softened_value_is_shown_as_what_it_is_and_has_no_point(folder: Path) -> None:
    extreme = book(folder)
    release = made(extreme, 60, (0.99, 0.4, 0.03))
    text = page(release, extreme)
    groups = [
        group
        for one in release.to_dict()["tables"]
        for group in one["groups"]
        if group["favorable"] is not None
    ]
    soft = [one for one in groups if one["bound"]]
    assert {one["bound"] for one in soft} == {"at most", "at least"}
    points = [cell for cell in cells(text) if list(cell.iter(f"{SVG}circle"))]
    brackets = [cell for cell in cells(text) if list(cell.iter(f"{SVG}svg")) and cell not in points]
    assert (len(points), len(brackets)) == (len(groups) - len(soft), len(soft))
    told = [re.sub(r" \d+%", "", "".join(one.itertext()).strip()) for one in brackets]
    # "At most 100%" says nothing, and is the mark.
    assert sorted(told) == sorted(
        charts.MARK if one["favorable"] in (0, 100) else one["bound"] for one in soft
    )
    for cell in points:
        assert not re.search("at most|at least", "".join(cell.itertext()))


def test_a_small_n_stands_where_fewer_of_a_group_answered(folder: Path) -> None:
    few = book(folder)
    tables = made(few, 60).to_dict()
    for one in tables["tables"]:
        for group in one["groups"]:
            group["answered"] = group["people"] - (one["measure"] == "share-power")
    shown = _page_of(tables, few)
    told = [" ".join("".join(cell.itertext()).split()) for cell in cells(shown)]
    share_power = [
        group for one in tables["tables"] if one["measure"] == "share-power" for group in one["groups"]
    ]
    assert len(share_power) > 4
    assert sorted(one.split("n=")[1] for one in told if "n=" in one) == sorted(
        str(one["answered"]) for one in share_power
    )


def test_how_many_of_each_group_answered_stands_beside_its_own_head_count(folder: Path) -> None:
    about = {
        "role": {
            "text": "What is your role?",
            "answers": {"Outreach": [], "Front desk": [], "Office": []},
            "headcounts": {"Outreach": 31, "Front desk": 12},
        }
    }
    known = book(folder, about=about, headcount=80)
    text = page(made(known, 60), known)
    assert "Outreach 20 of 31 answered" in said(text)
    # More than were on the list: the list is of other people, and the number of it would mislead.
    assert "Front desk 20 answered" in said(text) and "Office 20 answered" in said(text)


def test_smaller_groups_together_have_no_head_count_of_their_own(folder: Path) -> None:
    answers = {name: [] for name in ("A", "B", "C", "D")}
    known = book(
        folder, headcount=90,
        about={"role": {"text": "Role?", "answers": answers, "headcounts": dict.fromkeys(answers, 20)}},
    )  # fmt: skip
    tables = made(known, 60).to_dict()
    for one in tables["tables"]:
        if one["by"]:
            one["groups"][-1]["name"] = "Smaller groups together"
    shown = said(_page_of(tables, known))
    assert "A 20 of 20 answered" in shown and "Smaller groups together 20 answered" in shown


def test_the_wall_is_one_picture_and_everyone_is_shown_in_parts(text: str) -> None:
    images = tags(text, "img")
    assert len(images) == 2 == len({one.get("alt") for one in images})
    assert "In each" not in text and len(tags(text, "table")) == 5


@pytest.mark.parametrize(
    ("scale", "favorable", "parts"),
    [
        (["Never", "Rarely", "Often", "Always"], ["Often", "Always"], ("Often or Always", "Never or Rarely")),
        (["No", "Yes"], ["Yes"], ("Yes", "No")),
    ],
)
def test_a_scale_without_a_middle_has_its_picture_too(
    scale: list[str], favorable: list[str], parts: tuple[str, str], folder: Path
) -> None:
    unfavorable = [one for one in scale if one not in favorable]
    even = book(folder, scale=scale, favorable=favorable, unfavorable=unfavorable, about=None)
    release = made_even(even, 60)
    group = release.to_dict()["tables"][0]["groups"][0]
    assert group["parts"] == {
        "favorable": group["favorable"], "unfavorable": pytest.approx(100 - group["favorable"], abs=0.06),
    }  # fmt: skip
    picture = charts.parts(release, even)
    assert picture and picture.heads == ("Practice", *parts)
    assert len(tags(page(release, even), "img")) == 2
    rows = rows_of(files(release, even)[Path("tables.csv")])
    assert rows[0]["part_middle"] == "" and rows[0]["part_unfavorable"]


def made_even(codebook: Codebook, people: int) -> Release:
    """What may be shown of people of whom half said the scale's last point, and half its first."""
    points = np.array([0, len(codebook.scale) - 1], np.int8)[np.arange(people) % 2]
    answers = np.tile(points, (len(codebook.items), 1)).T
    counts = {"read": people, "blank": 0, "test": 0, "partial": 0, "duplicated": 0}
    return survey.release(
        _responses(Rows(codebook, people, answers, np.zeros((people, 0), np.int16), {}, counts, ()))
    )


# --- the wall --------------------------------------------------------------------------------------


def test_the_wall_says_what_was_promised_by_when_and_by_which_role(folder: Path) -> None:
    promised = book(
        folder, next_steps=None,
        follow_up={"date": "2026-09-01", "what": "Say what changed", "who": "the team that plans the week"},
    )  # fmt: skip
    text = page(made(promised, 60), promised)
    assert "By September 1, 2026: Say what changed (the team that plans the week)" in wall(text)
    assert "not written down yet" not in wall(text)


def test_the_day_is_a_note_for_a_calendar_with_no_name_in_it(folder: Path) -> None:
    what = "Say what changed, and what; did not: " + "é" * 60 + "e" * 200
    promised = book(folder, follow_up={"date": "2026-12-31", "what": what, "who": "the team"})
    (link,) = [one for one in tags(page(made(promised, 60), promised), "a") if one.get("download")]
    kind, _, data = link.get("href").partition(",")
    assert kind == "data:text/calendar;charset=utf-8"
    note = unquote(data)
    assert note.endswith("\r\n") and note.count("\n") == note.count("\r\n")
    assert max(len(line.encode()) for line in note.split("\r\n")) <= 75
    lines = note.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20261231" in lines and "DTEND;VALUE=DATE:20270101" in lines
    (summary,) = [one for one in lines if one.startswith("SUMMARY:")]
    assert summary.removeprefix("SUMMARY:").replace("\\,", ",").replace("\\;", ";") == what
    assert not [one for one in lines if one.startswith(("ORGANIZER", "ATTENDEE"))]


def test_the_next_wave_takes_up_what_was_promised(tmp_path: Path) -> None:
    home, to = tmp_path / "home", tmp_path / "reports"
    home.mkdir()
    promised = {"date": "2026-09-01", "what": "Say what changed", "who": "the team"}
    spring = book(home, wave="2026 spring", next_steps="We pay peers by Friday.", follow_up=promised)
    survey.report(made(spring, 60), spring, to / "spring")
    assert "we said" not in (to / "spring" / "report.html").read_text(encoding="utf-8")
    fall = book(home, wave="2026 fall", next_steps="We meet in May.")
    survey.report(made(fall, 60), fall, to / "fall")
    told = wall((to / "fall" / "report.html").read_text(encoding="utf-8"))
    assert (
        "In 2026 spring we said: We pay peers by Friday. By September 1, 2026: Say what changed (the team)"
        in told
    )
    assert "What came of it:" in told
    # Made once more, the first one still takes up nothing, and the second one the same.
    for codebook, name in ((spring, "spring"), (fall, "fall")):
        before = (to / name / "report.html").read_bytes()
        survey.report(made(codebook, 60), codebook, to / name)
        assert (to / name / "report.html").read_bytes() == before
    # One codebook that is changed for each wave will do as well.
    again = load(_changed(spring, "2026 spring", "2027 spring"))
    told = wall(page(made(again, 60), again))
    assert "In 2026 fall we said: We meet in May." in told
    other = book(home, title="Another survey", wave="2027")
    assert "we said" not in page(made(other, 60), other)


def _changed(codebook: Codebook, before: str, after: str) -> Path:
    assert codebook.path
    text = codebook.path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    codebook.path.write_text(text.replace(before, after), encoding="utf-8")
    return codebook.path


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "{}",
        '{"title": 3, "promised": [{}]}',
        '{"title": "How we build community", "promised": [{"wave": 1, "lines": [2], "took_up": null}]}',
        "\0",
    ],
)
def test_a_broken_note_of_promises_takes_nothing_from_a_report(broken: str, tmp_path: Path) -> None:
    codebook = book(tmp_path)
    (tmp_path / "old.promised.json").write_text(broken, encoding="utf-8")
    assert "we said" not in page(made(codebook, 60), codebook)


def test_what_is_too_long_for_a_wall_stands_whole_below_it(folder: Path) -> None:
    steps = " ".join(f"We do thing {number} with the people who were asked." for number in range(40))
    long = book(folder, next_steps=steps)
    text = page(made(long, 60), long)
    told = wall(text)
    assert "We do thing 0 with the people" in told and "thing 39" not in told and "further below" in told
    assert told.count("We do thing") > 3
    assert steps in section(text, "What happens next, in full")


PRACTICE = Path(__file__).parent.parent / "data" / "practice"


@pytest.fixture(scope="module")
def of_practice() -> tuple[Release, Codebook]:
    """The practice answers of 60 people, with three breakdowns."""
    return desk._60.previewed()


def words_of(text: str) -> list[str]:
    """Each word of a page, those of its pictures' sentences too, but no bare number."""
    alts = " ".join(one.get("alt") for one in tags(text, "img"))
    return [one for one in f"{said(text)} {alts}".split() if not re.fullmatch(r"(n=)?[\d.,%–]+", one)]


def test_a_report_of_60_people_and_three_breakdowns_has_a_fifth_of_the_words(
    of_practice: tuple[Release, Codebook],
) -> None:
    text = page(*of_practice)
    assert len({one["by"] for one in of_practice[0].to_dict()["tables"]}) == 4
    assert len(words_of(text)) <= 6650 / 5
    assert len(tags(text, "img")) == 2 and len(tags(text, "table")) == 6


def test_nothing_is_repeated_in_every_row_and_no_sentence_stands_twice(
    of_practice: tuple[Release, Codebook],
) -> None:
    text = page(*of_practice)
    lines = [
        " ".join("".join(one.itertext()).split())
        for one in tags(text, "p", "li", "td", "h1", "h2", "h3")
        if not list(one.iter(f"{XHTML}a")) and not list(one.iterfind(f".//{XHTML}p"))
    ]
    sentences = [one for line in lines for one in re.split(r"(?<=[.?!]) ", line) if len(one.split()) > 3]
    assert len(sentences) > 20
    assert [one for one in sentences if sentences.count(one) > 1] == []
    looked = 0
    for table in tags(text, "table"):
        rows = [" ".join(" ".join(row.itertext()).split()) for row in table.iter(f"{XHTML}tr")][1:]
        threes = [set(zip(*(row.split()[at:] for at in range(3)), strict=False)) for row in rows]
        for three in set().union(*threes):
            assert sum(three in one for one in threes) <= max(3, len(rows) / 4), three
            looked += 1
    assert looked > 300


def test_every_number_on_the_page_comes_from_the_tables_or_the_codebook(
    of_practice: tuple[Release, Codebook],
) -> None:
    release, codebook = of_practice
    tables = release.to_dict()
    known = {f"{value:.0f}" for value in _numbers(tables)} | {"0", "50", "100"}
    asked = " ".join(
        [codebook.title, codebook.wave, codebook.next_steps, *codebook.scale, tables["why_left_out"]]
    )
    known |= set(re.findall(r"\d+", asked)) | {str(len(codebook.items)), str(len(codebook.practices))}
    known |= {str(one.number) for one in lessons.lessons()} | {"45", "25"}  # lessons, and their minutes
    text = page(release, codebook)
    told = re.findall(r"\d+", " ".join([said(text), *(one.get("alt") for one in tags(text, "img"))]))
    assert len(told) > 300
    assert sorted({one for one in told if one not in known}) == []


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbers(one)
    elif isinstance(value, int | float):
        yield value


def test_the_contents_lead_to_what_they_name(of_practice: tuple[Release, Codebook]) -> None:
    text = page(*of_practice)
    links = {one.get("href"): "".join(one.itertext()) for one in tags(text, "a") if not one.get("download")}
    heads = {one.get("id"): "".join(one.itertext()) for one in tags(text, "h2", "h3") if one.get("id")}
    assert len(links) == 8
    assert all(heads[href.removeprefix("#")] == words for href, words in links.items())


def test_what_is_left_out_is_named_with_the_one_neutral_sentence(folder: Path) -> None:
    few = book(folder)
    small = made(few, 25)
    hidden = section(page(small, few), "What we can’t show, and why")
    tables = small.to_dict()
    assert tables["left_out"][:2] == ["role", "site"]
    assert tables["why_left_out"] in hidden
    assert "What is your role? Where do you work?" in hidden
    assert "fewer than" not in page(small, few)


def test_what_too_few_answered_is_called_that_and_not_hidden(folder: Path) -> None:
    few = book(folder)
    tables = made(few, 60).to_dict()
    gone = {"be-a-team", "be_a_team_1", "be_a_team_2"}
    tables["tables"] = [
        one for one in tables["tables"]
        if one["measure"] not in gone and not (one["measure"] == "follow-through" and one["by"])
    ]  # fmt: skip
    tables["left_out"] = sorted(gone)
    tables["why_left_out"] = say("rules.why_left_out")
    shown = _page_of(tables, few)
    hidden = section(shown, "What we can’t show, and why")
    assert "Too few answered this: Be a team" in hidden
    assert "nobody can be found" not in hidden and "single questions" not in hidden
    assert said(shown).count("Too few answered this for groups: Follow-through") == 2
    for grid in [one for one in tags(shown, "table") if one.get("aria-label", "").endswith("?")]:
        names = [one.text for one in grid.iter(f"{XHTML}th") if one.get("scope") == "row"]
        assert names == ["Share power"]


def test_single_questions_that_are_left_out_carry_the_neutral_mark(folder: Path) -> None:
    odd = book(folder)
    release = made(odd, 60)
    tables = release.to_dict()
    gone = next(one for one in tables["tables"] if one["kind"] == "item")
    tables["tables"].remove(gone)
    tables["left_out"].append(gone["measure"])
    shown = _page_of(tables, odd)
    assert f"{gone['text'].removeprefix('In the last month, ')} – In" not in shown
    assert f"{gone['text'].removeprefix('In the last month, ')} –" in section(shown, "What we see")
    assert "single questions" in section(shown, "What we can’t show, and why")


def _page_of(tables: dict[str, Any], codebook: Codebook) -> str:
    """The page of tables that no made-up survey gives."""
    from alongside.survey.show.report import _page

    return _page(tables, codebook)


def test_the_limits_are_said_plainly(text: str) -> None:
    limits = said(text)
    for words in (
        "Hidden is not zero",
        "Who may see the file",
        "colleague who was told",
        "newcomer",
        "not validated",
        "copied folder, a deleted file or another computer",
        "put together what they know",
        "test a guess at somebody's answers",
    ):
        assert words in limits, words


def test_who_may_see_the_answers_is_what_the_program_wrote(
    release: Release, codebook: Codebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "here.yml").write_text(
        'someone_to_talk_to: ""\nhours: ""\nwho_can_see_answers: "Dee <and> Sam"\nnaloxone: ""\n'
    )
    here = references.here(tmp_path)
    monkeypatch.setattr(references, "here", lambda: here)
    assert "Who may see the file with all answers: Dee &lt;and&gt; Sam" in page(release, codebook)


def test_each_practice_names_its_lesson(text: str) -> None:
    talk = section(text, "Talk about it")
    lesson = lessons.lesson("05-share-power")
    assert f"Share power Lesson {lesson.number} " in section(text, "What we see")
    assert "What stands out? What surprises us? What will we ask next?" in talk


def test_a_codebook_of_another_survey_is_refused(release: Release, folder: Path) -> None:
    for changed in ({"title": "Another survey"}, {"wave": "2027"}):
        with pytest.raises(AlongsideError, match="don't belong together"):
            page(release, book(folder, **changed))


# --- too few ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [0, 1, 7, 9])
def test_too_few_answers_is_a_kind_report_with_a_guide_and_never_says_how_many(
    people: int, folder: Path
) -> None:
    few = book(folder, headcount=83)
    text = page(made(few, people), few)
    assert "too few answers to show" in said(text)
    assert "A guide for a conversation" in [one.get("aria-label") for one in tags(text, "section")]
    assert tags(text, "img") == []
    assert page(made(few, 4), few) == text, "the number of answers shows somewhere"
    assert tags(text, "nav") == []
    made_files = files(made(few, people), few)
    assert json.loads(made_files[Path("tables.json")])["people"] is None
    assert made_files[Path("tables.csv")].splitlines()[1:] == []


def test_the_guide_is_what_participants_may_read_of_the_exercise(folder: Path) -> None:
    exercise = next((one for one in lessons.exercises() if one.name == "21-survey-read"), None)
    assert exercise, "the guide is not there"
    cells = json.loads(exercise.path.read_text(encoding="utf-8"))["cells"]
    few = book(folder)
    text = said(page(made(few, 3), few))
    looked = {"read": 0, "left out": 0}
    for cell in cells:
        if cell["cell_type"] == "markdown":
            left_out = {"facilitator", "rung-2"} & set(cell["metadata"].get("tags", []))
            for line in "".join(cell["source"]).splitlines():
                plain = re.sub(r"^([-#]+|\d+\.) |\*| ?\[.*|_", "", line).strip()
                if len(plain) > 50 and not plain.startswith("|"):
                    assert (plain[:50] in re.sub(r" ([,.:])", r"\1", text)) is not bool(left_out), plain
                    looked["left out" if left_out else "read"] += 1
    assert looked["read"] > 15 and looked["left out"] > 15
    assert not re.search(r"\]\(|\.ipynb|\[[a-z]+-\d{4}\]", text)


# --- one file that leans on nothing ----------------------------------------------------------------


def changes_page(folder: Path, later: tuple[float, ...] = (0.95, 0.42, 0.6)) -> str:
    """The page of two waves that test folders hold."""
    waves = [("2026 spring", (0.62, 0.4, 0.25)), ("2026 fall", later)]
    places = []
    for wave, shares in waves:
        codebook = book(folder, wave=wave, headcount=80)
        places.append(folder / f"{len(list(folder.iterdir()))}-report")
        survey.report(made(codebook, 60, shares), codebook, places[-1])
    to = folder / f"{len(list(folder.iterdir()))}-changes"
    survey.compare(places[0], places[1], to)
    return (to / "changes.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(text: str, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    few = book(folder)
    return {
        "report": text,
        "too few": page(made(few, 4), few),
        "25 people": page(made(few, 25), few),
        "changes": changes_page(tmp_path_factory.mktemp("waves")),
    }


def test_the_policy_lets_the_pages_own_style_in_and_nothing_else(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        (policy,) = [
            one.get("content")
            for one in tags(text, "meta")
            if one.get("http-equiv") == "Content-Security-Policy"
        ]
        (style,) = tags(text, "style")
        mark = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{mark}'; img-src data:; base-uri 'none'; form-action 'none'"
        ), name


def test_a_page_has_no_script_and_no_address_but_those_of_its_own_places(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert not tags(text, "script", "iframe", "object", "embed", "form", "base"), name
        for one in elements(text):
            for key, value in one.attrib.items():
                assert key != "style" and not key.startswith("on"), (name, one.tag, key)
                if key in ("src", "href", "srcset"):
                    assert value.startswith(("data:", "#")), (name, one.tag, value[:60])
        assert "http" not in said(text)


def test_words_of_a_codebook_are_text_and_never_markup(folder: Path) -> None:
    evil = '<script>alert("x")</script><b>&amp; "quoted"'
    about = {"role": {"text": evil, "answers": {evil: ["a"], "B": ["b"], "C": ["c"]}}}
    items = {"one": {"practice": "p", "text": f"{evil} one"}, "two": {"practice": "p", "text": f"{evil} two"}}
    codebook = book(
        folder, title=f"{evil} title", wave=f"{evil} wave", practices={"p": evil}, items=items, about=about,
        next_steps=evil, headcount=77, scale=[evil, "B", "M", "C", "D"], favorable=["C", "D"], unfavorable=[evil, "B"],
    )  # fmt: skip
    text = page(made(codebook, 60), codebook)
    assert not tags(text, "script", "b")
    assert said(text).count(evil) >= 8


def test_no_page_says_anything_that_is_for_the_owner_alone(tmp_path: Path) -> None:
    codebook = book(tmp_path)
    release = made(codebook, 60)
    everything = "".join(files(release, codebook).values())
    for word in ("blank", "duplicated", "partial", "columns_dropped", "notes", str(tmp_path)):
        assert word not in everything.lower(), word


# --- tables for other programs ---------------------------------------------------------------------


def rows_of(csv_text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text.removeprefix("\ufeff"))))


def test_tables_json_is_what_was_released(release: Release, codebook: Codebook) -> None:
    assert json.loads(files(release, codebook)[Path("tables.json")]) == release.to_dict()


def test_tables_csv_has_a_row_for_each_group_and_the_numbers_of_tables_json(
    release: Release, codebook: Codebook
) -> None:
    text = files(release, codebook)[Path("tables.csv")]
    assert text.startswith("\ufeff") and text.count("\r\n") == text.count("\n")
    rows, tables = rows_of(text), release.to_dict()["tables"]
    assert len(rows) == sum(len(one["groups"]) for one in tables) > 20
    groups = iter(rows)
    for one in tables:
        for group in one["groups"]:
            row = next(groups)
            assert tuple(row) == COLUMNS
            assert (row["measure"], row["by"], row["group"]) == (
                one["measure"],
                one["by"] or "",
                group["name"],
            )
            for key in ("people", "answered", "favorable", "low", "high"):
                assert row[key] == ("" if group[key] is None else str(group[key]))
            assert row["bound"] == (group["bound"] or "")
            if group.get("parts"):
                assert float(row["part_middle"]) == group["parts"]["middle"]
            if group.get("worst_case"):
                assert [float(row["worst_case_low"]), float(row["worst_case_high"])] == group["worst_case"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\r=", "|", "%"])
def test_no_cell_of_tables_csv_is_a_formula(start: str, folder: Path) -> None:
    evil = f'{start}cmd|"/C calc"!A0'
    roles = {evil: ["a"], "B": ["b"], "C": ["c"]}
    codebook = book(
        folder, practices={"p": f"{evil} p"}, items={"one": {"practice": "p", "text": f"{evil} one"}},
        about={"role": {"text": "Role?", "answers": roles}},
    )  # fmt: skip
    rows = rows_of(files(made(codebook, 90), codebook)[Path("tables.csv")])
    cells = [cell for row in rows for cell in row.values()]
    assert any("calc" in row["group"] for row in rows) and any("calc" in row["text"] for row in rows)
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝|%") and cell.strip()] == []
    assert [cell for cell in cells if any(one in cell for one in "\t\r\n")] == []


@pytest.mark.parametrize(
    "inside", [";=1+1", "a;=1+1", "a ; +1", 'a";"=1+1', "a;;@x", "a,=1+1", "a|-1", "a;\t=1", ";"]
)
def test_no_cell_is_a_formula_where_a_program_splits_at_another_sign(inside: str, folder: Path) -> None:
    codebook = book(
        folder, practices={"p": f"{inside} p"}, items={"one": {"practice": "p", "text": f"{inside} one"}},
        about={"role": {"text": "Role?", "answers": {f"{inside} role": ["a"], "B": ["b"], "C": ["c"]}}},
    )  # fmt: skip
    text = files(made(codebook, 90), codebook)[Path("tables.csv")].removeprefix("\ufeff")
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines()), (
        "a cell is not quoted"
    )
    assert [row["text"] for row in rows_of(text) if row["kind"] == "item"]
    for sign in ",;|\t":
        for quotes in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(text), delimiter=sign, quoting=quotes):
                assert [cell for cell in row if cell.strip(' "').startswith(tuple("=+-@＝|%"))] == [], (
                    sign,
                    row,
                )


# --- walls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [None, {}, {"tables": [], "people": 3}, "tables.json", [1]])
@pytest.mark.parametrize("what", [page, files])
def test_only_a_release_becomes_a_report(what: Callable[..., object], other: Any, codebook: Codebook) -> None:
    with pytest.raises(AlongsideError, match="release"):
        what(other, codebook)


def test_nothing_is_written_for_what_is_not_a_release(tmp_path: Path, codebook: Codebook) -> None:
    with pytest.raises(AlongsideError):
        survey.report({"tables": []}, codebook, tmp_path / "to")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


# --- two waves -------------------------------------------------------------------------------------


def test_two_waves_say_what_went_up_and_usually_cannot_tell(pages: dict[str, str]) -> None:
    text = said(pages["changes"])
    assert "2026 spring, then 2026 fall" in text
    assert "Of 3 practices, 1 went up." in text
    assert "Be a team 25% 60% went up" in text
    assert "Follow-through 40% 42% cannot tell" in text
    assert re.search(r"Share power 62% at least \d\d% not shown", text)
    assert "“Cannot tell” does not mean “no change”." in text


# --- in a browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("pages")
    for name, text in pages.items():
        (to / f"{name}.html").write_text(text, encoding="utf-8")
    return to


def addresses(written: Path) -> Iterator[tuple[str, str]]:
    found = sorted(written.glob("*.html"))
    assert len(found) == 4
    for path in found:
        yield path.stem, path.as_uri()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: Literal["light", "dark"], chromium: Browser, written: Path) -> None:
    tab = chromium.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    for name, address in addresses(written):
        tab.goto(address)
        found: dict[str, Any] = Axe().run(tab).response
        assert found["passes"], "axe looked at nothing"
        assert [
            (one["id"], node["html"][:120]) for one in found["violations"] for node in one["nodes"]
        ] == [], name
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_nobody_has_to_scroll_sideways_and_every_picture_is_drawn(
    width: int, tab: Watched, written: Path
) -> None:
    tab.page.set_viewport_size({"width": width, "height": 640})
    for name, address in addresses(written):
        tab.page.goto(address)
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, name
        wide = tab.page.evaluate(
            "[...document.querySelectorAll('img')].map((one) => [one.naturalWidth, one.width])"
        )
        assert all(natural > 0 and 280 <= drawn <= 400 for natural, drawn in wide), (name, wide)
        cut = tab.page.evaluate(
            "[...document.querySelectorAll('td, th, p, li')].filter((one) => one.scrollWidth > one.clientWidth + 1)"
            ".map((one) => one.outerHTML.slice(0, 90))"
        )
        assert cut == [], name
    assert tab.errors == [], "the page's own policy stopped something"


BROKEN_WORDS = """() => {
  const found = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest("table")) continue;
    for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\p{N}_’'%]+/gu)) {
      const place = document.createRange();
      place.setStart(texts.currentNode, word.index);
      place.setEnd(texts.currentNode, word.index + word[0].length);
      if (new Set([...place.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top))).size > 1)
        found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_no_table_breaks_a_word_and_none_is_wider_than_the_page(
    width: int,
    tab: Watched,
    pages: dict[str, str],
    codebook: Codebook,
    release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tool = f'<div class="alongside-desk">{ui.STYLE}{desk._released(release, codebook)}'
    tool += "".join(desk._by_group(release, codebook, by) for by in codebook.about)
    tool += (
        ui.table("Headings", ("Question", "Heading in the file"), [("We did share power.", "QID1_" * 9)])
        + "</div>"
    )
    odd = page(
        release,
        replace(codebook, practices=dict.fromkeys(codebook.practices, "Verantwortungsübernahme " * 2)),
    )
    page_of_tool = f"<!doctype html><style>{theme.page_css()}</style><body class=al-page><main>{tool}</main>"
    monkeypatch.setenv(ui.ON_A_SITE, "1")
    published = page_of_tool.replace(tool, desk._report_page() + desk._changes_page())
    assert published.count("<table>") >= 3
    for name, text in {**pages, "tool": page_of_tool, "published": published, "long": odd}.items():
        (tmp_path / "page.html").write_text(
            text.replace("<head>", '<head><meta name="viewport" content="width=device-width">'),
            encoding="utf-8",
        )
        tab.page.set_viewport_size({"width": width, "height": 640})
        tab.page.goto((tmp_path / "page.html").as_uri())
        broken = tab.page.evaluate(BROKEN_WORDS)
        assert [one for one in broken if len(one) <= charts.LONGEST_WORD] == [], name
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, name
        wide = "[...document.querySelectorAll('.al-scroll')].map((one) => one.scrollWidth - one.clientWidth)"
        over = tab.page.evaluate(wide)
        assert max(over, default=0) == 0, (name, over)
        assert tab.page.evaluate(
            "[...document.querySelectorAll('table')].every((one) => (one.ariaLabel || one.parentElement.ariaLabel) && one.offsetWidth)"
        ), name


@pytest.mark.browser
def test_the_keyboard_comes_to_the_links_of_a_page_and_to_nothing_else(tab: Watched, written: Path) -> None:
    found = {}
    for name, address in addresses(written):
        tab.page.goto(address)
        links = tab.page.locator("a").count()
        for _ in range(links):
            tab.page.keyboard.press("Tab")
            assert tab.page.evaluate("document.activeElement.matches('a[href]')"), name
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate("document.activeElement === document.body"), name
        assert tab.page.locator("main").count() == 1
        found[name] = links
    assert found == {"report": 8, "too few": 0, "25 people": 5, "changes": 0}


@pytest.mark.browser
def test_the_calendar_note_is_saved_and_the_contents_bring_to_their_place(
    tab: Watched, written: Path
) -> None:
    tab.page.goto((written / "report.html").as_uri())
    with tab.page.expect_download() as saving:
        tab.page.get_by_role("link", name="Note this day in a calendar").click()
    assert saving.value.suggested_filename == "follow-up.ics"
    assert "DTSTART;VALUE=DATE:20260901" in Path(saving.value.path()).read_text(encoding="utf-8")
    tab.page.get_by_role("link", name="Question by question").click()
    expect(tab.page.get_by_role("heading", name="Question by question")).to_be_in_viewport()
    assert tab.errors == [] and tab.page.url.startswith("file:")


LONG = "everything that anybody here may ever want to ask of everybody else on a long day in a small place"


@pytest.fixture(scope="module")
def for_the_wall(
    pages: dict[str, str], of_practice: tuple[Release, Codebook], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Reports whose wall page has little, much and as much as anybody may write."""
    home = tmp_path_factory.mktemp("wall")
    follow_up = {"date": "2026-09-01", "what": "Say what changed, what did not, and why", "who": "the team"}
    plain = book(home, next_steps="We meet on Monday. " * 12, follow_up=follow_up, wave="2025 fall")
    survey.report(made(plain, 60), plain, home / "earlier")
    many = {f"practice-{one}": f"Practice number {one}" for one in range(20)}
    items = {f"q{one}": {"practice": key, "text": f"We did {key}."} for one, key in enumerate(many)}
    books = {
        "no next steps": (book(home, title="Another", headcount=80), 60),
        "last time": (book(home, next_steps="We pay peers by Friday. " * 14, follow_up=follow_up), 60),
        "many practices": (book(home, title="Many", practices=many, items=items, about=None), 60),
        "long words": (
            book(
                home, title=LONG * 2, headcount=90, follow_up=follow_up | {"what": LONG}, next_steps=LONG * 9,
                practices={key: f"{name}, {LONG}" for key, name in PRACTICES.items()},
                about={
                    key: {"text": f"{key}: {LONG}?", "answers": {f"{one} {LONG}": [] for one in "ABC"}}
                    for key in ("role", "site")
                },
            ),
            60,
        ),
        "25 people": (book(home, title="Few", headcount=80), 25),
    }  # fmt: skip
    made_pages = {name: page(made(codebook, people), codebook) for name, (codebook, people) in books.items()}
    return {**made_pages, "too few": pages["too few"], "practice": page(*of_practice)}


@pytest.mark.browser
def test_the_wall_fits_one_sheet_of_letter_and_of_a4(
    for_the_wall: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    tab = chromium.new_page()
    assert len(for_the_wall) == 7
    for name, text in for_the_wall.items():
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        tab.goto((tmp_path / "page.html").as_uri())
        begin, end = (" ".join(wall(text).split()[at]) for at in (slice(4), slice(-4, None)))
        for paper in ("Letter", "A4"):
            data = tab.pdf(
                format=paper, page_ranges="1-3"
            )  # what does not fit on the first comes on the next
            sheets = [
                " ".join((one.extract_text() or "").split()) for one in PdfReader(io.BytesIO(data)).pages
            ]
            assert begin in sheets[0] and end in sheets[0], (name, paper)
            assert not [one for one in sheets[1:] if end in one], (name, paper)
            assert len(sheets) > 1 and all(sheets), (name, paper)
    tab.close()


@pytest.mark.browser
def test_what_the_wall_says_is_large_enough_to_be_read_from_two_meters(
    for_the_wall: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    tab = chromium.new_page()
    tab.emulate_media(media="print")
    sizes = """() => [...document.querySelectorAll('.alongside-counted, .alongside-found strong')].map(
        (one) => parseFloat(getComputedStyle(one).fontSize) * 0.75)"""
    for name in ("practice", "no next steps", "25 people"):
        (tmp_path / "page.html").write_text(for_the_wall[name], encoding="utf-8")
        tab.goto((tmp_path / "page.html").as_uri())
        found = tab.evaluate(sizes)
        assert len(found) >= 3, name
        # Who sees two thirds of what the usual eye sees needs letters of 7.5 minutes of arc: 4.4 mm at two meters.
        # A capital is about 0.7 of its font's size, and a point 0.3528 mm.
        assert min(found) * 0.7 * 0.3528 >= 2000 * math.tan(math.radians(7.5 / 60)), (name, found)
    tab.close()


@pytest.mark.browser
def test_the_printed_report_has_every_section_and_cuts_no_picture(written: Path, tmp_path: Path) -> None:
    to = tmp_path / "report.pdf"
    subprocess.run(
        [browser_path(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={to}", (written / "report.html").as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheets = [" ".join((one.extract_text() or "").split()) for one in PdfReader(to).pages]
    whole = " ".join(sheets)
    assert "On this page" not in whole, "paper has no links"
    assert all(
        heading.replace("’", "'") in whole.replace("’", "'") for heading in ORDER if heading != "On this page"
    )
    assert 3 <= len(sheets) <= 12
    assert all(sheets), "an empty sheet"
