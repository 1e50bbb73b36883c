"""The mailbox as a page and as JSON; SMS come in here over HTTP."""

import re
from collections.abc import Sequence
from dataclasses import asdict

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.errors import NotFound
from myschool.kit.web.routing import Call, api, get, json
from myschool.kit.web.visit import Visit
from myschool.sandbox.mailbox import store
from myschool.sandbox.portal_help import open_portal_help

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
LINK = re.compile(r"(https?://[^\s<>\"]+)")


def routes() -> list[Route]:
    return [
        get("/", listing),
        get("/messages/{id:uuid}", reading),
        get("/help", open_portal_help),
        api("/api/messages", newest),
        api("/sms", take_sms, methods=["POST"]),
    ]


class IncomingSms(msgspec.Struct):
    to: str
    text: str


async def listing(visit: Visit) -> Response:
    """Newest first; `?to=` shows one person's."""
    recipient = _as_stored(visit.query.get("to", ""))
    messages = await store.newest(visit.tx, recipient)
    return visit.render("mailbox/listing.html", messages=messages, recipient=recipient, code_in=code_in)


async def reading(visit: Visit) -> Response:
    message = await store.one(visit.tx, visit.path_id("id"))
    if message is None:
        raise NotFound("Такого письма нет", "Возможно, песочницу начали заново. Посмотрите список писем.")
    return visit.render("mailbox/reading.html", message=message, parts=LINK.split(message.text), code=code_in(message))


async def newest(call: Call) -> Response:
    """GET /api/messages?to=ADDRESS: the newest 50, each {id, medium, recipient, subject, text, received_at, code}."""
    found: Sequence[store.Message] = await store.newest(call.tx, _as_stored(call.request.query_params.get("to", "")))
    return json([{**asdict(m), "code": code_in(m)} for m in found])


async def take_sms(call: Call) -> Response:
    """POST {"to", "text"} with Idempotency-Key: 202, or 400 when it is not that shape."""
    try:
        sms = msgspec.json.decode(call.body, type=IncomingSms)
    except msgspec.DecodeError as error:
        return json({"error": str(error)}, 400)
    key = call.request.headers.get("idempotency-key") or call.trace
    received = store.Message(f"sms {key}", "sms", _as_stored(sms.to), "", "", sms.text, clock.now())
    await store.save(call.tx, received)
    return json({"accepted": True}, 202)


def code_in(message: store.Message) -> str:
    """The six-digit code of a message, or the empty text."""
    found = CODE.search(message.text)
    return found.group() if found else ""


def _as_stored(recipient: str) -> str:
    """E-mail addresses in lower case; telephone numbers as + and digits."""
    if "@" in recipient:
        return recipient.strip().lower()
    digits = re.sub(r"\D", "", recipient)
    return f"+{digits}" if digits else ""
