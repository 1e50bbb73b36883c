"""Who permitted for a child and represents it no more: the permission passes on or ends, and widens nobody's."""

from collections.abc import Sequence

import pytest

from myschool.gosuslugi.grants import actions, inheriting, store
from myschool.gosuslugi.grants.model import GRANTED_FOR, Grant
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock, journal
from myschool.kit.ids import new_id
from tests.gosuslugi.provider.houses import ESIA, Houses
from tests.gosuslugi.provider.parts import access_token, read

WIDE = ("openid", "fullname", "snils")


async def permitted(houses: Houses, child: Person, by: Person, scopes: Sequence[str] = WIDE) -> None:
    now = clock.now()
    grant = Grant(new_id(), child.id, "MYSCHOOL", frozenset(scopes), by.id, now, now, now + GRANTED_FOR)
    await houses.gosuslugi.db.run(lambda tx: store.save_grant(tx, grant))


async def stands(houses: Houses, child: Person) -> Grant | None:
    vault = houses.gosuslugi.vault
    return await houses.gosuslugi.db.run(lambda tx: actions.live_grant(tx, vault, child.id, "MYSCHOOL", clock.now()))


async def pass_on(houses: Houses, child: Person, left: Person) -> None:
    vault = houses.gosuslugi.vault
    await houses.gosuslugi.db.run(lambda tx: inheriting.pass_on(tx, vault, child.id, left.id, clock.now()))


async def test_a_permission_stops_at_once_and_passes_to_the_other_guardian(houses: Houses) -> None:
    """Before the worker came it opens nothing; then the father answers for it, and the child's journal says so."""
    mother, father = await houses.person(), await houses.person()
    child = await houses.child(mother, father)
    await permitted(houses, child, mother)
    await houses.end_guardianship(mother)
    assert await stands(houses, child) is None
    await pass_on(houses, child, mother)
    grant = await stands(houses, child)
    assert grant is not None
    assert (grant.given_by, grant.scopes) == (father.id, frozenset(WIDE))
    lines = await houses.gosuslugi.db.run(lambda tx: journal.read(tx, chain_of(child.id)))
    assert [one.tag for one in lines].count("grant:passed") == 1


async def test_without_another_guardian_it_ends(houses: Houses) -> None:
    """Nobody answers for it: it is over for good, and does not stand again when the mother returns."""
    mother = await houses.person()
    child = await houses.child(mother)
    await permitted(houses, child, mother)
    await houses.end_guardianship(mother)
    await pass_on(houses, child, mother)
    assert await houses.gosuslugi.db.run(lambda tx: store.live_grants(tx, [child.id], clock.now())) == []


async def test_who_still_represents_the_child_keeps_it(houses: Houses) -> None:
    """By another guardianship, or resumed by the time the worker came."""
    mother, father = await houses.person(), await houses.person()
    child = await houses.child(mother, father)
    await permitted(houses, child, mother)
    await pass_on(houses, child, mother)
    grant = await stands(houses, child)
    assert grant is not None
    assert grant.given_by == mother.id


async def test_a_new_permission_is_never_widened_by_what_a_former_adult_said(houses: Houses) -> None:
    """The mother gave what the page never shows; ended, her word is not the father's, even before the worker came."""
    mother, father = await houses.person(), await houses.person()
    child = await houses.child(mother, father)
    await permitted(houses, child, mother, (*WIDE, "medical_doc"))
    await houses.end_guardianship(mother)
    cabinet = houses.browser()
    await cabinet.sign_in(father)
    page = await cabinet.open(f"{ESIA}/access/child/{child.id}/MYSCHOOL")
    await cabinet.press(page, {"answer": "grant"})
    grant = await stands(houses, child)
    assert grant is not None
    assert grant.given_by == father.id
    assert "medical_doc" not in grant.scopes


async def test_an_adult_in_force_is_not_made_narrower(houses: Houses) -> None:
    """The mother still represents the child: what she gave stays when the father permits too."""
    mother, father = await houses.person(), await houses.person()
    child = await houses.child(mother, father)
    await permitted(houses, child, mother, (*WIDE, "medical_doc"))
    cabinet = houses.browser()
    await cabinet.sign_in(father)
    page = await cabinet.open(f"{ESIA}/access/child/{child.id}/MYSCHOOL")
    await cabinet.press(page, {"answer": "grant"})
    grant = await stands(houses, child)
    assert grant is not None
    assert "medical_doc" in grant.scopes


@pytest.mark.parametrize("way", ["ended", "suspended"])
async def test_a_token_issued_before_shows_no_child_after(houses: Houses, way: str) -> None:
    """The adult's: `/kids` is empty. The child's own, under a session that was ended: it opens nothing."""
    mother = await houses.person()
    child = await houses.child(mother)
    token, _ = await access_token(houses, mother)
    before = (await read(houses, f"/rs/prns/{mother.oid}/kids", token)).json()
    assert before["size"] == 1
    (address,) = before["elements"]
    if way == "ended":
        await houses.end_guardianship(mother)
    else:
        await houses.suspend_guardianship(mother)
    assert (await read(houses, f"/rs/prns/{mother.oid}/kids", token)).json()["size"] == 0
    assert (await read(houses, address.removeprefix(ESIA), token)).status_code in (403, 404)
    assert (await read(houses, f"/rs/prns/{child.oid}", token)).status_code == 403
