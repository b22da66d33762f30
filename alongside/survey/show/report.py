"""The report: what was released, as one page for the people who were asked, and as tables for other programs.

The page is one file that asks no other host for anything, and its policy would not let it. Its first sheet is for the
wall: what happens next and by when, how many answered, what stands out and what can't be told, one picture, and the
limits. Then come the tables: everyone together, practices by groups, question by question; what was asked, what can't be
shown and why. Too few answers are a report too: it holds a guide for a conversation instead.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside import folder, templates
from alongside.course import lesson as lessons
from alongside.course import references
from alongside.errors import AlongsideError
from alongside.page import theme
from alongside.survey.ask.codebook import fold
from alongside.survey.show import calendar, charts, findings, promises
from alongside.survey.show.charts import Number
from alongside.words import say

if TYPE_CHECKING:
    from alongside.survey.ask.codebook import Codebook
    from alongside.survey.rules.disclosure import Release

__all__ = ["MANIFEST", "excerpt", "files", "frame", "page", "report"]

MANIFEST = ".alongside-report.json"
PAGE, REPORT, EXCERPT = (Path(__file__).parent / f"{name}.html.j2" for name in ("page", "report", "excerpt"))
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
    promises.keep(codebook)
    return sorted(made)


def files(release: Release, codebook: Codebook) -> dict[Path, str]:
    """The report's files: ``report.html``, ``tables.json`` and ``tables.csv``, by their paths."""
    tables = charts.released(release)
    return {
        Path("report.html"): page(release, codebook),
        Path("tables.json"): json.dumps(tables, ensure_ascii=False, indent=1) + "\n",
        Path("tables.csv"): _csv(tables, codebook),
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
    shown = bool(tables["tables"])
    body = templates.fill(
        REPORT,
        wall=_wall(tables, codebook),
        details=_details(tables, codebook) if shown else None,
        guide=None if shown else _guide(),
        **_ending(tables, codebook),
    )
    return frame(say("show.title", title=codebook.title, wave=codebook.wave), body)


def excerpt(release: Release, codebook: Codebook) -> str:
    """What a page with a frame of its own shows: how many answered, everyone together, and what can't be shown."""
    tables = charts.released(release)
    together = tables | {"tables": [one for one in tables["tables"] if one["by"] is None]}
    pictures = [charts.picture_of_parts(together, codebook)]
    if charts.everyone(together):
        pictures.append(charts.picture_of_dots(together, codebook, None, None))
    return templates.fill(
        EXCERPT,
        answered=_answered(tables),
        told=findings.of_the_others(tables),
        pictures=[picture.html() for picture in pictures if picture],
        details=_details(together, codebook) | {"in_parts": None},  # it stands above, with its numbers
        **_ending(tables, codebook),
    )


def frame(title: str, body: str) -> str:
    """A page around ``body``, with one style, no script, and a policy that lets nothing else in."""
    style = theme.page_css() + (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    mark = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{mark}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return templates.fill(PAGE, title=title, policy=policy, style=style, body=body)


# --- the wall ----------------------------------------------------------------------------------------

SHORT = 420
"""Letters of what happens next that a wall has room for. The rest stands below it, with all of it."""
SIZES = (700, 1100, 1600)
"""Letters on the wall up to which it speaks in large and in smaller ones."""
LINES = 350
"""Letters that lines to write on by hand take the room of."""


def _wall(tables: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """What stands on the first sheet."""
    steps = codebook.next_steps.strip()
    short, last = _begin(steps, SHORT), promises.last(codebook)
    promised = [_begin(line, SHORT // 2) for line in last.lines[:3]] if last else []
    found = findings.stands_out(tables, codebook) if tables["tables"] else []
    not_told = findings.cannot_tell(tables, codebook) if tables["tables"] else []
    follow_up = _follow_up(codebook)
    counts = findings.what_counts(codebook) if found else ""
    texts = [codebook.title, short, counts, follow_up["says"] if follow_up else "", *promised]
    texts += [*not_told, *(part for one in found for part in (one.before, one.after, one.told))]
    letters = sum(map(len, texts)) + (0 if short or follow_up else LINES)
    return {
        "title": codebook.title,
        "lead": say("show.lead" if tables["people"] else "show.lead_of_too_few", wave=codebook.wave),
        "steps": _paragraphs(short),
        "more": _paragraphs(steps) if short != steps else [],
        "follow_up": follow_up,
        "last": last and {"wave": last.wave, "lines": promised},
        "answered": _answered(tables),
        "findings": found,
        "what_counts": counts,
        "not_told": not_told,
        "picture": charts.picture_of_dots(tables, codebook, None, None) if charts.everyone(tables) else None,
        "size": 1 + sum(letters > most for most in SIZES),
    }


def _begin(text: str, most: int) -> str:
    """As many whole sentences as there is room for; else as many words."""
    if len(text) <= most:
        return text
    ends = [found.end() for found in re.finditer(r"[.!?…](?=\s)|\n\s*\n", text[: most + 1])]
    if ends and ends[-1] > most // 3:
        return text[: ends[-1]].strip()
    return text[:most].rsplit(None, 1)[0] + " …"


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def _follow_up(codebook: Codebook) -> dict[str, str] | None:
    one = codebook.follow_up
    return one and {"says": promises.sentence(one), "note": calendar.address(one, codebook.title)}


def _answered(tables: Mapping[str, Any]) -> str:
    people, asked = tables["people"], tables["headcount"]
    if people is None:
        return say("show.too_few")
    if asked:
        return say("show.answered_of", count=Number(people), asked=Number(asked))
    return say("show.answered", count=Number(people))


# --- the details -------------------------------------------------------------------------------------


def _details(tables: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """Tables of everyone, of each breakdown and of each question, with what a template needs to show a number."""
    order = sorted(_groups(tables, "practice", None), key=lambda one: -one[1]["favorable"])
    about = [(key, one.text) for key, one in codebook.about.items() if _groups(tables, "practice", key)]
    words = charts.counted(codebook)
    number = say("show.share_that_said", favorable=words) if words else say("show.share_of_favorable")
    return {
        "people": tables["people"],
        "favorable": words,
        "head": words or say("show.favorable"),
        "how_to_read": say("show.how_to_read_numbers", number=number),
        "what_counts": findings.what_counts(codebook),
        "in_parts": charts.picture_of_parts(tables, codebook),
        "everyone": [(codebook.practices[measure], group, _ends(group)) for measure, group in order],
        "worst": any(group.get("worst_case") for _, group in order),
        "grids": [_grid(tables, codebook, [key for key, _ in order], key) for key, _ in about],
        **_questions(tables, codebook),
        "answered": charts.answered,
        "share": charts.shown,
        "line": _line,
    }


def _groups(tables: Mapping[str, Any], kind: str, by: str | None) -> list[tuple[str, Mapping[str, Any]]]:
    """The measure and each of its groups, in the tables' order."""
    return [
        (one["measure"], group)
        for one in tables["tables"]
        if one["kind"] == kind and one["by"] == by
        for group in one["groups"]
    ]


def _line(group: Mapping[str, Any]) -> str:
    return "" if group["low"] is None else f"{group['low']:.0f}–{group['high']:.0f}"


def _ends(group: Mapping[str, Any]) -> str:
    """The least and the greatest share, had everyone answered."""
    worst = group.get("worst_case")
    return f"{worst[0]:.0f}–{worst[1]:.0f}" if worst else charts.MARK


def _grid(tables: Mapping[str, Any], codebook: Codebook, order: Sequence[str], by: str) -> dict[str, Any]:
    """Practices by groups: for each group its name and how many answered, for each practice its groups."""
    found = _groups(tables, "practice", by)
    measures = {measure for measure, _ in found}
    labels = list(codebook.about[by].answers)
    people = {group["name"]: group["people"] for _, group in found}
    names = sorted(people, key=lambda name: labels.index(name) if name in labels else len(labels))
    cells = {(measure, group["name"]): group for measure, group in found}
    asked = codebook.about[by].headcounts
    return {
        "asked": codebook.about[by].text,
        "heads": [(name, people[name], _of_group(people[name], asked.get(name))) for name in names],
        "rows": [
            (codebook.practices[key], [cells.get((key, name)) for name in names])
            for key in order
            if key in measures
        ],
        "too_few": "; ".join(codebook.practices[key] for key in order if key not in measures),
    }


def _of_group(people: int, asked: int | None) -> str:
    """How many of a group answered, and of how many, where that is known.

    Only a value that stands by itself has a head count of its own. The smaller groups together also hold people who
    gave another answer or none, so a head count of theirs would not be of the same people; and where more answered
    than were asked, somebody's answer is not the list's, so the list's number would mislead. Nothing can be worked
    out by this: who is in which group, and how many answered there, is known to whom rule 7 protects against.
    """
    if asked and asked >= people:
        return say("show.group_answered_of", count=Number(people), asked=Number(asked))
    return say("show.group_answered", count=Number(people))


def _questions(tables: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """The questions by practice, without the words that all begin with; and for each practice its lesson."""
    shown = dict(_groups(tables, "item", None))
    texts = [one.text for one in codebook.items.values()]
    taught = _lessons(codebook)
    return {
        "beginning": findings.beginning(texts),
        "practices": [
            (
                name,
                taught.get(key, ""),
                [
                    (
                        findings.rest_of(item.text, texts),
                        findings.own_words(codebook, item),
                        shown.get(item.key),
                    )
                    for item in codebook.items.values()
                    if item.practice == key
                ],
            )
            for key, name in codebook.practices.items()
        ],
        "lessons": bool(taught),
    }


def _lessons(codebook: Codebook) -> dict[str, str]:
    """For each practice the lesson that asks its questions, or has its name."""
    found: dict[str, str] = {}
    # Without its lessons beside it, a report is still worth having.
    with suppress(AlongsideError):
        for lesson in lessons.lessons():
            own = {codebook.items[key].practice for key in lesson.survey if key in codebook.items}
            named = {key for key in codebook.practices if lesson.name == f"{lesson.number:02d}-{key}"}
            for key in own | named:
                found.setdefault(key, _lesson(lesson.number, lesson.title, codebook.practices[key]))
    return found


def _lesson(number: int, title: str, practice: str) -> str:
    """A lesson that has its practice's name needs no second one."""
    if fold(title) == fold(practice):
        return say("show.lesson_of_a_practice", number=number)
    return say("show.named_lesson", number=number, title=title)


# --- what ends each report ---------------------------------------------------------------------------


def _ending(tables: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """What was asked, what can't be shown, and the limits."""
    left_out = tables["left_out"]
    too_few = [key for key in left_out if key in codebook.practices]
    names = [codebook.about[key].text for key in left_out if key in codebook.about]
    if any(key in codebook.items and codebook.items[key].practice not in too_few for key in left_out):
        names.append(say("show.single_questions"))
    return {
        "asked": say(
            "show.asked",
            questions=say("show.questions", count=Number(len(codebook.items))),
            practices=say("show.practices", count=Number(len(codebook.practices))),
            scale=", ".join(codebook.scale),
        ),
        "everything_hidden": tables["people"] is None,
        "left_out": names,
        "too_few": "; ".join(codebook.practices[key] for key in too_few),
        "why": tables["why_left_out"],
        "mark": charts.MARK,
        "who": references.here().who_can_see_answers.strip(),
    }


# --- the conversation, where there is too little to show ---------------------------------------------


def _guide() -> str:
    from nbconvert.filters import markdown2html

    text = markdown2html(_guide_text())
    text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
    # The page has a heading of the first rank, and this stands below one of the second.
    return re.sub(r"<(/?)h([1-5])\b", lambda found: f"<{found[1]}h{min(6, int(found[2]) + 1)}", text)


def _guide_text() -> str:
    """The guide's Markdown as everyone may read it, on paper: without facilitators' cells, links and marks of sources."""
    with suppress(AlongsideError):
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", lessons.exercise(GUIDE).prose(_ELSEWHERE))
        return re.sub(r" ?\[[a-z0-9]+(?:-[a-z0-9]+)+\]", "", text)
    return say("show.no_guide")


# --- tables for other programs -----------------------------------------------------------------------

COLUMNS = (
    "measure", "kind", "text", "by", "group", "people", "answered", "favorable", "bound", "low", "high",
    "worst_case_low", "worst_case_high", "part_favorable", "part_middle", "part_unfavorable", "favorable_is",
)  # fmt: skip


def _csv(tables: Mapping[str, Any], codebook: Codebook) -> str:
    """``tables.csv``: a row for each group; begins with the mark by which Excel knows UTF-8.

    ``favorable_is``: the words that count as favorable; where questions of a practice differ, those of each.
    """
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for one in tables["tables"]:
        for group in one["groups"]:
            worst, parts = group.get("worst_case") or (None, None), group.get("parts") or {}
            cells = [one[key] for key in ("measure", "kind", "text", "by")]
            numbers = ("people", "answered", "favorable", "bound", "low", "high")
            cells += [group["name"], *(group[key] for key in numbers)]
            cells += [*worst, *(parts.get(key) for key in ("favorable", "middle", "unfavorable"))]
            cells.append(_favorable_is(codebook, one["measure"]))
            rows.writerow([_safe(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _favorable_is(codebook: Codebook, measure: str) -> str:
    items = [one for one in codebook.items.values() if measure in (one.key, one.practice)]
    return "; ".join(dict.fromkeys(charts.in_words(codebook.points(one).favorable) for one in items))


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises.

    Where a program splits at another sign than ours, a formula may begin after that sign, quotation marks or not.
    """
    return _FORMULA.sub(r"\1'", " ".join(cell.split())) if isinstance(cell, str) else cell


_FORMULA = re.compile(r'((?:^|[;,|])[\s"]*)(?=[=+\-@＝＋－＠|%])')
