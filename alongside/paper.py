"""HTML to PDF: by WeasyPrint, or by a browser that is installed; neither asks another host for anything.

WeasyPrint needs libraries of the system (Pango) that not every computer has. Where they don't load, Chrome,
Chromium or Edge prints the same page. Both write tagged PDF, in which a screen reader finds headings and tables.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from alongside.errors import AlongsideError
from alongside.words import say

__all__ = ["SIZES", "NoPrinter", "pdf"]

SIZES = {"letter": "letter", "a4": "A4"}
"""The paper that we print on: its name in a file's name, and its name in CSS."""

_MAC = "/Applications/{0}.app/Contents/MacOS/{0}"
_BROWSERS = (
    *("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge"),
    *(_MAC.format(name) for name in ("Google Chrome", "Chromium", "Microsoft Edge")),
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
_QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


class NoPrinter(AlongsideError):
    """Nothing on this computer makes a PDF. The page itself can still be printed from any browser."""

    def __init__(self) -> None:
        super().__init__(say("paper.no_printer"))


def pdf(page: str, size: str) -> bytes:
    """A whole HTML page as a tagged PDF on ``size`` ("letter" or "a4").

    The page says its language and its title, brings its style along, and has a ``</head>``.
    Raises :class:`NoPrinter` where this computer has nothing that prints.
    """
    sized = page.replace("</head>", f"<style>@page {{ size: {SIZES[size]} }}</style></head>", 1)
    try:
        return _by_weasyprint(sized)
    except (ImportError, OSError):  # OSError: Pango is not there, or is too old
        return _by_browser(sized)


def _by_weasyprint(page: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing_outside = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    written = HTML(string=page, url_fetcher=nothing_outside).write_pdf(pdf_variant="pdf/ua-1")
    assert written is not None  # only a call with a target returns nothing
    return written


def _by_browser(page: str) -> bytes:
    names = (os.environ.get("ALONGSIDE_BROWSER", ""), *_BROWSERS)
    browser = next(filter(None, (shutil.which(os.path.expandvars(name)) for name in names)), None)
    if browser is None:
        raise NoPrinter
    # Windows may hold a browser's folder for a moment longer
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        as_root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command = [browser, "--headless", *as_root, *_QUIET, f"--user-data-dir={folder}/profile"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(command, capture_output=True, timeout=120, check=True)
        if not target.is_file():
            raise NoPrinter
        return target.read_bytes()
