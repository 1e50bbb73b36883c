"""Messages between two programs that share a key: signed, dated, so neither forged nor replayed later.

Header: `X-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA256 over "<t>." and the body>`. A receiver that must not act
twice on one message makes that sure by the message's own identifier: within the tolerance a copy is as good as new.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

HEADER = "X-Signature"
TOLERANCE = timedelta(minutes=5)
_SHORTEST_KEY = 32


class WrongSignature(Exception):
    """`reason` is `missing`, `form`, `stale` or `mismatch`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class SharedKey:
    """At least 32 secret bytes that both programs hold."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < _SHORTEST_KEY:
            raise ValueError(f"a shared key has at least {_SHORTEST_KEY} bytes")

    @classmethod
    def from_hex(cls, text: str) -> Self:
        return cls(bytes.fromhex(text.strip()))

    def signature(self, body: bytes, at: datetime) -> str:
        """The value of the header for this body, sent at this moment."""
        stamp = str(int(at.timestamp()))
        return f"t={stamp},v1={self._mac(stamp, body)}"

    def check(self, header: str | None, body: bytes, now: datetime) -> None:
        """Raises WrongSignature unless the body was signed with this key within five minutes of `now`."""
        if not header:
            raise WrongSignature("missing")
        parts = dict(part.partition("=")[::2] for part in header.split(","))
        stamp, mac = parts.get("t", ""), parts.get("v1", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11 and mac.isascii()):
            raise WrongSignature("form")
        if not hmac.compare_digest(mac, self._mac(stamp, body)):
            raise WrongSignature("mismatch")
        if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
            raise WrongSignature("stale")

    def _mac(self, stamp: str, body: bytes) -> str:
        return hmac.digest(self.secret, stamp.encode() + b"." + body, hashlib.sha256).hex()


def load(path: Path) -> SharedKey:
    """The key in the file; made there when the file does not exist. Of several first comers all read the same."""
    if not path.exists():
        _publish(path)
    return SharedKey.from_hex(path.read_text())


def _publish(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
