"""What a page says before anybody reads it: things and tints, the first screen, wide screens, and no shift of the layout."""

from __future__ import annotations

import errno
import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from hands import ABOUT, BY_EVERY_DOOR, EXERCISE, HOME, PAGES, PLAN, SHARE, Learner
from playwright.sync_api import Browser, Page, expect

from alongside.course.lesson import exercises, lessons
from alongside.course.parts import PARTS, part_of, things
from alongside.course.shape import COURSE
from alongside.page import theme
from alongside.surfaces.shots import KINDS
from alongside.words import say

GRID, BYTES = 48, 700
ARRIVE = "share-power-arrive"
#: Lessons whose first question stands on the first screen.
WITH_A_QUESTION_AT_ONCE = [name for name in COURSE[1:20] if name in PAGES]
LINES = (
    "What you type stays in this browser tab. You can skip anything here."
    " [Where your words go](00-start-here.ipynb#Where-your-words-go)",
    "Use no names, and leave out details that could point to one person.",
)


# --- things


def points(line: str) -> list[tuple[float, float]]:
    """Every point that a path names; of its commands all are the absolute ones."""
    found, at = [], (0.0, 0.0)
    for command, values in re.findall(r"([MLHVQTCSAZ])([^A-Z]*)", line):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", values)]
        if command == "H":
            at = (numbers[-1], at[1])
        elif command == "V":
            at = (at[0], numbers[-1])
        elif command == "A":
            assert len(numbers) == 7, line
            at = (numbers[5], numbers[6])
        elif command != "Z":
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
            found += pairs
            at = pairs[-1]
        found.append(at)
    return found


def test_each_lesson_of_the_course_has_a_small_thing_of_its_own_on_one_grid() -> None:
    assert list(things()) == list(COURSE)
    assert len({thing.line for thing in things().values()}) == len({t.name for t in things().values()}) == 24
    for name, thing in things().items():
        assert len(thing.svg.encode()) <= BYTES, name
        assert 'aria-hidden="true"' in thing.svg and f'viewBox="0 0 {GRID} {GRID}"' in thing.svg
        named = points(thing.line)
        assert len(named) > 5, name
        # Half of a line's width lies outside of its points.
        assert all(1 <= value <= GRID - 1 for point in named for value in point), (name, named)
        assert max(x for x, _ in named) - min(x for x, _ in named) > GRID / 2 - 1, (
            f"{name} is too small to see"
        )
        assert (
            "stroke" not in thing.svg and "fill" not in thing.svg
        )  # one width and one color, by the stylesheet


def drawn_in(html: str) -> list[str]:
    return re.findall(r'<svg class="al-object"[^>]*><path d="([^"]*)"', html)


def test_list_head_and_exercise_show_the_same_thing(site: Path) -> None:
    home = (site / "index.html").read_text("utf-8")
    of_groups = (site / "about" / "group-exercises.html").read_text("utf-8")
    assert drawn_in(home.partition("al-course")[2]) == [things()[one.name].line for one in lessons()]
    assert drawn_in(of_groups.partition('class="al-course"')[2]) == [
        things()[one.name].line for one in exercises()
    ]
    for one in (*lessons(), *exercises()):
        file = f"{one.name}.html" if one.folder == "notebooks" else f"exercises/{one.name}.html"
        head = (site / file).read_text("utf-8").partition('<div class="al-head">')[2].partition("</div>")[0]
        assert drawn_in(head) == [things()[one.name].line], file


# --- tints


def declared(scheme: str) -> dict[str, dict[str, str]]:
    """The custom properties of each selector, as the stylesheets give them in light or in dark."""
    found: dict[str, dict[str, str]] = {}
    text = re.sub(
        r"/\*.*?\*/",
        "",
        "".join((theme.FOLDER / f"{n}.css").read_text("utf-8") for n in ("activity", "face")),
        flags=re.S,
    )
    dark = re.findall(r"@media (?:screen and )?\(prefers-color-scheme: dark\) \{(.*?)\n\}", text, re.S)
    light = re.sub(r"@media[^{]*\{.*?\n\}", "", text, flags=re.S)
    for part in (light, *dark) if scheme == "dark" else (light,):
        for heads, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", part):
            for head in heads.split(","):
                found.setdefault(head.strip(), {}).update(re.findall(r"(--[\w-]+):\s*([^;]+);", rules))
    return found


def light_of(color: str) -> float:
    digits = color.lstrip("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((light_of(one), light_of(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_on_every_tint_and_things_and_edges_seen(scheme: str) -> None:
    found = declared(scheme)
    page = found[".al-page"]
    for part in PARTS:
        tint, edge = (found[f".{part.look}"][name] for name in ("--tint", "--edge"))
        for ink in ("--ink", "--quiet", "--accent"):
            assert contrast(page[ink], tint) >= 4.5, (part.key, ink)
        for ground in (tint, page["--paper"], page["--card"]):
            assert contrast(edge, ground) >= 3, part.key
        # In dark a tint is a shade of the page, and not a lamp.
        assert light_of(tint) < 0.05 if scheme == "dark" else light_of(tint) > 0.6, part.key


def test_a_part_is_said_in_words_wherever_it_has_a_tint(site: Path) -> None:
    assert [part_of(number).key for number in (0, 1, 3, 4, 7, 8, 11, 12, 15, 16, 23)] == [
        *("start", "values", "values", "decides", "decides", "talk", "talk", "word", "word", "more", "more")
    ]
    assert len({part.title for part in PARTS}) == len(PARTS)
    home = (site / "index.html").read_text("utf-8")
    for part in PARTS:
        assert f'<div class="{part.look}">\n<h2 id="{part.key}">{part.title}</h2>' in home
    for one in (*lessons(), *exercises()):
        file = f"{one.name}.html" if one.folder == "notebooks" else f"exercises/{one.name}.html"
        text = (site / file).read_text("utf-8")
        assert f'<p class="al-part">{part_of(one.number).title}</p>' in text, file
        assert f'<body class="al-page {part_of(one.number).look}"' in text, file


# --- a page's own style


def test_a_page_brings_the_rules_alone_of_what_stands_on_it() -> None:
    whole, own = (
        theme.lesson_css(),
        theme.lesson_css(
            '<p class="al-page al-scale alongside-activity" data-activity="rate"><h1> data-activity="pro" "al-row" "label"'
        ),
    )
    assert ".al-top-card" in whole and ".al-course li" in whole and ".al-dialog{" in whole
    for there in (".al-scale label{", ".al-row{", "@media print{", ".alongside-activity{", ".al-page h1{"):
        assert there in own, there
    of_elements = (".al-page h2{", ".al-page table{")
    for gone in (".al-top-card", ".al-course", ".al-dialog", ".al-options", ".al-front main", *of_elements):
        assert gone not in own, gone
    # Of the kinds of activities those that stand there have their looks, and no other has.
    assert (
        set(re.findall(r"data-activity=(\w+)", own))
        == {"rate"}
        < set(re.findall(r"data-activity=(\w+)", whole))
    )
    # Names that a sheet declares are short there, and each is declared.
    assert set(re.findall(r"var\((--\w+)\)", own)) <= set(re.findall(r"(--\w+):", own))
    assert "--paper" not in own


# --- privacy, in two lines


def test_the_two_lines_on_privacy_stand_below_the_first_question_of_every_lesson() -> None:
    for one in lessons():
        cells = [cell for cell in one.cells if "privacy" in cell.tags]
        if one.name == "23-facilitate":  # nothing about oneself is asked, and nothing is kept
            assert cells == [] and [line.verb for line in one.activities] == ["facilitate"]
            continue
        if one.number == 0:  # which has the whole of it
            assert "### While the tab is open, and after" in one.prose()
            continue
        (cell,) = cells
        at = one.cells.index(cell)
        assert one.cells[at - 1].line == one.activities[0], one.name
        assert cell.source.split("\n\n")[:2] == list(LINES), one.name
        before = "\n".join(two.source for two in one.cells[:at] if two.kind == "markdown" and two.on_pages)
        assert "browser tab" not in before and "private window" not in before, one.name
    assert len(re.findall(r"[\w’']+", re.sub(r"\(.*?\)", "", " ".join(LINES)))) <= 35


# --- in a browser


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_first_question_begins_on_the_first_screen(
    looking: Page, site_over_http: str, width: int, height: int
) -> None:
    looking.set_viewport_size({"width": width, "height": height})
    tops = {}
    for name in WITH_A_QUESTION_AT_ONCE:
        looking.goto(f"{site_over_http}{name}.html")
        tops[name] = looking.locator(".alongside-activity").first.bounding_box()["y"]  # type: ignore[index]
    assert len(tops) == 19
    assert {name: top for name, top in tops.items() if not 100 < top < height} == {}


SHIFTS = """() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) shifted += one.value; })
        .observe({type: "layout-shift", buffered: true});
}"""


@pytest.mark.browser
def test_nothing_on_a_page_moves_while_it_gets_ready_on_a_slow_phone(
    chromium: Browser, site_over_http: str, nightly: bool
) -> None:
    context = chromium.new_context()
    context.add_init_script(f"({SHIFTS})()")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    names = (*PAGES, *ABOUT) if nightly else (SHARE,)
    shifted = {}
    for name, width in itertools.product(names, (390, 1280)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{site_over_http}{name}.html")
        expect(page.locator("html.al-ready")).to_have_count(1)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        shifted[name, width] = page.evaluate("shifted")
    # This test can see: what comes in late above the rest is a shift.
    page.evaluate(
        "document.querySelector('main').prepend(Object.assign(document.createElement('h1'), {textContent: 'x'}))"
    )
    # Not wait_for_function: it looks again by eval, which the page's policy forbids.
    assert (
        page.evaluate(
            """new Promise((done) => {
            const look = (left) => (shifted > 0.01 || left < 1 ? done(shifted) : setTimeout(look, 50, left - 1));
            look(600);
        })"""
        )
        > 0.01
    )
    assert {where: value for where, value in shifted.items() if value >= 0.01} == {}
    context.close()


@pytest.mark.browser
def test_a_wide_screen_has_the_course_at_the_left_and_notes_at_the_right(learner: Learner) -> None:
    page = learner.page
    page.set_viewport_size({"width": 1280, "height": 800})
    learner.open(SHARE)
    course = page.get_by_role("navigation", name="All lessons")
    here = course.get_by_role("link", name="Share power", exact=True)
    expect(here).to_have_attribute("aria-current", "page")
    for part in PARTS:
        expect(course.get_by_role("link", name=part.title, exact=True)).to_be_visible()
    text = page.locator(".al-noted > div").first.bounding_box()
    note = page.locator(".al-by").first.bounding_box()
    words = page.get_by_text("The same in words").first.bounding_box()
    left = here.bounding_box()
    assert text and note and words and left
    assert left["x"] + left["width"] <= text["x"] and text["x"] + text["width"] <= min(note["x"], words["x"])
    assert max(note["x"] + note["width"], words["x"] + words["width"]) <= 1280
    # 60 to 68 letters of middle width a line; the letters of the checks' own font are wide ones.
    assert 500 <= text["width"] <= 68 * 0.55 * 17
    # Below that one column: the list is a page of its own, and nothing is said in a margin alone.
    page.set_viewport_size({"width": 768, "height": 800})
    expect(here).to_be_hidden()
    expect(page.locator(".al-by").first).to_be_hidden()
    course.get_by_role("link", name="All lessons").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alongside")


@pytest.mark.browser
@BY_EVERY_DOOR
def test_the_list_tells_where_somebody_has_been_and_forgets_it_with_the_words(learner: Learner) -> None:
    entries = learner.page.get_by_role("navigation", name="All lessons").get_by_role("listitem")
    told = learner.page.get_by_text(say("course.been_here")).locator("visible=true")
    been = entries.filter(has=told).locator("a")

    assert learner.open(HOME).stored() == {}
    expect(been).to_have_count(0)
    learner.open(SHARE).skip(ARRIVE)
    kept = learner.stored()
    learner.open(HOME)
    expect(been).to_have_text(["5. Share power"])
    assert learner.stored().keys() == kept.keys()  # it is told from what is kept anyway
    learner.my_words().get_by_role("button", name="Forget everything here").click()
    learner.page.keyboard.press("Escape")
    expect(been).to_have_count(0)
    assert learner.stored() == {}


@pytest.mark.browser
def test_things_take_the_colors_that_a_screen_is_set_to(looking: Page, site_over_http: str) -> None:
    looking.emulate_media(forced_colors="active")
    looking.goto(f"{site_over_http}{SHARE}.html")
    colors = looking.evaluate(
        "[...document.querySelectorAll('h1, .al-object')].map((one) => getComputedStyle(one).color)"
    )
    looking.emulate_media(forced_colors="none")
    assert len(colors) > 1 and len(set(colors)) == 1


# --- start.py shots


def test_pictures_of_pages_are_of_pages_that_are_there(site: Path) -> None:
    assert {f"{HOME}.html", f"{SHARE}.html", f"{PLAN}.html", f"{EXERCISE}.html"} <= set(KINDS)
    assert [name for name in KINDS if not (site / name).is_file()] == []
    ignored = subprocess.run(
        ["git", "check-ignore", "shots/x.png"], cwd=ROOT, capture_output=True, check=False
    )
    assert ignored.returncode in (0, 128)  # 128: this is no clone


@pytest.mark.parametrize(("words", "said"), [((), "Chrome, Chromium or Edge"), (("99",), 'no page "99"')])
def test_without_a_browser_or_a_lesson_shots_says_so_in_a_sentence(words: tuple[str, ...], said: str) -> None:
    environment = {**os.environ, "PATH": "", "ALONGSIDE_BROWSER": ""}
    ran = subprocess.run(
        [sys.executable, "-m", "alongside.surfaces.shots", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr and len(ran.stderr.splitlines()) == 1


def shots(
    at: Path, *words: str, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """``start.py shots``, with a browser that can't be one."""
    return subprocess.run(
        [sys.executable, "-m", "alongside.surfaces.shots", *words], cwd=at, text=True, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ALONGSIDE_BROWSER": sys.executable},
        stdin=subprocess.DEVNULL, capture_output=True, check=False, preexec_fn=before,
    )  # fmt: skip


def test_a_browser_that_does_not_start_and_a_file_for_a_folder_are_sentences_for_shots(
    tmp_path: Path,
) -> None:
    ran = shots(tmp_path, "--to", "made")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.strip() == say("shots.browser_did_not_start", browser=sys.executable)
    (tmp_path / "mine").write_text("mine")
    ran = shots(tmp_path, "--to", "mine")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.strip() == say("shots.not_written", file="mine", why=os.strerror(errno.EEXIST))


@pytest.mark.skipif(os.name == "nt", reason="start.py holds nothing back there")
def test_ctrl_c_reaches_shots_though_start_py_held_it_back(tmp_path: Path) -> None:
    def as_start_py_does() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        os.kill(os.getpid(), signal.SIGINT)  # it waits until somebody listens

    ran = shots(tmp_path, "--to", "made", before=as_start_py_does)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")
    assert not (tmp_path / "made").exists()
