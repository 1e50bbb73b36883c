"""The child who is fourteen tomorrow: 13 years and 364 days on the day on which the stage is set, whenever that is.

All other dates of the cast are fixed. This day is written down once in the home folder, so the child keeps the birth
date, and grows up, however often the programs start and wherever the clock is moved.
"""

import os
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path

from myschool.papers.certificates import BirthCertificate, CertificateKind
from myschool.papers.dates import MOSCOW, birthday_number
from myschool.papers.names import FullName
from myschool.papers.numbers import DepartmentCode, Email, PassportNumber, Snils
from myschool.sandbox.cast.children import OFFICE, PLACE, RIMMA
from myschool.sandbox.cast.people import CastChild, Passport, Sex

FILE = "stage-day"
NAME = FullName("Гусева", "Лада", "Олеговна")


def stage_day(home: Path, now: datetime) -> date:
    """The day (in Moscow) of the first call; of several processes one writes it, all read the same."""
    path = home / FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
        fresh.write_text(now.astimezone(MOSCOW).date().isoformat())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return stage_day(home, now)
        finally:
            fresh.unlink()
    return date.fromisoformat(path.read_text())


def born_for(day: date) -> date:
    """Fourteen years old on the day after; on 1 March when that day is a 29 February."""
    tomorrow = day + timedelta(days=1)
    if (tomorrow.month, tomorrow.day) == (2, 29):
        tomorrow += timedelta(days=1)
    return tomorrow.replace(year=tomorrow.year - 14)


def on_the_eve(day: date) -> CastChild:
    """With the passport that will be issued on the birthday: the register knows it already, the doors open then."""
    born = born_for(day)
    number = PassportNumber("0026", "600110")
    return CastChild(
        key="lada",
        name=NAME,
        birth_date=born,
        sex=Sex.FEMALE,
        snils=Snils("00000060110"),
        certificate=BirthCertificate(CertificateKind.RUSSIAN, "II-ПЕ", "600110", OFFICE, born + timedelta(days=10)),
        birthplace=PLACE,
        recorded_name=NAME,
        recorded_parents=(RIMMA,),
        email=Email("lada@deti.example"),
        has_account=True,
        passport=Passport(number, birthday_number(born, 14), "ОВД города Песочного", DepartmentCode("000001")),
        fate="Завтра ей 14: учётная запись есть, паспорт будет в день рождения. Переведите часы и введите его.",
    )
