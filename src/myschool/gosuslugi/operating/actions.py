"""Operators: appointed, dismissed, recognised at the door; what they look at and what they do."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.family.actions import counting
from myschool.gosuslugi.operating import store
from myschool.gosuslugi.operating.model import NumbersDue, Operator
from myschool.gosuslugi.operating.numbers import Numbers, Queue, SecondLooks
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import agenda, clock, journal
from myschool.kit.agenda import Work
from myschool.kit.db import Tx
from myschool.kit.web.errors import Forbidden
from myschool.kit.web.visit import Visit

JOURNAL = "gosuslugi:operators"
FRESH_FOR = timedelta(minutes=1)


async def operator(visit: Visit) -> Operator:
    """The receipt that every page of an operator asks for: appointed, and still with a confirmed account.

    Nobody is signed in without a second factor in this house. Raises SignInRequired, Forbidden.
    """
    person = await citizen(visit)
    if not await is_operator(visit.tx, person):
        raise Forbidden("Этот раздел открыт только операторам.")
    return Operator(person.id)


async def is_operator(tx: Tx, person: Person) -> bool:
    return person.level is Level.CONFIRMED and await store.is_operator(tx, person.id)


async def appoint_once(tx: Tx, person_id: UUID, *, by: str, now: datetime) -> None:
    """Nothing when this person was ever appointed, also when dismissed since."""
    if await store.appoint(tx, person_id, now):
        await journal.write(tx, JOURNAL, "operator:appointed", actor=by, facts={"person": str(person_id)})
        await journal.write(tx, people.chain_of(person_id), "operator:appointed", actor=by)


async def dismiss(tx: Tx, person_id: UUID, *, by: str, now: datetime) -> None:
    """From this moment the operator's pages are closed to them."""
    if await store.dismiss(tx, person_id, now):
        await journal.write(tx, JOURNAL, "operator:dismissed", actor=by, facts={"person": str(person_id)})
        await journal.write(tx, people.chain_of(person_id), "operator:dismissed", actor=by)


async def numbers(tx: Tx, now: datetime) -> Numbers:
    """As last counted. Numbers that are no longer fresh are counted anew by the worker, for the next look.

    So a look costs one row whatever waits, and a house that nobody looks at counts nothing.
    """
    known = await store.kept(tx)
    if known is None:
        return await count(tx, now)
    if now - known.taken_at >= FRESH_FOR:
        minute = int(now.timestamp() // FRESH_FOR.total_seconds())
        await agenda.put(tx, NumbersDue(), key=f"operating:numbers:{minute}")
    return known


async def count(tx: Tx, now: datetime) -> Numbers:
    """Counts everything and keeps it."""
    counted = Numbers(
        now,
        await checks.count(tx, now),
        await counting.by_state(tx, now),
        tuple(
            Queue(one.kind, one.state.value, one.count, one.failing, one.oldest.total_seconds())
            for one in await agenda.counts(tx)
        ),
        tuple(SecondLooks(centre, *known) for centre, known in sorted((await centre.second_looks(tx, now)).items())),
    )
    await store.keep(tx, counted)
    return counted


async def numbers_due(work: Work[Any], _due: NumbersDue) -> None:
    """For the house's wiring."""
    await count(work.tx, clock.now())


async def ask_once_more(tx: Tx, operator: Operator, check_id: UUID, now: datetime) -> bool:
    """False when there is nothing to ask, or it was asked so a moment ago. Raises NoSuchCheck."""
    asked = await checks.ask_once_more(tx, check_id, now)
    if asked:
        facts = {"check": str(check_id)}
        await journal.write(tx, JOURNAL, "check:asked_once_more", actor=operator.actor, facts=facts)
    return asked
