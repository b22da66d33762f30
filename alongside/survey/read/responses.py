"""The wall around respondents' rows.

``Responses`` is what a survey owner holds. The rows themselves are kept in a place that only ``_rows`` of this
module reaches, and only the module that decides what may be shown calls it (a test says so).

This guards against accidents: a cell that shows its last line, a saved notebook, a log, a traceback. Someone
who writes code against the raw file in hand is out of its scope, and no wall could stop them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook
from alongside.thresholds import minimum_for
from alongside.words import say

__all__ = ["Responses", "Rows", "row_bytes", "walled"]

Given = ParamSpec("Given")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rows:
    """Respondents' answers, for the module that decides what may be shown.

    ``answers``: int8 [people, items], index into ``codebook.scale``, -1 where there is none; items in the
    codebook's order. ``about``: int16 [people, breakdowns], index into ``about_names`` of that breakdown;
    breakdowns in the codebook's order, without those that were refused. ``counts``: "read", "blank", "test",
    "partial" and "duplicated" rows; ``people`` is what is left of the rows read without blank, test and
    partial ones. ``columns_dropped``: heading and why, for the survey owner's eyes only.

    ``ids`` and ``times``: one text a person, a digest of what the tool's own column says who or which record this is,
    and of when it was submitted; "" where nothing says so. The same cell has the same digest in each file and each
    run, and no cell is kept. ``ids_counted``: such an id is no mark by itself, because it runs from 1 in each form or
    names a person. Made by hand without them, nobody has an id. ``folders``: where the files lay.
    """

    codebook: Codebook
    people: int
    answers: np.ndarray
    about: np.ndarray
    about_names: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]
    columns_dropped: tuple[tuple[str, str], ...]
    ids: tuple[str, ...] = ()
    ids_counted: bool = False
    times: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name in ("ids", "times"):
            if len(getattr(self, name)) != self.people:
                object.__setattr__(self, name, ("",) * self.people)


def row_bytes(table: np.ndarray) -> list[bytes]:
    """Each row of a table of whole numbers as it lies in memory: the same bytes for the same row."""
    table = np.ascontiguousarray(table)
    width = table.shape[1] * table.itemsize
    return table.view(f"V{width}").ravel().tolist() if width else [b""] * len(table)


def _no_way_out(self: object, *_: object, **__: object) -> NoReturn:
    raise AlongsideError(say("read.no_way_out"))


class Responses:
    """Answers of people, which can be released as safe tables and in no other way.

    It can't be printed, indexed, gone through, copied, pickled or changed, and no attribute leads to an
    answer. Its text form says how many questions it holds and, from the codebook's minimum up, how many
    people answered. The raw file itself is as open as before: whoever writes code against that file
    is out of the scope of this wall.
    """

    __slots__ = ("__weakref__",)

    __init__ = _no_way_out
    __getitem__ = __iter__ = __len__ = __contains__ = _no_way_out
    __copy__ = __deepcopy__ = __reduce__ = __reduce_ex__ = __getstate__ = _no_way_out
    __array__ = _no_way_out

    def __init_subclass__(cls) -> NoReturn:
        raise AlongsideError(say("read.no_class"))

    def __bool__(self) -> bool:
        return True  # else Python asks for a length, which would tell how many

    def __repr__(self) -> str:
        rows = _rows(self)
        questions = say("read.questions", count=len(rows.codebook.items))
        book = rows.codebook
        if rows.people >= minimum_for(rows.people, book.minimum_group, book.headcount):
            return say("read.responses", questions=questions, count=rows.people)
        return say("read.too_few_responses", questions=questions)


def _vault() -> tuple[Callable[[Rows], Responses], Callable[[Responses], Rows]]:
    """The maker of Responses, and the one way to its rows, over a place that nothing else reaches."""
    kept: WeakKeyDictionary[Responses, Rows] = WeakKeyDictionary()

    def make(rows: Rows) -> Responses:
        """Responses that hold these rows. The arrays can't be changed from then on."""
        rows.answers.setflags(write=False)
        rows.about.setflags(write=False)
        made = object.__new__(Responses)
        kept[made] = rows
        return made

    def take(responses: Responses) -> Rows:
        """The rows, for the module that decides what may be shown and nobody else."""
        if not isinstance(responses, Responses):
            raise AlongsideError(say("read.no_responses", found=type(responses).__name__))
        return kept[responses]

    return make, take


_responses, _rows = _vault()


def walled(work: Callable[Given, Found]) -> Callable[Given, Found]:
    """A function that handles rows, whose failures carry none of them away.

    What it raises has no frames of it (a notebook may show their variables, and keeps them in memory), no
    cause and, unless it is an AlongsideError, no text of its own: a KeyError's text is the key.
    """

    signature = inspect.signature(work)

    @functools.wraps(work)
    def guarded(*args: Given.args, **named: Given.kwargs) -> Found:
        signature.bind(*args, **named)  # a misspelt option is a TypeError, as everywhere: it tells names only
        try:
            return work(*args, **named)
        except AlongsideError as error:
            failure: BaseException = AlongsideError(*error.args)
        except Exception as error:
            failure = AlongsideError(say("read.broken", name=work.__name__, kind=type(error).__name__))
        except BaseException as error:  # an interrupt stays one
            failure = type(error)()
        # outside of the except clauses, so that it has no context to follow
        raise failure

    return guarded
