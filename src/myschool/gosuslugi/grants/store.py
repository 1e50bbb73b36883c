"""Tables of systems, grants, questions. A person has one live grant for a system: the partial unique index judges."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from myschool.esia import systems
from myschool.esia.certificates import Certificate, read_certificate
from myschool.gosuslugi.grants.model import Answer, Grant, InformationSystem, Question, Reason
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx

FORGOTTEN_AT_ONCE = 20

information_system = Table(
    "information_system",
    metadata,
    Column("mnemonic", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("home_url", Text, nullable=False),
    Column("redirect_uris", JSONB, nullable=False),
    Column("logout_urls", JSONB, nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("org_scopes", JSONB, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("for_children", Boolean, nullable=False),
    Column("demands_pkce", Boolean, nullable=False),
    Column("clock_tolerance_s", Integer, nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False),
)

system_certificate = Table(
    "system_certificate",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("mnemonic", Text, ForeignKey("information_system.mnemonic"), nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Index("system_certificate_mnemonic_idx", "mnemonic"),
)

access_grant = Table(
    "access_grant",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("mnemonic", Text, ForeignKey("information_system.mnemonic"), nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("given_by", Uuid, ForeignKey("person.id"), nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Uuid),
    Index(
        "access_grant_live_key",
        "person_id",
        "mnemonic",
        unique=True,
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
)

consent_question = Table(
    "consent_question",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("asked_for", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("mnemonic", Text, ForeignKey("information_system.mnemonic"), nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("return_path", Text, nullable=False),
    Column("leads_to", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("asked_for", "person_id"),
    Index("consent_question_ends_at_idx", "ends_at"),
)

# Each guardian gets a code of his own, so the one that is typed says who permitted.
consent_code = Table(
    "consent_code",
    metadata,
    Column("question_id", Uuid, ForeignKey("consent_question.id", ondelete="CASCADE"), primary_key=True),
    Column("guardian_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("code_index", LargeBinary, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
)


# -- systems -----------------------------------------------------------------------------------------------------------


async def save_system(tx: Tx, system: InformationSystem, now: datetime) -> None:
    wire = system.wire
    values = {
        "name": system.name,
        "operator": system.operator,
        "home_url": system.home_url,
        "redirect_uris": sorted(wire.redirect_uris),
        "logout_urls": sorted(system.logout_urls),
        "scopes": sorted(wire.scopes),
        "org_scopes": sorted(wire.org_scopes),
        "reasons": {scope: [reason.why, reason.seen_by] for scope, reason in system.reasons.items()},
        "for_children": system.for_children,
        "demands_pkce": wire.demands_pkce,
        "clock_tolerance_s": int(wire.clock_tolerance.total_seconds()),
    }
    fresh = insert(information_system).values(mnemonic=system.mnemonic, registered_at=now, **values)
    await tx.execute(fresh.on_conflict_do_update(index_elements=["mnemonic"], set_=values))
    await _save_certificates(tx, system.mnemonic, wire.certificates, now)


async def _save_certificates(tx: Tx, mnemonic: str, certificates: Iterable[Certificate], now: datetime) -> None:
    """Exactly these are the system's from now on. One that another system has stays with that one."""
    known = [certificate.hash for certificate in certificates]
    c = system_certificate.c
    await tx.execute(delete(system_certificate).where(c.mnemonic == mnemonic, c.hash.not_in(known)))
    for certificate in certificates:
        row = insert(system_certificate).values(
            hash=certificate.hash, mnemonic=mnemonic, der=certificate.der, added_at=now
        )
        await tx.execute(row.on_conflict_do_nothing())


async def load_system(tx: Tx, mnemonic: str) -> InformationSystem | None:
    joined = information_system.outerjoin(system_certificate)
    query = select(information_system, system_certificate.c.der).select_from(joined)
    found = (await tx.execute(query.where(information_system.c.mnemonic == mnemonic))).all()
    return _system(found[0], [row.der for row in found if row.der is not None]) if found else None


async def load_systems(tx: Tx, mnemonics: Collection[str] | None = None) -> list[InformationSystem]:
    """For pages: without certificates. None: all of them."""
    query = select(information_system).order_by(information_system.c.name)
    if mnemonics is not None:
        query = query.where(information_system.c.mnemonic.in_(mnemonics))
    return [_system(row, []) for row in await tx.execute(query)]


def _system(row: Row[Any], certificates: Iterable[bytes]) -> InformationSystem:
    wire = systems.InformationSystem(
        mnemonic=row.mnemonic,
        redirect_uris=frozenset(row.redirect_uris),
        scopes=frozenset(row.scopes),
        certificates=tuple(_parsed(der) for der in certificates),
        org_scopes=frozenset(row.org_scopes),
        demands_pkce=row.demands_pkce,
        clock_tolerance=timedelta(seconds=row.clock_tolerance_s),
    )
    reasons: Mapping[str, Reason] = {scope: Reason(*told) for scope, told in row.reasons.items()}
    return InformationSystem(
        row.name, row.operator, row.home_url, wire, reasons, frozenset(row.logout_urls), row.for_children
    )


@lru_cache(maxsize=1024)
def _parsed(der: bytes) -> Certificate:
    return read_certificate(der)


# -- grants ------------------------------------------------------------------------------------------------------------


async def save_grant(tx: Tx, grant: Grant) -> None:
    """The one live grant of this person and system: made, or widened and prolonged."""
    c = access_grant.c
    values = {"scopes": sorted(grant.scopes), "given_by": grant.given_by}
    values |= {"given_at": grant.given_at, "until": grant.until}
    fresh = insert(access_grant).values(
        id=grant.id, person_id=grant.person_id, mnemonic=grant.mnemonic, begun_at=grant.begun_at, **values
    )
    saved = fresh.on_conflict_do_update(
        index_elements=[c.person_id, c.mnemonic], index_where=c.withdrawn_at.is_(None), set_=values
    )
    await tx.execute(saved)


async def live_grant(tx: Tx, person_id: UUID, mnemonic: str, now: datetime) -> Grant | None:
    c = access_grant.c
    query = select(access_grant).where(
        c.person_id == person_id, c.mnemonic == mnemonic, c.withdrawn_at.is_(None), c.until > now
    )
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _grant(row)


async def live_grants(tx: Tx, person_ids: Collection[UUID], now: datetime) -> list[Grant]:
    c = access_grant.c
    query = select(access_grant).where(c.person_id.in_(person_ids), c.withdrawn_at.is_(None), c.until > now)
    return [_grant(row) for row in await tx.execute(query.order_by(c.given_at.desc()))]


async def find_grant(tx: Tx, grant_id: UUID) -> Grant | None:
    c = access_grant.c
    query = select(access_grant).where(c.id == grant_id, c.withdrawn_at.is_(None))
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _grant(row)


async def end_outlived(tx: Tx, person_id: UUID, mnemonic: str, now: datetime) -> None:
    """A grant whose term is over makes room for a new one."""
    c = access_grant.c
    over = update(access_grant).where(
        c.person_id == person_id, c.mnemonic == mnemonic, c.withdrawn_at.is_(None), c.until <= now
    )
    await tx.execute(over.values(withdrawn_at=c.until))


async def end_grant(tx: Tx, grant_id: UUID, by: UUID | None, now: datetime) -> bool:
    """False when it was ended before."""
    c = access_grant.c
    ended = update(access_grant).where(c.id == grant_id, c.withdrawn_at.is_(None))
    ended = ended.values(withdrawn_at=now, withdrawn_by=by)
    return (await tx.execute(ended.returning(c.id))).first() is not None


async def pass_grant(tx: Tx, grant_id: UUID, given_by: UUID) -> None:
    """Another adult answers for it from now on; scopes and term stay."""
    c = access_grant.c
    passed = update(access_grant).where(c.id == grant_id, c.withdrawn_at.is_(None))
    await tx.execute(passed.values(given_by=given_by))


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        row.id,
        row.person_id,
        row.mnemonic,
        frozenset(row.scopes),
        row.given_by,
        row.begun_at,
        row.given_at,
        row.until,
    )


# -- questions ---------------------------------------------------------------------------------------------------------


async def save_question(tx: Tx, question: Question, asked_for: str) -> UUID:
    """The id of the question asked for this request of this person: one, however often it is asked."""
    fresh = insert(consent_question).values(
        id=question.id,
        asked_for=asked_for,
        person_id=question.person_id,
        mnemonic=question.mnemonic,
        scopes=list(question.scopes),
        return_path=question.return_path,
        leads_to=question.leads_to,
        answer=question.answer,
        ends_at=question.ends_at,
    )
    await tx.execute(fresh.on_conflict_do_nothing())
    c = consent_question.c
    query = select(c.id).where(c.asked_for == asked_for, c.person_id == question.person_id)
    found: UUID = (await tx.execute(query)).scalar_one()
    return found


async def load_question(tx: Tx, question_id: UUID, *, for_update: bool = False) -> Question | None:
    query = select(consent_question).where(consent_question.c.id == question_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return None if row is None else _question(row)


async def find_answer(tx: Tx, asked_for: str, person_id: UUID) -> Answer | None:
    c = consent_question.c
    query = select(c.answer).where(c.asked_for == asked_for, c.person_id == person_id)
    word = (await tx.execute(query)).scalar_one_or_none()
    return None if word is None else Answer(word)


async def set_answer(tx: Tx, question_id: UUID, answer: Answer, now: datetime) -> None:
    answered = update(consent_question).where(consent_question.c.id == question_id)
    await tx.execute(answered.values(answer=answer, answered_at=now))


async def forget_some(tx: Tx, now: datetime) -> None:
    """Takes away a few questions out of time, with their codes; none that another transaction holds."""
    c = consent_question.c
    few = select(c.id).where(c.ends_at < now).limit(FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
    await tx.execute(delete(consent_question).where(c.id.in_(few)))


def _question(row: Row[Any]) -> Question:
    return Question(
        row.id,
        row.person_id,
        row.mnemonic,
        tuple(row.scopes),
        row.return_path,
        row.leads_to,
        Answer(row.answer),
        row.ends_at,
    )


# -- codes -------------------------------------------------------------------------------------------------------------


async def save_code(
    tx: Tx, question_id: UUID, guardian_id: UUID, code_index: bytes, now: datetime, ends_at: datetime
) -> None:
    values = {"code_index": code_index, "sent_at": now, "ends_at": ends_at, "tries": 0}
    fresh = insert(consent_code).values(question_id=question_id, guardian_id=guardian_id, **values)
    await tx.execute(fresh.on_conflict_do_update(index_elements=["question_id", "guardian_id"], set_=values))


async def last_sent(tx: Tx, question_id: UUID) -> datetime | None:
    c = consent_code.c
    query = select(c.sent_at).where(c.question_id == question_id).order_by(c.sent_at.desc()).limit(1)
    return (await tx.execute(query)).scalar_one_or_none()


async def count_try(tx: Tx, question_id: UUID, now: datetime) -> list[Row[Any]]:
    """Counts one try against every code of the question; the codes that are still alive, with their tries."""
    c = consent_code.c
    counted = update(consent_code).where(c.question_id == question_id, c.ends_at > now).values(tries=c.tries + 1)
    return list(await tx.execute(counted.returning(c.guardian_id, c.code_index, c.tries)))
