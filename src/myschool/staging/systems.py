"""Which systems know each other: the portal is one of ESIA's systems, and each has the other's certificate."""

from datetime import datetime

from myschool.gosuslugi.provider import actions as provider
from myschool.kit.db import Database
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.portal.signin import actions as signin


async def introduce(settings: Settings, vault: Vault, gosuslugi: Database, portal: Database, now: datetime) -> None:
    """By hand in life, by file here. With the real ESIA its certificate was given in the settings instead."""
    await portal.run(lambda tx: signin.publish_certificate(tx, vault, settings))
    await gosuslugi.run(lambda tx: provider.introduce_portal(tx, vault, settings, now))
