"""Classes as people write them, and administrators who are checked."""

from datetime import date

import pytest

from myschool.papers.numbers import Snils
from myschool.portal.people import actions as people
from myschool.portal.people.model import Profile
from myschool.portal.roll import actions as roll
from myschool.portal.roll.model import (
    AcademicYear,
    LastAdministrator,
    NoSuchClass,
    NotAdministrator,
    SchoolClass,
    parse_grade,
    parse_letter,
    year_of_request,
)
from tests.portal.joining.conftest import NOW, OTHER, SCHOOL, Portal, portal, vault

__all__ = ["portal", "vault"]


@pytest.mark.parametrize(("typed", "letter"), [("б", "Б"), ("«А»", "А"), ("A", "А"), (" в ", "В"), ("ё", "Ё")])
def test_a_letter_is_read_as_typed(typed: str, letter: str) -> None:
    """Case, quotes and Latin twins are forgiven."""
    assert parse_letter(typed) == letter


@pytest.mark.parametrize("typed", ["", "АБ", "1", "Z", "А\x00", "🙂", "я" * 1000])
def test_what_is_no_letter_is_refused(typed: str) -> None:
    """One Russian letter or nothing."""
    with pytest.raises(NoSuchClass):
        parse_letter(typed)


@pytest.mark.parametrize("typed", ["0", "12", "-1", "８", "8а", "", "9" * 500])
def test_grades_are_one_to_eleven(typed: str) -> None:
    """Digits of other scripts and numbers without end are no grade."""
    with pytest.raises(NoSuchClass):
        parse_grade(typed)


def test_a_class_is_checked_when_it_is_made() -> None:
    """No class outside 1–11 exists."""
    assert str(SchoolClass(8, "Б")) == "8Б"
    with pytest.raises(NoSuchClass):
        SchoolClass(12)


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 6, 30), "2025/26"), (date(2026, 7, 1), "2026/27"), (date(2027, 1, 10), "2026/27")]
)
def test_requests_are_for_the_coming_year_from_july(today: date, year: str) -> None:
    """The year is named by both its calendar years."""
    assert str(year_of_request(today)) == year
    assert str(AcademicYear(2099)) == "2099/00"


async def test_an_appointment_is_taken_up_at_the_next_page(portal: Portal) -> None:
    """Whoever is appointed by СНИЛС acts for the school, has the profile, and for no other school."""
    person = await portal.db.run(lambda tx: people.person(tx, portal.vault, portal.elena.person_id))
    own = await portal.db.run(lambda tx: roll.administered_by(tx, portal.vault, person, NOW))
    assert [one.school for one in own] == [SCHOOL]
    assert Profile.ADMINISTRATOR in await portal.db.run(lambda tx: people.profiles_of(tx, person.id))
    with pytest.raises(NotAdministrator):
        await portal.db.run(lambda tx: roll.administrator_of(tx, portal.vault, person, OTHER, NOW))


async def test_a_stranger_acts_for_nobody(portal: Portal) -> None:
    """Without an appointment there is no school."""
    assert await portal.db.run(lambda tx: roll.administered_by(tx, portal.vault, portal.stranger, NOW)) == []


async def test_an_appointment_is_made_once(portal: Portal) -> None:
    """Starting again appoints nobody anew, even one who was dismissed."""
    snils = Snils("00000060003")
    await portal.db.run(lambda tx: roll.dismiss(tx, SCHOOL, portal.elena.person_id, by="system", now=NOW))
    await portal.db.run(lambda tx: roll.appoint_once(tx, portal.vault, SCHOOL, snils, by="system", now=NOW))
    person = await portal.db.run(lambda tx: people.person(tx, portal.vault, portal.elena.person_id))
    assert await portal.db.run(lambda tx: roll.administered_by(tx, portal.vault, person, NOW)) == []
    assert Profile.ADMINISTRATOR not in await portal.db.run(lambda tx: people.profiles_of(tx, person.id))


async def test_a_school_keeps_its_last_administrator(portal: Portal) -> None:
    """Never zero administrators."""
    with pytest.raises(LastAdministrator):
        await portal.db.run(lambda tx: roll.dismiss(tx, OTHER, portal.foreign.person_id, by="system", now=NOW))
