"""Phones are told apart and bounded, and never known: no address, no time and no order is looked at or kept.

A phone has a random id in a cookie, signed with a key that lives as long as this process. What the room keeps of it are keyed
hashes: one for each question that is open, so that it counts once, and one in a count of requests, so that it can't drown the others.
Each has a key of its own, which is thrown away with it, so that nothing leads from one to another. Addresses are never counted:
a whole room comes from one.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["USUAL", "Bounds", "Gate", "Phone", "Phones", "mark"]

_BYTES = 16
#: At the end of the id of a phone that was here before the room started again.
_BEFORE = "r"


def mark(key: bytes, id: str) -> bytes:
    """What is kept of an id under a key: 16 bytes from which nobody gets the id without the key."""
    return hmac.digest(key, id.encode(), "sha256")[:_BYTES]


@dataclass(frozen=True, slots=True)
class Phone:
    """Whoever asks: ``cookie`` is what has to be set, "" where it has a good one."""

    id: str
    cookie: str

    @property
    def new(self) -> bool:
        return bool(self.cookie)

    @property
    def was_here_before(self) -> bool:
        """Whether it was in the room before the room started again."""
        return self.id.endswith(_BEFORE)


class Phones:
    """Gives phones their ids, and knows those that it gave. It keeps none."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def who(self, cookie: str | None) -> Phone:
        """The phone with this cookie; one that was not signed here gets another, as does a phone without one."""
        id, _, signature = (cookie or "").partition(".")
        if id and hmac.compare_digest(signature.encode(), self._signature(id).encode()):
            return Phone(id, "")
        id = secrets.token_urlsafe(_BYTES) + (_BEFORE if cookie else "n")
        return Phone(id, f"{id}.{self._signature(id)}")

    def _signature(self, id: str) -> str:
        return urlsafe_b64encode(mark(self._key, id)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Requests in a window of so many seconds: of one cookie, of all who have none yet, and of everybody."""

    seconds: float = 10
    of_one: int = 60
    of_new: int = 6_000
    of_all: int = 12_000


USUAL = Bounds()
Verdict = Literal["in", "too_often", "full"]
"""*too_often*: of this one phone; *full*: of everybody, or of all who have no cookie yet."""


@dataclass
class Gate:
    """Counts requests in one window at a time. When it ends, all that it counted is gone."""

    clock: Callable[[], float]
    bounds: Bounds = USUAL
    _window: int = -1
    _all: int = 0
    _new: int = 0
    _each: Counter[bytes] = field(default_factory=Counter)
    _key: bytes = b""

    def lets_in(self, id: str | None) -> Verdict:
        """Whether one more request may come; ``id``: of a phone that has a good cookie."""
        window = int(self.clock() // self.bounds.seconds)
        if window != self._window:
            self._window, self._all, self._new = window, 0, 0
            self._each, self._key = Counter(), secrets.token_bytes(_BYTES)
        self._all += 1
        if self._all > self.bounds.of_all:
            return "full"
        if id is None:
            self._new += 1
            return "in" if self._new <= self.bounds.of_new else "full"
        own = mark(self._key, id)
        self._each[own] += 1
        return "in" if self._each[own] <= self.bounds.of_one else "too_often"
