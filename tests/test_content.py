"""What cannot be used is one clear sentence that names the file and the entry."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from alongside.course import check, place, references
from alongside.course import lesson as notebooks
from alongside.course import scenarios as stories
from alongside.course.entry import read_entries
from alongside.errors import AlongsideError

SOURCES = """
arnstein-1969:
  authors: Arnstein, S. R.
  year: 1969
  title: A Ladder of Citizen Participation
  where: Journal of the American Institute of Planners
  doi: 10.1000/example
  what_it_found: Eight rungs.
  limits: An idea.
"""
SCENARIOS = """
the-last-box:
  title: The last box
  from: our own
  you: participant
  cast: [bev]
  opening: One box is left.
  carries: {trust: Careful., time: Plenty.}
  steps:
    first:
      text: Two people ask.
      choices:
        - {id: wait, say: Wait, then: They wait., costs: Time., gains_power: You., carries_risk: They., next: second}
        - {id: give, say: Give, then: One has it., costs: The box., gains_power: One., carries_risk: Two., next: second}
        - {id: ask, say: Ask, then: They talk., costs: Time., gains_power: Both., carries_risk: You., ends: open, next: end}
    second:
      text: It is late.
      choices:
        - {id: close, say: Close, then: Dark., costs: A walk., gains_power: You., carries_risk: They., ends: worse, next: end}
        - {id: stay, say: Stay, then: Light., costs: Sleep., gains_power: They., carries_risk: You., ends: open, next: end}
        - id: call
          say: Call
          then: A friend comes.
          costs: A favor.
          gains_power: They.
          carries_risk: You.
          changes: {trust: Warmer.}
          ends: better
          next: end
    mend:
      text: Something is still loose.
      choices:
        - {id: sorry, say: Sorry, then: Thanks., costs: Pride., gains_power: They., carries_risk: You., ends: open, next: end}
        - {id: listen, say: Listen, then: Silence., costs: Time., gains_power: They., carries_risk: You., ends: open, next: end}
  repair: mend
  debrief: ["Who waited?"]
  sources: [arnstein-1969]
"""
WORDS = """
- avoid: [user]
  prefer: participant
  why: It makes one act into the whole person.
  source: Our own rule
  allowed_in: [quotation]
"""
HERE = """
someone_to_talk_to: ""
hours: "10 to 4"
who_can_see_answers: ""
naloxone: ""
responds: the shift lead
emergency: ""
must_pass_on: ""
way_out: ""
quiet_corner: ""
"""
CAST = """
sol:
  name: Sol
  role: participant
  wants: A chair by the window.
  talks: In half sentences.
  first_in: 05-share-power
bev:
  name: Bev
  role: worker at the counter
  wants: To get it right.
  talks: Too fast.
  first_in: 06-cultivate-leadership
"""
OPENING = """
reviewed_by: []
opening:
  - {say: Passing is fine., minutes: 1}
  - say: "What is said here stays, except for this: {must_pass_on}"
    otherwise: We don't know what must be passed on here, so tell nothing private.
    minutes: 2
"""
CARE = """
reviewed_by: []
care:
  - {when: Somebody shouts., do: "Ask {responds} to come.", otherwise: Ask for help., source: practitioners}
  - {when: Somebody films., do: Stop., source: arnstein-1969}
"""
NEEDS = """
- {says: Nobody asks us., practice: share-power, lessons: [05-share-power, 11-be-transparent]}
"""
SURVEY = """
title: How we build community here
scale: [Never, Always]
practices: {share-power: Share power}
items:
  share_power_1:
    practice: share-power
    text: In the last month, participants had a say before a rule changed.
    column: [Q1]
"""
LESSON: dict[str, Any] = {
    "number": 5,
    "title": "Share power",
    "promise": "See who decides.",
    "objectives": ["Say who decides"],
    "covers": ["P2"],
    "rests_on": ["V10"],
    "minutes": {
        "Arrive": {"room": [2, 3, 4], "alone": 1},
        "The practice": {"room": [4, 5, 7], "alone": 4},
        "A close": {"room": [2, 3, 4], "alone": 1},
    },
    "group": [6, 12],
    "needs": [],
    "touches": [],
    "survey": ["share_power_1"],
    "scenario": "the-last-box",
    "next": ["06-cultivate-leadership"],
    "reviewed_by": [],
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course in which everything is right."""
    (tmp_path / "data").mkdir()
    (tmp_path / "notebooks").mkdir()
    files = {
        "sources.yml": SOURCES,
        "scenarios.yml": SCENARIOS,
        "words.yml": WORDS,
        "here.yml": HERE,
        "cast.yml": CAST,
        "opening.yml": OPENING,
        "care.yml": CARE,
        "needs.yml": NEEDS,
        "glossary.yml": "stigma: {means: A mark., first_in: 05-share-power}\n",
        "survey-staff.yml": SURVEY,
    }
    for name, text in files.items():
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    save_lesson(tmp_path)
    return tmp_path


BOARD = 'board("Who decides?", rows=["The walls"], columns={"Who": ["Staff", "All"]}, keep_as="who-decides")'


def markdown(source: str | list[str], *tags: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)} if tags else {}, "source": source}


def code(source: str) -> dict[str, object]:
    tags = {"tags": ["remove-input"]}
    return {"cell_type": "code", "metadata": tags, "source": source, "outputs": [], "execution_count": None}


def save_lesson(course: Path, **changed: object) -> None:
    """The lesson with other values; a value of None that replaces an entry leaves the entry out."""
    metadata = {key: value for key, value in {**LESSON, **changed}.items() if value is not None}
    cells = [
        markdown("# Share power"),
        code("from alongside import begin, board, rate, survey_form\nbegin()"),
        markdown("## Arrive\n\nHello [arnstein-1969]."),
        code(
            '# How is it? You can skip it.\nrate("How is it?", low="Bad", high="Good", keep_as="how-it-is")'
        ),
        markdown("**Say:** Welcome.", "facilitator"),
        markdown("## The practice\n\n### In a word"),
        code(BOARD),
        markdown("Press Run.", "lab-only"),
        markdown(["## A close\n", "\n", "Bye."]),
        markdown("Cut these out.", "rung-3"),
    ]
    cells = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    # sorted, as nbformat and so JupyterLab save it
    text = json.dumps(
        {"cells": cells, "metadata": {"alongside": metadata}, "nbformat": 4, "nbformat_minor": 5},
        sort_keys=True,
    )
    (course / "notebooks" / "05-share-power.ipynb").write_text(text, encoding="utf-8")


def change(course: Path, file: str, old: str, new: str) -> None:
    path = course / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old} is not in {file}: this test would test nothing"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaint(read: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(AlongsideError) as caught:
        read(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith((".", "?"))
    return message


def scenario_complaint(course: Path, old: str, new: str) -> str:
    change(course, "data/scenarios.yml", old, new)
    return complaint(stories.scenarios, course)


# --- lessons -------------------------------------------------------------------------------------


def test_a_lesson_is_read_whole(course: Path) -> None:
    (lesson,) = notebooks.lessons(course)
    assert lesson.name == "05-share-power"
    assert lesson.title == "Share power"
    assert lesson.group == (6, 12)
    assert lesson.path == course / "notebooks" / "05-share-power.ipynb"
    assert notebooks.lesson("05-share-power", course) == lesson


def test_minutes_add_up(course: Path) -> None:
    lesson = notebooks.lesson("05-share-power", course)
    assert lesson.room == (8, 11, 15)
    assert lesson.alone == 6


def test_sections_come_in_the_order_of_the_notebook_though_saving_sorts_metadata(course: Path) -> None:
    saved = json.loads((course / "notebooks" / "05-share-power.ipynb").read_text(encoding="utf-8"))
    assert list(saved["metadata"]["alongside"]["minutes"]) == ["A close", "Arrive", "The practice"]
    sections = notebooks.lesson("05-share-power", course).sections
    assert [section.name for section in sections] == ["Arrive", "The practice", "A close"]


def test_a_section_has_its_cells_and_its_minutes(course: Path) -> None:
    lesson = notebooks.lesson("05-share-power", course)
    arrive, practice, close = lesson.sections
    assert [cell.source.split("\n")[0] for cell in arrive.cells] == [
        "## Arrive",
        "# How is it? You can skip it.",
        "**Say:** Welcome.",
    ]
    assert (practice.name, practice.alone) == ("The practice", 4)
    assert [line.key for line in practice.activities] == ["who-decides"]
    assert close.activities == []
    assert lesson.section("Arrive") == arrive
    assert lesson.folder == "notebooks"


def test_what_is_asked_is_told_in_order_without_being_run(course: Path) -> None:
    rate, board = notebooks.lesson("05-share-power", course).activities
    assert (rate.verb, rate.key, rate.prompt) == ("rate", "how-it-is", "How is it?")
    assert rate.texts == ["How is it?", "Bad", "Good"]
    assert board.texts == ["Who decides?", "The walls", "Who", "Staff", "All"]
    assert board.named["columns"] == {"Who": ["Staff", "All"]}


def test_learners_read_no_cell_of_facilitators_or_of_jupyterlab_alone(course: Path) -> None:
    lesson = notebooks.lesson("05-share-power", course)
    assert "Welcome" not in lesson.prose() and "Press Run" not in lesson.prose()
    assert "Hello" in lesson.prose() and "Cut these out." in lesson.prose()
    assert "Cut these out." not in lesson.prose(without=(*notebooks.OFF_PAGES, *notebooks.PAPER))
    assert [cell.source for cell in lesson.facilitator_cells] == ["**Say:** Welcome."]
    assert [cell.source for cell in lesson.cells if cell.lab_only] == ["Press Run."]
    assert lesson.headings == [
        (1, "Share power"),
        (2, "Arrive"),
        (2, "The practice"),
        (3, "In a word"),
        (2, "A close"),
    ]


def test_a_notebook_is_opened_without_the_cells_that_pages_leave_out(course: Path) -> None:
    path = course / "notebooks" / "05-share-power.ipynb"
    sources = [cell.source for cell in notebooks.open_notebook(path).cells]
    assert "**Say:** Welcome." not in sources and "Press Run." not in sources and BOARD in sources
    assert len(notebooks.open_notebook(path, without=()).cells) == len(sources) + 2


def test_a_notebook_that_is_none_is_told_in_one_sentence(course: Path) -> None:
    path = course / "notebooks" / "05-share-power.ipynb"
    path.write_text("[", encoding="utf-8")
    assert complaint(notebooks.open_notebook, path) == (
        "notebooks/05-share-power.ipynb: this is not a notebook; save it again from JupyterLab."
    )
    path.unlink()
    assert "notebooks/05-share-power.ipynb: it is not in " in complaint(notebooks.open_notebook, path)


def test_a_group_exercise_is_found_by_its_name(course: Path) -> None:
    (course / "notebooks").rename(course / "exercises")
    assert notebooks.exercise("05-share-power", course).folder == "exercises"
    assert complaint(notebooks.exercise, "5-share-power", course).startswith(
        'There is no group exercise "5-share-power". Did you mean'
    )


STEP = {
    "id": "arrive-hello", "say": "Welcome.", "read_aloud": 20, "do": "Wait for the last one.", "activity": "how-it-is",
    "work": 2, "minutes": 3, "grouping": "alone", "vote": "none", "break_after": False, "about_managers": False,
}  # fmt: skip
SECOND = {**STEP, "id": "practice-who", "activity": None, "minutes": 5}
LED: dict[str, Any] = {
    "minutes": {
        "Arrive": {"room": [3, 3, 4], "alone": 1},
        "The practice": {"room": [1, 5, 7], "alone": 4},
        "A close": {"room": [0, 0, 4], "alone": 1},
    },
    "steps": {"The practice": [SECOND], "Arrive": [STEP]},
    "cut": [{"step": "practice-who", "saves": 4}],
    "lead": {"days": 0, "somebody_in_charge": False},
    "second_person": False,
    "paper": ["cards"],
}
SESSION: dict[str, Any] = {
    **LED,
    "pattern": "try first",
    "teaches": ["feel-good-about"],
    "evidence": {
        "P2": {"is": "cell-5", "limits": "cell-5", "known": "cell-2", "activity": "who-decides", "exercise": 5,
               "story": None, "survey": ["share_power_1"]},
    },
}  # fmt: skip


def only(step: dict[str, Any]) -> dict[str, Any]:
    """A session of one step."""
    room = {"Arrive": {"room": [3, 3, 4], "alone": 1}, "The practice": {"room": [0, 0, 7], "alone": 4}}
    return {"steps": {"Arrive": [step]}, "cut": [], "minutes": {**LED["minutes"], **room}}


def test_a_lesson_says_how_it_is_led(course: Path) -> None:
    first = notebooks.lesson("05-share-power", course)
    assert first.session is None
    save_lesson(course, **SESSION)
    lesson = notebooks.lesson("05-share-power", course)
    session = lesson.session
    assert session
    assert [step.id for step in session.in_order] == ["arrive-hello", "practice-who"]
    assert session.steps["Arrive"][0].activity == "how-it-is"
    assert session.steps["The practice"][0].activity == ""
    assert (session.minutes, session.shortest) == (8, 4)
    assert session.evidence["P2"].activity == "who-decides"
    assert [len(section.steps) for section in lesson.sections] == [1, 1, 0]
    assert (lesson.room, lesson.alone) == ((4, 8, 15), 6)


def test_an_exercise_says_how_it_is_led_and_neither_how_it_teaches_nor_what(course: Path) -> None:
    save_lesson(course, **LED)
    (course / "notebooks").rename(course / "exercises")
    exercise = notebooks.exercise("05-share-power", course)
    assert exercise.session
    assert (exercise.session.pattern, exercise.session.minutes, exercise.session.evidence) == ("", 8, {})


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"lead": None}, '"lead" is missing; add it.'),
        ({"evidence": None}, '"evidence" is missing; add it.'),
        ({"pattern": None}, '"pattern" is missing; add it.'),
        ({"pattern": "try last"}, '"pattern": "try last" is not known here. Did you mean "try first"?'),
        ({"teaches": ["feel-good"]}, '"teaches": "feel-good" is not known here. Did you mean "feel-good-about"?'),
        ({"steps": {"Arriving": [STEP]}}, 'steps: "Arriving" is not known here. Did you mean "Arrive"?'),
        ({"steps": {"Arrive": []}}, 'steps, "Arrive": expected one entry or more, but the list is empty'),
        (only({**STEP, "activity": "how-is-it"}),
         'steps, Arrive 1, "activity": "how-is-it" is not known here. Did you mean "how-it-is"?'),
        (only({**STEP, "grouping": "fives"}), 'Arrive 1, "grouping": "fives" is not known here.'),
        (only({**STEP, "vote": "cups"}), 'Arrive 1, "vote": "cups" is not known here. Did you mean "cup"?'),
        (only({**STEP, "vote": "cup again"}), '"arrive-hello" has the vote "cup again", and no vote came before it'),
        (only({**STEP, "id": "Arrive 1"}), 'Arrive 1, "id": a step is called by small letters, digits and hyphens'),
        (only({**STEP, "minutes": 0}), 'the step "arrive-hello" has no minutes; give it 1 or more.'),
        ({"steps": {"Arrive": [STEP, STEP]}, "cut": []}, 'two steps are called "arrive-hello"; rename one of them.'),
        ({"steps": {"Arrive": [STEP]}}, 'cut 1, "step": "practice-who" is not known here.'),
        ({"cut": [{"step": "practice-who", "saves": 6}]},
         'cut 1, "saves": the step "practice-who" takes 5 minutes, so that leaving it out saves 1 to 5, but found 6'),
        ({"cut": [{"step": "practice-who", "saves": 2}] * 2}, 'cut 2: the step "practice-who" is left out twice'),
        ({"cut": []}, '"minutes", "The practice", "room": its steps say [5, 5, 7]'),
        ({"minutes": LESSON["minutes"]}, '"minutes", "Arrive", "room": its steps say [3, 3, 4]'),
        ({"evidence": {"P3": SESSION["evidence"]["P2"]}}, 'evidence: "P3" is not known here. Did you mean "P2"?'),
        ({"evidence": {}}, 'evidence: "P2" is missing; add it.'),
        ({"paper": ["posters"]}, '"paper": "posters" is not known here.'),
    ],
)  # fmt: skip
def test_a_session_that_does_not_fit_its_notebook_is_named(
    course: Path, changed: dict[str, Any], says: str
) -> None:
    save_lesson(course, **{**SESSION, **changed})
    assert says in complaint(notebooks.lessons, course)


def test_a_pattern_of_an_exercise_is_named(course: Path) -> None:
    save_lesson(course, **SESSION)
    (course / "notebooks").rename(course / "exercises")
    assert complaint(notebooks.exercises, course) == (
        'exercises/05-share-power.ipynb: an exercise has no "pattern"; take it out, because lessons alone have it.'
    )


@pytest.mark.parametrize(
    ("source", "ours", "verb"),
    [
        ("# Words\nask('Why?', keep_as='why')", True, "ask"),
        ("from alongside import ask", True, None),
        ("from alongside import ask\nask('Why?', keep_as='why')", True, "ask"),
        ("", True, None),
        ("import os\nask('Why?', keep_as='why')", False, "ask"),
        ("ask('Why?', keep_as=str(5))", False, None),
        ("ask(*['Why?'], keep_as='why')", False, None),
        ("ask('Why?', **{'keep_as': 'why'})", False, None),
        ("from alongside import ask as question", False, None),
        ("from .alongside import ask", False, None),
        ("x = ask('Why?', keep_as='why')", False, None),
        ("ask('Why?', keep_as='why').question", False, None),
        ("ask(", False, None),
    ],
)
def test_a_cell_is_ours_where_it_calls_one_verb_with_plain_values(
    source: str, ours: bool, verb: str | None
) -> None:
    read = notebooks.read_code(source)
    assert read.ours is ours
    assert (read.line.verb if read.line else None) == verb


@pytest.mark.parametrize(
    "source",
    [
        "import ipywidgets as w",
        "from ipywidgets import Button",
        "%matplotlib inline\nimport ipywidgets",
        "def draw():\n    return ipywidgets.Button()",
    ],
)
def test_what_a_cell_uses_is_told_however_it_is_used(source: str) -> None:
    assert "ipywidgets" in notebooks.read_code(source).uses


def test_words_and_comments_are_no_use_of_a_name() -> None:
    assert not notebooks.read_code("# survey_form\nask('ipywidgets?', keep_as='survey_form')").uses - {"ask"}


@pytest.mark.parametrize("surface", [place.SITE, place.VOILA])
def test_an_address_leads_from_each_page_to_each_other(surface: place.Surface) -> None:
    for here in ("notebooks", "exercises", "about"):
        for there in ("notebooks", "exercises", "about"):
            start = f"https://example.org/course/{surface.file(here, 'a')}"
            address = surface.address(there, "b", seen_from=here)
            assert urljoin(start, address) == f"https://example.org/course/{surface.file(there, 'b')}"
            assert ("/" in address) == (here != there), "pages of one folder stand beside each other"


def test_lessons_come_by_number(course: Path) -> None:
    save_lesson(course, number=12)
    (course / "notebooks" / "05-share-power.ipynb").rename(course / "notebooks" / "12-late.ipynb")
    save_lesson(course)
    assert [lesson.number for lesson in notebooks.lessons(course)] == [5, 12]


def test_a_file_that_a_mac_put_beside_a_lesson_on_a_stick_is_no_lesson(course: Path) -> None:
    (course / "notebooks" / "._05-share-power.ipynb").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\xff")
    assert [lesson.name for lesson in notebooks.lessons(course)] == ["05-share-power"]
    assert not check.read(course).unread


def test_exercises_are_read_like_lessons(course: Path) -> None:
    (course / "notebooks").rename(course / "exercises")
    assert [one.name for one in notebooks.exercises(course)] == ["05-share-power"]


def test_a_missing_folder_of_lessons_says_what_to_do(course: Path) -> None:
    (course / "notebooks").rename(course / "elsewhere")
    message = complaint(notebooks.lessons, course)
    assert message.startswith("notebooks/: it is not in ")
    assert "pip install -e ." in message


def test_an_unknown_lesson_names_the_nearest(course: Path) -> None:
    assert complaint(notebooks.lesson, "5-share-power", course) == (
        'There is no lesson "5-share-power". Did you mean "05-share-power"?'
    )


def test_a_missing_key_of_a_lesson_is_named(course: Path) -> None:
    save_lesson(course, promise=None)
    assert (
        complaint(notebooks.lessons, course)
        == 'notebooks/05-share-power.ipynb: "promise" is missing; add it.'
    )


def test_an_unknown_key_of_a_lesson_names_the_nearest(course: Path) -> None:
    save_lesson(course, promises="See who decides.", promise=None)
    assert complaint(notebooks.lessons, course) == (
        'notebooks/05-share-power.ipynb: "promises" is not known here. Did you mean "promise"?'
    )


def test_a_title_that_is_a_number_is_named(course: Path) -> None:
    save_lesson(course, title=5)
    assert complaint(notebooks.lessons, course) == (
        'notebooks/05-share-power.ipynb, "title": expected text, but found the number 5; '
        "put quotation marks around it."
    )


def test_a_text_where_a_list_belongs_is_named(course: Path) -> None:
    save_lesson(course, needs="a pen")
    message = complaint(notebooks.lessons, course)
    assert message.startswith(
        'notebooks/05-share-power.ipynb, "needs": expected a list, but found the text "a pen"'
    )


def test_minutes_that_fall_are_named_with_their_section(course: Path) -> None:
    save_lesson(course, minutes={**LESSON["minutes"], "Arrive": {"room": [4, 3, 2], "alone": 1}})
    message = complaint(notebooks.lessons, course)
    assert message.startswith(
        'notebooks/05-share-power.ipynb, "minutes", "Arrive", "room": expected 3 whole numbers'
    )


def test_true_is_no_number_of_minutes(course: Path) -> None:
    save_lesson(course, minutes={**LESSON["minutes"], "Arrive": {"room": [2, 3, 4], "alone": True}})
    assert '"alone": expected a whole number, but found the YAML value true' in complaint(
        notebooks.lessons, course
    )


def test_an_unknown_mark_of_a_practice_is_named(course: Path) -> None:
    save_lesson(course, covers=["P13"])
    assert complaint(notebooks.lessons, course).startswith(
        'notebooks/05-share-power.ipynb, "covers": "P13" is not known here. Did you mean "'
    )


def test_minutes_without_a_heading_are_named(course: Path) -> None:
    save_lesson(course, minutes={**LESSON["minutes"], "Arriving": {"room": [1, 1, 1], "alone": 1}})
    assert complaint(notebooks.lessons, course) == (
        'notebooks/05-share-power.ipynb, "minutes": the notebook has no heading "## Arriving". '
        'Did you mean "Arrive"?'
    )


def test_a_heading_without_minutes_is_named(course: Path) -> None:
    save_lesson(course, minutes={"Arrive": {"room": [2, 3, 4], "alone": 1}})
    assert 'the heading "## The practice" has no minutes; add it' in complaint(notebooks.lessons, course)


def test_a_number_that_the_file_name_contradicts_is_named(course: Path) -> None:
    save_lesson(course, number=6)
    assert complaint(notebooks.lessons, course) == (
        'notebooks/05-share-power.ipynb, "number": expected 5, as in the file\'s name, but found 6; '
        "change one of them."
    )


def test_a_notebook_without_our_metadata_is_named(course: Path) -> None:
    change(course, "notebooks/05-share-power.ipynb", '"alongside"', '"other"')
    assert complaint(notebooks.lessons, course).startswith(
        'notebooks/05-share-power.ipynb: the notebook\'s metadata has no "alongside"'
    )


def test_a_broken_notebook_is_named_with_its_line(course: Path) -> None:
    change(course, "notebooks/05-share-power.ipynb", "{", "{\n,")
    assert complaint(notebooks.lessons, course).startswith(
        "notebooks/05-share-power.ipynb, line 2: this is not a notebook ("
    )


# --- YAML ----------------------------------------------------------------------------------------


def test_a_bare_no_asks_for_quotation_marks(course: Path) -> None:
    assert scenario_complaint(course, "say: Wait", "say: No") == (
        'data/scenarios.yml, "the-last-box", steps, "first", choice 1, line 13, "say": expected text, '
        "but found the YAML value false; put quotation marks around it."
    )


def test_a_bare_yes_as_a_name_asks_for_quotation_marks(course: Path) -> None:
    assert scenario_complaint(course, "{trust: Warmer.}", "{Yes: Warmer.}") == (
        'data/scenarios.yml, "the-last-box", steps, "second", choice 3, line 27, "changes": expected a name, '
        "but found the YAML value true; put quotation marks around it."
    )


def test_a_bare_date_asks_for_quotation_marks(course: Path) -> None:
    message = scenario_complaint(course, "title: The last box", "title: 2024-05-01")
    assert message.endswith("expected text, but found a date; put quotation marks around it.")


def test_an_empty_text_is_named(course: Path) -> None:
    assert scenario_complaint(course, "opening: One box is left.", "opening:") == (
        'data/scenarios.yml, "the-last-box", line 7, "opening": expected text, but it is empty; write it there.'
    )


def test_a_list_where_text_belongs_is_named(course: Path) -> None:
    assert '"title": expected text, but found a list; write it as one text.' in scenario_complaint(
        course, "title: The last box", "title: [The, last, box]"
    )


def test_broken_yaml_is_named_with_its_line(course: Path) -> None:
    message = scenario_complaint(course, "title: The last box", 'title: "The last" box')
    assert message.startswith("data/scenarios.yml, line 3: this cannot be read as YAML, because")


def test_a_name_that_stands_twice_is_named_with_both_lines(course: Path) -> None:
    message = scenario_complaint(course, "  from: our own", "  title: Another\n  from: our own")
    assert message.startswith("data/scenarios.yml, line 4: ")
    assert '"title" stands twice, the first time in line 3' in message


def test_a_missing_file_is_named(course: Path) -> None:
    (course / "data" / "sources.yml").unlink()
    assert complaint(references.sources, course).startswith("data/sources.yml: it is not in ")


def test_a_file_in_another_encoding_is_named(course: Path) -> None:
    (course / "data" / "sources.yml").write_bytes("jürgens: ü".encode("cp1252"))
    assert (
        complaint(references.sources, course)
        == "data/sources.yml: this is not UTF-8 text; save it again as UTF-8."
    )


def test_a_file_that_changes_is_read_again(course: Path) -> None:
    assert stories.scenario("the-last-box", course).title == "The last box"
    change(course, "data/scenarios.yml", "title: The last box", "title: Two boxes")
    assert stories.scenario("the-last-box", course).title == "Two boxes"


# --- scenarios -----------------------------------------------------------------------------------


def test_a_scenario_begins_with_its_first_step(course: Path) -> None:
    scenario = stories.scenario("the-last-box", course)
    assert [step.name for step in scenario.steps] == ["first", "second", "mend"]
    assert scenario.carries == (("trust", "Careful."), ("time", "Plenty."))
    assert scenario.steps[1].choices[2].changes == (("trust", "Warmer."),)
    assert scenario.origin == "our own"
    assert scenario.gentler is None


def test_an_unknown_scenario_names_the_nearest(course: Path) -> None:
    assert complaint(stories.scenario, "the-last-bax", course) == (
        'There is no scenario "the-last-bax". Did you mean "the-last-box"?'
    )


@pytest.mark.parametrize("key", ["id", "say", "then", "costs", "gains_power", "carries_risk", "next"])
def test_a_choice_without_one_of_its_parts_is_named(course: Path, key: str) -> None:
    lines = SCENARIOS.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if "id: call" in line)
    number = next(number for number in range(start, len(lines)) if f"{key}:" in lines[number])
    lines[number] = "        - \n" if key == "id" else ""
    (course / "data" / "scenarios.yml").write_text("".join(lines), encoding="utf-8")
    assert complaint(stories.scenarios, course) == (
        f'data/scenarios.yml, "the-last-box", steps, "second", choice 3: "{key}" is missing; add it.'
    )


@pytest.mark.parametrize("bad", ["Call", "call now", "call_now", "-call", "constructor", "c" * 41, "é"])
def test_an_id_of_a_choice_that_can_not_be_kept_is_named(course: Path, bad: str) -> None:
    assert scenario_complaint(course, "id: call", f'id: "{bad}"') == (
        'data/scenarios.yml, "the-last-box", steps, "second", choice 3: "id" can\'t be used; '
        "use small letters, digits and single hyphens, at most 40 of them, as in: ask-theo."
    )


def test_two_choices_of_a_step_with_one_id_are_named(course: Path) -> None:
    assert scenario_complaint(course, "id: call", "id: stay") == (
        'data/scenarios.yml, "the-last-box", steps, "second": two choices have one id; '
        "give each choice an id that stands once in its step: answers are kept by it."
    )


def test_a_choice_that_leads_nowhere_is_named(course: Path) -> None:
    assert scenario_complaint(course, "next: second", "next: secund") == (
        'data/scenarios.yml, "the-last-box", steps, "first", choice 1, "next": "secund" is not known here. '
        'Did you mean "second"?'
    )


def test_a_circle_of_steps_is_told(course: Path) -> None:
    message = scenario_complaint(
        course,
        "costs: A walk., gains_power: You., carries_risk: They., ends: worse, next: end",
        "costs: A walk., gains_power: You., carries_risk: They., next: first",
    )
    assert 'data/scenarios.yml, "the-last-box": the steps go in a circle, ' in message
    assert '"first" to "second"' in message


def test_a_step_that_no_choice_leads_to_is_named(course: Path) -> None:
    change(course, "data/scenarios.yml", "next: second", "next: end")
    assert scenario_complaint(course, "next: second", "next: end") == (
        'data/scenarios.yml, "the-last-box", steps, "second": no choice leads here; '
        'name it as the "next" of one.'
    )


def test_a_repair_that_is_no_step_is_named(course: Path) -> None:
    assert scenario_complaint(course, "repair: mend", "repair: mending").endswith(
        '"repair": "mending" is not known here. Did you mean "mend"?'
    )


def test_a_step_with_two_choices_is_too_few(course: Path) -> None:
    last = SCENARIOS[SCENARIOS.index("        - {id: ask") : SCENARIOS.index("    second:")]
    assert scenario_complaint(course, last, "") == (
        'data/scenarios.yml, "the-last-box", steps, "first": expected 3 choices or more, but found 2; '
        "add what else a person could do."
    )


def test_a_repair_with_one_choice_is_too_few(course: Path) -> None:
    last = SCENARIOS[SCENARIOS.index("        - {id: listen") : SCENARIOS.index("  repair:")]
    assert '"mend": expected 2 choices or more, but found 1' in scenario_complaint(course, last, "")


def test_a_change_of_something_that_is_not_carried_is_named(course: Path) -> None:
    assert scenario_complaint(course, "{trust: Warmer.}", "{turst: Warmer.}").endswith(
        'choice 3, "changes": "turst" is not known here. Did you mean "trust"?'
    )


def test_a_source_that_is_not_listed_is_named(course: Path) -> None:
    assert scenario_complaint(course, "sources: [arnstein-1969]", "sources: [arnstein-1996]") == (
        'data/scenarios.yml, "the-last-box", "sources": "arnstein-1996" is not known here. '
        'Did you mean "arnstein-1969"?'
    )


def test_a_gentler_twin_that_is_not_there_is_named(course: Path) -> None:
    message = scenario_complaint(course, "  repair: mend", "  repair: mend\n  gentler: the-last-cup")
    assert '"the-last-box", "gentler": "the-last-cup" is not known here.' in message


def test_a_scenario_is_not_its_own_gentler_twin(course: Path) -> None:
    message = scenario_complaint(course, "  repair: mend", "  repair: mend\n  gentler: the-last-box")
    assert '"gentler": "the-last-box" is not known here.' in message


def test_a_story_says_who_you_are_who_is_in_it_and_how_each_way_ends(course: Path) -> None:
    story = stories.scenario("the-last-box", course)
    assert (story.you, story.cast) == ("participant", ("bev",))
    assert [choice.ends for choice in story.steps[0].choices] == ["", "", "open"]
    assert story.endings == {"open"}, "the repair's own, and no others"


def test_a_story_of_an_authors_own_may_say_nothing_of_that(course: Path) -> None:
    file = course / "data" / "scenarios.yml"
    text = file.read_text("utf-8")
    plain = re.sub(r"^ +ends: \w+\n|^  you: \w+\n|^  cast: .*\n| ends: \w+,", "", text, flags=re.MULTILINE)
    file.write_text(plain, "utf-8")
    story = stories.scenario("the-last-box", course)
    assert (story.you, story.cast, story.endings) == ("", (), frozenset())
    file.write_text(re.sub(r"^  you: \w+\n|^  cast: .*\n", "", text, flags=re.MULTILINE), "utf-8")
    with pytest.raises(AlongsideError, match="is for a story that says who"):
        stories.scenario("the-last-box", course)


def test_each_way_through_a_story_is_told(course: Path) -> None:
    story = stories.scenario("the-last-box", course)
    ways = story.ways()
    assert sorted("-".join(choice.id for choice in way.choices) for way in ways) == [
        "ask", "give-call", "give-close", "give-stay", "wait-call", "wait-close", "wait-stay",
    ]  # fmt: skip
    (ask,) = [way for way in ways if len(way.choices) == 1]
    assert ask.texts == ["Two people ask.", "Wait", "Give", "Ask", "They talk.", "Time."]
    assert len(story.ways("mend")) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  you: participant\n", "", '"the-last-box": "you" is missing; add it.'),
        ("  cast: [bev]\n", "", '"the-last-box": "cast" is missing; add it.'),
        ("you: participant", "you: client", '"you": "client" is not known here.'),
        ("cast: [bev]", "cast: [beth]", '"cast": "beth" is not known here. Did you mean "bev"?'),
        ("ends: open, ", "", '"first", choice 3: "ends" is missing; write better, open or worse'),
        ("id: wait, ", "id: wait, ends: open, ",
         '"first", choice 1: "ends" is for a choice whose next is end, and this one goes on to second'),
        ("ends: better", "ends: well", 'choice 3, "ends": "well" is not known here.'),
    ],
)  # fmt: skip
def test_a_story_that_leaves_out_who_or_how_it_ends_is_told_so(
    course: Path, old: str, new: str, says: str
) -> None:
    assert says in scenario_complaint(course, old, new)


def test_stories_without_a_cast_need_no_file_of_people(course: Path) -> None:
    (course / "data" / "cast.yml").unlink()
    assert complaint(stories.scenarios, course).startswith("data/cast.yml: it is not in ")
    change(course, "data/scenarios.yml", "cast: [bev]", "cast: []")
    assert stories.scenario("the-last-box", course).cast == ()


# --- sources, words, terms, survey questions, and what a program writes ----------------------------


def test_a_source_is_read_whole(course: Path) -> None:
    source = references.sources(course)["arnstein-1969"]
    assert (source.year, source.doi, source.url) == ("1969", "10.1000/example", "")
    assert source.address == "https://doi.org/10.1000/example"


def test_a_source_without_doi_and_url_is_named(course: Path) -> None:
    change(course, "data/sources.yml", "  doi: 10.1000/example\n", "")
    assert complaint(references.sources, course) == (
        'data/sources.yml, "arnstein-1969": "doi" or "url" is missing; add one, or write "url: not shown".'
    )


def test_a_source_may_say_that_no_address_was_seen(course: Path) -> None:
    change(course, "data/sources.yml", "doi: 10.1000/example", "url: not shown")
    assert references.sources(course)["arnstein-1969"].address == ""


def test_a_source_of_which_neither_authors_nor_title_were_seen_is_called_what_it_is(course: Path) -> None:
    file = "data/sources.yml"
    change(
        course,
        file,
        "title: A Ladder of Citizen Participation",
        "title: (title not shown; an article on ladders)",
    )
    change(course, file, "authors: Arnstein, S. R.", "authors: not shown")
    assert 'add "called"' in complaint(references.sources, course)
    change(course, file, "  year: 1969", "  called: City Post\n  year: 1969")
    source = references.sources(course)["arnstein-1969"]
    assert (source.short, source.note) == ("City Post 1969", "an article on ladders")
    change(course, file, "authors: not shown", "authors: Arnstein, S. R.")
    assert '"called" is for a source without authors and title' in complaint(references.sources, course)


def test_two_sources_that_a_text_would_name_alike_are_called_apart(course: Path) -> None:
    file = course / "data" / "sources.yml"
    first = file.read_text(encoding="utf-8")
    second = first.replace("arnstein-1969", "arnstein-1969-again").replace("A Ladder", "Another ladder")
    file.write_text(first + second, encoding="utf-8")
    said = complaint(references.sources, course)
    assert (
        '"arnstein-1969-again": texts name it "Arnstein 1969", as they name "arnstein-1969"; add "called"'
        in said
    )
    file.write_text(first + second + "  called: Arnstein again\n", encoding="utf-8")
    names = [source.short for source in references.sources(course).values()]
    assert names == ["Arnstein 1969", "Arnstein again 1969"]
    file.write_text(first + "  called: Arnstein again\n", encoding="utf-8")
    assert "this is neither; take it out" in complaint(references.sources, course)


def test_a_note_in_the_margin_says_more_than_the_mark_in_the_text(course: Path) -> None:
    assert references.sources(course)["arnstein-1969"].note == "A Ladder of Citizen Participation"
    change(course, "data/sources.yml", "authors: Arnstein, S. R.", "authors: not shown")
    source = references.sources(course)["arnstein-1969"]
    assert (source.short, source.note) == ("A Ladder of Citizen Participation 1969", "")


@pytest.mark.parametrize("line", ["doi: https://doi.org/10.1000/example", "url: www.example.org"])
def test_an_address_of_the_wrong_form_is_named(course: Path, line: str) -> None:
    change(course, "data/sources.yml", "doi: 10.1000/example", line)
    name = line.split(":")[0]
    assert f'data/sources.yml, "arnstein-1969", "{name}": expected it to begin with' in complaint(
        references.sources, course
    )


def test_words_are_a_list(course: Path) -> None:
    (word,) = references.words_to_avoid(course)
    assert word.avoid == ("user",)
    assert word.allowed_in == ("quotation",)


def test_words_that_are_no_list_say_so(course: Path) -> None:
    (course / "data" / "words.yml").write_text("avoid: user\n", encoding="utf-8")
    assert complaint(references.words_to_avoid, course) == (
        "data/words.yml: expected a list of entries, but found entries with names; begin each with a dash."
    )


def test_a_word_that_is_allowed_in_an_unknown_place_is_named(course: Path) -> None:
    change(course, "data/words.yml", "[quotation]", "[quotes]")
    assert complaint(references.words_to_avoid, course).startswith(
        'data/words.yml, entry 1, "allowed_in": "quotes" is not known here.'
    )


def test_terms_come_by_their_word(course: Path) -> None:
    assert references.glossary(course)["stigma"].first_in == "05-share-power"


def test_a_term_without_a_meaning_is_named(course: Path) -> None:
    change(course, "data/glossary.yml", "means: A mark., ", "")
    assert (
        complaint(references.glossary, course) == 'data/glossary.yml, "stigma": "means" is missing; add it.'
    )


def test_what_a_program_wrote_is_read_and_an_emptied_field_is_empty(course: Path) -> None:
    change(course, "data/here.yml", 'naloxone: ""', "naloxone:")
    here = references.here(course)
    assert here.hours == "10 to 4"
    assert here.naloxone == ""


def test_the_people_of_the_stories_come_by_key(course: Path) -> None:
    sol, bev = references.cast(course).values()
    assert (sol.key, sol.name, sol.role, sol.wants) == ("sol", "Sol", "participant", "A chair by the window.")
    assert (bev.talks, bev.first_in) == ("Too fast.", "06-cultivate-leadership")


def test_an_opening_says_what_a_program_wrote_and_promises_nothing_where_it_wrote_nothing(
    course: Path,
) -> None:
    opening = references.opening(course)
    assert (opening.minutes, opening.reviewed_by) == (3, ())
    here = references.here(course)
    passing, stays = opening.lines
    assert passing.said(here) == "Passing is fine."
    assert stays.said(here) == "We don't know what must be passed on here, so tell nothing private."
    change(course, "data/here.yml", 'must_pass_on: ""', 'must_pass_on: "that {a child} is hurt."')
    assert stays.said(references.here(course)) == (
        "What is said here stays, except for this: that {a child} is hurt."
    )


def test_a_care_card_names_who_responds_and_where_each_line_comes_from(course: Path) -> None:
    shouts, films = references.care(course).lines
    here = references.here(course)
    assert (shouts.done(here), shouts.source) == ("Ask the shift lead to come.", "practitioners")
    assert (films.when, films.done(here), films.source) == ("Somebody films.", "Stop.", "arnstein-1969")
    change(course, "data/here.yml", "responds: the shift lead", "responds:")
    assert shouts.done(references.here(course)) == "Ask for help."


def test_what_people_say_leads_to_a_practice_and_its_lessons(course: Path) -> None:
    (need,) = references.needs(course)
    assert (need.says, need.practice) == ("Nobody asks us.", "share-power")
    assert need.lessons == ("05-share-power", "11-be-transparent")


@pytest.mark.parametrize(
    ("read", "file", "old", "new", "says"),
    [
        (references.cast, "cast", "name: Bev", "name: sol", 'data/cast.yml, "bev": "sol" is called sol too'),
        (references.cast, "cast", "  talks: Too fast.\n", "", 'data/cast.yml, "bev": "talks" is missing; add it.'),
        (references.cast, "cast", "06-cultivate-leadership", "06-lead", '"first_in": "06-lead" is not known here.'),
        (references.opening, "opening", "{must_pass_on}", "{must_pass}", '"say": "must_pass" is not known here.'),
        (references.opening, "opening", "    otherwise: We don't know what must be passed on here, so tell nothing "
         "private.\n", "", 'opening 2, "say": it says {must_pass_on}, which may be empty in data/here.yml'),
        (references.opening, "opening", "{say: Passing is fine., ", "{say: Passing is fine., otherwise: Or not., ",
         'opening 1: "otherwise" is said where a name in curly brackets is still empty, and "say" has none'),
        (references.opening, "opening", "minutes: 2", "minutes: two", '"minutes": expected a whole number'),
        (references.opening, "opening", "reviewed_by: []", "", 'data/opening.yml: "reviewed_by" is missing; add it.'),
        (references.care, "care", "source: arnstein-1969", "source: arnstein-1970",
         'care 2, "source": "arnstein-1970" is not known here. Did you mean "arnstein-1969"?'),
        (references.care, "care", "when: Somebody films., ", "", 'data/care.yml, care 2: "when" is missing; add it.'),
        (references.needs, "needs", "practice: share-power", "practice: P2", '"practice": "P2" is not known here.'),
        (references.needs, "needs", "[05-share-power, ", "[05-share, ", '"lessons": "05-share" is not known here.'),
        (references.needs, "needs", "[05-share-power, 11-be-transparent]", "[]", '"lessons": expected one entry or more'),
        (references.needs, "needs", "- {says", "- {says: Still., practice: share-power, lessons: [05-share-power]}\n- {says",
         'data/needs.yml, entry 2: another entry is about "share-power" already'),
        (references.here, "here", 'naloxone: ""\n', "", 'data/here.yml: "naloxone" is missing; add it.'),
        (references.here, "here", "responds: the", "respond: the", '"respond" is not known here. Did you mean "responds"?'),
    ],
)  # fmt: skip
def test_what_can_not_be_used_of_these_is_one_sentence(
    course: Path, read: Callable[..., object], file: str, old: str, new: str, says: str
) -> None:
    change(course, f"data/{file}.yml", old, new)
    assert says in complaint(read, course)


def test_a_file_that_a_program_wrote_before_there_were_more_fields_is_read(course: Path) -> None:
    path = course / "data" / "here.yml"
    path.write_text(path.read_text(encoding="utf-8").partition("responds")[0], encoding="utf-8")
    here = references.here(course)
    assert (here.hours, here.responds, here.must_pass_on) == ("10 to 4", "", "")


def test_hours_without_quotation_marks_ask_for_them(course: Path) -> None:
    change(course, "data/here.yml", 'hours: "10 to 4"', "hours: 24")
    assert complaint(references.here, course) == (
        'data/here.yml, line 3, "hours": expected text, but found the number 24; put quotation marks around it.'
    )


def test_survey_questions_come_by_key_whatever_else_the_codebook_holds(course: Path) -> None:
    item = references.survey_items("survey-staff.yml", course)["share_power_1"]
    assert item.practice == "share-power"
    assert item.text.startswith("In the last month")


def test_a_survey_question_of_an_unknown_practice_is_named(course: Path) -> None:
    change(course, "data/survey-staff.yml", "practice: share-power", "practice: share_power")
    assert complaint(references.survey_items, "survey-staff.yml", course) == (
        'data/survey-staff.yml, items, "share_power_1", "practice": "share_power" is not known here. '
        'Did you mean "share-power"?'
    )


# --- the files as shipped ------------------------------------------------------------------------


def test_every_shipped_file_of_data_can_be_read() -> None:
    assert references.sources()
    assert references.words_to_avoid()
    assert references.glossary()
    assert stories.scenarios()
    assert references.survey_items()


def test_nothing_is_written_for_a_program_as_shipped() -> None:
    written = dataclasses.asdict(references.here())
    assert len(written) == 9
    assert set(written.values()) == {""}


def test_each_avoided_expression_stands_once() -> None:
    expressions = [expression.lower() for word in references.words_to_avoid() for expression in word.avoid]
    assert len(expressions) == len(set(expressions))


@pytest.mark.parametrize("text", ['broken: "no end\n', "bell: \a\n", "other: 2024-13-45\n"])
def test_what_yaml_refuses_in_whatever_way_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "here.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AlongsideError, match=r"here\.yml.*YAML"):
        read_entries(path)
