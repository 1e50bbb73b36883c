"""What a verdict forgives, row by row, and what it never forgives."""

from datetime import date

import pytest

from bench.matching import Tally, confirms, is_exact, is_found, pairs, precision_low
from myschool.papers import matching
from myschool.papers.matching import (
    ALLOWANCES,
    Confirmed,
    Contradicted,
    Field,
    Finding,
    How,
    Particular,
    closest,
    compare,
    particulars_of_name,
    particulars_of_parent,
    verdict,
)
from myschool.papers.names import FullName

Particulars = dict[Field, Particular]

PAPERS: Particulars = {
    Field.DOCUMENT: "RF_BRTH_CERT III-ПЕ 600101",
    Field.ISSUED_ON: date(2015, 6, 1),
    Field.ACT_NUMBER: "110159770000100200003",
    Field.ACT_DATE: date(2015, 5, 30),
}
MOTHER = FullName("Семёнова", "Наталья", "Петровна")
RECORD: Particulars = {
    **particulars_of_name(FullName("Семёнова", "Алёна", "Игоревна")),
    **particulars_of_parent(MOTHER, date(1988, 3, 4)),
    **PAPERS,
    Field.BIRTH_DATE: date(2015, 5, 9),
    Field.SEX: "F",
}
BY_NAME: dict[str, Particulars] = {
    "a slip in the surname": {Field.FAMILY_NAME: "Семнёова"},
    "a slip in the name": {Field.GIVEN_NAME: "Алёнв"},
    "a slip in the patronymic": {Field.PATRONYMIC: "Игорвна"},
    "swapped birth date": {Field.BIRTH_DATE: date(2015, 9, 5)},
    "swapped issue date": {Field.ISSUED_ON: date(2015, 1, 6)},
    "a digit of the act date": {Field.ACT_DATE: date(2015, 5, 31)},
    "another act number": {Field.ACT_NUMBER: "17"},
    "issued again": {Field.DOCUMENT: "RF_BRTH_CERT II-АБ 123456", Field.ISSUED_ON: date(2021, 2, 3)},
    "a slip in the mother's name": {Field.PARENT_GIVEN_NAME: "Натпалья"},
    "the mother has married": {Field.PARENT_FAMILY_NAME: "Кузнецова"},
    "swapped birth date of the mother": {Field.PARENT_BIRTH_DATE: date(1988, 4, 3)},
}


def decided(changed: Particulars, *, without: tuple[Field, ...] = ()) -> Confirmed | Contradicted:
    claim = {field: value for field, value in (RECORD | changed).items() if field not in without}
    return verdict(compare(claim, RECORD))


@pytest.mark.parametrize("changed", BY_NAME.values(), ids=BY_NAME)
def test_one_difference_of_life_is_forgiven_and_named(changed: Particulars) -> None:
    """Everything else agrees: confirmed, and the verdict says which fields were forgiven, without values."""
    said = decided(changed)
    assert isinstance(said, Confirmed)
    assert {finding.field for finding in said.forgiven} == set(changed)


@pytest.mark.parametrize("row", ALLOWANCES, ids=lambda row: " ".join(sorted(row.fields)))
def test_every_row_is_needed(row: matching.Allowance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it something that life brings is contradicted."""
    monkeypatch.setattr(matching, "ALLOWANCES", [other for other in ALLOWANCES if other is not row])
    assert any(isinstance(decided(changed), Contradicted) for changed in BY_NAME.values())


@pytest.mark.parametrize("row", ALLOWANCES, ids=lambda row: " ".join(sorted(row.fields)))
def test_no_row_forgives_without_witnesses(row: matching.Allowance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row asks for somebody to vouch, and nobody alone is enough but СНИЛС."""
    assert all(together and (len(together) > 1 or together == {matching.Witness.SNILS}) for together in row.vouched)


PAIRS_OF_DIFFERENCES = {
    "two slips": {Field.FAMILY_NAME: "Семнёова", Field.PATRONYMIC: "Игорвна"},
    "a slip and a swapped date": {Field.FAMILY_NAME: "Семнёова", Field.BIRTH_DATE: date(2015, 9, 5)},
    "a slip in both generations": {Field.FAMILY_NAME: "Семнёова", Field.PARENT_PATRONYMIC: "Птеровна"},
    "issued again and a slip": {Field.DOCUMENT: "RF_BRTH_CERT II-АБ 123456", Field.GIVEN_NAME: "Алёнв"},
    "issued again and married": {Field.DOCUMENT: "RF_BRTH_CERT II-АБ 123456", Field.PARENT_FAMILY_NAME: "Кузнецова"},
}


@pytest.mark.parametrize("changed", PAIRS_OF_DIFFERENCES.values(), ids=PAIRS_OF_DIFFERENCES)
def test_two_differences_are_no_slip(changed: Particulars) -> None:
    """One at a time; and both are named."""
    said = decided(changed)
    assert isinstance(said, Contradicted)
    assert set(said.fields) == set(changed)


NEVER: dict[str, Particulars] = {
    "another name": {Field.GIVEN_NAME: "Мария"},
    "another name, one letter apart": {Field.GIVEN_NAME: "Алина"},
    "a slip of two names": {Field.GIVEN_NAME: "Алона"},
    "a name that rhymes": {Field.GIVEN_NAME: "Олёна"},
    "another surname": {Field.FAMILY_NAME: "Кузнецова"},
    "no patronymic": {Field.PATRONYMIC: None},
    "another day": {Field.BIRTH_DATE: date(2015, 5, 8)},
    "another sex": {Field.SEX: "M"},
    "the mother's sister": {Field.PARENT_GIVEN_NAME: "Ольга"},
    "another patronymic of the mother": {Field.PARENT_PATRONYMIC: "Сергеевна"},
    "a mother born on another day": {Field.PARENT_BIRTH_DATE: date(1987, 3, 4)},
    "a namesake of the mother": {Field.PARENT_FAMILY_NAME: "Белова", Field.PARENT_BIRTH_DATE: date(1990, 1, 2)},
}


@pytest.mark.parametrize("changed", NEVER.values(), ids=NEVER)
def test_what_tells_people_apart_is_never_forgiven(changed: Particulars) -> None:
    """Siblings, twins, namesakes, aunts: one such field is enough, whatever else agrees."""
    said = decided(changed)
    assert isinstance(said, Contradicted)
    assert set(said.fields) == set(changed)


@pytest.mark.parametrize(
    ("changed", "without"),
    [
        (BY_NAME["a slip in the surname"], (Field.PARENT_FAMILY_NAME, Field.ACT_NUMBER)),
        (BY_NAME["a slip in the surname"], (Field.DOCUMENT, Field.ACT_NUMBER)),
        (BY_NAME["swapped birth date"], (Field.DOCUMENT,)),
        (BY_NAME["swapped birth date"], (Field.PARENT_FAMILY_NAME,)),
        (BY_NAME["swapped issue date"], (Field.DOCUMENT, Field.ACT_DATE)),
        (BY_NAME["issued again"], (Field.ACT_DATE,)),
        (BY_NAME["issued again"], (Field.PARENT_GIVEN_NAME,)),
        (BY_NAME["a slip in the mother's name"], (Field.PARENT_BIRTH_DATE, Field.ACT_DATE)),
        (BY_NAME["the mother has married"], (Field.PARENT_BIRTH_DATE,)),
        (BY_NAME["the mother has married"], (Field.DOCUMENT,)),
        ({Field.GIVEN_NAME: "Алённа"}, (Field.DOCUMENT, Field.ACT_NUMBER)),
    ],
)
def test_without_those_who_vouch_it_is_contradicted(changed: Particulars, without: tuple[Field, ...]) -> None:
    """The same difference, and one of the witnesses missing."""
    assert isinstance(decided(changed), Confirmed)
    assert isinstance(decided(changed, without=without), Contradicted)


def test_snils_alone_vouches_for_one_slip() -> None:
    """It belongs to one person, and its control number leaves no slip: two lists of pupils may rely on it."""
    held: Particulars = {**particulars_of_name(FullName("Семёнова", "Алёна")), Field.BIRTH_DATE: date(2015, 5, 9)}
    slipped = held | {Field.FAMILY_NAME: "Семнёова"}
    assert isinstance(verdict(compare(slipped, held)), Contradicted)
    number: Particulars = {Field.SNILS: "00000060101"}
    assert isinstance(verdict(compare(slipped | number, held | number)), Confirmed)
    assert isinstance(verdict(compare(held | {Field.SNILS: "00000060102"}, held | number)), Contradicted)


def test_variants_agree_in_any_number_beside_a_slip() -> None:
    """Наталия for Наталья is no slip, but the verdict keeps it."""
    said = decided({Field.PARENT_GIVEN_NAME: "Наталия", Field.PATRONYMIC: "Игорвна"})
    assert said == Confirmed(
        (Finding(Field.PATRONYMIC, How.CLOSE), Finding(Field.PARENT_GIVEN_NAME, How.VARIANT)),
    )


def test_the_parent_who_agrees_best_is_taken() -> None:
    """A mother with a new surname is nearer to her record than to the father's."""
    father = RECORD | particulars_of_parent(FullName("Семёнов", "Игорь", "Ильич"), date(1985, 1, 2))
    claim = RECORD | {Field.PARENT_FAMILY_NAME: "Кузнецова"}
    assert isinstance(verdict(closest([compare(claim, father), compare(claim, RECORD)])), Confirmed)


def test_a_sample_of_the_labelled_pairs_keeps_precision_and_recall() -> None:
    """The benchmark's pairs, few, with a seed of their own: no other child passes, nearly every same one does."""
    ours, exact = Tally(), Tally()
    for pair in pairs(5, 4000, 8000):
        found = is_found(pair)
        ours.add(pair, found and confirms(pair))
        exact.add(pair, found and is_exact(pair))
    assert ours.false == 0
    assert ours.recall >= 0.98 > exact.recall


def test_the_interval_is_the_exact_one() -> None:
    """No error in n: 1 - 0.025^(1/n); one in two: the table of Clopper and Pearson."""
    assert precision_low(100, 0) == pytest.approx(0.025 ** (1 / 100), abs=1e-9)
    assert precision_low(1, 1) == pytest.approx(0.0126, abs=1e-4)
