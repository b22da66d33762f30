"""The questions that we ship: what each must be, for staff and for participants."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import pytest

from alongside.course import references as content
from alongside.course.place import ROOT
from alongside.course.plain import reading_grade, words
from alongside.survey.ask import codebook
from alongside.survey.ask.codebook import Codebook, Item

PRACTICES = (
    "define-mission-and-values",
    "share-power",
    "cultivate-leadership",
    "practice-equity",
    "clear-feedback",
    "assume-positive-intent",
    "be-accountable",
    "be-transparent",
    "be-reliable",
    "follow-through",
    "be-equivocal",
    "be-a-team",
)
STEM = "In the last month, "
# The sentence says it already: a rule changes, and advice is given, in this program.
WITHOUT_A_PLACE = {"share_power_1", "share_power_3"}
NEGATION = re.compile(
    r"\b(not|no|never|nobody|nothing|without|hardly|failed|refused)\b|n['’]t\b", re.IGNORECASE
)
# What a person is like, thinks or feels. Only what others can see is asked.
INNER = re.compile(
    r"\b(feel\w*|felt|think\w*|thought|believe\w*|agree\w*|trust\w*|respect\w*|satisf\w+|happy|safe|comfortable|"
    r"honest|good|care[sd]?|value[sd]?|like[sd]?|want to)\b(?! (stands|should))",
    re.IGNORECASE,
)
# Nobody is asked who they are.
IDENTIFYING = re.compile(
    r"\b(name|age|old are you|gender|sex|race|ethnic\w*|born|birth\w*|manager|supervis\w+|title|e-?mail|drug\w*|"
    r"use|hiv|housing|shift)\b",
    re.IGNORECASE,
)
STAFF, PARTICIPANTS = (
    codebook.load(ROOT / "data" / f"survey-{who}.yml") for who in ("staff", "participants")
)
EVERY_ITEM = [
    (who, item)
    for who, book in (("staff", STAFF), ("participants", PARTICIPANTS))
    for item in book.items.values()
]

each_survey = pytest.mark.parametrize("book", [STAFF, PARTICIPANTS], ids=["staff", "participants"])
each_item = pytest.mark.parametrize(
    "item", [item for _, item in EVERY_ITEM], ids=[f"{who}-{item.key}" for who, item in EVERY_ITEM]
)


@each_survey
def test_a_survey_has_the_twelve_practices_in_their_order(book: Codebook) -> None:
    assert tuple(book.practices) == PRACTICES


@each_survey
def test_a_practice_has_three_questions_with_keys_of_its_own_in_order(book: Codebook) -> None:
    expected = [f"{practice.replace('-', '_')}_{n}" for practice in PRACTICES for n in (1, 2, 3)]
    assert list(book.items) == expected
    for key, item in book.items.items():
        assert item.practice == key.rpartition("_")[0].replace("_", "-")


@each_survey
def test_no_two_questions_of_a_survey_say_the_same(book: Codebook) -> None:
    assert max(Counter(item.text.casefold() for item in book.items.values()).values()) == 1


@each_survey
def test_a_group_under_ten_is_never_shown(book: Codebook) -> None:
    assert book.minimum_group == 10
    assert book.headcount is None  # it belongs to a program, so none is shipped


@each_survey
def test_the_scale_says_how_often_and_passing_is_an_answer(book: Codebook) -> None:
    assert book.scale == ("Never", "Rarely", "Sometimes", "Often", "Always")
    assert book.favorable == ("Often", "Always")
    assert book.unfavorable == ("Never", "Rarely")
    assert {"Does not apply", "Prefer not to say"} <= set(book.no_answer)


@each_item
def test_a_question_asks_about_the_last_month_in_one_short_sentence(item: Item) -> None:
    assert item.text.startswith(STEM)
    assert item.text.endswith(".")
    assert item.text.count(".") == 1
    assert len(words(item.text)) <= 25


@each_item
def test_a_question_reads_at_grade_8_or_lower(item: Item) -> None:
    assert reading_grade(item.text) <= 8


@each_item
def test_a_question_holds_one_idea(item: Item) -> None:
    assert not re.search(r"\b(and|or|but|as well as)\b|[;:/(]", item.text)


@each_item
def test_what_happened_is_said_in_positive_words(item: Item) -> None:
    happened = item.text.rpartition(", ")[2]  # after "when the answer was no, "
    assert not NEGATION.search(happened)


@each_item
def test_a_question_asks_for_an_act_and_never_what_a_person_is_like(item: Item) -> None:
    assert not INNER.search(item.text)


@each_item
def test_a_question_says_where(item: Item) -> None:
    assert item.key in WITHOUT_A_PLACE or re.search(r"\b(here|this program|we)\b", item.text)


def test_staff_answer_for_the_program_and_not_for_themselves() -> None:
    assert [one.key for one in STAFF.items.values() if re.search(r"\b(I|me|my)\b", one.text)] == []


def test_participants_are_asked_from_their_own_place() -> None:
    assert [one.key for one in PARTICIPANTS.items.values() if "participant" in one.text.casefold()] == []
    own = [one for one in PARTICIPANTS.items.values() if re.search(r"\b(I|me)\b", one.text)]
    assert len(own) >= 12


@each_survey
def test_what_is_asked_about_people_is_coarse_and_points_to_nobody(book: Codebook) -> None:
    assert 1 <= len(book.about) <= 4
    for one in book.about.values():
        assert 2 <= len(one.answers) <= 3, one.key
        for text in (one.text, *one.answers):
            assert not IDENTIFYING.search(text), text


def test_participants_are_asked_less_about_themselves_than_staff() -> None:
    assert len(PARTICIPANTS.about) < len(STAFF.about)


@each_survey
def test_a_survey_says_that_its_questions_are_not_validated(book: Codebook) -> None:
    assert book.path
    head = book.path.read_text(encoding="utf-8").partition("title:")[0]
    assert "The questions are ours and not validated." in head


@each_survey
def test_a_survey_avoids_the_words_to_avoid(book: Codebook) -> None:
    texts = [book.title, *book.practices.values(), *(item.text for item in book.items.values())]
    texts += [text for one in book.about.values() for text in (one.text, *one.answers)]
    avoided = [one for word in content.words_to_avoid() for one in word.avoid if "(" not in one]
    assert avoided
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, avoided))})(?:e?s)?\b", re.IGNORECASE)
    assert [text for text in texts if pattern.search(text)] == []


# Every run of four words in the items of Edmondson's team psychological safety (1999), the Brief Sense of Community
# Scale (2008), the Sense of Community Index 2 and the Copenhagen Burnout Inventory (2005), as the first six digits of
# its SHA-256. Their words may not be printed, and from these nobody can read them. Other instruments that may not be
# printed are not here, because we have not seen their items.
RUN, DIGITS = 4, 6
OF_INSTRUMENTS = (
    "014ea101b2410265e00276f805709f0897700a2c320aab970aee910b14c00bb0200c28c70c61f50ca9340cb6090cc24f"
    "0f2ff70f86310f99e91052c81081511095d111d0e712b6b9136a781498e0159bbd15b06215b33f167b9f167bf716954f"
    "16cd3717021b173d5617b519190e321a7cfa1dc05b1e52601e87b51ef0f61f9cf81fa14e202df4217a89218ab822fe3b"
    "24f1562518ad254b5d2555542596632663fa2776fc27b17627d7a92a48af2b64f52b650c2b88282bc46e2c083e2c676d"
    "2c71ea2c7b152c89472ced822d4edf2d77ce2de2792ee2072f715b303837316d69324901327495327fc8355265355f86"
    "35c1f935d3ac3a4a8a3acbc63c45cb3d28f03ed90b417f9a42334442603242a11c43ff554427514429e145652946f58e"
    "47cc6247fc12491caa49bf3e4a32854a3dea4a77e64ab71f4b52ca4b662c4b69ba4cdb264ded434e1f4d4e5ef74e6801"
    "4f1a004fd65d5056a550e48051020b51b9a352114052d66353a5c353ce8f558ab855dc1155fc6a5620f8562a6256842b"
    "570a705714b757b993581f4959a7715c59c15c6b8b5d6cd05d75075da03e5e392c5e519d5e657b5e716b6014c960f6e8"
    "61c6cb61fd2f62dd9d6317326319366395ed6457c26462d365d67366665966e04f67d7616807a368878d68bb8c694ba6"
    "696b1569aeb96b0b206b0b466b1a336bc8106c2c5d6d36046d5da26dfe916e93de6eafaf6f573b70ea3f71f97972a3f8"
    "75067b75c0f9767c5779077e790ed979c45f7a397b7ab1f07bccc47ca9677db2f57e9ae97ea592812dac816f7881fc6d"
    "826d1683732483a7968410698412918450a385bbdb863e3287058087f12588accf88da82892966894a45899f4f89b93b"
    "89d3f48a27498a82198aecdf8dd5098f969c8fd88c90781290bb3b90e66f90f38591d3c791d4eb923b21938d999441eb"
    "949a4f96845e96c04496e23897b45498b5309955919a2b5e9a76669a8f879b60919d49e99d72ea9e0c2c9e96b09fa884"
    "9fadc3a06fc7a0a00ba0a0d0a13291a28ed4a3ab5ca49beda51998a54810a59a4ca5f477a660f2a77dc2a7adc3ab90b0"
    "abeac9ac1102ae32d3af5030af8130b0c348b1bbbfb1ed1fb1ffccb22411b2ecacb3f856b49ca6b50302b69f74b7bab1"
    "b8c728b9c56bbac499bb59e2bcba2abd09ccbdadd4bdc8b1bef0d8bfbb9bc0eaeec1a477c1a924c21e47c2a34cc2dca6"
    "c35454c3b6c2c3c8cdc3f598c50d1dc54dabc58326c69ab7c83b5ec87d50c9ab51c9b899ca8f0ecb3c85cba723cbb839"
    "cc8b95ccea6ccd47f9cd4fc7ceffaacf7a7bcff3c2d0816bd15a44d1e998d1ed8cd21752d29036d2cb52d33d1ad390fe"
    "d56600d67c9ad75a61d88d07d93847db30b9dba2b0dc5b85dcc057dd11addddf7bdf0a93e01539e1527ee1e46ce29c21"
    "e30a78e331dce3f8a2e44386e4ec0fe51d87e52410e56c70e65e14e93248e9b8b8ea80ceeae224ebce36ebf028ed39bd"
    "ed5280ee32a8ee4293ef1373ef310eef5e73f0d6b4f102aaf172dff2083ff25748f4143af458c4f4fb6bf564c9f68b56"
    "f69aabf6f06af809c5f84b4af89785fa17f4fadbc3fae75dfaf254fbaf1afc75b9ff0edeffaa55ffce9c"
)


def runs(text: str) -> set[str]:
    found = [word.lower() for word in words(text)]
    return {" ".join(found[n : n + RUN]) for n in range(len(found) - RUN + 1)}


@each_item
def test_no_question_takes_four_words_in_a_row_from_an_instrument_that_may_not_be_printed(item: Item) -> None:
    known = {OF_INSTRUMENTS[n : n + DIGITS] for n in range(0, len(OF_INSTRUMENTS), DIGITS)}
    assert len(known) > 300
    assert len(runs(item.text)) > 3
    assert {
        run for run in runs(item.text) if hashlib.sha256(run.encode()).hexdigest()[:DIGITS] in known
    } == set()
