"""A person works through lessons and takes home what they want to keep, by every door that needs no code."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Watched
from hands import BY_EVERY_DOOR, FOLLOW, NEWS, PEOPLE, PLAN, SHARE, START, Learner, Story, focused, tab_to
from icalendar import Calendar
from playwright.sync_api import Download, FilePayload, Locator, expect

from alongside.course import scenarios as content
from alongside.course.lesson import lesson

pytestmark = pytest.mark.browser

STORY = "the-dragon-on-the-wall"
PLAYED = f"scenario-{STORY}"
ARRIVE, CLOSE = "share-power-arrive", "share-power-arrive-close"
MAP, CARD, PROMISE = "share-power-map", "share-power-one-card", "share-power-promise"
WAITED = "follow-through-waited"
KNOW, EFFORT, ARRIVALS = (
    "02-values-what-we-know",
    "know-first-effort",
    "scenario-same-rules-different-arrival",
)
HTML = '<img src=x onerror="document.title=\'hacked\'"><b>bold</b> & "quotes"'


def title(name: str) -> str:
    return lesson(name).title


def choices(step: str, story: str = STORY) -> tuple[content.Choice, ...]:
    return next(one.choices for one in content.scenario(story).steps if one.name == step)


def way(story: str = STORY, which: int = 0) -> list[content.Choice]:
    """One way through a story: always the first choice, or always another."""
    at, taken = content.scenario(story).steps[0].name, []
    while at != content.END:
        taken.append(choices(at, story)[which])
        at = taken[-1].next
    return taken


def play(story: Story, taken: list[content.Choice]) -> None:
    for choice in taken:
        story.choose(choice.say)
        for words in (choice.then, choice.costs, choice.gains_power, choice.carries_risk):
            expect(story.shown).to_contain_text(words)


def read_calendar(saved: Download) -> tuple[bytes, Calendar]:
    assert saved.suggested_filename == "note.ics"
    raw = Path(saved.path()).read_bytes()
    return raw, Calendar.from_ical(raw)  # type: ignore[return-value]


def save_note(learner: Learner, among: Locator) -> tuple[bytes, Calendar]:
    with learner.page.expect_download() as saved:
        among.get_by_role("button", name="Save a calendar note").click()
    return read_calendar(saved.value)


# --- the whole walk


@BY_EVERY_DOOR
def test_a_person_walks_the_first_lessons_and_forgets_all_of_it(learner: Learner, tab: Watched) -> None:
    page = learner.page
    learner.open(START)
    expect(page).to_have_title("Start")

    # From the welcome page to "Share power", by the list of all lessons.
    page.get_by_role("navigation").get_by_text("All lessons", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alongside")
    page.get_by_role("navigation", name="All lessons").get_by_role(
        "link", name=f"5. {title(SHARE)}"
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title(SHARE))
    learner.ready()

    learner.question(ARRIVE).get_by_role("radio", name="4", exact=True).check()
    expect(learner.said(ARRIVE)).to_have_text("Kept in this tab.")
    learner.skip(MAP)
    expect(learner.said(MAP)).to_have_text("Skipped. That is an answer too.")
    learner.write(CARD, "quiet otter hours")
    story = learner.story(PLAYED)
    play(story, way())
    expect(story.ended).to_be_visible()
    for debrief in content.scenario(STORY).debrief:
        expect(story.shown).to_contain_text(debrief)
    promise = learner.question(PROMISE)
    promise.get_by_label("What", exact=True).fill("quiet otter promise")
    promise.get_by_role("radio", name="Yes", exact=True).check()
    promise.get_by_label("By when (a day)").fill("2027-03-01")
    _, note = save_note(learner, promise)
    assert "otter" not in str(note)
    expect(learner.question(CLOSE).get_by_text("When you arrived you said 4 of 5")).to_be_visible()

    # On to "Follow-through", and from there to "Our plan".
    page.get_by_role("link", name=f"Go to: {title(FOLLOW)}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title(FOLLOW))
    learner.ready().write(WAITED, "quiet otter waited")
    page.get_by_role("link", name=f"Go to: {title(PLAN)}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title(PLAN))

    # Everything stands there, except what was skipped.
    plan = learner.ready().question("plan")
    prompts = plan.locator("fieldset > legend").all_text_contents()
    assert len([one for one in prompts if one != "My answer"]) == 5
    expect(plan.get_by_role("textbox", name="share", exact=False).first).to_have_value("quiet otter hours")
    expect(plan.get_by_label("What", exact=True)).to_have_value("quiet otter promise")
    expect(plan.get_by_label("By when (a day)")).to_have_value("2027-03-01")
    expect(plan).to_contain_text("4 of 5, from Hardly ever to Always")
    expect(plan).to_contain_text(way()[-1].say)
    with page.expect_download() as saved:
        plan.get_by_role("button", name="Save as a file", exact=True).click()
    assert saved.value.suggested_filename == "notes.html"
    file = Path(saved.value.path()).read_text(encoding="utf-8")
    for words in (
        "quiet otter hours",
        "quiet otter promise",
        "quiet otter waited",
        "2027-03-01",
        way()[0].say,
    ):
        assert words in file

    # All of it is forgotten: on this page, after a reload, and on the pages behind it.
    plan.get_by_role("button", name="Forget everything here").click()
    expect(learner.said("plan")).to_have_text("Forgotten. Nothing of yours is on these pages now.")
    for go in (lambda: None, learner.reload, learner.back, learner.back):
        go()
        assert "otter" not in learner.traces()
        assert "alongside.words" not in learner.stored()
        assert learner.still_you.count() == 0
    expect(page.get_by_role("heading", level=1)).to_have_text(title(SHARE))
    expect(learner.box(CARD)).to_have_value("")
    assert way()[0].then not in learner.seen()
    assert "quiet otter" not in "".join(tab.sent)
    assert tab.errors == []


# --- passing is an answer


@pytest.mark.parametrize("key", [ARRIVE, PLAYED, MAP, CARD, PROMISE, CLOSE])
def test_every_question_can_be_skipped_and_answered_after_all(learner: Learner, key: str) -> None:
    learner.open(SHARE).skip(key)
    expect(learner.said(key)).to_have_text("Skipped. That is an answer too.")
    assert (
        learner.question(key).get_by_role("textbox").or_(learner.question(key).get_by_role("radio")).count()
        == 0
    )
    expect(learner.my_words()).to_contain_text("Nothing is kept in this tab.")
    learner.page.keyboard.press("Escape")

    learner.reload()
    learner.activity(key).get_by_role("button", name="Answer after all").click()
    expect(learner.activity(key).get_by_role("button", name="Skip", exact=True)).to_be_visible()
    assert learner.stored().get("alongside.words", "[]") == "[]"


def test_a_skip_puts_words_away_and_gives_them_back(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, "quiet otter").skip(CARD)
    assert "quiet otter" not in str(learner.stored())
    away = learner.activity(CARD).get_by_text("“Answer after all” brings it back")
    expect(away).to_be_visible()
    learner.activity(CARD).get_by_role("button", name="Answer after all").click()
    expect(learner.said(CARD)).to_have_text("Your answer is back.")
    expect(learner.box(CARD)).to_have_value("quiet otter")
    expect(away).to_have_count(0)
    # A file that is brought back meanwhile does not take it away; leaving the page does, and so does forgetting.
    words = learner.my_words()
    with learner.page.expect_download() as saved:
        words.get_by_role("button", name="Save as a file", exact=True).click()
    learner.page.keyboard.press("Escape")
    learner.write(CARD, "loud heron").skip(CARD)
    other = file_with(saved.value, CARD, "another-card")
    learner.my_words().get_by_label("Choose a file that you saved here").set_input_files(other)
    expect(learner.page.get_by_role("dialog").locator(NEWS)).to_contain_text("back in this tab")
    learner.page.keyboard.press("Escape")
    learner.activity(CARD).get_by_role("button", name="Answer after all").click()
    expect(learner.box(CARD)).to_have_value("loud heron")
    learner.skip(CARD).reload()
    learner.activity(CARD).get_by_role("button", name="Answer after all").click()
    expect(learner.said(CARD)).to_have_text("You can answer now.")
    expect(learner.box(CARD)).to_have_value("")
    learner.write(CARD, "quiet otter").skip(CARD)
    learner.my_words().get_by_role("button", name="Forget everything here").click()
    learner.page.keyboard.press("Escape")
    learner.skip(CARD).activity(CARD).get_by_role("button", name="Answer after all").click()
    expect(learner.box(CARD)).to_have_value("")
    assert "otter" not in learner.traces()


def file_with(saved: Download, key: str, other: str) -> FilePayload:
    """A saved file, with the answer of one key under another key."""
    text = Path(saved.path()).read_text(encoding="utf-8").replace(f'"{key}"', f'"{other}"')
    return {"name": "notes.html", "mimeType": "text/html", "buffer": text.encode()}


def test_undo_in_a_box_that_was_put_away_takes_nothing_along(learner: Learner) -> None:
    """Who slipped onto Skip presses Ctrl and Z. The browser then tells of a change in the box that is hidden, and empty."""
    page = learner.open(SHARE).page
    learner.box(CARD).press_sequentially("quiet otter")
    learner.skip(CARD)
    for keys in ("Control+z", "Control+Shift+z"):
        page.keyboard.press(keys)
    expect(learner.activity(CARD)).to_have_attribute("data-state", "skipped")
    learner.activity(CARD).get_by_role("button", name="Answer after all").click()
    expect(learner.box(CARD)).to_have_value("quiet otter")
    # After forgetting, the box is in sight. Nothing is begun anew by it.
    learner.box(CARD).press_sequentially(" swims")
    learner.my_words().get_by_role("button", name="Forget everything here").click()
    page.keyboard.press("Escape")
    for keys in ("Control+z", "Control+Shift+z"):
        page.keyboard.press(keys)
    expect(learner.box(CARD)).to_have_value("")
    assert learner.stored() == {}


def test_a_question_without_an_answer_before_it_asks_nothing_of_anybody(learner: Learner) -> None:
    learner.open(SHARE).skip(ARRIVE)
    expect(learner.question(CLOSE).get_by_text("When you arrived")).to_have_count(0)
    learner.question(CLOSE).get_by_role("radio", name="5, Always").check()
    expect(learner.said(CLOSE)).to_have_text("Kept in this tab.")


def test_the_closing_question_shows_the_first_answer_as_it_changes(learner: Learner) -> None:
    learner.open(SHARE)
    learner.question(ARRIVE).get_by_role("radio", name="1, Hardly ever").check()
    before = learner.question(CLOSE).get_by_text(re.compile("^When you arrived you said"))
    expect(before).to_have_text("When you arrived you said 1 of 5: Hardly ever.")
    expect(before).to_be_visible()
    learner.question(ARRIVE).get_by_role("radio", name="3", exact=True).check()
    expect(before).to_contain_text("3 of 5")
    learner.skip(ARRIVE)
    expect(before).to_be_hidden()


# --- stories


def test_a_story_goes_to_its_end_and_to_repair_and_another_way(learner: Learner) -> None:
    story = learner.open(SHARE).story(PLAYED)
    told = {step.name: step.text for step in content.scenario(STORY).steps}
    first, second, *further = way()
    play(story, [first])
    expect(story.shown.get_by_text(first.then, exact=True)).to_be_in_viewport(ratio=1)
    expect(story.shown.get_by_text(told[first.next], exact=True)).to_be_in_viewport()
    play(story, [second])
    # What was read before is a line that can be opened; what the last choice led to stands open.
    expect(story.shown.get_by_text(first.then, exact=True)).to_be_hidden()
    expect(story.shown.get_by_text(second.then, exact=True)).to_be_visible()
    earlier = story.shown.get_by_text(f"You chose: {first.say}", exact=True)
    assert earlier.evaluate("(one) => one.offsetHeight <= 2 * parseFloat(getComputedStyle(one).lineHeight)")
    earlier.click()
    for words in (first.then, told[content.scenario(STORY).steps[0].name], first.costs):
        expect(story.shown.get_by_text(words, exact=True)).to_be_visible()
    play(story, further)
    expect(story.ended).to_be_visible()

    story.press("See one way to repair")
    repair = next(one for one in content.scenario(STORY).steps if one.name == content.scenario(STORY).repair)
    expect(story.shown).to_contain_text(repair.text)
    story.choose(repair.choices[0].say)
    expect(story.shown).to_contain_text(repair.choices[0].then)

    story.press("Back one choice")
    expect(story.ended).to_be_visible()
    expect(story.shown).not_to_contain_text(repair.choices[0].then)

    story.press("Try another way")
    expect(story.shown).not_to_contain_text("You chose:")
    play(story, way(which=1))
    expect(story.ended).to_be_visible()
    kept = learner.my_words()
    expect(kept).to_contain_text(way(which=1)[0].say)
    expect(kept).not_to_contain_text(way()[0].say)


def test_going_back_one_choice_takes_back_what_it_changed(learner: Learner) -> None:
    story = learner.open(SHARE).story(PLAYED)
    first = next(one for one in content.scenario(STORY).steps[0].choices if one.changes)
    name, words = first.changes[0]
    before = dict(content.scenario(STORY).carries)[name]
    expect(story.shown).to_contain_text(f"{name}: {before}")
    story.choose(first.say)
    expect(story.shown).to_contain_text(f"{name}: {words}")
    story.press("Back one choice")
    expect(story.shown).to_contain_text(f"{name}: {before}")
    expect(learner.my_words()).to_contain_text("Nothing is kept in this tab.")


def test_a_story_stands_where_it_was_left_after_a_reload(learner: Learner) -> None:
    story = learner.open(SHARE).story(PLAYED)
    taken = way()
    play(story, taken[:2])
    learner.reload()
    expect(story.shown).to_contain_text(taken[1].then)
    play(story, taken[2:])
    expect(story.ended).to_be_visible()


def test_no_story_calls_an_answer_right_or_counts_points(learner: Learner) -> None:
    story = learner.open(SHARE).story(PLAYED)
    expect(story.shown).to_contain_text("None of these is the right answer. Each has a cost.")
    play(story, way())
    shown = story.shown.inner_text().lower()
    assert not [word for word in ("score", "points", "correct", "wrong answer", "%") if word in shown]


# --- cards


def test_cards_are_sorted_by_buttons_and_taken_back(learner: Learner) -> None:
    group = learner.open(SHARE).question(MAP)
    cards, piles = learner.texts(MAP, "cards"), learner.texts(MAP, "piles")
    for pile in piles:
        expect(group.get_by_text(pile, exact=True)).to_have_count(
            1
        )  # a pile stands once, and is itself pressed
    group.get_by_role("button", name="Leave this card for later").click()
    expect(learner.said(MAP)).to_have_text(f"Next card: {cards[1]}.")
    pile = group.get_by_role("group", name=piles[0], exact=True)
    size = pile.bounding_box()
    assert size
    pile.click(position={"x": size["width"] / 2, "y": size["height"] - 6})
    expect(pile).to_have_text(f"{piles[0]}1{cards[1]}")  # its name, how many lie in it, and which
    for at in range(1, len(cards)):
        group.get_by_role("button", name=piles[at % len(piles)], exact=True).click()
    expect(learner.said(MAP)).to_contain_text("All cards are sorted. You can still take one back.")
    expect(group.get_by_role("button", name=piles[0], exact=True)).to_have_count(0)

    learner.reload()
    group.get_by_role("button", name=cards[2], exact=True).click()
    expect(learner.said(MAP)).to_have_text(f"“{cards[2]}” is back in your hand.")
    expect(group).to_contain_text(f"Card {len(cards)} of {len(cards)}")
    kept = learner.my_words()
    expect(kept).to_contain_text(f"{piles[0]}: ")
    expect(kept).to_contain_text(cards[0])
    expect(kept).not_to_contain_text(cards[2])


def test_cards_are_sorted_by_keyboard_alone(learner: Learner) -> None:
    page = learner.open(SHARE).page
    group = learner.question(MAP)
    cards, piles = learner.texts(MAP, "cards"), learner.texts(MAP, "piles")
    pile = tab_to(page, group.get_by_role("button", name=piles[1], exact=True))
    for at, card in enumerate(cards):
        page.keyboard.press("Space" if at % 2 else "Enter")
        expect(learner.said(MAP)).to_contain_text(f"“{card}” is in “{piles[1]}”.")
        # The focus stays where the next card needs it, and is not lost when the buttons go.
        assert focused(
            pile if at < len(cards) - 1 else group.get_by_role("button", name=cards[0], exact=True)
        )
    page.keyboard.press("Enter")
    expect(learner.said(MAP)).to_have_text(f"“{cards[0]}” is back in your hand.")
    # The card's own group has the focus: its name says which card it is.
    assert focused(group.get_by_role("group", name=f"Where does it belong? {cards[0]}"))


def test_a_hand_that_presses_twice_takes_one_thing(learner: Learner) -> None:
    """Under a hand that shakes, what comes next stands where the last thing stood."""
    learner.open(SHARE).write(CARD, "quiet otter")
    learner.question(PROMISE).get_by_label("What", exact=True).fill("quiet heron")
    cards, piles = learner.texts(MAP, "cards"), learner.texts(MAP, "piles")
    learner.question(MAP).get_by_role("button", name=piles[0], exact=True).dblclick()
    expect(learner.question(MAP)).to_contain_text("Card 2 of")
    expect(learner.question(MAP).get_by_role("group", name=piles[0], exact=True)).to_have_text(
        f"{piles[0]}1{cards[0]}"
    )
    learner.question(MAP).get_by_role("button", name=piles[1], exact=True).click()
    learner.question(MAP).get_by_role("button", name=cards[0], exact=True).click()
    learner.question(MAP).get_by_role("button", name=piles[1], exact=True).click()
    taken = learner.question(MAP).get_by_role("group", name=piles[1], exact=True).get_by_role("listitem")
    expect(taken).to_have_count(2)
    taken.first.get_by_role("button").dblclick()
    expect(taken).to_have_count(1)
    # What is skipped goes, the page moves up, and on a phone the same button lies under the hand, with another name.
    for at in (0, 1):
        pressed = learner.activity(PLAYED).get_by_role(
            "button", name=("Skip", "Answer after all")[at], exact=True
        )
        pressed.dblclick()
        expect(learner.activity(PLAYED)).to_have_attribute("data-state", ("skipped", "open")[at])
    plan = learner.open(PLAN).question("plan")
    out = plan.get_by_role("button", name="Take this out")
    expect(out).to_have_count(3)
    out.first.dblclick()
    expect(learner.said("plan")).to_have_text("Taken out.")
    expect(out).to_have_count(2)
    # On a screen on which nothing has to scroll, the next option comes to lie where the last one lay.
    learner.page.set_viewport_size({"width": 1280, "height": 1600})
    rank = learner.open(KNOW).question(EFFORT)
    mine = rank.locator("ol")
    not_mine = mine.get_by_role("button", name=str(learner.props(EFFORT)["not_mine"]))
    options = not_mine.count()
    rank.scroll_into_view_if_needed()
    for gone in (1, 2):
        not_mine.first.dblclick()
        expect(mine.get_by_role("listitem")).to_have_count(options - gone)
    for name, key in ((KNOW, ARRIVALS), (SHARE, PLAYED)):
        story = learner.open(name).story(key).shown
        story.scroll_into_view_if_needed()
        for chosen in (1, 2):
            story.locator(".al-choices").get_by_role("button").last.dblclick()
            expect(story.get_by_text("You chose:")).to_have_count(chosen)


def test_what_was_taken_out_of_the_plan_can_be_put_back_as_long_as_after_skip(learner: Learner) -> None:
    learner.open(SHARE).write(CARD, "quiet otter")
    learner.question(PROMISE).get_by_label("What", exact=True).fill("quiet heron")
    card, promise = (str(learner.props(key)["prompt"]) for key in (CARD, PROMISE))
    plan = learner.open(PLAN).question("plan")
    back = plan.get_by_role("button", name="Put it back")
    for prompt in (card, promise):
        plan.get_by_role("button", name=f"Take this out: {prompt}", exact=True).click()
    expect(back).to_have_text([f"Put it back: {card}", f"Put it back: {promise}"])
    assert "otter" not in str(learner.stored()) + learner.page.content()
    back.first.click()
    box = plan.get_by_role("textbox", name=card, exact=True)
    expect(box).to_have_value("quiet otter")
    assert focused(plan.get_by_role("group", name=card, exact=True))
    expect(learner.said("plan")).to_have_text("Your answer is back.")
    expect(back).to_have_count(1)
    # What was forgotten is not put back, and neither is what was taken out before the page was left.
    plan.get_by_role("button", name="Forget everything here").click()
    expect(back).to_have_count(0)
    learner.open(SHARE).write(CARD, "quiet otter").open(PLAN)
    plan.get_by_role("button", name="Take this out").click()
    expect(back).to_have_count(1)
    learner.reload()
    expect(plan).to_contain_text("Nothing is kept here yet, and that is fine.")
    expect(back).to_have_count(0)


# --- options


def test_one_option_replaces_another_and_several_stand_together(learner: Learner) -> None:
    one = learner.open(PEOPLE).question("people-done-well")
    for name in ("Compassion", "Personal autonomy"):
        one.get_by_role("radio", name=name, exact=True).check()
    many = learner.question("people-limits-told").get_by_role("checkbox")
    for box in many.all():
        box.check()
    many.first.uncheck()
    learner.reload()
    expect(one.get_by_role("radio", name="Personal autonomy", exact=True)).to_be_checked()
    expect(one.get_by_role("radio", name="Compassion", exact=True)).not_to_be_checked()
    expect(many.first).not_to_be_checked()
    for box in many.all()[1:]:
        expect(box).to_be_checked()


# --- promises


def test_a_promise_can_be_yes_or_depend_or_not_be_made(learner: Learner) -> None:
    promise = learner.open(SHARE).question(PROMISE)
    parts = {
        "What": "quiet otter",
        "It depends on": "the weather",
        "Who does it": "me and the late shift",
        "By when (a day)": "2027-03-01",
        "Whom I tell": "everyone at coffee",
        "How I will tell you if it slips": "a note on the door",
    }
    depends = promise.get_by_label("It depends on", exact=True)
    put_by = promise.get_by_text("What you wrote is still kept")
    # What and the answer come first; all of it is on one screen of a phone, and the rest comes with the first word.
    first = [
        promise.get_by_label("What", exact=True),
        promise.get_by_role("radio", name="Yes", exact=True),
        promise.get_by_text("Words to start from", exact=True),
    ]
    tops = [one.evaluate("(one) => one.getBoundingClientRect().top") for one in first]
    assert tops == sorted(tops)
    for name in list(parts)[1:]:
        expect(promise.get_by_label(name, exact=True)).to_be_hidden()
    whole = learner.activity(PROMISE).bounding_box()
    assert whole and whole["height"] <= 800
    promise.get_by_role("radio", name="Yes", exact=True).check()
    expect(promise.get_by_label("Whom I tell")).to_be_visible()
    expect(depends).to_be_hidden()
    promise.get_by_role("radio", name="Maybe, it depends on …").check()
    for name, words in parts.items():
        promise.get_by_label(name, exact=True).fill(words)
    learner.reload()
    for name, words in parts.items():
        expect(promise.get_by_label(name, exact=True)).to_have_value(words)
    expect(put_by).to_be_hidden()
    promise.get_by_role("radio", name="Not this time").check()
    expect(learner.said(PROMISE)).to_have_text("Not this time is a full answer. No reason is needed.")
    expect(depends).to_be_hidden()
    expect(promise.get_by_label("Whom I tell")).to_be_hidden()
    expect(put_by).to_be_visible()
    # Its box still takes words, and no answer throws any part away: each stands in "My words", and comes back.
    promise.get_by_label("What", exact=True).press_sequentially(" hours")
    expect(learner.said(PROMISE)).to_have_text("Not this time is a full answer. No reason is needed.")
    kept = learner.my_words()
    expect(kept).to_contain_text("My answer: Not this time")
    for words in ("quiet otter hours", *list(parts.values())[1:]):
        expect(kept).to_contain_text(words)
    learner.page.keyboard.press("Escape")
    learner.reload()
    expect(promise.get_by_label("What", exact=True)).to_have_value("quiet otter hours")
    promise.get_by_role("radio", name="Yes", exact=True).check()
    expect(depends).to_be_hidden()
    expect(put_by).to_be_visible()  # what it depended on
    promise.get_by_role("radio", name="Maybe, it depends on …").check()
    expect(put_by).to_be_hidden()
    for name, words in {**parts, "What": "quiet otter hours"}.items():
        expect(promise.get_by_label(name, exact=True)).to_have_value(words)


def test_each_starter_writes_words_that_can_be_changed(learner: Learner) -> None:
    promise = learner.open(SHARE).question(PROMISE)
    starters = learner.props(PROMISE)["starters"]
    assert isinstance(starters, list)
    assert len(starters) == 3
    what = promise.get_by_label("What", exact=True)
    first = promise.get_by_role("button", name=starters[0], exact=True)
    expect(first).to_have_count(0)  # folded, so that What and the answer come first
    promise.get_by_text("Words to start from", exact=True).click()
    first.click()
    expect(what).to_have_value(starters[0])
    assert focused(what)
    what.fill("quiet otter")
    for _ in range(2):  # the second press is not meant
        promise.get_by_role("button", name=starters[2], exact=True).click()
    expect(what).to_have_value(f"quiet otter\n{starters[2]}")
    learner.reload()
    expect(what).to_have_value(f"quiet otter\n{starters[2]}")


def test_a_calendar_note_says_nothing_unless_words_are_put_in(learner: Learner) -> None:
    promise = learner.open(SHARE).question(PROMISE)
    promise.get_by_label("What", exact=True).fill("quiet otter")
    promise.get_by_role("button", name="Save a calendar note").click()
    expect(learner.said(PROMISE)).to_have_text("Choose a day first, under “By when”.")

    promise.get_by_label("By when (a day)").fill("2027-12-31")
    raw, note = save_note(learner, promise)
    (event,) = note.walk("VEVENT")
    assert str(event["SUMMARY"]) == "A note to myself"
    assert str(event.decoded("DTSTART")) == "2027-12-31"
    assert str(event.decoded("DTEND")) == "2028-01-01"
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "TRANSP", "SUMMARY"}
    # The only day in it is the day of the promise, not the day on which it was written.
    assert event.decoded("DTSTAMP") == datetime(2027, 12, 31, tzinfo=UTC)
    assert event.errors == []
    for word in (b"otter", b"longside", b"ower", b"arm"):
        assert word not in raw

    promise.get_by_label("Put my words in").check()
    _, other = save_note(learner, promise)
    (with_words,) = other.walk("VEVENT")
    assert str(with_words["DESCRIPTION"]) == "What: quiet otter\nBy when: 2027-12-31"
    assert str(with_words["SUMMARY"]) == "A note to myself"
    assert with_words["UID"] != event["UID"]


def test_long_and_odd_words_reach_a_calendar_whole(learner: Learner) -> None:
    words = (
        "Ask; then listen, and \\ note: “naïve” 🦦👩‍👩‍👧 — "
        + "wörter" * 40
        + "\n\nBEGIN:VEVENT\nEND:VCALENDAR\n"
        + "長い" * 60
        + ";,\\n"
    )
    promise = learner.open(SHARE).question(PROMISE)
    promise.get_by_label("What", exact=True).fill(words)
    promise.get_by_label("By when (a day)").fill("2027-03-01")
    promise.get_by_label("Put my words in").check()
    raw, note = save_note(learner, promise)
    (event,) = note.walk("VEVENT")
    assert str(event["DESCRIPTION"]) == f"What: {words}\nBy when: 2027-03-01"
    assert event.errors == []
    # A reader less patient than this one needs what the standard says: marks escaped, lines of 75 octets at most.
    assert b"Ask\\; then listen\\, and \\\\ note" in raw.replace(b"\r\n ", b"")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two


# --- the plan


def test_the_plan_changes_takes_out_and_keeps(learner: Learner) -> None:
    page = learner.page
    learner.open(SHARE).write(CARD, "quiet otter")
    card = str(learner.props(CARD)["prompt"])
    promise = learner.question(PROMISE)
    promise.get_by_label("What", exact=True).fill("quiet heron")
    learner.question(ARRIVE).get_by_role("radio", name="2", exact=True).check()
    arrive = str(learner.props(ARRIVE)["prompt"])
    plan = learner.open(PLAN).question("plan")

    plan.get_by_role("textbox", name=card, exact=True).fill("loud otter")
    plan.get_by_role("radio", name="Yes", exact=True).check()
    plan.get_by_label("Whom I tell").fill("everyone at coffee")
    expect(learner.said("plan")).to_have_text("Kept in this tab.")
    plan.get_by_role("group", name=arrive, exact=True).get_by_role("button", name="Take this out").click()
    expect(plan.get_by_role("group", name=arrive, exact=True)).to_have_count(0)

    learner.reload()
    expect(plan.get_by_role("textbox", name=card, exact=True)).to_have_value("loud otter")
    learner.open(SHARE)
    expect(learner.box(CARD)).to_have_value("loud otter")
    expect(promise.get_by_label("Whom I tell")).to_have_value("everyone at coffee")
    expect(promise.get_by_role("radio", name="Yes", exact=True)).to_be_checked()
    assert page.get_by_role("radio", checked=True).count() == 1
    assert "quiet otter" not in learner.traces()


#: Marks what stands in the plan, and counts what comes and goes there from now on.
DRAWN = """() => {
    globalThis.drawn = [];
    new MutationObserver((changes) => changes.forEach((one) => drawn.push(one.type, ...one.addedNodes, ...one.removedNodes)))
        .observe(document.querySelector(".al-kept"), {childList: true, subtree: true});
    return document.querySelectorAll(".al-kept > fieldset").length;
}"""


def test_a_key_on_the_plans_page_draws_nothing_anew_but_what_it_changes(learner: Learner) -> None:
    page = learner.page
    learner.open(SHARE).write(CARD, "quiet otter")
    card = str(learner.props(CARD)["prompt"])
    learner.question(PROMISE).get_by_label("What", exact=True).fill("quiet heron")
    learner.question(ARRIVE).get_by_role("radio", name="2", exact=True).check()
    plan = learner.open(PLAN).question("plan")
    # The plan has groups of the same names: these are the lesson's own.
    asked = page.locator('section[data-key="plan-promise-to-me"]')
    asked.get_by_role("textbox").fill("tell me")
    first = page.locator('section[data-key="plan-first-step"]').get_by_label("What", exact=True)
    first.fill("a lamp")
    expect(plan.get_by_label("What", exact=True)).to_have_count(2)
    assert page.evaluate(DRAWN) == 5
    for box in (
        asked.get_by_role("textbox"),
        first,
        plan.get_by_role("textbox", name=card, exact=True),
        plan.get_by_label("What", exact=True).first,
    ):
        box.press_sequentially(" swims")
    assert page.evaluate("drawn.length") == 0
    # And what was changed beside it is changed in it.
    mine = str(learner.props("plan-promise-to-me")["prompt"])
    expect(plan.get_by_role("textbox", name=mine, exact=True)).to_have_value("tell me swims")
    expect(plan.get_by_label("What", exact=True).nth(1)).to_have_value("a lamp swims")
    expect(plan.get_by_label("What", exact=True).first).to_have_value("quiet heron swims")
    asked.get_by_role("button", name="Skip", exact=True).click()
    expect(plan.get_by_role("textbox", name=mine, exact=True)).to_have_count(0)
    learner.open(SHARE)
    expect(learner.box(CARD)).to_have_value("quiet otter swims")


#: The parents of all texts outside of boxes that hold a word, where a translator would send them away.
SENT_TO_TRANSLATORS = """(word) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.data.includes(word)) found.push(walker.currentNode.parentElement);
    return [found.length, found.filter((one) => !one.closest("[translate=no], script")).map((one) => one.outerHTML)];
}"""


def test_no_copy_of_a_persons_words_is_text_for_a_translator(learner: Learner) -> None:
    page = learner.page
    learner.open(SHARE).question(PROMISE).get_by_label("What", exact=True).fill("quiet otter")
    build = learner.open("08-clear-feedback").question("feedback-build")
    for box in build.get_by_role("textbox").all()[:2]:
        box.fill("quiet otter")

    def sent(least: int) -> None:
        count, free = page.evaluate(SENT_TO_TRANSLATORS, "otter")
        assert count >= least
        assert free == []

    sent(2)
    learner.my_words()
    sent(4)
    page.keyboard.press("Escape")
    learner.open("19-check-in")
    sent(1)
    plan = learner.open(PLAN).question("plan")
    sent(1)
    plan.get_by_role("button", name="Print", exact=True).click()
    sent(3)


def test_a_calendar_note_can_be_saved_from_the_plan(learner: Learner) -> None:
    promise = learner.open(SHARE).question(PROMISE)
    promise.get_by_label("What", exact=True).fill("quiet otter")
    promise.get_by_label("By when (a day)").fill("2027-03-01")
    _, note = save_note(learner, learner.open(PLAN).question("plan"))
    assert "otter" not in str(note)


def test_an_empty_plan_is_kind(learner: Learner) -> None:
    plan = learner.open(PLAN).question("plan")
    expect(plan).to_contain_text("Nothing is kept here yet, and that is fine.")
    for name in ("Save as a file", "Print"):
        plan.get_by_role("button", name=name, exact=True).click()
        expect(learner.said("plan")).to_have_text("There is nothing to save or print yet.")


@pytest.mark.parametrize("start", ["plan", "my words"])
def test_the_printed_sheet_holds_the_words_and_nothing_else(learner: Learner, start: str) -> None:
    page = learner.page
    learner.open(SHARE).write(CARD, "quiet otter\n\n  and its hours")
    prompt = str(learner.props(CARD)["prompt"])
    learner.open(PLAN)
    place = learner.question("plan") if start == "plan" else learner.my_words()
    expect(place).to_contain_text("A shared printer may keep what it prints.")
    place.get_by_role("button", name="Print", exact=True).click()
    page.emulate_media(media="print")
    lines = [line for line in page.locator("body").inner_text().splitlines() if line.strip()]
    assert lines == [prompt, "quiet otter", "  and its hours"]
    # Printing twice, or being over with it, leaves no second sheet and no words behind.
    page.emulate_media(media="screen")
    place.get_by_role("button", name="Print", exact=True).click()
    assert page.locator("body").evaluate("(one) => one.textContent.split('and its hours').length") <= 3
    place.get_by_role("button", name="Forget everything here").click()
    assert "otter" not in learner.traces()


# --- text is text


def test_what_was_typed_is_shown_as_text_everywhere(learner: Learner, tab: Watched, tmp_path: Path) -> None:
    page = learner.page
    learner.open(SHARE).write(CARD, HTML)
    learner.question(PROMISE).get_by_label("What", exact=True).fill(HTML)
    words = learner.my_words()
    assert words.get_by_text(HTML).count() == 2
    with page.expect_download() as saved:
        words.get_by_role("button", name="Save as a file", exact=True).click()
    plan = learner.open(PLAN).question("plan")
    expect(plan.get_by_label("What", exact=True)).to_have_value(HTML)
    plan.get_by_role("button", name="Print", exact=True).click()
    assert page.locator("b, img[src='x']").count() == 0
    file = page.context.new_page()
    saved.value.save_as(tmp_path / "notes.html")
    file.goto((tmp_path / "notes.html").as_uri())
    expect(file.get_by_text(HTML)).to_have_count(2)
    expect(file).to_have_title("Notes")
    expect(page).to_have_title("Lesson 18")
    assert tab.errors == []
