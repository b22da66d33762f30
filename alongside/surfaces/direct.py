"""Run a lesson's lines in this process, where they need no kernel.

A lesson's cell is one verb and a sentence: it imports verbs from ``alongside`` and calls one with plain values. Such
a cell is run here, exactly as written, in microseconds. A kernel would take a second and 55 MB to say the same.
A notebook with any other code in it is left alone, and gets the kernel that it needs.
"""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat.v4 import new_output

from alongside import activities, pictures
from alongside.activities import MIME, TEXT, Activity
from alongside.course.lesson import ActivityLine, read_code
from alongside.errors import AlongsideError

__all__ = ["VERBS", "run", "run_lines", "shown"]

VERBS = {name: getattr(activities, name) for name in activities.__all__ if name.islower()} | {
    "picture": pictures.picture
}


def run(notebook: nbformat.NotebookNode) -> bool:
    """Fill in the outputs of a notebook that holds only lines of ours; False, and nothing changed, for any other.

    A line with a mistake in it gives an output of type "error", as a kernel does, and the others are still run.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    codes = [read_code(cell.source) for cell in cells]
    imported: set[str] = set()
    for code in codes:
        imported.update(code.imports)
        if not code.ours or not imported <= VERBS.keys() or (code.line and code.line.verb not in imported):
            return False
    for cell, code in zip(cells, codes, strict=True):
        cell.outputs = [] if code.line is None else [_output(code.line)]
    return True


def run_lines(notebook: nbformat.NotebookNode) -> None:
    """Fill in the outputs of every line of ours, also in a notebook that needs a kernel for others; those get none."""
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        line = read_code(cell.source).line
        cell.outputs = [_output(line)] if line is not None and line.verb in VERBS else []


def shown(line: ActivityLine) -> Any:
    """What one line shows: an activity or a picture. Its verb is one of VERBS. Raises :class:`AlongsideError`."""
    return VERBS[line.verb](*line.words, **line.named)


def _output(line: ActivityLine) -> nbformat.NotebookNode:
    try:
        return new_output("execute_result", data=_bundle(shown(line)))
    except AlongsideError as error:
        return new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[str(error)])


def _bundle(one: Any) -> dict[str, Any]:
    """What a kernel would put into the output, less the widget, which only JupyterLab draws."""
    if isinstance(one, Activity):
        return {"text/plain": TEXT, MIME: one.question}
    return dict(one._repr_mimebundle_())
