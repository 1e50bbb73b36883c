"""Pages for what went wrong, each with the trace number under which the log tells more."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from myschool.kit.db import DatabaseUnavailable, OutcomeUnknown
from myschool.kit.web.errors import HOME, OUTCOME_UNKNOWN, SENTENCES, Refusal, Way, WrongToken
from myschool.kit.web.house import House
from myschool.kit.web.sessions import Session
from myschool.kit.web.visit import Visit

log = structlog.get_logger("web")

BARE = "Ошибка на нашей стороне. Попробуйте через несколько минут. Номер для поддержки: {trace}"


def failure(request: Request) -> Response:
    """Stands even when no page can be drawn."""
    try:
        return _page(request, 500, *SENTENCES[500])
    except Exception as error:
        log.error("error_page_failed", exc_info=error)
        return PlainTextResponse(BARE.format(trace=request.state.trace), 500)


def refused_at_the_door(request: Request, status: int) -> Response:
    house: House = request.app.state.house
    ways = (Way(house.origin, f"Открыть {house.origin}"),) if status == 421 else (HOME,)
    return _page(request, status, *SENTENCES[status], ways)


def _page(request: Request, status: int, heading: str, words: str, ways: Sequence[Way] = (HOME,)) -> Response:
    """Drawn for a stranger: who is signed in is known only inside a transaction, and that may be what failed."""
    house: House = request.app.state.house
    visit = Visit(request, house, Session.fresh(), request.state.trace)
    return visit.render("error.html", status=status, code=status, heading=heading, text=words, ways=ways)


async def _on_http(request: Request, error: Any) -> Response:
    page = _page(request, error.status_code, *SENTENCES.get(error.status_code, SENTENCES[400]))
    page.headers.update(error.headers or {})
    return page


async def _on_refusal(request: Request, error: Any) -> Response:
    return _page(request, error.status, error.heading, error.text, error.ways)


async def _on_wrong_token(request: Request, _error: Exception) -> Response:
    return _page(request, 403, *SENTENCES[403])


async def _on_unavailable(request: Request, error: Exception) -> Response:
    log.error("database_unavailable", exc_info=error)
    return _page(request, 503, *SENTENCES[503])


async def _on_outcome_unknown(request: Request, error: Exception) -> Response:
    log.error("outcome_unknown", exc_info=error)
    return _page(request, 503, *OUTCOME_UNKNOWN)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _on_http,
    Refusal: _on_refusal,
    WrongToken: _on_wrong_token,
    DatabaseUnavailable: _on_unavailable,
    OutcomeUnknown: _on_outcome_unknown,
}
