"""Alongside's figures, each beside its floor. Run by hand; pytest does not collect it.

    python tests/benchmark.py                       every figure but the first start and acro, which install
    python tests/benchmark.py first-start acro      these
    python tests/benchmark.py --rounds 9 memory     more often than usual

Use the Python of the test environment (``.venv/bin/python`` after ``python3 start.py test``). Everything runs on a
copy of the course in a temporary folder. Ours and floor are measured in turn, each going first every other time;
the table shows medians, with the smallest and the largest in brackets. Seconds are wall time, MB are 1,000,000
bytes, KB are 1,000 bytes. A busy machine makes every figure worse: compare figures with their floors, not with
those of another day.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import http.server
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal, TypeVar

import nbformat
import psutil
import pytest
from conftest import ARGUMENTS, browser_path, free_port
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import Browser, Page, Response, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
#: The Python that a person starts start.py with: the one that this environment was made of.
PYTHON = str(getattr(sys, "_base_executable", sys.executable))
BIN = "Scripts" if os.name == "nt" else "bin"
#: What is not copied with the tree.
PASSING = shutil.ignore_patterns(".git", ".venv", ".*cache", "__pycache__", ".ipynb_checkpoints")

LESSON = "05-share-power"
SLOWED = 4  # times
MEASURED = 6  # published pages
SECONDS_TO_START = 900  # a first start on a slow line
SECONDS_TO_END = 8
SECONDS_TO_SETTLE = 0.5
LOOK = 0.02  # seconds between two questions whether a server answers
TOKEN = "benchmark"

T = TypeVar("T")


# ---- What is shown


@dataclass(frozen=True)
class Row:
    """One figure. ``limit`` is the goal for ours minus floor, for ours divided by floor, or for ours itself."""

    figure: str
    unit: Literal["s", "MB", "KB"]
    ours: list[float]
    floor: list[float]
    goal: Literal["difference", "ratio", "ours"]
    limit: float

    def cells(self) -> list[str]:
        ours, floor = median(self.ours), median(self.floor)
        value = {"difference": ours - floor, "ratio": ours / floor, "ours": ours}[self.goal]
        shown = f"{ours / floor:.2f} ×" if self.goal == "ratio" else f"{ours - floor:+.2f} {self.unit}"
        goal = {
            "difference": f"≤ floor + {self.limit:g} {self.unit}",
            "ratio": f"≤ {self.limit:g} × floor",
            "ours": f"≤ {self.limit:g} {self.unit}",
        }[self.goal]
        reached = "reached" if value <= self.limit else "NOT REACHED"
        return [self.figure, self._spread(self.ours), self._spread(self.floor), shown, goal, reached]

    def _spread(self, values: list[float]) -> str:
        return f"{median(values):.2f} {self.unit} ({min(values):.2f} to {max(values):.2f})"


def table(rows: list[Row]) -> str:
    lines = [["figure", "ours", "floor", "against floor", "goal", ""], *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([texts[0], "-" * len(texts[0]), *texts[1:]])


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def in_turn(rounds: int, ours: Callable[[], T], floor: Callable[[], T]) -> tuple[list[T], list[T]]:
    """Measure both ``rounds`` times, so that what the machine does meanwhile hits both alike."""
    values: tuple[list[T], list[T]] = ([], [])
    for count in range(rounds):
        for which in (0, 1) if count % 2 else (1, 0):
            time.sleep(SECONDS_TO_SETTLE)  # what the one before left to be tidied
            values[which].append((ours, floor)[which]())
        say(f"  round {count + 1} of {rounds}")
    return values


# ---- What is started, and ended by its id


@contextmanager
def running(command: list[str], folder: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a folder, and at the end make sure that it and all that it started are gone."""
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield child
    finally:
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(child.pid)
            family = [process, *process.children(recursive=True)]
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(SECONDS_TO_END)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        child.wait()


@dataclass(frozen=True)
class Server:
    """A Jupyter server that has answered."""

    port: int
    token: str
    pid: int

    def processor(self) -> float:
        """Seconds that all cores spent on the server so far, and on all that was run before it by the same id."""
        first = psutil.Process(self.pid)
        family = [first.cpu_times(), *(one.cpu_times() for one in first.children(recursive=True))]
        return (
            sum(one.user + one.system for one in family)
            + first.cpu_times().children_user
            + first.cpu_times().children_system
        )

    def ask(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        """Ask for a path, and read the answer to its end."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            line.request(method, path, headers={"Authorization": f"token {self.token}"})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def wait(self, child: subprocess.Popen[str]) -> None:
        """Wait until ``/api/status`` answers 200. The same probe for ours and for the floor."""
        give_up = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up and child.poll() is None:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("/api/status")[0] == 200:
                    return
            time.sleep(LOOK)
        raise SystemExit("A Jupyter server did not start, so nothing can be measured.")

    def whole_page(self, notebook: str) -> None:
        """Read a page of Voilà to its last byte; by then every cell has run."""
        status, body = self.ask(f"/voila/render/{notebook}")
        if status != 200 or b"</html>" not in body:
            raise SystemExit(f"Voilà did not answer with a whole page for {notebook} (status {status}).")

    def address(self, notebook: str) -> str:
        return f"http://127.0.0.1:{self.port}/voila/render/{notebook}?token={self.token}"

    def end_kernels(self) -> None:
        """What one visit leaves behind must not slow the next."""
        for kernel in json.loads(self.ask("/api/kernels")[1]):
            self.ask(f"/api/kernels/{kernel['id']}", "DELETE")


@contextmanager
def our_server(command: list[str], course: Path) -> Iterator[Server]:
    """Start the lessons; given when the line with the address is printed and ``/api/status`` answered."""
    port = free_port()
    with running([*command, "--no-browser", "--port", str(port)], course) as child:
        assert child.stdout is not None
        found = re.search(r"[?&]token=(\w+)", child.stdout.readline())
        if not found:
            raise SystemExit(
                f"{' '.join(command)} in {course} printed no address, so nothing can be measured."
            )
        server = Server(port, found[1], child.pid)
        server.wait(child)
        yield server


@contextmanager
def bare_server(python: str, folder: Path) -> Iterator[Server]:
    """The floor: Jupyter server, JupyterLab and Voilà as they are installed, without our extension."""
    port = free_port()
    settings = {
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "allow_root": True,
        "root_dir": folder,
        "log_level": "WARN",
        "jpserver_extensions": {"alongside.surfaces.voila": False},
    }
    words = [f"--ServerApp.{name}={value}" for name, value in settings.items()]
    with running([python, "-m", "jupyter_server", *words], folder, JUPYTER_TOKEN=TOKEN) as child:
        server = Server(port, TOKEN, child.pid)
        server.wait(child)
        yield server


# ---- The figures


@dataclass(frozen=True)
class Bench:
    """A temporary folder: ``course`` is a copy of the tree as it is now, ``bare`` holds the floor's notebook."""

    folder: Path
    rounds: int | None

    @property
    def course(self) -> Path:
        return self.folder / "course"

    @property
    def bare(self) -> Path:
        return self.folder / "bare"

    def fill(self) -> None:
        shutil.copytree(ROOT, self.course, ignore=PASSING)
        self.bare.mkdir()
        cell = nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.Textarea()")
        notebook = nbformat.v4.new_notebook(cells=[cell])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.bare / "bare.ipynb")

    def isolate(self) -> None:
        """Nothing of the person who measures: no settings of Python or Jupyter, no cache of pip's, our own copy.

        With PYTHONDONTWRITEBYTECODE, for one, the package would be compiled anew for each kernel.
        """
        foreign = ("PYTHON", "JUPYTER", "IPYTHON", "PIP_CACHE")
        for name in [name for name in os.environ if name.startswith(foreign)]:
            del os.environ[name]
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            os.environ[name] = str(self.folder / name.lower())
        os.environ["PYTHONPATH"] = str(self.course)


def first_start(bench: Bench) -> Iterator[Row]:
    """Seconds. Ours: ``python3 start.py --no-browser`` in a fresh copy, until the address is printed and GET /api/status
    gave 200. Floor: ``python3 -m venv`` and ``pip install -r requirements.txt``. Both begin with empty caches and fetch
    every package from the index. "Processor" is what all cores spent on the same, so it says little of the line and of
    what else the machine does; byte code that is made behind the server is not in it. "Its page": GET of the welcome
    page to its last byte, right after the address was printed; the floor is the same page in a later start, when all
    byte code is there."""
    fresh, floor_venv, cache = bench.folder / "fresh", bench.folder / "floor", bench.folder / "cache"

    def ours() -> tuple[float, ...]:
        shutil.copytree(bench.course, fresh, ignore=PASSING)
        try:
            first = opened()
            say("  making the rest of the byte code …")
            return *first, opened()[-1]
        finally:
            shutil.rmtree(fresh)

    def opened() -> tuple[float, float, float]:
        begun = time.perf_counter()
        with our_server([PYTHON, "start.py"], fresh) as server:
            answering, spent = time.perf_counter() - begun, server.processor()
            begun = time.perf_counter()
            server.whole_page("notebooks/00-start-here.ipynb")
            page = time.perf_counter() - begun
            give_up = time.monotonic() + SECONDS_TO_START
            while (fresh / ".venv" / "uncompiled").exists() and time.monotonic() < give_up:
                time.sleep(LOOK)
            return answering, spent, page

    def floor() -> tuple[float, ...]:
        install = [str(floor_venv / BIN / "python"), "-m", "pip", "install", "--no-input"]
        try:
            begun, before = time.perf_counter(), os.times()
            for command in (
                [PYTHON, "-m", "venv", str(floor_venv)],
                [*install, "--disable-pip-version-check", "-r", "requirements.txt"],
            ):
                with running(command, bench.course, PIP_CACHE_DIR=str(cache)) as child:
                    output, _ = child.communicate(timeout=SECONDS_TO_START)
                    if child.returncode:
                        raise SystemExit(f"The floor's install did not work:\n{output[-2000:]}")
            after = os.times()
            spent = sum(
                after[at] - before[at] for at in (2, 3)
            )  # user and system, of children that have ended
            return time.perf_counter() - begun, spent
        finally:
            for folder in (floor_venv, cache):
                shutil.rmtree(folder, ignore_errors=True)

    mine, bare = in_turn(bench.rounds or 3, ours, floor)
    for at, name in enumerate(("first start", "first start, processor")):
        yield Row(name, "s", [one[at] for one in mine], [one[at] for one in bare], "ratio", 0.5)
    yield Row(
        "first start, its page", "s", [one[2] for one in mine], [one[3] for one in mine], "difference", 0.3
    )


def second_start(bench: Bench) -> Iterator[Row]:
    """Seconds from the command. "Answering": start.py has printed its line, and GET /api/status gave 200; the floor
    is asked the same. "First page": GET of a page of Voilà was read to its end, so its cells have run: ours the
    welcome page, the floor's a single text area. Both use the same .venv, one start of each goes uncounted."""
    venv = bench.course / ".venv"
    if (ROOT / ".venv" / "requirements.txt.stamp").is_file() and not venv.exists():
        shutil.copytree(ROOT / ".venv", venv, symlinks=True)  # start.py mends a moved one
    say("  getting .venv ready …")

    def ours() -> tuple[float, float]:
        begun = time.perf_counter()
        with our_server([PYTHON, "start.py"], bench.course) as server:
            return times(begun, server, "notebooks/00-start-here.ipynb")

    def floor() -> tuple[float, float]:
        begun = time.perf_counter()
        with bare_server(str(venv / BIN / "python"), bench.bare) as server:
            return times(begun, server, "bare.ipynb")

    def times(begun: float, server: Server, page: str) -> tuple[float, float]:
        answering = time.perf_counter() - begun
        server.whole_page(page)
        return answering, time.perf_counter() - begun

    ours()
    floor()
    mine, bare = in_turn(bench.rounds or 7, ours, floor)
    for at, name in enumerate(("second start, answering", "second start, first page")):
        yield Row(name, "s", [one[at] for one in mine], [one[at] for one in bare], "difference", 1.5)


def lesson(bench: Bench) -> Iterator[Row]:
    """Seconds from the start of the navigation, by the page's own clock, looked at in every frame. Ours: until the
    first control of the lesson was clicked and the tab kept the choice. Floor: until a text area of ipywidgets in
    Voilà's stock template took a letter; its template asks another host for fonts, and is refused at once. Every
    visit in a new browser context, on a server that was visited once; kernels of earlier visits are ended."""
    serve = [sys.executable, "-m", "alongside.surfaces.serve"]
    with (
        our_server(serve, bench.course) as mine,
        bare_server(sys.executable, bench.bare) as bare,
        chromium() as browser,
    ):

        def ours() -> float:
            return visit(mine, f"notebooks/{LESSON}.ipynb", KEEPS_A_CHOICE)

        def floor() -> float:
            return visit(bare, "bare.ipynb", TAKES_A_LETTER)

        def visit(server: Server, notebook: str, sign: str) -> float:
            with tab(browser, sign) as page:
                seconds = usable(page, server.address(notebook))
            server.end_kernels()
            return seconds

        ours()
        floor()
        yield Row("a lesson in Voilà, usable", "s", *in_turn(bench.rounds or 7, ours, floor), "ratio", 0.5)


def memory(bench: Bench) -> Iterator[Row]:
    """MB of the kernel's process. RSS: all that it holds in memory. USS: what is its own alone, so what ending it
    would give back. Ours: after all code cells of a lesson. Floor: after ``import anywidget``. A third kernel runs
    beside them all the time, so that USS doesn't depend on who else on this machine has the same libraries open;
    one kernel of ours goes uncounted."""
    notebook = nbformat.read(bench.course / "notebooks" / f"{LESSON}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    def held(cells: list[str]) -> tuple[float, float]:
        with kernel(bench, cells) as process:
            memory = process.memory_full_info()
            return memory.rss / 1e6, memory.uss / 1e6

    floor = functools.partial(held, ["import anywidget"])
    ours = functools.partial(held, cells)
    with kernel(bench, ["import anywidget"]):
        ours()
        mine, bare = in_turn(bench.rounds or 5, ours, floor)
    for at, name in enumerate(("RSS", "USS")):
        yield Row(
            f"kernel of a lesson, {name}",
            "MB",
            [one[at] for one in mine],
            [one[at] for one in bare],
            "ratio",
            1.15,
        )


@contextmanager
def kernel(bench: Bench, cells: list[str]) -> Iterator[psutil.Process]:
    """A kernel of its own, in the folder of the lessons, that has run these cells."""
    manager, client = start_new_kernel(
        kernel_name="python3", cwd=str(bench.course / "notebooks"), stderr=subprocess.DEVNULL
    )
    try:
        for cell in cells:
            reply: Any = client.execute_interactive(cell, timeout=60, output_hook=lambda _: None)
            if reply["content"]["status"] != "ok":
                raise SystemExit(f"A cell failed: {reply['content'].get('evalue')}")
        yield psutil.Process(getattr(manager.provisioner, "pid", None))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def published(bench: Bench) -> Iterator[Row]:
    """KB: the bodies of all that a page loads, uncompressed; the floor is the same page without its script. Seconds,
    with the CPU slowed four times, over http on loopback, in a tab at rest, from the start of the navigation: ours
    until the page's first control was clicked and the tab kept the choice; floor: without the script, until the
    first question is drawn. Of all pages that ask something, the six largest are measured; shown is the largest, and
    the one that is usable last. The last row shows that one again beside what the browser itself takes: a page that
    is one radio button and nothing else, slowed alike."""
    site = bench.folder / "site"
    made = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "site", "--to", str(site)],
        cwd=bench.course,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SystemExit(made.stderr)
    asking = [path for path in site.rglob("*.html") if "data-activity=" in path.read_text("utf-8")]
    asking.sort(key=lambda path: -path.stat().st_size)
    names = [str(path.relative_to(site)) for path in asking[:MEASURED]]
    assert len(names) == MEASURED
    for name in names:
        text = (site / name).read_text("utf-8")
        silent = site / "silent" / name
        silent.parent.mkdir(parents=True, exist_ok=True)
        silent.write_text(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL), "utf-8")

    (site / "one.html").write_text(ONE_CONTROL, "utf-8")

    bytes_of: dict[str, tuple[list[float], list[float]]] = {}
    seconds_of: dict[str, tuple[list[float], list[float]]] = {}
    with over_http(site) as origin, chromium() as browser:

        def loaded(address: str, sign: str) -> tuple[float, float]:
            with tab(browser, sign) as page:
                page.goto(f"{origin}page.html")  # its process is kept for the next page, and is slowed here
                # A tab that opens starts processes, which would take the page's share of the machine.
                time.sleep(1)
                answers: list[Response] = []
                page.on("response", lambda answer: answers.append(answer))
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
                seconds = usable(page, origin + address)
                page.wait_for_load_state("networkidle")
                return seconds, sum(len(answer.body()) for answer in answers) / 1e3

        for name in names:
            say(f"  {name}")
            ours, floor = in_turn(
                bench.rounds or 5,
                functools.partial(loaded, name, KEEPS_A_CHOICE),
                functools.partial(loaded, f"silent/{name}", SHOWS_A_QUESTION),
            )
            seconds_of[name] = [one[0] for one in ours], [one[0] for one in floor]
            bytes_of[name] = [one[1] for one in ours], [one[1] for one in floor]
        latest = max(names, key=lambda name: median(seconds_of[name][0]))
        say(f"  {latest}, beside one control")
        again, alone = in_turn(
            bench.rounds or 5,
            functools.partial(loaded, latest, KEEPS_A_CHOICE),
            functools.partial(loaded, "one.html", KEEPS_A_CHOICE),
        )
    largest = max(names, key=lambda name: median(bytes_of[name][0]))
    yield Row(f"published, largest: {largest}", "KB", *bytes_of[largest], "ours", 120)
    yield Row(f"published, latest: {latest}", "s", *seconds_of[latest], "ours", 0.5)
    beside = [one[0] for one in again], [one[0] for one in alone]
    yield Row("published, the same beside one control", "s", *beside, "ours", 0.5)


def typing(bench: Bench) -> Iterator[Row]:
    """Seconds a key, with the CPU slowed four times: from a key's going down until the frame after it is drawn, the
    median of sixteen keys. Ours: in a box on the plan's page beside the plan, while the tab holds a whole course, 200
    texts and 36 promises of 0.1 MB in all; floor: a page that is one box and nothing else."""
    site = bench.folder / "typing"
    made = [sys.executable, "-m", "alongside.cli", "site", "--to", str(site)]
    subprocess.run(made, cwd=bench.course, capture_output=True, check=True)
    (site / "box.html").write_text(ONE_BOX, "utf-8")
    text = "A quiet otter waits at the door, and says what it saw. " * 5
    answers = [{"kind": "ask", "v": 2, "text": text}] * 200
    answers += [{"kind": "promise", "v": 2, "answer": "yes", "what": text, "who": "me", "tell": "all"}] * 36
    kept = json.dumps([[f"key-{at}", {"prompt": f"{at}?", "answer": one}] for at, one in enumerate(answers)])
    with over_http(site) as origin, chromium() as browser:

        def pressed(address: str, box: str) -> float:
            context = browser.new_context(viewport={"width": 390, "height": 800})
            try:
                context.add_init_script(HOLDS % json.dumps(kept))
                page = context.new_page()
                page.goto(origin + address)
                page.locator(box).click()
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
                page.evaluate(TIMES_KEYS)
                for letter in "sixteen letters.":
                    page.keyboard.press("Space" if letter == " " else letter)
                    time.sleep(0.1)
                seconds = page.evaluate("times")
                assert len(seconds) == 16
                return median(seconds)
            finally:
                context.close()

        ours, floor = in_turn(
            bench.rounds or 5,
            functools.partial(pressed, "18-our-plan.html", 'section[data-key="plan-promise-to-me"] textarea'),
            functools.partial(pressed, "box.html", "textarea"),
        )
    yield Row("a key beside the plan of a whole course", "s", ours, floor, "ours", 0.05)


# ---- In the browser

ONE_BOX = '<!doctype html><html lang="en"><meta charset="utf-8"><title>One</title><textarea></textarea>'
HOLDS = """if (!sessionStorage.length) {
  sessionStorage.setItem("alongside.words", %s);
  const mark = {left: Date.now() + 60000, seen: Date.now(), asking: false};
  sessionStorage.setItem("alongside.sitting", JSON.stringify(mark));
}"""
TIMES_KEYS = """() => {
  window.times = [];
  addEventListener("keydown", () => {
    const began = performance.now();
    requestAnimationFrame(() => setTimeout(() => times.push((performance.now() - began) / 1000)));
  }, true);
}"""
#: Each is asked in every frame, in the page, and says whether the page is usable.
KEEPS_A_CHOICE = """() => {
  const kinds = ":is(input[type=radio], input[type=checkbox], textarea)";
  const control = document.querySelector(".alongside-activity " + kinds);
  if (!control || control.disabled || !control.checkVisibility()) return false;
  if (control.type === "textarea") {
    control.focus();
    document.execCommand("insertText", false, "a");
  } else if (!control.checked) control.click();
  const key = control.closest("[data-key]").dataset.key;
  return Object.values(sessionStorage).some((kept) => kept.includes(key));
}"""
#: The smallest page that can keep a choice.
ONE_CONTROL = """<!doctype html><html lang="en"><meta charset="utf-8"><title>One</title><link rel="icon" href="data:,">
<p class="alongside-activity" data-key="one"><input type="radio" onclick="sessionStorage.setItem('kept', 'one')"></p>
"""
TAKES_A_LETTER = """() => {
  const box = document.querySelector(".jupyter-widgets textarea");
  if (!box || box.disabled || !box.checkVisibility()) return false;
  box.focus();
  document.execCommand("insertText", false, "a");
  return box.value.includes("a");
}"""
SHOWS_A_QUESTION = """() => Boolean(document.querySelector(".alongside-activity")?.checkVisibility())"""

WATCH = """window.benchmark = new Promise((done, fail) => {
  const sign = %s;
  const drawn = () => done(performance.now() / 1000); // a frame later: the one with the sign in it was drawn
  const look = () => requestAnimationFrame(sign() ? drawn : look);
  requestAnimationFrame(look);
  setTimeout(() => fail(new Error("not usable after a minute")), 60000);
});"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that knows no host but this computer, so that the closed network costs the floor nothing."""
    with sync_playwright() as playwright:
        alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=browser_path(), args=[*ARGUMENTS, alone])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Browser, sign: str) -> Iterator[Page]:
    """A tab of its own context: no cache, no storage, nothing of the visit before."""
    context = browser.new_context()
    try:
        context.add_init_script(WATCH % sign)
        yield context.new_page()
    finally:
        context.close()


def usable(page: Page, address: str) -> float:
    """Seconds from the start of the navigation until the page gives the sign."""
    page.goto(address, wait_until="commit", timeout=60_000)
    time.sleep(1)  # to ask is work in the page, too: not while it is getting ready
    return page.evaluate("window.benchmark")


@contextmanager
def over_http(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# ----


def beside(module: str, name: str) -> Callable[[Bench], Iterator[Row]]:
    """A figure of another file, which is imported once it is asked for."""

    def measured(bench: Bench) -> Iterator[Row]:
        figure = getattr(importlib.import_module(module), name)
        measured.__doc__ = figure.__doc__
        return figure(bench)

    return measured


FIGURES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "first-start": first_start,
    "second-start": second_start,
    "lesson": lesson,
    "memory": memory,
    "published": published,
    "typing": typing,
    "doors": beside("benchmark_growth", "doors"),
    "pages": beside("benchmark_growth", "pages"),
    "learners": beside("benchmark_growth", "learners"),
    "answers": beside("benchmark_growth", "answers"),
    "room": beside("benchmark_room", "room"),
    "acro": beside("benchmark_growth", "acro"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s [name…]"
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--rounds", type=int, help="how often each is measured")
    wanted = parser.parse_args()
    unknown = set(wanted.names) - set(FIGURES)
    if unknown:
        parser.error(f"there is no figure {', '.join(sorted(unknown))}; there are {', '.join(FIGURES)}")
    names = wanted.names or [name for name in FIGURES if name not in ("first-start", "acro")]
    load = f", load {os.getloadavg()[0]:.1f} before the start" if hasattr(os, "getloadavg") else ""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="alongside-benchmark-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder), wanted.rounds)
        bench.fill()
        bench.isolate()
        for name in names:
            say(name)
            rows += FIGURES[name](bench)
    print(table(rows))
    print(f"\nPython {sys.version.split()[0]}, {os.cpu_count()} cores{load}. How each is measured:\n")
    for name in names:
        print(f"{name}: {' '.join((FIGURES[name].__doc__ or '').split())}")


if __name__ == "__main__":
    sys.modules["benchmark"] = sys.modules["__main__"]  # the other files take their tools from here
    try:
        main()
    except pytest.skip.Exception as reason:  # browser_path says so where there is no browser
        sys.exit(str(reason))
