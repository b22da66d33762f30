"""Paper is tagged, gray, the same each time, and no word of it is code."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from alongside import press as engine
from alongside.errors import AlongsideError
from alongside.press import PAPERS, NoPress, gray, press, tree
from alongside.words import say

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "alongside").rglob("*.typ"))
FONTS = {"Atkinson Hyperlegible", "DejaVu Sans"}
WITH_TREE = """#import "/press/paper.typ": *
#show: sheet
= #data.title
#blocks(data.tree)
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of one's own, beside a copy of what all templates import."""
    (tmp_path / "press").mkdir()
    (tmp_path / "press" / "paper.typ").write_bytes((ROOT / "alongside/press/paper.typ").read_bytes())
    monkeypatch.setattr(engine, "ROOT", tmp_path)
    file = tmp_path / "sheet.typ"
    file.write_text(WITH_TREE, encoding="utf-8")
    return file


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def root_of(pdf: pypdf.PdfReader) -> Any:
    return pdf.trailer["/Root"]


def text(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read(pdf).pages))


def test_a_sheet_is_tagged_says_its_title_and_language_and_has_the_paper_that_was_asked(
    template: Path,
) -> None:
    for paper, points in (("letter", (612, 792)), ("a4", (595, 841))):
        pdf = read(press(template, {"title": "Ours", "tree": tree("Words.")}, paper))
        root = root_of(pdf)
        assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and "/StructTreeRoot" in root
        assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
        assert pdf.metadata and pdf.metadata.title == "Ours"
        assert {(int(page.mediabox.width), int(page.mediabox.height)) for page in pdf.pages} == {points}


def test_the_same_data_gives_the_same_bytes_and_other_data_others(template: Path) -> None:
    data = {"title": "Ours", "tree": tree("Words.")}
    assert press(template, data, "a4") == press(template, data, "a4")
    assert press(template, data, "a4") != press(template, {**data, "title": "Theirs"}, "a4")


def test_markdown_is_set_and_what_looks_like_code_of_typst_is_only_words(template: Path) -> None:
    markdown = """## How *often*

A **bold** word, a [link](05.ipynb), a source [space-hacks].
Second line. #read("/etc/passwd") $x$ #panic() \\u{41} @key <label>

- one
- two
  1. inner

> Quoted.

| who | when |
|---|---|
| peers | |
| | |
"""
    said = text(press(template, {"title": '#emoji.cat "quoted"', "tree": tree(markdown)}, "letter"))
    for words in (
        '#emoji.cat "quoted"',
        "How often",
        "A bold word, a link, a source (space-hacks). Second line.",
        '#read("/etc/passwd") $x$ #panic()',
        "@key <label>",
        "inner",
        "Quoted.",
        "peers",
    ):
        assert words in said
    assert "05.ipynb" not in said and "**" not in said and "|" not in said


def test_headings_lists_and_tables_are_tags(template: Path) -> None:
    markdown = "# A\n\n## B\n\n- one\n\n| who | when |\n|---|---|\n| peers | noon |"
    pdf = read(press(template, {"title": "Ours", "tree": tree(markdown)}, "a4"))
    found: set[str] = set()

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, dict):
            found.add(str(node.get("/S")))
            walk(node.get("/K"))
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(root_of(pdf)["/StructTreeRoot"])
    assert found >= {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/P"}


def test_a_sign_that_the_first_font_lacks_is_taken_from_the_second_and_one_that_none_has_is_said(
    template: Path,
) -> None:
    assert "→ ☐ Привет" in text(press(template, {"title": "Ours", "tree": tree("→ ☐ Привет")}, "a4"))
    with pytest.raises(AlongsideError) as error:
        press(template, {"title": "Ours", "tree": tree("A sign: 漢")}, "a4")
    assert str(error.value) == say("press.no_letter", title="Ours", letter="漢")


def test_a_picture_on_paper_is_gray_and_in_our_font() -> None:
    for file in sorted((ROOT / "notebooks" / "pictures").glob("*.svg"))[:5]:
        drawn = gray(file.read_text(encoding="utf-8"))
        colors = set(re.findall(r"#([0-9a-f]{6})\b", drawn))
        assert colors and all(color[:2] == color[2:4] == color[4:] for color in colors)
        assert "prefers-color-scheme" not in drawn and 'font-family="Atkinson Hyperlegible"' in drawn


def test_where_typst_has_no_package_one_sentence_says_so_and_the_way_on(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(NoPress, match="alongside site --to"):
        press(template, {"title": "Ours", "tree": []}, "a4")


def test_no_color_and_no_word_stands_in_a_template() -> None:
    assert len(TEMPLATES) >= 2
    for file in TEMPLATES:
        code = re.sub(r"(?m)(^|\s)//.*", "", file.read_text(encoding="utf-8"))
        assert not re.search(r"\b(rgb|cmyk|color\.|red|blue|green|orange|navy|teal)\b", code), file.name
        # In brackets Typst sets words as they stand.
        written = [
            one
            for one in re.findall(r"\[([^\[\]]*)\]", re.sub(r'"[^"]*"', "", code))
            if re.search(r"[A-Za-z]{3}", _bare(one))
        ]
        assert written == [], file.name
        strings = [
            one for one in re.findall(r'"([^"]*)"', code) if re.search(r"[A-Za-z]{2} [A-Za-z]{2}", one)
        ]
        assert {one for one in strings if "<svg" not in one} <= FONTS, file.name
    assert set(PAPERS) == {"letter", "a4"}


def _bare(content: str) -> str:
    """What stands in brackets, without what is filled in."""
    return re.sub(r"#[\w.-]+(\([^()]*(\([^()]*\)[^()]*)*\))*", "", content)
