"""Which systems know each other: the portal is one of ESIA's systems, and each has the other's certificate."""

from datetime import datetime

from myschool.kit.db import Database
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault


async def introduce(settings: Settings, vault: Vault, gosuslugi: Database, portal: Database, now: datetime) -> None:
    """By hand in life, by file here."""
