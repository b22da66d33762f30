"""The pages work in Chrome and Edge 109, Firefox 115 and Safari 15.6: what is newer is found by its name and its line.

Two kinds of lists. What the script and the styles are *made of* (kinds of syntax, globals, properties, selectors) has
to be on a list: anything else fails, and whoever adds it looks up first how old it is. What can only be told by its
name (methods, keywords) has to stay off a list, which says the version that each browser needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
import tinycss2
import tree_sitter_javascript
from conftest import ROOT
from tree_sitter import Language, Node, Parser

from alongside.page import join as browser
from alongside.page import theme

FLOOR = (109, 115, 15.6)  # Chrome and Edge, Firefox, Safari
NEVER = 999.0  # not in any version that we know of


#: Every kind of activity that a file registers.
KINDS = sorted(kind for one in browser.modules().values() for kind in one.kinds)


def listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


# --- lists -----------------------------------------------------------------------------------------
# Each name with the first Chrome, Firefox and Safari that have it, after MDN's compatibility data, from memory: whether
# a name is newer than the floor was thought about for each; a number may be a version or two off.
# fmt: off

#: Methods and properties, by their name, or with what they belong to where the name alone says too little.
NEWER_METHODS = {
    # arrays, objects, text, numbers
    "toSorted": (110, 115, 16.0), "toReversed": (110, 115, 16.0), "toSpliced": (110, 115, 16.0), "with": (110, 115, 16.0),
    "fromAsync": (121, 115, 16.4), "groupBy": (117, 119, 17.4),
    "isWellFormed": (111, 119, 16.4), "toWellFormed": (111, 119, 16.4),
    "withResolvers": (119, 121, 17.4), "Promise.try": (128, 134, 18.2),
    "union": (122, 127, 17.0), "intersection": (122, 127, 17.0), "difference": (122, 127, 17.0),
    "symmetricDifference": (122, 127, 17.0), "isSubsetOf": (122, 127, 17.0), "isSupersetOf": (122, 127, 17.0),
    "isDisjointFrom": (122, 127, 17.0), "getOrInsert": (145, 144, 26.2), "getOrInsertComputed": (145, 144, 26.2),
    "isError": (134, 138, 26.0), "captureStackTrace": (3, 138, 17.2), "RegExp.escape": (136, 134, 18.2),
    "rawJSON": (114, 135, 18.4), "isRawJSON": (114, 135, 18.4),
    "f16round": (135, 129, 18.2), "sumPrecise": (147, 137, 26.2),
    "toBase64": (140, 133, 18.2), "fromBase64": (140, 133, 18.2), "toHex": (140, 133, 18.2), "fromHex": (140, 133, 18.2),
    "setFromBase64": (140, 133, 18.2), "setFromHex": (140, 133, 18.2),
    "transferToFixedLength": (114, 122, 17.4), "maxByteLength": (111, 128, 16.4), "resizable": (111, 128, 16.4),
    "waitAsync": (87, 145, 16.4), "toTemporalInstant": (144, 139, NEVER), "formatRange": (106, 116, 15.4),
    "formatRangeToParts": (106, 116, 15.4), "getWeekInfo": (130, NEVER, 17.0), "getTextInfo": (130, NEVER, 17.0),
    "Iterator.from": (122, 131, 18.4), "toArray": (122, 131, 18.4), "Symbol.dispose": (134, 141, NEVER),
    "Symbol.asyncDispose": (134, 141, NEVER),
    # addresses, waiting, fetching
    "canParse": (120, 115, 17.0), "URL.parse": (126, 126, 18.0), "AbortSignal.any": (116, 124, 17.4),
    "AbortSignal.timeout": (103, 100, 16.0), "Response.json": (105, 115, 17.0), "bytes": (132, 128, 18.0),
    "Intl.Segmenter": (87, 125, 14.1), "Intl.DurationFormat": (129, 136, 16.4),
    "fetchLater": (135, NEVER, NEVER), "getSetCookie": (113, 112, 17.0), "requestIdleCallback": (47, 55, NEVER),
    "cancelIdleCallback": (47, 55, NEVER), "scheduler": (94, 142, NEVER), "postTask": (94, 142, NEVER),
    "isInputPending": (87, NEVER, NEVER),
    # what asks the computer for more than a page
    "showOpenFilePicker": (86, NEVER, NEVER), "showSaveFilePicker": (86, NEVER, NEVER),
    "showDirectoryPicker": (86, NEVER, NEVER), "navigator.share": (89, NEVER, 12.1), "canShare": (89, NEVER, 14.0),
    "cookieStore": (87, 140, 18.4), "navigation": (102, 147, 26.2), "launchQueue": (102, NEVER, NEVER),
    "queryLocalFonts": (103, NEVER, NEVER), "getBattery": (38, NEVER, NEVER), "deviceMemory": (63, NEVER, NEVER),
    "userAgentData": (90, NEVER, NEVER), "navigator.connection": (61, NEVER, NEVER), "userActivation": (72, 120, 16.4),
    # there in every browser of the floor, but only at a secure address: a room's http://192.168… has none of it
    "randomUUID": (NEVER, NEVER, NEVER), "navigator.clipboard": (NEVER, NEVER, NEVER),
    "serviceWorker": (NEVER, NEVER, NEVER), "caches": (NEVER, NEVER, NEVER), "navigator.locks": (NEVER, NEVER, NEVER),
}

#: Of these, what a page goes without where it is missing, if that is how it asks: "navigator.locks?.request()".
ONLY_IF_THERE = {"navigator.locks", "serviceWorker", "caches"}

#: Attributes, events and what else elements have: as a property, and in quotation marks.
NEWER_IN_PAGES = {
    "popover": (114, 125, 17.0), "showPopover": (114, 125, 17.0), "hidePopover": (114, 125, 17.0),
    "togglePopover": (114, 125, 17.0), "popovertarget": (114, 125, 17.0), "popovertargetaction": (114, 125, 17.0),
    "popoverTargetElement": (114, 125, 17.0), "popoverTargetAction": (114, 125, 17.0),
    "onbeforetoggle": (114, 114, 17.0), "beforetoggle": (114, 114, 17.0),
    "command": (135, 144, 26.2), "commandfor": (135, 144, 26.2), "commandForElement": (135, 144, 26.2),
    "interestfor": (142, NEVER, NEVER), "closedby": (134, 141, NEVER), "closedBy": (134, 141, NEVER),
    "requestClose": (134, 139, 18.4), "CloseWatcher": (126, NEVER, NEVER),
    "checkVisibility": (105, 106, 17.4), "moveBefore": (133, 144, NEVER), "startViewTransition": (111, 144, 18.0),
    "setHTML": (146, 148, NEVER), "setHTMLUnsafe": (124, 123, 17.4), "getHTML": (125, 128, 18.0),
    "parseHTMLUnsafe": (126, 123, 17.4), "parseHTML": (146, 148, NEVER), "until-found": (102, 139, 26.0),
    "onbeforematch": (102, 139, 26.0), "beforematch": (102, 139, 26.0), "showPicker": (99, 101, 16.0),
    "attachInternals": (77, 93, 16.4), "adoptedStyleSheets": (73, 101, 16.4), "replaceSync": (73, 101, 16.4),
    "computedStyleMap": (66, NEVER, 16.4), "attributeStyleMap": (66, NEVER, 16.4), "onscrollend": (114, 109, 26.2),
    "scrollend": (114, 109, 26.2), "scrollIntoViewIfNeeded": (15, NEVER, 5.1), "caretPositionFromPoint": (128, 20, 18.4),
    "getComposedRanges": (137, 142, 17.0), "highlights": (105, 140, 17.2), "editContext": (121, NEVER, NEVER),
    "writingsuggestions": (124, NEVER, 18.0), "virtualkeyboardpolicy": (94, NEVER, NEVER), "virtualKeyboard": (94, NEVER, NEVER),
    "fetchpriority": (102, 132, 17.2), "fetchPriority": (102, 132, 17.2), "blocking": (105, NEVER, 18.2),
    "activeViewTransition": (142, NEVER, 26.2), "onpagereveal": (123, NEVER, 18.2), "pagereveal": (123, NEVER, 18.2),
    "onpageswap": (124, NEVER, 18.2), "pageswap": (124, NEVER, 18.2), "wasDiscarded": (68, NEVER, NEVER),
    "notRestoredReasons": (123, NEVER, NEVER), "windowControlsOverlay": (105, NEVER, NEVER),
    "trustedTypes": (83, 148, 26.0), "createPolicy": (83, 148, 26.0),
}

#: What a list, a map or a text gives out one by one had no methods of its own: spread it into a list first.
ITERATOR_HELPERS = (122, 131, 18.4)
GIVES_ITERATOR = {"values", "keys", "entries", "matchAll"}
OF_ITERATOR = {"map", "filter", "find", "some", "every", "reduce", "flatMap", "forEach", "take", "drop", "toArray"}

#: Inside a regular expression.
NEWER_IN_PATTERNS = {
    r"\(\?<[=!]": ("lookbehind", (62, 78, 16.4)),
    r"\(\?[ims]*-?[ims]+:": ("flags for a part", (125, 132, 26.0)),
}
NEWER_FLAGS = {"v": (112, 116, 17.0)}
SAME_NAME_TWICE = (125, 129, 17.0)

#: Kinds of syntax: ES2020, and what of later years every browser of the floor has.
SYNTAX = listed("""
    program comment statement_block expression_statement empty_statement parenthesized_expression sequence_expression
    lexical_declaration variable_declarator identifier property_identifier shorthand_property_identifier
    shorthand_property_identifier_pattern statement_identifier
    function_declaration function_expression arrow_function generator_function generator_function_declaration
    formal_parameters arguments rest_pattern spread_element assignment_pattern array_pattern object_pattern
    object_assignment_pattern pair_pattern return_statement yield_expression await_expression
    class class_declaration class_body class_heritage method_definition field_definition private_property_identifier
    this super
    if_statement else_clause for_statement for_in_statement while_statement do_statement break_statement
    continue_statement labeled_statement switch_statement switch_body switch_case switch_default
    try_statement catch_clause finally_clause throw_statement
    assignment_expression augmented_assignment_expression binary_expression unary_expression update_expression
    ternary_expression call_expression new_expression member_expression subscript_expression optional_chain
    array object pair computed_property_name string string_fragment escape_sequence template_string
    template_substitution number true false null undefined regex regex_pattern regex_flags
    export_statement export_clause export_specifier
""")

#: Words and signs.
SIGNS = listed("""
    async await break case catch class const continue default delete do else export extends finally for function get
    if in instanceof let new of return set static switch throw try typeof void while yield
    ( ) [ ] { } ${ , ; : . ... ? ?. ?? => = == === != !== < <= > >= + - * / % ** ++ -- ! ~ & | ^ << >> >>> && ||
    += -= *= /= %= **= &&= ||= ??= ' " `
""")

#: What the script may use of what it didn't declare itself: language and page, in all browsers of the floor.
GLOBALS = listed("""
    Array Boolean Date Error JSON Map Math Number Object Promise Set String Symbol Uint8Array WeakMap TextDecoder TextEncoder
    TypeError undefined globalThis window document location history performance sessionStorage matchMedia
    setTimeout clearTimeout setInterval clearInterval requestAnimationFrame addEventListener removeEventListener
    Blob URL File FileReader MessageChannel DOMParser Node Event Element HTMLElement MutationObserver IntersectionObserver
    atob btoa crypto BeforeUnloadEvent isNaN Intl navigator
""")

#: Elements that a page or the script may make. <dialog> is as old as 37, 98 and 15.4; <search> (118, 118, 17) is not.
ELEMENTS = listed("""
    html head meta title link style script noscript body header nav main footer section article aside div span p a
    h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure figcaption img pre code em strong b i u small sub sup mark
    abbr cite q kbd br hr wbr time table caption colgroup col thead tbody tfoot tr th td details summary dialog
    fieldset legend label input textarea button select option optgroup output template
    svg g path circle line rect text title
""")

# In the styles.
AT_RULES = listed("media supports keyframes")
MEDIA = listed("""
    all screen print and not only min-width max-width min-height max-height orientation portrait landscape hover none
    pointer coarse fine prefers-color-scheme dark light prefers-reduced-motion reduce no-preference prefers-contrast more
""")
PSEUDO = listed("""
    hover focus focus-visible focus-within active visited link target empty checked disabled enabled required root lang
    first-child last-child nth-child only-child first-of-type last-of-type not is where placeholder
    before after backdrop marker first-letter first-line selection
""")
UNITS = listed("px rem em ex ch vw vh vmin vmax dvh svh lvh fr s ms deg turn pt cm mm in")
FUNCTIONS = listed("""
    var calc min max clamp minmax repeat fit-content rgb rgba hsl hsla url attr counter translate translateX translateY
    scale rotate linear-gradient repeating-linear-gradient radial-gradient cubic-bezier env not is where lang
""")
PROPERTIES = listed("""
    align-content align-items align-self justify-content justify-items justify-self place-items place-content
    background background-color background-image background-position background-repeat background-size
    border border-top border-right border-bottom border-left border-color border-width border-style border-radius
    border-left-width border-left-color border-collapse border-spacing box-shadow box-sizing
    bottom top left right inset clear float color color-scheme accent-color caret-color opacity
    clip-path content counter-increment counter-reset cursor direction display empty-cells
    flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap order gap row-gap column-gap
    font font-family font-size font-style font-variant font-variant-numeric font-weight font-feature-settings
    grid-area grid-auto-columns grid-auto-flow grid-auto-rows grid-column grid-row grid-template-areas
    grid-template-columns grid-template-rows
    height min-height max-height width min-width max-width aspect-ratio
    letter-spacing line-height list-style list-style-position list-style-type
    margin margin-top margin-right margin-bottom margin-left margin-block margin-inline
    padding padding-top padding-right padding-bottom padding-left padding-block padding-inline
    object-fit object-position outline outline-color outline-offset outline-style outline-width
    overflow overflow-x overflow-y overflow-wrap word-break white-space text-overflow
    break-after break-before break-inside orphans widows page-break-after page-break-before page-break-inside
    pointer-events position z-index resize scroll-behavior scroll-margin scroll-margin-top scroll-padding-top
    table-layout text-align text-decoration text-decoration-thickness text-underline-offset text-indent text-transform
    transform transform-origin transition transition-duration transition-property animation vertical-align visibility
    -webkit-text-size-adjust -webkit-hyphens -webkit-text-security
    fill stroke stroke-width stroke-linecap stroke-linejoin
""")

#: A newer property that may stand where the same rule also has its older spelling.
OLDER_SPELLING = {"text-size-adjust": "-webkit-text-size-adjust", "hyphens": "-webkit-hyphens"}

#: What is newer and only saves work: where a browser does not know it, the page is the same, and slower.
ONLY_QUICKER = {"content-visibility", "contain-intrinsic-size", "blocking"}
#: What is newer and only breaks lines more evenly, or answers to what older browsers don't have: elsewhere all is as it
#: always was.
ONLY_NICER = {"text-wrap", "forced-colors", "active"}
#: What asks a browser to leave something be which an older one can't do.
LEFT_BE = {"writingsuggestions"}

#: What people reach for first, so that the complaint can say why not.
NEWER_STYLES = {
    "nesting": (120, 117, 17.2), ":has": (105, 121, 15.4), "@container": (105, 110, 16.0),
    "@property": (85, 128, 16.4), "@scope": (118, 146, 17.4), "@starting-style": (117, 129, 17.5),
    "@view-transition": (126, NEVER, 18.2), "@counter-style": (91, 33, 17.0), "@page": (85, 95, 18.2),
    ":user-invalid": (119, 88, 16.5), ":user-valid": (119, 88, 16.5), ":popover-open": (114, 125, 17.0),
    ":open": (133, 136, 26.0), "::details-content": (131, 143, 18.4), ":state": (125, 126, 17.4),
    "::highlight": (105, 140, 17.2), ":dir": (120, 49, 16.4),
    "color-mix()": (111, 113, 16.2), "light-dark()": (123, 120, 17.5), "oklch()": (111, 113, 15.4), "oklab()": (111, 113, 15.4),
    "lch()": (111, 113, 15.0), "lab()": (111, 113, 15.0), "color()": (111, 113, 15.0),
    "round()": (125, 118, 15.4), "mod()": (125, 118, 15.4), "sin()": (111, 108, 15.4), "cos()": (111, 108, 15.4),
    "pow()": (120, 118, 15.4), "abs()": (138, 118, 15.4), "sign()": (138, 118, 15.4), "linear()": (113, 112, 17.2),
    "image-set()": (113, 89, 17.0), "anchor()": (125, 147, 26.0), "if()": (137, NEVER, NEVER), "calc-size()": (129, NEVER, NEVER),
    "text-wrap": (114, 121, 17.4), "text-wrap-style": (130, 124, 17.5), "white-space-collapse": (114, 124, 17.4),
    "field-sizing": (123, NEVER, 26.2), "container": (105, 110, 16.0), "container-type": (105, 110, 16.0),
    "content-visibility": (85, 125, 18.0), "overscroll-behavior": (63, 59, 16.0), "scrollbar-width": (121, 64, 18.2),
    "scrollbar-color": (121, 64, 26.2), "scrollbar-gutter": (94, 97, 18.2), "user-select": (54, 69, NEVER),
    "hyphens": (55, 43, 17.0), "text-size-adjust": (54, NEVER, NEVER), "backdrop-filter": (76, 103, 18.0), "mask": (120, 53, 15.4), "mask-image": (120, 53, 15.4),
    "font-size-adjust": (127, 118, 17.0), "print-color-adjust": (136, 97, 15.4), "forced-color-adjust": (89, 113, NEVER),
    "transition-behavior": (117, 129, 17.4), "interpolate-size": (129, NEVER, NEVER), "anchor-name": (125, 147, 26.0),
    "position-anchor": (125, 147, 26.0), "view-transition-name": (111, 144, 18.0), "offset-path": (55, 72, 16.0),
    "text-box-trim": (133, NEVER, 18.2), "initial-letter": (110, NEVER, 9.0), "margin-trim": (NEVER, NEVER, 16.4),
    "hyphenate-character": (106, 98, 17.0), "line-clamp": (NEVER, NEVER, NEVER), "zoom": (1, 126, 3.1),
    "1lh": (109, 120, 16.4), "1rlh": (111, 120, 16.4), "1cqw": (105, 110, 16.0), "1cqi": (105, 110, 16.0), "1cap": (118, 97, 17.2),
    "subgrid": (117, 71, 16.0), "masonry": (NEVER, NEVER, NEVER), "clip": (90, 81, 16.0), "stretch": (138, NEVER, NEVER),
    "inline-start": (118, 55, 15.0), "inline-end": (118, 55, 15.0),
    "media range": (104, 63, 16.4), "forced-colors": (89, 81, 16.0), "scripting": (120, 113, 17.0),
    "prefers-reduced-transparency": (118, NEVER, NEVER), "prefers-reduced-data": (NEVER, NEVER, NEVER),
    "other words after a slash in content": (77, 128, 17.4), "from another color": (119, 128, 16.4),
    "var() in ::backdrop": (122, 120, 17.4),
}
# fmt: on

#: Keywords of a value that are newer than their property.
NEWER_VALUES = ("subgrid", "masonry", "clip", "stretch", "inline-start", "inline-end")
TABLES = (NEWER_METHODS, NEWER_IN_PAGES, NEWER_STYLES, NEWER_FLAGS, dict(NEWER_IN_PATTERNS.values()))


def needs(name: str, versions: tuple[float, float, float]) -> str:
    said = ", ".join(
        f"{browser_name} {version:g}" if version != NEVER else f"no {browser_name}"
        for browser_name, version in zip(("Chrome", "Firefox", "Safari"), versions, strict=True)
    )
    return f"{name} needs {said}"


# --- the script ------------------------------------------------------------------------------------

JAVASCRIPT = Language(tree_sitter_javascript.language())
#: Where a name is declared, by the kind of its parent and its role there; None: whatever its role.
DECLARES = {
    ("variable_declarator", "name"),
    ("function_declaration", "name"),
    ("function_expression", "name"),
    ("class_declaration", "name"),
    ("class", "name"),
    ("catch_clause", "parameter"),
    ("for_in_statement", "left"),
    ("arrow_function", "parameter"),
    ("assignment_pattern", "left"),
    ("pair_pattern", "value"),
    ("formal_parameters", None),
    ("array_pattern", None),
    ("rest_pattern", None),
}


def role(node: Node) -> tuple[str, str | None]:
    parent = node.parent
    assert parent is not None
    named = next(
        (parent.field_name_for_child(at) for at, one in enumerate(parent.children) if one == node), None
    )
    return parent.type, named


def every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from every(child)


def text_of(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def newer_in_script(script: str) -> list[str]:
    """What the script has that is newer than the floor, each with its line."""
    nodes = list(every(Parser(JAVASCRIPT).parse(script.encode()).root_node))
    declared = {
        text_of(node)
        for node in nodes
        if node.type == "shorthand_property_identifier_pattern"
        or (node.type == "identifier" and (role(node) in DECLARES or (role(node)[0], None) in DECLARES))
    }
    lines = script.splitlines()
    found = [
        f"{complaint}, in: {lines[node.start_point.row].strip()}"
        for node in nodes
        for complaint in complaints(node, declared)
    ]
    return list(dict.fromkeys(found))


def complaints(node: Node, declared: set[str]) -> Iterator[str]:
    text = text_of(node)
    if node.is_error or node.is_missing:
        yield f'"{text}" is not understood'
    elif not node.is_named:
        if node.type not in SIGNS:
            yield f'"{node.type}" is not on the list SIGNS'
    elif node.type not in SYNTAX:
        yield f"a {node.type} is not on the list SYNTAX"
    elif node.type == "regex":
        yield from pattern_complaints(node)
    elif node.type in ("identifier", "shorthand_property_identifier"):
        if text not in declared and text not in GLOBALS:
            yield f'"{text}" is declared nowhere, and is not on the list GLOBALS'
        if text in NEWER_METHODS and text not in declared:
            yield needs(text, NEWER_METHODS[text])
    elif node.type == "property_identifier":
        yield from name_complaints(node, text)
    elif node.type == "string_fragment" and text in NEWER_IN_PAGES:
        yield needs(text, NEWER_IN_PAGES[text])


def name_complaints(node: Node, name: str) -> Iterator[str]:
    parent = node.parent
    whole = name
    if parent is not None and parent.type == "member_expression":
        owner = parent.child_by_field_name("object")
        whole = f"{text_of(owner)}.{name}"
        if name in OF_ITERATOR and is_iterator(owner):
            yield needs(f"{name}() of what is given one by one", ITERATOR_HELPERS)
    newer = NEWER_METHODS | NEWER_IN_PAGES
    for one in dict.fromkeys((name, whole)):
        if one in newer and one not in LEFT_BE and not (one in ONLY_IF_THERE and if_there(parent)):
            yield needs(one, newer[one])
    if re.fullmatch("aria[A-Z][a-z].*", name):
        yield needs(f"{name} as a property", (81, 119, 12.1))


def if_there(node: Node | None) -> bool:
    """Whether what is asked of a thing is asked only where the thing is there: thing?.name."""
    around = node.parent if node is not None else None
    return around is not None and any(one.type == "optional_chain" for one in around.children)


def is_iterator(node: Node | None) -> bool:
    """Whether a call gives its things one by one: map.values(), but not Object.values(thing), which is a list."""
    if node is None or node.type != "call_expression":
        return False
    called = node.child_by_field_name("function")
    if called is None or called.type != "member_expression":
        return False
    return (
        text_of(called.child_by_field_name("property")) in GIVES_ITERATOR
        and text_of(called.child_by_field_name("object")) != "Object"
    )


def pattern_complaints(node: Node) -> Iterator[str]:
    pattern = text_of(node.child_by_field_name("pattern"))
    for newer, (name, versions) in NEWER_IN_PATTERNS.items():
        if re.search(newer, pattern):
            yield needs(name, versions)
    names = re.findall(r"\(\?<([A-Za-z_$][\w$]*)>", pattern)
    if len(set(names)) < len(names):
        yield needs("one name for two groups", SAME_NAME_TWICE)
    for flag in text_of(node.child_by_field_name("flags")):
        if flag in NEWER_FLAGS:
            yield needs(f"the flag {flag}", NEWER_FLAGS[flag])
        elif flag not in "dgimsuy":
            yield f"the flag {flag} is not known"


# --- the styles ------------------------------------------------------------------------------------


def newer_in_styles(sheet: str) -> list[str]:
    """What the stylesheet has that is newer than the floor, each with its line."""
    lines = sheet.splitlines()
    found = [
        f"{complaint}, in: {lines[line - 1].strip()}"
        for complaint, line in rules_complaints(
            tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
        )
    ]
    return list(dict.fromkeys(found))


Complaint = tuple[str, int]


def newer_style(name: str, otherwise: str) -> str:
    return needs(name, NEWER_STYLES[name]) if name in NEWER_STYLES else otherwise


def rules_complaints(rules: list[Any]) -> Iterator[Complaint]:
    for rule in rules:
        line = rule.source_line
        if rule.type == "at-rule":
            name = rule.lower_at_keyword
            if name not in AT_RULES:
                yield newer_style(f"@{name}", f"@{name} is not on the list AT_RULES"), line
            if name == "media":
                yield from media_complaints(rule.prelude)
            if rule.content is not None:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                yield from rules_complaints(inner)
        elif rule.type == "qualified-rule":
            yield from selector_complaints(rule.prelude)
            yield from declarations_complaints(rule)
        else:
            yield f"this is not understood ({rule.type})", line


def media_complaints(prelude: list[Any]) -> Iterator[Complaint]:
    for token in tokens_in(prelude):
        if token.type == "ident" and token.lower_value not in MEDIA | ONLY_NICER:
            yield newer_style(token.lower_value, f"{token.value} is not on the list MEDIA"), token.source_line
        elif token.type == "literal" and token.value in ("<", ">", "<=", ">=", "="):
            yield needs("a range in @media", NEWER_STYLES["media range"]), token.source_line


def selector_complaints(prelude: list[Any]) -> Iterator[Complaint]:
    before = None
    for token in tokens_in(prelude):
        is_name = token.type in ("ident", "function")
        if is_name and before is not None and before.type == "literal" and before.value == ":":
            name = token.lower_value if token.type == "ident" else token.lower_name
            if name not in PSEUDO:
                known = next((one for one in (f":{name}", f"::{name}") if one in NEWER_STYLES), "")
                yield newer_style(known, f":{name} is not on the list PSEUDO"), token.source_line
        if (
            token.type == "function"
            and token.lower_name == "nth-child"
            and any(one.type == "ident" and one.lower_value == "of" for one in token.arguments)
        ):
            yield ":nth-child(… of …) is not on the list PSEUDO", token.source_line
        if token.type == "literal" and token.value == "&":
            yield needs("nesting", NEWER_STYLES["nesting"]), token.source_line
        before = token


def declarations_complaints(rule: Any) -> Iterator[Complaint]:
    selector = tinycss2.serialize(rule.prelude)
    inner = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    names = {one.lower_name for one in inner if one.type == "declaration"}
    for one in inner:
        line = one.source_line
        if one.type != "declaration":
            yield needs("nesting", NEWER_STYLES["nesting"]), line
            continue
        name = one.lower_name
        known = name.startswith("--") or name in PROPERTIES or name in ONLY_QUICKER | ONLY_NICER
        if not (known or OLDER_SPELLING.get(name) in names):
            yield newer_style(name, f"{name} is not on the list PROPERTIES"), line
        yield from value_complaints(name, one.value)
        if "::backdrop" in selector and any(
            token.type == "function" and token.lower_name == "var" for token in tokens_in(one.value)
        ):
            yield needs("var() in ::backdrop", NEWER_STYLES["var() in ::backdrop"]), line


def value_complaints(name: str, value: list[Any]) -> Iterator[Complaint]:
    for token in tokens_in(value):
        line = token.source_line
        if token.type == "function":
            function = token.lower_name
            if function not in FUNCTIONS:
                yield newer_style(f"{function}()", f"{function}() is not on the list FUNCTIONS"), line
            first = next((one for one in token.arguments if one.type != "whitespace"), None)
            if first is not None and first.type == "ident" and first.lower_value == "from":
                yield needs("a color made from another", NEWER_STYLES["from another color"]), line
        elif token.type == "dimension" and token.lower_unit not in UNITS:
            yield newer_style(f"1{token.lower_unit}", f"{token.unit} is not on the list UNITS"), line
        elif token.type == "ident" and token.lower_value in NEWER_VALUES:
            yield needs(token.value, NEWER_STYLES[token.lower_value]), line
        elif token.type == "literal" and token.value == "/" and name == "content":
            said = "other words after a slash in content"
            yield needs(said, NEWER_STYLES[said]), line


def tokens_in(tokens: list[Any]) -> Iterator[Any]:
    """All tokens, those inside of brackets and functions too."""
    for token in tokens:
        yield token
        yield from tokens_in(getattr(token, "arguments", None) or getattr(token, "content", None) or [])


# --- the checks ------------------------------------------------------------------------------------


def with_places(found: list[str], files: list[Path]) -> str:
    """The complaints, each with the file and the line that it came from."""
    said = []
    for complaint in found:
        line = complaint.rsplit(", in: ", 1)[1]
        places = [
            f"{path.relative_to(ROOT)}:{number}"
            for path in files
            for number, one in enumerate(path.read_text("utf-8").splitlines(), start=1)
            if one.strip() == line
        ]
        said.append(f"{' or '.join(places[:3])}: {complaint}")
    return "\n".join(said)


def test_the_scripts_have_nothing_newer_than_the_browsers_that_we_promise() -> None:
    modules = browser.modules()
    assert len(modules) >= 20
    alone = modules[browser.ALONE].text
    text = "".join(one.text for one in modules.values()).replace(alone, "")

    # Only a page with a program behind it asks for anything.
    found = newer_in_script(text) + [one for one in newer_in_script(alone) if not one.startswith('"fetch"')]

    files = sorted((ROOT / "alongside").glob("*/*.js"))
    assert found == [], "\n" + with_places(found, files)


@pytest.mark.parametrize("kind", [*KINDS, "all", "JupyterLab"])
def test_what_a_page_brings_has_nothing_newer_and_nothing_missing(kind: str) -> None:
    """Made short, and with one kind of activity alone: a name that only another kind's file has is declared nowhere."""
    text = (
        browser.lab_module()
        if kind == "JupyterLab"
        else browser.page_script(None if kind == "all" else {kind})
    )
    assert len(text) > 12_000

    assert [complaint[:300] for complaint in newer_in_script(text)] == []


def test_the_styles_have_nothing_newer_than_the_browsers_that_we_promise() -> None:
    texts = [theme.page_css(), theme.lesson_css(), theme.lab_css()]
    assert all(len(text) > 8_000 for text in texts)

    found = [one for text in texts for one in newer_in_styles(text)]

    files = sorted((ROOT / "alongside" / "page" / "theme").glob("*.css"))
    assert found == [], "\n" + with_places(found, files)


def test_the_script_makes_no_element_that_the_browsers_that_we_promise_do_not_have() -> None:
    text = "".join(one.text for one in browser.modules().values())
    made = set(re.findall(r'\bh\(\s*"([^"]+)"', text)) | set(re.findall(r'createElement\("([^"]+)"\)', text))
    assert {"dialog", "fieldset", "textarea"} <= made
    assert made - ELEMENTS == set()


def test_the_pages_have_no_element_or_attribute_newer_than_the_browsers_that_we_promise(site: Path) -> None:
    files = sorted(site.rglob("*.html"))
    assert len(files) > 5
    for file in files:
        for one in html5lib.parse(file.read_text("utf-8")).iter():
            tag = one.tag.rpartition("}")[2] if isinstance(one.tag, str) else "p"
            assert tag in ELEMENTS, f"{file.name}: <{tag}> is not on the list ELEMENTS"
            for name, value in one.attrib.items():
                for word in (name, value):
                    known = word not in NEWER_IN_PAGES or word in ONLY_QUICKER or name == "id"
                    assert known, f"{file.name}: <{tag} {name}={value}>"
                assert (tag, name) != ("details", "name"), f"{file.name}: " + needs(
                    "<details name>", (120, 130, 17.2)
                )


def test_what_is_refused_is_newer_than_some_browser_that_we_promise() -> None:
    for table in TABLES:
        for name, versions in table.items():
            newer = any(version > floor for version, floor in zip(versions, FLOOR, strict=True))
            assert newer, f"{name} is there in every browser of the floor"


# --- what the checks find --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("class Box { static { start(); } }", "class_static_block"),
        ("using file = [];", "using_declaration"),
        ("@sealed class Box {}", "decorator"),
        ('import words from "./words.json" with { type: "json" };', "import_statement"),
        ("const wide = import('./x.js');", "import"),
        (r"const after = /(?<=a)b/;", "lookbehind needs Chrome 62, Firefox 78, Safari 16.4"),
        (r"const after = /(?<!a)b/;", "lookbehind"),
        (r"const letters = /[\p{L}--[a-z]]/v;", "the flag v needs Chrome 112, Firefox 116, Safari 17"),
        (r"const day = /(?<y>\d{4})-\d\d|\d\d-(?<y>\d{4})/;", "one name for two groups"),
        (r"const part = /a(?i:b)/;", "flags for a part"),
        ("const sorted = [2, 1].toSorted();", "toSorted needs Chrome 110, Firefox 115, Safari 16"),
        ("const piles = Object.groupBy([], String);", "groupBy needs Chrome 117"),
        ("const list = Array.fromAsync([]);", "fromAsync needs"),
        ("const { promise, resolve } = Promise.withResolvers();", "withResolvers needs"),
        ("const both = new Set().union(new Set());", "union needs"),
        ("const fits = URL.canParse('x');", "canParse needs"),
        ("const fits = URL.parse('x');", "URL.parse needs"),
        ("const fits = 'x'.isWellFormed();", "isWellFormed needs"),
        ("const signal = AbortSignal.any([]);", "GLOBALS"),
        ("const names = new Map().keys().map(String);", "map() of what is given one by one needs Chrome 122"),
        ("const names = 'a'.matchAll(/a/g).toArray();", "toArray"),
        ("document.body.popover = 'auto';", "popover needs Chrome 114, Firefox 125, Safari 17"),
        ("document.body.setAttribute('popover', '');", "popover needs"),
        ("const made = { popover: '' };", "popover needs"),
        ("document.body.hidden = 'until-found';", "until-found needs"),
        ("document.body.ariaLabel = 'x';", "ariaLabel as a property needs"),
        ("document.startViewTransition();", "startViewTransition needs"),
        ("const id = crypto.randomUUID();", "randomUUID needs no Chrome"),
        ("navigator.locks.request('a', String);", "navigator.locks needs no Chrome"),
        ("navigator.clipboard?.writeText('a');", "navigator.clipboard needs no Chrome"),
        ("const day = Temporal.Now.plainDateISO();", '"Temporal" is declared nowhere'),
        ("const words = new Intl.Segmenter();", "Intl.Segmenter needs Chrome 87, Firefox 125"),
        ("const = 3;", "not understood"),
    ],
)
def test_a_newer_feature_in_the_script_is_found_with_its_line(planted: str, said: str) -> None:
    found = newer_in_script("const first = 1;\n" + planted + "\n")

    assert found, planted
    assert any(said in complaint and complaint.endswith(f", in: {planted}") for complaint in found), found
    assert all(complaint.endswith(f", in: {planted}") for complaint in found), found


@pytest.mark.parametrize(
    "planted",
    [
        "const last = [1, 2].findLast((one) => one > 1) ?? [1].at(-1);",
        "const copied = document?.title ?? Object.values({ a: 1 }).map(String);",
        "const pairs = Object.entries({ a: 1 }).map(([name, value]) => `${name}: ${value}`);",
        "const spread = [...new Map().values()].map(String);",
        r"const named = /(?<year>\d{4})/gu;",
        "const parsed = JSON.parse('1');",
        "navigator.locks?.request('a', String);",
        "class Box { #size = 3; static wide = 4; has(box) { return #size in box; } }",
    ],
)
def test_what_the_browsers_that_we_promise_have_is_let_be(planted: str) -> None:
    assert newer_in_script(planted) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (".a { color: red; .b { color: blue; } }", "nesting needs Chrome 120"),
        (".a { &:hover { color: blue; } }", "nesting"),
        (".a { @media print { color: red; } }", "nesting"),
        (".a:has(b) { color: red; }", ":has needs Chrome 105, Firefox 121"),
        (".a:is(.b:has(c)) { color: red; }", ":has needs"),
        (".a:user-invalid { color: red; }", ":user-invalid needs"),
        (".a::highlight(x) { color: red; }", "::highlight needs"),
        (".a:unheard-of { color: red; }", "list PSEUDO"),
        ("@container (min-width: 3em) { .a { color: red; } }", "@container needs"),
        ("@starting-style { .a { color: red; } }", "@starting-style needs"),
        ("@media (width >= 30em) { .a { color: red; } }", "a range in @media needs"),
        ("@media (scripting: none) { .a { color: red; } }", "scripting needs"),
        ("@media print { @scope (.b) { .a { color: red; } } }", "@scope needs"),
        (".a { text-wrap-style: balance; }", "text-wrap-style needs Chrome 130, Firefox 124, Safari 17.5"),
        (".a { field-sizing: content; }", "field-sizing needs"),
        (
            ".a { color: color-mix(in srgb, red, blue); }",
            "color-mix() needs Chrome 111, Firefox 113, Safari 16.2",
        ),
        (".a { --ink: light-dark(red, blue); }", "light-dark() needs"),
        (".a { color: rgb(from red r g b / 50%); }", "a color made from another needs"),
        (".a { width: calc(round(1px, 2px)); }", "round() needs"),
        (".a { height: 2lh; }", "1lh needs"),
        (".a { width: 3cqw; }", "1cqw needs"),
        ('.a::before { content: "x" / "y"; }', "other words after a slash in content needs"),
        (".a::backdrop { background: var(--ink); }", "var() in ::backdrop needs"),
        (".a { overflow: clip; }", "clip needs"),
        (".a { grid-template-columns: subgrid; }", "subgrid needs"),
        (".a { user-select: none; }", "user-select needs"),
        (".a { hyphens: auto; }", "hyphens needs"),
        (".a:nth-child(2 of .b) { color: red; }", "list PSEUDO"),
        (".a { unheard-of: none; }", "list PROPERTIES"),
    ],
)
def test_a_newer_feature_in_the_styles_is_found_with_its_line(planted: str, said: str) -> None:
    found = newer_in_styles(".first { color: red; }\n" + planted + "\n")

    assert any(said in complaint for complaint in found), found
    assert all(complaint.endswith(f", in: {planted}") for complaint in found), found


@pytest.mark.parametrize(
    "planted",
    [
        ".a { height: 100dvh; inset: 0; overflow-wrap: anywhere; accent-color: red; aspect-ratio: 1 / 2; }",
        ".a { -webkit-hyphens: auto; hyphens: auto; }",
        ".a:focus-visible, .a:is(b, c):not(d, e) { gap: 1em; font: 1rem/1.5 serif; }",
        "@media (prefers-reduced-motion: no-preference) { .a { width: min(3em, calc(100vw - 1rem)); } }",
        '.a[type="file"]::before { content: "x"; color: rgb(0 0 0 / 50%); }',
    ],
)
def test_styles_that_the_browsers_that_we_promise_have_are_let_be(planted: str) -> None:
    assert newer_in_styles(planted) == []
