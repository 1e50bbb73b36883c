"""What a person claims, beside what a record holds: evidence field by field, and apart from it the verdict.

    compare(claim, record) → findings      how each field agrees
    verdict(findings)      → Confirmed | Contradicted(fields)

A claim and a record are mappings from `Field` to text or date. A field that either side leaves out says nothing; a
field that both name is weighed, `None` («нет отчества») included. No finding carries a value of the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myschool.papers.names import FullName, comparable_name
from myschool.papers.typed import CYRILLIC_FOR_LATIN

Particular = str | date | None


class Field(StrEnum):
    """What may be compared. The values are the words of the registries' wire."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SNILS = "snils"
    ISSUED_ON = "issued_on"
    ISSUED_BY = "issued_by"
    DEPARTMENT_CODE = "department_code"
    ACT_NUMBER = "act_number"
    ACT_DATE = "act_date"
    PARENT_FAMILY_NAME = "parent_family_name"
    PARENT_GIVEN_NAME = "parent_given_name"
    PARENT_PATRONYMIC = "parent_patronymic"


class How(StrEnum):
    """How a claimed field stands to the recorded one, best first."""

    EQUAL = "equal"
    SAME_BUT_SPELLING = "same_but_spelling"
    """ё/е, capitals, hyphen or space, a Latin look-alike."""
    SWAPPED_DAY_MONTH = "swapped_day_month"
    CLOSE = "close"
    """One letter more, less, other, or two neighbours swapped."""
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence on one field."""

    field: Field
    how: How


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Every field that could be compared agrees."""


@dataclass(frozen=True, slots=True)
class Contradicted:
    """These fields differ, in the order of `Field`; never what the record holds instead."""

    fields: tuple[Field, ...]


AGREES = frozenset({How.EQUAL, How.SAME_BUT_SPELLING})
"""What a verdict takes for the same. A slip of one letter or a swapped date is told apart, and not forgiven."""


def compare(claim: Mapping[Field, Particular], record: Mapping[Field, Particular]) -> list[Finding]:
    """A finding for each field that both sides name, in the order of `Field`."""
    return [Finding(field, _how(claim[field], record[field])) for field in Field if field in claim and field in record]


def verdict(findings: Iterable[Finding]) -> Confirmed | Contradicted:
    """Confirmed when nothing differs. The caller sees to it that there was something to compare."""
    differing = tuple(finding.field for finding in findings if finding.how not in AGREES)
    return Contradicted(differing) if differing else Confirmed()


def particulars_of_name(name: FullName) -> dict[Field, Particular]:
    """The three fields of a person's own name."""
    return {
        Field.FAMILY_NAME: name.family_name,
        Field.GIVEN_NAME: name.given_name,
        Field.PATRONYMIC: name.patronymic,
    }


def particulars_of_parent(name: FullName) -> dict[Field, Particular]:
    """The three fields of a parent's name as the record of birth has them."""
    return {
        Field.PARENT_FAMILY_NAME: name.family_name,
        Field.PARENT_GIVEN_NAME: name.given_name,
        Field.PARENT_PATRONYMIC: name.patronymic,
    }


def _how(claimed: Particular, recorded: Particular) -> How:
    if claimed == recorded:
        return How.EQUAL
    if isinstance(claimed, date) and isinstance(recorded, date):
        return how_dates_agree(claimed, recorded)
    if isinstance(claimed, str) and isinstance(recorded, str):
        return how_texts_agree(claimed, recorded)
    return How.DIFFERS


def how_texts_agree(claimed: str, recorded: str) -> How:
    """Two spellings of a name or number."""
    if claimed == recorded:
        return How.EQUAL
    one, other = _key(claimed), _key(recorded)
    if one == other:
        return How.SAME_BUT_SPELLING
    return How.CLOSE if _one_slip_apart(one, other) else How.DIFFERS


def how_dates_agree(claimed: date, recorded: date) -> How:
    """Two dates of the same event."""
    if claimed == recorded:
        return How.EQUAL
    if (claimed.year, claimed.month, claimed.day) == (recorded.year, recorded.day, recorded.month):
        return How.SWAPPED_DAY_MONTH
    return How.DIFFERS


def _key(text: str) -> str:
    return comparable_name(text.translate(CYRILLIC_FOR_LATIN))


def _one_slip_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours turns one text into the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next(
        (place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    left, right = one[start:], other[start:]
    if len(left) != len(right):
        return left[1:] == right or right[1:] == left
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
