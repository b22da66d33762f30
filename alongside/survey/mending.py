"""The part of lesson 21 in which an owner mends what was taken wrong: it is written into the codebook, never into the export.

What a number means, which column asks a question, and which rows are none of the answers. Headings and words of the
codebook are shown here, and never a cell of the export.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from html import escape
from pathlib import Path

import ipywidgets as w

from alongside.errors import AlongsideError
from alongside.survey import controls as ui
from alongside.survey.ask import writing
from alongside.survey.ask.codebook import NO_ANSWER
from alongside.survey.ask.writing import Manuscript
from alongside.words import say

__all__ = ["Mending"]


class Mending:
    """Controls that put into a codebook how an export writes it. ``again``: what is done once something was written."""

    def __init__(self, again: Callable[[], object]) -> None:
        self.view = w.VBox([])
        self._again = again
        self._path: Path | None = None
        self._codes: dict[str, w.Text] = {}
        self._spellings: dict[tuple[str, str], w.Text] = {}
        self._boxes = w.VBox([])
        self._column = ui.dropdown(say("desk.column"), [])
        self._asks = ui.dropdown(say("desk.column_asks"), [])
        self._marking = ui.dropdown(say("desk.marking_column"), [])
        self._marks = ui.line(say("desk.marks"))
        self._parts = [
            ui.html(f"<h3>{escape(say('desk.head_mend'))}</h3><p>{escape(say('desk.why_mend'))}</p>"),
            ui.html(f"<h4>{escape(say('desk.head_codes'))}</h4><p>{escape(say('desk.why_codes'))}</p>"),
            self._boxes,
            *ui.button(say("desk.keep_codes"), self._keep_codes),
            ui.html(f"<h4>{escape(say('desk.head_column'))}</h4>"),
            self._column, self._asks,
            *ui.button(say("desk.keep_column"), self._keep_column),
            ui.html(f"<h4>{escape(say('desk.head_marks'))}</h4><p>{escape(say('desk.why_marks'))}</p>"),
            self._marking, self._marks,
            *ui.button(say("desk.keep_marks"), self._keep_marks),
        ]  # fmt: skip

    def hide(self) -> None:
        self._path, self.view.children = None, ()

    def show(self, path: Path, left: Sequence[tuple[str, str]], lacking: Collection[str]) -> None:
        """Offer what can be mended. ``left``: headings that were not taken, as shown and whole; ``lacking``: the questions without one."""
        script = Manuscript.open(path)
        if path != self._path:
            self._codes, self._spellings = {}, {}
        self._path = path
        self._draw_boxes(script)
        ui.offer(self._column, [(say("desk.choose_column"), ""), *left])
        ui.offer(self._marking, [(say("desk.choose_column"), ""), *left])
        asked = [(one.text, one.key) for one in (*script.questions, *script.about)]
        ui.offer(self._asks, sorted(asked, key=lambda one: one[0] not in lacking))
        self.view.children = self._parts

    def _draw_boxes(self, script: Manuscript) -> None:
        """A box for each answer, with what the codebook says already. A box that stands there stays."""
        for point in (*script.scale, NO_ANSWER):
            label = point or say("desk.no_answer")
            box = self._codes.setdefault(point, ui.line(say("desk.written_as", label=label)))
            box.value = "; ".join(script.codes_of(point))
        shown: list[w.Widget] = [self._codes[point] for point in (*script.scale, NO_ANSWER)]
        for one in script.about:
            for answer in one.answers:
                name = say("desk.written_as_of", label=answer.label, text=one.text)
                box = self._spellings.setdefault((one.key, answer.label), ui.line(name))
                box.value = "; ".join(answer.spellings)
                shown.append(box)
        self._boxes.children = shown

    def _keep_codes(self) -> str:
        def change(script: Manuscript) -> None:
            script.set_codes(
                {point: writing.parts(self._codes[point].value) for point in (*script.scale, NO_ANSWER)}
            )
            for one in script.about:
                words = {label: writing.parts(self._spellings[one.key, label].value) for label in one.labels}
                script.set_spellings(one.key, words)

        return self._write(change)

    def _keep_column(self) -> str:
        key, heading = str(self._asks.value), str(self._column.value)
        return self._write(lambda script: script.add_column(key, heading))

    def _keep_marks(self) -> str:
        heading, words = str(self._marking.value), writing.parts(self._marks.value)
        said = self._write(lambda script: script.add_leave_out(heading, words))
        self._marks.value = ""
        return said

    def _write(self, change: Callable[[Manuscript], None]) -> str:
        if self._path is None:
            raise AlongsideError(say("desk.look_first"))
        script = Manuscript.open(self._path)
        change(script)
        writing.put(script, self._path, replace_it=True)
        self._again()
        return say("desk.mended", file=self._path.name)
