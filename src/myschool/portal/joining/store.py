"""Requests, memberships and drafts.

Unique indexes judge races: one open request a person and school, one active membership a person.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.papers.numbers import Ogrn
from myschool.portal.joining.model import (
    OPEN,
    Decision,
    Draft,
    JoinRequest,
    Membership,
    MembershipState,
    Reason,
    RequestState,
    Wish,
)
from myschool.portal.roll.model import AcademicYear, SchoolClass
from myschool.portal.tables import metadata

IS_OPEN = "state IN ('submitted', 'in_review', 'needs_information')"

join_request = Table(
    "join_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("once", Text, nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("filed_by", Uuid, ForeignKey("person.id"), nullable=False),
    Column("school", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("letter", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("deadline", DateTime(timezone=True), nullable=False),
    Column("opened_by", Uuid),
    Column("opened_at", DateTime(timezone=True)),
    Column("decided_by", Uuid),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", Text),
    Column("comment", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Index("join_request_open_key", "person_id", "school", unique=True, postgresql_where=IS_OPEN),
    Index("join_request_queue_idx", "school", "submitted_at", postgresql_where=IS_OPEN),
    Index("join_request_decided_idx", "school", "decided_at"),
    Index("join_request_person_id_idx", "person_id", "submitted_at"),
    Index("join_request_filed_by_idx", "filed_by", "submitted_at"),
)

membership = Table(
    "membership",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("school", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("letter", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    Index("membership_active_key", "person_id", unique=True, postgresql_where="state = 'active'"),
    Index("membership_school_idx", "school", "grade", "letter", postgresql_where="state = 'active'"),
)

join_draft = Table(
    "join_draft",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("region_code", Text, nullable=False),
    Column("school", Text),
    Column("grade", Integer),
    Column("letter", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)


async def add_request(tx: Tx, request: JoinRequest, once: str) -> bool:
    """False when this press was counted before or an open request of the person to the school exists."""
    saved = insert(join_request).values(once=once, **_row(request)).on_conflict_do_nothing()
    return (await tx.execute(saved.returning(join_request.c.id))).one_or_none() is not None


async def save_request(tx: Tx, request: JoinRequest) -> None:
    await tx.execute(update(join_request).where(join_request.c.id == request.id).values(_row(request)))


async def load_request(tx: Tx, request_id: UUID, *, for_update: bool = False) -> JoinRequest | None:
    query = select(join_request).where(join_request.c.id == request_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _request(row) if row else None


async def find_by_press(tx: Tx, once: str) -> JoinRequest | None:
    row = (await tx.execute(select(join_request).where(join_request.c.once == once))).one_or_none()
    return _request(row) if row else None


async def find_open(tx: Tx, person_id: UUID, school: Ogrn) -> JoinRequest | None:
    c = join_request.c
    query = select(join_request).where(c.person_id == person_id, c.school == school.digits, c.state.in_(OPEN))
    row = (await tx.execute(query)).one_or_none()
    return _request(row) if row else None


async def requests_of(tx: Tx, person_id: UUID) -> list[JoinRequest]:
    """Newest first."""
    c = join_request.c
    query = select(join_request).where(c.person_id == person_id).order_by(c.submitted_at.desc()).limit(50)
    return [_request(row) for row in await tx.execute(query)]


async def requests_by(tx: Tx, person_id: UUID) -> list[Ogrn]:
    """Schools of the requests that are about him or that he filed for his children, newest first."""
    c = join_request.c
    query = select(c.school).where((c.person_id == person_id) | (c.filed_by == person_id))
    query = query.order_by(c.submitted_at.desc()).limit(20)
    return [Ogrn(school) for school in (await tx.execute(query)).scalars()]


async def queue(tx: Tx, school: Ogrn, states: Sequence[RequestState], *, page: int, size: int) -> list[JoinRequest]:
    """Longest waiting first; decided ones newest first."""
    c = join_request.c
    query = select(join_request).where(c.school == school.digits, c.state.in_(states))
    query = query.order_by(c.submitted_at if set(states) <= OPEN else c.decided_at.desc(), c.id)
    return [_request(row) for row in await tx.execute(_page(query, page, size))]


async def counts(tx: Tx, school: Ogrn) -> Mapping[RequestState, int]:
    c = join_request.c
    query = select(c.state, func.count()).where(c.school == school.digits).group_by(c.state)
    return {RequestState(state): count for state, count in await tx.execute(query)}


async def add_membership(tx: Tx, one: Membership) -> None:
    await tx.execute(
        insert(membership).values(
            id=one.id,
            person_id=one.person_id,
            school=one.school.digits,
            grade=one.school_class.grade,
            letter=one.school_class.letter,
            year=one.year.begins,
            state=one.state,
            since=one.since,
            until=one.until,
        )
    )


async def end_active_membership(tx: Tx, person_id: UUID, state: MembershipState, now: datetime) -> UUID | None:
    """The id of the membership that ended, if there was one."""
    c = membership.c
    active = (c.person_id == person_id) & (c.state == MembershipState.ACTIVE)
    ended = update(membership).where(active).values(state=state, until=now).returning(c.id)
    ended_id: UUID | None = (await tx.execute(ended)).scalar_one_or_none()
    return ended_id


async def active_membership(tx: Tx, person_id: UUID) -> Membership | None:
    c = membership.c
    query = select(membership).where(c.person_id == person_id, c.state == MembershipState.ACTIVE)
    row = (await tx.execute(query)).one_or_none()
    return _membership(row) if row else None


async def members(tx: Tx, school: Ogrn, most: int) -> list[Membership]:
    """Who belongs to the school now, locked."""
    c = membership.c
    query = select(membership).where(c.school == school.digits, c.state == MembershipState.ACTIVE)
    rows = await tx.execute(query.order_by(c.id).limit(most).with_for_update())
    return [_membership(row) for row in rows]


async def open_requests_to(tx: Tx, school: Ogrn, most: int) -> list[JoinRequest]:
    """Longest waiting first, locked."""
    c = join_request.c
    query = select(join_request).where(c.school == school.digits, c.state.in_(OPEN))
    rows = await tx.execute(query.order_by(c.submitted_at).limit(most).with_for_update())
    return [_request(row) for row in rows]


async def load_draft(tx: Tx, person_id: UUID) -> Draft:
    row = (await tx.execute(select(join_draft).where(join_draft.c.person_id == person_id))).one_or_none()
    if row is None:
        return Draft()
    school_class = SchoolClass(row.grade, row.letter) if row.grade is not None else None
    return Draft(row.region_code, Ogrn(row.school) if row.school else None, school_class)


async def save_draft(tx: Tx, person_id: UUID, draft: Draft, now: datetime) -> None:
    row = {
        "person_id": person_id,
        "region_code": draft.region_code,
        "school": draft.school.digits if draft.school else None,
        "grade": draft.school_class.grade if draft.school_class else None,
        "letter": draft.school_class.letter if draft.school_class else "",
        "updated_at": now,
    }
    await tx.execute(insert(join_draft).values(row).on_conflict_do_update(index_elements=["person_id"], set_=row))


async def forget_draft(tx: Tx, person_id: UUID) -> None:
    await tx.execute(delete(join_draft).where(join_draft.c.person_id == person_id))


def _page(query: Select[Any], page: int, size: int) -> Select[Any]:
    return query.limit(size).offset((page - 1) * size)


def _row(request: JoinRequest) -> dict[str, Any]:
    decision = request.decision
    return {
        "id": request.id,
        "number": request.number,
        "person_id": request.person_id,
        "filed_by": request.filed_by,
        "school": request.wish.school.digits,
        "grade": request.wish.school_class.grade,
        "letter": request.wish.school_class.letter,
        "year": request.wish.year.begins,
        "state": request.state,
        "submitted_at": request.submitted_at,
        "deadline": request.deadline,
        "opened_by": request.opened_by,
        "opened_at": request.opened_at,
        "decided_by": decision.by if decision else None,
        "decided_at": decision.at if decision else None,
        "reason": decision.reason if decision else None,
        "comment": decision.comment if decision else "",
        "question": request.question,
        "answer": request.answer,
    }


def _request(row: Row[Any]) -> JoinRequest:
    state = RequestState(row.state)
    reason = Reason(row.reason) if row.reason else None
    decision = Decision(state, row.decided_by, row.decided_at, reason, row.comment) if row.decided_by else None
    wish = Wish(Ogrn(row.school), SchoolClass(row.grade, row.letter), AcademicYear(row.year))
    return JoinRequest(
        row.id,
        row.number,
        row.person_id,
        row.filed_by,
        wish,
        state,
        row.submitted_at,
        row.deadline,
        row.opened_by,
        row.opened_at,
        decision,
        row.question,
        row.answer,
    )


def _membership(row: Row[Any]) -> Membership:
    return Membership(
        row.id,
        row.person_id,
        Ogrn(row.school),
        SchoolClass(row.grade, row.letter),
        AcademicYear(row.year),
        MembershipState(row.state),
        row.since,
        row.until,
    )
