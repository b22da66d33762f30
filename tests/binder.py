"""What Binder would do with this folder, as far as it can be done on this computer.

    python tests/binder.py        prints what was done, and the memory of a walk through the whole course

Binder makes an image by repo2docker. What runs here are its steps: which builder takes the folder and what it writes into
the image's recipe; the packages of its base environment, at the versions of its own lock, from the Python registry; then
the pip part of ``environment.yml`` on top, as conda calls pip; ``pip check``; the server by the image's command; and a walk
through every page. What does not run here: docker, conda and Binder itself, its Ubuntu, and packages that conda alone has.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml
from conftest import ROOT, free_port

#: The newest that could be had when this was written. It pins what its base environment holds.
REPO2DOCKER = "jupyter-repo2docker==2026.4.0"
#: What conda calls otherwise than the Python registry.
OTHER_NAMES = {
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
    "typing_utils": "typing-utils",
}
NO_PACKAGES = {"python", "pip", "wheel", "setuptools"}
URL = re.compile(r"/(?P<name>[^/]+)-(?P<version>[^-/]+)-(?P<build>[^-/]+)\.(?:conda|tar\.bz2)\b")
TOKEN = "walk"
MB = 1_000_000


def uv(*words: object) -> None:
    # Not in this folder, where uv would read what our own locks are made with.
    elsewhere = tempfile.gettempdir()
    done = subprocess.run(
        [sys.executable, "-m", "uv", *map(str, words)],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words}: {done.stderr}"


def environment(**more: str) -> dict[str, str]:
    """Without what this computer's own Jupyter is told."""
    ours = ("JUPYTER", "IPYTHON", "PYTHON", "VIRTUAL", "ALONGSIDE", "CONDA")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


@dataclass(frozen=True)
class Recipe:
    """What repo2docker would do: its recipe for the image, and the lock of its base environment."""

    text: str
    base: Path

    def packages(self) -> list[str]:
        """The Python packages of the base environment, as the Python registry calls them, each at one version."""
        found = [URL.search(line) for line in self.base.read_text("utf-8").splitlines()]
        python = [
            one for one in found if one and one["build"].startswith("py") and one["name"] not in NO_PACKAGES
        ]
        assert len(python) > 100
        return [f"{OTHER_NAMES.get(one['name'], one['name'])}=={one['version']}" for one in python]


def recipe(at: Path) -> Recipe:
    """Ask repo2docker, in an environment of its own, what it would do with a clone of this folder."""
    uv("venv", "--quiet", "--python", sys.executable, at / "repo2docker")
    uv("pip", "install", "--quiet", "--python", at / "repo2docker/bin/python", REPO2DOCKER)
    clone = at / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), clone], check=True)
    for name in (
        "environment.yml",
        "requirements.txt",
        "pyproject.toml",
    ):  # as they are now, committed or not
        (clone / name).write_bytes((ROOT / name).read_bytes())
    words = ["--no-build", "--no-run", "--debug", "--user-id", "1000", "--user-name", "jovyan", clone]
    done = subprocess.run(
        [at / "repo2docker/bin/jupyter-repo2docker", *map(str, words)],
        env=environment(),
        cwd=at,
        capture_output=True,
        text=True,
        check=False,
    )
    text = done.stdout + done.stderr
    assert done.returncode == 0, text[-3000:]
    used = re.search(r"environment-2epy-2d3-2e(\d+)-2d(linux-2d\w+)-2elock", text)
    assert used, "no base environment is named"
    folder = next((at / "repo2docker").glob("lib/*/site-packages/repo2docker/buildpacks/conda"))
    lock = f"environment.py-3.{used[1]}-{used[2].replace('-2d', '-')}.lock"
    return Recipe(text, folder / lock)


def image(at: Path, made: Recipe) -> Path:
    """An environment as the image would have it; gives its Python. The base first, then ours by pip, as conda calls it."""
    python = at / "image" / "bin" / "python"
    uv("venv", "--quiet", "--seed", "--python", sys.executable, at / "image")
    uv("pip", "install", "--quiet", "--no-deps", "--python", python, *made.packages())
    asked = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    (ours,) = (one["pip"] for one in asked if isinstance(one, dict))
    wanted = at / "clone" / "condaenv.requirements.txt"
    wanted.write_text("\n".join(ours), "utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "-U", "-r", wanted, "--exists-action=b"]
    done = subprocess.run(
        pip, cwd=at / "clone", env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return python


def complaints(python: Path) -> list[str]:
    """What ``pip check`` says."""
    said = subprocess.run(
        [python, "-m", "pip", "check"], env=environment(), capture_output=True, text=True, check=False
    )
    return [line for line in said.stdout.splitlines() if line != "No broken requirements found."]


@dataclass
class Server:
    """A server as the image starts it."""

    origin: str
    pid: int

    def page(self, name: str) -> str:
        address = f"{self.origin}/voila/render/{name}.ipynb?token={TOKEN}"
        with urllib.request.urlopen(address, timeout=300) as answer:
            return answer.read().decode()

    def memory(self) -> tuple[float, float]:
        """MB of the server, and of all that it started: their share of what they have in common counted once (PSS)."""
        server = psutil.Process(self.pid)
        below = [pss(one) for one in server.children(recursive=True)]
        return pss(server), sum(below)


def pss(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        return process.memory_full_info().pss / MB
    return 0.0


@contextlib.contextmanager
def serving(python: Path, at: Path) -> Iterator[Server]:
    port, home = free_port(), at / "home"
    home.mkdir(exist_ok=True)
    settings = {"ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.port_retries": 0}
    words = [f"--{name}={value}" for name, value in settings.items()]
    with (at / "server.txt").open("w") as log:
        running = subprocess.Popen(
            [python, "-m", "notebook", "--no-browser", "--allow-root", *words],
            cwd=at / "clone",
            env=environment(HOME=str(home), JUPYTER_TOKEN=TOKEN),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            server = Server(f"http://127.0.0.1:{port}", running.pid)
            for _ in range(1200):
                assert running.poll() is None, (at / "server.txt").read_text()[-3000:]
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.origin}/api", timeout=5):
                    break
                time.sleep(0.1)
            yield server
        finally:
            running.send_signal(signal.SIGINT)
            running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(15)
            running.kill()
            running.wait()


def walk(server: Server) -> list[tuple[str, float, float]]:
    """Open every page once; after each, MB of the server and of its kernels. No page was closed in between."""
    steps = [("nothing opened yet", *server.memory())]
    names = [
        f"{path.parent.name}/{path.stem}"
        for folder in ("notebooks", "exercises")
        for path in sorted((ROOT / folder).glob("*.ipynb"))
    ]
    for name in ["index", *names]:
        assert "</html>" in server.page(name), name
        steps.append((name, *server.memory()))
    return steps


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="binder-") as folder:
        at = Path(folder)
        made = recipe(at)
        print(f"{REPO2DOCKER}: recipe of {len(made.text.splitlines())} lines; base: {made.base.name}")
        python = image(at, made)
        print("pip check:", "; ".join(complaints(python)) or "nothing to complain of")
        with serving(python, at) as server:
            steps = walk(server)
        for name, own, kernels in steps:
            print(f"{own + kernels:7.0f} MB ({own:.0f} server, {kernels:.0f} kernels)  {name}")
        peak = max(steps, key=lambda step: step[1] + step[2])
        print(json.dumps({"pages": len(steps) - 1, "peak_mb": round(peak[1] + peak[2]), "at": peak[0]}))


if __name__ == "__main__":
    main()
