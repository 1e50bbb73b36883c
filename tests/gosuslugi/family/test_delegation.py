"""A parent entrusts rights to another adult until a day; and one guardian's pages say nothing of another."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from myschool.gosuslugi.family.actions import attaching, delegating, ending, look, suspending
from myschool.gosuslugi.family.delegation_model import BadTerm, InvitationOver, NotDelegable, NotOneself
from myschool.gosuslugi.family.model import EndReason, GuardianshipState, NotYours, Right, SuspendReason
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home
from tests.gosuslugi.family.test_life import both, suspend

LENT = frozenset({Right.CONSENT, Right.JOIN})


async def invite(home: Home, row: Any, by: Person, to: Person, rights: frozenset[Right] = LENT, days: int = 60) -> Any:
    ends = clock.now() + timedelta(days=days)
    assert to.snils is not None
    return await home.run(delegating.invite, row.id, by, to.snils, rights, ends)


async def test_a_delegate_has_the_lent_rights_until_the_day(
    home: Home, olga: Person, dmitry: Person, tamara: Person
) -> None:
    """Invited, accepted in the own cabinet, in force; never the keys; over on the day."""
    mother, _, child = await both(home, olga, dmitry)
    offer = await invite(home, mother, olga, tamara)
    assert len(await home.run(delegating.offers_to, tamara)) == 1
    made = await home.run(delegating.accept, offer.id, tamara)
    assert (made.rights, made.delegated_from) == (LENT | {Right.SEE}, mother.id)
    assert not await home.run(look.may, tamara.id, child.id, Right.CREDENTIALS)
    assert await home.run(look.may, tamara.id, child.id, Right.CONSENT)
    await home.work(timedelta(days=60))
    ended = await home.look(made)
    assert (ended.state, ended.end_reason) == (GuardianshipState.ENDED, EndReason.TERM_OVER)


async def test_only_whom_it_names_accepts(home: Home, olga: Person, dmitry: Person, tamara: Person) -> None:
    """The clerk's guess at an id is not found."""
    mother, _, _ = await both(home, olga, dmitry)
    offer = await invite(home, mother, olga, tamara)
    with pytest.raises(NotYours):
        await home.run(delegating.accept, offer.id, dmitry)


async def test_what_may_not_be_lent(home: Home, olga: Person, dmitry: Person, tamara: Person) -> None:
    """Keys, nothing, for ever, to oneself; and a delegate lends nothing on."""
    mother, _, _ = await both(home, olga, dmitry)
    with pytest.raises(NotDelegable):
        await invite(home, mother, olga, tamara, frozenset({Right.CREDENTIALS}))
    with pytest.raises(NotDelegable):
        await invite(home, mother, olga, tamara, frozenset())
    with pytest.raises(BadTerm):
        await invite(home, mother, olga, tamara, days=400)
    with pytest.raises(NotOneself):
        await invite(home, mother, olga, olga)
    made = await home.run(delegating.accept, (await invite(home, mother, olga, tamara)).id, tamara)
    with pytest.raises(NotDelegable):
        await invite(home, made, tamara, dmitry)


@pytest.mark.parametrize("how", ["rests", "taken away", "closed while it rested"])
async def test_what_a_court_took_is_not_lent_back(home: Home, olga: Person, dmitry: Person, how: str) -> None:
    """The other parent cannot lend to whom a suspension or a court keeps away, whatever they agree."""
    mother, father, _ = await both(home, olga, dmitry)
    if how == "taken away":
        await home.run(ending.end, father.id, EndReason.COURT, actor="clerk:test")
    else:
        await home.run(suspending.suspend, father.id, SuspendReason.COURT, actor="clerk:test")
    if how == "closed while it rested":
        await home.run(attaching.not_my_child, father.id, dmitry.id)
    offer = await invite(home, mother, olga, dmitry)
    with pytest.raises(InvitationOver):
        await home.run(delegating.accept, offer.id, dmitry)


async def test_a_pupil_is_no_delegate(home: Home, olga: Person, dmitry: Person, tamara: Person) -> None:
    """Of age only: a confirmed account may be a sixteen-year-old's."""
    mother, _, _ = await both(home, olga, dmitry)
    offer = await invite(home, mother, olga, tamara)
    young = replace(tamara, birth_date=clock.now().date() - timedelta(days=365 * 16))
    with pytest.raises(InvitationOver):
        await home.run(delegating.accept, offer.id, young)


async def test_it_ends_with_the_lenders_own_and_rests_with_it(
    home: Home, olga: Person, dmitry: Person, tamara: Person
) -> None:
    """Suspended, resumed and ended together; an open invitation is void."""
    mother, _, child = await both(home, olga, dmitry)
    made = await home.run(delegating.accept, (await invite(home, mother, olga, tamara)).id, tamara)
    await suspend(home, mother, SuspendReason.DISPUTE)
    assert not await home.run(look.may, tamara.id, child.id, Right.CONSENT)
    await home.run(suspending.resume, mother.id, actor="clerk:test")
    assert await home.run(look.may, tamara.id, child.id, Right.CONSENT)
    await home.run(ending.end, mother.id, EndReason.COURT, actor="clerk:test")
    assert (await home.look(made)).state is GuardianshipState.ENDED


async def test_a_revoked_invitation_is_accepted_by_nobody(
    home: Home, olga: Person, dmitry: Person, tamara: Person
) -> None:
    """Revoked before it was answered; and one in force is revoked at once."""
    mother, _, _ = await both(home, olga, dmitry)
    offer = await invite(home, mother, olga, tamara)
    await home.run(delegating.revoke, offer.id, olga.id)
    with pytest.raises(InvitationOver):
        await home.run(delegating.accept, offer.id, tamara)
    made = await home.run(delegating.accept, (again := await invite(home, mother, olga, tamara)).id, tamara)
    await home.run(delegating.revoke, again.id, olga.id)
    assert (await home.look(made)).end_reason is EndReason.REVOKED


async def test_the_fathers_pages_say_nothing_of_the_mother(
    home: Home, olga: Person, dmitry: Person, tmp_path: Path
) -> None:
    """Every page of his card: no name, no contact of hers; only that there is one more adult and on what basis."""
    _, father, _ = await both(home, olga, dmitry)
    browser = await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(dmitry)
    here = f"/family/{father.id}"
    texts = []
    for path in (
        "/family",
        here,
        f"{here}/who",
        f"{here}/second-way",
        f"{here}/checklist",
        f"{here}/manage",
        "/access",
    ):
        answer = await browser.client.get(path)
        assert answer.status_code == 200, path
        texts.append(answer.text)
    texts += [one.text for one in home.post.letters if one.to == "dmitry@pochta.example"]
    for hers in ("Ольга", "Сергеевна", "olga@", "00000060001", "000-000-600 01"):
        assert not any(hers in text for text in texts), hers
    assert "ещё один взрослый, по записи ЗАГС" in texts[2]


async def test_other_systems_hear_of_a_child_only_from_a_delegate_with_all_that_they_allow(
    home: Home, olga: Person, dmitry: Person, tamara: Person
) -> None:
    """The wire has no word for fewer rights: who may only get letters is told of no child there."""
    mother, _, _ = await both(home, olga, dmitry)
    few = await invite(home, mother, olga, tamara, frozenset({Right.NOTICES}))
    await home.run(delegating.accept, few.id, tamara)
    assert await home.run(look.kids_of, tamara.id) == []
    await home.run(delegating.revoke, few.id, olga.id)
    all_of_them = await invite(home, mother, olga, tamara)
    await home.run(delegating.accept, all_of_them.id, tamara)
    assert len(await home.run(look.kids_of, tamara.id)) == 1
