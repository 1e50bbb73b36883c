"""A school is merged or closed: its pupils and requests are not left hanging."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from myschool.kit.agenda import Later, agenda_item
from myschool.portal.joining import store
from myschool.portal.joining.actions import decide, follow, submit
from myschool.portal.joining.model import MembershipState, RequestState
from myschool.portal.schools import store as directory
from myschool.portal.schools.model import SchoolLiquidated, SchoolReorganised
from tests.portal.joining.conftest import NO_CLASSES, NOW, OTHER, SCHOOL, Portal
from tests.portal.joining.test_requests import approve, sent

LATER = NOW + timedelta(days=10)
MERGED = SchoolReorganised(ogrn=SCHOOL.digits, successor=OTHER.digits)


async def merged(portal: Portal, event: SchoolReorganised = MERGED) -> None:
    await portal.db.run(lambda tx: follow.school_reorganised(tx, event, LATER))


async def kinds(portal: Portal) -> list[str]:
    async def ask(tx) -> list[str]:
        return list((await tx.execute(select(agenda_item.c.kind))).scalars())

    return await portal.db.run(ask)


async def test_a_member_goes_on_at_the_successor(portal: Portal) -> None:
    """After the merger the pupil belongs to the successor, in the same class, from that day on."""
    request = (await sent(portal)).request
    await approve(portal, portal.elena, request.id)
    await merged(portal)
    member = await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id))
    assert member is not None
    assert (member.school, str(member.school_class), member.since) == (OTHER, "8Б", LATER)
    assert "joining.membership_ended" in await kinds(portal)


async def test_the_old_membership_stays_as_a_transfer(portal: Portal) -> None:
    """What was is not overwritten: the old school keeps its line, ended that day."""
    await approve(portal, portal.elena, (await sent(portal)).request.id)
    await merged(portal)

    async def past(tx) -> tuple:
        c = store.membership.c
        return (await tx.execute(select(c.state, c.until).where(c.school == SCHOOL.digits))).one()

    assert tuple(await portal.db.run(past)) == (MembershipState.TRANSFERRED, LATER)


async def test_an_open_request_waits_at_the_successor(portal: Portal) -> None:
    """The successor's administrator sees it with a whole new deadline; the old school's does not."""
    request = (await sent(portal)).request
    await merged(portal)
    there = await portal.db.run(lambda tx: decide.queue(tx, portal.foreign, "new", 1))
    assert [one.id for one in there] == [request.id]
    assert there[0].deadline > LATER
    assert await portal.db.run(lambda tx: decide.queue(tx, portal.elena, "new", 1)) == []
    assert "joining.request_passed_on" in await kinds(portal)


async def test_two_requests_do_not_meet_at_the_successor(portal: Portal) -> None:
    """Who had asked both schools has one open request afterwards, not two and no error."""
    first = (await sent(portal)).request
    second = (await sent(portal, portal.wish(OTHER))).request
    await merged(portal)
    states = {one.id: one.state for one in await portal.db.run(lambda tx: submit.requests_of(tx, portal.pupil.id))}
    assert states == {first.id: RequestState.WITHDRAWN, second.id: RequestState.SUBMITTED}


async def test_a_second_delivery_changes_nothing(portal: Portal) -> None:
    """The event may come twice; the membership does not begin anew."""
    await approve(portal, portal.elena, (await sent(portal)).request.id)
    await merged(portal)
    before = await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id))
    await merged(portal)
    assert await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id)) == before


async def test_an_unknown_successor_is_waited_for(portal: Portal) -> None:
    """A successor that the directory does not have yet moves nobody; the reaction asks to be called again."""
    await approve(portal, portal.elena, (await sent(portal)).request.id)
    with pytest.raises(Later):
        await merged(portal, SchoolReorganised(ogrn=SCHOOL.digits, successor="1027700132195"))
    member = await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id))
    assert member is not None
    assert member.school == SCHOOL


async def test_a_chain_of_mergers_is_followed_to_its_end(portal: Portal) -> None:
    """Merged into a school that was itself merged since: the pupil is at the last one."""
    await approve(portal, portal.elena, (await sent(portal)).request.id)

    async def merge_the_middle(tx) -> None:
        middle = directory.school.c.ogrn == NO_CLASSES.digits
        await tx.execute(update(directory.school).where(middle).values(successor=OTHER.digits))

    await portal.db.run(merge_the_middle)
    await merged(portal, SchoolReorganised(ogrn=SCHOOL.digits, successor=NO_CLASSES.digits))
    member = await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id))
    assert member is not None
    assert member.school == OTHER


async def test_many_members_move_part_by_part(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a part was full the event is put again, so that no transaction grows with the school."""
    monkeypatch.setattr(follow, "PART", 1)
    await approve(portal, portal.elena, (await sent(portal)).request.id)
    await merged(portal)
    assert (await kinds(portal)).count("schools.reorganised") == 1
    await merged(portal)
    assert (await kinds(portal)).count("schools.reorganised") == 1


async def test_a_closed_school_lets_its_pupils_go(portal: Portal) -> None:
    """Memberships end and open requests are withdrawn, each with a letter on its way."""
    member_request = (await sent(portal)).request
    await approve(portal, portal.elena, member_request.id)
    waiting = (await sent(portal)).request
    await portal.db.run(lambda tx: follow.school_liquidated(tx, SchoolLiquidated(ogrn=SCHOOL.digits), LATER))
    assert await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id)) is None
    states = {one.id: one.state for one in await portal.db.run(lambda tx: submit.requests_of(tx, portal.pupil.id))}
    assert states[waiting.id] is RequestState.WITHDRAWN
    assert "joining.request_stranded" in await kinds(portal)
