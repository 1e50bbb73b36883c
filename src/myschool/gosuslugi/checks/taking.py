"""What the agenda does with answers: takes our queue at the registry, looks after what got lost, keeps the deadlines.

A million checks may wait: none of them is asked about. There is one item for the queue, due soon while answers come and
seldom otherwise; a push brings it forward. A single question is looked at only when its answer came spoilt, when its
time is over, and shortly before its end.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

import structlog

from myschool.gosuslugi.checks import actions, answers, sending, store
from myschool.gosuslugi.checks.answers import Outcome
from myschool.gosuslugi.checks.gateway import Accepted, Handed, Pending, Registry, Unknown, Unreachable
from myschool.gosuslugi.checks.model import (
    Answer,
    CheckDeadline,
    CheckLook,
    CheckOnceMore,
    CheckSending,
    CheckState,
    Nonsense,
    QueueTurn,
    RegistryCheck,
)
from myschool.gosuslugi.checks.sending import NothingToAsk
from myschool.kit import agenda, agenda_lease, clock
from myschool.kit.agenda import Asking, Errand, Later, Wiring, Work
from myschool.kit.db import Database, DatabaseUnavailable, OutcomeUnknown, Tx
from myschool.kit.vault import Vault

QUEUE = "checks:queue"
BATCH = 500
TURN_SECONDS = 15.0
LIVELY = timedelta(minutes=1)
"""For so long after an answer more are expected."""
SHORT_PAUSE = timedelta(seconds=5)
LONG_PAUSE = timedelta(minutes=5)
SPOILT_LOOKED_AT_AFTER = timedelta(minutes=1)
LAST_LOOK_BEFORE = timedelta(hours=12)
LOOK_AGAIN_AFTER = timedelta(minutes=15)
SPOILT = frozenset({Outcome.NONSENSE, Outcome.FOREIGN})

log = structlog.get_logger(__name__)


def reactions(vault: Vault, registry: Registry) -> Wiring[Any]:
    """For the house's wiring."""
    return {
        CheckSending: [sending.sending(vault, registry)],
        QueueTurn: [taking(vault, registry)],
        CheckLook: [looking(vault, registry)],
        CheckDeadline: [keeping(vault, registry)],
        CheckOnceMore: [once_more(vault, registry)],
    }


async def begin(tx: Tx) -> None:
    """A worker calls it at its start, and once an hour."""
    await agenda.keep(tx, QueueTurn(), key=QUEUE)


async def expect_more(tx: Tx, now: datetime) -> None:
    """Something was pushed; whatever else waits is taken soon."""
    await agenda.bring_forward(tx, QUEUE, now + SHORT_PAUSE)


# -- the queue ---------------------------------------------------------------------------------------------------------


def taking(vault: Vault, registry: Registry) -> Errand[Any]:
    async def turn(asking: Asking[Any], _event: QueueTurn) -> NoReturn:
        """Takes batch after batch until the queue is empty; always ends with Later."""
        ends = time.monotonic() + TURN_SECONDS
        while True:
            handed = await registry.take(BATCH)
            if isinstance(handed, Unreachable):
                raise Later(clock.now() + (handed.wait or LONG_PAUSE), handed.reason)
            if handed:
                await registry.acknowledge(await settle(asking.db, vault, handed))
            if len(handed) < BATCH:
                raise Later(clock.now() + await asking.db.run(_rest), "the queue is empty")
            if time.monotonic() > ends:
                raise Later(clock.now(), "more is waiting")

    async def never(_work: Work[Any], _event: QueueTurn, _answer: None) -> None:
        """Nothing is left to settle: each batch was, by itself."""

    return Errand(turn, never, within=90.0)


async def _rest(tx: Tx) -> timedelta:
    last = await store.last_answer_at(tx)
    return SHORT_PAUSE if last is not None and clock.now() - last < LIVELY else LONG_PAUSE


async def settle(db: Database, vault: Vault, handed: Sequence[Handed]) -> list[str]:
    """Records all in one transaction, or else each alone; returns what may be acknowledged: everything.

    One that can not be recorded becomes a look at its question: it fails alone, and in the end it is a dead letter
    that an operator sees and can try again.
    """
    if not await _recorded(db, vault, handed):
        for one in handed:
            if not await _recorded(db, vault, [one]) and one.request_id is not None:
                stuck = one.request_id
                await db.run(lambda tx, stuck=stuck: look_soon(tx, stuck, clock.now()))  # type: ignore[misc]
    return [one.delivery for one in handed]


async def _recorded(db: Database, vault: Vault, handed: Sequence[Handed]) -> bool:
    try:
        await db.run(lambda tx: record(tx, vault, handed, clock.now()))
    except (DatabaseUnavailable, OutcomeUnknown):
        raise  # nothing is acknowledged, so all of it comes again
    except Exception as error:  # whichever answer it was, it fails again, alone
        log.warning("registry_answers_failed", error=agenda_lease.name_of(error), answers=len(handed))
        return False
    return True


async def record(tx: Tx, vault: Vault, handed: Sequence[Handed], now: datetime) -> list[Outcome]:
    """What became of those that could be read. Where one was spoilt its question is looked at."""
    said = [one.answer for one in handed if one.answer is not None]
    outcomes = await answers.record_all(tx, vault, said, now)
    spoilt = {one.request_id for one in handed if one.answer is None and one.request_id is not None}
    spoilt |= {answer.request_id for answer, outcome in zip(said, outcomes, strict=True) if outcome in SPOILT}
    for request_id in spoilt:
        await look_soon(tx, request_id, now)
    return outcomes


async def look_soon(tx: Tx, check_id: UUID, now: datetime) -> None:
    """Once: what is spoilt on the wire every time waits for its deadline."""
    due_at = now + SPOILT_LOOKED_AT_AFTER
    await agenda.put(tx, CheckLook(check_id=check_id), due_at=due_at, key=actions.look_key(check_id))


# -- one question ------------------------------------------------------------------------------------------------------

Look = Answer | Pending | Unknown | Unreachable | NothingToAsk | Nonsense


def looking(vault: Vault, registry: Registry) -> Errand[Any]:
    async def ask(asking: Asking[Any], event: CheckLook) -> Look:
        said = await _look(asking, registry, event.check_id)
        if isinstance(said, Unreachable):
            raise Later(clock.now() + (sending.obeyed(said.wait, event.check_id) or LOOK_AGAIN_AFTER), said.reason)
        return said

    async def settle(work: Work[Any], event: CheckLook, said: Look) -> None:
        await note_look(work.tx, vault, event.check_id, said, clock.now())

    return Errand(ask, settle)


def keeping(vault: Vault, registry: Registry) -> Errand[Any]:
    """A deadline: the answer may be there and have got lost, so the question is looked at before it counts as late."""

    async def ask(asking: Asking[Any], event: CheckDeadline) -> Look:
        return await _look(asking, registry, event.check_id)

    async def settle(work: Work[Any], event: CheckDeadline, said: Look) -> None:
        now = clock.now()
        await note_look(work.tx, vault, event.check_id, said, now)
        await actions.time_is_over(work.tx, event, now)
        check = await actions.get(work.tx, event.check_id)
        if isinstance(said, Unreachable) and check.is_waiting:
            await look_soon(work.tx, check.id, now)
        if check.state is CheckState.OVERDUE and check.ends_at is not None:
            last = CheckLook(check_id=check.id)
            due_at = check.ends_at - LAST_LOOK_BEFORE
            await agenda.put(work.tx, last, due_at=due_at, key=actions.last_look_key(check.id))

    return Errand(ask, settle)


def once_more(vault: Vault, registry: Registry) -> Errand[Any]:
    """An operator's wish: the question is looked at, or handed over when the registry does not have it yet.

    Only what brings the check on is noted.
    """
    handing = sending.sending(vault, registry)

    async def ask(asking: Asking[Any], event: CheckOnceMore) -> Look | Accepted:
        looked = await _look(asking, registry, event.check_id)
        if not isinstance(looked, NothingToAsk):
            return looked
        handed: Accepted | Unreachable | NothingToAsk = await handing.ask(
            asking, CheckSending(check_id=event.check_id, attempt=1)
        )
        return handed

    async def settle(work: Work[Any], event: CheckOnceMore, said: Look | Accepted) -> None:
        if isinstance(said, Accepted):
            await sending.note_sending(work.tx, event.check_id, said, clock.now())
        else:
            await note_look(work.tx, vault, event.check_id, said, clock.now())

    return Errand(ask, settle, within=60.0)


async def _look(asking: Asking[Any], registry: Registry, check_id: UUID) -> Look:
    async def reference(tx: Tx) -> str | None:
        check = await store.load(tx, check_id)
        return check.reference if check is not None and check.is_waiting else None

    known = await asking.db.run(reference)
    if known is None:
        return NothingToAsk()
    try:
        return await registry.look(known)
    except Nonsense as nonsense:
        return nonsense


async def note_look(tx: Tx, vault: Vault, check_id: UUID, said: Look, now: datetime) -> None:
    """An answer counts as if it had been pushed; a question that the registry lost is sent again."""
    check = await store.load(tx, check_id, for_update=True)
    if check is None or not check.is_waiting:
        return
    match said:
        case Answer() if said.request_id == check_id:
            await answers.record(tx, vault, said, now)
        case Unknown():
            await _lost(tx, check, now)
        case Answer() | Nonsense():
            log.warning("registry_look_spoilt", check=str(check_id))


async def _lost(tx: Tx, check: RegistryCheck, now: datetime) -> None:
    """The question's number stays ours, so a copy that turns up again is the same request."""
    lost = replace(check, reference=None, tries=check.tries + 1)
    await sending.note_state(tx, lost, CheckState.UNAVAILABLE, now)
    await sending.send_again(tx, lost, now)
