"""What the room says tells of no option that exactly one other person, or everybody else, chose it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
import yaml
from room_attacker import (
    Says,
    asked_again,
    of_a_fair_rule,
    of_any_rule,
    of_several,
    of_several_by_example,
    ways,
)

from alongside.room import questions
from alongside.room.counts import KINDS, MINIMUM, ONE_OPTION_TO_A_PHONE, Kind, again_from, said
from alongside.room.hall import Hall
from alongside.room.keep import Kept

SIZES = range(MINIMUM, 17)
OPTIONS = range(2, 11)
FAIR: list[Kind] = ["choose", "dots"]


def rule(kind: Kind, stands: int = 2) -> Says:
    return lambda counts, people: said(kind, counts, people, stands)


# --- one question ----------------------------------------------------------------------------------------


def test_the_kinds_are_counted_by_three_rules() -> None:
    """So that what is tried for one kind holds for its like."""
    assert {*KINDS} == {"choose", "rate", "gradient", "agreement", "dots", "top"}
    for counts in ways(6, 4):
        assert said("choose", counts, 6) == said("rate", counts, 6) == said("gradient", counts, 6)
        assert said("dots", counts, 6) == said("top", counts, 6)


@pytest.mark.parametrize("kind", FAIR)
def test_nobody_is_sure_of_an_option_however_many_answered_and_whatever_the_options(kind: Kind) -> None:
    for people in SIZES:
        for options in OPTIONS:
            assert of_a_fair_rule(rule(kind), people, options) == [], (people, options)


def test_nobody_is_sure_of_an_option_where_people_agree_or_not() -> None:
    for people in SIZES:
        for stands in range(1, 10):
            for standing, others in ((1, 1), (1, 2), (2, 1), (2, 2), (3, 1)):
                if stands == standing:
                    options = standing + others
                    # Only the sum at the options that stand matters, so that two of each sort stand for more.
                    assert of_any_rule(rule("agreement", stands), people, options) == [], (people, options)


def test_of_agreement_only_the_sum_at_the_options_that_stand_matters() -> None:
    """So that what was tried with two or three options of each sort holds for ten."""
    draw = Random(16)
    for _ in range(500):
        stands, options = draw.randrange(1, 9), 10
        counts = [draw.randrange(4) for _ in range(options)]
        sums = (sum(counts[:stands]), sum(counts[stands:]))
        assert said("agreement", counts, sum(counts), stands) == said("agreement", sums, sum(sums), 1)


@pytest.mark.parametrize("kind", FAIR)
def test_nobody_is_sure_of_an_option_where_phones_have_several(kind: Kind) -> None:
    for options, most, people in ((2, 2, 5), (2, 2, 8), (3, 2, 5), (3, 3, 6), (4, 2, 5)):
        assert of_several(rule(kind), people, options, most) == [], (people, options, most)


@pytest.mark.parametrize("kind", FAIR)
@pytest.mark.parametrize(
    "people", [pytest.param(n, marks=() if n in (5, 6, 11) else pytest.mark.nightly) for n in SIZES]
)
def test_nobody_is_sure_of_an_option_where_many_phones_have_several(kind: Kind, people: int) -> None:
    for options in OPTIONS:
        for most in range(2, min(options, questions.MOST_DOTS) + 1):
            assert of_several_by_example(rule(kind), people, options, most) == [], (options, most)


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_treated_alike(kind: Kind) -> None:
    """What is tried by shapes holds for every order of the options."""
    draw = Random(15)
    for _ in range(200):
        counts = [draw.randrange(5) for _ in range(4)]
        people = sum(counts)
        sentence = said(kind, counts, people, 2)
        for order in permutations(range(4)):
            moved = said(kind, [counts[place] for place in order], people, 2)
            if isinstance(sentence, tuple):
                assert isinstance(moved, tuple) and order[moved[1]] == sentence[1]
            elif kind != "agreement":
                assert moved == sentence


@pytest.mark.parametrize("kind", KINDS)
def test_an_option_that_nobody_chose_changes_nothing(kind: Kind) -> None:
    for counts in ways(7, 3):
        assert said(kind, counts, 7) == said(kind, (*counts, 0), 7)


# --- the attacker can win --------------------------------------------------------------------------------


def a_word_for_each_option(counts: Sequence[int], people: int) -> Hashable:
    """The older idea: "nearly all", "most", "some", "few or none"."""
    return tuple(
        "nearly all" if n >= people - 1 else "most" if 2 * n > people else "some" if n > 1 else "few or none"
        for n in counts
    )


def named_ties(counts: Sequence[int], people: int) -> Hashable:
    highest = max(counts)
    return tuple(place for place, count in enumerate(counts) if count == highest)


def all_or_most(counts: Sequence[int], people: int) -> Hashable:
    place = counts.index(max(counts))
    return ("all", place) if counts[place] == people else ("most", place)


def test_a_word_for_each_option_gives_people_away() -> None:
    told = a_word_for_each_option((7, 1, 1), 9)
    assert [way for way in ways(9, 3) if a_word_for_each_option(way, 9) == told] == [(7, 1, 1)]
    assert any(knows[0] == told for knows in of_any_rule(a_word_for_each_option, 9, 3))  # type: ignore[index]


def test_ties_that_are_named_and_a_word_for_all_give_people_away() -> None:
    assert any(of_any_rule(named_ties, people, options) for people in (5, 6, 7) for options in (2, 3, 4))
    assert of_any_rule(all_or_most, 5, 2)


def test_fewer_than_five_would_give_people_away() -> None:
    assert MINIMUM == 5
    assert of_any_rule(rule("dots"), 4, 3) or of_any_rule(rule("dots"), 3, 3)


# --- asked again ---------------------------------------------------------------------------------------------


def pairs(lowest: int, highest: int) -> list[tuple[int, int]]:
    return [(first, second) for first in range(lowest, highest) for second in range(lowest, highest)]


def unsafe_pairs(kind: Kind, options: int, most: int, highest: int, stands: int = 1) -> list[tuple[int, int]]:
    lowest = again_from(kind, options, most)
    return [
        (first, second)
        for first, second in pairs(lowest, highest)
        if asked_again(rule(kind, stands), first, second, options, most)
    ]


AGAIN: list[tuple[Kind, int, int, int, int]] = [
    # kind, options, dots, how many of the first stand, up to so many people
    ("choose", 2, 1, 1, 10),
    ("choose", 3, 1, 1, 9),
    ("dots", 2, 1, 1, 10),
    ("dots", 4, 1, 1, 8),
    ("agreement", 2, 1, 1, 10),
    ("agreement", 3, 1, 2, 9),
    ("choose", 2, 2, 1, 9),
    ("dots", 2, 2, 1, 9),
]
AGAIN_AT_NIGHT: list[tuple[Kind, int, int, int, int]] = [
    ("choose", 2, 1, 1, 17),
    ("choose", 3, 1, 1, 17),
    ("choose", 4, 1, 1, 11),
    ("dots", 2, 1, 1, 17),
    ("dots", 3, 1, 1, 17),
    ("dots", 4, 1, 1, 11),
    ("dots", 5, 1, 1, 9),
    ("agreement", 2, 1, 1, 17),
    ("agreement", 3, 1, 1, 14),
    ("agreement", 3, 1, 2, 14),
    ("agreement", 4, 1, 2, 10),
    ("choose", 3, 2, 1, 9),
    ("choose", 3, 3, 1, 9),
    ("dots", 3, 2, 1, 9),
    ("dots", 3, 3, 1, 9),
]


@pytest.mark.parametrize(("kind", "options", "most", "stands", "highest"), AGAIN)
def test_two_rounds_of_enough_people_make_nobody_sure_of_an_option(
    kind: Kind, options: int, most: int, stands: int, highest: int
) -> None:
    assert unsafe_pairs(kind, options, most, highest, stands) == []


@pytest.mark.nightly
@pytest.mark.parametrize(("kind", "options", "most", "stands", "highest"), AGAIN_AT_NIGHT)
def test_two_rounds_of_up_to_sixteen_people_make_nobody_sure_of_an_option(
    kind: Kind, options: int, most: int, stands: int, highest: int
) -> None:
    assert unsafe_pairs(kind, options, most, highest, stands) == []


def test_two_rounds_of_fewer_would_make_somebody_sure() -> None:
    """Even where one of the two sentences is "Mixed": so the screen says "Use slips"."""
    assert asked_again(rule("dots"), 6, 6, 2) and asked_again(rule("choose"), 5, 6, 2)
    assert any("mixed" in knows[0][0] for knows in asked_again(rule("choose"), 5, 6, 2))  # type: ignore[index]
    assert asked_again(rule("agreement", 1), 6, 6, 2)
    assert again_from("dots", 3, 1) == 14 and asked_again(rule("dots"), 13, 11, 3)


# --- from answers to the sentence ----------------------------------------------------------------------------


def counters_with_a_cup(
    kind: Kind, options: Sequence[str], slips: Sequence[Sequence[str]], stands: int
) -> str:
    """Two people with slips of paper, and a pencil."""
    piles = sorted(((sum(option in slip for slip in slips), option) for option in options), reverse=True)
    if kind == "agreement":
        standing = [slip for slip in slips if slip[0] in options[:stands]]
        return "Stands" if len(standing) > len(slips) - len(standing) else "Not yet"
    if kind in ("dots", "top"):
        return f"Most dots: {piles[0][1]}" if piles[0][0] > piles[1][0] else "Mixed"
    big = [option for count, option in piles if count > len(slips) - count]
    return f"Most are at: {big[0]}" if len(big) == 1 else "Mixed"


def hall_of(folder: Path, kind: Kind, options: Sequence[str], **more: int) -> Hall:
    path = folder / f"{kind}.yml"
    one = {"id": "one", "kind": kind, "text": "Which?", "options": list(options), **more}
    path.write_text(yaml.safe_dump({"title": "A room", "questions": [one]}), encoding="utf-8")
    asked = questions.read(path)
    return Hall(asked, Kept(asked))


def answered(hall: Hall, slips: Sequence[Sequence[str]]) -> Hall:
    for number, slip in enumerate(slips):
        assert hall.answer(f"phone-{number}", "one", slip) == "counted"
    return hall


NAMES = ("Red", "Blue", "Green")


@pytest.mark.parametrize("kind", KINDS)
def test_the_screen_says_what_two_counters_with_a_cup_would_say(kind: Kind, tmp_path: Path) -> None:
    stands = {"stands": 1} if kind == "agreement" else {}
    for people in (5, 6):
        for counts in ways(people, 3):
            slips = [[name] for name, count in zip(NAMES, counts, strict=True) for _ in range(count)]
            hall = hall_of(tmp_path, kind, NAMES, **stands)
            hall.open("one")
            answered(hall, slips).close("one")
            says = counters_with_a_cup(kind, NAMES, slips, 1)
            assert hall.results() == {"question": "one", "shown": True, "says": says}
            hall._kept.path.unlink()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ONE_OPTION_TO_A_PHONE])
def test_with_several_dots_people_are_counted_and_not_dots(kind: Kind, tmp_path: Path) -> None:
    slips = [["Red", "Blue"], ["Red", "Green"], ["Red"], ["Green"], ["Blue"]]
    hall = hall_of(tmp_path, kind, NAMES, most=2)
    hall.open("one")
    answered(hall, slips[:4]).close("one")
    assert hall.results()["shown"] is False, "four phones, and six dots"
    assert hall.answer("phone-4", "one", slips[4]) == "counted"
    hall.close("one")
    assert hall.results()["says"] == counters_with_a_cup(kind, NAMES, slips, 1)
    assert str(hall.results()["says"]).endswith("Red")  # three of five people, and three of seven dots


def test_closing_becomes_possible_by_the_number_alone(tmp_path: Path) -> None:
    """Whatever the first four and the fifth chose, and nothing that anybody sees has changed before."""
    for counts in ways(MINIMUM, 3):
        slips = [[name] for name, count in zip(NAMES, counts, strict=True) for _ in range(count)]
        hall = hall_of(tmp_path, "choose", NAMES)
        hall.open("one")
        for number in range(MINIMUM):
            before = hall.version
            hall.close("one")
            assert hall.results() == {"question": "one", "shown": False}
            assert hall.all["one"].stage == "open" and hall.version == before
            assert hall.answer(f"phone-{number}", "one", slips[number]) == "counted"
            assert hall.version == before, "no page but the facilitator's changes"
        assert hall.results() == {"question": "one", "shown": False}
        hall.close("one")
        assert hall.results()["shown"] is True
        hall._kept.path.unlink()


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [(7, 7, "Most are at: Red"), (6, 9, None), (9, 6, None), (5, 5, None)],
)
def test_asked_again_it_says_something_only_where_both_rounds_were_large_enough(
    first: int, second: int, says: str | None, tmp_path: Path
) -> None:
    hall = hall_of(tmp_path, "choose", NAMES)
    for people in (first, second):
        hall.open("one")
        answered(hall, [["Red"]] * people).close("one")
    asked = hall.all["one"]
    assert (asked.stage == "shown") is (says is not None)
    assert hall.results() == {"question": "one", "shown": says is not None} | ({"says": says} if says else {})
    hall.open("one")
    assert asked.stage != "open", "a third round was not tried"


def test_the_attackers_two_ways_of_counting_agree() -> None:
    for people in (3, 4, 5, 6):
        for options in (2, 3, 4):
            for kind in FAIR:
                by_any = bool(of_any_rule(rule(kind), people, options))
                assert by_any == bool(of_a_fair_rule(rule(kind), people, options)), (people, options, kind)
