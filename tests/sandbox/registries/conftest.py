"""A register house with the cast played in, its worker, and an asker that takes what is pushed."""

from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from myschool.kit import settings as configuration
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database
from myschool.kit.schema import metadata as ground
from myschool.kit.settings import Settings
from myschool.kit.shared_key import SharedKey
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web.app import build
from myschool.sandbox import cast
from myschool.sandbox.registries import desk, pages
from myschool.sandbox.registries.app import registry_house
from myschool.sandbox.registries.tables import metadata
from tests.conftest import MakeDb

KEY = SharedKey(b"r" * 32)
CALLBACK = "http://localhost:8001/registry/answers"


@dataclass
class Asker:
    """The house that asked: keeps what was pushed; `status` is what it answers."""

    status: int = 200
    pushed: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.pushed.append(request)
        return httpx.Response(self.status)


@dataclass
class World:
    db: Database
    vault: Vault
    app: Starlette
    asker: Asker
    worker: Worker[desk.Context]
    http: httpx.AsyncClient


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return configuration.read({"MYSCHOOL_HOME": str(tmp_path)})


@pytest.fixture
async def world(make_db: MakeDb, settings: Settings) -> World:
    db, vault, asker = await make_db(ground, metadata), Vault([VaultKey.fresh()]), Asker()
    (settings.home / desk.KEY_FILE).write_text(KEY.secret.hex())
    app = build(registry_house(settings, db, vault), pages.routes())
    await db.run(lambda tx: desk.play_in(tx, vault, cast.registry_entries()))
    context = desk.Context(vault, KEY, httpx.AsyncClient(transport=httpx.MockTransport(asker)))
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.registry_url)
    return World(db, vault, app, asker, Worker(db, desk.WIRING, context), http)
