"""How much of a survey is shown: a safe report that leaves most breakdowns out would serve nobody."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from survey_attacker import found_out
from survey_count import Counted, counted, survey
from survey_random import known, shown

from alongside.thresholds import minimum_for

ENOUGH = 0.85


def count(seeds: Iterable[int], attacked: int) -> Counted:
    """What these surveys show; of one in so many, nobody may be found in it."""
    found = Counted(0, 0, 0)
    for seed in seeds:
        one = survey(seed)
        tables = shown(one).to_dict()
        minimum = minimum_for(one.people, one.codebook.minimum_group, one.codebook.headcount)
        found += counted(one, tables, minimum)
        assert seed % attacked or found_out([(tables, known(one))]) == [], seed
    return found


def test_most_breakdowns_that_can_be_formed_are_shown_and_say_something() -> None:
    """A sample of the long count: each of these lost a breakdown as long as whole tables were softened."""
    found = count((8, 9, 23, 43), attacked=43)
    assert found.formed == 12
    assert found.told == found.shown >= 11


@pytest.mark.nightly
def test_of_the_breakdowns_that_can_be_formed_at_least_85_percent_are_shown_and_say_something() -> None:
    found = count(range(200), attacked=10)
    assert found.formed > 500
    assert found.share >= ENOUGH
