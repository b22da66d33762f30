#!/usr/bin/env python3
"""Open Alongside, or check it. Needs Python 3.11 or newer and nothing else.

    python3 start.py                open the lessons in a browser; Ctrl-C ends them
    python3 start.py lab            open them in JupyterLab, to change them
    python3 start.py live 05        look at lesson 05 while you change it: its page follows each save
    python3 start.py check 05       what to change in lesson 05: its words, minutes, sources; without 05, in all
    python3 start.py test           run every check
    python3 start.py test WORDS     run pytest alone, with these words

The first start puts everything that is needed into .venv, beside this file, and nothing anywhere else.
Later starts install nothing and need no internet. To be rid of it all, delete this folder.
"""

# From top to bottom: why not, in one sentence; what lies in .venv; opening the lessons; the checks.
# Python 3.6 and newer can read this file, so that one that is too old can say so.

import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing has begun yet: Ctrl-C simply ends it

import argparse
import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, Popen

NEEDED = (3, 11)
WINDOWS = os.name == "nt"
FOLDER = Path(__file__).resolve().parent
LOCK, TEST_LOCK = "requirements.txt", "requirements-test.txt"
DOWNLOAD_MB, DISK_MB = 145, 750

VENV = FOLDER / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
LOG = VENV / "install.log"
DOWNLOADS = VENV / "downloads"  # stays until an install is done, so that a second try is shorter
UNPACKED = VENV / "unpacked"  # where pip unpacks, instead of outside this folder


# ---- Why not, in one sentence


class Stop(Exception):
    """One plain sentence for the person at the keyboard. The exit status is 2."""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Stop(f"{message[:1].upper()}{message[1:]}. See python3 start.py --help.")


NO_SPACE = ("No space left on device", "Disk quota exceeded", "not enough space on the disk")
NO_NETWORK = (
    "connection broken by",
    "Max retries exceeded",
    "Failed to establish a new connection",
    "name resolution",
    "timed out",
    "from versions: none",
)


def why_too_old(version):
    """Return a sentence, or nothing if this Python will do."""
    if tuple(version) >= NEEDED:
        return ""
    found, needed = ".".join(map(str, version[:3])), ".".join(map(str, NEEDED))
    newer = [f"python3.{minor}" for minor in range(20, 10, -1) if shutil.which(f"python3.{minor}")]
    what = (
        f"Start it with {newer[0]} start.py" if newer else "Get a newer one from python.org and start again"
    )
    return f"Alongside needs Python {needed} or newer, and this is Python {found}. {what}."


def why_failed(output):
    """Make a sentence of what pip, venv or the system wrote."""
    if any(words in output for words in NO_SPACE):
        return f"The disk is full. Make room for about {DISK_MB} MB in {FOLDER}, then start again."
    if any(words in output for words in NO_NETWORK):
        return (
            "The packages can't be fetched without the internet. Connect once and start again; after that "
            f"Alongside works offline. If you are connected, {LOG} says more."
        )
    return f"Installing did not work. The end of {LOG} says why."


def why_not_written(error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return why_failed(NO_SPACE[0])
    what = f"{error.filename or FOLDER}: {error.strerror}"
    return f"{what}. This folder has to be complete, and you have to be allowed to write in it."


def say(words):
    print(words, file=sys.stderr, flush=True)


# ---- What lies in .venv


def prepare(lock):
    """Install a lock, unless its stamp says that this was done. The stamp is written last."""
    digest = hashlib.sha256()
    for name in (lock, "pyproject.toml"):
        digest.update((FOLDER / name).read_bytes())
    python = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
    wanted = [python, str(FOLDER), digest.hexdigest()]
    stamp = VENV / f"{lock}.stamp"
    found = stamp.read_text("utf-8", "replace").split("\n") if stamp.is_file() else []
    if found == wanted and PYTHON.exists():
        return
    if found:
        stamp.unlink()
    if lock == TEST_LOCK:
        say("Getting ready: the checks need a few more packages…")
    elif found[:1] == [python] and PYTHON.exists():
        say("Getting ready: something has changed since the last start…")
        mend_scripts(found[1])
    else:
        say(f"Getting ready: this first start takes a minute or two and about {DOWNLOAD_MB} MB…")
        make_venv()
    pip = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    run(*pip, "-r", FOLDER / lock)
    if lock == LOCK:
        run(*pip, "--no-deps", "--no-build-isolation", "-e", FOLDER)
    for folder in (DOWNLOADS, UNPACKED):
        shutil.rmtree(folder, ignore_errors=True)
    stamp.write_text("\n".join(wanted), "utf-8")


def make_venv():
    """Begin .venv anew. Of an interrupted start only the downloads stay."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info)
        if not (root_on_debian() and apt_install(package) and importlib.util.find_spec("ensurepip")):
            raise Stop(
                "This Python comes without venv, which makes a place for the packages. "
                f"Install it, for example with: sudo apt install {package}. Then start again."
            )
    VENV.mkdir(exist_ok=True)
    for path in VENV.iterdir():
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        elif path != DOWNLOADS:
            shutil.rmtree(path)
    if shutil.disk_usage(VENV).free < DISK_MB * 1000000:
        raise Stop(why_failed(NO_SPACE[0]))
    run(getattr(sys, "_base_executable", sys.executable), "-m", "venv", VENV)


def mend_scripts(old_folder):
    """If the folder was moved: the small scripts in .venv name their Python by its full path."""
    old, new = os.fsencode(old_folder), os.fsencode(FOLDER)
    for path in BIN.iterdir() if old != new else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 20000:
            path.write_bytes(path.read_bytes().replace(old, new))


def environment(**more):
    """What everything that we start is given: nothing that leads Python or pip to some other place."""
    elsewhere = [f"PIP_{name}" for name in ("PREFIX", "PYTHON", "ROOT", "TARGET", "USER")]
    misleading = ("PYTHONHOME", "PYTHONPATH", *elsewhere)
    kept = {name: value for name, value in os.environ.items() if name not in misleading}
    return {**kept, **{name: str(value) for name, value in more.items()}}


def run(*command):
    """Run one step of an install. Its output goes to the log; on a terminal, packages are counted."""
    UNPACKED.mkdir(exist_ok=True)
    cache = os.environ.get("PIP_CACHE_DIR", DOWNLOADS)
    settings = environment(TMPDIR=UNPACKED, TEMP=UNPACKED, PIP_USER=0, PIP_CACHE_DIR=cache)
    count = 0
    with LOG.open("ab") as log:
        child = Popen(command, env=settings, cwd=FOLDER, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT)
        try:
            for line in child.stdout or ():
                log.write(line)
                if line.startswith(b"Collecting ") and sys.stderr.isatty():
                    count += 1
                    print(f"\r  {count} packages", end="", file=sys.stderr, flush=True)
        except BaseException:
            child.kill()
            raise
        finally:
            child.wait()
            if count:
                say("")
    if child.returncode:
        raise Stop(why_failed(LOG.read_text("utf-8", "replace")))


def root_on_debian():
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def apt_install(package):
    say(f"Installing {package} with apt-get…")
    apt, calm = ["apt-get", "-q", "-y"], environment(DEBIAN_FRONTEND="noninteractive")
    subprocess.call([*apt, "update"], env=calm, stdin=DEVNULL, stdout=2)
    status = subprocess.call([*apt, "install", package], env=calm, stdin=DEVNULL, stdout=2)
    importlib.invalidate_caches()
    return status == 0


# ---- Opening the lessons


DAILY = {"check": "alongside.course.check", "live": "alongside.surfaces.live"}


def become(module, words):
    """Become a program of the package, so that Ctrl-C and every other signal go straight to it."""
    command = [str(PYTHON), "-P", "-m", module, *words]
    if WINDOWS:
        return stay_with(command, environment())
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # held back until the server listens
    os.execve(PYTHON, command, environment())


def stay_with(command, settings):
    """Run a program to its end. Ctrl-C reaches it too: wait until it has put everything away."""
    child, interrupted = Popen(command, env=settings, cwd=FOLDER), False
    while child.returncode is None:
        try:
            child.wait()
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return child.returncode


# ---- The checks

MAC = "/Applications/{0}.app/Contents/MacOS/{0}"
BROWSERS = [
    *("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge"),
    *(MAC.format(name) for name in ("Google Chrome", "Chromium", "Microsoft Edge")),
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
]


def find_browser():
    """Return the path of a Chrome, Chromium or Edge that starts, or nothing."""
    for name in (os.environ.get("ALONGSIDE_BROWSER", ""), *BROWSERS):
        path = shutil.which(os.path.expandvars(name))
        if path and starts(path):
            return path
    return ""


def starts(program):
    if WINDOWS:
        return True  # there, asking for the version opens a window
    try:
        return subprocess.call([program, "--version"], stdout=DEVNULL, stderr=DEVNULL, timeout=30) == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def get_browser():
    """Install a browser: Debian's, or one that Playwright keeps in .venv. Return its path, or nothing."""
    if root_on_debian() and apt_install("chromium"):
        return find_browser()
    say("No Chrome, Chromium or Edge here: asking Playwright for one, two minutes at most…")
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(VENV / "browsers")
    ask = "import playwright.sync_api as p\nwith p.sync_playwright() as q: print(q.chromium.executable_path)"
    fetch = Popen(
        [PYTHON, "-m", "playwright", "install", "chromium"], env=environment(), cwd=FOLDER, stdout=2
    )
    try:
        if fetch.wait(120) == 0:
            answer = subprocess.check_output([PYTHON, "-c", ask], env=environment(), timeout=60)
            path = answer.decode().strip()
            return path if starts(path) else ""
    except subprocess.SubprocessError:
        fetch.kill()
    return ""


def test(words):
    """Run every check, say how each went, and return the status of the first that failed."""
    prepare(LOCK)
    prepare(TEST_LOCK)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    browser = find_browser() or get_browser()
    pytest = ["pytest"] if browser else ["pytest", "-m", "not browser"]
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["basedpyright"],
        pytest,
        ["pytest", "--nbval-lax", "notebooks"],  # fails as well where it finds none
        ["pytest", "--nbval-lax", "exercises"],
    ]
    results = []
    for check in [[*pytest, *words]] if words else checks:
        name, begun = " ".join(check), time.monotonic()
        print(f"\n---- {name}", flush=True)
        status = stay_with([PYTHON, "-m", *check], environment(ALONGSIDE_BROWSER=browser))
        outcome = "FAILED" if status else "passed"
        results.append((status, f"{name}: {outcome}, {time.monotonic() - begun:.0f} s"))
    if not browser:
        status = int(os.environ.get("CI") == "true")
        results.append((status, "checks in a browser: NOT RUN, no Chrome, Chromium or Edge was found"))
    print("", *(line for _, line in results), sep="\n")
    return next((status for status, _ in results if status), 0)


def daily(what, words):
    """For whoever writes: check a lesson, or look at it live. Both measure words as the checks do."""
    prepare(LOCK)
    prepare(TEST_LOCK)
    return become(DAILY[what], words)


def main(words):
    if why_too_old(sys.version_info):
        raise Stop(why_too_old(sys.version_info))
    if words[:1] == ["test"]:
        return test(words[1:])
    if words[:1] and words[0] in DAILY:
        return daily(words[0], words[1:])
    form = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="start.py", description=__doc__, formatter_class=form)
    parser.add_argument("what", nargs="?", choices=["lab", "live", "check", "test"], help="see above")
    parser.add_argument("--port", metavar="N", type=int, help="another port than 8899")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--debug", action="store_true", help="show the server's warnings")
    what = parser.parse_args(words).what
    if what in ("test", *DAILY):
        raise Stop(f"Put {what} first: python3 start.py {what}, then its own words if you like.")
    prepare(LOCK)
    return become("alongside.surfaces.serve", words)


def interrupt(_number, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupt)
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        say(stop)
        sys.exit(2)
    except OSError as error:
        say(why_not_written(error))
        sys.exit(2)
    except KeyboardInterrupt:
        say("\nStopped. Start again whenever you like.")
        sys.exit(130)
