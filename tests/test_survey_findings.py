"""What the wall says stands out, and what it can't tell: only what was shown, and never more than its lines can carry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from survey_made import SCALE, book, made

from alongside.survey.ask.codebook import Codebook
from alongside.survey.rules.disclosure import Release
from alongside.survey.show import charts, findings
from alongside.survey.statistics import wilson
from alongside.words import catalog


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return book(tmp_path_factory.mktemp("book"), headcount=80)


def group(share: float, people: int = 60, name: str = "Everyone", bound: str | None = None) -> dict[str, Any]:
    low = high = None
    if not bound:
        low, high = (round(100 * end, 1) for end in wilson(people * share / 100, people))
    return {
        "name": name, "people": people, "answered": people, "favorable": share, "bound": bound, "low": low, "high": high,
    }  # fmt: skip


def table(
    measure: str, *groups: dict[str, Any], by: str | None = None, kind: str = "practice"
) -> dict[str, Any]:
    names = {"share-power": "Share power", "follow-through": "Follow-through", "be-a-team": "Be a team"}
    return {
        "measure": measure,
        "kind": kind,
        "text": names.get(measure, measure),
        "by": by,
        "groups": list(groups),
    }


def tables(
    *found: dict[str, Any], left_out: tuple[str, ...] = (), headcount: int | None = 80
) -> dict[str, Any]:
    return {"people": 60, "headcount": headcount, "tables": list(found), "left_out": list(left_out)}


def told(shown: dict[str, Any], codebook: Codebook) -> list[str]:
    return [
        f"{one.before}{one.share}{one.after} | {one.told}" for one in findings.stands_out(shown, codebook)
    ]


APART = (table("share-power", group(75)), table("follow-through", group(48)), table("be-a-team", group(20)))


# --- what stands out -------------------------------------------------------------------------------------


def test_the_highest_and_the_lowest_are_named_by_what_is_shown(codebook: Codebook) -> None:
    assert told(tables(*APART), codebook) == [
        "75% of the answers on Share power were “Often or Always”: the highest share. | ",
        "20% on Be a team: the lowest. | Their lines don't overlap.",
    ]


def test_lines_that_overlap_are_never_called_different(codebook: Codebook) -> None:
    near = tables(table("share-power", group(52)), table("be-a-team", group(45)))
    assert told(near, codebook)[1].endswith("Their lines overlap, so the two may not differ.")
    assert findings.cannot_tell(near, codebook)[0].startswith("Which practice is truly highest or lowest")
    assert not re.search("truly", " ".join(findings.cannot_tell(tables(*APART), codebook)))
    one_end = tables(
        table("share-power", group(75)), table("follow-through", group(22)), table("be-a-team", group(20))
    )
    assert findings.cannot_tell(one_end, codebook)[0].startswith("Which practice is truly lowest")


def test_a_softened_value_stands_at_its_bound_and_nothing_is_told_of_its_line(codebook: Codebook) -> None:
    soft = tables(table("share-power", group(90, bound="at least")), table("be-a-team", group(20)))
    first, second = told(soft, codebook)
    assert first.startswith("At least 90% of the answers on Share power")
    assert second.endswith("Not every line can be shown.")
    assert findings.cannot_tell(soft, codebook)[0].startswith("Which practice is truly highest or lowest")


def test_what_may_be_the_other_end_is_called_neither_the_highest_nor_the_lowest(codebook: Codebook) -> None:
    """In a small team, "at most 80%" of one question may be nobody, and "at least 20%" everybody."""
    soft = tables(
        table("share-power", group(80, bound="at most")), table("follow-through", group(45)),
        table("cultivate-leadership", group(40)), table("be-a-team", group(20, bound="at least")),
    )  # fmt: skip
    first, second = told(soft, codebook)[:2]
    assert first.startswith("45% of the answers on Follow-through")
    assert second.startswith("40% on cultivate-leadership: the lowest.")
    assert findings.cannot_tell(soft, codebook)[0].startswith("Which practice is truly highest or lowest")
    alt = charts.picture_of_dots(soft, codebook, None, None).alt
    assert "highest, Follow-through, 45%" in alt and "lowest, cultivate-leadership, 40%" in alt


@pytest.mark.parametrize(
    ("share", "other", "said"),
    [
        (group(45), group(80, bound="at most"), "45%"),
        (group(45), group(20, bound="at least"), "45%"),
        (group(80, bound="at most"), group(60, bound="at most"), "At most 60%"),
        (group(60, bound="at least"), group(20, bound="at least"), "At least 60%"),
        (group(20, bound="at least"), group(80, bound="at most"), "At least 20%"),
    ],
)
def test_where_no_end_can_be_told_one_share_is_said_and_no_order(
    share: dict[str, Any], other: dict[str, Any], said: str, codebook: Codebook
) -> None:
    two = tables(table("share-power", share), table("be-a-team", other))
    (sentence,) = told(two, codebook)
    assert sentence.startswith(f"{said} of the answers on ")
    assert not re.search("highest|lowest", sentence + charts.picture_of_dots(two, codebook, None, None).alt)


def test_who_shows_the_same_is_named_together_in_the_codebooks_order(codebook: Codebook) -> None:
    both = tables(
        table("share-power", group(90, bound="at least")), table("follow-through", group(40)),
        table("be-a-team", group(90, bound="at least")),
    )  # fmt: skip
    assert "on each of these: Share power; Be a team." in told(both, codebook)[0]
    alike = tables(*(table(key, group(40)) for key in ("share-power", "be-a-team")))
    assert told(alike, codebook) == ["40% of the answers were “Often or Always” on every practice. | "]
    assert told(tables(table("share-power", group(40))), codebook) == [
        "40% of the answers on Share power were “Often or Always”. | "
    ]


def test_two_groups_stand_out_only_where_chance_is_unlikely_with_every_comparison_counted(
    codebook: Codebook,
) -> None:
    def by_role(high: float, low: float, more: int = 0) -> dict[str, Any]:
        groups = group(high, 30, "Outreach"), group(low, 30, "Office")
        others = [table(f"p{one}", group(50, 30, "A"), group(50, 30, "B"), by="role") for one in range(more)]
        return tables(*APART, table("be-a-team", *groups, by="role"), *others)

    assert told(by_role(80, 20), codebook)[2] == (
        "80% from “Outreach” and 20% from “Office”, on Be a team. | We asked: What is your role? Their lines don't overlap."
    )
    overlapping = by_role(60, 40)
    assert not any("Outreach" in one for one in told(overlapping, codebook))
    assert "Whether groups differ: their lines overlap, or can't be shown." in findings.cannot_tell(
        overlapping, codebook
    )
    # The same two lines, which don't overlap, among so many that chance alone might have drawn them.
    assert any("Outreach" in one for one in told(by_role(70, 32.5), codebook))
    many = by_role(70, 32.5, more=60)
    assert not any("Outreach" in one for one in told(many, codebook))
    assert any("some lie apart by chance" in one for one in findings.cannot_tell(many, codebook))


def test_a_softened_group_is_never_told_apart(codebook: Codebook) -> None:
    groups = group(90, 30, "Outreach", "at least"), group(20, 30, "Office")
    shown = tables(*APART, table("be-a-team", *groups, by="role"))
    assert not any("Outreach" in one for one in told(shown, codebook))


def test_without_groups_that_lie_apart_the_lowest_question_is_told(codebook: Codebook) -> None:
    items = (
        table("In the last month, we rested.", group(15), kind="item"),
        table("In the last month, we met.", group(60), kind="item"),
    )
    found = told(tables(*APART, *items), codebook)[2]
    assert found == "15% on “we rested”: the lowest question. | No other line overlaps."


def test_there_are_three_at_most(codebook: Codebook) -> None:
    groups = group(80, 30, "Outreach"), group(20, 30, "Office")
    items = (table("one", group(15), kind="item"), table("two", group(60), kind="item"))
    assert len(told(tables(*APART, table("be-a-team", *groups, by="role"), *items), codebook)) == 3


# --- what can't be told ----------------------------------------------------------------------------------


def test_what_the_rules_left_out_and_who_did_not_answer_stand_among_what_cannot_be_told(
    codebook: Codebook,
) -> None:
    found = findings.cannot_tell(tables(*APART, left_out=("site", "share_power_1")), codebook)
    assert "Not shown: Where do you work?" in found
    assert "What the others who were asked would have said is not known." in found
    unknown = findings.cannot_tell(tables(*APART, headcount=None), codebook)
    assert any("How many were asked is not written down" in one for one in unknown)
    assert not any("asked" in one for one in findings.cannot_tell(tables(*APART, headcount=60), codebook))


# --- in words that the rules allow -----------------------------------------------------------------------

JUDGING = r"\b(good|bad|better|best|worse|worst|strong\w*|weak\w*|poor\w*|fail\w*|succe\w*|improve\w*|problem\w*|because|due|caus\w*|led|thanks to|significant\w*|fewer than|only)\b"


def test_no_sentence_of_the_wall_gives_a_reason_or_a_grade() -> None:
    text = Path(findings.__file__).read_text(encoding="utf-8")
    keys = sorted(set(re.findall(r'"(show\.\w+)"', text)))
    assert len(keys) > 15
    for key in keys:
        forms = catalog()[key]
        for sentence in [forms] if isinstance(forms, str) else forms.values():
            assert not re.search(JUDGING, sentence, re.IGNORECASE), (key, sentence)


def test_the_findings_of_random_releases_say_only_what_the_tables_hold(codebook: Codebook) -> None:
    looked = 0
    for shares in ((0.62, 0.4, 0.25), (0.99, 0.5, 0.02), (0.5,), (0.95, 0.94)):
        release: Release = made(codebook, 60, shares)
        shown = release.to_dict()
        values = {f"{group['favorable']:.0f}" for one in shown["tables"] for group in one["groups"]}
        for one in findings.stands_out(shown, codebook):
            numbers = re.findall(r"(\d+)%", f"{one.before}{one.share}{one.after}")
            assert numbers and set(numbers) <= values, one
            looked += 1
    assert looked > 6


def test_the_words_that_all_questions_begin_with_are_said_once() -> None:
    texts = [
        "In the last month, we met.",
        "In the last month, we ate.",
        "In the last month, when it rained, we ran.",
    ]
    assert findings.beginning(texts) == "In the last month, "
    assert findings.rest_of(texts[2], texts) == "when it rained, we ran."
    assert findings.beginning(["We met.", "We ate."]) == findings.beginning(["Alone, we ate."]) == ""
    assert findings.beginning([*texts, SCALE[0]]) == ""
