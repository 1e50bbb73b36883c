"""What the browser brings from a system: judged once, kept over sign-in and consent, answered where registered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from myschool.esia.levels import PersonFilter
from myschool.esia.requests import Client, authorization_request
from myschool.gosuslugi.grants import store as grants_store
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.provider import store
from myschool.kit import clock
from tests.conftest import ClockAt
from tests.gosuslugi.provider.houses import ESIA, PORTAL, Houses, query_of
from tests.gosuslugi.provider.parts import CALLBACK, a_request, another_system, error_of, grant


@pytest.mark.parametrize(
    "redirect_uri",
    [
        f"{CALLBACK}/",
        f"{CALLBACK}?x=1",
        f"{CALLBACK}#x",
        f"{PORTAL}:443/esia/callback",
        f"{PORTAL}/ESIA/callback",
        f"{PORTAL}.evil.test/esia/callback",
        f"{PORTAL}@evil.test/esia/callback",
        "http://portal.test/esia/callback",
        f"{PORTAL}/esia/callback/../evil",
        "https://evil.test/",
        "javascript:alert(1)",
    ],
)
async def test_only_the_registered_address_to_the_letter_is_answered(houses: Houses, redirect_uri: str) -> None:
    """A well-signed request for another address is shown to the person and goes nowhere."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    page = await browser.open((await a_request(houses, redirect_uri=redirect_uri)).url)
    assert (page.status, page.title) == (400, "Сервис не смог начать вход")
    assert "ESIA-007023" in page.words
    assert page.url.startswith(ESIA)


async def test_an_unknown_system_is_shown_and_goes_nowhere(houses: Houses) -> None:
    """Nobody registered it, so no address of it can be trusted."""
    client = await houses.client()
    sent = await a_request(houses, client=Client("NOBODY", client.keys))
    page = await houses.browser().open(sent.url)
    assert page.status == 400
    assert "ESIA-007002" in page.words


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ({"code_challenge": ""}, "007039"),
        ({"code_challenge_method": "plain"}, "007003"),
        ({"code_challenge_method": ""}, "007003"),
        ({"client_secret": "AAAA"}, "007053"),
        ({"client_secret": ""}, "007014"),
        ({"state": "00000000-0000-4000-8000-000000000000"}, "007053"),
        ({"scope": "openid fullname"}, "007053"),
        ({"response_type": "token"}, "007009"),
        ({"access_type": "offline"}, "007005"),
    ],
)
async def test_a_request_that_was_tampered_with_is_refused_by_redirect(
    houses: Houses, other: dict[str, str], number: str
) -> None:
    """ESIA's own error goes back to the system; the developer's reason stays here."""
    sent = await a_request(houses)
    page = await houses.browser().open(sent.changed(**other), until=CALLBACK)
    assert page.url.startswith(f"{CALLBACK}?")
    assert error_of(page)[1] == number

    async def notes(tx):
        return (await tx.execute(select(store.provider_refusal.c.number, store.provider_refusal.c.reason))).all()

    ((noted, reason),) = await houses.gosuslugi.db.run(notes)
    assert noted == number
    assert reason
    assert reason not in page.url


async def test_a_scope_that_is_not_registered_is_refused(houses: Houses) -> None:
    """A system never gets more than it was registered for, however it signs."""
    page = await houses.browser().open((await a_request(houses, ("openid", "id_doc"))).url, until=CALLBACK)
    assert error_of(page) == ("invalid_scope", "007019")


async def test_the_certificate_of_another_system_signs_nothing(houses: Houses) -> None:
    """OTHER signs in the name of MYSCHOOL with its own registered certificate."""
    stranger = await another_system(houses)
    mine = await houses.client()
    sent = await a_request(houses, client=Client(mine.mnemonic, stranger.keys))
    page = await houses.browser().open(sent.url, until=CALLBACK)
    assert error_of(page)[1] == "007002"


async def test_an_old_request_is_refused(houses: Houses, clock_at: ClockAt) -> None:
    """A request found in a log an hour later opens nothing."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    sent = await a_request(houses)
    time.advance(timedelta(hours=1))
    page = await houses.browser().open(sent.url, until=CALLBACK)
    assert error_of(page)[1] == "007015"


async def test_the_request_is_kept_over_a_long_sign_in(houses: Houses, clock_at: ClockAt) -> None:
    """Signing in may take longer than the signed time of the request is good for."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    person = await houses.person()
    browser = houses.browser()
    sent = await a_request(houses)
    page = await browser.open(sent.url, until=f"{ESIA}/login")
    wanted = query_of(page.url)["next"]
    time.advance(timedelta(minutes=40))
    await browser.sign_in(person)
    page = await browser.open(f"{ESIA}{wanted}")
    assert page.title == "Предоставление прав доступа"
    page = await browser.press(page, {"answer": "grant"}, until=CALLBACK)
    assert query_of(page.url)["state"] == sent.attempt.state


async def test_what_is_over_is_forgotten(houses: Houses, clock_at: ClockAt) -> None:
    """Requests and questions that nobody came back to do not pile up."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    person = await houses.person()
    for _ in range(3):
        browser = houses.browser()
        await browser.sign_in(person)
        await browser.open((await a_request(houses)).url)
        time.advance(timedelta(hours=3))

    async def left(tx) -> tuple[int, int]:
        requests = (await tx.execute(select(store.authorize_request.c.key))).all()
        questions = (await tx.execute(select(grants_store.consent_question.c.id))).all()
        return len(requests), len(questions)

    assert await houses.gosuslugi.db.run(left) == (1, 1)


async def test_a_session_that_ends_on_the_consent_page_loses_nothing(houses: Houses) -> None:
    """«Предоставить» after half an hour: sign in again, the same question, and on to the system."""
    person = await houses.person()
    browser = houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    asked = await browser.open(sent.url)
    await browser.end_session(ESIA)
    page = await browser.press(asked, {"answer": "grant"}, until=f"{ESIA}/login")
    wanted = query_of(page.url)["next"]
    assert wanted == asked.path
    await browser.sign_in(person)
    page = await browser.press(await browser.open(f"{ESIA}{wanted}"), {"answer": "grant"}, until=CALLBACK)
    assert query_of(page.url)["state"] == sent.attempt.state


async def test_pressing_twice_brings_one_answer_more_and_one_grant(houses: Houses) -> None:
    """A double press, or a reload of the POST, ends at the system both times."""
    person = await houses.person()
    browser = houses.browser()
    await browser.sign_in(person)
    asked = await browser.open((await a_request(houses)).url)
    for _ in range(2):
        page = await browser.press(asked, {"answer": "grant"}, until=CALLBACK)
        assert "code" in query_of(page.url)


async def test_back_to_the_consent_page_says_that_it_was_answered(houses: Houses) -> None:
    """No second question, no loop: what was answered, and the way back to the system."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    asked = await browser.open((await a_request(houses)).url)
    await browser.press(asked, {"answer": "grant"}, until=CALLBACK)
    again = await browser.open(asked.url)
    assert again.title == "Доступ уже предоставлен"
    assert "Вернуться в «Моя школа»" in again.words


async def test_refusing_is_told_to_the_system_and_stands(houses: Houses) -> None:
    """«Отказать» → 007004; Back and «Предоставить» do not turn it round behind the person's back."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    sent = await a_request(houses)
    asked = await browser.open(sent.url)
    page = await browser.press(asked, {"answer": "refuse"}, until=CALLBACK)
    assert error_of(page) == ("access_denied", "007004")
    assert query_of(page.url)["state"] == sent.attempt.state
    page = await browser.press(asked, {"answer": "grant"}, until=CALLBACK)
    assert page.title == "Вы отказали в доступе"


async def test_another_person_cannot_answer_the_question(houses: Houses) -> None:
    """A question is put to one person; for anybody else it does not exist."""
    first, second = houses.browser(), houses.browser()
    await first.sign_in(await houses.person())
    await second.sign_in(await houses.person())
    asked = await first.open((await a_request(houses)).url)
    assert (await second.open(asked.url)).status == 404


async def test_the_waiting_request_asks_each_person_anew(houses: Houses) -> None:
    """One's consent at a shared computer is not the next one's."""
    browser = houses.browser()
    page = await browser.open((await a_request(houses)).url, until=f"{ESIA}/login")
    waiting = f"{ESIA}{query_of(page.url)['next']}"
    await browser.sign_in(await houses.person())
    await browser.press(await browser.open(waiting), {"answer": "grant"}, until=CALLBACK)
    await browser.sign_in(await houses.person())
    assert (await browser.open(waiting, until=CALLBACK)).title == "Предоставление прав доступа"


async def test_nothing_else_than_a_press_grants(houses: Houses) -> None:
    """Opening the page, or sending the form without an answer, gives nothing away."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    asked = await browser.open((await a_request(houses)).url)
    for answer in ({}, {"answer": ""}, {"answer": "yes"}):
        assert (await browser.press(asked, answer, until=CALLBACK)).title == "Предоставление прав доступа"


async def test_the_form_may_lead_to_the_system_and_nowhere_else(houses: Houses) -> None:
    """The content policy names the one other origin, or the browser would stop the redirect."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    asked = await browser.open((await a_request(houses)).url)
    assert f"form-action 'self' {PORTAL};" in asked.headers["content-security-policy"]


async def test_a_filter_keeps_unconfirmed_accounts_out(houses: Houses) -> None:
    """`person_filter=conf_acc` answers 007055 for anybody else."""
    browser = houses.browser()
    await browser.sign_in(await houses.person(Level.STANDARD))
    sent = await a_request(houses)
    url = authorization_request(ESIA, sent.client, sent.attempt, clock.now(), [PersonFilter.CONFIRMED])
    assert error_of(await browser.open(url, until=CALLBACK))[1] == "007055"


async def test_wider_scopes_are_asked_for_anew(houses: Houses) -> None:
    """What was granted goes through; one datum more, and the page comes back."""
    person = await houses.person()
    browser = houses.browser()
    await browser.sign_in(person)
    await grant(houses, browser, person, await a_request(houses, ("openid", "fullname")))
    page = await browser.open((await a_request(houses, ("openid", "fullname"))).url, until=CALLBACK)
    assert "code" in query_of(page.url)
    page = await browser.open((await a_request(houses, ("openid", "fullname", "snils"))).url, until=CALLBACK)
    assert page.title == "Предоставление прав доступа"
