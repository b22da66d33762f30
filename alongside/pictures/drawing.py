"""Drawing: a sheet that is filled from top to bottom, in one visual language for all pictures.

No browser is needed: text is wrapped by ``measure``, whose letter widths are those of a wide system font, so that
real text is never longer. Sizes are in units of the picture, which is ``PAGE`` of them wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import ClassVar

from alongside.course.entry import mistake

PAGE, EDGE = 340, 16
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


def style(looks: set[str]) -> str:
    """The rules of these looks, for light and for dark: a picture carries no others, because a page carries it."""

    def rules(scheme: int) -> str:
        colors = {look: LOOKS[look][scheme] for look in LOOKS if look in looks}
        return "".join(f".{look}{{fill:{fill};stroke:{stroke}}}" for look, (fill, stroke) in colors.items())

    return (
        rules(0)
        + ".glyph,.mark{stroke-width:2;stroke-linecap:round;stroke-linejoin:round}"
        + ".accent,.apart-line{stroke-width:2}.rail{stroke-width:4}.apart,.apart-line{stroke-dasharray:5 4}"
        + f"@media screen and (prefers-color-scheme:dark){{{rules(1)}}}"
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
    "hand": "M-4 1V-4.5a1.5 1.5 0 0 1 3 0V-1M-1-1V-7a1.5 1.5 0 0 1 3 0V-1M2-1V-5.5a1.5 1.5 0 0 1 3 0V0"
    "M5-2a1.5 1.5 0 0 1 3 0V3Q8 9 2 9Q-1 9-4 5L-7 1.5Q-6-1-4 1",
    "handshake": "M-9-5L-6-6L0-4L6-6L9-5M0-4L-4 0Q-3 3 0 1L2 0L6 3M-9 3L-6 3L-1 7Q1 8 2 6L6 3L9 3",
    "heart": "M0 7C-12-1-6-9 0-4C6-9 12-1 0 7Z",
    "house": "M-9 0L0-8L9 0M-6-2V8H6V-2",
    "key": "M-9 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M-2 0H8V4M4 0V3",
    "late": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0M0-4V0L3 3",
    "lightbulb": "M-3 4C-3 2-6 0-6-3A6 6 0 0 1 6-3C6 0 3 2 3 4ZM-2 8H2",
    "list": "M-3-6H8M-3 0H8M-3 6H8M-7-6h.01M-7 0h.01M-7 6h.01",
    "lock": "M-6-1H6V8H-6ZM-4-1V-4a4 4 0 0 1 8 0V-1M0 3V4",
    "map": "M-8-5L-3-7L3-5L8-7V5L3 7L-3 5L-8 7ZM-3-7V5M3-5V7",
    "megaphone": "M-8-2V3H-4L6 7V-7L-4-2ZM-4 3L-3 8H0M9-2V2",
    "money": "M-9-5H9V5H-9ZM-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
    "no": "M-7 0H7",
    "pen": "M-7 7L-6 3L4-7L7-4L-3 6ZM2-5L5-2",
    "people": "M-4 8C-4 2 4 2 4 8M0 0a3 3 0 1 0 0-6a3 3 0 1 0 0 6M-10 7Q-10 3-7 2.5M10 7Q10 3 7 2.5"
    "M-7-.5a1.7 1.7 0 1 0 0-3.4a1.7 1.7 0 1 0 0 3.4M7-.5a1.7 1.7 0 1 0 0-3.4a1.7 1.7 0 1 0 0 3.4",
    "person": "M-7 8C-7 1 7 1 7 8M0-1a4 4 0 1 0 0-8a4 4 0 1 0 0 8",
    "plant": "M0 8V-1M0 3C-7 3-8-1-8-4C-2-4 0-1 0 3M0-1C0-6 3-8 8-8C8-3 5-1 0-1",
    "question": "M-4-3C-4-8 4-8 4-3C4 0 0 0 0 3M0 7h.01",
    "scale": "M0-8V8M-4 8H4M-7-5H7M-7-5L-10 2H-4ZM7-5L4 2H10Z",
    "screen": "M-8-7H8V4H-8ZM0 4V8M-4 8H4",
    "search": "M-8-2a6 6 0 1 0 12 0a6 6 0 1 0-12 0M2 3L8 9",
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
        raise mistake(f'data/pictures.yml, "{where}"', "pictures.word_too_long", text=text)
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
        r, round_ = self.rect, f' rx="{plain(self.radius)}"' if self.radius else ""
        return (
            f'<rect class="{self.look}" x="{plain(r.x)}" y="{plain(r.y)}" width="{plain(r.width)}"'
            f' height="{plain(r.height)}"{round_}/>'
        )


@dataclass(frozen=True)
class Line:
    """A path, drawn around a point where one is given."""

    path: str
    look: str
    at: tuple[float, float] | None = None

    def svg(self) -> str:
        move = f' transform="translate({plain(self.at[0])} {plain(self.at[1])})"' if self.at else ""
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
            f'<text class="{self.look}" x="{plain(self.x)}" y="{plain(self.top + self.size * 1.01)}"'
            f' font-size="{plain(self.size)}"{weight}{anchor}>{escape(self.text, quote=False)}</text>'
        )


Shape = Box | Line | Words


@dataclass(frozen=True)
class Item:
    """A label, and perhaps a note and the name of an icon: what stands in one box."""

    label: str
    note: str = ""
    icon: str = ""

    def row(self) -> tuple[str, str]:
        return self.label, self.note


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
        mark: bool = False,
        over: str = "",
    ) -> Rect:
        """A rounded box with a label and a note.

        ``badge`` is a number on a disk at the left; ``icon`` is the item's icon there, ``astride`` puts it on
        the box's edge, and ``mark`` puts it at the right without a disk. ``over`` stands small above the label.
        """
        disk = 15
        left = x + pad
        if astride:
            left = x + disk + 9
        elif badge or icon:
            left = x + pad + 2 * disk + 10
        room = x + width - pad - left - (24 if mark and item.icon else 0)
        texts = (
            (over, SMALL, False, "quiet"),
            (item.label, LABEL, True, "ink"),
            (item.note, NOTE, False, "ink"),
        )
        lines = [
            len(wrap(text, room, size, bold, self.key)) * LEADING * size
            for text, size, bold, _ in texts
            if text
        ]
        height = 2 * pad + max(sum(lines), 2 * disk if left > x + pad else 0)
        box = Rect(x, self.y, width, height)
        self.draw(Box(box, look, radius=10))
        middle = box.y + height / 2
        if mark and item.icon:
            self.draw(Line(ICONS[item.icon], "mark", at=(box.right - pad - 8, middle)))
        if left > x + pad:
            self.badge(
                x if astride else x + pad + disk,
                middle,
                icon="" if badge else item.icon,
                text=badge,
                look={"apart": "badge-apart", "side-other": "badge-other"}.get(look, "badge"),
            )
        self.y = middle - sum(lines) / 2
        for text, size, bold, ink in texts:
            self.say(text, size, bold=bold, look=ink, x=left, width=room, inside=box)
        self.y = box.bottom
        return box


def plain(value: float) -> str:
    """A number as SVG wants it, always written the same way."""
    return f"{round(value, 1):g}"
