"""The codebook: what a survey asked, how answers are spelled in an export, and which group is too small.

It is written before anybody answers. Everything that can be wrong with it is said here, with the file and
the entry, before a single answer is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from alongside.course.entry import Entry, among, mistake, read_entries, shown
from alongside.course.references import survey_questions
from alongside.thresholds import SMALLEST_MINIMUM, USUAL_MINIMUM
from alongside.words import say

__all__ = [
    "NO_ANSWER",
    "UNWRITTEN",
    "About",
    "Codebook",
    "FollowUp",
    "Item",
    "Points",
    "answers_of",
    "fold",
    "load",
    "plain",
    "spellings",
    "unwritten",
]

NEEDS = "title wave minimum_group scale favorable unfavorable practices items"
MAY = "headcount also_means numbers no_answer leave_out about next_steps follow_up"
MOST_ABOUT, MOST_POINTS = 4, 11
UNWRITTEN = "???"
NO_ANSWER = ""  # what answers_of gives as the meaning of "no answer"
_USUAL_NO_ANSWER = (
    "N/A", "NA", "#N/A", "Not applicable", "Does not apply", "No answer",
    "Prefer not to say", "Prefer not to answer", "I prefer not to say", "I prefer not to answer",
    # what tools say by themselves where they speak another language than the questions
    "No aplica", "No corresponde", "Sin respuesta", "Prefiero no decirlo", "Prefiero no decir",
    "Prefiero no responder", "Prefiero no contestar",
    "Non applicable", "Sans objet", "Ne s'applique pas", "Sans réponse", "Pas de réponse",
    "Préfère ne pas répondre", "Préfère ne pas le dire", "Je préfère ne pas répondre", "Je préfère ne pas le dire",
    "Nicht zutreffend", "Entfällt", "Keine Antwort", "Keine Angabe", "k. A.", "Möchte ich nicht sagen",
    "Möchte ich nicht angeben", "Möchte nicht antworten", "Ich möchte nicht antworten",
    "Ich möchte das nicht sagen",
    "Não se aplica", "Não aplicável", "Sem resposta", "Prefiro não dizer", "Prefiro não responder",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``columns`` are its other headings in exports; text and key always count too.

    ``reversed``: the ends of the scale change places for it. ``favorable``: the points that count for it instead of
    the codebook's, or none. :meth:`Codebook.points` says what follows.
    """

    key: str
    practice: str
    text: str
    columns: tuple[str, ...]
    reversed: bool = False
    favorable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """What each point of the scale counts as for one question, in the order of the scale."""

    favorable: tuple[str, ...]
    middle: tuple[str, ...]
    unfavorable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About:
    """One breakdown. ``answers``: what people read, and the other spellings of it in exports.

    ``headcounts``: how many were asked of those who would give an answer, for as many answers as the owner knows.
    """

    key: str
    text: str
    columns: tuple[str, ...]
    answers: Mapping[str, tuple[str, ...]]
    headcounts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was promised: ``what``, until which ``date``, and ``who`` does it, a role and no name, or ""."""

    date: date
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """A survey. ``scale`` runs from unfavorable to favorable; mappings are in the file's order.

    ``numbers``: for a number, letter or code of exports the point that it means, or NO_ANSWER. ``leave_out``: for a
    heading the words that mark a row there as none of the answers; with no word all rows of the column count.
    """

    title: str
    wave: str
    minimum_group: int
    headcount: int | None
    scale: tuple[str, ...]
    favorable: tuple[str, ...]
    unfavorable: tuple[str, ...]
    also_means: Mapping[str, tuple[str, ...]]
    no_answer: tuple[str, ...]
    practices: Mapping[str, str]
    items: Mapping[str, Item]
    about: Mapping[str, About]
    next_steps: str
    path: Path | None
    numbers: Mapping[str, str] = field(default_factory=dict)
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    follow_up: FollowUp | None = None

    def points(self, item: Item) -> Points:
        """What each point counts as for an item.

        Where an item has its own favorable points, an end of the scale that holds none of them is unfavorable, and
        what lies between is neither. Where both ends hold some, it is whatever else lies at an end.
        """
        high, low = set(self.favorable), set(self.unfavorable)
        if item.reversed:
            high, low = low, high
        if item.favorable:
            own, ends = set(item.favorable), (high, low)
            rest = set(self.scale) - own
            untouched = {point for end in ends if not own & end for point in end}
            high, low = own, untouched or (rest & (high | low)) or rest
        return Points(
            *(
                tuple(point for point in self.scale if point in part)
                for part in (high, set(self.scale) - high - low, low)
            )
        )


def load(path: Path | str) -> Codebook:
    """Read a codebook. Raises AlongsideError that names the file and the entry."""
    path = Path(path)
    if not path.is_file():
        raise mistake(str(path), "ask.a_folder" if path.is_dir() else "ask.no_file")
    if _is_a_table(path):
        raise mistake(shown(path), "ask.a_table")
    entry = read_entries(path, curly=True)
    entry = Entry(entry.value, entry.where, NEEDS, MAY)
    if names := unwritten(entry):  # a draft says what only a person knows by this mark
        raise mistake(entry.where, "ask.still_a_draft", names=", ".join(f'"{name}"' for name in names))
    scale = _scale(entry)
    favorable, unfavorable = _ends(entry, scale)
    practices = MappingProxyType(dict(entry.pairs("practices")))
    no_answer = entry.texts("no_answer") if entry.value.get("no_answer") is not None else ()
    found = Codebook(
        title=entry.text("title"),
        wave=entry.text("wave"),
        minimum_group=_minimum_group(entry),
        headcount=_headcount(entry),
        scale=scale,
        favorable=favorable,
        unfavorable=unfavorable,
        also_means=_also_means(entry, scale),
        numbers=_numbers(entry, scale, no_answer),
        no_answer=no_answer,
        leave_out=_leave_out(entry),
        practices=practices,
        items=_items(entry, practices, scale),
        about=_all_about(entry, _headcount(entry)),
        next_steps=entry.text("next_steps") if entry.value.get("next_steps") is not None else "",
        follow_up=_follow_up(entry),
        path=path,
    )
    _check_names(found, entry.where)
    return found


# --- how headings and answers are compared --------------------------------------------------------


def plain(text: str) -> str:
    """Without differences of case, of digits and of spaces, non-breaking ones and invisible ones too."""
    if text.isascii() and text.isprintable():  # as most are, and nothing of what follows is in them
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():  # digits of other scripts are the same numbers
        text = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    return " ".join("".join(" " if _invisible(one) else one for one in text).split())


def fold(text: str) -> str:
    """``plain``, and without punctuation and accents: "Rôle :" and "role" are the same."""
    letters = unicodedata.normalize("NFKD", plain(text))
    kept = (one if one.isalnum() else " " for one in letters if not unicodedata.combining(one))
    return " ".join("".join(kept).split())


def spellings(meanings: Iterable[tuple[str, Iterable[str]]]) -> tuple[dict[str, str], list[str]]:
    """What each spelling means, and the spellings that mean two things.

    A spelling counts as it stands but for case and spaces. Folded further, it counts only where that is not
    the spelling of something else: "<5" and ">5" are two answers, "1-3 years" and "1–3 years" are one.
    """
    pairs = [(word, meaning) for meaning, words in meanings for word in words]
    found, doubles = _meant(pairs, plain)
    loose, unclear = _meant(pairs, fold)
    for word in unclear:
        loose.pop(fold(word), None)
    loose.pop("", None)
    return {**loose, **found}, doubles


def _invisible(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Cf")  # line ends, zero-width spaces, byte order marks


def _meant(
    pairs: Iterable[tuple[str, str]], folded: Callable[[str], str]
) -> tuple[dict[str, str], list[str]]:
    found: dict[str, str] = {}
    doubles: list[str] = []
    for word, meaning in pairs:
        if found.setdefault(folded(word), meaning) != meaning:
            doubles.append(word)
    return found, doubles


def _is_a_table(path: Path) -> bool:
    """Whether a file given for a codebook is a table of answers: a spreadsheet, or lines cut alike by a separator."""
    with path.open("rb") as file:
        start = file.read(8192)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return True
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = start.decode(encoding, errors="replace").removeprefix("\ufeff")
    lines = [line for line in text.splitlines() if line.strip()]
    if any(re.match(rf"(?:{'|'.join((*NEEDS.split(), *MAY.split()))})\s*:", line) for line in lines):
        return False
    return any(all(mark in line for line in lines[:2]) for mark in ",;\t|") and lines != []


def unwritten(entry: Entry) -> list[str]:
    """What of a draft nobody has written yet: the names of its entries that hold the mark for it."""
    return [name for name, value in entry.value.items() if UNWRITTEN in _texts_of(value)]


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from (*_texts_of(name), *_texts_of(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts_of(one)


# --- the entries ----------------------------------------------------------------------------------


def _minimum_group(entry: Entry) -> int:
    minimum, where = entry.number("minimum_group"), f'{entry.where}, "minimum_group"'
    if minimum < SMALLEST_MINIMUM:
        raise mistake(
            where,
            "ask.minimum_too_small",
            least=SMALLEST_MINIMUM,
            found=minimum,
            usual=USUAL_MINIMUM,
            most=USUAL_MINIMUM - 1,
        )
    if minimum < USUAL_MINIMUM and _headcount(entry) is None:
        raise mistake(where, "ask.minimum_needs_headcount", minimum=minimum, usual=USUAL_MINIMUM)
    return minimum


def _headcount(entry: Entry) -> int | None:
    if entry.value.get("headcount") is None:
        return None
    count = entry.number("headcount")
    if not count:
        raise mistake(f'{entry.where}, "headcount"', "ask.no_headcount")
    return count


def _scale(entry: Entry) -> tuple[str, ...]:
    scale, where = entry.texts("scale"), f'{entry.where}, "scale"'
    if not 2 <= len(scale) <= MOST_POINTS:
        raise mistake(where, "ask.points", count=MOST_POINTS, found=len(scale))
    if len({plain(point) for point in scale}) < len(scale):
        raise mistake(where, "ask.point_twice")
    return scale


def _ends(entry: Entry, scale: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The favorable points and the unfavorable ones, each in the order of the scale."""
    ends = [
        among(entry.texts(name), scale, f'{entry.where}, "{name}"') for name in ("favorable", "unfavorable")
    ]
    for name, points in zip(("favorable", "unfavorable"), ends, strict=True):
        if not points:
            raise mistake(f'{entry.where}, "{name}"', "ask.no_point")
    high, low = (sorted(set(points), key=scale.index) for points in ends)
    if scale.index(low[-1]) >= scale.index(high[0]):
        raise mistake(f'{entry.where}, "favorable"', "ask.order_of_the_scale")
    return tuple(high), tuple(low)


def _also_means(entry: Entry, scale: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    if entry.value.get("also_means") is None:
        return MappingProxyType({})
    words = Entry(entry["also_means"], f'{entry.where}, "also_means"')
    points = among(words.value, scale, words.where)
    return MappingProxyType({point: words.texts(point) for point in points})


def _numbers(entry: Entry, scale: tuple[str, ...], no_answer: tuple[str, ...]) -> Mapping[str, str]:
    """What numbers, letters and codes mean. YAML reads a bare 1 as a number and a bare A1 as a text: both will do."""
    if entry.value.get("numbers") is None:
        return MappingProxyType({})
    where, written = f'{entry.where}, "numbers"', entry["numbers"]
    if not isinstance(written, Mapping):
        raise mistake(where, "ask.numbers_are_pairs", first=scale[0])
    if any(isinstance(code, bool) or not isinstance(code, str | int) for code in written):
        raise mistake(where, "ask.code_in_quotes")
    words = Entry({str(code): word for code, word in written.items()}, where)
    if len(words.value) < len(written):
        raise mistake(where, "ask.code_twice")
    silent = {plain(word) for word in (*no_answer, *_USUAL_NO_ANSWER)}
    found: dict[str, str] = {}
    for code in words.value:
        said = words.text(code)
        known = plain(said) in silent and said not in scale
        found[code.strip()] = NO_ANSWER if known else among([said], (*scale, *no_answer), where)[0]
    return MappingProxyType(found)


def _leave_out(entry: Entry) -> Mapping[str, tuple[str, ...]]:
    if entry.value.get("leave_out") is None:
        return MappingProxyType({})
    words = Entry(entry["leave_out"], f'{entry.where}, "leave_out"')
    found = {heading: words.texts(heading) for heading in words.value}
    for heading in found:
        if not fold(heading):
            raise mistake(f'{words.where}, "{heading}"', "ask.no_marks")
    return MappingProxyType(found)


def _follow_up(entry: Entry) -> FollowUp | None:
    if entry.value.get("follow_up") is None:
        return None
    promised = entry.inner("follow_up", "date what", "who")
    day = promised["date"]
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day.strip())
        except ValueError:
            day = None
    if isinstance(day, datetime):
        day = day.date()
    if not isinstance(day, date):
        raise mistake(f'{promised.where}, "date"', "ask.no_date")
    who = promised.text("who") if promised.value.get("who") is not None else ""
    return FollowUp(day, promised.text("what"), who)


def _items(entry: Entry, practices: Mapping[str, str], scale: tuple[str, ...]) -> Mapping[str, Item]:
    found = {
        one.key: Item(one.key, one.practice, one.text, _columns(own), *_its_favorable(own, scale))
        for one, own in survey_questions(entry)
    }
    for key in practices:
        if not any(item.practice == key for item in found.values()):
            raise mistake(f'{entry.where}, practices, "{key}"', "ask.practice_without_item")
    if not found:
        raise mistake(f'{entry.where}, "items"', "ask.no_item")
    return MappingProxyType(found)


def _its_favorable(entry: Entry, scale: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Whether an item turns the ends of the scale around, and the favorable points that it has of its own."""
    turned = entry.flag("reversed")
    if entry.value.get("favorable") is None:
        return turned, ()
    where = f'{entry.where}, "favorable"'
    if turned:
        raise mistake(where, "ask.reversed_and_favorable")
    own = set(among(entry.texts("favorable"), scale, where))
    if not own:
        raise mistake(where, "ask.no_point")
    if own == set(scale):
        raise mistake(where, "ask.every_point_favorable")
    return turned, tuple(point for point in scale if point in own)


def _columns(entry: Entry) -> tuple[str, ...]:
    return entry.texts("column") if entry.value.get("column") is not None else ()


def _all_about(entry: Entry, headcount: int | None) -> Mapping[str, About]:
    if entry.value.get("about") is None:
        return MappingProxyType({})
    entries = Entry(entry["about"], f"{entry.where}, about")
    if len(entries.value) > MOST_ABOUT:
        raise mistake(entries.where, "ask.breakdowns", count=MOST_ABOUT, found=len(entries.value))
    found = {
        key: _about(key, one, headcount) for key, one in entries.entries("text answers", "column headcounts")
    }
    return MappingProxyType(found)


def _about(key: str, entry: Entry, headcount: int | None) -> About:
    words = Entry(entry["answers"], f'{entry.where}, "answers"')
    if not words.value:
        raise mistake(words.where, "ask.no_answers")
    answers = {label: words.texts(label) if words.value[label] is not None else () for label in words.value}
    reserved = {plain(say("ask.everyone")), plain(say("ask.smaller_groups"))}
    for label in answers:
        if plain(label) in reserved:
            raise mistake(words.where, "ask.reserved", label=label)
    _, doubles = spellings((label, (label, *words)) for label, words in answers.items())
    if doubles:
        raise mistake(words.where, "ask.for_two_answers", label=doubles[0])
    headcounts = _headcounts(entry, answers, headcount)
    return About(key, entry.text("text"), _columns(entry), MappingProxyType(answers), headcounts)


def _headcounts(entry: Entry, answers: Iterable[str], headcount: int | None) -> Mapping[str, int]:
    if entry.value.get("headcounts") is None:
        return MappingProxyType({})
    counts = Entry(entry["headcounts"], f'{entry.where}, "headcounts"')
    labels = among(counts.value, answers, counts.where)
    found = {label: counts.number(label) for label in labels}
    for label, count in found.items():
        if not count:
            raise mistake(f'{counts.where}, "{label}"', "ask.no_headcount")
    if headcount is not None and sum(found.values()) > headcount:
        raise mistake(counts.where, "ask.headcounts_too_many", count=headcount, found=sum(found.values()))
    return MappingProxyType(found)


# --- what entries say together ---------------------------------------------------------------------


def _check_names(codebook: Codebook, where: str) -> None:
    """No heading, no measure and no answer may stand for two things."""
    both = set(codebook.practices) & set(codebook.items)
    if both:
        raise mistake(where, "ask.key_twice", key=min(both))
    headings: dict[str, str] = {}
    for one in (*codebook.items.values(), *codebook.about.values()):
        for heading in (one.text, one.key, *one.columns):
            first = headings.setdefault(fold(heading), one.key)
            if first != one.key:
                raise mistake(where, "ask.heading_twice", one=first, two=one.key, heading=heading)
    if "" in headings:
        raise mistake(f'{where}, "{headings[""]}"', "ask.no_letters")
    for heading in codebook.leave_out:
        if fold(heading) in headings:
            raise mistake(f'{where}, "leave_out"', "ask.leaves_out_by_a_question", heading=heading)
    _, doubles = spellings(answers_of(codebook))
    if doubles:
        raise mistake(where, "ask.for_two_things", answer=doubles[0])


def answers_of(codebook: Codebook) -> list[tuple[str, tuple[str, ...]]]:
    """Each point of the scale with its words and numbers, then NO_ANSWER with its own."""

    def coded(meaning: str) -> tuple[str, ...]:
        return tuple(code for code, meant in codebook.numbers.items() if meant == meaning)

    points = [
        (point, (point, *codebook.also_means.get(point, ()), *coded(point))) for point in codebook.scale
    ]
    taken = {plain(word) for _, words in points for word in words}
    usual = tuple(word for word in _USUAL_NO_ANSWER if plain(word) not in taken)
    return [*points, (NO_ANSWER, (*codebook.no_answer, *coded(NO_ANSWER), *usual))]
