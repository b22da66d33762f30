"""Which heading asks which question, however a tool wraps it; and one question in several columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from survey_tools import CODEBOOK, ITEMS, Person, google, save

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import load
from alongside.survey.read.exports import read
from alongside.survey.read.responses import Rows, _rows
from alongside.survey.read.taken import taken

PEOPLE = [Person((n % 5, (n + 1) % 5, 4 - n % 5, None), n % 3, n % 3) for n in range(12)]
ANSWERS = [[-1 if one is None else one for one in person.answers] for person in PEOPLE]
QUESTIONS = ("What is your role?", "Which site?", *ITEMS)
KEYS = ("role", "site", "greet", "decide", "safe", "together")


def rows(tmp_path: Path, grid: list[list[Any]], codebook: str = CODEBOOK) -> Rows:
    (tmp_path / "codebook.yml").write_text(codebook, encoding="utf-8")
    return _rows(read(save(grid, tmp_path / "answers.csv"), tmp_path / "codebook.yml"))


def problem(tmp_path: Path, grid: list[list[Any]], codebook: str = CODEBOOK) -> str:
    with pytest.raises(AlongsideError) as caught:
        rows(tmp_path, grid, codebook)
    said = str(caught.value)
    assert "right file" not in said and "rename" not in said and len(said.splitlines()) <= 3
    return said


def export(*headings: str) -> list[list[Any]]:
    """What twelve people answered, under these headings for the two breakdowns and the four questions."""
    grid = google(PEOPLE)
    return [["Timestamp", *headings], *([row[0], *row[2:8]] for row in grid[1:])]


# --- wrappers ------------------------------------------------------------------------------------------

WRAPPED = {
    "a letter and a colon": "Q{n}: {text}",
    "a number and a bracket": "{n}) {text}",
    "a number and a dot": "{n}. {text}",
    "a word, a number and a dash": "Question {n} – {text}",
    "Qualtrics, a name before the text": "Q4_{n} {text}",
    "HTML of LimeSurvey": "<p><strong>{text}</strong></p>",
    "HTML of Qualtrics with entities": '<div style="color:red">{text}&nbsp;</div>',
    "Jotform, the row of a grid": "How often? >> {text}",
    "Jotform, another grid": "How often?: {text}",
    "Alchemer, the row of a grid": "{text}:How often?",
    "SurveyMonkey, the row of a grid": "How often? - {text}",
    "Formstack, the row of a grid": "How often? ({text})",
    "Typeform, a group": "Our practices | {text}",
    "Qualtrics, a choice": "{text} - Selected Choice",
    "two languages with a slash": "{text} / En español es otra cosa",
    "two languages in two lines": "En español es otra cosa\n{text}",
    "two languages in brackets": "{text} (en español es otra cosa)",
    "a star for what has to be answered": "{text} *",
    "ODK, a group before the key": "our-practices-{key}",
    "SurveyCTO, groups before the key": "survey:practices:{key}",
    "CommCare, a form before the key": "form.practices.{key}",
    "KoboToolbox, groups before the key": "survey/practices/{key}",
}


@pytest.mark.parametrize("tool", WRAPPED)
def test_a_heading_that_holds_its_question_whole_is_that_question(tool: str, tmp_path: Path) -> None:
    named = [
        WRAPPED[tool].format(n=n, text=text, key=key)
        for n, (text, key) in enumerate(zip(QUESTIONS, KEYS, strict=True), start=1)
    ]
    found = rows(tmp_path, export(*named))
    if list(found.about_names) == ["role", "site"]:
        assert found.about[:3].tolist() == [[0, 0], [1, 1], [2, 2]]
    else:  # beside a text of two words nothing but a number stands
        assert list(found.about_names) == ["role"] and "Which site?" in dict(found.columns_dropped)
    assert found.answers.tolist() == ANSWERS


@pytest.mark.parametrize(
    "other",
    [
        "{text}, even at night", "Not only: {text} and more", "After the move {text}", "pre-{text}",
        "{text} – please explain", "Comments: {text}", "{text} [Comment]", "{text} (Other)",
        "{text} - Other (please specify) - Text", "{text} - Otro (especifique)", "{text} [Autre]",
        "{text} – Bitte erläutern", "{text} (Por favor, explique)", "Points - {text}", "Feedback - {text}",
        "{text} [Score]", "Question time: {text}", "Why? {text}", "{text} [Agree]",
    ],
)  # fmt: skip
def test_a_heading_that_says_more_or_is_a_box_beside_the_question_is_not_the_question(
    other: str, tmp_path: Path
) -> None:
    told = problem(tmp_path, export(*QUESTIONS[:2], other.format(text=ITEMS[0]), *ITEMS[1:]))
    assert 'no heading fits 1 question: "greet"' in told and '"column"' in told and "Is it" in told


@pytest.mark.parametrize(
    "other", ["{text} [Comment]", "{text} - Other - Text", "Points - {text}", "other_{key}", "{key}_comment"]
)
def test_a_box_beside_a_question_that_is_there_is_not_read(other: str, tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    for number, row in enumerate(grid):
        row.append("CANARY" if number else other.format(text=ITEMS[0], key="greet"))
    found = rows(tmp_path, grid)
    assert found.answers.tolist() == ANSWERS
    assert grid[0][-1] in dict(found.columns_dropped)


def test_a_heading_that_holds_two_questions_is_neither(tmp_path: Path) -> None:
    told = problem(tmp_path, export(*QUESTIONS[:2], f"{ITEMS[0]} / {ITEMS[1]}", *ITEMS[1:]))
    assert 'no heading fits 1 question: "greet"' in told


def test_of_two_texts_of_which_one_holds_the_other_the_longer_one_is_asked(tmp_path: Path) -> None:
    longer = CODEBOOK.replace(f"text: {ITEMS[1]}", f"text: '{ITEMS[0]} (at the front desk)'")
    found = rows(
        tmp_path,
        export(*QUESTIONS[:2], f"1) {ITEMS[0]}", f"2) {ITEMS[0]} (at the front desk)", *ITEMS[2:]),
        longer,
    )
    assert found.answers.tolist() == ANSWERS


def test_one_word_that_ends_in_a_key_is_no_group(tmp_path: Path) -> None:
    found = rows(tmp_path, export("What is your role?", "web-site", *ITEMS))
    assert list(found.about_names) == ["role"]
    assert ("web-site", "not in the codebook") in found.columns_dropped


def test_questions_without_a_heading_are_named_five_at_most_with_the_nearest_heading(tmp_path: Path) -> None:
    told = problem(
        tmp_path, export(*QUESTIONS[:2], "We greet people by their name when they come", *ITEMS[1:])
    )
    assert 'Is it "We greet people by their name when they come"?' in told
    none = problem(tmp_path, export(*"abcdef"))
    assert 'no heading fits any question of "Our practices"' in none and '"a"' not in none
    more = CODEBOOK.replace(
        "  greet:",
        "".join(f"  m{n}: {{practice: power, text: More of {n}}}\n" for n in range(7)) + "  greet:",
    )
    assert '"m0", "m1", "m2", "m3", "m4" and 2 more' in problem(tmp_path, export(*QUESTIONS), more)


def test_a_breakdown_that_no_heading_fits_is_told_with_the_nearest_heading(tmp_path: Path) -> None:
    found = rows(tmp_path, export("What is your role here?", *QUESTIONS[1:]))
    assert list(found.about_names) == ["site"]
    assert (
        dict(found.columns_dropped)["What is your role?"]
        == 'no heading fits this breakdown. Is it "What is your role here?"?'
    )


# --- one question in several columns -------------------------------------------------------------------

AGAIN = {
    "Microsoft Forms": "{text}2",
    "pandas": "{text}.1",
    "R": "{text}...7",
    "a spreadsheet": "{text} (2)",
    "Google Forms, sections": "{text}",
    "SurveyMonkey, another page": " {text} ",
    "a word processor": "{text} 2",
    "Qualtrics, a block": "Peers - {text}",
    "KoboToolbox, a group": "peers/{text}",
    "LimeSurvey, a group": "Peers [{text}]",
}


def in_branches(again: str, both: int | None = None) -> list[list[Any]]:
    """Of twelve people six go one way through the form and six another. ``both``: one who fills both."""
    grid = export(*QUESTIONS)
    grid[0] += [again.format(text=text) for text in ITEMS]
    for number, row in enumerate(grid[1:]):
        answers = row[3:]
        row += answers if number % 2 else [""] * 4
        if number % 2 and number != both:
            row[3:7] = [""] * 4
    return grid


@pytest.mark.parametrize("tool", AGAIN)
def test_branches_of_a_form_are_put_together_where_no_row_fills_both(tool: str, tmp_path: Path) -> None:
    found = rows(tmp_path, in_branches(AGAIN[tool]))
    assert found.answers.tolist() == ANSWERS
    seen, _ = taken(tmp_path / "answers.csv", load(tmp_path / "codebook.yml"))
    assert all(len(one.headings) == 2 for one in seen.questions[:4])


@pytest.mark.parametrize("tool", list(AGAIN)[:7])
def test_a_row_that_fills_both_branches_is_told_and_nothing_is_read(tool: str, tmp_path: Path) -> None:
    told = problem(tmp_path, in_branches(AGAIN[tool], both=3))
    assert 'two columns ask "greet", "decide", "safe"' in told and "row 5" in told
    assert "gree" not in told.replace("greet", "") and '"together"' not in told, "it quotes no answer"


def test_a_test_row_that_fills_both_branches_stops_nobody(tmp_path: Path) -> None:
    grid = in_branches("{text}.1", both=3)
    grid = [["ResponseId", "Status", "Finished", "RecordedDate", *row[1:]] for row in grid[:1]] + [
        [
            f"R_{number}",
            "Survey Preview" if number == 3 else "IP Address",
            "True",
            "2026-03-01 08:00",
            *row[1:],
        ]
        for number, row in enumerate(grid[1:])
    ]
    assert rows(tmp_path, grid).people == 11


@pytest.mark.parametrize("again", ["{text}2", "{text}", "Peers/{text}"])
def test_a_breakdown_may_stand_in_branches_too(again: str, tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    grid[0].append(again.format(text="What is your role?"))
    for number, row in enumerate(grid[1:]):
        row.append(row[1] if number % 2 else "")
        row[1] = "" if number % 2 else row[1]
    found = rows(tmp_path, grid)
    assert found.about[:, 0].tolist() == [n % 3 for n in range(12)]


def test_a_heading_that_fits_better_goes_before_a_wrapped_one_that_others_fill_too(tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    for number, row in enumerate(grid):
        row.append("Agree" if number else f"Last year - {ITEMS[0]}")
    found = rows(tmp_path, grid)
    assert found.answers.tolist() == ANSWERS
    assert ("another column asks the same, and its heading fits better") in dict(
        found.columns_dropped
    ).values()


def test_a_key_with_a_number_more_is_another_key(tmp_path: Path) -> None:
    grid = export("role", "site", "greet", "decide", "safe", "together")
    for number, row in enumerate(grid):
        row.append("greet2" if not number else "Agree")
    assert rows(tmp_path, grid).answers.tolist() == ANSWERS


# --- a column for each answer, a row for each answer, lines above --------------------------------------


def boxes(way: str) -> list[list[Any]]:
    """One question as a tool exports it where several answers could be ticked: a column for each of them."""
    grid = export(*QUESTIONS)
    points = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
    ticked = [[point if row[3] == point else "" for point in points] for row in grid[1:]]
    heads = {
        "SurveyMonkey, in a second row": [ITEMS[0], "", "", "", ""],
        "KoboToolbox, behind a slash": [f"{ITEMS[0]}/{point}" for point in points],
        "Qualtrics, behind a dash": [f"{ITEMS[0]} - {point}" for point in points],
    }[way]
    rows = [[*row[:3], *some, *row[4:]] for row, some in zip(grid[1:], ticked, strict=True)]
    second = [["", "Response", "Response", *points, *["Response"] * 3]] if "second" in way else []
    return [[*grid[0][:3], *heads, *grid[0][4:]], *second, *rows]


@pytest.mark.parametrize(
    "way", ["SurveyMonkey, in a second row", "KoboToolbox, behind a slash", "Qualtrics, behind a dash"]
)
def test_a_question_with_a_column_for_each_answer_is_not_read_by_one_of_them(
    way: str, tmp_path: Path
) -> None:
    """The first such column holds those who ticked "Strongly disagree", and everybody else would be blank."""
    said = problem(tmp_path, boxes(way))
    assert '"greet"' in said and "has a column of its own" in said and "Is it" not in said


def test_a_breakdown_with_a_column_for_each_answer_is_left_out(tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    roles = ("Outreach", "Peer worker", "Nurse")
    heads = [grid[0][0], grid[0][1], "", "", *grid[0][2:]]
    second = ["", *roles, *["Response"] * 5]
    ticked = [[row[0], *(one if one == row[1] else "" for one in roles), *row[2:]] for row in grid[1:]]
    found = rows(tmp_path, [heads, second, *ticked])
    assert found.answers.tolist() == ANSWERS and list(found.about_names) == ["site"]


def test_lines_about_the_survey_above_the_headings_are_no_answers(tmp_path: Path) -> None:
    above = [["Our survey"], ["Exported on", "2026-03-09"], ["Answers", "12"], [""], ["All sites"]]
    found = rows(tmp_path, [*above, *export(*QUESTIONS)])
    assert found.answers.tolist() == ANSWERS and found.counts["blank"] == 0


def test_answers_above_the_headings_are_never_passed_over(tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    assert "no heading fits" in problem(tmp_path, [*grid[1:6], grid[0], *grid[6:]])


def test_sections_above_the_headings_do_not_make_the_first_answers_headings(tmp_path: Path) -> None:
    found = rows(tmp_path, [["", "About you", "", "Our practices", "", "", ""], *export(*QUESTIONS)])
    assert found.answers.tolist() == ANSWERS


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_for_each_answer_is_said_to_be_that(turned: bool, tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    below = [
        [n, heading, cell]
        for n, row in enumerate(grid[1:], 1)
        for heading, cell in zip(grid[0], row, strict=True)
    ]
    table = (
        list(map(list, zip(*grid, strict=True)))
        if turned
        else [["Response ID", "Question", "Answer"], *below]
    )
    assert "stand below one another" in problem(tmp_path, table)


@pytest.mark.parametrize("copy", ["Copy of {}", "Copia de {}", "Copie de {}", "Kopie von {}", "Cópia de {}"])
def test_a_copied_question_of_another_branch_is_the_same_question(copy: str, tmp_path: Path) -> None:
    grid = export(*QUESTIONS)
    heads = [*grid[0], *(copy.format(text) for text in ITEMS)]
    halves = [
        [*row[:3], *row[3:], *[""] * 4] if n % 2 else [*row[:3], *[""] * 4, *row[3:]]
        for n, row in enumerate(grid[1:])
    ]
    assert rows(tmp_path, [heads, *halves]).answers.tolist() == ANSWERS
