"""What a name and an address tell of an organisation: its kind, its settlement, its district, its region.

Registers name these things in free text; what cannot be told stays empty.
"""

import re

from myschool.portal.schools.model import SchoolKind
from myschool.portal.schools.regions import REGIONS

# In this order: «школа-интернат» before «школа», «детская школа искусств» before «школа».
_KINDS: tuple[tuple[SchoolKind, str], ...] = (
    (SchoolKind.ADDITIONAL, r"дополнительн\w+\s+(?:профессиональн\w+\s+)?образовани|внешкольн\w+\s+работ|\bдо\b"),
    (
        SchoolKind.UNIVERSITY,
        r"университет(?!ск)|академи[яи]\b|высшего\s+(?:профессионального\s+)?образования|\bинститут\b",
    ),
    (SchoolKind.COLLEGE, r"колледж|техникум|училищ|среднего профессионального|профессиональн\w+\s+образовательн"),
    (
        SchoolKind.ADDITIONAL,
        r"творчества|детско-юношеск|юных\s|кванториум|олимпийск|(?:спортивн|музыкальн|художественн)\w+\s+школ|школа\s+искусств",
    ),
    (SchoolKind.BOARDING, r"интернат|кадетск\w+\s+корпус|для\s+детей-сирот"),
    (SchoolKind.GYMNASIUM, r"гимнази"),
    (SchoolKind.LYCEUM, r"лице[йя]"),
    (SchoolKind.SCHOOL, r"школ|\b[сон]ош\b|общеобразовательн|центр\s+образования|образовательный\s+(?:центр|комплекс)"),
    (SchoolKind.KINDERGARTEN, r"детск\w+\s+сад|дошкольн|ясли"),
)
_RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_ONLY_KINDERGARTEN = re.compile(r"дошкольное\s+(?:обще)?образовательное|детск\w+\s+сад")


def kind_of(*names: str) -> SchoolKind:
    """From the full name and whatever else names it («Вид организации»)."""
    text = " ".join(names).lower().replace("ё", "е")
    if _ONLY_KINDERGARTEN.search(text) and "школа" not in text and "гимназия" not in text:
        return SchoolKind.KINDERGARTEN
    return next((kind for kind, rule in _RULES if rule.search(text)), SchoolKind.OTHER)


_SETTLEMENT = re.compile(
    r"(?<![а-яё])(г|гор|город|с|село|п|пос|пос[её]лок|пгт|рп|р\.\s?п|д|дер|деревня|ст-ца|станица|х|хутор|аул|а)"
    r"(?:\.\s*|\s+)(?=[А-ЯЁ])([А-ЯЁ][А-ЯЁа-яё-]*(?:[ -][А-ЯЁ][А-ЯЁа-яё-]*){0,2})"
)
_SETTLEMENT_BEHIND = re.compile(
    r"(?<![А-ЯЁа-яё])([А-ЯЁ][а-яё-]+(?: [А-ЯЁ][а-яё-]+)?) (г|с|п|рп|пгт|д|ст-ца|х)(?![а-яё.])"
)
_SHORT = {
    "гор": "г",
    "город": "г",
    "село": "с",
    "пос": "п",
    "поселок": "п",
    "посёлок": "п",
    "дер": "д",
    "деревня": "д",
    "станица": "ст-ца",
    "хутор": "х",
}
_MUNICIPALITY = re.compile(
    r"([А-ЯЁ][А-ЯЁа-яё-]+(?: [А-ЯЁ]?[А-ЯЁа-яё-]+)?)\s+(?:муниципальный\s+)?"
    r"(район|р-н|муниципальный округ|городской округ)(?![а-яё])"
)


def settlement_of(address: str) -> str:
    """«г Тула», «с Верхняя Каменка»: kind and name; the last named one, being the smallest."""
    found = _SETTLEMENT.findall(address)
    if found:
        kind, name = found[-1]
        kind = kind.lower().replace(". ", "").replace(".", "").replace(" ", "")
        return f"{_SHORT.get(kind, kind)} {name}"
    behind = _SETTLEMENT_BEHIND.findall(address)
    return f"{behind[-1][1]} {behind[-1][0]}" if behind else ""


def municipality_of(address: str) -> str:
    """«Лискинский район»."""
    found = _MUNICIPALITY.search(address)
    if not found:
        return ""
    kind = "район" if found[2] == "р-н" else found[2]
    return f"{found[1]} {kind}"


_NOT_A_NAME = re.compile(r"\b(республика|область|край|автономн\w+|округ|город|г|обл|респ|ао)\b\.?|[^а-я ]")


def _bare(name: str) -> str:
    return " ".join(_NOT_A_NAME.sub(" ", name.lower().replace("ё", "е")).split())


_BY_NAME = {_bare(name): code for code, name in REGIONS.items()}
# Other registers say these shorter or longer.
_BY_NAME |= {
    "северная осетия": "15",
    "саха": "14",
    "чувашская": "21",
    "чувашия": "21",
    "кемеровская": "42",
    "ханты мансийский": "86",
    "татарстан татарстан": "16",
}


def region_code_of(name: str) -> str:
    """Two digits of the region of this name; empty when it is none."""
    bare = _bare(name)
    if bare in _BY_NAME:
        return _BY_NAME[bare]
    return next((code for known, code in _BY_NAME.items() if bare and (bare in known or known in bare)), "")
