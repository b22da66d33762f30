"""``alongside print``: everything that a session needs, on paper.

Each kind of sheet is a maker (:mod:`alongside.kit.sheet`) in a file of its own, and stands in :data:`MAKERS`. All are drawn from
the lessons' own words, so nothing here is a second copy of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alongside import folder
from alongside.course.lesson import Lesson, exercises, lessons
from alongside.course.references import here
from alongside.errors import AlongsideError, nearest
from alongside.kit import (
    bring_back,
    cards,
    care,
    handouts,
    notes,
    opening,
    pay,
    run_sheets,
    stories,
    tally,
)
from alongside.kit.sheet import Maker, Order, Sheet, name_of
from alongside.press import PAPERS, press
from alongside.words import say

__all__ = ["MAKERS", "PAPERS", "drawn", "fill", "one", "ordered"]

MANIFEST = ".alongside-print.json"
#: The activity of a page that plans a session.
PLANS = "facilitate"

MAKERS: tuple[Maker, ...] = (
    run_sheets.sheets,
    notes.sheets,
    handouts.sheets,
    cards.sheets,
    stories.sheets,
    opening.sheets,
    care.sheets,
    tally.sheets,
    bring_back.sheets,
    pay.sheets,
)
"""Every kind of sheet. No two make a file of one name."""


def fill(
    to: Path,
    names: Sequence[str] = (),
    papers: Collection[str] = tuple(PAPERS),
    tell: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write the sheets of these lessons (all, if none is named) into ``to``, a folder for each paper; gives their paths in it.

    ``tell`` is called with a sentence now and then. The folder is filled in one go at the end: whatever goes wrong is an
    :class:`AlongsideError`, and nothing was changed. A folder that holds files of others is refused.
    """
    order = Order(ordered(names), here())  # what is wrong in them is said before anything is made
    folder.check(to, MANIFEST)
    made = _pressed(drawn(order), papers, tell)
    folder.write(to, made, MANIFEST)
    return sorted(made)


def one(place: str, paper: str) -> bytes | None:
    """One sheet by its place in a paper's folder ("cards/05-share-power.pdf"); None where there is none."""
    stem = Path(place).stem
    # its lesson is enough, where its name says which; a story or the opening is looked for among all
    named = [name for name in map(name_of, ordered()) if f"{stem}-".startswith(f"{name}-")]
    found = (sheet for sheet in drawn(Order(ordered(named))) if sheet.place == place)
    return next((press(sheet.template, sheet.data, paper) for sheet in found), None)


def _pressed(
    sheets: Sequence[Sheet], papers: Collection[str], tell: Callable[[str], None]
) -> dict[Path, str | bytes]:
    """Every sheet on every paper, by its path. Two threads: Typst lets Python go on meanwhile, and more cores are rare."""

    def one(sheet: Sheet) -> dict[Path, str | bytes]:
        return {Path(paper, sheet.place): press(sheet.template, sheet.data, paper) for paper in papers}

    made: dict[Path, str | bytes] = {}
    threads = ThreadPoolExecutor(max_workers=2)
    try:
        for sheet, files in zip(sheets, threads.map(one, sheets), strict=True):
            tell(say("kit.setting", place=sheet.place))
            made |= files
    finally:
        threads.shutdown(
            cancel_futures=True
        )  # Ctrl-C, or one that can't be set: the others aren't waited for
    return made


def drawn(order: Order) -> list[Sheet]:
    """Every sheet of an order, not set yet."""
    return [sheet for make in MAKERS for sheet in make(order)]


def ordered(names: Sequence[str] = ()) -> tuple[Lesson, ...]:
    """The lessons and exercises that are meant: "05-share-power", "exercise-05-share-power", or "05" for both; all, if
    none is named. Raises :class:`AlongsideError` where there is none of that name. The page that plans a session prints
    itself, and has no sheets."""
    course = sorted((*lessons(), *exercises()), key=lambda one: (one.number, one.folder != "notebooks"))
    plans = [one for one in course if any(line.verb == PLANS for line in one.activities)]
    all_there = [one for one in course if one not in plans]
    if not names:
        return tuple(all_there)
    wanted: set[str] = set()
    for name in names:
        meant = {
            name_of(one)
            for one in all_there
            if name in (name_of(one), f"{one.number:02}", str(one.number))
            or (one.folder == "exercises" and name == f"exercise-{one.number:02}")
        }
        if not meant and any(name in (name_of(one), f"{one.number:02}") for one in plans):
            raise AlongsideError(say("kit.prints_itself", name=name))
        if not meant:
            near = nearest(name, (name_of(one) for one in all_there))
            raise AlongsideError(say("kit.no_lesson", name=name, nearest=near))
        wanted |= meant
    return tuple(one for one in all_there if name_of(one) in wanted)
