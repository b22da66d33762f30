"""The form: on paper, for KoboToolbox, as plain text. What people are told comes before what they are asked."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import re
import statistics
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import openpyxl
import pytest
from pypdf import PdfReader
from pyxform.xls2xform import convert

from alongside.course import references as content
from alongside.course.place import ROOT
from alongside.course.plain import plain_text, reading_grade, sentences, words
from alongside.survey import commands
from alongside.survey.ask import codebook, form
from alongside.survey.ask.codebook import About, Codebook, Item
from alongside.survey.read.exports import read
from alongside.survey.read.responses import _rows
from alongside.words import say

STAFF, PARTICIPANTS = (
    codebook.load(ROOT / "data" / f"survey-{who}.yml") for who in ("staff", "participants")
)
POINTS = {"letter": (612, 792), "a4": (595, 842)}

each_survey = pytest.mark.parametrize("book", [STAFF, PARTICIPANTS], ids=["staff", "participants"])
each_size = pytest.mark.parametrize("size", sorted(POINTS))


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, bytes]]:
    """Every file of both forms, made once."""
    return {book.title: form.files(book) for book in (STAFF, PARTICIPANTS)}


def changed(**to: Any) -> Codebook:
    return dataclasses.replace(STAFF, **to)


def with_first_question(text: str) -> Codebook:
    key, item = next(iter(STAFF.items.items()))
    return changed(items={**STAFF.items, key: dataclasses.replace(item, text=text)})


def visible(page: str) -> str:
    """What a person reads on a page, in order."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    body = tree.find("body")
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def said_on_paper(book: Codebook) -> list[str]:
    """Everything that the form itself says, without the codebook's questions and names."""
    told = [f"{head}. {text}" for head, text in form.consent(book)]
    return [*told, *form.planning(), form.talk_instead(book), *form.tool_settings(), form.why_about(book)]


def in_order(text: str, *parts: str) -> None:
    places = [text.index(part) for part in parts]
    assert places == sorted(places), list(zip(parts, places, strict=True))


# --- what is made ----------------------------------------------------------------------------------


def test_a_form_is_paper_in_two_sizes_an_xlsform_text_and_a_table_to_type_into(
    made: dict[str, dict[str, bytes]],
) -> None:
    for files in made.values():
        assert sorted(files) == [
            "answers-from-paper.csv",
            "kobotoolbox.xlsx",
            "questionnaire-a4.pdf",
            "questionnaire-letter.pdf",
            "questionnaire.html",
            "questionnaire.txt",
        ]
        assert all(files.values())


@each_survey
def test_every_question_and_every_answer_stands_on_paper_and_in_the_text(book: Codebook) -> None:
    on_paper, as_text = visible(form.page(book)), form.plain(book)
    stem = "In the last month, "
    for item in book.items.values():
        rest = item.text.removeprefix(stem)
        assert rest[0].upper() + rest[1:] in on_paper
        assert f"\n{item.text}\n" in as_text
    answers = [text for one in book.about.values() for text in (one.text, *one.answers)]
    for text in [book.title, book.wave, *book.scale, "Does not apply", "Prefer not to say", *answers]:
        assert text in on_paper
        assert text in as_text


# --- what comes first ------------------------------------------------------------------------------


@each_survey
def test_choosing_questions_comes_first_then_what_people_are_told_then_the_questions(book: Codebook) -> None:
    first = next(iter(book.items.values())).text.removeprefix("In the last month, ")[1:]
    in_order(
        visible(form.page(book)),
        "Before anyone answers",
        "A conversation in place of numbers",  # offered before anybody works on a question
        "Choose and change the questions together",
        book.title,
        "You choose",
        "Written down before the first answer",
        "Who reads the results first",
        "Who decides what happens then",
        first,
        "About you",
    )


def test_every_practice_and_every_number_can_be_circled_on_the_first_page() -> None:
    planning = form.page(STAFF).partition("</section>")[0]
    for name in STAFF.practices.values():
        assert name in planning
    numbers = re.findall(r"<td>([\d ]+)</td>", planning)
    assert [int(n) for row in numbers for n in row.split()] == list(range(1, 37))


def test_what_a_codebook_knows_already_is_printed_in_its_line() -> None:
    known = changed(next_steps="We meet on the first Monday & choose one thing.")
    assert "What happens next, and by when: We meet on the first Monday & choose" in visible(form.page(known))


def test_the_minimum_of_the_codebook_is_the_one_that_people_are_told() -> None:
    told = changed(minimum_group=12)
    assert "Only what 12 or more people said together" in visible(form.page(told))
    assert "10 people" not in visible(form.page(told)) + form.plain(told)


@each_survey
def test_people_are_told_that_they_may_pass_that_no_name_is_asked_and_what_cannot_be_promised(
    book: Codebook,
) -> None:
    for text in (visible(form.page(book)), form.plain(book)):
        assert "You can skip any question" in text
        assert "No job, no pay and no service depends on it" in text
        assert "Please don't write your name" in text
        assert "What we can't promise" in text
        assert "not validated" in text


# --- plain words -----------------------------------------------------------------------------------


@each_survey
def test_what_a_form_says_reads_at_grade_8_in_short_sentences(book: Codebook) -> None:
    text = plain_text("\n".join(said_on_paper(book)))
    assert reading_grade(text) <= 8
    lengths = [len(words(sentence)) for sentence in sentences(text)]
    assert statistics.median(lengths) <= 15
    assert max(lengths) <= 25


@each_survey
def test_a_form_avoids_the_words_to_avoid(book: Codebook) -> None:
    avoided = [one for word in content.words_to_avoid() for one in word.avoid if "(" not in one]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, avoided))})(?:e?s)?\b", re.IGNORECASE)
    assert pattern.search("Ask the user.")
    assert pattern.findall(visible(form.page(book)) + form.plain(book)) == []


# --- the page --------------------------------------------------------------------------------------


@each_survey
def test_the_page_is_sound_html_with_a_language_and_headings_that_skip_no_level(book: Codebook) -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(form.page(book))
    assert tree.attrib["lang"] == "en"
    levels = [int(node.tag[1]) for node in tree.iter() if re.fullmatch(r"h[1-6]", str(node.tag))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    heads = [node for node in tree.iter("th") if node.attrib["scope"] in ("col", "row")]
    assert len(heads) == len(list(tree.iter("th"))) > 36


@each_survey
def test_the_page_asks_nothing_of_any_host_and_is_black_on_white(book: Codebook) -> None:
    page = form.page(book)
    assert "default-src 'none'" in page
    icon = '<link rel="icon" href="data:,">'  # so that no browser asks for one
    assert page.count(icon) == 1
    page = page.replace(icon, "")
    assert not re.search(r"https?:|//|\burl\(|@import|<(?:script|img|link|iframe)\b", page)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b|rgb\w*\(|hsl\w*\(", page)) == {"#000", "#fff"}


def test_words_of_a_codebook_are_text_and_never_markup() -> None:
    first, second, third = "a <s>", "b & <s>", "<s> c"
    page = form.page(
        changed(
            title="<s>title</s>",
            wave="<s>wave</s>",
            scale=(first, second, third),
            no_answer=("no <s>",),
            practices={"be-a-team": "<s>team"},
            items={"one": Item("one", "be-a-team", "<s>asked</s>", ())},
            about={"where": About("where", "<s>where</s>?", (), {"<s>here": ()})},
            next_steps="<s>next",
        )
    )
    assert "<s>" not in page
    shown = ["<s>title</s>", "<s>wave</s>", first, second, third, "no <s>", "<s>team", "<s>asked</s>"]
    for text in [*shown, "<s>where</s>?", "<s>here", "<s>next"]:
        assert text in visible(page)


def test_questions_without_the_same_beginning_are_printed_whole() -> None:
    page = visible(form.page(with_first_question("Last week, people here were told why.")))
    assert "1. Last week, people here were told why." in page
    assert "2. In the last month, participants were asked" in page


# --- PDF -------------------------------------------------------------------------------------------


@each_survey
@each_size
def test_a_pdf_is_tagged_and_has_language_title_and_the_size_of_its_paper(
    book: Codebook, size: str, made: dict[str, dict[str, bytes]]
) -> None:
    check_pdf(made[book.title][f"questionnaire-{size}.pdf"], book, size)


def check_pdf(pdf: bytes, book: Codebook, size: str) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= tags(root["/StructTreeRoot"])
    assert root["/Lang"] == "en"
    assert reader.metadata and reader.metadata.title == book.title
    for page in reader.pages:
        width, height = POINTS[size]
        assert abs(float(page.mediabox.width) - width) < 1
        assert abs(float(page.mediabox.height) - height) < 1
    assert len(reader.pages) <= 6  # one to plan with, and five for each person
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    in_order(text, "Before anyone answers", book.title, "You choose", "1. ", "36. ", "About you", "Thank you")
    assert "Before anyone answers" in reader.pages[0].extract_text()
    assert "Written down before the first answer" in reader.pages[1].extract_text()


def tags(node: Any) -> set[str]:
    """The names of all structure elements below a node of a PDF."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found.add(str(one.get("/S", "")))
            waiting += [one["/K"]] if "/K" in one else []
    return found


@each_survey
def test_questions_are_printed_large_and_nothing_small(
    book: Codebook, made: dict[str, dict[str, bytes]]
) -> None:
    sizes: dict[str, float] = {}

    def look(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if words(text):
            sizes[text] = abs(size * tm[3] * cm[3])

    for page in PdfReader(io.BytesIO(made[book.title]["questionnaire-letter.pdf"])).pages:
        page.extract_text(visitor_text=look)
    assert len(sizes) > 50
    assert min(sizes.values()) >= 11.9  # points: the heads of the columns
    questions = [size for text, size in sizes.items() if re.match(r"\s*\d+\. ", text)]
    assert len(questions) >= 36
    assert min(questions) >= 14.9


@each_survey
def test_a_pdf_brings_its_letters_along(book: Codebook, made: dict[str, dict[str, bytes]]) -> None:
    reader = PdfReader(io.BytesIO(made[book.title]["questionnaire-a4.pdf"]))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def test_where_typst_has_no_package_the_page_is_made_and_one_sentence_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # importing it then fails, as where there is no wheel
    told = commands.write_form(ROOT / "data" / "survey-staff.yml", tmp_path / "form", lambda _: None)
    assert (tmp_path / "form" / "questionnaire.html").stat().st_size > 5000
    assert (tmp_path / "form" / "kobotoolbox.xlsx").stat().st_size > 5000
    assert list((tmp_path / "form").glob("*.pdf")) == []
    assert told.endswith(say("commands.no_pdf")) and "choose “Save as PDF”" in told


def test_a_codebook_in_letters_that_no_font_of_ours_has_is_printed_from_the_page() -> None:
    files = form.files(with_first_question("上個月，這裡的人被問過。"))
    assert "questionnaire.html" in files and "questionnaire-a4.pdf" not in files
    assert "questionnaire-a4.pdf" in form.files(with_first_question("В прошлом месяце нас спрашивали."))


def test_what_is_printed_from_the_page_and_by_the_press_is_the_same(
    made: dict[str, dict[str, bytes]],
) -> None:
    for book in (STAFF, PARTICIPANTS):
        printed = PdfReader(io.BytesIO(made[book.title]["questionnaire-letter.pdf"]))
        on_paper = {*" ".join(page.extract_text() for page in printed.pages).split()}
        body = html5lib.parse(form.page(book), namespaceHTMLElements=False).find("body")
        assert body is not None
        on_page = {*" ".join(body.itertext()).split()}
        assert len(on_page) > 200
        assert on_page - on_paper == set()


def test_a_scale_of_seven_long_answers_keeps_its_headings_whole_and_its_questions_large() -> None:
    scale = tuple(f"Thoroughly disagreeable {n}" for n in "ABCDEFG")
    wide = changed(scale=scale, favorable=scale[-2:], unfavorable=scale[:2])
    for size in POINTS:
        pages = PdfReader(io.BytesIO(form.pdf(wide, size))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        in_order(text, *(f"disagreeable {n}" for n in "ABCDEFG"), "36. ")


# --- XLSForm ---------------------------------------------------------------------------------------


def converted(book: Codebook, tmp_path: Path) -> tuple[ElementTree.Element, list[str]]:
    """The form as KoboToolbox makes it of the workbook, and what pyxform warns of."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(form.xlsform(book))
    result = convert(xlsform=path, validate=False)
    return ElementTree.fromstring(result.xform), result.warnings


def local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


@each_survey
def test_an_xlsform_is_converted_without_a_warning_and_asks_every_question(
    book: Codebook, tmp_path: Path
) -> None:
    tree, warnings = converted(book, tmp_path)
    assert warnings == []
    asked = [str(node.get("ref")).rpartition("/")[2] for node in tree.iter() if local(node) == "select1"]
    assert asked == [*book.items, *book.about]
    text = " ".join("".join(tree.itertext()).split())
    for item in book.items.values():
        assert item.text in text
    in_order(text, "You choose", "Who reads the results first", next(iter(book.items.values())).text)


@each_survey
def test_an_xlsform_requires_nothing_and_collects_nothing_by_itself(book: Codebook, tmp_path: Path) -> None:
    tree, _ = converted(book, tmp_path)
    binds = [node for node in tree.iter() if local(node) == "bind"]
    assert len(binds) > 36
    for bind in binds:
        assert bind.get("required") in (None, "false()")
        preload = [value for name, value in bind.attrib.items() if "preload" in name]
        assert preload in ([], ["uid"])  # an identity of the sheet, not of a person
    assert not [
        node
        for node in tree.iter()
        if local(node) in ("input", "upload")
        and not node.get("ref", "").count("told_")
        and not node.get("ref", "").endswith("about_you")
    ]


def test_answers_of_an_xlsform_are_kept_under_names_that_a_report_understands(tmp_path: Path) -> None:
    """Twelve people answer in KoboToolbox, and the export has names in place of words, which is its default."""
    book = openpyxl.load_workbook(io.BytesIO(form.xlsform(STAFF)))
    kept: dict[str, list[str]] = {}
    for name, value, _ in itertools.islice(book["choices"].iter_rows(values_only=True), 1, None):
        kept.setdefault(str(name), []).append(str(value))
    asked = [
        str(row[1]) for row in book["survey"].iter_rows(values_only=True) if str(row[0]).startswith("select")
    ]
    lists = [
        str(row[0]).split()[1] for row in book["survey"].iter_rows(values_only=True) if str(row[1]) in asked
    ]
    rows = [[kept[one][person % len(kept[one])] for one in lists] for person in range(12)]
    export = tmp_path / "export.csv"
    export.write_text("\n".join(";".join(row) for row in [asked, *rows]) + "\n", encoding="utf-8")
    check_read(export, 12)


def check_read(answers: Path, people: int) -> None:
    """Every question was found and every answer understood, those of people who pass (-1) too."""
    rows = _rows(read(answers, STAFF))
    assert rows.people == people
    for column in rows.answers.T:
        assert sorted(set(column.tolist())) == [-1, 0, 1, 2, 3, 4]
    for one, labels in zip(rows.about.T, rows.about_names.values(), strict=True):
        assert "Another answer" not in labels
        assert set(one.tolist()) == set(range(len(labels)))


def test_a_question_that_looks_like_a_formula_or_a_reference_stays_text(tmp_path: Path) -> None:
    for text in ("=1+1 was done here.", "In ${last} month, people were told why."):
        tree, warnings = converted(with_first_question(text), tmp_path)
        assert warnings == []
        assert text.replace("${", "$ {") in "".join(tree.itertext())
    sheet = openpyxl.load_workbook(io.BytesIO(form.xlsform(with_first_question("=1+1"))))["survey"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_codebook_of_ones_own_with_other_scales_letters_and_keys_is_converted_too(tmp_path: Path) -> None:
    own = changed(
        title="Équipe & communauté",
        scale=("1", "2", "3", "4"),
        no_answer=(),
        practices={"a": "Écoute"},
        items={"1a": Item("1a", "a", "On m'a répondu.", ()), "élan": Item("élan", "a", "On m'a aidé.", ())},
        about={},
    )
    tree, warnings = converted(own, tmp_path)
    assert warnings == []
    asked = [str(node.get("ref")).rpartition("/")[2] for node in tree.iter() if local(node) == "select1"]
    assert asked == ["q_1a", "élan"]
    page = visible(form.page(own))
    assert "About you" not in page
    assert say("ask.skip") in page
    assert form.pdf(own, "a4").startswith(b"%PDF-")


# --- typed in, and back ----------------------------------------------------------------------------


@each_survey
def test_the_table_to_type_into_has_a_heading_for_each_question_in_their_order(
    book: Codebook, made: dict[str, dict[str, bytes]]
) -> None:
    typed = made[book.title]["answers-from-paper.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(typed)))
    asked = [item.text for item in book.items.values()] + [one.text for one in book.about.values()]
    assert rows == [asked]


def test_what_was_typed_in_from_paper_is_read(made: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    answers = [*STAFF.scale, "Does not apply", "Prefer not to say"]
    about = [[*one.answers, "Prefer not to say"] for one in STAFF.about.values()]
    typed = io.StringIO()
    for person in range(14):
        ticked = [answers[person % len(answers)]] * len(STAFF.items)
        csv.writer(typed).writerow([*ticked, *(one[person % len(one)] for one in about)])
    path = tmp_path / "answers-from-paper.csv"
    path.write_bytes(made[STAFF.title]["answers-from-paper.csv"] + typed.getvalue().encode())
    check_read(path, 14)
