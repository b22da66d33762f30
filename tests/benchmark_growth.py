"""How figures of tests/benchmark.py grow: from one door to another, one page to all, one learner to twenty, a thousand
answers to a million. Run by ``tests/benchmark.py``.

What is asked is where a line bends.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import benchmark_survey as survey
import nbformat
import psutil
from benchmark import (
    BIN,
    KEEPS_A_CHOICE,
    LESSON,
    TAKES_A_LETTER,
    Bench,
    Row,
    Server,
    bare_server,
    chromium,
    in_turn,
    our_server,
    over_http,
    say,
    tab,
)

#: JupyterLab has drawn a notebook's last cell. Nothing has run yet: its questions are not there.
SHOWS_THE_NOTEBOOK = (
    """() => Boolean(document.querySelector(".jp-Notebook .jp-Cell .jp-RenderedMarkdown h1"))"""
)
LEARNERS = (1, 5, 20)
ANSWERS = (1_000, 10_000, 100_000, 1_000_000)
SERVE = [sys.executable, "-m", "alongside.surfaces.serve"]


def doors(bench: Bench) -> Iterator[Row]:
    """One lesson by each door, in a new browser context. Seconds from the start of the navigation: the published page
    over http until its first control kept a choice. Floors: the same text in Voilà's stock template, with a text area
    of ipywidgets for each activity, until the first took a letter; the same in JupyterLab as it is installed, until
    the first heading is drawn, which is before any cell ran. KB: the bodies of all that was loaded until then, uncompressed."""
    site = bench.folder / "doors"
    words = [sys.executable, "-m", "alongside.cli", "site", "--to", str(site)]
    subprocess.run(words, cwd=bench.course, capture_output=True, check=True)
    notebook = nbformat.read(bench.course / "notebooks" / f"{LESSON}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = "import ipywidgets\nipywidgets.Textarea()"
    nbformat.write(notebook, bench.bare / "stock.ipynb")
    with (
        over_http(site) as origin,
        bare_server(sys.executable, bench.bare) as bare,
        chromium() as browser,
    ):

        def loaded(address: str, sign: str) -> tuple[float, float]:
            with tab(browser, sign) as page:
                sizes: list[int] = []
                page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
                page.goto(address, wait_until="commit", timeout=60_000)
                seconds = page.evaluate("window.benchmark")
                page.wait_for_timeout(1000)
                kilobytes = sum(sizes) / 1e3
            bare.end_kernels()
            return seconds, kilobytes

        def ours() -> tuple[float, float]:
            return loaded(f"{origin}{LESSON}.html", KEEPS_A_CHOICE)

        def stock() -> tuple[float, float]:
            return loaded(bare.address("stock.ipynb"), TAKES_A_LETTER)

        def lab() -> tuple[float, float]:
            address = f"http://127.0.0.1:{bare.port}/lab/tree/stock.ipynb?token={bare.token}&reset"
            return loaded(address, SHOWS_THE_NOTEBOOK)

        for name, floor in (("Voilà's stock template", stock), ("JupyterLab, nothing run", lab)):
            say(f"  {name}")
            floor()  # the first one of a server reads everything from the disk
            mine, theirs = in_turn(bench.rounds or 3, ours, floor)
            for at, unit in enumerate(("s", "KB")):
                yield Row(
                    f"published, against {name}",
                    "s" if unit == "s" else "KB",
                    [one[at] for one in mine],
                    [one[at] for one in theirs],
                    "ratio",
                    0.5,
                )


def pages(bench: Bench) -> Iterator[Row]:
    """Seconds for ``alongside site`` with one lesson in the course, and with all. Floor: nbconvert's own HTML of the same
    notebooks, by one command, without running them."""
    one = bench.folder / "one-lesson"
    for count, course in ((1, one), (0, bench.course)):
        if course is one:
            shutil.copytree(bench.course, one, ignore=shutil.ignore_patterns(".venv"))
            for path in [*one.glob("notebooks/*.ipynb"), *one.glob("exercises/*.ipynb")]:
                if path.stem != LESSON:
                    path.unlink()
        books = sorted(map(str, [*course.glob("notebooks/*.ipynb"), *course.glob("exercises/*.ipynb")]))

        def ours(course: Path = course) -> float:
            with tempfile.TemporaryDirectory(dir=bench.folder) as to:
                words = [sys.executable, "-m", "alongside.cli", "site", "--to", f"{to}/site"]
                return _seconds(words, course)

        def floor(course: Path = course, books: list[str] = books) -> float:
            with tempfile.TemporaryDirectory(dir=bench.folder) as to:
                words = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", to, *books]
                return _seconds(words, course)

        mine, theirs = in_turn(bench.rounds or 3, ours, floor)
        name = "building the site, one notebook" if count else f"building the site, {len(books)} notebooks"
        yield Row(name, "s", mine, theirs, "ours", 10)


def learners(bench: Bench) -> Iterator[Row]:
    """So many learners open a lesson of one server at once. Seconds until the last of them has the whole page, and MB of
    their own (USS) that the server and all its kernels hold then, over what they held before. Floor: a page with one
    text area in Voilà's stock template."""
    for count in LEARNERS:

        def ours(count: int = count) -> tuple[float, float]:
            with our_server(SERVE, bench.course) as server:
                return _together(server, f"notebooks/{LESSON}.ipynb", count)

        def floor(count: int = count) -> tuple[float, float]:
            with bare_server(sys.executable, bench.bare) as server:
                return _together(server, "bare.ipynb", count)

        mine, theirs = in_turn(bench.rounds or 1, ours, floor)
        for at, unit in enumerate(("s", "MB")):
            yield Row(
                f"{count} {'learner' if count == 1 else 'learners'} at once",
                "s" if unit == "s" else "MB",
                [one[at] for one in mine],
                [one[at] for one in theirs],
                "ratio",
                1,
            )


def answers(bench: Bench) -> Iterator[Row]:
    """Seconds of the processor from a CSV of so many answers (36 questions, four breakdowns) to the release. Floor: pandas
    reads the same file and groups its shares. The last row is 100,000 people, 3.6 million answers."""
    for count in (*ANSWERS, 36 * survey.PEOPLE):
        people = max(count // (survey.PRACTICES * survey.ITEMS), 40)
        folder = bench.folder / f"answers-{count}"
        folder.mkdir()
        csv, book = survey.make_large(folder, people)
        name = f"{people * survey.PRACTICES * survey.ITEMS:,} answers to a release"
        mine, theirs = in_turn(
            bench.rounds or 3,
            lambda csv=csv, book=book: _released(survey.OURS.format(csv=str(csv), book=str(book))),
            lambda csv=csv: _released(survey.FLOOR.format(csv=str(csv))),
        )
        whole = count > ANSWERS[-1]
        yield Row(name, "s", mine, theirs, "ratio" if whole else "ours", 1.5 if whole else 10)


def acro(bench: Bench) -> Iterator[Row]:
    """Seconds from a CSV of 100,000 people to tables that are safe to show. Floor: acro's crosstab, which suppresses, of the
    same questions by the same breakdowns, reading the file included, in an environment of its own. Where acro can't be
    installed, nothing is shown."""
    home, folder = bench.folder / "acro", bench.folder / "acro-answers"
    folder.mkdir()
    csv, book = survey.make_large(folder)
    python = str(home / BIN / "python")
    say("  installing acro …")
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    if subprocess.run(
        [python, "-m", "pip", "install", "-q", "acro"], capture_output=True, check=False
    ).returncode:
        say("  NOT RUN: acro could not be installed")
        return

    def floor() -> float:
        code = survey.ACRO.format(csv=str(csv))
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, cwd=folder, check=True)
        return float(done.stderr.rsplit("TOOK ", 1)[1])

    ours = survey.OURS.format(csv=str(csv), book=str(book))
    mine, theirs = in_turn(bench.rounds or 3, lambda: _released(ours), floor)
    yield Row("100,000 people, against acro", "s", mine, theirs, "ratio", 0.1)


def _released(code: str) -> float:
    return survey.timed(code, times=1)[0]


def _seconds(words: list[str], folder: Path) -> float:
    begun = time.perf_counter()
    subprocess.run(words, cwd=folder, capture_output=True, check=True)
    return time.perf_counter() - begun


def _together(server: Server, notebook: str, count: int) -> tuple[float, float]:
    server.whole_page(notebook)  # the first page of a server takes what all later ones share
    server.end_kernels()
    before = _own(server)
    begun = time.perf_counter()
    threads = [threading.Thread(target=server.whole_page, args=(notebook,)) for _ in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return time.perf_counter() - begun, max(_own(server) - before, 0.1)


def _own(server: Server) -> float:
    first = psutil.Process(server.pid)
    return sum(one.memory_full_info().uss for one in [first, *first.children(recursive=True)]) / 1e6
