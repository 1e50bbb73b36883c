"""What others do with checks: ask, ask again with a correction, look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.checks import store, store_numbers
from myschool.gosuslugi.checks.model import (
    CheckDeadline,
    CheckKind,
    CheckMoved,
    CheckOnceMore,
    CheckSending,
    CheckState,
    Claim,
    MoveRefused,
    NoSuchCheck,
    RegistryCheck,
    due_at,
    ends_at,
)
from myschool.gosuslugi.checks.store_numbers import CheckNumbers as CheckNumbers
from myschool.kit import agenda, agenda_many
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault

ONCE_MORE_EVERY = timedelta(minutes=5)


async def ask(tx: Tx, vault: Vault, kind: CheckKind, subject_id: UUID, claim: Claim, now: datetime) -> RegistryCheck:
    """The question is on its way when the caller's transaction commits.

    The same claim asked again while it waits, or after it was confirmed, is the same check: nothing is sent twice.
    Another claim is a new revision, and answers to the older one no longer count.
    """
    check = await prepare(tx, vault, kind, subject_id, claim, now)
    return await send(tx, check.id, now) if check.state is CheckState.DRAFT else check


async def prepare(
    tx: Tx, vault: Vault, kind: CheckKind, subject_id: UUID, claim: Claim, now: datetime
) -> RegistryCheck:
    """As `ask`, but the question stays a draft until `send`."""
    while True:
        last = await store.latest(tx, kind, subject_id, for_update=True)
        asked_already = last is not None and (last.is_open or last.state is CheckState.CONFIRMED)
        if last is not None and asked_already and await store.claims_the_same(tx, vault, last.id, claim):
            return last
        if last is not None and last.is_open:
            await _move(tx, last, CheckState.SUPERSEDED, now)
        revision = last.revision + 1 if last is not None else 1
        draft = RegistryCheck(new_id(), kind, subject_id, revision, CheckState.DRAFT, (), now, now)
        if await store.add(tx, vault, draft, claim):
            return draft
        # Another transaction wrote this revision in between, and has committed: look again.


async def send(tx: Tx, check_id: UUID, now: datetime) -> RegistryCheck:
    """A draft goes to the registry; a check that went before stays as it is. Raises NoSuchCheck, MoveRefused."""
    check = await _locked(tx, check_id)
    if check.is_waiting or check.verdict is not None:
        return check
    sent = await _move(tx, replace(check, sent_at=now, due_at=due_at(now), ends_at=ends_at(now)), CheckState.SENT, now)
    await agenda.put(tx, CheckSending(check_id=check_id, attempt=1), key=f"check:{check_id}:send:1")
    for state, at in ((CheckState.OVERDUE, sent.due_at), (CheckState.EXPIRED, sent.ends_at)):
        await agenda.put(
            tx, CheckDeadline(check_id=check_id, state=state), due_at=at, key=deadline_key(check_id, state)
        )
    return sent


async def withdraw(tx: Tx, kind: CheckKind, subject_id: UUID, now: datetime) -> None:
    """Whoever asked wants no answer any more (the card was deleted, a clerk decided on papers)."""
    last = await store.latest(tx, kind, subject_id, for_update=True)
    if last is not None and last.is_open:
        await _move(tx, last, CheckState.SUPERSEDED, now)


async def look(tx: Tx, kind: CheckKind, subject_id: UUID) -> RegistryCheck | None:
    """The newest revision."""
    return await store.latest(tx, kind, subject_id)


async def look_at_all(tx: Tx, kind: CheckKind, subject_ids: Sequence[UUID]) -> dict[UUID, RegistryCheck]:
    return await store.latest_of(tx, kind, subject_ids) if subject_ids else {}


async def get(tx: Tx, check_id: UUID) -> RegistryCheck:
    """Raises NoSuchCheck."""
    check = await store.load(tx, check_id)
    if check is None:
        raise NoSuchCheck(check_id)
    return check


async def time_is_over(tx: Tx, deadline: CheckDeadline, now: datetime) -> None:
    """A timer went off: the check becomes overdue or expired, unless it is at an end."""
    check = await _locked(tx, deadline.check_id)
    if check.may_become(deadline.state):
        await move_and_tell(tx, check, deadline.state, now)


async def move_and_tell(tx: Tx, check: RegistryCheck, state: CheckState, now: datetime) -> RegistryCheck:
    """For states in which a person goes on waiting, and for the end of waiting without an answer."""
    moved = await _move(tx, check, state, now)
    await agenda.put(tx, CheckMoved(check_id=check.id, kind=check.kind, subject_id=check.subject_id, state=state))
    return moved


async def _move(tx: Tx, check: RegistryCheck, state: CheckState, now: datetime) -> RegistryCheck:
    if not check.may_become(state):
        raise MoveRefused(check.id, check.state, state)
    moved = replace(check, state=state, since=now)
    await store.save(tx, moved)
    if not moved.is_open:
        await forget_timers(tx, [check.id])
    return moved


async def forget_timers(tx: Tx, check_ids: Sequence[UUID]) -> None:
    """What is at an end has no deadlines and is not looked at again."""
    await agenda_many.withdraw(tx, [key for check_id in check_ids for key in _timers(check_id)])


def _timers(check_id: UUID) -> list[str]:
    deadlines = [deadline_key(check_id, state) for state in (CheckState.OVERDUE, CheckState.EXPIRED)]
    return [*deadlines, look_key(check_id), last_look_key(check_id)]


def look_key(check_id: UUID) -> str:
    return f"check:{check_id}:look"


def last_look_key(check_id: UUID) -> str:
    return f"check:{check_id}:last_look"


def deadline_key(check_id: UUID, state: CheckState) -> str:
    return f"check:{check_id}:{state}"


async def _locked(tx: Tx, check_id: UUID) -> RegistryCheck:
    check = await store.load(tx, check_id, for_update=True)
    if check is None:
        raise NoSuchCheck(check_id)
    return check


async def count(tx: Tx, now: datetime) -> CheckNumbers:
    """How all checks stand, for operators. Reads every check: once a minute at most, and never for a page."""
    return await store_numbers.numbers(tx, now)


async def hanging(tx: Tx, *, limit: int = 50) -> list[RegistryCheck]:
    """Checks whose registry is away or late, the longest first of each."""
    found = [await store_numbers.longest(tx, state, limit) for state in (CheckState.OVERDUE, CheckState.UNAVAILABLE)]
    return [check for checks in found for check in checks][:limit]


async def ask_once_more(tx: Tx, check_id: UUID, now: datetime) -> bool:
    """The registry is asked out of turn. False when nobody waits for it, or it was asked so in the last minutes.

    Raises NoSuchCheck.
    """
    check = await _locked(tx, check_id)
    slot = int(now.timestamp() // ONCE_MORE_EVERY.total_seconds())
    event = CheckOnceMore(check_id=check_id)
    return check.is_waiting and await agenda.put(tx, event, key=f"check:{check_id}:once_more:{slot}")
