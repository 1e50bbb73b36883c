"""The embedded server: shared by those who use it, back after a kill, never half made, nobody's but its user's."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from myschool.kit import embedded
from myschool.kit.children import wait_until
from myschool.kit.embedded import EmbeddedPostgres, NotOurs, NotStarted
from myschool.kit.system_user import who_runs


@pytest.fixture
def home() -> Iterator[Path]:
    """As root the server is another user, who could not pass pytest's own folders."""
    with TemporaryDirectory(prefix="myschool-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    one = EmbeddedPostgres(home / "pg")
    yield one
    one.stop()


def ask(url: str, query: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(answer())


def test_cyrillic_has_letter_case_whatever_the_locale(server: EmbeddedPostgres) -> None:
    """A machine without a Russian locale finds «ШКОЛА» too, and so does every other."""
    assert ask(server.start(), "SELECT lower('ШКОЛА Ё')") == "школа ё"


def test_the_last_user_stops_it(home: Path) -> None:
    """A command that joins a running server leaves it to the others."""
    first, second = EmbeddedPostgres(home / "pg"), EmbeddedPostgres(home / "pg")
    url = first.start()
    assert second.start() == url
    first.stop()
    assert ask(url, "SELECT 1") == 1
    second.stop()
    assert not second.alive()
    first.stop()


def test_a_killed_server_comes_back_with_what_was_written(server: EmbeddedPostgres) -> None:
    """Even while its orphans still hold its shared memory."""
    url = server.start()
    ask(url, "CREATE TABLE kept AS SELECT 42 AS n")
    os.kill(int((server.directory / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert wait_until(lambda: not server.alive(), seconds=5)
    assert ask(server.start(), "SELECT n FROM kept") == 42


def test_a_stranger_with_the_old_number_is_not_taken_for_the_server(server: EmbeddedPostgres) -> None:
    """After a restart of the machine another program may have the number that the file tells."""
    server.start()
    server.stop()
    (server.directory / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.directory}\n0\n5432\n{server.directory}\n\n0\nready\n"
    )
    assert not EmbeddedPostgres(server.directory).alive()
    assert ask(server.start(), "SELECT 1") == 1


def test_a_half_made_database_is_made_anew(server: EmbeddedPostgres, home: Path) -> None:
    """It lies beside under another name until it is whole."""
    (home / "pg.fresh").mkdir()
    (home / "pg.fresh" / "PG_VERSION").write_text("18")
    assert ask(server.start(), "SELECT 1") == 1
    assert not (home / "pg.fresh").exists()


def test_a_long_path_still_has_a_socket(home: Path) -> None:
    """A socket's path is limited to about a hundred bytes."""
    one = EmbeddedPostgres(home / ("long" * 25) / "pg")
    try:
        assert ask(one.start(), "SELECT 1") == 1
    finally:
        one.stop()


def test_why_it_does_not_start_is_told(server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the log, the log has the reason."""
    server.start()
    server.stop()
    monkeypatch.setitem(embedded.CONFIGURATION, "shared_buffers", "many")
    with pytest.raises(NotStarted) as refused:
        server.start()
    assert "shared_buffers" in refused.value.log.read_text()


def test_only_its_user_reaches_the_socket(server: EmbeddedPostgres) -> None:
    """There is no password, so the folder is the lock."""
    server.start()
    assert server.directory.stat().st_mode & 0o077 == 0


def test_another_users_directory_is_refused(server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user cannot take over what root has made."""
    server.start()
    server.stop()
    runner, _ = who_runs()
    stranger = type(runner)(runner.name, runner.uid + 1, runner.gid, other=False)
    monkeypatch.setattr(embedded, "who_runs", lambda: (stranger, False))
    with pytest.raises(NotOurs):
        server.start()
