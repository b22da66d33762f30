"""Figures of a room full of phones. Run by ``tests/benchmark.py room``."""

from __future__ import annotations

import asyncio
import functools
import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlencode

import psutil
from benchmark import ROOT, Bench, Row, in_turn, running
from conftest import free_port

#: Phones, and the seconds in which they come; each figure's limit for 95 of 100 requests, in seconds.
CROWDS = ((200, 10, 0.3), (1000, 20, 1.0))
SECONDS_BETWEEN_LOOKS = 4  # of a phone's page
ROOM_TITLE, AT_ONE, AT_OTHER = "A full room", "Red", "Blue"
#: The floor: the same server with the same bounds, one page as large as the room's, and nothing that is counted.
BARE_ROOM = """
import asyncio, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route
from alongside.room import server
page = "x" * 8000
async def get(request):
    return HTMLResponse(page)
async def post(request):
    await request.body()
    return RedirectResponse("/", 303)
app = Starlette(routes=[Route("/", get), Route("/answer", post, methods=["POST"])])
listening = server._listen("127.0.0.1", int(sys.argv[1]))
server._make_room_for_connections()
print("Ctrl-C", flush=True)
asyncio.run(uvicorn.Server(server.settings(app)).serve(sockets=[listening]))
"""
OUR_ROOM = """
import sys
from pathlib import Path
from alongside.room import server
server.run(Path(sys.argv[2]), "127.0.0.1", int(sys.argv[1]), Path(sys.argv[3]))
"""


@dataclass
class Crowd:
    """Phones that come one after the other within some seconds, answer at once, and look again until all are there."""

    port: int
    phones: int
    seconds: float
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def come(self) -> None:
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(self._phone(number, begun) for number in range(self.phones)))

    async def _phone(self, number: int, begun: float) -> None:
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(number * self.seconds / self.phones)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookie = tag = ""

        async def ask(method: str, path: str, body: str = "") -> tuple[int, str]:
            nonlocal cookie, tag
            since = clock()
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            head += f"Cookie: {cookie}\r\n" if cookie else ""
            head += f"If-None-Match: {tag}\r\n" if tag and method == "GET" else ""
            if body:
                head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{head}\r\n{body}".encode())
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            got = await reader.readexactly(int(headers.get("content-length", 0)))
            self.took.append(clock() - since)
            for line in lines:
                if line.lower().startswith("set-cookie:"):
                    cookie = line.partition(": ")[2].partition(";")[0]
                elif line.lower().startswith("etag:"):
                    tag = line.partition(": ")[2]
            return int(lines[0].split()[1]), got.decode()

        try:
            await ask("GET", "/")
            answer = urlencode({"question": "full", "option": (AT_ONE, AT_OTHER)[number % 2]})
            for _ in range(2):  # pressed twice
                status, _ = await ask("POST", "/answer", answer)
                if status != 303:
                    self.wrong.append(f"an answer got {status}")
            status, _ = await ask("GET", "/")
            while clock() < begun + self.seconds:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
                await ask("GET", "/")
        except (OSError, asyncio.IncompleteReadError) as error:
            self.wrong.append(type(error).__name__)
        finally:
            writer.close()

    @property
    def p95(self) -> float:
        return quantiles(self.took, n=20)[-1]


def room(bench: Bench) -> Iterator[Row]:
    """Phones that come within some seconds, each of which opens the page, answers, sends it a second time, and looks again every
    four seconds, as the page does: 95 of 100 requests are answered within this. Half choose one option and half the other, so
    that "Mixed" is shown only where no answer was lost and none counted twice. The floor is a bare Starlette route behind the same
    server. Memory is of the server's process, after the larger crowd. The page is everything that a phone loads."""
    questions = bench.folder / "room" / "full.yml"
    questions.parent.mkdir()
    one = {"id": "full", "kind": "choose", "text": "Which?", "options": [AT_ONE, AT_OTHER]}
    questions.write_text(json.dumps({"title": ROOM_TITLE, "questions": [one]}), encoding="utf-8")
    memory: tuple[list[float], list[float]] = ([], [])
    pages: list[float] = []

    def of_ours(phones: int, seconds: float) -> float:
        questions.with_suffix(".shown.json").unlink(missing_ok=True)
        with _serving(OUR_ROOM, str(questions), str(questions.parent)) as (port, child, printed):
            secret = re.findall(r"/host/(\S+)", printed)[0]
            host = _asked(port, "GET", f"/host/{secret}")[1]["set-cookie"].partition(";")[0]
            _asked(port, "POST", "/host/open", "question=full", host)
            crowd = Crowd(port, phones, seconds)
            asyncio.run(crowd.come())
            memory[0].append(psutil.Process(child.pid).memory_info().rss / 1e6)
            pages.append(len(_asked(port, "GET", "/")[2]) / 1000)
            _asked(port, "POST", "/host/close", "question=full", host)
            results = json.loads(_asked(port, "GET", "/results.json")[2])
            if crowd.wrong or results != {"question": "full", "shown": True, "says": "Mixed"}:
                raise SystemExit(f"An answer was lost or counted twice: {crowd.wrong[:5]}, {results}")
            return crowd.p95

    def of_floor(phones: int, seconds: float) -> float:
        with _serving(BARE_ROOM) as (port, child, _):
            crowd = Crowd(port, phones, seconds)
            asyncio.run(crowd.come())
            memory[1].append(psutil.Process(child.pid).memory_info().rss / 1e6)
            return crowd.p95

    for phones, seconds, limit in CROWDS:
        ours, floor = in_turn(
            bench.rounds or 3,
            functools.partial(of_ours, phones, seconds),
            functools.partial(of_floor, phones, seconds),
        )
        yield Row(f"room, {phones} phones in {seconds} s, p95", "s", ours, floor, "ours", limit)
    yield Row("room, memory of the server", "MB", memory[0], memory[1], "ours", 80)
    yield Row("room, a phone's page", "KB", pages, [8.0], "ours", 30)


@contextmanager
def _serving(code: str, *words: str) -> Iterator[tuple[int, subprocess.Popen[str], str]]:
    port = free_port()
    with running([sys.executable, "-c", code, str(port), *words], ROOT) as child:
        assert child.stdout is not None
        printed = ""
        for line in child.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield port, child, printed


def _asked(
    port: int, method: str, path: str, body: str = "", cookie: str = ""
) -> tuple[int, dict[str, str], bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    got = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    line.close()
    return got
