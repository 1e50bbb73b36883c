"""The portal as OpenID Provider: every lock of a launch, from the address to the token, over HTTP."""

import asyncio
from collections import Counter
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from myschool.kit import clock, keyring
from myschool.kit.journal import journal_entry
from myschool.kit.web import sessions
from myschool.portal.consents import actions as consents
from myschool.portal.content import keys
from myschool.portal.content.actions import catalogue, entitling, launching, register_platform
from myschool.portal.content.model import Claim, NotActive
from myschool.portal.content.store.codes import code_redemption, oidc_secret
from myschool.portal.content.store.entitlements import entitlement, launch, ledger_entry
from myschool.portal.people import actions as people
from tests.portal.content.conftest import (
    IDLE,
    OTHER_REDIRECT,
    OTHER_SECRET,
    REDIRECT,
    Browser,
    World,
    card,
    challenge,
    credentials,
    other_connection,
    payload_of,
    query_of,
    redeem,
    userinfo,
)


@pytest.fixture
async def browser(world: World) -> Browser:
    """The pupil's, with «Числарий» active."""
    await world.approve(world.pupil)
    await activated(world)
    return await world.browser().signed_in(world.pupil)


async def activated(world: World, slug: str = "chislary") -> None:
    async def work(tx) -> None:
        platform = await catalogue.platform(tx, slug)
        await entitling.activate(tx, world.vault, world.pupil.id, world.pupil.id, platform, clock.now())

    await world.db.run(work)


# -- what is given out -------------------------------------------------------------------------------------------------


async def test_the_id_token_says_what_was_declared_and_nothing_else(world: World, browser: Browser) -> None:
    """Pseudonym, role and grade; the e-mail, phone, name and school that were asked for beside are not there."""
    answer = await redeem(world, await browser.code())
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    claims = payload_of(answer.json()["id_token"])
    protocol = {"iss", "aud", "sub", "iat", "exp", "jti", "at_hash", "nonce"}
    assert set(claims) - protocol == {"role", "grade"}
    assert (claims["role"], claims["grade"], claims["nonce"], claims["aud"]) == ("learner", 8, "n1", "chislary")
    known = (await userinfo(world, answer.json()["access_token"])).json()
    assert known == {"sub": claims["sub"], "role": "learner", "grade": 8}


async def test_only_what_was_asked_is_sent(world: World, browser: Browser) -> None:
    """A platform that asks for less than it declared gets less, and the ledger says so."""
    answer = await redeem(world, await browser.code(scope="openid grade"))
    assert not {"role"} & set(payload_of(answer.json()["id_token"]))
    assert await rows(world, select(ledger_entry.c.claims)) == [(["grade"],)]


async def test_no_personal_data_leaves(world: World, browser: Browser) -> None:
    """Tokens, userinfo, ledger, journal, agenda and addresses hold no name, e-mail, СНИЛС, oid, nor any id of ours."""
    location = (await browser.authorize()).headers["location"]
    answer = await redeem(world, query_of(location)["code"])
    tokens = [payload_of(answer.json()[name]) for name in ("id_token", "access_token")]
    known = (await userinfo(world, answer.json()["access_token"])).json()
    ledger = await rows(world, select(ledger_entry.c.at, ledger_entry.c.channel, ledger_entry.c.claims))
    journal = await rows(world, select(journal_entry.c.tag, journal_entry.c.facts))
    said = repr([location, tokens, known, ledger, journal, answer.headers])
    one = world.pupil
    assert one.snils is not None
    ids = [str(row[0]) for table in (entitlement.c.person_id, launch.c.id) for row in await rows(world, select(table))]
    forbidden = [one.name.given_name, one.name.family_name, one.snils.digits, str(one.oid), str(one.id), *ids]
    forbidden += ["pochta.example", "2012-04-05", one.id.hex]
    assert [word for word in forbidden if word in said] == []


async def test_two_platforms_cannot_match_their_pupils(world: World, browser: Browser, clock_at) -> None:
    """Put side by side all that two platforms got in one session: what is equal for one pupil is equal for all."""
    await world.db.run(lambda tx: register_platform(tx, card("Другая", "other"), other_connection(), clock.now()))
    await world.approve(world.child, grade=8)
    await world.run(consents.give, world.parent.id, world.child.id)
    here: list[dict] = []
    there: list[dict] = []
    for minute, person, actor in ((1, world.pupil, world.pupil), (3, world.child, world.parent)):
        for slug in ("chislary", "other"):
            await world.run(_activate_as, actor.id, person.id, slug)
        walker = await world.browser().signed_in(person)
        clock_at(f"2026-11-23T12:0{minute}:00+03:00")
        here.append(await everything(world, await walker.code(nonce=f"a{minute}"), {}))
        clock_at(f"2026-11-23T12:0{minute}:40+03:00")
        code = await walker.code(client_id="other", redirect_uri=OTHER_REDIRECT, nonce=f"b{minute}")
        there.append(await everything(world, code, {"redirect_uri": OTHER_REDIRECT, "auth": ("other", OTHER_SECRET)}))
    assert len({got["id_token.sub"] for got in here + there}) == 4
    for one, other in zip(here, there, strict=True):
        same = {name for name in one if one[name] == other.get(name)}
        assert same == {name for name in same if here[0][name] == here[1][name] == there[0][name] == there[1][name]}
        assert "id_token.role" in same


async def everything(world: World, code: str, form: dict) -> dict:
    """All that a platform gets for one code, by name of the token and of the claim."""
    answer = (await redeem(world, code, **form)).json()
    known = (await userinfo(world, answer["access_token"])).json()
    got = {
        f"{name}.{claim}": value
        for name in ("id_token", "access_token")
        for claim, value in payload_of(answer[name]).items()
    }
    return got | {f"userinfo.{claim}": value for claim, value in known.items()}


async def _activate_as(tx, vault, actor_id, person_id, slug, now) -> None:
    """With ESIA's word of this moment, as the page asks for it before the button is taken."""
    await people.take_children(tx, vault, actor_id, await people.children_named(tx, vault, actor_id), now)
    await entitling.activate(tx, vault, actor_id, person_id, await catalogue.platform(tx, slug), now)


async def test_the_pseudonym_stays(world: World, browser: Browser) -> None:
    """The same at every sign-in, after a key rotation and after the vault's key changed."""
    first = payload_of((await redeem(world, await browser.code())).json()["id_token"])
    await world.db.run(lambda tx: keyring.rotate(tx, world.vault, keys.USE, keys.new_key))
    second = payload_of((await redeem(world, await browser.code())).json()["id_token"])
    assert first["sub"] == second["sub"]
    assert first["jti"] != second["jti"]


async def test_secrets_are_sealed(world: World, browser: Browser) -> None:
    """The salt of pseudonyms and the secret of codes are not readable in the database."""
    parsed = await world.db.run(lambda tx: keys.read(tx, world.vault))
    stored = b"".join(row[0] for row in await rows(world, select(oidc_secret.c.secret_sealed)))
    assert len(parsed.salt) == 32
    assert parsed.salt not in stored
    assert parsed.salt.hex().encode() not in stored


# -- the address -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        REDIRECT + "/",
        REDIRECT + "?x=1",
        REDIRECT.upper(),
        REDIRECT.replace("https://platform.test", "https://platform.test:443"),
        REDIRECT.replace("https:", "http:"),
        REDIRECT.replace("platform.test", "platform.test.evil.test"),
        REDIRECT + "/../callback",
        OTHER_REDIRECT,
        "",
    ],
)
async def test_a_redirect_uri_is_exact(browser: Browser, address: str) -> None:
    """Anything but the registered address, to the letter, ends on a page of ours and sends nobody anywhere."""
    answer = await browser.authorize(redirect_uri=address)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "Мы никому ничего не передали" in answer.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain", "code_challenge": "v" * 43}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "role"}, "invalid_scope"),
        ({"request": "x.y.z"}, "request_not_supported"),
    ],
)
async def test_a_wrong_request_is_told_to_the_platform(browser: Browser, changed: dict, error: str) -> None:
    """By redirect to its registered address, with state and issuer, and without a code."""
    location = (await browser.authorize(**changed)).headers["location"]
    said = query_of(location)
    assert location.startswith(REDIRECT + "?")
    assert (said["error"], said["state"], said["iss"]) == (error, "s1", "https://portal.test")
    assert "code" not in said


async def test_an_unknown_platform_is_told_on_a_page(browser: Browser) -> None:
    """Nobody to be trusted stands behind it."""
    answer = await browser.authorize(client_id="nobody")
    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_prompt_none_never_shows_a_page(world: World, browser: Browser) -> None:
    """Answered at once: with a code, or `login_required`, or `consent_required`."""
    assert "code" in query_of((await browser.authorize(prompt="none")).headers["location"])
    stranger = world.browser()
    assert query_of((await stranger.authorize(prompt="none")).headers["location"])["error"] == "login_required"
    await world.run(_withdraw)
    assert query_of((await browser.authorize(prompt="none")).headers["location"])["error"] == "consent_required"


async def test_prompt_login_asks_for_a_fresh_sign_in_and_then_answers(world: World, browser: Browser, clock_at) -> None:
    """Once: the sign-in that follows meets the demand, and the request does not ask again for ever."""
    clock_at("2026-11-23T12:04:00+03:00")
    asked = await browser.authorize(prompt="login")
    assert urlsplit(asked.headers["location"]).path == "/login"
    page = await browser.open("/platforms")
    assert "Войдите" in page.text
    clock_at("2026-11-23T12:05:00+03:00")
    before = browser.http.cookies["__Host-portal"]
    await _sign_in_keeping(world, browser, before)
    assert "code" in query_of((await browser.authorize(prompt="login")).headers["location"])


async def test_a_moment_that_is_told_is_told_to_one(world: World, browser: Browser, clock_at) -> None:
    """`max_age` brings `auth_time`, and therefore demands a sign-in of its own: no two platforms see the same one."""
    clock_at("2026-11-23T12:04:00+03:00")
    asked = await browser.authorize(max_age="86400")
    assert urlsplit(asked.headers["location"]).path == "/login"
    clock_at("2026-11-23T12:05:00+03:00")
    await _sign_in_keeping(world, browser, browser.http.cookies["__Host-portal"])
    answer = await redeem(world, await browser.code(max_age="86400"))
    assert payload_of(answer.json()["id_token"])["auth_time"] == int(clock.now().timestamp())


async def _sign_in_keeping(world: World, browser: Browser, token: str) -> None:
    """What the callback of ESIA does: the session goes on under a new token."""

    async def work(tx) -> str:
        session = await sessions.load(tx, world.vault, token, clock.now())
        session.sign_in(world.pupil.id, "Вера", clock.now())
        await sessions.save(tx, world.vault, session, "test", clock.now(), IDLE)
        return session.token

    fresh = await world.db.run(work)
    browser.http.cookies.set("__Host-portal", fresh, domain="portal.test", path="/")


# -- the code ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"redirect_uri": REDIRECT + "/"}, 400, "invalid_grant"),
        ({"auth": ("chislary", "wrong" * 12)}, 401, "invalid_client"),
        ({"auth": ("nobody", "x" * 64)}, 401, "invalid_client"),
        ({"auth": None}, 401, "invalid_client"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"code": "not-a-code"}, 400, "invalid_grant"),
    ],
)
async def test_a_code_is_redeemed_by_its_platform_alone(
    world: World, browser: Browser, changed: dict, status: int, error: str
) -> None:
    """Wrong verifier, address, secret or platform: refused, and the code stays good for its own platform."""
    code = await browser.code()
    given = {"code": code, **changed}
    refused = await redeem(world, given.pop("code"), **given)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert (await redeem(world, code)).status_code == 200


async def test_another_platform_cannot_redeem_a_stolen_code(world: World, browser: Browser) -> None:
    """Even with a secret of its own and the verifier."""
    await world.db.run(lambda tx: register_platform(tx, card("Другая", "other"), other_connection(), clock.now()))
    refused = await redeem(world, await browser.code(), auth=("other", OTHER_SECRET))
    assert refused.json()["error"] == "invalid_grant"


async def test_a_second_use_takes_back_what_the_first_got(world: World, browser: Browser) -> None:
    """The second is refused, and the token of the first opens nothing any more."""
    code = await browser.code()
    first = (await redeem(world, code)).json()
    assert (await userinfo(world, first["access_token"])).status_code == 200
    second = await redeem(world, code)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    assert (await userinfo(world, first["access_token"])).status_code == 401


async def test_eight_at_once_are_one(world: World, browser: Browser) -> None:
    """Of eight parallel redemptions one succeeds, one row is written, one line stands in the ledger."""
    for _ in range(5):
        code = await browser.code()
        answers = await asyncio.gather(*(redeem(world, code) for _ in range(8)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 7}
    assert len(await rows(world, select(code_redemption.c.jti))) == 5
    assert len(await rows(world, select(ledger_entry.c.id))) == 5


async def test_a_code_lives_a_minute(world: World, browser: Browser, clock_at) -> None:
    """A minute later it is worth nothing."""
    code = await browser.code()
    clock_at("2026-11-23T12:01:00+03:00")
    assert (await redeem(world, code)).json()["error"] == "invalid_grant"


async def test_a_code_survives_the_turn_of_the_month(world: World, browser: Browser, clock_at) -> None:
    """Codes are sealed under a key of the month; last month's still opens."""
    clock_at("2026-12-01T02:59:50+03:00")
    await browser.signed_in(world.pupil)
    code = await browser.code()
    clock_at("2026-12-01T03:00:10+03:00")
    assert (await redeem(world, code)).status_code == 200


# -- the entitlement ---------------------------------------------------------------------------------------------------


async def _withdraw(tx, vault, now) -> None:
    platform = await catalogue.platform(tx, "chislary")
    person_id = (await tx.execute(select(entitlement.c.person_id))).scalars().first()
    await entitling.withdraw(tx, vault, person_id, person_id, platform, now)


async def _consent_withdrawn(tx, vault, now) -> None:
    person_id = (await tx.execute(select(entitlement.c.person_id))).scalars().first()
    await consents.withdraw(tx, vault, person_id, person_id, now)


@pytest.mark.parametrize("ending", [_withdraw, _consent_withdrawn])
async def test_what_ended_opens_nothing(world: World, browser: Browser, ending) -> None:
    """Launch, authorization, a code in flight and a token in hand: all closed by the same transaction."""
    in_flight = await browser.code()
    in_hand = (await redeem(world, await browser.code())).json()["access_token"]
    await world.run(ending)
    assert (await redeem(world, in_flight)).json()["error"] == "invalid_grant"
    assert (await userinfo(world, in_hand)).status_code == 401
    shown = await browser.authorize()
    assert shown.headers["location"] == "/platforms/chislary"
    platform = await world.db.run(lambda tx: catalogue.platform(tx, "chislary"))
    with pytest.raises(NotActive):
        await world.run(launching.begin_launch, world.pupil.id, platform, "https://portal.test")


async def test_an_event_suspends_and_restores(world: World, browser: Browser) -> None:
    """Consent withdrawn: suspended as soon as the agenda is read; given again: active, without asking anew."""
    await world.run(_consent_withdrawn)
    await world.drain()
    assert await rows(world, select(entitlement.c.state, entitlement.c.why)) == [("suspended", "no_consent")]
    await world.run(consents.give, world.pupil.id, world.pupil.id)
    await world.drain()
    assert await rows(world, select(entitlement.c.state, entitlement.c.why)) == [("active", None)]


async def test_the_offers_last_day_is_the_last(world: World, browser: Browser, clock_at) -> None:
    """Open until the end of the day in Moscow, closed after it."""
    clock_at("2027-05-31T23:59:00+03:00")
    await browser.signed_in(world.pupil)
    assert "code" in query_of((await browser.authorize()).headers["location"])
    clock_at("2027-06-01T00:00:30+03:00")
    assert (await browser.authorize()).headers["location"] == "/platforms/chislary"


async def test_more_data_needs_a_new_agreement(world: World, browser: Browser) -> None:
    """A platform that now declares the name gets nobody until each family has agreed to that."""
    wider = card(claims={Claim.ROLE, Claim.GRADE, Claim.NAME, Claim.SCHOOL})
    own = credentials(world.settings)
    connection = catalogue.Connection(
        client_id=own[0],
        secret=own[1],
        redirect_uris=[REDIRECT],
        initiate_login_uri=REDIRECT.replace("callback", "initiate"),
    )
    await world.db.run(lambda tx: register_platform(tx, wider, connection, clock.now()))
    assert (await browser.authorize()).headers["location"] == "/platforms/chislary"
    page = await browser.open("/platforms/chislary")
    assert "Вера Лесная" in page.text
    assert "Школа № 148, ОГРН 1022402060328" in page.text
    await browser.press(page, "/platforms/chislary/activate")
    claims = payload_of((await redeem(world, await browser.code())).json()["id_token"])
    assert (claims["given_name"], claims["school_name"]) == ("Вера", "Школа № 148")


async def test_a_session_of_another_person_gets_that_persons_answer(world: World, browser: Browser) -> None:
    """On a shared computer the one who is signed in now is meant: a parent has no platform of her own."""
    parent = await world.browser().signed_in(world.parent)
    assert (await parent.authorize()).headers["location"] == "/platforms/chislary"


# -- documents ---------------------------------------------------------------------------------------------------------


async def test_discovery_promises_what_is_kept(browser: Browser) -> None:
    """Issuer, endpoints, pairwise subjects, PKCE S256, ES256 and the one method of client authentication."""
    document = (await browser.open("/.well-known/openid-configuration")).json()
    assert document["issuer"] == "https://portal.test"
    assert document["subject_types_supported"] == ["pairwise"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["id_token_signing_alg_values_supported"] == ["ES256"]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic"]
    assert not {"email", "phone_number", "birthdate"} & set(document["claims_supported"])


async def test_tokens_verify_with_the_published_keys_across_a_rotation(world: World, browser: Browser) -> None:
    """Judged by joserfc alone; the next key is published before it signs, and no private half ever is."""
    token = (await redeem(world, await browser.code())).json()["id_token"]
    published = (await browser.open("/oidc/jwks")).json()
    assert len(published["keys"]) == 2
    assert not any("d" in key for key in published["keys"])
    assert jwt.decode(token, KeySet.import_key_set(published), algorithms=["ES256"]).claims["role"] == "learner"
    rotated = await world.db.run(lambda tx: keyring.rotate(tx, world.vault, keys.USE, keys.new_key))
    assert rotated.public.kid in {key["kid"] for key in published["keys"]}


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer x.y.z", "Basic abc"])
async def test_userinfo_needs_a_token(world: World, header: str) -> None:
    """401 with a challenge, and nothing else."""
    answer = await world.browser().open("/oidc/userinfo", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_id_token_is_no_access_token(world: World, browser: Browser) -> None:
    """What was written for the platform does not open userinfo."""
    answer = (await redeem(world, await browser.code())).json()
    assert (await userinfo(world, answer["id_token"])).status_code == 401


async def rows(world: World, query) -> list:
    async def work(tx) -> list:
        return [tuple(row) for row in await tx.execute(query)]

    return await world.db.run(work)


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uris": ["http://platform.test/cb"]},
        {"redirect_uris": []},
        {"redirect_uris": ["https://a.test/cb", "https://b.test/cb"]},
        {"initiate_login_uri": "https://elsewhere.test/start"},
        {"initiate_login_uri": "javascript:alert(1)"},
        {"secret": "short"},
    ],
)
async def test_a_registration_is_checked(world: World, changed: dict) -> None:
    """One https host for all addresses and a secret that cannot be guessed."""
    given = {
        "client_id": "x",
        "secret": "s" * 64,
        "redirect_uris": ["https://a.test/cb"],
        "initiate_login_uri": "https://a.test/start",
        **changed,
    }
    with pytest.raises(catalogue.WrongRegistration):
        await world.db.run(lambda tx: register_platform(tx, card(slug="x"), catalogue.Connection(**given), clock.now()))


def test_the_challenge_of_the_tests_is_the_standards() -> None:
    """RFC 7636, appendix B."""
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
