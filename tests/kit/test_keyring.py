"""Signing keys are made once, kept sealed, and rotate without a stranger's signature at any moment."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from myschool.kit import keyring, rotation
from myschool.kit.db import Database
from myschool.kit.keyring import KEPT_AFTER_RETIREMENT, KeyState, NewKey, NoSigningKey, SigningKey
from myschool.kit.schema import metadata as kit_metadata
from myschool.kit.vault import NotOpened, Vault, VaultKey
from tests.conftest import ClockAt, MakeDb

numbers = count(1)


def make() -> NewKey:
    n = next(numbers)
    return NewKey(f"kid-{n}", "RS256", f"-----PRIVATE {n}".encode(), {"kty": "RSA", "n": str(n)}, b"\x30\x82")


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata)


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


async def ensure(db: Database, vault: Vault, use: str = "id_token") -> SigningKey:
    return await db.run(lambda tx: keyring.ensure(tx, vault, use, make))


async def rotate(db: Database, vault: Vault) -> SigningKey:
    return await db.run(lambda tx: keyring.rotate(tx, vault, "id_token", make))


async def published(db: Database, use: str = "id_token") -> dict[str, KeyState]:
    return {key.kid: key.state for key in await db.run(lambda tx: keyring.public(tx, use))}


async def test_made_at_first_start(db: Database, vault: Vault) -> None:
    """The first start makes a current and a next key; the second finds them."""
    first = await ensure(db, vault)
    assert await ensure(db, vault) == first
    assert first.private.startswith(b"-----PRIVATE")
    assert first.public.certificate == b"\x30\x82"
    assert first.public.public_jwk["kty"] == "RSA"
    assert sorted((await published(db)).values()) == ["current", "next"]


async def test_many_processes_start_at_once(db: Database, vault: Vault) -> None:
    """Processes that start together agree on one key."""
    keys = await asyncio.gather(*(ensure(db, vault) for _ in range(6)))
    assert len({key.public.kid for key in keys}) == 1
    assert len(await published(db)) == 2


async def test_uses_apart(db: Database, vault: Vault) -> None:
    """Each use has keys of its own."""
    one, other = await ensure(db, vault), await ensure(db, vault, "launch")
    assert one.public.kid != other.public.kid
    assert one.public.kid not in await published(db, "launch")


async def test_never_made(db: Database, vault: Vault) -> None:
    """A use that was never set up has no key, neither to sign with nor to rotate."""
    with pytest.raises(NoSigningKey):
        await db.run(lambda tx: keyring.current(tx, vault, "id_token"))
    with pytest.raises(NoSigningKey):
        await rotate(db, vault)


async def test_rotation(db: Database, vault: Vault, clock_at: ClockAt) -> None:
    """The new current key was published before; the old one stays published for a week, then is forgotten."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    old = await ensure(db, vault)
    known_before = await published(db)
    new = await rotate(db, vault)
    assert known_before[new.public.kid] is KeyState.NEXT
    assert (await published(db))[old.public.kid] is KeyState.RETIRED
    assert sorted((await published(db)).values()) == ["current", "next", "retired"]
    assert await db.run(lambda tx: keyring.current(tx, vault, "id_token")) == new

    time.advance(KEPT_AFTER_RETIREMENT - timedelta(seconds=1))
    assert old.public.kid in await published(db)
    time.advance(timedelta(seconds=1))
    assert old.public.kid not in await published(db)
    await rotate(db, vault)
    async with db.transaction() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM signing_key"))).scalar_one() == 3


async def test_rotations_at_once(db: Database, vault: Vault) -> None:
    """Two rotations at once follow each other; there is one current and one next key after them."""
    await ensure(db, vault)
    await asyncio.gather(*(rotate(db, vault) for _ in range(3)))
    states = sorted((await published(db)).values())
    assert states == ["current", "next", "retired", "retired", "retired"]


async def test_sealed_at_rest(db: Database, vault: Vault) -> None:
    """The private part is in no row and no repr, and another vault does not open it."""
    key = await ensure(db, vault)
    async with db.transaction() as tx:
        rows = str((await tx.execute(text("TABLE signing_key"))).all())
    assert "PRIVATE" not in rows + repr(key) + repr(make())
    with pytest.raises(NotOpened):
        await ensure(db, Vault([VaultKey.fresh()]))


async def test_vault_rotation(db: Database) -> None:
    """Signing keys go along when the vault's key is rotated."""
    old, new = VaultKey.fresh(), VaultKey.fresh()
    key = await ensure(db, Vault([old]))
    assert (await rotation.reseal(db, kit_metadata, Vault([new, old]))).done == 2
    assert await ensure(db, Vault([new])) == key
