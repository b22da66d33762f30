"""A page that runs code of its own leaves a kernel behind, and the server ends those that nothing is connected to.

A lesson of activities needs no kernel at all. Who has no key learns nothing, and nothing is read for them.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT, free_port
from tornado.websocket import websocket_connect

from alongside.surfaces import voila as jupyter

pytestmark = pytest.mark.slow

SECONDS_TO_START = 60


def settings(folder: Path) -> dict[str, str]:
    """An environment in which Jupyter finds the package's settings and nobody's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run"}
    return clean | {name: str(folder / place) for name, place in own.items()}


def test_a_plain_jupyter_server_takes_the_times_that_we_state(tmp_path: Path) -> None:
    ask = (
        "import json; from jupyter_server.serverapp import ServerApp; app = ServerApp(); "
        "app.initialize(argv=['--no-browser', '--allow-root'], new_httpserver=False); kernels = app.kernel_manager; "
        "print(json.dumps([kernels.cull_idle_timeout, kernels.cull_interval, kernels.cull_connected]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env=settings(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [jupyter.KERNEL_IDLE, jupyter.KERNEL_LOOK, False]
    # The README says two to three minutes.
    assert jupyter.KERNEL_IDLE >= 120 and jupyter.KERNEL_IDLE + jupyter.KERNEL_LOOK <= 180


@dataclass
class Quick:
    """A server that counts in seconds where ours counts in minutes; nothing else is changed."""

    port: int
    log: Path
    opened: Path

    def ask(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}", method=method, headers={"Authorization": "token quick"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def knock(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """What somebody without the key is answered: status, headers, body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", f"/{path}")
            answer = line.getresponse()
            headers = {
                name: value for name, value in answer.getheaders() if name not in ("Date", "Set-Cookie")
            }
            return answer.status, headers, answer.read()
        finally:
            line.close()

    def read(self) -> list[str]:
        """The notebooks and pages that the server has opened so far, in order."""
        return self.opened.read_text(encoding="utf-8").splitlines() if self.opened.exists() else []

    def kernels(self) -> set[str]:
        return {kernel["id"] for kernel in json.loads(self.ask("api/kernels"))}


#: A notebook that needs no kernel, and one that does.
FOR_JUPYTERLAB = {"lines": "from alongside import plan\nplan()", "more-sums": "1 + 1"}


def of_jupyterlab_alone() -> list[nbformat.NotebookNode]:
    """Cells that say something, and leave a file where they are run."""
    cells = [
        nbformat.v4.new_markdown_cell("Press the green otter."),
        nbformat.v4.new_code_cell("from pathlib import Path\nPath('was-run').write_text('')"),
    ]
    for cell in cells:
        cell.metadata["tags"] = ["lab-only"]
    return cells


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quick]:
    place = tmp_path_factory.mktemp("quick")
    course = place / "course"
    shutil.copytree(ROOT / "notebooks", course / "notebooks", ignore=shutil.ignore_patterns(".*"))
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    sums = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1 + 1")], metadata={"kernelspec": kernelspec}
    )
    nbformat.write(sums, course / "notebooks" / "sums.ipynb")
    for name, shown in FOR_JUPYTERLAB.items():
        cells = [nbformat.v4.new_code_cell(shown), *of_jupyterlab_alone()]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
        nbformat.write(notebook, course / "notebooks" / f"{name}.ipynb")
    opened = place / "opened.txt"
    shorter = (
        "import os, sys; to = os.open(sys.argv.pop(), os.O_WRONLY | os.O_CREAT | os.O_APPEND); "
        "sys.addaudithook(lambda event, what: event == 'open' and str(what[0]).endswith(('.ipynb', '.md')) "
        "and os.write(to, (os.path.basename(what[0]) + '\\n').encode())); "
        "from alongside.surfaces import voila; voila.KERNEL_IDLE, voila.KERNEL_LOOK = 2, 1; "
        "from jupyter_server.serverapp import main; main()"
    )
    server = Quick(free_port(), place / "log.txt", opened)
    words = ("--no-browser", "--allow-root", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={course}")
    with server.log.open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-c", shorter, f"--ServerApp.port={server.port}", *words, str(opened)],
            cwd=place,
            env={**settings(place), "JUPYTER_TOKEN": "quick"},
            stdout=log,
            stderr=log,
        )
        try:
            until = time.monotonic() + SECONDS_TO_START
            while True:
                try:
                    server.ask("api/status")
                    break
                except OSError:
                    assert running.poll() is None and time.monotonic() < until, server.log.read_text()
                    time.sleep(0.2)
            yield server
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def test_the_kernel_of_a_page_is_ended_and_one_that_somebody_works_with_is_not(quick: Quick) -> None:
    at_work = json.loads(quick.ask("api/kernels", "POST"))["id"]

    async def open_both() -> None:
        line = await websocket_connect(
            f"ws://127.0.0.1:{quick.port}/api/kernels/{at_work}/channels?token=quick"
        )
        page = await asyncio.to_thread(quick.ask, "voila/render/notebooks/sums.ipynb")
        assert b"<p>2</p>" in page
        left = await asyncio.to_thread(quick.kernels) - {at_work}
        assert len(left) == 1
        until = time.monotonic() + 30
        while await asyncio.to_thread(quick.kernels) - {at_work}:
            assert time.monotonic() < until, "the page's kernel was never ended"
            await asyncio.sleep(0.5)
        assert await asyncio.to_thread(quick.kernels) == {at_work}
        line.close()

    # In a thread of its own: Playwright, which other tests use, keeps a loop running in the main one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, open_both()).result()


def test_a_lesson_of_activities_starts_no_kernel(quick: Quick) -> None:
    before = quick.kernels()
    page = quick.ask("voila/render/notebooks/05-share-power.ipynb")
    assert b'data-activity="scenario"' in page and b"Hard moment" not in page
    assert quick.kernels() <= before


PAGES = (
    "notebooks/05-share-power",
    "notebooks/sums",
    "notebooks/not-there",
    "about/privacy",
    "about/not-there",
)


def test_without_the_key_every_page_is_answered_alike_and_nothing_is_read(quick: Quick) -> None:
    before = quick.read()
    answers = []
    for page in PAGES:
        status, headers, body = quick.knock(f"voila/render/{page}.ipynb")
        headers["Location"] = headers["Location"].replace(page.replace("/", "%2F"), "PAGE")
        answers.append((status, headers, body))
    assert answers[0][0] == 302 and "PAGE" in answers[0][1]["Location"]
    assert [one for one in answers if one != answers[0]] == []
    assert quick.read() == before
    # With it, these files are read, so the log would have told.
    quick.ask("voila/render/notebooks/05-share-power.ipynb")
    quick.ask("voila/render/about/privacy.ipynb")
    assert {"05-share-power.ipynb", "privacy.md"} <= set(quick.read()[len(before) :])


def test_with_the_key_a_page_that_is_not_there_says_so(quick: Quick) -> None:
    for page in ("notebooks/not-there", "about/not-there"):
        with pytest.raises(urllib.error.HTTPError) as raised:
            quick.ask(f"voila/render/{page}.ipynb")
        page = raised.value.read().decode()
        assert raised.value.code == 404
        assert "<h1>This page isn't here</h1>" in page and '<html lang="en">' in page


@pytest.mark.parametrize(("name", "shown"), [("lines", b'data-activity="plan"'), ("more-sums", b"<p>2</p>")])
def test_what_is_for_jupyterlab_alone_is_neither_run_nor_shown(quick: Quick, name: str, shown: bytes) -> None:
    page = quick.ask(f"voila/render/notebooks/{name}.ipynb")
    assert shown in page
    assert b"green otter" not in page
    assert list(quick.log.parent.rglob("was-run")) == []
