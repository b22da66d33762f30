"""Nobody can be found in what a survey shows: an attacker who knows the rules and the code tries.

A plain run tries 10 and 15 surveys. ``ATTACK=long``, which is what the night does, tries 3,000 releases, half as many that
are released again, as many folders of reports (test_survey_memory.py), and every possible total in the program below: under
half an hour of one processor (a release takes 0.17 seconds on average and 3.1 at most, measured for 801 of them; one that is
released again 0.07; a folder 0.12). Any number of releases can be asked for instead: ``ATTACK=10000``.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, event, example, given, settings
from hypothesis import strategies as st
from survey_attacker import by_trying, found_out
from survey_random import Shape, codebook, known, made, rows, shapes, shown, some

from alongside.errors import AlongsideError

NIGHT = 3000


def surveys() -> int:
    """So many releases are asked for; 0 for a plain run."""
    asked = os.environ.get("ATTACK", "0")
    if asked == "long":
        return NIGHT
    if not asked.isascii() or not asked.isdigit():
        pytest.exit(f"ATTACK is long, or a number of surveys such as 3000, and not {asked!r}.", returncode=4)
    return int(asked)


MANY = surveys()
LONG = MANY > 0
PHASES = (Phase.explicit, Phase.generate, Phase.shrink) if LONG else (Phase.explicit, Phase.generate)


def tries(few: int, many: int) -> settings:
    return settings(
        max_examples=max(few, many), deadline=None, derandomize=True, database=None, phases=PHASES,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much), print_blob=False,
    )  # fmt: skip


# so many counts come only together that they are drawn, and of one table none is
ONE_OR_TWO_ALONE = Shape(
    84, 5, 4, 2, ((2, "inside the first"), (3, "even"), (5, "one or two alone")), 0.3, 0.0, True, 43
)


@tries(10, MANY)
@given(shapes())
@example(ONE_OR_TWO_ALONE)
def test_nobody_is_found_in_a_release(shape: Shape) -> None:
    survey = made(shape)
    tables = shown(survey).to_dict()
    event(
        f"breakdowns shown: {len({table['by'] for table in tables['tables']} - {None})} of {len(shape.about)}"
    )
    assert found_out([(tables, known(survey))]) == []


@tries(15, MANY // 2)
@given(shapes((30, 70)), st.sampled_from(("added", "removed", "swapped", "changed", "many added")), st.data())
def test_nobody_is_found_when_the_same_wave_is_released_again(
    shape: Shape, how: str, data: st.DataObject
) -> None:
    survey = made(shape)
    chance = np.random.default_rng(shape.seed)
    everybody, extra = np.arange(survey.people), data.draw(st.integers(10, 30), "newcomers")
    first = np.sort(chance.permutation(everybody)[: survey.people - (extra if how == "many added" else 1)])
    left_out = np.setdiff1d(everybody, first)
    second = {
        "added": everybody,
        "many added": everybody,
        "removed": first[1:],
        "swapped": np.concatenate([first[1:], left_out]),
        "changed": first,
    }[how]
    assume(len(first) >= 6)
    one = some(survey, first)
    other = some(survey, second)
    if how == "changed":
        answers = other.answers.copy()
        answers[0] = np.where(answers[0] >= 3, 0, 4)
        other = rows(other.codebook, answers, other.about)
    before = shown(one)
    try:
        after = shown(other, [before])
    except AlongsideError as error:
        event(f"{how}: refused")
        assert "Keep the first report" in str(error)
        return
    nothing = before.to_dict()["people"] is None or after.to_dict()["people"] is None
    same = after.to_dict() == before.to_dict()
    event(f"{how}: {'nothing before or after' if nothing else 'identical' if same else 'shown'}")
    assert same or nothing or how == "many added"
    if how == "many added":
        masks = [np.isin(everybody, people) for people in (first, second)]
        releases = [
            (one.to_dict(), known(survey, mask)) for one, mask in zip((before, after), masks, strict=True)
        ]
        assert found_out(releases) == []


Cells = list[tuple[int, ...]]
TWO = [(0, 0), (0, 1), (1, 1)]
SMALL = [  # cells as values of breakdowns, people in each, the minimum, everyone's favorable answers to each practice
    ([(0,), (1,)], [9, 3], 10, [range(13)]),
    ([(0,), (1,)], [8, 2], 10, [range(11)]),
    ([(0,), (1,), (2,)], [4, 4, 4], 5, [range(13)]),
    ([(0,), (1,), (2,)], [17, 10, 3], 10, [(4,)]),
    (TWO, [14, 2, 14], 10, [(26,)]),
    (TWO, [14, 2, 14], 10, [(26,), (4,)]),
    ([*TWO, (1, 2)], [9, 3, 8, 10], 10, [(27,)]),
    ([*TWO, (1, 2)], [9, 3, 8, 10], 10, [(28,), (28,)]),
    # takes long, and is the only one that finds a practice that alone could be the reason of an absence
    ([(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 0, 0), (1, 1, 1)], [16, 11, 4, 3, 2], 10, [(9,)]),
]


@pytest.mark.parametrize(
    ("cells", "sizes", "minimum", "totals"),
    [
        # two practices take long, and what they find, the others find as well
        pytest.param(*one, id=f"{one[1]} {one[3]}", marks=[pytest.mark.nightly] if len(one[3]) > 1 else [])
        for one in SMALL
    ],
)
def test_running_the_program_on_every_possible_answer_finds_nobody(
    cells: Cells, sizes: list[int], minimum: int, totals: Sequence[Sequence[int]]
) -> None:
    """The strongest attacker: what is missing, and how far and why numbers were softened, all of it is used."""
    practices = len(totals)
    book = codebook(practices, 1, [5] * len(cells[0]), minimum)
    about = np.repeat(np.array(cells), sizes, axis=0)

    def published(counts: Sequence[int]) -> str:
        each = [
            np.where(np.arange(size) < good, 4, 0)
            for size, good in zip(sizes * practices, counts, strict=True)
        ]
        answers = np.concatenate(each).reshape(practices, -1).T
        return json.dumps(shown(rows(book, answers, about)).to_dict())

    every = list(itertools.product(*(range(size + 1) for size in sizes)))
    wanted = [range(sum(sizes) + 1) if LONG and practices == 1 else one for one in totals]
    alike = [[one for one in every if sum(one) in which] for which in wanted]
    together = [sum(one, ()) for one in itertools.product(*alike)]
    sets = {
        f"cell {cell} of practice {at}": ([at * len(sizes) + cell], min(3, size + 1))
        for cell, size in enumerate(sizes)
        for at in range(practices)
        if size < minimum
    }
    assert by_trying(sizes * practices, together, published, sets) == []
