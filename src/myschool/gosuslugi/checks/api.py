"""Where registries bring their answers."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.checks import answers, taking
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.http_registry import CALLBACK_PATH, KEY_FILE, read_answer
from myschool.gosuslugi.checks.model import Nonsense
from myschool.kit import clock, shared_key
from myschool.kit.shared_key import SharedKey, WrongSignature
from myschool.kit.web.routing import Call, api, json

LARGEST_ANSWER = 64 * 1024

# 2xx tells the registry that it need not come again, whatever became of its answer.
_STATUS = {Outcome.NOT_ASKED: 404, Outcome.FOREIGN: 409, Outcome.NONSENSE: 422}


def routes() -> Sequence[Route]:
    return [api(CALLBACK_PATH, take, methods=["POST"])]


async def take(call: Call) -> Response:
    now = clock.now()
    if len(call.body) > LARGEST_ANSWER:
        return json({"error": "too_large"}, 413)
    try:
        _key(call.house.settings.home / KEY_FILE).check(call.request.headers.get(shared_key.HEADER), call.body, now)
    except WrongSignature as wrong:
        return json({"error": f"signature_{wrong.reason}"}, 401)
    await taking.expect_more(call.tx, now)
    try:
        outcome = await answers.record(call.tx, call.house.vault, read_answer(call.body), now)
    except Nonsense:
        return json({"error": Outcome.NONSENSE}, 400)
    return json({"outcome": outcome}, _STATUS.get(outcome, 200))


@cache
def _key(path: Path) -> SharedKey:
    return shared_key.load(path)
