"""The room over HTTP, with a real server: what phones, the facilitator and strangers get."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from conftest import ROOT, free_port
from rooms import Browser, Room, ask, at_hand, copied, everybody, few_lessons, press, running

from alongside import cli
from alongside.errors import AlongsideError
from alongside.room import server
from alongside.room.phones import Bounds, Gate, Phones
from alongside.words import say

pytestmark = pytest.mark.slow
RATE = "say-why"
OFTEN, SELDOM = "Often", "Hardly ever"
DOTS, EACH_OTHER, PARTICIPANTS = (
    "promises-first",
    "The ones we make to each other",
    "The ones we make to participants",
)


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_lessons(tmp_path_factory.mktemp("published") / "lessons")


@pytest.fixture
def room(tmp_path: Path, lessons: Path) -> Iterator[Room]:
    with at_hand(copied(tmp_path / "own"), lessons) as room:
        yield room


# --- a question from beginning to end ---------------------------------------------------------------------


def test_a_question_is_opened_answered_closed_and_shown(room: Room) -> None:
    assert room.results() == {"question": None, "shown": False}
    host, phone = room.host(), room.phone()
    assert say("room.nothing_open") in phone.go("/").text
    press(host, "open", RATE)
    assert f'value="{OFTEN}"' in phone.go("/").text
    got = phone.answer(RATE, OFTEN)
    assert (got.status, got.header("location")) == (303, "/")
    assert say("room.counted") in phone.go("/").text
    assert room.results() == {"question": RATE, "shown": False}
    everybody(room, RATE, [OFTEN], [OFTEN], [SELDOM], [SELDOM])
    press(host, "close", RATE)
    assert room.results() == {"question": RATE, "shown": True, "says": f"Most are at: {OFTEN}"}
    for path in ("/", "/screen"):
        assert f"Most are at: {OFTEN}" in phone.go(path).text
    assert phone.answer(RATE, OFTEN).status == 409


def test_nothing_that_anybody_can_get_changes_with_an_answer_until_it_is_closed(room: Room) -> None:
    host, other = room.host(), room.phone()
    press(host, "open", RATE)

    def seen() -> list[str]:
        return [host.go("/host").text, *(other.go(path).text for path in ("/", "/screen", "/results.json"))]

    drawn = []
    for options in ([OFTEN], [SELDOM], [OFTEN]):
        everybody(room, RATE, options)
        press(host, "close", RATE)  # refused, and said so: the page is drawn anew
        drawn.append(re.sub(r'data-tag="[^"]*"', "", host.go("/host").text))
    assert drawn[0] == drawn[1] == drawn[2]
    before = seen()
    for options in ([OFTEN], [OFTEN], [SELDOM], [OFTEN]):
        everybody(room, RATE, options)
        assert seen() == before
    press(host, "close", RATE)
    assert not re.search(
        r"\b[67]\b|five|seven|six",
        " ".join(_words(one) for one in seen()).replace("fewer than five", "").replace("Fewer than five", ""),
    )


def _words(page: str) -> str:
    page = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>|127\.0\.0\.1:\d+", " ", page)


def test_a_second_answer_of_the_same_phone_changes_nothing(room: Room) -> None:
    host = room.host()
    press(host, "open", RATE)
    phones = everybody(room, RATE, [OFTEN], [OFTEN], [OFTEN], [SELDOM])
    for _ in range(4):
        assert phones[3].answer(RATE, SELDOM).status == 303
        assert phones[3].answer(RATE, OFTEN).status == 303
    press(host, "close", RATE)
    assert room.results()["shown"] is False, "four phones are four answers"
    everybody(room, RATE, [SELDOM])
    press(host, "close", RATE)
    assert room.results()["says"] == f"Most are at: {OFTEN}"


def test_several_dots_count_and_what_is_too_much_or_not_there_is_refused(room: Room) -> None:
    host, phone = room.host(), room.phone()
    press(host, "open", DOTS)
    for options in (
        [],
        ["Nothing of this"],
        [PARTICIPANTS, "Nothing of this"],
        [PARTICIPANTS, PARTICIPANTS],
        [PARTICIPANTS, EACH_OTHER, "The ones that management makes to us"],
    ):
        assert 400 <= phone.answer(DOTS, *options).status < 500
    assert phone.answer("another", OFTEN).status == 404
    assert phone.answer(RATE, OFTEN).status == 409, "it was not opened"
    everybody(room, DOTS, *[[PARTICIPANTS, EACH_OTHER]] * 3, [EACH_OTHER], [PARTICIPANTS])
    press(host, "close", DOTS)
    assert room.results()["says"] == "Mixed"


def test_another_question_puts_one_aside_and_paper_takes_its_answers_away(room: Room) -> None:
    host = room.host()
    press(host, "open", RATE)
    phones = everybody(room, RATE, *[[OFTEN]] * 5)
    press(host, "open", DOTS)
    assert room.phone().answer(RATE, OFTEN).status == 409
    assert room.results() == {"question": DOTS, "shown": False}
    press(host, "open", RATE)
    assert say("room.counted") in phones[0].go("/").text
    press(host, "paper", RATE)
    assert say("room.on_paper") in phones[0].go("/").text
    assert phones[0].answer(RATE, OFTEN).status == 409
    press(host, "close", RATE)
    assert room.results() == {"question": RATE, "shown": False}
    press(host, "open", RATE)
    press(host, "close", RATE)
    assert room.results()["shown"] is False, "what was answered before paper is gone"


def test_closing_is_for_good_and_asking_again_says_what_it_can_tell(room: Room) -> None:
    host = room.host()
    press(host, "open", RATE)
    everybody(room, RATE, *[[OFTEN]] * 7)
    press(host, "close", RATE)
    assert say("room.open_again") in host.go("/host").text
    press(host, "close", RATE)
    press(host, "open", RATE)
    assert room.results() == {"question": RATE, "shown": False}
    before = say("room.asked_before", says=f"Most are at: {OFTEN}")
    page = room.phone().go("/").text.replace("&#39;", "'")
    assert before in page and page.index(before) < page.index(say("room.send"))
    assert say("room.asked_before_wall", says=f"Most are at: {OFTEN}") in room.phone().go("/screen").text
    everybody(room, RATE, *[[SELDOM]] * 6)
    press(host, "close", RATE)
    assert room.results() == {"question": RATE, "shown": False}
    assert say("room.use_slips") in room.phone().go("/screen").text
    assert json.loads(room.shown.read_text())["shown"][0]["says"] == [f"Most are at: {OFTEN}"]


# --- what is kept --------------------------------------------------------------------------------------------


def test_on_the_disk_stands_what_was_shown_and_nothing_else(room: Room) -> None:
    host = room.host()
    press(host, "open", DOTS)
    everybody(room, DOTS, *[[EACH_OTHER]] * 5)
    assert [one.name for one in room.questions.parent.iterdir()] == ["room.yml"]
    press(host, "close", DOTS)
    press(host, "open", RATE)
    everybody(room, RATE, *[[OFTEN]] * 5)
    press(host, "close", RATE)
    whole = json.loads(room.shown.read_text(encoding="utf-8"))
    assert [entry["question"] for entry in whole["shown"]] == [RATE, DOTS], "in the order of the file"
    assert {key for entry in whole["shown"] for key in entry} == {"question", "text", "options", "says"}
    assert whole["shown"][1]["says"] == [f"Most dots: {EACH_OTHER}"]
    assert room.shown.stat().st_mtime == 946_684_800
    assert sorted(one.name for one in room.questions.parent.iterdir()) == ["room.shown.json", "room.yml"]


def test_a_room_that_dies_loses_what_is_open_says_so_and_what_was_closed_stands(
    tmp_path: Path, lessons: Path
) -> None:
    questions, port = copied(tmp_path / "own"), free_port()
    with running(questions, lessons, port=port) as room:
        host = room.host()
        press(host, "open", DOTS)
        everybody(room, DOTS, *[[EACH_OTHER]] * 5)
        press(host, "close", DOTS)
        press(host, "open", RATE)
        (phone,) = everybody(room, RATE, [OFTEN])
        room.process.send_signal(signal.SIGKILL)
        room.process.wait(20)
    with running(questions, lessons, port=port) as again:
        assert "room.shown.json" in again.printed
        refused = phone.answer(RATE, OFTEN)
        assert refused.status == 403 and say("room.started_again") in refused.text
        assert say("room.started_again") in phone.go("/").text
        assert host.go("/host").status == 403, "the private address is another one"
        host = again.host()
        assert f"Most dots: {EACH_OTHER}" in host.go("/host").text
        press(host, "open", DOTS)
        assert again.results() == {"question": None, "shown": False}, "closed is closed"
        press(host, "open", RATE)
        assert phone.answer(RATE, OFTEN).status == 303
        everybody(again, RATE, *[[OFTEN]] * 3)
        press(host, "close", RATE)
        assert again.results()["shown"] is False, "the answer of before is gone"


def test_nothing_is_written_of_a_request_to_the_terminal_or_anywhere(tmp_path: Path, lessons: Path) -> None:
    with running(copied(tmp_path / "own"), lessons) as room:
        assert say("room.who_can_read") in room.printed
        assert len(urlsplit(room.private).path.rpartition("/")[2]) * 6 >= 128
        _use(room)
        room.process.send_signal(signal.SIGINT)
        said, wrong = room.process.communicate(timeout=30)
    assert (said.strip(), wrong) == (say("room.ended"), "") and room.process.returncode == 0
    assert {one.name for one in tmp_path.rglob("*") if one.is_file()} == {"room.yml", "room.shown.json"}


def _use(room: Room) -> None:
    host = room.host()
    press(host, "open", RATE)
    everybody(room, RATE, *[[OFTEN]] * 5)
    for path in ("/nothing", "/host/wrong", "/lessons/nothing.html", "/answer"):
        ask(room.address, path)
    where = urlsplit(room.address)
    with socket.create_connection((where.hostname, where.port or 0)) as line:
        line.sendall(b"NO HTTP AT ALL\r\n\r\n")
        line.recv(1000)
    press(host, "close", RATE)


# --- who may do what ---------------------------------------------------------------------------------------


def test_the_private_address_is_long_and_gives_a_cookie_and_a_clean_address(room: Room) -> None:
    path = urlsplit(room.private).path
    got = ask(room.address, path)
    assert (got.status, got.header("location")) == (303, "/host")
    assert {"httponly", "samesite=strict"} <= {
        part.strip().lower() for part in got.header("set-cookie").split(";")
    }
    assert path.rpartition("/")[2] not in got.header("set-cookie")
    for wrong in (path[:-1], path + "x", "/host/" + "x" * 32, "/host/%C3%A9"):
        assert ask(room.address, wrong).status == 404
    name = got.header("set-cookie").partition("=")[0]
    for cookie in ("", f"{name}=", f"{name}=x", f"{name}={path.rpartition('/')[2]}"):
        assert ask(room.address, "/host", cookie=cookie).status == 403
        for button in ("open", "close", "paper"):
            got = ask(room.address, f"/host/{button}", urlencode({"question": RATE}), cookie=cookie)
            assert got.status == 403
    assert room.results() == {"question": None, "shown": False}
    assert path not in room.phone().go("/screen").text + room.host().go("/host").text


def test_two_circles_have_a_room_each_on_one_laptop(room: Room, tmp_path: Path) -> None:
    """A browser brings the same cookies to every port of a computer, so that one room must not take those of the other."""
    with at_hand(copied(tmp_path / "second"), few_lessons(tmp_path / "more")) as second:
        host, phone = room.host(), room.phone()
        for one in (host, phone):
            one.address = second.address
        host.go(urlsplit(second.private).path)
        assert say("room.started_again") not in phone.go("/").text
        for address in (room.address, second.address):
            host.address = phone.address = address
            assert host.go("/host").status == 200
            press(host, "open", RATE)
            assert phone.answer(RATE, OFTEN).status == 303
            assert say("room.counted") in phone.go("/").text
        # In each of them it has answered, once.
        phone.address = room.address
        assert say("room.counted") in phone.go("/").text
        assert len(phone.cookies) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such marks of files")
def test_two_rooms_do_not_write_over_what_the_other_showed(tmp_path: Path, lessons: Path) -> None:
    questions = copied(tmp_path)
    with running(questions, lessons) as first:
        second = ["room", str(questions), "--host", "127.0.0.1", "--port", str(free_port())]
        told = subprocess.run(
            [sys.executable, "-m", "alongside.cli", *second],
            capture_output=True,
            text=True,
            timeout=30,  # one that is let in would never end
            check=False,
        )
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr.strip() == say("room.two_rooms", file=questions)
        host = first.host()
        press(host, "open", RATE)
        first.process.kill()
        first.process.wait()
    # A room that was killed keeps nobody out.
    with running(questions, lessons) as again:
        assert ask(again.address, "/").status == 200


def test_a_cookie_that_the_room_did_not_sign_counts_for_nothing(room: Room) -> None:
    host, phone = room.host(), room.phone()
    press(host, "open", RATE)
    ((name, cookie),) = phone.cookies.items()
    id, _, signature = cookie.partition(".")
    for forged in (f"{id}x.{signature}", f"{id}.", id, "x.y", f"{id}.{signature[:-1]}"):
        stranger = Browser(room.address, {name: forged})
        assert stranger.answer(RATE, SELDOM).status == 403
    assert Browser(room.address).answer(RATE, SELDOM).status == 403
    everybody(room, RATE, *[[OFTEN]] * 4)
    press(host, "close", RATE)
    assert room.results()["shown"] is False
    assert {"httponly", "samesite=lax"} <= {
        part.strip().lower() for part in ask(room.address, "/").header("set-cookie").split(";")
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_a_post_from_another_page_is_refused(headers: dict[str, str], room: Room) -> None:
    host, phone = room.host(), room.phone()
    assert host.go("/host/open", urlencode({"question": RATE}), **headers).status == 403
    press(host, "open", RATE)
    assert phone.answer(RATE, OFTEN, **headers).status == 403
    assert say("room.counted") not in phone.go("/").text
    own = room.address.rstrip("/")
    assert phone.answer(RATE, OFTEN, origin=own, sec_fetch_site="same-origin").status == 303


def test_the_room_answers_to_its_own_address_alone(room: Room) -> None:
    port = urlsplit(room.address).port
    for other in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"localhost:{port}", ""):
        for path in ("/", "/screen", "/results.json", "/lessons/", urlsplit(room.private).path):
            got = ask(room.address, path, host=other)
            assert got.status in (400, 421) and not got.header("set-cookie")


def test_every_page_keeps_out_of_frames_and_caches_and_asks_nobody_else(room: Room) -> None:
    host = room.host()
    press(host, "open", RATE)
    for path in ("/", "/screen", "/host", "/results.json", "/lessons/", "/nothing"):
        got = host.go(path)
        assert "frame-ancestors 'none'" in got.header("content-security-policy"), path
        assert got.header("x-frame-options") == "DENY"
        assert got.header("cache-control") == "no-store"
        assert got.header("x-content-type-options") == "nosniff"
        assert not {"date", "server", "last-modified"} & {name.lower() for name, _ in got.headers}
        if path not in ("/lessons/", "/results.json"):
            assert "default-src 'none'" in got.header("content-security-policy")
            assert not re.search(r"(?:src|href|action)=.?(?:https?:)?//(?!127\.0\.0\.1)", got.text)


def test_what_a_phone_sends_is_bounded(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.5)  # seconds
    host, phone = room.host(), room.phone()
    press(host, "open", RATE)
    assert phone.go("/answer", b"x" * 16_001).status == 413
    assert phone.go("/answer", "&".join(["option=x"] * 50)).status == 400
    assert phone.go("/answer", b"question=\xff").status == 400
    assert phone.go("/answer", "{}", content_type="application/json").status == 415
    for method in ("PUT", "DELETE"):
        assert phone.go("/", method=method).status == 405
    where = urlsplit(room.address)
    ((name, cookie),) = phone.cookies.items()
    head = f"POST /answer HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {name}={cookie}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as unsaid:
        unsaid.sendall(head.encode() + b"4000\r\n" + b"x" * 0x4000 + b"\r\n0\r\n\r\n")
        assert b" 413 " in unsaid.recv(1000).splitlines()[0], "a body that doesn't say how long it is"
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as long, suppress(OSError):
        long.sendall(b"GET /?" + b"x" * 200_000)
        assert b" 400 " in long.recv(1000).splitlines()[0]
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as silent:
        assert silent.recv(1000) == b"", "whoever says nothing is not waited for either"
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x")
        assert slow.recv(1000) == b"", "half a request is not waited for"
    assert phone.answer(RATE, OFTEN).status == 303


def test_one_phone_that_asks_without_end_is_stopped_and_the_others_are_not(room: Room) -> None:
    loud, quiet = room.phone(), room.phone()
    assert 429 in {loud.go("/").status for _ in range(130)}  # more than two windows take, wherever one begins
    assert quiet.go("/").status == 200


def test_the_count_of_requests_ends_with_its_window_and_never_looks_at_addresses() -> None:
    now = [0.0]
    gate = Gate(lambda: now[0], Bounds(seconds=10, of_one=2, of_new=3, of_all=7))
    assert [gate.lets_in("phone-one") for _ in range(3)] == ["in", "in", "too_often"]
    assert [gate.lets_in(None) for _ in range(4)] == ["in", "in", "in", "full"]
    assert gate.lets_in("phone-two") == "full", "of all"
    now[0] = 10.0
    assert [gate.lets_in(id) for id in ("phone-one", "phone-two", None)] == ["in"] * 3
    assert "phone" not in repr(gate._each) and len(gate._each) == 2


def test_an_id_is_known_by_its_signature_alone() -> None:
    phones = Phones()
    phone = phones.who(None)
    assert phones.who(phone.cookie).id == phone.id and not phones.who(phone.cookie).new
    other = Phones().who(phone.cookie)
    assert other.new and other.was_here_before and not phone.was_here_before


# --- pages -----------------------------------------------------------------------------------------------------


def test_a_phones_page_is_small_and_says_who_can_read_before_the_first_question(room: Room) -> None:
    host, phone = room.host(), room.phone()
    assert say("room.who_can_read") in phone.go("/").text
    press(host, "open", DOTS)
    page = phone.go("/").text
    assert len(page.encode()) <= 30_000
    assert page.index(say("room.who_can_read")) < page.index("<form")
    assert "cookie" not in page.lower()


def test_a_page_that_has_not_changed_is_not_sent_again(room: Room) -> None:
    phone = room.phone()
    tag = phone.go("/").header("etag")
    assert phone.go("/", if_none_match=tag).status == 304
    press(room.host(), "open", RATE)
    assert phone.go("/", if_none_match=tag).status == 200


def test_lessons_are_there_to_read_and_nothing_beside_them(room: Room) -> None:
    phone = room.phone()
    assert "All lessons" in phone.go("/lessons/").text
    assert "Share power" in phone.go("/lessons/exercises/05-share-power.html").text
    assert phone.go("/lessons").header("location") == "/lessons/"
    for path in ("../index.html", "%2e%2e/own/room.yml", ".alongside-site.json", "exercises", "/etc/passwd"):
        assert phone.go(f"/lessons/{path}").status == 404
    assert phone.go("/lessons/", "x=1").status == 405


# --- starting and ending -----------------------------------------------------------------------------------------


COMMAND = [sys.executable, "-m", "alongside.cli", "room"]


Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """What the command says where it can't begin."""

    def told(*words: str) -> str:
        assert cli.main(["room", *words]) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1
        return said.err.strip()

    return told


def test_what_keeps_a_room_from_starting_is_one_sentence(
    tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = str(copied(tmp_path))
    for address in ("0.0.0.0", "::", "[::]", "0", "255.255.255.255"):
        assert refused(questions, "--host", address) in (
            say("room.all_addresses"),
            say("room.no_such_address", host=address),
        )
    assert refused(questions, "--host", "8.8.8.8") == say("room.public_address")
    assert refused(questions, "--host", "example.org") == say("room.no_such_address", host="example.org")
    assert refused(questions, "--host", "10.255.254.253") == say("room.not_here", host="10.255.254.253")
    assert refused(str(tmp_path)) == say("room.a_folder", path=tmp_path)
    assert refused(str(tmp_path / "no.yml")) == say("room.no_file", path=tmp_path / "no.yml")
    for name in ("JUPYTERHUB_USER", "BINDER_SERVICE_HOST"):
        with monkeypatch.context() as there:
            there.setenv(name, "x")
            assert refused(questions, "--host", "127.0.0.1") == say("room.on_strangers")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = refused(str(questions), "--host", "127.0.0.1", "--port", str(port))
        assert told == say("room.port_taken", port=port, other=port + 1)
    (tmp_path / "room.shown.json").write_text('{"alongside_room": 1, "shown": [{"question": "x"}]}')
    assert refused(questions, "--host", "127.0.0.1") == say(
        "room.other_questions", file=tmp_path / "room.shown.json"
    )


def test_the_one_private_address_is_found_and_of_several_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for found, key in (([], "room.no_address"), (["10.0.0.2", "192.168.1.5"], "room.several_addresses")):
        monkeypatch.setattr(server, "private_addresses", lambda found=found: found)
        with pytest.raises(AlongsideError) as told:
            server._where(None)
        assert str(told.value) == say(key, **({"addresses": ", ".join(found)} if found else {}))
    monkeypatch.setattr(server, "private_addresses", lambda: ["192.168.1.5"])
    assert server._where(None) == "192.168.1.5"
    monkeypatch.undo()
    assert all(
        re.fullmatch(r"[\d.]+", one) and not one.startswith("127.") for one in server.private_addresses()
    )


def test_the_command_starts_a_room_with_the_lessons_and_ctrl_c_ends_all_of_it(tmp_path: Path) -> None:
    port = free_port()
    room = subprocess.Popen(
        [*COMMAND, str(copied(tmp_path)), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        assert room.stdout is not None
        printed = "".join(iter(lambda: room.stdout.readline(), say("room.ctrl_c") + "\n"))  # type: ignore[union-attr]
        address = f"http://127.0.0.1:{port}/"
        assert say("room.phones", address=address) in printed and "█" in printed
        assert ask(address, "/").status == 200
        soon = ask(address, "/lessons/")
        assert (soon.status, say("room.lessons_soon") in soon.text) == (503, True)
        family = psutil.Process(room.pid).children(recursive=True)
        assert family
    finally:
        room.send_signal(signal.SIGINT)
        said, wrong = room.communicate(timeout=60)
    assert (room.returncode, said.strip(), wrong) == (0, say("room.ended"), "")
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    assert [one.name for one in tmp_path.iterdir()] == ["room.yml"]


@pytest.mark.nightly
def test_the_lessons_of_the_course_are_published_beside_the_room(tmp_path: Path) -> None:
    port = free_port()
    room = subprocess.Popen(
        [*COMMAND, str(copied(tmp_path)), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        for _ in range(300):
            time.sleep(1)
            try:
                if ask(f"http://127.0.0.1:{port}/", "/lessons/05-share-power.html").status == 200:
                    break
            except OSError:
                continue
        page = ask(f"http://127.0.0.1:{port}/", "/lessons/05-share-power.html")
        assert page.status == 200 and "alongside-activity" in page.text
        assert psutil.Process(room.pid).memory_info().rss < 80_000_000
        family = psutil.Process(room.pid).children(recursive=True)
        room.send_signal(signal.SIGKILL)
        room.wait(20)
        _, alive = psutil.wait_procs(family, timeout=20)
        assert alive == [] and [one.name for one in tmp_path.iterdir()] == ["room.yml"]
    finally:
        if room.poll() is None:
            room.kill()
            room.wait()


def test_nothing_heavy_is_loaded_into_the_rooms_process() -> None:
    code = "import sys, alongside.room.server; print(*sorted({'pandas', 'numpy', 'matplotlib', 'nbconvert', 'IPython'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "\n"
