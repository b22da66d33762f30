"""A folder that a command fills: whole or not at all, and never over the files of somebody else.

Each command keeps a list of the files that it made, under a name of its own (``manifest``), in the folder itself.
Only files on that list are ever replaced.
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.words import say

__all__ = ["check", "files", "of_the_system", "undisturbed", "write"]

_OF_THE_SYSTEM = {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory"}


def of_the_system(name: str) -> bool:
    """Whether a file of this name is nobody's work: a Mac, Windows and others put such a one wherever a folder is looked at,
    and on a stick a Mac puts one beside each file ("._05-share-power.ipynb")."""
    return name.startswith("._") or name.casefold() in _OF_THE_SYSTEM


def files(folder: Path, kind: str) -> list[Path]:
    """The paths in a folder that fit ``kind``, such as "*.ipynb", sorted, without those of the system."""
    return sorted(path for path in folder.glob(kind) if not of_the_system(path.name))


def check(to: Path, manifest: str) -> None:
    """Refuse, before the long work begins, a folder that can't be used; raises :class:`AlongsideError`."""
    there = next(path for path in (to, *to.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise AlongsideError(say("folder.is_a_file", path=there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise AlongsideError(say("folder.not_writable", path=there))
    own = _own(to, manifest)
    for path in _found(to) if to.exists() else ():
        if (path not in own and not of_the_system(path.name)) or (to / path).is_symlink():
            raise AlongsideError(say("folder.files_of_others", folder=to, path=path))


def write(
    to: Path,
    made: Mapping[Path, str | bytes],
    manifest: str,
    just_before: Callable[[], None] = lambda: None,
) -> None:
    """Write all files of ``made`` (path within ``to``: contents) aside, then put them in their places in one go.

    A full disk, Ctrl-C or a file that can't be moved leaves the old files whole, and nothing of the new ones.
    ``just_before`` is called when everything lies ready and nothing was moved yet: what must be on record before
    anybody can see the files belongs there. If it raises, nothing is changed.
    """
    check(to, manifest)  # making them took a while, and something may have been put there since
    missing = [path for path in (to, *to.parents) if not path.exists()]
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to, prefix=".alongside-") as name:
            new, old = Path(name, "new"), Path(name, "old")
            files = {**made, Path(manifest): json.dumps(sorted(place.as_posix() for place in made))}
            for place, contents in files.items():
                (new / place).parent.mkdir(parents=True, exist_ok=True)
                data = contents.encode("utf-8") if isinstance(contents, str) else contents
                (new / place).write_bytes(data)
            with undisturbed():
                just_before()
                _swap(to, new, old, set(files), manifest)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C comes too late here: the files are written, and moving them is over in a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _own(to: Path, manifest: str) -> set[Path]:
    """The paths in ``to`` of the files that this command made there before."""
    try:
        names = json.loads((to / manifest).read_text(encoding="utf-8"))
        return {Path(name) for name in names} | {Path(manifest)}
    except (OSError, ValueError, TypeError):
        return set()


def _found(to: Path) -> Iterator[Path]:
    """The paths in ``to`` of everything but plain folders. No link is followed."""

    def refuse(error: OSError) -> None:
        raise error

    for folder, folders, files in os.walk(to, onerror=refuse):
        for name in [*folders, *files]:
            path = Path(folder, name)
            if name in files or path.is_symlink():
                yield path.relative_to(to)


def _swap(to: Path, new: Path, old: Path, made: set[Path], manifest: str) -> None:
    """Move our old files out of ``to`` and the new ones in; where one can't be moved, take every move back."""
    moves: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        moves.append((source, target))

    # Whatever the list names, nothing outside the folder is touched.
    ours = _own(to, manifest) & set(_found(to))
    try:
        for place in sorted(ours):
            move(to / place, old / place)
        for place in sorted(made):
            move(new / place, to / place)
    except OSError:
        for source, target in reversed(moves):
            target.replace(source)
        raise
    for folder in {place.parent for place in ours - made} - {Path()}:
        with suppress(OSError):
            (to / folder).rmdir()  # a folder whose last page is gone
