"""The activities' ES modules, joined into one text.

anywidget loads a module from a Blob URL, where ``import "./other.js"`` can't work, and Chromium refuses module
files on ``file://``. So the small files of this folder are put one after another, those that others need first,
and the lines of import and the words of export are taken out. Names must therefore differ across the files.

A page brings only the kinds of activities that stand on it, because a phone on a slow line reads all of its script.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from alongside.errors import AlongsideError

__all__ = ["MIME", "asleep_script", "lab_module", "page_script"]

#: Under this type an activity's question lies in its display bundle: {"activity", "key", "props"}.
MIME = "application/vnd.alongside.activity+json"

#: What every page has, and the kinds of activities: one file each.
FOLDERS = (Path(__file__).parent, Path(__file__).parent.parent / "activities")
ENTRY = "main.js"

_IMPORT = re.compile(
    r'^import \{[^}]*\} from "(?:\./|\.\./page/|\.\./activities/)([a-z_-]+\.js)";\n', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) )", re.MULTILINE)
_NAMES = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
_KIND = re.compile(r'^register\("(\w+)"', re.MULTILINE)
_INDENT = re.compile(r"\n\s+")
_COMMENT = re.compile(r"^\s*(?://.*|/\*\*.*\*/|/\*\*[\s\S]*?\*/)\n", re.MULTILINE)


def _file(name: str) -> Path:
    """Where a file of one of the two folders lies; a name may stand once in both."""
    return next((folder / name for folder in FOLDERS if (folder / name).is_file()), FOLDERS[0] / name)


def _in_order(name: str, seen: list[str]) -> list[str]:
    """File names so that each comes after what it imports."""
    if name not in seen:
        for needed in _IMPORT.findall(_file(name).read_text(encoding="utf-8")):
            _in_order(needed, seen)
        seen.append(name)
    return seen


@cache
def _kinds() -> dict[str, str]:
    """The file of each kind of activity, by the kind's name."""
    return {
        kind: path.name
        for folder in FOLDERS
        for path in sorted(folder.glob("*.js"))
        for kind in _KIND.findall(path.read_text(encoding="utf-8"))
    }


@cache
def _joined(kinds: frozenset[str]) -> str:
    names: list[str] = []
    for name in (ENTRY, *(_kinds()[kind] for kind in sorted(kinds))):
        _in_order(name, names)
    texts, home = [], {}
    for name in names:
        text = _file(name).read_text(encoding="utf-8")
        for word in _NAMES.findall(text):
            if word in home:
                raise AlongsideError(
                    f'{name} and {home[word]} both have a top-level "{word}". '
                    "The files are joined into one, so each name may stand once. Rename one of them."
                )
            home[word] = name
        text = _EXPORT.sub("", _IMPORT.sub("", text))
        # Comments and indents are for the reader of the source; a phone on a slow line need not load them.
        texts.append(_INDENT.sub("\n", _COMMENT.sub("", text)).strip() + "\n")
    joined = "".join(texts)
    if re.search(r"^import\b", joined, re.MULTILINE):
        raise AlongsideError(
            "An import in alongside/page or alongside/activities could not be joined. "
            'Write it on one line, as: import { name } from "./file.js";'
        )
    return joined


def page_script(kinds: Collection[str] | None = None) -> str:
    """The text of a page's one inline script, for these kinds of activities (None: all). It touches no global name."""
    wanted = _kinds().keys() if kinds is None else _kinds().keys() & set(kinds)
    return f'(() => {{\n"use strict";\n{_joined(frozenset(wanted))}mountPage();\n}})();\n'


def asleep_script() -> str:
    """The text of the script by which a page says that the program behind its tools is gone."""
    return _INDENT.sub("\n", _COMMENT.sub("", _file("asleep.js").read_text(encoding="utf-8"))).strip() + "\n"


def lab_module() -> str:
    """The text of the ES module that anywidget loads in JupyterLab."""
    return f"{_joined(frozenset(_kinds()))}export default {{ render }};\n"
