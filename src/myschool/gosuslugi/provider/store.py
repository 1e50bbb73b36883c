"""Tables of waiting requests, redeemed codes, refusals, and organisations."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    delete,
    exists,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.esia.authorize import AuthorizeRequest
from myschool.esia.tokens import ACCESS_LIFETIME
from myschool.gosuslugi.provider.model import Organisation, Redemption, RefusalNote
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.web.sessions import web_session

FORGOTTEN_AT_ONCE = 20

authorize_request = Table(
    "authorize_request",
    metadata,
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Index("authorize_request_ends_at_idx", "ends_at"),
)

code_redemption = Table(
    "code_redemption",
    metadata,
    Column("jti", Text, primary_key=True),
    Column("mnemonic", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("redeemed_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("reused_at", DateTime(timezone=True)),
    Index("code_redemption_session_idx", "session", "mnemonic"),
    Index("code_redemption_expires_at_idx", "expires_at"),
)

provider_refusal = Table(
    "provider_refusal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("mnemonic", Text, ForeignKey("information_system.mnemonic"), nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("provider_refusal_mnemonic_at_idx", "mnemonic", "at"),
)

organisation = Table(
    "organisation",
    metadata,
    Column("oid", BigInteger, primary_key=True, autoincrement=False),
    Column("ogrn", Text, nullable=False, unique=True),
    Column("full_name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
)

organisation_role = Table(
    "organisation_role",
    metadata,
    Column("organisation_oid", BigInteger, ForeignKey("organisation.oid"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("chief", Boolean, nullable=False),
    Column("admin", Boolean, nullable=False),
    Index("organisation_role_person_id_idx", "person_id"),
)


# -- requests in flight ------------------------------------------------------------------------------------------------


async def save_request(tx: Tx, key: str, request: AuthorizeRequest, ends_at: datetime) -> None:
    row = {"key": key, "request": msgspec.json.encode(request).decode(), "ends_at": ends_at}
    await tx.execute(insert(authorize_request).values(row))


async def load_request(tx: Tx, key: str, now: datetime) -> AuthorizeRequest | None:
    c = authorize_request.c
    query = select(c.request).where(c.key == key, c.ends_at > now)
    text = (await tx.execute(query)).scalar_one_or_none()
    return None if text is None else msgspec.json.decode(text, type=AuthorizeRequest)


# -- codes -------------------------------------------------------------------------------------------------------------


async def redeem(tx: Tx, redemption: Redemption) -> bool:
    """True for the first of any number of callers. The others wait for it, and are then told False."""
    fresh = insert(code_redemption).values(
        jti=redemption.jti,
        mnemonic=redemption.mnemonic,
        session=redemption.session,
        redeemed_at=redemption.redeemed_at,
        expires_at=redemption.expires_at,
    )
    return (await tx.execute(fresh.on_conflict_do_nothing().returning(code_redemption.c.jti))).first() is not None


async def mark_reused(tx: Tx, jti: str, now: datetime) -> None:
    c = code_redemption.c
    await tx.execute(update(code_redemption).where(c.jti == jti, c.reused_at.is_(None)).values(reused_at=now))


async def session_stands(tx: Tx, session: str) -> bool:
    """It was not ended. One that merely ran out of time still stands: a token has its own term."""
    alive = exists().where(web_session.c.token_hash == bytes.fromhex(session))
    return bool((await tx.execute(select(alive))).scalar_one())


async def token_stands(tx: Tx, session: str, mnemonic: str, issued_at: int) -> bool:
    """The session stands, and no code that was used twice brought a token in that second (epoch).

    Access tokens of ESIA have no number of their own; the second, the session and the system name them closely enough.
    """
    c = code_redemption.c
    second = datetime.fromtimestamp(issued_at, tz=UTC)
    alive = exists().where(web_session.c.token_hash == bytes.fromhex(session))
    reused = exists().where(
        c.session == session,
        c.mnemonic == mnemonic,
        c.reused_at.is_not(None),
        c.redeemed_at >= second,
        c.redeemed_at < second + timedelta(seconds=1),
    )
    return bool((await tx.execute(select(alive & ~reused))).scalar_one())


# -- refusals ----------------------------------------------------------------------------------------------------------


async def save_refusal(tx: Tx, note: RefusalNote) -> None:
    row = {
        "id": new_id(),
        "mnemonic": note.mnemonic,
        "endpoint": note.endpoint,
        "number": note.number,
        "reason": note.reason[:500],
        "trace": note.trace,
        "at": note.at,
    }
    await tx.execute(insert(provider_refusal).values(row))


async def forget_some(tx: Tx, now: datetime) -> None:
    """Takes away a few rows that cannot matter any more: requests and codes out of time, refusals of last month.

    A few at a time, and none that another transaction holds: every request that waits pays for those before it.
    """
    spent = now - 2 * ACCESS_LIFETIME
    for key, over in (
        (authorize_request.c.key, authorize_request.c.ends_at < now),
        (code_redemption.c.jti, code_redemption.c.expires_at < spent),
        (provider_refusal.c.id, provider_refusal.c.at < now - timedelta(days=30)),
    ):
        few = select(key).where(over).limit(FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
        await tx.execute(delete(key.table).where(key.in_(few)))


# -- organisations -----------------------------------------------------------------------------------------------------


async def save_organisation(tx: Tx, role: Organisation) -> None:
    names = {"ogrn": role.ogrn, "full_name": role.full_name, "short_name": role.short_name}
    fresh = insert(organisation).values(oid=role.oid, **names)
    await tx.execute(fresh.on_conflict_do_update(index_elements=["oid"], set_=names))
    what = {"chief": role.chief, "admin": role.admin}
    appointed = insert(organisation_role).values(organisation_oid=role.oid, person_id=role.person_id, **what)
    key = ["organisation_oid", "person_id"]
    await tx.execute(appointed.on_conflict_do_update(index_elements=key, set_=what))


async def organisations_of(tx: Tx, person_id: UUID) -> list[Organisation]:
    joined = organisation_role.join(organisation)
    query = select(organisation, organisation_role.c.chief, organisation_role.c.admin).select_from(joined)
    rows = await tx.execute(query.where(organisation_role.c.person_id == person_id).order_by(organisation.c.oid))
    return [
        Organisation(row.oid, row.ogrn, row.full_name, row.short_name, person_id, row.chief, row.admin) for row in rows
    ]
