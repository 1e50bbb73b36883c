"""The child's account made or attached at the desk of a service centre, for an adult who represents the child by now.

No mailbox is needed: the login is the СНИЛС, the first password stands on a paper and is changed at the first sign-in,
the second factor goes to the adult. Every function takes the id of the adult's guardianship and locks it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import account, agreeing, attaching, letters, moving
from myschool.gosuslugi.family.agreement_model import Agreement
from myschool.gosuslugi.family.model import (
    CHILD_UNDER,
    Child,
    Guardianship,
    NotNow,
    NotYours,
    Right,
    TooOld,
    is_too_old,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions


@dataclass(frozen=True)
class Desk:
    """What can be done here. `password_set_at` names the password that a new paper would replace."""

    row: Guardianship
    child: Child
    may_create: bool
    may_attach: bool
    may_hand_again: bool
    password_set_at: datetime | None


@dataclass(frozen=True)
class Handed:
    """Until when the first password has to be changed."""

    row: Guardianship
    child: Child
    until: datetime


async def look(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime) -> Desk:
    """Raises NotYours, NotNow: the adult does not represent the child, or not now."""
    row, child = await _locked(tx, vault, guardianship_id, now)
    has_keys = row.may(Right.CREDENTIALS, now)
    if child.person_id is None:
        return Desk(row, child, has_keys, False, False, None)
    person = await people.by_id(tx, vault, child.person_id)
    set_at = await secrets.set_at(tx, person.id)
    stuck = await secrets.locked(tx, person.id) or await secrets.handed_until(tx, person.id) is not None
    mine = row.attached_at is not None and person.level is Level.CHILD and has_keys
    return Desk(row, child, False, row.attached_at is None, mine and stuck, set_at)


async def create(
    tx: Tx,
    vault: Vault,
    guardianship_id: UUID,
    hashed: str,
    now: datetime,
    *,
    actor: str,
    child_under: int = CHILD_UNDER,
) -> Handed:
    """A child's account without contacts. Raises NotYours, NotNow (there is one by now), TooOld, NeedsClerk."""
    desk = await look(tx, vault, guardianship_id, now)
    row, child = desk.row, desk.child
    if not desk.may_create:
        raise NotNow(row.id, row.state)
    if is_too_old(child.card.birth_date, child.card.day_at(now), child_under):
        raise TooOld(child.card.birth_date)
    child, person_id = await account.make(tx, vault, row, child, (), now, actor=actor)
    until = await secrets.hand(tx, person_id, hashed, now, actor=actor)
    row = await attaching.attach(
        tx, vault, row, child, now, words=letters.account_made_at_desk(row, until), actor=actor
    )
    return Handed(row, child, until)


async def hand_again(
    tx: Tx, vault: Vault, guardianship_id: UUID, hashed: str, now: datetime, *, instead_of: datetime, actor: str
) -> Handed:
    """A new paper where the first one was lost, or the password is locked: what was open as the child is closed.

    `instead_of`: when the password was set that it replaces; another by now, nothing happens. A password that the child
    chose is never replaced so: the adult does that in the own cabinet. Raises NotYours, NotNow.
    """
    desk = await look(tx, vault, guardianship_id, now)
    if not desk.may_hand_again or desk.child.person_id is None or desk.password_set_at != instead_of:
        raise NotNow(desk.row.id, desk.row.state)
    until = await secrets.hand(tx, desk.child.person_id, hashed, now, actor=actor)
    await sessions.end_all(tx, desk.child.person_id, now)
    await moving.note(tx, desk.row, "password_handed", now, actor=actor)
    await moving.tell(tx, vault, desk.row, letters.handed_again(desk.row, until))
    return Handed(desk.row, desk.child, until)


async def attach(
    tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime, *, actor: str
) -> Guardianship | Agreement | None:
    """«Привязать по просьбе заявителя». A pupil with an own account is asked instead; then the question is returned.

    Raises NotYours, NotNow, AgreementRefused when it is too early to ask again.
    """
    row, child = await _locked(tx, vault, guardianship_id, now)
    if child.person_id is None:
        raise NotNow(row.id, row.state)
    if row.attached_at is not None:
        return row
    owner = await people.by_id(tx, vault, child.person_id)
    if owner.level is not Level.CHILD:
        return await agreeing.ask(tx, vault, row, child, now)
    return await attaching.attach(tx, vault, row, child, now, actor=actor)


async def _locked(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime) -> tuple[Guardianship, Child]:
    row = await store.load(tx, vault, guardianship_id, for_update=True)
    if row is None:
        raise NotYours
    if row.child_id is None or not row.in_force(now):
        raise NotNow(row.id, row.state)
    return row, await store.load_child(tx, vault, row.child_id, for_update=True)
