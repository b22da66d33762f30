"""What the survey's tools in lessons 20 to 22 are made of: controls that have a name and work by keyboard, and how they speak.

An exception in a control's callback would be swallowed, so each ends as a sentence beside its button. Controls are those
of ipywidgets that pass; what folds is a ``<details>``. On a hosted machine, which is no place for a real export, only what
comes with the course is offered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from alongside.course.place import ON_A_SITE, ON_BINDER, VOILA, Surface
from alongside.errors import AlongsideError
from alongside.words import say

__all__ = [
    "HOSTS", "STYLE", "VIEW", "Shown", "Tool", "alone", "bullets", "button", "choice", "course", "demoted", "dropdown", "folded",
    "hosted", "html", "line", "link", "new_path", "offer", "only_for", "outcome", "path", "status", "table", "tick", "tool",
]  # fmt: skip

VIEW = "application/vnd.jupyter.widget-view+json"
HOSTS = (
    *ON_BINDER, "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_PREFIX",
    "CODESPACES", "GITPOD_WORKSPACE_ID", "COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE", "DEEPNOTE_PROJECT_ID",
)  # fmt: skip
"""Where one of these is in the environment, somebody else's machine runs this."""

STYLE = f"<style>{Path(__file__).with_name('desk.css').read_text(encoding='utf-8')}</style>"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Tool:
    """A tool that shows itself as a cell's last line: controls where a program runs, else ``page()``."""

    view: w.VBox
    page: Callable[[], str]

    def __repr__(self) -> str:
        return say("desk.only_text")

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        shown = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        return {"text/plain": repr(self), VIEW: shown, "text/html": self.page()}


def alone(needs: str, command: str, example: Callable[[], str]) -> str:
    """What stands on a published page: what the tool ``needs``, how else to do it, and an example."""
    # Each word stays on one line: "--codebook" that breaks after a hyphen would be typed wrong.
    typed = " ".join(f"<span>{escape(word)}</span>" for word in f".venv/bin/{command}".split())
    windows = r"<code>.venv\Scripts\alongside</code>"
    told = (
        f'<div class="alongside-desk-page"><p><strong>{needs}</strong> {say("desk.no_program")}</p>'
        f"<p>{say('desk.on_a_laptop')}</p><p>{say('desk.rather_type')}</p><p><code>{typed}</code></p>"
        f"<p>{say('desk.on_windows', command=windows)}</p>"
    )
    return told + (example() if os.environ.get(ON_A_SITE) else "") + "</div>"


def hosted() -> bool:
    return any(os.environ.get(name) for name in HOSTS)


def tool(parts: Sequence[w.Widget], page: Callable[[], str]) -> Tool:
    elsewhere = f"<strong>{say('desk.hosted')}</strong> {say('desk.try_here')}"
    first = html(f"{STYLE}<p>{elsewhere if hosted() else say('desk.where_paths_begin')}</p>")
    box = w.VBox([first, *parts])
    box.add_class("alongside-desk")
    return Tool(box, page)


def choice(name: str, options: Iterable[str]) -> w.Dropdown:
    """What comes with the course, and where it is no hosted machine, our own."""
    return dropdown(name, [*options, *([] if hosted() else [say("desk.our_own")])])


def dropdown(name: str, options: Sequence[str]) -> w.Dropdown:
    return w.Dropdown(description=name, options=options, style={"description_width": "initial"})


def offer(which: w.Dropdown, options: list[tuple[str, str]]) -> None:
    """Offer these, and stay with what is chosen where that is still offered; else with the first."""
    now = which.value
    which.options = options
    which.value = now if now in dict(options).values() else options[0][1]


def tick(name: str, value: bool = False) -> w.Checkbox:
    return w.Checkbox(description=name, value=value, indent=False)


def line(name: str, value: str = "") -> w.Text:
    return w.Text(
        description=name, value=value, continuous_update=False, style={"description_width": "initial"}
    )


def html(value: str = "") -> w.HTML:
    return w.HTML(value)


def only_for(which: w.Dropdown, *lines: w.Widget) -> list[w.Widget]:
    """Lines that are there only while "our own" is chosen."""
    box = w.VBox([])

    def change(_: object = None) -> None:
        box.children = lines if which.value == say("desk.our_own") else ()

    which.observe(change, "value")
    change()
    return [box]


def button(name: str, work: Callable[[], str], working: str = "") -> tuple[w.Button, w.HTML]:
    """A button, and the line below it that says what came of it."""
    pressed, said = w.Button(description=name), html()

    def press(_: object) -> None:
        said.value = status(working or say("desk.one_moment"))
        said.value = outcome(work)

    pressed.on_click(press)
    return pressed, said


class Shown:
    """What stands there of the boxes' words before they were changed.

    A box says what is new when it is left, and it is left by pressing a button: while the mouse is down on it. Were what is
    old taken out at that moment, the button would move away under the mouse, and the press would be lost. So it is hidden,
    from eyes and from screen readers, and keeps its room for a second. With the next press it is gone.
    """

    def __init__(self, *parts: w.DOMWidget) -> None:
        self._parts, self.hidden = parts, False

    def hide(self) -> None:
        self.hidden = True
        for one in self._parts:
            one.add_class("alongside-old")

    def show(self) -> None:
        self.hidden = False
        for one in self._parts:
            one.remove_class("alongside-old")


def outcome(work: Callable[[], str]) -> str:
    try:
        return status(work())
    except AlongsideError as error:
        return alert(str(error).replace(" after --to", ""))  # the command line's name for the box above
    except OSError as error:
        return alert(say("desk.no_place", why=error.strerror or say("desk.no_reason")))
    except Exception as error:  # only the kind is named: a message could quote what a person wrote
        return alert(say("desk.broken", kind=type(error).__name__))


def status(words: str) -> str:
    return f'<p role="status">{escape(words)}</p>'


def alert(words: str) -> str:
    return f'<p role="alert">{escape(words)}</p>'


def path(text: str, what: str) -> Path:
    """A path that somebody typed, seen from the folder of the course."""
    if not text.strip():
        raise AlongsideError(say("desk.empty_path", name=what))
    return course() / Path(text.strip().strip("\"'")).expanduser()


def new_path(line: w.Text) -> Path:
    """Where something new is to be written."""
    return path(line.value, line.description)


def course() -> Path:
    """The folder above the notebook that holds the course; else the notebook's own."""
    here = Path.cwd()
    above = (one for one in (here, *here.parents) if (one / "notebooks").is_dir() and (one / "data").is_dir())
    return next(above, here)


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from alongside.survey.show.charts import html_table

    return html_table(caption, heads, rows)


def bullets(lines: Any) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def folded(summary: str, text: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{text}</details>"


def link(folder: str, name: str, words: str, surface: Surface = VOILA) -> str:
    """A link that leaves this page open: what the tool shows would be gone on coming back."""
    address = surface.address(folder, name, seen_from="notebooks")
    return (
        f'<a href="{address}" target="_blank" rel="noopener">{escape(say("desk.new_tab", words=words))}</a>'
    )


def demoted(text: str) -> str:
    """Headings one rank lower: a lesson has its own of the second."""
    return re.sub(r"<(/?)h([2-5])\b", lambda found: f"<{found[1]}h{int(found[2]) + 1}", text)
