"""The command line: ``alongside``. Every failure that a person can mend is one sentence and exit status 2."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alongside.course.place import MARK, OURS, ROOT, WHEEL
from alongside.errors import AlongsideError
from alongside.surfaces.serve import PORT, port_number
from alongside.survey import commands as commands_of_the_survey
from alongside.words import say

__all__ = ["main"]

DONE, BROKEN, CANNOT = 0, 1, 2
#: The folder of one's own that ``alongside open`` makes where no other is named.
OWN_COURSE = "alongside-course"
ROOM_PORT = 8765


class _Parser(argparse.ArgumentParser):
    """argparse, with its complaints as sentences."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise AlongsideError(say("cli.wrong_command", problem=message, program=self.prog))


class _Version(argparse.Action):
    """Looked for only when somebody asks: that takes longer than most commands' own start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(parser.prog, version("alongside"))
        parser.exit()


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
    parser.add_argument("--version", action=_Version, nargs=0, help=say("cli.version"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _add_open(commands)
    own = commands.add_parser("course", help=say("own.short"), description=say("own.about"))
    own.add_argument("--to", required=True, type=_folder, metavar="FOLDER", help=say("own.to"))
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
    site.add_argument("--zip", type=_folder, metavar="FILE", help=say("site.zip"))
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
    paper = commands.add_parser("print", help=say("kit.short"), description=say("kit.about"))
    paper.add_argument("--to", required=True, type=_folder, metavar="FOLDER", help=say("kit.to"))
    paper.add_argument("--lesson", action="append", default=[], metavar="LESSON", help=say("kit.lesson"))
    paper.add_argument("--paper", choices=["letter", "a4"], help=say("kit.paper"))
    _add_room(commands)
    commands_of_the_survey.add(commands)
    return parser


def _add_open(commands: argparse._SubParsersAction[_Parser]) -> None:
    opens = commands.add_parser("open", help=say("own.open_short"), description=say("own.open_about"))
    opens.add_argument(
        "--in", dest="course", type=_folder, metavar="FOLDER", help=say("own.open_in", name=OWN_COURSE)
    )
    opens.add_argument("--lab", action="store_true", help=say("surfaces.lab"))
    opens.add_argument(
        "--port", type=port_number, default=PORT, metavar="N", help=say("surfaces.port", usual=PORT)
    )
    opens.add_argument("--no-browser", action="store_true", help=say("surfaces.no_browser"))
    opens.add_argument("--debug", action="store_true", help=say("surfaces.debug"))


def _open(asked: argparse.Namespace) -> int:
    """Open the lessons: the folder that was named, or the one that we stand in, or one of this name here."""
    from alongside.surfaces.serve import open_course

    folder = asked.course
    if folder is None and (WHEEL or (ROOT / MARK).is_file()):
        folder = ROOT if ROOT != OURS else Path(OWN_COURSE)
    if folder is not None:
        print(_course(folder), file=sys.stderr)
    return open_course(
        ROOT if folder is None else folder.resolve(),
        lab=asked.lab,
        port=asked.port,
        quiet=asked.no_browser,
        debug=asked.debug,
    )


def _course(to: Path) -> str:
    from alongside.course.own import bring

    brought = bring(to)
    if not brought.kept:
        return say("own.brought", folder=brought.folder)
    names = ", ".join(brought.kept[:5])
    return say("own.brought_and_kept", folder=brought.folder, names=names, count=len(brought.kept))


def _add_room(commands: Any) -> None:
    room = commands.add_parser("room", help=say("room.short"), description=say("room.about"))
    room.add_argument("questions", type=Path, metavar="QUESTIONS", help=say("room.questions"))
    room.add_argument("--host", metavar="ADDRESS", help=say("room.host"))
    room.add_argument(
        "--port", type=port_number, default=ROOM_PORT, metavar="N", help=say("room.port", usual=ROOM_PORT)
    )


def _tell(words: str) -> None:
    """How far long work is, where somebody watches."""
    if sys.stderr.isatty():
        print(words, file=sys.stderr)


def _site(to: Path, archive: Path | None) -> str:
    from alongside.surfaces.site import publish

    made = publish(to, _tell, archive)
    written = say("site.written", count=len(made), folder=to, first=to / "index.html")
    return f"{written} {say('site.zipped', path=archive)}" if archive else written


def _print(asked: argparse.Namespace) -> str:
    from alongside import kit

    papers = [asked.paper] if asked.paper else [*kit.PAPERS]
    made = kit.fill(asked.to, asked.lesson, papers, _tell)
    return say("kit.written", count=len(made), folder=asked.to)


def _pictures() -> str:
    from alongside import pictures

    if WHEEL and ROOT == OURS:
        raise AlongsideError(say("own.not_in_a_wheel", command="alongside pictures"))
    return say("pictures.drawn", count=len(pictures.draw_all()))


def _scripts() -> str:
    from alongside.page import minify

    if WHEEL:
        raise AlongsideError(say("own.no_sources"))
    return say("page.scripts_made", count=minify.make())


def _room(asked: argparse.Namespace) -> str:
    from alongside.room import server

    return server.run(asked.questions, asked.host, asked.port)


def _run(asked: argparse.Namespace) -> str:
    if asked.command == "course":
        return _course(asked.to)
    if asked.command == "room":
        return _room(asked)
    if asked.command == "site":
        return _site(asked.to, asked.zip)
    if asked.command == "survey":
        return commands_of_the_survey.run(asked)
    if asked.command == "print":
        return _print(asked)
    return _scripts() if asked.command == "scripts" else _pictures()


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for names that a terminal can't show
    try:
        try:
            return _main(words)
        finally:
            if sys.stdout:  # Python would do it too, later, and complain in words of its own
                sys.stdout.flush()
    except BrokenPipeError:  # whoever read what is said here has seen enough, as in "| head -1"
        _say_no_more()
        return BROKEN
    except OSError as error:
        _say_no_more()
        print(say("cli.not_said", why=error.strerror or error), file=sys.stderr)
        return BROKEN


def _say_no_more() -> None:
    """What is still held back for standard output goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _main(words: Sequence[str] | None) -> int:
    try:
        asked = _parser().parse_args(words)
        if asked.command == "open":
            return _open(asked)
        print(_run(asked))
    except AlongsideError as error:
        print(error, file=sys.stderr)
        return CANNOT
    except BrokenPipeError:
        raise
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
