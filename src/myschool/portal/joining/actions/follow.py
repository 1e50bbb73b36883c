"""What becomes of members and requests when the register says that their school ended. By the system, nobody's press.

    merged     members go on at the successor in the same class; open requests wait there instead
    closed     memberships end; open requests are withdrawn, and their families told

A part at a time, `PART` rows a transaction: the event is put again until nothing is left, and then changes nothing.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from myschool.kit import agenda, journal
from myschool.kit.agenda import Event, Later
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.papers.numbers import Ogrn
from myschool.portal.joining import store
from myschool.portal.joining.actions import remind
from myschool.portal.joining.model import (
    JoinRequest,
    Membership,
    MembershipEnded,
    MembershipState,
    RequestPassedOn,
    RequestState,
    RequestStranded,
    deadline_from,
)
from myschool.portal.schools import actions as schools
from myschool.portal.schools.model import SchoolLiquidated, SchoolReorganised, SchoolUnknown

PART = 500
ASKED_AGAIN = timedelta(hours=6)


async def school_reorganised(tx: Tx, event: SchoolReorganised, now: datetime) -> None:
    """Without a named successor nobody can be moved: members stay until their families choose. Raises Later while the
    successor does not stand in the directory.
    """
    if not event.successor:
        await _strand_requests(tx, Ogrn(event.ogrn), now, event)
        return
    try:
        successor = await _last_successor(tx, event)
    except SchoolUnknown:
        raise Later(now + ASKED_AGAIN, "the successor is not in the directory") from None
    members = await store.members(tx, Ogrn(event.ogrn), PART)
    for member in members:
        await _move(tx, member, successor, now)
    requests = await store.open_requests_to(tx, Ogrn(event.ogrn), PART)
    for request in requests:
        await _pass_on(tx, request, successor, now)
    await _go_on(tx, event, len(members), len(requests))


async def _last_successor(tx: Tx, event: SchoolReorganised) -> Ogrn:
    """The end of a chain of mergers. Raises SchoolUnknown, also for a chain that bites its tail."""
    seen = {event.ogrn}
    ogrn = event.successor
    while ogrn not in seen:
        seen.add(ogrn)
        school = await schools.look_at(tx, ogrn)
        if school.successor is None:
            return school.ogrn
        ogrn = school.successor.digits
    raise SchoolUnknown(ogrn)


async def school_liquidated(tx: Tx, event: SchoolLiquidated, now: datetime) -> None:
    members = await store.members(tx, Ogrn(event.ogrn), PART)
    for member in members:
        await _end(tx, member, MembershipState.LEFT, now, {"school": event.ogrn})
    await _strand_requests(tx, Ogrn(event.ogrn), now, event, members=len(members))


async def _strand_requests(tx: Tx, school: Ogrn, now: datetime, event: Event, *, members: int = 0) -> None:
    requests = await store.open_requests_to(tx, school, PART)
    for request in requests:
        await store.save_request(tx, replace(request, state=RequestState.WITHDRAWN))
        await agenda.put(tx, RequestStranded(request_id=request.id))
        await _note(tx, request, "join_request:stranded", {"school": school.digits})
    await _go_on(tx, event, members, len(requests))


async def _go_on(tx: Tx, event: Event, *done: int) -> None:
    if max(done) == PART:
        await agenda.put(tx, event)


async def _end(tx: Tx, member: Membership, state: MembershipState, now: datetime, facts: dict[str, str]) -> bool:
    ended = await store.end_active_membership(tx, member.person_id, state, now)
    if ended is None:
        return False
    await agenda.put(tx, MembershipEnded(person_id=member.person_id, membership_id=ended))
    tag = f"membership:{state}"
    await journal.write(tx, f"person:{member.person_id}", tag, actor="system", facts=facts)
    return True


async def _move(tx: Tx, member: Membership, successor: Ogrn, now: datetime) -> None:
    facts = {"school": member.school.digits, "successor": successor.digits}
    if await _end(tx, member, MembershipState.TRANSFERRED, now, facts):
        await store.add_membership(tx, replace(member, id=new_id(), school=successor, since=now, until=None))


async def _pass_on(tx: Tx, request: JoinRequest, successor: Ogrn, now: datetime) -> None:
    """The new school gets the whole time to decide. A second request to it would be one too many: it is withdrawn."""
    if await store.find_open(tx, request.person_id, successor) is not None:
        await store.save_request(tx, replace(request, state=RequestState.WITHDRAWN))
        return
    there = replace(request.wish, school=successor)
    passed = replace(
        request,
        wish=there,
        state=RequestState.SUBMITTED,
        opened_by=None,
        opened_at=None,
        deadline=deadline_from(now),
    )
    await store.save_request(tx, passed)
    await remind.watch(tx, passed)
    await agenda.put(tx, RequestPassedOn(request_id=request.id, deadline=passed.deadline))
    await _note(
        tx,
        request,
        "join_request:passed_on",
        {"school": request.wish.school.digits, "successor": successor.digits},
    )


async def _note(tx: Tx, request: JoinRequest, tag: str, facts: dict[str, str]) -> None:
    more = {"request": str(request.id), **facts}
    await journal.write(tx, f"person:{request.person_id}", tag, actor="system", facts=more)
