"""The asker's queue, bad days, and the switch: what the registers do beyond a plain answer."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from myschool.kit import clock
from myschool.kit.clock import StoppedClock
from myschool.kit.shared_key import HEADER
from myschool.sandbox.cast import child
from myschool.sandbox.registries import desk, service, store
from myschool.sandbox.registries.model import Entry, Fate, Manner
from myschool.sandbox.registries.records import certificate_document
from myschool.sandbox.registries.wire import Kind
from tests.conftest import ClockAt
from tests.sandbox.registries.conftest import KEY, World
from tests.sandbox.registries.test_wire import asked, pressed, question, state


@pytest.fixture
def stopped(clock_at: ClockAt, world: World) -> StoppedClock:
    world.asker.status = 400  # takes no push, so every answer waits in the queue
    return clock_at("2026-11-23T12:00:00+03:00")


async def signed(world: World, path: str, said: dict[str, Any]) -> httpx.Response:
    body = json.dumps(said).encode()
    return await world.http.post(path, content=body, headers={HEADER: KEY.signature(body, clock.now())})


async def taken(world: World, limit: int = 100) -> list[dict[str, Any]]:
    answer = await signed(world, "/answers/take", {"limit": limit})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["answers"]
    return found


async def answered_as(world: World, *manners: Manner) -> str:
    reference = await asked(world, question(child("alyona")))
    assert await world.db.run(lambda tx: desk.answer_as(tx, UUID(reference), manners, clock.now()))
    await world.worker.drain()
    return reference


@pytest.mark.usefixtures("stopped")
async def test_the_queue_opens_to_its_asker_only(world: World) -> None:
    """Unsigned, signed for other words, and signed long ago."""
    await answered_as(world, Manner.PLAIN)
    for path, said in (("/answers/take", b'{"limit": 1}'), ("/answers/ack", b'{"deliveries": []}')):
        for header in ({}, {HEADER: KEY.signature(b"{}", clock.now())}, {HEADER: KEY.signature(said, long_ago())}):
            assert (await world.http.post(path, content=said, headers=header)).status_code == 401
    assert len(await taken(world)) == 1


def long_ago() -> Any:
    return clock.now() - timedelta(minutes=6)


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("said", [{"limit": 0}, {"limit": 100_000}, {"limit": "x"}, {"more": 1}])
async def test_a_malformed_call_of_the_queue_is_told(world: World, said: dict[str, Any]) -> None:
    """400, and nothing is leased."""
    await answered_as(world, Manner.PLAIN)
    assert (await signed(world, "/answers/take", said)).status_code == 400
    assert len(await taken(world)) == 1


async def test_what_nobody_acknowledges_comes_again_ever_later(world: World, stopped: StoppedClock) -> None:
    """After one minute, then two, then four; acknowledged, never."""
    await answered_as(world, Manner.PLAIN)
    for minutes in (1, 2, 4):
        (one,) = await taken(world)
        stopped.advance(timedelta(minutes=minutes) - timedelta(seconds=1))
        assert await taken(world) == []
        stopped.advance(timedelta(seconds=1))
    (one,) = await taken(world)
    gone = await signed(world, "/answers/ack", {"deliveries": [one["delivery"], one["delivery"]]})
    assert gone.json() == {"acknowledged": 1}
    stopped.advance(timedelta(days=7))
    assert await taken(world) == []


async def test_a_pushed_answer_leaves_the_queue(world: World, stopped: StoppedClock) -> None:
    """And while a push is on its way the queue does not hand it out."""
    world.asker.status = 200
    await answered_as(world, Manner.PLAIN)
    stopped.advance(timedelta(hours=1))
    assert await taken(world) == []
    assert len(world.asker.pushed) == 1


async def test_what_the_asker_took_himself_is_not_pushed(world: World, stopped: StoppedClock) -> None:
    """The house was down at first and came for its queue later."""
    world.asker.status = 503
    await answered_as(world, Manner.PLAIN)
    (one,) = await taken(world)
    await signed(world, "/answers/ack", {"deliveries": [one["delivery"]]})
    before = len(world.asker.pushed)
    stopped.advance(timedelta(days=1))
    await world.worker.drain()
    assert len(world.asker.pushed) == before


async def test_spoilt_copies_are_spoilt_and_the_question_shows_the_truth(world: World, stopped: StoppedClock) -> None:
    """Half a message, a strange field, a strange number, another child's number; each before the plain one."""
    other = question(child("egor"))
    await asked(world, other)
    kinds = (Manner.HALF, Manner.WRONG_FIELD, Manner.WRONG_REFERENCE, Manner.OTHER_CHILD, Manner.PLAIN)
    reference = await answered_as(world, *kinds)
    half, field, strange, foreign, plain = [one["body"] for one in await taken(world)]
    truth = await state(world, reference)
    assert json.loads(plain) == truth
    with pytest.raises(json.JSONDecodeError):
        json.loads(half)
    assert json.loads(field)["evidence"]["findings"][0]["field"] == "shoe_size"
    assert json.loads(strange)["id"] != reference
    assert json.loads(foreign)["request_id"] == other["request_id"]
    stopped.advance(timedelta())


async def test_a_contrary_answer_follows_a_minute_later(world: World, stopped: StoppedClock) -> None:
    """First everything agrees, then there is no record."""
    await answered_as(world, Manner.PLAIN, Manner.CONTRARY)
    (first,) = await taken(world)
    stopped.advance(timedelta(minutes=1))
    second = (await taken(world))[-1]
    assert json.loads(first["body"])["evidence"]["type"] == "compared"
    assert json.loads(second["body"])["evidence"] == {"type": "no_record"}


async def test_out_of_service_nothing_is_taken_answered_or_told(world: World, stopped: StoppedClock) -> None:
    """Six days; then what came due meanwhile is answered."""
    reference = await asked(world, question(child("alyona")))
    await world.db.run(lambda tx: service.go_away(tx, timedelta(days=6), clock.now()))
    stopped.advance(timedelta(days=5))
    await world.worker.drain()
    refused = [
        await world.http.post("/requests", json=question(child("egor"))),
        await world.http.get(f"/requests/{reference}"),
        await signed(world, "/answers/take", {"limit": 1}),
    ]
    assert [(one.status_code, one.headers["Retry-After"]) for one in refused] == [(503, "3600")] * 3
    assert world.asker.pushed == []
    stopped.advance(timedelta(days=1))
    await world.worker.drain()
    assert (await state(world, reference))["state"] == "answered"


async def test_a_fate_takes_all_registers_away(world: World, stopped: StoppedClock) -> None:
    """Whoever asks about this certificate switches them off for two days."""
    fate = Fate(outage=timedelta(days=2))
    document = certificate_document(child("alyona").certificate)
    entry = Entry(Kind.BIRTH_CERTIFICATE, document, None, fate, "выключает")
    await world.db.run(lambda tx: store.put_entry(tx, world.vault, entry))
    await asked(world, question(child("alyona")))
    assert (await world.http.post("/requests", json=question(child("egor")))).status_code == 503
    stopped.advance(timedelta(days=2))
    await asked(world, question(child("egor")))


async def test_too_many_calls_are_turned_away_until_the_minute_is_over(world: World, stopped: StoppedClock) -> None:
    """429 with the time to come again."""
    await world.db.run(lambda tx: service.limit_calls(tx, 2))
    answers = [await world.http.post("/requests", json=question(child("alyona"))) for _ in range(3)]
    assert [one.status_code for one in answers] == [202, 202, 429]
    assert answers[2].headers["Retry-After"] == "60"
    stopped.advance(timedelta(minutes=1))
    await asked(world, question(child("alyona")))


@pytest.mark.usefixtures("stopped")
async def test_the_page_has_a_switch_a_limit_and_a_choice_of_answers(world: World) -> None:
    """As a person presses them; a word that is not offered is told."""
    reference = await asked(world, question(child("alyona")))
    assert (await pressed(world, "/outage", outage="six-days")).status_code == 303
    page = (await world.http.get("/")).text
    assert "Реестры выключены" in page
    assert "Ответ будет, когда реестры включатся" in page
    assert (await pressed(world, "/outage", outage="over")).status_code == 303
    assert (await pressed(world, "/limit", limit="6")).status_code == 303
    assert (await pressed(world, "/limit", limit="none")).status_code == 303
    for path, wrong in (("/outage", "outage"), ("/limit", "limit"), (f"/requests/{reference}/answer-as", "manner")):
        assert (await pressed(world, path, **{wrong: "никак"})).status_code == 400
    assert (await pressed(world, f"/requests/{reference}/answer-as", manner="twice")).status_code == 303
    await world.worker.drain()
    assert (await pressed(world, f"/requests/{reference}/answer-as", manner="twice")).status_code == 409
    assert len(await taken(world)) == 2
