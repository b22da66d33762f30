"""Pages in the engines of other browsers: Firefox, two of Safari's kind, and the oldest Chromium that pages are for.

One walk is in every run, in the system's Chromium; the night has all of it, in every engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from engines import CHROMIUM, OTHERS, Engine, NotHere, Person, eventually, with_ears
from hands import ABOUT, FOLLOW, PAGES, PLAN, SCROLLED_JUST_NOW, SHARE, START, TRACES
from rooms import at_hand, copied, everybody, few_lessons, press

from alongside.course import lesson as lessons
from alongside.course import scenarios
from alongside.words import say

ENGINES = {engine.name: engine for engine in (CHROMIUM, *OTHERS)}
NIGHT = [
    pytest.param(
        name,
        marks=[
            pytest.mark.browser,
            pytest.mark.nightly,
            *([] if name == "chromium" else [pytest.mark.engine]),
        ],
    )
    for name in ENGINES
]
IN_EVERY_ENGINE = pytest.mark.parametrize("engine", NIGHT, indirect=True)

CHECKIN, PLANNER = "19-check-in", "23-facilitate"
SENTENCE, LIVE = "one-sentence", "I can live with it"


def asked_on(name: str, verb: str) -> list[lessons.ActivityLine]:
    """The questions of one kind on a page, in their order. What they say is theirs: no word of a lesson stands here."""
    return [one for one in lessons.lesson(name).activities if one.verb == verb]


ON_THE_WAY_IN, *_, ON_THE_WAY_OUT = asked_on(SHARE, "rate")
ARRIVE, CLOSE = ON_THE_WAY_IN.key, ON_THE_WAY_OUT.key
LOW, HIGH = ON_THE_WAY_IN.named["low"], ON_THE_WAY_IN.named["high"]
MAP, CARD, PROMISE = (asked_on(SHARE, verb)[0].key for verb in ("sort_cards", "ask", "promise"))
WAITED, TABLE, PROMISES = (
    asked_on(name, verb)[0].key for name, verb in ((FOLLOW, "ask"), (START, "ask"), (CHECKIN, "checkin"))
)
STORY = asked_on(SHARE, "scenario")[0].prompt
WORDS, MORE, PROMISED = "quiet otter", "loud heron", "slow badger"
PASSPHRASE = "four kind otters swim"

TITLE = lessons.lesson(SHARE).title
KEPT, SKIPPED, FORGOTTEN, BACK = (say(f"page.{name}") for name in ("kept", "skipped", "forgotten", "back"))
FORGET, SAVE, CHOOSE_FILE = (say(f"page.{name}") for name in ("forget", "save", "choose_file"))
SKIP, AFTER_ALL, CLOSE_IT, EXIT = (
    say(f"page.{name}") for name in ("skip", "answer_after_all", "close", "exit")
)
YES, MAYBE, NOT_THIS_TIME, WHAT, TELL, DAY, DEPENDS = (
    say(f"activities.promise_{name}")
    for name in ("yes", "maybe", "not_this_time", "what", "tell", "day", "depends")
)
FOUR_OF_5 = say("activities.rate_between", step=4, low=LOW, high=HIGH)


def at(key: str) -> str:
    """Where a question stands."""
    return f'section[data-key="{key}"]'


def to(name: str) -> str:
    """The link at a page's end to another."""
    return say("page.go_to", title=lessons.lesson(name).title)


def tab(name: str) -> str:
    """What a lesson's tab says, which tells nobody beside it what is read."""
    return say("page.tab_lesson", number=lessons.lesson(name).number)


def said(key: str) -> str:
    return f"{at(key)} [role=status]"


@dataclass
class Visitor:
    """Someone at the pages by one door, in one engine."""

    person: Person
    home: str

    def open(self, name: str) -> Person:
        return self.person.open(f"{self.home}{name}.html")

    @property
    def neutral(self) -> str:
        return f"{self.home}page.html"

    def words(self) -> Person:
        """Opens "My words"."""
        return self.person.press(say("page.my_words")).sees(say("page.bring_back"), "dialog")


@pytest.fixture(scope="session")
def heard(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_ears(site, tmp_path_factory.mktemp("heard") / "site")


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[getattr(request, "param", "chromium")]


@pytest.fixture
def person(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[Person]:
    """Someone with a browser that was just begun. No page may complain while they use it."""
    try:
        engine.here()
    except NotHere as why:
        pytest.skip(f"not run: {engine.name}: {why}")
    folder = tmp_path / "home"
    folder.mkdir()
    given = {name: request.getfixturevalue(name) for name in engine.needs}
    person = engine.start(folder, **given)
    try:
        yield person
        assert person.errors() == []
    finally:
        person.leave()


@pytest.fixture
def home(request: pytest.FixtureRequest, heard: Path, serve: Callable[[Path], str]) -> str:
    return f"{heard.as_uri()}/" if getattr(request, "param", "http") == "file" else serve(heard)


@pytest.fixture
def visitor(person: Person, home: str) -> Visitor:
    return Visitor(person, home)


def asked(person: Person) -> bool:
    return person.ask("() => Boolean(document.querySelector('dialog'))")


def assert_gone(visitor: Visitor) -> None:
    person = visitor.person
    person.sees(say("page.neutral"))
    assert (person.address, person.title) == (visitor.neutral, say("page.neutral"))
    assert person.text().strip() == say("page.neutral")
    assert_nothing_is_left(person)
    assert person.stored() == {}


def assert_nothing_is_left(person: Person) -> None:
    traces = person.ask(TRACES)
    assert [word for word in (WORDS, MORE, PROMISED) if word in traces] == []


@pytest.mark.parametrize("name", ["firefox", "webkitgtk", "wpe"])
def test_an_engine_that_is_not_here_says_what_is_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("engines.MINI", [])
    monkeypatch.setattr("engines.FIREFOX", ["firefox-esr"])
    with pytest.raises(NotHere, match=r"(is|are) not here"):
        ENGINES[name].here()


# --- the walk


def walk(visitor: Visitor) -> None:
    """Everything that a person can do with an answer, once, from the first page to the last."""
    person, story = visitor.person, scenarios.scenario(STORY)
    first = story.steps[0].choices[0]
    told = at(f"scenario-{story.key}")
    visitor.open(START).press(say("page.all_lessons"), "link", "nav").ready()
    person.press(
        f"{lessons.lesson(SHARE).number}. {lessons.lesson(SHARE).title}", "link", "nav.al-course"
    ).ready()
    assert person.title == tab(SHARE)

    person.choose("4", at(ARRIVE)).sees(KEPT, said(ARRIVE))
    person.sees(say("activities.rate_before", answer=FOUR_OF_5), at(CLOSE))
    person.press(SKIP, within=at(MAP)).sees(SKIPPED, said(MAP))
    person.type(WORDS, within=at(CARD)).sees(KEPT, said(CARD))
    person.press(first.say, within=told).sees(first.then, told)
    # The day has its box as soon as there is an answer, or a word.
    assert not person.there("day", DAY, at(PROMISE))
    person.choose(YES, at(PROMISE)).type(PROMISED, WHAT, at(PROMISE))
    person.day("2027-03-01", DAY, at(PROMISE)).sees(KEPT, said(PROMISE))

    person.reload()
    person.has(True, "radio", "4", at(ARRIVE)).has(WORDS, "textbox", within=at(CARD))
    person.sees(first.then, told).sees(AFTER_ALL, at(MAP))
    person.has(PROMISED, "textbox", WHAT, at(PROMISE)).has("2027-03-01", "day", within=at(PROMISE))
    assert not asked(person)

    person.press(to(FOLLOW), "link").ready()
    person.type(MORE, within=at(WAITED)).sees(KEPT, said(WAITED))
    person.press(to(PLAN), "link").ready()
    plan = at("plan")
    person.has(PROMISED, "textbox", WHAT, plan).sees(FOUR_OF_5, plan)
    person.type(" swims", WHAT, plan).sees(KEPT, said("plan"))
    file = person.saved(lambda: person.press(SAVE, within=plan))
    assert file.name == "notes.html"
    held = file.read_text("utf-8")
    assert [
        words for words in (WORDS, MORE, f"{PROMISED} swims", first.say, "2027-03-01") if words not in held
    ] == []

    person.press(FORGET, within=plan).sees(FORGOTTEN, plan)
    assert_nothing_is_left(person.reload())
    assert person.stored() == {}

    visitor.words().give(file, CHOOSE_FILE, "dialog")
    person.sees(BACK, "dialog").sees(MORE, "dialog").press(CLOSE_IT, within="dialog")
    person.has(f"{PROMISED} swims", "textbox", WHAT, plan)
    visitor.open(SHARE).has(WORDS, "textbox", within=at(CARD)).has(True, "radio", "4", at(ARRIVE))
    person.has(f"{PROMISED} swims", "textbox", WHAT, at(PROMISE)).sees(first.then, told)
    assert not asked(person)

    person.key("Shift", "Shift", "Shift")
    assert_gone(visitor)
    # The lesson was left for good; behind it are the pages of before, and none has a word.
    person.back()
    assert person.title == tab(PLAN)
    assert_nothing_is_left(person)
    assert person.stored() == {}
    person.back().has("", "textbox", within=at(WAITED))
    assert_nothing_is_left(person)


@pytest.mark.browser
def test_the_whole_walk_in_the_browser_that_is_here(visitor: Visitor) -> None:
    walk(visitor)


@IN_EVERY_ENGINE
@pytest.mark.parametrize("home", ["http", "file"], indirect=True)
def test_the_whole_walk_in_every_engine(visitor: Visitor) -> None:
    walk(visitor)


# --- words


@IN_EVERY_ENGINE
@pytest.mark.parametrize("home", ["http", "file"], indirect=True)
def test_nothing_is_lost_by_whoever_goes_on_at_once_and_nobody_is_asked(visitor: Visitor) -> None:
    person = visitor.open(SHARE)
    person.type(WORDS, within=at(CARD)).reload().has(WORDS, "textbox", within=at(CARD))
    assert not asked(person)
    person.type(" swims", within=at(CARD))
    visitor.open(FOLLOW).type(MORE, within=at(WAITED))
    assert not asked(person)
    person.back().has(f"{WORDS} swims", "textbox", within=at(CARD)).type(" home", within=at(CARD))
    person.forward().has(MORE, "textbox", within=at(WAITED))
    assert not asked(person)
    visitor.words().sees(f"{WORDS} swims home", "dialog").sees(MORE, "dialog").press(
        CLOSE_IT, within="dialog"
    )


@IN_EVERY_ENGINE
def test_forgetting_on_one_page_empties_those_before_it(visitor: Visitor) -> None:
    person = visitor.open(SHARE).type(WORDS, within=at(CARD)).sees(KEPT, said(CARD))
    visitor.open(FOLLOW)
    visitor.words().press(FORGET, within="dialog").sees(FORGOTTEN, "dialog")
    person.press(CLOSE_IT, within="dialog").back().has("", "textbox", within=at(CARD))
    assert_nothing_is_left(person)
    assert "alongside.words" not in person.stored()


@IN_EVERY_ENGINE
def test_a_skip_gives_back_and_no_answer_to_a_promise_throws_a_part_away(visitor: Visitor) -> None:
    person = visitor.open(SHARE).type(WORDS, within=at(CARD)).press(SKIP, within=at(CARD))
    person.sees(SKIPPED, said(CARD))
    assert WORDS not in str(person.stored())
    person.press(AFTER_ALL, within=at(CARD)).has(WORDS, "textbox", within=at(CARD))

    person.choose(MAYBE, at(PROMISE)).type(MORE, DEPENDS, at(PROMISE))
    person.type(PROMISED, TELL, at(PROMISE)).choose(NOT_THIS_TIME, at(PROMISE))
    person.type("a lamp", WHAT, at(PROMISE)).reload().has("a lamp", "textbox", WHAT, at(PROMISE))
    person.choose(MAYBE, at(PROMISE)).has(MORE, "textbox", DEPENDS, at(PROMISE))
    person.has(PROMISED, "textbox", TELL, at(PROMISE))


@IN_EVERY_ENGINE
def test_the_gentler_story_stays_the_gentler_one(visitor: Visitor) -> None:
    hard = {one.scenario: one.name for one in lessons.lessons() if one.scenario}
    story = next(one for one in scenarios.scenarios().values() if one.gentler and one.key in hard)
    assert story.gentler
    place, gentle = at(f"scenario-{story.key}"), scenarios.scenario(story.gentler).steps[0].text
    visitor.open(hard[story.key]).press(say("activities.scenario_gentler"), within=place).sees(gentle, place)
    visitor.person.reload().sees(gentle, place).sees_no(story.steps[0].text, place)


@IN_EVERY_ENGINE
def test_a_check_in_stands_by_its_promise_also_when_that_is_reworded(visitor: Visitor) -> None:
    person = visitor.open(SHARE).choose(YES, at(PROMISE)).type(PROMISED, WHAT, at(PROMISE))
    checkin, kept = at(PROMISES), say("activities.checkin_kept")
    visitor.open(CHECKIN).choose(kept, checkin).sees(KEPT, said(PROMISES))
    visitor.open(SHARE).type(" swims", WHAT, at(PROMISE)).sees(KEPT, said(PROMISE))
    visitor.open(CHECKIN).sees(f"{PROMISED} swims", checkin).has(True, "radio", kept, checkin)
    assert person.stored()


@IN_EVERY_ENGINE
@pytest.mark.parametrize("home", ["http", "file"], indirect=True)
def test_a_locked_file_opens_with_its_passphrase_alone(visitor: Visitor) -> None:
    person = visitor.open(SHARE).type(WORDS, within=at(CARD)).sees(KEPT, said(CARD))
    locked = say("page.locked_passphrase")
    visitor.words().press(say("page.lock"), "fold", "dialog")
    person.type(PASSPHRASE, say("page.passphrase"), "dialog")
    file = person.saved(
        lambda: person.press(say("page.save_locked"), within="dialog").sees("Make sure it is there", "dialog")
    )
    assert WORDS not in file.read_text("utf-8")
    person.press(FORGET, within="dialog").sees(FORGOTTEN, "dialog")
    person.give(file, CHOOSE_FILE, "dialog")
    person.type("four loud otters", locked, "dialog").press(say("page.open_it"), within="dialog")
    person.sees("Nothing was changed.", "dialog").sees_no(WORDS, "dialog")
    person.clear(locked, "dialog")
    person.type(PASSPHRASE, locked, "dialog").key("Enter")
    person.sees(BACK, "dialog").press(CLOSE_IT, within="dialog")
    person.has(WORDS, "textbox", within=at(CARD))


# --- quick exit


@IN_EVERY_ENGINE
def test_the_button_leaves_and_the_pages_behind_it_are_empty(visitor: Visitor) -> None:
    person = visitor.open(START).type(WORDS, within=at(TABLE)).sees(KEPT, said(TABLE))
    visitor.open(SHARE).type(MORE, within=at(CARD)).sees(KEPT, said(CARD)).press(EXIT)
    assert_gone(visitor)
    person.back().has("", "textbox", within=at(TABLE))
    assert_nothing_is_left(person)
    assert person.stored() == {}
    assert not asked(person)


def held_while(person: Person, key: str, do: Callable[[], object]) -> None:
    person.down(key)
    do()
    person.up(key)


#: Some of what Shift is used for, with the focus in a box; `tests/test_exit.py` has more of it.
OTHER_USES: dict[str, Callable[[Person], object]] = {
    "a letter between": lambda person: person.key("Shift", "Shift", "a", "Shift"),
    "capital letters": lambda person: person.key("Shift+A", "Shift+B", "Shift+C", "Shift+D"),
    "a capital letter between": lambda person: person.key("Shift", "Shift+A", "Shift", "Shift"),
    "text chosen by arrows": lambda person: person.key(*["Shift+ArrowLeft"] * 3),
    "back through the page": lambda person: person.key(*["Shift+Tab"] * 3),
    "another key held": lambda person: held_while(person, "a", lambda: person.key(*["Shift"] * 3)),
    "Alt held, as for another keyboard": lambda person: held_while(
        person, "Alt", lambda: person.key(*["Shift"] * 3)
    ),
    "Control between, which quiets a screen reader": lambda person: person.key(
        "Shift", "Control", "Shift", "Control", "Shift"
    ),
    "held down": lambda person: held_while(person, "Shift", lambda: None),
    "a click between": lambda person: person.key("Shift", "Shift").press(TITLE, "heading").key("Shift"),
    "clicks": lambda person: [
        held_while(person, "Shift", lambda: person.press(TITLE, "heading")) for _ in range(3)
    ],
}


@IN_EVERY_ENGINE
def test_shift_for_anything_else_is_no_exit_and_the_count_is_told(visitor: Visitor) -> None:
    person = visitor.open(SHARE)
    for use, do in OTHER_USES.items():
        person.type(WORDS, within=at(CARD)).key("End")
        do(person)
        assert (person.title, use) == (tab(SHARE), use)
        person.key("Escape")
    assert WORDS in str(person.stored())
    count = ".al-count"
    person.key("Shift").sees(say("page.exit_twice"), count)
    person.key("Shift").sees(say("page.exit_once"), count)
    person.key("Escape").sees(say("page.exit_stays"), count)
    # What had moved before takes no press away, also where the page is told of it between two of them.
    time.sleep(0.4)
    person.ask(SCROLLED_JUST_NOW)
    person.key("Shift", "Shift")
    assert_gone(visitor)


# --- pages of hosts, and of a room


@IN_EVERY_ENGINE
def test_pages_of_hosts_do_what_they_are_for(visitor: Visitor) -> None:
    person = visitor.open(PLANNER)
    for choice in ("45 min", "9", "A week or more"):
        person.choose(choice)
    for choice in ("A projector", "Promises keep slipping."):
        person.choose(choice, role="checkbox")
    person.press(say("activities.planner_make")).sees("Thanks, and what happens next", "table").fits()

    person._go(f"{visitor.home}screen.html")
    person.press("Share power", "link").press(say("screen.begin_now"))
    person.sees(say("screen.opening"), "h1").fits()
    person.press(say("screen.next")).sees_no(say("screen.opening"), "h1").press(say("screen.pause"))
    person.sees(say("screen.pause"), "h1").press(say("screen.go_on"))
    person.key("b").find("button", say("screen.dark_now"))
    person.key("b").fits()
    eventually(lambda: not person.there("button", say("screen.dark_now")), "the screen stays dark")

    visitor.open("after").type("two paid chairs", say("after.what"), "fieldset")
    person.day("2027-03-12", say("after.when"), "fieldset").sees("two paid chairs", ".al-standing").fits()
    person.sees("March 12", ".al-standing")

    visitor.open("search").type("traumma").sees(
        "Trauma is what something terrible can leave behind", "main"
    ).fits()


@IN_EVERY_ENGINE
def test_a_phone_answers_in_a_room_and_is_told_the_count(person: Person, tmp_path: Path) -> None:
    with at_hand(copied(tmp_path), few_lessons(tmp_path / "lessons")) as room:
        press(room.host(), "open", SENTENCE)
        person._go(room.address)
        person.choose(LIVE).fits().press(say("room.send")).sees(say("room.counted"), "h1").fits()
        everybody(room, SENTENCE, [LIVE], [LIVE], [LIVE], ["I'm for it"])
        person._go(room.private)
        person.sees(say("room.stage_open")).fits().press(say("room.close"))
        shown = say("room.most_are_at", option=LIVE)
        person.sees(say("room.stage_shown", says=shown)).fits()
        person._go(room.address)
        person.sees(shown, "main").fits()


# --- every page

#: Looks at a page in a frame of this width: what goes wrong there, and what is too wide for it.
LOOK = """async (address, widths) => {
    const frame = document.querySelector("iframe");
    frame.style.width = `${widths[0]}px`;
    await new Promise((done) => { frame.onload = done; frame.src = address; });
    const {document: page, noticed = [], innerHeight} = frame.contentWindow;
    const wait = () => new Promise((done) => setTimeout(done, 20));
    for (let looks = 0; looks < 1000 && !page.documentElement.classList.contains("al-ready"); looks += 1) await wait();
    if (!page.documentElement.classList.contains("al-ready")) noticed.push("it never said that it is ready");
    const found = {};
    for (const width of widths) {
        frame.style.width = `${width}px`;
        for (const one of page.querySelectorAll("details")) one.open = true;
        for (const one of page.querySelectorAll("main > *, figure")) one.style.contentVisibility = "visible";
        const words = page.querySelector(".al-open-words");
        if (words) words.click();
        await wait();
        const root = page.documentElement;
        const parts = [...page.querySelectorAll("dialog, .alongside-activity, .al-passport")]
            .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 120));
        const wide = root.scrollWidth - root.clientWidth;
        if (wide > 0 || parts.length > 0) found[width] = [wide, ...parts];
        for (const dialog of page.querySelectorAll("dialog")) dialog.close();
    }
    return {noticed: [...noticed], wide: found};
}"""
PLANTED = """<!doctype html><html class="al-ready"><head>{ear}</head><body><pre style="width: 350px">x</pre>
<script>throw new Error("planted")</script></body></html>"""


@IN_EVERY_ENGINE
def test_no_page_has_an_error_or_is_wider_than_a_phone(
    person: Person, heard: Path, serve: Callable[[Path], str]
) -> None:
    (heard / "around.html").write_text(
        '<!doctype html><html class="al-ready"><title>Around</title><iframe style="height: 800px; border: 0"></iframe>'
    )
    (heard / "planted.html").write_text(PLANTED.format(ear=(heard / f"{SHARE}.html").read_text("utf-8").split("<head>")[1].split("</script>")[0] + "</script>"))  # fmt: skip
    home = serve(heard)
    person.open(f"{home}around.html")
    found = {
        name: person.ask(LOOK, f"{home}{name}.html", [320, 390])
        for name in ("planted", *PAGES, *ABOUT, "after")
    }
    planted = found.pop("planted")
    assert "planted" in str(planted["noticed"]) and list(planted["wide"]) == ["320"]  # this test can see
    assert {name: one for name, one in found.items() if one["noticed"] or one["wide"]} == {}
