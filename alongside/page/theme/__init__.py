"""How everything looks: the stylesheets, the page templates, and where Jupyter finds them."""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import cache
from pathlib import Path

__all__ = ["JUPYTER", "TEMPLATES", "lab_css", "lesson_css", "page_css", "screen_css", "svg_address"]

FOLDER = Path(__file__).parent
#: A folder as Jupyter wants it on JUPYTER_PATH: nbconvert/templates/alongside inside it.
JUPYTER = FOLDER.parent / "jupyter"
TEMPLATES = JUPYTER / "nbconvert" / "templates"

_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]+)"')
_CLASS = re.compile(r'\bclass="([^"]+)"')
_DECLARED = re.compile(r"(--[\w-]+):([^;}]+);?")
_STYLE = re.compile(r"<style>(.*?)</style>")
#: What stands in a picture for nobody who looks at it on a page.
_BESIDE = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>| (?:xmlns:xlink|version|type)=\"[^\"]*\"")
_ID = re.compile(r" id=\"([^\"]+)\"")
_ASKED = re.compile(r"(?<=href=\"#)[^\"]+|(?<=url\(#)[^)]+")
_FIRST_CLASS = re.compile(r"<text class=\"([\w-]+)")
_SAME_AGAIN = re.compile(r"(([LQC])[^A-Za-z]+)\2")
_DARK = "@media screen and (prefers-color-scheme:dark){"
#: A rule, or a group of them, which are never deeper than that; what stands in a list of selectors.
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMA = re.compile(r",(?!(?:[^()]|\([^()]*\))*\))")
_ONE_OF = re.compile(r":is\(((?:[^()]|\([^()]*\))*)\)")
_BRACKETS = re.compile(r":(?:is|not)\((?:[^()]|\([^()]*\))*\)")
#: What a rule can look for: a class of ours, a kind of activity, Voilà's mark.
_OURS = re.compile(r"\b(?:al|alongside)-[a-z][a-z0-9-]*|\bdata-activity=\"?\w+|\bdata-voila\b")
#: And an element: in a selector; on a page, where it stands in a tag, or as a text by which a script makes one.
_ELEMENT = re.compile(r"(?:^|(?<=[\s>+~]))[a-z][a-z0-9]*")
_MADE = re.compile(r"<([a-z][a-z0-9]*)|[\"'`]([a-z][a-z0-9]*)[\"'`]")


@cache
def _sheet(name: str) -> str:
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = re.sub(r"/\*[\s\S]*?\*/\n?", "", text)
    text = re.sub(
        r"\s*([{};,>])\s*|(:)\s+", r"\1\2", text
    )  # a phone on a slow line need not load the indents
    return text.replace(";}", "}").strip() + "\n"


@cache
def _together(*names: str) -> str:
    """Sheets, one after the other. What is declared once and is shorter than its name stands in the place of it."""
    text = "".join(map(_sheet, names))
    declared = _DECLARED.findall(text)
    for name, value in declared:
        if sum(name == other for other, _ in declared) == 1 and len(value) <= len(f"var({name})"):
            text = _DECLARED.sub(lambda found, name=name: "" if found[1] == name else found[0], text)
            text = text.replace(f"var({name})", value)
    return text


def lab_css() -> str:
    """The stylesheet of the activities in JupyterLab."""
    return _together("face.css", "activity.css", "planner.css", "lab.css")


def page_css() -> str:
    """The stylesheet of a page beside the course, such as the report."""
    return _together("face.css", "activity.css", "plain.css", "page.css")


def lesson_css(page: str = "") -> str:
    """The stylesheet of a page of the course: the activities and what stands around them.

    For the text of a ``page``, with its script in it: without the rules of classes of ours, of kinds of activities and of
    elements that are not named there.
    """
    text = _together("face.css", "activity.css", "planner.css", "lesson.css", "page.css")
    return _with_short_names(_only_of(text, _named(page))) if page else text


def screen_css(page: str) -> str:
    """The stylesheet of the big screen, with the rules of what can stand on this ``page``."""
    return _with_short_names(_only_of(_sheet("screen.css"), _named(page)))


@cache
def _with_short_names(sheet: str) -> str:
    """A letter or two for each name that a sheet declares: nothing on a page asks for one by its name."""
    names = dict.fromkeys(name for name, _ in _DECLARED.findall(sheet))
    short = {name: f"--{_letters(at)}" for at, name in enumerate(names)}
    return re.sub(r"--[\w-]+", lambda found: short[found[0]], sheet)


@cache
def _only_of(sheet: str, named: frozenset[str]) -> str:
    """The rules of a sheet that something can have which is, and has, nothing but what is named."""
    kept = []
    for head, rules in _RULE.findall(sheet):
        if head.startswith("@keyframes"):
            kept.append(f"{head}{{{rules}}}")
        elif head.startswith("@"):
            inner = _only_of(rules, named)
            kept += [f"{head}{{{inner}}}"] if inner else []
        elif alive := [one for one in _selectors(head) if _can_be(one, named)]:
            kept.append(f"{','.join(alive)}{{{rules}}}")
    return "".join(kept)


def _selectors(head: str) -> list[str]:
    """The parts of a list of selectors; a comma in brackets does not end one."""
    return [one.strip() for one in _COMMA.split(head)]


def _can_be(selector: str, named: frozenset[str]) -> bool:
    """Whether something on the page can be what a selector looks for."""
    for choice in _ONE_OF.findall(selector):
        if not any(_can_be(one, named) for one in _selectors(choice)):
            return False
    bare = _BRACKETS.sub("", selector)
    return _ours(bare) | {f"<{one}" for one in _ELEMENT.findall(bare)} <= named


def _ours(text: str) -> frozenset[str]:
    return frozenset(one.replace('"', "") for one in _OURS.findall(text))


def _named(page: str) -> frozenset[str]:
    """What stands on a page, or may be put there by its script."""
    return _ours(page) | {f"<{tag or text}" for tag, text in _MADE.findall(page)}


def svg_address(svg: str) -> str:
    """An SVG picture as an address that asks for no other file, as short as it can stand on a page.

    Only what an address or a page would misread is written as a number: no browser minds a space or a letter of another
    language, and an angle bracket would mislead who reads a page by its tags. Where white space stands between two tags,
    none is drawn.
    """
    svg = _BESIDE.sub("", re.sub(r"[ \n\t]+", " ", svg)).replace("> <", "><").strip()
    svg = _short_ids(_short_ways(svg))
    svg = _short_classes(_one_rule_for_one_look(_most_texts_look_so(_classes_of_texts(svg))))
    svg = re.sub(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3\b", r"#\1\2\3", svg)
    svg = re.sub(r"=\"([^\"']*)\"", r"='\1'", svg)
    return "data:image/svg+xml," + re.sub(r'[%#"&?<>]', lambda found: f"%{ord(found[0]):02X}", svg)


def _short_ways(svg: str) -> str:
    """A shape's way without the spaces and letters that it can do without; its numbers stay, to be drawn the same."""

    def short(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name == "d":
            value = _short_way(value)
        if name == "style":
            value = re.sub(r"([:;]) ", r"\1", value)
        return f'{name}="{value}"'

    return _ATTRIBUTE.sub(short, svg)


def _short_way(way: str) -> str:
    """A path's commands. After "M" each further pair is a line, and after any other letter the same again."""
    way = re.sub(r" ?([A-Za-z]) ?", r"\1", way)
    way = re.sub(r"(M[^A-Za-z]+)L", r"\1 ", way)
    while (shorter := _SAME_AGAIN.sub(r"\1 ", way)) != way:
        way = shorter
    return way.replace(" -", "-")


def _short_ids(svg: str) -> str:
    """What is asked for alone has an id, and that one of a letter or two."""
    names = {name: _letters(at) for at, name in enumerate(dict.fromkeys(_ASKED.findall(svg)))}
    svg = _ID.sub(lambda found: f' id="{names[found[1]]}"' if found[1] in names else "", svg)
    return _ASKED.sub(lambda found: names[found[0]], svg).replace(" xlink:href=", " href=")


def _classes_of_texts(svg: str) -> str:
    """Says once in the style of a picture how lines of text look, which each of them says for itself."""
    named: dict[str, str] = {}

    def with_class(found: re.Match[str]) -> str:
        name = named.setdefault(found[3], f"text-{len(named)}")
        return f'<text class="{found[1]} {name}"{found[2]}>'

    svg = re.sub(
        r'<text class="([\w-]+)"([^>]*?)((?: (?:font-size|font-weight|text-anchor)="[^"]+")+)>',
        with_class,
        svg,
    )
    rules = ""
    for attributes, name in named.items():
        said = (
            f"{what}:{value}{'px' if what == 'font-size' else ''}"
            for what, value in _ATTRIBUTE.findall(attributes)
        )
        rules += f".{name}{{{';'.join(said)}}}"
    return svg.replace("<style>", f"<style>{rules}", 1)


def _most_texts_look_so(svg: str) -> str:
    """The class that most lines of text have is said once, of texts; those that have another one still look like that."""
    if not (first := _FIRST_CLASS.findall(svg)):
        return svg
    ((most, _),) = Counter(first).most_common(1)
    svg = re.sub(rf'(<text) class="{most}"|(<text class="){most} ', lambda found: found[1] or found[2], svg)
    selectors = f".{most},text" if re.search(rf'class="{most}["\s]', svg) else "text"
    return _STYLE.sub(lambda style: re.sub(rf"\.{most}(?=[,{{])", selectors, style[0]), svg)


def _one_rule_for_one_look(svg: str) -> str:
    """Classes that look the same share a rule, and in the dark each says only what is another there."""
    light: set[tuple[str, str]] = set()

    def shared(rules: str) -> str:
        of_look: dict[str, list[str]] = {}
        for names, said in _RULE.findall(rules):
            for name in names.split(","):
                declared = [one for one in said.split(";") if (name, one) not in light]
                if declared:
                    of_look.setdefault(";".join(declared), []).append(name)
        for said, names in of_look.items():
            light.update((name, one) for name in names for one in said.split(";"))
        return "".join(f"{','.join(names)}{{{said}}}" for said, names in of_look.items())

    def shorter(style: re.Match[str]) -> str:
        by_day, media, by_night = style[1].partition(_DARK)
        return (
            f"<style>{shared(by_day)}{media}{shared(by_night.removesuffix('}'))}}}</style>"
            if media
            else style[0]
        )

    return _STYLE.sub(shorter, svg)


def _short_classes(svg: str) -> str:
    """One or two letters for each class: a picture is read by no other stylesheet than its own."""
    names = dict.fromkeys(name for found in _CLASS.findall(svg) for name in found.split())
    short = {name: _letters(at) for at, name in enumerate(names)}
    svg = _CLASS.sub(lambda found: f'class="{" ".join(short[name] for name in found[1].split())}"', svg)
    return _STYLE.sub(
        lambda style: re.sub(
            r"\.([a-z][\w-]*)(?=[,{])", lambda found: f".{short.get(found[1], found[1])}", style[0]
        ),
        svg,
    )


def _letters(at: int) -> str:
    return string.ascii_lowercase[at % 26] + ("" if at < 26 else str(at // 26))
