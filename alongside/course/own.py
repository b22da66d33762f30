"""A folder of one's own: the lessons, exercises and data that the package brings, to change and to write beside.

Whoever installed the package as a wheel opens and changes this folder, and never what was installed. It is renewed with
the package, and what somebody changed in it stays theirs: the folder's mark holds the fingerprint of each file as it came.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from alongside.course.place import MARK, OUR_COURSE, OURS, ROOT
from alongside.errors import AlongsideError
from alongside.folder import files, of_the_system
from alongside.words import say

__all__ = ["FILES", "Brought", "bring", "files_of"]

#: The files of a course. A test holds the wheel to the same. What else lies there, such as answers that somebody put beside
#: a lesson, is never carried anywhere.
FILES = (
    "notebooks/*.ipynb",
    "notebooks/pictures/*.svg",
    "exercises/*.ipynb",
    "data/*.yml",
    "data/*.py",
    "data/*.png",
    "data/about/*.md",
    "data/practice/README.md",
    "data/practice/codebook-*.yml",
    "data/practice/invented-*",
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What :func:`bring` did: files written or taken away, and those that stay as somebody changed them."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def files_of(course: Path) -> list[str]:
    """The paths, within its folder, of all files of a course; sorted."""
    return sorted(path.relative_to(course).as_posix() for kind in FILES for path in files(course, kind))


def bring(to: Path) -> Brought:
    """Make a folder of one's own, or renew one; raises :class:`AlongsideError` where the folder holds other things.

    It is made of what the package brings, or of the course that the environment names. Ctrl-C or a full disk on the way
    leaves a folder that the next call makes whole.
    """
    to = Path(os.path.abspath(to))  # noqa: PTH100  absolute() would leave ".." in it
    came_from = ROOT if os.environ.get(OUR_COURSE) else OURS
    before = _read_mark(to)
    if to.resolve() == came_from.resolve():
        return Brought(to, (), ())
    new = {name: (came_from / name).read_bytes() for name in files_of(came_from)}
    if not new:
        raise AlongsideError(say("own.no_course", folder=came_from))
    now = {name: [_fingerprint(data)] for name, data in new.items()}
    to.mkdir(parents=True, exist_ok=True)
    # Until all is in place, a file as it was and as it will be are both ours.
    _write(to, MARK, _mark({name: [*now.get(name, ()), *before.get(name, ())] for name in {*now, *before}}))
    kept = {name for name in _there(to, {*now, *before}) if not _ours(to / name, name, now, before)}
    changed = [name for name in new if name not in kept and _found(to / name) not in now[name]]
    for name in changed:
        _write(to, name, new[name])
    gone = [name for name in _there(to, {*before} - {*now}) if name not in kept]
    for name in gone:
        (to / name).unlink()
    _write(to, MARK, _mark(now))
    return Brought(to, tuple(sorted([*changed, *gone])), tuple(sorted(kept)))


def _read_mark(to: Path) -> Mapping[str, list[str]]:
    """The fingerprints of each file that we put there. Raises where the folder can't be ours."""
    if not os.path.lexists(to):
        return {}
    if not to.is_dir():
        raise AlongsideError(say("own.a_file", path=to))
    try:
        said = json.loads((to / MARK).read_text(encoding="utf-8"))["files"]
        return {str(name): [str(one) for one in prints] for name, prints in said.items()}
    except FileNotFoundError:
        found = next((one for one in sorted(os.listdir(to)) if not of_the_system(one)), None)  # noqa: PTH208  the names alone
        if found is None:
            return {}
        raise AlongsideError(say("own.others", folder=to, path=found)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AlongsideError(say("own.no_mark", folder=to, mark=MARK)) from None


def _mark(prints: Mapping[str, list[str]]) -> bytes:
    return json.dumps({"files": dict(sorted(prints.items()))}, indent=1).encode()


def _there(to: Path, names: Iterable[str]) -> Iterator[str]:
    return (name for name in sorted(names) if os.path.lexists(to / name))


def _ours(path: Path, name: str, *known: Mapping[str, list[str]]) -> bool:
    return any(_found(path) in prints.get(name, ()) for prints in known)


def _found(path: Path) -> str:
    """The fingerprint of a file; nothing of what is no plain file."""
    return _fingerprint(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(to: Path, name: str, data: bytes) -> None:
    """Put a file in its place, whole."""
    (to / name).parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=to, prefix=".alongside-") as aside:
        new = Path(aside, "new")
        new.write_bytes(data)
        new.replace(to / name)
