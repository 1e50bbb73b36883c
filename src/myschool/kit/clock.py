"""The time. Everything that depends on it asks here, so that tests and the demo can move it by days.

`now()` is an aware UTC datetime. A process reads the machine's clock unless another one was installed.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class ShiftedClock:
    """The machine's clock plus an offset that all processes of a sandbox read from one small file.

    The file holds whole seconds as text; no file means no offset. A change is seen within `look_every` seconds.
    """

    path: Path
    look_every: float = 0.1
    _offset: timedelta = field(default=timedelta(), init=False)
    _looked_at: float = field(default=float("-inf"), init=False)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        if time.monotonic() - self._looked_at >= self.look_every:
            self._looked_at = time.monotonic()
            self._offset = read_offset(self.path)
        return self._offset


@dataclass
class StoppedClock:
    """Stands still until somebody moves it. For tests."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def read_offset(path: Path) -> timedelta:
    try:
        return timedelta(seconds=int(path.read_text()))
    except FileNotFoundError:
        return timedelta()


def write_offset(path: Path, offset: timedelta) -> None:
    """Replaces the file in one step: a reader sees the old offset or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".fresh")
    fresh.write_text(str(int(offset.total_seconds())))
    fresh.replace(path)


_installed: Clock = SystemClock()


def now() -> datetime:
    return _installed.now()


def install(clock: Clock) -> None:
    global _installed
    _installed = clock


@contextmanager
def stopped(at: datetime) -> Iterator[StoppedClock]:
    """Time stands at `at` inside the block; the block's value moves it."""
    before = _installed
    clock = StoppedClock(at)
    install(clock)
    try:
        yield clock
    finally:
        install(before)
