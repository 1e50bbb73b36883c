"""The child's account at the desk: made without a mailbox, attached, or a lost paper printed anew."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from myschool.gosuslugi.centre import children_actions as children
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.family.actions import at_desk
from myschool.gosuslugi.family.actions.at_desk import Desk, Handed
from myschool.gosuslugi.family.agreement_model import Agreement
from myschool.gosuslugi.family.model import Guardianship
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Small ones and digits that nobody takes for one another when they are copied from a paper."""
GROUPS, IN_A_GROUP = 3, 4


@dataclass(frozen=True)
class FirstPassword:
    """Lives in memory until the answer is sent: on the page, on the paper, and nowhere else."""

    text: str = field(repr=False)
    hashed: str = field(repr=False)


def fresh_password() -> str:
    """«k7mp-2xhd-q9rt»: 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))


async def look(tx: Tx, vault: Vault, row: Guardianship, now: datetime) -> Desk:
    """Raises NotYours, NotNow."""
    return await at_desk.look(tx, vault, row.id, now)


async def create(
    tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship, hashed: str, now: datetime, *, child_under: int
) -> Handed:
    """Raises OwnFamily, and what `at_desk.create` raises."""
    await children.check_clerk(tx, vault, clerk, row)
    made = await at_desk.create(tx, vault, row.id, hashed, now, actor=clerk.actor, child_under=child_under)
    await _note(tx, clerk, row, "child_account:handed_over")
    return made


async def hand_again(
    tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship, hashed: str, now: datetime, *, instead_of: datetime
) -> Handed:
    """Raises OwnFamily, and what `at_desk.hand_again` raises."""
    await children.check_clerk(tx, vault, clerk, row)
    made = await at_desk.hand_again(tx, vault, row.id, hashed, now, instead_of=instead_of, actor=clerk.actor)
    await _note(tx, clerk, row, "child_account:handed_again")
    return made


async def attach(
    tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship, now: datetime
) -> Guardianship | Agreement | None:
    """Raises OwnFamily, and what `at_desk.attach` raises."""
    await children.check_clerk(tx, vault, clerk, row)
    done = await at_desk.attach(tx, vault, row.id, now, actor=clerk.actor)
    await _note(tx, clerk, row, "child_account:attached")
    return done


async def _note(tx: Tx, clerk: Clerk, row: Guardianship, tag: str) -> None:
    """The clerk's own journal; the family's are written with the deed."""
    facts = {"number": row.number, "centre": clerk.centre}
    await journal.write(tx, chain_of(clerk.person_id), tag, actor=clerk.actor, facts=facts)
