"""Where things are: the folder of the course, and the address of each page seen from another."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "MARK",
    "ON_A_SITE",
    "ON_BINDER",
    "OURS",
    "OUR_COURSE",
    "ROOT",
    "SITE",
    "VOILA",
    "WHEEL",
    "Surface",
]

_PACKAGE = Path(__file__).resolve().parents[1]

#: Whether the package came as a wheel, which brings the course along inside of itself (``pyproject.toml`` puts it there).
WHEEL = (_PACKAGE / "curriculum").is_dir()
#: What the package brings: in a wheel nobody's to change, else the folder that the package lies in.
OURS = _PACKAGE / "curriculum" if WHEEL else _PACKAGE.parent
#: Stands at the top of a folder of one's own, which ``own.py`` makes and renews.
MARK = ".alongside-course.json"
#: Set in the environment, it names the folder of the course: for a hub, and for what ``serve.py`` starts.
OUR_COURSE = "ALONGSIDE_COURSE"


def _root() -> Path:
    if named := os.environ.get(OUR_COURSE):
        return Path(named).expanduser().resolve()
    try:
        here = Path.cwd()
    except OSError:  # somebody deleted the folder
        return OURS
    return next((folder for folder in (here, *here.parents) if _is_own(folder)), OURS)


def _is_own(folder: Path) -> bool:
    """Whether it is a folder of one's own. Somebody else's, such as one that was put into a folder that all can write in,
    is none: its notebooks would be run."""
    try:
        owner = (folder / MARK).stat().st_uid
    except OSError:
        return False
    return not hasattr(os, "geteuid") or owner in (0, os.geteuid())


#: The folder that holds notebooks/, exercises/ and data/: one's own, if the command is given inside of it.
ROOT = _root()

#: Set in the environment of whatever runs where pages are published: there a tool shows its example at once, since
#: no program will be behind the page.
ON_A_SITE = "ALONGSIDE_SITE"

#: Binder sets one of these for what it runs.
ON_BINDER = ("BINDER_LAUNCH_HOST", "BINDER_SERVICE_HOST", "BINDER_REF_URL")


@dataclass(frozen=True, slots=True)
class Surface:
    """One way to read the pages, and how they lie there: ``ending`` of a page's file, and the folder whose pages
    stand at the top instead of in it, if any."""

    ending: str
    at_the_top: str = ""

    def file(self, folder: str, name: str) -> str:
        """Where a page of "notebooks", "exercises" or "about" lies, from the top: "exercises/05-share-power.html". The
        first page of all has no folder."""
        return f"{'' if folder in ('', self.at_the_top) else f'{folder}/'}{name}{self.ending}"

    def address(self, folder: str, name: str, *, seen_from: str) -> str:
        """The address of a page in a link on a page of the folder ``seen_from``."""
        return posixpath.relpath(self.file(folder, name), posixpath.dirname(self.file(seen_from, "x")) or ".")


#: Published files: lessons beside each other, exercises and the pages about the course in folders below.
SITE = Surface(".html", at_the_top="notebooks")
#: Voilà and JupyterLab keep the notebooks' own folders and names.
VOILA = Surface(".ipynb")
