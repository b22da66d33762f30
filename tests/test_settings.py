"""What the server extension sets in Jupyter: pages that can't be drawn, and notebooks that stay clean on save."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from conftest import Jupyter

from alongside.surfaces.voila import clean_on_save


def _asked(jupyter: Jupyter, name: str) -> str:
    try:
        with urllib.request.urlopen(jupyter.voila(name)) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


def test_an_address_without_a_page_is_said_kindly_and_leads_to_the_first_page(jupyter: Jupyter) -> None:
    page = _asked(jupyter, "notebooks/77-never-written")
    assert "This page isn't here" in page
    assert "voila/render/index.ipynb" in page
    assert "http://" not in page and "https://" not in page


def test_a_lesson_whose_metadata_is_broken_says_so_and_shows_no_traceback(jupyter: Jupyter) -> None:
    source = json.loads((jupyter.folder / "notebooks" / "13-follow-through.ipynb").read_text())
    del source["metadata"]["alongside"]["title"]
    broken = jupyter.folder / "notebooks" / "98-broken.ipynb"
    broken.write_text(json.dumps(source))
    try:
        page = _asked(jupyter, "notebooks/98-broken")
    finally:
        broken.unlink()
    assert "This page can't be shown" in page and "98-broken.ipynb" in page and "Forget" in page
    assert "Traceback" not in page and "alongside/page/html.py" not in page


def test_saving_closes_a_hidden_cell_again_and_takes_out_what_running_left() -> None:
    cell = {
        "cell_type": "code",
        "source": "ask()",
        "outputs": [{"output_type": "stream", "text": "x"}],
        "execution_count": 3,
        "metadata": {"tags": ["remove-input"], "jupyter": {"source_hidden": False}, "execution": {"a": 1}},
    }
    notebook = {"nbformat": 4, "metadata": {"widgets": {"state": 1}}, "cells": [cell]}
    clean_on_save({"type": "notebook", "content": notebook})
    assert notebook["metadata"].get("widgets") is None
    assert cell["outputs"] == [] and cell["execution_count"] is None
    assert cell["metadata"] == {"tags": ["remove-input"], "jupyter": {"source_hidden": True}}
