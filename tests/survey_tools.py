"""An invented survey, and how survey tools would export it: one writer for each shape that they have."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

__all__ = ["CODEBOOK", "ITEMS", "SCALE", "SHAPES", "Person", "save", "save_xlsx"]

SCALE = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
ITEMS = (
    "We greet people by name when they come in",
    "People who use drugs help decide how we run the space",
    "I feel safe to say what I think, even to managers",
    "Staff and participants make decisions together (réunions, café)",
)
ROLES = ("Outreach", "Peer worker", "Nurse")
SITES = ("North", "Montréal", "4+ doors")

CODEBOOK = """\
title: Our practices
wave: 2026 spring
minimum_group: 10
scale: [Strongly disagree, Disagree, Neither agree nor disagree, Agree, Strongly agree]
favorable: [Agree, Strongly agree]
unfavorable: [Strongly disagree, Disagree]
also_means:
  Neither agree nor disagree: [Neutral]
numbers: {1: Strongly disagree, 2: Disagree, 3: Neither agree nor disagree, 4: Agree, 5: Strongly agree,
  A1: Strongly disagree, A2: Disagree, A3: Neither agree nor disagree, A4: Agree, A5: Strongly agree}
no_answer: ["98", "Prefer not to say"]
practices: {welcome: Welcome, power: Share power}
items:
  greet: {practice: welcome, text: We greet people by name when they come in, column: [p01_a, SQ001, Q4_1]}
  decide: {practice: power, text: People who use drugs help decide how we run the space, column: [p01_b, SQ002]}
  safe: {practice: power, text: "I feel safe to say what I think, even to managers", column: [p02_a, SQ003]}
  together:
    practice: power
    text: Staff and participants make decisions together (réunions, café)
    column: [p02_b, SQ004]
about:
  role:
    text: What is your role?
    column: [Role]
    answers: {Outreach: ["1", A1], Peer worker: ["2", A2], Nurse: ["3", A3]}
  site:
    text: Which site?
    answers: {North: ["1", A1], Montréal: ["2", A2], 4+ doors: ["3", A3]}
"""


@dataclass(frozen=True)
class Person:
    """Points of the scale, from 0, or None for no answer; places among ROLES and SITES, or None.

    ``kind``: "kept", or "test" or "partial" where the tool marks such rows, or "blank".
    """

    answers: tuple[int | None, ...]
    role: int | None
    site: int | None
    kind: str = "kept"


Grid = list[list[Any]]
Say = Callable[[int | None], str]


def _words(point: int | None) -> str:
    return "" if point is None else SCALE[point]


def _number(point: int | None) -> str:
    return "" if point is None else str(point + 1)


def _code(point: int | None) -> str:
    return "" if point is None else f"A{point + 1}"


def _mixed(point: int | None) -> str:
    """As people retype them."""
    if point is None:
        return "N/A"
    ways = (
        f"{point + 1}",
        f" {SCALE[point].upper()}",
        f"{point + 1} - {SCALE[point]}",
        f"{SCALE[point]}\u00a0",
    )
    return ways[point % len(ways)]


def _about(person: Person, roles: Sequence[str] = ROLES, sites: Sequence[str] = SITES) -> list[Any]:
    return [
        "" if person.role is None else roles[person.role],
        "" if person.site is None else sites[person.site],
    ]


def _lines(
    people: Sequence[Person],
    say: Say,
    before: Callable[[Person], list[Any]],
    after: list[Any],
    **about: Sequence[str],
) -> Grid:
    width = len(before(Person((), None, None))) + 2 + len(ITEMS) + len(after)
    return [
        [""] * width
        if one.kind == "blank"
        else [*before(one), *_about(one, **about), *map(say, one.answers), *after]
        for one in people
    ]


def _stamp(_: Person) -> list[Any]:
    return ["3/1/2026 08:00:00", "ana.lopez@example.org"]


FREE = 'CANARY "quoted", with a comma;\nand a line'
PREFIX = "How much do you agree?"


def google(people: Sequence[Person]) -> Grid:
    head = ["Timestamp", "Email Address", "What is your role?", "Which site?"]
    return [
        [*head, *(f"{PREFIX} [{one}]" for one in ITEMS), "Anything else? "],
        *_lines(people, _words, _stamp, [FREE]),
    ]


def google_numbers(people: Sequence[Person]) -> Grid:
    return [google(people)[0], *_lines(people, _number, _stamp, [FREE])]


def surveymonkey(people: Sequence[Person]) -> Grid:
    first = [
        "Respondent ID",
        "IP Address",
        "What is your role?",
        "Which site?",
        PREFIX,
        "",
        "",
        "",
        "Anything else?",
    ]
    second = ["", "", "Response", "Response", *ITEMS, "Open-Ended Response"]
    return [first, second, *_lines(people, _words, lambda one: ["118052219000", "203.0.113.10"], [FREE])]


def _qualtrics(people: Sequence[Person], say: Say, status: dict[str, list[Any]]) -> Grid:
    names = ["Status", "Finished", "ResponseId", "Q1", "Q2", *(f"Q4_{n}" for n in range(1, 5)), "Q5"]
    texts = ["Response Type", "Finished", "Response ID", "What is your role?", "Which site?",
             *(f"{PREFIX} - {one}" for one in ITEMS), "Anything else?"]  # fmt: skip
    ids = ['{"ImportId":"status"}', '{"ImportId":"finished"}', '{"ImportId":"_recordId"}',
           *(f'{{"ImportId":"QID{n}"}}' for n in range(1, 8))]  # fmt: skip
    return [names, texts, ids, *_lines(people, say, lambda one: [*status[one.kind], "R_00YPOQ602"], [FREE])]


def qualtrics_labels(people: Sequence[Person]) -> Grid:
    marks: dict[str, list[Any]] = {
        "kept": ["IP Address", "True"], "test": ["Survey Preview", "True"], "partial": ["IP Address", "False"],
    }  # fmt: skip
    return _qualtrics(people, _words, marks)


def qualtrics_values(people: Sequence[Person]) -> Grid:
    return _qualtrics(people, _number, {"kept": ["0", "1"], "test": ["1", "1"], "partial": ["0", "0"]})


def redcap_raw(people: Sequence[Person]) -> Grid:
    head = ["record_id", "staff_timestamp", "role", "site", "p01_a", "p01_b", "p02_a", "p02_b", "training___1",
            "comments", "staff_complete"]  # fmt: skip
    rows = _lines(people, _number, lambda one: ["1", "[not completed]" if one.kind == "partial" else "2026-03-02"],
                  ["1", FREE, "2"], roles="123", sites="123")  # fmt: skip
    for person, row in zip(people, rows, strict=True):
        row[-1] = {"partial": "0", "kept": "2", "blank": ""}[person.kind]
    return [head, *rows]


def redcap_labels(people: Sequence[Person]) -> Grid:
    head = [
        "Record ID",
        "Survey Timestamp",
        "What is your role?",
        "Which site?",
        *ITEMS,
        "Comments",
        "Complete?",
    ]
    rows = _lines(people, _words, lambda one: ["1", "2026-03-02"], [FREE, "Complete"])
    for person, row in zip(people, rows, strict=True):
        row[-1] = {"partial": "Incomplete", "kept": "Complete", "blank": ""}[person.kind]
    return [head, *rows]


def kobo_labels(people: Sequence[Person]) -> Grid:
    head = [
        "start",
        "About you/What is your role?",
        "About you/Which site?",
        *(f"Our practices/{one}" for one in ITEMS),
    ]
    head += ["Anything else?", "_uuid", "_validation_status"]
    return [
        head,
        *_lines(people, _words, lambda one: ["2026-03-01T08:00:00.000-08:00"], [FREE, "0b6e3c1a-7f00", ""]),
    ]


def kobo_names(people: Sequence[Person]) -> Grid:
    head = [
        "start",
        "about/role",
        "about/site",
        *(f"practices/{key}" for key in ("greet", "decide", "safe", "together")),
    ]
    rows = _lines(people, lambda point: _words(point).lower().replace(" ", "_"), lambda one: ["2026-03-01T08:00"],
                  ["0b6e3c1a-7f00"], roles=("outreach", "peer_worker", "nurse"),
                  sites=("north", "montreal", "4_doors"))  # fmt: skip
    return [[*head, "_uuid"], *rows]


def _limesurvey(people: Sequence[Person], say: Say, head: list[Any], **about: Sequence[str]) -> Grid:
    def before(one: Person) -> list[Any]:
        return ["1", "" if one.kind == "partial" else "2026-03-02 09:13:11", "3", "en"]

    return [head, *_lines(people, say, before, [FREE], **about)]


def limesurvey_codes(people: Sequence[Person]) -> Grid:
    head: list[Any] = ["id", "submitdate", "lastpage", "startlanguage", "role", "site",
                          *(f"prac[SQ00{n}]" for n in range(1, 5)), "comments"]  # fmt: skip
    codes = ("A1", "A2", "A3")
    return _limesurvey(people, _code, head, roles=codes, sites=codes)


def limesurvey_texts(people: Sequence[Person]) -> Grid:
    head: list[Any] = ["Response ID", "Date submitted", "Last page", "Start language", "What is your role?",
                          "Which site?", *(f"{PREFIX} [{one}]" for one in ITEMS), "Comments"]  # fmt: skip
    return _limesurvey(people, _words, head)


def microsoft_forms(people: Sequence[Person]) -> Grid:
    head = [
        "ID",
        "Start time",
        "Email",
        "Name",
        "What is your role?",
        "Which site?\u00a0",
        *ITEMS,
        "Anything else?\n",
    ]
    before = [1, datetime(2026, 3, 1, 8), "anonymous", "Ana López"]
    return [head, *_lines(people, _words, lambda one: list(before), [FREE])]


def spreadsheet(people: Sequence[Person]) -> Grid:
    head = ["Horodateur", "Nom", "Rôle", "Which site?", *ITEMS]
    return [head, *_lines(people, _mixed, lambda one: ["01/03/2026 08:00:00", "Ana López"], [])]


SHAPES: dict[Callable[[Sequence[Person]], Grid], frozenset[str]] = {  # and which rows the tool marks
    google: frozenset(),
    google_numbers: frozenset(),
    surveymonkey: frozenset(),
    qualtrics_labels: frozenset({"test", "partial"}),
    qualtrics_values: frozenset({"test", "partial"}),
    redcap_raw: frozenset({"partial"}),
    redcap_labels: frozenset({"partial"}),
    kobo_labels: frozenset(),
    kobo_names: frozenset(),
    limesurvey_codes: frozenset({"partial"}),
    limesurvey_texts: frozenset({"partial"}),
    microsoft_forms: frozenset(),
    spreadsheet: frozenset(),
}


def save(
    grid: Grid,
    path: Path,
    encoding: str = "utf-8",
    separator: str = ",",
    line_end: str = "\r\n",
    quote_all: bool = False,
) -> Path:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(grid)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def save_xlsx(grid: Grid, path: Path, **others: Grid) -> Path:
    """A spreadsheet with this grid in its first sheet, and others by name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in grid:
        sheet.append([None if cell == "" else cell for cell in row])
    for name, rows in others.items():
        more = book.create_sheet(name)
        for row in rows:
            more.append(row)
    book.save(path)
    return path
