"""Six digits by letter or SMS: sent at most once a minute, good for ten minutes, five tries and one use.

The caller says for which `Matter`. A transaction in which a code was tried must commit, or the try does not count:
answer by the `Judged` value, do not raise.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from myschool.gosuslugi.people.model import ContactValue
from myschool.gosuslugi.signin import letters, store
from myschool.gosuslugi.signin.model import (
    CODE_DIGITS,
    CODES_A_DAY,
    CODES_AN_HOUR,
    Entered,
    Judged,
    Limit,
    Matter,
    Purpose,
    Sending,
)
from myschool.kit import agenda, throttle
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import LetterDue, Message
from myschool.kit.letters import send as send_message
from myschool.kit.vault import Vault
from myschool.papers.numbers import Email

PLACE = "one_time_code.mac"


class NotACode(ValueError):
    """Not six digits: no try is counted."""


def parse(typed: str) -> str:
    """Six digits, however grouped. Raises NotACode."""
    digits = "".join(character for character in typed if character not in " -\u00a0")
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise NotACode
    return digits


async def allowed(tx: Tx, limit: Limit, key: str, now: datetime) -> bool:
    return await throttle.take(tx, f"{limit.name}:{key}", limit=limit.tries, per=limit.per, now=now)


async def send(tx: Tx, vault: Vault, matter: Matter, to: ContactValue, now: datetime, *, anew: bool = False) -> Sending:
    """`anew`: the address is another one than before, so the code sent there must not count any longer."""
    digits = _fresh_digits()
    return await _send(tx, vault, matter, digits, _address(to), letters.code(matter.purpose, to, digits), now, anew)


async def send_instead(
    tx: Tx, vault: Vault, matter: Matter, to: ContactValue, message: Message, now: datetime, *, anew: bool = False
) -> Sending:
    """A message without a code, where the page must look as if one had been sent. No digits will ever be right."""
    return await _send(tx, vault, matter, _fresh_digits(), _address(to), message, now, anew)


async def send_to_nobody(tx: Tx, vault: Vault, matter: Matter, typed: str, now: datetime) -> Sending:
    """As `send_instead`, where there is nobody to write to; `typed` is what the limits count by.

    Takes the statements and the time of a real letter, lest the clock tell who has an account.
    """
    return await _send(tx, vault, matter, _fresh_digits(), typed.casefold(), None, now, False)


async def enter(tx: Tx, vault: Vault, matter: Matter, digits: str, now: datetime) -> Judged:
    """A right code is used up by this."""
    tried = await store.try_code(tx, matter, now)
    if tried is None:
        return await _why_none_lives(tx, matter, now)
    mac, tries_left = tried
    if any(hmac.compare_digest(mac, one) for one in vault.indexes(_said(matter, digits), place=PLACE)):
        await store.use_code(tx, matter, now)
        return Judged(Entered.RIGHT)
    return Judged(Entered.WRONG if tries_left else Entered.EXHAUSTED, tries_left)


async def purge(tx: Tx, now: datetime) -> None:
    """Forgets codes that nobody can enter any more."""
    await store.purge_codes(tx, now)


async def forget(tx: Tx, matter: Matter) -> None:
    await store.drop_code(tx, matter)


async def forget_all(tx: Tx, purpose: Purpose, subject_ids: Sequence[UUID]) -> None:
    """As `forget`, for many at once."""
    if subject_ids:
        await store.drop_codes(tx, purpose, subject_ids)


async def _send(
    tx: Tx, vault: Vault, matter: Matter, digits: str, address: str, message: Message | None, now: datetime, anew: bool
) -> Sending:
    if anew:
        await store.drop_code(tx, matter)
    last = await store.find_code(tx, matter)
    if last is not None and last.blocks_another(now):
        return Sending.TOO_SOON
    if not await _within_limits(tx, vault, matter.purpose, address, now):
        return Sending.TOO_MANY
    # Judges again: of two presses at once, one sends.
    if not await store.put_code(tx, matter, _mac(vault, matter, digits), now):
        return Sending.TOO_SOON
    if message is not None:
        await send_message(tx, vault, message)
    else:
        await agenda.put(tx, LetterDue(letter_id=new_id()))
        vault.seal(digits, place=PLACE)
    return Sending.SENT


async def _within_limits(tx: Tx, vault: Vault, purpose: Purpose, address: str, now: datetime) -> bool:
    """Codes of a sign-in, which follow the right password, count apart.

    Of other codes anybody may ask for as many as there are for an address, and must not lock its owner out by it.
    """
    key = vault.index(address, place="throttle.address").hex()
    if purpose is Purpose.SIGN_IN:
        key = f"{purpose}:{key}"
    hour = await allowed(tx, CODES_AN_HOUR, key, now)
    day = await allowed(tx, CODES_A_DAY, key, now)
    return hour and day


def _address(to: ContactValue) -> str:
    return to.comparable() if isinstance(to, Email) else to.digits


async def _why_none_lives(tx: Tx, matter: Matter, now: datetime) -> Judged:
    row = await store.find_code(tx, matter)
    if row is None or row.used_at is not None:
        return Judged(Entered.ABSENT)
    return Judged(Entered.EXPIRED if row.ends_at <= now else Entered.EXHAUSTED)


def _fresh_digits() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _said(matter: Matter, digits: str) -> str:
    return f"{matter.purpose}:{matter.id}:{digits}"


def _mac(vault: Vault, matter: Matter, digits: str) -> bytes:
    return vault.index(_said(matter, digits), place=PLACE)
