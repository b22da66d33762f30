"""``start.py live``: a lesson's page follows each save, shows what ``check`` finds, and shows a facilitator's cells here
and nowhere else."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import ROOT, Jupyter, Watched, free_port
from made_lesson import made, markdown
from playwright.sync_api import Page, expect

from alongside.course import check
from alongside.words import say

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")

LESSON = "05-share-power"
TWIN = "exercises/05-share-power"


def of_facilitators(name: str) -> list[dict[str, Any]]:
    cells = json.loads((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if "facilitator" in cell["metadata"].get("tags", ())]


def own_words(cell: dict[str, Any]) -> list[str]:
    """The lines of a facilitator's cell, without the words in bold that each begins with."""
    return [re.sub(r"\*\*[^*]+\*\*", "", line).strip() for line in "".join(cell["source"]).splitlines()]


#: A facilitator's cell of the lesson, and words that stand in it as they are.
NOTE, *_ = of_facilitators(f"notebooks/{LESSON}")
NOTES = max(re.split(r"[*_“”\[\]]", "\n".join(own_words(NOTE))), key=len).splitlines()[0].strip()


@dataclass
class Live:
    origin: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def page(self) -> str:
        return f"{self.origin}/{LESSON}.html"

    @contextlib.contextmanager
    def saved(self, file: str, change: Callable[[str], str]) -> Iterator[None]:
        """A file of the course is saved with a change; at the end it is saved as it was."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before, f"nothing of {file} would change"
        path.write_text(after, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

    def cell(self, name: str, text: str) -> contextlib.AbstractContextManager[None]:
        """The lesson is saved with more text in one of its cells."""

        def change(before: str) -> str:
            raw = json.loads(before)
            for cell in raw["cells"]:
                if cell["id"] == name:
                    cell["source"] = "".join(cell["source"]) + text
            return json.dumps(raw)

        return self.saved(f"notebooks/{LESSON}.ipynb", change)


def copied(folder: Path) -> Path:
    for name in ("alongside", "data", "exercises", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    # -P is not given, so that the copy's package is found first.
    return subprocess.Popen(
        [sys.executable, "-m", "alongside.surfaces.live", *words, "--no-browser"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
    assert found, (line, process.stderr and process.stderr.read())
    return found[0]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = copied(tmp_path_factory.mktemp("live") / "course")
    process = started(folder, "05", "--port", str(free_port()))
    try:
        yield Live(address(process).rpartition("/")[0], folder, process)
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=30)
    assert complaints == "", "whatever was saved and asked for, nothing was complained of in the terminal"


def panel(page: Page) -> str:
    shown = page.get_by_role("complementary", name=say("live.panel"))
    expect(shown.get_by_role("status")).not_to_have_text(say("live.looking"))
    return shown.inner_text()


# --- it follows each save ----------------------------------------------------------------------------


@pytest.mark.browser
def test_a_page_follows_each_save_of_its_notebook_and_keeps_what_was_typed(live: Live, tab: Watched) -> None:
    tab.page.goto(live.page)
    tab.page.get_by_label("Often", exact=True).or_(tab.page.get_by_role("radio").nth(1)).first.check()
    with live.cell("arrive", "\n\nA sentence that was just written."):
        expect(tab.page.get_by_text("A sentence that was just written.")).to_be_visible()
        expect(tab.page.get_by_role("radio").nth(1)).to_be_checked()
    expect(tab.page.get_by_text("A sentence that was just written.")).to_have_count(0)
    assert tab.errors == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("file", "change", "shown"),
    [
        ("data/here.yml", lambda text: re.sub(r'hours: ""', 'hours: "Noon to four"', text), "Noon to four"),
        (
            "alongside/page/my-words.js",
            lambda text: text.replace('button(say("page.my_words")', 'button("A new button"'),
            "A new button",
        ),
        (
            "alongside/page/theme/page.css",
            lambda text: text + "\n.al-page main { letter-spacing: 3px; }\n",
            "",
        ),
        (
            "alongside/page/jupyter/nbconvert/templates/alongside/index.html.j2",
            lambda text: text.replace("</footer>", "<p>A new template</p></footer>"),
            "A new template",
        ),
    ],
    ids=["data", "script", "style", "template"],
)
def test_a_page_follows_each_save_of_what_it_is_made_of(
    file: str, change: Callable[[str], str], shown: str, live: Live, tab: Watched
) -> None:
    tab.page.goto(live.page)
    main = tab.page.get_by_role("main")
    with live.saved(file, change):
        if shown:
            expect(tab.page.get_by_text(shown)).to_be_visible()
        else:
            expect(main).to_have_css("letter-spacing", "3px")
        expect(tab.page.locator("html.al-ready")).to_be_attached()
        assert tab.errors == []  # what is new is also what the page's policy allows
    expect(tab.page.get_by_text(shown or "A new button")).to_have_count(0)
    expect(main).not_to_have_css("letter-spacing", "3px")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        (f"notebooks/{LESSON}.ipynb", lambda text: "{,\n" + text, f"notebooks/{LESSON}.ipynb, line 1: "),
        (f"notebooks/{LESSON}.ipynb", lambda text: text.replace("rate(", "rate(5, "), "could not be run"),
        ("data/sources.yml", lambda text: "[\n" + text, "data/sources.yml, line "),
        (
            "alongside/page/main.js",
            lambda text: 'import x from "./dom.js";\n' + text,
            "an export that can't be joined",
        ),
    ],
    ids=["notebook", "activity", "data", "script"],
)
def test_a_change_that_breaks_the_page_is_said_in_it_and_the_next_save_brings_it_back(
    file: str, change: Callable[[str], str], said: str, live: Live, tab: Watched
) -> None:
    tab.page.goto(live.page)
    with live.saved(file, change):
        expect(tab.page.get_by_role("main")).to_contain_text(said)
        assert "Traceback" not in tab.page.content()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Share power")


@pytest.mark.browser
def test_the_foot_of_the_page_says_what_check_finds(live: Live, tab: Watched) -> None:
    tab.page.goto(live.page)
    assert say("course.found_nothing") in panel(tab.page)
    with live.cell("arrive", "\n\nAsk an addict."):
        expect(tab.page.get_by_text("Ask an addict.")).to_be_visible()
        shown = panel(tab.page)
        assert say("course.found", count=1) in shown
        assert f'notebooks/{LESSON}.ipynb, "arrive": ' in shown


@pytest.mark.browser
def test_a_page_whose_program_has_ended_says_so(tmp_path: Path, tab: Watched) -> None:
    process = started(copied(tmp_path), "05", "--port", str(free_port()))
    tab.page.goto(address(process))
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0


# --- what only the person who leads sees -------------------------------------------------------------


@pytest.mark.browser
def test_the_view_for_a_facilitator_shows_and_marks_their_cells_and_the_other_does_not(
    live: Live, tab: Watched
) -> None:
    tab.page.goto(live.page)
    expect(tab.page.get_by_text(NOTES)).to_have_count(0)
    tab.page.get_by_role("link", name=say("live.leads")).click()
    assert tab.page.url == f"{live.page}?view=facilitator"
    note = tab.page.get_by_text(NOTES)
    expect(note).to_be_visible()
    marked = tab.page.locator(".alongside-live-for", has=note)
    expect(marked).to_contain_text(say("live.for_facilitator"))
    notebook = json.loads((live.folder / f"notebooks/{LESSON}.ipynb").read_text(encoding="utf-8"))
    led = [cell for cell in notebook["cells"] if "facilitator" in cell["metadata"].get("tags", ())]
    assert tab.page.locator(".alongside-live-for").count() == len(led) > 2
    with live.cell(NOTE["id"], "\n\nA note that was just written."):
        expect(tab.page.get_by_text("A note that was just written.")).to_be_visible()
    expect(tab.page.get_by_text("A note that was just written.")).to_have_count(0)
    tab.page.get_by_role("link", name=say("live.learners")).click()
    expect(tab.page.get_by_text(NOTES)).to_have_count(0)
    assert tab.errors == []


@pytest.mark.browser
def test_the_view_for_a_facilitator_shows_the_steps_with_a_clock_and_the_other_does_not(
    live: Live, tab: Watched
) -> None:
    course = check.read()
    lesson = made(f"notebooks/{LESSON}", course, next(iter(course.scenarios)))
    steps = [step for some in lesson["metadata"]["alongside"]["steps"].values() for step in some]
    with live.saved(f"notebooks/{LESSON}.ipynb", lambda _: json.dumps(lesson)):
        tab.page.goto(f"{live.page}?view=facilitator")
        table = tab.page.get_by_role("table", name=say("live.steps", count=34, shortest=29))
        expect(table).to_be_visible()
        heads = [say("live.clock"), say("live.minutes"), say("live.spoken"), say("live.do")]
        assert table.get_by_role("columnheader").all_inner_texts() == heads
        rows = table.locator("tbody tr:has(td)")
        assert rows.locator("td:nth-child(1)").all_inner_texts() == [
            "0:00", "0:02", "0:09", "0:14", "0:17", "0:28", "0:32",
        ]  # fmt: skip
        assert rows.locator("td:nth-child(2)").all_inner_texts() == [str(step["minutes"]) for step in steps]
        assert rows.locator("td:nth-child(3)").all_inner_texts() == [step["say"] for step in steps]
        assert table.locator("tbody th").all_inner_texts() == [*lesson["metadata"]["alongside"]["steps"]]
        expect(tab.page.get_by_text(say("live.cuts", what="object-talk (5)"))).to_be_visible()
        tab.page.get_by_role("link", name=say("live.learners")).click()
        expect(tab.page.get_by_role("heading", name="The object", exact=True)).to_be_visible()
        expect(tab.page.get_by_text(steps[0]["say"])).to_have_count(0)
    assert tab.errors == []


@pytest.mark.browser
def test_the_view_for_a_facilitator_marks_the_paper_twin(live: Live, tab: Watched) -> None:
    def with_two_more(before: str) -> str:
        raw = json.loads(before)
        raw["cells"] += [
            markdown("on-one", "Pass it on.", "rung-2"),
            markdown("on-paper", "Cut along the lines.", "rung-3"),
        ]
        return json.dumps(raw)

    with live.saved(f"{TWIN}.ipynb", with_two_more):
        tab.page.goto(f"{live.origin}/{TWIN}.html?view=facilitator")
        notebook = json.loads((live.folder / f"{TWIN}.ipynb").read_text(encoding="utf-8"))
        tags = [tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", ())]
        for tag, label in (("rung-2", say("live.for_one_device")), ("rung-3", say("live.for_paper"))):
            marked = tab.page.locator(".alongside-live-for > p:first-child", has_text=label)
            assert marked.count() == tags.count(tag) > 0
            for one in marked.all():
                expect(one).to_be_visible()


def got(url: str) -> str:
    with urllib.request.urlopen(url, timeout=120) as answer:
        return answer.read().decode()


def test_learners_doors_ignore_the_view_for_a_facilitator(jupyter: Jupyter, live: Live) -> None:
    view = "view=facilitator"
    assert NOTES in got(f"{live.page}?{view}")  # else this would prove nothing
    for name in (f"notebooks/{LESSON}", TWIN, "notebooks/21-survey-read"):
        plain = got(jupyter.voila(name))
        assert "</html>" in plain
        for asked in (f"{jupyter.voila(name)}&{view}", jupyter.voila(name).replace("?", f"?{view}&")):
            shown = got(asked)
            for cell in of_facilitators(name):
                for words in own_words(cell):
                    assert len(words) < 40 or words[:40] not in shown, (name, words[:40])
            assert "alongside-live" not in shown


def test_no_learners_page_asks_for_changes_or_findings(jupyter: Jupyter, site: Path) -> None:
    for text in (got(jupyter.voila(f"notebooks/{LESSON}")), (site / f"{LESSON}.html").read_text("utf-8")):
        assert "EventSource" not in text
        assert "alongside-live" not in text
        policy = re.search(r'<meta [^>]*content="([^"]*default-src[^"]*)"', text)
        assert policy and "connect-src" not in policy[1]


# --- who is answered ---------------------------------------------------------------------------------


def asked(live: Live, host: str, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", int(live.origin.rpartition(":")[2]), timeout=30)
    line.putrequest("GET", path, skip_host=True)
    line.putheader("Host", host)
    line.endheaders()
    answer = line.getresponse()
    found = answer.status, answer.read().decode()
    line.close()
    return found


@pytest.mark.parametrize(
    "path", [f"/{LESSON}.html", "/", f"/alongside/found/{LESSON}.html", "/alongside/changes", "/x"]
)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_request_by_another_name_gets_a_sentence_and_nothing_of_the_course(
    host: str, path: str, live: Live
) -> None:
    status, text = asked(live, host, path)
    assert (status, text) == (403, say("live.wrong_host"))


def test_it_answers_to_its_own_names_and_listens_on_this_computer_alone(live: Live) -> None:
    for host in ("127.0.0.1", "localhost"):
        assert asked(live, f"{host}:1", f"/{LESSON}.html")[0] == 200
    listens = [
        one.laddr.ip
        for one in psutil.Process(live.process.pid).net_connections()
        if one.status == psutil.CONN_LISTEN
    ]
    assert listens == ["127.0.0.1"]


def test_all_pages_of_the_site_are_there_and_one_that_is_not_names_the_nearest(live: Live) -> None:
    assert "<h1>New page</h1>" in got(f"{live.origin}/page.html")
    for path in (f"{TWIN}.html", "about/glossary.html", "00-start-here.html", "index.html"):
        assert "<h1" in got(f"{live.origin}/{path}")
    assert 'Did you mean "05-share-power"?' in unescape(got(f"{live.origin}/05-share-pover.html"))
    assert asked(live, "localhost", "/../../etc/passwd")[0] == 404
    assert asked(live, "localhost", "/data/here.yml")[0] == 404


@pytest.mark.slow
def test_a_lesson_that_needs_a_kernel_is_shown_too(live: Live) -> None:
    text = got(f"{live.origin}/21-survey-read.html")
    assert "<h1" in text
    assert "could not be run" not in text


# --- starting and ending -----------------------------------------------------------------------------


def ended(folder: Path, *words: str) -> tuple[int, str, str]:
    process = started(folder, *words)
    out, complaint = process.communicate(timeout=60)
    return process.returncode, out, complaint


def test_a_port_that_is_taken_is_said_and_no_other_is_used() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, out, complaint = ended(ROOT, "05", "--port", str(port))
    assert (status, out) == (2, "")
    assert complaint.startswith(f"Port {port} is taken.")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99"], 'There is no lesson "99". Did you mean "19"?'),
        (["05", "--port", "many"], "See python3 start.py --help."),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(words: list[str], said: str) -> None:
    status, out, complaint = ended(ROOT, *words)
    assert (status, out) == (2, "")
    assert said in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_and_leaves_nothing_though_a_page_still_listens(number: signal.Signals) -> None:
    port = free_port()
    process = started(ROOT, "exercises/05-share-power.ipynb", "--port", str(port))
    try:
        assert address(process) == f"http://127.0.0.1:{port}/exercises/05-share-power.html"
        stream = urllib.request.urlopen(f"http://127.0.0.1:{port}/alongside/changes", timeout=30)
        assert stream.readline().startswith(b"data: ")
        process.send_signal(number)
        out, complaint = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out, complaint) == (0, "", "")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port))
