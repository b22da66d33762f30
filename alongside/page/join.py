"""The activities' ES modules, put together into one text.

anywidget loads a module from a Blob URL, where ``import "./other.js"`` can't work, and Chromium refuses module
files on ``file://``. So the files of ``page/`` and ``activities/`` are put one after another, those that others need
first, and the lines of import and the words of export are taken out. Nothing else is touched: what can't be joined
so is refused with a sentence.

A page brings only the kinds of activities that stand on it. Of every other kind it brings the upper half of the file
alone: how an answer is read, for *my words* on any page. Of the sentences in ``words/en.yml`` it brings those whose keys
stand in the script. And it brings all that short (``script.json``, made by
``alongside scripts``), because a phone on a slow line reads all of its script. Where a file was changed since the
short text was made, the files themselves are used, so that whoever changes one sees the change at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache, reduce
from pathlib import Path
from typing import Any

from alongside import words
from alongside.errors import AlongsideError, nearest
from alongside.words import say

__all__ = [
    "ALONE",
    "MIME",
    "SHORT",
    "Module",
    "asleep_script",
    "fingerprint",
    "lab_module",
    "modules",
    "page_script",
]

#: Under this type an activity's question lies in its display bundle: {"activity", "key", "props"}.
MIME = "application/vnd.alongside.activity+json"

PAGE = Path(__file__).parent
#: What every page has, and the kinds of activities: one file each.
FOLDERS = (PAGE, PAGE.parent / "activities")
#: Where a page begins, and where JupyterLab does; "search": the page on which one looks for a word, "offline":
#: the one that keeps the lessons on a device, "after": the one for what was promised, "screen": the big screen.
ENTRIES = {
    "page": ("main.js",),
    "lab": ("lab.js",),
    "search": ("main.js", "search.js"),
    "offline": ("main.js", "offline.js"),
    "after": ("after.js",),
    "screen": ("screen.js",),
}
#: Where no words of anybody are read, so that no kind of activity has to say how.
WITHOUT_WORDS = {"screen"}
#: The kept library that looks for words, as a function that gives it; ``alongside scripts`` takes it from its package.
LIBRARY = PAGE / "minisearch" / "library.txt"
#: Stands alone: a page with a tool brings it beside the others.
ALONE = "asleep.js"
#: The short texts: {"of": fingerprint, "often": text, "texts": {file: text}, "page": text, …}. "often" goes before the
#: others, and what is named as in ENTRIES ends them.
SHORT = PAGE / "script.json"
#: What ends a text whose files were joined as they are; ``script.json`` has the same, with the short names. The two
#: names in capitals are filled in when the script is put together.
SPEAK = "speak(LANGUAGE, SENTENCES);\n"
ENDS = {
    "page": f"{SPEAK}mountPage();\n",
    "search": f"{SPEAK}mountPage();\nmountSearch(LIBRARY);\n",
    "offline": f"{SPEAK}mountPage();\nmountOffline();\n",
    "after": f"{SPEAK}mountAfter();\n",
    "screen": f"{SPEAK}mountScreen();\n",
    "lab": f"{SPEAK}return {{ render }};\n",  # the last one: nothing that comes after a return is kept
}
#: Ends the half of a kind's file that every page has, and what the other half is called.
HALF, LOWER = "// --- on the page ---\n", " on the page"

_IMPORT = re.compile(r'^import\s*\{([^{}]*)\}\s*from\s*"([^"\n]*)";[ \t]*\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_NAME = re.compile(r"^(export )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_KIND = re.compile(r'^register\("(\w+)"', re.MULTILINE)
_SENTENCE = re.compile(r'"((?:page|activities|screen|after)\.\w+)"')


@dataclass(frozen=True)
class Module:
    """One file, or a half of one that is in two. ``needs``: the names of the files that it imports, in order; ``text``: what is left to be joined;
    ``names`` and ``exports``: its top-level names; ``kinds``: the kinds of activities that it registers."""

    name: str
    text: str
    needs: tuple[str, ...]
    imports: tuple[tuple[str, str], ...]  # (file, name)
    names: tuple[str, ...]
    exports: frozenset[str]
    kinds: tuple[str, ...]


def _modules(path: Path, folders: tuple[Path, ...]) -> Iterator[Module]:
    """A file; of a kind of activity its two halves, of which the lower one needs the upper."""
    upper, mark, lower = path.read_text(encoding="utf-8").partition(HALF)
    yield _module(path, path.name, upper, folders)
    if mark:
        below = _module(path, path.name + LOWER, lower, folders)
        yield replace(below, needs=(path.name, *below.needs))


def _module(path: Path, name: str, text: str, folders: tuple[Path, ...]) -> Module:
    imports: list[tuple[str, str]] = []
    needs: list[str] = []
    for listed, address in _IMPORT.findall(text):
        needs.append(_needed(path, address, folders))
        for wanted in filter(None, (one.strip() for one in listed.split(","))):
            if not re.fullmatch(r"\w+", wanted):
                raise AlongsideError(say("page.script_second_name", file=path.name))
            imports.append((needs[-1], wanted))
    declared = _NAME.findall(text)
    text = _EXPORT.sub("", _IMPORT.sub("", text))
    if _OTHER.search(text):
        raise AlongsideError(say("page.script_not_joined", file=path.name))
    return Module(
        name=name,
        text=text,
        needs=tuple(needs),
        imports=tuple(imports),
        names=tuple(one for _, one in declared),
        exports=frozenset(one for exported, one in declared if exported),
        kinds=tuple(_KIND.findall(text)),
    )


def _needed(path: Path, address: str, folders: tuple[Path, ...]) -> str:
    """The name of the file that an import asks for."""
    wanted = (path.parent / address).resolve()
    if wanted.parent not in [folder.resolve() for folder in folders] or not wanted.is_file():
        raise AlongsideError(say("page.script_not_there", file=path.name))
    return wanted.name


@cache
def modules(folders: tuple[Path, ...] = FOLDERS) -> dict[str, Module]:
    """Every file of the folders by its name, each after those that it needs, and checked against each other.

    Raises :class:`AlongsideError` where two files have one name, or a top-level name stands in two of them, where a
    name is imported that the other file does not export, or where files need each other in a circle.
    """
    found: dict[str, Module] = {}
    home: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.js"))):
        if path.name in found:
            raise AlongsideError(say("page.script_twice", file=path.name))
        for one in _modules(path, folders):
            found[one.name] = one
            for name in one.names if path.name != ALONE else ():
                if home.setdefault(name, one.name) != one.name or one.names.count(name) > 1:
                    other = _file(home[name])
                    raise AlongsideError(
                        say("page.script_name_twice", file=path.name, other=other, name=name)
                    )
    found = {name: _with_halves(one, found) for name, one in found.items()}
    ordered: dict[str, Module] = {}
    begin = {file for files in ENTRIES.values() for file in files}
    for name in sorted(found, key=lambda name: (name not in begin, name)):
        _put(name, found, ordered, ())
    return ordered


def _file(name: str) -> str:
    """The file of a half."""
    return name.removesuffix(LOWER)


def _with_halves(one: Module, found: dict[str, Module]) -> Module:
    """A module that needs the halves in which the names stand that it imports. Raises :class:`AlongsideError` where one
    stands in neither."""
    needs = list(one.needs)
    for file, name in one.imports:
        halves = [half for half in (file, file + LOWER) if half in found]
        homes = [half for half in halves if name in found[half].exports]
        if not homes:
            near = nearest(name, frozenset[str]().union(*(found[half].exports for half in halves)))
            raise AlongsideError(
                say("page.script_no_export", file=_file(one.name), name=name, other=file, nearest=near)
            )
        needs += homes
    return replace(one, needs=tuple(dict.fromkeys(needs)))


def _put(name: str, found: dict[str, Module], ordered: dict[str, Module], above: tuple[str, ...]) -> None:
    if name in above:
        files = [*above[above.index(name) :], name]
        circle = reduce(lambda way, file: say("page.script_needs", way=way, file=file), files)
        raise AlongsideError(say("page.script_circle", circle=circle))
    if name not in ordered:
        for needed in found[name].needs:
            _put(needed, found, ordered, (*above, name))
        ordered[name] = found[name]


def _reached(kinds: Collection[str] | None, end: str) -> Iterator[str]:
    """The files for these kinds of activities (None: all) at an end of ENTRIES, in the order of :func:`modules`."""
    known = modules()
    wanted = {*ENTRIES[end]}
    if end not in WITHOUT_WORDS:
        wanted |= {_file(name) for name in known if name.endswith(LOWER)}
    wanted |= {
        one.name for one in known.values() if (one.kinds if kinds is None else {*one.kinds} & {*kinds})
    }
    for name in reversed([*known]):  # whatever needs a file stands after it
        if name in wanted:
            wanted |= {*known[name].needs}
    return (name for name in known if name in wanted)


def fingerprint() -> str:
    """A text that is another one as soon as anything that is joined is."""
    listed = [[one.name, one.text, one.imports] for one in modules().values()]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


@cache
def _short() -> dict[str, Any]:
    """What ``script.json`` holds; nothing where it was made of other scripts than those that are here."""
    if not SHORT.is_file():
        return {}
    held = json.loads(SHORT.read_text(encoding="utf-8"))
    return held if held["of"] == fingerprint() else {}


@cache
def _joined(kinds: frozenset[str] | None, end: str) -> str:
    """The body of a function that mounts a page, or that gives back JupyterLab's ``render``."""
    if short := _short():
        # One line for each file, so that a line of an error says which file it came from.
        return _with_sentences(
            "\n".join([short["often"], *(short["texts"][name] for name in _reached(kinds, end)), short[end]])
        )
    return _with_sentences("".join([*(modules()[name].text for name in _reached(kinds, end)), ENDS[end]]))


def _with_sentences(script: str) -> str:
    """The script with its sentences: those whose keys stand in it. A key becomes its place in their list, which is
    shorter than its name on every page."""
    keys = sorted(set(_SENTENCE.findall(script)))
    missing = [key for key in keys if key not in words.catalog()]
    if missing:
        raise AlongsideError(say("page.script_no_sentence", key=missing[0]))
    # A "<" could end the script's element; JSON can say it otherwise.
    listed = [words.catalog()[key] for key in keys]
    sentences = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    numbered = _SENTENCE.sub(lambda key: str(keys.index(key[1])), script)
    return numbered.replace("LANGUAGE", json.dumps(words.LANGUAGE)).replace("SENTENCES", sentences)


def page_script(kinds: Collection[str] | None = None, end: str = "page") -> str:
    """The text of a page's one inline script, for these kinds of activities (None: all) and with the ``end`` of ENTRIES
    that it has. It touches no global name."""
    known = {kind for one in modules().values() for kind in one.kinds}
    wanted = None if kinds is None else frozenset(kinds) & known
    script = _joined(wanted, end)
    if end == "search":
        script = script.replace("LIBRARY", f"({LIBRARY.read_text(encoding='utf-8').strip()})()")
    return f'(()=>{{"use strict";\n{script}}})();\n'


def asleep_script() -> str:
    """The text of the script by which a page says that the program behind its tools is gone."""
    return _short()["texts"][ALONE] + "\n" if _short() else modules()[ALONE].text


def lab_module() -> str:
    """The text of the ES module that anywidget loads in JupyterLab."""
    return f"export default (()=>{{\n{_joined(None, 'lab')}}})();\n"
