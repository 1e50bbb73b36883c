"""Tables of the directory and their SQL: schools, their history, imports, the version of it all, the index's image."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from myschool.kit.db import Tx
from myschool.papers.numbers import Inn, Ogrn
from myschool.portal.schools.model import School, SchoolKind, SchoolState
from myschool.portal.tables import metadata

# `version` is the version of the directory that changed the row last; `gone_at` is set when its register no longer has
# it. A row is never deleted.
school = Table(
    "school",
    metadata,
    Column("ogrn", String(13), primary_key=True),
    Column("inn", String(12)),
    Column("kpp", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("other_names", ARRAY(Text), nullable=False),
    Column("kind", Text, nullable=False),
    Column("region_code", String(2), nullable=False),
    Column("region", Text, nullable=False),
    Column("municipality", Text, nullable=False),
    Column("settlement", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("successor", String(13)),
    Column("is_connected", Boolean, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("register", Text, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("gone_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("school_version_idx", "version"),
    Index("school_inn_idx", "inn"),
    Index("school_region_idx", "region_code", "municipality"),
)

# What a row was before a version of the directory changed it; `before` is null when the row was new.
school_history = Table(
    "school_history",
    metadata,
    Column("ogrn", String(13), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("import_id", Uuid),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("before", JSONB),
    Index("school_history_import_idx", "import_id"),
)

school_import = Table(
    "school_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("register", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_digest", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("done_at", DateTime(timezone=True), nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Index("school_import_register_idx", "register", "version"),
)

# One row. Every process asks for `version` once a second; whoever changes the directory raises it and so waits for
# others.
school_directory = Table(
    "school_directory",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("image_version", BigInteger, nullable=False),
)

# The index of `image_version` in pieces, so that a process need not build it.
school_index_part = Table(
    "school_index_part",
    metadata,
    Column("version", BigInteger, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

_THE_ROW = 1
_PART_SIZE = 4 * 1024 * 1024
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Versions:
    """Of the directory, and of the image of its index that is stored (0: none)."""

    directory: int
    image: int


@dataclass(frozen=True, slots=True)
class Known:
    """What an import must know of a row that is there: 8 bytes of a digest instead of the row."""

    digest: int
    register: str
    is_gone: bool


# -- rows ------------------------------------------------------------------------------------------------------------

# Columns that a register fills. The portal's own mark `is_connected` is not among them: no import changes it.
_REGISTERED = (
    "inn",
    "kpp",
    "full_name",
    "short_name",
    "other_names",
    "kind",
    "region_code",
    "region",
    "municipality",
    "settlement",
    "address",
    "state",
    "successor",
    "is_test",
)


def values_of(row: School) -> dict[str, Any]:
    """The columns a register fills, with the key."""
    return {
        "ogrn": row.ogrn.digits,
        "inn": row.inn.digits if row.inn else None,
        "kpp": row.kpp,
        "full_name": row.full_name,
        "short_name": row.short_name,
        "other_names": list(row.other_names),
        "kind": row.kind.value,
        "region_code": row.region_code,
        "region": row.region,
        "municipality": row.municipality,
        "settlement": row.settlement,
        "address": row.address,
        "state": row.state.value,
        "successor": row.successor.digits if row.successor else None,
        "is_test": row.is_test,
    }


def digest_of(row: School) -> int:
    """64 bits (signed) that change when anything a register says changes."""
    content = msgspec.json.encode(values_of(row))
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)


def _school(row: Row[Any]) -> School:
    return School(
        ogrn=Ogrn(row.ogrn),
        inn=Inn(row.inn) if row.inn else None,
        kpp=row.kpp,
        full_name=row.full_name,
        short_name=row.short_name,
        other_names=tuple(row.other_names),
        kind=SchoolKind(row.kind),
        region_code=row.region_code,
        region=row.region,
        municipality=row.municipality,
        settlement=row.settlement,
        address=row.address,
        state=SchoolState(row.state),
        successor=Ogrn(row.successor) if row.successor else None,
        is_connected=row.is_connected,
        is_test=row.is_test,
    )


async def find(tx: Tx, ogrn: str) -> School | None:
    """The school, listed or gone from its register."""
    row = (await tx.execute(select(school).where(school.c.ogrn == ogrn))).one_or_none()
    return _school(row) if row is not None else None


async def load_many(tx: Tx, ogrns: Sequence[str]) -> list[School]:
    """Those of these schools that are there, in the order asked."""
    if not ogrns:
        return []
    rows = await tx.execute(select(school).where(school.c.ogrn.in_(ogrns)))
    by_ogrn = {row.ogrn: _school(row) for row in rows}
    return [by_ogrn[ogrn] for ogrn in ogrns if ogrn in by_ogrn]


async def listed(tx: Tx) -> AsyncIterator[School]:
    """Every school that its register has, streamed."""
    rows = await tx.stream(select(school).where(school.c.gone_at.is_(None)).execution_options(yield_per=_BATCH))
    async for row in rows:
        yield _school(row)


async def changed_since(tx: Tx, version: int, most: int) -> list[tuple[School, bool]] | None:
    """Rows of later versions, each with whether it is listed; None when there are more than `most`."""
    query = select(school).where(school.c.version > version).limit(most + 1)
    rows = (await tx.execute(query)).all()
    if len(rows) > most:
        return None
    return [(_school(row), row.gone_at is None) for row in rows]


async def known(tx: Tx) -> dict[int, Known]:
    """Every row's digest, by its ОГРН as a number."""
    registers: dict[str, str] = {}
    rows = await tx.stream(
        select(school.c.ogrn, school.c.digest, school.c.register, school.c.gone_at).execution_options(yield_per=_BATCH)
    )
    return {
        int(row.ogrn): Known(row.digest, registers.setdefault(row.register, row.register), row.gone_at is not None)
        async for row in rows
    }


async def write(tx: Tx, rows: Iterable[School], register: str, version: int, at: datetime) -> None:
    """New rows and changed ones; what the portal itself marked stays."""
    values = [
        values_of(row)
        | {
            "is_connected": row.is_connected,
            "register": register,
            "digest": digest_of(row),
            "version": version,
            "created_at": at,
            "updated_at": at,
        }
        for row in rows
    ]
    if not values:
        return
    added = insert(school)
    kept = {name: added.excluded[name] for name in (*_REGISTERED, "register", "digest", "version", "updated_at")}
    await tx.execute(added.on_conflict_do_update(index_elements=["ogrn"], set_={**kept, "gone_at": None}), values)


async def mark_gone(tx: Tx, ogrns: Sequence[str], version: int, at: datetime) -> None:
    for start in range(0, len(ogrns), _BATCH):
        part = ogrns[start : start + _BATCH]
        await tx.execute(
            update(school).where(school.c.ogrn.in_(part)).values(gone_at=at, version=version, updated_at=at)
        )


async def mark_connected(tx: Tx, ogrn: str, *, is_connected: bool, version: int, at: datetime) -> bool:
    """False when there is no such school or it is so already."""
    changed = (
        update(school)
        .where(school.c.ogrn == ogrn, school.c.is_connected != is_connected)
        .values(is_connected=is_connected, version=version, updated_at=at)
        .returning(school.c.ogrn)
    )
    return (await tx.execute(changed)).first() is not None


# -- history -----------------------------------------------------------------------------------------------------------


async def remember(
    tx: Tx, ogrns: Sequence[str], version: int, at: datetime, *, import_id: UUID | None, are_new: bool
) -> None:
    """Writes the present state of these rows into their history, before they are changed."""
    before: dict[str, Any] = {}
    if not are_new:
        rows = await tx.execute(select(school).where(school.c.ogrn.in_(ogrns)))
        before = {row.ogrn: _frozen(row) for row in rows}
    values = [
        {"ogrn": ogrn, "version": version, "import_id": import_id, "changed_at": at, "before": before.get(ogrn)}
        for ogrn in ogrns
    ]
    if values:
        await tx.execute(insert(school_history), values)


def _frozen(row: Row[Any]) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in (*_REGISTERED, "register", "digest", "version", "is_connected")}
    return kept | {"gone_at": row.gone_at.isoformat() if row.gone_at else None}


async def history(tx: Tx, ogrn: str) -> list[tuple[int, datetime, dict[str, Any] | None]]:
    """(version, when, what the row was before), newest first."""
    query = (
        select(school_history.c.version, school_history.c.changed_at, school_history.c.before)
        .where(school_history.c.ogrn == ogrn)
        .order_by(school_history.c.version.desc())
    )
    return [(row.version, row.changed_at, row.before) for row in await tx.execute(query)]


async def history_of_import(tx: Tx, import_id: UUID) -> list[tuple[str, dict[str, Any] | None]]:
    query = select(school_history.c.ogrn, school_history.c.before).where(school_history.c.import_id == import_id)
    return [(row.ogrn, row.before) for row in await tx.execute(query)]


async def restore(tx: Tx, ogrn: str, before: dict[str, Any], version: int, at: datetime) -> None:
    """Puts a row back to what it was; the portal's own mark stays as it is now."""
    kept = {name: before[name] for name in (*_REGISTERED, "register", "digest")}
    gone_at = datetime.fromisoformat(before["gone_at"]) if before["gone_at"] else None
    await tx.execute(
        update(school).where(school.c.ogrn == ogrn).values(**kept, gone_at=gone_at, version=version, updated_at=at)
    )


# -- imports ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """One import that changed something. `file_digest`: SHA-256 of the file, hexadecimal."""

    id: UUID
    register: str
    file_name: str
    file_digest: str
    version: int
    counts: dict[str, int]
    done_by: str
    done_at: datetime


async def add_import(tx: Tx, record: ImportRecord) -> None:
    await tx.execute(insert(school_import).values(**asdict(record)))


async def last_file_of(tx: Tx, register: str) -> str:
    """Digest of the file that filled this register last; empty when none did."""
    query = (
        select(school_import.c.file_digest)
        .where(school_import.c.register == register, school_import.c.undone_at.is_(None))
        .order_by(school_import.c.version.desc())
        .limit(1)
    )
    return (await tx.execute(query)).scalar_one_or_none() or ""


async def last_import(tx: Tx) -> Row[Any] | None:
    """The newest import that stands."""
    query = select(school_import).where(school_import.c.undone_at.is_(None)).order_by(school_import.c.version.desc())
    return (await tx.execute(query.limit(1))).one_or_none()


async def mark_undone(tx: Tx, import_id: UUID, at: datetime) -> None:
    await tx.execute(update(school_import).where(school_import.c.id == import_id).values(undone_at=at))


async def count(tx: Tx) -> int:
    """Schools that are listed."""
    query = select(func.count()).select_from(school).where(school.c.gone_at.is_(None))
    return int((await tx.execute(query)).scalar_one())


# -- version and image -------------------------------------------------------------------------------------------------


async def versions(tx: Tx) -> Versions:
    row = (await tx.execute(select(school_directory).where(school_directory.c.id == _THE_ROW))).one_or_none()
    return Versions(row.version, row.image_version) if row is not None else Versions(0, 0)


async def lock(tx: Tx) -> int:
    """The version now. Others who change the directory wait until this transaction ends."""
    row = insert(school_directory).values(id=_THE_ROW, version=0, image_version=0)
    await tx.execute(row.on_conflict_do_nothing())
    query = select(school_directory.c.version).where(school_directory.c.id == _THE_ROW).with_for_update()
    return int((await tx.execute(query)).scalar_one())


async def raise_version(tx: Tx, version: int) -> None:
    """Every process sees this and follows. Only after `lock`."""
    await tx.execute(update(school_directory).where(school_directory.c.id == _THE_ROW).values(version=version))


async def write_image(tx: Tx, version: int, image: bytes) -> None:
    await tx.execute(delete(school_index_part))
    pieces = [
        {"version": version, "part": number, "content": image[start : start + _PART_SIZE]}
        for number, start in enumerate(range(0, len(image), _PART_SIZE))
    ]
    for piece in pieces:
        await tx.execute(insert(school_index_part), piece)
    await tx.execute(update(school_directory).where(school_directory.c.id == _THE_ROW).values(image_version=version))


async def read_image(tx: Tx, version: int) -> bytes:
    """Empty when another image has taken its place meanwhile."""
    query = (
        select(school_index_part.c.content)
        .where(school_index_part.c.version == version)
        .order_by(school_index_part.c.part)
    )
    return b"".join((await tx.execute(query)).scalars())


async def without_waiting_for_disk(tx: Tx) -> None:
    """What this transaction writes may be lost in a crash of the machine: for counters that nobody will miss."""
    await tx.execute(text("SET LOCAL synchronous_commit TO OFF"))
