"""What is shown, as tables (rules 4 and 9 of the report): the content of ``tables.json``.

Nothing is decided here but how a number looks: what a plan leaves out never comes in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from alongside.survey.ask.codebook import Codebook, fold
from alongside.survey.read.responses import Rows
from alongside.survey.rules import releases
from alongside.survey.rules.marks import Texts, keyed
from alongside.survey.rules.releases import Release
from alongside.survey.rules.softening import AT_LEAST, HIDDEN, Soft, bound, total
from alongside.survey.rules.tally import Plan, Practice, Tally
from alongside.survey.statistics import wilson
from alongside.thresholds import USUAL_MINIMUM, lifted, minimum_for
from alongside.words import say

__all__ = ["release_of"]

_WHY_LIFTED = {"few asked": "rules.few_asked", "most answered": "rules.most_answered"}


def release_of(
    rows: Rows,
    tally: Tally | None,
    plan: Plan | None,
    known: Texts | None = None,
    told: Sequence[str] = (),
    parts: bool = False,
) -> Release:
    """The release, as tables.json has it. ``tally`` is None below the minimum, where no number is told.

    ``known``: what the rows are known again by. ``told``: sentences for the survey owner.
    """
    book = rows.codebook
    tables = list(_tables(rows, tally, plan, parts)) if tally and plan else []
    shown = {table["measure"] for table in tables} | {table["by"] for table in tables}
    # a breakdown that could not be read is told to the owner, and the page says nothing about it (rule 21)
    names = [*rows.about_names, *book.practices, *book.items] if tally else []
    left_out = [key for key in names if key not in shown]
    content = {
        "title": book.title,
        "wave": book.wave,
        "minimum_group": tally.minimum if tally else minimum_for(0, book.minimum_group, book.headcount),
        "people": rows.people if tally else None,
        "headcount": book.headcount,
        "tables": tables,
        "left_out": left_out,
        "why_left_out": say("rules.why_left_out") if left_out or not tables else "",
    }
    notes: dict[str, Any] = {
        "rows": {key: int(count) for key, count in rows.counts.items()},
        "columns_dropped": [{"column": column, "why": why} for column, why in rows.columns_dropped],
    }
    if why := lifted(rows.people, book.minimum_group, book.headcount):
        numbers = {"minimum": book.minimum_group, "held": USUAL_MINIMUM, "twice": 2 * book.minimum_group}
        told = [say(_WHY_LIFTED[why], **numbers), *told]
    if told:
        notes["told"] = list(told)
    answers = {one.key: one.total.answers for one in plan.practices} if plan else {}
    return releases.sealed(book, content, notes, answers, keyed(known) if known else {})


def _tables(rows: Rows, tally: Tally, plan: Plan, parts: bool) -> Iterator[dict[str, Any]]:
    book, keys = rows.codebook, list(rows.codebook.items)
    asked = cache(partial(_asked, book))  # a practice has a table for everyone and one for each breakdown
    for one in plan.practices:
        n = _Size(rows.people, int(tally.answered[one.at].sum()))
        group = _everyone(rows, n, one.total.count, one.total.answers, one.total.mark, one.total.level)
        if parts and not one.total.mark:
            group["parts"] = _parts(book, tally, one)
        yield _table(book, asked, one.key, None, [group])
    for one in plan.practices:
        for item, number in _numbers(one.items, one.by_item):
            group = _everyone(rows, _Size(rows.people, number[1]), *number)  # each gave one answer to it
            yield _table(book, asked, keys[item], None, [group])
    for at, groups in enumerate(plan.shown):
        people = np.bincount(groups.of, tally.people)
        for one in (each for each in plan.practices if each.by_group):
            answered = np.bincount(groups.of, tally.answered[one.at])
            found = [
                _share(groups.names[row], _Size(int(people[row]), int(answered[row])), *number)
                for row, number in _numbers(range(len(groups.names)), one.by_group[at])
            ]
            yield _table(book, asked, one.key, groups.key, found)


class _Size(NamedTuple):
    """The people of a group, and those of them who gave the measure at least one answer."""

    people: int
    answered: int


_Number = tuple[int, int, str | None, int]
"""Favorable answers, all answers, the mark and the level of one number."""


def _table(
    book: Codebook, asked: Callable[[str], str], key: str, by: str | None, groups: list[Any]
) -> dict[str, Any]:
    """A table of a practice or of an item, by its key: no two of them share one."""
    item = book.items.get(key)
    return {
        "measure": key,
        "kind": "item" if item else "practice",
        "text": item.text if item else book.practices[key],
        "by": by,
        "asked": asked(key),
        "groups": groups,
    }


def _asked(book: Codebook, key: str) -> str:
    """A fingerprint of what was asked: the words of its questions, of the scale, and which of these are favorable.

    Numbers of two waves are about the same only where it is the same (rule 19). Headings and keys were not asked;
    case, punctuation and the order of questions make no other question. Where questions of a practice differ in which
    words are favorable, each goes with its own.
    """
    items = [one for one in book.items.values() if key in (one.key, one.practice)]
    counted = sorted((fold(one.text), sorted(map(fold, book.points(one).favorable))) for one in items)
    texts, favorable = [text for text, _ in counted], [words for _, words in counted]
    alike = all(words == favorable[0] for words in favorable)
    asked = [texts, [fold(point) for point in book.scale], favorable[0] if alike else favorable]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def _numbers(names: Iterable[int], soft: Soft | None) -> Iterator[tuple[int, _Number]]:
    """The name of each part that is published, its favorable answers, all of them, its mark and its level."""
    if soft:
        parts = zip(names, soft.counts, soft.answers, soft.marks, soft.levels, strict=True)
        for name, count, answers, mark, level in parts:
            if mark != HIDDEN:
                yield int(name), (int(count), int(answers), mark, level)


def _share(name: str, size: _Size, count: int, answers: int, mark: str | None, level: int) -> dict[str, Any]:
    """One number: a share with its interval, in which n is the people who answered, or a bound and nothing else."""
    low = high = None
    value = _percent(count, answers)
    if mark:
        near = bound(answers, level)
        value = round(100 - near, 1) if mark == AT_LEAST else near
    else:
        ends = wilson(size.answered * count / answers, size.answered)
        low, high = (round(100 * end, 1) for end in ends)
    people = {"people": size.people, "answered": size.answered}
    return {"name": name, **people, "favorable": value, "bound": mark, "low": low, "high": high}


def _everyone(
    rows: Rows, size: _Size, count: int, answers: int, mark: str | None, level: int
) -> dict[str, Any]:
    """Everyone's number, and with a head count what those who were asked and did not answer it might make of it."""
    asked, worst = rows.codebook.headcount, None
    if asked and not mark:
        least, most = size.answered * count / answers / asked, (asked - size.answered) / asked
        worst = [round(100 * least, 1), round(100 * (least + most), 1)]
    group = _share(say("ask.everyone"), size, count, answers, mark, level)
    return {**group, "worst_case": worst, "parts": None}


def _parts(book: Codebook, tally: Tally, one: Practice) -> dict[str, float] | None:
    """Everyone's answers in three parts, or None where one of them is near an end.

    A scale without a middle has two parts, and the second says no more than the first. Where some questions have a
    middle and others don't, the parts would say something of those questions alone, which nothing has audited.
    """
    items = list(book.items.values())
    middles = [book.points(items[at]).middle for at in one.items]
    if any(middles) and not all(middles):
        return None
    whole, low = one.total, int(tally.unfavorable[one.items].sum())
    counts = {"favorable": whole.count, "middle": whole.answers - whole.count - low, "unfavorable": low}
    if not any(middles):
        del counts["middle"]
    if any(total(count, whole.answers).mark for count in counts.values()):
        return None
    return {name: _percent(count, whole.answers) for name, count in counts.items()}


def _percent(count: int, answers: int) -> float:
    return round(100 * count / answers, 1)
