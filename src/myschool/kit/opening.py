"""Opens what a process of a house stands on: its clock, its logs, its vault and its database."""

from datetime import timedelta
from pathlib import Path

from myschool.kit import clock, db, logs, vault
from myschool.kit.db import Database
from myschool.kit.embedded import EmbeddedPostgres
from myschool.kit.settings import HouseKey, Settings
from myschool.kit.vault import Vault


def postgres(settings: Settings) -> EmbeddedPostgres:
    return EmbeddedPostgres(settings.home / "postgres")


def vault_file(settings: Settings) -> Path:
    return settings.home / "vault.keys"


def prepare_process(settings: Settings, part: str) -> None:
    """Time and logs of this process. Only a sandbox's clock can be moved."""
    if settings.sandbox:
        clock.install(clock.ShiftedClock(settings.clock_file))
    logs.configure(settings.log_level, part=part)


def open_vault(settings: Settings) -> Vault:
    return vault.open_vault(settings.vault_keys, vault_file(settings))


def open_database(settings: Settings, house: HouseKey, *, pool_size: int | None = None) -> Database:
    """The house's database. Without a URL in the settings the embedded one is started, or joined where it runs."""
    url = settings.database_of(house) or postgres(settings).start()
    return db.connect(url, house, pool_size=pool_size or settings.pool_size)


def clock_offset(settings: Settings) -> timedelta:
    return clock.read_offset(settings.clock_file) if settings.sandbox else timedelta()
