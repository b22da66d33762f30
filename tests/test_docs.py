"""The tables of README and CONTRIBUTING are contracts: each command and each file of the package stands in them."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import yaml

from alongside import cli

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "alongside"
OPTION = re.compile(r"--[a-z][a-z-]*")


def table(file: str, heading: str) -> list[list[str]]:
    """The rows of the tables below a heading, each as its cells, without the heads."""
    text = (ROOT / file).read_text(encoding="utf-8")
    level = heading.split(" ")[0]
    section = text.partition(f"\n{heading}\n")[2]
    section = re.split(rf"^#{{1,{len(level)}}} ", section, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for number, row in enumerate(rows) if not _is_head(lines, number)]


def _is_head(lines: list[str], number: int) -> bool:
    rule = re.compile(r"\|(\s*-+\s*\|)+")
    return bool(rule.fullmatch(lines[number])) or (
        number + 1 < len(lines) and bool(rule.fullmatch(lines[number + 1]))
    )


# --- commands ------------------------------------------------------------------------------------------


def options(parser: argparse.ArgumentParser) -> frozenset[str]:
    given = (name for action in parser._actions for name in action.option_strings)
    return frozenset(name for name in given if name.startswith("--")) - {"--help"}


def commands_of(
    parser: argparse.ArgumentParser, name: str = "alongside"
) -> Iterator[tuple[str, frozenset[str]]]:
    """Each command of a parser, with its options."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield name, options(parser)
    for action in inner:
        for word, below in action.choices.items():
            yield from commands_of(below, f"{name} {word}")


def help_of(*command: str) -> str:
    shown = subprocess.run(
        [sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return shown.stdout


def commands_of_start() -> dict[str, frozenset[str]]:
    """What start.py does, as its own help says."""
    text = help_of("start.py")
    names = set(re.findall(r"^ +python3 start\.py(?: ([a-z]+))?", text, re.MULTILINE))
    assert {"", "lab", "test"} <= names
    offered = re.search(r"\{([a-z,]+)\}", text)
    assert offered and set(offered[1].split(",")) == names - {""}
    own = frozenset(OPTION.findall(text)) - {"--help"}
    theirs = {
        "check": frozenset(OPTION.findall(help_of("-m", "alongside.course.check"))) - {"--help"},
        "live": frozenset(OPTION.findall(help_of("-m", "alongside.surfaces.live"))) - {"--help"},
        "shots": frozenset(OPTION.findall(help_of("-m", "alongside.surfaces.shots"))) - {"--help"},
        "test": frozenset[str](),
    }
    return {f"python3 start.py {name}".strip(): theirs.get(name, own) for name in names}


def told(row: list[str]) -> tuple[str, frozenset[str]]:
    """The command that a row is about, and its options."""
    code = re.search(r"`([^`]+)`", row[0])
    assert code, row
    words = [
        word
        for word in code[1].replace("[", " ").replace("]", " ").split()
        if re.fullmatch(r"[a-z0-9.]+", word)
    ]
    words = [word for word in words if not word.isdecimal()]
    return " ".join(words), frozenset(OPTION.findall(code[1]))


def test_the_readme_tells_every_command_with_its_options_and_no_other() -> None:
    there = dict(commands_of(cli._parser())) | commands_of_start()
    assert len(there) >= 10
    rows = [told(row) for row in table("README.md", "## All commands")]
    assert len({name for name, _ in rows}) == len(rows), "a command stands in two rows"
    assert dict(rows) == there


# --- workflows -----------------------------------------------------------------------------------------


def test_each_workflow_runs_what_is_here_and_says_that_nobody_has_run_it_there() -> None:
    """Its syntax was checked against the host's schema, which is no part of this folder."""
    files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert len(files) >= 3
    for file in files:
        text = file.read_text("utf-8")
        assert "it has not been run there" in text, file.name
        jobs = yaml.safe_load(text)["jobs"]
        steps = [step for job in jobs.values() for step in job["steps"]]
        assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", one["uses"]) for one in steps if "uses" in one)
        assert all(job["timeout-minutes"] for job in jobs.values())
        for words in [one["run"].split() for one in steps if "run" in one]:
            known = words[0] == "pip" or (ROOT / words[0]).is_file()
            assert known or " ".join(words[:2]) in dict(commands_of(cli._parser())), (file.name, words)


def test_what_the_workflow_of_the_site_puts_up_is_what_it_made() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8"))
    build, deploy = workflow["jobs"]["build"]["steps"], workflow["jobs"]["deploy"]
    (made,) = [one["run"].split()[-1] for one in build if "alongside site" in one.get("run", "")]
    (put_up,) = [one["with"]["path"] for one in build if "upload-pages" in one.get("uses", "")]
    assert made == put_up
    # Only the job that puts them up may write, and nothing but the pages; and it is begun by hand alone.
    assert workflow["permissions"] == {"contents": "read"}
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert list(workflow[True]) == ["workflow_dispatch"]  # YAML takes "on" for true


# --- files ---------------------------------------------------------------------------------------------

#: What is made of text that somebody edits.
EDITED = {".py", ".js", ".css", ".j2", ".html", ".yml"}


def named(row: list[str]) -> list[Path]:
    """The files and folders that a row names. A name alone lies in the folder that the row named before."""
    paths: list[Path] = []
    folder = PurePosixPath()
    for name in re.findall(r"`([^`]+)`", row[1]):
        if not re.fullmatch(r"[\w./-]+", name) or "." not in name + "." * name.endswith("/"):
            continue  # a command, or a word
        path = PurePosixPath(name)
        if "/" in name:
            folder = path if name.endswith("/") else path.parent
        elif not (ROOT / path).exists():
            path = folder / path
        paths.append(ROOT / path)
    return paths


ROWS = table("CONTRIBUTING.md", "### For authors") + table("CONTRIBUTING.md", "### For engineers")


def test_every_file_that_the_tables_of_contributing_name_is_there() -> None:
    assert len(ROWS) > 20
    for row in ROWS:
        assert named(row), f"{row[0]}: no file is named"
        for path in named(row):
            assert path.exists(), f"{row[0]}: {path.relative_to(ROOT)} is not there"


def test_every_file_of_the_package_is_edited_for_exactly_one_reason() -> None:
    files = [path for path in PACKAGE.rglob("*") if path.suffix in EDITED and "__pycache__" not in path.parts]
    assert len(files) > 60
    rows = table("CONTRIBUTING.md", "### For engineers")
    for file in files:
        reasons = _reasons(file, rows)
        assert len(reasons) == 1, f"{file.relative_to(ROOT)}: {reasons or 'no row names it'}"


def _reasons(file: Path, rows: list[list[str]]) -> list[str]:
    """The rows that name a file, or else the nearest folder around it."""
    for place in (file, *file.parents):
        if found := [row[0] for row in rows if place in named(row)]:
            return found
        if place == PACKAGE:
            break
    return []


def test_a_row_is_read_as_a_person_reads_it() -> None:
    row = [
        "x",
        "`alongside/survey/files.py`, `exports.py`; walls in `responses.py`; then run `alongside pictures`",
    ]
    assert [path.name for path in named(row)] == ["files.py", "exports.py", "responses.py"]
    assert all(path.parent == PACKAGE / "survey" for path in named(row))
    assert told(["`python3 start.py live [05] [--port N]`", ""]) == (
        "python3 start.py live",
        frozenset({"--port"}),
    )
