"""An adult who permitted for a child represents it no more: the permissions go to another guardian, or end.

Until this has run such a permission opens nothing: `actions.live_grant` asks the guardianship at the very moment.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from myschool.gosuslugi.family.model import GuardianshipEnded, GuardianshipSuspended
from myschool.gosuslugi.grants import actions, guardians, store
from myschool.gosuslugi.grants.model import Grant, Guardian
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind
from myschool.kit import clock, journal, letters
from myschool.kit.agenda import Work
from myschool.kit.db import Tx
from myschool.kit.letters import Letter, Sms
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email, Phone


async def guardian_left(work: Work[Any], event: GuardianshipEnded | GuardianshipSuspended) -> None:
    if event.person_id is not None:
        await pass_on(work.tx, work.ctx.vault, event.person_id, event.guardian_id, clock.now())


async def pass_on(tx: Tx, vault: Vault, child_id: UUID, left: UUID, now: datetime) -> None:
    """Nothing happens when that adult permits for the child by another guardianship, or again by now."""
    if await guardians.is_guardian(tx, vault, left, child_id, now):
        return
    given = [grant for grant in await store.live_grants(tx, [child_id], now) if grant.given_by == left]
    heirs = await guardians.of_child(tx, vault, child_id, now)
    for grant in given:
        if heirs:
            await store.pass_grant(tx, grant.id, heirs[0].person_id)
            facts = {"system": grant.mnemonic}
            await journal.write(tx, people.chain_of(child_id), "grant:passed", actor="system", facts=facts)
        else:
            await actions.end(tx, grant, "system", now)
    if given and heirs:
        await _tell(tx, vault, heirs[0], child_id, given)


async def _tell(tx: Tx, vault: Vault, heir: Guardian, child_id: UUID, given: Sequence[Grant]) -> None:
    """The heir learns what is permitted for the child and how to end it, and nothing of who permitted."""
    child = await people.by_id(tx, vault, child_id)
    known = await actions.systems(tx, [grant.mnemonic for grant in given])
    names = ", ".join(sorted(f"«{one.name}»" for one in known.values()))
    words = (
        f"{heir.given_name}, теперь за доступ к данным ребёнка ({child.name.given_name}) отвечаете вы: {names}.\n"
        "Если вы против, отзовите доступ в разделе «Согласия и доступы»."
    )
    values = {one.kind: one.value for one in await people.contacts_of(tx, vault, heir.person_id)}
    phone, email = values.get(ContactKind.MOBILE), values.get(ContactKind.EMAIL)
    if isinstance(email, Email):
        await letters.send(tx, vault, Letter(email.formatted(), "Кто получает данные ребёнка", words))
    elif isinstance(phone, Phone):
        await letters.send(tx, vault, Sms(f"+7{phone.digits}", words))
