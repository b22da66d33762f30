"""The activities of a lesson: one line each, the question first.

An activity carries only its question. What a learner answers stays in the page: nothing here has a trait, a
callback or a message by which it could come back.

In JupyterLab an activity is a widget (through anywidget). Everywhere else pages are made from the question in its
display bundle, under :data:`MIME`, and no widget machinery is loaded.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import anywidget
import traitlets

from alongside import browser, content, theme
from alongside.browser import MIME
from alongside.errors import AlongsideError, nearest

__all__ = [
    "MIME",
    "Activity",
    "ask",
    "begin",
    "choose",
    "plan",
    "promise",
    "rate",
    "scenario",
    "sort_cards",
]

TEXT = "An activity of Alongside. If you see only this sentence, press Run, then Run All Cells."

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_KEY = 60


class Activity(anywidget.AnyWidget):
    """A question that shows itself as a cell's last line. Attributes go out to the page; nothing comes back."""

    _esm = browser.lab_module()
    _css = theme.activity_css()

    activity = traitlets.Unicode().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    props = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return TEXT

    # A dictionary, as IPython documents it; anywidget gives a pair of two.
    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return {
            "text/plain": TEXT,
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
            MIME: {"activity": self.activity, "key": self.key, "props": self.props},
        }


P = ParamSpec("P")
R = TypeVar("R")


def _verb(function: Callable[P, R]) -> Callable[P, R]:
    """Turn Python's own complaint about arguments into a sentence with the nearest known name."""
    signature = inspect.signature(function)
    keywords = [name for name, one in signature.parameters.items() if one.kind is one.KEYWORD_ONLY]

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in signature.parameters:
                raise AlongsideError(
                    f'{function.__name__} has no argument "{name}". {nearest(name, signature.parameters)}'
                )
        try:
            signature.bind(*args, **kwargs)
        except TypeError:
            shape = ", ".join(f"{name}=…" for name in keywords)
            raise AlongsideError(
                f"{function.__name__} can't be drawn with these arguments. It takes its words first, "
                f"and everything else by name: {function.__name__}(…{', ' if shape else ''}{shape})."
            ) from None
        return function(*args, **kwargs)

    return checked


def _text(verb: str, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise AlongsideError(
            f"{verb} needs words for {name}, and got something else or nothing. "
            f'Write them in quotation marks, as in: {name}="…".'
        )
    return value.strip()


def _texts(verb: str, name: str, values: object, least: int) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise AlongsideError(
            f"{verb} needs a list for {name}. Write it in square brackets, as in: {name}=[…, …]."
        )
    texts = [_text(verb, name, value) for value in values]
    if len(texts) < least:
        raise AlongsideError(
            f"{verb} needs at least {least} {name}, and has {len(texts)}. Add the missing ones."
        )
    if len(set(texts)) < len(texts):
        raise AlongsideError(
            f"{verb} has the same words twice in {name}. Each may stand once: change or remove one."
        )
    return texts


def _key(verb: str, value: object, name: str = "keep_as") -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value) or len(value) > _LONGEST_KEY:
        raise AlongsideError(
            f"{verb} can't use this {name}. A key has small letters, digits and single hyphens, "
            f'at most {_LONGEST_KEY} of them, as in: {name}="explain-one-thing".'
        )
    return value


@_verb
def begin() -> Activity:
    """Every lesson's first line. In JupyterLab it shows *my words* and *quick exit*; other pages have them."""
    return Activity(activity="begin", key="begin", props={})


@_verb
def ask(question: str, *, keep_as: str, hint: str = "") -> Activity:
    """A question with room for words of one's own."""
    props = {"prompt": _text("ask", "question", question)}
    if hint:
        props["hint"] = _text("ask", "hint", hint)
    return Activity(activity="ask", key=_key("ask", keep_as), props=props)


@_verb
def rate(question: str, *, low: str, high: str, keep_as: str, beside: str = "") -> Activity:
    """A scale of five steps between two words. ``beside`` is the key of an earlier answer to show next to it."""
    props = {
        "prompt": _text("rate", "question", question),
        "low": _text("rate", "low", low),
        "high": _text("rate", "high", high),
    }
    if beside:
        props["beside"] = _key("rate", beside, "beside")
    return Activity(activity="rate", key=_key("rate", keep_as), props=props)


@_verb
def choose(question: str, options: Sequence[str], *, keep_as: str, many: bool = False) -> Activity:
    """One of several options, or as many as one likes with ``many=True``."""
    if not isinstance(many, bool):
        raise AlongsideError(
            "choose needs True or False for many. Write many=True, or leave it out for one answer."
        )
    props = {
        "prompt": _text("choose", "question", question),
        "options": _texts("choose", "options", options, least=2),
        "many": many,
    }
    return Activity(activity="choose", key=_key("choose", keep_as), props=props)


@_verb
def sort_cards(question: str, *, cards: Sequence[str], piles: Sequence[str], keep_as: str) -> Activity:
    """Cards to lay into named piles, by buttons and keys."""
    props = {
        "prompt": _text("sort_cards", "question", question),
        "cards": _texts("sort_cards", "cards", cards, least=2),
        "piles": _texts("sort_cards", "piles", piles, least=2),
    }
    return Activity(activity="sort_cards", key=_key("sort_cards", keep_as), props=props)


@_verb
def scenario(key: str) -> Activity:
    """A story with choices, from ``data/scenarios.yml``. An unknown key raises with the nearest known one."""
    story = content.scenario(_text("scenario", "key", key))
    props: dict[str, Any] = {"prompt": story.title, "scenario": _story(story)}
    if story.gentler:
        props["scenario"]["gentler"] = _story(content.scenario(story.gentler))
    return Activity(activity="scenario", key=_key("scenario", f"scenario-{key}", "key"), props=props)


def _story(story: content.Scenario) -> dict[str, Any]:
    return {
        "title": story.title,
        "opening": story.opening,
        "carries": [[name, words] for name, words in story.carries],
        "start": story.steps[0].name,
        "repair": story.repair,
        "debrief": list(story.debrief),
        "gentler": None,
        "steps": {
            step.name: {
                "text": step.text,
                "choices": [
                    {
                        "say": choice.say,
                        "then": choice.then,
                        "costs": choice.costs,
                        "gains_power": choice.gains_power,
                        "carries_risk": choice.carries_risk,
                        "changes": dict(choice.changes),
                        "next": choice.next,
                    }
                    for choice in step.choices
                ],
            }
            for step in story.steps
        },
    }


@_verb
def promise(prompt: str, *, keep_as: str, starters: Sequence[str] = ()) -> Activity:
    """A promise: yes, maybe, or not this time. ``starters``: for someone who decides, who doesn't, without time."""
    props = {
        "prompt": _text("promise", "prompt", prompt),
        "starters": _texts("promise", "starters", starters, least=0),
    }
    return Activity(activity="promise", key=_key("promise", keep_as), props=props)


@_verb
def plan() -> Activity:
    """Everything that was kept in this tab, to edit, print and save."""
    return Activity(activity="plan", key="plan", props={"prompt": "What you kept"})
