"""A pupil of 14 and more has an own account: a parent gets it attached when the pupil agrees, and only to read.

The question is put after the registers confirmed who the parent is, never before: else it told who has an account.
Nothing is attached by silence.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import agreement_letters as letters
from myschool.gosuslugi.family.actions import attaching, moving
from myschool.gosuslugi.family.actions.letters import write
from myschool.gosuslugi.family.agreement_model import (
    AGREEMENT_LIFE,
    AGREEMENT_REMINDER,
    Agreement,
    AgreementDue,
    AgreementRefused,
    AgreementState,
)
from myschool.gosuslugi.family.model import READING, Child, Guardianship, GuardianshipState, NotNow, NotYours
from myschool.gosuslugi.family.store import agreements
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.names import comparable_name

_A = AgreementState


@dataclass(frozen=True)
class Asked:
    """What a pupil is asked, with who asks."""

    agreement: Agreement
    row: Guardianship
    parent: Person


async def ask(tx: Tx, vault: Vault, row: Guardianship, child: Child, now: datetime) -> Agreement | None:
    """Puts the question to the pupil whose account this is; None when there is no own account, or it is attached.

    Who asks only reads from now on. Asked already, nothing more happens. Raises AgreementRefused when it is too early.
    """
    if child.person_id is None or row.attached_at is not None or not row.in_force(now):
        return None
    person = await people.by_id(tx, vault, child.person_id)
    if person.level is Level.CHILD:
        return None
    before = await agreements.load(tx, row.id)
    if before is not None and before.state in (_A.ASKED, _A.AGREED):
        return before
    if before is not None and now < before.may_be_asked_at:
        raise AgreementRefused(before.state)
    if not row.rights <= READING:
        # Confirmed while a child's account might still have been made.
        row = replace(row, rights=row.rights & READING)
        await store.save(tx, row)
    asked = Agreement(row.id, person.id, _A.ASKED, now, now + AGREEMENT_LIFE)
    await agreements.save(tx, asked)
    for at, reminds in ((asked.due_at, False), (asked.due_at - AGREEMENT_REMINDER, True)):
        await agenda.put(tx, AgreementDue(guardianship_id=row.id, at=asked.due_at, reminds=reminds), due_at=at)
    await moving.note(tx, row, "agreement_asked", now, actor=moving.SYSTEM)
    await _into_journal(tx, asked, "agreement:asked", moving.SYSTEM)
    await write(tx, vault, person.id, *letters.question(row, asked.due_at))
    return asked


async def ask_again(tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID, now: datetime) -> None:
    """The parent's button. Raises NotYours, NotNow, AgreementRefused."""
    row = await moving.locked(tx, vault, guardianship_id, guardian_id)
    if row.child_id is None or not row.in_force(now) or row.attached_at is not None:
        raise NotNow(row.id, row.state)
    child = await store.load_child(tx, vault, row.child_id, for_update=True)
    if await ask(tx, vault, row, child, now) is None:
        raise NotNow(row.id, row.state)


# -- the pupil ---------------------------------------------------------------------------------------------------------


async def asked_of(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> list[Asked]:
    """What stands and what awaits an answer; questions of those who represent the pupil no more are left out."""
    found = []
    for one in await agreements.of_person(tx, person_id):
        row = await store.load(tx, vault, one.guardianship_id)
        if row is not None and row.in_force(now) and one.state in (_A.ASKED, _A.AGREED):
            found.append(Asked(one, row, await people.by_id(tx, vault, row.guardian_id)))
    return found


async def question(tx: Tx, vault: Vault, guardianship_id: UUID, person_id: UUID, now: datetime) -> Asked:
    """Raises NotYours: another pupil's, or of a parent who represents nobody any more."""
    row = await store.load(tx, vault, guardianship_id, for_update=True)
    one = await agreements.load(tx, guardianship_id)
    if one is None or row is None or one.person_id != person_id or not row.in_force(now):
        raise NotYours
    return Asked(one, row, await people.by_id(tx, vault, row.guardian_id))


async def agree(tx: Tx, vault: Vault, asked: Asked, now: datetime) -> None:
    """Pressed again, nothing more happens. Raises AgreementRefused: the time is over, or the pupil refused."""
    if asked.agreement.state is _A.AGREED:
        return
    if now >= asked.agreement.due_at:
        raise AgreementRefused(_A.EXPIRED)
    await _answer(tx, vault, asked, _A.AGREED, now)
    assert asked.row.child_id is not None
    child = await store.load_child(tx, vault, asked.row.child_id, for_update=True)
    row = replace(asked.row, rights=asked.row.rights & READING)
    await store.save(tx, row)
    await attaching.attach(tx, vault, row, child, now, words=letters.agreed(row))


async def refuse(tx: Tx, vault: Vault, asked: Asked, now: datetime) -> None:
    """Pressed again, nothing more happens. Raises AgreementRefused."""
    if asked.agreement.state is _A.REFUSED:
        return
    await _answer(tx, vault, asked, _A.REFUSED, now)
    await moving.tell(tx, vault, asked.row, letters.refused(asked.row))


async def withdraw(tx: Tx, vault: Vault, asked: Asked, now: datetime) -> None:
    """From this moment the parent sees nothing more. Pressed again, nothing more happens. Raises AgreementRefused."""
    if asked.agreement.state is _A.WITHDRAWN:
        return
    await _answer(tx, vault, asked, _A.WITHDRAWN, now)
    detached = replace(asked.row, attached_at=None)
    await store.save(tx, detached)
    await moving.tell(tx, vault, detached, letters.withdrawn(detached))


async def _answer(tx: Tx, vault: Vault, asked: Asked, state: AgreementState, now: datetime) -> None:
    if not asked.agreement.may_become(state):
        raise AgreementRefused(asked.agreement.state)
    answered = replace(asked.agreement, state=state, since=now)
    await agreements.save(tx, answered)
    actor = people.chain_of(answered.person_id)
    await moving.note(tx, asked.row, f"agreement_{state}", now, actor=actor)
    await _into_journal(tx, answered, f"agreement:{state}", actor)


async def _into_journal(tx: Tx, one: Agreement, tag: str, actor: str) -> None:
    await journal.write(tx, people.chain_of(one.person_id), tag, actor=actor)


# -- what comes by itself ----------------------------------------------------------------------------------------------


async def due(tx: Tx, vault: Vault, event: AgreementDue, now: datetime) -> None:
    """Late, twice or of an older question, the timer does no harm."""
    row = await store.load(tx, vault, event.guardianship_id, for_update=True)
    one = await agreements.load(tx, event.guardianship_id)
    if row is None or one is None or one.state is not _A.ASKED or one.due_at != event.at:
        return
    if event.reminds:
        if now < one.due_at and row.in_force(now):
            await write(tx, vault, one.person_id, *letters.reminder(row, one.due_at))
        return
    parent = await people.by_id(tx, vault, row.guardian_id)
    await _answer(tx, vault, Asked(one, row, parent), _A.EXPIRED, now)
    if row.in_force(now):
        await moving.tell(tx, vault, row, letters.expired(row))


async def account_appeared(tx: Tx, vault: Vault, person_id: UUID, now: datetime) -> None:
    """A pupil proved an own passport: parents who were confirmed before and wait for the account get their answer."""
    person = (await people.by_ids(tx, vault, [person_id])).get(person_id)
    if person is None or person.snils is None or person.level is Level.CHILD:
        return
    child = await store.child_with_snils(tx, vault, person.snils.digits)
    if child is None or not is_own_account(person, child) or child.person_id not in (None, person_id):
        return
    rows = await store.of_child(tx, vault, child.id, for_update=True)
    if child.person_id is None:
        child = await store.set_account(tx, child, person_id)
    for row in rows:
        if row.state is GuardianshipState.ACTIVE and await agreements.load(tx, row.id) is None:
            await ask(tx, vault, row, child, now)


def is_own_account(person: Person, child: Child) -> bool:
    """The account that a pupil made for himself is this child's: СНИЛС, birthday and given name."""
    return (
        person.snils == child.card.snils
        and person.birth_date == child.card.birth_date
        and comparable_name(person.name.given_name) == comparable_name(child.card.given_name)
    )
