"""One look at each published page, which many sentences are then read from. A page is opened once for all of them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from hands import Learner, focused
from playwright.sync_api import Page

LANDMARKS = ("main", "banner", "contentinfo")
WIDTHS, HEIGHTS = (320, 390, 1280), (640, 256)
#: What axe says of colors. The other rules read the page's elements, and these are the same in light and dark.
COLORS = ["color-contrast", "link-in-text-block"]

#: Everything that can be pressed, written in or ticked; of a small box, the label that belongs to it.
TARGETS = """() => [...document.querySelectorAll("button, input, textarea, select, summary, a[href]")]
    .map((one) => (["radio", "checkbox"].includes(one.type) ? one.closest("label") : one))
    .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline")
    .filter((one) => one.getBoundingClientRect().right > 0)
    .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect().width, one.getBoundingClientRect().height])"""

PRIVATE = """() => [...document.querySelectorAll("textarea, input:not([type=radio], [type=checkbox], [type=file])")]
    .map((one) => [one.type, one.autocomplete, one.getAttribute("spellcheck"), one.getAttribute("writingsuggestions"),
                   one.dataset.gramm])"""

WIDE = """() => ({
    page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    parts: [...document.querySelectorAll("dialog, .alongside-activity, .al-passport")]
        .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.outerHTML.slice(0, 120)),
})"""
FITS = {"page": 0, "parts": []}


def violations(page: Page, **options: object) -> list[str]:
    # Of what axe would load anew, only sounds and films belong to a rule that is on.
    chosen = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}, **options}
    found: dict[str, Any] = Axe().run(page, options=chosen).response
    assert found["passes"], "axe looked at nothing"
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def nameless(tree: str) -> list[str]:
    """Lines of an accessibility tree with a control that a screen reader can't name."""
    control = re.compile(r"- '?(button|link|textbox|radio|checkbox|combobox|spinbutton|img)(?! \")")
    return [line for line in tree.splitlines() if control.search(line)]


def small_targets(found: list[Any]) -> list[Any]:
    assert found
    return [one for one in found if min(one[1:]) < 43.9]


@dataclass(frozen=True)
class Structure:
    """What a page says of itself, and how it is built."""

    title: str
    language: str | None
    #: How many headings of the first rank, landmarks and lists of all lessons there are.
    counts: dict[str, int]
    #: The rank of each heading, in the order of the page.
    ranks: list[int]
    exit_is_first_stop: bool

    @property
    def leaves_out_no_rank(self) -> bool:
        return all(after <= before + 1 for before, after in itertools.pairwise(self.ranks))


@dataclass(frozen=True)
class Visit:
    """What one look at a page found. Lengths are in pixels."""

    structure: Structure
    #: Of each activity: its kind, its question, how many groups that names, and whether it can be read.
    questions: list[tuple[str, str, int, bool]]
    #: The accessibility tree, with everything unfolded.
    tree: str
    #: Of each box for words: its type, and what it tells the browser.
    boxes: list[tuple[str, str, str, str, str]]
    #: By the window's width: what can be pressed, and how wide and high that is.
    targets: dict[int, list[Any]]
    #: By the height of a window that is 320 wide: what is too wide for it.
    wide: dict[int, Any]
    #: By the colors that the screen is set to: what axe found.
    axe: dict[str, list[str]]


def visit(learner: Learner, name: str) -> Visit:
    """Open a page and look at all of it: first as it comes, then unfolded, then in other sizes and colors."""
    page = learner.open(name).page
    structure, questions = structure_of(learner), questions_of(learner)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    learner.unfold()
    tree, boxes = page.locator("body").aria_snapshot(), page.evaluate(PRIVATE)
    wide = {height: sized(page, 320, height).evaluate(WIDE) for height in HEIGHTS}
    targets = {width: sized(page, width).evaluate(TARGETS) for width in WIDTHS}
    sized(page, 390)
    return Visit(structure, questions, tree, boxes, targets, wide, axe_in_both_colors(page))


def sized(page: Page, width: int, height: int = 800) -> Page:
    page.set_viewport_size({"width": width, "height": height})
    return page


def axe_in_both_colors(page: Page) -> dict[str, list[str]]:
    light = violations(page)
    # Where a link ends a line, or two stand close: a finger finds each, also on the narrowest screen.
    narrow = violations(sized(page, 320), runOnly={"type": "rule", "values": ["target-size"]})
    sized(page, 390)
    page.emulate_media(color_scheme="dark")
    dark = violations(page, runOnly={"type": "rule", "values": COLORS})
    page.emulate_media(color_scheme="light")
    return {"light": light, "dark": dark, "at 320 px": narrow}


def structure_of(learner: Learner) -> Structure:
    page = learner.page
    page.keyboard.press("Tab")
    counts = {
        "heading": page.get_by_role("heading", level=1).count(),
        **{landmark: page.get_by_role(landmark).count() for landmark in LANDMARKS},  # type: ignore[arg-type]
        "All lessons": page.get_by_role("navigation", name="All lessons").count(),
    }
    ranks = page.locator("h1, h2, h3, h4").evaluate_all("(all) => all.map((one) => Number(one.tagName[1]))")
    first_stop = focused(learner.bar.get_by_role("button", name="Quick exit"))
    return Structure(page.title(), page.locator("html").get_attribute("lang"), counts, ranks, first_stop)


def questions_of(learner: Learner) -> list[tuple[str, str, int, bool]]:
    found = []
    for section in learner.page.locator("section.alongside-activity").all():
        prompt = str(learner.props(section.get_attribute("data-key") or "")["prompt"])
        groups = section.get_by_role("group", name=prompt, exact=True).count()
        kind = section.get_attribute("data-activity") or ""
        found.append((kind, prompt, groups, section.get_by_text(prompt, exact=True).first.is_visible()))
    return found
