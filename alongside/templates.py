"""What is made of HTML or Markdown is a template, in a file of its own beside the code that fills it in.

Whatever is filled in is escaped, and a name that is missing is an error and never an empty place.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alongside.words import LANGUAGE, say

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["fill"]

#: Where the frame of every page lies, with what nbconvert and Voilà draw.
FRAMES = Path(__file__).parent / "page" / "jupyter" / "nbconvert" / "templates" / "alongside"


def fill(template: Path, **values: object) -> str:
    """The text of a Jinja template with these values; ``lang`` and ``say`` are always there. Raises jinja2.UndefinedError where it
    wants another."""
    return _environment(template.parent).get_template(template.name).render(values)


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # the command line starts without it

    made = Environment(
        loader=FileSystemLoader([folder, FRAMES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {"lang": LANGUAGE, "say": say}
    return made
