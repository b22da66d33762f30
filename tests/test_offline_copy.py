"""Without internet: kept only where somebody pressed the button, opened without a server, replaced whole, and taken away.

By day one walk, in Chromium with a profile on disk; at night the same in Firefox, and what WebKitGTK can do of it.
"""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ARGUMENTS, _Quiet, browser_path
from engines import OTHERS, ByPlaywright, NotHere, Person, eventually, firefox, start_firefox
from hands import EXERCISE, SHARE, Learner
from playwright.sync_api import Playwright, expect

from alongside.surfaces import offline
from alongside.words import say

KEEP, REMOVE = say("page.offline_keep"), say("page.offline_remove")
KEPT, REMOVED, NONE = (say(f"page.offline_{name}") for name in ("kept", "removed", "none"))
PAGE = "about/offline"
#: Everything that a browser keeps for a site beyond the page: asked of the page itself.
KEEPS = """async () => [
    (await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length,
    {...localStorage, ...sessionStorage}, document.cookie,
    indexedDB.databases ? (await indexedDB.databases()).length : 0,
]"""
NOTHING = [0, 0, {}, "", 0]


@dataclass
class Host:
    """A web host that can go away and come back, at one address, with one version of the site or another."""

    folder: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)
    _server: http.server.ThreadingHTTPServer | None = None

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}/course/"

    def start(self) -> Host:
        asked = self.asked

        class Handler(_Quiet):
            def do_GET(self) -> None:
                asked.append(self.path)
                super().do_GET()

        handler = functools.partial(Handler, directory=str(self.folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()

    def change(self, **pages: Callable[[str], str]) -> None:
        """Another version: what is said on some pages, and a worker that names it all."""
        course = self.folder / "course"
        for name, edit in pages.items():
            page = course / f"{name.replace('_', '-')}.html"
            page.write_text(edit(page.read_text("utf-8")), "utf-8")
        files = {path.relative_to(course): path.read_bytes() for path in course.rglob("*.html")}
        # On a busy computer this host may take longer than a person would wait.
        worker, times = re.subn("PATIENCE = 5000", "PATIENCE = 50000", offline.worker(files))
        assert times == 1
        (course / "offline-worker.js").write_text(worker, "utf-8")


@pytest.fixture
def host(site: Path, tmp_path: Path) -> Iterator[Host]:
    """The site in a folder below the top of a host, as on many hosts."""
    shutil.copytree(site, tmp_path / "www" / "course")
    host = Host(tmp_path / "www").start()
    host.change()
    yield host
    host.stop()


Begin = Callable[[], Person]


def walk(host: Host, begin: Begin, restarts: bool = True) -> None:
    """Nothing by itself; kept on request; opened without a server, after a restart; replaced whole; taken away.

    A driver that keeps no profile can't do the restarts (``restarts``): then it is one browser all the way.
    """

    def anew(person: Person) -> Person:
        if not restarts:
            return person
        person.leave()
        return begin()

    person = begin()
    for name in (SHARE, "index", "search", PAGE):
        person.open(f"{host.home}{name}.html")
    person.sees(NONE)
    assert person.ask(KEEPS) == NOTHING
    assert not any("worker" in path for path in host.asked)

    person.press(KEEP).sees(KEPT)
    assert person.there("button", REMOVE) and not person.there("button", KEEP)
    assert person.ask(KEEPS)[:2] == [1, 1]
    assert person.errors() == []
    host.stop()

    # The server is gone, and the browser was begun anew: any page opens, by a folder's address too, and the way out.
    person = anew(person)
    person.open(f"{host.home}{SHARE}.html")
    person.open(f"{host.home}{EXERCISE}.html")
    person.open(host.home).press("Search", "link").ready()
    person.press(say("page.exit"))
    person.sees(say("page.neutral"))
    assert person.address == f"{host.home}page.html"

    # With the server comes a newer version, at once; and the copy of it takes the older one's place, whole.
    host.change(**{"05_share_power": lambda text: text.replace("Who decides</p>", "A newer page</p>")})
    host.start()
    person = anew(person)
    # (A browser that was not begun anew may try a line once more that it knows from before, and take the copy.)
    eventually(
        lambda: "A newer page" in person.open(f"{host.home}{SHARE}.html").text(), "the newer page never came"
    )
    before = person.ask("() => caches.keys()")
    person.open(f"{host.home}{PAGE}.html").sees(KEPT)  # this page also looks for a newer version itself
    eventually(
        lambda: person.ask("() => caches.keys()") not in (before, []) and person.ask(KEEPS)[1] == 1,
        "no newer copy took the older one's place",
    )
    host.stop()
    person.open(f"{host.home}{SHARE}.html").sees("A newer page")

    # A version of which a part is missing changes nothing.
    host.change(**{"05_share_power": lambda text: text.replace("A newer page</p>", "Half a page</p>")})
    (host.folder / "course" / "13-follow-through.html").write_text("the page of a host in trouble")
    host.asked.clear()
    host.start()
    person = anew(person)
    person.open(f"{host.home}{PAGE}.html").sees(KEPT)
    eventually(lambda: any("13-follow" in path for path in host.asked), "the newer copy was never tried")
    person.ask("() => new Promise((done) => setTimeout(done, 500))")
    host.stop()
    person.open(f"{host.home}{SHARE}.html").sees("A newer page")
    person.open(f"{host.home}13-follow-through.html").sees("Follow-through")

    # Forgetting takes all of it away, from any page; and it can be kept once more without leaving the page.
    host.start()
    person.open(f"{host.home}{SHARE}.html").press(say("page.my_words")).press(
        say("page.forget"), within="dialog"
    )
    person.sees(say("page.forgotten"), "dialog").press(say("page.close"), within="dialog")
    eventually(lambda: person.ask(KEEPS) == NOTHING, "forgetting left something")
    host.change()
    person.open(f"{host.home}{PAGE}.html").sees(NONE).press(KEEP).sees(KEPT)
    person.press(REMOVE).sees(REMOVED).press(KEEP).sees(KEPT)
    assert person.ask(KEEPS)[:2] == [1, 1]
    person.press(REMOVE).sees(REMOVED)
    assert person.ask(KEEPS) == NOTHING
    person.leave()


@pytest.mark.browser
def test_the_lessons_are_kept_on_request_alone_and_open_without_a_server_after_a_restart(
    host: Host, playwright: Playwright, tmp_path: Path
) -> None:
    def begin() -> Person:
        return Persistent(tmp_path, playwright)

    walk(host, begin)


class Persistent(ByPlaywright):
    """Chromium with a profile that outlives it."""

    def __init__(self, folder: Path, playwright: Playwright) -> None:
        context = playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=browser_path(),
            args=ARGUMENTS,
            viewport={"width": 390, "height": 800},
        )

        class Browser:
            def new_context(self, **_: object) -> object:
                return context

        super().__init__(folder, Browser())


@pytest.mark.browser
@pytest.mark.nightly
@pytest.mark.engine
def test_the_same_in_firefox(host: Host, tmp_path: Path) -> None:
    try:
        firefox()
    except NotHere as why:
        pytest.skip(f"not run: firefox: {why}")
    (tmp_path / "profile").mkdir()
    walk(host, lambda: start_firefox(tmp_path, profile=tmp_path / "profile"))


@pytest.mark.browser
@pytest.mark.nightly
@pytest.mark.engine
@pytest.mark.parametrize("name", ["webkitgtk", "wpe", "chromium-109"])
def test_the_same_without_a_restart_in_engines_whose_drivers_keep_no_profile(
    host: Host, tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    engine = next(one for one in OTHERS if one.name == name)
    try:
        engine.here()
    except NotHere as why:
        pytest.skip(f"not run: {name}: {why}")
    given = {one: request.getfixturevalue(one) for one in engine.needs}
    walk(host, lambda: engine.start(tmp_path, **given), restarts=False)


@pytest.mark.browser
def test_where_nothing_can_be_kept_a_sentence_stands_in_place_of_the_button(
    learner: Learner, site: Path, request: pytest.FixtureRequest
) -> None:
    page = learner.page
    page.goto(f"{site.as_uri()}/{PAGE}.html")
    expect(page.get_by_text(say("page.offline_file"))).to_be_visible()
    expect(page.get_by_role("button")).to_have_text([say("page.exit"), say("page.my_words")])
    # An address that no browser takes for safe, such as http://192.168.1.5: there is no such thing in its pages.
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    learner.open(PAGE)
    expect(page.get_by_text(say("page.offline_cannot"))).to_be_visible()
    expect(page.get_by_role("button")).to_have_text([say("page.exit"), say("page.my_words")])


def test_the_worker_names_every_page_with_its_checksum_and_a_version_of_them_all(site: Path) -> None:
    text = (site / "offline-worker.js").read_text("utf-8")
    files = {path.relative_to(site): path.read_bytes() for path in site.rglob("*.html")}
    assert text == offline.worker(files)
    assert len(files) > 50
    other = offline.worker({**files, Path("page.html"): b"another"})
    assert other != text
    version = re.compile(r'"version":"([0-9a-f]{16})"')
    assert version.findall(other) != version.findall(text)


def test_the_page_says_how_large_the_copy_is(site: Path) -> None:
    said = re.search(r"It is about (\d+) MB", (site / f"{PAGE}.html").read_text("utf-8"))
    assert said
    size = sum(path.stat().st_size for path in site.rglob("*.html")) / 1e6
    assert abs(size - int(said[1])) < 1, size
