"""A room that runs, and phones that talk to it over real HTTP."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import uvicorn
from conftest import ROOT, free_port

from alongside.room import app, server
from alongside.room.hall import Hall
from alongside.room.keep import Kept
from alongside.room.questions import read

SAMPLE = ROOT / "data" / "room.yml"
SECRET = "a-secret-that-every-test-knows-0"
#: The room with lessons that are published already.
START = (
    "import sys; from pathlib import Path; from alongside.room import server; "
    "print(server.run(Path(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3]), Path(sys.argv[4])))"
)


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key.lower() == name)


def ask(address: str, path: str, body: str | bytes | None = None, method: str = "", **headers: str) -> Answer:
    """One request of its own, with nothing in it that is not said here. ``content_type`` is Content-Type."""
    where = urlsplit(address)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
        line.request(method or ("GET" if body is None else "POST"), path, body, sent)
        got = line.getresponse()
        return Answer(got.status, got.getheaders(), got.read().decode())
    finally:
        line.close()


@dataclass
class Browser:
    """Somebody with cookies."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def go(self, path: str, body: str | bytes | None = None, method: str = "", **headers: str) -> Answer:
        if self.cookies:
            headers.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        got = ask(self.address, path, body, method, **headers)
        for name, value in got.headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return got

    def answer(self, question: str, *options: str, **headers: str) -> Answer:
        return self.go(
            "/answer", urlencode([("question", question), *(("option", one) for one in options)]), **headers
        )


@dataclass
class Room:
    address: str
    private: str
    questions: Path

    def phone(self) -> Browser:
        """A phone that has opened the page."""
        phone = Browser(self.address)
        phone.go("/")
        return phone

    def host(self) -> Browser:
        host = Browser(self.address)
        assert host.go(urlsplit(self.private).path).status == 303
        return host

    def results(self) -> dict[str, object]:
        return json.loads(ask(self.address, "/results.json").text)

    @property
    def shown(self) -> Path:
        return self.questions.with_suffix(".shown.json")


@dataclass
class Process(Room):
    """A room in a process of its own, as the command starts it."""

    process: subprocess.Popen[str]
    printed: str


def press(host: Browser, button: str, question: str) -> None:
    assert host.go(f"/host/{button}", urlencode({"question": question})).status == 303


def everybody(room: Room, question: str, *options: Sequence[str]) -> list[Browser]:
    """So many phones, each with its answer."""
    phones = []
    for chosen in options:
        phones.append(room.phone())
        assert phones[-1].answer(question, *chosen).status == 303
    return phones


@contextmanager
def running(
    questions: Path, lessons: Path, host: str = "127.0.0.1", port: int = 0, before: Sequence[str] = ()
) -> Iterator[Process]:
    """A room in a process of its own. ``before`` stands before the command, as in another network."""
    process = subprocess.Popen(
        [
            *before,
            sys.executable,
            "-c",
            START,
            str(questions),
            host,
            str(port or free_port()),
            str(lessons),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        found = re.findall(r"http://\S+", printed)
        assert len(found) == 3, printed + process.stderr.read()
        address, _, private = found
        yield Process(address, private, questions, process, printed)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def at_hand(questions: Path, lessons: Path) -> Iterator[Room]:
    """The same server in a thread of this process: it is there at once."""
    asked, port = read(questions), free_port()
    room = app.make(
        Hall(asked, Kept(asked)), server._Published(lessons), f"127.0.0.1:{port}", "127.0.0.1", SECRET
    )
    serving = uvicorn.Server(server.settings(room))
    listening = server._listen("127.0.0.1", port)
    thread = threading.Thread(target=lambda: asyncio.run(serving.serve(sockets=[listening])), daemon=True)
    thread.start()
    try:
        yield Room(f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/host/{SECRET}", questions)
    finally:
        serving.should_exit = True
        thread.join(20)
        listening.close()


def copied(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(SAMPLE, folder / "room.yml"))


def few_lessons(folder: Path) -> Path:
    """A folder as ``alongside site`` makes one, with two pages."""
    (folder / "exercises").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>All lessons</title><h1>All lessons</h1>")
    (folder / "exercises" / "05-share-power.html").write_text("<!doctype html><h1>Share power</h1>")
    (folder / ".alongside-site.json").write_text("[]")
    return folder
