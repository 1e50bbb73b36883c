"""Whose birthday has come: told once, in the transaction that writes it down, whatever clock and worker do meanwhile.

One look takes the children that are due, the longest due first. A worker that slept finds all of them; of several
milestones of one child only the last is told. A clock set back finds what is settled, and tells nothing again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.family.actions import birthday_letters, letters, life_letters, majority
from myschool.gosuslugi.family.birthday_model import BirthdaysDue, Milestone, Outcome, come, next_at
from myschool.gosuslugi.family.model import OVER, Child, Guardianship, Right
from myschool.gosuslugi.family.store import birthdays as store
from myschool.gosuslugi.family.store import guardianships
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactValue, Person
from myschool.kit import agenda
from myschool.kit.db import Tx
from myschool.kit.letters import Message, send_all
from myschool.kit.vault import Vault
from myschool.papers.places import region_in

BATCH = 500
KEY = "birthdays"


@dataclass(frozen=True)
class Families:
    """All that a look at these children needs, read at once."""

    guardianships: dict[UUID, list[Guardianship]]
    persons: dict[UUID, Person]
    contacts: dict[UUID, list[ContactValue]]
    settled: dict[UUID, set[Milestone]]

    def account_of(self, child: Child) -> Person | None:
        return self.persons.get(child.person_id) if child.person_id else None


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
    known = await _families(tx, vault, due, now)
    await people.live_in_many(tx, _regions(due, known))
    planned = {child.id: _planned(child, known, now) for child in due}
    fresh = await store.settle(tx, planned, now)
    told = [(child, one) for child in due if (one := _to_tell(planned[child.id], child, fresh))]
    over = _majorities(told, known)
    await majority.end_all(tx, vault, over, {child.id: child for child in due}, known.persons, now)
    messages = [one for child, milestone in told for one in _messages(milestone, child, known, now)]
    messages += _written(*[_to(row.guardian_id, known, life_letters.ended(row, majority.REASON)) for row in over])
    await send_all(tx, vault, messages)
    settled = {child.id: known.settled.get(child.id, set()) | planned[child.id].keys() for child in due}
    await store.plan(tx, {child.id: next_at(child.id, child.card, settled[child.id]) for child in due})
    return Seen(len(due), len(messages), len(over))


async def next_look(tx: Tx) -> datetime | None:
    """When somebody is due next. None when nobody will ever be."""
    return await store.next_at(tx)


async def _families(tx: Tx, vault: Vault, children: Sequence[Child], now: datetime) -> Families:
    """The guardianships of who has come of age are locked: they will end."""
    ids = [child.id for child in children]
    grown = [child.id for child in children if child.card.grown_up_at <= now]
    rows = await guardianships.of_children(tx, vault, grown, for_update=True) if grown else []
    rows += await guardianships.of_children(tx, vault, sorted(set(ids) - set(grown)))
    grouped: dict[UUID, list[Guardianship]] = {child_id: [] for child_id in ids}
    for row in rows:
        if row.child_id is not None:
            grouped[row.child_id].append(row)
    involved = {row.guardian_id for rows in grouped.values() for row in rows}
    involved |= {child.person_id for child in children if child.person_id}
    persons = await people.by_ids(tx, vault, list(involved))
    contacts = await people.contacts_of_many(tx, vault, list(involved))
    return Families(grouped, persons, contacts, await store.settled(tx, ids))


def _regions(due: Sequence[Child], known: Families) -> dict[UUID, str]:
    """Of the accounts that do not know theirs yet."""
    found: dict[UUID, str] = {}
    for child in due:
        person = known.account_of(child)
        if person is not None and person.region is None and (region := region_in(child.card.address)):
            found[person.id] = region
    return found


def _planned(child: Child, known: Families, now: datetime) -> dict[Milestone, Outcome]:
    """The last of those that came is told, unless nobody needs it."""
    reached = come(child.id, child.card, known.settled.get(child.id, ()), now)
    if not reached:
        return {}
    last, person = reached[-1], known.account_of(child)
    needless = last is not Milestone.EIGHTEEN and person is not None and person.in_own_hands
    return dict.fromkeys(reached, Outcome.SUPERSEDED) | {last: Outcome.NEEDLESS if needless else Outcome.TOLD}


def _to_tell(
    planned: Mapping[Milestone, Outcome], child: Child, fresh: Collection[tuple[UUID, Milestone]]
) -> Milestone | None:
    """None when there is nothing, or another look has told it."""
    told = (one for one, outcome in planned.items() if outcome is Outcome.TOLD and (child.id, one) in fresh)
    return next(told, None)


def _majorities(told: Sequence[tuple[Child, Milestone]], known: Families) -> list[Guardianship]:
    """What ends, whatever state it waits in."""
    grown = [child for child, milestone in told if milestone is Milestone.EIGHTEEN]
    return [row for child in grown for row in known.guardianships[child.id] if row.state not in OVER]


def _messages(milestone: Milestone, child: Child, known: Families, now: datetime) -> list[Message]:
    """To the child; and before 18 to every adult with the right to notices, once each."""
    card, today, person = child.card, child.card.day_at(now), known.account_of(child)
    if milestone is Milestone.EIGHTEEN:
        own = birthday_letters.of_age(card, handed_over=person is not None and person.in_own_hands)
        return _written(_to(child.person_id, known, own))
    words = birthday_letters.to_adult(milestone, card, today, has_account=person is not None)
    rows = [row for row in known.guardianships[child.id] if row.may(Right.NOTICES, now)]
    adults = dict.fromkeys(row.guardian_id for row in rows)
    own = birthday_letters.to_child(milestone, card, today)
    return _written(*[_to(one, known, words) for one in adults], _to(child.person_id, known, own))


def _to(person_id: UUID | None, known: Families, words: tuple[str, str]) -> Message | None:
    person = known.persons.get(person_id) if person_id else None
    return letters.addressed(person, known.contacts.get(person.id, []), *words) if person else None


def _written(*found: Message | None) -> list[Message]:
    return [one for one in found if one is not None]
