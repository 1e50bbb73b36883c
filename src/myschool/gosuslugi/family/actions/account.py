"""The dialog «Создание учетной записи ребенка»: an e-mail, a telephone if the child has one, their codes, a password.

No account without a guardianship in force, and that rests on a confirmed check or a clerk's decision. Two parents at
once, or one who presses twice, get the same account: it bears the child's id, unless one of that id was deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import attaching, letters, moving
from myschool.gosuslugi.family.actions.certificate import certificate_of, particulars_of
from myschool.gosuslugi.family.model import (
    Child,
    EmailTaken,
    Guardianship,
    NeedsClerk,
    NotNow,
    Opening,
    PhoneTaken,
    Right,
)
from myschool.gosuslugi.family.store import drafts as openings
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, ContactTaken, ContactValue, SnilsTaken
from myschool.gosuslugi.signin.actions import codes, contacts, secrets
from myschool.gosuslugi.signin.model import Judged, Matter, Purpose, Sending
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email, Phone


@dataclass(frozen=True)
class Made:
    """`fresh` is False when the account was there already and has only been attached."""

    guardianship: Guardianship
    person_id: UUID
    fresh: bool


async def may_open(
    tx: Tx, vault: Vault, guardianship_id: UUID, guardian_id: UUID, now: datetime
) -> tuple[Guardianship, Child]:
    """Both locked. Raises NotYours, NotNow."""
    row = await moving.locked(tx, vault, guardianship_id, guardian_id)
    if row.child_id is None or not row.may(Right.CREDENTIALS, now):
        raise NotNow(row.id, row.state)
    child = await store.load_child(tx, vault, row.child_id, for_update=True)
    if child.person_id is not None and row.attached_at is not None:
        owner = await people.by_id(tx, vault, child.person_id)
        if not row.narrowed(owner).may(Right.CREDENTIALS, now):
            raise NotNow(row.id, row.state)
    return row, child


async def ask_contacts(
    tx: Tx, vault: Vault, row: Guardianship, email: Email, phone: Phone | None, now: datetime
) -> Sending:
    """A letter with a code to the child's mailbox; the telephone's turn comes after it. What was confirmed stays so.

    Raises EmailTaken, PhoneTaken. Too many questions are answered before any.
    """
    before = await openings.load_opening(tx, vault, row.id)
    digits = phone.digits if phone else None
    same_email = before is not None and before.email == email.address
    same_phone = before is not None and before.phone == digits
    if not (same_email and same_phone) and not await contacts.may_ask(tx, row.guardian_id, now):
        return Sending.TOO_MANY
    if await people.taken(tx, vault, email):
        raise EmailTaken
    if phone is not None and await people.taken(tx, vault, phone):
        raise PhoneTaken
    opening = Opening(
        row.id,
        email.address,
        before.confirmed_at if before and same_email else None,
        digits,
        before.phone_confirmed_at if before and same_phone else None,
    )
    await openings.put_opening(tx, vault, opening)
    if opening.confirmed_at is None:
        return await codes.send(tx, vault, _matter(row), email, now, anew=before is not None and not same_email)
    if phone is not None and opening.phone_confirmed_at is None:
        return await codes.send(tx, vault, _phone_matter(row), phone, now, anew=not same_phone)
    return Sending.SENT


async def ask_email(tx: Tx, vault: Vault, row: Guardianship, email: Email, now: datetime) -> Sending:
    """Without a telephone. Raises EmailTaken."""
    return await ask_contacts(tx, vault, row, email, None, now)


async def send_code_again(tx: Tx, vault: Vault, row: Guardianship, opening: Opening, now: datetime) -> Sending:
    """For the contact whose turn it is."""
    if opening.confirmed_at is not None and opening.phone is not None:
        return await codes.send(tx, vault, _phone_matter(row), Phone(opening.phone), now)
    return await codes.send(tx, vault, _matter(row), Email(opening.email), now)


async def enter_code(tx: Tx, vault: Vault, row: Guardianship, opening: Opening, digits: str, now: datetime) -> Judged:
    """The code from the letter; after it the telephone, if one was named, gets its own."""
    judged = await codes.enter(tx, vault, _matter(row), digits, now)
    if judged.right:
        await openings.put_opening(tx, vault, replace(opening, confirmed_at=now))
        if opening.phone is not None and opening.phone_confirmed_at is None:
            await codes.send(tx, vault, _phone_matter(row), Phone(opening.phone), now)
    return judged


async def enter_phone_code(
    tx: Tx, vault: Vault, row: Guardianship, opening: Opening, digits: str, now: datetime
) -> Judged:
    judged = await codes.enter(tx, vault, _phone_matter(row), digits, now)
    if judged.right:
        await openings.put_opening(tx, vault, replace(opening, phone_confirmed_at=now))
    return judged


async def go_without_phone(tx: Tx, vault: Vault, row: Guardianship, opening: Opening) -> None:
    """The code does not come, or the child has no telephone after all."""
    await openings.put_opening(tx, vault, replace(opening, phone=None, phone_confirmed_at=None))
    await codes.forget(tx, _phone_matter(row))


async def note_confirmed_email(tx: Tx, vault: Vault, row: Guardianship, email: Email, now: datetime) -> None:
    """For who has seen the mailbox themselves: the sandbox, when it sets the stage. Raises EmailTaken."""
    if await people.taken(tx, vault, email):
        raise EmailTaken
    await openings.put_opening(tx, vault, Opening(row.id, email.address, now))


async def opening_of(tx: Tx, vault: Vault, guardianship_id: UUID) -> Opening | None:
    return await openings.load_opening(tx, vault, guardianship_id)


async def create(tx: Tx, vault: Vault, row: Guardianship, child: Child, hashed: str, now: datetime) -> Made:
    """The account with this hash of a password, attached to the parent. Both are locked, as `may_open` gives them.

    Raises NotNow without confirmed contacts, EmailTaken, PhoneTaken, NeedsClerk when the СНИЛС is somebody else's.
    """
    if child.person_id is not None:
        attached = await attaching.attach(tx, vault, row, child, now)
        return Made(attached, child.person_id, fresh=False)
    opening = await openings.load_opening(tx, vault, row.id)
    if opening is None or not opening.ready:
        raise NotNow(row.id, row.state)
    actor = people.chain_of(row.guardian_id)
    reached: list[ContactValue] = [Email(opening.email), *([Phone(opening.phone)] if opening.phone else [])]
    child, person_id = await make(tx, vault, row, child, reached, now, actor=actor)
    await secrets.keep_first(tx, person_id, hashed, now)
    row = await attaching.attach(tx, vault, row, child, now, words=letters.account_made(row))
    return Made(row, person_id, fresh=True)


async def make(
    tx: Tx, vault: Vault, row: Guardianship, child: Child, reached: Sequence[ContactValue], now: datetime, *, actor: str
) -> tuple[Child, UUID]:
    """The account itself, without a password. `reached`: confirmed contacts.

    Raises EmailTaken, PhoneTaken, NeedsClerk when the СНИЛС is somebody else's.
    """
    try:
        person = await people.create_child_account(
            tx,
            vault,
            name=child.card.name,
            particulars=particulars_of(child),
            contacts=reached,
            documents=[certificate_of(child, row, now)],
            actor=actor,
            now=now,
            person_id=new_id() if await people.was_closed(tx, child.id) else child.id,
        )
    except ContactTaken as taken:
        raise (EmailTaken if taken.kind is ContactKind.EMAIL else PhoneTaken) from None
    except SnilsTaken:
        raise NeedsClerk(row.id) from None
    await openings.drop_opening(tx, row.id)
    return await store.set_account(tx, child, person.id), person.id


def _matter(row: Guardianship) -> Matter:
    return Matter(Purpose.CHILD_EMAIL, row.id)


def _phone_matter(row: Guardianship) -> Matter:
    return Matter(Purpose.CHILD_MOBILE, row.id)
