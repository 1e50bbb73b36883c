"""What a guardian could open of the child is shut, in the transaction in which the guardianship ends or rests.

Who had the keys of the child's account (`Right.CREDENTIALS`) may know its password and may have signed in as the child.
So all sessions of the child end, and with them every token that was issued under them; the password opens nothing more
until somebody who may sets a new one; codes on their way are void. Nobody else is locked out: a delegate never had the
keys, a pupil who took the account over with a passport has them alone, and the dead misuse nothing.
"""

from datetime import datetime

from myschool.gosuslugi.family.actions import letters, life_letters
from myschool.gosuslugi.family.model import Child, Guardianship, Right
from myschool.gosuslugi.family.store import drafts
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.signin.actions import codes, secrets
from myschool.gosuslugi.signin.model import Matter, Purpose
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions


async def shut(
    tx: Tx, vault: Vault, row: Guardianship, child: Child | None, now: datetime, *, locks: bool, actor: str
) -> None:
    """`row` as it was while in force; the saved one is so no more. `locks`: the password must be renewed."""
    await codes.forget(tx, Matter(Purpose.CHILD_EMAIL, row.id))
    await drafts.drop_opening(tx, row.id)
    await drafts.drop_corrections(tx, row.id)
    if child is None or child.person_id is None or row.attached_at is None or Right.CREDENTIALS not in row.rights:
        return
    person = await people.by_id(tx, vault, child.person_id)
    others = [one for one in await store.of_child(tx, vault, child.id) if one.id != row.id and one.in_force(now)]
    if person.level is not Level.CHILD or any(one.guardian_id == row.guardian_id for one in others):
        return
    await sessions.end_all(tx, person.id, now)
    if not locks:
        return
    await secrets.lock(tx, person.id, now, actor=actor)
    for one in others:
        if one.attached_at is not None and one.may(Right.CREDENTIALS, now):
            subject, text = life_letters.renew_password(one)
            await letters.write(tx, vault, one.guardian_id, subject, text)
