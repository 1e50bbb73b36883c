"""PostgreSQL with pg_trgm: a GiST index, nearest by word similarity. Needs a PostgreSQL of the system with contrib; the
embedded one has none.
"""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from bench.peers import Peer, Row

SERVERS = "/usr/lib/postgresql/*/bin"


class NotHere(Exception):
    """This machine has no PostgreSQL with pg_trgm."""


class Server:
    """A throw-away server on a Unix socket, stopped with `close`."""

    def __init__(self) -> None:
        found = sorted(glob.glob(SERVERS))
        if not found:
            raise NotHere
        self.programs = Path(found[-1])
        self.home = Path(tempfile.mkdtemp(prefix="trgm-"))
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres")
        self.run("initdb", "-D", f"{self.home}/data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses= -c unix_socket_directories={self.home} -c fsync=off"
        self.run("pg_ctl", "-D", f"{self.home}/data", "-w", "-l", f"{self.home}/log", "-o", options, "start")

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def connect(self) -> Any:
        return await asyncpg.connect(host=str(self.home), user=self.user, database="postgres")

    def close(self) -> None:
        self.run("pg_ctl", "-D", f"{self.home}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.home, ignore_errors=True)


async def fill(connection: Any, rows: Sequence[Row]) -> None:
    await connection.execute("CREATE EXTENSION pg_trgm; CREATE TABLE school (ogrn text, body text)")
    await connection.copy_records_to_table("school", records=[(row.ogrn, row.text) for row in rows])
    await connection.execute("CREATE INDEX ON school USING gist (body gist_trgm_ops(siglen=64)); ANALYZE school")


async def ask(connection: Any, query: str, most: int) -> list[str]:
    sql = "SELECT ogrn FROM school ORDER BY $1 <<<-> body LIMIT $2"
    plain = query.lower().replace("ё", "е").replace("\x00", " ")
    return [row["ogrn"] for row in await connection.fetch(sql, plain, most)]


NAME = "pg_trgm (word similarity, GiST)"
__all__ = ["NAME", "NotHere", "Peer", "Server", "ask", "fill"]
