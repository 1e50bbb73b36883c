"""The time, and how tests and the demo move it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from myschool.kit import clock
from myschool.kit.clock import ShiftedClock, StoppedClock, read_offset, write_offset

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_time_is_aware_and_in_utc() -> None:
    """Nobody has to guess a zone."""
    assert clock.now().tzinfo is UTC


def test_time_stands_and_is_given_back() -> None:
    """Inside the block time moves by hand only; after it, also after an error, the former clock goes on."""
    before = clock._installed
    with clock.stopped(NOON) as stopped:
        assert clock.now() == NOON
        stopped.advance(timedelta(days=5))
        assert clock.now() == NOON + timedelta(days=5)
    with pytest.raises(KeyError), clock.stopped(NOON):
        raise KeyError
    assert clock._installed is before


def test_a_sandbox_sees_the_moved_clock(tmp_path: Path) -> None:
    """All processes read one file; no file means no offset."""
    path = tmp_path / "deep" / "clock"
    shifted = ShiftedClock(path, look_every=0)
    assert read_offset(path) == timedelta()
    write_offset(path, timedelta(days=5, seconds=1.9))
    assert shifted.offset() == timedelta(days=5, seconds=1)
    assert timedelta(days=4) < shifted.now() - datetime.now(UTC) < timedelta(days=6)
    write_offset(path, timedelta(days=-1))
    assert shifted.offset() == timedelta(days=-1)
    assert [file.name for file in path.parent.iterdir()] == ["clock"]


def test_the_file_is_not_read_for_each_question(tmp_path: Path) -> None:
    """Within `look_every` seconds the offset is remembered."""
    path = tmp_path / "clock"
    write_offset(path, timedelta(days=1))
    shifted = ShiftedClock(path, look_every=60)
    assert shifted.offset() == timedelta(days=1)
    path.unlink()
    assert shifted.offset() == timedelta(days=1)


def test_a_stopped_clock_is_a_clock() -> None:
    """What tests install is what the house asks."""
    assert StoppedClock(NOON).now() == NOON
