"""`timestamp` of a request: `yyyy.MM.dd HH:mm:ss +0300`. Dates of the records: `dd.MM.yyyy`."""

import re
from datetime import date, datetime, timedelta, timezone

MOSCOW = timezone(timedelta(hours=3))
TOLERANCE = timedelta(minutes=5)
"""ESIA's own is unknown; five minutes let an unsynchronised clock pass and a replayed request not."""

_TIMESTAMP = re.compile(r"\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d [+-]\d{4}\Z", re.ASCII)
_DATE = re.compile(r"\d\d\.\d\d\.\d{4}\Z", re.ASCII)


def write_timestamp(now: datetime) -> str:
    """`now` is aware; written in Moscow time."""
    return now.astimezone(MOSCOW).strftime("%Y.%m.%d %H:%M:%S %z")


def read_timestamp(text: str) -> datetime | None:
    """Any offset is taken (a Go client writes UTC); None when the form is another."""
    if _TIMESTAMP.match(text) is None:
        return None
    try:
        return datetime.strptime(text, "%Y.%m.%d %H:%M:%S %z")
    except ValueError:
        return None


def write_date(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def read_date(text: str) -> date | None:
    """None for any other form and for days that do not exist."""
    if _DATE.match(text) is None:
        return None
    try:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    except ValueError:
        return None
