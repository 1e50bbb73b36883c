"""A family in a house: parents with accounts, a registry that does as it is told, and a mailbox that is read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from myschool.gosuslugi.centre import reactions as centre
from myschool.gosuslugi.centre.proposal_model import ProposalDue
from myschool.gosuslugi.checks import answers
from myschool.gosuslugi.checks import store as check_store
from myschool.gosuslugi.checks.model import CheckDecided, CheckMoved, Evidence, NoRecord, RegistryCheck
from myschool.gosuslugi.checks.taking import reactions
from myschool.gosuslugi.family import reactions as family
from myschool.gosuslugi.family.actions import account, asking, drafts, look, papers, provisional, sending
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.agreement_model import AgreementDue
from myschool.gosuslugi.family.model import (
    Card,
    ChildAccountDeleted,
    DelegationDue,
    DeletionDue,
    Guardianship,
    GuardianshipDue,
    RefusalReason,
    Relation,
)
from myschool.gosuslugi.family.papers_model import PaperDecision, needs_second_look, papers_needed
from myschool.gosuslugi.family.provisional_model import ProvisionalAccount, ProvisionalClosed, ProvisionalDue
from myschool.gosuslugi.family.questions import Questions
from myschool.gosuslugi.grants import reactions as grants
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.operating.model import NumbersDue
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import (
    Document,
    DocumentKind,
    Level,
    LevelRaised,
    Move,
    Particulars,
    Person,
    Sex,
)
from myschool.gosuslugi.signin.actions import identity
from myschool.gosuslugi.tables import metadata
from myschool.kit import clock
from myschool.kit.agenda_worker import Worker
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.letters import Letter, LetterDue, Message, delivery
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.papers.certificates import CertificateKind
from myschool.papers.matching import How
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils
from tests.gosuslugi.checks.registry_fake import FakeRegistry, agreeing

HASH = "$argon2id$v=19$m=19456,t=2,p=1$a$b"


def a_card(relation: Relation = Relation.MOTHER, **otherwise: Any) -> Card:
    """Алёна of the cast, by her mother."""
    said: dict[str, Any] = {
        "relation": relation,
        "family_name": "Смирнова",
        "given_name": "Алёна",
        "patronymic": "Дмитриевна",
        "birth_date": date(2017, 5, 14),
        "sex": Sex.FEMALE,
        "snils_digits": "00000060101",
        "citizenship": "RUS",
        "address": None,
        "certificate_kind": CertificateKind.RUSSIAN,
        "series": "III-ПЕ",
        "number": "600101",
        "issued_by": "Отдел ЗАГС города Песочного",
        "issued_on": date(2017, 5, 25),
    }
    return Card(**said | otherwise)


def passport_of(snils: str, now: datetime) -> Document:
    """Of the one with this СНИЛС."""
    issued_on, issued_by = date(2008, 4, 2), "ОВД города Песочного"
    return Document(new_id(), DocumentKind.RF_PASSPORT, "0026", snils[-6:], issued_on, issued_by, verified_at=now)


@dataclass
class Post:
    """Takes letters instead of the post office."""

    letters: list[Message] = field(default_factory=list)

    async def deliver(self, message: Message, message_id: UUID) -> None:
        self.letters.append(message)

    def subjects(self, to: str) -> list[str]:
        return [one.subject for one in self.letters if isinstance(one, Letter) and one.to == to]

    def code(self, to: str) -> str:
        """The six digits of the newest letter."""
        found = [one.text for one in self.letters if one.to == to]
        return found[-1].split()[0]


@dataclass
class Home:
    db: Database
    vault: Vault
    clock: StoppedClock
    registry: FakeRegistry = field(default_factory=FakeRegistry)
    post: Post = field(default_factory=Post)
    second_clerk: Person | None = None

    async def run(self, action: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        """One action in a transaction of its own, now."""
        return await self.db.run(lambda tx: action(tx, self.vault, *args, clock.now(), **named))

    async def work(self, by: timedelta = timedelta()) -> None:
        """Time passes, and the worker does what is due."""
        self.clock.advance(by)
        await Worker(self.db, self.reactions(), SimpleNamespace(vault=self.vault)).drain()

    def reactions(self) -> Any:
        """Of the whole house, as far as a family is concerned."""
        return {
            **reactions(self.vault, self.registry),
            CheckDecided: [identity.reaction(self.vault, ""), family.check_decided],
            CheckMoved: [identity.reaction(self.vault, ""), family.check_moved],
            GuardianshipDue: [family.guardianship_due],
            DelegationDue: [family.delegation_due],
            DeletionDue: [family.deletion_due],
            AgreementDue: [family.agreement_due],
            ChildAccountDeleted: [grants.account_deleted],
            LevelRaised: [family.level_raised],
            ProvisionalDue: [family.provisional_due],
            ProvisionalClosed: [family.provisional_closed],
            ProposalDue: [centre.proposal_due],
            LetterDue: [delivery(self.vault, self.post)],
            NumbersDue: [operating.numbers_due],
        }

    async def parent(self, name: FullName, snils: str, mailbox: str, *, level: Level = Level.CONFIRMED) -> Person:
        async def made(tx: Any) -> Person:
            now = clock.now()
            person = await people.create(tx, self.vault, name=name, contact=Email(mailbox), now=now)
            said = Particulars(date(1988, 3, 17), Sex.FEMALE, Snils(snils))
            await people.prove(tx, self.vault, person.id, name, said, [passport_of(snils, now)], now)
            await people.raise_level(tx, self.vault, person.id, Move.PROVE_PAPERS, actor="system", now=now)
            if level is Level.CONFIRMED:
                await people.raise_level(tx, self.vault, person.id, Move.CONFIRM_IDENTITY, actor="system", now=now)
            return await people.by_id(tx, self.vault, person.id)

        return await self.db.run(made)

    async def submit(self, guardian: Person, card: Card) -> Guardianship:
        draft = await self.run(drafts.start, guardian.id)
        sent = await self.db.run(lambda tx: sending.submit(tx, self.vault, draft.id, guardian, card, clock.now()))
        await self.work()
        return await self.look(sent)

    async def correct(self, guardian: Person, row: Guardianship, card: Card) -> Guardianship:
        draft = await self.run(drafts.correct, guardian.id, row.id, {})
        await self.db.run(lambda tx: sending.submit(tx, self.vault, draft.id, guardian, card, clock.now()))
        await self.work()
        return await self.look(row)

    async def look(self, row: Guardianship) -> Guardianship:
        entry = await self.db.run(lambda tx: look.entry(tx, self.vault, row.id, row.guardian_id))
        return entry.guardianship

    async def run_family(self, guardian: Person) -> list[Entry]:
        return await self.db.run(lambda tx: look.family_of(tx, self.vault, guardian.id))

    async def check(self, row: Guardianship) -> RegistryCheck:
        found = await self.db.run(lambda tx: sending.check_of(tx, row.id))
        assert found is not None
        return found

    async def answer(self, row: Guardianship, *, no_record: bool = False, **differing: How) -> Guardianship:
        """The Social Fund confirms the СНИЛС, if it was not asked before; ЗАГС answers about the certificate."""
        number = (await self.questions(row)).snils
        if number is not None and number.is_waiting:
            await self.say(number)
        return await self.say(await self.check(row), no_record=no_record, **differing)

    async def questions(self, row: Guardianship) -> Questions:
        return await self.db.run(lambda tx: asking.questions_of(tx, row.id))

    async def answer_snils(self, row: Guardianship, *, no_record: bool = False, **differing: How) -> Guardianship:
        """Only the Social Fund answers."""
        number = (await self.questions(row)).snils
        assert number is not None
        return await self.say(number, no_record=no_record, **differing)

    async def answer_certificate(self, row: Guardianship, *, no_record: bool = False, **differing: How) -> Guardianship:
        """Only ЗАГС answers."""
        return await self.say(await self.check(row), no_record=no_record, **differing)

    async def say(self, check: RegistryCheck, *, no_record: bool = False, **differing: How) -> Guardianship:
        """A register answers this very question about a card."""
        await self.say_to_person(check, no_record=no_record, **differing)
        row = await self.db.run(lambda tx: papers.application(tx, self.vault, check.subject_id))
        assert row is not None
        return row

    async def say_to_person(self, check: RegistryCheck, *, no_record: bool = False, **differing: How) -> None:
        """The same, whoever asked: also about somebody's own passport and СНИЛС."""
        claim = await self.db.run(lambda tx: check_store.claim_of(tx, self.vault, check.id))
        evidence: Evidence = NoRecord() if no_record else agreeing(claim, **differing)
        answer = self.registry.decide(check.id, evidence)
        await self.db.run(lambda tx: answers.record(tx, self.vault, answer, clock.now()))
        await self.work()

    async def confirmed(self, guardian: Person, card: Card | None = None) -> Guardianship:
        return await self.answer(await self.submit(guardian, card or a_card()))

    async def open_account(self, row: Guardianship, mailbox: str) -> account.Made:
        """The whole dialog: e-mail, code from the letter, password."""

        async def ask(tx: Any) -> None:
            opened, _ = await account.may_open(tx, self.vault, row.id, row.guardian_id, clock.now())
            await account.ask_email(tx, self.vault, opened, Email(mailbox), clock.now())

        await self.db.run(ask)
        await self.work()
        digits = self.post.code(mailbox)

        async def enter(tx: Any) -> None:
            opening = await account.opening_of(tx, self.vault, row.id)
            assert opening is not None
            judged = await account.enter_code(tx, self.vault, row, opening, digits, clock.now())
            assert judged.right

        await self.db.run(enter)
        return await self.finish(row)

    async def finish(self, row: Guardianship) -> account.Made:
        async def create(tx: Any) -> account.Made:
            opened, child = await account.may_open(tx, self.vault, row.id, row.guardian_id, clock.now())
            return await account.create(tx, self.vault, opened, child, HASH, clock.now())

        return await self.db.run(create)

    async def open_provisional(self, row: Guardianship, mailbox: str) -> ProvisionalAccount:
        """The same dialog, while the register decides; the code was typed."""

        async def opened(tx: Any) -> ProvisionalAccount:
            open_row = await provisional.may_open(tx, self.vault, row.id, row.guardian_id, clock.now())
            await account.note_confirmed_email(tx, self.vault, open_row, Email(mailbox), clock.now())
            made, _ = await provisional.create(tx, self.vault, open_row, HASH, clock.now())
            return made

        made = await self.db.run(opened)
        await self.work()
        return made

    async def colleague(self) -> Person:
        """The second clerk, hired once."""
        if self.second_clerk is None:
            name = FullName("Белова", "Зоя", "Игоревна")
            self.second_clerk = await self.parent(name, "00000060018", "zoya@pochta.example")
        return self.second_clerk

    async def decide(
        self, row: Guardianship, clerk: Person, *, approved: bool = True, papers_seen: Any = None
    ) -> Guardianship:
        seen = papers_needed(row.card.relation) if papers_seen is None else papers_seen
        refusal = None if approved else RefusalReason.PAPERS_MISSING
        note = "Подлинники, всё совпадает"
        second = None
        if approved and needs_second_look(row.card.relation):
            second = (await self.colleague()).id
        decision = PaperDecision(row.id, clerk.id, seen, note, clock.now(), refusal, confirmed_by=second)
        await self.run(papers.decide, decision)
        await self.work()
        return await self.look(row)


@pytest.fixture
async def home(make_db: Callable[..., Awaitable[Database]], clock_at: Callable[[str], StoppedClock]) -> Home:
    """It is Wednesday 25 November 2026, ten o'clock in Moscow."""
    stopped = clock_at("2026-11-25T10:00:00+03:00")
    return Home(await make_db(ground, metadata), Vault([VaultKey.fresh()]), stopped)


@pytest.fixture
async def olga(home: Home) -> Person:
    """Mother of Алёна."""
    return await home.parent(FullName("Смирнова", "Ольга", "Сергеевна"), "00000060001", "olga@pochta.example")


@pytest.fixture
async def dmitry(home: Home) -> Person:
    """Father of Алёна."""
    return await home.parent(FullName("Смирнов", "Дмитрий", "Олегович"), "00000060020", "dmitry@pochta.example")


@pytest.fixture
async def tamara(home: Home) -> Person:
    """A guardian, in no record of birth."""
    return await home.parent(FullName("Кузнецова", "Тамара", "Ивановна"), "00000060003", "tamara@pochta.example")


@pytest.fixture
async def artyom(home: Home) -> Person:
    """A father whose account is not confirmed."""
    name = FullName("Волков", "Артём", "Николаевич")
    return await home.parent(name, "00000060004", "artyom@pochta.example", level=Level.STANDARD)


@pytest.fixture
async def lyudmila(home: Home) -> Person:
    """The clerk."""
    return await home.parent(FullName("Зайцева", "Людмила", "Борисовна"), "00000060017", "lyudmila@pochta.example")
