"""What a learner types is nowhere but in their tab: a word that stands nowhere else is typed into every box of every
lesson, by every door, and then looked for everywhere."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import secrets
import stat
import string
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from conftest import ROOT, Jupyter, Watched
from hands import PAGES, PLAN, SHARE, WALK, Course, Learner
from jupyter_client.blocking.client import BlockingKernelClient
from lab import Lab
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

LARGEST = 200_000_000  # bytes of a file that is still read
PIECE = 1 << 24
NOT_OURS = {"site-packages", "node_modules"}  # what others wrote, in tens of thousands of files


# --- where a word can turn up ------------------------------------------------------------------------


def random_word() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))


def spellings(word: str) -> list[bytes]:
    """The word as programs write it down: plainly, in two bytes a letter, and in base64 wherever it may begin."""
    plain = word.encode()
    shifted = [base64.b64encode(b" " * shift + plain)[4:-4] for shift in range(3)]
    return [plain, word.encode("utf-16-le"), *shifted]


def holds(data: bytes, word: str) -> bool:
    return any(spelling in data for spelling in spellings(word))


def changed_files(since: float) -> Iterator[Path]:
    """Every file that was written since then where anything of ours could write."""
    folders = [tempfile.gettempdir(), "/var/tmp", Path.home(), ROOT, Path(sys.prefix, "var")]
    waiting, seen = [Path(folder).resolve() for folder in folders], set()
    while waiting:
        folder = waiting.pop()
        if folder in seen:
            continue
        seen.add(folder)
        with contextlib.suppress(OSError):
            for entry in os.scandir(folder):
                with contextlib.suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(about.st_mode):
                        if entry.name not in NOT_OURS:
                            waiting.append(Path(entry.path))
                    elif stat.S_ISREG(about.st_mode) and max(about.st_mtime, about.st_ctime) >= since - 2:
                        yield Path(entry.path)


def file_holds(path: Path, word: str) -> bool:
    if holds(os.fsencode(path), word):
        return True
    rest = b""
    with contextlib.suppress(OSError), path.open("rb") as file:
        if path.stat().st_size > LARGEST:
            return False
        while piece := file.read(PIECE):
            if holds(rest + piece, word):
                return True
            rest = piece[-100:]
    return False


def memory_holds(process: psutil.Process, word: str) -> bool:
    """Whether a word stands anywhere in what a program holds in memory. Linux shows that to its owner."""
    rest = b""
    with contextlib.suppress(OSError), Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines():
            where, rights = line.split()[:2]
            if not rights.startswith("rw") or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            at, end = (int(number, 16) for number in where.split("-"))
            rest = b""
            with contextlib.suppress(OSError, OverflowError):
                memory.seek(at)
                while at < end and (piece := memory.read(min(PIECE, end - at))):
                    if holds(rest + piece, word):
                        return True
                    rest = piece[-100:]
                    at += len(piece)
    return False


# In a kernel: all that was run and shown, and all that its widgets hold.
LOOK = """
import json
from ipywidgets import Widget
import ipywidgets.widgets.widget as _widgets
_shell = get_ipython()
print(json.dumps({
    "history": repr(list(_shell.history_manager.get_tail(10000, raw=True, output=True, include_latest=True))),
    "in": repr(_shell.user_ns["In"]), "out": repr(_shell.user_ns["Out"]),
    "widgets": {key: one.get_state() for key, one in _widgets._instances.items()},
}, default=repr))
"""


@dataclass
class Server:
    """The running Jupyter server, seen from inside: its programs, its kernels, its folders."""

    jupyter: Jupyter

    def ask(self, path: str) -> Any:
        request = urllib.request.Request(
            f"{self.jupyter.origin}/api/{path}", headers={"Authorization": f"token {self.jupyter.token}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    @property
    def programs(self) -> list[psutil.Process]:
        """The server and its kernels."""
        return psutil.Process(self.jupyter.pid).children(recursive=True)

    @property
    def runtime(self) -> Path:
        return Path(self.programs[0].environ()["JUPYTER_RUNTIME_DIR"])

    def kernels(self) -> list[str]:
        return [kernel["id"] for kernel in self.ask("kernels")]

    def kernel_of(self, name: str) -> str:
        return next(one["kernel"]["id"] for one in self.ask("sessions") if one["path"] == f"{name}.ipynb")

    def look_into(self, kernel: str) -> dict[str, Any]:
        return json.loads(self.run(kernel, LOOK, keep=False))

    def run(self, kernel: str, code: str, keep: bool = True) -> str:
        """Run code in a kernel, as another program on this computer could; gives what it printed."""
        client = BlockingKernelClient(connection_file=str(self.runtime / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.start_channels()
        said: list[str] = []
        try:
            client.wait_for_ready(timeout=60)
            client.execute_interactive(
                code,
                store_history=keep,
                timeout=60,
                output_hook=lambda message: said.append(message["content"].get("text", "")),
            )
        finally:
            client.stop_channels()
        return "".join(said)


@dataclass
class Search:
    """A search for one word, over everything that happened since it began."""

    tab: Watched
    context: BrowserContext
    server: Server | None
    word: str = field(default_factory=random_word)
    began: float = field(default_factory=time.time)

    def found(self) -> list[str]:
        """The places outside the tab where the word stands. Memory first: looking into a kernel leaves traces."""
        return [
            *self.in_memory(),
            *self.on_the_wire(),
            *self.kept_by_the_browser(),
            *self.in_kernels(),
            *self.on_disk(),
        ]

    def in_memory(self) -> Iterator[str]:
        for program in self.server.programs if self.server else ():
            if memory_holds(program, self.word):
                yield f"memory of {' '.join(program.cmdline())[:80]}"

    def on_the_wire(self) -> Iterator[str]:
        for sent in self.tab.sent:
            if holds(sent.encode(), self.word):
                yield f"request or message: {sent[:80]}"

    def kept_by_the_browser(self) -> Iterator[str]:
        """Cookies, localStorage and IndexedDB, which would outlive the tab, and what a history shows."""
        if holds(json.dumps(self.context.storage_state(indexed_db=True)).encode(), self.word):
            yield "the browser's lasting storage"
        # Of pages that were opened from a folder, Playwright tells nothing.
        lasting = self.tab.page.evaluate("[{...localStorage}, document.cookie]")
        if holds(json.dumps(lasting).encode(), self.word):
            yield "the page's lasting storage"
        shown = self.tab.page.evaluate("[location.href, document.title, history.state, window.name]")
        if holds(json.dumps(shown).encode(), self.word):
            yield "the page's address, title or name"

    def in_kernels(self) -> Iterator[str]:
        for kernel in self.server.kernels() if self.server else ():
            for place, what in self.server.look_into(kernel).items():  # type: ignore[union-attr]
                if holds(json.dumps(what).encode(), self.word):
                    yield f"kernel: {place}"

    def on_disk(self) -> Iterator[str]:
        for path in sorted(changed_files(self.began)):
            if file_holds(path, self.word):
                yield f"file: {path}"


@pytest.fixture
def planted() -> Iterator[Callable[[Path, bytes], Path]]:
    """Writes a file into a folder, for as long as the test runs."""
    paths: list[Path] = []

    def plant(folder: Path, data: bytes) -> Path:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="alongside-test-", delete=False) as file:
            paths.append(Path(file.name))
            file.write(data)
        return paths[-1]

    yield plant
    for path in paths:
        path.unlink()


def test_the_search_finds_a_word_wherever_it_is_put(
    tab: Watched, context: BrowserContext, jupyter: Jupyter, planted: Callable[[Path, bytes], Path]
) -> None:
    search = Search(tab, context, Server(jupyter))
    assert search.server
    with with_code_of_its_own(jupyter, SHARE):
        tab.page.goto(jupyter.voila(f"notebooks/{SHARE}"))
    places = [Path(tempfile.gettempdir()), Path.home(), Path("/var/tmp"), jupyter.folder / "notebooks"]
    files = [planted(place, data) for place, data in zip(places, spellings(search.word), strict=False)]
    assert search.found() == [f"file: {path}" for path in sorted(files)]
    # A page that is asked for by the word: the address is sent, and the server's log names it.
    tab.page.goto(f"{jupyter.origin}/nowhere?{search.word}")
    tab.page.evaluate("word => { localStorage.kept = word }", search.word)
    search.server.run(
        search.server.kernels()[-1], f"from ipywidgets import Text; box = Text({search.word!r})"
    )
    found = search.found()
    for kind in (
        "memory of",
        "request or message",
        "the browser's",
        "kernel: history",
        "kernel: in",
        "kernel: widgets",
    ):
        assert [place for place in found if place.startswith(kind)], kind
    assert f"file: {jupyter.log}" in found


# --- someone who answers everything ------------------------------------------------------------------


@dataclass
class Writer:
    """Someone who types one word into every box that there is, and makes every kind of choice."""

    page: Page
    word: str
    boxes: int = 0
    locked: bytes = b""
    #: The kinds of activities into which the word was also typed by single keys.
    typed: set[str] = field(default_factory=set)

    def answer(self, activities: Locator) -> None:
        kinds = {activity: activity.get_attribute("data-activity") for activity in activities.all()}
        # The plan comes last: it holds an editor for each answer, also for those that were given beside it.
        for activity, kind in sorted(kinds.items(), key=lambda one: one[1] == "plan"):
            self._choose(activity)
            self._write(activity)
            if kind == "plan":
                self._keep(activity)

    def _choose(self, activity: Locator) -> None:
        kind = activity.get_attribute("data-activity")
        if kind == "promise":
            activity.get_by_text("Words to start from", exact=True).click()
            activity.get_by_role("listitem").get_by_role("button").first.click()
            activity.get_by_role("radio", name="Maybe").check()
            activity.get_by_label("By when (a day)").fill("2031-03-05")
            activity.get_by_role("checkbox", name="Put my words in").check()
        elif kind in ("rate", "choose"):
            activity.get_by_role("radio").or_(activity.get_by_role("checkbox")).first.check()
        elif kind == "rank":
            activity.get_by_role("button", name="Keep this order").click()
        elif kind == "board":
            for choice in activity.get_by_role("combobox").all():
                choice.select_option(index=1)
        elif kind == "checkin":
            for card in activity.get_by_role("group").filter(has=self.page.get_by_role("radio")).all():
                card.get_by_role("radio").first.check()
        elif kind in ("sort_cards", "scenario"):
            for _ in range(2):
                activity.locator(".al-choices, .al-sorted").get_by_role("button").first.click()

    def _write(self, activity: Locator) -> None:
        kind = activity.get_attribute("data-activity") or ""
        boxes = activity.locator("textarea, input[type=text], input:not([type])").filter(visible=True).all()
        for box in boxes:
            box.fill(f"{self.word} é\n")
            if kind not in self.typed:  # by single keys too, once for each kind: JupyterLab listens to those
                self.typed.add(kind)
                box.press("End")
                box.press_sequentially(self.word)
                box.press("Enter")
            expect(box).to_have_value(re.compile(self.word))
        self.boxes += len(boxes)

    def look_at_my_words(self, begin: Locator) -> None:
        begin.get_by_role("button", name="My words").click()
        words = self.page.get_by_role("dialog", name="My words")
        expect(words).to_contain_text(self.word)
        self._keep(words)
        words.get_by_role("button", name="Close").click()

    def _keep(self, keeping: Locator) -> None:
        """Write into the boxes for passphrases, and the first time lock a file and bring it back."""
        keeping.get_by_text("Lock the file with a passphrase").click()
        phrase = keeping.get_by_label("A passphrase")
        phrase.fill(self.word)
        first = not self.locked
        if first:
            with self.page.expect_download() as handed:
                keeping.get_by_role("button", name="Save as a locked file").click()
            self.locked = Path(handed.value.path()).read_bytes()
            assert not holds(self.locked, self.word)
            phrase.fill(self.word)
        keeping.get_by_label("Choose a file that you saved here").set_input_files(
            {"name": "notes.html", "mimeType": "text/html", "buffer": self.locked}
        )
        opening = keeping.get_by_label("This file is locked. Its passphrase")
        opening.fill(f"not {self.word}")
        if first:
            keeping.get_by_role("button", name="Open it").click()
            expect(self.page.get_by_text("The passphrase does not open this file")).to_be_visible()
            opening.fill(self.word)
            keeping.get_by_role("button", name="Open it").click()
            expect(self.page.get_by_text("Your words are back in this tab.")).to_be_visible()
        self.boxes += 2


def answer(names: Iterable[str], learner: Learner, writer: Writer, tab: Watched) -> None:
    # The plan comes last, because everything that was kept stands on it.
    for name in sorted(names, key=PLAN.__eq__):
        learner.open(name)
        asked = len(tab.requests)
        writer.answer(learner.page.locator("section.alongside-activity"))
        writer.look_at_my_words(learner.bar)
        # Nothing is even asked for while somebody answers; a file that is saved is made in the page.
        assert [url for url in tab.requests[asked:] if not url.startswith("blob:")] == []


@pytest.mark.parametrize("course", ["http", "file", "voila"], indirect=True)
def test_what_is_typed_on_a_page_is_nowhere_but_in_the_tab(
    course: Course, learner: Learner, tab: Watched, context: BrowserContext, request: pytest.FixtureRequest
) -> None:
    server = Server(request.getfixturevalue("jupyter")) if course.door == "voila" else None
    search = Search(tab, context, server)
    writer = Writer(tab.page, search.word)
    if course.door == "http":
        names = [name for name in request.getfixturevalue("one_of_each_page") if name in PAGES]
    else:
        names = WALK
    answer(names, learner, writer, tab)
    assert writer.boxes > 20
    assert writer.typed >= {"ask", "board", "checkin", "compose", "plan", "promise"}
    assert search.word in learner.traces()  # it was typed, and the tab has it
    assert search.found() == []
    assert tab.errors == []


@contextmanager
def with_code_of_its_own(jupyter: Jupyter, name: str) -> Iterator[None]:
    """A lesson to which an author has added a line of Python, so that Voilà runs it in a kernel."""
    path = jupyter.folder / "notebooks" / f"{name}.ipynb"
    before = path.read_bytes()
    notebook = nbformat.reads(before.decode(), 4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1", id="own-code"))
    nbformat.write(notebook, path)
    try:
        yield
    finally:
        path.write_bytes(before)


def test_what_is_typed_on_a_page_that_a_kernel_has_drawn_is_nowhere_but_in_the_tab(
    tab: Watched, context: BrowserContext, jupyter: Jupyter
) -> None:
    server = Server(jupyter)
    search = Search(tab, context, server)
    writer = Writer(tab.page, search.word)
    before = set(server.kernels())
    with with_code_of_its_own(jupyter, SHARE):
        learner = Learner(tab.page, jupyter.course())
        answer([SHARE], learner, writer, tab)
        learner.reload()
    assert set(server.kernels()) - before
    assert writer.boxes > 4
    assert search.word in learner.traces()
    assert search.found() == []
    assert tab.errors == []


def test_what_is_typed_in_jupyterlab_is_nowhere_but_in_the_tab(
    tab: Watched, context: BrowserContext, jupyter: Jupyter, nightly: bool
) -> None:
    server = Server(jupyter)
    search = Search(tab, context, server)
    lab = Lab(tab, jupyter)
    writer = Writer(tab.page, search.word)
    with every_kind(jupyter) as together:
        lessons = [name if name.startswith("exercises/") else f"notebooks/{name}" for name in WALK]
        for name in lessons if nightly else [together]:
            lab.open(name).run_all()
            kernel = server.kernel_of(lab.name)
            before, told = server.look_into(kernel)["widgets"], len(tab.sent)
            writer.answer(lab.activities)
            writer.look_at_my_words(lab.activities.first)
            assert [sent for sent in tab.sent[told:] if "comm_" in sent] == []
            assert before
            assert server.look_into(kernel)["widgets"] == before
            save(lab)
        assert writer.boxes > (20 if nightly else 12)
        assert writer.typed >= {"ask", "board", "checkin", "compose", "plan", "promise"}
        assert search.word in tab.page.evaluate("JSON.stringify(sessionStorage)")
        assert list(jupyter.folder.rglob(".ipynb_checkpoints/*.ipynb"))
        assert search.found() == []


@contextmanager
def every_kind(jupyter: Jupyter) -> Iterator[str]:
    """One notebook with an activity of each kind, taken from the lessons, and the plan at its end."""
    found: dict[str, Any] = {}
    for name in WALK:
        path = f"{name}.ipynb" if name.startswith("exercises/") else f"notebooks/{name}.ipynb"
        for cell in nbformat.read(jupyter.folder / path, 4).cells:
            if cell.cell_type == "code":
                found.setdefault(re.findall(r"(?m)^(\w+)\(", cell.source)[-1], cell)
    assert set(found) > {"ask", "begin", "board", "checkin", "compose", "plan", "promise", "scenario"}
    found[
        "begin"
    ].source = f"from alongside import {', '.join(found)}\nbegin()"  # a lesson's first cell does so
    plan = found.pop("plan")
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[*found.values(), plan],
    )
    path = jupyter.folder / "every-kind.ipynb"
    nbformat.write(notebook, path)
    try:
        yield path.stem
    finally:
        path.unlink()


def save(lab: Lab) -> None:
    with lab.page.expect_response(lambda answer: answer.request.method == "PUT" and ".ipynb" in answer.url):
        lab.page.keyboard.press("Control+s")
