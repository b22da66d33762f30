"""What may be said of counts: exactly the sentence that two counters with a cup would say. Pure; nothing else decides it.

Somebody who knows how many answered, and one of the answers, reads the sentence and these rules. Of no option may they be sure
that exactly one other person, or everybody else, chose it. ``tests/test_room_counts.py`` tries it over all counts. That is why
there is no word for each option, no share, no second place, and a tie is never named. Where a phone has several dots, nobody can know that
all used all of theirs, and this rests on it: pages say that fewer are fine.

The same question asked twice of the same people is another matter: where one person came, left or changed their answer, two
sentences together can tell. From so many answers on as :func:`again_from` says, in both rounds, not even that tells of an option
that exactly one other person, or everybody else, chose it; with fewer the second round says nothing, whatever was answered. (That
the one who came late chose what the sentence went to can be told at any size, and the page says so before it is asked again.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

__all__ = ["KINDS", "MINIMUM", "ONE_OPTION_TO_A_PHONE", "Kind", "Said", "again_from", "said"]

Kind = Literal["choose", "rate", "gradient", "agreement", "dots", "top"]
KINDS: tuple[Kind, ...] = ("choose", "rate", "gradient", "agreement", "dots", "top")
#: Scales, and what somebody can agree with: one step is one answer.
ONE_OPTION_TO_A_PHONE: frozenset[Kind] = frozenset({"rate", "gradient", "agreement"})
#: Answers; of fewer nothing is said.
MINIMUM = 5

Said = tuple[Literal["most_are_at", "most_dots"], int] | Literal["mixed", "stands", "not_yet"]
"""A sentence: of which kind, and the option that it names by its place, if it names one."""


def said(kind: Kind, counts: Sequence[int], people: int, stands: int = 2) -> Said:
    """What is said of ``counts``, the answers at each option, of ``people`` phones, at least :data:`MINIMUM`.

    ``stands``: how many of the first options count as standing (kind *agreement*). The order of phones, and who they are, can't
    come in: it never gets here.
    """
    if kind == "agreement":
        return "stands" if 2 * sum(counts[:stands]) > people else "not_yet"
    if kind in ("dots", "top"):
        highest = max(counts)
        return ("most_dots", counts.index(highest)) if list(counts).count(highest) == 1 else "mixed"
    # Where a phone may choose several, two options can each have most people. Naming one of them would be a choice of ours.
    over_half = [place for place, count in enumerate(counts) if 2 * count > people]
    return ("most_are_at", over_half[0]) if len(over_half) == 1 else "mixed"


def again_from(kind: Kind, options: int, most: int) -> int:
    """How many answers it takes in each of two rounds, so that the second may be told as well."""
    # Of three options with one dot each, a tie of two leaves little to what the third can have.
    return 14 if kind in ("dots", "top") and options == 3 and most == 1 else 7
