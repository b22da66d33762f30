"""The survey: from an export of anonymous answers to a report that is safe to hang on the wall.

    from alongside import survey

    responses = survey.read("answers.csv", "data/survey-staff.yml")
    survey.release(responses)

Each name is imported when it is first asked for, so that the lessons which need no survey stay light. The rooms,
from the ground up: ``ask``, ``read``, ``rules``, ``show``; ``commands`` and ``desk`` stand on top of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alongside.survey import statistics
    from alongside.survey.ask.codebook import load
    from alongside.survey.read.draft import draft
    from alongside.survey.read.exports import read
    from alongside.survey.rules.disclosure import release
    from alongside.survey.show.report import report
    from alongside.survey.show.waves import compare

__all__ = ["compare", "draft", "load", "read", "release", "report", "statistics"]

_HOMES = {
    "compare": "alongside.survey.show.waves",
    "draft": "alongside.survey.read.draft",
    "load": "alongside.survey.ask.codebook",
    "read": "alongside.survey.read.exports",
    "release": "alongside.survey.rules.disclosure",
    "report": "alongside.survey.show.report",
}


class _Survey(ModuleType):
    """``read`` is a function here, and the room of that name may not take its place when it is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Survey


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "statistics":
        return import_module(f"{__name__}.statistics")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
