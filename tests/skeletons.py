"""Which pages to look at in a browser, when most of them differ by their words alone.

A page's skeleton is the set of its elements as styles, scripts and screen readers see them: tag, classes, role, which
attributes, and in what they lie; of an activity, its kind and the form of what it asks. Enough pages are chosen that
each element of any page's skeleton stands on a chosen one. Words matter where they can't be broken, which is in
tables: of each kind of table the widest is chosen too. What else words can spoil is read from every page, in
``test_publish.py``.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from html.parser import HTMLParser
from typing import Any

#: Elements that have no end, so that nothing lies in them.
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, Hashable]] = []
        self.found: set[Hashable] = set()
        #: Of each kind of table, the letters in the longest words of its columns, added up.
        self.widths: dict[Hashable, int] = {}
        self.columns: list[int] = []
        self.at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        names = frozenset(name for name in given if name not in ("id", "class", "role", "type"))
        classes = frozenset((given.get("class") or "").split())
        this = (tag, classes, given.get("role"), given.get("type"), names)
        self.found.add((self.open[-1][1] if self.open else None, this))
        if "data-activity" in given:
            kind, props = given["data-activity"], json.loads(given.get("data-props") or "{}")
            story = {f"story's {name}": value for name, value in (props.get("scenario") or {}).items()}
            self.found.add(
                ("asks", kind)
            )  # its question stands beside what it asks about, which may be nothing
            self.found |= {("asks", kind, name, form(value)) for name, value in {**props, **story}.items()}
        if tag == "table":
            self.columns = []
        if tag == "tr":
            self.at = 0
        if tag in ("td", "th"):
            self.at += 1
            self.columns += [0] * (self.at - len(self.columns))
        if tag not in EMPTY:
            self.open.append((tag, this))

    def handle_data(self, data: str) -> None:
        if self.columns and any(tag in ("td", "th") for tag, _ in self.open):
            longest = max(map(len, data.split()), default=0)
            self.columns[self.at - 1] = max(self.columns[self.at - 1], longest)

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.found.add(("cells in a row", self.at))
        if tag == "table":
            kind = tuple(one for _, one in self.open[-3:])
            self.widths[kind] = max(self.widths.get(kind, 0), sum(self.columns))
            self.columns = []
        while self.open and any(one == tag for one, _ in self.open):
            if self.open.pop()[0] == tag:
                break


def form(value: Any) -> Hashable:
    """What kind of thing this is, without its words: of what holds several, what kinds are in it."""
    if isinstance(value, dict):
        return "names", frozenset(map(form, value.values()))
    if isinstance(value, list):
        return "list", frozenset(map(form, value))
    return value if isinstance(value, bool) else type(value).__name__


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def one_of_each(pages: Mapping[str, str]) -> list[str]:
    """Names of pages (by name, their HTML) that have everything which stands on any of them; few, in the order given."""
    looks = {name: read(text) for name, text in pages.items()}
    widest = {
        kind: max(one.widths.get(kind, 0) for one in looks.values())
        for look in looks.values()
        for kind in look.widths
    }
    skeletons = {
        name: look.found | {("widest", kind) for kind, width in look.widths.items() if width == widest[kind]}
        for name, look in looks.items()
    }
    missing, chosen = set().union(*skeletons.values()), []
    while missing:
        chosen.append(max(skeletons, key=lambda name: len(skeletons[name] & missing)))
        missing -= skeletons[chosen[-1]]
    for name in list(chosen):  # what was taken first may by now stand on others
        others = set().union(*(skeletons[one] for one in chosen if one != name))
        if skeletons[name] <= others:
            chosen.remove(name)
    return [name for name in pages if name in chosen]
