"""What the provider signs and seals with, parsed once in a while.

- The signing key is on the ring (`kit.keyring`): made at first start, rotated by `myschool keys rotate portal`.
- The salt of pseudonyms is made once and never changes: with another one every pupil would be a stranger everywhere.
- Codes are sealed under a key of the month, derived from a secret, so all processes change at one moment without
  talking; last month's key still opens what was sealed in the minute before.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from myschool.kit import keyring
from myschool.kit.db import Tx
from myschool.kit.keyring import NewKey
from myschool.kit.vault import Vault
from myschool.oidc.keys import (
    Algorithm,
    KeySet,
    SigningKey,
    export_private_jwk,
    generate_signing_key,
    import_private_jwk,
    read_jwks,
)
from myschool.oidc.sealing import SealingKey, sealing_key
from myschool.portal.content.store import codes

USE = "portal.id_token"
SALT, CODES = "pairwise_salt", "codes"
LOOK_EVERY = 30.0
"""Seconds after which a rotation is noticed: the next key is published long before it signs."""


def new_key() -> NewKey:
    key = generate_signing_key(Algorithm.ES256)
    return NewKey(key.kid, key.algorithm, export_private_jwk(key), key.public().as_jwk())


@dataclass(frozen=True)
class Parsed:
    """`verifying` holds the current key, the next, and those that signed what may still be shown."""

    signing: SigningKey
    verifying: KeySet
    salt: bytes = field(repr=False)
    code_secret: bytes = field(repr=False)

    def sealing(self, now: datetime) -> list[SealingKey]:
        """The month's key first, then the one of the month before."""
        this = now.strftime("%Y-%m")
        before = (now.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        return [self._of_month(this), self._of_month(before)]

    def _of_month(self, month: str) -> SealingKey:
        return sealing_key(month, hmac.digest(self.code_secret, f"code {month}".encode(), hashlib.sha256))


@dataclass
class ProviderKeys:
    """The keys of one process."""

    _parsed: Parsed | None = field(default=None, init=False, repr=False)
    _looked_at: float = field(default=float("-inf"), init=False)

    async def load(self, tx: Tx, vault: Vault) -> Parsed:
        if self._parsed is not None and time.monotonic() - self._looked_at < LOOK_EVERY:
            return self._parsed
        if not await keyring.public(tx, USE):
            return await read(tx, vault)  # not remembered: keys made here are gone if this transaction rolls back
        self._parsed, self._looked_at = await read(tx, vault), time.monotonic()
        return self._parsed


async def read(tx: Tx, vault: Vault) -> Parsed:
    """Everything is made here when this is the first start."""
    signing = await keyring.ensure(tx, vault, USE, new_key)
    published = msgspec.json.encode({"keys": [dict(key.public_jwk) for key in await keyring.public(tx, USE)]})
    salt = await codes.secret(tx, vault, SALT, secrets.token_hex(32))
    code_secret = await codes.secret(tx, vault, CODES, secrets.token_hex(32))
    return Parsed(
        import_private_jwk(signing.private), read_jwks(published), bytes.fromhex(salt), bytes.fromhex(code_secret)
    )
