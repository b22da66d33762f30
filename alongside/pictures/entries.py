"""Parts of a data file that know where they stand, and say so in one sentence when something is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml

from alongside import course as content
from alongside.errors import AlongsideError, nearest

__all__ = ["Entry"]

Made = TypeVar("Made")
QUOTES = "Put a text that holds a question mark, a colon or a comma in quotation marks."


class Entry:
    """A part of a data file that knows where it stands, and says so when something is wrong with it."""

    def __init__(self, value: object, where: str) -> None:
        self.where = where
        if not isinstance(value, dict):
            raise self.wrong(f"it is {_kind(value)}; it must be names with values")
        self.value: dict[Any, object] = value
        self.asked: set[str] = set()

    @classmethod
    def file(cls, path: Path) -> Entry:
        where = f"data/{path.name}"
        try:
            return cls(content.parsed_yaml(path.read_text(encoding="utf-8")), where)
        except FileNotFoundError:
            raise AlongsideError(f"{where} is not there; the pictures are drawn from it.") from None
        except yaml.MarkedYAMLError as error:
            line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
            raise AlongsideError(f"{where}{line} can't be read as YAML: {error.problem}. {QUOTES}") from None

    def wrong(self, why: str) -> AlongsideError:
        return AlongsideError(f"{self.where}: {why}{'' if why.endswith(('.', '?')) else '.'}")

    def names(self) -> list[str]:
        return [str(name) for name in self.value]

    def has(self, name: str) -> bool:
        return name in self.value

    def text(self, name: str, instead: str | None = None) -> str:
        value = self._get(name, instead)
        if not isinstance(value, str) or not (value.strip() or instead == ""):
            raise self.wrong(f"{name} is {_kind(value)}; it must be text (put it in quotes)")
        return value.strip()

    def number(self, name: str) -> int:
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(f"{name} is {_kind(value)}; it must be a whole number")
        return value

    def entry(self, name: str) -> Entry | None:
        value = self._get(name, None, required=False)
        return None if value is None else Entry(value, f"{self.where}, {name}")

    def needed(self, name: str) -> Entry:
        return Entry(self._get(name), f"{self.where}, {name}")

    def yes_or_no(self, name: str) -> bool:
        value = self._get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{name} is {_kind(value)}; it must be true or false")
        return value

    def entries(self, name: str) -> list[Entry]:
        value = self._get(name)
        if not isinstance(value, list) or not value:
            raise self.wrong(f"{name} is {_kind(value)}; it must be a list with at least one entry")
        return [Entry(one, f"{self.where}, {name} {n}") for n, one in enumerate(value, 1)]

    def list_of_texts(self, name: str) -> list[str]:
        value = self._get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or not value:
            raise self.wrong(f"{name} must be a list of texts")
        return [str(one) for one in value]

    def done(self, made: Made) -> Made:
        """Nothing else may stand in this entry."""
        for name in self.names():
            if name not in self.asked:
                raise self.wrong(f'nothing here is called "{name}". {nearest(name, self.asked)}')
        return made

    def _get(self, name: str, instead: object = None, required: bool = True) -> object:
        self.asked.add(name)
        value = self.value.get(name, instead)
        if required and value is None:
            raise self.wrong(f"{name} is missing")
        return value


def _kind(value: object) -> str:
    """Name a value's kind for a person; a bare No or Yes of YAML is the usual accident."""
    if isinstance(value, bool):
        return "a bare yes or no"
    kinds = {str: "text", int: "a number", float: "a number", list: "a list", dict: "names with values"}
    return "empty" if value in (None, "") else kinds.get(type(value), "something else")
