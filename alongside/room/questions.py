"""What a room is asked: a YAML file, read and checked by the one reader that there is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from alongside.course.entry import Entry, read_entries
from alongside.errors import AlongsideError, nearest
from alongside.room.counts import KINDS, ONE_OPTION_TO_A_PHONE, Kind
from alongside.words import say

__all__ = ["Question", "Questions", "read"]

#: What was tried over all counts: tests/test_room_counts.py.
FEWEST_OPTIONS, MOST_OPTIONS, MOST_DOTS = 2, 10, 5
MOST_QUESTIONS = 40
LETTERS_OF_A_QUESTION, LETTERS_OF_AN_OPTION = 300, 120
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``most``: how many options one phone may choose; ``stands``: how many of the first count as standing."""

    id: str
    kind: Kind
    text: str
    options: tuple[str, ...]
    most: int
    stands: int


@dataclass(frozen=True, slots=True)
class Questions:
    path: Path
    title: str
    questions: tuple[Question, ...]


def read(path: Path) -> Questions:
    """The questions of a file. Raises :class:`AlongsideError`, one sentence, where it can't be used."""
    if path.is_dir():
        raise AlongsideError(say("room.a_folder", path=path))
    if not path.is_file():
        raise AlongsideError(say("room.no_file", path=path))
    whole = read_entries(path, needs="title questions", curly=True)
    entries = whole.several("questions", "id kind text options", "most stands")
    if len(entries) > MOST_QUESTIONS:
        raise whole.mistake("room.too_many_questions", count=MOST_QUESTIONS)
    questions = tuple(map(_question, entries))
    for name, values in (("id", [one.id for one in questions]), ("text", [one.text for one in questions])):
        for number, value in enumerate(values):
            if value in values[:number]:
                # The same question twice would be asked again without saying so.
                raise entries[number].mistake("room.twice", name=name)
    return Questions(path, _line(whole, "title", LETTERS_OF_A_QUESTION), questions)


def _question(entry: Entry) -> Question:
    options = tuple(" ".join(option.split()) for option in entry.texts("options"))
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise entry.mistake("room.so_many_options", fewest=FEWEST_OPTIONS, most=MOST_OPTIONS)
    if len({option.casefold() for option in options}) < len(options):
        raise entry.mistake("room.option_twice")
    if any(len(option) > LETTERS_OF_AN_OPTION for option in options):
        raise entry.mistake("room.long_option", letters=LETTERS_OF_AN_OPTION)
    id = entry.text("id")
    if not ID.fullmatch(id):
        raise entry.mistake("room.no_id")
    kind: Kind | None = next((one for one in KINDS if one == entry.text("kind")), None)
    if kind is None:
        raise entry.mistake("room.no_kind", nearest=nearest(entry.text("kind"), KINDS))
    return Question(
        id,
        kind,
        _line(entry, "text", LETTERS_OF_A_QUESTION),
        options,
        _most(entry, kind, len(options)),
        _stands(entry, kind, len(options)),
    )


def _line(entry: Entry, name: str, letters: int) -> str:
    text = " ".join(entry.text(name).split())
    if len(text) > letters:
        raise entry.mistake("room.long_text", name=name, letters=letters)
    return text


def _most(entry: Entry, kind: Kind, options: int) -> int:
    most = entry.number("most") if "most" in entry else 1
    if kind in ONE_OPTION_TO_A_PHONE and most != 1:
        raise entry.mistake("room.most_of_one", kind=kind)
    if not 1 <= most <= min(options, MOST_DOTS):
        raise entry.mistake("room.most", most=min(options, MOST_DOTS))
    return most


def _stands(entry: Entry, kind: Kind, options: int) -> int:
    if "stands" not in entry:
        if kind == "agreement" and options == 2:
            return 1  # with both, everything would stand
        return 2
    if kind != "agreement":
        raise entry.mistake("room.stands_of_others", kind=kind)
    stands = entry.number("stands")
    if not 1 <= stands < options:
        raise entry.mistake("room.stands", most=options - 1)
    return stands
