"""A child's account in a parent's hands: password, places where the child is signed in, e-mail and telephone.

Whatever is done stands in the journals of the child and of every guardian, and each of them gets a letter.
"""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import letters, look, moving
from myschool.gosuslugi.family.model import Guardianship, NotNow, OwnAccount, Right, RightMissing, Ward
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, ContactValue, Level
from myschool.gosuslugi.signin.actions import contacts, secrets
from myschool.gosuslugi.signin.model import Judged, Sending
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web import sessions


async def ward_of(tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID, now: datetime) -> Ward:
    """Guardianship and child locked. Raises NotYours, NotNow (nothing attached), RightMissing, OwnAccount."""
    row = await moving.locked(tx, vault, guardianship_id, guardian_id)
    if row.child_id is None or row.attached_at is None:
        raise NotNow(row.id, row.state)
    child = await store.load_child(tx, vault, row.child_id, for_update=True)
    if child.person_id is None:
        raise NotNow(row.id, row.state)
    person = await people.by_id(tx, vault, child.person_id)
    if person.level is not Level.CHILD:
        raise OwnAccount
    if not row.may(Right.CREDENTIALS, now):
        raise RightMissing(Right.CREDENTIALS)
    return Ward(row, child, person)


async def change_password(tx: Tx, vault: Vault, ward: Ward, hashed: str, *, recover_url: str, now: datetime) -> None:
    """The child has to sign in anew everywhere."""
    actor = people.chain_of(ward.row.guardian_id)
    await secrets.change(tx, vault, ward.person, hashed, actor=actor, recover_url=recover_url, now=now)
    await sessions.end_all(tx, ward.person.id, now)
    await told(tx, vault, ward, "password_changed", now)


async def end_session(tx: Tx, vault: Vault, ward: Ward, key: str, now: datetime) -> bool:
    """False when the child has no such session; then nobody is told of anything."""
    if not await sessions.end_one(tx, ward.person.id, key):
        return False
    await _sessions_ended(tx, vault, ward, now)
    return True


async def end_sessions(tx: Tx, vault: Vault, ward: Ward, now: datetime) -> bool:
    """False when the child was signed in nowhere."""
    if not await sessions.open_sessions(tx, ward.person.id, now):
        return False
    await sessions.end_all(tx, ward.person.id, now)
    await _sessions_ended(tx, vault, ward, now)
    return True


async def _sessions_ended(tx: Tx, vault: Vault, ward: Ward, now: datetime) -> None:
    actor = people.chain_of(ward.row.guardian_id)
    await journal.write(tx, people.chain_of(ward.person.id), "session:ended", actor=actor)
    await told(tx, vault, ward, "session_ended", now)


async def ask_contact(tx: Tx, vault: Vault, ward: Ward, value: ContactValue, now: datetime) -> Sending:
    """The value waits for its code; until then the old one works. Raises ContactTaken."""
    return await contacts.ask(tx, vault, ward.person, value, now, by=ward.row.guardian_id)


async def enter_code(
    tx: Tx, vault: Vault, ward: Ward, kind: ContactKind, digits: str, *, recover_url: str, now: datetime
) -> Judged:
    """Raises ContactTaken: somebody else proved the same contact first."""
    by = ward.row.guardian_id
    judged = await contacts.enter_code(tx, vault, ward.person, kind, digits, recover_url=recover_url, now=now, by=by)
    if judged.right:
        reason = "email_changed" if kind is ContactKind.EMAIL else "phone_changed"
        await told(tx, vault, ward, reason, now)
    return judged


async def told(tx: Tx, vault: Vault, ward: Ward, reason: str, now: datetime) -> None:
    """Into the history, the journal and the mailbox of every guardian; nobody learns who of the others did it."""
    for row in await guardians(tx, vault, ward, now):
        mine = row.id == ward.row.id
        actor = people.chain_of(row.guardian_id) if mine else moving.SYSTEM
        await moving.note(tx, row, reason, now, actor=actor)
        if mine or row.may(Right.NOTICES, now):
            await moving.tell(tx, vault, row, letters.account_touched(row, reason, by_reader=mine))


async def guardians(tx: Tx, vault: Vault, ward: Ward, now: datetime) -> list[Guardianship]:
    """All who may know what is done to the account: of a protected child each learns of the own acts only."""
    if ward.child.protected_at is not None:
        return [ward.row]
    return await look.guardians_of(tx, vault, ward.person.id, now)
