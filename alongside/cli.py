"""The command line: ``alongside``. Every failure that a person can mend is one sentence and exit status 2."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.survey import commands as commands_of_the_survey

__all__ = ["main"]

DONE, BROKEN, CANNOT = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """argparse, with its complaints as sentences."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise AlongsideError(f"That command can't be used: {message}. See: {self.prog} --help")


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of a folder is expected, and it is empty")
    return Path(text)


def _parser() -> _Parser:
    parser = _Parser(
        prog="alongside",
        description="Alongside: lessons for the internal community of harm reduction programs.",
        epilog="Exit status: 0 done; 2 the input or the request can't be used (one sentence says what to do).",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    site = commands.add_parser(
        "site",
        help="the published lessons: static files",
        description="Write the lessons as pages that need no program behind them: for a web host, a USB stick, a phone.",
    )
    site.add_argument(
        "--to",
        required=True,
        type=_folder,
        metavar="FOLDER",
        help="a new or empty folder, or one that this command made",
    )
    commands.add_parser(
        "pictures",
        help="draw the lessons' pictures anew from data/pictures.yml",
        description="Draw notebooks/pictures/*.svg anew from data/pictures.yml.",
    )
    commands.add_parser(
        "scripts",
        help="make the pages' scripts short again after one was changed",
        description="Make alongside/page/script.json anew from the scripts. The first time it needs the internet.",
    )
    commands_of_the_survey.add(commands)
    return parser


def _site(to: Path) -> str:
    from alongside.surfaces.site import publish

    show = (lambda words: print(words, file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    made = publish(to, show)
    return f"{len(made)} pages are in {to}. Open {to / 'index.html'}."


def _pictures() -> str:
    from alongside import pictures

    return f"{len(pictures.draw_all())} pictures are drawn."


def _scripts() -> str:
    from alongside.page import minify

    return f"{minify.make()} scripts are made short."


def _run(asked: argparse.Namespace) -> str:
    if asked.command == "site":
        return _site(asked.to)
    if asked.command == "survey":
        return commands_of_the_survey.run(asked)
    return _scripts() if asked.command == "scripts" else _pictures()


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for names that a terminal can't show
    try:
        asked = _parser().parse_args(words)
        print(_run(asked))
    except AlongsideError as error:
        print(error, file=sys.stderr)
        return CANNOT
    except OSError as error:
        # A full disk, a folder that can't be written: said with the system's own words for it.
        where = f" ({error.filename})" if error.filename else ""
        print(
            f"A file or folder can't be used{where}: {error.strerror or error}. Choose another place, or make room, and try again.",
            file=sys.stderr,
        )
        return CANNOT
    except KeyboardInterrupt:
        print("Stopped. Nothing was changed.", file=sys.stderr)
        return 130
    except Exception as error:
        # Our fault. Only the kind is named, because a message could quote what a person wrote.
        if sys.flags.dev_mode:
            raise
        print(
            f"The command stopped at something that it was not made for ({type(error).__name__}). "
            "Nothing was changed. To see where, run it as: python -X dev -m alongside.cli …",
            file=sys.stderr,
        )
        return BROKEN
    return DONE


if __name__ == "__main__":
    sys.exit(main())
