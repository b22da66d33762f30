"""Two or more waves of one survey, honestly: usually "cannot tell".

All sides are what :func:`alongside.survey.report` wrote into folders, so nothing is known here but what was shown
before: everyone together, practice by practice, unpaired. Only what was asked alike in all waves is compared
(survey-rules.md, rule 19): ``asked`` in tables.json says so, and reports of earlier versions don't have it.

The method. A change is the last share minus the first one, with Newcombe's interval; n is the number of people who
answered the practice.
Because twelve practices give chance twelve tries, a change counts only where its p-value, which is 1 minus the level
at which Newcombe's interval just touches zero, is under 0.05 after Holm's adjustment for all practices that the
waves asked alike. (Dealing people out anew would need the answers themselves.) A share that
was released only as "at least" or "at most" has no interval, so its change is not shown.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from alongside import folder, templates
from alongside.errors import AlongsideError
from alongside.survey import statistics
from alongside.survey.ask.codebook import fold
from alongside.survey.show import charts
from alongside.survey.show.charts import Number, html_table
from alongside.survey.show.report import frame
from alongside.thresholds import SMALLEST_MINIMUM
from alongside.words import say

__all__ = ["MANIFEST", "Practice", "Wave", "compare", "excerpt", "read", "wave"]

MANIFEST = ".alongside-changes.json"
CHANGES = Path(__file__).parent / "changes.html.j2"
LEVEL = 0.95
CANNOT_TELL, WENT_UP, WENT_DOWN, NOT_SHOWN, NOT_COMPARED = (
    "cannot tell",
    "went up",
    "went down",
    "not shown",
    "not compared",
)
"""The readings of ``changes.json``, which stay as they are in each language."""
_READINGS = {
    CANNOT_TELL: "show.cannot_tell",
    WENT_UP: "show.went_up",
    WENT_DOWN: "show.went_down",
    NOT_SHOWN: "show.change_not_shown",
    NOT_COMPARED: "show.not_compared",
}
SMALL = 20
"""Percentage points. Where only a larger change could be told from chance, the page says first that it is small."""


class Practice(NamedTuple):
    """One practice in one wave: its name, everyone's group, and the fingerprint of what was asked, if there is one."""

    text: str
    group: Mapping[str, Any]
    asked: str | None


@dataclass(frozen=True, slots=True)
class Wave:
    """One folder's tables: each practice, and each item's wording."""

    title: str
    wave: str
    people: int | None
    practices: Mapping[str, Practice]
    items: Mapping[str, str]


def compare(
    earlier: Path | str, later: Path | str, to: Path | str, further: Sequence[Path | str] = ()
) -> list[Path]:
    """Compare folders that ``report`` made, and write ``changes.html`` and ``changes.json`` into ``to``.

    ``further``: the folders of waves after ``later``, in their order. Gives the files' paths in ``to``. Raises
    :class:`AlongsideError` where a folder is not a report's, and for two surveys or twice the same wave.
    """
    folder.check(Path(to), MANIFEST)
    waves = [read(Path(one)) for one in (earlier, later, *further)]
    for one, other in combinations(waves, 2):
        if one.title != other.title:
            raise AlongsideError(say("show.two_surveys"))
        if fold(one.wave) == fold(other.wave):
            raise AlongsideError(say("show.same_wave", wave=one.wave))
    changes = _changes(*waves)
    made = {
        Path("changes.html"): _page(waves, changes),
        Path("changes.json"): json.dumps(changes, ensure_ascii=False, indent=1) + "\n",
    }
    folder.write(Path(to), made, MANIFEST)
    return sorted(made)


def _changes(*waves: Wave) -> list[dict[str, Any]]:
    """``changes.json``: the practices of the first wave and the last one, in the last one's order."""
    found = {
        key: [one.practices.get(key) for one in waves]
        for key in waves[-1].practices
        if key in waves[0].practices
    }
    reasons = {key: _why_not(each) for key, each in found.items()}
    ends = {key: (waves[0].practices[key].group, waves[-1].practices[key].group) for key in found}
    compared = [key for key in found if not reasons[key]]
    # What is not shown still counts among the tries, so that being left out makes nothing look surer.
    surprise = statistics.holm(
        [1.0 if _soft(*ends[key]) else statistics.newcombe_p(*_counts(*ends[key])) for key in compared]
    )
    p = dict(zip(compared, surprise, strict=True))
    return [_change(key, each, reasons[key], p.get(key, 1.0)) for key, each in found.items()]


def _why_not(each: Sequence[Practice | None]) -> str:
    """Why a practice of several waves is not compared, or ""."""
    asked = {one.asked for one in each if one}
    if None in asked:
        return say("show.asked_is_unknown")
    return say("show.asked_anew") if len(asked) > 1 else ""


def _change(key: str, each: Sequence[Practice | None], why: str, p: float) -> dict[str, Any]:
    groups = [one.group if one else None for one in each]
    one, two = groups[0] or {}, groups[-1] or {}
    found: dict[str, Any] = {
        "measure": key,
        "people": [group["answered"] if group else None for group in groups],
        "favorable": [group["favorable"] if group and not group["bound"] else None for group in groups],
    }
    if why or _soft(one, two):
        reading = NOT_COMPARED if why else NOT_SHOWN
        return found | {"change": None, "low": None, "high": None, "reading": reading, "why": why or None}
    low, high = (round(100 * end, 1) for end in statistics.newcombe(*_counts(one, two), level=LEVEL))
    change = round(two["favorable"] - one["favorable"], 1)
    sure = p < 1 - LEVEL
    reading = (WENT_UP if change > 0 else WENT_DOWN) if sure else CANNOT_TELL
    return found | {"change": change, "low": low, "high": high, "reading": reading, "why": None}


def _soft(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    return bool(one["bound"] or two["bound"])


def _counts(one: Mapping[str, Any], two: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Later first, so that a rise is positive."""
    (n1, n2), (p1, p2) = ((one["answered"], two["answered"]), (one["favorable"], two["favorable"]))
    return n2 * p2 / 100, n2, n1 * p1 / 100, n1


def _least_change(changes: Sequence[Mapping[str, Any]]) -> int:
    """The smallest change, in percentage points around one half, that could be told from chance here; 100 where none could.

    Of the practice that most people answered: others need more. 0 where nothing is compared.
    """
    sizes = [(one["people"][0], one["people"][-1]) for one in changes if one["reading"] != NOT_COMPARED]
    if not sizes:
        return 0
    n1, n2 = max(sizes, key=min)
    for points in range(1, 100):
        rise = points / 200
        if len(sizes) * statistics.newcombe_p(n2 * (0.5 + rise), n2, n1 * (0.5 - rise), n1) < 1 - LEVEL:
            return points
    return 100


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
    practices: dict[str, Practice] = {}
    items: dict[str, str] = {}
    for one in tables["tables"]:
        _expect(one["kind"] in ("practice", "item") and isinstance(one["groups"], list))
        if one["by"] is None and one["groups"]:
            if one["kind"] == "practice":
                asked = one.get("asked")
                practices[_words(one["measure"])] = Practice(
                    _words(one["text"]), _group(one["groups"][0]), None if asked is None else _words(asked)
                )
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
    answered = group.get("answered", group["people"])  # reports of earlier versions
    _expect(_whole(answered) and SMALLEST_MINIMUM <= answered <= group["people"])
    return {"people": group["people"], "answered": answered, "favorable": share, "bound": group["bound"]}


def _whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _words(value: Any) -> str:
    _expect(isinstance(value, str))
    return value


def _expect(holds: bool) -> None:
    if not holds:
        raise ValueError


# --- the page ----------------------------------------------------------------------------------------


def _page(waves: Sequence[Wave], changes: list[dict[str, Any]]) -> str:
    names = [one.wave for one in waves]
    title = say("show.title_of_waves", title=waves[-1].title, waves=", ".join(names))
    return frame(title, _told(waves, changes, title=waves[-1].title, names=say("show.then").join(names)))


def excerpt(*waves: Wave) -> str:
    """What a page with a frame of its own shows of two or more waves."""
    return _told(waves, _changes(*waves), title="", names="")


def _told(waves: Sequence[Wave], changes: list[dict[str, Any]], **more: str) -> str:
    """The template's text. ``more``: what begins a page, or nothing."""
    compared = [one for one in changes if one["reading"] != NOT_COMPARED]
    return templates.fill(
        CHANGES,
        finding=_finding(changes),
        nothing="" if compared else _nothing(waves, changes),
        answered=" ".join(say("show.answered_in", people=_sized(one), wave=one.wave) for one in waves),
        practices=[_rows(waves, one["measure"]) for one in compared],
        tables=list(_tables(waves, compared)),
        otherwise=list(_notes(waves, changes)),
        **more,
    )


def _finding(changes: list[dict[str, Any]]) -> str:
    compared = [one for one in changes if one["reading"] != NOT_COMPARED]
    if not compared:
        return say("show.nothing_compared")
    least = _least_change(changes)
    small = f"{say('show.small', points=least)} " if least >= SMALL else ""
    up, down = (sum(one["reading"] == reading for one in compared) for reading in (WENT_UP, WENT_DOWN))
    if not up and not down:
        return small + say("show.none_of_them")
    if up and down:
        told = say("show.some_up_and_down", count=len(compared), up=up, down=down)
    else:
        told = say("show.some_up" if up else "show.some_down", count=len(compared), changed=up or down)
    return small + (f"{told} {say('show.for_the_others')}" if up + down < len(compared) else told)


def _tables(waves: Sequence[Wave], changes: list[dict[str, Any]]) -> Iterable[str]:
    """Each practice in each wave, and how far it changed."""
    heads = (say("show.practice"), *(one.wave for one in waves), say("show.reading"))
    yield html_table(say("show.together"), heads, _shares(waves, changes))
    rows = [
        (
            waves[-1].practices[one["measure"]].text,
            f"{one['change']:+.0f}",
            say("show.between", low=f"{one['low']:+.0f}", high=f"{one['high']:+.0f}"),
        )
        for one in changes
        if one["change"] is not None
    ]
    if rows:
        heads = (say("show.practice"), say("show.counted"), say("show.likely_between"))
        caption = say("show.change") if len(waves) == 2 else say("show.change_from_the_first")
        yield html_table(caption, heads, rows)


def _shares(waves: Sequence[Wave], changes: list[dict[str, Any]]) -> Iterable[tuple[str, ...]]:
    for one in changes:
        each = [wave.practices.get(one["measure"]) for wave in waves]
        shares = [charts.shown(practice.group) if practice else charts.MARK for practice in each]
        yield waves[-1].practices[one["measure"]].text, *shares, say(_READINGS[one["reading"]])


def _rows(waves: Sequence[Wave], key: str) -> dict[str, Any]:
    """A practice on the whole line from 0 to 100 %, a row a wave, with what chance leaves open.

    No line joins two waves: they are two crowds, and a slope would say more than was measured.
    """
    rows = []
    for wave in waves:
        if practice := wave.practices.get(key):
            rows.append({"wave": wave.wave, "shown": charts.shown(practice.group), **_place(practice.group)})
    return {"text": waves[-1].practices[key].text, "rows": rows}


def _place(group: Mapping[str, Any]) -> dict[str, Any]:
    """Where a row's dot and line lie, in percent; a softened share has a line to its end and no dot."""
    share, n = group["favorable"], group["answered"]
    if group["bound"]:
        low, high = (0.0, share) if group["bound"] == "at most" else (share, 100.0)
        return {"n": n, "dot": None, "low": low, "high": high}
    low, high = (100 * end for end in statistics.wilson(n * share / 100, n))
    return {"n": n, "dot": share, "low": round(low, 1), "high": round(high, 1)}


def _sized(wave: Wave) -> str:
    if not wave.people:
        return say("show.people")
    return say("show.so_many_people", count=Number(wave.people))


def _nothing(waves: Sequence[Wave], changes: list[dict[str, Any]]) -> str:
    """Why nothing can be compared."""
    few = [one.wave for one in waves if not one.practices]
    if few:
        return say("show.too_few_in", waves=say("show.and").join(few))
    return say("show.none_alike") if changes else say("show.different_practices")


def _notes(waves: Sequence[Wave], changes: list[dict[str, Any]]) -> Iterable[str]:
    """What keeps the waves from being the same question asked again."""
    if not all(one.practices for one in waves):
        return
    listed = {one["measure"] for one in changes}
    once = dict.fromkeys(
        practice.text for one in waves for key, practice in one.practices.items() if key not in listed
    )
    otherwise: dict[str, list[str]] = {}
    for one in changes:
        if one["why"]:
            otherwise.setdefault(one["why"], []).append(waves[-1].practices[one["measure"]].text)
    if once:
        yield say("show.in_one_wave", names="; ".join(once))
    for why, names in otherwise.items():
        yield say("show.not_compared_because", names="; ".join(names), why=why)
