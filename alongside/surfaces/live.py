"""A lesson's page that follows each save: ``python3 start.py live 05``.

``python -m alongside.surfaces.live [05 | 05-share-power | exercises/05-share-power.ipynb] [--port N] [--no-browser]``

The pages are those of the published site, drawn anew for each request, with a panel at the foot that says what
``check`` finds. ``?view=facilitator`` shows what only the person who leads sees, and marks it. Both are made here and
nowhere else: the doors that learners use leave a facilitator's cells out before they look at any address.

The server listens on this computer alone and answers only to its own name, so that no page of another host can read
it through a name that it made up. It keeps nothing and is told nothing: a page asks it for pages, for changes and for
findings.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import signal
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from tornado.httputil import split_host_and_port
from tornado.iostream import StreamClosedError
from tornado.web import Application, RedirectHandler, RequestHandler

from alongside import templates
from alongside.course import about, check
from alongside.course.lesson import FACILITATOR, LAB_ONLY, OFF_PAGES, Lesson, open_notebook, read_lesson
from alongside.course.place import ROOT, SITE
from alongside.course.session import NO_VOTE, Session, Step
from alongside.errors import AlongsideError, nearest
from alongside.folder import files
from alongside.page import html as pages
from alongside.surfaces import serve, site
from alongside.words import say

__all__ = ["main"]

PORT = 8898
NAMES = (serve.HOST, "localhost")
SECONDS_BETWEEN_LOOKS = 0.25

HERE = Path(__file__).parent
PACKAGE = HERE.parent
#: What a page is made of, beside Python.
MADE_OF = ("*.js", "*.css", "*.j2", "*.html", "*.yml")
#: The first page of all is in no folder.
FOLDERS = ("", "notebooks", "exercises", "about")

#: The tag of a page's policy, whichever of its two attributes stands first, and what its content is.
_POLICY = re.compile(r'(<meta (?=[^>]*"Content-Security-Policy")[^>]*content=")([^"]*)(")')


# --- what was saved ----------------------------------------------------------------------------------


def _watched() -> Iterator[Path]:
    for folder in ("notebooks", "exercises", "data"):
        for path in (ROOT / folder).rglob("*"):
            if not any(part.startswith(".") for part in path.relative_to(ROOT).parts):
                yield path
    for kind in MADE_OF:
        yield from PACKAGE.rglob(kind)


def version() -> str:
    """Another text whenever a file was saved, added or taken away that a page may be made of."""
    seen = hashlib.sha256()
    for path in sorted(_watched()):
        try:
            state = path.stat()
        except OSError:
            continue  # gone in this moment: the next look sees it
        seen.update(f"{path}|{state.st_mtime_ns}|{state.st_size}\n".encode())
    return seen.hexdigest()[:16]


def _forget() -> None:
    """Let everything that was read once be read anew: scripts, styles, words, the template."""
    for name, module in list(sys.modules.items()):
        if name.startswith("alongside."):
            for thing in list(vars(module).values()):
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


# --- a page ------------------------------------------------------------------------------------------


def page(folder: str, name: str, leads: bool) -> str:
    """A page as the published site has it, with the panel. What can't be drawn is a page that says why.

    ``folder`` is one of FOLDERS; ``leads``: with what only the person who leads sees.
    """
    now = version()
    if now != _drawn_from.get("version"):
        _forget()
        _drawn_from["version"] = now
    where = {"name": name, "folder": folder}
    try:
        text = pages.draw(pages.prepare(_notebook(folder, name, leads), SITE, **where))
    except AlongsideError as error:
        text = _sorry(error, where)
    except Exception as error:  # somebody is in the middle of a change: only its kind is said
        text = _sorry(AlongsideError(say("live.broken", kind=type(error).__name__)), where)
    return _with_panel(text, now, folder, name, leads)


_drawn_from: dict[str, str] = {}


def _notebook(folder: str, name: str, leads: bool) -> NotebookNode:
    if folder in ("", "about"):
        return about.notebook(name)
    path = ROOT / folder / f"{name}.ipynb"
    if not path.is_file():
        known = [one.stem for one in files(ROOT / folder, "*.ipynb")]
        raise AlongsideError(say("live.no_page", name=name, nearest=nearest(name, known)))
    lesson = read_lesson(path)
    notebook = open_notebook(path, without={LAB_ONLY} if leads else OFF_PAGES)
    if leads:
        _mark(notebook)
        if lesson.session:
            notebook.cells.insert(1, new_markdown_cell(_how_it_is_led(lesson, lesson.session)))
    site.run(notebook, lesson)
    return notebook


def _mark(notebook: NotebookNode) -> None:
    """Say above a cell whom it is for, and let a page keep it."""
    whom = {
        FACILITATOR: say("live.for_facilitator"),
        "rung-2": say("live.for_one_device"),
        "rung-3": say("live.for_paper"),
    }
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        labels = [label for tag, label in whom.items() if tag in tags]
        if cell.cell_type == "markdown" and labels:
            cell.metadata["tags"] = [tag for tag in tags if tag != FACILITATOR]
            # Empty lines around the text: what stands between them is read as Markdown.
            cell.source = _MARK.render(label=" ".join(labels), source=Markup(cell.source))


def _how_it_is_led(lesson: Lesson, led: Session) -> str:
    """The table of its steps: clock, minutes, say, do."""
    clock, sections = 0, list[dict[str, Any]]()
    for section in lesson.sections:
        rows: list[dict[str, Any]] = []
        for step in section.steps:
            rows.append(
                {
                    "clock": f"{clock // 60}:{clock % 60:02}",
                    "minutes": step.minutes,
                    "spoken": step.say,
                    "do": step.do,
                    "notes": _notes(step),
                }
            )
            clock += step.minutes
        if rows:
            sections.append({"name": section.name, "rows": rows})
    return templates.fill(
        HERE / "steps.html.j2",
        minutes=led.minutes,
        shortest=led.shortest,
        sections=sections,
        cuts=", ".join(say("live.cut", step=cut.step, minutes=cut.saves) for cut in led.cut),
    )


def _notes(step: Step) -> list[str]:
    """What else a step is: its name, by which it is left out, how people sit, what is read out or voted on."""
    notes = [say("live.step", step=step.id, grouping=step.grouping)]
    if step.read_aloud:
        notes.append(say("live.read_aloud", count=step.read_aloud))
    if step.vote != NO_VOTE:
        notes.append(say("live.vote", vote=step.vote))
    if step.about_managers:
        notes.append(say("live.about_managers"))
    if step.break_after:
        notes.append(say("live.break_after"))
    return notes


_MARK = Environment(autoescape=True).from_string(
    '<div class="alongside-live-for">\n<p>{{ label }}</p>\n\n{{ source }}\n\n</div>'
)


def _sorry(error: AlongsideError, where: dict[str, str]) -> str:
    empty = nbformat.v4.new_notebook()
    try:
        return pages.draw(pages.apologize(empty, error, SITE, **where))
    except Exception:  # what stands around the cells can't be made either
        return templates.fill(HERE / "plain.html.j2", why=error)


def _with_panel(text: str, now: str, folder: str, name: str, leads: bool) -> str:
    script, style = _file("live.js"), _file("live.css")
    own = _address(folder, name)
    panel = (
        Environment(autoescape=True)
        .from_string(_file("live.html.j2"))
        .render(
            version=now,
            changes="/alongside/changes",
            found=f"/alongside/found{own}",
            title=say("live.panel"),
            looking=say("live.looking"),
            lost=say("live.lost"),
            other=own if leads else f"{own}?view={FACILITATOR}",
            other_words=say("live.learners") if leads else say("live.leads"),
            style=Markup(style),
            script=Markup(script),
        )
    )
    allowed = _POLICY.sub(lambda tag: f"{tag[1]}{_also(tag[2], script, style)}{tag[3]}", text, count=1)
    assert allowed != text, "a page has a policy"
    before, _, after = allowed.rpartition("</body>")
    return f"{before}{panel}{after}"


def _also(policy: str, script: str, style: str) -> str:
    """The page's own policy, with the panel's script and style, and words from this server."""
    more = {"script-src": _hash(script), "style-src": _hash(style), "connect-src": "'self'"}
    kept = [directive.split() for directive in policy.split(";") if directive.strip()]
    whole = [
        [*directive, more.pop(directive[0])] if directive[0] in more else directive for directive in kept
    ]
    return "; ".join(" ".join(directive) for directive in [*whole, *more.items()])


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _address(folder: str, name: str) -> str:
    """As on the published site: lessons at the top, the others in folders below."""
    return f"/{SITE.file(folder, name)}"


def found(folder: str, name: str) -> dict[str, Any]:
    """What ``check`` finds, for the panel."""
    try:
        findings = [] if folder in ("", "about") else check.check([name])
    except AlongsideError as error:
        return {"says": str(error), "findings": []}
    says = say("course.found", count=len(findings)) if findings else say("course.found_nothing")
    return {"says": says, "findings": [str(finding) for finding in findings]}


# --- the server --------------------------------------------------------------------------------------


class _Door(RequestHandler):
    """Answers to this computer's own names alone."""

    def prepare(self) -> None:
        if split_host_and_port(self.request.host)[0] not in NAMES:
            self.set_status(403)
            self.finish(say("live.wrong_host"))

    def set_default_headers(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        if not self._headers_written:  # else it is the stream, which just ends
            super().send_error(status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        kind = kwargs.get("exc_info", (KeyError,))[0].__name__
        self.finish(say("live.broken", kind=kind))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Nothing: the sentence is in the page."""


class _Page(_Door):
    def get(self, folder: str | None, name: str) -> None:
        leads = self.get_query_argument("view", "") == FACILITATOR
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page(_folder(folder, name), name, leads))


class _Neutral(_Door):
    def get(self) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(pages.NEUTRAL)


class _Found(_Door):
    def get(self, folder: str | None, name: str) -> None:
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(found(_folder(folder, name), name)))


def _folder(named: str | None, name: str) -> str:
    """What lies at the top are the lessons, and the first page of all."""
    return named or ("" if name == about.HOME else "notebooks")


class _Changes(_Door):
    """A stream that says the version at once, and again whenever something was saved."""

    _gone = False

    def on_connection_close(self) -> None:
        self._gone = True

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        said = ""
        while not self._gone:
            if (now := version()) != said:
                said = now
                self.write(f"data: {now}\n\n")
                try:
                    await self.flush()
                except StreamClosedError:
                    return
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _application(first: str) -> Application:
    of_a_page = r"/(?:(exercises|about)/)?([a-z0-9-]+)\.html"
    return Application(
        [
            (r"/", _ToFirst, {"url": first, "permanent": False}),
            (r"/alongside/changes", _Changes),
            (rf"/alongside/found{of_a_page}", _Found),
            (r"/page\.html", _Neutral),
            (of_a_page, _Page),
        ],
        default_handler_class=_Nothing,
        log_function=lambda _: None,  # nobody's steps are written down
    )


class _ToFirst(_Door, RedirectHandler):
    pass


class _Nothing(_Door):
    def prepare(self) -> None:
        super().prepare()
        if not self._finished:
            self.set_status(404)
            self.finish(say("live.no_page", name=self.request.path[:60], nearest=""))


async def _listen(port: int, address: str, browser: bool) -> None:
    _application(address).listen(port, address=serve.HOST)
    whole = f"http://{serve.HOST}:{port}{address}"
    print(say("live.open", address=whole), flush=True)
    if browser:
        serve.browse(whole)
    await asyncio.Event().wait()  # until Ctrl-C


def _first(word: str) -> str:
    """The address of the page that is meant."""
    names = check.names_of([word]) if word else None
    name = names[0] if names else "00-start-here"
    folder = "exercises" if "exercises" in Path(word).parts else "notebooks"
    return _address(folder, name)


def main(words: list[str] | None = None) -> int:
    """Serve until someone ends it; gives the exit status."""
    try:
        serve.on_signals(serve.interrupt)
        if hasattr(signal, "pthread_sigmask"):  # start.py held Ctrl-C back until someone listens
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        parser = serve.Parser(prog="start.py live", description=say("live.about"))
        parser.add_argument("lesson", nargs="?", default="", help=say("live.lesson"))
        parser.add_argument(
            "--port", type=serve.port_number, default=PORT, metavar="N", help=say("live.port", port=PORT)
        )
        parser.add_argument("--no-browser", action="store_true", help=say("live.no_browser"))
        wanted = parser.parse_args(words)
        address = _first(wanted.lesson)
        serve.claim(wanted.port)
        asyncio.run(_listen(wanted.port, address, not wanted.no_browser))
    except AlongsideError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say("live.not_open", why=error.strerror or error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
