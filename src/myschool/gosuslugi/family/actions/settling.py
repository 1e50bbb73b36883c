"""What the registry's verdict, and its silence, mean for the family."""

from datetime import datetime

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks.model import CheckDecided, CheckMoved, CheckState, RegistryCheck, Verdict
from myschool.gosuslugi.family.actions import letters, moving
from myschool.gosuslugi.family.actions.sending import KIND
from myschool.gosuslugi.family.model import (
    ALL_RIGHTS,
    Basis,
    Card,
    Child,
    Guardianship,
    GuardianshipState,
)
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.names import comparable_name


async def settle(tx: Tx, vault: Vault, decided: CheckDecided, now: datetime) -> None:
    """Takes effect once: only while the card waits for this very check."""
    if decided.kind is not KIND:
        return
    row = await store.load(tx, vault, decided.subject_id, for_update=True)
    check = await checks.look(tx, KIND, decided.subject_id)
    if row is None or check is None or check.id != decided.check_id or row.state is not GuardianshipState.CHECKING:
        return
    if decided.verdict is Verdict.CONFIRMED:
        await _confirmed(tx, vault, row, check, now)
        return
    words = letters.contradicted(row) if decided.verdict is Verdict.CONTRADICTED else letters.not_found(row)
    row = await moving.move(tx, row, GuardianshipState.MISMATCH, now, reason=decided.verdict.value, actor=moving.SYSTEM)
    await moving.tell(tx, vault, row, words, key=_once(check, "decided"))


async def hear(tx: Tx, vault: Vault, moved: CheckMoved, now: datetime) -> None:
    """The waiting changed its state; the parent is told of each once."""
    if moved.kind is not KIND:
        return
    row = await store.load(tx, vault, moved.subject_id, for_update=True)
    check = await checks.look(tx, KIND, moved.subject_id)
    if row is None or check is None or check.id != moved.check_id or row.state is not GuardianshipState.CHECKING:
        return
    if moved.state is CheckState.EXPIRED:
        row = await moving.move(tx, row, GuardianshipState.MISMATCH, now, reason="expired", actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.expired(row), key=_once(check, "expired"))
    elif moved.state is CheckState.OVERDUE and check.ends_at is not None:
        await moving.note(tx, row, "overdue", now, actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.overdue(row, check.ends_at), key=_once(check, "overdue"))
    elif moved.state is CheckState.UNAVAILABLE:
        await moving.tell(tx, vault, row, letters.unavailable(row), key=_once(check, "unavailable"))


async def _confirmed(tx: Tx, vault: Vault, row: Guardianship, check: RegistryCheck, now: datetime) -> None:
    if not row.card.relation.stands_in_record_of_birth:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="order_needed", actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.to_clerk(row), key=_once(check, "decided"))
        return
    child = await same_child(tx, vault, row.card, now)
    if child is None:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="contradicts_known", actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.to_clerk(row), key=_once(check, "decided"))
        return
    row = await activate(tx, row, child, Basis.REGISTRY, now, actor=moving.SYSTEM)
    words = letters.confirmed(row, child.person_id is not None)
    await moving.tell(tx, vault, row, words, key=_once(check, "decided"))


async def activate(tx: Tx, row: Guardianship, child: Child, basis: Basis, now: datetime, *, actor: str) -> Guardianship:
    return await moving.move(
        tx,
        row,
        GuardianshipState.ACTIVE,
        now,
        reason="confirmed",
        actor=actor,
        child_id=child.id,
        basis=basis,
        rights=ALL_RIGHTS,
    )


async def same_child(tx: Tx, vault: Vault, card: Card, now: datetime) -> Child | None:
    """The one child of whom everybody speaks; made of this card when nobody did before.

    None when the СНИЛС or the certificate stands for somebody else: no machine decides who is right then.
    """
    person = await people.by_snils(tx, vault, card.snils)
    if person is not None and not _is_account_of(person, card):
        return None
    known = await store.settle_child(tx, vault, card, now)
    if len(known) != 1 or not known[0].card.says_the_same_child(card):
        return None
    (child,) = known
    return await store.set_account(tx, child, person.id) if person and child.person_id is None else child


def _is_account_of(person: Person, card: Card) -> bool:
    return (
        person.level is Level.CHILD
        and person.birth_date == card.birth_date
        and comparable_name(person.name.given_name) == comparable_name(card.given_name)
    )


def _once(check: RegistryCheck, what: str) -> str:
    return f"family:{check.id}:{what}"
