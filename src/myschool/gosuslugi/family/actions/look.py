"""For pages and for the slices above: whose children, whose guardians, where a child's code goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.checks.model import RegistryCheck
from myschool.gosuslugi.family.actions import asking, provisional
from myschool.gosuslugi.family.actions.provisional import Living
from myschool.gosuslugi.family.agreement_model import Agreement
from myschool.gosuslugi.family.model import (
    OVER,
    WAITING_LIFE,
    Basis,
    Child,
    Deletion,
    Guardianship,
    GuardianshipState,
    NotYours,
    Right,
    Step,
)
from myschool.gosuslugi.family.questions import Questions
from myschool.gosuslugi.family.store import agreements, deletions
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, Level, Person
from myschool.gosuslugi.signin.actions.enter import own_address
from myschool.gosuslugi.signin.model import CodeAddress, Whose
from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.numbers import Phone


@dataclass(frozen=True)
class Entry:
    """One card of «Семья и дети» with all that its page tells."""

    guardianship: Guardianship
    check: RegistryCheck | None
    """About the certificate."""
    child: Child | None
    snils: RegistryCheck | None
    deletion: Deletion | None = None
    """Of the child's account, while it waits."""
    provisional: Living | None = None
    agreement: Agreement | None = None
    """Of a pupil with an own account."""

    @property
    def questions(self) -> Questions:
        return Questions(self.check, self.snils)

    @property
    def has_account(self) -> bool:
        return self.child is not None and self.child.person_id is not None


async def family_of(tx: Tx, vault: Vault, guardian_id: UUID) -> list[Entry]:
    """Cards that are not over, and refusals that nobody has answered by a new application yet; the oldest first."""
    known = await store.of_guardian(tx, vault, guardian_id)
    rows = [row for row in known if row.state not in OVER or _refused_last(row, known)]
    asked = await asking.questions_of_all(tx, [row.id for row in rows])
    children = await store.children(tx, vault, [row.child_id for row in rows if row.child_id])
    leaving = await deletions.of_persons(tx, [one.person_id for one in children.values() if one.person_id])
    living = {
        one.account.guardianship_id: one for one in await provisional.living_of_guardian(tx, guardian_id, clock.now())
    }
    agreed = await agreements.of_guardianships(tx, [row.id for row in rows])
    return [
        replace(
            _entry(
                row, asked[row.id], children.get(row.child_id) if row.child_id else None, leaving, living.get(row.id)
            ),
            agreement=agreed.get(row.id),
        )
        for row in rows
    ]


def _entry(
    row: Guardianship, asked: Questions, child: Child | None, leaving: Mapping[UUID, Deletion], living: Living | None
) -> Entry:
    deletion = leaving.get(child.person_id) if child and child.person_id else None
    return Entry(row, asked.certificate, child, asked.snils, deletion, living)


def _refused_last(row: Guardianship, known: Sequence[Guardianship]) -> bool:
    later = (one for one in known if (one.created_at, one.id) > (row.created_at, row.id))
    same = any(one.card.snils_digits == row.card.snils_digits for one in later)
    return row.state is GuardianshipState.REFUSED and not same and clock.now() - row.since < WAITING_LIFE


async def entry(tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID) -> Entry:
    """Over or not. Raises NotYours."""
    row = await store.load(tx, vault, guardianship_id)
    if row is None or row.guardian_id != guardian_id:
        raise NotYours
    return await entry_of(tx, vault, row)


async def entry_of(tx: Tx, vault: Vault, row: Guardianship) -> Entry:
    child = await store.load_child(tx, vault, row.child_id) if row.child_id else None
    leaving = await deletions.of_persons(tx, [child.person_id] if child and child.person_id else [])
    living = await provisional.living_of(tx, row.id, clock.now())
    known = _entry(row, await asking.questions_of(tx, row.id), child, leaving, living)
    return replace(known, agreement=(await agreements.of_guardianships(tx, [row.id])).get(row.id))


async def history(tx: Tx, guardianship_id: UUID) -> list[Step]:
    """The newest first."""
    return await store.steps(tx, guardianship_id)


@dataclass(frozen=True)
class Kid:
    """A child as the identity provider tells of it (`/kids`). `person_id` is None while there is no account."""

    guardianship: Guardianship
    child: Child
    person: Person | None

    @property
    def is_represented(self) -> bool:
        """The adult acts for the child in other systems; else the adult only reads."""
        return self.guardianship.rights >= REPRESENTS


REPRESENTS = frozenset({Right.SEE, Right.CONSENT, Right.JOIN})
"""What other systems let an adult do who acts for a child. A delegate is told of the child only with all of these: a
system that does not know our word for fewer rights would let him act."""


async def kids_of(
    tx: Tx, vault: Vault, guardian_id: UUID, now: datetime, *, having: frozenset[Right] | None = None
) -> list[Kid]:
    """Children over whom this person has these rights at this moment; with the account only where attached.

    `having` None: those of whom other systems may be told, in the manner of `REPRESENTS`.
    """
    found = await store.of_guardian(tx, vault, guardian_id)
    rows = [row for row in found if row.in_force(now) and row.rights >= (having or _told_outside(row))]
    children = await store.children(tx, vault, [row.child_id for row in rows if row.child_id])
    attached = [children[row.child_id].person_id for row in rows if row.child_id and row.attached_at]
    persons = await people.by_ids(tx, vault, [person_id for person_id in attached if person_id])
    kids = []
    for row in rows:
        if row.child_id:
            child = children[row.child_id]
            person = persons.get(child.person_id) if child.person_id and row.attached_at else None
            kids.append(Kid(row.narrowed(person), child, person))
    return kids


def _told_outside(row: Guardianship) -> frozenset[Right]:
    return REPRESENTS if row.basis is Basis.DELEGATED else frozenset({Right.SEE})


async def guardians_of(tx: Tx, vault: Vault, child_person_id: UUID, now: datetime) -> list[Guardianship]:
    """In force and attached at this moment; who attached first stands first."""
    rows = await store.of_child_person(tx, vault, child_person_id)
    if not rows:
        return []
    person = await people.by_id(tx, vault, child_person_id)
    rows = [row.narrowed(person) for row in rows]
    attached = [(row.attached_at, row) for row in rows if row.attached_at is not None and row.in_force(now)]
    return [row for _, row in sorted(attached, key=lambda pair: pair[0])]


async def may(tx: Tx, vault: Vault, guardian_id: UUID, child_person_id: UUID, right: Right, now: datetime) -> bool:
    """Whether this guardian has this right over this child at this moment."""
    rows = await guardians_of(tx, vault, child_person_id, now)
    return any(row.guardian_id == guardian_id and row.may(right, now) for row in rows)


async def others_in_force(tx: Tx, vault: Vault, row: Guardianship, now: datetime) -> list[Guardianship]:
    """Who else represents the child, for its basis only. Of a protected child, and to a delegate, nothing is said."""
    if row.child_id is None or not row.may(Right.SEE, now) or row.basis is Basis.DELEGATED:
        return []
    child = await store.load_child(tx, vault, row.child_id)
    if child.protected_at is not None:
        return []
    known = await store.of_child(tx, vault, row.child_id)
    return [one for one in known if one.id != row.id and one.in_force(now) and one.protected_at is None]


async def to_be_told(tx: Tx, vault: Vault, child_person_id: UUID, now: datetime) -> list[Guardianship]:
    """Who gets the letters about this child at this moment."""
    return [row for row in await guardians_of(tx, vault, child_person_id, now) if row.may(Right.NOTICES, now)]


async def code_address(tx: Tx, vault: Vault, person: Person) -> CodeAddress | None:
    """Where a person's second factor goes. Of a provisional account: to who opened it, nowhere else.

    Of a child without a telephone: to the parent who attached the account first, and to the child's own mailbox only
    when no parent is left.
    """
    if person.level is Level.PROVISIONAL:
        living = await provisional.living_of_person(tx, person.id, clock.now())
        return await _address_of_guardian(tx, vault, living.account.guardian_id) if living is not None else None
    own = await own_address(tx, vault, person)
    if person.level is not Level.CHILD or (own is not None and isinstance(own.to, Phone)):
        return own
    now = clock.now()
    for row in await guardians_of(tx, vault, person.id, now):
        if not row.may(Right.CREDENTIALS, now):
            continue
        if (address := await _address_of_guardian(tx, vault, row.guardian_id)) is not None:
            return address
    return own


async def _address_of_guardian(tx: Tx, vault: Vault, guardian_id: UUID) -> CodeAddress | None:
    contacts = await people.contacts_of(tx, vault, guardian_id)
    reachable = {one.kind: one.value for one in contacts if one.value is not None}
    to = reachable.get(ContactKind.MOBILE) or reachable.get(ContactKind.EMAIL)
    return CodeAddress(to, Whose.PARENT) if to is not None else None
