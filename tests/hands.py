"""What a person does on a page of a lesson. Controls are found as a person finds them: by role and by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from alongside.course import about
from alongside.course.lesson import exercises, lessons

START = "00-start-here"
PEOPLE = "01-values-how-we-see-people"
SHARE = "05-share-power"
FOLLOW = "13-follow-through"
PLAN = "18-our-plan"
EXERCISE = "exercises/05-share-power"
#: Every page of the course. Lessons stand beside each other, exercises in a folder below.
PAGES = (
    *(lesson.name for lesson in lessons()),
    *(f"exercises/{exercise.name}" for exercise in exercises()),
)
#: The lessons with a survey tool on them. In Voilà these have a kernel and Jupyter's front end; no other page has.
TOOLS = tuple(name for name in PAGES if re.match(r"2[012]-survey-", name))
#: The first page of all, and the pages about the course: nothing is asked on them.
HOME, SEARCH = about.HOME, about.SEARCH
ABOUT = (HOME, *(f"about/{name}" for name in (*about.NAMES, *about.MORE)), SEARCH)
#: A walk that meets every kind of activity, for what takes long.
WALK = (SHARE, EXERCISE, "08-clear-feedback", "11-be-transparent", "19-check-in", PLAN)
assert set(WALK) <= set(PAGES), "a page of the walk is not there"

BY_EVERY_DOOR = pytest.mark.parametrize("course", ["http", "file", "voila"], indirect=True)
BY_BOTH_SERVERS = pytest.mark.parametrize("course", ["http", "voila"], indirect=True)

#: Everything in a page that could hold a word: what is drawn, what stands in boxes, and what the browser keeps.
TRACES = """async () => JSON.stringify([
    document.documentElement.outerHTML,
    [...document.querySelectorAll("input, textarea, select")].map((box) => [box.value, box.defaultValue]),
    {...sessionStorage}, {...localStorage}, document.cookie, document.title, location.href, window.name, history.state,
    indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : [],
    globalThis.caches ? await caches.keys() : [],
])"""

#: The page scrolls, and one press of Shift is over before the page is told that it did.
SCROLLED_JUST_NOW = """() => {
    scrollTo(0, 900);
    for (const kind of ["keydown", "keyup"]) {
        document.body.dispatchEvent(new KeyboardEvent(kind, {key: "Shift", code: "ShiftLeft", bubbles: true}));
    }
}"""

#: The line that says what happened: a status by its role, one of several on a page, so it is found by its class.
NEWS = ".al-status"
#: A question on a page that still looks for how the last page was left: it shows no word, and doesn't ask who this is.
LOOKING = 'section[data-state="asking"]:has(> fieldset > p[hidden])'


@dataclass(frozen=True)
class Course:
    """The lessons by one door: "http" and "file" are the published site, "voila" is the running server."""

    door: str
    address: Callable[[str], str]
    #: The page that takes a lesson's place after a quick exit.
    neutral: str


@dataclass
class Learner:
    """Someone at a page, and what they do there. An activity is named by its key, and found by its question."""

    page: Page
    course: Course

    def open(self, name: str) -> Learner:
        self.page.goto(self.course.address(name))
        return self.ready()

    def begun(self) -> Learner:
        """Every question is there. On a slow machine the page may not know yet whether it may show the words."""
        expect(self.page.locator("html.al-ready")).to_have_count(1)
        expect(self.page.get_by_text("Getting the page ready…")).to_be_hidden()
        return self

    def ready(self) -> Learner:
        """Every question is there, with its words, or it is asked who this is: what is read now stays so."""
        self.begun()
        expect(self.page.locator(LOOKING)).to_have_count(0)
        return self

    def reload(self) -> Learner:
        self.page.reload()
        return self.ready()

    def back(self) -> Learner:
        # Playwright waits for an event that a page from the browser's page cache does not give.
        self.page.go_back(wait_until="commit")
        return self.ready().drawn()

    def forward(self) -> Learner:
        self.page.go_forward(wait_until="commit")
        return self.ready().drawn()

    def drawn(self) -> Learner:
        """Wait until the page was drawn once more, so that what it does on being shown again is done."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self

    def beside(self, page: Page) -> Learner:
        """The same person in another tab."""
        return Learner(page, self.course)

    # --- an activity

    def props(self, key: str) -> dict[str, object]:
        """What an activity is about. Its question is on the page, and is not sent twice."""
        section = self.page.locator(f'section[data-key="{key}"]')
        prompt = section.locator(".al-question").first.text_content()
        return {"prompt": prompt, **json.loads(section.get_attribute("data-props") or "")}

    def texts(self, key: str, name: str) -> list[str]:
        """The words of a question's options, cards, piles, rows or parts, in their order."""
        listed = self.props(key)[name]
        assert isinstance(listed, list) and listed
        return [text for _, text in listed]

    def question(self, key: str) -> Locator:
        """The group of controls that the question gives its name to."""
        return self.page.get_by_role("group", name=str(self.props(key)["prompt"]), exact=True)

    def activity(self, key: str) -> Locator:
        """The question with its foot: Skip, and the line that says what happened."""
        return self.page.locator("section.alongside-activity").filter(has=self.question(key))

    def box(self, key: str) -> Locator:
        return self.question(key).get_by_role("textbox", name=str(self.props(key)["prompt"]), exact=True)

    def write(self, key: str, words: str) -> Learner:
        """Fill a box. Words are kept at once; the line that says so waits until the typing ends, and nobody else does."""
        self.box(key).fill(words)
        return self

    def skip(self, key: str) -> Learner:
        self.activity(key).get_by_role("button", name="Skip", exact=True).click()
        return self

    def said(self, key: str) -> Locator:
        return self.activity(key).locator(NEWS)

    # --- what stands on every page

    @property
    def bar(self) -> Locator:
        return self.page.get_by_role("region", name="Quick exit and my words")

    def quick_exit(self) -> None:
        self.bar.get_by_role("button", name="Quick exit").click()

    def my_words(self) -> Locator:
        self.bar.get_by_role("button", name="My words").click()
        dialog = self.page.get_by_role("dialog", name="My words")
        expect(dialog).to_be_visible()
        return dialog

    @property
    def still_you(self) -> Locator:
        return self.page.get_by_role("dialog", name="Is this still you?")

    def unfold(self) -> Learner:
        """Open everything that folds, so that all of the page is drawn."""
        # What is far below the window is not laid out before it comes near. Until then axe sees no colors there, and
        # nothing in it is too wide.
        self.page.evaluate(
            """document.querySelectorAll('details').forEach((one) => (one.open = true));
            document.querySelectorAll('main > *, figure').forEach((one) => (one.style.contentVisibility = 'visible'))"""
        )
        return self

    def given(self, storage: dict[str, str], name: str = "") -> Learner:
        """What a browser does when it copies or restores a tab: the storage is there before the page. It is put there from
        the neutral page, which has no script, and a moment after that was loaded: sitting.js says what comes of haste."""
        self.page.goto(self.course.neutral)
        self.page.wait_for_timeout(300)
        self.page.evaluate(
            """([storage, name]) => {
                for (const [key, text] of Object.entries(storage)) sessionStorage.setItem(key, text);
                if (name) window.name = name;
            }""",
            [storage, name],
        )
        return self

    def traces(self) -> str:
        """All that the page and its storage hold, in one text."""
        return self.page.evaluate(TRACES)

    def stored(self) -> dict[str, str]:
        """What the browser keeps for these pages: every storage in one."""
        return self.page.evaluate("({...localStorage, ...sessionStorage})")

    def seen(self) -> str:
        """The text that is drawn, with its spaces put in order."""
        # What is far below the window is not laid out, and counts as not drawn until it comes near.
        self.page.evaluate(
            "document.querySelectorAll('main > *, figure').forEach((one) => (one.style.contentVisibility = 'visible'))"
        )
        return " ".join(self.page.locator("body").inner_text().split())

    def story(self, key: str) -> Story:
        return Story(self, key)


@dataclass
class Story:
    """A scenario that is being played."""

    learner: Learner
    key: str

    @property
    def shown(self) -> Locator:
        return self.learner.question(self.key)

    @property
    def ended(self) -> Locator:
        return self.shown.get_by_text("This way through ends here.")

    def choose(self, words: str) -> Story:
        self.shown.get_by_role("button", name=words, exact=True).click()
        return self

    def press(self, name: str) -> Story:
        self.shown.get_by_role("button", name=name, exact=True).click()
        return self


def focused(locator: Locator) -> bool:
    return locator.evaluate("(one) => one === document.activeElement")


def tab_to(page: Page, wanted: Locator, most: int = 150) -> Locator:
    """Press Tab until the wanted control has the focus, as someone without a mouse does."""
    expect(wanted).to_have_count(1)
    for _ in range(most):
        if focused(wanted):
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {wanted}")


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
