"""Tables `person`, `contact`, `contact_pending`, `document`, and their SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from myschool.gosuslugi.people.model import (
    Contact,
    ContactKind,
    ContactValue,
    Document,
    DocumentKind,
    EsiaAccount,
    Level,
    Particulars,
    Person,
    Sex,
    SnilsTaken,
    kind_of,
)
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Phone, Snils

SNILS = "person.snils"
BIRTHPLACE = "person.birthplace"
CONTACT = "contact.value"
PENDING = "contact_pending.value"
DOCUMENT = "document.number"

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("oid", BigInteger, nullable=False, unique=True),
    Column("family_name", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("birth_date", Date),
    Column("sex", String(1)),
    Column("snils_sealed", LargeBinary, info={"sealed": SNILS}),
    Column("snils_index", LargeBinary, unique=True, info={"index_of": "snils_sealed", "place": SNILS}),
    Column("birthplace_sealed", LargeBinary, info={"sealed": BIRTHPLACE}),
    Column("citizenship", String(3)),
    Column("region", String(2)),
    Column("level", Text, nullable=False),
    Column("level_since", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    # The account was deleted: the row keeps id and oid, so that neither is given again, and says nothing of anybody.
    Column("closed_at", DateTime(timezone=True)),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(3), nullable=False),
    Column("value_sealed", LargeBinary, nullable=False, info={"sealed": CONTACT}),
    Column(
        "value_index", LargeBinary, nullable=False, unique=True, info={"index_of": "value_sealed", "place": CONTACT}
    ),
    Column("verified_at", DateTime(timezone=True), nullable=False),
    Index("contact_person_id_idx", "person_id"),
)

# Values that wait for their code belong to nobody yet, so several accounts may wait for the same one.
contact_pending = Table(
    "contact_pending",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("kind", String(3), primary_key=True),
    Column("value_sealed", LargeBinary, nullable=False, info={"sealed": PENDING}),
)

document = Table(
    "document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("number_sealed", LargeBinary, nullable=False, info={"sealed": DOCUMENT}),
    Column("issued_on", Date),
    Column("issued_by", Text),
    Column("department_code", String(6)),
    Column("act_date", Date),
    Column("verified_at", DateTime(timezone=True)),
    UniqueConstraint("person_id", "kind"),
)


_OPEN = person.c.closed_at.is_(None)
_SET_REGIONS = text(
    "UPDATE person SET region = given.region FROM unnest(CAST(:ids AS uuid[]), CAST(:regions AS text[]))"
    " AS given (id, region) WHERE person.id = given.id AND person.region IS NULL"
)


class _Numbers(msgspec.Struct):
    series: str
    number: str
    act_number: str | None = None


# -- person ------------------------------------------------------------------------------------------------------------


async def add(tx: Tx, vault: Vault, row: Person) -> bool:
    """False, and nothing is written, when the id, the oid or the СНИЛС is there already."""
    values = {
        "id": row.id,
        "oid": row.oid,
        "family_name": row.name.family_name,
        "given_name": row.name.given_name,
        "patronymic": row.name.patronymic,
        "level": row.level,
        "level_since": row.account.level_since,
        "created_at": row.account.created_at,
        "updated_at": row.updated_at,
        "birth_date": row.birth_date,
        "sex": row.sex,
        "citizenship": row.citizenship,
        "region": row.region,
        **_sealed_birthplace(vault, row.birthplace),
        **_sealed_snils(vault, row.snils),
    }
    added = insert(person).values(values).on_conflict_do_nothing().returning(person.c.id)
    return (await tx.execute(added)).first() is not None


async def find(tx: Tx, vault: Vault, person_id: UUID, *, for_update: bool = False) -> Person | None:
    query = select(person).where(person.c.id == person_id, _OPEN)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _person(vault, row) if row is not None else None


async def find_many(tx: Tx, vault: Vault, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
    rows = await tx.execute(select(person).where(person.c.id.in_(person_ids), _OPEN))
    return {row.id: _person(vault, row) for row in rows}


async def find_by_oid(tx: Tx, vault: Vault, oid: int) -> Person | None:
    row = (await tx.execute(select(person).where(person.c.oid == oid, _OPEN))).one_or_none()
    return _person(vault, row) if row is not None else None


async def find_by_snils(tx: Tx, vault: Vault, snils: Snils) -> Person | None:
    indexes = vault.indexes(snils.digits, place=SNILS)
    row = (await tx.execute(select(person).where(person.c.snils_index.in_(indexes)))).one_or_none()
    return _person(vault, row) if row is not None else None


async def find_by_contact(tx: Tx, vault: Vault, value: ContactValue) -> Person | None:
    indexes = vault.indexes(stored(value), place=CONTACT)
    query = select(person).join(contact, contact.c.person_id == person.c.id).where(contact.c.value_index.in_(indexes))
    row = (await tx.execute(query)).one_or_none()
    return _person(vault, row) if row is not None else None


async def close(tx: Tx, person_id: UUID, now: datetime) -> None:
    """Nothing that says who it was is left: no name, paper, number or contact."""
    nothing = ("patronymic", "birth_date", "sex", "snils_sealed", "snils_index", "birthplace_sealed", "citizenship")
    values = dict.fromkeys(nothing) | {"family_name": "", "given_name": "", "updated_at": now, "closed_at": now}
    await tx.execute(update(person).where(person.c.id == person_id).values(values))
    for table in (contact, contact_pending, document):
        await tx.execute(delete(table).where(table.c.person_id == person_id))


async def was_closed(tx: Tx, person_id: UUID) -> bool:
    query = select(person.c.id).where(person.c.id == person_id, person.c.closed_at.is_not(None))
    return (await tx.execute(query)).first() is not None


async def level_of(tx: Tx, person_id: UUID) -> Level | None:
    word = (await tx.execute(select(person.c.level).where(person.c.id == person_id, _OPEN))).scalar_one_or_none()
    return Level(word) if word is not None else None


async def set_level(tx: Tx, person_id: UUID, level: Level, now: datetime) -> None:
    moved = update(person).where(person.c.id == person_id)
    await tx.execute(moved.values(level=level, level_since=now, updated_at=now))


async def set_region(tx: Tx, person_id: UUID, region: str) -> None:
    """Only where none is known."""
    unknown = update(person).where(person.c.id == person_id, person.c.region.is_(None))
    await tx.execute(unknown.values(region=region))


async def set_regions(tx: Tx, regions: Mapping[UUID, str]) -> None:
    """As `set_region`, for many at once."""
    await tx.execute(_SET_REGIONS, {"ids": list(regions), "regions": list(regions.values())})


async def set_name(tx: Tx, person_id: UUID, name: FullName, now: datetime) -> None:
    renamed = update(person).where(person.c.id == person_id)
    parts = {"family_name": name.family_name, "given_name": name.given_name, "patronymic": name.patronymic}
    await tx.execute(renamed.values(parts | {"updated_at": now}))


async def set_particulars(tx: Tx, vault: Vault, person_id: UUID, said: Particulars, now: datetime) -> None:
    """Raises SnilsTaken; the transaction goes on."""
    values = {
        "birth_date": said.birth_date,
        "sex": said.sex,
        "citizenship": said.citizenship,
        "updated_at": now,
        **_sealed_birthplace(vault, said.birthplace),
        **_sealed_snils(vault, said.snils),
    }
    try:
        async with tx.begin_nested():
            await tx.execute(update(person).where(person.c.id == person_id).values(values))
    except IntegrityError as error:
        if "person_snils_index_key" not in str(error.orig):
            raise
        raise SnilsTaken from None


def _sealed_snils(vault: Vault, snils: Snils | None) -> dict[str, bytes | None]:
    if snils is None:
        return {"snils_sealed": None, "snils_index": None}
    return {
        "snils_sealed": vault.seal(snils.digits, place=SNILS),
        "snils_index": vault.index(snils.digits, place=SNILS),
    }


def _sealed_birthplace(vault: Vault, birthplace: str | None) -> dict[str, bytes | None]:
    return {"birthplace_sealed": vault.seal(birthplace, place=BIRTHPLACE) if birthplace else None}


def _person(vault: Vault, row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=FullName(row.family_name, row.given_name, row.patronymic),
        account=EsiaAccount(row.oid, Level(row.level), row.level_since, row.created_at),
        updated_at=row.updated_at,
        birth_date=row.birth_date,
        sex=Sex(row.sex) if row.sex else None,
        snils=Snils(vault.open(row.snils_sealed, place=SNILS)) if row.snils_sealed else None,
        birthplace=vault.open(row.birthplace_sealed, place=BIRTHPLACE) if row.birthplace_sealed else None,
        citizenship=row.citizenship,
        region=row.region,
    )


# -- contacts ----------------------------------------------------------------------------------------------------------


def stored(value: ContactValue) -> str:
    """The text that is sealed and indexed: one mailbox, one text."""
    return value.comparable() if isinstance(value, Email) else value.digits


def _read(kind: str, text: str) -> ContactValue:
    return Email(text) if kind == ContactKind.EMAIL else Phone(text)


async def is_verified(tx: Tx, vault: Vault, value: ContactValue) -> bool:
    indexes = vault.indexes(stored(value), place=CONTACT)
    return (await tx.execute(select(contact.c.id).where(contact.c.value_index.in_(indexes)))).first() is not None


async def add_contact(tx: Tx, vault: Vault, person_id: UUID, value: ContactValue, now: datetime) -> bool:
    """The verified value of its kind from now on; False, and nothing is written, when another account has it."""
    row_id = new_id()
    added = (
        insert(contact)
        .values(
            id=row_id,
            person_id=person_id,
            kind=kind_of(value),
            value_sealed=vault.seal(stored(value), place=CONTACT),
            value_index=vault.index(stored(value), place=CONTACT),
            verified_at=now,
        )
        .on_conflict_do_nothing()
        .returning(contact.c.id)
    )
    c = contact.c
    if (await tx.execute(added)).first() is None:
        indexes = vault.indexes(stored(value), place=CONTACT)
        owner = (await tx.execute(select(c.person_id).where(c.value_index.in_(indexes)))).scalar_one_or_none()
        return owner == person_id
    await tx.execute(delete(contact).where(c.person_id == person_id, c.kind == kind_of(value), c.id != row_id))
    return True


async def put_pending(tx: Tx, vault: Vault, person_id: UUID, value: ContactValue) -> None:
    row = {
        "person_id": person_id,
        "kind": kind_of(value),
        "value_sealed": vault.seal(stored(value), place=PENDING),
    }
    upsert = insert(contact_pending).values(row)
    await tx.execute(upsert.on_conflict_do_update(index_elements=["person_id", "kind"], set_=row))


async def take_pending(tx: Tx, vault: Vault, person_id: UUID, kind: ContactKind) -> ContactValue | None:
    """Takes the waiting value away; of two callers one gets it."""
    c = contact_pending.c
    taken = delete(contact_pending).where(c.person_id == person_id, c.kind == kind).returning(c.value_sealed)
    sealed = (await tx.execute(taken)).scalar_one_or_none()
    return _read(kind, vault.open(sealed, place=PENDING)) if sealed is not None else None


async def contacts(tx: Tx, vault: Vault, person_id: UUID) -> list[Contact]:
    rows = await tx.execute(select(contact).where(contact.c.person_id == person_id))
    verified = {
        row.kind: Contact(
            ContactKind(row.kind),
            _read(row.kind, vault.open(row.value_sealed, place=CONTACT)),
            row.verified_at,
            None,
            row.id,
        )
        for row in rows
    }
    waiting = await tx.execute(select(contact_pending).where(contact_pending.c.person_id == person_id))
    for row in waiting:
        pending = _read(row.kind, vault.open(row.value_sealed, place=PENDING))
        known = verified.get(row.kind)
        verified[row.kind] = Contact(
            ContactKind(row.kind),
            known.value if known else None,
            known.verified_at if known else None,
            pending,
            known.id if known else None,
        )
    return [verified[kind] for kind in ContactKind if kind in verified]


async def mailboxes(tx: Tx, vault: Vault, person_ids: Sequence[UUID]) -> dict[UUID, list[ContactValue]]:
    """What is verified, the e-mail first."""
    c = contact.c
    rows = await tx.execute(
        select(c.person_id, c.kind, c.value_sealed).where(c.person_id.in_(person_ids)).order_by(c.kind)
    )
    found: dict[UUID, list[ContactValue]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(_read(row.kind, vault.open(row.value_sealed, place=CONTACT)))
    return found


# -- documents ---------------------------------------------------------------------------------------------------------


async def put_document(tx: Tx, vault: Vault, person_id: UUID, paper: Document) -> None:
    """A person has one paper of each kind; a newer one replaces it."""
    numbers = msgspec.json.encode(_Numbers(paper.series, paper.number, paper.act_number)).decode()
    values = {
        "number_sealed": vault.seal(numbers, place=DOCUMENT),
        "issued_on": paper.issued_on,
        "issued_by": paper.issued_by,
        "department_code": paper.department_code,
        "act_date": paper.act_date,
        "verified_at": paper.verified_at,
    }
    row = insert(document).values(id=paper.id, person_id=person_id, kind=paper.kind, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["person_id", "kind"], set_=values))


async def documents(tx: Tx, vault: Vault, person_id: UUID) -> list[Document]:
    rows = await tx.execute(select(document).where(document.c.person_id == person_id).order_by(document.c.kind))
    return [_document(vault, row) for row in rows]


def _document(vault: Vault, row: Row[Any]) -> Document:
    numbers = msgspec.json.decode(vault.open(row.number_sealed, place=DOCUMENT), type=_Numbers)
    return Document(
        id=row.id,
        kind=DocumentKind(row.kind),
        series=numbers.series,
        number=numbers.number,
        issued_on=row.issued_on,
        issued_by=row.issued_by,
        department_code=row.department_code,
        act_number=numbers.act_number,
        act_date=row.act_date,
        verified_at=row.verified_at,
    )
