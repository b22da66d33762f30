"""Two waves of one survey, honestly: usually "cannot tell".

Both sides are what :func:`alongside.survey.report` wrote into two folders, so nothing is known here but what was
shown before: everyone together, practice by practice, unpaired.

The method. A change is the later share minus the earlier one, with Newcombe's interval; n is the number of people.
Because twelve practices give chance twelve tries, a change counts only where its p-value, which is 1 minus the level
at which Newcombe's interval just touches zero, is under 0.05 after Holm's adjustment for all practices that both
waves asked. (Dealing people out anew would need the answers themselves.) A share that
was released only as "at least" or "at most" has no interval, so its change is not shown.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from alongside import folder
from alongside.errors import AlongsideError
from alongside.survey import statistics
from alongside.survey.ask.codebook import fold
from alongside.survey.show import charts
from alongside.survey.show.charts import Number, html_table
from alongside.survey.show.report import frame
from alongside.thresholds import SMALLEST_MINIMUM
from alongside.words import say

__all__ = ["MANIFEST", "Wave", "compare", "excerpt", "read", "wave"]

MANIFEST = ".alongside-changes.json"
LEVEL = 0.95
CANNOT_TELL, WENT_UP, WENT_DOWN, NOT_SHOWN = "cannot tell", "went up", "went down", "not shown"
"""The readings of ``changes.json``, which stay as they are in each language."""
_READINGS = {
    CANNOT_TELL: "show.cannot_tell",
    WENT_UP: "show.went_up",
    WENT_DOWN: "show.went_down",
    NOT_SHOWN: "show.change_not_shown",
}


@dataclass(frozen=True, slots=True)
class Wave:
    """One folder's tables: for each practice and each item its wording, and everyone's group."""

    title: str
    wave: str
    people: int | None
    practices: Mapping[str, tuple[str, Mapping[str, Any]]]
    items: Mapping[str, str]


def compare(earlier: Path | str, later: Path | str, to: Path | str) -> list[Path]:
    """Compare two folders that ``report`` made, and write ``changes.html`` and ``changes.json`` into ``to``.

    Gives the files' paths in ``to``. Raises :class:`AlongsideError` where a folder is not a report's, and for two
    surveys or twice the same wave.
    """
    folder.check(Path(to), MANIFEST)
    before, after = read(Path(earlier)), read(Path(later))
    if before.title != after.title:
        raise AlongsideError(say("show.two_surveys"))
    if fold(before.wave) == fold(after.wave):
        raise AlongsideError(say("show.same_wave", wave=before.wave))
    changes = _changes(before, after)
    made = {
        Path("changes.html"): _page(before, after, changes),
        Path("changes.json"): json.dumps(changes, ensure_ascii=False, indent=1) + "\n",
    }
    folder.write(Path(to), made, MANIFEST)
    return sorted(made)


def _changes(before: Wave, after: Wave) -> list[dict[str, Any]]:
    """``changes.json``: the practices that both waves asked under the same words, in the later one's order."""
    both = [key for key in after.practices if _same(key, before, after)]
    pairs = [(before.practices[key][1], after.practices[key][1]) for key in both]
    # What is not shown still counts among the tries, so that being left out makes nothing look surer.
    surprise = statistics.holm(
        [1.0 if _soft(*pair) else statistics.newcombe_p(*_counts(*pair)) for pair in pairs]
    )
    return [_change(key, *pair, p) for key, pair, p in zip(both, pairs, surprise, strict=True)]


def _same(key: str, before: Wave, after: Wave) -> bool:
    one, two = before.practices.get(key), after.practices.get(key)
    return bool(one and two and one[0] == two[0])


def _change(key: str, one: Mapping[str, Any], two: Mapping[str, Any], p: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "measure": key,
        "people": [one["people"], two["people"]],
        "favorable": [None if group["bound"] else group["favorable"] for group in (one, two)],
    }
    if _soft(one, two):
        return found | {"change": None, "low": None, "high": None, "reading": NOT_SHOWN}
    low, high = (round(100 * end, 1) for end in statistics.newcombe(*_counts(one, two), level=LEVEL))
    change = round(two["favorable"] - one["favorable"], 1)
    sure = p < 1 - LEVEL
    reading = (WENT_UP if change > 0 else WENT_DOWN) if sure else CANNOT_TELL
    return found | {"change": change, "low": low, "high": high, "reading": reading}


def _soft(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    return bool(one["bound"] or two["bound"])


def _counts(one: Mapping[str, Any], two: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Later first, so that a rise is positive."""
    (n1, n2), (p1, p2) = ((one["people"], two["people"]), (one["favorable"], two["favorable"]))
    return n2 * p2 / 100, n2, n1 * p1 / 100, n1


# --- reading a folder back ---------------------------------------------------------------------------


def read(place: Path) -> Wave:
    """The tables of a folder that ``report`` made, each value looked at before it is believed."""
    path = place / "tables.json"
    if not place.is_dir():
        raise AlongsideError(say("show.no_folder", folder=place))
    try:
        tables = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
        return wave(tables)
    except FileNotFoundError:
        raise AlongsideError(say("show.no_tables", folder=place)) from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise AlongsideError(say("show.broken_tables", file=path)) from None


def _no_number(name: str) -> float:
    raise ValueError(name)


def wave(tables: Any) -> Wave:
    """A wave from its ``tables.json``. Raises ValueError, KeyError or TypeError where it is not as ``report`` wrote it."""
    practices: dict[str, tuple[str, Mapping[str, Any]]] = {}
    items: dict[str, str] = {}
    for one in tables["tables"]:
        _expect(one["kind"] in ("practice", "item") and isinstance(one["groups"], list))
        if one["by"] is None and one["groups"]:
            if one["kind"] == "practice":
                practices[_words(one["measure"])] = (_words(one["text"]), _group(one["groups"][0]))
            else:
                items[_words(one["measure"])] = _words(one["text"])
    people = tables["people"]
    _expect(people is None or _whole(people))
    return Wave(_words(tables["title"]), _words(tables["wave"]), people, practices, items)


def _group(group: Any) -> Mapping[str, Any]:
    """Everyone's group; under five people nothing was ever released."""
    _expect(_whole(group["people"]) and group["people"] >= SMALLEST_MINIMUM)
    _expect(group["bound"] in (None, "at least", "at most"))
    share = group["favorable"]
    _expect(type(share) in (int, float) and math.isfinite(share) and 0 <= share <= 100)
    return {key: group[key] for key in ("people", "favorable", "bound")}


def _whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _words(value: Any) -> str:
    _expect(isinstance(value, str))
    return value


def _expect(holds: bool) -> None:
    if not holds:
        raise ValueError


# --- the page ----------------------------------------------------------------------------------------


def _page(before: Wave, after: Wave, changes: list[dict[str, Any]]) -> str:
    asked = say("show.what_changed", before=escape(before.wave), after=escape(after.wave))
    parts = [
        f"<h1>{escape(after.title)}</h1>",
        f'<p class="alongside-lead">{asked} {_finding(changes)}</p>',
        *_told(before, after, changes),
    ]
    title = say("show.title_of_two", title=after.title, before=before.wave, after=after.wave)
    return frame(title, "".join(parts))


def excerpt(before: Wave, after: Wave) -> str:
    """What a page with a frame of its own shows of two waves."""
    changes = _changes(before, after)
    return f"<p>{_finding(changes)}</p>" + "".join(_told(before, after, changes))


def _told(before: Wave, after: Wave, changes: list[dict[str, Any]]) -> Iterable[str]:
    yield from _seen(before, after, changes) if changes else [_nothing(before, after)]
    yield from _notes(before, after)
    yield _limits()


def _finding(changes: list[dict[str, Any]]) -> str:
    if not changes:
        return say("show.nothing_compared")
    up, down = (sum(one["reading"] == reading for one in changes) for reading in (WENT_UP, WENT_DOWN))
    if not up and not down:
        return say("show.none_of_them")
    if up and down:
        told = say("show.some_up_and_down", count=len(changes), up=up, down=down)
    else:
        told = say("show.some_up" if up else "show.some_down", count=len(changes), changed=up or down)
    return f"{told} {say('show.for_the_others')}" if up + down < len(changes) else told


def _seen(before: Wave, after: Wave, changes: list[dict[str, Any]]) -> Iterable[str]:
    yield f"<h2>{say('show.what_we_see')}</h2>"
    waves = {"before": escape(before.wave), "after": escape(after.wave)}
    yield f"<p>{say('show.answered_in', first=_sized(before), second=_sized(after), **waves)}</p>"
    heads = (say("show.practice"), before.wave, after.wave, say("show.reading"))
    yield html_table(say("show.together"), heads, _shares(before, after, changes))
    rows = [
        (
            after.practices[one["measure"]][0],
            f"{one['change']:+.0f}",
            say("show.between", low=f"{one['low']:+.0f}", high=f"{one['high']:+.0f}"),
        )
        for one in changes
        if one["change"] is not None
    ]
    if rows:
        heads = (say("show.practice"), say("show.counted"), say("show.likely_between"))
        yield html_table(say("show.change"), heads, rows)
    yield f"<h2>{say('show.how_to_read')}</h2><p>{say('show.cannot_tell_means')}</p>"


def _shares(before: Wave, after: Wave, changes: list[dict[str, Any]]) -> Iterable[tuple[str, ...]]:
    for one in changes:
        name, group = after.practices[one["measure"]]
        reading = say(_READINGS[one["reading"]])
        yield name, charts.shown(before.practices[one["measure"]][1]), charts.shown(group), reading


def _sized(wave: Wave) -> str:
    if not wave.people:
        return say("show.people")
    return say("show.so_many_people", count=Number(wave.people))


def _nothing(before: Wave, after: Wave) -> str:
    few = [escape(one.wave) for one in (before, after) if not one.practices]
    if len(few) == 2:
        told = say("show.too_few_in_both", before=few[0], after=few[1])
    elif few:
        told = say("show.too_few_in_one", wave=few[0])
    else:
        told = say("show.different_practices")
    return f"<h2>{say('show.what_we_see')}</h2><p>{told}</p>"


def _notes(before: Wave, after: Wave) -> Iterable[str]:
    """What keeps the two waves from being the same question asked twice."""
    if not (before.practices and after.practices):
        return
    once = [
        one.practices[key][0]
        for one in (before, after)
        for key in one.practices
        if not _same(key, before, after)
    ]
    reworded = [text for key, text in after.items.items() if before.items.get(key, text) != text]
    changed = bool(reworded) or (bool(before.items and after.items) and set(before.items) != set(after.items))
    if once or changed:
        yield f"<h2>{say('show.not_alike')}</h2>"
    if once:
        yield f"<p>{say('show.in_one_wave', names=escape('; '.join(once)))}</p>"
    if changed:
        yield f"<p>{say('show.worded_anew')}</p>"


def _limits() -> str:
    lines = (
        say("show.two_crowds"),
        say("show.need_not_come_from_it"),
        say("show.not_shown_says_nothing"),
        say("show.not_validated"),
    )
    return f"<h2>{say('show.limits')}</h2><ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
