"""The published lessons: static files that open from a web host or a USB stick, with no kernel behind them."""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
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
from alongside.surfaces import after, direct, screen
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
    with _Kernels() as kernels:
        opened = [(lesson, open_notebook(lesson.path)) for lesson in _all()]
        # What needs a program runs in kernels of its own, while the other pages are drawn.
        running = {
            lesson.path: kernels.start(notebook, lesson)
            for lesson, notebook in opened
            if not direct.run(notebook)
        }
        for lesson, notebook in sorted(opened, key=lambda one: one[0].path in running):
            tell(say("site.drawing", title=lesson.title))
            if lesson.path in running:
                running[lesson.path].result()
            elif complaint := _complaint(notebook):
                raise _failed(lesson, complaint)
            page = pages.draw(pages.prepare(notebook, SITE, name=lesson.name, folder=lesson.folder))
            made[Path(SITE.file(lesson.folder, lesson.name))] = page
    for page in about.pages():
        notebook = pages.prepare(about.notebook(page.name), SITE, name=page.name, folder="about")
        made[Path(SITE.file("about", page.name))] = pages.draw(notebook)
    home = pages.prepare(about.notebook(about.HOME), SITE, name=about.HOME, folder="")
    made[Path(SITE.file("", about.HOME))] = pages.draw(home)
    first = SITE.file("", about.HOME)
    checkin = SITE.file("notebooks", after.CHECK_IN)
    made[Path(screen.NAME)] = screen.draw(first, after.NAME)
    made[Path(after.NAME)] = after.draw(first, "page.html", checkin if Path(checkin) in made else "")
    made[Path("page.html")] = pages.NEUTRAL
    folder.write(to, made, MANIFEST)
    return sorted(made)


def _all() -> tuple[Lesson, ...]:
    found = lessons()
    if not found:
        raise AlongsideError(say("site.no_lesson"))
    return found + exercises()


def run(notebook: nbformat.NotebookNode, lesson: Lesson) -> None:
    """Fill in the outputs of a lesson's cells, in a kernel where one is needed.

    Raises :class:`AlongsideError` with what the failing cell said.
    """
    if not direct.run(notebook):
        with _Kernels() as kernels:
            kernels.start(notebook, lesson).result()
    elif complaint := _complaint(notebook):
        raise _failed(lesson, complaint)


def _failed(lesson: Lesson, complaint: str) -> AlongsideError:
    notebook = f"{lesson.folder}/{lesson.name}.ipynb"
    return AlongsideError(
        say("site.not_run", notebook=notebook, complaint=complaint or say("site.cell_failed"))
    )


def _complaint(notebook: nbformat.NotebookNode) -> str:
    """What the failing cell said, in one line; "" where none failed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return (output.evalue.strip() or output.ename).splitlines()[0]
    return ""


class _Kernels:
    """Kernels that run side by side, one a lesson, as on every other surface: no lesson depends on the one before it.

    Each has a thread of its own: in the main one nbclient would take Ctrl-C for itself.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=2)  # more would only wait for one another
        self._running: list[tuple[NotebookClient, asyncio.AbstractEventLoop, asyncio.Task[object]]] = []

    def __enter__(self) -> _Kernels:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client, loop, task in [
            *self._running
        ]:  # still there only where something has failed, or at Ctrl-C
            atexit.unregister(client._cleanup_kernel)  # it may be under way, and fails a second time
            with suppress(RuntimeError):  # ended in this moment
                loop.call_soon_threadsafe(task.cancel)  # which also ends the kernel
        self._threads.shutdown()

    def start(self, notebook: nbformat.NotebookNode, lesson: Lesson) -> Future[None]:
        """Begin to fill in a notebook's outputs. The result raises :class:`AlongsideError` where a cell fails."""
        return self._threads.submit(self._run, notebook, lesson)

    def _run(self, notebook: nbformat.NotebookNode, lesson: Lesson) -> None:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_PER_CELL,
            kernel_name="python3",  # this one, whatever program the lesson was last edited with
            store_widget_state=False,
            shutdown_kernel="immediate",  # it has nothing to save
            resources={"metadata": {"path": str(lesson.path.parent)}},
        )
        with closing(asyncio.new_event_loop()) as loop:
            work = client.async_execute(stderr=subprocess.DEVNULL, env={**os.environ, ON_A_SITE: "1"})
            entry = (client, loop, loop.create_task(work))
            self._running.append(entry)
            try:
                loop.run_until_complete(entry[2])
            except CellExecutionError:
                raise _failed(lesson, _complaint(notebook)) from None
            except (CellTimeoutError, RuntimeError):  # a program that died is a RuntimeError
                raise AlongsideError(
                    say("site.not_ended", notebook=f"{lesson.folder}/{lesson.name}.ipynb")
                ) from None
            finally:
                self._running.remove(entry)
