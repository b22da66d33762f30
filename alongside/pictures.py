"""The lessons' pictures: described in ``data/pictures.yml``, drawn as SVG into ``notebooks/pictures/``.

``draw_all`` makes the files, ``stale`` says which of them no longer match the data, and ``picture`` shows one
in a lesson with its caption and the same in words. Each kind of picture is one class below that can read its
entry, draw itself on a ``Sheet`` and say itself in a table. No browser is needed to draw: text is wrapped by
``measure``, whose letter widths are those of a wide system font, so that real text is never longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import quote

import yaml

from alongside.errors import AlongsideError, nearest

__all__ = ["Picture", "draw_all", "picture", "pictures", "stale"]

HOUSE = Path(__file__).resolve().parent.parent
DATA = HOUSE / "data"
FOLDER = HOUSE / "notebooks" / "pictures"
MARK = "<!-- Drawn by `alongside pictures` from data/pictures.yml: change the words there. -->"


# ---- What a picture is --------------------------------------------------------------------------------

Made = TypeVar("Made")
Rows = Sequence[tuple[str, Sequence[tuple[str, str]]]]  # groups: their heading ("" for none) and their rows


class Kind(Protocol):
    """What every kind of picture can do."""

    def draw(self, sheet: Sheet) -> None: ...
    def finding(self) -> str | None: ...
    def rows(self) -> Rows: ...


@dataclass(frozen=True)
class Picture:
    """One picture of a lesson; as the last line of a cell it shows itself."""

    key: str
    title: str
    lead: str
    alt: str
    caption: str
    source: str
    heads: tuple[str, str]
    kind: Kind

    def sheet(self) -> Sheet:
        """Lay everything out."""
        sheet = Sheet(self.key)
        sheet.say(self.title, TITLE, bold=True)
        if self.lead:
            sheet.gap(2)
            sheet.say(self.lead, NOTE, look="quiet")
        sheet.gap(16)
        self.kind.draw(sheet)
        if self.source:
            sheet.gap(14)
            sheet.say(self.source, SMALL, look="quiet")
        sheet.gap(EDGE)
        return sheet

    def svg(self) -> str:
        """Draw it: the same data always makes the same text."""
        sheet = self.sheet()
        size = f'viewBox="0 0 {PAGE} {_n(sheet.y)}" width="{PAGE}" height="{_n(sheet.y)}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc"'
                ' lang="en" font-family="system-ui, sans-serif">',
                MARK,
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="desc">{escape(self.alt)}</desc>',
                f"<style>{STYLE}</style>",
                Box(Rect(0.5, 0.5, PAGE - 1, sheet.y - 1), "page", radius=14).svg(),
                *(shape.svg() for shape in sheet.shapes),
                "</svg>",
                "",
            ]
        )

    def html(self, svg: str) -> str:
        """The picture on a page. No style attribute and no other file: the page's policy forbids both."""
        return (
            '<figure class="alongside-picture">'
            f'<img alt="{escape(self.alt)}" width="{PAGE}" height="{_n(self.sheet().y)}"'
            f' src="data:image/svg+xml,{quote(svg, safe="/:;=,()")}">'
            f"<figcaption>{escape(self.caption)}</figcaption>"
            f"<details><summary>The same in words</summary>{self._table()}</details>"
            "</figure>"
        )

    def _table(self) -> str:
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in self.heads)
        body = ""
        for group, rows in self.kind.rows():
            lines = f'<tr><th colspan="2" scope="rowgroup">{escape(group)}</th></tr>' if group else ""
            for name, says in rows:
                lines += f'<tr><th scope="row">{escape(name)}</th><td>{escape(says)}</td></tr>'
            body += f"<tbody>{lines}</tbody>"
        caption = escape(f"{self.title}. {self.lead}" if self.lead else self.title)
        table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{body}</table>"
        return table + (f"<p>{escape(self.source)}</p>" if self.source else "")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        file = FOLDER / f"{self.key}.svg"
        if not file.is_file():
            raise AlongsideError(
                f'The picture "{self.key}" is not drawn yet: no file {_short(file)}. Run: alongside pictures'
            )
        return {"text/html": self.html(file.read_text(encoding="utf-8")), "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


# ---- The kinds ----------------------------------------------------------------------------------------

BACK = "Then back to 1"


@dataclass(frozen=True)
class Item:
    """A box with words in it."""

    label: str
    note: str = ""
    icon: str = ""

    @classmethod
    def read(cls, entry: Entry) -> Item:
        icon = _icon(entry, entry.text("icon", ""))
        return entry.done(cls(entry.text("label"), entry.text("note", ""), icon))

    def row(self) -> tuple[str, str]:
        return self.label, self.note


def _icon(entry: Entry, icon: str) -> str:
    if icon and icon not in ICONS:
        raise entry.wrong(f'there is no icon "{icon}". {nearest(icon, ICONS)}')
    return icon


@dataclass(frozen=True)
class Group:
    """Some neighboring steps of a ladder."""

    label: str
    note: str
    steps: tuple[Item, ...]

    @classmethod
    def read(cls, entry: Entry) -> Group:
        steps = tuple(Item.read(one) for one in entry.entries("steps"))
        return entry.done(cls(entry.text("label"), entry.text("note", ""), steps))


@dataclass(frozen=True)
class Ladder:
    """Numbered steps from top to bottom in bracketed groups, and what critics say beside it."""

    groups: tuple[Group, ...]
    aside: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Ladder:
        groups = tuple(Group.read(one) for one in entry.entries("groups"))
        aside = entry.entry("aside")
        return cls(groups, Item.read(aside) if aside else None)

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        left, width = 24, PAGE - EDGE - 24
        number = sum(len(group.steps) for group in self.groups)
        first = sheet.y
        rails = sheet.reserve()
        for group in self.groups:
            sheet.gap(4)
            start = sheet.y
            sheet.say(group.label, LABEL, bold=True, x=left + 24, width=width - 48)
            if group.note:
                sheet.say(group.note, NOTE, look="quiet", x=left + 24, width=width - 48)
            sheet.gap(8)
            for step in group.steps:
                sheet.panel(step, x=left, width=width, pad=9, badge=str(number))
                sheet.gap(10)
                number -= 1
            sheet.line(f"M16 {_n(start)}H11V{_n(sheet.y - 10)}H16", "accent")
            sheet.gap(6)
        bottom = sheet.y
        for x in (left + 12, left + width - 12):
            sheet.put(rails, Line(f"M{_n(x)} {_n(first)}V{_n(bottom)}", "rail"))
        if self.aside:
            sheet.gap(12)
            sheet.panel(self.aside, look="apart", icon=True)

    def rows(self) -> Rows:
        rows: list[tuple[str, list[tuple[str, str]]]] = []
        number = sum(len(group.steps) for group in self.groups)
        for group in self.groups:
            steps = [(f"{number - n} {step.label}", step.note) for n, step in enumerate(group.steps)]
            rows.append((f"{group.label}. {group.note}" if group.note else group.label, steps))
            number -= len(steps)
        return rows + ([("", [self.aside.row()])] if self.aside else [])


@dataclass(frozen=True)
class Branches:
    """One start, several ends, and perhaps one more that stands apart."""

    start: Item
    ends: tuple[Item, ...]
    apart: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Branches:
        ends = tuple(Item.read(one) for one in entry.entries("ends"))
        start, apart = entry.needed("start"), entry.entry("apart")
        return cls(Item.read(start), ends, Item.read(apart) if apart else None)

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        trunk, left = EDGE + 12, 60
        lines = sheet.reserve()
        bottom = sheet.panel(self.start, look="strong").bottom
        for end in self.ends:
            bottom = self._end(sheet, lines, end, trunk, left, bottom, gap=16)
        if self.apart:
            self._end(sheet, lines, self.apart, trunk, left, bottom, gap=30, look="apart")

    def _end(
        self,
        sheet: Sheet,
        under: int,
        end: Item,
        trunk: float,
        left: float,
        above: float,
        gap: float,
        look: str = "box",
    ) -> float:
        """Draw one end and the way to it; give back where the trunk has come to."""
        sheet.gap(gap)
        box = sheet.panel(end, x=left, width=PAGE - EDGE - left, look=look, astride=True)
        middle = box.y + box.height / 2
        way = f"M{_n(trunk)} {_n(above)}V{_n(middle - 12)}q0 12 12 12H{_n(left)}"
        sheet.put(under, Line(way, "apart-line" if look == "apart" else "accent"))
        return middle - 12

    def rows(self) -> Rows:
        ends = [end.row() for end in self.ends]
        return [("", [self.start.row()])] * bool(self.start.note) + [
            ("", ends + ([self.apart.row()] if self.apart else []))
        ]


@dataclass(frozen=True)
class Cards:
    """What a person says, and the cards that it is looked at through."""

    person: str
    says: str
    through: str
    cards: tuple[Item, ...]

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Cards:
        cards = tuple(Item.read(one) for one in entry.entries("cards"))
        return cls(entry.text("person"), entry.text("says"), entry.text("through", ""), cards)

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        left = 72
        lines = wrap(self.says, PAGE - EDGE - left - 28, LABEL, False, sheet.key)
        top, height = sheet.y, 28 + len(lines) * LEADING * LABEL
        bubble = Rect(left, top, PAGE - EDGE - left, height)
        sheet.draw(Box(bubble, "strong", radius=14))
        middle = top + height / 2
        tail = f"M{left + 1} {_n(middle - 7)}L{left - 12} {_n(middle)}L{left + 1} {_n(middle + 7)}"
        sheet.draw(Line(tail, "strong"))
        sheet.badge(EDGE + 20, middle, icon="person", radius=20)
        sheet.y = top + 14
        sheet.say(self.says, LABEL, x=left + 14, width=bubble.width - 28, inside=bubble)
        sheet.y = top + height
        if self.through:
            sheet.gap(14)
            sheet.say(self.through, NOTE, look="quiet")
        sheet.gap(10)
        for number, card in enumerate(self.cards):
            sheet.gap(10 if number else 0)
            sheet.panel(card, icon=True)

    def rows(self) -> Rows:
        return [("", [(self.person, self.says)]), (self.through, [card.row() for card in self.cards])]


@dataclass(frozen=True)
class Bar:
    """The invented answers to one question."""

    text: str
    counts: tuple[int, int, int]  # favorable, middle, unfavorable

    @property
    def people(self) -> int:
        return sum(self.counts)

    @property
    def percents(self) -> tuple[int, int, int]:
        """Whole percents, halves up."""
        first, second, third = ((200 * one + self.people) // (2 * self.people) for one in self.counts)
        return first, second, third

    @classmethod
    def read(cls, entry: Entry, text: str, people: int) -> Bar:
        counts = (entry.number("favorable"), entry.number("middle"), entry.number("unfavorable"))
        bar = entry.done(cls(text, counts))
        # survey-rules.md, rule 6: nothing here may need softening, for these pictures show every part.
        if bar.people < 30 or bar.people > people:
            raise entry.wrong(f"{bar.people} people answered; it must be 30 to {people}")
        if any(not 10 < 100 * one / bar.people < 90 or one < 3 for one in counts):
            raise entry.wrong(
                f"{bar.percents} are the percents; each must be over 10 and under 90, "
                "or the survey's own rules would soften it. Change the counts"
            )
        if sum(bar.percents) != 100 or not all(10 < one < 90 for one in bar.percents):
            raise entry.wrong(
                f"{bar.percents} are the rounded percents; they must be 11 to 89 and add up to 100. "
                "Change a count"
            )
        return bar


@dataclass(frozen=True)
class Survey:
    """One bar in three parts for each survey question of a practice, from invented answers."""

    parts: tuple[str, str, str]
    people: int
    bars: tuple[Bar, ...]

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Survey:
        codebook = Entry.file(data / "survey-staff.yml")
        people, practice = entry.number("people"), entry.text("practice")
        scale, good, bad = (codebook.list_of_texts(name) for name in ("scale", "favorable", "unfavorable"))
        parts = [_or(good), _or(one for one in scale if one not in [*good, *bad]), _or(reversed(bad))]
        items, asked = codebook.entry("items"), entry.entry("answers")
        if items is None or asked is None:
            raise (entry if asked is None else codebook).wrong("it has no questions to draw")
        bars = []
        for key in items.names():
            item = items.entry(key)
            if item is None or not asked.has(key):
                continue
            if item.text("practice") != practice:
                raise item.wrong(
                    f'its practice is "{item.text("practice")}", but {entry.where} says "{practice}"'
                )
            answers = asked.entry(key)
            assert answers is not None
            bars.append(Bar.read(answers, item.text("text"), people))
        if not bars:
            raise asked.wrong(f"none of its questions is in {codebook.where}")
        # Sorted by what is shown; sorted() keeps ties in the codebook's order.
        bars.sort(key=lambda bar: -bar.percents[0])
        return cls((parts[0], parts[1], parts[2]), people, tuple(bars))

    def finding(self) -> str:
        most, least = self.bars[0], self.bars[-1]
        start = f"Invented answers, up to {self.people} people. Share that answered {self.parts[0].lower()}: "
        if most.percents[0] == least.percents[0]:
            return f"{start}{most.percents[0]}% for each question shown."
        return (
            f"{start}from {least.percents[0]}% ({_unstopped(least.text)}) "
            f"to {most.percents[0]}% ({_unstopped(most.text)})."
        )

    def draw(self, sheet: Sheet) -> None:
        width = PAGE - 2 * EDGE
        height = 16 + 2 * LEADING * SMALL
        self._bar(sheet, [width / 3] * 3, height, self.parts, SMALL)
        sheet.y += height
        for bar in self.bars:
            sheet.gap(22)
            sheet.say(bar.text, NOTE)
            sheet.gap(6)
            widths = [width * one / bar.people for one in bar.counts]
            self._bar(sheet, widths, 36, [f"{one}%" for one in bar.percents], NOTE)
            sheet.y += 38
            sheet.say(f"{bar.people} people answered", SMALL, look="quiet", anchor="end")

    @staticmethod
    def _bar(sheet: Sheet, widths: Sequence[float], height: float, words: Sequence[str], size: float) -> None:
        x, top = EDGE, sheet.y
        for look, width, text in zip(("favorable", "middle", "unfavorable"), widths, words, strict=True):
            part = Rect(x, top, width, height)
            sheet.draw(Box(part, look))
            lines = wrap(text, width - 2, size, True, sheet.key)
            sheet.y = top + (height - len(lines) * LEADING * size) / 2
            sheet.say(
                text,
                size,
                bold=True,
                look=f"on-{look}",
                x=x + 1,
                width=width - 2,
                anchor="middle",
                inside=part,
            )
            x += width
        sheet.draw(Box(Rect(EDGE, top, sum(widths), height), "outline"))
        sheet.y = top

    def rows(self) -> Rows:
        def lines(bar: Bar) -> list[tuple[str, str]]:
            shares = [(part, f"{one}%") for part, one in zip(self.parts, bar.percents, strict=True)]
            return [*shares, ("People who answered", str(bar.people))]

        return [(bar.text, lines(bar)) for bar in self.bars]


@dataclass(frozen=True)
class Side:
    """One of two things that are compared."""

    label: str
    icon: str
    points: tuple[Item, ...]

    @classmethod
    def read(cls, entry: Entry) -> Side:
        points = tuple(
            one.done(Item(one.text("label"), one.text("note", ""))) for one in entry.entries("points")
        )
        return entry.done(cls(entry.text("label"), _icon(entry, entry.text("icon")), points))


@dataclass(frozen=True)
class Pair:
    """Two sides, compared point by point: in two columns, or left over right where a column is too narrow."""

    left: Side
    right: Side
    heads: tuple[str, ...]
    aside: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Pair:
        sides = [Side.read(entry.needed(name)) for name in ("left", "right")]
        left, right = (len(side.points) for side in sides)
        if left != right:
            raise entry.wrong(
                f"the points of left are {left}, those of right {right}; each needs its counterpart"
            )
        aside = entry.entry("aside")
        heads = tuple(entry.list_of_texts("heads"))
        return cls(sides[0], sides[1], heads, Item.read(aside) if aside else None)

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        if self._is_short():
            self._columns(sheet)
        else:
            self._stacked(sheet)
        if self.aside:
            sheet.gap(16)
            sheet.panel(self.aside, look="apart", icon=bool(self.aside.icon))

    def _is_short(self) -> bool:
        """Whether nobody has to read a tall column of single words."""
        room = COLUMN - 2 * PAD
        words = [(side.label, LABEL, True, 2) for side in (self.left, self.right)]
        for point in (*self.left.points, *self.right.points):
            words += [(point.label, NOTE, True, 3), (point.note, SMALL, False, 4)]
        return all(fits(text, room, size, bold, most) for text, size, bold, most in words)

    def _columns(self, sheet: Sheet) -> None:
        places = [(self.left, EDGE, ""), (self.right, EDGE + COLUMN + GAP, "-other")]
        top = sheet.y
        ends = []
        for side, x, other in places:
            sheet.badge(x + COLUMN / 2, top + 15, icon=side.icon, look=f"badge{other}")
            sheet.y = top + 34
            sheet.say(side.label, LABEL, bold=True, x=x, width=COLUMN, anchor="middle")
            ends.append(sheet.y)
        sheet.y = max(ends) + 8
        for row in zip(self.left.points, self.right.points, strict=True):
            height = max(self._height(sheet, point) for point in row)
            top = sheet.y
            for point, (_, x, other) in zip(row, places, strict=True):
                box = Rect(x, top, COLUMN, height)
                sheet.draw(Box(box, f"side{other}", radius=10))
                sheet.y = top + PAD
                place = {"x": x + PAD, "width": COLUMN - 2 * PAD, "inside": box}
                sheet.say(point.label, NOTE, bold=True, **place)
                sheet.say(point.note, SMALL, **place)
            sheet.y = top + height + GAP
        sheet.gap(-GAP)

    def _height(self, sheet: Sheet, point: Item) -> float:
        room = COLUMN - 2 * PAD
        label = wrap(point.label, room, NOTE, True, sheet.key)
        note = wrap(point.note, room, SMALL, False, sheet.key)
        return 2 * PAD + LEADING * (len(label) * NOTE + len(note) * SMALL)

    def _stacked(self, sheet: Sheet) -> None:
        for number, (left, right) in enumerate(zip(self.left.points, self.right.points, strict=True)):
            sheet.gap(18 if number else 0)
            for side, point, other in ((self.left, left, ""), (self.right, right, "-other")):
                shown = Item(point.label, point.note, side.icon)
                sheet.panel(shown, look=f"side{other}", pad=9, icon=True, over=side.label)
                sheet.gap(4)
            sheet.gap(-4)

    def rows(self) -> Rows:
        def told(point: Item) -> str:
            return f"{_unstopped(point.label)}. {point.note}" if point.note else point.label

        labels = (self.left.label, self.right.label)
        points = zip(self.left.points, self.right.points, strict=True)
        rows = [(told(left), told(right)) for left, right in points]
        first = [] if labels == self.heads else [labels]
        return [("", first + rows + ([self.aside.row()] if self.aside else []))]


@dataclass(frozen=True)
class Steps:
    """Numbered steps from top to bottom, one after the other, and perhaps back to the first."""

    steps: tuple[Item, ...]
    loop: bool
    aside: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Steps:
        steps = tuple(Item.read(one) for one in entry.entries("steps"))
        if not 3 <= len(steps) <= 8:
            raise entry.wrong(f"its steps are {len(steps)}; they must be 3 to 8")
        aside = entry.entry("aside")
        return cls(steps, entry.yes_or_no("loop"), Item.read(aside) if aside else None)

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        left = EDGE + 15
        right = PAGE - EDGE - (14 if self.loop else 0)
        trunk, boxes = sheet.reserve(), []
        for number, step in enumerate(self.steps, 1):
            sheet.gap(14 if number > 1 else 0)
            boxes.append(sheet.panel(step, x=left, width=right - left, badge=str(number), astride=True))
        first, last = (box.y + box.height / 2 for box in (boxes[0], boxes[-1]))
        sheet.put(trunk, Line(f"M{_n(left)} {_n(first)}V{_n(last)}", "accent"))
        if self.loop:
            way = f"M{_n(right)} {_n(last)}h6q8 0 8-8V{_n(first + 8)}q0-8-8-8h-5m5-5l-5 5l5 5"
            sheet.line(way, "accent")
            sheet.gap(6)
            sheet.say(BACK, SMALL, look="quiet", anchor="end")
        if self.aside:
            sheet.gap(16)
            sheet.panel(self.aside, look="apart", icon=bool(self.aside.icon))

    def rows(self) -> Rows:
        rows = [(f"{number} {step.label}", step.note) for number, step in enumerate(self.steps, 1)]
        rows += [(BACK, "")] if self.loop else []
        return [("", rows + ([self.aside.row()] if self.aside else []))]


KINDS = {
    "ladder": Ladder,
    "branches": Branches,
    "cards": Cards,
    "survey": Survey,
    "pair": Pair,
    "steps": Steps,
}


# ---- Drawing ------------------------------------------------------------------------------------------

PAGE, EDGE = 340, 16
GAP, PAD = 8, 9
COLUMN = (PAGE - 2 * EDGE - GAP) / 2
TITLE, LABEL, NOTE, SMALL = 20, 17, 15, 14
LEADING = 1.32

# class: (fill, line) on light, (fill, line) on dark. The three parts of a bar and their words never change.
LOOKS = {
    "page": (("#ffffff", "#d5dcda"), ("#12201e", "#34504c")),
    "box": (("#f5f5f5", "#01665e"), ("#1d2f2c", "#5ab4ac")),
    "strong": (("#e3f1ef", "#01665e"), ("#24413d", "#5ab4ac")),
    "apart": (("#ffffff", "#8c510a"), ("#12201e", "#d8b365")),
    "side": (("#e3f1ef", "#01665e"), ("#24413d", "#5ab4ac")),
    "side-other": (("#fbf3e6", "#8c510a"), ("#33291a", "#d8b365")),
    "badge": (("#01665e", "none"), ("#5ab4ac", "none")),
    "badge-other": (("#8c510a", "none"), ("#d8b365", "none")),
    "badge-apart": (("#8c510a", "none"), ("#d8b365", "none")),
    "accent": (("none", "#01665e"), ("none", "#5ab4ac")),
    "rail": (("none", "#01665e"), ("none", "#5ab4ac")),
    "apart-line": (("none", "#8c510a"), ("none", "#d8b365")),
    "glyph": (("none", "#ffffff"), ("none", "#12201e")),
    "mark": (("none", "#01665e"), ("none", "#5ab4ac")),
    "favorable": (("#01665e", "none"), ("#01665e", "none")),
    "middle": (("#f5f5f5", "none"), ("#f5f5f5", "none")),
    "unfavorable": (("#8c510a", "none"), ("#8c510a", "none")),
    "outline": (("none", "#1b2624"), ("none", "#f5f5f5")),
    "ink": (("#1b2624", "none"), ("#f5f5f5", "none")),
    "quiet": (("#44524f", "none"), ("#c9d4d2", "none")),
    "on-badge": (("#ffffff", "none"), ("#12201e", "none")),
    "on-favorable": (("#ffffff", "none"), ("#ffffff", "none")),
    "on-middle": (("#000000", "none"), ("#000000", "none")),
    "on-unfavorable": (("#ffffff", "none"), ("#ffffff", "none")),
}


def _rules(scheme: int) -> str:
    return "".join(
        f".{look}{{fill:{LOOKS[look][scheme][0]};stroke:{LOOKS[look][scheme][1]}}}" for look in LOOKS
    )


STYLE = (
    _rules(0)
    + ".glyph,.mark{stroke-width:2;stroke-linecap:round;stroke-linejoin:round}"
    + ".accent,.apart-line{stroke-width:2}.rail{stroke-width:4}.apart,.apart-line{stroke-dasharray:5 4}"
    + f"@media screen and (prefers-color-scheme:dark){{{_rules(1)}}}"
)

ICONS = {  # drawn around 0, 0
    "bandage": "M-7.5 2.5L2.5-7.5A3.5 3.5 0 0 1 7.5-2.5L-2.5 7.5A3.5 3.5 0 0 1-7.5 2.5ZM-4-1L1 4M-1-4L4 1",
    "book": "M0-5Q-4-8-9-6V6Q-4 4 0 7Q4 4 9 6V-6Q4-8 0-5V7",
    "box": "M-8-4L0-8L8-4V5L0 8L-8 5ZM-8-4L0 0L8-4M0 0V8",
    "calendar": "M-7-5H7V7H-7ZM-7-1H7M-3-8V-4M3-8V-4",
    "chair": "M-5-8V8M-5 1H5V8",
    "check": "M-7 0L-2 5L7-5",
    "clock": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0M0-5V0H4",
    "cloud": "M-5 6A4 4 0 0 1-5-2A5 5 0 0 1 5-3A4.5 4.5 0 0 1 5 6Z",
    "cup": "M-8-5H4V2Q4 7-1 7H-3Q-8 7-8 2ZM4-3H5Q8-3 8-0.5T5 2H4",
    "door": "M-5 8V-8H5V8M-8 8H8M2 0h.01",
    "dots": "M-6 0h.01M0 0h.01M6 0h.01",
    "ear": "M-5-2A5.5 5.5 0 0 1 6-2C6 2 2 2 2 5A3 3 0 0 1-4 6M-2-2A2.5 2.5 0 0 1 3-2C3 0 0 0 0 3",
    "eye": "M-9 0Q0-11 9 0Q0 11-9 0ZM-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
    "file": "M-5-8H2L6-4V8H-5ZM2-8V-4H6",
    "flag": "M-5 8V-7H7L4-3L7 1H-5",
    "fork": "M0 8V1M0 1C0-3-6-3-6-8M0 1C0-3 6-3 6-8",
    "hands": "M-8-6V1Q-8 6-3 8M8-6V1Q8 6 3 8M-4-1Q-4 2-1 4V8M4-1Q4 2 1 4V8",
    "handshake": "M-9-5L-6-6L0-4L6-6L9-5M0-4L-4 0Q-3 3 0 1L2 0L6 3M-9 3L-6 3L-1 7Q1 8 2 6L6 3L9 3",
    "heart": "M0 7C-12-1-6-9 0-4C6-9 12-1 0 7Z",
    "key": "M-9 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M-2 0H8V4M4 0V3",
    "late": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0M0-4V0L3 3",
    "lightbulb": "M-3 4C-3 2-6 0-6-3A6 6 0 0 1 6-3C6 0 3 2 3 4ZM-2 8H2",
    "lock": "M-6-1H6V8H-6ZM-4-1V-4a4 4 0 0 1 8 0V-1M0 3V4",
    "map": "M-8-5L-3-7L3-5L8-7V5L3 7L-3 5L-8 7ZM-3-7V5M3-5V7",
    "megaphone": "M-8-2V3H-4L6 7V-7L-4-2ZM-4 3L-3 8H0M9-2V2",
    "money": "M-9-5H9V5H-9ZM-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
    "no": "M-7 0H7",
    "people": "M-4 8C-4 2 4 2 4 8M0 0a3 3 0 1 0 0-6a3 3 0 1 0 0 6M-10 6Q-10 2-7 1.5M10 6Q10 2 7 1.5M-7-1.5h.01M7-1.5h.01",
    "person": "M-7 8C-7 1 7 1 7 8M0-1a4 4 0 1 0 0-8a4 4 0 1 0 0 8",
    "question": "M-4-3C-4-8 4-8 4-3C4 0 0 0 0 3M0 7h.01",
    "scale": "M0-8V8M-4 8H4M-7-5H7M-7-5L-10 2H-4ZM7-5L4 2H10Z",
    "screen": "M-8-7H8V4H-8ZM0 4V8M-4 8H4",
    "speech": "M-8-6H8V4H-1L-5 8V4H-8Z",
    "star": "M0 -8.5L2.1 -2.9L8.1 -2.6L3.4 1.1L5 6.9L0 3.6L-5 6.9L-3.4 1.1L-8.1 -2.6L-2.1 -2.9Z",
    "tab": "M-8-6H8V7H-8ZM-8-2H8",
    "tag": "M-7-7H1L8 0L0 8L-7 1ZM-3-3h.01",
    "trash": "M-7-5H7M-5-5L-4 8H4L5-5M-2-8H2",
    "turn": "M-8 6H-1Q4 6 4 1V-6M0-3L4-7L8-3",
    "umbrella": "M-8 1A8 8 0 0 1 8 1ZM0 1V6A2 2 0 0 1-4 6M0-7V-9",
    "wallet": "M6-2V-6H-8V7H8V-2H-8M4 2.5h.01",
}

# Letter widths in thousandths of the font size: the wider of DejaVu Sans and Liberation Sans, rounded up.
WIDTHS = {
    False: {
        280: "'ijl", 320: " ,.I‘’·", 360: "/:;\\f|", 400: "()-[]t", 440: "!r", 480: '"', 520: "*J`“”",
        560: "?L_csz–", 600: "kvxy", 640: "$0123456789FTabdeghnopqu{}é", 680: "EKPSY", 720: "ABVXZ",
        760: "CHNRU", 800: "&DGOQ", 840: "#+<=>^w~×", 880: "M", 960: "%", 1000: "Wm—…→", 1040: "@",
    },
    True: {
        320: "'", 360: " ijl", 400: ",./:;I\\|‘’·", 440: "-f", 480: "!()[]t", 520: "`r", 560: '"*J_–',
        600: "csz", 640: "?L", 680: "aekvxy“”é", 720: "$0123456789EFTbdghnopqu{}", 760: "CPSYZ",
        800: "ABKRVX", 840: "#+<=>DGHNU^~×", 880: "&OQ", 960: "w", 1000: "@M—…→", 1080: "m%", 1120: "W",
    },
}  # fmt: skip
LETTERS = {bold: {c: wide for wide, cs in table.items() for c in cs} for bold, table in WIDTHS.items()}


def measure(text: str, size: float, bold: bool) -> float:
    """How wide a line may become in any usual font."""
    return sum(LETTERS[bold].get(letter, 1150) for letter in text) * size / 1000


def fits(text: str, width: float, size: float, bold: bool, most: int) -> bool:
    """Whether a text needs no more than so many lines."""
    if any(measure(word, size, bold) > width for word in text.split()):
        return False
    return len(wrap(text, width, size, bold, "")) <= most


def wrap(text: str, width: float, size: float, bold: bool, where: str) -> list[str]:
    """Break into the fewest lines that fit, as even as that number allows. A line break in the text stays."""
    return [line for part in text.split("\n") for line in _wrap(part, width, size, bold, where)]


def _wrap(text: str, width: float, size: float, bold: bool, where: str) -> list[str]:
    def lines(limit: float) -> list[str]:
        out: list[str] = []
        for word in text.split():
            if out and measure(f"{out[-1]} {word}", size, bold) <= limit:
                out[-1] += f" {word}"
            else:
                out.append(word)
        return out

    best = lines(width)
    if any(measure(one, size, bold) > width for one in best):
        raise AlongsideError(
            f'data/pictures.yml, "{where}": a word of "{text}" is too long for its box; use a shorter one.'
        )
    longest = max((measure(word, size, bold) for word in text.split()), default=0)
    limit = width - 4
    while limit >= longest and len(even := lines(limit)) == len(best):
        best, limit = even, limit - 4
    return best


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Box:
    """A rectangle, rounded where a radius is given."""

    rect: Rect
    look: str
    radius: float = 0

    def svg(self) -> str:
        r, round_ = self.rect, f' rx="{_n(self.radius)}"' if self.radius else ""
        return (
            f'<rect class="{self.look}" x="{_n(r.x)}" y="{_n(r.y)}" width="{_n(r.width)}"'
            f' height="{_n(r.height)}"{round_}/>'
        )


@dataclass(frozen=True)
class Line:
    """A path, drawn around a point where one is given."""

    path: str
    look: str
    at: tuple[float, float] | None = None

    def svg(self) -> str:
        move = f' transform="translate({_n(self.at[0])} {_n(self.at[1])})"' if self.at else ""
        return f'<path class="{self.look}" d="{self.path}"{move}/>'


@dataclass(frozen=True)
class Words:
    """One line of text, and the box that it must stay in."""

    text: str
    x: float
    top: float
    size: float
    bold: bool
    look: str
    anchor: str
    inside: Rect

    ANCHORS: ClassVar[dict[str, float]] = {"start": 0, "middle": 0.5, "end": 1}

    @property
    def bounds(self) -> Rect:
        wide = measure(self.text, self.size, self.bold)
        return Rect(self.x - wide * self.ANCHORS[self.anchor], self.top, wide, self.size * LEADING)

    def svg(self) -> str:
        weight = ' font-weight="bold"' if self.bold else ""
        anchor = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        return (
            f'<text class="{self.look}" x="{_n(self.x)}" y="{_n(self.top + self.size * 1.01)}"'
            f' font-size="{_n(self.size)}"{weight}{anchor}>{escape(self.text, quote=False)}</text>'
        )


Shape = Box | Line | Words


class Sheet:
    """A page that is filled from top to bottom; ``y`` is how far it is filled."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.y: float = EDGE
        self.shapes: list[Shape] = []

    def draw(self, shape: Shape) -> None:
        self.shapes.append(shape)

    def line(self, path: str, look: str) -> None:
        self.draw(Line(path, look))

    def gap(self, height: float) -> None:
        self.y += height

    def reserve(self) -> int:
        """A place among the shapes: what is put there later lies under what is drawn from now on."""
        return len(self.shapes)

    def put(self, place: int, shape: Shape) -> None:
        self.shapes.insert(place, shape)

    def say(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        look: str = "ink",
        x: float = EDGE,
        width: float = PAGE - 2 * EDGE,
        anchor: str = "start",
        inside: Rect | None = None,
    ) -> None:
        """Write a text below what is there."""
        for one in wrap(text, width, size, bold, self.key):
            place = Rect(x, self.y, width, size * LEADING)
            at = x + width * Words.ANCHORS[anchor]
            self.draw(Words(one, at, self.y, size, bold, look, anchor, inside or place))
            self.y += size * LEADING

    def badge(
        self, x: float, y: float, *, icon: str = "", text: str = "", radius: float = 15, look: str = "badge"
    ) -> None:
        """A small disk with an icon or a number."""
        disk = Rect(x - radius, y - radius, 2 * radius, 2 * radius)
        self.draw(Box(disk, look, radius=radius))
        if icon:
            self.draw(Line(ICONS[icon], "glyph", at=(x, y)))
        if text:
            top = y - LEADING * NOTE / 2
            self.draw(Words(text, x, top, NOTE, True, "on-badge", "middle", disk))

    def panel(
        self,
        item: Item,
        *,
        x: float = EDGE,
        width: float = PAGE - 2 * EDGE,
        look: str = "box",
        pad: float = 12,
        badge: str = "",
        icon: bool = False,
        astride: bool = False,
        over: str = "",
    ) -> Rect:
        """A rounded box with a label and a note; a badge stands in it, or astride its left edge.

        ``over`` stands small above the label. Where the badge has a number, the icon stands at the right.
        """
        disk = 15
        left = x + pad
        if astride:
            left = x + disk + 9
        elif badge or icon:
            left = x + pad + 2 * disk + 10
        # Beside a number an icon has no disk to stand in, so it stands at the right.
        mark = item.icon if badge and astride else ""
        room = x + width - pad - left - (24 if mark else 0)
        texts = ((over, SMALL, False), (item.label, LABEL, True), (item.note, NOTE, False))
        inner = sum(
            len(wrap(text, room, size, bold, self.key)) * LEADING * size for text, size, bold in texts if text
        )
        height = 2 * pad + max(inner, 2 * disk if badge or icon or astride else 0)
        box = Rect(x, self.y, width, height)
        self.draw(Box(box, look, radius=10))
        middle = box.y + height / 2
        disk_look = {"apart": "badge-apart", "side-other": "badge-other"}.get(look, "badge")
        if mark:
            self.draw(Line(ICONS[mark], "mark", at=(box.right - pad - 8, middle)))
        if astride:
            self.badge(x, middle, icon="" if badge else item.icon, text=badge, look=disk_look)
        elif badge or icon:
            self.badge(x + pad + disk, middle, icon=item.icon if icon else "", text=badge, look=disk_look)
        self.y = middle - inner / 2
        if over:
            self.say(over, SMALL, look="quiet", x=left, width=room, inside=box)
        self.say(item.label, LABEL, bold=True, x=left, width=room, inside=box)
        if item.note:
            self.say(item.note, NOTE, x=left, width=room, inside=box)
        self.y = box.bottom
        return box


def _n(value: float) -> str:
    """A number as SVG wants it, always written the same way."""
    return f"{round(value, 1):g}"


def _or(words: Iterable[str]) -> str:
    """Often, Always -> Often or always."""
    joined = " or ".join(words)
    return joined[:1].upper() + joined[1:].lower()


def _unstopped(sentence: str) -> str:
    return sentence.rstrip(".!? ")


# ---- Reading ------------------------------------------------------------------------------------------


class _NoDoubles(yaml.SafeLoader):
    """YAML keeps the last of two equal keys without a word; here that is an error."""


def _mapping(loader: _NoDoubles, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    pairs = loader.construct_pairs(node, deep=True)
    for (one, _), (two, _) in pairwise(sorted(pairs, key=lambda pair: str(pair[0]))):
        if one == two:
            raise yaml.MarkedYAMLError(problem=f'"{one}" stands there twice', problem_mark=node.start_mark)
    return dict(pairs)


_NoDoubles.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


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
            return cls(yaml.load(path.read_text(encoding="utf-8"), Loader=_NoDoubles), where)
        except FileNotFoundError:
            raise AlongsideError(f"{where} is not there; the pictures are drawn from it.") from None
        except yaml.MarkedYAMLError as error:
            line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
            raise AlongsideError(f"{where}{line} can't be read as YAML: {error.problem}.") from None

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


def pictures(data: Path = DATA) -> dict[str, Picture]:
    """Read every picture that ``pictures.yml`` in a folder describes."""
    book = Entry.file(data / "pictures.yml")
    return {key: _read(key, one, data) for key in book.names() if (one := book.entry(key))}


def _read(key: str, entry: Entry, data: Path) -> Picture:
    entry.where = f'data/pictures.yml, "{key}"'
    name = entry.text("kind")
    if name not in KINDS:
        raise entry.wrong(f'there is no kind "{name}". {nearest(name, KINDS)}')
    kind: Kind = KINDS[name].read(entry, data)
    heads = entry.list_of_texts("heads")
    if len(heads) != 2:
        raise entry.wrong("heads must be the two headings of the table")
    made = Picture(
        key=key,
        title=entry.text("title"),
        lead=entry.text("lead", ""),
        alt=kind.finding() or entry.text("alt"),
        caption=entry.text("caption"),
        source=entry.text("source", ""),
        heads=(heads[0], heads[1]),
        kind=kind,
    )
    return entry.done(made)


def picture(key: str) -> Picture:
    """Show a picture with its caption and the same in words: the last line of a lesson's cell."""
    known = pictures()
    if key not in known:
        raise AlongsideError(
            f'There is no picture "{key}". {nearest(key, known)} They are described in data/pictures.yml.'
        )
    return known[key]


# ---- Files --------------------------------------------------------------------------------------------


def draw_all(folder: Path | None = None, data: Path = DATA) -> list[Path]:
    """Draw every picture into a folder and take away those of ours that no entry describes any more.

    Files that it did not make itself are never written over.
    """
    folder = folder or FOLDER
    drawn = {folder / f"{key}.svg": one.svg() for key, one in pictures(data).items()}
    for file in drawn:
        if file.exists() and not _ours(file):
            raise AlongsideError(
                f"{_short(file)} was not drawn by this command, so it stays as it is. "
                "Move it away or rename it, then run this again."
            )
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("*.svg")):
        if file not in drawn and _ours(file):
            file.unlink()
    for file, svg in drawn.items():
        file.write_text(svg, encoding="utf-8", newline="\n")
    return sorted(drawn)


def stale(folder: Path | None = None, data: Path = DATA) -> list[str]:
    """Say of each file what is the matter with it; an empty list is good."""
    folder = folder or FOLDER
    known = pictures(data)
    old = [
        f"{key}.svg is {'not what data/pictures.yml says' if file.exists() else 'missing'}"
        for key, one in known.items()
        if not (file := folder / f"{key}.svg").exists() or file.read_bytes() != one.svg().encode()
    ]
    left = [
        f"{file.name} has no entry in data/pictures.yml"
        for file in sorted(folder.glob("*.svg"))
        if file.stem not in known and _ours(file)
    ]
    return [*old, *left]


def _ours(file: Path) -> bool:
    return MARK.encode() in file.read_bytes()[:1000]


def _short(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix() if file.is_relative_to(HOUSE) else str(file)
