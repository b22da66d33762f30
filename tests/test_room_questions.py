"""A room's file of questions is read whole, or refused in one sentence that says what to mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

from alongside.errors import AlongsideError
from alongside.room.counts import KINDS
from alongside.room.questions import read
from alongside.words import say

OPTIONS = ["Red", "Blue", "Green"]
ONE: dict[str, Any] = {"id": "one", "kind": "choose", "text": "Which?", "options": OPTIONS}


def written(folder: Path, *questions: dict[str, Any], **more: Any) -> Path:
    path = folder / "questions.yml"
    whole = {"title": "A room", "questions": list(questions), **more}
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    return path


def told(path: Path) -> str:
    with pytest.raises(AlongsideError) as error:
        read(path)
    sentence = str(error.value)
    assert "\n" not in sentence and sentence.endswith((".", "?"))
    return sentence


def test_the_sample_has_a_question_of_every_kind() -> None:
    asked = read(ROOT / "data" / "room.yml")
    assert {one.kind for one in asked.questions} == {*KINDS}


def test_what_is_not_said_is_one_answer_and_two_options_that_stand(tmp_path: Path) -> None:
    agreement = ONE | {"id": "two", "kind": "agreement", "text": "Do we?"}
    pair = agreement | {"id": "three", "text": "Shall we?", "options": ["Yes, let's", "No, not now"]}
    dots = ONE | {"id": "four", "kind": "dots", "text": "Where?", "most": 3}
    first, second, third, fourth = read(written(tmp_path, ONE, agreement, pair, dots)).questions
    assert (first.most, second.stands, third.stands, fourth.most) == (1, 2, 1, 3)


def test_white_space_in_a_text_is_one_space(tmp_path: Path) -> None:
    one = ONE | {"text": "Which\n  one?", "options": ["Red \n wine", "Blue"]}
    (asked,) = read(written(tmp_path, one)).questions
    assert (asked.text, asked.options[0]) == ("Which one?", "Red wine")


@pytest.mark.parametrize(
    ("change", "key", "values"),
    [
        ({"kind": "vote"}, "room.no_kind", None),
        ({"id": "Who decides"}, "room.no_id", {}),
        ({"options": ["Red"]}, "room.so_many_options", {"fewest": 2, "most": 10}),
        ({"options": list("abcdefghijk")}, "room.so_many_options", {"fewest": 2, "most": 10}),
        ({"options": ["Red", "red"]}, "room.option_twice", {}),
        ({"options": ["x" * 121, "Red"]}, "room.long_option", {"letters": 120}),
        ({"text": "x" * 301}, "room.long_text", {"name": "text", "letters": 300}),
        ({"kind": "rate", "most": 2}, "room.most_of_one", {"kind": "rate"}),
        ({"kind": "dots", "most": 4}, "room.most", {"most": 3}),
        ({"kind": "dots", "most": 0}, "room.most", {"most": 3}),
        ({"kind": "dots", "stands": 2}, "room.stands_of_others", {"kind": "dots"}),
        ({"kind": "agreement", "stands": 3}, "room.stands", {"most": 2}),
        ({"kind": "agreement", "stands": 0}, "room.stands", {"most": 2}),
        ({"options": [1, 2, 3]}, "course.no_text", None),
        ({"most": "three"}, "course.no_number", None),
        ({"comment": "free text"}, "course.not_known", None),
    ],
)
def test_a_mistake_is_one_sentence_with_its_question(
    change: dict[str, Any], key: str, values: dict[str, Any] | None, tmp_path: Path
) -> None:
    sentence = told(written(tmp_path, ONE | change))
    assert "questions 1" in sentence
    if values is not None:
        where = sentence.partition(":")[0]
        assert sentence == say(key, where=where, **values)


def test_the_same_question_can_not_be_asked_twice_under_two_names(tmp_path: Path) -> None:
    assert '"text"' in told(written(tmp_path, ONE, ONE | {"id": "two"}))
    assert '"id"' in told(written(tmp_path, ONE, ONE | {"text": "What?"}))


def test_a_file_that_is_none_or_holds_something_else_is_one_sentence(tmp_path: Path) -> None:
    for text in ("", "title: x", "- a\n- b", "title: [", "title: x\nquestions: []", "title: x\nquestions: 3"):
        path = tmp_path / "x.yml"
        path.write_text(text)
        told(path)
    told(tmp_path)
    (tmp_path / "x.yml").write_bytes(b"\xff\xfe\x00")
    told(tmp_path / "x.yml")
    many = [ONE | {"id": f"id-{n}", "text": f"Which {n}?"} for n in range(41)]
    assert told(written(tmp_path, *many)).endswith(say("room.too_many_questions", where="", count=40)[2:])
