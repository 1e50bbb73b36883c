"""SQL of the family: cards, guardianships, children, drafts, openings, decisions on papers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    Uuid,
    and_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.family.birthday_model import next_at
from myschool.gosuslugi.family.model import (
    Basis,
    Card,
    Child,
    EndReason,
    Guardianship,
    GuardianshipState,
    RefusalReason,
    Right,
    Step,
    SuspendReason,
)
from myschool.gosuslugi.family.papers_model import Decided, PaperDecision
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault

CARD = "guardianship.card"
SNILS = "guardianship.snils"
CHILD_CARD = "child.card"
CHILD_SNILS = "child.snils"
CHILD_CERTIFICATE = "child.certificate"
NOTE = "paper_decision.note"

child = Table(
    "child",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", ForeignKey("person.id"), unique=True),
    Column("card_sealed", LargeBinary, nullable=False, info={"sealed": CHILD_CARD}),
    Column("snils_sealed", LargeBinary, nullable=False, info={"sealed": CHILD_SNILS}),
    Column(
        "snils_index",
        LargeBinary,
        nullable=False,
        unique=True,
        info={"index_of": "snils_sealed", "place": CHILD_SNILS},
    ),
    Column("certificate_sealed", LargeBinary, nullable=False, info={"sealed": CHILD_CERTIFICATE}),
    Column(
        "certificate_index",
        LargeBinary,
        nullable=False,
        unique=True,
        info={"index_of": "certificate_sealed", "place": CHILD_CERTIFICATE},
    ),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("protected_at", DateTime(timezone=True)),
    # When the next birthday of this child that changes anything is due; nothing when none is left.
    Column("birthday_at", DateTime(timezone=True)),
    Index("child_birthday_at_idx", "birthday_at", postgresql_where=text("birthday_at IS NOT NULL")),
)

guardianship = Table(
    "guardianship",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", String(9), nullable=False, unique=True),
    Column("guardian_id", ForeignKey("person.id"), nullable=False),
    Column("child_id", ForeignKey("child.id")),
    Column("relation", String(20), nullable=False),
    Column("basis", String(20)),
    Column("rights", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    Column("end_reason", String(20)),
    Column("refusal", String(20)),
    Column("attached_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("suspended_for", String(20)),
    Column("delegated_from", ForeignKey("guardianship.id")),
    Column("second_look_until", DateTime(timezone=True)),
    Column("protected_at", DateTime(timezone=True)),
    Column("card_sealed", LargeBinary, nullable=False, info={"sealed": CARD}),
    Column("snils_sealed", LargeBinary, nullable=False, info={"sealed": SNILS}),
    Column("snils_index", LargeBinary, nullable=False, info={"index_of": "snils_sealed", "place": SNILS}),
    # A form pressed twice, or two tabs, make one card of one child.
    Index(
        "guardianship_guardian_child_key",
        "guardian_id",
        "snils_index",
        unique=True,
        postgresql_where=text("state NOT IN ('ended', 'refused')"),
    ),
    Index("guardianship_child_id_idx", "child_id"),
    Index("guardianship_delegated_from_idx", "delegated_from", postgresql_where=text("delegated_from IS NOT NULL")),
)

guardianship_step = Table(
    "guardianship_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("guardianship_id", ForeignKey("guardianship.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    Index("guardianship_step_guardianship_id_idx", "guardianship_id", "id"),
)

_END_ALL = text(
    "WITH given AS (SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:steps AS uuid[])) AS given (id, step)),"
    " ended AS (UPDATE guardianship SET state = :state, since = :at, end_reason = :reason, due_at = NULL,"
    " second_look_until = NULL FROM given WHERE guardianship.id = given.id)"
    " INSERT INTO guardianship_step (id, guardianship_id, at, state, reason)"
    " SELECT step, id, :at, :state, :reason FROM given"
)

paper_decision = Table(
    "paper_decision",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("guardianship_id", ForeignKey("guardianship.id"), nullable=False),
    Column("clerk_id", ForeignKey("person.id"), nullable=False),
    Column("confirmed_by", ForeignKey("person.id")),
    Column("refusal", String(20)),
    Column("papers", String(200), nullable=False),
    Column("note_sealed", LargeBinary, nullable=False, info={"sealed": NOTE}),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("paper_decision_guardianship_id_idx", "guardianship_id"),
)


# -- guardianships -----------------------------------------------------------------------------------------------------


async def add(tx: Tx, vault: Vault, row: Guardianship) -> bool:
    """False, and nothing is written, when the guardian has a card with this СНИЛС, or the id or number is taken."""
    values = _card_values(vault, row.card) | _state_values(row)
    fixed = {"id": row.id, "number": row.number, "guardian_id": row.guardian_id, "created_at": row.created_at}
    added = insert(guardianship).values(values | fixed).on_conflict_do_nothing().returning(guardianship.c.id)
    return (await tx.execute(added)).first() is not None


async def save(tx: Tx, row: Guardianship) -> None:
    await tx.execute(update(guardianship).where(guardianship.c.id == row.id).values(_state_values(row)))


async def save_card(tx: Tx, vault: Vault, row: Guardianship) -> None:
    await tx.execute(update(guardianship).where(guardianship.c.id == row.id).values(_card_values(vault, row.card)))


def _card_values(vault: Vault, card: Card) -> dict[str, Any]:
    return {
        "relation": card.relation,
        "card_sealed": vault.seal(_encoded(card), place=CARD),
        "snils_sealed": vault.seal(card.snils_digits, place=SNILS),
        "snils_index": vault.index(card.snils_digits, place=SNILS),
    }


def _state_values(row: Guardianship) -> dict[str, Any]:
    return {
        "child_id": row.child_id,
        "basis": row.basis,
        "rights": " ".join(sorted(row.rights)),
        "state": row.state,
        "since": row.since,
        "ends_at": row.ends_at,
        "end_reason": row.end_reason,
        "refusal": row.refusal,
        "attached_at": row.attached_at,
        "due_at": row.due_at,
        "suspended_for": row.suspended_for,
        "delegated_from": row.delegated_from,
        "second_look_until": row.second_look_until,
        "protected_at": row.protected_at,
    }


async def load(tx: Tx, vault: Vault, guardianship_id: UUID, *, for_update: bool = False) -> Guardianship | None:
    query = select(guardianship).where(guardianship.c.id == guardianship_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _guardianship(vault, row) if row is not None else None


async def by_number(tx: Tx, vault: Vault, number: str) -> Guardianship | None:
    row = (await tx.execute(select(guardianship).where(guardianship.c.number == number))).one_or_none()
    return _guardianship(vault, row) if row is not None else None


async def of_guardian(tx: Tx, vault: Vault, guardian_id: UUID) -> list[Guardianship]:
    """All, the oldest first."""
    c = guardianship.c
    rows = await tx.execute(select(guardianship).where(c.guardian_id == guardian_id).order_by(c.created_at, c.id))
    return [_guardianship(vault, row) for row in rows]


async def with_snils(tx: Tx, vault: Vault, guardian_id: UUID, digits: str) -> Guardianship | None:
    """The guardian's card with this СНИЛС that is not over."""
    c = guardianship.c
    over = (GuardianshipState.ENDED, GuardianshipState.REFUSED)
    query = select(guardianship).where(
        c.guardian_id == guardian_id, c.snils_index.in_(vault.indexes(digits, place=SNILS)), c.state.not_in(over)
    )
    row = (await tx.execute(query)).first()
    return _guardianship(vault, row) if row is not None else None


async def of_child(tx: Tx, vault: Vault, child_id: UUID, *, for_update: bool = False) -> list[Guardianship]:
    """Of everybody who represents or represented the child, the oldest first; locked in the order of their ids."""
    c = guardianship.c
    query = select(guardianship).where(c.child_id == child_id).order_by(c.id)
    rows = [_guardianship(vault, row) for row in await tx.execute(query.with_for_update() if for_update else query)]
    return sorted(rows, key=lambda row: (row.created_at, row.id))


async def of_children(
    tx: Tx, vault: Vault, child_ids: Sequence[UUID], *, for_update: bool = False
) -> list[Guardianship]:
    """Of everybody who represents or represented one of them, the oldest first; locked in the order of their ids."""
    c = guardianship.c
    query = select(guardianship).where(c.child_id.in_(child_ids)).order_by(c.id)
    rows = [_guardianship(vault, row) for row in await tx.execute(query.with_for_update() if for_update else query)]
    return sorted(rows, key=lambda row: (row.created_at, row.id))


async def end_all(tx: Tx, guardianship_ids: Sequence[UUID], reason: EndReason, now: datetime) -> None:
    """As `save` of a row that was moved to ended, and `add_step`; whoever calls has locked them."""
    given = {"ids": list(guardianship_ids), "steps": [new_id() for _ in guardianship_ids]}
    facts = {"state": GuardianshipState.ENDED.value, "reason": reason.value, "at": now}
    await tx.execute(_END_ALL, given | facts)


async def lent_out_of(tx: Tx, guardianship_ids: Sequence[UUID]) -> list[UUID]:
    """Which guardianships, not over, have their rights from one of these."""
    over = (GuardianshipState.ENDED, GuardianshipState.REFUSED)
    c = guardianship.c
    query = select(c.id).where(c.delegated_from.in_(guardianship_ids), c.state.not_in(over)).order_by(c.id)
    return list((await tx.execute(query)).scalars())


async def delegated_from(tx: Tx, vault: Vault, guardianship_id: UUID) -> list[Guardianship]:
    """To whom rights were lent out of this one, the oldest first."""
    query = select(guardianship).where(guardianship.c.delegated_from == guardianship_id).order_by(guardianship.c.id)
    return [_guardianship(vault, row) for row in await tx.execute(query)]


async def of_child_person(tx: Tx, vault: Vault, person_id: UUID) -> list[Guardianship]:
    """Of everybody who claims or claimed the child with this account, the oldest first."""
    query = (
        select(guardianship)
        .join(child, child.c.id == guardianship.c.child_id)
        .where(child.c.person_id == person_id)
        .order_by(guardianship.c.created_at, guardianship.c.id)
    )
    return [_guardianship(vault, row) for row in await tx.execute(query)]


def _guardianship(vault: Vault, row: Row[Any]) -> Guardianship:
    return Guardianship(
        id=row.id,
        number=row.number,
        guardian_id=row.guardian_id,
        card=_decoded(vault.open(row.card_sealed, place=CARD)),
        state=GuardianshipState(row.state),
        since=row.since,
        created_at=row.created_at,
        child_id=row.child_id,
        basis=Basis(row.basis) if row.basis else None,
        rights=frozenset(Right(word) for word in row.rights.split()),
        ends_at=row.ends_at,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        refusal=RefusalReason(row.refusal) if row.refusal else None,
        attached_at=row.attached_at,
        due_at=row.due_at,
        suspended_for=SuspendReason(row.suspended_for) if row.suspended_for else None,
        delegated_from=row.delegated_from,
        second_look_until=row.second_look_until,
        protected_at=row.protected_at,
    )


def _encoded(card: Card) -> str:
    return msgspec.json.encode(card).decode()


def _decoded(card: str) -> Card:
    return msgspec.json.decode(card, type=Card)


async def add_step(tx: Tx, guardianship_id: UUID, step: Step) -> None:
    row = {"at": step.at, "state": step.state, "reason": step.reason}
    await tx.execute(insert(guardianship_step).values(id=new_id(), guardianship_id=guardianship_id, **row))


async def steps(tx: Tx, guardianship_id: UUID) -> list[Step]:
    """The newest first."""
    c = guardianship_step.c
    query = (
        select(c.at, c.state, c.reason).where(c.guardianship_id == guardianship_id).order_by(c.at.desc(), c.id.desc())
    )
    return [Step(row.at, GuardianshipState(row.state), row.reason) for row in await tx.execute(query)]


# -- children ----------------------------------------------------------------------------------------------------------


async def settle_child(tx: Tx, vault: Vault, card: Card, now: datetime) -> list[Child]:
    """The children that have the card's СНИЛС or certificate, locked; one is made of the card when there is none.

    Two are found when the СНИЛС is one child's and the certificate another's.
    """
    child_id = new_id()
    made = (
        insert(child)
        .values(
            id=child_id,
            card_sealed=vault.seal(_encoded(card), place=CHILD_CARD),
            snils_sealed=vault.seal(card.snils_digits, place=CHILD_SNILS),
            snils_index=vault.index(card.snils_digits, place=CHILD_SNILS),
            certificate_sealed=vault.seal(card.certificate_key, place=CHILD_CERTIFICATE),
            certificate_index=vault.index(card.certificate_key, place=CHILD_CERTIFICATE),
            created_at=now,
            birthday_at=next_at(child_id, card),
        )
        .on_conflict_do_nothing()
    )
    c = child.c
    query = (
        select(child)
        .where(
            or_(
                c.snils_index.in_(vault.indexes(card.snils_digits, place=CHILD_SNILS)),
                c.certificate_index.in_(vault.indexes(card.certificate_key, place=CHILD_CERTIFICATE)),
            )
        )
        .order_by(c.id)
        .with_for_update()
    )
    found = (await tx.execute(query)).all()
    if not found:
        # Another parent's transaction may make it in this very moment; the insert waits for that one to end.
        await tx.execute(made)
        found = (await tx.execute(query)).all()
    return [child_of(vault, row) for row in found]


async def load_child(tx: Tx, vault: Vault, child_id: UUID, *, for_update: bool = False) -> Child:
    query = select(child).where(child.c.id == child_id)
    return child_of(vault, (await tx.execute(query.with_for_update() if for_update else query)).one())


async def child_with_snils(tx: Tx, vault: Vault, digits: str) -> Child | None:
    """Locked until the transaction ends."""
    query = select(child).where(child.c.snils_index.in_(vault.indexes(digits, place=CHILD_SNILS))).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return child_of(vault, row) if row is not None else None


async def id_with_snils(tx: Tx, vault: Vault, digits: str) -> UUID | None:
    """Of the child with this СНИЛС; not locked."""
    query = select(child.c.id).where(child.c.snils_index.in_(vault.indexes(digits, place=CHILD_SNILS)))
    return (await tx.execute(query)).scalar_one_or_none()


async def children(tx: Tx, vault: Vault, child_ids: Sequence[UUID]) -> dict[UUID, Child]:
    rows = await tx.execute(select(child).where(child.c.id.in_(child_ids)))
    return {row.id: child_of(vault, row) for row in rows}


async def child_of_person(tx: Tx, vault: Vault, person_id: UUID) -> Child | None:
    """Locked: who this account belongs to in a family."""
    found = (await tx.execute(select(child).where(child.c.person_id == person_id).with_for_update())).one_or_none()
    return child_of(vault, found) if found is not None else None


async def set_account(tx: Tx, settled: Child, person_id: UUID) -> Child:
    await tx.execute(
        update(child).where(and_(child.c.id == settled.id, child.c.person_id.is_(None))).values(person_id=person_id)
    )
    return replace(settled, person_id=person_id)


def child_of(vault: Vault, row: Row[Any]) -> Child:
    card = _decoded(vault.open(row.card_sealed, place=CHILD_CARD))
    return Child(row.id, card, row.person_id, row.created_at, row.protected_at)


async def set_protected(tx: Tx, child_id: UUID, at: datetime | None) -> None:
    await tx.execute(update(child).where(child.c.id == child_id).values(protected_at=at))


# -- decisions on papers -----------------------------------------------------------------------------------------------


async def add_decision(tx: Tx, vault: Vault, decision: PaperDecision) -> None:
    await tx.execute(
        insert(paper_decision).values(
            id=new_id(),
            guardianship_id=decision.guardianship_id,
            clerk_id=decision.clerk_id,
            confirmed_by=decision.confirmed_by,
            refusal=decision.refusal,
            papers=" ".join(sorted(decision.papers)),
            note_sealed=vault.seal(decision.note, place=NOTE),
            at=decision.at,
        )
    )


async def last_decision(tx: Tx, guardianship_id: UUID) -> Decided | None:
    c = paper_decision.c
    query = select(c.clerk_id, c.confirmed_by, c.at).where(c.guardianship_id == guardianship_id)
    row = (await tx.execute(query.order_by(c.at.desc(), c.id.desc()).limit(1))).one_or_none()
    if row is None:
        return None
    return Decided([one for one in (row.clerk_id, row.confirmed_by) if one is not None], row.at)
