"""14 and 18: who is told, when and how often; the account is handed over in place; the adults' rights end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from myschool.gosuslugi.family.actions import account, birthday_rounds, birthdays, look
from myschool.gosuslugi.family.birthday_model import Milestone, Outcome, come, due_at, next_at
from myschool.gosuslugi.family.model import ALL_RIGHTS, READING, EndReason, GuardianshipState, NotNow, Relation, Right
from myschool.gosuslugi.family.store.birthdays import child_birthday
from myschool.gosuslugi.family.store.guardianships import child
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Move, Person
from myschool.kit import agenda, clock
from myschool.kit.agenda_worker import Worker
from myschool.kit.ids import new_id
from tests.gosuslugi.family.conftest import Home, a_card

BORN = date(2012, 11, 29)
"""Fourteen on Sunday 29 November 2026, four days after the test begins."""
MAILBOX, OLGA, DMITRY = "alyona@deti.example", "olga@pochta.example", "dmitry@pochta.example"
KAMCHATKA = "г. Петропавловск-Камчатский"


async def look_round(home: Home) -> birthdays.Seen:
    seen = await home.db.run(lambda tx: birthdays.look(tx, home.vault, clock.now()))
    await home.work()
    return seen


async def at(home: Home, day: date, hour: int = 12, zone: str = "Europe/Moscow") -> birthdays.Seen:
    """It is that hour of that day there, and the worker looks."""
    home.clock.at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return await look_round(home)


def birthday_subjects(home: Home, to: str) -> list[str]:
    return [one for one in home.post.subjects(to) if "14" in one or "18" in one]


async def with_account(home: Home, parent: Person, **card: Any) -> Any:
    row = await home.confirmed(
        parent, a_card(birth_date=BORN, issued_on=date(2012, 12, 10)) if not card else a_card(**card)
    )
    await home.open_account(row, MAILBOX)
    return await home.look(row)


async def outcomes(home: Home) -> dict[str, str]:
    async with home.db.transaction() as tx:
        rows = (await tx.execute(select(child_birthday))).all()
    return {row.milestone: row.outcome for row in rows}


async def test_both_parents_and_the_child_are_told_three_times_and_never_twice(
    home: Home, olga: Person, dmitry: Person
) -> None:
    """60 and 14 days before, and on the day, in the morning there; however often the worker looks."""
    born = date(2013, 3, 10)
    await with_account(home, olga, birth_date=born, issued_on=date(2013, 3, 20))
    await home.confirmed(dmitry, a_card(Relation.FATHER, birth_date=born, issued_on=date(2013, 3, 20)))
    birthday = date(2027, 3, 10)
    for day in range(75):
        for _ in range(2):
            await at(home, birthday - timedelta(days=70 - day))
    for mailbox in (OLGA, DMITRY):
        assert len(birthday_subjects(home, mailbox)) == 3, mailbox
    assert birthday_subjects(home, MAILBOX) == ["Скоро 14: 10 марта"] * 2 + [
        "Тебе 14: учётная запись может стать твоей"
    ]
    texts = [one.text for one in home.post.letters if one.to == OLGA]
    assert any("через 60 дней, 10 марта" in text for text in texts)
    assert any("через 14 дней, 10 марта" in text for text in texts)
    assert set((await outcomes(home)).values()) == {Outcome.TOLD}


async def test_the_letter_comes_in_the_morning_where_the_child_lives(home: Home, olga: Person) -> None:
    """Nine o'clock in Kamchatka is midnight in Moscow."""
    row = await home.confirmed(olga, a_card(birth_date=BORN, issued_on=date(2012, 12, 10), address=KAMCHATKA))
    await look_round(home)
    (moment,) = {due_at(Milestone.FOURTEEN, row.child_id or new_id(), row.card)}
    assert moment.astimezone(ZoneInfo("Asia/Kamchatka")).hour in (9, 10)
    home.clock.at = moment - timedelta(seconds=1)
    assert (await look_round(home)).children == 0
    home.clock.at = moment
    assert (await look_round(home)).letters == 1


async def test_a_worker_that_slept_for_months_tells_the_last_only(home: Home, olga: Person) -> None:
    """No reminder comes after the day itself."""
    await with_account(home, olga)
    seen = await at(home, date(2027, 2, 1))
    assert seen.letters == 2
    assert birthday_subjects(home, OLGA) == ["Алёна: 14 лет, пора передать учётную запись"]
    assert await outcomes(home) == {
        Milestone.SIXTY_DAYS: Outcome.SUPERSEDED,
        Milestone.FOURTEEN_DAYS: Outcome.SUPERSEDED,
        Milestone.FOURTEEN: Outcome.TOLD,
    }


async def test_who_has_no_right_to_notices_is_told_nothing(home: Home, olga: Person, tamara: Person) -> None:
    """A guardian whose papers no clerk has seen, and a parent who said «Это не мой ребёнок»."""
    await with_account(home, olga)
    await home.confirmed(tamara, a_card(Relation.GUARDIAN, birth_date=BORN, issued_on=date(2012, 12, 10)))
    await at(home, date(2026, 11, 29))
    assert birthday_subjects(home, "tamara@pochta.example") == []
    assert len(birthday_subjects(home, OLGA)) == 1


async def test_nothing_breaks_while_there_is_no_passport(home: Home, olga: Person) -> None:
    """A year after 14: the child's account is the parent's to look after, codes go to the parent."""
    row = await with_account(home, olga)
    await at(home, date(2027, 11, 29))
    row = await home.look(row)
    assert (row.state, row.rights) == (GuardianshipState.ACTIVE, ALL_RIGHTS)
    async with home.db.transaction() as tx:
        (kid,) = await look.kids_of(tx, home.vault, olga.id, clock.now())
        assert kid.person is not None
        assert kid.person.level is Level.CHILD
        address = await look.code_address(tx, home.vault, kid.person)
    assert address is not None
    assert address.to.formatted() == OLGA


async def hand_over(home: Home, row: Any) -> Person:
    """As `signin` does once the registers confirmed the passport."""
    async with home.db.transaction() as tx:
        entry = await look.entry(tx, home.vault, row.id, row.guardian_id)
        assert entry.child is not None
        assert entry.child.person_id is not None
        await people.raise_level(tx, home.vault, entry.child.person_id, Move.HAND_OVER, actor="system", now=clock.now())
        return await people.by_id(tx, home.vault, entry.child.person_id)


async def test_the_adults_rights_narrow_in_the_moment_of_the_hand_over(home: Home, olga: Person) -> None:
    """Before the reaction has run nothing but reading is left; afterwards it is written down and told."""
    row = await with_account(home, olga)
    await at(home, date(2026, 11, 29))
    before = await hand_over(home, row)
    async with home.db.transaction() as tx:
        for right in Right:
            allowed = await look.may(tx, home.vault, olga.id, before.id, right, clock.now())
            assert allowed is (right in READING), right
        with pytest.raises(NotNow):
            await account.may_open(tx, home.vault, row.id, olga.id, clock.now())
        own = await look.code_address(tx, home.vault, before)
    assert own is not None
    assert own.to.formatted() == MAILBOX, "the second factor is the pupil's own"
    await home.work()
    row = await home.look(row)
    assert (row.state, row.rights) == (GuardianshipState.ACTIVE, READING)
    assert home.post.subjects(OLGA)[-1] == "Учётная запись теперь у ребёнка"
    async with home.db.transaction() as tx:
        (kid,) = await look.kids_of(tx, home.vault, olga.id, clock.now())
    assert kid.person is not None
    assert (kid.person.id, kid.person.oid) == (before.id, before.oid), "the link of the school is kept"


async def test_at_eighteen_nobody_represents_the_pupil_even_if_no_worker_runs(home: Home, olga: Person) -> None:
    """To the second: rights, /kids and letters."""
    row = await with_account(home, olga)
    majority = row.card.grown_up_at
    assert majority == datetime(2030, 11, 28, 21, tzinfo=UTC)
    home.clock.at = majority - timedelta(seconds=1)
    async with home.db.transaction() as tx:
        (kid,) = await look.kids_of(tx, home.vault, olga.id, clock.now())
    assert kid.person is not None
    home.clock.at = majority
    async with home.db.transaction() as tx:
        assert await look.kids_of(tx, home.vault, olga.id, clock.now()) == []
        assert await look.guardians_of(tx, home.vault, kid.person.id, clock.now()) == []
        with pytest.raises(NotNow):
            await account.may_open(tx, home.vault, row.id, olga.id, clock.now())


async def test_at_eighteen_the_guardianship_ends_and_both_are_told_once(
    home: Home, olga: Person, dmitry: Person
) -> None:
    """Identifiers and history stay."""
    row = await with_account(home, olga)
    his = await home.confirmed(dmitry, a_card(Relation.FATHER, birth_date=BORN, issued_on=date(2012, 12, 10)))
    for _ in range(3):
        await at(home, date(2030, 11, 29), hour=1)
    for one in (row, his):
        over = await home.look(one)
        assert (over.state, over.end_reason) == (GuardianshipState.ENDED, EndReason.MAJORITY)
    assert home.post.subjects(OLGA).count("Вы больше не представляете ребёнка") == 1
    assert home.post.subjects(DMITRY).count("Вы больше не представляете ребёнка") == 1
    assert home.post.subjects(MAILBOX).count("Вам 18: вы решаете за себя сами") == 1
    async with home.db.transaction() as tx:
        (kept,) = (await tx.execute(select(child))).all()
        person = await people.by_id(tx, home.vault, kept.person_id)
        steps = await look.history(tx, row.id)
    assert (person.id, person.level) == (kept.person_id, Level.CHILD)
    assert next(step.reason for step in steps) == "majority"
    assert "attached" in [step.reason for step in steps]
    assert kept.birthday_at is None, "nobody looks again"


async def test_a_child_from_before_the_upgrade_is_planned_at_the_first_look(home: Home, olga: Person) -> None:
    """The revision marks every child as due: nothing is told before its day, then it is, and the region is learnt."""
    row = await with_account(home, olga, birth_date=BORN, issued_on=date(2012, 12, 10), address=KAMCHATKA)
    async with home.db.transaction() as tx:
        await tx.execute(child_birthday.delete())
        await tx.execute(update(child).values(birthday_at=datetime(2026, 11, 1, tzinfo=UTC)))
    home.clock.at = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=100)
    assert (await look_round(home)).letters == 2, "the reminder of 60 days, late"
    async with home.db.transaction() as tx:
        (kid,) = await look.kids_of(tx, home.vault, olga.id, clock.now())
    assert kid.person is not None
    assert kid.person.region == "41"
    assert row.card.day_at(datetime(2026, 11, 28, 13, tzinfo=UTC)) == BORN.replace(year=2026)


async def test_one_broken_child_holds_nobody_else_up(home: Home, olga: Person, dmitry: Person) -> None:
    """Its look fails and is put off by an hour; the other's letter goes."""
    broken = await home.confirmed(olga, a_card(birth_date=date(2012, 11, 26), issued_on=date(2012, 12, 10)))
    other = {"snils_digits": "00000060102", "number": "600102", "given_name": "Фёдор"}
    await home.confirmed(dmitry, a_card(Relation.FATHER, birth_date=BORN, issued_on=date(2012, 12, 10), **other))
    async with home.db.transaction() as tx:
        await tx.execute(update(child).where(child.c.id == broken.child_id).values(card_sealed=b"spoilt"))
    home.clock.at = datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert await birthday_rounds.batch(home.db, home.vault) is False
    await home.work()
    assert birthday_subjects(home, DMITRY) == ["Фёдор: 14 лет"]
    async with home.db.transaction() as tx:
        put_off = (await tx.execute(select(child.c.birthday_at).where(child.c.id == broken.child_id))).scalar_one()
    assert put_off == clock.now() + birthday_rounds.PUT_OFF


async def test_the_agenda_sleeps_until_somebody_is_due_and_survives_every_clock(home: Home, olga: Person) -> None:
    """Set far ahead and back again, its one item is there and due within the hour."""
    await with_account(home, olga)
    context = type("Ctx", (), {"vault": home.vault})()
    worker = Worker(home.db, {birthday_rounds.BirthdaysDue: [birthday_rounds.TURNS]}, context)

    async def due() -> list[datetime]:
        async with home.db.transaction() as tx:
            rows = await tx.execute(
                select(agenda.agenda_item.c.due_at).where(agenda.agenda_item.c.key == birthdays.KEY)
            )
            return list(rows.scalars())

    await home.db.run(birthdays.watch)
    await worker.drain()
    (next_look,) = await due()
    assert clock.now() < next_look <= clock.now() + birthday_rounds.LOOK_EVERY
    today = clock.now()
    home.clock.at = today + timedelta(days=3650)
    await worker.drain()
    home.clock.at = today
    await home.db.run(birthdays.watch)
    await home.db.run(birthdays.watch)
    assert await due() == [today]


@given(
    born=st.dates(date(2012, 1, 1), date(2014, 12, 31)),
    address=st.sampled_from([None, "Калининград", KAMCHATKA, "Новосибирск", "Анадырь"]),
    looks=st.lists(st.integers(0, 365 * 6 * 24), min_size=1, max_size=40),
)
def test_whatever_way_the_clock_goes_each_milestone_is_settled_once(
    born: date, address: str | None, looks: list[int]
) -> None:
    """Jumps, standstills, backwards: told at most once, never before its time, and the last one that came is told."""
    card, child_id = a_card(birth_date=born, address=address), new_id()
    settled: dict[Milestone, datetime] = {}
    begin = datetime(2025, 10, 1, tzinfo=UTC)
    for hours in looks:
        now = begin + timedelta(hours=hours)
        if (due := next_at(child_id, card, settled)) is None or due > now:
            assert come(child_id, card, settled, now) == []
            continue
        reached = come(child_id, card, settled, now)
        assert reached
        assert not set(reached) & settled.keys()
        assert all(due_at(one, child_id, card) <= now for one in reached)
        settled |= dict.fromkeys(reached, now)
    end = begin + timedelta(hours=max(looks))
    assert {one for one in Milestone if due_at(one, child_id, card) <= end} == settled.keys()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-200, 1800), min_size=2, max_size=10))
async def test_on_any_path_of_the_clock_no_letter_goes_twice_and_the_last_is_not_missed(
    home: Home, path: list[int]
) -> None:
    """The worker looks at days anywhere, in any order; each of the three subjects comes at most once."""
    home.clock.at = datetime(2026, 9, 1, tzinfo=UTC)
    number = new_id().int % 900_000 + 100_000
    mailbox = f"m{number}@pochta.example"
    name = (await home.parent(a_card().name, _snils(number), mailbox)).id
    async with home.db.transaction() as tx:
        parent = await people.by_id(tx, home.vault, name)
    card = a_card(birth_date=BORN, issued_on=date(2012, 12, 10), snils_digits=_snils(number + 1), number=f"{number}")
    await home.confirmed(parent, card)
    for days in path:
        home.clock.at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=days)
        await look_round(home)
    told = birthday_subjects(home, mailbox)
    assert told.count("Алёна: 14 лет") <= 1
    assert told.count("Алёна: 14 лет 29 ноября") <= 2
    if max(path) >= 90:
        ended = home.post.subjects(mailbox).count("Вы больше не представляете ребёнка")
        assert told.count("Алёна: 14 лет") + ended >= 1
    await home.db.run(_all_done)


async def _all_done(tx: Any) -> None:
    """The next example begins with nobody due."""
    await tx.execute(update(child).values(birthday_at=None))


def _snils(number: int) -> str:
    """Small numbers have no check digits."""
    return f"{number % 1_001_000:09d}00"
