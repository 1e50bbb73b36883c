"""Takes letters over SMTP on loopback and keeps them for the page."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import structlog
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from myschool.kit import clock
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.sandbox.mailbox import store

log = structlog.get_logger(__name__)

LARGEST_LETTER = 1024 * 1024


class Receiver:
    """What the SMTP server calls for each letter; answers 250 only after the letter is in the database."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.original_content or b"", policy=default)
        body = letter.get_body(("plain", "html"))
        received = [
            store.Message(
                message_id=f"{letter['Message-ID'] or new_id()} {recipient}",
                medium="letter",
                recipient=recipient.lower(),
                sender=_header(letter, "From"),
                subject=_header(letter, "Subject"),
                text=body.get_content() if body else "",
                received_at=clock.now(),
            )
            for recipient in envelope.rcpt_tos
        ]
        for message in received:
            await self.db.run(lambda tx, message=message: store.save(tx, message))  # type: ignore[misc]
        log.info("letters_received", count=len(received))
        return "250 OK"


def _header(letter: EmailMessage, name: str) -> str:
    return str(letter[name] or "")


async def listen(db: Database, address: str, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(Receiver(db), enable_SMTPUTF8=True, data_size_limit=LARGEST_LETTER, hostname="mailbox", loop=loop)

    return await loop.create_server(session, address, port)
