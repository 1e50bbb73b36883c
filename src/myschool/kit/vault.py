"""Identifying personal data at rest: sealed with AES-256-GCM, found again by a blind index (HMAC-SHA256).

A sealed value is bound to its place (`person.snils`), so one copied into another column or table does not open.
Sealed bytes: version (1) · key id (4) · nonce (12) · ciphertext with tag.
"""

import base64
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12


class NotOpened(Exception):
    """The sealed bytes are damaged, belong to another place, or their key is not on the ring."""


@dataclass(frozen=True)
class VaultKey:
    """32 secret bytes and the name under which sealed values refer to them."""

    id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> "VaultKey":
        return cls(secrets.token_bytes(KEY_ID_BYTES), secrets.token_bytes(32))

    def derived(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, b"myschool vault " + purpose.encode(), hashlib.sha256)

    def line(self) -> str:
        return f"{self.id.hex()}:{base64.b64encode(self.secret).decode()}"

    @classmethod
    def from_line(cls, line: str) -> "VaultKey":
        name, secret = line.strip().split(":", 1)
        key = cls(bytes.fromhex(name), base64.b64decode(secret, validate=True))
        if len(key.id) != KEY_ID_BYTES or len(key.secret) != 32:
            raise ValueError("a vault key is 4 bytes of name and 32 secret bytes")
        return key


class Vault:
    """Seals with the newest key, opens with any on the ring.

    With a `file` it follows that file: a key added by a rotation is on the ring of every running process within
    `look_every` seconds, so none meets a value it can not open or find.
    """

    def __init__(self, keys: Sequence[VaultKey], *, file: Path | None = None, look_every: float = 1.0) -> None:
        self._file = file
        self._look_every = look_every
        self._looked_at = time.monotonic()
        self._version: tuple[int, int] | None = None
        self._take(keys)

    def _take(self, keys: Sequence[VaultKey]) -> None:
        if not keys:
            raise ValueError("a vault needs at least one key")
        self._ciphers = {key.id: AESGCM(key.derived("seal")) for key in keys}
        self._index_keys = {key.id: key.derived("index") for key in keys}
        self._newest = keys[0].id

    def _follow(self) -> None:
        if self._file is None or time.monotonic() - self._looked_at < self._look_every:
            return
        self._looked_at = time.monotonic()
        stat = self._file.stat()
        if (version := (stat.st_ino, stat.st_mtime_ns)) != self._version:
            self._take(load_keys("", self._file))
            self._version = version

    @property
    def newest(self) -> bytes:
        """The id of the key that seals now; it stands in bytes 1 to 4 of what it sealed."""
        self._follow()
        return self._newest

    def seal(self, text: str, *, place: str) -> bytes:
        self._follow()
        nonce = os.urandom(NONCE_BYTES)
        body = self._ciphers[self._newest].encrypt(nonce, text.encode(), place.encode())
        return VERSION + self._newest + nonce + body

    def open(self, sealed: bytes, *, place: str) -> str:
        """Raises NotOpened."""
        self._follow()
        key_id, nonce, body = sealed[1:5], sealed[5:17], sealed[17:]
        cipher = self._ciphers.get(key_id)
        if sealed[:1] != VERSION or cipher is None:
            raise NotOpened(place)
        try:
            return cipher.decrypt(nonce, body, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise NotOpened(place) from error

    def index(self, text: str, *, place: str) -> bytes:
        """16 bytes by which equal values of one place are found; says nothing of the value without the key."""
        return _indexed(self._index_keys[self.newest], text, place)

    def indexes(self, text: str, *, place: str) -> list[bytes]:
        """The index under every key of the ring, newest first: look-up goes on while a rotation is under way."""
        self._follow()
        return [_indexed(key, text, place) for key in self._index_keys.values()]

    def sealed_by_newest(self, sealed: bytes) -> bool:
        return sealed[1:5] == self.newest


def _indexed(key: bytes, text: str, place: str) -> bytes:
    return hmac.digest(key, place.encode() + b"\x00" + text.encode(), hashlib.sha256)[:16]


def open_vault(given: str, path: Path) -> Vault:
    """The vault of a house: keys from the setting `vault_keys`, else from the file, which it then follows."""
    return Vault(load_keys(given, path), file=None if given else path)


def load_keys(given: str, path: Path) -> list[VaultKey]:
    """Keys from the setting, else from the file, which is made with one fresh key when it does not exist.

    Several processes may come first at once: one of them makes the file, all read the same.
    """
    if given:
        return [VaultKey.from_line(line) for line in given.split(",")]
    if not path.exists():
        _publish(path, [VaultKey.fresh()], replace=False)
    return [VaultKey.from_line(line) for line in path.read_text().splitlines() if line.strip()]


def add_key(path: Path) -> VaultKey:
    """Puts a fresh key first; values sealed from now on use it, older ones still open."""
    key = VaultKey.fresh()
    _publish(path, [key, *load_keys("", path)], replace=True)
    return key


def retire_key(path: Path, key_id: bytes) -> None:
    """Takes an older key off the ring, once `rotation.left` is nought. Raises ValueError for the newest."""
    keys = load_keys("", path)
    if keys[0].id == key_id:
        raise ValueError("the newest key is in use")
    _publish(path, [key for key in keys if key.id != key_id], replace=True)


def _publish(path: Path, keys: Sequence[VaultKey], *, replace: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(key.line() + "\n" for key in keys))
        file.flush()
        os.fsync(descriptor)
    if replace:
        fresh.replace(path)
        return
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
