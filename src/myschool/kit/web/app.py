"""Puts a house together: its routes between guard and error pages."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from myschool.kit.db import DatabaseUnavailable, OutcomeUnknown, Tx
from myschool.kit.web import assets, display_page, error_pages
from myschool.kit.web.house import House
from myschool.kit.web.security import Door, Failures, Guard

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build(house: House, routes: Sequence[BaseRoute], *, lifespan: Lifespan | None = None) -> Starlette:
    app = Starlette(
        routes=[
            Route("/health/live", _live),
            Route("/health/ready", _ready),
            Route(f"{assets.MOUNT}/{{name}}", assets.serve),
            *display_page.routes(),
            *routes,
        ],
        middleware=[
            Middleware(Guard, origin=house.origin),
            Middleware(Failures, page=error_pages.failure),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
            Middleware(Door, origin=house.origin, page=error_pages.refused_at_the_door),
        ],
        exception_handlers=error_pages.HANDLERS,
        lifespan=lifespan,
    )
    app.state.house = house
    return app


async def _live(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _ready(request: Request) -> Response:
    """Ready means: the database answers."""

    async def ask(tx: Tx) -> None:
        await tx.execute(text("SELECT 1"))

    house: House = request.app.state.house
    try:
        await house.db.run(ask, attempts=1)
    except (DatabaseUnavailable, OutcomeUnknown):
        return PlainTextResponse("database does not answer", 503)
    return PlainTextResponse("ok")
