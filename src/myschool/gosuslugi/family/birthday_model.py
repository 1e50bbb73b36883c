"""Birthdays that change who may do what: reminders before 14, the day itself, and 18.

    60 days ─▶ 14 days ─▶ 14 ───────── the passport, whenever it is entered ─────────▶ 18
    letter     letter     letter       the account is the pupil's, adults read        the adults' rights end

The door for the passport opens by itself at 14, and guardianships authorise nothing from 18 on (`Card.grown_up_at`):
both are read off the clock. What stands here is only what must be told and written down, once each.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.family.model import Card
from myschool.gosuslugi.people.model import ADULT_AT, PASSPORT_AT
from myschool.kit.agenda import Event
from myschool.papers.dates import birthday_number, start_of_day

MORNING = timedelta(hours=9)


class Milestone(StrEnum):
    """In the order of their days."""

    SIXTY_DAYS = "sixty_days"
    FOURTEEN_DAYS = "fourteen_days"
    FOURTEEN = "fourteen"
    EIGHTEEN = "eighteen"


class Outcome(StrEnum):
    """What became of a milestone; one is settled once."""

    TOLD = "told"
    SUPERSEDED = "superseded"
    """A later one had come before anybody looked."""
    NEEDLESS = "needless"
    """The pupil has an account of their own already."""


@dataclass(frozen=True)
class Rule:
    """Of which birthday, how long before, at which hour there, and over how long a time the children are spread."""

    years: int
    days_before: int
    hour: timedelta
    spread: timedelta


RULES: Mapping[Milestone, Rule] = {
    Milestone.SIXTY_DAYS: Rule(PASSPORT_AT, 60, MORNING, timedelta(hours=2)),
    Milestone.FOURTEEN_DAYS: Rule(PASSPORT_AT, 14, MORNING, timedelta(hours=2)),
    Milestone.FOURTEEN: Rule(PASSPORT_AT, 0, MORNING, timedelta(hours=2)),
    Milestone.EIGHTEEN: Rule(ADULT_AT, 0, timedelta(), timedelta(minutes=10)),
}


class BirthdaysDue(Event, frozen=True, tag="family.birthdays_due"):
    """It is time to look whose milestone has come."""


def due_at(milestone: Milestone, child_id: UUID, card: Card) -> datetime:
    """When it is told: by the clocks of the child's home, each child at its own second of the spread."""
    rule = RULES[milestone]
    day = birthday_number(card.birth_date, rule.years) - timedelta(days=rule.days_before)
    return start_of_day(day, card.zone) + rule.hour + timedelta(seconds=child_id.int % int(rule.spread.total_seconds()))


def next_at(child_id: UUID, card: Card, settled: Collection[Milestone] = ()) -> datetime | None:
    """None when nothing is left."""
    return min((due_at(one, child_id, card) for one in Milestone if one not in settled), default=None)


def come(child_id: UUID, card: Card, settled: Collection[Milestone], now: datetime) -> list[Milestone]:
    """Those whose time has come and that nobody settled, in their order: the last is told, the others are too late."""
    return [one for one in Milestone if one not in settled and due_at(one, child_id, card) <= now]
