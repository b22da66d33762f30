"""The survey's tools for lessons 21 and 22: the same work as on the command line, with controls for it in a page.

Each tool is one line in a cell. What it shows or holds is a codebook, headings, a path that was typed, or what
:func:`alongside.survey.release` gave; never an answer, nor anything that an answer decides beyond that.

What controls there are, and how they speak, is in ``controls.py``; the questionnaire's tool is in ``writing_desk.py``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from alongside.course import lesson as lessons
from alongside.course.place import ROOT, SITE, VOILA, Surface
from alongside.errors import AlongsideError
from alongside.survey import controls as ui
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.controls import Tool
from alongside.survey.mending import Mending
from alongside.survey.read import exports, taken
from alongside.words import say

if TYPE_CHECKING:
    from alongside.survey.rules.disclosure import Release

__all__ = ["survey_changes", "survey_report"]

GUIDE = "21-survey-read"


# --- lesson 21 ---------------------------------------------------------------------------------------


def survey_report() -> Tool:
    """Match an export's headings by looking, see what may be shown, and save the report."""
    which = ui.choice(say("desk.answers"), practice())
    answers, codebook, sheet = (
        ui.line(say("desk.path_of_answers")),
        ui.line(say("desk.path_of_codebook")),
        ui.line(say("desk.sheet_of_file")),
    )
    headings, shown, by, grouped = ui.html(), ui.html(), ui.dropdown(say("desk.groups"), []), ui.html()
    groups = w.VBox([])
    to = ui.line(say("desk.folder_for_report"), "surveys/report")
    held: list[tuple[Release, Codebook]] = []  # what is on the page, so that what is saved is the same

    def source() -> _Source:
        if which.value != say("desk.our_own"):
            return practice()[str(which.value)]
        return _Source(
            ui.path(answers.value, answers.description),
            ui.path(codebook.value, codebook.description),
            sheet.value.strip() or None,
        )

    def look() -> str:
        put_away()
        headings.value = ""
        clear()
        found = source().taken()
        headings.value = _taken(found)
        if which.value == say("desk.our_own"):
            lacking = {one.text for one in found.questions if not one.headings}
            mending.show(source().codebook, found.free, lacking)
        if found.problem:
            raise AlongsideError(found.problem)
        return say("desk.each_has_its_heading")

    def look_again() -> None:
        """What was mended changes what was taken for what, and nothing that was shown before holds any more."""
        said.value = ui.outcome(look)

    def show() -> str:
        put_away()
        clear()
        release, book = source().previewed()
        shown.value = _released(release, book)
        by.options = [(one.text, key) for key, one in book.about.items() if key in _shown_groups(release)]
        if by.options:
            by.index, groups.children = 0, offered
        held.append((release, book))
        return say("desk.shown_below") if release.to_dict()["tables"] else say("desk.too_little")

    def show_groups() -> str:
        release, book = what_is_shown()
        grouped.value = _by_group(release, book, str(by.value))
        return say("desk.groups_below")

    def clear() -> None:
        held.clear()
        shown.value = grouped.value = ""
        groups.children, by.options = (), []

    def outdated(_: object) -> None:
        """Of another file: what stands here holds no more, and is gone with the next press."""
        held.clear()
        old.hide()

    def begin_anew(_: object = None) -> None:
        headings.value = said.value = shown_said.value = released.value = ""
        mending.hide()
        clear()
        old.show()

    def put_away() -> None:
        if old.hidden:
            begin_anew()

    def what_is_shown() -> tuple[Release, Codebook]:
        if not held:
            raise AlongsideError(say("desk.nothing_shown_yet"))
        return held[0]

    def release_it() -> str:
        from alongside.survey.rules import releases
        from alongside.survey.show import report

        put_away()
        (release, book), folder = what_is_shown(), ui.new_path(to)
        report.report(release, book, folder, just_before=lambda: releases.remember(release, book))
        return say("desk.report_is_in", folder=to.value.strip())

    mending = Mending(look_again)
    looking, said = ui.button(say("desk.look"), look, say("desk.reading_headings"))
    offered = (by, *ui.button(say("desk.show_groups"), show_groups, say("desk.drawing")), grouped)
    showing, shown_said = ui.button(say("desk.show"), show, say("desk.working_out"))
    releasing, released = ui.button(say("desk.release"), release_it, say("desk.drawing_report"))
    old = ui.Shown(said, headings, mending.view, shown_said, shown, groups, released)
    which.observe(begin_anew, "value")
    for box in (answers, codebook, sheet):
        box.observe(outdated, "value")
    return ui.tool(
        [
            which, *ui.only_for(which, answers, codebook, sheet),
            _step(say("desk.head_look"), say("desk.why_look")), looking, said, headings, mending.view,
            _step(say("desk.head_show"), say("desk.why_show")),
            showing, shown_said, shown, groups,
            _step(say("desk.head_release"), "" if ui.hosted() else say("desk.remembered")),
            to, releasing, released,
        ],
        _report_page,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Source:
    """An export and its codebook. ``rows``: of an invented file only the first rows, where not None."""

    answers: Path
    codebook: Path
    sheet: str | None = None
    rows: int | None = None

    def book(self) -> Codebook:
        """The codebook. Invented answers need no memory of releases, and leave none beside their codebook."""
        book = load(self.codebook)
        return replace(book, path=None) if self in (*practice().values(), *WAVES) else book

    def taken(self) -> taken.Taken:
        return taken.taken(self.answers, self.book(), self.sheet)[0]

    def previewed(self) -> tuple[Release, Codebook]:
        """What would be shown, for the owner alone: nothing is remembered, and nothing is written for others."""
        from alongside.survey.rules.disclosure import release

        book = self.book()
        return release(self._read(book)), book

    def _read(self, book: Codebook) -> Any:
        if self.rows is None:
            return exports.read(self.answers, book, sheet=self.sheet)
        with tempfile.TemporaryDirectory() as folder:
            lines = self.answers.read_text(encoding="utf-8-sig").splitlines(keepends=True)
            few = Path(folder, self.answers.name)
            few.write_text("".join(lines[: self.rows + 1]), encoding="utf-8")
            return exports.read(few, book)


def _data(name: str) -> Path:
    return ROOT / "data" / name


def _practice(answers: str, codebook: str, rows: int | None = None) -> _Source:
    return _Source(_data(f"practice/{answers}"), _data(f"practice/{codebook}"), rows=rows)


_14 = ("invented-14-people.csv", "codebook-14-people.yml")
_60 = _practice("invented-60-people-spring.csv", "codebook-60-people-spring.yml")
_400 = ("invented-network-of-400.xlsx", "codebook-network-of-400.yml")
WAVES = (_60, _practice("invented-60-people-fall.csv", "codebook-60-people-fall.yml"))


def practice() -> dict[str, _Source]:
    """The invented answers that come with the course, under the words that they are chosen by."""
    return {
        say("desk.practice_of", count=60): _60,
        say("desk.practice_of", count=14): _practice(*_14),
        say("desk.practice_of", count=8): _practice(*_14, rows=8),
        say("desk.practice_network", count=400): _practice(*_400),
    }


def _step(head: str, told: str) -> w.HTML:
    return ui.html(f"<h3>{escape(head)}</h3>" + (f"<p>{escape(told)}</p>" if told else ""))


def _taken(found: taken.Taken) -> str:
    """What was taken for what, to look at: headings, codes, rows and columns, and never a cell."""
    if found.problem and not any(one.headings for one in found.questions):
        raise AlongsideError(found.problem)  # the first row may be somebody's answers
    heads = (say("desk.question"), say("desk.heading_in_file"))
    shown = ui.table(say("desk.headings"), heads, [(one.text, _heading_of(one)) for one in found.questions])
    if found.codes:
        means = [
            (one.code, say("desk.means_of", means=one.means, text=one.of) if one.of else one.means)
            for one in found.codes
        ]
        shown += ui.table(say("desk.codes"), (say("desk.code"), say("desk.means")), means)
    else:
        shown += f"<p>{say('check.no_codes')}</p>"
    if others := [*taken.counted_otherwise(found)]:
        shown += f"<p>{escape(others[0])}</p>{ui.bullets(others[1:])}"
    if rows := [*taken.rows(found), *taken.another_answers(found)]:
        shown += f"<h4>{say('desk.people_and_rows')}</h4>{ui.bullets(rows)}"
    if found.dropped:
        shown += ui.table(say("desk.left_out"), (say("desk.heading"), say("desk.why")), found.dropped)
    return shown


def _heading_of(one: taken.Question) -> str:
    if one.headings:
        return " + ".join(one.headings)
    none = say("desk.no_heading")
    return f"{none}. {say('read.is_it', heading=one.near)}" if one.near else none


def _released(release: Release, codebook: Codebook) -> str:
    """What may be shown of everyone together, or kind words where it is too little."""
    from alongside.survey.show import report

    tables = release.to_dict()
    if not tables["tables"]:
        guide = ui.link("exercises", GUIDE, say("desk.guide"))
        told = f"<h3>{say('desk.too_few')}</h3><p>{say('desk.so_few', guide=guide)}</p>"
        return told + _for_you(release)
    return ui.demoted(report.excerpt(release, codebook)) + _lessons(tables, codebook) + _for_you(release)


def _of_everyone(tables: Mapping[str, Any]) -> list[Any]:
    return [one for one in tables["tables"] if one["by"] is None]


def _shown_groups(release: Release) -> set[str]:
    return {one["by"] for one in release.to_dict()["tables"] if one["by"]}


def _by_group(release: Release, codebook: Codebook, key: str) -> str:
    from alongside.survey.show import charts

    measures = [one["measure"] for one in release.to_dict()["tables"] if one["by"] == key]
    pictures = (charts.dots(release, codebook, by=key, measure=measure).html() for measure in measures)
    return f"<h3>{escape(codebook.about[key].text)}</h3>{''.join(pictures)}"


def _for_you(release: Release) -> str:
    """For the survey owner: what was left out, by kind and by heading."""
    rows = release.notes["rows"]
    left = [(one["column"], one["why"]) for one in release.notes["columns_dropped"]]
    kinds = {kind: rows[kind] for kind in ("blank", "test", "partial")}
    heads = (say("desk.heading"), say("desk.why"))
    told = f"<p>{say('desk.rows_left_out', **kinds)}</p>"
    for kind, key in (("unusable", "commands.rows_unusable"), ("repeated", "commands.rows_repeated")):
        told += f"<p>{say(key, count=rows[kind])}</p>" if rows.get(kind) else ""
    told += "".join(f"<p>{escape(one)}</p>" for one in release.notes.get("told", ()))
    told += ui.table(say("desk.columns_left_out"), heads, left) if left else ""
    return ui.folded(say("desk.for_you_alone"), told)


def _lessons(tables: Mapping[str, Any], codebook: Codebook, surface: Surface = VOILA) -> str:
    """A link from each practice that is shown to the lesson that asks its questions, or has its name."""
    shown = {one["measure"] for one in _of_everyone(tables)}
    found: dict[str, lessons.Lesson] = {}
    for lesson in lessons.lessons():
        own = {codebook.items[key].practice for key in lesson.survey if key in codebook.items}
        own |= {key for key in codebook.practices if lesson.name == f"{lesson.number:02d}-{key}"}
        for key in own & shown:
            found.setdefault(key, lesson)
    links = []
    for key, name in codebook.practices.items():
        if key in found:
            words = say("desk.lesson", number=found[key].number, title=found[key].title)
            link = ui.link("notebooks", found[key].name, words, surface)
            links.append(f"<li>{say('desk.practice_and_lesson', practice=escape(name), lesson=link)}</li>")
    return f"<h3>{say('desk.lessons')}</h3><ul>{''.join(links)}</ul>" if links else ""


# --- lesson 22 ---------------------------------------------------------------------------------------


def survey_changes() -> Tool:
    """Compare two waves, from what was shown of each."""
    from alongside.survey.show import waves

    which = ui.choice(say("desk.two_waves"), [say("desk.practice_waves", count=60)])
    earlier, later = ui.line(say("desk.earlier_report")), ui.line(say("desk.later_report"))
    shown, to = ui.html(), ui.line(say("desk.folder_for_comparison"), "surveys/changes")

    def folders() -> tuple[Path, Path]:
        return ui.path(earlier.value, earlier.description), ui.path(later.value, later.description)

    def compare() -> str:
        put_away()
        if which.value == say("desk.our_own"):
            with tempfile.TemporaryDirectory() as aside:  # it refuses two folders that don't belong together
                waves.compare(*folders(), Path(aside))
            shown.value = _compared(*map(waves.read, folders()))
        else:
            shown.value = _compared(*_practice_waves())
        return say("desk.compared_below")

    def put_away(_: object = None) -> None:
        shown.value = compared.value = saved.value = ""
        old.show()

    def save() -> str:
        if old.hidden:
            put_away()
        if which.value == say("desk.our_own"):
            waves.compare(*folders(), ui.new_path(to))
        else:
            with tempfile.TemporaryDirectory() as aside:
                waves.compare(*_practice_reports(Path(aside)), ui.new_path(to))
        return say("desk.comparison_is_in", folder=to.value.strip())

    comparing, compared = ui.button(say("desk.compare"), compare, say("desk.comparing"))
    saving, saved = ui.button(say("desk.save_comparison"), save, say("desk.comparing"))
    old = ui.Shown(compared, shown, saved)
    which.observe(put_away, "value")
    for box in (earlier, later):
        box.observe(lambda _: old.hide(), "value")
    return ui.tool(
        [
            which, *ui.only_for(which, earlier, later),
            comparing, compared, shown,
            to, saving, saved,
        ],
        _changes_page,
    )  # fmt: skip


def _practice_waves() -> list[Any]:
    from alongside.survey.show import waves

    return [waves.wave(source.previewed()[0].to_dict()) for source in WAVES]


def _practice_reports(aside: Path) -> tuple[Path, Path]:
    from alongside.survey.show import report

    for number, wave in enumerate(WAVES):
        report.report(*wave.previewed(), aside / str(number))
    return aside / "0", aside / "1"


def _compared(before: Any, after: Any) -> str:
    """The comparison's page without its frame. ``before``, ``after``: two waves as ``waves`` reads them."""
    from alongside.survey.show import waves

    return ui.demoted(waves.excerpt(before, after))


# --- without a program behind the page ---------------------------------------------------------------


def _report_page() -> str:
    return ui.alone(
        say("desk.report_needs"),
        "alongside survey report surveys/answers.csv --codebook surveys/our-survey.yml --to surveys/report",
        _report_example,
    )


def _report_example() -> str:
    """One picture of three practices: a page for a slow phone has no room for more."""
    from alongside.survey.rules.disclosure import release
    from alongside.survey.show import charts

    book = _60.book()
    practices = dict(list(book.practices.items())[:3])
    items = {key: item for key, item in book.items.items() if item.practice in practices}
    book = replace(book, practices=practices, items=items)
    shown = release(exports.read(_60.answers, book))
    return (
        f"<h3>{say('desk.example_report', count=60)}</h3>"
        + charts.dots(shown, book).html()
        + _lessons(shown.to_dict(), book, SITE)
    )


def _changes_page() -> str:
    return ui.alone(
        say("desk.changes_need"),
        "alongside survey compare surveys/report-spring surveys/report-fall --to surveys/changes",
        lambda: f"<h3>{say('desk.example_changes')}</h3>{_compared(*_practice_waves())}",
    )
