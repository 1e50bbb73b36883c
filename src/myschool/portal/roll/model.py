"""Classes of a school and who acts for it.

An administrator is appointed by СНИЛС, since he may never have signed in. The appointment is taken up when he does:

    appointed ──signs in──▶ administrator ──dismissed──▶ ended

A school never loses its last administrator (`LastAdministrator`).
"""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from myschool.papers.numbers import Ogrn

GRADES = range(1, 12)
FIRST_MONTH_OF_REQUESTS = 7
"""Families ask for the coming year from July on."""


class RollError(Exception):
    pass


class NotAdministrator(RollError):
    """The person does not act for this school."""


class LastAdministrator(RollError):
    """Without this one the school would have nobody left."""


class NoSuchClass(ValueError):
    """Not a grade 1–11 with one Russian letter or none."""


@dataclass(frozen=True, order=True)
class SchoolClass:
    """«Класс»: grade 1–11 and a letter; the letter is empty where the school has none or it is not yet known."""

    grade: int
    letter: str = ""

    def __post_init__(self) -> None:
        if self.grade not in GRADES or not re.fullmatch(r"[А-ЯЁ]?", self.letter):
            raise NoSuchClass(f"{self.grade}{self.letter}")

    def __str__(self) -> str:
        return f"{self.grade}{self.letter}"


LOOK_ALIKES = str.maketrans("ABCEHKMOPTX", "АВСЕНКМОРТХ")


def parse_grade(text: str) -> int:
    """Raises NoSuchClass."""
    if not text.isascii() or not text.isdecimal() or int(text) not in GRADES:
        raise NoSuchClass(text)
    return int(text)


def parse_letter(text: str) -> str:
    """One Russian letter, whatever case, quotes or Latin twin it was typed in. Raises NoSuchClass."""
    letter = text.strip(" «»\"'").upper().translate(LOOK_ALIKES)
    if not re.fullmatch(r"[А-ЯЁ]", letter):
        raise NoSuchClass(text)
    return letter


@dataclass(frozen=True, order=True)
class AcademicYear:
    """«Учебный год», known by the calendar year in which it begins."""

    begins: int

    def __str__(self) -> str:
        return f"{self.begins}/{(self.begins + 1) % 100:02}"


def year_of_request(today: date) -> AcademicYear:
    """The academic year a request of this day is for: from July on, the coming one."""
    return AcademicYear(today.year if today.month >= FIRST_MONTH_OF_REQUESTS else today.year - 1)


@dataclass(frozen=True)
class SchoolAdministrator:
    """«Администратор ОО»: who holds this value was checked to act for this school."""

    person_id: UUID
    school: Ogrn
