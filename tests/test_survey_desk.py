"""The survey's tools in a page: what they do, what they never hold, and that everybody can work them."""

from __future__ import annotations

import argparse
import json
import logging
import re
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, SECONDS, Jupyter, Watched, bytes_of
from hands import TOOLS, Learner, tab_to
from lab import Lab
from playwright.sync_api import Page, expect
from survey_tools import CODEBOOK, ITEMS, SCALE, Person, google, microsoft_forms, save, save_xlsx

import alongside
from alongside.course.plain import reading_grade
from alongside.page import html as pages
from alongside.survey import commands, desk
from alongside.survey import controls as ui
from alongside.survey.ask.codebook import load
from alongside.survey.desk import survey_changes, survey_report
from alongside.survey.writing_desk import survey_form
from alongside.words import say

CANARY = "zqcanaryqz"
LOOK, SHOW, GROUPS, SAVE = (
    "See what was taken for what",
    "See what would be shown",
    "Show these groups",
    "Release the report",
)
TOOLS_OF = {
    "20-survey-ask": survey_form,
    "21-survey-read": survey_report,
    "22-survey-compare": survey_changes,
}


class Hand:
    """Somebody at a tool, without a page around it."""

    def __init__(self, tool: ui.Tool) -> None:
        self.tool = tool

    def all(self, *kinds: type) -> list[Any]:
        def walk(one: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
            yield one
            for child in getattr(one, "children", ()):
                yield from walk(child)

        return [one for one in walk(self.tool.view) if isinstance(one, kinds)]

    def control(self, name: str) -> Any:
        (found,) = [one for one in self.all(ipywidgets.Widget) if getattr(one, "description", "") == name]
        return found

    def set(self, **values: str) -> Hand:
        for name, value in values.items():
            self.control(name.replace("_", " ")).value = value
        return self

    def press(self, name: str) -> str:
        self.control(name).click()
        return self.shown()

    def shown(self) -> str:
        return "\n".join(one.value for one in self.all(ipywidgets.HTML) if one.value)

    def alerts(self) -> list[str]:
        return re.findall(r'role="alert">(.*?)</p>', self.shown())

    def own(self, answers: Path | str, codebook: Path | str) -> Hand:
        self.control("Answers").value = say("desk.our_own")
        self.control("Path of the answers (CSV or XLSX)").value = str(answers)
        self.control("Path of the codebook").value = str(codebook)
        return self


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """On somebody's own computer, whatever runs the tests."""
    for name in (*ui.HOSTS, ui.ON_A_SITE):
        monkeypatch.delenv(name, raising=False)


def held() -> str:
    """The state of every widget that there is, as it goes to the page and may be saved."""
    states = [one.get_state() for one in ipywidgets.widgets.widget._instances.values()]
    assert states
    return json.dumps(states, default=str)


def people(count: int) -> list[Person]:
    return [Person((at % 5, 3, (at + 2) % 5, 4), at % 3, at % 2) for at in range(count)]


def export(folder: Path, count: int = 24) -> tuple[Path, Path]:
    """An export as Google Forms makes it, with a canary in every column that no codebook names."""
    grid = google(people(count))
    for at, heading in enumerate(grid[0]):
        if heading not in CODEBOOK and not any(text in heading for text in ITEMS):
            for row in grid[1:]:
                row[at] = f"{CANARY} {at}"
    assert CANARY in json.dumps(grid[1:])
    (folder / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    return save(grid, folder / "answers.csv"), folder / "codebook.yml"


# --- what a tool shows --------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", TOOLS_OF.values())
def test_a_tool_shows_controls_or_a_page_for_where_no_program_runs(tool: Callable[[], ui.Tool]) -> None:
    made = tool()
    shown = made._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/html", ui.VIEW}
    assert shown["text/plain"] == repr(made) == say("desk.only_text")
    assert "needs Alongside on your own computer" in shown["text/html"]
    told = pages_words(shown["text/html"])
    assert "On a laptop with the course on it, this page has boxes and buttons" in told
    assert "ask the person who looks after your computers" in told
    assert "Go to the folder of the course in it, and type this: .venv/bin/alongside survey " in told
    assert r"On Windows, begin with .venv\Scripts\alongside" in told


@pytest.mark.parametrize("tool", TOOLS_OF.values())
def test_what_a_page_says_to_type_is_a_command_that_there_is(tool: Callable[[], ui.Tool]) -> None:
    shown = [re.sub(r"</?span>", "", one) for one in re.findall(r"<code>(.*?)</code>", tool().page())]
    (typed,) = (one.removeprefix(".venv/bin/alongside ") for one in shown if one.startswith(".venv/bin/"))
    parser = argparse.ArgumentParser()
    commands.add(parser.add_subparsers(dest="command"))
    assert parser.parse_args(typed.split()).command == "survey"


@pytest.mark.parametrize("tool", TOOLS_OF.values())
def test_a_page_without_a_program_is_plain_to_read(tool: Callable[[], ui.Tool]) -> None:
    words = re.sub(r"<code>.*?</code>", "this", tool().page())
    assert reading_grade(pages_words(words)) <= 8


def pages_words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize("tool", TOOLS_OF.values())
def test_controls_are_only_of_kinds_that_have_a_name_and_work_by_keyboard(
    tool: Callable[[], ui.Tool],
) -> None:
    hand = Hand(tool())
    kinds = {type(one).__name__ for one in hand.all(ipywidgets.Widget)}
    assert kinds <= {"VBox", "HBox", "Text", "Dropdown", "Checkbox", "Button", "HTML"}
    controls = hand.all(ipywidgets.Text, ipywidgets.Dropdown, ipywidgets.Button)
    assert len(controls) >= 4
    assert all(one.description for one in controls)


def test_practice_answers_of_60_become_pictures_with_sentences_tables_and_lessons() -> None:
    hand = Hand(survey_report())
    shown = hand.press(SHOW)
    assert hand.alerts() == []
    assert len(re.findall(r'<img src="data:image/svg\+xml,[^"]+" alt="[^"]{20,}"', shown)) == 2
    assert "<table><caption>" in shown and "60 people answered" in shown
    for lesson in ("05-share-power", "15-be-a-team"):
        assert f'href="{lesson}.ipynb"' in shown
    assert hand.press(GROUPS).count("<img") > 10
    assert hand.alerts() == []


def test_practice_answers_of_14_show_everyone_together_and_no_group() -> None:
    hand = Hand(survey_report()).set(Answers="Practice: 14 people, invented")
    shown = hand.press(SHOW)
    assert "14 people answered" in shown and "<img" in shown
    assert GROUPS not in [one.description for one in hand.all(ipywidgets.Button)]


def test_too_few_answers_are_a_kind_page_with_the_guide_for_a_conversation() -> None:
    hand = Hand(survey_report()).set(Answers="Practice: 8 people, invented")
    shown = hand.press(SHOW)
    assert "Too few to show" in shown and "nobody’s fault" in shown
    assert 'href="../exercises/21-survey-read.ipynb"' in shown
    assert "<img" not in shown and not re.search(r"\b8 people answered", shown)
    assert hand.alerts() == []


def test_choosing_other_answers_takes_what_was_shown_away() -> None:
    hand = Hand(survey_report())
    hand.press(LOOK)
    assert "<img" in hand.press(SHOW)
    hand.set(Answers="Practice: 14 people, invented")
    assert "<img" not in hand.shown() and "Headings and questions" not in hand.shown()
    assert hand.press(SAVE).count("Nothing is shown yet") == 1


def test_what_stands_there_of_another_path_is_hidden_and_goes_with_the_next_press(
    tmp_path: Path,
) -> None:
    answers, codebook = export(tmp_path)
    hand = Hand(survey_report()).own(answers, codebook)
    for look in (LOOK, SHOW):
        hand.press(look)
    path = hand.control("Path of the answers (CSV or XLSX)")
    path.value = str(tmp_path / "nowhere.csv")
    hidden = [one for one in hand.all(ipywidgets.DOMWidget) if "alongside-old" in one._dom_classes]
    assert any("<img" in getattr(one, "value", "") for one in hidden)
    assert hand.press(SAVE).count("Nothing is shown yet") == 1 and "<img" not in hand.shown()
    assert not [one for one in hand.all(ipywidgets.DOMWidget) if "alongside-old" in one._dom_classes]
    path.value = str(answers)
    assert "<img" in hand.press(SHOW) and hand.alerts() == []


def test_a_practice_release_leaves_nothing_beside_its_codebook() -> None:
    before = sorted(path.name for path in (ROOT / "data" / "practice").iterdir())
    for name in desk.practice():
        assert Hand(survey_report()).set(Answers=name).press(SHOW)
    Hand(survey_changes()).press("Compare the two waves")
    assert [one.book().path for one in (*desk.practice().values(), *desk.WAVES)] == [None] * 6
    assert sorted(path.name for path in (ROOT / "data" / "practice").iterdir()) == before


def test_two_practice_waves_mostly_read_cannot_tell(tmp_path: Path) -> None:
    hand = Hand(survey_changes())
    shown = hand.press("Compare the two waves")
    assert shown.count("<td>cannot tell</td>") > shown.count("<td>went up</td>") > 0
    hand.set(New_folder_for_the_comparison=str(tmp_path / "changes")).press("Save the comparison")
    assert hand.alerts() == [] and (tmp_path / "changes" / "changes.json").exists()


# --- what is never held --------------------------------------------------------------------------------


def test_an_export_goes_through_the_tool_and_leaves_no_answer_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, codebook = export(tmp_path)
    caplog.set_level(logging.DEBUG)
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(LOOK)
    hand.press(SHOW)
    hand.set(New_folder_for_the_report=str(tmp_path / "report")).press(SAVE)
    assert hand.alerts() == []
    shown = hand.shown()
    assert "24 people answered" in shown and "not in the codebook" in shown
    printed = capsys.readouterr()
    bundle = json.dumps(hand.tool._repr_mimebundle_())
    for place in (held(), shown, bundle, caplog.text, printed.out, printed.err, repr(hand.tool)):
        assert CANARY not in place
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != answers]
    assert len(written) >= 5
    for path in written:
        assert CANARY.encode() not in path.read_bytes(), path.name


def test_headings_are_matched_by_looking_and_answers_are_not_looked_at(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    shown = Hand(survey_report()).own(answers, codebook).press(LOOK)
    assert "<td>How much do you agree? [We greet people by name when they come in]</td>" in shown
    assert "not in the codebook" in shown and CANARY not in shown
    assert ">1</th><td>Strongly disagree</td>" in shown and ">A5</th><td>Strongly agree</td>" in shown
    assert not list(tmp_path.glob("*.released.json"))


def test_a_first_row_that_is_somebodys_answers_is_not_shown_as_headings(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    lines = answers.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    answers.write_text("".join(lines[1:]), encoding="utf-8")
    hand = Hand(survey_report()).own(answers, codebook)
    assert CANARY not in hand.press(LOOK) and len(hand.alerts()) == 1
    assert "Headings" not in hand.shown().replace("headings", "")


def test_where_a_question_has_no_heading_the_others_are_still_seen(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    text = answers.read_text(encoding="utf-8-sig")
    answers.write_text(text.replace("We greet people by name when they come in", "Greets"), encoding="utf-8")
    shown = Hand(survey_report()).own(answers, codebook).press(LOOK)
    assert "no heading fits</td>" in shown and "Greets" in shown
    assert "no heading fits 1 question: &quot;greet&quot;" in shown
    assert CANARY not in shown + held()


def test_until_it_is_released_nothing_is_remembered_and_nothing_is_written(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    hand = Hand(survey_report()).own(answers, codebook)
    assert "Keep the two together, so that no later report can be subtracted from this one" in hand.shown()
    hand.press(LOOK)
    assert "<img" in hand.press(SHOW)
    assert "for your eyes only until you release it" in hand.shown()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    export(tmp_path, 25)  # somebody answered late, and nothing was shown to others yet
    assert "25 people answered" in hand.press(SHOW) and hand.alerts() == []
    assert not list(tmp_path.glob("*.released.json"))


def test_what_was_released_is_on_record_and_a_second_look_cannot_find_a_late_answer(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    hand = Hand(survey_report()).own(answers, codebook)
    assert "<img" in hand.press(SHOW)
    hand.set(New_folder_for_the_report=str(tmp_path / "report")).press(SAVE)
    (memory,) = tmp_path.glob("*.released.json")
    export(tmp_path, 25)
    assert "<img" not in hand.press(SHOW)
    assert "released before" in hand.alerts()[0]
    memory.write_text("cut off", encoding="utf-8")
    assert "<img" not in hand.press(SHOW)
    assert "can&#x27;t be read" in hand.alerts()[0]


def test_where_nothing_can_be_put_on_record_nothing_is_released(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    (tmp_path / "codebook.released.json").symlink_to(tmp_path / "nowhere" / "else")
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(SHOW)
    hand.set(New_folder_for_the_report=str(tmp_path / "report")).press(SAVE)
    assert hand.alerts() and not (tmp_path / "report").exists()


# --- mending what was taken wrong ----------------------------------------------------------------------


#: Longer than a heading is where it stands in a sentence.
LONG = "Greeted " + "by their name and with some time for a chat about the day " * 2 + "at last"


def test_a_column_a_number_and_a_mark_are_mended_in_place_and_stand_in_the_codebook(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    text = answers.read_text(encoding="utf-8-sig")
    answers.write_text(text.replace("We greet people by name when they come in", LONG), encoding="utf-8")
    raw, commented = answers.read_bytes(), "# ours\n" + codebook.read_text("utf-8")
    codebook.write_text(commented, encoding="utf-8")
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(LOOK)
    column, asks = hand.control(say("desk.column")), hand.control(say("desk.column_asks"))
    assert asks.label == "We greet people by name when they come in", (
        "the question without a heading comes first"
    )
    (column.value,) = [value for label, value in column.options if "Greeted" in label]
    hand.press(say("desk.keep_column"))
    assert hand.alerts() == [] and "<td>How much do you agree? [Greeted" in hand.shown()
    before = dict(load(codebook).numbers)
    hand.control(say("desk.written_as", label="Agree")).value += "; Agreed"
    hand.control(say("desk.written_as_of", label="Outreach", text="What is your role?")).value = "out; reach"
    hand.press(say("desk.keep_codes"))
    marks = hand.control(say("desk.marking_column"))
    heading = next(value for label, value in marks.options if value)
    marks.value = heading
    hand.control(say("desk.marks")).value = "Spam"
    hand.press(say("desk.keep_marks"))
    assert hand.alerts() == []
    book = load(codebook)
    assert dict(book.numbers) == {**before, "Agreed": "Agree"} and dict(book.leave_out) == {
        heading: ("Spam",)
    }
    assert book.items["greet"].columns[-1] == f"How much do you agree? [{LONG}]"
    assert book.about["role"].answers["Outreach"] == ("out", "reach")
    assert codebook.read_text("utf-8").startswith("# ours\n") and answers.read_bytes() == raw
    assert "24 people answered" in hand.press(SHOW)
    assert CANARY not in hand.shown() + held() + codebook.read_text("utf-8")


def test_numbers_are_refused_until_the_owner_says_what_each_means(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    text = answers.read_text(encoding="utf-8-sig")
    for number, point in ((3, SCALE[2]), (5, SCALE[0]), (1, SCALE[4]), (4, SCALE[1]), (2, SCALE[3])):
        text = text.replace(f",{point},", f",{number},").replace(f",{point},", f",{number},")
    answers.write_text(text, encoding="utf-8")
    written = codebook.read_text("utf-8")
    codebook.write_text(
        re.sub(r"^numbers:(.*\n(  .*\n)*)", "", written, flags=re.MULTILINE), encoding="utf-8"
    )
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(LOOK)
    assert len(hand.alerts()) == 1
    assert "<img" not in hand.press(SHOW)
    for number, point in zip((5, 4, 3, 2, 1), SCALE, strict=True):  # this form ran the other way
        hand.control(say("desk.written_as", label=point)).value = str(number)
    hand.press(say("desk.keep_codes"))
    assert "24 people answered" in hand.press(SHOW) and hand.alerts() == []
    assert dict(load(codebook).numbers) == dict(zip("54321", SCALE, strict=True))


def test_a_mistake_in_mending_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    before = codebook.read_bytes()
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(LOOK)
    hand.press(say("desk.keep_column"))
    assert hand.alerts() == [say("writing.no_heading")]
    hand.control(say("desk.written_as", label="Agree")).value = "5"
    hand.control(say("desk.written_as", label="Disagree")).value = "5"
    hand.press(say("desk.keep_codes"))
    assert say("writing.code_twice") in hand.alerts()
    assert codebook.read_bytes() == before


def test_what_was_seen_before_mending_is_no_longer_shown_and_cannot_be_released(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(LOOK)
    assert "<img" in hand.press(SHOW)
    hand.control(say("desk.written_as", label="Agree")).value = "4"
    hand.press(say("desk.keep_codes"))
    assert "<img" not in hand.shown()
    hand.set(New_folder_for_the_report=str(tmp_path / "report")).press(SAVE)
    assert hand.alerts() == [say("desk.nothing_shown_yet")] and not (tmp_path / "report").exists()


def test_made_up_answers_have_nothing_to_mend() -> None:
    hand = Hand(survey_report())
    hand.press(LOOK)
    assert say("desk.keep_codes") not in [one.description for one in hand.all(ipywidgets.Button)]


# --- when something is wrong --------------------------------------------------------------------------

# fmt: off
BROKEN: dict[str, Callable[[Path], tuple[object, object]]] = {
    "no path": lambda home: ("", home / "codebook.yml"),
    "no codebook": lambda home: (home / "answers.csv", " "),
    "no such file": lambda home: (home / "other.csv", home / "codebook.yml"),
    "a folder": lambda home: (home, home / "codebook.yml"),
    "an empty file": lambda home: (_written(home, b""), home / "codebook.yml"),
    "a picture": lambda home: (_written(home, b"\x89PNG\r\n" + CANARY.encode()), home / "codebook.yml"),
    "a page": lambda home: (_written(home, f"<html>{CANARY}</html>".encode()), home / "codebook.yml"),
    "an open quotation mark": lambda home: (
        _written(home, f'a,b\n"{CANARY},c\n'.encode()), home / "codebook.yml"),
    "another survey": lambda home: (_written(home, f"a,b\n{CANARY},c\n".encode()), home / "codebook.yml"),
    "another codebook": lambda home: (home / "answers.csv", ROOT / "data" / "survey-staff.yml"),
    "the answers as codebook": lambda home: (home / "answers.csv", home / "answers.csv"),
    "a damaged spreadsheet": lambda home: (_written(home, b"PK\x03\x04" + CANARY.encode()), home / "codebook.yml"),
}
# fmt: on


def _written(home: Path, data: bytes) -> Path:
    (home / "broken.csv").write_bytes(data)
    return home / "broken.csv"


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_input_is_one_sentence_and_nobodys_words(tmp_path: Path, case: str) -> None:
    export(tmp_path)
    answers, codebook = BROKEN[case](tmp_path)
    hand = Hand(survey_report()).own(str(answers), str(codebook))
    for button in (LOOK, SHOW):
        hand.press(button)
        if button == LOOK and not hand.alerts():
            continue
        assert hand.alerts(), button
        assert all(len(said) < 500 and "Traceback" not in said for said in hand.alerts())
    assert "<img" not in hand.shown() and CANARY not in held()
    assert hand.press(SAVE).count("Nothing is shown yet") == 1


def test_an_answer_that_fits_no_point_is_told_by_its_place(tmp_path: Path) -> None:
    answers, codebook = export(tmp_path)
    text = answers.read_text(encoding="utf-8-sig").replace("Strongly agree", CANARY, 1)
    answers.write_text(text, encoding="utf-8")
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(SHOW)
    assert "fit no point of the scale" in hand.alerts()[0] and CANARY not in held()


def test_a_sheet_is_asked_for_where_a_spreadsheet_has_several(tmp_path: Path) -> None:
    _, codebook = export(tmp_path)
    grid = microsoft_forms(people(24))
    answers = save_xlsx(grid, tmp_path / "answers.xlsx", Notes=[["one"], ["two"]])
    hand = Hand(survey_report()).own(answers, codebook)
    hand.press(SHOW)
    assert "several sheets" in hand.alerts()[0]


def test_folders_of_others_are_refused_in_words_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    hand = Hand(survey_report())
    hand.press(SHOW)
    hand.set(New_folder_for_the_report=str(tmp_path / "mine")).press(SAVE)
    assert "letter.txt" in hand.alerts()[0] and "--to" not in hand.alerts()[0]
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_two_folders_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    hand = Hand(survey_changes()).set(
        Two_waves=say("desk.our_own"), Folder_of_the_earlier_report=str(tmp_path)
    )
    hand.set(Folder_of_the_later_report=str(tmp_path)).press("Compare the two waves")
    assert len(hand.alerts()) == 1 and "tables.json" in hand.alerts()[0]


def test_what_nobody_thought_of_is_told_by_its_kind_alone() -> None:
    def fails() -> str:
        raise KeyError(CANARY)

    said = ui.outcome(fails)
    assert "(KeyError)" in said and CANARY not in said and 'role="alert"' in said


# --- somebody else's machine ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["BINDER_LAUNCH_HOST", "BINDER_SERVICE_HOST", "JUPYTERHUB_API_URL"])
@pytest.mark.parametrize("tool", TOOLS_OF.values())
def test_a_hosted_machine_is_said_first_and_offers_practice_answers_alone(
    monkeypatch: pytest.MonkeyPatch, tool: Callable[[], ui.Tool], name: str
) -> None:
    monkeypatch.setenv(name, "https://example.org")
    hand = Hand(tool())
    assert "no place for a real export" in hand.all(ipywidgets.HTML)[0].value
    offered = [option for one in hand.all(ipywidgets.Dropdown) for option in one.options]
    assert offered and say("desk.our_own") not in offered
    paths = [one.description for one in hand.all(ipywidgets.Text) if one.description.startswith("Path")]
    assert paths == []


# --- the published page --------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("name", TOOLS)
def test_a_published_page_has_words_an_example_and_no_widget(site: Path, name: str) -> None:
    page = (site / f"{name}.html").read_text(encoding="utf-8")
    assert "needs Alongside on your own computer" in page
    assert "voila.js" not in page and "jupyter-config-data" not in page and ui.VIEW not in page
    shown = {"20": "See the questions", "21": "data:image/svg+xml,", "22": "<td>cannot tell</td>"}
    assert shown[name[:2]] in page


def test_every_tool_of_the_package_makes_its_page_a_live_one() -> None:
    names = [name for name in alongside.__all__ if name.startswith("survey_")]
    assert sorted(names) == sorted(tool.__name__ for tool in TOOLS_OF.values())
    for source, live in [*((f"{name}()", True) for name in names), ("ask('Why?', keep_as='why')", False)]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        page = pages.prepare(notebook, pages.VOILA, name="x", folder="notebooks", host="here:1")
        assert page.metadata["alongside_page"]["live"] is live, source


# --- in a browser: Voilà -------------------------------------------------------------------------------

READ = "21-survey-read"
STANDS_OUT = "survey-read-stands-out"


@pytest.fixture
def owner(tab: Watched, jupyter: Jupyter) -> Learner:
    """A survey owner at lesson 21, with an export and its codebook in a folder of the course."""
    (jupyter.folder / "surveys").mkdir(exist_ok=True)
    export(jupyter.folder / "surveys")
    return Learner(tab.page, jupyter.course())


@pytest.fixture(autouse=True)
def put_away(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "jupyter" in request.fixturenames:
        shutil.rmtree(request.getfixturevalue("jupyter").folder / "surveys", ignore_errors=True)


def at_work(page: Page) -> Page:
    """Wait for the tool, which comes after everything else on the page."""
    expect(page.get_by_role("button", name=SHOW)).to_be_visible(timeout=60 * SECONDS)
    return page


def release_own(page: Page) -> None:
    """Choose an export of one's own, look at its headings, see what may be shown, and save it."""
    page.get_by_role("combobox", name="Answers").select_option(say("desk.our_own"))
    page.get_by_role("textbox", name="Path of the answers").fill("surveys/answers.csv")
    page.get_by_role("textbox", name="Path of the codebook").fill("surveys/codebook.yml")
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_text("Each question has its heading.")).to_be_visible()
    # What the file has for an answer is put into the codebook, in place.
    page.get_by_role("textbox", name=say("desk.written_as", label="Agree"), exact=True).fill("4")
    page.get_by_role("button", name=say("desk.keep_codes")).click()
    expect(page.get_by_text(say("desk.mended", file="codebook.yml"))).to_be_visible()
    page.get_by_role("button", name=SHOW).click()
    expect(page.get_by_text("24 people answered")).to_be_visible(timeout=60 * SECONDS)
    page.get_by_role("textbox", name="New folder for the report").fill("surveys/report")
    page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_text("The report is in surveys/report.")).to_be_visible(timeout=60 * SECONDS)


def complaints(tab: Watched) -> list[str]:
    """Without the one of a formula reader that it was given no other host's address."""
    return [said for said in tab.errors if "mathjax2-extension" not in said]


def assert_no_canary(folder: Path, log: Path, tab: Watched) -> None:
    sent = "\n".join(tab.sent)
    assert "24 people answered" in sent, "the frames were not seen at all"
    for place in (tab.page.content(), sent, log.read_text(), "\n".join(tab.errors)):
        assert CANARY not in place
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert folder / "surveys" / "report" / "report.html" in files
    found = [path.name for path in files if CANARY.encode() in bytes_of(path)]
    assert found == ["answers.csv"]


@pytest.mark.browser
def test_in_voila_an_export_becomes_a_report_and_leaves_no_answer_on_the_way(
    owner: Learner, tab: Watched, jupyter: Jupyter
) -> None:
    release_own(at_work(owner.open(READ).page))
    assert_no_canary(jupyter.folder, jupyter.log, tab)
    answers = owner.page.get_by_role("textbox", name="Path of the answers")
    shown = owner.page.get_by_text("24 people answered")
    answers.fill("surveys/nowhere.csv")
    # A hand holds a button for a while, and what the box's change takes away must not move it meanwhile.
    owner.page.get_by_role("button", name=SHOW).click(delay=300)
    expect(owner.page.get_by_role("alert").filter(has_text="there is no such file")).to_be_visible()
    expect(shown).to_have_count(0)
    answers.fill("surveys/answers.csv")
    owner.page.get_by_role("button", name=SHOW).click(delay=300)
    expect(shown).to_be_visible(timeout=60 * SECONDS)
    answers.fill("surveys/nowhere.csv")
    answers.press("Tab")
    expect(shown).to_be_hidden()
    # The room that it had is not left empty for long.
    expect(shown.locator("xpath=ancestor::*[contains(@class, 'alongside-old')]")).to_have_css("height", "0px")
    assert complaints(tab) == []


@pytest.mark.browser
def test_in_voila_the_tool_is_worked_by_keyboard_and_fits_a_phone(owner: Learner, tab: Watched) -> None:
    page = at_work(owner.open(READ).page)
    answers = tab_to(page, page.get_by_role("combobox", name="Answers"))
    expect(answers).to_have_value("Practice: 60 people, invented")
    # The kit's own arrow is a black picture, which nobody sees in the dark: the browser draws its own in the text's color.
    expect(answers).to_have_css("background-image", "none")
    show = tab_to(page, page.get_by_role("button", name=SHOW))
    page.keyboard.press("Enter")
    pictures = page.locator(".alongside-desk img")
    expect(pictures).to_have_count(2, timeout=60 * SECONDS)
    for picture in pictures.all():
        assert len(picture.get_attribute("alt") or "") > 20
        assert picture.evaluate("(one) => one.naturalWidth") > 0, "the page's policy lets the picture in"
    expect(page.get_by_role("link", name="Lesson 5, Share power (opens in a new tab)")).to_have_attribute(
        "href", "05-share-power.ipynb"
    )
    found = Axe().run(page)
    assert found.response["violations"] == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    boxes = [one.bounding_box() for one in page.locator(".alongside-desk :is(button, select, input)").all()]
    assert boxes and all(box is None or box["height"] >= 44 for box in boxes)
    # Too few to show, by the same keys.
    answers.select_option("Practice: 8 people, invented")
    show.press("Enter")
    expect(page.get_by_role("heading", name="Too few to show")).to_be_visible(timeout=60 * SECONDS)
    expect(pictures).to_have_count(0)
    assert complaints(tab) == []


@pytest.mark.browser
def test_on_a_page_with_a_tool_words_stay_in_the_tab_and_the_policy_lets_nothing_out(
    owner: Learner, tab: Watched
) -> None:
    page = at_work(owner.open(READ).page)
    owner.write(STANDS_OUT, "quiet otter")
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_text("Each question has its heading.")).to_be_visible()
    assert "Each question has its heading." in "\n".join(tab.sent)
    assert "quiet otter" not in "\n".join(tab.sent)
    assert "quiet otter" in json.dumps(owner.stored())
    refused = page.evaluate(
        """async () => {
            const refused = new Set();
            document.addEventListener("securitypolicyviolation", (event) => refused.add(event.effectiveDirective));
            const other = "http://localhost:9";
            await fetch(`${other}/a`).catch(() => 0);
            try { new WebSocket("ws://localhost:9/"); } catch {}
            new Image().src = `${other}/b`;
            document.head.append(Object.assign(document.createElement("script"), { src: `${other}/c` }));
            document.head.append(Object.assign(document.createElement("script"), { textContent: "globalThis.in = 1" }));
            document.body.append(Object.assign(document.createElement("iframe"), { src: `${other}/d` }));
            await new Promise((done) => setTimeout(done, 500));
            return [[...refused].sort(), globalThis.in ?? 0];
        }"""
    )
    assert refused == [["connect-src", "frame-src", "img-src", "script-src-elem"], 0]


@pytest.mark.browser
def test_when_the_program_is_gone_the_page_says_so_and_its_boxes_go_on(
    owner: Learner, jupyter: Jupyter
) -> None:
    page = at_work(owner.open(READ).page)
    sign = page.get_by_role("alert").filter(has_text="This tool has gone to sleep. Reload the page to go on.")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(sign).to_have_count(0)
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    request = urllib.request.Request(
        f"{jupyter.origin}/api/kernels/{kernel}",
        method="DELETE",
        headers={"Authorization": f"token {jupyter.token}"},
    )
    urllib.request.urlopen(request, timeout=30).close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(sign).to_be_visible()
    owner.write(STANDS_OUT, "quiet otter")


@pytest.mark.browser
def test_a_page_without_a_tool_loads_nothing_of_jupyters_front_end(owner: Learner, tab: Watched) -> None:
    owner.open("05-share-power")
    assert "jupyter-config-data" not in owner.page.content()
    assert [url for url in tab.requests if "static" in url or url.startswith("ws")] == []


# --- in a browser: JupyterLab --------------------------------------------------------------------------


@pytest.mark.browser
def test_in_jupyterlab_the_tool_works_and_the_saved_notebook_holds_nothing_of_it(
    owner: Learner, tab: Watched, jupyter: Jupyter
) -> None:
    path = jupyter.folder / "surveys" / "draft.ipynb"
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[nbformat.v4.new_code_cell("from alongside import survey_report\nsurvey_report()", id="tool")],
    )
    nbformat.write(notebook, path)
    lab = Lab(tab, jupyter).open("surveys/draft")
    for wait in (10, 50):
        lab.press_run_all()
        try:
            expect(lab.page.get_by_role("button", name=SHOW)).to_be_visible(timeout=wait * SECONDS)
            break
        except AssertionError:
            if wait == 50:
                raise
    release_own(lab.page)
    found = Axe().run(lab.page, context=".jp-OutputArea")
    assert found.response["passes"] and found.response["violations"] == []
    lab.panel.get_by_role("textbox", name="New folder").press("Control+s")
    expect(lab.page.get_by_text("The report is in surveys/report.")).to_be_visible()
    with lab.page.expect_response(lambda it: it.request.method == "PUT" and "draft.ipynb" in it.url) as put:
        lab.menu("File", "docmanager:save")
    assert put.value.ok
    assert_no_canary(jupyter.folder, jupyter.log, tab)
    saved = nbformat.read(path, as_version=4)
    assert saved.cells[0].outputs == [] and "widgets" not in saved.metadata
