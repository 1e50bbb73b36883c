"""Invitations that are taken back: by who sent them, or because what they would lend is over."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.delegation_model import Delegation, DelegationState, InvitationOver
from myschool.gosuslugi.family.store import delegations as store
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def withdraw_invitations(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime) -> None:
    for row in await store.of_guardianship(tx, vault, guardianship_id):
        if row.state is DelegationState.INVITED:
            await settle(tx, row, DelegationState.WITHDRAWN, now)


async def settle(
    tx: Tx, row: Delegation, state: DelegationState, now: datetime, *, made_id: UUID | None = None
) -> Delegation:
    """Raises InvitationOver for one that was settled before."""
    if not row.may_become(state):
        raise InvitationOver
    settled = replace(row, state=state, since=now, made_id=made_id)
    await store.save(tx, settled)
    return settled


async def expire(tx: Tx, vault: Vault, delegation_id: UUID, now: datetime) -> None:
    row = await store.load(tx, vault, delegation_id, for_update=True)
    if row is not None and row.state is DelegationState.INVITED and row.expires_at <= now:
        await settle(tx, row, DelegationState.EXPIRED, now)
