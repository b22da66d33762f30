"""How alike the lessons are: counts over the whole course, or over another state of it to measure this one against.

    .venv/bin/python tests/sameness.py                  # of this course
    .venv/bin/python tests/sameness.py FOLDER           # of another state of it: a folder with notebooks/, exercises/, data/
    .venv/bin/python tests/sameness.py --phrases        # which phrases stand in more than four lessons, and in which

What learners read is counted: the text of lessons without headings, what activities say, and the stories that they tell.
The first line of a code cell is not among it: JupyterLab alone shows it. ``test_second_edition.py`` holds the same counts.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alongside.course import check
from alongside.course.check import Course, Notebook
from alongside.course.minutes import reckon
from alongside.course.place import ROOT
from alongside.course.plain import plain_text, sentences, words
from alongside.course.scenarios import Choice, Scenario
from alongside.course.shape import STANDING

PHRASE = 6  # words
MOST_LESSONS = 4  # in which a phrase may stand
LAST_WORDS = 6  # of a consequence that ends on a punch line


# --- what learners read ------------------------------------------------------------------------------


def texts(notebook: Notebook, course: Course) -> list[str]:
    """Every text that learners read in a lesson: a paragraph, an item of a list, an option, a line of its stories."""
    prose = [line for cell in notebook.lesson.prose_cells() for line in plain_text(cell.source).splitlines()]
    told = [
        line
        for key in check.told_in(notebook)
        if key in course.scenarios
        for line in told_by(course.scenarios[key])
    ]
    return [text for text in (*prose, *notebook.prompts, *told) if words(text)]


def told_by(story: Scenario) -> list[str]:
    return [*check.story(story), *check.carried(story)]


def without_standing(text: str) -> list[str]:
    """The parts of a text between the sentences that may stand in every lesson."""
    return re.split("|".join(map(re.escape, STANDING)), " ".join(text.split()))


def phrases(notebook: Notebook, course: Course) -> set[tuple[str, ...]]:
    """Every six words in a row of a lesson, in small letters, across the sentences of a text."""
    found: set[tuple[str, ...]] = set()
    for text in texts(notebook, course):
        for part in without_standing(text):
            spoken = [word.lower().replace("’", "'") for word in words(part)]
            found |= {tuple(spoken[n : n + PHRASE]) for n in range(len(spoken) - PHRASE + 1)}
    return found


def often(lessons: Sequence[Notebook], course: Course) -> dict[str, list[str]]:
    """The phrases that stand in more than four of these lessons, with their names; longer ones whole."""
    where: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for lesson in lessons:
        for phrase in phrases(lesson, course):
            where[phrase].append(lesson.lesson.name)
    return _whole({phrase: names for phrase, names in where.items() if len(names) > MOST_LESSONS})


def _whole(found: Mapping[tuple[str, ...], list[str]]) -> dict[str, list[str]]:
    """Phrases that run on into each other in the same lessons are told as one."""
    after = {phrase[:-1]: phrase for phrase in found}
    run_into = {
        after[phrase[1:]]
        for phrase in found
        if phrase[1:] in after and found[after[phrase[1:]]] == found[phrase]
    }
    whole: dict[str, list[str]] = {}
    for phrase in found:
        if phrase in run_into:
            continue
        said, last = list(phrase), phrase
        while (following := after.get(last[1:])) in run_into and following is not None and len(said) < 60:
            said.append(following[-1])
            last = following
        whole[" ".join(said)] = found[phrase]
    return dict(sorted(whole.items(), key=lambda item: (-len(item[1]), item[0])))


# --- stories -----------------------------------------------------------------------------------------


def twins(course: Course) -> set[str]:
    """The gentler stories, which count nowhere."""
    return {story.gentler for story in course.scenarios.values() if story.gentler}


def stories_of(notebooks: Iterable[Notebook], course: Course) -> list[Scenario]:
    """The stories that these tell, each once, without gentler twins."""
    keys = {key for notebook in notebooks for key in check.told_in(notebook)} - twins(course)
    return [story for story in course.scenarios.values() if story.key in keys]


def choices(stories: Iterable[Scenario]) -> list[Choice]:
    return [choice for story in stories for step in story.steps for choice in step.choices]


def asks(choice: Choice) -> bool:
    return bool(re.match(r"\W*ask\b", choice.say, re.IGNORECASE))


def ends_on_a_punch_line(choice: Choice) -> bool:
    last = re.split(r"(?<=[.!?])[\"”’)]*\s+", choice.then.strip())[-1]
    return len(words(last)) <= LAST_WORDS


def says_sorry(story: Scenario) -> bool:
    """Whether the repair offers to say it. What people then answer is not looked at."""
    repair = next(step for step in story.steps if step.name == story.repair)
    return any(re.search(r"\bsorry\b", choice.say, re.IGNORECASE) for choice in repair.choices)


# --- promises of no score ------------------------------------------------------------------------------

_NOT = re.compile(r"\b(no|not|never|nothing|nobody|none|neither|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_SCORE = re.compile(
    r"\b(scor(?:e[sd]?|ing)|grad(?:es?|ed|ing)|rate[sd]?|rank(?:s|ed)|(?:right|wrong|correct|best) (?:answer|choice)s?"
    r"|is (?:a|no) test|here is a test)\b",
    re.IGNORECASE,
)


def no_score(notebook: Notebook, course: Course) -> list[str]:
    """The sentences of a lesson that promise that nothing is scored or graded."""
    said = [sentence for text in texts(notebook, course) for sentence in sentences(text)]
    return [sentence for sentence in said if _NOT.search(sentence) and _SCORE.search(sentence)]


# --- the figures ---------------------------------------------------------------------------------------

#: What is said again and again: a name, and what to look for.
SAID = {
    "leave traces": r"leave traces",
    "in pairs": r"\bin pairs\b",
    "not validated": r"not validated|n['’]t validated",
    "yes, maybe and not this time": r"yes\W+maybe\W+and\W+not this time",
    "we found no study": r"found no study",
    "goes wrong": r"goes wrong",
    "rests on": r"\brests? on\b",
    "invented, made up": r"\binvented\b|\bmade[- ]up\b",
    "ours, our own": r"\bours\b|\bour own\b",
    "skip, pass": r"\bskip\w*|\bpass(?:es|ing)?\b",
    "somebody, someone, nobody, everybody": r"\b(?:some|no|every)body\b|\b(?:some|every)one\b",
}
ROOM_LESSONS = range(4, 18)


@dataclass(frozen=True)
class Figure:
    name: str
    value: str


def figures(course: Course) -> Iterator[Figure]:
    """Every count, with what it is counted in."""
    lessons = course.lessons
    joined = {one.name: "\n".join(texts(one, course)) for one in lessons}
    yield Figure("lessons", f"{len(lessons)}")
    common = often(lessons, course)
    yield Figure(f"phrases of {PHRASE} words or more in more than {MOST_LESSONS} lessons", f"{len(common)}")
    for name, pattern in SAID.items():
        prose = {one.name: len(re.findall(pattern, one.learner_text, re.IGNORECASE)) for one in lessons}
        times = {one: len(re.findall(pattern, text, re.IGNORECASE)) for one, text in joined.items()}
        yield Figure(
            f"“{name}”",
            f"in {sum(map(bool, times.values()))} lessons, {sum(times.values())} times (text alone: {sum(prose.values())})",
        )
    promised = {one.lesson.name: len(no_score(one, course)) for one in lessons}
    yield Figure(
        "promises of no score or grade",
        f"{sum(promised.values())}, after 00 {sum(promised.values()) - promised.get('00-start-here', 0)}",
    )
    sections = [
        tuple(section.name for section in one.lesson.sections)
        for one in lessons
        if one.lesson.number in ROOM_LESSONS
    ]
    yield Figure("orders of headings in 04 to 17", f"{len(set(sections))} in {len(sections)} lessons")
    timed = {
        tuple((section.room, section.alone) for section in one.lesson.sections)
        for one in lessons
        if one.lesson.number in ROOM_LESSONS
    }
    yield Figure("lists of minutes in 04 to 17", f"{len(timed)}")
    openings = [check.privacy_words(one) for one in lessons if one.lesson.number]
    yield Figure(
        "words about privacy before the first question, 01 to 22",
        f"{min(openings)} to {max(openings)}, in the middle {sorted(openings)[len(openings) // 2]}",
    )
    pictures = sum(
        line.verb == "picture" and line.prompt.startswith("survey-")
        for one in lessons
        for line in one.lesson.activities
    )
    yield Figure("pictures of invented survey answers", f"{pictures}")
    yield from _of_stories(course)
    yield from _of_steps(course)


def _of_stories(course: Course) -> Iterator[Figure]:
    every = list(course.scenarios.values())
    counted = [story for story in every if story.key not in twins(course)]
    said = choices(every)
    yield Figure("stories", f"{len(every)}, gentler twins among them {len(twins(course))}")
    yield Figure("choices that open with “Ask”", f"{sum(map(asks, said))} of {len(said)}")
    yield Figure(
        f"consequences that end on {LAST_WORDS} words or fewer",
        f"{sum(map(ends_on_a_punch_line, said))} of {len(said)}",
    )
    yield Figure("repairs that offer “sorry”", f"{sum(map(says_sorry, every))} of {len(every)}")
    you = [story.you for story in counted]
    yield Figure("“you” (without twins)", ", ".join(f"{name} {you.count(name)}" for name in sorted(set(you))))
    yield Figure(
        "repairs that can only make it worse", f"{sum(story.endings == {'worse'} for story in counted)}"
    )
    yield Figure(
        "repairs that can't make it better",
        f"{sum('better' not in story.endings for story in counted)}",
    )
    told = {notebook.name: check.told_in(notebook) for notebook in course.notebooks}
    names = {
        name
        for story in every
        for name in re.findall(r"(?<![.!?:“\"] )(?<!^)\b[A-Z][a-z]{2,}\b", "\n".join(check.story(story)))
    }
    yield Figure("stories that are told", f"{len({key for keys in told.values() for key in keys})}")
    yield Figure("words with a capital inside a sentence of a story (names, days, places)", f"{len(names)}")


def _of_steps(course: Course) -> Iterator[Figure]:
    steps = [one.lesson.session.in_order for one in course.notebooks if one.lesson.session]
    taken = [one for some in steps for one in reckon(some, course.scenarios)]
    yield Figure(
        "steps that are too short",
        f"{sum(bool(one.missing) for one in taken)} of {len(taken)}, in {len(steps)} lessons and exercises",
    )


@cache
def _usage() -> str:
    return (__doc__ or "").partition("What learners read")[0].strip()


def main(arguments: Sequence[str]) -> int:
    options = [one for one in arguments if one.startswith("--")]
    folders = [Path(one) for one in arguments if not one.startswith("--")]
    if set(options) - {"--phrases"} or len(folders) > 1:
        print(_usage(), file=sys.stderr)
        return 2
    course = check.read(folders[0].resolve() if folders else ROOT)
    if course.unread:
        print("\n".join(str(one) for one in course.unread.values()), file=sys.stderr)
        return 2
    if "--phrases" in options:
        for phrase, names in often(course.lessons, course).items():
            print(f"{len(names)}  {phrase}  ({', '.join(name[:2] for name in names)})")
    else:
        for figure in figures(course):
            print(f"{figure.name}: {figure.value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
