"""What is open, what was answered and what was shown. Counts go in here and come out as a sentence only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from alongside.room.counts import MINIMUM, again_from, said
from alongside.room.keep import Kept
from alongside.room.phones import mark
from alongside.room.questions import Question, Questions
from alongside.words import say

__all__ = ["Answered", "Asked", "Hall", "Stage"]

Stage = Literal["waiting", "open", "aside", "shown", "slips", "paper"]
"""*aside*: another question was opened; its answers are kept until it is opened again. *slips*: closed, and nothing can be said."""
Answered = Literal["counted", "before", "closed", "paper", "no_question", "no_option", "too_many", "full"]
#: Phones that can answer one question.
MOST_PHONES = 5_000
#: Rounds of one question. What three rounds tell together was not tried.
MOST_ROUNDS = 2


@dataclass
class _Round:
    """Answers of one round: so many at each option, and marks of the phones that gave them. A set keeps no order."""

    counts: list[int]
    phones: set[bytes] = field(default_factory=set)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))


@dataclass
class Asked:
    """One question, and how far it is. What it holds of answers, only :class:`Hall` looks at."""

    question: Question
    stage: Stage = "waiting"
    #: What was shown, one sentence a round.
    says: tuple[str, ...] = ()
    #: Whether an earlier run of the program showed it: how many had answered then is not known any more.
    earlier: bool = False
    rounds: int = 0
    _round: _Round | None = field(default=None, repr=False)
    _enough_for_two: bool = field(default=True, repr=False)

    @property
    def can_open(self) -> bool:
        if self.stage == "open" or self.earlier:
            return False
        return self.stage == "aside" or self.rounds < MOST_ROUNDS


class Hall:
    """The questions of a room. One is in front: the one that was opened, closed or moved to paper last."""

    def __init__(self, questions: Questions, kept: Kept) -> None:
        self.title = questions.title
        self._kept = kept
        self.all = {one.id: Asked(one) for one in questions.questions}
        for id, says in kept.found.items():
            asked = self.all[id]
            asked.stage, asked.says, asked.earlier, asked.rounds = "shown", says, True, len(says)
        self.front: Asked | None = None
        #: Changes with each thing that the facilitator does, and with nothing that a phone does.
        self.version = 0
        #: Whether any phone has come this far.
        self.reached = False
        #: What the facilitator's page says about the last thing that was pressed, and how often it said something.
        self.note, self.notes = "", 0

    # --- the facilitator ---------------------------------------------------------------------------

    def open(self, id: str) -> None:
        asked = self.all[id]
        if not asked.can_open:
            return
        if self.front and self.front.stage == "open":
            self.front.stage = "aside"
        if asked.stage != "aside":
            asked.rounds += 1
            asked._round = _Round([0] * len(asked.question.options))
        asked.stage = "open"
        self._in_front(asked)

    def close(self, id: str) -> None:
        """Close for good and show; with too few answers it stays open. Raises OSError where it can't be written, and then nothing
        has changed."""
        asked = self.all[id]
        answers = asked._round
        if answers is None or asked.stage not in ("open", "aside"):
            return
        people = len(answers.phones)
        if people < MINIMUM:
            self.remark(say("room.too_early"))
            return
        question = asked.question
        enough = people >= again_from(question.kind, len(question.options), question.most)
        if asked.says and not (enough and asked._enough_for_two):
            asked.stage = "slips"
        else:
            sentence = _sentence(question, answers.counts, people)
            self._kept.write(
                {one.question.id: one.says for one in self.all.values()} | {id: (*asked.says, sentence)}
            )
            asked.says = (*asked.says, sentence)
            asked.stage = "shown"
        asked._round, asked._enough_for_two = None, enough
        self._in_front(asked)

    def paper(self, id: str) -> None:
        """Ask it on paper instead: what phones answered is forgotten, so that nobody counts twice."""
        asked = self.all[id]
        if asked._round is not None:
            asked._round = None
            asked.rounds -= 1  # of this round nothing was told
        asked.stage = "paper"
        self._in_front(asked)

    def remark(self, note: str) -> None:
        """Tell the facilitator alone: on no other page anything has changed."""
        self.note, self.notes = note, self.notes + 1

    def _in_front(self, asked: Asked | None) -> None:
        self.front, self.note = asked, ""
        self.version += 1

    # --- phones ------------------------------------------------------------------------------------

    def came(self) -> None:
        """A phone has reached the room."""
        self.reached = True

    def has_answered(self, phone: str) -> bool:
        """Whether a phone, by its id, has answered what is open."""
        answers = self.front._round if self.front and self.front.stage == "open" else None
        return answers is not None and mark(answers.key, phone) in answers.phones

    def answer(self, phone: str, id: str, options: Sequence[str]) -> Answered:
        """Count the answer of a phone, once, whole or not at all."""
        asked = self.all.get(id)
        if asked is None:
            return "no_question"
        question = asked.question
        if any(option not in question.options for option in options) or not options:
            return "no_option"
        if len(options) > question.most or len(set(options)) < len(options):
            return "too_many"
        answers = asked._round
        if answers is None or asked.stage != "open":
            return "paper" if asked.stage in ("paper", "slips") else "closed"
        own = mark(answers.key, phone)
        if own in answers.phones:
            return "before"
        if len(answers.phones) >= MOST_PHONES:
            return "full"
        answers.phones.add(own)
        for option in options:
            answers.counts[question.options.index(option)] += 1
        return "counted"

    # --- what everybody may see ---------------------------------------------------------------------

    def results(self) -> dict[str, object]:
        """What ``/results.json`` says of the question in front."""
        if self.front is None:
            return {"question": None, "shown": False}
        shown = self.front.stage == "shown"
        result: dict[str, object] = {"question": self.front.question.id, "shown": shown}
        return result | {"says": self.front.says[-1]} if shown else result


def _sentence(question: Question, counts: Sequence[int], people: int) -> str:
    match said(question.kind, counts, people, question.stands):
        case "mixed":
            return say("room.mixed")
        case "stands":
            return say("room.stands_now")
        case "not_yet":
            return say("room.not_yet")
        case ("most_are_at", place):
            return say("room.most_are_at", option=question.options[place])
        case (_, place):
            return say("room.most_dots", option=question.options[place])
