"""The report and the page of two waves: what they say, in which order, and that they hold no more than was shown."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Watched, browser_path
from playwright.sync_api import Browser
from pypdf import PdfReader
from survey_made import PRACTICES, book, made

from alongside import survey
from alongside.course import lesson as lessons
from alongside.course import references
from alongside.errors import AlongsideError
from alongside.page import theme
from alongside.survey import controls as ui
from alongside.survey import desk
from alongside.survey.ask.codebook import Codebook
from alongside.survey.rules.disclosure import Release
from alongside.survey.show import charts
from alongside.survey.show.report import COLUMNS, files, page

ORDER = [
    "What happens next, and by when", "What we asked", "How many answered", "What we see",
    "What we can’t show, and why", "The limits", "Talk about it",
]  # fmt: skip
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("survey")


@pytest.fixture(scope="module")
def codebook(folder: Path) -> Codebook:
    return book(folder, headcount=72, next_steps="We meet on Monday.\n\nDee writes down what we choose.")


@pytest.fixture(scope="module")
def release(codebook: Codebook) -> Release:
    return made(codebook, 60)


@pytest.fixture(scope="module")
def text(release: Release, codebook: Codebook) -> str:
    return page(release, codebook)


@cache
def elements(text: str) -> list[Any]:
    """All of a page, by a parser that forgives nothing."""
    return list(html5lib.HTMLParser(strict=True).parse(text).iter())


def tags(text: str, *names: str) -> list[Any]:
    return [one for one in elements(text) if one.tag in {XHTML + name for name in names}]


def said(text: str) -> str:
    """What a reader reads, without the head."""
    (main,) = tags(text, "main")
    return " ".join(" ".join(main.itertext()).split())


def section(text: str, heading: str) -> str:
    """The words under one heading of the second rank."""
    _, _, after = text.partition(f"<h2>{heading}</h2>")
    assert after, heading
    return " ".join(re.sub(r"<[^>]*>", " ", after.partition("<h2>")[0]).split())


# --- the page --------------------------------------------------------------------------------------


def test_what_happens_next_comes_first_and_the_limits_after_what_we_see(text: str) -> None:
    assert [one.text for one in tags(text, "h2")] == ORDER


def test_headings_have_one_of_the_first_rank_and_skip_none(text: str, folder: Path) -> None:
    few = book(folder)
    for one in (text, page(made(few, 7), few)):
        levels = [int(found.tag[-1]) for found in tags(one, "h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1 and levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_next_steps_are_those_of_the_codebook_and_else_lines_to_write_on(text: str, folder: Path) -> None:
    assert "<p>We meet on Monday.</p><p>Dee writes down what we choose.</p>" in text
    blank = book(folder)
    lines = section(page(made(blank, 60), blank), ORDER[0])
    assert "not written down yet" in lines
    assert all(
        label in lines for label in ("What we will do:", "Who:", "By when:", "How you will hear of it:")
    )


def test_the_report_says_how_many_answered_of_how_many(text: str, folder: Path) -> None:
    assert "60 people answered, of 72 who were asked." in section(text, "How many answered")
    unknown = book(folder)
    assert "How many were asked is not written down" in page(made(unknown, 60), unknown)


def test_the_report_says_what_a_percent_is_and_shows_every_question_with_its_share(
    text: str, release: Release, codebook: Codebook
) -> None:
    assert "6 questions about 3 practices: Share power; Follow-through; Be a team." in section(
        text, "What we asked"
    )
    assert "Often or Always" in section(text, "What we asked")
    seen = section(text, "What we see")
    items = [one for one in release.to_dict()["tables"] if one["kind"] == "item"]
    assert len(items) == 6
    for one in items:
        group = one["groups"][0]
        bound = f"{group['bound']} " if group["bound"] else ""
        assert f"{one['text']} {bound}{group['favorable']:.0f}% 60" in seen


def test_with_a_head_count_the_worst_case_is_shown(text: str, release: Release, folder: Path) -> None:
    worst = release.to_dict()["tables"][0]["groups"][0]["worst_case"]
    assert f"Share power {worst[0]:.0f}% {worst[1]:.0f}%" in section(text, "What we see")
    unknown = book(folder)
    assert "If everyone had answered" not in page(made(unknown, 60), unknown)


def test_each_breakdown_that_was_released_has_a_picture_for_each_practice(
    text: str, release: Release, codebook: Codebook
) -> None:
    shown = {one["by"] for one in release.to_dict()["tables"]} - {None}
    assert shown == {"role", "site"}
    heads = [one.text for one in tags(text, "h3")]
    assert [one for one in heads if one in {about.text for about in codebook.about.values()}] == [
        "What is your role?", "Where do you work?",
    ]  # fmt: skip
    images = tags(text, "img")
    assert len(images) == 2 + 2 * len(PRACTICES)
    assert len(tags(text, "figure")) == len(images) == len({one.get("alt") for one in images})


def test_what_is_left_out_is_named_with_the_one_neutral_sentence(folder: Path) -> None:
    few = book(folder)
    small = made(few, 25)
    hidden = section(page(small, few), "What we can’t show, and why")
    tables = small.to_dict()
    assert tables["left_out"][:2] == ["role", "site"]
    assert tables["why_left_out"] in hidden
    assert "What is your role? Where do you work?" in hidden
    assert "fewer than" not in page(small, few)


def test_single_questions_that_are_left_out_carry_the_neutral_mark(folder: Path) -> None:
    odd = book(folder)
    release = made(odd, 60)
    tables = release.to_dict()
    gone = next(one for one in tables["tables"] if one["kind"] == "item")
    tables["tables"].remove(gone)
    tables["left_out"].append(gone["measure"])
    shown = _page_of(tables, odd)
    assert f"{gone['text']} – –" in section(shown, "What we see")
    assert "single questions" in section(shown, "What we can’t show, and why")


def _page_of(tables: dict[str, Any], codebook: Codebook) -> str:
    """The page of tables that no made-up survey gives."""
    from alongside.survey.show.report import _page

    return _page(tables, codebook)


def test_the_limits_are_said_plainly(text: str) -> None:
    limits = section(text, "The limits")
    for words in (
        "hidden is not zero",
        "Who may see the file",
        "colleague who was told",
        "newcomer",
        "not validated",
    ):
        assert words in limits, words


def test_who_may_see_the_answers_is_what_the_program_wrote(
    release: Release, codebook: Codebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "here.yml").write_text(
        'someone_to_talk_to: ""\nhours: ""\nwho_can_see_answers: "Dee <and> Sam"\nnaloxone: ""\n'
    )
    here = references.here(tmp_path)
    monkeypatch.setattr(references, "here", lambda: here)
    assert "Who may see the file with all answers: Dee &lt;and&gt; Sam" in page(release, codebook)


def test_each_practice_names_its_lesson(text: str) -> None:
    talk = section(text, "Talk about it")
    lesson = lessons.lesson("05-share-power")
    assert f"Share power Lesson {lesson.number}, {lesson.title}" in talk
    assert "What stands out? What surprises us? What will we ask next?" in talk


def test_a_codebook_of_another_survey_is_refused(release: Release, folder: Path) -> None:
    for changed in ({"title": "Another survey"}, {"wave": "2027"}):
        with pytest.raises(AlongsideError, match="don't belong together"):
            page(release, book(folder, **changed))


# --- too few ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [0, 1, 7, 9])
def test_too_few_answers_is_a_kind_report_with_a_guide_and_never_says_how_many(
    people: int, folder: Path
) -> None:
    few = book(folder, headcount=83)
    text = page(made(few, people), few)
    assert "too few answers to show" in said(text)
    assert "A guide for a conversation" in [one.get("aria-label") for one in tags(text, "section")]
    assert tags(text, "img") == []
    assert page(made(few, 4), few) == text, "the number of answers shows somewhere"
    made_files = files(made(few, people), few)
    assert json.loads(made_files[Path("tables.json")])["people"] is None
    assert made_files[Path("tables.csv")].splitlines()[1:] == []


def test_the_guide_is_what_participants_may_read_of_the_exercise(folder: Path) -> None:
    exercise = next((one for one in lessons.exercises() if one.name == "21-survey-read"), None)
    assert exercise, "the guide is not there"
    cells = json.loads(exercise.path.read_text(encoding="utf-8"))["cells"]
    few = book(folder)
    text = said(page(made(few, 3), few))
    looked = {"read": 0, "left out": 0}
    for cell in cells:
        if cell["cell_type"] == "markdown":
            left_out = {"facilitator", "rung-2"} & set(cell["metadata"].get("tags", []))
            for line in "".join(cell["source"]).splitlines():
                plain = re.sub(r"^([-#]+|\d+\.) |\*| ?\[.*|_", "", line).strip()
                if len(plain) > 50 and not plain.startswith("|"):
                    assert (plain[:50] in re.sub(r" ([,.:])", r"\1", text)) is not bool(left_out), plain
                    looked["left out" if left_out else "read"] += 1
    assert looked["read"] > 15 and looked["left out"] > 15
    assert not re.search(r"\]\(|\.ipynb|\[[a-z]+-\d{4}\]", text)


# --- one file that leans on nothing ----------------------------------------------------------------


def changes_page(folder: Path, later: tuple[float, ...] = (0.95, 0.42, 0.6)) -> str:
    """The page of two waves that test folders hold."""
    waves = [("2026 spring", (0.62, 0.4, 0.25)), ("2026 fall", later)]
    places = []
    for wave, shares in waves:
        codebook = book(folder, wave=wave, headcount=80)
        places.append(folder / f"{len(list(folder.iterdir()))}-report")
        survey.report(made(codebook, 60, shares), codebook, places[-1])
    to = folder / f"{len(list(folder.iterdir()))}-changes"
    survey.compare(places[0], places[1], to)
    return (to / "changes.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(text: str, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    few = book(folder)
    return {
        "report": text,
        "too few": page(made(few, 4), few),
        "25 people": page(made(few, 25), few),
        "changes": changes_page(tmp_path_factory.mktemp("waves")),
    }


def test_the_policy_lets_the_pages_own_style_in_and_nothing_else(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        (policy,) = [
            one.get("content")
            for one in tags(text, "meta")
            if one.get("http-equiv") == "Content-Security-Policy"
        ]
        (style,) = tags(text, "style")
        mark = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{mark}'; img-src data:; base-uri 'none'; form-action 'none'"
        ), name


def test_a_page_has_no_script_and_no_address(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert not tags(text, "script", "iframe", "object", "embed", "form", "a", "base"), name
        for one in elements(text):
            for key, value in one.attrib.items():
                assert key != "style" and not key.startswith("on"), (name, one.tag, key)
                if key in ("src", "href", "srcset"):
                    assert value.startswith("data:"), (name, one.tag, value[:60])
        assert "http" not in said(text)


def test_words_of_a_codebook_are_text_and_never_markup(folder: Path) -> None:
    evil = '<script>alert("x")</script><b>&amp; "quoted"'
    about = {"role": {"text": evil, "answers": {evil: ["a"], "B": ["b"], "C": ["c"]}}}
    items = {"one": {"practice": "p", "text": f"{evil} one"}, "two": {"practice": "p", "text": f"{evil} two"}}
    codebook = book(
        folder, title=f"{evil} title", wave=f"{evil} wave", practices={"p": evil}, items=items, about=about,
        next_steps=evil, headcount=77, scale=[evil, "B", "M", "C", "D"], favorable=["C", "D"], unfavorable=[evil, "B"],
    )  # fmt: skip
    text = page(made(codebook, 60), codebook)
    assert not tags(text, "script", "b")
    assert said(text).count(evil) >= 8


def test_no_page_says_anything_that_is_for_the_owner_alone(tmp_path: Path) -> None:
    codebook = book(tmp_path)
    release = made(codebook, 60)
    everything = "".join(files(release, codebook).values())
    for word in ("blank", "duplicated", "partial", "columns_dropped", "notes", str(tmp_path)):
        assert word not in everything.lower(), word


# --- tables for other programs ---------------------------------------------------------------------


def rows_of(csv_text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text.removeprefix("\ufeff"))))


def test_tables_json_is_what_was_released(release: Release, codebook: Codebook) -> None:
    assert json.loads(files(release, codebook)[Path("tables.json")]) == release.to_dict()


def test_tables_csv_has_a_row_for_each_group_and_the_numbers_of_tables_json(
    release: Release, codebook: Codebook
) -> None:
    text = files(release, codebook)[Path("tables.csv")]
    assert text.startswith("\ufeff") and text.count("\r\n") == text.count("\n")
    rows, tables = rows_of(text), release.to_dict()["tables"]
    assert len(rows) == sum(len(one["groups"]) for one in tables) > 20
    groups = iter(rows)
    for one in tables:
        for group in one["groups"]:
            row = next(groups)
            assert tuple(row) == COLUMNS
            assert (row["measure"], row["by"], row["group"]) == (
                one["measure"],
                one["by"] or "",
                group["name"],
            )
            for key in ("people", "favorable", "low", "high"):
                assert row[key] == ("" if group[key] is None else str(group[key]))
            assert row["bound"] == (group["bound"] or "")
            if group.get("parts"):
                assert float(row["part_middle"]) == group["parts"]["middle"]
            if group.get("worst_case"):
                assert [float(row["worst_case_low"]), float(row["worst_case_high"])] == group["worst_case"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\r=", "|", "%"])
def test_no_cell_of_tables_csv_is_a_formula(start: str, folder: Path) -> None:
    evil = f'{start}cmd|"/C calc"!A0'
    roles = {evil: ["a"], "B": ["b"], "C": ["c"]}
    codebook = book(
        folder, practices={"p": f"{evil} p"}, items={"one": {"practice": "p", "text": f"{evil} one"}},
        about={"role": {"text": "Role?", "answers": roles}},
    )  # fmt: skip
    rows = rows_of(files(made(codebook, 90), codebook)[Path("tables.csv")])
    cells = [cell for row in rows for cell in row.values()]
    assert any("calc" in row["group"] for row in rows) and any("calc" in row["text"] for row in rows)
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝|%") and cell.strip()] == []
    assert [cell for cell in cells if any(one in cell for one in "\t\r\n")] == []


@pytest.mark.parametrize(
    "inside", [";=1+1", "a;=1+1", "a ; +1", 'a";"=1+1', "a;;@x", "a,=1+1", "a|-1", "a;\t=1", ";"]
)
def test_no_cell_is_a_formula_where_a_program_splits_at_another_sign(inside: str, folder: Path) -> None:
    codebook = book(
        folder, practices={"p": f"{inside} p"}, items={"one": {"practice": "p", "text": f"{inside} one"}},
        about={"role": {"text": "Role?", "answers": {f"{inside} role": ["a"], "B": ["b"], "C": ["c"]}}},
    )  # fmt: skip
    text = files(made(codebook, 90), codebook)[Path("tables.csv")].removeprefix("\ufeff")
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines()), (
        "a cell is not quoted"
    )
    assert [row["text"] for row in rows_of(text) if row["kind"] == "item"]
    for sign in ",;|\t":
        for quotes in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(text), delimiter=sign, quoting=quotes):
                assert [cell for cell in row if cell.strip(' "').startswith(tuple("=+-@＝|%"))] == [], (
                    sign,
                    row,
                )


# --- walls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [None, {}, {"tables": [], "people": 3}, "tables.json", [1]])
@pytest.mark.parametrize("what", [page, files])
def test_only_a_release_becomes_a_report(what: Callable[..., object], other: Any, codebook: Codebook) -> None:
    with pytest.raises(AlongsideError, match="release"):
        what(other, codebook)


def test_nothing_is_written_for_what_is_not_a_release(tmp_path: Path, codebook: Codebook) -> None:
    with pytest.raises(AlongsideError):
        survey.report({"tables": []}, codebook, tmp_path / "to")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


# --- two waves -------------------------------------------------------------------------------------


def test_two_waves_say_what_went_up_and_usually_cannot_tell(pages: dict[str, str]) -> None:
    text = said(pages["changes"])
    assert "2026 spring, then 2026 fall" in text
    assert "Of 3 practices, 1 went up." in text
    assert "Be a team 25% 60% went up" in text
    assert "Follow-through 40% 42% cannot tell" in text
    assert re.search(r"Share power 62% at least \d\d% not shown", text)
    assert "“Cannot tell” does not mean “no change”." in text


# --- in a browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("pages")
    for name, text in pages.items():
        (to / f"{name}.html").write_text(text, encoding="utf-8")
    return to


def addresses(written: Path) -> Iterator[tuple[str, str]]:
    found = sorted(written.glob("*.html"))
    assert len(found) == 4
    for path in found:
        yield path.stem, path.as_uri()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: Literal["light", "dark"], chromium: Browser, written: Path) -> None:
    tab = chromium.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    for name, address in addresses(written):
        tab.goto(address)
        found: dict[str, Any] = Axe().run(tab).response
        assert found["passes"], "axe looked at nothing"
        assert [
            (one["id"], node["html"][:120]) for one in found["violations"] for node in one["nodes"]
        ] == [], name
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_nobody_has_to_scroll_sideways_and_every_picture_is_drawn(
    width: int, tab: Watched, written: Path
) -> None:
    tab.page.set_viewport_size({"width": width, "height": 640})
    for name, address in addresses(written):
        tab.page.goto(address)
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, name
        wide = tab.page.evaluate(
            "[...document.querySelectorAll('img')].map((one) => [one.naturalWidth, one.width])"
        )
        assert all(natural > 0 and 280 <= drawn <= 400 for natural, drawn in wide), (name, wide)
        cut = tab.page.evaluate(
            "[...document.querySelectorAll('td, th, p, li')].filter((one) => one.scrollWidth > one.clientWidth + 1)"
            ".map((one) => one.outerHTML.slice(0, 90))"
        )
        assert cut == [], name
    assert tab.errors == [], "the page's own policy stopped something"


BROKEN_WORDS = """() => {
  const found = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest("table")) continue;
    for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\p{N}_’'%]+/gu)) {
      const place = document.createRange();
      place.setStart(texts.currentNode, word.index);
      place.setEnd(texts.currentNode, word.index + word[0].length);
      if (new Set([...place.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top))).size > 1)
        found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_no_table_breaks_a_word_and_none_is_wider_than_the_page(
    width: int,
    tab: Watched,
    pages: dict[str, str],
    codebook: Codebook,
    release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tool = f'<div class="alongside-desk">{ui.STYLE}{desk._released(release, codebook)}'
    tool += "".join(desk._by_group(release, codebook, by) for by in codebook.about)
    tool += (
        ui.table("Headings", ("Question", "Heading in the file"), [("We did share power.", "QID1_" * 9)])
        + "</div>"
    )
    odd = page(
        release,
        replace(codebook, practices=dict.fromkeys(codebook.practices, "Verantwortungsübernahme " * 2)),
    )
    page_of_tool = f"<!doctype html><style>{theme.page_css()}</style><body class=al-page><main>{tool}</main>"
    monkeypatch.setenv(ui.ON_A_SITE, "1")
    published = page_of_tool.replace(tool, desk._report_page() + desk._changes_page())
    assert published.count("<table>") >= 3
    for name, text in {**pages, "tool": page_of_tool, "published": published, "long": odd}.items():
        (tmp_path / "page.html").write_text(
            text.replace("<head>", '<head><meta name="viewport" content="width=device-width">'),
            encoding="utf-8",
        )
        tab.page.set_viewport_size({"width": width, "height": 640})
        tab.page.goto((tmp_path / "page.html").as_uri())
        broken = tab.page.evaluate(BROKEN_WORDS)
        assert [one for one in broken if len(one) <= charts.LONGEST_WORD] == [], name
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, name
        wide = "[...document.querySelectorAll('.al-scroll')].map((one) => one.scrollWidth - one.clientWidth)"
        over = tab.page.evaluate(wide)
        assert max(over, default=0) == 0, (name, over)
        assert tab.page.evaluate(
            "[...document.querySelectorAll('table')].every((one) => one.parentElement.ariaLabel && one.offsetWidth)"
        ), name


@pytest.mark.browser
def test_a_page_takes_no_focus_away_because_it_has_nothing_to_press(tab: Watched, written: Path) -> None:
    for name, address in addresses(written):
        tab.page.goto(address)
        for _ in range(3):
            tab.page.keyboard.press("Tab")
            assert tab.page.evaluate("document.activeElement === document.body"), name
        assert tab.page.locator("main").count() == 1


@pytest.mark.browser
def test_the_printed_report_has_every_section_and_cuts_no_picture(written: Path, tmp_path: Path) -> None:
    to = tmp_path / "report.pdf"
    subprocess.run(
        [browser_path(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={to}", (written / "report.html").as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheets = [" ".join((one.extract_text() or "").split()) for one in PdfReader(to).pages]
    whole = " ".join(sheets)
    assert all(heading.replace("’", "'") in whole.replace("’", "'") for heading in ORDER)
    assert 3 <= len(sheets) <= 12
    assert all(sheets), "an empty sheet"
