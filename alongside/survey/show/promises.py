"""What was promised on a report, kept beside the codebook, so that the next wave's report takes it up.

``<codebook>.promised.json`` holds what hung on the wall, the words of *next_steps* and *follow_up* of each wave, and
nothing of any answer. It is found in the codebook's folder without being named, whichever codebook it belongs to. Without
it, or where it can't be read, a report only has nothing to take up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside.survey.ask.codebook import fold
from alongside.words import LANGUAGE, say

if TYPE_CHECKING:
    from alongside.survey.ask.codebook import Codebook, FollowUp

__all__ = ["Promised", "keep", "last", "place", "sentence"]

ENDING = ".promised.json"


@dataclass(frozen=True, slots=True)
class Promised:
    """What an earlier ``wave`` promised, in ``lines``."""

    wave: str
    lines: Sequence[str]


def sentence(one: FollowUp) -> str:
    """What was promised, by when and by whom, in a sentence."""
    from babel.dates import format_date  # it takes a moment to load

    day = format_date(one.date, "long", locale=LANGUAGE)
    if one.who:
        return say("show.by_then_who", date=day, what=one.what.rstrip("."), who=one.who)
    return say("show.by_then", date=day, what=one.what.rstrip("."))


def place(codebook: Codebook) -> Path | None:
    """The file beside the codebook; None where the codebook is in no file."""
    return codebook.path and codebook.path.with_name(f"{codebook.path.stem}{ENDING}")


def keep(codebook: Codebook) -> None:
    """Keep what the codebook promises for its wave, once it hangs on the wall; a promise made anew takes its place.

    A folder that can't be written to keeps none: then the next report has nothing to take up, and this one is whole.
    """
    path, earlier = place(codebook), last(codebook)
    lines = [part for part in codebook.next_steps.splitlines() if part.strip()]
    lines += [sentence(codebook.follow_up)] if codebook.follow_up else []
    if path is None or not (lines or earlier):
        return
    # With what this wave took up: made once more, it takes up the same, whichever waves came since.
    now = {"wave": codebook.wave, "lines": lines, "took_up": earlier and asdict(earlier)}
    kept = _read(path, codebook.title)
    at = next((at for at, one in enumerate(kept) if fold(one["wave"]) == fold(codebook.wave)), len(kept))
    if kept[at : at + 1] == [now]:
        return
    whole = {"title": codebook.title, "promised": [*kept[:at], now, *kept[at + 1 :]]}
    with suppress(OSError):
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)


def last(codebook: Codebook) -> Promised | None:
    """What the wave before this one promised, or None. A codebook of each wave, or one that is changed, both will do."""
    own = place(codebook)
    if own is None:
        return None
    for one in _read(own, codebook.title):
        if fold(one["wave"]) == fold(codebook.wave):
            return one["took_up"] and Promised(**one["took_up"])
    found: list[dict[str, Any]] = []
    with suppress(OSError):
        for path in sorted(own.parent.glob(f"*{ENDING}"), key=lambda one: one.stat().st_mtime_ns):
            found += [one for one in _read(path, codebook.title) if one["lines"]]
    found = [one for one in found if fold(one["wave"]) != fold(codebook.wave)]
    return Promised(found[-1]["wave"], found[-1]["lines"]) if found else None


def _read(path: Path, title: str) -> list[dict[str, Any]]:
    """The waves of this survey in a file; none where it is another's, or not as ``keep`` wrote it."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        kept = [
            _promise(one) | {"took_up": one["took_up"] and _promise(one["took_up"])}
            for one in whole["promised"]
        ]
        return kept if fold(whole["title"]) == fold(title) else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _promise(one: Any) -> dict[str, Any]:
    lines = list(one["lines"])
    if not all(isinstance(text, str) for text in (one["wave"], *lines)):
        raise ValueError
    return {"wave": one["wave"], "lines": lines}
