"""A parent entrusts some rights over a child to another adult, until a day.

The other is named by СНИЛС and accepts in the own cabinet; nobody learns whether such an account is there. What is
accepted is a guardianship like others, with the basis `delegated`, and ends with the one it was lent from.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from myschool.gosuslugi.family.actions import delegation_letters, ending, letters, moving, withdrawing
from myschool.gosuslugi.family.actions.sending import fresh_number
from myschool.gosuslugi.family.delegation_model import (
    INVITATION_LIFE,
    LONGEST_DELEGATION,
    BadTerm,
    Delegation,
    DelegationState,
    Evidence,
    EvidenceKind,
    InvitationOver,
    InvitedAlready,
    NotDelegable,
    NotOneself,
)
from myschool.gosuslugi.family.model import (
    DELEGABLE,
    OVER,
    AccountNotConfirmed,
    Basis,
    DelegationDue,
    EndReason,
    Guardianship,
    GuardianshipState,
    NotYours,
    Relation,
    Right,
    Step,
)
from myschool.gosuslugi.family.store import delegations as store
from myschool.gosuslugi.family.store import guardianships
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ADULT_AT, Level, Person
from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Snils


@dataclass(frozen=True)
class Offer:
    """An invitation as its addressee sees it: first names, rights and days, no contacts."""

    delegation: Delegation
    child_name: str
    from_name: str


@dataclass(frozen=True)
class Lent:
    """An invitation as who sent it sees it; `name` of the delegate once there is one in force or at rest."""

    delegation: Delegation
    made: Guardianship | None
    name: str | None

    @property
    def stands(self) -> bool:
        waits = self.delegation.state is DelegationState.INVITED
        return waits or (self.made is not None and self.made.state not in OVER)


def may_lend(row: Guardianship, now: datetime) -> bool:
    """Who has the keys of the child's account may entrust; a delegate never has them."""
    return row.may(Right.CREDENTIALS, now) and row.basis is not Basis.DELEGATED and row.child_id is not None


async def invite(
    tx: Tx,
    vault: Vault,
    guardianship_id: UUID,
    guardian: Person,
    snils: Snils,
    rights: frozenset[Right],
    ends_at: datetime,
    now: datetime,
) -> Delegation:
    """Raises NotYours, NotDelegable, NotOneself, BadTerm, InvitedAlready."""
    row = await moving.locked(tx, vault, guardianship_id, guardian.id)
    check_may_invite(row, guardian, snils, rights, ends_at, now)
    if await _represents(tx, vault, row, snils, now):
        raise InvitedAlready
    offered = Delegation(
        id=new_id(),
        from_id=row.id,
        snils_digits=snils.digits,
        rights=rights | {Right.SEE},
        ends_at=ends_at,
        expires_at=min(now + INVITATION_LIFE, ends_at),
        state=DelegationState.INVITED,
        since=now,
    )
    if not await store.add(tx, vault, offered):
        raise InvitedAlready
    await agenda.put(tx, DelegationDue(delegation_id=offered.id), due_at=offered.expires_at)
    chain = people.chain_of(guardian.id)
    await journal.write(tx, chain, "delegation:invited", actor=chain, facts={"number": row.number})
    named = await people.by_snils(tx, vault, snils)
    if named is not None and named.level is not Level.CHILD:
        subject, text = delegation_letters.invited(row, guardian.name.given_name, offered.expires_at)
        await letters.write(tx, vault, named.id, subject, text)
    return offered


def check_may_invite(
    row: Guardianship, guardian: Person, snils: Snils, rights: frozenset[Right], ends_at: datetime, now: datetime
) -> None:
    """Raises NotDelegable, NotOneself, BadTerm."""
    if not may_lend(row, now) or not rights or not rights <= DELEGABLE & row.rights:
        raise NotDelegable
    own = guardian.snils.digits if guardian.snils else None
    if snils.digits in (own, row.card.snils_digits):
        raise NotOneself
    if not now < ends_at <= now + LONGEST_DELEGATION or (row.ends_at is not None and ends_at > row.ends_at):
        raise BadTerm


async def offers_to(tx: Tx, vault: Vault, person: Person, now: datetime) -> list[Offer]:
    """Invitations that this person may answer now."""
    if person.snils is None or person.level is Level.CHILD:
        return []
    found = [row for row in await store.waiting_for(tx, vault, person.snils.digits) if row.expires_at > now]
    return [offer for row in found if (offer := await _offer(tx, vault, row, now)) is not None]


async def _offer(tx: Tx, vault: Vault, row: Delegation, now: datetime) -> Offer | None:
    lender = await guardianships.load(tx, vault, row.from_id)
    if lender is None or not may_lend(lender, now):
        return None
    adult = await people.by_id(tx, vault, lender.guardian_id)
    return Offer(row, lender.card.given_name, adult.name.given_name)


async def accept(tx: Tx, vault: Vault, delegation_id: UUID, person: Person, now: datetime) -> Guardianship:
    """The delegated guardianship, in force from now on. Pressed again, the same.

    Raises NotYours, AccountNotConfirmed, InvitationOver, InvitedAlready.
    """
    row = await _addressed(tx, vault, delegation_id, person)
    if row.state is DelegationState.ACCEPTED and row.made_id is not None:
        return await moving.locked(tx, vault, row.made_id, person.id)
    if person.level is not Level.CONFIRMED:
        raise AccountNotConfirmed
    lender = await guardianships.load(tx, vault, row.from_id, for_update=True)
    if lender is None or not may_lend(lender, now) or row.expires_at <= now or row.state is not DelegationState.INVITED:
        raise InvitationOver
    if await _kept_away(tx, vault, lender, person, now):
        raise InvitationOver
    made = await _begin(tx, vault, row, lender, person, now)
    await withdrawing.settle(tx, row, DelegationState.ACCEPTED, now, made_id=made.id)
    await moving.tell(tx, vault, lender, delegation_letters.accepted(lender, person.name.given_name))
    return made


async def _begin(
    tx: Tx, vault: Vault, row: Delegation, lender: Guardianship, person: Person, now: datetime
) -> Guardianship:
    """Of the parent's card goes over what names the child; address and papers stay with the parent."""
    card = msgspec.structs.replace(lender.card, relation=Relation.DELEGATE, address=None)
    made = Guardianship(
        id=new_id(),
        number=fresh_number(),
        guardian_id=person.id,
        card=card,
        state=GuardianshipState.ACTIVE,
        since=now,
        created_at=now,
        child_id=lender.child_id,
        basis=Basis.DELEGATED,
        rights=row.rights,
        ends_at=row.ends_at,
        attached_at=now,
        delegated_from=lender.id,
    )
    if not await guardianships.add(tx, vault, made):
        raise InvitedAlready
    actor = people.chain_of(person.id)
    await guardianships.add_step(tx, made.id, Step(now, made.state, "delegated"))
    await moving.watch(tx, made, now)
    day = now.astimezone(MOSCOW).date()
    await store.add_evidence(tx, vault, Evidence(made.id, EvidenceKind.DELEGATION, lender.number, day, "", now, actor))
    facts = {"guardianship": str(made.id), "rights": ", ".join(sorted(row.rights))}
    child = await guardianships.load_child(tx, vault, lender.child_id) if lender.child_id else None
    chains = [actor, people.chain_of(lender.guardian_id)]
    for chain in chains + ([people.chain_of(child.person_id)] if child and child.person_id else []):
        await journal.write(tx, chain, "delegation:accepted", actor=actor, facts=facts)
    return made


async def _kept_away(tx: Tx, vault: Vault, lender: Guardianship, person: Person, now: datetime) -> bool:
    """No adult yet; or the own right over this child rests or was taken away: nobody lends it back."""
    if (person.age_at(now) or 0) < ADULT_AT:
        return True
    known = await guardianships.of_child(tx, vault, lender.child_id) if lender.child_id else []
    own = [one for one in known if one.guardian_id == person.id and one.basis is not Basis.DELEGATED]
    return any(one.state is GuardianshipState.SUSPENDED or one.was_taken_away for one in own)


async def decline(tx: Tx, vault: Vault, delegation_id: UUID, person: Person, now: datetime) -> None:
    """Pressed again, nothing more happens. Raises NotYours, InvitationOver."""
    row = await _addressed(tx, vault, delegation_id, person)
    if row.state is DelegationState.DECLINED:
        return
    await withdrawing.settle(tx, row, DelegationState.DECLINED, now)
    lender = await guardianships.load(tx, vault, row.from_id)
    if lender is not None:
        await moving.tell(tx, vault, lender, delegation_letters.declined(lender))


async def revoke(tx: Tx, vault: Vault, delegation_id: UUID, guardian_id: UUID, now: datetime) -> None:
    """The invitation, or what came of it, at once. Pressed again, nothing more happens. Raises NotYours."""
    row = await store.load(tx, vault, delegation_id, for_update=True)
    if row is None:
        raise NotYours
    await moving.locked(tx, vault, row.from_id, guardian_id)
    actor = people.chain_of(guardian_id)
    if row.state is DelegationState.INVITED:
        await withdrawing.settle(tx, row, DelegationState.WITHDRAWN, now)
        await journal.write(tx, actor, "delegation:withdrawn", actor=actor)
    elif row.made_id is not None:
        await ending.end(tx, vault, row.made_id, EndReason.REVOKED, now, actor=actor)


async def lent_by(tx: Tx, vault: Vault, guardianship_id: UUID) -> list[Lent]:
    """To whom this guardianship lent rights, the newest first."""
    found = []
    for row in await store.of_guardianship(tx, vault, guardianship_id):
        made = await guardianships.load(tx, vault, row.made_id) if row.made_id else None
        adult = await people.by_id(tx, vault, made.guardian_id) if made is not None else None
        found.append(Lent(row, made, adult.name.given_name if adult else None))
    return found


async def _addressed(tx: Tx, vault: Vault, delegation_id: UUID, person: Person) -> Delegation:
    row = await store.load(tx, vault, delegation_id, for_update=True)
    if row is None or person.snils is None or row.snils_digits != person.snils.digits:
        raise NotYours
    return row


async def _represents(tx: Tx, vault: Vault, row: Guardianship, snils: Snils, now: datetime) -> bool:
    """Whether the named adult got these rights from this very guardian already. Of others nothing is said."""
    named = await people.by_snils(tx, vault, snils)
    lent = await guardianships.delegated_from(tx, vault, row.id)
    return named is not None and any(one.guardian_id == named.id and one.state not in OVER for one in lent)
