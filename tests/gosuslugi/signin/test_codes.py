"""One-time codes: one use, five tries, ten minutes, and not too many letters."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from myschool.gosuslugi.signin.actions import codes
from myschool.gosuslugi.signin.model import CODES_AN_HOUR, Entered, Matter, Purpose, Sending
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.numbers import Email
from tests.gosuslugi.browser import code_in, outbox

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
MAIL = Email("olga@mail.example")


async def sent(db: Database, vault: Vault, matter: Matter) -> str:
    assert await db.run(lambda tx: codes.send(tx, vault, matter, MAIL, NOW)) is Sending.SENT
    return code_in(await outbox(db, vault))


async def enter(db: Database, vault: Vault, matter: Matter, digits: str, at: datetime = NOW) -> Entered:
    return (await db.run(lambda tx: codes.enter(tx, vault, matter, digits, at))).entered


async def test_eight_tabs_enter_the_right_code_and_one_gets_through(db: Database, vault: Vault) -> None:
    """A code is used up by its first right entry, whoever comes at the same moment."""
    matter = Matter(Purpose.SIGN_IN, new_id())
    code = await sent(db, vault, matter)
    entered = await asyncio.gather(*(enter(db, vault, matter, code) for _ in range(8)))
    assert entered.count(Entered.RIGHT) == 1


async def test_parallel_guessing_gives_no_sixth_try(db: Database, vault: Vault) -> None:
    """Tries are counted in the database, not in a process."""
    matter = Matter(Purpose.SIGN_IN, new_id())
    code = await sent(db, vault, matter)
    wrong = [f"{number:06d}" for number in range(20) if f"{number:06d}" != code]
    await asyncio.gather(*(enter(db, vault, matter, guess) for guess in wrong))
    assert await enter(db, vault, matter, code) is Entered.EXHAUSTED


@pytest.mark.parametrize(("after", "outcome"), [(599, Entered.RIGHT), (600, Entered.EXPIRED)])
async def test_a_code_lives_ten_minutes(db: Database, vault: Vault, after: int, outcome: Entered) -> None:
    """To the second."""
    matter = Matter(Purpose.SIGN_IN, new_id())
    code = await sent(db, vault, matter)
    assert await enter(db, vault, matter, code, NOW + timedelta(seconds=after)) is outcome


async def test_a_code_for_one_matter_is_none_for_another(db: Database, vault: Vault) -> None:
    """Neither another purpose nor another subject takes it."""
    matter = Matter(Purpose.EMAIL, new_id())
    code = await sent(db, vault, matter)
    assert await enter(db, vault, Matter(Purpose.RECOVER, matter.id), code) is Entered.ABSENT
    assert await enter(db, vault, Matter(Purpose.EMAIL, new_id()), code) is Entered.ABSENT
    assert await enter(db, vault, matter, code) is Entered.RIGHT


async def test_a_row_moved_to_another_matter_opens_nothing(db: Database, vault: Vault) -> None:
    """Whoever writes to the table cannot use a code of their own for somebody else."""
    mine, other = Matter(Purpose.SIGN_IN, new_id()), Matter(Purpose.SIGN_IN, new_id())
    code = await sent(db, vault, mine)
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE one_time_code SET subject_id = :id"), {"id": other.id})
    assert await enter(db, vault, other, code) is Entered.WRONG


async def test_an_address_is_not_flooded(db: Database, vault: Vault) -> None:
    """Ten codes an hour, for whatever matters; the next hour begins anew."""
    for _ in range(CODES_AN_HOUR.tries):
        await sent(db, vault, Matter(Purpose.SIGN_IN, new_id()))
    last = Matter(Purpose.SIGN_IN, new_id())
    assert await db.run(lambda tx: codes.send(tx, vault, last, MAIL, NOW)) is Sending.TOO_MANY
    later = NOW + timedelta(hours=1)
    assert await db.run(lambda tx: codes.send(tx, vault, last, MAIL, later)) is Sending.SENT


async def test_who_asks_for_codes_without_a_password_locks_nobody_out(db: Database, vault: Vault) -> None:
    """Anybody may press «Забыли пароль?» for an address of another; its owner still gets the code of a sign-in."""
    for _ in range(CODES_AN_HOUR.tries):
        await sent(db, vault, Matter(Purpose.RECOVER, new_id()))
    recovery, sign_in = Matter(Purpose.RECOVER, new_id()), Matter(Purpose.SIGN_IN, new_id())
    assert await db.run(lambda tx: codes.send(tx, vault, recovery, MAIL, NOW)) is Sending.TOO_MANY
    assert await db.run(lambda tx: codes.send(tx, vault, sign_in, MAIL, NOW)) is Sending.SENT


async def test_two_presses_at_once_send_one_letter(db: Database, vault: Vault) -> None:
    """The database judges."""
    matter = Matter(Purpose.SIGN_IN, new_id())
    sendings = await asyncio.gather(*(db.run(lambda tx: codes.send(tx, vault, matter, MAIL, NOW)) for _ in range(4)))
    assert sorted(sendings) == [Sending.SENT, *[Sending.TOO_SOON] * 3]
    assert len(await outbox(db, vault)) == 1


async def test_the_table_alone_gives_no_code_back(db: Database, vault: Vault) -> None:
    """Six digits are a million guesses; without the vault's key none of them can be tried."""
    matter = Matter(Purpose.SIGN_IN, new_id())
    code = await sent(db, vault, matter)
    async with db.transaction() as tx:
        rows = str((await tx.execute(text("SELECT t::text FROM one_time_code t"))).all())
    assert code not in rows
    assert await enter(db, Vault([VaultKey.fresh()]), matter, code) is Entered.WRONG


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456"])
def test_six_digits_are_read_however_grouped(typed: str) -> None:
    """As letters and telephones show them."""
    assert codes.parse(typed) == "123456"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""])
def test_anything_else_is_no_code(typed: str) -> None:
    """Digits of other scripts included."""
    with pytest.raises(codes.NotACode):
        codes.parse(typed)
