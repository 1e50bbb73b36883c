"""One suite for the house's fake of a registry and for the sandbox's registry behind the house's own gateway.

What a test of the house learns from the fake is true on the wire.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from myschool.gosuslugi.checks.gateway import (
    Accepted,
    Handed,
    Pending,
    QuestionRefused,
    Registry,
    Unknown,
    Unreachable,
)
from myschool.gosuslugi.checks.http_registry import HttpRegistry
from myschool.gosuslugi.checks.model import (
    Answer,
    CheckKind,
    Claim,
    Evidence,
    NoRecord,
    Verdict,
    birth_claim,
    passport_claim,
    weigh,
)
from myschool.kit import clock, shared_key
from myschool.kit import settings as configuration
from myschool.kit.agenda_worker import Worker
from myschool.kit.clock import StoppedClock
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web.app import build
from myschool.papers.numbers import DepartmentCode, PassportNumber
from myschool.sandbox import cast
from myschool.sandbox.registries import desk, pages
from myschool.sandbox.registries.app import registry_house
from myschool.sandbox.registries.tables import metadata
from tests.conftest import ClockAt, MakeDb
from tests.gosuslugi.checks.registry_fake import FakeRegistry, agreeing

OLGA = cast.citizen("olga")


@dataclass
class Contract:
    """A registry, and the way to make it decide on a question that it took."""

    registry: Registry
    decide: Callable[[UUID, str, Claim, Evidence], Awaitable[None]]
    clock: StoppedClock


@pytest.fixture(params=["fake", "sandbox"])
async def contract(
    request: pytest.FixtureRequest, make_db: MakeDb, tmp_path: Path, clock_at: ClockAt
) -> AsyncIterator[Contract]:
    stopped = clock_at("2026-11-25T10:00:00+03:00")
    if request.param == "fake":
        fake = FakeRegistry()

        async def decide(request_id: UUID, _reference: str, _claim: Claim, evidence: Evidence) -> None:
            fake.tell(fake.decide(request_id, evidence))

        yield Contract(fake, decide, stopped)
        return
    settings = configuration.read({"MYSCHOOL_HOME": str(tmp_path)})
    db, vault = await make_db(ground, metadata), Vault([VaultKey.fresh()])
    await db.run(lambda tx: desk.play_in(tx, vault, cast.registry_entries()))
    transport = httpx.ASGITransport(build(registry_house(settings, db, vault), pages.routes()))
    nobody = httpx.MockTransport(lambda _: httpx.Response(400))  # takes no push, so all answers stay in the queue
    async with httpx.AsyncClient(transport=transport) as client, httpx.AsyncClient(transport=nobody) as asker:
        key = shared_key.load(settings.home / desk.KEY_FILE)
        worker = Worker(db, desk.WIRING, desk.Context(vault, key, asker))

        async def answer(_request_id: UUID, reference: str, _claim: Claim, _evidence: Evidence) -> None:
            assert await db.run(lambda tx: desk.answer_now(tx, UUID(reference), clock.now()))
            await worker.drain()

        callback = f"{settings.gosuslugi_url}/registry/answers"
        yield Contract(HttpRegistry(settings.registry_url, callback, key, client), answer, stopped)


def claim(number: PassportNumber) -> Claim:
    return passport_claim(number, date(2008, 4, 2), DepartmentCode("000001"), OLGA.name, OLGA.birth_date)


def olgas() -> Claim:
    assert OLGA.passport is not None
    return claim(OLGA.passport.number)


def unknown() -> Claim:
    return claim(PassportNumber("0026", "999999"))


async def taken(contract: Contract, request_id: UUID, asked: Claim) -> str:
    said = await contract.registry.ask(request_id, CheckKind.PASSPORT, asked)
    assert isinstance(said, Accepted)
    return said.reference


async def test_a_question_asked_again_keeps_its_reference(contract: Contract) -> None:
    """Before and after the answer, whoever died in between."""
    request_id = uuid4()
    reference = await taken(contract, request_id, olgas())
    assert await taken(contract, request_id, olgas()) == reference
    await contract.decide(request_id, reference, olgas(), agreeing(olgas()))
    assert await taken(contract, request_id, olgas()) == reference


async def test_two_questions_have_two_references(contract: Contract) -> None:
    """The same claim under another number is another question."""
    assert await taken(contract, uuid4(), olgas()) != await taken(contract, uuid4(), olgas())


async def test_an_answer_is_awaited_and_then_seen_by_whoever_looks(contract: Contract) -> None:
    """Pending first; then the evidence, under the number of the question."""
    request_id = uuid4()
    reference = await taken(contract, request_id, olgas())
    assert await contract.registry.look(reference) == Pending()
    await contract.decide(request_id, reference, olgas(), agreeing(olgas()))
    said = await contract.registry.look(reference)
    assert isinstance(said, Answer)
    assert (said.request_id, said.reference) == (request_id, reference)
    assert weigh(olgas(), said.evidence).verdict is Verdict.CONFIRMED


async def test_a_document_nobody_holds_has_no_record(contract: Contract) -> None:
    """Evidence of absence is an answer, not an error."""
    request_id = uuid4()
    reference = await taken(contract, request_id, unknown())
    await contract.decide(request_id, reference, unknown(), NoRecord())
    said = await contract.registry.look(reference)
    assert isinstance(said, Answer)
    assert said.evidence == NoRecord()


async def test_a_number_is_not_used_for_another_question(contract: Contract) -> None:
    """That would be our own defect, and is told."""
    request_id = uuid4()
    await taken(contract, request_id, olgas())
    with pytest.raises(QuestionRefused):
        await contract.registry.ask(request_id, CheckKind.PASSPORT, unknown())


async def test_a_reference_nobody_gave_is_unknown(contract: Contract) -> None:
    """The registry lost the question, or never had it."""
    assert await contract.registry.look(str(uuid4())) == Unknown()


async def batch(contract: Contract, limit: int = 100) -> list[Handed]:
    handed = await contract.registry.take(limit)
    assert not isinstance(handed, Unreachable)
    return list(handed)


async def decided(contract: Contract, count: int) -> list[UUID]:
    request_ids = [uuid4() for _ in range(count)]
    for request_id in request_ids:
        reference = await taken(contract, request_id, olgas())
        await contract.decide(request_id, reference, olgas(), agreeing(olgas()))
    return request_ids


async def test_answers_wait_in_the_queue_and_are_taken_in_batches(contract: Contract) -> None:
    """Two and then one; nothing waits before there is an answer, and each is what a look would show."""
    await taken(contract, uuid4(), olgas())
    assert await batch(contract) == []
    request_ids = await decided(contract, 3)
    first, rest = await batch(contract, 2), await batch(contract, 2)
    assert (len(first), len(rest)) == (2, 1)
    assert {one.request_id for one in first + rest} == set(request_ids)
    for one in first + rest:
        assert one.answer is not None
        assert one.answer.request_id == one.request_id
        assert await contract.registry.look(one.answer.reference) == one.answer


async def test_what_is_acknowledged_does_not_come_again_and_all_else_does(contract: Contract) -> None:
    """After a lease, to whoever takes the queue next; a strange delivery is no error."""
    await decided(contract, 2)
    kept, lost = await batch(contract)
    assert await contract.registry.acknowledge([kept.delivery]) is None
    assert await batch(contract) == [], "leased"
    contract.clock.advance(timedelta(minutes=3))
    assert [one.delivery for one in await batch(contract)] == [lost.delivery]
    await contract.registry.acknowledge([lost.delivery, lost.delivery, kept.delivery])
    contract.clock.advance(timedelta(days=1))
    assert await batch(contract) == []


@pytest.mark.parametrize("child", cast.CHILDREN, ids=lambda child: child.key)
async def test_the_house_s_claim_about_a_birth_is_understood(contract: Contract, child: cast.CastChild) -> None:
    """Word for word, for every child of the cast: with an act record, without a patronymic."""
    asked = birth_claim(child.certificate, child.name, child.birth_date, child.sex.value, OLGA.name)
    said = await contract.registry.ask(uuid4(), CheckKind.BIRTH_CERTIFICATE, asked)
    assert isinstance(said, Accepted) or child.key == "timur"
