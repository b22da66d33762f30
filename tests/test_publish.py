"""`alongside site --to FOLDER`: whole pages that lean on nothing else, or nothing at all and one sentence."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import html5lib
import nbformat
import psutil
import pytest
from conftest import ROOT, powerless
from hands import ABOUT

from alongside import cli, folder
from alongside.course import about
from alongside.course import lesson as content
from alongside.course.references import needs
from alongside.errors import AlongsideError
from alongside.page import html as pages

LESSON, EXERCISE = "00-start-here", "05-share-power"
MANIFEST = ".alongside-site.json"
XHTML = "{http://www.w3.org/1999/xhtml}"


# --- the command, over a copy of the course that a test may spoil ----------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """One lesson and one exercise, with the package beside them: small, so that a run takes seconds."""
    return small_course(tmp_path / "course")


def small_course(to: Path) -> Path:
    for name in ("alongside", "data", "notebooks/pictures"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    (to / "exercises").mkdir()
    for name in (f"notebooks/{LESSON}.ipynb", f"exercises/{EXERCISE}.ipynb"):
        shutil.copy(ROOT / name, to / name)
    return to


def environment(course: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(course)}


def alongside(course: Path, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alongside.cli", *map(str, words)],
        cwd=course,
        env={**environment(course), **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def here(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The same command in this process: enough, and quicker, for what is refused before a lesson is run."""
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        status = cli.main([str(word) for word in words])
    return subprocess.CompletedProcess(words, status, said.getvalue(), complained.getvalue())


def published(course: Path, to: Path) -> Path:
    ran = alongside(course, "site", "--to", to)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return to


def contents(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder, by its path; a link by where it points."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        else:
            found[name] = "folder" if path.is_dir() else path.read_bytes()
    return found


def assert_refused(ran: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit status 2, and one plain line that says these words."""
    assert ran.returncode == 2, (ran.returncode, ran.stdout, ran.stderr)
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stderr.rstrip().endswith((".", "--help")), ran.stderr
    for one in words:
        assert one in ran.stderr, ran.stderr


def test_a_folder_that_is_not_there_is_made_with_those_above_it(copy: Path, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        to = published(copy, tmp_path / "new" / "Für alle ☂ pages")
    finally:
        os.umask(before)

    assert sorted(contents(to)) == [
        MANIFEST,
        f"{LESSON}.html",
        "about",
        *sorted(f"about/{name}.html" for name in (*about.NAMES, *about.MORE)),
        "after.html",
        "exercises",
        f"exercises/{EXERCISE}.html",
        "index.html",
        "offline-worker.js",
        "page.html",
        "screen.html",
        "search.html",
    ]
    assert sorted(contents(to.parent)) == sorted([to.name, *(f"{to.name}/{name}" for name in contents(to))])
    for path in (to, *to.rglob("*")):  # a web server that runs as somebody else may read them
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.slow
def test_two_places_and_two_orders_of_chance_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = small_course(tmp_path / "first"), small_course(tmp_path / "deeper" / "second")
    a, b = tmp_path / "a", tmp_path / "b"
    one = alongside(first, "site", "--to", a, "--zip", tmp_path / "a.zip", PYTHONHASHSEED="1", TZ="UTC")
    assert (one.returncode, one.stderr) == (0, "") and "a.zip" in one.stdout
    other = alongside(second, "site", "--to", b, "--zip", tmp_path / "b.zip", PYTHONHASHSEED="2", TZ="Asia/Tokyo")  # fmt: skip
    assert other.returncode == 0

    assert contents(a) == contents(b)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    # In the zip are the pages, and no day on which they were made.
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        held = {entry.filename: packed.read(entry) for entry in packed.infolist()}
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    pages = {name: text for name, text in contents(a).items() if text != "folder" and name != MANIFEST}
    assert held == {f"alongside/{name}": text for name, text in pages.items()}
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o644
    # A second time it is its own, and takes the place of the first.
    (a / "index.html").write_text("an older page")
    assert alongside(first, "site", "--to", a, "--zip", tmp_path / "a.zip").returncode == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    "there", ["a zip of somebody else", "a letter", "a link to a zip of ours", "a folder"]
)
def test_a_zip_file_of_somebody_else_is_refused_and_stays_as_it_was(tmp_path: Path, there: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    mine = home / "course.zip"
    if there == "a folder":
        mine.mkdir()
    elif there == "a letter":
        mine.write_text("Dear all")
    else:
        with zipfile.ZipFile(mine, "w") as packed:
            packed.comment = b"alongside site" if "link" in there else b"holidays"
            packed.writestr("picture.txt", "the sea")
        if "link" in there:
            mine.rename(home / "other.zip")
            mine.symlink_to(home / "other.zip")
    before = contents(home)

    assert_refused(here("site", "--to", home / "site", "--zip", mine), "course.zip", "did not make", "--zip")

    assert contents(home) == before


def test_a_zip_file_that_has_no_place_is_refused_before_the_long_work(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert_refused(here("site", "--to", site, "--zip", site / "a.zip"), "lies in", "--zip")
    assert_refused(here("site", "--to", site, "--zip", tmp_path / "no" / "a.zip"), "is not there", "--zip")
    assert contents(tmp_path) == {}


def test_a_lesson_that_fails_leaves_no_half_of_a_zip(copy: Path, tmp_path: Path) -> None:
    words = miss_a_scenario(copy)
    home = tmp_path / "home"
    home.mkdir()
    assert_refused(alongside(copy, "site", "--to", home / "site", "--zip", home / "a.zip"), *words)
    assert contents(home) == {}


def test_a_second_run_replaces_what_the_first_one_made(copy: Path, tmp_path: Path) -> None:
    to = published(copy, tmp_path / "site")
    as_made = contents(to)
    (to / "index.html").write_text("an older page")
    (to / "older.html").write_text("the page of a lesson that is gone")
    (to / "old").mkdir()
    (to / "old" / "older.html").write_text("and its exercise")
    names = [*json.loads((to / MANIFEST).read_text()), "older.html", "old/older.html"]
    (to / MANIFEST).write_text(json.dumps(names))

    published(copy, to)

    assert contents(to) == as_made


def test_what_a_mac_or_windows_put_into_a_folder_is_in_nobodys_way_and_stays(tmp_path: Path) -> None:
    to, page, mine = tmp_path / "stick", Path("exercises/05.html"), ".made.json"
    folder.write(to, {page: "a page"}, mine)
    of_the_system = (".DS_Store", "._index.html", "exercises/._05.html", "exercises/Thumbs.db", "desktop.ini")
    for name in of_the_system:
        (to / name).write_bytes(b"\x00\x05\x16\x07")

    folder.check(to, mine)
    folder.write(to, {page: "a newer page"}, mine)

    assert {name for name in contents(to) if (to / name).is_file()} == {*of_the_system, page.as_posix(), mine}
    assert (to / page).read_text() == "a newer page"
    (to / "exercises" / "DS_Store.txt").write_text("notes")
    with pytest.raises(AlongsideError, match=re.escape(str(Path("exercises/DS_Store.txt")))):
        folder.check(to, mine)


def test_a_folder_that_is_named_by_a_link_is_filled_and_the_link_stays(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    published(copy, tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").is_file()


def beside(to: Path, name: str) -> Path:
    """A file of somebody else, outside the folder."""
    other = to.parent / name
    other.write_text("somebody else's words")
    return other


def put_file(to: Path) -> None:
    (to / "thesis.odt").write_text("years of work")


def put_hidden_file(to: Path) -> None:
    (to / ".env").write_text("a secret")


def put_file_below(to: Path) -> None:
    (to / "exercises" / "deep").mkdir(parents=True)
    (to / "exercises" / "deep" / "notes.txt").write_text("notes")


def put_page_of_the_same_name(to: Path) -> None:
    (to / MANIFEST).unlink(missing_ok=True)
    (to / "index.html").write_text("my own home page")


def put_link_to_file(to: Path) -> None:
    (to / "more.html").symlink_to(beside(to, "outside.html"))


def put_link_to_folder(to: Path) -> None:
    beside(to, "outside.html")
    (to / "up").symlink_to(to.parent)


def put_dangling_link(to: Path) -> None:
    (to / "nowhere").symlink_to(to.parent / "not there")


def put_link_in_place_of_a_page(to: Path) -> None:
    (to / "page.html").unlink(missing_ok=True)
    (to / "page.html").symlink_to(beside(to, "outside.html"))
    (to / MANIFEST).write_text('["page.html"]')


def put_link_in_place_of_the_exercises(to: Path) -> None:
    elsewhere = to.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"{EXERCISE}.html").write_text("somebody else's page")
    shutil.rmtree(to / "exercises", ignore_errors=True)
    (to / "exercises").symlink_to(elsewhere)
    (to / MANIFEST).write_text(json.dumps([f"exercises/{EXERCISE}.html"]))


def put_broken_list(to: Path) -> None:
    (to / MANIFEST).write_text("{not json")


def put_list_of_other_things(to: Path) -> None:
    (to / MANIFEST).write_text('["page.html", 5, null]')
    (to / "page.html").write_text("mine")


@pytest.mark.parametrize(
    "put",
    [
        put_file,
        put_hidden_file,
        put_file_below,
        put_page_of_the_same_name,
        put_link_to_file,
        put_link_to_folder,
        put_dangling_link,
        put_link_in_place_of_a_page,
        put_link_in_place_of_the_exercises,
        put_broken_list,
        put_list_of_other_things,
    ],
)
def test_a_folder_with_something_of_others_is_refused_and_stays_as_it_was(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    home = tmp_path / "home"
    to = home / "site"
    to.mkdir(parents=True)
    put(to)
    before = contents(home)

    assert_refused(here("site", "--to", to), str(to), "did not make", "--to")

    assert contents(home) == before


def test_a_list_that_names_files_outside_the_folder_takes_none_of_them(copy: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    to = home / "site"
    to.mkdir(parents=True)
    other = beside(to, "other.html")
    (to / MANIFEST).write_text(json.dumps(["../other.html", str(other), "x/../../other.html"]))
    published(copy, to)

    assert other.read_text() == "somebody else's words"


# --- places that can't be used ---------------------------------------------------------------------


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")

    assert_refused(here("site", "--to", tmp_path / "letter.txt"), "letter.txt", "is a file", "--to")
    assert_refused(here("site", "--to", tmp_path / "letter.txt" / "site"), "is a file", "--to")

    assert (tmp_path / "letter.txt").read_text() == "Dear all"


def test_a_link_to_nowhere_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").symlink_to(tmp_path / "not there")

    assert_refused(here("site", "--to", tmp_path / "site"), "site")

    assert not (tmp_path / "not there").exists()


@pytest.mark.skipif(os.name != "posix", reason="not run: file rights are of another kind here")
def test_a_folder_that_can_not_be_written_to_is_refused_before_the_long_work(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    to = tmp_path / "locked" / "new" / "site"
    ran = subprocess.run(
        [*powerless(), sys.executable, "-m", "alongside.cli", "site", "--to", str(to)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert_refused(ran, str(tmp_path / "locked"), "can't be written", "--to")
    assert contents(tmp_path) == {"locked": "folder"}


# --- lessons that fail -----------------------------------------------------------------------------


def change_lesson(course: Path, code: str) -> None:
    path = course / "notebooks" / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(code, id="planted"))
    nbformat.write(notebook, path)


def miss_a_scenario(course: Path) -> tuple[str, ...]:
    change_lesson(course, 'from alongside import scenario\nscenario("the-dragon-on-the-wal")')
    return (
        f"notebooks/{LESSON}.ipynb",
        'There is no scenario "the-dragon-on-the-wal"',
        "the-dragon-on-the-wall",
    )


def raise_without_words(course: Path) -> tuple[str, ...]:
    change_lesson(course, "assert False")
    return f"notebooks/{LESSON}.ipynb", "AssertionError"


def raise_many_lines(course: Path) -> tuple[str, ...]:
    change_lesson(course, 'raise ValueError("the first line\\nthe second line")')
    return f"notebooks/{LESSON}.ipynb", "the first line"


def end_the_program(course: Path) -> tuple[str, ...]:
    change_lesson(course, "import os\nos._exit(3)")
    return f"notebooks/{LESSON}.ipynb", "did not finish"


def break_yaml(course: Path) -> tuple[str, ...]:
    with (course / "data" / "scenarios.yml").open("a") as file:
        file.write('\nbroken: "no end\n')
    return "scenarios.yml, line", "YAML"


def put_a_letter_that_yaml_forbids(course: Path) -> tuple[str, ...]:
    with (course / "data" / "scenarios.yml").open("a") as file:
        file.write("\nbell: \a\n")
    return "scenarios.yml", "YAML"


def write_an_impossible_day(course: Path) -> tuple[str, ...]:
    with (course / "data" / "here.yml").open("a") as file:
        file.write("\nother: 2024-13-45\n")
    return "here.yml", "YAML"


def break_notebook(course: Path) -> tuple[str, ...]:
    (course / "notebooks" / f"{LESSON}.ipynb").write_text('{"cells": [')
    return f"{LESSON}.ipynb", "not a notebook"


def break_a_cell(course: Path) -> tuple[str, ...]:
    path = course / "notebooks" / f"{LESSON}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    del notebook["cells"][2]["cell_type"]
    path.write_text(json.dumps(notebook))
    return f"{LESSON}.ipynb, cell 3", '"cell_type" is missing'


def remove_every_lesson(course: Path) -> tuple[str, ...]:
    (course / "notebooks" / f"{LESSON}.ipynb").unlink()
    return ("no lesson",)


@pytest.mark.parametrize(
    "spoil",
    [
        miss_a_scenario,
        raise_without_words,
        raise_many_lines,
        end_the_program,
        break_yaml,
        pytest.param(
            put_a_letter_that_yaml_forbids, marks=pytest.mark.nightly
        ),  # as break_yaml, by another way
        pytest.param(write_an_impossible_day, marks=pytest.mark.nightly),
        break_notebook,
        break_a_cell,
        remove_every_lesson,
    ],
)
def test_a_lesson_that_fails_is_named_with_its_reason_and_nothing_is_written(
    copy: Path, tmp_path: Path, spoil: Callable[[Path], tuple[str, ...]]
) -> None:
    if spoil is break_yaml or spoil is put_a_letter_that_yaml_forbids:
        shutil.copy(ROOT / "notebooks" / "05-share-power.ipynb", copy / "notebooks")  # it plays a scenario
    home = tmp_path / "home"
    home.mkdir()
    old = home / "old"
    shutil.copytree(copy / "data", old / "exercises")  # any pages of an earlier run
    (old / MANIFEST).write_text(json.dumps([path.relative_to(old).as_posix() for path in old.rglob("*.*")]))
    before = contents(home)
    words = spoil(copy)

    assert_refused(alongside(copy, "site", "--to", old), *words)
    if spoil is miss_a_scenario:
        assert_refused(alongside(copy, "site", "--to", home / "new" / "site"), *words)

    assert contents(home) == before


def test_a_lesson_of_another_program_is_run_with_this_one(copy: Path, tmp_path: Path) -> None:
    path = copy / "notebooks" / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec = {"name": "conda-env-elsewhere-py", "display_name": "Elsewhere"}
    nbformat.write(notebook, path)

    published(copy, tmp_path / "site")


def test_a_page_that_can_not_be_put_in_its_place_leaves_the_old_site_whole(
    copy: Path, tmp_path: Path
) -> None:
    to = published(copy, tmp_path / "site")
    (to / "page.html").unlink()
    (to / "page.html").mkdir()  # it comes last, so the others have been moved by then
    (to / "index.html").write_text("an older page")
    (to / "older.html").write_text("the page of a lesson that is gone")
    names = [*json.loads((to / MANIFEST).read_text()), "older.html"]
    (to / MANIFEST).write_text(json.dumps(names))
    before = contents(to)

    assert_refused(alongside(copy, "site", "--to", to), "page.html")

    assert contents(to) == before


# --- Ctrl-C ----------------------------------------------------------------------------------------


@pytest.fixture
def under_way(copy: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The command, with the program of a lesson running, over the pages of an earlier run."""
    to = published(copy, tmp_path / "site")
    change_lesson(copy, "import time\ntime.sleep(100)")
    with subprocess.Popen(
        [sys.executable, "-m", "alongside.cli", "site", "--to", str(to)],
        cwd=copy,
        env=environment(copy),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        yield running, to
        running.kill()


@pytest.mark.skipif(os.name != "posix", reason="not run: Ctrl-C is sent in another way here")
def test_ctrl_c_while_a_lesson_runs_leaves_the_old_site_and_no_program(
    under_way: tuple[subprocess.Popen[str], Path],
) -> None:
    running, to = under_way
    before = contents(to)
    kernels = wait_for(lambda: psutil.Process(running.pid).children(recursive=True))
    wait_for(lambda: kernels[0].num_threads() > 3)  # its program is up

    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=30)

    assert running.returncode == 130
    assert said == ("", "Stopped. Nothing was changed.\n")
    assert contents(to) == before
    assert psutil.wait_procs(kernels, timeout=10)[1] == []


def wait_for(look: Callable[[], Any], seconds: float = 30) -> Any:
    give_up = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.05)
    return found


def test_ctrl_c_while_pages_are_put_in_their_places_comes_too_late() -> None:
    before = signal.getsignal(signal.SIGINT)

    with folder.undisturbed():
        signal.raise_signal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before


# --- the words on the command line -----------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["site", "--help"]])
def test_help_says_what_can_be_asked(words: list[str]) -> None:
    ran = alongside(ROOT, *words)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "site" in ran.stdout
    assert ("--to FOLDER" in ran.stdout) or ("Exit status: 0 done; 2" in " ".join(ran.stdout.split()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["sight"], "sight"),
        (["site"], "--to"),
        (["site", "--to"], "--to"),
        (["site", "--to", ""], "--to"),
        (["site", "--too", "x", "--to", "y", "z"], "--too"),
        (["site", "--to", "a" * 300], "aaa"),
    ],
)
def test_a_request_that_can_not_be_used_is_one_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "alongside.cli", *words],
        cwd=tmp_path,
        env=environment(ROOT),
        capture_output=True,
        text=True,
        check=False,
    )

    assert_refused(ran, said)
    assert contents(tmp_path) == {}


@pytest.mark.skipif(os.name != "posix", reason="not run: no such terminal here")
def test_a_terminal_is_told_how_far_it_is(copy: Path, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    ran = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "site", "--to", str(tmp_path / "site")],
        cwd=copy,
        env=environment(copy),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)

    assert ran.returncode == 0
    exercise = next(one for one in content.exercises() if one.name == EXERCISE)
    titles = [content.lesson(LESSON).title, exercise.title]
    assert told.splitlines() == [f"Drawing {title} …" for title in titles]


# --- what is on the pages --------------------------------------------------------------------------


def pages_of(site: Path) -> dict[str, str]:
    found = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    assert {f"{lesson.name}.html" for lesson in content.lessons()} <= set(found)
    assert {f"exercises/{one.name}.html" for one in content.exercises()} <= set(found)
    assert {"index.html", "page.html"} <= set(found)
    return found


@cache
def elements(text: str) -> list[Any]:
    """All of a page, by a parser that forgives nothing."""
    return list(html5lib.HTMLParser(strict=True).parse(text).iter())


def tags(text: str, name: str) -> list[Any]:
    return [one for one in elements(text) if one.tag == XHTML + name]


def test_every_page_is_html_with_a_title_a_language_and_one_heading_of_its_own(site: Path) -> None:
    for name, text in pages_of(site).items():
        (root,) = tags(text, "html")
        assert root.get("lang") == "en", name
        (title,) = tags(text, "title")
        assert title.text and title.text.strip(), name
        assert len(tags(text, "h1")) == 1, name
        assert len({one.get("id") for one in elements(text) if one.get("id")}) == sum(
            1 for one in elements(text) if one.get("id")
        ), f"{name} has one id twice"


# A browser looks at one page of each skeleton (tests/skeletons.py). What words alone can spoil is read here, from each.


def words_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def learners(site: Path) -> dict[str, str]:
    """The pages of the course: all but the one that an exit leads to, and the two for a room, which have tests of their
    own (test_screen.py, test_after.py)."""
    others = {"page.html", "screen.html", "after.html"}
    found = {name: text for name, text in pages_of(site).items() if name not in others}
    assert len(found) == len(content.lessons()) + len(content.exercises()) + len(ABOUT)
    return found


def test_every_page_has_its_landmarks_and_leaves_out_no_rank_of_heading(site: Path) -> None:
    for name, text in learners(site).items():
        for landmark in ("header", "main", "footer"):
            assert len(tags(text, landmark)) == 1, (name, landmark)
        labels = [one.get("aria-label") for one in tags(text, "nav")]
        assert labels.count("All lessons") == 1, name
        headings = [one for one in elements(text) if re.fullmatch("h[1-6]", str(one.tag).removeprefix(XHTML))]
        ranks = [int(one.tag[-1]) for one in headings]
        assert ranks[0] == 1, name
        assert all(after <= before + 1 for before, after in itertools.pairwise(ranks)), (name, ranks)
        assert all(map(words_of, headings)), name


def test_no_title_tells_what_a_page_is_about(site: Path) -> None:
    plain_title = re.compile(r"Start|Lesson \d+|Exercise \d+|Page")
    for name, text in learners(site).items():
        (title,) = tags(text, "title")
        assert plain_title.fullmatch(title.text), (name, title.text)


def test_every_link_picture_and_fold_has_words_of_its_own(site: Path) -> None:
    for name, text in learners(site).items():
        for kind in ("a", "summary", "th", "figcaption", "button"):
            assert all(map(words_of, tags(text, kind))), (name, kind)
        assert all(one.get("alt") for one in tags(text, "img")), name
        for one in elements(text):
            if one.get("aria-labelledby"):
                (label,) = [
                    other for other in elements(text) if other.get("id") == one.get("aria-labelledby")
                ]
                assert words_of(label), (name, one.get("aria-labelledby"))
            assert one.get("aria-label") != "", name


def test_the_bar_with_quick_exit_comes_before_all_else_on_every_page(site: Path) -> None:
    for name, text in learners(site).items():
        (body,) = tags(text, "body")
        bar = body[0]
        assert bar.get("data-alongside-bar") is not None, name
        assert (bar.get("role"), bar.get("aria-label")) == ("region", "Quick exit and my words"), name
        ahead = [one for one in elements(text) if one.get("autofocus") or int(one.get("tabindex") or 0) > 0]
        assert ahead == [], name


def test_each_question_can_be_read_and_is_asked_once_on_its_page(site: Path) -> None:
    asked = 0
    for name, text in pages_of(site).items():
        sections = [one for one in tags(text, "section") if one.get("data-activity")]
        prompts = [words_of(one[0]) for one in sections]
        assert not any("prompt" in json.loads(one.get("data-props")) for one in sections), name
        assert all(one[0].get("class") == "al-question" for one in sections), name
        assert all(prompts) and len(set(prompts)) == len(prompts), name
        keys = [one.get("data-key") for one in sections]
        assert all(keys) and len(set(keys)) == len(keys), name
        asked += len(sections)
    assert asked > 2 * len(content.lessons())


def test_every_link_leads_to_a_page_and_a_place_that_are_there(site: Path) -> None:
    found = pages_of(site)
    ids = {name: {one.get("id") for one in elements(text)} for name, text in found.items()}
    followed = 0
    for name, text in found.items():
        for link in tags(text, "a"):
            href = urlsplit(link.get("href") or "")
            if href.scheme:
                assert href.scheme == "https", (name, link.get("href"))
                # Where it leads learns nothing of where it came from, which the page says once for all of its links,
                # and it takes the page's own place, so that it has no hold on this one.
                (referrer,) = [one for one in tags(text, "meta") if one.get("name") == "referrer"]
                assert referrer.get("content") == "no-referrer", name
                assert link.get("target") is None, (name, link.get("href"))
                continue
            path = os.path.normpath(Path(name).parent / unquote(href.path)) if href.path else name
            assert path in found, f"{name} links to {link.get('href')}, which is not there"
            assert not href.fragment or unquote(href.fragment) in ids[path], (name, link.get("href"))
            followed += 1
        (exit_to,) = [one.get("data-exit") for one in elements(text) if one.get("data-exit")] or [None]
        assert exit_to is None or os.path.normpath(Path(name).parent / exit_to) == "page.html", name
    assert followed > 40


def test_the_first_page_says_what_this_is_and_has_a_door_for_whom_it_is_for(site: Path) -> None:
    text = (site / "index.html").read_text("utf-8")
    (main,) = tags(text, "main")
    (heading,) = tags(text, "h1")
    assert words_of(heading) == "Alongside"
    (what, *_) = [one for one in main.iter(XHTML + "p") if "program" in words_of(one)]
    assert "for everybody in a harm reduction program" in words_of(what)
    doors = [one for one in main.iter(XHTML + "a") if one.get("href") and ".html" in one.get("href")][:3]
    assert [words_of(one) for one in doors] == ["Learn on your own", "Lead a session", "Ask your people"]
    assert [one.get("href") for one in doors] == [
        "00-start-here.html",
        "23-facilitate.html",
        "20-survey-ask.html",
    ]
    for word in ("JupyterLab", "Binder", "kernel"):
        assert word not in words_of(main)


def test_the_list_has_every_lesson_with_its_promise_its_minutes_and_what_it_touches(site: Path) -> None:
    """Both lists are made by one template: the lessons on the first page, the exercises on theirs."""
    for page, those in (
        ("index.html", content.lessons()),
        ("about/group-exercises.html", content.exercises()),
    ):
        (listed,) = [
            one for one in elements((site / page).read_text("utf-8")) if one.get("class") == "al-course"
        ]
        entries = list(listed.iter(XHTML + "li"))
        assert len(entries) == len(those) > 15
        for entry, lesson in zip(entries, those, strict=True):
            said = words_of(entry)
            assert said.startswith(f"{lesson.number}. {lesson.title}"), page
            assert lesson.promise in said
            assert str(lesson.session_minutes[1]) in said
            assert all(what in said for what in lesson.touches), said


def test_the_first_page_has_each_sentence_that_people_say_and_it_leads_to_its_lessons(site: Path) -> None:
    """Beside the doors and the list of lessons, between them; and Voilà sends the same."""
    sent = pages.draw(pages.prepare(about.notebook(about.HOME), pages.VOILA, name=about.HOME, folder=""))
    titles = {one.name: f"{one.number}. {one.title}" for one in content.lessons()}
    for text, surface in (((site / "index.html").read_text("utf-8"), pages.SITE), (sent, pages.VOILA)):
        order = [text.index(one) for one in ("Ask your people", "What is going on where", 'id="lessons"')]
        assert order == sorted(order)
        (listed,) = [one for one in elements(text) if one.get("class") == "al-needs"]
        told = [
            (words_of(links[0]), [link.get("href") for link in links], words_of(entry))
            for entry in listed.iter(XHTML + "li")
            for links in [list(entry.iter(XHTML + "a"))]
        ]
        assert len(told) == len(needs()) == 12
        for (says, addresses, everything), need in zip(told, needs(), strict=True):
            assert says == need.says
            assert [Path(str(one)).name for one in addresses] == [
                Path(surface.file("notebooks", name)).name for name in need.lessons
            ]
            assert all(titles[name] in everything for name in need.lessons), everything


def fingerprint(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_the_policy_of_every_page_lets_its_own_script_and_style_in_and_nothing_else(site: Path) -> None:
    with_script = 0
    for name, text in pages_of(site).items():
        (policy,) = [
            one.get("content")
            for one in tags(text, "meta")
            if one.get("http-equiv") == "Content-Security-Policy"
        ]
        rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
        assert rules.pop("default-src") == ["'none'"], name
        assert rules.pop("base-uri", ["'none'"]) == ["'none'"], name
        assert rules.pop("form-action", ["'none'"]) == ["'none'"], name
        assert rules.pop("img-src", ["data:"]) == ["data:"], name
        assert rules.pop("script-src", []) == [fingerprint(one.text or "") for one in tags(text, "script")], (
            name
        )
        assert rules.pop("style-src", []) == [fingerprint(one.text or "") for one in tags(text, "style")], (
            name
        )
        # One page alone may start a worker, and none but a file of the site.
        assert rules.pop("worker-src", None) == (["'self'"] if name == "about/offline.html" else None), name
        assert rules == {}, name
        with_script += len(tags(text, "script"))
    assert with_script == len(pages_of(site)) - 1  # the one that an exit leads to has none


def test_a_page_is_one_file_that_loads_nothing(site: Path) -> None:
    """What the policy would stop must not be there in the first place, or the page would look broken."""
    for name, text in pages_of(site).items():
        for one in elements(text):
            for attribute, value in one.attrib.items():
                assert not attribute.startswith("on"), (name, one.tag, attribute)
                assert attribute != "style", (name, one.tag, value)
                if attribute in (
                    "src",
                    "srcset",
                    "poster",
                    "background",
                    "action",
                    "formaction",
                    "data",
                    "ping",
                ):
                    assert value.startswith("data:image/"), (name, one.tag, value[:80])
            if one.tag == XHTML + "link" and one.get("rel") != "expect":  # that one names a place in the page
                assert (one.get("rel"), one.get("href")) == ("icon", "data:,"), name
            assert one.tag not in {XHTML + tag for tag in ("iframe", "object", "embed", "base", "form")}, name


def test_a_page_is_first_drawn_with_its_first_question(site: Path) -> None:
    waiting = 0
    for name, text in pages_of(site).items():
        asking = [one for one in tags(text, "section") if one.get("data-activity")]
        awaited = [one for one in tags(text, "link") if one.get("rel") == "expect"]
        assert [one.get("href") for one in awaited] == [f"#{one.get('id')}" for one in asking[:1]], name
        assert all(one.get("blocking") == "render" for one in awaited), name
        waiting += len(awaited)
    assert waiting >= len(content.lessons())


def test_no_page_tells_about_the_machine_it_was_made_on(site: Path) -> None:
    telling = {
        str(ROOT),
        str(site),
        sys.prefix,
        sys.base_prefix,
        str(Path.home()),
        tempfile.gettempdir(),
        "file:",
        "ipykernel",
        "Traceback",
    } - {"/", "localhost"}
    for name, text in pages_of(site).items():
        for one in telling:
            assert one not in text, f"{name} holds {one}"
        # The machine's own name may be as short as a part of a hash, so it is looked for as a word of its own.
        host = rf"(?<![\w+/=-]){re.escape(socket.gethostname())}(?![\w+/=-])"
        assert not re.search(host, text) or socket.gethostname() == "localhost", f"{name} names the machine"


def plain(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def test_what_is_for_facilitators_is_on_no_page(site: Path) -> None:
    read = " ".join(plain("".join(elements(text)[0].itertext())) for text in pages_of(site).values())
    looked = 0
    for lesson in (*content.lessons(), *content.exercises()):
        for cell in nbformat.read(lesson.path, as_version=4).cells:
            lines = [line for line in map(plain, cell.source.splitlines()) if len(line) > 40]
            if "facilitator" in cell.metadata.get("tags", []):
                assert [line for line in lines if line in read] == [], lesson.name
                looked += len(lines)
    assert looked > 10


def test_what_is_for_jupyterlab_alone_is_neither_run_nor_published(copy: Path, tmp_path: Path) -> None:
    shown = {f"notebooks/{LESSON}": "", f"exercises/{EXERCISE}": "6 * 7"}  # without a kernel, and with one
    for name, code in shown.items():
        notebook = nbformat.read(copy / f"{name}.ipynb", as_version=4)
        mine = [
            nbformat.v4.new_markdown_cell("Press the green otter.", id="press"),
            nbformat.v4.new_code_cell("from pathlib import Path\nPath('was-run').touch()", id="run"),
        ]
        for cell in mine:
            cell.metadata["tags"] = ["lab-only"]
        notebook.cells += [*mine, nbformat.v4.new_code_cell(code, id="shown")]
        nbformat.write(notebook, copy / f"{name}.ipynb")
    to = published(copy, tmp_path / "site")
    assert "<p>42</p>" in (to / f"exercises/{EXERCISE}.html").read_text(encoding="utf-8")
    pages = list(to.rglob("*.html"))
    assert len(pages) > 4
    assert [page.name for page in pages if "green otter" in page.read_text(encoding="utf-8")] == []
    assert list(copy.rglob("was-run")) == []
