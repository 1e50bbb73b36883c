"""Letters and SMS arrive, once as far as anyone can tell, and leave nothing readable behind."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, text

from myschool.kit import agenda, letters
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.letters import Letter, LetterDue, Message, NotDelivered, PostOffice, Sms, SmsPostman, SmtpPostman
from myschool.kit.schema import metadata as kit_metadata
from myschool.kit.vault import Vault, VaultKey
from tests.conftest import ClockAt, MakeDb

LETTER = Letter("anna@example.ru", "Код для входа", "Ваш код: 4711", "<p>Ваш код: <b>4711</b></p>")
SMS = Sms("+79991234567", "Код: 4711")


class Noted:
    """A postman who keeps what he was given, and refuses the first `refusals` times."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.given: list[tuple[Message, UUID]] = []

    async def deliver(self, message: Message, message_id: UUID) -> None:
        self.given.append((message, message_id))
        if len(self.given) <= self.refusals:
            raise NotDelivered(503)


@pytest.fixture
async def db(make_db: MakeDb) -> Database:
    return await make_db(kit_metadata)


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


async def send(db: Database, vault: Vault, message: Message, key: str | None = None) -> bool:
    async with db.transaction() as tx:
        return await letters.send(tx, vault, message, key=key)


def worker(db: Database, vault: Vault, postman: Any) -> Worker[None]:
    return Worker(db, {LetterDue: [letters.delivery(vault, postman)]}, None)


async def everything(db: Database) -> str:
    async with db.transaction() as tx:
        rows = [str(row) for table in ("agenda_item", "letter") for row in await tx.execute(text(f"TABLE {table}"))]
    return "\n".join(rows)


async def test_delivered_and_forgotten(db: Database, vault: Vault) -> None:
    """A message is delivered, and afterwards only the fact of it is kept."""
    postman = Noted()
    await send(db, vault, LETTER)
    await send(db, vault, SMS)
    assert await worker(db, vault, postman).drain() == 2
    assert [message for message, _ in postman.given] == [LETTER, SMS]
    async with db.transaction() as tx:
        rows = (await tx.execute(select(letters.letter).order_by(letters.letter.c.id))).all()
    assert [(row.medium, row.sealed) for row in rows] == [("letter", None), ("sms", None)]
    assert all(row.delivered_at is not None for row in rows)


async def test_nothing_readable_at_rest(db: Database, vault: Vault) -> None:
    """While it waits, neither the agenda nor the row shows whom it is for or what it says."""
    await send(db, vault, LETTER, key="welcome:1")
    await send(db, vault, SMS)
    stored = await everything(db)
    for word in ("anna", "example", "4711", "999123", "Код"):
        assert word not in stored
    assert "anna" not in repr(LETTER)
    assert "999" not in repr(SMS)


async def test_sent_once_by_key(db: Database, vault: Vault) -> None:
    """Of one key one message goes out, and the second leaves no row."""
    postman = Noted()
    assert await send(db, vault, LETTER, key="welcome:1")
    assert not await send(db, vault, LETTER, key="welcome:1")
    await worker(db, vault, postman).drain()
    assert len(postman.given) == 1
    async with db.transaction() as tx:
        assert len((await tx.execute(select(letters.letter))).all()) == 1


async def test_repeated_until_accepted(db: Database, vault: Vault, clock_at: ClockAt) -> None:
    """A post office that refuses is asked again, with the same message id."""
    time = clock_at("2026-09-01T08:00:00+03:00")
    postman = Noted(refusals=2)
    await send(db, vault, LETTER)
    for _ in range(4):
        await worker(db, vault, postman).drain()
        time.advance(timedelta(minutes=1))
    assert len(postman.given) == 3
    assert len({message_id for _, message_id in postman.given}) == 1


async def test_erased_before_delivery(db: Database, vault: Vault) -> None:
    """A letter whose row was erased with its addressee is sent to nobody, and its errand ends."""
    postman = Noted()
    await send(db, vault, LETTER)
    async with db.transaction() as tx:
        await tx.execute(text("DELETE FROM letter"))
    await worker(db, vault, postman).drain()
    assert postman.given == []
    async with db.transaction() as tx:
        assert await agenda.counts(tx) == []


class Mailbox:
    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, str]]:
    box = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box, enable_SMTPUTF8=True), "127.0.0.1", 0)
    yield box, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_smtp(mailbox: tuple[Mailbox, str], clock_at: ClockAt) -> None:
    """A letter travels by SMTP in both forms, from «Моя школа», with an id that a repetition would carry too."""
    clock_at("2026-09-01T08:00:00+03:00")
    box, url = mailbox
    message_id = new_id()
    for _ in range(2):
        await SmtpPostman(url, "school.example").deliver(LETTER, message_id)
    first, second = (message_from_bytes(envelope.content or b"", policy=default) for envelope in box.envelopes)
    assert first["Message-ID"] == second["Message-ID"] == f"<{message_id}@school.example>"
    assert first["From"].addresses[0].display_name == "«Моя школа»"
    assert first["From"].addresses[0].addr_spec == "no-reply@school.example"
    assert (first["To"], first["Subject"]) == ("anna@example.ru", "Код для входа")
    assert "2026 05:00:00" in first["Date"]
    assert first.get_body(("plain",)).get_content().strip() == "Ваш код: 4711"  # type: ignore[union-attr]
    assert "<b>4711</b>" in first.get_body(("html",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("field", ["to", "subject"])
def test_no_smuggled_headers(field: str) -> None:
    """A line break in an address or a subject makes no further header."""
    parts = {"to": "a@b.ru", "subject": "s", "text": "t"} | {field: "a@b.ru\r\nBcc: all@b.ru"}
    with pytest.raises(ValueError, match=r"header|linefeed"):
        letters.mime(Letter(**parts), new_id(), "localhost")


@pytest.mark.parametrize(
    "to", ["=?utf-8?q?olga?=@b.ru", "=?utf-8?q?olga=40a.ru=2C?=@b.ru", "a@b.ru, c@b.ru", "a <c@b.ru>"]
)
def test_no_other_addressee(to: str) -> None:
    """The letter goes to the mailbox that was written down, letter by letter, and to no other."""
    with pytest.raises(ValueError, match="another address"):
        letters.mime(Letter(to=to, subject="s", text="t"), new_id(), "localhost")


async def test_sms() -> None:
    """An SMS travels as JSON with an idempotency key; a refusal is told by its status alone."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202 if len(asked) == 1 else 503, text="+79991234567 is unknown")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        postman = PostOffice(Noted(), SmsPostman("http://sms.example/send", client))
        message_id = new_id()
        await postman.deliver(SMS, message_id)
        with pytest.raises(NotDelivered) as refused:
            await postman.deliver(SMS, message_id)
    assert asked[0].headers["Idempotency-Key"] == asked[1].headers["Idempotency-Key"] == str(message_id)
    assert asked[0].read() == '{"to":"+79991234567","text":"Код: 4711"}'.encode()
    assert str(refused.value) == "503"


async def test_each_medium_its_postman() -> None:
    """The post office gives letters to one postman and SMS to the other; neither carries what is not theirs."""
    mail, sms = Noted(), Noted()
    office = PostOffice(mail, sms)
    await office.deliver(LETTER, new_id())
    await office.deliver(SMS, new_id())
    assert [message for message, _ in mail.given] == [LETTER]
    assert [message for message, _ in sms.given] == [SMS]
    with pytest.raises(TypeError):
        await SmtpPostman("smtp://nowhere").deliver(SMS, new_id())
