"""«Изменить представительство»: what each deed closes at once, for whom, and who is told; always by two clerks."""

from datetime import date, timedelta

import pytest

from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import Content, Matter, OwnFamily, Proposal, SameClerk
from myschool.gosuslugi.centre.representation_actions import possible
from myschool.gosuslugi.family.actions import look, papers, protecting, suspending
from myschool.gosuslugi.family.model import (
    EndReason,
    Guardianship,
    GuardianshipState,
    NotNow,
    Relation,
    Right,
    SuspendReason,
)
from myschool.gosuslugi.family.papers_model import Paper, SeenPaper
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import secrets
from myschool.kit import clock, journal
from tests.gosuslugi.centre.conftest import CENTRE
from tests.gosuslugi.centre.desk import order_fields
from tests.gosuslugi.centre.test_children import opened
from tests.gosuslugi.family.browser import Browser
from tests.gosuslugi.family.conftest import Home, a_card

_S = GuardianshipState
ENDED, ACTIVE, SUSPENDED = _S.ENDED, _S.ACTIVE, _S.SUSPENDED


@pytest.fixture
async def family(home: Home, olga: Person, dmitry: Person) -> tuple[Guardianship, Guardianship]:
    """Mother and father of Алёна, who has an account attached to both."""
    mothers = await home.confirmed(olga)
    await home.open_account(mothers, "alyona@pochta.example")
    fathers = await home.confirmed(dmitry, a_card(Relation.FATHER))
    await home.finish(fathers)
    await home.work()
    return await home.look(mothers), await home.look(fathers)


async def propose(home: Home, clerk: Person, row: Guardianship, matter: Matter, until: date | None = None) -> Proposal:
    content = Content([SeenPaper(Paper.COURT_DECISION, "2-15/2026", date(2026, 11, 20), "Суд")], "", until)
    at_desk = Clerk(clerk.id, CENTRE)
    return await home.db.run(lambda tx: proposals.propose(tx, home.vault, at_desk, row, matter, content, clock.now()))


async def carried_out(
    home: Home, clerks: tuple[Person, Person], row: Guardianship, matter: Matter, until: date | None = None
) -> None:
    """By two clerks; letters are delivered."""
    made = await propose(home, clerks[0], row, matter, until)
    at_desk = Clerk(clerks[1].id, CENTRE)
    await home.db.run(lambda tx: proposals.confirm(tx, home.vault, at_desk, made.id, clock.now(), child_under=14))
    await home.work()


@pytest.fixture
def clerks(lyudmila: Person, vera: Person) -> tuple[Person, Person]:
    return lyudmila, vera


async def states(home: Home, *rows: Guardianship) -> list[GuardianshipState]:
    return [(await home.look(row)).state for row in rows]


async def child_id(home: Home, row: Guardianship) -> Person:
    async with home.db.transaction() as tx:
        entry = await look.entry(tx, home.vault, row.id, row.guardian_id)
        assert entry.child is not None
        assert entry.child.person_id is not None
        return await people.by_id(tx, home.vault, entry.child.person_id)


async def password_locked(home: Home, child: Person) -> bool:
    return await home.db.run(lambda tx: secrets.locked(tx, child.id))


Pair = tuple[Guardianship, Guardianship]
Clerks = tuple[Person, Person]


async def test_nothing_changes_until_the_second_clerk(home: Home, family: Pair, clerks: Clerks) -> None:
    """A proposal is no decision, whatever it is about."""
    await propose(home, clerks[0], family[1], Matter.COURT_ENDS)
    assert await states(home, *family) == [ACTIVE, ACTIVE]


async def test_a_court_suspends_one_and_leaves_the_other(home: Home, family: Pair, clerks: Clerks) -> None:
    """At once, to the day the court named; who held the keys leaves no open door; the mother sets a new password."""
    mothers, fathers = family
    child = await child_id(home, mothers)
    await carried_out(home, clerks, fathers, Matter.COURT_SUSPENDS, date(2026, 12, 20))
    assert await states(home, mothers, fathers) == [ACTIVE, SUSPENDED]
    found = await home.look(fathers)
    assert found.suspended_for is SuspendReason.COURT
    assert found.suspended_until is not None
    assert found.suspended_until.astimezone().date() >= date(2026, 12, 20)
    assert await password_locked(home, child)
    assert "Вы пока не можете действовать за ребёнка" in home.post.subjects("dmitry@pochta.example")
    assert "Задайте ребёнку новый пароль" in home.post.subjects("olga@pochta.example")
    assert "Вы пока не можете действовать за ребёнка" not in home.post.subjects("olga@pochta.example")
    async with home.db.transaction() as tx:
        assert not await look.may(tx, home.vault, fathers.guardian_id, child.id, Right.SEE, clock.now())
        seen = await papers.evidence_of(tx, home.vault, fathers.id)
    assert [(one.number, one.issued_by) for one in seen] == [("2-15/2026", "Суд")]


async def test_a_court_restores(home: Home, family: Pair, clerks: Clerks) -> None:
    """In force again, with a letter."""
    await carried_out(home, clerks, family[1], Matter.COURT_SUSPENDS)
    await carried_out(home, clerks, await home.look(family[1]), Matter.COURT_RESTORES)
    assert await states(home, *family) == [ACTIVE, ACTIVE]
    assert "Вы снова можете действовать за ребёнка" in home.post.subjects("dmitry@pochta.example")


async def test_a_court_ends_one_and_leaves_the_other(home: Home, family: Pair, clerks: Clerks) -> None:
    """The other parent hears of no court, only that a new password is needed."""
    child = await child_id(home, family[0])
    await carried_out(home, clerks, family[1], Matter.COURT_ENDS)
    assert await states(home, *family) == [ACTIVE, ENDED]
    assert (await home.look(family[1])).end_reason is EndReason.COURT
    assert await password_locked(home, child)
    assert "Вы больше не представляете ребёнка" in home.post.subjects("dmitry@pochta.example")
    assert "Вы больше не представляете ребёнка" not in home.post.subjects("olga@pochta.example")


async def test_a_revoked_order_ends_a_guardian(home: Home, clerks: Clerks, tamara: Person, lyudmila: Person) -> None:
    """Only of who rests on an order; a parent's is none."""
    row = await home.decide(await home.confirmed(tamara, a_card(Relation.GUARDIAN)), lyudmila)
    assert Matter.ORDER_REVOKED in possible(row)
    await carried_out(home, clerks, row, Matter.ORDER_REVOKED)
    assert (await home.look(row)).end_reason is EndReason.REVOKED
    assert "Вы больше не представляете ребёнка" in home.post.subjects("tamara@pochta.example")


async def test_a_parent_has_no_order_to_revoke(home: Home, family: Pair, clerks: Clerks) -> None:
    """The form does not offer it, and the deed refuses it."""
    assert Matter.ORDER_REVOKED not in possible(family[0])
    made = await propose(home, clerks[0], family[0], Matter.ORDER_REVOKED)
    at_desk = Clerk(clerks[1].id, CENTRE)
    with pytest.raises(NotNow):
        await home.db.run(lambda tx: proposals.confirm(tx, home.vault, at_desk, made.id, clock.now(), child_under=14))
    assert (await home.look(family[0])).state is ACTIVE


async def test_the_dead_represent_none_of_their_children(
    home: Home, family: Pair, clerks: Clerks, dmitry: Person, olga: Person
) -> None:
    """Every card goes: in force, at rest, waiting for a register, refused by it, and what was lent; nobody writes to
    the dead, and the mother's stays."""
    second = a_card(Relation.FATHER, snils_digits="00000060102", number="600102", given_name="Иван")
    resting = await home.confirmed(dmitry, second)
    await carried_out(home, clerks, resting, Matter.COURT_SUSPENDS)
    third = a_card(Relation.FATHER, snils_digits="00000060103", number="600103", given_name="Пётр")
    asked = await home.submit(dmitry, third)
    fourth = a_card(Relation.FATHER, snils_digits="00000060105", number="600105", given_name="Анна")
    unknown = await home.answer(await home.submit(dmitry, fourth), no_record=True)
    before = len(home.post.subjects("dmitry@pochta.example"))
    await carried_out(home, clerks, family[1], Matter.GUARDIAN_DIED)
    assert await states(home, family[1], resting, asked, unknown) == [ENDED] * 4
    assert (await home.look(family[0])).state is ACTIVE
    assert all([(await home.look(one)).end_reason is EndReason.DEATH for one in (family[1], resting, asked, unknown)])
    assert len(home.post.subjects("dmitry@pochta.example")) == before
    assert not [one for one in await home.run_family(dmitry) if one.guardianship.state is not _S.REFUSED]


async def test_nobody_represents_a_dead_child_and_nobody_signs_in_as_one(
    home: Home, family: Pair, clerks: Clerks
) -> None:
    """No letter goes out: people know."""
    child = await child_id(home, family[0])
    before = len(home.post.letters)
    await carried_out(home, clerks, family[0], Matter.CHILD_DIED)
    assert await states(home, *family) == [ENDED, ENDED]
    assert await password_locked(home, child)
    assert len(home.post.letters) == before


async def test_an_adoption_supersedes_the_former_parents(
    home: Home, family: Pair, clerks: Clerks, tamara: Person
) -> None:
    """The adopter's stays; nobody learns of whom."""
    row = await home.confirmed(tamara, a_card(Relation.ADOPTER))
    assert Matter.ADOPTED in possible(row)
    assert Matter.ADOPTED not in possible(family[0])
    await carried_out(home, clerks, row, Matter.ADOPTED)
    assert await states(home, row, *family) == [ACTIVE, ENDED, ENDED]
    assert (await home.look(family[0])).end_reason is EndReason.SUPERSEDED
    told = [one.text for one in home.post.letters if one.to == "olga@pochta.example"]
    assert not [one for one in told if "Тамара" in one or "Кузнецова" in one or "tamara" in one]


async def test_a_dispute_freezes_both(home: Home, family: Pair, clerks: Clerks) -> None:
    """Until a court decides, or ninety days."""
    await carried_out(home, clerks, family[0], Matter.DISPUTE)
    assert await states(home, *family) == [SUSPENDED, SUSPENDED]
    assert (await home.look(family[1])).suspended_for is SuspendReason.DISPUTE
    for mailbox in ("olga@pochta.example", "dmitry@pochta.example"):
        assert "Вы пока не можете действовать за ребёнка" in home.post.subjects(mailbox)
    await home.work(timedelta(days=91))
    assert await states(home, *family) == [ACTIVE, ACTIVE]


async def test_a_protected_family_is_hidden_and_the_other_only_asked_to_come(
    home: Home, family: Pair, clerks: Clerks
) -> None:
    """The father reads nothing of a protection; the mother's stays in force. Lifted, he is restored by his own card."""
    await carried_out(home, clerks, family[0], Matter.PROTECT)
    mothers, fathers = [await home.look(one) for one in family]
    assert mothers.state is ACTIVE
    assert mothers.protected_at is not None
    assert (fathers.state, fathers.suspended_for) == (SUSPENDED, SuspendReason.PROTECTION)
    assert home.post.subjects("dmitry@pochta.example")[-1] == "Нужно прийти в центр обслуживания"
    assert Matter.PROTECT not in possible(mothers)
    assert Matter.PROTECT not in possible(fathers), "who is at rest hides nobody"
    await carried_out(home, clerks, mothers, Matter.UNPROTECT)
    assert (await home.look(family[0])).protected_at is None
    assert (await home.look(family[1])).state is SUSPENDED
    await carried_out(home, clerks, await home.look(family[1]), Matter.COURT_RESTORES)
    assert (await home.look(family[1])).state is ACTIVE


async def test_who_is_not_hidden_has_no_protection_to_lift(home: Home, family: Pair, clerks: Clerks) -> None:
    """Neither offered nor carried out."""
    await home.run(protecting.protect, family[0].id, actor="system")
    assert Matter.UNPROTECT not in possible(family[1])
    made = await propose(home, clerks[0], await home.look(family[1]), Matter.UNPROTECT)
    at_desk = Clerk(clerks[1].id, CENTRE)
    with pytest.raises(NotNow):
        await home.db.run(lambda tx: proposals.confirm(tx, home.vault, at_desk, made.id, clock.now(), child_under=14))
    assert (await home.look(family[0])).protected_at is not None


async def test_no_relative_proposes_or_confirms(home: Home, family: Pair, clerks: Clerks, olga: Person) -> None:
    """The other parent of the same child is family, whichever side of the desk."""
    with pytest.raises(OwnFamily):
        await propose(home, olga, family[1], Matter.COURT_ENDS)
    made = await propose(home, clerks[0], family[1], Matter.COURT_ENDS)
    at_desk = Clerk(olga.id, CENTRE)
    with pytest.raises(OwnFamily):
        await home.db.run(lambda tx: proposals.confirm(tx, home.vault, at_desk, made.id, clock.now(), child_under=14))
    assert (await home.look(family[1])).state is ACTIVE


async def test_the_form_proposes_and_the_second_page_confirms(
    home: Home, family: Pair, desk: Browser, next_desk: Browser
) -> None:
    """By pages: what is missing is said, others are shown without a name, the family's page tells how it stands."""
    address = await opened(desk, family[1].number)
    await desk.open(f"{address}/change")
    assert "мать" in desk.text
    assert "Смирнова Ольга" not in desk.text
    assert "olga@" not in desk.text
    assert (await desk.press(f"{address}/change", {"matter": "court_ends"})).status_code == 422
    await desk.press(f"{address}/change", {"matter": "court_ends"} | order_fields())
    assert "Ждёт второго сотрудника" in desk.text
    assert (await desk.open(f"{address}/change")).status_code == 409, "one at a time"
    async with home.db.transaction() as tx:
        made = await proposals.waiting_for(tx, home.vault, family[1].id)
    assert made is not None
    await next_desk.open(f"/centre/waiting/{made.id}")
    assert "Прекратить права по решению суда" in next_desk.text
    assert "мать" in next_desk.text
    await next_desk.press(f"/centre/waiting/{made.id}", {"looked": "1"})
    assert "Решение принято" in next_desk.text
    assert (await home.look(family[1])).state is ENDED


async def test_a_clerk_who_comes_second_reads_who_decided(
    home: Home, family: Pair, desk: Browser, next_desk: Browser, clerks: Clerks
) -> None:
    """The form that was open meanwhile is not written; the page says by whom and when it was decided."""
    made = await propose(home, clerks[0], family[1], Matter.COURT_ENDS)
    address = f"/centre/waiting/{made.id}"
    await next_desk.open(address)
    await next_desk.press(address, {"looked": "1"})
    await next_desk.open("/centre")
    await next_desk.press(f"{address}/return", {"comment": "Поздно"})
    assert "Это уже решено" in next_desk.text
    assert "Ильина В. О., сегодня в 10:00" in next_desk.text.replace("\xa0", " ")
    assert (await home.look(family[1])).state is ENDED


async def test_a_lapsed_proposal_is_confirmed_by_nobody(
    home: Home, family: Pair, next_desk: Browser, clerks: Clerks
) -> None:
    """After five working days the button does nothing, and the page says so."""
    made = await propose(home, clerks[0], family[1], Matter.COURT_ENDS)
    await home.work(timedelta(days=9))
    await next_desk.sign_in(clerks[1])
    await next_desk.open(f"/centre/waiting/{made.id}")
    assert "никто не посмотрел в срок" in next_desk.text
    await next_desk.open("/centre")
    await next_desk.press(f"/centre/waiting/{made.id}", {"looked": "1"})
    assert await states(home, *family) == [ACTIVE, ACTIVE]


async def test_everybody_whom_the_page_shows_reads_that_it_was_opened(
    home: Home, family: Pair, desk: Browser, olga: Person, dmitry: Person
) -> None:
    """The applicant with number and centre; the other parent and the child without: neither tells where one lives."""

    async def openings(of: Person) -> list[dict[str, object]]:
        async with home.db.transaction() as tx:
            found = await journal.read(tx, people.chain_of(of.id))
        return [dict(one.facts) for one in found if one.tag == "application:opened_by_clerk"]

    child = await child_id(home, family[0])
    address = await opened(desk, family[1].number)
    assert (len(await openings(dmitry)), len(await openings(child)), await openings(olga)) == (1, 1, [])
    await desk.open(f"{address}/change")
    assert await openings(olga) == [{}]
    assert await openings(child) == [{}, {}]
    assert (await openings(dmitry))[0] == {"centre": CENTRE, "number": family[1].number}


async def test_who_is_at_rest_may_be_restored_only_by_two(home: Home, family: Pair, clerks: Clerks) -> None:
    """The first clerk again is no second."""
    await home.run(suspending.suspend, family[1].id, SuspendReason.COURT, actor="system")
    made = await propose(home, clerks[0], await home.look(family[1]), Matter.COURT_RESTORES)
    at_desk = Clerk(clerks[0].id, CENTRE)
    with pytest.raises(SameClerk):
        await home.db.run(lambda tx: proposals.confirm(tx, home.vault, at_desk, made.id, clock.now(), child_under=14))
    assert (await home.look(family[1])).state is SUSPENDED
