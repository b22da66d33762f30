"""``alongside survey …``: its words on the command line, and what each of its commands does.

Nothing heavy is imported before a command is run. What is for the survey owner's eyes only goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from alongside.errors import AlongsideError

if TYPE_CHECKING:
    from alongside.survey.rules.disclosure import Release

__all__ = ["add", "run", "write_draft", "write_form"]

FORM = ".alongside-form.json"
"""The list of the files that ``form`` made in a folder."""

STATUS = "Exit status: 0 done; 2 the input or the request can't be used (one sentence says what to do). "
ONLY_OWN = (
    "Only files that this command made are ever replaced; when it stops, nothing half-written is left. "
)


def add(commands: Any) -> None:
    """Add ``survey`` and its four commands to the commands of the parser."""
    survey = commands.add_parser(
        "survey",
        help="an anonymous survey: the form, the report, two waves compared",
        description="Ask a team how it treats its people, and show only what is safe to show.",
        epilog=STATUS,
    )
    asked = survey.add_subparsers(dest="survey", required=True, metavar="COMMAND", parser_class=type(survey))
    form = asked.add_parser(
        "form",
        help="the questionnaire: on paper, for KoboToolbox, and as plain text",
        description="Write the questionnaire: to print (HTML and PDF), as XLSForm for KoboToolbox, and as plain text "
        "to paste into any form tool.",
        epilog=STATUS + ONLY_OWN,
    )
    _codebook(form)
    _to(form)
    draft = asked.add_parser(
        "draft",
        help="a codebook to begin with, drafted from an export's headings",
        description="Draft a codebook from the headings of an export. Headings only: no answer is read into it.",
        epilog=STATUS + "A file that is there and holds something else is not replaced. ",
    )
    _answers(draft)
    draft.add_argument(
        "--to", required=True, type=_path, metavar="FILE", help="a new file, such as our-survey.yml"
    )
    report = asked.add_parser(
        "report",
        help="what may be shown: report.html, tables.json, tables.csv",
        description="Read an export and write what is safe to show: report.html (one file that asks no other host), "
        "tables.json and tables.csv. Too few answers is a report too. What was left out, and the rows that were read, "
        "blank, test, partial and duplicated, are printed on standard error: they are for the survey owner's eyes only.",
        epilog=STATUS
        + ONLY_OWN
        + "What was released is remembered in a small file beside the codebook: keep it there.",
    )
    _answers(report, nargs="+")
    _codebook(report)
    _to(report)
    compare = asked.add_parser(
        "compare",
        help="two waves: changes.html, changes.json",
        description="Compare the folders that “report” made for two waves of one survey. The usual answer is "
        "“cannot tell”.",
        epilog=STATUS + ONLY_OWN,
    )
    compare.add_argument(
        "earlier", type=_path, metavar="EARLIER", help="the folder of the earlier wave's report"
    )
    compare.add_argument("later", type=_path, metavar="LATER", help="the folder of the later wave's report")
    _to(compare)


def _answers(parser: argparse.ArgumentParser, nargs: Literal["+"] | None = None) -> None:
    several = "; several files are read as the parts of one export" if nargs else ""
    parser.add_argument(
        "answers",
        type=_path,
        metavar="ANSWERS",
        nargs=nargs,
        help=f"the export of a survey tool: CSV or XLSX{several}",
    )
    parser.add_argument("--sheet", metavar="NAME", help="which sheet, where a spreadsheet has several")


def _codebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--codebook",
        required=True,
        type=_path,
        metavar="FILE",
        help="the survey's questions, such as data/survey-staff.yml",
    )


def _to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        required=True,
        type=_path,
        metavar="FOLDER",
        help="a new or empty folder, or one that this command made",
    )


def _path(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("a name is expected, and it is empty")
    return Path(text)


def run(asked: argparse.Namespace) -> str:
    """Do what was asked, and give the one line for standard output."""
    tell = (lambda words: print(words, file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    if asked.survey == "form":
        return write_form(asked.codebook, asked.to, tell)
    if asked.survey == "draft":
        return write_draft(asked.answers, asked.sheet, asked.to)
    if asked.survey == "report":
        return _report(asked.answers, asked.codebook, asked.sheet, asked.to, tell)
    return _compare(asked.earlier, asked.later, asked.to)


def write_form(codebook: Path, to: Path, tell: Callable[[str], None]) -> str:
    """Write the questionnaire into a folder; gives the line that says so. ``tell`` hears how far it is."""
    from alongside import folder
    from alongside.survey.ask import form
    from alongside.survey.ask.codebook import load

    folder.check(to, FORM)
    questions = load(codebook)
    tell("Setting the pages …")
    made: dict[Path, str | bytes] = {Path(name): data for name, data in form.files(questions).items()}
    folder.write(to, made, FORM)
    printed = (
        ""
        if any(name.suffix == ".pdf" for name in made)
        else (" No PDF was made: open the HTML file in a browser, print it, and choose “Save as PDF”.")
    )
    return f"{len(made)} files are in {to}: {', '.join(sorted(map(str, made)))}.{printed}"


def write_draft(answers: Path, sheet: str | None, to: Path) -> str:
    """Write a codebook from an export's headings into a new file; gives the line that says so."""
    from alongside.survey.read.draft import draft

    text = draft(answers, sheet=sheet).encode()
    try:
        with to.open("xb") as file:
            file.write(text)
    except FileExistsError:
        if not to.is_file() or to.read_bytes() != text:
            raise AlongsideError(
                f"{to} is there already, and your changes may be in it. Choose another name after --to, "
                "or move that file away first."
            ) from None
    return f"A draft is in {to}. Open it in a text editor: it says what to look at first."


def _report(
    answers: Sequence[Path], codebook: Path, sheet: str | None, to: Path, tell: Callable[[str], None]
) -> str:
    from alongside import folder
    from alongside.survey.ask.codebook import load
    from alongside.survey.read import exports
    from alongside.survey.rules import disclosure, releases
    from alongside.survey.show.report import MANIFEST, report

    folder.check(to, MANIFEST)
    questions = load(codebook)
    tell("Reading the answers …")
    responses = exports.read(answers, questions, sheet=sheet)
    if numbers := exports.numbers_read(responses):
        print(numbers, file=sys.stderr)
    tell("Working out what may be shown …")
    release = disclosure.release(responses)
    tell("Drawing the report …")
    # First on record, then to be seen: a report that nobody remembers could be subtracted from the next one. If the
    # machine stops in between, the same command makes the same report.
    report(release, questions, to, just_before=lambda: releases.remember(release, questions))
    for line in _for_the_owner(release, releases.place(questions)):
        print(line, file=sys.stderr)
    return f"The report is in {to}. Open {to / 'report.html'}."


def _for_the_owner(release: Release, memory: Path | None) -> Iterator[str]:
    """Lines for the survey owner. ``memory``: the file beside the codebook, where it may be."""
    rows: Mapping[str, int] = release.notes["rows"]
    yield "For you alone, and not for the report:"
    yield (
        f"Rows read: {rows['read']}. Left out: {rows['blank']} blank, {rows['test']} test, {rows['partial']} partial. "
        f"Duplicated, and kept: {rows['duplicated']}."
    )
    for dropped in release.notes["columns_dropped"]:
        yield f"Column left out: {_plain(dropped['column'])} ({_plain(dropped['why'])})"
    if memory and memory.exists():
        yield (
            f"Keep {memory.name} beside the codebook: it remembers what was shown, so that no later report can be "
            "subtracted from this one to find a person."
        )


def _plain(words: str) -> str:
    """A heading in one line, with nothing in it that a terminal would obey."""
    return "".join(one for one in " ".join(words.split()) if one.isprintable()) or "without a heading"


def _compare(earlier: Path, later: Path, to: Path) -> str:
    from alongside.survey.show.waves import compare

    compare(earlier, later, to)
    return f"The comparison is in {to}. Open {to / 'changes.html'}."
