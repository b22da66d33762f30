"""Random surveys for the attack: groups inside groups, groups that nearly agree, unanimous groups, holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from survey_attacker import Known

from alongside.survey.ask.codebook import About, Codebook, Item
from alongside.survey.read.responses import Rows, _responses
from alongside.survey.rules.disclosure import Release, release
from alongside.thresholds import minimum_for

SCALE = ("Never", "Rarely", "Sometimes", "Often", "Always")


@dataclass(frozen=True)
class Shape:
    """How a survey looks. ``about``: for each breakdown how many values it has and how they fall.

    ``unlisted``: the share of people who gave a breakdown an answer of their own, or none. ``applies``: the share of
    people to whom the first practice applies.
    """

    people: int
    minimum: int
    practices: int
    items: int
    about: tuple[tuple[int, str], ...]
    favorable: float
    missing: float
    unanimous: bool
    seed: int
    unlisted: float = 0.0
    applies: float = 1.0


FALLS = ("even", "uneven", "inside the first", "nearly the first", "one or two alone")


@st.composite
def shapes(draw: st.DrawFn, people: tuple[int, int] = (6, 120)) -> Shape:
    about = draw(st.lists(st.tuples(st.integers(2, 5), st.sampled_from(FALLS)), max_size=3))
    return Shape(
        people=draw(st.integers(*people)),
        minimum=draw(st.sampled_from((5, 10))),
        practices=draw(st.integers(1, 3)),
        items=draw(st.integers(1, 3)),
        about=tuple(about),
        favorable=draw(st.sampled_from((0.05, 0.3, 0.6, 0.8, 0.95))),
        missing=draw(st.sampled_from((0.0, 0.05, 0.3))),
        unanimous=draw(st.booleans()),
        seed=draw(st.integers(0, 2**16)),
        unlisted=draw(st.sampled_from((0.0, 0.0, 0.1, 0.4))),
        applies=draw(st.sampled_from((1.0, 1.0, 0.5, 0.2))),
    )


def codebook(
    practices: int,
    items: int,
    about: Sequence[int],
    minimum: int = 10,
    path: Path | None = None,
    wave: str = "1",
) -> Codebook:
    """A codebook; a minimum under 10 comes with a head count of which few enough answered."""
    named = {f"p{one}": f"Practice {one}" for one in range(practices)}
    asked = [Item(f"{key}_{one}", key, f"We did {key} {one}.", ()) for key in named for one in range(items)]
    asks = [
        About(f"b{at}", f"About {at}", (), {f"value {at} {one}": () for one in range(values)})
        for at, values in enumerate(about)
    ]
    return Codebook(
        title="How we build community", wave=wave, minimum_group=minimum,
        headcount=1000 if minimum < 10 else None, scale=SCALE, favorable=SCALE[3:], unfavorable=SCALE[:2],
        also_means={}, no_answer=(), practices=named, items={one.key: one for one in asked},
        about={one.key: one for one in asks}, next_steps="", path=path,
    )  # fmt: skip


def rows(book: Codebook, answers: np.ndarray, about: np.ndarray) -> Rows:
    names = {key: (*one.answers, "Another answer", "No answer") for key, one in book.about.items()}
    counts = {"read": len(answers), "blank": 0, "test": 0, "partial": 0, "duplicated": 0}
    about = about.reshape(len(answers), len(names))
    return Rows(book, len(answers), answers.astype(np.int8), about.astype(np.int16), names, counts, ())


def made(shape: Shape) -> Rows:
    """The survey of a shape, always the same one."""
    chance = np.random.default_rng(shape.seed)
    book = codebook(shape.practices, shape.items, [values for values, _ in shape.about], shape.minimum)
    about = np.zeros((shape.people, len(shape.about)), np.int64)
    for at, (values, falls) in enumerate(shape.about):
        about[:, at] = _falls(falls, values, about[:, 0] if at else None, shape.people, chance)
    share = np.clip(chance.normal(shape.favorable, 0.15, len(book.items)), 0, 1)
    good = chance.random((shape.people, len(book.items))) < share
    if shape.unanimous and len(shape.about):
        one = chance.integers(len(shape.about))
        for value in np.unique(about[:, one])[::2]:
            good[about[:, one] == value] = chance.random(len(book.items)) < 0.5
    other = chance.random(about.shape) < shape.unlisted
    if other.any():
        about = np.where(other, np.array([values for values, _ in shape.about]) + (about + 1) % 2, about)
    answers = np.where(good, chance.integers(3, 5, good.shape), chance.integers(0, 3, good.shape))
    answers[chance.random(answers.shape) < shape.missing] = -1
    if shape.applies < 1:
        answers[chance.random(shape.people) >= shape.applies, : shape.items] = -1
    return rows(book, answers, about)


def _falls(
    falls: str, values: int, first: np.ndarray | None, people: int, chance: np.random.Generator
) -> np.ndarray:
    if first is not None and falls == "inside the first":
        return (first + (chance.random(people) < 0.2)) % values
    if first is not None and falls == "nearly the first":
        near = first % values
        near[: max(1, people // 20)] = chance.integers(0, values, max(1, people // 20))
        return near
    if falls == "one or two alone":
        return np.where(
            np.arange(people) < 2 + chance.integers(3), 0, 1 + chance.integers(0, values - 1, people)
        )
    weights = np.ones(values) if falls == "even" else 0.5 ** np.arange(values)
    return chance.choice(values, people, p=weights / weights.sum())


def known(of: Rows, here: np.ndarray | None = None) -> Known:
    """What an attacker knows of a survey before reading what it shows."""
    book = of.codebook
    about = {
        key: [labels[value] for value in of.about[:, at]]
        for at, (key, labels) in enumerate(of.about_names.items())
    }
    return Known(
        answered=of.answers >= 0,
        about=about,
        practice=[item.practice for item in book.items.values()],
        items=list(book.items),
        minimum=minimum_for(of.people, book.minimum_group, book.headcount),
        here=np.ones(of.people, bool) if here is None else here,
    )


def some(of: Rows, people: np.ndarray) -> Rows:
    """The same survey with these people (numbers, or a mask) in it."""
    return rows(of.codebook, of.answers[people], of.about[people])


def at(of: Rows, path: Path) -> Rows:
    """The same survey, with its codebook in a file."""
    return replace(of, codebook=replace(of.codebook, path=path))


def shown(of: Rows, earlier: Sequence[Release] = ()) -> Release:
    return release(_responses(of), earlier)
