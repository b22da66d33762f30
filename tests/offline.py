"""Runs a command where no host but this computer can be reached: in a network namespace of its own, with loopback alone.

    python tests/offline.py python -m pytest --quick

Linux only. An administrator can make such a namespace, and where the system allows it anyone. The kernel counts there each
try to reach a host that there is no way to, also one whose failure the command keeps to itself; a name that is looked up
is such a try where its server is on another host. The exit status is the command's, or 3 where it passed and something was tried.
"""

from __future__ import annotations

import array
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

TRIED = 3
#: Linux, for a network device: read its flags, set them; the flag "up".
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1


def command(words: list[str]) -> list[str]:
    """The words that run a command there."""
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    return [*alone, sys.executable, str(Path(__file__).resolve()), "--inside", *words]


def why_not() -> str:
    """Why no such namespace can be made here; empty if it can."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return "only Linux has network namespaces, by the program unshare"
    done = subprocess.run(command(["true"]), capture_output=True, text=True, check=False)
    return f"this computer makes no network namespace: {done.stderr.strip()}" if done.returncode else ""


def loopback_up() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = array.array("b", struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(any_socket, GET_FLAGS, asked, True)
        (flags,) = struct.unpack_from("h", asked, 16)
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))


def tries() -> int:
    """How often, since the namespace was made, something wanted to reach a host that there is no way to."""
    names, numbers = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines()[:2])
    count = int(numbers[names.index("OutNoRoutes")])
    six = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    return count + int(six["Ip6OutNoRoutes"])


def devices() -> set[str]:
    return {line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]}


def inside(words: list[str]) -> int:
    loopback_up()
    assert devices() == {"lo"}, devices()
    status = subprocess.call(words)
    print(f"\nTries to reach another host: {tries()}", flush=True)
    return status or (TRIED if tries() else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(inside(sys.argv[2:]))
    if why_not():
        sys.exit(why_not())
    wanted = command([sys.executable if word == "python" else word for word in sys.argv[1:]])
    os.execvp(wanted[0], wanted)
