"""Work that failed too often."""

from uuid import UUID

from sqlalchemy import func, select, update

from myschool.kit import agenda, clock
from myschool.kit.agenda import agenda_item
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import LetterDue
from tests.gosuslugi.family.conftest import Home

MESSAGE = "не доставлено для olga@pochta.example"


async def dead_letter(home: Home) -> UUID:
    """A letter that no post office took."""

    async def make(tx: Tx) -> UUID:
        before = set((await tx.execute(select(agenda_item.c.id))).scalars())
        await agenda.put(tx, LetterDue(letter_id=new_id()))
        made: UUID = (await tx.execute(select(agenda_item.c.id).where(agenda_item.c.id.not_in(before)))).scalar_one()
        dead = {"state": "dead", "attempts": 12, "error": "SmtpRefused", "trace": "4F7D-29GN", "failed_at": clock.now()}
        await tx.execute(update(agenda_item).where(agenda_item.c.id == made).values(dead))
        return made

    return await home.db.run(make)


async def dead_now(home: Home) -> list[UUID]:
    return [item.id for item in await home.db.run(agenda.dead)]


async def waiting_letters(home: Home) -> int:
    c = agenda_item.c
    query = select(func.count()).where(c.kind == "kit.letter", c.state == "waiting")
    async with home.db.transaction() as tx:
        found: int = (await tx.execute(query)).scalar_one()
    return found
