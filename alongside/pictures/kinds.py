"""The kinds of pictures: each reads its entry, draws itself on a ``Sheet`` and says itself in a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import ClassVar, Protocol

from alongside.course.entry import Entry, read_entries
from alongside.course.references import survey_questions
from alongside.errors import nearest
from alongside.pictures.drawing import (
    EDGE,
    ICONS,
    LABEL,
    LEADING,
    NOTE,
    PAGE,
    SMALL,
    Box,
    Item,
    Line,
    Rect,
    Sheet,
    fits,
    plain,
    wrap,
)
from alongside.thresholds import GROUPS_FROM, LEVELS, near_an_end, reach
from alongside.words import say

__all__ = ["KINDS", "Kind"]

GAP, PAD = 8, 9  # between the columns of a pair, and in their boxes
COLUMN = (PAGE - 2 * EDGE - GAP) / 2
LEFT, RIGHT = EDGE, EDGE + COLUMN + GAP

Rows = Sequence[tuple[str, Sequence[tuple[str, str]]]]  # groups: their heading ("" for none) and their rows


class Kind(Protocol):
    """What every kind of picture can do. ``needs`` and ``may``: the names of its own in data/pictures.yml."""

    needs: ClassVar[str]
    may: ClassVar[str]

    def draw(self, sheet: Sheet) -> None: ...
    def finding(self) -> str | None: ...
    def rows(self) -> Rows: ...


ITEM = ("label", "note icon")  # what an item needs, and may have


def _item(entry: Entry) -> Item:
    icon = _icon(entry, entry.text("icon", ""))
    return Item(entry.text("label"), entry.text("note", ""), icon)


def _items(entry: Entry, name: str) -> tuple[Item, ...]:
    return tuple(_item(one) for one in entry.several(name, *ITEM))


def _apart(entry: Entry, name: str) -> Item | None:
    return _item(entry.inner(name, *ITEM)) if name in entry else None


def _draw_apart(sheet: Sheet, item: Item | None, gap: float) -> None:
    if item:
        sheet.gap(gap)
        sheet.panel(item, look="apart", icon=bool(item.icon))


def _icon(entry: Entry, icon: str) -> str:
    if icon and icon not in ICONS:
        raise entry.mistake("pictures.unknown_icon", name=icon, nearest=nearest(icon, ICONS))
    return icon


@dataclass(frozen=True)
class Group:
    """Some neighboring steps of a ladder."""

    label: str
    note: str
    steps: tuple[Item, ...]

    @classmethod
    def read(cls, entry: Entry) -> Group:
        steps = _items(entry, "steps")
        return cls(entry.text("label"), entry.text("note", ""), steps)


@dataclass(frozen=True)
class Ladder:
    """Numbered steps from top to bottom in bracketed groups, and what critics say beside it."""

    needs: ClassVar[str] = "alt groups"
    may: ClassVar[str] = "aside"
    groups: tuple[Group, ...]
    aside: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Ladder:
        groups = tuple(Group.read(one) for one in entry.several("groups", "label steps", "note"))
        return cls(groups, _apart(entry, "aside"))

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
            sheet.line(f"M16 {plain(start)}H11V{plain(sheet.y - 10)}H16", "accent")
            sheet.gap(6)
        bottom = sheet.y
        for x in (left + 12, left + width - 12):
            sheet.put(rails, Line(f"M{plain(x)} {plain(first)}V{plain(bottom)}", "rail"))
        _draw_apart(sheet, self.aside, 12)

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

    needs: ClassVar[str] = "alt start ends"
    may: ClassVar[str] = "apart"
    start: Item
    ends: tuple[Item, ...]
    apart: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Branches:
        ends = _items(entry, "ends")
        return cls(_item(entry.inner("start", *ITEM)), ends, _apart(entry, "apart"))

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
        way = f"M{plain(trunk)} {plain(above)}V{plain(middle - 12)}q0 12 12 12H{plain(left)}"
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

    needs: ClassVar[str] = "alt person says cards"
    may: ClassVar[str] = "through"
    person: str
    says: str
    through: str
    cards: tuple[Item, ...]

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Cards:
        cards = _items(entry, "cards")
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
        tail = f"M{left + 1} {plain(middle - 7)}L{left - 12} {plain(middle)}L{left + 1} {plain(middle + 7)}"
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
        bar = cls(text, counts)
        # The survey's rules 3 and 6: nothing here may need softening, for these pictures show every part.
        if not GROUPS_FROM <= bar.people <= people:
            raise entry.mistake("pictures.people", count=bar.people, fewest=GROUPS_FROM, most=people)
        within = reach(bar.people)
        if any(any(near_an_end(count, bar.people, within)) for count in counts):
            raise entry.mistake(
                "pictures.percents", percents=bar.percents, least=LEVELS[0], most=100 - LEVELS[0]
            )
        if sum(bar.percents) != 100 or not all(LEVELS[0] < one < 100 - LEVELS[0] for one in bar.percents):
            ends = {"least": LEVELS[0] + 1, "most": 99 - LEVELS[0]}
            raise entry.mistake("pictures.rounded_percents", percents=bar.percents, **ends)
        return bar


@dataclass(frozen=True)
class Survey:
    """One bar in three parts for each survey question of a practice, from invented answers."""

    needs: ClassVar[str] = "practice people answers"
    may: ClassVar[str] = ""
    parts: tuple[str, str, str]
    people: int
    bars: tuple[Bar, ...]

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Survey:
        codebook = read_entries(data / "survey-staff.yml")
        people, practice = entry.number("people"), entry.text("practice")
        scale, good, bad = (codebook.texts(name) for name in ("scale", "favorable", "unfavorable"))
        parts = [_or(good), _or(one for one in scale if one not in [*good, *bad]), _or(reversed(bad))]
        answers = entry.inner("answers")
        bars = []
        for item, own in survey_questions(codebook):
            if item.key not in answers:
                continue
            if item.practice != practice:
                raise own.mistake(
                    "pictures.other_practice", practice=item.practice, picture=entry.where, wanted=practice
                )
            counts = answers.inner(item.key, "favorable middle unfavorable")
            bars.append(Bar.read(counts, item.text, people))
        if not bars:
            raise answers.mistake("pictures.no_question", codebook=codebook.where)
        # Sorted by what is shown; sorted() keeps ties in the codebook's order.
        bars.sort(key=lambda bar: -bar.percents[0])
        return cls((parts[0], parts[1], parts[2]), people, tuple(bars))

    def finding(self) -> str:
        most, least = self.bars[0], self.bars[-1]
        values = {"count": self.people, "answer": self.parts[0].lower(), "most": most.percents[0]}
        if most.percents[0] == least.percents[0]:
            return say("pictures.shares_alike", **values)
        return say(
            "pictures.shares",
            **values,
            most_question=_unstopped(most.text),
            least=least.percents[0],
            least_question=_unstopped(least.text),
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
            self._bar(sheet, widths, 36, [_percent(one) for one in bar.percents], NOTE)
            sheet.y += 38
            sheet.say(say("pictures.answered", count=bar.people), SMALL, look="quiet", anchor="end")

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
            shares = [(part, _percent(one)) for part, one in zip(self.parts, bar.percents, strict=True)]
            return [*shares, (say("pictures.people_who_answered"), str(bar.people))]

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
            Item(one.text("label"), one.text("note", "")) for one in entry.several("points", "label", "note")
        )
        return cls(entry.text("label"), _icon(entry, entry.text("icon")), points)


@dataclass(frozen=True)
class Pair:
    """Two sides, compared point by point: in two columns, or left over right where a column is too narrow.

    In columns, a label that both sides of a line share stands once, over them.
    """

    needs: ClassVar[str] = "alt left right"
    may: ClassVar[str] = "aside"
    left: Side
    right: Side
    heads: tuple[str, ...]
    aside: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Pair:
        sides = [Side.read(entry.inner(name, "label icon points")) for name in ("left", "right")]
        left, right = (len(side.points) for side in sides)
        if left != right:
            raise entry.mistake("pictures.points", left=left, right=right)
        heads = entry.texts("heads")
        return cls(sides[0], sides[1], heads, _apart(entry, "aside"))

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        if self._is_short():
            self._columns(sheet)
        else:
            self._stacked(sheet)
        _draw_apart(sheet, self.aside, 16)

    def _is_short(self) -> bool:
        """Whether nobody has to read a tall column of single words."""
        room = COLUMN - 2 * PAD
        words = [(side.label, LABEL, True, 2) for side in (self.left, self.right)]
        for point in (*self.left.points, *self.right.points):
            words += [(point.label, NOTE, True, 3), (point.note, SMALL, False, 4)]
        return all(fits(text, room, size, bold, most) for text, size, bold, most in words)

    def _columns(self, sheet: Sheet) -> None:
        top, ends = sheet.y, []
        for side, x, other in ((self.left, LEFT, ""), (self.right, RIGHT, "-other")):
            sheet.badge(x + COLUMN / 2, top + 15, icon=side.icon, look=f"badge{other}")
            sheet.y = top + 34
            sheet.say(side.label, LABEL, bold=True, x=x, width=COLUMN, anchor="middle")
            ends.append(sheet.y)
        sheet.y = max(ends)
        for left, right in zip(self.left.points, self.right.points, strict=True):
            sheet.gap(GAP)
            if left.label == right.label and left.note and right.note:
                sheet.say(left.label, NOTE, bold=True)
                sheet.gap(2)
                left, right = Item("", left.note), Item("", right.note)
            top, height = sheet.y, max(self._height(sheet, point) for point in (left, right))
            self._cell(sheet, left, Rect(LEFT, top, COLUMN, height), "side")
            self._cell(sheet, right, Rect(RIGHT, top, COLUMN, height), "side-other")
            sheet.y = top + height

    @staticmethod
    def _height(sheet: Sheet, point: Item) -> float:
        label = wrap(point.label, COLUMN - 2 * PAD, NOTE, True, sheet.key)
        note = wrap(point.note, COLUMN - 2 * PAD, SMALL, False, sheet.key)
        return 2 * PAD + LEADING * (len(label) * NOTE + len(note) * SMALL)

    @staticmethod
    def _cell(sheet: Sheet, point: Item, box: Rect, look: str) -> None:
        sheet.draw(Box(box, look, radius=10))
        sheet.y = box.y + PAD
        for text, size, bold in ((point.label, NOTE, True), (point.note, SMALL, False)):
            sheet.say(text, size, bold=bold, x=box.x + PAD, width=box.width - 2 * PAD, inside=box)

    def _stacked(self, sheet: Sheet) -> None:
        for number, (left, right) in enumerate(zip(self.left.points, self.right.points, strict=True)):
            sheet.gap(18 if number else 0)
            for side, point, other in ((self.left, left, ""), (self.right, right, "-other")):
                shown = Item(point.label, point.note, side.icon)
                sheet.panel(shown, look=f"side{other}", pad=9, icon=True, over=side.label)
                sheet.gap(4)
            sheet.gap(-4)

    def rows(self) -> Rows:
        labels = (self.left.label, self.right.label)
        points = zip(self.left.points, self.right.points, strict=True)
        rows = [(_in_one(left), _in_one(right)) for left, right in points]
        first = [] if labels == self.heads else [labels]
        # What stands apart belongs to neither side, so it spans both columns.
        return [("", first + rows), *([(_in_one(self.aside), [])] if self.aside else [])]


@dataclass(frozen=True)
class Steps:
    """Numbered steps from top to bottom, one after the other, and perhaps back to the first."""

    needs: ClassVar[str] = "alt steps"
    may: ClassVar[str] = "loop aside"
    steps: tuple[Item, ...]
    loop: bool
    aside: Item | None

    @classmethod
    def read(cls, entry: Entry, data: Path) -> Steps:
        steps = _items(entry, "steps")
        if not 3 <= len(steps) <= 8:
            raise entry.mistake("pictures.steps", found=len(steps))
        return cls(steps, entry.flag("loop"), _apart(entry, "aside"))

    def finding(self) -> None:
        return None

    def draw(self, sheet: Sheet) -> None:
        trunk, left = EDGE + 15, EDGE + 38
        right = PAGE - EDGE - (14 if self.loop else 0)
        line, middles = sheet.reserve(), []
        for number, step in enumerate(self.steps, 1):
            sheet.gap(10 if number > 1 else 0)
            box = sheet.panel(step, x=left, width=right - left, pad=10, mark=True)
            middles.append(box.y + box.height / 2)
            sheet.badge(trunk, middles[-1], text=str(number))
        first, last = middles[0], middles[-1]
        sheet.put(line, Line(f"M{plain(trunk)} {plain(first)}V{plain(last)}", "accent"))
        if self.loop:
            way = f"M{plain(right)} {plain(last)}h6q8 0 8-8V{plain(first + 8)}q0-8-8-8h-5m5-5l-5 5l5 5"
            sheet.line(way, "accent")
            sheet.gap(6)
            sheet.say(say("pictures.then_back"), SMALL, look="quiet", anchor="end")
        _draw_apart(sheet, self.aside, 16)

    def rows(self) -> Rows:
        rows = [(f"{number} {step.label}", step.note) for number, step in enumerate(self.steps, 1)]
        rows += [(say("pictures.then"), say("pictures.back"))] if self.loop else []
        return [("", rows + ([self.aside.row()] if self.aside else []))]


KINDS = {
    "ladder": Ladder,
    "branches": Branches,
    "cards": Cards,
    "survey": Survey,
    "pair": Pair,
    "steps": Steps,
}


def _or(words: Iterable[str]) -> str:
    """Often, Always -> Often or always."""
    joined = reduce(lambda one, other: say("pictures.one_or_other", one=one, other=other), words)
    return joined[:1].upper() + joined[1:].lower()


def _in_one(item: Item) -> str:
    """The label and the note as a reader says them: Wait, Silence is not a yes. -> Wait. Silence is not a yes."""
    ended = item.label.rstrip("”’\"'").endswith((".", "!", "?", "…", ":"))
    return f"{item.label}{'' if ended else '.'} {item.note}" if item.note else item.label


def _percent(number: int) -> str:
    return say("pictures.percent", number=number)


def _unstopped(sentence: str) -> str:
    return sentence.rstrip(".!? ")
