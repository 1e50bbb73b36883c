"""A dispute is no dead end: the adults agree, a court speaks, or 90 days pass; meanwhile the child gets in."""

from datetime import date, timedelta

import pytest

from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import Content, Matter
from myschool.gosuslugi.centre.representation_actions import possible
from myschool.gosuslugi.family.actions import letting_in, look, suspending
from myschool.gosuslugi.family.model import Basis, Guardianship, GuardianshipState, NotNow, NotYours, SuspendReason
from myschool.gosuslugi.family.papers_model import Paper, SeenPaper
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.model import Whose
from myschool.kit import clock, journal
from myschool.kit.ids import new_id
from tests.gosuslugi.centre.conftest import CENTRE
from tests.gosuslugi.centre.desk import order_fields
from tests.gosuslugi.centre.test_children import opened
from tests.gosuslugi.family.browser import Browser
from tests.gosuslugi.family.conftest import HASH, Home
from tests.gosuslugi.family.test_life import both, locked, suspend

S = GuardianshipState


async def decided(home: Home, clerks: tuple[Person, Person], row: Guardianship, matter: Matter) -> None:
    """By two clerks of one centre."""
    seen = SeenPaper(Paper.REQUEST, "б/н", date(2026, 11, 20), "Заявление")
    first, second = (Clerk(one.id, CENTRE) for one in clerks)
    async with home.db.transaction() as tx:
        made = await proposals.propose(tx, home.vault, first, row, matter, Content([seen]), clock.now())
    async with home.db.transaction() as tx:
        await proposals.confirm(tx, home.vault, second, made.id, clock.now(), child_under=14)
    await home.work()


async def frozen(home: Home, olga: Person, dmitry: Person) -> tuple[Guardianship, Guardianship, Person]:
    mother, father, child = await both(home, olga, dmitry)
    await home.run(suspending.freeze_dispute, mother.child_id, actor="clerk:test")
    await home.work()
    return await home.look(mother), await home.look(father), child


async def test_adults_who_agree_are_all_back(
    home: Home, olga: Person, dmitry: Person, lyudmila: Person, vera: Person
) -> None:
    """One request that they signed together, at the desk of either."""
    mother, father, _ = await frozen(home, olga, dmitry)
    assert Matter.AGREED in possible(mother)
    await decided(home, (lyudmila, vera), mother, Matter.AGREED)
    assert [(await home.look(row)).state for row in (mother, father)] == [S.ACTIVE, S.ACTIVE]
    assert "Вы снова можете действовать за ребёнка" in home.post.subjects("dmitry@pochta.example")


async def test_an_agreement_of_the_adults_lifts_no_order(
    home: Home, olga: Person, dmitry: Person, lyudmila: Person, vera: Person
) -> None:
    """The father rests by a court, the mother by the quarrel: she is back, he is not."""
    mother, father, _ = await frozen(home, olga, dmitry)
    await suspend(home, father, SuspendReason.COURT)
    assert Matter.AGREED not in possible(await home.look(father))
    await decided(home, (lyudmila, vera), mother, Matter.AGREED)
    assert [(await home.look(row)).state for row in (mother, father)] == [S.ACTIVE, S.SUSPENDED]


async def test_whom_a_court_brings_back_no_later_dispute_freezes(
    home: Home, olga: Person, dmitry: Person, lyudmila: Person, vera: Person
) -> None:
    """The court's decision is the basis from now on; the other parent still rests."""
    mother, father, _ = await frozen(home, olga, dmitry)
    await decided(home, (lyudmila, vera), mother, Matter.COURT_RESTORES)
    back = await home.look(mother)
    assert (back.state, back.basis, (await home.look(father)).state) == (S.ACTIVE, Basis.COURT, S.SUSPENDED)
    assert await home.run(suspending.freeze_dispute, mother.child_id, actor="clerk:test") == []


async def test_a_clerk_lets_the_child_in_and_no_adult(
    home: Home, olga: Person, dmitry: Person, lyudmila: Person, vera: Person
) -> None:
    """The known password opens nothing; the code goes to the child's own mailbox, and the child sets a new password."""
    mother, _, child = await frozen(home, olga, dmitry)
    assert await locked(home, child)
    await decided(home, (lyudmila, vera), mother, Matter.LET_IN)
    async with home.db.transaction() as tx:
        assert (await secrets.locked(tx, child.id), await secrets.hash_of(tx, child.id)) == (
            False,
            secrets.OPENS_NOTHING,
        )
        to = await look.code_address(tx, home.vault, child)
        assert to is not None
        assert (to.to.formatted(), to.whose) == ("alyona@pochta.example", Whose.OWN)
        await secrets.change(
            tx, home.vault, child, HASH, actor=chain_of(child.id), recover_url="https://x.test", now=clock.now()
        )
        assert not await secrets.locked(tx, child.id)
        assert "password:reopened" in [one.tag for one in await journal.read(tx, chain_of(child.id))]


async def test_where_an_adult_has_the_keys_no_clerk_opens(home: Home, olga: Person, dmitry: Person) -> None:
    """The mother is in force: she sets the password. And of nobody nothing is opened."""
    _, father, child = await both(home, olga, dmitry)
    await suspend(home, father, SuspendReason.COURT)
    with pytest.raises(NotNow):
        await home.run(letting_in.let_in, father.id, actor="clerk:test")
    assert await locked(home, child)
    with pytest.raises(NotYours):
        await home.run(letting_in.let_in, new_id(), actor="clerk:test")


async def test_what_is_not_locked_is_not_opened_again(home: Home, olga: Person, dmitry: Person) -> None:
    """Pressed a second time: the password that the child has set meanwhile stays."""
    mother, _, child = await frozen(home, olga, dmitry)
    await home.run(letting_in.let_in, mother.id, actor="clerk:test")
    with pytest.raises(NotNow):
        await home.run(letting_in.let_in, mother.id, actor="clerk:test")
    assert not await locked(home, child)


async def test_the_desk_offers_the_ways_on(home: Home, olga: Person, dmitry: Person, desk: Browser) -> None:
    """By the page: agreed, the court, the child's door; and a suspended adult reads who decides, and until when."""
    mother, _, _ = await frozen(home, olga, dmitry)
    await opened(desk, mother.number)
    await desk.open(f"/centre/children/{mother.id}/change")
    for words in ("Взрослые договорились", "Вернуть права по решению суда", "Открыть вход ребёнку"):
        assert words in desk.text
    answer = await desk.press(f"/centre/children/{mother.id}/change", order_fields(matter=Matter.AGREED.value))
    assert answer.status_code == 200
    assert "Передано второму сотруднику" in desk.text
    await desk.sign_in(olga)
    await desk.open(f"/family/{mother.id}")
    assert "Договоритесь и вместе напишите" in desk.text
    assert "23 февраля" in desk.text


async def test_on_the_ninetieth_day_all_are_back(home: Home, olga: Person, dmitry: Person) -> None:
    """Without anybody's doing."""
    mother, father, _ = await frozen(home, olga, dmitry)
    await home.work(timedelta(days=91))
    assert [(await home.look(row)).state for row in (mother, father)] == [S.ACTIVE, S.ACTIVE]
