"""Headers of every answer, the trace number, one log line a request, and what may not come in at all."""

import re
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myschool.kit.ids import readable_code

log = structlog.get_logger("web")

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def origin_of(url: str) -> str | None:
    """Scheme, host and port; None for what is no web address, or hides more than a host in its place."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if _ORIGIN.fullmatch(origin) else None


def content_policy(destinations: Collection[str] = ()) -> str:
    """No inline script or style anywhere; forms lead to this house and to the named origins only."""
    leads_to = " ".join(["'self'", *sorted(destinations)])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; manifest-src 'self'; "
        f"form-action {leads_to}; frame-ancestors 'none'; base-uri 'none'"
    )


HEADERS = {
    # Whoever knows that an answer is nobody's own says so; everything else stays out of every cache.
    "Cache-Control": "no-store",
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Around the whole application: trace number, headers, one log line a request.

    The log holds the route's pattern, never the path itself: a path may carry somebody's number.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.scheme = urlsplit(origin).scheme
        self.headers = dict(HEADERS)
        if self.scheme == "https":
            self.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace = f"{readable_code(4)}-{readable_code(4)}"
        scope.setdefault("state", {})["trace"] = trace
        scope["scheme"] = self.scheme  # the proxy in front ends TLS; redirects still lead to the house's own origin
        began = time.perf_counter()
        status = 500

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers["X-Trace"] = trace
            await send(message)

        with structlog.contextvars.bound_contextvars(trace=trace):
            try:
                await self.app(scope, receive, send_dressed)
            finally:
                elapsed_ms = round((time.perf_counter() - began) * 1000, 1)
                route = getattr(scope.get("route"), "path", "")
                log.info("request", method=scope["method"], route=route, status=status, ms=elapsed_ms)


class AnswerCutOff(Exception):
    """An answer broke after its first part was sent. The connection must break too, or half would pass for whole."""


class Failures:
    """Whatever an application raises becomes a page and a log line here, inside the guard.

    Nothing goes on to the server, which would write the words of the exception, and somebody's with them, to its log.
    """

    def __init__(self, app: ASGIApp, page: Callable[[Request], Response]) -> None:
        self.app, self.page = app, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            log.info("client_left")
        except Exception as error:
            log.error("request_failed", exc_info=error)
            if scope["type"] != "http" or started:
                raise AnswerCutOff from None
            await self.page(Request(scope))(scope, receive, send)


class Door:
    """Answers only under the house's own name, and lets in no path or query that no page of ours could have made.

    PostgreSQL refuses NUL in any text, so an address with one is wrong before a page sees it.
    """

    def __init__(self, app: ASGIApp, origin: str, page: Callable[[Request, int], Response]) -> None:
        self.app, self.page = app, page
        self.host = urlsplit(origin).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = self._refused(scope) if scope["type"] == "http" else 0
        if status:
            scope["path"] = "/"  # the page offers a way back, and this address is none
            await self.page(Request(scope), status)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refused(self, scope: Scope) -> int:
        """The status of the refusal, or 0."""
        path: str = scope["path"]
        query: bytes = scope["query_string"]
        hosts = Headers(scope=scope).getlist("host")
        if [host.lower() for host in hosts] != [self.host] and not path.startswith("/health/"):
            return 421
        if not path.isprintable():
            return 404
        return 400 if b"%00" in query or b"\x00" in query else 0
