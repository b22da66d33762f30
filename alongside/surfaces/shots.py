"""``start.py shots``: every kind of page, small and wide, light and dark, beside each other, to be looked at by people.

``python -m alongside.surfaces.shots [05 …] [--whole] [--to FOLDER]``

The published pages are made anew in a folder that is gone afterwards, opened from there as files in Chrome, Chromium or
Edge, and their pictures laid onto sheets: one for each width and look. Nothing here is a check: what a test can say of a
page, a test says.
"""

from __future__ import annotations

import base64
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from alongside import templates
from alongside.course import about
from alongside.course.lesson import lessons
from alongside.course.place import ROOT, SITE
from alongside.errors import AlongsideError, nearest
from alongside.surfaces import site
from alongside.surfaces.serve import Parser
from alongside.words import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["KINDS", "LOOKS", "SIZES", "main"]

#: One page of each kind. Every lesson's head is beside the others on the sheets of heads.
KINDS = (
    SITE.file("", about.HOME),
    *(SITE.file("notebooks", name) for name in ("00-start-here", "03-values-how-we-work", "05-share-power")),
    *(SITE.file("notebooks", name) for name in ("10-be-accountable", "17-consent-culture", "18-our-plan")),
    *(SITE.file("notebooks", name) for name in ("19-check-in", "20-survey-ask", "21-survey-read")),
    SITE.file("exercises", "05-share-power"),
    *(SITE.file("about", name) for name in ("group-exercises", "privacy", "sources")),
)
#: (width, height) of a window in pixels, and how wide its picture is on a sheet.
SIZES = {(320, 640): 240, (390, 844): 260, (768, 1024): 384, (1280, 800): 640}
HEADS = (390, 560)
LONGEST = 12_000  # pixels of a whole page
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SHEET = Path(__file__).parent / "shots.html.j2"
STYLE = Path(__file__).parent / "shots.css"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

#: Everything is drawn, also what is far below, and nothing that folds is closed.
WHOLE = """() => {
    for (const one of document.querySelectorAll("main > *, figure, footer")) one.style.contentVisibility = "visible";
    for (const one of document.querySelectorAll("img")) one.loading = "eager";
    return Promise.all([...document.images].map((one) => one.decode().catch(() => {})));
}"""


@dataclass(frozen=True)
class Look:
    """How a screen is set."""

    name: str
    scheme: Literal["light", "dark"] = "light"
    forced: Literal["active", "none"] = "none"
    gray: bool = False


LOOKS = (Look("light"), Look("dark", scheme="dark"), Look("gray", gray=True), Look("forced", forced="active"))


def main(words: Sequence[str] | None = None) -> int:
    """Make the sheets; gives the exit status."""
    parser = Parser(prog="start.py shots", description=say("shots.about"))
    parser.add_argument("lesson", nargs="*", help=say("shots.lesson"))
    parser.add_argument("--whole", action="store_true", help=say("shots.whole"))
    parser.add_argument("--to", type=Path, default=ROOT / "shots", metavar="FOLDER", help=say("shots.to"))
    try:
        if hasattr(signal, "pthread_sigmask"):  # start.py held Ctrl-C back until someone listens
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        asked = parser.parse_args(words)
        made = _sheets(_pages(asked.lesson), asked.to, whole=asked.whole)
        print(say("shots.made", count=made, folder=asked.to))
    except AlongsideError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say("shots.not_written", file=error.filename or ROOT, why=error.strerror), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _pages(asked: Sequence[str]) -> tuple[str, ...]:
    """The files of the pages to look at. Raises :class:`AlongsideError` where a lesson is not there."""
    known = {one.name: one for one in lessons()}
    found = []
    for word in asked:
        name = next((one for one in known if word in (one, one.partition("-")[0])), None)
        if name is None:
            raise AlongsideError(say("live.no_page", name=word, nearest=nearest(word, known)))
        found.append(SITE.file("notebooks", name))
    return tuple(found) or KINDS


def browser_path() -> str:
    """A browser that is there. Raises :class:`AlongsideError` where none is."""
    found = os.environ.get("ALONGSIDE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found:
        raise AlongsideError(say("shots.no_browser"))
    return found


def _sheets(pages: Sequence[str], to: Path, *, whole: bool) -> int:
    browser = browser_path()
    from playwright.sync_api import Error, sync_playwright  # it comes with the packages for the checks

    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as running:
        try:
            chromium = running.chromium.launch(
                executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
            )
        except Error:
            raise AlongsideError(say("shots.browser_did_not_start", browser=browser)) from None
        home = Path(scratch) / "site"
        site.publish(home)
        made = sum(_of_a_look(chromium, home, look, pages, to, whole=whole) for look in LOOKS)
        chromium.close()
    return made


def _of_a_look(
    browser: Browser, home: Path, look: Look, pages: Sequence[str], to: Path, *, whole: bool
) -> int:
    context = browser.new_context(
        color_scheme=look.scheme, forced_colors=look.forced, reduced_motion="reduce"
    )
    page = context.new_page()
    if look.gray:
        context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    kind = "whole" if whole else "pages"
    for (width, height), shown in SIZES.items():
        pictures = [(name, _picture(page, home / name, width, height, whole=whole)) for name in pages]
        _lay(browser, pictures, shown, to / f"{kind}-{width}-{look.name}.png")
    made = len(SIZES)
    if pages is KINDS:
        files = [SITE.file("notebooks", one.name) for one in lessons()]
        heads = [(name, _picture(page, home / name, *HEADS, whole=False)) for name in files]
        _lay(browser, heads, 190, to / f"heads-{HEADS[0]}-{look.name}.png")
        made += 1
    context.close()
    return made


def _picture(page: Page, file: Path, width: int, height: int, *, whole: bool) -> str:
    """A page in a window of this size, as an address."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(file.as_uri())
    page.wait_for_selector("html.al-ready", state="attached")
    more: dict[str, Any] = {}
    if whole:
        page.evaluate(WHOLE)
        tall = min(LONGEST, page.evaluate("document.documentElement.scrollHeight"))
        more = {"full_page": True, "clip": {"x": 0, "y": 0, "width": width, "height": tall}}
    return "data:image/png;base64," + base64.b64encode(page.screenshot(**more)).decode()


def _lay(browser: Browser, pictures: list[tuple[str, str]], shown: int, to: Path) -> None:
    page = browser.new_page(viewport={"width": 2032, "height": 800})
    style = STYLE.read_text(encoding="utf-8")
    page.set_content(templates.fill(SHEET, pictures=pictures, width=shown, style=style, policy=POLICY))
    page.evaluate("Promise.all([...document.images].map((one) => one.decode()))")
    page.screenshot(path=to, full_page=True)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
