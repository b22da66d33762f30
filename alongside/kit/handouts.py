"""What learners have in their hands: every question of a lesson with room to write or to mark, and nothing for the person who leads.

Three files: the questions (one for each person), what hangs on the wall (pictures and sheets to fill in, one for the room), and
the text (one for whoever reads aloud, or for somebody who takes the lesson alone).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alongside.activities import Activity
from alongside.course.lesson import PAPER, Cell, Lesson
from alongside.course.references import CITED, sources
from alongside.kit.sheet import Order, Sheet, head, lettered, name_of
from alongside.pictures import Picture
from alongside.press import gray, tree
from alongside.words import say

__all__ = ["sheets"]

HERE = Path(__file__)
#: Cells of a page that speak of the page: where typed words go.
OF_SCREENS = "privacy"
ONLY_ON_PAPER = "rung-3"

Item = dict[str, Any]


def sheets(order: Order) -> Iterator[Sheet]:
    """Up to three files for each lesson."""
    known = sources()
    for lesson in order.lessons:
        name = name_of(lesson)
        sections = [*_sections(order, lesson, _question)]
        if sections:
            data = {
                "title": say("kit.handout_title", title=lesson.title),
                "head": head(lesson, say("kit.handout_kind")),
                "yours": say("kit.handout_yours"),
                "sections": sections,
                "words": _words(),
            }
            yield Sheet(f"handouts/{name}.pdf", HERE.with_name("handouts.typ"), data)
        if wall := [*_on_the_wall(order, lesson)]:
            data = {"title": say("kit.wall_title", title=lesson.title), "sheets": wall}
            yield Sheet(f"handouts/{name}-wall.pdf", HERE.with_name("wall.typ"), data)
        cited = [known[key] for key in dict.fromkeys(CITED.findall(lesson.prose())) if key in known]
        data = {
            "title": say("kit.text_title", title=lesson.title),
            "head": head(lesson, say("kit.text_kind")),
            "sections": [*_sections(order, lesson, _read)],
            "marks": {source.key: source.short for source in cited},
            "sources": {"name": say("kit.sources"), "of": [source.reference for source in cited]},
        }
        yield Sheet(f"handouts/{name}-text.pdf", HERE.with_name("text.typ"), data)


def _sections(
    order: Order, lesson: Lesson, take: Callable[[Order, Lesson, Cell], Item | None]
) -> Iterator[Item]:
    """The sections of a lesson, with what is taken of each of their cells; without those of which nothing is."""
    for section in lesson.sections:
        if items := [item for cell in section.cells if (item := take(order, lesson, cell))]:
            yield {"name": section.name, "items": items}


# --- the questions -------------------------------------------------------------------------------------


def _question(order: Order, lesson: Lesson, cell: Cell) -> Item | None:
    """A question as the template sets it: its kind, its prompt, and what belongs to the kind."""
    one = order.shown(lesson, cell)
    if not isinstance(one, Activity) or one.activity == "scenario":  # a story has a booklet
        return None
    props = one.props
    item: Item = {"kind": one.activity, "prompt": props["prompt"]}
    match one.activity:
        case "ask":
            item |= {"hint": props.get("hint", ""), "ideas": props.get("ideas", [])}
        case "rate":
            item |= {"low": props["low"], "high": props["high"]}
        case "choose":
            item |= {"options": _texts(props["options"]), "many": props["many"]}
        case "sort_cards":
            item |= {"cards": _texts(props["cards"]), "piles": lettered(_texts(props["piles"]))}
        case "rank":
            item |= {
                "options": _texts(props["options"]),
                "how": say("kit.rank_how", not_mine=props["not_mine"]),
            }
        case "compose":
            item |= {
                "parts": [
                    [text, hint] for (_, text), (_, hint) in zip(props["parts"], props["hints"], strict=True)
                ],
                "avoid": props["avoid"],
            }
        case "board":
            item |= {
                "rows": [*_texts(props["rows"]), *[""] * props["own_rows"]],
                "columns": [
                    [text, lettered(_texts(props["options"][key]))] for key, text in props["columns"]
                ],
            }
        case "promise":
            item |= {"starters": props["starters"]}
    return item


def _texts(options: Any) -> list[str]:
    return [text for _, text in options]


def _words() -> dict[str, Any]:
    """What stands beside questions, in the words that a page has for it."""
    return {
        "ideas": say("activities.ask_ideas"),
        "many": say("activities.choose_many"),
        "circle": say("kit.circle"),
        "whole": say("activities.compose_whole"),
        "avoid": say("activities.compose_avoid"),
        "row": say("activities.board_name"),
        "own": say("activities.board_own"),
        "starters": say("activities.promise_starters"),
        "what": say("activities.promise_what"),
        "answer": say("activities.promise_answer"),
        "answers": [
            say("activities.promise_yes"),
            say("activities.promise_maybe"),
            say("activities.promise_not_this_time"),
        ],
        "no_reason": say("activities.promise_no_reason"),
        "promise": [
            say("activities.promise_who"),
            say("activities.promise_when"),
            say("activities.promise_tell"),
            say("activities.promise_slip"),
        ],
        "checkin": say("activities.checkin_promise"),
        "stands": say("activities.checkin_stands"),
        "standings": [
            say("activities.checkin_kept"),
            say("activities.checkin_changed"),
            say("activities.checkin_told"),
            say("activities.checkin_not_yet"),
        ],
        "says": say("activities.checkin_says"),
    }


# --- the wall ------------------------------------------------------------------------------------------


def _on_the_wall(order: Order, lesson: Lesson) -> Iterator[Item]:
    """Pictures, each with the same in words, and what cells hold for paper alone."""
    for section in lesson.sections:
        for cell in section.cells:
            one = order.shown(lesson, cell)
            if isinstance(one, Picture):
                yield {
                    "kind": "picture",
                    "title": one.title,
                    "lead": one.lead,
                    "caption": one.caption,
                    "source": one.source,
                    "alt": one.alt,
                    "svg": gray(one.svg()),
                    "rows": one.kind.rows(),
                }
            elif ONLY_ON_PAPER in cell.tags and cell.kind == "markdown":
                yield {"kind": "paper", "name": _of(lesson), "blocks": tree(cell.source)}


def _of(lesson: Lesson) -> str:
    return head(lesson, lesson.title)["kind"]


# --- the text ------------------------------------------------------------------------------------------


def _read(order: Order, lesson: Lesson, cell: Cell) -> Item | None:
    """A cell as it is read aloud: its text, or the question that comes there."""
    if cell.kind == "markdown" and cell.on_pages and not cell.tags & {*PAPER, OF_SCREENS}:
        blocks = [block for block in tree(cell.source) if block["is"] != "heading" or block["level"] > 2]
        return {"kind": "text", "blocks": blocks} if blocks else None
    one = order.shown(lesson, cell)
    if isinstance(one, Activity):
        what = say(
            "kit.text_story" if one.activity == "scenario" else "kit.text_question",
            prompt=one.props["prompt"],
        )
        return {"kind": "question", "text": what}
    if isinstance(one, Picture):
        return {"kind": "question", "text": say("kit.text_picture", title=one.title)}
    return None
