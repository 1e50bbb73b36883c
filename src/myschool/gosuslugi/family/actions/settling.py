"""What the registers' verdicts, and their silence, mean for the family: a card is settled when both confirmed."""

from dataclasses import replace
from datetime import datetime
from types import ModuleType

from myschool.gosuslugi.checks.model import CheckDecided, CheckMoved, CheckState, RegistryCheck, Verdict
from myschool.gosuslugi.family.actions import (
    agreeing,
    agreement_letters,
    asking,
    letters,
    moving,
    provisional,
    snils_letters,
)
from myschool.gosuslugi.family.model import (
    ALL_RIGHTS,
    READING,
    Basis,
    Card,
    Child,
    Guardianship,
    GuardianshipState,
    Right,
)
from myschool.gosuslugi.family.questions import KINDS, SNILS, Questions, is_confirmed
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.papers.names import comparable_name


async def settle(tx: Tx, vault: Vault, decided: CheckDecided, now: datetime) -> None:
    """Takes effect once: only while this very check is the card's newest of its kind."""
    if decided.kind not in KINDS:
        return
    row = await store.load(tx, vault, decided.subject_id, for_update=True)
    check = (await asking.questions_of(tx, decided.subject_id)).of(decided.kind)
    if row is None or check is None or check.id != decided.check_id:
        return
    if decided.verdict is Verdict.CONFIRMED:
        await conclude(tx, vault, row, now)
        return
    reason, words = _denial(row, check)
    if row.state is GuardianshipState.CHECKING:
        row = await moving.move(tx, row, GuardianshipState.MISMATCH, now, reason=reason, actor=moving.SYSTEM)
    elif row.state is GuardianshipState.MISMATCH:
        # The other register said no before; this is one more thing to correct.
        await moving.note(tx, row, reason, now, actor=moving.SYSTEM)
    else:
        return
    await moving.tell(tx, vault, row, words, key=_once(check, "decided"))


def _denial(row: Guardianship, check: RegistryCheck) -> tuple[str, tuple[str, str]]:
    """A word for the history and a letter. Of a СНИЛС both are the same whether it is unknown or somebody else's."""
    if check.kind is SNILS:
        return "snils_denied", snils_letters.denied(row)
    if check.state is CheckState.CONTRADICTED:
        return "contradicted", letters.contradicted(row)
    return "not_found", letters.not_found(row)


async def hear(tx: Tx, vault: Vault, moved: CheckMoved, now: datetime) -> None:
    """The waiting changed its state; the parent is told of each once, and of one register at a time."""
    if moved.kind not in KINDS:
        return
    row = await store.load(tx, vault, moved.subject_id, for_update=True)
    asked = await asking.questions_of(tx, moved.subject_id)
    check = asked.of(moved.kind)
    if row is None or check is None or check.id != moved.check_id or row.state is not GuardianshipState.CHECKING:
        return
    if moved.state is CheckState.EXPIRED and not _ends_with_certificate(asked, check):
        await _expired(tx, vault, row, check, now)
    elif check is not asked.in_front:
        return
    elif moved.state is CheckState.OVERDUE and check.ends_at is not None:
        await moving.note(tx, row, _words(check, "overdue"), now, actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, _letters(check).overdue(row, check.ends_at), key=_once(check, "overdue"))
    elif moved.state is CheckState.UNAVAILABLE:
        await moving.tell(tx, vault, row, _letters(check).unavailable(row), key=_once(check, "unavailable"))


def _ends_with_certificate(asked: Questions, check: RegistryCheck) -> bool:
    """Both ran out together: the certificate's own timer says so, and one letter is enough."""
    paper = asked.certificate
    if check.kind is not SNILS or paper is None or paper.ends_at is None or check.ends_at is None:
        return False
    return paper.is_waiting and paper.ends_at <= check.ends_at


async def _expired(tx: Tx, vault: Vault, row: Guardianship, check: RegistryCheck, now: datetime) -> None:
    reason = _words(check, "expired")
    row = await moving.move(tx, row, GuardianshipState.MISMATCH, now, reason=reason, actor=moving.SYSTEM)
    await moving.tell(tx, vault, row, _letters(check).expired(row), key=_once(check, "expired"))


def _words(check: RegistryCheck, reason: str) -> str:
    return f"snils_{reason}" if check.kind is SNILS else reason


def _letters(check: RegistryCheck) -> ModuleType:
    return snils_letters if check.kind is SNILS else letters


async def conclude(tx: Tx, vault: Vault, row: Guardianship, now: datetime) -> Guardianship:
    """What both registers have said so far makes of a card that waits; repeating it changes nothing."""
    if row.state is not GuardianshipState.CHECKING:
        return row
    asked = await asking.questions_of(tx, row.id)
    paper, number = asked.certificate, asked.snils
    if paper is None or not is_confirmed(paper):
        return row
    if number is None:
        # The card was sent before the СНИЛС was asked about.
        number = await asking.ask_about_snils(tx, vault, row.id, row.card, now)
    if is_confirmed(number):
        return await _confirmed(tx, vault, row, paper, now)
    until = number.waiting.until if number.waiting is not None else None
    if until is not None:
        await moving.tell(tx, vault, row, snils_letters.awaited(row, until), key=_once(number, "awaited"))
    return row


async def _confirmed(tx: Tx, vault: Vault, row: Guardianship, check: RegistryCheck, now: datetime) -> Guardianship:
    if not row.card.relation.stands_in_record_of_birth:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="order_needed", actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.to_clerk(row), key=_once(check, "decided"))
        return row
    child = await same_child(tx, vault, row.card, now)
    if child is None:
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="contradicts_known", actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.to_clerk(row), key=_once(check, "decided"))
        return row
    if await only_a_clerk_may(tx, vault, row, child):
        row = await moving.move(tx, row, GuardianshipState.REVIEW, now, reason="clerk_needed", actor=moving.SYSTEM)
        await moving.tell(tx, vault, row, letters.to_clerk(row), key=_once(check, "decided"))
        return row
    if await in_own_hands(tx, vault, child):
        row = replace(row, rights=READING)
    row = await activate(tx, row, child, Basis.REGISTRY, now, actor=moving.SYSTEM)
    if (attached := await provisional.settle(tx, vault, row, child, now)) is not None:
        return attached
    asked = await agreeing.ask(tx, vault, row, child, now)
    waits = asked is not None or row.rights == READING
    words = agreement_letters.confirmed(row) if waits else letters.confirmed(row, child.person_id is not None)
    await moving.tell(tx, vault, row, words, key=_once(check, "decided"))
    return row


async def in_own_hands(tx: Tx, vault: Vault, child: Child) -> bool:
    """The pupil has an own account: adults read, and the pupil is asked."""
    return child.person_id is not None and (await people.by_id(tx, vault, child.person_id)).level is not Level.CHILD


async def only_a_clerk_may(tx: Tx, vault: Vault, row: Guardianship, child: Child) -> bool:
    """A birth is one thing, a quarrel, an order or a protection another: the register knows nothing of those."""
    known = await store.of_child(tx, vault, child.id)
    rests = any(one.state is GuardianshipState.SUSPENDED for one in known)
    return child.protected_at is not None or rests or any(one.was_taken_away for one in known if _same(one, row))


def _same(one: Guardianship, other: Guardianship) -> bool:
    return one.guardian_id == other.guardian_id


async def activate(
    tx: Tx,
    row: Guardianship,
    child: Child,
    basis: Basis,
    now: datetime,
    *,
    actor: str,
    rights: frozenset[Right] = ALL_RIGHTS,
    ends_at: datetime | None = None,
) -> Guardianship:
    """In force from now on, with no more rights than the card asked for; `ends_at`: the term of contract or order."""
    return await moving.move(
        tx,
        row,
        GuardianshipState.ACTIVE,
        now,
        reason="confirmed",
        actor=actor,
        child_id=child.id,
        basis=basis,
        rights=rights & row.rights if row.rights else rights,
        ends_at=ends_at,
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
    return person.birth_date == card.birth_date and comparable_name(person.name.given_name) == comparable_name(
        card.given_name
    )


def _once(check: RegistryCheck, what: str) -> str:
    return f"family:{check.id}:{what}"
