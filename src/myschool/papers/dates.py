"""Dates as people type and read them, ages, and the time zones of Russia's regions."""

import re
from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from myschool.papers.errors import Empty, NoSuchDate
from myschool.papers.typed import tidy

MONTHS_OF = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
"""Months in the genitive, as they stand after a day."""

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100

_FIRST_LETTERS_OF_MONTH = {month[:3]: number for number, month in enumerate(MONTHS_OF, 1)} | {"май": 5}
_NUMBER = re.compile(r"[0-9]{1,4}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[ ./,-]+([0-9]{1,2}|[а-я]+)[ ./,-]+([0-9]{4})(?: ?(?:г|года)\.?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DIGITS_ONLY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")


def parse_date(day: str, month: str, year: str) -> date:
    """Three fields of a form; the month as a number or in Russian («декабря», «дек»). The year has four digits.

    Raises `Empty` when all three are empty, and `NoSuchDate` with the part that is at fault.
    """
    fields = {"day": tidy(day), "month": tidy(month), "year": tidy(year)}
    if not any(fields.values()):
        raise Empty
    month_number = _FIRST_LETTERS_OF_MONTH.get(fields["month"].casefold()[:3]) or _number(fields["month"], "month")
    day_number = _number(fields["day"], "day")
    year_number = _number(fields["year"], "year")
    if not EARLIEST_YEAR <= year_number <= LATEST_YEAR:
        raise NoSuchDate("year")
    if not 1 <= month_number <= 12:
        raise NoSuchDate("month")
    try:
        return date(year_number, month_number, day_number)
    except ValueError:
        raise NoSuchDate("day") from None


def parse_date_text(text: str) -> date:
    """One field: `02.12.2026`, `2/12/2026`, `02122026`, `2026-12-02`, «2 декабря 2026 г.».

    The day stands first, as in Russia. Raises `Empty` and `NoSuchDate`.
    """
    typed = tidy(text).casefold()
    if not typed:
        raise Empty
    if found := _YEAR_FIRST.fullmatch(typed):
        return parse_date(found[3], found[2], found[1])
    if found := _DAY_FIRST.fullmatch(typed) or _DIGITS_ONLY.fullmatch(typed):
        return parse_date(found[1], found[2], found[3])
    raise NoSuchDate("whole")


def _number(typed: str, part: str) -> int:
    if not _NUMBER.fullmatch(typed):
        raise NoSuchDate(part)
    return int(typed)


def short_date(day: date) -> str:
    """`02.12.2026`."""
    return f"{day:%d.%m.%Y}"


def worded_day(day: date) -> str:
    """«2 декабря»."""
    return f"{day.day} {MONTHS_OF[day.month - 1]}"


def worded_date(day: date) -> str:
    """«2 декабря 2026 года»."""
    return f"{worded_day(day)} {day.year} года"


def worded_date_near(day: date, today: date) -> str:
    """«сегодня», «вчера», «завтра», «2 декабря» within the year of today, «2 декабря 2026 года» otherwise."""
    near = {0: "сегодня", -1: "вчера", 1: "завтра"}.get((day - today).days)
    return near or (worded_day(day) if day.year == today.year else worded_date(day))


def worded_moment(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """«сегодня в 14:05», «2 декабря в 09:00», «2 декабря 2025 года в 09:00», by the clocks of `zone`.

    `moment` and `now` are aware.
    """
    local = moment.astimezone(zone)
    return f"{worded_date_near(local.date(), now.astimezone(zone).date())} в {local:%H:%M}"


def counted(number: int, one: str, few: str, many: str) -> str:
    """«1 день», «3 дня», «11 дней»: the number with the form of the noun that agrees with it."""
    tens, units = abs(number) % 100, abs(number) % 10
    if units == 1 and tens != 11:
        return f"{number} {one}"
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return f"{number} {few}"
    return f"{number} {many}"


def birthday_number(birth: date, years: int) -> date:
    """The day on which the age is reached: the one rule of this project, for rights that begin and rights that end.

    It is the birthday, as registers and ESIA count. Who was born on 29 February has it on 1 March of a common year:
    by the Civil Code of Russia a term runs from the day after its event (art. 191) and a term of years ends on its
    date, on the last day of the month that lacks it (art. 192), so at the end of 28 February the year is full. (By the
    letter of both articles, and for criminal liability by p. 5 of the Supreme Court's Plenum No. 1 of 01.02.2011, every
    age would be reached a day after the birthday; no register that we speak to counts so.)
    """
    year = birth.year + years
    if (birth.month, birth.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return birth.replace(year=year)


def age_on(birth: date, day: date) -> int:
    """Full years by `birthday_number`: the birthday itself makes a year more. Negative before birth."""
    years = day.year - birth.year
    return years if day >= birthday_number(birth, years) else years - 1


MOSCOW = ZoneInfo("Europe/Moscow")

_ZONES_AWAY_FROM_MOSCOW = {
    "Europe/Kaliningrad": "39",
    "Europe/Simferopol": "91 92",
    "Europe/Volgograd": "34",
    "Europe/Kirov": "43",
    "Europe/Samara": "18 63",
    "Europe/Astrakhan": "30",
    "Europe/Saratov": "64",
    "Europe/Ulyanovsk": "73",
    "Asia/Yekaterinburg": "02 45 56 59 66 72 74 86 89",
    "Asia/Qyzylorda": "99",
    "Asia/Omsk": "55",
    "Asia/Barnaul": "04 22",
    "Asia/Novosibirsk": "54",
    "Asia/Tomsk": "70",
    "Asia/Novokuznetsk": "42",
    "Asia/Krasnoyarsk": "17 19 24",
    "Asia/Irkutsk": "03 38",
    "Asia/Yakutsk": "14 28",
    "Asia/Chita": "75",
    "Asia/Vladivostok": "25 27 79",
    "Asia/Magadan": "49",
    "Asia/Sakhalin": "65",
    "Asia/Kamchatka": "41",
    "Asia/Anadyr": "87",
}
_ZONE_OF_REGION = {region: zone for zone, regions in _ZONES_AWAY_FROM_MOSCOW.items() for region in regions.split()}


def zone_of_region(region_code: str) -> ZoneInfo:
    """Time zone of a region by its two-digit code; Moscow's for every region not named in the table.

    Yakutia spans three zones and Sakhalin Oblast two; the capital's is taken.
    """
    zone = _ZONE_OF_REGION.get(region_code)
    return ZoneInfo(zone) if zone else MOSCOW


def worded_zone(zone: ZoneInfo, moment: datetime) -> str:
    """«МСК», «МСК+7», «МСК−1» at that moment."""
    here, moscow = moment.astimezone(zone).utcoffset(), moment.astimezone(MOSCOW).utcoffset()
    assert here is not None
    assert moscow is not None
    hours = round((here - moscow).total_seconds() / 3600)
    return "МСК" if hours == 0 else f"МСК{'+' if hours > 0 else '−'}{abs(hours)}"


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) that no longer belongs to `day` in `zone`: a deadline «до конца дня»."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) of `day` in `zone`: a birthday begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
