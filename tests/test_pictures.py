"""The lessons' pictures: fresh, legible in both color schemes, inside their boxes, and the same in words."""

from __future__ import annotations

import ast
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from playwright.sync_api import Browser

from alongside.errors import AlongsideError
from alongside.pictures import DATA, FOLDER, Picture, draw_all, picture, pictures, stale
from alongside.pictures.drawing import ICONS, Box, Item, Line, Rect, Sheet, Words
from alongside.pictures.kinds import KINDS, Pair, Steps, Survey

HOUSE = Path(__file__).resolve().parent.parent
SVG = "{http://www.w3.org/2000/svg}"

SURVEY = """
scale: [Never, Rarely, Sometimes, Often, Always]
favorable: [Often, Always]
unfavorable: [Never, Rarely]
practices: {ask: Asking, other: Other things}
items:
  asked_1: {practice: ask, text: We asked <first> & "listened".}
  asked_2: {practice: ask, text: We came back with an answer.}
  other_1: {practice: other, text: Something else.}
"""
BOOK = """
two-ends:
  kind: branches
  title: A & B <first>
  alt: One start has two ends.
  caption: It's "quoted" & <safe>.
  heads: [End, What happens]
  start: {label: Start, note: Here.}
  ends:
    - {label: One, note: It goes well., icon: check}
    - {label: Two, note: It goes on., icon: turn}
two-sides:
  kind: pair
  title: Saying it
  alt: One side says what happened and the other side says what somebody is.
  caption: Two ways to say the same thing.
  heads: [Helps, Hurts]
  left:
    label: Helps
    icon: ear
    points: [{label: One act, note: It came late.}, {label: "Why?", note: We ask.}, {label: Soon}]
  right:
    label: Hurts
    icon: cloud
    points: [{label: A person, note: You are late.}, {label: Because, note: We tell.}, {label: Never}]
  aside: {label: Not now, note: Wait an hour., icon: clock}
in-order:
  kind: steps
  title: Asking first
  alt: Asking first has three steps, and after the third it starts again.
  caption: Three steps and then again.
  heads: [Step, What it sounds like]
  loop: true
  steps:
    - {label: Ask, note: Would you like that, icon: question}
    - {label: Wait, note: Silence is not a yes., icon: clock}
    - {label: Thank, note: For a no as well.}
asked:
  kind: survey
  title: Asking
  caption: Invented answers.
  heads: [Answer, How many]
  practice: ask
  people: 60
  answers:
    asked_1: {favorable: 20, middle: 20, unfavorable: 10}
    asked_2: {favorable: 30, middle: 15, unfavorable: 15}
    not_asked: {favorable: 30, middle: 15, unfavorable: 15}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "pictures.yml").write_text(BOOK, encoding="utf-8")
    (folder / "survey-staff.yml").write_text(SURVEY, encoding="utf-8")
    return folder


def _all() -> list[Picture]:
    found = list(pictures().values())
    assert len(found) >= 7
    return found


def _drawn() -> dict[str, ET.Element]:
    files = sorted(FOLDER.glob("*.svg"))
    assert len(files) >= 7
    return {file.stem: ET.fromstring(file.read_text(encoding="utf-8")) for file in files}


# ---- Files ------------------------------------------------------------------------------------------------


def test_the_drawn_files_are_what_the_command_draws() -> None:
    assert stale() == [], "run: alongside pictures"


def test_every_drawn_file_is_a_picture_in_the_data() -> None:
    assert set(_drawn()) == {one.key for one in _all()}


def test_drawing_twice_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    first = [file.read_bytes() for file in draw_all(tmp_path / "one", data)]
    assert first == [file.read_bytes() for file in draw_all(tmp_path / "two", data)]
    assert len(first) == 4


def test_a_changed_word_a_missing_file_and_a_left_over_file_are_stale(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    draw_all(folder, data)
    assert stale(folder, data) == []
    book = (data / "pictures.yml").read_text(encoding="utf-8")
    (data / "pictures.yml").write_text(book.replace("It goes well.", "It went well."), encoding="utf-8")
    (folder / "old.svg").write_bytes((folder / "asked.svg").read_bytes())
    (folder / "asked.svg").unlink()
    assert stale(folder, data) == [
        "two-ends.svg is not what data/pictures.yml says",
        "asked.svg is missing",
        "old.svg has no entry in data/pictures.yml",
    ]
    draw_all(folder, data)
    assert stale(folder, data) == []
    assert not (folder / "old.svg").exists()


def test_a_file_that_somebody_else_made_is_never_touched(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    folder.mkdir()
    (folder / "mine.svg").write_text("<svg/>", encoding="utf-8")
    draw_all(folder, data)
    assert (folder / "mine.svg").read_text(encoding="utf-8") == "<svg/>"
    for file in folder.glob("*.svg"):
        file.write_text("<svg/>", encoding="utf-8")
    with pytest.raises(AlongsideError, match="was not drawn by this command"):
        draw_all(folder, data)
    assert {file.read_text(encoding="utf-8") for file in folder.glob("*.svg")} == {"<svg/>"}


def test_the_pictures_import_nothing_but_the_standard_library_and_the_floor_below() -> None:
    files = sorted((HOUSE / "alongside" / "pictures").glob("*.py"))
    assert len(files) == 3
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    ours = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in ours if not name.startswith("alongside.pictures.")} == {
        "alongside",  # templates
        "alongside.course.entry",
        "alongside.course.place",
        "alongside.course.references",
        "alongside.errors",
        "alongside.page.theme",
        "alongside.thresholds",
        "alongside.words",
    }


# ---- In a lesson ------------------------------------------------------------------------------------------


def test_every_picture_that_a_lesson_calls_exists() -> None:
    notebooks = sorted((HOUSE / "notebooks").glob("*.ipynb"))
    assert notebooks
    cells = [
        (file.name, "".join(cell["source"]))
        for file in notebooks
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    called = [(name, key) for name, code in cells for key in re.findall(r'^picture\("([^"]*)"\)', code, re.M)]
    assert called
    assert [one for one in called if one[1] not in pictures()] == []


def around(html: str) -> str:
    """What stands around the image itself, whose signs are its own."""
    return re.sub(r'src="data:image/svg\+xml,[^"]*"', 'src=""', html)


def test_every_picture_says_its_finding_has_a_caption_and_the_same_in_words() -> None:
    for one in _all():
        shown = one._repr_mimebundle_()
        page = ET.fromstring(around(shown["text/html"]).replace("><figcaption ", "/><figcaption "))
        image, caption, table = page.find("img"), page.find("figcaption"), page.find("details/table")
        assert caption is not None and page.get("aria-labelledby") == caption.get("id")
        assert image is not None and caption is not None and table is not None
        assert shown["text/plain"] == repr(one) == image.get("alt") == one.alt
        assert one.alt.endswith(".") and len(one.alt.split()) >= 8, one.key
        assert caption.text == one.caption and len(one.caption.split()) >= 5, one.key
        assert page.findtext("details/summary") == "The same in words"
        # Everything that is written in the picture stands beside it in words.
        told = " ".join(" ".join(page.itertext()).split()).replace(" .", ".")
        lines = [text.text or "" for text in _drawn()[one.key].iter(f"{SVG}text")]
        lines = [re.sub(r"^(\d+) people answered$", r"People who answered \1", line) for line in lines]
        assert lines and [line for line in lines if line not in told] == [], one.key
        assert all(cell.get("scope") for cell in table.iter("th"))
        assert len(list(table.iter("tr"))) >= 4, one.key


def test_a_picture_on_a_page_is_one_inert_image() -> None:
    for one in _all():
        html = one._repr_mimebundle_()["text/html"]
        height = _drawn()[one.key].get("height")
        assert f'width="340" height="{height}" src="data:image/svg+xml,%3Csvg' in html
        assert around(html).count("<svg") == 0
        assert not re.search(r"\sstyle=|<script|<style|\son\w+=|href=|https?://", around(html))
        assert not re.search(r"<script|\son\w+=|href=|https?://(?!www\.w3\.org/2000/svg)", html)
        assert (
            re.match('<figure class="al-picture" aria-labelledby="[^"]+"><img ', html)
            and html.count("<img") == 1
        )


Look = dict[str, str]


#: How many numbers each command of a path takes.
TAKES = {"m": 2, "l": 2, "t": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "a": 7, "z": 0}


def way(path: str) -> list[tuple[str, tuple[float, ...]]]:
    """Each stretch of a path with its letter, also where the path leaves that out."""
    found: list[tuple[str, tuple[float, ...]]] = []
    for letter, said in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", said)]
        takes = TAKES[letter.lower()]
        assert len(numbers) % takes == 0 if takes else not numbers, path
        for at in range(0, max(len(numbers), 1), takes or 1):
            again = str(letter).replace("M", "L").replace("m", "l") if at else str(letter)
            found.append((again, tuple(numbers[at : at + takes])))
    return found


def looks(svg: str) -> list[tuple[str, str, Look, Look]]:
    """Each shape of a picture: its tag, its words, and how it looks in light and in dark."""
    root = ET.fromstring(svg)
    style = next(one.text or "" for one in root.iter(f"{SVG}style"))
    light, _, dark = style.partition("@media screen and (prefers-color-scheme:dark){")
    assert light and dark

    def look(classes: set[str], rules: str, before: Look) -> Look:
        found = dict(before)
        for selectors, said in re.findall(r"([^{}]+)\{([^{}]*)\}", rules):
            if {*selectors.split(",")} & classes:
                found |= dict(one.split(":") for one in said.split(";"))
        # A size without its unit is none in a style.
        assert all(one.endswith("px") for one in re.findall(r"font-size:([^;}]*)", rules))
        return {name: value.removesuffix("px") for name, value in found.items()}

    def shape(one: ET.Element) -> tuple[str, str, Look, Look]:
        tag, classes = {one.tag.removeprefix(SVG)}, {f".{name}" for name in (one.get("class") or "").split()}
        own = {"font-size": root.get("font-size", "16")} if one.tag == f"{SVG}text" else {}
        own |= {name: value for name, value in one.attrib.items() if name not in ("class", "d")}
        own |= {"d": str(way(one.attrib["d"]))} if "d" in one.attrib else {}
        # What is said of a class goes before what is said of all texts, in light and in dark.
        of_tag = look(tag, light, own)
        by_day, by_night = look(classes, light, of_tag), look(classes, light, look(tag, dark, of_tag))
        return one.tag, one.text or "", by_day, look(classes, dark, by_night)

    return [shape(one) for one in root.iter() if one.get("class") or one.tag == f"{SVG}text"]


def test_on_a_page_every_shape_looks_as_in_its_file() -> None:
    for one in _all():
        html = one._repr_mimebundle_()["text/html"]
        address = re.findall(r'src="data:image/svg\+xml,([^"]*)"', html)[0]
        address = re.sub(r"#(\w)(\w)(\w)\b", r"#\1\1\2\2\3\3", unquote(address))
        there, here = looks(address), looks(one.svg())
        assert len(here) > 5 and there == here, one.key


def test_what_an_author_writes_is_escaped(data: Path) -> None:
    shown = pictures(data)["two-ends"]
    html, svg = shown.html(shown.svg()), shown.svg()
    assert "It&#39;s &#34;quoted&#34; &amp; &lt;safe&gt;." in html
    assert "A &amp; B &lt;first&gt;" in svg and "<first>" not in svg + html
    assert ET.fromstring(svg).findtext(f"{SVG}title") == "A & B <first>"


def test_an_unknown_picture_names_the_nearest() -> None:
    with pytest.raises(AlongsideError) as caught:
        picture("three-endigs")
    assert str(caught.value).startswith('There is no picture "three-endigs". Did you mean "three-endings"?')


# ---- Legible ----------------------------------------------------------------------------------------------


def test_every_file_is_an_svg_with_title_and_description_that_asks_no_other_host() -> None:
    for key, root in _drawn().items():
        assert root.tag == f"{SVG}svg"
        assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc") == pictures()[key].alt
        assert root.get("viewBox") == f"0 0 340 {root.get('height')}"
        assert root.get("font-family") == "system-ui, sans-serif"
        text = (FOLDER / f"{key}.svg").read_text(encoding="utf-8")
        assert text.count("://") == 1 and 'xmlns="http://www.w3.org/2000/svg"' in text
        assert not re.search(r"href|url\(|@import|<script|<image|<foreignObject|\son\w+=|style=", text)


def test_no_letter_is_smaller_than_14_in_a_box_340_wide() -> None:
    sizes = [
        float(text.get("font-size", 0)) for root in _drawn().values() for text in root.iter(f"{SVG}text")
    ]
    assert sizes and min(sizes) >= 14


def test_every_text_has_enough_contrast_in_light_and_in_dark() -> None:
    checked = 0
    for key, root in _drawn().items():
        style = root.findtext(f"{SVG}style") or ""
        light, dark = style.split("@media screen and (prefers-color-scheme:dark)")
        fill: dict[str, str] = {}
        for rules in (light, dark):  # what the second does not say stays as it was
            fill |= dict(re.findall(r"\.([\w-]+)\{fill:(#[0-9a-f]{6})", rules))
            boxes: list[ET.Element] = []
            for shape in root:
                if shape.tag == f"{SVG}rect":
                    boxes.append(shape)
                if shape.tag == f"{SVG}text":
                    x, y = float(shape.get("x", 0)), float(shape.get("y", 0)) - 4
                    x += {"start": 2, "middle": 0, "end": -2}[shape.get("text-anchor", "start")]
                    under = [box.get("class", "") for box in boxes if _holds(box, x, y)]
                    behind = [fill[name] for name in under if name in fill][-1]
                    ratio = _contrast(fill[shape.get("class", "")], behind)
                    assert ratio >= 4.5, (key, shape.text, behind, ratio)
                    checked += 1
    assert checked > 200


def _holds(box: ET.Element, x: float, y: float) -> bool:
    left, top, width, height = (float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
    return left <= x <= left + width and top <= y <= top + height


def _contrast(one: str, two: str) -> float:
    def light(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_by_our_own_measure_every_text_stays_in_its_box_and_off_the_others() -> None:
    for one in _all():
        sheet = one.sheet()
        words = [shape for shape in sheet.shapes if isinstance(shape, Words)]
        boxes = [shape.rect for shape in sheet.shapes if isinstance(shape, Box)]
        assert words
        for text in words:
            assert _inside(text.bounds, text.inside), (one.key, text.text)
        page = Rect(0, 0, 340, sheet.y)
        assert _misplaced([(text.text, text.bounds) for text in words], [page, *boxes]) == [], one.key


@pytest.mark.browser
def test_in_a_real_browser_every_text_stays_in_its_box_and_off_the_others(chromium: Browser) -> None:
    asks = """([tag]) => [...document.querySelectorAll("svg " + tag)].map(one => {
        const box = one.getBBox();
        return [one.textContent, box.x, box.y, box.width, box.height];
    })"""
    measured = 0
    page = chromium.new_page(viewport={"width": 400, "height": 900})
    for key in _drawn():
        page.set_content((FOLDER / f"{key}.svg").read_text(encoding="utf-8"))
        texts = [(text, Rect(x, y, w, h)) for text, x, y, w, h in page.evaluate(asks, ["text"])]
        boxes = [Rect(x, y, w, h) for _, x, y, w, h in page.evaluate(asks, ["rect"])]
        assert _misplaced(texts, boxes) == [], key
        measured += len(texts)
    page.close()
    assert measured > 100


def _inside(small: Rect, big: Rect) -> bool:
    slack = 0.1
    return (
        small.x >= big.x - slack
        and small.y >= big.y - slack
        and small.right <= big.right + slack
        and small.bottom <= big.bottom + slack
    )


def _meet(one: Rect, two: Rect) -> bool:
    return min(one.right, two.right) > max(one.x, two.x) + 0.1 and (
        min(one.bottom, two.bottom) > max(one.y, two.y) + 0.1
    )


def _misplaced(texts: Iterable[tuple[str, Rect]], boxes: list[Rect]) -> list[str]:
    """Texts that cross the edge of a box, leave the page (the first box), or lie on one another."""
    texts = list(texts)
    out = [f"leaves the page: {text}" for text, at in texts if not _inside(at, boxes[0])]
    out += [
        f"crosses an edge: {text}"
        for text, at in texts
        for box in boxes
        if _meet(at, box) and not _inside(at, box)
    ]
    return out + [
        f"on one another: {a} | {b}" for (a, one), (b, two) in combinations(texts, 2) if _meet(one, two)
    ]


# ---- The survey's bars ------------------------------------------------------------------------------------


def test_the_bars_say_invented_and_how_many_answered() -> None:
    surveys = [one for one in _all() if isinstance(one.kind, Survey)]
    assert surveys
    for one in surveys:
        assert "invented" in one.caption and "Invented" in one.alt and "Invented" in one.lead
        assert isinstance(one.kind, Survey)
        said = [text.text for text in _drawn()[one.key].iter(f"{SVG}text")]
        for bar in one.kind.bars:
            assert f"{bar.people} people answered" in said
            assert [f"{share}%" for share in bar.percents if f"{share}%" not in said] == []
            assert sum(bar.percents) == 100


def test_the_bars_hold_the_survey_files_own_words() -> None:
    items = yaml.safe_load((DATA / "survey-staff.yml").read_text(encoding="utf-8"))["items"]
    surveys = [one for one in _all() if isinstance(one.kind, Survey)]
    assert surveys
    for one in surveys:
        texts = {text for text, _ in one.kind.rows()}
        assert texts and texts <= {item["text"].strip() for item in items.values()}


def test_a_bar_is_as_long_as_its_count_and_the_middle_is_one_piece(data: Path) -> None:
    shapes = pictures(data)["asked"].sheet().shapes
    parts = [shape for shape in shapes if isinstance(shape, Box) and shape.look in ("favorable", "middle")]
    assert [round(part.rect.width, 1) for part in parts[2:]] == [154, 77, 123.2, 123.2]


def test_questions_stand_in_the_order_of_what_is_shown_and_unasked_ones_are_left_out(data: Path) -> None:
    shown = pictures(data)["asked"]
    assert [text for text, _ in shown.kind.rows()] == [
        "We came back with an answer.",
        'We asked <first> & "listened".',
    ]
    assert shown.alt == (
        "Invented answers, up to 60 people. Share that answered often or always: "
        'from 40% (We asked <first> & "listened") to 50% (We came back with an answer).'
    )


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ("{favorable: 54, middle: 3, unfavorable: 3}", "would soften it"),
        ("{favorable: 6, middle: 34, unfavorable: 20}", "would soften it"),
        ("{favorable: 10, middle: 10, unfavorable: 5}", "it must be 30 to 60"),
        ("{favorable: 30, middle: 30, unfavorable: 30}", "it must be 30 to 60"),
        ("{favorable: 28, middle: 15, unfavorable: 13}", None),
        ("{favorable: 22, middle: 22, unfavorable: 14}", None),
        ("{favorable: 31, middle: 17, unfavorable: 11}", "add up to 100"),
    ],
)
def test_a_share_that_would_need_softening_is_refused(data: Path, counts: str, says: str | None) -> None:
    _change(data, "{favorable: 20, middle: 20, unfavorable: 10}", counts)
    if says is None:
        assert pictures(data)["asked"].svg()
        return
    with pytest.raises(AlongsideError) as caught:
        pictures(data)
    assert 'data/pictures.yml, "asked"' in str(caught.value) and says in str(caught.value)


# ---- Two sides, and an order -------------------------------------------------------------------------------


def _table(one: Picture) -> str:
    """The same in words, as it stands on a page."""
    told = re.search(r"<summary>The same in words</summary>(.*)</details>", one.html(one.svg()), re.DOTALL)
    assert told, one.key
    return told[1]


def _tells(one: Picture) -> str:
    return " ".join(" ".join(ET.fromstring(f"<p>{_table(one)}</p>").itertext()).split())


def _boxes(one: Picture, look: str) -> list[Rect]:
    return [shape.rect for shape in one.sheet().shapes if isinstance(shape, Box) and shape.look == look]


def test_no_text_runs_into_the_icon_of_its_step() -> None:
    for length in range(2, 40):
        sheet = Sheet("of any length")
        step = Item("a " * length, "a " * length, "check")
        Steps((step, step, step), loop=length % 2 == 0, aside=None).draw(sheet)
        icons = [shape.at for shape in sheet.shapes if isinstance(shape, Line) and shape.look == "mark"]
        words = [shape.bounds for shape in sheet.shapes if isinstance(shape, Words)]
        near = [Rect(at[0] - 9, at[1] - 9, 18, 18) for at in icons if at]
        assert len(near) == 3
        assert [word for word in words for icon in near if _meet(word, icon)] == [], length


def test_the_samples_of_every_kind_stay_in_their_boxes_and_are_told_in_words(data: Path) -> None:
    shown = pictures(data)
    assert {type(one.kind) for one in shown.values()} >= {Pair, Steps}
    for one in shown.values():
        sheet = one.sheet()
        words = [shape for shape in sheet.shapes if isinstance(shape, Words)]
        boxes = [Rect(0, 0, 340, sheet.y)] + [shape.rect for shape in sheet.shapes if isinstance(shape, Box)]
        assert _misplaced([(text.text, text.bounds) for text in words], boxes) == [], one.key
        assert [text.text for text in words if not _inside(text.bounds, text.inside)] == [], one.key
        if one.key != "asked":  # a bar's own line of words is in its table in another order
            assert [text.text for text in words if text.text not in _tells(one)] == [], one.key


def test_short_sides_stand_beside_each_other_and_each_line_is_level(data: Path) -> None:
    left, right = (_boxes(pictures(data)["two-sides"], look) for look in ("side", "side-other"))
    assert len(left) == len(right) == 3
    for one, two in zip(left, right, strict=True):
        assert one.right < two.x and (one.y, one.height) == (two.y, two.height)


def test_a_label_that_both_sides_share_stands_once_over_the_two(data: Path) -> None:
    _change(data, "label: Because", 'label: "Why?"')
    one = pictures(data)["two-sides"]
    (label,) = [shape for shape in one.sheet().shapes if isinstance(shape, Words) and shape.text == "Why?"]
    left, right = (_boxes(one, look)[1] for look in ("side", "side-other"))
    assert left.y == right.y and _boxes(one, "side")[0].bottom < label.top < label.bounds.bottom <= left.y
    rows = [[cell.text for cell in row] for row in ET.fromstring(_table(one)).iter("tr")]
    assert ["Why? We ask.", "Why? We tell."] in rows


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label: Because", "label: Responsibilities"),
        ("label: Helps", "label: What helps a person to hear it again"),
        (
            "note: We tell.",
            "note: We go on telling everyone in the room about it until nobody wants to hear it.",
        ),
    ],
)
def test_sides_that_are_too_long_for_a_column_stand_left_over_right_and_say_which(
    data: Path, old: str, new: str
) -> None:
    _change(data, old, new)
    one = pictures(data)["two-sides"]
    left, right = (_boxes(one, look) for look in ("side", "side-other"))
    assert len(left) == len(right) == 3
    for above, below in zip(left, right, strict=True):
        assert above.x == below.x and above.bottom < below.y
    said = " ".join(shape.text for shape in one.sheet().shapes if isinstance(shape, Words))
    assert isinstance(one.kind, Pair)
    assert [said.count(f"{side.label} ") >= 3 for side in (one.kind.left, one.kind.right)] == [True, True]


def test_each_side_has_an_icon_of_its_own_so_that_color_is_never_alone(data: Path) -> None:
    def icons() -> list[str]:
        shapes = pictures(data)["two-sides"].sheet().shapes
        return [shape.path for shape in shapes if isinstance(shape, Line) and shape.look == "glyph"]

    assert icons() == [ICONS["ear"], ICONS["cloud"], ICONS["clock"]]
    _change(data, "label: Because", "label: Responsibilities")
    assert icons() == [ICONS["ear"], ICONS["cloud"]] * 3 + [ICONS["clock"]]


def test_a_pair_is_told_line_by_line_and_what_stands_apart_spans_both_columns(data: Path) -> None:
    one = pictures(data)["two-sides"]
    table = ET.fromstring(_table(one))
    rows = [[cell.text for cell in row] for row in table.iter("tr")]
    assert rows == [
        ["Helps", "Hurts"],
        ["One act. It came late.", "A person. You are late."],
        ["Why? We ask.", "Because. We tell."],
        ["Soon", "Never"],
        ["Not now. Wait an hour."],
    ]
    assert [cell.get("colspan") for cell in table.iter("th")][-1] == "2"


def test_a_pair_whose_columns_have_other_heads_says_its_sides_in_the_table_too(data: Path) -> None:
    _change(data, "heads: [Helps, Hurts]", "heads: [Left, Right]")
    rows = [
        [cell.text for cell in row] for row in ET.fromstring(_table(pictures(data)["two-sides"])).iter("tr")
    ]
    assert rows[:2] == [["Left", "Right"], ["Helps", "Hurts"]]


def test_steps_are_numbered_from_top_to_bottom_and_told_with_their_numbers(data: Path) -> None:
    one = pictures(data)["in-order"]
    numbers = [shape for shape in one.sheet().shapes if isinstance(shape, Words) and shape.look == "on-badge"]
    assert [shape.text for shape in sorted(numbers, key=lambda shape: shape.top)] == ["1", "2", "3"]
    marks = [shape for shape in one.sheet().shapes if isinstance(shape, Line) and shape.look == "mark"]
    assert [shape.path for shape in marks] == [ICONS["question"], ICONS["clock"]]
    assert [row[0] for row in one.kind.rows()[0][1]] == ["1 Ask", "2 Wait", "3 Thank", "Then"]


def test_a_loop_has_an_arrow_to_the_first_step_and_says_so_in_words(data: Path) -> None:
    def arrows(one: Picture) -> list[str]:
        lines = [shape for shape in one.sheet().shapes if isinstance(shape, Line) and shape.look == "accent"]
        return [line.path for line in lines if line.path.endswith("l-5 5l5 5")]

    one = pictures(data)["in-order"]
    (arrow,) = arrows(one)
    first, last = (box.y + box.height / 2 for box in (_boxes(one, "box")[0], _boxes(one, "box")[-1]))
    start, end = re.findall(r"(?:^M[\d.]+ |V)([\d.]+)", arrow)
    assert (float(start), float(end)) == pytest.approx((last, first + 8), abs=0.1)
    assert "Then back to 1" in _tells(one)
    _change(data, "loop: true", "loop: false")
    one = pictures(data)["in-order"]
    assert arrows(one) == [] and "back to 1" not in _tells(one) + one.svg()


@pytest.mark.browser
def test_in_a_real_browser_every_icon_stays_in_its_disk(chromium: Browser) -> None:
    asks = """(path) => {
        const icon = document.createElementNS("http://www.w3.org/2000/svg", "path");
        icon.setAttribute("d", path);
        const length = icon.getTotalLength(), points = [...Array(201).keys()];
        return Math.max(...points.map(n => icon.getPointAtLength(length * n / 200)).map(p => Math.hypot(p.x, p.y)));
    }"""
    page = chromium.new_page()
    reach = {name: page.evaluate(asks, path) for name, path in ICONS.items()}
    page.close()
    # The disk's radius is 15, and half of the line's width is 1.
    assert len(reach) > 40 and {name: far for name, far in reach.items() if not 5 < far <= 13} == {}


def test_every_icon_and_every_kind_is_named_where_authors_look() -> None:
    header = (DATA / "pictures.yml").read_text(encoding="utf-8").split("\n\n")[0]
    guide = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.search(r"Icons: ([^`]*?)\.", guide)
    assert named, "CONTRIBUTING.md lists the icons"
    assert re.split(r",\s+", named.group(1)) == sorted(ICONS)
    listed = re.search(r"icons: ([a-z,\s#]*?)\.", header)
    assert listed, "data/pictures.yml lists the icons in its header"
    assert re.split(r",[\s#]+", listed.group(1)) == sorted(ICONS)
    for kind in KINDS:
        assert f"`{kind}`" in guide and f"#   {kind} " in header


# ---- Wrong data -------------------------------------------------------------------------------------------


def _change(data: Path, old: str, new: str, file: str = "pictures.yml") -> None:
    text = (data / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: branches", "kind: branch", '"two-ends": there is no kind "branch". Did you mean "branches"?'),
        ("  alt: One start has two ends.\n", "", '"two-ends": "alt" is missing; add it.'),
        ("caption: It's", "capton: It's", '"two-ends": "capton" is not known here. Did you mean "caption"?'),
        (
            "label: One,",
            "label: No,",
            '"two-ends", ends 1, line 10, "label": expected text, but found the YAML value false; put quotation marks',
        ),
        ("icon: check", "icon: chek", '"two-ends", ends 1: there is no icon "chek". Did you mean "check"?'),
        (
            "points: [{label: A person, note: You are late.}, {label: Because, note: We tell.}, {label: Never}]",
            "points: []",
            '"two-sides", right, "points": expected one entry or more, but the list is empty; add one.',
        ),
        ("icon: check", "color: red", '"two-ends", ends 1: "color" is not known here.'),
        ("heads: [End, What happens]", "heads: [End]", '"two-ends": heads must be the two headings'),
        (
            "favorable: 20,",
            "favorable: many,",
            '"asked", answers, asked_1, line 46, "favorable": expected a whole number, but found the text "many"',
        ),
        ("practice: ask", "practice: other", "its practice is"),
        ("label: Two", "label: Unbelievablylongwordsdonotfit", '"two-ends": a word of "Unbelievably'),
        ("asked:", "two-ends:", '"two-ends" stands twice'),
        ("{label: Soon}]", "]", '"two-sides": the points of left are 2, those of right 3'),
        (
            "icon: ear",
            "color: red",
            '"two-sides", left: "color" is not known here. Known: "icon", "label", "points".',
        ),
        ("icon: cloud", "icon: clod", '"two-sides", right: there is no icon "clod". Did you mean "cloud"?'),
        ("  right:", "  rigt:", '"two-sides": "rigt" is not known here. Did you mean "right"?'),
        ("{label: Never}", "{label: Never, icon: no}", 'right, points 3: "icon" is not known here.'),
        (
            "  aside: {label: Not",
            "  asid: {label: Not",
            '"two-sides": "asid" is not known here. Did you mean "aside"?',
        ),
        (
            "    - {label: Thank, note: For a no as well.}\n",
            "",
            '"in-order": its steps are 2; they must be 3 to 8',
        ),
        (
            "loop: true",
            "loop: often",
            '"in-order", line 33, "loop": expected true or false, but found the text "often"',
        ),
        (
            "note: Would you like that",
            'note: "Would you like that',
            "a quotation mark is opened here and not closed",
        ),
        ("title: Asking", "title: [", "cannot be read as YAML"),
    ],
)
def test_wrong_data_is_one_sentence_that_names_the_file_and_the_entry(
    data: Path, old: str, new: str, says: str
) -> None:
    _change(data, old, new)
    with pytest.raises(AlongsideError) as caught:
        for one in pictures(data).values():
            one.svg()
    message = str(caught.value)
    assert says in message and "data/" in message and "\n" not in message


def test_a_missing_survey_file_is_one_sentence(data: Path) -> None:
    (data / "survey-staff.yml").unlink()
    with pytest.raises(
        AlongsideError, match=r"^data/survey-staff\.yml: it is not in .*; get the whole project again\.$"
    ):
        pictures(data)
