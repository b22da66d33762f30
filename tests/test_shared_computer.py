"""What *Forget everything here* takes away on a computer that others use, and what it leaves: read in the browser's files.

The page for whoever looks after a shared tablet has the table. It is measured anew, in Chromium and at night in Firefox,
each with a profile on disk, and the page is held to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import ROOT, bytes_of
from engines import NotHere, Person, eventually, firefox, start_firefox
from hands import SHARE
from playwright.sync_api import Playwright
from test_engines import CARD, FORGET, FORGOTTEN, SAVE, at
from test_offline_copy import KEEP, KEEPS, KEPT, NOTHING, Host, Persistent
from test_offline_copy import PAGE as OFFLINE
from test_offline_copy import host as host  # the fixture

from alongside.words import say

pytestmark = pytest.mark.browser

WORD, ADDRESS, WORKER = "quietottersswimhome", f"{SHARE}.html", "offline-worker.js"
TABLE = ROOT / "data" / "about" / "shared-tablet.md"
#: Where each browser keeps what the table names, below its profile: names of files and folders.
CHROMIUM = {
    "typed": ("Web Data*",),
    "spelling": ("Custom Dictionary*",),
    "history": ("History*",),
    "memory": ("Cache_Data",),
    "tabs": ("Sessions",),
    "copy": ("CacheStorage",),
    "sign": ("Service Worker",),
}
FIREFOX = {
    "typed": ("formhistory.sqlite*",),
    "spelling": ("persdict.dat",),
    "history": ("places.sqlite*",),
    "memory": ("cache2",),
    "tabs": ("sessionstore*",),
    "copy": ("morgue",),
    "sign": ("serviceworker.txt", "caches.sqlite*", "cache2"),
}


def the_table() -> dict[str, str]:
    """What the page says of each thing, for both browsers."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("|")]
    (_, *rows) = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line
    ]
    assert len(rows) > 9
    return {row[0]: row[1] for row in rows}


def holds(profile: Path, words: str, names: tuple[str, ...] = ("*",)) -> bool:
    """Whether a text stands in a file of one of these names, or in a folder of one of them."""
    wanted = words.encode(), words.encode("utf-16-le")
    found = [path for name in names for path in profile.rglob(name)]
    files = [file for path in found for file in (path.rglob("*") if path.is_dir() else [path])]
    return any(one in unpacked(bytes_of(file)) for file in files if file.is_file() for one in wanted)


def unpacked(data: bytes) -> bytes:
    """What stands in a file; Firefox packs its list of tabs, in the LZ4 block format behind a mark and a length."""
    mark = b"mozLz40\0"
    if not data.startswith(mark):
        return data
    at, made = len(mark) + 4, bytearray()

    def more(length: int) -> int:
        """A length of 15 goes on in the bytes behind it, up to the first that is not 255."""
        nonlocal at
        while length >= 15:
            at += 1
            length += data[at - 1]
            if data[at - 1] < 255:
                break
        return length

    while at < len(data):
        token, at = data[at], at + 1
        plain = more(token >> 4)
        made += data[at : at + plain]
        at += plain
        if at < len(data):
            back = int.from_bytes(data[at : at + 2], "little")
            at += 2
            for _ in range(more(token & 15) + 4):
                made.append(made[-back])
    return bytes(made)


def visit(person: Person, host: Host, keep: bool = True) -> Path:
    """Somebody keeps the lessons on the device, writes, takes a file home, and forgets everything. Gives the file."""
    if keep:
        person.open(f"{host.home}{OFFLINE}.html").press(KEEP).sees(KEPT)
    person.open(f"{host.home}{SHARE}.html").type(WORD, within=at(CARD))
    person.press(say("page.my_words")).sees(say("page.bring_back"), "dialog")
    file = person.saved(lambda: person.press(SAVE, within="dialog"))
    assert WORD in file.read_text("utf-8")
    person.press(FORGET, within="dialog").sees(FORGOTTEN, "dialog")
    person.press(say("page.close"), within="dialog")
    if keep:
        eventually(lambda: person.ask(KEEPS) == NOTHING, "forgetting left something")
    person.open("reload").has("", "textbox", within=at(CARD))
    assert person.stored() == {}
    person.open(f"{host.home}index.html").back().has("", "textbox", within=at(CARD))
    return file


def measured(profile: Path, file: Path, where: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The table, from what a browser that has ended left. That nothing is on the page was seen in the visit."""
    found = {
        "Your words, on the page and in the tab": False,
        "Your words, when somebody presses Back": False,
        "What the browser offers when somebody types": holds(profile, WORD, where["typed"]),
        "The spell checker's own list of words": holds(profile, WORD, where["spelling"]),
        "Your words, in the list of tabs to bring back": holds(profile, WORD, where["tabs"]),
        # A sentence of a page that nobody opened.
        "The offline copy": holds(profile, "A quick way to see who has it is to follow", where["copy"]),
        "A sign that there was an offline copy": holds(profile, WORKER, where["sign"]),
        "The history: addresses of pages": holds(profile, ADDRESS, where["history"]),
        "Pages that you opened, in the browser's memory": holds(profile, ADDRESS, where["memory"]),
        "The list of tabs to bring back: addresses": holds(profile, ADDRESS, where["tabs"]),
        "A file that you saved": file.is_file(),
    }
    return {what: "stays" if there else "gone" for what, there in found.items()}


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    (tmp_path / "profile").mkdir()
    return tmp_path / "profile"


def test_what_forgetting_leaves_in_chromium_is_what_the_page_says(
    host: Host, playwright: Playwright, profile: Path
) -> None:
    person = Persistent(profile.parent, playwright)
    file = visit(person, host)
    person.leave()
    assert holds(profile, ADDRESS), "the browser wrote nothing, so nothing can be said"
    assert measured(profile, file, CHROMIUM) == the_table()


def start(profile: Path, **settings: object) -> Person:
    try:
        firefox()
    except NotHere as why:
        pytest.skip(f"not run: firefox: {why}")
    return start_firefox(profile.parent, profile=profile, more=settings)


@pytest.mark.nightly
@pytest.mark.engine
def test_what_forgetting_leaves_in_firefox_is_what_the_page_says(host: Host, profile: Path) -> None:
    person = start(profile)
    file = visit(person, host)
    person.leave()
    assert holds(profile, ADDRESS), "the browser wrote nothing, so nothing can be said"
    assert measured(profile, file, FIREFOX) == the_table()
    assert not holds(profile, WORD), "the README says that no word is left in Firefox"


@pytest.mark.nightly
@pytest.mark.engine
def test_firefox_that_never_remembers_history_leaves_no_address_and_no_word(
    host: Host, profile: Path
) -> None:
    person = start(profile, **{"browser.privatebrowsing.autostart": True})
    file = visit(person, host, keep=False)
    person.leave()
    assert not holds(profile, ADDRESS) and not holds(profile, WORD)
    assert file.is_file()
