"""Lessons and tools behind a JupyterHub: a real one on this computer, with its proxy and three learners.

They share one address, and each has a server of their own at ``/user/NAME/``. Run at night: the hub's packages are in
``requirements-nightly.txt``, and its proxy comes through npm by the checksums of ``hub/package-lock.json``. The lessons'
part of its settings is the file that a program puts on its own hub: ``deploy/tljh/alongside.py``.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import hubs
import pytest
from conftest import SECONDS, Watched
from hands import SHARE, START, Learner
from hubs import Hub, Visitor
from playwright.sync_api import Browser, BrowserContext, Page, expect

from alongside.words import say

pytestmark = [pytest.mark.nightly, pytest.mark.browser, pytest.mark.slow]

NAMES = ("ana", "ben", "cleo")
CARD = "share-power-one-card"
#: What each one writes, and nobody else may ever see. No two share a word, and no log has one by chance.
WORDS = {"ana": "quiet otter", "ben": "copper lantern", "cleo": "marbled heron"}
TITLES = {"ana": "Otterquiet", "ben": "Lanterncopper", "cleo": "Heronmarbled"}
READ, ASK = "21-survey-read", "20-survey-ask"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    if not importlib.util.find_spec("jupyterhub"):
        pytest.skip("not run: JupyterHub is not here; python3 start.py test nightly installs it")
    with hubs.serving(tmp_path_factory.mktemp("hub")) as running:
        yield running


@dataclass
class Person:
    """Somebody with a browser of their own, signed in at the hub."""

    name: str
    learner: Learner
    tab: Watched

    @property
    def page(self) -> Page:
        return self.tab.page


@pytest.fixture
def arrive(chromium: Browser, hub: Hub) -> Iterator[Callable[[str], Person]]:
    """Somebody opens a lesson's address, is asked to sign in, does, and is at the lesson."""
    contexts: list[BrowserContext] = []
    tabs: list[Watched] = []

    def start(name: str) -> Person:
        context = chromium.new_context(viewport={"width": 390, "height": 800})
        context.set_default_timeout(120 * SECONDS)
        contexts.append(context)
        tab = Watched(context.new_page())
        tab.watch(tab.page)
        tabs.append(tab)
        return sign_in(hub, name, tab)

    yield start
    for context in contexts:
        context.close()
    assert tabs and [one.other_hosts for one in tabs] == [[] for _ in tabs]


def sign_in(hub: Hub, name: str, tab: Watched, at: str = SHARE) -> Person:
    page = tab.page
    page.goto(hub.course(name).address(at))
    page.get_by_label("Username:").fill(name)
    page.get_by_label("Password:").fill("any")
    page.get_by_role("button", name="Sign in").click()
    # The first time, the hub asks whether it shall start the learner's server; then it leads to the lesson.
    launch = page.get_by_role("button", name="Launch Server")
    expect(launch.or_(page.locator("html.al-ready"))).to_have_count(1, timeout=120 * SECONDS)
    if launch.count():
        launch.click()
    page.wait_for_url(re.compile(rf"^{hub.origin}/user/{name}/"), timeout=180 * SECONDS)
    learner = Learner(page, hub.course(name))
    return Person(name, learner.open(at), tab)


def others(name: str) -> list[str]:
    return [word for who in NAMES if who != name for word in (WORDS[who], TITLES[who])]


def test_three_learners_behind_a_hub_answer_walk_and_read_and_nobody_else_has_their_words(
    hub: Hub, arrive: Callable[[str], Person]
) -> None:
    people = [arrive(name) for name in NAMES]
    for person in people:  # all of them at the same time, each in a browser of their own
        person.learner.write(CARD, WORDS[person.name])
    for person in people:
        learner = person.learner
        person.page.get_by_role("navigation", name="Where to go next").get_by_role("link").first.click()
        person.page.wait_for_url(re.compile(rf"/user/{person.name}/voila/render/notebooks/"))
        expect(learner.ready().my_words()).to_contain_text(WORDS[person.name])
        learner.open(START).reload()
        expect(learner.my_words()).to_contain_text(WORDS[person.name])
        expect(learner.open(SHARE).box(CARD)).to_have_value(WORDS[person.name])
        read_made_up_answers(person)
        write_a_form(person)
        assert_alone(person, hub)
    for name in NAMES:
        # Words are in no file; the title of a form is in its owner's own, and not even in a log.
        assert hub.files_with(WORDS[name]) == []
        own = hub.folder / "home" / name / hubs.OWN / "surveys"
        titled = hub.files_with(TITLES[name])
        assert own / "our-survey.yml" in titled and all(path.is_relative_to(own) for path in titled), titled


def read_made_up_answers(person: Person) -> None:
    """Lesson 21's tool works, and is never said to be asleep while its program is there."""
    page = person.learner.open(READ).page
    page.get_by_role("button", name=say("desk.show")).click(timeout=120 * SECONDS)
    expect(page.get_by_text("60 people answered").first).to_be_visible(timeout=120 * SECONDS)
    with page.expect_response(lambda answer: "/api/kernels/" in answer.url) as looked:
        page.evaluate("window.dispatchEvent(new Event('online'))")
    assert looked.value.status == 200, "the page's token lets it look for its program"
    expect(page.locator(".al-asleep")).to_have_text("")


def write_a_form(person: Person) -> None:
    """Lesson 20's tool writes a file of questions into the learner's own home."""
    page = person.learner.open(ASK).page
    page.get_by_role("button", name=say("desk.see_questions"), exact=True).click(timeout=120 * SECONDS)
    question = page.get_by_role(
        "checkbox", name="In the last month, participants had a say before a rule changed."
    )
    question.check(timeout=120 * SECONDS)
    page.get_by_role("textbox", name=say("desk.title"), exact=True).fill(TITLES[person.name])
    page.get_by_role("textbox", name=say("desk.wave"), exact=True).fill("2027 spring")
    page.get_by_role("button", name=say("desk.save_questions"), exact=True).click()
    expect(page.get_by_text("The questions are in surveys/our-survey.yml.")).to_be_visible(
        timeout=120 * SECONDS
    )
    expect(page.locator(".al-asleep")).to_have_text("")


def assert_alone(person: Person, hub: Hub) -> None:
    """Neither the page nor anything that it asked for or sent has a word of somebody else, or sent its own."""
    traffic = "\n".join([*person.tab.sent, *person.tab.requests])
    assert f"/user/{person.name}/" in traffic
    for word in others(person.name):
        assert word not in traffic and word not in person.learner.traces()
    assert WORDS[person.name] not in traffic
    assert hub.files_with(WORDS[person.name]) == []


def test_who_signs_in_after_somebody_else_in_the_same_tab_finds_none_of_their_words(
    hub: Hub, arrive: Callable[[str], Person]
) -> None:
    ana = arrive("ana")
    ana.learner.write(CARD, WORDS["ana"])
    sign_out(hub, ana)
    ana.page.goto(hub.course("ana").address(SHARE))
    expect(
        ana.page.get_by_role("button", name="Sign in")
    ).to_be_visible()  # the lessons are closed to her tab
    ben = sign_in(hub, "ben", ana.tab)
    expect(ben.learner.still_you).to_have_count(0)
    expect(ben.learner.box(CARD)).to_have_value("")
    assert WORDS["ana"] not in ben.learner.traces()
    ben.learner.write(CARD, WORDS["ben"]).reload()
    expect(ben.learner.box(CARD)).to_have_value(WORDS["ben"])
    stays = ben.page.evaluate("JSON.stringify({...sessionStorage})")
    assert "sitting" in stays and "/user/" not in stays, "no name of an account stays in the tab"


def sign_out(hub: Hub, person: Person) -> None:
    person.page.goto(f"{hub.origin}/hub/logout")
    expect(person.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_who_has_no_key_to_a_learners_pages_learns_nothing_of_them(
    hub: Hub, arrive: Callable[[str], Person]
) -> None:
    arrive("ana")
    ben = arrive("ben")
    ben.page.goto(hub.course("ana").address(SHARE))
    expect(ben.page.get_by_text("Share power")).to_have_count(0)
    assert ben.page.locator("section.alongside-activity").count() == 0


#: As many as a workshop has, at the most.
MANY = 20
#: MB of a learner's server that has shown lessons, and with a survey's tool open as well: half as much again as deploy/README.md measured.
READING_MB, TOOL_MB = 190, 280


def test_twenty_learners_have_servers_of_their_own_that_are_small_and_end_when_nobody_uses_them(
    hub: Hub,
) -> None:
    learners = [Visitor(hub, f"learner-{number:02}") for number in range(MANY)]
    for learner in learners:
        learner.sign_in()
        learner.start()
        assert 'data-activity="' in learner.lesson(SHARE)
    ours = {learner.name for learner in learners}
    assert ours <= hub.servers().keys()
    reading = [hubs.memory(server) for name, server in hub.servers().items() if name in ours]
    assert max(reading) < READING_MB
    for learner in learners[:3]:
        assert "jupyter-config-data" in learner.lesson(READ)
    with_tool = [hubs.memory(hub.servers()[learner.name]) for learner in learners[:3]]
    assert min(with_tool) > max(reading), "a program runs behind each"
    assert max(with_tool) < TOOL_MB
    hub.end_idle(seconds=1)
    assert hub.servers() == {}
    # Whoever comes back is let in again, and finds what was written into a file.
    mine = hub.folder / "home" / learners[0].name / hubs.OWN / "data" / "here.yml"
    mine.write_text("# mine\n" + mine.read_text())
    learners[0].start()
    assert mine.read_text().startswith("# mine\n")
