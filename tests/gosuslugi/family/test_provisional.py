"""«Временная учётная запись»: what there is while the register decides, and what it never is."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from myschool.gosuslugi.family.actions import account, attaching, look, moving, provisional, suspending
from myschool.gosuslugi.family.model import (
    EmailTaken,
    Guardianship,
    GuardianshipState,
    NotNow,
    NotYours,
    Relation,
    SuspendReason,
    TooOld,
)
from myschool.gosuslugi.grants import guardians
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactsFixed, Level, NoSuchPerson, Particulars, Person, Sex
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.model import Whose
from myschool.kit import clock, journal
from myschool.kit.web import sessions
from myschool.kit.web.sessions import Session
from myschool.papers.matching import How
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Phone, Snils
from tests.gosuslugi.family.conftest import HASH, Home, a_card

ALYONA = "alyona@deti.example"
OTHER = "alyona-2@deti.example"
DAY = timedelta(days=1)


async def person_of(home: Home, person_id: Any) -> Person:
    return await home.db.run(lambda tx: people.by_id(tx, home.vault, person_id))


async def closed(home: Home, person_id: Any) -> bool:
    return await home.db.run(lambda tx: people.was_closed(tx, person_id))


async def living(home: Home, row: Guardianship) -> Any:
    return await home.db.run(lambda tx: provisional.living_of(tx, row.id, clock.now()))


async def with_login(home: Home, mailbox: str) -> Person | None:
    return await home.db.run(lambda tx: people.find_by_login(tx, home.vault, mailbox))


@pytest.mark.parametrize("state", ["checking", "mismatch", "review"])
async def test_it_may_be_opened_as_soon_as_a_card_is_sent(home: Home, olga: Person, state: str) -> None:
    """Whatever the register says, as long as nobody has decided."""
    row = await home.submit(olga, a_card(Relation.GUARDIAN if state == "review" else Relation.MOTHER))
    if state != "checking":
        row = await home.answer(row, **({"birth_date": How.DIFFERS} if state == "mismatch" else {}))
    assert row.state.value == state
    made = await home.open_provisional(row, ALYONA)
    child = await person_of(home, made.person_id)
    assert (child.level, child.name.given_name, child.snils) == (Level.PROVISIONAL, "Алёна", None)
    assert await home.db.run(lambda tx: people.documents_of(tx, home.vault, child.id)) == []
    assert "Временная учётная запись ребёнка открыта" in home.post.subjects("olga@pochta.example")


async def test_before_a_card_is_sent_and_after_the_decision_there_is_none(home: Home, olga: Person) -> None:
    """In force there is the real dialog; closed there is nothing."""
    row = await home.confirmed(olga)
    with pytest.raises(NotNow):
        await home.run(provisional.may_open, row.id, olga.id)
    await home.run(attaching.not_my_child, row.id, olga.id)
    with pytest.raises(NotNow):
        await home.run(provisional.may_open, row.id, olga.id)


async def test_only_who_sent_the_card_opens_it(home: Home, olga: Person, dmitry: Person) -> None:
    """Another's card is not there."""
    row = await home.submit(olga, a_card())
    with pytest.raises(NotYours):
        await home.run(provisional.may_open, row.id, dmitry.id)


async def test_a_child_of_fourteen_needs_none(home: Home, olga: Person) -> None:
    """From 14 on a person has an account of their own."""
    row = await home.submit(olga, a_card(birth_date=date(2012, 11, 26), issued_on=date(2012, 12, 1)))
    home.clock.advance(DAY)
    with pytest.raises(TooOld):
        await home.run(provisional.may_open, row.id, olga.id)


async def test_without_the_code_of_the_mailbox_there_is_none(home: Home, olga: Person) -> None:
    """The e-mail was typed, the code was not."""
    row = await home.submit(olga, a_card())
    await home.db.run(lambda tx: account.ask_email(tx, home.vault, row, Email(ALYONA), clock.now()))
    with pytest.raises(NotNow):
        await home.db.run(lambda tx: provisional.create(tx, home.vault, row, HASH, clock.now()))
    assert await with_login(home, ALYONA) is None


async def test_an_e_mail_of_somebody_else_is_refused(home: Home, olga: Person, dmitry: Person) -> None:
    """Taken in between: the last button says so, and nothing is written."""
    row = await home.submit(olga, a_card())
    with pytest.raises(EmailTaken):
        await home.open_provisional(row, "dmitry@pochta.example")
    assert await living(home, row) is None


async def test_two_presses_open_one(home: Home, olga: Person) -> None:
    """At once, in two tabs."""
    row = await home.submit(olga, a_card())
    await home.db.run(lambda tx: account.note_confirmed_email(tx, home.vault, row, Email(ALYONA), clock.now()))

    async def press(tx: Any) -> Any:
        opened = await provisional.may_open(tx, home.vault, row.id, olga.id, clock.now())
        return await provisional.create(tx, home.vault, opened, HASH, clock.now())

    (first, fresh), (second, again) = await asyncio.gather(home.db.run(press), home.db.run(press))
    assert first.person_id == second.person_id
    assert {fresh, again} == {True, False}


# -- it is no account --------------------------------------------------------------------------------------------------


async def test_it_reserves_no_number_and_is_nobodys_child(home: Home, olga: Person, dmitry: Person) -> None:
    """The СНИЛС stays free, no child is told to other systems, and the other parent's way is as before."""
    row = await home.submit(olga, a_card())
    made = await home.open_provisional(row, ALYONA)
    assert await home.db.run(lambda tx: people.by_snils(tx, home.vault, Snils("00000060101"))) is None
    assert await home.run(look.kids_of, olga.id) == []
    assert await home.run(look.guardians_of, made.person_id) == []
    his = await home.confirmed(dmitry, a_card(Relation.FATHER))
    assert (await home.open_account(his, OTHER)).fresh
    assert (await person_of(home, made.person_id)).level is Level.PROVISIONAL


async def test_it_takes_no_further_contact(home: Home, olga: Person) -> None:
    """One e-mail is what the child's dialog allows; a telephone of a stranger is not held by it."""
    made = await home.open_provisional(await home.submit(olga, a_card()), ALYONA)
    for value in (Email("victim@pochta.example"), Phone("9000000099")):
        with pytest.raises(ContactsFixed):
            await home.db.run(lambda tx, v=value: people.ask_contact(tx, home.vault, made.person_id, v))


async def test_its_code_goes_to_the_parent_and_nowhere_else(home: Home, olga: Person) -> None:
    """Never to the child's mailbox, not even when it is closed."""
    row = await home.submit(olga, a_card())
    child = await person_of(home, (await home.open_provisional(row, ALYONA)).person_id)
    address = await home.db.run(lambda tx: look.code_address(tx, home.vault, child))
    assert (address.to, address.whose) == (Email("olga@pochta.example"), Whose.PARENT)
    await home.run(attaching.not_my_child, row.id, olga.id)
    assert await home.db.run(lambda tx: look.code_address(tx, home.vault, child)) is None


async def test_who_opened_it_permits_for_it_and_nobody_else(home: Home, olga: Person, dmitry: Person) -> None:
    """«Предоставление прав доступа» is answered by that adult's code, while it lives."""
    row = await home.submit(olga, a_card())
    made = await home.open_provisional(row, ALYONA)
    assert [one.person_id for one in await home.run(guardians.of_child, made.person_id)] == [olga.id]
    assert await home.run(guardians.is_guardian, olga.id, made.person_id)
    assert not await home.run(guardians.is_guardian, dmitry.id, made.person_id)
    await home.run(attaching.not_my_child, row.id, olga.id)
    assert not await home.run(guardians.is_guardian, olga.id, made.person_id)
    assert await home.run(guardians.of_child, made.person_id) == []


# -- it becomes the real one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["registry", "clerk"])
async def test_confirmed_it_becomes_the_childs_account_in_place(
    home: Home, olga: Person, lyudmila: Person, by: str
) -> None:
    """The same person, oid, e-mail and password; level, СНИЛС and certificate set; attached; one letter; no dialog."""
    row = await home.submit(olga, a_card())
    made = await home.open_provisional(row, ALYONA)
    before = await person_of(home, made.person_id)
    row = await (home.answer(row) if by == "registry" else home.decide(row, lyudmila))
    child = await person_of(home, made.person_id)
    assert (child.oid, child.level, child.snils) == (before.oid, Level.CHILD, Snils("00000060101"))
    found = await with_login(home, ALYONA)
    assert found is not None
    assert found.id == child.id
    assert await home.db.run(lambda tx: secrets.hash_of(tx, child.id)) == HASH
    (paper,) = await home.db.run(lambda tx: people.documents_of(tx, home.vault, child.id))
    assert (paper.series, paper.number, paper.verified_at) == ("III-ПЕ", "600101", clock.now())
    assert row.attached_at is not None
    (entry,) = await home.run_family(olga)
    assert (entry.has_account, entry.provisional) == (True, None)
    assert home.post.subjects("olga@pochta.example")[-1] == "Учётная запись ребёнка стала постоянной"
    assert "Свидетельство подтверждено" not in home.post.subjects("olga@pochta.example")
    with pytest.raises(NotNow):
        await home.run(provisional.may_open, row.id, olga.id)


async def test_a_session_of_the_child_goes_on(home: Home, olga: Person) -> None:
    """Becoming real ends nothing; closing ends everything."""
    row = await home.submit(olga, a_card())
    made = await home.open_provisional(row, ALYONA)
    session = await signed_in(home, made.person_id)
    await home.answer(row)
    assert await session_stands(home, session)


async def test_the_card_corrected_the_account_bears_what_it_says_now(home: Home, olga: Person) -> None:
    """And what the register confirmed stands in it afterwards."""
    row = await home.submit(olga, a_card(given_name="Алена"))
    made = await home.open_provisional(row, ALYONA)
    row = await home.answer(row, birth_date=How.DIFFERS)
    row = await home.correct(olga, row, a_card(birth_date=date(2017, 5, 15)))
    child = await person_of(home, made.person_id)
    assert (child.level, child.name.given_name, child.birth_date) == (Level.PROVISIONAL, "Алёна", date(2017, 5, 15))
    await home.answer(row)
    assert (await person_of(home, made.person_id)).level is Level.CHILD


async def test_two_parents_with_one_each_end_with_one_account(home: Home, olga: Person, dmitry: Person) -> None:
    """Whose check comes first, whose account it is; the other's gives way and «Привязать» is offered."""
    hers, his = await home.submit(olga, a_card()), await home.submit(dmitry, a_card(Relation.FATHER))
    first = await home.open_provisional(hers, ALYONA)
    second = await home.open_provisional(his, OTHER)
    await home.answer(his)
    await home.answer(hers)
    assert (await person_of(home, second.person_id)).level is Level.CHILD
    assert await closed(home, first.person_id)
    assert await with_login(home, ALYONA) is None, "the e-mail is free again"
    assert "Временная учётная запись закрыта" in home.post.subjects("olga@pochta.example")
    (entry,) = await home.run_family(olga)
    assert (entry.has_account, entry.guardianship.attached_at, entry.provisional) == (True, None, None)


async def test_both_checks_at_once_make_one_account(home: Home, olga: Person, dmitry: Person) -> None:
    """The children's row is the lock."""
    rows = [await home.submit(olga, a_card()), await home.submit(dmitry, a_card(Relation.FATHER))]
    made = [await home.open_provisional(row, mail) for row, mail in zip(rows, (ALYONA, OTHER), strict=True)]
    await asyncio.gather(*(home.answer(row) for row in rows))
    await home.work()
    (real,) = [one for one in made if not await closed(home, one.person_id)]
    assert (await person_of(home, real.person_id)).level is Level.CHILD


async def test_a_snils_that_got_an_owner_meanwhile_keeps_it_provisional(
    home: Home, olga: Person, tamara: Person
) -> None:
    """A clerk must look; nothing is half-written."""
    row = await home.submit(olga, a_card())
    made = await home.open_provisional(row, ALYONA)
    said = Particulars(date(1961, 6, 25), Sex.FEMALE, Snils("00000060101"))
    name = FullName("Кузнецова", "Тамара", "Ивановна")
    await home.db.run(lambda tx: people.prove(tx, home.vault, tamara.id, name, said, [], clock.now()))
    row = await home.answer(row)
    assert row.state is GuardianshipState.REVIEW
    assert (await person_of(home, made.person_id)).level is Level.PROVISIONAL


# -- it ends -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["refused", "not_mine", "expired"])
async def test_it_ends_and_opens_nothing_any_more(home: Home, olga: Person, lyudmila: Person, how: str) -> None:
    """No way in, no session, no password; the e-mail is free; the parent reads why."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    made = await home.open_provisional(row, ALYONA)
    session = await signed_in(home, made.person_id)
    if how == "refused":
        await home.decide(row, lyudmila, approved=False)
    elif how == "not_mine":
        await home.run(attaching.not_my_child, row.id, olga.id)
    else:
        await home.work(30 * DAY)
    assert not await session_stands(home, session)
    assert await with_login(home, ALYONA) is None
    assert await home.db.run(lambda tx: secrets.hash_of(tx, made.person_id)) is None
    assert await living(home, row) is None
    with pytest.raises(NoSuchPerson):
        await home.db.run(lambda tx: people.signed_in(tx, home.vault, made.person_id))
    await home.work()
    assert home.post.subjects("olga@pochta.example").count("Временная учётная запись закрыта") == 1
    entries = await home.db.run(lambda tx: journal.read(tx, people.chain_of(made.person_id)))
    assert "account:deleted" in [one.tag for one in entries]


async def test_one_that_was_not_settled_closes_when_the_guardianship_rests(home: Home, olga: Person) -> None:
    """In force, and suspended before the worker made the account real: no code of it goes to who may act no more."""
    row = await home.submit(olga, a_card())
    made = await home.open_provisional(row, ALYONA)
    await home.db.run(
        lambda tx: moving.move(tx, row, GuardianshipState.ACTIVE, clock.now(), reason="confirmed", actor="system")
    )
    await home.run(suspending.suspend, row.id, SuspendReason.COURT, actor="clerk:test")
    assert await closed(home, made.person_id)


async def test_it_lives_thirty_days_after_the_last_check_and_is_reminded_of(home: Home, olga: Person) -> None:
    """Seven days and one day before; each once; sent again, it lives longer."""
    row = await home.submit(olga, a_card())
    await home.open_provisional(row, ALYONA)
    row = await home.answer(row, no_record=True)
    until = clock.now() + 30 * DAY
    assert (await living(home, row)).until == until
    reminder = "Временная учётная запись скоро закроется"
    seen = []
    for _ in range(29):
        await home.work(DAY)
        seen.append(home.post.subjects("olga@pochta.example").count(reminder))
    assert (seen[21], seen[22], seen[27], seen[28]) == (0, 1, 1, 2)
    row = await home.correct(olga, row, a_card(number="600102"))
    assert (await living(home, row)).until > until
    await home.work(2 * DAY)
    assert await living(home, row) is not None


async def test_six_days_of_silence_do_not_end_it(home: Home, olga: Person) -> None:
    """It lives as long as the check does, and thirty days more; after a month of silence these are counted."""
    row = await home.submit(olga, a_card())
    await home.open_provisional(row, ALYONA)
    ends_at = (await home.check(row)).ends_at
    assert ends_at is not None
    assert (await living(home, row)).until == ends_at + 30 * DAY
    for _ in range(9):
        await home.work(DAY)
    assert await living(home, row) is not None
    await home.work(ends_at - clock.now())
    assert (await home.look(row)).state is GuardianshipState.MISMATCH
    assert (await living(home, row)).until <= ends_at + 30 * DAY + timedelta(minutes=1)
    await home.work(31 * DAY)
    assert await living(home, row) is None


async def test_past_its_end_it_permits_nothing_though_the_worker_sleeps(home: Home, olga: Person) -> None:
    """The moment is looked at on every use."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    made = await home.open_provisional(row, ALYONA)
    child = await person_of(home, made.person_id)
    home.clock.advance(30 * DAY)
    assert await home.db.run(lambda tx: look.code_address(tx, home.vault, child)) is None
    assert not await home.run(guardians.is_guardian, olga.id, made.person_id)
    with pytest.raises(NotNow):
        await home.run(provisional.may_open, row.id, olga.id)


async def test_after_the_end_another_may_be_opened(home: Home, olga: Person) -> None:
    """The card is sent again; the same e-mail serves again, as another account."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    first = await home.open_provisional(row, ALYONA)
    await home.work(30 * DAY)
    row = await home.correct(olga, row, a_card(number="600102"))
    second = await home.open_provisional(row, ALYONA)
    assert first.person_id != second.person_id
    assert await closed(home, first.person_id)


async def signed_in(home: Home, person_id: Any) -> Session:
    session = Session.fresh()
    session.sign_in(person_id, "Алёна", clock.now())
    await home.db.run(lambda tx: sessions.save(tx, home.vault, session, "test", clock.now(), timedelta(hours=2)))
    return session


async def session_stands(home: Home, session: Session) -> bool:
    found = await home.db.run(lambda tx: sessions.load(tx, home.vault, session.token, clock.now()))
    return found.person_id is not None
