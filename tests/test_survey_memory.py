"""Rules 8, 16 and 17: what was shown before is remembered, rows that come back are known again, mistakes can be mended.

Each of the four attacks was carried out: two reports, each safe, subtracted from one another.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from survey_attacker import found_out
from survey_made import SCALE, entries
from survey_random import Shape, at, codebook, known, made, rows, shapes, shown, some
from test_survey_attack import MANY, tries

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import load
from alongside.survey.read.exports import read
from alongside.survey.read.responses import Rows, _rows
from alongside.survey.rules import marks, releases
from alongside.survey.rules.disclosure import Release, release

AGAIN = "the way out is an export that holds only new answers"
KEEP = "Keep the first report"

Row = list[str]
ITEMS: dict[str, dict[str, str]] = entries()["items"]  # type: ignore[assignment]


def people(count: int, crowd: int = 0) -> list[Row]:
    """Answers to the six questions, a role and a site of so many people; the first of a crowd are always the same."""
    chance = np.random.default_rng(crowd)
    said = chance.integers(0, 5, (200, len(ITEMS)))[:count]
    return [
        [*(SCALE[one] for one in row), ("outreach", "front desk", "office")[number % 3], ("north", "south")[number // 3 % 2]]
        for number, row in enumerate(said)
    ]  # fmt: skip


def google(rows: Sequence[Row], day: int = 1) -> list[Row]:
    times = [f"3/{day + number // 20}/2026 9:{number % 20:02}:07" for number in range(len(rows))]
    return [["Timestamp", *HEADINGS], *([time, *row] for time, row in zip(times, rows, strict=True))]


def kobo(rows: Sequence[Row], day: int = 1) -> list[Row]:
    """Answers are there as before, the id alone says who it is: somebody may have gone over the answers."""
    ids = [hashlib.md5(f"{day} {number}".encode()).hexdigest() for number in range(len(rows))]
    return [["_uuid", *HEADINGS], *([f"{one[:8]}-{one[8:12]}-4{one[13:16]}-a{one[17:20]}-{one[20:]}", *row]
                                   for one, row in zip(ids, rows, strict=True))]  # fmt: skip


def limesurvey(rows: Sequence[Row], day: int = 1) -> list[Row]:
    heads = ["id", "submitdate", "lastpage", *HEADINGS]
    return [heads, *([str(number + 1), f"2026-03-{day:02} 10:{number // 60:02}:{number % 60:02}", "2", *row]
                     for number, row in enumerate(rows))]  # fmt: skip


def limesurvey_anonymous(rows: Sequence[Row], day: int = 1) -> list[Row]:
    """Without dates, as LimeSurvey keeps anonymous answers: everybody has the same day long ago."""
    heads, *lines = limesurvey(rows, day)
    return [heads, *([number, "1980-01-01 00:00:00", *rest] for number, _, *rest in lines)]


def typed_in(rows: Sequence[Row], day: int = 1) -> list[Row]:
    """From paper: neither an id nor a time."""
    return [[*HEADINGS], *rows]


def forms(rows: Sequence[Row], day: int = 1) -> list[Row]:
    """Microsoft Forms without its times: numbers from 1, which are no mark by themselves."""
    return [["ID", "Email", "Name", *HEADINGS], *([str(number + 1), "anonymous", "", *row] for number, row in enumerate(rows))]  # fmt: skip


HEADINGS = [*(one["text"] for one in ITEMS.values()), "What is your role?", "Where do you work?"]
DIALECTS = [google, kobo, limesurvey, limesurvey_anonymous, typed_in, forms]


def save(path: Path, table: Sequence[Row]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)
    return path


def book(path: Path, **changes: object) -> Path:
    """A codebook with one breakdown, which is soon worked out."""
    path.parent.mkdir(exist_ok=True)
    about = {"about": {"role": entries()["about"]["role"]}}  # type: ignore[index]
    path.write_text(yaml.safe_dump(entries(**(about | changes)), sort_keys=False), encoding="utf-8")
    return path


def reported(answers: Path, questions: Path) -> Release:
    """What ``alongside survey report`` does, but for drawing the page."""
    codebook = load(questions)
    made = release(read(answers, codebook))
    releases.remember(made, codebook)
    return made


def file_of(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("*.released.json")
    return json.loads(path.read_text(encoding="utf-8"))


# --- the four attacks --------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({}, {"count": 41, "wave": "2026 fall"}, id="a late answer, put into the next wave"),
        pytest.param({}, {"count": 46, "wave": "2026 fall"}, id="a growing sheet, the wave renamed"),
        pytest.param({"title": "The network"}, {"count": 34, "title": "The network less a site"}, id="less a site"),
        pytest.param(
            {},
            {
                "title": "By who is out", "count": 40,
                "about": {"role": {"text": "What is your role?",
                                   "answers": {"Outreach": ["outreach"], "Inside": ["front desk", "office"]}}},
            },
            id="another grouping",
        ),
    ],
)  # fmt: skip
def test_rows_that_were_released_before_come_back_under_nothing_else(
    tmp_path: Path,
    dialect: Callable[[Sequence[Row]], list[Row]],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    after = dict(after)
    count = after.pop("count")
    first = reported(save(tmp_path / "one.csv", dialect(people(40))), book(tmp_path / "one.yml", **before))
    assert first.to_dict()["people"] == 40
    with pytest.raises(AlongsideError) as told:
        reported(save(tmp_path / "two.csv", dialect(people(count))), book(tmp_path / "two.yml", **after))
    assert AGAIN in str(told.value) and "next wave" not in str(told.value)
    assert not (tmp_path / "two.released.json").exists()


def test_the_case_of_one_growing_sheet_gives_nothing_more_than_the_first_report(tmp_path: Path) -> None:
    """one_sheet_spring and one_sheet_fall: six newcomers' answers followed by subtraction."""
    questions = book(tmp_path / "book.yml")
    reported(save(tmp_path / "sheet.csv", google(people(40))), questions)
    save(tmp_path / "sheet.csv", google(people(46)))
    for changes in ({}, {"wave": "2026 fall"}):
        with pytest.raises(AlongsideError, match=KEEP):
            reported(tmp_path / "sheet.csv", book(questions, **changes))
    assert len(file_of(tmp_path)["releases"]) == 1


REWORDED = {
    "one question is worded anew": lambda items, scale: items["be_a_team_2"].update(text="We did this as a team."),
    "all questions are translated": lambda items, scale: [one.update(text=f"En español: {key}") for key, one in items.items()],
    "a question is taken out": lambda items, scale: items.pop("share_power_1"),
    "a word of the scale is mended": lambda items, scale: scale.__setitem__(2, "Now and then"),
}  # fmt: skip


@pytest.mark.parametrize("dialect", [google, typed_in, forms])
@pytest.mark.parametrize("how", REWORDED)
def test_rows_are_known_again_whatever_the_questions_are_called_now(
    tmp_path: Path, dialect: Callable[[Sequence[Row]], list[Row]], how: str
) -> None:
    """The sheet grows by one row, the wave is renamed, and the codebook is gone over: one person's answers would follow."""
    reported(save(tmp_path / "one.csv", dialect(people(40))), book(tmp_path / "one.yml"))
    items: dict[str, dict[str, Any]] = {
        key: {**one, "column": [one["text"]]}
        for key, one in entries()["items"].items()  # type: ignore[attr-defined]
    }
    scale = list(SCALE)
    REWORDED[how](items, scale)
    changes = {"items": items, "scale": scale, "also_means": {scale[2]: [SCALE[2]]}, "wave": "2026 fall"}
    with pytest.raises(AlongsideError, match=AGAIN):
        reported(save(tmp_path / "two.csv", dialect(people(41))), book(tmp_path / "two.yml", **changes))


@pytest.mark.parametrize("there", ["first", "then"])
@pytest.mark.parametrize("dialect", [google, kobo, limesurvey, forms])
@pytest.mark.parametrize("how", ["as they are", *REWORDED])
def test_rows_are_known_again_in_a_copy_without_the_columns_of_the_tool(
    tmp_path: Path, dialect: Callable[[Sequence[Row]], list[Row]], there: str, how: str
) -> None:
    """Somebody took numbers and times out, so that the file tells less; and the sheet has grown, or lacks a site."""
    reported(
        save(tmp_path / "one.csv", (dialect if there == "first" else typed_in)(people(40))),
        book(tmp_path / "one.yml"),
    )
    items: dict[str, dict[str, Any]] = {
        key: {**one, "column": [one["text"]]}
        for key, one in entries()["items"].items()  # type: ignore[attr-defined]
    }
    scale = list(SCALE)
    REWORDED.get(how, lambda *_: None)(items, scale)
    changes = {"items": items, "scale": scale, "also_means": {scale[2]: [SCALE[2]]}, "wave": "2026 fall"}
    for count in (41, 34):
        again = (typed_in if there == "first" else dialect)(people(count))
        with pytest.raises(AlongsideError, match=AGAIN):
            reported(save(tmp_path / "two.csv", again), book(tmp_path / "two.yml", **changes))


def test_two_programs_that_answer_the_same_questions_in_one_meeting_are_no_rows_again(tmp_path: Path) -> None:
    """In the same minutes of the same day."""
    for name, crowd in (("one", 0), ("two", 1), ("three", 2)):
        answers = save(tmp_path / f"{name}.csv", google(people(40, crowd=crowd)))
        assert reported(answers, book(tmp_path / f"{name}.yml", title=name)).to_dict()["people"] == 40


@pytest.mark.parametrize("dialect", DIALECTS)
def test_rows_are_known_again_where_only_the_answers_lie_beside_the_file(
    tmp_path: Path, dialect: Callable[[Sequence[Row]], list[Row]]
) -> None:
    answers = save(tmp_path / "answers" / "one.csv", dialect(people(40)))
    reported(answers, book(tmp_path / "answers" / "book.yml"))
    with pytest.raises(AlongsideError, match=AGAIN):
        reported(answers, book(tmp_path / "elsewhere" / "book.yml", title="Another survey"))


def test_an_id_is_known_again_where_answers_were_gone_over(tmp_path: Path) -> None:
    reported(save(tmp_path / "one.csv", kobo(people(40))), book(tmp_path / "one.yml"))
    with pytest.raises(AlongsideError, match=AGAIN):
        reported(save(tmp_path / "two.csv", kobo(people(40, crowd=1))), book(tmp_path / "two.yml", wave="2"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_export_that_holds_only_new_answers_is_another_wave(
    tmp_path: Path, dialect: Callable[[Sequence[Row], int], list[Row]]
) -> None:
    """Two honest waves: where a tool numbers people, both run from 1 to 40."""
    reported(save(tmp_path / "one.csv", dialect(people(40), 1)), book(tmp_path / "one.yml"))
    fall = book(tmp_path / "two.yml", wave="2026 fall")
    second = reported(save(tmp_path / "two.csv", dialect(people(40, crowd=1), 15)), fall)
    assert second.to_dict()["people"] == 40 and {one["by"] for one in second.to_dict()["tables"]} == {None}
    other = book(tmp_path / "three.yml", title="Another survey")
    third = reported(save(tmp_path / "three.csv", dialect(people(40, crowd=2), 28)), other)
    assert third.to_dict()["people"] == 40


@pytest.mark.parametrize(("items", "numbered"), [(6, True), (6, False), (12, False), (2, True), (1, True)])
@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_honest_waves_pass_by_their_answers_alone_and_growing_ones_do_not(
    items: int, numbered: bool, alike: float
) -> None:
    """``alike``: the share of answers that are the person's usual one, as of people who tick one column down."""
    asked = codebook(1, items, ())

    def crowd(seed: int, count: int) -> np.ndarray:
        chance = np.random.default_rng(seed)
        usual, own = (chance.choice(5, (count, width), p=(0.05, 0.15, 0.2, 0.4, 0.2)) for width in (1, items))
        return np.where(chance.random((count, items)) < alike, usual, own)

    def texts(answers: np.ndarray) -> marks.Texts:
        one = rows(asked, answers, np.zeros((len(answers), 0)))
        ids = tuple(map(str, range(1, one.people + 1))) if numbered else ()
        return marks.texts(replace(one, ids=ids or ("",) * one.people, ids_counted=numbered))

    honest, grown = [], []
    for seed in range(60):
        first = crowd(seed, 40)
        kept = marks.keyed(texts(first))
        honest.append(marks.known_again(kept, texts(crowd(1000 + seed, 53))))
        grown.append(marks.known_again(kept, texts(np.vstack([first, crowd(2000 + seed, 5)]))))
        grown.append(marks.known_again(kept, texts(first[:-2])))
    assert np.mean(honest) <= 0.05 and all(grown)


def test_a_file_in_which_a_day_long_ago_was_everybodys_time_knows_the_rows_without_it() -> None:
    """Files of before took LimeSurvey's day of anonymous answers for a time."""
    asked, chance = codebook(1, 6, ()), np.random.default_rng(3)
    one = rows(asked, chance.integers(0, 5, (40, 6)), np.zeros((40, 0)))
    numbers = replace(one, ids=tuple(map(str, range(1, 41))), ids_counted=True)
    kept = marks.keyed(marks.texts(replace(numbers, times=("the same",) * 40)))
    assert marks.known_again(kept, marks.texts(numbers))


@pytest.mark.parametrize("items", [3, 4, 6, 12])
def test_two_waves_in_which_nearly_everybody_agrees_are_no_rows_again(items: int) -> None:
    """Of a few questions at a time, most people's answers are like many others'."""
    asked, known_again = codebook(1, items, ()), []
    for seed in range(40):
        chance = np.random.default_rng(seed)
        first, then = (
            marks.texts(
                rows(
                    asked,
                    chance.choice(5, (count, items), p=(0, 0.02, 0.03, 0.15, 0.8)),
                    np.zeros((count, 0)),
                )
            )
            for count in (40, 53)
        )
        whole = marks.keyed(replace(first, parts=()))  # what answers as a whole say is another matter
        known_again.append(marks.known_again(marks.keyed(first), then) and not marks.known_again(whole, then))
    assert np.mean(known_again) <= 0.05


def test_of_very_many_rows_some_are_enough_to_know_them_again_in_any_order() -> None:
    asked, chance = codebook(1, 12, ()), np.random.default_rng(5)

    def found(answers: np.ndarray) -> marks.Texts:
        return marks.texts(rows(asked, answers, np.zeros((len(answers), 0))))

    first = chance.integers(0, 5, (45_000, 12))
    kept = marks.keyed(found(first))
    assert 10_000 < len(kept["answers"]) < 12_500  # type: ignore[arg-type]
    grown = np.vstack([chance.permutation(first), chance.integers(0, 5, (1, 12))])
    twice = np.vstack([first, chance.integers(0, 5, (40_000, 12))])
    for again in (grown, twice, chance.permutation(first)[:-1]):
        assert marks.known_again(kept, found(again))
    assert not marks.known_again(kept, found(chance.integers(0, 5, (45_000, 12))))


# --- the attacker holds every report of the folder ------------------------------------------------------

AGAINST = ("grew", "grew a lot", "shrank", "was regrouped", "is new", "grew a lot, then a site is missing")


@tries(12, MANY // 2)
@given(shapes((30, 80)), st.sampled_from(AGAINST), st.sampled_from(("wave", "title", "nothing")), st.data())
def test_nobody_is_found_by_all_reports_of_a_folder(
    tmp_path_factory: pytest.TempPathFactory, shape: Shape, how: str, changed: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("folder")
    survey = made(shape)
    survey = replace(survey, times=tuple(f"day {number}" for number in range(survey.people)))
    order = np.random.default_rng(shape.seed).permutation(survey.people)
    few = data.draw(st.integers(1, 12), "few")
    first = order[: survey.people - few if how != "grew a lot" else survey.people // 2]
    parts = {
        "grew": [order],
        "grew a lot": [order],
        "shrank": [first[few:]],
        "was regrouped": [first],
        "is new": [np.setdiff1d(order, first)],
        "grew a lot, then a site is missing": [order, order[few:]],
    }[how]
    shown_so_far = []
    for number, here in enumerate((first, *parts)):
        one = _with(survey, here, folder / f"{number}.yml", changed if number else "nothing", how)
        try:
            found = shown(one)
        except AlongsideError as error:
            assert KEEP in str(error)
            continue
        releases.remember(found, one.codebook)
        tables = found.to_dict()
        if tables["people"] is not None:
            theirs = known(survey, np.isin(np.arange(survey.people), here))
            about = {key: theirs.about[key] for key in one.codebook.about}
            if how == "was regrouped" and number:
                about = {key: [_merged(one) for one in labels] for key, labels in about.items()}
            shown_so_far.append((tables, replace(theirs, about=about)))
    if how in ("shrank", "was regrouped", "grew") and changed != "nothing":
        assert len(shown_so_far) <= 1
    assert found_out(shown_so_far) == [] if shown_so_far else True


def _with(survey: Rows, here: np.ndarray, path: Path, changed: str, how: str) -> Rows:
    """The survey with these people, in a codebook of its own in the folder."""
    one = replace(some(survey, here), times=tuple(survey.times[person] for person in here))
    new = {"wave": {"wave": "2"}, "title": {"title": "Another survey"}, "nothing": {}}[changed]
    one = at(replace(one, codebook=replace(one.codebook, **new)), path)
    if how != "was regrouped" or path.stem == "0":
        return one
    names = {key: tuple(map(_merged, labels)) for key, labels in one.about_names.items()}
    about = one.about.copy()
    for column, labels in enumerate(one.about_names.values()):
        merged = [list(map(_merged, labels)).index(_merged(label)) for label in labels]
        about[:, column] = np.array(merged)[one.about[:, column]]
    return replace(one, about=about, about_names=names)


def _merged(label: str) -> str:
    """The last two values of a breakdown are one from now on."""
    return label[:-1] + "1" if label.endswith(" 2") else label


# --- the same wave again (rule 8) -----------------------------------------------------------------------


@pytest.mark.parametrize("count", [39, 40, 41, 49])
def test_the_same_wave_with_other_people_is_refused(tmp_path: Path, count: int) -> None:
    questions = book(tmp_path / "book.yml")
    reported(save(tmp_path / "one.csv", google(people(40))), questions)
    changed = google(people(count))
    changed[3] = (
        changed[3][:1] + [SCALE[(SCALE.index(one) + 2) % 5] for one in changed[3][1:7]] + changed[3][7:]
    )
    with pytest.raises(AlongsideError, match=KEEP):
        reported(save(tmp_path / "one.csv", changed), questions)


def test_the_same_wave_with_the_same_people_or_many_more_is_shown(tmp_path: Path) -> None:
    questions = book(tmp_path / "book.yml")
    first = reported(save(tmp_path / "one.csv", google(people(40))), questions)
    assert reported(tmp_path / "one.csv", questions).to_dict() == first.to_dict()
    late = reported(save(tmp_path / "one.csv", google(people(120))), questions).to_dict()
    assert (late["people"], {one["by"] for one in late["tables"]}) == (120, {None})


# --- the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_file_holds_fingerprints_with_a_key_of_their_own_and_no_answer(
    tmp_path: Path, dialect: Callable[[Sequence[Row]], list[Row]]
) -> None:
    found = []
    for folder in ("one", "two"):
        answers = save(tmp_path / folder / "answers.csv", dialect(people(40)))
        reported(answers, book(tmp_path / folder / "book.yml"))
        (one,) = file_of(tmp_path / folder)["releases"]
        found.append({mark for kind in marks.KINDS for mark in one["rows"][kind]})
        assert len(one["rows"]["key"]) == 64 and len(found[-1]) >= 40
        text = json.dumps(one["rows"])
        assert not any(cell in text for row in dialect(people(40))[1:] for cell in row if len(cell) > 3)
    assert not found[0] & found[1]


def test_fingerprints_of_earlier_versions_are_known_again() -> None:
    key = bytes(range(32))
    found = marks.Texts({"id": [], "row": [b"a", b"b"], "answers": []}, [b"1", b"2"], False)
    earlier = [hmac.digest(key, b"row\0" + one, "sha256")[:8].hex() for one in (b"b", b"c")]
    kept = {"key": key.hex(), "id": [], "row": earlier, "answers": []}
    assert marks.known_again(kept, found)
    assert not marks.known_again({**kept, "row": earlier[1:]}, found)
    assert marks.known_again(marks.keyed(found), found)


@pytest.mark.parametrize(
    ("dialect", "kind", "written"),
    [
        (google, "row", ["7059ca4ef481fd1c"]),
        (typed_in, "answers", ["02109232df9067aa", "38877b35e35822d5", "bfd101cdfffb8d1b"]),
    ],
)
def test_a_file_that_was_written_in_november_2026_binds_today(
    tmp_path: Path, dialect: Callable[[Sequence[Row]], list[Row]], kind: str, written: list[str]
) -> None:
    """However fingerprints are made now, these are what was made then of the same answers."""
    answers = save(tmp_path / "answers.csv", dialect(people(3)))
    found = marks.texts(_rows(read(answers, book(tmp_path / "book.yml"))))
    kept = {"by": "BLAKE2b", "key": bytes(range(32)).hex(), **{each: [] for each in marks.KINDS}}
    assert marks.known_again({**kept, kind: written}, found)
    assert not marks.known_again({**kept, kind: [one[::-1] for one in written]}, found)


def as_the_first_version_wrote_it(folder: Path) -> None:
    (path,) = folder.glob("*.released.json")
    whole = json.loads(path.read_text(encoding="utf-8"))
    for one in whole["releases"]:
        del one["rows"]
        for table in one["tables"]["tables"]:
            table.pop("asked", None)
            for group in table["groups"]:
                del group["answered"]
    body = [whole["title"], whole["releases"]]
    check = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    kept = {
        "about": "…",
        "alongside": 1,
        "title": whole["title"],
        "check": check,
        "releases": whole["releases"],
    }
    path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def test_a_file_of_the_first_version_binds_as_before_and_the_owner_hears_what_it_can_not_tell(
    tmp_path: Path,
) -> None:
    questions = book(tmp_path / "book.yml")
    first = reported(save(tmp_path / "one.csv", google(people(40))), questions)
    as_the_first_version_wrote_it(tmp_path)
    with pytest.raises(AlongsideError, match=KEEP):
        reported(save(tmp_path / "more.csv", google(people(41))), questions)
    other = book(tmp_path / "other.yml", title="Another survey")
    told = reported(tmp_path / "one.csv", other).notes["told"]
    assert len(told) == 1 and told[0].startswith(
        "book.released.json is of an earlier version and remembers no rows"
    )
    (tmp_path / "other.released.json").unlink()
    again = reported(tmp_path / "one.csv", questions)
    assert again.to_dict() == first.to_dict() and again.notes["told"]
    assert "told" not in reported(tmp_path / "one.csv", questions).notes, "its rows are known from now on"


# --- mistakes can be mended (rule 17) -------------------------------------------------------------------

MENDED: dict[str, dict[str, Any]] = {
    "the survey's title": {"title": "How we build community here"},
    "a practice's name": {"practices": {"share-power": "We share power", "follow-through": "F", "be-a-team": "B"}},
    "a question's words": {"items": {**ITEMS, "be_a_team_2": {"practice": "be-a-team", "text": "A word was missing here.",
                                                              "column": [ITEMS["be_a_team_2"]["text"]]}}},
    "next steps": {"next_steps": "We meet on the first Monday."},
    "a head count": {"headcount": 72},
    "another heading": {"items": {key: {**one, "column": [f"Q {key}"]} for key, one in ITEMS.items()}},
}  # fmt: skip


@pytest.mark.parametrize("what", MENDED)
def test_what_nobody_can_subtract_is_mended_and_the_report_is_made_anew(tmp_path: Path, what: str) -> None:
    """The case mended_codebook."""
    answers, questions = save(tmp_path / "one.csv", google(people(40))), tmp_path / "book.yml"
    first = reported(answers, book(questions)).to_dict()
    again = reported(answers, book(questions, **MENDED[what])).to_dict()
    assert {one["by"] for one in again["tables"]} == {one["by"] for one in first["tables"]} == {None, "role"}
    if what not in ("next steps", "another heading"):
        assert again != first
    assert reported(answers, questions).to_dict() == again
    assert len(file_of(tmp_path)["releases"]) == 1
    with pytest.raises(AlongsideError, match=KEEP):
        reported(save(answers, google(people(41))), questions)


def test_what_changes_a_number_is_not_mended(tmp_path: Path) -> None:
    answers, questions = save(tmp_path / "one.csv", google(people(40))), tmp_path / "book.yml"
    reported(answers, book(questions))
    for changes in (
        {"favorable": SCALE[2:], "unfavorable": SCALE[:2]},
        {"title": "New", "minimum_group": 15},
    ):
        with pytest.raises(AlongsideError, match=f"{KEEP}|nothing is released"):
            reported(answers, book(questions, **changes))


def test_a_report_that_nobody_has_seen_is_taken_back_and_the_file_keeps_that_it_was(tmp_path: Path) -> None:
    answers, questions = save(tmp_path / "one.csv", google(people(40))), book(tmp_path / "book.yml")
    reported(answers, questions)
    book(questions, favorable=["Always"])
    with pytest.raises(AlongsideError, match=KEEP):
        reported(answers, questions)
    assert releases.withdraw(load(questions)) == "book.released.json"
    kept = file_of(tmp_path)
    assert (kept["releases"], kept["withdrawn"]) == ([], ["2026 spring"])
    again = reported(answers, questions)
    assert {one["by"] for one in again.to_dict()["tables"]} == {None, "role"}
    assert (len(file_of(tmp_path)["releases"]), file_of(tmp_path)["withdrawn"]) == (1, ["2026 spring"])


def test_only_the_wave_of_the_codebook_is_taken_back(tmp_path: Path) -> None:
    spring = book(tmp_path / "book.yml")
    reported(save(tmp_path / "one.csv", google(people(40))), spring)
    fall = book(tmp_path / "book.yml", wave="2026 fall")
    reported(save(tmp_path / "two.csv", google(people(40, crowd=1), day=9)), fall)
    releases.withdraw(load(fall))
    assert [one["tables"]["wave"] for one in file_of(tmp_path)["releases"]] == ["2026 spring"]
    with pytest.raises(AlongsideError, match="nothing to take back"):
        releases.withdraw(load(fall))


def test_a_file_that_is_changed_by_hand_can_not_be_used_to_take_anything_back(tmp_path: Path) -> None:
    questions = book(tmp_path / "book.yml")
    reported(save(tmp_path / "one.csv", google(people(40))), questions)
    path = tmp_path / "book.released.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"withdrawn": []', '"withdrawn": ["x"]'), encoding="utf-8"
    )
    for work in (
        lambda: reported(tmp_path / "one.csv", questions),
        lambda: releases.withdraw(load(questions)),
    ):
        with pytest.raises(AlongsideError, match="nothing is released"):
            work()
