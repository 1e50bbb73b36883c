"""What the agenda does for a check: hands the question over. What comes back is `taking`.

The request's number on the wire is the check's id, so the registry takes the question once however often a worker dies
between asking and noting that it asked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from myschool.gosuslugi.checks import actions, store
from myschool.gosuslugi.checks.gateway import Accepted, Registry, Unreachable
from myschool.gosuslugi.checks.model import CheckKind, CheckSending, CheckState, Claim, RegistryCheck
from myschool.kit import agenda, clock
from myschool.kit.agenda import Asking, Errand, Work
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class NothingToAsk:
    """The check came to its end before its turn."""


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
        await note_state(tx, accepted, CheckState.CHECKING, now)
    elif isinstance(said, Unreachable):
        tried = replace(check, tries=check.tries + 1)
        await note_state(tx, tried, CheckState.UNAVAILABLE, now)
        await send_again(tx, tried, now + (obeyed(said.wait, check_id) or pause(tried.tries, LONGEST_PAUSE)))


async def note_state(tx: Tx, check: RegistryCheck, state: CheckState, now: datetime) -> None:
    """Notes the state where it changed. What is overdue stays overdue: the person hears of answers only."""
    if check.state is not state and check.may_become(state):
        await actions.move_and_tell(tx, check, state, now)
    else:
        await store.save(tx, check)


async def send_again(tx: Tx, check: RegistryCheck, at: datetime) -> None:
    await agenda.put(tx, CheckSending(check_id=check.id, attempt=check.tries + 1), due_at=at)


def obeyed(wait: timedelta | None, check_id: UUID) -> timedelta | None:
    """Not before the registry said, and not all of us at once: up to half as long again, by the check's number."""
    return wait + wait * (check_id.int % 128 / 256) if wait is not None else None


def pause(tries: int, longest: timedelta) -> timedelta:
    """Doubling from a minute."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 20)), longest)
