"""The adapter obeys what a register asks of it."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from myschool.gosuslugi.checks.gateway import Accepted, QuestionRefused, Unreachable
from myschool.gosuslugi.checks.http_registry import HttpRegistry
from myschool.gosuslugi.checks.model import CheckKind
from myschool.kit.shared_key import SharedKey
from tests.conftest import ClockAt
from tests.gosuslugi.checks.conftest import a_claim


class Register:
    """Answers with what it is told, and counts."""

    def __init__(self, *replies: httpx.Response) -> None:
        self.replies = list(replies)
        self.calls = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.calls += 1
        return self.replies.pop(0)

    def adapter(self) -> HttpRegistry:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return HttpRegistry("http://registry.test", "http://house.test/", SharedKey(b"k" * 32), client)


def too_many(after: str) -> httpx.Response:
    return httpx.Response(429, headers={"Retry-After": after})


async def test_told_to_wait_it_calls_nobody_before(clock_at: ClockAt) -> None:
    """Whatever is asked: one 429 is for all calls of this process."""
    stopped = clock_at("2026-11-25T10:00:00+03:00")
    register = Register(too_many("120"), httpx.Response(202, json={"id": "R-1"}))
    registry = register.adapter()
    assert await registry.take(10) == Unreachable("status_429", timedelta(seconds=120))
    stopped.advance(timedelta(seconds=119))
    question = uuid4(), CheckKind.BIRTH_CERTIFICATE, a_claim()
    assert await registry.ask(*question) == Unreachable("told_to_wait", timedelta(seconds=1))
    assert register.calls == 1
    stopped.advance(timedelta(seconds=1))
    assert await registry.ask(*question) == Accepted("R-1")


@pytest.mark.parametrize(
    ("after", "wait"),
    [
        ("60", timedelta(minutes=1)),
        ("Wed, 25 Nov 2026 07:30:00 GMT", timedelta(minutes=30)),
        ("Wed, 25 Nov 2020 07:30:00 GMT", timedelta()),
        ("999999999", timedelta(days=1)),
        ("99999999999999999999", None),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
async def test_retry_after_is_read_in_both_its_forms(clock_at: ClockAt, after: str, wait: timedelta | None) -> None:
    """Seconds or a date; at most a day, and what is neither is no order."""
    clock_at("2026-11-25T10:00:00+03:00")
    assert await Register(too_many(after)).adapter().take(1) == Unreachable("status_429", wait)


async def test_out_of_service_for_one_question_does_not_silence_the_rest(clock_at: ClockAt) -> None:
    """503 is obeyed by whoever got it."""
    clock_at("2026-11-25T10:00:00+03:00")
    away = httpx.Response(503, headers={"Retry-After": "60"})
    registry = Register(away, httpx.Response(200, json={"answers": []})).adapter()
    question = uuid4(), CheckKind.BIRTH_CERTIFICATE, a_claim()
    assert await registry.ask(*question) == Unreachable("status_503", timedelta(minutes=1))
    assert await registry.take(1) == []


async def test_what_the_register_does_not_understand_is_our_defect() -> None:
    """401 of the queue, for one: an operator sees it."""
    with pytest.raises(QuestionRefused):
        await Register(httpx.Response(401)).adapter().take(1)
    with pytest.raises(QuestionRefused):
        await Register(httpx.Response(400)).adapter().acknowledge(["x"])


async def test_a_batch_that_is_half_a_message_is_no_batch() -> None:
    """All of it comes again."""
    assert await Register(httpx.Response(200, content=b'{"answers": [{"del')).adapter().take(1) == Unreachable(
        "batch_not_understood"
    )
