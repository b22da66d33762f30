"""What is handed to people as a release: a wheel that brings the whole course along, and one version said everywhere.

By day the wheel is built, unpacked beside this environment's packages, and opened. At night it is installed into a bare
environment, as somebody else would do it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, free_port
from test_docs import commands_of

from alongside import cli
from alongside.course.own import FILES, files_of

CURRICULUM = "alongside/curriculum"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
VERSION = PYPROJECT["project"]["version"]
#: What may lie in a working copy and is nobody else's: answers, a survey's memory, what a run left.
PRIVATE = (
    "notebooks/answers.csv",
    "notebooks/surveys/our-survey.yml",
    "notebooks/.ipynb_checkpoints/05-share-power-checkpoint.ipynb",
    "exercises/who-came.xlsx",
    "data/export.csv",
    "data/survey-staff.released.json",
    "data/practice/real-answers.csv",
    "alongside/__pycache__/cli.cpython-311.pyc",
)


def tracked(*folders: str) -> set[str]:
    """The files of these folders that the project keeps."""
    listed = subprocess.run(["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not run: this is no clone, so nobody can say which files the project keeps")
    # One that was just taken away is still listed.
    return {name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a working copy in which more lies than should be handed on."""
    place = tmp_path_factory.mktemp("wheel")
    copy = place / "our léssons"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", ".*cache", "__pycache__"))
    for name in PRIVATE:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("a person's own words")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    to = wheel.parent / "packages"
    zipfile.ZipFile(wheel).extractall(to)
    return to


def test_the_wheel_holds_every_file_of_the_package_and_of_the_course_and_no_other(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    assert wheel.name == f"alongside-{VERSION}-py3-none-any.whl"
    course = {f"{CURRICULUM}/{name}" for name in tracked("data", "exercises", "notebooks")}
    info = f"alongside-{VERSION}.dist-info"
    about = {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
        "licenses/LICENSE-prose.md",
    }
    switch = "etc/jupyter/jupyter_server_config.d/alongside.json"
    more = {f"{info}/{name}" for name in about} | {f"alongside-{VERSION}.data/data/{switch}"}
    package = tracked("alongside")
    assert len(course) > 90 and len(package) > 140
    assert names - package - course - more == set()
    assert package | course | more <= names


def test_the_wheel_says_nothing_of_the_computer_that_built_it_and_of_nobodys_words(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            data = packed.read(name)
            assert b"a person's own words" not in data, name
            for word in (str(wheel.parent), str(ROOT), str(Path.home() / "x")[:-1]):
                assert len(word) < 5 or word.encode() not in data, f"{name}: {word}"


def test_what_is_built_is_what_a_folder_of_ones_own_gets() -> None:
    built = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert sorted(built["include"]) == sorted(["/alongside", *(f"/{one}" for one in FILES)])
    assert set(files_of(ROOT)) >= tracked("data", "exercises", "notebooks")


def alongside(
    at: Path, *words: str, packages: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "alongside.cli", *words],
        cwd=at,
        env=surroundings(packages, more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def surroundings(packages: Path | None, more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ALONGSIDE"))}
    return {**kept, **({"PYTHONPATH": str(packages)} if packages else {}), **more}


def tree(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@contextmanager
def opened(command: list[str], at: Path, env: dict[str, str]) -> Iterator[str]:
    """Open the lessons; gives their address. Ctrl-C ends them, and they say nothing more."""
    running = subprocess.Popen(
        [*command, "open", "--no-browser", "--port", str(free_port())],
        cwd=at,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout and running.stderr
        line = running.stdout.readline()
        assert "http://127.0.0.1:" in line, running.stderr.read()
        yield line.split()[-1]
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert (running.returncode, out) == (0, ""), err
        assert err.startswith("The lessons are in ") and err.count("\n") == 1
    finally:
        running.kill()
        running.wait()


def page_at(address: str, name: str) -> str:
    with urllib.request.urlopen(address.replace("/index.ipynb", f"/{name}.ipynb"), timeout=180) as page:
        return page.read().decode()


@pytest.mark.slow
def test_the_wheel_opens_the_lessons_from_a_folder_of_ones_own_and_never_writes_where_it_lies(
    unpacked: Path, tmp_path: Path
) -> None:
    before = tree(unpacked)
    env = surroundings(unpacked, {"HOME": str(tmp_path / "home")})
    with opened([sys.executable, "-P", "-m", "alongside.cli"], tmp_path, env) as address:
        assert "05-share-power" in page_at(address, "index")
        assert 'data-activity="' in page_at(address, "notebooks/05-share-power")
    course = tmp_path / "alongside-course"
    assert set(files_of(course)) == set(files_of(unpacked / CURRICULUM))
    # What somebody writes there is on the next page, and in each command that is given there.
    here = course / "data" / "here.yml"
    here.write_text(
        re.sub(r"(?m)^someone_to_talk_to:.*$", 'someone_to_talk_to: "The kettle crew"', here.read_text())
    )
    assert "The kettle crew" in here.read_text()
    with opened([sys.executable, "-P", "-m", "alongside.cli"], course / "notebooks", env) as address:
        assert "The kettle crew" in page_at(address, "notebooks/05-share-power")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "alongside-course"
    ]  # no home was written into
    assert tree(unpacked) == before


@pytest.mark.slow
@pytest.mark.parametrize("command", ["pictures", "scripts"])
def test_what_changes_the_course_is_refused_where_it_would_change_what_was_installed(
    command: str, unpacked: Path, tmp_path: Path
) -> None:
    before = tree(unpacked)
    done = alongside(tmp_path, command, packages=unpacked)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("What was installed is not changed.")
    assert tree(unpacked) == before


def a_room(program: str, at: Path, env: dict[str, str]) -> None:
    """A room opens from the wheel, and its page has the question."""
    questions = at / "questions.yml"
    asked = {"id": "ready", "kind": "choose", "text": "Are we ready?", "options": ["Yes", "Not yet"]}
    questions.write_text(json.dumps({"title": "A room", "questions": [asked]}))
    port = free_port()
    words = [program, "room", str(questions), "--host", "127.0.0.1", "--port", str(port)]
    running = subprocess.Popen(
        words, cwd=at, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(300):
            assert running.poll() is None, running.communicate()[1]
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                assert page.status == 200
                return
            time.sleep(0.2)
        raise AssertionError("no page of the room came")
    finally:
        running.kill()
        running.communicate()


@pytest.mark.nightly
@pytest.mark.slow
def test_in_a_bare_environment_the_wheel_alone_does_all_that_the_folder_of_the_project_does(
    wheel: Path, tmp_path: Path
) -> None:
    bare, at = tmp_path / "lessons", tmp_path / "a person's folder"
    at.mkdir()
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-m", "venv", bare], check=True)
    uv = [sys.executable, "-m", "uv", "pip"]
    subprocess.run([*uv, "install", "--quiet", "--python", bare / "bin" / "python", wheel], check=True)
    subprocess.run([*uv, "check", "--python", bare / "bin" / "python"], check=True)
    program = str(bare / "bin" / "alongside")
    (installed,) = bare.glob("lib/*/site-packages/alongside")
    before, env = tree(installed), surroundings(None, {"HOME": str(tmp_path / "home")})

    def run(*words: str) -> None:
        done = subprocess.run([program, *words], cwd=at, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stderr)

    with opened([program], at, env) as address:
        assert 'data-activity="' in page_at(address, "notebooks/05-share-power")
        assert "voila" in page_at(address, "notebooks/21-survey-read")  # it was run in a kernel
        assert "Practice" in page_at(address, "notebooks/21-survey-read")
    at = at / "alongside-course"
    codebook = ("--codebook", "data/practice/codebook-60-people-spring.yml")
    spring = ("data/practice/invented-60-people-spring.csv", *codebook)
    #: Each command that ends by itself, as somebody gives it in a folder of their own; and what is there afterwards.
    does = {
        ("site",): (("--to", "../site"), "site/05-share-power.html"),
        ("pictures",): ((), ""),
        ("print",): (("--to", "../paper", "--lesson", "05-share-power"), "paper/letter"),
        ("survey", "form"): ((*codebook, "--to", "../form"), "form"),
        ("survey", "draft"): (
            ("data/practice/invented-60-people-fall.csv", "--to", "../ours.yml"),
            "ours.yml",
        ),
        ("survey", "check"): (spring, ""),
        ("survey", "report"): ((*spring, "--to", "../report"), "report/report.html"),
    }
    #: Tried in other ways: in this test, by asking in a terminal, or refused where there is only a wheel.
    otherwise = {
        ("open",),
        ("course",),
        ("scripts",),
        ("survey", "write"),
        ("survey", "withdraw"),
        ("survey", "compare"),
    }
    commands = {tuple(name.split()[1:]) for name, _ in commands_of(cli._parser())}
    assert commands <= {*does, *otherwise, ("room",)}, "how is the new command tried from the wheel?"
    for command in sorted(commands):
        run(*command, "--help")
        if command in does:
            words, made = does[command]
            run(*command, *words)
            assert (at.parent / made).exists()
    if ("room",) in commands:
        a_room(program, at, env)
    assert tree(installed) == before
    # matplotlib alone keeps something there: which fonts this computer has.
    left = [path.name for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [name for name in left if not name.startswith("fontlist-v")] == []


# ---- A folder of one's own


@pytest.fixture
def brings(tmp_path: Path) -> Path:
    """A small course that folders are made of, as if a package brought it."""
    folder = tmp_path / "brings"
    for name, text in {
        "notebooks/00-start-here.ipynb": "first",
        "data/here.yml": "empty",
        "data/old.yml": "old",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def bring(brings: Path, to: str = "own") -> subprocess.CompletedProcess[str]:
    return alongside(brings.parent, "course", "--to", to, ALONGSIDE_COURSE=str(brings))


def test_a_folder_of_ones_own_is_renewed_and_what_somebody_changed_stays(
    brings: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / ".DS_Store").write_text("a Mac's, where somebody looked at the empty folder")
    (brings / "notebooks" / "._00-start-here.ipynb").write_text(
        "a Mac's, where somebody copied it to a stick"
    )
    (brings / "notebooks" / "answers.csv").write_text("a person's own words")
    assert bring(brings).returncode == 0
    assert not (own / "notebooks" / "answers.csv").exists()
    (own / "data" / "here.yml").write_text("who listens")
    (own / "notebooks" / "mine.ipynb").write_text("a lesson of mine")
    (brings / "notebooks" / "00-start-here.ipynb").write_text("first, renewed")
    (brings / "data" / "here.yml").write_text("empty, with one more line")
    (brings / "data" / "new.yml").write_text("new")
    (brings / "data" / "old.yml").unlink()
    done = bring(brings)
    assert done.returncode == 0 and "(1 file): data/here.yml" in done.stdout
    del (now := tree(own))[".alongside-course.json"], now[".DS_Store"]
    assert now == {
        "notebooks/00-start-here.ipynb": b"first, renewed",
        "notebooks/mine.ipynb": b"a lesson of mine",
        "data/here.yml": b"who listens",
        "data/new.yml": b"new",
    }
    assert bring(brings).stdout == done.stdout  # it stays theirs


def test_a_folder_that_was_left_half_made_is_made_whole(brings: Path, tmp_path: Path) -> None:
    assert bring(brings).returncode == 0
    own = tmp_path / "own"
    mark = json.loads((own / ".alongside-course.json").read_text())
    # As if the power had failed on the way to the next one: the mark knows both, and some files are of before.
    (brings / "data" / "here.yml").write_text("renewed")
    (own / "notebooks" / "00-start-here.ipynb").unlink()
    (own / ".alongside-course.json").write_text(json.dumps(mark))
    assert bring(brings).returncode == 0
    assert (own / "data" / "here.yml").read_text() == "renewed"
    assert (own / "notebooks" / "00-start-here.ipynb").read_text() == "first"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_strangers_folder_is_not_taken_for_ones_own(brings: Path, tmp_path: Path) -> None:
    """Whoever can write beside others, as in a folder for passing things, could else have their notebooks run."""
    assert bring(brings).returncode == 0
    own = tmp_path / "own"
    told = "import alongside.course.place as place; print(place.ROOT)"
    for owner, root in ((0, own), (12345, ROOT)):
        os.chown(own / ".alongside-course.json", owner, -1)
        done = subprocess.run(
            [sys.executable, "-P", "-c", told],
            cwd=own / "data",
            env=surroundings(None, {}),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(root)


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ("a letter", "holds other things, such as letter.txt"),
        ("a file", "is a file, and a folder was expected"),
        ("a broken mark", "can't be read"),
        ("no course", "No lessons are in"),
    ],
)
def test_a_folder_that_is_no_course_of_ours_is_left_alone_and_said_in_one_sentence(
    there: str, says: str, brings: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    if there == "a file":
        own.write_text("mine")
    elif there == "no course":
        shutil.rmtree(brings / "notebooks")
        shutil.rmtree(brings / "data")
    else:
        own.mkdir()
        (own / ("letter.txt" if there == "a letter" else ".alongside-course.json")).write_text("[mine")
    before = tree(tmp_path)
    done = bring(brings)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr
    assert tree(tmp_path) == before


# ---- One version


def test_one_version_is_said_everywhere() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert version("alongside") == VERSION, "install the package again: pip install -e ."
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == VERSION
    newest = re.search(
        r"(?m)^## \[(.+?)\] - (unreleased|\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text("utf-8")
    )
    assert newest and newest[1] == VERSION
    said = alongside(ROOT, "--version")
    assert (said.returncode, said.stdout) == (0, f"alongside {VERSION}\n")


def test_nobody_is_led_to_a_strangers_package() -> None:
    """Until somebody publishes it, the name alone could be anybody's."""
    for name in tracked("*.md", "alongside/words", "deploy"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.findall(
            r"(?:pipx? (?:run|install)|uvx|uv tool (?:run|install))(?: -\S+)* alongside(?![\w-]*\.whl)", text
        ), name


# ---- How people tell us of something

FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
#: What GitHub's documentation says of a form: of each kind of element, which attributes it must and may have.
ELEMENTS = {
    "markdown": ({"value"}, set()),
    "input": ({"label"}, {"description", "placeholder", "value"}),
    "textarea": ({"label"}, {"description", "placeholder", "value", "render"}),
    "dropdown": ({"label", "options"}, {"description", "multiple", "default"}),
    "checkboxes": ({"label", "options"}, {"description"}),
}


@pytest.mark.parametrize(
    "path", [path for path in FORMS if path.name != "config.yml"], ids=lambda path: path.stem
)
def test_a_form_for_issues_has_the_shape_that_github_reads(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    assert (
        {"name", "description", "body"} <= form.keys() <= {"name", "description", "body", "title", "labels"}
    )
    assert all(isinstance(form[name], str) and form[name].strip() for name in ("name", "description"))
    asked = [element for element in form["body"] if element["type"] != "markdown"]
    assert asked, "a form has to ask something"
    for element in form["body"]:
        must, may = ELEMENTS[element["type"]]
        assert must <= element["attributes"].keys() <= must | may, element
        assert element.keys() <= {"type", "id", "attributes", "validations"}
        assert element.get("validations", {}).keys() <= {"required"}
    names = [element["id"] for element in asked]
    labels = [element["attributes"]["label"] for element in asked]
    assert len(set(names)) == len(names) and all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert len(set(labels)) == len(labels)
    for element in asked:
        options = element["attributes"].get("options", [])
        said = [one["label"] if element["type"] == "checkboxes" else one for one in options]
        assert all(isinstance(one, str) and one.strip() for one in said) and len(set(said)) == len(said)
        assert "None" not in said  # GitHub adds that one by itself
    told = " ".join(one["attributes"]["value"] for one in form["body"] if one["type"] == "markdown")
    assert "Everybody can read this" in told, "an issue is public, and whoever writes one is told so first"


def test_there_is_a_form_for_authors_and_one_for_engineers_and_a_private_way() -> None:
    assert {path.stem for path in FORMS} == {"lesson", "code", "config"}
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "Report a vulnerability" in told
    assert not re.findall(r"[\w.+-]+@[\w-]+\.\w+", told), "no address that nobody has chosen"
    assert "SECURITY.md" in (ROOT / ".github/ISSUE_TEMPLATE/code.yml").read_text("utf-8")
