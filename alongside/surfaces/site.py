"""The published lessons: static files that open from a web host or a USB stick, with no kernel behind them."""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from alongside import folder
from alongside.course import about
from alongside.course.lesson import Lesson, exercises, lessons, open_notebook
from alongside.course.place import ON_A_SITE, SITE
from alongside.errors import AlongsideError
from alongside.page import html as pages
from alongside.surfaces import direct
from alongside.words import say

__all__ = ["publish", "run"]

MANIFEST = ".alongside-site.json"
SECONDS_PER_CELL = 120


def publish(to: Path, tell: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Run every lesson and exercise and write them as pages into the folder ``to``; gives the files' paths in it.

    ``tell`` is called with a sentence before each page. The folder is filled in one go at the end: when a lesson
    fails, :class:`AlongsideError` names it and nothing was changed. A folder that holds files of others is refused.
    """
    to = Path(to)
    folder.check(to, MANIFEST)
    made: dict[Path, str | bytes] = {}
    for lesson in _all():
        tell(say("site.drawing", title=lesson.title))
        made[Path(SITE.file(lesson.folder, lesson.name))] = _page(lesson)
    for page in about.pages():
        notebook = pages.prepare(about.notebook(page.name), SITE, name=page.name, folder="about")
        made[Path(SITE.file("about", page.name))] = pages.draw(notebook)
    first = lessons()[0]
    made[Path("index.html")] = pages.front(SITE.file(first.folder, first.name))
    made[Path("page.html")] = pages.NEUTRAL
    folder.write(to, made, MANIFEST)
    return sorted(made)


def _all() -> tuple[Lesson, ...]:
    found = lessons()
    if not found:
        raise AlongsideError(say("site.no_lesson"))
    return found + exercises()


def _page(lesson: Lesson) -> str:
    notebook = open_notebook(lesson.path)
    run(notebook, lesson)
    return pages.draw(pages.prepare(notebook, SITE, name=lesson.name, folder=lesson.folder))


def run(notebook: nbformat.NotebookNode, lesson: Lesson) -> None:
    """Fill in the outputs of a lesson's cells, in a kernel where one is needed.

    Raises :class:`AlongsideError` with what the failing cell said.
    """
    if not direct.run(notebook):
        _run_in_a_kernel(notebook, lesson)
    elif complaint := _complaint(notebook):
        raise _failed(lesson, complaint)


def _failed(lesson: Lesson, complaint: str) -> AlongsideError:
    notebook = f"{lesson.folder}/{lesson.name}.ipynb"
    return AlongsideError(
        say("site.not_run", notebook=notebook, complaint=complaint or say("site.cell_failed"))
    )


def _run_in_a_kernel(notebook: nbformat.NotebookNode, lesson: Lesson) -> None:
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
        raise _failed(lesson, _complaint(notebook)) from None
    except (CellTimeoutError, RuntimeError):  # a program that died is a RuntimeError
        raise AlongsideError(say("site.not_ended", notebook=f"{lesson.folder}/{lesson.name}.ipynb")) from None


def _complaint(notebook: nbformat.NotebookNode) -> str:
    """What the failing cell said, in one line; "" where none failed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return (output.evalue.strip() or output.ename).splitlines()[0]
    return ""


def _run(client: NotebookClient) -> None:
    """Run all cells, in a thread of their own: in the main one nbclient would take Ctrl-C for itself."""
    with closing(asyncio.new_event_loop()) as loop, ThreadPoolExecutor(max_workers=1) as thread:
        running = loop.create_task(
            client.async_execute(stderr=subprocess.DEVNULL, env={**os.environ, ON_A_SITE: "1"})
        )
        try:
            thread.submit(loop.run_until_complete, running).result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(running.cancel)  # which also ends the kernel
            atexit.unregister(client._cleanup_kernel)  # it may be under way, and fails a second time
            raise
