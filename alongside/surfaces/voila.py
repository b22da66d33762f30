"""The Jupyter server extension: everything that the project sets in Jupyter, in one place.

It is switched on by ``etc/jupyter/jupyter_server_config.d/alongside.json``, which the package installs, so a plain
``jupyter lab`` behaves as ``start.py`` does, on Binder too. Jupyter links its extensions in the order of their
names, so these settings are there before JupyterLab and Voilà read them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from weakref import WeakSet

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import RedirectHandler, RequestHandler, authenticated

from alongside.course import about
from alongside.course.lesson import open_notebook
from alongside.course.place import VOILA
from alongside.errors import AlongsideError
from alongside.page import html as pages
from alongside.page import theme
from alongside.surfaces import after, direct, screen
from alongside.words import LANGUAGE, say

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from nbformat import NotebookNode

#: Seconds until a kernel that nothing is connected to is ended. A page of activities goes on without its kernel,
#: and a notebook that is open in JupyterLab is connected, so it is never ended under somebody's hands.
KERNEL_IDLE = 120
KERNEL_LOOK = 30

#: What every lesson's file says about its language.
PYTHON: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

#: Of what is installed for JupyterLab, all that a page with a widget needs: it is 1 MB, and the rest would be 3 more.
WIDGETS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager")

#: A folder as Jupyter wants it on JUPYTER_CONFIG_PATH: labconfig inside it.
SETTINGS = Path(__file__).parent / "settings"

#: Without a folder: the first page of all, and whatever Voilà finds beside the folders of ours.
RENDER = "voila/render/"
START = f"{RENDER}{VOILA.file('', about.HOME)}"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "alongside.surfaces.voila"}]


def _link_jupyter_server_extension(app: ServerApp) -> None:
    """Set what others read while the server is being put together."""
    _first_on_path("JUPYTER_PATH", theme.JUPYTER)
    _first_on_path("JUPYTER_CONFIG_PATH", SETTINGS)
    config: Any = app.config
    config.VoilaConfiguration.template = "alongside"
    # ?template=lab would show the facilitator's cells, and the stock template asks other hosts.
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.prelaunch_hook = _prepare
    config.VoilaConfiguration.page_config_hook = _for_widgets
    config.VoilaExporter.filters = pages.FILTERS
    # A cell that fails is said in a sentence, and the rest of the lesson is still drawn.
    config.VoilaExecutor.allow_errors = True
    config.MappingKernelManager.cull_idle_timeout = KERNEL_IDLE
    config.MappingKernelManager.cull_interval = KERNEL_LOOK
    config.MappingKernelManager.cull_connected = False
    # Its list of extensions would ask a package registry.
    config.LabApp.extension_manager = "readonly"
    config.LabApp.news_url = None
    # Looking for language servers runs npm, which writes into a person's home.
    config.LanguageServerManager.autodetect = False


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Set what hangs on the finished server: cleaning on save, and our own addresses."""
    app.contents_manager.register_pre_save_hook(clean_on_save)
    web_app = app.web_app
    base = web_app.settings["base_url"]
    web_app.settings["jinja_template_vars"] = {**app.jinja_template_vars, "lang": LANGUAGE, "say": say}
    to_start = {"url": url_path_join(base, START), "permanent": False}
    web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, "alongside/page"), _NeutralPage),
            (url_path_join(base, f"alongside/({screen.NAME}|{after.NAME})"), _RoomPage),
            # Voilà's own list of files says nothing to a learner, and asks other hosts for its look.
            (url_path_join(base, "voila/?"), _ToStart, to_start),
            (url_path_join(base, "voila/tree.*"), _ToStart, to_start),
            # Before Voilà, which is linked later and starts a kernel for every page.
            (_PageAddress(base), _LessonPage, {"root": Path(app.root_dir)}),
        ],
    )


def _first_on_path(variable: str, folder: object) -> None:
    others = [one for one in os.environ.get(variable, "").split(os.pathsep) if one and one != str(folder)]
    os.environ[variable] = os.pathsep.join([str(folder), *others])


class _NeutralPage(RequestHandler):
    """Open to everyone: it holds nothing."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(pages.NEUTRAL)


class _RoomPage(JupyterHandler):
    """The big screen, and the page for what was promised: files of the site that are no page of one notebook."""

    @authenticated
    async def get(self, name: str) -> None:
        base = self.settings["base_url"]
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        home = url_path_join(base, START)
        if name == screen.NAME:
            await self.finish(screen.draw(home=home, after=after.NAME))
        else:
            checkin = url_path_join(base, RENDER, VOILA.file("notebooks", after.CHECK_IN))
            await self.finish(after.draw(home, url_path_join(base, "alongside/page"), checkin))


class _ToStart(RedirectHandler):
    pass


class _PageAddress(Matcher):
    """Matches the address of a Voilà page, and looks no further: who asks is not known yet."""

    def __init__(self, base: str) -> None:
        self._address = re.compile(
            re.escape(url_path_join(base, RENDER)) + r"(?:(?P<folder>[\w-]+)/)?(?P<name>[\w-]+)\.ipynb"
        )

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        found = None if request in _LEFT_TO_VOILA else self._address.fullmatch(unquote(request.path))
        return {"path_kwargs": found.groupdict()} if found else None


#: Requests whose notebook needs a kernel, while Voilà answers them.
_LEFT_TO_VOILA: WeakSet[HTTPServerRequest] = WeakSet()


class _LessonPage(JupyterHandler):
    """A lesson as Voilà would send it, drawn at once: its lines are run in the server itself. Voilà has the others."""

    def initialize(self, root: Path) -> None:
        self._root = root

    @authenticated
    async def get(self, folder: str | None, name: str) -> None:
        if folder in (None, "about"):
            notebook = _about(folder or "", name)
        else:
            notebook = _run_here(self._root / folder / f"{name}.ipynb")
        if notebook is None:
            self._leave_to_voila()
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        await self.finish(pages.draw(_prepare(self, notebook=notebook, cwd="")))

    def _leave_to_voila(self) -> None:
        self._auto_finish = False  # whoever answers ends the answer
        _LEFT_TO_VOILA.add(self.request)
        self.application.find_handler(self.request).execute()


def _about(folder: str, name: str) -> NotebookNode | None:
    """A page about the course, or one of those above all folders: no file that could be opened elsewhere."""
    known = (*about.NAMES, *about.MORE) if folder else (about.HOME, about.SEARCH)
    return about.notebook(name) if name in known else None


def _run_here(path: Path) -> NotebookNode | None:
    """A notebook with the outputs of its lines; None where there is no such file, or it needs a kernel."""
    try:
        notebook = open_notebook(path)
    except (AlongsideError, OSError):
        return None  # Voilà says what is wrong with it
    return notebook if direct.run(notebook) else None


def _prepare(handler: JupyterHandler, *, notebook: NotebookNode, cwd: str) -> NotebookNode:
    """Make a notebook ready to be drawn; also Voilà's hook before it runs one."""
    path = PurePosixPath(unquote(handler.request.path))
    folder = "" if path.parent.name == PurePosixPath(RENDER).name else path.parent.name
    where = {"name": path.stem, "folder": folder, "base": handler.settings["base_url"]}
    where["host"] = handler.request.host
    try:
        return pages.prepare(notebook, VOILA, **where)
    except AlongsideError as error:
        return pages.apologize(notebook, error, VOILA, **where)


def _for_widgets(current_page_config: dict[str, Any], **_: object) -> dict[str, Any]:
    """What Voilà's front end is told on the few pages that load it: nothing of other hosts, and widgets alone."""
    config = dict(current_page_config)
    for elsewhere in ("fullMathjaxUrl", "mathjaxConfig"):
        config.pop(elsewhere, None)
    extensions = config.get("federated_extensions", [])
    config["federated_extensions"] = [one for one in extensions if one["name"] in WIDGETS]
    return config


def clean_on_save(model: dict[str, Any], **_: object) -> None:
    """Take outputs, counts, widget state and the computer's own marks out of a notebook before it is written."""
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    notebook = model["content"]
    if notebook.get("nbformat") != 4:
        return
    notebook["metadata"].pop("widgets", None)
    # JupyterLab notes the version of its own Python, which would be a change in each author's copy.
    if notebook["metadata"].get("kernelspec", {}).get("name") == PYTHON["kernelspec"]["name"]:
        notebook["metadata"].update(PYTHON)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
            cell["metadata"].pop("execution", None)
            for passing in ("collapsed", "scrolled", "ExecuteTime"):
                cell["metadata"].pop(passing, None)
            # Opening a hidden cell to change it would leave it open for everyone who comes after.
            if "remove-input" in cell["metadata"].get("tags", []):
                cell["metadata"]["jupyter"] = {"source_hidden": True}
