"""Letters and SMS to people. Written in the caller's transaction, sent by the agenda, forgotten once delivered.

The message is sealed in its row while it waits; the agenda carries the row's id only. After delivery the fact remains:
when, and which medium. A message may arrive twice when a worker dies between the post office's answer and its own note
of it; the second carries the same Message-ID (or Idempotency-Key), so a mailbox recognises it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import httpx
import msgspec
from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, Uuid, insert, select, text, update

from myschool.kit import agenda, agenda_many, clock
from myschool.kit.agenda import Asking, Errand, Event, Work
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.tables import metadata
from myschool.kit.vault import Vault

PLACE = "letter.sealed"
SENDER = "«Моя школа»"


class Letter(msgspec.Struct, frozen=True, tag="letter"):
    """An e-mail. `html`, if given, is a whole document that says the same as `text`."""

    to: str
    subject: str
    text: str
    html: str | None = None

    def __repr__(self) -> str:
        return "Letter(…)"


class Sms(msgspec.Struct, frozen=True, tag="sms"):
    """`to` is a telephone number in the form +79991234567."""

    to: str
    text: str

    def __repr__(self) -> str:
        return "Sms(…)"


Message = Letter | Sms


class LetterDue(Event, frozen=True, tag="kit.letter"):
    """A message waits in its row to be delivered."""

    letter_id: UUID


class NotDelivered(Exception):
    """The post office refused with this HTTP status. What it said is not kept: it may quote the address."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


letter = Table(
    "letter",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("medium", Text, nullable=False),
    Column("sealed", LargeBinary, info={"sealed": PLACE}),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("delivered_at", DateTime(timezone=True)),
)

_ALL = text(
    "INSERT INTO letter (id, medium, sealed, created_at) SELECT id, medium, sealed, :at"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:media AS text[]), CAST(:sealed AS bytea[])) AS given (id, medium, sealed)"
)
_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


async def send(tx: Tx, vault: Vault, message: Message, *, key: str | None = None) -> bool:
    """Delivered soon after the caller's transaction commits. `key` as in `agenda.put`: False when known already."""
    letter_id = new_id()
    if not await agenda.put(tx, LetterDue(letter_id=letter_id), key=key):
        return False
    await tx.execute(
        insert(letter).values(
            id=letter_id,
            medium=str(message.__struct_config__.tag),
            sealed=vault.seal(msgspec.json.encode(message).decode(), place=PLACE),
            created_at=clock.now(),
        )
    )
    return True


async def send_all(tx: Tx, vault: Vault, messages: Sequence[Message]) -> None:
    """As `send`, without keys, for who writes to many at once: two statements whatever their number."""
    if not messages:
        return
    due = [LetterDue(letter_id=new_id()) for _ in messages]
    given = {
        "at": clock.now(),
        "ids": [one.letter_id for one in due],
        "media": [str(one.__struct_config__.tag) for one in messages],
        "sealed": [vault.seal(msgspec.json.encode(one).decode(), place=PLACE) for one in messages],
    }
    await tx.execute(_ALL, given)
    await agenda_many.put_all(tx, due)


class Postman(Protocol):
    """Takes a message to the people who carry it on. Raises when they did not accept it."""

    async def deliver(self, message: Message, message_id: UUID) -> None: ...


def delivery(vault: Vault, postman: Postman) -> Errand[Any]:
    """For a house's wiring: `{LetterDue: [delivery(vault, postman)]}`."""

    async def ask(asking: Asking[Any], due: LetterDue) -> bool:
        async def load(tx: Tx) -> bytes | None:
            return (await tx.execute(select(letter.c.sealed).where(letter.c.id == due.letter_id))).scalar_one_or_none()

        sealed = await asking.db.run(load)
        if sealed is None:
            return False  # erased with its addressee, or delivered before
        message = _decoder.decode(vault.open(sealed, place=PLACE))
        await postman.deliver(message, due.letter_id)
        return True

    async def settle(work: Work[Any], due: LetterDue, delivered: bool) -> None:
        if delivered:
            fact = {"sealed": None, "delivered_at": clock.now()}
            await work.tx.execute(update(letter).where(letter.c.id == due.letter_id).values(fact))

    return Errand(ask, settle)


@dataclass(frozen=True)
class SmtpPostman:
    """E-mail by SMTP: `smtp://[user:password@]host[:port]`, or `smtps://` for TLS from the first byte.

    `smtp://` turns to TLS whenever the server offers it.
    """

    url: str = field(repr=False)
    domain: str = "localhost"

    async def deliver(self, message: Message, message_id: UUID) -> None:
        """Raises aiosmtplib.SMTPException or OSError."""
        if not isinstance(message, Letter):
            raise TypeError("SMTP carries letters only")
        parts = urlsplit(self.url)
        await aiosmtplib.send(
            mime(message, message_id, self.domain),
            hostname=parts.hostname or "localhost",
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=20,
        )


def mime(message: Letter, message_id: UUID, domain: str) -> EmailMessage:
    """The letter as RFC 5322 has it. Raises ValueError when a header or another addressee would be smuggled in."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(SENDER, "no-reply", domain)
    mail["To"] = message.to
    if [one.addr_spec for one in mail["To"].addresses] != [message.to]:
        raise ValueError("the header would name another address")  # an encoded word, a list, a display name
    mail["Subject"] = message.subject
    mail["Date"] = clock.now()
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail


@dataclass(frozen=True)
class SmsPostman:
    """SMS by HTTP: POST {"to", "text"} as JSON, with the message's id as Idempotency-Key; any 2xx accepts it."""

    url: str = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)

    async def deliver(self, message: Message, message_id: UUID) -> None:
        """Raises NotDelivered or httpx.TransportError."""
        if not isinstance(message, Sms):
            raise TypeError("this way carries SMS only")
        answer = await self.client.post(
            self.url,
            json={"to": message.to, "text": message.text},
            headers={"Idempotency-Key": str(message_id)},
        )
        if not answer.is_success:
            raise NotDelivered(answer.status_code)


@dataclass(frozen=True)
class PostOffice:
    """A postman for each medium."""

    mail: Postman
    sms: Postman

    async def deliver(self, message: Message, message_id: UUID) -> None:
        await (self.mail if isinstance(message, Letter) else self.sms).deliver(message, message_id)
