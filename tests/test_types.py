"""The scripts' types, as their comments say them, are checked: strictly in the files listed here, loosely in all. And
the linter's rules of ``deno.json``."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from deno import find_deno_bin

#: Every parameter has a type, and nothing may be missing unless it was looked at. This list only grows.
STRICT = {
    "after.js",
    "answers.js",
    "ask.js",
    "asleep.js",
    "been.js",
    "calendar.js",
    "clock.js",
    "dom.js",
    "exit.js",
    "fit.js",
    "gate.js",
    "groups.js",
    "kept-copy.js",
    "kinds.js",
    "lab.js",
    "main.js",
    "offline.js",
    "plan-link.js",
    "reading.js",
    "screen.js",
    "sitting.js",
    "version-1.js",
    "wall.js",
    "words.js",
}

FILES = sorted(
    [*(ROOT / "alongside" / "page").glob("*.js"), *(ROOT / "alongside" / "activities").glob("*.js")]
)


def deno(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    settings = {"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder / "deno")}
    return subprocess.run(
        [find_deno_bin(), *words],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def complaints(*files: Path, strict: bool, folder: Path) -> list[str]:
    """What deno finds, each with the file's name at its end. It may ask the network for nothing."""
    settings = (ROOT / "deno.json").read_text("utf-8")
    assert settings.count('"strict": true') == 1
    config = folder / "deno.json"
    config.write_text(settings if strict else settings.replace('"strict": true', '"strict": false'), "utf-8")
    done = deno("check", "--no-remote", "--no-npm", f"--config={config}", *map(str, files), folder=folder)
    found = re.findall(
        r"^(TS\d+ \[ERROR\]: .*?)\n[\s\S]*?^    at file://\S*?/([\w-]+\.js:\d+)", done.stderr, re.MULTILINE
    )
    assert bool(found) == bool(done.returncode), done.stderr
    return [f"{said} in {place}" for said, place in found]


def test_no_script_uses_what_is_not_there(tmp_path: Path) -> None:
    assert len(FILES) >= 20
    assert complaints(*FILES, strict=False, folder=tmp_path) == []


def test_the_files_on_the_list_say_their_types_and_those_that_do_are_on_the_list(tmp_path: Path) -> None:
    found = complaints(*FILES, strict=True, folder=tmp_path)
    loose = {one.rsplit(" in ", 1)[1].partition(":")[0] for one in found}
    assert [one for one in found if one.rsplit(" in ", 1)[1].partition(":")[0] in STRICT] == []
    assert {path.name for path in FILES} - loose == STRICT


@pytest.mark.parametrize(
    ("planted", "said", "strict"),
    [
        ('export const a = document.querySelector(".p").dataset;', "TS2339", False),
        ('import { butto } from "./dom.js";', "TS2724", False),
        ("export const a = (text) => text.trim();", "TS7006", True),
        ("/** @param {string} day */ const a = (day) => day; a(5);", "TS2345", False),
    ],
)
def test_a_wrong_type_is_found(tmp_path: Path, planted: str, said: str, strict: bool) -> None:
    (tmp_path / "dom.js").write_text((ROOT / "alongside" / "page" / "dom.js").read_text("utf-8"), "utf-8")
    (tmp_path / "planted.js").write_text(planted, "utf-8")
    found = complaints(tmp_path / "planted.js", strict=strict, folder=tmp_path)
    assert [one for one in found if one.startswith(said) and " in planted.js:" in one]


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("", ""),
        ("var a = 1;", "no-var"),
        ("let a = 1; export { a };", "prefer-const"),
        ("export const a = (b) => b == 1;", "eqeqeq"),
        ("export const a = (b) => { debugger; return b; };", "no-debugger"),
        ("export const a = async () => 1;", "require-await"),
        ("export const a = (b) => eval(b);", "no-eval"),
    ],
)
def test_the_linter_finds_nothing_in_the_scripts_and_something_in_a_planted_one(
    tmp_path: Path, planted: str, rule: str
) -> None:
    (tmp_path / "planted.js").write_text(planted, "utf-8")
    files = (
        [tmp_path / "planted.js"]
        if planted
        else [*FILES, *sorted((ROOT / "tests" / "browser").glob("*.mjs"))]
    )
    done = deno("lint", f"--config={ROOT / 'deno.json'}", *map(str, files), folder=tmp_path)
    if rule:
        assert done.returncode == 1 and f"[{rule}]" in done.stderr
    else:
        assert (done.returncode, f"Checked {len(files)} files" in done.stderr) == (0, True), done.stderr
