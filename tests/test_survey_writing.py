"""A codebook is written without YAML: in the terminal from the first line to the last, and by what both doors share."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, powerless
from hypothesis import given, settings
from hypothesis import strategies as some

from alongside import cli
from alongside.errors import AlongsideError
from alongside.survey.ask import writing
from alongside.survey.ask.codebook import NO_ANSWER, Codebook, FollowUp, load
from alongside.survey.ask.writing import Manuscript, put, ready_made
from alongside.words import say

STAFF, PARTICIPANTS = ready_made().values()
OURS = """\
# What we ask, and why
title: Our practices   # people know it by this name
wave: 2026 spring
minimum_group: 10
headcount: 60
scale: [Never, Sometimes, Often]
favorable: [Often]
unfavorable: [Never]
also_means:
  Sometimes: [Now and then]
numbers: {1: Never, 2: Sometimes, 3: Often}
no_answer: ["N/A"]
leave_out: {Status: [Spam]}
practices: {welcome: Welcome, power: Share power}
items:
  greet:   # the one that people like
    practice: welcome
    text: We greet people by name
    column: [p01_a, Q4_1]
  decide: {practice: power, text: People decide with us, column: [p01_b]}
about:
  role:
    text: What is your role?
    column: [Role]
    answers: {Outreach: ["1", out], Peer worker: ["2"]}
    headcounts: {Outreach: 20, Peer worker: 30}
  site: {text: Which site?, answers: {North: [n], South: [s]}}
"""

#: What each part of the walk is answered with, in order, where nothing else is said.
WALK = {
    "begin": ["1"], "title": [""], "wave": ["2026 fall"], "questions": ["1 4-5", ""], "about": ["1", ""],
    "scale": ["", "", ""], "headcount": ["24", ""], "next_steps": [""], "follow_up": [""], "end": [""],
}  # fmt: skip


def walk(**parts: list[str]) -> str:
    return "".join(f"{line}\n" for part in (WALK | parts).values() for line in part)


def typed(
    home: Path, lines: str, *words: str, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """``alongside survey write``, in a process of its own, with lines that are piped."""
    return subprocess.run(
        [*before, sys.executable, "-m", "alongside.cli", "survey", "write", *words],
        cwd=home, input=lines, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def written(home: Path, lines: str, *words: str) -> str:
    """The same, to its end, where it goes well; gives what was said."""
    done = typed(home, lines, "--to", "new.yml", *words)
    assert (done.returncode, done.stderr) == (0, ""), (done.stdout[-2000:], done.stderr)
    return done.stdout


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yml"
    path.write_text(OURS, encoding="utf-8")
    return path


# --- the walk ----------------------------------------------------------------------------------------


def test_a_codebook_is_written_from_the_first_line_to_the_last(tmp_path: Path) -> None:
    lines = walk(
        title=["How it is at the van: our #1 question"],
        questions=["1 4-5", "2", "In the last month, people here decided: yes or no", "2", "add", "2",
                   "In the last month, somebody asked 'forty' times", "add", "Coffee", "There was coffee", "out 1", ""],
        about=["2", "1", "Where do you work?", "At a site; On outreach", "add", "Do you drive?", "yes; no", ""],
        scale=["1; 2; 3; yes", "3; yes", "1"],
        headcount=["24", "yes", "10", "none", ""],
        next_steps=["We meet on the first Monday: bring # of chairs"],
        follow_up=["2027-1-9", "Say what changed", "the team that plans the week"],
    )  # fmt: skip
    said = written(tmp_path, lines)
    book = load(tmp_path / "new.yml")
    assert (book.title, book.wave) == ("How it is at the van: our #1 question", "2026 fall")
    assert [(item.practice, item.text) for item in book.items.values()] == [
        ("share-power", "In the last month, people here decided: yes or no"),
        ("share-power", "In the last month, participants decided something here, such as what is on the walls."),
        ("share-power", "In the last month, somebody asked 'forty' times"),
        ("practice_1", "There was coffee"),
    ]  # fmt: skip
    assert dict(book.practices) == {"share-power": "Share power", "practice_1": "Coffee"}
    assert [(one.text, list(one.answers)) for one in book.about.values()] == [
        ("Where do you work?", ["At a site", "On outreach"]),
        ("Do you drive?", ["yes", "no"]),
    ]
    assert (book.scale, book.favorable, book.unfavorable) == (("1", "2", "3", "yes"), ("3", "yes"), ("1",))
    assert (book.headcount, dict(book.about["place"].headcounts)) == (24, {"At a site": 10})
    assert book.next_steps == "We meet on the first Monday: bring # of chairs"
    assert book.follow_up == FollowUp(date(2027, 1, 9), "Say what changed", "the team that plans the week")
    assert book.minimum_group == 10
    assert (
        said.rstrip()
        .splitlines()[-1]
        .endswith(
            "The questions are in new.yml. For the form: alongside survey form --codebook new.yml --to questionnaire"
        )
    )


def test_enter_alone_gives_our_questions_as_they_are(tmp_path: Path) -> None:
    written(tmp_path, walk(begin=["2"], questions=["all", ""], about=["all", ""], headcount=[""]))
    book, theirs = load(tmp_path / "new.yml"), load(PARTICIPANTS)
    assert book.items == theirs.items and book.practices == theirs.practices
    assert [(one.text, list(one.answers)) for one in book.about.values()] == [
        (one.text, list(one.answers)) for one in theirs.about.values()
    ]
    assert (book.title, book.scale, book.no_answer, book.headcount) == (
        theirs.title, theirs.scale, theirs.no_answer, None,
    )  # fmt: skip


def test_no_code_of_a_tool_is_taken_over_that_the_owner_never_saw(tmp_path: Path) -> None:
    """Our questionnaires know the codes of our own form; another tool counts its answers in another way."""
    written(tmp_path, walk(about=["all", ""], headcount=[""]))
    spelled = [words for one in load(tmp_path / "new.yml").about.values() for words in one.answers.values()]
    assert spelled and set(spelled) == {()}


def test_one_can_go_back_and_at_the_end_change_each_part(tmp_path: Path) -> None:
    lines = walk(
        wave=["back", "Another title", "2026 fall"], end=["2", "2027 spring", "6", "30", "", "back", "", ""]
    )
    written(tmp_path, lines)
    book = load(tmp_path / "new.yml")
    assert (book.title, book.wave, book.headcount) == ("Another title", "2027 spring", 30)


def test_what_one_chose_is_shown_before_it_is_written(tmp_path: Path) -> None:
    said = written(tmp_path, walk(next_steps=["We meet on Monday."]))
    shown = said.partition(say("terminal.all_of_it"))[2]
    for words in (
        "2026 fall",
        "participants had a say",
        "Work with participants; Other work",
        "24",
        "We meet on Monday.",
    ):
        assert words in shown, words
    assert say("terminal.minimum_is", count=10) in shown


def test_plain_lines_are_said_and_nothing_that_moves_on_a_screen(tmp_path: Path) -> None:
    """A screen reader reads lines; it can't follow colors, boxes, or a cursor that jumps."""
    said = written(tmp_path, walk())
    assert all(one.isprintable() or one == "\n" for one in said)
    assert said.count("Part ") == 8


# --- a codebook that exists --------------------------------------------------------------------------

KEEP = {
    "title": [""], "wave": [""], "questions": [""], "about": [""], "scale": ["", "", ""],
    "headcount": ["", "no", "no"], "next_steps": [""], "follow_up": [""], "end": [""],
}  # fmt: skip


def kept(**parts: list[str]) -> str:
    return "".join(f"{line}\n" for part in (KEEP | parts).values() for line in part)


def test_enter_alone_changes_nothing_of_a_codebook_that_exists(tmp_path: Path, ours: Path) -> None:
    written(tmp_path, kept(), "--from", "ours.yml")
    before, after = load(ours), load(tmp_path / "new.yml")
    for name in before.__slots__:
        if name != "path":
            assert getattr(after, name) == getattr(before, name), name
    assert (tmp_path / "new.yml").read_text("utf-8").splitlines()[1:] == OURS.splitlines()


def test_a_change_keeps_all_that_was_not_asked_for(tmp_path: Path, ours: Path) -> None:
    lines = kept(
        wave=["2026 fall"],
        questions=["2", "People decide together with us", "", "add", "power", "We say why", ""],
        about=["1", "", "Outreach team; Peer worker", "out 2", ""],
        headcount=["70", "no"],
    )
    written(tmp_path, lines, "--from", "ours.yml")
    book, text = load(tmp_path / "new.yml"), (tmp_path / "new.yml").read_text("utf-8")
    assert book.items["decide"].text == "People decide together with us"
    assert book.items["decide"].columns == ("p01_b",) and book.items["greet"].columns == ("p01_a", "Q4_1")
    assert book.items["own_1"].practice == "power"
    assert dict(book.also_means) == {"Sometimes": ("Now and then",)}
    assert dict(book.numbers) == {"1": "Never", "2": "Sometimes", "3": "Often"}
    assert dict(book.leave_out) == {"Status": ("Spam",)} and book.no_answer == ("N/A",)
    assert dict(book.about["role"].answers) == {"Outreach team": ("1", "out"), "Peer worker": ("2",)}
    assert dict(book.about["role"].headcounts) == {"Outreach team": 20, "Peer worker": 30}
    assert list(book.about) == ["role"] and book.about["role"].columns == ("Role",)
    for comment in ("# What we ask, and why", "# people know it by this name", "# the one that people like"):
        assert comment in text


def test_numbers_and_spellings_of_answers_that_are_gone_go_with_them_and_it_is_said(
    tmp_path: Path, ours: Path
) -> None:
    said = written(tmp_path, kept(scale=["Never; At times; Often", "", ""]), "--from", "ours.yml")
    book = load(tmp_path / "new.yml")
    assert say("writing.spellings_gone") in said
    assert dict(book.also_means) == {} and dict(book.numbers) == {"1": "Never", "3": "Often"}


def test_questions_of_ours_can_be_ticked_again_in_a_file_that_was_made_of_them(tmp_path: Path) -> None:
    written(tmp_path, walk(questions=["1 4-5", "1", "We were told what this is for", "", ""]))
    (tmp_path / "new.yml").rename(tmp_path / "old.yml")
    said = written(tmp_path, kept(questions=["choose", "1 4 6", ""], headcount=["", ""]), "--from", "old.yml")
    assert "Now: 1 4-5" in said
    book = load(tmp_path / "new.yml")
    assert list(book.items) == ["define_mission_and_values_1", "share_power_1", "share_power_3"]
    assert book.items["define_mission_and_values_1"].text == "We were told what this is for"


def test_how_an_export_writes_it_is_put_into_a_codebook_and_nothing_else_changes(ours: Path) -> None:
    script = Manuscript.open(ours)
    script.set_codes({"Never": ["1", "A1"], "Sometimes": ["2"], "Often": ["4"], NO_ANSWER: ["9"]})
    script.set_spellings("site", {"North": ["n", "10"], "South": ["s"]})
    script.add_column("decide", "Q7 [we decide: #1]")
    script.add_column("site", "Where?")
    script.add_leave_out("Status", ["Fraud"])
    script.add_leave_out("Étape", ["Brouillon", "yes"])
    put(script, ours, replace_it=True)
    book, text = load(ours), ours.read_text("utf-8")
    assert dict(book.numbers) == {"1": "Never", "2": "Sometimes", "A1": "Never", "4": "Often", "9": NO_ANSWER}
    assert dict(book.about["site"].answers) == {"North": ("n", "10"), "South": ("s",)}
    assert book.items["decide"].columns == ("p01_b", "Q7 [we decide: #1]")
    assert book.about["site"].columns == ("Where?",)
    assert dict(book.leave_out) == {"Status": ("Spam", "Fraud"), "Étape": ("Brouillon", "yes")}
    changed = [line for line in OURS.splitlines() if line not in text.splitlines()]
    assert [line.split(":")[0].strip() for line in changed] == ["numbers", "leave_out", "decide", "site"]
    assert text.startswith("# What we ask, and why"), "a file that somebody wrote stays theirs"


def test_a_question_is_moved_to_another_practice(tmp_path: Path, ours: Path) -> None:
    written(tmp_path, kept(questions=["2", "", "welcome", "1", "", "Doors", ""]), "--from", "ours.yml")
    book = load(tmp_path / "new.yml")
    assert {key: book.practices[item.practice] for key, item in book.items.items()} == {
        "greet": "Doors", "decide": "Welcome",
    }  # fmt: skip
    assert "# the one that people like" in (tmp_path / "new.yml").read_text("utf-8")


DRAFT = OURS.replace("title: Our practices ", 'title: "???" ').replace("wave: 2026 spring", 'wave: "???"')
DRAFT = DRAFT.replace("[Never, Sometimes, Often]", '["???", "???"]').replace("[Often]\n", '["???"]\n')
DRAFT = DRAFT.replace("unfavorable: [Never]", 'unfavorable: ["???"]')
DRAFT = "".join(
    line for line in DRAFT.splitlines(True) if not re.match("also_means|  Sometimes|numbers", line)
)


def test_what_nobody_has_written_in_a_draft_is_empty_and_asked_for(tmp_path: Path) -> None:
    (tmp_path / "draft.yml").write_text(DRAFT, encoding="utf-8")
    with pytest.raises(AlongsideError, match="still a draft"):
        load(tmp_path / "draft.yml")
    lines = kept(title=["", "Our practices"], wave=["2027"], scale=["", "No; Yes", "", ""], end=["", "yes"])
    done = typed(tmp_path, lines, "--from", "draft.yml", "--to", "draft.yml")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-1500:]
    assert say("writing.no_title") in done.stdout and say("writing.points", count=11) in done.stdout
    book = load(tmp_path / "draft.yml")
    assert (book.title, book.wave, book.scale, book.favorable) == (
        "Our practices",
        "2027",
        ("No", "Yes"),
        ("Yes",),
    )
    assert book.items == load_text(tmp_path, OURS).items


def load_text(folder: Path, text: str) -> Codebook:
    (folder / "other.yml").write_text(text, encoding="utf-8")
    return load(folder / "other.yml")


def test_a_draft_in_which_more_is_missing_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "draft.yml").write_text(OURS.replace("Share power", '"???"'), encoding="utf-8")
    done = typed(tmp_path, kept(), "--from", "draft.yml", "--to", "new.yml")
    assert (done.returncode, done.stdout) == (2, "") and "still a draft" in done.stderr


def test_ctrl_c_leaves_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(OURS, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "alongside.cli", "survey", "write", "--to", "mine.yml", "--from", "mine.yml"],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("Another title\n2027\n")
        process.stdin.flush()
        while "Part 3" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(60) == 130
    assert said.strip() == say("cli.stopped")
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yml"]
    assert (tmp_path / "mine.yml").read_text("utf-8") == OURS


def test_lines_that_end_before_the_end_write_nothing(tmp_path: Path) -> None:
    whole = walk().splitlines(keepends=True)
    for count in (0, 3, len(whole) - 1):
        done = typed(tmp_path, "".join(whole[:count]), "--to", "new.yml")
        assert (done.returncode, done.stderr.strip()) == (2, say("terminal.ended"))
        assert list(tmp_path.iterdir()) == []


# --- which file may be replaced ----------------------------------------------------------------------


def test_the_file_after_from_is_replaced_only_after_a_yes(tmp_path: Path, ours: Path) -> None:
    words = ("--to", "ours.yml", "--from", "ours.yml")
    asked = say("terminal.replace", file="ours.yml")
    done = typed(tmp_path, kept(wave=["2027"], end=["", "back", "", ""]), *words)
    assert asked in done.stdout and done.returncode == 2 and ours.read_text("utf-8") == OURS
    done = typed(tmp_path, kept(wave=["2027"], end=["", "yes"]), *words)
    assert done.returncode == 0 and load(ours).wave == "2027"


def test_another_name_will_do_where_a_file_is_to_stay(tmp_path: Path, ours: Path) -> None:
    done = typed(
        tmp_path, kept(wave=["2027"], end=["", "other.yml"]), "--to", "ours.yml", "--from", "ours.yml"
    )
    assert done.returncode == 0 and "The questions are in other.yml." in done.stdout
    assert ours.read_text("utf-8") == OURS and load(tmp_path / "other.yml").wave == "2027"


def test_a_file_of_somebody_else_is_refused_before_anything_is_asked(tmp_path: Path, ours: Path) -> None:
    done = typed(tmp_path, walk(), "--to", "ours.yml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == say("writing.of_others", file="ours.yml")
    assert ours.read_text("utf-8") == OURS


def test_a_file_that_was_written_here_is_replaced_after_a_yes(tmp_path: Path) -> None:
    written(tmp_path, walk())
    written(tmp_path, walk(wave=["2027"], end=["", "yes"]))
    assert load(tmp_path / "new.yml").wave == "2027"


@pytest.mark.parametrize(
    ("words", "key"),
    [(("--to", "."), "writing.a_folder"), (("--to", "new.yml", "--from", "nowhere.yml"), "ask.no_file")],
)
def test_a_file_that_cannot_be_is_one_sentence(tmp_path: Path, words: tuple[str, ...], key: str) -> None:
    done = typed(tmp_path, walk(), *words)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert done.stderr.strip() == say(key, **({"file": "."} if "." in words else {"where": "nowhere.yml"}))


def test_a_place_that_holds_no_file_is_said_before_anything_is_asked(tmp_path: Path, ours: Path) -> None:
    done = typed(tmp_path, walk(), "--to", "ours.yml/new.yml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == say("writing.in_a_file", file="ours.yml/new.yml", path=ours)


@pytest.mark.skipif(os.name != "posix", reason="not run: file rights are of another kind here")
def test_a_folder_that_is_not_ones_own_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        done = typed(tmp_path, walk(), "--to", "new.yml", before=powerless())
    finally:
        tmp_path.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == say("writing.not_writable", file="new.yml", path=tmp_path)


def test_a_file_that_can_not_be_written_in_the_end_costs_nothing_of_what_was_typed(
    tmp_path: Path, ours: Path
) -> None:
    long = f"{'n' * 300}.yml"  # no disk takes such a name; a full disk is said in the same way
    done = typed(tmp_path, walk(end=["", "", "ours.yml", "new.yml"]), "--to", long)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:]
    asked = say("terminal.not_written", file=long, why=os.strerror(errno.ENAMETOOLONG))
    assert done.stdout.count(asked) == 3
    assert say("writing.of_others", file="ours.yml") in done.stdout
    assert load(tmp_path / "new.yml").wave == "2026 fall"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new.yml", "ours.yml"]


def test_the_file_is_read_by_the_one_reader_before_it_takes_its_place(tmp_path: Path) -> None:
    script = Manuscript.new()
    script.set_title("Our practices")
    script.set_wave("2027")
    script.add("Was there coffee?", "Coffee")
    script.minimum_group = 3  # nobody is asked for it, and the reader refuses it
    with pytest.raises(AlongsideError, match=r'new\.yml, "minimum_group": expected 5 or more'):
        put(script, tmp_path / "surveys" / "new.yml")
    assert list(tmp_path.iterdir()) == []


# --- mistakes: one sentence each, and one is asked again ----------------------------------------------

# fmt: off
MISTAKES: dict[str, tuple[dict[str, list[str]], str, dict[str, object]]] = {
    "a number that there is not": ({"begin": ["4", "1"]}, "terminal.numbers_to", {"count": 3}),
    "two numbers for one": ({"begin": ["1 2", "1"]}, "terminal.one_number", {"count": 3}),
    "a word for a number": ({"begin": ["staff", "1"]}, "terminal.numbers_to", {"count": 3}),
    "no title": ({"begin": ["3"], "title": ["", "T"], "questions": ["add", "A", "B", ""], "about": [""], "headcount": [""]},
                 "writing.no_title", {}),
    "no name for the round": ({"wave": ["", "2026 fall"]}, "writing.no_wave", {}),
    "a question number too high": ({"questions": ["1 99", "1", ""]}, "terminal.numbers_to", {"count": 36}),
    "no question": ({"questions": ["none", "", "choose", "1", ""]}, "writing.no_questions", {}),
    "an empty question": ({"questions": ["1", "add", "1", "", "Why?", ""]}, "writing.no_question", {}),
    "the same words twice": ({"questions": ["1 4", "2", "IN the last month new people here were told what this program "
                                            "stands for", "Other words", "", ""]}, "writing.asked_twice", {}),
    "words without letters": ({"questions": ["1", "1", "???", "Why?", "", ""]}, "writing.no_letters", {}),
    "one answer": ({"about": ["none", "add", "Where?", "Here", "Here; There", ""], "headcount": [""]}, "writing.two_answers", {}),
    "an answer twice": ({"about": ["none", "add", "Where?", "Here; here", "Here; There", ""], "headcount": [""]},
                        "writing.answer_twice", {}),
    "the name of a group of the report": ({"about": ["none", "add", "Where?", "Everyone; There", "Here; There", ""],
                                           "headcount": [""]}, "writing.reserved",
                                          {"one": "Everyone", "two": "Smaller groups together"}),
    "a fifth breakdown": ({"about": ["all", "add", "Four?", "a; b", "add", "Five?", "a; b", "back", ""], "headcount": [""]},
                          "writing.most_about", {"count": 4}),
    "one point": ({"scale": ["Never", "Never; Often", "", ""]}, "writing.points", {"count": 11}),
    "a point twice": ({"scale": ["Never; never", "Never; Often", "", ""]}, "writing.point_twice", {}),
    "a point that is no answer": ({"scale": ["Never; N/A", "Never; Often", "", ""]}, "writing.point_is_no_answer", {}),
    "an end that is no point": ({"scale": ["", "Good", "", "", ""]}, "writing.not_on_the_scale",
                                {"scale": "Never, Rarely, Sometimes, Often, Always"}),
    "ends that cross": ({"scale": ["", "Never", "Often", "", ""]}, "writing.ends_cross", {}),
    "forty people": ({"headcount": ["forty", "40", ""]}, "writing.no_number", {}),
    "nobody": ({"headcount": ["0", "40", ""]}, "writing.nobody_asked", {}),
    "groups that are more than all": ({"headcount": ["24", "yes", "20", "20", "10", "10"]}, "writing.more_than_asked",
                                      {"found": 40, "asked": 24}),
    "a day that there is not": ({"follow_up": ["2026-02-30", "2026-03-01", "Say it", ""]}, "writing.no_date", {}),
    "a day in words": ({"follow_up": ["next Monday", "2026-03-01", "Say it", ""]}, "writing.no_date", {}),
    "a day without a promise": ({"follow_up": ["2026-03-01", "", "", "2026-03-01", "Say it", ""]}, "writing.no_promise", {}),
}
# fmt: on


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_one_sentence_and_one_is_asked_again(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts, key, values = MISTAKES[case]
    monkeypatch.setattr(sys, "stdin", io.StringIO(walk(**parts)))
    status = cli.main(["survey", "write", "--to", str(tmp_path / "new.yml")])
    said = capsys.readouterr()
    assert (status, said.err) == (0, ""), said.out[-1500:]
    assert said.out.count(say(key, **values)) == 1
    assert load(tmp_path / "new.yml").items


def test_what_was_refused_changes_nothing(ours: Path) -> None:
    refused: list[Callable[[Manuscript], object]] = [
        lambda script: script.set_title(" "),
        lambda script: script.reword("greet", "people decide, with us!"),
        lambda script: script.reword("greet", "P01_B"),  # the heading of another question in exports
        lambda script: script.add("role", "power"),
        lambda script: script.set_scale(["Often"]),
        lambda script: script.set_ends(["Never"], ["Often"]),
        lambda script: script.set_answers("role", ["Outreach", "OUTREACH"]),
        lambda script: script.set_answers("role", ["Outreach", "Peer worker", "Out"]),
        lambda script: script.set_headcount(49),
        lambda script: script.set_headcounts("role", [31, 30]),
        lambda script: script.set_follow_up(None, "Say it", ""),
        lambda script: script.set_codes({"Never": ["1"], "Often": ["1"]}),
        lambda script: script.set_codes({"Often": ["now and then"]}),
        lambda script: script.set_spellings("role", {"Outreach": ["peer worker"]}),
        lambda script: script.add_column("greet", "p01-b"),
        lambda script: script.add_leave_out("Role", ["x"]),
        lambda script: script.add_leave_out("Status", [" "]),
    ]
    for change in refused:
        script = Manuscript.open(ours)
        with pytest.raises(AlongsideError):
            change(script)
        assert script == Manuscript.open(ours)


# --- whatever is typed comes back as it was -----------------------------------------------------------

AWKWARD = [
    "yes", "No", "on", "null", "~", "forty", "40", "0x1F", "1_000", "12:30", "2026-09-01", "a #b", "a: b", "- a", "? a",
    "it's", '"so"', "“smart”", "{a}", "[a, b]", "*a", "&a", "!a", "%a", "@a", "`a`", "|", ">", "a\\b", "\\n", "a\u00a0b",
    "\ttab", "Rôle", "角色", "דוגמה", "👋🏽 hi", "a\u2028b", "\ufeffa", "\x1b[31mred", "\ud800x", "={1+1}", "<b>", "#",
]  # fmt: skip
TEXTS = some.one_of(some.sampled_from(AWKWARD), some.text(min_size=1, max_size=40))


@settings(max_examples=60, deadline=None)
@given(some.lists(TEXTS, min_size=8, max_size=8))
def test_any_text_survives_the_file(texts: list[str]) -> None:
    title, wave, practice, question, about, one, two, steps = (writing.clean(text) or "x" for text in texts)
    script = Manuscript.new()
    script.set_title(title)
    script.set_wave(wave)
    script.set_next_steps(steps)
    try:
        script.add(question, practice)
        script.ask_about(about, [one, two])
        script.set_scale([one, two])
    except AlongsideError:
        pass  # said in a sentence, and tried above
    if not script.questions:
        return
    with tempfile.TemporaryDirectory() as folder:
        book = put(script, Path(folder, "new.yml"))
        again = Manuscript.open(Path(folder, "new.yml"))
        put(again, Path(folder, "again.yml"))
        assert Path(folder, "again.yml").read_bytes() == Path(folder, "new.yml").read_bytes()
    assert (book.title, book.wave, book.next_steps) == (title, wave, steps)
    assert [item.text for item in book.items.values()] == [one.text for one in script.questions]
    assert list(book.practices.values()) == list(script.used_practices().values())
    assert [list(one.answers) for one in book.about.values()] == [list(one.labels) for one in script.about]
    assert book.scale == script.scale


@pytest.mark.parametrize("text", AWKWARD)
def test_an_awkward_text_is_a_title_an_answer_and_a_practice(tmp_path: Path, text: str) -> None:
    script = Manuscript.new()
    script.set_title(text)
    script.add("In the last month, people had coffee", text)
    script.ask_about("Which one?", [text, "Some other answer"])
    script.set_wave(text)
    book = put(script, tmp_path / "new.yml")
    wanted = writing.clean(text)
    assert wanted
    assert (book.title, book.wave, [*book.practices.values()]) == (wanted, wanted, [wanted])
    assert [*book.about["about_1"].answers] == [wanted, "Some other answer"]


def test_the_shipped_questionnaires_can_be_changed_and_keep_their_comments(tmp_path: Path) -> None:
    for at, path in enumerate(ready_made().values()):
        script = Manuscript.open(path)
        script.set_wave("2031 fall")
        book = put(script, tmp_path / f"{at}.yml")
        before, after = (
            path.read_text("utf-8").splitlines(),
            (tmp_path / f"{at}.yml").read_text("utf-8").splitlines(),
        )
        changed = [line for line in after[1:] if line not in before]
        assert [line.split("#")[0].strip() for line in changed] == ['wave: "2031 fall"']
        assert book.items == load(path).items
