"""A codebook that can't be used is one clear sentence, before an answer is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from survey_tools import CODEBOOK as WITH_NUMBERS

from alongside.course import references as content
from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import NO_ANSWER, FollowUp, answers_of, fold, load, plain, spellings

ROOT = Path(__file__).parent.parent
CODEBOOK = WITH_NUMBERS[: WITH_NUMBERS.index("numbers:")] + WITH_NUMBERS[WITH_NUMBERS.index("no_answer:") :]


def save(tmp_path: Path, old: str = "", new: str = "") -> Path:
    assert old in CODEBOOK, f"{old} is not in the codebook: this test would test nothing"
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK.replace(old, new, 1) if old else CODEBOOK, encoding="utf-8")
    return path


def test_a_codebook_is_read_whole(tmp_path: Path) -> None:
    found = load(save(tmp_path))
    assert (found.title, found.wave, found.minimum_group, found.headcount) == (
        "Our practices",
        "2026 spring",
        10,
        None,
    )
    assert found.scale[0] == "Strongly disagree" and len(found.scale) == 5
    assert found.favorable == ("Agree", "Strongly agree")
    assert found.unfavorable == ("Strongly disagree", "Disagree")
    assert found.also_means == {"Neither agree nor disagree": ("Neutral",)}
    assert found.practices == {"welcome": "Welcome", "power": "Share power"}
    assert list(found.items) == ["greet", "decide", "safe", "together"]
    assert found.items["greet"].columns == ("p01_a", "SQ001", "Q4_1")
    assert found.about["role"].answers == {
        "Outreach": ("1", "A1"),
        "Peer worker": ("2", "A2"),
        "Nurse": ("3", "A3"),
    }
    assert found.next_steps == ""
    assert found.path == tmp_path / "codebook.yml"


def test_a_codebook_cant_be_changed(tmp_path: Path) -> None:
    found = load(save(tmp_path))
    with pytest.raises(AttributeError):
        found.minimum_group = 1  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        found.items["more"] = found.items["greet"]  # pyright: ignore[reportIndexIssue]


def test_the_surveys_of_the_course_are_codebooks() -> None:
    paths = sorted((ROOT / "data").glob("survey-*.yml"))
    assert len(paths) >= 2
    for path in paths:
        found = load(path)
        assert {key: item.text for key, item in found.items.items()} == {
            key: item.text for key, item in content.survey_items(path.name).items()
        }


FAULTS = {
    "no title": ("title: Our practices\n", "", '"title" is missing'),
    "no minimum": ("minimum_group: 10\n", "", '"minimum_group" is missing'),
    "a word that is not known": ("minimum_group: 10\n", "minimum_groups: 10\n", 'Did you mean "minimum_group"?'),
    "a wave that is a number": ("wave: 2026 spring", "wave: 2026", 'expected text, but found the number 2026'),
    "a minimum under 5": ("minimum_group: 10", "minimum_group: 4", "expected 5 or more, but found 4"),
    "a minimum of 0": ("minimum_group: 10", "minimum_group: 0", "expected 5 or more"),
    "a negative minimum": ("minimum_group: 10", "minimum_group: -10", "expected a whole number"),
    "a minimum in words": ("minimum_group: 10", "minimum_group: ten", "expected a whole number"),
    "a small minimum without a head count": ("minimum_group: 10", "minimum_group: 5", "needs a head count"),
    "a small minimum with an empty head count": (
        "minimum_group: 10", "minimum_group: 9\nheadcount:", "needs a head count"),
    "a head count of 0": ("minimum_group: 10", "minimum_group: 10\nheadcount: 0", "expected 1 or more"),
    "a head count of half a person": ("minimum_group: 10", "minimum_group: 10\nheadcount: 7.5", "a whole number"),
    "a point twice": ("scale: [Strongly disagree", "scale: [agree", "a point stands twice"),
    "a scale of one": (
        "scale: [Strongly disagree, Disagree, Neither agree nor disagree, Agree, Strongly agree]",
        "scale: [Agree]", "expected 2 to 11 points"),
    "a scale in a text": (
        "scale: [Strongly disagree, Disagree, Neither agree nor disagree, Agree, Strongly agree]",
        "scale: Agree", "expected a list"),
    "a bare No on the scale": ("scale: [Strongly disagree", "scale: [No", "found the YAML value false"),
    "an unknown favorable point": ("favorable: [Agree", "favorable: [Agreed", '"Agreed" is not known'),
    "nothing favorable": ("favorable: [Agree, Strongly agree]", "favorable: []", '"favorable": it is empty'),
    "a scale turned around": (
        "favorable: [Agree, Strongly agree]\nunfavorable: [Strongly disagree, Disagree]",
        "favorable: [Strongly disagree, Disagree]\nunfavorable: [Agree, Strongly agree]",
        "has to run from unfavorable to favorable"),
    "a point that is both": ("unfavorable: [Strongly disagree", "unfavorable: [Agree", "or is both"),
    "other words for an unknown point": ("  Neither agree nor disagree: [Neutral]", "  Neutral: [So so]", '"Neutral" is not known'),
    "a word for two points": ("[Neutral]", "[Neutral, agree]", '"Agree" stands for two things'),
    "no answer that is a point": ('no_answer: ["98"', 'no_answer: ["Agree"', '"Agree" stands for two things'),
    "an item of an unknown practice": ("greet: {practice: welcome", "greet: {practice: welcom", 'Did you mean "welcome"?'),
    "a practice that nobody asks about": ("{welcome: Welcome,", "{welcome: Welcome, rest: Rest,", '"rest": no item asks about it'),
    "an item without words": (
        "{practice: welcome, text: We greet people by name when they come in,", "{practice: welcome,", '"text" is missing'),
    "a heading for two items": ("column: [p01_b, SQ002]", "column: [P01-A, SQ002]", '"greet" and "decide" both claim'),
    "a heading for an item and a breakdown": ("column: [Role]", "column: [SQ003]", '"safe" and "role" both claim'),
    "a heading of signs": ("column: [Role]", 'column: ["?!"]', "neither letters nor digits"),
    "a column in a text": ("column: [Role]", "column: Role", "expected a list"),
    "an item and a practice of one key": ("  greet: {", "  power: {", "key of a practice and of an item"),
    "items in a list": ("items:\n  greet: ", "items:\n  - greet: ", "cannot be read as YAML"),
    "a breakdown without answers": ("answers: {North: [\"1\", A1], Montréal: [\"2\", A2], 4+ doors: [\"3\", A3]}", "", '"answers" is missing'),
    "an empty list of answers": ("answers: {North: [\"1\", A1], Montréal: [\"2\", A2], 4+ doors: [\"3\", A3]}", "answers: {}", "there is none"),
    "a spelling for two answers": ('Nurse: ["3", A3]', 'Nurse: ["3", a2]', "stands for two answers"),
    "a spelling that is a number": ('Nurse: ["3", A3]', "Nurse: [3, A3]", "put quotation marks around it"),
    "an answer with the name of all": ("Nurse:", "everyone:", "names a group"),
    "an answer with the name of the rest": ("Nurse:", "Smaller groups together:", "names a group"),
    "a name twice": ("wave: 2026 spring", "wave: 2026 spring\nwave: 2027", "stands twice"),
    "numbers in a list": ("also_means:", "numbers: [Agree, Disagree]\nalso_means:", "numbers: {1: Strongly disagree, 2: …}"),
    "a number for a word that is not on the scale": ("also_means:", "numbers: {1: Agreed}\nalso_means:", 'Did you mean "Agree"?'),
    "a number that means a point already": ("also_means:", "numbers: {neutral: Agree}\nalso_means:", "stands for two things"),
    "a number that means no answer already": ("also_means:", "numbers: {98: Agree}\nalso_means:", "stands for two things"),
    "a number twice": ("also_means:", "numbers: {1: Agree, '1': Disagree}\nalso_means:", "a number stands twice"),
    "a number with two words": ("also_means:", "numbers: {1: [Agree, Disagree]}\nalso_means:", "expected text, but found a list"),
    "a letter that YAML reads as a flag": ("also_means:", "numbers: {no: Agree}\nalso_means:", "quotation marks around each"),
    "rows left out by a word alone": ("also_means:", "leave_out: {Status: Spam}\nalso_means:", "expected a list"),
    "rows left out by no heading": ("also_means:", "leave_out: {'…': [Spam]}\nalso_means:", 'leave_out: {Status: ["Spam"]}'),
    "rows left out by an answer": ("also_means:", 'leave_out: {p01-a: ["Agree"]}\nalso_means:', "is a heading of a question"),
    "a follow-up without a day": ("also_means:", "follow_up: {what: Tell}\nalso_means:", '"date" is missing'),
    "a follow-up on some day": ("also_means:", "follow_up: {date: in May, what: Tell}\nalso_means:", "such as 2026-09-01"),
    "a follow-up of nothing": ("also_means:", "follow_up: {date: 2026-09-01}\nalso_means:", '"what" is missing'),
    "a head count of an unknown group": ("column: [Role]", "column: [Role]\n    headcounts: {Nurses: 7}", 'Did you mean "Nurse"?'),
    "a head count of nobody": ("column: [Role]", "column: [Role]\n    headcounts: {Nurse: 0}", "expected 1 or more"),
    "a head count in words": ("column: [Role]", "column: [Role]\n    headcounts: {Nurse: forty}", "expected a whole number"),
    "broken YAML": ("title: Our practices", 'title: "Our practices', "cannot be read as YAML"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_codebook_is_one_sentence_with_its_place(fault: str, tmp_path: Path) -> None:
    old, new, expected = FAULTS[fault]
    with pytest.raises(AlongsideError) as caught:
        load(save(tmp_path, old, new))
    message = str(caught.value)
    assert "codebook.yml" in message and "\n" not in message and message.endswith((".", "?"))
    assert expected in message


def test_five_breakdowns_are_one_too_many(tmp_path: Path) -> None:
    path = save(tmp_path)
    more = "".join(f"  more_{n}: {{text: More {n}, answers: {{A: []}}}}\n" for n in range(3))
    path.write_text(CODEBOOK + more, encoding="utf-8")
    with pytest.raises(AlongsideError, match="expected 4 breakdowns at most, but found 5"):
        load(path)


@pytest.mark.parametrize("minimum", [5, 7, 9])
def test_a_small_minimum_with_a_head_count_is_possible(minimum: int, tmp_path: Path) -> None:
    path = save(tmp_path, "minimum_group: 10", f"minimum_group: {minimum}\nheadcount: 40")
    assert (load(path).minimum_group, load(path).headcount) == (minimum, 40)


def test_what_is_optional_may_be_absent_or_empty(tmp_path: Path) -> None:
    text = CODEBOOK[: CODEBOOK.index("about:")].replace('no_answer: ["98", "Prefer not to say"]\n', "")
    text = text.replace("also_means:\n  Neither agree nor disagree: [Neutral]\n", "")
    for more in (
        "",
        "about:\nalso_means:\nheadcount:\nnext_steps:\nnumbers:\nleave_out:\nfollow_up:\nno_answer:\n",
    ):
        (tmp_path / "codebook.yml").write_text(text + more, encoding="utf-8")
        found = load(tmp_path / "codebook.yml")
        assert (dict(found.about), dict(found.also_means), found.headcount, found.no_answer) == (
            {},
            {},
            None,
            (),
        )


def test_head_counts_of_groups_are_no_more_than_the_head_count(tmp_path: Path) -> None:
    path = save(tmp_path, "column: [Role]", "column: [Role]\n    headcounts: {Outreach: 30, Nurse: 41}")
    found = load(path)
    assert (found.about["role"].headcounts, found.about["site"].headcounts) == (
        {"Outreach": 30, "Nurse": 41},
        {},
    )
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + "headcount: 71\n", encoding="utf-8")
    assert load(path).headcount == 71
    path.write_text(whole + "headcount: 70\n", encoding="utf-8")
    with pytest.raises(AlongsideError, match='"headcounts": they add up to 71, which is more than the 70'):
        load(path)


def test_numbers_letters_and_codes_mean_what_the_codebook_says(tmp_path: Path) -> None:
    numbers = 'numbers: {1: Agree, 0: Disagree, A3: Neutral, "99": N/A, 97: Prefer not to say}\n'
    with pytest.raises(AlongsideError, match='"Neutral" is not known'):
        load(save(tmp_path, "also_means:", numbers + "also_means:"))
    found = load(save(tmp_path, "also_means:", numbers.replace("Neutral", "Strongly agree") + "also_means:"))
    meant = {"1": "Agree", "0": "Disagree", "A3": "Strongly agree", "99": NO_ANSWER, "97": NO_ANSWER}
    assert found.numbers == meant
    words, doubles = spellings(answers_of(found))
    assert not doubles
    assert {code: words[code.lower()] for code in meant} == meant


def test_rows_to_leave_out_and_a_follow_up_are_read(tmp_path: Path) -> None:
    entries = (
        'leave_out: {Status: [Spam, "0"], _validation_status: [On hold]}\n'
        "follow_up: {date: 2026-09-01, what: Say what changed, who: the team that plans the week}\n"
    )
    found = load(save(tmp_path, "also_means:", entries + "also_means:"))
    assert found.leave_out == {"Status": ("Spam", "0"), "_validation_status": ("On hold",)}
    assert found.follow_up == FollowUp(date(2026, 9, 1), "Say what changed", "the team that plans the week")


@pytest.mark.parametrize("day", ["2026-09-01", '"2026-09-01"', "2026-09-01 10:00:00"])
def test_the_day_of_a_follow_up_may_be_written_as_a_day_or_a_text(day: str, tmp_path: Path) -> None:
    found = load(save(tmp_path, "also_means:", f"follow_up: {{date: {day}, what: Tell}}\nalso_means:"))
    assert found.follow_up == FollowUp(date(2026, 9, 1), "Tell", "")


def test_a_codebook_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for path, what in ((tmp_path / "no.yml", "there is no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(AlongsideError, match=what):
            load(path)


def test_an_answer_may_have_no_other_spellings(tmp_path: Path) -> None:
    found = load(save(tmp_path, 'Nurse: ["3", A3]', "Nurse:"))
    assert found.about["role"].answers["Nurse"] == ()


# --- folding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rôle :", "role"),
        ("p01_a", "P01-A"),
        ("a\u00a0b", "A  b"),
        ("\ufeffSite?", "site"),
        ("prac[SQ001]", "prac sq001"),
    ],
)
def test_headings_are_the_same_but_for_case_spaces_punctuation_and_accents(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(plain(text)) == fold(text)


def test_a_spelling_that_signs_tell_apart_means_one_thing_only_as_it_stands() -> None:
    found, doubles = spellings([("little", ["<5"]), ("much", [">5"])])
    assert doubles == []
    assert found == {"<5": "little", ">5": "much"}


def test_a_file_that_was_named_without_a_folder_is_told_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "survey.yml").write_text("title: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AlongsideError, match=r"^survey\.yml"):
        load("survey.yml")
