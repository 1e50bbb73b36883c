"""The portal believes nothing that it cannot check: signature, algorithm, issuer, audience, time, person."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from myschool.esia.certificates import make_key_pair
from myschool.esia.claims import Provider, Subject
from myschool.esia.jws import Kind, UnverifiedToken, compose
from myschool.esia.levels import AccountLevel
from myschool.esia.requests import new_attempt
from myschool.esia.tokens import issue_tokens
from myschool.gosuslugi.family.model import ALL_RIGHTS, READING
from myschool.gosuslugi.family.store.guardianships import guardianship
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.portal.signin.gateway import HttpEsia
from myschool.portal.signin.model import SCOPES, Failure, Told, Why
from tests.gosuslugi.provider.houses import ESIA, Houses
from tests.gosuslugi.provider.parts import CALLBACK, access_token, another_system

Tamper = Callable[[dict[str, str]], dict[str, str]]


def segment(token: str, index: int) -> dict[str, object]:
    part = token.split(".")[index]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def packed(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(token: str) -> str:
    return f"{packed({**segment(token, 0), 'alg': 'none'})}.{token.split('.')[1]}."


def by_hmac(token: str) -> str:
    return f"{packed({**segment(token, 0), 'alg': 'HS256'})}.{'.'.join(token.split('.')[1:])}"


def with_claims(token: str, **claims: object) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{packed({**segment(token, 1), **claims})}.{signature}"


class Answers:
    """An ESIA that gives these tokens, and forwards the data API to the real one."""

    def __init__(self, houses: Houses, tokens: Callable[[str], dict[str, str]]) -> None:
        self.houses, self.tokens = houses, tokens

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/rs/"):
            answer = await self.houses.wire.get(str(request.url), headers=request.headers)
            return httpx.Response(answer.status_code, content=answer.content)
        state = dict(httpx.QueryParams(request.content.decode()))["state"]
        usual = {"state": state, "token_type": "Bearer", "expires_in": 3600}
        return httpx.Response(200, json={**usual, **self.tokens(state)})


async def asked(houses: Houses, tokens: Callable[[str], dict[str, str]], mnemonic: str = "MYSCHOOL") -> Told | Failure:
    http = httpx.AsyncClient(transport=httpx.MockTransport(Answers(houses, tokens)))
    esia = HttpEsia(ESIA, mnemonic, houses.esia.issuer, houses.esia.certificates, http)
    client = replace(await houses.client(), mnemonic=mnemonic)
    return await esia.ask(client, new_attempt(CALLBACK, SCOPES), "code", clock.now())


async def genuine(houses: Houses, person: Person, mnemonic: str = "MYSCHOOL", issuer: str = "", **subject: object):
    """Tokens as the provider itself writes them, for the session that stands behind `access_token`."""
    parsed = await houses.gosuslugi.db.run(lambda tx: houses.provider_keys.load(tx, houses.gosuslugi.vault))
    provider = Provider(issuer or parsed.provider.issuer, parsed.provider.keys)
    good, _ = await access_token(houses, person)
    sid = str(segment(good, 1)["urn:esia:sid"])
    who = Subject(person.oid, AccountLevel.CONFIRMED, clock.now(), sid)
    who = replace(who, **subject)
    made = issue_tokens(provider, mnemonic, SCOPES, who, "state", clock.now())
    assert made.id_token is not None
    return {"access_token": made.access_token, "id_token": made.id_token}


async def test_a_genuine_answer_is_believed(houses: Houses) -> None:
    """So that the refusals below are refused for their one fault."""
    person = await houses.person()
    tokens = await genuine(houses, person)
    told = await asked(houses, lambda _: tokens)
    assert isinstance(told, Told)
    assert told.person.oid == person.oid


async def test_it_is_heeded_when_the_adult_only_reads(houses: Houses) -> None:
    """From the provider's word to the portal's."""
    mother = await houses.person()
    await houses.child(mother)
    for rights, only_read in ((ALL_RIGHTS, False), (READING, True)):
        said = update(guardianship).values(rights=" ".join(rights))
        await houses.gosuslugi.db.run(lambda tx, said=said: tx.execute(said))
        tokens = await genuine(houses, mother)
        told = await asked(houses, lambda _, tokens=tokens: tokens)
        assert isinstance(told, Told)
        assert [child.only_read for child in told.children] == [only_read]


FAULTS: dict[str, Tamper] = {
    "unsigned id_token": lambda t: {**t, "id_token": unsigned(t["id_token"])},
    "unsigned access_token": lambda t: {**t, "access_token": unsigned(t["access_token"])},
    "HS256 in the header": lambda t: {**t, "id_token": by_hmac(t["id_token"])},
    "another person in the claims": lambda t: {**t, "id_token": with_claims(t["id_token"], sub=1)},
    "later end in the claims": lambda t: {**t, "access_token": with_claims(t["access_token"], exp=9_999_999_999)},
    "access_token in place of id_token": lambda t: {**t, "id_token": t["access_token"]},
    "id_token in place of access_token": lambda t: {**t, "access_token": t["id_token"]},
    "no id_token": lambda t: {"access_token": t["access_token"]},
    "broken signature": lambda t: {**t, "id_token": t["id_token"][:-8] + "AAAAAAAA"},
    "nonsense": lambda t: {**t, "id_token": "a.b.c"},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_tampered_answer_is_not_believed(houses: Houses, fault: str) -> None:
    """Nobody is signed in, and the person reads that the answer could not be checked."""
    tokens = await genuine(houses, await houses.person())
    told = await asked(houses, lambda _: FAULTS[fault](tokens))
    assert isinstance(told, Failure)
    assert told.why is Why.NOT_BELIEVED


async def test_tokens_for_another_system_are_not_believed(houses: Houses) -> None:
    """A system that got somebody's tokens cannot use them to sign in here as that person."""
    person = await houses.person()
    await another_system(houses)
    tokens = await genuine(houses, person, mnemonic="OTHER")
    told = await asked(houses, lambda _: tokens)
    assert (isinstance(told, Failure), getattr(told, "detail", "")) == (True, "other_audience")


async def test_another_issuer_is_not_believed(houses: Houses) -> None:
    """To the letter: `https` where ESIA writes `http` is another one."""
    tokens = await genuine(houses, await houses.person(), issuer="https://esia.test/")
    told = await asked(houses, lambda _: tokens)
    assert (isinstance(told, Failure), getattr(told, "detail", "")) == (True, "other_issuer")


async def test_a_foreign_key_signs_nothing(houses: Houses) -> None:
    """Right claims, right algorithm, a key that ESIA does not have."""
    tokens = await genuine(houses, await houses.person())
    stranger = make_key_pair("ESIA sandbox", clock.now())
    forged = compose(Kind.IDENTITY, segment(tokens["id_token"], 1), stranger.signer)
    told = await asked(houses, lambda _: {**tokens, "id_token": forged})
    assert (isinstance(told, Failure), getattr(told, "detail", "")) == (True, "bad_signature")


async def test_two_people_in_one_answer_are_not_believed(houses: Houses) -> None:
    """id_token of one, access_token of another: whose data would be read?"""
    first, second = await genuine(houses, await houses.person()), await genuine(houses, await houses.person())
    told = await asked(houses, lambda _: {**first, "access_token": second["access_token"]})
    assert (isinstance(told, Failure), getattr(told, "detail", "")) == (True, "other_subject")


async def test_an_expired_answer_is_not_believed(houses: Houses, clock_at) -> None:
    """Kept for a day and shown again."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    tokens = await genuine(houses, await houses.person())
    time.advance(timedelta(days=1))
    told = await asked(houses, lambda _: tokens)
    assert (isinstance(told, Failure), getattr(told, "detail", "")) == (True, "expired")


async def test_another_state_in_the_answer_is_not_believed(houses: Houses) -> None:
    """The token answer must echo the state of this very request."""
    tokens = await genuine(houses, await houses.person())
    told = await asked(houses, lambda _: {**tokens, "state": "00000000-0000-4000-8000-000000000000"})
    assert (isinstance(told, Failure), getattr(told, "detail", "")) == (True, "other_state")


async def test_without_esias_certificate_nobody_comes_in(houses: Houses) -> None:
    """A missing file closes the door instead of opening it."""
    tokens = await genuine(houses, await houses.person())
    houses.esia.certificates.path.unlink()
    told = await asked(houses, lambda _: tokens)
    assert (isinstance(told, Failure), getattr(told, "why", "")) == (True, Why.UNAVAILABLE)


def test_a_token_hides_itself() -> None:
    """No token stands in a log by accident."""
    assert "secret" not in repr(UnverifiedToken("secret"))
