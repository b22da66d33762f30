"""The activities' ES modules, joined into one text.

anywidget loads a module from a Blob URL, where ``import "./other.js"`` can't work, and Chromium refuses module
files on ``file://``. So the small files of this folder are put one after another, those that others need first,
and the lines of import and the words of export are taken out. Names must therefore differ across the files.

A page brings only the kinds of activities that stand on it, because a phone on a slow line reads all of its script. Of
every other kind it brings the upper half of the file alone: how an answer is read, for *my words* on any page. And of
the sentences in ``words/en.yml`` it brings those whose keys stand in the script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from alongside import words
from alongside.errors import AlongsideError

__all__ = ["MIME", "asleep_script", "lab_module", "page_script"]

#: Under this type an activity's question lies in its display bundle: {"activity", "key", "props"}.
MIME = "application/vnd.alongside.activity+json"

#: What every page has, and the kinds of activities: one file each.
FOLDERS = (Path(__file__).parent, Path(__file__).parent.parent / "activities")
ENTRY = "main.js"

_IMPORT = re.compile(
    r'^import \{[^}]*\} from "(?:\./|\.\./page/|\.\./activities/)([a-z0-9_-]+\.js)";\n', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) )", re.MULTILINE)
_NAMES = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
#: Ends the half of a kind's file that every page has.
_HALF = "// --- on the page ---"
_SENTENCE = re.compile(r'"((?:page|activities)\.\w+)"')
_INDENT = re.compile(r"\n\s+")
_COMMENT = re.compile(r"^\s*(?://.*|/\*\*.*\*/|/\*\*[\s\S]*?\*/)\n", re.MULTILINE)


def _file(name: str) -> Path:
    """Where a file of one of the two folders lies; a name may stand once in both."""
    return next((folder / name for folder in FOLDERS if (folder / name).is_file()), FOLDERS[0] / name)


def _in_order(name: str, text: str, seen: dict[str, str]) -> None:
    """Adds a file's text, after the texts of what it imports."""
    if name not in seen:
        for needed in _IMPORT.findall(text):
            _in_order(needed, _source(needed), seen)
        seen[name] = text


def _source(name: str) -> str:
    return _file(name).read_text(encoding="utf-8")


@cache
def _kinds() -> dict[str, str]:
    """The file of each kind of activity, by the kind's name, which is the file's."""
    return {path.stem: path.name for path in sorted(FOLDERS[1].glob("*.js"))}


@cache
def _joined(kinds: frozenset[str]) -> str:
    files: dict[str, str] = {}
    for name in (ENTRY, *(_kinds()[kind] for kind in sorted(kinds))):
        _in_order(name, _source(name), files)
    for name in _kinds().values():
        upper, mark, _ = _source(name).partition(_HALF)
        if mark:
            _in_order(name, upper, files)
    texts, home = [], {}
    for name, source in files.items():
        for named in _NAMES.findall(source):
            if named in home:
                raise AlongsideError(
                    f'{name} and {home[named]} both have a top-level "{named}". '
                    "The files are joined into one, so each name may stand once. Rename one of them."
                )
            home[named] = name
        text = _EXPORT.sub("", _IMPORT.sub("", source))
        # Comments and indents are for the reader of the source; a phone on a slow line need not load them.
        texts.append(_INDENT.sub("\n", _COMMENT.sub("", text)).strip() + "\n")
    joined = "".join(texts)
    if re.search(r"^import\b", joined, re.MULTILINE):
        raise AlongsideError(
            "An import in alongside/page or alongside/activities could not be joined. "
            'Write it on one line, as: import { name } from "./file.js";'
        )
    return _with_sentences(joined)


def _with_sentences(script: str) -> str:
    """The script with its sentences: those whose keys stand in it. A key becomes its place in their list, which is
    shorter than its name on every page."""
    keys = sorted(set(_SENTENCE.findall(script)))
    missing = [key for key in keys if key not in words.catalog()]
    if missing:
        raise AlongsideError(
            f'A script says "{missing[0]}", and words/en.yml has no such sentence. Write it there, in its section.'
        )
    # A "<" could end the script's element; JSON can say it otherwise.
    listed = [words.catalog()[key] for key in keys]
    sentences = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    numbered = _SENTENCE.sub(lambda key: str(keys.index(key[1])), script)
    return f'{numbered}speak("{words.LANGUAGE}", {sentences});\n'


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
