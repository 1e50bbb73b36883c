"""The data API opens what was granted, of that person, while the grant, the session and the guardianship stand."""

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from myschool.esia.requests import logout_url
from myschool.gosuslugi.family.model import READING, Right
from myschool.gosuslugi.family.store.guardianships import guardianship
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants import store as grants_store
from myschool.gosuslugi.people.model import Level
from myschool.gosuslugi.provider import actions
from myschool.gosuslugi.provider.model import Organisation
from myschool.kit import clock
from myschool.portal.signin.model import SCOPES
from tests.conftest import ClockAt
from tests.gosuslugi.provider.houses import ESIA, Houses
from tests.gosuslugi.provider.parts import access_token, read


async def test_a_person_shows_what_was_granted_and_no_more(houses: Houses) -> None:
    """Fields without their scope are absent, not null."""
    person = await houses.person()
    token, _ = await access_token(houses, person, ("openid", "fullname", "birthdate"))
    shown = (await read(houses, f"/rs/prns/{person.oid}", token)).json()
    assert shown["lastName"] == "Смирнова"
    assert shown["birthDate"] == "17.03.1988"
    assert shown["trusted"] is True
    assert not {"snils", "gender", "birthPlace", "citizenship", "inn", "rIdDoc"} & set(shown)


async def test_snils_stands_as_on_the_card(houses: Houses) -> None:
    """`000-000-600 06`, and only with its scope."""
    person = await houses.person()
    token, _ = await access_token(houses, person)
    assert person.snils is not None
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).json()["snils"] == person.snils.formatted()


async def test_the_token_opens_no_other_person(houses: Houses) -> None:
    """Another's number in the address is refused, whether or not it exists."""
    person, other = await houses.person(), await houses.person()
    token, _ = await access_token(houses, person)
    for oid in (str(other.oid), "1", "x"):
        assert (await read(houses, f"/rs/prns/{oid}", token)).status_code == 403


@pytest.mark.parametrize("below", ["addrs", "docs", "orgs", "roles", "vhls"])
async def test_a_collection_without_its_scope_is_refused(houses: Houses, below: str) -> None:
    """403 with the standard's word."""
    person = await houses.person()
    token, _ = await access_token(houses, person)
    answer = await read(houses, f"/rs/prns/{person.oid}/{below}", token)
    assert answer.status_code == 403
    assert "insufficient_scope" in answer.headers["www-authenticate"]


async def test_contacts_are_told_by_kind(houses: Houses) -> None:
    """`email` opens the mailbox and hides the telephone; without a contact scope nothing is said."""
    person = await houses.person()
    token, _ = await access_token(houses, person, ("openid", "fullname", "email"))
    shown = await read(houses, f"/rs/prns/{person.oid}/ctts", token, {"embed": "(elements)"})
    assert (shown.status_code, shown.json()["size"]) == (200, 0)
    other = await houses.person()
    token, _ = await access_token(houses, other, ("openid", "fullname"))
    assert (await read(houses, f"/rs/prns/{other.oid}/ctts", token)).status_code == 403


async def test_children_are_listed_by_address_or_inline(houses: Houses) -> None:
    """Without `embed` addresses that open one by one; with it the records; without documents, since not granted."""
    mother = await houses.person()
    await houses.child(mother)
    token, _ = await access_token(houses, mother)
    listed = (await read(houses, f"/rs/prns/{mother.oid}/kids", token)).json()
    assert (listed["size"], listed["stateFacts"]) == (1, ["hasSize"])
    one = (await read(houses, listed["elements"][0].removeprefix(ESIA), token)).json()
    inline = (await read(houses, f"/rs/prns/{mother.oid}/kids", token, {"embed": "(elements)"})).json()
    assert inline["elements"] == [one]
    assert one["firstName"] == "Алёна"
    assert "documents" not in one
    whole = (await read(houses, f"/rs/prns/{mother.oid}", token, {"embed": "(kids.elements)"})).json()
    assert whole["kids"]["elements"] == [one]


async def test_children_are_told_while_the_guardianship_is_in_force(houses: Houses) -> None:
    """An ended one authorises nothing, at once."""
    mother = await houses.person()
    await houses.child(mother)
    token, _ = await access_token(houses, mother)
    await houses.end_guardianship(mother)
    assert (await read(houses, f"/rs/prns/{mother.oid}/kids", token)).json()["size"] == 0


async def test_who_only_reads_is_told_of_the_child_and_that_he_only_reads(houses: Houses) -> None:
    """A pupil with the account in own hands; an adult with all rights is told nothing of the kind."""
    mother = await houses.person()
    await houses.child(mother)
    token, _ = await access_token(houses, mother)
    (one,) = (await read(houses, f"/rs/prns/{mother.oid}/kids", token, {"embed": "(elements)"})).json()["elements"]
    assert "onlyReads" not in one
    await houses.gosuslugi.db.run(lambda tx: tx.execute(update(guardianship).values(rights=" ".join(READING))))
    (one,) = (await read(houses, f"/rs/prns/{mother.oid}/kids", token, {"embed": "(elements)"})).json()["elements"]
    assert (one["firstName"], one["onlyReads"]) == ("Алёна", True)
    await houses.gosuslugi.db.run(
        lambda tx: tx.execute(update(guardianship).values(rights=f"{Right.CONSENT} {Right.JOIN}"))
    )
    assert (await read(houses, f"/rs/prns/{mother.oid}/kids", token)).json()["size"] == 0, "no right to see"


@pytest.mark.parametrize("path", ["/rs/prns/{oid}/", "/rs/prns/{oid}//kids"])
async def test_odd_addresses_of_real_clients_are_taken(houses: Houses, path: str) -> None:
    """A trailing slash, and a doubled one."""
    person = await houses.person()
    token, _ = await access_token(houses, person)
    assert (await read(houses, path.replace("{oid}", str(person.oid)), token)).status_code == 200


async def test_a_withdrawn_grant_closes_the_data_at_once(houses: Houses) -> None:
    """The token has an hour left; the person's word counts more. A new grant does not revive the old token."""
    person = await houses.person()
    token, _ = await access_token(houses, person)
    vault = houses.gosuslugi.vault

    async def withdraw(tx) -> None:
        (grant,) = await grants.live_grants(tx, [person.id], clock.now())
        await grants.withdraw(tx, vault, grant.id, person.id, clock.now())

    await houses.gosuslugi.db.run(withdraw)
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 401


async def test_a_token_from_before_the_withdrawal_stays_closed(houses: Houses, clock_at: ClockAt) -> None:
    """Granting anew opens the data to new tokens only."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    person = await houses.person()
    old, _ = await access_token(houses, person)
    vault = houses.gosuslugi.vault

    async def withdraw(tx) -> None:
        (grant,) = await grants.live_grants(tx, [person.id], clock.now())
        await grants.withdraw(tx, vault, grant.id, person.id, clock.now())

    await houses.gosuslugi.db.run(withdraw)
    time.advance(timedelta(minutes=5))
    fresh, _ = await access_token(houses, person)
    assert (await read(houses, f"/rs/prns/{person.oid}", fresh)).status_code == 200
    assert (await read(houses, f"/rs/prns/{person.oid}", old)).status_code == 401


async def test_an_ended_session_closes_the_data(houses: Houses) -> None:
    """«Выйти» at the identity house, or «завершить» on another device."""
    person = await houses.person()
    token, browser = await access_token(houses, person)
    await browser.open(logout_url(ESIA, "MYSCHOOL"))
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 401


async def test_an_idle_session_does_not_close_the_data(houses: Houses) -> None:
    """Running out of time at the identity house is not ending it: the token has its own term."""
    person = await houses.person()
    token, browser = await access_token(houses, person)
    await browser.end_session(ESIA)
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 200


async def test_a_token_ends_after_an_hour(houses: Houses, clock_at: ClockAt) -> None:
    """To the second."""
    time = clock_at("2026-12-02T09:00:00+03:00")
    person = await houses.person()
    token, _ = await access_token(houses, person)
    time.advance(timedelta(seconds=3599))
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 200
    time.advance(timedelta(seconds=1))
    assert (await read(houses, f"/rs/prns/{person.oid}", token)).status_code == 401


async def test_what_an_ended_guardian_permitted_is_closed(houses: Houses) -> None:
    """The child's data were opened by the mother's permission."""
    mother = await houses.person()
    child = await houses.child(mother)
    vault = houses.gosuslugi.vault
    await houses.gosuslugi.db.run(
        lambda tx: grants.permit_child(tx, vault, mother.id, child.id, "MYSCHOOL", clock.now())
    )
    token, _ = await access_token(houses, child, tuple(scope for scope in SCOPES if not scope.startswith("kid_")))
    assert (await read(houses, f"/rs/prns/{child.oid}", token)).status_code == 200
    await houses.end_guardianship(mother)
    assert (await read(houses, f"/rs/prns/{child.oid}", token)).status_code == 401


def unsigned(token: str) -> str:
    header = urlsafe_b64encode(b'{"ver":1,"typ":"JWT","sbt":"access","alg":"none"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


async def test_no_token_that_we_did_not_sign_opens_anything(houses: Houses) -> None:
    """None, another scheme, `alg: none`, a broken signature, a code in place of a token."""
    person = await houses.person()
    token, _ = await access_token(houses, person)
    path = f"{ESIA}/rs/prns/{person.oid}"
    assert (await houses.wire.get(path)).status_code == 401
    assert (await houses.wire.get(path, headers={"Authorization": f"Basic {token}"})).status_code == 401
    for bad in (unsigned(token), token[:-4] + "AAAA", token + "x", "", "a.b.c"):
        assert (await read(houses, f"/rs/prns/{person.oid}", bad or "x")).status_code == 401


async def test_a_head_of_a_school_shows_the_organisation(houses: Houses) -> None:
    """`/orgs` with `usr_org`; without the scope nobody learns where the person works."""
    person = await houses.person(Level.CONFIRMED)
    role = Organisation(1_000_300_001, "1027700000001", "МБОУ «Школа № 5»", "Школа № 5", person.id, True, True)
    await houses.gosuslugi.db.run(lambda tx: actions.appoint(tx, role))
    token, _ = await access_token(houses, person)
    assert (await read(houses, f"/rs/prns/{person.oid}/orgs", token)).status_code == 403

    async def widen(tx) -> None:
        table = grants_store.information_system
        row = (await tx.execute(select(table.c.scopes))).scalar_one()
        await tx.execute(table.update().values(scopes=[*row, "usr_org"]))

    await houses.gosuslugi.db.run(widen)
    token, _ = await access_token(houses, person, (*SCOPES, "usr_org"))
    shown = (await read(houses, f"/rs/prns/{person.oid}/orgs", token, {"embed": "(elements)"})).json()
    assert (shown["elements"][0]["ogrn"], shown["elements"][0]["chief"]) == ("1027700000001", True)
    assert (await read(houses, "/rs/orgs/1000300001", token)).json()["shortName"] == "Школа № 5"
    assert (await read(houses, "/rs/orgs/1000300002", token)).status_code == 404
