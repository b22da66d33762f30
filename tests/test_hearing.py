"""What a person hears who only hears: Orca in Firefox and in Chromium, on a lesson and on every kind of activity.

Each walk says what is done, and what must then be heard: by its meaning, in Orca's own words wherever those are Orca's.
What was heard is kept in ``tests/heard``; ``start.py test --nightly --hear-anew tests/test_hearing.py`` writes it again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hands import PLAN, SHARE
from hearing import BROWSERS, PACKAGES, Ear, Transcript, ear, holds, missing_here

from alongside.course.lesson import ActivityLine, lesson
from alongside.course.scenarios import END, Choice, scenario
from alongside.course.shape import KEEPS_AN_ANSWER
from alongside.words import say

HEARD = Path(__file__).parent / "heard"
KNOW, CHECKIN = "02-values-what-we-know", "19-check-in"
CARE, KEPT, SKIPPED = say("page.care"), say("page.kept"), say("page.skipped")


@dataclass(frozen=True)
class Step:
    """A part of a walk: its name, what is done, and what must be heard then.

    Done are pairs: a key and words press it until they are heard, a key and "" press it once, "write" and words write
    them, "read" and two sentences have the page read, and note what stands between them.
    """

    name: str
    done: tuple[tuple[str, ...], ...]
    heard: tuple[str, ...]


def asked(name: str) -> dict[str, ActivityLine]:
    """The questions of a lesson by their keys; a story has the key "story"."""
    return {one.key or one.verb: one for one in lesson(name).activities}


def weighed(choice: Choice) -> tuple[str, ...]:
    """What a choice led to, and what it cost whom, in this order."""
    costs, gains, risk = (say(f"activities.scenario_{name}") for name in ("costs", "gains", "risk"))
    told = f"{choice.then} {costs} {choice.costs} {gains} {choice.gains_power} {risk} {choice.carries_risk}"
    return (told,)


def share_power() -> list[Step]:
    """Lesson 05, from its first stop to its last: rate, picture, scenario, sort_cards, ask, promise, My words."""
    questions = asked(SHARE)
    arrive, close = questions["share-power-arrive"], questions["share-power-arrive-close"]
    map_, card, promise = (questions[f"share-power-{name}"] for name in ("map", "one-card", "promise"))
    story = scenario("one-seat-on-the-board")
    first, second, third, fourth = story.steps[:4]
    mending = next(step for step in story.steps if step.name == story.repair)
    ways = [step.choices[0] for step in story.steps[:4]]
    assert [way.next for way in ways] == [second.name, third.name, fourth.name, END]
    cards, piles = list(map_.named["cards"].values()), list(map_.named["piles"].values())
    starters = promise.named["starters"]
    return [
        Step("The page opens", (), ("Lesson 5", "Quick exit")),
        Step("My words is the next stop", (("Tab", "My words"),), ("My words",)),
        Step(
            "The first question, on the way in",
            (("Tab", "1, Hardly ever"),),
            (arrive.prompt, "1, Hardly ever", "not selected"),
        ),
        Step("It is answered", (("space", ""),), ("selected", KEPT)),
        Step("Skip says what it skips", (("Tab", "Skip"),), ("Skip", arrive.prompt)),
        Step("It is skipped", (("Return", ""),), (SKIPPED, say("page.put_away"))),
        Step("It is answered after all", (("Return", ""),), (say("page.answer_is_back"),)),
        Step(
            "The picture, with the same in words",
            (("Tab", say("pictures.same_in_words")), ("Return", "")),
            ("A ladder of eight rungs in three groups, after Arnstein (1969)", "expanded"),
        ),
        Step(
            "The story begins",
            (("Tab", first.choices[0].say),),
            (story.title, story.opening, first.text, first.choices[0].say),
        ),
        Step("What the first choice led to", (("Return", ""),), weighed(ways[0])),
        Step("The second step, on the way in", (("Tab", ways[1].say),), (second.text, ways[1].say)),
        Step("What the second choice led to", (("Return", ""),), weighed(ways[1])),
        Step(
            "One choice is taken back",
            (("Tab", say("activities.scenario_back")), ("Return", "")),
            (*weighed(ways[0]), say("activities.scenario_back_said")),
        ),
        Step(
            "The story is read by its lines",
            (
                ("Up", say("activities.scenario_you_chose")),
                ("Down", "Later, people ask"),
                ("Down", ways[0].costs),
            ),
            (say("activities.scenario_you_chose"), "Ask Theo today", ways[0].then, ways[0].costs),
        ),
        Step("The second step again", (("Tab", ways[1].say), ("Return", "")), weighed(ways[1])),
        Step("The third step", (("Tab", ways[2].say), ("Return", "")), (third.text, *weighed(ways[2]))),
        Step("The fourth step", (("Tab", ways[3].say),), (fourth.text, ways[3].say)),
        Step("The end of the way", (("Return", ""),), weighed(ways[3])),
        Step(
            "What comes after the end",
            (("Tab", say("activities.scenario_repair")),),
            (say("activities.scenario_ends"), say("activities.scenario_mending")),
        ),
        Step("What to think about", (("Tab", say("activities.scenario_back")),), (*story.debrief,)),
        Step(
            "A way to repair",
            (("shift+Tab", say("activities.scenario_repair")), ("Return", "")),
            (mending.text,),
        ),
        Step(
            "What the repair led to",
            (("Tab", mending.choices[0].say), ("Return", "")),
            weighed(mending.choices[0]),
        ),
        Step("Skip says which story it skips", (("Tab", "Skip"),), (story.title,)),
        Step(
            "A card and its piles",
            (("Tab", piles[0]),),
            (map_.prompt, f"{say('activities.sort_count', number=1, total=9)} {cards[0]}", piles[0]),
        ),
        Step("The card is laid down", (("Return", ""),), (cards[0], piles[0], f"Next card: {cards[1]}")),
        Step("The card waits", (("Tab", say("activities.sort_later")), ("Return", "")), (cards[2],)),
        Step(
            "A card that lies in a pile",
            (("Tab", cards[0]),),
            (piles[0], cards[0], say("activities.sort_take_back")),
        ),
        Step("It is taken back", (("Return", ""),), (cards[0], say("activities.sort_back", card=cards[0]))),
        Step("A box for words", (("Tab", card.prompt),), (card.prompt, "entry", CARE)),
        Step("Words are kept", (("write", "quiet otter"),), (KEPT,)),
        Step(
            "Their answer is skipped",
            (("Tab", "Skip"), ("Return", "")),
            (card.prompt, SKIPPED, say("page.put_away")),
        ),
        Step("It is brought back", (("Return", ""),), (say("page.answer_is_back"),)),
        Step(
            "A promise, and words to start from",
            (("Tab", starters[0]), ("Tab", starters[1])),
            (
                promise.prompt,
                say("activities.promise_starter_decides"),
                starters[0],
                say("activities.promise_starter_others"),
                starters[1],
            ),
        ),
        Step(
            "Words to start from are taken", (("Return", ""),), (say("activities.promise_what"), starters[1])
        ),
        Step(
            "The promise's answer",
            (("Tab", "Yes"), ("space", "")),
            (say("activities.promise_answer"), "Yes", "selected"),
        ),
        Step(
            "The promise's other boxes",
            (("Tab", say("activities.promise_who")), ("Tab", say("activities.promise_tell"))),
            (say("activities.promise_who"), say("activities.promise_tell"), CARE),
        ),
        Step(
            "A calendar note without a day",
            (("Tab", say("activities.promise_save")), ("Return", "")),
            (say("activities.promise_no_day"),),
        ),
        Step(
            "The first question again, beside the first answer",
            (("Tab", close.prompt),),
            (close.prompt, "When you arrived you said 1 of 5: Hardly ever"),
        ),
        Step(
            "The page is read",
            (("ctrl+Home", ""), ("read", arrive.prompt, close.prompt)),
            (
                arrive.prompt,
                story.opening,
                first.text,
                ways[0].then,
                card.prompt,
                promise.prompt,
                close.prompt,
            ),
        ),
        Step(
            "My words",
            (("ctrl+Home", ""), ("Tab", say("page.my_words")), ("Return", "")),
            (say("page.my_words"),),
        ),
        Step("My words are read", (("Down", "quiet otter"),), ("quiet otter",)),
        Step(
            "They are saved as a file",
            (("Tab", say("page.save")), ("Return", "")),
            (say("page.save"), say("page.look", handed=say("page.handed"))),
        ),
        Step(
            "The dialog is left",
            (("Escape", ""), ("Escape", "")),  # Firefox has a panel of its own over it, about the file
            (say("page.my_words"),),
        ),
    ]


def what_we_know() -> list[Step]:
    """Lesson 02: compose, board, rank, choose."""
    questions = asked(KNOW)
    sentence, room, effort, least, sheet = (
        questions[f"know-{name}"]
        for name in ("honest-sentence", "room-board", "first-effort", "asked-least", "sheet-found")
    )
    parts = list(sentence.named["parts"].values())
    rows = list(room.named["rows"].values())
    (how, choices), why = room.named["columns"].values()
    options, mine = list(effort.words[1].values()), effort.named["not_mine"]
    down = say("activities.rank_down")
    return [
        Step(
            "The first part of a sentence",
            (("Tab", parts[0][0]),),
            (sentence.prompt, *parts[0], CARE, "entry"),
        ),
        Step("It is written", (("write", "quiet otter"),), (KEPT,)),
        Step("The second part", (("Tab", parts[1][0]), ("write", "quiet heron")), parts[1]),
        Step(
            "A cell of a board",
            (("Tab", how),),
            (room.prompt, rows[0], how, say("activities.board_open")),
        ),
        Step("It is chosen", (("Down", next(iter(choices.values()))),), (next(iter(choices.values())), KEPT)),
        Step("A cell for words", (("Tab", why),), (why, "entry", CARE)),
        Step("The next row", (("Tab", how),), (rows[1], how)),
        Step(
            "An order, on the way in",
            (("Tab", options[0]),),
            (effort.prompt, down, options[0]),
        ),
        Step(
            "It is moved",
            (("Return", ""),),
            (say("activities.rank_moved", option=options[0], place=2, total=6),),
        ),
        Step(
            "It is put aside",
            (("Tab", f"{mine}: {options[0]}"), ("Return", "")),
            (say("activities.rank_left", option=options[0], not_mine=mine),),
        ),
        Step("It is taken back", (("Return", ""),), (say("activities.rank_back", option=options[0]),)),
        Step(
            "The order is kept",
            (("Tab", say("activities.rank_keep")), ("Return", "")),
            (say("activities.rank_kept"),),
        ),
        Step(
            "One of several",
            (("Tab", least.prompt), ("space", "")),
            (least.prompt, next(iter(least.words[1].values())), "not selected", "selected", KEPT),
        ),
        # Here Orca leaves out that it is kept, in Chromium: it said the same sentence last.
        Step(
            "More than one",
            (("Tab", sheet.prompt), ("space", "")),
            (sheet.prompt, say("activities.choose_many"), "check box", "checked"),
        ),
        Step(
            "The page is read",
            (("ctrl+Home", ""), ("read", sentence.prompt, sheet.prompt)),
            (
                sentence.prompt,
                *parts[0],
                say("activities.compose_whole"),
                room.prompt,
                rows[5],
                effort.prompt,
                options[5],
                least.prompt,
                sheet.prompt,
            ),
        ),
    ]


def our_plan() -> list[Step]:
    """Lesson 18: the plan, with what was answered on its own page."""
    questions = asked(PLAN)
    early, easier, mine = (
        questions[f"plan-{name}"] for name in ("hear-early", "easier-to-say", "promise-to-me")
    )
    out = say("activities.plan_take_out")
    return [
        Step(
            "The plan is empty",
            (("Tab", say("page.save")),),
            (say("activities.plan_prompt"), say("page.save")),
        ),
        Step("Something is answered", (("Tab", easier.prompt), ("space", "")), (KEPT,)),
        Step("And something else", (("Tab", mine.prompt), ("write", "quiet otter")), (mine.prompt, KEPT)),
        Step(
            "What stands in the plan",
            (("Tab", "Skip"), ("ctrl+Home", ""), ("Tab", out)),
            (easier.prompt, f"{out}: {easier.prompt}"),
        ),
        Step("A box in the plan", (("Tab", mine.prompt),), (mine.prompt, "entry", "quiet otter")),
        Step("Words in the plan are changed", (("write", " again"),), ()),  # Orca said this sentence last
        Step("Each button has its own name", (("Tab", out),), (f"{out}: {mine.prompt}",)),
        Step("It is taken out", (("Return", ""),), (say("activities.plan_taken_out"), easier.prompt)),
        Step(
            "The page is read",
            (("ctrl+Home", ""), ("read", early.prompt, mine.prompt)),
            (easier.prompt, out, say("page.take_home"), say("page.forget")),
        ),
        Step(
            "Everything is forgotten",
            (("Tab", say("page.forget")), ("Return", "")),
            (say("page.forgotten"),),
        ),
    ]


def check_in() -> list[Step]:
    """Lesson 19: the check-in on a promise that is made on its own page."""
    questions = asked(CHECKIN)
    promises, step = questions["checkin-promises"], questions["checkin-step"]
    kept = say("activities.checkin_kept")
    return [
        Step(
            "No promise yet",
            (("Tab", f"{say('activities.checkin_promise')} entry"),),
            (promises.prompt, say("activities.checkin_remembered"), CARE),
        ),
        Step(
            "A promise is made",
            (
                ("Tab", step.prompt),
                ("Tab", f"{say('activities.promise_what')} entry"),
                ("write", "quiet otter"),
            ),
            (step.prompt, say("activities.promise_what"), KEPT),
        ),
        Step(
            "How does it stand",
            (("Tab", "Skip"), ("ctrl+Home", ""), ("Tab", f"{kept} not selected")),
            (promises.prompt, "quiet otter", kept, "not selected"),
        ),
        Step("It was kept", (("space", ""),), ("selected",)),  # Orca said last that it is kept
        Step("What to say about it", (("Tab", say("activities.checkin_says")),), ("entry", CARE)),
        Step(
            "The page is read",
            (("Tab", "Skip"), ("ctrl+Home", ""), ("read", promises.prompt, step.prompt)),
            (promises.prompt, "quiet otter", kept, say("activities.checkin_remembered")),
        ),
    ]


WALKS: dict[str, Callable[[], list[Step]]] = {
    SHARE: share_power,
    KNOW: what_we_know,
    PLAN: our_plan,
    CHECKIN: check_in,
}
ON_EVERY_WALK = pytest.mark.parametrize("name", WALKS)
IN_BOTH = pytest.mark.parametrize("browser", BROWSERS)


def walk(someone: Ear, steps: list[Step]) -> Transcript:
    """Do what a walk says, key by key."""
    for step in steps:
        if step.done:
            someone.step(step.name)
        for key, *words in step.done:
            if key == "write":
                someone.write(words[0])
            elif key == "read":
                someone.read_on(*words)
            elif words[0]:
                someone.until(key, words[0])
            else:
                someone.press(key)
    return someone.transcript


def unheard(transcript: Transcript, steps: list[Step]) -> list[tuple[str, str]]:
    """What should have been heard and wasn't: [(step, words), …]."""
    return [
        (step.name, words)
        for step in steps
        for words in step.heard
        if not holds(transcript.heard(step.name), words)
    ]


def not_run(browser: str) -> str:
    """Why a browser is not heard here, or "". Said by name: what was not run has not passed."""
    if lacking := missing_here(browser):
        return f"NOT RUN: Orca in {browser}. Missing here: {', '.join(lacking)}. All: {' '.join(PACKAGES)}."
    return ""


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def someone(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ear]:
    """Someone who hears, with a browser of their own."""
    if why := not_run(browser):
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    with ear(browser, tmp_path_factory.mktemp(browser) / "home") as one:
        yield one


@pytest.mark.browser
@pytest.mark.nightly  # what was heard last is read in each run, and test_accessibility.py looks at names and descriptions
@ON_EVERY_WALK
def test_who_only_hears_and_only_tabs_gets_question_story_card_and_consequence(
    name: str,
    browser: str,
    someone: Ear,
    site: Path,
    serve: Callable[[Path], str],
    request: pytest.FixtureRequest,
) -> None:
    steps = WALKS[name]()
    someone.open(f"{serve(site)}{name}.html")  # a place of its own, where no words are kept yet
    heard = walk(someone, steps)
    if request.config.getoption("--hear-anew"):
        stored(browser, name).parent.mkdir(parents=True, exist_ok=True)
        stored(browser, name).write_text(str(heard), encoding="utf-8")
    assert unheard(heard, steps) == []


@pytest.mark.browser
@pytest.mark.nightly  # test_exit.py tries the count without a screen reader
def test_quick_exit_is_counted_aloud_and_keys_of_the_screen_reader_are_no_shift(
    someone: Ear, site: Path, serve: Callable[[Path], str]
) -> None:
    someone.open(f"{serve(site)}{SHARE}.html")
    someone.step("Shift once")
    twice, once, stays = (say(f"page.exit_{name}") for name in ("twice", "once", "stays"))
    assert holds(someone.press("Shift_L"), twice)
    someone.press("Insert", 3)  # with which Orca's own commands begin
    assert holds(someone.listen(6), stays)
    someone.press("h", 9)
    # Orca keeps these for itself: the page sees Shift alone.
    for heard in (someone.press("shift+h", 4), someone.press("shift+h shift+h shift+h")):
        assert holds(heard, "heading level")
        assert not holds(heard, once)
    assert holds(someone.until("Tab", "link"), "link"), "the page is still there"


# --- what was heard last, read without a screen reader


def stored(browser: str, name: str) -> Path:
    return HEARD / browser / f"{name}.txt"


@IN_BOTH
@ON_EVERY_WALK
def test_what_was_heard_last_is_kept_and_says_what_must_be_heard(browser: str, name: str) -> None:
    steps, text = WALKS[name](), stored(browser, name).read_text(encoding="utf-8")
    heard = Transcript.read(text)
    assert str(heard) == text
    walked = [step.name for step in steps]
    assert [one for one, _ in heard.steps if one in walked] == walked
    assert unheard(heard, steps) == []
    assert not re.search(r"127\.0\.0\.1|localhost|/(tmp|home|root)\b", text)


def test_the_walks_meet_every_kind_of_activity() -> None:
    met = {one.verb for name in WALKS for one in lesson(name).activities}
    assert KEEPS_AN_ANSWER | {"plan", "picture"} <= met


def test_what_is_heard_in_another_order_or_not_at_all_is_told() -> None:
    step = Step("led", (), ("First this. Then that.",))
    said = Transcript([("led", [("Return", ["First this.", "Then that. panel."])])])
    assert unheard(said, [step]) == []
    for lines in (["Then that.", "First this."], ["First this."], []):
        assert unheard(Transcript([("led", [("Return", lines)])]), [step]) == [("led", step.heard[0])]
