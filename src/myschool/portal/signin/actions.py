"""Who is signed in, and what a sign-in leaves behind."""

from datetime import datetime
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.kit.web.errors import SignInRequired
from myschool.kit.web.visit import Visit
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person, UnknownPerson
from myschool.portal.signin import awaiting
from myschool.portal.signin.model import PersonSignedIn, Told


async def person(visit: Visit) -> Person:
    """The one who is signed in and may act: what every page asks for that is not open to a provisional account.

    Raises SignInRequired; a page that says what is awaited to a child whom nobody has confirmed yet.
    """
    came = await visitor(visit)
    if not came.may_act:
        raise awaiting.closed(visit)
    return came


async def visitor(visit: Visit) -> Person:
    """Whoever is signed in, to look only. Raises SignInRequired."""
    try:
        return await people.person(visit.tx, visit.house.vault, visit.person_id)
    except UnknownPerson:
        raise SignInRequired from None


def awaits_until(visit: Visit) -> str:
    """The last day of the provisional account in words; empty for everybody else, and where it is not told."""
    return awaiting.until(visit)


async def take_in(tx: Tx, vault: Vault, told: Told, now: datetime) -> Person:
    """Makes the person or brings him up to date, keeps his children as told, and says upwards that he came."""
    came = await people.upsert_from_esia(tx, vault, told.person, now)
    await people.take_children(tx, vault, came.id, told.children, now)
    await agenda.put(tx, PersonSignedIn(person_id=came.id))
    await _note(tx, came.id, "sign_in:done")
    return came


async def left(tx: Tx, person_id: UUID) -> None:
    await _note(tx, person_id, "sign_out:done")


async def _note(tx: Tx, person_id: UUID, tag: str) -> None:
    chain = f"person:{person_id}"
    await journal.write(tx, chain, tag, actor=chain)
