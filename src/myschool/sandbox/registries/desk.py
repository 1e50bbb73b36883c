"""The register's desk: takes questions, answers them when due, tells the asker.

take ──▶ AnswerDue (timer) ──▶ answer_due ──▶ a delivery in the asker's queue for each copy
                                                ├─▶ PushDue ──▶ the asker's callback, signed
                                                └─▶ hand_out ──▶ acknowledge       (the asker comes himself)
A delivery that somebody has is leased: a push and a batch do not carry it at once, unless a lease ran out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from myschool.kit import agenda, clock
from myschool.kit.agenda import Asking, Errand, Event, Later, Work
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.shared_key import HEADER, SharedKey
from myschool.kit.vault import Vault
from myschool.sandbox.registries import service, spoiling, store, store_queue
from myschool.sandbox.registries.model import ORDINARY_OF, Asked, Entry, Manner, record_of, weigh
from myschool.sandbox.registries.service import OutOfService
from myschool.sandbox.registries.store_queue import Delivery
from myschool.sandbox.registries.wire import Answered, Handed, Pending, Question

KEY_FILE = "registry.key"
"""In the home that the sandbox shares with the asker; with it pushed answers and calls of the queue are signed."""

LEASE = timedelta(minutes=1)
PUSH_LEASE = timedelta(seconds=30)
CONTRARY_AFTER = timedelta(minutes=1)
LOOK_WHETHER_BACK = timedelta(minutes=1)
AGAIN_STATUSES = frozenset({408, 429})
"""Answers of the 4xx kind that ask to come again; after any other the asker may take the answer from his queue."""


class AnswerDue(Event, frozen=True, kw_only=True, tag="registries.answer_due"):
    question_id: UUID


class PushDue(Event, frozen=True, kw_only=True, tag="registries.pushing"):
    """One delivery is told once, unless the asker takes it himself before."""

    delivery_id: UUID


@dataclass(frozen=True)
class Context:
    """What the reactions of the registries work with."""

    vault: Vault
    key: SharedKey
    client: httpx.AsyncClient


class RequestIdReused(Exception):
    """The same request_id came with another question."""


class PushRefused(Exception):
    """The asker did not take the answer; `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def take(tx: Tx, vault: Vault, question: Question, now: datetime) -> Asked | OutOfService:
    """The question as kept: now, or when it first came. Raises RequestIdReused.

    Being out of service is a value, so that the transaction commits and the refusal is counted.
    """
    known = await store.by_request(tx, vault, question.request_id)
    if known is not None:
        return _same(known, question)
    entry = await store.find_entry(tx, vault, question.kind, question.claim)
    fate = entry.fate if entry else ORDINARY_OF[question.kind]
    if fate.refusals and await store.refuse_once_more(tx, question.request_id) <= fate.refusals:
        return OutOfService()
    asked = Asked(
        id=new_id(),
        request_id=question.request_id,
        kind=question.kind,
        claim=question.claim,
        callback_url=question.callback_url,
        accepted_at=now,
        due_at=fate.due_at(now),
        manners=fate.manners,
    )
    if not await store.add(tx, vault, asked):
        # Another request with this id committed between our look and our insert.
        kept = await store.by_request(tx, vault, question.request_id)
        assert kept is not None
        return _same(kept, question)
    await agenda.put(tx, AnswerDue(question_id=asked.id), due_at=asked.due_at, key=_timer(asked.id))
    if fate.outage:
        await service.go_away(tx, fate.outage, now)
    return asked


def _same(known: Asked, question: Question) -> Asked:
    if (known.kind, known.claim, known.callback_url) != (question.kind, question.claim, question.callback_url):
        raise RequestIdReused
    return known


async def answer_now(tx: Tx, question_id: UUID, now: datetime) -> bool:
    """Moves the answer's time to now, for the impatient. False when there is no such waiting question."""
    if not await agenda.withdraw(tx, _timer(question_id)):
        return False
    await store.bring_forward(tx, question_id, now)
    return await agenda.put(tx, AnswerDue(question_id=question_id), due_at=now, key=_timer(question_id))


async def enter(tx: Tx, vault: Vault, question_id: UUID) -> bool:
    """Enters into the register what the question claims, so that made-up people can be confirmed too.

    False when there is no such question, or the register holds a record under that document already.
    """
    asked = await store.load(tx, vault, question_id)
    if asked is None:
        return False
    entry = await store.find_entry(tx, vault, asked.kind, asked.claim)
    if entry is not None and entry.record is not None:
        return False
    record = record_of(asked.kind, asked.claim)
    about = "внесённая здесь запись"
    await store.put_entry(tx, vault, Entry(asked.kind, record.document, record, ORDINARY_OF[asked.kind], about))
    return True


async def answer_as(tx: Tx, question_id: UUID, manners: tuple[Manner, ...], now: datetime) -> bool:
    """As `answer_now`, in these copies."""
    if not await answer_now(tx, question_id, now):
        return False
    await store.give_manners(tx, question_id, manners)
    return True


async def answer_due(work: Work[Context], due: AnswerDue) -> None:
    """Compares with what is held at this moment, keeps the evidence, and owes the asker its copies."""
    now = clock.now()
    await _only_in_service(work.tx, now)
    asked = await store.load(work.tx, work.ctx.vault, due.question_id, for_update=True)
    if asked is None or asked.answered_at is not None:
        return
    entry = await store.find_entry(work.tx, work.ctx.vault, asked.kind, asked.claim)
    await store.answer(work.tx, asked.id, weigh(asked.claim, entry.record if entry else None), now)
    if asked.callback_url is not None:
        for manner in asked.manners:
            told_at = now + CONTRARY_AFTER if manner is Manner.CONTRARY else now
            delivery_id = await store_queue.enqueue(work.tx, asked.id, manner, told_at)
            await agenda.put(work.tx, PushDue(delivery_id=delivery_id), due_at=told_at)


# -- telling: pushed ---------------------------------------------------------------------------------------------------


async def push(asking: Asking[Context], due: PushDue) -> None:
    """Raises Later, and PushRefused or httpx.HTTPError, so that the agenda tries again."""
    found = await asking.db.run(lambda tx: _to_push(tx, asking.ctx.vault, due.delivery_id, clock.now()))
    if found is None:
        return
    url, body = found
    headers = {"Content-Type": "application/json", HEADER: asking.ctx.key.signature(body, clock.now())}
    answer = await asking.ctx.client.post(url, content=body, headers=headers)
    if answer.is_success:
        await asking.db.run(lambda tx: store_queue.acknowledge(tx, [due.delivery_id]))
    else:
        await asking.db.run(lambda tx: store_queue.give_back(tx, due.delivery_id, clock.now()))
        if not answer.is_client_error or answer.status_code in AGAIN_STATUSES:
            raise PushRefused(answer.status_code)


async def _to_push(tx: Tx, vault: Vault, delivery_id: UUID, now: datetime) -> tuple[str, bytes] | None:
    """Where to and what; None when the asker has it already. Raises Later."""
    await _only_in_service(tx, now)
    leased = await store_queue.lease(tx, delivery_id, now, now + PUSH_LEASE)
    if isinstance(leased, datetime):
        raise Later(leased, "somebody has it")
    asked = await store.load(tx, vault, leased.answered.id) if leased else None
    if leased is None or asked is None or asked.callback_url is None:
        return None
    return asked.callback_url, await _body(tx, leased)


async def pushed(_work: Work[Context], _due: PushDue, _answer: None) -> None:
    """Nothing is kept: that the queue holds no delivery any more says it was taken."""


WIRING: agenda.Wiring[Context] = {
    AnswerDue: [answer_due],
    PushDue: [Errand(push, pushed)],
}


# -- telling: handed out -----------------------------------------------------------------------------------------------


async def hand_out(tx: Tx, limit: int, now: datetime) -> list[Handed]:
    """The next copies of the asker's queue; what he does not acknowledge comes again after a lease."""
    found = await store_queue.hand_out(tx, now, limit=limit, lease=LEASE)
    return [Handed(one.id, one.answered.request_id, (await _body(tx, one)).decode(errors="replace")) for one in found]


async def _only_in_service(tx: Tx, now: datetime) -> None:
    """Raises Later. Looks again soon: somebody may switch the registers on before the time."""
    if away := (await store_queue.condition(tx)).away(now):
        raise Later(now + min(away, LOOK_WHETHER_BACK), "out of service")


async def _body(tx: Tx, delivery: Delivery) -> bytes:
    other = delivery.manner is Manner.OTHER_CHILD
    another = await store_queue.another_request(tx, delivery.answered.id) if other else None
    return spoiling.body(delivery.answered, delivery.manner, another)


def shown(asked: Asked) -> Pending | Answered:
    """The question as the wire shows it."""
    if asked.answered_at is None or asked.evidence is None:
        return Pending(asked.id, asked.request_id, asked.kind, asked.accepted_at, asked.promised_by)
    return Answered(
        asked.id,
        asked.request_id,
        asked.kind,
        asked.accepted_at,
        asked.promised_by,
        asked.answered_at,
        asked.evidence,
    )


async def play_in(tx: Tx, vault: Vault, entries: list[Entry]) -> None:
    """Puts these entries into the registers; may be repeated."""
    for entry in entries:
        await store.put_entry(tx, vault, entry)


def _timer(question_id: UUID) -> str:
    return f"registries:answer:{question_id}"
