"""«Помощь» at the foot of every page of the sandbox leads on."""

from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
from starlette.routing import BaseRoute

from myschool.kit import settings as configuration
from myschool.kit.db import Database
from myschool.kit.schema import metadata as ground
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from myschool.sandbox.app import mailbox_house
from myschool.sandbox.mailbox import pages as mailbox
from myschool.sandbox.registries import pages as registries
from myschool.sandbox.registries.app import registry_house
from myschool.sandbox.tables import metadata
from tests.conftest import MakeDb


@pytest.mark.parametrize(
    ("house", "routes"),
    [(mailbox_house, mailbox.routes), (registry_house, registries.routes)],
    ids=["mailbox", "registers"],
)
async def test_help_of_the_sandbox_is_the_help_of_my_school(
    make_db: MakeDb,
    tmp_path: Path,
    house: Callable[[Settings, Database, Vault], House],
    routes: Callable[[], Sequence[BaseRoute]],
) -> None:
    """Nobody who presses «Помощь» in the mailbox meets «Страница не найдена»."""
    settings: Settings = configuration.read({"MYSCHOOL_HOME": str(tmp_path)})
    opened = house(settings, await make_db(ground, metadata), Vault([VaultKey.fresh()]))
    app = build(opened, list(routes()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=opened.origin) as http:
        answer = await http.get("/help")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{settings.portal_url}/help")
