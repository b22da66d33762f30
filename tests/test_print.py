"""On paper nothing is missing, nothing of the person who leads stands on a learner's sheet, and it can be cut and read.

What must be there is read from the notebooks' lines and from data/scenarios.yml, and never from what was drawn. A plain run sets a
few lessons, and a night's run all.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pypdf
import pytest
from conftest import Jupyter

from alongside import kit
from alongside.cli import main
from alongside.course.lesson import FACILITATOR, Lesson, exercises, lessons
from alongside.course.plain import plain_text, sentences
from alongside.course.scenarios import Scenario, scenarios
from alongside.course.shape import KEEPS_AN_ANSWER
from alongside.kit import cards
from alongside.kit.handouts import _words
from alongside.kit.sheet import Order, Sheet, name_of
from alongside.pictures import Picture
from alongside.press import PAPERS, press
from alongside.press import compiled as compiled_by_typst
from alongside.words import say

ROOT = Path(__file__).resolve().parent.parent
POINTS = {"letter": (612, 792), "a4": (595, 842)}
#: One with cards, a ladder and a story, one with a vote, one with much to write, one with a gentler story.
SOME = ("05-share-power", "exercise-05-share-power", "exercise-13-follow-through", "12-be-reliable")
ALL = tuple(name_of(lesson) for lesson in kit.ordered())

#: In a plain run some lessons, at night all of them.
each_lesson = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SOME else pytest.mark.nightly) for name in ALL]
)


# --- reading ---------------------------------------------------------------------------------------------


@cache
def order(name: str) -> Order:
    return Order(kit.ordered([name]))


@cache
def drawn(name: str) -> dict[str, Sheet]:
    return {sheet.place: sheet for sheet in kit.drawn(order(name))}


@cache
def pdf(name: str, place: str, paper: str) -> pypdf.PdfReader:
    sheet = drawn(name)[place]
    return pypdf.PdfReader(io.BytesIO(press(sheet.template, sheet.data, paper)))


@cache
def text(name: str, place: str, paper: str = "letter") -> str:
    """All words of a file, without the foot of each page: it may stand in the middle of a sentence."""
    pages = pdf(name, place, paper).pages
    foot = plain(drawn(name)[place].data["title"])
    return " ".join(
        plain(page.extract_text()).removesuffix(f"{foot} {number} {len(pages)}")
        for number, page in enumerate(pages, 1)
    ).replace("  ", " ")


def plain(words: str) -> str:
    """Letters and digits alone: a line that wraps, a mark that stands apart and a curly quote make no difference."""
    return " ".join(re.findall(r"[^\W_]+", words.replace("’", "'").lower()))


def missing(words: list[str], where: str) -> list[str]:
    found = f" {where} "
    return [one for one in words if f" {plain(without_mark(one))} " not in found]


def without_mark(words: str) -> str:
    """An option without the number that it begins with: on a card, it stands beside the words."""
    return re.sub(r"^(\d{1,2}|[A-Z])\. ", "", words)


def of_kind(name: str, kind: str) -> list[str]:
    return [place for place in drawn(name) if place.startswith(f"{kind}/")]


def lesson_of(name: str) -> Lesson:
    (found,) = order(name).lessons
    return found


def all_of(story: Scenario) -> list[str]:
    """Everything that a room has to hear of a story."""
    texts = [story.title, story.opening, *story.debrief, *(part for pair in story.carries for part in pair)]
    for step in story.steps:
        texts.append(step.text)
        for one in step.choices:
            texts += [one.say, one.then, one.costs, one.gains_power, one.carries_risk]
            texts += [words for _, words in one.changes]
    return texts


# --- nothing is missing ----------------------------------------------------------------------------------


@each_lesson
def test_every_question_option_part_and_hint_of_a_lesson_stands_on_paper(name: str) -> None:
    asked = [one for one in lesson_of(name).activities if one.verb not in ("scenario", "picture", "plan")]
    asked = [one for one in asked if not one.verb.startswith("survey_")]
    assert asked
    on_paper = text(name, f"handouts/{name}.pdf")
    for one in asked:
        assert missing(one.texts, on_paper) == [], one.key


@each_lesson
def test_every_card_and_every_pile_can_be_cut_out_and_every_option_of_a_vote_hangs_on_the_wall(
    name: str,
) -> None:
    lesson = lesson_of(name)
    to_cut = [one for one in lesson.activities if one.verb in ("sort_cards", "rank")]
    voted = (
        {step.activity for step in lesson.session.in_order if step.vote != "none"}
        if lesson.session
        else set()
    )
    to_cut += [one for one in lesson.activities if one.key and one.key in voted and one not in to_cut]
    place = f"cards/{name}.pdf"
    assert (place in drawn(name)) == bool(to_cut or voted)
    if place in drawn(name):
        for one in to_cut:
            assert missing(one.texts, text(name, place)) == [], one.key


def large(reader: pypdf.PdfReader) -> str:
    """The words of a file that have at least 11 points."""
    found: list[str] = []

    def look(words: str, around: list[float], matrix: list[float], _: Any, size: float) -> None:
        if abs(size * matrix[3] * around[3]) >= 10.99:
            found.append(words)

    for page in reader.pages:
        page.extract_text(visitor_text=look)
    return plain(" ".join(found))


def pictures_of(name: str) -> list[Picture]:
    shown = [order(name).shown(lesson_of(name), cell) for cell in lesson_of(name).cells]
    return [one for one in shown if isinstance(one, Picture)]


def words_of(picture: Picture) -> list[str]:
    rows = [part for group, lines in picture.kind.rows() for row in [(group,), *lines] for part in row]
    return [part for part in (picture.lead, picture.caption, *rows) if part]


@each_lesson
def test_every_picture_is_on_paper_with_the_same_in_words_and_so_is_what_is_for_paper_alone(
    name: str,
) -> None:
    lesson, pictures = lesson_of(name), pictures_of(name)
    for_paper = [cell for cell in lesson.cells if "rung-3" in cell.tags and FACILITATOR not in cell.tags]
    assert pictures or for_paper or name.startswith("exercise-")
    if not (pictures or for_paper):
        return
    place = f"handouts/{name}-wall.pdf"
    words = [part for one in pictures for part in words_of(one)]
    words += [line for cell in for_paper for line in plain_text(cell.source).splitlines() if line.strip()]
    # In large letters: those inside a picture may be small.
    assert missing(words, large(pdf(name, place, "letter"))) == []
    described = [
        str(one.get("/Alt")) for one in tags(pdf(name, place, "letter")) if one.get("/S") == "/Figure"
    ]
    assert described == [one.alt for one in pictures]


@each_lesson
def test_what_learners_read_can_be_read_aloud_from_paper(name: str) -> None:
    lesson = lesson_of(name)
    read = text(name, f"handouts/{name}-text.pdf")
    without_marks = re.sub(r" \([^()]*\)", "", read)
    for cell in lesson.prose_cells(without={"facilitator", "lab-only", "rung-2", "rung-3", "privacy"}):
        if cell.id == "title":
            continue
        for sentence in sentences(plain_text(cell.source)):
            words = plain(sentence)
            assert words in read or words in without_marks or long_parts(words, read), (cell.id, sentence)


def long_parts(words: str, read: str) -> bool:
    """A sentence with sources in it: what stands between them is there."""
    parts = words.split()
    return all(" ".join(parts[n : n + 4]) in read for n in (0, max(0, len(parts) - 4)))


@each_lesson
def test_every_story_can_be_played_without_a_screen(name: str) -> None:
    told = [one.prompt for one in lesson_of(name).activities if one.verb == "scenario"]
    wanted = {key for one in told for key in (one, scenarios()[one].gentler) if key}
    assert {Path(place).stem for place in of_kind(name, "stories")} == wanted
    for key in wanted:
        story, place = scenarios()[key], f"stories/{key}.pdf"
        assert missing(all_of(story), text(name, place)) == []
        for paper in PAPERS:
            follow(story, [page.extract_text() for page in pdf(name, place, paper).pages])


def follow(story: Scenario, pages: list[str]) -> None:
    """Each scene is on the front of a leaf and what follows on its back, and every page that is named is the right one."""
    front = {
        step.name: at
        for step in story.steps
        for at, page in enumerate(pages, 1)
        if plain(step.text) in plain(page)
    }
    last = next(at for at, page in enumerate(pages, 1) if plain(story.debrief[0]) in plain(page))
    assert len(pages) == last == 2 * len(story.steps) + 1
    assert front.keys() == {step.name for step in story.steps} and all(at % 2 for at in front.values())
    for step in story.steps:
        leads = [int(page) for page in re.findall(r"Go to page (\d+)\.", pages[front[step.name]])]
        assert leads == [front.get(choice.next, last) for choice in step.choices]
        assert all(plain(choice.then) not in plain(pages[front[step.name] - 1]) for choice in step.choices)
    assert say("kit.story_repair", page=str(front[story.repair])) in pages[-1]


# --- nothing of the person who leads ---------------------------------------------------------------------


@each_lesson
def test_no_sentence_for_the_person_who_leads_stands_on_a_learners_sheet(name: str) -> None:
    lesson = lesson_of(name)
    steps = lesson.session.in_order if lesson.session else ()
    led = [cell.source for cell in lesson.facilitator_cells] + [
        words for step in steps for words in (step.say, step.do)
    ]
    # It may say aloud what learners read: a word of a story or of a picture, or the names of the answers.
    read = [lesson.prose(without={FACILITATOR}), " ".join(_words()["standings"])]
    read += [words for one in lesson.activities for words in one.texts]
    read += [words for story in order(name).stories for words in all_of(story)]
    read += [words for picture in pictures_of(name) for words in (picture.title, *words_of(picture))]
    learners = " | ".join(map(plain, read))
    theirs = {plain(one) for words in led for one in sentences(plain_text(words))}
    theirs = {one for one in theirs if len(one.split()) >= 4 and one not in learners}
    assert len(theirs) > 5
    for place in drawn(name):
        if place.split("/")[0] in ("handouts", "cards", "stories"):
            assert [one for one in theirs if one in text(name, place)] == [], place


# --- it can be read, cut and counted ---------------------------------------------------------------------


def tags(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Every tag of a PDF, in the order in which it is read."""
    root: Any = reader.trailer["/Root"]

    def walk(node: Any) -> Iterator[Any]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                yield from walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            yield from walk(node.get("/K"))

    yield from walk(root["/StructTreeRoot"])


@each_lesson
def test_each_sheet_has_its_paper_a_title_headings_in_order_and_heads_of_tables(name: str) -> None:
    for place in drawn(name):
        for paper in PAPERS:
            reader = pdf(name, place, paper)
            root: Any = reader.trailer["/Root"]
            assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en", place
            assert reader.metadata and reader.metadata.title, place
            for page in reader.pages:
                assert (round(page.mediabox.width), round(page.mediabox.height)) == POINTS[paper], place
                assert not page.get("/Rotate"), place
            found = [str(one["/S"]) for one in tags(reader)]
            levels = [int(one[2:]) for one in found if re.fullmatch(r"/H\d", one)]
            assert levels and levels[0] == 1, place
            assert all(after <= before + 1 for before, after in pairwise(levels)), place
            assert found.count("/Table") <= found.count("/TH"), place


_PAINT = re.compile(rb"(?<![\w.])((?:[\d.]+\s+){3,4})(rg|RG|k|K|sc|SC|scn|SCN)\b")


@each_lesson
def test_nothing_on_paper_is_in_color_and_no_letter_is_smaller_than_11_points(name: str) -> None:
    for place in drawn(name):
        small: set[float] = set()

        def look(
            words: str,
            around: list[float],
            matrix: list[float],
            _: Any,
            size: float,
            small: set[float] = small,
        ) -> None:
            if words.strip():
                small.add(round(abs(size * matrix[3] * around[3]), 1))

        for page in pdf(name, place, "letter").pages:
            content = page.get_contents()
            assert content is not None
            for numbers, paint in _PAINT.findall(content.get_data()):
                parts = [float(one) for one in numbers.split()]
                assert len(set(parts)) == 1 and paint not in (b"k", b"K"), (place, parts, paint)
            page.extract_text(visitor_text=look)
        if not place.endswith("-wall.pdf"):  # where the same stands beside the picture, in large letters
            assert min(small) >= 11, (place, sorted(small)[:3])


@each_lesson
def test_typst_warns_of_nothing(name: str) -> None:
    for place, sheet in drawn(name).items():
        for paper in PAPERS:
            assert compiled_by_typst(sheet.template, sheet.data, paper)[1] == [], place


@each_lesson
def test_the_first_page_of_cards_names_the_pages_that_there_are_and_each_card_lies_between_its_cuts(
    name: str,
) -> None:
    packs = cards.packed(order(name), lesson_of(name))
    if not packs:
        return
    for paper in PAPERS:
        pages = pdf(name, f"cards/{name}.pdf", paper).pages
        assert len(pages) == 1 + sum(pack.pages for pack in packs)
        at = 1
        for pack in packs:
            these = pages[at : at + pack.pages]
            at += pack.pages
            if pack.kind == "options":
                assert (
                    missing([one["text"] for one in pack.data["options"]], plain(these[0].extract_text()))
                    == []
                )
            if pack.kind == "cards":
                columns, rows = pack.data["columns"], pack.data["rows"]
                shown = [plain(one) for page in these for one in in_cells(page, columns, rows)]
                shown = [one for one in shown if not one.startswith(plain(say("kit.own_card")))]
                there = [one for one in pack.data["cards"] if one["text"]]
                assert shown == [plain(f"{one['mark']} {one['text']}") for one in there]
    for people in (3, 4, 9, 16):
        count = cards.counted(packs, people)
        row = " ".join([str(people), str(count.sets or ""), str(count.sheets), str(count.minutes)]).split()
        assert " ".join(row) in text(name, f"cards/{name}.pdf")


def test_cards_of_every_lesson_take_as_many_pages_as_their_first_page_says() -> None:
    whole = Order(kit.ordered())
    sheets = {sheet.place: sheet for sheet in cards.sheets(whole)}
    assert len(sheets) > 20
    for lesson in whole.lessons:
        if packs := cards.packed(whole, lesson):
            sheet = sheets[f"cards/{name_of(lesson)}.pdf"]
            made = pypdf.PdfReader(io.BytesIO(press(sheet.template, sheet.data, "letter")))
            assert len(made.pages) == 1 + sum(pack.pages for pack in packs), sheet.place


def test_every_kind_of_answer_has_a_form_on_paper() -> None:
    template = (ROOT / "alongside/kit/handouts.typ").read_text(encoding="utf-8")
    drawn_there = set(re.findall(r"^  (\w+): \w+,$", template.partition("#let kinds = (")[2], re.MULTILINE))
    assert drawn_there >= KEEPS_AN_ANSWER - {"scenario"} and len(drawn_there) >= 9


def in_cells(page: pypdf.PageObject, columns: int, rows: int) -> list[str]:
    """The words of each cell of a page that is cut up, row by row; none comes near a cut."""
    wide, high = float(page.mediabox.width) / columns, float(page.mediabox.height) / rows
    cells = [""] * (columns * rows)

    def look(words: str, around: list[float], matrix: list[float], _: Any, __: float) -> None:
        if not words.strip():
            return
        x = matrix[4] * around[0] + matrix[5] * around[2] + around[4]
        y = matrix[4] * around[1] + matrix[5] * around[3] + around[5]
        down = float(page.mediabox.height) - y
        assert 10 < x % wide < wide - 10 and 10 < down % high < high - 8, words
        cells[int(down // high) * columns + int(x // wide)] += words + " "

    page.extract_text(visitor_text=look)
    return cells


def test_counters_say_only_the_sentences_that_there_are() -> None:
    said = set(
        re.findall(
            r"“([^”]+)”", " ".join(page.extract_text() for page in pdf(SOME[0], "tally.pdf", "a4").pages)
        )
    )
    assert said == {"Most are at: …", "Mixed", "Stands", "Not yet", "Most dots: …"}
    assert len(text(SOME[0], "tally.pdf").split()) >= 60
    # A room of phones that goes on with paper says "Slips, page 3": they are there, whatever the question.
    for paper in PAPERS:
        slips = pdf(SOME[0], "tally.pdf", paper).pages
        assert len(slips) == 3
        assert re.findall(r"\d+", slips[2].extract_text()) == [str(one) for one in range(1, 13)] * 9


# --- the command -----------------------------------------------------------------------------------------


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_one_lesson_brings_its_story_and_the_gentler_one_and_no_other_lesson(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", "--to", str(tmp_path / "kit"), "--lesson", "12-be-reliable"]) == 0
    made = files(tmp_path / "kit")
    for paper in PAPERS:
        stories = {Path(name).stem for name in made if name.startswith(f"{paper}/stories/")}
        assert stories == {"wednesday-without-lonnie", "a-wedding-on-wednesday"}
        for folder in ("handouts", "cards"):
            names = {Path(name).stem for name in made if name.startswith(f"{paper}/{folder}/")}
            assert names and all(name.startswith("12-be-reliable") for name in names)
    assert str(len(made) - 1) in capsys.readouterr().out
    # Another order in the same folder leaves nothing of the first, and the same order makes the same files.
    order_of_05 = ["print", "--to", str(tmp_path / "kit"), "--lesson", "05", "--paper", "a4"]
    assert main(order_of_05) == 0
    second = files(tmp_path / "kit")
    assert {name.split("/")[0] for name in second} == {"a4", ".alongside-print.json"}
    assert {"a4/cards/05-share-power.pdf", "a4/cards/exercise-05-share-power.pdf"} <= second.keys()
    assert not [name for name in second if "12-be" in name or "lonnie" in name]
    assert main(order_of_05) == 0
    assert files(tmp_path / "kit") == second


def test_a_lesson_can_be_asked_for_by_number_and_by_name() -> None:
    def asked(*names: str) -> list[str]:
        return [name_of(one) for one in kit.ordered(names)]

    assert asked("05-share-power") == ["05-share-power"]
    assert asked("exercise-05-share-power") == ["exercise-05-share-power"] == asked("exercise-05")
    assert asked("05") == ["05-share-power", "exercise-05-share-power"] == asked("5")
    assert asked("exercise-21-survey-read", "05-share-power") == ["05-share-power", "exercise-21-survey-read"]
    assert len(asked()) > 40


def test_a_lesson_that_is_not_there_is_one_sentence_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", "--to", str(tmp_path / "kit"), "--lesson", "05-share-pwer"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    assert "05-share-pwer" in said.err and 'Did you mean "05-share-power"?' in said.err
    assert not (tmp_path / "kit").exists()


def test_a_folder_with_files_of_somebody_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a4").mkdir()
    (tmp_path / "a4" / "opening.pdf").write_text("mine", encoding="utf-8")
    assert main(["print", "--to", str(tmp_path), "--lesson", "05"]) == 2
    assert "opening.pdf" in capsys.readouterr().err
    assert files(tmp_path) == {"a4/opening.pdf": b"mine"}


def test_where_nothing_can_be_set_the_way_on_is_said_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["print", "--to", str(tmp_path / "kit"), "--lesson", "05"]) == 2
    assert capsys.readouterr().err.strip() == say("press.no_press")
    assert not (tmp_path / "kit").exists()


def test_a_wrong_name_in_what_a_program_wrote_is_one_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    course = tmp_path / "course"
    for part in ("alongside", "data", "notebooks", "exercises"):
        shutil.copytree(ROOT / part, course / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    here = course / "data" / "here.yml"
    here.write_text(here.read_text(encoding="utf-8") + "\nnaloxon: in the hall\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "print", "--to", tmp_path / "kit", "--lesson", "05"],
        cwd=course,
        env={"PYTHONPATH": str(course)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert "naloxon" in done.stderr and "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "kit").exists()


def test_the_page_that_plans_prints_itself_and_is_left_out_where_all_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "23-facilitate" not in ALL and len(ALL) == len([*lessons(), *exercises()]) - 1
    for name in ("23", "23-facilitate"):
        assert main(["print", "--to", str(tmp_path / "kit"), "--lesson", name]) == 2
        assert capsys.readouterr().err.strip() == say("kit.prints_itself", name=name)
    assert not (tmp_path / "kit").exists()


def test_a_page_can_ask_the_local_server_for_one_sheet(jupyter: Jupyter) -> None:
    def answer(place: str, key: str = f"?token={jupyter.token}") -> tuple[int, str, bytes]:
        try:
            with urlopen(f"{jupyter.origin}/alongside/paper/{place}{key}", timeout=60) as got:
                return got.status, got.headers["Content-Type"], got.read()
        except HTTPError as error:
            return error.code, "", b""

    status, kind, made = answer("letter/cards/05-share-power.pdf")
    assert (status, kind) == (200, "application/pdf")
    assert "What is on the walls" in pypdf.PdfReader(io.BytesIO(made)).pages[1].extract_text()
    assert answer("a4/stories/the-dragon-on-the-wall.pdf")[0] == 200
    for nothing in (
        "a4/cards/99-nothing.pdf",
        "a3/tally.pdf",
        "a4/../../data/here.yml",
        "a4/cards/05-share-power.yml",
    ):
        assert answer(nothing)[0] == 404, nothing
    assert (
        answer("letter/tally.pdf", key="")[0] in (403, 401)
        or b"%PDF" not in answer("letter/tally.pdf", key="")[2]
    )
