"""What may be shown. This file decides it, together with rule 6 in softening.py and rule 7 in audit.py.

+-----------------------------------------------------------------------------------------------------+
| To the person who owns these rules: a mistake here can point to a person who trusted the survey.    |
| Change a rule only with a second person, who reads this file and plays the attacker. Nothing here   |
| is an option, and nothing may become one. The numbers of the rules are those of the report on them: |
|  3, 20 minimum   4, 13 shares   5, 18 groups   6 extremes   7 audit   8, 16, 17 waves   9 sentence  |
+-----------------------------------------------------------------------------------------------------+

The order of decisions: is anything shown at all (3), which practices (3), which of them by groups (13), how each
total (6), all single items or none (7), then breakdown after breakdown in the codebook's order (5, 6, 7). The first
four and the groups depend on head counts alone; answers decide marks, and in rare cases whether items or a breakdown stay.

Counts that can be derived from a rounded percent are taken as known. The three parts of everyone's answers
need no audit of their own: each is shown only where it keeps three answers and 10 % from both ends, and then
favorable answers that can have three counts in a set of people leave three counts for the others as well. With
``k`` answers in the set that aren't favorable, the unfavorable ones can be any of min(k, unfavorable, middle,
rest) + 1 counts, where the rest is what isn't favorable outside of it; the largest, the smallest and the
middle ``k`` together give three. Where parts are absent, one of them is near an end, and that either of two
may be leaves the same. All questions of a practice have a middle then, or none has (tables.py). (tests/test_survey_disclosure.py goes through all cases up to a size.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import plain
from alongside.survey.read.responses import Responses, Rows, _rows, walled
from alongside.survey.rules import releases
from alongside.survey.rules.audit import (
    Sum,
    every,
    extremes,
    narrow,
    pinned,
    published,
    puzzle_of,
    safe,
    tables_of,
)
from alongside.survey.rules.marks import Texts, texts
from alongside.survey.rules.releases import Release
from alongside.survey.rules.softening import Soft, Total, soften, total
from alongside.survey.rules.tables import release_of
from alongside.survey.rules.tally import Groups, Plan, Practice, Tally, count
from alongside.thresholds import COUNTS, GROUPS_FROM, LEVELS, minimum_for
from alongside.words import say

__all__ = ["Release", "release"]

MANY, LARGE = 3, 300  # practices, and unknown numbers of one: up to these, every single one is looked into


@walled
def release(responses: Responses, earlier: Sequence[Release] = ()) -> Release:
    """What may be shown of these responses.

    ``earlier``: releases of the same survey and wave that were shown before; what stands in the files beside the
    codebook and beside the answers is found without being named. Raises :class:`AlongsideError` for another
    survey's or wave's release, where showing this one after those would not be safe (rule 8), and where rows were
    released before under another title or wave (rule 16).

    To keep what was shown, call :func:`alongside.survey.rules.releases.remember` when it is: the report does.
    """
    rows = _rows(responses)
    book = rows.codebook
    before = releases.before(book, rows.folders, earlier)
    minimum = minimum_for(rows.people, book.minimum_group, book.headcount)
    if rows.people < minimum:
        return release_of(rows, None, None)
    _check_headcount(rows)
    tally, known, told = count(rows, minimum), texts(rows), before.told
    if before.had(rows.people):
        anew = _anew(rows, tally, before.everyone_only, known, told)
        if before.holds(anew):
            return anew
    before.check_rows(known)
    if not before.shown:
        return _anew(rows, tally, before.everyone_only, known, told)
    late = release_of(rows, tally, _late(rows, tally, before.shown[0]), known, told)
    before.check_late(late)
    return late


def _anew(rows: Rows, tally: Tally, everyone_only: bool, known: Texts, told: Sequence[str]) -> Release:
    plan = _plan(rows, tally, everyone_only)
    return release_of(rows, tally, plan, known, told, parts=rows.people >= GROUPS_FROM)


# --- before rules 3 and 20, which are minimum_for in thresholds.py -------------------------------------------------


def _check_headcount(rows: Rows) -> None:
    if rows.codebook.headcount is not None and rows.codebook.headcount < rows.people:
        raise AlongsideError(say("rules.more_than_asked"))


# --- rules 5 and 18: groups, from head counts alone ------------------------------------------------------

_UNLISTED = {plain(say("read.another_answer")), plain(say("read.no_answer"))}


def _groups(tally: Tally, breakdown: int, key: str, labels: Sequence[str]) -> Groups | None:
    """Values under the minimum together, with the next smallest until two values and the minimum are in it.

    Whoever gave another answer or none is never a group alone: one of the codebook's answers is always with them.
    """
    value = tally.values[breakdown]
    present = [one for one in range(len(labels)) if (value == one).any()]
    unlisted = [one for one in present if plain(labels[one]) in _UNLISTED]
    answered = tally.answered[[one.at for one in tally.practices if one.in_groups]]

    def size(values: Sequence[int]) -> int:
        """The smallest number of people with these values who answered any of the practices that groups are for."""
        return int(answered[:, np.isin(value, values)].sum(axis=1).min())

    by_size = sorted(present, key=lambda one: (one not in unlisted, size([one]), one))
    pooled = [one for one in by_size if one in unlisted or size([one]) < tally.minimum]
    fewest = max(2, len(unlisted) + 1)
    while pooled and (len(pooled) < fewest or size(pooled) < tally.minimum) and len(pooled) < len(by_size):
        pooled.append(by_size[len(pooled)])
    alone = [one for one in present if one not in pooled]
    names = (*(labels[one] for one in alone), *([say("ask.smaller_groups")] if pooled else []))
    if len(names) < 2:
        return None
    of = np.array([alone.index(one) if one in alone else len(alone) for one in value])
    return Groups(key, names, of)


# --- rule 6: a practice as it would be published ----------------------------------------------------------


def _as_published(
    tally: Tally, totals: Mapping[str, Total], with_items: bool, shown: Sequence[Groups]
) -> Plan | None:
    """Every practice as it would be published, or None where a softened number would be given back."""
    found = []
    for key, at, items, in_groups in tally.practices:
        by_item = _by_item(tally, items, totals[key]) if with_items else None
        wanted = shown if in_groups else ()
        by_group = [_by_group(tally, items, groups, totals[key]) for groups in wanted]
        kept = tuple(one for one in by_group if one)
        if (with_items and not by_item) or len(kept) < len(wanted):
            return None
        found.append(Practice(key, at, items, totals[key], by_item, kept))
    return Plan(tuple(found), with_items, tuple(shown))


def _levels(tally: Tally, possible: Sequence[Groups]) -> dict[str, int]:
    """How each total is shown: only "at most half" or "at least half" where too few people gave all answers but one.

    That depends on head counts alone, and on those of all groups that may be shown. Everywhere else a total that
    is shown alone keeps every set of people under the minimum open: it is three answers from both ends, and two
    answers at least are someone else's.
    """
    sets, found = _small_sets(tally, possible), {}
    for key, at, items, _ in tally.practices:
        answers = tally.answers[items].sum(axis=0)
        theirs = sets[_protected(tally, sets, at)].astype(float) @ answers
        found[key] = LEVELS[-1] if (theirs >= answers.sum() - 1).any() else LEVELS[0]
    return found


def _totals(tally: Tally, levels: Mapping[str, int]) -> dict[str, Total]:
    return {
        one.key: total(
            int(tally.favorable[one.items].sum()), int(tally.answers[one.items].sum()), levels[one.key]
        )
        for one in tally.practices
    }


def _by_item(tally: Tally, items: np.ndarray, whole: Total) -> Soft | None:
    answers = tally.answers[items].sum(axis=1)
    return soften(tally.favorable[items].sum(axis=1), answers, answers < tally.minimum, whole)


def _by_group(tally: Tally, items: np.ndarray, groups: Groups, whole: Total) -> Soft | None:
    of, many = groups.of, len(groups.names)
    favorable, answers = (
        np.bincount(of, table[items].sum(axis=0), many).astype(np.int64)
        for table in (tally.favorable, tally.answers)
    )
    return soften(favorable, answers, np.zeros(many, bool), whole)


# --- rule 7: who is protected, and the audit --------------------------------------------------------------


def _small_sets(tally: Tally, shown: Sequence[Groups]) -> np.ndarray:
    """Sets of cells [sets, cells] that are too few people, of those who answered some practice at least.

    Each cell, each value of each breakdown (shown or not), each difference of two shown groups.
    """
    cells = len(tally.people)
    answered = tally.answered[[one.at for one in tally.practices]]
    alone = np.flatnonzero(answered.min(axis=0) < tally.minimum)
    found = [alone[:, None] == np.arange(cells)]
    found += [value == np.unique(value)[:, None] for value in tally.values]
    groups = [one.of == at for one in shown for at in range(len(one.names))]
    found += [np.array([a & ~b for a in groups for b in groups])] if groups else []
    sets = np.vstack(found)
    fewest = (sets.astype(float) @ answered.T).min(axis=1)
    return np.unique(sets[(fewest < tally.minimum) & sets.any(axis=1)], axis=0)


def _protected(tally: Tally, sets: np.ndarray, at: int) -> np.ndarray:
    """Which sets are fewer people than the minimum, among those who answered this practice."""
    people = sets.astype(float) @ tally.answered[at]
    return (people > 0) & (people < tally.minimum)


def _passes(tally: Tally, plan: Plan) -> bool:
    """The joint audit of everything that would be published together."""
    sets = _small_sets(tally, plan.shown)
    return all(
        safe(puzzle_of(tally, one, plan, sets[_protected(tally, sets, one.at)])) for one in plan.practices
    )


# --- what is shown ---------------------------------------------------------------------------------------


def _plan(rows: Rows, tally: Tally, everyone_only: bool) -> Plan | None:
    """Everyone together, and from 30 people the breakdowns that pass, in the codebook's order."""
    if not tally.practices:
        return None
    possible = []
    if rows.people >= GROUPS_FROM and not everyone_only and any(one.in_groups for one in tally.practices):
        labels = rows.about_names.items()
        possible = [_groups(tally, at, key, names) for at, (key, names) in enumerate(labels)]
    return _safest(tally, [groups for groups in possible if groups])


def _safest(tally: Tally, possible: Sequence[Groups]) -> Plan | None:
    """As much as may be shown: items before breakdowns, breakdowns in order; None where not even totals pass."""
    totals = _totals(tally, _levels(tally, possible))
    found, everything = _as_published(tally, totals, False, ()), _as_published(tally, totals, True, possible)
    passes = bool(everything) and _passes(tally, everything)  # what passes together passes in each part
    if not found or not (passes or _passes(tally, found)):
        return None
    for step in (None, *possible):
        shown = (*found.shown, step) if step else found.shown
        wider = _as_published(tally, totals, found.with_items or not step, shown)
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


def _suspects(tally: Tally, plan: Plan, wider: Plan) -> int:
    """How many practices, two at most, may be the reason why a wider plan fails, as far as a reader can know.

    That depends on what ``plan`` publishes alone. Where possible answers are few, each is looked at; else those
    that an audit fails on first, of one practice after the other. Of many practices, or in a large survey, two
    may always be: such answers are a few among very many, and the practices were answered by the same people.
    """
    unknown = max(len(one.items) for one in plan.practices) * len(tally.people)
    new = len(wider.shown) > len(plan.shown)
    touched = sum(bool(one.by_group) for one in wider.practices) if new else len(plan.practices)
    if touched > MANY or (touched > 1 and unknown > LARGE):
        return 2
    if wider.with_items > plan.with_items and _roomy(tally):
        return 0
    found, waiting = 0, {}
    for one, then in zip(plan.practices, wider.practices, strict=True):
        puzzle = puzzle_of(tally, one, plan, np.zeros((0, len(tally.people)), bool))
        possible = every(puzzle)
        if possible is None:
            # Of a practice without groups nothing is new, but others' groups make more sets of people. Its total
            # alone can't fail then: _levels knows all groups that may be shown.
            if tables := tables_of(tally, then, wider):
                sums = [each for _, sums in tables[len(puzzle.tables) :] or tables for each in sums]
                waiting[one.key] = extremes(puzzle, sums)
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


def _roomy(tally: Tally) -> bool:
    """Whether items can't fail, whatever was answered: two answers at least to each item are someone else's.

    An item's count is three from both ends, or can be; so at most two of any few people's answers follow.
    """
    sets = _small_sets(tally, ())
    for _, at, items, _ in tally.practices:
        theirs = sets[_protected(tally, sets, at)].astype(float) @ tally.answers[items].T
        given = tally.answers[items].sum(axis=1)
        if ((theirs > given - 2) & (given >= tally.minimum)).any():
            return False
    return True


def _fails(tally: Tally, key: str, wider: Plan, answer: np.ndarray) -> bool:
    """Whether a wider plan surely fails for a possible answer to one practice [items, cells]."""
    (mine,) = (one for one in tally.practices if one.key == key)
    favorable = tally.favorable.copy()
    favorable[mine.items] = answer
    alone = replace(tally, favorable=favorable, practices=(mine,))
    levels = {one.key: one.total.level for one in wider.practices}
    plan = _as_published(alone, _totals(alone, levels), wider.with_items, wider.shown)
    if not plan:
        return True
    (practice,), sets = plan.practices, _small_sets(alone, wider.shown)
    return pinned(puzzle_of(alone, practice, plan, sets[_protected(alone, sets, practice.at)]))


def _some_fail(tally: Tally, one: Practice, wider: Plan, possible: np.ndarray) -> bool:
    """Whether a wider plan fails for any of all possible answers [many, items, cells] to a practice."""
    ends = np.hstack([published(*table, one.total, possible) for table in tables_of(tally, one, wider)])
    _, classes = np.unique(ends, axis=0, return_inverse=True)
    sets = _small_sets(tally, wider.shown)
    answers = tally.answers[one.items]
    which = [*np.eye(len(one.items), dtype=bool), np.ones(len(one.items), bool)]
    protected = [Sum(items, people) for people in sets[_protected(tally, sets, one.at)] for items in which]
    few = [(each, min(COUNTS, int(each.of(answers)) + 1)) for each in protected]
    return narrow(possible, classes.ravel(), few)


# --- rule 8: late answers --------------------------------------------------------------------------------


def _late(rows: Rows, tally: Tally, first: Release) -> Plan:
    """The same wave with late answers: everyone's totals only, and only where the newcomers are safe.

    Who came late is known, so their total is, by subtraction. Everyone and every shown group must have grown
    by the minimum; then the newcomers' answers are a practice's total of their own, apart from what was
    released. What was shown first loses nothing, because every count that it left possible still is.
    """
    plan = _as_published(tally, _totals(tally, _levels(tally, ())), False, ()) if tally.practices else None
    old = first.to_dict()
    if not plan or not releases.like(first, rows.codebook) or not _all_grew(rows, tally, old):
        raise AlongsideError(say("rules.keep_the_first"))
    was = {table["measure"]: table["groups"][0] for table in old["tables"] if table["by"] is None}
    then = releases.answers(first)
    for practice in plan.practices:
        key = practice.key
        if key in was and not _newcomers_safe(tally, practice, was[key], then[key]):
            raise AlongsideError(say("rules.keep_the_first"))
    return plan


def _all_grew(rows: Rows, tally: Tally, old: Mapping[str, Any]) -> bool:
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


def _newcomers_safe(tally: Tally, one: Practice, was: Mapping[str, Any], answers_then: int) -> bool:
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
