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
from alongside.words import say

if TYPE_CHECKING:
    from alongside.survey.rules.disclosure import Release

__all__ = ["add", "run", "write_draft", "write_form"]

FORM = ".alongside-form.json"
"""The list of the files that ``form`` made in a folder."""


def add(commands: Any) -> None:
    """Add ``survey`` and its commands to the commands of the parser."""
    status, only_own = say("cli.status"), say("commands.only_own")
    survey = commands.add_parser(
        "survey",
        help=say("commands.survey"),
        description=say("commands.about"),
        epilog=status,
    )
    asked = survey.add_subparsers(dest="survey", required=True, metavar="COMMAND", parser_class=type(survey))
    form = asked.add_parser(
        "form",
        help=say("commands.form"),
        description=say("commands.about_form"),
        epilog=f"{status} {only_own}",
    )
    _codebook(form)
    _to(form)
    write = asked.add_parser(
        "write",
        help=say("commands.write"),
        description=say("commands.about_write"),
        epilog=f"{status} {say('commands.replaced_after_yes')}",
    )
    write.add_argument("--to", required=True, type=_path, metavar="FILE", help=say("commands.new_file"))
    write.add_argument("--from", dest="opened", type=_path, metavar="FILE", help=say("commands.from_file"))
    draft = asked.add_parser(
        "draft",
        help=say("commands.draft"),
        description=say("commands.about_draft"),
        epilog=f"{status} {say('commands.not_replaced')}",
    )
    _answers(draft)
    draft.add_argument("--to", required=True, type=_path, metavar="FILE", help=say("commands.new_file"))
    check = asked.add_parser(
        "check",
        help=say("commands.check"),
        description=say("commands.about_check"),
        epilog=status,
    )
    _answers(check, nargs="+")
    _codebook(check)
    report = asked.add_parser(
        "report",
        help=say("commands.report"),
        description=say("commands.about_report"),
        epilog=f"{status} {only_own} {say('commands.remembered')}",
    )
    _answers(report, nargs="+")
    _codebook(report)
    _to(report)
    withdraw = asked.add_parser(
        "withdraw",
        help=say("commands.withdraw"),
        description=say("commands.about_withdraw", words=say("commands.nobody_has_seen_it")),
        epilog=status,
    )
    _codebook(withdraw)
    withdraw.add_argument("--nobody-has-seen-it", action="store_true", help=say("commands.not_asked"))
    compare = asked.add_parser(
        "compare",
        help=say("commands.compare"),
        description=say("commands.about_compare"),
        epilog=f"{status} {only_own}",
    )
    compare.add_argument("earlier", type=_path, metavar="EARLIER", help=say("commands.earlier"))
    compare.add_argument("later", type=_path, metavar="LATER", nargs="+", help=say("commands.later"))
    _to(compare)


def _answers(parser: argparse.ArgumentParser, nargs: Literal["+"] | None = None) -> None:
    parser.add_argument(
        "answers",
        type=_path,
        metavar="ANSWERS",
        nargs=nargs,
        help=say("commands.answers_in_parts") if nargs else say("commands.answers"),
    )
    parser.add_argument("--sheet", metavar="NAME", help=say("commands.sheet"))


def _codebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--codebook",
        required=True,
        type=_path,
        metavar="FILE",
        help=say("commands.codebook"),
    )


def _to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        required=True,
        type=_path,
        metavar="FOLDER",
        help=say("commands.folder"),
    )


def _path(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError(say("commands.no_name"))
    return Path(text)


def run(asked: argparse.Namespace) -> str:
    """Do what was asked, and give the one line for standard output."""
    tell = (lambda words: print(words, file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    if asked.survey == "form":
        return write_form(asked.codebook, asked.to, tell)
    if asked.survey == "write":
        return _write(asked.to, asked.opened)
    if asked.survey == "draft":
        return write_draft(asked.answers, asked.sheet, asked.to)
    if asked.survey == "check":
        return _check(asked.answers, asked.codebook, asked.sheet, tell)
    if asked.survey == "report":
        return _report(asked.answers, asked.codebook, asked.sheet, asked.to, tell)
    if asked.survey == "withdraw":
        return _withdraw(asked.codebook, asked.nobody_has_seen_it)
    return _compare(asked.earlier, asked.later, asked.to)


def write_form(codebook: Path, to: Path, tell: Callable[[str], None]) -> str:
    """Write the questionnaire into a folder; gives the line that says so. ``tell`` hears how far it is."""
    from alongside import folder
    from alongside.survey.ask import form
    from alongside.survey.ask.codebook import load

    folder.check(to, FORM)
    questions = load(codebook)
    tell(say("commands.setting_pages"))
    made: dict[Path, str | bytes] = {Path(name): data for name, data in form.files(questions).items()}
    folder.write(to, made, FORM)
    told = say("commands.files_are_in", count=len(made), folder=to, names=", ".join(sorted(map(str, made))))
    if any(name.suffix == ".pdf" for name in made):
        return told
    return f"{told} {say('commands.no_pdf')}"


def _write(to: Path, opened: Path | None) -> str:
    from alongside.survey.ask import terminal

    return say("terminal.written", file=terminal.write(to, opened))


def write_draft(answers: Path, sheet: str | None, to: Path) -> str:
    """Write a codebook from an export's headings into a new file; gives the line that says so."""
    from alongside.survey.read.draft import draft

    text = draft(answers, sheet=sheet).encode()
    try:
        file = to.open("xb")
    except FileExistsError:
        if not to.is_file() or to.read_bytes() != text:
            raise AlongsideError(say("commands.there_already", file=to)) from None
    else:
        try:
            with file:
                file.write(text)
        except (
            BaseException
        ):  # a full disk, Ctrl-C: half of one would be taken for somebody's work the next time
            to.unlink()
            raise
    return say("commands.draft_is_in", file=to)


def _check(answers: Sequence[Path], codebook: Path, sheet: str | None, tell: Callable[[str], None]) -> str:
    """What was taken for what, and whether a report would go through: all of it but showing and remembering."""
    from alongside.survey.ask.codebook import load
    from alongside.survey.read import taken
    from alongside.survey.rules import disclosure

    questions = load(codebook)
    tell(say("commands.reading_answers"))
    found, responses = taken.taken(answers, questions, sheet)
    for line in taken.lines(found):
        print(_plain(line))
    if responses is None:
        raise AlongsideError(found.problem)
    tell(say("commands.working_out"))
    disclosure.release(responses)
    return say("check.goes_through")


def _report(
    answers: Sequence[Path], codebook: Path, sheet: str | None, to: Path, tell: Callable[[str], None]
) -> str:
    from alongside import folder
    from alongside.survey.ask.codebook import load
    from alongside.survey.read import taken
    from alongside.survey.rules import disclosure, releases
    from alongside.survey.show import promises
    from alongside.survey.show.report import MANIFEST, report

    folder.check(to, MANIFEST)
    questions = load(codebook)
    tell(say("commands.reading_answers"))
    found, responses = taken.taken(answers, questions, sheet)
    if responses is None:
        raise AlongsideError(found.problem)
    tell(say("commands.working_out"))
    release = disclosure.release(responses)
    tell(say("commands.drawing_report"))
    # First on record, then to be seen: a report that nobody remembers could be subtracted from the next one. If the
    # machine stops in between, the same command makes the same report.
    report(release, questions, to, just_before=lambda: releases.remember(release, questions))
    for line in (*_for_the_owner(release, releases.place(questions)), *taken.another_answers(found)):
        print(_plain(line), file=sys.stderr)
    if (promised := promises.place(questions)) and promised.exists():
        print(_plain(say("commands.promised", file=promised.name)), file=sys.stderr)
    return say("commands.report_is_in", folder=to, file=to / "report.html")


def _for_the_owner(release: Release, memory: Path | None) -> Iterator[str]:
    """Lines for the survey owner. ``memory``: the file beside the codebook, where it may be."""
    rows: Mapping[str, int] = release.notes["rows"]
    yield say("commands.for_you_alone")
    kinds = {kind: rows[kind] for kind in ("read", "blank", "test", "partial")}
    yield say("commands.rows", **kinds, duplicated=rows["duplicated"] - rows.get("repeated", 0))
    for kind, key in (("unusable", "commands.rows_unusable"), ("repeated", "commands.rows_repeated")):
        if rows.get(kind):
            yield say(key, count=rows[kind])
    for dropped in release.notes["columns_dropped"]:
        yield say("commands.column", column=_plain(dropped["column"]), why=_plain(dropped["why"]))
    yield from release.notes.get("told", ())
    if memory and memory.exists():
        yield say("commands.keep", file=memory.name)


def _plain(words: str) -> str:
    """A heading in one line, with nothing in it that a terminal would obey."""
    return "".join(one for one in " ".join(words.split()) if one.isprintable()) or say("commands.no_heading")


def _withdraw(codebook: Path, sure: bool) -> str:
    from alongside.survey.ask.codebook import load
    from alongside.survey.rules import releases

    questions = load(codebook)
    words = say("commands.nobody_has_seen_it")
    if not sure:
        if not sys.stdin.isatty():
            raise AlongsideError(say("commands.withdraw_without_terminal"))
        print(say("commands.type_the_words", wave=questions.wave, words=words), file=sys.stderr)
        if sys.stdin.readline().strip().strip(".*\"'").casefold() != words.casefold():
            raise AlongsideError(say("commands.not_withdrawn", words=words))
    file = releases.withdraw(questions)
    return say("commands.withdrawn", wave=questions.wave, file=file)


def _compare(earlier: Path, later: Sequence[Path], to: Path) -> str:
    from alongside.survey.show.waves import compare

    compare(earlier, later[0], to, later[1:])
    return say("commands.comparison_is_in", folder=to, file=to / "changes.html")
