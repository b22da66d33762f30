"""What of a learner's words lies inside the browser's own folder, and when: measured, because nobody can promise it.

    python tests/measure_profile.py            about eight minutes; prints a table

It types a word that stands nowhere else into a lesson of the published site, in a Chromium with a profile on disk,
and looks for its bytes in every file of that profile. Where there is a screen (DISPLAY; Xvfb will do) the browser
has a window, and with xdotool it also presses Ctrl+Shift+T; else these two lines are left out.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import secrets
import shutil
import string
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from conftest import ROOT, browser_path
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

LESSON = "05-share-power.html"
QUESTION = "Pick one decision that more people could share."
SETTLED = 75  # seconds; Chromium writes a tab's storage down within a minute
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
]


class Chromium:
    """A browser as a person starts it, with a profile of its own, watched over its debugging port."""

    def __init__(self, play: Playwright, profile: Path, *more: str) -> None:
        self.profile = profile
        port = profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        window = [] if os.environ.get("DISPLAY") else ["--headless"]
        command = [browser_path(), *ARGUMENTS, *window, *more, f"--user-data-dir={profile}"]
        self.program = subprocess.Popen(
            [*command, "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while not (port.exists() and port.read_text().count("\n")):
            if time.monotonic() > until:
                self.program.kill()
                raise TimeoutError("The browser did not start.")
            time.sleep(0.2)
        self.browser: Browser = play.chromium.connect_over_cdp(
            f"http://127.0.0.1:{port.read_text().split()[0]}"
        )
        self.context = self.browser.contexts[0]

    def write(self, site: str, word: str) -> Page:
        """Open a lesson in a tab of its own beside an empty one, and write."""
        page = self.context.new_page()
        page.goto(site + LESSON)
        page.get_by_role("textbox", name=QUESTION).press_sequentially(f"{word} ")
        return page

    def lesson(self) -> Page | None:
        """The lesson's tab, if one comes up within some seconds."""
        until = time.monotonic() + 15
        while time.monotonic() < until:
            for page in self.context.pages:
                if LESSON in page.url:
                    page.wait_for_load_state()
                    return page
            time.sleep(0.2)
        return None

    def quit(self) -> None:
        with contextlib.suppress(Exception):  # the line is cut while it is being answered
            self.browser.new_browser_cdp_session().send("Browser.close")
        try:
            self.program.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """As when the power goes."""
        self.program.kill()
        self.program.wait()


def spelled(word: str) -> list[bytes]:
    return [word.encode(), word.encode("utf-16-le")]


def found(profile: Path, word: str) -> str:
    """Which files of the profile hold the word, how often, and how spelled."""
    places = []
    for path in sorted(profile.rglob("*")):
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                plain, wide = (data.count(spelling) for spelling in spelled(word))
                if plain or wide:
                    places.append(f"{path.relative_to(profile)} ({plain + wide})")
    return ", ".join(places) or "nothing"


def shown(page: Page | None, word: str) -> str:
    """What someone sees who comes to a tab that was brought back."""
    if page is None:
        return "the tab did not come back"
    asked = page.get_by_role("dialog", name="Is this still you?").is_visible()
    boxes = page.locator("textarea").evaluate_all("boxes => boxes.map(box => box.value).join()")
    storage = page.evaluate("JSON.stringify({...sessionStorage})")
    return (
        f"the page {'asks' if asked else 'does not ask'} “Is this still you?”; "
        f"its boxes {'show' if word in boxes else 'do not show'} the word; "
        f"its storage {'has' if word in storage else 'does not have'} it"
    )


def settle() -> None:
    time.sleep(SETTLED)


def forget(page: Page) -> None:
    page.get_by_role("button", name="My words").click()
    words = page.get_by_role("dialog", name="My words")
    words.get_by_role("button", name="Forget everything here").click()
    assert page.evaluate("sessionStorage.length") == 0
    words.get_by_role("button", name="Close").click()


Line = tuple[str, str]


def forgetting(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    page = one.write(site, word)
    begun = time.monotonic()
    while found(profile, word) == "nothing" and time.monotonic() - begun < 120:
        time.sleep(1)
    yield f"tab open, {time.monotonic() - begun:.0f} s after typing", found(profile, word)
    settle()
    yield f"tab open, {SETTLED} s later", found(profile, word)
    forget(page)
    yield "just after Forget everything here", found(profile, word)
    settle()
    yield f"{SETTLED} s after Forget everything here", found(profile, word)
    page.close()
    settle()
    yield f"{SETTLED} s after closing the tab", found(profile, word)
    one.quit()
    yield "browser closed", found(profile, word)
    two = Chromium(play, profile, "--restore-last-session")
    settle()
    yield f"browser started again, {SETTLED} s later", found(profile, word)
    two.quit()
    yield "browser closed once more", found(profile, word)


def forgetting_and_quitting(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    page = one.write(site, word)
    settle()
    forget(page)
    settle()
    one.quit()
    yield "forgot, then closed the browser with the tab open", found(profile, word)
    two = Chromium(play, profile, "--restore-last-session")
    yield "started with “continue where you left off”", shown(two.lesson(), word)
    settle()
    yield f"{SETTLED} s later", found(profile, word)
    two.quit()


def closing_the_tab(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    page = one.write(site, word)
    settle()
    page.close()
    settle()
    yield f"closed the tab without forgetting, {SETTLED} s later", found(profile, word)
    if os.environ.get("DISPLAY") and shutil.which("xdotool"):
        window = subprocess.check_output(
            ["xdotool", "search", "--onlyvisible", "--class", "chromium"], text=True
        ).split()[-1]
        subprocess.run(["xdotool", "windowfocus", window], check=False)
        subprocess.run(["xdotool", "key", "--clearmodifiers", "ctrl+shift+t"], check=True)
        yield "then “reopen closed tab” (Ctrl+Shift+T)", shown(one.lesson(), word)
    one.quit()
    yield "browser closed", found(profile, word)


def quitting(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    one.write(site, word)
    settle()
    one.quit()
    yield "closed the browser without forgetting", found(profile, word)
    two = Chromium(play, profile, "--restore-last-session")
    yield "started with “continue where you left off”", shown(two.lesson(), word)
    two.quit()


def starting_anew(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    one.write(site, word)
    settle()
    one.quit()
    two = Chromium(play, profile)
    settle()
    yield f"closed without forgetting, started as usual, {SETTLED} s later", found(profile, word)
    two.quit()
    yield "browser closed again", found(profile, word)


def losing_power(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    one.write(site, word)
    settle()
    one.kill()
    yield "browser killed without forgetting", found(profile, word)


def leaving_quickly(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile)
    page = one.write(site, word)
    settle()
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url("**/page.html")
    settle()
    yield f"{SETTLED} s after Quick exit", found(profile, word)
    one.quit()
    yield "browser closed", found(profile, word)


def in_a_private_window(play: Playwright, site: str, profile: Path, word: str) -> Iterator[Line]:
    one = Chromium(play, profile, "--incognito")
    one.write(site, word)
    settle()
    yield f"private window, tab open, {SETTLED} s after typing", found(profile, word)
    one.quit()
    yield "browser closed", found(profile, word)


WAYS = (
    forgetting,
    forgetting_and_quitting,
    closing_the_tab,
    quitting,
    starting_anew,
    losing_power,
    leaving_quickly,
    in_a_private_window,
)


def main(wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        site = Path(scratch, "site")
        subprocess.run(
            [sys.executable, "-m", "alongside.cli", "site", "--to", site],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(quiet, directory=str(site))
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        version = subprocess.check_output([browser_path(), "--version"], text=True).strip()
        print(f"{version}, {'with a window' if os.environ.get('DISPLAY') else 'headless'}")
        for way in WAYS:
            if wanted and way.__name__ not in wanted:
                continue
            word = "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))
            print(f"\n{way.__name__.replace('_', ' ')}")
            profile = Path(scratch, way.__name__)
            profile.mkdir()
            for when, what in way(play, f"http://127.0.0.1:{server.server_port}/", profile, word):
                print(f"  {when}: {what}", flush=True)
        server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
