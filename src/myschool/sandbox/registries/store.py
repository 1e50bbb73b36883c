"""What the registers hold and what they were asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.sandbox.registries.model import Asked, Entry, Fate, Manner, Record, filed_under, filed_under_act
from myschool.sandbox.registries.tables import metadata
from myschool.sandbox.registries.wire import Claim, Evidence, Kind

DOCUMENT, RECORD, CLAIM = "registry_entry.document", "registry_entry.record", "registry_question.claim"
ACT = "registry_entry.act"

registry_entry = Table(
    "registry_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("document_sealed", LargeBinary, nullable=False, info={"sealed": DOCUMENT}),
    Column(
        "document_index",
        LargeBinary,
        nullable=False,
        unique=True,
        info={"index_of": "document_sealed", "place": DOCUMENT},
    ),
    # Number and date of the act record with the birth date: for a certificate issued again.
    Column("act_sealed", LargeBinary, info={"sealed": ACT}),
    Column("act_index", LargeBinary, index=True, info={"index_of": "act_sealed", "place": ACT}),
    Column("record_sealed", LargeBinary, info={"sealed": RECORD}),
    Column("fate", Text, nullable=False),
    Column("about", Text, nullable=False),
)

registry_question = Table(
    "registry_question",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("claim_sealed", LargeBinary, nullable=False, info={"sealed": CLAIM}),
    Column("callback_url", Text),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    # Names of `Manner` with spaces between: the copies in which the answer will go out.
    Column("manners", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("evidence", Text),
)
Index("registry_question_waiting_idx", registry_question.c.due_at, postgresql_where=text("answered_at IS NULL"))

# A question that was turned away because the register was out of service, and how often.
registry_refusal = Table(
    "registry_refusal",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("count", Integer, nullable=False),
)

_evidence: msgspec.json.Decoder[Evidence] = msgspec.json.Decoder(Evidence)


async def put_entry(tx: Tx, vault: Vault, entry: Entry) -> None:
    """Holds the entry from now on, instead of an older one under the same document."""
    filing = filed_under(entry.kind, entry.document)
    await tx.execute(
        delete(registry_entry).where(registry_entry.c.document_index.in_(vault.indexes(filing, place=DOCUMENT)))
    )
    record = entry.record and vault.seal(_json(entry.record), place=RECORD)
    act = filed_under_act(entry.kind, entry.record.particulars) if entry.record else None
    row = {
        "id": new_id(),
        "kind": entry.kind.value,
        "document_sealed": vault.seal(filing, place=DOCUMENT),
        "document_index": vault.index(filing, place=DOCUMENT),
        "act_sealed": act and vault.seal(act, place=ACT),
        "act_index": act and vault.index(act, place=ACT),
        "record_sealed": record,
        "fate": _json(entry.fate),
        "about": entry.about,
    }
    again = {name: row[name] for name in ("act_sealed", "act_index", "record_sealed", "fate", "about")}
    await tx.execute(
        insert(registry_entry).values(row).on_conflict_do_update(index_elements=["document_index"], set_=again)
    )


async def find_entry(tx: Tx, vault: Vault, kind: Kind, claim: Claim) -> Entry | None:
    """By the document; where nothing is held under it, by the whole act record, if that is one child's only."""
    document = claim.document
    c = registry_entry.c
    indexes = vault.indexes(filed_under(kind, document), place=DOCUMENT)
    found = (await tx.execute(select(registry_entry).where(c.document_index.in_(indexes)).limit(1))).all()
    act = filed_under_act(kind, claim.particulars)
    if not found and act is not None:
        acts = vault.indexes(act, place=ACT)
        found = (await tx.execute(select(registry_entry).where(c.act_index.in_(acts)).limit(2))).all()
    if len(found) != 1:
        return None
    row = found[0]
    record = row.record_sealed and msgspec.json.decode(vault.open(row.record_sealed, place=RECORD), type=Record)
    return Entry(kind, document, record, msgspec.json.decode(row.fate, type=Fate), row.about)


async def abouts(tx: Tx) -> Sequence[tuple[Kind, str]]:
    """Kind and line of every entry, for the page."""
    rows = await tx.execute(select(registry_entry.c.kind, registry_entry.c.about).order_by(registry_entry.c.id))
    return [(Kind(row.kind), row.about) for row in rows]


async def refuse_once_more(tx: Tx, request_id: UUID) -> int:
    """How often this question has been turned away, this time included."""
    counted = (
        insert(registry_refusal)
        .values(request_id=request_id, count=1)
        .on_conflict_do_update(index_elements=["request_id"], set_={"count": registry_refusal.c.count + 1})
        .returning(registry_refusal.c.count)
    )
    return int((await tx.execute(counted)).scalar_one())


async def add(tx: Tx, vault: Vault, asked: Asked) -> bool:
    """False when a question of this request_id is kept already."""
    row = {
        "id": asked.id,
        "request_id": asked.request_id,
        "kind": asked.kind.value,
        "claim_sealed": vault.seal(_json(asked.claim), place=CLAIM),
        "callback_url": asked.callback_url,
        "accepted_at": asked.accepted_at,
        "due_at": asked.due_at,
        "manners": " ".join(asked.manners),
    }
    fresh = insert(registry_question).values(row).on_conflict_do_nothing(index_elements=["request_id"])
    return (await tx.execute(fresh.returning(registry_question.c.id))).first() is not None


async def load(tx: Tx, vault: Vault, question_id: UUID, *, for_update: bool = False) -> Asked | None:
    query = select(registry_question).where(registry_question.c.id == question_id)
    row = (await tx.execute(query.with_for_update() if for_update else query)).one_or_none()
    return _asked(row, vault) if row else None


async def by_request(tx: Tx, vault: Vault, request_id: UUID) -> Asked | None:
    row = (
        await tx.execute(select(registry_question).where(registry_question.c.request_id == request_id))
    ).one_or_none()
    return _asked(row, vault) if row else None


async def newest(tx: Tx, vault: Vault, *, limit: int = 50) -> Sequence[Asked]:
    rows = await tx.execute(select(registry_question).order_by(registry_question.c.id.desc()).limit(limit))
    return [_asked(row, vault) for row in rows]


async def count(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(registry_question))).scalar_one())


async def answer(tx: Tx, question_id: UUID, evidence: Evidence, at: datetime) -> None:
    values = {"answered_at": at, "evidence": _json(evidence)}
    await tx.execute(update(registry_question).where(registry_question.c.id == question_id).values(values))


async def give_manners(tx: Tx, question_id: UUID, manners: Sequence[Manner]) -> None:
    values = {"manners": " ".join(manners)}
    await tx.execute(update(registry_question).where(registry_question.c.id == question_id).values(values))


async def bring_forward(tx: Tx, question_id: UUID, due_at: datetime) -> None:
    await tx.execute(update(registry_question).where(registry_question.c.id == question_id).values(due_at=due_at))


def _asked(row: Row[Any], vault: Vault) -> Asked:
    return Asked(
        id=row.id,
        request_id=row.request_id,
        kind=Kind(row.kind),
        claim=msgspec.json.decode(vault.open(row.claim_sealed, place=CLAIM), type=Claim),
        callback_url=row.callback_url,
        accepted_at=row.accepted_at,
        due_at=row.due_at,
        manners=tuple(Manner(name) for name in row.manners.split()),
        answered_at=row.answered_at,
        evidence=evidence_of(row.evidence) if row.evidence else None,
    )


def evidence_of(kept: str) -> Evidence:
    return _evidence.decode(kept)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
