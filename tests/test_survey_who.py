"""Who counts: each person once, and no row that is nobody's answers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from survey_tools import (
    CODEBOOK,
    SHAPES,
    Grid,
    Person,
    alchemer,
    google,
    jotform,
    kobo_labels,
    limesurvey_texts,
    microsoft_forms,
    qualtrics_labels,
    redcap_labels,
    save,
    save_xlsx,
    surveymonkey,
)

from alongside.errors import AlongsideError
from alongside.survey import release
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.read.exports import read
from alongside.survey.read.responses import Rows, _rows

Shape = Callable[[Sequence[Person]], Grid]


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return load(path)


def people(count: int) -> list[Person]:
    return [Person((n % 5, 1, 2, n // 5 % 5), n % 3, n % 2) for n in range(count)]


def rows(path: Path | Sequence[Path], codebook: Codebook) -> Rows:
    return _rows(read(path, codebook))


def put(grid: Grid, heading: str, *cells: object, heads: int = 1) -> Grid:
    """The grid with these cells below a heading."""
    at = next(row.index(heading) for row in grid[:heads] if heading in row)
    for row, cell in zip(grid[heads:], cells, strict=True):
        row[at] = cell
    return grid


# --- what is read of an id ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "heads", "heading", "time", "counted"),
    [
        (google, 1, "Email Address", "Timestamp", True),
        (microsoft_forms, 1, "ID", "Start time", True),
        (qualtrics_labels, 3, "ResponseId", "", False),
    ],
)
def test_each_person_has_a_mark_of_their_id_and_time_and_the_id_itself_is_not_kept(
    shape: Shape, heads: int, heading: str, time: str, counted: bool, tmp_path: Path, codebook: Codebook
) -> None:
    ids = [f"r{n:02}@example.org" for n in range(13)]
    grid = put(shape([*people(12), Person((None,) * 4, None, None, "blank")]), heading, *ids, heads=heads)
    if time:
        put(grid, time, *(f"2026-03-{n:02} 09:00:00" for n in range(1, 14)), heads=heads)
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    again = rows(save_xlsx([*grid[:heads], *grid[: heads - 1 : -1]], tmp_path / "b.xlsx"), codebook)
    assert found.people == len(found.ids) == len(found.times) == 12  # none for a row that is blank
    assert len(set(found.ids)) == 12 and "" not in found.ids
    assert again.ids == found.ids[::-1] and again.times == found.times[::-1]
    assert found.ids_counted is counted
    assert len(set(found.times)) == (12 if time else 1) and ("" in found.times) is not bool(time)
    assert not any("example" in one or "2026" in one for one in (*found.ids, *found.times))


def test_a_time_is_the_same_however_a_spreadsheet_writes_its_day(tmp_path: Path) -> None:
    same = [
        "2026-03-01 09:10:00",
        "3/1/2026 9:10",
        "01/03/2026 09:10:33",
        "2026-03-01T09:10:00.000-08:00",
        "3/1/26 9:10 AM",
    ]
    grid = beside(staff(7), Timestamp=[*same, "3/1/2026 21:10", "3/1/2026 9:10 PM"])
    found = rows(save(grid, tmp_path / "a.csv"), STAFF)
    assert len(set(found.times[:5])) == 1 and len(set(found.times[5:])) == 1 and len(set(found.times)) == 2


def test_nobody_has_an_id_where_the_file_says_none(tmp_path: Path, codebook: Codebook) -> None:
    grid = [row[2:] for row in google(people(11))]
    found = rows(save(grid, tmp_path / "a.csv"), codebook)
    assert found.ids == found.times == ("",) * 11
    assert found.ids_counted is False


# --- the files that were read wrong ----------------------------------------------------------------------
#
# As a survey owner had them: the headings of the shipped codebook, so many rows, and what a tool says of each.

STAFF = replace(load(ROOT / "data" / "survey-staff.yml"), path=None)


def staff(count: int, seed: int = 5, key: bool = False) -> Grid:
    """The headings of the shipped codebook, and so many invented people."""
    chance = random.Random(seed)
    heads = [one.key if key else one.text for one in (*STAFF.items.values(), *STAFF.about.values())]
    words = (*STAFF.scale, "Does not apply", "")
    return [
        heads,
        *(
            [
                *(chance.choice(words) for _ in STAFF.items),
                *(chance.choice(list(one.answers)) for one in STAFF.about.values()),
            ]
            for _ in range(count)
        ),
    ]


def beside(grid: Grid, **columns: Sequence[object]) -> Grid:
    """The grid with columns of a tool before it: heading, and a cell for each row."""
    before = list(zip(*([name, *cells] for name, cells in columns.items()), strict=True))
    return [[*one, *row] for one, row in zip(before, grid, strict=True)]


def days(count: int) -> list[str]:
    return [f"3/{n // 60 + 1}/2026 9:{n % 60:02}:00" for n in range(count)]


def refused(path: Path | Sequence[Path], codebook: Codebook, *told: str) -> str:
    """What is said of a file that can't be used, which quotes no cell of it."""
    with pytest.raises(AlongsideError) as caught:
        read(path, codebook)
    said = str(caught.value)
    assert all(one in said for one in told), said
    assert not any(word in said for word in ("R_", "example.org", "Often", "Rarely", "uuid:", "Average"))
    return said


def test_rows_pasted_twice_with_one_response_id_are_six_people_and_show_nothing(tmp_path: Path) -> None:
    """same_person_twice_by_id"""
    grid = beside(staff(6), **{"Response ID": [f"R_{n}" for n in range(6)], "Timestamp": days(6)})
    found = read(save([*grid, *grid[1:]], tmp_path / "a.csv"), STAFF)
    assert _rows(found).people == 6
    assert _rows(found).counts["repeated"] == _rows(found).counts["duplicated"] == 6
    shown = release(found)
    assert shown.to_dict()["people"] is None and shown.to_dict()["tables"] == []
    why = {one["column"]: one["why"] for one in shown.notes["columns_dropped"]}
    assert why["Response ID"] == "read only to count each person once"


def test_events_of_one_record_are_refused_with_how_many(tmp_path: Path) -> None:
    """redcap_events"""
    grid = beside(
        staff(12, key=True),
        record_id=[n // 2 + 1 for n in range(12)],
        redcap_event_name=["baseline_arm_1", "followup_arm_1"] * 6,
    )
    said = refused(save(grid, tmp_path / "a.csv"), STAFF, "record_id", "6 rows", "one event")
    assert "baseline" not in said


MARKED: dict[str, tuple[dict[str, list[str]], str]] = {
    "kobo_not_approved": (
        {
            "_id": [str(900 + n) for n in range(12)],
            "_validation_status": ["", "Approved"] * 5 + ["Not Approved"] * 2,
        },
        "unusable",
    ),
    "qualtrics_spam": (
        {
            "StartDate": ["2026-03-01 09:00:00"] * 12,
            "Status": ["IP Address"] * 10 + ["Spam"] * 2,
            "Progress": ["100"] * 12,
            "Finished": ["True"] * 12,
            "ResponseId": [f"R_{n}" for n in range(12)],
        },
        "unusable",
    ),
    "typeform_partial": (
        {
            "#": [f"id{n}" for n in range(12)],
            "Response Type": ["completed"] * 10 + ["partial"] * 2,
            "Submit Date (UTC)": ["2026-03-01 09:10:00"] * 10 + [""] * 2,
        },
        "partial",
    ),
    "limesurvey_es_partial": (
        {
            "ID de respuesta": [str(n) for n in range(12)],
            "Fecha de envío": ["2026-03-01 09:10:00"] * 10 + [""] * 2,
            "Última página": ["3"] * 10 + ["1"] * 2,
            "Lenguaje inicial": ["es"] * 12,
        },
        "partial",
    ),
    # siblings
    "limesurvey_fr": (
        {
            "ID de la réponse": [str(n) for n in range(12)],
            "Date de soumission": ["2026-03-01 09:10:00"] * 10 + [""] * 2,
            "Dernière page": ["3"] * 12,
            "Langue de départ": ["fr"] * 12,
        },
        "partial",
    ),
    "limesurvey_de": (
        {
            "Antwort ID": [str(n) for n in range(12)],
            "Datum Abgeschickt": ["2026-03-01 09:10:00"] * 10 + [""] * 2,
            "Letzte Seite": ["3"] * 12,
            "Start-Sprache": ["de"] * 12,
        },
        "partial",
    ),
    "limesurvey_pt": (
        {
            "ID da resposta": [str(n) for n in range(12)],
            "Data de envio": ["2026-03-01 09:10:00"] * 10 + [""] * 2,
            "Última página": ["3"] * 12,
            "Idioma inicial": ["pt-BR"] * 12,
        },
        "partial",
    ),
    "qualtrics_fr_words": (
        {
            "Status": ["Adresse IP"] * 10 + ["Aperçu de l'enquête"] * 2,
            "Finished": ["VRAI"] * 12,
            "ResponseId": [f"R_{n}" for n in range(12)],
        },
        "test",
    ),
    "qualtrics_finished_es": (
        {"Finished": ["VERDADERO"] * 10 + ["FALSO"] * 2, "ResponseId": [f"R_{n}" for n in range(12)]},
        "partial",
    ),
    "qualtrics_values_spam": (
        {
            "Status": ["0"] * 10 + ["8", "12"],
            "Finished": ["1"] * 12,
            "ResponseId": [f"R_{n}" for n in range(12)],
        },
        "unusable",
    ),
    "kobo_on_hold_by_name": (
        {
            "_uuid": [f"0b6e-{n}" for n in range(12)],
            "_validation_status": ["validation_status_approved"] * 10
            + ["validation_status_on_hold", "validation_status_not_approved"],
        },
        "unusable",
    ),
    "kobo_fr": (
        {
            "_id": [str(n) for n in range(12)],
            "_validation_status": ["Approuvé"] * 10 + ["Non approuvé", "En attente"],
        },
        "unusable",
    ),
    "odk_rejected": (
        {
            "SubmissionDate": ["2026-03-01T08:00:00.000Z"] * 12,
            "KEY": [f"uuid:{n}" for n in range(12)],
            "ReviewState": ["", "approved"] * 5 + ["rejected"] * 2,
        },
        "unusable",
    ),
    "redcap_de": (
        {
            "Record ID": [str(n) for n in range(12)],
            "Survey Identifier": [""] * 12,
            "Survey Timestamp": ["2026-03-02 09:13"] * 10 + ["[not completed]"] * 2,
        },
        "partial",
    ),
    "surveymonkey_status": (
        {
            "Respondent ID": [str(118052219000 + n) for n in range(12)],
            "Response Status": ["Completed"] * 10 + ["Partial"] * 2,
        },
        "partial",
    ),
    "surveymonkey_es_disqualified": (
        {
            "ID de encuestado": [str(118052219000 + n) for n in range(12)],
            "Estado de la respuesta": ["Completada"] * 10 + ["Descalificado"] * 2,
        },
        "unusable",
    ),
    "alchemer_partial": (
        {
            "Response ID": [str(n) for n in range(12)],
            "Time Started": ["2026-03-01 09:00:00"] * 12,
            "Date Submitted": ["2026-03-01 09:10:00"] * 12,
            "Status": ["Complete"] * 10 + ["Partial"] * 2,
        },
        "partial",
    ),
    "jotform_denied": (
        {
            "Submission Date": ["2026-03-01 09:00:00"] * 12,
            "Submission ID": [str(6123456789 + n) for n in range(12)],
            "Approval Status": ["Approved"] * 10 + ["Denied"] * 2,
        },
        "unusable",
    ),
    "a_tool_without_an_entry": (
        {"CASE": [str(n) for n in range(12)], "FINISHED": ["1"] * 10 + ["0"] * 2},
        "partial",
    ),
}


@pytest.mark.parametrize("name", MARKED)
def test_rows_that_the_tool_threw_out_are_left_out_and_the_owner_is_told(name: str, tmp_path: Path) -> None:
    columns, kind = MARKED[name]
    grid = beside(staff(12), **columns)
    for path in (save(grid, tmp_path / "a.csv"), save_xlsx(grid, tmp_path / "a.xlsx")):
        found = release(read(path, STAFF))
        assert found.to_dict()["people"] == 10
        assert found.notes["rows"][kind] == 2
        assert {"read", "blank", "test", "partial", "duplicated"} <= set(found.notes["rows"])
        left = sum(found.notes["rows"].get(one, 0) for one in ("blank", "test", "partial", "unusable"))
        assert found.notes["rows"]["read"] - left == 10


UNKNOWN: dict[str, dict[str, list[str]]] = {
    "google_status": {"Timestamp": days(12), "Status": ["Real"] * 10 + ["R_fake"] * 2},
    "odk_has_issues": {
        "SubmissionDate": ["2026-03-01"] * 12,
        "KEY": [f"uuid:{n}" for n in range(12)],
        "ReviewState": [""] * 10 + ["hasIssues"] * 2,
    },
    "a_spreadsheet_in_spanish": {
        "Folio": [str(n) for n in range(12)],
        "Revisión": ["bien"] * 10 + ["ojo"] * 2,
    },
    "limesurvey_finished": {"Completed?": ["ja ja"] * 12},
    "kobo_own_word": {"_id": [str(n) for n in range(12)], "_validation_status": [""] * 10 + ["Pas sûre"] * 2},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_status_in_words_that_nobody_told_is_asked_about_and_then_read_as_the_codebook_says(
    name: str, tmp_path: Path
) -> None:
    columns = UNKNOWN[name]
    heading, cells = list(columns.items())[-1]
    path = save(beside(staff(12), **columns), tmp_path / "a.csv")
    said = refused(path, STAFF, f'column "{heading}"', "leave_out", "in row ")
    assert not any(cell and cell in said for cell in cells)
    told = replace(STAFF, leave_out={heading.upper(): (cells[-1],)})
    assert rows(path, told).people == 12 - cells.count(cells[-1])
    assert rows(path, replace(STAFF, leave_out={heading: ()})).people == 12


def test_what_leave_out_names_has_to_be_there_and_no_question(tmp_path: Path) -> None:
    path = save(beside(staff(12), Timestamp=days(12)), tmp_path / "a.csv")
    refused(path, replace(STAFF, leave_out={"Stauts": ("Spam",)}), 'no column has the heading "Stauts"')
    role = next(iter(STAFF.about.values())).text
    refused(path, replace(STAFF, leave_out={role: ("Other work",)}), "is a question")


# --- one person in several rows -------------------------------------------------------------------------

TWICE: dict[str, tuple[dict[str, list[str]], str]] = {
    "qualtrics": ({"ResponseId": ["R_{}"], "Finished": ["True"]}, "ResponseId"),
    "limesurvey_fr": (
        {"ID de la réponse": ["{}"], "Date de soumission": ["2026-03-01"], "Dernière page": ["3"]},
        "ID de la réponse",
    ),
    "limesurvey_token": ({"id": ["{row}"], "submitdate": ["2026"], "lastpage": ["3"], "token": ["tok{}"]}, "token"),
    "kobo": ({"_id": ["{row}"], "_uuid": ["0b6e-{}"], "_submission_time": ["2026-03-01T09:{row}:00"]}, "_uuid"),
    "kobo_group": ({"_index": ["{row}"], "_submission__id": ["{}"], "_submission__uuid": ["u{}"]}, "_submission__id"),
    "odk": ({"SubmissionDate": ["2026"], "KEY": ["uuid:{}"]}, "KEY"),
    "odk_group": ({"KEY": ["uuid:{row}"], "PARENT_KEY": ["uuid:{}"]}, "PARENT_KEY"),
    "typeform": ({"#": ["hefup{}"], "Submit Date (UTC)": ["2026-03-01 09:{row}"]}, "#"),
    "surveymonkey_de": ({"Befragten-ID": ["1180522190{}"], "Collector-ID": ["4461"]}, "Befragten-ID"),
    "microsoft_forms_pt": ({"ID": ["{}"], "Hora de início": ["2026-03-01 09:{row}"]}, "ID"),
    "jotform": ({"Submission Date": ["2026-03-01"], "Submission ID": ["61234{}"]}, "Submission ID"),
    "alchemer": ({"Response ID": ["{}"], "Time Started": ["2026-03-01 09:{row}"]}, "Response ID"),
    "redcap_repeats": (
        {"participant_no": ["{}"], "redcap_repeat_instrument": ["staff"], "redcap_repeat_instance": ["{row}"]},
        "participant_no",
    ),
    "redcap_labels": ({"Record ID": ["{}"], "Event Name": ["Baseline"], "Repeat Instance": ["{row}"]}, "Record ID"),
    "a_panel": ({"Timestamp": ["3/1/2026 9:{row}"], "Panelist ID": ["P{}"]}, "Panelist ID"),
    "a_spreadsheet": ({"Respondent number": ["{}"], "Entered": ["by hand"]}, "Respondent number"),
}  # fmt: skip


@pytest.mark.parametrize("name", TWICE)
def test_several_rows_of_one_id_are_refused_with_how_many(name: str, tmp_path: Path) -> None:
    written, heading = TWICE[name]
    columns = {
        key: [cells[0].replace("{}", f"{10 + n // 2}").replace("{row}", f"{10 + n}") for n in range(12)]
        for key, cells in written.items()
    }
    grid = beside(staff(12), **columns)
    for path in (save(grid, tmp_path / "a.csv", separator=";"), save_xlsx(grid, tmp_path / "a.xlsx")):
        refused(path, STAFF, f'"{heading}"', "6 rows", "each person counts once")
    # and without the second rows it is read
    assert rows(save([grid[0], *grid[1::2]], tmp_path / "b.csv"), STAFF).people == 6


@pytest.mark.parametrize("name", TWICE)
def test_rows_alike_in_everything_with_one_id_are_one_person(name: str, tmp_path: Path) -> None:
    written, _ = TWICE[name]
    columns = {
        key: [cells[0].replace("{}", f"{10 + n}").replace("{row}", f"{10 + n}") for n in range(6)]
        for key, cells in written.items()
    }
    grid = beside(staff(6), **columns)
    found = rows(save([*grid, *grid[:2:-1]], tmp_path / "a.csv"), STAFF)
    assert found.people == 6 and found.counts["repeated"] == 4


def test_rows_alike_in_everything_without_an_id_are_people_who_agree(tmp_path: Path) -> None:
    """A time alone is not enough: two people can press the button in one minute."""
    grid = beside(staff(12), Timestamp=["3/1/2026 9:00:00"] * 12)
    found = rows(save([*grid, grid[3], grid[4]], tmp_path / "a.csv"), STAFF)
    assert found.people == 14
    assert found.counts["duplicated"] == 2 and "repeated" not in found.counts


def test_rows_alike_in_everything_in_a_list_of_ones_own_are_people_who_agree(tmp_path: Path) -> None:
    grid = beside(staff(12), **{"E-mail": [f"p{n}@example.org" for n in range(12)]})
    found = rows(save([*grid, grid[3]], tmp_path / "a.csv"), STAFF)
    assert found.people == 13 and found.counts["duplicated"] == 1


def test_an_address_that_several_people_share_is_told_and_nobody_is_lost(tmp_path: Path) -> None:
    shared = ["desk@example.org"] * 4 + [f"p{n}@example.org" for n in range(8)]
    grid = beside(staff(12), **{"Timestamp": days(12), "Email Address": shared})
    found = rows(save(grid, tmp_path / "a.csv"), STAFF)
    assert found.people == 12
    why = dict(found.columns_dropped)["Email Address"]
    assert "3 rows have the address of an earlier one" in why and "example" not in why


@pytest.mark.parametrize(
    "nobody", ["anonymous", "anónimo", "Anonym", "", "N/A", "1.18052E+11", "1,18052E+11"]
)
def test_a_word_for_nobody_and_a_number_cut_short_are_no_id(nobody: str, tmp_path: Path) -> None:
    grid = beside(staff(12), **{"Respondent ID": [nobody] * 12, "Collector ID": ["44"] * 12})
    found = rows(save(grid, tmp_path / "a.csv", separator=";"), STAFF)
    assert found.people == 12 and set(found.ids) == {""}
    assert ("cut its numbers short" in dict(found.columns_dropped)["Respondent ID"]) is ("E+" in nobody)


def test_a_partial_row_and_the_whole_one_of_the_same_person_are_no_two_rows(tmp_path: Path) -> None:
    grid = beside(
        staff(12),
        id=list(range(12)),
        submitdate=["", *["2026-03-01 09:00:00"] * 11],
        lastpage=["3"] * 12,
        token=["tokA", "tokA", *(f"tok{n}" for n in range(10))],
    )
    found = rows(save(grid, tmp_path / "a.csv"), STAFF)
    assert found.people == 11 and found.counts["partial"] == 1


# --- parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"ResponseId": [f"R_{n}" for n in range(24)], "Finished": ["True"] * 24},
        {"_uuid": [f"0b{n}" for n in range(24)], "_submission_time": days(24)},
        {"ID": list(range(24)), "Start time": days(24), "Completion time": days(24)},
        {"Timestamp": days(24), "Panelist ID": [f"P{n}" for n in range(24)]},
    ],
    ids=["qualtrics", "kobo", "microsoft_forms", "a panel"],
)
def test_parts_that_share_an_id_are_refused_whatever_their_answers(
    columns: dict[str, list[object]], tmp_path: Path
) -> None:
    grid = beside(staff(24), **columns)
    one = save(grid[:22], tmp_path / "one.csv")
    other = save(
        [grid[0], *(grid[n][: len(columns)] + staff(24, seed=9)[n] for n in range(20, 25))],
        tmp_path / "b.csv",
    )
    refused([one, other], STAFF, "b.csv", "2 ids in it stand in another")
    rest = save([grid[0], *grid[22:]], tmp_path / "rest.csv")
    assert rows([one, rest], STAFF).people == 24


def test_two_forms_that_both_count_from_one_are_two_honest_parts(tmp_path: Path) -> None:
    """Two sites with a form each: the numbers are the same, the people are not."""
    paths = [
        save(
            beside(
                staff(12, seed=site),
                **{
                    "ID": list(range(1, 13)),
                    "Start time": days(12),
                    "Completion time": [f"2026-03-0{site} 9:{n:02}" for n in range(12)],
                },
            ),
            tmp_path / f"{site}.csv",
        )
        for site in (1, 2)
    ]
    found = rows(paths, STAFF)
    assert found.people == 24 and found.ids_counted
    assert len(set(found.ids)) == 12 and len(set(zip(found.ids, found.times, strict=True))) == 24


@pytest.mark.parametrize("day", ["1980-01-01 00:00:00", "01/01/1980 0:00", "1/1/80 0:00", "1899-12-30"])
def test_a_day_long_ago_that_a_tool_writes_for_everybody_is_no_time(day: str, tmp_path: Path) -> None:
    """LimeSurvey in an anonymous survey: two sites' files have the same number on the same day, row by row."""
    north, south = (
        beside(staff(12, seed=site), id=list(range(1, 13)), submitdate=[day] * 12, lastpage=[2] * 12)
        for site in (1, 2)
    )
    path = save(north, tmp_path / "north.csv")
    found = rows([path, save(south, tmp_path / "south.csv")], STAFF)
    assert found.people == 24 and found.ids_counted and set(found.times) == {""}
    refused([path, save(north[:9], tmp_path / "b.csv")], STAFF, "b.csv", "8 ids in it stand in another")


@pytest.mark.parametrize("day", ["1447/05/{:02}", "{:02}/05/1447", "1404-08-{:02}", "2568-11-{:02}"])
def test_a_day_of_another_calendar_is_a_time(day: str, tmp_path: Path) -> None:
    """As survey tools write it in Iran, and a spreadsheet in Saudi Arabia or Thailand."""
    grid = beside(staff(12), Timestamp=[f"{day.format(n)} 09:10:00" for n in range(1, 13)])
    assert len(set(rows(save(grid, tmp_path / "a.csv"), STAFF).times)) == 12


# --- rows that are no respondent's -----------------------------------------------------------------------


def test_a_summary_below_the_answers_is_refused_by_its_number(tmp_path: Path) -> None:
    """row_most_common"""
    grid = beside(staff(12), Timestamp=days(12))
    grid.append(["Most common", *["Often"] * len(STAFF.items), "", "", ""])
    refused(save(grid, tmp_path / "a.csv"), STAFF, "row 14")
    refused(save_xlsx(grid, tmp_path / "a.xlsx"), STAFF, "row 14")


@pytest.mark.parametrize(
    "label",
    ["Average", "AVERAGE:", "Mean", "Median answer", "Mode", "Total", "Most frequent answer", "Moyenne", "Réponse la plus fréquente",
     "Promedio", "Lo más común", "Moda", "Mittelwert", "Häufigste Antwort", "Média", "A mais comum", "What we hear most"],
)  # fmt: skip
def test_a_label_and_answers_are_nobody_in_other_words_and_places_too(label: str, tmp_path: Path) -> None:
    at = 3 if label[0] < "M" else 13
    grid = beside(staff(12), Timestamp=days(12))
    grid.insert(at, [label, *["Often"] * len(STAFF.items), "", "", ""])
    refused(save(grid, tmp_path / "a.csv"), STAFF, f"row {at + 1}")


@pytest.mark.parametrize("blank", [b"", b"   ", b"\t", b" \t ", b'""', b",,,,", "\u00a0".encode()])
@pytest.mark.parametrize("end", [b"", b"  ", b"\r\n  \r\n"])
def test_a_summary_is_found_where_lines_above_it_are_blank_or_of_spaces(
    blank: bytes, end: bytes, tmp_path: Path
) -> None:
    """What tells rows apart is read of the same rows that the answers are read of."""
    grid = beside(staff(12), **{"Response ID": [f"R_{n}" for n in range(12)], "Timestamp": days(12)})
    grid.append(["", "Average", *["Often"] * len(STAFF.items), "", "", ""])
    lines = save(grid, tmp_path / "a.csv").read_bytes().splitlines(keepends=True)
    path = tmp_path / "b.csv"
    path.write_bytes(b"".join([*lines[:4], blank + b"\r\n", *lines[4:], end]))
    refused(path, STAFF, "row 15 is nobody's")
    lines.pop()
    path.write_bytes(b"".join([*lines[:4], blank + b"\r\n", *lines[4:], lines[7], end]))
    found = rows(path, STAFF)
    assert found.people == 12 and found.counts["repeated"] == 1


def test_a_summary_is_found_where_each_line_ends_twice(tmp_path: Path) -> None:
    """As a program writes it that adds a carriage return to lines that have one."""
    grid = beside(staff(12), **{"Response ID": [f"R_{n}" for n in range(12)], "Timestamp": days(12)})
    path = save(grid, tmp_path / "a.csv", line_end="\r\r\n")
    assert rows(path, STAFF).counts["read"] == 12
    grid.append(["", "Average", *["Often"] * len(STAFF.items), "", "", ""])
    refused(save(grid, path, line_end="\r\r\n"), STAFF, "is nobody's")


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Informazioni cronologiche", "Media"), ("Tijdstempel", "Gemiddelde"), ("Sygnatura czasowa", "Średnia:"),
        ("Zaman damgası", "ORTALAMA"), ("Отметка времени", "Среднее"), ("タイムスタンプ", "平均"), ("타임스탬프", "평균"),
        ("时间戳记", "平均值"), ("طابع زمني", "المتوسط"), ("Dấu thời gian", "Trung bình"), ("Tidstämpel", "Medelvärde"),
        ("Our own", "Średnia"),
    ],
)  # fmt: skip
def test_times_and_summaries_are_known_in_further_languages(heading: str, label: str, tmp_path: Path) -> None:
    """Where the heading of its times is not known, a sheet of Google Forms could not know rows again by them."""
    grid = beside(staff(12), **{heading: days(12)})
    assert len(set(rows(save(grid, tmp_path / "a.csv"), STAFF).times)) == (1 if heading == "Our own" else 12)
    grid.append([label, *["Often"] * len(STAFF.items), "", "", ""])
    refused(save(grid, tmp_path / "a.csv"), STAFF, "row 14")


@pytest.mark.parametrize("name", ["an id", "a name", "no tool", "groups too", "numbers", "a breakdown"])
def test_a_summary_is_found_under_any_first_column(name: str, tmp_path: Path) -> None:
    items = len(STAFF.items)
    about, answers = ["", "", ""], ["Often"] * items
    if name == "an id":
        grid = beside(staff(12), **{"Response ID": [f"R_{n}" for n in range(12)]})
    elif name == "a name":
        grid = beside(staff(12), **{"Name": ["Ana"] * 12, "Timestamp": days(12)})
        about = ["", "", "", ""]
        grid.append(["Average", "", *answers, *about[1:]])
        refused(save(grid, tmp_path / "a.csv"), STAFF, "row 14")
        return
    elif name == "a breakdown":  # and no column that isn't ours
        grid = [*staff(12), [*answers, "Average", "", ""]]
        refused(save(grid, tmp_path / "a.csv"), STAFF, "row 14 is nobody's")
        return
    elif name == "no tool":
        grid = beside(staff(12), **{"": [""] * 12})
    elif name == "groups too":
        grid, about = beside(staff(12), Timestamp=days(12)), staff(1)[1][items:]
    else:
        grid, answers = beside(staff(12), Timestamp=days(12)), ["3.4"] * items
    grid.append(["Average", *answers, *about])
    refused(save(grid, tmp_path / "a.csv"), STAFF, "row 14")


@pytest.mark.parametrize("site", ["Media", "All staff", "ALL  STAFF"])
def test_an_answer_that_the_codebook_lists_is_no_label_of_a_summary(site: str, tmp_path: Path) -> None:
    """Somebody works in the media, or with all staff, in a file of which times were taken out."""
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK.replace("North", site.replace("ALL  STAFF", "All staff")), encoding="utf-8")
    grid = [[site if cell == "North" else cell for cell in row[3:8]] for row in google(people(12))]
    assert rows(save(grid, tmp_path / "a.csv"), load(path)).people == 12
    grid.append(["Average", *grid[1][1:]])
    with pytest.raises(AlongsideError, match="row 14 is nobody's"):
        read(save(grid, tmp_path / "a.csv"), load(path))


@pytest.mark.parametrize("tool", ["ID", "Timestamp"])
def test_the_owner_hears_of_a_row_to_which_the_tool_gave_neither_number_nor_time(
    tool: str, tmp_path: Path
) -> None:
    """A row of medians without a label looks like somebody typed in from paper: only the owner can tell."""
    columns = (
        {"ID": [*range(1, 13), ""], "Completion time": [*days(12), ""]}
        if tool == "ID"
        else {tool: [*days(12), ""]}
    )
    grid = beside(staff(13), **columns)
    found = rows(save(grid, tmp_path / "a.csv"), STAFF)
    assert found.people == 13
    assert "have none, the first of them row 14:" in dict(found.columns_dropped)[tool]
    whole = rows(save(grid[:-1], tmp_path / "b.csv"), STAFF)
    assert "have none" not in str(whole.columns_dropped)
    none = beside(staff(13), **{name: [""] * 13 for name in columns})
    assert "have none" not in str(rows(save(none, tmp_path / "c.csv"), STAFF).columns_dropped)


COUNTED = [(3, 8), (4, 9), (5, 7), (6, 8), (1, 9)]  # of a word, in two questions
TALLIES: dict[str, Callable[[int], list[str]]] = {
    "how often each word was chosen": lambda point: [
        f"{STAFF.scale[point]}: {many}" for many in COUNTED[point]
    ],
    "the number first": lambda point: [f"{many} {STAFF.scale[point]}" for many in COUNTED[point]],
    "in one question": lambda point: [f"{STAFF.scale[point]} ({COUNTED[point][0]})"],
    "a key": lambda point: [f"{number} = {word}" for number, word in enumerate(STAFF.scale, start=1)],
}


@pytest.mark.parametrize("how", TALLIES)
@pytest.mark.parametrize("tool", [True, False])
@pytest.mark.parametrize("at", [1, 13])
def test_counts_and_keys_in_place_of_answers_are_nobody(
    how: str, tool: bool, at: int, tmp_path: Path
) -> None:
    """Below the answers, or between them and the headings; counts of the groups may stand beside."""
    grid = staff(12)
    for point in (0, 1) if tool else range(len(STAFF.scale)):
        row = [*TALLIES[how](point), *[""] * len(grid[0])][: len(grid[0])]
        row[len(STAFF.items)] = f"{next(iter(STAFF.about['work'].answers))}: 7" if how != "a key" else ""
        grid.insert(at, row)
    if tool:
        times = days(12)
        times[at - 1 : at - 1] = ["", ""]
        grid = beside(
            grid, ID=[n + 1 if time else "" for n, time in enumerate(times)], **{"Completion time": times}
        )
    refused(save(grid, tmp_path / "a.csv"), STAFF, f"row {at + 1}", "as in a count or a key")


def test_counts_are_found_where_all_answers_have_their_number(tmp_path: Path) -> None:
    numbers = {word: f"{number} - {word}" for number, word in enumerate(STAFF.scale, start=1)}
    grid = [[numbers.get(cell, cell) for cell in row] for row in staff(12)]
    assert rows(save(grid, tmp_path / "a.csv"), STAFF).people == 12
    grid.append([*[f"9 - {STAFF.scale[1]}"] * len(STAFF.items), "", "", ""])
    refused(save(grid, tmp_path / "a.csv"), STAFF, "row 14", "as in a count or a key")


def test_somebody_who_wrote_numbers_beside_some_words_is_somebody(tmp_path: Path) -> None:
    """Without a time, as typed in from paper; and with one, where all of a person's words have their number."""
    numbers = {word: f"{number} - {word}" for number, word in enumerate(STAFF.scale, start=1)}
    grid = beside(staff(12), Timestamp=["", *days(11)])
    grid[1] = [numbers.get(cell, cell) if at % 2 else cell for at, cell in enumerate(grid[1])]
    grid[2] = [numbers.get(cell, cell) for cell in grid[2]]
    assert rows(save(grid, tmp_path / "a.csv"), STAFF).people == 12


def test_people_whom_one_helper_typed_in_with_numbers_are_people(tmp_path: Path) -> None:
    """Without a time or a number in any row: three of twelve have numbers, which run with the scale, or against it."""
    for numbers in ("12345", "54321", ["A1", "A2", "A3", "A4", "A5"]):
        grid = [
            [
                f"{numbers[STAFF.scale.index(cell)]} - {cell}" if cell in STAFF.scale else cell
                for cell in row[:-3]
            ]
            if at in (3, 7, 8)
            else row[:-3]
            for at, row in enumerate(staff(12))
        ]
        assert rows(save([[*row, "", "", ""] for row in grid], tmp_path / "a.csv"), STAFF).people == 12


def test_numbers_beside_words_that_are_no_answer_may_differ(tmp_path: Path) -> None:
    grid = beside(staff(12), Timestamp=days(12))
    for row, word in (
        (2, "98 - Prefer not to say"),
        (3, "99 - Does not apply"),
        (4, "77 - Prefer not to say"),
    ):
        grid[row][1:4] = [word] * 3
    assert rows(save(grid, tmp_path / "a.csv"), STAFF).people == 12


def test_people_who_left_a_time_or_a_word_out_are_people(tmp_path: Path) -> None:
    """Typed in from paper: no time, or the word paper; and an answer in a comment that could be a label."""
    grid = beside(
        staff(12), Timestamp=[*days(9), "", "paper", "paper"], Comments=["Average", *[""] * 10, "Total chaos"]
    )
    assert rows(save(grid, tmp_path / "a.csv"), STAFF).people == 12


def test_months_in_place_of_times_are_no_labels(tmp_path: Path) -> None:
    grid = [[*row[:-3]] for row in beside(staff(12), Date=["March"] * 12)]
    assert rows(save(grid, tmp_path / "a.csv"), STAFF).people == 12


def test_headings_in_the_middle_are_refused_by_their_number(tmp_path: Path) -> None:
    """header_repeated"""
    grid = beside(staff(27), Timestamp=days(27))
    grid.insert(25, grid[0])
    refused(save(grid, tmp_path / "a.csv"), STAFF, "row 26 repeats the headings")
    refused(save_xlsx(grid, tmp_path / "a.xlsx"), STAFF, "row 26 repeats the headings")


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape.__name__ != "spreadsheet"], ids=lambda shape: shape.__name__
)
@pytest.mark.parametrize("turned", [False, True])
def test_headings_in_the_middle_are_found_in_every_tools_export(
    shape: Shape, turned: bool, tmp_path: Path, codebook: Codebook
) -> None:
    """Two exports pasted below each other; the second may have its columns in another order."""
    grid = shape(people(12))
    heads = len(grid) - 12
    again = [list(row[::-1]) if turned else list(row) for row in grid[:heads]]
    path = save([*grid[: heads + 6], *again, *grid[heads + 6 :]], tmp_path / "a.csv")
    said = refused(path, codebook, "repeats the headings")
    assert re.search(rf"row ({'|'.join(str(heads + 7 + n) for n in range(heads))}) repeats", said)


# --- a tool that speaks another language ----------------------------------------------------------------

SPOKEN: dict[str, tuple[Shape, dict[str, str]]] = {
    "google es": (google, {"Timestamp": "Marca temporal", "Email Address": "Dirección de correo electrónico"}),
    "google fr": (google, {"Timestamp": "Horodateur", "Email Address": "Adresse e-mail"}),
    "google de": (google, {"Timestamp": "Zeitstempel", "Email Address": "E-Mail-Adresse"}),
    "google pt": (google, {"Timestamp": "Carimbo de data/hora", "Email Address": "Endereço de e-mail"}),
    "microsoft es": (
        microsoft_forms,
        {"ID": "Id.", "Start time": "Hora de inicio", "Email": "Correo electrónico", "Name": "Nombre", "anonymous": "anónimo"},
    ),
    "microsoft fr": (
        microsoft_forms,
        {"Start time": "Heure de début", "Email": "Adresse de messagerie", "Name": "Nom", "anonymous": "anonyme"},
    ),
    "microsoft de": (microsoft_forms, {"Start time": "Startzeit", "Email": "E-Mail", "anonymous": "anonym"}),
    "microsoft pt": (
        microsoft_forms,
        {"Start time": "Hora de início", "Email": "Email", "Name": "Nome", "anonymous": "anônimo"},
    ),
    "surveymonkey es": (
        surveymonkey,
        {"Respondent ID": "ID de encuestado", "IP Address": "Dirección IP", "Response": "Respuesta",
         "Open-Ended Response": "Respuesta abierta"},
    ),
    "surveymonkey fr": (
        surveymonkey,
        {"Respondent ID": "ID de répondant", "IP Address": "Adresse IP", "Response": "Réponse",
         "Open-Ended Response": "Réponse ouverte"},
    ),
    "surveymonkey de": (
        surveymonkey,
        {"Respondent ID": "Befragten-ID", "IP Address": "IP-Adresse", "Response": "Antwort",
         "Open-Ended Response": "Offene Antwort"},
    ),
    "surveymonkey pt": (
        surveymonkey,
        {"Respondent ID": "ID do respondente", "IP Address": "Endereço IP", "Response": "Resposta",
         "Open-Ended Response": "Resposta aberta"},
    ),
    "limesurvey es": (
        limesurvey_texts,
        {"Response ID": "ID de respuesta", "Date submitted": "Fecha de envío", "Last page": "Última página",
         "Start language": "Lenguaje inicial"},
    ),
    "limesurvey fr": (
        limesurvey_texts,
        {"Response ID": "ID de la réponse", "Date submitted": "Date de soumission", "Last page": "Dernière page",
         "Start language": "Langue de départ"},
    ),
    "limesurvey de": (
        limesurvey_texts,
        {"Response ID": "Antwort ID", "Date submitted": "Datum Abgeschickt", "Last page": "Letzte Seite",
         "Start language": "Start-Sprache"},
    ),
    "limesurvey pt": (
        limesurvey_texts,
        {"Response ID": "ID da resposta", "Date submitted": "Data de envio", "Last page": "Última página",
         "Start language": "Idioma inicial"},
    ),
    "qualtrics es": (
        qualtrics_labels,
        {"Response Type": "Tipo de respuesta", "Response ID": "ID de respuesta", "True": "Verdadero", "False": "Falso",
         "IP Address": "Dirección IP", "Survey Preview": "Vista previa de la encuesta"},
    ),
    "qualtrics fr": (
        qualtrics_labels,
        {"Response Type": "Type de réponse", "Response ID": "ID de réponse", "True": "Vrai", "False": "Faux",
         "IP Address": "Adresse IP", "Survey Preview": "Aperçu de l'enquête"},
    ),
    "qualtrics de": (
        qualtrics_labels,
        {"Response Type": "Antworttyp", "Response ID": "Antwort-ID", "True": "Wahr", "False": "Falsch",
         "IP Address": "IP-Adresse", "Survey Preview": "Umfragevorschau"},
    ),
    "qualtrics pt": (
        qualtrics_labels,
        {"Response Type": "Tipo de resposta", "Response ID": "ID da resposta", "True": "Verdadeiro", "False": "Falso",
         "IP Address": "Endereço IP", "Survey Preview": "Visualização da pesquisa"},
    ),
    "kobo es": (kobo_labels, {"Not Approved": "No aprobado"}),
    "kobo fr": (kobo_labels, {"Not Approved": "Non approuvé"}),
    "kobo de": (kobo_labels, {"Not Approved": "Nicht genehmigt"}),
    "kobo pt": (kobo_labels, {"Not Approved": "Não aprovado"}),
    "redcap es": (redcap_labels, {"Complete?": "¿Completo?", "Complete": "Completo", "Incomplete": "Incompleto"}),
    "redcap fr": (redcap_labels, {"Complete?": "Complet ?", "Complete": "Complet", "Incomplete": "Incomplet"}),
    "redcap de": (
        redcap_labels,
        {"Complete?": "Vollständig?", "Complete": "Vollständig", "Incomplete": "Unvollständig"},
    ),
    "redcap pt": (redcap_labels, {"Complete?": "Completo?", "Complete": "Completo", "Incomplete": "Incompleto"}),
    "alchemer es": (alchemer, {"Partial": "Parcial", "Complete": "Completa", "Disqualified": "Descalificada"}),
    "jotform fr": (jotform, {"Approved": "Approuvé", "Denied": "Refusé"}),
    "jotform de": (jotform, {"Approved": "Genehmigt", "Denied": "Abgelehnt"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOKEN)
def test_an_export_gives_the_same_whatever_language_its_tool_speaks(
    name: str, tmp_path: Path, codebook: Codebook
) -> None:
    shape, words = SPOKEN[name]
    kinds = [kind for kind in ("test", "partial", "unusable") if kind in SHAPES[shape]]
    left = [Person((1, 2, 3, 4), 0, 0, kind) for kind in kinds for _ in range(2)]
    grid = shape([*people(33), *left])
    spoken = [[words.get(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in grid]
    assert spoken != grid
    english, other = (read(save(one, tmp_path / "a.csv"), codebook) for one in (grid, spoken))
    assert _rows(english).people == _rows(other).people == 33
    assert _rows(english).counts == _rows(other).counts
    assert _rows(english).ids == _rows(other).ids
    assert release(english).to_dict() == release(other).to_dict()


# --- no message quotes a cell -----------------------------------------------------------------------------


def test_a_file_of_answers_given_for_a_file_of_answers_without_headings_quotes_nothing(
    tmp_path: Path,
) -> None:
    """mixed_up_files"""
    path = tmp_path / "mixed.csv"
    path.write_text("ana.lopez@example.org,Never,Often\nsam@example.org,Often,Never\n", encoding="utf-8")
    said = refused(path, STAFF, "no heading fits")
    assert "ana" not in said and "sam" not in said and "Never" not in said


# --- siblings of what was read wrong, in other words and languages ------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Nr.", "No.", "Número", "الرقم", "Response #", "", "N° de réponse", "formResponseId", "Vote id"],
)
def test_a_first_column_that_counts_the_rows_names_them_whatever_it_is_called(
    heading: str, tmp_path: Path
) -> None:
    grid = beside(staff(14), **{heading: range(1, 15)})
    short, long = STAFF.about["time_here"].answers
    again = [[*row[:-1], long if row[-1] == short else short] for row in grid[3:9]]
    refused(save([*grid, *again], tmp_path / "a.csv"), STAFF, "6 rows", "each person counts once")
    assert rows(save(grid, tmp_path / "b.csv"), STAFF).people == 14


def test_ages_and_sites_in_a_first_column_name_nobody(tmp_path: Path) -> None:
    for cells in (
        [20 + n // 2 for n in range(14)],
        [n // 5 + 1 for n in range(14)],
        [(7 * n) % 12 + 1 for n in range(14)],
    ):
        assert rows(save(beside(staff(14), Number=cells), tmp_path / "a.csv"), STAFF).people == 14


MARKS = [
    ("Completed At", "2026-03-01T10:00:00Z", ""),
    ("Date Completed", "2026-03-01", "0000-00-00"),
    ("Date submitted", "1980-01-01 00:00:00", "NULL"),
    ("submitdate", "1980-01-01 00:00:00", "N"),
    ("Draft submission", "No", "Yes"),
    ("Brouillon", "Non", "Oui"),
    ("Entwurf", "Nein", "Ja"),
    ("Borrador", "No", "Sí"),
    ("Rascunho", "Não", "Sim"),
    ("% abgeschlossen", "100", "20"),
    ("Completion percent", "100", "35"),
    ("Current State", "Completed", "In Progress"),
    ("Valid response", "TRUE", "FALSE"),
    ("Exclude", "", "x"),
    ("Ausschließen", "", "x"),
    ("Excluir", "", "sí"),
    ("Keep?", "yes", "no"),
    ("__system/reviewState", "approved", "rejected"),
]


@pytest.mark.parametrize(("heading", "fine", "marked"), MARKS, ids=[one[0] for one in MARKS])
def test_rows_are_marked_in_other_words_and_languages_too(
    heading: str, fine: str, marked: str, tmp_path: Path
) -> None:
    grid = beside(staff(12), **{heading: [marked if n in (2, 7) else fine for n in range(12)]})
    if "system" in heading:
        grid = beside(
            grid, **{"__id": [f"uuid:{n}a" for n in range(12)], "__system/submissionDate": days(12)}
        )
    found = rows(save(grid, tmp_path / "a.csv"), STAFF)
    assert found.people == 10 and found.counts["partial"] + found.counts.get("unusable", 0) == 2


@pytest.mark.parametrize(
    "label", ["Ø", "n = 12", "Ergebnis", "Resultado", "Résultats", "المتوسط", "Team average", "Goal", "Baseline 2025", "Beispiel"]
)  # fmt: skip
@pytest.mark.parametrize("first", ["", "Timestamp", "Name"])
def test_a_summary_is_found_in_other_words_and_languages(label: str, first: str, tmp_path: Path) -> None:
    grid = staff(12)
    row = [*["Often"] * len(STAFF.items), *[""] * len(STAFF.about)]
    if first:
        grid = beside(grid, **{first: days(12) if first == "Timestamp" else [f"Ana {n}" for n in range(12)]})
        row = [label, *row]
    else:
        row[len(STAFF.items)] = label
    refused(save([*grid, row], tmp_path / "a.csv"), STAFF, "row 14")


@pytest.mark.parametrize("heading", ["ID", "Response ID", "_uuid"])
def test_a_word_where_others_have_numbers_or_codes_is_a_label(heading: str, tmp_path: Path) -> None:
    grid = beside(staff(12), **{heading: [f"{n}a7" for n in range(12)]})
    row = ["Wunschbild", *["Often"] * len(STAFF.items), *[""] * len(STAFF.about)]
    refused(save([*grid, row], tmp_path / "a.csv"), STAFF, "row 14")
    names = beside(
        staff(12), Username=["ana", "jo", "sam", "li", "zoe", "tom", "kim", "aya", "noor", "mia", "bo", "max"]
    )
    assert rows(save(names, tmp_path / "b.csv"), STAFF).people == 12
