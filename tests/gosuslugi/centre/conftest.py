"""The families of `tests.gosuslugi.family` come to the desk of two clerks."""

from pathlib import Path

import pytest

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.papers.names import FullName
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home, dmitry, home, lyudmila, olga, tamara

__all__ = ["dmitry", "home", "lyudmila", "olga", "tamara"]

CENTRE = "Центр на Советской, 5"


@pytest.fixture
async def vera(home: Home) -> Person:
    """The second clerk."""
    return await home.parent(FullName("Ильина", "Вера", "Олеговна"), "00000060019", "vera@pochta.example")


async def seat(home: Home, clerk: Person, place: str = CENTRE) -> None:
    async with home.db.transaction() as tx:
        await centre.appoint(tx, clerk.id, place, actor="system", now=clock.now())


@pytest.fixture
async def desk(home: Home, lyudmila: Person, tmp_path: Path) -> Browser:
    """The clerk's browser."""
    await seat(home, lyudmila)
    return await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(lyudmila)


@pytest.fixture
async def next_desk(home: Home, desk: Browser, vera: Person) -> Browser:
    """The second clerk's, at the same centre."""
    await seat(home, vera)
    return await Browser.of(desk.app).sign_in(vera)
