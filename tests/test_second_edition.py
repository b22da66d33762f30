"""The course is no page twenty times: what is counted over all of its lessons and stories at once.

What one lesson is held to alone is a rule of ``check.py``; that each of the course keeps those of how it is led stands here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from made_lesson import made, save
from sameness import (
    asks,
    choices,
    ends_on_a_punch_line,
    no_score,
    often,
    phrases,
    says_sorry,
    texts,
    told_by,
    twins,
)
from test_lessons import EXERCISES, LESSONS, WHOLE

from alongside.course import check, references
from alongside.course.check import Finding, Notebook
from alongside.course.parts import in_a_line
from alongside.course.place import ROOT
from alongside.course.references import Person
from alongside.course.scenarios import END, WORSE, Scenario
from alongside.course.session import SEED
from alongside.course.shape import OPENING, STANDING

STORIES = list(WHOLE.scenarios.values())
assert LESSONS and EXERCISES and STORIES, "nothing would be counted"


# --- one lesson or exercise ------------------------------------------------------------------------

RULES = (
    check.a_lesson_of_the_course_says_how_it_is_led,
    check.steps_have_the_minutes_that_they_take,
    check.boxes_get_in_a_room_what_they_get_alone,
    check.what_is_asked_stands_in_a_step_of_its_section,
    check.what_is_left_out_makes_it_short_enough,
    check.nobody_sits_too_long,
    check.a_way_out_is_said_wherever_more_is_asked_than_listening,
    check.paper_is_what_its_steps_take,
    check.a_second_person_is_there_where_it_gets_hard,
    check.little_is_said_of_privacy_before_the_first_question,
    check.evidence_says_what_it_is_there_for,
    check.its_stories_say_who_you_are,
)


@pytest.mark.parametrize("notebook", [*LESSONS, *EXERCISES], ids=lambda one: one.name)
@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.__name__)
def test_a_lesson_is_led_as_the_rule_says(rule: Callable[..., Iterator[Finding]], notebook: Notebook) -> None:
    assert [str(found) for found in rule(notebook, WHOLE)] == []


def test_every_rule_of_how_a_lesson_is_led_is_tried_above() -> None:
    code = (ROOT / "alongside/course/check.py").read_text(encoding="utf-8")
    own = code.partition("# --- how it is led")[2].partition("# --- plain language")[0]
    assert sorted(re.findall(r"@of_a_notebook\ndef (\w+)", own)) == sorted(rule.__name__ for rule in RULES)


#: Three to five people talk for half an hour in it.
WITHOUT_A_BREAK = "21-survey-read"


def test_an_exercise_says_where_its_break_is_and_that_is_a_good_place() -> None:
    assert len(EXERCISES) == 18
    wrong = {one.name: found for one in EXERCISES if (found := badly_placed(one))}
    assert wrong == {}


def badly_placed(notebook: Notebook) -> list[str]:
    """What is wrong with where an exercise has its break."""
    led = notebook.lesson.session
    assert led
    steps = led.in_order
    places = [at for at, step in enumerate(steps) if step.break_after]
    if notebook.lesson.name == WITHOUT_A_BREAK:
        return ["a break"] if places else []
    if len(places) != 1:
        return [f"{len(places)} breaks"]
    (at,) = places
    before, after = steps[at], steps[at + 1 :]
    last_of_section = {some[-1].id for some in led.steps.values()}
    story = {step.activity for step in steps[: at + 1]} & {step.activity for step in after if step.activity}
    faults = {
        "in the middle of a section": before.id not in last_of_section,
        "between a story and its repair": bool(story & set(WHOLE.scenarios)),
        "before the last ten minutes": sum(step.minutes for step in after) <= 10,
        "gone when its step is left out": any(
            cut.step == before.id and cut.saves == before.minutes for cut in led.cut
        ),
    }
    return [what for what, holds in faults.items() if holds]


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("", ["0 breaks"]),
        ("offer-story", ["in the middle of a section", "between a story and its repair"]),
        ("roles-write", ["in the middle of a section"]),
        ("back-vote", ["before the last ten minutes"]),
        ("roles-pass", []),
    ],
)
def test_a_break_in_a_bad_place_is_found(step: str, found: list[str]) -> None:
    (one,) = [one for one in EXERCISES if one.lesson.name == "06-cultivate-leadership"]
    led = one.lesson.session
    assert led
    steps = {
        name: tuple(dataclasses.replace(each, break_after=each.id == step) for each in some)
        for name, some in led.steps.items()
    }
    moved = dataclasses.replace(one.lesson, session=dataclasses.replace(led, steps=steps))
    assert badly_placed(dataclasses.replace(one, lesson=moved)) == found


# --- phrases, promises, patterns --------------------------------------------------------------------


def test_no_phrase_of_six_words_stands_in_more_than_four_lessons() -> None:
    assert often(LESSONS, WHOLE) == {}


def test_one_line_at_most_promises_no_score_after_the_first_lesson() -> None:
    assert len(promised(LESSONS)) <= 1, promised(LESSONS)


def promised(lessons: Iterable[Notebook]) -> list[str]:
    return [sentence for one in lessons if one.lesson.number for sentence in no_score(one, WHOLE)]


def test_no_neighbor_shares_a_pattern() -> None:
    assert alike(LESSONS) == []


def alike(lessons: Iterable[Notebook]) -> list[tuple[str, str]]:
    """Neighbors with one pattern."""
    pattern = {one.lesson.number: one.lesson.session.pattern for one in lessons if one.lesson.session}
    names = {one.lesson.number: one.lesson.name for one in lessons}
    return [(names[n], names[n + 1]) for n in pattern if pattern.get(n + 1) == pattern[n]]


# --- sentences of the source that are easily lost -----------------------------------------------------

#: How a lesson that teaches one of them sounds, in whatever words.
TAUGHT = {
    "feel-good-about": r"feel\w* (good|proud)|good about|glad",
    "connected-and-committed": r"connect|commit|belong",
    "lightens-moods": r"\bmoods?\b|\bstress|\blighter\b|off guard",
    "works-in-progress": r"in progress|unfinished|still learning|not (finished|done)",
    "common-goal": r"goal",
    "common-identity": r"identity|who we are|call ourselves|a name for us|one of us",
    "need-to-support": r"support|back (one another|each other)|hold (one another|each other)|count on",
    "why-not-participants": r"why (not|should[^.]*not)|reasons? (not|against)|should(n['’]t| not) (participants|people|they)",
    "apologize-before-asked": r"(apolog\w+|sorry)[^.]*\b(before|without)|before [^.]*(ask|complain)",
    "explain-even-a-no": r"\bno\b[^.]*(why|reason|because|explain)|(why|reason|explain)[^.]*\bno\b",
    "know-and-understand": r"(know|understand)[^.]*values?|values?[^.]*(know|understand)",
    "everyone-you-meet": r"(everyone|everybody|each person|whoever|anyone) (that )?(you|we|they) (meet|talk)|with (everyone|everybody)",
    "protective-in-escalation": r"protect|escalat",
    "feedback-de-escalates": r"(feedback|hear|listen)[^.]*(calm|escalat|quiet|loud)|(calm|escalat|loud)[^.]*(feedback|hear|listen)",
}


def test_each_sentence_of_the_source_has_words_by_which_it_is_found() -> None:
    assert sorted(TAUGHT) == sorted(SEED)


def test_a_lesson_that_says_it_teaches_a_sentence_does() -> None:
    assert [(one.name, key) for one in LESSONS for key in untold(one)] == []


def untold(notebook: Notebook) -> list[str]:
    """What a lesson says that it teaches, and learners don't read in it."""
    said = "\n".join(texts(notebook, WHOLE))
    taught = notebook.lesson.session.teaches if notebook.lesson.session else ()
    return [key for key in taught if not re.search(TAUGHT[key], said, re.IGNORECASE)]


def test_each_sentence_of_the_source_is_taught() -> None:
    taught = {key for one in LESSONS if one.lesson.session for key in one.lesson.session.teaches}
    assert set(SEED) - taught == set()


# --- stories -----------------------------------------------------------------------------------------


def too_many(found: Sequence[object], of: Sequence[object], share: float) -> bool:
    return len(found) > share * len(of)


def test_few_choices_open_with_ask() -> None:
    said = choices(STORIES)
    assert not too_many(found := [one.say for one in said if asks(one)], said, 0.15), found


def test_few_consequences_end_on_a_punch_line() -> None:
    said = choices(STORIES)
    assert not too_many(found := [one.then for one in said if ends_on_a_punch_line(one)], said, 0.25), found


def test_sorry_mends_a_third_of_the_stories_at_most() -> None:
    assert not too_many(found := [one.key for one in STORIES if says_sorry(one)], STORIES, 1 / 3), found


def counted(stories: Iterable[Scenario]) -> list[Scenario]:
    """Stories without gentler twins, which count nowhere."""
    return [story for story in stories if story.key not in twins(WHOLE)]


def lacking(stories: Iterable[Scenario]) -> int:
    """How many stories more are needed in which "you" are a participant, a manager, and a peer or a volunteer."""
    you = [story.you for story in counted(stories)]
    assert all(story.you for story in stories)
    have = (you.count("participant"), you.count("manager"), you.count("peer") + you.count("volunteer"))
    return sum(max(0, least - number) for least, number in zip((8, 3, 6), have, strict=True))


def test_you_are_a_participant_in_eight_stories_a_manager_in_three_a_peer_or_volunteer_in_six() -> None:
    assert lacking(STORIES) == 0


def unmended(stories: Iterable[Scenario]) -> tuple[int, int]:
    """Stories whose repair can only make things worse, and others whose repair can't make them better."""
    endings = [story.endings for story in counted(stories)]
    worse = [one for one in endings if one == {WORSE}]
    return len(worse), len([one for one in endings if "better" not in one]) - len(worse)


def test_repair_fails_for_good_in_five_stories_and_does_not_mend_in_five_more() -> None:
    worse, open_ = unmended(STORIES)
    assert worse >= 5 and open_ >= 5, (worse, open_)


# --- the people who come back ---------------------------------------------------------------------------

CAST = dict(references.cast())
_ROLE = "participant|peer|volunteer|worker|manager"


def other_roles(person: Person, text: str) -> set[str]:
    """The roles that a text gives to a person, and that are not theirs."""
    name = re.escape(person.name)
    some = r"(?:an?|the|your|our|another|one)"
    given = [
        rf"\b{name}, (?:who is )?{some} (?:[\w-]+ ){{0,3}}?({_ROLE})\b",
        rf"\b{name} (?:is|was) {some} (?:[\w-]+ ){{0,3}}?({_ROLE})\b",
        rf"\b({_ROLE}),? {name}\b",
    ]
    roles = {role.lower() for pattern in given for role in re.findall(pattern, text)}
    return {role for role in roles if role not in person.role.lower()}


def named(person: Person, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(person.name)}\b", text))


def test_a_story_names_who_is_in_it_and_says_so() -> None:
    for story in STORIES:
        said = "\n".join([story.title, *told_by(story)])
        assert {key for key, person in CAST.items() if named(person, said)} == set(story.cast), story.key


def test_each_person_has_one_role_everywhere() -> None:
    said = "\n".join(text for one in LESSONS for text in texts(one, WHOLE))
    said += "\n".join(text for story in STORIES for text in told_by(story))
    assert {key: roles for key, person in CAST.items() if (roles := other_roles(person, said))} == {}


def test_about_ten_people_come_back() -> None:
    assert 8 <= len(CAST) <= 12


# --- what stands once, for all ----------------------------------------------------------------------------


def test_the_opening_takes_six_minutes_and_promises_nothing_while_nobody_said_what_must_be_passed_on() -> (
    None
):
    opening, nothing = references.opening(), references.Here("", "", "", "")
    said = [line.said(nothing) for line in opening.lines]
    assert opening.minutes == OPENING == 6
    assert [
        one for one in said if "We don't know what must be passed on here, so tell nothing private" in one
    ]
    spoken = [len(words) / 130 for words in map(str.split, said)]
    assert sum(spoken) <= opening.minutes


def test_a_room_is_told_the_minutes_of_the_opening_too() -> None:
    for one in LESSONS:
        if one.shape.kind == "planner":  # nobody leads it in a room
            assert "in a room" not in in_a_line(one.lesson)
            continue
        usual = sum(step.minutes for section in one.lesson.sections for step in section.steps)
        assert f"{usual + OPENING} in a room" in in_a_line(one.lesson), one.name
    told = {one.lesson.name: in_a_line(one.lesson) for one in EXERCISES}
    assert told["11-be-transparent"].startswith(
        "77 min in a room"
    )  # six of opening, 61 of steps, ten of a break
    assert told[WITHOUT_A_BREAK].startswith("36 min in a room")


def test_the_care_card_says_for_each_line_where_it_comes_from_and_that_it_is_no_training() -> None:
    lines = references.care().lines
    assert len(lines) >= 10
    said = " ".join(line.done(references.Here("", "", "", "")) for line in lines)
    assert "no training" in said
    assert {line.source for line in lines} - {references.BY_PRACTITIONERS, references.BY_THE_PROGRAM}


def test_each_practice_has_a_sentence_that_people_say() -> None:
    needs = references.needs()
    assert len(needs) == 12
    own = {
        one.lesson.name.partition("-")[2]: one.lesson.name for one in LESSONS if one.shape.kind == "practice"
    }
    assert {need.practice for need in needs} == set(own)
    assert [need.practice for need in needs if own[need.practice] not in need.lessons] == []


# --- each of these can fail ---------------------------------------------------------------------------------

STORY = next(story for story in STORIES if story.key not in twins(WHOLE))
PRACTICES = tuple(one.name for one in LESSONS if one.shape.kind == "practice")


def made_lessons(
    folder: Path, count: int, said: Callable[[int], str], pattern: str = "object first"
) -> list[Notebook]:
    """So many lessons in a row, each with a sentence of its own and nothing else to read."""
    found: list[Notebook] = []
    for number, where in enumerate(PRACTICES[:count]):
        raw = made(where, WHOLE, STORY.key)
        raw["metadata"]["alongside"]["pattern"] = pattern
        for cell in raw["cells"]:
            if cell["cell_type"] == "markdown":
                heading = re.match(r"#+ .*|", cell["source"])
                cell["source"] = heading[0] if heading else ""
            elif "scenario" in cell["source"] or "promise(" in cell["source"]:
                cell["source"] = cell["source"].replace("One thing", str(number))
        next(cell for cell in raw["cells"] if cell["id"] == "arrive")["source"] = (
            f"## Arrive\n\n{said(number)}"
        )
        found.append(check.notebook_of(save(raw, where, folder)))
    return found


def test_a_phrase_of_six_words_is_found_in_a_fifth_lesson_and_not_in_a_fourth(tmp_path: Path) -> None:
    five = made_lessons(
        tmp_path, 5, lambda n: f"Here, in room {'abcde'[n]}, we **sit in a circle** and wait. Good."
    )
    alone = dataclasses.replace(WHOLE, scenarios={})
    found = {phrase: names for phrase, names in often(five, alone).items() if "circle" in phrase}
    assert found == {"we sit in a circle and wait good": [one.lesson.name for one in five]}
    assert often(five[:4], alone) == {}


def test_a_standing_sentence_is_exempt_and_a_word_beside_it_is_not(tmp_path: Path) -> None:
    standing = " ".join(STANDING)
    five = made_lessons(tmp_path, 5, lambda _: f"{standing} On a shared computer be quick about it.")
    alone = dataclasses.replace(WHOLE, scenarios={})
    found = [
        phrase
        for phrase in often(five, alone)
        if "tab" in phrase or "names" in phrase or "computer" in phrase
    ]
    assert found == ["on a shared computer be quick about it"]
    assert len([phrase for phrase in phrases(five[0], alone) if "tab" in phrase]) == 0


@pytest.mark.parametrize(
    ("sentence", "promises"),
    [
        ("Nothing is scored.", True),
        ("They can't grade a team.", True),
        ("Nothing here is a test.", True),
        ("There is no right answer.", True),
        ("We found no test of it.", False),
        ("Rate it from one to five.", False),
        ("It is not for everybody.", False),
    ],
)
def test_a_promise_of_no_score_is_recognized(sentence: str, promises: bool, tmp_path: Path) -> None:
    (lesson,) = made_lessons(tmp_path, 1, lambda _: sentence)
    assert bool([one for one in no_score(lesson, WHOLE) if one == sentence]) is promises


def test_neighbors_with_one_pattern_are_found(tmp_path: Path) -> None:
    three = made_lessons(tmp_path, 3, lambda n: f"{n}.")
    assert alike(three) == [
        (three[0].lesson.name, three[1].lesson.name),
        (three[1].lesson.name, three[2].lesson.name),
    ]
    assert alike([three[0], three[2]]) == []


def test_a_sentence_that_a_lesson_only_says_to_teach_is_found(tmp_path: Path) -> None:
    (lesson,) = made_lessons(tmp_path, 1, lambda _: "Good.")
    session = dataclasses.replace(lesson.lesson.session, teaches=("common-goal",))  # pyright: ignore[reportArgumentType]
    silent = dataclasses.replace(lesson, lesson=dataclasses.replace(lesson.lesson, session=session, cells=()))
    assert untold(silent) == ["common-goal"]


def changed(story: Scenario, **values: str) -> Scenario:
    """A story with other words in each choice; ``ends`` where its next is the end."""
    ends = values.pop("ends", "open")
    steps = tuple(
        dataclasses.replace(
            step,
            choices=tuple(
                dataclasses.replace(one, **values, ends=ends if one.next == END else "")
                for one in step.choices
            ),
        )
        for step in story.steps
    )
    return dataclasses.replace(story, steps=steps, you="peer")


def test_asking_punch_lines_and_sorry_are_found() -> None:
    plain = changed(STORY, say="Stay.", then="It takes a while, and by the evening both are tired.")
    alike = changed(STORY, say="“Ask Bev, and say sorry.”", then="It takes a while. Nobody knows, “why.”")
    for counts in (asks, ends_on_a_punch_line):
        assert [counts(one) for one in choices([plain])] == [False] * len(choices([STORY]))
        assert [counts(one) for one in choices([alike])] == [True] * len(choices([STORY]))
    assert (says_sorry(plain), says_sorry(alike)) == (False, True)
    assert too_many([1] * 16, [1] * 100, 0.15)
    assert not too_many([1] * 15, [1] * 100, 0.15)


def test_who_you_are_and_how_repairs_end_are_counted_without_twins() -> None:
    gentler = next(iter(twins(WHOLE)))
    worse, open_ = changed(STORY, ends="worse"), changed(STORY, ends="open")
    better = changed(STORY, ends="better")
    twin = dataclasses.replace(worse, key=gentler)
    assert unmended([worse, worse, open_, better, twin]) == (2, 1)
    assert lacking([]) == 17
    assert lacking([worse] * 20) == 11, "six peers are enough, and no peer is a participant"
    assert lacking([twin] * 20) == 17


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Sol, the new manager, waits.", {"manager"}),
        ("Your manager, Sol, waits.", {"manager"}),
        ("The worker Sol waits.", {"worker"}),
        ("Sol is a long-time volunteer.", {"volunteer"}),
        ("Sol, a participant, waits for the manager.", set()),
        ("Sol asks the manager.", set()),
        ("Solange, the manager, waits.", set()),
    ],
)
def test_another_role_of_a_person_is_found(text: str, roles: set[str]) -> None:
    assert (
        other_roles(Person("sol", "Sol", "participant", "A chair.", "Low.", "05-share-power"), text) == roles
    )
