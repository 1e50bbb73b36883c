"""The dialog «Создание учетной записи ребенка»: an e-mail, a code from a letter, a password, one account.

No account without a guardianship in force, and that rests on a confirmed check or a clerk's decision. Two parents at
once, or one who presses twice, get the same account: it bears the child's id.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import attaching, letters, moving
from myschool.gosuslugi.family.model import (
    Child,
    EmailTaken,
    Guardianship,
    NeedsClerk,
    NotNow,
    Opening,
    Right,
)
from myschool.gosuslugi.family.store import drafts as openings
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import (
    ContactTaken,
    Document,
    DocumentKind,
    Particulars,
    SnilsTaken,
)
from myschool.gosuslugi.signin.actions import codes, secrets
from myschool.gosuslugi.signin.model import Judged, Matter, Purpose, Sending
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email


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
    return row, await store.load_child(tx, vault, row.child_id, for_update=True)


async def ask_email(tx: Tx, vault: Vault, row: Guardianship, email: Email, now: datetime) -> Sending:
    """A letter with a code to the child's mailbox. Raises EmailTaken."""
    if await people.taken(tx, vault, email):
        raise EmailTaken
    before = await openings.load_opening(tx, vault, row.id)
    another = before is not None and before.email != email.address
    await openings.put_opening(tx, vault, Opening(row.id, email.address, None))
    return await codes.send(tx, vault, _matter(row), email, now, anew=another)


async def send_code_again(tx: Tx, vault: Vault, row: Guardianship, opening: Opening, now: datetime) -> Sending:
    return await codes.send(tx, vault, _matter(row), Email(opening.email), now)


async def enter_code(tx: Tx, vault: Vault, row: Guardianship, opening: Opening, digits: str, now: datetime) -> Judged:
    judged = await codes.enter(tx, vault, _matter(row), digits, now)
    if judged.right:
        await openings.put_opening(tx, vault, replace(opening, confirmed_at=now))
    return judged


async def note_confirmed_email(tx: Tx, vault: Vault, row: Guardianship, email: Email, now: datetime) -> None:
    """For who has seen the mailbox themselves: the sandbox, when it sets the stage. Raises EmailTaken."""
    if await people.taken(tx, vault, email):
        raise EmailTaken
    await openings.put_opening(tx, vault, Opening(row.id, email.address, now))


async def opening_of(tx: Tx, vault: Vault, guardianship_id: UUID) -> Opening | None:
    return await openings.load_opening(tx, vault, guardianship_id)


async def create(tx: Tx, vault: Vault, row: Guardianship, child: Child, hashed: str, now: datetime) -> Made:
    """The account with this hash of a password, attached to the parent. Both are locked, as `may_open` gives them.

    Raises NotNow without a confirmed e-mail, EmailTaken, NeedsClerk when the СНИЛС is somebody else's.
    """
    if child.person_id is not None:
        attached = await attaching.attach(tx, vault, row, child, now)
        return Made(attached, child.person_id, fresh=False)
    opening = await openings.load_opening(tx, vault, row.id)
    if opening is None or opening.confirmed_at is None:
        raise NotNow(row.id, row.state)
    actor = people.chain_of(row.guardian_id)
    try:
        person = await people.create_child_account(
            tx,
            vault,
            name=child.card.name,
            particulars=Particulars(
                birth_date=child.card.birth_date,
                sex=child.card.sex,
                snils=child.card.snils,
                citizenship=child.card.citizenship,
            ),
            contacts=[Email(opening.email)],
            documents=[certificate_of(child, row, now)],
            actor=actor,
            now=now,
            person_id=child.id,
        )
    except ContactTaken:
        raise EmailTaken from None
    except SnilsTaken:
        raise NeedsClerk(row.id) from None
    await secrets.keep_first(tx, person.id, hashed, now)
    child = await store.set_account(tx, child, person.id)
    await openings.drop_opening(tx, row.id)
    row = await attaching.attach(tx, vault, row, child, now, words=letters.account_made(row))
    return Made(row, person.id, fresh=True)


def certificate_of(child: Child, row: Guardianship, now: datetime) -> Document:
    card = child.card
    return Document(
        id=new_id(),
        kind=DocumentKind(card.certificate_kind.value),
        series=card.series or "",
        number=card.number,
        issued_on=card.issued_on,
        issued_by=card.issued_by,
        act_number=card.act_number,
        act_date=card.act_date,
        verified_at=row.since if row.basis else now,
    )


def _matter(row: Guardianship) -> Matter:
    return Matter(Purpose.CHILD_EMAIL, row.id)
