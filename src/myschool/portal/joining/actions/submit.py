"""The family's side: choose, send, withdraw, answer a question."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.papers.dates import MOSCOW
from myschool.portal.joining import store
from myschool.portal.joining.model import (
    CannotJoin,
    Draft,
    JoinRequest,
    Membership,
    RequestDue,
    RequestState,
    RequestSubmitted,
    Submitted,
    UnknownRequest,
    Wish,
    deadline_from,
    new_number,
)
from myschool.portal.people import actions as people
from myschool.portal.schools import actions as schools


async def draft_of(tx: Tx, person_id: UUID) -> Draft:
    return await store.load_draft(tx, person_id)


async def keep_draft(tx: Tx, person_id: UUID, draft: Draft, now: datetime) -> None:
    """Raises NotConfirmedYet."""
    await people.check_may_act(tx, person_id)
    await store.save_draft(tx, person_id, draft, now)


async def submit(tx: Tx, person_id: UUID, filed_by: UUID, wish: Wish, *, once: str, now: datetime) -> Submitted:
    """Sends the request; pressing again, or while one to this school is open, gives the one that is there.

    Raises CannotJoin, SchoolUnknown, NotConfirmedYet.
    """
    await people.check_may_act(tx, person_id, filed_by)
    school = await schools.look_at(tx, wish.school.digits)
    if not school.takes_pupils:
        raise CannotJoin(wish.school)
    request = JoinRequest(
        id=new_id(),
        number=new_number(now.astimezone(MOSCOW).date()),
        person_id=person_id,
        filed_by=filed_by,
        wish=wish,
        state=RequestState.SUBMITTED,
        submitted_at=now,
        deadline=deadline_from(now),
    )
    if not await store.add_request(tx, request, once):
        return Submitted(await _the_one_there(tx, person_id, wish, once), is_new=False)
    await store.forget_draft(tx, person_id)
    await agenda.put(tx, RequestSubmitted(request_id=request.id))
    await _watch(tx, request)
    await _note(tx, request, "join_request:submitted", filed_by)
    return Submitted(request, is_new=True)


async def _the_one_there(tx: Tx, person_id: UUID, wish: Wish, once: str) -> JoinRequest:
    found = await store.find_open(tx, person_id, wish.school) or await store.find_by_press(tx, once)
    if found is None or found.person_id != person_id:
        raise UnknownRequest
    return found


async def sent_by_press(tx: Tx, person_id: UUID, once: str) -> JoinRequest | None:
    """The request that this very press has sent before."""
    found = await store.find_by_press(tx, once)
    return found if found is not None and found.person_id == person_id else None


async def withdraw(tx: Tx, person_id: UUID, request_id: UUID, now: datetime) -> JoinRequest:
    """Raises UnknownRequest, RequestAlreadyDecided, NotAllowed."""
    request = await _own_for_update(tx, person_id, request_id)
    request.check_move(RequestState.WITHDRAWN)
    withdrawn = replace(request, state=RequestState.WITHDRAWN)
    await store.save_request(tx, withdrawn)
    await _note(tx, withdrawn, "join_request:withdrawn", person_id)
    return withdrawn


async def answer(tx: Tx, person_id: UUID, request_id: UUID, words: str, now: datetime) -> JoinRequest:
    """The family answers the school's question; the school's time begins anew. Raises as `withdraw`."""
    request = await _own_for_update(tx, person_id, request_id)
    request.check_move(RequestState.SUBMITTED)
    answered = replace(request, state=RequestState.SUBMITTED, answer=words, deadline=deadline_from(now))
    await store.save_request(tx, answered)
    await agenda.put(tx, RequestSubmitted(request_id=request.id))
    await _watch(tx, answered)
    await _note(tx, answered, "join_request:answered", person_id)
    return answered


async def own_request(tx: Tx, person_id: UUID, request_id: UUID) -> JoinRequest:
    """The person's own request, or one that he filed. Raises UnknownRequest for everybody else's."""
    request = await store.load_request(tx, request_id)
    if request is None or person_id not in (request.person_id, request.filed_by):
        raise UnknownRequest
    return request


async def requests_of(tx: Tx, person_id: UUID) -> list[JoinRequest]:
    return await store.requests_of(tx, person_id)


async def membership_of(tx: Tx, person_id: UUID) -> Membership | None:
    return await store.active_membership(tx, person_id)


async def schools_of(tx: Tx, person_id: UUID) -> tuple[str, ...]:
    """ОГРН of the schools that the person belongs to, or has asked for himself or for a brother or sister."""
    member = await store.active_membership(tx, person_id)
    asked = await store.requests_by(tx, person_id)
    return tuple(dict.fromkeys(school.digits for school in ([member.school] if member else []) + asked))


async def _own_for_update(tx: Tx, person_id: UUID, request_id: UUID) -> JoinRequest:
    request = await store.load_request(tx, request_id, for_update=True)
    if request is None or person_id not in (request.person_id, request.filed_by):
        raise UnknownRequest
    return request


async def _watch(tx: Tx, request: JoinRequest) -> None:
    await agenda.put(tx, RequestDue(request_id=request.id, deadline=request.deadline), due_at=request.deadline)


async def _note(tx: Tx, request: JoinRequest, tag: str, actor: UUID) -> None:
    facts = {"request": str(request.id), "school": request.wish.school.digits}
    await journal.write(tx, f"person:{request.person_id}", tag, actor=f"person:{actor}", facts=facts)
