"""Lessons made for tests, in which everything is right, so that no test hangs on a lesson's own words.

``made("notebooks/05-share-power")`` is the notebook as JSON; its number, its mark and its survey questions follow the name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alongside.course.check import Course
from alongside.course.session import NAMES
from alongside.course.shape import shape_of

Raw = dict[str, Any]
#: What a lesson of each kind does beside its first and its last question.
MIDDLE = {
    "practice": ("scenario", "promise", "sort_cards"),
    "plan": ("plan",),
    "check-in": ("checkin", "promise"),
    "survey": ("survey_form", "promise"),
}
LINES = {
    "scenario": 'scenario("{story}")',
    "promise": 'promise("One thing", keep_as="made-promise", starters=["I will ask.", "I will say.", "I will wait."])',
    "sort_cards": 'sort_cards("Who decides?", cards={{"walls": "Walls", "hours": "Hours"}}, piles={{"all": "All", "staff": "Staff"}}, keep_as="made-sort")',
    "plan": "plan()",
    "checkin": 'checkin("How does it stand?", keep_as="made-checkin")',
    "survey_form": "survey_form()",
}
FILL = "We look at who decides here, and we take our time. People sit where they like. Somebody makes tea. "
STANDING = (
    "What you type stays in this browser tab. Use no names, and leave out details that could point to one person. "
    "You can skip anything here."
)


def markdown(name: str, source: str, *tags: str) -> Raw:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
    }


def code(name: str, source: str) -> Raw:
    metadata = {"jupyter": {"source_hidden": True}, "tags": ["remove-input"]}
    return {
        "cell_type": "code", "id": name, "metadata": metadata, "outputs": [], "execution_count": None, "source": source,
    }  # fmt: skip


def made(where: str, course: Course, story: str) -> Raw:
    """A lesson of this name. ``story`` is the key of the one that it tells."""
    name = Path(where).name
    number, kind = int(name[:2]), shape_of("notebooks", name).kind
    verbs = MIDDLE[kind]
    practice = name.partition("-")[2]
    survey = sorted(item.key for item in course.items.values() if item.practice == practice)
    covers = [f"P{number - 3}"] if kind == "practice" else []
    metadata: Raw = {
        "number": number, "title": "A made lesson", "promise": "See who decides.", "objectives": ["Say who decides"],
        "covers": covers, "rests_on": ["V10"], "minutes": {}, "group": [6, 12], "needs": ["A pen"],
        "touches": ["being left out"], "survey": survey, "scenario": story if "scenario" in verbs else None,
        "next": ["11-be-transparent"], "reviewed_by": [],
    }  # fmt: skip
    used = ", ".join(sorted({"begin", "rate", *verbs}))
    cells = [
        markdown("title", "# A made lesson\n\nSee who decides."),
        code("start", f"# Start here\nfrom alongside import {used}\nbegin()"),
        markdown("arrive", f"## Arrive\n\nGood to see you.\n\n{STANDING}"),
        code(
            "arrive-rate", '# How is it?\nrate("How is it?", low="Bad", high="Good", keep_as="made-arrive")'
        ),
        markdown("arrive-facilitator", "**Say:** Welcome.\n\n**Opt-out:** “You can pass.”", "facilitator"),
    ]
    room: Raw = {"Arrive": {"room": [2, 2, 4], "alone": 1}}
    for section, minutes, alone, verb in SECTIONS[kind]:
        mark = section.lower().replace(" ", "-")
        sources = (
            "Sharing power is not for show [space-hacks]. "
            if section in ("What we know", "Bring them back", "Look")
            else ""
        )
        cells.append(markdown(mark, f"## {section}\n\n{sources}{FILL * FILLS[kind]}"))
        if verb in verbs:
            cells.append(
                code(
                    f"{mark}-{verb}".replace("_", "-"),
                    f"# Something to do\n{LINES[verb].format(story=story)}",
                )
            )
        cells.append(
            markdown(
                f"{mark}-facilitator", "**Ask:** Who decides?\n\n**Opt-out:** “You can pass.”", "facilitator"
            )
        )
        room[section] = {"room": minutes, "alone": alone}
    cells += [
        markdown("close", "## Close\n\nHere is the first question again."),
        code("close-rate",
             '# Again\nrate("Again: how is it?", low="Bad", high="Good", keep_as="made-close", beside="made-arrive")'),
        markdown("close-facilitator", "**Say:** Thank you.\n\n**Opt-out:** “You can leave now.”", "facilitator"),
    ]  # fmt: skip
    room["Close"] = {"room": [2, 2, 4], "alone": 1}
    metadata["minutes"] = room
    metadata |= session(kind, story, covers, survey, number)
    return {"cells": cells, "metadata": {"alongside": metadata}, "nbformat": 4, "nbformat_minor": 5}


#: Beside Arrive and Close: heading, minutes in a room, minutes alone, what is done in it.
SECTIONS: dict[str, tuple[tuple[str, list[int], int, str], ...]] = {
    "practice": (
        ("The object", [7, 12, 14], 5, "sort_cards"),
        ("What we know", [3, 3, 4], 5, ""),
        ("A story", [11, 11, 14], 10, "scenario"),
        ("One small step", [4, 4, 5], 3, "promise"),
    ),
    "plan": (("Bring it together", [25, 25, 30], 20, "plan"),),
    "check-in": (
        ("Bring them back", [12, 12, 15], 10, "checkin"),
        ("One small step", [4, 4, 5], 3, "promise"),
    ),
    "survey": (("Look", [20, 20, 25], 22, "survey_form"), ("One small step", [4, 4, 5], 3, "promise")),
}
FILLS = {"practice": 12, "plan": 22, "check-in": 8, "survey": 20}


def step(
    name: str, activity: str | None, minutes: int, work: int, grouping: str = "alone", aloud: int = 30
) -> Raw:
    return {
        "id": name, "say": "Take your time, and keep what is yours.", "read_aloud": aloud, "do": "Wait.",
        "activity": activity, "work": work, "minutes": minutes, "grouping": grouping, "vote": "none",
        "break_after": False, "about_managers": False,
    }  # fmt: skip


def steps(kind: str, story: str) -> dict[str, list[Raw]]:
    """What is led between Arrive and Close, by section."""
    promise = {"One small step": [step("step-promise", "made-promise", 4, 3)]}
    if kind == "plan":
        return {"Bring it together": [step("together-plan", None, 25, 20)]}
    if kind == "check-in":
        return {"Bring them back": [step("back-checkin", "made-checkin", 12, 10)], **promise}
    if kind == "survey":
        return {"Look": [step("look-form", None, 20, 18)], **promise}
    return {
        "The object": [step("object-sort", "made-sort", 7, 5), step("object-talk", None, 5, 4, "pairs")],
        "What we know": [step("know-read", None, 3, 0, "all", 200)],
        "A story": [step("story-play", story, 11, 0, "all", 600)],
        **promise,
    }


def session(kind: str, story: str, covers: list[str], survey: list[str], number: int) -> Raw:
    practice = kind == "practice"
    return {
        "pattern": "object first",
        "teaches": ["why-not-participants"] if practice else [],
        "steps": {
            "Arrive": [step("arrive-alone", "made-arrive", 2, 1)],
            **steps(kind, story),
            "Close": [step("close-alone", "made-close", 2, 1)],
        },
        "cut": [{"step": "object-talk", "saves": 5}] if practice else [],
        "lead": {"days": 0, "somebody_in_charge": False},
        "second_person": False,
        "paper": ["cards", "story"] if practice else [],
        "evidence": {
            mark: {"is": "what-we-know", "limits": "what-we-know", "known": "what-we-know",
                   "activity": "made-sort", "exercise": number, "story": story, "survey": survey}
            for mark in covers
        },
    }  # fmt: skip


def not_led(raw: Raw) -> None:
    """Take out how it is led, as in a lesson that somebody only begins to write."""
    for name in NAMES.split():
        raw["metadata"]["alongside"].pop(name, None)


def save(raw: Raw, where: str, folder: Path) -> Path:
    """Write it where a lesson of this name lies."""
    path = folder / f"{where}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path
