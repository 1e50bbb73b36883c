"""A pupil with an own account is asked before a parent has it attached; the parent then only reads."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from myschool.gosuslugi.family.actions import agreeing, attaching, drafts, look, sending
from myschool.gosuslugi.family.model import (
    ALL_RIGHTS,
    READING,
    Card,
    FamilyRefused,
    Guardianship,
    GuardianshipState,
    NotNow,
    Relation,
    Right,
    TooOld,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Move, Particulars, Person, Sex
from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, a_card
from tests.gosuslugi.family.test_pages import CERTIFICATE_PAGE, CHILD_PAGE, PAPERS_PAGE

NIKITA = "nikita@pochta.example"
OLGA = "olga@pochta.example"
BORN = date(2011, 3, 2)


def his_card(**otherwise: Any) -> Card:
    said: dict[str, Any] = {
        "family_name": "Смирнов",
        "given_name": "Никита",
        "sex": Sex.MALE,
        "birth_date": BORN,
        "issued_on": date(2011, 3, 12),
        "snils_digits": "00000060009",
        "number": "600909",
    }
    return a_card(**said | otherwise)


@pytest.fixture
def browser(home: Home, tmp_path: Path) -> Browser:
    return Browser.of(application(home.db, home.vault, tmp_path))


async def account_of_nikita(home: Home, born: date = BORN) -> Person:
    """He registered himself and proved passport and СНИЛС."""

    async def made(tx: Tx) -> Person:
        now, name = clock.now(), FullName("Смирнов", "Никита", "Дмитриевич")
        person = await people.create(tx, home.vault, name=name, contact=Email(NIKITA), now=now)
        said = Particulars(born, Sex.MALE, Snils("00000060009"))
        await people.prove(tx, home.vault, person.id, name, said, [], now)
        await people.raise_level(tx, home.vault, person.id, Move.PROVE_PAPERS, actor="system", now=now)
        return await people.by_id(tx, home.vault, person.id)

    person = await home.db.run(made)
    await home.work()
    return person


async def send_to_attach(home: Home, parent: Person, card: Card | None = None) -> Guardianship:
    draft = await home.run(drafts.start, parent.id)
    sent = await home.db.run(
        lambda tx: sending.submit(tx, home.vault, draft.id, parent, card or his_card(), clock.now(), to_attach=True)
    )
    await home.work()
    return await home.look(sent)


async def confirmed(home: Home, parent: Person) -> Guardianship:
    return await home.answer(await send_to_attach(home, parent))


async def may_see(home: Home, parent: Person, pupil: Person) -> bool:
    return await home.db.run(lambda tx: look.may(tx, home.vault, parent.id, pupil.id, Right.SEE, clock.now()))


async def test_a_pupil_agrees_and_the_parent_reads_only(home: Home, browser: Browser, olga: Person) -> None:
    """The question comes by letter and stands in his cabinet; the answer gives see and notices, nothing else."""
    nikita = await account_of_nikita(home)
    row = await confirmed(home, olga)
    assert home.post.subjects(NIKITA)[-1] == "Взрослый просит привязать вашу учётную запись"
    assert not await may_see(home, olga, nikita)
    await browser.sign_in(nikita)
    await browser.open("/")
    assert "Разрешить привязку?" in browser.text
    await browser.open(f"/family/agreements/{row.id}")
    assert "Ольга Сергеевна С., мать, просит" in browser.text
    assert "olga@" not in browser.text
    await browser.press(f"/family/agreements/{row.id}/agree")
    assert "Вы разрешили привязку" in browser.text
    await home.work()
    assert await may_see(home, olga, nikita)
    attached = await home.look(row)
    assert attached.rights == {Right.SEE, Right.NOTICES}
    assert home.post.subjects(OLGA)[-1] == "Ребёнок разрешил привязку"
    parent = await Browser.of(browser.app).sign_in(olga)
    await parent.open(f"/family/{row.id}")
    assert "Ребёнок разрешил привязку" in parent.text
    assert "Управлять учётной записью" not in parent.text
    assert (await parent.open(f"/family/{row.id}/manage")).status_code == 403


async def test_nothing_tells_of_an_account_before_the_register_confirmed_the_parent(
    home: Home, browser: Browser, olga: Person
) -> None:
    """The card, «Способ №2» and the letters are the same with and without an account; he is not asked."""
    await browser.sign_in(olga)
    await account_of_nikita(home)
    row = await send_to_attach(home, olga)
    await browser.open(f"/family/{row.id}")
    assert "учётная запись у ребёнка есть" not in browser.text.casefold()
    await browser.open(f"/family/{row.id}/second-way")
    assert "Учётной записи у ребёнка ещё нет" in browser.text
    assert not any("привязать" in subject for subject in home.post.subjects(NIKITA))
    denied = await home.answer(row, no_record=True)
    await browser.open(f"/family/{denied.id}/second-way")
    assert "Учётной записи у ребёнка ещё нет" in browser.text
    assert await home.db.run(lambda tx: agreeing.asked_of(tx, home.vault, olga.id, clock.now())) == []


async def test_a_pupil_refuses_and_nothing_is_attached(home: Home, browser: Browser, olga: Person) -> None:
    """The parent hears of it and may ask again a month later, not before."""
    nikita = await account_of_nikita(home)
    row = await confirmed(home, olga)
    await browser.sign_in(nikita)
    await browser.open(f"/family/agreements/{row.id}")
    await browser.press(f"/family/agreements/{row.id}/refuse")
    assert "Вы отказали" in browser.text
    await home.work()
    assert home.post.subjects(OLGA)[-1] == "Ребёнок не разрешил привязку"
    await browser.open(f"/family/agreements/{row.id}")
    assert "Вы уже отказали" in browser.text
    parent = await Browser.of(browser.app).sign_in(olga)
    await parent.open("/family/add")
    await parent.press(f"/family/{row.id}/ask-pupil")
    assert "Пока спросить нельзя" in parent.text
    home.clock.advance(timedelta(days=30))
    await parent.sign_in(olga)
    await parent.open(f"/family/{row.id}")
    await parent.press(f"/family/{row.id}/ask-pupil")
    assert "Ждём согласия ребёнка" in parent.text
    assert not await may_see(home, olga, nikita)


async def test_two_tabs_the_first_answer_stands(home: Home, browser: Browser, olga: Person) -> None:
    """Refused in one, agreed in the other."""
    nikita = await account_of_nikita(home)
    row = await confirmed(home, olga)
    await browser.sign_in(nikita)
    here = f"/family/agreements/{row.id}"
    for part, words in (("/refuse", "Вы отказали"), ("/refuse", "Вы отказали"), ("/agree", "Ответ уже есть")):
        await browser.open("/display")
        await browser.press(here + part)
        assert words in browser.text
    assert not await may_see(home, olga, nikita)


async def test_silence_attaches_nothing(home: Home, browser: Browser, olga: Person) -> None:
    """A reminder after eleven days, the end after fourteen; a late press is answered, and the parent asks again."""
    nikita = await account_of_nikita(home)
    row = await confirmed(home, olga)
    await home.work(timedelta(days=11))
    assert home.post.subjects(NIKITA)[-1] == "Ответьте на просьбу о привязке"
    await home.work(timedelta(days=3))
    assert home.post.subjects(OLGA)[-1] == "Ребёнок не ответил"
    await browser.sign_in(nikita)
    await browser.open("/display")
    await browser.press(f"/family/agreements/{row.id}/agree")
    assert "Время для ответа прошло" in browser.text
    assert not await may_see(home, olga, nikita)
    parent = await Browser.of(browser.app).sign_in(olga)
    await parent.open(f"/family/{row.id}")
    await parent.press(f"/family/{row.id}/ask-pupil")
    assert "Мы спросили ребёнка" in parent.text


async def test_a_pupil_takes_the_agreement_back(home: Home, browser: Browser, olga: Person) -> None:
    """From that moment the parent sees nothing."""
    nikita = await account_of_nikita(home)
    row = await confirmed(home, olga)
    await browser.sign_in(nikita)
    await browser.open(f"/family/agreements/{row.id}")
    await browser.press(f"/family/agreements/{row.id}/agree")
    await browser.open("/family")
    assert "Ваша учётная запись привязана" in browser.text
    await browser.press(f"/family/agreements/{row.id}/withdraw")
    assert not await may_see(home, olga, nikita)
    await home.work()
    assert home.post.subjects(OLGA)[-1] == "Ребёнок отозвал согласие"


async def test_the_question_waits_for_the_pupil_who_has_no_account_yet(
    home: Home, browser: Browser, olga: Person
) -> None:
    """No dialog opens for a pupil of fourteen; he is asked on the day his passport is proved."""
    row = await confirmed(home, olga)
    await browser.sign_in(olga)
    await browser.open("/family")
    assert "Ждём учётную запись ребёнка" in browser.text
    assert "Создать учетную запись ребенка на Госуслуги" not in browser.text
    assert (await browser.open(f"/family/{row.id}/account")).status_code == 409
    await account_of_nikita(home)
    assert home.post.subjects(NIKITA)[-1] == "Взрослый просит привязать вашу учётную запись"
    await browser.open("/family")
    assert "Ждём согласия ребёнка" in browser.text


async def test_nobody_answers_for_another_pupil(home: Home, browser: Browser, olga: Person, tamara: Person) -> None:
    """Not even the parent who asks."""
    nikita = await account_of_nikita(home)
    row = await confirmed(home, olga)
    for stranger in (olga, tamara):
        await browser.sign_in(stranger)
        assert (await browser.open(f"/family/agreements/{row.id}")).status_code == 404
        for part in ("/agree", "/refuse", "/withdraw"):
            await browser.open("/display")
            assert (await browser.press(f"/family/agreements/{row.id}{part}")).status_code == 404
    assert not await may_see(home, olga, nikita)


async def test_an_account_of_a_namesake_is_not_asked(home: Home, browser: Browser, olga: Person) -> None:
    """СНИЛС of the card belongs to an account with another birthday: a clerk looks, nobody is asked."""
    await account_of_nikita(home)
    row = await home.answer(
        await send_to_attach(home, olga, his_card(birth_date=date(2012, 3, 2), issued_on=date(2012, 4, 2)))
    )
    assert row.attached_at is None
    assert not any("привязать" in subject for subject in home.post.subjects(NIKITA))


async def test_the_page_for_fourteen_leads_to_attaching(home: Home, browser: Browser, olga: Person) -> None:
    """«Привязать учётную запись ребёнка»: the card goes on to the registers, without a child's account at its end."""
    await browser.sign_in(olga)
    await browser.open("/family/add")
    await browser.press("/family/add")
    draft = browser.path.removesuffix("/child")
    await browser.press(f"{draft}/child", CHILD_PAGE | {"birth-year": "2011"})
    assert browser.path == f"{draft}/grown-up"
    await browser.press(f"{draft}/grown-up")
    assert browser.path == f"{draft}/papers"
    await browser.press(f"{draft}/papers", PAPERS_PAGE)
    await browser.press(f"{draft}/certificate", CERTIFICATE_PAGE)
    await browser.press(f"{draft}/check")
    assert "Данные отправлены" in browser.text


async def test_an_adult_child_is_attached_by_nobody(home: Home, browser: Browser, olga: Person) -> None:
    """From eighteen there is no such button, and a forged press leads back."""
    await browser.sign_in(olga)
    await browser.open("/family/add")
    await browser.press("/family/add")
    draft = browser.path.removesuffix("/child")
    await browser.press(f"{draft}/child", CHILD_PAGE | {"birth-year": "2007"})
    assert "Привязать учётную запись" not in browser.text
    await browser.open("/display")
    await browser.press(f"{draft}/grown-up")
    await browser.open("/display")
    await browser.press(f"{draft}/child", CHILD_PAGE | {"birth-year": "2007"})
    assert browser.path == f"{draft}/grown-up"


@pytest.mark.parametrize("relation", [Relation.MOTHER, Relation.TRUSTEE])
async def test_a_clerk_attaches_a_pupil_of_fifteen_when_the_pupil_agrees(
    home: Home, olga: Person, lyudmila: Person, relation: Relation
) -> None:
    """ЗАГС knows nothing, or never knows of trustees; the clerk's yes asks the pupil, and gives reading only."""
    nikita = await account_of_nikita(home)
    row = await send_to_attach(home, olga, his_card(relation=relation))
    row = await home.decide(await home.answer(row, no_record=True), lyudmila)
    assert (row.state, row.rights, row.attached_at) == (GuardianshipState.ACTIVE, READING, None)
    assert home.post.subjects(OLGA)[-1] == "Документы приняты"
    assert home.post.subjects(NIKITA)[-1] == "Взрослый просит привязать вашу учётную запись"
    assert not await may_see(home, olga, nikita)
    with pytest.raises(FamilyRefused):
        await home.finish(row)

    async def agree(tx: Tx) -> None:
        asked = await agreeing.question(tx, home.vault, row.id, nikita.id, clock.now())
        await agreeing.agree(tx, home.vault, asked, clock.now())

    await home.db.run(agree)
    assert await may_see(home, olga, nikita)
    assert (await home.look(row)).rights == READING


async def test_a_clerk_attaches_nobody_to_who_is_of_age(home: Home, olga: Person, lyudmila: Person) -> None:
    """At 18 nobody is represented; nothing is written."""
    row = await home.answer(await send_to_attach(home, olga), no_record=True)
    home.clock.at = home.clock.at.replace(year=2029, month=3, day=2)
    with pytest.raises(TooOld):
        await home.decide(row, lyudmila)
    assert (await home.look(row)).state is not GuardianshipState.ACTIVE


async def test_who_was_confirmed_before_the_fourteenth_birthday_attaches_nothing_without_the_pupil(
    home: Home, browser: Browser, olga: Person
) -> None:
    """No account was made in time; he made his own and refused. Neither a forged press nor the dialog attaches it."""
    born = date(2012, 12, 1)
    row = await home.confirmed(olga, his_card(birth_date=born, issued_on=date(2012, 12, 12)))
    home.clock.advance(timedelta(days=10))
    nikita = await account_of_nikita(home, born)
    assert (await home.look(row)).rights == {Right.SEE, Right.NOTICES}
    await browser.sign_in(nikita)
    await browser.open(f"/family/agreements/{row.id}")
    await browser.press(f"/family/agreements/{row.id}/refuse")
    parent = await Browser.of(browser.app).sign_in(olga)
    await parent.open(f"/family/{row.id}")
    assert "Ребёнок не разрешил" in parent.text
    await parent.open("/display")
    await parent.press(f"/family/{row.id}/attach")
    assert not await may_see(home, olga, nikita)


async def test_an_own_account_is_attached_to_nobody_without_an_agreement(home: Home, olga: Person) -> None:
    """Whatever page or desk asks for it, and whatever rights the card has kept."""
    row = await confirmed(home, olga)
    await account_of_nikita(home)
    await home.db.run(lambda tx: store.save(tx, replace(row, rights=ALL_RIGHTS)))

    async def attach(tx: Tx) -> None:
        assert row.child_id is not None
        child = await store.load_child(tx, home.vault, row.child_id, for_update=True)
        known = await store.load(tx, home.vault, row.id, for_update=True)
        assert known is not None
        await attaching.attach(tx, home.vault, known, child, clock.now())

    with pytest.raises(NotNow):
        await home.db.run(attach)
