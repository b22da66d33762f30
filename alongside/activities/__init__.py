"""The activities of a lesson: one line each, the question first.

An activity carries only its question. What a learner answers stays in the page: nothing here has a trait, a
callback or a message by which it could come back.

In JupyterLab an activity is shown as a widget (see :mod:`alongside.activities.lab`). Everywhere else pages are made from the
question in its display bundle, under :data:`MIME`, and no widget machinery is loaded.
"""

from __future__ import annotations

import inspect
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from alongside.course import planner
from alongside.course import scenarios as content
from alongside.errors import AlongsideError, nearest
from alongside.page.join import MIME
from alongside.words import say

__all__ = [
    "MIME",
    "Activity",
    "ask",
    "begin",
    "board",
    "checkin",
    "choose",
    "compose",
    "facilitate",
    "plan",
    "promise",
    "rank",
    "rate",
    "scenario",
    "sort_cards",
]

TEXT = say("activities.text")

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_KEY, _LONGEST_ID = 60, 40

#: What can be chosen: {"walls": "What is on the walls"}, or texts alone, whose ids are then made from them.
Options = Mapping[str, str] | Sequence[str]


@dataclass(frozen=True, slots=True, repr=False)
class Activity:
    """A question that shows itself as a cell's last line. It goes out to the page; nothing comes back."""

    activity: str
    key: str
    props: dict[str, Any]

    def __repr__(self) -> str:
        return TEXT

    @property
    def question(self) -> dict[str, Any]:
        """What pages, prints and tests read: {"activity", "key", "props"}."""
        return {"activity": self.activity, "key": self.key, "props": self.props}

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        if (
            "VOILA_REQUEST_URL" in os.environ
        ):  # a page there is made from the question, whatever else stands on it
            return {"text/plain": TEXT, MIME: self.question}
        from alongside.activities import (
            lab,  # widgets are for notebooks: a server that only draws pages needs none
        )

        return {"text/plain": TEXT, lab.WIDGET: lab.view(**self.question), MIME: self.question}


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
                near = nearest(name, signature.parameters)
                raise AlongsideError(
                    say("activities.no_argument", verb=function.__name__, name=name, nearest=near)
                )
        try:
            signature.bind(*args, **kwargs)
        except TypeError:
            shape = ", ".join(["…", *(f"{name}=…" for name in keywords)])
            raise AlongsideError(
                say("activities.wrong_arguments", verb=function.__name__, shape=shape)
            ) from None
        return function(*args, **kwargs)

    return checked


def _text(verb: str, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise AlongsideError(say("activities.needs_words", verb=verb, name=name))
    return value.strip()


def _texts(verb: str, name: str, values: object, least: int) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise AlongsideError(say("activities.needs_a_list", verb=verb, name=name))
    texts = [_text(verb, name, value) for value in values]
    if len(texts) < least:
        raise AlongsideError(say("activities.too_few", verb=verb, least=least, name=name, found=len(texts)))
    if len(set(texts)) < len(texts):
        raise AlongsideError(say("activities.same_words", verb=verb, name=name))
    return texts


def _options(verb: str, name: str, values: object, least: int) -> list[list[str]]:
    """[[id, text], …]. An answer is kept by ids, so that words can change and the answer stays.

    {"walls": "What is on the walls"} says the ids. A list of texts may be given while a lesson is being written: each
    text's id is then made from its words, and goes with them when they change.
    """
    if isinstance(values, Mapping):
        texts = _texts(verb, name, list(values.values()), least)
        return [[_id(verb, name, key), text] for key, text in zip(values, texts, strict=True)]
    texts = _texts(verb, name, values, least)
    return [[key, text] for key, text in zip(_slugs(texts), texts, strict=True)]


def _named(
    verb: str, name: str, values: Mapping[Any, Any], split: Callable[[Any], tuple[Any, Any] | None]
) -> list[tuple[str, str, Any]]:
    """[(id, text, what belongs to it), …] of {"saw": ("What I saw", …)}, or of {"What I saw": …} without an id.

    ``split`` takes a value apart into text and rest; None where the value is the rest alone and its key the text.
    """
    slugs = _slugs([str(key) for key in values])
    named = [
        (slug, key, value) if (pair := split(value)) is None else (_id(verb, name, key), *pair)
        for slug, (key, value) in zip(slugs, values.items(), strict=True)
    ]
    texts = _texts(verb, name, [text for _, text, _ in named], least=1)
    return [(key, text, rest) for (key, _, rest), text in zip(named, texts, strict=True)]


def _with_hint(value: object) -> tuple[Any, Any] | None:
    return (value[0], value[1]) if isinstance(value, list | tuple) and len(value) == 2 else None


def _with_options(value: object) -> tuple[Any, Any] | None:
    if isinstance(value, str):
        return value, ()
    pair = _with_hint(value)
    return pair if pair and isinstance(pair[1], Mapping) else None


def _id(verb: str, name: str, value: object) -> str:
    # "constructor" is a name that every object of a page has, and could be taken for one of ours.
    if (
        not isinstance(value, str)
        or not _KEY.fullmatch(value)
        or len(value) > _LONGEST_ID
        or value == "constructor"
    ):
        raise AlongsideError(say("activities.wrong_id", verb=verb, name=name, most=_LONGEST_ID))
    return value


def _slugs(texts: Sequence[str]) -> list[str]:
    """An id for each text, made from its words and different from the others."""
    made: list[str] = []
    for place, text in enumerate(texts, start=1):
        plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
        words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
        short = words[: _LONGEST_ID - 4].rstrip("-") or f"number-{place}"
        slug, number = short, 2
        while slug in made or slug == "constructor":
            slug, number = f"{short}-{number}", number + 1
        made.append(slug)
    return made


def _key(verb: str, value: object, name: str = "keep_as") -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value) or len(value) > _LONGEST_KEY:
        raise AlongsideError(say("activities.wrong_key", verb=verb, name=name, most=_LONGEST_KEY))
    return value


@_verb
def begin() -> Activity:
    """Every lesson's first line. In JupyterLab it shows *my words* and *quick exit*; other pages have them."""
    return Activity(activity="begin", key="begin", props={})


@_verb
def ask(question: str, *, keep_as: str, hint: str = "", ideas: Sequence[str] = ()) -> Activity:
    """A question with room for words of one's own. ``ideas`` lie folded below: some ways to put it, no verdict."""
    props: dict[str, Any] = {"prompt": _text("ask", "question", question)}
    if hint:
        props["hint"] = _text("ask", "hint", hint)
    if ideas:
        props["ideas"] = _texts("ask", "ideas", ideas, least=1)
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
def choose(question: str, options: Options, *, keep_as: str, many: bool = False) -> Activity:
    """One of several options, or as many as one likes with ``many=True``: {"walls": "What is on the walls", …}."""
    if not isinstance(many, bool):
        raise AlongsideError(say("activities.true_or_false"))
    props = {
        "prompt": _text("choose", "question", question),
        "options": _options("choose", "options", options, least=2),
        "many": many,
    }
    return Activity(activity="choose", key=_key("choose", keep_as), props=props)


@_verb
def sort_cards(question: str, *, cards: Options, piles: Options, keep_as: str) -> Activity:
    """Cards to lay into named piles, by buttons and keys."""
    props = {
        "prompt": _text("sort_cards", "question", question),
        "cards": _options("sort_cards", "cards", cards, least=2),
        "piles": _options("sort_cards", "piles", piles, least=2),
    }
    return Activity(activity="sort_cards", key=_key("sort_cards", keep_as), props=props)


@_verb
def rank(question: str, options: Options, *, keep_as: str, not_mine: str | None = None) -> Activity:
    """Options to put into an order of one's own, by buttons and keys; ``not_mine`` names where others go."""
    props = {
        "prompt": _text("rank", "question", question),
        "options": _options("rank", "options", options, least=2),
        "not_mine": _text(
            "rank", "not_mine", say("activities.rank_not_mine") if not_mine is None else not_mine
        ),
    }
    return Activity(activity="rank", key=_key("rank", keep_as), props=props)


@_verb
def compose(
    question: str, *, parts: Mapping[str, str | Sequence[str]], keep_as: str, avoid: Sequence[str] = ()
) -> Activity:
    """One thing to say, put together from named parts, each with its hint.

    ``parts`` is {"saw": ("What I saw", "Something visible"), …}. ``avoid`` are ways to say it that tend to go wrong,
    and why; they lie folded below.
    """
    if not isinstance(parts, Mapping) or len(parts) < 2:
        raise AlongsideError(say("activities.needs_parts"))
    named = _named("compose", "parts", parts, _with_hint)
    props = {
        "prompt": _text("compose", "question", question),
        "parts": [[key, text] for key, text, _ in named],
        "hints": [[key, _text("compose", f"parts, {text}", hint)] for key, text, hint in named],
        "avoid": _texts("compose", "avoid", avoid, least=0),
    }
    return Activity(activity="compose", key=_key("compose", keep_as), props=props)


@_verb
def board(
    question: str,
    *,
    rows: Options,
    columns: Mapping[str, Any],
    keep_as: str,
    own_rows: int = 0,
) -> Activity:
    """A table to fill in: one row for each thing, and columns of options, or of words where there are none.

    ``columns`` is {"who": ("Who decides", {"staff": "Staff", "all": "All of us"}), "change": "One change"};
    ``own_rows`` adds rows to name.
    """
    if not isinstance(columns, Mapping) or not columns:
        raise AlongsideError(say("activities.needs_columns"))
    if type(own_rows) is not int or not 0 <= own_rows <= 3:
        raise AlongsideError(say("activities.own_rows"))
    named = _named("board", "columns", columns, _with_options)
    props = {
        "prompt": _text("board", "question", question),
        "rows": _options("board", "rows", rows, least=1),
        "columns": [[key, text] for key, text, _ in named],
        "options": {key: _options("board", "columns", options, least=0) for key, _, options in named},
        "own_rows": own_rows,
    }
    return Activity(activity="board", key=_key("board", keep_as), props=props)


@_verb
def checkin(question: str, *, keep_as: str) -> Activity:
    """Promises that were kept in this tab or brought back in a file: kept, changed, told people, or not yet."""
    return Activity(
        activity="checkin",
        key=_key("checkin", keep_as),
        props={"prompt": _text("checkin", "question", question)},
    )


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
                "choices": [[choice.id, choice.say] for choice in step.choices],
                "led": {
                    choice.id: {
                        "then": choice.then,
                        "costs": choice.costs,
                        "gains_power": choice.gains_power,
                        "carries_risk": choice.carries_risk,
                        "changes": dict(choice.changes),
                        "next": choice.next,
                    }
                    for choice in step.choices
                },
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
    return Activity(activity="plan", key="plan", props={"prompt": say("activities.plan_prompt")})


@_verb
def facilitate(*, pdfs: str = "") -> Activity:
    """The planner of a session: seven questions, and a plan out of the lessons' own steps. It keeps nothing.

    ``pdfs`` is the address of what ``alongside print`` made for one paper, such as "print/letter/": sheets then become links.
    """
    props: dict[str, Any] = {"prompt": say("activities.planner_prompt"), **planner.knows()}
    if pdfs:
        props["pdfs"] = _text("facilitate", "pdfs", pdfs).rstrip("/") + "/"
    return Activity(activity="facilitate", key="facilitate", props=props)
