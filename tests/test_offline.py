"""With the network cable out: every quick check, and people's ways through pages and servers, where only this computer can be
reached. ``offline.py`` makes such a place, and counts each try to leave it, also one that nobody hears of."""

from __future__ import annotations

import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator

import offline
import pytest
from conftest import ROOT

from alongside.page import minify

pytestmark = pytest.mark.slow

#: One of each way: a walk on published pages, from a web server and from a folder, and what a page asks for.
WAYS = [
    "tests/test_activities.py::test_a_person_walks_the_first_lessons_and_forgets_all_of_it",
    "tests/test_pages.py::test_a_page_asks_for_itself_and_nothing_else",
    "tests/test_release.py::test_the_wheel_opens_the_lessons_from_a_folder_of_ones_own_and_never_writes_where_it_lies",
]


@pytest.fixture(scope="module", autouse=True)
def a_place_without_network() -> None:
    if why := offline.why_not():
        pytest.skip(f"not run: {why}")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    # the night's long attack runs outside of here, once
    own = {name: value for name, value in os.environ.items() if name != "ATTACK"}
    return subprocess.run(
        offline.command([sys.executable, *words]),
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )


def tries(done: subprocess.CompletedProcess[str]) -> int:
    found = re.search(r"^Tries to reach another host: (\d+)$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return int(found[1])


@pytest.fixture
def outside() -> Iterator[str]:
    """A web server on this computer, outside of the place without network."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param("socket.create_connection(('192.0.2.1', 80), 5)", id="an address"),
        pytest.param("socket.getaddrinfo('example.org', 443)", id="a name"),
        pytest.param(
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
            id="a question",
        ),
        pytest.param("socket.create_connection(('2001:db8::1', 80), 5)", id="a newer address"),
    ],
)
def test_a_try_to_reach_another_host_is_seen_also_where_its_failure_is_hidden(planted: str) -> None:
    done = run(
        "-c",
        f"import contextlib, socket\nwith contextlib.suppress(OSError):\n    {planted}\nprint('went on')",
    )
    assert "went on" in done.stdout and done.returncode == offline.TRIED
    assert tries(done) > 0


def test_what_asks_nobody_passes_and_what_it_asks_of_this_computer_is_answered(outside: str) -> None:
    own = "import http.server, threading, urllib.request as u; s = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler); "
    own += "threading.Thread(target=s.serve_forever, daemon=True).start(); print(u.urlopen(f'http://127.0.0.1:{s.server_port}/').status)"
    done = run("-c", own)
    assert (done.returncode, done.stdout.split()[0], tries(done)) == (0, "200", 0)
    # And it is a place of its own: what listens outside of it is not there.
    done = run("-c", f"import urllib.request; urllib.request.urlopen({outside!r})")
    assert done.returncode == 1 and "Connection refused" in done.stderr


@pytest.mark.nightly
def test_every_quick_check_passes_without_a_try_to_reach_another_host() -> None:
    minify.minified()  # what makes scripts short is fetched by the first check that needs it, and that may be later
    done = run("-m", "pytest", "-q", "--quick", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) > 1000
    assert tries(done) == 0


@pytest.mark.nightly
@pytest.mark.browser
def test_people_walk_read_and_open_a_server_where_only_this_computer_can_be_reached() -> None:
    """The browser itself looks whether there is a network, so its tries are not counted: what pages ask for is."""
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", *WAYS)
    assert done.returncode in (0, offline.TRIED), done.stdout[-3000:] + done.stderr[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) >= len(WAYS)
    assert not re.search(r"\d+ (failed|skipped|error)", done.stdout)
