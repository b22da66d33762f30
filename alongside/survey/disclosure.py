"""What may be shown. This file decides it, together with rule 6 in softening.py and rule 7 in audit.py.

+-----------------------------------------------------------------------------------------------------+
| To the person who owns these rules: a mistake here can point to a person who trusted the survey.    |
| Change a rule only with a second person, who reads this file and plays the attacker. Nothing here   |
| is an option, and nothing may become one. The numbers of the rules are those of the report on them: |
|  3 minimum   4 shares   5 groups   6 extremes   7 the audit   8 waves   9 one sentence              |
+-----------------------------------------------------------------------------------------------------+

The order of decisions: is anything shown at all (3), which practices (3), how each total (6), all single items
or none (7), then breakdown after breakdown in the codebook's order (5, 6, 7). The first three and the groups
depend on head counts alone; answers decide marks, and in rare cases whether items or a breakdown stay.

Counts that can be derived from a rounded percent are taken as known. The three parts of everyone's answers
need no audit of their own: each is shown only where it keeps three answers and 10 % from both ends, and then
favorable answers that can have three counts in a set of people leave three counts for the others as well. With
``k`` answers in the set that aren't favorable, the unfavorable ones can be any of min(k, unfavorable, middle,
rest) + 1 counts, where the rest is what isn't favorable outside of it; the largest, the smallest and the
middle ``k`` together give three. Where parts are absent, one of them is near an end, and that either of two
may be leaves the same. (tests/test_survey_disclosure.py goes through all cases up to a size.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from alongside.errors import AlongsideError
from alongside.survey import releases
from alongside.survey.audit import COUNTS, Mask, Puzzle, Sum, every, extremes, narrow, pinned, safe
from alongside.survey.releases import Release
from alongside.survey.responses import Responses, Rows, _rows, walled
from alongside.survey.softening import AT_LEAST, HIDDEN, LEVELS, Soft, Total, bound, soften, total
from alongside.survey.statistics import wilson

__all__ = ["Release", "release"]

USUAL_MINIMUM = 10
FROM_FOR_GROUPS = 30  # people; fewer are shown as everyone together only
LARGE = 300  # unknown numbers of one practice
EVERYONE, SMALLER = "Everyone", "Smaller groups together"
WHY = (
    "Some results are left out so that nobody can be found in the numbers. "
    "What is left out can be high or low; hidden is not zero."
)


def release(responses: Responses, earlier: Sequence[Release] = ()) -> Release:
    """What may be shown of these responses.

    ``earlier``: releases of the same survey and wave that were shown before; the ones that stand in the file
    beside the codebook are found without being named. Raises :class:`AlongsideError` for another survey's or
    wave's release, and where showing this one after those would not be safe (rule 8).

    To keep what was shown, call :func:`alongside.survey.releases.remember` when it is: the report does.
    """
    return _release(responses, earlier)


@walled
def _release(responses: Responses, earlier: Sequence[Release]) -> Release:
    rows = _rows(responses)
    book = rows.codebook
    before, other_waves = releases.before(book, earlier)
    if rows.people < minimum_for(rows.people, book.minimum_group, book.headcount):
        return _made(rows, None, None)
    _check_headcount(rows)
    tally = _count(rows)
    if not before:
        return _shown(rows, tally, everyone_only=other_waves)
    return releases.again(
        before,
        rows.people,
        lambda: _shown(rows, tally, other_waves),
        lambda: _late(rows, tally, before[0]),
    )


# --- rule 3: is anything shown ---------------------------------------------------------------------------


def minimum_for(people: int, minimum: int, headcount: int | None) -> int:
    """The smallest group: the codebook's, but 10 where less than a head count and 80 % answered call for it."""
    if minimum < USUAL_MINIMUM and (headcount is None or people * 5 >= headcount * 4):
        return USUAL_MINIMUM
    return minimum


def _check_headcount(rows: Rows) -> None:
    if rows.codebook.headcount is not None and rows.codebook.headcount < rows.people:
        raise AlongsideError(
            "More people answered than the codebook's head count says were asked. "
            'Correct "headcount" in the codebook, or take it out.'
        )


# --- what the attacker knows: cells of people who are alike ----------------------------------------------


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Tally:
    """Counts by cell, a cell being the people who are alike in all breakdowns.

    ``people`` [cells]; ``values`` [breakdowns, cells]: the cell's value in each; ``answers``, ``favorable``,
    ``unfavorable`` [items, cells]; ``answered`` [practices, cells]: people who answered any of its items.
    ``practices``: for each practice that is shown, its key, its row in ``answered`` and its items' rows.
    """

    minimum: int
    people: np.ndarray
    values: np.ndarray
    answers: np.ndarray
    favorable: np.ndarray
    unfavorable: np.ndarray
    answered: np.ndarray
    practices: tuple[tuple[str, int, np.ndarray], ...]


def _count(rows: Rows) -> _Tally:
    """Add up people who are alike. From here on nobody's own answers are seen."""
    book = rows.codebook
    first, cell = _cells(rows.about)
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(len(first)))
    answers = rows.answers[order]
    items = {key: np.array([item.practice == key for item in book.items.values()]) for key in book.practices}

    def summed(what: np.ndarray) -> np.ndarray:
        return np.add.reduceat(what, starts, axis=0, dtype=np.int64).T

    def among(points: Sequence[str]) -> np.ndarray:
        lookup = np.array([point in points for point in book.scale] + [False])  # -1, no answer, is the last
        return summed(lookup[answers])

    given = answers >= 0
    answered = summed(np.column_stack([given[:, its].any(axis=1) for its in items.values()]))
    minimum = minimum_for(rows.people, book.minimum_group, book.headcount)
    return _Tally(
        minimum=minimum,
        people=np.bincount(cell, minlength=len(first)),
        values=rows.about[first].T.astype(np.int64),
        answers=summed(given),
        favorable=among(book.favorable),
        unfavorable=among(book.unfavorable),
        answered=answered,
        practices=tuple(
            (key, at, np.flatnonzero(its))
            for at, (key, its) in enumerate(items.items())
            if answered[at].sum() >= minimum
        ),
    )


def _cells(about: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Somebody of each cell, and everybody's cell."""
    code = np.zeros(len(about), np.int64)
    for column in about.T:
        code = code * (int(column.max(initial=0)) + 1) + column
    _, first, cell = np.unique(code, return_index=True, return_inverse=True)
    return first, cell.ravel()


# --- rule 5: groups, from head counts alone --------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A breakdown as it is shown: ``of`` [cells] is each cell's group, ``names`` are theirs."""

    key: str
    names: tuple[str, ...]
    of: np.ndarray


def _groups(tally: _Tally, breakdown: int, key: str, labels: Sequence[str]) -> Groups | None:
    """Values under the minimum together, with the next smallest until two values and the minimum are in it."""
    value = tally.values[breakdown]
    present = [one for one in range(len(labels)) if (value == one).any()]
    answered = tally.answered[[at for _, at, _ in tally.practices]]

    def size(values: Sequence[int]) -> int:
        """The smallest number of people with these values who answered any practice."""
        return int(answered[:, np.isin(value, values)].sum(axis=1).min())

    by_size = sorted(present, key=lambda one: (size([one]), one))
    pooled = [one for one in by_size if size([one]) < tally.minimum]
    while pooled and (len(pooled) < 2 or size(pooled) < tally.minimum) and len(pooled) < len(by_size):
        pooled.append(by_size[len(pooled)])
    alone = [one for one in present if one not in pooled]
    names = (*(labels[one] for one in alone), *([SMALLER] if pooled else []))
    if len(names) < 2:
        return None
    of = np.array([alone.index(one) if one in alone else len(alone) for one in value])
    return Groups(key, names, of)


# --- rule 6: a practice as it would be published ----------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Practice:
    """``at``: its row in ``answered``. ``items``: its items' rows. ``by_group``: one for each breakdown."""

    key: str
    at: int
    items: np.ndarray
    total: Total
    by_item: Soft | None
    by_group: tuple[Soft, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What might be shown: each practice, single items or none of them, and these breakdowns."""

    practices: tuple[_Practice, ...]
    with_items: bool
    shown: tuple[Groups, ...]


def _plan(
    tally: _Tally, totals: Mapping[str, Total], with_items: bool, shown: Sequence[Groups]
) -> _Plan | None:
    """Every practice as it would be published, or None where a softened number would be given back."""
    found = []
    for key, at, items in tally.practices:
        by_item = _by_item(tally, items, totals[key]) if with_items else None
        by_group = [_by_group(tally, items, groups, totals[key]) for groups in shown]
        kept = tuple(one for one in by_group if one)
        if (with_items and not by_item) or len(kept) < len(shown):
            return None
        found.append(_Practice(key, at, items, totals[key], by_item, kept))
    return _Plan(tuple(found), with_items, tuple(shown))


def _totals(tally: _Tally) -> dict[str, Total]:
    """Everyone's totals: only "at most half" or "at least half" where too few people gave all answers but one.

    That depends on head counts alone. Everywhere else a total that is shown alone keeps every set of people
    under the minimum open: it is three answers from both ends, and two answers at least are someone else's.
    """
    sets, found = _small_sets(tally, ()), {}
    for key, at, items in tally.practices:
        answers = tally.answers[items].sum(axis=0)
        theirs = sets[_protected(tally, sets, at)].astype(float) @ answers
        level = LEVELS[-1] if (theirs >= answers.sum() - 1).any() else LEVELS[0]
        found[key] = total(int(tally.favorable[items].sum()), int(answers.sum()), level)
    return found


def _by_item(tally: _Tally, items: np.ndarray, whole: Total) -> Soft | None:
    answers = tally.answers[items].sum(axis=1)
    return soften(tally.favorable[items].sum(axis=1), answers, answers < tally.minimum, whole)


def _by_group(tally: _Tally, items: np.ndarray, groups: Groups, whole: Total) -> Soft | None:
    of, many = groups.of, len(groups.names)
    favorable, answers = (
        np.bincount(of, table[items].sum(axis=0), many).astype(np.int64)
        for table in (tally.favorable, tally.answers)
    )
    return soften(favorable, answers, np.zeros(many, bool), whole)


# --- rule 7: who is protected, and the audit --------------------------------------------------------------


def _small_sets(tally: _Tally, shown: Sequence[Groups]) -> np.ndarray:
    """Sets of cells [sets, cells] that are too few people, of those who answered some practice at least.

    Each cell, each value of each breakdown (shown or not), each difference of two shown groups.
    """
    cells = len(tally.people)
    answered = tally.answered[[at for _, at, _ in tally.practices]]
    alone = np.flatnonzero(answered.min(axis=0) < tally.minimum)
    found = [alone[:, None] == np.arange(cells)]
    found += [value == np.unique(value)[:, None] for value in tally.values]
    groups = [one.of == at for one in shown for at in range(len(one.names))]
    found += [np.array([a & ~b for a in groups for b in groups])] if groups else []
    sets = np.vstack(found)
    fewest = (sets.astype(float) @ answered.T).min(axis=1)
    return np.unique(sets[(fewest < tally.minimum) & sets.any(axis=1)], axis=0)


def _protected(tally: _Tally, sets: np.ndarray, at: int) -> np.ndarray:
    """Which sets are fewer people than the minimum, among those who answered this practice."""
    people = sets.astype(float) @ tally.answered[at]
    return (people > 0) & (people < tally.minimum)


def _passes(tally: _Tally, plan: _Plan) -> bool:
    """The joint audit of everything that would be published together."""
    sets = _small_sets(tally, plan.shown)
    return all(
        safe(_puzzle(tally, one, plan, sets[_protected(tally, sets, one.at)])) for one in plan.practices
    )


def _tables(tally: _Tally, one: _Practice, plan: _Plan) -> list[tuple[Soft, list[tuple[Mask, Mask]]]]:
    """The tables of a practice beside its total: what is published, and each number's items and cells."""
    everybody, all_items = np.ones(len(tally.people), bool), np.ones(len(one.items), bool)
    found = []
    if one.by_item:
        found.append((one.by_item, [(item, everybody) for item in np.eye(len(one.items), dtype=bool)]))
    for groups, soft in zip(plan.shown, one.by_group, strict=True):
        found.append((soft, [(all_items, groups.of == at) for at in range(len(groups.names))]))
    return found


def _puzzle(tally: _Tally, one: _Practice, plan: _Plan, sets: np.ndarray) -> Puzzle:
    """This practice as an attacker meets it."""
    everybody, all_items = np.ones(len(tally.people), bool), np.ones(len(one.items), bool)
    known = [Sum(all_items, everybody, one.total.low, one.total.high)]
    softened = [known[0]] if one.total.mark else []
    tables = _tables(tally, one, plan)
    choices = []
    for soft, places in tables:
        sums = [Sum(who, where, *soft.ends(at)) for at, (who, where) in enumerate(places)]
        if soft.alike is not None:
            choices.append((range(len(known), len(known) + len(sums)), soft.alike))
        known += sums
        softened += [part for part, mark in zip(sums, soft.marks, strict=True) if mark]

    def same(possible: np.ndarray) -> np.ndarray:
        alike = [
            soft.same(np.stack([Sum(who, where).of(possible) for who, where in places], axis=-1))
            for soft, places in tables
        ]
        return np.all(alike, axis=0) if alike else np.ones(len(possible), bool)

    groups = np.array([shown.of for shown in plan.shown], np.int64).reshape(-1, len(tally.people))
    favorable, answers = tally.favorable[one.items], tally.answers[one.items]
    return Puzzle(favorable, answers, known, choices, softened, sets, groups, same)


# --- what is shown ---------------------------------------------------------------------------------------


def _shown(rows: Rows, tally: _Tally, everyone_only: bool) -> Release:
    """Everyone together, and from 30 people the breakdowns that pass, in the codebook's order."""
    if not tally.practices:
        return _made(rows, tally, None)
    possible = []
    if rows.people >= FROM_FOR_GROUPS and not everyone_only:
        labels = rows.about_names.items()
        possible = [_groups(tally, at, key, names) for at, (key, names) in enumerate(labels)]
    return _made(rows, tally, _safest(tally, [one for one in possible if one]))


def _safest(tally: _Tally, possible: Sequence[Groups]) -> _Plan | None:
    """As much as may be shown: items before breakdowns, breakdowns in order; None where not even totals pass."""
    totals = _totals(tally)
    found, everything = _plan(tally, totals, False, ()), _plan(tally, totals, True, possible)
    if not found or not _passes(tally, found):
        return None
    passes = bool(everything) and _passes(tally, everything)  # what passes together passes in each part
    for step in (None, *possible):
        shown = (*found.shown, step) if step else found.shown
        wider = _plan(tally, totals, found.with_items or not step, shown)
        if not wider or _suspects(tally, found, wider) == 1:
            continue
        if not passes and not _passes(tally, wider):
            break
        found = wider
    return found


# --- rule 7: what an absence says -------------------------------------------------------------------------
#
# Whether single items or a breakdown pass does depend on answers, in surveys whose head counts are just enough.
# Their absence says: with these, somebody's answers to one of the practices would have been given back. While
# two practices may be the one, each of them can still have been answered in every way that its own numbers
# allow. Where one practice alone may be, nothing else than its answers would be the reason: then the step is
# never taken, whatever was answered. And nothing more is shown after a step that failed, since more numbers
# could clear all practices but one.


def _suspects(tally: _Tally, plan: _Plan, wider: _Plan) -> int:
    """How many practices, two at most, may be the reason why a wider plan fails, as far as a reader can know.

    That depends on what ``plan`` publishes alone. Where possible answers are few, each is looked at; else those
    that an audit fails on first, of one practice after the other. In large surveys two may always be: there
    the answers that an audit fails on are a few among very many, of every practice.
    """
    if len(plan.practices) > 1 and max(len(one.items) for one in plan.practices) * len(tally.people) > LARGE:
        return 2
    if wider.with_items > plan.with_items and _roomy(tally):
        return 0
    found, waiting = 0, {}
    for one, then in zip(plan.practices, wider.practices, strict=True):
        puzzle = _puzzle(tally, one, plan, np.zeros((0, len(tally.people)), bool))
        possible = every(puzzle)
        if possible is None:
            new = _tables(tally, then, wider)[len(_tables(tally, one, plan)) :]
            waiting[one.key] = extremes(puzzle, [Sum(*place) for _, places in new for place in places])
        else:
            found += _some_fail(tally, then, wider, possible)
    while waiting and found < 2:
        for key, answers in list(waiting.items()):
            favorable = next(answers, None)
            fails = favorable is not None and _fails(tally, key, wider, favorable)
            found += fails
            if favorable is None or fails:
                del waiting[key]
            if found == 2:
                break
    return min(found, 2)


def _roomy(tally: _Tally) -> bool:
    """Whether items can't fail, whatever was answered: two answers at least to each item are someone else's.

    An item's count is three from both ends, or can be; so at most two of any few people's answers follow.
    """
    sets = _small_sets(tally, ())
    for _, at, items in tally.practices:
        theirs = sets[_protected(tally, sets, at)].astype(float) @ tally.answers[items].T
        given = tally.answers[items].sum(axis=1)
        if ((theirs > given - 2) & (given >= tally.minimum)).any():
            return False
    return True


def _fails(tally: _Tally, key: str, wider: _Plan, answer: np.ndarray) -> bool:
    """Whether a wider plan surely fails for a possible answer to one practice [items, cells]."""
    (mine,) = (one for one in tally.practices if one[0] == key)
    favorable = tally.favorable.copy()
    favorable[mine[2]] = answer
    alone = replace(tally, favorable=favorable, practices=(mine,))
    plan, sets = _plan(alone, _totals(alone), wider.with_items, wider.shown), _small_sets(alone, wider.shown)
    if not plan:
        return True
    (one,) = plan.practices
    return pinned(_puzzle(alone, one, plan, sets[_protected(alone, sets, one.at)]))


def _some_fail(tally: _Tally, one: _Practice, wider: _Plan, possible: np.ndarray) -> bool:
    """Whether a wider plan fails for any of all possible answers [many, items, cells] to a practice."""
    ends = np.hstack([_published(*table, one.total, possible) for table in _tables(tally, one, wider)])
    _, classes = np.unique(ends, axis=0, return_inverse=True)
    sets = _small_sets(tally, wider.shown)
    answers = tally.answers[one.items]
    which = [*np.eye(len(one.items), dtype=bool), np.ones(len(one.items), bool)]
    protected = [Sum(items, people) for people in sets[_protected(tally, sets, one.at)] for items in which]
    few = [(each, min(COUNTS, int(each.of(answers)) + 1)) for each in protected]
    return narrow(possible, classes.ravel(), few)


def _published(
    soft: Soft, places: Sequence[tuple[Mask, Mask]], whole: Total, possible: np.ndarray
) -> np.ndarray:
    """What a table would publish for possible answers [many, items, cells]: level and ends of each."""
    hidden = np.array([mark == HIDDEN for mark in soft.marks])
    sums = np.stack([Sum(*place).of(possible) for place in places], axis=-1)
    counts, at = np.unique(sums, axis=0, return_inverse=True)
    found = [soften(row, soft.answers, hidden, whole) for row in counts]
    ends = np.array([[each.level, *each.low, *each.high] for each in found if each])
    return ends[at.ravel()]


# --- rule 8: late answers --------------------------------------------------------------------------------


def _late(rows: Rows, tally: _Tally, first: Release) -> Release:
    """The same wave with late answers: everyone's totals only, and only where the newcomers are safe.

    Who came late is known, so their total is, by subtraction. Everyone and every shown group must have grown
    by the minimum; then the newcomers' answers are a practice's total of their own, apart from what was
    released. What was shown first loses nothing, because every count that it left possible still is.
    """
    plan = _plan(tally, _totals(tally), False, ()) if tally.practices else None
    old = first.to_dict()
    if not plan or not releases.like(first, rows.codebook) or not _all_grew(rows, tally, old):
        raise AlongsideError(releases.KEEP_THE_FIRST)
    before = {table["measure"]: table["groups"][0] for table in old["tables"] if table["by"] is None}
    for one in plan.practices:
        if one.key in before and not _newcomers_safe(
            tally, one, before[one.key], releases.answers(first)[one.key]
        ):
            raise AlongsideError(releases.KEEP_THE_FIRST)
    return _made(rows, tally, plan, parts=False)


def _all_grew(rows: Rows, tally: _Tally, old: Mapping[str, Any]) -> bool:
    """Whether everyone and every shown group is larger by the minimum or more."""
    grown = [rows.people - old["people"]]
    for table in old["tables"]:
        if table["by"] is not None:
            labels = rows.about_names.get(table["by"], ())
            value = tally.values[list(rows.about_names).index(table["by"])] if labels else np.zeros(0)
            alone = [labels.index(one["name"]) for one in table["groups"] if one["name"] in labels]
            for group in table["groups"]:
                inside = (
                    value == labels.index(group["name"])
                    if group["name"] in labels
                    else ~np.isin(value, alone)
                )
                grown.append(int(tally.people[inside].sum()) - group["people"])
    return min(grown) >= max(tally.minimum, old["minimum_group"])


def _newcomers_safe(tally: _Tally, one: _Practice, was: Mapping[str, Any], answers_then: int) -> bool:
    """Whether a few newcomers' answers stay open, for every count that the first release may stand for.

    A few have at most one person less than the minimum, each with an answer to every item: two more answers
    must be someone else's, and the newcomers' total three answers from both ends.
    """
    came = one.total.answers - answers_then
    if came < (tally.minimum - 1) * len(one.items) + 2:
        return False
    low, high = releases.counts(was["favorable"], was["bound"], answers_then)
    now_low, now_high = one.total.low, one.total.high
    open_ones = all(
        max(now_low - then, COUNTS) <= min(now_high - then, came - COUNTS) for then in range(low, high + 1)
    )
    return open_ones and (not one.total.mark or min(now_high, high + came) - max(now_low, low) + 1 >= COUNTS)


# --- rules 4 and 9: the tables ---------------------------------------------------------------------------


def _made(rows: Rows, tally: _Tally | None, plan: _Plan | None, parts: bool = True) -> Release:
    """The release, as tables.json has it. ``tally`` is None below the minimum, where no number is told."""
    book = rows.codebook
    tables = list(_made_tables(rows, tally, plan, parts)) if tally and plan else []
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
        "why_left_out": WHY if left_out or not tables else "",
    }
    notes = {
        "rows": {key: int(count) for key, count in rows.counts.items()},
        "columns_dropped": [{"column": column, "why": why} for column, why in rows.columns_dropped],
    }
    answers = {one.key: one.total.answers for one in plan.practices} if plan else {}
    return releases.made(book, content, notes, answers)


def _made_tables(rows: Rows, tally: _Tally, plan: _Plan, parts: bool) -> Iterator[dict[str, Any]]:
    book, keys = rows.codebook, list(rows.codebook.items)
    for one in plan.practices:
        group = _everyone(rows, one.total.count, one.total.answers, one.total.mark, one.total.level)
        if parts and rows.people >= FROM_FOR_GROUPS and not one.total.mark:
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
        for name, count, answers, mark in zip(names, soft.counts, soft.answers, soft.marks, strict=True):
            if mark != HIDDEN:
                yield int(name), (int(count), int(answers), mark, soft.level)


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
    group = _share(EVERYONE, rows.people, count, answers, mark, level)
    return {**group, "worst_case": worst, "parts": None}


def _parts(tally: _Tally, one: _Practice) -> dict[str, float] | None:
    """Everyone's answers in three parts, or None where one of them is near an end."""
    whole, low = one.total, int(tally.unfavorable[one.items].sum())
    counts = {"favorable": whole.count, "middle": whole.answers - whole.count - low, "unfavorable": low}
    if any(total(count, whole.answers).mark for count in counts.values()):
        return None
    return {name: _percent(count, whole.answers) for name, count in counts.items()}


def _percent(count: int, answers: int) -> float:
    return round(100 * count / answers, 1)
