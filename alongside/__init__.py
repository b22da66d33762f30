"""Alongside: interactive lessons for the internal community of harm reduction programs.

The verbs of a lesson are imported when they are first asked for, so that the command line and the server stay light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alongside.activities import (
        ask,
        begin,
        board,
        checkin,
        choose,
        compose,
        plan,
        promise,
        rank,
        rate,
        scenario,
        sort_cards,
    )
    from alongside.pictures import picture
    from alongside.survey.desk import survey_changes, survey_form, survey_report

__all__ = [
    "ask",
    "begin",
    "board",
    "checkin",
    "choose",
    "compose",
    "picture",
    "plan",
    "promise",
    "rank",
    "rate",
    "scenario",
    "sort_cards",
    "survey_changes",
    "survey_form",
    "survey_report",
]


def __getattr__(name: str) -> object:
    if name == "picture":
        from alongside import pictures

        return pictures.picture
    if name.startswith("survey_") and name in __all__:
        from alongside.survey import desk

        return getattr(desk, name)
    if name in __all__:
        from alongside import activities

        return getattr(activities, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
