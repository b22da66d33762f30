"""Alongside: interactive lessons for the internal community of harm reduction programs.

The verbs of a lesson are imported when they are first asked for, so that the command line and the server stay light.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

#: An activity's verb has the name of its file, and "begin" has none.
_VERBS = {"begin", *(path.stem for path in (Path(__file__).parent / "activities").glob("*.js"))}
_NAMES = sorted(_VERBS | {"picture", "survey_changes", "survey_form", "survey_report"})

if TYPE_CHECKING:
    from alongside.activities import *  # noqa: F403
    from alongside.pictures import picture as picture
    from alongside.survey.desk import survey_changes as survey_changes
    from alongside.survey.desk import survey_report as survey_report
    from alongside.survey.writing_desk import survey_form as survey_form

    __all__: list[str]
else:
    __all__ = _NAMES


def __getattr__(name: str) -> object:
    if name == "picture":
        from alongside import pictures

        return pictures.picture
    if name.startswith("survey_") and name in _NAMES:
        from alongside.survey import desk, writing_desk

        return getattr(writing_desk if name == "survey_form" else desk, name)
    if name in _NAMES:
        from alongside import activities

        return getattr(activities, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
