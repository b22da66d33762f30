"""The survey's tools for lessons 20 to 22: the same work as on the command line, with controls for it in a page.

Each tool is one line in a cell. What it shows or holds is a codebook, headings, a path that was typed, or what
:func:`alongside.survey.release` gave; never an answer, nor anything that an answer decides beyond that.

An exception in a control's callback would be swallowed, so each ends as a sentence beside its button. Controls are
those of ipywidgets that have a name and work by keyboard; what folds is a ``<details>``. On a hosted machine, which
is no place for a real export, only the practice answers are offered.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from alongside.course import lesson as lessons
from alongside.course.place import ON_A_SITE, ROOT, SITE, VOILA, Surface
from alongside.errors import AlongsideError
from alongside.survey import commands
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.read import exports, taken
from alongside.words import say

if TYPE_CHECKING:
    from alongside.survey.rules.disclosure import Release

__all__ = ["Tool", "survey_changes", "survey_form", "survey_report"]

VIEW = "application/vnd.jupyter.widget-view+json"
HOSTS = (
    "BINDER_LAUNCH_HOST", "BINDER_SERVICE_HOST", "BINDER_REF_URL", "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_PREFIX",
    "CODESPACES", "GITPOD_WORKSPACE_ID", "COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE", "DEEPNOTE_PROJECT_ID",
)  # fmt: skip
"""Where one of these is in the environment, somebody else's machine runs this."""

GUIDE = "21-survey-read"

STYLE = """<style>
.alongside-desk { margin: 1rem 0; padding: .5rem 1rem; border: 1px solid var(--line, #767676); border-radius: 10px;
  font: inherit; overflow: visible; }
.alongside-desk .widget-inline-hbox, .alongside-desk .widget-html { display: block; width: auto; height: auto;
  margin: .5rem 0; overflow: visible; }
.alongside-desk .widget-label, .alongside-desk .widget-html-content { display: block; width: auto; height: auto;
  max-width: none; font-size: inherit; line-height: 1.5; text-align: left; white-space: normal; overflow: visible;
  color: inherit; align-self: auto; }
.alongside-desk .widget-html > .widget-label { display: none; }
.alongside-desk input[type="text"], .alongside-desk select { box-sizing: border-box; width: 100%; min-height: 44px;
  height: auto; padding: .4rem .6rem; border: 1px solid #767676; border-radius: 6px; font: inherit;
  color: var(--ink, var(--jp-ui-font-color1, #222)); background-color: var(--card, var(--jp-layout-color1, #fff)); }
.alongside-desk .jupyter-button { width: auto; height: auto; min-height: 44px; margin: .5rem 0; padding: .5rem 1rem;
  border: 1px solid #767676; border-radius: 8px; font: inherit; white-space: normal; text-align: left;
  color: var(--ink, var(--jp-ui-font-color1, #222)); background: var(--card, var(--jp-layout-color1, #fff)); }
.alongside-desk :focus-visible { outline: 3px solid var(--accent, #01665e); outline-offset: 2px; }
.alongside-desk table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .97em; }
.alongside-desk th, .alongside-desk td { text-align: left; vertical-align: top; padding: .3rem .4rem;
  border-bottom: 1px solid #767676; overflow-wrap: normal; -webkit-hyphens: none; hyphens: none; white-space: normal; }
.alongside-desk .al-long { overflow-wrap: anywhere; }
.alongside-desk .al-scroll { overflow-x: auto; }
@media (max-width: 30rem) {
  .alongside-desk { padding: .5rem; }
  .alongside-desk table { font-size: .8rem; }
  .alongside-desk th, .alongside-desk td { padding: .3rem .2rem; }
}
.alongside-desk th[scope="row"] { font-weight: 400; }
.alongside-desk caption { text-align: left; font-weight: 600; padding: .3rem 0; }
.alongside-desk figure { margin: 1rem 0; }
.alongside-desk img { display: block; width: 100%; max-width: 34rem; height: auto; background: #fff; }
.alongside-desk .al-line { display: inline-block; width: 6rem; max-width: 100%; height: auto; vertical-align: middle; }
.alongside-desk .al-line path { fill: none; stroke: currentColor; stroke-width: 3; }
.alongside-desk .al-line .al-rule { stroke-width: .6; }
.alongside-desk .al-line circle { fill: currentColor; }
.alongside-desk summary { min-height: 44px; padding: .6rem 0; cursor: pointer; }
.alongside-desk pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.alongside-desk h3, .alongside-desk h4 { line-height: 1.3; margin: 1.25rem 0 .35rem; }
.alongside-desk [role="alert"] { border: 2px solid currentColor; border-radius: 8px; padding: .5rem .75rem; }
</style>"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Tool:
    """A tool that shows itself as a cell's last line: controls where a program runs, else ``page()``."""

    view: w.VBox
    page: Callable[[], str]

    def __repr__(self) -> str:
        return say("desk.only_text")

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        shown = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        return {"text/plain": repr(self), VIEW: shown, "text/html": self.page()}


# --- lesson 20 ---------------------------------------------------------------------------------------


def survey_form() -> Tool:
    """See a codebook's questions, make the questionnaire, and draft a codebook from an export's headings."""
    which, path = _choice(say("desk.questions"), questions()), _line(say("desk.path_of_our_codebook"))
    seen, to = _html(), _line(say("desk.folder_for_questionnaire"), "surveys/questionnaire")

    def chosen() -> Path:
        if which.value == say("desk.our_own"):
            return _path(path.value, path.description)
        return _data(questions()[str(which.value)])

    def see() -> str:
        codebook = load(chosen())
        seen.value = _questions(codebook)
        return say("desk.questions_are_below", count=len(codebook.items))

    def make() -> str:
        return commands.write_form(chosen(), _new(to), lambda _: None)

    parts: list[w.Widget] = [
        which, *_only_for(which, path), *_button(say("desk.see_questions"), see), seen,
        to, *_button(say("desk.make_questionnaire"), make, say("desk.setting_pages")),
    ]  # fmt: skip
    return _tool(parts + ([] if _hosted() else _drafting()), _form_page)


def _drafting() -> list[w.Widget]:
    answers, sheet = _line(say("desk.path_of_export")), _line(say("desk.sheet_if_several"))
    to, seen = _line(say("desk.file_for_codebook"), "our-survey.yml"), _html()

    def draft() -> str:
        seen.value = ""
        told = commands.write_draft(
            _path(answers.value, answers.description), sheet.value.strip() or None, _new(to)
        )
        text = escape(_new(to).read_text(encoding="utf-8"))
        seen.value = _folded(say("desk.look_at_draft"), f"<pre>{text}</pre>")
        return told

    told = _html(f"<h3>{say('desk.begin_with_a_file')}</h3><p>{say('desk.this_drafts')}</p>")
    return [told, answers, sheet, to, *_button(say("desk.draft"), draft), seen]


def _questions(codebook: Codebook) -> str:
    by_practice = (
        f"<h4>{escape(name)}</h4>" + _list(one.text for one in codebook.items.values() if one.practice == key)
        for key, name in codebook.practices.items()
    )
    also = (
        say("desk.asked_about", text=one.text, answers=", ".join(one.answers))
        for one in codebook.about.values()
    )
    return (
        f"<h3>{escape(codebook.title)}</h3>"
        f"<p>{say('desk.choose_one', scale=escape(', '.join(codebook.scale)))}</p>"
        f"{''.join(by_practice)}<h4>{say('desk.about_the_person')}</h4>{_list(also)}"
    )


# --- lesson 21 ---------------------------------------------------------------------------------------


def survey_report() -> Tool:
    """Match an export's headings by looking, see what may be shown, and save the report."""
    which = _choice(say("desk.answers"), practice())
    answers, codebook, sheet = (
        _line(say("desk.path_of_answers")),
        _line(say("desk.path_of_codebook")),
        _line(say("desk.sheet_of_file")),
    )
    headings, shown, by, grouped = _html(), _html(), _dropdown(say("desk.groups"), []), _html()
    groups = w.VBox([])
    to = _line(say("desk.folder_for_report"), "surveys/report")
    held: list[tuple[Release, Codebook]] = []  # what is on the page, so that what is saved is the same

    def source() -> _Source:
        if which.value != say("desk.our_own"):
            return practice()[str(which.value)]
        return _Source(
            _path(answers.value, answers.description),
            _path(codebook.value, codebook.description),
            sheet.value.strip() or None,
        )

    def look() -> str:
        headings.value = ""
        found = source().taken()
        headings.value = _headings(found)
        return found.problem or say("desk.each_has_its_heading")

    def show() -> str:
        clear()
        release, book = source().released()
        shown.value = _released(release, book)
        by.options = [(one.text, key) for key, one in book.about.items() if key in _shown_groups(release)]
        if by.options:
            by.index, groups.children = 0, offered
        held.append((release, book))
        return say("desk.shown_below") if release.to_dict()["tables"] else say("desk.too_little")

    def show_groups() -> str:
        [(release, book)] = held
        grouped.value = _by_group(release, book, str(by.value))
        return say("desk.groups_below")

    def clear() -> None:
        held.clear()
        shown.value = grouped.value = ""
        groups.children, by.options = (), []

    def begin_anew(_: object) -> None:
        headings.value = ""
        clear()

    def save() -> str:
        if not held:
            raise AlongsideError(say("desk.nothing_shown_yet"))
        from alongside.survey.rules import releases
        from alongside.survey.show import report

        (release, book), folder = held[0], _new(to)
        report.report(release, book, folder, just_before=lambda: releases.remember(release, book))
        return say("desk.report_is_in", folder=to.value.strip())

    offered = (by, *_button(say("desk.show_groups"), show_groups, say("desk.drawing")), grouped)
    for control in (which, answers, codebook, sheet):
        control.observe(begin_anew, "value")
    return _tool(
        [
            which, *_only_for(which, answers, codebook, sheet),
            *_button(say("desk.look_at_headings"), look, say("desk.reading_headings")), headings,
            *([] if _hosted() else [_html(f"<p>{say('desk.remembered')}</p>")]),
            *_button(say("desk.show"), show, say("desk.working_out")),
            shown, groups, to, *_button(say("desk.save_report"), save, say("desk.drawing_report")),
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

    def released(self) -> tuple[Release, Codebook]:
        """What may be shown. It is on record before anybody sees it, as with the command."""
        from alongside.survey.rules import releases
        from alongside.survey.rules.disclosure import release

        book = self.book()
        made = release(self._read(book))
        releases.remember(made, book)
        return made, book

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


def questions() -> dict[str, str]:
    """The files of questions that come with the course, under the words that they are chosen by."""
    return {
        say("desk.for_staff"): "survey-staff.yml",
        say("desk.for_participants"): "survey-participants.yml",
    }


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


def _headings(found: taken.Taken) -> str:
    """Which heading asks which question, what codes mean, and which columns were left out, to look at."""
    rows = [(one.text, " + ".join(one.headings) or say("desk.no_heading")) for one in found.questions]
    if found.problem and not any(one.headings for one in found.questions):
        raise AlongsideError(found.problem)  # the first row may be somebody's answers
    why = (say("desk.heading"), say("desk.why"))
    left = _table(say("desk.left_out"), why, found.dropped) if found.dropped else ""
    codes = [(one.code, one.means) for one in found.codes]
    heads = (say("desk.code"), say("desk.means"))
    told = _table(say("desk.codes"), heads, codes) if codes else f"<p>{say('check.no_codes')}</p>"
    heads = (say("desk.question"), say("desk.heading_in_file"))
    return f"{_table(say('desk.headings'), heads, rows)}{told}{left}"


def _released(release: Release, codebook: Codebook) -> str:
    """What may be shown of everyone together, or kind words where it is too little."""
    from alongside.survey.show import report

    tables = release.to_dict()
    if not tables["tables"]:
        guide = _link("exercises", GUIDE, say("desk.guide"))
        told = f"<h3>{say('desk.too_few')}</h3><p>{say('desk.so_few', guide=guide)}</p>"
        return told + _for_you(release)
    return _demoted(report.excerpt(release, codebook)) + _lessons(tables, codebook) + _for_you(release)


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
    told += _table(say("desk.columns_left_out"), heads, left) if left else ""
    return _folded(say("desk.for_you_alone"), told)


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
            link = _link("notebooks", found[key].name, words, surface)
            links.append(f"<li>{say('desk.practice_and_lesson', practice=escape(name), lesson=link)}</li>")
    return f"<h3>{say('desk.lessons')}</h3><ul>{''.join(links)}</ul>" if links else ""


# --- lesson 22 ---------------------------------------------------------------------------------------


def survey_changes() -> Tool:
    """Compare two waves, from what was shown of each."""
    from alongside.survey.show import waves

    which = _choice(say("desk.two_waves"), [say("desk.practice_waves", count=60)])
    earlier, later = _line(say("desk.earlier_report")), _line(say("desk.later_report"))
    shown, to = _html(), _line(say("desk.folder_for_comparison"), "surveys/changes")

    def folders() -> tuple[Path, Path]:
        return _path(earlier.value, earlier.description), _path(later.value, later.description)

    def compare() -> str:
        clear()
        if which.value == say("desk.our_own"):
            with tempfile.TemporaryDirectory() as aside:  # it refuses two folders that don't belong together
                waves.compare(*folders(), Path(aside))
            shown.value = _compared(*map(waves.read, folders()))
        else:
            shown.value = _compared(*_practice_waves())
        return say("desk.compared_below")

    def clear(_: object = None) -> None:
        shown.value = ""

    def save() -> str:
        if which.value == say("desk.our_own"):
            waves.compare(*folders(), _new(to))
        else:
            with tempfile.TemporaryDirectory() as aside:
                waves.compare(*_practice_reports(Path(aside)), _new(to))
        return say("desk.comparison_is_in", folder=to.value.strip())

    for control in (which, earlier, later):
        control.observe(clear, "value")
    return _tool(
        [
            which, *_only_for(which, earlier, later),
            *_button(say("desk.compare"), compare, say("desk.comparing")), shown,
            to, *_button(say("desk.save_comparison"), save, say("desk.comparing")),
        ],
        _changes_page,
    )  # fmt: skip


def _practice_waves() -> list[Any]:
    from alongside.survey.show import waves

    return [waves.wave(source.released()[0].to_dict()) for source in WAVES]


def _practice_reports(aside: Path) -> tuple[Path, Path]:
    from alongside.survey.show import report

    for number, wave in enumerate(WAVES):
        report.report(*wave.released(), aside / str(number))
    return aside / "0", aside / "1"


def _compared(before: Any, after: Any) -> str:
    """The comparison's page without its frame. ``before``, ``after``: two waves as ``waves`` reads them."""
    from alongside.survey.show import waves

    return _demoted(waves.excerpt(before, after))


# --- without a program behind the page ---------------------------------------------------------------


def _alone(needs: str, command: str, example: Callable[[], str]) -> str:
    """What stands on a published page: what the tool ``needs``, how else to do it, and an example."""
    # Each word stays on one line: "--codebook" that breaks after a hyphen would be typed wrong.
    typed = " ".join(f"<span>{escape(word)}</span>" for word in f".venv/bin/{command}".split())
    windows = r"<code>.venv\Scripts\alongside</code>"
    told = (
        f'<div class="alongside-desk-page"><p><strong>{needs}</strong> {say("desk.no_program")}</p>'
        f"<p>{say('desk.on_a_laptop')}</p><p>{say('desk.rather_type')}</p><p><code>{typed}</code></p>"
        f"<p>{say('desk.on_windows', command=windows)}</p>"
    )
    return told + (example() if os.environ.get(ON_A_SITE) else "") + "</div>"


def _form_page() -> str:
    return _alone(
        say("desk.form_needs"),
        "alongside survey form --codebook data/survey-staff.yml --to surveys/questionnaire",
        lambda: _folded(say("desk.see_questions_for_staff"), _questions(load(_data("survey-staff.yml")))),
    )


def _report_page() -> str:
    return _alone(
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
    return _alone(
        say("desk.changes_need"),
        "alongside survey compare surveys/report-spring surveys/report-fall --to surveys/changes",
        lambda: f"<h3>{say('desk.example_changes')}</h3>{_compared(*_practice_waves())}",
    )


# --- the parts of a tool -----------------------------------------------------------------------------


def _hosted() -> bool:
    return any(os.environ.get(name) for name in HOSTS)


def _tool(parts: Sequence[w.Widget], page: Callable[[], str]) -> Tool:
    hosted = f"<strong>{say('desk.hosted')}</strong> {say('desk.try_here')}"
    first = _html(f"{STYLE}<p>{hosted if _hosted() else say('desk.where_paths_begin')}</p>")
    box = w.VBox([first, *parts])
    box.add_class("alongside-desk")
    return Tool(box, page)


def _choice(name: str, options: Iterable[str]) -> w.Dropdown:
    """What comes with the course, and where it is no hosted machine, our own."""
    return _dropdown(name, [*options, *([] if _hosted() else [say("desk.our_own")])])


def _dropdown(name: str, options: Sequence[str]) -> w.Dropdown:
    return w.Dropdown(description=name, options=options, style={"description_width": "initial"})


def _line(name: str, value: str = "") -> w.Text:
    return w.Text(
        description=name, value=value, continuous_update=False, style={"description_width": "initial"}
    )


def _html(value: str = "") -> w.HTML:
    return w.HTML(value)


def _only_for(which: w.Dropdown, *lines: w.Widget) -> list[w.Widget]:
    """Lines that are there only while "our own" is chosen."""
    box = w.VBox([])

    def change(_: object = None) -> None:
        box.children = lines if which.value == say("desk.our_own") else ()

    which.observe(change, "value")
    change()
    return [box]


def _button(name: str, work: Callable[[], str], working: str = "") -> list[w.Widget]:
    """A button, and the line below it that says what came of it."""
    button, said = w.Button(description=name), _html()

    def press(_: object) -> None:
        said.value = _status(working or say("desk.one_moment"))
        said.value = _outcome(work)

    button.on_click(press)
    return [button, said]


def _outcome(work: Callable[[], str]) -> str:
    try:
        return _status(work())
    except AlongsideError as error:
        return _alert(str(error).replace(" after --to", ""))  # the command line's name for the box above
    except OSError as error:
        return _alert(say("desk.no_place", why=error.strerror or say("desk.no_reason")))
    except Exception as error:  # only the kind is named: a message could quote what a person wrote
        return _alert(say("desk.broken", kind=type(error).__name__))


def _status(words: str) -> str:
    return f'<p role="status">{escape(words)}</p>'


def _alert(words: str) -> str:
    return f'<p role="alert">{escape(words)}</p>'


def _path(text: str, what: str) -> Path:
    """A path that somebody typed, seen from the folder of the course."""
    if not text.strip():
        raise AlongsideError(say("desk.empty_path", name=what))
    return _course() / Path(text.strip().strip("\"'")).expanduser()


def _new(line: w.Text) -> Path:
    """Where something new is to be written."""
    return _path(line.value, line.description)


def _course() -> Path:
    """The folder above the notebook that holds the course; else the notebook's own."""
    here = Path.cwd()
    above = (one for one in (here, *here.parents) if (one / "notebooks").is_dir() and (one / "data").is_dir())
    return next(above, here)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from alongside.survey.show.charts import html_table

    return html_table(caption, heads, rows)


def _list(lines: Any) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{text}</details>"


def _link(folder: str, name: str, words: str, surface: Surface = VOILA) -> str:
    """A link that leaves this page open: what the tool shows would be gone on coming back."""
    address = surface.address(folder, name, seen_from="notebooks")
    return (
        f'<a href="{address}" target="_blank" rel="noopener">{escape(say("desk.new_tab", words=words))}</a>'
    )


def _demoted(text: str) -> str:
    """Headings one rank lower: a lesson has its own of the second."""
    return re.sub(r"<(/?)h([2-5])\b", lambda found: f"<{found[1]}h{int(found[2]) + 1}", text)
