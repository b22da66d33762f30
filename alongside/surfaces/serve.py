"""One Jupyter server for the lessons: started, opened in the browser, ended with all that it started.

``python -m alongside.surfaces.serve [lab] [--port N] [--no-browser] [--debug]``

This file gives the server its address, its key and its folder. Every other setting of Jupyter is made by the
server extension in ``voila.py``. Nothing heavy is imported here: the server's own start takes the time.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from alongside.course.place import OUR_COURSE, OURS, ROOT
from alongside.errors import AlongsideError
from alongside.words import say

__all__ = [
    "PORT",
    "Parser",
    "browse",
    "claim",
    "interrupt",
    "main",
    "on_signals",
    "open_course",
    "port_number",
]

HOST = "127.0.0.1"
PORT = 8899
FIRST = "notebooks/00-start-here.ipynb"
#: What people meet who came to read: ``about.HOME``, by the address that Voilà gives it.
HOME = "index.ipynb"

SECONDS_TO_START = 120
SECONDS_TO_END = 6

# The server is our child, and its input is a pipe that we hold. When the pipe closes, because we closed it
# or because we are gone, however that happened, it ends.
CHILD = """
import os, signal, sys, threading
from jupyter_server.serverapp import main
def watch():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=watch, daemon=True).start()
main()
"""

# Everything that the server starts inherits this variable, with a value of its own for each run.
MARK = "ALONGSIDE_RUN"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise AlongsideError(say("surfaces.wrong_words", problem=message[:1].upper() + message[1:]))


def port_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(say("surfaces.no_port", text=text))
    return int(text)


def main(words: list[str] | None = None) -> int:
    """Serve until someone ends it. Return the exit status."""
    try:
        on_signals(interrupt)
        if hasattr(signal, "pthread_sigmask"):  # start.py held Ctrl-C back until someone listens
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        parser = Parser(prog="python -m alongside.surfaces.serve", description=say("surfaces.about"))
        parser.add_argument("where", nargs="?", choices=["lab"], help=say("surfaces.lab"))
        parser.add_argument(
            "--port", type=port_number, default=PORT, metavar="N", help=say("surfaces.port", usual=PORT)
        )
        parser.add_argument("--no-browser", action="store_true", help=say("surfaces.no_browser"))
        parser.add_argument("--debug", action="store_true", help=say("surfaces.debug"))
        wanted = parser.parse_args(words)
        return open_course(
            ROOT, lab=bool(wanted.where), port=wanted.port, quiet=wanted.no_browser, debug=wanted.debug
        )
    except AlongsideError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        key = "surfaces.not_opened" if error.filename else "surfaces.not_opened_there"
        print(say(key, why=error.strerror or error, file=error.filename), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def open_course(folder: Path, *, lab: bool, port: int, quiet: bool, debug: bool) -> int:
    """Serve the course that lies in ``folder`` until someone ends it; gives the exit status.

    ``quiet`` opens no browser. Raises :class:`AlongsideError` where there is no course, or the port is taken.
    """
    on_signals(interrupt)
    if not (folder / FIRST).is_file():
        raise AlongsideError(say("surfaces.no_lessons", file=FIRST, folder=folder))
    claim(port)
    try:
        return _serve(folder, lab, port, quiet, debug)
    except KeyboardInterrupt:
        return 0


def on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):  # the last two: not everywhere
        number = getattr(signal, name, None)
        if number and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):  # nohup
            signal.signal(number, handler)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def claim(port: int) -> None:
    """Find out before anything is started whether the port is free."""
    with socket.socket() as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where "reuse" means "share"
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise AlongsideError(say("surfaces.port_kept", port=port)) from None
        except OSError:
            other = port + 1 if port < 65535 else PORT
            raise AlongsideError(say("surfaces.port_taken", port=port, other=other)) from None


def _serve(folder: Path, lab: bool, port: int, quiet: bool, debug: bool) -> int:
    token = secrets.token_hex(24)
    mark = secrets.token_hex(8)
    page = f"/lab/tree/{FIRST}" if lab else f"/voila/render/{HOME}"
    address = f"http://{HOST}:{port}{page}?token={token}"
    child = scratch = None
    try:
        scratch = tempfile.mkdtemp(prefix="alongside-")
        child = _start(folder, port, token, mark, scratch, debug)
        if not _answers(child, port, token):
            return _sorry(say("surfaces.not_started"))
        print(say("surfaces.open", address=address), flush=True)
        if not quiet:
            browse(address)
        while child.poll() is None:
            time.sleep(0.3)
        return _sorry(say("surfaces.ended"))
    finally:
        _end(child, mark, scratch)


def _sorry(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _start(
    folder: Path, port: int, token: str, mark: str, scratch: str, debug: bool
) -> subprocess.Popen[bytes]:
    # A person's own Jupyter settings don't reach the lessons, and nothing is written into a person's home:
    # settings stay beside the package, and what belongs to one run goes with it.
    # Where an administrator installed the package, nobody else can write beside it: then they are lost with the run.
    kept = Path(sys.prefix if os.access(sys.prefix, os.W_OK) else scratch, "var", "alongside")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {
        MARK: mark,
        "JUPYTER_TOKEN": token,  # not an argument: those can be read by everyone on this computer
        "JUPYTER_CONFIG_DIR": str(kept / "config"),
        "JUPYTER_DATA_DIR": str(kept / "data"),
        "JUPYTER_RUNTIME_DIR": str(Path(scratch, "run")),
        "IPYTHONDIR": str(Path(scratch, "ipython")),
    }
    if folder != OURS:
        environment[OUR_COURSE] = str(folder)
    settings = {
        "ServerApp.ip": HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.root_dir": folder,
        "ServerApp.log_level": "WARN",
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *(f"--{name}={value}" for name, value in settings.items())],
        env=environment,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=sys.stderr if debug else subprocess.DEVNULL,
        stderr=sys.stderr if debug else subprocess.DEVNULL,
        start_new_session=True,  # so that Ctrl-C in the terminal comes to us alone
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _answers(child: subprocess.Popen[bytes], port: int, token: str) -> bool:
    """Wait until the server answers. No lesson is asked for: that would start Python a second time."""
    give_up = time.monotonic() + SECONDS_TO_START
    while child.poll() is None and time.monotonic() < give_up:
        line = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            line.request("GET", "/api/status", headers={"Authorization": f"token {token}"})
            if line.getresponse().status == 200:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            line.close()
        time.sleep(0.05)
    return False


def browse(address: str) -> None:
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not screen:
        return  # else a browser of letters might open in the terminal
    import webbrowser

    with contextlib.suppress(webbrowser.Error, OSError):  # the address is on the screen already
        webbrowser.open(address)


def _end(child: subprocess.Popen[bytes] | None, mark: str, scratch: str | None) -> None:
    """Leave no process and no file of this run behind, however it came to its end."""
    on_signals(signal.SIG_IGN)  # this is over in seconds: a second Ctrl-C changes nothing
    if child is not None:
        assert child.stdin is not None
        with contextlib.suppress(OSError):
            child.stdin.close()  # ask it to end
        try:
            child.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    _sweep(mark)
    if scratch is not None:
        shutil.rmtree(scratch, ignore_errors=True)


def _sweep(mark: str) -> None:
    """End what the server left: Python processes of notebooks, and whatever those had started."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                process.kill()


if __name__ == "__main__":
    sys.exit(main())
