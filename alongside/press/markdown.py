"""The Markdown of a cell as a tree that a template can set: lists, dictionaries and texts, as JSON has them.

A block is ``{"is": "paragraph", "of": [inline, …]}``; a heading (with ``level``), a list (``ordered``, ``of`` is its items,
each some blocks), a quotation (``of`` is blocks) and a table (``head`` and ``rows``, whose cells are inlines) likewise. An inline
is a text, or ``{"is": "bold" | "italic", "of": […]}``, ``{"is": "break"}``, ``{"is": "mark", "key": "kosinski-2024"}`` for a source.
A link is its words: paper can't be clicked. HTML and code fences are set as the words that they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mistune import Markdown

__all__ = ["tree"]

#: The key of a source in the running text.
_MARK = re.compile(r"\s*\[([a-z0-9]+(?:-[a-z0-9]+)+)\](?!\()")
_WRAPS = {"strong": "bold", "emphasis": "italic"}

Node = dict[str, Any]


@cache
def _reader() -> Markdown:
    from mistune import create_markdown  # takes a moment, and few commands print

    return create_markdown(renderer=None, plugins=["table"])


def tree(markdown: str) -> list[Node]:
    """The blocks of a text."""
    found = _reader()(markdown)
    assert isinstance(found, list)  # without a renderer
    return _blocks(found)


def _blocks(nodes: Iterable[Node]) -> list[Node]:
    return [made for node in nodes if (made := _block(node)) is not None]


def _block(node: Node) -> Node | None:
    inner = node.get("children", [])
    match node["type"]:
        case "paragraph" | "block_text":
            return {"is": "paragraph", "of": _inlines(inner)}
        case "heading":
            return {"is": "heading", "level": node["attrs"]["level"], "of": _inlines(inner)}
        case "list":
            items = [_blocks(item["children"]) for item in inner]
            return {"is": "list", "ordered": node["attrs"]["ordered"], "of": items}
        case "block_quote":
            return {"is": "quotation", "of": _blocks(inner)}
        case "table":
            head, *body = inner
            rows = [row["children"] for part in body for row in part["children"]]
            return {
                "is": "table",
                "head": [_inlines(cell["children"]) for cell in head["children"]],
                "rows": [[_inlines(cell["children"]) for cell in row] for row in rows],
            }
        case "thematic_break":
            return {"is": "rule"}
        case "blank_line":
            return None
    return {"is": "paragraph", "of": [node.get("raw", "").strip()]}


def _inlines(nodes: Iterable[Node]) -> list[Any]:
    found: list[Any] = []
    for node in nodes:
        match node["type"]:
            case "strong" | "emphasis":
                found.append({"is": _WRAPS[node["type"]], "of": _inlines(node["children"])})
            case "link":
                found += _inlines(node["children"])
            case "image":
                found += _inlines(node["children"])
            case "linebreak":
                found.append({"is": "break"})
            case "softbreak":
                found.append(" ")
            case _:
                found += _marked(node.get("raw", ""))
    return found


def _marked(text: str) -> list[Any]:
    """A text with the keys of sources taken out of it and marked as such."""
    parts = _MARK.split(text)
    return [
        part if number % 2 == 0 else {"is": "mark", "key": part}
        for number, part in enumerate(parts)
        if number % 2 or part
    ]
