"""What the browser's tests share: a published site, a running server, and a browser that tells on every request."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hands import ABOUT, HOME, PAGES, SEARCH, SHARE, Course, Learner
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from skeletons import one_of_each
from visits import Visit, visit

ROOT = Path(__file__).resolve().parent.parent
#: Those that Playwright leaves out, too (a second list takes the place of the first), and then two that open hidden
#: pages of the browser's own beside each new window: they took half of the time that a new tab needs.
LEFT_OUT = [
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
]
ARGUMENTS = [
    f"--disable-features={','.join(LEFT_OUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
SECONDS = 1000  # Playwright counts in milliseconds
# A page that follows may start a kernel, on two processors that other checks use, too: five seconds (Playwright's own)
# were once not enough. What comes at once is not waited for.
expect.set_options(timeout=30 * SECONDS)


#: Fixtures that make pages, or start a server, a kernel or a browser.
HEAVY = {"chromium", "copy", "forgetful", "jupyter", "playwright", "site"}
#: Of the survey a quick run takes the mathematics alone: these files, and of each test there so many sets of values.
MATHEMATICS = {
    "test_survey_attack.py",
    "test_survey_disclosure.py",
    "test_survey_questions.py",
    "test_survey_statistics.py",
}
SAMPLE = 2


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("alongside")
    group.addoption("--nightly", action="store_true", help="the checks that take long, too")
    group.addoption(
        "--quick", action="store_true", help="only what needs no browser, server, kernel or install"
    )
    group.addoption(
        "--slow-browser",
        metavar="TIMES",
        type=int,
        default=1,
        help="pages run so many times slower, as on a phone",
    )
    group.addoption("--keep-rehearsals", metavar="FOLDER", help="keep what comes out of the three rehearsals")
    group.addoption("--hear-anew", action="store_true", help="write what a screen reader says to tests/heard")


#: Fixtures of what needs a Jupyter server, and files about whoever leads or writes: planning, the big screen, a room,
#: rehearsals, taking it all along, the survey. A lane has both, and what a learner does
#: on published pages has another, with what follows a session and the search.
SERVED = {"hub", "jupyter", "server"}
FOR_HOSTS = (
    "test_live",
    "test_offline_copy",
    "test_planner",
    "test_rehearsals",
    "test_room",
    "test_screen",
    "test_survey",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what has the lane of servers and hosts, so that this and the lane of the learners' pages end together."""
    doors = getattr(item, "callspec", None)
    at_voila = doors and "voila" in (doors.params.get("course"), doors.params.get("looked_at"))
    needs = SERVED & set(getattr(item, "fixturenames", ()))
    if at_voila or needs or item.path.name.startswith(FOR_HOSTS):
        item.add_marker("served")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a run is not for. Left out is said as deselected, and never as skipped."""
    kept = [item for item in items if wanted(config, item)]
    if config.getoption("--quick"):
        kept = sample(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def wanted(config: pytest.Config, item: pytest.Item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    if config.getoption("--quick"):
        heavy = marks & {"browser", "nightly", "slow"} or HEAVY & set(getattr(item, "fixturenames", ()))
        return not heavy and (item.path.name in MATHEMATICS or "survey" not in item.path.name)
    # A nightly check is run in any run that names it.
    words = [*config.args, config.getoption("-k"), config.getoption("-m")]
    names = ("nightly", getattr(item, "originalname", item.name))
    named = any(name in str(word) for word in words for name in names)
    return "nightly" not in marks or named or bool(config.getoption("--nightly"))


def sample(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of the survey's mathematics, the first sets of values of each test; of everything else, all."""
    kept, count = [], Counter[str]()
    for item in items:
        name = item.nodeid.partition("[")[0]
        count[name] += 1
        if count[name] <= SAMPLE or item.path.name not in MATHEMATICS:
            kept.append(item)
    return kept


def bytes_of(path: Path) -> bytes:
    """What a file holds that a running program may take away or rename at any moment; then, nothing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def powerless() -> list[str]:
    """What stands before a command so that the rights of files count for it: root may write everywhere, unless it lays that
    power down."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("not run: root may write everywhere, and setpriv is not here")
    return ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]


def free_port() -> int:
    """A port that was free a moment ago; always passed on explicitly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def browser_path() -> str:
    """The browser that start.py found, or one on the PATH. Without one, the test is said to be not run."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
    found = os.environ.get("ALONGSIDE_BROWSER") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no browser, and the pages must be tried in one. Install Chromium.")
        pytest.skip("not run: no Chrome, Chromium or Edge was found")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def slowed(browser: Browser, times: int) -> Browser:
    """A browser in which each page that is opened from now on runs so many times slower."""

    def slow(page: Page) -> None:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})

    if times > 1:
        browser.on("context", lambda context: context.on("page", slow))
    return browser


@pytest.fixture(scope="session")
def slowness(request: pytest.FixtureRequest) -> int:
    """How many times slower pages run than this machine can."""
    return int(request.config.getoption("--slow-browser") or 1)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, slowness: int) -> Iterator[Browser]:
    # The page cache for Back is on, as people have it; Playwright would switch it off.
    browser = playwright.chromium.launch(
        executable_path=browser_path(),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield slowed(browser, slowness)
    browser.close()


@dataclass
class Watched:
    """A tab, and everything that it asked for or sent."""

    page: Page
    requests: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        page.on("websocket", self._socket)

    def _request(self, request: object) -> None:
        self.requests.append(request.url)  # type: ignore[attr-defined]
        self.sent.append(f"{request.method} {request.url} {request.headers} {request.post_data_buffer!r}")  # type: ignore[attr-defined]

    def _socket(self, socket: object) -> None:
        self.requests.append(socket.url)  # type: ignore[attr-defined]
        socket.on("framesent", lambda frame: self.sent.append(repr(frame)))  # type: ignore[attr-defined]
        socket.on("framereceived", lambda frame: self.sent.append(repr(frame)))  # type: ignore[attr-defined]

    @property
    def other_hosts(self) -> list[str]:
        return [
            url
            for url in self.requests
            if not url.startswith(("data:", "blob:", "about:", "file:"))
            and urlsplit(url).hostname not in {"127.0.0.1", "localhost", "::1"}
        ]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 800}, accept_downloads=True)
    context.set_default_timeout(20 * SECONDS)
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Watched]:
    """A fresh tab. Whatever a test does in it, no other host may be asked for anything."""
    page = context.new_page()
    watched = Watched(page)
    watched.watch(page)
    yield watched
    assert watched.other_hosts == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published lessons, made by the command that people use."""
    to = tmp_path_factory.mktemp("published") / "site"
    made = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "site", "--to", str(to)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return to


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Gives the address of a folder on a web server on loopback, ending in a slash."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site_over_http(site: Path, serve: Callable[[Path], str]) -> str:
    """The published lessons from a web server on loopback; gives the address of the folder, ending in a slash."""
    return serve(site)


@pytest.fixture(params=["http", "file"])
def published(request: pytest.FixtureRequest, site: Path, site_over_http: str) -> str:
    """The published lessons by both doors in turn: a web server, and files opened from a folder."""
    return site_over_http if request.param == "http" else site.as_uri() + "/"


@dataclass
class Jupyter:
    """The server as start.py runs it, over a copy of the course that a test may change."""

    origin: str
    token: str
    folder: Path
    log: Path
    #: Of alongside.surfaces.serve; the server is its child, and the kernels are the server's.
    pid: int

    def voila(self, name: str) -> str:
        return f"{self.origin}/voila/render/{name}.ipynb?token={self.token}"

    def lab(self, name: str) -> str:
        return f"{self.origin}/lab/tree/{name}.ipynb?token={self.token}"

    def course(self) -> Course:
        return Course(
            "voila",
            lambda name: self.voila(name if "/" in name or name in (HOME, SEARCH) else f"notebooks/{name}"),
            neutral=f"{self.origin}/alongside/page",
        )


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    folder = tmp_path_factory.mktemp("jupyter") / "course"
    for name in ("alongside", "data", "exercises", "notebooks"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        )
    # On a busy computer a test may work longer in a page than we let an idle kernel live.
    settings = folder / "alongside" / "surfaces" / "voila.py"
    text, times = re.subn(
        r"(?m)^KERNEL_IDLE = \d+$", "KERNEL_IDLE = 900", settings.read_text(encoding="utf-8")
    )
    assert times == 1
    settings.write_text(text, encoding="utf-8")
    log = folder.parent / "log.txt"
    with log.open("w") as noise:
        running = subprocess.Popen(
            # -P is not given, so that the copy's package is found first and the server's folder is the copy.
            [
                sys.executable,
                "-m",
                "alongside.surfaces.serve",
                "--no-browser",
                "--debug",
                "--port",
                str(free_port()),
            ],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=noise,
            text=True,
        )
        assert running.stdout is not None
        try:
            line = running.stdout.readline()
            found = re.search(r"(http://127\.0\.0\.1:\d+)/\S*token=(\w+)", line)
            assert found, log.read_text()
            yield Jupyter(found[1], found[2], folder, log, running.pid)
        finally:
            running.terminate()
            running.wait(30)


@pytest.fixture(scope="session")
def sent_by_voila(jupyter: Jupyter) -> Callable[[str], str]:
    """Gives the page that Voilà sends for an address without its key. Each is drawn once for all tests."""

    @functools.cache
    def sent(address: str) -> str:
        with urllib.request.urlopen(f"{address}?token={jupyter.token}", timeout=60) as answer:
            return answer.read().decode()

    return sent


def published_course(door: str, home: str) -> Course:
    return Course(door, lambda name: f"{home}{name}.html", neutral=f"{home}page.html")


@pytest.fixture
def course(request: pytest.FixtureRequest) -> Course:
    """The lessons by one door: the published site over http, unless a test asks for others (``hands.BY_DOORS``)."""
    door = getattr(request, "param", "http")
    if door == "voila":
        return request.getfixturevalue("jupyter").course()
    if door == "file":
        return published_course(door, request.getfixturevalue("site").as_uri() + "/")
    return published_course(door, request.getfixturevalue("site_over_http"))


@pytest.fixture(scope="session")
def looking(chromium: Browser) -> Iterator[Page]:
    """The tab in which pages are only looked at, one after the other."""
    # Without motion, since colors that go over into others are for a moment neither.
    context = chromium.new_context(
        viewport={"width": 390, "height": 800}, color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(20 * SECONDS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def nightly(request: pytest.FixtureRequest) -> bool:
    """Whether there is time for every page."""
    return bool(request.config.getoption("--nightly"))


@pytest.fixture(scope="session")
def one_of_each_page(nightly: bool, site: Path) -> tuple[str, ...]:
    """The pages that a browser looks at: one of each skeleton, and at night every one."""
    every = (*PAGES, *ABOUT)
    if nightly:
        return every
    chosen = one_of_each({name: (site / f"{name}.html").read_text(encoding="utf-8") for name in every})
    assert 8 < len(chosen) < len(every) / 2
    return tuple(chosen)


@pytest.fixture(scope="session")
def visits(looking: Page, site_over_http: str, one_of_each_page: tuple[str, ...]) -> dict[str, Visit]:
    """A look at one published page of each skeleton, for all the tests that say something of every page."""
    learner = Learner(looking, published_course("http", site_over_http))
    return {name: visit(learner, name) for name in one_of_each_page}


@pytest.fixture(scope="session")
def visit_in_voila(looking: Page, jupyter: Jupyter) -> Visit:
    """The same look at a lesson in Voilà."""
    return visit(Learner(looking, jupyter.course()), SHARE)


@pytest.fixture(params=["published", "voila"])
def looked_at(request: pytest.FixtureRequest) -> dict[str, Visit]:
    """The looks at published pages, and then the one in Voilà: so no lane looks at what another one has."""
    if request.param == "voila":
        return {"in Voilà": request.getfixturevalue("visit_in_voila")}
    return request.getfixturevalue("visits")


@pytest.fixture
def learner(tab: Watched, course: Course) -> Learner:
    """Someone with a fresh tab, about to open a lesson. The page must not complain while they use it."""
    return Learner(tab.page, course)


@pytest.fixture(scope="session")
def forgetful(playwright: Playwright, slowness: int) -> Iterator[Browser]:
    """A browser that draws each page anew on Back and Forward."""
    browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
    yield slowed(browser, slowness)
    browser.close()


@pytest.fixture(params=[True, False], ids=["from the page cache", "drawn anew"])
def page_cache(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def walker(request: pytest.FixtureRequest, course: Course, page_cache: bool) -> Iterator[Learner]:
    """Someone who goes Back and Forward, in a browser with a page cache and in one without."""
    context = request.getfixturevalue("chromium" if page_cache else "forgetful").new_context()
    yield Learner(context.new_page(), course)
    context.close()
