"""Run a lesson's lines in this process, where they need no kernel.

A lesson's cell is one verb and a sentence: it imports verbs from ``alongside`` and calls one with plain values. Such
a cell is run here, exactly as written, in microseconds. A kernel would take a second and 55 MB to say the same.
A notebook with any other code in it is left alone, and gets the kernel that it needs.
"""

from __future__ import annotations

import ast
from typing import Any

import nbformat
from nbformat.v4 import new_output

from alongside import activities, pictures
from alongside.activities import MIME, TEXT, Activity
from alongside.errors import AlongsideError

__all__ = ["run"]

VERBS = {name: getattr(activities, name) for name in activities.__all__ if name.islower()} | {
    "picture": pictures.picture
}


def run(notebook: nbformat.NotebookNode) -> bool:
    """Fill in the outputs of a notebook that holds only lines of ours; False, and nothing changed, for any other.

    A line with a mistake in it gives an output of type "error", as a kernel does, and the others are still run.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    imported: set[str] = set()
    try:
        lines = [_line(cell.source, imported) for cell in cells]
    except _NotOurs:
        return False
    for cell, call in zip(cells, lines, strict=True):
        cell.outputs = [] if call is None else [_output(call)]
    return True


class _NotOurs(Exception):
    """This cell is for a kernel."""


def _line(source: str, imported: set[str]) -> ast.Call | None:
    """The call that a cell of ours ends with; None where it shows nothing. Adds to the verbs ``imported`` so far."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        raise _NotOurs from None
    while statements and isinstance(statements[0], ast.ImportFrom):
        imported |= _verbs_of(statements.pop(0))
    match statements:
        case []:
            return None
        case [ast.Expr(value=ast.Call(func=ast.Name(id=verb)) as call)] if verb in imported:
            values = [*call.args, *(word.value for word in call.keywords)]
            if all(map(_is_plain, values)) and all(word.arg for word in call.keywords):
                return call
    raise _NotOurs


def _verbs_of(statement: ast.stmt) -> set[str]:
    assert isinstance(statement, ast.ImportFrom)
    names = {name.name for name in statement.names}
    if (
        statement.module != "alongside"
        or not names <= set(VERBS)
        or any(name.asname for name in statement.names)
    ):
        raise _NotOurs
    return names


def _is_plain(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def _output(call: ast.Call) -> nbformat.NotebookNode:
    assert isinstance(call.func, ast.Name)
    values = [ast.literal_eval(value) for value in call.args]
    named = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
    try:
        shown = VERBS[call.func.id](*values, **named)
        return new_output("execute_result", data=_bundle(shown))
    except AlongsideError as error:
        return new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[str(error)])


def _bundle(shown: Any) -> dict[str, Any]:
    """What a kernel would put into the output, less the widget, which only JupyterLab draws."""
    if isinstance(shown, Activity):
        return {"text/plain": TEXT, MIME: shown.question}
    return dict(shown._repr_mimebundle_())
