"""Passport and СНИЛС on their way to the registers, and what their answers make of the account."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import structs

from myschool.gosuslugi.checks import actions as checks
from myschool.gosuslugi.checks.model import (
    CheckDecided,
    CheckKind,
    CheckMoved,
    RegistryCheck,
    passport_claim,
    snils_claim,
)
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactValue, Level, Move, Person, SnilsTaken
from myschool.gosuslugi.signin import identity_store as store
from myschool.gosuslugi.signin import letters
from myschool.gosuslugi.signin.actions import secrets
from myschool.gosuslugi.signin.identity_model import (
    AlreadyProved,
    Papers,
    Said,
    Stage,
    check_old_enough,
    check_same_person,
    documents,
    papers,
    stage,
)
from myschool.kit import clock, journal
from myschool.kit.agenda import Work
from myschool.kit.db import Tx
from myschool.kit.letters import Message, send
from myschool.kit.vault import Vault
from myschool.kit.web import sessions
from myschool.papers.numbers import Email

KINDS = (CheckKind.PASSPORT, CheckKind.SNILS)
PROVABLE = {Level.SIMPLIFIED: Move.PROVE_PAPERS, Level.CHILD: Move.HAND_OVER}


@dataclass(frozen=True)
class Standing:
    """How far a citizen is with passport and СНИЛС. `checks` is empty before the first sending."""

    stage: Stage
    draft: Said
    sent_at: datetime | None
    checks: tuple[RegistryCheck, ...]
    snils_taken: bool

    @property
    def promised_by(self) -> datetime | None:
        """The latest moment that a waiting register has promised."""
        waits = [check.waiting.until for check in self.checks if check.waiting and check.waiting.until]
        return max(waits, default=None)


async def standing(tx: Tx, vault: Vault, person: Person) -> Standing:
    claim = await store.find(tx, vault, person.id)
    if claim is None:
        return Standing(Stage.DRAFT, _first_draft(person), None, (), False)
    found = await _checks(tx, person.id) if claim.sent_at else ()
    reached = stage(found, snils_taken=claim.snils_taken)
    return Standing(reached, claim.draft, claim.sent_at, found, claim.snils_taken)


async def keep(tx: Tx, vault: Vault, person: Person, draft: Said) -> None:
    """Keeps what was typed; what was sent before is not touched. Raises AlreadyProved, TooYoung."""
    if person.level not in PROVABLE:
        raise AlreadyProved
    check_old_enough(person, clock.now())
    await store.save_draft(tx, vault, person.id, draft)


async def submit(tx: Tx, vault: Vault, person: Person, *, origin: str, now: datetime) -> None:
    """Asks both registers. The same papers sent twice are asked once.

    Raises AlreadyProved, TooYoung, AnotherPerson, Incomplete.

    `origin`: the house's own address, for links in letters.
    """
    if person.level not in PROVABLE:
        raise AlreadyProved
    check_old_enough(person, now)
    claim = await store.find(tx, vault, person.id, for_update=True)
    draft = claim.draft if claim is not None else _first_draft(person)
    said = papers(draft)
    check_same_person(person, draft)
    await store.mark_sent(tx, vault, person.id, draft, now)
    passport = passport_claim(said.passport, said.issued_on, said.department, said.name, said.birth_date)
    snils = snils_claim(said.snils, said.name, said.birth_date, said.sex)
    await checks.ask(tx, vault, CheckKind.PASSPORT, person.id, passport, now)
    await checks.ask(tx, vault, CheckKind.SNILS, person.id, snils, now)
    if claim is None or claim.sent != draft:
        chain = people.chain_of(person.id)
        await journal.write(tx, chain, "papers:sent", actor=chain)
    # Both may be confirmed from an earlier sending that failed for another reason.
    await settle(tx, vault, person.id, origin=origin, now=now)


async def settle(tx: Tx, vault: Vault, person_id: UUID, *, origin: str, now: datetime) -> None:
    """Draws the conclusion from what the registers have said so far; repeating it changes nothing."""
    claim = await store.find(tx, vault, person_id, for_update=True)
    if claim is None or claim.sent is None or claim.sent_at is None:
        return
    person = await people.by_id(tx, vault, person_id)
    move = PROVABLE.get(person.level)
    if move is None:
        return
    reached = stage(await _checks(tx, person_id), snils_taken=claim.snils_taken)
    if reached is Stage.PROVED:
        reached = await _prove(tx, vault, person, papers(claim.sent), move, now)
    if reached in (Stage.PROVED, Stage.REFUSED):
        await _tell(tx, vault, person, reached, origin, claim.sent_at)


async def _prove(tx: Tx, vault: Vault, person: Person, said: Papers, move: Move, now: datetime) -> Stage:
    try:
        await people.prove(tx, vault, person.id, said.name, said.particulars(), documents(said, now), now)
    except SnilsTaken:
        await store.mark_snils_taken(tx, person.id)
        return Stage.REFUSED
    await people.raise_level(tx, vault, person.id, move, actor="system", now=now)
    if move is Move.HAND_OVER:
        # An adult may have signed in with the child's password and a code that came to the adult, and knows it still.
        await sessions.end_all(tx, person.id, now)
        await secrets.lock(tx, person.id, now, actor="system")
    return Stage.PROVED


async def _tell(tx: Tx, vault: Vault, person: Person, reached: Stage, origin: str, sent_at: datetime) -> None:
    words: Callable[[ContactValue, str, str], Message] = letters.papers_not_confirmed
    page = "identity"
    if reached is Stage.PROVED:
        words = letters.papers_confirmed
    if reached is Stage.PROVED and person.level is Level.CHILD:
        words, page = letters.account_handed_over, "recover"
    for contact in await people.contacts_of(tx, vault, person.id):
        if isinstance(contact.value, Email):
            message = words(contact.value, person.name.given_name, f"{origin}/{page}")
            await send(tx, vault, message, key=f"identity:{person.id}:{sent_at.isoformat()}:{reached}")


async def _checks(tx: Tx, person_id: UUID) -> tuple[RegistryCheck, ...]:
    found = [await checks.look(tx, kind, person_id) for kind in KINDS]
    return tuple(check for check in found if check is not None)


def _first_draft(person: Person) -> Said:
    name = person.name
    draft = Said(family_name=name.family_name, given_name=name.given_name, patronymic=name.patronymic or "")
    if person.level is not Level.CHILD or not (person.birth_date and person.sex and person.snils):
        return draft
    # What the account of a child says of its owner was proved already and stays.
    return structs.replace(
        draft, birth_date=person.birth_date.isoformat(), sex=person.sex.value, snils=person.snils.digits
    )


def reaction(vault: Vault, origin: str) -> Callable[[Work[Any], Any], Awaitable[None]]:
    """For the wiring: what `CheckDecided` and `CheckMoved` mean for an account."""

    async def react(work: Work[Any], event: CheckDecided | CheckMoved) -> None:
        if event.kind in KINDS:
            await settle(work.tx, vault, event.subject_id, origin=origin, now=clock.now())

    return react
