"""`myschool reset` forgets a sandbox, and nothing else."""

import asyncio
import fcntl
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from myschool import cli
from myschool.kit import settings as configuration
from myschool.kit.settings import Settings
from tests.commands.installed import installed

HOUSES = {"gosuslugi", "portal", "registry", "sandbox"}


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    with installed(postgres_url, tmp_path / "home") as known:
        monkeypatch.setattr(configuration, "read", lambda: known)
        yield known


def schemas(settings: Settings) -> set[str]:
    async def look() -> set[str]:
        connection = await asyncpg.connect(settings.database_url)
        rows = await connection.fetch("SELECT nspname FROM pg_namespace")
        await connection.close()
        return {row["nspname"] for row in rows} & HOUSES

    return asyncio.run(look())


def test_a_production_is_never_forgotten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even with --yes."""
    real = msgspec.structs.replace(settings, mode="production")
    monkeypatch.setattr(configuration, "read", lambda: real)
    assert cli.main(["reset", "--yes"]) == 1
    assert "только песочницу" in capsys.readouterr().err
    assert schemas(settings) == HOUSES
    assert (settings.home / "vault.keys").exists()


def test_a_database_of_somebody_wants_a_second_word(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --yes a database from the settings stays, and so do the keys that open it."""
    assert cli.main(["reset"]) == 1
    assert "--yes" in capsys.readouterr().err
    assert schemas(settings) == HOUSES
    assert (settings.home / "vault.keys").exists()


def test_what_runs_is_not_forgotten(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """While «Моя школа» holds the lock of its home, nothing is taken from under it."""
    with (settings.home / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert cli.main(["reset", "--yes"]) == 1
    assert "Сначала остановите" in capsys.readouterr().err
    assert schemas(settings) == HOUSES


def test_a_sandbox_is_forgotten_whole(settings: Settings) -> None:
    """Schemas, keys and clock are gone; the next start begins anew."""
    assert cli.main(["reset", "--yes"]) == 0
    assert schemas(settings) == set()
    assert not settings.home.exists()
