"""Tables of persons, their profiles, and the children that ESIA told of."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    false,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils
from myschool.portal.people.model import Level, Person, Profile, Sex, ToldChild, ToldPerson
from myschool.portal.tables import metadata

SNILS = "person.snils"
CHILD_SNILS = "esia_child.snils"
EMAIL = "person.email"

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("oid", BigInteger, nullable=False, unique=True),
    Column("family_name", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("birth_date", Date),
    Column("sex", Text),
    Column("snils_sealed", LargeBinary, info={"sealed": SNILS}),
    Column("snils_index", LargeBinary, info={"index_of": "snils_sealed", "place": SNILS}),
    Column("email_sealed", LargeBinary, info={"sealed": EMAIL}),
    Column("level", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("person_snils_index_idx", "snils_index"),
)

profile = Table(
    "profile",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("profile", Text, primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False),
)

esia_child = Table(
    "esia_child",
    metadata,
    Column("guardian_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("esia_id", Text, primary_key=True),
    Column("family_name", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("birth_date", Date),
    Column("sex", Text),
    Column("snils_sealed", LargeBinary, info={"sealed": CHILD_SNILS}),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("only_read", Boolean, server_default=false(), nullable=False),
)


async def save_person(tx: Tx, vault: Vault, told: ToldPerson, now: datetime) -> UUID:
    """Makes the person of this oid, or brings him up to date; the id stays."""
    values = {
        "oid": told.oid,
        **_name_columns(told.name),
        "birth_date": told.birth_date,
        "sex": told.sex,
        "snils_sealed": _sealed(vault, told.snils, SNILS),
        "snils_index": None if told.snils is None else vault.index(told.snils.digits, place=SNILS),
        "email_sealed": None if told.email is None else vault.seal(told.email.address, place=EMAIL),
        "level": told.level,
        "updated_at": now,
    }
    fresh = insert(person).values(id=new_id(), created_at=now, **values)
    saved = fresh.on_conflict_do_update(index_elements=["oid"], set_=values).returning(person.c.id)
    found: UUID = (await tx.execute(saved)).scalar_one()
    return found


async def load_persons(tx: Tx, vault: Vault, ids: Collection[UUID]) -> dict[UUID, Person]:
    rows = await tx.execute(select(person).where(person.c.id.in_(ids)))
    return {row.id: _person(vault, row) for row in rows}


async def level_of(tx: Tx, person_id: UUID) -> Level | None:
    word = (await tx.execute(select(person.c.level).where(person.c.id == person_id))).scalar_one_or_none()
    return Level(word) if word is not None else None


async def find_by_oid(tx: Tx, vault: Vault, oid: int) -> Person | None:
    row = (await tx.execute(select(person).where(person.c.oid == oid))).one_or_none()
    return None if row is None else _person(vault, row)


async def find_by_snils(tx: Tx, vault: Vault, snils: Snils) -> list[Person]:
    indexes = vault.indexes(snils.digits, place=SNILS)
    rows = await tx.execute(select(person).where(person.c.snils_index.in_(indexes)).order_by(person.c.id))
    return [_person(vault, row) for row in rows]


async def email_of(tx: Tx, vault: Vault, person_id: UUID) -> Email | None:
    sealed = (await tx.execute(select(person.c.email_sealed).where(person.c.id == person_id))).scalar_one_or_none()
    return None if sealed is None else Email(vault.open(sealed, place=EMAIL))


async def add_profile(tx: Tx, person_id: UUID, chosen: Profile, now: datetime) -> bool:
    """False when he has it already."""
    fresh = insert(profile).values(person_id=person_id, profile=chosen, begun_at=now).on_conflict_do_nothing()
    return (await tx.execute(fresh.returning(profile.c.person_id))).first() is not None


async def remove_profile(tx: Tx, person_id: UUID, given: Profile) -> bool:
    gone = delete(profile).where(profile.c.person_id == person_id, profile.c.profile == given)
    return (await tx.execute(gone.returning(profile.c.person_id))).first() is not None


async def profiles_of(tx: Tx, person_id: UUID) -> list[Profile]:
    query = select(profile.c.profile).where(profile.c.person_id == person_id).order_by(profile.c.begun_at)
    return [Profile(word) for word in (await tx.execute(query)).scalars()]


async def children_of(tx: Tx, vault: Vault, guardian_id: UUID, *, since: datetime | None = None) -> list[ToldChild]:
    """`since`: those only of whom ESIA told from then on."""
    query = select(esia_child).where(esia_child.c.guardian_id == guardian_id).order_by(esia_child.c.esia_id)
    if since is not None:
        query = query.where(esia_child.c.told_at >= since)
    return [_child(vault, row) for row in await tx.execute(query)]


async def tell_again(tx: Tx, guardian_id: UUID, now: datetime) -> None:
    """ESIA told the same children once more."""
    await tx.execute(update(esia_child).where(esia_child.c.guardian_id == guardian_id).values(told_at=now))


async def replace_children(
    tx: Tx, vault: Vault, guardian_id: UUID, children: Sequence[ToldChild], now: datetime
) -> None:
    await tx.execute(delete(esia_child).where(esia_child.c.guardian_id == guardian_id))
    if children:
        await tx.execute(insert(esia_child), [_child_row(vault, guardian_id, child, now) for child in children])


def _child_row(vault: Vault, guardian_id: UUID, child: ToldChild, now: datetime) -> dict[str, Any]:
    return {
        "guardian_id": guardian_id,
        "esia_id": child.esia_id,
        **_name_columns(child.name),
        "birth_date": child.birth_date,
        "sex": child.sex,
        "snils_sealed": _sealed(vault, child.snils, CHILD_SNILS),
        "told_at": now,
        "only_read": child.only_read,
    }


def _name_columns(name: FullName) -> dict[str, str | None]:
    return {"family_name": name.family_name, "given_name": name.given_name, "patronymic": name.patronymic}


def _sealed(vault: Vault, snils: Snils | None, place: str) -> bytes | None:
    return None if snils is None else vault.seal(snils.digits, place=place)


def _opened(vault: Vault, sealed: bytes | None, place: str) -> Snils | None:
    return None if sealed is None else Snils(vault.open(sealed, place=place))


def _person(vault: Vault, row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        oid=row.oid,
        name=FullName(row.family_name, row.given_name, row.patronymic),
        level=Level(row.level),
        birth_date=row.birth_date,
        sex=Sex(row.sex) if row.sex else None,
        snils=_opened(vault, row.snils_sealed, SNILS),
        updated_at=row.updated_at,
    )


def _child(vault: Vault, row: Row[Any]) -> ToldChild:
    return ToldChild(
        esia_id=row.esia_id,
        name=FullName(row.family_name, row.given_name, row.patronymic),
        birth_date=row.birth_date,
        sex=Sex(row.sex) if row.sex else None,
        snils=_opened(vault, row.snils_sealed, CHILD_SNILS),
        only_read=row.only_read,
    )
