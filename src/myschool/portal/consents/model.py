"""Consent: who gave it for whom, to which text, and until when it stood.

    given ──withdraw──▶ withdrawn        a new text is asked for anew; the old consent stands until it is answered

ConsentsError
├── ConsentMissing         a profile needs a standing consent
├── NotYoursToGive         for another person: only a parent, only for a child under 14
└── UnknownConsent         nothing that stands, or not yours to withdraw
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from myschool.kit.agenda import Event
from myschool.portal.people.model import Person

VERSION = "2026-11"
"""Of the text in `templates/consent_text.html`: changed together with it, whenever what is agreed to changes."""


class ConsentsError(Exception):
    pass


class ConsentMissing(ConsentsError):
    pass


class NotYoursToGive(ConsentsError):
    pass


class UnknownConsent(ConsentsError):
    pass


class ConsentGiven(Event, frozen=True, tag="consents.given"):
    person_id: UUID


class ConsentWithdrawn(Event, frozen=True, tag="consents.withdrawn"):
    """From now on the portal may not go on with this person's data beyond what the law itself demands."""

    person_id: UUID


@dataclass(frozen=True)
class Consent:
    """«Согласие на обработку персональных данных». `given_by` is the person, or the parent of a child under 14."""

    id: UUID
    person_id: UUID
    given_by: UUID
    version: str
    given_at: datetime


def consents_himself(person: Person, today: date) -> bool:
    """From 14 on a person consents himself (152-ФЗ with Civil Code art. 26; a parent may, too, until 18: not here)."""
    return not person.is_child_on(today)
