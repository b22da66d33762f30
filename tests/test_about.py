"""The pages about the course: made of prose and of lists that can't fall behind the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from alongside.course import about
from alongside.course.lesson import exercises, lessons
from alongside.course.plain import plain_text, reading_grade, sentences, to_avoid, too_long, words
from alongside.course.references import glossary, sources, words_to_avoid
from alongside.course.scenarios import scenarios
from alongside.errors import AlongsideError

PROSE = sorted((ROOT / "data" / "about").glob("*.md"))


def text_of(name: str) -> str:
    return next(one.text for one in about.pages() if one.name == name)


def test_every_file_of_prose_is_a_page_and_every_page_has_its_prose() -> None:
    assert sorted(path.stem for path in PROSE) == sorted(
        (about.HOME, about.SEARCH, *about.NAMES, *about.MORE)
    )


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_a_page_about_the_course_is_as_plain_as_a_lesson(path: Path) -> None:
    text = plain_text(path.read_text(encoding="utf-8"))
    assert len(words(text)) > 30
    assert reading_grade(text) <= 8
    assert too_long([text]) == []
    assert [one for one in sentences(text) if to_avoid(one, words_to_avoid())] == []


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_a_page_about_the_course_cites_known_sources_and_links_to_pages_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    keys = re.findall(r"\[([a-z0-9]+(?:-[a-z0-9]+)+)\](?!\()", text)
    assert [key for key in keys if key not in sources()] == []
    lessons = re.findall(r"\]\(\.\./notebooks/([\w-]+)\.ipynb\)", text)
    assert [name for name in lessons if not (ROOT / "notebooks" / f"{name}.ipynb").is_file()] == []


def test_the_page_of_words_has_every_term_and_where_it_comes_first() -> None:
    text = text_of("glossary")
    terms = glossary().values()
    assert len(terms) > 10
    for term in terms:
        assert f">{term.term}</strong>: {term.means}" in text
        assert f"(../notebooks/{term.first_in}.ipynb)" in text


def test_the_page_of_sources_has_every_source_with_its_limits() -> None:
    text = text_of("sources")
    assert len(sources()) > 50
    for key, source in sources().items():
        assert f'<li id="{key}">' in text
        assert text.count("Its limits: ") == len(sources()), source.key


def test_every_source_is_used_in_a_lesson_an_exercise_a_story_or_a_page() -> None:
    files = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*.ipynb"), *PROSE]
    assert len(files) > 20
    said = "".join(path.read_text(encoding="utf-8") for path in files)
    told = {key for story in scenarios().values() for key in story.sources}
    unused = [key for key in sources() if f"[{key}]" not in said and key not in told]
    assert unused == []


def test_the_page_of_reviews_names_every_lesson_and_says_when_nobody_reviewed_it() -> None:
    text = text_of("who-wrote-this")
    for one in (*lessons(), *exercises()):
        who = ", ".join(one.reviewed_by) or "no one with lived experience yet"
        assert f"{one.title}: {who}" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Words\n", "its first line is not its title"),
        ("# Words\n\n<!-- glosary -->\n", 'Did you mean "glossary"?'),
    ],
)
def test_a_page_that_cannot_be_made_says_why_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    for path in PROSE:
        (tmp_path / path.name).write_text("# Title\n", encoding="utf-8")
    (tmp_path / "glossary.md").write_text(text, encoding="utf-8")
    with pytest.raises(AlongsideError) as raised:
        assert [one.text for one in about.pages(tmp_path)] == []
    assert said in str(raised.value)
    assert "data/about/glossary.md" in str(raised.value)
