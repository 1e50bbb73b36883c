"""«Способ №2» at the service centre: a clerk compares papers and decides. Needs no answer of the registry.

Who decided on what evidence stands in the decision, in the parent's journal and in the clerk's.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import (
    agreeing,
    agreement_letters,
    asking,
    letters,
    moving,
    provisional,
    settling,
)
from myschool.gosuslugi.family.actions.settling import activate, only_a_clerk_may, same_child
from myschool.gosuslugi.family.delegation_model import Evidence, EvidenceKind
from myschool.gosuslugi.family.model import (
    CHILD_UNDER,
    OVER,
    READING,
    Basis,
    Guardianship,
    GuardianshipState,
    NeedsClerk,
    NotNow,
    OwnApplication,
    Relation,
    TooOld,
    is_too_old,
    may_be_attached,
)
from myschool.gosuslugi.family.papers_model import (
    Decided,
    PaperDecision,
    PapersMissing,
    SecondClerkNeeded,
    SecondLookEnd,
    SeenPaper,
    needs_second_look,
    papers_needed,
)
from myschool.gosuslugi.family.store import delegations as evidence_store
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

DECIDABLE = frozenset(GuardianshipState) - OVER - {GuardianshipState.ACTIVE, GuardianshipState.SUSPENDED}


NUMBER_LETTERS = 8
RUSSIAN_KEYS = str.maketrans("ВАПОТЙКЫГМЦЯ", "DFGJNQRSUVWZ")
"""The number typed, or scanned, while the keyboard was Russian: the same keys."""


async def open_application(tx: Tx, vault: Vault, typed_number: str) -> Guardianship | None:
    """By the number as people type it: any case, any separators, in either keyboard, with «№» or a word before it."""
    typed = typed_number.upper().translate(RUSSIAN_KEYS)
    letters_only = "".join(character for character in typed if character.isalnum())[-NUMBER_LETTERS:]
    return await store.by_number(tx, vault, f"{letters_only[:4]}-{letters_only[4:]}")


async def application(tx: Tx, vault: Vault, guardianship_id: UUID) -> Guardianship | None:
    """For who opened it by its number before."""
    return await store.load(tx, vault, guardianship_id)


async def decided_of(tx: Tx, guardianship_id: UUID) -> Decided | None:
    """The last decision on papers; None when a register decided, or nobody yet."""
    return await store.last_decision(tx, guardianship_id)


async def decide(
    tx: Tx, vault: Vault, decision: PaperDecision, now: datetime, *, child_under: int = CHILD_UNDER
) -> Guardianship:
    """A pupil too old for a child's account is attached to read only, when the pupil agrees.

    Raises OwnApplication, NotNow, PapersMissing, SecondClerkNeeded, TooOld, NeedsClerk; nothing is written then.

    Every clerk who said yes stands in the decision; what was seen stands beside the guardianship as evidence.
    """
    row = await _decidable(tx, vault, decision.guardianship_id)
    check_decision(row, decision, now)
    alone = decision.confirmed_by in (None, decision.clerk_id, row.guardian_id)
    if decision.approved and needs_second_look(row.card.relation) and alone:
        raise SecondClerkNeeded
    actor = f"clerk:{decision.confirmed_by or decision.clerk_id}"
    await asking.withdraw(tx, row.id, now)
    if row.state is not GuardianshipState.REVIEW:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="at_centre", actor=actor)
    await store.add_decision(tx, vault, decision)
    await keep_evidence(tx, vault, row.id, decision.seen, now, actor=f"clerk:{decision.clerk_id}")
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
    if alone and await only_a_clerk_may(tx, vault, row, child):
        raise SecondClerkNeeded
    if is_too_old(row.card.birth_date, row.card.day_at(now), child_under) or await settling.in_own_hands(
        tx, vault, child
    ):
        row = replace(row, rights=READING)
    basis = Basis.ADOPTION if row.card.relation is Relation.ADOPTER else Basis.SERVICE_CENTRE
    row = await activate(tx, row, child, basis, now, actor=actor, ends_at=decision.until)
    if (attached := await provisional.settle(tx, vault, row, child, now)) is not None:
        return attached
    asked = await agreeing.ask(tx, vault, row, child, now)
    waits = asked is not None or row.rights == READING
    words = agreement_letters.approved(row) if waits else letters.approved(row, child.person_id is not None)
    await moving.tell(tx, vault, row, words)
    return row


def check_decision(row: Guardianship, decision: PaperDecision, now: datetime) -> None:
    """Raises OwnApplication, PapersMissing, TooOld: who is of age is represented by nobody."""
    if row.guardian_id == decision.clerk_id:
        raise OwnApplication
    missing = papers_needed(row.card.relation) - decision.papers
    if decision.approved and missing:
        raise PapersMissing(missing)
    if decision.approved and not may_be_attached(row.card.birth_date, row.card.day_at(now)):
        raise TooOld(row.card.birth_date)


async def _decidable(tx: Tx, vault: Vault, guardianship_id: UUID) -> Guardianship:
    row = await store.load(tx, vault, guardianship_id, for_update=True)
    if row is None or row.state not in DECIDABLE:
        raise NotNow(guardianship_id, row.state if row else GuardianshipState.ENDED)
    return row


# -- a first yes, and the second look ----------------------------------------------------------------------------------


async def await_second(tx: Tx, vault: Vault, decision: PaperDecision, until: datetime, now: datetime) -> Guardianship:
    """The first clerk said yes. A correction of the card, or anything else that moves it, makes this yes void.

    Raises as `decide`, but SecondClerkNeeded.
    """
    row = await _decidable(tx, vault, decision.guardianship_id)
    check_decision(row, decision, now)
    actor = f"clerk:{decision.clerk_id}"
    await asking.withdraw(tx, row.id, now)
    if row.state is not GuardianshipState.REVIEW:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="at_centre", actor=actor)
    row = replace(row, second_look_until=until)
    await store.save(tx, row)
    await moving.note(tx, row, "second_look", now, actor=actor)
    await moving.tell(tx, vault, row, letters.second_look(row, until))
    return row


async def end_second_look(
    tx: Tx, vault: Vault, guardianship_id: UUID, reason: SecondLookEnd, now: datetime, *, actor: str
) -> None:
    """Not confirmed: the application is where it was before, and the applicant is told. Void already: nothing."""
    row = await store.load(tx, vault, guardianship_id, for_update=True)
    if row is None or row.second_look_until is None:
        return
    row = replace(row, second_look_until=None)
    await store.save(tx, row)
    await moving.note(tx, row, reason.value, now, actor=actor)
    words = letters.second_look_returned(row) if reason is SecondLookEnd.RETURNED else letters.second_look_lapsed(row)
    await moving.tell(tx, vault, row, words)


async def needs_care(tx: Tx, vault: Vault, row: Guardianship) -> bool:
    """Somebody's rights over this child rest, were taken away, or the family is protected: a clerk has to know."""
    child_id = row.child_id or await store.id_with_snils(tx, vault, row.card.snils_digits)
    if child_id is None:
        return False
    return await only_a_clerk_may(tx, vault, row, (await store.children(tx, vault, [child_id]))[child_id])


async def keep_evidence(
    tx: Tx, vault: Vault, guardianship_id: UUID, seen: Sequence[SeenPaper], now: datetime, *, actor: str
) -> None:
    for one in seen:
        kind = EvidenceKind(one.paper.value)
        said = Evidence(guardianship_id, kind, one.number, one.issued_on, one.issued_by, now, actor)
        await evidence_store.add_evidence(tx, vault, said)


async def evidence_of(tx: Tx, vault: Vault, guardianship_id: UUID) -> list[Evidence]:
    """The oldest first."""
    return await evidence_store.evidence_of(tx, vault, guardianship_id)


async def _note(tx: Tx, row: Guardianship, decision: PaperDecision, actor: str) -> None:
    facts: dict[str, str | bool] = {
        "number": row.number,
        "approved": decision.approved,
        "papers": ", ".join(sorted(decision.papers)),
    }
    if decision.refusal is not None:
        facts["refusal"] = decision.refusal.value
    clerks = [decision.clerk_id, *([decision.confirmed_by] if decision.confirmed_by else [])]
    for chain in (chain_of(row.guardian_id), *(chain_of(one) for one in clerks)):
        await journal.write(tx, chain, "guardianship:decided_on_papers", actor=actor, facts=facts)
