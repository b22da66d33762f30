"""The search: in the page alone, from a folder too, with the reason beside each place, and nothing of it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Watched
from hands import Course, Learner
from playwright.sync_api import Locator, Page, expect
from visits import violations

from alongside.course import about
from alongside.course.lesson import exercises, lessons
from alongside.course.references import glossary
from alongside.course.scenarios import scenarios
from alongside.page import finding

BY_BOTH_DOORS = pytest.mark.parametrize("course", ["http", "file"], indirect=True)


def test_every_lesson_exercise_story_and_explained_word_can_be_found() -> None:
    found = finding.places()
    pages = {one.page for one in found}
    assert {(one.folder, one.name) for one in (*lessons(), *exercises())} <= pages
    headings = [one.heading for one in found]
    for story in scenarios().values():
        assert f"Story: {story.title}" in headings
    for term in glossary().values():
        assert f"The word “{term.term}”" in headings
    assert not [one for one in found if not one.text.strip() or not one.heading]
    # What is for the person who leads is on no page, and is not found.
    assert not [one for one in found if "Watch for:" in one.text or "Opt-out:" in one.text]
    assert not [one for one in found if re.search(r"\]\(|\*\*|<[a-z]|^#", one.text)]


def test_every_place_that_is_found_is_on_its_page(site: Path) -> None:
    ids: dict[tuple[str, str], set[str]] = {}
    for folder, name, _ in about.everything():
        text = (site / ("" if folder == "notebooks" else folder) / f"{name}.html").read_text("utf-8")
        ids[folder, name] = set(re.findall(r'\bid="([^"]+)"', text)) | {""}
    places = finding.places()
    assert len(places) > 300
    assert [one for one in places if one.anchor not in ids[one.page]] == []


@pytest.fixture
def seeker(tab: Watched, course: Course) -> Iterator[tuple[Page, Locator, Locator]]:
    """Somebody who came to the search from a lesson, by the link that every page has."""
    learner = Learner(tab.page, course)
    page = learner.open("05-share-power").page
    page.get_by_role("link", name="Search", exact=True).click()
    learner.ready()
    asked = len(tab.requests)
    yield page, page.get_by_role("searchbox", name="Search"), page.get_by_role("list", name="What was found")
    assert tab.errors == []
    assert not [one for one in tab.requests[:asked] if "trauma" in one]


@pytest.mark.browser
@BY_BOTH_DOORS
def test_a_misspelled_word_leads_to_the_place_with_the_reason_and_nothing_of_it_stays(
    seeker: tuple[Page, Locator, Locator], tab: Watched
) -> None:
    page, box, found = seeker
    asked = len(tab.requests)
    box.press_sequentially("traumma")
    expect(page.get_by_role("status").filter(has_text="come near")).to_contain_text("trauma")
    first = found.get_by_role("listitem").first
    expect(first.locator("mark").first).to_have_text("Trauma")
    expect(first).to_contain_text("Lesson 2: Values: what we know")
    expect(first).to_contain_text("Trauma is what something terrible can leave behind in a person.")
    assert violations(page) == []
    # Safari's Enter that ends a word which a keyboard put together: the hand is still in the box.
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    expect(box).to_be_focused()
    # Enter takes somebody without a mouse to what was found, and Tab to the first of it.
    box.press("Enter")
    expect(found).to_be_focused()
    page.keyboard.press("Tab")
    expect(first.get_by_role("link")).to_be_focused()
    assert len(tab.requests) == asked, "to look for a word asks nobody"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/02-values-what-we-know\.html#Trauma-and-cultural-barriers$"))
    expect(page.get_by_role("heading", name="Trauma and cultural barriers")).to_be_in_viewport()
    # Whoever comes after, by Back, finds an empty box; and nothing is kept of it anywhere.
    page.go_back(wait_until="commit")
    expect(box).to_have_value("")
    expect(found).to_be_hidden()
    learner = Learner(page, Course("", str, ""))
    assert "traumma" not in learner.traces()
    assert learner.stored() == {}
    assert not [one for one in tab.sent if "traum" in one and "02-values" not in one]


@pytest.mark.browser
def test_on_a_small_phone_nothing_that_is_found_is_too_wide(learner: Learner) -> None:
    page = learner.page
    page.set_viewport_size({"width": 320, "height": 640})
    learner.open(about.SEARCH)
    page.get_by_role("searchbox", name="Search").fill("promise")
    expect(page.get_by_role("list", name="What was found").get_by_role("listitem")).to_have_count(20)
    expect(page.get_by_role("status").filter(has_text="The first 20 of")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert violations(page) == []
