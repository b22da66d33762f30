"""The published lessons: static files that open from a web host or a USB stick, with no kernel behind them."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
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
    made[Path("index.html")] = _front()
    made[Path("page.html")] = pages.NEUTRAL
    _write(to, made)
    return sorted(made)


def _all() -> Iterator[tuple[str, content.Lesson]]:
    for lesson in content.lessons():
        yield "notebooks", lesson
    for exercise in content.exercises():
        yield "exercises", exercise


def _page(lesson: content.Lesson, folder: str) -> str:
    notebook = nbformat.read(lesson.path, as_version=4)
    # One kernel a lesson, as on every other surface: a lesson never depends on the one before it.
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        store_widget_state=False,
        resources={"metadata": {"path": str(lesson.path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError:
        raise AlongsideError(
            f"{folder}/{lesson.name}.ipynb could not be run: {_complaint(notebook)} "
            "Mend that cell, then try again. Nothing was written."
        ) from None
    except (CellTimeoutError, DeadKernelError):
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
                return f"{output.evalue}".strip().splitlines()[0]
    return "a cell failed."


def draw(notebook: nbformat.NotebookNode) -> str:
    """The page of a notebook that was run and prepared."""
    exporter = HTMLExporter(
        extra_template_basedirs=[str(theme.TEMPLATES)], template_name="alongside", anchor_link_text=""
    )
    text, _ = exporter.from_notebook_node(notebook)
    return text


def _front() -> str:
    """The address without a page's name leads to the first lesson."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Start</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:">'
        '<meta http-equiv="refresh" content="0; url=00-start-here.html"><link rel="icon" href="data:,"></head>'
        '<body><main><h1>Start</h1><p><a href="00-start-here.html">Go to the first page</a></p></main></body></html>\n'
    )


def _own(to: Path) -> set[Path]:
    try:
        names = json.loads((to / MANIFEST).read_text(encoding="utf-8"))
        return {Path(name) for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts}
    except (OSError, ValueError, TypeError):
        return set()


def _check(to: Path) -> None:
    if to.exists() and not to.is_dir():
        raise AlongsideError(f"{to} is a file, and a folder was expected. Choose another name after --to.")
    if not to.exists():
        return
    own = {to / name for name in _own(to)} | {to / MANIFEST}
    foreign = [path for path in to.rglob("*") if path.is_file() and path not in own]
    if foreign:
        raise AlongsideError(
            f"{to} holds files that this command did not make, such as {foreign[0].name}. "
            "Only its own files are ever replaced. Choose an empty or a new folder after --to."
        )


def _write(to: Path, made: dict[Path, str]) -> None:
    """Write all pages beside the folder first, then move them in: a full disk leaves the old pages whole."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".alongside-") as name:
        new = Path(name) / "new"
        for place, text in made.items():
            (new / place).parent.mkdir(parents=True, exist_ok=True)
            (new / place).write_text(text, encoding="utf-8", newline="\n")
        (new / MANIFEST).write_text(json.dumps(sorted(place.as_posix() for place in made)), encoding="utf-8")
        if to.exists():
            to.rename(Path(name) / "old")
        new.chmod(0o755)  # a temporary folder begins closed to everybody else
        shutil.move(new, to)
