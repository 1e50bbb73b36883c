"""SQL of provisional accounts: one that lives a guardianship, and those that are closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Index, Row, Select, String, Table, Uuid, select, text, update
from sqlalchemy.dialects.postgresql import insert

from myschool.gosuslugi.family.model import OVER, GuardianshipState
from myschool.gosuslugi.family.provisional_model import Outcome, ProvisionalAccount
from myschool.gosuslugi.family.store.guardianships import guardianship
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx

provisional_account = Table(
    "provisional_account",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("guardianship_id", Uuid, ForeignKey("guardianship.id"), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("outcome", String(20)),
    # The last button pressed twice, or in two tabs, opens one.
    Index(
        "provisional_account_living_key",
        "guardianship_id",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
    ),
)

_c = provisional_account.c
_GOES_ON = guardianship.c.state.not_in((*OVER, GuardianshipState.SUSPENDED))


def _living() -> Select[Any]:
    return (
        select(provisional_account, guardianship.c.guardian_id)
        .join(guardianship, guardianship.c.id == _c.guardianship_id)
        .where(_c.closed_at.is_(None))
    )


async def add(tx: Tx, account: ProvisionalAccount) -> None:
    await tx.execute(
        insert(provisional_account).values(
            person_id=account.person_id, guardianship_id=account.guardianship_id, opened_at=account.opened_at
        )
    )


async def living(tx: Tx, guardianship_id: UUID) -> ProvisionalAccount | None:
    """Of this guardianship; who changes it has locked the guardianship."""
    row = (await tx.execute(_living().where(_c.guardianship_id == guardianship_id))).one_or_none()
    return _account(row) if row is not None else None


async def living_among(tx: Tx, guardianship_ids: Sequence[UUID]) -> list[UUID]:
    """Of which of these guardianships an account lives."""
    query = select(_c.guardianship_id).where(_c.guardianship_id.in_(guardianship_ids), _c.closed_at.is_(None))
    return list((await tx.execute(query)).scalars())


async def living_of_person(tx: Tx, person_id: UUID) -> ProvisionalAccount | None:
    """Only while its guardianship goes on, whoever ended that and how."""
    row = (await tx.execute(_living().where(_c.person_id == person_id, _GOES_ON))).one_or_none()
    return _account(row) if row is not None else None


async def living_of_guardian(tx: Tx, guardian_id: UUID) -> list[ProvisionalAccount]:
    """As `living_of_person`, the oldest first."""
    own = _living().where(guardianship.c.guardian_id == guardian_id, _GOES_ON)
    rows = await tx.execute(own.order_by(_c.opened_at))
    return [_account(row) for row in rows]


async def close(tx: Tx, guardianship_id: UUID, outcome: Outcome, now: datetime) -> UUID | None:
    """Whose account it was; None when none lived."""
    closed = (
        update(provisional_account)
        .where(_c.guardianship_id == guardianship_id, _c.closed_at.is_(None))
        .values(closed_at=now, outcome=outcome)
        .returning(_c.person_id)
    )
    found: UUID | None = (await tx.execute(closed)).scalar_one_or_none()
    return found


def _account(row: Row[Any]) -> ProvisionalAccount:
    return ProvisionalAccount(
        row.person_id,
        row.guardianship_id,
        row.guardian_id,
        row.opened_at,
        row.closed_at,
        Outcome(row.outcome) if row.outcome else None,
    )
