"""Working days of Russia: Labour Code, articles 111 and 112, and the Government's yearly transfers of days off.

The general package of holidays of all countries costs 46 MB and half a second at import, so the rule is written out
here; the tests weigh it against that package, day by day.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from myschool.papers.dates import end_of_day

_HOLIDAYS_OF_JANUARY = frozenset((1, day) for day in range(1, 9))
_OTHER_HOLIDAYS = frozenset({(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})
_SATURDAY = 5

_DAY_OFF_MOVED = {
    # Government decrees «О переносе выходных дней в … году», one a year: the day off goes from the first to the second.
    2024: {"01-06": "05-10", "01-07": "12-31", "04-27": "04-29", "11-02": "04-30", "12-28": "12-30"},
    2025: {"01-04": "05-02", "01-05": "12-31", "02-23": "05-08", "03-08": "06-13", "11-01": "11-03"},
    2026: {"01-03": "01-09", "01-04": "12-31"},
    2027: {"01-02": "11-05", "01-03": "12-31", "02-20": "02-22"},
}
FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR = min(_DAY_OFF_MOVED), max(_DAY_OFF_MOVED)
"""Outside these years only the Labour Code is applied, and a date may be a day or two off."""


def is_holiday(day: date) -> bool:
    """Non-working holiday of article 112, on whatever weekday it falls."""
    return (day.month, day.day) in _HOLIDAYS_OF_JANUARY | _OTHER_HOLIDAYS


def is_working_day(day: date) -> bool:
    """Five-day week, with holidays, transfers and working Saturdays."""
    extra_off, extra_work = _changes_of(day.year)
    if day in extra_work:
        return True
    return day.weekday() < _SATURDAY and not is_holiday(day) and day not in extra_off


@lru_cache(maxsize=16)
def _changes_of(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Weekdays that became days off, and Saturdays that became working, in a year."""
    moved = {
        date.fromisoformat(f"{year}-{source}"): date.fromisoformat(f"{year}-{target}")
        for source, target in _DAY_OFF_MOVED.get(year, {}).items()
    }
    extra_off = set(moved.values())
    # A holiday on Saturday or Sunday gives its day off to the next working day; those of January go by decree only.
    for month, day in sorted(_OTHER_HOLIDAYS):
        holiday = date(year, month, day)
        if holiday.weekday() >= _SATURDAY and holiday not in moved:
            following = holiday + timedelta(days=1)
            while following.weekday() >= _SATURDAY or is_holiday(following) or following in extra_off:
                following += timedelta(days=1)
            extra_off.add(following)
    return frozenset(extra_off), frozenset(source for source in moved if not is_holiday(source))


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start`, which itself is not counted (Civil Code, art. 191). 0 gives `start`."""
    day = start
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=count)) for count in range(1, (end - start).days + 1))


def deadline_in_working_days(asked_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) when the `days`-th working day after `asked_at` is over in `zone`."""
    return end_of_day(add_working_days(asked_at.astimezone(zone).date(), days), zone)


def deadline_in_days(asked_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) when the `days`-th calendar day after `asked_at` is over in `zone`."""
    return end_of_day(asked_at.astimezone(zone).date() + timedelta(days=days), zone)
