"""Surveys that tests make up: a codebook, and answers that hit given shares as closely as whole answers can."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml

from alongside.survey.ask.codebook import Codebook, fold, load
from alongside.survey.read.responses import Rows, _responses
from alongside.survey.rules.disclosure import Release, release

SCALE = ["Never", "Rarely", "Sometimes", "Often", "Always"]
PRACTICES = {"share-power": "Share power", "follow-through": "Follow-through", "be-a-team": "Be a team"}
OUR_CROWD = zlib.crc32(b"how we build community 2026 spring")
ROLES, SITES = ["Outreach", "Front desk", "Office"], ["North", "South"]


def entries(**changes: object) -> dict[str, object]:
    """A codebook's entries as a person would write them; ``None`` takes one out."""
    items = {
        f"{key.replace('-', '_')}_{number}": {
            "practice": key,
            "text": f"In the last month, we did {key} {number}.",
        }
        for key in PRACTICES
        for number in (1, 2)
    }
    about = {
        "role": {"text": "What is your role?", "answers": {one: [one.lower()] for one in ROLES}},
        "site": {"text": "Where do you work?", "answers": {one: [one.lower()] for one in SITES}},
    }
    whole: dict[str, object] = {
        "title": "How we build community", "wave": "2026 spring", "minimum_group": 10, "scale": SCALE,
        "favorable": SCALE[3:], "unfavorable": SCALE[:2], "no_answer": ["N/A"],
        "practices": PRACTICES, "items": items, "about": about,
    }  # fmt: skip
    return {key: value for key, value in (whole | changes).items() if value is not None}


def book(folder: Path, **changes: object) -> Codebook:
    """A loaded codebook in a file of its own, so that it has a place to remember releases beside it."""
    path = folder / f"{len(list(folder.glob('*.yml')))}-codebook.yml"
    path.write_text(yaml.safe_dump(entries(**changes), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load(path)


def made(codebook: Codebook, people: int, shares: Sequence[float] = (0.62, 0.4, 0.25)) -> Release:
    """What may be shown of ``people`` who answered everything: for each practice the favorable share given here.

    Another title or wave is another crowd.
    """
    crowd = zlib.crc32(fold(f"{codebook.title} {codebook.wave}").encode()) - OUR_CROWD
    items, roles = len(codebook.items), len(codebook.about)
    keys = list(codebook.practices)
    answers = np.zeros((people, items), np.int8)
    for at, item in enumerate(codebook.items.values()):
        share = shares[keys.index(item.practice) % len(shares)]
        answers[:, at] = _spread(people, share, seed=abs(crowd) + at)
    about = np.stack([_dealt(people, at) for at in range(roles)], axis=1) if roles else np.zeros((people, 0))
    names: Mapping[str, tuple[str, ...]] = {
        key: (*one.answers, "Another answer", "No answer") for key, one in codebook.about.items()
    }
    counts = {"read": people, "blank": 0, "test": 0, "partial": 0, "duplicated": 0}
    return release(_responses(Rows(codebook, people, answers, about.astype(np.int16), names, counts, ())))


def _spread(people: int, share: float, seed: int) -> np.ndarray:
    """Points of the scale: the favorable share, and of the rest half in the middle and half unfavorable."""
    good = round(people * share)
    middle = (people - good) // 2
    points = np.array([3 + one % 2 for one in range(good)] + [2] * middle + [0, 1] * people)[:people]
    return np.random.default_rng(seed).permutation(points)


def _dealt(people: int, seed: int) -> np.ndarray:
    return np.random.default_rng(100 + seed).permutation(np.arange(people) % (3 - seed % 2))
