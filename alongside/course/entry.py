"""The one checked reader of YAML: what is taken out of a file has been checked, or is one sentence that says what to mend.

    entry = read_entries(root / "data" / "glossary.yml")
    for term, one in entry.entries(needs="means first_in"):
        one.text("means")

Every message names the file and the entry, and says what was expected and what to do. Nothing is guessed, and nothing
is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from alongside.course import yaml_mistakes
from alongside.errors import AlongsideError, nearest
from alongside.words import say

__all__ = [
    "Entry",
    "Pairs",
    "among",
    "line_of_two_versions",
    "mistake",
    "parsed_yaml",
    "pick",
    "read_entries",
    "read_list",
    "shown",
    "text_of",
]

Pairs = tuple[tuple[str, str], ...]
Found = TypeVar("Found")


class _NoDoubles(yaml.constructor.SafeConstructor):
    """YAML in which a name that stands twice is an error: plain YAML lets the last one win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        first: dict[str, int] = {}
        for name, _ in node.value:
            line = name.start_mark.line + 1
            if isinstance(name, yaml.ScalarNode) and first.setdefault(name.value, line) != line:
                raise _Twice(name.value, line, first[name.value])
        return super().construct_mapping(node, deep)

    def construct_lined(self, node: yaml.MappingNode) -> Iterator[Any]:
        """Entries that know their lines. In two steps, as PyYAML wants it: they may hold each other."""
        made = _Lined()
        yield made
        made.update(self.construct_mapping(node))
        made.lines = {name.value: name.start_mark.line + 1 for name, _ in node.value}


class _Twice(yaml.YAMLError):
    """A name that stands twice: the name, its line, and the line where it stands first."""


class _Lined(dict[str, Any]):
    """Entries of a file; ``lines``: of each name the line that it stands in, from 1."""

    lines: Mapping[str, int] = MappingProxyType({})


class _Plain(_NoDoubles, yaml.SafeLoader):
    """The loader that says more plainly what is wrong."""


class _Quick(_NoDoubles, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # pyright: ignore[reportGeneralTypeIssues]
    """The one in C, eight times as quick, where PyYAML was built with it."""


for _loader in (_Plain, _Quick):
    _loader.add_constructor("tag:yaml.org,2002:map", _loader.construct_lined)


def read_entries(path: Path, needs: str = "", may: str = "", curly: bool = False) -> Entry:
    """A YAML file that holds entries with names; ``needs`` and ``may`` as :class:`Entry` has them.

    ``curly``: a text in curly quotation marks is a mistake, as in a file that people write by hand.
    """
    return Entry(_yaml_of(path, curly), shown(path), needs, may)


def read_list(path: Path, needs: str, may: str = "") -> list[Entry]:
    """A YAML file that holds a list of entries."""
    where, values = shown(path), _yaml_of(path)
    if not isinstance(values, list):
        raise mistake(where, "course.no_list_of_entries", found=_kind(values))
    return [
        Entry(one, say("course.at_entry", where=where, number=n), needs, may)
        for n, one in enumerate(values, start=1)
    ]


def _yaml_of(path: Path, curly: bool = False) -> Any:
    where, text = shown(path), text_of(path)
    try:
        parsed = parsed_yaml(text)
        if misread := _misread(text, curly):
            raise _at_line(where, *misread)
        return parsed
    except _Twice as error:
        name, line, first = error.args
        place = say("course.at_line", where=where, number=line)
        raise mistake(place, "course.name_twice", name=name, line=first) from None
    except (yaml.YAMLError, ValueError) as error:
        if number := line_of_two_versions(text):
            raise _at_line(where, number, "course.two_versions") from None
        # ValueError: a day that there is not, as 2024-13-45
        raise _at_line(where, *(_misread(text, curly) or yaml_mistakes.said_by(error, text))) from None


@lru_cache(maxsize=32)
def _misread(text: str, curly: bool) -> tuple[int, str] | None:
    return yaml_mistakes.found_in(text, curly)


def _at_line(where: str, line: int | None, key: str) -> AlongsideError:
    return mistake(where if line is None else say("course.at_line", where=where, number=line), key)


@lru_cache(maxsize=32)
def parsed_yaml(text: str) -> Any:
    """YAML to Python, once for each text. Nobody may change what it returns. Raises yaml.YAMLError."""
    try:
        return yaml.load(text, Loader=_Quick)
    except yaml.YAMLError:
        return yaml.load(text, Loader=_Plain)


def text_of(path: Path) -> str:
    """A text file of the course. Raises :class:`AlongsideError` where it is not there or no UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise mistake(shown(path), "course.no_file", folder=path.parent.parent) from None
    except UnicodeDecodeError:
        raise mistake(shown(path), "course.no_utf8") from None


def line_of_two_versions(text: str) -> int:
    """The line, from 1, where git put two versions of a file into one, for somebody to choose; 0 where it did not."""
    found = re.search(r"^(<{7}|={7}|>{7})( .*)?$", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def shown(path: Path) -> str:
    """A file's address for messages: its folder, where one was named, and its name, as in "data/words.yml"."""
    return "/".join(filter(None, (path.parent.name, path.name)))


# --- checking entries ----------------------------------------------------------------------------


class Entry:
    """Entries with names, and their address for messages. What is taken out of it has been checked."""

    def __init__(self, value: object, where: str, needs: str = "", may: str = "") -> None:
        """``needs`` and ``may`` are names, separated by spaces; without any, each name will do."""
        if not isinstance(value, Mapping):
            raise mistake(where, "course.no_entries", found=_kind(value))
        for name in value:
            if not isinstance(name, str):
                raise mistake(where, "course.no_name", found=_kind(name))
        if needs or may:
            among(value, [*needs.split(), *may.split()], where)
        for name in needs.split():
            if name not in value:
                raise mistake(where, "course.missing", name=name)
        self.value: Mapping[str, Any] = value
        self.where = where

    def __getitem__(self, name: str) -> Any:
        return self.value[name]

    def __contains__(self, name: str) -> bool:
        return name in self.value

    def mistake(self, key: str, /, **values: object) -> AlongsideError:
        """What is wrong with this entry, as :func:`mistake` has it."""
        return mistake(self.where, key, **values)

    def inner(self, name: str, needs: str = "", may: str = "") -> Entry:
        """The entries that one name holds."""
        return Entry(self.value[name], f"{self.where}, {name}", needs, may)

    def several(self, name: str, needs: str, may: str = "") -> list[Entry]:
        """The entries of a list that holds one or more."""
        found = [Entry(value, where, needs, may) for value, where in self.numbered(name)]
        if not found:
            raise self.mistake("course.empty_list", name=name)
        return found

    def entries(self, needs: str, may: str = "") -> Iterable[tuple[str, Entry]]:
        """Each name with its own entries."""
        for name, value in self.value.items():
            yield name, Entry(value, f'{self.where}, "{name}"', needs, may)

    def numbered(self, name: str, address: str = "course.at_number") -> Iterable[tuple[Any, str]]:
        """Each value of a list, with its address; ``address`` is the key of the words for it."""
        values = self.value[name]
        if not isinstance(values, list):
            raise mistake(self._at(name), "course.no_list", found=_kind(values))
        for number, value in enumerate(values, start=1):
            yield value, say(address, where=self.where, name=name, number=number)

    def _at(self, name: str) -> str:
        return f'{self._lined(name)}, "{name}"'

    def _lined(self, name: str) -> str:
        """The place with the line of a name, where it is known."""
        line = getattr(self.value, "lines", {}).get(name)
        return self.where if line is None else say("course.at_line", where=self.where, number=line)

    def text(self, name: str, instead: str | None = None) -> str:
        """A text. One that may be left out is ``instead``; with "" for it, it may be empty too."""
        if instead is not None and (name not in self.value or self.value[name] == instead == ""):
            return instead
        return _text(self.value[name], self._at(name))

    def flag(self, name: str) -> bool:
        """True or false; false where it is left out."""
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            raise mistake(self._at(name), "course.true_or_false", found=_kind(value))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; it may be empty."""
        values = [value for value, _ in self.numbered(name, "course.at_text")]
        where = self._lined(name)
        return tuple(
            _text(value, say("course.at_text", where=where, name=name, number=number))
            for number, value in enumerate(values, start=1)
        )

    def pairs(self, name: str) -> Pairs:
        """Names with texts; there may be none."""
        inner = Entry(self.value[name], self._at(name))
        return tuple((key, inner.text(key)) for key in inner.value)

    def number(self, name: str) -> int:
        value = self.value[name]
        if not _whole(value):
            raise mistake(self._at(name), "course.no_number", found=_kind(value))
        return value

    def numbers(self, name: str, how_many: int, otherwise: str) -> list[int]:
        """So many whole numbers, none smaller than the one before; ``otherwise`` is the key of what is said else."""
        values = self.value[name]
        whole = isinstance(values, list) and len(values) == how_many and all(map(_whole, values))
        if not whole or values != sorted(values):
            raise mistake(self._at(name), otherwise)
        return values


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if value is None or isinstance(value, str):
        raise mistake(where, "course.empty_text")
    if isinstance(value, list | Mapping):
        raise mistake(where, "course.not_one_text", found=_kind(value))
    # YAML reads a bare No, Yes, On or Off as true or false, and 2024 or 2024-05-01 as a number or a date
    raise mistake(where, "course.no_text", found=_kind(value))


def _whole(value: object) -> bool:
    return type(value) is int and value >= 0  # not isinstance: true and false are ints to Python


def among(values: Iterable[str], known: Iterable[str], where: str) -> tuple[str, ...]:
    """The values, each of which has to be known."""
    found, names = tuple(values), set(known)
    for value in found:
        if value not in names:
            raise mistake(where, "course.not_known", name=value, nearest=nearest(value, names))
    return found


def pick(key: str, known: Mapping[str, Found], otherwise: str) -> Found:
    """What is known under a key; ``otherwise`` is the key of what is said where there is none."""
    if key not in known:
        raise AlongsideError(say(otherwise, name=key, nearest=nearest(key, known)))
    return known[key]


def _kind(value: object) -> str:
    """What a value is, in plain words."""
    match value:
        case None:
            return say("course.kind_nothing")
        case bool():
            return say("course.kind_flag", value=str(value).lower())
        case int() | float():
            return say("course.kind_number", value=value)
        case str():
            return say("course.kind_text", value=value[:40])
        case list():
            return say("course.kind_list")
        case Mapping():
            return say("course.kind_entries")
        case _:
            return say("course.kind_other", value=type(value).__name__)


def mistake(where: str, key: str, /, **values: object) -> AlongsideError:
    """What is wrong at a place, as an error to raise: the sentence of a key, which begins with its {where}."""
    return AlongsideError(say(key, where=where, **values))
