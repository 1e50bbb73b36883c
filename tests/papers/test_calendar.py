"""Working days of Russia, weighed day by day against an independent package of holidays."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.papers.calendar import (
    FIRST_KNOWN_YEAR,
    LAST_KNOWN_YEAR,
    add_working_days,
    deadline_in_days,
    deadline_in_working_days,
    is_working_day,
    working_days_between,
)
from myschool.papers.dates import MOSCOW, zone_of_region

STARTS = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 11, 1))


def test_every_day_of_the_known_years_is_as_others_have_it() -> None:
    """The table and the Labour Code give the same calendar as the package of holidays, transfers included."""
    witness = holidays.country_holidays("RU", years=range(FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR + 1))
    day = date(FIRST_KNOWN_YEAR, 1, 1)
    differing = []
    while day.year <= LAST_KNOWN_YEAR:
        if is_working_day(day) != witness.is_working_day(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 4, 27), True),  # Saturday given for 29 April
        (date(2024, 4, 29), False),
        (date(2024, 12, 28), True),
        (date(2025, 5, 8), False),  # from Sunday 23 February
        (date(2026, 3, 9), False),  # 8 March is a Sunday
        (date(2026, 11, 4), False),
        (date(2026, 12, 31), False),
        (date(2027, 2, 20), True),
        (date(2026, 11, 23), True),
    ],
)
def test_days_of_the_decrees(day: date, works: bool) -> None:
    """Transferred days off and working Saturdays."""
    assert is_working_day(day) is works


def test_the_years_of_the_table_have_as_many_working_days_as_the_state_says() -> None:
    """247 working days in 2025 and in 2026, 248 in 2024."""
    counts = {year: working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) for year in (2024, 2025, 2026)}
    assert counts == {2024: 248, 2025: 247, 2026: 247}


def test_an_unknown_year_follows_the_labour_code() -> None:
    """Without a decree a holiday on a weekend still moves to the next working day, one after another."""
    assert not is_working_day(date(2033, 5, 2))  # 1 May 2033 is a Sunday
    assert is_working_day(date(2033, 5, 3))
    assert not is_working_day(date(2032, 5, 3))  # 1 May 2032 is a Saturday
    assert not is_working_day(date(2032, 5, 10))  # 9 May 2032 is a Sunday


@given(STARTS, st.integers(0, 40))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    """As many working days lie between as were added, and the last is a working one."""
    end = add_working_days(start, days)
    assert working_days_between(start, end) == days
    assert days == 0 or is_working_day(end)


@given(STARTS, st.integers(0, 20), st.integers(0, 20))
def test_adding_in_two_steps_is_adding_at_once(start: date, first: int, second: int) -> None:
    """Working days add up."""
    assert add_working_days(add_working_days(start, first), second) == add_working_days(start, first + second)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    """Backwards there is nothing to count."""
    assert working_days_between(date(2026, 12, 2), date(2026, 12, 1)) == 0


def test_five_working_days_pass_over_the_new_year() -> None:
    """Asked on 30 December 2026, answered by the end of 15 January 2027."""
    asked_at = datetime(2026, 12, 30, 9, tzinfo=UTC)
    assert deadline_in_working_days(asked_at, 5, MOSCOW) == datetime(2027, 1, 15, 21, tzinfo=UTC)


def test_a_deadline_counts_from_the_day_of_the_asker() -> None:
    """Late in the evening of Moscow it is the next day in Kamchatka already."""
    asked_at = datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert deadline_in_working_days(asked_at, 5, MOSCOW) == datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert deadline_in_working_days(asked_at, 5, zone_of_region("41")) == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert deadline_in_days(asked_at, 30, MOSCOW) == datetime(2026, 12, 23, 21, tzinfo=UTC)
