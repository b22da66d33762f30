"""Cards to sort, piles to lay them on, and slips to vote with: one-sided, all of one size, cut straight across the page.

The first page says what is printed how often, for 3 to 16 people. So the pages are counted here, and the template sets exactly
so many: a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alongside.activities import Activity
from alongside.course.cutting import (
    IN_A_GROUP,
    NUMBERS,
    SECONDS_A_CUT,
    SLIPS_DOWN,
    cards_on,
    piles_on,
    slips_beside,
    slips_on,
    voted,
)
from alongside.course.lesson import Lesson
from alongside.kit.sheet import MARK, Order, Sheet, head, lettered, name_of
from alongside.words import say

__all__ = ["Count", "Pack", "counted", "packed", "sheets"]

#: The shapes that we have; option 13 would look like option 1.
SHAPES = 12
#: For how many people the first page says the numbers.
PEOPLE = range(3, 17)


@dataclass(frozen=True, slots=True)
class Pack:
    """What has to be cut, or hung up, for one part of a lesson. ``kind``: "cards", "piles", "options" (for the wall) or "slips";
    ``pages``: how many it takes once; ``each``: so many people share one copy, 0 where the room needs one; ``cuts`` a page."""

    kind: str
    prompt: str
    pages: int
    each: int
    cuts: int
    data: dict[str, Any]

    def copies(self, people: int) -> int:
        """How often it is printed for so many people."""
        return math.ceil(people / self.each) if self.each else 1


@dataclass(frozen=True, slots=True)
class Count:
    """What a lesson's cards and slips take for so many people: sets of cards, sheets of paper, minutes to cut them."""

    people: int
    sets: int
    sheets: int
    minutes: int


def sheets(order: Order) -> Iterator[Sheet]:
    """One file for each lesson that needs cards or slips."""
    for lesson in order.lessons:
        if packs := packed(order, lesson):
            template = Path(__file__).with_name("cards.typ")
            yield Sheet(f"cards/{name_of(lesson)}.pdf", template, _data(lesson, packs))


def counted(packs: Sequence[Pack], people: int) -> Count:
    """How much paper and how many minutes these take for so many people."""
    has_cards = any(pack.kind == "cards" for pack in packs)
    cuts = sum(pack.cuts * pack.pages * pack.copies(people) for pack in packs)
    return Count(
        people=people,
        sets=math.ceil(people / IN_A_GROUP) if has_cards else 0,
        sheets=sum(pack.pages * pack.copies(people) for pack in packs),
        minutes=math.ceil(cuts * SECONDS_A_CUT / 60),
    )


def packed(order: Order, lesson: Lesson) -> list[Pack]:
    """Everything of a lesson that is cut or hung up, in the order in which it is needed."""
    votes = {key: len(steps) for key, steps in voted(lesson).items()}
    found: list[Pack] = []
    for cell in lesson.cells:
        one = order.shown(lesson, cell)
        if not isinstance(one, Activity):
            continue
        props = one.props
        if one.activity == "sort_cards":
            found += _set(props["prompt"], _texts(props["cards"]), _texts(props["piles"]))
        elif one.activity == "rank":
            found += _set(props["prompt"], _texts(props["options"]), apart=[props["not_mine"]])
        if one.key in votes and one.activity in ("choose", "rank", "rate"):
            found += _vote(one, votes[one.key])
    for times in [times for key, times in votes.items() if not key]:
        options = [{"mark": str(number), "shape": number, "text": ""} for number in range(1, NUMBERS + 1)]
        found.append(_slips(say("kit.slips_numbers"), options, many=True, times=times))
    return found


def _texts(options: Sequence[Sequence[str]]) -> list[str]:
    return [text for _, text in options]


def _set(
    prompt: str, cards: list[str], piles: Sequence[str] = (), apart: Sequence[str] = ()
) -> Iterator[Pack]:
    """Cards with the piles that they are laid on, or with a card for what is left ``apart`` of an order."""
    columns, rows, pages = cards_on(len(cards) + len(apart))
    marked = [_marked(text, number) for number, text in enumerate(cards, start=1)]
    marked += [{"mark": "", "shape": 0, "text": text} for text in apart]
    empty = [{"mark": "", "shape": 0, "text": ""}] * (pages * columns * rows - len(marked))
    data = {"columns": columns, "rows": rows, "cards": marked + empty}
    yield Pack("cards", prompt, pages, IN_A_GROUP, columns - 1 + rows - 1, data)
    if piles:
        rows, pages = piles_on(len(piles))
        named = [{"mark": mark, "text": text} for mark, text in lettered(piles)]
        yield Pack("piles", prompt, pages, IN_A_GROUP, rows - 1, {"rows": rows, "piles": named})


def _vote(one: Activity, times: int) -> Iterator[Pack]:
    if one.activity == "rate":
        texts = [f"1. {one.props['low']}", "2", "3", "4", f"5. {one.props['high']}"]
    else:
        texts = _texts(one.props["options"])
    options = [_marked(text, number) for number, text in enumerate(texts, start=1)]
    yield Pack("options", one.props["prompt"], 1, 0, 0, {"options": options})
    yield _slips(one.props["prompt"], options, many=bool(one.props.get("many")), times=times)


def _slips(prompt: str, options: list[dict[str, Any]], *, many: bool, times: int) -> Pack:
    columns = slips_beside(len(options))
    data = {"columns": columns, "rows": SLIPS_DOWN, "options": options, "mark": _mark_on(many)}
    cuts = columns - 1 + SLIPS_DOWN - 1
    return Pack("slips", prompt, 1, slips_on(len(options), times), cuts, data)


def _mark_on(many: bool) -> str:
    return say("kit.slip_many") if many else say("kit.slip_one")


def _marked(text: str, number: int) -> dict[str, Any]:
    """An option with what it is called and its shape: its own number or letter, if it begins with one."""
    own = MARK.match(text)
    mark = own[1] if own else str(number)
    shape = int(mark) if mark.isdecimal() and 1 <= int(mark) <= SHAPES else number
    return {"mark": mark, "shape": shape, "text": text[own.end() :] if own else text}


# --- the first page ------------------------------------------------------------------------------------


def _data(lesson: Lesson, packs: Sequence[Pack]) -> dict[str, Any]:
    page, rows = 2, list[list[str]]()
    for pack in packs:
        last = page + pack.pages - 1
        where = say("kit.page", page=page) if last == page else say("kit.pages", first=page, last=last)
        rows.append([_what(pack), where, _how_often(pack)])
        page = last + 1
    return {
        "title": say("kit.cards_title", title=lesson.title),
        "head": head(lesson, say("kit.cards_kind")),
        "packs": [
            {"kind": pack.kind, "prompt": pack.prompt, "what": _what(pack), **pack.data} for pack in packs
        ],
        "what": {"head": [say("kit.what"), say("kit.where"), say("kit.how_often")], "rows": rows},
        "people": {
            "head": [say("kit.people"), say("kit.sets"), say("kit.sheets"), say("kit.minutes")],
            "rows": [
                [str(one.people), str(one.sets or "–"), str(one.sheets), str(one.minutes)]
                for one in (counted(packs, people) for people in PEOPLE)
            ],
        },
        "words": {
            "one_side": say("kit.one_side"),
            "how_much": say("kit.how_much"),
            "own": say("kit.own_card"),
            "shapes": say("kit.shapes"),
        },
    }


def _what(pack: Pack) -> str:
    match pack.kind:
        case "cards":
            return say("kit.pack_cards", prompt=pack.prompt)
        case "piles":
            return say("kit.pack_piles", prompt=pack.prompt)
        case "options":
            return say("kit.pack_options", prompt=pack.prompt)
    return say("kit.pack_slips", prompt=pack.prompt)


def _how_often(pack: Pack) -> str:
    if not pack.each:
        return say("kit.once")
    if pack.kind == "slips":
        return say("kit.once_for", count=pack.each)
    return say("kit.once_for_four")
