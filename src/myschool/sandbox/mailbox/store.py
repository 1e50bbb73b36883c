"""Messages as they came in. A message that comes twice under one id is kept once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import insert

from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.sandbox.tables import metadata

mailbox_message = Table(
    "mailbox_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", Text, nullable=False, unique=True),
    Column("medium", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Index("mailbox_message_recipient_idx", "recipient", "id"),
)


@dataclass(frozen=True)
class Message:
    """`medium` is `letter` or `sms`; `recipient` an e-mail address or a telephone number in the form +79991234567."""

    message_id: str
    medium: str
    recipient: str
    sender: str
    subject: str
    text: str
    received_at: datetime
    id: UUID | None = None


async def save(tx: Tx, message: Message) -> None:
    row = {
        "id": new_id(),
        "message_id": message.message_id,
        "medium": message.medium,
        "recipient": message.recipient,
        "sender": message.sender,
        "subject": message.subject,
        "text": message.text,
        "received_at": message.received_at,
    }
    await tx.execute(insert(mailbox_message).values(row).on_conflict_do_nothing(index_elements=["message_id"]))


async def newest(tx: Tx, recipient: str = "", *, limit: int = 50) -> Sequence[Message]:
    c = mailbox_message.c
    query = select(mailbox_message).order_by(c.id.desc()).limit(limit)
    if recipient:
        query = query.where(c.recipient == recipient)
    return [Message(**row._mapping) for row in await tx.execute(query)]


async def one(tx: Tx, message_id: UUID) -> Message | None:
    row = (await tx.execute(select(mailbox_message).where(mailbox_message.c.id == message_id))).one_or_none()
    return Message(**row._mapping) if row else None
