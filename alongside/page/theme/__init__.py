"""How everything looks: the stylesheets, the page templates, and where Jupyter finds them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

__all__ = ["JUPYTER", "TEMPLATES", "activity_css", "page_css", "svg_address"]

FOLDER = Path(__file__).parent
#: A folder as Jupyter wants it on JUPYTER_PATH: nbconvert/templates/alongside inside it.
JUPYTER = FOLDER.parent / "jupyter"
TEMPLATES = JUPYTER / "nbconvert" / "templates"


@cache
def _sheet(name: str) -> str:
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = re.sub(r"/\*[\s\S]*?\*/\n?", "", text)
    text = re.sub(r"\s*([{};,])\s*|(:)\s+", r"\1\2", text)  # a phone on a slow line need not load the indents
    return text.replace("}", "}\n").strip() + "\n"


def activity_css() -> str:
    """The stylesheet of the activities, for every surface."""
    return _sheet("activity.css")


def page_css() -> str:
    """The stylesheet of a whole page: the activities and what stands around them."""
    return _sheet("activity.css") + _sheet("page.css")


def svg_address(svg: str) -> str:
    """An SVG picture as an address that asks for no other file, as short as it can stand on a page.

    Only what an address or a page would misread is written as a number: no browser minds a space, or a letter of
    another language. Where white space stands between two tags, none is drawn.
    """
    svg = re.sub(r"[ \n\t]+", " ", svg).replace("> <", "><").strip()
    svg = re.sub(r"=\"([^\"']*)\"", r"='\1'", svg)
    return "data:image/svg+xml," + re.sub(r'[%#"<>&?]', lambda found: f"%{ord(found[0]):02X}", svg)
