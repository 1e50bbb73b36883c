"""Whose birthday has come: told once, in the transaction that writes it down, whatever clock and worker do meanwhile.

One look takes the children that are due, the longest due first. A worker that slept finds all of them; of several
milestones of one child only the last is told. A clock set back finds what is settled, and tells nothing again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import birthday_letters, ending, letters, moving
from myschool.gosuslugi.family.birthday_model import BirthdaysDue, Milestone, Outcome, come, next_at
from myschool.gosuslugi.family.model import OVER, Child, EndReason, Guardianship, Right
from myschool.gosuslugi.family.store import birthdays as store
from myschool.gosuslugi.family.store import guardianships
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactValue, Person
from myschool.kit import agenda
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.places import region_in

BATCH = 100
KEY = "birthdays"


@dataclass(frozen=True)
class Families:
    """All that a look at these children needs, read at once."""

    guardianships: dict[UUID, list[Guardianship]]
    persons: dict[UUID, Person]
    contacts: dict[UUID, list[ContactValue]]
    settled: dict[UUID, set[Milestone]]


@dataclass(frozen=True)
class Seen:
    """What a look has done."""

    children: int
    letters: int
    ended: int


async def watch(tx: Tx) -> None:
    """The agenda looks after birthdays from now on, and at once. Called by every worker once an hour.

    Whatever became of the item that was there, taken far into the future by a clock or lost, one is due now.
    """
    await agenda.withdraw(tx, KEY)
    await agenda.put(tx, BirthdaysDue(), key=KEY)


async def look(tx: Tx, vault: Vault, now: datetime, *, limit: int = BATCH) -> Seen:
    """Settles what has come for up to `limit` children. Nothing due: one small query."""
    due = await store.due(tx, vault, now, limit=limit)
    if not due:
        return Seen(0, 0, 0)
    known = await _families(tx, vault, due)
    told, ended = 0, 0
    for child in due:
        wrote, over = await _look_at(tx, vault, child, known, now)
        told, ended = told + wrote, ended + over
    settled = await store.settled(tx, [child.id for child in due])
    await store.plan(tx, {child.id: next_at(child.id, child.card, settled.get(child.id, ())) for child in due})
    return Seen(len(due), told, ended)


async def next_look(tx: Tx) -> datetime | None:
    """When somebody is due next. None when nobody will ever be."""
    return await store.next_at(tx)


async def _families(tx: Tx, vault: Vault, children: Sequence[Child]) -> Families:
    ids = [child.id for child in children]
    grouped: dict[UUID, list[Guardianship]] = {child_id: [] for child_id in ids}
    for row in await guardianships.of_children(tx, vault, ids):
        if row.child_id is not None:
            grouped[row.child_id].append(row)
    involved = {row.guardian_id for rows in grouped.values() for row in rows}
    involved |= {child.person_id for child in children if child.person_id}
    persons = await people.by_ids(tx, vault, list(involved))
    contacts = await people.contacts_of_many(tx, vault, list(involved))
    return Families(grouped, persons, contacts, await store.settled(tx, ids))


async def _look_at(tx: Tx, vault: Vault, child: Child, known: Families, now: datetime) -> tuple[int, int]:
    """Letters written, guardianships ended."""
    person = known.persons.get(child.person_id) if child.person_id else None
    if person is not None and person.region is None:
        await people.live_in(tx, person.id, region_in(child.card.address))
    reached = come(child.id, child.card, known.settled.get(child.id, ()), now)
    if not reached:
        return 0, 0
    last = reached[-1]
    needless = last is not Milestone.EIGHTEEN and person is not None and person.in_own_hands
    outcomes = dict.fromkeys(reached, Outcome.SUPERSEDED) | {last: Outcome.NEEDLESS if needless else Outcome.TOLD}
    fresh = await store.settle(tx, child.id, outcomes, now)
    if needless or last not in fresh:
        return 0, 0
    if last is Milestone.EIGHTEEN:
        return await _eighteen(tx, vault, child, person, known, now)
    return await _remind(tx, vault, last, child, person, known, now), 0


async def _remind(
    tx: Tx, vault: Vault, milestone: Milestone, child: Child, person: Person | None, known: Families, now: datetime
) -> int:
    """To every adult with the right to notices, once each, and to the child."""
    today, sent = child.card.day_at(now), 0
    rows = [row for row in known.guardianships[child.id] if row.may(Right.NOTICES, now)]
    words = birthday_letters.to_adult(milestone, child.card, today, has_account=person is not None)
    for adult_id in dict.fromkeys(row.guardian_id for row in rows):
        sent += await _write(tx, vault, known.persons.get(adult_id), known, words)
    return sent + await _write(tx, vault, person, known, birthday_letters.to_child(milestone, child.card, today))


async def _eighteen(
    tx: Tx, vault: Vault, child: Child, person: Person | None, known: Families, now: datetime
) -> tuple[int, int]:
    """The adults' letters are written where the guardianship ends."""
    over = 0
    for row in known.guardianships[child.id]:
        if row.state not in OVER:
            await ending.end(tx, vault, row.id, EndReason.MAJORITY, now, actor=moving.SYSTEM)
            over += 1
    handed_over = person is not None and person.in_own_hands
    words = birthday_letters.of_age(child.card, handed_over=handed_over)
    return over + await _write(tx, vault, person, known, words), over


async def _write(tx: Tx, vault: Vault, person: Person | None, known: Families, words: tuple[str, str]) -> int:
    if person is None:
        return 0
    return int(await letters.write_to(tx, vault, person, known.contacts.get(person.id, []), *words))
