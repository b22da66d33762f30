"""The survey's figures, side by side with their floors. Run it by hand: ``.venv/bin/python tests/benchmark_survey.py``.

It prints a table and is no test. Words after the command choose parts: large, teams, command,
report, useful, count. How it grows, and acro beside it: ``benchmark.py answers acro``.
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import survey_count
import yaml
from survey_random import SCALE as POINTS
from survey_random import Shape, made, shown

from alongside.survey.read.responses import Rows
from alongside.thresholds import minimum_for

PEOPLE, PRACTICES, ITEMS = 100_000, 12, 3
ABOUT = (5, 4, 6, 3)
SCALE = ["Never", "Rarely", "Sometimes", "Often", "Always"]
BYTECODE = tempfile.TemporaryDirectory()


def row(what: str, value: str, floor: str = "", goal: str = "") -> None:
    print(f"{what:<58} {value:>12} {floor:>22} {goal:>16}", flush=True)


def make_large(folder: Path, people: int = PEOPLE) -> tuple[Path, Path]:
    """A CSV of many invented people, and its codebook."""
    chance = np.random.default_rng(1)
    items = [f"p{one}_{other}" for one in range(PRACTICES) for other in range(ITEMS)]
    weights = chance.dirichlet(np.ones(5) * 4, len(items))
    table = {
        key: np.array(SCALE)[chance.choice(5, people, p=own)] for key, own in zip(items, weights, strict=True)
    }
    for at, values in enumerate(ABOUT):
        table[f"b{at}"] = np.array([f"value {one}" for one in range(values)])[
            chance.integers(0, values, people)
        ]
    pd.DataFrame(table).to_csv(folder / "large.csv", index=False)
    book = {
        "title": "Large", "wave": "1", "minimum_group": 10, "scale": SCALE,
        "favorable": SCALE[3:], "unfavorable": SCALE[:2], "no_answer": ["N/A"],
        "practices": {f"p{one}": f"Practice {one}" for one in range(PRACTICES)},
        "items": {key: {"practice": key.split("_")[0], "text": f"We did {key.replace('_', ' ')}."} for key in items},
        "about": {
            f"b{at}": {"text": f"About {at}", "answers": {f"value {one}": [] for one in range(values)}}
            for at, values in enumerate(ABOUT)
        },
    }  # fmt: skip
    (folder / "large.yml").write_text(yaml.safe_dump(book, sort_keys=False), encoding="utf-8")
    return folder / "large.csv", folder / "large.yml"


FLOOR = """
import pandas as pd
frame = pd.read_csv({csv!r})
items = [key for key in frame if key[0] == "p"]
good = frame[items].isin(["Often", "Always"])
for key in [key for key in frame if key[0] == "b"]:
    good.groupby(frame[key]).mean()
"""
OURS = """
from alongside import survey
survey.release(survey.read({csv!r}, {book!r})).to_dict()
"""
OUR_IMPORTS = """
from alongside import survey
survey.read, survey.release
"""
ACRO = """
import sys, time, io, contextlib, pandas as pd
with contextlib.redirect_stdout(io.StringIO()):
    from acro import ACRO
    frame = pd.read_csv({csv!r})
    began = time.process_time()
    acro = ACRO(suppress=True)
    for item in [key for key in frame if key[0] == "p"]:
        good = frame[item].isin(["Often", "Always"])
        for key in [key for key in frame if key[0] == "b"]:
            acro.crosstab(frame[key], good)
sys.stderr.write("TOOK " + str(time.process_time() - began))
"""


def timed(code: str, times: int = 3) -> tuple[float, float]:
    """The least seconds of the processor, and the peak memory in MB, of a process of its own.

    The imports of pandas, numpy and scipy are left out; those of our own files are in it, their bytecode kept as on
    anybody's computer. Peak memory is VmHWM, because ``ru_maxrss`` begins at what the process that starts it had.
    """
    wrapped = (
        "import time, sys, pandas, numpy, scipy.optimize\n"
        f"began = time.process_time()\n{code}\n"
        "took = time.process_time() - began\n"
        "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "sys.stderr.write(f'{took} {peak}')"
    )
    kept = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": BYTECODE.name,
    }
    found = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", wrapped], capture_output=True, text=True, check=True, env=os.environ | kept
        )
        seconds, memory = done.stderr.split()[-2:]
        found.append((float(seconds), float(memory) / 1024))
    return min(one for one, _ in found), min(one for _, one in found)


def large(folder: Path, times: int = 5) -> None:
    csv, book = make_large(folder)
    floor_code, code = FLOOR.format(csv=str(csv)), OURS.format(csv=str(csv), book=str(book))
    turns = [(timed(floor_code, 1), timed(code, 1), timed(OUR_IMPORTS, 1)) for _ in range(times)]
    (floor, floor_memory), (ours, memory), (own, _) = (
        tuple(map(min, zip(*one, strict=True))) for one in zip(*turns, strict=True)
    )
    row(
        f"{PEOPLE:,} people, CSV to release, processor seconds",
        f"{ours:.2f}",
        f"pandas {floor:.2f}",
        "at most 1.5 x",
    )
    row("   times the floor", f"{ours / floor:.2f}")
    row("   of them imports of our own files", f"{own:.2f}")
    row("   peak memory, MB", f"{memory:.0f}", f"pandas {floor_memory:.0f}", "at most 1.5 x")


TEAMS = ((60, (4, 4, 3), "3 s"), (400, (5, 6, 4, 3), "10 s"))
BARE = "import pandas, matplotlib.pyplot"


def command(folder: Path) -> None:
    """``alongside survey report`` as a process of its own: processor seconds, since other work may go on beside it."""
    floor = min(_processor([sys.executable, "-c", BARE]) for _ in range(4))
    for people, about, goal in TEAMS:
        took = []
        for seed, share in enumerate((0.3, 0.6, 0.8)):
            place = folder / f"{people}-{seed}"
            place.mkdir()
            fallen = tuple((one, "uneven") for one in about)
            _write(made(Shape(people, 10, 12, 3, fallen, share, 0.05, False, seed)), place)
            asked = ["report", "answers.csv", "--codebook", "codebook.yml", "--to", "report"]
            took.append(
                _processor([str(Path(sys.executable).with_name("alongside")), "survey", *asked], place)
            )
        told = f"{people} people, {len(about)} breakdowns, the whole command, slowest of 3"
        row(told, f"{max(took):.2f}", f"bare imports {floor:.2f}", goal)
        row("   times the bare imports", f"{max(took) / floor:.1f}", "", "4 x" if people == 60 else "")


def _processor(words: list[str], folder: Path | None = None) -> float:
    """Seconds that a process took of the processor, its own and the system's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=folder, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _write(of: Rows, folder: Path) -> None:
    """A survey as the two files that the command reads."""
    book = of.codebook
    items = {key: {"practice": one.practice, "text": one.text} for key, one in book.items.items()}
    about = {
        key: {"text": one.text, "answers": {name: [] for name in one.answers}}
        for key, one in book.about.items()
    }
    told = {
        "title": book.title, "wave": book.wave, "minimum_group": book.minimum_group, "scale": list(book.scale),
        "favorable": list(book.favorable), "unfavorable": list(book.unfavorable), "no_answer": ["N/A"],
        "practices": dict(book.practices), "items": items, "about": about, "next_steps": "We talk about it on Monday.",
    }  # fmt: skip
    (folder / "codebook.yml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow([*book.items, *book.about])
        for answers, values in zip(of.answers, of.about, strict=True):
            names = [of.about_names[key][value] for key, value in zip(book.about, values, strict=True)]
            sheet.writerow([*(POINTS[one] if one >= 0 else "" for one in answers), *names])


def teams() -> None:
    """Releases of usual sizes, and where the time goes."""
    for people, about, goal in TEAMS:
        shapes = [
            Shape(people, 10, 12, 3, tuple((one, "uneven") for one in about), share, 0.05, False, seed)
            for seed, share in enumerate((0.3, 0.6, 0.8))
        ]
        surveys = [made(one) for one in shapes]
        took = [_seconds(lambda one=one: shown(one)) for one in surveys]
        row(f"{people} people, {len(about)} breakdowns, slowest of 3, seconds", f"{max(took):.2f}", "", goal)
        for name, part in _where(surveys[int(np.argmax(took))]):
            row(f"   {name}", f"{part:.2f}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _where(survey: Rows) -> list[tuple[str, float]]:
    import cProfile
    import pstats

    profile = cProfile.Profile()
    profile.runcall(shown, survey)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    names = {
        "count": "adding up", "soften": "softening", "_small_sets": "who is protected",
        "_by_exchange": "exchanges", "_exchange_on": "exchanges one after the other", "_run": "programs",
    }  # fmt: skip
    found: dict[str, float] = {}
    for (_, _, function), (_, _, _, whole, _) in stats.items():
        if function in names:
            found[names[function]] = found.get(names[function], 0) + whole
    return sorted(found.items(), key=lambda one: -one[1])


def useful(many: int = 40) -> None:
    """The share of breakdowns shown, over random surveys of 45 to 120 people with three breakdowns."""
    asked = given = formed = 0
    for seed in range(many):
        chance = np.random.default_rng(seed)
        falls = [str(chance.choice(["even", "uneven", "inside the first"])) for _ in range(3)]
        about = tuple((int(chance.integers(2, 6)), fall) for fall in falls)
        share = float(chance.choice([0.3, 0.6, 0.8]))
        shape = Shape(int(chance.integers(45, 121)), 10, 12, 3, about, share, 0.05, False, seed)
        tables = shown(made(shape)).to_dict()
        out = [key for key in tables["left_out"] if key[0] == "b"]
        asked, given = asked + 3, given + 3 - len(out)
        formed += all(one["kind"] != "item" for one in tables["tables"])
    row(
        "breakdowns shown, of random surveys of 45 to 120",
        f"{100 * given / asked:.0f} %",
        f"{many} surveys",
        "80 %",
    )
    row("   surveys without single items", f"{formed}")


def report_of_60(folder: Path, times: int = 5) -> None:
    """The report of 60 people and three breakdowns, by the command itself, and the imports that it can't do without.

    Seconds of the processor, so that other programs of the machine don't count.
    """
    practice = Path(__file__).parent.parent / "data" / "practice"
    answers = shutil.copy(practice / "invented-60-people-spring.csv", folder)
    book = Path(shutil.copy(practice / "codebook-60-people-spring.yml", folder))

    def ours() -> float:
        book.with_name(f"{book.stem}.released.json").unlink(missing_ok=True)
        asked = [answers, "--codebook", book, "--to", folder / "report"]
        return _processor([sys.executable, "-m", "alongside.cli", "survey", "report", *map(str, asked)])

    floor = min(_processor([sys.executable, "-c", "import pandas, matplotlib"]) for _ in range(times))
    took = min(ours() for _ in range(times))
    row(
        "the report of 60 people, by the command, seconds",
        f"{took:.2f}",
        f"imports {floor:.2f}",
        "at most 4 x",
    )
    row("   times the floor", f"{took / floor:.2f}")


def count(many: int = 200) -> None:
    """The independent count: of the breakdowns that can be formed, how many are shown and say something."""
    found = survey_count.Counted(0, 0, 0)
    took = []
    for seed in range(many):
        of = survey_count.survey(seed)
        began = time.process_time()
        tables = shown(of).to_dict()
        took.append(time.process_time() - began)
        book = of.codebook
        found += survey_count.counted(of, tables, minimum_for(of.people, book.minimum_group, book.headcount))
    row(
        "breakdowns that can be formed, shown with something to say",
        f"{100 * found.share:.1f} %", f"{many} surveys", "85 %",
    )  # fmt: skip
    row("   shown at all", f"{100 * found.shown / found.formed:.1f} %")
    row(
        "   processor seconds to decide: mean and slowest", f"{np.mean(took):.2f}", f"{max(took):.2f}", "10 s"
    )


def main(parts: list[str]) -> None:
    print(f"{'':<58} {'Alongside':>12} {'floor':>22} {'goal':>16}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "large" in parts:
            large(folder)
        if "report" in parts:
            report_of_60(folder)
        if "command" in parts:
            command(folder)
    if "teams" in parts:
        teams()
    if "useful" in parts:
        useful()
    if "count" in parts:
        count()


if __name__ == "__main__":
    main(sys.argv[1:] or ["large", "teams", "command", "report", "useful", "count"])
