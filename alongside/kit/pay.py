"""The pay sheet for managers, and overleaf the words for a peer: the page data/about/pay.md, set so that it can be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alongside.course.about import pages
from alongside.course.references import CITED, sources
from alongside.kit.sheet import Order, Sheet
from alongside.press import tree
from alongside.words import say

__all__ = ["sheets"]


def sheets(_: Order) -> Iterator[Sheet]:
    """One leaf, the same for every lesson: each part of the page that has a table or words to say begins a side."""
    page = next(page for page in pages() if page.name == "pay")
    known = sources()
    cited = [key for key in dict.fromkeys(CITED.findall(page.text)) if key in known]
    first, *parts = page.text.split("\n## ")
    data = {
        "title": page.title,
        "begin": tree(first.partition("\n")[2]),
        "parts": [tree(f"## {part}") for part in parts],
        "sources": [say("leading.cited", key=key, source=known[key].reference) for key in cited],
    }
    yield Sheet("pay.pdf", Path(__file__).with_name("pay.typ"), data)
