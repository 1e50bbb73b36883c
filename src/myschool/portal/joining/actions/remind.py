"""What happens to a request without anybody's press: its deadline comes."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.portal.joining import store
from myschool.portal.joining.model import JoinRequest, RequestDue, UnknownRequest, deadline_from


async def load(tx: Tx, request_id: UUID) -> JoinRequest:
    """Raises UnknownRequest."""
    request = await store.load_request(tx, request_id)
    if request is None:
        raise UnknownRequest
    return request


async def on_deadline(tx: Tx, due: RequestDue, now: datetime) -> JoinRequest | None:
    """The request whose deadline has passed unanswered, with a new one; None when it was decided or moved on."""
    request = await store.load_request(tx, due.request_id, for_update=True)
    if request is None or not request.is_open or request.deadline != due.deadline:
        return None
    late = replace(request, deadline=deadline_from(now))
    await store.save_request(tx, late)
    await watch(tx, late)
    facts = {"request": str(request.id)}
    await journal.write(tx, f"school:{request.wish.school.digits}", "join_request:late", actor="system", facts=facts)
    return late


async def watch(tx: Tx, request: JoinRequest) -> None:
    """Something happens at its deadline, whatever the school does."""
    await agenda.put(tx, RequestDue(request_id=request.id, deadline=request.deadline), due_at=request.deadline)
