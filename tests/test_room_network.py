"""A room in a network of its own, as phones and a laptop have it on one Wi-Fi without internet; and what goes wrong there.

Two network namespaces of Linux, joined by a cable: needs root. Whoever keeps phones apart (many hotspots do) lets frames go
nowhere: here the phone is told a wrong hardware address.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ARGUMENTS, browser_path
from playwright.sync_api import Browser, Page, Playwright, expect
from rooms import Process, copied, few_lessons, running

from alongside.words import say

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
LAPTOP, PHONE, ELSEWHERE = "10.77.0.1", "10.77.0.2", "10.77.0.9"
WITHIN = 20_000  # milliseconds; the promise is 20 seconds
LIVE = "I can live with it"
NOWHERE = "02:00:00:00:00:99"

RECORD = """
import socket, sys
line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
line.bind((sys.argv[1], 0))
print("listening", flush=True)
with open(sys.argv[2], "wb") as file:
    while True:
        file.write(line.recv(65536))
        file.flush()
"""


@dataclass
class Wifi:
    """A laptop and a phone, each with a browser, on one network that leads nowhere else."""

    name: str
    laptop: Browser
    phone: Browser

    def run(self, side: str, *words: str) -> None:
        subprocess.run([*self.inside(side), *words], check=True, capture_output=True)

    def inside(self, side: str) -> list[str]:
        return ["ip", "netns", "exec", f"{self.name}{side}"]

    def keep_apart(self) -> None:
        self.run("p", "ip", "neigh", "replace", LAPTOP, "lladdr", NOWHERE, "dev", "wifi")

    def bring_together(self) -> None:
        self.run("p", "ip", "neigh", "del", LAPTOP, "dev", "wifi")


@pytest.fixture(scope="module")
def wifi(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wifi]:
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("not run: network namespaces need root on Linux, and the command ip")
    name, folder = f"al{secrets.token_hex(2)}", tmp_path_factory.mktemp("wifi")

    def ip(*words: str) -> None:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"not run: this system gives no network namespaces ({done.stderr.strip()})")

    browsers: list[Browser] = []
    try:
        for side in "lp":
            ip("netns", "add", f"{name}{side}")
        ip(
            "link",
            "add",
            "wifi",
            "netns",
            f"{name}l",
            "type",
            "veth",
            "peer",
            "name",
            "wifi",
            "netns",
            f"{name}p",
        )
        for side, address in (("l", LAPTOP), ("p", PHONE)):
            ip("-n", f"{name}{side}", "addr", "add", f"{address}/24", "dev", "wifi")
            for link in ("lo", "wifi"):
                ip("-n", f"{name}{side}", "link", "set", link, "up")
            starter = folder / f"browser-{side}"
            starter.write_text(f'#!/bin/sh\nexec ip netns exec {name}{side} "{browser_path()}" "$@"\n')
            starter.chmod(starter.stat().st_mode | stat.S_IXUSR)
            browsers.append(playwright.chromium.launch(executable_path=starter, args=ARGUMENTS))
        yield Wifi(name, *browsers)
    finally:
        for browser in browsers:
            browser.close()
        for side in "lp":
            subprocess.run(["ip", "netns", "del", f"{name}{side}"], check=False, capture_output=True)


@pytest.fixture
def room(wifi: Wifi, tmp_path: Path) -> Iterator[Process]:
    """A room on the laptop, which finds its one private address by itself."""
    lessons = few_lessons(tmp_path / "lessons")
    with running(copied(tmp_path), lessons, host="", before=wifi.inside("l")) as room:
        assert room.address.startswith(f"http://{LAPTOP}:")
        yield room


@contextmanager
def page_of(browser: Browser, address: str, **settings: object) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, **settings)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.fixture
def host(wifi: Wifi, room: Process) -> Iterator[Page]:
    with page_of(wifi.laptop, room.private) as page:
        yield page


def press(host: Page, button: str) -> None:
    host.get_by_role("region", name="Where are you with").get_by_role("button", name=button).click()


def answer(phone: Page, option: str = LIVE) -> None:
    phone.get_by_role("radio", name=option).check()
    phone.get_by_role("button", name=say("room.send")).click()


def test_without_internet_a_room_works_and_the_light_is_green_when_a_phone_came(
    wifi: Wifi, room: Process, host: Page
) -> None:
    with page_of(wifi.laptop, room.address) as own:
        own.get_by_text(say("room.in_the_room")).wait_for()
    expect(host.get_by_text(say("room.step_green"))).to_be_visible()  # the laptop itself is no phone
    with page_of(wifi.phone, room.address) as phone:
        expect(host.get_by_text(say("room.step_is_green"))).to_be_visible(timeout=WITHIN)
        press(host, say("room.open"))
        answer(phone)
        expect(phone.get_by_role("heading", name=say("room.counted"))).to_be_visible()


def test_where_phones_are_kept_apart_nothing_turns_green_and_the_wall_says_paper(
    wifi: Wifi, room: Process, host: Page
) -> None:
    wifi.keep_apart()
    try:
        with page_of(wifi.laptop, f"{room.address}screen") as wall:
            expect(wall.get_by_text(say("room.paper_today"))).to_be_visible(timeout=40_000)
            expect(host.get_by_text(say("room.paper_today"))).to_be_visible(timeout=40_000)
    finally:
        wifi.bring_together()


def _apart(wifi: Wifi, room: Process) -> None:
    wifi.keep_apart()


def _elsewhere(wifi: Wifi, room: Process) -> None:
    wifi.run("l", "ip", "addr", "del", f"{LAPTOP}/24", "dev", "wifi")
    wifi.run("l", "ip", "addr", "add", f"{ELSEWHERE}/24", "dev", "wifi")


def _killed(wifi: Wifi, room: Process) -> None:
    room.process.send_signal(signal.SIGKILL)
    room.process.wait(20)


@pytest.mark.parametrize("what_happens", [_apart, _elsewhere, _killed])
def test_when_the_room_is_lost_the_phone_says_so_within_twenty_seconds_and_how_to_go_on(
    what_happens: Callable[[Wifi, Process], None], wifi: Wifi, room: Process, host: Page
) -> None:
    try:
        with page_of(wifi.phone, room.address) as waiting, page_of(wifi.phone, room.address) as answering:
            press(host, say("room.open"))
            answering.get_by_role("radio", name=LIVE).check()
            what_happens(wifi, room)
            answering.get_by_role("button", name=say("room.send")).click()
            for phone in (answering, waiting):
                expect(phone.get_by_role("alert")).to_have_text(say("room.lost_phone"), timeout=WITHIN)
            if what_happens is not _apart:
                expect(host.get_by_role("alert")).to_have_text(say("room.lost_screen"), timeout=WITHIN)
            if what_happens is _elsewhere:
                assert room.process.stderr is not None
                assert room.process.stderr.readline().strip() == say("room.address_gone", host=LAPTOP)
            if what_happens is _apart:
                wifi.bring_together()
                answering.get_by_role("button", name=say("room.send")).click()
                expect(answering.get_by_role("heading", name=say("room.counted"))).to_be_visible()
                expect(waiting.get_by_role("alert")).to_be_hidden()
    finally:
        if what_happens is _elsewhere:
            wifi.run("l", "ip", "addr", "del", f"{ELSEWHERE}/24", "dev", "wifi")
            wifi.run("l", "ip", "addr", "add", f"{LAPTOP}/24", "dev", "wifi")


def test_where_packets_are_lost_now_and_then_each_phone_counts_once(
    wifi: Wifi, room: Process, host: Page
) -> None:
    over = threading.Event()

    def now_and_then() -> None:
        while not over.wait(1.2):
            wifi.keep_apart()
            over.wait(0.8)
            wifi.bring_together()

    press(host, say("room.open"))
    bad = threading.Thread(target=now_and_then)
    contexts = []
    try:
        for _ in range(4):
            contexts.append(page_of(wifi.phone, room.address))
        phones = [context.__enter__() for context in contexts]
        bad.start()
        for phone in phones:
            for _ in range(6):
                answer(phone)
                try:
                    expect(phone.get_by_role("heading", name=say("room.counted"))).to_be_visible(
                        timeout=10_000
                    )
                    break
                except AssertionError:
                    continue
            expect(phone.get_by_role("heading", name=say("room.counted"))).to_be_visible()
    finally:
        over.set()
        bad.join()
        for context in contexts:
            context.__exit__(None, None, None)
    press(host, say("room.close"))
    expect(
        host.get_by_role("main").get_by_text(say("room.too_early"))
    ).to_be_visible()  # four, however often they were sent


def test_a_recording_of_the_network_shows_what_the_page_says_it_shows_and_no_more(
    wifi: Wifi, room: Process, host: Page, tmp_path: Path
) -> None:
    file = tmp_path / "recording"
    recorder = subprocess.Popen(
        [*wifi.inside("l"), sys.executable, "-c", RECORD, "wifi", str(file)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert recorder.stdout is not None and recorder.stdout.readline() == "listening\n"
        with page_of(wifi.phone, room.address) as first:
            assert say("room.who_can_read") in first.inner_text("main")  # before any question
            press(host, say("room.open"))
            answer(first)
            first.get_by_role("heading", name=say("room.counted")).wait_for()
            for option in (LIVE, LIVE, "I'm for it", "I'm for it"):
                with page_of(wifi.phone, room.address) as phone:
                    answer(phone, option)
                    phone.get_by_role("heading", name=say("room.counted")).wait_for()
            before = file.read_bytes()
            press(host, say("room.close"))
            expect(first.get_by_role("main").get_by_text(f"Most are at: {LIVE}")).to_be_visible()
        whole = file.read_bytes()
    finally:
        recorder.kill()
        recorder.wait()
    # What whoever runs the Wi-Fi can see: which phone sends which answer. So the page says it.
    assert bytes(map(int, PHONE.split("."))) in before
    assert b"option=I+can+live+with+it" in before and b"option=I%27m+for+it" in before
    # And what nobody can: a result before it is closed, a count, the facilitator's address or cookie.
    assert b"Most are at" not in before and b"Most are at" in whole
    assert room.private.rpartition("/")[2].encode() not in whole and not re.search(rb"host\d*=", whole)
    assert b'answered":' not in whole and b"/host" not in whole
