"""Puts a house together: its routes between guard and error pages."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import structlog
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from myschool.kit.db import DatabaseUnavailable, OutcomeUnknown, Tx
from myschool.kit.web import assets, display_page
from myschool.kit.web.errors import HOME, OUTCOME_UNKNOWN, SENTENCES, Refusal, Way, WrongToken
from myschool.kit.web.house import House
from myschool.kit.web.security import Guard
from myschool.kit.web.sessions import Session
from myschool.kit.web.visit import Visit

log = structlog.get_logger("web")

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build(house: House, routes: Sequence[BaseRoute], *, lifespan: Lifespan | None = None) -> Starlette:
    app = Starlette(
        routes=[
            Route("/health/live", _live),
            Route("/health/ready", _ready),
            Mount(assets.MOUNT, _Immutable(directory=assets.FOLDER)),
            *display_page.routes(),
            *routes,
        ],
        middleware=[
            Middleware(Guard, origin=house.origin),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
            Middleware(_OwnHost),
        ],
        exception_handlers={
            HTTPException: _on_http,
            Refusal: _on_refusal,
            WrongToken: _on_wrong_token,
            DatabaseUnavailable: _on_unavailable,
            OutcomeUnknown: _on_outcome_unknown,
            Exception: _on_error,
        },
        lifespan=lifespan,
    )
    app.state.house = house
    return app


class _Immutable(StaticFiles):
    """Names carry the hash of the content, so a browser never asks twice."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


class _OwnHost:
    """Answers only under the house's own name: links in letters and cookies stay where they belong."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: object, send: object) -> None:
        if scope["type"] == "http" and scope["state"]["wrong_host"] and not scope["path"].startswith("/health/"):
            request = Request(scope)
            house: House = request.app.state.house
            answer = _page(request, 421, *SENTENCES[421], (Way(house.origin, f"Открыть {house.origin}"),))
            await answer(scope, receive, send)  # type: ignore[arg-type]
            return
        await self.app(scope, receive, send)


async def _live(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _ready(request: Request) -> Response:
    """Ready means: the database answers."""

    async def ask(tx: Tx) -> None:
        await tx.execute(text("SELECT 1"))

    house: House = request.app.state.house
    try:
        await house.db.run(ask, attempts=1)
    except DatabaseUnavailable:
        return PlainTextResponse("database does not answer", 503)
    return PlainTextResponse("ok")


def _page(request: Request, status: int, heading: str, words: str, ways: Sequence[Way] = (HOME,)) -> Response:
    house: House = request.app.state.house
    visit = Visit(request, house, Session.fresh(), request.state.trace)
    page = visit.render("error.html", status=status, code=status, heading=heading, text=words, ways=ways)
    page.headers["Cache-Control"] = "no-store"
    return page


async def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    page = _page(request, status, *SENTENCES.get(status, SENTENCES[400]))
    if isinstance(error, HTTPException) and error.headers:
        page.headers.update(error.headers)
    return page


async def _on_refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return _page(request, error.status, error.heading, error.text, error.ways)


async def _on_wrong_token(request: Request, _error: Exception) -> Response:
    return _page(request, 403, *SENTENCES[403])


async def _on_unavailable(request: Request, error: Exception) -> Response:
    log.error("database_unavailable", exc_info=error)
    return _page(request, 503, *SENTENCES[503])


async def _on_outcome_unknown(request: Request, error: Exception) -> Response:
    log.error("outcome_unknown", exc_info=error)
    return _page(request, 503, *OUTCOME_UNKNOWN)


async def _on_error(request: Request, error: Exception) -> Response:
    log.error("request_failed", exc_info=error)
    return _page(request, 500, *SENTENCES[500])
