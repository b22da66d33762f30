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

from alongside import folder
from alongside.course import lesson as lessons
from alongside.course import references
from alongside.errors import AlongsideError
from alongside.page import theme
from alongside.survey.show import charts
from alongside.survey.show.charts import html_table

if TYPE_CHECKING:
    from alongside.survey.ask.codebook import Codebook
    from alongside.survey.rules.disclosure import Release

__all__ = ["MANIFEST", "excerpt", "files", "frame", "page", "report"]

MANIFEST = ".alongside-report.json"
GUIDE = "21-survey-read"
"""The exercise that is the guide for a conversation, for teams with too few answers."""

_ELSEWHERE = {"facilitator", "rung-2"}
"""Tags of its cells that stay out: for who leads, and for a device that a page on the wall isn't."""

NO_GUIDE = """
## Talk instead, for 30 minutes

1. Agree on what leaves the room, and on what is written down. Nobody writes down who said what.
2. Each person thinks alone for two minutes: *When did something here work the way it should, in the last month?*
3. Talk in pairs first. Then whoever wants to says one thing to everyone. The manager speaks last. Passing is fine.
4. Choose one thing to change. Write down what, who, and by when.
5. Say when and how everyone will hear what came of it.
"""


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
        raise AlongsideError(
            "This codebook and these tables don't belong together: their titles or waves differ. "
            "Use the codebook that the answers were read with."
        )
    return _page(tables, codebook)


def _page(tables: Mapping[str, Any], codebook: Codebook) -> str:
    parts = [
        f"<h1>{_text(codebook.title)}</h1>",
        f'<p class="alongside-lead">{_text(codebook.wave)}. {_lead(tables)}</p>',
        _next_steps(codebook),
        _asked(tables, codebook),
        _answered(tables),
        *(_seen(tables, codebook) if tables["tables"] else _guide()),
        _not_shown(tables, codebook),
        _limits(),
        *(_talk(tables, codebook) if tables["tables"] else ()),
    ]
    return frame(f"{codebook.title}, {codebook.wave}", "".join(parts))


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
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f'<title>{_text(title)}</title>\n<link rel="icon" href="data:,">\n<style>{style}</style>\n</head>\n'
        f'<body class="al-page alongside-report">\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _text(words: object) -> str:
    return html.escape(str(words))


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _lines(*labels: str, times: int = 1) -> str:
    """Lines to write on by hand."""
    one = "".join(f"<p>{_text(label)} <span></span></p>" for label in labels)
    return '<ol class="alongside-lines">' + f"<li>{one}</li>" * times + "</ol>"


# --- the sections, in the order in which they stand --------------------------------------------------


def _lead(tables: Mapping[str, Any]) -> str:
    if tables["people"] is None:
        return (
            "Thank you to everyone who answered. There are too few answers to show. In a small team a number can "
            "point to a person, so no number is shown, not even how many answered. A conversation can do more: "
            "below is a guide for one."
        )
    return (
        "This is what people here answered. Thank you to everyone who did, and to everyone who chose not to."
    )


def _next_steps(codebook: Codebook) -> str:
    words = codebook.next_steps.strip()
    if words:
        told = "".join(f"<p>{_text(part)}</p>" for part in re.split(r"\n\s*\n", words))
    else:
        told = (
            "<p>This is not written down yet. Fill it in together with the people who were asked.</p>"
            + _lines("What we will do:", "Who:", "By when:", "How you will hear of it:", times=2)
        )
    return f"<h2>What happens next, and by when</h2>{told}"


def _asked(tables: Mapping[str, Any], codebook: Codebook) -> str:
    said = (
        f"{_count(len(codebook.items), 'question')} about {_count(len(codebook.practices), 'practice')}: "
        f"{_text('; '.join(codebook.practices.values()))}. "
        f"People chose one of these: {_text(', '.join(codebook.scale))}."
    )
    if tables["tables"]:
        favorable = charts.part_names(codebook)["favorable"]
        said += f" A percent here is the share of answers that said <strong>{_text(favorable)}</strong>."
    also = _list(_text(one.text) for one in codebook.about.values())
    return f"<h2>What we asked</h2><p>{said}</p>" + (f"<p>We also asked:</p>{also}" if codebook.about else "")


def _answered(tables: Mapping[str, Any]) -> str:
    people, asked = tables["people"], tables["headcount"]
    if people is None:
        said = "<p>Too few to show. That is nobody’s fault: small teams are small.</p>"
    elif asked:
        said = (
            f"<p>{_count(people, 'person', 'people')} answered, of {asked:,} who were asked. "
            "What the others would have said is not known.</p>"
        )
    else:
        said = (
            f"<p>{_count(people, 'person', 'people')} answered. How many were asked is not written down, "
            "so nobody can tell how well this fits everyone.</p>"
        )
    return f"<h2>How many answered</h2>{said}"


def _worst_case(tables: Mapping[str, Any]) -> str:
    rows = [
        (one["text"], f"{group['worst_case'][0]:.0f}%", f"{group['worst_case'][1]:.0f}%")
        for one, group in _everyone(tables, "practice")
        if group.get("worst_case")
    ]
    if not rows:
        return ""
    return (
        "<h3>If everyone had answered</h3><p>If all of the others had answered one way, or all of them the other way, "
        "the share would lie between these two.</p>"
        + html_table("Everyone who was asked", ("Practice", "From", "To"), rows)
    )


def _seen(tables: Mapping[str, Any], codebook: Codebook) -> Iterable[str]:
    yield "<h2>What we see</h2>"
    yield (
        "<p>A dot is the share that we counted. With few people, chance plays a part, so the line says where the share "
        "likely lies. A long line means that we know little. A bracket in place of a dot says only “at most” or "
        "“at least”, so that nobody’s answer can be worked out.</p>"
    )
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
    heads = ("Question", charts.part_names(codebook)["favorable"], "People")
    parts = []
    for key, name in codebook.practices.items():
        items = [item for item in codebook.items.values() if item.practice == key]
        rows = [(item.text, *_cells(found.get(item.key))) for item in items]
        parts.append(html_table(name, heads, rows) if rows else "")
    return "<h3>Question by question, everyone together</h3>" + "".join(parts)


def _cells(group: Mapping[str, Any] | None) -> tuple[str, str]:
    return (charts.shown(group), f"{group['people']:,}") if group else (charts.MARK, charts.MARK)


def _everyone(tables: Mapping[str, Any], kind: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return [
        (one, one["groups"][0])
        for one in tables["tables"]
        if one["kind"] == kind and one["by"] is None and one["groups"]
    ]


def _not_shown(tables: Mapping[str, Any], codebook: Codebook) -> str:
    parts = ["<h2>What we can’t show, and why</h2>"]
    if tables["people"] is None:
        parts.append(
            "<p>Everything, because there are too few answers. A number could point to a person.</p>"
        )
        return "".join(parts)
    if tables["left_out"]:
        whole = [key for key in tables["left_out"] if key not in codebook.items]
        lines = [_text(_named(key, codebook)) for key in whole]
        if len(whole) < len(tables["left_out"]):
            lines.append("single questions")
        parts.append(f"<p>{_text(tables['why_left_out'])} Left out here:</p>{_list(lines)}")
    parts.append(
        f"<p>Where you see “{charts.MARK}”, “at most” or “at least”, more would not be safe to show. "
        "Small groups stand together. Two groups are never crossed, such as role and site. "
        "Words that people wrote were not read at all.</p>"
    )
    return "".join(parts)


def _named(key: str, codebook: Codebook) -> str:
    return codebook.about[key].text if key in codebook.about else codebook.practices.get(key, key)


def _limits() -> str:
    who = references.here().who_can_see_answers.strip()
    seen = (
        f"Who may see the file with all answers: {_text(who)}"
        if who
        else ("Who may see the file with all answers:" + _lines("Names or roles:"))
    )
    return "<h2>The limits</h2>" + _list(
        (
            "What is hidden is not zero. It is only not shown.",
            seen,
            "This page protects people from being found in its numbers. It can’t protect anyone from a colleague "
            "who was told what they answered, or who knew a newcomer.",
            "People who did not answer may see things another way.",
            "The questions are our own. They are not validated: nobody has tested what they measure.",
        )
    )


def _talk(tables: Mapping[str, Any], codebook: Codebook) -> Iterable[str]:
    yield "<h2>Talk about it</h2>" + _lines(
        "What stands out?", "What surprises us?", "What will we ask next?"
    )
    lessons = _lessons(codebook)
    rows = [
        (codebook.practices[one["measure"]], lessons[one["measure"]])
        for one, _ in _everyone(tables, "practice")
        if one["measure"] in lessons
    ]
    if rows:
        yield "<p>Each lesson takes a group about 45 minutes, or one person about 25.</p>"
        yield html_table("A lesson for each practice", ("Practice", "Lesson"), rows)


def _lessons(codebook: Codebook) -> dict[str, str]:
    """For each practice the lesson that asks its questions, or has its name."""
    found: dict[str, str] = {}
    # Without its lessons beside it, a report is still worth having.
    with suppress(AlongsideError):
        for lesson in lessons.lessons():
            own = {codebook.items[key].practice for key in lesson.survey if key in codebook.items}
            named = {key for key in codebook.practices if lesson.name == f"{lesson.number:02d}-{key}"}
            for key in own | named:
                found.setdefault(key, f"Lesson {lesson.number}, {lesson.title}")
    return found


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# --- the conversation, where there is too little to show ---------------------------------------------


def _guide() -> Iterable[str]:
    from nbconvert.filters import markdown2html

    text = markdown2html(_guide_text())
    text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
    # The page has a heading of the first rank, and this stands below one of the second.
    text = re.sub(r"<(/?)h([1-5])\b", lambda found: f"<{found[1]}h{min(6, int(found[2]) + 1)}", text)
    yield "<h2>What to do instead</h2>"
    yield f'<section class="alongside-guide" aria-label="A guide for a conversation">{text}</section>'


def _guide_text() -> str:
    """The guide's Markdown as everyone may read it, on paper: without facilitators' cells, links and marks of sources."""
    with suppress(AlongsideError):
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", lessons.exercise(GUIDE).prose(_ELSEWHERE))
        return re.sub(r" ?\[[a-z0-9]+(?:-[a-z0-9]+)+\]", "", text)
    return NO_GUIDE


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
