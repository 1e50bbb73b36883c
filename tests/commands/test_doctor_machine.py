"""Each look at the machine is seen failing, and says what to do."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from myschool.commands import doctor_machine as look
from myschool.commands import premises
from myschool.gosuslugi import app as gosuslugi
from myschool.kit import settings as configuration
from myschool.portal import app as portal
from tests.commands.running import free_ports

Site = Callable[[int, str], str]


def settings(home: Path, **more: object) -> configuration.Settings:
    return configuration.read(
        {"MYSCHOOL_HOME": str(home), **{f"MYSCHOOL_{k.upper()}": str(v) for k, v in more.items()}}
    )


@pytest.fixture
def site() -> Iterator[Site]:
    """`site(status, body)`: the address of a server that answers everything so."""
    servers: list[HTTPServer] = []

    def make(status: int, body: str) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None: ...

        servers.append(HTTPServer(("127.0.0.1", 0), Answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def closed() -> str:
    return f"127.0.0.1:{free_ports(1)[0]}"


def test_an_old_python_is_refused() -> None:
    """3.10 lacks what we use."""
    assert not look.python((3, 10, 14)).ok
    assert look.python((3, 11, 0)).ok


def test_a_file_that_settings_name_must_be_there(tmp_path: Path) -> None:
    """The setting is named, since several may be wrong."""
    (found,) = look.files(settings(tmp_path, esia_certificate=tmp_path / "none.pem"))
    assert "MYSCHOOL_ESIA_CERTIFICATE" in found.remedy


def test_a_key_without_its_certificate_is_told(tmp_path: Path) -> None:
    """ESIA needs both or none."""
    key = tmp_path / "key.pem"
    key.write_text("")
    (found,) = look.files(settings(tmp_path, esia_client_key=key))
    assert "вместе с сертификатом" in found.remedy


def test_settings_without_files_are_fine(tmp_path: Path) -> None:
    """The default names none."""
    assert all(found.ok for found in look.files(settings(tmp_path)))


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in its place stands for all that the system refuses."""
    (tmp_path / "home").write_text("")
    assert "Писать нельзя" in look.home(settings(tmp_path / "home")).remedy
    assert look.home(settings(tmp_path)).ok


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the database finds out."""
    monkeypatch.setattr(premises, "ROOM_NEEDED", 10**18)
    assert "Освободите место" in look.home(settings(tmp_path)).remedy


def test_lost_vault_keys_are_told(tmp_path: Path) -> None:
    """Nothing is made by looking."""
    assert not look.vault_key_file(settings(tmp_path)).ok
    assert not (tmp_path / "vault.keys").exists()


def test_vault_keys_that_others_can_read_are_told(tmp_path: Path) -> None:
    """The command that mends it is said."""
    path = tmp_path / "vault.keys"
    path.write_text("")
    path.chmod(0o644)
    assert f"chmod 600 {path}" in look.vault_key_file(settings(tmp_path)).remedy
    path.chmod(0o600)
    assert look.vault_key_file(settings(tmp_path)).ok


def test_a_broken_clock_file_is_told(tmp_path: Path) -> None:
    """Every process of the sandbox would stumble over it."""
    (tmp_path / "clock").write_text("tomorrow")
    assert look.time_told(settings(tmp_path)).remedy == "myschool clock reset"
    (tmp_path / "clock").write_text("86400")
    assert "сдвинуты на 1 day" in look.time_told(settings(tmp_path)).found


def test_a_house_that_does_not_answer_is_told(site: Site) -> None:
    """Nobody there, or somebody whose database is away."""
    assert "не отвечает" in look.answers("x", f"http://{closed()}").found
    assert "отвечает 503" in look.answers("x", site(503, "")).found
    assert look.answers("x", site(200, "ok")).ok


def test_a_post_office_that_does_not_answer_is_told() -> None:
    """Nobody there, or a server of another kind."""
    assert not look.mail(f"smtp://{closed()}").ok
    assert not look.mail(f"smtps://{closed()}").ok
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(target=lambda: stranger.accept()[0].send(b"HTTP/1.1 400 Bad\r\n\r\n"), daemon=True).start()
        assert not look.mail(f"smtp://127.0.0.1:{stranger.getsockname()[1]}").ok


def test_a_sandbox_that_others_can_reach_is_told(tmp_path: Path) -> None:
    """Whoever opened the port: what listens is looked at, not what was meant to."""
    with socket.create_server(("0.0.0.0", 0)) as wide:
        port = wide.getsockname()[1]
        assert str(port) in look.loopback_only(settings(tmp_path, mailbox_port=port)).found
        assert not look.loopback_only(settings(tmp_path, mailbox_port=port)).ok
        told = look.loopback_only(settings(tmp_path, mailbox_port=port, allow_outside="true"))
        assert told.ok
        assert "ALLOW_OUTSIDE" in told.found
    with socket.create_server(("127.0.0.1", 0)) as narrow:
        assert look.loopback_only(settings(tmp_path, mailbox_port=narrow.getsockname()[1])).ok


def test_a_page_without_the_band_is_told(tmp_path: Path, site: Site) -> None:
    """Something else answers there, or the band is gone."""
    bare, banded = site(200, "<p>Моя школа</p>"), site(200, f"<p>{portal.BAND}</p>")
    (found, other) = look.bands(settings(tmp_path, portal_url=bare, gosuslugi_url=f"http://{closed()}"))
    assert not found.ok
    assert not other.ok
    (found, other) = look.bands(settings(tmp_path, portal_url=banded, gosuslugi_url=site(200, gosuslugi.BAND)))
    assert found.ok
    assert other.ok
