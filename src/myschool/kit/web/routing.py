"""From an HTTP request to a handler: form read, session loaded, CSRF checked, one transaction, session saved."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.web import sessions
from myschool.kit.web.body import read_body, read_fields
from myschool.kit.web.errors import SignInRequired, WrongToken
from myschool.kit.web.house import House
from myschool.kit.web.security import content_policy
from myschool.kit.web.sessions import Session
from myschool.kit.web.visit import CSRF_PLACE, Visit

Handler = Callable[[Visit], Awaitable[Response]]
P = TypeVar("P")
A = TypeVar("A")

OWN_SITE = ("same-origin", "none")


@dataclass
class Call:
    """One request of a machine: no session, no CSRF; `body` holds the raw bytes, at most LARGEST_FORM of them."""

    request: Request
    house: House
    tx: Tx
    trace: str
    body: bytes = field(default=b"", repr=False)


def get(path: str, handler: Handler) -> Route:
    return Route(path, _page(handler), methods=["GET"])


def post(path: str, handler: Handler) -> Route:
    return Route(path, _page(handler), methods=["POST"])


def form(path: str, show: Handler, take: Handler) -> Route:
    """One address: GET shows the form, POST takes it."""

    async def by_method(visit: Visit) -> Response:
        return await (take if visit.request.method == "POST" else show)(visit)

    return Route(path, _page(by_method), methods=["GET", "POST"])


class GuardedRoutes(Protocol):
    """Makes routes as `get`, `post` and `form` do, with something asked before each.

    A `lenient` page is shown also when nobody could be asked, without what depends on the answer.
    """

    def get(self, path: str, handler: Handler, *, lenient: bool = False) -> Route: ...

    def post(self, path: str, handler: Handler, *, lenient: bool = False) -> Route: ...

    def form(self, path: str, show: Handler, take: Handler, *, lenient: bool = False) -> Route: ...


def outward(
    path: str,
    prepare: Callable[[Visit], Awaitable[P | Response]],
    ask: Callable[[P], Awaitable[A]],
    settle: Callable[[Visit, A], Awaitable[Response]],
    *,
    methods: Sequence[str] = ("GET",),
) -> Route:
    """Three steps: `prepare` and `settle` each in a transaction, `ask` between them speaks to another system.

    When `prepare` gives a Response, the visit ends there.
    """

    async def endpoint(request: Request) -> Response:
        house: House = request.app.state.house
        fields = await read_fields(request)
        prepared = await house.db.run(lambda tx: _prepared(request, house, tx, fields, prepare))
        if isinstance(prepared, Response):
            return prepared
        value, token = prepared
        answer = await ask(value)

        async def settled(visit: Visit) -> Response:
            return await settle(visit, answer)

        return await house.db.run(lambda tx: _visited(request, house, tx, fields, settled, token))

    return Route(path, endpoint, methods=list(methods))


def api(path: str, handler: Callable[[Call], Awaitable[Response]], *, methods: Sequence[str] = ("GET",)) -> Route:
    async def endpoint(request: Request) -> Response:
        house: House = request.app.state.house
        body = await read_body(request)

        async def work(tx: Tx) -> Response:
            return await handler(Call(request, house, tx, request.state.trace, body))

        return await house.db.run(work)

    return Route(path, endpoint, methods=list(methods))


def json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")


def _page(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        house: House = request.app.state.house
        fields = await read_fields(request)
        return await house.db.run(lambda tx: _visited(request, house, tx, fields, handler))

    return endpoint


async def _prepared(
    request: Request, house: House, tx: Tx, fields: dict[str, str], step: Callable[[Visit], Awaitable[P | Response]]
) -> tuple[P, str] | Response:
    """The value of the step with the session's token; a Response, with cookie and headers, when the visit ends here."""
    kept: list[tuple[P, str]] = []

    async def keep(visit: Visit) -> Response:
        value = await step(visit)
        if isinstance(value, Response):
            return value
        kept.append((value, visit.session.token))
        return Response()

    answer = await _visited(request, house, tx, fields, keep)
    return kept[0] if kept else answer


async def _visited(
    request: Request, house: House, tx: Tx, fields: dict[str, str], handler: Handler, going_on: str = ""
) -> Response:
    """One request in one transaction. `going_on` is the token under which an earlier step of it was let in."""
    now = clock.now()
    cookie = request.cookies.get(house.cookie, "")
    known = going_on or cookie
    session = await sessions.load(tx, house.vault, known, now) if known else Session.fresh()
    visit = Visit(request, house, session, request.state.trace, tx, fields)
    try:
        if request.method == "POST" and not going_on:
            _check_csrf(visit)
        answer = await handler(visit)
    except SignInRequired:
        answer = _to_sign_in(visit)
    if request.method != "HEAD":  # what only asks about a page has not read its notice
        idle = timedelta(minutes=house.session_minutes)
        await sessions.save(tx, house.vault, session, request.headers.get("user-agent", ""), now, idle)
    return _dressed(visit, answer, cookie)


def _to_sign_in(visit: Visit) -> Response:
    """Keeps what was typed when the session of a known person had run out."""
    wanted = visit.sign_in_url()
    ended = visit.session.ended
    if ended is None or visit.signed_in:
        return visit.redirect(wanted)
    fields = {name: text for name, text in visit.fields.items() if not never_kept(name)}
    if visit.request.method == "POST" and fields and _from_our_page(visit):
        visit.session.keep_form(unquote(urlsplit(visit.return_path()).path), fields)
        visit.tell("important", "Сеанс закончился", "Войдите снова: мы сохранили то, что вы ввели.")
    else:
        visit.tell("important", "Сеанс закончился", "Войдите снова, чтобы продолжить.")
    return visit.redirect(wanted)


def never_kept(name: str) -> bool:
    """Secrets and codes are typed anew; the number of a passport's department is no such code."""
    return name in ("csrf", "code") or "password" in name


def _from_our_page(visit: Visit) -> bool:
    """The browser itself says that a page of this house sent the form; a page elsewhere can not make it say so."""
    return visit.request.headers.get("origin") == visit.house.origin


def _check_csrf(visit: Visit) -> None:
    """The form was drawn by this house for this browser, in this session or the ended one before. Raises WrongToken."""
    site = visit.request.headers.get("sec-fetch-site", "same-origin")
    if visit.request.headers.get("origin", visit.house.origin) != visit.house.origin or site not in OWN_SITE:
        raise WrongToken
    ended = visit.session.ended
    tokens = [visit.session.token, ended.token] if ended is not None else [visit.session.token]
    if not any(_token_holds(visit, visit.fields.get("csrf", ""), token) for token in tokens):
        raise WrongToken


def _token_holds(visit: Visit, shown: str, session_token: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(shown)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 32:
        return False
    secret = bytes(a ^ b for a, b in zip(raw[:16], raw[16:], strict=True))
    expected = visit.house.vault.indexes(session_token, place=CSRF_PLACE)
    return any(hmac.compare_digest(secret, one) for one in expected)


def _dressed(visit: Visit, answer: Response, cookie: str) -> Response:
    answer.headers.setdefault("Cache-Control", "no-store")
    if visit.destinations:
        answer.headers["Content-Security-Policy"] = content_policy(visit.destinations)
    if visit.needs_cookie and visit.session.token != cookie and visit.request.method != "HEAD":
        answer.set_cookie(visit.house.cookie, visit.session.token, path="/", secure=True, httponly=True, samesite="lax")
    return answer
