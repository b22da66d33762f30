"""Paper: a Typst template and its data become a PDF. Nothing here knows what a lesson is.

    press(Path(__file__).with_name("cards.typ"), {"title": "Cards", ...}, "a4")      # bytes

A template is a file beside the code that fills it in, as one of HTML is. It begins with
``#import "/press/paper.typ": *`` and ``#show: sheet``; ``/`` is the package's folder. ``data`` is there as JSON and
as nothing else, so no word of a lesson can be taken for code. It has a ``title``, which is the document's.

Every PDF is tagged (PDF/UA-1: a screen reader finds headings, lists, tables and what pictures show), says its language,
is black, white and gray, is set in a font made for low vision, and has the same bytes for the same data. Nothing is
asked of a network or of the system's fonts.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside.errors import AlongsideError
from alongside.press.markdown import tree
from alongside.words import LANGUAGE, say

if TYPE_CHECKING:
    import typst

__all__ = ["PAPERS", "NoPress", "gray", "press", "tree"]

PAPERS = {"letter": "us-letter", "a4": "a4"}
"""The paper that we print on: its name in a folder's or a file's name, and its name in Typst."""

#: What "/" is in a template.
ROOT = Path(__file__).parents[1]
#: The day that every PDF says it was made on (2026-01-01, in seconds): the same data gives the same bytes.
MADE = 1767225600

_COLOR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})\b")
#: What a page of a screen needs and paper doesn't: the dark colors, and a font of the system.
_FOR_SCREENS = re.compile(
    r"@media screen[^{]*\{(?:[^{}]*\{[^{}]*\})*\}|<!--.*?-->|<(title|desc) .*?</\1>", re.DOTALL
)
_FAMILY = re.compile(r'font-family="[^"]*"')
#: How Typst says that a letter is in none of our fonts.
_NO_LETTER = re.compile(r'the text [`"]+(.+?)[`"]+ could not be displayed')

#: How a template says that its words don't fit its sides: press/fit.typ.
_TOO_LONG = "too-long"


class NoPress(AlongsideError):
    """Typst isn't there: it has no ready-made package for this computer. The pages can still be printed from a browser."""

    def __init__(self) -> None:
        super().__init__(say("press.no_press"))


def press(template: Path, data: Mapping[str, Any], paper: str) -> bytes:
    """The PDF of a template with this data, every page of it on ``paper`` ("letter" or "a4").

    Raises :class:`NoPress` where this computer can't make any, and :class:`AlongsideError` where a letter is in none of
    our fonts. A template that is wrong is a ``RuntimeError`` of Typst's.
    """
    return compiled(template, data, paper)[0]


def compiled(template: Path, data: Mapping[str, Any], paper: str) -> tuple[bytes, list[str]]:
    """The PDF, and what Typst warns of. A test holds that it warns of nothing."""
    try:
        import typst
    except ImportError:
        raise NoPress from None
    inputs = {"data": json.dumps({**data, "lang": LANGUAGE}, ensure_ascii=False), "paper": PAPERS[paper]}
    try:
        made, warnings = typst.compile_with_warnings(
            template,
            root=ROOT,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=MADE,
        )
    except typst.TypstError as error:
        if missing := _NO_LETTER.search(str(error)):
            raise AlongsideError(say("press.no_letter", letter=missing[1], title=data["title"])) from None
        if _TOO_LONG in str(error):
            raise AlongsideError(say("press.too_long", title=data["title"])) from None
        raise
    assert isinstance(made, bytes)  # a PDF is one file, however many pages it has
    return made, [warning.message for warning in warnings]


@cache
def _fonts() -> typst.Fonts:
    import fontpkg_atkinson_hyperlegible as hyperlegible
    import typst

    folders = [hyperlegible.ROOT / "files"]
    # DejaVu, for signs and alphabets that the first lacks: it lies in matplotlib, which is not loaded for it.
    if (found := importlib.util.find_spec("matplotlib")) and found.origin:
        folders.append(Path(found.origin).parent / "mpl-data" / "fonts" / "ttf")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*map(str, folders)]
    )


def gray(svg: str) -> str:
    """A picture of ours for paper: each color as the gray that is as light, and our font."""

    def as_light(color: re.Match[str]) -> str:
        red, green, blue = (int(part, 16) for part in color.groups())
        return "#" + 3 * f"{round(0.2126 * red + 0.7152 * green + 0.0722 * blue):02x}"

    plain = _COLOR.sub(as_light, _FOR_SCREENS.sub("", svg))
    return _FAMILY.sub('font-family="Atkinson Hyperlegible"', plain)
