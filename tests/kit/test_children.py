"""Children are forks that share what was imported, end with their parent, and are started again."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from myschool.kit.children import Child, stop_all, wait_until
from myschool.kit.ids import new_id

Make = Callable[..., Child]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def make(log: Path) -> Iterator[Make]:
    """`make(work, name=…)`: a child whose output goes to the log; killed after the test."""
    made: list[Child] = []
    with log.open("a") as file:

        def child(work: Callable[[], int], name: str = "child") -> Child:
            made.append(Child(name, work, file.fileno()))
            return made[-1]

        yield child
        for one in made:
            one.send(signal.SIGKILL)
        wait_until(lambda: not any(one.running() for one in made), seconds=5)


def forever() -> int:
    while True:
        time.sleep(1)


def ended(child: Child) -> bool:
    return wait_until(lambda: not child.running(), seconds=10)


def test_what_a_child_prints_goes_to_the_log(make: Make, log: Path) -> None:
    """Both streams; and its code is what the work returned."""

    def work() -> int:
        print("said")
        return 7

    child = make(work)
    child.start()
    assert ended(child)
    assert child.code == 7
    assert log.read_text() == "said\n"


def test_an_error_never_returns_into_the_parent(make: Make, log: Path) -> None:
    """It is in the log, and the child is gone with code 1."""

    def work() -> int:
        raise LookupError("nobody")

    child = make(work)
    child.start()
    assert ended(child)
    assert child.code == 1
    assert "LookupError: nobody" in log.read_text()


def test_a_child_is_not_in_our_group_and_has_default_signals(make: Make) -> None:
    """Ctrl-C in the terminal reaches the parent alone; SIGTERM ends a child that has no handler yet."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = make(forever)
    child.start()
    signal.signal(signal.SIGTERM, before)
    assert child.pid is not None
    assert wait_until(lambda: os.getpgid(child.pid or 0) == child.pid, seconds=5)
    time.sleep(0.1)
    child.send(signal.SIGTERM)
    assert ended(child)
    assert child.code == -signal.SIGTERM


def test_a_child_keeps_no_file_of_the_parent(make: Make, tmp_path: Path) -> None:
    """A lock of the parent must not outlive it in a child."""
    with (tmp_path / "lock").open("w") as lock:
        number = lock.fileno()

        def work() -> int:
            try:
                os.fstat(number)
            except OSError:
                return 0
            return 1

        child = make(work)
        child.start()
        assert ended(child)
        assert child.code == 0


def test_a_killed_child_is_started_again_later_and_later(make: Make) -> None:
    """One that ends at once waits longer each time."""
    child = make(lambda: 1)
    child.start()
    assert ended(child)
    assert not child.keep_alive()
    child.started_at -= child.pause
    assert child.keep_alive()
    assert (child.respawned, child.pause) == (1, 2.0)
    assert ended(child)
    child.started_at -= 1.5
    assert not child.keep_alive()


def test_orphans_of_a_dead_child_go_with_it(make: Make) -> None:
    """Its group is killed before its number is given up."""

    def work() -> int:
        if os.fork() == 0:
            forever()
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    child = make(work)
    child.start()
    group = child.pid
    assert ended(child)
    assert wait_until(lambda: not any(pgid(one) == group for one in psutil.process_iter()), seconds=5)


def pgid(process: psutil.Process) -> int:
    try:
        return os.getpgid(process.pid) if process.status() != psutil.STATUS_ZOMBIE else 0
    except (ProcessLookupError, psutil.NoSuchProcess):
        return 0


def test_who_does_not_listen_is_killed(make: Make) -> None:
    """After the patience is over."""

    def work() -> int:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        return forever()

    child = make(work)
    child.start()
    time.sleep(0.3)
    stop_all([child], patience=0.3)
    assert child.code == -signal.SIGKILL


def test_two_children_never_make_the_same_identifier(make: Make, log: Path) -> None:
    """Copies of one process have one state of chance each."""
    new_id()

    def work() -> int:
        for _ in range(2000):
            print(new_id())
        return 0

    children = [make(work), make(work)]
    for child in children:
        child.start()
    assert all(ended(child) for child in children)
    made = log.read_text().split()
    assert len(made) == len(set(made)) == 4000
