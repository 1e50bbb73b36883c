"""The school's side. Every action takes the `SchoolAdministrator` that the check gave, never an id from a form."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.agenda import Event
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.portal.joining import store
from myschool.portal.joining.model import (
    OPEN,
    Decision,
    InformationAsked,
    JoinRequest,
    Membership,
    MembershipEnded,
    MembershipState,
    Reason,
    RequestApproved,
    RequestDeclined,
    RequestDue,
    RequestState,
    UnknownRequest,
    deadline_from,
)
from myschool.portal.roll.model import SchoolAdministrator

PAGE = 50
TABS = {
    "new": (RequestState.SUBMITTED, RequestState.IN_REVIEW),
    "asked": (RequestState.NEEDS_INFORMATION,),
    "decided": (RequestState.APPROVED, RequestState.DECLINED),
}


async def queue(tx: Tx, administrator: SchoolAdministrator, tab: str, page: int) -> list[JoinRequest]:
    """Fifty of the school's requests: open ones longest waiting first, decided ones newest first."""
    return await store.queue(tx, administrator.school, TABS[tab], page=page, size=PAGE)


async def counts(tx: Tx, administrator: SchoolAdministrator) -> dict[str, int]:
    by_state = await store.counts(tx, administrator.school)
    return {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}


async def open_request(tx: Tx, administrator: SchoolAdministrator, request_id: UUID, now: datetime) -> JoinRequest:
    """Looks at a request; an untouched one becomes «in review» and says who has it open. Raises UnknownRequest."""
    request = await _of_this_school(tx, administrator, request_id)
    facts = {"request": str(request.id)}
    await journal.write(
        tx, f"person:{request.person_id}", "join_request:read", actor=f"person:{administrator.person_id}", facts=facts
    )
    if request.state not in OPEN:
        return request
    state = RequestState.IN_REVIEW if request.state is RequestState.SUBMITTED else request.state
    opened = replace(request, state=state, opened_by=administrator.person_id, opened_at=now)
    await store.save_request(tx, opened)
    return replace(opened, opened_by=request.opened_by, opened_at=request.opened_at)


async def approve(tx: Tx, administrator: SchoolAdministrator, request_id: UUID, now: datetime) -> JoinRequest:
    """The pupil belongs to the school from now on; an older membership ends in the same transaction.

    Raises UnknownRequest, RequestAlreadyDecided, NotAllowed.
    """
    request = await _of_this_school(tx, administrator, request_id)
    decided = await _decided(tx, request, Decision(RequestState.APPROVED, administrator.person_id, now))
    ended = await store.end_active_membership(tx, request.person_id, MembershipState.TRANSFERRED, now)
    if ended is not None:
        await agenda.put(tx, MembershipEnded(person_id=request.person_id, membership_id=ended))
    await store.add_membership(tx, _membership(request, now))
    await _tell(tx, decided, RequestApproved(request_id=request.id, person_id=request.person_id))
    return decided


async def decline(
    tx: Tx, administrator: SchoolAdministrator, request_id: UUID, reason: Reason, comment: str, now: datetime
) -> JoinRequest:
    """Raises as `approve`."""
    request = await _of_this_school(tx, administrator, request_id)
    decision = Decision(RequestState.DECLINED, administrator.person_id, now, reason, comment)
    decided = await _decided(tx, request, decision)
    await _tell(tx, decided, RequestDeclined(request_id=request.id))
    return decided


async def ask(
    tx: Tx, administrator: SchoolAdministrator, request_id: UUID, question: str, now: datetime
) -> JoinRequest:
    """The family has as long as the school had to answer. Raises as `approve`."""
    request = await _of_this_school(tx, administrator, request_id)
    request.check_move(RequestState.NEEDS_INFORMATION)
    deadline = deadline_from(now)
    asked = replace(request, state=RequestState.NEEDS_INFORMATION, question=question, answer="", deadline=deadline)
    await store.save_request(tx, asked)
    await agenda.put(tx, RequestDue(request_id=request.id, deadline=deadline), due_at=deadline)
    await agenda.put(tx, InformationAsked(request_id=request.id))
    await _note(tx, asked, "join_request:asked", administrator.person_id)
    return asked


async def _of_this_school(tx: Tx, administrator: SchoolAdministrator, request_id: UUID) -> JoinRequest:
    """Locks the request. One of another school is as unknown as one that does not exist."""
    request = await store.load_request(tx, request_id, for_update=True)
    if request is None or request.wish.school != administrator.school:
        raise UnknownRequest
    return request


async def _decided(tx: Tx, request: JoinRequest, decision: Decision) -> JoinRequest:
    request.check_move(decision.state)
    decided = replace(request, state=decision.state, decision=decision)
    await store.save_request(tx, decided)
    return decided


async def _tell(tx: Tx, decided: JoinRequest, event: Event) -> None:
    await agenda.put(tx, event)
    if decided.decision is not None:
        await _note(tx, decided, f"join_request:{decided.state}", decided.decision.by)


async def _note(tx: Tx, request: JoinRequest, tag: str, actor: UUID) -> None:
    facts = {"request": str(request.id), "school": request.wish.school.digits}
    await journal.write(tx, f"person:{request.person_id}", tag, actor=f"person:{actor}", facts=facts)
    await journal.write(tx, f"school:{request.wish.school.digits}", tag, actor=f"person:{actor}", facts=facts)


def _membership(request: JoinRequest, now: datetime) -> Membership:
    wish = request.wish
    return Membership(
        new_id(), request.person_id, wish.school, wish.school_class, wish.year, MembershipState.ACTIVE, now
    )
