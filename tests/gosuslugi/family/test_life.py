"""A guardianship for life: it ends, rests, is resumed, runs out; and what is over authorises nothing anywhere."""

from datetime import timedelta
from typing import Any

import pytest

from myschool.gosuslugi.family.actions import account, attaching, ending, look, suspending
from myschool.gosuslugi.family.model import (
    MOVES,
    OVER,
    EndReason,
    Guardianship,
    GuardianshipState,
    NotNow,
    NotYours,
    Relation,
    Right,
    SuspendReason,
)
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.model import Whose
from myschool.kit import clock, journal
from myschool.kit.ids import new_id
from myschool.kit.web import sessions
from myschool.kit.web.sessions import Session
from tests.gosuslugi.family.conftest import HASH, Home, a_card

S = GuardianshipState


async def both(home: Home, olga: Person, dmitry: Person) -> tuple[Guardianship, Guardianship, Person]:
    """Mother and father in force, the account made by the mother and attached to both; the child's account."""
    mother = await home.confirmed(olga)
    made = await home.open_account(mother, "alyona@pochta.example")
    father = await home.confirmed(dmitry, a_card(Relation.FATHER))
    await press_attach(home, father)
    child = await home.db.run(lambda tx: people.by_id(tx, home.vault, made.person_id))
    return await home.look(mother), await home.look(father), child


async def press_attach(home: Home, row: Guardianship) -> None:
    async def attach(tx: Any) -> None:
        opened, child = await account.may_open(tx, home.vault, row.id, row.guardian_id, clock.now())
        await attaching.attach(tx, home.vault, opened, child, clock.now())

    await home.db.run(attach)


async def sign_in(home: Home, person: Person) -> None:
    session = Session.fresh()
    session.sign_in(person.id, person.name.given_and_family, clock.now())
    idle = timedelta(minutes=30)
    await home.db.run(lambda tx: sessions.save(tx, home.vault, session, "test", clock.now(), idle))


async def signed_in(home: Home, person: Person) -> int:
    return len(await home.db.run(lambda tx: sessions.open_sessions(tx, person.id, clock.now())))


async def end(home: Home, row: Guardianship, reason: EndReason = EndReason.COURT) -> Guardianship:
    ended: Guardianship = await home.run(ending.end, row.id, reason, actor="clerk:test")
    await home.work()
    return ended


async def suspend(home: Home, row: Guardianship, reason: SuspendReason, **more: Any) -> Guardianship:
    rests: Guardianship = await home.run(suspending.suspend, row.id, reason, actor="clerk:test", **more)
    await home.work()
    return rests


async def locked(home: Home, person: Person) -> bool:
    return await home.db.run(lambda tx: secrets.locked(tx, person.id))


# -- what is over authorises nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["ended", "suspended"])
async def test_from_that_moment_it_authorises_nothing(home: Home, olga: Person, dmitry: Person, way: str) -> None:
    """No right, no child on the wire, no account to open; the other parent keeps all."""
    mother, father, child = await both(home, olga, dmitry)
    if way == "ended":
        await end(home, father)
    else:
        await suspend(home, father, SuspendReason.COURT)
    for right in Right:
        assert not await home.run(look.may, dmitry.id, child.id, right)
        assert await home.run(look.may, olga.id, child.id, right)
    assert await home.run(look.kids_of, dmitry.id) == []
    assert len(await home.run(look.kids_of, olga.id)) == 1
    with pytest.raises(NotNow):
        await home.run(account.may_open, father.id, dmitry.id)
    assert (await home.look(mother)).state is S.ACTIVE


@pytest.mark.parametrize("way", ["ended", "suspended"])
async def test_the_childs_sessions_end_and_the_password_opens_nothing(
    home: Home, olga: Person, dmitry: Person, way: str
) -> None:
    """Whoever typed the password: the father may have. The mother is asked to set a new one, in words about nobody."""
    _, father, child = await both(home, olga, dmitry)
    await sign_in(home, child)
    if way == "ended":
        await end(home, father)
    else:
        await suspend(home, father, SuspendReason.PROTECTION)
    assert (await signed_in(home, child), await locked(home, child)) == (0, True)
    assert home.post.subjects("olga@pochta.example")[-1] == "Задайте ребёнку новый пароль"
    told = " ".join(one.text for one in home.post.letters if one.to == "olga@pochta.example")
    assert "Дмитрий" not in told


async def test_only_somebody_else_unlocks_the_password(home: Home, olga: Person, dmitry: Person) -> None:
    """The child's own recovery does not: its mailbox may be known as the password was."""
    _, father, child = await both(home, olga, dmitry)
    await end(home, father)

    async def change(actor: str) -> None:
        await home.db.run(
            lambda tx: secrets.change(
                tx, home.vault, child, HASH, actor=actor, recover_url="https://x.test/recover", now=clock.now()
            )
        )

    await change(chain_of(child.id))
    assert await locked(home, child)
    await change(chain_of(olga.id))
    assert not await locked(home, child)


async def test_a_password_typed_before_the_end_brings_nobody_in_after_it(
    home: Home, olga: Person, dmitry: Person
) -> None:
    """The father had the right password and waits for the code: that attempt is void, even once there is a new one."""
    _, father, child = await both(home, olga, dmitry)
    typed_at = clock.now()
    home.clock.advance(timedelta(minutes=1))
    await end(home, father)
    assert not await home.db.run(lambda tx: secrets.still_opens(tx, child.id, typed_at))
    await home.db.run(
        lambda tx: secrets.change(
            tx, home.vault, child, HASH, actor=chain_of(olga.id), recover_url="https://x.test", now=clock.now()
        )
    )
    assert not await home.db.run(lambda tx: secrets.still_opens(tx, child.id, typed_at))
    assert await home.db.run(lambda tx: secrets.still_opens(tx, child.id, clock.now()))


async def test_the_childs_code_never_goes_to_who_is_over(home: Home, olga: Person, dmitry: Person) -> None:
    """The mother attached first and got the codes; ended, the father gets them."""
    mother, _, child = await both(home, olga, dmitry)

    async def to() -> tuple[str, Whose]:
        address = await home.db.run(lambda tx: look.code_address(tx, home.vault, child))
        assert address is not None
        return address.to.formatted(), address.whose

    assert await to() == ("olga@pochta.example", Whose.PARENT)
    await end(home, mother)
    assert await to() == ("dmitry@pochta.example", Whose.PARENT)


@pytest.mark.parametrize("reason", [EndReason.DEATH, EndReason.MAJORITY, EndReason.SUPERSEDED])
async def test_some_ends_lock_nobody_out(home: Home, olga: Person, dmitry: Person, reason: EndReason) -> None:
    """The dead misuse nothing, an adult's password is the adult's, a successor stays: only sessions end."""
    _, father, child = await both(home, olga, dmitry)
    await sign_in(home, child)
    await end(home, father, reason)
    assert (await signed_in(home, child), await locked(home, child)) == (0, False)
    assert (reason is EndReason.DEATH) == (
        "Вы больше не представляете ребёнка" not in home.post.subjects("dmitry@pochta.example")
    )


async def test_both_journals_tell_of_it(home: Home, olga: Person, dmitry: Person) -> None:
    """Who did it and why, on the guardian's chain and on the child's."""
    _, father, child = await both(home, olga, dmitry)
    await end(home, father)
    mine = await home.db.run(lambda tx: journal.read(tx, chain_of(dmitry.id)))
    theirs = await home.db.run(lambda tx: journal.read(tx, chain_of(child.id)))
    assert (mine[0].tag, mine[0].actor, mine[0].facts["reason"]) == ("guardianship:moved", "clerk:test", "court")
    ended = next(one for one in theirs if one.tag == "guardianship:ended")
    assert (ended.actor, ended.facts["reason"]) == ("clerk:test", "court")


async def test_a_second_end_changes_nothing(home: Home, olga: Person, dmitry: Person) -> None:
    """One letter, one line, the first reason."""
    _, father, _ = await both(home, olga, dmitry)
    await end(home, father)
    again = await end(home, father, EndReason.DEATH)
    assert again.end_reason is EndReason.COURT
    assert home.post.subjects("dmitry@pochta.example").count("Вы больше не представляете ребёнка") == 1


async def test_nobody_ends_what_is_not_there(home: Home) -> None:
    """An id that nobody has."""
    with pytest.raises(NotYours):
        await home.run(ending.end, new_id(), EndReason.COURT, actor="clerk:test")


# -- rest --------------------------------------------------------------------------------------------------------------


async def test_a_rest_has_a_day_and_is_resumed(home: Home, olga: Person, dmitry: Person) -> None:
    """By hand: in force again with the same rights, and told."""
    _, father, child = await both(home, olga, dmitry)
    rests = await suspend(home, father, SuspendReason.COURT, until=clock.now() + timedelta(days=40))
    assert rests.suspended_until == clock.now() + timedelta(days=40)
    await home.run(suspending.resume, father.id, actor="clerk:test")
    await home.work()
    row = await home.look(father)
    assert (row.state, row.due_at, row.suspended_for) == (S.ACTIVE, None, None)
    assert await home.run(look.may, dmitry.id, child.id, Right.CONSENT)
    assert home.post.subjects("dmitry@pochta.example")[-1] == "Вы снова можете действовать за ребёнка"


@pytest.mark.parametrize(
    ("reason", "days", "then"),
    [
        (SuspendReason.DISPUTE, 90, S.ACTIVE),
        (SuspendReason.DOUBT, 30, S.ACTIVE),
        (SuspendReason.COURT, 90, S.SUSPENDED),
        (SuspendReason.PROTECTION, 90, S.SUSPENDED),
    ],
)
async def test_on_its_day_a_quarrel_falls_and_an_order_is_prolonged(
    home: Home, olga: Person, dmitry: Person, reason: SuspendReason, days: int, then: GuardianshipState
) -> None:
    """Nothing rests without a day, and no order falls by itself."""
    _, father, _ = await both(home, olga, dmitry)
    await suspend(home, father, reason)
    await home.work(timedelta(days=days - 1))
    assert (await home.look(father)).state is S.SUSPENDED
    await home.work(timedelta(days=1))
    row = await home.look(father)
    assert row.state is then
    assert (row.due_at is not None and row.due_at > clock.now()) == (then is S.SUSPENDED)


async def test_suspended_twice_rests_once(home: Home, olga: Person, dmitry: Person) -> None:
    """The same again: nothing; another reason takes the first one's place with a new day."""
    _, father, _ = await both(home, olga, dmitry)
    first = await suspend(home, father, SuspendReason.DOUBT)
    assert await suspend(home, father, SuspendReason.DOUBT) == first
    other = await suspend(home, father, SuspendReason.COURT)
    assert (other.suspended_for, other.due_at) == (SuspendReason.COURT, clock.now() + timedelta(days=90))
    await home.work(timedelta(days=31))
    assert (await home.look(father)).state is S.SUSPENDED


async def test_only_what_is_in_force_can_rest(home: Home, olga: Person) -> None:
    """A card that is being checked is not suspended, and yesterday is no date."""
    row = await home.submit(olga, a_card())
    with pytest.raises(NotNow):
        await home.run(suspending.suspend, row.id, SuspendReason.COURT, actor="clerk:test")
    row = await home.answer(row)
    with pytest.raises(NotNow):
        await home.run(suspending.suspend, row.id, SuspendReason.COURT, actor="clerk:test", until=clock.now())


# -- dispute -----------------------------------------------------------------------------------------------------------


async def test_a_dispute_freezes_what_no_court_confirmed(home: Home, olga: Person, dmitry: Person) -> None:
    """Both parents rest; one whose right a court spoke does not. Frozen again: nothing more."""
    mother, father, child = await both(home, olga, dmitry)
    assert mother.child_id is not None
    frozen = await home.run(suspending.freeze_dispute, mother.child_id, actor="clerk:test")
    assert {row.id for row in frozen} == {mother.id, father.id}
    assert await home.run(suspending.freeze_dispute, mother.child_id, actor="clerk:test") == []
    assert await home.run(look.guardians_of, child.id) == []
    await home.work(timedelta(days=91))
    assert len(await home.run(look.guardians_of, child.id)) == 2


@pytest.mark.parametrize("closing", [EndReason.NOT_MY_CHILD, EndReason.COURT, EndReason.REVOKED])
async def test_who_was_suspended_or_removed_does_not_come_back_by_a_form(
    home: Home, olga: Person, dmitry: Person, closing: EndReason
) -> None:
    """«Это не мой ребёнок» and added anew: the register says yes, and yet a clerk must look."""
    _, father, _ = await both(home, olga, dmitry)
    if closing is EndReason.NOT_MY_CHILD:
        await suspend(home, father, SuspendReason.DISPUTE)
    await end(home, father, closing)
    anew = await home.confirmed(dmitry, a_card(Relation.FATHER))
    assert (anew.state, anew.id == father.id) == (S.REVIEW, False)


async def test_who_left_freely_comes_back_freely(home: Home, olga: Person, dmitry: Person) -> None:
    """Pressed by mistake: added again, confirmed by the register."""
    _, father, _ = await both(home, olga, dmitry)
    await home.run(attaching.not_my_child, father.id, dmitry.id)
    assert (await home.confirmed(dmitry, a_card(Relation.FATHER))).state is S.ACTIVE


async def test_while_the_adults_quarrel_no_machine_adds_one_more(home: Home, olga: Person, dmitry: Person) -> None:
    """The father claims for the first time while the mother's rests: a clerk decides."""
    mother = await home.confirmed(olga)
    await suspend(home, mother, SuspendReason.DISPUTE)
    assert (await home.confirmed(dmitry, a_card(Relation.FATHER))).state is S.REVIEW


# -- days --------------------------------------------------------------------------------------------------------------


async def test_a_mismatch_that_nobody_mends_closes_itself(home: Home, olga: Person) -> None:
    """After 90 days, with two reminders before."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    assert row.due_at is not None
    await home.work(timedelta(days=76))
    assert home.post.subjects("olga@pochta.example")[-1] == "Карточка ребёнка скоро закроется"
    await home.work(timedelta(days=13))
    assert home.post.subjects("olga@pochta.example").count("Карточка ребёнка скоро закроется") == 2
    await home.work(timedelta(days=1))
    row = await home.look(row)
    assert (row.state, row.end_reason) == (S.ENDED, EndReason.NOT_PURSUED)


async def test_a_corrected_card_is_not_closed_by_the_old_timer(home: Home, olga: Person) -> None:
    """Sent again on the 80th day and not found again: 90 days begin anew."""
    row = await home.answer(await home.submit(olga, a_card()), no_record=True)
    await home.work(timedelta(days=80))
    row = await home.answer(await home.correct(olga, row, a_card(number="600102")), no_record=True)
    await home.work(timedelta(days=11))
    assert (await home.look(row)).state is S.MISMATCH


async def test_every_waiting_state_has_a_day(home: Home, olga: Person, tamara: Person) -> None:
    """Mismatch, review and rest carry their own day; checking has the day of its check."""
    assert MOVES.keys() - OVER == {S.CLAIMED, S.CHECKING, S.MISMATCH, S.REVIEW, S.ACTIVE, S.SUSPENDED}
    checking = await home.submit(olga, a_card())
    assert (await home.check(checking)).ends_at is not None
    mismatch = await home.answer(checking, no_record=True)
    review = await home.answer(await home.submit(tamara, a_card(Relation.GUARDIAN)))
    assert review.state is S.REVIEW
    assert mismatch.due_at is not None
    assert review.due_at is not None


async def test_from_every_state_it_can_be_said_not_my_child(home: Home, olga: Person, dmitry: Person) -> None:
    """Checking, mismatch, active, suspended: the card closes, once."""
    checking = await home.submit(olga, a_card())
    assert (await home.run(attaching.not_my_child, checking.id, olga.id)).state is S.ENDED
    mismatch = await home.answer(await home.submit(olga, a_card()), no_record=True)
    assert (await home.run(attaching.not_my_child, mismatch.id, olga.id)).state is S.ENDED
    active = await home.confirmed(olga)
    await suspend(home, active, SuspendReason.COURT)
    assert (await home.run(attaching.not_my_child, active.id, olga.id)).state is S.ENDED
    with pytest.raises(NotYours):
        await home.run(attaching.not_my_child, active.id, dmitry.id)
