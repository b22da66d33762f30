"""The care card: data/care.yml on one side of a sheet, each line with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alongside.course.references import BY_PRACTITIONERS, BY_THE_PROGRAM, care, sources
from alongside.kit.opening import reviewed
from alongside.kit.sheet import Order, Sheet
from alongside.words import say

__all__ = ["sheets"]


def sheets(order: Order) -> Iterator[Sheet]:
    """One card, the same for every lesson."""
    card, known = care(), sources()
    cited = [*dict.fromkeys(line.source for line in card.lines if line.source in known)]
    marks = {key: f"({number})" for number, key in enumerate(cited, start=1)}
    marks |= {BY_PRACTITIONERS: say("leading.mark_practitioners"), BY_THE_PROGRAM: say("leading.mark_here")}
    data = {
        "title": say("leading.care_title"),
        "training": say("leading.care_training"),
        "review": reviewed(card.reviewed_by),
        "head": [say("leading.care_when"), say("leading.care_do")],
        "lines": [
            {
                "when": line.when,
                "do": line.done(order.here),
                "mark": marks[line.source],
                "write": line.source == BY_THE_PROGRAM and "{" not in line.do,
            }
            for line in card.lines
        ],
        "sources_title": say("leading.care_sources"),
        "sources": [
            *(
                say("leading.care_source", number=number, source=known[key].reference)
                for number, key in enumerate(cited, start=1)
            ),
            say("leading.care_practitioners"),
            say("leading.care_here"),
        ],
    }
    yield Sheet("care.pdf", Path(__file__).with_name("care.typ"), data)
