"""«Способ №2» at the service centre: a clerk compares papers and decides. Needs no answer of the registry.

Who decided on what evidence stands in the decision, in the parent's journal and in the clerk's.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import asking, letters, moving, provisional
from myschool.gosuslugi.family.actions.settling import activate, same_child
from myschool.gosuslugi.family.model import (
    CHILD_UNDER,
    OVER,
    Basis,
    Guardianship,
    GuardianshipState,
    NeedsClerk,
    NotNow,
    OwnApplication,
    PaperDecision,
    PapersMissing,
    TooOld,
    is_too_old,
    papers_needed,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

DECIDABLE = frozenset(GuardianshipState) - OVER - {GuardianshipState.ACTIVE, GuardianshipState.SUSPENDED}


async def open_application(tx: Tx, vault: Vault, typed_number: str) -> Guardianship | None:
    """By the number as people type it: any case, with or without the hyphen."""
    letters_only = "".join(character for character in typed_number.upper() if character.isalnum())
    return await store.by_number(tx, vault, f"{letters_only[:4]}-{letters_only[4:]}")


async def application(tx: Tx, vault: Vault, guardianship_id: UUID) -> Guardianship | None:
    """For who opened it by its number before."""
    return await store.load(tx, vault, guardianship_id)


async def decide(
    tx: Tx, vault: Vault, decision: PaperDecision, now: datetime, *, child_under: int = CHILD_UNDER
) -> Guardianship:
    """Raises OwnApplication, NotNow, PapersMissing, TooOld, NeedsClerk; the caller's transaction is void then."""
    row = await store.load(tx, vault, decision.guardianship_id, for_update=True)
    if row is None or row.state not in DECIDABLE:
        raise NotNow(decision.guardianship_id, row.state if row else GuardianshipState.ENDED)
    if row.guardian_id == decision.clerk_id:
        raise OwnApplication
    missing = papers_needed(row.card.relation) - decision.papers
    if decision.approved and missing:
        raise PapersMissing(missing)
    if decision.approved and is_too_old(row.card.birth_date, row.card.day_at(now), child_under):
        raise TooOld(row.card.birth_date)
    actor = f"clerk:{decision.clerk_id}"
    await asking.withdraw(tx, row.id, now)
    if row.state is not GuardianshipState.REVIEW:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="at_centre", actor=actor)
    await store.add_decision(tx, vault, decision)
    await _note(tx, row, decision, actor)
    if not decision.approved:
        row = await moving.move(
            tx, row, GuardianshipState.REFUSED, now, reason="refused_on_papers", actor=actor, refusal=decision.refusal
        )
        await moving.tell(tx, vault, row, letters.refused(row))
        return row
    child = await same_child(tx, vault, row.card, now)
    if child is None:
        raise NeedsClerk(row.id)
    row = await activate(tx, row, child, Basis.SERVICE_CENTRE, now, actor=actor)
    if (attached := await provisional.settle(tx, vault, row, child, now)) is not None:
        return attached
    await moving.tell(tx, vault, row, letters.approved(row, child.person_id is not None))
    return row


async def _note(tx: Tx, row: Guardianship, decision: PaperDecision, actor: str) -> None:
    facts: dict[str, str | bool] = {
        "number": row.number,
        "approved": decision.approved,
        "papers": ", ".join(sorted(decision.papers)),
    }
    if decision.refusal is not None:
        facts["refusal"] = decision.refusal.value
    for chain in (chain_of(row.guardian_id), chain_of(decision.clerk_id)):
        await journal.write(tx, chain, "guardianship:decided_on_papers", actor=actor, facts=facts)
