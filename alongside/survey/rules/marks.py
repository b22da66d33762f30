"""Rule 16: rows that were released before are known again, and are not kept.

What says which row is which goes into the memory file as a keyed fingerprint (BLAKE2b with a key, RFC 7693; in files of
earlier versions HMAC-SHA-256), the key beside it, in no order. Three kinds, each enough by itself where a tool wrote it:

- ``id``: the tool's own id; one that counts from 1 in each form, or that names a person, with the time.
- ``row``: the time of submission and the answers to the items.
- ``answers``: the answers to the items, with an id that is no mark by itself.
- ``parts``: the same of a few of the items at a time, and of how often each point was chosen, whatever the questions are
  called; with the time, or else with the five rows below. A question that is worded anew, added or taken out changes every
  row of the kinds above, and so does a mended word of the scale: the people are the same. And the same without the time, and
  all answers without id and time: somebody may have taken these columns out of a copy of the file.

One row in common of the first two kinds is enough. People do answer alike, so the others count only where all of
this holds: of the rows that are like no other in their report, half are common (a quarter, where rows have numbers);
these are more than chance would bring; and they are a quarter of all rows, or else nearly all rows of the smaller
report are in the larger one; of parts, half of all rows. Two honest waves of people who are numbered from 1 to 40 share a few.

Of more than 20,000 rows without id and time, every second, fourth, eighth … is enough, which are chosen by what they say: the
same ones are chosen again in whatever order they lie, and when some are added.

What stays open: rows without id and time that hardly differ can't be known again, and whoever guesses at a row can
check the guess with the key. So the file is as sensitive as the answers.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alongside.survey.ask.codebook import fold
from alongside.survey.read.responses import Rows, row_bytes

__all__ = ["KINDS", "Texts", "keyed", "known_again", "texts"]

KINDS = ("id", "row", "answers")
_LENGTH = 8  # bytes of a fingerprint: two rows in a million are alike by chance in none of a million files
_NOW = "BLAKE2b"  # how fingerprints are made; memory files that don't say have HMAC-SHA-256
_QUARTER, _HALF, _NEARLY_ALL = 0.25, 0.5, 0.8
_SURE = 3  # standard deviations above what chance brings
_PARTS, _FIRST, _IN_A_ROW = 4, 1000, 6  # of the items; the first rows of a sheet are enough to know it again
_ENOUGH = 10_000  # at least so many of many rows


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Texts:
    """What says which row is which, for each kind, and the answers alone. It stays where rows are seen."""

    kinds: Mapping[str, Sequence[bytes]]
    answers: Sequence[bytes]
    numbered: bool
    parts: Sequence[Sequence[bytes]] = ()


def texts(rows: Rows) -> Texts:
    """For each row what tells it from others. Items in an order of their words, whatever the codebook's order is."""
    items = list(rows.codebook.items.values())
    order = sorted(range(len(items)), key=lambda at: fold(items[at].text))
    words = [*(fold(items[at].text) for at in order), *map(fold, rows.codebook.scale)]
    asked = hashlib.sha256("\n".join(words).encode()).digest()
    said, unnamed = rows.answers[:, order], not any(rows.ids) and not any(rows.times)
    answers = [asked + one for one in row_bytes(_some(said, asked) if unnamed else said)]
    found: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    parts = [*_parts(rows, rows.times), [asked + one for one in row_bytes(said[:_FIRST])]]
    if any(rows.times):
        parts += _parts(rows, ("",) * rows.people)
    if unnamed:  # nothing but answers, so no row needs a look
        return Texts({**found, "answers": [b"\0" + one for one in answers]}, answers, False, parts)
    for one, id, time in zip(answers, rows.ids, rows.times, strict=True):
        named = id if rows.ids_counted else ""
        if id and (time or not rows.ids_counted):
            found["id"].append(_joined(id, time if rows.ids_counted else ""))
        if time:
            found["row"].append(_joined(time, one))
        found["answers"].append(_joined(named, one))
    return Texts(found, answers, rows.ids_counted and any(rows.ids), parts)


def _some(said: np.ndarray, asked: bytes) -> np.ndarray:
    """Of many rows [people, items] those whose answers come out at nothing in a sum that mixes them well (multiply-shift,
    Dietzfelbinger, M. et al. (1997), Journal of Algorithms 25, 19-51). Twice as many rows: half of those that it was."""
    every = 1
    while len(said) > 2 * every * _ENOUGH:
        every *= 2
    if every == 1:
        return said
    weights = np.frombuffer(hashlib.shake_256(asked).digest(8 * said.shape[1]), dtype="<u8")
    mixed = (said.astype(np.uint64) @ weights) >> np.uint64(40)
    return said[mixed % np.uint64(every) == 0]


def _parts(rows: Rows, times: Sequence[str]) -> Sequence[Sequence[bytes]]:
    """For each part of the items, and for all of them whatever they are called, what tells a row from others."""
    asked = [hashlib.sha256(fold(item.text).encode()).digest() for item in rows.codebook.items.values()]
    answers = rows.answers[:_FIRST]
    found = []
    for part in range(_PARTS):
        mine = sorted((one, at) for at, one in enumerate(asked) if one[0] % _PARTS == part)
        if mine:
            said = np.ascontiguousarray(answers[:, [at for _, at in mine]])
            found.append(_told_apart(b"".join(one for one, _ in mine), said, times))
    chosen = np.stack([(answers == point).sum(axis=1) for point in range(len(rows.codebook.scale))], axis=1)
    return [*found, _told_apart(b"", chosen.astype(np.int16), times)]


def _told_apart(asked: bytes, said: np.ndarray, times: Sequence[str]) -> Sequence[bytes]:
    """Rows by their time, and those without one together with the next five: few people answer a few questions unlike all
    others, and a sheet that grows keeps its order."""
    one = [row.tobytes() for row in said]
    return [
        _joined(asked, time, said) if time else _joined(asked, *one[at : at + _IN_A_ROW])
        for at, (time, said) in enumerate(zip(times, one, strict=False))
        if time or at + _IN_A_ROW <= len(one)
    ]


def _joined(*parts: str | bytes) -> bytes:
    return b"\0".join(one.encode() if isinstance(one, str) else one for one in parts)


def keyed(found: Texts) -> dict[str, object]:
    """What is kept of these rows: a new key, and for each kind the fingerprints."""
    key = secrets.token_bytes(32)
    return {
        "by": _NOW,
        "key": key.hex(),
        **{kind: sorted(_fingerprints(_NOW, key, kind, found.kinds[kind])) for kind in KINDS},
        "parts": [sorted(_fingerprints(_NOW, key, "part", part)) for part in found.parts],
    }


def _fingerprints(by: object, key: bytes, kind: str, found: Iterable[bytes]) -> list[str]:
    start = kind.encode() + b"\0"
    if by == _NOW:
        # a fifth of the time of HMAC, and a large survey has many rows: the key is taken in once
        empty, marks = hashlib.blake2b(digest_size=_LENGTH, key=key, person=start), []
        for one in found:
            mark = empty.copy()
            mark.update(one)
            marks.append(mark.hexdigest())
        return marks
    return [hmac.digest(key, start + one, "sha256")[:_LENGTH].hex() for one in found]


def known_again(kept: Mapping[str, object], found: Texts) -> bool:
    """Whether rows of a release, as ``keyed`` kept them, are among these."""
    key = bytes.fromhex(str(kept["key"]))
    was = {kind: Counter(map(str, _listed(kept[kind]))) for kind in KINDS}
    now = {
        kind: Counter(_fingerprints(kept.get("by"), key, kind, found.kinds[kind])) if was[kind] else Counter()
        for kind in KINDS
    }
    if any(was[kind].keys() & now[kind].keys() for kind in ("id", "row")):
        return True
    both, people, common = _in_common(was["answers"], now["answers"], found.answers, found.numbered)
    if both and (both >= people * _QUARTER or common >= people * _NEARLY_ALL):
        return True
    parts = [Counter(_fingerprints(kept.get("by"), key, "part", part)) for part in found.parts]
    earlier = [Counter(map(str, _listed(part))) for part in _listed(kept.get("parts", []))]
    for before in earlier:
        for here, part in zip(parts, found.parts, strict=True):
            both, people, _ = (
                _in_common(before, here, part, False) if before.keys() & here.keys() else (0, 0, 0)
            )
            if both and both >= people * _HALF:  # of a few questions people's answers are much more alike
                return True
    return False


def _in_common(
    before: Counter[str], here: Counter[str], answers: Sequence[bytes], numbered: bool
) -> tuple[int, int, int]:
    """Common rows that are like no other, of how many people, and all common ones. The first are 0 where chance or too few
    of them bring as many. ``answers``: of the rows that are ``here``, without ids."""
    once = [{mark for mark, many in one.items() if many == 1} for one in (before, here)]
    both, fewest = len(once[0] & once[1]), min(map(len, once))
    people, common = min(before.total(), here.total()), (before & here).total()
    chance = _by_chance(len(once[0]), answers, numbered)
    more = both > chance + _SURE * chance**0.5 and both >= fewest * (_QUARTER if numbered else _HALF)
    return (both if more else 0), people, common


def _listed(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _by_chance(before: int, answers: Sequence[bytes], numbered: bool) -> float:
    """How many of so many rows of another wave would be like a row of this one.

    With numbers that both waves count from 1, each meets one other row, and is like it as often as two rows of this
    wave are. Without, it is as likely to be like one of this wave's single rows as a new row would be (Good, I. J.
    (1953), Biometrika 40, 237-264: rows that stand here twice, over all rows).
    """
    many, people = Counter(answers).values(), len(answers)
    if people < 2:
        return 0.0
    if numbered:
        return before * sum(one * (one - 1) for one in many) / (people * (people - 1))
    return before * 2 * sum(one == 2 for one in many) / people
