"""Questions for which other answers are favorable: ``reversed: true``, or ``favorable`` words of their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import survey_made
import yaml
from survey_random import Shape, codebook, made, rows, shown
from survey_tools import CODEBOOK, google
from test_survey_check import PEOPLE, check
from test_survey_check import survey as exported

from alongside.errors import AlongsideError
from alongside.survey.ask import form
from alongside.survey.ask.codebook import Codebook, Points, load
from alongside.survey.ask.writing import Manuscript, put
from alongside.survey.rules import releases
from alongside.survey.rules.disclosure import Release
from alongside.survey.show import charts, findings, report

FIVE = ("Never", "Rarely", "Sometimes", "Often", "Always")
TURNED = {"reversed": True}


def written(folder: Path, changes: Mapping[str, Mapping[str, object]], **more: object) -> Path:
    """A codebook in a file, with changes to some of its items."""
    entries = survey_made.entries(**more)
    for key, change in changes.items():
        entries["items"][key] |= change  # type: ignore[index]
    path = folder / "codebook.yml"
    path.write_text(yaml.safe_dump(entries, sort_keys=False), encoding="utf-8")
    return path


def turned(one: Any, keys: set[str]) -> Any:
    """A survey in which some questions are asked the other way round, and answered so: the same people."""
    book, answers = one.codebook, one.answers.copy()
    for at, key in enumerate(book.items):
        if key in keys:
            answers[:, at] = np.where(answers[:, at] < 0, -1, len(book.scale) - 1 - answers[:, at])
    items = {key: replace(item, reversed=key in keys) for key, item in book.items.items()}
    return replace(one, codebook=replace(book, items=items), answers=answers)


def page_of(book: Codebook) -> tuple[Release, str]:
    release = survey_made.made(book, 60)
    return release, report.page(release, book)


# --- what counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "ends", "change", "points"),
    [
        (FIVE, (2, 2), {}, (FIVE[3:], FIVE[2:3], FIVE[:2])),
        (FIVE, (2, 2), {"reversed": False}, (FIVE[3:], FIVE[2:3], FIVE[:2])),
        (FIVE, (2, 2), TURNED, (FIVE[:2], FIVE[2:3], FIVE[3:])),
        (FIVE, (2, 2), {"favorable": ["Rarely", "Never"]}, (FIVE[:2], FIVE[2:3], FIVE[3:])),
        (FIVE, (2, 2), {"favorable": ["Always"]}, (FIVE[4:], FIVE[2:4], FIVE[:2])),
        (FIVE, (2, 2), {"favorable": ["Never"]}, (FIVE[:1], FIVE[1:3], FIVE[3:])),
        (FIVE, (2, 2), {"favorable": ["Sometimes"]}, (FIVE[2:3], (), (*FIVE[:2], *FIVE[3:]))),
        (FIVE, (2, 2), {"favorable": FIVE[1:4]}, (FIVE[1:4], (), ("Never", "Always"))),
        (FIVE, (2, 2), {"favorable": ["Never", "Always"]}, (("Never", "Always"), FIVE[2:3], ("Rarely", "Often"))),
        (FIVE, (2, 2), {"favorable": [*FIVE[:2], *FIVE[3:]]}, ((*FIVE[:2], *FIVE[3:]), (), FIVE[2:3])),
        (FIVE, (1, 1), TURNED, (FIVE[:1], FIVE[1:4], FIVE[4:])),
        (("No", "Yes"), (1, 1), TURNED, (("No",), (), ("Yes",))),
        (("No", "Yes"), (1, 1), {"favorable": ["No"]}, (("No",), (), ("Yes",))),
        (("1", "2", "3", "4"), (2, 2), TURNED, (("1", "2"), (), ("3", "4"))),
        (("1", "2", "3", "4"), (2, 2), {"favorable": ["4"]}, (("4",), ("3",), ("1", "2"))),
    ],
)  # fmt: skip
def test_each_point_counts_as_one_thing_for_a_question(
    scale: tuple[str, ...], ends: tuple[int, int], change: dict[str, object], points: Any, tmp_path: Path
) -> None:
    low, high = ends
    change = {key: list(value) if isinstance(value, tuple) else value for key, value in change.items()}
    path = written(
        tmp_path, {"be_a_team_1": change},
        scale=list(scale), favorable=list(scale[-high:]), unfavorable=list(scale[:low]),
    )  # fmt: skip
    book = load(path)
    assert book.points(book.items["be_a_team_1"]) == Points(*points)
    assert book.points(book.items["be_a_team_2"]).favorable == scale[-high:]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({**TURNED, "favorable": ["Never"]}, 'is "reversed" or has "favorable" words of its own, not both'),
        ({"favorable": list(FIVE)}, "it holds every point of the scale"),
        ({"favorable": []}, "it is empty; name at least one point"),
        ({"favorable": ["Nevr"]}, 'Did you mean "Never"?'),
        ({"favorable": "Never"}, "expected a list"),
        ({"reversed": "yes please"}, "expected true or false"),
        ({"unfavorable": ["Never"]}, '"unfavorable" is not known'),
    ],
)
def test_a_question_that_cant_be_counted_is_one_sentence(
    change: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(AlongsideError) as caught:
        load(written(tmp_path, {"be_a_team_1": change}))
    assert words in str(caught.value) and "be_a_team_1" in str(caught.value)
    assert "\n" not in str(caught.value)


# --- the rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("which", ["some", "all"])
def test_a_question_asked_the_other_way_round_and_answered_so_is_shown_alike(seed: int, which: str) -> None:
    """Extremes, groups, parts, the audit and what is left out hold after the reversal, and none before it."""
    share = (0.05, 0.3, 0.6, 0.95)[seed % 4]
    shape = Shape(
        30 + 6 * seed, (10, 5)[seed % 2], 2, 3, ((3, "uneven"), (2, "even")), share, 0.1, seed > 6, seed
    )
    one = made(shape)
    keys = set(list(one.codebook.items)[:: 1 if which == "all" else 2])
    first, other = shown(one).to_dict(), shown(turned(one, keys)).to_dict()
    assert first["tables"]
    asked = [
        table.pop("asked") == also.pop("asked")
        for table, also in zip(first["tables"], other["tables"], strict=True)
    ]
    assert other == first and not all(asked)


def test_without_being_told_an_opposite_question_is_counted_the_other_way() -> None:
    """So that the test above can fail."""
    one = made(Shape(60, 10, 2, 3, ((3, "uneven"),), 0.3, 0.1, False, 1))
    keys = set(one.codebook.items)
    other = turned(one, keys)
    plain = replace(other, codebook=one.codebook)
    assert shown(plain).to_dict()["tables"] != shown(other).to_dict()["tables"]


def test_parts_are_shown_only_where_all_questions_of_a_practice_have_a_middle_or_none_has() -> None:
    book = codebook(3, 2, ())
    own: dict[str, tuple[str, ...]] = dict.fromkeys(
        ("p1_0", "p2_0", "p2_1"), ("Sometimes",)
    )  # nothing lies between any more
    items = {key: replace(item, favorable=own.get(key, ())) for key, item in book.items.items()}
    answers = np.array([[(3 * one + item) % 5 for item in range(6)] for one in range(60)])
    answers[:30, 3] = 2  # so that none of the parts is near an end
    tables = shown(rows(replace(book, items=items), answers, np.zeros((60, 0)))).to_dict()["tables"]
    parts = {table["measure"]: table["groups"][0]["parts"] for table in tables if table["kind"] == "practice"}
    assert set(parts["p0"]) == {"favorable", "middle", "unfavorable"}
    assert parts["p1"] is None
    assert parts["p2"] == {"favorable": 20.0, "unfavorable": 80.0}


# --- waves and memory ----------------------------------------------------------------------------------


def test_what_was_asked_differs_where_another_answer_is_favorable_and_not_where_it_is_said_in_another_way() -> (
    None
):
    one = made(Shape(60, 10, 2, 2, (), 0.5, 0.0, False, 3))

    def asked(**changes: dict[str, Any]) -> dict[str, str]:
        items = {key: replace(item, **changes.get(key, {})) for key, item in one.codebook.items.items()}
        tables = shown(replace(one, codebook=replace(one.codebook, items=items))).to_dict()["tables"]
        return {table["measure"]: table["asked"] for table in tables}

    first, reversed_ = asked(), asked(p0_1=TURNED)
    assert {key for key in first if first[key] != reversed_[key]} == {"p0", "p0_1"}
    assert asked(p0_1={"favorable": ("Rarely", "Never")}) == reversed_
    assert asked(p0_1={"favorable": ("Often", "Always")}) == first
    assert asked(p0_0=TURNED)["p0"] not in (first["p0"], reversed_["p0"])  # which one it is, is part of it


def test_late_answers_are_refused_where_a_question_was_turned_around_in_between() -> None:
    whole = made(Shape(90, 10, 2, 3, (), 0.5, 0.0, False, 3))
    first = shown(replace(whole, people=45, answers=whole.answers[:45], about=whole.about[:45]))
    assert shown(whole, [first]).to_dict()["people"] == 90
    items = whole.codebook.items
    own = {**items, "p1_0": replace(items["p1_0"], reversed=True)}
    with pytest.raises(AlongsideError, match="Keep the first report"):
        shown(replace(whole, codebook=replace(whole.codebook, items=own)), [first])


def test_a_codebook_without_such_questions_is_known_by_the_mark_that_files_of_before_have() -> None:
    """Worked out by the version before: a memory file of that version stays binding."""
    assert releases._fingerprint(codebook(2, 2, (3,))) == FINGERPRINT
    tables = shown(made(Shape(60, 10, 2, 2, (), 0.5, 0.0, False, 3))).to_dict()["tables"]
    assert [table["asked"] for table in tables][:2] == ASKED


FINGERPRINT = "3c1b798dca958764c1ce79720031a679dd40f63237799cc017bb0c91d2117be0"
ASKED = ["e34375d8abdd696a", "0a6dd241e328ec22"]


# --- what people read ----------------------------------------------------------------------------------


def seen(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text.split("</style>")[-1]).split())


def test_a_report_never_says_words_that_are_not_what_was_counted(tmp_path: Path) -> None:
    book = load(written(tmp_path, {"share_power_2": TURNED, "be_a_team_1": {"favorable": ["Never"]}}))
    release, page = page_of(book)
    text = seen(page)
    assert "% of the answers on Share power were favorable: the highest share." in text
    means = "“Favorable” is “Often or Always”; for 1 question it is “Never or Rarely”; for 1 question it is “Never”."
    assert text.count(means) == 2  # on the wall, and beside the tables
    assert "were “Often or Always”" not in text and "that said" not in text
    assert (
        "share-power 2. (favorable: “Never or Rarely”)" in text
        and "be-a-team 1. (favorable: “Never”)" in text
    )
    assert "share-power 1. (" not in text
    heads = re.findall(r'role="columnheader" scope="col">([^<]*)<', page)
    assert "Favorable" in heads and "Often or Always" not in heads
    picture = charts.dots(release, book)
    assert picture.heads[1] == "Favorable" and ". Favorable answers: " in picture.alt
    in_parts = charts.parts(release, book)
    assert in_parts and in_parts.heads == ("Practice", "Favorable", "Neither", "Unfavorable")
    table = list(
        csv.DictReader(io.StringIO(report.files(release, book)[Path("tables.csv")].lstrip("\ufeff")))
    )
    assert {row["measure"]: row["favorable_is"] for row in table} == {
        "share-power": "Often or Always; Never or Rarely", "follow-through": "Often or Always",
        "be-a-team": "Never; Often or Always",
        "share_power_1": "Often or Always", "share_power_2": "Never or Rarely",
        "follow_through_1": "Often or Always", "follow_through_2": "Often or Always",
        "be_a_team_1": "Never", "be_a_team_2": "Often or Always",
    }  # fmt: skip


def test_the_middle_keeps_its_word_where_questions_are_only_turned_around(tmp_path: Path) -> None:
    book = load(written(tmp_path, {"share_power_2": TURNED}))
    assert charts.part_names(book) == {
        "favorable": "Favorable",
        "middle": "Sometimes",
        "unfavorable": "Unfavorable",
    }


def test_where_all_questions_count_alike_their_words_are_said(tmp_path: Path) -> None:
    keys = survey_made.entries()["items"]
    book = load(written(tmp_path, dict.fromkeys(keys, TURNED)))  # type: ignore[attr-defined]
    text = seen(page_of(book)[1])
    assert "were “Never or Rarely”: the highest share." in text and "“Favorable” is" not in text
    assert charts.part_names(book) == {
        "favorable": "Never or Rarely",
        "middle": "Sometimes",
        "unfavorable": "Often or Always",
    }


def test_one_practice_by_group_has_its_own_words(tmp_path: Path) -> None:
    book = load(written(tmp_path, {f"share_power_{one}": TURNED for one in (1, 2)}))
    release = survey_made.made(book, 60)
    heads = {
        key: charts.dots(release, book, by="role", measure=key).heads[1]
        for key in ("share-power", "be-a-team")
    }
    assert heads == {"share-power": "Never or Rarely", "be-a-team": "Often or Always"}
    assert (
        findings.what_counts(book)
        == "“Favorable” is “Often or Always”; for 2 questions it is “Never or Rarely”."
    )


def test_the_owner_is_told_before_anything_is_shown_which_questions_count_otherwise(tmp_path: Path) -> None:
    def run(text: str) -> str:
        home = tmp_path / str(len(list(tmp_path.iterdir())))
        home.mkdir()
        status, said, complained = check(exported(home, google(PEOPLE), text))
        assert (status, complained) == (0, "")
        return said

    assert "count other answers as favorable" not in run(CODEBOOK)
    changed = CODEBOOK.replace("decide: {", "decide: {reversed: true, ", 1)
    assert changed != CODEBOOK
    said = run(changed)
    assert "These questions count other answers as favorable." in said
    assert 'favorable: "Strongly disagree", "Disagree"\n' in said


# --- the form, and writing -----------------------------------------------------------------------------


def test_people_are_asked_alike_whatever_is_favorable(tmp_path: Path) -> None:
    plain = form.files(load(written(tmp_path, {})))
    own = form.files(
        load(written(tmp_path, {"share_power_2": TURNED, "be_a_team_1": {"favorable": ["Never"]}}))
    )
    assert set(plain) == set(own) and len(plain) > 2
    assert all(one == own[name] for name, one in plain.items() if not name.endswith((".pdf", ".xlsx")))
    assert form.page(load(written(tmp_path, {}))) == form.page(
        load(written(tmp_path, {"share_power_2": TURNED}))
    )


OWN: Mapping[str, Mapping[str, object]] = {
    "share_power_2": TURNED,
    "be_a_team_1": {"favorable": ["Never", "Rarely"]},
}


def rewritten(folder: Path, change: Callable[[Manuscript], object]) -> Codebook:
    path = written(folder, OWN)
    script = Manuscript.open(path)
    change(script)
    return put(script, path, replace_it=True)


def test_a_codebook_that_is_changed_keeps_what_counts_for_each_question(tmp_path: Path) -> None:
    book = rewritten(tmp_path, lambda script: script.reword("share_power_2", "In other words."))
    assert book.items["share_power_2"].reversed and book.items["share_power_2"].text == "In other words."
    assert book.items["be_a_team_1"].favorable == ("Never", "Rarely")


def test_own_favorable_words_go_with_the_answers_that_go(tmp_path: Path) -> None:
    told: list[bool] = []
    book = rewritten(tmp_path, lambda script: told.append(script.set_scale(["Never", "Sometimes", "Always"])))
    assert told == [True]
    assert book.items["be_a_team_1"].favorable == ("Never",) and book.items["share_power_2"].reversed
    book = rewritten(tmp_path, lambda script: script.set_scale(["No", "Yes"]))
    assert book.items["be_a_team_1"].favorable == () and book.items["share_power_2"].reversed
    assert "favorable: [" not in (tmp_path / "codebook.yml").read_text().split("be_a_team_1")[1]


def test_a_question_that_stands_out_is_named_with_what_is_favorable_for_it(tmp_path: Path) -> None:
    """Else "20% on “we talked behind their back”" reads as if 20% had said that it happened."""
    path = written(
        tmp_path, {"share_power_2": {**TURNED, "text": "In the last month, we talked behind their back."}}
    )
    book = load(path)
    text = seen(page_of(book)[1])
    assert "% on “we talked behind their back” (favorable: “Never or Rarely”): the lowest question." in text
