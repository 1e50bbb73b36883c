"""SQL of the checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert

from myschool.gosuslugi.checks.model import CheckKind, CheckState, Claim, Evidence, RegistryCheck
from myschool.gosuslugi.tables import metadata
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.matching import Field

PLACE = "registry_check.claim"
EVIDENCE_PLACE = "registry_answer.evidence"

registry_check = Table(
    "registry_check",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("claim_sealed", LargeBinary, nullable=False, info={"sealed": PLACE}),
    Column("claim_index", LargeBinary, nullable=False, info={"index_of": "claim_sealed", "place": PLACE}),
    # Names of the fields that differ, with spaces between: names, never values.
    Column("differing", String(400), nullable=False),
    Column("forgiven", String(400), nullable=False, server_default=""),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("reference", String(100)),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("subject_id", "kind", "revision", name="registry_check_revision_key"),
    Index("registry_check_state_idx", "state", "since"),
)

# What registries said, counted or not: evidence stays apart from the verdict.
registry_answer = Table(
    "registry_answer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("check_id", Uuid, ForeignKey("registry_check.id"), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("evidence", LargeBinary, nullable=False, info={"sealed": EVIDENCE_PLACE}),
    Column("evidence_index", LargeBinary, nullable=False, info={"index_of": "evidence", "place": EVIDENCE_PLACE}),
    UniqueConstraint("check_id", "outcome", "evidence_index", name="registry_answer_once_key"),
)

_NAMES = [one.name for one in fields(RegistryCheck)]
COLUMNS = [registry_check.c[name] for name in _NAMES]


async def add(tx: Tx, vault: Vault, check: RegistryCheck, claim: Claim) -> bool:
    """False, and nothing is written, when this revision exists already."""
    values = _values(check) | {
        "id": check.id,
        "kind": check.kind,
        "subject_id": check.subject_id,
        "revision": check.revision,
        "created_at": check.created_at,
        "claim_sealed": vault.seal(claim.canonical(), place=PLACE),
        "claim_index": vault.index(claim.canonical(), place=PLACE),
    }
    fresh = (
        insert(registry_check)
        .values(values)
        .on_conflict_do_nothing(constraint="registry_check_revision_key")
        .returning(registry_check.c.id)
    )
    return (await tx.execute(fresh)).first() is not None


async def save(tx: Tx, check: RegistryCheck) -> None:
    await tx.execute(update(registry_check).where(registry_check.c.id == check.id).values(_values(check)))


def _values(check: RegistryCheck) -> dict[str, Any]:
    return {
        "state": check.state,
        "differing": " ".join(check.differing),
        "forgiven": " ".join(check.forgiven),
        "since": check.since,
        "sent_at": check.sent_at,
        "due_at": check.due_at,
        "ends_at": check.ends_at,
        "reference": check.reference,
        "tries": check.tries,
    }


async def load(tx: Tx, check_id: UUID, *, for_update: bool = False) -> RegistryCheck | None:
    query = select(*COLUMNS).where(registry_check.c.id == check_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return check_of(row) if row else None


async def latest(tx: Tx, kind: CheckKind, subject_id: UUID, *, for_update: bool = False) -> RegistryCheck | None:
    """The newest revision; the one that counts."""
    c = registry_check.c
    query = select(*COLUMNS).where(c.subject_id == subject_id, c.kind == kind).order_by(c.revision.desc()).limit(1)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return check_of(row) if row else None


async def latest_of(tx: Tx, kind: CheckKind, subject_ids: Sequence[UUID]) -> dict[UUID, RegistryCheck]:
    c = registry_check.c
    query = (
        select(*COLUMNS)
        .ext(distinct_on(c.subject_id))
        .where(c.subject_id.in_(subject_ids), c.kind == kind)
        .order_by(c.subject_id, c.revision.desc())
    )
    return {row.subject_id: check_of(row) for row in await tx.execute(query)}


async def claim_of(tx: Tx, vault: Vault, check_id: UUID) -> Claim:
    query = select(registry_check.c.claim_sealed).where(registry_check.c.id == check_id)
    sealed: bytes = (await tx.execute(query)).scalar_one()
    return msgspec.json.decode(vault.open(sealed, place=PLACE), type=Claim)


async def claims_the_same(tx: Tx, vault: Vault, check_id: UUID, claim: Claim) -> bool:
    query = select(registry_check.c.claim_index).where(registry_check.c.id == check_id)
    held: bytes = (await tx.execute(query)).scalar_one()
    return held in vault.indexes(claim.canonical(), place=PLACE)


# -- many at once ------------------------------------------------------------------------------------------------------


@dataclass
class Book:
    """A check under lock, and its claim, opened when it is wanted."""

    check: RegistryCheck
    sealed: bytes = field(repr=False)

    def claim(self, vault: Vault) -> Claim:
        return _claims.decode(vault.open(self.sealed, place=PLACE))


Books = Mapping[UUID, Book]


@dataclass(frozen=True)
class Note:
    """An answer, and what became of it."""

    check_id: UUID
    evidence: Evidence
    outcome: str


_claims = msgspec.json.Decoder(Claim)
_notes = msgspec.json.Encoder(order="sorted")
_OPEN = (
    select(*COLUMNS, registry_check.c.claim_sealed)
    .where(registry_check.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(registry_check.c.id)
    .with_for_update()
)
_DECIDE = text(
    "UPDATE registry_check SET state = v.state, differing = v.differing, since = v.since, reference = v.reference,"
    " forgiven = v.forgiven, tries = 0 FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]),"
    " CAST(:differing AS text[]), CAST(:forgiven AS text[]), CAST(:since AS timestamptz[]),"
    " CAST(:references AS text[])) AS v (id, state, differing, forgiven, since, reference)"
    " WHERE registry_check.id = v.id"
)
_NOTE = text(
    "INSERT INTO registry_answer (id, check_id, received_at, outcome, evidence, evidence_index)"
    " SELECT v.id, v.check_id, :at, v.outcome, v.evidence, v.said FROM unnest(CAST(:ids AS uuid[]),"
    " CAST(:checks AS uuid[]), CAST(:outcomes AS text[]), CAST(:evidence AS bytea[]), CAST(:indexes AS bytea[]))"
    " AS v (id, check_id, outcome, evidence, said) ON CONFLICT ON CONSTRAINT registry_answer_once_key DO NOTHING"
)


async def open_books(tx: Tx, check_ids: Sequence[UUID]) -> Books:
    """Locked in the order of their ids, so that two who decide the same at once do not wait in a circle."""
    rows = await tx.execute(_OPEN, {"ids": list(set(check_ids))})
    found = [row._mapping for row in rows]
    return {row["id"]: Book(_check_of({name: row[name] for name in _NAMES}), row["claim_sealed"]) for row in found}


async def save_decided(tx: Tx, decided: Sequence[RegistryCheck]) -> None:
    given = {
        "ids": [check.id for check in decided],
        "states": [check.state.value for check in decided],
        "differing": [" ".join(check.differing) for check in decided],
        "forgiven": [" ".join(check.forgiven) for check in decided],
        "since": [check.since for check in decided],
        "references": [check.reference for check in decided],
    }
    await tx.execute(_DECIDE, given)


async def note_answers(tx: Tx, vault: Vault, notes: Sequence[Note], now: datetime) -> None:
    """The same answer with the same outcome is kept once, however often it comes."""
    if not notes:
        return
    said = [_notes.encode(note.evidence).decode() for note in notes]
    given = {
        "at": now,
        "ids": [new_id() for _ in notes],
        "checks": [note.check_id for note in notes],
        "outcomes": [note.outcome for note in notes],
        "evidence": [vault.seal(one, place=EVIDENCE_PLACE) for one in said],
        "indexes": [vault.index(one, place=EVIDENCE_PLACE) for one in said],
    }
    await tx.execute(_NOTE, given)


async def last_answer_at(tx: Tx) -> datetime | None:
    """When a registry last told us anything; ids sort by birth."""
    query = select(registry_answer.c.received_at).order_by(registry_answer.c.id.desc()).limit(1)
    return (await tx.execute(query)).scalar_one_or_none()


def check_of(row: Row[Any]) -> RegistryCheck:
    return _check_of(dict(row._mapping))


def _check_of(values: dict[str, Any]) -> RegistryCheck:
    values["kind"] = CheckKind(values["kind"])
    values["state"] = CheckState(values["state"])
    for names in ("differing", "forgiven"):
        values[names] = tuple(Field(name) for name in values[names].split())
    return RegistryCheck(**values)
