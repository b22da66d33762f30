"""One command opens the lessons, on a fresh computer and every day after; what is in its way is one sentence.

The situations are real ones. Where only start.py is tried, a small stand-in takes the place of the package,
its lock is empty, and nothing is fetched, so that a whole first start takes seconds. The uv that it gets is a wheel
beside it, which writes down what it was asked and then becomes the real one.
"""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil
import pytest
from conftest import free_port, powerless
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parent.parent
BASE = getattr(sys, "_base_executable", sys.executable)  # the Python outside .venv, as a person would use it
START = runpy.run_path(str(ROOT / "start.py"), run_name="start")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="these situations are made with POSIX means"),
]

PYPROJECT = """
[build-system]
requires = []
build-backend = "stand_in"
backend-path = ["."]
"""
BUILDS = """
import pathlib, zipfile
def build_editable(to, config_settings=None, metadata_directory=None):
    name, info = "alongside-1-py3-none-any.whl", "alongside-1.dist-info/"
    files = {
        "alongside.pth": str(pathlib.Path.cwd()),
        info + "METADATA": "Metadata-Version: 2.1\\nName: alongside\\nVersion: 1\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        info + "entry_points.txt": "[console_scripts]\\nalongside = alongside.surfaces.serve:main\\n",
    }
    with zipfile.ZipFile(pathlib.Path(to, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(info + "RECORD", "".join(path + ",,\\n" for path in [*files, info + "RECORD"]))
    return name
"""
UV = f"""
import json, os, pathlib, signal, sys
words = sys.argv[1:]
cache = pathlib.Path(words[words.index("--cache-dir") + 1])
said = {{"words": words, "names": sorted(os.environ), "kept": (cache / "kept").exists()}}
with open("uv.txt", "a") as asked:
    print(json.dumps(said), file=asked)
if os.environ.get("SPOIL") and os.environ["SPOIL"] in [word.rpartition("/")[2] for word in words]:
    half = next(pathlib.Path(".venv/lib").glob("*/site-packages")) / "half"
    half.mkdir()
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "kept").touch()
    if os.environ["HOW"] == "kill":
        os.kill(os.getppid(), signal.SIGKILL)
    if os.environ["HOW"] == "wait":
        signal.pause()
    sys.exit("error: something of uv's own")
os.execv({find_uv_bin()!r}, [{find_uv_bin()!r}, *words])
"""
SERVES = """
import json, os, pathlib, signal, sys, time
def main():
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    while "WAIT_FOR" in os.environ and not pathlib.Path(os.environ["WAIT_FOR"]).exists():
        time.sleep(0.02)
    while "WAIT_GONE" in os.environ and pathlib.Path(os.environ["WAIT_GONE"]).exists():
        time.sleep(0.02)
    said = {"words": sys.argv[1:], "file": __file__, "prefix": sys.prefix, "names": sorted(os.environ)}
    print(json.dumps(said))
    sys.exit(7)
if __name__ == "__main__":
    main()
"""
CHECKS = """
import os, pathlib, subprocess, sys, time
name = pathlib.Path(__file__).stem
with open("calls.txt", "a") as calls:
    print(name, *sys.argv[1:], os.environ.get("ALONGSIDE_BROWSER", "-"), file=calls)
words = " ".join([name, *sys.argv[1:]])
lane = "rest" if "not browser" in words else "pages" if "not served" in words else "served"
print("begin", words, flush=True)
def wait(there):
    until = time.monotonic() + 30
    while not there():
        if time.monotonic() > until:
            sys.exit("waited in vain")
        time.sleep(0.02)
if "MEET" in os.environ and "-m" in sys.argv:
    pathlib.Path(lane).touch()
    wait(lambda: all(pathlib.Path(one).exists() for one in ("rest", "pages", "served")))
if "HANG" in os.environ and name == "pytest":
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(1, flush=True); time.sleep(100)"
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    child.stdout.readline()
    pathlib.Path(lane + ".pids").write_text(f"{os.getpid()} {child.pid}")
    try:
        time.sleep(100)
    except KeyboardInterrupt:
        with open("interrupts.txt", "a") as said:
            print(lane, file=said)
        time.sleep(0.5)
        pathlib.Path(lane + ".tidied").touch()
        sys.exit(2)
print("end", words, flush=True)
sys.exit(int(os.environ.get("STATUS_" + name, "0")))
"""


def wheel(folder: Path, name: str, text: str, fits: str = "any") -> None:
    """A package of one module that can be run, as a file to install."""
    info = f"{name}-1.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": text,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-{fits}\n",
    }
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-{fits}.whl", "w") as packed:
        for path, content in files.items():
            packed.writestr(path, content)
        packed.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"]))


def stand_in(folder: Path) -> Path:
    """What start.py needs beside it, in small."""
    (folder / "alongside" / "surfaces").mkdir(parents=True)
    shutil.copy(ROOT / "start.py", folder)
    texts = {
        "requirements.txt": "",
        "requirements-test.txt": "-r requirements.txt\n./checks-1-py3-none-any.whl\n",
        "requirements-nightly.txt": "-r requirements-test.txt\n./engines-1-py3-none-any.whl\n",
        "requirements-install.txt": "./uv-1-py3-none-any.whl\n",
        "pyproject.toml": PYPROJECT,
        "stand_in.py": BUILDS,
        "alongside/__init__.py": "",
        "alongside/surfaces/serve.py": SERVES,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    wheel(folder, "uv", UV)
    wheel(folder, "checks", "")
    wheel(folder, "engines", "")
    return folder


def asked_of_uv(folder: Path) -> list[dict]:
    asked = folder / "uv.txt"
    return [json.loads(line) for line in asked.read_text().splitlines()] if asked.exists() else []


def packages(folder: Path) -> Path:
    (found,) = (folder / ".venv").glob("lib/*/site-packages")
    return found


def installer(folder: Path) -> str:
    """Who installed the package, by what every installer leaves beside it."""
    (said,) = packages(folder).glob("alongside-*.dist-info/INSTALLER")
    return said.read_text().strip()


def surroundings(more: Mapping[str, object]) -> dict[str, str]:
    """A person's environment, without what this computer says to pip and Python."""
    ours = ("PIP_", "PYTHON", "VIRTUAL", "ALONGSIDE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "CI": "", **{k: str(v) for k, v in more.items()}}


def start(
    folder: Path, *words: str, before: Sequence[str] = (), **more: str | Path | int
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, BASE, str(folder / "start.py"), *words],
        cwd=folder.parent,
        env=surroundings(more),
        capture_output=True,
        text=True,
        timeout=400,  # several people may share this computer
        check=False,
    )


def sentence(done: subprocess.CompletedProcess[str], status: int = 2) -> str:
    """The one line that was said, after the calm one about getting ready."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Getting ready")]
    assert (done.returncode, done.stdout, len(lines)) == (status, "", 1), done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def picture(folder: Path) -> dict[Path, tuple[int, int]]:
    behind = (".pyc", "uncompiled")  # byte code may still be made behind an earlier start
    lanes = folder / "checks"  # what the checks that run beside this one write
    found = [path for path in folder.rglob("*") if not path.name.endswith(behind) and path.parent != lanes]
    states = [(path, path.lstat()) for path in found if path.is_file()]
    return {path: (state.st_mtime_ns, state.st_size) for path, state in states}


#: Where everything that is asked of the internet ends: at a port that nobody has.
NOBODY = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A first start, on a computer that is set up to lead Python and pip astray."""
    place = tmp_path_factory.mktemp("first")
    (place / "astray").mkdir()
    for name in ("pip", "alongside", "venv"):
        (place / "astray" / f"{name}.py").write_text("raise SystemExit('astray')")
    (place / "home").mkdir()
    misleading: dict[str, str | Path | int] = {
        "PYTHONPATH": place / "astray",
        "PYTHONHOME": sys.base_prefix,
        "PIP_TARGET": place / "target",
        "PIP_PREFIX": place / "prefix",
        "PIP_USER": "1",
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/all",
        "UV_TARGET": place / "target",
        "UV_CACHE_DIR": place / "cache",
        "UV_CONFIG_FILE": place / "uv.toml",
        "UV_OFFLINE": "1",
    }
    folder = stand_in(place / "our léssons")
    words = ("lab", "--port", "9000", "--no-browser")
    # A short PATH, since pip asks rustc for its version and that one may write into the home folder.
    return folder, start(folder, *words, before=(), HOME=place / "home", PATH=os.defpath, **misleading)


@pytest.fixture
def whole(first: tuple[Path, object], tmp_path: Path) -> Path:
    """The folder as a first start leaves it, for a test to spoil."""
    folder = tmp_path / "our léssons"
    shutil.copytree(first[0], folder, symlinks=True)
    stamp = folder / ".venv" / "requirements.txt.stamp"
    stamp.write_text(stamp.read_text().replace(str(first[0]), str(folder)))
    return folder


def test_a_first_start_makes_everything_and_becomes_the_server(
    first: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = first
    assert done.returncode == 7, done.stderr
    said = json.loads(done.stdout)
    assert said["words"] == ["lab", "--port", "9000", "--no-browser"]
    assert said["file"] == str(folder / "alongside" / "surfaces" / "serve.py")
    assert said["prefix"] == str(folder / ".venv")
    assert not {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"} & set(said["names"])
    assert not [
        name for one in [said, *asked_of_uv(folder)] for name in one["names"] if name.startswith("UV_")
    ]
    assert installer(folder) == "uv"
    assert re.fullmatch(r"Getting ready: this first start takes .* MB…\n", done.stderr)


def test_a_first_start_writes_nothing_outside_its_folder(first: tuple[Path, object]) -> None:
    place = first[0].parent
    assert sorted(path.name for path in place.iterdir()) == ["astray", "home", "our léssons"]
    assert list((place / "home").iterdir()) == []
    left = {path.name for path in (first[0] / ".venv").iterdir()}
    assert not left & {"downloads", "unpacked", "uv"}
    assert not [*packages(first[0]).glob("uv*")]


def test_a_second_start_installs_nothing_and_does_not_even_ask_what_installs(whole: Path) -> None:
    installers = [*(whole / ".venv").glob("lib/*/site-packages/pip/__main__.py")]
    assert len(installers) == 1
    mark = whole / "pip was asked"
    installers[0].write_text(f"open({str(mark)!r}, 'w').close()")
    before = picture(whole / ".venv")
    done = start(whole)
    assert (done.returncode, done.stderr) == (7, "")
    assert picture(whole / ".venv") == before
    assert not mark.exists()


def test_a_second_start_needs_no_network_even_after_the_folder_was_moved(whole: Path) -> None:
    moved = whole.rename(whole.parent / "elsewhere")
    assert json.loads(start(moved, PIP_NO_INDEX=1).stdout)["file"] == str(
        moved / "alongside" / "surfaces" / "serve.py"
    )
    script = subprocess.run(
        [moved / ".venv/bin/alongside"], capture_output=True, text=True, check=False, cwd="/"
    )
    assert json.loads(script.stdout)["file"] == str(moved / "alongside" / "surfaces" / "serve.py")
    assert start(moved).stderr == ""


def test_what_changed_since_the_last_start_is_installed_once(whole: Path) -> None:
    log = (whole / ".venv" / "install.log").stat().st_size
    (whole / "pyproject.toml").write_text(PYPROJECT + "\n# changed\n")
    assert start(whole).stderr == "Getting ready: something has changed since the last start…\n"
    assert (whole / ".venv" / "install.log").stat().st_size > log
    assert installer(whole) == "pip"  # which needs no internet to see that nothing is missing
    assert start(whole).stderr == ""


@pytest.mark.parametrize("how", ["no stamp", "another Python", "a Python that is gone"])
def test_a_half_made_or_foreign_venv_is_made_anew(how: str, whole: Path) -> None:
    left_over = whole / ".venv" / "lib" / "left-over"
    left_over.write_text("from before")
    stamp = whole / ".venv" / "requirements.txt.stamp"
    if how == "no stamp":
        stamp.unlink()
    elif how == "another Python":
        stamp.write_text("\n".join(["cpython-310 linux-x86_64", *stamp.read_text().split("\n")[1:]]))
    else:
        python = whole / ".venv" / "bin" / "python"
        python.unlink()
        python.symlink_to("/nowhere/python3")
    assert start(whole).returncode == 7
    assert not left_over.exists()
    assert start(whole).stderr == ""


def test_ctrl_c_while_installing_is_one_quiet_line_and_the_next_start_repairs(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    (folder / "requirements.txt").write_text("never-comes==1\n")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/packages"
        running = subprocess.Popen(
            [BASE, folder / "start.py"],
            env=surroundings({"PIP_INDEX_URL": index}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        silent.accept()  # pip asks, and is not answered
        started = psutil.Process(running.pid).children(recursive=True)
        assert started
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, "")
    assert err.splitlines()[1:] == ["", "Stopped. Start again whenever you like."]
    assert not [one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert not (folder / ".venv" / "requirements.txt.stamp").exists()
    assert asked_of_uv(folder) == []  # pip was told of a registry of its own
    (folder / "requirements.txt").write_text("")
    assert start(folder).returncode == 7


def test_a_second_start_waits_for_the_first_one_and_takes_nothing_away_from_it(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    command, pipe = [BASE, str(folder / "start.py")], subprocess.PIPE
    ways = surroundings({"SPOIL": "requirements.txt", "HOW": "wait"})
    first = subprocess.Popen(command, env=ways, stderr=pipe, text=True, start_new_session=True)
    begun = folder / ".venv" / "downloads" / "uv" / "kept"
    limit = time.monotonic() + 300
    while not begun.exists():
        assert time.monotonic() < limit, "uv was never asked"
        time.sleep(0.05)
    second = subprocess.Popen(command, env=surroundings({}), stdout=pipe, stderr=pipe, text=True)
    try:
        assert second.stderr
        assert "another start is at work in this folder" in second.stderr.readline()
        assert begun.exists() and (packages(folder) / "half").exists() and first.poll() is None
        os.killpg(first.pid, signal.SIGINT)  # however the first one ends, the second goes on
        said, complaints = second.communicate(timeout=300)
        assert first.wait(60) == 130
        assert second.returncode == 7 and json.loads(said)["words"] == [], complaints
        assert not (packages(folder) / "half").exists()
    finally:
        for one in (first, second):
            one.kill()
            one.communicate()


def test_a_first_start_without_network_says_connect_once(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    for name in ("requirements.txt", "requirements-install.txt"):
        shutil.copy(ROOT / name, folder)
    done = start(folder, before=(), **NOBODY, PIP_RETRIES="1")
    assert "Connect once and start again; after that Alongside works offline." in sentence(done)
    assert "uv==" in (folder / ".venv" / "install.log").read_text()
    assert (
        "anyio" not in (folder / ".venv" / "install.log").read_text()
    )  # one look is enough, and is sooner said
    assert not (folder / ".venv" / "requirements.txt.stamp").exists()


@pytest.mark.nightly
def test_a_network_that_is_lost_while_uv_is_at_work_is_said_in_the_same_words(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    (folder / "requirements.txt").write_text("anyio==4.16.0\n")
    done = start(folder, before=(), **NOBODY, PIP_RETRIES="0")
    assert "Connect once and start again; after that Alongside works offline." in sentence(done)
    assert len(asked_of_uv(folder)) == 1
    assert not (folder / ".venv" / "requirements.txt.stamp").exists()


# With uv, or with pip: both ways end at the same place.

INDEX = "-".join(("index", "url"))  # no file of ours may look as if it named a registry
LOCAL = "file:///opt/some/packages file:///opt/more/packages"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TIMEOUT", "180", []),
        ("DISABLE_PIP_VERSION_CHECK", "1", []),
        ("EXTRA_INDEX_URL", LOCAL, [part for one in LOCAL.split() for part in ("--index", one)]),
        ("FIND_LINKS", "/opt/wheels", ["-f", "/opt/wheels"]),
        ("CONSTRAINT", "/etc/known.txt", ["-c", "/etc/known.txt"]),
        ("CERT", "/etc/ours.pem", ["--cert", "/etc/ours.pem"]),
        ("INDEX_URL", "https://packages.example/all", None),
        ("INDEX_URL", "file:///opt/some/packages", None),
        ("EXTRA_INDEX_URL", "file:///opt/some/packages https://packages.example/all", None),
        ("FIND_LINKS", "https://packages.example/wheels", None),
        ("FIND_LINKS", "file://server.example/wheels", None),
        ("CONSTRAINT", "https://packages.example/known.txt", None),
        ("NO_INDEX", "1", None),
        ("PROXY", "http://proxy.example:3128", None),
        ("CLIENT_CERT", "/etc/mine.pem", None),
        ("TRUSTED_HOST", "packages.example", None),
        ("A_SETTING_OF_TOMORROW", "1", None),
    ],
)
def test_uv_is_told_all_that_pip_was_told_or_it_is_not_used(
    name: str, value: str, words: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_of_nothing(monkeypatch)
    monkeypatch.setenv(f"PIP_{name}", value)
    assert START["told_to_pip"]() == words


def told_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("PIP_", "REQUESTS_", "CURL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[global]\n{INDEX} = https://packages.example/all\n", None),
        (f"[install]\n{INDEX} = https://packages.example/all\n", None),
        ("[install]\nno-binary = :all:\n", None),
        ("[global]\nconstraint = /weak\n[download]\nno-binary = :all:\n", ["-c", "/weak"]),
        ("[global]\nconstraint = /weak\n[install]\nconstraint = /strong\n", ["-c", "/strong"]),
        ("[global]\nthis is no setting\n", None),
    ],
)
def test_pips_own_files_of_settings_count_as_well(
    text: str, words: list[str] | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told_of_nothing(monkeypatch)
    (tmp_path / "pip.conf").write_text(text)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_CERT", "")  # stronger than what this computer's own files say
    assert START["told_to_pip"]() == words


def test_a_certificate_that_pip_finds_in_the_environment_is_told_to_uv(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told_of_nothing(monkeypatch)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ours.pem")
    assert START["told_to_pip"]() == ["--cert", "/etc/ours.pem"]


def test_a_proxy_of_the_system_is_left_to_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    told_of_nothing(monkeypatch)
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "http://proxy.example:3128"})
    assert START["told_to_pip"]() is None


def test_where_uv_is_not_to_be_had_pip_installs(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    wheel(folder, "uv", UV, fits="another_computer")
    (folder / "requirements-install.txt").write_text("./uv-1-py3-none-another_computer.whl\n")
    done = start(folder)
    assert (done.returncode, installer(folder), asked_of_uv(folder)) == (7, "pip", [])
    assert re.fullmatch(r"Getting ready: this first start takes .* MB…\n", done.stderr)


@pytest.mark.nightly  # the next one sees the same of the checks' packages
def test_what_uv_left_half_done_is_begun_anew_and_done_by_pip(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    done = start(folder, SPOIL="--no-deps", HOW="fail")
    assert (done.returncode, installer(folder), len(asked_of_uv(folder))) == (7, "pip", 2), done.stderr
    assert done.stderr.splitlines()[1:] == [
        "Getting ready: the quick way did not work. The other one takes a minute or two…"
    ]
    left_by_pip(folder)
    assert start(folder).stderr == ""


def test_the_same_where_uv_fails_at_what_the_checks_need(checked: Path) -> None:
    before = len(asked_of_uv(checked))
    done = start(
        checked, "test", "-x", SPOIL="requirements-test.txt", HOW="fail", ALONGSIDE_BROWSER="/bin/true"
    )
    assert (done.returncode, installer(checked)) == (0, "pip"), done.stderr
    assert len(asked_of_uv(checked)) == before + 1
    left_by_pip(checked)
    assert (packages(checked) / "checks").exists()


def left_by_pip(folder: Path) -> None:
    assert not (packages(folder) / "half").exists()
    left = {path.name for path in (folder / ".venv").iterdir()}
    assert not left & {"downloads", "unpacked", "uv", "uncompiled"}


@pytest.mark.parametrize(
    ("at", "how"),
    [
        ("requirements.txt", "Ctrl-C"),
        pytest.param("--no-deps", "killed", marks=pytest.mark.nightly),
    ],
)
def test_uv_ends_with_the_start_and_the_next_one_repairs_with_what_was_fetched(
    at: str, how: str, tmp_path: Path
) -> None:
    folder = stand_in(tmp_path / "lessons")
    running = subprocess.Popen(
        [BASE, folder / "start.py"],
        env=surroundings({"SPOIL": at, "HOW": "kill" if how == "killed" else "wait"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    started: list[psutil.Process] = []
    if how == "Ctrl-C":
        limit = time.monotonic() + 300
        while not (folder / ".venv" / "downloads" / "uv" / "kept").exists():
            assert time.monotonic() < limit, "uv was never asked"
            time.sleep(0.05)
        started = psutil.Process(running.pid).children(recursive=True)
        assert started
        os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=300)
    assert (running.returncode, out) == (130 if how == "Ctrl-C" else -signal.SIGKILL, "")
    if how == "Ctrl-C":
        assert err.splitlines()[1:] == ["", "Stopped. Start again whenever you like."]
    assert gone(started)
    done = start(folder)
    assert (done.returncode, installer(folder)) == (7, "uv"), done.stderr
    assert not (packages(folder) / "half").exists()
    assert asked_of_uv(folder)[-1]["kept"]
    assert not (folder / ".venv" / "downloads").exists()


def test_where_the_room_is_short_kept_downloads_go_before_a_full_disk_is_said(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    text = (folder / "start.py").read_text()
    (folder / "start.py").write_text(re.sub(r"(DISK_MB = .*), \d+", r"\1, 10**12", text))
    kept = folder / ".venv" / "downloads" / "uv"
    kept.mkdir(parents=True)
    assert sentence(start(folder)).startswith("The disk is full. Make room for about ")
    assert not kept.exists()


# Byte code, which pip makes and uv doesn't.


def compiled(path: Path) -> bool:
    return bool([*path.parent.glob(f"__pycache__/{path.stem}.*.pyc")])


def at_work(folder: Path) -> list[psutil.Process]:
    """What still makes byte code for this folder."""
    mark = str(folder / ".venv" / "uncompiled")
    return [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or ())]


@pytest.fixture
def uncompiled(whole: Path) -> Path:
    """A folder as uv leaves it, with three modules that are compiled last."""
    (whole / ".venv" / "uncompiled").touch()
    for name in ("zz1", "zz2", "zz3"):
        (packages(whole) / f"{name}.py").write_text("a = [1, 2, {3: 4}]\n")
    return whole


def test_byte_code_that_the_server_does_not_need_is_made_behind_it(uncompiled: Path) -> None:
    mark = uncompiled / ".venv" / "uncompiled"
    done = start(uncompiled, WAIT_GONE=mark, PYTHONDONTWRITEBYTECODE=1)
    assert (done.returncode, done.stderr) == (7, "")
    assert all(compiled(packages(uncompiled) / f"zz{number}.py") for number in (1, 2, 3))
    assert gone(at_work(uncompiled), seconds=30)
    assert start(uncompiled).returncode == 7
    assert not at_work(uncompiled)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_however_the_server_ends_byte_code_ends_with_it_and_no_file_is_left_half_written(
    number: int, uncompiled: Path
) -> None:
    (packages(uncompiled) / "zz2.py").write_text("a = [1, 2, {3: 4}]\n" * 30000)  # takes long
    running = subprocess.Popen(
        [BASE, uncompiled / "start.py"],
        env=surroundings({"WAIT_FOR": uncompiled / "never"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    limit = time.monotonic() + 300
    while not compiled(packages(uncompiled) / "zz1.py"):
        assert time.monotonic() < limit, "byte code was never made"
        time.sleep(0.01)
    assert at_work(uncompiled)
    os.killpg(running.pid, number)
    running.communicate(timeout=30)
    assert gone(at_work(uncompiled), seconds=60)
    assert compiled(packages(uncompiled) / "zz2.py")
    assert not compiled(packages(uncompiled) / "zz3.py")
    assert not [*packages(uncompiled).glob("__pycache__/*.pyc.*")]
    assert (uncompiled / ".venv" / "uncompiled").exists()  # so that the next start goes on


def test_for_the_checks_all_byte_code_is_made_before_they_begin(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    (folder / "pytest.py").write_text(CHECKS)
    done = start(folder, "test", "-x", ALONGSIDE_BROWSER="/bin/true", PYTHONDONTWRITEBYTECODE=1)
    assert done.returncode == 0, done.stderr
    locks = [one["words"] for one in asked_of_uv(folder) if "-r" in one["words"]]
    assert [words[-1].rpartition("/")[2] for words in locks] == ["requirements.txt", "requirements-test.txt"]
    assert all("--compile-bytecode" in words for words in locks)
    assert compiled(packages(folder) / "checks" / "__main__.py")
    assert not (folder / ".venv" / "uncompiled").exists()


def test_another_failure_of_pip_names_the_log(whole: Path) -> None:
    (whole / "pyproject.toml").write_text(PYPROJECT.replace("stand_in", "not_there"))
    done = start(whole)
    log = whole / ".venv" / "install.log"
    assert done.stderr.splitlines()[-1] == f"Installing did not work. The end of {log} says why."
    assert (done.returncode, done.stdout) == (2, "")
    assert "not_there" in log.read_text()


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 9, 18), (3, 6, 0)])
def test_a_python_that_is_too_old_hears_which_one_is_needed(version: tuple[int, int, int]) -> None:
    found = ".".join(map(str, version))
    assert f"needs Python 3.11 or newer, and this is Python {found}." in START["why_too_old"](version)


def test_a_python_that_is_new_enough_hears_nothing() -> None:
    assert [START["why_too_old"](version) for version in [(3, 11, 0), (3, 12, 1), (4, 0, 0)]] == [""] * 3


def test_an_old_python_can_read_start_py_to_its_end() -> None:
    ast.parse((ROOT / "start.py").read_text("utf-8"), feature_version=(3, 6))


def test_old_pythons_on_this_computer_say_one_sentence(tmp_path: Path) -> None:
    names = [f"python3.{minor}" for minor in range(6, 11)]
    old = [
        *filter(None, map(shutil.which, names)),
        *Path.home().glob(".pyenv/versions/3.[6-9].*/bin/python3"),
    ]
    works = [
        one
        for one in old
        if subprocess.run([one, "-c", ""], capture_output=True, check=False).returncode == 0
    ]
    if not works:
        pytest.skip("not run: no older Python here")
    for python in works:
        done = subprocess.run([python, ROOT / "start.py"], capture_output=True, text=True, check=False)
        assert "needs Python 3.11 or newer" in sentence(done)


@pytest.mark.parametrize(
    "words", [("--port", "many"), ("--port", "99999"), ("--prot", "9000"), ("labs",), ("lab", "test")]
)
def test_words_that_start_py_does_not_know_are_one_sentence_and_nothing_is_made(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    folder = stand_in(tmp_path / "lessons")
    said = sentence(start(folder, *words))
    if words[0] == "--port":
        assert said.startswith(f"A port is a number from 1 to 65535, not {words[1]}.")
    assert said and not (folder / ".venv").exists()


@pytest.mark.parametrize(
    ("what", "file"), [("check", "alongside/course/check.py"), ("live", "alongside/surfaces/live.py")]
)
def test_check_and_live_have_what_the_checks_need_and_become_a_program_of_the_package(
    what: str, file: str, whole: Path
) -> None:
    (whole / file).parent.mkdir(exist_ok=True)
    (whole / file).write_text(SERVES)
    (whole / "pyproject.toml").write_text(
        PYPROJECT + "\n"
    )  # so that this folder's package is the installed one
    done = start(whole, what, "05", "--port", "9000")
    assert done.returncode == 7, done.stderr
    assert json.loads(done.stdout)["words"] == ["05", "--port", "9000"]
    assert json.loads(done.stdout)["file"] == str(whole / file)
    assert (whole / ".venv/requirements-test.txt.stamp").is_file()
    assert start(whole, what, "05").stderr == ""
    assert "first: python3 start.py" in sentence(start(whole, "--no-browser", what))


@pytest.mark.parametrize("letters", ["POSIX", "C"])
def test_a_folder_with_any_letters_opens_where_the_system_is_set_to_letters_of_old(
    whole: Path, letters: str
) -> None:
    done = start(whole, "--no-browser", LC_ALL=letters)
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("11:30 training", "The way to this folder has a : in it"),
        ("our lessons ", "The name of this folder ends in a space"),
        ("our\nlessons", "The name of this folder ends in a space, or has a line break in it"),
    ],
)
def test_a_folder_whose_name_python_can_keep_no_packages_in_is_said_before_anything_is_made(
    tmp_path: Path, name: str, said: str
) -> None:
    folder = stand_in(tmp_path / name)
    assert sentence(start(folder)).startswith(said)
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("name", ["-lessons", "our 'best' \"lessons\"", "100 % #1 — 😀", "a  b;c&d\\e"])
def test_every_other_name_will_do(name: str) -> None:
    assert START["why_not_in"](Path("/home/ana", name)) == ""


def test_of_a_file_deep_in_the_folder_the_folder_itself_is_said() -> None:
    assert START["why_not_written"](PermissionError(13, "Permission denied", "x.py")).startswith(
        f"{ROOT}: Perm"
    )
    assert START["why_not_written"](PermissionError(13, "Permission denied", "/a/b")).startswith("/a/b: Perm")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    folder.chmod(0o555)
    said = sentence(start(folder, before=powerless()))
    folder.chmod(0o755)
    assert said.startswith(f"{folder / '.venv'}: Permission denied.")


def test_a_file_in_the_place_of_the_venv_is_said(tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    (folder / ".venv").write_text("mine")
    assert sentence(start(folder)).startswith(f"{folder / '.venv'}: File exists.")
    assert (folder / ".venv").read_text() == "mine"


def test_a_full_disk_is_said(whole: Path) -> None:
    log = whole / ".venv" / "install.log"
    log.unlink()
    log.symlink_to("/dev/full")  # every write there fails as on a full disk
    (whole / "pyproject.toml").write_text(PYPROJECT + "\n# changed\n")
    assert sentence(start(whole)).startswith("The disk is full. Make room for about ")


def test_a_full_disk_is_recognized_in_what_pip_writes_too() -> None:
    words = (
        f"ERROR: Could not install packages due to an OSError: [Errno {errno.ENOSPC}] No space left on device"
    )
    assert START["why_failed"](words).startswith("The disk is full.")


@pytest.fixture
def poor(tmp_path: Path) -> dict[str, Path]:
    """Surroundings in which Python has no ensurepip, as on a Debian without python3-venv."""
    library = Path(os.__file__).parent
    farm = tmp_path / "python" / library.relative_to(sys.base_prefix)
    farm.mkdir(parents=True)
    for entry in library.iterdir():
        if entry.name not in ("ensurepip", "__pycache__"):
            (farm / entry.name).symlink_to(entry)
    (tmp_path / "bin").mkdir()
    return {"PYTHONHOME": tmp_path / "python", "PATH": tmp_path / "bin", "farm": farm}


def test_without_ensurepip_the_package_to_install_is_named(poor: dict[str, Path], tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"sudo apt install {package}. Then start again." in sentence(start(folder, before=(), **poor))
    assert not (folder / ".venv").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root installs packages")
def test_root_on_debian_installs_it_and_says_so(poor: dict[str, Path], tmp_path: Path) -> None:
    folder = stand_in(tmp_path / "lessons")
    apt = poor["PATH"] / "apt-get"  # does what the real one does, as far as Python can see
    ensurepip = Path(os.__file__).parent / "ensurepip"
    apt.write_text(
        f'#!/bin/sh\ncase "$*" in *install*-venv) /bin/ln -s {ensurepip} {poor["farm"]}/ensurepip;; esac\n'
    )
    apt.chmod(0o755)
    done = start(folder, before=(), **poor)
    assert done.returncode == 7, done.stderr
    assert (
        f"Installing python{sys.version_info.major}.{sys.version_info.minor}-venv with apt-get…"
        in done.stderr
    )


@pytest.fixture
def checked(whole: Path) -> Path:
    """A whole folder with stand-ins for the checks, which write down how they were called."""
    for name in ("ruff", "basedpyright", "pytest", "playwright"):
        (whole / f"{name}.py").write_text(CHECKS)
    (whole.parent / "bin").mkdir()
    return whole


def browser(folder: Path, name: str, status: int = 0) -> Path:
    path = folder.parent / "bin" / name
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


def calls(folder: Path) -> list[str]:
    return (folder / "calls.txt").read_text().splitlines()


STYLE = ["ruff check .", "ruff format --check .", "basedpyright"]
NOTEBOOKS = ["pytest --nbval-lax notebooks", "pytest --nbval-lax exercises"]
PAGES = [*STYLE, "pytest -m browser and not served"]
REST = ["pytest -m not browser --ignore=tests/test_start.py", *NOTEBOOKS]
SERVED = ["pytest -m browser and served", "pytest tests/test_start.py"]
ALL = [*PAGES, *REST, *SERVED]


def outcomes(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return re.findall(r"^(.*): (FAILED|passed)", done.stdout, re.M)


def test_who_has_read_enough_is_told_nothing_more(checked: Path) -> None:
    assert start(checked, "test", "quick").returncode == 0  # what the checks need is there from now on
    for words in (["--help"], ["test", "quick"]):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "w") as nobody:
            done = subprocess.run(
                [BASE, str(checked / "start.py"), *words], env=surroundings({}), stdout=nobody,
                stderr=subprocess.PIPE, text=True, timeout=400, check=False,
            )  # fmt: skip
        assert (done.returncode, done.stderr) == (1, "")


def test_every_check_is_run_and_the_first_failure_is_the_exit_status(checked: Path) -> None:
    found = browser(checked, "chromium")
    done = start(checked, "test", PATH=found.parent, STATUS_ruff=3, STATUS_pytest=4)
    called = calls(checked)
    for lane in (PAGES, REST, SERVED):
        ours = [f"{one} {found}" for one in lane]
        assert [one for one in called if one in ours] == ours
    assert len(called) == len(ALL)
    assert done.returncode == 3
    assert outcomes(done) == [(one, "passed" if one == "basedpyright" else "FAILED") for one in ALL]


def test_pages_are_checked_beside_the_rest_and_each_lane_is_printed_whole(checked: Path) -> None:
    found = browser(checked, "chromium")
    done = start(checked, "test", PATH=found.parent, MEET=1)  # each lane's pytest waits for the others'
    assert done.returncode == 0, done.stdout
    said = re.findall(r"^(?:begin|end) (.*)$", done.stdout, re.M)
    assert said == [one for one in ALL for _ in ("begin", "end")]
    assert outcomes(done) == [(one, "passed") for one in ALL]
    assert "waited in vain" not in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_all_lanes_and_what_they_started(checked: Path, number: int) -> None:
    found = browser(checked, "chromium")
    running = subprocess.Popen(
        [BASE, checked / "start.py", "test"],
        env=surroundings({"PATH": found.parent, "HANG": 1}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    limit = time.monotonic() + 60
    while len(each := [*checked.glob("*.pids")]) < 3 or not all(one.read_text() for one in each):
        assert time.monotonic() < limit, "the lanes never began"
        time.sleep(0.05)
    everything = [psutil.Process(int(pid)) for one in each for pid in one.read_text().split()]
    os.killpg(running.pid, number)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130, out
    assert err.splitlines()[-2:] == ["", "Stopped. Start again whenever you like."]
    assert "Traceback" not in err
    assert gone(everything)
    # Each was told once: a second word while pytest puts things away would leave servers behind.
    assert sorted((checked / "interrupts.txt").read_text().split()) == ["pages", "rest", "served"]
    assert len([*checked.glob("*.tidied")]) == 3
    assert not [one for one in calls(checked) if "--nbval-lax" in one]


def test_quick_asks_for_no_browser_and_says_what_it_left_out(checked: Path) -> None:
    done = start(checked, "test", "quick", PATH=checked.parent / "bin", CI="true")
    assert sorted(calls(checked)) == sorted(f"{one} -" for one in [*STYLE, "pytest --quick"])
    assert done.returncode == 0
    assert re.search(r"Left out by quick: .*browser.*server.*kernel.*install", done.stdout)


#: What tests/engines.py says of a computer with two of the four engines.
ENGINES = """
print("firefox\\tFirefox\\tMozilla Firefox 153.8.0esr", "wpe\\tWPE WebKit\\t!the program cog is not here", sep="\\n")
print("chromium-109\\tChromium 109\\tChromium 109", "a line of something else", sep="\\n")
"""


@pytest.fixture
def engines(checked: Path) -> Path:
    (checked / "tests").mkdir()
    (checked / "tests" / "engines.py").write_text(ENGINES)
    return checked


def test_nightly_runs_the_engines_that_are_here_and_names_those_that_did_not_run(engines: Path) -> None:
    found = browser(engines, "chromium")
    done = start(engines, "test", "nightly", PATH=found.parent)
    here = [f"pytest --nightly -m engine -k {name}" for name in ("firefox", "chromium-109")]
    night = [re.sub("^pytest (?!--nbval)", "pytest --nightly ", one) for one in ALL]
    night = [
        re.sub("-m ((?:not )?browser(?: and (?:not )?served)?)", r"-m \1 and not engine", one)
        for one in night
    ]
    assert (
        sum("and not engine" in one for one in night) == 3
    )  # or an engine would run twice, and beside others
    night += here  # last, in the lane that is the shortest by day
    called = [one.removesuffix(f" {found}") for one in calls(engines)]
    assert sorted(called) == sorted(night)
    assert [one for one in called if one in here] == here  # one after the other
    assert done.returncode == 0
    assert outcomes(done) == [(one, "passed") for one in night]
    assert done.stdout.splitlines()[-5:] == [
        "pages in Firefox: the checks above ran in Mozilla Firefox 153.8.0esr",
        "pages in webkitgtk: NOT RUN, nothing could be said of it",
        "pages in WPE WebKit: NOT RUN, the program cog is not here",
        "pages in Chromium 109: the checks above ran in Chromium 109",
        "pages in Safari itself, on phones, with NVDA or with VoiceOver: NOT RUN, no check can open these",
    ]
    assert (engines / ".venv/requirements-nightly.txt.stamp").is_file()


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac's browsers are not on the PATH")
def test_without_chromium_the_other_engines_are_run_at_night_and_can_fail_it(engines: Path) -> None:
    found = engines.parent / "bin"
    done = start(engines, "test", "nightly", PATH=found, STATUS_playwright=1, STATUS_pytest=4)
    assert ("pytest --nightly -m engine -k firefox", "FAILED") in outcomes(done)
    assert done.returncode == 4
    assert not [one for one in calls(engines) if "-m browser and" in one]
    assert "checks in a browser: NOT RUN" in done.stdout


#: What isn't there in the next test: of two engines, of networks and of the screen reader.
MISSING = [
    "webkit2gtk-driver",
    "wpewebkit-driver",
    "cog",
    "iproute2",
    "orca",
    "dbus-x11",
    "openbox",
    "xdotool",
]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root installs packages")
def test_root_on_debian_gets_what_the_night_misses_and_by_day_nothing(engines: Path) -> None:
    apt = browser(engines, "apt-get")
    apt.write_text(f'#!/bin/sh\necho "$*" >> {apt.parent}/asked\n')
    for name in ("chromium", "firefox", "Xvfb"):
        browser(engines, name)
    assert start(engines, "test", "nightly", PATH=apt.parent).returncode == 0
    asked = [line for line in (apt.parent / "asked").read_text().splitlines() if "install" in line]
    assert asked == [f"-q -y install {name}" for name in MISSING]
    # And by day nothing is asked for, and nothing more is installed.
    (apt.parent / "asked").unlink()
    (engines / ".venv/requirements-nightly.txt.stamp").unlink()
    (engines / "calls.txt").unlink()
    assert start(engines, "test", PATH=apt.parent).returncode == 0
    assert not (apt.parent / "asked").exists()
    assert not (engines / ".venv/requirements-nightly.txt.stamp").exists()
    assert len(calls(engines)) == len(ALL)


def test_checks_that_pass_are_status_0_and_words_go_to_pytest_alone(checked: Path) -> None:
    found = browser(checked, "chromium")
    assert start(checked, "test", "-k", "survey", "-x", PATH=found.parent).returncode == 0
    assert calls(checked) == [f"pytest -k survey -x {found}"]


def test_a_browser_that_does_not_start_is_passed_over(checked: Path) -> None:
    browser(checked, "google-chrome", status=1)
    found = browser(checked, "chromium")
    assert start(checked, "test", "-x", PATH=found.parent).returncode == 0
    assert calls(checked) == [f"pytest -x {found}"]


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac's browsers are not on the PATH")
@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_a_browser_its_checks_are_said_to_be_not_run_and_ci_fails(
    ci: str, status: int, checked: Path
) -> None:
    done = start(checked, "test", "-x", PATH=checked.parent / "bin", CI=ci, STATUS_playwright=1)
    assert "checks in a browser: NOT RUN" in done.stdout
    assert done.returncode == status
    assert calls(checked) == ["playwright install chromium -", "pytest -m not browser -x "]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root installs packages")
def test_root_on_debian_gets_chromium(checked: Path) -> None:
    apt = browser(checked, "apt-get")  # does what the real one does, as far as start.py can see
    found = apt.parent / "chromium"
    apt.write_text(f'#!/bin/sh\ncase "$*" in *"install chromium") /bin/ln -s /bin/true {found};; esac\n')
    assert start(checked, "test", "-x", PATH=apt.parent).returncode == 0
    assert calls(checked) == [f"pytest -x {found}"]


# The server itself, from the environment that runs this test.


class Lessons:
    """The lessons as start.py opens them, with a home folder of their own."""

    def __init__(self, home: Path, *words: str) -> None:
        port = str(free_port())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "alongside.surfaces.serve", "--no-browser", "--port", port, *words],
            cwd=ROOT,
            env=surroundings({"HOME": home, "TMPDIR": home}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.line = self.process.stdout.readline()
        found = re.search(r"http://\S+", self.line)
        assert found, self.process.communicate()
        self.address = found[0]
        self.started = self.running()

    def running(self) -> list[psutil.Process]:
        """The server, and what it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def ended(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


def gone(processes: list[psutil.Process], seconds: float = 3) -> bool:
    limit = time.monotonic() + seconds
    while [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def lessons(tmp_path: Path) -> Iterator[Callable[..., Lessons]]:
    opened: list[Lessons] = []

    def open_them(*words: str) -> Lessons:
        opened.append(Lessons(tmp_path, *words))
        return opened[-1]

    yield open_them
    for one in opened:
        for process in [*one.started, one.process]:
            if process.is_running() if isinstance(process, psutil.Process) else process.poll() is None:
                process.kill()


def start_kernel(running: Lessons) -> None:
    """As JupyterLab does, and a page that runs code of its own. A lesson of activities needs none."""
    address, _, token = running.address.partition("?token=")
    request = urllib.request.Request(
        f"{address.partition('/voila/')[0]}/api/kernels",
        method="POST",
        headers={"Authorization": f"token {token}"},
    )
    urllib.request.urlopen(request, timeout=60).close()


def test_the_lessons_open_at_one_address_and_ctrl_c_leaves_nothing(
    lessons: Callable[..., Lessons], tmp_path: Path
) -> None:
    running = lessons()
    assert "/voila/render/index.ipynb?token=" in running.address
    with urllib.request.urlopen(running.address, timeout=60) as page:
        assert page.status == 200
        assert b"</html>" in page.read()
    start_kernel(running)
    everything = running.running()
    server, kernel = everything[0], everything[1:]
    assert kernel
    token = running.address.partition("token=")[2]
    assert len(token) >= 32
    assert token not in str([one.cmdline() for one in everything])
    listens = [one.laddr.ip for one in server.net_connections() if one.status == psutil.CONN_LISTEN]
    assert set(listens) == {"127.0.0.1"}
    running.process.send_signal(signal.SIGINT)
    assert running.ended() == (0, "", "")
    assert gone(everything)
    assert list(tmp_path.iterdir()) == []  # nothing was written into the home folder, and no scratch is left


def test_each_run_has_a_key_of_its_own_and_without_it_nothing_is_shown(
    lessons: Callable[..., Lessons],
) -> None:
    running = lessons("lab")
    assert "/lab/tree/notebooks/00-start-here.ipynb?token=" in running.address
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(running.address.replace("/lab/tree/", "/api/contents/")[:-1], timeout=10)
    with urllib.request.urlopen(running.address, timeout=10) as page:
        assert page.status == 200
    running.process.send_signal(signal.SIGTERM)
    assert running.ended()[0] == 0
    assert gone(running.started)


def test_a_closed_terminal_ends_even_a_server_that_does_not_listen(
    lessons: Callable[..., Lessons], tmp_path: Path
) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup, it would be started deaf for this
    try:
        running = lessons()
    finally:
        signal.signal(signal.SIGHUP, before)
    start_kernel(running)
    server, *kernels = everything = running.running()
    assert kernels
    server.suspend()
    running.process.send_signal(signal.SIGHUP)
    assert running.ended() == (0, "", "")
    assert gone(everything)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_stops_by_itself_is_said(lessons: Callable[..., Lessons]) -> None:
    running = lessons()
    running.started[0].kill()
    status, _, said = running.ended()
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith("The lessons' server stopped by itself.")


def test_the_server_ends_even_when_what_started_it_is_killed(lessons: Callable[..., Lessons]) -> None:
    running = lessons()
    running.process.kill()
    assert gone(running.started, seconds=20)


def test_a_port_that_is_taken_is_said_and_no_other_is_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "alongside.surfaces.serve", "--no-browser", "--port", str(port)],
            cwd=ROOT,
            env=surroundings({"HOME": tmp_path}),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    said = sentence(done)
    assert said.startswith(f"Port {port} is taken.")
    assert "--port" in said


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """The real lessons with the environment that runs this test, as if both had been moved to another folder."""
    folder, old = tmp_path / "our léssons", Path(sys.prefix)
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    venv = folder / ".venv"
    # What an install replaces may be the same file in both places, and what is written into must not be.
    shutil.copytree(
        old, venv, symlinks=True, copy_function=os.link, ignore=shutil.ignore_patterns("bin", "*.stamp")
    )
    shutil.copytree(old / "bin", venv / "bin", symlinks=True)
    for log in venv.glob("*.log"):
        log.unlink()
    stamp = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}\n{old.parent}\nof another place"
    (venv / "requirements.txt.stamp").write_text(stamp, "utf-8")
    return folder


def test_the_real_lessons_start_offline_after_their_folder_was_moved(moved: Path) -> None:
    before = picture(Path(sys.prefix))
    said = open_and_end(moved, PIP_NO_INDEX="1")
    assert said.startswith("Getting ready: something has changed since the last start…")
    assert open_and_end(moved, PIP_NO_INDEX="1") == ""
    assert picture(Path(sys.prefix)) == before


def open_and_end(folder: Path, **more: str) -> str:
    """Start the lessons, open the first page, end them; gives what was said on the way."""
    running = subprocess.Popen(
        [BASE, folder / "start.py", "--no-browser", "--port", str(free_port())],
        env={**surroundings({}), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    line = running.stdout.readline()
    assert "http" in line, running.communicate()
    with urllib.request.urlopen(line.split()[-1], timeout=60) as page:
        assert page.status == 200
        assert b"05-share-power" in page.read()
    lesson = line.split()[-1].replace("/index.ipynb", "/notebooks/05-share-power.ipynb")
    with urllib.request.urlopen(lesson, timeout=60) as page:
        assert b'data-activity="' in page.read()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 0
    return said


@pytest.mark.nightly
def test_the_real_lessons_start_on_a_fresh_computer(tmp_path: Path) -> None:
    """By day, CI's own start installs all of it, and the test before this one starts it elsewhere."""
    folder, home = tmp_path / "our léssons", tmp_path / "home"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    home.mkdir()
    port = str(free_port())
    uncompiled = folder / ".venv" / "uncompiled"
    for offline in ({}, {"PIP_NO_INDEX": "1", "HTTPS_PROXY": f"http://127.0.0.1:{free_port()}"}):
        running = subprocess.Popen(
            [BASE, folder / "start.py", "--no-browser", "--port", port],
            env={**surroundings({}), "HOME": str(home), "PATH": os.defpath, **offline},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert running.stdout
        address = running.stdout.readline().split()[-1]
        before = {path for path in packages(folder).rglob("*.py") if compiled(path)}
        with urllib.request.urlopen(address, timeout=60) as page:
            assert page.status == 200
        limit = time.monotonic() + 300
        while uncompiled.exists() and offline:
            assert time.monotonic() < limit, "byte code was never all made"
            time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
        assert gone(at_work(folder), seconds=30)
        assert len(before) > 1000  # what the server imports was compiled by the time the address was printed
    assert installer(folder) == "uv"
    assert not [*folder.rglob("*.pyc.*")]
    assert [*home.iterdir()] == []
    used = sum(path.lstat().st_size for path in (folder / ".venv").rglob("*"))
    assert used < START["DISK_MB"] * 1000000  # what start.py asks for before it begins
