"""«Предоставление прав доступа»: what is shown is what is granted, and for a child an adult grants it."""

from datetime import date, timedelta

import pytest

from myschool.esia.scopes import SCOPES as KNOWN
from myschool.gosuslugi.grants import actions
from myschool.gosuslugi.grants.model import applicable, guardian_decides, rows, withheld
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import clock
from myschool.portal.signin.model import SCOPES
from tests.conftest import ClockAt
from tests.gosuslugi.provider.houses import ESIA, Browser, Houses, Page, query_of
from tests.gosuslugi.provider.parts import CALLBACK, a_request, access_token, read


async def asked(houses: Houses, person: Person) -> tuple[Browser, Page]:
    browser = houses.browser()
    await browser.sign_in(person)
    return browser, await browser.open((await a_request(houses)).url)


async def test_the_page_names_every_datum_why_and_for_whom(houses: Houses) -> None:
    """Table of data, reason and readers; what is not received; two buttons of one look; nothing ticked."""
    _, page = await asked(houses, await houses.person())
    for scope in SCOPES:
        if KNOWN[scope].asks:
            assert KNOWN[scope].words in page.words
    assert "Чтобы школа узнала вас в своём списке" in page.words
    assert "Администратор школы, в которую вы отправите заявку" in page.words
    assert "Пароль и коды для входа" in page.words.split("Чего сервис не получит")[1]
    grant, refuse = page.text.split('value="grant"')[0][-250:], page.text.split('value="refuse"')[0][-250:]
    assert "btn--secondary" in grant
    assert "btn--secondary" in refuse
    assert "checked" not in page.text


async def test_every_known_scope_can_be_shown(houses: Houses) -> None:
    """No system can be granted a datum that the page leaves out."""
    system = await houses.gosuslugi.db.run(lambda tx: actions.system(tx, "MYSCHOOL"))
    asking = [name for name, scope in KNOWN.items() if scope.asks]
    assert sum(len(lines) for _, lines in rows(system, asking)) == len(asking)


def test_what_is_withheld_is_what_was_not_asked() -> None:
    """Everything that people fear for is named, unless it is asked for."""
    assert "СНИЛС" in withheld(["fullname"])
    assert "СНИЛС" not in withheld(["snils"])
    assert withheld(list(KNOWN)) == ["Пароль и коды для входа"]


async def test_only_what_was_shown_is_granted(houses: Houses) -> None:
    """A pupil is not asked for children, so the token carries no scope about children."""
    pupil = await houses.person(Level.STANDARD, born=date(2011, 9, 1))
    token, _ = await access_token(houses, pupil)
    assert (await read(houses, f"/rs/prns/{pupil.oid}/kids", token)).status_code == 403


async def test_who_decides_depends_on_age_and_account(houses: Houses) -> None:
    """A child account, and anybody under 14; from the fourteenth birthday the person himself."""
    today = date(2026, 12, 2)
    pupil = await houses.person(Level.STANDARD, born=date(2012, 12, 2))
    younger = await houses.person(Level.STANDARD, born=date(2012, 12, 3))
    child = await houses.child(await houses.person())
    assert not guardian_decides(pupil, today)
    assert guardian_decides(younger, today)
    assert guardian_decides(child, today)
    assert "kid_fullname" not in applicable(SCOPES, pupil, today)


# -- a child -----------------------------------------------------------------------------------------------------------


async def test_a_child_alone_grants_nothing(houses: Houses) -> None:
    """«Предоставить» by a child asks for the adult's code; until it is typed no system gets anything."""
    mother = await houses.person()
    child = await houses.child(mother)
    browser, page = await asked(houses, child)
    code_page = await browser.press(page, {"answer": "grant"}, until=CALLBACK)
    assert code_page.title == "Код от взрослого"
    again = await browser.open((await a_request(houses)).url, until=CALLBACK)
    assert again.title == "Предоставление прав доступа"
    assert await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [child.id], clock.now())) == []


async def test_the_code_says_who_permitted(houses: Houses) -> None:
    """Each guardian has a code of the own; the one that is typed signs."""
    mother, father = await houses.person(), await houses.person()
    child = await houses.child(mother, father)
    browser, page = await asked(houses, child)
    code_page = await browser.press(page, {"answer": "grant"})
    codes = await houses.codes()
    assert len(set(codes)) == 2
    answer = await browser.press(code_page, {"code": codes[1]}, until=CALLBACK)
    assert "code" in query_of(answer.url)
    (grant,) = await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [child.id], clock.now()))
    assert grant.given_by == father.id


async def test_a_wrong_code_is_counted_and_five_are_enough(houses: Houses) -> None:
    """After five wrong ones the right one opens nothing: a new one must be sent."""
    child = await houses.child(await houses.person())
    browser, page = await asked(houses, child)
    code_page = await browser.press(page, {"answer": "grant"})
    (code,) = await houses.codes()
    wrong = "000000" if code != "000000" else "000001"
    for left in (4, 3, 2, 1):
        refused = await browser.press(code_page, {"code": wrong})
        assert refused.status == 422
        assert f"осталось {left}" in refused.words
    await browser.press(code_page, {"code": wrong})
    last = await browser.press(code_page, {"code": code}, until=CALLBACK)
    assert "больше не действует" in last.words


async def test_a_code_ends_and_a_new_one_is_sent(houses: Houses, clock_at: ClockAt) -> None:
    """Ten minutes; a new one at most once a minute; the old one is worth nothing then."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    child = await houses.child(await houses.person())
    browser, page = await asked(houses, child)
    code_page = await browser.press(page, {"answer": "grant"})
    again = f"{code_page.path.removesuffix('/code')}/again"
    await browser.press(code_page, action=again)
    assert len(await houses.codes()) == 1
    time.advance(timedelta(minutes=11))
    (old,) = await houses.codes()
    assert (await browser.press(code_page, {"code": old}, until=CALLBACK)).status == 422
    await browser.press(code_page, action=again)
    codes = await houses.codes()
    assert len(codes) == 2
    assert "code" in query_of((await browser.press(code_page, {"code": codes[1]}, until=CALLBACK)).url)


async def test_questions_without_end_bring_no_codes_without_end(houses: Houses, clock_at: ClockAt) -> None:
    """A child that begins anew each time neither guesses on nor floods the adult; an hour later it goes on."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    child = await houses.child(await houses.person())
    browser = houses.browser()
    await browser.sign_in(child)
    for _ in range(actions.CONSENT_CODES_AN_HOUR.tries):
        page = await browser.open((await a_request(houses)).url)
        assert (await browser.press(page, {"answer": "grant"})).status == 200
    page = await browser.open((await a_request(houses)).url)
    refused = await browser.press(page, {"answer": "grant"})
    assert refused.status == 429
    assert "слишком много кодов" in refused.words
    assert len(await houses.codes()) == actions.CONSENT_CODES_AN_HOUR.tries
    time.advance(timedelta(hours=1))
    await browser.sign_in(child)
    page = await browser.open((await a_request(houses)).url)
    assert (await browser.press(page, {"answer": "grant"})).status == 200
    assert len(await houses.codes()) == actions.CONSENT_CODES_AN_HOUR.tries + 1


async def test_the_code_of_an_ended_guardian_opens_nothing(houses: Houses) -> None:
    """It was sent while the guardianship was in force, and typed afterwards."""
    mother = await houses.person()
    child = await houses.child(mother)
    browser, page = await asked(houses, child)
    code_page = await browser.press(page, {"answer": "grant"})
    (code,) = await houses.codes()
    await houses.end_guardianship(mother)
    assert (await browser.press(code_page, {"code": code}, until=CALLBACK)).status == 422


async def test_a_child_without_an_adult_reads_the_way_on(houses: Houses) -> None:
    """A dead end with words, not an empty page."""
    _, page = await asked(houses, await houses.child())
    assert (page.status, page.title) == (409, "Нужно разрешение взрослого")


async def test_an_adult_permits_beforehand_and_the_child_goes_straight_through(houses: Houses) -> None:
    """In the adult's own cabinet; afterwards no page and no code in the child's way."""
    mother = await houses.person()
    child = await houses.child(mother)
    cabinet = houses.browser()
    await cabinet.sign_in(mother)
    page = await cabinet.open(f"{ESIA}/access/child/{child.id}/MYSCHOOL")
    assert page.title == "Предоставление прав доступа"
    page = await cabinet.press(page, {"answer": "grant"})
    assert "Доступ предоставлен" in page.words
    browser = houses.browser()
    await browser.sign_in(child)
    answer = await browser.open((await a_request(houses)).url, until=CALLBACK)
    assert "code" in query_of(answer.url)


@pytest.mark.parametrize("who", ["stranger", "child itself"])
async def test_nobody_else_permits_for_a_child(houses: Houses, who: str) -> None:
    """Another family's adult, and the child itself, find no such page."""
    child = await houses.child(await houses.person())
    browser = houses.browser()
    await browser.sign_in(child if who == "child itself" else await houses.person())
    assert (await browser.open(f"{ESIA}/access/child/{child.id}/MYSCHOOL")).status == 404


# -- «Согласия и доступы» ----------------------------------------------------------------------------------------------


async def test_access_is_seen_and_withdrawn_in_the_cabinet(houses: Houses) -> None:
    """What was granted, until when; one page that says what ends; pressing twice does no harm."""
    person = await houses.person()
    _, browser = await access_token(houses, person)
    page = await browser.open(f"{ESIA}/access")
    assert "Моя школа" in page.words
    assert "Фамилия, имя и отчество; дата рождения; пол; СНИЛС; электронная почта" in page.words
    (grant,) = await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [person.id], clock.now()))
    sure = await browser.open(f"{ESIA}/access/{grant.id}/withdraw")
    for words in ("Доступ отозван", "Этого доступа уже нет"):
        assert words in (await browser.press(sure)).words
    assert "Вы ещё никому не предоставили доступ" in (await browser.open(f"{ESIA}/access")).words


async def test_another_persons_access_cannot_be_seen_or_withdrawn(houses: Houses) -> None:
    """Its number, known from somewhere, opens nothing."""
    person = await houses.person()
    await access_token(houses, person)
    (grant,) = await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [person.id], clock.now()))
    stranger = houses.browser()
    await stranger.sign_in(await houses.person())
    assert (await stranger.open(f"{ESIA}/access/{grant.id}/withdraw")).status == 404
    own = await stranger.open(f"{ESIA}/access")
    fields = {"csrf": own.form("/logout").fields["csrf"]}
    headers = {"origin": ESIA, "referer": f"{ESIA}/access"}
    await stranger.http.post(f"{ESIA}/access/{grant.id}/withdraw", data=fields, headers=headers)
    assert await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [person.id], clock.now())) == [grant]


async def test_a_guardian_withdraws_for_the_child(houses: Houses) -> None:
    """Whoever permits for the child may take it back."""
    mother = await houses.person()
    child = await houses.child(mother)
    vault = houses.gosuslugi.vault
    await houses.gosuslugi.db.run(
        lambda tx: actions.permit_child(tx, vault, mother.id, child.id, "MYSCHOOL", clock.now())
    )
    browser = houses.browser()
    await browser.sign_in(mother)
    page = await browser.open(f"{ESIA}/access")
    assert "Данные ребёнка: Алёна" in page.words
    (grant,) = await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [child.id], clock.now()))
    sure = await browser.open(f"{ESIA}/access/{grant.id}/withdraw")
    assert "Алёна" in sure.words
    await browser.press(sure)
    assert await houses.gosuslugi.db.run(lambda tx: actions.live_grants(tx, [child.id], clock.now())) == []


async def test_a_grant_ends_after_a_year_and_is_given_anew(houses: Houses, clock_at: ClockAt) -> None:
    """The term is kept without anybody's doing; a new grant begins."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    person = await houses.person()
    _, browser = await access_token(houses, person)
    time.advance(timedelta(days=366))
    await browser.sign_in(person)
    page = await browser.open((await a_request(houses)).url, until=CALLBACK)
    assert page.title == "Предоставление прав доступа"
    page = await browser.press(page, {"answer": "grant"}, until=CALLBACK)
    assert "code" in query_of(page.url)
