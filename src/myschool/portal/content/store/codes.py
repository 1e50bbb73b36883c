"""What the provider remembers: codes that were redeemed, and its two secrets."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, ForeignKey, Index, LargeBinary, Row, Table, Text, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.portal.content.model import Redemption
from myschool.portal.tables import metadata

PLACE = "oidc_secret.secret"

code_redemption = Table(
    "code_redemption",
    metadata,
    Column("jti", Text, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("platform_id", Uuid, ForeignKey("learning_platform.id"), nullable=False),
    Column("redeemed_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("reused_at", DateTime(timezone=True)),
    Column("told_at", DateTime(timezone=True)),
    Index("code_redemption_expires_at_idx", "expires_at"),
)

oidc_secret = Table(
    "oidc_secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("secret_sealed", LargeBinary, nullable=False, info={"sealed": PLACE}),
)


async def redeem(tx: Tx, redemption: Redemption) -> bool:
    """True for the first of any number of callers; the others wait for it and are then told False."""
    fresh = insert(code_redemption).values(
        jti=redemption.jti,
        person_id=redemption.person_id,
        platform_id=redemption.platform_id,
        redeemed_at=redemption.redeemed_at,
        expires_at=redemption.expires_at,
    )
    return (await tx.execute(fresh.on_conflict_do_nothing().returning(code_redemption.c.jti))).first() is not None


async def mark_reused(tx: Tx, jti: str, now: datetime) -> None:
    c = code_redemption.c
    await tx.execute(update(code_redemption).where(c.jti == jti, c.reused_at.is_(None)).values(reused_at=now))


async def redemption(tx: Tx, jti: str) -> Redemption | None:
    row = (await tx.execute(select(code_redemption).where(code_redemption.c.jti == jti))).one_or_none()
    return None if row is None else _redemption(row)


async def tell(tx: Tx, jti: str, now: datetime) -> bool:
    """True for the first time that userinfo is asked with this token."""
    c = code_redemption.c
    told = update(code_redemption).where(c.jti == jti, c.told_at.is_(None)).values(told_at=now)
    return (await tx.execute(told.returning(c.jti))).first() is not None


async def purge(tx: Tx, before: datetime) -> None:
    await tx.execute(delete(code_redemption).where(code_redemption.c.expires_at < before))


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(row.jti, row.person_id, row.platform_id, row.redeemed_at, row.expires_at, row.reused_at)


async def secret(tx: Tx, vault: Vault, name: str, fresh: str) -> str:
    """The secret of this name; `fresh` becomes it when there is none. Of several first comers all read the same."""
    query = select(oidc_secret.c.secret_sealed).where(oidc_secret.c.name == name)
    sealed = (await tx.execute(query)).scalar_one_or_none()
    if sealed is None:
        row = {"name": name, "secret_sealed": vault.seal(fresh, place=PLACE)}
        await tx.execute(insert(oidc_secret).values(row).on_conflict_do_nothing())
        sealed = (await tx.execute(query)).scalar_one()
    return vault.open(sealed, place=PLACE)
