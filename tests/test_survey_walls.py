"""Respondents' rows have no way out by accident: not by Python, not by a notebook, not by a failure."""

from __future__ import annotations

import ast
import copy
import gc
import io
import json
import logging
import pickle
import re
import sys
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas
import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell
from survey_tools import CODEBOOK, SHAPES, Grid, Person, google, microsoft_forms, save, save_xlsx

from alongside.errors import AlongsideError
from alongside.survey.ask import codebook as codebooks
from alongside.survey.read import answers, exports, files, headings, tools
from alongside.survey.read.exports import read
from alongside.survey.read.responses import Responses, Rows, _responses, _rows, walled
from alongside.survey.rules.disclosure import release

PACKAGE = Path(codebooks.__file__).parents[2]
CANARY = "zqcanaryqz"


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


def responses_of(tmp_path: Path, codebook: Path, people: int = 12) -> Responses:
    return read(save(google([Person((0, 1, 2, 3), 0, 0)] * people), tmp_path / "a.csv"), codebook)


# --- the object -------------------------------------------------------------------------------------

WAYS: dict[str, Callable[[Any], object]] = {
    "index": lambda one: one[0],
    "slice": lambda one: one[:],
    "key": lambda one: one["greet"],
    "iteration": lambda one: list(one),
    "unpacking": lambda one: [*one],
    "length": lambda one: len(one),
    "membership": lambda one: 3 in one,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickle.dumps,
    "old pickle": lambda one: pickle.dumps(one, protocol=0),
    "reduce": lambda one: one.__reduce__(),
    "state": lambda one: one.__getstate__(),
    "json": json.dumps,
    "vars": vars,
    "dict": dict,
    "array": np.asarray,
    "attribute": lambda one: one.rows,
    "rows": lambda one: one._rows,
    "setting": lambda one: setattr(one, "note", 1),
    "order": lambda one: sorted([one, one]),
    "sum": lambda one: one + one,
    "call": lambda one: one(),
    "html": lambda one: one._repr_html_(),
    "frame": lambda one: __import__("pandas").DataFrame(one),
    "making": lambda one: type(one)(),
    "extending": lambda one: type("More", (type(one),), {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_there_is_no_way_out_of_responses(way: str, tmp_path: Path, codebook: Path) -> None:
    found = responses_of(tmp_path, codebook)
    with pytest.raises((AlongsideError, TypeError, AttributeError)):
        WAYS[way](found)


def test_no_attribute_leads_to_an_answer(tmp_path: Path, codebook: Path) -> None:
    found = responses_of(tmp_path, codebook)
    values = [getattr(found, name) for name in dir(found) if name not in ("__doc__", "__class__")]
    assert values
    for value in [*values, *gc.get_referents(found)]:
        assert callable(value) or value in (None, (), "alongside.survey.read.responses", ("__weakref__",))


def test_responses_are_equal_to_themselves_only(tmp_path: Path, codebook: Path) -> None:
    one, other = responses_of(tmp_path, codebook), responses_of(tmp_path, codebook)
    assert one == one and one != other  # else two files could be compared
    assert hash(one) == object.__hash__(one)
    assert bool(one) and bool(responses_of(tmp_path, codebook, people=0))


def test_the_text_form_says_questions_and_from_the_minimum_up_people(tmp_path: Path, codebook: Path) -> None:
    for people in (0, 1, 9):
        found = responses_of(tmp_path, codebook, people)
        for text in (repr(found), str(found), f"{found}", format(found)):
            assert text == "<Responses: 4 questions; too few people to say how many>"
    assert repr(responses_of(tmp_path, codebook, 10)) == "<Responses: 4 questions, 10 people>"
    assert repr(responses_of(tmp_path, codebook, 123)) == "<Responses: 4 questions, 123 people>"


def test_a_small_minimum_counts_only_where_many_did_not_answer(tmp_path: Path, codebook: Path) -> None:
    for headcount, people, told in (
        (9, 7, True),
        (9, 8, False),
        (8, 7, False),
        (30, 5, True),
        (30, 4, False),
        (12, 10, True),
    ):
        text = CODEBOOK.replace("minimum_group: 10", f"minimum_group: 5\nheadcount: {headcount}")
        codebook.write_text(text, encoding="utf-8")
        assert (f"{people} people" in repr(responses_of(tmp_path, codebook, people))) is told


def test_rows_cant_be_changed_and_dont_show_themselves(tmp_path: Path, codebook: Path) -> None:
    found = _rows(responses_of(tmp_path, codebook))
    assert repr(found).startswith("<alongside.survey.read.responses.Rows object at ")
    for array in (found.answers, found.about):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    with pytest.raises(AttributeError):
        found.people = 5  # pyright: ignore[reportAttributeAccessIssue]


def test_rows_go_when_responses_go(tmp_path: Path, codebook: Path) -> None:
    found = responses_of(tmp_path, codebook)
    rows = _rows(found)
    seen = weakref.ref(rows.answers)
    del found, rows
    gc.collect()
    assert seen() is None


def test_only_responses_lead_to_rows() -> None:
    for other in (None, [], "a.csv", 5):
        with pytest.raises(AlongsideError, match="Expected responses"):
            _rows(other)  # pyright: ignore[reportArgumentType]


def test_only_the_module_that_decides_what_may_be_shown_takes_rows() -> None:
    makers, takers = set(), set()
    paths = sorted(PACKAGE.rglob("*.py"))
    assert len(paths) > 10
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.ImportFrom) else []
            names += [node.attr] if isinstance(node, ast.Attribute) else []
            takers |= {path.name} if "_rows" in names else set()
            makers |= {path.name} if "_responses" in names else set()
    assert takers <= {"disclosure.py"}
    assert makers == {"exports.py"}


def test_no_module_of_the_survey_leans_on_a_private_name_of_another() -> None:
    """But for the two doors in the wall, which the test above watches."""
    paths = sorted((PACKAGE / "survey").rglob("*.py"))
    assert len(paths) > 10
    found = set()
    for path in paths:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        own = {one.name for one in nodes if isinstance(one, ast.FunctionDef | ast.ClassDef)}
        own |= {one.id for one in nodes if isinstance(one, ast.Name)}
        names = {one.attr for one in nodes if isinstance(one, ast.Attribute)}
        own |= {
            one.attr for one in nodes if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self"
        }
        modules = {
            alias.asname or alias.name
            for one in nodes
            if isinstance(one, ast.ImportFrom) and str(one.module).startswith("alongside")
            for alias in one.names
        }
        names = names - own | {one for one in modules if one.startswith("_")}
        names |= {
            one.attr
            for one in nodes
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in modules
        }
        found |= {(path.name, one) for one in names if re.match("_[^_]", one)}
    assert found == {("disclosure.py", "_rows"), ("exports.py", "_responses")}


# --- other columns ------------------------------------------------------------------------------------


def canaries(shape: Callable[[list[Person]], Grid]) -> Grid:
    """A file with a canary in each column that the codebook doesn't name, and in one breakdown's free text."""
    people = [Person((n % 5, 1, 2, 3), n % 3, n % 3) for n in range(24)]
    grid = shape(people)
    heads = len(grid) - len(people)
    wanted = {number for row in grid[:heads] for number, cell in enumerate(row) if _is_wanted(str(cell))}
    marks = {number for row in grid[:heads] for number, cell in enumerate(row) if str(cell).lower() in MARKS}
    for number, row in enumerate(grid[heads:]):
        for column in range(len(row)):
            if column not in wanted | marks:
                row[column] = f"{CANARY}{number}x{column}"
        row[min(wanted)] = f"{CANARY}{number}" if number in (3, 4) else row[min(wanted)]
    assert sum(CANARY in str(cell) for row in grid for cell in row) > len(people)
    return grid


MARKS = {"status", "finished", "submitdate", "date submitted", "staff_timestamp", "staff_complete",
         "survey timestamp", "complete?", "lastpage"}  # fmt: skip


def _is_wanted(heading: str) -> bool:
    known = yaml.safe_load(CODEBOOK)
    entries = {**known["items"], **known["about"]}
    names = {name for key, one in entries.items() for name in (key, one["text"], *one.get("column", []))}
    parts = (heading, *tools.unwrapped(heading))
    return bool(set(map(codebooks.fold, parts)) & set(map(codebooks.fold, names)))


def test_a_canary_in_another_column_is_nowhere_afterwards(
    tmp_path: Path, codebook: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paths = [save(canaries(shape), tmp_path / f"{shape.__name__}.csv") for shape in SHAPES]
    paths += [
        save_xlsx(canaries(shape), tmp_path / f"{shape.__name__}.xlsx") for shape in (google, microsoft_forms)
    ]
    out = io.StringIO()
    with caplog.at_level(logging.DEBUG), redirect_stdout(out), redirect_stderr(out):
        found = [read(path, codebook) for path in paths]
        text = repr(found)
    gc.collect()
    for rows in map(_rows, found):
        assert rows.people == 24
        assert rows.about_names["role"][-1] == "Another answer"
        assert CANARY not in repr(rows.about_names) + repr(rows.columns_dropped) + repr(rows.counts)
    assert CANARY not in text + out.getvalue() + caplog.text
    assert not in_memory(CANARY)


def test_a_frame_holds_no_other_column_even_while_a_file_is_read(
    tmp_path: Path, codebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames: list[str] = []
    read_csv = pandas.read_csv

    def watched(*args: Any, **named: Any) -> Any:
        frame: Any = read_csv(*args, **named)
        frames.append(frame.to_csv())
        return frame

    monkeypatch.setattr(pandas, "read_csv", watched)
    for shape in SHAPES:
        read(save(canaries(shape), tmp_path / "a.csv"), codebook)
    assert len(frames) == len(SHAPES)
    for text in frames:
        assert "gree" in text or "4" in text  # answers are there
        assert not re.search(CANARY + r"\d+x", text)
        assert "203.0.113" not in text and "2026-03-02" not in text  # of a mark, only yes or no


def in_memory(word: str) -> int:
    """How many texts and bytes with this word and a digit after it are still held by some object."""
    held = gc.get_referents(*gc.get_objects())
    # what holds nothing but texts is not among the objects that Python follows
    simple = [one for one in held if isinstance(one, dict | tuple | list | set) and not gc.is_tracked(one)]
    held += gc.get_referents(*simple)
    held += [cell for one in held if isinstance(one, np.ndarray) and one.dtype == object for cell in one.flat]
    texts = {one for one in held if isinstance(one, str) and word in one}
    texts |= {one.decode("latin-1") for one in held if isinstance(one, bytes) and word.encode() in one}
    return sum(bool(re.search(word + r"\d", one)) for one in texts)


@pytest.mark.parametrize(
    "hold", [list, lambda words: {"a": words[0]}, lambda words: np.array(words, dtype=object)]
)
def test_the_search_in_memory_finds_what_is_there(hold: Callable[[list[str]], object]) -> None:
    word = "zq" + "otherqz"
    kept = SimpleNamespace(held=hold([word + str(number) for number in range(3)]))
    assert in_memory(word)
    del kept
    assert not in_memory(word)


# --- failures -----------------------------------------------------------------------------------------


def broken(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """A failure of Alongside's own, deep inside, whose text is an answer."""

    def fail(*_: object) -> None:
        kept = f"{CANARY} in a variable"
        raise error if kept else TypeError  # a notebook may show the variables of the line that failed

    monkeypatch.setattr(exports, "_duplicated", fail)


@pytest.mark.parametrize("error", [KeyError(CANARY), ValueError(CANARY), MemoryError(), RecursionError()])
def test_a_failure_of_our_own_carries_no_answer_away(
    error: Exception, tmp_path: Path, codebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, error)
    with pytest.raises(AlongsideError) as caught:
        responses_of(tmp_path, codebook)
    assert type(error).__name__ in str(caught.value) and CANARY not in str(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None
    assert "_duplicated" not in "".join(traceback.format_exception(caught.value))
    frames = [frame.f_code.co_name for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert frames[-1] == "guarded" and "fail" not in frames


def test_an_interrupt_stays_one_and_carries_no_rows_away(
    tmp_path: Path, codebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt) as caught:
        responses_of(tmp_path, codebook)
    assert [frame.f_code.co_name for frame, _ in traceback.walk_tb(caught.value.__traceback__)][
        -1
    ] == "guarded"
    assert caught.value.__context__ is None


def test_what_is_walled_keeps_its_name_and_its_result() -> None:
    @walled
    def double(number: int) -> int:
        """Twice."""
        return 2 * number

    assert (double(4), double.__name__, double.__doc__) == (8, "double", "Twice.")


# --- a notebook -----------------------------------------------------------------------------------------


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    yield made
    made.reset()
    InteractiveShell.clear_instance()
    sys.last_value = sys.last_traceback = None
    gc.collect()


def run(shell: Any, *cells: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        for cell in cells:
            result = shell.run_cell(cell)
            if result.result is not None:
                print(shell.display_formatter.format(result.result))
    return out.getvalue()


@pytest.mark.parametrize("mode", ["Plain", "Context", "Verbose", "Minimal", "Docs"])
def test_a_notebook_shows_no_answer_and_no_traceback(
    mode: str, shell: Any, tmp_path: Path, codebook: Path
) -> None:
    grid = canaries(google)
    grid[9][4] = f"{CANARY} is no point of the scale"
    save(grid, tmp_path / "bad.csv")
    save(canaries(google), tmp_path / "good.csv")
    text = run(
        shell,
        f"%xmode {mode}",
        "from alongside.survey import read",
        f"read({str(tmp_path / 'bad.csv')!r}, {str(codebook)!r})",
        f"found = read({str(tmp_path / 'good.csv')!r}, {str(codebook)!r})",
        "found",
        "found[0]",
        "print(found)",
        "%whos",
        "found?",
        "import pickle; pickle.dumps(found)",
    )
    assert "no point of the scale" in text and "24 people" in text and "can't be looked into" in text
    assert CANARY not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("mode", ["Context", "Verbose"])
def test_a_notebook_that_is_interrupted_shows_no_answer(
    mode: str, shell: Any, tmp_path: Path, codebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, KeyboardInterrupt())
    save(canaries(google), tmp_path / "good.csv")
    text = run(
        shell,
        f"%xmode {mode}",
        "from alongside.survey import read",
        f"read({str(tmp_path / 'good.csv')!r}, {str(codebook)!r})",
    )
    assert "KeyboardInterrupt" in text
    assert CANARY not in text


def test_the_same_failure_without_the_wall_would_show_an_answer(
    shell: Any, tmp_path: Path, codebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the two tests above can't pass because a notebook shows no variables anyway."""
    broken(monkeypatch, KeyError("other"))
    save(canaries(google), tmp_path / "good.csv")
    text = run(
        shell,
        "%xmode Verbose",
        "from alongside.survey import read",
        f"read.__wrapped__({str(tmp_path / 'good.csv')!r}, {str(codebook)!r})",
    )
    assert CANARY in text


def test_rows_made_by_hand_stand_behind_the_same_wall(codebook: Path) -> None:
    made = _responses(
        Rows(
            codebook=codebooks.load(codebook),
            people=11,
            answers=np.zeros((11, 4), dtype=np.int8),
            about=np.zeros((11, 0), dtype=np.int16),
            about_names={},
            counts={},
            columns_dropped=(),
        )
    )
    assert repr(made) == "<Responses: 4 questions, 11 people>"


def test_reading_imports_nothing_of_the_lessons() -> None:
    for module in (codebooks, answers, exports, files, headings, tools):
        source = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        names = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom) and node.module}
        ours = {name for name in names if name.startswith("alongside")}
        assert ours and all(
            name.startswith(
                (
                    "alongside.survey",
                    "alongside.course",
                    "alongside.errors",
                    "alongside.thresholds",
                    "alongside.words",
                )
            )
            for name in ours
        )


# --- what was released ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["copy", "deepcopy", "pickle", "old pickle", "reduce", "state"])
def test_notes_for_the_owner_alone_do_not_travel_with_a_copy_of_a_release(
    way: str, tmp_path: Path, codebook: Path
) -> None:
    found = release(responses_of(tmp_path, codebook))
    assert found.notes["columns_dropped"]
    with pytest.raises(AlongsideError, match="to_dict"):
        WAYS[way](found)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
