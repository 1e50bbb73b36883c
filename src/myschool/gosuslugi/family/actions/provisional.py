"""«Временная учётная запись»: opened while the register decides, and then the real one in place, or closed.

No account in the sense of the house's invariants: see `family.provisional_model`. The dialog is the one of `account`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import asking, attaching, following, letters, moving
from myschool.gosuslugi.family.actions.certificate import certificate_of, particulars_of
from myschool.gosuslugi.family.model import (
    CHILD_UNDER,
    OVER,
    Child,
    EmailTaken,
    Guardianship,
    GuardianshipState,
    NotNow,
    TooOld,
    is_too_old,
)
from myschool.gosuslugi.family.provisional_model import (
    OPENABLE,
    Outcome,
    ProvisionalAccount,
    ProvisionalClosed,
    ProvisionalDue,
    lives_until,
    look_again_at,
    reminder_due,
)
from myschool.gosuslugi.family.questions import Questions
from myschool.gosuslugi.family.store import drafts as openings
from myschool.gosuslugi.family.store import guardianships
from myschool.gosuslugi.family.store import provisional as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactTaken, Level, Move, SnilsTaken
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit import agenda
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email


@dataclass(frozen=True)
class Living:
    """A provisional account that stands, and until when as things are now."""

    account: ProvisionalAccount
    until: datetime


# -- open --------------------------------------------------------------------------------------------------------------


async def may_open(
    tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID, now: datetime, *, child_under: int = CHILD_UNDER
) -> Guardianship:
    """Locked. Raises NotYours, NotNow, TooOld."""
    row = await moving.locked(tx, vault, guardianship_id, guardian_id)
    if not openable(row, await asking.questions_of(tx, row.id), now):
        raise NotNow(row.id, row.state)
    if is_too_old(row.card.birth_date, row.card.day_at(now), child_under):
        raise TooOld(row.card.birth_date)
    return row


def openable(row: Guardianship, asked: Questions, now: datetime) -> bool:
    """A card was sent, nobody has decided, and there is still time left."""
    return row.state in OPENABLE and now < lives_until(asked, row.since)


async def create(
    tx: Tx, vault: Vault, row: Guardianship, hashed: str, now: datetime
) -> tuple[ProvisionalAccount, bool]:
    """The account and whether it is fresh; pressed again, the one that is there. `row` is locked, as by `may_open`.

    Raises NotNow without a confirmed e-mail, EmailTaken.
    """
    if known := await store.living(tx, row.id):
        return known, False
    opening = await openings.load_opening(tx, vault, row.id)
    if opening is None or opening.confirmed_at is None:
        raise NotNow(row.id, row.state)
    actor = people.chain_of(row.guardian_id)
    try:
        person = await people.create_child_account(
            tx,
            vault,
            name=row.card.name,
            particulars=following.claimed(row.card),
            contacts=[Email(opening.email)],
            documents=[],
            actor=actor,
            now=now,
            person_id=new_id(),
            level=Level.PROVISIONAL,
        )
    except ContactTaken:
        raise EmailTaken from None
    await secrets.keep_first(tx, person.id, hashed, now)
    await openings.drop_opening(tx, row.id)
    account = ProvisionalAccount(person.id, row.id, row.guardian_id, now)
    await store.add(tx, account)
    await moving.note(tx, row, "provisional_opened", now, actor=actor)
    until = lives_until(await asking.questions_of(tx, row.id), now)
    await moving.tell(tx, vault, row, letters.provisional_opened(row, until))
    await _look_again(tx, account, until, now)
    return account, True


# -- the register or a clerk has decided -------------------------------------------------------------------------------


async def settle(tx: Tx, vault: Vault, row: Guardianship, child: Child, now: datetime) -> Guardianship | None:
    """In force: what was provisional becomes the child's account in place, or gives way to the one that is there.

    The attached guardianship when it became real, and the parent was told; else None. Both are locked. None also when
    somebody else got the child's СНИЛС in this very moment: the dialog says then what a clerk must look at.
    """
    living = await store.living(tx, row.id)
    if living is None or not row.in_force(now):
        return None
    if child.person_id is not None:
        await following.close(tx, row.id, Outcome.GAVE_WAY, now, actor=moving.SYSTEM)
        return None
    said = particulars_of(child)
    try:
        await people.prove(tx, vault, living.person_id, child.card.name, said, [certificate_of(child, row, now)], now)
    except SnilsTaken:
        return None
    await people.raise_level(tx, vault, living.person_id, Move.BECOME_REAL, actor=moving.SYSTEM, now=now)
    await store.close(tx, row.id, Outcome.BECAME_REAL, now)
    child = await guardianships.set_account(tx, child, living.person_id)
    return await attaching.attach(tx, vault, row, child, now, words=letters.became_real(row))


# -- the end -----------------------------------------------------------------------------------------------------------


async def on_due(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime) -> None:
    """Settles, closes or reminds, whatever it is time for; then looks again later. Repeating it changes nothing."""
    row = await guardianships.load(tx, vault, guardianship_id, for_update=True)
    living = await store.living(tx, guardianship_id)
    if row is None or living is None:
        return
    if row.state in OVER:
        await following.close(tx, row.id, Outcome.ENDED, now, actor=moving.SYSTEM)
        return
    if row.state is GuardianshipState.ACTIVE and row.child_id is not None:
        child = await guardianships.load_child(tx, vault, row.child_id, for_update=True)
        if await settle(tx, vault, row, child, now) is not None:
            return
        if await store.living(tx, guardianship_id) is None:
            return
    until = lives_until(await asking.questions_of(tx, row.id), living.opened_at)
    if now >= until:
        await following.close(tx, row.id, Outcome.EXPIRED, now, actor=moving.SYSTEM)
        await moving.note(tx, row, "provisional_expired", now, actor=moving.SYSTEM)
        return
    if (before := reminder_due(until, now)) is not None:
        key = f"provisional:{living.person_id}:{until.date()}:{before.days}"
        await moving.tell(tx, vault, row, letters.provisional_ends_soon(row, until), key=key)
    await _look_again(tx, living, until, now)


async def tell_closed(tx: Tx, vault: Vault, closed: ProvisionalClosed) -> None:
    row = await guardianships.load(tx, vault, closed.guardianship_id)
    if row is not None:
        await moving.tell(tx, vault, row, letters.provisional_closed(row, closed.outcome))


async def _look_again(tx: Tx, account: ProvisionalAccount, until: datetime, now: datetime) -> None:
    at = look_again_at(until, now)
    key = f"provisional:{account.person_id}:{at.isoformat()}"
    await agenda.put(tx, ProvisionalDue(guardianship_id=account.guardianship_id), due_at=at, key=key)


# -- for pages and slices above ----------------------------------------------------------------------------------------


async def living_of(tx: Tx, guardianship_id: UUID, now: datetime) -> Living | None:
    return await _in_time(tx, await store.living(tx, guardianship_id), now)


async def living_of_person(tx: Tx, person_id: UUID, now: datetime) -> Living | None:
    """None also for one whose end has come and which the worker has not closed yet."""
    return await _in_time(tx, await store.living_of_person(tx, person_id), now)


async def living_of_guardian(tx: Tx, guardian_id: UUID, now: datetime) -> list[Living]:
    found = [await _in_time(tx, one, now) for one in await store.living_of_guardian(tx, guardian_id)]
    return [one for one in found if one is not None]


async def _in_time(tx: Tx, account: ProvisionalAccount | None, now: datetime) -> Living | None:
    if account is None:
        return None
    until = lives_until(await asking.questions_of(tx, account.guardianship_id), account.opened_at)
    return Living(account, until) if now < until else None
