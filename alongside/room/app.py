"""The room over HTTP: a page for phones, one for the screen, one for the facilitator, and the published lessons.

:class:`_Door` stands before everything: it looks at the host that was asked for, at where a post comes from, at how many
requests come in, and puts onto every answer what keeps it out of frames and caches. Nothing is logged, anywhere.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl

import segno
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alongside import templates
from alongside.room.hall import Answered, Hall
from alongside.room.phones import USUAL, Bounds, Gate, Phone, Phones
from alongside.words import say

__all__ = ["Lessons", "make"]

FOLDER = Path(__file__).parent
#: Bytes of what a phone sends, and seconds in which it has to have come.
BODY, SECONDS_FOR_A_BODY = 16_000, 10
#: Fields of one form.
FIELDS = 40
#: Names of the two cookies, before the room's port: a browser has the same cookies for every port of a computer, and two circles may
#: have a room each on one laptop.
PHONE, HOST = "phone", "host"
_KINDS_OF_FILES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".js": "text/javascript"}


class Lessons(Protocol):
    """The published pages, which may still be in the making."""

    @property
    def ready(self) -> bool: ...
    @property
    def failed(self) -> bool: ...
    def file(self, path: str) -> Path | None:
        """The file of a page by its address below ``/lessons/``; None where there is none."""
        ...


@cache
def _sheet() -> str:
    text = re.sub(r"/\*[\s\S]*?\*/\n?", "", (FOLDER / "room.css").read_text(encoding="utf-8"))
    return re.sub(r"\s*([{};,])\s*", r"\1", text).strip()


@cache
def _script() -> str:
    text = (FOLDER / "follow.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@cache
def _policy() -> str:
    return (
        f"default-src 'none'; script-src {_hash(_script())}; style-src {_hash(_sheet())}; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'"
    )


def _page(page: str, status: str, tag: str = "", **values: object) -> str:
    """A page by its name. ``status`` is what a screen reader says when it comes, and ``tag`` what it is known by; a page without
    one stays until somebody goes on."""
    own = {"page": page, "status": status, "tag": tag}
    return templates.fill(
        FOLDER / f"{page}.html.j2", policy=_policy(), style=_sheet(), script=_script(), **own, **values
    )


def _said(sentence: str, status: int, back: str = "/", headers: dict[str, str] | None = None) -> HTMLResponse:
    """A page of one sentence, with the way back."""
    return HTMLResponse(_page("said", sentence, sentence=sentence, back=back), status, headers)


def make(
    hall: Hall,
    lessons: Lessons,
    authority: str,
    own_address: str,
    secret: str,
    clock: Callable[[], float] = time.monotonic,
    bounds: Bounds = USUAL,
) -> ASGIApp:
    """The room as an ASGI application.

    ``authority``: the host and port that phones ask for, ``own_address``: this computer's address there; ``secret``: the last part
    of the facilitator's private address.
    """
    phones = Phones()
    pages = _Pages(hall, lessons, phones, authority, own_address, secret)
    routes = [
        Route("/", pages.phone),
        Route("/answer", pages.answer, methods=["POST"]),
        Route("/results.json", pages.results),
        Route("/screen", pages.screen),
        Route("/lessons", pages.to_lessons),
        Route("/lessons/{path:path}", pages.lesson),
        Route("/host", pages.host),
        Route("/host/open", pages.press(pages.open), methods=["POST"]),
        Route("/host/close", pages.press(pages.close), methods=["POST"]),
        Route("/host/paper", pages.press(pages.paper), methods=["POST"]),
        Route("/host/{secret}", pages.private),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: pages.no_page})
    return _Door(app, authority, Gate(clock, bounds), pages.phone_of, pages.is_host)


class _Pages:
    def __init__(
        self, hall: Hall, lessons: Lessons, phones: Phones, authority: str, own_address: str, secret: str
    ) -> None:
        self.hall, self.lessons, self.phones = hall, lessons, phones
        self.address = f"http://{authority}/"
        port = authority.rpartition(":")[2]
        self._phone_cookie, self._host_cookie = PHONE + port, HOST + port
        self._own_address, self._secret = own_address, secret
        self._host_key = secrets.token_urlsafe(24)
        #: Another run of the program makes other tags.
        self._run = secrets.token_urlsafe(6)
        self._drawn: dict[str, str] = {}
        # White around the code, so that a camera finds it on a dark page as well.
        self._code = segno.make(self.address, error="m").svg_inline(
            border=3, light="#fff", omitsize=True, title=say("room.code")
        )

    # --- phones ------------------------------------------------------------------------------------

    def phone_of(self, headers: Headers) -> Phone:
        return self.phones.who(_cookie(headers, self._phone_cookie))

    async def phone(self, request: Request) -> Response:
        phone = self.phone_of(request.headers)
        if not self.hall.reached and self._is_a_phone(request):
            self.hall.came()
        answered = self.hall.has_answered(phone.id)
        tag = self._tag("phone", str(answered), str(phone.was_here_before))
        if request.headers.get("if-none-match") == tag and not phone.new:
            return Response(status_code=304)
        page = self._once(
            tag,
            lambda: _page(
                "phone",
                self._status(answered),
                tag,
                asked=self.hall.front,
                answered=answered,
                before=phone.was_here_before and not answered,
            ),
        )
        return self._with_cookie(HTMLResponse(page, headers={"etag": tag}), phone)

    async def answer(self, request: Request) -> Response:
        phone = self.phone_of(request.headers)
        if phone.new:
            # Without a cookie nobody could tell an answer from the same one sent twice.
            known = say("room.started_again") if phone.was_here_before else say("room.no_cookie")
            return self._with_cookie(_said(known, 403), phone)
        fields = await _fields(request)
        asked = [value for name, value in fields if name == "question"]
        options = [value for name, value in fields if name == "option"]
        if len(asked) != 1:
            return _said(say("room.no_such_question"), 400)
        return self._told(self.hall.answer(phone.id, asked[0], options))

    def _status(self, answered: bool) -> str:
        """What the question in front has come to, in a few words."""
        match self.hall.front and self.hall.front.stage:
            case "open":
                return say("room.counted") if answered else say("room.is_open")
            case "shown":
                return str(self.hall.results()["says"])
            case "paper" | "slips":
                return say("room.on_paper")
            case _:
                return ""

    def _told(self, how: Answered) -> Response:
        match how:
            case "counted" | "before":
                return RedirectResponse("/", 303)
            case "closed":
                return _said(say("room.closed_already"), 409)
            case "paper":
                return _said(say("room.on_paper"), 409)
            case "no_question":
                return _said(say("room.no_such_question"), 404)
            case "no_option":
                return _said(say("room.choose_first"), 400)
            case "too_many":
                return _said(say("room.too_many"), 400)
            case "full":
                return _said(say("room.full"), 503)

    async def results(self, request: Request) -> Response:
        return JSONResponse(self.hall.results())

    def _is_a_phone(self, request: Request) -> bool:
        """Whether this comes from another device than the one that the room runs on. The address is looked at, and not kept."""
        if self.is_host(request.headers):
            return False
        here = self._own_address.startswith("127.") or self._own_address == "::1"
        return here or (request.client is not None and request.client.host != self._own_address)

    def _with_cookie(self, response: Response, phone: Phone) -> Response:
        if phone.cookie:
            # Lax: a link to the room in somebody's message must not make a second phone of this one.
            _set_cookie(response, self._phone_cookie, phone.cookie, "SameSite=Lax")
        return response

    # --- the screen, and lessons -------------------------------------------------------------------

    async def screen(self, request: Request) -> Response:
        tag = self._tag("screen", str(self.hall.reached))
        return self._unless_known(
            request,
            tag,
            lambda: _page(
                "screen",
                self._status(answered=False),
                tag,
                asked=self.hall.front,
                title=self.hall.title,
                reached=self.hall.reached,
                address=self.address,
                code=self._code,
            ),
        )

    async def to_lessons(self, request: Request) -> Response:
        return RedirectResponse("/lessons/", 307)

    async def lesson(self, request: Request) -> Response:
        if not self.lessons.ready:
            sentence = say("room.no_lessons") if self.lessons.failed else say("room.lessons_soon")
            return _said(sentence, 503, "/lessons/", {"retry-after": "15"})
        file = self.lessons.file(request.path_params["path"] or "index.html")
        if file is None:
            raise HTTPException(404)
        kind = _KINDS_OF_FILES.get(file.suffix, "application/octet-stream")
        return Response(file.read_bytes(), media_type=kind)

    async def no_page(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return _said(say("room.no_page"), status)

    # --- the facilitator ---------------------------------------------------------------------------

    async def private(self, request: Request) -> Response:
        if not secrets.compare_digest(request.path_params["secret"].encode(), self._secret.encode()):
            raise HTTPException(404)
        response = RedirectResponse("/host", 303)
        _set_cookie(response, self._host_cookie, self._host_key, "SameSite=Strict")
        return response

    def is_host(self, headers: Headers) -> bool:
        cookie = _cookie(headers, self._host_cookie) or ""
        return secrets.compare_digest(cookie.encode(), self._host_key.encode())

    async def host(self, request: Request) -> Response:
        if not self.is_host(request.headers):
            return _said(say("room.not_the_host"), 403)
        tag = self._tag("host", str(self.hall.reached), str(self.hall.notes))
        return self._unless_known(
            request,
            tag,
            lambda: _page(
                "host",
                self.hall.note,
                tag,
                hall=self.hall,
                address=self.address,
                code=self._code,
            ),
        )

    def press(self, does: Callable[[str], None]) -> Callable[[Request], Awaitable[Response]]:
        """One of the facilitator's buttons."""

        async def pressed(request: Request) -> Response:
            if not self.is_host(request.headers):
                return _said(say("room.not_the_host"), 403)
            ids = [value for name, value in await _fields(request) if name == "question"]
            if len(ids) != 1 or ids[0] not in self.hall.all:
                return _said(say("room.no_such_question"), 404, "/host")
            does(ids[0])
            return RedirectResponse("/host", 303)

        return pressed

    def open(self, id: str) -> None:
        self.hall.open(id)

    def close(self, id: str) -> None:
        try:
            self.hall.close(id)
        except OSError as error:
            self.hall.remark(say("room.not_written", why=error.strerror or error))

    def paper(self, id: str) -> None:
        self.hall.paper(id)

    # --- drawing -----------------------------------------------------------------------------------

    def _tag(self, *parts: str) -> str:
        return f'"{self._run}-{self.hall.version}-{"-".join(parts)}"'

    def _once(self, tag: str, draw: Callable[[], str]) -> str:
        """A page as it is drawn once for everybody who sees the same."""
        if tag not in self._drawn:
            if len(self._drawn) > 20:
                self._drawn.clear()
            self._drawn[tag] = draw()
        return self._drawn[tag]

    def _unless_known(self, request: Request, tag: str, draw: Callable[[], str]) -> Response:
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304)
        return HTMLResponse(self._once(tag, draw), headers={"etag": tag})


def _cookie(headers: Headers, name: str) -> str | None:
    return Request({"type": "http", "headers": headers.raw}).cookies.get(name)


def _set_cookie(response: Response, name: str, value: str, site: str) -> None:
    """A cookie that no script reads, and that goes with the browser."""
    response.headers.append("set-cookie", f"{name}={value}; Path=/; HttpOnly; {site}")


async def _fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, in order. Raises HTTPException where it is none, is too large or doesn't come."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY:
        raise HTTPException(413)
    body = bytearray()

    async def read() -> None:
        async for part in request.stream():
            body.extend(part)
            if len(body) > BODY:
                raise HTTPException(413)

    try:
        await asyncio.wait_for(read(), SECONDS_FOR_A_BODY)
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except TimeoutError:
        raise HTTPException(408) from None
    except (ValueError, ClientDisconnect):
        raise HTTPException(400) from None


class _Door:
    """What every request goes through, and every answer."""

    def __init__(
        self,
        app: ASGIApp,
        authority: str,
        gate: Gate,
        phone_of: Callable[[Headers], Phone],
        is_host: Callable[[Headers], bool],
    ) -> None:
        self._app, self._gate, self._phone_of, self._is_host = app, gate, phone_of, is_host
        self._hosts = {authority, authority.removesuffix(":80")}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # no socket is ever opened here
        headers = Headers(scope=scope)
        begun = False

        async def send_safely(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _keep_close(MutableHeaders(scope=message), scope["path"])
            await send(message)

        app = self._refusal(scope["method"], headers) or self._app
        try:
            await app(scope, receive, send_safely)
        except Exception:
            # Ours to mend; what was sent is not repeated anywhere.
            if not begun:
                await _said(say("room.broken"), 500)(scope, receive, send_safely)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        if headers.get("host", "").lower() not in self._hosts or len(headers.getlist("host")) != 1:
            return _said(say("room.other_host"), 421)
        if method not in ("GET", "HEAD"):
            # Browsers say where a post comes from. On plain HTTP some say it by Origin alone.
            origin, site = headers.get("origin"), headers.get("sec-fetch-site")
            if (origin is not None and origin not in self._origins) or site not in (
                None,
                "same-origin",
                "none",
            ):
                return _said(say("room.other_site"), 403)
        match self._gate.lets_in(self._of_whom(headers)):
            case "in":
                return None
            case "too_often":
                return _said(say("room.too_often"), 429, headers={"retry-after": "10"})
            case "full":
                return _said(say("room.too_many_at_once"), 503, headers={"retry-after": "5"})

    def _of_whom(self, headers: Headers) -> str | None:
        if self._is_host(headers):
            return HOST
        phone = self._phone_of(headers)
        return None if phone.new else phone.id


def _keep_close(headers: MutableHeaders, path: str) -> None:
    """No frame around it, no copy in a cache, nothing from elsewhere in it."""
    lesson = path.startswith("/lessons/")  # a published page brings a policy of its own
    headers["content-security-policy"] = (
        "frame-ancestors 'none'" if lesson else f"{_policy()}; frame-ancestors 'none'"
    )
    headers["x-frame-options"] = "DENY"
    headers["cache-control"] = "no-store"
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
