"""The published lessons: static files that open from a web host or a USB stick, with no kernel behind them."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbconvert.exporters import HTMLExporter

from alongside import content, pages, theme
from alongside.errors import AlongsideError

__all__ = ["publish"]

#: The list of files that a folder was made of; only they are ever replaced.
MANIFEST = ".alongside-site.json"
SECONDS_PER_CELL = 120


def publish(to: Path, tell: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Run every lesson and exercise and write them as pages into the folder ``to``; gives the files' paths in it.

    ``tell`` is called with a sentence before each page. The folder is filled in one go at the end: when a lesson
    fails, :class:`AlongsideError` names it and nothing was changed. A folder that holds files of others is refused.
    """
    to = Path(to)
    _check(to)
    made: dict[Path, str] = {}
    for folder, lesson in _all():
        tell(f"Drawing {lesson.title} …")
        place = (
            Path("exercises") / f"{lesson.name}.html"
            if folder == "exercises"
            else Path(f"{lesson.name}.html")
        )
        made[place] = _page(lesson, folder)
    made[Path("index.html")] = _front(content.lessons()[0].name)
    made[Path("page.html")] = pages.NEUTRAL
    _check(to)  # the work took a while, and something may have been put there since
    _write(to, made)
    return sorted(made)


def _all() -> Iterator[tuple[str, content.Lesson]]:
    lessons = content.lessons()
    if not lessons:
        raise AlongsideError("There is no lesson in notebooks/. Put one there, then try again.")
    for lesson in lessons:
        yield "notebooks", lesson
    for exercise in content.exercises():
        yield "exercises", exercise


def _page(lesson: content.Lesson, folder: str) -> str:
    notebook = nbformat.read(lesson.path, as_version=4)
    # One kernel a lesson, as on every other surface: a lesson never depends on the one before it.
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",  # this one, whatever program the lesson was last edited with
        store_widget_state=False,
        shutdown_kernel="immediate",  # it has nothing to save
        resources={"metadata": {"path": str(lesson.path.parent)}},
    )
    try:
        _run(client)
    except CellExecutionError:
        raise AlongsideError(
            f"{folder}/{lesson.name}.ipynb could not be run: {_complaint(notebook)} "
            "Mend that cell, then try again. Nothing was written."
        ) from None
    except (CellTimeoutError, RuntimeError):  # a program that died is a RuntimeError
        raise AlongsideError(
            f"{folder}/{lesson.name}.ipynb did not finish: its program stopped or took too long. "
            "Run it in JupyterLab to see which cell, then try again. Nothing was written."
        ) from None
    return draw(pages.prepare(notebook, pages.SITE, name=lesson.name, folder=folder))


def _complaint(notebook: nbformat.NotebookNode) -> str:
    """What the failing cell said, in one line."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return (output.evalue.strip() or output.ename).splitlines()[0]
    return "a cell failed."


def _run(client: NotebookClient) -> None:
    """Run all cells, in a thread of their own: in the main one nbclient would take Ctrl-C for itself."""
    with closing(asyncio.new_event_loop()) as loop, ThreadPoolExecutor(max_workers=1) as thread:
        running = loop.create_task(client.async_execute(stderr=subprocess.DEVNULL))
        try:
            thread.submit(loop.run_until_complete, running).result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(running.cancel)  # which also ends the kernel
            atexit.unregister(client._cleanup_kernel)  # it may be under way, and fails a second time
            raise


def draw(notebook: nbformat.NotebookNode) -> str:
    """The page of a notebook that was run and prepared."""
    exporter = HTMLExporter(
        extra_template_basedirs=[str(theme.TEMPLATES)], template_name="alongside", filters=pages.FILTERS
    )
    text, _ = exporter.from_notebook_node(notebook)
    return text


def _front(first: str) -> str:
    """The address without a page's name leads to the first lesson."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Start</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:">'
        f'<meta http-equiv="refresh" content="0; url={first}.html"><link rel="icon" href="data:,"></head>'
        f'<body><main><h1>Start</h1><p><a href="{first}.html">Go to the first page</a></p></main></body></html>\n'
    )


def _own(to: Path) -> set[Path]:
    """The paths in ``to`` of the files that this command made there before."""
    try:
        names = json.loads((to / MANIFEST).read_text(encoding="utf-8"))
        return {Path(name) for name in names} | {Path(MANIFEST)}
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


def _check(to: Path) -> None:
    """Refuse, before the long work begins, a folder that can't be used."""
    there = next(path for path in (to, *to.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise AlongsideError(f"{there} is a file, and a folder was expected. Choose another name after --to.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise AlongsideError(f"{there} can't be written to. Choose a folder of your own after --to.")
    own = _own(to)
    for path in _found(to) if to.exists() else ():
        if path not in own or (to / path).is_symlink():
            raise AlongsideError(
                f"{to} holds files that this command did not make, such as {path}. "
                "Only its own files are ever replaced. Choose an empty or a new folder after --to."
            )


def _write(to: Path, made: dict[Path, str]) -> None:
    """Write all pages into a folder aside, inside ``to``, then put them in their places in one go.

    A full disk, Ctrl-C or a file that can't be moved leaves the old pages whole, and nothing of the new ones.
    """
    missing = [path for path in (to, *to.parents) if not path.exists()]
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to, prefix=".alongside-") as name:
            new, old = Path(name, "new"), Path(name, "old")
            made = {**made, Path(MANIFEST): json.dumps(sorted(place.as_posix() for place in made))}
            for place, text in made.items():
                (new / place).parent.mkdir(parents=True, exist_ok=True)
                (new / place).write_text(text, encoding="utf-8", newline="\n")
            with _undisturbed():
                _swap(to, new, old, set(made))
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C comes too late here: the pages are written, and moving them is over in a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _swap(to: Path, new: Path, old: Path, made: set[Path]) -> None:
    """Move our old files out of ``to`` and the new ones in; where one can't be moved, take every move back."""
    moves: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        moves.append((source, target))

    ours = _own(to) & set(_found(to))  # whatever the list names, nothing outside the folder is touched
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
