"""What a person claims, beside what a record holds: evidence field by field, and apart from it the verdict.

    compare(claim, record) → findings      how each field agrees
    verdict(findings)      → Confirmed(forgiven) | Contradicted(fields)

A claim and a record are mappings from `Field` to text or date. A field that either side leaves out says nothing; a
field that both name is weighed, `None` («нет отчества») included. No finding carries a value of the record.

The verdict weighs all findings together. `ALLOWANCES` is the whole rule: what is forgiven, beside which agreement, why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myschool.papers import spelling
from myschool.papers.names import FullName

Particular = str | date | None


class Field(StrEnum):
    """What may be compared. The values are the words of the registries' wire."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SNILS = "snils"
    DOCUMENT = "document"
    """Kind, series and number as one: differs when the record was found otherwise than under them."""
    ISSUED_ON = "issued_on"
    ISSUED_BY = "issued_by"
    DEPARTMENT_CODE = "department_code"
    ACT_NUMBER = "act_number"
    ACT_DATE = "act_date"
    PARENT_FAMILY_NAME = "parent_family_name"
    PARENT_GIVEN_NAME = "parent_given_name"
    PARENT_PATRONYMIC = "parent_patronymic"
    PARENT_BIRTH_DATE = "parent_birth_date"


class How(StrEnum):
    """How a claimed field stands to the recorded one, best first."""

    EQUAL = "equal"
    SAME_BUT_SPELLING = "same_but_spelling"
    """ё/е, capitals, hyphen or space, a Latin look-alike, a Russian name in Latin letters."""
    VARIANT = "variant"
    """Another form of the same name: Наталья and Наталия, Кирилл and Кирил."""
    SWAPPED_DAY_MONTH = "swapped_day_month"
    CLOSE = "close"
    """One letter more, less, other, or two neighbours swapped, and not another name in use; one digit of a date."""
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence on one field."""

    field: Field
    how: How


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The claim and the record are of one person. `forgiven`: where they differ, in the order of `Field`."""

    forgiven: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradicted:
    """These fields differ, in the order of `Field`; never what the record holds instead."""

    fields: tuple[Field, ...]


AGREES = frozenset({How.EQUAL, How.SAME_BUT_SPELLING})
"""What is the same by itself. Anything else is forgiven only beside enough that agrees, or not at all."""

_F, _H = Field, How
OWN_NAMES = frozenset({_F.FAMILY_NAME, _F.GIVEN_NAME, _F.PATRONYMIC})
PARENT_NAMES = frozenset({_F.PARENT_FAMILY_NAME, _F.PARENT_GIVEN_NAME, _F.PARENT_PATRONYMIC})


class Witness(StrEnum):
    """Fields that together tell one person from all others, or nearly."""

    DOCUMENT = "document"
    SNILS = "snils"
    ACT = "act"
    PARENT = "parent"
    PARENT_NAME = "parent_name"
    PARENT_BIRTH = "parent_birth"
    FAMILY = "family"


TESTIFY: Mapping[Witness, frozenset[Field]] = {
    # who vouches               when all of these were compared and agree
    Witness.DOCUMENT:     frozenset({_F.DOCUMENT}),
    Witness.SNILS:        frozenset({_F.SNILS}),
    Witness.ACT:          frozenset({_F.ACT_NUMBER, _F.ACT_DATE, _F.BIRTH_DATE}),
    Witness.PARENT:       frozenset({_F.PARENT_FAMILY_NAME, _F.PARENT_GIVEN_NAME}),
    Witness.PARENT_NAME:  frozenset({_F.PARENT_GIVEN_NAME}),
    Witness.PARENT_BIRTH: frozenset({_F.PARENT_BIRTH_DATE}),
    Witness.FAMILY:       frozenset({_F.FAMILY_NAME, _F.GIVEN_NAME, _F.BIRTH_DATE}),
}  # fmt: skip

_W = Witness
Together = frozenset[Witness]

TWO_VOUCH: tuple[Together, ...] = (
    frozenset({_W.SNILS}),  # of one person only, and its control number leaves no slip
    frozenset({_W.DOCUMENT, _W.PARENT}),
    frozenset({_W.DOCUMENT, _W.ACT}),
    frozenset({_W.ACT, _W.PARENT}),
)
PAPER_AND_PARENT: tuple[Together, ...] = (frozenset({_W.DOCUMENT, _W.PARENT}),)
PAPER_OR_SNILS: tuple[Together, ...] = (*PAPER_AND_PARENT, frozenset({_W.SNILS}))
ACT_AND_PARENT: tuple[Together, ...] = (frozenset({_W.ACT, _W.PARENT, _W.FAMILY}),)
PAPER_AND_CHILD: tuple[Together, ...] = (
    frozenset({_W.DOCUMENT, _W.FAMILY, _W.PARENT_BIRTH}),
    frozenset({_W.DOCUMENT, _W.FAMILY, _W.ACT}),
)
PAPER_AND_BIRTHDAYS: tuple[Together, ...] = (frozenset({_W.DOCUMENT, _W.FAMILY, _W.PARENT_NAME, _W.PARENT_BIRTH}),)


@dataclass(frozen=True, slots=True)
class Allowance:
    """One kind of difference that is forgiven: these fields, standing so, at most so many, beside one of `vouched`."""

    fields: frozenset[Field]
    hows: frozenset[How]
    most: int
    vouched: tuple[Together, ...]
    because: str


THE_BIRTH_DATE, THE_ACT_NUMBER = frozenset({_F.BIRTH_DATE}), frozenset({_F.ACT_NUMBER})
DATES_OF_PAPERS = frozenset({_F.ISSUED_ON, _F.ACT_DATE})
THE_PAPER = frozenset({_F.DOCUMENT, _F.ISSUED_ON})
THEIR_SURNAME, THEIR_BIRTH_DATE = frozenset({_F.PARENT_FAMILY_NAME}), frozenset({_F.PARENT_BIRTH_DATE})
SLIP, SWAPPED, OTHER = frozenset({_H.CLOSE}), frozenset({_H.SWAPPED_DAY_MONTH}), frozenset({_H.DIFFERS})

ALLOWANCES = (
    # these fields              stand so            most  beside               because
    Allowance(OWN_NAMES,        SLIP,                   1, TWO_VOUCH,           "a slip of the hand"),
    Allowance(THE_BIRTH_DATE,   SWAPPED,                1, PAPER_OR_SNILS,      "05.09 was read as 9 May"),
    Allowance(DATES_OF_PAPERS,  SWAPPED | SLIP,         1, PAPER_AND_PARENT,    "a day of the paper, not of the child"),
    Allowance(THE_ACT_NUMBER,   SLIP | OTHER,           1, PAPER_AND_PARENT,    "left out it would not count either"),
    Allowance(THE_PAPER,        SWAPPED | SLIP | OTHER, 2, ACT_AND_PARENT,      "issued again: the act record stays"),
    Allowance(PARENT_NAMES,     SLIP,                   1, PAPER_AND_CHILD,     "a slip, and more must vouch"),
    Allowance(THEIR_SURNAME,    OTHER,                  1, PAPER_AND_BIRTHDAYS, "married or divorced since the birth"),
    Allowance(THEIR_BIRTH_DATE, SWAPPED,                1, PAPER_AND_PARENT,    "as with the child's"),
)  # fmt: skip
"""One of these at a time: two differences of different kinds are no slip. What stands in no row is never forgiven: sex,
СНИЛС, another given name, another day of birth, a missing patronymic."""


def compare(claim: Mapping[Field, Particular], record: Mapping[Field, Particular]) -> list[Finding]:
    """A finding for each field that both sides name, in the order of `Field`."""
    return [
        Finding(field, _how(field, claim[field], record[field]))
        for field in Field
        if field in claim and field in record
    ]


def closest(versions: Iterable[list[Finding]]) -> list[Finding]:
    """Of several comparisons of one claim (with the mother, with the father) the one that agrees best."""
    return min(versions, key=lambda findings: sum(_RANK[finding.how] for finding in findings))


_RANK = {how: rank**2 for rank, how in enumerate(How)}


def verdict(findings: Iterable[Finding]) -> Confirmed | Contradicted:
    """Confirmed when nothing differs, or when what differs is forgiven beside all that agrees.

    Variants of a name (Наталья, Наталия) agree wherever somebody vouches, in any number and beside a slip. The caller
    sees to it that there was something to compare.
    """
    told = sorted(findings, key=lambda finding: _PLACE[finding.field])
    weak = tuple(finding for finding in told if finding.how not in AGREES)
    if not weak:
        return Confirmed()
    agreeing = frozenset(finding.field for finding in told if finding.how in AGREES or finding.how is How.VARIANT)
    hard = tuple(finding for finding in weak if finding.how is not How.VARIANT)
    if _forgiven(hard, agreeing) if hard else _vouched(TWO_VOUCH, agreeing):
        return Confirmed(weak)
    return Contradicted(tuple(finding.field for finding in weak))


_PLACE = {field: place for place, field in enumerate(Field)}


def _forgiven(hard: Sequence[Finding], agreeing: frozenset[Field]) -> bool:
    return any(
        len(hard) <= row.most
        and all(finding.field in row.fields and finding.how in row.hows for finding in hard)
        and _vouched(row.vouched, agreeing)
        for row in ALLOWANCES
    )


def _vouched(ways: tuple[Together, ...], agreeing: frozenset[Field]) -> bool:
    return any(all(TESTIFY[witness] <= agreeing for witness in together) for together in ways)


def particulars_of_name(name: FullName) -> dict[Field, Particular]:
    """The three fields of a person's own name."""
    return {
        Field.FAMILY_NAME: name.family_name,
        Field.GIVEN_NAME: name.given_name,
        Field.PATRONYMIC: name.patronymic,
    }


def particulars_of_parent(name: FullName, born_on: date | None = None) -> dict[Field, Particular]:
    """A parent as the record of birth has them; a birth date that nobody knows is left out."""
    born: dict[Field, Particular] = {Field.PARENT_BIRTH_DATE: born_on} if born_on else {}
    return {
        Field.PARENT_FAMILY_NAME: name.family_name,
        Field.PARENT_GIVEN_NAME: name.given_name,
        Field.PARENT_PATRONYMIC: name.patronymic,
        **born,
    }


_GIVEN_NAMES = frozenset({Field.GIVEN_NAME, Field.PARENT_GIVEN_NAME})


def _how(field: Field, claimed: Particular, recorded: Particular) -> How:
    if claimed == recorded:
        return How.EQUAL
    if isinstance(claimed, date) and isinstance(recorded, date):
        return how_dates_agree(claimed, recorded)
    if isinstance(claimed, str) and isinstance(recorded, str):
        how = how_texts_agree(claimed, recorded)
        if how is How.CLOSE and field in _GIVEN_NAMES:
            return how if spelling.a_slip_of_a_name(spelling.key(claimed), spelling.key(recorded)) else How.DIFFERS
        return how
    return How.DIFFERS


def how_texts_agree(claimed: str, recorded: str) -> How:
    """Two spellings of a name or number; knows nothing of which names are in use."""
    if claimed == recorded:
        return How.EQUAL
    if spelling.same_spelling(claimed, recorded):
        return How.SAME_BUT_SPELLING
    if spelling.same_variant(claimed, recorded):
        return How.VARIANT
    return How.CLOSE if spelling.one_slip(spelling.key(claimed), spelling.key(recorded)) else How.DIFFERS


def how_dates_agree(claimed: date, recorded: date) -> How:
    """Two dates of the same event."""
    if claimed == recorded:
        return How.EQUAL
    if (claimed.year, claimed.month, claimed.day) == (recorded.year, recorded.day, recorded.month):
        return How.SWAPPED_DAY_MONTH
    digits = zip(claimed.isoformat(), recorded.isoformat(), strict=True)
    return How.CLOSE if sum(one != other for one, other in digits) == 1 else How.DIFFERS
