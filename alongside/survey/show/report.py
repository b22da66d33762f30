"""The report: what was released, as one page for the people who were asked, and as tables for other programs.

The page is one file that asks no other host for anything, and its policy would not let it. It says first what
happens next, then what we asked, how many answered, what we see, what we can't show and why, and the limits.
Too few answers are a report too: it holds a guide for a conversation instead.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside import folder, templates
from alongside.course import lesson as lessons
from alongside.course import references
from alongside.errors import AlongsideError
from alongside.page import theme
from alongside.survey.show import charts
from alongside.survey.show.charts import Number, html_table
from alongside.words import say

if TYPE_CHECKING:
    from alongside.survey.ask.codebook import Codebook
    from alongside.survey.rules.disclosure import Release

__all__ = ["MANIFEST", "excerpt", "files", "frame", "page", "report"]

MANIFEST = ".alongside-report.json"
PAGE = Path(__file__).parent / "page.html.j2"
GUIDE = "21-survey-read"
"""The exercise that is the guide for a conversation, for teams with too few answers."""

_ELSEWHERE = {"facilitator", "rung-2"}
"""Tags of its cells that stay out: for who leads, and for a device that a page on the wall isn't."""


def report(
    release: Release, codebook: Codebook, to: Path, just_before: Callable[[], None] = lambda: None
) -> list[Path]:
    """Write the report's files into the folder ``to``, all or none; gives their paths in it.

    ``just_before`` is called when all files lie ready and none can be seen yet. Raises :class:`AlongsideError` for a
    folder that holds files of others.
    """
    folder.check(Path(to), MANIFEST)
    made = files(release, codebook)
    folder.write(Path(to), made, MANIFEST, just_before)
    return sorted(made)


def files(release: Release, codebook: Codebook) -> dict[Path, str]:
    """The report's files: ``report.html``, ``tables.json`` and ``tables.csv``, by their paths."""
    tables = charts.released(release)
    return {
        Path("report.html"): page(release, codebook),
        Path("tables.json"): json.dumps(tables, ensure_ascii=False, indent=1) + "\n",
        Path("tables.csv"): _csv(tables),
    }


def page(release: Release, codebook: Codebook) -> str:
    """The report as one HTML page, for the wall and for a screen.

    Raises :class:`AlongsideError` where the codebook is not the one that the answers were read with.
    """
    tables = charts.released(release)
    if (tables["title"], tables["wave"]) != (codebook.title, codebook.wave):
        raise AlongsideError(say("show.another_codebook"))
    return _page(tables, codebook)


def _page(tables: Mapping[str, Any], codebook: Codebook) -> str:
    parts = [
        f"<h1>{_text(codebook.title)}</h1>",
        f'<p class="alongside-lead">{_lead(tables, codebook)}</p>',
        _next_steps(codebook),
        _asked(tables, codebook),
        _answered(tables),
        *(_seen(tables, codebook) if tables["tables"] else _guide()),
        _not_shown(tables, codebook),
        _limits(),
        *(_talk(tables, codebook) if tables["tables"] else ()),
    ]
    return frame(say("show.title", title=codebook.title, wave=codebook.wave), "".join(parts))


def excerpt(release: Release, codebook: Codebook) -> str:
    """What a page with a frame of its own shows: how many answered, everyone together, and what can't be shown."""
    tables = charts.released(release)
    together = tables | {"tables": [one for one in tables["tables"] if one["by"] is None]}
    return _answered(tables) + "".join(_seen(together, codebook)) + _not_shown(tables, codebook)


def frame(title: str, body: str) -> str:
    """A page around ``body``, with one style, no script, and a policy that lets nothing else in."""
    style = theme.page_css() + (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    mark = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{mark}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return templates.fill(PAGE, title=title, policy=policy, style=style, body=body)


def _text(words: object) -> str:
    return html.escape(str(words))


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _lines(*labels: str, times: int = 1) -> str:
    """Lines to write on by hand."""
    one = "".join(f"<p>{_text(label)} <span></span></p>" for label in labels)
    return '<ol class="alongside-lines">' + f"<li>{one}</li>" * times + "</ol>"


# --- the sections, in the order in which they stand --------------------------------------------------


def _lead(tables: Mapping[str, Any], codebook: Codebook) -> str:
    key = "show.lead_of_too_few" if tables["people"] is None else "show.lead"
    return say(key, wave=_text(codebook.wave))


def _next_steps(codebook: Codebook) -> str:
    words = codebook.next_steps.strip()
    if words:
        told = "".join(f"<p>{_text(part)}</p>" for part in re.split(r"\n\s*\n", words))
    else:
        told = f"<p>{say('show.not_written_down')}</p>" + _lines(
            say("show.line_what"), say("show.line_who"), say("show.line_when"), say("show.line_how"), times=2
        )
    return f"<h2>{say('show.next')}</h2>{told}"


def _asked(tables: Mapping[str, Any], codebook: Codebook) -> str:
    said = say(
        "show.asked",
        questions=say("show.questions", count=Number(len(codebook.items))),
        practices=say("show.practices", count=Number(len(codebook.practices))),
        names=_text("; ".join(codebook.practices.values())),
        scale=_text(", ".join(codebook.scale)),
    )
    if tables["tables"]:
        favorable = charts.part_names(codebook)["favorable"]
        said += f" {say('show.a_percent', favorable=f'<strong>{_text(favorable)}</strong>')}"
    also = _list(_text(one.text) for one in codebook.about.values())
    more = f"<p>{say('show.also_asked')}</p>{also}" if codebook.about else ""
    return f"<h2>{say('show.what_we_asked')}</h2><p>{said}</p>{more}"


def _answered(tables: Mapping[str, Any]) -> str:
    people, asked = tables["people"], tables["headcount"]
    if people is None:
        said = say("show.too_few")
    elif asked:
        said = say("show.answered_of", count=Number(people), asked=Number(asked))
    else:
        said = say("show.answered", count=Number(people))
    return f"<h2>{say('show.how_many')}</h2><p>{said}</p>"


def _worst_case(tables: Mapping[str, Any]) -> str:
    rows = [
        (one["text"], *(say("show.share", value=f"{end:.0f}") for end in group["worst_case"]))
        for one, group in _everyone(tables, "practice")
        if group.get("worst_case")
    ]
    if not rows:
        return ""
    heads = (say("show.practice"), say("show.from"), say("show.to"))
    return (
        f"<h3>{say('show.if_everyone')}</h3><p>{say('show.if_all_others')}</p>"
        f"{html_table(say('show.everyone_asked'), heads, rows)}"
    )


def _seen(tables: Mapping[str, Any], codebook: Codebook) -> Iterable[str]:
    yield f"<h2>{say('show.what_we_see')}</h2>"
    yield f"<p>{say('show.a_dot')}</p>"
    in_parts = charts.picture_of_parts(tables, codebook)
    yield in_parts.html() if in_parts else ""
    yield charts.picture_of_dots(tables, codebook, None, None).html() if _everyone(tables, "practice") else ""
    for key, one in codebook.about.items():
        measures = [table["measure"] for table in tables["tables"] if table["by"] == key]
        if measures:
            yield f"<h3>{_text(one.text)}</h3>"
            yield from (charts.picture_of_dots(tables, codebook, key, measure).html() for measure in measures)
    yield _questions(tables, codebook)
    yield _worst_case(tables)


def _questions(tables: Mapping[str, Any], codebook: Codebook) -> str:
    found = {one["measure"]: group for one, group in _everyone(tables, "item")}
    heads = (say("show.question"), charts.part_names(codebook)["favorable"], say("show.people"))
    parts = []
    for key, name in codebook.practices.items():
        items = [item for item in codebook.items.values() if item.practice == key]
        rows = [(item.text, *_cells(found.get(item.key))) for item in items]
        parts.append(html_table(name, heads, rows) if rows else "")
    return f"<h3>{say('show.by_question')}</h3>" + "".join(parts)


def _cells(group: Mapping[str, Any] | None) -> tuple[str, str]:
    return (charts.shown(group), f"{group['people']:,}") if group else (charts.MARK, charts.MARK)


def _everyone(tables: Mapping[str, Any], kind: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return [
        (one, one["groups"][0])
        for one in tables["tables"]
        if one["kind"] == kind and one["by"] is None and one["groups"]
    ]


def _not_shown(tables: Mapping[str, Any], codebook: Codebook) -> str:
    parts = [f"<h2>{say('show.not_shown')}</h2>"]
    if tables["people"] is None:
        parts.append(f"<p>{say('show.everything')}</p>")
        return "".join(parts)
    if tables["left_out"]:
        whole = [key for key in tables["left_out"] if key not in codebook.items]
        lines = [_text(_named(key, codebook)) for key in whole]
        if len(whole) < len(tables["left_out"]):
            lines.append(say("show.single_questions"))
        parts.append(f"<p>{_text(tables['why_left_out'])} {say('show.left_out_here')}</p>{_list(lines)}")
    parts.append(f"<p>{say('show.not_safe', mark=charts.MARK)}</p>")
    return "".join(parts)


def _named(key: str, codebook: Codebook) -> str:
    return codebook.about[key].text if key in codebook.about else codebook.practices.get(key, key)


def _limits() -> str:
    who = references.here().who_can_see_answers.strip()
    seen = (
        say("show.who_may_see", who=_text(who))
        if who
        else say("show.who_may_see_line") + _lines(say("show.line_names"))
    )
    return f"<h2>{say('show.limits')}</h2>" + _list(
        (
            say("show.not_zero"),
            seen,
            say("show.cannot_protect"),
            say("show.did_not_answer"),
            say("show.not_validated"),
            say("show.can_be_copied"),
        )
    )


def _talk(tables: Mapping[str, Any], codebook: Codebook) -> Iterable[str]:
    yield f"<h2>{say('show.talk')}</h2>" + _lines(
        say("show.stands_out"), say("show.surprises"), say("show.ask_next")
    )
    lessons = _lessons(codebook)
    rows = [
        (codebook.practices[one["measure"]], lessons[one["measure"]])
        for one, _ in _everyone(tables, "practice")
        if one["measure"] in lessons
    ]
    if rows:
        yield f"<p>{say('show.minutes')}</p>"
        yield html_table(say("show.lessons"), (say("show.practice"), say("show.lesson")), rows)


def _lessons(codebook: Codebook) -> dict[str, str]:
    """For each practice the lesson that asks its questions, or has its name."""
    found: dict[str, str] = {}
    # Without its lessons beside it, a report is still worth having.
    with suppress(AlongsideError):
        for lesson in lessons.lessons():
            own = {codebook.items[key].practice for key in lesson.survey if key in codebook.items}
            named = {key for key in codebook.practices if lesson.name == f"{lesson.number:02d}-{key}"}
            for key in own | named:
                found.setdefault(key, say("show.named_lesson", number=lesson.number, title=lesson.title))
    return found


# --- the conversation, where there is too little to show ---------------------------------------------


def _guide() -> Iterable[str]:
    from nbconvert.filters import markdown2html

    text = markdown2html(_guide_text())
    text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
    # The page has a heading of the first rank, and this stands below one of the second.
    text = re.sub(r"<(/?)h([1-5])\b", lambda found: f"<{found[1]}h{min(6, int(found[2]) + 1)}", text)
    yield f"<h2>{say('show.instead')}</h2>"
    yield f'<section class="alongside-guide" aria-label="{say("show.guide")}">{text}</section>'


def _guide_text() -> str:
    """The guide's Markdown as everyone may read it, on paper: without facilitators' cells, links and marks of sources."""
    with suppress(AlongsideError):
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", lessons.exercise(GUIDE).prose(_ELSEWHERE))
        return re.sub(r" ?\[[a-z0-9]+(?:-[a-z0-9]+)+\]", "", text)
    return say("show.no_guide")


# --- tables for other programs -----------------------------------------------------------------------

COLUMNS = (
    "measure", "kind", "text", "by", "group", "people", "favorable", "bound", "low", "high",
    "worst_case_low", "worst_case_high", "part_favorable", "part_middle", "part_unfavorable",
)  # fmt: skip


def _csv(tables: Mapping[str, Any]) -> str:
    """``tables.csv``: a row for each group; begins with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for one in tables["tables"]:
        for group in one["groups"]:
            worst, parts = group.get("worst_case") or (None, None), group.get("parts") or {}
            cells = [one[key] for key in ("measure", "kind", "text", "by")]
            cells += [group["name"], *(group[key] for key in ("people", "favorable", "bound", "low", "high"))]
            cells += [*worst, *(parts.get(key) for key in ("favorable", "middle", "unfavorable"))]
            rows.writerow([_safe(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises.

    Where a program splits at another sign than ours, a formula may begin after that sign, quotation marks or not.
    """
    return _FORMULA.sub(r"\1'", " ".join(cell.split())) if isinstance(cell, str) else cell


_FORMULA = re.compile(r'((?:^|[;,|])[\s"]*)(?=[=+\-@＝＋－＠|%])')
