"""A codebook to begin with, drafted from the headings of an export. No answer is looked at for it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alongside.course.entry import mistake
from alongside.survey.ask.codebook import UNWRITTEN, fold
from alongside.survey.read import tools
from alongside.survey.read.answers import looks_like_an_address
from alongside.survey.read.files import Record, open_table
from alongside.survey.read.headings import heading_rows, headings_in
from alongside.survey.read.responses import walled
from alongside.words import say

__all__ = ["draft"]


@walled
def draft(path: Path | str, sheet: str | None = None) -> str:
    """A codebook in YAML, from the headings of a CSV or XLSX file.

    What looks like a question becomes an item; what may be a breakdown, or a place for free text, stands there
    as a comment; what a tool adds by itself is left out. Raises AlongsideError where there are no headings.
    """
    table = open_table(path, sheet)
    start, skip = heading_rows(table.first)
    heads = table.first[start:skip]
    _check_headings(heads, table.first[skip:], table.where)
    cells = [cell for record in heads for cell in record]
    grouped = any(tools.Wrapper.GROUP in tool.wrappers for tool in tools.known(cells))
    found = [_Heading(one, grouped) for one in headings_in(heads)]
    items = _once([one for one in found if one.is_item])
    if not items:
        raise mistake(table.where, "read.no_questions")
    maybe = _once([one for one in found if not one.is_item and not one.is_technical])
    return _yaml(items, maybe)


def _check_headings(heads: Sequence[Record], rows: Sequence[Record], where: str) -> None:
    """A file without headings would have its first person's answers taken for them."""
    for number in range(max(map(len, heads), default=0)):
        below = {fold(row[number]) for row in rows if number < len(row)} - {""}
        for cell in (head[number] for head in heads if number < len(head)):
            answer = re.fullmatch(r"[\d\s./:,-]+", cell.strip()) or looks_like_an_address(cell)
            if fold(cell) in below or fold(cell) in _ANSWERS or answer:
                raise mistake(where, "read.no_headings")


@dataclass(frozen=True, slots=True)
class _Heading:
    """One column: its heading ``rows``, and whether the file puts the name of a group before a heading."""

    rows: Record
    grouped: bool

    @property
    def text(self) -> str:
        """The question itself, in the last row that is words, without what stands before it."""
        words = [row for row in self.rows if " " in row.strip() and not tools.is_second_row_word(row)]
        asked = words[-1] if words else max(self.rows, key=len, default="")
        inner = re.search(r"\s\[(.+)\]\s*$", asked, re.DOTALL)
        text = inner[1] if inner else re.split(r"\s[-–—]\s", asked)[-1]
        return _clean(text.rsplit("/", 1)[-1] if self.grouped else text) or _clean(asked)

    @property
    def columns(self) -> list[str]:
        """The other headings of the column, as the codebook needs them."""
        others = [_clean(row) for row in self.rows if not tools.is_second_row_word(row)]
        return [row for row in others if self.text not in map(_clean, (row, *tools.unwrapped(row)))]

    @property
    def is_technical(self) -> bool:
        return not self.rows or tools.is_added_by_a_tool(self.rows[0])

    @property
    def is_item(self) -> bool:
        if self.is_technical:
            return False
        if re.search(r"[?？؟]$", self.text):  # an opinion, but for questions about the person who answers
            return not re.match(_ABOUT_A_PERSON, fold(self.text))
        # a sentence, or a code with a number in it such as p01_a
        return _words(self.text) > 3 or bool(re.search(r"\d", self.text))


def _words(text: str) -> int:
    """How many words a text has, more or less: in scripts that put no space between them, three letters are one."""
    unspaced = re.findall(_UNSPACED, unicodedata.normalize("NFC", text))
    return len(fold(re.sub(_UNSPACED, " ", text)).split()) + len(unspaced) // 3


def _clean(text: str) -> str:
    kept = (" " if unicodedata.category(one) in ("Cc", "Cf") else one for one in text)
    return " ".join("".join(kept).split())


def _once(headings: Sequence[_Heading]) -> list[_Heading]:
    """Without headings that ask the same: a codebook can't tell them apart."""
    return list({fold(one.text): one for one in reversed(headings) if fold(one.text)}.values())[::-1]


def _yaml(items: Sequence[_Heading], maybe: Sequence[_Heading]) -> str:
    taken = {fold(row) for one in (*items, *maybe) for row in (one.text, *one.columns)}
    name = next(word for word in ("question", "item", "asked", "our_item") if fold(f"{word}_1") not in taken)
    lines = [say("read.draft_head")]
    for number, one in enumerate(items, start=1):
        lines.append(f"  {name}_{number}:\n    practice: practice-1\n    text: {_quoted(one.text)}\n")
        if one.columns:
            lines.append(f"    column: [{', '.join(map(_quoted, one.columns))}]\n")
    if maybe:
        lines.append("\n" + say("read.draft_about"))
    for number, one in enumerate(maybe, start=1):
        lines.append(f"#   about_{number}:\n#     text: {_quoted(one.text)}\n")
        if one.columns:
            lines.append(f"#     column: [{', '.join(map(_quoted, one.columns))}]\n")
        lines.append(f"#     answers: {{{_quoted(UNWRITTEN)}: []}}\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON text is a YAML text


_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese."""

_ABOUT_A_PERSON = (
    r"(which|what|where|when|who|why|how (long|many|old|did you)|any|anything|is there anything|do you identify"
    r"|que|cual|cuales|donde|cuando|quien|cuanto|cuantos|hace cuanto|algun|algo mas"
    r"|quel|quelle|quels|quelles|ou|quand|qui|depuis|combien|autre chose"
    r"|welche|welcher|welches|was|wo|wann|wer|wie (lange|viele|alt)|noch etwas"
    r"|qual|quais|onde|quem|quanto|quantos|ha quanto|algo mais)\b"
)
"""How questions begin that may be a breakdown, or a place for words, folded."""

_ANSWERS = {
    "never", "rarely", "seldom", "sometimes", "often", "usually", "always", "agree", "disagree", "neutral",
    "strongly agree", "strongly disagree", "neither agree nor disagree", "yes", "no", "true", "false",
    "n a", "prefer not to say",
}  # fmt: skip
