"""Run sheets: one leaf for whoever leads, two sides, drawn from the steps of a lesson or an exercise.

The front is what happens: who responds, then a row for each step with its clock, what to say, what to do, and what to drop
when it gets late. The back is for when something happens, for before the day, and for what was promised. No sentence
stands here a second time: what is said is the steps' own, and what a program decides comes from data/here.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any

from alongside.course.lesson import Lesson
from alongside.course.minutes import Taken, reckon
from alongside.course.plain import plain_text
from alongside.course.references import BY_THE_PROGRAM, CareLine, Here, care
from alongside.course.scenarios import Scenario
from alongside.course.session import ALL_TOGETHER, NO_VOTE, Session, Step
from alongside.course.shape import BREAK, MOST_WITHOUT_A_BREAK, OPENING
from alongside.kit import cards
from alongside.kit.sheet import Order, Sheet, head, name_of
from alongside.words import say

__all__ = ["care_in_short", "first_sentences", "groups_of", "notes", "run_sheet", "sheets"]

TEMPLATE = Path(__file__).with_name("run_sheets.typ")

#: The source of what the care card says about an overdose.
OVERDOSE = "cdc-overdose-response"

_NOTE = re.compile(r"^\*\*(?P<label>[^*]+):\*\*\s*(?P<text>.+)$", re.MULTILINE)
#: A sentence, to its end with the quotation mark that closes it.
_SENTENCE = re.compile(r".+?[.!?…][”’\")]*(?=\s|$)|.+$", re.DOTALL)


def sheets(order: Order) -> Iterator[Sheet]:
    """A run sheet for each lesson and exercise that says how it is led."""
    for lesson in order.lessons:
        if lesson.session:
            yield Sheet(
                f"run-sheets/{name_of(lesson)}.pdf", TEMPLATE, run_sheet(order, lesson, lesson.session)
            )


def run_sheet(order: Order, lesson: Lesson, led: Session) -> dict[str, Any]:
    """What the template sets for one of them."""
    stories = {story.key: story for story in order.stories}
    fewest, most = lesson.group
    return {
        "title": lesson.title,
        "labels": _labels(),
        "head": head(lesson, say("leading.run_sheet")),
        "minutes": _minutes(led),
        "people": say("leading.people", fewest=fewest, most=most),
        **_front(led, order.here),
        "rows": _rows(lesson, led, stories),
        **care_in_short(order),
        **_before(lesson, led),
        "bring": _bring(order, lesson, led),
        "plans": _plans(lesson, led),
        "ways": _ways(lesson),
    }


def _minutes(led: Session) -> str:
    """From the first word to the last, and so with the breaks."""
    whole = OPENING + led.minutes
    if led.breaks:
        return say("leading.minutes_with_break", count=whole + BREAK * led.breaks)
    return say("leading.minutes_with_opening", count=whole)


def _front(led: Session, here: Here) -> dict[str, str]:
    """Naloxone, who responds, the second person and the way out; "" is a line to write on."""
    return {
        "incomplete": "" if here.responds else say("leading.incomplete"),
        "naloxone": here.naloxone,
        "responds": " ".join(filter(None, (here.responds, here.emergency))),
        "second_note": say("leading.second_needed") if led.second_person else say("leading.second_good"),
        "way_out": " ".join(filter(None, (here.way_out, here.quiet_corner))),
    }


# --- rows ------------------------------------------------------------------------------------------------


def _rows(lesson: Lesson, led: Session, stories: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    """A row for the opening, for each step, for each break, and for the end. Clocks are minutes from the start."""
    orders = {cut.step: (number, cut.saves) for number, cut in enumerate(led.cut, start=1)}
    kinds = {line.key or line.prompt: line.verb for line in lesson.activities}
    found = [_row(0, say("leading.opening"), say("leading.opening_say"), say("leading.opening_do"))]
    clock = OPENING
    taken = iter(reckon(led.in_order, stories))
    for section, steps in led.steps.items():
        for number, step in enumerate(steps):
            late = _late(step, *orders[step.id]) if step.id in orders else ""
            sit = _GROUPINGS[step.grouping]()
            row = _row(clock, "" if number else section, step.say, step.do.removeprefix(f"{sit} "), late)
            row |= {
                "minutes": say("leading.minutes", count=step.minutes),
                "sit": sit,
                "hand": _hand(step, kinds, next(taken)),
                "notes": [say("leading.managers")] if step.about_managers else [],
            }
            found.append(row)
            clock += step.minutes
            if step.break_after:
                found.append(_break(clock, led))
                clock += BREAK
    return [*found, _row(clock, say("leading.end"), say("leading.end_say"), say("leading.end_do"))]


def _break(clock: int, led: Session) -> dict[str, Any]:
    """Whoever leads sees when to go on. Where nobody would sit for over an hour without it, the break may go when it is late."""
    spare = OPENING + led.minutes <= MOST_WITHOUT_A_BREAK
    return _row(
        clock,
        say("leading.break", count=BREAK),
        "",
        say("leading.break_do", clock=as_clock(clock + BREAK)),
        say("leading.break_late", count=BREAK) if spare else "",
    )


def _row(clock: int, section: str, spoken: str, do: str, late: str = "") -> dict[str, Any]:
    return {
        "clock": as_clock(clock),
        "section": section,
        "say": spoken,
        "say_short": first_sentences(spoken, 14),
        "do": do,
        "do_short": first_sentences(do, 8),
        "late": late,
        "minutes": "",
        "sit": "",
        "hand": "",
        "notes": [],
    }


def as_clock(minutes: int) -> str:
    """Minutes as a clock that begins at 0:00."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _late(step: Step, order: int, saves: int) -> str:
    nth = _ORDERS[order]() if order in _ORDERS else str(order)
    return (
        say("leading.drop", order=nth, count=saves)
        if saves == step.minutes
        else say("leading.shorten", order=nth, count=saves)
    )


_ORDERS = {
    1: lambda: say("leading.first"),
    2: lambda: say("leading.second_to_drop"),
    3: lambda: say("leading.third"),
    4: lambda: say("leading.fourth"),
    5: lambda: say("leading.fifth"),
}


def _hand(step: Step, kinds: dict[str, str], taken: Taken) -> str:
    """What is in the host's hand, and whether a cup goes around."""
    hand = ""
    if taken.aloud:
        hand = say("leading.with_story")
    elif kinds.get(step.activity) == "sort_cards":
        hand = say("leading.with_cards")
    elif step.read_aloud:
        hand = say("leading.with_page")
    cup = say("leading.with_cup") if step.vote != NO_VOTE else ""
    return " ".join(filter(None, (hand, cup)))


_GROUPINGS = {
    "alone": lambda: say("leading.alone"),
    "pairs": lambda: say("leading.pairs"),
    "threes": lambda: say("leading.threes"),
    "fours": lambda: say("leading.fours"),
    ALL_TOGETHER: lambda: say("leading.all"),
    "line": lambda: say("leading.line"),
    "wall": lambda: say("leading.wall"),
    "walk": lambda: say("leading.walk"),
}


def first_sentences(text: str, words: int) -> str:
    """A text that is too long, by whole sentences: the first, and more as long as these have no more than ``words``
    words. A quotation that is opened is closed. What was left out is "…"."""
    found = _SENTENCE.findall(" ".join(text.split()))
    kept = found[:1]
    for sentence in found[1:]:
        open_quote = "".join(kept).count("“") > "".join(kept).count("”")
        if not open_quote and len(" ".join([*kept, sentence]).split()) > words:
            break
        kept.append(sentence)
    kept = [one.strip() for one in kept]
    return " ".join(kept) + (" …" if len(kept) < len(found) else "")


# --- the back --------------------------------------------------------------------------------------------


def care_in_short(order: Order) -> dict[str, Any]:
    """What is to be done when something happens, in few words. The card's first line is for before the day."""
    card = care()
    return {
        "care": [_short(line, order.here) for line in card.lines[1:]],
        "care_card": say("leading.care_reviewed") if card.reviewed_by else say("leading.care_card"),
    }


def _short(line: CareLine, here: Here) -> dict[str, Any]:
    """A line of the care card, ever longer; what is to be done about an overdose is the last to be shortened. ``write``: the
    program's own rule is written in by hand, since there is no field for it."""
    front = say("leading.see_the_front")
    known = {name: front for name in ("naloxone", "responds") if getattr(here, name)}
    do = line.done(replace(here, **known))
    lengths = (80, 90, 120) if line.source == OVERDOSE else (0, 14, 26)
    own = line.source == BY_THE_PROGRAM and line.do == do
    return {
        "when": first_sentences(line.when, 0).removesuffix(" …"),
        "texts": [first_sentences(do, 0 if own else words).removesuffix(" …") for words in lengths],
        "write": own,
    }


def notes(lesson: Lesson, label: str) -> list[tuple[str, str]]:
    """What facilitator cells say under a label ("Before", "Opt-out"): (section, text), in order."""
    return [
        (section.name, plain_text(mark["text"]).strip())
        for section in lesson.sections
        for cell in section.cells
        if cell.facilitator
        for mark in _NOTE.finditer(cell.source)
        if mark["label"] == label
    ]


def _before(lesson: Lesson, led: Session) -> dict[str, list[list[str]]]:
    """What to arrange before: ever shorter, where the notes for whoever leads have the whole."""
    days = say("leading.days", count=led.lead.days) if led.lead.days else say("leading.no_days")
    somebody = [say("leading.somebody")] if led.lead.somebody_in_charge else []
    touches = [say("leading.touches", what="; ".join(lesson.touches))] if lesson.touches else []
    days_and_pay = " ".join([days, *somebody, say("leading.pay")])
    own = [text for _, text in notes(lesson, "Before")]
    shorter = [first_sentences(text, 22) for text in own]
    shortest = " ".join(first_sentences(text, 0) for text in own)
    return {
        "before": [
            [days_and_pay, *touches, *own],
            [days_and_pay, *touches, *shorter],
            [f"{days_and_pay} {shortest}"],
        ]
    }


def _bring(order: Order, lesson: Lesson, led: Session) -> list[tuple[str, str]]:
    """What lies on the table, how often what is printed, and how groups come out for exactly so many people."""
    votes = sum(step.vote != NO_VOTE for step in led.in_order)
    copies = [say("leading.copies_leader"), say("leading.copies_pages")]
    if "story" in led.paper:
        copies.append(say("leading.copies_story"))
    packs = cards.packed(order, lesson)
    if any(pack.kind == "cards" for pack in packs):
        copies.append(say("leading.copies_cards"))
    if "slips" in led.paper:
        copies.append(say("leading.copies_slips", count=max(votes, 1)))
    found = [
        (say("leading.bring_needs"), _listed(lesson.needs)),
        (say("leading.copies"), " ".join(copies)),
    ]
    if packs:
        found.append((say("leading.to_cut"), _table_of_copies(packs, lesson.group)))
    sat = {step.grouping for step in led.in_order}
    for grouping, size, label in (
        ("threes", 3, say("leading.in_threes")),
        ("fours", 4, say("leading.in_fours")),
    ):
        if grouping in sat:
            found.append((label, _table_of_groups(size, lesson.group)))
    if "pairs" in sat:
        found.append((say("leading.in_pairs"), say("leading.in_pairs_how")))
    return found


def _listed(needs: Sequence[str]) -> str:
    return "; ".join(need[:1].lower() + need[1:] for need in needs) + "."


def _table_of_copies(packs: Sequence[cards.Pack], group: tuple[int, int]) -> str:
    """ "6 to 8: 12 (5) · 9: 14 (6)": for so many people, sheets of cards and slips, and minutes to cut them."""
    counts = [cards.counted(packs, people) for people in range(group[0], group[1] + 1)]
    found: list[str] = []
    for (paper, minutes), some in groupby(counts, key=lambda count: (count.sheets, count.minutes)):
        people = [count.people for count in some]
        of = {"sheets": paper, "minutes": minutes}
        found.append(
            say("leading.copies_for_some", fewest=people[0], most=people[-1], **of)
            if len(people) > 1
            else say("leading.copies_for", people=people[0], **of)
        )
    return " · ".join(found)


def _table_of_groups(size: int, group: tuple[int, int]) -> str:
    """ "6: 3+3 · 7: 4+3 …" for exactly so many people."""
    fewest, most = group
    return " · ".join(
        f"{people}: {'+'.join(map(str, groups_of(people, size)))}"
        for people in range(max(fewest, size), most + 1)
    )


def groups_of(people: int, size: int) -> list[int]:
    """Groups for exactly so many people, as even as can be, by the same rule as in ``page/groups.js``: rather one more in a pair
    or a three than one less, and of fours rather threes."""
    how_many = max(1, ceil(people / size) if size == 4 else people // size)
    if people == 5:
        how_many = 2  # one group of five is no group
    return [people // how_many + (number < people % how_many) for number in range(how_many)]


def _plans(lesson: Lesson, led: Session) -> list[tuple[str, str]]:
    fewest, most = lesson.group
    return [
        *([(say("leading.few", most=fewest - 1), say("leading.few_how"))] if fewest > 3 else []),
        (say("leading.many", fewest=most + 1), say("leading.many_how")),
        (say("leading.no_second"), say("leading.no_second_how")),
        (say("leading.manager"), _manager(led)),
        (say("leading.no_printer"), say("leading.no_printer_how")),
        (say("leading.remote"), say("leading.remote_how")),
    ]


def _manager(led: Session) -> str:
    """At which clock a manager comes in who walks in: at the first step that is about managers, if that was agreed."""
    clock = OPENING
    for section, steps in led.steps.items():
        for step in steps:
            if step.about_managers:
                return say("leading.manager_how", section=section, clock=as_clock(clock))
            clock += step.minutes + (BREAK if step.break_after else 0)
    return say("leading.manager_none")


def _ways(lesson: Lesson) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for section, text in notes(lesson, "Opt-out"):
        found.setdefault(section, []).append(text)
    return [(section, " ".join(texts)) for section, texts in found.items()]


# --- what does not change --------------------------------------------------------------------------------


def _labels() -> dict[str, str]:
    return {
        "start": say("leading.start"),
        "naloxone": say("leading.naloxone"),
        "responds": say("leading.responds"),
        "second": say("leading.second"),
        "way_out": say("leading.way_out"),
        "clock": say("leading.clock"),
        "really": say("leading.really"),
        "say": say("leading.spoken"),
        "do": say("leading.do"),
        "late": say("leading.late"),
        "something": say("leading.something"),
        "before_the_day": say("leading.before_the_day"),
        "bring": say("leading.bring"),
        "plans": say("leading.plans"),
        "ways": say("leading.ways"),
        "ways_always": say("leading.ways_always"),
        "promised": say("leading.promised"),
        "promised_limit": say("leading.promised_limit"),
        "what": say("leading.what"),
        "where_to": say("leading.where_to"),
        "by_when": say("leading.by_when"),
        "pays": say("leading.pays"),
    }
