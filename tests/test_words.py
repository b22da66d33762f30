"""Every sentence that a person reads stands by key in alongside/words/en.yml, and nothing there is unused."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from conftest import ROOT

from alongside.course.entry import read_entries
from alongside.words import FOLDER, LANGUAGE, catalog, fields, say

PACKAGE = ROOT / "alongside"
#: Names of lessons and of their headings, which stand in the lessons' files, and why one differs, for authors.
OF_LESSONS = ("course/shape.py",)


def of_the_package(*endings: str) -> dict[str, Path]:
    """The files with these endings, by their path in the package."""
    files = {
        path.relative_to(PACKAGE).as_posix(): path
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in endings and "node_modules" not in path.parts
    }
    assert len(files) >= 5, endings
    return files


PYTHON, TEMPLATES, SCRIPTS = of_the_package(".py"), of_the_package(".j2", ".html"), of_the_package(".js")
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in PYTHON.items()}


# ---- The catalog itself -----------------------------------------------------------------------------------


def test_no_key_stands_twice_and_each_sentence_says_something() -> None:
    sections = read_entries(FOLDER / f"{LANGUAGE}.yml").value  # raises where a name stands twice
    assert len(sections) > 10 and len(catalog()) > 200
    for key, forms in catalog().items():
        for sentence in [forms] if isinstance(forms, str) else forms.values():
            assert isinstance(sentence, str) and sentence.strip(), key


def test_a_sentence_that_counts_has_every_form_of_the_language() -> None:
    wanted = set(Locale.parse(LANGUAGE).plural_form.tags) | {"other"}
    counted = {key: set(forms) for key, forms in catalog().items() if not isinstance(forms, str)}
    assert counted and {key: forms for key, forms in counted.items() if forms != wanted} == {}
    assert [key for key in counted if "count" not in fields(catalog()[key])] == []


def test_a_number_takes_its_form_and_a_value_is_filled_in_as_it_is() -> None:
    assert say("pictures.answered", count=1) == "1 person answered"
    assert say("pictures.answered", count=0) == "0 people answered"
    assert say("page.go_to", title="{title} {nearest} \\1") == "Go to: {title} {nearest} \\1"
    for key, values in (("page.no_such_key", {}), ("page.go_to", {}), ("pictures.answered", {})):
        with pytest.raises(KeyError):
            say(key, **values)


def test_the_catalog_is_read_when_the_first_sentence_is_said() -> None:
    told = "import alongside.errors, alongside.words, sys; print(*sorted({'yaml', 'babel'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


# ---- Keys: each that is used is there, and each that is there is used --------------------------------------

#: What takes a key: where it stands among the arguments, and what the function fills in by itself.
TAKES_A_KEY = {
    "say": (0, set()),
    "mistake": (1, {"where"}),  # as a method of an entry it knows where, and the key comes first
    "pick": (2, {"name", "nearest"}),
    "numbers": (2, {"where"}),
    "numbered": (1, {"where", "name", "number"}),
}
KEY = re.compile(rf"(?:{'|'.join(sorted({key.split('.')[0] for key in catalog()}))})\.\w+")
FILES = ("html", "css", "js", "json", "py", "svg", "yml", "ipynb", "md", "csv", "txt", "pdf", "xlsx")


@dataclass(frozen=True)
class Use:
    """One place that says a sentence. ``names``: the values that it gives; ``all_known``: whether these are all."""

    where: str
    key: str
    names: frozenset[str]
    all_known: bool
    at_least: bool = False  # it gives more than each of its sentences wants


def called(call: ast.Call) -> tuple[str, bool]:
    """The name of what is called, and whether it is a method."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr, True
    return (call.func.id, False) if isinstance(call.func, ast.Name) else ("", False)


def takes_a_key(call: ast.Call) -> tuple[ast.expr, frozenset[str], bool] | None:
    """The argument that is the key, the names of all values, and whether these may be more than are wanted."""
    name, method = called(call)
    if name not in TAKES_A_KEY or (name == "say" and method):  # a picture's sheet can say a text as well
        return None
    place, own = TAKES_A_KEY[name]
    place -= name == "mistake" and method
    if len(call.args) <= place:
        return None
    return (
        call.args[place],
        frozenset(own | {word.arg for word in call.keywords if word.arg}),
        name == "numbered",
    )


def uses_in_python(name: str) -> Iterator[Use]:
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call) and (found := takes_a_key(node)):
            key, names, at_least = found
            known = all(word.arg for word in node.keywords)
            for one in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield Use(f"{name}:{node.lineno}", one.value, names, known, at_least)


def uses_in_a_template(name: str) -> Iterator[Use]:
    text = TEMPLATES[name].read_text(encoding="utf-8")
    for mark in re.finditer(r'say\("([\w.]+)"(.*?)\) *(?:\||\}\}|%\})|"([\w.]+)" \| say(?:\((.*?)\))?', text):
        given = frozenset(re.findall(r"\b(\w+)=(?!=)", mark[2] or mark[4] or ""))
        yield Use(name, mark[1] or mark[3], given, True)


USES = [
    *(use for name in PYTHON for use in uses_in_python(name)),
    *(use for name in TEMPLATES for use in uses_in_a_template(name)),
]


def test_every_key_that_is_said_is_in_the_catalog() -> None:
    assert len(USES) > 150
    assert [use for use in USES if use.key not in catalog()] == []
    for name in TEMPLATES:  # none that the test above can't read
        text = TEMPLATES[name].read_text(encoding="utf-8")
        assert len(re.findall(r"\bsay\b", text)) == len([*uses_in_a_template(name)]), name


def test_a_key_is_written_out_and_never_put_together() -> None:
    keys = [
        (name, node.lineno, key)
        for name in PYTHON
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and (found := takes_a_key(node))
        for key in ast.walk(found[0])
    ]
    assert keys
    assert [key for key in keys if isinstance(key[2], ast.JoinedStr | ast.BinOp)] == []


def written_keys() -> Iterator[tuple[str, str]]:
    """Each text that has the form of a key, wherever it stands: in a table of keys as well."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield name, node.value
    for files in (TEMPLATES, SCRIPTS):
        for name, path in files.items():
            for key in re.findall(rf'"({KEY.pattern})"', path.read_text(encoding="utf-8")):
                yield name, key


def test_whatever_looks_like_a_key_is_one_and_every_key_of_the_catalog_is_used() -> None:
    written = [(name, key) for name, key in written_keys() if key.split(".")[1] not in FILES]
    assert [one for one in written if one[1] not in catalog()] == []
    assert sorted(catalog().keys() - {key for _, key in written}) == []


def test_a_sentence_gets_the_values_that_it_wants_and_no_others() -> None:
    wrong = []
    for use in USES:
        forms = catalog()[use.key]
        wanted = fields(forms) | ({"count"} if not isinstance(forms, str) else set())
        fits = (
            wanted <= use.names
            if use.at_least
            else use.names == wanted
            if use.all_known
            else use.names <= wanted
        )
        if not fits:
            wrong.append((use, sorted(wanted)))
    assert wrong == []


# ---- Sentences outside of it ------------------------------------------------------------------------------

#: Functions and names that hold the names of data, or patterns.
NAMES_OF_DATA = {
    "Entry",
    "entries",
    "several",
    "inner",
    "read_entries",
    "read_list",
    "Tool",
    "said",
    "Mark",
}  # of a survey: patterns
HOLD_NAMES = {
    "__all__",
    "NAMES",
    "LED",
    "_USUAL_NO_ANSWER",
    "OTHER",
    "_BESIDE",
    "_ABOUT_A_PERSON",
    "_STEP",
    "OFTEN",
    "ITEM",
    "needs",
    "may",
}
FOR_ENGINEERS = {
    "AttributeError",
    "KeyError",
    "TypeError",
    "ValueError",
    "RuntimeError",
    "TypeVar",
    "ParamSpec",
}
#: What is no sentence, though it looks like one: file, how it begins, why.
NO_SENTENCE = (
    ("surfaces/shots.py", "() => {", "a script that a page is asked to run"),
    ("surfaces/shots.py", "default-src", "a page's policy"),
    *(
        ("course/check.py", name, "a heading of the lessons, which stands in their files")
        for name in ("Arrive", "One small step", "Close")
    ),
    ("course/check.py", "Nothing is measured without it.", "it is measured, to see whether that can be done"),
    ("course/check.py", "from alongside import", "code"),
    ("page/join.py", "// --- on the page", "a mark in the scripts"),
    ("page/join.py", " on the page", "the name of half a script"),
    ("page/html.py", "default-src 'none'; script-src {}", "a policy that a browser reads"),
    ("page/html.py", "default-src 'none'; script-src 'self'", "a policy that a browser reads"),
    ("kit/run_sheets.py", "Before", "how a note in the lessons begins, which stands in their files"),
    ("pictures/__init__.py", "<!-- Drawn by", "the mark by which the command knows its files"),
    ("survey/ask/codebook.py", "title wave minimum_group", "names of the file"),
    ("survey/ask/codebook.py", "headcount also_means", "names of the file"),
    ("survey/ask/codebook.py", "Cc", "a category of Unicode"),
    ("survey/ask/codebook.py", "Cf", "a category of Unicode"),
    ("course/yaml_mistakes.py", "start any token", "what PyYAML says"),
    ("survey/ask/form.py", "\n@page {", "a style"),
    ("survey/ask/form.py", "default-src 'none'", "a policy that a browser reads"),
    *(
        ("survey/ask/writing.py", name, "a category of Unicode")
        for name in ("Cc", "Cs", "Zl", "Zp", "Co", "Cn")
    ),
    ("survey/writing_desk.py", "alongside survey write", "a command to type"),
    ("survey/desk.py", "alongside survey report", "a command to type"),
    ("survey/desk.py", "alongside survey compare", "a command to type"),
    ("survey/read/draft.py", "neither agree nor disagree", "how an export spells it"),
    ("survey/read/draft.py", "prefer not to say", "how an export spells it"),
    ("survey/read/draft.py", "Cc", "a category of Unicode"),
    ("survey/read/draft.py", "Cf", "a category of Unicode"),
    ("survey/read/tools.py", "Question - Heading", "how a tool wraps a question"),
    ("survey/read/sheets.py", "PowerPoint Document", "a name in a file"),
    ("survey/read/sheets.py", "Workbook", "a name in a file"),
    ("survey/read/sheets.py", "Book", "a name in a file"),
    ("survey/read/sheets.py", "Visible", "a name of a library"),
    ("survey/show/charts.py", "DejaVu Sans", "a font"),
    ("survey/show/charts.py", "Date", "a name in a file"),
    ("survey/show/charts.py", "Creator", "a name in a file"),
    ("survey/show/report.py", "default-src 'none'", "a policy that a browser reads"),
    ("room/app.py", "default-src 'none'", "a policy that a browser reads"),
    ("room/server.py", "\nimport os, shutil", "code"),
    ("surfaces/serve.py", "\nimport os, signal", "code"),
    ("surfaces/serve.py", "Authorization", "a header"),
)
PATTERNS = {"compile", "sub", "match", "search", "findall", "finditer", "fullmatch", "split"}


def text_of(node: ast.AST) -> str | None:
    """A text as it stands in the code, {} for whatever is filled in; None where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return None


WORD = re.compile(r"""[“"'(]*[A-Za-z][A-Za-z’'-]*[”"')]*[.,;:?!…]*""")


def is_sentence(text: str) -> bool:
    """Whether a person could read it: three words or more, two that begin as a sentence or end as one, or a single
    capitalized word, as a label is."""
    bare = re.sub(r"</?[a-z][^<>]*>?|\{\}", " ", text).strip()
    words = [one for one in bare.split() if WORD.fullmatch(one)]
    if " " in bare:
        if sum(len(one) > 1 for one in words) < 2:  # letters, as in a path of SVG
            return False
        return len(words) >= 3 or (len(words) == 2 and (bare[0].isupper() or bare[-1] in ".!?…"))
    return bool(re.fullmatch(r"[A-Z][a-z]+[.!?:…]?", bare))


def sentences_in(tree: ast.AST) -> Iterator[str]:
    passed: set[int] = set()

    def leave_out(node: ast.AST) -> None:
        passed.update(id(one) for one in ast.walk(node))

    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and text_of(node.value) is not None:
            leave_out(node.value)  # a docstring
        elif isinstance(node, ast.Assert) and node.msg:
            leave_out(node.msg)
        elif isinstance(node, ast.Call):
            name, _ = called(node)
            if name in NAMES_OF_DATA | FOR_ENGINEERS:
                for one in (*node.args, *(word.value for word in node.keywords)):
                    leave_out(one)
            elif name in PATTERNS and node.args:
                leave_out(node.args[0])
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id in HOLD_NAMES for one in targets):
                leave_out(node.value)
        elif isinstance(node, ast.keyword) and node.arg in HOLD_NAMES:
            leave_out(node.value)
        elif isinstance(node, ast.Subscript):
            leave_out(node.slice)
    for node in ast.walk(tree):
        if id(node) not in passed and (text := text_of(node)) is not None:
            passed.update(id(one) for one in ast.walk(node) if one is not node and text_of(one) is not None)
            if is_sentence(text):
                yield text


@pytest.mark.parametrize("name", [name for name in PYTHON if not name.startswith(OF_LESSONS)])
def test_no_sentence_stands_in_the_code(name: str) -> None:
    excused = tuple(begin for file, begin, _ in NO_SENTENCE if file == name)
    found = [*sentences_in(TREES[name])]
    assert [text for text in found if not text.startswith(excused or ("\0",))] == []
    assert [begin for begin in excused if not any(text.startswith(begin) for text in found)] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise AlongsideError(f"There is no {noun} here.")', ["There is no {} here."]),
        ('return f"{path} is a file."', ["{} is a file."]),
        ('return f"{file} is missing."', ["{} is missing."]),
        ('facts.append(("In a room", [1]))', ["In a room"]),
        ('tab = "Page"', ["Page"]),
        ('parser.add_argument("--x", help="only print the address")', ["only print the address"]),
        ('return f"{where}: it is empty; add one"', ["{}: it is empty; add one"]),
        ('print("Stopped. " "Nothing was changed.")', ["Stopped. Nothing was changed."]),
        ('entry.entries(needs="title from opening")', []),
        ('"""A docstring of a module."""', []),
        ('x = re.compile("one two three four")', []),
        ('raise AttributeError(f"module {a} has no attribute {b}")', []),
        ('css = f".{look}{{fill:{fill};stroke:{stroke}}}"', []),
    ],
)
def test_the_finder_finds_sentences_and_no_names_or_code(code: str, found: list[str]) -> None:
    assert [*sentences_in(ast.parse(code))] == found


class Texts(HTMLParser):
    """The texts of a page, and those of its attributes that a person reads or hears. Nobody reads a style."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem != "style":
            self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        read = ("aria-label", "aria-description", "alt", "title", "placeholder", "data-words", "summary")
        self.found += [value or "" for name, value in attrs if name in read]


def words_in_html(text: str) -> list[str]:
    page = Texts()
    filled_in = r"\{\{(?:\{(?:\{[^{}]*\}|[^{}])*\}|[^{}])*\}\}"  # it may hold a mapping of mappings
    page.feed(re.sub(rf"\{{#.*?#\}}|\{{%.*?%\}}|{filled_in}", "", text, flags=re.DOTALL))
    page.close()
    return [one.strip() for one in page.found if re.search(r"[^\W\d_]{2}", one)]


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_no_word_stands_in_a_template(name: str) -> None:
    assert words_in_html(TEMPLATES[name].read_text(encoding="utf-8")) == []


def test_the_finder_finds_words_in_texts_and_in_attributes() -> None:
    page = '{# why #}<p class="wide" aria-label="All lessons">{{ say("page.tab") }} about {{ one }}</p><img alt="">'
    assert words_in_html(page) == ["All lessons", "about"]


# ---- start.py speaks before the catalog can be read ---------------------------------------------------------


def test_what_start_says_stands_in_its_own_table_and_all_of_the_table_is_said() -> None:
    code = (ROOT / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(code)
    (table,) = [
        node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WORDS"
    ]
    keys = set(ast.literal_eval(table.value))
    said = re.findall(r'sentence\(\s*"(\w+)"|if status else "(\w+)"', code)
    assert {key for found in said for key in found if key} == keys and len(keys) > 20
    tree.body.remove(table)
    data = (
        "No space left",
        "Disk quota",
        "not enough space",
        "connection broken",
        "Max retries",
        "Failed to",
    )
    data += (
        "name resolution",
        "timed out",
        "from versions",
        "/Applications/",
        "Google Chrome",
        "Microsoft Edge",
    )
    data += ("%ProgramFiles", "%LocalAppData", "\nimport ", "import ", "Chromium", "Scripts", "Collecting")
    data += ("Xvfb", " and not engine")
    assert [text for text in sentences_in(tree) if not text.startswith(data)] == []
