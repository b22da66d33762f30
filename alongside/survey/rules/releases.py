"""What was released: the object, and the small file beside the codebook that remembers it (rules 8, 16, 17).

Two releases of the same people can be subtracted from one another. So what was shown for a wave is kept in
``<codebook>.released.json`` beside the codebook, which is found without being named, and so are those of other
surveys in the folders of the codebook and of the answers. A file holds published tables, for each practice the
number of answers, and keyed fingerprints of the rows (marks.py). Where the codebook's own file can't be read or
belongs to another survey, nothing is released. It can't stop anybody from deleting it, or from copying a folder.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from alongside.errors import AlongsideError
from alongside.survey.ask.codebook import Codebook, fold
from alongside.survey.rules import marks
from alongside.survey.rules.marks import Texts
from alongside.words import say

__all__ = ["Before", "Release", "before", "place", "remember", "sealed", "withdraw"]

_FORMAT = 2
_WITHOUT_ROWS = 1  # the first version's files: they bind as before, and their rows can't be known again


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Release:
    """Tables that are safe to show. It holds what is shown and no hidden value, and can't be changed.

    Made by :func:`alongside.survey.release` alone.
    """

    _tables: str  # JSON, so that nobody changes what was released
    _notes: str
    _answers: str  # JSON: number of answers to each practice that is shown, which the audit of rule 8 needs
    _codebook: str  # fingerprint of what was asked and of how answers are counted
    _marks: str = (
        "{}"  # JSON: keyed fingerprints of the rows, for the file; {} where an earlier version kept none
    )

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
    codebook: Codebook,
    tables: Mapping[str, Any],
    notes: Mapping[str, Any],
    answers: Mapping[str, int],
    rows: Mapping[str, object],
) -> Release:
    """A release of these tables; for the module that writes down what may be shown. ``rows``: by ``marks.keyed``."""
    text, told, given, known = (json.dumps(one, ensure_ascii=False) for one in (tables, notes, answers, rows))
    return Release(text, told, given, _fingerprint(codebook), known)


def _fingerprint(codebook: Codebook) -> str:
    """Changes with everything that changes what a number means; wording may be mended.

    What items count as favorable by themselves stands at its end, if any do: files of before have none of it.
    """
    meaning: list[object] = [
        codebook.title, codebook.wave, codebook.minimum_group,
        codebook.scale, codebook.favorable, codebook.unfavorable, list(codebook.practices),
        [(item.key, item.practice) for item in codebook.items.values()],
        [(about.key, list(about.answers)) for about in codebook.about.values()],
    ]  # fmt: skip
    usual = (set(codebook.favorable), set(codebook.unfavorable))
    points = {item.key: codebook.points(item) for item in codebook.items.values()}
    own = [
        (key, one.favorable, one.unfavorable)
        for key, one in points.items()
        if (set(one.favorable), set(one.unfavorable)) != usual
    ]
    meaning += [own] if own else []
    return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()


def _numbers(one: Release, answered: bool) -> object:
    """What somebody could subtract of a release. Titles, a head count and what follows from both are not in it.

    Intervals follow from a share and from how many answered, which the first version did not say.
    """
    tables, told = one.to_dict(), ["name", "people", "favorable", "bound", "parts"]
    told += ["answered"] if answered else []
    return tables["people"], tables["minimum_group"], answers(one), [
        (table["measure"], table["kind"], table["by"], [[group.get(key) for key in told] for group in table["groups"]])
        for table in tables["tables"]
    ]  # fmt: skip


def _alike(one: Release, other: Release) -> bool:
    """Whether two releases give somebody who has both nothing to subtract: the same numbers of as many answers."""
    answered = "{}" not in (one._marks, other._marks)
    return _numbers(one, answered) == _numbers(other, answered)


# --- what was shown before -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Before:
    """What was ``shown`` of this wave before, the first one first, and whether only everyone may be shown now.

    ``everyone_only`` is so where another wave was shown first. What was shown of this one before that may be
    shown again, and nothing beside it. ``others``: what was shown of any other wave or survey, with the file
    that says so. ``strange``: the codebook's own file, where it was another title's. ``told``: sentences for the
    survey owner, one for each file whose rows can't be known again.
    """

    shown: Sequence[Release]
    others: Sequence[tuple[str, Release]]
    everyone_only: bool
    strange: str
    told: Sequence[str]

    def had(self, people: int) -> bool:
        """Whether one of them was of so many people."""
        return any(release.to_dict()["people"] == people for release in self.shown)

    def holds(self, anew: Release) -> bool:
        """Whether the very same numbers were shown already; titles may have been mended since (rule 17)."""
        return any(_alike(anew, release) for release in self.shown)

    def check_rows(self, found: Texts) -> None:
        """Raise where rows were shown before under another title or wave, or under other groups (rule 16)."""
        if self.strange:
            raise AlongsideError(say("rules.remembers_another_survey", file=self.strange))
        for file, one in self.others:
            if _knows(one, found):
                raise AlongsideError(say("rules.rows_again", file=file))

    def check_late(self, late: Release) -> None:
        """One later release, which is safe beside the first, may have been shown, and no other beside it. Else raises."""
        if len(self.shown) > 2 or (len(self.shown) == 2 and not _alike(late, self.shown[1])):
            raise AlongsideError(say("rules.keep_the_first"))


def _knows(one: Release, found: Texts) -> bool:
    kept = json.loads(one._marks)
    return bool(kept) and marks.known_again(kept, found)


def before(codebook: Codebook, folders: Iterable[Path], earlier: Sequence[Release]) -> Before:
    """What was shown before, by the files in the codebook's folder and in ``folders``, and by what is ``earlier``.

    Raises :class:`AlongsideError` where the codebook's own file can't be read, and for another survey's or wave's
    release.
    """
    for one in (earlier := _given(earlier)):
        _belongs(one, codebook)
    files = _files(codebook, folders)
    kept = [(file, one) for file in files for one in file.shown]
    survey = [(file, one) for file, one in kept if file.own or fold(file.title) == fold(codebook.title)]
    this_wave = _of_this_wave([one for _, one in survey], codebook)
    shown: list[Release] = []
    for release in [*this_wave, *earlier]:
        if release.to_dict()["people"] is not None and not any(_alike(release, other) for other in shown):
            shown.append(release)
    return Before(
        shown=shown,
        others=[(file.name, one) for file, one in kept if one not in this_wave],
        everyone_only=not any(map(_has_groups, shown)) if shown else len(this_wave) < len(survey),
        told=[
            say("rules.rows_unknown", file=file.name)
            for file in files
            if any(one._marks == "{}" for one in file.shown)
        ],
        strange=next((one.name for one in files if one.own and one.title != codebook.title), ""),
    )


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
        files = _files(codebook, ())
        own = next((one for one in files if one.own), _File(path, codebook.title))
        again = [_alike(one, release) for one in own.shown]
        same = _of_this_wave([one for one, known in zip(own.shown, again, strict=True) if known], codebook)
        if any(one.to_dict() == release.to_dict() for one in same):
            return
        if same:  # titles were mended
            mended = replace(release, _marks=same[0]._marks if same[0]._marks != "{}" else release._marks)
            own.shown[:] = [mended if one is same[0] else one for one in own.shown]
        else:
            _check_since(release, codebook, files)
            own.shown.append(release)
        own.title = codebook.title
        own.write(beside)


def withdraw(codebook: Codebook) -> str:
    """Take back what was shown of the codebook's wave, which nobody but the survey owner has seen; gives the file's name.

    The file keeps that it happened, and the wave is free again. Raises :class:`AlongsideError` where nothing of
    this wave is remembered in the codebook's folder.
    """
    found = ""
    for file in _files(codebook, ()):
        if (file.own or fold(file.title) == fold(codebook.title)) and _of_this_wave(file.shown, codebook):
            with _alone(file.path) as beside:
                gone = _of_this_wave(file.shown, codebook)
                file.shown[:] = [one for one in file.shown if one not in gone]
                file.withdrawn += [one.to_dict()["wave"] for one in gone]
                file.write(beside)
            found = found or file.name
    if not found:
        raise AlongsideError(say("rules.nothing_to_withdraw", wave=codebook.wave))
    return found


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
        if beside.stat().st_size:
            beside.replace(path)
    except OSError as error:
        raise _not_kept(path, error) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _not_kept(path: Path, error: OSError) -> AlongsideError:
    return AlongsideError(say("rules.not_kept", file=path.name, why=error.strerror))


def _check_since(release: Release, codebook: Codebook, files: Sequence[_File]) -> None:
    """What was kept while this release was worked out, which it could not know, and which forbids it.

    Late answers alone come after another release: everyone's totals without parts, and many more people.
    """
    survey = [
        one for file in files if file.own or fold(file.title) == fold(codebook.title) for one in file.shown
    ]
    this_wave = _of_this_wave(survey, codebook)
    if not this_wave and survey and _has_groups(release):
        raise AlongsideError(say("rules.shown_meanwhile"))
    now = release.to_dict()
    seen = [one.to_dict() for one in this_wave if not _alike(one, release)]
    totals = all(
        table["kind"] == "practice" and table["by"] is None and table["groups"][0]["parts"] is None
        for table in now["tables"]
    )
    grown = all(now["people"] >= one["people"] + one["minimum_group"] for one in seen)
    again = len(seen) < len(this_wave)  # kept beside another codebook of this survey already
    if seen and not again and not (len(seen) == 1 and totals and grown):
        raise AlongsideError(say("rules.keep_the_first"))


@dataclass(slots=True, eq=False, repr=False)
class _File:
    """What one file remembers: of which survey, what was shown, and the waves that were taken back."""

    path: Path
    title: str
    shown: list[Release] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    own: bool = True

    @property
    def name(self) -> str:
        return self.path.name

    def write(self, to: Path) -> None:
        kept = [
            {
                "codebook": one._codebook, "answers": answers(one),
                "tables": one.to_dict(), "rows": json.loads(one._marks),
            }
            for one in self.shown
        ]  # fmt: skip
        body = {"releases": kept, "withdrawn": self.withdrawn}
        whole = {
            "about": say("rules.about_the_file"),
            "alongside": _FORMAT, "title": self.title, "check": _check(self.title, body), **body,
        }  # fmt: skip
        to.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _check(title: str, body: object) -> str:
    """A file that was cut off or changed by hand is noticed by this."""
    return hashlib.sha256(json.dumps([title, body], sort_keys=True).encode()).hexdigest()


def _files(codebook: Codebook, folders: Iterable[Path]) -> list[_File]:
    """The codebook's own file, which must be readable, and what others of its folder and of ``folders`` remember.

    A codebook may have been renamed or copied, the next wave may have one of its own, and another survey may hold
    the same rows. Another survey's file may be damaged: it is not in the way.
    """
    own, found = place(codebook), []
    if own and (own.exists() or own.is_symlink()):
        found.append(_load(own))
    here = [own.parent] if own else []
    seen = {own.resolve()} if own else set()
    for folder in dict.fromkeys([*here, *folders]):
        for path in sorted(folder.glob("*.released.json")):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                with suppress(AlongsideError):
                    found.append(_load(path))
                    found[-1].own = False
    return found


def _load(path: Path) -> _File:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        kept, title, version = whole["releases"], whole["title"], whole["alongside"]
        body = kept if version == _WITHOUT_ROWS else {"releases": kept, "withdrawn": whole["withdrawn"]}
        if (
            version not in (_WITHOUT_ROWS, _FORMAT)
            or whole["check"] != _check(title, body)
            or not isinstance(title, str)
        ):
            raise ValueError
        shown = [
            Release(
                json.dumps(one["tables"], ensure_ascii=False), "{}", json.dumps(one["answers"]),
                one["codebook"], json.dumps(one.get("rows", {})),
            )
            for one in kept
        ]  # fmt: skip
        return _File(path, title, shown, list(whole.get("withdrawn", ())))
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
