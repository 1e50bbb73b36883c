"""Passwords are hashed with argon2id (OWASP: 19 MiB, two passes, one lane) in a bounded pool of threads.

A hash costs about 30 ms of a core and 19 MiB, so it runs neither in the event loop nor while a transaction is open, and
who would wait too long is turned away at once (`Overloaded`) instead of making everybody wait.
"""

import asyncio
import os
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

HASH_SECONDS = 0.03
LONGEST_WAIT_SECONDS = 2.0
OWASP = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)


class Overloaded(Exception):
    """More hashes wait than can be done in time; come back in `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(str(retry_after))
        self.retry_after = retry_after


@dataclass(frozen=True)
class Compared:
    """`renewed` is set when the password was right and its hash has older parameters."""

    matches: bool
    renewed: str | None = None


class Passwords:
    def __init__(self, *, threads: int | None = None, longest_wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="argon2")
        self._most = max(1, int(longest_wait / HASH_SECONDS)) * self._threads
        self._admitted = 0
        # Compared with when there is no such account, so that both answers take equally long.
        self._nobodys = OWASP.hash(secrets.token_urlsafe(16))

    async def hashed(self, password: str) -> str:
        """Raises Overloaded."""
        return await self._run(lambda: OWASP.hash(normal(password)))

    async def compare(self, password: str, known: str | None) -> Compared:
        """`known` is the hash of the account, None when there is none: then no password matches. Raises Overloaded."""
        return await self._run(lambda: self._compare(normal(password), known))

    def _compare(self, password: str, known: str | None) -> Compared:
        try:
            OWASP.verify(known or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return Compared(False)
        if known is None:
            return Compared(False)
        return Compared(True, OWASP.hash(password) if OWASP.check_needs_rehash(known) else None)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._admitted >= self._most:
            raise Overloaded(retry_after=1 + int(self._most * HASH_SECONDS / self._threads))
        self._admitted += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._admitted -= 1


def normal(password: str) -> str:
    """One password, one text, whichever keyboard composed it (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
