"""A card that is being typed: kept on the server page by page, so that nothing is lost, whoever signs out and when."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import moving
from myschool.gosuslugi.family.model import CORRECTABLE, Draft, GuardianshipState, NotNow, NotYours
from myschool.gosuslugi.family.store import drafts as store
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault


async def start(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> Draft:
    """A fresh draft; or the one that was started and left empty."""
    for draft in await store.waiting(tx, vault, guardian_id):
        if draft.guardianship_id is None and not draft.typed:
            return draft
    draft = Draft(new_id(), guardian_id, {}, now)
    await store.add(tx, vault, draft)
    return draft


async def correct(
    tx: Tx, vault: Vault, guardian_id: UUID, guardianship_id: UUID, typed: dict[str, str], now: datetime
) -> Draft:
    """A draft that corrects a card, filled with what the card says; of a refused one, for a new application.

    Raises NotYours, NotNow.
    """
    card = await moving.locked(tx, vault, guardianship_id, guardian_id)
    if card.state is GuardianshipState.REFUSED:
        return await _anew(tx, vault, guardian_id, typed, now)
    if card.state not in CORRECTABLE:
        raise NotNow(card.id, card.state)
    for draft in await store.waiting(tx, vault, guardian_id):
        if draft.guardianship_id == guardianship_id:
            return draft
    draft = Draft(new_id(), guardian_id, typed, now, guardianship_id)
    await store.add(tx, vault, draft)
    return draft


async def _anew(tx: Tx, vault: Vault, guardian_id: UUID, typed: dict[str, str], now: datetime) -> Draft:
    for draft in await store.waiting(tx, vault, guardian_id):
        if draft.guardianship_id is None and draft.typed.get("snils") == typed.get("snils"):
            return draft  # pressed twice, or begun before
    draft = Draft(new_id(), guardian_id, typed, now)
    await store.add(tx, vault, draft)
    return draft


async def keep(tx: Tx, vault: Vault, draft: Draft, typed: dict[str, str], now: datetime) -> Draft:
    kept = replace(draft, typed=draft.typed | typed, updated_at=now)
    await store.save(tx, vault, kept)
    return kept


async def mine(tx: Tx, vault: Vault, draft_id: UUID, guardian_id: UUID) -> Draft:
    """Locked until the transaction ends. Raises NotYours."""
    draft = await store.load(tx, vault, draft_id, for_update=True)
    if draft is None or draft.guardian_id != guardian_id:
        raise NotYours
    return draft


async def waiting(tx: Tx, vault: Vault, guardian_id: UUID) -> list[Draft]:
    return await store.waiting(tx, vault, guardian_id)


async def drop(tx: Tx, vault: Vault, draft_id: UUID, guardian_id: UUID) -> None:
    """Raises NotYours."""
    draft = await mine(tx, vault, draft_id, guardian_id)
    await store.drop(tx, draft.id)
