"""The families of `tests.gosuslugi.family`, and who keeps the house running."""

from pathlib import Path

import pytest

from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.papers.names import FullName
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, artyom, home, lyudmila, olga, tamara

__all__ = ["artyom", "home", "lyudmila", "olga", "tamara"]


@pytest.fixture
async def vera(home: Home) -> Person:
    """The operator."""
    person = await home.parent(FullName("Тихонова", "Вера", "Олеговна"), "00000060019", "vera@pochta.example")
    await home.db.run(lambda tx: operating.appoint_once(tx, person.id, by="system", now=clock.now()))
    return person


@pytest.fixture
async def desk(home: Home, vera: Person, tmp_path: Path) -> Browser:
    """The operator's browser."""
    return await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(vera)
