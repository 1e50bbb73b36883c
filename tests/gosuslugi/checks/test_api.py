"""Where registries bring their answers: only signed ones, only just now, and nothing of what went wrong is told."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.routing import BaseRoute

from myschool.gosuslugi.checks import api
from myschool.gosuslugi.checks.http_registry import CALLBACK_PATH, KEY_FILE
from myschool.gosuslugi.checks.model import Answer, CheckState, RegistryCheck
from myschool.kit import clock, settings, shared_key
from myschool.kit.ids import new_id
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from tests.gosuslugi.checks.conftest import Desk, a_claim
from tests.gosuslugi.checks.registry_fake import NOTHING, agreeing

ORIGIN = "https://gosuslugi.test"


@pytest.fixture
async def registry_at_the_door(desk: Desk, tmp_path: Path) -> Callable[..., Any]:
    """`await bring(answer)`: as a registry would push it. `signed_at`, `header` and `body` spoil it."""
    configured = settings.read({"MYSCHOOL_HOME": str(tmp_path), "MYSCHOOL_GOSUSLUGI_URL": ORIGIN})
    key = shared_key.load(tmp_path / KEY_FILE)
    house = House("gosuslugi", "Госуслуги", "Песочница", ORIGIN, configured, desk.db, desk.vault, tmp_path)
    routes: list[BaseRoute] = [*api.routes()]
    client = httpx.AsyncClient(transport=httpx.ASGITransport(build(house, routes)), base_url=ORIGIN)

    async def bring(answer: Answer, *, late_by: timedelta = timedelta(), **spoilt: Any) -> httpx.Response:
        body = spoilt.get("body") or wire(answer)
        signature = key.signature(body, clock.now() - late_by)
        headers = {shared_key.HEADER: spoilt.get("header", signature)}
        return await client.post(CALLBACK_PATH, content=spoilt.get("changed", body), headers=headers)

    return bring


def wire(answer: Answer) -> bytes:
    return msgspec.json.encode(
        {
            "id": answer.reference,
            "request_id": answer.request_id,
            "kind": "birth_certificate",
            "state": "answered",
            "answered_at": clock.now(),
            "evidence": answer.evidence,
        }
    )


@pytest.fixture
async def check(desk: Desk) -> RegistryCheck:
    asked = await desk.ask(a_claim(), new_id())
    await desk.work()
    return asked


async def test_a_signed_answer_decides(desk: Desk, check: RegistryCheck, registry_at_the_door: Any) -> None:
    """And the copy of it is thanked for as well, so that the registry stops coming."""
    answer = desk.registry.decide(check.id, agreeing(a_claim()))
    first, second = await registry_at_the_door(answer), await registry_at_the_door(answer)
    assert (first.status_code, first.json()) == (200, {"outcome": "decided"})
    assert (second.status_code, second.json()) == (200, {"outcome": "repeated"})
    assert (await desk.look(check)).state is CheckState.CONFIRMED


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"header": ""}, "signature_missing"),
        ({"header": "t=1,v1=00"}, "signature_mismatch"),
        ({"changed": b"{}"}, "signature_mismatch"),
        ({"late_by": timedelta(minutes=6)}, "signature_stale"),
    ],
)
async def test_an_answer_that_the_registry_did_not_sign_just_now_is_refused(
    desk: Desk, check: RegistryCheck, registry_at_the_door: Any, spoilt: dict[str, Any], why: str
) -> None:
    """Unsigned, forged, changed on the way, replayed later: the check waits on."""
    refused = await registry_at_the_door(desk.registry.decide(check.id, agreeing(a_claim())), **spoilt)
    assert (refused.status_code, refused.json()) == (401, {"error": why})
    assert (await desk.look(check)).state is CheckState.CHECKING


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b"\xff\xfe",
        b'{"id": "R", "request_id": "none", "state": "answered"}',
        b'{"id": "R", "request_id": "0193a1c0-0000-7000-8000-000000000000", "state": "answered"}',
        b'{"id": "R", "request_id": "0193a1c0-0000-7000-8000-000000000000", "state": "pending"}',
        (
            b'{"id": "R", "request_id": "0193a1c0-0000-7000-8000-000000000000", "state": "answered",'
            b' "evidence": {"type": "compared", "findings": [{"field": "shoe_size", "how": "equal"}]}}'
        ),
    ],
)
async def test_nonsense_is_refused_without_an_error_of_ours(desk: Desk, registry_at_the_door: Any, body: bytes) -> None:
    """Signed nonsense is nonsense: 400, never 500."""
    refused = await registry_at_the_door(Answer(new_id(), "R", NOTHING), body=body)
    assert (refused.status_code, refused.json()) == (400, {"error": "nonsense"})


async def test_a_book_is_not_read(desk: Desk, registry_at_the_door: Any) -> None:
    """An answer has at most 64 KiB."""
    refused = await registry_at_the_door(Answer(new_id(), "R", NOTHING), body=b" " * (api.LARGEST_ANSWER + 1))
    assert refused.status_code == 413


async def test_an_answer_to_nothing_is_not_found(desk: Desk, registry_at_the_door: Any) -> None:
    """We never asked."""
    assert (await registry_at_the_door(Answer(new_id(), "R", NOTHING))).status_code == 404
