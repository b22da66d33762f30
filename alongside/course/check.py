"""What ``python3 start.py check`` finds in lessons, exercises, stories and data: sentences for the person who wrote them.

``python -m alongside.course.check [05 | 05-share-power | notebooks/05-share-power.ipynb | data/words.yml]…``

Each rule is a function that yields what it finds. The command, the live page and the tests call the same functions.
Without words everything is checked; a file of data/ is what lessons share, so it means everything, too.
Exit status: 0 nothing was found, 1 something was, 2 the request can't be used.
"""

from __future__ import annotations

import argparse
import itertools
import re
import signal
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from alongside.course import minutes, references
from alongside.course.lesson import ActivityLine, Cell, Lesson, read_lesson
from alongside.course.place import ROOT
from alongside.course.plain import (
    LONGEST_SENTENCE,
    plain_text,
    reading_grade,
    sentences,
    to_avoid,
    too_long,
    words,
)
from alongside.course.references import Source, SurveyItem, Term, Word
from alongside.course.scenarios import END, Scenario, scenarios
from alongside.course.session import LED, NAMES, NO_VOTE, Evidence, Step
from alongside.course.shape import (
    ACTIVITIES,
    COURSE,
    KEEPS_AN_ANSWER,
    LIMITS,
    MOST_WITHOUT_A_BREAK,
    NAMED_BY,
    NO_LESSON,
    OPENING,
    PRIVACY,
    PRIVACY_WORDS,
    STANDING,
    STORY,
    TOOLS,
    Shape,
    shape_of,
)
from alongside.errors import AlongsideError, nearest
from alongside.folder import files
from alongside.words import say

__all__ = ["Course", "Finding", "Notebook", "check", "main", "read"]

GRADE = 8
MEDIAN_SENTENCE = 15
FIRST_ACTIVITY = 4  # the cell by which a lesson has asked something
CODE_LINES = 3
STARTERS = 3
STORIES = "data/scenarios.yml"

#: A source that is cited, [arnstein-1969], and no link's words.
KEY = re.compile(r"\[([A-Za-z0-9-]+)\](?!\()")
_NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty)"
FIGURE = re.compile(
    rf"\d\s?%|\bpercent\b|\b[nd] = |(?<!these )\b{_NUMBER} (?:\w+ ){{0,2}}"
    r"(?:studies|trials|experiments|samples|articles|reviews|interviews|surveys|clinicians|documents)\b",
    re.IGNORECASE,
)
HARD = re.compile(
    r"\b(deaths?|die[sd]?|dead|dying|suicides?|violen\w+|child(?:ren)?|kids?|bab(?:y|ies)|ban(?:s|ned)?)\b",
    re.IGNORECASE,
)
#: What is as hard as that.
SEXUAL_HARM = re.compile(
    r"\b(sexual\w*|harass\w*|assault\w*|rape[ds]?|grop(?:e[ds]?|ing)|stalk(?:s|ed|ing)?)\b", re.IGNORECASE
)
#: Who is asked to speak last: these words tell of no ban.
_WHO_DECIDES = re.compile(r"\b(?:pay|pays|schedule|schedules),? or bans?\b", re.IGNORECASE)
#: On paper an activity is cards, a story is a booklet, and a vote takes slips.
_ON_PAPER = {"sort_cards": "cards", "rank": "cards", "scenario": "story"}
_JUDGING = re.compile(
    r"\b(scores?|scored|points|(in)?correct|(right|wrong|best) (answer|choice)|well done)\b(?! it)",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"\b(scores?|scored|points|streaks?|percent)\b|%", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """``file`` as "notebooks/05-share-power.ipynb", ``place`` a cell's id, a story's key or "", ``what`` a sentence."""

    file: str
    place: str
    what: str

    def __str__(self) -> str:
        if not self.file:
            return self.what  # it names its file itself
        if not self.place:
            return say("course.finding", file=self.file, what=self.what)
        return say("course.finding_at", file=self.file, place=self.place, what=self.what)


@dataclass(frozen=True)
class Notebook:
    """A lesson or an exercise, and the shape that it is held to."""

    lesson: Lesson
    shape: Shape

    @property
    def name(self) -> str:
        """ "notebooks/05-share-power": a lesson and its exercise have one name."""
        return f"{self.lesson.folder}/{self.lesson.name}"

    @property
    def file(self) -> str:
        return f"{self.name}.ipynb"

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.lesson.cells

    @property
    def asking(self) -> list[Cell]:
        """The cells with an activity, without begin()."""
        return [cell for cell in self.cells if cell.line and cell.line.verb != "begin"]

    @property
    def verbs(self) -> Counter[str]:
        """How often each activity stands in it."""
        return Counter(line.verb for line in self.lesson.activities)

    @property
    def prompts(self) -> list[str]:
        """Everything that its activities say."""
        return [text for line in self.lesson.activities for text in line.texts]

    @property
    def learner_text(self) -> str:
        return "\n\n".join(plain_text(cell.source) for cell in self.lesson.prose_cells())


@dataclass(frozen=True)
class Course:
    """Everything that the rules look at, read once. ``unread``: what could not be read, by file."""

    root: Path
    lessons: tuple[Notebook, ...]
    exercises: tuple[Notebook, ...]
    unread: Mapping[str, Finding]
    scenarios: Mapping[str, Scenario]
    sources: Mapping[str, Source]
    avoided: Sequence[Word]
    items: Mapping[str, SurveyItem]
    glossary: Mapping[str, Term]

    @property
    def notebooks(self) -> tuple[Notebook, ...]:
        return self.lessons + self.exercises


Found = Iterator[Finding]
OfNotebook = Callable[[Notebook, Course], Found]
OfStory = Callable[[Scenario, Course], Found]
OfCourse = Callable[[Course], Found]
OF_NOTEBOOKS: list[OfNotebook] = []
OF_STORIES: list[OfStory] = []
OF_THE_COURSE: list[OfCourse] = []


def of_a_notebook(rule: OfNotebook) -> OfNotebook:
    OF_NOTEBOOKS.append(rule)
    return rule


def of_a_story(rule: OfStory) -> OfStory:
    OF_STORIES.append(rule)
    return rule


def of_the_course(rule: OfCourse) -> OfCourse:
    OF_THE_COURSE.append(rule)
    return rule


# --- clean files, one activity a cell --------------------------------------------------------------


@of_a_notebook
def nothing_that_ran(notebook: Notebook, _: Course) -> Found:
    if notebook.lesson.widgets:
        yield Finding(notebook.file, "", say("course.widgets_saved"))
    for cell in notebook.lesson.code_cells:
        if cell.ran:
            yield Finding(notebook.file, cell.id, say("course.outputs_saved"))


@of_a_notebook
def code_is_hidden(notebook: Notebook, _: Course) -> Found:
    for cell in notebook.lesson.code_cells:
        if not cell.source.strip():
            continue
        if not cell.hidden or "remove-input" not in cell.tags:
            yield Finding(notebook.file, cell.id, say("course.code_shown"))


@of_a_notebook
def code_is_short_and_begins_with_plain_words(notebook: Notebook, _: Course) -> Found:
    for cell in notebook.lesson.code_cells:
        lines = cell.source.splitlines()
        if not cell.source.strip():
            continue
        if len(lines) > CODE_LINES:
            yield Finding(notebook.file, cell.id, say("course.code_long", most=CODE_LINES))
        if not lines or not re.match(r"# \w", lines[0]):
            yield Finding(notebook.file, cell.id, say("course.code_without_words"))


@of_a_notebook
def one_activity_a_cell(notebook: Notebook, _: Course) -> Found:
    if not notebook.lesson.code_cells:
        yield Finding(notebook.file, "", say("course.no_activity"))
        return
    begin, *others = notebook.lesson.code_cells
    if not begin.code.ours or begin.line != ActivityLine("begin", (), {}) or not begin.code.imports:
        yield Finding(notebook.file, begin.id, say("course.no_begin"))
    elif list(begin.code.imports) != (used := sorted({"begin", *notebook.verbs})):
        wanted = f"from alongside import {', '.join(used)}"
        yield Finding(notebook.file, begin.id, say("course.imports", wanted=wanted))
    for cell in others:
        if not cell.source.strip():  # JupyterLab adds one below the last cell that is run
            yield Finding(notebook.file, cell.id, say("course.cell_empty"))
        elif not (cell.code.ours and not cell.code.imports and cell.line and cell.line.verb in ACTIVITIES):
            yield Finding(notebook.file, cell.id, say("course.not_one_activity"))


def code_can_be_read(notebook: Notebook, _: Course) -> Found:
    """Comes before every rule: what a cell asks isn't known otherwise, and each of them would miss it."""
    for cell in notebook.lesson.code_cells:
        if line := cell.code.broken:
            yield Finding(notebook.file, cell.id, say("course.code_broken", line=line))


@of_a_notebook
def cells_have_ids_of_their_own(notebook: Notebook, _: Course) -> Found:
    times = Counter(cell.id for cell in notebook.cells)
    for cell, count in times.items():
        if not cell:
            yield Finding(notebook.file, "", say("course.id_missing"))
        elif count > 1:
            yield Finding(notebook.file, cell, say("course.id_twice"))
        elif not is_kebab_case(cell):
            yield Finding(notebook.file, cell, say("course.id_form"))


@of_a_notebook
def first_activity_comes_early(notebook: Notebook, _: Course) -> Found:
    first = next(iter(notebook.asking), None)
    cells = [cell for cell in notebook.cells if not cell.lab_only]
    if first and cells.index(first) >= FIRST_ACTIVITY:
        yield Finding(notebook.file, first.id, say("course.first_activity_late", most=FIRST_ACTIVITY))


# --- headings and minutes --------------------------------------------------------------------------


@of_a_notebook
def first_cell_is_title_and_promise(notebook: Notebook, _: Course) -> Found:
    lesson = notebook.lesson
    first = notebook.cells[0] if notebook.cells else None
    if not first or first.source.strip() != f"# {lesson.title}\n\n{lesson.promise}":
        yield Finding(notebook.file, first.id if first else "", say("course.first_cell"))


@of_a_notebook
def headings_go_down_step_by_step(notebook: Notebook, _: Course) -> Found:
    levels = [level for level, _ in notebook.lesson.headings]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield Finding(notebook.file, "", say("course.one_h1"))
    for (before, __), (after, name) in itertools.pairwise(notebook.lesson.headings):
        if after > before + 1:
            yield Finding(notebook.file, "", say("course.level_left_out", heading=name))


@of_a_notebook
def sections_have_their_minutes_once(notebook: Notebook, _: Course) -> Found:
    # Reading a lesson has compared names already, but not order and number, and it looks at every cell.
    learners = [name for level, name in notebook.lesson.headings if level == 2]
    timed = [section.name for section in notebook.lesson.sections]
    if learners != timed:
        yield Finding(notebook.file, "", say("course.sections_and_minutes"))


@of_a_notebook
def facilitator_cells_have_no_headings(notebook: Notebook, _: Course) -> Found:
    for cell in notebook.cells:
        if cell.facilitator and re.search(r"^#+ ", cell.source, re.MULTILINE):
            yield Finding(notebook.file, cell.id, say("course.facilitator_heading"))


@of_a_notebook
def sections_stand_in_order(notebook: Notebook, _: Course) -> Found:
    if notebook.shape.kind in NO_LESSON:
        return
    names = [section.name for section in notebook.lesson.sections]
    if notebook.shape.kind in ("practice", "hack"):
        if names[:1] != ["Arrive"] or names[-2:] != ["One small step", "Close"] or len(names) < 4:
            yield Finding(notebook.file, "", say("course.arrive_step_close"))
    elif not names or names[0] != "Arrive" or names[-1] != "Close":
        yield Finding(notebook.file, "", say("course.arrive_and_close"))


@of_a_notebook
def minutes_add_up(notebook: Notebook, _: Course) -> Found:
    for key, usual, (least, most) in (
        ("room", notebook.lesson.room[1], notebook.shape.room),
        ("alone", notebook.lesson.alone, notebook.shape.alone),
    ):
        if not least <= usual <= most:
            values = {"minutes": usual, "least": least, "most": most}
            sentence = (
                say("course.minutes_room", **values)
                if key == "room"
                else say("course.minutes_alone", **values)
            )
            yield Finding(notebook.file, "", sentence)


# --- metadata --------------------------------------------------------------------------------------


@of_a_notebook
def covers_what_its_number_says(notebook: Notebook, _: Course) -> Found:
    lesson, kind = notebook.lesson, notebook.shape.kind
    if kind not in ("practice", "hack"):
        return
    mark = f"P{lesson.number - 3}" if kind == "practice" else f"H{lesson.number - 15}"
    if lesson.covers != (mark,):
        yield Finding(notebook.file, "", say("course.covers", mark=mark))
    if not lesson.rests_on or not all(value.startswith("V") for value in lesson.rests_on):
        yield Finding(notebook.file, "", say("course.rests_on"))


@of_a_notebook
def has_its_story_promise_and_tool(notebook: Notebook, _: Course) -> Found:
    kind, names = notebook.shape.kind, notebook.verbs
    if kind in ("practice", "hack"):
        if not notebook.lesson.scenario or names["scenario"] != 1:
            yield Finding(notebook.file, "", say("course.one_story"))
        if names["promise"] != 1:
            yield Finding(notebook.file, "", say("course.one_promise"))
    if kind == "check-in":
        if names["checkin"] != 1:
            yield Finding(notebook.file, "", say("course.one_checkin"))
        if not names["promise"]:
            yield Finding(notebook.file, "", say("course.one_promise"))
        for text in (notebook.learner_text, *notebook.prompts):
            if counted := _COUNTING.search(text):
                yield Finding(notebook.file, "", say("course.counts_promises", word=counted[0]))
    if kind == "planner" and names["facilitate"] != 1:
        yield Finding(notebook.file, "", say("course.one_planner"))
    if kind == "survey":
        if sum(names[tool] for tool in TOOLS) != 1:
            yield Finding(notebook.file, "", say("course.one_tool"))
        if names["promise"] != 1:
            yield Finding(notebook.file, "", say("course.one_promise"))


@of_a_notebook
def shows_its_survey_questions(notebook: Notebook, course: Course) -> Found:
    asked, kind = notebook.lesson.survey, notebook.shape.kind
    for key in asked:
        if key not in course.items:
            yield Finding(
                notebook.file, "", say("course.no_item", key=key, nearest=nearest(key, course.items))
            )
    if kind == "practice":
        practice = notebook.lesson.name.partition("-")[2]
        wanted = sorted(item.key for item in course.items.values() if item.practice == practice)
        if not wanted or sorted(asked) != wanted:
            yield Finding(notebook.file, "", say("course.items_of_the_practice", wanted=", ".join(wanted)))
    elif kind in ("hack", "survey") and asked:
        yield Finding(notebook.file, "", say("course.no_items_here"))


@of_a_notebook
def leads_on_to_lessons_of_the_course(notebook: Notebook, _: Course) -> Found:
    if not notebook.lesson.next:
        yield Finding(notebook.file, "", say("course.next_empty"))
    for name in notebook.lesson.next:
        if name not in COURSE:
            yield Finding(
                notebook.file, "", say("course.next_unknown", name=name, nearest=nearest(name, COURSE))
            )
        elif name == notebook.lesson.name and notebook.shape.kind != "exercise":
            yield Finding(notebook.file, "", say("course.next_itself"))


@of_a_notebook
def has_a_name_of_the_course(notebook: Notebook, course: Course) -> Found:
    name = notebook.lesson.name
    if notebook.shape.kind == "exercise":
        there = {lesson.lesson.name for lesson in course.lessons}
        there |= {Path(file).stem for file in course.unread if file.startswith("notebooks/")}
        if name not in there:
            yield Finding(
                notebook.file, "", say("course.exercise_without_lesson", nearest=nearest(name, there))
            )
    elif name not in COURSE or COURSE.index(name) != notebook.lesson.number:
        yield Finding(notebook.file, "", say("course.not_in_the_course"))


@of_a_notebook
def tells_the_story_of_its_metadata(notebook: Notebook, course: Course) -> Found:
    told, named = told_in(notebook), notebook.lesson.scenario
    if told[:1] != ([named] if named else []) or (told[1:] and notebook.shape.kind != "exercise"):
        yield Finding(notebook.file, "", say("course.story_and_metadata"))
    if len(told) != len(set(told)):
        yield Finding(notebook.file, "", say("course.story_twice"))
    for key in told:
        if key not in course.scenarios:
            yield Finding(
                notebook.file, "", say("course.no_story", key=key, nearest=nearest(key, course.scenarios))
            )


# --- activities ------------------------------------------------------------------------------------


@of_a_notebook
def keys_stand_once_in_the_course(notebook: Notebook, course: Course) -> Found:
    home: dict[str, list[str]] = defaultdict(list)
    for other in course.notebooks:
        for line in other.lesson.activities:
            if line.verb in KEEPS_AN_ANSWER:
                home[line.key].append(other.file)
    for cell, line in _asked(notebook):
        if line.verb not in KEEPS_AN_ANSWER:
            continue
        if not is_kebab_case(line.key):
            yield Finding(notebook.file, cell.id, say("course.key_form"))
        elif len(home[line.key]) > 1:
            others = sorted(set(home[line.key]) - {notebook.file}) or [notebook.file]
            yield Finding(notebook.file, cell.id, say("course.key_twice", key=line.key, file=others[0]))


@of_a_notebook
def beside_names_an_earlier_question(notebook: Notebook, _: Course) -> Found:
    earlier: set[str] = set()
    for cell, line in _asked(notebook):
        beside = line.named.get("beside")
        if beside is not None and beside not in earlier:
            yield Finding(notebook.file, cell.id, say("course.beside", nearest=nearest(beside, earlier)))
        earlier.add(line.key)


@of_a_notebook
def the_arrival_question_comes_back(notebook: Notebook, _: Course) -> Found:
    if notebook.shape.kind in NO_LESSON:
        return
    arrival = [line.key for line in _lines_of(notebook, "Arrive") if line.verb == "rate"]
    beside = [line.named.get("beside") for line in _lines_of(notebook, "Close")]
    if not arrival:
        yield Finding(notebook.file, "", say("course.no_arrival_question"))
    elif arrival[0] not in beside:
        yield Finding(notebook.file, "", say("course.arrival_not_at_close", key=arrival[0]))


@of_a_notebook
def promises_have_three_starters(notebook: Notebook, _: Course) -> Found:
    for cell, line in _asked(notebook):
        if line.verb == "promise" and len(line.named.get("starters", ())) != STARTERS:
            yield Finding(notebook.file, cell.id, say("course.starters"))


# --- how it is led -----------------------------------------------------------------------------------


@of_a_notebook
def a_lesson_of_the_course_says_how_it_is_led(notebook: Notebook, _: Course) -> Found:
    # Who writes a lesson of their own may begin without; each of the course, and its exercise, has all of it.
    if notebook.shape.kind != "planner" and notebook.lesson.name in COURSE and not notebook.lesson.session:
        names = LED if notebook.shape.kind == "exercise" else NAMES
        yield Finding(notebook.file, "", say("course.not_led", names=", ".join(names.split())))


@of_a_notebook
def steps_have_the_minutes_that_they_take(notebook: Notebook, course: Course) -> Found:
    for taken in _taken(notebook, course):
        step = taken.step
        if taken.missing:
            values = {
                "step": step.id,
                "needs": f"{taken.minutes:.1f}",
                "has": step.minutes,
                "wanted": taken.wanted,
                "missing": f"{taken.missing:.1f}",
                "words": taken.said,
                "reading": f"{taken.reading:.1f}",
                "work": step.work,
                "rest": f"{taken.regrouping + taken.voting:.1f}",
                "choices": taken.choices,
                "choosing": f"{taken.choosing:.1f}",
            }
            yield Finding(notebook.file, "", say("course.step_too_short", **values))
        if step.read_aloud < taken.aloud:
            values = {"step": step.id, "count": taken.aloud, "found": step.read_aloud}
            yield Finding(notebook.file, "", say("course.story_read_aloud", **values))


@of_a_notebook
def boxes_get_in_a_room_what_they_get_alone(notebook: Notebook, _: Course) -> Found:
    for section in notebook.lesson.sections:
        keys = {line.key for line in section.activities if line.verb in KEEPS_AN_ANSWER}
        work = sum(step.work for step in section.steps if step.activity in keys)
        if notebook.lesson.session and keys and work < section.alone:
            values = {"section": section.name, "alone": section.alone, "work": work}
            yield Finding(notebook.file, "", say("course.box_too_short", **values))


@of_a_notebook
def what_is_asked_stands_in_a_step_of_its_section(notebook: Notebook, _: Course) -> Found:
    if not notebook.lesson.session:
        return
    for section in notebook.lesson.sections:
        keys = {_key(line) for line in section.activities}
        asked = {_key(line) for line in section.activities if line.verb in KEEPS_AN_ANSWER | {"scenario"}}
        for step in section.steps:
            if step.activity and step.activity not in keys:
                values = {"step": step.id, "key": step.activity, "section": section.name}
                yield Finding(notebook.file, "", say("course.step_of_another_section", **values))
        for key in sorted(asked - {step.activity for step in section.steps}):
            yield Finding(notebook.file, "", say("course.no_step", key=key, section=section.name))


@of_a_notebook
def what_is_left_out_makes_it_short_enough(notebook: Notebook, _: Course) -> Found:
    led = notebook.lesson.session
    if led and notebook.shape.kind != "exercise" and led.shortest > minutes.MOST_WITH_CUTS:
        values = {"minutes": led.shortest, "most": minutes.MOST_WITH_CUTS}
        yield Finding(notebook.file, "", say("course.cuts_too_short", **values))


@of_a_notebook
def nobody_sits_too_long(notebook: Notebook, _: Course) -> Found:
    for number, stretch in enumerate(minutes.stretches(_steps(notebook))):
        sat = sum(step.minutes for step in stretch) + (0 if number else OPENING)
        if sat > MOST_WITHOUT_A_BREAK:
            values = {"first": stretch[0].id, "last": stretch[-1].id, "most": MOST_WITHOUT_A_BREAK}
            yield Finding(notebook.file, "", say("course.no_break", minutes=sat, **values))


@of_a_notebook
def a_way_out_is_said_wherever_more_is_asked_than_listening(notebook: Notebook, _: Course) -> Found:
    for section in notebook.lesson.sections:
        asks = [step for step in section.steps if step.activity or step.work or step.vote != NO_VOTE]
        said = any(
            re.search(r"^\*\*Opt-out:\*\* ?\S", cell.source, re.MULTILINE)
            for cell in section.cells
            if cell.facilitator
        )
        if asks and not said:
            yield Finding(notebook.file, "", say("course.no_opt_out", section=section.name))


@of_a_notebook
def paper_is_what_its_steps_take(notebook: Notebook, _: Course) -> Found:
    led = notebook.lesson.session
    if not led:
        return
    wanted = [
        (_ON_PAPER[line.verb], _key(line)) for line in notebook.lesson.activities if line.verb in _ON_PAPER
    ]
    wanted += [("slips", step.id) for step in led.in_order if step.vote != NO_VOTE]
    for paper, why in dict(wanted).items():
        if paper not in led.paper:
            yield Finding(notebook.file, "", say("course.no_paper", paper=paper, why=why))


@of_a_notebook
def a_second_person_is_there_where_it_gets_hard(notebook: Notebook, course: Course) -> Found:
    led = notebook.lesson.session
    if not led or led.second_person:
        return
    texts = [*notebook.lesson.touches, *(f"{step.say} {step.do}" for step in led.in_order)]
    texts += [
        text for key in told_in(notebook) if key in course.scenarios for text in story(course.scenarios[key])
    ]
    if hits := [hit for text in texts for hit in _hard(_WHO_DECIDES.sub("", text))]:
        yield Finding(notebook.file, "", say("course.no_second_person", word=hits[0]))


@of_a_notebook
def little_is_said_of_privacy_before_the_first_question(notebook: Notebook, _: Course) -> Found:
    if notebook.shape.kind in NO_LESSON:
        return
    text = " ".join(notebook.learner_text.split())
    for sentence in STANDING:
        if sentence not in text:
            yield Finding(notebook.file, "", say("course.standing_sentence", sentence=sentence))
    count = privacy_words(notebook)
    if count > PRIVACY_WORDS:
        yield Finding(notebook.file, "", say("course.privacy_words", count=count, most=PRIVACY_WORDS))


def privacy_words(notebook: Notebook) -> int:
    """How many words about privacy learners read before the first question: those of each paragraph that says any."""
    count = 0
    for cell in notebook.cells:
        if cell.line and cell.line.verb in KEEPS_AN_ANSWER:
            break
        if cell.kind == "markdown" and cell.on_pages and ("rung-3" not in cell.tags):
            count += sum(
                len(words(paragraph))
                for paragraph in plain_text(cell.source).splitlines()
                if PRIVACY.search(paragraph)
            )
    return count


@of_a_notebook
def evidence_says_what_it_is_there_for(notebook: Notebook, course: Course) -> Found:
    led = notebook.lesson.session
    if not led:
        return
    for mark, evidence in led.evidence.items():
        for what in _not_shown(notebook, course, mark, evidence):
            yield Finding(notebook.file, "", what)


def _not_shown(notebook: Notebook, course: Course, mark: str, evidence: Evidence) -> Iterator[str]:
    """What of one value, practice or hack can't be found where the metadata's evidence says that it is."""
    cells = {cell.id: cell for cell in notebook.cells if cell.kind == "markdown" and cell.on_pages}
    for name, cell, told in (
        ("is", evidence.is_, re.compile(NAMED_BY[mark], re.IGNORECASE)),
        ("limits", evidence.limits, LIMITS),
        ("known", evidence.known, KEY),
    ):
        if cell not in cells:
            yield say("course.evidence_no_cell", mark=mark, name=name)
            continue
        source = cells[cell].source
        if name == "known":
            if not set(KEY.findall(source)) & course.sources.keys():
                yield say("course.evidence_no_source", mark=mark, cell=cell)
        elif not told.search(source):
            yield say("course.evidence_not_said", mark=mark, name=name, cell=cell)
    asks = {line.key for line in notebook.lesson.activities if line.verb in KEEPS_AN_ANSWER}
    if evidence.activity not in asks:
        yield say("course.evidence_no_activity", mark=mark)
    exercises = [one for one in course.exercises if one.lesson.number == evidence.exercise]
    if not any(mark in one.lesson.covers for one in exercises):
        yield say("course.evidence_no_exercise", mark=mark)
    told_here = {key for one in (notebook, *exercises) for key in told_in(one)}
    if (
        evidence.story or not mark.startswith("V")
    ) and evidence.story not in told_here & course.scenarios.keys():
        yield say("course.evidence_no_story", mark=mark)
    wanted = set(notebook.lesson.survey) if mark.startswith("P") else set[str]()
    if set(evidence.survey) != wanted:
        yield say("course.evidence_survey", mark=mark, wanted=", ".join(sorted(wanted)) or "[]")


@of_a_notebook
def its_stories_say_who_you_are(notebook: Notebook, course: Course) -> Found:
    """An author's own lesson may tell one that says nothing of that."""
    if notebook.lesson.session:
        for key in told_in(notebook):
            if key in course.scenarios and not course.scenarios[key].you:
                yield Finding(notebook.file, "", say("course.story_without_you", key=key))


def _steps(notebook: Notebook) -> tuple[Step, ...]:
    return notebook.lesson.session.in_order if notebook.lesson.session else ()


def _taken(notebook: Notebook, course: Course) -> tuple[minutes.Taken, ...]:
    return minutes.reckon(_steps(notebook), course.scenarios)


def _key(line: ActivityLine) -> str:
    """What a step calls an activity by."""
    return line.key or line.prompt


def _hard(text: str) -> list[str]:
    """The words of a text that touch death, violence, a child, a ban or sexual harm."""
    return [hit[0] for kind in (HARD, SEXUAL_HARM) for hit in kind.finditer(text)]


# --- plain language --------------------------------------------------------------------------------


@of_a_notebook
def has_the_length_of_its_shape(notebook: Notebook, _: Course) -> Found:
    least, most = notebook.shape.words
    count = len(words(notebook.learner_text))
    if count < least:
        yield Finding(notebook.file, "", say("course.too_short", count=count, least=least))
    if count > most:
        yield Finding(notebook.file, "", say("course.too_many_words", count=count, most=most))


@of_a_notebook
def reads_at_grade_8(notebook: Notebook, _: Course) -> Found:
    if not words(notebook.learner_text):
        return  # that it is too short is said
    grade = reading_grade(notebook.learner_text)
    if grade > GRADE:
        hardest = max(notebook.lesson.prose_cells(), key=lambda cell: _grade(cell.source))
        yield Finding(
            notebook.file,
            "",
            say("course.grade", grade=f"{grade:.1f}", most=GRADE, cell=hardest.id),
        )


def _grade(markdown: str) -> float:
    text = plain_text(markdown)
    return reading_grade(text) if len(words(text)) >= 10 else 0.0  # a line of three words has no grade


@of_a_notebook
def sentences_are_short(notebook: Notebook, _: Course) -> Found:
    lengths = [len(words(sentence)) for sentence in sentences(notebook.learner_text)]
    if lengths and statistics.median(lengths) > MEDIAN_SENTENCE:
        values = {"median": f"{statistics.median(lengths):g}", "most": MEDIAN_SENTENCE}
        yield Finding(notebook.file, "", say("course.median", **values))


@of_a_notebook
def no_sentence_is_too_long(notebook: Notebook, _: Course) -> Found:
    for place, text in _said(notebook):
        yield from _long(notebook.file, place, text)


@of_a_notebook
def avoids_the_words_to_avoid(notebook: Notebook, course: Course) -> Found:
    places = [(cell.id, cell.source) for cell in notebook.cells if cell.kind == "markdown"]
    places += [(place, text) for place, text in _said(notebook, markdown=False)]
    places += [("", notebook.lesson.title)]
    places += [(cell.id, cell.source.partition("\n")[0]) for cell in notebook.lesson.code_cells]
    for place, text in places:
        yield from _avoided(notebook.file, place, text, course)


def _said(notebook: Notebook, markdown: bool = True) -> Iterator[tuple[str, str]]:
    """What people read in a notebook, as plain text, with the id of its cell; "" for its metadata."""
    for cell in notebook.cells:
        if markdown and cell.kind == "markdown":
            yield cell.id, plain_text(cell.source)
    for cell, line in _asked(notebook):
        for text in line.texts:
            yield cell.id, text
    lesson = notebook.lesson
    for text in (lesson.promise, *lesson.objectives, *lesson.needs, *lesson.touches):
        yield "", text


def _long(file: str, place: str, text: str) -> Found:
    for sentence in too_long([text]):
        begins = " ".join(sentence.split()[:6])
        values = {"count": len(words(sentence)), "most": LONGEST_SENTENCE, "begins": begins}
        yield Finding(file, place, say("course.sentence_long", **values))


def _avoided(file: str, place: str, text: str, course: Course) -> Found:
    for expression, word in to_avoid(text, course.avoided):
        yield Finding(file, place, say("course.avoid", word=expression, prefer=word.prefer, why=word.why))


# --- sources, links and pictures -------------------------------------------------------------------


@of_a_notebook
def cites_what_is_listed(notebook: Notebook, course: Course) -> Found:
    cited = [
        (cell, key) for cell in notebook.cells if cell.kind == "markdown" for key in KEY.findall(cell.source)
    ]
    for cell, key in cited:
        if key not in course.sources:
            yield Finding(
                notebook.file, cell.id, say("course.no_source", key=key, nearest=nearest(key, course.sources))
            )
    if not cited and notebook.shape.kind not in (*NO_LESSON, "plan"):
        yield Finding(notebook.file, "", say("course.cites_nothing"))


@of_a_notebook
def figures_name_their_source(notebook: Notebook, _: Course) -> Found:
    for cell in notebook.cells:
        if cell.kind == "markdown":
            figure = FIGURE.search(plain_text(cell.source))
            if figure and not KEY.search(cell.source):
                yield Finding(notebook.file, cell.id, say("course.figure", figure=figure[0]))


@of_a_notebook
def links_lead_to_files(notebook: Notebook, _: Course) -> Found:
    for cell in notebook.cells:
        if cell.kind != "markdown":
            continue
        for target in re.findall(r"\]\(([^)\s]+)\)", cell.source):
            file = target.partition("#")[0]
            if target.startswith("http"):
                yield Finding(notebook.file, cell.id, say("course.link_outside", target=target))
            elif file and not (notebook.lesson.path.parent / file).is_file():
                yield Finding(notebook.file, cell.id, say("course.link_to_nothing", target=target))


# --- stories ---------------------------------------------------------------------------------------


def told_in(notebook: Notebook) -> list[str]:
    return [line.prompt for line in notebook.lesson.activities if line.verb == "scenario"]


def story(scenario: Scenario) -> list[str]:
    """Everything that a scenario tells, without titles, names and the first words of what it carries."""
    texts = [scenario.opening, *scenario.debrief]
    for step in scenario.steps:
        texts.append(step.text)
        for choice in step.choices:
            texts += [choice.say, choice.then, choice.costs, choice.gains_power, choice.carries_risk]
            texts += [after for _, after in choice.changes]
    return texts


def carried(scenario: Scenario) -> list[str]:
    return [first for _, first in scenario.carries]


def shortest_way(scenario: Scenario) -> int:
    """The fewest choices from the first step to the end. Reading a story has made sure that there is no circle."""
    steps = {step.name: step for step in scenario.steps}
    names, count = {scenario.steps[0].name}, 0
    while END not in names:
        names, count = {choice.next for name in names for choice in steps[name].choices}, count + 1
    return count


@of_a_story
def story_takes_its_choices(scenario: Scenario, _: Course) -> Found:
    count = sum(len(step.choices) for step in scenario.steps)
    least, most = STORY.choices
    if not least <= count <= most:
        values = {"count": count, "least": least, "most": most}
        yield Finding(STORIES, scenario.key, say("course.story_choices", **values))
    if shortest_way(scenario) < STORY.way:
        yield Finding(STORIES, scenario.key, say("course.story_way", least=STORY.way))
    for step in scenario.steps:
        said = [choice.say for choice in step.choices]
        if len(said) != len(set(said)):
            yield Finding(STORIES, scenario.key, say("course.story_same_choice", step=step.name))


@of_a_story
def story_scores_nothing(scenario: Scenario, _: Course) -> Found:
    for text in story(scenario):
        if judging := _JUDGING.search(text):
            yield Finding(STORIES, scenario.key, say("course.story_scores", word=judging[0]))


@of_a_story
def story_reads_plainly(scenario: Scenario, course: Course) -> Found:
    text = "\n".join(story(scenario))
    count, (least, most) = len(words(text)), STORY.words
    if not least <= count <= most:
        values = {"count": count, "least": least, "most": most}
        yield Finding(STORIES, scenario.key, say("course.story_words", **values))
    if (grade := reading_grade(text)) > GRADE:
        yield Finding(STORIES, scenario.key, say("course.story_grade", grade=f"{grade:.1f}", most=GRADE))
    median = statistics.median(len(words(sentence)) for sentence in sentences(text))
    if median > MEDIAN_SENTENCE:
        yield Finding(STORIES, scenario.key, say("course.median", median=f"{median:g}", most=MEDIAN_SENTENCE))
    for text in (*story(scenario), *carried(scenario)):
        yield from _long(STORIES, scenario.key, text)
    for text in (*story(scenario), *carried(scenario), scenario.title):
        yield from _avoided(STORIES, scenario.key, text, course)


@of_a_story
def a_hard_story_has_a_gentler_twin(scenario: Scenario, course: Course) -> Found:
    hits = [hit for text in (scenario.title, *story(scenario)) for hit in _hard(text)]
    if scenario.key in {other.gentler for other in course.scenarios.values()}:
        if hits:
            yield Finding(STORIES, scenario.key, say("course.gentler_is_hard", word=hits[0]))
    elif hits and not scenario.gentler:
        yield Finding(STORIES, scenario.key, say("course.no_gentler", word=hits[0]))
    elif scenario.gentler and not hits:
        yield Finding(STORIES, scenario.key, say("course.gentler_for_nothing"))


@of_a_notebook
def a_hard_lesson_has_a_gentler_twin(notebook: Notebook, course: Course) -> Found:
    hits = [hit for text in notebook.lesson.touches for hit in _hard(text)]
    told = course.scenarios.get(notebook.lesson.scenario or "")
    if hits and told and not told.gentler:
        yield Finding(notebook.file, "", say("course.touches_hard", word=hits[0], story=told.key))


# --- the course as a whole -------------------------------------------------------------------------


@of_the_course
def every_story_is_told(course: Course) -> Found:
    told = {key for notebook in course.notebooks for key in told_in(notebook)}
    told |= {scenario.gentler for scenario in course.scenarios.values() if scenario.gentler}
    for key in course.scenarios:
        if key not in told:
            yield Finding(STORIES, key, say("course.story_untold"))


@of_the_course
def each_tool_has_its_lesson(course: Course) -> Found:
    used = sum((lesson.verbs for lesson in course.lessons), Counter[str]())
    for tool in sorted(TOOLS):
        if used[tool] != 1:
            yield Finding("notebooks/", "", say("course.tool_lesson", tool=f"{tool}()"))


@of_the_course
def terms_are_first_used_where_they_say(course: Course) -> Found:
    texts: dict[str, str] = defaultdict(str)
    for notebook in course.notebooks:  # lessons first, so in the order of the course
        stories = [
            text
            for key in told_in(notebook)
            if key in course.scenarios
            for text in story(course.scenarios[key])
        ]
        texts[notebook.lesson.name] += " ".join(["", notebook.learner_text, *notebook.prompts, *stories])
    for term in course.glossary.values():
        said = re.compile(rf"\b{re.escape(term.term)}", re.IGNORECASE)
        first = next((name for name, text in texts.items() if said.search(text)), "")
        if not first:
            yield Finding("data/glossary.yml", term.term, say("course.term_unused"))
        elif first != term.first_in:
            yield Finding("data/glossary.yml", term.term, say("course.term_first_in", name=first))


@of_the_course
def what_data_says_is_plain(course: Course) -> Found:
    for key, file, texts in _data(course):
        for text in texts:
            yield from _long(file, key, text)
            yield from _avoided(file, key, text, course)


def _data(course: Course) -> Iterator[tuple[str, str, Sequence[str]]]:
    for item in course.items.values():
        yield item.key, "data/survey-staff.yml", (item.text,)
    for term in course.glossary.values():
        yield term.term, "data/glossary.yml", (term.means,)
    for source in course.sources.values():
        yield source.key, "data/sources.yml", (source.what_it_found, source.limits)
    for word in course.avoided:
        yield word.avoid[0], "data/words.yml", (word.prefer, word.why)


# --- reading, and the command ----------------------------------------------------------------------


def is_kebab_case(key: object) -> bool:
    return isinstance(key, str) and bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key))


def _asked(notebook: Notebook) -> Iterator[tuple[Cell, ActivityLine]]:
    """Each activity with its cell, in order."""
    for cell in notebook.asking:
        assert cell.line
        yield cell, cell.line


def _lines_of(notebook: Notebook, section: str) -> list[ActivityLine]:
    """The activities of a section; none where there is no such section."""
    return [line for one in notebook.lesson.sections if one.name == section for line in one.activities]


def _paths(root: Path) -> list[Path]:
    return [path for folder in ("notebooks", "exercises") for path in files(root / folder, "*.ipynb")]


def notebook_of(path: Path) -> Notebook:
    """One notebook of notebooks/ or exercises/. Raises AlongsideError where it can't be read."""
    return Notebook(read_lesson(path), shape_of(path.parent.name, path.stem))


def read(root: Path = ROOT) -> Course:
    """Everything that is checked. A notebook that can't be read is among ``unread``.

    Raises AlongsideError where a file of data/ can't be read, since nothing can be checked without it.
    """
    notebooks: list[Notebook] = []
    unread: dict[str, Finding] = {}
    for path in _paths(root):
        try:
            notebooks.append(notebook_of(path))
        except AlongsideError as error:
            unread[f"{path.parent.name}/{path.name}"] = Finding("", "", str(error))
    return Course(
        root=root,
        lessons=tuple(one for one in notebooks if one.shape.kind != "exercise"),
        exercises=tuple(one for one in notebooks if one.shape.kind == "exercise"),
        unread=unread,
        scenarios=scenarios(root),
        sources=references.sources(root),
        avoided=references.words_to_avoid(root),
        items=references.survey_items(root=root),
        glossary=references.glossary(root),
    )


def check(names: Iterable[str] | None = None, root: Path = ROOT) -> list[Finding]:
    """What is found in the lessons of these names, their exercises and stories; in everything where ``names`` is None.

    Raises AlongsideError where the dictionary of syllables is not installed.
    """
    reading_grade("Nothing is measured without it.")
    try:
        course = read(root)
        if names is None:
            references.here(root)
    except AlongsideError as error:
        return [Finding("", "", str(error))]
    wanted = None if names is None else set(names)
    findings = [
        finding for file, finding in course.unread.items() if wanted is None or Path(file).stem in wanted
    ]
    notebooks = [one for one in course.notebooks if wanted is None or one.lesson.name in wanted]
    for notebook in notebooks:
        broken = [*code_can_be_read(notebook, course)]
        for rule in OF_NOTEBOOKS if not broken else ():
            findings += rule(notebook, course)
        findings += broken
    keys = {key for notebook in notebooks for key in told_in(notebook)} & course.scenarios.keys()
    keys |= {gentler for key in keys if (gentler := course.scenarios[key].gentler)}
    for scenario in course.scenarios.values():
        if wanted is None or scenario.key in keys:
            for rule in OF_STORIES:
                findings += rule(scenario, course)
    if wanted is None and not course.unread:
        for rule in OF_THE_COURSE:
            findings += rule(course)
    return list(dict.fromkeys(findings))


def names_of(words: Sequence[str], root: Path = ROOT) -> list[str] | None:
    """The names of lessons that a person means; None for everything. Raises AlongsideError for one that there isn't."""
    known = sorted({path.stem for path in _paths(root)})
    numbers = {name.partition("-")[0]: name for name in known}
    names: list[str] = []
    for word in words:
        path = Path(word)
        if path.parent.name == "data" or "data" in path.parts[:-1]:
            return None  # lessons share it
        name = numbers.get(word.zfill(2)) if word.isdecimal() else path.name.removesuffix(".ipynb")
        if name not in known:
            raise AlongsideError(
                say("course.no_lesson", word=word, nearest=nearest(word, [*numbers, *known]))
            )
        names.append(name)
    return names or None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise AlongsideError(say("course.check_words", problem=message))


def main(words: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Print what is found; gives the exit status."""
    try:
        parser = _Parser(prog="start.py check", description=say("course.check_about"))
        parser.add_argument("lesson", nargs="*", help=say("course.check_lesson"))
        names = names_of(parser.parse_args(words).lesson, root)
        findings = check(names, root)
    except AlongsideError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say("course.unreadable", file=error.filename or root, why=error.strerror), file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    print(say("course.found", count=len(findings)) if findings else say("course.found_nothing"))
    return 1 if findings else 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # it only reads: Ctrl-C simply ends it
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # and so does "| head"
    if hasattr(signal, "pthread_sigmask"):  # start.py held it back until now
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    sys.exit(main())
