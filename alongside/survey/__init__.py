"""The survey: from an export of anonymous answers to a report that is safe to hang on the wall.

    from alongside import survey

    responses = survey.read("answers.csv", "data/survey-staff.yml")
    survey.release(responses)

Each name is imported when it is first asked for, so that the lessons which need no survey stay light.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alongside.survey import statistics
    from alongside.survey.codebook import load
    from alongside.survey.comparison import compare
    from alongside.survey.disclosure import release
    from alongside.survey.draft import draft
    from alongside.survey.exports import read
    from alongside.survey.report import report

__all__ = ["compare", "draft", "load", "read", "release", "report", "statistics"]

_HOMES = {
    "compare": "comparison",
    "draft": "draft",
    "load": "codebook",
    "read": "exports",
    "release": "disclosure",
    "report": "report",
}


class _Survey(ModuleType):
    """The importing of ``alongside.survey.draft`` may not replace the function of that name here."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Survey


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    if name == "statistics":
        return import_module(f"{__name__}.statistics")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
