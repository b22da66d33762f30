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
from collections.abc import Callable, Mapping, Sequence
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
from alongside.survey.read import exports

if TYPE_CHECKING:
    from alongside.survey.rules.disclosure import Release

__all__ = ["Tool", "survey_changes", "survey_form", "survey_report"]

VIEW = "application/vnd.jupyter.widget-view+json"
TEXT = "A survey tool of Alongside. If you see only this sentence, press Run, then Run All Cells."
HOSTS = (
    "BINDER_LAUNCH_HOST", "BINDER_SERVICE_HOST", "BINDER_REF_URL", "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_PREFIX",
    "CODESPACES", "GITPOD_WORKSPACE_ID", "COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE", "DEEPNOTE_PROJECT_ID",
)  # fmt: skip
"""Where one of these is in the environment, somebody else's machine runs this."""

OWN = "Our own"
GUIDE = "21-survey-read"
WHERE = "Paths begin at the folder of the course, where “notebooks” and “data” are: surveys/answers.csv, for example."

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
        return TEXT

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        shown = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        return {"text/plain": TEXT, VIEW: shown, "text/html": self.page()}


# --- lesson 20 ---------------------------------------------------------------------------------------


def survey_form() -> Tool:
    """See a codebook's questions, make the questionnaire, and draft a codebook from an export's headings."""
    own = not _hosted()
    which, path = _choice("Questions", [*QUESTIONS, *([OWN] if own else [])]), _line("Path of our codebook")
    seen, to = _html(), _line("New folder for the questionnaire", "surveys/questionnaire")

    def chosen() -> Path:
        return (
            _path(path.value, path.description) if which.value == OWN else _data(QUESTIONS[str(which.value)])
        )

    def see() -> str:
        codebook = load(chosen())
        seen.value = _questions(codebook)
        return f"{len(codebook.items)} questions are below."

    def make() -> str:
        return commands.write_form(chosen(), _new(to), lambda _: None)

    parts: list[w.Widget] = [
        which, *_only_for(which, path), *_button("See the questions", see), seen,
        to, *_button("Make the questionnaire", make, "Setting the pages …"),
    ]  # fmt: skip
    return _tool(parts + (_drafting() if own else []), _form_page)


def _drafting() -> list[w.Widget]:
    answers, sheet = _line("Path of the export"), _line("Sheet, if it has several")
    to, seen = _line("New file for the codebook", "our-survey.yml"), _html()

    def draft() -> str:
        seen.value = ""
        told = commands.write_draft(
            _path(answers.value, answers.description), sheet.value.strip() or None, _new(to)
        )
        text = escape(_new(to).read_text(encoding="utf-8"))
        seen.value = _folded("Look at the draft", f"<pre>{text}</pre>")
        return told

    told = _html(
        "<h3>Begin with a file that you have</h3><p>From the headings of an export this drafts a codebook: a text file "
        "with your questions in it, which you then go through by hand. No answer is looked at.</p>"
    )
    return [told, answers, sheet, to, *_button("Draft a codebook", draft), seen]


def _questions(codebook: Codebook) -> str:
    by_practice = (
        f"<h4>{escape(name)}</h4>" + _list(one.text for one in codebook.items.values() if one.practice == key)
        for key, name in codebook.practices.items()
    )
    also = (f"{one.text} {', '.join(one.answers)}." for one in codebook.about.values())
    return (
        f"<h3>{escape(codebook.title)}</h3><p>People choose one of these: {escape(', '.join(codebook.scale))}. "
        "Every question can be skipped. The questions are our own. They are not validated.</p>"
        f"{''.join(by_practice)}<h4>About the person, at most</h4>{_list(also)}"
    )


# --- lesson 21 ---------------------------------------------------------------------------------------


def survey_report() -> Tool:
    """Match an export's headings by looking, see what may be shown, and save the report."""
    own = not _hosted()
    which = _choice("Answers", [*PRACTICE, *([OWN] if own else [])])
    answers, codebook, sheet = (
        _line("Path of the answers (CSV or XLSX)"),
        _line("Path of the codebook"),
        _line("Sheet, if the file has several"),
    )
    headings, shown, by, grouped = _html(), _html(), _choice("Groups", []), _html()
    groups = w.VBox([])
    to = _line("New folder for the report", "surveys/report")
    held: list[tuple[Release, Codebook]] = []  # what is on the page, so that what is saved is the same

    def source() -> _Source:
        if which.value != OWN:
            return PRACTICE[str(which.value)]
        return _Source(
            _path(answers.value, answers.description),
            _path(codebook.value, codebook.description),
            sheet.value.strip() or None,
        )

    def look() -> str:
        headings.value = ""
        found = source().matched()
        headings.value = _headings(found, source().book().scale)
        return found.problem or "Each question has its heading. Look whether they belong together."

    def show() -> str:
        clear()
        release, book = source().released()
        shown.value = _released(release, book)
        by.options = [(one.text, key) for key, one in book.about.items() if key in _shown_groups(release)]
        if by.options:
            by.index, groups.children = 0, offered
        held.append((release, book))
        return (
            "Below is what may be shown." if release.to_dict()["tables"] else "There is too little to show."
        )

    def show_groups() -> str:
        [(release, book)] = held
        grouped.value = _by_group(release, book, str(by.value))
        return "The pictures of these groups are below."

    def clear() -> None:
        held.clear()
        shown.value = grouped.value = ""
        groups.children, by.options = (), []

    def begin_anew(_: object) -> None:
        headings.value = ""
        clear()

    def save() -> str:
        if not held:
            raise AlongsideError("Nothing is shown yet. Press “Show what may be shown” first, then save it.")
        from alongside.survey.rules import releases
        from alongside.survey.show import report

        (release, book), folder = held[0], _new(to)
        report.report(release, book, folder, just_before=lambda: releases.remember(release, book))
        return f"The report is in {to.value.strip()}. Open report.html in it."

    offered = (by, *_button("Show these groups", show_groups, "Drawing …"), grouped)
    for control in (which, answers, codebook, sheet):
        control.observe(begin_anew, "value")
    remembered = (
        "What you show of your own answers counts as released. It is noted in a small file beside the codebook, whose "
        "name ends in released.json. Keep the two together, so that no later report can be subtracted from this one to "
        "find a person."
    )
    return _tool(
        [
            which, *_only_for(which, answers, codebook, sheet),
            *_button("Look at the headings", look, "Reading the headings …"), headings,
            *([_html(f"<p>{remembered}</p>")] if own else []),
            *_button("Show what may be shown", show, "Working out what may be shown. This can take half a minute …"),
            shown, groups, to, *_button("Save the report", save, "Drawing the report …"),
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
        return replace(book, path=None) if self in (*PRACTICE.values(), *WAVES) else book

    def matched(self) -> exports.Matched:
        return exports.matched(self.answers, self.book(), self.sheet)

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


QUESTIONS = {
    "For staff, volunteers and peers": "survey-staff.yml",
    "For participants": "survey-participants.yml",
}


def _practice(answers: str, codebook: str, rows: int | None = None) -> _Source:
    return _Source(_data(f"practice/{answers}"), _data(f"practice/{codebook}"), rows=rows)


_14 = ("invented-14-people.csv", "codebook-14-people.yml")
_60 = ("invented-60-people-spring.csv", "codebook-60-people-spring.yml")
PRACTICE = {
    "Practice: 60 people, invented": _practice(*_60),
    "Practice: 14 people, invented": _practice(*_14),
    "Practice: 8 people, invented": _practice(*_14, rows=8),
    "Practice: a network of 400 people, invented": _practice(
        "invented-network-of-400.xlsx", "codebook-network-of-400.yml"
    ),
}
WAVES = (_practice(*_60), _practice("invented-60-people-fall.csv", "codebook-60-people-fall.yml"))


def _headings(found: exports.Matched, scale: Sequence[str]) -> str:
    """Which heading asks which question, and which were left out, to look at."""
    rows = [(text, heading or "no heading fits") for text, heading in found.fits]
    left = _table("Left out", ("Heading", "Why"), found.left_out) if found.left_out else ""
    numbers = (
        f"<p>If the answers in the file are numbers, 1 is taken for “{escape(scale[0])}” and {len(scale)} for "
        f"“{escape(scale[-1])}”, unless the codebook spells numbers under also_means. If your form counts from 0, add 0 to "
        f"“{escape(scale[0])}” there before you show anything.</p>"
    )
    return numbers + _table("Headings and questions", ("Question", "Heading in the file"), rows) + left


def _released(release: Release, codebook: Codebook) -> str:
    """What may be shown of everyone together, or kind words where it is too little."""
    from alongside.survey.show import report

    tables = release.to_dict()
    if not tables["tables"]:
        return (
            "<h3>Too few to show</h3><p>With so few answers a number could point to a person, so none is shown. "
            "That is nobody’s fault: small teams are small. A conversation can do more: "
            f"{_link('exercises', GUIDE, 'A conversation in place of numbers')}. "
            "You can still save the report. It says this kindly, and holds that guide.</p>"
            + _for_you(release)
        )
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
    told = f"<p>Rows left out: {rows['blank']} blank, {rows['test']} test, {rows['partial']} partial.</p>" + (
        _table("Columns left out", ("Heading", "Why"), left) if left else ""
    )
    return _folded("For you alone: what was left out", told)


def _lessons(tables: Mapping[str, Any], codebook: Codebook, surface: Surface = VOILA) -> str:
    """A link from each practice that is shown to the lesson that asks its questions, or has its name."""
    shown = {one["measure"] for one in _of_everyone(tables)}
    found: dict[str, lessons.Lesson] = {}
    for lesson in lessons.lessons():
        own = {codebook.items[key].practice for key in lesson.survey if key in codebook.items}
        own |= {key for key in codebook.practices if lesson.name == f"{lesson.number:02d}-{key}"}
        for key in own & shown:
            found.setdefault(key, lesson)
    links = [
        f"<li>{escape(name)}: {_link('notebooks', found[key].name, f'Lesson {found[key].number}, {found[key].title}', surface)}</li>"
        for key, name in codebook.practices.items()
        if key in found
    ]
    return f"<h3>A lesson for each practice</h3><ul>{''.join(links)}</ul>" if links else ""


# --- lesson 22 ---------------------------------------------------------------------------------------


def survey_changes() -> Tool:
    """Compare two waves, from what was shown of each."""
    from alongside.survey.show import waves

    own = not _hosted()
    two = "Practice: 60 people in spring and in fall, invented"
    which = _choice("Two waves", [two, *([OWN] if own else [])])
    earlier, later = _line("Folder of the earlier report"), _line("Folder of the later report")
    shown, to = _html(), _line("New folder for the comparison", "surveys/changes")

    def folders() -> tuple[Path, Path]:
        return _path(earlier.value, earlier.description), _path(later.value, later.description)

    def compare() -> str:
        clear()
        if which.value == OWN:
            with tempfile.TemporaryDirectory() as aside:  # it refuses two folders that don't belong together
                waves.compare(*folders(), Path(aside))
            shown.value = _compared(*map(waves.read, folders()))
        else:
            shown.value = _compared(*_practice_waves())
        return "What can be compared is below."

    def clear(_: object = None) -> None:
        shown.value = ""

    def save() -> str:
        if which.value == OWN:
            waves.compare(*folders(), _new(to))
        else:
            with tempfile.TemporaryDirectory() as aside:
                waves.compare(*_practice_reports(Path(aside)), _new(to))
        return f"The comparison is in {to.value.strip()}. Open changes.html in it."

    for control in (which, earlier, later):
        control.observe(clear, "value")
    return _tool(
        [
            which, *_only_for(which, earlier, later),
            *_button("Compare the two waves", compare, "Comparing …"), shown,
            to, *_button("Save the comparison", save, "Comparing …"),
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


def _alone(what: str, command: str, example: Callable[[], str]) -> str:
    """What stands on a published page: what the tool needs, how else to do it, and an example."""
    # Each word stays on one line: "--codebook" that breaks after a hyphen would be typed wrong.
    typed = " ".join(f"<span>{escape(word)}</span>" for word in f".venv/bin/{command}".split())
    told = (
        f'<div class="alongside-desk-page"><p><strong>{what} needs Alongside on your own computer.</strong> '
        "This page has no program behind it, and a file with answers belongs on no website.</p>"
        "<p>On a laptop with the course on it, this page has boxes and buttons here, and nobody has to type a command. "
        "The file named README, in the folder of the course, says how to start it. If that is new to you, ask the "
        "person who looks after your computers to do it with you once.</p>"
        "<p>If you would rather type, open a terminal. It is a window for typed commands: Terminal on a Mac or on Linux, "
        "PowerShell on Windows. Go to the folder of the course in it, and type this:</p>"
        f"<p><code>{typed}</code></p>"
        r"<p>On Windows, begin with <code>.venv\Scripts\alongside</code> instead.</p>"
    )
    return told + (example() if os.environ.get(ON_A_SITE) else "") + "</div>"


def _form_page() -> str:
    return _alone(
        "The questionnaire’s tool",
        "alongside survey form --codebook data/survey-staff.yml --to surveys/questionnaire",
        lambda: _folded(
            "See the questions for staff, volunteers and peers", _questions(load(_data("survey-staff.yml")))
        ),
    )


def _report_page() -> str:
    return _alone(
        "The report’s tool",
        "alongside survey report surveys/answers.csv --codebook surveys/our-survey.yml --to surveys/report",
        _report_example,
    )


def _report_example() -> str:
    """One picture of three practices: a page for a slow phone has no room for more."""
    from alongside.survey.rules.disclosure import release
    from alongside.survey.show import charts

    source = PRACTICE[next(iter(PRACTICE))]
    book = source.book()
    practices = dict(list(book.practices.items())[:3])
    items = {key: item for key, item in book.items.items() if item.practice in practices}
    book = replace(book, practices=practices, items=items)
    shown = release(exports.read(source.answers, book))
    return (
        "<h3>An example: three practices, with invented answers of 60 people</h3>"
        + charts.dots(shown, book).html()
        + _lessons(shown.to_dict(), book, SITE)
    )


def _changes_page() -> str:
    return _alone(
        "The tool that compares",
        "alongside survey compare surveys/report-spring surveys/report-fall --to surveys/changes",
        lambda: "<h3>An example, with invented answers</h3>" + _compared(*_practice_waves()),
    )


# --- the parts of a tool -----------------------------------------------------------------------------


def _hosted() -> bool:
    return any(os.environ.get(name) for name in HOSTS)


def _tool(parts: Sequence[w.Widget], page: Callable[[], str]) -> Tool:
    hosted = (
        "<p><strong>This machine belongs to somebody else. It is no place for a real export.</strong> "
        "Here you can try everything with invented answers. For your own, use Alongside on your own computer.</p>"
    )
    first = _html(STYLE + (hosted if _hosted() else f"<p>{WHERE}</p>"))
    box = w.VBox([first, *parts])
    box.add_class("alongside-desk")
    return Tool(box, page)


def _choice(name: str, options: Sequence[str]) -> w.Dropdown:
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
        box.children = lines if which.value == OWN else ()

    which.observe(change, "value")
    change()
    return [box]


def _button(name: str, work: Callable[[], str], working: str = "One moment …") -> list[w.Widget]:
    """A button, and the line below it that says what came of it."""
    button, said = w.Button(description=name), _html()

    def press(_: object) -> None:
        said.value = _status(working)
        said.value = _outcome(work)

    button.on_click(press)
    return [button, said]


def _outcome(work: Callable[[], str]) -> str:
    try:
        return _status(work())
    except AlongsideError as error:
        return _alert(str(error).replace(" after --to", ""))  # the command line's name for the box above
    except OSError as error:
        return _alert(
            f"A file or folder can't be used ({error.strerror or 'no reason given'}). "
            "Choose another place, or make room, and try again."
        )
    except Exception as error:  # only the kind is named: a message could quote what a person wrote
        return _alert(
            f"This stopped at something that it was not made for ({type(error).__name__}). "
            "Please tell its authors, without the file."
        )


def _status(words: str) -> str:
    return f'<p role="status">{escape(words)}</p>'


def _alert(words: str) -> str:
    return f'<p role="alert">{escape(words)}</p>'


def _path(text: str, what: str) -> Path:
    """A path that somebody typed, seen from the folder of the course."""
    if not text.strip():
        raise AlongsideError(f"“{what}” is empty. A path was expected there. Write it down and try again.")
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
    return f'<a href="{address}" target="_blank" rel="noopener">{escape(words)} (opens in a new tab)</a>'


def _demoted(text: str) -> str:
    """Headings one rank lower: a lesson has its own of the second."""
    return re.sub(r"<(/?)h([2-5])\b", lambda found: f"<{found[1]}h{int(found[2]) + 1}", text)
