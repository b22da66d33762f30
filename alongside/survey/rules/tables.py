"""What is shown, as tables (rules 4 and 9 of the report): the content of ``tables.json``.

Nothing is decided here but how a number looks: what a plan leaves out never comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from alongside.survey.read.responses import Rows
from alongside.survey.rules import releases
from alongside.survey.rules.releases import Release
from alongside.survey.rules.softening import AT_LEAST, HIDDEN, Soft, bound, total
from alongside.survey.rules.tally import Plan, Practice, Tally
from alongside.survey.statistics import wilson
from alongside.words import say

__all__ = ["release_of"]


def release_of(rows: Rows, tally: Tally | None, plan: Plan | None, parts: bool = False) -> Release:
    """The release, as tables.json has it. ``tally`` is None below the minimum, where no number is told."""
    book = rows.codebook
    tables = list(_tables(rows, tally, plan, parts)) if tally and plan else []
    shown = {table["measure"] for table in tables} | {table["by"] for table in tables}
    names = [*book.about, *book.practices, *book.items] if tally else []
    left_out = [key for key in names if key not in shown]
    content = {
        "title": book.title,
        "wave": book.wave,
        "minimum_group": tally.minimum if tally else book.minimum_group,
        "people": rows.people if tally else None,
        "headcount": book.headcount,
        "tables": tables,
        "left_out": left_out,
        "why_left_out": say("rules.why_left_out") if left_out or not tables else "",
    }
    notes = {
        "rows": {key: int(count) for key, count in rows.counts.items()},
        "columns_dropped": [{"column": column, "why": why} for column, why in rows.columns_dropped],
    }
    answers = {one.key: one.total.answers for one in plan.practices} if plan else {}
    return releases.sealed(book, content, notes, answers)


def _tables(rows: Rows, tally: Tally, plan: Plan, parts: bool) -> Iterator[dict[str, Any]]:
    book, keys = rows.codebook, list(rows.codebook.items)
    for one in plan.practices:
        group = _everyone(rows, one.total.count, one.total.answers, one.total.mark, one.total.level)
        if parts and not one.total.mark:
            group["parts"] = _parts(tally, one)
        yield _table(one.key, "practice", book.practices[one.key], None, [group])
    for one in plan.practices:
        for item, number in _numbers(one.items, one.by_item):
            yield _table(keys[item], "item", book.items[keys[item]].text, None, [_everyone(rows, *number)])
    for at, groups in enumerate(plan.shown):
        people = np.bincount(groups.of, tally.people)
        for one in plan.practices:
            found = [
                _share(groups.names[row], int(people[row]), *number)
                for row, number in _numbers(range(len(groups.names)), one.by_group[at])
            ]
            yield _table(one.key, "practice", book.practices[one.key], groups.key, found)


_Number = tuple[int, int, str | None, int]
"""Favorable answers, all answers, the mark and the level of one number."""


def _table(measure: str, kind: str, text: str, by: str | None, groups: list[Any]) -> dict[str, Any]:
    return {"measure": measure, "kind": kind, "text": text, "by": by, "groups": groups}


def _numbers(names: Iterable[int], soft: Soft | None) -> Iterator[tuple[int, _Number]]:
    """The name of each part that is published, its favorable answers, all of them, its mark and its level."""
    if soft:
        parts = zip(names, soft.counts, soft.answers, soft.marks, soft.levels, strict=True)
        for name, count, answers, mark, level in parts:
            if mark != HIDDEN:
                yield int(name), (int(count), int(answers), mark, level)


def _share(name: str, people: int, count: int, answers: int, mark: str | None, level: int) -> dict[str, Any]:
    """One number: a share with its interval, in which n is people, or a bound and nothing else."""
    low = high = None
    value = _percent(count, answers)
    if mark:
        near = bound(answers, level)
        value = round(100 - near, 1) if mark == AT_LEAST else near
    else:
        low, high = (round(100 * end, 1) for end in wilson(people * count / answers, people))
    return {"name": name, "people": people, "favorable": value, "bound": mark, "low": low, "high": high}


def _everyone(rows: Rows, count: int, answers: int, mark: str | None, level: int) -> dict[str, Any]:
    """Everyone's number, and with a head count what those who did not answer might make of it."""
    asked, worst = rows.codebook.headcount, None
    if asked and not mark:
        least, most = rows.people * count / answers / asked, (asked - rows.people) / asked
        worst = [round(100 * least, 1), round(100 * (least + most), 1)]
    group = _share(say("ask.everyone"), rows.people, count, answers, mark, level)
    return {**group, "worst_case": worst, "parts": None}


def _parts(tally: Tally, one: Practice) -> dict[str, float] | None:
    """Everyone's answers in three parts, or None where one of them is near an end."""
    whole, low = one.total, int(tally.unfavorable[one.items].sum())
    counts = {"favorable": whole.count, "middle": whole.answers - whole.count - low, "unfavorable": low}
    if any(total(count, whole.answers).mark for count in counts.values()):
        return None
    return {name: _percent(count, whole.answers) for name, count in counts.items()}


def _percent(count: int, answers: int) -> float:
    return round(100 * count / answers, 1)
