"""Exports of survey tools become the same rows, whatever the tool, the encoding and the spelling."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from survey_made import book
from survey_tools import (
    CODEBOOK,
    ITEMS,
    ROLES,
    SCALE,
    SHAPES,
    SITES,
    Grid,
    Person,
    google,
    microsoft_forms,
    save,
    save_xlsx,
    spreadsheet,
)

from alongside import survey
from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.read.exports import read
from alongside.survey.read.files import _CHUNK, _encoding
from alongside.survey.read.responses import Rows, _rows
from alongside.survey.read.tools import unwrapped

EXPORTS = Path(__file__).parent / "exports"
SAMPLE_CODEBOOK = (
    CODEBOOK.replace('"98"', '"98", "99"')
    .replace("p02_b, SQ004", "p03_a, SQ005")
    .replace("    answers: {North", "    answers: {South: ['2', A2], North")
    .replace('Montréal: ["2", A2], 4+ doors: ["3", A3]', 'Montréal: ["3", A3]')
    .replace('Nurse: ["3", A3]', 'Nurse: ["3", A3], Admin: ["4", A4], Manager: ["5", A5]')
    + """\
  tenure:
    text: How long have you worked here?
    answers: {Less than 1 year: ["1"], 1-3 years: ["2"], 4+ years: ["3"]}
"""
)


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    path = tmp_path_factory.mktemp("codebook") / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return load(path)


def rows(path: Path, codebook: Codebook | Path, sheet: str | None = None) -> Rows:
    return _rows(read(path, codebook, sheet))


PEOPLE = [
    Person((0, 1, 2, 3), 0, 0),
    Person((4, None, 1, 0), 0, 0),
    Person((None, 3, 3, None), 1, 1),
    Person((2, 2, 2, 2), 1, 1),
    Person((4, 4, 3, 3), 0, None),
]


def names_of(found: Rows) -> list[tuple[str, ...]]:
    """What the breakdowns say about each person, in words."""
    names = list(found.about_names.values())
    return [tuple(names[n][code] for n, code in enumerate(person)) for person in found.about.tolist()]


# --- the eight examples --------------------------------------------------------------------------

# read, blank, test, partial; first two respondents' answers to the four items
EIGHT = {
    "excel_fr_cp1252.csv": ((27, 2, 0, 0), [[3, 3, 4, 3], [4, 2, -1, 4]]),
    "google_forms.csv": ((27, 2, 0, 0), [[1, 4, 1, 4], [3, 4, -1, 2]]),
    "kobo_labels.csv": ((27, 2, 0, 0), [[1, 3, 3, -1], [4, 3, 3, -1]]),
    "limesurvey_codes.csv": ((27, 2, 0, 4), [[2, 4, 4, -1], [1, 3, 3, 4]]),
    "msforms.xlsx": ((26, 1, 0, 0), [[4, -1, -1, 1], [3, 3, 3, 1]]),
    "qualtrics.csv": ((27, 2, 1, 3), [[4, 4, 2, -1], [3, 2, 4, 2]]),
    "redcap_raw.csv": ((27, 2, 0, 3), [[-1, 4, 2, 3], [0, 4, 3, 3]]),
    "surveymonkey.csv": ((27, 2, 0, 0), [[-1, 1, 2, 4], [1, 1, -1, -1]]),
}


@pytest.fixture
def sample_codebook(tmp_path: Path) -> Path:
    path = tmp_path / "codebook.yml"
    path.write_text(SAMPLE_CODEBOOK, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", EIGHT)
def test_each_of_the_eight_examples_is_read_whole(name: str, sample_codebook: Path) -> None:
    found = rows(EXPORTS / name, sample_codebook)
    counts, first = EIGHT[name]
    assert tuple(found.counts[kind] for kind in ("read", "blank", "test", "partial")) == counts
    # the last row is the fourth person's once more, with the same id and alike in everything
    assert found.counts["duplicated"] == found.counts["repeated"] == 1
    assert found.people == counts[0] - sum(counts[1:]) - 1 == len(found.answers) == len(found.about)
    assert found.answers[:2].tolist() == first


def test_there_are_eight_examples_and_each_is_tested() -> None:
    assert sorted(path.name for path in EXPORTS.iterdir()) == sorted(EIGHT)


@pytest.mark.parametrize("name", EIGHT)
def test_breakdowns_of_the_examples_are_in_the_codebooks_words(name: str, sample_codebook: Path) -> None:
    found = rows(EXPORTS / name, sample_codebook)
    assert found.about_names["role"] == ("Outreach", "Peer worker", "Nurse", "Admin", "Manager")
    assert found.about_names["site"] == ("South", "North", "Montréal")
    assert names_of(found)[-1][:2] == ("Admin", "Montréal")


@pytest.mark.parametrize("name", EIGHT)
def test_what_is_dropped_is_told_and_no_answer_with_it(name: str, sample_codebook: Path) -> None:
    found = rows(EXPORTS / name, sample_codebook)
    headings = " ".join(heading for heading, _ in found.columns_dropped)
    assert found.columns_dropped
    for word in ("example.org", "203.0.113", "604-555", "Sarah", "Okafor"):
        assert word not in headings


# --- every tool, the same rows --------------------------------------------------------------------


@st.composite
def persons(draw: st.DrawFn) -> Person:
    answers = tuple(draw(st.none() | st.integers(0, 4)) for _ in ITEMS)
    kind = draw(st.sampled_from(["kept", "kept", "kept", "test", "partial", "unusable", "blank"]))
    about = st.none() | st.integers(0, 2)
    return Person(answers, draw(about), draw(about), kind)


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])


@settings(deadline=None, max_examples=150)
@given(
    people=st.lists(persons(), min_size=1, max_size=25),
    shape=st.sampled_from(list(SHAPES)),
    encoding=ENCODINGS,
    separator=st.sampled_from([",", ";", "\t"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
)
def test_every_tool_gives_the_same_rows(
    codebook: Codebook,
    people: list[Person],
    shape: Callable[[Sequence[Person]], Grid],
    encoding: str,
    separator: str,
    line_end: str,
    quote_all: bool,
) -> None:
    marks = SHAPES[shape]
    people = [
        one if one.kind in marks | {"kept", "blank"} else Person(one.answers, one.role, one.site)
        for one in people
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = save(shape(people), Path(folder) / "answers.csv", encoding, separator, line_end, quote_all)
        found = rows(path, codebook)
    check(found, people, silent_are_blank=shape is not spreadsheet)


def test_a_letter_or_a_quotation_that_lies_across_two_pieces_of_a_large_file_is_read_whole(
    tmp_path: Path, codebook: Codebook
) -> None:
    """A file is looked at piece by piece, and a piece ends where it ends: in an é, between two quotation marks."""
    people = [
        Person(tuple((number + at) % 5 for at in range(len(ITEMS))), number % 3, None)
        for number in range(250)
    ]
    inside, across = 0, 0
    for shift in range(300, 306):
        grid = google(people)
        for row in grid[1:]:
            row[-1] = 'né, "été";\r\nà' * 20
        grid[1][-1] += "x" * shift
        path = save(grid, tmp_path / f"{shift}.csv")
        whole = path.read_bytes()
        assert len(whole) > _CHUNK
        inside += whole[:_CHUNK].count(b'"') % 2
        across += whole[_CHUNK] & 0xC0 == 0x80
        check(rows(path, codebook), people, silent_are_blank=True)
        path.write_bytes(whole.rstrip() + b",one cell too many\r\n")
        with pytest.raises(AlongsideError, match="cells"):
            rows(path, codebook)
    assert inside and across, "so that the checks above are about what they say"


@settings(deadline=None, max_examples=25)
@given(people=st.lists(persons(), min_size=1, max_size=25), shape=st.sampled_from(list(SHAPES)))
def test_a_spreadsheet_gives_the_same_rows(
    codebook: Codebook, people: list[Person], shape: Callable[[Sequence[Person]], Grid]
) -> None:
    marks = SHAPES[shape]
    people = [
        one if one.kind in marks | {"kept"} else Person(one.answers, one.role, one.site) for one in people
    ]
    with tempfile.TemporaryDirectory() as folder:
        found = rows(save_xlsx(shape(people), Path(folder) / "answers.xlsx"), codebook)
    check(found, people, silent_are_blank=shape is not spreadsheet)


def check(found: Rows, people: Sequence[Person], silent_are_blank: bool) -> None:
    """``silent_are_blank``: not in the spreadsheet, where people wrote N/A, which is something."""
    kept = [one for one in people if one.kind == "kept"]
    if silent_are_blank:
        kept = [one for one in kept if any(answer is not None for answer in one.answers)]
    assert found.people == len(kept)
    assert found.answers.tolist() == [[-1 if a is None else a for a in one.answers] for one in kept]
    assert found.counts["read"] == len(people)
    left = ("blank", "test", "partial", "unusable")
    assert found.counts["read"] - sum(found.counts.get(kind, 0) for kind in left) == len(kept)
    for key, place in (("role", "role"), ("site", "site")):
        if key in found.about_names:
            column = list(found.about_names).index(key)
            words = [found.about_names[key][code] for code in found.about[:, column]]
            known = ROLES if key == "role" else SITES
            values = [getattr(one, place) for one in kept]
            assert words == ["No answer" if value is None else known[value] for value in values]


def test_the_shapes_hold_what_they_should() -> None:
    """So that the tests above can't pass on empty files."""
    assert len(SHAPES) == 17
    for shape in SHAPES:
        assert sum(any(row) for row in shape(PEOPLE)) > len(PEOPLE)


# --- headings -------------------------------------------------------------------------------------


def test_headings_in_brackets_and_behind_slashes_and_dashes_are_found() -> None:
    assert "We greet people" in unwrapped("How much? [We greet people]")
    assert "We greet people" in unwrapped("Our practices/We greet people")
    assert "We greet people" in unwrapped("How much - do you agree? - We greet people")
    assert "greet/help people" in unwrapped("Group/greet/help people")
    assert "We greet [by name] people" in unwrapped("How? [We greet [by name] people]")
    assert "SQ001" in unwrapped("prac[SQ001]. How much do you agree? [We greet people]")


def test_case_accents_punctuation_and_spaces_of_a_heading_do_not_matter(
    tmp_path: Path, codebook: Codebook
) -> None:
    grid = google(PEOPLE)
    grid[0] = ["", "", " what is\u00a0your   ROLE", "which site", *ITEMS[:3],
               "STAFF and participants make decisions together: reunions/cafe!", ""]  # fmt: skip
    assert rows(save(grid, tmp_path / "a.csv"), codebook).people == len(PEOPLE)


def test_a_heading_that_fits_as_it_stands_goes_before_one_that_ends_in_it(
    tmp_path: Path, codebook: Codebook
) -> None:
    grid = microsoft_forms(PEOPLE)
    for row in grid:
        row.append("")
    grid[0][-1] = f"Points - {ITEMS[0]}"
    assert rows(save(grid, tmp_path / "a.csv"), codebook).answers[0].tolist() == [0, 1, 2, 3]


def test_a_title_above_the_headings_is_no_row(tmp_path: Path, codebook: Codebook) -> None:
    grid = google(PEOPLE)
    title: list[object] = ["Staff survey 2026", *[""] * (len(grid[0]) - 1)]
    found = rows(save([[""] * len(grid[0]), title, *grid], tmp_path / "a.csv"), codebook)
    assert found.counts["read"] == found.people == len(PEOPLE)


def test_a_breakdown_that_no_heading_fits_is_left_out_and_told(tmp_path: Path, codebook: Codebook) -> None:
    grid = google(PEOPLE)
    grid[0][3] = "Where?"
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert list(found.about_names) == ["role"]
    assert ("Which site?", "no heading fits this breakdown") in found.columns_dropped


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("Agree", 3), (" agree ", 3), ("AGREE", 3), ("agree\u00a0", 3), ("\u200bAgree", 3), ("Agree;", 3),
        ("4", 3), ("4.0", 3), ("4,0", 3), ("'4", 3), ('="4"', 3), ("04", 3), ("A4", 3), ("a4", 3), ("A04", 3),
        ("4 - Agree", 3), ("4 – Agree", 3), ("4. Agree", 3), ("4: agree", 3), ("(4) Agree", 3), ("4 Agree", 3),
        ("Agree (4)", 3), ("Agree - 4", 3), ("A4 - Agree", 3), ("strongly_agree", 4), ("Strongly-Agree", 4),
        ("Neutral", 2), ("3 - Neutral", 2), ("neither agree nor disagree", 2), ("1", 0), ("5", 4),
        ("N/A", -1), ("n/a", -1), ("#N/A", -1), ("98", -1), ("98 - Prefer not to say", -1),
        ("Prefer not to say", -1), ("", -1), ("  ", -1), ("\u00a0", -1),
    ],
)  # fmt: skip
def test_an_answer_is_read_by_words_number_code_or_both(
    written: str, point: int, tmp_path: Path, codebook: Codebook
) -> None:
    grid = google(PEOPLE)
    grid[1][4] = written
    assert rows(save(grid, tmp_path / "a.csv"), codebook).answers[0, 0] == point


def test_numbers_in_a_spreadsheet_are_points(tmp_path: Path, codebook: Codebook) -> None:
    grid = google(PEOPLE)
    grid[1][4:8] = [4, 4.0, "4", "'4"]
    assert rows(save_xlsx(grid, tmp_path / "a.xlsx"), codebook).answers[0].tolist() == [3, 3, 3, 3]


def test_words_go_before_numbers_where_the_scale_is_numbers(tmp_path: Path) -> None:
    text = CODEBOOK.replace("scale: [Strongly disagree, Disagree, Neither agree nor disagree, Agree, Strongly agree]",
                            'scale: ["0", "1", "2", "3"]')  # fmt: skip
    text = text.replace("favorable: [Agree, Strongly agree]", 'favorable: ["3"]', 1)
    text = text.replace("unfavorable: [Strongly disagree, Disagree]", 'unfavorable: ["0"]')
    text = text[: text.index("also_means:")] + text[text.index("no_answer:") :]
    (tmp_path / "c.yml").write_text(text, encoding="utf-8")
    grid = google(PEOPLE)
    for row in grid[1:]:
        row[4:8] = ["0", "3", "", "1"]
    assert rows(save(grid, tmp_path / "a.csv"), tmp_path / "c.yml").answers[0].tolist() == [0, 3, -1, 1]


def test_symbols_tell_answers_of_a_breakdown_apart(tmp_path: Path) -> None:
    text = CODEBOOK.replace(
        'North: ["1", A1], Montréal: ["2", A2], 4+ doors: ["3", A3]', '"<5": [], ">5": []'
    )
    (tmp_path / "c.yml").write_text(text, encoding="utf-8")
    grid = google(PEOPLE)
    for number, row in enumerate(grid[1:]):
        row[3] = ("<5", "> 5", "<5", ">5", "<5")[number].replace("> ", ">")
    words = [one[1] for one in names_of(rows(save(grid, tmp_path / "a.csv"), tmp_path / "c.yml"))]
    assert words == ["<5", ">5", "<5", ">5", "<5"]


def test_what_the_codebook_does_not_list_is_another_answer(tmp_path: Path, codebook: Codebook) -> None:
    people = PEOPLE * 3
    grid = google(people)
    grid[1][2] = grid[2][2] = "Ghostwriter"
    grid[3][2] = ""
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert found.about_names["role"] == (*ROLES, "Another answer", "No answer")
    assert [one[0] for one in names_of(found)][:4] == [
        "Another answer",
        "Another answer",
        "No answer",
        "Peer worker",
    ]


# --- rows -----------------------------------------------------------------------------------------


def test_duplicated_rows_are_kept_and_counted(tmp_path: Path, codebook: Codebook) -> None:
    found = rows(save(google([*PEOPLE, PEOPLE[0], PEOPLE[0]]), tmp_path / "a.csv"), codebook)
    assert (found.people, found.counts["duplicated"]) == (7, 2)


def test_a_file_with_headings_only_holds_nobody(tmp_path: Path, codebook: Codebook) -> None:
    for path in (save(google([]), tmp_path / "a.csv"), save_xlsx(google([]), tmp_path / "a.xlsx")):
        found = rows(path, codebook)
        assert found.people == found.counts["read"] == 0
        assert found.answers.shape == (0, 4)


def test_shuffled_rows_are_the_same_people(tmp_path: Path, codebook: Codebook) -> None:
    grid = google(PEOPLE)
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    turned = rows(save([grid[0], *grid[:0:-1]], tmp_path / "b.csv"), codebook)
    assert turned.answers.tolist() == found.answers.tolist()[::-1]


def test_an_unfit_answer_in_a_preview_stops_nobody(tmp_path: Path, codebook: Codebook) -> None:
    shape = next(one for one in SHAPES if one.__name__ == "qualtrics_labels")
    grid = shape([Person((0, 0, 0, 0), 0, 0, "test"), *PEOPLE])
    grid[3][5] = "whatever"
    assert rows(save(grid, tmp_path / "a.csv"), codebook).people == len(PEOPLE)


def test_a_column_called_status_of_another_tool_marks_nobody_until_the_codebook_says_so(
    tmp_path: Path, codebook: Codebook
) -> None:
    grid = google(PEOPLE)
    grid[0][1] = "Status"
    for number, row in enumerate(grid[1:]):
        row[1] = "Trial" if number == 3 else "Real"
    path = save(grid, tmp_path / "a.csv")
    with pytest.raises(AlongsideError, match=r'column "Status".*row 2') as caught:
        read(path, codebook)
    assert "Trial" not in str(caught.value) and "Real" not in str(caught.value)
    for words, people in ((("trial",), len(PEOPLE) - 1), ((), len(PEOPLE))):
        found = rows(path, replace(codebook, leave_out={"status": words}))
        assert found.people == people
        assert found.counts.get("unusable", 0) == len(PEOPLE) - people


def test_the_separator_that_excel_writes_first_is_no_row(tmp_path: Path, codebook: Codebook) -> None:
    path = save(google(PEOPLE), tmp_path / "a.csv", separator=";")
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert rows(path, codebook).people == len(PEOPLE)


def test_commas_in_answers_are_no_separators_where_semicolons_cut_all_rows_alike(tmp_path: Path) -> None:
    """As Excel saves it in Germany and France: with semicolons, and without quotation marks around commas."""
    long = {point: f"{point}, here, as a rule, or so" for point in SCALE}
    path = tmp_path / "codebook.yml"
    also = ", ".join(f'{point}: ["{words}"]' for point, words in long.items())
    path.write_text(
        CODEBOOK.replace("  Neither agree nor disagree: [Neutral]", f"  {{{also}}}"), encoding="utf-8"
    )
    people = [Person((n % 5, 1, 2, n // 5 % 5), n % 3, n % 2) for n in range(12)]
    short = [row[:-1] for row in google(people)]  # without free text
    grid = [[long.get(cell, cell) for cell in row] for row in short]
    found = rows(save(grid, tmp_path / "a.csv", separator=";"), load(path))
    assert found.people == 12
    assert (found.answers == rows(save(short, tmp_path / "b.csv"), load(path)).answers).all()


def test_cells_that_nobody_asked_for_may_be_missing_at_the_end(tmp_path: Path, codebook: Codebook) -> None:
    grid = google(PEOPLE)
    grid[2] = grid[2][:-1]
    grid[3] = [*grid[3], "", ""]
    assert rows(save(grid, tmp_path / "a.csv"), codebook).people == len(PEOPLE)


# --- breakdowns that look like identifiers ----------------------------------------------------------


def why_refused(tmp_path: Path, codebook: Codebook, values: list[str]) -> str:
    grid = google([Person((0, 1, 2, 3), 0, 0)] * len(values))
    for row, value in zip(grid[1:], values, strict=True):
        row[3] = value
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert found.about.shape == (len(values), len(found.about_names))
    return dict(found.columns_dropped).get("Which site?", "")


@pytest.mark.parametrize(
    "value",
    ["ana@example.org", "203.0.113.10", "2001:db8::1", "604-555-0199", "+1 (604) 555 0199", "51200000",
     "0b6e3c1a-7f00-4c1e-9d55-1a2b3c4d5e00"],
)  # fmt: skip
def test_addresses_are_refused_even_where_many_share_one(
    value: str, tmp_path: Path, codebook: Codebook
) -> None:
    assert "identifiers" in why_refused(tmp_path, codebook, ["North"] * 10 + [value] * 10)


def test_more_than_twelve_answers_are_refused(tmp_path: Path, codebook: Codebook) -> None:
    values = [f"place {chr(97 + number)}" for number in range(12)]
    assert "more than 12" in why_refused(tmp_path, codebook, [*values, "North"] * 5)
    assert not why_refused(tmp_path, codebook, [*values[:11], "North"] * 5)


def test_half_of_the_people_with_an_answer_of_their_own_are_refused(
    tmp_path: Path, codebook: Codebook
) -> None:
    alone = ["ash", "birch", "cedar", "dogwood"]
    assert "of their own" in why_refused(tmp_path, codebook, [*alone, "North", "North", "North", "North"])
    assert not why_refused(tmp_path, codebook, [*alone, *["North"] * 5])


def test_people_who_gave_no_answer_are_none_of_those(tmp_path: Path, codebook: Codebook) -> None:
    alone = ["ash", "birch", "cedar", "dogwood"]
    assert "of their own" in why_refused(tmp_path, codebook, [*alone, *["North"] * 4, *[""] * 4])
    assert not why_refused(tmp_path, codebook, [*alone, *["North"] * 5, ""])


def test_years_are_no_phone_numbers(tmp_path: Path, codebook: Codebook) -> None:
    assert not why_refused(tmp_path, codebook, ["2020 - 2024"] * 5 + ["North"] * 5)


def test_a_breakdown_in_which_no_answer_is_known_is_refused(tmp_path: Path, codebook: Codebook) -> None:
    assert (
        why_refused(tmp_path, codebook, ["Nord"] * 5 + ["Sud"] * 5)
        == "none of its answers is in the codebook"
    )


def test_a_file_of_thousands_of_identifiers_is_refused(tmp_path: Path, codebook: Codebook) -> None:
    assert "identifiers" in why_refused(tmp_path, codebook, [f"person {number}" for number in range(1500)])


# --- drafting a codebook ----------------------------------------------------------------------------


def written(text: str) -> str:
    """A draft in which somebody wrote what only a person knows."""
    known = yaml.safe_load(CODEBOOK)
    given = yaml.safe_load(text) | {
        key: known[key]
        for key in ("title", "wave", "scale", "favorable", "unfavorable", "also_means", "numbers")
    }
    return yaml.safe_dump(given | {"no_answer": [*known["no_answer"], "99"]}, allow_unicode=True)


@pytest.mark.parametrize("name", EIGHT)
def test_a_codebook_is_drafted_from_headings_only(name: str, tmp_path: Path) -> None:
    text = survey.draft(EXPORTS / name)
    assert len(yaml.safe_load(text)["items"]) == 5
    for word in (
        "example.org",
        "203.0.113",
        "604-555",
        "Sarah",
        "Okafor",
        "Peer worker",
        "isagree",
        "4+ years",
    ):
        assert word not in text


@pytest.mark.parametrize("name", EIGHT)
def test_a_drafted_codebook_reads_the_file_once_a_person_has_written_what_it_cant_know(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "drafted.yml"
    text = survey.draft(EXPORTS / name)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AlongsideError) as caught:
        read(EXPORTS / name, path)
    assert 'still a draft: write "title", "wave", "scale", "favorable", "unfavorable" first' in str(
        caught.value
    )
    path.write_text(written(text), encoding="utf-8")
    assert (
        rows(EXPORTS / name, path).people == EIGHT[name][0][0] - sum(EIGHT[name][0][1:]) - 1
    )  # one row stands twice


@pytest.mark.parametrize("left", ["title", "wave", "scale", "favorable"])
def test_a_draft_of_which_one_thing_is_not_written_is_no_codebook(left: str, tmp_path: Path) -> None:
    draft = yaml.safe_load(survey.draft(EXPORTS / "google_forms.csv"))
    edited = yaml.safe_load(written(survey.draft(EXPORTS / "google_forms.csv"))) | {left: draft[left]}
    (tmp_path / "drafted.yml").write_text(yaml.safe_dump(edited), encoding="utf-8")
    with pytest.raises(AlongsideError, match=f'write "{left}" first'):
        load(tmp_path / "drafted.yml")


def test_breakdowns_of_a_draft_can_be_taken_up_and_their_answers_have_to_be_written(tmp_path: Path) -> None:
    text = survey.draft(EXPORTS / "google_forms.csv")
    lines = text.splitlines()
    start = lines.index("# about:")
    opened = [line.removeprefix("# ") for line in lines[start : start + 7]]
    text = "\n".join([*lines[:start], *opened])
    (tmp_path / "drafted.yml").write_text(written(text), encoding="utf-8")
    with pytest.raises(AlongsideError, match='still a draft: write "about" first'):
        load(tmp_path / "drafted.yml")
    (tmp_path / "drafted.yml").write_text(written(text.replace('"???": []}', "North: []}")), encoding="utf-8")
    found = [one.text for one in load(tmp_path / "drafted.yml").about.values()]
    assert found == ["What is your role?", "Which site?"]


@pytest.mark.parametrize(
    ("heading", "is_item"),
    [
        ("Do staff treat you with respect?", True),
        ("Can you say what you think?", True),
        ("How often do people say sorry here?", True),
        ("How safe do you feel here?", True),
        ("¿Con qué frecuencia se escucha a la gente?", True),
        ("Fühlst du dich hier sicher?", True),
        ("Which site?", False),
        ("How long have you worked here?", False),
        ("Any comments?", False),
        ("¿Cuál es su función aquí?", False),
        ("Depuis combien de temps travaillez-vous ici ?", False),
        ("Wo arbeitest du meistens?", False),
        ("Qual é o seu papel aqui?", False),
    ],
)
def test_headings_that_ask_are_questions_but_for_those_about_the_person(
    heading: str, is_item: bool, tmp_path: Path
) -> None:
    path = save([["Timestamp", heading, ITEMS[0]], ["1/1/2026", "x", "Agree"]], tmp_path / "a.csv")
    text = survey.draft(path)
    texts = [one["text"] for one in yaml.safe_load(text)["items"].values()]
    assert (heading in texts) == is_item and heading in text


@pytest.mark.parametrize(
    "title", [["Staff survey of spring 2026"], ["Results"], ["Staff survey of 2026", "Made by the office"]]
)
@pytest.mark.parametrize("save", [save, save_xlsx])
def test_a_title_above_the_headings_is_no_question_of_a_draft(
    save: Callable[[Grid, Path], Path], title: list[str], tmp_path: Path
) -> None:
    grid = google(PEOPLE)
    above = [[line, *[""] * (len(grid[0]) - 1)] for line in title]
    text = survey.draft(save([*above, [""] * len(grid[0]), *grid], tmp_path / "a.xlsx"))
    assert text == survey.draft(save(grid, tmp_path / "b.xlsx"))
    assert len(yaml.safe_load(text)["items"]) == len(ITEMS)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("我们在这里会叫出来访者的名字", "提交时间"),
        ("ここでは人を名前で呼びますか？", "部署"),
        ("คนที่นี่ทักทายกันด้วยชื่อเมื่อมาถึง", "เวลา"),
        ("هل يشعر الناس بالأمان؟", "الوقت"),
    ],
)
def test_questions_are_found_in_scripts_without_spaces_too(question: str, other: str, tmp_path: Path) -> None:
    text = survey.draft(save([[other, question], ["1/1/2026", "x"]], tmp_path / "a.csv"))
    assert [one["text"] for one in yaml.safe_load(text)["items"].values()] == [question] and other in text


def test_a_file_without_headings_is_not_drafted(tmp_path: Path) -> None:
    path = save(google(PEOPLE)[1:], tmp_path / "a.csv")
    with pytest.raises(AlongsideError, match="the first row looks like answers") as caught:
        survey.draft(path)
    assert "ana.lopez" not in str(caught.value)


# --- the raw file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EIGHT)
def test_the_raw_file_stays_as_it_was(name: str, sample_codebook: Path, tmp_path: Path) -> None:
    copy = tmp_path / name
    copy.write_bytes((EXPORTS / name).read_bytes())
    before = hashlib.sha256(copy.read_bytes()).hexdigest()
    read(copy, sample_codebook)
    survey.draft(copy)
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "codebook.yml"])


def test_one_sheet_of_several_is_read_when_it_is_named(tmp_path: Path, codebook: Codebook) -> None:
    path = save_xlsx(google(PEOPLE), tmp_path / "a.xlsx", Notes=[["CANARY"]], Empty=[])
    assert rows(path, codebook, sheet="Sheet").people == len(PEOPLE)
    assert rows(path, codebook, sheet="sheet ").people == len(PEOPLE)


def test_the_only_sheet_that_holds_anything_needs_no_name(tmp_path: Path, codebook: Codebook) -> None:
    path = save_xlsx(google(PEOPLE), tmp_path / "a.xlsx", Empty=[], Another=[])
    assert rows(path, codebook).people == len(PEOPLE)


@pytest.mark.parametrize("word", ["Decide", "Response"])
def test_what_a_person_wrote_is_no_heading(word: str, tmp_path: Path, codebook: Codebook) -> None:
    """Somebody who answered nothing, and wrote the key of a question, or what SurveyMonkey has in its second row."""
    grid = google([Person((None,) * 4, 0, 0), *PEOPLE])
    grid[1][-1] = word
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert found.counts["read"] == len(PEOPLE) + 1
    assert word not in repr(found.columns_dropped)


def test_a_column_that_is_taken_whole_is_not_offered_for_its_last_part(tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text(CODEBOOK.replace("p01_a, SQ001", "Team - decide"), encoding="utf-8")
    grid = google(PEOPLE)
    grid[0][4:6] = ["Team - decide", "How much? [decide]"]
    assert rows(save(grid, tmp_path / "a.csv"), tmp_path / "c.yml").answers[0].tolist() == [0, 1, 2, 3]


# --- numbers, letters and codes (rule 14) -----------------------------------------------------------------


def with_numbers(tmp_path: Path, people: Sequence[Sequence[object]], numbers: Mapping[Any, str]) -> Rows:
    """What is read where people answered by these, and the codebook says of some what they mean."""
    whole = yaml.safe_load(CODEBOOK) | {"numbers": dict(numbers)}
    (tmp_path / "numbers.yml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    grid = google([Person((0, 0, 0, 0), 0, 0)] * len(people))
    for row, answers in zip(grid[1:], people, strict=True):
        row[4:8] = list(answers)
    return rows(save(grid, tmp_path / "a.csv"), tmp_path / "numbers.yml")


UPWARD = dict(enumerate(yaml.safe_load(CODEBOOK)["scale"], start=1))


@pytest.mark.parametrize(
    ("tool", "written"),
    [
        ("Google Forms, a linear scale", ["1", "3", "5", "4"]),
        ("a spreadsheet", ["1.0", "03", "'5", "4"]),
        ("a scale from 0", ["0", "3", "2", "4"]),
        ("a scale around 0", ["-2", "+1", "0", "2"]),
        ("LimeSurvey, answer codes", ["A1", "A3", "A5", "A4"]),
        ("LimeSurvey, newer answer codes", ["AO01", "AO03", "AO05", "AO04"]),
        ("a choice list of an XLSForm", ["option_1", "option_3", "option_5", "option_4"]),
        ("letters", ["a", "c", "e", "d"]),
        ("letters that stand for words", ["SD", "N", "SA", "A"]),
        ("percent of the way", ["0", "50", "100", "75"]),
    ],
)
def test_numbers_letters_and_codes_that_the_codebook_does_not_explain_are_refused(
    tool: str, written: list[str], tmp_path: Path
) -> None:
    with pytest.raises(AlongsideError) as caught:
        with_numbers(tmp_path, [written] * 12, {})
    said = str(caught.value)
    assert "numbers, letters or codes, and the codebook doesn’t say what they mean" in said, tool
    assert "numbers: {1: …, 2: …}" in said and "in row 2" in said
    assert not [one for one in written if f'"{one}"' in said], "it quotes no cell"


def test_numbers_mean_what_the_codebook_says_even_backward(tmp_path: Path) -> None:
    people = [(1, 2, 3, 4), (5, 4, "3.0", "01")]
    assert with_numbers(tmp_path, people, UPWARD).answers.tolist() == [[0, 1, 2, 3], [4, 3, 2, 0]]
    backward = {6 - number: point for number, point in UPWARD.items()}
    assert with_numbers(tmp_path, people, backward).answers.tolist() == [[4, 3, 2, 1], [0, 1, 2, 4]]
    from_zero = {number - 1: point for number, point in UPWARD.items()}
    with pytest.raises(AlongsideError, match="codebook doesn’t say what they mean"):
        with_numbers(tmp_path, people, from_zero)
    letters = dict(zip("edcba", UPWARD.values(), strict=True))
    assert with_numbers(tmp_path, [("E", "(a)", "c", "D")], letters).answers.tolist() == [[0, 4, 2, 1]]
    around = {number - 3: point for number, point in UPWARD.items()}
    assert with_numbers(tmp_path, [("-2", "+1", "0", "2")], around).answers.tolist() == [[0, 3, 2, 4]]


def test_a_minus_is_no_matter_of_spelling(tmp_path: Path) -> None:
    with pytest.raises(AlongsideError, match="codebook doesn’t say what they mean"):
        with_numbers(tmp_path, [("-1", "1", "2", "3")], UPWARD)


def test_a_number_beside_a_word_has_to_mean_that_word_where_the_codebook_explains_it(tmp_path: Path) -> None:
    assert with_numbers(tmp_path, [("4 - Agree", "2 - Agree", "Agree", "Agree")], {}).answers.tolist() == [
        [3] * 4
    ]
    with pytest.raises(AlongsideError, match="no point of the scale"):
        with_numbers(tmp_path, [("4 - Agree", "2 - Agree", "Agree", "Agree")], UPWARD)


def test_a_number_may_mean_no_answer(tmp_path: Path) -> None:
    found = with_numbers(tmp_path, [(4, 97, -99, 4)], {**UPWARD, 97: "Prefer not to say", -99: "N/A"})
    assert found.answers.tolist() == [[3, -1, -1, 3]]


@pytest.mark.parametrize(
    ("tool", "values"),
    [
        ("Qualtrics, 0 and 1", ["0", "1"]),
        ("REDCap raw", ["1", "2"]),
        ("LimeSurvey", ["A1", "A2"]),
        ("an XLSForm", ["option_1", "option_2"]),
        ("letters", ["a", "b"]),
    ],
)
def test_codes_of_a_breakdown_count_only_where_the_codebook_explains_each(
    tool: str, values: list[str], tmp_path: Path
) -> None:
    grid = google(PEOPLE * 4)
    for number, row in enumerate(grid[1:]):
        row[3] = values[number % 2]
    path = save(grid, tmp_path / "a.csv")
    whole = yaml.safe_load(CODEBOOK)
    for known, expected in (([], None), (values[1:], None), (values, {"North", "Montréal"})):
        answers = dict(zip(("Montréal", "North"), ([one] for one in known), strict=False))
        whole["about"]["site"]["answers"] = {"North": [], "Montréal": []} | answers
        (tmp_path / "c.yml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
        if expected:
            assert {one[1] for one in names_of(rows(path, tmp_path / "c.yml"))} == expected, tool
            continue
        with pytest.raises(AlongsideError) as caught:
            read(path, tmp_path / "c.yml")
        said = str(caught.value)
        assert '"Which site?" are numbers, letters or codes' in said and 'North: ["…"]' in said
        assert not [one for one in values if f'"{one}"' in said]


OTHER_LANGUAGES = {
    "Spanish": ("Otro", "Prefiero no decirlo"),
    "French": ("Autre", "Je préfère ne pas répondre"),
    "German": ("Sonstiges", "Keine Angabe"),
    "Portuguese": ("Outro", "Prefiro não responder"),
    "LimeSurvey's own code": ("-oth-", "No answer"),
}


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_other_and_prefer_not_to_say_are_known_in_the_languages_that_tools_speak(
    language: str, tmp_path: Path
) -> None:
    other, silent = OTHER_LANGUAGES[language]
    whole = yaml.safe_load(CODEBOOK)
    whole["about"]["site"]["answers"] = {"North": [], "Montréal": [], "Other": []}
    (tmp_path / "c.yml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    grid = google(PEOPLE * 3)
    grid[1][3], grid[2][3], grid[3][4] = other, silent, silent
    found = rows(save(grid, tmp_path / "a.csv"), tmp_path / "c.yml")
    assert [one[1] for one in names_of(found)][:2] == ["Other", "No answer"]
    assert found.answers[2, 0] == -1


def test_unfit_answers_are_told_of_all_columns_at_once_in_three_lines_at_most(tmp_path: Path) -> None:
    whole = yaml.safe_load(CODEBOOK)
    whole["items"] |= {
        f"more_{n}": {"practice": "power", "text": f"We do a thing of number {n} here"} for n in range(8)
    }
    del whole["numbers"]
    (tmp_path / "c.yml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    grid = google(PEOPLE)
    grid[0] += [f"We do a thing of number {n} here" for n in range(8)]
    for number, row in enumerate(grid[1:]):
        row[3] = str(number % 2)
        row[4] = "Kind of"
        row += ["CANARY"] * 6 + [number] * 2
    with pytest.raises(AlongsideError) as caught:
        read(save(grid, tmp_path / "a.csv"), tmp_path / "c.yml")
    codes, words, about = str(caught.value).splitlines()
    assert "in 2 columns, answers are numbers" in codes and "number 6 here" in codes
    assert (
        "in 7 columns, some answers fit no point" in words
        and words.count(" here") == 4
        and "and 2 more" in words
    )
    assert "Which site?" in about
    assert "CANARY" not in str(caught.value) and "Kind of" not in str(caught.value)


@pytest.mark.parametrize("written", ["{n} - {word}", "{n}. {word}", "{word} ({n})", "A{n} {word}"])
def test_a_breakdowns_answer_may_have_its_number_beside_it(
    written: str, tmp_path: Path, codebook: Codebook
) -> None:
    grid = google(PEOPLE)
    for row in grid[1:]:
        row[2] = written.format(n=ROLES.index(row[2]) + 1, word=row[2])
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert [one[0] for one in names_of(found)] == [
        "Outreach",
        "Outreach",
        "Peer worker",
        "Peer worker",
        "Outreach",
    ]


def test_a_number_that_the_codebook_explains_otherwise_is_not_the_answer_beside_it(
    tmp_path: Path, codebook: Codebook
) -> None:
    grid = google(PEOPLE)
    grid[1][2] = "2 - Outreach"
    assert names_of(rows(save(grid, tmp_path / "a.csv"), codebook))[0][0] == "Another answer"


@pytest.mark.parametrize(
    "written", ["Other: I cook", "Other (please specify)", "Otro: cocino", "Autre (précisez)", "Sonstiges – Küche", "Outros: cozinha"]
)  # fmt: skip
def test_what_somebody_wrote_behind_other_is_other(written: str, tmp_path: Path) -> None:
    (tmp_path / "codebook.yml").write_text(CODEBOOK.replace("Nurse: [", "Other: ["), encoding="utf-8")
    grid = google(PEOPLE)
    grid[3][2] = grid[4][2] = written
    found = rows(save(grid, tmp_path / "a.csv"), tmp_path / "codebook.yml")
    assert [one[0] for one in names_of(found)] == ["Outreach", "Outreach", "Other", "Other", "Outreach"]
    assert "Another answer" not in found.about_names["role"]


def test_digits_of_other_scripts_are_the_numbers_that_the_codebook_explains(
    tmp_path: Path, codebook: Codebook
) -> None:
    grid = google(PEOPLE)
    for row in grid[1:]:
        row[4:8] = [chr(0x0661 + SCALE.index(cell)) if cell in SCALE else cell for cell in row[4:8]]
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert found.answers.tolist() == rows(save(google(PEOPLE), tmp_path / "b.csv"), codebook).answers.tolist()
    assert any("\u0661" <= cell <= "\u0665" for row in grid[1:] for cell in row[4:8])


def test_a_curly_apostrophe_of_windows_is_no_letter_of_a_macintosh(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes("We don’t wait, and they’re told\n".encode("cp1252"))
    assert _encoding(path, path.read_bytes()) == "cp1252"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_letters_are_the_same_in_the_encodings_that_excel_still_writes(
    encoding: str, tmp_path: Path, codebook: Codebook
) -> None:
    """As another encoding, "Montréal" would be another answer, and "réunions, café" no question."""
    path = save(google(PEOPLE), tmp_path / "a.csv")
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode(encoding))
    found = rows(path, codebook)
    assert names_of(found) == names_of(rows(save(google(PEOPLE), tmp_path / "b.csv"), codebook))
    assert found.people == 5 and found.about_names["site"][:2] == ("North", "Montréal")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", ["Никогда", "Редко", "Иногда", "Часто", "Всегда"]),
        ("cp1254", ["Hiçbir zaman", "Nadiren", "Bazen", "Sık sık", "Her zaman"]),
        ("cp1256", ["أبدا", "نادرا", "أحيانا", "غالبا", "دائما"]),
        ("shift_jis", ["全くない", "めったにない", "時々", "よく", "いつも"]),
    ],
)
@pytest.mark.parametrize("heads", [True, False])
def test_letters_that_a_file_cant_hold_are_told_with_what_to_save(
    heads: bool, encoding: str, words: list[str], tmp_path: Path
) -> None:
    """Excel saves a CSV in the letters of its country: it looks right there, and no spelling is missing in the codebook."""
    text = f"{words[3]} {words[0]}" if heads else "In the last month, we did this."
    asked = {"power": {"practice": "share-power", "text": text}}
    questions = book(
        tmp_path, scale=words, favorable=words[3:], unfavorable=words[:2], items=asked, about=None,
        practices={"share-power": "Share power"},
    )  # fmt: skip
    grid = [["Timestamp", text], *([f"3/1/2026 9:{n:02}:00", words[n % 5]] for n in range(12))]
    with pytest.raises(AlongsideError, match="isn't in UTF-8: in the spreadsheet program save it as"):
        read(save(grid, tmp_path / "a.csv", encoding=encoding), questions)
    assert rows(save(grid, tmp_path / "b.csv"), questions).people == 12
    grid[3][1] = "Zebra"
    with pytest.raises(AlongsideError) as told:
        read(save(grid, tmp_path / "c.csv"), questions)
    assert "UTF-8" not in str(told.value)
