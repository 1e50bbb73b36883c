"""«Действующие лица»: named citizens with a fate, the same in the demo, the tests and in bug reports.

CAST                     all citizens, families first, then officials
CHILDREN                 their children whose birth dates are fixed
children(day)            these, and the one who is fourteen on the day after the stage was set (`stage_day`)
citizen("olga")          one of them; child("alyona")
registry_entries()       what the state's registers know about all of them, and how they behave
"""

from datetime import date

from myschool.sandbox.cast.children import CHILDREN
from myschool.sandbox.cast.citizens import FAMILIES, OFFICIALS, OTHER_SCHOOL, REGION, SCHOOL
from myschool.sandbox.cast.entries import registry_entries
from myschool.sandbox.cast.eve import on_the_eve, stage_day
from myschool.sandbox.cast.people import (
    PASSWORD,
    AccountLevel,
    CastChild,
    Citizen,
    Passport,
    Relation,
    Role,
    Sex,
)

CAST: tuple[Citizen, ...] = FAMILIES + OFFICIALS

_CITIZENS = {one.key: one for one in CAST}
_CHILDREN = {one.key: one for one in CHILDREN}


def children(day: date) -> tuple[CastChild, ...]:
    """Of a stage that was set on this day."""
    return (*CHILDREN, on_the_eve(day))


def citizen(key: str) -> Citizen:
    """Raises KeyError."""
    return _CITIZENS[key]


def child(key: str) -> CastChild:
    """Raises KeyError."""
    return _CHILDREN[key]


__all__ = [
    "CAST",
    "CHILDREN",
    "OTHER_SCHOOL",
    "PASSWORD",
    "REGION",
    "SCHOOL",
    "AccountLevel",
    "CastChild",
    "Citizen",
    "Passport",
    "Relation",
    "Role",
    "Sex",
    "child",
    "children",
    "citizen",
    "registry_entries",
    "stage_day",
]
