"""What people who never saw YAML get wrong in a codebook: one sentence, with the line and what to type."""

from __future__ import annotations

from pathlib import Path

import pytest
from survey_tools import CODEBOOK, ITEMS, Person, google, save, save_xlsx

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import load
from alongside.survey.read.exports import read

LINES = CODEBOOK.splitlines()
GREET = next(number for number, line in enumerate(LINES, start=1) if line.startswith("  greet:"))
NO_ANSWER = next(number for number, line in enumerate(LINES, start=1) if line.startswith("no_answer:"))

# kind: (what stands in the codebook, what was typed, the line from 1, what the sentence says)
MISTAKES = {
    "a tab before a name": ("  greet:", "\tgreet:", GREET, "a tab stands here"),
    "a tab before an entry": (
        "    practice: power\n    text: Staff", "\tpractice: power\n    text: Staff", GREET + 4, "a tab stands here"),
    "a colon in a title": ("title: Our practices", "title: Spring: our practices", 1, "a text has a colon in it"),
    "a colon in a question": ("text: Staff and", "text: Now: staff and", GREET + 5, "a text has a colon in it"),
    "no space behind a colon": ("title: Our practices", "title:Our practices", 1, "a space is missing behind the colon"),
    "no space behind a later colon": ("wave: 2026 spring", "wave:spring", 2, "a space is missing behind the colon"),
    "no colon at all": ("title: Our practices", "title Our practices", 1, "a colon"),
    "an apostrophe in single quotation marks": (
        "title: Our practices", "title: 'Our program's practices'", 1, "the same mark inside, such as an apostrophe"),
    "quotation marks in quotation marks": (
        "title: Our practices", 'title: "Our "good" practices"', 1, "the same mark inside"),
    "a quotation mark that stays open": ("title: Our practices", 'title: "Our practices', 1, "opened here and not closed"),
    "a title with a number sign": ("title: Our practices", "title: Site #3 survey", 1, 'title: "Site #3"'),
    "a title with a number sign and a space": ("title: Our practices", "title: We are # 1", 1, "a # with a space before it"),
    "a question with a number sign": ("text: Staff and", "text: At site #3 staff and", GREET + 5, "would end before its"),
    "a wave with a note too near": ("wave: 2026 spring", "wave: 2026 spring # the first", 2, "type two spaces"),
    "a no-break space behind a colon": (
        "title: Our practices", "title:\u00a0Our practices", 1, "a space here is not the one of the space bar"),
    "no-break spaces before a name": (
        "  greet:", "\u00a0\u00a0greet:", GREET, "a space here is not the one of the space bar"),
    "an ideographic space before a name": (
        "  greet:", "\u3000greet:", GREET, "a space here is not the one of the space bar"),
    "smart quotation marks": ("title: Our practices", "title: “Our practices”", 1, "type straight ones"),
    "smart quotation marks in a list": ('["98", "Prefer', '["98", “Prefer not”, "Prefer', NO_ANSWER, "type straight ones"),
    "guillemets": ("title: Our practices", "title: «Our practices»", 1, "type straight ones"),
    "low quotation marks": ("title: Our practices", "title: „Our practices“", 1, "type straight ones"),
    "a number in words": ("minimum_group: 10", "minimum_group: ten", 3, "expected a whole number"),
    "a head count in words": ("minimum_group: 10", "minimum_group: 10\nheadcount: forty", 4, "write it as 5"),
    "a head count of about": ("minimum_group: 10", "minimum_group: 10\nheadcount: ~40", 4, "expected a whole number"),
    "a bare No": ("scale: [Strongly disagree", "scale: [No", 4, "put quotation marks around it"),
    "a year for a wave": ("wave: 2026 spring", "wave: 2026", 2, "put quotation marks around it"),
    "a list that stays open": ("favorable: [Agree, Strongly agree]", "favorable: [Agree, Strongly agree", 5, "close the bracket"),
    "an at sign": ("title: Our practices", "title: @home", 1, "a sign that YAML keeps for itself"),
    "a star": ("title: Our practices", "title: *Our* practices", 1, "a sign that YAML keeps for itself"),
    "a percent sign": ("title: Our practices", "title: % of practices", 1, "a sign that YAML keeps for itself"),
    "a backslash": ("title: Our practices", 'title: "Our\\practices"', 1, "a backslash between double quotation marks"),
    "a line too far to the right": ("wave: 2026 spring", "  wave: 2026 spring", 2, "further left or right"),
    "a line too far to the left": ("    text: Staff", "   text: Staff", GREET + 5, "further left or right"),
    "a name twice": ("wave: 2026 spring", "wave: 2026 spring\nwave: fall", 3, '"wave" stands twice, the first time in line 2'),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_of_somebody_who_never_saw_yaml_is_a_sentence_with_its_line(
    kind: str, tmp_path: Path
) -> None:
    old, new, line, expected = MISTAKES[kind]
    assert old in CODEBOOK and CODEBOOK.replace(old, new, 1) != CODEBOOK
    (tmp_path / "codebook.yml").write_text(CODEBOOK.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AlongsideError) as caught:
        load(tmp_path / "codebook.yml")
    said = str(caught.value)
    assert f"codebook.yml, line {line}" in said, said
    assert expected in said and "\n" not in said and said.endswith((".", "?"))


def test_a_note_with_two_spaces_before_it_is_a_note_and_a_number_may_have_one_nearer(tmp_path: Path) -> None:
    text = CODEBOOK.replace("wave: 2026 spring", "wave: 2026 spring  # the first").replace(
        "minimum_group: 10", "minimum_group: 10 # fixed"
    )
    (tmp_path / "codebook.yml").write_text(text.replace("Disagree]", "Disagree] # low", 1), encoding="utf-8")
    assert load(tmp_path / "codebook.yml").wave == "2026 spring"


def test_the_files_of_the_course_have_none_of_these(tmp_path: Path) -> None:
    from alongside.course import yaml_mistakes

    paths = sorted((Path(__file__).parent.parent / "data").rglob("*.yml"))
    assert len(paths) > 8
    for path in paths:
        assert yaml_mistakes.found_in(path.read_text(encoding="utf-8"), curly=False) is None, path


# --- files mixed up ----------------------------------------------------------------------------------------

PEOPLE = [Person((n % 5, 1, 2, 3), n % 3, n % 2) for n in range(12)]
TABLES = {
    "a table without headings": b"zebra@example.org,Never,Often\nsam@example.org,Often,Never\n",
    "semicolons": "Rôle;Zebra\nNurse;Often\n".encode("cp1252"),
    "tabs and a mark": "\ufeffRole\tZebra\nNurse\tOften\n".encode(),
    "UTF-16": "Role\tZebra\nNurse\tOften\n".encode("utf-16"),
    "a time in each row": b"Zebra,Agree\n2026-03-01 08:00:00,Never\n2026-03-01 08:01:00,Often\n",
    "headings alone": b"Role,Zebra\n",
    "quoted headings with colons": b'"Zebra: role","Q1: site"\n"a","b"\n',
}


@pytest.mark.parametrize("kind", [*TABLES, "CSV", "XLSX"])
def test_a_table_of_answers_given_for_a_codebook_is_said_to_be_one_and_nothing_of_it_is_quoted(
    kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    if kind in TABLES:
        path.write_bytes(TABLES[kind])
    else:
        grid = google(PEOPLE)
        grid[1][2] = "Zebra"
        (save if kind == "CSV" else save_xlsx)(grid, path)
    with pytest.raises(AlongsideError) as caught:
        load(path)
    said = str(caught.value)
    assert "this is a table of answers, not a codebook" in said and "--codebook" in said
    for word in ("zebra", "example.org", "often", "agree", *ITEMS):
        assert word not in said.lower()


def test_a_codebook_given_for_a_table_of_answers_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yml"
    for before in ("", "# Our survey, with a note: here\n\n", "\ufeff"):
        path.write_text(before + CODEBOOK, encoding="utf-8")
        with pytest.raises(AlongsideError, match="this is a codebook, not a table of answers"):
            read(path, path)
