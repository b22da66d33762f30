"""How JupyterLab shows an activity: as a widget, through anywidget.

The widget takes the question to the page. It has no trait, no callback and no message by which an answer could come
back, and its text form is constant.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from alongside.page import join as browser
from alongside.page import theme

__all__ = ["WIDGET", "view"]

WIDGET = "application/vnd.jupyter.widget-view+json"


class _Question(anywidget.AnyWidget):
    _esm = browser.lab_module()
    _css = theme.lab_css()

    activity = traitlets.Unicode().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    props = traitlets.Dict().tag(sync=True)


def view(*, activity: str, key: str, props: dict[str, Any]) -> dict[str, Any]:
    """What a cell's output holds so that JupyterLab draws the question: {"version_major", "version_minor",
    "model_id"}."""
    question = _Question(activity=activity, key=key, props=props)
    return {"version_major": 2, "version_minor": 0, "model_id": question.model_id}
