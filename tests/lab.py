"""What a person does in JupyterLab. Selectors are those of its own front end, which has few names to find."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from conftest import SECONDS, Jupyter, Watched
from hands import SHARE
from playwright.sync_api import Dialog, Locator, expect

#: How the one free question of lesson 05 begins.
REFLECT = "Pick one decision that more people could share."
# The panel in front: JupyterLab keeps the others on the page, hidden.
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"


class Lab:
    """A tab with JupyterLab in it, and what a person does there."""

    def __init__(self, tab: Watched, jupyter: Jupyter) -> None:
        self.tab = tab
        self.page = tab.page
        self.jupyter = jupyter
        self.name = ""
        self.dialogs: list[str] = []
        self.page.on("dialog", self._dialog)
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(f"{dialog.type} {dialog.message}".strip())
        dialog.accept()

    @property
    def panel(self) -> Locator:
        return self.page.locator(PANEL)

    def open(self, name: str = f"notebooks/{SHARE}") -> Lab:
        """Open a notebook in a clean workspace: what another test had open stays out of the way."""
        self.page.goto(self.jupyter.lab(name) + "&reset")
        self.ready(name)
        return self

    @property
    def path(self) -> Path:
        return self.jupyter.folder / f"{self.name}.ipynb"

    def ready(self, name: str = "") -> None:
        """Wait until the notebook in front has a kernel that waits for work."""
        self.name = name or self.name
        expect(self.panel).to_have_count(1, timeout=60 * SECONDS)
        # "No Kernel" stands here until there is one.
        expect(self.panel.locator(".jp-Toolbar-kernelName")).to_have_text(
            "Python 3 (ipykernel)", timeout=60 * SECONDS
        )
        expect(self.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).to_have_count(
            1, timeout=60 * SECONDS
        )

    def menu(self, name: str, command: str) -> None:
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.locator(f'.lm-Menu [data-command="{command}"]').click()

    def press_run_all(self) -> None:
        self.menu("Run", "runmenu:run-all")

    def run_all(self) -> None:
        """Press Run All, and once more where the first press came too early, as the lessons tell people to."""
        for section in self.activities.all():
            section.evaluate("section => section.dataset.old = 'yes'")
        new = self.panel.locator(".alongside-activity:not([data-old])")
        for wait in (8, 40):
            self.press_run_all()
            try:
                expect(new.first).to_be_visible(timeout=wait * SECONDS)
                break
            except AssertionError:
                if wait == 40:
                    raise
        expect(self.panel.locator(".alongside-activity[data-old]")).to_have_count(0)
        expect(new).to_have_count(len(self.cells_with_an_activity()), timeout=40 * SECONDS)

    def cells_with_an_activity(self) -> list[str]:
        """Ids, from the file: a picture is drawn by Python, and every other call is an activity."""
        cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
        found = [
            cell["id"] for cell in cells if cell["cell_type"] == "code" and "picture(" not in last_line(cell)
        ]
        assert found
        return found

    @property
    def activities(self) -> Locator:
        return self.panel.locator(".alongside-activity")

    def activity(self, question: str) -> Locator:
        return self.panel.get_by_role("group", name=re.compile("^" + re.escape(question))).locator(
            "xpath=ancestor::section[1]"
        )

    def box(self, question: str = REFLECT) -> Locator:
        return self.panel.get_by_role("textbox", name=re.compile("^" + re.escape(question)))


def last_line(cell: dict[str, Any]) -> str:
    return "".join(cell["source"]).strip().splitlines()[-1]
