"""Rotation of the vault's keys: every sealed column is sealed anew with the newest key while the house runs.

A column says what it is, and nothing else must be told:
    Column("snils_sealed", LargeBinary, info={"sealed": "person.snils"})
    Column("snils_index", LargeBinary, info={"index_of": "snils_sealed", "place": "person.snils"})
`normal` in the info of an index names the function from the sealed text to the indexed one, if they differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, MetaData, Table, bindparam, func, select, tuple_, update

from myschool.kit.db import Database, Tx
from myschool.kit.vault import NotOpened, Vault


class WrongDeclaration(Exception):
    """An index names a column that is not sealed, or a sealed column stands in a table without a primary key."""


@dataclass(frozen=True)
class SealedColumn:
    """One sealed column, its place, and the blind indexes made of it."""

    table: Table
    column: Column[Any]
    place: str
    indexes: tuple[Column[Any], ...]


@dataclass
class Resealed:
    """`done` values sealed anew; `not_opened` names the rows, by table, column and primary key, that no key opens."""

    done: int = 0
    not_opened: list[tuple[str, str, tuple[object, ...]]] = field(default_factory=list)


def sealed_columns(metadata: MetaData) -> list[SealedColumn]:
    """Raises WrongDeclaration."""
    found: list[SealedColumn] = []
    for table in metadata.sorted_tables:
        sealed = {column.name: column for column in table.columns if "sealed" in column.info}
        indexes = [column for column in table.columns if "index_of" in column.info]
        if any(index.info["index_of"] not in sealed for index in indexes) or (sealed and not table.primary_key.columns):
            raise WrongDeclaration(table.name)
        for name, column in sealed.items():
            own = tuple(index for index in indexes if index.info["index_of"] == name)
            found.append(SealedColumn(table, column, column.info["sealed"], own))
    return found


async def reseal(db: Database, metadata: MetaData, vault: Vault, *, batch: int = 200) -> Resealed:
    """Seals with the newest key whatever an older one sealed, batch by batch, each in a transaction of its own.

    Stopped half-way it is simply called again. A value that the house changes meanwhile is left as the house wrote it
    and looked at once more; the walk ends when nothing is sealed by an older key any more.
    """
    result = Resealed()
    for column in sealed_columns(metadata):
        while await _walk(db, column, vault, batch, result):
            pass
    return result


async def left(db: Database, metadata: MetaData, vault: Vault) -> int:
    """How many values an older key still holds. Nought: the older keys may leave the ring."""

    async def count(tx: Tx) -> int:
        total = 0
        for sealed in sealed_columns(metadata):
            total += (await tx.execute(select(func.count()).where(_older(sealed.column, vault)))).scalar_one()
        return total

    return await db.run(count)


async def _walk(db: Database, column: SealedColumn, vault: Vault, batch: int, result: Resealed) -> bool:
    """One pass over the table. True when something was sealed anew, so that another pass may find what came since."""
    key = list(column.table.primary_key.columns)
    after: Sequence[object] | None = None
    done = 0
    while True:
        query = select(*key, column.column).where(_older(column.column, vault)).order_by(*key).limit(batch)
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))

        async def step(tx: Tx, query: Any = query) -> tuple[Sequence[Any], int, list[tuple[object, ...]]]:
            rows = (await tx.execute(query)).all()
            changes, closed = _changes(column, vault, rows)
            if changes:
                await tx.execute(_update(column), changes)
            return rows, len(changes), closed

        rows, changed, closed = await db.run(step)
        done += changed
        for primary_key in closed:
            entry = (column.table.name, column.column.name, primary_key)
            if entry not in result.not_opened:
                result.not_opened.append(entry)
        if len(rows) < batch:
            break
        after = tuple(rows[-1][:-1])
    result.done += done
    return done > 0


def _older(column: Column[Any], vault: Vault) -> Any:
    return func.substring(column, 2, len(vault.newest)) != vault.newest


def _changes(
    sealed: SealedColumn, vault: Vault, rows: Sequence[Any]
) -> tuple[list[dict[str, object]], list[tuple[object, ...]]]:
    """Parameters for `_update`, and the primary keys of values that no key opens."""
    changes: list[dict[str, object]] = []
    closed: list[tuple[object, ...]] = []
    for row in rows:
        *key, old = row
        try:
            text = vault.open(old, place=sealed.place)
        except NotOpened:
            closed.append(tuple(key))
            continue
        change: dict[str, object] = {f"key_{n}": part for n, part in enumerate(key)}
        change |= {"old": old, "new": vault.seal(text, place=sealed.place)}
        change |= {f"index_{n}": _index(index.info, vault, text) for n, index in enumerate(sealed.indexes)}
        changes.append(change)
    return changes, closed


def _index(info: Mapping[Any, Any], vault: Vault, text: str) -> bytes:
    normal: Callable[[str], str] = info.get("normal", str)
    return vault.index(normal(text), place=info["place"])


def _update(sealed: SealedColumn) -> Any:
    """Touches the row only while it holds the value that was opened."""
    statement = update(sealed.table).where(sealed.column == bindparam("old"))
    for n, part in enumerate(sealed.table.primary_key.columns):
        statement = statement.where(part == bindparam(f"key_{n}"))
    values: dict[Column[Any], object] = {sealed.column: bindparam("new")}
    values |= {index: bindparam(f"index_{n}") for n, index in enumerate(sealed.indexes)}
    return statement.values(values)
