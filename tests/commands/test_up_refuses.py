"""What `up` says when it cannot start: one sentence with a way on, no traceback, nothing left behind."""

import re
import socket
from pathlib import Path

import asyncpg
import pytest

from myschool.commands import crew, premises
from myschool.kit import opening
from myschool.kit import settings as configuration
from myschool.kit.children import Child, wait_until
from tests.commands.conftest import Fresh
from tests.commands.running import Up


def refusal(up: Up) -> str:
    """What was printed by a start that failed; nothing of it may be left."""
    up.begin()
    assert up.process is not None
    assert up.process.wait(90) == 1
    assert "Traceback" not in up.said
    assert up.left() == []
    return up.said


def test_a_taken_port_is_named(fresh: Fresh) -> None:
    """The person reads which port is taken and which setting changes it."""
    up = fresh()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", up.ports["MAILBOX"]))
        stranger.listen()
        assert f"Порт {up.ports['MAILBOX']} занят" in refusal(up)
    assert "MYSCHOOL_MAILBOX_PORT" in up.said


def test_one_port_for_two_parts_is_refused(fresh: Fresh) -> None:
    """Two parts on one port would silently share it."""
    up = fresh()
    up.ports["PLATFORM"] = up.ports["PORTAL"]
    assert "Один порт назначен дважды" in refusal(up)


def test_a_second_start_on_the_same_data_is_refused(running: Up, tmp_path: Path) -> None:
    """Whoever starts it twice learns which process has the data."""
    second = Up(running.home, beside=tmp_path)
    second.begin()
    assert second.process is not None
    assert running.process is not None
    assert second.process.wait(60) == 1
    assert f"уже запущена с данными из {running.home} (процесс {running.process.pid})" in second.said
    assert running.answers("PORTAL")


def test_a_home_that_cannot_be_written_is_named(fresh: Fresh) -> None:
    """A home below a file stands for all that the system refuses."""
    up = fresh()
    up.beside = up.home.parent
    blocked = up.beside / "file"
    blocked.write_text("")
    up.home = blocked / "home"
    assert f"В папку {up.home} нельзя писать" in refusal(up)
    assert "MYSCHOOL_HOME" in up.said


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Less room than a new database needs is refused before anything is made."""
    monkeypatch.setattr(premises, "ROOM_NEEDED", 10**18)
    settings = configuration.read({"MYSCHOOL_HOME": str(tmp_path)})
    with pytest.raises(premises.Refused, match="свободно"), premises.entered(settings):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_a_database_that_does_not_answer_is_told(fresh: Fresh) -> None:
    """The address is shown without the password."""
    up = fresh(DATABASE_URL="postgresql://somebody:secret-word@127.0.0.1:9/school")
    said = refusal(up)
    assert "База данных 127.0.0.1:9/school не отвечает" in said
    assert "DATABASE_URL" in said
    assert "secret-word" not in said
    assert "secret-word" not in up.log()


def test_an_old_server_is_told(postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A PostgreSQL older than the oldest that runs our SQL is refused by number."""
    monkeypatch.setattr(opening, "OLDEST_SERVER", 99)
    settings = configuration.read({"MYSCHOOL_HOME": str(tmp_path), "DATABASE_URL": postgres_url})
    with (tmp_path / "said").open("w") as said:
        # In a process of its own: a stage installs clock and logs.
        stage = Child("stage", lambda: crew.set_stage(settings), said.fileno())
        stage.start()
        assert wait_until(lambda: not stage.running(), seconds=30)
    assert stage.code == crew.SAID
    assert re.search(r"версии \d+, а нужна 99", (tmp_path / "said").read_text())


async def test_a_user_who_may_not_make_schemas_is_told(postgres_url: str) -> None:
    """The right that is missing is named before the first migration fails on it."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("DROP ROLE IF EXISTS guest")
    await connection.execute("CREATE ROLE guest LOGIN")
    await connection.close()
    url = postgres_url.replace("postgres@", "guest@")
    with pytest.raises(opening.ServerNotAllowed):
        await opening.look_at_server(url, "portal")
    assert await opening.look_at_server(url, "public") >= opening.OLDEST_SERVER


def test_a_stage_that_fails_leads_to_the_log(fresh: Fresh) -> None:
    """The sentence names the file, the file has the reason."""
    up = fresh(MYSCHOOL_VAULT_KEYS="nonsense")
    assert f"Почему, написано в конце файла {up.home / 'log'}" in refusal(up)
    assert "ValueError" in up.log()
