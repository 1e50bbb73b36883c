"""The registers are asked about a card: ЗАГС about the certificate, the Social Fund about the child's СНИЛС."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks.model import RegistryCheck, birth_claim, snils_claim
from myschool.gosuslugi.family.model import Card, Guardianship
from myschool.gosuslugi.family.questions import CERTIFICATE, KINDS, SNILS, Questions
from myschool.gosuslugi.people.model import Person
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def ask_about_certificate(
    tx: Tx, vault: Vault, row: Guardianship, guardian: Person, now: datetime
) -> RegistryCheck:
    card = row.card
    parent = guardian.name if card.relation.stands_in_record_of_birth else None
    born_on = guardian.birth_date if parent else None
    claim = birth_claim(card.certificate, card.name, card.birth_date, card.sex, parent, born_on)
    return await checks.ask(tx, vault, CERTIFICATE, row.id, claim, now)


async def ask_about_snils(tx: Tx, vault: Vault, guardianship_id: UUID, card: Card, now: datetime) -> RegistryCheck:
    claim = snils_claim(card.snils, card.name, card.birth_date, card.sex)
    return await checks.ask(tx, vault, SNILS, guardianship_id, claim, now)


async def questions_of(tx: Tx, guardianship_id: UUID) -> Questions:
    return Questions(*[await checks.look(tx, kind, guardianship_id) for kind in KINDS])


async def questions_of_all(tx: Tx, guardianship_ids: Sequence[UUID]) -> dict[UUID, Questions]:
    certificates, numbers = [await checks.look_at_all(tx, kind, guardianship_ids) for kind in KINDS]
    return {one: Questions(certificates.get(one), numbers.get(one)) for one in guardianship_ids}


async def still_asked(tx: Tx, guardianship_ids: Sequence[UUID]) -> list[UUID]:
    """Of which of these an answer is waited for."""
    found = await questions_of_all(tx, guardianship_ids)
    return [one for one, asked in found.items() if any(check and check.is_open for check in asked.all)]


async def withdraw(tx: Tx, guardianship_id: UUID, now: datetime) -> None:
    """Nobody waits for either answer any more."""
    for kind in KINDS:
        await checks.withdraw(tx, kind, guardianship_id, now)
