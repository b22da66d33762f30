"""The kit from a page: the local server sets one sheet when somebody asks for it.

    alongside/paper/letter/cards/05-share-power.pdf          below the server's own address

So a page can say "Print: the cards of 05". It only reads, and is there for whoever may read the lessons. It is an extension of its
own because the pages know nothing of the kit.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from alongside.errors import AlongsideError
from alongside.kit import PAPERS, one

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

#: Below it lie the folders that ``alongside print`` makes.
ADDRESS = "alongside/paper"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "alongside.kit.served"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    base = app.web_app.settings["base_url"]
    address = url_path_join(base, ADDRESS, rf"({'|'.join(PAPERS)})/([a-z0-9/-]+\.pdf)")
    app.web_app.add_handlers(".*$", [(address, _Paper)])


class _Paper(JupyterHandler):
    """One sheet, on one paper."""

    @authenticated
    async def get(self, paper: str, place: str) -> None:
        try:
            # in a thread: it takes a second, and other pages go on meanwhile
            made = await asyncio.to_thread(one, place, paper)
        except AlongsideError as error:
            self.set_status(503)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            await self.finish(str(error))
            return
        if made is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Cache-Control", "no-store")
        await self.finish(made)
