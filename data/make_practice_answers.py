"""Makes data/practice/: invented answers to data/survey-staff.yml, in shapes that common tools write.

    .venv/bin/python data/make_practice_answers.py

Three made-up programs: 14 people (Google Forms), 60 people asked twice (KoboToolbox), and a network of 400
(Microsoft Forms). Each has a codebook of its own, because what was shown once is remembered beside the codebook.
A seed makes every answer, so the files come out the same each time. No real person answered anything here.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "practice"
INVENTED = (
    "All answers in this file are invented, for practice only"  # the first heading; readers leave it out
)
CUTS = (-1.5, -0.6, 0.2, 1.1)  # of a standard normal: about 7, 20, 31, 28 and 14 percent
PROGRAMS = """\
  program:
    text: Which program are you part of?
    answers:
      Harbor: ["1"]
      Hilltop: ["2"]
      Old Mill: ["3"]
      Riverside: ["4"]
"""
README = """\
# Answers for practice

**Everything here is invented.** No real person answered, and no such program exists. Use these files to try out a
report before you ask anyone. `data/make_practice_answers.py` makes them.

| answers | people | shape | codebook |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Made:
    """One made-up survey. ``shares``: for each breakdown the weight of each of its answers, in the codebook's order;
    ``better``: how much a practice, or ``(practice, answer of a breakdown)``, lies above the rest (1 is a lot)."""

    name: str
    title: str
    people: int
    headcount: int
    wave: str
    seed: int
    write: Callable[[list[list[str]]], bytes]
    ending: str
    shares: Mapping[str, Sequence[float]]
    better: Mapping[str | tuple[str, str], float] = field(default_factory=dict)
    more_about: str = ""


def answered(survey: Made, book: Mapping[str, Any]) -> list[list[str]]:
    """The table without a tool's own columns: headings, then one row a person; "" is no answer."""
    rng = random.Random(survey.seed)
    asked = [one["text"] for one in [*book["items"].values(), *book["about"].values()]]
    return [asked, *(_person(survey, book, rng) for _ in range(survey.people))]


def _person(survey: Made, book: Mapping[str, Any], rng: random.Random) -> list[str]:
    about = {
        key: rng.choices(list(one["answers"]), survey.shares[key])[0] if rng.random() > 0.03 else ""
        for key, one in book["about"].items()
    }
    mood = rng.gauss(0, 0.6)  # some people tick higher than others, whatever is asked
    answers: list[str] = []
    for item in book["items"].values():
        better = survey.better.get(item["practice"], 0.0)
        better += sum(survey.better.get((item["practice"], one), 0.0) for one in about.values())
        felt = better + mood + rng.gauss(0, 0.8)
        missing = rng.random()
        scaled = book["scale"][sum(felt > cut for cut in CUTS)]
        answers.append("" if missing < 0.03 else "Does not apply" if missing < 0.07 else scaled)
    return [*answers, *about.values()]


# --- shapes ------------------------------------------------------------------------------------------


def google_forms(table: list[list[str]]) -> bytes:
    """A grid's heading stands before each of its rows: "Heading [Row]"."""
    asked, *rows = table
    heads = [f"How often did this happen? [{one}]" if one.endswith(".") else one for one in asked]
    found = [[INVENTED, "Timestamp", *heads, "Anything else?"]]
    for n, row in enumerate(rows):
        comment = "An invented comment. No comment is ever read." if n % 5 == 0 else ""
        found.append(["invented", _american(_moment(n)), *row, comment])
    return _csv(found, delimiter=",")


def kobotoolbox(table: list[list[str]]) -> bytes:
    """Semicolons, a byte order mark, everything quoted, and the group before each heading: "Group/Heading"."""
    asked, *rows = table
    heads = [f"{'Questions' if one.endswith('.') else 'About you'}/{one}" for one in asked]
    found = [[INVENTED, *heads, "_id", "_submission_time", "_status", "_index"]]
    for n, row in enumerate(rows, start=1):
        found.append(
            [
                "invented",
                *row,
                str(51300000 + n),
                f"{_moment(n):%Y-%m-%dT%H:%M:%S}",
                "submitted_via_web",
                str(n),
            ]
        )
    return b"\xef\xbb\xbf" + _csv(found, delimiter=";", quote_all=True)


def microsoft_forms(table: list[list[str]]) -> bytes:
    """One sheet; headings end with a non-breaking space."""
    asked, *rows = table
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    sheet.append(
        [INVENTED, "Id", "Start time", "Completion time", "Email", "Name", *(f"{one}\xa0" for one in asked)]
    )
    for n, row in enumerate(rows, start=1):
        sheet.append(
            ["invented", n, _moment(n), _moment(n + 1), "anonymous", None, *(one or None for one in row)]
        )
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _csv(rows: list[list[str]], delimiter: str, quote_all: bool = False) -> bytes:
    held, quoting = io.StringIO(), csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(held, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    return held.getvalue().encode()


def _american(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year} {moment:%H:%M:%S}"


def _moment(n: int) -> datetime:
    return datetime(2026, 3, 2, 9) + timedelta(minutes=37 * n)


SHAPES: dict[Callable[[list[list[str]]], bytes], str] = {
    google_forms: "Google Forms",
    kobotoolbox: "KoboToolbox",
    microsoft_forms: "Microsoft Forms",
}

# --- the made-up programs ----------------------------------------------------------------------------

STANDING: dict[str | tuple[str, str], float] = {
    "be-a-team": 0.5,
    "be-reliable": 0.4,
    "share-power": -0.5,
    "be-transparent": -0.3,
    "be-equivocal": -0.2,
}
SIXTY = {"work": (6, 4), "place": (5, 4, 1), "time_here": (5, 6)}
SURVEYS = (
    Made(
        "14-people", "How we build community here, a made-up small program", 14, 17, "2026 spring", 14, google_forms, "csv",
        {"work": (6, 4), "place": (5, 4, 1), "time_here": (5, 6)}, STANDING,
    ),
    Made(
        "60-people-spring", "How we build community here, a made-up program", 60, 78, "2026 spring", 60, kobotoolbox, "csv",
        SIXTY, STANDING | {"follow-through": -0.6, ("be-transparent", "On outreach"): -0.5},
    ),
    Made(
        "60-people-fall", "How we build community here, a made-up program", 60, 75, "2026 fall", 61, kobotoolbox, "csv",
        SIXTY, STANDING | {"follow-through": 0.3, ("be-transparent", "On outreach"): -0.5},
    ),
    Made(
        "network-of-400", "How we build community here, a made-up network", 400, 560, "2026 spring", 400, microsoft_forms, "xlsx",
        {"program": (4, 3, 2, 2), "work": (6, 4), "place": (5, 4, 1), "time_here": (5, 6)},
        STANDING | {("be-reliable", "Riverside"): -0.7, ("share-power", "Work with participants"): -0.4},
        PROGRAMS,
    ),
)  # fmt: skip


def files() -> dict[str, bytes]:
    """Everything in data/practice/: name to content."""
    found: dict[str, bytes] = {}
    lines = README
    for survey in SURVEYS:
        answers, own = f"invented-{survey.name}.{survey.ending}", f"codebook-{survey.name}.yml"
        text = codebook(survey)
        found |= {own: text.encode(), answers: survey.write(answered(survey, yaml.safe_load(text)))}
        lines += (
            f"| `{answers}` | {survey.people} of {survey.headcount} | {SHAPES[survey.write]} | `{own}` |\n"
        )
    return found | {"README.md": lines.encode()}


def codebook(survey: Made) -> str:
    """data/survey-staff.yml with a title, a wave and a head count of its own."""
    text = (ROOT / "data" / "survey-staff.yml").read_text(encoding="utf-8")
    text = f"# For practice: the answers that belong to this are invented.\n{text}"
    for was, becomes in (
        (r"^title:.*$", f"title: {survey.title} (invented answers)"),
        (r"^wave:.*$", f"wave: {survey.wave}"),
        (r"^# headcount:.*$", f"headcount: {survey.headcount}"),
        (r"^about:.*$", f"about:\n{survey.more_about}".rstrip("\n")),
    ):
        text, times = re.subn(was, becomes, text, flags=re.MULTILINE)
        assert times == 1, was
    return text


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
