"""Who may choose which profile."""

from datetime import UTC, date, datetime

import pytest

from myschool.kit.ids import new_id
from myschool.papers.names import FullName
from myschool.portal.people.model import Hindrance, Level, Person, Profile, hindrance

TODAY = date(2026, 12, 2)
NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
H = Hindrance


def a_person(level: Level, born: date | None) -> Person:
    return Person(new_id(), 1_000_000_001, FullName("Орлов", "Пётр"), level, born, None, None, NOW)


@pytest.mark.parametrize(
    ("profile", "level", "born", "found"),
    [
        (Profile.LEARNER, Level.STANDARD, date(2012, 12, 2), None),
        (Profile.LEARNER, Level.STANDARD, date(2012, 12, 3), H.TOO_YOUNG_FOR_OWN_ACCOUNT),
        (Profile.LEARNER, Level.CONFIRMED, date(1990, 1, 1), None),
        (Profile.LEARNER, Level.CHILD, date(2018, 1, 1), None),
        (Profile.LEARNER, Level.SIMPLIFIED, None, H.LEVEL_TOO_LOW),
        (Profile.LEARNER, Level.SIMPLIFIED, date(2000, 1, 1), H.LEVEL_TOO_LOW),
        (Profile.GUARDIAN, Level.CHILD, date(2018, 1, 1), H.CHILD_ACCOUNT),
        (Profile.GUARDIAN, Level.CONFIRMED, date(2010, 12, 3), H.TOO_YOUNG),
        (Profile.GUARDIAN, Level.CONFIRMED, date(2010, 12, 2), None),
        (Profile.GUARDIAN, Level.SIMPLIFIED, None, H.LEVEL_TOO_LOW),
        (Profile.TEACHER, Level.STANDARD, date(2008, 12, 3), H.TOO_YOUNG),
        (Profile.TEACHER, Level.STANDARD, date(2008, 12, 2), None),
        (Profile.ADMINISTRATOR, Level.CONFIRMED, date(1980, 1, 1), H.NEVER_CHOSEN),
    ],
)
def test_a_profile_is_open_or_says_why_not(
    profile: Profile, level: Level, born: date | None, found: Hindrance | None
) -> None:
    """Level first, then age; a child account opens the learner's profile only; administrators are never chosen."""
    assert hindrance(profile, a_person(level, born), TODAY) is found


@pytest.mark.parametrize(
    ("level", "born", "child"),
    [
        (Level.CHILD, date(2011, 1, 1), True),
        (Level.STANDARD, date(2012, 12, 3), True),
        (Level.STANDARD, date(2012, 12, 2), False),
        (Level.SIMPLIFIED, None, False),
    ],
)
def test_a_guardian_acts_for_a_child(level: Level, born: date | None, child: bool) -> None:
    """A child account, or anybody under 14, whatever the account."""
    assert a_person(level, born).is_child_on(TODAY) is child


def test_a_person_shows_no_snils() -> None:
    """What identifies stays out of repr."""
    assert "snils" not in repr(a_person(Level.STANDARD, None))
