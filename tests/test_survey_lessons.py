"""Numbers that lessons 20 to 22 tell of the practice data, the questions and the rules, worked out from these."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest
import yaml
from conftest import ROOT

from alongside import thresholds
from alongside.survey import desk, read
from alongside.survey.ask import codebook
from alongside.survey.ask.writing import ready_made
from alongside.survey.show import waves
from alongside.survey.statistics import newcombe

WORDS: list[str] = [
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
]  # fmt: skip


def number(word: str) -> int:
    return int(word) if word.isdigit() else WORDS.index(word.lower())


def numbers(lesson: str, pattern: str) -> list[int]:
    """The numbers in the one place of a lesson where this stands; none may be there twice or be gone."""
    text = json.loads((ROOT / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    found = re.findall(pattern, "\n\n".join("".join(cell["source"]) for cell in text["cells"]))
    assert len(found) == 1, (pattern, found)
    return [number(one) for one in (found[0] if isinstance(found[0], tuple) else found)]


ASK, READ, COMPARE = "20-survey-ask", "21-survey-read", "22-survey-compare"


@pytest.fixture(scope="module")
def changes() -> list[dict[str, Any]]:
    folder_of_reports = [waves.wave(source.previewed()[0].to_dict()) for source in desk.WAVES]
    return waves._changes(*folder_of_reports)


def test_how_many_practices_of_the_practice_waves_cannot_tell(changes: list[dict[str, Any]]) -> None:
    readings = [one["reading"] for one in changes]
    told = numbers(COMPARE, r"(\w+) of (\w+) practices read “cannot tell”")
    assert told == [readings.count("cannot tell"), len(readings)]
    assert numbers(COMPARE, r"(\w+) went up by a lot, because we made it so") == [readings.count("went up")]
    assert numbers(COMPARE, r"With (\w+) practices there are (\w+) chances") == [len(readings)] * 2
    assert len(readings) == sum(told[:1]) + readings.count("went up")
    assert [one["change"] > 20 for one in changes if one["reading"] == "went up"] == [True]


def test_the_row_that_the_facilitator_hears_is_one_of_them_and_cannot_tell(
    changes: list[dict[str, Any]],
) -> None:
    told = numbers(COMPARE, r"It went from (\d+) to (\d+)!")
    rows = {tuple(f"{share:.0f}" for share in one["favorable"]): one["reading"] for one in changes}
    assert rows.get(tuple(map(str, told))) == "cannot tell", rows


def test_the_practice_waves_have_as_many_answers_as_the_lesson_says() -> None:
    told = numbers(COMPARE, r"the (\w+) made-up waves of a program with (\d+) answers")
    sizes = {f"{read(one.answers, one.codebook)!r}" for one in desk.WAVES}
    assert len(desk.WAVES) == told[0]
    assert len(sizes) == 1 and f" {told[1]} people" in sizes.pop()


def test_the_made_up_answers_that_can_be_chosen_are_those_that_the_lesson_names() -> None:
    told = numbers(READ, r"made-up answers of (\d+), (\d+), (\d+) or (\d+) people")
    offered = [int(found[0]) for found in map(re.compile(r"\d+").findall, desk.practice())]
    assert told == sorted(offered)
    for name, size in zip(desk.practice(), offered, strict=True):
        source = desk.practice()[name]
        if source.rows is None:
            assert f" {size} people" in repr(read(source.answers, source.codebook)), name
        else:
            assert source.rows == size


def test_the_lesson_counts_the_practices_and_their_questions() -> None:
    (practices, each) = numbers(ASK, r"for all (\w+) practices, (\w+) for each")
    for path in ready_made().values():
        book = codebook.load(path)
        counts = [sum(item.practice == key for item in book.items.values()) for key in book.practices]
        if "staff" in path.name:
            assert counts == [each] * practices, path.name


def test_the_smallest_groups_that_the_lessons_name_are_those_of_the_rules() -> None:
    (fewest,) = numbers(ASK, r"ever shown together\. We use (\w+), and we fix it")
    assert fewest == thresholds.USUAL_MINIMUM
    for path in ready_made().values():
        assert codebook.load(path).minimum_group == fewest
    assert numbers(ASK, r"fewer than (\d+) answers, our report shows only everyone") == [
        thresholds.GROUPS_FROM
    ]
    assert numbers(ASK, r"\*\*Are you fewer than (\w+)\?\*\*") == [fewest]
    assert numbers(READ, r"\*\*Do you have fewer than (\w+) answers\?\*\*") == [fewest]
    assert number("nine") == fewest - 1 and numbers(READ, r"There are (\w+) answers, and someone") == [
        fewest - 1
    ]
    assert numbers(READ, r"Nine people were promised (\w+)\.") == [fewest]


def test_the_rise_in_the_picture_is_what_newcombe_gives() -> None:
    told = numbers(COMPARE, r"With (\d+) people each time, a rise of (\d+) points may in truth be a fall")
    (more,) = numbers(COMPARE, r"With (\d+) people, “no change” is no longer among")
    picture = yaml.safe_load((ROOT / "data" / "pictures.yml").read_text("utf-8"))["the-same-rise-twice"]
    for side, people in (("left", told[0]), ("right", more)):
        notes = {one["label"]: one["note"] for one in picture[side]["points"]}
        (x1, n1), (x2, n2) = (map(int, re.findall(r"\d+", notes[when])) for when in ("In spring", "In fall"))
        assert n1 == n2 == people and round(100 * (x2 - x1) / people) == told[1]
        low, high = newcombe(x2, n2, x1, n1)
        assert [abs(round(100 * end)) for end in (low, high)] == [
            int(one) for one in re.findall(r"\d+", notes["Likely between"])
        ]
        assert (low < 0) is ("a fall" in notes["Likely between"]) is (side == "left")


def test_two_rounds_of_ten_tosses_are_as_often_as_far_apart_as_the_lesson_says() -> None:
    apart, one_in = numbers(COMPARE, r"the two counts are (\w+) or more apart about one time in (\d+)")
    people, more, points = numbers(
        COMPARE, r"In a team of (\w+) people, (\w+) more .+ a rise of (\d+) points\."
    )
    assert (people, more) == (10, apart) and points == 100 * more / people
    # How far apart two counts of ten are is how far one count of twenty is from ten.
    far = [heads for heads in range(2 * people + 1) if abs(heads - people) >= apart]
    assert round(2 ** (2 * people) / sum(math.comb(2 * people, heads) for heads in far)) == one_in
