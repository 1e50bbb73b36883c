"""A clerk lets a child in whose password is locked, while no adult may set a new one.

What was known before opens nothing more: the child sets a new password at the door, by «Восстановить», with the code
that goes where `look.code_address` says. No adult who rests gets that code.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import look
from myschool.gosuslugi.family.model import NotNow, NotYours, Right
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit.db import Tx
from myschool.kit.vault import Vault


async def let_in(tx: Tx, vault: Vault, guardianship_id: UUID, now: datetime, *, actor: str) -> None:
    """Raises NotYours when there is none; NotNow: nothing is locked, or an adult in force may set the password."""
    row = await store.load(tx, vault, guardianship_id)
    child = await store.load_child(tx, vault, row.child_id, for_update=True) if row and row.child_id else None
    if row is None:
        raise NotYours
    if child is None or child.person_id is None:
        raise NotNow(row.id, row.state)
    person = await people.by_id(tx, vault, child.person_id)
    in_force = await look.guardians_of(tx, vault, person.id, now)
    keys = any(one.may(Right.CREDENTIALS, now) for one in in_force)
    if keys or person.level is not Level.CHILD or not await secrets.reopen(tx, person.id, now, actor=actor):
        raise NotNow(row.id, row.state)
