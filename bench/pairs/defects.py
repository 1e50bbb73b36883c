"""What people, clerks and old systems do to a claim. The rates are ours, stated here; no public count is known to us.

Each is drawn by itself, so a claim has none, one or several. The last eight are not meant to be forgiven.
"""

import random
from collections.abc import Callable
from datetime import date

from bench.pairs import Pair, Particulars
from bench.pairs import people as made_up
from myschool.papers.matching import OWN_NAMES, PARENT_NAMES, Field
from myschool.papers.spelling import same_variant

MOTHER_CLAIMS, ACT_IS_TYPED = 0.65, 0.3
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LOOK_ALIKE = str.maketrans("АВСЕНКМОРТХУасеорху", "ABCEHKMOPTXYaceopxy")
# Two of the systems, each whole: what a passport of 2014 and later prints, and what people write by themselves.
ICAO_LETTERS = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia"
EVERYDAY_LETTERS = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sch - y - e yu ya"
ICAO, EVERYDAY = (
    dict(zip(LETTERS, letters.replace("-", "").split(" "), strict=True)) for letters in (ICAO_LETTERS, EVERYDAY_LETTERS)
)

Defect = Callable[[random.Random, Particulars], Particulars | None]
"""The claim with the defect, or None where it cannot have it (no ё, no hyphen)."""


def _on_name(fields: frozenset[Field], change: Callable[[random.Random, str], str | None]) -> Defect:
    def spoil(rng: random.Random, claim: Particulars) -> Particulars | None:
        places = [field for field in Field if field in fields and isinstance(claim.get(field), str)]
        rng.shuffle(places)
        for field in places:
            name = str(claim[field])
            changed = change(rng, name)
            if changed is not None and changed != name:
                return claim | {field: changed}
        return None

    return spoil


def _on_dates(*fields: Field, change: Callable[[random.Random, date], date | None]) -> Defect:
    def spoil(rng: random.Random, claim: Particulars) -> Particulars | None:
        field = rng.choice(fields)
        day = claim.get(field)
        changed = change(rng, day) if isinstance(day, date) else None
        return None if changed is None or changed == day else claim | {field: changed}

    return spoil


def yo(_: random.Random, name: str) -> str | None:
    return name.replace("ё", "е").replace("Ё", "Е") if "ё" in name.lower() else _with_yo(name)


def _with_yo(name: str) -> str | None:
    """The tables write «е» nearly everywhere; these are the commonest names of which half the papers have «ё»."""
    for plain, dotted in (
        ("Алена", "Алёна"),
        ("Семен", "Семён"),
        ("Артем", "Артём"),
        ("Федор", "Фёдор"),
        ("Петр", "Пётр"),
    ):
        if plain in name:
            return name.replace(plain, dotted)
    for plain, dotted in (("лев", "лёв"), ("чев", "чёв"), ("щев", "щёв"), ("рев", "рёв")):
        if plain in name:
            return name.replace(plain, dotted)
    return None


def capitals(_: random.Random, name: str) -> str:
    return name.upper()


def hyphen(rng: random.Random, name: str) -> str | None:
    return name.replace("-", rng.choice((" ", ""))) if "-" in name else None


def look_alike(_: random.Random, name: str) -> str:
    return name.translate(LOOK_ALIKE)


def latin(rng: random.Random, claim: Particulars) -> Particulars:
    """All names of the child in Latin letters, as a foreign office has them."""
    table = rng.choice((ICAO, EVERYDAY))
    return claim | {
        field: "".join(table.get(letter, letter) for letter in str(claim[field]).lower().replace("ё", "е")).title()
        for field in OWN_NAMES
        if claim[field] is not None
    }


def variant(_: random.Random, name: str) -> str | None:
    for one, other in (("ья", "ия"), ("ия", "ья"), ("ье", "ие"), ("лл", "л"), ("нн", "н"), ("ии", "и"), ("мм", "м")):
        if one in name[1:] and same_variant(name, name[0] + name[1:].replace(one, other)):
            return name[0] + name[1:].replace(one, other)
    return None


def slip(rng: random.Random, name: str) -> str:
    """A letter left out, put in, put wrong, or two swapped: anywhere, the first one too."""
    place = rng.randrange(len(name))
    match rng.randrange(4):
        case 0:
            return name[:place] + name[place + 1 :]
        case 1:
            return name[:place] + rng.choice(LETTERS) + name[place:]
        case 2:
            return name[:place] + rng.choice(LETTERS) + name[place + 1 :]
        case _:
            return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


def swapped(_: random.Random, day: date) -> date | None:
    return date(day.year, day.day, day.month) if day.day <= 12 else None


def wrong_digit(rng: random.Random, day: date) -> date | None:
    digits = list(day.isoformat())
    digits[rng.choice((3, 6, 8, 9))] = rng.choice("0123456789")
    try:
        return date.fromisoformat("".join(digits))
    except ValueError:
        return None


def digit_of_act(rng: random.Random, claim: Particulars) -> Particulars | None:
    number = claim.get(Field.ACT_NUMBER)
    return claim | {Field.ACT_NUMBER: _digit(rng, number)} if isinstance(number, str) else None


def digit_of_certificate(rng: random.Random, claim: Particulars) -> Particulars:
    head, number = str(claim[Field.DOCUMENT]).rsplit(" ", 1)
    return claim | {Field.DOCUMENT: f"{head} {_digit(rng, number)}"}


def _digit(rng: random.Random, number: str) -> str:
    place = rng.randrange(len(number))
    return number[:place] + str((int(number[place]) + rng.randrange(1, 10)) % 10) + number[place + 1 :]


def issued_again(rng: random.Random, claim: Particulars) -> Particulars:
    """The claim is from the old paper or the new one; the register knows the other."""
    issued = claim[Field.ISSUED_ON]
    assert isinstance(issued, date)
    later = date.fromordinal(issued.toordinal() + rng.randrange(30, 3000))
    return claim | {Field.DOCUMENT: made_up.document(rng), Field.ISSUED_ON: later}


def other_surname_of_parent(rng: random.Random, claim: Particulars) -> Particulars | None:
    """A mother has married or divorced since the birth."""
    if not str(claim[Field.PARENT_PATRONYMIC]).endswith("на"):
        return None
    return claim | {Field.PARENT_FAMILY_NAME: made_up.surname(rng, "F")}


def other_surname_of_child(rng: random.Random, claim: Particulars) -> Particulars:
    return claim | {Field.FAMILY_NAME: made_up.surname(rng, str(claim[Field.SEX]))}


def no_patronymic(_: random.Random, claim: Particulars) -> Particulars | None:
    return claim | {Field.PATRONYMIC: None} if claim[Field.PATRONYMIC] else None


def other_sex(_: random.Random, claim: Particulars) -> Particulars:
    return claim | {Field.SEX: "F" if claim[Field.SEX] == "M" else "M"}


def called_at_home(_: random.Random, name: str) -> str | None:
    return name[:3] + "а" if len(name) > 4 else None


def surname_for_name(_: random.Random, claim: Particulars) -> Particulars:
    return claim | {Field.FAMILY_NAME: claim[Field.GIVEN_NAME], Field.GIVEN_NAME: claim[Field.FAMILY_NAME]}


GIVEN = frozenset({Field.GIVEN_NAME})
NAMES = OWN_NAMES | PARENT_NAMES
DEFECTS: dict[str, tuple[float, Defect]] = {
    "ё for е": (0.10, _on_name(NAMES, yo)),
    "capitals": (0.02, _on_name(NAMES, capitals)),
    "hyphen": (0.50, _on_name(NAMES, hyphen)),
    "look-alike letters": (0.005, _on_name(NAMES, look_alike)),
    "Latin letters": (0.003, latin),
    "variant of a name": (0.02, _on_name(NAMES, variant)),
    "slip in the child's name": (0.010, _on_name(OWN_NAMES, slip)),
    "slip in the parent's name": (0.005, _on_name(PARENT_NAMES, slip)),
    "day and month of birth swapped": (0.010, _on_dates(Field.BIRTH_DATE, change=swapped)),
    "date of the paper": (0.010, _on_dates(Field.ISSUED_ON, Field.ACT_DATE, change=wrong_digit)),
    "date of the paper swapped": (0.005, _on_dates(Field.ISSUED_ON, Field.ACT_DATE, change=swapped)),
    "digit of the act number": (0.010, digit_of_act),
    "certificate issued again": (0.015, issued_again),
    "parent's surname changed": (0.040, other_surname_of_parent),
    "digit of the certificate": (0.003, digit_of_certificate),
    "digit of the birth date": (0.002, _on_dates(Field.BIRTH_DATE, change=wrong_digit)),
    "child's surname changed": (0.002, other_surname_of_child),
    "patronymic left out": (0.002, no_patronymic),
    "other sex": (0.001, other_sex),
    "name used at home": (0.001, _on_name(GIVEN, called_at_home)),
    "surname and name in each other's field": (0.001, surname_for_name),
}
"""Kind: how often, and how. Of what cannot have it, nothing is spoilt; so the share in the set is lower."""


def spoilt(rng: random.Random, claim: Particulars) -> tuple[Particulars, tuple[str, ...]]:
    kinds = []
    for kind, (rate, defect) in DEFECTS.items():
        if rng.random() < rate and (changed := defect(rng, claim)) is not None:
            claim = changed
            kinds.append(kind)
    return claim, tuple(kinds)


def claim_of(rng: random.Random, child: made_up.Birth) -> Particulars:
    """What the mother or the father types, without any defect."""
    parents = child.parents
    parent = parents[0] if len(parents) == 1 or rng.random() < MOTHER_CLAIMS else parents[1]
    return child.claim(parent, with_act=rng.random() < ACT_IS_TYPED)


def same_child(rng: random.Random) -> Pair:
    child = made_up.birth(rng)
    record = child.record()
    claim, kinds = spoilt(rng, claim_of(rng, child))
    if "certificate issued again" in kinds and Field.ACT_NUMBER not in claim:
        # «Способ №2» asks for the act record when the certificate is not found; what counts is the second question.
        claim = claim | {Field.ACT_NUMBER: child.act_number, Field.ACT_DATE: child.act_date}
    return Pair(claim, record, True, kinds)
