"""The lessons' pictures: described in ``data/pictures.yml``, drawn as SVG into ``notebooks/pictures/``.

``draw_all`` makes the files, ``stale`` says which of them no longer match the data, and ``picture`` shows one
in a lesson with its caption and the same in words. A new kind of picture is one class in ``kinds``; how pictures
look is in ``drawing``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from alongside import templates
from alongside.course.entry import Entry, read_entries
from alongside.course.place import ROOT
from alongside.errors import AlongsideError, nearest
from alongside.pictures.drawing import EDGE, NOTE, PAGE, SMALL, TITLE, Box, Rect, Sheet, plain, style
from alongside.pictures.kinds import KINDS, Kind
from alongside.words import LANGUAGE, say

__all__ = ["Picture", "draw_all", "picture", "pictures", "stale"]

DATA = ROOT / "data"
FOLDER = ROOT / "notebooks" / "pictures"
FIGURE = Path(__file__).parent / "figure.html.j2"
MARK = "<!-- Drawn by `alongside pictures` from data/pictures.yml: change the words there. -->"


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
        size = f'viewBox="0 0 {PAGE} {plain(sheet.y)}" width="{PAGE}" height="{plain(sheet.y)}"'
        shapes = [Box(Rect(0.5, 0.5, PAGE - 1, sheet.y - 1), "page", radius=14).svg()]
        shapes += [shape.svg() for shape in sheet.shapes]
        looks = set(re.findall(r'class="([\w-]+)"', "".join(shapes)))
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc"'
                f' lang="{LANGUAGE}" font-family="system-ui, sans-serif">',
                MARK,
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="desc">{escape(self.alt)}</desc>',
                f"<style>{style(looks)}</style>",
                *shapes,
                "</svg>",
                "",
            ]
        )

    def html(self, svg: str) -> str:
        """The picture on a page. No style attribute and no other file: the page's policy forbids both."""
        # What it says in words stands beside it on the page, and the page is small with all that it loads.
        spoken = r'<!--.*?-->|<(title|desc) .*?</\1>|role="img" aria-labelledby="title desc" |\n'
        svg = re.sub(spoken, "", svg)
        svg = re.sub(r"=\"([^\"']*)\"", r"='\1'", svg)  # in an address, each " would take three letters
        address = quote(svg, safe="/:;=,()' ")  # no browser minds a space
        return templates.fill(
            FIGURE,
            picture=self,
            address=address,
            width=PAGE,
            height=plain(self.sheet().y),
            rows=self.kind.rows(),
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        file = FOLDER / f"{self.key}.svg"
        if not file.is_file():
            raise AlongsideError(say("pictures.not_drawn", name=self.key, file=_short(file)))
        return {"text/html": self.html(file.read_text(encoding="utf-8")), "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


def pictures(data: Path = DATA) -> dict[str, Picture]:
    """Read every picture that ``pictures.yml`` in a folder describes."""
    return {key: _read(key, value, data) for key, value in read_entries(data / "pictures.yml").value.items()}


def _read(key: str, value: object, data: Path) -> Picture:
    where = f'data/pictures.yml, "{key}"'
    entry = Entry(value, where)
    name = entry.text("kind", "")
    if name not in KINDS:
        raise entry.mistake("pictures.unknown_kind", name=name, nearest=nearest(name, KINDS))
    found = KINDS[name]
    entry = Entry(value, where, f"kind title caption heads {found.needs}", f"lead source {found.may}")
    kind: Kind = found.read(entry, data)
    heads = entry.texts("heads")
    if len(heads) != 2:
        raise entry.mistake("pictures.no_heads")
    return Picture(
        key=key,
        title=entry.text("title"),
        lead=entry.text("lead", ""),
        alt=kind.finding() or entry.text("alt"),
        caption=entry.text("caption"),
        source=entry.text("source", ""),
        heads=(heads[0], heads[1]),
        kind=kind,
    )


def picture(key: str) -> Picture:
    """Show a picture with its caption and the same in words: the last line of a lesson's cell."""
    book = read_entries(DATA / "pictures.yml")
    if key not in book:
        raise AlongsideError(say("pictures.unknown_picture", name=key, nearest=nearest(key, book.value)))
    return _read(key, book[key], DATA)


def draw_all(folder: Path | None = None, data: Path = DATA) -> list[Path]:
    """Draw every picture into a folder and take away those of ours that no entry describes any more.

    Files that it did not make itself are never written over.
    """
    folder = folder or FOLDER
    drawn = {folder / f"{key}.svg": one.svg() for key, one in pictures(data).items()}
    for file in drawn:
        if file.exists() and not _ours(file):
            raise AlongsideError(say("pictures.not_ours", file=_short(file)))
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
        say("pictures.changed" if file.exists() else "pictures.missing", file=file.name)
        for key, one in known.items()
        if not (file := folder / f"{key}.svg").exists() or file.read_bytes() != one.svg().encode()
    ]
    left = [
        say("pictures.left_over", file=file.name)
        for file in sorted(folder.glob("*.svg"))
        if file.stem not in known and _ours(file)
    ]
    return [*old, *left]


def _ours(file: Path) -> bool:
    return MARK.encode() in file.read_bytes()[:1000]


def _short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)
