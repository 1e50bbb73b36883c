"""Requests in the database: one press one request, one decision, one school."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from myschool.kit import journal
from myschool.kit.agenda import agenda_item
from myschool.portal.joining import store
from myschool.portal.joining.actions import decide, remind, submit
from myschool.portal.joining.model import (
    CannotJoin,
    JoinRequest,
    MembershipState,
    NotAllowed,
    Reason,
    RequestAlreadyDecided,
    RequestDue,
    RequestState,
    Submitted,
    UnknownRequest,
    Wish,
)
from myschool.portal.roll.model import SchoolAdministrator
from tests.portal.joining.conftest import NO_CLASSES, NOW, OTHER, Portal

LATER = NOW + timedelta(hours=3)


async def sent(portal: Portal, wish: Wish | None = None, once: str = "") -> Submitted:
    me, asked = portal.pupil.id, wish or portal.wish()
    return await portal.db.run(lambda tx: submit.submit(tx, me, me, asked, once=once or str(uuid4()), now=NOW))


async def approve(portal: Portal, by: SchoolAdministrator, request_id: UUID) -> JoinRequest:
    return await portal.db.run(lambda tx: decide.approve(tx, by, request_id, LATER))


async def kinds_on_the_agenda(portal: Portal) -> list[str]:
    return await portal.db.run(lambda tx: _kinds(tx))


async def _kinds(tx) -> list[str]:
    return sorted((await tx.execute(select(agenda_item.c.kind))).scalars())


async def test_a_press_repeated_makes_no_second_request(portal: Portal) -> None:
    """The same form sent twice gives the same request."""
    first, second = await sent(portal, once="press-1"), await sent(portal, once="press-1")
    assert (first.is_new, second.is_new) == (True, False)
    assert second.request.id == first.request.id


async def test_one_open_request_a_school(portal: Portal) -> None:
    """A second form to the same school gives the open one; another school is another request."""
    first = await sent(portal)
    again = await sent(portal)
    elsewhere = await sent(portal, portal.wish(OTHER))
    assert again.request.id == first.request.id
    assert elsewhere.is_new


async def test_twenty_presses_at_once_make_one_request(portal: Portal) -> None:
    """The unique index judges the race, not the order of arrival."""
    outcomes = await asyncio.gather(*(sent(portal) for _ in range(20)))
    assert sum(outcome.is_new for outcome in outcomes) == 1
    assert len({outcome.request.id for outcome in outcomes}) == 1


async def test_a_house_of_creativity_has_no_classes_to_join(portal: Portal) -> None:
    """Only organisations with classes take requests."""
    with pytest.raises(CannotJoin):
        await sent(portal, portal.wish(NO_CLASSES))
    assert await portal.db.run(lambda tx: submit.requests_of(tx, portal.pupil.id)) == []


async def test_approval_makes_a_member_and_tells_everybody(portal: Portal) -> None:
    """Decision, membership, event and both journals come in one transaction."""
    request = (await sent(portal)).request
    decided = await approve(portal, portal.elena, request.id)
    membership = await portal.db.run(lambda tx: submit.membership_of(tx, portal.pupil.id))
    assert decided.state is RequestState.APPROVED
    assert decided.decision is not None
    assert decided.decision.by == portal.elena.person_id
    assert membership is not None
    assert (membership.school, str(membership.school_class)) == (portal.elena.school, "8Б")
    assert "joining.request_approved" in await kinds_on_the_agenda(portal)
    for chain in (f"person:{portal.pupil.id}", f"school:{portal.elena.school.digits}"):
        tags = [entry.tag for entry in await portal.db.run(lambda tx, chain=chain: journal.read(tx, chain))]
        assert "join_request:approved" in tags


async def test_two_administrators_decide_at_once_and_one_is_told(portal: Portal) -> None:
    """One decision stands; the other learns by whom and when."""
    request = (await sent(portal)).request
    outcomes = await asyncio.gather(
        approve(portal, portal.elena, request.id),
        portal.db.run(lambda tx: decide.decline(tx, portal.galina, request.id, Reason.WRONG_CLASS, "", LATER)),
        return_exceptions=True,
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, RequestAlreadyDecided)]
    won = [outcome for outcome in outcomes if isinstance(outcome, JoinRequest)]
    assert len(lost) == len(won) == 1
    assert lost[0].request.decision == won[0].decision


async def test_a_transfer_ends_the_old_membership(portal: Portal) -> None:
    """Approved elsewhere, the pupil leaves the first school at the same moment."""
    await approve(portal, portal.elena, (await sent(portal)).request.id)
    await approve(portal, portal.foreign, (await sent(portal, portal.wish(OTHER))).request.id)
    rows = await portal.db.run(lambda tx: _memberships(tx))
    assert sorted((row.school, row.state) for row in rows) == sorted(
        [(portal.elena.school.digits, MembershipState.TRANSFERRED), (OTHER.digits, MembershipState.ACTIVE)]
    )
    assert "joining.membership_ended" in await kinds_on_the_agenda(portal)


async def _memberships(tx) -> list:
    return list(await tx.execute(select(store.membership)))


@pytest.mark.parametrize("act", ["open", "approve", "decline", "ask"])
async def test_another_schools_request_does_not_exist(portal: Portal, act: str) -> None:
    """An administrator of another school cannot look at a request, nor decide it, nor learn that it is there."""
    request = (await sent(portal)).request
    moves = {
        "open": lambda tx: decide.open_request(tx, portal.foreign, request.id, LATER),
        "approve": lambda tx: decide.approve(tx, portal.foreign, request.id, LATER),
        "decline": lambda tx: decide.decline(tx, portal.foreign, request.id, Reason.OTHER, "нет", LATER),
        "ask": lambda tx: decide.ask(tx, portal.foreign, request.id, "Кто вы?", LATER),
    }
    with pytest.raises(UnknownRequest):
        await portal.db.run(moves[act])
    kept = await portal.db.run(lambda tx: remind.load(tx, request.id))
    assert kept == request


@pytest.mark.parametrize("act", ["look", "withdraw", "answer"])
async def test_a_stranger_has_no_hand_in_it(portal: Portal, act: str) -> None:
    """Another person's request is as unknown as one that does not exist."""
    request = (await sent(portal)).request
    moves = {
        "look": lambda tx: submit.own_request(tx, portal.stranger.id, request.id),
        "withdraw": lambda tx: submit.withdraw(tx, portal.stranger.id, request.id, LATER),
        "answer": lambda tx: submit.answer(tx, portal.stranger.id, request.id, "я", LATER),
    }
    with pytest.raises(UnknownRequest):
        await portal.db.run(moves[act])


async def test_question_answer_and_approval(portal: Portal) -> None:
    """The family answers, the request is with the school again with a new deadline, and can be approved."""
    request = (await sent(portal)).request
    await portal.db.run(lambda tx: decide.ask(tx, portal.elena, request.id, "Кто классный руководитель?", LATER))
    answered = await portal.db.run(lambda tx: submit.answer(tx, portal.pupil.id, request.id, "Не знаю", LATER))
    assert answered.state is RequestState.SUBMITTED
    assert answered.answer == "Не знаю"
    assert (await approve(portal, portal.elena, request.id)).state is RequestState.APPROVED


async def test_a_withdrawn_request_frees_the_way_for_another(portal: Portal) -> None:
    """Withdrawing is no dead end; the school can no longer decide it."""
    request = (await sent(portal)).request
    await portal.db.run(lambda tx: submit.withdraw(tx, portal.pupil.id, request.id, LATER))
    with pytest.raises(NotAllowed):
        await approve(portal, portal.elena, request.id)
    assert (await sent(portal)).is_new


async def test_opening_says_who_has_it(portal: Portal) -> None:
    """The second who opens a request sees the first, and the family's journal tells both."""
    request = (await sent(portal)).request
    await portal.db.run(lambda tx: decide.open_request(tx, portal.elena, request.id, LATER))
    seen = await portal.db.run(lambda tx: decide.open_request(tx, portal.galina, request.id, LATER))
    assert seen.opened_by == portal.elena.person_id
    entries = await portal.db.run(lambda tx: journal.read(tx, f"person:{portal.pupil.id}"))
    assert sum(entry.tag == "join_request:read" for entry in entries) == 2


async def test_an_unanswered_deadline_goes_on_with_a_new_one(portal: Portal) -> None:
    """Silence never leaves a request without a date; an old timer changes nothing."""
    request = (await sent(portal)).request
    due = RequestDue(request_id=request.id, deadline=request.deadline)
    after = request.deadline + timedelta(minutes=1)
    late = await portal.db.run(lambda tx: remind.on_deadline(tx, due, after))
    again = await portal.db.run(lambda tx: remind.on_deadline(tx, due, after))
    assert late is not None
    assert late.deadline > request.deadline
    assert again is None


async def test_a_decided_request_knows_no_deadline(portal: Portal) -> None:
    """The timer of a decided request does nothing."""
    request = (await sent(portal)).request
    await approve(portal, portal.elena, request.id)
    due = RequestDue(request_id=request.id, deadline=request.deadline)
    assert await portal.db.run(lambda tx: remind.on_deadline(tx, due, request.deadline)) is None


async def test_the_queue_shows_the_longest_waiting_first(portal: Portal) -> None:
    """Only the school's own requests stand in its queue, with counts for each tab."""
    mine = (await sent(portal)).request
    await sent(portal, portal.wish(OTHER))
    listed = await portal.db.run(lambda tx: decide.queue(tx, portal.elena, "new", 1))
    counts = await portal.db.run(lambda tx: decide.counts(tx, portal.elena))
    assert [request.id for request in listed] == [mine.id]
    assert counts == {"new": 1, "asked": 0, "decided": 0}
