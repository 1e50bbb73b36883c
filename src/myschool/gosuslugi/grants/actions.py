"""What is done with systems and grants: registered, asked, given, refused, withdrawn; in the caller's transaction."""

import hmac
import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.grants import guardians, store
from myschool.gosuslugi.grants.model import (
    CODE_AGAIN_AFTER,
    CODE_LIFE,
    CODE_TRIES,
    GRANTED_FOR,
    QUESTION_LIFE,
    AlreadyAnswered,
    Answer,
    Grant,
    GrantWithdrawn,
    Guardian,
    GuardianDecides,
    InformationSystem,
    NobodyToAsk,
    NotTheGuardian,
    Question,
    TooManyCodes,
    UnknownGrant,
    UnknownQuestion,
    UnknownSystem,
    WrongCode,
    applicable,
    guardian_decides,
)
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind, Person
from myschool.gosuslugi.signin.actions import codes
from myschool.gosuslugi.signin.model import Limit
from myschool.kit import agenda, journal, letters
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.letters import Letter, Sms
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Email, Phone

CODE_PLACE = "consent_code.code"

# For one child over all its questions: a new question brings new codes with new tries, and each writes to a guardian.
CONSENT_CODES_AN_HOUR = Limit("consent-code-hour", 10, timedelta(hours=1))
CONSENT_CODES_A_DAY = Limit("consent-code-day", 30, timedelta(days=1))


# -- systems -----------------------------------------------------------------------------------------------------------


async def register(tx: Tx, system: InformationSystem, now: datetime) -> None:
    """Writes the system down, or brings it up to date; its certificates are exactly those given."""
    await store.save_system(tx, system, now)


async def system(tx: Tx, mnemonic: str) -> InformationSystem:
    """With its certificates. Raises UnknownSystem."""
    found = await store.load_system(tx, mnemonic)
    if found is None:
        raise UnknownSystem(mnemonic)
    return found


async def systems(tx: Tx, mnemonics: Collection[str] | None = None) -> dict[str, InformationSystem]:
    """By mnemonic, for pages: without certificates."""
    return {one.mnemonic: one for one in await store.load_systems(tx, mnemonics)}


# -- what stands -------------------------------------------------------------------------------------------------------


async def live_grant(tx: Tx, vault: Vault, person_id: UUID, mnemonic: str, now: datetime) -> Grant | None:
    """What stands at this moment. What an adult permitted for a child ends with the guardianship."""
    grant = await store.live_grant(tx, person_id, mnemonic, now)
    if grant is None or grant.given_by == person_id:
        return grant
    return grant if await guardians.is_guardian(tx, vault, grant.given_by, person_id, now) else None


async def live_grants(tx: Tx, person_ids: Collection[UUID], now: datetime) -> list[Grant]:
    """The latest first."""
    return await store.live_grants(tx, person_ids, now) if person_ids else []


def granted(person: Person, grant: Grant | None, scopes: Sequence[str], now: datetime) -> tuple[str, ...] | None:
    """The scopes that the system gets without asking; None when the person is to be asked first."""
    wanted = applicable(scopes, person, _today(now))
    return wanted if grant is not None and grant.scopes.issuperset(wanted) else None


# -- the question ------------------------------------------------------------------------------------------------------


async def ask(
    tx: Tx,
    person: Person,
    asking: InformationSystem,
    scopes: Sequence[str],
    *,
    asked_for: str,
    return_path: str,
    leads_to: str,
    now: datetime,
) -> UUID:
    """The question for this person. `asked_for` names the request: one question a request and person.

    `return_path`: where in this house the answer is awaited; `leads_to`: the origin to which that path leads on.
    """
    await store.forget_some(tx, now)
    question = Question(
        new_id(),
        person.id,
        asking.mnemonic,
        applicable(scopes, person, _today(now)),
        return_path,
        leads_to,
        Answer.ASKED,
        now + QUESTION_LIFE,
    )
    return await store.save_question(tx, question, asked_for)


async def answer_to(tx: Tx, asked_for: str, person_id: UUID) -> Answer | None:
    """None: this person was not asked for this request."""
    return await store.find_answer(tx, asked_for, person_id)


async def question_for(tx: Tx, question_id: UUID, person_id: UUID, now: datetime) -> Question:
    """Raises UnknownQuestion, for another person's and for one that is out of time, too."""
    return _owned(await store.load_question(tx, question_id), person_id, now)


async def grant_to(tx: Tx, vault: Vault, question_id: UUID, person_id: UUID, now: datetime) -> Question:
    """«Предоставить» by the person himself. A second press changes nothing.

    Raises UnknownQuestion, AlreadyAnswered (he refused), GuardianDecides.
    """
    question = await _to_be_answered(tx, question_id, person_id, now)
    if question.answer is Answer.GRANTED:
        return question
    person = await people.by_id(tx, vault, person_id)
    if guardian_decides(person, _today(now)):
        raise GuardianDecides
    await _settle(tx, vault, question, person_id, now)
    return question


async def refuse(tx: Tx, question_id: UUID, person_id: UUID, now: datetime) -> Question:
    """«Отказать». A second press changes nothing. Raises UnknownQuestion, AlreadyAnswered (it was granted)."""
    question = _owned(await store.load_question(tx, question_id, for_update=True), person_id, now)
    if question.answer is Answer.GRANTED:
        raise AlreadyAnswered(question.answer)
    if question.answer is Answer.ASKED:
        await store.set_answer(tx, question.id, Answer.REFUSED, now)
        await _note(tx, person_id, "grant:refused", f"person:{person_id}", question.mnemonic)
    return question


async def _to_be_answered(tx: Tx, question_id: UUID, person_id: UUID, now: datetime) -> Question:
    question = _owned(await store.load_question(tx, question_id, for_update=True), person_id, now)
    if question.answer is Answer.REFUSED:
        raise AlreadyAnswered(question.answer)
    return question


def _owned(question: Question | None, person_id: UUID, now: datetime) -> Question:
    if question is None or question.person_id != person_id or question.ends_at <= now:
        raise UnknownQuestion
    return question


async def _settle(tx: Tx, vault: Vault, question: Question, given_by: UUID, now: datetime) -> None:
    await store.set_answer(tx, question.id, Answer.GRANTED, now)
    await _give(tx, vault, question.person_id, question.mnemonic, question.scopes, given_by, now)


async def _give(
    tx: Tx, vault: Vault, person_id: UUID, mnemonic: str, scopes: Sequence[str], given_by: UUID, now: datetime
) -> None:
    """Nothing that stands is lost: the grant becomes wider, never narrower.

    What an adult permitted who represents the child no more does not stand: nobody says yes to it unseen.
    """
    before = await live_grant(tx, vault, person_id, mnemonic, now)
    wider = frozenset(scopes) | (before.scopes if before else frozenset())
    if before is None:
        await store.end_outlived(tx, person_id, mnemonic, now)
    await store.save_grant(tx, Grant(new_id(), person_id, mnemonic, wider, given_by, now, now, now + GRANTED_FOR))
    await _note(tx, person_id, "grant:given", f"person:{given_by}", mnemonic)


# -- a child's question: the adult's code ------------------------------------------------------------------------------


async def guardians_to_ask(tx: Tx, vault: Vault, child_id: UUID, now: datetime) -> list[Guardian]:
    return await guardians.of_child(tx, vault, child_id, now)


async def send_codes(tx: Tx, vault: Vault, question_id: UUID, child_id: UUID, now: datetime) -> list[Guardian]:
    """A code to each guardian of the child, at most once a minute; who was written to.

    Raises UnknownQuestion, AlreadyAnswered, NobodyToAsk; TooManyCodes, while a code sent before still counts.
    """
    question = await _to_be_answered(tx, question_id, child_id, now)
    child = await people.by_id(tx, vault, child_id)
    asked = await guardians.of_child(tx, vault, child_id, now)
    sent_at = await store.last_sent(tx, question.id)
    if sent_at is not None and now - sent_at < CODE_AGAIN_AFTER:
        return asked
    for limit in (CONSENT_CODES_AN_HOUR, CONSENT_CODES_A_DAY):
        if not await codes.allowed(tx, limit, str(child_id), now):
            raise TooManyCodes
    found = await store.load_system(tx, question.mnemonic)
    assert found is not None
    reached = []
    for guardian in asked:
        code = f"{secrets.randbelow(1_000_000):06}"
        if await _write_to(tx, vault, guardian, child.name.given_name, found.name, code):
            index = vault.index(_bound(question.id, guardian.person_id, code), place=CODE_PLACE)
            await store.save_code(tx, question.id, guardian.person_id, index, now, now + CODE_LIFE)
            reached.append(guardian)
    if not reached:
        raise NobodyToAsk
    return reached


async def _write_to(tx: Tx, vault: Vault, guardian: Guardian, child: str, system_name: str, code: str) -> bool:
    """By SMS, else by letter; False when the guardian has neither."""
    values = {known.kind: known.value for known in await people.contacts_of(tx, vault, guardian.person_id)}
    phone, email = values.get(ContactKind.MOBILE), values.get(ContactKind.EMAIL)
    words = (
        f"{code} — код вашего согласия: {child} входит в сервис «{system_name}», сервис получит сведения о ребёнке. "
        "Если вы согласны, введите код на странице, которая открыта у ребёнка. Если нет, ничего не делайте."
    )
    if isinstance(phone, Phone):
        return await letters.send(tx, vault, Sms(f"+7{phone.digits}", words))
    if isinstance(email, Email):
        return await letters.send(
            tx, vault, Letter(email.formatted(), f"Код согласия для сервиса «{system_name}»", words)
        )
    return False


async def grant_by_code(
    tx: Tx, vault: Vault, question_id: UUID, child_id: UUID, typed: str, now: datetime
) -> Question | WrongCode:
    """The guardian whose code was typed permits. A wrong code is a result, so that the try stays counted.

    Raises UnknownQuestion, AlreadyAnswered.
    """
    question = await _to_be_answered(tx, question_id, child_id, now)
    if question.answer is Answer.GRANTED:
        return question
    alive = await store.count_try(tx, question.id, now)
    tries_left = max((CODE_TRIES - row.tries for row in alive), default=0)
    for row in alive:
        expected = vault.indexes(_bound(question.id, row.guardian_id, typed), place=CODE_PLACE)
        fits = any(hmac.compare_digest(row.code_index, one) for one in expected)
        if fits and row.tries <= CODE_TRIES and await guardians.is_guardian(tx, vault, row.guardian_id, child_id, now):
            await _settle(tx, vault, question, row.guardian_id, now)
            return question
    return WrongCode(max(tries_left, 0))


def _bound(question_id: UUID, guardian_id: UUID, code: str) -> str:
    return f"{question_id} {guardian_id} {code}"


# -- beforehand, and afterwards ----------------------------------------------------------------------------------------


async def children_of(tx: Tx, vault: Vault, guardian_id: UUID, now: datetime) -> list[Person]:
    """Those with an account for whom this adult permits now."""
    children = await guardians.children_of(tx, vault, guardian_id, now)
    return [child for child in children if guardian_decides(child, _today(now))]


async def permit_child(
    tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, mnemonic: str, now: datetime
) -> InformationSystem:
    """The adult permits beforehand, in the own cabinet, all that the system may ask about a child.

    Raises NotTheGuardian, UnknownSystem.
    """
    child = await ward(tx, vault, guardian_id, child_id, now)
    found = await system(tx, mnemonic)
    if not found.for_children:
        raise UnknownSystem(mnemonic)
    scopes = applicable(sorted(found.wire.scopes), child, _today(now))
    await _give(tx, vault, child_id, mnemonic, scopes, guardian_id, now)
    return found


async def ward(tx: Tx, vault: Vault, guardian_id: UUID, child_id: UUID, now: datetime) -> Person:
    """The child, when this adult permits for it now. Raises NotTheGuardian."""
    for child in await children_of(tx, vault, guardian_id, now):
        if child.id == child_id:
            return child
    raise NotTheGuardian


async def withdraw(tx: Tx, vault: Vault, grant_id: UUID, by: UUID, now: datetime) -> Grant:
    """By the person himself, or by a guardian of a child; at once and for everything that the system got.

    Raises UnknownGrant, for another's too.
    """
    grant = await store.find_grant(tx, grant_id)
    if grant is None or not await _may_withdraw(tx, vault, grant, by, now):
        raise UnknownGrant
    await _end(tx, grant, by, f"person:{by}", now)
    return grant


async def _may_withdraw(tx: Tx, vault: Vault, grant: Grant, by: UUID, now: datetime) -> bool:
    if grant.person_id != by:
        return any(child.id == grant.person_id for child in await children_of(tx, vault, by, now))
    # A child who ends it harms nobody, and data stop flowing: whoever is asked about may always say no.
    return True


async def withdraw_all(tx: Tx, person_id: UUID, now: datetime) -> None:
    """The account is no more: no system gets anything of it."""
    for grant in await store.live_grants(tx, [person_id], now):
        await _end(tx, grant, None, "system", now)


async def end(tx: Tx, grant: Grant, actor: str, now: datetime) -> None:
    """By no person: nobody is left who may answer for it."""
    await _end(tx, grant, None, actor, now)


async def _end(tx: Tx, grant: Grant, by: UUID | None, actor: str, now: datetime) -> None:
    if await store.end_grant(tx, grant.id, by, now):
        await _note(tx, grant.person_id, "grant:withdrawn", actor, grant.mnemonic)
        await agenda.put(tx, GrantWithdrawn(person_id=grant.person_id, mnemonic=grant.mnemonic))


async def _note(tx: Tx, person_id: UUID, tag: str, actor: str, mnemonic: str) -> None:
    await journal.write(tx, people.chain_of(person_id), tag, actor=actor, facts={"system": mnemonic})


def _today(now: datetime) -> date:
    return now.astimezone(MOSCOW).date()
