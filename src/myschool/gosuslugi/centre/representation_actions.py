"""«Изменить представительство»: what a court, a guardianship body, death or an adoption changed is carried out.

Only after a second clerk has looked: see `proposal_actions`.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.centre.proposal_model import Matter
from myschool.gosuslugi.family.actions import ending, letting_in, look, protecting, suspending
from myschool.gosuslugi.family.model import (
    OVER,
    EndReason,
    Guardianship,
    GuardianshipState,
    NotNow,
    Relation,
    SuspendReason,
)
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions
from myschool.papers.dates import MOSCOW

_S = GuardianshipState
SETTLED = frozenset({_S.ACTIVE, _S.SUSPENDED})
BY_ORDER = frozenset({Relation.GUARDIAN, Relation.TRUSTEE, Relation.FOSTER})


def possible(row: Guardianship) -> list[Matter]:
    """What may be proposed about this application as it stands."""
    if row.state not in SETTLED or row.child_id is None:
        return []
    active = row.state is _S.ACTIVE
    return [
        *([Matter.COURT_SUSPENDS] if active else [Matter.COURT_RESTORES]),
        Matter.COURT_ENDS,
        *([Matter.ORDER_REVOKED] if row.card.relation in BY_ORDER else []),
        Matter.GUARDIAN_DIED,
        Matter.CHILD_DIED,
        *([Matter.ADOPTED] if active and row.card.relation is Relation.ADOPTER else []),
        *([Matter.DISPUTE] if active else []),
        *([Matter.PROTECT] if active and row.protected_at is None else []),
        *([Matter.UNPROTECT] if row.protected_at is not None else []),
        *([Matter.AGREED] if not active and row.suspended_for is SuspendReason.DISPUTE else []),
        *([] if active else [Matter.LET_IN]),
    ]


async def carry_out(
    tx: Tx, vault: Vault, row: Guardianship, matter: Matter, until: date | None, now: datetime, *, actor: str
) -> None:
    """Raises NotNow when the guardianship moved meanwhile so that this has no sense any more."""
    if matter not in possible(row):
        raise NotNow(row.id, row.state)
    if matter is Matter.COURT_SUSPENDS:
        rests = datetime(until.year, until.month, until.day, tzinfo=MOSCOW) + timedelta(days=1) if until else None
        await suspending.suspend(tx, vault, row.id, SuspendReason.COURT, now, actor=actor, until=rests)
        return
    await _DEEDS[matter](tx, vault, row, now, actor)


Deed = Callable[[Tx, Vault, Guardianship, datetime, str], Awaitable[None]]


def _ends(reason: EndReason) -> Deed:
    async def deed(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
        await ending.end(tx, vault, row.id, reason, now, actor=actor)

    return deed


async def _restore(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await suspending.resume(tx, vault, row.id, now, actor=actor, by_court=True)


async def _guardian_died(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    """The dead represent none of their children."""
    for entry in await look.family_of(tx, vault, row.guardian_id):
        if entry.guardianship.state not in OVER:
            await ending.end(tx, vault, entry.guardianship.id, EndReason.DEATH, now, actor=actor)


async def _child_died(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    """Nobody represents the child any more, and nobody signs in as the child."""
    child = (await look.entry_of(tx, vault, row)).child
    await _end_others(tx, vault, row, None, EndReason.DEATH, now, actor)
    if child is not None and child.person_id is not None:
        await sessions.end_all(tx, child.person_id, now)
        await secrets.lock(tx, child.person_id, now, actor=actor)


async def _adopted(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    """The adopters' guardianships stay; everybody else's are superseded."""
    await _end_others(tx, vault, row, Relation.ADOPTER, EndReason.SUPERSEDED, now, actor)


async def _end_others(
    tx: Tx, vault: Vault, row: Guardianship, spared: Relation | None, reason: EndReason, now: datetime, actor: str
) -> None:
    for one in await suspending.of_child(tx, vault, _child(row)):
        if one.state not in OVER and (spared is None or one.card.relation is not spared):
            await ending.end(tx, vault, one.id, reason, now, actor=actor)


async def _dispute(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await suspending.freeze_dispute(tx, vault, _child(row), now, actor=actor)


async def _protect(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await protecting.protect(tx, vault, row.id, now, actor=actor)


async def _unprotect(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await protecting.unprotect(tx, vault, row.id, now, actor=actor)


async def _agreed(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await suspending.end_dispute(tx, vault, _child(row), now, actor=actor)


async def _let_in(tx: Tx, vault: Vault, row: Guardianship, now: datetime, actor: str) -> None:
    await letting_in.let_in(tx, vault, row.id, now, actor=actor)


def _child(row: Guardianship) -> UUID:
    if row.child_id is None:
        raise NotNow(row.id, row.state)
    return row.child_id


_DEEDS: Mapping[Matter, Deed] = {
    Matter.COURT_RESTORES: _restore,
    Matter.COURT_ENDS: _ends(EndReason.COURT),
    Matter.ORDER_REVOKED: _ends(EndReason.REVOKED),
    Matter.GUARDIAN_DIED: _guardian_died,
    Matter.CHILD_DIED: _child_died,
    Matter.ADOPTED: _adopted,
    Matter.DISPUTE: _dispute,
    Matter.PROTECT: _protect,
    Matter.UNPROTECT: _unprotect,
    Matter.AGREED: _agreed,
    Matter.LET_IN: _let_in,
}
