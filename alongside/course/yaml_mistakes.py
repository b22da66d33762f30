"""What people who never saw YAML get wrong in it: which line it is, and what to type there.

Some of it YAML reads in silence as something else: a title that ends at its "#", a list in curly quotation marks.
Nothing of the file is quoted, for it may be the wrong file.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

__all__ = ["found_in", "said_by"]

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_ODD_SPACE = re.compile(rf"^ *[{_SPACES}]+\S|^\s*(- +)?[\w\"'-]+:[{_SPACES}]+\S")
_CUT = re.compile(r"( +)#(.?)")
_NO_TEXT = re.compile(
    r"[\d.,+:T -]*|true|false|null|~", re.IGNORECASE
)  # numbers, days: a note behind is no matter
_CURLY = re.compile(r"[“”„«‘‚‹]([^“”„«»‘‚‹›]*)[“”»’›]", re.DOTALL)
_NO_COLON = re.compile(r"^\w[^:#]*$")
_OPEN = re.compile(r"""^\s*(- +)?[\w-]+:\s+(\"[^\"]*|'[^']*)$""")
_NO_SPACE = re.compile(r"^\s*(- +)?[A-Za-z_][\w-]*:[^\s:/]")


def found_in(text: str, curly: bool) -> tuple[int, str] | None:
    """The first line, from 1, that YAML would read as something else in silence, and the key of what to say of it.

    ``curly``: whether a text in curly quotation marks is such a mistake; in prose it may be meant.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if _ODD_SPACE.match(line):
            return number, "course.yaml_odd_space"
    try:
        for token in yaml.scan(text, Loader=Loader):
            if isinstance(token, yaml.ScalarToken) and token.plain:
                key = _misread(token, lines)
                if key and (curly or key != "course.yaml_curly"):
                    return token.start_mark.line + 1, key
    except yaml.YAMLError:
        pass  # said when it is parsed
    return None


def _misread(token: Any, lines: list[str]) -> str:
    """Why a text without quotation marks is not what it looks like, or ""."""
    if _CURLY.fullmatch(token.value.strip()):
        return "course.yaml_curly"
    end = token.end_mark
    rest: str = lines[end.line][end.column :] if end.line < len(lines) else ""
    cut = _CUT.match(rest)
    if cut and not _NO_TEXT.fullmatch(token.value) and (len(cut[1]) == 1 or not cut[2].isspace()):
        # a note has two spaces before its "#", and one behind it
        return "course.yaml_cut"
    return ""


def said_by(error: yaml.YAMLError | ValueError, text: str) -> tuple[int | None, str]:
    """The line, from 1, of what YAML can't read, where it is known; and the key of what to type there."""
    if isinstance(error, ValueError):
        return None, "course.yaml_no_day"
    mark: Any = getattr(error, "problem_mark", None)
    begun: Any = getattr(error, "context_mark", None) or mark
    if mark is None:
        return None, "course.no_yaml"
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))
    lines = [*text.splitlines(), ""]
    here = lines[min(mark.line, len(lines) - 1)]
    if "mapping values" in problem or "expected ':'" in problem:
        for number in range(max(mark.line - 1, 0), min(mark.line + 1, len(lines))):
            if _NO_SPACE.match(lines[number]):
                return number + 1, "course.yaml_no_space"
            if _NO_COLON.match(lines[number]):
                return number + 1, "course.yaml_no_colon"
    if "\\t" in problem or "\t" in here[: mark.column + 1]:
        return mark.line + 1, "course.yaml_tab"
    for number in range(min(mark.line + 1, len(lines))):
        if _OPEN.match(lines[number]):
            return number + 1, "course.yaml_open_quotation"
    if "quoted scalar" in context:
        if "escape" in problem:
            return mark.line + 1, "course.yaml_backslash"
        return begun.line + 1, "course.yaml_open_quotation"
    if "mapping values" in problem:
        two = len(re.findall(r":(?:\s|$)", here)) > 1
        return mark.line + 1, "course.yaml_colon" if two else "course.yaml_indent"
    if "'<scalar>'" in problem or ("flow" in context and re.search(r":\s*['\"].*['\"]", here)):
        quoted = re.search(r"['\"]", here)
        return mark.line + 1, "course.yaml_apostrophe" if quoted else "course.yaml_indent"
    if "flow" in context:
        return begun.line + 1, "course.yaml_open_list"
    if "expected ':'" in problem:
        return begun.line + 1, "course.yaml_no_colon"
    if (
        "start any token" in problem
        or "alias" in context + problem
        or "anchor" in context
        or "tag" in problem + context
    ):
        return mark.line + 1, "course.yaml_sign"
    if "block end" in problem or "block" in context:
        return mark.line + 1, "course.yaml_indent"
    return mark.line + 1, "course.no_yaml"
