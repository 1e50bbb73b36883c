"""A citizen came with a passport: found by СНИЛС, compared, confirmed or sent away."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.centre import identity_store as store
from myschool.gosuslugi.centre.identity_model import (
    Compared,
    IdentityDecision,
    Outcome,
    Reason,
    Seen,
    check_applicant,
    check_evidence,
    compare,
)
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Document, DocumentKind, Level, Move, Person
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import Letter, send
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email, Snils

RECENT = 20


async def find(tx: Tx, vault: Vault, clerk: Clerk, snils: Snils) -> Person | None:
    """The account is opened, which its owner can read in the journal. None when no proved account has this СНИЛС."""
    person = await people.by_snils(tx, vault, snils)
    if person is not None:
        facts = {"centre": clerk.centre}
        await journal.write(tx, people.chain_of(person.id), "account:opened_by_clerk", actor=clerk.actor, facts=facts)
    return person


async def passport_of(tx: Tx, vault: Vault, person: Person) -> Document | None:
    papers = await people.documents_of(tx, vault, person.id)
    return next((paper for paper in papers if paper.kind is DocumentKind.RF_PASSPORT), None)


async def compared_with(tx: Tx, vault: Vault, person: Person, seen: Seen) -> list[Compared]:
    return compare(seen, person, await passport_of(tx, vault, person))


async def confirm(tx: Tx, vault: Vault, clerk: Clerk, person_id: UUID, seen: Seen, now: datetime) -> bool:
    """The account becomes confirmed. False when it was already. Raises NoSuchPerson, DecisionRefused."""
    person = await people.by_id(tx, vault, person_id)
    check_applicant(clerk, person)
    if person.level is Level.CONFIRMED:
        return False
    compared = await compared_with(tx, vault, person, seen)
    check_evidence(seen, compared)
    if not await people.raise_level(tx, vault, person.id, Move.CONFIRM_IDENTITY, actor=clerk.actor, now=now):
        return False
    await _record(tx, vault, clerk, person, Outcome.CONFIRMED, None, compared, now)
    await _tell(tx, vault, person, "Личность подтверждена", CONFIRMED)
    return True


async def refuse(
    tx: Tx, vault: Vault, clerk: Clerk, person_id: UUID, reason: Reason, comment: str, now: datetime
) -> None:
    """Nothing changes but the record and a letter. Raises NoSuchPerson, DecisionRefused."""
    person = await people.by_id(tx, vault, person_id)
    check_applicant(clerk, person)
    if person.level is Level.CONFIRMED:
        return
    await _record(tx, vault, clerk, person, Outcome.REFUSED, reason, [], now, comment)
    await _tell(tx, vault, person, "Личность пока не подтверждена", REFUSED[reason])


async def recent(tx: Tx, clerk: Clerk) -> list[IdentityDecision]:
    """The clerk's own last decisions, the newest first."""
    return await store.of_clerk(tx, clerk.person_id, limit=RECENT)


async def _record(
    tx: Tx,
    vault: Vault,
    clerk: Clerk,
    person: Person,
    outcome: Outcome,
    reason: Reason | None,
    compared: list[Compared],
    now: datetime,
    comment: str = "",
) -> None:
    decision = IdentityDecision(new_id(), person.id, clerk.person_id, clerk.centre, now, outcome, reason)
    evidence = {str(one.point): one.seen for one in compared} | ({"comment": comment} if comment else {})
    if outcome is Outcome.CONFIRMED:
        evidence["face"] = "matches"
    await store.add(tx, vault, decision, evidence)
    facts = {"decision": str(decision.id), "centre": clerk.centre} | ({"reason": str(reason)} if reason else {})
    await journal.write(tx, people.chain_of(person.id), f"identity:{outcome}", actor=clerk.actor, facts=facts)


CONFIRMED = "сотрудник центра обслуживания подтвердил вашу личность. Теперь вам доступны все услуги."
REFUSED = {
    Reason.FACE_DIFFERS: "сотрудник центра обслуживания не смог узнать вас по фото. Замените паспорт и придите снова.",
    Reason.PAPERS_DIFFER: (
        "данные паспорта не совпали с учётной записью. Проверьте их в разделе «Данные и документы» и придите снова."
    ),
    Reason.PASSPORT_INVALID: "паспорт недействителен или повреждён. Замените его и придите снова.",
    Reason.OTHER: "сотрудник центра обслуживания пока не подтвердил вашу личность. Причину он назвал вам на приёме.",
}


async def _tell(tx: Tx, vault: Vault, person: Person, subject: str, text: str) -> None:
    for contact in await people.contacts_of(tx, vault, person.id):
        if isinstance(contact.value, Email):
            words = f"{person.name.given_name}, {text}\n\nЭто учебная песочница, не портал Госуслуг."
            await send(tx, vault, Letter(contact.value.address, subject, words))
