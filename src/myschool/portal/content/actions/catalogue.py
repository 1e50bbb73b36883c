"""The operator's side: which platforms there are, and how a connected one is known."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.oidc.pairwise import sector_of
from myschool.oidc.registration import RegisteredClient, digest_of_secret, may_be_registered
from myschool.portal.content import keys
from myschool.portal.content.model import Claim, LearningPlatform, UnknownPlatform
from myschool.portal.content.store import catalogue as store

SHORTEST_SECRET = 43
"""Characters: 256 random bits in base64url. A digest without salt is enough only for such a secret."""


class WrongRegistration(Exception):
    """What the platform gave for its registration cannot be used; `reason` says what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How a platform speaks OpenID Connect with us. `secret` is kept as a digest only."""

    client_id: str
    secret: str = field(repr=False)
    redirect_uris: Collection[str]
    initiate_login_uri: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the catalogue says of a platform."""

    slug: str
    name: str
    about: str
    subjects: tuple[str, ...]
    grades: tuple[int, int]
    contact: str
    free_until: date | None = None
    claims: frozenset[Claim] = frozenset()


async def prepare_keys(tx: Tx, vault: Vault) -> None:
    """Makes what the provider signs and seals with, where it is missing."""
    await keys.read(tx, vault)


async def register_platform(tx: Tx, card: Card, connection: Connection, now: datetime) -> UUID:
    """The platform of this slug is connected from now on; the same call again changes nothing.

    Raises WrongRegistration.
    """
    return await store.save_platform(tx, _platform(card, _client(card, connection)), now)


async def fill_catalogue(tx: Tx, now: datetime) -> None:
    """Cards of platforms that are known and not connected yet; what is there already stays as it is."""
    for card in KNOWN:
        await store.add_platform(tx, _platform(card, None), now)


async def platforms(tx: Tx) -> list[LearningPlatform]:
    return await store.platforms(tx)


async def platform(tx: Tx, slug: str) -> LearningPlatform:
    """Raises UnknownPlatform."""
    found = await store.by_slug(tx, slug)
    if found is None:
        raise UnknownPlatform
    return found


async def find_by_client(tx: Tx, client_id: str) -> LearningPlatform | None:
    return await store.by_client(tx, client_id)


def _client(card: Card, connection: Connection) -> RegisteredClient:
    addresses = [*connection.redirect_uris, connection.initiate_login_uri]
    sector = sector_of(connection.redirect_uris)
    if not connection.redirect_uris or not all(map(may_be_registered, addresses)):
        raise WrongRegistration("addresses must be https, or http on this machine, and complete")
    if sector is None or sector_of(addresses) != sector:
        raise WrongRegistration("all addresses must stand on one host")
    if len(connection.secret) < SHORTEST_SECRET:
        raise WrongRegistration(f"the secret must have at least {SHORTEST_SECRET} characters")
    return RegisteredClient(
        client_id=connection.client_id,
        redirect_uris=frozenset(connection.redirect_uris),
        scopes=frozenset({"openid", *card.claims}),
        # The host alone would be one sector for all that is served from this machine.
        sector=f"{sector}:{connection.client_id}" if sector in LOOPBACK else sector,
        secret_digest=digest_of_secret(connection.secret),
        initiate_login_uri=connection.initiate_login_uri,
    )


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _platform(card: Card, client: RegisteredClient | None) -> LearningPlatform:
    return LearningPlatform(
        id=new_id(),
        slug=card.slug,
        name=card.name,
        about=card.about,
        subjects=card.subjects,
        first_grade=card.grades[0],
        last_grade=card.grades[1],
        free_until=card.free_until,
        claims=card.claims,
        contact=card.contact,
        client=client,
    )


KNOWN = (
    Card(
        slug="uchi-ru",
        name="Учи.ру",
        about="Интерактивные задания по школьной программе.",
        subjects=("Математика", "Русский язык", "Английский язык", "Окружающий мир"),
        grades=(1, 11),
        contact="служба поддержки Учи.ру",
    ),
    Card(
        slug="yaklass",
        name="ЯКласс",
        about="Задания, проверочные работы и объяснения по школьным предметам.",
        subjects=("Математика", "Русский язык", "Физика", "Химия", "Информатика"),
        grades=(1, 11),
        contact="служба поддержки ЯКласс",
    ),
    Card(
        slug="resh",
        name="РЭШ",
        about="«Российская электронная школа»: уроки по всем предметам и классам.",
        subjects=("Все школьные предметы",),
        grades=(1, 11),
        contact="служба поддержки РЭШ",
    ),
    Card(
        slug="yandex-uchebnik",
        name="Яндекс Учебник",
        about="Задания с автоматической проверкой и уроки информатики.",
        subjects=("Математика", "Русский язык", "Информатика"),
        grades=(1, 11),
        contact="служба поддержки Яндекс Учебника",
    ),
    Card(
        slug="prosveshchenie",
        name="Просвещение",
        about="Электронные учебники и тренажёры издательства.",
        subjects=("Электронные учебники по школьным предметам",),
        grades=(1, 11),
        contact="служба поддержки издательства «Просвещение»",
    ),
)
