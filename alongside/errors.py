"""The one kind of error that a person reads, and how it finds the nearest known name.

A message has three short parts: what happened, what was expected, what to do next.
It never quotes what a learner or a respondent wrote.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from alongside.words import say

__all__ = ["AlongsideError", "nearest"]


class AlongsideError(Exception):
    """Something that a person can mend, said in a sentence or two."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it draws a traceback: a lesson error is one line.
        return [str(self)]


_SHOWN = 8


def nearest(name: object, known: Iterable[str]) -> str:
    """Say which known name comes closest: ``Did you mean "the-last-box"?`` When none is near, say which there are."""
    names = sorted(known)
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    if close:
        return say("errors.did_you_mean", name=close[0])
    if not names:
        return say("errors.none_yet")
    listed = ", ".join(f'"{one}"' for one in names[:_SHOWN])
    more = len(names) - _SHOWN
    return (
        say("errors.known", names=listed) if more <= 0 else say("errors.known_more", names=listed, count=more)
    )
