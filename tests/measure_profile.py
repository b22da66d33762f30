"""What Chromium's own profile holds of a learner's words: run by hand, ``python tests/measure_profile.py``.

The pages can't decide what a browser writes on the disk, so nothing here is asserted. It prints what was found, and
the README's privacy part says it. Words are searched as UTF-8 and as UTF-16 in every file of the profile, whole.
"""

from __future__ import annotations

import secrets
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conftest import ARGUMENTS, ROOT, browser_path
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright


def word() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))


def places(profile: Path, said: str) -> list[str]:
    """The files of a profile that hold a word."""
    found = []
    for path in profile.rglob("*"):
        if path.is_file():
            try:
                data = path.read_bytes()
            except OSError:
                continue
            if said.encode() in data or said.encode("utf-16-le") in data:
                found.append(path.relative_to(profile).as_posix())
    return sorted(found)


def opened(playwright: Playwright, profile: Path, *more: str) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        str(profile), executable_path=browser_path(), args=[*ARGUMENTS, *more]
    )


def written(context: BrowserContext, address: str, said: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.get_by_role("group", name="What one thing").get_by_role("textbox").fill(said)
    page.get_by_text("Kept in this tab.").first.wait_for()
    page.reload()  # a browser writes its storage out in its own time; a reload and a wait give it that
    time.sleep(12)
    return page


def tell(when: str, profile: Path, said: str) -> None:
    found = places(profile, said)
    print(f"{when:<62} {', '.join(found) if found else 'not found'}", flush=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "alongside.cli", "site", "--to", str(folder / "site")],
            cwd=ROOT,
            check=True,
        )
        address = (folder / "site" / "00-start-here.html").as_uri()

        kept, profile = word(), folder / "kept"
        context = opened(playwright, profile)
        print(f"Chromium {context.browser.version if context.browser else 'version not told'}\n")
        page = written(context, address, kept)
        tell("while the tab is open", profile, kept)
        page.close()
        time.sleep(12)
        tell("after the tab was closed", profile, kept)
        context.close()
        tell("after the browser was closed too", profile, kept)

        said, profile = word(), folder / "forgotten"
        context = opened(playwright, profile)
        page = written(context, address, said)
        page.get_by_role("button", name="My words").click()
        page.get_by_role("button", name="Forget everything here").click()
        time.sleep(12)
        tell("after Forget everything here", profile, said)
        page.close()
        context.close()
        tell("after Forget everything here, and the browser closed", profile, said)

        said, profile = word(), folder / "left"
        context = opened(playwright, profile)
        page = written(context, address, said)
        page.get_by_role("button", name="Quick exit").click()
        time.sleep(12)
        tell("after Quick exit", profile, said)
        context.close()
        tell("after Quick exit, and the browser closed", profile, said)

        said, profile = word(), folder / "restored"
        context = opened(playwright, profile)
        written(context, address, said)
        context.close()
        context = opened(playwright, profile, "--restore-last-session")
        time.sleep(5)
        tabs = [tab for tab in context.pages if tab.url == address]
        for tab in tabs:
            asked = tab.get_by_role("dialog", name="Is this still you?").is_visible()
            print(f"a tab came back after a restart; the page asked first: {asked}; ", end="")
            print(f"the word stood in the page: {said in tab.content()}")
        if not tabs:
            print("no tab came back after a restart with --restore-last-session")
        tell("after a restart", profile, said)
        context.close()

        said = word()
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = browser.new_page()  # Playwright's own contexts are what people know as a private window
        profiles = Path(tempfile.gettempdir())
        page.goto(address)
        page.get_by_role("group", name="What one thing").get_by_role("textbox").fill(said)
        time.sleep(12)
        found = [one for one in profiles.glob("playwright_chromiumdev_profile*") if places(one, said)]
        print(f"{'in a private window, while it is open':<62} {'found' if found else 'not found'}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
