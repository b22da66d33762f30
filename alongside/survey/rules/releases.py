"""What was released: the object, and the small file beside the codebook that remembers it (rule 8).

Two releases of the same people can be subtracted from one another. So what was shown for a wave is kept in
``<codebook>.released.json`` beside the codebook, which is found without being named. It holds published tables
and, for each practice, the number of answers; nothing that answers decide beyond the tables. Where it can't be
read or belongs to another survey, nothing is released. It can't stop anybody from deleting it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook, fold
from alongside.words import say

__all__ = ["Before", "Release", "before", "place", "remember", "sealed"]

_FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Release:
    """Tables that are safe to show. It holds what is shown and no hidden value, and can't be changed.

    Made by :func:`alongside.survey.release` alone.
    """

    _tables: str  # JSON, so that nobody changes what was released
    _notes: str
    _answers: str  # JSON: number of answers to each practice that is shown, which the audit of rule 8 needs
    _codebook: str  # fingerprint of what was asked and of how answers are counted

    def to_dict(self) -> dict[str, Any]:
        """What ``tables.json`` holds: a new one at each call, so that changing it changes nothing here."""
        return json.loads(self._tables)

    @property
    def notes(self) -> dict[str, Any]:
        """For the survey owner's eyes only: rows read and left out, and columns that were dropped."""
        return json.loads(self._notes)

    def _stays(self, *_: object) -> NoReturn:
        raise AlongsideError(say("rules.no_copy"))

    __copy__ = __deepcopy__ = __reduce__ = __reduce_ex__ = __getstate__ = _stays

    def __repr__(self) -> str:
        tables = self.to_dict()
        count = len(tables["tables"])
        return say("rules.release", title=tables["title"], wave=tables["wave"], count=count)


def sealed(
    codebook: Codebook, tables: Mapping[str, Any], notes: Mapping[str, Any], answers: Mapping[str, int]
) -> Release:
    """A release of these tables; for the module that writes down what may be shown."""
    text, told, given = (json.dumps(one, ensure_ascii=False) for one in (tables, notes, answers))
    return Release(text, told, given, _fingerprint(codebook))


def _fingerprint(codebook: Codebook) -> str:
    """Changes with everything that changes what a number means; wording may be mended."""
    meaning = [
        codebook.title, codebook.wave, codebook.minimum_group,
        codebook.scale, codebook.favorable, codebook.unfavorable, list(codebook.practices),
        [(item.key, item.practice) for item in codebook.items.values()],
        [(about.key, list(about.answers)) for about in codebook.about.values()],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()


# --- what was shown before -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Before:
    """What was ``shown`` of this wave before, the first one first; and whether only everyone may be shown now.

    ``everyone_only`` is so where another wave was shown first. What was shown of this one before that may be
    shown again, and nothing beside it.
    """

    shown: Sequence[Release]
    everyone_only: bool

    def had(self, people: int) -> bool:
        """Whether one of them was of so many people."""
        return any(release.to_dict()["people"] == people for release in self.shown)

    def holds(self, anew: Release) -> bool:
        """Whether the very same was shown already."""
        return any(anew.to_dict() == release.to_dict() for release in self.shown)

    def check_late(self, late: Release) -> None:
        """One later release, which is safe beside the first, may have been shown, and no other beside it. Else raises."""
        if len(self.shown) > 2 or (len(self.shown) == 2 and late.to_dict() != self.shown[1].to_dict()):
            raise AlongsideError(say("rules.keep_the_first"))


def before(codebook: Codebook, earlier: Sequence[Release]) -> Before:
    """What was shown before, by the files in the codebook's folder and by what is given as ``earlier``.

    Raises :class:`AlongsideError` where a file can't be read, and for another survey's or wave's release.
    """
    for one in (earlier := _given(earlier)):
        _belongs(one, codebook)
    kept = [*_read(codebook), *_read_others(codebook)]
    this_wave = _of_this_wave(kept, codebook)
    shown: list[Release] = []
    for release in [*this_wave, *earlier]:
        tables = release.to_dict()
        if tables["people"] is not None and all(tables != other.to_dict() for other in shown):
            shown.append(release)
    return Before(shown, not any(map(_has_groups, shown)) if shown else len(this_wave) < len(kept))


def _of_this_wave(kept: Sequence[Release], codebook: Codebook) -> list[Release]:
    """Another way to write a wave is no other wave: "2026 Spring" would release "2026 spring" a second time."""
    return [one for one in kept if fold(one.to_dict()["wave"]) == fold(codebook.wave)]


def _has_groups(one: Release) -> bool:
    return any(table["by"] is not None for table in one.to_dict()["tables"])


def _given(earlier: object) -> Sequence[Release]:
    listed = list(earlier) if isinstance(earlier, Sequence) else [earlier]
    found = [one for one in listed if isinstance(one, Release)]
    if len(found) < len(listed):
        raise AlongsideError(say("rules.no_releases"))
    return found


def _belongs(one: Release, codebook: Codebook) -> None:
    tables = one.to_dict()
    if tables["title"] != codebook.title:
        raise AlongsideError(say("rules.earlier_of_another_survey"))
    if fold(tables["wave"]) != fold(codebook.wave):
        raise AlongsideError(say("rules.earlier_of_another_wave"))


def like(one: Release, codebook: Codebook) -> bool:
    """Whether a release was made with a codebook in which every number means the same."""
    return one._codebook == _fingerprint(codebook)


def answers(one: Release) -> dict[str, int]:
    """The number of answers to each practice that was shown."""
    return json.loads(one._answers)


# --- the file --------------------------------------------------------------------------------------------


def place(codebook: Codebook) -> Path | None:
    """The file that remembers, beside the codebook; None where the codebook is in no file."""
    return codebook.path and codebook.path.with_name(f"{codebook.path.stem}.released.json")


def remember(release: Release, codebook: Codebook) -> None:
    """Keep what is being shown in the file beside the codebook, before anybody sees it.

    Call it with what :func:`alongside.survey.release` gave, when it is shown: the report does. The file is
    replaced as a whole. Nothing is kept below the minimum, where nothing is shown, and twice is once. Raises
    :class:`AlongsideError` where the file can't be written; then nothing may be shown.
    """
    _belongs(release, codebook)
    path = place(codebook)
    if path is None or release.to_dict()["people"] is None:
        return
    with _alone(path) as beside:
        kept = _read(codebook)
        if any(one.to_dict() == release.to_dict() for one in kept):
            return
        everything = [*kept, *_read_others(codebook)]
        this_wave = _of_this_wave(everything, codebook)
        _check_since(release, this_wave)
        if not this_wave and everything and _has_groups(release):
            raise AlongsideError(say("rules.shown_meanwhile"))
        beside.write_text(_written([*kept, release], codebook.title), encoding="utf-8")
        beside.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """A new file to write beside ``path``, which two reports at once can't both have."""
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.open("x").close()
    except FileExistsError:
        raise AlongsideError(say("rules.being_made", file=beside.name)) from None
    except OSError as error:
        raise _not_kept(path, error) from None
    try:
        yield beside
    except OSError as error:
        raise _not_kept(path, error) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _not_kept(path: Path, error: OSError) -> AlongsideError:
    return AlongsideError(say("rules.not_kept", file=path.name, why=error.strerror))


def _check_since(release: Release, kept: Sequence[Release]) -> None:
    """What was kept while this release was worked out, which it could not know, and which forbids it.

    Late answers alone come after another release: everyone's totals without parts, and many more people.
    """
    now = release.to_dict()
    seen = [tables for one in kept if (tables := one.to_dict()) != now]
    totals = all(
        table["kind"] == "practice" and table["by"] is None and table["groups"][0]["parts"] is None
        for table in now["tables"]
    )
    grown = all(now["people"] >= one["people"] + one["minimum_group"] for one in seen)
    again = len(seen) < len(kept)  # kept beside another codebook of this survey already
    if seen and not again and not (len(seen) == 1 and totals and grown):
        raise AlongsideError(say("rules.keep_the_first"))


def _written(kept: Sequence[Release], title: str) -> str:
    body = [{"codebook": one._codebook, "answers": answers(one), "tables": one.to_dict()} for one in kept]
    whole = {
        "about": say("rules.about_the_file"),
        "alongside": _FORMAT, "title": title, "check": _check(title, body), "releases": body,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _check(title: str, body: object) -> str:
    """A file that was cut off or changed by hand is noticed by this."""
    return hashlib.sha256(json.dumps([title, body], sort_keys=True).encode()).hexdigest()


def _read(codebook: Codebook) -> list[Release]:
    path = place(codebook)
    if path is None or not (path.exists() or path.is_symlink()):
        return []
    title, found = _load(path)
    if title != codebook.title:
        raise AlongsideError(say("rules.remembers_another_survey", file=path.name))
    return found


def _read_others(codebook: Codebook) -> list[Release]:
    """What other files of the folder remember of this survey.

    A codebook may have been renamed or copied, and the next wave may have one of its own.
    """
    own, found = place(codebook), []
    for path in sorted(own.parent.glob("*.released.json")) if own else ():
        with suppress(AlongsideError):  # it may be another survey's, and damaged
            title, kept = _load(path) if path != own else ("", [])
            found += kept if fold(title) == fold(codebook.title) else []
    return found


def _load(path: Path) -> tuple[str, list[Release]]:
    """The title and the releases that a file remembers."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        body, title = whole["releases"], whole["title"]
        if (
            whole["alongside"] != _FORMAT
            or whole["check"] != _check(title, body)
            or not isinstance(title, str)
        ):
            raise ValueError
        return title, [
            Release(
                json.dumps(one["tables"], ensure_ascii=False),
                "{}",
                json.dumps(one["answers"]),
                one["codebook"],
            )
            for one in body
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise AlongsideError(say("rules.unreadable", file=path.name)) from None


def counts(percent: float, mark: str | None, answers: int) -> tuple[int, int]:
    """The least and the greatest count of favorable answers that a published share can stand for."""
    if mark == "at most":
        return 0, math.floor(percent * answers / 100 + 1e-9)
    if mark == "at least":
        return math.ceil(percent * answers / 100 - 1e-9), answers
    least, most = (math.floor((percent + more) * answers / 100) for more in (-0.1, 0.1))
    near = range(max(0, least), min(answers, most + 1) + 1)
    fits = [count for count in near if round(100 * count / answers, 1) == percent]
    if not fits:
        # the number of answers is not the one that the share was made of
        raise AlongsideError(say("rules.keep_the_first"))
    return fits[0], fits[-1]
