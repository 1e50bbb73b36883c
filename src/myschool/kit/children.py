"""Processes that belong together: started, kept alive, stopped as one."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
QUIET_BEFORE_RESPAWN = 1.0


@dataclass
class Child:
    """One process; `respawned` counts how often it had to be started again."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    log: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    respawned: int = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            self.arguments,
            env=dict(self.environment),
            stderr=self.log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )

    def keep_alive(self) -> bool:
        """Starts the process again when it has died; not more often than once a second. True when it did."""
        if self.process is None or self.process.poll() is None:
            return False
        if time.monotonic() - self.started_at < QUIET_BEFORE_RESPAWN:
            return False
        self.respawned += 1
        self.start()
        return True


def _die_with_parent() -> None:
    """Even a killed parent leaves no process behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop_all(children: Sequence[Child], *, patience: float = 12.0) -> None:
    """Asks all to end, waits, and kills the group of what is left."""
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + patience
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(true: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(every)
    return true()
