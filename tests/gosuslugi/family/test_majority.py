"""Many come of age at once: each guardianship ends as it would have ended alone, and leaves nothing open."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from myschool.gosuslugi.family.actions import birthdays, delegating, drafts, ending, look
from myschool.gosuslugi.family.delegation_model import DelegationState
from myschool.gosuslugi.family.model import EndReason, Guardianship, GuardianshipState, Relation, Right
from myschool.gosuslugi.family.store import delegations
from myschool.gosuslugi.family.store.drafts import child_draft
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import agenda, clock, journal
from tests.gosuslugi.family.conftest import Home, a_card
from tests.gosuslugi.family.test_birthdays import look_round
from tests.gosuslugi.family.test_life import both, locked, sign_in, signed_in

OTHER = {"snils_digits": "00000060102", "number": "600102", "given_name": "Фёдор"}


async def traces(home: Home, row: Guardianship, chains: list[str]) -> dict[str, Any]:
    """What the end of a guardianship leaves behind, without ids and times."""
    async with home.db.transaction() as tx:
        steps = [(step.state, step.reason) for step in await look.history(tx, row.id)]
        lines = [[(one.tag, sorted(one.facts)) for one in await journal.read(tx, one)] for one in chains]
        assert await journal.verify(tx) == []
    over = await home.look(row)
    shown = (over.state, over.end_reason, over.due_at, over.second_look_until, over.rights, over.since == clock.now())
    return {"row": shown, "steps": steps, "journals": lines}


async def test_ended_with_many_is_ended_as_alone(home: Home, olga: Person, dmitry: Person) -> None:
    """The row, its history and the journals of both are the same, but for who lives in which family."""
    alone = await home.confirmed(olga)
    home.clock.at = alone.card.grown_up_at + timedelta(hours=1)
    await home.run(ending.end, alone.id, EndReason.MAJORITY, actor="system")
    expected = await traces(home, alone, [chain_of(olga.id)])
    home.clock.at -= timedelta(days=2000)
    many = await home.confirmed(dmitry, a_card(Relation.FATHER, **OTHER))
    home.clock.at += timedelta(days=2000)
    assert (await look_round(home)).ended == 1
    assert await traces(home, many, [chain_of(dmitry.id)]) == expected
    assert home.post.subjects("dmitry@pochta.example").count("Вы больше не представляете ребёнка") == 1


async def test_nothing_stays_open_when_a_child_comes_of_age(
    home: Home, olga: Person, dmitry: Person, tamara: Person
) -> None:
    """Both parents, an invitation, a correction being typed, the sessions of the child; the password stays."""
    mother, father, child = await both(home, olga, dmitry)
    waiting = await home.submit(tamara, a_card(Relation.GUARDIAN))
    home.clock.at = mother.card.grown_up_at - timedelta(days=10)
    ends = clock.now() + timedelta(days=60)
    await home.run(delegating.invite, mother.id, olga, tamara.snils, frozenset({Right.SEE}), ends)
    await home.run(drafts.correct, tamara.id, waiting.id, {})
    home.clock.at = mother.card.grown_up_at + timedelta(hours=1)
    await sign_in(home, child)
    assert (await home.run(birthdays.look)).ended == 2
    assert await signed_in(home, child) == 0, "an adult may have signed in with the child's password"
    assert not await locked(home, child)
    async with home.db.transaction() as tx:
        (lent,) = await delegations.of_guardianship(tx, home.vault, mother.id)
        told = (await tx.execute(select(agenda.agenda_item.c.payload))).scalars().all()
        typed = select(func.count()).where(child_draft.c.guardianship_id == waiting.id, child_draft.c.sent_as.is_(None))
        open_drafts = await tx.scalar(typed)
    assert lent.state is DelegationState.WITHDRAWN
    assert sum("guardianship_ended" in one for one in told) == 2
    assert open_drafts == 1, "a claim that was never settled hangs on no child and waits for its own term"
    for row in (mother, father):
        assert (await home.look(row)).state is GuardianshipState.ENDED
