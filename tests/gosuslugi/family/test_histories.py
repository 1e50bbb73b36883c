"""Random histories of a family: parents, a guardian, a child and a pupil, registers, clerks and the calendar.

Hypothesis chooses what happens; actions, worker and database are the real ones. After each event all of `promises` are
looked at. Every history begins in an empty house on the same morning: what one leaves on the agenda, or a clock that
runs on, would make the next one depend on it, and a failure could not be shown again.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text

from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import Content, Matter, ProposalRefused
from myschool.gosuslugi.checks import answers
from myschool.gosuslugi.checks import store as check_store
from myschool.gosuslugi.checks.model import Evidence, NoRecord
from myschool.gosuslugi.checks.store import registry_check
from myschool.gosuslugi.family.actions import (
    account,
    agreeing,
    attaching,
    deleting,
    drafts,
    ending,
    overseeing,
    papers,
    provisional,
    sending,
    suspending,
)
from myschool.gosuslugi.family.model import (
    CORRECTABLE,
    OVER,
    Card,
    EndReason,
    FamilyRefused,
    Guardianship,
    RefusalReason,
    Relation,
    SuspendReason,
)
from myschool.gosuslugi.family.papers_model import PaperDecision, SeenPaper, papers_needed
from myschool.gosuslugi.family.store import guardianships as store
from myschool.gosuslugi.family.store import provisional as provisional_store
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Move, Particulars, Person, Sex
from myschool.gosuslugi.tables import metadata
from myschool.kit import clock
from myschool.kit.schema import metadata as ground
from myschool.kit.web import sessions
from myschool.kit.web.sessions import Session
from myschool.papers.matching import How
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils
from tests.gosuslugi.checks.registry_fake import agreeing as every_field_agrees
from tests.gosuslugi.checks.test_histories import a_desk
from tests.gosuslugi.family.conftest import HASH, a_card
from tests.gosuslugi.family.promises import SESSION_LIFE, CountingRegistry, HeardHome, Promises

MORNING = datetime.fromisoformat("2026-11-25T07:00:00+00:00")
ADULTS = {
    "mother": (FullName("Смирнова", "Ольга", "Сергеевна"), Relation.MOTHER, "00000060001"),
    "father": (FullName("Смирнов", "Дмитрий", "Олегович"), Relation.FATHER, "00000060020"),
    "guardian": (FullName("Кузнецова", "Тамара", "Ивановна"), Relation.GUARDIAN, "00000060003"),
}
CLERK = FullName("Белова", "Зоя", "Игоревна")
CHILD: dict[str, Any] = {}
PUPIL: dict[str, Any] = {
    "family_name": "Смирнов",
    "given_name": "Никита",
    "sex": Sex.MALE,
    "birth_date": date(2009, 2, 2),
    "issued_on": date(2009, 2, 12),
    "snils_digits": "00000060009",
    "number": "600909",
}
"""Seventeen; of age within a few weeks."""
WHO = some.sampled_from(sorted(ADULTS))
CARD = some.integers(0, 5)
WHOM = some.sampled_from(["child", "child", "pupil"])
MEANT = some.sampled_from([{}, {}, {"patronymic": "Дмитриевна-Анна"}, {"number": "600102"}])
SAYS = some.sampled_from(["confirms", "contradicts", "no record"])
NO = (FamilyRefused, ProposalRefused)


class Histories(RuleBasedStateMachine):
    """Whoever does what in whatever order; a refusal is an answer, an error is none."""

    home: HeardHome
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    promises: Promises

    @initialize(pupil=some.booleans(), first=WHO, whom=WHOM)
    def begin(self, pupil: bool, first: str, whom: str) -> None:
        self.home.clock.at = MORNING
        self.run(self.home.db.run(empty))
        self.home.registry = CountingRegistry()
        self.home.decided.clear()
        self.home.post.letters.clear()
        self.cards: dict[tuple[str, str], UUID] = {}
        self.promises = Promises(self.home)
        self.mails = 0
        self.adults = {
            key: self.run(self.home.parent(name, snils, f"{key}@pochta.example"))
            for key, (name, _, snils) in ADULTS.items()
        }
        self.clerks = [
            self.run(
                self.home.parent(FullName("Белова", "Зоя", "Игоревна"), f"0000006009{at}", f"k{at}@pochta.example")
            )
            for at in range(2)
        ]
        self.pupil = self.run(self.home.db.run(self._account_of_pupil)) if pupil else None
        self._send(first, whom, {})

    # -- adults --------------------------------------------------------------------------------------------------------

    @rule(who=WHO, whom=WHOM, said=MEANT)
    def send_a_card(self, who: str, whom: str, said: dict[str, Any]) -> None:
        """Anew when the one before is over."""
        self._send(who, whom, said)

    def _send(self, who: str, whom: str, said: dict[str, Any]) -> None:
        row = self._of(who, whom)
        if row is not None and row.state not in OVER:
            return

        async def send(tx: Any) -> Guardianship:
            draft = await drafts.start(tx, self.home.vault, self.adults[who].id, clock.now())
            return await self._submit(tx, draft.id, who, whom, said)

        sent = self._try(send)
        if sent is not None:
            self.cards[who, whom] = sent.id
            self.promises.rows.append(sent.id)

    @rule(card=CARD, said=MEANT)
    def correct(self, card: int, said: dict[str, Any]) -> None:
        row = self._row(card)
        if row is None or row.state not in CORRECTABLE:
            return

        async def send(tx: Any) -> Guardianship:
            draft = await drafts.correct(tx, self.home.vault, row.guardian_id, row.id, {}, clock.now())
            return await self._submit(tx, draft.id, *self._whose(card), said)

        self._try(send)

    @rule(card=CARD)
    def send_again(self, card: int) -> None:
        self._on(card, lambda tx, row: sending.again(tx, self.home.vault, row.id, self._adult(row), clock.now()))

    @rule(card=CARD)
    def open_a_provisional_account(self, card: int) -> None:
        mail = self._mail()

        async def opened(tx: Any, row: Guardianship) -> None:
            ours = await provisional.may_open(tx, self.home.vault, row.id, row.guardian_id, clock.now())
            await account.note_confirmed_email(tx, self.home.vault, ours, mail, clock.now())
            await provisional.create(tx, self.home.vault, ours, HASH, clock.now())

        self._on(card, opened)

    @rule(card=CARD)
    def create_the_account(self, card: int) -> None:
        """«Создание учетной записи ребенка», or «Привязать» where there is one."""
        mail = self._mail()
        self._on(card, lambda tx, row: self._create(tx, row, mail))

    @rule(one=CARD, other=CARD)
    def two_adults_create_the_account_at_once(self, one: int, other: int) -> None:
        rows = [row for card in (one, other) if (row := self._row(card)) is not None]
        mails = [self._mail() for _ in rows]

        async def both() -> list[Any]:
            return await asyncio.gather(
                *(
                    self.home.db.run(partial(self._create, row=row, mail=mail))
                    for row, mail in zip(rows, mails, strict=True)
                ),
                return_exceptions=True,
            )

        for said in self.run(both()):
            if isinstance(said, BaseException) and not isinstance(said, NO):
                raise said

    @rule(card=CARD)
    def not_my_child(self, card: int) -> None:
        self._on(
            card,
            lambda tx, row: attaching.not_my_child(tx, self.home.vault, row.id, row.guardian_id, clock.now()),
        )

    @rule(card=CARD, stops=some.booleans())
    def delete_the_account(self, card: int, stops: bool) -> None:
        async def ask(tx: Any, row: Guardianship) -> None:
            ward = await overseeing.ward_of(tx, self.home.vault, row.id, row.guardian_id, clock.now())
            await (deleting.cancel if stops else deleting.ask)(tx, self.home.vault, ward, clock.now())

        self._on(card, ask)

    @rule(card=CARD, says=some.sampled_from([agreeing.agree, agreeing.agree, agreeing.refuse, agreeing.withdraw]))
    def the_pupil_answers(self, card: int, says: Any) -> None:
        async def answer(tx: Any, row: Guardianship) -> None:
            assert self.pupil is not None
            asked = await agreeing.question(tx, self.home.vault, row.id, self.pupil.id, clock.now())
            await says(tx, self.home.vault, asked, clock.now())

        if self.pupil is not None:
            self._on(card, answer)

    @rule(card=CARD)
    def ask_the_pupil_again(self, card: int) -> None:
        self._on(card, lambda tx, row: agreeing.ask_again(tx, self.home.vault, row.id, row.guardian_id, clock.now()))

    # -- registers -----------------------------------------------------------------------------------------------------

    @rule(card=CARD)
    def both_registers_confirm(self, card: int) -> None:
        if (row := self._row(card)) is not None:
            self._say([check for check, subject in self._checks() if subject == row.id], "confirms")

    @rule(
        which=some.integers(0, 30),
        says=some.sampled_from(["confirms", "contradicts", "no record"]),
        twice=some.booleans(),
    )
    def a_register_answers(self, which: int, says: str, twice: bool) -> None:
        """Any question that was ever put: in time, late, after a correction, again, or otherwise than before."""
        known = [check for check, _ in self._checks()]
        if known:
            self._say([known[-1 - which % len(known)]] * (2 if twice else 1), says)

    @rule(away=some.booleans())
    def the_registers_go_and_come(self, away: bool) -> None:
        self.home.registry.away = away

    @rule(by=some.sampled_from([timedelta(hours=1), timedelta(days=6), timedelta(days=16), timedelta(days=31)]))
    def time_passes(self, by: timedelta) -> None:
        self.run(self.home.work(by))

    # -- the service centre --------------------------------------------------------------------------------------------

    @rule(card=CARD, approved=some.booleans(), two=some.booleans())
    def a_clerk_decides(self, card: int, approved: bool, two: bool) -> None:
        first, second = self.clerks
        refusal = None if approved else RefusalReason.PAPERS_DIFFER

        async def decide(tx: Any, row: Guardianship) -> None:
            seen = papers_needed(row.card.relation)
            confirmed_by = second.id if two else None
            said = PaperDecision(row.id, first.id, seen, "", clock.now(), refusal, confirmed_by=confirmed_by)
            await papers.decide(tx, self.home.vault, said, clock.now())

        self._on(card, decide)

    @rule(card=CARD)
    def a_first_clerk_says_yes(self, card: int) -> None:
        async def propose(tx: Any, row: Guardianship) -> None:
            seen = [SeenPaper(one, "1") for one in papers_needed(row.card.relation)]
            await proposals.propose(tx, self.home.vault, self._clerk(0), row, Matter.PAPERS, Content(seen), clock.now())

        self._on(card, propose)

    @rule(card=CARD, at=some.integers(0, 1), agrees=some.booleans())
    def a_clerk_looks_at_the_proposal(self, card: int, at: int, agrees: bool) -> None:
        async def looked(tx: Any, row: Guardianship) -> None:
            made = await proposals.waiting_for(tx, self.home.vault, row.id)
            if made is None:
                return
            if agrees:
                await proposals.confirm(tx, self.home.vault, self._clerk(at), made.id, clock.now(), child_under=14)
            else:
                await proposals.send_back(tx, self.home.vault, self._clerk(at), made.id, "", clock.now())

        self._on(card, looked)

    @rule(card=CARD, why=some.sampled_from(SuspendReason))
    def suspend(self, card: int, why: SuspendReason) -> None:
        self._on(
            card,
            lambda tx, row: suspending.suspend(tx, self.home.vault, row.id, why, clock.now(), actor="clerk:1"),
        )

    @rule(card=CARD)
    def resume(self, card: int) -> None:
        self._on(card, lambda tx, row: suspending.resume(tx, self.home.vault, row.id, clock.now(), actor="clerk:1"))

    @rule(card=CARD)
    def the_adults_quarrel(self, card: int) -> None:
        async def freeze(tx: Any, row: Guardianship) -> None:
            if row.child_id is not None:
                await suspending.freeze_dispute(tx, self.home.vault, row.child_id, clock.now(), actor="clerk:1")

        self._on(card, freeze)

    @rule(card=CARD, why=some.sampled_from([EndReason.COURT, EndReason.REVOKED, EndReason.DEATH]))
    def it_ends(self, card: int, why: EndReason) -> None:
        self._on(card, lambda tx, row: ending.end(tx, self.home.vault, row.id, why, clock.now(), actor="clerk:1"))

    # -- what holds ----------------------------------------------------------------------------------------------------

    @invariant()
    def promises_hold(self) -> None:
        if not hasattr(self, "adults"):
            return
        self.run(self.home.work())
        self.run(self.home.db.run(self.promises.look))
        self.run(self.home.db.run(self._sign_in))

    # -- how it is done ------------------------------------------------------------------------------------------------

    def _whose(self, card: int) -> tuple[str, str]:
        """Of the cards that there are, counted round."""
        known = list(self.cards)
        return known[card % len(known)]

    def _row(self, card: int) -> Guardianship | None:
        return self._of(*self._whose(card)) if self.cards else None

    def _of(self, who: str, whom: str) -> Guardianship | None:
        if (row_id := self.cards.get((who, whom))) is None:
            return None
        found: Guardianship | None = self.run(self.home.db.run(lambda tx: store.load(tx, self.home.vault, row_id)))
        return found

    def _adult(self, row: Guardianship) -> Person:
        found: Person = next(one for one in self.adults.values() if one.id == row.guardian_id)
        return found

    def _on(self, card: int, deed: Callable[[Any, Guardianship], Any]) -> None:
        row = self._row(card)
        if row is not None:
            self._try(lambda tx: deed(tx, row))

    def _try(self, deed: Callable[[Any], Any]) -> Any:
        try:
            return self.run(self.home.db.run(deed))
        except NO:
            return None

    async def _submit(self, tx: Any, draft_id: UUID, who: str, whom: str, said: dict[str, Any]) -> Guardianship:
        card: Card = a_card(ADULTS[who][1], **((PUPIL if whom == "pupil" else CHILD) | said))
        return await sending.submit(
            tx, self.home.vault, draft_id, self.adults[who], card, clock.now(), to_attach=whom == "pupil"
        )

    async def _create(self, tx: Any, row: Guardianship, mail: Email) -> None:
        ours, child = await account.may_open(tx, self.home.vault, row.id, row.guardian_id, clock.now())
        await account.note_confirmed_email(tx, self.home.vault, ours, mail, clock.now())
        await account.create(tx, self.home.vault, ours, child, HASH, clock.now())

    def _mail(self) -> Email:
        self.mails += 1
        return Email(f"m{self.mails}@deti.example")

    def _clerk(self, at: int) -> Clerk:
        return Clerk(self.clerks[at].id, "МФЦ")

    def _checks(self) -> list[tuple[UUID, UUID]]:
        """Every question ever put, with the card that it is about; the oldest first."""
        c = registry_check.c

        async def found(tx: Any) -> list[Any]:
            query = select(c.id, c.subject_id).order_by(c.created_at, c.id)
            return [(one.id, one.subject_id) for one in await tx.execute(query)]

        listed: list[tuple[UUID, UUID]] = self.run(self.home.db.run(found))
        return listed

    def _say(self, check_ids: list[UUID], says: str) -> None:
        """All at once."""

        async def say(check_id: UUID) -> None:
            claim = await self.home.db.run(lambda tx: check_store.claim_of(tx, self.home.vault, check_id))
            evidence: Evidence = {
                "confirms": every_field_agrees(claim),
                "contradicts": every_field_agrees(claim, birth_date=How.DIFFERS),
                "no record": NoRecord(),
            }[says]  # type: ignore[assignment]
            answer = self.home.registry.decide(check_id, evidence)
            await self.home.db.run(lambda tx: answers.record(tx, self.home.vault, answer, clock.now()))

        async def all_of_them() -> None:
            await asyncio.gather(*(say(one) for one in check_ids))

        self.run(all_of_them())

    async def _sign_in(self, tx: Any) -> None:
        """Whatever account there is, somebody is signed in to it, so that whatever ends is seen to end."""
        standing = [one for one in self.promises.standing if await self.promises.stands(tx, one[0])]
        for person_id in set(await self._accounts(tx)) - {known for _, known in standing}:
            session = Session.fresh()
            session.sign_in(person_id, "Алёна", clock.now())
            await sessions.save(tx, self.home.vault, session, "test", clock.now(), SESSION_LIFE)
            standing.append((session, person_id))
        self.promises.standing = standing

    async def _accounts(self, tx: Any) -> list[UUID]:
        children = select(store.child.c.person_id).where(store.child.c.person_id.is_not(None))
        table = provisional_store.provisional_account
        living = select(table.c.person_id).where(table.c.closed_at.is_(None))
        return [*(await tx.execute(children)).scalars(), *(await tx.execute(living)).scalars()]

    async def _account_of_pupil(self, tx: Any) -> Person:
        """Registered himself, with СНИЛС and passport."""
        now, name = clock.now(), FullName("Смирнов", "Никита", "Дмитриевич")
        made = await people.create(tx, self.home.vault, name=name, contact=Email("nikita@pochta.example"), now=now)
        said = Particulars(PUPIL["birth_date"], Sex.MALE, Snils(PUPIL["snils_digits"]))
        await people.prove(tx, self.home.vault, made.id, name, said, [], now)
        await people.raise_level(tx, self.home.vault, made.id, Move.PROVE_PAPERS, actor="system", now=now)
        pupil: Person = await people.by_id(tx, self.home.vault, made.id)
        return pupil


async def empty(tx: Any) -> None:
    """Nothing of the history before is left, neither people nor what they have on the agenda."""
    names = [table.name for tables in (ground, metadata) for table in tables.sorted_tables]
    await tx.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))


def play(url: str, examples: int, steps: int) -> None:
    with a_desk(url) as (desk, runner):
        home = HeardHome(desk.db, desk.vault, desk.clock, CountingRegistry())
        machine = type("History", (Histories,), {"home": home, "run": staticmethod(runner.run)})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )


@pytest.mark.slow
def test_random_histories_of_a_family_keep_every_promise(postgres_url: str) -> None:
    """Whatever happens in whatever order."""
    play(postgres_url, 20, 30)
