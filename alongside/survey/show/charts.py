"""The survey's two pictures, drawn from what was released and from nothing else.

:func:`parts` shows everyone together in three parts; :func:`dots` shows the favorable share as a dot with its
interval, by practice or by group. Each :class:`Picture` comes with a sentence that says the finding and with its
numbers as a table. A softened value is a bracket, never a point. Colors: the ends of ColorBrewer's BrBG, which
color-blind people can tell apart; each part has a column of its own, so nothing leans on color.

A picture is 300 units wide with letters of 12 units, so that it can be read on a phone of 320 pixels.
"""

from __future__ import annotations

import html
import io
import logging
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from alongside.errors import AlongsideError
from alongside.page.theme import svg_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    from alongside.survey.ask.codebook import Codebook
    from alongside.survey.rules.disclosure import Release

__all__ = [
    "EVERYONE",
    "MARK",
    "Picture",
    "dots",
    "html_table",
    "parts",
    "picture_of_dots",
    "picture_of_parts",
    "released",
    "shown",
]

EVERYONE = "Everyone"
MARK = "–"
"""Stands for whatever is not shown. It says nothing about why."""

LONGEST_WORD = 15  # letters that a phone has room for, with three columns beside them

INK, PAPER, GRID, MIDDLE = "#22262a", "#ffffff", "#d5d0c7", "#f5f5f5"
GOOD, BAD = "#01665e", "#8c510a"
WIDTH, LETTER, LINE, GAP = 300.0, 12.0, 16.0, 10.0
FONT = "DejaVu Sans"
"""It comes with matplotlib, so a picture is the same on every machine."""


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
        return (
            f'<figure class="al-picture alongside-drawn"><p><strong>{html.escape(self.title)}</strong></p>'
            f'<img src="{self.source}" alt="{html.escape(self.alt)}">'
            f"{html_table(f'{self.title}: the numbers', self.heads, self.rows)}"
            f"<figcaption>{html.escape(self.alt)}</figcaption></figure>"
        )

    def _repr_html_(self) -> str:
        return self.html()


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as HTML. The first cell of each row is its heading; every text is plain text.

    On a phone, lines end between words; a cell with a word that no phone has room for may break it. Should a table
    be too wide even so, it scrolls by itself, and the page stays.
    """
    top = "".join(_cell("th", head, "col") for head in heads)
    body = "".join(
        f"<tr>{_cell('th', row[0], 'row')}{''.join(_cell('td', cell) for cell in row[1:])}</tr>"
        for row in rows
    )
    name = html.escape(caption)
    return (
        f'<div class="al-scroll" role="group" aria-label="{name}"><table><caption>{name}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(tag: str, words: str, scope: str = "") -> str:
    kind = f' scope="{scope}"' if scope else ""
    kind += ' class="al-long"' if any(len(one) > LONGEST_WORD for one in re.split(r"[\s-]", words)) else ""
    return f"<{tag}{kind}>{html.escape(words)}</{tag}>"


@dataclass(frozen=True, slots=True)
class _Row:
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
        raise AlongsideError(
            "Only what alongside.survey.release() gave can be shown. Something else was given. "
            "Call release() with the answers first, and pass on what it gives."
        )
    return release.to_dict()


def shown(group: Mapping[str, Any]) -> str:
    """A group's favorable share in words: "63%", "at most 10%", or the neutral mark."""
    return _percent(group["favorable"], group["bound"])


def _percent(value: float | None, bound: str | None = None) -> str:
    if value is None or (bound and value in (0, 100)):
        return MARK  # "at most 100%" says nothing, and the mark says it better
    return f"{bound} {value:.0f}%" if bound else f"{value:.0f}%"


def _between(group: Mapping[str, Any]) -> str:
    return MARK if group["low"] is None else f"{group['low']:.0f}% to {group['high']:.0f}%"


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
    rows = _sorted(_everyone(tables))
    if not any(row.group.get("parts") for row in rows):
        return None
    names = part_names(codebook)
    cells = [[_percent(*_part(row.group, key)) for key in names] for row in rows]
    return Picture(
        title=f"Everyone together, {_people(rows[0])} people",
        svg=_svg(lambda: draw_parts(rows, names)),
        alt=_said_of_parts(rows, names),
        heads=("Practice", *names.values()),
        rows=tuple((row.name, *cell) for row, cell in zip(rows, cells, strict=True)),
    )


def picture_of_dots(
    tables: Mapping[str, Any], codebook: Codebook, by: str | None, measure: str | None
) -> Picture:
    """``dots`` for the report, which has the tables of a release in hand already."""
    if by is None and measure is None:
        rows, title, kind = _sorted(_everyone(tables)), "Each practice, everyone together", "Practice"
    else:
        table = _table(tables, by, measure)
        asked = codebook.about[table["by"]].text if table["by"] else EVERYONE
        rows = _sorted([_Row(group["name"], group) for group in table["groups"]])
        title, kind = f"{table['text']}, by “{asked}”", "Group"
    if not rows:
        raise AlongsideError(
            "No practice was released, so there is nothing to draw. Read release.to_dict() first."
        )
    favorable = part_names(codebook)["favorable"]
    return Picture(
        title=title,
        svg=_svg(lambda: draw_dots(rows)),
        alt=_said_of_dots(rows, favorable, title),
        heads=(kind, favorable, "Likely between", "People"),
        rows=tuple((row.name, shown(row.group), _between(row.group), _people(row)) for row in rows),
    )


def _everyone(tables: Mapping[str, Any]) -> list[_Row]:
    """Everyone together, a row for each practice that was released, in the codebook's order."""
    return [
        _Row(table["text"], table["groups"][0])
        for table in tables["tables"]
        if table["kind"] == "practice" and table["by"] is None and table["groups"]
    ]


def _table(tables: Mapping[str, Any], by: str | None, measure: str | None) -> Mapping[str, Any]:
    for table in tables["tables"]:
        if table["kind"] == "practice" and (table["by"], table["measure"]) == (by, measure):
            return table
    raise AlongsideError(
        "That practice or breakdown is not among what was released. "
        "Names of what was released were expected: look at measure and by in release.to_dict()."
    )


def _sorted(rows: Sequence[_Row]) -> list[_Row]:
    """Highest first; ties stay in the codebook's order, because sorting keeps it."""
    return sorted(rows, key=lambda row: -row.place)


def _people(row: _Row) -> str:
    return f"{row.group['people']:,}"


def part_names(codebook: Codebook) -> dict[str, str]:
    """The parts of a scale in the words that people read: {"favorable": "Often or Always", …}."""
    middle = [one for one in codebook.scale if one not in (*codebook.favorable, *codebook.unfavorable)]
    named = {"favorable": codebook.favorable, "middle": middle, "unfavorable": codebook.unfavorable}
    return {
        key: " or ".join(point for point in codebook.scale if point in points)
        for key, points in named.items()
        if points
    }


def _part(group: Mapping[str, Any], key: str) -> tuple[float | None, str | None]:
    """One part's share and bound. Where parts are left out, the favorable share still stands."""
    if key == "favorable":
        return group["favorable"], group["bound"]
    return (group.get("parts") or {}).get(key), None


# --- the finding, in a sentence --------------------------------------------------------------------


def _said_of_parts(rows: Sequence[_Row], names: Mapping[str, str]) -> str:
    def told(row: _Row) -> str:
        each = [f"{_percent(*_part(row.group, key))} {name}" for key, name in names.items()]
        return f"{row.name}: " + ", ".join(one for one in each if not one.startswith(MARK))

    best, last = rows[0], rows[-1]
    if best is last:
        return f"Of {_people(best)} people, everyone together. {told(best)}."
    return f"Of {_people(best)} people, everyone together. Highest, {told(best)}. Lowest, {told(last)}."


def _said_of_dots(rows: Sequence[_Row], favorable: str, title: str) -> str:
    def told(row: _Row) -> str:
        likely = (
            ""
            if row.group["low"] is None
            else f", likely between {_between(row.group).replace(' to ', ' and ')}"
        )
        return f"{row.name}, {shown(row.group)}{likely}"

    best, last = rows[0], rows[-1]
    begin = f"{title}. Answers that said {favorable}: "
    if best is last:
        return f"{begin}{told(best)}."
    if len({shown(row.group) for row in rows}) == 1:
        return f"{begin}{shown(best.group)} in every row."
    return f"{begin}highest, {told(best)}; lowest, {told(last)}. {_apart(best, last)}"


def _apart(best: _Row, last: _Row) -> str:
    if best.group["low"] is None or last.group["low"] is None:
        return "Not every line can be shown."
    if best.group["low"] > last.group["high"]:
        return "Their lines don't overlap."
    return "Their lines overlap, so the two may not differ."


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


def draw_dots(rows: Sequence[_Row]) -> Figure:
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
        canvas.text(WIDTH - 2, y, f"n={_people(row)}", ha="right")
        canvas.y = y + 10 + GAP
    _ruler(canvas, place)
    return canvas.done()


def _end(rows: Sequence[_Row]) -> float:
    """What n takes at the end of each row."""
    return max(_width(f"n={_people(row)}") for row in rows) + 2


def _ruler(canvas: _Canvas, place: Callable[[float], float]) -> None:
    for mark, align in ((0, "left"), (50, "center"), (100, "center")):
        canvas.text(place(mark) - (6 if mark == 0 else 0), canvas.y + 4, f"{mark}%", ha=align)
    canvas.y += 16


def draw_parts(rows: Sequence[_Row], names: Mapping[str, str]) -> Figure:
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
        canvas.text(WIDTH - 2, y, f"n={_people(row)}", ha="right")
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
        for words, dy in zip((bound, f"{value:.0f}%"), (-7.5, 7.5), strict=True):
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
