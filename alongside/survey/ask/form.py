"""The questionnaire of a codebook: on paper, as XLSForm for KoboToolbox, and as plain text to paste.

It begins with a page for the people who plan the survey and the people who will be asked, because questions that
were chosen together, and promises that were written down first, are what makes answering safe. No form asks for a
name, for words of one's own, or for anything that a tool could collect by itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from openpyxl import Workbook

from alongside import templates
from alongside.course import references
from alongside.errors import AlongsideError
from alongside.press import PAPERS, press
from alongside.survey.ask.codebook import Codebook
from alongside.words import say

__all__ = ["files", "page", "pdf", "plain", "xlsform"]

PAPER, TOOL, TEXT, TYPED = "questionnaire", "kobotoolbox.xlsx", "questionnaire.txt", "answers-from-paper.csv"


def files(codebook: Codebook) -> dict[str, bytes]:
    """Every file of the form: name to content. There are no PDFs where this computer can make none, or where the codebook has
    letters that none of our fonts has: the HTML, which is always there, prints from any browser."""
    found = {f"{PAPER}.html": page(codebook).encode()}
    for size in PAPERS:
        try:
            found[f"{PAPER}-{size}.pdf"] = pdf(codebook, size)
        except AlongsideError:
            break
    return found | {
        TOOL: xlsform(codebook),
        TEXT: plain(codebook).encode(),
        TYPED: _headings(codebook),
    }


# --- what every form says ----------------------------------------------------------------------------


def consent(codebook: Codebook) -> tuple[tuple[str, str], ...]:
    """What people are told before they decide, as (heading, text)."""
    return (
        (say("ask.what_head"), say("ask.what")),
        (say("ask.choose_head"), say("ask.choose")),
        (say("ask.no_names_head"), say("ask.no_names")),
        (say("ask.shown_head"), say("ask.shown", count=codebook.minimum_group)),
        (say("ask.no_promise_head"), say("ask.no_promise")),
    )


def promises(codebook: Codebook) -> tuple[tuple[str, str], ...]:
    """What is written down before the first answer, as (the start of a sentence, what is known already)."""
    return (
        (say("ask.who_sees"), ""),
        (say("ask.when_destroyed"), ""),
        (say("ask.who_reads"), ""),
        (say("ask.who_decides"), ""),
        (say("ask.what_next"), codebook.next_steps),
        (say("ask.someone"), references.here().someone_to_talk_to),
    )


def planning() -> tuple[str, ...]:
    """What is done with the people who will be asked, before anybody is."""
    return (
        say("ask.sit_down"),
        say("ask.keep_it_short"),
        say("ask.own_words"),
        say("ask.leave_out"),
        say("ask.try_it"),
        say("ask.then_change"),
    )


def talk_instead(codebook: Codebook) -> str:
    """The other way, offered before anybody works on questions."""
    return say("ask.talk_instead", count=codebook.minimum_group)


def _no_answer(codebook: Codebook) -> list[str]:
    """The ways of not answering that people are offered: in words, for "N/A" is a spelling of exports."""
    return (
        [one for one in codebook.no_answer if " " in one.strip()]
        or list(codebook.no_answer)
        or [say("ask.skip")]
    )


def _stem(texts: Sequence[str]) -> str:
    """The words that all questions begin with, up to the first comma: "In the last month, "; or ""."""
    first, comma, _ = texts[0].partition(", ")
    stem = first + comma
    return stem if comma and len(texts) > 1 and all(text.startswith(stem) for text in texts) else ""


def _said_once(codebook: Codebook, stem: str) -> str:
    """What stands above the questions: the words that each of them begins with, or else the title."""
    return stem.rstrip(", ") + " …" if stem else codebook.title


def _after(stem: str, text: str) -> str:
    rest = text[len(stem) :]
    return rest[:1].upper() + rest[1:]


# --- paper -------------------------------------------------------------------------------------------

PAGE = Path(__file__).parent / "page.html.j2"
SHEET = Path(__file__).parent / "form.typ"
STYLE = """
@page { margin: 1.2cm 1.3cm 1.4cm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 12pt; } }
body { margin: 0 auto; max-width: 19cm; color: #000; background: #fff;
  font: 15pt/1.25 "Liberation Sans", Arial, Helvetica, "DejaVu Sans", sans-serif; }
h1 { font-size: 22pt; line-height: 1.15; margin: 0 0 .25em; }
h2 { font-size: 16pt; margin: .55em 0 .15em; break-after: avoid; }
p, ul { margin: .2em 0; }
ul { padding-left: 1.1em; }
section + section { break-before: page; }
.planning { font-size: 14pt; } .planning td { padding: .3em; }
.told { line-height: 1.35; }
.note { border: 1.5pt solid #000; padding: .3em .6em; margin: .4em 0; }
.line { display: flex; gap: .4em; margin: .75em 0 0; break-inside: avoid; }
.rule { flex: 1; border-bottom: 1pt solid #000; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: 0 0 .2em; }
tr { break-inside: avoid; border-bottom: .75pt solid #000; }
th, td { padding: .2em .25em; text-align: center; vertical-align: middle; font-weight: normal; }
th:first-child { text-align: left; padding-left: 0; }
thead th { font-size: 12pt; line-height: 1.1; font-weight: bold; vertical-align: bottom; border-bottom: 1.5pt solid #000; }
.answers th, .answers td { padding: .16em .4em; }
.answers thead th:first-child { width: 100%; }
.answers .none { min-width: 2cm; border-left: 1.5pt solid #000; }
.plan th:nth-child(2), .plan td { white-space: pre; text-align: left; padding: .2em .8em; }
.plan th:last-child { width: 40%; text-align: left; }
.box { display: inline-block; width: .95em; height: .95em; border: 1.5pt solid #000; vertical-align: -.15em; }
.ticks { list-style: none; padding: 0; }
.ticks li { display: inline-block; margin: .15em 1.2em .15em 0; }
fieldset { border: 0; margin: .5em 0 0; padding: 0; break-inside: avoid; }
legend { padding: 0; }
"""


def page(codebook: Codebook) -> str:
    """The printed form as one HTML page: planning, what people are told, the questions, about you."""
    body = f"{_planning(codebook)}{_told(codebook)}{_questions(codebook)}"
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return templates.fill(PAGE, title=codebook.title, policy=policy, style=STYLE, body=body)


def _planning(codebook: Codebook) -> str:
    """The first page: questions are chosen together, and promises are written down. It is not copied."""
    numbers = {key: n for n, key in enumerate(codebook.items, start=1)}
    rows = []
    for practice, name in codebook.practices.items():
        theirs = "   ".join(str(n) for key, n in numbers.items() if codebook.items[key].practice == practice)
        rows.append(f'<tr><th scope="row">{escape(name)}</th><td>{theirs}</td><td></td></tr>')
    return (
        f'<section class="planning">\n<h1>{say("ask.before")}</h1>\n'
        f'<p class="note">{escape(talk_instead(codebook))}</p>\n'
        f"<h2>{say('ask.choose_together')}</h2>\n{_list(planning())}\n"
        f'<table class="plan">\n<thead><tr><th scope="col">{say("ask.about_column")}</th>'
        f'<th scope="col">{say("ask.circle_column")}</th><th scope="col">{say("ask.words_column")}</th></tr></thead>\n'
        f"<tbody>\n{_joined(rows)}</tbody>\n</table>\n"
        f"<h2>{say('ask.who_does_what')}</h2>\n<p>{say('ask.fill_in')}</p>\n</section>\n"
    )


def _told(codebook: Codebook) -> str:
    parts = [f"<h2>{escape(head)}</h2>\n<p>{escape(text)}</p>" for head, text in consent(codebook)]
    lines = [
        f'<p class="line"><b>{escape(say("ask.line_start", start=start))}</b> <span class="rule">{escape(known)}</span></p>'
        for start, known in promises(codebook)
    ]
    return (
        f'<section class="told">\n<h1>{escape(codebook.title)}</h1>\n<p>{escape(codebook.wave)}</p>\n{_joined(parts)}'
        f"<h2>{say('ask.written_down')}</h2>\n{_joined(lines)}</section>\n"
    )


def _questions(codebook: Codebook) -> str:
    stem = _stem([item.text for item in codebook.items.values()])
    none = " / ".join(_no_answer(codebook))
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in codebook.scale)
    boxes = "<td>" + _box() + "</td>"
    rows = [
        f'<tr><th scope="row">{n}. {escape(_after(stem, item.text))}</th>{boxes * len(codebook.scale)}'
        f'<td class="none">{_box()}</td></tr>'
        for n, item in enumerate(codebook.items.values(), start=1)
    ]
    return (
        f"<section>\n<h2>{say('ask.one_tick')}</h2>\n"
        f'<table class="answers">\n<caption>{escape(_said_once(codebook, stem))}</caption>\n'
        f'<thead><tr><th scope="col">{say("ask.question_column")}</th>{heads}'
        f'<th scope="col" class="none">{escape(none)}</th></tr></thead>\n'
        f"<tbody>\n{_joined(rows)}</tbody>\n</table>\n{_about(codebook)}"
        f"<p><b>{say('ask.thanks')}</b> {say('ask.fold')}</p>\n</section>\n"
    )


def _about(codebook: Codebook) -> str:
    if not codebook.about:
        return ""
    asked = [
        f'<fieldset><legend>{escape(one.text)}</legend>\n<ul class="ticks">'
        + "".join(f"<li>{_box()} {escape(label)}</li>" for label in [*one.answers, _no_answer(codebook)[-1]])
        + "</ul></fieldset>"
        for one in codebook.about.values()
    ]
    return f"<h2>{say('ask.about_you')}</h2>\n<p>{escape(why_about(codebook))}</p>\n{_joined(asked)}"


def why_about(codebook: Codebook) -> str:
    return say("ask.why_about", count=codebook.minimum_group)


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in texts) + "</ul>"


def _joined(parts: Iterable[str]) -> str:
    return "".join(f"{one}\n" for one in parts)


def _box() -> str:
    return '<span class="box"></span>'


def pdf(codebook: Codebook, size: str) -> bytes:
    """The printed form on ``size`` ("letter" or "a4"), tagged. Raises :class:`AlongsideError` where none can be made."""
    numbers = {key: str(n) for n, key in enumerate(codebook.items, start=1)}
    stem = _stem([item.text for item in codebook.items.values()])
    data = {
        "title": codebook.title,
        "wave": codebook.wave,
        "planning": {
            "title": say("ask.before"),
            "instead": talk_instead(codebook),
            "choose": say("ask.choose_together"),
            "how": planning(),
            "head": [say("ask.about_column"), say("ask.circle_column"), say("ask.words_column")],
            "practices": [
                (name, [numbers[key] for key, item in codebook.items.items() if item.practice == practice])
                for practice, name in codebook.practices.items()
            ],
            "who": say("ask.who_does_what"),
            "fill_in": say("ask.fill_in"),
        },
        "told": consent(codebook),
        "written_down": say("ask.written_down"),
        "promises": [(say("ask.line_start", start=start), known) for start, known in promises(codebook)],
        "one_tick": say("ask.one_tick"),
        "stem": _said_once(codebook, stem),
        "question_column": say("ask.question_column"),
        "scale": codebook.scale,
        "none": " / ".join(_no_answer(codebook)),
        "questions": [
            say("ask.numbered", number=n, text=_after(stem, item.text))
            for n, item in enumerate(codebook.items.values(), start=1)
        ],
        "about_you": say("ask.about_you"),
        "why_about": why_about(codebook),
        "about": [(one.text, [*one.answers, _no_answer(codebook)[-1]]) for one in codebook.about.values()],
        "thanks": say("ask.thanks"),
        "fold": say("ask.fold"),
    }
    return press(SHEET, data, size)


# --- XLSForm -----------------------------------------------------------------------------------------


def xlsform(codebook: Codebook) -> bytes:
    """The form as an XLSForm workbook. It asks the tool for no time, place, device or name, and requires nothing."""
    none = _no_answer(codebook)
    lists = {"scale": [*codebook.scale, *none]}
    lists |= {f"about_{_name(key)}": [*one.answers, none[-1]] for key, one in codebook.about.items()}
    survey = [("type", "name", "label", "required")]
    survey += [
        ("note", f"told_{n}", say("ask.note", head=head, text=text), "")
        for n, (head, text) in enumerate(_notes(codebook), 1)
    ]
    survey += [("select_one scale", _name(key), item.text, "false") for key, item in codebook.items.items()]
    if codebook.about:
        survey.append(("note", "about_you", why_about(codebook), ""))
    survey += [
        (f"select_one about_{_name(key)}", _name(key), one.text, "false")
        for key, one in codebook.about.items()
    ]
    choices = [("list_name", "name", "label")]
    choices += [
        (name, _slug(label) or str(n), label)
        for name, labels in lists.items()
        for n, label in enumerate(labels, 1)
    ]
    title = say("ask.title_and_wave", title=codebook.title, wave=codebook.wave)
    settings = [("form_title", "form_id", "version"), (title, _name(title), _name(codebook.wave))]
    return _workbook({"survey": survey, "choices": choices, "settings": settings})


def _notes(codebook: Codebook) -> list[tuple[str, str]]:
    return [*consent(codebook), *((start, known or "…") for start, known in promises(codebook))]


def _slug(words: str) -> str:
    """What a tool keeps as the answer: "prefer_not_to_say"."""
    return re.sub(r"\W+", "_", words.casefold()).strip("_")


def _name(words: str) -> str:
    """A name that XML allows for a question: it begins with a letter."""
    slug = _slug(words)
    return slug if slug[:1].isalpha() else f"q_{slug}"


def _workbook(sheets: dict[str, list[tuple[str, ...]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, text in enumerate(row, start=1):
                cell = sheet.cell(r, c, text.replace("${", "$ {"))  # there, ${…} stands for another answer
                cell.data_type = "s"  # a question that begins with = is no formula
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


# --- plain text --------------------------------------------------------------------------------------


def tool_settings() -> tuple[str, ...]:
    """How a form tool is to be set, so that it collects answers and nothing else."""
    return (
        say("ask.collect_nothing"),
        say("ask.require_nothing"),
        say("ask.own_device"),
        say("ask.same_wording"),
    )


def plain(codebook: Codebook) -> str:
    """The form as text in blocks, each of which a form tool takes in one paste."""
    none = _no_answer(codebook)
    blocks = [
        (say("ask.before"), [talk_instead(codebook), *planning()]),
        (say("ask.set_in_your_tool"), tool_settings()),
        (
            say("ask.at_the_top"),
            [
                say("ask.title_with_wave", title=codebook.title, wave=codebook.wave),
                *(say("ask.note", head=head, text=text) for head, text in _notes(codebook)),
            ],
        ),
        (say("ask.in_rows"), [item.text for item in codebook.items.values()]),
        (say("ask.in_columns"), [*codebook.scale, *none]),
        *((one.text, [*one.answers, none[-1]]) for one in codebook.about.values()),
        (say("ask.at_the_end"), [say("ask.thanks")]),
    ]
    return "\n\n".join("\n".join([f"== {head} ==", *lines]) for head, lines in blocks) + "\n"


def _headings(codebook: Codebook) -> bytes:
    """An empty table into which the sheets of paper are typed: one heading for each question, in their order."""
    asked = [item.text for item in codebook.items.values()] + [one.text for one in codebook.about.values()]
    held = io.StringIO()
    csv.writer(held).writerow(asked)
    return b"\xef\xbb\xbf" + held.getvalue().encode()  # the mark tells spreadsheets that this is UTF-8
