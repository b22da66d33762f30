"""What stands out in what was released, and what can't be told: sentences for the wall.

Nothing is known here but the tables. Order is by what is shown: a softened value stands at its bound, and ties stay in
the codebook's order. "At most 80%" is never called the highest, nor "at least 20%" the lowest: it may be the other end. Two shares are called apart only where their lines don't overlap; of two groups, only where that
also stays unlikely to be chance with every comparison on the page counted in (Newcombe's interval, Holm's adjustment).
No word here says why something is so, or that it is good or bad.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from alongside.survey import statistics
from alongside.survey.show import charts
from alongside.words import say

if TYPE_CHECKING:
    from alongside.survey.ask.codebook import Codebook, Item

__all__ = ["Finding", "cannot_tell", "own_words", "rest_of", "stands_out", "what_counts"]

Group = Mapping[str, Any]
SURE = 0.05
_SHARE = "\0"  # stands in a sentence for the share, which the page makes large


@dataclass(frozen=True, slots=True)
class Finding:
    """One large sentence: its words ``before`` and ``after`` the ``share``, and what can be told of it, or ""."""

    before: str
    share: str
    after: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Ends:
    """Rows of one kind: those that show the highest share, those that show the lowest, and all of them."""

    highest: Sequence[charts.Row]
    lowest: Sequence[charts.Row]
    rows: Sequence[charts.Row]

    @property
    def tell(self) -> bool:
        """Whether there are two ends. Where much is softened, one may be none, or both the same."""
        return charts.are_ends(self.highest, self.lowest)


def stands_out(tables: Mapping[str, Any], codebook: Codebook) -> list[Finding]:
    """At most three: the highest practice, the lowest, and two groups that lie apart, or else one question."""
    found = list(_of_practices(tables, codebook))
    return [*found, *_of_groups(tables, codebook), *_of_questions(tables, codebook)][:3]


def cannot_tell(tables: Mapping[str, Any], codebook: Codebook) -> list[str]:
    """Sentences on what these answers can't say. The reason of what the rules left out stands in the tables."""
    return [
        *_of_order(tables),
        *_whether_groups_differ(tables, codebook),
        *of_the_others(tables),
    ]


def what_counts(codebook: Codebook) -> str:
    """What "favorable" stands for, where it is not the same for all questions: the usual words, then the others."""
    if charts.counted(codebook):
        return ""
    points = Counter(codebook.points(item).favorable for item in codebook.items.values())
    usual = _usual(codebook)
    told = "; ".join(
        say("show.favorable_for", count=many, favorable=charts.in_words(words))
        for words, many in points.items()
        if words != usual
    )
    return say("show.favorable_is", favorable=charts.in_words(usual), others=told)


def own_words(codebook: Codebook, item: Item) -> str:
    """What is favorable for a question, where that is not what it usually is; else ""."""
    points = codebook.points(item).favorable
    return "" if points == _usual(codebook) else charts.in_words(points)


def _usual(codebook: Codebook) -> tuple[str, ...]:
    """The codebook's favorable points, where any question has them; else those of its first question."""
    points = [codebook.points(item).favorable for item in codebook.items.values()]
    return next((one for one in points if set(one) == set(codebook.favorable)), points[0])


def rest_of(text: str, texts: Sequence[str]) -> str:
    """A question without the words that all of them begin with, such as "In the last month, "."""
    return text[len(beginning(texts)) :]


def beginning(texts: Sequence[str]) -> str:
    """The words that all questions begin with, up to a comma or colon; "" where there are none."""
    if len(texts) < 2:
        return ""
    first, last = min(texts), max(texts)
    alike = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))))
    ends = [at + 2 for at in range(alike - 1) if first[at : at + 2] in (", ", ": ")]
    return first[: ends[-1]] if ends else ""


# --- practices and questions -------------------------------------------------------------------------


def _ends(rows: Sequence[charts.Row]) -> _Ends | None:
    """Highest and lowest by what is shown; None where all rows show the same, or where there is one."""
    if len({_shown(row) for row in rows}) < 2:
        return None
    rows = charts.sorted_rows(rows)
    high, low = charts.may_be_highest(rows), charts.may_be_lowest(rows)
    return _Ends(
        [row for row in high if _shown(row) == _shown(high[0])],
        [row for row in low if _shown(row) == _shown(low[-1])],
        rows,
    )


def _shown(row: charts.Row) -> str:
    return charts.shown(row.group)


def _of_practices(tables: Mapping[str, Any], codebook: Codebook) -> Iterator[Finding]:
    rows, words = charts.everyone(tables), charts.counted(codebook)
    favorable = say("show.were", favorable=words) if words else say("show.were_favorable")
    ends = _ends(rows)
    if ends is None:
        if rows:
            key = "show.only_practice" if len(rows) == 1 else "show.all_alike"
            yield _sentence(key, rows[0].group, names=_names(rows[:1]), were=favorable)
        return
    if not ends.tell:
        alike = ends.highest or ends.lowest
        yield _sentence("show.only_practice", alike[0].group, names=_names(alike), were=favorable)
        return
    key = "show.highest" if len(ends.highest) == 1 else "show.highest_of_several"
    yield _sentence(key, ends.highest[0].group, names=_names(ends.highest), were=favorable)
    key = "show.lowest" if len(ends.lowest) == 1 else "show.lowest_of_several"
    told = charts.apart(ends.highest[0], ends.lowest[0])
    yield _sentence(key, ends.lowest[0].group, told, names=_names(ends.lowest))


def _of_questions(tables: Mapping[str, Any], codebook: Codebook) -> Iterator[Finding]:
    ends = _ends(charts.everyone(tables, "item"))
    if ends is None or not ends.tell:
        return
    named = "; ".join(_question(codebook, row.name) for row in ends.lowest[:2])
    key = "show.lowest_question" if len(ends.lowest) == 1 else "show.lowest_questions"
    others = [row for row in ends.rows if row not in ends.lowest]
    alone = all(_are_apart(ends.lowest[0].group, row.group) for row in others)
    yield _sentence(
        key,
        ends.lowest[0].group,
        say("show.no_other_overlaps" if alone else "show.others_overlap"),
        texts=named,
    )


def _question(codebook: Codebook, text: str) -> str:
    """A question as a sentence names it; where other answers are favorable than usual, with these."""
    item = next((one for one in codebook.items.values() if one.text == text), None)
    short = _short(rest_of(text, [one.text for one in codebook.items.values()]).rstrip(".!?"))
    own = own_words(codebook, item) if item and not charts.counted(codebook) else ""
    return f"“{short}”" + (f" {say('show.favorable_here', favorable=own)}" if own else "")


def _sentence(key: str, group: Group, told: str = "", **values: str) -> Finding:
    before, _, after = say(key, share=_SHARE, **values).partition(_SHARE)
    share = charts.shown(group)
    return Finding(before, share if before else share[:1].upper() + share[1:], after, told)


def _names(rows: Sequence[charts.Row]) -> str:
    names = [_short(row.name) for row in rows]
    if len(names) > 3:
        return say("show.and_others", one=names[0], two=names[1])
    return "; ".join(names)


def _short(text: str) -> str:
    """A wall has room for a name, and not for a paragraph."""
    return shorten(text, 90, placeholder=" …")


def _of_order(tables: Mapping[str, Any]) -> Iterator[str]:
    ends = _ends(charts.everyone(tables))
    if ends is None:
        return
    highest, lowest = (
        len(of) == 1 and all(_are_apart(of[0].group, row.group) for row in ends.rows if row is not of[0])
        for of in (ends.highest, ends.lowest)
    )
    if not highest and not lowest:
        yield say("show.neither_end_is_sure")
    elif not highest:
        yield say("show.highest_is_not_sure")
    elif not lowest:
        yield say("show.lowest_is_not_sure")


def _are_apart(one: Group, other: Group) -> bool:
    """Whether two lines don't overlap. A softened value has no line, so nothing can be told of it."""
    if one["low"] is None or other["low"] is None:
        return False
    return one["low"] > other["high"] or other["low"] > one["high"]


# --- groups ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two groups of a breakdown for one practice, the one that shows the higher share first."""

    table: Mapping[str, Any]
    high: Group
    low: Group

    @property
    def wide(self) -> float:
        return self.high["favorable"] - self.low["favorable"]


def _pairs(tables: Mapping[str, Any]) -> list[_Pair]:
    return [
        _Pair(table, *sorted(two, key=lambda group: -group["favorable"]))
        for table in tables["tables"]
        if table["by"] is not None
        for two in itertools.combinations(table["groups"], 2)
    ]


def _groups_apart(tables: Mapping[str, Any]) -> list[_Pair]:
    """Pairs of groups that can be told apart, the widest first."""
    pairs = _pairs(tables)
    # What is softened still counts among the tries, so that being hidden makes nothing look surer.
    chance = statistics.holm([_chance(pair.high, pair.low) for pair in pairs])
    apart = [
        pair for pair, p in zip(pairs, chance, strict=True) if p < SURE and _are_apart(pair.high, pair.low)
    ]
    return sorted(apart, key=lambda pair: -pair.wide)


def _chance(one: Group, other: Group) -> float:
    if one["bound"] or other["bound"]:
        return 1.0
    n1, n2 = charts.answered(one), charts.answered(other)
    return statistics.newcombe_p(n1 * one["favorable"] / 100, n1, n2 * other["favorable"] / 100, n2)


def _of_groups(tables: Mapping[str, Any], codebook: Codebook) -> Iterator[Finding]:
    for pair in _groups_apart(tables)[:1]:
        yield _sentence(
            "show.groups_apart",
            pair.high,
            say("show.asked_and_apart", asked=_short(codebook.about[pair.table["by"]].text)),
            practice=_short(pair.table["text"]),
            first=_short(pair.high["name"]),
            second=_short(pair.low["name"]),
            second_share=charts.shown(pair.low),
        )


def _whether_groups_differ(tables: Mapping[str, Any], codebook: Codebook) -> Iterator[str]:
    shown = {table["by"] for table in tables["tables"]} - {None}
    if shown:
        apart = _groups_apart(tables)
        if not apart and any(_are_apart(pair.high, pair.low) for pair in _pairs(tables)):
            yield say("show.groups_apart_by_chance")
        elif not apart:
            yield say("show.no_groups_apart")
        elif len(apart) == 1:
            yield say("show.other_groups")
        else:
            yield say("show.more_groups_apart")
    hidden = [_short(codebook.about[key].text) for key in tables["left_out"] if key in codebook.about]
    if hidden:
        yield say("show.groups_not_shown", names="; ".join(hidden))


def of_the_others(tables: Mapping[str, Any]) -> Iterator[str]:
    if tables["headcount"] is None:
        yield say("show.asked_unknown")
    elif tables["headcount"] > tables["people"]:
        yield say("show.others_unknown")
