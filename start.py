#!/usr/bin/env python3
"""Open Alongside, or check it. Needs Python 3.11 or newer and nothing else.

    python3 start.py                open the lessons in a browser; Ctrl-C ends them
    python3 start.py lab            open them in JupyterLab, to change them
    python3 start.py live 05        look at lesson 05 while you change it: its page follows each save
    python3 start.py check 05       what to change in lesson 05: its words, minutes, sources; without 05, in all
    python3 start.py shots          pictures of every kind of page, beside each other, in the folder shots
    python3 start.py test           run every check
    python3 start.py test quick     in a minute or two: what needs no browser, server, kernel or install
    python3 start.py test nightly   every check, those that take long, and pages in Firefox and in WebKit
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
import ast
import contextlib
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
UTF_8 = "C.UTF-8"
FOLDER = Path(__file__).resolve().parent
LOCK, TEST_LOCK, UV_LOCK = "requirements.txt", "requirements-test.txt", "requirements-install.txt"
NIGHTLY_LOCK = "requirements-nightly.txt"
DOWNLOAD_MB, DISK_MB = 165, 750

VENV = FOLDER / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
LOG = VENV / "install.log"
DOWNLOADS = VENV / "downloads"  # stays until an install is done, so that a second try is shorter
UNPACKED = VENV / "unpacked"  # where pip unpacks, instead of outside this folder
UV = VENV / "uv"  # uv itself, while it installs
UNCOMPILED = VENV / "uncompiled"  # a mark: byte code is still to be made

# Every sentence that this file says. The package has its own in alongside/words, which can't be read before PyYAML is
# installed.
WORDS = {
    "see_help": "{problem}. See python3 start.py --help.",
    "no_port": "A port is a number from 1 to 65535, not {text}. For example: python3 start.py --port 9000",
    "too_old": "Alongside needs Python {needed} or newer, and this is Python {found}. Start it with {newer} start.py.",
    "too_old_get": "Alongside needs Python {needed} or newer, and this is Python {found}. "
    "Get a newer one from python.org and start again.",
    "disk_full": "The disk is full. Make room for about {mb} MB in {folder}, then start again.",
    "no_network": "The packages can't be fetched without the internet. Connect once and start again; after that "
    "Alongside works offline. If you are connected, {log} says more.",
    "folder_colon": "The way to this folder has a {sign} in it, and Python can't put its packages there. Take the {sign} out of the "
    "name, or move the folder to another place, and start again: {folder}",
    "folder_space": "The name of this folder ends in a space, or has a line break in it, and Python would not find what it puts "
    "there. Give the folder another name, such as lessons, and start again: {folder}",
    "not_installed": "Installing did not work. The end of {log} says why.",
    "not_written": "{file}: {why}. This folder has to be complete, and you have to be allowed to write in it.",
    "waiting": "Getting ready: another start is at work in this folder. Waiting until it is done…",
    "more_for_checks": "Getting ready: the checks need a few more packages…",
    "changed": "Getting ready: something has changed since the last start…",
    "first_start": "Getting ready: this first start takes about a minute and {mb} MB…",
    "other_way": "Getting ready: the quick way did not work. The other one takes a minute or two…",
    "no_venv": "This Python comes without venv, which makes a place for the packages. "
    "Install it, for example with: sudo apt install {package}. Then start again.",
    "packages": "  {count} packages",
    "apt": "Installing {package} with apt-get…",
    "playwright": "No Chrome, Chromium or Edge here: asking Playwright for one, two minutes at most…",
    "left_out": """
Left out by quick: every check that needs a browser, a server, a kernel or an install, nbval over the notebooks, all
but a sample of the survey's mathematics, and the nightly checks. Before you share a change: python3 start.py test""",
    "engine_run": "pages in {engine}: the checks above ran in {version}",
    "engine_not_run": "pages in {engine}: NOT RUN, {why}",
    "engine_unknown": "nothing could be said of it",
    "never_run": "pages in Safari itself, on phones, with NVDA or with VoiceOver: NOT RUN, no check can open these",
    "no_browser_found": "checks in a browser: NOT RUN, no Chrome, Chromium or Edge was found",
    "passed": "{check}: passed, {seconds:.0f} s",
    "failed": "{check}: FAILED, {seconds:.0f} s",
    "help_what": "see above",
    "help_port": "another port than 8899",
    "help_no_browser": "only print the address",
    "help_debug": "show the server's warnings",
    "put_first": "Put {what} first: python3 start.py {what}, then its own words if you like.",
    "stopped": "\nStopped. Start again whenever you like.",
}


def sentence(key, **values):
    return WORDS[key].format(**values)


# ---- Why not, in one sentence


class Stop(Exception):
    """One plain sentence for the person at the keyboard. The exit status is 2."""


class Failed(Stop):
    """A step of an install did not work; ``output`` is what it wrote."""

    def __init__(self, output):
        super().__init__(why_failed(output))
        self.output = output


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Stop(sentence("see_help", problem=message[:1].upper() + message[1:]))


NO_SPACE = ("No space left on device", "Disk quota exceeded", "not enough space on the disk")
UNREACHED = (
    "connection broken by",
    "Max retries exceeded",
    "Failed to establish a new connection",
    "name resolution",
    "timed out",
)
NO_NETWORK = (*UNREACHED, "from versions: none")


def why_too_old(version):
    """Return a sentence, or nothing if this Python will do."""
    if tuple(version) >= NEEDED:
        return ""
    found, needed = ".".join(map(str, version[:3])), ".".join(map(str, NEEDED))
    newer = [f"python3.{minor}" for minor in range(20, 10, -1) if shutil.which(f"python3.{minor}")]
    if newer:
        return sentence("too_old", needed=needed, found=found, newer=newer[0])
    return sentence("too_old_get", needed=needed, found=found)


def why_not_in(folder):
    """Return a sentence, or nothing if Python can keep packages in a folder of this name.

    Where it can't, it says so late or never: venv fails, or what leads to the package is read without its last space.
    """
    name = str(folder)
    if os.pathsep in name:  # on a Mac it is what the Finder shows as a slash, as in a day
        return sentence("folder_colon", sign=os.pathsep, folder=name)
    if name.splitlines() != [name.rstrip()]:
        return sentence("folder_space", folder=" ".join(name.split()))
    return ""


def why_failed(output):
    """Make a sentence of what pip, venv or the system wrote."""
    if any(words in output for words in NO_SPACE):
        return sentence("disk_full", mb=DISK_MB, folder=FOLDER)
    if any(words in output for words in NO_NETWORK):
        return sentence("no_network", log=LOG)
    return sentence("not_installed", log=LOG)


def why_not_written(error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return why_failed(NO_SPACE[0])
    # Where a tree is taken away, the system names a file from within it, which nobody would find.
    file = error.filename if Path(str(error.filename)).is_absolute() else FOLDER
    return sentence("not_written", file=file, why=error.strerror)


def read_names_as_utf_8():
    """Begin again where this computer is set to letters of old (LC_ALL=C). Python would not even start in a folder whose
    name has others: it reads the list of what is installed, with the folder's path in it, as the system is set."""
    import locale

    if WINDOWS or locale.nl_langinfo(locale.CODESET).upper() == "UTF-8" or os.environ.get("LC_ALL") == UTF_8:
        return
    os.environ.update(LC_ALL=UTF_8, PYTHONUTF8="1")
    os.execv(sys.executable, [sys.executable, str(FOLDER / "start.py"), *sys.argv[1:]])


def port_number(text):
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise Stop(sentence("no_port", text=text))
    return int(text)


def say(words):
    print(words, file=sys.stderr, flush=True)


# ---- What lies in .venv


def prepare(*locks):
    """Install locks, the lessons' own first: with uv, since that is quick, and pip is the way back."""
    for_a_while = (DOWNLOADS, UNPACKED, UV)
    if all(map(is_installed, locks)) and not any(folder.exists() for folder in for_a_while):
        return
    with one_at_a_time():
        try:
            install(locks, quickly=True)
        except Failed:
            if not UV.exists():
                raise  # that was pip
            # What uv had done by then is not known, and pip might take half a package for a whole one.
            stamp_of(LOCK).unlink(missing_ok=True)
            install(locks, quickly=False)
        for folder in for_a_while:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def one_at_a_time():
    """Wait for another start that installs into this folder: each would take away what the other one has put there."""
    try:
        import fcntl
    except ImportError:  # on Windows, where a file that is in use can't be taken away
        yield
        return
    folder = os.open(FOLDER, os.O_RDONLY)  # given back when this process ends, however that happens
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(sentence("waiting"))
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:
            pass  # a disk that knows no locks
        yield
    finally:
        os.close(folder)


def stamp_of(lock):
    return VENV / f"{lock}.stamp"


def stamped(lock):
    """What the stamp of a lock says; nothing where there is none."""
    stamp = stamp_of(lock)
    return stamp.read_text("utf-8", "replace").split("\n") if stamp.is_file() else []


def wanted(lock):
    """What the stamp of a lock should say."""
    digest = hashlib.sha256()
    for name in (lock, "pyproject.toml"):
        digest.update((FOLDER / name).read_bytes())
    return [f"{sys.implementation.cache_tag} {sysconfig.get_platform()}", str(FOLDER), digest.hexdigest()]


def is_installed(lock):
    return stamped(lock) == wanted(lock) and PYTHON.exists()


def install(locks, quickly):
    """Install what has no stamp that says that this was done. A stamp is written last."""
    uv = None
    for lock in locks:
        if is_installed(lock):
            continue
        found = stamped(lock)
        if found:
            stamp_of(lock).unlink()
        changed = found[:1] == wanted(lock)[:1] and PYTHON.exists()
        if lock in (TEST_LOCK, NIGHTLY_LOCK):
            say(sentence("more_for_checks"))
        elif changed:
            say(sentence("changed"))
            mend_scripts(found[1])
        elif quickly:
            say(sentence("first_start", mb=DOWNLOAD_MB))
            make_venv()
        else:
            say(sentence("other_way"))
            make_venv()
        if changed or not quickly:
            fill(lock, [], False)  # where little or nothing is missing, pip sees it without the internet
        else:
            uv = get_uv() if uv is None else uv
            fill(lock, uv, TEST_LOCK in locks)
        stamp_of(lock).write_text("\n".join(wanted(lock)), "utf-8")


PIP = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]


def fill(lock, uv, compiles):
    """Install one lock, and with the lessons' own lock the package: by uv, or where that is empty by pip.

    pip always makes byte code. With uv it takes as long as all the rest together, so it is left out before a start,
    when the server makes what it needs.
    """
    command, settings = (uv, {"PYTHONPATH": UV}) if uv else (PIP, {})
    run(*command, *(["--compile-bytecode"] if uv and compiles else []), "-r", FOLDER / lock, **settings)
    if lock == LOCK:
        run(*command, "--no-deps", "--no-build-isolation", "-e", FOLDER, **settings)
        if uv and not compiles:
            UNCOMPILED.touch()


def get_uv():
    """Put uv into .venv for a while. Return how its commands begin, or an empty list where pip has to do."""
    told = told_to_pip()
    if told is None:
        return []
    shutil.rmtree(UV, ignore_errors=True)
    whole = ["--only-binary", ":all:", "--no-deps", "--no-compile"]  # never built here, which takes long
    try:
        run(*PIP, *whole, "--target", UV, "-r", FOLDER / UV_LOCK)
    except Failed as failed:
        shutil.rmtree(UV, ignore_errors=True)
        if any(words in failed.output for words in (*UNREACHED, *NO_SPACE)):
            raise  # the packages would fare no better
        return []
    command = [PYTHON, "-m", "uv", "pip", "install", "--no-config", "--python", PYTHON]
    return [*command, "--cache-dir", DOWNLOADS / "uv", "--index-strategy", "unsafe-best-match", *told]


#: Settings of pip that say nothing about which packages are taken, and from where.
HARMLESS = (
    *("break-system-packages", "cache-dir", "config-file", "default-timeout", "disable-pip-version-check"),
    *("no-color", "no-input", "no-python-version-warning", "no-warn-conflicts", "no-warn-script-location"),
    *("progress-bar", "quiet", "require-virtualenv", "retries", "root-user-action", "timeout", "user"),
    "verbose",
)


def told_to_pip():
    """Return for uv, which does not read pip's settings, the words that make it ask where pip would ask.

    None where there are none: pip was told of another registry, of a proxy, or of anything else that uv
    can't be told as well. Folders of this computer, constraints and a certificate it can.
    """
    import urllib.request  # here alone: it takes a while, and later starts do without

    if urllib.request.getproxies() != urllib.request.getproxies_environment():
        return None  # set in the system, where uv may not look
    try:
        listed = subprocess.check_output(
            [PYTHON, "-m", "pip", "config", "list"],
            env=environment(),
            cwd=FOLDER,
            stdin=DEVNULL,
            stderr=DEVNULL,
        )
        lines = [line.partition("=") for line in listed.decode().splitlines()]
        found = [(*name.rpartition(".")[::2], ast.literal_eval(value)) for name, _, value in lines]
    except (subprocess.CalledProcessError, ValueError, SyntaxError):
        return None
    of = {}
    for section in ("global", "install", ":env:"):  # the later one is stronger
        of.update({name: value for where, name, value in found if where == section and name not in HARMLESS})
    cert = of.pop("cert", "") or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    words = ["--cert", cert] if cert else []
    another = "extra-{}-url".format("index")  # in two, so that no file looks as if it named a registry
    for name, word in (("constraint", "-c"), ("find-links", "-f"), (another, "--index")):
        for place in of.pop(name, "").split():
            if "://" in place and not place.startswith("file:///"):
                return None
            words += [word, place]
    return None if of else words


def make_venv():
    """Begin .venv anew. Of an interrupted start only the downloads stay."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info)
        if not (root_on_debian() and apt_install(package) and importlib.util.find_spec("ensurepip")):
            raise Stop(sentence("no_venv", package=package))
    VENV.mkdir(exist_ok=True)
    for path in VENV.iterdir():
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        elif path != DOWNLOADS:
            shutil.rmtree(path)
    if shutil.disk_usage(VENV).free < DISK_MB * 1000000:
        shutil.rmtree(DOWNLOADS, ignore_errors=True)
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
    """What everything that we start is given: nothing that leads Python, pip or uv to some other place."""
    elsewhere = [f"PIP_{name}" for name in ("PREFIX", "PYTHON", "ROOT", "TARGET", "USER")]
    misleading = ("PYTHONHOME", "PYTHONPATH", *elsewhere)
    kept = {name: value for name, value in os.environ.items() if name not in misleading}
    kept = {name: value for name, value in kept.items() if not name.startswith("UV_")}
    return {**kept, **{name: str(value) for name, value in more.items()}}


def run(*command, **more):
    """Run one step of an install. Its output goes to the log; on a terminal, packages are counted."""
    UNPACKED.mkdir(exist_ok=True)
    cache = os.environ.get("PIP_CACHE_DIR", DOWNLOADS)
    settings = environment(TMPDIR=UNPACKED, TEMP=UNPACKED, PIP_USER=0, PIP_CACHE_DIR=cache, **more)
    said, count = [], 0
    with LOG.open("ab") as log:
        child = Popen(command, env=settings, cwd=FOLDER, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT)
        try:
            for line in child.stdout or ():
                log.write(line)
                said.append(line)
                if line.startswith((b"Collecting ", b" Downloaded ")) and sys.stderr.isatty():
                    count += 1
                    print("\r" + sentence("packages", count=count), end="", file=sys.stderr, flush=True)
        except BaseException:
            child.kill()
            raise
        finally:
            child.wait()
            if count:
                say("")
    if child.returncode:
        raise Failed(b"".join(said).decode("utf-8", "replace"))


def root_on_debian():
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def apt_install(package):
    say(sentence("apt", package=package))
    apt, calm = ["apt-get", "-q", "-y"], environment(DEBIAN_FRONTEND="noninteractive")
    subprocess.call([*apt, "update"], env=calm, stdin=DEVNULL, stdout=2)
    status = subprocess.call([*apt, "install", package], env=calm, stdin=DEVNULL, stdout=2)
    importlib.invalidate_caches()
    return status == 0


# ---- Opening the lessons

# Makes byte code of what the server did not need, one file after the other and out of everyone's way. Its input
# is a pipe that the server holds: when that ends, however it happens, this ends too, and never within a file.
COMPILE = """
import os, sys
if hasattr(os, "fork"):
    os.nice(19)
    if os.fork():
        os._exit(0)  # so that nobody has to wait for the other one
import compileall, pathlib, sysconfig, threading
ended = threading.Event()
threading.Thread(target=lambda: (os.read(0, 1), ended.set()), daemon=True).start()
for path in sorted(pathlib.Path(sysconfig.get_path("purelib")).rglob("*.py")):
    if ended.is_set():
        sys.exit()
    compileall.compile_file(path, quiet=2)
pathlib.Path(sys.argv[1]).unlink(missing_ok=True)
"""


DAILY = {
    "check": "alongside.course.check",
    "live": "alongside.surfaces.live",
    "shots": "alongside.surfaces.shots",
}


def become(module, words):
    """Become a program of the package, so that Ctrl-C and every other signal go straight to it."""
    command = [str(PYTHON), "-P", "-m", module, *words]
    pipe = compile_behind() if UNCOMPILED.exists() else None
    if WINDOWS:
        return stay_with(command, environment())
    if pipe:
        os.set_inheritable(
            pipe.fileno(), True
        )  # it is the server's from now on, and open as long as that runs
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # held back until the server listens
    os.execve(PYTHON, command, environment())


def compile_behind():
    """Begin to make byte code. Return the pipe that ends it."""
    calm = ("CREATE_NEW_PROCESS_GROUP", "IDLE_PRIORITY_CLASS")  # on Windows
    child = Popen(
        [PYTHON, "-P", "-c", COMPILE, UNCOMPILED],
        env=environment(),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,  # so that Ctrl-C in the terminal does not end it within a file
        creationflags=sum(getattr(subprocess, name, 0) for name in calm),
    )
    if not WINDOWS:
        child.wait()  # it goes on as a child of its own
    return child.stdin


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
    say(sentence("playwright"))
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


# The engines of other browsers by their names in tests/engines.py, and Debian's packages for the night, each by a program.
ENGINES = ("firefox", "webkitgtk", "wpe", "chromium-109")
NIGHT_PACKAGES = {
    "firefox": "firefox-esr",
    "WebKitWebDriver": "webkit2gtk-driver",
    "Xvfb": "xvfb",
    "WPEWebDriver": "wpewebkit-driver",
    "cog": "cog",
    "ip": "iproute2",  # for a network of its own, in which a room is tried
    # For what is heard (tests/hearing.py names all that it needs; the rest comes along with these).
    "orca": "orca",
    "dbus-daemon": "dbus-x11",
    "openbox": "openbox",
    "xdotool": "xdotool",
}


def get_engines():
    """Install the engines of other browsers, and what else the night needs, where we may.

    Return of each what people call it, and its version, or "!" and why it can't be run.
    """
    if root_on_debian():
        for program, package in NIGHT_PACKAGES.items():
            if not shutil.which(program):
                apt_install(package)
    asked = [PYTHON, FOLDER / "tests" / "engines.py"]
    said = subprocess.run(
        asked, env=environment(), cwd=FOLDER, stdin=DEVNULL, stdout=PIPE, check=False
    ).stdout
    lines = [line.split("\t") for line in said.decode().splitlines()]
    found = {line[0]: line[1:] for line in lines if len(line) == 3}
    return {name: found.get(name, [name, "!" + sentence("engine_unknown")]) for name in ENGINES}


# What is long, in seconds on two cores with all three at once: style 65, pages 555; the rest of pytest 560, the notebooks 45;
# what needs a server, and what hosts do, 530, with test_start.py 120. There are three, because a good part of each is
# waiting. At night the engines come last in the lane of servers, one after the other.
STYLE = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["basedpyright"]]
START = "tests/test_start.py"
# These fail as well where they find none.
NOTEBOOKS = [["pytest", "--nbval-lax", name] for name in ("notebooks", "exercises")]


class Lane:
    """Checks that run one after the other, beside those of another lane. What they print goes to a file."""

    def __init__(self, name, checks, settings):
        self.waiting, self.settings, self.results = list(checks), settings, []
        self.child = None
        (VENV / "checks").mkdir(exist_ok=True)
        path = VENV / "checks" / f"{name}.txt"
        self.printed, self.read = path.open("wb"), path.open("rb")

    def go_on(self):
        """Begin the next check where one has ended. Return whether there is still something to wait for."""
        if self.child:
            if self.child.poll() is None:
                return True
            self.results.append(outcome(self.check, self.child.returncode, self.begun))
        self.child = None
        if self.waiting:
            self.begin(self.waiting.pop(0))
        return bool(self.child)

    def begin(self, check):
        self.check, self.begun = " ".join(check), time.monotonic()
        self.printed.write(f"\n---- {self.check}\n".encode())
        self.printed.flush()
        self.child = Popen(
            [str(PYTHON), "-m", *check],
            env=self.settings,
            cwd=FOLDER,
            stdin=DEVNULL,
            stdout=self.printed,
            stderr=STDOUT,
            start_new_session=not WINDOWS,  # so that Ctrl-C comes once, from us, and finds all that it started
        )

    def show(self):
        """Print what is new in the lane's file."""
        sys.stdout.flush()
        shutil.copyfileobj(self.read, sys.stdout.buffer)
        sys.stdout.flush()

    def interrupt(self):
        self.waiting = []
        if self.child and self.child.poll() is None and not WINDOWS:  # there, Ctrl-C has reached it already
            self.child.send_signal(signal.SIGINT)

    def end(self):
        """Give an interrupted check time to put everything away, and then end whatever is left of it."""
        if not self.child:
            return
        try:
            self.child.wait(20)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self.child.kill()
        if not WINDOWS:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()


def side_by_side(lanes):
    """Run lanes to their end. Print the first one's words as they come, then the next one's."""
    try:
        for lane in lanes:
            while lane in [one for one in lanes if one.go_on()]:
                lane.show()
                time.sleep(0.1)
            lane.show()
    except BaseException:
        for lane in lanes:
            lane.interrupt()
        for lane in lanes:
            lane.end()
        raise
    return [result for lane in lanes for result in lane.results]


def alone(words, settings):
    """Run pytest as if it had been called by hand: with a terminal, colors and a debugger."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    name, begun = " ".join(["pytest", *words]), time.monotonic()
    print(f"\n---- {name}", flush=True)
    status = stay_with([str(PYTHON), "-m", "pytest", *words], settings)
    return [outcome(name, status, begun)]


def outcome(name, status, begun):
    seconds = time.monotonic() - begun
    return status, sentence("failed" if status else "passed", check=name, seconds=seconds)


def test(words):
    """Run checks, say how each went, and return the status of the first that failed."""
    prepare(LOCK, TEST_LOCK, *([NIGHTLY_LOCK] if words == ["nightly"] else []))
    if words == ["quick"]:
        lanes = [Lane("quick", [["pytest", "--quick"]], environment()), Lane("style", STYLE, environment())]
        results = [*side_by_side(lanes), (0, sentence("left_out"))]
    elif words == ["nightly"]:
        results = at_night(find_browser() or get_browser(), get_engines())
    else:
        results = with_browser(words, find_browser() or get_browser())
    print("", *(line for _, line in results), sep="\n")
    return next((status for status, _ in results if status), 0)


def with_browser(words, browser):
    settings = environment(ALONGSIDE_BROWSER=browser)
    if words:
        results = alone(words if browser else ["-m", "not browser", *words], settings)
    else:
        results = side_by_side(lanes(["pytest"], browser, settings))
    return [*results, *without(browser)]


def lanes(pytest, browser, settings, apart="", more=()):
    """All checks, in lanes. ``apart`` is for what ``more`` has, which comes last, where nothing else opens a window."""
    pages, served = (
        [[*pytest, "-m", f"browser and {one}{apart}"]] * bool(browser) for one in ("not served", "served")
    )
    rest = [*pytest, "-m", f"not browser{apart}", f"--ignore={START}"]
    return [
        Lane("pages", [*STYLE, *pages], settings),
        Lane("rest", [rest, *NOTEBOOKS], settings),
        Lane("served", [*served, [*pytest, START], *more], settings),
    ]


def without(browser):
    status = int(os.environ.get("CI") == "true")
    return [] if browser else [(status, sentence("no_browser_found"))]


def at_night(browser, engines):
    """Every check, and after what needs a server one engine after the other. What is not here is named, never passed."""
    settings = environment(ALONGSIDE_BROWSER=browser, ATTACK=os.environ.get("ATTACK", "long"))
    pytest = ["pytest", "--nightly"]
    here = [[*pytest, "-m", "engine", "-k", name] for name in engines if engines[name][1][:1] != "!"]
    results = side_by_side(lanes(pytest, browser, settings, " and not engine", here))
    for engine, state in engines.values():
        if state[:1] == "!":
            results.append((0, sentence("engine_not_run", engine=engine, why=state[1:])))
        else:
            results.append((0, sentence("engine_run", engine=engine, version=state)))
    return [*results, (0, sentence("never_run")), *without(browser)]


def daily(what, words):
    """For whoever writes: check a lesson, look at it live, or see every kind of page. All need what the checks need."""
    prepare(LOCK, TEST_LOCK)
    return become(DAILY[what], words)


def main(words):
    if why_too_old(sys.version_info):
        raise Stop(why_too_old(sys.version_info))
    read_names_as_utf_8()
    if why_not_in(FOLDER):
        raise Stop(why_not_in(FOLDER))
    if words[:1] == ["test"]:
        return test(words[1:])
    if words[:1] and words[0] in DAILY:
        return daily(words[0], words[1:])
    form = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="start.py", description=__doc__, formatter_class=form)
    parser.add_argument(
        "what", nargs="?", choices=["lab", "live", "check", "shots", "test"], help=sentence("help_what")
    )
    parser.add_argument("--port", metavar="N", type=port_number, help=sentence("help_port"))
    parser.add_argument("--no-browser", action="store_true", help=sentence("help_no_browser"))
    parser.add_argument("--debug", action="store_true", help=sentence("help_debug"))
    what = parser.parse_args(words).what
    if what in ("test", *DAILY):
        raise Stop(sentence("put_first", what=what))
    prepare(LOCK)
    return become("alongside.surfaces.serve", words)


def interrupt(_number, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupt)
        try:
            status = main(sys.argv[1:])
        finally:
            if sys.stdout:  # Python would do it too, later, and complain in words of its own
                sys.stdout.flush()
        sys.exit(status)
    except Stop as stop:
        say(stop)
        sys.exit(2)
    except BrokenPipeError:  # whoever read what is said here has seen enough, as in "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        say(why_not_written(error))
        sys.exit(2)
    except KeyboardInterrupt:
        say(sentence("stopped"))
        sys.exit(130)
