"""The survey's two pictures, drawn from what was released and from nothing else.

:func:`parts` shows everyone together in three parts; :func:`dots` shows the favorable share as a dot with its
interval, by practice or by group. Each :class:`Picture` comes with a sentence that says the finding and with its
numbers as a table. A softened value is a bracket, never a point. Colors: the ends of ColorBrewer's BrBG, which
color-blind people can tell apart; each part has a column of its own, so nothing leans on color.

A picture is 300 units wide with letters of 12 units, so that it can be read on a phone of 320 pixels.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside import templates
from alongside.errors import AlongsideError
from alongside.page.theme import svg_address
from alongside.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    from alongside.survey.ask.codebook import Codebook
    from alongside.survey.rules.disclosure import Release

__all__ = [
    "MARK",
    "Number",
    "Picture",
    "Row",
    "answered",
    "apart",
    "are_ends",
    "between",
    "counted",
    "dots",
    "everyone",
    "html_table",
    "in_words",
    "may_be_highest",
    "may_be_lowest",
    "part_names",
    "parts",
    "picture_of_dots",
    "picture_of_parts",
    "released",
    "shown",
    "sorted_rows",
    "too_long",
]

MARK = "–"
"""Stands for whatever is not shown. It says nothing about why."""

FIGURE, TABLE = (Path(__file__).parent / name for name in ("figure.html.j2", "table.html.j2"))
LONGEST_WORD = 15  # letters that a phone has room for, with three columns beside them

INK, PAPER, GRID, MIDDLE = "#22262a", "#ffffff", "#d5d0c7", "#f5f5f5"
GOOD, BAD = "#01665e", "#8c510a"
WIDTH, LETTER, LINE, GAP = 300.0, 12.0, 16.0, 10.0
FONT = "DejaVu Sans"
"""It comes with matplotlib, so a picture is the same on every machine."""


class Number(int):
    """How many people or questions, for a sentence: written with a comma between thousands."""

    def __str__(self) -> str:
        return f"{self:,}"


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawn picture: SVG text, the finding in a sentence, and its numbers as a table."""

    title: str
    svg: str
    alt: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def source(self) -> str:
        """The picture as an address that needs no other file."""
        return svg_address(self.svg)

    def html(self) -> str:
        """A figure with the picture, its sentence and its table."""
        return templates.fill(FIGURE, picture=self)

    def table(self) -> str:
        """Its numbers."""
        return html_table(say("show.the_numbers", title=self.title), self.heads, self.rows)

    def _repr_html_(self) -> str:
        return self.html()


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as HTML. The first cell of each row is its heading; every text is plain text.

    On a phone, lines end between words; a cell with a word that no phone has room for may break it. Should a table
    be too wide even so, it scrolls by itself, and the page stays.
    """
    return templates.fill(TABLE, caption=caption, heads=heads, rows=list(rows), too_long=too_long)


def too_long(words: str) -> bool:
    """Whether a cell has a word that no phone has room for beside three columns."""
    return any(len(one) > LONGEST_WORD for one in re.split(r"[\s-]", words))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a picture: the group as it was released, under the name that people read."""

    name: str
    group: Mapping[str, Any]

    @property
    def place(self) -> float:
        """Where the row sorts, by what is shown: a softened value by its bound."""
        return self.group["favorable"]


def released(release: Release) -> dict[str, Any]:
    """What was released, as tables. Raises for anything that :func:`alongside.survey.release` did not give."""
    from alongside.survey.rules.disclosure import Release

    if not isinstance(release, Release):
        raise AlongsideError(say("show.no_release"))
    return release.to_dict()


def answered(group: Mapping[str, Any]) -> Number:
    """How many people of a group answered its measure."""
    return Number(group.get("answered", group["people"]))  # tables of earlier versions know only people


def shown(group: Mapping[str, Any]) -> str:
    """A group's favorable share in words: "63%", "at most 10%", or the neutral mark."""
    return _percent(group["favorable"], group["bound"])


def _percent(value: float | None, bound: str | None = None) -> str:
    if value is None or (bound and value in (0, 100)):
        return MARK  # "at most 100%" says nothing, and the mark says it better
    return _share(value, bound)


def _share(value: float, bound: str | None) -> str:
    return say(_SHARES[bound], value=f"{value:.0f}")


_SHARES = {None: "show.share", "at most": "show.at_most", "at least": "show.at_least"}
"""A share in words, by its bound as it stands in tables.json."""


def between(group: Mapping[str, Any]) -> str:
    """Where a group's share likely lies, in words, or the neutral mark."""
    if group["low"] is None:
        return MARK
    return say("show.between", low=_percent(group["low"]), high=_percent(group["high"]))


# --- the two pictures ------------------------------------------------------------------------------


def parts(release: Release, codebook: Codebook) -> Picture | None:
    """Everyone together in three parts, favorable, middle and unfavorable; None where these were not released."""
    return picture_of_parts(released(release), codebook)


def dots(release: Release, codebook: Codebook, by: str | None = None, measure: str | None = None) -> Picture:
    """The favorable share as a dot with its interval: of each practice, or of each group of the breakdown ``by``
    for one practice, ``measure``.

    Raises for a breakdown or a practice that was not released.
    """
    return picture_of_dots(released(release), codebook, by, measure)


def picture_of_parts(tables: Mapping[str, Any], codebook: Codebook) -> Picture | None:
    """``parts`` for the report, which has the tables of a release in hand already."""
    rows = sorted_rows(everyone(tables))
    people = Number(tables["people"] or 0)
    if not any(row.group.get("parts") for row in rows):
        return None
    names = part_names(codebook)
    cells = [[_percent(*_part(row.group, key)) for key in names] for row in rows]
    return Picture(
        title=say("show.together_of", count=people),
        svg=_svg(lambda: draw_parts(rows, names)),
        alt=_said_of_parts(rows, names, people),
        heads=(say("show.practice"), *names.values()),
        rows=tuple((row.name, *cell) for row, cell in zip(rows, cells, strict=True)),
    )


def picture_of_dots(
    tables: Mapping[str, Any], codebook: Codebook, by: str | None, measure: str | None
) -> Picture:
    """``dots`` for the report, which has the tables of a release in hand already."""
    if by is None and measure is None:
        rows, title, kind = sorted_rows(everyone(tables)), say("show.each_practice"), say("show.practice")
    else:
        table = _table(tables, by, measure)
        asked = codebook.about[table["by"]].text if table["by"] else say("ask.everyone")
        rows = sorted_rows([Row(group["name"], group) for group in table["groups"]])
        title, kind = say("show.by", practice=table["text"], asked=asked), say("show.group")
    if not rows:
        raise AlongsideError(say("show.nothing_to_draw"))
    favorable = counted(codebook, measure)
    return Picture(
        title=title,
        svg=_svg(lambda: draw_dots(rows)),
        alt=_said_of_dots(rows, favorable, title),
        heads=(kind, favorable or say("show.favorable"), say("show.likely_between"), say("show.people")),
        rows=tuple(
            (row.name, shown(row.group), between(row.group), str(answered(row.group))) for row in rows
        ),
    )


def everyone(tables: Mapping[str, Any], kind: str = "practice") -> list[Row]:
    """Everyone together, a row for each measure of a ``kind`` that was released, in the codebook's order."""
    return [
        Row(table["text"], table["groups"][0])
        for table in tables["tables"]
        if table["kind"] == kind and table["by"] is None and table["groups"]
    ]


def _table(tables: Mapping[str, Any], by: str | None, measure: str | None) -> Mapping[str, Any]:
    for table in tables["tables"]:
        if table["kind"] == "practice" and (table["by"], table["measure"]) == (by, measure):
            return table
    raise AlongsideError(say("show.not_released"))


def sorted_rows(rows: Sequence[Row]) -> list[Row]:
    """Highest first, by what is shown; ties stay in the codebook's order, because sorting keeps it."""
    return sorted(rows, key=lambda row: -row.place)


def may_be_highest(rows: Sequence[Row]) -> list[Row]:
    """The rows without those that say "at most", which may be the lowest of all; in the order that they have."""
    return [row for row in rows if row.group["bound"] != "at most"]


def may_be_lowest(rows: Sequence[Row]) -> list[Row]:
    """The rows without those that say "at least", which may be the highest of all; in the order that they have."""
    return [row for row in rows if row.group["bound"] != "at least"]


def part_names(codebook: Codebook) -> dict[str, str]:
    """The parts of a scale in the words that people read: {"favorable": "Often or Always", …}.

    Where the words of a part are not the same for all questions, it is named by what it is.
    """
    found: dict[str, str] = {}
    for part in _PARTS:
        points = {getattr(codebook.points(item), part) for item in codebook.items.values()}
        if points != {()}:
            found[part] = in_words(points.pop()) if len(points) == 1 else say(_PARTS[part])
    return found


_PARTS = {"favorable": "show.favorable", "middle": "show.neither", "unfavorable": "show.unfavorable"}


def counted(codebook: Codebook, practice: str | None = None) -> str:
    """The favorable points in words: "Often or Always"; "" where they are not the same for all questions.

    Of one ``practice``, or of all of them.
    """
    items = [item for item in codebook.items.values() if practice in (None, item.practice)]
    points = {codebook.points(item).favorable for item in items}
    return in_words(points.pop()) if len(points) == 1 else ""


def in_words(points: Sequence[str]) -> str:
    """Points of a scale: "Often or Always"."""
    return reduce(_either, points)


def _either(one: str, other: str) -> str:
    return say("show.either", one=one, other=other)


def _part(group: Mapping[str, Any], key: str) -> tuple[float | None, str | None]:
    """One part's share and bound. Where parts are left out, the favorable share still stands."""
    if key == "favorable":
        return group["favorable"], group["bound"]
    return (group.get("parts") or {}).get(key), None


# --- the finding, in a sentence --------------------------------------------------------------------


def are_ends(highest: Sequence[Row], lowest: Sequence[Row]) -> bool:
    """Whether rows that may be the highest and rows that may be the lowest are two ends. There may be none, or the same ones at
    both; and of "at least 20%" and "at most 80%" nobody can tell which is more."""
    return bool(highest and lowest) and highest != lowest and highest[0].place >= lowest[0].place


def _ends(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """The rows that show the highest and the lowest share, of sorted ones; None where one is there, or no two can be told."""
    highest, lowest = may_be_highest(rows)[:1], may_be_lowest(rows)[-1:]
    return (highest[0], lowest[0]) if are_ends(highest, lowest) else None


def _said_of_parts(rows: Sequence[Row], names: Mapping[str, str], people: Number) -> str:
    def told(row: Row) -> str:
        each = [(_percent(*_part(row.group, key)), name) for key, name in names.items()]
        listed = [say("show.part", share=share, name=name) for share, name in each if share != MARK]
        return say("show.practice_in_parts", name=row.name, parts=", ".join(listed))

    if not (ends := _ends(rows)):
        return say("show.said_of_one_in_parts", count=people, only="; ".join(map(told, rows)))
    best, last = ends
    return say("show.said_of_parts", count=people, highest=told(best), lowest=told(last))


def _said_of_dots(rows: Sequence[Row], favorable: str, title: str) -> str:
    def told(row: Row) -> str:
        named = {"name": row.name, "share": shown(row.group)}
        if row.group["low"] is None:
            return say("show.row", **named)
        ends = {end: _percent(row.group[end]) for end in ("low", "high")}
        return say("show.row_with_its_line", **named, **ends)

    begin = {
        "title": title,
        "answers": say("show.answers_that_said", favorable=favorable)
        if favorable
        else say("show.favorable_answers"),
    }
    if len(rows) > 1 and len({shown(row.group) for row in rows}) == 1:
        return say("show.said_of_equal_dots", **begin, share=shown(rows[0].group))
    if not (ends := _ends(rows)):
        return say("show.said_of_one_dot", **begin, only="; ".join(map(told, rows)))
    best, last = ends
    return say("show.said_of_dots", **begin, highest=told(best), lowest=told(last), apart=apart(best, last))


def apart(best: Row, last: Row) -> str:
    """Whether the lines of two rows overlap, ``best`` the one that shows the higher share, in a sentence."""
    if best.group["low"] is None or last.group["low"] is None:
        return say("show.not_every_line")
    if best.group["low"] > last.group["high"]:
        return say("show.lines_apart")
    return say("show.lines_overlap")


# --- drawing ---------------------------------------------------------------------------------------


def _svg(draw: Callable[[], Figure]) -> str:
    """The drawn figure as SVG text. The same numbers give the same bytes."""
    from matplotlib import rc_context

    out = io.StringIO()
    with rc_context({"svg.hashsalt": "alongside", "svg.fonttype": "path"}), _quiet():
        draw().savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


@contextmanager
def _quiet() -> Iterator[None]:
    """A letter that the font lacks is drawn as a box; a warning about it would quote the label."""
    log = logging.getLogger("matplotlib")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled = before


class _Canvas:
    """A figure whose units are those of this module: x from 0 to 300, y down from the top.

    Artists stand in the figure itself: axes with ticks and spines would take most of the time.
    """

    def __init__(self) -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.figure = Figure(figsize=(WIDTH / 72, 1), dpi=72, facecolor=PAPER)
        self._flip = Affine2D()
        self._place = {"transform": self._flip + self.figure.dpi_scale_trans}
        self.y = 4.0

    def text(
        self, x: float, y: float, words: str, color: str = INK, bold: bool = False, ha: str = "left"
    ) -> None:
        from matplotlib.text import Text

        more = {"ha": ha, "va": "center", "parse_math": False, "zorder": 3, **self._place}
        self.figure.add_artist(Text(x, y, words, color=color, fontproperties=_font(bold), **more))

    def line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        color: str = INK,
        width: float = 2.0,
        z: int = 2,
        dot: float = 0,
    ) -> None:
        from matplotlib.lines import Line2D

        more = {"solid_capstyle": "butt", "marker": "o" if dot else "", "markersize": dot, **self._place}
        self.figure.add_artist(Line2D(x, y, color=color, linewidth=width, zorder=z, **more))

    def bar(self, start: float, end: float, y: float, half: float, color: str) -> None:
        from matplotlib.patches import Rectangle

        more = {"facecolor": color, "edgecolor": INK, "linewidth": 0.8, "zorder": 2, **self._place}
        self.figure.add_artist(Rectangle((start, y - half), end - start, 2 * half, **more))

    def bracket(self, start: float, end: float, y: float, half: float) -> None:
        """Where a softened value lies, somewhere from ``start`` to ``end``."""
        self.line([start, start, end, end], [y - half, y + half, y + half, y - half])

    def done(self) -> Figure:
        self.figure.set_size_inches(WIDTH / 72, self.y / 72)
        self._flip.scale(1 / 72, -1 / 72).translate(0, self.y / 72)
        return self.figure


def draw_dots(rows: Sequence[Row]) -> Figure:
    """Picture 2: the name and the value on one line; under it the dot, its interval, and n."""
    canvas, left, right = _Canvas(), 8.0, WIDTH - _end(rows) - 18
    place = _scale(left, right)
    for row in rows:
        value = shown(row.group)
        _name(canvas, row.name, WIDTH - _width(value, bold=True) - GAP, value)
        y, group = canvas.y + 10, row.group
        for mark in (0, 50, 100):
            canvas.line([place(mark)] * 2, [y - 9, y + 9], GRID, 1, 0)
        if group["bound"]:
            ends = (0, group["favorable"]) if group["bound"] == "at most" else (group["favorable"], 100)
            canvas.bracket(place(ends[0]), place(ends[1]), y, 5)
        else:
            canvas.line([place(group["low"]), place(group["high"])], [y, y], GOOD, 3)
            canvas.line([place(group["favorable"])], [y], GOOD, dot=9)
        canvas.text(WIDTH - 2, y, _size(row), ha="right")
        canvas.y = y + 10 + GAP
    _ruler(canvas, place)
    return canvas.done()


def _end(rows: Sequence[Row]) -> float:
    """What n takes at the end of each row."""
    return max(_width(_size(row)) for row in rows) + 2


def _size(row: Row) -> str:
    return say("show.size", people=answered(row.group))


def _ruler(canvas: _Canvas, place: Callable[[float], float]) -> None:
    for mark, align in ((0, "left"), (50, "center"), (100, "center")):
        canvas.text(place(mark) - (6 if mark == 0 else 0), canvas.y + 4, _percent(mark), ha=align)
    canvas.y += 16


def draw_parts(rows: Sequence[Row], names: Mapping[str, str]) -> Figure:
    """Picture 1: a column for each part, each bar from its own zero; the middle is never split."""
    canvas = _Canvas()
    each = (WIDTH - _end(rows) - 4 - GAP * len(names)) / len(names)
    starts = {key: 2 + index * (each + GAP) for index, key in enumerate(names)}
    heads = {key: _wrap(name, each) for key, name in names.items()}
    deepest = max(map(len, heads.values()))
    for key, lines in heads.items():
        for number, words in enumerate(lines):
            canvas.text(starts[key], canvas.y + (deepest - len(lines) + number + 0.5) * LINE, words)
    canvas.y += deepest * LINE + 8
    for row in rows:
        _name(canvas, row.name, WIDTH - 4)
        y, deeper = canvas.y + 15, 11 if row.group["bound"] else 0
        for key, start in starts.items():
            canvas.line([start] * 2, [y - 12, y + 12], GRID, 1, 0)
            _bar(canvas, start, each, y, key, *_part(row.group, key))
        canvas.text(WIDTH - 2, y, _size(row), ha="right")
        canvas.y = y + 13 + deeper + GAP
    return canvas.done()


def _bar(
    canvas: _Canvas, start: float, each: float, y: float, key: str, value: float | None, bound: str | None
) -> None:
    """One part of one row: a bar with its label inside or beside it, a bracket, or the neutral mark."""
    fill, inside = {"favorable": (GOOD, PAPER), "middle": (MIDDLE, INK), "unfavorable": (BAD, PAPER)}[key]
    place, label = _scale(start, start + each), _percent(value, bound)
    if value is None:
        canvas.text(start + 4, y, MARK)
    elif bound:
        ends = (0, value) if bound == "at most" else (value, 100)
        canvas.bracket(place(ends[0]), place(ends[1]), y + 19, 4)
        for words, dy in zip(_share(value, bound).rsplit(" ", 1), (-7.5, 7.5), strict=False):
            canvas.text(start + 4, y + dy, words)
    else:
        end, wide = place(value), _width(label)
        canvas.bar(start, end, y, 12, fill)
        fits = end - start > wide + 8
        canvas.text(start + 4 if fits else end + 4, y, label, color=inside if fits else INK)


def _name(canvas: _Canvas, name: str, room: float, value: str = "") -> None:
    """A row's name over as many lines as it takes, with its value at the end of the first."""
    for number, words in enumerate(_wrap(name, room)):
        canvas.text(2, canvas.y + LINE / 2, words)
        if value and number == 0:
            canvas.text(WIDTH - 2, canvas.y + LINE / 2, value, bold=True, ha="right")
        canvas.y += LINE


def _scale(left: float, right: float) -> Callable[[float], float]:
    return lambda percent: left + (right - left) * percent / 100


@cache
def _font(bold: bool = False) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FONT, weight="bold" if bold else "normal", size=LETTER)


@cache
def _width(words: str, bold: bool = False) -> float:
    """How wide words are when they are drawn, in units."""
    from matplotlib.textpath import text_to_path

    with _quiet():
        return float(text_to_path.get_text_width_height_descent(words, _font(bold), ismath=False)[0])


def _wrap(words: str, room: float) -> list[str]:
    """Lines that fit into ``room`` units; a word that is too long for a line is broken."""
    lines = [""]
    for word in words.split():
        while _width(word) > room:
            fits = max(1, next(n for n in range(len(word), 0, -1) if n == 1 or _width(word[:n]) <= room))
            lines, word = [*lines, word[:fits]], word[fits:]
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if _width(longer) <= room else [*lines, word]
    return [line for line in lines if line] or [words]
