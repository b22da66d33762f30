"""The room's process: where it may listen, what it prints, and how it ends.

It listens at one address of this computer, never at all of them, and never on a computer of strangers. The published lessons are
made by a process of their own beside it, so that nothing heavy is ever loaded here.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import ipaddress
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import segno
import uvicorn
from h11 import IDLE
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from alongside.errors import AlongsideError
from alongside.room import app, questions
from alongside.room.hall import Hall
from alongside.room.keep import Kept
from alongside.surfaces.serve import interrupt, on_signals
from alongside.words import say

__all__ = ["private_addresses", "run", "settings"]

#: Seconds until a connection is closed that asks for nothing, or says only half of what it wants.
PATIENCE = 10
SECONDS_BETWEEN_LOOKS = 5
SECONDS_TO_END = 6
#: Connections at once. Each takes a place that the system gives to few programs, unless they ask.
CONNECTIONS = 4_000
#: Of the facilitator's private address.
SECRET_BYTES = 24
ON_STRANGERS = ("JUPYTERHUB_", "BINDER_")

# The lessons' process: it ends when its input is closed, because we closed it or are gone, and takes its folder along.
PUBLISH = """
import os, shutil, signal, sys, threading
folder = sys.argv[1]
def watch():
    sys.stdin.buffer.read()
    shutil.rmtree(os.path.dirname(folder), ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))
if hasattr(os, "nice"):
    os.nice(10)
watching = threading.Thread(target=watch, daemon=True)
watching.start()
from pathlib import Path
from alongside.surfaces.site import publish
publish(Path(folder))
open(os.path.join(os.path.dirname(folder), "done"), "w").close()
watching.join()
"""


# --- where -------------------------------------------------------------------------------------------


def private_addresses() -> list[str]:
    """The addresses of this computer that phones on the same Wi-Fi could reach, in order."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = {
        one.address
        for name, addresses in psutil.net_if_addrs().items()
        for one in addresses
        if name in up and one.family == socket.AF_INET and _is_private(one.address)
    }
    return sorted(found, key=ipaddress.ip_address)


def _is_private(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return address.is_private and not (address.is_loopback or address.is_link_local or address.is_unspecified)


def _where(host: str | None) -> str:
    """The address to listen at. Raises :class:`AlongsideError` where that is not one private address of this computer."""
    if host is None:
        found = private_addresses()
        if not found:
            raise AlongsideError(say("room.no_address"))
        if len(found) > 1:
            raise AlongsideError(say("room.several_addresses", addresses=", ".join(found)))
        return found[0]
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError:
        raise AlongsideError(say("room.no_such_address", host=host)) from None
    if address.is_unspecified or address.is_multicast or str(address) == "255.255.255.255":
        raise AlongsideError(say("room.all_addresses"))
    if not (address.is_loopback or _is_private(str(address))):
        raise AlongsideError(say("room.public_address"))
    return str(address)


def _listen(host: str, port: int) -> socket.socket:
    """A socket at this address and no other. Raises :class:`AlongsideError`."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where "reuse" means "share"
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
        return listening
    except PermissionError:
        why = say("surfaces.port_kept", port=port)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            why = say("room.not_here", host=host)
        else:
            why = say("room.port_taken", port=port, other=port + 1 if port < 65535 else port - 1)
    listening.close()
    raise AlongsideError(why)


def _refuse_strangers() -> None:
    """On Binder or a hub the address would be everybody's."""
    if any(name.startswith(ON_STRANGERS) for name in os.environ):
        raise AlongsideError(say("room.on_strangers"))


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While no other room has these questions: each would put what it showed in the place of what the other did.

    Raises :class:`AlongsideError`. The system takes the mark away with the process, however that ends. On Windows, and on
    a drive that has no such marks, nobody is kept out.
    """
    with path.open("rb") as file:
        with contextlib.suppress(ImportError):
            import fcntl  # not on Windows

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlongsideError(say("room.two_rooms", file=path)) from None
            except OSError:
                pass
        yield


# --- the lessons -------------------------------------------------------------------------------------


class _Published:
    """A folder of published lessons, or the process that makes it."""

    def __init__(self, folder: Path, child: subprocess.Popen[bytes] | None = None) -> None:
        self._folder, self._child = folder, child
        self._files: dict[str, Path] | None = None

    @property
    def ready(self) -> bool:
        return self._child is None or (self._folder.parent / "done").exists()

    @property
    def failed(self) -> bool:
        return not self.ready and self._child is not None and self._child.poll() is not None

    def file(self, path: str) -> Path | None:
        if self._files is None:
            self._files = {
                one.relative_to(self._folder).as_posix(): one
                for one in self._folder.rglob("*")
                if one.is_file() and not one.name.startswith(".")
            }
        return self._files.get(path)


@contextlib.contextmanager
def _lessons(there: Path | None) -> Iterator[_Published]:
    """The published lessons: of a folder that is there, or made beside the room in a folder that goes with it."""
    if there is not None:
        yield _Published(there)
        return
    scratch = Path(tempfile.mkdtemp(prefix="alongside-room-"))
    child = subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(scratch / "lessons")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal comes to us alone
    )
    try:
        yield _Published(scratch / "lessons", child)
    finally:
        assert child.stdin is not None
        with contextlib.suppress(OSError):
            child.stdin.close()
        try:
            child.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            _end_all(child)
        shutil.rmtree(scratch, ignore_errors=True)


def _end_all(child: subprocess.Popen[bytes]) -> None:
    """A process that does not end when it is asked, with all that it started."""
    with contextlib.suppress(psutil.Error):
        for one in psutil.Process(child.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                one.kill()
    child.kill()
    child.wait()


# --- the server --------------------------------------------------------------------------------------


class _Impatient(H11Protocol):
    """Closes a connection that says only half of a request, or nothing: uvicorn would wait for it without an end."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._waiting = self.loop.call_later(PATIENCE, transport.close)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(PATIENCE, self.transport.close)
        super().data_received(data)
        if self.conn.their_state is not IDLE:  # the whole head of a request is here
            self._no_more_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._no_more_waiting()
        super().connection_lost(exc)

    def _no_more_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def run(path: Path, host: str | None, port: int, lessons: Path | None = None) -> str:
    """Serve until somebody ends it; gives the last line. Raises :class:`AlongsideError` where it can't begin.

    ``lessons``: a folder of published lessons to use instead of making them.
    """
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    on_signals(interrupt)
    try:
        _refuse_strangers()
        asked = questions.read(path)
        with _alone(path):
            kept = Kept(asked)
            where = _where(host)
            with _listen(where, port) as listening, _lessons(lessons) as published:
                _serve(Hall(asked, kept), published, where, port, listening, kept)
    except KeyboardInterrupt:
        pass
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    return say("room.ended")


def _serve(
    hall: Hall, lessons: _Published, host: str, port: int, listening: socket.socket, kept: Kept
) -> None:
    logging.disable(logging.CRITICAL)  # nothing of a request is ever written down, not by any library
    _make_room_for_connections()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = uvicorn.Server(settings(app.make(hall, lessons, authority, host, secret)))
    _tell(f"http://{authority}/", secret, kept)

    async def main() -> None:
        looking = asyncio.create_task(_look_after(host))
        try:
            await server.serve(sockets=[listening])
        finally:
            looking.cancel()

    asyncio.run(main())


def settings(room: ASGIApp) -> uvicorn.Config:
    """How the room is served: no log, no header that tells of time or program, and bounds on everything."""
    return uvicorn.Config(
        room,
        http=_Impatient,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=PATIENCE,
        timeout_graceful_shutdown=2,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=16_000,
    )


def _tell(address: str, secret: str, kept: Kept) -> None:
    """Everything that the facilitator needs, on standard output."""
    print(say("room.phones", address=address), flush=True)
    if code := _code(address):
        print(code, flush=True)
    print(say("room.screen_at", address=f"{address}screen"))
    print(say("room.private_at", address=f"{address}host/{secret}"))
    if kept.found:
        print(say("room.found_earlier", file=kept.path))
    print(say("room.who_can_read"))
    print(say("room.ctrl_c"), flush=True)


def _code(address: str) -> str:
    """The QR code in letters; "" where the terminal can't show them."""
    drawn = io.StringIO()
    segno.make(address, error="m").terminal(drawn, compact=True)
    try:
        drawn.getvalue().encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return ""
    return drawn.getvalue()


def _make_room_for_connections() -> None:
    """A room of a thousand phones has more connections than many systems give a program at first."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS + 200
        if soft != resource.RLIM_INFINITY and soft < wanted:
            limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


async def _look_after(host: str) -> None:
    """Say it once when this computer has lost the address that phones know."""
    here = True
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        found = {one.address.partition("%")[0] for some in psutil.net_if_addrs().values() for one in some}
        if here and host not in found:
            print(say("room.address_gone", host=host), file=sys.stderr, flush=True)
        here = host in found
