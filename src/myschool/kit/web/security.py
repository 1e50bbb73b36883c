"""Headers of every answer, the Host check, and the trace number."""

import time
from collections.abc import Collection
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myschool.kit.ids import readable_code

log = structlog.get_logger("web")


def content_policy(destinations: Collection[str] = ()) -> str:
    """No inline script or style anywhere; forms lead to this house and to the named origins only."""
    leads_to = " ".join(["'self'", *sorted(destinations)])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; manifest-src 'self'; "
        f"form-action {leads_to}; frame-ancestors 'none'; base-uri 'none'"
    )


HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Around the whole application: trace number, Host, headers, one log line a request.

    The log holds the route's pattern, never the path itself: a path may carry somebody's number.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.host = urlsplit(origin).netloc
        self.headers = dict(HEADERS)
        if origin.startswith("https:"):
            self.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace = f"{readable_code(4)}-{readable_code(4)}"
        scope.setdefault("state", {})["trace"] = trace
        scope["state"]["wrong_host"] = Request(scope).headers.get("host") != self.host
        structlog.contextvars.bind_contextvars(trace=trace)
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

        try:
            await self.app(scope, receive, send_dressed)
        finally:
            elapsed_ms = round((time.perf_counter() - began) * 1000, 1)
            route = getattr(scope.get("route"), "path", "")
            log.info("request", method=scope["method"], route=route, status=status, ms=elapsed_ms)
            structlog.contextvars.unbind_contextvars("trace")
