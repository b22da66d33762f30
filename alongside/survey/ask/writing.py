"""A codebook while it is being written: what an owner may decide, and one sentence for what can't be.

Two doors lead here, the terminal (``terminal.py``) and lesson 20, so that both ask for the same and refuse the same. A
:class:`Manuscript` changes by its methods alone: each does what it says, or raises AlongsideError and changes nothing.

What becomes of it is YAML with every text in quotation marks, because YAML would read a bare ``yes``, ``12`` or `` #`` as
something else. A codebook that was opened keeps all that is never asked for: headings of exports, other spellings,
numbers, and what somebody wrote beside it. :func:`put` reads the file again by the one reader before it takes its place.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from alongside import folder
from alongside.course.entry import read_entries, shown
from alongside.course.place import ROOT
from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import (
    MOST_ABOUT,
    MOST_POINTS,
    About,
    Codebook,
    FollowUp,
    fold,
    load,
    plain,
    spellings,
    unwritten,
)
from alongside.thresholds import USUAL_MINIMUM
from alongside.words import say

__all__ = [
    "Answer",
    "Breakdown",
    "Manuscript",
    "Question",
    "check_place",
    "clean",
    "day",
    "parts",
    "put",
    "ready_made",
    "whole_number",
]


def ready_made() -> dict[str, Path]:
    """The questionnaires that come with the course, under the words that they are chosen by."""
    return {
        say("writing.for_staff"): ROOT / "data" / "survey-staff.yml",
        say("writing.for_participants"): ROOT / "data" / "survey-participants.yml",
    }


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``columns`` are its other headings in exports, which nobody is asked for.

    ``reversed`` and ``favorable``, as :class:`Item` has them, are kept where a codebook says them.
    """

    key: str
    practice: str
    text: str
    columns: tuple[str, ...] = ()
    reversed: bool = False
    favorable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a breakdown, its other spellings in exports, and how many were asked who would give it."""

    label: str
    spellings: tuple[str, ...] = ()
    headcount: int | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One question about the person, by which groups may be shown."""

    key: str
    text: str
    answers: tuple[Answer, ...]
    columns: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(answer.label for answer in self.answers)


@dataclass(slots=True)
class Manuscript:
    """A codebook that is being written. Fields are read; they change by the methods."""

    title: str = ""
    wave: str = ""
    minimum_group: int = USUAL_MINIMUM
    headcount: int | None = None
    scale: tuple[str, ...] = ()
    favorable: tuple[str, ...] = ()
    unfavorable: tuple[str, ...] = ()
    no_answer: tuple[str, ...] = ()
    also_means: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    leave_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    practices: dict[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    about: tuple[Breakdown, ...] = ()
    next_steps: str = ""
    follow_up: FollowUp | None = None
    opened: Path | None = None

    @classmethod
    def new(cls) -> Manuscript:
        """With the scale of our own questionnaires, and nothing else yet."""
        book = load(next(iter(ready_made().values())))
        return cls(
            scale=book.scale,
            favorable=book.favorable,
            unfavorable=book.unfavorable,
            no_answer=book.no_answer,
        )

    @classmethod
    def open(cls, path: Path) -> Manuscript:
        """A codebook that exists, or a draft, in which what nobody has written yet is empty.

        Raises AlongsideError where it can't be used.
        """
        names, book = _loaded(path)
        found = cls(
            title=book.title,
            wave=book.wave,
            minimum_group=book.minimum_group,
            headcount=book.headcount,
            scale=book.scale,
            favorable=book.favorable,
            unfavorable=book.unfavorable,
            no_answer=book.no_answer,
            also_means=dict(book.also_means),
            numbers=dict(book.numbers),
            leave_out=dict(book.leave_out),
            practices=dict(book.practices),
            questions=tuple(
                Question(key, item.practice, item.text, item.columns, item.reversed, item.favorable)
                for key, item in book.items.items()
            ),
            about=tuple(_breakdown(about) for about in book.about.values()),
            next_steps=book.next_steps,
            follow_up=book.follow_up,
            opened=path,
        )
        for name in names:
            setattr(found, name, "" if name in ("title", "wave") else ())
        return found

    # --- what it is called ---------------------------------------------------------------------------

    def set_title(self, text: str) -> None:
        self.title = _words(text, "writing.no_title")

    def set_wave(self, text: str) -> None:
        self.wave = _words(text, "writing.no_wave")

    # --- its questions -------------------------------------------------------------------------------

    def question(self, key: str) -> Question:
        return next(one for one in self.questions if one.key == key)

    def kin(self) -> Path | None:
        """The questionnaire of ours from which most of its questions were taken, if any were."""
        keys = {one.key for one in self.questions}
        texts = {fold(one.text) for one in self.questions}

        def alike(path: Path) -> tuple[int, int]:
            items = load(path).items
            return sum(fold(item.text) in texts for item in items.values()), sum(key in keys for key in items)

        nearest = max(ready_made().values(), key=alike)
        return nearest if alike(nearest)[1] else None

    def choose(self, book: Codebook, keys: Iterable[str]) -> None:
        """Have exactly these of the ready-made questions of ``book``, and all others that are not among its own."""
        wanted = set(keys)
        questions = [one for one in self.questions if one.key not in book.items or one.key in wanted]
        there = {one.key for one in questions}
        order = list(book.items)
        for key, item in book.items.items():
            if key not in wanted or key in there:
                continue
            added = Question(key, item.practice, item.text, (), item.reversed)
            self._check_heading(item.text, key)
            later = (
                at
                for at, one in enumerate(questions)
                if one.key in order and order.index(one.key) > order.index(key)
            )
            questions.insert(next(later, len(questions)), added)
        names = {**book.practices, **self.practices}
        order = [*self.practices, *book.practices] if self.opened else [*book.practices, *self.practices]
        self.practices = {key: names[key] for key in order}
        self.questions = tuple(questions)

    def move(self, key: str, practice: str) -> None:
        """Say what a question is about: a practice, by its key or by a new name."""
        practice = self._practice(practice)
        self.questions = tuple(
            replace(one, practice=practice) if one.key == key else one for one in self.questions
        )

    def reword(self, key: str, text: str) -> None:
        """Ask a question in other words. Its headings in exports stay."""
        text = self._heading(text, key, "writing.no_question")
        self.questions = tuple(replace(one, text=text) if one.key == key else one for one in self.questions)

    def count_like(self, other: Question) -> None:
        """Let the same answers be favorable for a question as for the ``other`` of its key."""
        self.questions = tuple(
            replace(one, reversed=other.reversed, favorable=self._counting(other))
            if one.key == other.key
            else one
            for one in self.questions
        )

    def add(self, text: str, practice: str) -> str:
        """A question of one's own about a practice, by its key or by a new name; gives the question's key."""
        key = self._new_key("own")
        text = self._heading(text, key, "writing.no_question")
        self.put_back(Question(key, self._practice(practice), text))
        return key

    def _practice(self, practice: str) -> str:
        """The key of a practice, which is named by its key or its name, or is new."""
        practice = _words(practice, "writing.no_practice")
        if practice in self.practices:
            return practice
        by_name = {fold(name): known for known, name in self.practices.items()}
        if fold(practice) in by_name:
            return by_name[fold(practice)]
        key = self._new_key("practice")
        self.practices = {**self.practices, key: practice}
        return key

    def put_back(self, one: Question | Breakdown) -> None:
        """Ask again what was taken out before."""
        self._check_heading(one.text, one.key)
        if isinstance(one, Breakdown):
            self._put_about(one)
            return
        theirs = [at for at, other in enumerate(self.questions) if other.practice == one.practice]
        at = theirs[-1] + 1 if theirs else len(self.questions)
        self.questions = (*self.questions[:at], one, *self.questions[at:])

    def drop(self, key: str) -> None:
        self.questions = tuple(one for one in self.questions if one.key != key)

    # --- what people choose among --------------------------------------------------------------------

    def set_scale(self, points: Iterable[str]) -> bool:
        """The points from unfavorable to favorable. Gives whether spellings or numbers of points that are gone went too."""
        scale = _several(points, "writing.point_twice")
        if not 2 <= len(scale) <= MOST_POINTS:
            raise AlongsideError(say("writing.points", count=MOST_POINTS))
        if scale == self.scale:
            return False
        taken = {plain(word) for word in self.no_answer}
        if any(plain(point) in taken for point in scale):
            raise AlongsideError(say("writing.point_is_no_answer"))
        self.scale = scale
        kept = [tuple(p for p in scale if p in end) for end in (self.unfavorable, self.favorable)]
        # As many at each end as most scales have, where the words that counted there are gone.
        most = 2 if len(scale) > 3 else 1
        low, high = kept
        if not low or not high or scale.index(low[-1]) >= scale.index(high[0]):
            low, high = scale[:most], scale[-most:]
        self.unfavorable, self.favorable = low, high
        means = {point: words for point, words in self.also_means.items() if point in scale}
        numbers = {code: point for code, point in self.numbers.items() if not point or point in scale}
        gone = len(means) < len(self.also_means) or len(numbers) < len(self.numbers)
        self.also_means, self.numbers = means, numbers
        questions = tuple(replace(one, favorable=self._counting(one)) for one in self.questions)
        gone = gone or questions != self.questions
        self.questions = questions
        return gone

    def _counting(self, one: Question) -> tuple[str, ...]:
        """A question's own favorable points that the scale still has; none where they would be all of it."""
        kept = tuple(point for point in self.scale if point in one.favorable)
        return kept if len(kept) < len(self.scale) else ()

    def set_ends(self, favorable: Iterable[str], unfavorable: Iterable[str]) -> None:
        """Which points count as favorable and which as unfavorable; those between are neither."""
        known = {plain(point): point for point in self.scale}
        ends = []
        for chosen in (favorable, unfavorable):
            wanted = [plain(one) for one in chosen]
            if any(one not in known for one in wanted):
                raise AlongsideError(say("writing.not_on_the_scale", scale=", ".join(self.scale)))
            if not wanted:
                raise AlongsideError(say("writing.no_end"))
            ends.append(tuple(point for point in self.scale if plain(point) in wanted))
        high, low = ends
        if self.scale.index(low[-1]) >= self.scale.index(high[0]):
            raise AlongsideError(say("writing.ends_cross"))
        self.favorable, self.unfavorable = high, low

    # --- about the person ----------------------------------------------------------------------------

    def breakdown(self, key: str) -> Breakdown:
        return next(one for one in self.about if one.key == key)

    def ask_about(self, text: str, labels: Iterable[str]) -> str:
        """One more question about the person; gives its key."""
        key = self._new_key("about")
        made = Breakdown(key, self._heading(text, key, "writing.no_question"), ())
        self._put_about(replace(made, answers=_answers(made, labels)))
        return key

    def take_about(self, about: About) -> None:
        """A question about the person that comes with a questionnaire of ours: its words, and none of its codes."""
        if any(one.key == about.key for one in self.about):
            return
        self._check_heading(about.text, about.key)
        self._put_about(Breakdown(about.key, about.text, tuple(Answer(label) for label in about.answers)))

    def reword_about(self, key: str, text: str) -> None:
        text = self._heading(text, key, "writing.no_question")
        self._put_about(replace(self.breakdown(key), text=text))

    def set_answers(self, key: str, labels: Iterable[str]) -> None:
        """The answers of a question about the person. One whose words stay keeps its spellings and its head count; where
        just one is new and just one is gone it is that one in other words, and keeps them too."""
        one = self.breakdown(key)
        self._put_about(replace(one, answers=_answers(one, labels)))

    def drop_about(self, key: str) -> None:
        self.about = tuple(one for one in self.about if one.key != key)

    def _put_about(self, made: Breakdown) -> None:
        there = any(one.key == made.key for one in self.about)
        if not there and len(self.about) >= MOST_ABOUT:
            raise AlongsideError(say("writing.most_about", count=MOST_ABOUT))
        self.about = (
            tuple(made if one.key == made.key else one for one in self.about)
            if there
            else (*self.about, made)
        )

    # --- how many, and what follows ------------------------------------------------------------------

    def set_headcount(self, count: int | None) -> None:
        """How many were asked, or None where nobody knows."""
        if count is None and self.minimum_group < USUAL_MINIMUM:
            raise AlongsideError(say("writing.minimum_needs_headcount", minimum=self.minimum_group))
        if count == 0:
            raise AlongsideError(say("writing.nobody_asked"))
        for one in self.about:
            _check_sum([answer.headcount for answer in one.answers], count)
        self.headcount = count

    def set_headcounts(self, key: str, counts: Sequence[int | None]) -> None:
        """How many were asked of those who would give each answer, in the order of the answers; None: not known."""
        one = self.breakdown(key)
        if 0 in counts:
            raise AlongsideError(say("writing.nobody_asked"))
        _check_sum(counts, self.headcount)
        answers = (
            replace(answer, headcount=count) for answer, count in zip(one.answers, counts, strict=True)
        )
        self._put_about(replace(one, answers=tuple(answers)))

    def set_next_steps(self, text: str) -> None:
        self.next_steps = clean(text)

    def set_follow_up(self, when: date | None, what: str, who: str) -> None:
        """What was promised by when, and who does it; without a day there is none."""
        what, who = clean(what), clean(who)
        if when is None:
            if what or who:
                raise AlongsideError(say("writing.no_day"))
            self.follow_up = None
            return
        self.follow_up = FollowUp(when, _words(what, "writing.no_promise"), who)

    # --- how an export writes it ----------------------------------------------------------------------

    def codes_of(self, point: str) -> tuple[str, ...]:
        """The numbers, letters and codes that mean a point of the scale, or NO_ANSWER."""
        return tuple(code for code, meant in self.numbers.items() if meant == point)

    def set_codes(self, codes: Mapping[str, Iterable[str]]) -> None:
        """What the export's numbers, letters and codes mean: for each point of the scale, and NO_ANSWER, its codes."""
        found: dict[str, str] = {}
        for point, words in codes.items():
            for word in _several(words, "writing.code_twice"):
                if found.setdefault(word, point) != point:
                    raise AlongsideError(say("writing.code_twice"))
        _, doubles = spellings([
            *((point, (point, *self.also_means.get(point, ()))) for point in self.scale),
            *((point, (code,)) for code, point in found.items()),
        ])  # fmt: skip
        if doubles:
            raise AlongsideError(say("writing.code_twice"))
        self.numbers = found

    def set_spellings(self, key: str, words: Mapping[str, Iterable[str]]) -> None:
        """How the export writes the answers of a question about the person, by what people read."""
        one = self.breakdown(key)
        answers = tuple(
            replace(answer, spellings=_several(words.get(answer.label, ()), "writing.code_twice"))
            for answer in one.answers
        )
        _, doubles = spellings((answer.label, (answer.label, *answer.spellings)) for answer in answers)
        if doubles:
            raise AlongsideError(say("writing.code_twice"))
        self._put_about(replace(one, answers=answers))

    def add_column(self, key: str, heading: str) -> None:
        """One more heading of exports that asks a question, or a question about the person."""
        heading = self._heading(heading, key, "writing.no_heading")
        if any(one.key == key for one in self.about):
            one = self.breakdown(key)
            self._put_about(replace(one, columns=(*one.columns, heading)))
            return
        self.questions = tuple(
            replace(one, columns=(*one.columns, heading)) if one.key == key else one for one in self.questions
        )

    def add_leave_out(self, heading: str, words: Iterable[str]) -> None:
        """Rows are none of the answers where a column of the tool says one of these words."""
        heading = self._heading(heading, "", "writing.no_heading")
        more = [word for word in map(clean, words) if word]
        if not more:
            raise AlongsideError(say("writing.no_mark"))
        there = self.leave_out.get(heading, ())
        self.leave_out = {**self.leave_out, heading: tuple(dict.fromkeys((*there, *more)))}

    # --- what holds for all ---------------------------------------------------------------------------

    def check(self) -> None:
        """Raises AlongsideError, in one sentence, where something is missing that no codebook can be without."""
        _words(self.title, "writing.no_title")
        _words(self.wave, "writing.no_wave")
        if not self.questions:
            raise AlongsideError(say("writing.no_questions"))
        if not self.scale:
            raise AlongsideError(say("writing.points", count=MOST_POINTS))

    def _new_key(self, name: str) -> str:
        taken = {*(fold(key) for key in self.practices), *self._headings("")}
        return next(key for number in range(1, 1000) if fold(key := f"{name}_{number}") not in taken)

    def _heading(self, text: str, key: str, empty: str) -> str:
        text = _words(text, empty)
        self._check_heading(text, key)
        return text

    def _headings(self, without: str) -> set[str]:
        return {
            fold(heading)
            for one in (*self.questions, *self.about)
            if one.key != without
            for heading in (one.text, one.key, *one.columns)
        }

    def _check_heading(self, text: str, key: str) -> None:
        """Exports tell questions by their words, so no two may be alike but for case, accents and punctuation."""
        if not fold(text):
            raise AlongsideError(say("writing.no_letters"))
        if fold(text) in self._headings(key):
            raise AlongsideError(say("writing.asked_twice"))

    def used_practices(self) -> dict[str, str]:
        """The practices that have a question."""
        used = {one.practice for one in self.questions}
        return {key: name for key, name in self.practices.items() if key in used}

    def yaml(self) -> str:
        """The codebook as it is written to a file."""
        self.check()
        before = self.opened.read_text(encoding="utf-8-sig") if self.opened else ""
        return _yaml(self, before)


# --- words and numbers as they are typed -------------------------------------------------------------


def whole_number(text: str) -> int | None:
    """A number that somebody typed; None where nothing was. Raises AlongsideError for anything else."""
    text = clean(text)
    if not text:
        return None
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII):
        raise AlongsideError(say("writing.no_number"))
    return int(text)


def day(text: str) -> date | None:
    """A day that somebody typed, as 2026-09-01; None where nothing was."""
    text = clean(text)
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})", text, re.ASCII)
    with suppress(ValueError):
        if found:
            return date(*map(int, found.groups()))
    raise AlongsideError(say("writing.no_date"))


def parts(text: str) -> list[str]:
    """The parts of a line, between semicolons, or between commas where there is no semicolon."""
    return text.split(";" if ";" in text else ",")


def clean(text: str) -> str:
    """In one line, without what nobody can see or type: control characters, halves of characters, byte order marks."""
    hidden = ("Cc", "Cs", "Zl", "Zp", "Co", "Cn")
    kept = (
        " " if unicodedata.category(one) in hidden or one in "\ufeff\ufffe\uffff" else one for one in text
    )
    return " ".join("".join(kept).split())


def _words(text: str, empty: str) -> str:
    text = clean(text)
    if not text:
        raise AlongsideError(say(empty))
    return text


def _several(texts: Iterable[str], twice: str) -> tuple[str, ...]:
    found = tuple(text for text in map(clean, texts) if text)
    if len({plain(text) for text in found}) < len(found):
        raise AlongsideError(say(twice))
    return found


def _answers(one: Breakdown, labels: Iterable[str]) -> tuple[Answer, ...]:
    wanted = _several(labels, "writing.answer_twice")
    if len(wanted) < 2:
        raise AlongsideError(say("writing.two_answers"))
    reserved = {plain(say("ask.everyone")), plain(say("ask.smaller_groups"))}
    if any(plain(label) in reserved for label in wanted):
        raise AlongsideError(say("writing.reserved", one=say("ask.everyone"), two=say("ask.smaller_groups")))
    before = {answer.label: answer for answer in one.answers}
    new = [label for label in wanted if label not in before]
    gone = [label for label in before if label not in wanted]
    if len(new) == len(gone) == 1:
        before[new[0]] = replace(before[gone[0]], label=new[0])
    answers = tuple(before.get(label, Answer(label)) for label in wanted)
    _, doubles = spellings((answer.label, (answer.label, *answer.spellings)) for answer in answers)
    if doubles:
        raise AlongsideError(say("writing.answer_twice"))
    return answers


def _check_sum(counts: Iterable[int | None], asked: int | None) -> None:
    together = sum(count or 0 for count in counts)
    if asked is not None and together > asked:
        raise AlongsideError(say("writing.more_than_asked", found=together, asked=asked))


def _loaded(path: Path) -> tuple[list[str], Codebook]:
    """A codebook; of a draft too, with something else in place of what nobody has written yet, and the names of that."""
    from ruamel.yaml.error import YAMLError

    if path.is_file():
        with suppress(AlongsideError, YAMLError, ValueError):  # said better by the one reader below
            entry = read_entries(path)
            names = unwritten(entry)
            ends = {"scale": ["0", "1"], "favorable": ["1"], "unfavorable": ["0"]}
            instead: dict[str, Any] = {"title": path.stem, "wave": path.stem, **ends}
            if names and set(names) <= set(instead):
                names = [*names, *(name for name in ends if set(ends) & set(names) and name not in names)]
                writer = _writer()
                whole = writer.load(path.read_text(encoding="utf-8-sig"))
                whole |= {name: instead[name] for name in names}
                with tempfile.TemporaryDirectory() as aside:
                    new = Path(aside, path.name)
                    writer.dump(whole, new)
                    return names, load(new)
    return [], load(path)


def _breakdown(about: About) -> Breakdown:
    answers = (Answer(label, words, about.headcounts.get(label)) for label, words in about.answers.items())
    return Breakdown(about.key, about.text, tuple(answers), about.columns)


# --- YAML --------------------------------------------------------------------------------------------


def _writer() -> Any:
    from ruamel.yaml import YAML  # keeps comments, order and quotation marks of what is there

    writer = YAML()
    writer.preserve_quotes = True
    writer.width = 1 << 20  # a folded line is hard to change by hand
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer


def _yaml(script: Manuscript, before: str) -> str:
    """``before``: the file that was opened, or "". Where it says the same already it stays as it stands."""
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    writer = _writer()
    try:
        page = writer.load(before) if before else CommentedMap()
    except (YAMLError, ValueError):
        raise AlongsideError(say("writing.not_kept", file=shown(script.opened or Path()))) from None
    was = Manuscript.open(script.opened) if script.opened else Manuscript()

    for name in ("title", "wave"):
        if getattr(script, name) != getattr(was, name):
            page[name] = _text(getattr(script, name))
    if "minimum_group" not in page:
        page["minimum_group"] = script.minimum_group
    _set(page, "headcount", script.headcount, was.headcount)
    for name in ("scale", "favorable", "unfavorable", "no_answer"):
        if getattr(script, name) != getattr(was, name):
            page[name] = _row(getattr(script, name))
    if script.also_means != was.also_means:
        _keep_only(page, "also_means", script.also_means)
    if script.numbers != was.numbers:
        _set_numbers(page, script)
    if script.leave_out != was.leave_out:
        page["leave_out"] = _map((heading, _row(words)) for heading, words in script.leave_out.items())
    _set_practices(page, script.used_practices())
    _set_questions(page, script.questions, {one.key: one for one in was.questions})
    _set_about(page, script.about, {one.key: one for one in was.about})
    _set(page, "next_steps", _text(script.next_steps) if script.next_steps else None, was.next_steps)
    if script.follow_up != was.follow_up:
        _set(page, "follow_up", _promise(script.follow_up), None)

    held = io.StringIO()
    writer.dump(page, held)
    return held.getvalue()


def _is_ours(text: str) -> bool:
    return text.startswith(say("writing.mark"))


def _text(words: str) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(words)


def _row(texts: Iterable[str]) -> Any:
    from ruamel.yaml.comments import CommentedSeq

    row = CommentedSeq(_text(text) for text in texts)
    row.fa.set_flow_style()
    return row


def _name(key: str) -> str:
    """A key as it may stand without quotation marks; else with them."""
    bare = re.fullmatch(r"[a-z]{2,}[-_][a-z0-9_-]*", key)  # yes, no, on, off and null have no hyphen
    return key if bare else _text(key)


def _map(pairs: Iterable[tuple[str, Any]] = ()) -> Any:
    from ruamel.yaml.comments import CommentedMap

    made = CommentedMap()
    for key, value in pairs:
        made[_text(key)] = value
    return made


def _set(page: Any, name: str, value: Any, was: Any) -> None:
    """Write a value that differs; None takes the entry out."""
    if value is None:
        page.pop(name, None)
    elif value != was:
        page[name] = value


def _keep_only(page: Any, name: str, kept: Mapping[str, Any]) -> None:
    """Take out what is no longer meant. A number stands there as YAML read it, so it is compared as a text."""
    for key in [key for key in page[name] if str(key).strip() not in kept]:
        del page[name][key]
    if not page[name]:
        del page[name]


def _set_numbers(page: Any, script: Manuscript) -> None:
    """What says the same already stays as it stands, a bare 1 too."""
    there = page.setdefault("numbers", _map())
    for key in [key for key in there if str(key).strip() not in script.numbers]:
        del there[key]
    known = {str(key).strip(): key for key in there}
    none = script.no_answer[0] if script.no_answer else "N/A"
    for code, point in script.numbers.items():
        if code not in known or str(there[known[code]]).strip() != point:
            there[known.get(code, _text(code))] = _text(point or none)
    if not there:
        del page["numbers"]


def _promise(promised: FollowUp | None) -> Any:
    if promised is None:
        return None
    made = _map()
    made["date"], made["what"] = promised.date, _text(promised.what)
    if promised.who:
        made["who"] = _text(promised.who)
    return made


def _set_practices(page: Any, wanted: Mapping[str, str]) -> None:
    there = page.setdefault("practices", _map())
    _in_order(
        there, wanted, lambda key, _: _text(wanted[key]), lambda key, now: str(now).strip() == wanted[key]
    )


def _set_questions(page: Any, questions: Sequence[Question], was: Mapping[str, Question]) -> None:
    there = page.setdefault("items", _map())
    wanted = {one.key: one for one in questions}

    def made(key: str, now: Any) -> Any:
        entry = now if now is not None else _map()
        if key not in was or wanted[key].practice != was[key].practice:
            entry["practice"] = _text(wanted[key].practice)
        if key not in was or wanted[key].text != was[key].text:
            entry["text"] = _text(wanted[key].text)
        if wanted[key].columns != (was[key].columns if key in was else ()):
            entry["column"] = _row(wanted[key].columns)
        if wanted[key].reversed != (was[key].reversed if key in was else False):
            _set(entry, "reversed", wanted[key].reversed or None, None)
        if wanted[key].favorable != (was[key].favorable if key in was else ()):
            _set(entry, "favorable", _row(wanted[key].favorable) if wanted[key].favorable else None, None)
        return entry

    _in_order(there, wanted, made, lambda key, _: wanted[key] == was.get(key))


def _set_about(page: Any, about: Sequence[Breakdown], was: Mapping[str, Breakdown]) -> None:
    if not about:
        page.pop("about", None)
        return
    if page.get("about") is None:
        page["about"] = _map()
    wanted = {one.key: one for one in about}

    def made(key: str, now: Any) -> Any:
        entry, one, before = now if now is not None else _map(), wanted[key], was.get(key)
        if before is None or one.text != before.text:
            entry["text"] = _text(one.text)
        if before is None or [(a.label, a.spellings) for a in one.answers] != [
            (a.label, a.spellings) for a in before.answers
        ]:
            entry["answers"] = _map((a.label, _row(a.spellings)) for a in one.answers)
        if one.columns != (before.columns if before else ()):
            entry["column"] = _row(one.columns)
        counts = [(a.label, a.headcount) for a in one.answers if a.headcount is not None]
        if before is None or counts != [
            (a.label, a.headcount) for a in before.answers if a.headcount is not None
        ]:
            _set(entry, "headcounts", _map(counts) if counts else None, None)
        return entry

    _in_order(page["about"], wanted, made, lambda key, _: wanted[key] == was.get(key))


def _in_order(there: Any, wanted: Mapping[str, Any], made: Any, same: Any) -> None:
    """Have exactly the wanted keys, in their order; an entry that says the same already stays as it stands."""
    for key in [key for key in there if key not in wanted]:
        del there[key]
    for at, key in enumerate(wanted):
        if key not in there:
            there.insert(at, _name(key), made(key, None))
        elif not same(key, there[key]):
            there[key] = made(key, there[key])


# --- a file ------------------------------------------------------------------------------------------


def check_place(to: Path, opened: Path | None) -> bool:
    """Whether a file is there that may be replaced after a yes. Raises AlongsideError where it may not, is a folder, or
    where no file can be put: nobody should answer every question first and hear it then."""
    if not os.path.lexists(to):
        there = next(path for path in to.absolute().parents if os.path.lexists(path))
        if not there.is_dir():
            raise AlongsideError(say("writing.in_a_file", file=to, path=there))
        if not os.access(there, os.W_OK | os.X_OK):
            raise AlongsideError(say("writing.not_writable", file=to, path=there))
        return False
    if not to.is_file():
        raise AlongsideError(say("writing.a_folder", file=to))
    if opened is not None and opened.exists() and to.samefile(opened):
        return True
    if not _is_ours(to.read_bytes()[:4096].decode("utf-8", errors="replace")):
        raise AlongsideError(say("writing.of_others", file=to))
    return True


def put(script: Manuscript, to: Path, *, replace_it: bool = False) -> Codebook:
    """Write a codebook, whole or not at all: it is read again by the one reader first. Gives what was read.

    A file that is there is replaced where ``replace_it`` says so, and :func:`check_place` agrees.
    """
    if (
        script.opened
        and to.exists()
        and to.samefile(script.opened)
        and script == Manuscript.open(script.opened)
    ):
        return load(to)  # it says so already
    text = script.yaml()
    if check_place(to, script.opened) and not replace_it:
        raise AlongsideError(say("writing.is_there", file=to))
    mended = script.opened is not None and to.exists() and to.samefile(script.opened)
    if not mended and not _is_ours(
        text
    ):  # a file that somebody wrote stays theirs, also where it is mended here
        text = f"{say('writing.mark')}\n{text}"
    to = to.resolve()
    missing = [path for path in to.parents if not path.exists()]
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=".alongside-") as aside:
            new = Path(aside, to.name)
            new.write_text(text, encoding="utf-8", newline="\n")
            try:
                load(new)
            except AlongsideError as error:
                raise AlongsideError(str(error).replace(shown(new), shown(to))) from None
            with folder.undisturbed():
                new.replace(to)
    except BaseException:
        for path in missing:
            with suppress(OSError):
                path.rmdir()
        raise
    return load(to)
