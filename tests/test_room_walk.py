"""A room as people meet it, in a real browser: the facilitator, the wall, phones with and without scripts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Watched, free_port
from playwright.sync_api import Browser, Page, expect
from rooms import Room, at_hand, copied, everybody, few_lessons, press, running

from alongside.words import say

pytestmark = pytest.mark.browser
DOTS, SENTENCE = "promises-first", "one-sentence"
LIVE = "I can live with it"
STARTED = say("room.started_again")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with at_hand(copied(tmp_path), few_lessons(tmp_path / "lessons")) as room:
        yield room


@contextmanager
def opened(browser: Browser, address: str, width: int, height: int, **settings: object) -> Iterator[Page]:
    """A window of its own. The page in it must not complain, and asks nobody else for anything."""
    context = browser.new_context(viewport={"width": width, "height": height}, **settings)  # type: ignore[arg-type]
    page = context.new_page()
    watched = Watched(page)
    watched.watch(page)
    page.goto(address)
    yield page
    assert watched.other_hosts == []
    assert [error for error in watched.errors if "Failed to load resource" not in error] == []
    context.close()


def looked_at(page: Page) -> None:
    """Nothing that axe finds, and nothing wider than the window."""
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def fits(page: Page) -> None:
    """All of it on the wall at once, and large."""
    assert page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight") == 0
    sizes = page.evaluate(
        """[...document.querySelectorAll("main *")].filter(one => one.checkVisibility() && !one.closest("svg") &&
        [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .map(one => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert sizes and min(sizes) >= 28


def by_keyboard(page: Page, name: str) -> None:
    """Walk by Tab to what has this name, with the focus to be seen, and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and (
            focused.inner_text().strip() == name or focused.get_attribute("value") == name
        ):
            assert focused.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
            page.keyboard.press("Space" if focused.get_attribute("type") else "Enter")
            return
    raise AssertionError(f"Tab does not come to {name}")


def test_a_question_from_the_first_phone_to_the_wall(room: Room, chromium: Browser) -> None:
    with (
        opened(chromium, room.private, 1280, 800) as host,
        opened(chromium, f"{room.address}screen", 1024, 768) as wall,
    ):
        assert host.url == f"{room.address}host"
        light = wall.get_by_text(say("room.step_green"))
        expect(light).to_be_visible()
        late = wall.get_by_text(say("room.paper_today"))
        expect(late).to_be_hidden()
        delays = "document.getAnimations().map(one => one.effect.getTiming().delay)"
        assert wall.evaluate(delays) == [30_000]
        wall.evaluate("document.getAnimations().forEach(one => one.finish())")
        expect(late).to_be_visible()
        fits(wall)
        looked_at(wall)
        looked_at(host)
        with (
            opened(chromium, room.address, 320, 640) as small,
            opened(chromium, room.address, 390, 800, java_script_enabled=False) as plain,
            opened(chromium, room.address, 390, 800, color_scheme="dark") as dark,
        ):
            expect(wall.get_by_text(say("room.step_is_green"))).to_be_visible()
            expect(host.get_by_text(say("room.step_is_green"))).to_be_visible()
            expect(small.get_by_text(say("room.in_the_room"))).to_be_visible()
            looked_at(small)
            host.get_by_role("region", name="Where are you with").get_by_role("button", name="Open").focus()
            host.keyboard.press("Enter")
            expect(host.get_by_text(say("room.stage_open"))).to_be_visible()
            looked_at(host)

            # The one with scripts is followed by its page; the one without presses Look again.
            for phone in (small, dark):
                expect(phone.get_by_role("radio", name=LIVE)).to_be_visible()
                looked_at(phone)
            expect(wall.get_by_text(say("room.nothing_until_closed"))).to_be_visible()
            fits(wall)
            looked_at(wall)
            plain.get_by_role("link", name=say("room.look_again")).click()
            plain.get_by_role("radio", name=LIVE).check()
            plain.get_by_role("button", name=say("room.send")).click()
            expect(plain.get_by_role("heading", name=say("room.counted"))).to_be_visible()
            assert plain.url == room.address
            plain.reload()
            expect(plain.get_by_role("heading", name=say("room.counted"))).to_be_visible()
            by_keyboard(small, "I'm for it")  # Tab comes to a group's first step, and arrows go on from there
            small.keyboard.press("ArrowDown")
            expect(small.get_by_role("radio", name=LIVE)).to_be_checked()
            by_keyboard(small, say("room.send"))
            expect(small.get_by_role("heading", name=say("room.counted"))).to_be_visible()
            expect(small.locator("#status")).to_have_text(say("room.counted"))
            looked_at(small)

            dark.get_by_role("radio", name=LIVE).check()
            host.get_by_role("button", name=say("room.close")).click()
            expect(host.get_by_role("main").get_by_text(say("room.too_early"))).to_be_visible()
            for _ in range(2):
                with dark.expect_response(
                    room.address
                ):  # its page asks again, and what was chosen stays chosen
                    pass
            expect(dark.get_by_role("radio", name=LIVE)).to_be_checked()
            expect(wall.get_by_text(say("room.nothing_until_closed"))).to_be_visible()
            everybody(room, SENTENCE, [LIVE], [LIVE], ["I'm for it"])
            by_keyboard(host, say("room.close"))
            shown = say("room.most_are_at", option=LIVE)
            expect(host.get_by_text(say("room.stage_shown", says=shown))).to_be_visible()
            for page in (wall, small, dark):
                expect(page.get_by_role("main").get_by_text(shown)).to_be_visible()
                looked_at(page)
            fits(wall)
            looked_at(host)
            by_keyboard(host, say("room.open_again"))
            expect(dark.get_by_text(say("room.asked_before", says=shown))).to_be_visible()
            looked_at(dark)
            host.get_by_role("region", name="Where are you with").get_by_role(
                "button", name=say("room.paper")
            ).click()
            for page in (wall, small):
                expect(page.get_by_role("main").get_by_text("paper")).to_be_visible()
            plain.get_by_role("link", name=say("room.lessons")).click()
            expect(plain.get_by_role("heading", name="All lessons")).to_be_visible()


def test_where_the_room_dies_pages_say_so_and_the_way_on_and_find_it_again(
    tmp_path: Path, chromium: Browser
) -> None:
    questions, lessons, port = copied(tmp_path), few_lessons(tmp_path / "lessons"), free_port()
    with running(questions, lessons, port=port) as room:
        press(room.host(), "open", DOTS)
        with (
            opened(chromium, room.address, 390, 800) as phone,
            opened(chromium, f"{room.address}screen", 1024, 768) as wall,
        ):
            phone.get_by_role("checkbox").first.check()
            room.process.send_signal(signal.SIGKILL)
            room.process.wait(20)
            phone.get_by_role("button", name=say("room.send")).click()
            expect(phone.get_by_role("alert")).to_have_text(say("room.lost_phone"))
            expect(wall.get_by_role("alert")).to_have_text(say("room.lost_screen"))
            expect(phone.get_by_role("checkbox").first).to_be_checked()
            looked_at(phone)
            with running(questions, lessons, port=port) as again:
                expect(phone.get_by_text(STARTED)).to_be_visible()
                for page in (phone, wall):
                    expect(page.get_by_role("alert")).to_be_hidden()
                press(again.host(), "open", DOTS)
                phone.get_by_role("checkbox").first.check()
                phone.get_by_role("button", name=say("room.send")).click()
                expect(phone.get_by_role("heading", name=say("room.counted"))).to_be_visible()
