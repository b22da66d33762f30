"""A screen reader that listens to a real browser: Orca on a display of its own, its speech as text.

Only Debian's packages (:data:`PACKAGES`) and the standard library are used. Keys come from ``xdotool``, through the
display as from a keyboard, so Orca gets them before the browser does. Nothing makes a sound, and what Orca would say
is taken from its debug file, from the lines that hold ``SPEECH OUTPUT``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

#: What Debian is asked for.
PACKAGES = (
    "at-spi2-core",
    "chromium",
    "dbus-x11",
    "espeak-ng",
    "firefox-esr",
    "gir1.2-wnck-3.0",
    "libatk-adaptor",
    "openbox",
    "orca",
    "python3-speechd",
    "speech-dispatcher",
    "xdotool",
    "xvfb",
)
BROWSERS = {"firefox": "firefox-esr", "chromium": "chromium"}
#: Each program that the ear needs beside a browser, and the package that brings it.
PROGRAMS = {
    "orca": "orca",
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus-x11",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "gsettings": "at-spi2-core",
}

QUIET = 0.8  # seconds without a sign from Orca: it has said what it had to say
PATIENCE = 120  # seconds

#: Orca reads this at its start. Each line of its debug file is there at once; it has no voice, which would take as long
#: as a voice takes; it doesn't say which key was pressed, and reads a page when it is asked to.
CUSTOMIZED = """
import orca.debug
import orca.settings
orca.debug.debugFile.reconfigure(line_buffering=True)
orca.debug.debugLevel = orca.debug.LEVEL_INFO
orca.settings.speechServerFactory = None
orca.settings.speechFactoryModules = []
orca.settings.enableBraille = False
orca.settings.enableSound = False
orca.settings.enableKeyEcho = False
orca.settings.sayAllOnLoad = False
"""
FIREFOX = {
    "accessibility.force_disabled": -1,
    "browser.aboutwelcome.enabled": False,
    "browser.newtab.preload": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "termsofuse.bypassNotification": True,
}
CHROMIUM = [
    "--force-renderer-accessibility",
    "--test-type",  # no bar about the next one, which root needs
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=LensOverlay,MediaRouter,OptimizationHints",
    "--password-store=basic",
]

#: Orca starts only where it sees no other one, so it gets a view of its own. Only root can give it one.
ALONE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child") if os.getuid() == 0 else ()

_SPOKEN = re.compile(r"SPEECH OUTPUT: '(.*?)'(?: voice=\w+)? ?(?:\{.*)?$")


def missing_here(browser: str) -> list[str]:
    """Which of Debian's packages this computer lacks to hear a browser."""
    programs = {**PROGRAMS, BROWSERS[browser]: BROWSERS[browser]}
    return [package for program, package in programs.items() if not shutil.which(program)]


def same(text: str) -> list[str]:
    """A text as what is heard of it: its words, without what a voice leaves out."""
    return re.findall(r"\w+", text.casefold())


def holds(heard: Sequence[str], words: str) -> bool:
    """Whether these words were heard, one after the other. Where Orca breaks its speech doesn't count."""
    spoken, wanted = same(" ".join(heard)), same(words)
    return any(spoken[at : at + len(wanted)] == wanted for at in range(len(spoken) - len(wanted) + 1))


@dataclass
class Transcript:
    """What was heard on a way through a page: [(what this is, [(key, [what was said then, …]), …]), …]."""

    steps: list[tuple[str, list[tuple[str, list[str]]]]] = field(default_factory=list)

    def heard(self, step: str) -> list[str]:
        """Everything that was said in a step."""
        return [line for name, keys in self.steps for _, said in keys if name == step for line in said]

    def __str__(self) -> str:
        lines = []
        for name, keys in self.steps:
            lines.append(f"\n## {name}\n")
            for key, said in keys:
                lines += [f"{key}", *(f"    {line}" for line in said)]
        return "\n".join(lines).strip() + "\n"

    @classmethod
    def read(cls, text: str) -> Transcript:
        found = cls()
        for line in text.splitlines():
            if line.startswith("## "):
                found.steps.append((line[3:], []))
            elif line.startswith("    "):
                found.steps[-1][1][-1][1].append(line[4:])
            elif line:
                found.steps[-1][1].append((line, []))
        return found


class NeverHeard(AssertionError):
    """Somebody pressed a key again and again, and what they looked for was never said."""


@dataclass
class Ear:
    """Someone who hears a browser and has its keys."""

    debug: IO[str]
    environment: Mapping[str, str]
    transcript: Transcript = field(default_factory=Transcript)
    _rest: str = ""

    def _settled(self, seconds: float = QUIET) -> list[str]:
        """Wait until Orca is silent for so many seconds; gives what it said."""
        lines: list[str] = []
        last = start = time.monotonic()
        while time.monotonic() - last < seconds:
            text = self.debug.read()
            if text:
                last = time.monotonic()
                assert last - start < PATIENCE, "Orca never fell silent"
                *whole, self._rest = (self._rest + text).split("\n")
                lines += whole
            else:
                time.sleep(0.02)
        found = (_SPOKEN.search(line) for line in lines)
        return [said for one in found if one and (said := " ".join(one[1].split()))]

    def _xdotool(self, *words: str) -> list[str]:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=PATIENCE)
        return self._settled()

    def _note(self, key: str, said: list[str]) -> list[str]:
        self.transcript.steps[-1][1].append((key, said))
        return said

    def step(self, name: str) -> None:
        """From here on, what is heard belongs to this."""
        assert name not in dict(self.transcript.steps), f"two steps have the name {name}"
        self.transcript.steps.append((name, []))

    def listen(self, seconds: float) -> list[str]:
        """Do nothing until nothing was said for so long."""
        return self._note("(wait)", self._settled(seconds))

    def press(self, key: str, times: int = 1) -> list[str]:
        """Press a key, or several in a row, and listen until nothing more is said. Gives what was said."""
        said: list[str] = []
        for _ in range(times):
            said += self._note(key, self._xdotool("key", *key.split()))
        return said

    def read_on(self, first: str, last: str) -> list[str]:
        """Have the page read from here to its end. Noted is what stands between two sentences, with both."""
        said = self._xdotool("key", "KP_Add")
        ends = [[at for at, line in enumerate(said) if holds([line], words)] for words in (first, last)]
        if not all(ends):
            raise NeverHeard(f"The page was read, and this was not in it: {last if ends[0] else first}")
        return self._note("(read on)", said[ends[0][0] : ends[1][-1] + 1])

    def write(self, words: str) -> list[str]:
        said = self._xdotool("type", "--delay", "80", words)
        return self._note(
            f"({words})", said + self._settled(2)
        )  # pages say that words are kept after a pause

    def until(self, key: str, words: str, most: int = 60) -> list[str]:
        """Press a key until these words are heard. What was passed on the way is left out of the transcript."""
        for _ in range(most):
            said = self._xdotool("key", key)
            if holds(said, words):
                return self._note(f"{key} …", said)
        raise NeverHeard(f"{key} was pressed {most} times, and this was never heard: {words}")

    def open(self, address: str) -> None:
        """Go to a page by the browser's line for addresses, as a person does. Noted is what it says at first."""
        self.transcript = Transcript()
        self.step("The page opens")
        self._xdotool("key", "ctrl+l")
        self._xdotool("type", "--delay", "12", address)
        heard = self._xdotool("key", "Return")
        end = time.monotonic() + PATIENCE
        while not any("Finished loading" in line for line in heard):
            assert time.monotonic() < end, f"Orca never said that the page is there: {heard}"
            heard += self._settled()
        heard += self._settled(2)
        loaded = next(at for at, line in enumerate(heard) if "Finished loading" in line)
        self._note("(open)", heard[loaded:])


@contextmanager
def ear(browser: str, home: Path) -> Iterator[Ear]:
    """A display, a bus, Orca and a browser, all of them new, with ``home`` for everything that they write."""
    with ExitStack() as stack:
        environment = {name: os.environ[name] for name in ("PATH",)}
        environment |= {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "XDG_RUNTIME_DIR": str(home / "run"),
        }
        (home / "run").mkdir(parents=True, mode=0o700)

        def start(*words: str, **more: object) -> subprocess.Popen[str]:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "text": True}
            # Each in a group of its own, so that what it starts ends with it.
            running = subprocess.Popen(words, env=environment, start_new_session=True, **(quiet | more))  # type: ignore[call-overload]
            stack.callback(end, running)
            return running

        reading, writing = os.pipe()
        start(
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            "1280x900x24",
            "-nolisten",
            "tcp",
            pass_fds=[writing],
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            environment["DISPLAY"] = ":" + told.readline().strip()
        bus = start("dbus-daemon", "--session", "--print-address", "--nofork", stdout=subprocess.PIPE)
        assert bus.stdout
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        start("openbox")
        toolkit = ("org.gnome.desktop.interface", "toolkit-accessibility", "true")
        subprocess.run(["gsettings", "set", *toolkit], env=environment, check=True, capture_output=True)

        settings = home / ".local" / "share" / "orca"
        settings.mkdir(parents=True)
        (settings / "orca-customizations.py").write_text(CUSTOMIZED)
        log = home / "orca.log"
        log.touch()
        start(*ALONE, "orca", "--debug-file", str(log))
        someone = Ear(stack.enter_context(log.open(errors="replace")), environment)
        wait_for(lambda: bool(someone._settled(1)), "Orca did not start")

        profile = home / "profile"
        profile.mkdir()
        if browser == "firefox":
            lines = [
                f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in FIREFOX.items()
            ]
            (profile / "user.js").write_text("\n".join(lines))
            start("firefox-esr", "--no-remote", "--profile", str(profile), "about:blank")
        else:
            start("chromium", *CHROMIUM, f"--user-data-dir={profile}", "about:blank")
        wait_for(lambda: bool(someone._settled(1)), f"nothing was heard of {browser}")
        someone._settled(3)
        yield someone


def wait_for(there: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, otherwise


def end(running: subprocess.Popen[str]) -> None:
    """End a program and whatever it started."""
    for send in (15, 9):
        try:
            os.killpg(running.pid, send)
            running.wait(5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
