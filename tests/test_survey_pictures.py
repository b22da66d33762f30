"""The survey's two pictures: nothing lies over anything else, every label can be read, no more is drawn than shown."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase
from survey_made import PRACTICES, book, made

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook
from alongside.survey.rules.disclosure import Release
from alongside.survey.show import charts

NAMES = {"favorable": "Often or Always", "middle": "Sometimes", "unfavorable": "Never or Rarely"}
LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung and what it costs us $5 and $6 each"
)
WIDEST_ON_A_PHONE = 288  # of 320 pixels, what the page's margins leave
ROUNDING = 0.6  # a letter's soft edge may stand half a unit into its neighbor's box


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def of_60(codebook: Codebook) -> Release:
    return made(codebook, 60)


def group(favorable: float, people: int = 60, bound: str | None = None, parts: bool = True) -> dict[str, Any]:
    """Everyone's group as a release has it."""
    low, high = (None, None) if bound else (max(0.0, favorable - 12), min(100.0, favorable + 12))
    rest = 100 - favorable
    three = {"favorable": favorable, "middle": round(rest * 0.3, 1), "unfavorable": round(rest * 0.7, 1)}
    return {
        "name": "Everyone", "people": people, "favorable": favorable, "bound": bound, "low": low, "high": high,
        "parts": three if parts and not bound else None,
    }  # fmt: skip


def row(name: str, values: Mapping[str, Any]) -> charts.Row:
    return charts.Row(name, values)


MARKED = st.one_of(
    st.floats(10, 90).map(lambda value: group(round(value, 1))),
    st.sampled_from([10.0, 12.5, 30.0, 50.0]).map(lambda value: group(value, bound="at most")),
    st.sampled_from([90.0, 87.5, 70.0, 50.0]).map(lambda value: group(value, bound="at least")),
    st.floats(10, 90).map(lambda value: group(round(value, 1), parts=False)),
)
WORDS = st.one_of(
    st.sampled_from(
        ["Share power", "Be equivocal (an honest maybe)", LONG, "A", "$5 and $6 each", "Été, naïve, Łódź"]
    ),
    st.text(st.characters(categories=("L", "N", "Zs")), min_size=1, max_size=60).filter(str.strip),
)
ROWS = st.lists(st.tuples(WORDS, MARKED, st.sampled_from([5, 60, 100_000])), min_size=1, max_size=6).map(
    lambda found: [row(name, {**values, "people": people}) for name, values, people in found]
)


# --- looking at a drawn figure ---------------------------------------------------------------------


def boxes(figure: Figure, kind: type) -> list[tuple[Any, Bbox]]:
    """Each artist of a kind with the box that it takes, in units."""
    canvas = FigureCanvasAgg(figure)
    with charts._quiet():
        canvas.draw()
        renderer = canvas.get_renderer()
        found = [
            (one, one.get_window_extent(renderer)) for one in figure.findobj(kind) if one is not figure.patch
        ]
    return [(one, box) for one, box in found if box.width > 0 or box.height > 0]


def words(figure: Figure) -> list[tuple[Text, Bbox]]:
    return [(one, box) for one, box in boxes(figure, Text) if one.get_text().strip()]


def overlap(one: Bbox, other: Bbox) -> bool:
    shared = Bbox.intersection(one, other)
    return shared is not None and shared.width > ROUNDING and shared.height > ROUNDING


def inside(one: Bbox, other: BboxBase) -> bool:
    return (
        one.x0 >= other.x0 - ROUNDING
        and one.x1 <= other.x1 + ROUNDING
        and one.y0 >= other.y0 - ROUNDING
        and one.y1 <= other.y1 + ROUNDING
    )


def luminance(color: Any) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Any, other: Any) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def assert_readable(figure: Figure) -> None:
    """No words over words, none over a bar's edge, a line or a dot, none outside, each with enough contrast."""
    texts, bars = words(figure), boxes(figure, Rectangle)
    lines = [(one, box) for one, box in boxes(figure, Line2D) if one.get_zorder() > 0]
    whole = figure.bbox
    assert texts
    for (a, one), (b, other) in itertools.combinations(texts, 2):
        assert not overlap(one, other), (a.get_text(), b.get_text())
    for text, box in texts:
        assert inside(box, whole), text.get_text()
        under = [bar for bar, place in bars if overlap(box, place)]
        for _, place in bars:
            assert not overlap(box, place) or inside(box, place), f"{text.get_text()} stands over an edge"
        for _, place in lines:
            assert not overlap(box, padded(place)), f"{text.get_text()} stands over a line"
        paper = under[-1].get_facecolor() if under else figure.get_facecolor()
        assert contrast(text.get_color(), paper) >= 4.5, text.get_text()


def padded(box: Bbox) -> Bbox:
    """A line has a width that its box may lack."""
    return Bbox.from_extents(box.x0 - 0.5, box.y0 - 1, box.x1 + 0.5, box.y1 + 1)


def read(figure: Figure) -> list[str]:
    """The words from top to bottom, from left to right."""
    return [
        one.get_text()
        for one, box in sorted(words(figure), key=lambda found: (-round(found[1].y1), found[1].x0))
    ]


# --- legible ---------------------------------------------------------------------------------------


@given(ROWS)
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_label_of_a_dot_picture_lies_over_another_or_outside_or_is_too_pale(
    rows: list[charts.Row],
) -> None:
    assert_readable(charts.draw_dots(rows))


@given(
    ROWS, st.sampled_from([NAMES, {**NAMES, "favorable": LONG}, {"favorable": "Yes", "unfavorable": "No"}])
)
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_label_of_a_parts_picture_lies_over_another_or_outside_or_is_too_pale(
    rows: list[charts.Row], names: dict[str, str]
) -> None:
    assert_readable(charts.draw_parts(rows, names))


def test_labels_in_every_segment_have_the_contrast_that_the_rules_name() -> None:
    wide = {
        "favorable": 70.0,
        "middle": 70.0,
        "unfavorable": 70.0,
    }  # not of this world, so that all labels fit in
    figure = charts.draw_parts([row("Share power", {**group(70.0), "parts": wide})], NAMES)
    bars = boxes(figure, Rectangle)
    assert len(bars) == 3
    for bar, place in bars:
        (label,) = [one for one, box in words(figure) if inside(box, place)]
        assert contrast(label.get_color(), bar.get_facecolor()) >= 6.37
        assert contrast(bar.get_edgecolor(), figure.get_facecolor()) >= 3


def test_letters_are_large_enough_on_a_phone_of_320_pixels() -> None:
    for figure in (
        charts.draw_dots([row("Share power", group(45.0))]),
        charts.draw_parts([row("A", group(45.0))], NAMES),
    ):
        for text, _ in words(figure):
            assert float(text.get_fontsize()) * WIDEST_ON_A_PHONE / figure.bbox.width >= 11, text.get_text()


def test_in_gray_a_dot_a_bracket_and_every_bar_stand_out_from_the_paper() -> None:
    figure = charts.draw_dots([row("A", group(45.0)), row("B", group(10.0, bound="at most"))])
    drawn = [one for one, _ in boxes(figure, Line2D) if one.get_zorder() > 0]
    assert len(drawn) == 3  # an interval, a dot, a bracket
    assert all(contrast(one.get_color(), figure.get_facecolor()) >= 4.5 for one in drawn)


# --- only what is shown ----------------------------------------------------------------------------


def dots(figure: Figure) -> list[Line2D]:
    return [one for one, _ in boxes(figure, Line2D) if one.get_marker() == "o"]


def test_a_softened_value_is_a_bracket_and_never_a_point() -> None:
    soft = charts.draw_dots([row("A", group(10.0, bound="at most")), row("B", group(87.5, bound="at least"))])
    assert dots(soft) == []
    brackets = [box for one, box in boxes(soft, Line2D) if one.get_zorder() > 0]
    left, right = min(box.x0 for box in brackets), max(box.x1 for box in brackets)
    shares = sorted((box.x0 - left, box.x1 - left) for box in brackets)
    expected = [0, 0.1, 0.875, 1]
    assert [float(end / (right - left)) for pair in shares for end in pair] == pytest.approx(
        expected, abs=0.01
    )
    assert len(dots(charts.draw_dots([row("A", group(45.0))]))) == 1


def test_a_softened_part_is_a_bracket_and_parts_that_are_left_out_are_one_neutral_mark() -> None:
    figure = charts.draw_parts(
        [row("A", group(90.0, bound="at least")), row("B", group(45.0, parts=False))], NAMES
    )
    assert len(boxes(figure, Rectangle)) == 1  # B's favorable share
    assert [one for one in read(figure) if one == charts.MARK] == [charts.MARK] * 4
    assert {"at least", "90%"} <= set(read(figure))


def test_the_middle_stands_in_a_column_of_its_own_and_is_never_split() -> None:
    rows = [row("A", group(20.0)), row("B", group(70.0)), row("C", group(45.0))]
    figure = charts.draw_parts(rows, NAMES)
    of_middle = [
        box for bar, box in boxes(figure, Rectangle) if to_rgb(bar.get_facecolor()) == to_rgb(charts.MIDDLE)
    ]
    assert len(of_middle) == 3
    assert len({round(box.x0, 3) for box in of_middle}) == 1
    others = [
        box for bar, box in boxes(figure, Rectangle) if to_rgb(bar.get_facecolor()) != to_rgb(charts.MIDDLE)
    ]
    assert not any(overlap(one, other) for one in of_middle for other in others)


def test_rows_are_sorted_by_what_is_shown_and_ties_stay_in_the_codebooks_order(codebook: Codebook) -> None:
    tables = {
        "tables": [
            {"measure": key, "kind": "practice", "text": key, "by": None, "groups": [values]}
            for key, values in (
                ("first", group(40.0)), ("second", group(70.0)), ("also", group(40.0)),
                ("soft", group(70.0, bound="at least")), ("last", group(12.0)),
            )
        ]
    }  # fmt: skip
    picture = charts.picture_of_dots(tables, codebook, None, None)
    assert [one[0] for one in picture.rows] == ["second", "soft", "first", "also", "last"]
    drawn = read(charts.draw_dots(charts.sorted_rows(charts.everyone(tables))))
    assert [one for one in drawn if one.isalpha()] == ["second", "soft", "first", "also", "last"]


def test_n_stands_at_the_end_of_each_row() -> None:
    for figure in (
        charts.draw_dots([row("A", group(45.0, 1_234)), row("B", group(10.0, 17, "at most"))]),
        charts.draw_parts([row("A", group(45.0, 1_234)), row("B", group(10.0, 17, "at most"))], NAMES),
    ):
        ends = {one.get_text(): box.x1 for one, box in words(figure) if one.get_text().startswith("n=")}
        assert ends == {"n=1,234": pytest.approx(298, abs=1), "n=17": pytest.approx(298, abs=1)}


def test_under_30_people_there_is_no_picture_in_parts(codebook: Codebook, of_60: Release) -> None:
    assert charts.parts(of_60, codebook) is not None
    assert charts.parts(made(codebook, 29), codebook) is None


# --- from a release alone --------------------------------------------------------------------------


@pytest.mark.parametrize("other", [{}, {"tables": []}, None, "tables.json", object()])
def test_only_a_release_is_drawn(other: Any, codebook: Codebook) -> None:
    for draw in (charts.parts, charts.dots):
        with pytest.raises(AlongsideError, match="release"):
            draw(other, codebook)


def test_a_look_alike_of_a_release_is_not_drawn(of_60: Release, codebook: Codebook) -> None:
    class Alike:
        def to_dict(self) -> dict[str, Any]:
            return of_60.to_dict()

    with pytest.raises(AlongsideError, match="release"):
        charts.dots(Alike(), codebook)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by", "measure"), [("site", "nothing"), ("nothing", "share-power"), (None, "nothing"), ("role", None)]
)
def test_a_practice_or_breakdown_that_was_not_released_raises(
    by: str | None, measure: str | None, of_60: Release, codebook: Codebook
) -> None:
    with pytest.raises(AlongsideError, match="not among what was released"):
        charts.dots(of_60, codebook, by=by, measure=measure)


def test_there_is_nothing_to_draw_below_the_minimum(codebook: Codebook) -> None:
    few = made(codebook, 7)
    assert charts.parts(few, codebook) is None
    with pytest.raises(AlongsideError, match="nothing to draw"):
        charts.dots(few, codebook)


def test_every_number_in_a_picture_its_sentence_and_its_table_was_released(
    of_60: Release, codebook: Codebook
) -> None:
    released = {f"{value:.0f}" for value in numbers(of_60.to_dict())} | {"0", "50", "100"}
    looked = 0
    for picture in pictures(of_60, codebook):
        told = re.findall(r"\d+", " ".join([picture.alt, picture.title, *itertools.chain(*picture.rows)]))
        assert set(told) <= released
        looked += len(told)
    assert looked > 60


def pictures(release: Release, codebook: Codebook) -> Iterator[charts.Picture]:
    parts = charts.parts(release, codebook)
    assert parts
    yield parts
    yield charts.dots(release, codebook)
    by = {(one["by"], one["measure"]) for one in release.to_dict()["tables"] if one["by"]}
    assert by
    for breakdown, measure in sorted(by):
        yield charts.dots(release, codebook, breakdown, measure)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float):
        yield value


def test_the_sentence_says_who_is_highest_and_lowest_and_whether_that_can_be_told(codebook: Codebook) -> None:
    alt = charts.dots(made(codebook, 60, (0.62, 0.4, 0.25)), codebook).alt
    assert re.search(r"highest, Share power, 62%, likely between 49% and 73%;", alt)
    assert re.search(r"lowest, Be a team, 25%, likely between 16% and 37%\.", alt)
    assert alt.endswith("Their lines don't overlap.")
    near = charts.dots(made(codebook, 60, (0.5, 0.45, 0.4)), codebook).alt
    assert near.endswith("Their lines overlap, so the two may not differ.")
    soft = charts.dots(made(codebook, 60, (0.99, 0.5, 0.4)), codebook).alt
    assert "highest, Share power, at least" in soft and soft.endswith("Not every line can be shown.")


def test_the_sentence_names_no_highest_where_all_rows_show_the_same(codebook: Codebook) -> None:
    alike = charts.dots(made(codebook, 60, (0.99,)), codebook).alt
    assert re.search(r"Often or Always: at least \d\d% in every row\.$", alike)


def test_the_table_holds_what_the_picture_shows(of_60: Release, codebook: Codebook) -> None:
    picture = charts.dots(of_60, codebook)
    assert picture.heads == ("Practice", "Often or Always", "Likely between", "People")
    assert picture.rows[0] == ("Share power", "62%", "49% to 73%", "60")
    assert {one[0] for one in picture.rows} == set(PRACTICES.values())


# --- as a file -------------------------------------------------------------------------------------


def test_a_picture_is_one_svg_that_leans_on_nothing_and_is_the_same_every_time(
    of_60: Release, codebook: Codebook
) -> None:
    for picture in pictures(of_60, codebook):
        root = ET.fromstring(picture.svg)
        assert root.tag.endswith("}svg")
        tags = {one.tag.rsplit("}")[-1] for one in root.iter()}
        assert not tags & {"script", "image", "foreignObject", "text", "a"}
        links = [value for one in root.iter() for key, value in one.attrib.items() if key.endswith("href")]
        assert links and all(one.startswith("#") for one in links)
        assert "url(" not in re.sub(r"url\(#\w+\)", "", picture.svg)
    assert charts.dots(of_60, codebook).svg == charts.dots(of_60, codebook).svg


def test_a_figure_has_its_sentence_as_alt_and_names_are_text_only(tmp_path: Path) -> None:
    evil = {**PRACTICES, "share-power": 'Share <script>alert("1")</script> & "power" --> <!--'}
    codebook = book(tmp_path, practices=evil)
    release = made(codebook, 60)
    picture = charts.dots(release, codebook)
    tree = html5lib.parseFragment(picture.html(), namespaceHTMLElements=False)
    tags = [one.tag for one in tree.iter()]
    assert "script" not in tags and tags.count("img") == 1
    (image,) = tree.iter("img")
    assert image.get("alt") == picture.alt and image.get("src", "").startswith("data:image/svg+xml,%3Csvg ")
    drawn = ET.fromstring(unquote(image.get("src", "").partition(",")[2]))
    beside = ("}metadata", "}RDF", "}Work", "}type", "}date", "}format", "}creator", "}Agent", "}title")
    shapes = [
        len([each for each in one.iter() if not each.tag.endswith(beside)])
        for one in (drawn, ET.fromstring(picture.svg))
    ]
    assert shapes[0] == shapes[1] > 20, "the address holds the whole picture"
    assert evil["share-power"] in [one.text for one in tree.iter("th")]
    ET.fromstring(picture.svg)


def test_a_letter_that_the_font_lacks_quotes_no_label_in_a_warning(
    recwarn: pytest.WarningsRecorder, caplog: Any
) -> None:
    charts._svg(lambda: charts.draw_dots([row("共享权力 हक़", group(45.0))]))
    assert [str(one.message) for one in recwarn] == []
    assert caplog.records == []


def test_a_dollar_sign_in_a_name_is_a_dollar_sign_and_no_mathematics() -> None:
    name = r"$\frac{ for $5"
    for draw in (
        lambda: charts.draw_dots([row(name, group(45.0))]),
        lambda: charts.draw_parts([row(name, group(45.0))], NAMES),
    ):
        assert name in read(draw())
        charts._svg(draw)


def test_matplotlib_is_loaded_only_when_a_picture_is_drawn_and_pyplot_never() -> None:
    code = (
        "import sys; from alongside.survey.show import charts; from alongside.survey.show.report import page\n"
        "assert not [one for one in sys.modules if one.startswith('matplotlib')], 'too early'\n"
        "charts.draw_dots([charts.Row('A', {'people': 9, 'favorable': 40.0, 'bound': None, 'low': 30., 'high': 50.})])\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
