"""The provisional account of a child: what there is while the register decides.

    opened ──a register or a clerk confirms──▶ became_real   the same person: level child, СНИЛС and document set
       │
       ├── the child has an account already ─▶ gave_way      closed in favour of that one, which is attached
       ├── a clerk refused ──────────────────▶ refused
       ├── «Это не мой ребёнок», any end ────▶ ended
       └── 30 days after the last check ─────▶ expired

It is no account in the sense of «no account without a confirmed check or a clerk's decision; never two accounts for one
child»: it proves nothing, reserves neither СНИЛС nor document, stands for no `Child`, belongs to one guardianship and
opens the catalogue and the help only. What closes is closed for good: e-mail free, password gone, sessions over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from myschool.gosuslugi.checks.model import RegistryCheck
from myschool.gosuslugi.family.model import GuardianshipState
from myschool.gosuslugi.family.questions import Questions
from myschool.kit.agenda import Event

KEPT_FOR = timedelta(days=30)
"""After the last check ended without a confirmation: time to correct the card, or to go to a clerk."""
LONGEST_CHECK = timedelta(days=30)
"""For a question that has not been sent yet; a sent one knows its own end."""
REMINDED_BEFORE: Sequence[timedelta] = (timedelta(days=7), timedelta(days=1))
LOOKED_AT_EVERY = timedelta(days=7)
"""The end moves when the register answers, so the timer never sleeps longer."""

OPENABLE = frozenset({GuardianshipState.CHECKING, GuardianshipState.MISMATCH, GuardianshipState.REVIEW})
"""A card was sent, and nobody has decided yet."""


class Outcome(StrEnum):
    BECAME_REAL = "became_real"
    GAVE_WAY = "gave_way"
    REFUSED = "refused"
    ENDED = "ended"
    EXPIRED = "expired"


@dataclass(frozen=True)
class ProvisionalAccount:
    """«Временная учётная запись». `outcome` is None while it lives."""

    person_id: UUID
    guardianship_id: UUID
    guardian_id: UUID
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None


class ProvisionalDue(Event, frozen=True, tag="family.provisional_due"):
    """Time to remind of the end, or to close."""

    guardianship_id: UUID


class ProvisionalClosed(Event, frozen=True, tag="family.provisional_closed"):
    """It ended as anything but the real one; the parent is told."""

    guardianship_id: UUID
    outcome: Outcome


def lives_until(asked: Questions, opened_at: datetime) -> datetime:
    """The moment from which it is no more, as things stand now: 30 days after the last of the card's checks ends."""
    checks = [check for check in (asked.certificate, asked.snils) if check is not None]
    return max([_ends(check) for check in checks], default=opened_at) + KEPT_FOR


def _ends(check: RegistryCheck) -> datetime:
    """When it did, or at the latest will."""
    return (check.ends_at or check.created_at + LONGEST_CHECK) if check.is_open else check.since


def look_again_at(until: datetime, now: datetime) -> datetime:
    """When the timer goes off next: a reminder, the end, or a week from now."""
    moments = [until, *(until - before for before in REMINDED_BEFORE)]
    return min([moment for moment in moments if moment > now] + [now + LOOKED_AT_EVERY])


def reminder_due(until: datetime, now: datetime) -> timedelta | None:
    """Of the reminders whose time has come the latest; None before the first."""
    due = [before for before in REMINDED_BEFORE if until - before <= now < until]
    return min(due, default=None)
