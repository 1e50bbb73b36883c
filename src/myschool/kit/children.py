"""Processes that belong together: started, kept alive, stopped as one.

A child is a copy of this process made by fork, so what is imported here once is there for all of them: no second
import, and one copy in memory until somebody writes to it. Hence the parent stays without threads and connections.
"""

import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
QUIET_BEFORE_RESPAWN = 1.0
LONGEST_PAUSE = 5.0
STEADY_AFTER = 3.0
FIRST_DESCRIPTOR = 3

_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """One process that does `work`; `respawned` counts how often it had to be started again.

    What it prints goes to the descriptor `log`; one that `speaks` keeps standard output. `work` returns the exit code.
    """

    name: str
    work: Callable[[], int]
    log: int
    speaks: bool = False
    pid: int | None = None
    code: int | None = None
    started_at: float = 0.0
    pause: float = QUIET_BEFORE_RESPAWN
    respawned: int = 0

    def start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.started_at, self.code = time.monotonic(), None
        # A signal between birth and the first line of the child would run our handler in the child.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            parent = os.getpid()
            self.pid = os.fork()
            if self.pid == 0:
                self._live(parent, before)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _live(self, parent: int, mask: Iterable[int]) -> NoReturn:
        """Never returns into the frames of the parent."""
        code = 1
        try:
            os.setsid()
            die_with_parent(signal.SIGTERM)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            self._redirect()
            _libc.prctl(PR_SET_NAME, self.name.encode()[:15])
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            if os.getppid() == parent:
                code = self.work()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _redirect(self) -> None:
        """Keeps nothing of what the parent has open: a lock of the parent must not outlive it here."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        if not self.speaks:
            os.dup2(self.log, 1)
        os.dup2(self.log, 2)
        sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        os.closerange(FIRST_DESCRIPTOR, os.sysconf("SC_OPEN_MAX"))

    def running(self) -> bool:
        """Notes the end of the process. Whatever is left of its group is killed before its number is given up."""
        if self.pid is None:
            return False
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return True
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.pid, self.code = None, os.waitstatus_to_exitcode(status)
        return False

    def keep_alive(self) -> bool:
        """Starts the process again when it has ended; one that ends again and again waits longer each time.

        True when it was started.
        """
        if self.running():
            if time.monotonic() - self.started_at > STEADY_AFTER:
                self.pause = QUIET_BEFORE_RESPAWN
            return False
        if time.monotonic() - self.started_at < self.pause:
            return False
        self.pause = min(2 * self.pause, LONGEST_PAUSE)
        self.respawned += 1
        self.start()
        return True

    def send(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def die_with_parent(number: signal.Signals) -> None:
    """Even a killed parent leaves no process behind. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, number)


def stop_all(children: Sequence[Child], *, patience: float = 6.0) -> None:
    """Asks all to end, waits, and kills what is left."""
    for child in children:
        child.send(signal.SIGTERM)
    if not wait_until(lambda: not any(child.running() for child in children), seconds=patience, every=0.02):
        for child in children:
            if child.pid is not None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
        wait_until(lambda: not any(child.running() for child in children), seconds=1, every=0.02)


def wait_until(true: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(every)
    return true()
