"""Each look at the data is seen failing, and says what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, update

from myschool.commands import doctor_data as look
from myschool.commands.findings import Finding
from myschool.commands.houses import STORES, HouseStore
from myschool.commands.keys import uses
from myschool.kit import agenda, clock, journal, keyring, opening
from myschool.kit import settings as configuration
from myschool.kit.agenda import Event, State, agenda_item
from myschool.kit.db import Database
from myschool.kit.journal import journal_entry
from myschool.kit.keyring import signing_key
from myschool.kit.opening import open_vault
from myschool.kit.schema import metadata as ground
from myschool.kit.settings import HouseKey, Settings
from myschool.portal.signin import keys as client_keys
from myschool.portal.tables import metadata as portal_tables
from myschool.staging import systems
from tests.conftest import ClockAt, MakeDb


class Due(Event, frozen=True, tag="test.due"):
    """Something to be done."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return configuration.read({"MYSCHOOL_HOME": str(tmp_path)})


@pytest.fixture
async def portal(make_db: MakeDb) -> Database:
    return await make_db(ground, portal_tables)


def house(key: HouseKey = "portal", tables: list[MetaData] | None = None) -> HouseStore:
    return HouseStore(key, "Дом", tables or [ground, portal_tables], STORES[key].migrations)


async def keys(settings: Settings, database: Database, key: HouseKey = "portal") -> dict[str, Finding]:
    return {found.check: found async for found in look.keys(settings, database, house(key))}


async def make_keys(settings: Settings, database: Database) -> None:
    vault = open_vault(settings)
    for use, make in uses(settings)["portal"].items():
        await database.run(lambda tx, use=use, make=make: keyring.ensure(tx, vault, use, make))  # type: ignore[misc]


async def test_a_server_that_does_not_answer_is_told(settings: Settings) -> None:
    """The password of the address is not."""
    away = configuration.read(
        {"MYSCHOOL_HOME": str(settings.home), "DATABASE_URL": "postgresql://a:word@127.0.0.1:9/x"}
    )
    found = await look.server(away, house())
    assert "127.0.0.1:9/x не отвечает" in found.found
    assert "word" not in found.line()


async def test_a_server_that_is_too_old_is_told(
    settings: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both versions are named."""
    here = configuration.read({"MYSCHOOL_HOME": str(settings.home), "DATABASE_URL": postgres_url})
    assert (await look.server(here, house())).ok
    monkeypatch.setattr(opening, "OLDEST_SERVER", 99)
    assert "99" in (await look.server(here, house())).remedy


async def test_a_database_never_made_is_told_and_not_made(settings: Settings) -> None:
    """Looking starts nothing."""
    assert (await look.server(settings, house())).remedy == "Запустите: make run"
    assert not (settings.home / "postgres").exists()


async def test_a_schema_that_is_behind_is_told(make_db: MakeDb) -> None:
    """An empty schema is behind the first revision."""
    assert (await look.schema(await make_db(), house())).remedy == "myschool db upgrade"


async def test_a_value_that_no_key_opens_is_told(settings: Settings, portal: Database, tmp_path: Path) -> None:
    """The column is named, the value is not."""
    assert (await look.seals(settings, portal, house())).found == "ключей нет"
    await make_keys(settings, portal)
    assert "открывается (4)" in (await look.seals(settings, portal, house())).found
    (tmp_path / "vault.keys").unlink()
    open_vault(settings)
    found = await look.seals(settings, portal, house())
    assert found.found == "не открывается: signing_key.private_sealed"


async def test_an_entry_changed_behind_our_back_is_told(portal: Database) -> None:
    """Chain, entry and kind of damage are named."""
    await portal.run(lambda tx: journal.write(tx, "school:1", "school:opened", actor="system"))
    assert (await look.chains(portal, house())).ok
    await portal.run(lambda tx: tx.execute(update(journal_entry).values(actor="nobody")))
    found = await look.chains(portal, house())
    assert found.found == "school:1 запись 1: edited"
    assert not found.ok


async def test_failed_items_are_told(portal: Database) -> None:
    """A person must look at them."""
    await portal.run(lambda tx: agenda.put(tx, Due()))
    assert (await look.later(portal, house())).ok
    await portal.run(lambda tx: tx.execute(update(agenda_item).values(state=State.DEAD, failed_at=clock.now())))
    assert "myschool agenda" in (await look.later(portal, house())).remedy


async def test_overdue_items_are_told(portal: Database) -> None:
    """A quarter of an hour late: the worker does not run, or too few of them do."""
    long_ago = clock.now() - look.LATE - timedelta(minutes=1)
    await portal.run(lambda tx: agenda.put(tx, Due(), due_at=long_ago))
    found = await look.later(portal, house())
    assert "test.due ждёт 0:16" in found.found
    assert "myschool worker" in found.remedy


async def test_keys_never_made_are_told(settings: Settings, portal: Database) -> None:
    """Every use by its name."""
    found = await keys(settings, portal)
    assert found[f"Ключ {client_keys.USE}"].found == "не создан"
    assert not any(one.ok for one in found.values())


async def test_an_expired_certificate_is_told(settings: Settings, portal: Database, clock_at: ClockAt) -> None:
    """A month before, and after."""
    await make_keys(settings, portal)
    name = f"Ключ {client_keys.USE}"
    assert (await keys(settings, portal))[name].ok
    made = clock.now()
    clock_at((made + client_keys.VALID_FOR - timedelta(days=20)).isoformat())
    assert "срок выйдет" in (await keys(settings, portal))[name].found
    clock_at((made + client_keys.VALID_FOR + timedelta(days=1)).isoformat())
    assert "срок вышел" in (await keys(settings, portal))[name].found


async def test_a_ring_without_a_next_key_is_told(settings: Settings, portal: Database) -> None:
    """A rotation would surprise whoever keeps our public keys."""
    await make_keys(settings, portal)
    await portal.run(lambda tx: tx.execute(signing_key.delete().where(signing_key.c.state == "next")))
    assert (await keys(settings, portal))[f"Ключ {client_keys.USE}"].remedy == "myschool keys rotate portal"


async def test_a_key_of_a_lost_vault_is_told(settings: Settings, portal: Database, tmp_path: Path) -> None:
    """It is on the ring, and nobody can sign with it."""
    await make_keys(settings, portal)
    (tmp_path / "vault.keys").unlink()
    assert (await keys(settings, portal))[f"Ключ {client_keys.USE}"].found == "не открывается"


async def test_certificates_that_esia_has_not_got_are_told(
    settings: Settings, portal: Database, make_db: MakeDb
) -> None:
    """After a rotation that nobody handed over, sign-in would end at ESIA's refusal."""
    gosuslugi = await make_db(ground, STORES["gosuslugi"].tables[1])
    vault = open_vault(settings)
    assert not (await keys(settings, portal))["Сертификаты ЕСИА"].ok
    await make_keys(settings, portal)
    await systems.introduce(settings, vault, gosuslugi, portal, clock.now())
    assert (await keys(settings, portal))["Сертификаты ЕСИА"].ok
    for _ in range(2):
        await portal.run(
            lambda tx: keyring.rotate(tx, vault, client_keys.USE, lambda: client_keys.new_key(settings.esia_client_id))
        )
    assert "нет нынешнего" in (await keys(settings, portal))["Сертификаты ЕСИА"].found


async def test_an_empty_directory_is_told(portal: Database) -> None:
    """Nobody would find a school."""
    assert (await look.directory(portal)).remedy == "myschool schools import ФАЙЛ"
