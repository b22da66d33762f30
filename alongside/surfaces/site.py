"""The published lessons: static files that open from a web host or a USB stick, with no kernel behind them."""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
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
from alongside.surfaces import after, direct, offline, screen
from alongside.words import say

__all__ = ["publish", "run"]

MANIFEST = ".alongside-site.json"
SECONDS_PER_CELL = 120
#: Of a zip: how this command knows one of its own, the folder in it, the earliest day that it can hold, and the kind of
#: computer that its file rights are for.
ZIPPED_BY, ZIPPED_IN, EARLIEST, UNIX = b"alongside site", "alongside", (1980, 1, 1, 0, 0, 0), 3


def publish(
    to: Path, tell: Callable[[str], None] = lambda _: None, archive: Path | None = None
) -> list[Path]:
    """Run every lesson and exercise and write them as pages into the folder ``to``; gives the files' paths in it.

    ``tell`` is called with a sentence before each page; ``archive``: a zip file that gets the same pages. The folder is
    filled in one go at the end: when a lesson fails, :class:`AlongsideError` names it and nothing was changed. A folder
    that holds files of others is refused, and so is a file that is there and is no zip of this command.
    """
    to = Path(to)
    folder.check(to, MANIFEST)
    if archive:
        _check_archive(archive, to)
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
    beside = [("about", page.name) for page in (*about.pages(), *about.more())]
    for where, name in (*beside, ("", about.HOME), ("", about.SEARCH)):
        notebook = pages.prepare(about.notebook(name), SITE, name=name, folder=where)
        made[Path(SITE.file(where, name))] = pages.draw(notebook)
    first = SITE.file("", about.HOME)
    checkin = SITE.file("notebooks", after.CHECK_IN)
    made[Path(screen.NAME)] = screen.draw(first, after.NAME)
    made[Path(after.NAME)] = after.draw(first, "page.html", checkin if Path(checkin) in made else "")
    made[Path("page.html")] = pages.NEUTRAL
    made[Path(pages.WORKER)] = offline.worker(made)
    with _archived(made, archive):
        folder.write(to, made, MANIFEST)
    return sorted(made)


def _check_archive(archive: Path, to: Path) -> None:
    """Refuse, before the long work begins, a zip file that can't be written; raises :class:`AlongsideError`."""
    if archive.resolve().is_relative_to(to.resolve()):
        raise AlongsideError(say("site.zip_in_the_folder", path=archive, folder=to))
    if not archive.parent.is_dir() or not os.access(archive.parent, os.W_OK | os.X_OK):
        raise AlongsideError(say("site.zip_no_folder", path=archive))
    if os.path.lexists(archive) and not _is_ours(archive):
        raise AlongsideError(say("site.zip_of_others", path=archive))


def _is_ours(archive: Path) -> bool:
    """Whether this command made a file. What is only linked to is somebody else's."""
    if archive.is_symlink() or not archive.is_file():
        return False
    try:
        with zipfile.ZipFile(archive) as held:
            return held.comment == ZIPPED_BY
    except (OSError, zipfile.BadZipFile):
        return False


@contextmanager
def _archived(made: Mapping[Path, str | bytes], archive: Path | None) -> Iterator[None]:
    """A zip of these files, written aside before the folder is filled and put in its place when that went well.

    The same files give the same bytes, wherever and whenever they are packed: the order is theirs by name, and each has
    the earliest day that a zip can hold.
    """
    if archive is None:
        yield
        return
    handle, name = tempfile.mkstemp(dir=archive.parent, prefix=".alongside-")
    try:
        with os.fdopen(handle, "w+b") as file, zipfile.ZipFile(file, "w") as packed:
            packed.comment = ZIPPED_BY
            for place, contents in sorted(made.items(), key=lambda one: one[0].as_posix()):
                entry = zipfile.ZipInfo(f"{ZIPPED_IN}/{place.as_posix()}", EARLIEST)
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, UNIX
                entry.external_attr = 0o100644 << 16
                packed.writestr(entry, contents)
        yield
        Path(name).chmod(0o644)  # a file that was made aside is for its maker alone
        Path(name).replace(archive)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


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
