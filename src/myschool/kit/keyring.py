"""Signing keys: made at first start, stored sealed, rotated by a command.

    next ──rotate──▶ current ──rotate──▶ retired

A use (`id_token`, `launch`) has one current key and one next. The next is published before it signs, so nobody who
keeps our public keys for a while meets a signature by a stranger; a retired one stays published while what it signed
may still be shown. Knows no JOSE beyond bytes: a key comes from the `make` of whoever uses it.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, DateTime, Index, LargeBinary, Row, Table, Text, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.kit.tables import metadata
from myschool.kit.vault import Vault

PLACE = "signing_key.private"
KEPT_AFTER_RETIREMENT = timedelta(days=7)


class KeyState(StrEnum):
    NEXT = "next"
    CURRENT = "current"
    RETIRED = "retired"


class NoSigningKey(Exception):
    """`ensure` was never called for this use."""


@dataclass(frozen=True)
class NewKey:
    """What `make` gives: `private` in any form its user reads again, `certificate` in DER if the use needs one."""

    kid: str
    algorithm: str
    private: bytes = field(repr=False)
    public_jwk: Mapping[str, Any]
    certificate: bytes | None = None


Make = Callable[[], NewKey]


@dataclass(frozen=True)
class PublicKey:
    kid: str
    use: str
    algorithm: str
    state: KeyState
    public_jwk: Mapping[str, Any]
    certificate: bytes | None
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class SigningKey:
    public: PublicKey
    private: bytes = field(repr=False)


signing_key = Table(
    "signing_key",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("use", Text, nullable=False),
    Column("algorithm", Text, nullable=False),
    Column("private_sealed", LargeBinary, nullable=False, info={"sealed": PLACE}),
    Column("public_jwk", JSONB, nullable=False),
    Column("certificate", LargeBinary),
    Column("state", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("retired_at", DateTime(timezone=True)),
)
# Several processes start at once; one of them makes the keys.
Index(
    "signing_key_use_state_key",
    signing_key.c.use,
    signing_key.c.state,
    unique=True,
    postgresql_where=text("state IN ('current', 'next')"),
)

_PUBLIC = [signing_key.c[key] for key in PublicKey.__dataclass_fields__]


async def ensure(tx: Tx, vault: Vault, use: str, make: Make) -> SigningKey:
    """The current key; it and the next one are made when the use has none yet."""
    for state in (KeyState.CURRENT, KeyState.NEXT):
        known = select(signing_key.c.kid).where(signing_key.c.use == use, signing_key.c.state == state)
        if (await tx.execute(known)).first() is None:
            await _store(tx, vault, use, make(), state)
    return await current(tx, vault, use)


async def current(tx: Tx, vault: Vault, use: str) -> SigningKey:
    """The key that signs now. Raises NoSigningKey."""
    query = select(*_PUBLIC, signing_key.c.private_sealed).where(
        signing_key.c.use == use, signing_key.c.state == KeyState.CURRENT
    )
    row = (await tx.execute(query)).first()
    if row is None:
        raise NoSigningKey(use)
    return SigningKey(_public(row), base64.b64decode(vault.open(row.private_sealed, place=PLACE)))


async def public(tx: Tx, use: str) -> list[PublicKey]:
    """All that may verify: current, next, and those retired in the last week; the newest first."""
    c = signing_key.c
    valid = or_(c.state != KeyState.RETIRED, c.retired_at > clock.now() - KEPT_AFTER_RETIREMENT)
    rows = await tx.execute(select(*_PUBLIC).where(c.use == use, valid).order_by(c.created_at.desc(), c.kid))
    return [_public(row) for row in rows]


async def rotate(tx: Tx, vault: Vault, use: str, make: Make) -> SigningKey:
    """The next key becomes the current one, a fresh one the next; returns the new current key.

    Forgets keys whose week after retirement is over. Two rotations at once follow each other. Raises NoSigningKey.
    """
    c = signing_key.c
    await tx.execute(select(c.kid).where(c.use == use).order_by(c.kid).with_for_update())
    # Looked at in a statement of its own: one that waited for the lock still sees the keys before the other rotation.
    alive = set(await tx.scalars(select(c.state).where(c.use == use, c.state != KeyState.RETIRED)))
    if KeyState.CURRENT not in alive:
        raise NoSigningKey(use)
    if KeyState.NEXT not in alive:
        await _store(tx, vault, use, make(), KeyState.NEXT)
    at = clock.now()
    await tx.execute(
        update(signing_key)
        .where(c.use == use, c.state == KeyState.CURRENT)
        .values(state=KeyState.RETIRED, retired_at=at)
    )
    await tx.execute(update(signing_key).where(c.use == use, c.state == KeyState.NEXT).values(state=KeyState.CURRENT))
    await _store(tx, vault, use, make(), KeyState.NEXT)
    await tx.execute(delete(signing_key).where(c.use == use, c.retired_at <= at - KEPT_AFTER_RETIREMENT))
    return await current(tx, vault, use)


async def _store(tx: Tx, vault: Vault, use: str, key: NewKey, state: KeyState) -> None:
    await tx.execute(
        upsert(signing_key)
        .values(
            kid=key.kid,
            use=use,
            algorithm=key.algorithm,
            private_sealed=vault.seal(base64.b64encode(key.private).decode(), place=PLACE),
            public_jwk=dict(key.public_jwk),
            certificate=key.certificate,
            state=state,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def _public(row: Row[*tuple[Any, ...]]) -> PublicKey:
    return PublicKey(
        row.kid,
        row.use,
        row.algorithm,
        KeyState(row.state),
        row.public_jwk,
        row.certificate,
        row.created_at,
        row.retired_at,
    )
