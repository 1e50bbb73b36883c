"""A school that was not found: told by a person, answered by an operator, by letter."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from myschool.kit import journal, letters
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import Letter
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Email
from myschool.portal.schools import store, store_missing, texts_missing
from myschool.portal.schools.missing import (
    Answer,
    MissingAlreadyAnswered,
    MissingSchool,
    MissingState,
    UnknownMissing,
    new_number,
)
from myschool.portal.schools.model import SchoolUnknown

PAGE = 50


@dataclass(frozen=True, slots=True)
class Described:
    """What a person writes of his school."""

    name: str
    settlement: str
    region_code: str
    note: str
    asked: str
    email: Email


async def tell_missing(tx: Tx, vault: Vault, told: Described, *, once: str, now: datetime) -> MissingSchool:
    """A task for the operator; pressing again gives the same one."""
    one = MissingSchool(
        id=new_id(),
        number=new_number(now.astimezone(MOSCOW).date()),
        name=told.name,
        settlement=told.settlement,
        region_code=told.region_code,
        note=told.note,
        asked=told.asked,
        created_at=now,
    )
    if not await store_missing.add(tx, vault, one, told.email, once):
        known = await store_missing.find_by_press(tx, vault, once)
        if known is None:
            raise UnknownMissing
        return known
    await journal.write(tx, f"missing_school:{one.id}", "missing_school:told", actor="visitor")
    return one


async def missing_by_press(tx: Tx, vault: Vault, once: str) -> MissingSchool | None:
    """The message that this very press has sent before."""
    return await store_missing.find_by_press(tx, vault, once)


async def missing_page(tx: Tx, vault: Vault, *, answered: bool, page: int) -> list[MissingSchool]:
    """Fifty of them: open ones oldest first, answered ones newest first."""
    return await store_missing.page(tx, vault, answered=answered, page=page, size=PAGE)


async def missing_counts(tx: Tx) -> tuple[int, int]:
    """(open, answered)."""
    return await store_missing.counts(tx)


async def look_at_missing(tx: Tx, vault: Vault, missing_id: UUID) -> MissingSchool:
    """Raises UnknownMissing."""
    found = await store_missing.load(tx, vault, missing_id)
    if found is None:
        raise UnknownMissing
    return found


async def answer_missing(
    tx: Tx, vault: Vault, missing_id: UUID, answer: Answer, *, by: UUID, origin: str, now: datetime
) -> MissingSchool:
    """Raises UnknownMissing, MissingAlreadyAnswered; SchoolUnknown when the school named is not in the directory."""
    found = await store_missing.load(tx, vault, missing_id, for_update=True)
    if found is None:
        raise UnknownMissing
    if found.state is not MissingState.OPEN:
        raise MissingAlreadyAnswered(found)
    named = await store.find(tx, answer.school.digits) if answer.school else None
    if answer.school is not None and named is None:
        raise SchoolUnknown(answer.school.digits)
    email = await store_missing.email_of(tx, vault, missing_id)
    await store_missing.save_answer(tx, missing_id, answer, by, now)
    if email is not None:
        subject, text = texts_missing.letter(found, answer, named, origin)
        await letters.send(tx, vault, Letter(email.address, subject, text), key=f"missing_school:{missing_id}")
    facts = {"answer": answer.state.value}
    await journal.write(
        tx, f"missing_school:{missing_id}", "missing_school:answered", actor=f"person:{by}", facts=facts
    )
    return found
