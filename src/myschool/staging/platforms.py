"""The catalogue of platforms, the provider's keys, and in the sandbox the one platform that is really connected."""

from datetime import datetime

from myschool.kit.db import Database, Tx
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.portal.content import actions as content
from myschool.portal.content.actions.catalogue import Card, Connection
from myschool.portal.content.model import Claim, end_of_year
from myschool.portal.roll.model import year_of_request
from myschool.sandbox.platform import registration as chislary


async def connect(settings: Settings, vault: Vault, portal: Database, now: datetime) -> None:
    async def work(tx: Tx) -> None:
        await content.prepare_keys(tx, vault)
        if settings.sandbox:
            await content.register_platform(tx, _card(now), _connection(settings), now)
        await content.fill_catalogue(tx, now)

    await portal.run(work)


def _card(now: datetime) -> Card:
    """Free until the academic year ends, so that the demo never finds an offer that has run out."""
    year = year_of_request(now.astimezone(MOSCOW).date())
    return Card(
        slug=chislary.SLUG,
        name=chislary.NAME,
        about=chislary.ABOUT,
        subjects=chislary.SUBJECTS,
        grades=chislary.GRADES,
        contact=chislary.CONTACT,
        free_until=end_of_year(year),
        claims=frozenset(Claim(word) for word in chislary.CLAIMS),
    )


def _connection(settings: Settings) -> Connection:
    own = chislary.registration(settings)
    return Connection(
        client_id=own.client_id,
        secret=own.secret,
        redirect_uris=[own.redirect_uri],
        initiate_login_uri=own.initiate_login_uri,
    )
