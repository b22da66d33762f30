"""The one file that a room writes: of each closed question, the sentence that was shown. Whole, or as it was before.

It lies beside the questions (``room.yml``: ``room.shown.json``) and holds no count, no time and no order: entries stand as the
questions do, and the file's own time is always the same.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.room.questions import Questions
from alongside.words import say

__all__ = ["Kept"]

VERSION = 1
#: The time that the file shows, in seconds since 1970: the first of January 2000, whenever a question was closed.
NO_TIME = 946_684_800


class Kept:
    """What was shown, on the disk."""

    def __init__(self, questions: Questions) -> None:
        """Raises :class:`AlongsideError` where the file can't be written, or is of other questions."""
        self.path = questions.path.with_suffix(".shown.json")
        self._questions = questions.questions
        self.found: Mapping[str, tuple[str, ...]] = self._read()
        """What an earlier run showed, by the ids of questions."""
        if not os.access(self.path.absolute().parent, os.W_OK | os.X_OK):
            raise AlongsideError(say("room.not_writable", folder=self.path.absolute().parent))

    def _read(self) -> dict[str, tuple[str, ...]]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError:
            raise self._foreign() from None
        try:
            whole = json.loads(text)
            if whole["alongside_room"] != VERSION:
                raise self._foreign()
            shown = {(one["question"], one["text"], *one["options"]): one["says"] for one in whole["shown"]}
        except (ValueError, KeyError, TypeError):
            raise self._foreign() from None
        found = {}
        for question in self._questions:
            says = shown.pop((question.id, question.text, *question.options), None)
            if isinstance(says, list) and says and all(isinstance(one, str) for one in says):
                found[question.id] = tuple(says)
        if shown:
            raise self._foreign()
        return found

    def _foreign(self) -> AlongsideError:
        return AlongsideError(say("room.other_questions", file=self.path))

    def write(self, shown: Mapping[str, Sequence[str]]) -> None:
        """Put what was shown, by the ids of questions, in the place of what was there. Raises OSError, and then nothing changed."""
        entries = [
            {
                "question": question.id,
                "text": question.text,
                "options": question.options,
                "says": list(shown[question.id]),
            }
            for question in self._questions
            if shown.get(question.id)
        ]
        text = json.dumps({"alongside_room": VERSION, "shown": entries}, ensure_ascii=False, indent=1) + "\n"
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".alongside-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.utime(name, (NO_TIME, NO_TIME))
            Path(name).replace(self.path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
