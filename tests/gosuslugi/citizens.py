"""Citizens for tests: an account with a password, as far confirmed as the test needs it."""

from datetime import UTC, date, datetime

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Document, DocumentKind, Level, Move, Particulars, Person, Sex
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.passwords import OWASP, normal
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Phone, Snils
from tests.gosuslugi.browser import Browser, code_in, outbox

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OLGA = FullName("Смирнова", "Ольга", "Сергеевна")
MAIL = Email("olga@mail.example")
PASSWORD = "зелёный чайник свистит"
PASSWORD_HASH = OWASP.hash(normal(PASSWORD))
SNILS = Snils.parse("112-233-445 95")
PAPERS = Particulars(date(1988, 5, 4), Sex.FEMALE, SNILS, "г. Тула")


def passport() -> Document:
    return Document(
        new_id(), DocumentKind.RF_PASSPORT, "4508", "123456", date(2008, 6, 1), "ОВД г. Тулы", "710001", verified_at=NOW
    )


async def settle_in(
    db: Database,
    vault: Vault,
    *,
    level: Level = Level.SIMPLIFIED,
    name: FullName = OLGA,
    mail: Email = MAIL,
    phone: Phone | None = None,
    papers: Particulars = PAPERS,
) -> Person:
    """Everybody's password is `PASSWORD`."""

    async def work(tx: Tx) -> Person:
        made = await people.create(tx, vault, name=name, contact=mail, now=NOW)
        await secrets.keep_first(tx, made.id, PASSWORD_HASH, NOW)
        if phone is not None:
            await people.add_verified_contact(tx, vault, made.id, phone, NOW)
        if level is not Level.SIMPLIFIED:
            await people.prove(tx, vault, made.id, name, papers, [passport()], NOW)
            await people.raise_level(tx, vault, made.id, Move.PROVE_PAPERS, actor="system", now=NOW)
        if level is Level.CONFIRMED:
            await people.raise_level(tx, vault, made.id, Move.CONFIRM_IDENTITY, actor="system", now=NOW)
        return await people.by_id(tx, vault, made.id)

    return await db.run(work)


async def sign_in(
    browser: Browser, db: Database, vault: Vault, login: str = MAIL.address, *, path: str = "/login"
) -> None:
    await browser.open(path)
    await browser.send({"login": login, "password": PASSWORD})
    assert browser.url == "/login/code", browser.text
    await browser.send({"code": code_in(await outbox(db, vault))})
