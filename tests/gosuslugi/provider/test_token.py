"""A code is exchanged once, by the system it was made for, while what stands behind it stands."""

import asyncio

import pytest

from myschool.esia.requests import TOKEN_PATH, Client, logout_url, new_attempt, token_request
from myschool.kit import clock
from tests.gosuslugi.provider.houses import ESIA, Houses
from tests.gosuslugi.provider.parts import CALLBACK, Sent, a_request, another_system, grant, read, redeem

ROUNDS = 25


async def test_the_answer_is_esias(houses: Houses) -> None:
    """State of the token request, Bearer, an hour; both tokens; nothing is cached."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    answer = await redeem(houses, sent, await grant(houses, browser, person, sent))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"state", "token_type", "expires_in", "access_token", "id_token"}
    assert answer.json()["expires_in"] == 3600


async def test_a_second_use_is_refused_and_takes_back_what_the_first_got(houses: Houses) -> None:
    """Somebody else has the code too, so nobody keeps what it brought (RFC 6749 §4.1.2)."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    code = await grant(houses, browser, person, sent)
    token = (await redeem(houses, sent, code)).json()["access_token"]
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 200
    second = await redeem(houses, sent, code)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    assert second.json()["error_description"].startswith("ESIA-007011")
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 401


async def test_eight_at_once_get_one_answer(houses: Houses) -> None:
    """Parallel redemptions of one code, round after round: never two grants, and never none."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    for _ in range(ROUNDS):
        sent = await a_request(houses)
        code = await grant(houses, browser, person, sent)
        answers = await asyncio.gather(*(redeem(houses, sent, code) for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]


async def test_another_system_cannot_redeem_the_code(houses: Houses) -> None:
    """A stolen code is worth nothing with another's key."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    code = await grant(houses, browser, person, sent)
    stranger = await another_system(houses)
    theirs = Sent(stranger, new_attempt(CALLBACK, ("openid", "fullname")), "")
    answer = await redeem(houses, theirs, code, code_verifier=sent.attempt.code_verifier)
    assert answer.json()["error_description"].startswith("ESIA-007011")
    impostor = await redeem(houses, sent, code, client=Client(sent.client.mnemonic, stranger.keys))
    assert impostor.json()["error_description"].startswith("ESIA-007002")
    assert (await redeem(houses, sent, code)).status_code == 200


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ({"code_verifier": "x" * 43}, "007040"),
        ({"code_verifier": ""}, "007014"),
        ({"redirect_uri": "https://evil.test/"}, "007023"),
        ({"grant_type": "password"}, "007012"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "007005"),
        ({"client_secret": "AAAA"}, "007053"),
        ({"client_id": "NOBODY"}, "008010"),
        ({"state": "1"}, "007003"),
    ],
)
async def test_an_unsound_request_is_refused_in_esias_words(houses: Houses, other: dict[str, str], number: str) -> None:
    """HTTP 400 JSON; the code stays good for the sound one."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    code = await grant(houses, browser, person, sent)
    answer = await redeem(houses, sent, code, **other)
    assert answer.status_code == 400
    assert answer.json()["error_description"].startswith(f"ESIA-{number}")
    assert (await redeem(houses, sent, code)).status_code == 200


async def test_who_signed_out_gives_no_token(houses: Houses) -> None:
    """The session ended between code and token."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    code = await grant(houses, browser, person, sent)
    await browser.open(logout_url(ESIA, sent.client.mnemonic))
    assert (await redeem(houses, sent, code)).status_code == 400


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%ff", b"&" * 500, b"a=" + b"x" * 100_000, b"{}"])
async def test_nonsense_is_answered_with_a_refusal(houses: Houses, body: bytes) -> None:
    """Whatever comes, the answer is ESIA's and never an error of ours."""
    answer = await houses.wire.post(f"{ESIA}/aas/oauth2/v3/te", content=body)
    assert answer.status_code == 400
    assert answer.json()["error_description"].startswith("ESIA-")


async def test_the_fields_may_stand_in_the_query(houses: Houses) -> None:
    """One real client sends them there."""
    person, browser = await houses.person(), houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses)
    code = await grant(houses, browser, person, sent)
    form = token_request(sent.client, sent.attempt, code, clock.now())
    assert (await houses.wire.post(f"{ESIA}{TOKEN_PATH}", params=form)).status_code == 200
