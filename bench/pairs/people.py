"""Made-up families and their records of birth."""

import csv
import gzip
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

from bench.pairs import Particulars
from myschool.papers.matching import Field, particulars_of_name, particulars_of_parent
from myschool.papers.names import FullName

TABLE = Path(__file__).parents[1] / "data" / "names.csv.gz"
FLATTER = 0.6
"""The tables count people of all ages; a power below one lets the rarer names of today's children come up."""
DOUBLE_NAMES, SHORT_ACT, NO_PATRONYMIC, WITHOUT_FATHER, PARENT_WITHOUT_BIRTH_DATE = 0.02, 0.3, 0.02, 0.08, 0.03
FIRST_DAY, DAYS = date(2012, 1, 1), 5000
CASES = (("ский", "ская"), ("цкий", "цкая"), ("ый", "ая"), ("ой", "ая"), ("ий", "ая"))


@dataclass(frozen=True)
class Weighted:
    names: Sequence[str]
    sums: Sequence[float]

    def one(self, rng: random.Random) -> str:
        return self.names[bisect(self.sums, rng.random() * self.sums[-1])]


@dataclass(frozen=True)
class Birth:
    """A child, the papers, and who stands in the record. `parents` go with their birth dates."""

    name: FullName
    born: date
    sex: str
    document: str
    issued: date
    act_number: str
    act_date: date
    parents: tuple[tuple[FullName, date | None], ...]

    def particulars(self) -> Particulars:
        return particulars_of_name(self.name) | {
            Field.BIRTH_DATE: self.born,
            Field.SEX: self.sex,
            Field.DOCUMENT: self.document,
            Field.ISSUED_ON: self.issued,
            Field.ACT_NUMBER: self.act_number,
            Field.ACT_DATE: self.act_date,
        }

    def record(self) -> tuple[Particulars, ...]:
        return tuple(self.particulars() | particulars_of_parent(*parent) for parent in self.parents)

    def claim(self, parent: tuple[FullName, date | None], *, with_act: bool) -> Particulars:
        told = self.particulars() | particulars_of_parent(*parent)
        if not with_act:
            del told[Field.ACT_NUMBER], told[Field.ACT_DATE]
        return told


@cache
def table(what: str, gender: str) -> Weighted:
    with gzip.open(TABLE, "rt", encoding="utf-8") as text:
        found = [row for row in csv.DictReader(text) if row["what"] == what and row["gender"] in (gender, "u")]
    flatter = FLATTER if what == "given" else 1.0
    return Weighted([row["name"] for row in found], list(accumulate(int(row["count"]) ** flatter for row in found)))


def feminine(surname: str) -> str:
    """«Смирнова», «Белая», «Шевченко»."""
    for his, hers in CASES:
        if surname.endswith(his):
            return surname.removesuffix(his) + hers
    return surname + "а" if surname.endswith(("ов", "ев", "ёв", "ин", "ын")) else surname


def surname(rng: random.Random, sex: str) -> str:
    his = table("surname", "m").one(rng)
    if rng.random() < DOUBLE_NAMES:
        other = table("surname", "m").one(rng)
        return f"{his if sex == 'M' else feminine(his)}-{other if sex == 'M' else feminine(other)}"
    return his if sex == "M" else feminine(his)


def given(rng: random.Random, sex: str) -> str:
    name = table("given", sex.lower()).one(rng)
    return f"{name}-{table('given', sex.lower()).one(rng)}" if rng.random() < DOUBLE_NAMES / 2 else name


def patronymic(father: str, sex: str, rng: random.Random) -> str:
    """Of the father's name where the tables have it; else of somebody's."""
    his, her = _of_father().get(father, ("", ""))
    return (his if sex == "M" else her) or table("patronymic", sex.lower()).one(rng)


@cache
def _of_father() -> dict[str, tuple[str, str]]:
    made = {}
    men, women = set(table("patronymic", "m").names), set(table("patronymic", "f").names)
    for name in table("given", "m").names:
        stem = name[:-1] + "е" if name.endswith("й") else name + "о"
        if name.endswith("ий"):
            stem = name[:-2] + "ье"
        his, her = stem + "вич", stem + "вна"
        made[name] = (his if his in men else "", her if her in women else "")
    return made


def grown_up(rng: random.Random, sex: str, family: str | None = None) -> FullName:
    return FullName(family or surname(rng, sex), given(rng, sex), table("patronymic", sex.lower()).one(rng))


def birth(rng: random.Random) -> Birth:
    sex = rng.choice("MF")
    father = grown_up(rng, "M")
    mother = grown_up(rng, "F", feminine(father.family_name) if rng.random() < 0.75 else None)
    born = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    family = father.family_name if sex == "M" else feminine(father.family_name)
    after = None if rng.random() < NO_PATRONYMIC else patronymic(father.given_name, sex, rng)
    parents = [(mother, birth_date_of_parent(rng, born))]
    if rng.random() >= WITHOUT_FATHER:
        parents.append((father, birth_date_of_parent(rng, born)))
    return papers(rng, Birth(FullName(family, given(rng, sex), after), born, sex, "", born, "", born, tuple(parents)))


def birth_date_of_parent(rng: random.Random, born: date) -> date | None:
    if rng.random() < PARENT_WITHOUT_BIRTH_DATE:
        return None
    return born - timedelta(days=rng.randrange(19 * 365, 42 * 365))


def papers(rng: random.Random, child: Birth) -> Birth:
    """A certificate and an act record of its own."""
    acted = child.born + timedelta(days=rng.randrange(3, 40))
    number = str(rng.randrange(1, 4000)) if rng.random() < SHORT_ACT else f"1{rng.randrange(10**20):020d}"
    return replace(child, document=document(rng), issued=acted, act_number=number, act_date=acted)


def document(rng: random.Random) -> str:
    letters = "".join(rng.choices("АБВГДЕЖИКЛМНОПРСТ", k=2))
    return f"RF_BRTH_CERT {rng.choice(('I', 'II', 'III', 'IV', 'V'))}-{letters} {rng.randrange(10**6):06d}"
