"""Words for dates in templates, by the clock and in Moscow time unless the page knows a nearer zone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from myschool.kit import clock
from myschool.papers.dates import short_date, worded_date_near, worded_moment

MOSCOW = ZoneInfo("Europe/Moscow")


def moment(at: datetime) -> str:
    """«сегодня в 14:05», «2 декабря в 9:00»."""
    return worded_moment(at, clock.now(), MOSCOW)


def day(at: date | datetime) -> str:
    """«2 декабря»; with the year when it is another one."""
    known = at.astimezone(MOSCOW).date() if isinstance(at, datetime) else at
    return worded_date_near(known, clock.now().astimezone(MOSCOW).date())


FILTERS: Mapping[str, Callable[..., Any]] = {"moment": moment, "day": day, "short_date": short_date}
