"""The survey's statistics against numbers of other programs, and against what must always hold.

The stored numbers were made once with statsmodels 0.15.0 (Wilson, Newcombe, Holm), pingouin 0.7.0 (alpha and its
interval) and scipy 1.17.1 (Mann-Whitney's U for Cliff's delta); those of Newcombe's own paper stand beside them.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.errors import AlongsideError
from alongside.survey import statistics

TABLE = [
    [4, 3, 5, 4], [2, 2, 1, 3], [5, 5, 4, 5], [3, 3, 3, 2], [1, 2, 2, 1],
    [4, 4, 5, 3], [3, 2, 4, 3], [5, 4, 4, 4], [2, 3, 2, 2], [4, 5, 4, 5],
]  # fmt: skip

WILSON = [
    ((0, 8, 0.95), (0.0, 0.32440756488388023)),
    ((1, 8, 0.95), (0.02241749145005667, 0.4708881822128535)),
    ((37.62, 60, 0.95), (0.500484928313298, 0.7382314212426112)),
    ((23, 23, 0.95), (0.8568833815495731, 1.0)),
    ((7, 14, 0.9), (0.2987819402767, 0.7012180597233)),
    ((63, 100, 0.99), (0.5012089112719195, 0.7426137099219666)),
    ((1, 100_000, 0.95), (1.7652477303783126e-06, 5.664709659040966e-05)),
]

#: The first five are also examples of Newcombe (1998), Table II, method 10, which gives four decimals.
NEWCOMBE = [
    ((56, 70, 48, 80), (0.05243147240236498, 0.33387265403690614)),
    ((9, 10, 3, 10), (0.1705227239345029, 0.809017973535488)),
    ((5, 56, 0, 29), (-0.038137147903536936, 0.19256001385511165)),
    ((10, 10, 0, 20), (0.6790860371419145, 1.0)),
    ((12, 20, 8, 20), (-0.10181933608333371, 0.4562462593317725)),
    ((36, 60, 24, 60), (0.021329015021478215, 0.3616518151040312)),
    ((33.3, 60, 40.1, 72), (-0.16795675008529382, 0.16308883610259234)),
]

people = st.integers(1, 400)
share = st.floats(0, 1)
level = st.floats(0.5, 0.999)


@pytest.mark.parametrize(("asked", "expected"), WILSON)
def test_wilsons_interval_is_that_of_statsmodels(asked: Any, expected: tuple[float, float]) -> None:
    assert statistics.wilson(*asked) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("asked", "expected"), NEWCOMBE)
def test_newcombes_interval_is_that_of_statsmodels(asked: Any, expected: tuple[float, float]) -> None:
    assert statistics.newcombe(*asked) == pytest.approx(expected, abs=1e-12)


def test_newcombes_interval_is_that_of_his_paper() -> None:
    printed = [(0.0524, 0.3339), (0.1705, 0.8090), (-0.0381, 0.1926), (0.6791, 1.0000)]
    for (asked, _), expected in zip(NEWCOMBE, printed, strict=False):
        assert [round(end, 4) for end in statistics.newcombe(*asked)] == list(expected)


def test_the_report_on_the_rules_is_right_about_a_rise_of_twenty_points() -> None:
    assert statistics.newcombe(12, 20, 8, 20)[0] < 0 < statistics.newcombe(36, 60, 24, 60)[0]


def test_holms_p_values_are_those_of_statsmodels() -> None:
    given_p = [0.01, 0.04, 0.03, 0.005, 0.5, 0.03]
    assert statistics.holm(given_p) == pytest.approx([0.05, 0.12, 0.12, 0.03, 0.5, 0.12], abs=1e-12)


def test_alpha_and_its_interval_are_those_of_pingouin() -> None:
    alpha = statistics.cronbach_alpha(TABLE)
    assert alpha == pytest.approx(0.9099859353023909, abs=1e-12)
    assert statistics.feldt(alpha, 10, 4) == pytest.approx((0.76318599489865, 0.9748876375810471), abs=1e-9)
    assert [round(end, 3) for end in statistics.feldt(alpha, 10, 4, level=0.9)] == [0.797, 0.969]


def test_spearman_brown_is_that_of_pingouins_correlation() -> None:
    two = [row[:2] for row in TABLE]
    assert statistics.spearman_brown(two) == pytest.approx(0.8859645745499622, abs=1e-12)


def test_cliffs_delta_is_that_of_scipys_u_and_positive_where_the_first_is_higher() -> None:
    high, low = [1, 2, 3, 4, 5, 5, 4], [2, 2, 3, 1, 4]
    assert statistics.cliffs_delta(high, low) == pytest.approx(0.4285714285714286, abs=1e-12)
    assert statistics.cliffs_delta([5, 5], [1, 2]) == 1
    assert statistics.cliffs_delta([float("nan"), 5], [1, float("nan")]) == 1


def test_people_with_a_missing_answer_are_left_out_whole() -> None:
    more = [*TABLE, [math.nan, 5, 1, 5], [1, math.nan, 5, 1]]
    assert statistics.cronbach_alpha(more) == statistics.cronbach_alpha(TABLE)
    two = [row[:2] for row in more]
    assert statistics.spearman_brown(two) == statistics.spearman_brown([row[:2] for row in TABLE])


@given(people, share, level)
def test_wilsons_interval_holds_its_share_and_is_the_mirror_of_its_opposite(
    n: int, of: float, wide: float
) -> None:
    low, high = statistics.wilson(n * of, n, wide)
    assert 0 <= low <= of + 1e-12 and of - 1e-12 <= high <= 1
    mirrored = statistics.wilson(n - n * of, n, wide)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-9)


@given(people, share, people, share, level)
def test_newcombes_interval_holds_its_difference_and_turns_with_the_sides(
    n1: int, p1: float, n2: int, p2: float, wide: float
) -> None:
    low, high = statistics.newcombe(n1 * p1, n1, n2 * p2, n2, wide)
    assert -1 - 1e-9 <= low <= p1 - p2 + 1e-12 and p1 - p2 - 1e-12 <= high <= 1 + 1e-9
    turned = statistics.newcombe(n2 * p2, n2, n1 * p1, n1, wide)
    assert (-turned[1], -turned[0]) == pytest.approx((low, high), abs=1e-9)


@given(people, share, people, share)
def test_the_p_value_is_where_newcombes_interval_touches_zero(n1: int, p1: float, n2: int, p2: float) -> None:
    counts = (n1 * p1, n1, n2 * p2, n2)
    p = statistics.newcombe_p(*counts)
    assert 0 <= p <= 1
    if 1e-6 < p < 0.999:
        ends = statistics.newcombe(*counts, level=1 - p)
        assert min(map(abs, ends)) < 1e-6
    low, high = statistics.newcombe(*counts)
    if abs(p - 0.05) > 1e-6:
        assert (p < 0.05) == (low > 0 or high < 0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.randoms())
def test_holm_never_makes_surer_keeps_the_order_and_follows_its_p_values(p: list[float], chance: Any) -> None:
    adjusted = statistics.holm(p)
    assert all(one <= more <= 1 for one, more in zip(p, adjusted, strict=True))
    assert all(adjusted[a] <= adjusted[b] for a, b in itertools.permutations(range(len(p)), 2) if p[a] < p[b])
    mixed = list(range(len(p)))
    chance.shuffle(mixed)
    assert statistics.holm([p[at] for at in mixed]) == pytest.approx([adjusted[at] for at in mixed])


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=30), st.lists(st.integers(1, 5), min_size=1, max_size=30)
)
def test_cliffs_delta_is_what_going_through_all_pairs_gives(a: list[int], b: list[int]) -> None:
    pairs = [(x > y) - (x < y) for x in a for y in b]
    assert statistics.cliffs_delta(a, b) == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "given_values"),
    [
        ("wilson", (1, 0)), ("wilson", (-1, 5)), ("wilson", (6, 5)), ("wilson", (math.nan, 5)),
        ("wilson", (1, math.inf)), ("wilson", (1, 5, 0)), ("wilson", (1, 5, 1)), ("wilson", (1, 5, 95)),
        ("newcombe", (1, 5, 6, 5)), ("newcombe", (1, 5, 1, 0)), ("newcombe_p", (1, 0, 1, 5)),
        ("holm", ([0.5, 1.5],)), ("holm", ([math.nan],)), ("holm", ([[0.1]],)),
        ("cliffs_delta", ([], [1])), ("cliffs_delta", ([1], [math.nan])),
        ("cronbach_alpha", ([[1], [2]],)), ("cronbach_alpha", ([[1, 2]],)), ("cronbach_alpha", ([[1, 2], [1, 2]],)),
        ("feldt", (1.2, 30, 3)), ("feldt", (0.8, 1, 3)), ("feldt", (0.8, 30, 1)), ("feldt", (0.8, 30, 3, 2)),
        ("feldt", (math.nan, 30, 3)),
        ("spearman_brown", ([[1, 2, 3], [2, 3, 4]],)), ("spearman_brown", ([[1, 1], [1, 2]],)),
        ("spearman_brown", ([[1, 2], [2, 1]],)),
    ],
)  # fmt: skip
def test_what_can_not_be_worked_out_is_said_and_never_a_number(name: str, given_values: Any) -> None:
    with pytest.raises(AlongsideError) as said:
        getattr(statistics, name)(*given_values)
    assert str(said.value).endswith(".")


def test_a_pandas_table_is_as_good_as_a_list() -> None:
    import pandas as pd

    assert statistics.cronbach_alpha(pd.DataFrame(TABLE)) == statistics.cronbach_alpha(TABLE)
