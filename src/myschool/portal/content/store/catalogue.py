"""The catalogue of platforms; a connected one carries its registration as a client."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Date, DateTime, LargeBinary, Row, SmallInteger, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.oidc.registration import RegisteredClient
from myschool.portal.content.model import Claim, LearningPlatform
from myschool.portal.tables import metadata

learning_platform = Table(
    "learning_platform",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("first_grade", SmallInteger, nullable=False),
    Column("last_grade", SmallInteger, nullable=False),
    Column("free_until", Date),
    Column("claims", ARRAY(Text), nullable=False),
    Column("contact", Text, nullable=False),
    Column("client_id", Text, unique=True),
    Column("redirect_uris", ARRAY(Text)),
    Column("initiate_login_uri", Text),
    Column("secret_digest", LargeBinary),
    Column("sector", Text),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)


async def save_platform(tx: Tx, platform: LearningPlatform, now: datetime) -> UUID:
    """Made, or brought up to date under its slug; the id of the first time stays."""
    values = {**_card(platform), **_registration(platform.client), "updated_at": now}
    fresh = insert(learning_platform).values(id=platform.id, **values)
    saved = fresh.on_conflict_do_update(index_elements=["slug"], set_=values).returning(learning_platform.c.id)
    found: UUID = (await tx.execute(saved)).scalar_one()
    return found


async def add_platform(tx: Tx, platform: LearningPlatform, now: datetime) -> None:
    """Nothing happens when the slug is taken: a card never pushes a registration away."""
    fresh = insert(learning_platform).values(id=platform.id, **_card(platform), updated_at=now)
    await tx.execute(fresh.on_conflict_do_nothing())


def _card(platform: LearningPlatform) -> dict[str, Any]:
    return {
        "slug": platform.slug,
        "name": platform.name,
        "about": platform.about,
        "subjects": list(platform.subjects),
        "first_grade": platform.first_grade,
        "last_grade": platform.last_grade,
        "free_until": platform.free_until,
        "claims": sorted(platform.claims),
        "contact": platform.contact,
    }


def _registration(client: RegisteredClient | None) -> dict[str, Any]:
    return {
        "client_id": client.client_id if client else None,
        "redirect_uris": sorted(client.redirect_uris) if client else None,
        "initiate_login_uri": client.initiate_login_uri if client else None,
        "secret_digest": client.secret_digest if client else None,
        "sector": client.sector if client else None,
    }


async def platforms(tx: Tx) -> list[LearningPlatform]:
    """Connected ones first, then by name."""
    c = learning_platform.c
    rows = await tx.execute(select(learning_platform).order_by(c.client_id.is_(None), c.name))
    return [_platform(row) for row in rows]


async def by_slug(tx: Tx, slug: str) -> LearningPlatform | None:
    return await _one(tx, learning_platform.c.slug == slug)


async def by_client(tx: Tx, client_id: str) -> LearningPlatform | None:
    return await _one(tx, learning_platform.c.client_id == client_id)


async def by_id(tx: Tx, platform_id: UUID) -> LearningPlatform | None:
    return await _one(tx, learning_platform.c.id == platform_id)


async def _one(tx: Tx, condition: Any) -> LearningPlatform | None:
    row = (await tx.execute(select(learning_platform).where(condition))).one_or_none()
    return None if row is None else _platform(row)


def _platform(row: Row[Any]) -> LearningPlatform:
    claims = frozenset(Claim(word) for word in row.claims)
    return LearningPlatform(
        id=row.id,
        slug=row.slug,
        name=row.name,
        about=row.about,
        subjects=tuple(row.subjects),
        first_grade=row.first_grade,
        last_grade=row.last_grade,
        free_until=row.free_until,
        claims=claims,
        contact=row.contact,
        client=None if row.client_id is None else _client(row, claims),
    )


def _client(row: Row[Any], claims: frozenset[Claim]) -> RegisteredClient:
    return RegisteredClient(
        client_id=row.client_id,
        redirect_uris=frozenset(row.redirect_uris),
        scopes=frozenset({"openid", *claims}),
        sector=row.sector,
        secret_digest=row.secret_digest,
        initiate_login_uri=row.initiate_login_uri,
    )
