"""The register's desk: takes questions, answers them when due, tells the asker.

take ──▶ AnswerDue (timer) ──▶ answer_due ──▶ PushDue × pushes ──▶ the asker's callback, signed
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import httpx
import msgspec

from myschool.kit import agenda, clock
from myschool.kit.agenda import Asking, Errand, Event, Work
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.shared_key import HEADER, SharedKey
from myschool.kit.vault import Vault
from myschool.sandbox.registries import store
from myschool.sandbox.registries.model import ORDINARY_OF, Asked, Entry, record_of, weigh
from myschool.sandbox.registries.wire import Answered, Pending, Question

KEY_FILE = "registry.key"
"""In the home that the sandbox shares with the asker; with it pushed answers are signed."""


class AnswerDue(Event, frozen=True, kw_only=True, tag="registries.answer_due"):
    question_id: UUID


class PushDue(Event, frozen=True, kw_only=True, tag="registries.push_due"):
    """`number` counts the times one answer is told, from 1."""

    question_id: UUID
    number: int


@dataclass(frozen=True)
class Context:
    """What the reactions of the registries work with."""

    vault: Vault
    key: SharedKey
    client: httpx.AsyncClient


class OutOfService(Exception):
    """The register takes no questions at this moment."""


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
    entry = await store.find_entry(tx, vault, question.kind, question.claim.document)
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
        pushes=fate.pushes,
    )
    if not await store.add(tx, vault, asked):
        # Another request with this id committed between our look and our insert.
        kept = await store.by_request(tx, vault, question.request_id)
        assert kept is not None
        return _same(kept, question)
    await agenda.put(tx, AnswerDue(question_id=asked.id), due_at=asked.due_at, key=_timer(asked.id))
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
    entry = await store.find_entry(tx, vault, asked.kind, asked.claim.document)
    if entry is not None and entry.record is not None:
        return False
    record = record_of(asked.kind, asked.claim)
    about = "внесённая здесь запись"
    await store.put_entry(tx, vault, Entry(asked.kind, record.document, record, ORDINARY_OF[asked.kind], about))
    return True


async def answer_due(work: Work[Context], due: AnswerDue) -> None:
    """Compares with what is held at this moment, keeps the evidence, and owes the asker a push."""
    asked = await store.load(work.tx, work.ctx.vault, due.question_id, for_update=True)
    if asked is None or asked.answered_at is not None:
        return
    entry = await store.find_entry(work.tx, work.ctx.vault, asked.kind, asked.claim.document)
    await store.answer(work.tx, asked.id, weigh(asked.claim, entry.record if entry else None), clock.now())
    if asked.callback_url is not None:
        for number in range(1, asked.pushes + 1):
            await agenda.put(work.tx, PushDue(question_id=asked.id, number=number))


async def push(asking: Asking[Context], due: PushDue) -> None:
    """Raises PushRefused and httpx.HTTPError, so that the agenda tries again."""
    asked = await asking.db.run(lambda tx: store.load(tx, asking.ctx.vault, due.question_id))
    if asked is None or asked.callback_url is None:
        return
    body = msgspec.json.encode(shown(asked))
    headers = {"Content-Type": "application/json", HEADER: asking.ctx.key.signature(body, clock.now())}
    answer = await asking.ctx.client.post(asked.callback_url, content=body, headers=headers)
    if not answer.is_success:
        raise PushRefused(answer.status_code)


async def pushed(_work: Work[Context], _due: PushDue, _answer: None) -> None:
    """Nothing is kept: that the agenda holds no push any more says it was taken."""


WIRING: agenda.Wiring[Context] = {
    AnswerDue: [answer_due],
    PushDue: [Errand(push, pushed)],
}


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
