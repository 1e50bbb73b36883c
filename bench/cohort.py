"""A whole year of children in a database, and the clock that walks over their birthdays. For the benchmark and a test.

`load` writes children born on the days of one year, over all time zones, each with an account and one parent. `walk`
moves the clock day by day and lets the real look at birthdays (`birthday_rounds.batch`) do its work; every letter is
read back and counted. What is wanted is reckoned apart from the code under test: a day plus an hour in a time zone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, delete, func, insert, select

from myschool.gosuslugi.family.actions import birthday_rounds
from myschool.gosuslugi.family.birthday_model import Milestone, next_at
from myschool.gosuslugi.family.model import ALL_RIGHTS, Card, GuardianshipState, Relation
from myschool.gosuslugi.family.store import guardianships as family
from myschool.gosuslugi.family.store.birthdays import child_birthday
from myschool.gosuslugi.people import store as people
from myschool.gosuslugi.people.model import Level, Sex
from myschool.kit import agenda, clock, letters
from myschool.kit.clock import StoppedClock
from myschool.kit.db import Database
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.certificates import CertificateKind

TOWNS = {
    "Калининград": 2,
    "Москва": 3,
    "Самара": 4,
    "Екатеринбург": 5,
    "Омск": 6,
    "Красноярск": 7,
    "Иркутск": 8,
    "Якутск": 9,
    "Владивосток": 10,
    "Магадан": 11,
    "Петропавловск-Камчатский": 12,
}
"""A town in each of the eleven zones with its hours before Greenwich."""
CHUNK = 500
DAYS_BEFORE = {Milestone.SIXTY_DAYS: 60, Milestone.FOURTEEN_DAYS: 14, Milestone.FOURTEEN: 0}


@dataclass
class Born:
    """What must be told of one child: to the parent's and the child's mailbox."""

    day: date
    hours: int


@dataclass
class Cohort:
    """`born` by number; mailboxes are `p<number>@` and `c<number>@`."""

    year: int
    born: list[Born] = field(default_factory=list)


@dataclass
class Walked:
    letters: int = 0
    looks: int = 0
    busiest_day: int = 0
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each text went to each mailbox."""
    days: dict[str, list[date]] = field(default_factory=dict)
    """On which days (UTC) each mailbox got a letter."""


async def load(db: Database, vault: Vault, cohort: Cohort, children: int) -> None:
    towns = list(TOWNS)
    year_days = (date(cohort.year + 1, 1, 1) - date(cohort.year, 1, 1)).days
    for first in range(0, children, CHUNK):
        rows: dict[Table, list[dict[str, Any]]] = {}
        for number in range(first, min(first + CHUNK, children)):
            town = towns[number % len(towns)]
            born = date(cohort.year, 1, 1) + timedelta(days=number % year_days)
            cohort.born.append(Born(born, TOWNS[town]))
            for table, row in _rows(vault, number, _card(number, born, town)):
                rows.setdefault(table, []).append(row)

        async def write(tx: Any, rows: dict[Table, list[dict[str, Any]]] = rows) -> None:
            for table in (people.person, people.contact, family.child, family.guardianship):
                await tx.execute(insert(table), rows[table])

        await db.run(write)


def _card(number: int, born: date, town: str) -> Card:
    return Card(
        relation=Relation.MOTHER,
        family_name="Ровесникова",
        given_name="Вера",
        patronymic=None,
        birth_date=born,
        sex=Sex.FEMALE,
        snils_digits=f"{number:011d}",
        citizenship="RUS",
        address=f"г. {town}, ул. Школьная, 1",
        certificate_kind=CertificateKind.RUSSIAN,
        series="II-ПЕ",
        number=f"{number:06d}",
        issued_by="ЗАГС",
        issued_on=born,
    )


def _rows(vault: Vault, number: int, card: Card) -> Iterator[tuple[Table, dict[str, Any]]]:
    now, parent, child = clock.now(), new_id(), new_id()
    text, digits = msgspec.json.encode(card).decode(), card.snils_digits
    for person_id, letter, level in ((parent, "p", Level.CONFIRMED), (child, "c", Level.CHILD)):
        mailbox = f"{letter}{number}@year.example"
        yield (
            people.person,
            {
                "id": person_id,
                "oid": 1_000_000_000 + 2 * number + (letter == "c"),
                "family_name": card.family_name,
                "given_name": card.given_name,
                "level": level,
                "level_since": now,
                "created_at": now,
                "updated_at": now,
                "birth_date": card.birth_date if letter == "c" else None,
            },
        )
        yield (
            people.contact,
            {
                "id": new_id(),
                "person_id": person_id,
                "kind": "EML",
                "value_sealed": vault.seal(mailbox, place=people.CONTACT),
                "value_index": vault.index(mailbox, place=people.CONTACT),
                "verified_at": now,
            },
        )
    yield (
        family.child,
        {
            "id": child,
            "person_id": child,
            "card_sealed": vault.seal(text, place=family.CHILD_CARD),
            "snils_sealed": vault.seal(digits, place=family.CHILD_SNILS),
            "snils_index": vault.index(digits, place=family.CHILD_SNILS),
            "certificate_sealed": vault.seal(card.certificate_key, place=family.CHILD_CERTIFICATE),
            "certificate_index": vault.index(card.certificate_key, place=family.CHILD_CERTIFICATE),
            "created_at": now,
            "birthday_at": next_at(child, card),
        },
    )
    yield family.guardianship, _guardianship(vault, number, card, text, parent, child, now)


def _guardianship(
    vault: Vault, number: int, card: Card, text: str, parent: UUID, child: UUID, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "number": f"{number:09d}",
        "guardian_id": parent,
        "child_id": child,
        "relation": card.relation,
        "basis": "registry",
        "rights": " ".join(sorted(ALL_RIGHTS)),
        "state": GuardianshipState.ACTIVE,
        "since": now,
        "created_at": now,
        "attached_at": now,
        "card_sealed": vault.seal(text, place=family.CARD),
        "snils_sealed": vault.seal(card.snils_digits, place=family.SNILS),
        "snils_index": vault.index(card.snils_digits, place=family.SNILS),
    }


async def walk(db: Database, vault: Vault, stopped: StoppedClock, days: list[date], walked: Walked) -> None:
    """At the end of each of these days (UTC), in this order, the worker looks until nobody is due."""
    for day in days:
        stopped.at = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
        while await birthday_rounds.batch(db, vault):
            walked.looks += 1
        await _collect(db, vault, day, walked)


async def _collect(db: Database, vault: Vault, day: date, walked: Walked) -> None:
    """Reads the letters of the day as their addressees would, and clears the desk."""

    async def take(tx: Any) -> list[bytes]:
        rows = await tx.execute(delete(letters.letter).returning(letters.letter.c.sealed))
        await tx.execute(delete(agenda.agenda_item))
        return list(rows.scalars())

    sealed = await db.run(take)
    for one in sealed:
        letter = msgspec.json.decode(vault.open(one, place=letters.PLACE), type=letters.Message)
        walked.times[letter.to, letter.text] += 1
        walked.days.setdefault(letter.to, []).append(day)
    walked.letters += len(sealed)
    walked.busiest_day = max(walked.busiest_day, len(sealed))


def birthday(born: date, years: int) -> date:
    """Reckoned for itself: 29 February is 1 March where the year has none."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def expected(child: Born) -> list[tuple[date, date]]:
    """The days (UTC) between which each of the four letters to a mailbox goes: from nine, and from midnight, there."""
    windows = [(birthday(child.day, 14) - timedelta(days=before), 9, 2.0) for before in DAYS_BEFORE.values()]
    windows.append((birthday(child.day, 18), 0, 0.5))
    found = []
    for day, hour, spread in windows:
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - child.hours)
        found.append((begin.date(), (begin + timedelta(hours=spread)).date()))
    return found


@dataclass(frozen=True)
class Verdict:
    """Letters that went twice, that never went, and that went on another day than theirs."""

    duplicates: int
    missed: int
    astray: int


def judged(cohort: Cohort, walked: Walked) -> Verdict:
    duplicates = sum(times - 1 for times in walked.times.values())
    missed = astray = 0
    for number, child in enumerate(cohort.born):
        windows = expected(child)
        for mailbox in (f"p{number}@year.example", f"c{number}@year.example"):
            days = sorted(walked.days.get(mailbox, []))
            missed += max(len(windows) - len(days), 0)
            matched = zip(days, windows, strict=False)
            astray += sum(not first <= day <= last for day, (first, last) in matched)
            astray += max(len(days) - len(windows), 0)
    return Verdict(duplicates, missed, astray)


async def counts(db: Database) -> tuple[int, int]:
    """Hand-overs that were due on the fourteenth birthdays, and guardianships that ended on the eighteenth."""

    async def read(tx: Any) -> tuple[int, int]:
        due = select(func.count()).where(child_birthday.c.milestone == Milestone.FOURTEEN)
        over = select(func.count()).where(family.guardianship.c.end_reason == "majority")
        return await tx.scalar(due) or 0, await tx.scalar(over) or 0

    return await db.run(read)


def all_days(year: int) -> list[date]:
    """From before the first reminder to after the last fourteenth birthday, then the year of the eighteenth."""
    spans = (
        (date(year + 13, 10, 30), date(year + 15, 1, 2)),
        (date(year + 17, 12, 30), date(year + 19, 1, 2)),
    )
    return [first + timedelta(days=n) for first, last in spans for n in range((last - first).days)]
