"""What holds of every family after every event, read from the tables and asked of the slices that rely on it.

Each promise is one method and names in its assertion what was broken; `Promises.look` reads them all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from myschool.gosuslugi.checks import actions as checking
from myschool.gosuslugi.checks.actions import deadline_key
from myschool.gosuslugi.checks.model import DECIDED, OPEN, Actor, CheckDecided, CheckKind, CheckState, Claim
from myschool.gosuslugi.checks.store import registry_check
from myschool.gosuslugi.family.actions import look, provisional
from myschool.gosuslugi.family.actions.asking import questions_of
from myschool.gosuslugi.family.agreement_model import AgreementState
from myschool.gosuslugi.family.model import OVER, Guardianship, GuardianshipState, Right
from myschool.gosuslugi.family.questions import KINDS
from myschool.gosuslugi.family.store import agreements, deletions, guardianships
from myschool.gosuslugi.family.store import provisional as provisional_store
from myschool.gosuslugi.grants import guardians
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.gosuslugi.people.store import person
from myschool.kit import clock
from myschool.kit.agenda import agenda_item
from myschool.kit.web import sessions
from myschool.kit.web.sessions import Session
from tests.gosuslugi.checks.registry_fake import FakeRegistry
from tests.gosuslugi.family.conftest import Home

S = GuardianshipState
SESSION_LIFE = timedelta(days=3650)


@dataclass
class CountingRegistry(FakeRegistry):
    """Remembers how often each question was taken."""

    accepted: Counter[UUID] = field(default_factory=Counter)

    async def ask(self, request_id: UUID, kind: CheckKind, claim: Claim) -> Any:
        answer = await super().ask(request_id, kind, claim)
        if not self.away:
            self.accepted[request_id] += 1
        return answer


@dataclass
class HeardHome(Home):
    """Keeps what the checks told upwards."""

    decided: list[UUID] = field(default_factory=list)

    def reactions(self) -> Any:
        async def heard(_work: Any, event: CheckDecided) -> None:
            self.decided.append(event.check_id)

        table = super().reactions()
        return table | {CheckDecided: [heard, *table[CheckDecided]]}


@dataclass
class Promises:
    """`standing`: sessions in accounts of children, real and provisional, with the person that each is of."""

    home: HeardHome
    rows: list[UUID] = field(default_factory=list)
    ends: dict[UUID, CheckState] = field(default_factory=dict)
    standing: list[tuple[Session, UUID]] = field(default_factory=list)
    keys: dict[UUID, UUID] = field(default_factory=dict)
    """Who had the keys of which child's account, by guardianship, after the event before."""

    async def look(self, tx: Any) -> None:
        vault = self.home.vault
        known = [await guardianships.load(tx, vault, row_id) for row_id in self.rows]
        rows = [row for row in known if row is not None]
        persons = await self._persons(tx)
        await self.nothing_failed(tx)
        await self.a_check_is_sent_once_and_decided_once(tx)
        await self.one_child_has_one_account(tx, rows, persons)
        await self.no_account_without_a_decision(tx, rows, persons)
        await self.one_provisional_account_a_guardianship(tx, rows, persons)
        for row in rows:
            await self.it_waits_for_somebody_until_a_day(tx, row)
            await self.what_is_over_authorises_nothing(tx, row, rows)
        await self.sessions_end_with_the_keys(tx, rows)

    async def _persons(self, tx: Any) -> dict[UUID, tuple[Person, bool]]:
        """Everybody, and whether the account is closed."""
        listed = (await tx.execute(select(person.c.id, person.c.closed_at))).all()
        found = await people.by_ids(tx, self.home.vault, [one.id for one in listed if one.closed_at is None])
        return {one.id: (found[one.id], False) for one in listed if one.id in found}

    async def nothing_failed(self, tx: Any) -> None:
        failed = (await tx.execute(select(agenda_item.c.kind).where(agenda_item.c.attempts > 1))).scalars().all()
        assert not failed, f"reactions fail: {failed}"

    # -- checks --------------------------------------------------------------------------------------------------------

    async def a_check_is_sent_once_and_decided_once(self, tx: Any) -> None:
        registry = self.home.registry
        assert isinstance(registry, CountingRegistry)
        assert all(count == 1 for count in registry.accepted.values()), "sent twice"
        query = select(registry_check.c.id).order_by(registry_check.c.revision)
        checks = [await checking.get(tx, check_id) for check_id in (await tx.execute(query)).scalars()]
        told = Counter(self.home.decided)
        assert all(count == 1 for count in told.values()), "decided twice"
        assert set(told) == {check.id for check in checks if check.state in DECIDED}, "decided, and nobody told"
        by_question: dict[tuple[UUID, str], list[int]] = {}
        for check in checks:
            by_question.setdefault((check.subject_id, check.kind), []).append(check.revision)
            if check.id in self.ends:
                assert check.state is self.ends[check.id], "what is at an end stays there"
            elif check.state not in OPEN:
                self.ends[check.id] = check.state
        assert all(known == list(range(1, len(known) + 1)) for known in by_question.values()), "a revision twice"
        waiting = Counter((check.subject_id, check.kind) for check in checks if check.state in OPEN)
        assert all(count == 1 for count in waiting.values()), "two open questions about one card"

    # -- accounts ------------------------------------------------------------------------------------------------------

    async def one_child_has_one_account(
        self, tx: Any, rows: Sequence[Guardianship], persons: dict[UUID, tuple[Person, bool]]
    ) -> None:
        real = [one for one, _ in persons.values() if one.level is not Level.PROVISIONAL]
        children = await guardianships.children(
            tx, self.home.vault, list({row.child_id for row in rows if row.child_id})
        )
        assert len({child.card.birth_date for child in children.values()}) == len(children), "one child twice"
        for born in {row.card.birth_date for row in rows}:
            assert sum(one.birth_date == born for one in real) <= 1, "two accounts for one child"
        of_children = {child.person_id for child in children.values()}
        assert all(one.id in of_children for one in real if one.level is Level.CHILD), "an account of no child"

    async def no_account_without_a_decision(
        self, tx: Any, rows: Sequence[Guardianship], persons: dict[UUID, tuple[Person, bool]]
    ) -> None:
        query = select(guardianships.paper_decision.c.guardianship_id).where(
            guardianships.paper_decision.c.refusal.is_(None)
        )
        by_clerk = set((await tx.execute(query)).scalars())
        c = registry_check.c
        asked = await tx.execute(select(c.subject_id, c.kind, c.state).order_by(c.revision))
        newest = {(one.subject_id, one.kind): one.state for one in asked}
        said = {question for question, state in newest.items() if state == CheckState.CONFIRMED}
        by_register = {row.id for row in rows if all((row.id, kind) in said for kind in KINDS)}
        decided = by_clerk | by_register
        for row in rows:
            assert row.child_id is None or row.id in decided, "in force, and nobody decided"
        represented = {row.card.birth_date for row in rows if row.id in decided}
        for one, _ in persons.values():
            assert one.level is not Level.CHILD or one.birth_date in represented, "an account nobody decided about"

    async def one_provisional_account_a_guardianship(
        self, tx: Any, rows: Sequence[Guardianship], persons: dict[UUID, tuple[Person, bool]]
    ) -> None:
        now = clock.now()
        table = provisional_store.provisional_account
        living = list((await tx.execute(select(table).where(table.c.closed_at.is_(None)))).all())
        assert len({one.guardianship_id for one in living}) == len(living), "two provisional accounts of one card"
        open_ones = {one.id for one, _ in persons.values() if one.level is Level.PROVISIONAL}
        assert open_ones == {one.person_id for one in living}, "open, and tied to no card"
        states = {row.id: row.state for row in rows}
        for one in living:
            assert states[one.guardianship_id] not in OVER | {S.ACTIVE, S.SUSPENDED}, "decided, and still provisional"
            stands = await provisional.living_of(tx, one.guardianship_id, now)
            assert stands is not None, "past its end, and still open"
            assert stands.until > now, "past its end, and still open"
            account = persons[one.person_id][0]
            assert account.snils is None, "a provisional account reserves a number"
        for session, person_id in self.standing:
            if person_id not in persons:
                assert not await self.stands(tx, session), "closed, and still signed in"

    # -- waiting -------------------------------------------------------------------------------------------------------

    async def it_waits_for_somebody_until_a_day(self, tx: Any, row: Guardianship) -> None:
        now, vault = clock.now(), self.home.vault
        if row.state is S.CHECKING:
            asked = await questions_of(tx, row.id)
            waiting = [one for one in (asked.certificate, asked.snils) if one is not None and one.waiting is not None]
            assert waiting, "checked by nobody"
            for check in waiting:
                assert check.waiting is not None
                assert check.waiting.who in Actor, "nobody acts next"
                assert check.waiting.until is not None, "no deadline"
                assert check.waiting.until > now, "past its deadline"
                keys = [deadline_key(check.id, state) for state in (CheckState.OVERDUE, CheckState.EXPIRED)]
                assert await self._timer(tx, keys), "no timer keeps the deadline of a check"
        elif row.state not in OVER | {S.ACTIVE}:
            assert row.due_at is not None, f"{row.state}: no deadline"
            assert row.due_at > now, f"{row.state}: past its deadline"
            comes = select(agenda_item.c.id).where(
                agenda_item.c.key.startswith(f"family:{row.id}:"), agenda_item.c.due_at == row.due_at
            )
            assert (await tx.execute(comes)).first() is not None, f"{row.state}: no timer"
        if row.second_look_until is not None:
            assert row.second_look_until > now, "the second clerk is awaited for ever"
        agreed = await agreements.load(tx, row.id)
        if agreed is not None and agreed.state is AgreementState.ASKED:
            assert agreed.due_at > now, "the pupil is asked for ever"
        child = await guardianships.load_child(tx, vault, row.child_id) if row.child_id else None
        leaving = await deletions.find(tx, child.person_id) if child is not None and child.person_id else None
        assert leaving is None or leaving.due_at > now, "a deletion waits for ever"

    async def _timer(self, tx: Any, keys: list[str]) -> bool:
        query = select(agenda_item.c.id).where(agenda_item.c.key.in_(keys), agenda_item.c.free_at > clock.now())
        return (await tx.execute(query)).first() is not None

    # -- rights --------------------------------------------------------------------------------------------------------

    async def what_is_over_authorises_nothing(self, tx: Any, row: Guardianship, rows: Sequence[Guardianship]) -> None:
        now, vault = clock.now(), self.home.vault
        stands = row.state is S.ACTIVE and now < row.card.grown_up_at and (row.ends_at is None or now < row.ends_at)
        kids = await look.kids_of(tx, vault, row.guardian_id, now, having=frozenset())
        assert stands or row.id not in {kid.guardianship.id for kid in kids}, "over, and told to other systems"
        if stands or row.child_id is None:
            return
        child = await guardianships.load_child(tx, vault, row.child_id)
        mine = [one for one in rows if one.guardian_id == row.guardian_id and one.child_id == row.child_id]
        if child.person_id is None or any(one.state is S.ACTIVE for one in mine):
            return
        for right in Right:
            assert not await look.may(tx, vault, row.guardian_id, child.person_id, right, now), f"over, and may {right}"
        assert not await guardians.is_guardian(tx, vault, row.guardian_id, child.person_id, now), "over, and permits"
        assert row.guardian_id not in {
            one.person_id for one in await guardians.of_child(tx, vault, child.person_id, now)
        }, "over, and asked to permit"
        account = await people.by_id(tx, vault, child.person_id)
        address = await look.code_address(tx, vault, account)
        own = {one.value for one in await people.contacts_of(tx, vault, row.guardian_id)}
        assert address is None or address.to not in own, "over, and gets the codes"

    async def sessions_end_with_the_keys(self, tx: Any, rows: Sequence[Guardianship]) -> None:
        """Who had the keys may be signed in as the child."""
        vault, keys = self.home.vault, {}
        for row in rows:
            child = await guardianships.load_child(tx, vault, row.child_id) if row.child_id else None
            if child is None or child.person_id is None or row.attached_at is None:
                continue
            account = await people.by_id(tx, vault, child.person_id)
            if row.state is S.ACTIVE and account.level is Level.CHILD and Right.CREDENTIALS in row.rights:
                keys[row.id] = child.person_id
        lost = {person_id for row_id, person_id in self.keys.items() if row_id not in keys}
        for session, person_id in self.standing:
            if person_id in lost:
                assert not await self.stands(tx, session), "the keys are gone, and the child is still signed in"
        self.keys = keys

    async def stands(self, tx: Any, session: Session) -> bool:
        found = await sessions.load(tx, self.home.vault, session.token, clock.now())
        return found.person_id is not None
