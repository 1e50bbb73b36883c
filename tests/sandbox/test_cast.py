"""The cast: everybody's papers are in order, nobody's are a living person's, and the registers know them."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from myschool.papers.certificates import check_issue_date, parse_number, parse_series
from myschool.papers.dates import age_on, birthday_number
from myschool.papers.names import parse_name
from myschool.papers.numbers import Email, Phone, Snils
from myschool.sandbox.cast import (
    CAST,
    AccountLevel,
    CastChild,
    Citizen,
    Role,
    child,
    children,
    citizen,
    registry_entries,
    stage_day,
)
from myschool.sandbox.registries.model import filed_under
from myschool.sandbox.registries.wire import Kind

TODAY = date(2026, 11, 23)
CHILDREN = children(TODAY)
EVERYBODY: list[Citizen | CastChild] = [*CAST, *CHILDREN]


@pytest.mark.parametrize("one", EVERYBODY, ids=lambda one: one.key)
def test_papers_of_everybody_are_in_order(one: Citizen | CastChild) -> None:
    """Names and numbers pass the rules of the forms unchanged."""
    assert Snils.parse(one.snils.formatted(), sandbox=True) == one.snils
    for part in (one.name.family_name, one.name.given_name, one.name.patronymic or one.name.given_name):
        assert parse_name(part) == part
    assert one.email is None or Email.parse(one.email.address) == one.email
    assert one.fate.endswith(".")


def test_no_number_can_belong_to_a_living_person() -> None:
    """СНИЛС of test persons, a passport series of no region, mail in the reserved domain."""
    assert all(int(one.snils.digits[:9]) <= Snils.LAST_WITHOUT_CONTROL for one in EVERYBODY)
    assert all(one.passport is None or one.passport.number.series.startswith("00") for one in CAST)
    assert all(one.email.domain.endswith(".example") for one in EVERYBODY if one.email)


def test_nobody_shares_a_number() -> None:
    """СНИЛС, telephones, addresses, passports and certificates are everybody's own."""
    assert len({one.snils for one in EVERYBODY}) == len(EVERYBODY)
    assert len({one.key for one in EVERYBODY}) == len(EVERYBODY)
    assert len({one.email.comparable() for one in EVERYBODY if one.email}) == len(EVERYBODY)
    assert len({one.phone for one in CAST}) == len(CAST)
    assert len({one.passport.number for one in CAST if one.passport}) == len(CAST)
    assert len({one.certificate.key() for one in CHILDREN}) == len(CHILDREN)


@pytest.mark.parametrize("one", CHILDREN, ids=lambda one: one.key)
def test_children_are_under_fourteen_and_their_certificates_hold(one: CastChild) -> None:
    """Series, number and issue date keep the rules of the birth certificate."""
    paper = one.certificate
    assert parse_series(paper.kind, paper.series or "") == paper.series
    assert parse_number(paper.kind, paper.number) == paper.number
    check_issue_date(paper.issued_on, birth_date=one.birth_date, today=TODAY)
    assert age_on(one.birth_date, TODAY) < 14


@pytest.mark.parametrize("one", CAST, ids=lambda one: one.key)
def test_grown_ups_have_a_passport_that_is_valid_on_the_day_of_the_play(one: Citizen) -> None:
    """Issued after the last birthday that demands a new one: 14, 20, 45."""
    assert one.passport is not None
    last = max(years for years in (14, 20, 45) if birthday_number(one.birth_date, years) <= TODAY)
    assert birthday_number(one.birth_date, last) <= one.passport.issued_on <= TODAY
    assert Phone.parse(one.phone.formatted()).may_receive_sms


def test_every_family_is_whole() -> None:
    """Every child has an adult, and every adult's child exists."""
    named = {key for one in CAST for key, _ in one.family}
    assert named == {one.key for one in CHILDREN}
    assert citizen("olga").family[0][0] == child("alyona").key


@pytest.mark.parametrize("day", ["2026-11-23", "2027-02-28", "2028-02-28", "2028-02-29", "2026-12-31"])
def test_one_child_is_fourteen_on_the_day_after_the_stage_was_set(day: str, tmp_path: Path) -> None:
    """Whenever that is; the child keeps the birth date when the programs start again on a later day."""
    now = datetime.fromisoformat(f"{day}T12:00:00+03:00")
    today = stage_day(tmp_path, now)
    lada = children(today)[-1]
    assert age_on(lada.birth_date, today) == 13
    assert age_on(lada.birth_date, today + timedelta(days=2)) == 14
    assert age_on(lada.birth_date, today + timedelta(days=1)) == (13 if day == "2028-02-28" else 14)
    assert children(stage_day(tmp_path, now + timedelta(days=400)))[-1].birth_date == lada.birth_date


def test_every_role_of_the_story_is_played() -> None:
    """Parent, guardian, pupil, newcomer and all officials."""
    assert {one.role for one in CAST} == set(Role) - {Role.CHILD}
    assert citizen("darya").level is AccountLevel.NONE
    assert age_on(citizen("mikhail").birth_date, TODAY) == 14


def test_the_registers_know_everybody_by_the_right_paper() -> None:
    """One entry a document, and only Matvey's certificate has no record."""
    entries = registry_entries(TODAY)
    assert len({filed_under(one.kind, one.document) for one in entries}) == len(entries)
    assert sum(one.kind is Kind.SNILS for one in entries) == len(CAST) + len(CHILDREN)
    assert sum(one.kind is Kind.PASSPORT for one in entries) == len(CAST) + 1, "Lada's too"
    unknown = [one for one in entries if one.record is None]
    assert [one.document["number"] for one in unknown] == [child("matvey").certificate.number]


def test_the_cast_hides_its_numbers_from_logs() -> None:
    """Even the fictional ones: whoever prints a citizen by accident prints no paper."""
    shown = repr(citizen("olga")) + repr(child("alyona")) + repr(registry_entries())
    assert "600101" not in shown
    assert "Смирнова" not in shown
