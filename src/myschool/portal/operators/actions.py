"""Appointing operators, and checking that somebody is one."""

from datetime import datetime

from myschool.kit import journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.numbers import Snils
from myschool.portal.operators import store
from myschool.portal.operators.model import NotOperator, Operator
from myschool.portal.people.model import Person

_JOURNAL = "portal:operators"


async def appoint_once(tx: Tx, vault: Vault, snils: Snils, *, by: str, now: datetime) -> None:
    """Nothing when this СНИЛС was ever appointed, also when he was dismissed since."""
    if await store.save(tx, vault, snils, by, now):
        await journal.write(tx, _JOURNAL, "operator:appointed", actor=by)


async def dismiss(tx: Tx, vault: Vault, snils: Snils, *, by: str, now: datetime) -> None:
    """Raises NotOperator."""
    if not await store.end(tx, vault, snils, now):
        raise NotOperator
    await journal.write(tx, _JOURNAL, "operator:dismissed", actor=by)


async def operator_of(tx: Tx, vault: Vault, person: Person) -> Operator:
    """Raises NotOperator."""
    if person.snils is None or not await store.is_operator(tx, vault, person.snils):
        raise NotOperator
    return Operator(person.id)
