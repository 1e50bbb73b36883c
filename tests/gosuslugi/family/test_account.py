"""One account for one child, and none without a confirmed check or a clerk's decision."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from myschool.gosuslugi.checks import answers
from myschool.gosuslugi.checks.model import CheckState
from myschool.gosuslugi.family.actions import account, attaching, look, papers
from myschool.gosuslugi.family.model import (
    Basis,
    EmailTaken,
    GuardianshipState,
    NeedsClerk,
    NotNow,
    OwnApplication,
    RefusalReason,
    Relation,
    Right,
)
from myschool.gosuslugi.family.papers_model import Paper, PapersMissing
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people import store as people_store
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import ContactKind, Level, Particulars, Person
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.model import Entered, Sending, Whose
from myschool.kit import clock, journal
from myschool.papers.matching import How
from myschool.papers.numbers import Email, Phone, Snils
from tests.gosuslugi.checks.registry_fake import NOTHING
from tests.gosuslugi.family.conftest import HASH, Home, a_card

ALYONA = "alyona@deti.example"


async def children_accounts(home: Home) -> int:
    async with home.db.transaction() as tx:
        query = select(func.count()).where(people_store.person.c.level == Level.CHILD)
        return int((await tx.execute(query)).scalar_one())


async def test_the_dialog_makes_the_childs_account_and_attaches_it(home: Home, olga: Person) -> None:
    """E-mail, code, password: the child can be found by e-mail and СНИЛС, the parent may act."""
    row = await home.confirmed(olga)
    made = await home.open_account(row, ALYONA)
    assert made.fresh
    async with home.db.transaction() as tx:
        by_mail = await people.find_by_login(tx, home.vault, ALYONA)
        by_snils = await people.find_by_login(tx, home.vault, "000-000-601 01")
        assert by_mail is not None
        assert by_snils is not None
        assert by_mail.id == by_snils.id == made.person_id
        assert by_mail.level is Level.CHILD
        assert by_mail.name.formal == "Смирнова Алёна Дмитриевна"
        assert await secrets.hash_of(tx, made.person_id) == HASH
        (paper,) = await people.documents_of(tx, home.vault, made.person_id)
        assert (paper.series, paper.number) == ("III-ПЕ", "600101")
        assert await look.may(tx, home.vault, olga.id, made.person_id, Right.CREDENTIALS, clock.now())
        (kid,) = await look.kids_of(tx, home.vault, olga.id, clock.now())
        assert kid.person is not None
        assert kid.person.id == made.person_id
    await home.work()
    assert home.post.subjects("olga@pochta.example")[-1] == "Учётная запись ребёнка создана"


async def test_the_last_button_pressed_many_times_makes_one_account(home: Home, olga: Person) -> None:
    """Six presses at once, and one more a day later."""
    row = await home.confirmed(olga)
    first = await home.open_account(row, ALYONA)
    again = await asyncio.gather(*(home.finish(row) for _ in range(6)))
    assert {made.person_id for made in again} == {first.person_id}
    assert not any(made.fresh for made in again)
    assert await children_accounts(home) == 1


async def test_two_parents_at_once_make_one_account(home: Home, olga: Person, dmitry: Person) -> None:
    """Each with an e-mail of their own choice confirmed, both press in the same moment; both are attached."""
    hers, his = await home.confirmed(olga), await home.confirmed(dmitry, a_card(Relation.FATHER))
    for row, mailbox in ((hers, ALYONA), (his, "alyona2@deti.example")):
        await email_confirmed(home, row, mailbox)
    made = await asyncio.gather(home.finish(hers), home.finish(his))
    assert made[0].person_id == made[1].person_id
    assert sorted(one.fresh for one in made) == [False, True]
    assert await children_accounts(home) == 1
    async with home.db.transaction() as tx:
        rows = await look.guardians_of(tx, home.vault, made[0].person_id, clock.now())
    assert {row.guardian_id for row in rows} == {olga.id, dmitry.id}


async def email_confirmed(home: Home, row: Any, mailbox: str) -> None:
    await home.db.run(lambda tx: account.ask_email(tx, home.vault, row, Email(mailbox), clock.now()))
    await home.work()
    opening = await home.db.run(lambda tx: account.opening_of(tx, home.vault, row.id))
    digits = home.post.code(mailbox)
    judged = await home.db.run(lambda tx: account.enter_code(tx, home.vault, row, opening, digits, clock.now()))
    assert judged.right


async def test_the_second_parent_attaches_the_same_account(home: Home, olga: Person, dmitry: Person) -> None:
    """«Привязать»: nothing new is made, and pressed twice it is once."""
    made = await home.open_account(await home.confirmed(olga), ALYONA)
    his = await home.confirmed(dmitry, a_card(Relation.FATHER))
    async with home.db.transaction() as tx:
        assert not await look.may(tx, home.vault, dmitry.id, made.person_id, Right.CREDENTIALS, clock.now())

    async def press(tx: Any) -> None:
        row, child = await account.may_open(tx, home.vault, his.id, dmitry.id, clock.now())
        await attaching.attach(tx, home.vault, row, child, clock.now())

    for _ in range(2):
        await home.db.run(press)
    await home.work()
    assert await children_accounts(home) == 1
    async with home.db.transaction() as tx:
        assert await look.may(tx, home.vault, dmitry.id, made.person_id, Right.CREDENTIALS, clock.now())
    assert home.post.subjects("dmitry@pochta.example").count("Учётная запись ребёнка привязана") == 1


@pytest.mark.parametrize("ending", ["checking", "contradicted", "not_found", "guardian", "ended"])
async def test_no_account_without_a_confirmed_check_or_a_clerk(home: Home, olga: Person, ending: str) -> None:
    """In every state that is not in force the dialog stays shut, for e-mail and for the last button."""
    relation = Relation.GUARDIAN if ending == "guardian" else Relation.MOTHER
    row = await home.submit(olga, a_card(relation))
    if ending == "contradicted":
        row = await home.answer(row, birth_date=How.DIFFERS)
    elif ending == "not_found":
        row = await home.answer(row, no_record=True)
    elif ending == "guardian":
        row = await home.answer(row)
    elif ending == "ended":
        row = await home.answer(row)
        await home.run(attaching.not_my_child, row.id, olga.id)
    with pytest.raises(NotNow):
        await home.finish(row)
    with pytest.raises(NotNow):
        await home.run(account.may_open, row.id, olga.id)
    assert await children_accounts(home) == 0


async def test_no_account_without_a_confirmed_mailbox(home: Home, olga: Person) -> None:
    """The e-mail was typed, the code was not."""
    row = await home.confirmed(olga)
    await home.db.run(lambda tx: account.ask_email(tx, home.vault, row, Email(ALYONA), clock.now()))
    with pytest.raises(NotNow):
        await home.finish(row)


async def test_another_mailbox_needs_another_code(home: Home, olga: Person) -> None:
    """The first was confirmed; then the parent goes back and types another one."""
    row = await home.confirmed(olga)
    await email_confirmed(home, row, ALYONA)
    other = Email("other@deti.example")
    assert await home.db.run(lambda tx: account.ask_email(tx, home.vault, row, other, clock.now())) is Sending.SENT
    with pytest.raises(NotNow):
        await home.finish(row)


async def test_a_wrong_code_confirms_nothing(home: Home, olga: Person) -> None:
    """And says how many tries are left."""
    row = await home.confirmed(olga)
    await home.db.run(lambda tx: account.ask_email(tx, home.vault, row, Email(ALYONA), clock.now()))
    await home.work()
    opening = await home.db.run(lambda tx: account.opening_of(tx, home.vault, row.id))
    wrong = "000000" if home.post.code(ALYONA) != "000000" else "000001"
    judged = await home.db.run(lambda tx: account.enter_code(tx, home.vault, row, opening, wrong, clock.now()))
    assert (judged.entered, judged.tries_left) == (Entered.WRONG, 4)
    with pytest.raises(NotNow):
        await home.finish(row)


async def test_an_e_mail_of_somebody_else_is_refused(home: Home, olga: Person, tamara: Person) -> None:
    """At the first page, and again at the last if it was taken in between."""
    row = await home.confirmed(olga)
    with pytest.raises(EmailTaken):
        await home.db.run(
            lambda tx: account.ask_email(tx, home.vault, row, Email("Tamara@pochta.example"), clock.now())
        )
    await email_confirmed(home, row, ALYONA)
    async with home.db.transaction() as tx:
        await people.ask_contact(tx, home.vault, tamara.id, Email(ALYONA))
        await people.verify_contact(tx, home.vault, tamara.id, ContactKind.EMAIL, clock.now())
    with pytest.raises(EmailTaken):
        await home.finish(row)
    assert await children_accounts(home) == 0


async def test_a_snils_that_got_an_owner_meanwhile_needs_a_clerk(home: Home, olga: Person, tamara: Person) -> None:
    """Between the check and the account somebody else proved this СНИЛС."""
    row = await home.confirmed(olga)
    await email_confirmed(home, row, ALYONA)
    async with home.db.transaction() as tx:
        said = Particulars(tamara.birth_date, tamara.sex, Snils("00000060101"))
        await people.prove(tx, home.vault, tamara.id, tamara.name, said, [], clock.now())
    with pytest.raises(NeedsClerk):
        await home.finish(row)


async def test_a_clerk_decides_on_papers_without_the_registry(home: Home, olga: Person, lyudmila: Person) -> None:
    """Not found by the registry, seen by the clerk: the dialog opens, and the journals say who decided on what."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    found = await home.db.run(lambda tx: papers.open_application(tx, home.vault, row.number.lower().replace("-", " ")))
    assert found.id == row.id
    row = await home.decide(row, lyudmila)
    assert (row.state, row.basis) == (GuardianshipState.ACTIVE, Basis.SERVICE_CENTRE)
    assert (await home.open_account(row, ALYONA)).fresh
    async with home.db.transaction() as tx:
        for person in (olga, lyudmila):
            entries = await journal.read(tx, chain_of(person.id))
            (decided,) = [entry for entry in entries if entry.tag == "guardianship:decided_on_papers"]
            assert decided.actor == f"clerk:{lyudmila.id}"
            assert decided.facts["papers"] == "applicant_passport, birth_certificate, child_snils"


async def test_a_clerk_may_decide_while_the_registry_still_thinks(home: Home, olga: Person, lyudmila: Person) -> None:
    """The answer that comes afterwards changes nothing, whatever it says."""
    row = await home.submit(olga, a_card())
    check = await home.check(row)
    row = await home.decide(row, lyudmila)
    assert (await home.check(row)).state is CheckState.SUPERSEDED, "nobody waits for the registry any more"
    home.registry.decide(check.id, NOTHING)
    await home.work(timedelta(hours=6))
    assert (await home.look(row)).state is GuardianshipState.ACTIVE
    await home.db.run(lambda tx: answers.record(tx, home.vault, home.registry.decide(check.id, NOTHING), clock.now()))
    await home.work()
    assert (await home.look(row)).state is GuardianshipState.ACTIVE


async def test_without_the_papers_a_clerk_cannot_say_yes(home: Home, tamara: Person, lyudmila: Person) -> None:
    """A guardian's order is missing: nothing is written."""
    row = await home.confirmed(tamara, a_card(Relation.GUARDIAN))
    seen = frozenset({Paper.APPLICANT_PASSPORT, Paper.BIRTH_CERTIFICATE, Paper.CHILD_SNILS})
    with pytest.raises(PapersMissing) as refused:
        await home.decide(row, lyudmila, papers_seen=seen)
    assert refused.value.papers == {Paper.GUARDIANSHIP_ORDER}
    assert (await home.look(row)).state is GuardianshipState.REVIEW
    assert (await home.decide(row, lyudmila)).state is GuardianshipState.ACTIVE


async def test_a_clerk_never_decides_about_the_own_family(home: Home, lyudmila: Person) -> None:
    """Neither yes nor no."""
    row = await home.answer(await home.submit(lyudmila, a_card()), no_record=True)
    for approved in (True, False):
        with pytest.raises(OwnApplication):
            await home.decide(row, lyudmila, approved=approved)


async def test_a_refusal_ends_the_application_and_a_new_one_may_be_made(
    home: Home, olga: Person, lyudmila: Person
) -> None:
    """No papers are needed to say no."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    refused = await home.decide(row, lyudmila, approved=False, papers_seen=frozenset())
    assert (refused.state, refused.refusal) == (GuardianshipState.REFUSED, RefusalReason.PAPERS_MISSING)
    with pytest.raises(NotNow):
        await home.decide(refused, lyudmila)
    assert (await home.submit(olga, a_card())).id != row.id


async def test_a_childs_code_goes_to_the_parent_who_attached_first(home: Home, olga: Person, dmitry: Person) -> None:
    """To the telephone if there is one; to the other parent when the first has gone; never to who is not attached."""
    hers = await home.confirmed(olga)
    made = await home.open_account(hers, ALYONA)
    await home.confirmed(dmitry, a_card(Relation.FATHER))

    async def address() -> Any:
        async with home.db.transaction() as tx:
            child = await people.by_id(tx, home.vault, made.person_id)
            return await look.code_address(tx, home.vault, child)

    mailbox = await address()
    assert (mailbox.to, mailbox.whose) == (Email("olga@pochta.example"), Whose.PARENT)
    async with home.db.transaction() as tx:
        await people.ask_contact(tx, home.vault, olga.id, Phone("9000000001"))
        await people.verify_contact(tx, home.vault, olga.id, ContactKind.MOBILE, clock.now())
    assert (await address()).to == Phone("9000000001")
    await home.run(attaching.not_my_child, hers.id, olga.id)
    left = await address()
    assert (left.to, left.whose) == (Email(ALYONA), Whose.OWN), "the father has not attached the account"


async def test_an_ended_guardianship_authorises_nothing_from_that_moment(home: Home, olga: Person) -> None:
    """No right, no child in the list of other systems."""
    row = await home.confirmed(olga)
    made = await home.open_account(row, ALYONA)
    await home.run(attaching.not_my_child, row.id, olga.id)
    async with home.db.transaction() as tx:
        assert not any([await look.may(tx, home.vault, olga.id, made.person_id, one, clock.now()) for one in Right])
        assert await look.kids_of(tx, home.vault, olga.id, clock.now()) == []
    with pytest.raises(NotNow):
        await home.finish(row)


async def test_adults_get_their_own_codes(home: Home, olga: Person) -> None:
    """The hook serves everybody who signs in."""
    async with home.db.transaction() as tx:
        address = await look.code_address(tx, home.vault, olga)
    assert address is not None
    assert (address.to, address.whose) == (Email("olga@pochta.example"), Whose.OWN)
