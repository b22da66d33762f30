"""The command line: ``alongside``. Every failure that a person can mend is one sentence and exit status 2."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alongside.errors import AlongsideError
from alongside.surfaces.serve import port_number
from alongside.survey import commands as commands_of_the_survey
from alongside.words import say

__all__ = ["main"]

DONE, BROKEN, CANNOT = 0, 1, 2
ROOM_PORT = 8765


class _Parser(argparse.ArgumentParser):
    """argparse, with its complaints as sentences."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise AlongsideError(say("cli.wrong_command", problem=message, program=self.prog))


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError(say("cli.no_name"))
    return Path(text)


def _parser() -> _Parser:
    parser = _Parser(
        prog="alongside",
        description=say("cli.about"),
        epilog=say("cli.status"),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    site = commands.add_parser(
        "site",
        help=say("site.short"),
        description=say("site.about"),
    )
    site.add_argument(
        "--to",
        required=True,
        type=_folder,
        metavar="FOLDER",
        help=say("site.to"),
    )
    commands.add_parser(
        "pictures",
        help=say("pictures.short"),
        description=say("pictures.about"),
    )
    commands.add_parser(
        "scripts",
        help=say("page.scripts_short"),
        description=say("page.scripts_about"),
    )
    _add_room(commands)
    commands_of_the_survey.add(commands)
    return parser


def _add_room(commands: Any) -> None:
    room = commands.add_parser("room", help=say("room.short"), description=say("room.about"))
    room.add_argument("questions", type=Path, metavar="QUESTIONS", help=say("room.questions"))
    room.add_argument("--host", metavar="ADDRESS", help=say("room.host"))
    room.add_argument(
        "--port", type=port_number, default=ROOM_PORT, metavar="N", help=say("room.port", usual=ROOM_PORT)
    )


def _site(to: Path) -> str:
    from alongside.surfaces.site import publish

    show = (lambda words: print(words, file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    made = publish(to, show)
    return say("site.written", count=len(made), folder=to, first=to / "index.html")


def _pictures() -> str:
    from alongside import pictures

    return say("pictures.drawn", count=len(pictures.draw_all()))


def _scripts() -> str:
    from alongside.page import minify

    return say("page.scripts_made", count=minify.make())


def _room(asked: argparse.Namespace) -> str:
    from alongside.room import server

    return server.run(asked.questions, asked.host, asked.port)


def _run(asked: argparse.Namespace) -> str:
    if asked.command == "room":
        return _room(asked)
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
        why = error.strerror or error
        if error.filename:
            print(say("cli.no_file", file=error.filename, why=why), file=sys.stderr)
        else:
            print(say("cli.no_place", why=why), file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        print(say("cli.stopped"), file=sys.stderr)
        return 130
    except Exception as error:
        # Our fault. Only the kind is named, because a message could quote what a person wrote.
        if sys.flags.dev_mode:
            raise
        print(say("cli.broken", kind=type(error).__name__), file=sys.stderr)
        return BROKEN
    return DONE


if __name__ == "__main__":
    sys.exit(main())
