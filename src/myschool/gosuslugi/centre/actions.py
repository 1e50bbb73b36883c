"""Clerks: appointed, dismissed, and recognised at the door."""

from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.centre import proposal_store, store
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.web.errors import HOME, Forbidden, Way
from myschool.kit.web.visit import Visit


async def clerk(visit: Visit) -> Clerk:
    """The receipt that every page of the centre asks for. Raises SignInRequired, Forbidden."""
    person = await citizen(visit)
    found = await store.find(visit.tx, person.id)
    if found is None:
        raise Forbidden(
            "Рабочее место открыто только сотрудникам центров обслуживания. Если вы сотрудник, попросите руководителя "
            "назначить вас; если вы пришли подтвердить личность, сотрудник сделает это при вас.",
            ways=(HOME, Way("/identity", "Как подтвердить личность")),
        )
    return found


async def is_clerk(tx: Tx, person: Person) -> bool:
    return await store.find(tx, person.id) is not None


async def appoint(tx: Tx, person_id: UUID, centre: str, *, actor: str, now: datetime) -> None:
    await store.put(tx, Clerk(person_id, centre), now)
    await journal.write(tx, people.chain_of(person_id), "clerk:appointed", actor=actor)


async def dismiss(tx: Tx, person_id: UUID, *, actor: str, now: datetime) -> None:
    """From this moment the pages of the centre are closed to them."""
    await store.dismiss(tx, person_id, now)
    await journal.write(tx, people.chain_of(person_id), "clerk:dismissed", actor=actor)


async def second_looks(tx: Tx, now: datetime) -> dict[str, tuple[int, int]]:
    """For the operator, by centre: how many wait for a second clerk, how many of them too long."""
    return await proposal_store.numbers(tx, now)


async def places(tx: Tx) -> list[str]:
    """Where clerks sit now, by name."""
    return await store.places(tx)
