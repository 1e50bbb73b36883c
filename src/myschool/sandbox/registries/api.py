"""The wire for askers: questions, a look at one of them, and the queue of answers."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock, shared_key
from myschool.kit.settings import Settings
from myschool.kit.shared_key import SharedKey, WrongSignature
from myschool.kit.web.routing import Call, api, json
from myschool.sandbox.registries import desk, service, store, store_queue
from myschool.sandbox.registries.service import OutOfService, TooManyCalls
from myschool.sandbox.registries.wire import Accepted, Acknowledged, Batch, Malformed, Taking, read, read_question

LARGEST_QUESTION = 64 * 1024
Handler = Callable[[Call], Awaitable[Response]]


def routes() -> list[Route]:
    return [
        api("/requests", _heard(ask), methods=["POST"]),
        api("/requests/{id:uuid}", _heard(look)),
        api("/answers/take", _heard(_signed(take)), methods=["POST"]),
        api("/answers/ack", _heard(_signed(acknowledge)), methods=["POST"]),
    ]


def _heard(handler: Handler) -> Handler:
    """Out of service, or called too often, the registers hear nothing."""

    async def hear(call: Call) -> Response:
        if len(call.body) > LARGEST_QUESTION:
            return json({"error": "too_large"}, 413)
        closed = await service.closed(call.tx, clock.now())
        try:
            return _turned_away(closed) if closed else await handler(call)
        except Malformed as error:
            return json({"error": "malformed", "reason": error.reason}, 400)

    return hear


def _turned_away(closed: OutOfService) -> Response:
    word, status = ("too_many_calls", 429) if isinstance(closed, TooManyCalls) else ("out_of_service", 503)
    return json({"error": word}, status, {"Retry-After": closed.seconds})


def _signed(handler: Handler) -> Handler:
    """The queue is its asker's, who signs with the key that both hold."""

    async def check(call: Call) -> Response:
        try:
            _key(call.house.settings.home / desk.KEY_FILE).check(
                call.request.headers.get(shared_key.HEADER), call.body, clock.now()
            )
        except WrongSignature as wrong:
            return json({"error": f"signature_{wrong.reason}"}, 401)
        return await handler(call)

    return check


@cache
def _key(path: Path) -> SharedKey:
    return shared_key.load(path)


async def ask(call: Call) -> Response:
    question = read_question(call.body)
    if question.callback_url is not None and not is_known_asker(question.callback_url, call.house.settings):
        return json({"error": "unknown_callback"}, 422)
    try:
        taken = await desk.take(call.tx, call.house.vault, question, clock.now())
    except desk.RequestIdReused:
        return json({"error": "request_id_reused"}, 409)
    if isinstance(taken, OutOfService):
        return _turned_away(taken)
    return json(Accepted(taken.id, taken.accepted_at, taken.promised_by), 202)


async def look(call: Call) -> Response:
    asked = await store.load(call.tx, call.house.vault, UUID(str(call.request.path_params["id"])))
    if asked is None:
        return json({"error": "no_such_request"}, 404)
    return json(desk.shown(asked))


async def take(call: Call) -> Response:
    return json(Batch(await desk.hand_out(call.tx, read(call.body, Taking).limit, clock.now())))


async def acknowledge(call: Call) -> Response:
    gone = await store_queue.acknowledge(call.tx, read(call.body, Acknowledged).deliveries)
    return json({"acknowledged": gone})


def is_known_asker(callback_url: str, settings: Settings) -> bool:
    """A register calls back its registered asker only, never an address that a stranger put into a question."""
    asked, known = urlsplit(callback_url), urlsplit(settings.gosuslugi_url)
    return (asked.scheme, asked.netloc) == (known.scheme, known.netloc)
