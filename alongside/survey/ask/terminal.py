"""A codebook written in the terminal: one question after another, in plain lines that a screen reader reads and a pipe fills.

``back`` goes back, Enter keeps what stands there, and nothing is written before the end. What may be decided, and what is
said where it can't be, is in ``writing.py``.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.survey.ask import writing
from alongside.survey.ask.codebook import Codebook, load, plain
from alongside.survey.ask.writing import Manuscript, Question
from alongside.words import say

__all__ = ["write"]


class _Back(Exception):
    """Somebody typed that they want to go back."""


def write(to: Path, opened: Path | None) -> Path:
    """Ask for a codebook, from the first line to the last, and write it; gives where it is.

    ``opened``: one that exists, to be changed. Raises AlongsideError where the file can't be, or where the lines that
    were piped end before the end, and KeyboardInterrupt; then nothing was written.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    writing.check_place(to, opened)
    script = Manuscript.open(opened) if opened else Manuscript.new()
    talk = _Talk()
    talk.tell(say("terminal.welcome"))
    if opened:
        talk.tell(say("terminal.changes", title=writing.clean(script.title)))
    else:
        talk.begin(script)
    steps: list[tuple[str, Callable[[Manuscript, _Talk], None]]] = [
        (say("terminal.title"), _title),
        (say("terminal.wave"), _wave),
        (say("terminal.questions"), _questions),
        (say("terminal.about"), _about),
        (say("terminal.scale"), _scale),
        (say("terminal.headcount"), _headcount),
        (say("terminal.next_steps"), _next_steps),
        (say("terminal.follow_up"), _follow_up),
    ]
    at = 0
    while at < len(steps):
        talk.head(at + 1, len(steps), steps[at][0])
        try:
            steps[at][1](script, talk)
            at += 1
        except _Back:
            at = max(0, at - 1)
    while True:
        number = _look_over(script, talk, [name for name, _ in steps])
        if number is not None:
            talk.head(number, len(steps), steps[number - 1][0])
            with suppress(_Back):
                steps[number - 1][1](script, talk)
            continue
        try:
            return _put(script, talk, to)
        except _Back:
            pass  # to what was written so far
        except AlongsideError as error:
            if talk.ended:
                raise
            talk.tell(str(error))


class _Talk:
    """What is said and what is answered. ``book``: the questionnaire of ours from which questions are chosen."""

    def __init__(self) -> None:
        self.book: Codebook | None = None
        self.ended = False

    def tell(self, words: str) -> None:
        print(words, flush=True)

    def head(self, number: int, count: int, name: str) -> None:
        self.tell("\n" + say("terminal.step", number=number, count=count, name=name))

    def ask(self, prompt: str, now: str = "") -> str:
        """The line that is typed. ``now``: what stands there and stays with Enter."""
        if now:
            self.tell(say("terminal.now", value=writing.clean(now)))
        try:
            line = input(f"{prompt} ")
        except EOFError:
            self.ended = True
            raise AlongsideError(say("terminal.ended")) from None
        line = writing.clean(line)
        if plain(line) == say("terminal.word_back"):
            raise _Back
        return line

    def until(self, prompt: str, do: Callable[[str], object], now: str = "") -> None:
        """Ask until it can be done; Enter keeps what stands there."""
        while True:
            line = self.ask(prompt, now)
            if not line and now:
                return
            try:
                do(line)
                return
            except AlongsideError as error:
                if self.ended:
                    raise
                self.tell(str(error))

    def list(self, lines: Iterable[str]) -> None:
        for number, line in enumerate(lines, start=1):
            self.tell(say("terminal.line", number=number, text=writing.clean(line)))

    def pick(self, prompt: str, lines: Sequence[str]) -> int:
        """Which of the lines, counted from 0."""
        self.list(lines)
        found: list[int] = []

        def one(line: str) -> None:
            found[:] = _numbers(line, len(lines))
            if len(found) != 1:
                raise AlongsideError(say("terminal.one_number", count=len(lines)))

        self.until(prompt, one)
        return found[0]

    def begin(self, script: Manuscript) -> None:
        """Which questionnaire of ours to choose from; its title is offered too."""
        self.tell("\n" + say("terminal.begin_with"))
        ours = writing.ready_made()
        try:
            number = self.pick(say("terminal.which"), [*ours, say("terminal.none_of_ours")])
        except _Back:
            return self.begin(script)
        self.book = load([*ours.values()][number]) if number < len(ours) else None
        script.title = self.book.title if self.book else ""
        return None

    def ours(self, script: Manuscript) -> Codebook:
        """The questionnaire of ours to choose from, asked for where it isn't known."""
        if self.book is None:
            near = script.kin()
            found = writing.ready_made()
            if near is None:
                near = [*found.values()][self.pick(say("terminal.which"), [*found])]
            self.book = load(near)
        return self.book


# --- the steps ---------------------------------------------------------------------------------------


def _title(script: Manuscript, talk: _Talk) -> None:
    talk.until(say("terminal.ask_title"), script.set_title, script.title)


def _wave(script: Manuscript, talk: _Talk) -> None:
    talk.until(say("terminal.ask_wave"), script.set_wave, script.wave)


def _questions(script: Manuscript, talk: _Talk) -> None:
    if not script.questions and talk.book:
        _choose(script, talk)

    def practice_of(line: str) -> str:
        names = list(script.practices)
        number = int(line) - 1 if re.fullmatch(r"\d{1,3}", line, re.ASCII) else -1
        if number >= len(names) or line == "0":
            raise AlongsideError(say("terminal.one_number", count=len(names)))
        if not line:
            raise AlongsideError(say("writing.no_practice"))
        return names[number] if number >= 0 else line

    def change(number: int) -> None:
        one = script.questions[number]
        talk.until(say("terminal.new_words"), lambda text: script.reword(one.key, text), one.text)
        talk.list(script.practices.values())
        now = script.practices[one.practice]
        talk.until(say("terminal.which_practice"), lambda line: script.move(one.key, practice_of(line)), now)

    def add() -> None:
        talk.list(script.practices.values())

        def about(line: str) -> None:
            practice = practice_of(line)
            talk.until(say("terminal.question_words"), lambda text: script.add(text, practice))

        talk.until(say("terminal.which_practice"), about)

    def out(numbers: Sequence[int]) -> None:
        for key in [script.questions[number].key for number in numbers]:
            script.drop(key)

    def lines() -> list[str]:
        return [_with_practice(script, one) for one in script.questions]

    while True:
        talk.tell(say("terminal.questions_are", count=len(script.questions)))
        _work_on(talk, lines, change, add, out, lambda: _choose(script, talk))
        if script.questions:
            return
        talk.tell(say("writing.no_questions"))


def _choose(script: Manuscript, talk: _Talk) -> None:
    book = talk.ours(script)
    keys, chosen = list(book.items), {one.key for one in script.questions}
    talk.tell(say("terminal.ready_made", count=len(keys)))
    practice = ""
    for number, (key, item) in enumerate(book.items.items(), start=1):
        if item.practice != practice:
            practice = item.practice
            talk.tell("\n" + book.practices[practice])
        mark = say("terminal.chosen", text=item.text) if key in chosen else item.text
        talk.tell(say("terminal.line", number=number, text=mark))

    def numbers(line: str) -> None:
        script.choose(book, [keys[number] for number in _numbers(line, len(keys))])

    now = _ranges(number for number, key in enumerate(keys, start=1) if key in chosen)
    talk.until(say("terminal.which_questions"), numbers, now)


def _about(script: Manuscript, talk: _Talk) -> None:
    talk.tell(say("terminal.about_is_coarse"))

    def change(number: int) -> None:
        one = script.about[number]
        talk.until(say("terminal.new_words"), lambda text: script.reword_about(one.key, text), one.text)
        answers = "; ".join(one.labels)
        talk.until(
            say("terminal.ask_answers"),
            lambda line: script.set_answers(one.key, writing.parts(line)),
            answers,
        )

    def add() -> None:
        text = talk.ask(say("terminal.question_words"))
        talk.until(say("terminal.ask_answers"), lambda line: script.ask_about(text, writing.parts(line)))

    def out(numbers: Sequence[int]) -> None:
        for key in [script.about[number].key for number in numbers]:
            script.drop_about(key)

    def choose() -> None:
        there = {one.key for one in script.about}
        ours = [about for about in talk.ours(script).about.values() if about.key not in there]
        talk.tell(say("terminal.ready_about", count=len(ours)))
        talk.list(_asked(about.text, about.answers) for about in ours)
        if not ours:
            return

        def take(line: str) -> None:
            for number in _numbers(line, len(ours)):
                script.take_about(ours[number])

        talk.until(say("terminal.which_about"), take)

    if not script.about and talk.book:
        choose()
    _work_on(
        talk, lambda: [_asked(one.text, one.labels) for one in script.about], change, add, out, choose,
    )  # fmt: skip


def _scale(script: Manuscript, talk: _Talk) -> None:
    def points(line: str) -> None:
        if script.set_scale(writing.parts(line)):
            talk.tell(say("writing.spellings_gone"))

    talk.until(say("terminal.ask_scale"), points, "; ".join(script.scale))
    while True:
        high = talk.ask(say("terminal.ask_favorable"), "; ".join(script.favorable))
        low = talk.ask(say("terminal.ask_unfavorable"), "; ".join(script.unfavorable))
        try:
            script.set_ends(
                writing.parts(high) if high else script.favorable,
                writing.parts(low) if low else script.unfavorable,
            )
            return
        except AlongsideError as error:
            talk.tell(str(error))


def _headcount(script: Manuscript, talk: _Talk) -> None:
    talk.tell(say("terminal.why_headcount"))
    now = _number(script.headcount)
    talk.until(say("terminal.ask_headcount"), lambda line: script.set_headcount(_count(line)), now)
    if script.headcount is None:
        return
    for one in script.about:
        known = any(answer.headcount is not None for answer in one.answers)
        question = say("terminal.ask_headcounts", text=writing.clean(one.text))
        if talk.ask(question, say("terminal.word_yes") if known else "").casefold() not in _yes(known):
            continue
        while True:
            counts: list[int | None] = []
            for answer in one.answers:
                _ask_count(talk, answer.label, answer.headcount, counts)
            try:
                script.set_headcounts(one.key, counts)
                break
            except AlongsideError as error:
                talk.tell(str(error))


def _ask_count(talk: _Talk, label: str, now: int | None, counts: list[int | None]) -> None:
    def keep(line: str) -> None:
        counts.append(_count(line))

    before = len(counts)
    talk.until(say("terminal.how_many_of", label=writing.clean(label)), keep, _number(now))
    if len(counts) == before:  # Enter, which keeps
        counts.append(now)


def _next_steps(script: Manuscript, talk: _Talk) -> None:
    def keep(line: str) -> None:
        script.set_next_steps("" if _is_none(line) else line)

    talk.until(say("terminal.ask_next_steps"), keep, script.next_steps)


def _follow_up(script: Manuscript, talk: _Talk) -> None:
    while True:
        now = script.follow_up
        line = talk.ask(say("terminal.ask_date"), now.date.isoformat() if now else "")
        if _is_none(line) or (not line and not now):
            script.set_follow_up(None, "", "")
            return
        try:
            when = writing.day(line) or (now.date if now else None)
        except AlongsideError as error:
            talk.tell(str(error))
            continue
        what = talk.ask(say("terminal.ask_what"), now.what if now else "") or (now.what if now else "")
        who = talk.ask(say("terminal.ask_who"), now.who if now else "") or (now.who if now else "")
        try:
            script.set_follow_up(when, what, "" if _is_none(who) else who)
            return
        except AlongsideError as error:
            talk.tell(str(error))


def _work_on(
    talk: _Talk,
    lines: Callable[[], Sequence[str]],
    change: Callable[[int], None],
    add: Callable[[], None],
    out: Callable[[Sequence[int]], None],
    choose: Callable[[], None],
) -> None:
    """Change a list until Enter: a number to change, and words to add, take out and choose."""
    while True:
        there = lines()
        talk.list(there)
        line = talk.ask(say("terminal.work_on") if there else say("terminal.work_on_nothing"))
        word, _, rest = line.partition(" ")
        try:
            if not line:
                return
            if plain(line) == say("terminal.word_add"):
                add()
            elif plain(line) == say("terminal.word_choose"):
                choose()
            elif plain(word) == say("terminal.word_out"):
                out(_numbers(rest, len(there)))
            else:
                numbers = _numbers(line, len(there))
                if len(numbers) != 1:
                    raise AlongsideError(say("terminal.one_number", count=len(there)))
                change(numbers[0])
        except _Back:
            continue  # to the list
        except AlongsideError as error:
            if talk.ended:
                raise
            talk.tell(str(error))


# --- the end -----------------------------------------------------------------------------------------


def _look_over(script: Manuscript, talk: _Talk, names: Sequence[str]) -> int | None:
    """Show all of it once more. Gives the number of the step that is to be changed, or None: write it."""
    promised = script.follow_up
    nothing = say("terminal.nothing")
    counts = [
        say("terminal.group_count", label=answer.label, number=answer.headcount)
        for one in script.about
        for answer in one.answers
        if answer.headcount is not None
    ]
    values = [
        [script.title],
        [script.wave],
        [_with_practice(script, one) for one in script.questions],
        [_asked(one.text, one.labels) for one in script.about],
        [
            ", ".join(script.scale),
            say("terminal.favorable_are", points=", ".join(script.favorable)),
            say("terminal.unfavorable_are", points=", ".join(script.unfavorable)),
        ],
        [_number(script.headcount) or say("terminal.not_known"), *counts],
        [script.next_steps] if script.next_steps else [],
        [promised.date.isoformat(), promised.what, *([promised.who] if promised.who else [])]
        if promised
        else [],
    ]
    talk.tell("\n" + say("terminal.all_of_it"))
    for number, (name, lines) in enumerate(zip(names, values, strict=True), start=1):
        talk.tell(say("terminal.line", number=number, text=name))
        for line in lines or [nothing]:
            talk.tell(say("terminal.part", text=writing.clean(line)))
    talk.tell(say("terminal.minimum_is", count=script.minimum_group))
    while True:
        try:
            line = talk.ask(say("terminal.write_or_change"))
            if not line:
                return None
            numbers = _numbers(line, len(names))
            if len(numbers) != 1:
                raise AlongsideError(say("terminal.one_number", count=len(names)))
            return numbers[0] + 1
        except _Back:
            return len(names)
        except AlongsideError as error:
            if talk.ended:
                raise
            talk.tell(str(error))


def _put(script: Manuscript, talk: _Talk, to: Path) -> Path:
    """Write it. Where a file is there it takes a yes, or another name; where it can't be written, another name or room."""
    script.check()
    sure = False
    while True:
        there = writing.check_place(to, script.opened)
        if there and not sure:
            line = talk.ask(say("terminal.replace", file=to))
            sure = line.casefold() in _yes()
            to = to if sure else _other(line, script, talk) or to
            continue
        try:
            writing.put(script, to, replace_it=there)
        except (
            OSError
        ) as error:  # a full disk, a stick that was pulled out: what was typed is not lost for it
            line = talk.ask(say("terminal.not_written", file=to, why=error.strerror))
            other = _other(line, script, talk)
            sure, to = (sure, to) if other is None else (False, other)
            continue
        return to


def _other(line: str, script: Manuscript, talk: _Talk) -> Path | None:
    """The file that was named instead, where one can be; else None, and why is said."""
    if not line:
        return None
    try:
        writing.check_place(Path(line), script.opened)
    except AlongsideError as error:
        talk.tell(str(error))
        return None
    return Path(line)


# --- what is typed -----------------------------------------------------------------------------------


def _numbers(line: str, most: int) -> list[int]:
    """Places from 0 that are named by numbers from 1, such as "1 4 7-9", or by "all" and "none"."""
    if plain(line) == say("terminal.word_all"):
        return list(range(most))
    if _is_none(line):
        return []
    found: dict[int, None] = {}
    for part in re.split(r"[\s,;]+", re.sub(r"\s*[-–]\s*", "-", line.strip())):
        ends = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?\.?", part, re.ASCII)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (0, 0)
        if not 1 <= first <= last <= most:
            raise AlongsideError(say("terminal.numbers_to", count=most))
        found |= dict.fromkeys(range(first - 1, last))
    return list(found)


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers as they may be typed: "1-3 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _count(line: str) -> int | None:
    return None if _is_none(line) else writing.whole_number(line)


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


def _is_none(line: str) -> bool:
    return plain(line) == say("terminal.word_none")


def _yes(empty_too: bool = False) -> set[str]:
    word = say("terminal.word_yes")
    return {word, word[:1], *([""] if empty_too else [])}


def _with_practice(script: Manuscript, one: Question) -> str:
    told = say("terminal.question_of", text=one.text, practice=script.practices[one.practice])
    if one.favorable:
        return say("terminal.own_favorable", text=told, points=", ".join(one.favorable))
    return say("terminal.reversed", text=told) if one.reversed else told


def _asked(text: str, answers: Iterable[str]) -> str:
    return say("terminal.question_answers", text=text, answers="; ".join(answers))
