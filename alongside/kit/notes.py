"""Notes for whoever leads: everything that a lesson says to the facilitator alone, to read before the day.

A run sheet has only what is needed standing up. What to watch for, and the likely hard moment, stand here, by section.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alongside.course.lesson import Lesson
from alongside.kit.sheet import Order, Sheet, head, name_of
from alongside.press import tree
from alongside.words import say

__all__ = ["sheets"]

TEMPLATE = Path(__file__).with_name("notes.typ")


def sheets(order: Order) -> Iterator[Sheet]:
    """One for each lesson and exercise that has cells for whoever leads."""
    for lesson in order.lessons:
        if lesson.facilitator_cells:
            yield Sheet(f"notes/{name_of(lesson)}.pdf", TEMPLATE, _notes(lesson))


def _notes(lesson: Lesson) -> dict[str, Any]:
    return {
        "title": say("leading.notes_title", title=lesson.title),
        "head": head(lesson, say("leading.notes")),
        "when": say("leading.notes_when"),
        "promise": lesson.promise,
        "touches": say("leading.touches", what="; ".join(lesson.touches)) if lesson.touches else "",
        "objectives_title": say("leading.notes_objectives"),
        "objectives": lesson.objectives,
        "sections": [
            {
                "title": say("leading.notes_section", section=section.name, count=section.room[1]),
                "cells": [tree(cell.source) for cell in section.cells if cell.facilitator],
            }
            for section in lesson.sections
            if any(cell.facilitator for cell in section.cells)
        ],
    }
