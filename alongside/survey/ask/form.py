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

from openpyxl import Workbook

from alongside import paper
from alongside.course import references
from alongside.survey.ask.codebook import Codebook

__all__ = ["files", "page", "plain", "xlsform"]

PAPER, TOOL, TEXT, TYPED = "questionnaire", "kobotoolbox.xlsx", "questionnaire.txt", "answers-from-paper.csv"
SKIP = "Skip"  # where a codebook has no words for "no answer"


def files(codebook: Codebook) -> dict[str, bytes]:
    """Every file of the form: name to content. PDFs are left out where :class:`alongside.paper.NoPrinter` says why."""
    printed = page(codebook)
    found = {f"{PAPER}.html": printed.encode()}
    for size in paper.SIZES:
        try:
            found[f"{PAPER}-{size}.pdf"] = paper.pdf(printed, size)
        except paper.NoPrinter:
            break
    return found | {
        TOOL: xlsform(codebook),
        TEXT: plain(codebook).encode(),
        TYPED: _headings(codebook),
    }


# --- what every form says ----------------------------------------------------------------------------


def consent(codebook: Codebook) -> tuple[tuple[str, str], ...]:
    """What people are told before they decide, as (heading, text)."""
    least = codebook.minimum_group
    return (
        (
            "What this is",
            "Some questions about how we treat one another here. “Here” means this program, wherever you meet it. "
            "The questions are ours and not validated.",
        ),
        (
            "You choose",
            "You can skip any question, stop at any time, or hand in nothing at all. "
            "No job, no pay and no service depends on it. Nobody will ask you why.",
        ),
        (
            "No names",
            "Please don't write your name or any words. Ticks are enough, and handwriting can be recognized.",
        ),
        (
            "What will be shown",
            f"Only what {least} or more people said together. If fewer than {least} people answer, we show nothing "
            "and have a talk instead.",
        ),
        (
            "What we can't promise",
            "Whoever holds the sheets or the file can see each set of answers, without a name. "
            "And if you tell somebody what you ticked, they may guess more.",
        ),
    )


def promises(codebook: Codebook) -> tuple[tuple[str, str], ...]:
    """What is written down before the first answer, as (the start of a sentence, what is known already)."""
    return (
        ("Who can see the single sheets or the file", ""),
        ("When these are destroyed", ""),
        ("Who reads the results first", ""),
        ("Who decides what happens then", ""),
        ("What happens next, and by when", codebook.next_steps),
        ("Someone to talk to", references.here().someone_to_talk_to),
    )


PLANNING = (
    "Sit down with some of the people who will be asked. Pay participants and peers for this work.",
    "Keep it short. Ten to fifteen questions are plenty. Circle the ones that you keep.",
    "Say a question in your own words if it sounds like an office. It asks how often something happened that people "
    "can see. It never asks what a person is like.",
    "Leave out questions about yourself that could point to one person.",
    "Try it with two people. Ask what they think each question means.",
    "Then change the file of questions, and make this form again.",
)


def talk_instead(codebook: Codebook) -> str:
    """The other way, offered before anybody works on questions."""
    return (
        f"Will fewer than {codebook.minimum_group} people answer? Then numbers can't be shown safely. "
        "A talk serves you better: “A conversation in place of numbers” needs 30 minutes and some cards."
    )


def _no_answer(codebook: Codebook) -> list[str]:
    """The ways of not answering that people are offered: in words, for "N/A" is a spelling of exports."""
    return [one for one in codebook.no_answer if " " in one.strip()] or list(codebook.no_answer) or [SKIP]


def _stem(texts: Sequence[str]) -> str:
    """The words that all questions begin with, up to the first comma: "In the last month, "; or ""."""
    first, comma, _ = texts[0].partition(", ")
    stem = first + comma
    return stem if comma and len(texts) > 1 and all(text.startswith(stem) for text in texts) else ""


def _after(stem: str, text: str) -> str:
    rest = text[len(stem) :]
    return rest[:1].upper() + rest[1:]


# --- paper -------------------------------------------------------------------------------------------

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
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(codebook.title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{_planning(codebook)}{_told(codebook)}{_questions(codebook)}</main>\n</body>\n</html>\n"
    )


def _planning(codebook: Codebook) -> str:
    """The first page: questions are chosen together, and promises are written down. It is not copied."""
    numbers = {key: n for n, key in enumerate(codebook.items, start=1)}
    rows = []
    for practice, name in codebook.practices.items():
        theirs = "   ".join(str(n) for key, n in numbers.items() if codebook.items[key].practice == practice)
        rows.append(f'<tr><th scope="row">{escape(name)}</th><td>{theirs}</td><td></td></tr>')
    return (
        '<section class="planning">\n<h1>Before anyone answers</h1>\n'
        f'<p class="note">{escape(talk_instead(codebook))}</p>\n'
        f"<h2>Choose and change the questions together</h2>\n{_list(PLANNING)}\n"
        '<table class="plan">\n<thead><tr><th scope="col">About</th><th scope="col">Circle what you keep</th>'
        f'<th scope="col">Our own words</th></tr></thead>\n<tbody>\n{_joined(rows)}</tbody>\n</table>\n'
        "<h2>Then write down who does what</h2>\n"
        "<p>Fill in the lines on the next page, and say them aloud. Copy from the next page on, for everyone who is "
        "asked. A line that you can't fill in is a reason to wait.</p>\n</section>\n"
    )


def _told(codebook: Codebook) -> str:
    parts = [f"<h2>{escape(head)}</h2>\n<p>{escape(text)}</p>" for head, text in consent(codebook)]
    lines = [
        f'<p class="line"><b>{escape(start)}:</b> <span class="rule">{escape(known)}</span></p>'
        for start, known in promises(codebook)
    ]
    return (
        f'<section class="told">\n<h1>{escape(codebook.title)}</h1>\n<p>{escape(codebook.wave)}</p>\n{_joined(parts)}'
        f"<h2>Written down before the first answer</h2>\n{_joined(lines)}</section>\n"
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
        "<section>\n<h2>One tick in each row, or none</h2>\n"
        f'<table class="answers">\n<caption>{escape(stem.rstrip(", ") + " …" if stem else codebook.title)}</caption>\n'
        f'<thead><tr><th scope="col">Question</th>{heads}<th scope="col" class="none">{escape(none)}</th></tr></thead>\n'
        f"<tbody>\n{_joined(rows)}</tbody>\n</table>\n{_about(codebook)}"
        "<p><b>Thank you.</b> Fold the sheets and put them in the closed box yourself.</p>\n</section>\n"
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
    return f"<h2>About you</h2>\n<p>{escape(why_about(codebook))}</p>\n{_joined(asked)}"


def why_about(codebook: Codebook) -> str:
    return (
        f"You can leave these blank. We show a group only if it has {codebook.minimum_group} people or more."
    )


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in texts) + "</ul>"


def _joined(parts: Iterable[str]) -> str:
    return "".join(f"{one}\n" for one in parts)


def _box() -> str:
    return '<span class="box"></span>'


# --- XLSForm -----------------------------------------------------------------------------------------


def xlsform(codebook: Codebook) -> bytes:
    """The form as an XLSForm workbook. It asks the tool for no time, place, device or name, and requires nothing."""
    none = _no_answer(codebook)
    lists = {"scale": [*codebook.scale, *none]}
    lists |= {f"about_{_name(key)}": [*one.answers, none[-1]] for key, one in codebook.about.items()}
    survey = [("type", "name", "label", "required")]
    survey += [
        ("note", f"told_{n}", f"{head}: {text}", "") for n, (head, text) in enumerate(_notes(codebook), 1)
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
    title = f"{codebook.title}, {codebook.wave}"
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

TOOL_SETTINGS = (
    "Turn off whatever collects names, e-mail addresses, network addresses or a sign-in.",
    "Require no question. Offer no box for words: words can give a person away.",
    "Let people answer on a device of their own, or on a shared one that keeps no history.",
    "Use the wording below exactly. Then the report finds every question by itself.",
)


def plain(codebook: Codebook) -> str:
    """The form as text in blocks, each of which a form tool takes in one paste."""
    none = _no_answer(codebook)
    blocks = [
        ("Before anyone answers", [talk_instead(codebook), *PLANNING]),
        ("Set in your form tool", TOOL_SETTINGS),
        (
            "Say at the top of the form",
            [f"{codebook.title} ({codebook.wave})", *(f"{head}: {text}" for head, text in _notes(codebook))],
        ),
        ("Questions, one in each row", [item.text for item in codebook.items.values()]),
        ("Answers to each question, one in each column", [*codebook.scale, *none]),
        *((one.text, [*one.answers, none[-1]]) for one in codebook.about.values()),
        ("Say at the end", ["Thank you."]),
    ]
    return "\n\n".join("\n".join([f"== {head} ==", *lines]) for head, lines in blocks) + "\n"


def _headings(codebook: Codebook) -> bytes:
    """An empty table into which the sheets of paper are typed: one heading for each question, in their order."""
    asked = [item.text for item in codebook.items.values()] + [one.text for one in codebook.about.values()]
    held = io.StringIO()
    csv.writer(held).writerow(asked)
    return b"\xef\xbb\xbf" + held.getvalue().encode()  # the mark tells spreadsheets that this is UTF-8
