"""The one checked reader of YAML: what is taken out of a file has been checked, or is one sentence that says what to mend.

    entry = read_entries(root / "data" / "glossary.yml")
    for term, one in entry.entries(needs="means first_in"):
        one.text("means")

Every message names the file and the entry, and says what was expected and what to do. Nothing is guessed, and nothing
is left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from alongside.errors import AlongsideError, nearest
from alongside.words import say

__all__ = [
    "Entry",
    "Pairs",
    "among",
    "parsed_yaml",
    "pick",
    "read_entries",
    "read_list",
    "shown",
    "text_of",
    "wrong",
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
                problem = f'"{name.value}" stands twice, the first time in line {first[name.value]}'
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=name.start_mark)
        return super().construct_mapping(node, deep)


class _Plain(_NoDoubles, yaml.SafeLoader):
    """The loader that says more plainly what is wrong."""


class _Quick(_NoDoubles, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # pyright: ignore[reportGeneralTypeIssues]
    """The one in C, eight times as quick, where PyYAML was built with it."""


def read_entries(path: Path, needs: str = "", may: str = "") -> Entry:
    """A YAML file that holds entries with names; ``needs`` and ``may`` as :class:`Entry` has them."""
    return Entry(_yaml_of(path), shown(path), needs, may)


def read_list(path: Path, needs: str, may: str = "") -> list[Entry]:
    """A YAML file that holds a list of entries."""
    where, values = shown(path), _yaml_of(path)
    if not isinstance(values, list):
        raise wrong(where, f"expected a list of entries, but found {_kind(values)}", "begin each with a dash")
    return [Entry(one, f"{where}, entry {n}", needs, may) for n, one in enumerate(values, start=1)]


def _yaml_of(path: Path) -> Any:
    where, text = shown(path), text_of(path)
    try:
        return parsed_yaml(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that there is not, as 2024-13-45
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise wrong(
            f"{where}{line}",
            f"this cannot be read as YAML ({problem})",
            "look there for a name that stands twice, a wrong indent, or a text with a colon, a comma or a question "
            "mark that is not in quotation marks",
        ) from None


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
        raise wrong(
            shown(path), f"it is not in {path.parent.parent}", "get the whole project again"
        ) from None
    except UnicodeDecodeError:
        raise wrong(shown(path), "this is not UTF-8 text", "save it again as UTF-8") from None


def shown(path: Path) -> str:
    """A file's address for messages: its folder and its name, as in "data/words.yml"."""
    return f"{path.parent.name}/{path.name}"


# --- checking entries ----------------------------------------------------------------------------


class Entry:
    """Entries with names, and their address for messages. What is taken out of it has been checked."""

    def __init__(self, value: object, where: str, needs: str = "", may: str = "") -> None:
        """``needs`` and ``may`` are names, separated by spaces; without any, each name will do."""
        if not isinstance(value, Mapping):
            raise wrong(where, f"expected entries with names, but found {_kind(value)}", "write name: value")
        for name in value:
            if not isinstance(name, str):
                raise wrong(
                    where, f"expected a name, but found {_kind(name)}", "put quotation marks around it"
                )
        if needs or may:
            among(value, [*needs.split(), *may.split()], where)
        for name in needs.split():
            if name not in value:
                raise wrong(where, f'"{name}" is missing', "add it")
        self.value: Mapping[str, Any] = value
        self.where = where

    def __getitem__(self, name: str) -> Any:
        return self.value[name]

    def __contains__(self, name: str) -> bool:
        return name in self.value

    def wrong(self, why: str) -> AlongsideError:
        """What is wrong with this entry, as an error to raise; ``why`` says what to do as well."""
        return AlongsideError(f"{self.where}: {why}{'' if why.endswith(('.', '?')) else '.'}")

    def inner(self, name: str, needs: str = "", may: str = "") -> Entry:
        """The entries that one name holds."""
        return Entry(self.value[name], f"{self.where}, {name}", needs, may)

    def several(self, name: str, needs: str, may: str = "") -> list[Entry]:
        """The entries of a list that holds one or more."""
        found = [Entry(value, where, needs, may) for value, where in self.numbered(name, name)]
        if not found:
            raise AlongsideError(say("course.empty_list", where=self.where, name=name))
        return found

    def entries(self, needs: str, may: str = "") -> Iterable[tuple[str, Entry]]:
        """Each name with its own entries."""
        for name, value in self.value.items():
            yield name, Entry(value, f'{self.where}, "{name}"', needs, may)

    def numbered(self, name: str, noun: str) -> Iterable[tuple[Any, str]]:
        """Each value of a list, with its address."""
        values = self.value[name]
        if not isinstance(values, list):
            raise wrong(
                f'{self.where}, "{name}"',
                f"expected a list, but found {_kind(values)}",
                "write each on a line of its own, with a dash, or all in [square brackets]",
            )
        for number, value in enumerate(values, start=1):
            yield value, f"{self.where}, {noun} {number}"

    def text(self, name: str, instead: str | None = None) -> str:
        """A text. One that may be left out is ``instead``; with "" for it, it may be empty too."""
        if instead is not None and (name not in self.value or self.value[name] == instead == ""):
            return instead
        return _text(self.value[name], f'{self.where}, "{name}"')

    def flag(self, name: str) -> bool:
        """True or false; false where it is left out."""
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            raise AlongsideError(say("course.true_or_false", where=self.where, name=name, found=_kind(value)))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; it may be empty."""
        return tuple(_text(value, where) for value, where in self.numbered(name, f'"{name}", number'))

    def pairs(self, name: str) -> Pairs:
        """Names with texts; there may be none."""
        inner = Entry(self.value[name], f'{self.where}, "{name}"')
        return tuple((key, inner.text(key)) for key in inner.value)

    def number(self, name: str) -> int:
        value = self.value[name]
        if not _whole(value):
            raise wrong(
                f'{self.where}, "{name}"',
                f"expected a whole number, but found {_kind(value)}",
                "write it as 5",
            )
        return value

    def numbers(self, name: str, meaning: str) -> list[int]:
        """As many whole numbers as ``meaning`` has words, none smaller than the one before."""
        values, expected = self.value[name], len(meaning.split())
        whole = isinstance(values, list) and len(values) == expected and all(map(_whole, values))
        if not whole or values != sorted(values):
            example = list(range(2, 2 + expected))
            raise wrong(
                f'{self.where}, "{name}"',
                f"expected {expected} whole numbers ({meaning}), none smaller than the one before",
                f"write them as {example}",
            )
        return values


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if value is None or isinstance(value, str):
        raise wrong(where, "expected text, but it is empty", "write it there")
    # YAML reads a bare No, Yes, On or Off as true or false, and 2024 or 2024-05-01 as a number or a date
    todo = "write it as one text" if isinstance(value, list | Mapping) else "put quotation marks around it"
    raise wrong(where, f"expected text, but found {_kind(value)}", todo)


def _whole(value: object) -> bool:
    return type(value) is int and value >= 0  # not isinstance: true and false are ints to Python


def among(values: Iterable[str], known: Iterable[str], where: str) -> tuple[str, ...]:
    """The values, each of which has to be known."""
    found, names = tuple(values), set(known)
    for value in found:
        if value not in names:
            raise AlongsideError(f'{where}: "{value}" is not known here. {nearest(value, names)}')
    return found


def pick(key: str, known: Mapping[str, Found], noun: str) -> Found:
    if key not in known:
        raise AlongsideError(f'There is no {noun} "{key}". {nearest(key, known)}')
    return known[key]


def _kind(value: object) -> str:
    """What a value is, in plain words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the YAML value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{value[:40]}"'
        case list():
            return "a list"
        case Mapping():
            return "entries with names"
        case _:
            return f"a {type(value).__name__}"


def wrong(where: str, what: str, todo: str) -> AlongsideError:
    return AlongsideError(f"{where}: {what}; {todo}.")
