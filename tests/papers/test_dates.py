"""Dates as typed and as worded, ages, 29 February, and the clocks of the regions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.papers.dates import (
    MOSCOW,
    age_on,
    birthday_number,
    counted,
    end_of_day,
    parse_date,
    parse_date_text,
    short_date,
    start_of_day,
    worded_date,
    worded_date_near,
    worded_day,
    worded_moment,
    worded_zone,
    zone_of_region,
)
from myschool.papers.errors import Empty, NoSuchDate, PaperRefused

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
BIRTHS = st.dates(min_value=date(1900, 1, 1), max_value=date(2080, 12, 31))


@given(DAYS)
def test_what_is_shown_can_be_typed_back(day: date) -> None:
    """Every form in which a date is shown is understood as the same date."""
    assert parse_date_text(short_date(day)) == day
    assert parse_date_text(worded_date(day)) == day
    assert parse_date_text(day.isoformat()) == day
    assert parse_date_text(f"{day:%d%m%Y}") == day
    assert parse_date(str(day.day), worded_day(day).split()[1], str(day.year)) == day


@pytest.mark.parametrize(
    "typed",
    ["2.12.2026", "02/12/2026", " 2 декабря 2026 г. ", "2 дек 2026", "2—12—2026", "2 Декабрь 2026 года", "2, 12, 2026"],
)
def test_a_date_is_read_as_people_type_it(typed: str) -> None:
    """Dots, strokes, dashes and words; the day stands first."""
    assert parse_date_text(typed) == date(2026, 12, 2)


@pytest.mark.parametrize("month", ["5", "05", "мая", "Май", "май"])
def test_may_has_two_stems(month: str) -> None:
    """«май» and «мая» are both May."""
    assert parse_date("9", month, "2015") == date(2015, 5, 9)


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        (("31", "2", "2015"), "day"),
        (("29", "2", "2015"), "day"),
        (("0", "2", "2015"), "day"),
        (("", "2", "2015"), "day"),
        (("1", "13", "2015"), "month"),
        (("1", "foo", "2015"), "month"),
        (("1", "", "2015"), "month"),
        (("1", "2", "15"), "year"),
        (("1", "2", "20155"), "year"),
        (("1", "2", "0000"), "year"),
        (("1", "2", "\x002015"), "year"),
        (("١", "2", "2015"), "day"),
    ],
)
def test_the_part_at_fault_is_named(fields: tuple[str, str, str], part: str) -> None:
    """The page can point at the field to mend."""
    with pytest.raises(NoSuchDate) as refused:
        parse_date(*fields)
    assert refused.value == NoSuchDate(part)


@pytest.mark.parametrize("typed", ["вчера", "12.2026", "2026", "1.1.26", "😀", "1" * 1000, "2026-1-1", "\x00"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    """Text that cannot be told apart into day, month and year is refused whole."""
    with pytest.raises(NoSuchDate):
        parse_date_text(typed)


def test_an_empty_date_is_empty() -> None:
    """Nothing typed is another refusal than something wrong."""
    with pytest.raises(Empty):
        parse_date(" ", "", "\u00a0")
    with pytest.raises(Empty):
        parse_date_text(" ")


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_refusal(typed: str) -> None:
    """Nothing typed breaks the reader."""
    try:
        assert isinstance(parse_date_text(typed), date)
    except PaperRefused:
        return


def test_moments_are_worded_by_the_clock_on_the_wall() -> None:
    """The same moment is today in Moscow and tomorrow in Kamchatka."""
    now = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
    moment = datetime(2026, 12, 2, 12, 5, tzinfo=UTC)
    assert worded_moment(moment, now, MOSCOW) == "сегодня в 15:05"
    assert worded_moment(moment, now, zone_of_region("41")) == "завтра в 00:05"
    assert worded_moment(moment - timedelta(days=1), now, MOSCOW) == "вчера в 15:05"
    assert worded_moment(datetime(2026, 11, 2, 6, tzinfo=UTC), now, MOSCOW) == "2 ноября в 09:00"
    assert worded_moment(datetime(2027, 1, 2, 6, tzinfo=UTC), now, MOSCOW) == "2 января 2027 года в 09:00"


def test_days_near_today_have_names() -> None:
    """Yesterday, today and tomorrow are named; other days of the year go without the year."""
    today = date(2026, 12, 31)
    assert worded_date_near(today, today) == "сегодня"
    assert worded_date_near(date(2027, 1, 1), today) == "завтра"
    assert worded_date_near(date(2026, 12, 29), today) == "29 декабря"
    assert worded_date_near(date(2027, 1, 2), today) == "2 января 2027 года"


@pytest.mark.parametrize(
    ("number", "worded"),
    [
        (0, "0 дней"),
        (1, "1 день"),
        (2, "2 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (12, "12 дней"),
        (21, "21 день"),
        (104, "104 дня"),
        (111, "111 дней"),
    ],
)
def test_nouns_agree_with_numbers(number: int, worded: str) -> None:
    """«1 день», «2 дня», «5 дней», and eleven is not one."""
    assert counted(number, "день", "дня", "дней") == worded


@given(BIRTHS, st.integers(0, 18))
def test_age_changes_on_the_birthday_and_only_then(birth: date, years: int) -> None:
    """A day before the birthday a person is a year younger, for every birth date."""
    birthday = birthday_number(birth, years)
    assert age_on(birth, birthday) == years
    assert age_on(birth, birthday - timedelta(days=1)) == years - 1


def test_a_child_of_29_february_grows_older_on_1_march() -> None:
    """In a common year; in a leap year the birthday is its own."""
    birth = date(2012, 2, 29)
    assert birthday_number(birth, 14) == date(2026, 3, 1)
    assert age_on(birth, date(2026, 2, 28)) == 13
    assert age_on(birth, date(2026, 3, 1)) == 14
    assert birthday_number(birth, 16) == date(2028, 2, 29)


def test_a_birthday_begins_at_midnight_where_the_person_lives() -> None:
    """In Kamchatka at noon of the day before by Greenwich."""
    assert start_of_day(date(2026, 12, 2), zone_of_region("41")) == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert start_of_day(date(2026, 12, 2), zone_of_region("39")) == datetime(2026, 12, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "zone", "worded"),
    [
        ("39", "Europe/Kaliningrad", "МСК−1"),
        ("77", "Europe/Moscow", "МСК"),
        ("71", "Europe/Moscow", "МСК"),
        ("63", "Europe/Samara", "МСК+1"),
        ("66", "Asia/Yekaterinburg", "МСК+2"),
        ("55", "Asia/Omsk", "МСК+3"),
        ("54", "Asia/Novosibirsk", "МСК+4"),
        ("38", "Asia/Irkutsk", "МСК+5"),
        ("14", "Asia/Yakutsk", "МСК+6"),
        ("25", "Asia/Vladivostok", "МСК+7"),
        ("49", "Asia/Magadan", "МСК+8"),
        ("41", "Asia/Kamchatka", "МСК+9"),
        ("87", "Asia/Anadyr", "МСК+9"),
        ("00", "Europe/Moscow", "МСК"),
    ],
)
def test_every_region_lives_by_its_clock(region: str, zone: str, worded: str) -> None:
    """From Kaliningrad to Kamchatka, and Moscow's where nothing is known."""
    assert zone_of_region(region) == ZoneInfo(zone)
    assert worded_zone(zone_of_region(region), datetime(2026, 12, 2, tzinfo=UTC)) == worded


def test_the_end_of_a_day_is_the_next_midnight_there() -> None:
    """A day ends nine hours earlier in Kamchatka than in Moscow."""
    assert end_of_day(date(2026, 12, 2), MOSCOW) == datetime(2026, 12, 2, 21, tzinfo=UTC)
    assert end_of_day(date(2026, 12, 2), zone_of_region("41")) == datetime(2026, 12, 2, 12, tzinfo=UTC)
