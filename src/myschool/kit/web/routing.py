"""From an HTTP request to a handler: form read, session loaded, CSRF checked, one transaction, session saved."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.web import sessions
from myschool.kit.web.body import read_fields
from myschool.kit.web.errors import SignInRequired, WrongToken
from myschool.kit.web.house import House
from myschool.kit.web.security import content_policy
from myschool.kit.web.sessions import Session
from myschool.kit.web.visit import CSRF_PLACE, Visit

Handler = Callable[[Visit], Awaitable[Response]]
P = TypeVar("P")
A = TypeVar("A")

NEVER_KEPT = ("password", "code", "csrf")


@dataclass
class Call:
    """One request of a machine: no session, no CSRF; `fields` holds a posted form, `body` the raw bytes."""

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
        prepared = await house.db.run(lambda tx: _in_visit(request, house, tx, fields, prepare))
        if isinstance(prepared, Response):
            return prepared
        answer = await ask(prepared)

        async def settled(visit: Visit) -> Response:
            return await settle(visit, answer)

        return await house.db.run(lambda tx: _visited(request, house, tx, fields, settled))

    return Route(path, endpoint, methods=list(methods))


def api(path: str, handler: Callable[[Call], Awaitable[Response]], *, methods: Sequence[str] = ("GET",)) -> Route:
    async def endpoint(request: Request) -> Response:
        house: House = request.app.state.house
        body = await request.body()

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


async def _in_visit(
    request: Request, house: House, tx: Tx, fields: dict[str, str], step: Callable[[Visit], Awaitable[P | Response]]
) -> P | Response:
    """The value of the step; a Response, with its cookie and headers, when the visit ends here."""
    kept: list[P] = []

    async def keep(visit: Visit) -> Response:
        value = await step(visit)
        if isinstance(value, Response):
            return value
        kept.append(value)
        return Response()

    answer = await _visited(request, house, tx, fields, keep)
    return kept[0] if kept else answer


async def _visited(request: Request, house: House, tx: Tx, fields: dict[str, str], handler: Handler) -> Response:
    now = clock.now()
    cookie = request.cookies.get(house.cookie, "")
    session = await sessions.load(tx, house.vault, cookie, now) if cookie else Session.fresh()
    visit = Visit(request, house, session, request.state.trace, tx, fields)
    try:
        if request.method == "POST":
            _check_csrf(visit)
        answer = await handler(visit)
    except SignInRequired:
        answer = _to_sign_in(visit)
    idle = timedelta(minutes=house.session_minutes)
    await sessions.save(tx, house.vault, session, request.headers.get("user-agent", ""), now, idle)
    return _dressed(visit, answer)


def _to_sign_in(visit: Visit) -> Response:
    """Keeps what was typed when the session of a known person had run out."""
    owner = visit.session.ended_person_id
    if visit.request.method == "POST" and owner is not None:
        kept = {name: text for name, text in visit.fields.items() if not any(part in name for part in NEVER_KEPT)}
        visit.session.put("parked", {"path": visit.return_path(), "person": str(owner), "fields": kept})
        visit.tell("important", "Сеанс закончился", "Войдите снова: мы сохранили то, что вы ввели.")
    elif owner is not None:
        visit.tell("important", "Сеанс закончился", "Войдите снова, чтобы продолжить.")
    return visit.redirect(visit.sign_in_url())


def _check_csrf(visit: Visit) -> None:
    """The form was drawn by this house for this browser. Raises WrongToken or SignInRequired."""
    origin = visit.request.headers.get("origin")
    foreign = origin is not None and origin != visit.house.origin
    if foreign or visit.request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise WrongToken
    if visit.session.ended_person_id is not None:
        raise SignInRequired
    if not _token_holds(visit, visit.fields.get("csrf", "")):
        raise WrongToken


def _token_holds(visit: Visit, shown: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(shown)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 32:
        return False
    secret = bytes(a ^ b for a, b in zip(raw[:16], raw[16:], strict=True))
    expected = visit.house.vault.indexes(visit.session.token, place=CSRF_PLACE)
    return any(hmac.compare_digest(secret, one) for one in expected)


def _dressed(visit: Visit, answer: Response) -> Response:
    answer.headers.setdefault("Cache-Control", "no-store")
    if visit.destinations:
        answer.headers["Content-Security-Policy"] = content_policy(visit.destinations)
    if visit.needs_cookie:
        answer.set_cookie(visit.house.cookie, visit.session.token, path="/", secure=True, httponly=True, samesite="lax")
    return answer
