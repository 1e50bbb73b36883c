"""What the agenda does for a check: hands the question over, fetches the answer, keeps the deadlines.

The request's number on the wire is the check's id, so the registry takes the question once however often a worker dies
between asking and noting that it asked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from myschool.gosuslugi.checks import actions, answers, store
from myschool.gosuslugi.checks.gateway import Accepted, Pending, Registry, Unknown, Unreachable
from myschool.gosuslugi.checks.model import (
    Answer,
    CheckDeadline,
    CheckKind,
    CheckOnceMore,
    CheckPolling,
    CheckSending,
    CheckState,
    Claim,
    Nonsense,
    RegistryCheck,
)
from myschool.kit import agenda, clock
from myschool.kit.agenda import Asking, Errand, Wiring, Work
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_BETWEEN_LOOKS = timedelta(hours=4)
"""Answers are pushed; looking is for pushes that got lost."""


@dataclass(frozen=True)
class NothingToAsk:
    """The check came to its end before its turn."""


def reactions(vault: Vault, registry: Registry) -> Wiring[Any]:
    """For the house's wiring."""
    return {
        CheckSending: [sending(vault, registry)],
        CheckPolling: [polling(vault, registry)],
        CheckDeadline: [deadline],
        CheckOnceMore: [once_more(vault, registry)],
    }


async def deadline(work: Work[Any], event: CheckDeadline) -> None:
    await actions.time_is_over(work.tx, event, clock.now())


# -- handing over ------------------------------------------------------------------------------------------------------


def sending(vault: Vault, registry: Registry) -> Errand[Any]:
    async def ask(asking: Asking[Any], event: CheckSending) -> Accepted | Unreachable | NothingToAsk:
        async def question(tx: Tx) -> tuple[CheckKind, Claim] | None:
            check = await store.load(tx, event.check_id)
            if check is None or not check.is_waiting or check.reference is not None:
                return None
            return check.kind, await store.claim_of(tx, vault, check.id)

        found = await asking.db.run(question)
        return await registry.ask(event.check_id, *found) if found else NothingToAsk()

    async def settle(work: Work[Any], event: CheckSending, said: Accepted | Unreachable | NothingToAsk) -> None:
        await note_sending(work.tx, event.check_id, said, clock.now())

    return Errand(ask, settle)


async def note_sending(tx: Tx, check_id: UUID, said: Accepted | Unreachable | NothingToAsk, now: datetime) -> None:
    check = await store.load(tx, check_id, for_update=True)
    if check is None or not check.is_waiting or check.reference is not None:
        return
    if isinstance(said, Accepted):
        accepted = replace(check, reference=said.reference, tries=0)
        await _standing(tx, accepted, CheckState.CHECKING, now)
        await _look_again(tx, accepted, now)
    elif isinstance(said, Unreachable):
        tried = replace(check, tries=check.tries + 1)
        await _standing(tx, tried, CheckState.UNAVAILABLE, now)
        await _send_again(tx, tried, now + (said.wait or pause(tried.tries, LONGEST_PAUSE)))


# -- fetching ----------------------------------------------------------------------------------------------------------

Look = Answer | Pending | Unknown | Unreachable | NothingToAsk | Nonsense


def polling(vault: Vault, registry: Registry) -> Errand[Any]:
    async def ask(asking: Asking[Any], event: CheckPolling) -> Look:
        async def reference(tx: Tx) -> str | None:
            check = await store.load(tx, event.check_id)
            return check.reference if check is not None and check.is_waiting else None

        known = await asking.db.run(reference)
        if known is None:
            return NothingToAsk()
        try:
            return await registry.look(known)
        except Nonsense as nonsense:
            return nonsense

    async def settle(work: Work[Any], event: CheckPolling, said: Look) -> None:
        await note_look(work.tx, vault, event.check_id, said, clock.now())

    return Errand(ask, settle)


async def note_look(tx: Tx, vault: Vault, check_id: UUID, said: Look, now: datetime) -> None:
    check = await store.load(tx, check_id, for_update=True)
    if check is None or not check.is_waiting or isinstance(said, NothingToAsk):
        return
    tried = replace(check, tries=check.tries + 1)
    match said:
        case Answer() if said.request_id == check_id:
            if await answers.record(tx, vault, said, now) is not answers.Outcome.DECIDED:
                await store.save(tx, tried)
                await _look_again(tx, tried, now)
        case Pending():
            await _standing(tx, tried, CheckState.CHECKING, now)
            await _look_again(tx, tried, now)
        case Unknown():
            # The registry lost the question. Its number stays ours, so a copy that turns up again is the same request.
            lost = replace(tried, reference=None)
            await _standing(tx, lost, CheckState.UNAVAILABLE, now)
            await _send_again(tx, lost, now)
        case Unreachable():
            await _standing(tx, tried, CheckState.UNAVAILABLE, now)
            await _look_again(tx, tried, now)
        case _:
            # Nonsense, or an answer to somebody else's question: as good as no answer.
            await store.save(tx, tried)
            await _look_again(tx, tried, now)


# -- out of turn -------------------------------------------------------------------------------------------------------


def once_more(vault: Vault, registry: Registry) -> Errand[Any]:
    """One question beside the regular turns. Only what brings the check on is noted: no second row of turns begins."""
    handing, looking = sending(vault, registry), polling(vault, registry)

    async def ask(asking: Asking[Any], event: CheckOnceMore) -> Any:
        looked = await looking.ask(asking, CheckPolling(check_id=event.check_id, attempt=1))
        if not isinstance(looked, NothingToAsk):
            return looked
        return await handing.ask(asking, CheckSending(check_id=event.check_id, attempt=1))

    async def settle(work: Work[Any], event: CheckOnceMore, said: Any) -> None:
        if isinstance(said, Accepted):
            await note_sending(work.tx, event.check_id, said, clock.now())
        elif isinstance(said, Answer) and said.request_id == event.check_id:
            await answers.record(work.tx, vault, said, clock.now())

    return Errand(ask, settle, within=looking.within + handing.within)


# -- parts -------------------------------------------------------------------------------------------------------------


async def _standing(tx: Tx, check: RegistryCheck, state: CheckState, now: datetime) -> None:
    """Notes the state where it changed. What is overdue stays overdue: the person hears of answers only."""
    if check.state is not state and check.may_become(state):
        await actions.move_and_tell(tx, check, state, now)
    else:
        await store.save(tx, check)


async def _look_again(tx: Tx, check: RegistryCheck, now: datetime) -> None:
    at = now + pause(check.tries + 1, LONGEST_BETWEEN_LOOKS)
    await agenda.put(tx, CheckPolling(check_id=check.id, attempt=check.tries + 1), due_at=at)


async def _send_again(tx: Tx, check: RegistryCheck, at: datetime) -> None:
    await agenda.put(tx, CheckSending(check_id=check.id, attempt=check.tries + 1), due_at=at)


def pause(tries: int, longest: timedelta) -> timedelta:
    """Doubling from a minute."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 20)), longest)
