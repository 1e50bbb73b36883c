"""A claim beside a record: the evidence of each field, and the verdict drawn from it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.papers.matching import (
    Confirmed,
    Contradicted,
    Field,
    Finding,
    How,
    Particular,
    compare,
    how_dates_agree,
    how_texts_agree,
    particulars_of_name,
    particulars_of_parent,
    verdict,
)
from myschool.papers.names import FullName

RECORD: dict[Field, Particular] = {
    **particulars_of_name(FullName("Семёнова", "Алёна", "Игоревна")),
    **particulars_of_parent(FullName("Семёнов", "Игорь", "Петрович")),
    Field.BIRTH_DATE: date(2015, 5, 9),
    Field.ISSUED_ON: date(2015, 6, 1),
}


@pytest.mark.parametrize(
    ("claimed", "recorded", "how"),
    [
        ("Семёнова", "Семёнова", How.EQUAL),
        ("Семенова", "Семёнова", How.SAME_BUT_SPELLING),
        ("СЕМЁНОВА", "Семёнова", How.SAME_BUT_SPELLING),
        ("Мамин Сибиряк", "Мамин-Сибиряк", How.SAME_BUT_SPELLING),
        ("Cемёнова", "Семёнова", How.SAME_BUT_SPELLING),
        ("Семёнав", "Семёнов", How.CLOSE),
        ("Семёно", "Семёнов", How.CLOSE),
        ("Семёновв", "Семёнов", How.VARIANT),
        ("Наталья", "Наталия", How.VARIANT),
        ("Кирил", "Кирилл", How.VARIANT),
        ("Геннадиевич", "Геннадьевич", How.VARIANT),
        ("МаминСибиряк", "Мамин-Сибиряк", How.SAME_BUT_SPELLING),
        ("Дартаньян", "Д'Артаньян", How.SAME_BUT_SPELLING),
        ("SHCHERBAKOVA", "Щербакова", How.SAME_BUT_SPELLING),
        ("Iurii", "Юрий", How.SAME_BUT_SPELLING),
        ("Yuri", "Юрий", How.SAME_BUT_SPELLING),
        ("Alexey", "Алексей", How.SAME_BUT_SPELLING),
        ("Fyodorov", "Фёдоров", How.SAME_BUT_SPELLING),
        ("Natalia", "Наталья", How.SAME_BUT_SPELLING),
        ("Petrov", "Семёнов", How.DIFFERS),
        ("Камиль", "Рамиль", How.DIFFERS),
        ("Ева", "Ада", How.DIFFERS),
        ("Яна", "Ян", How.DIFFERS),
        ("Семнёов", "Семёнов", How.CLOSE),
        ("Петров", "Семёнов", How.DIFFERS),
        ("", "Семёнов", How.DIFFERS),
    ],
)
def test_texts_agree_in_degrees(claimed: str, recorded: str, how: How) -> None:
    """Spelling is told from a slip, and a slip from another name."""
    assert how_texts_agree(claimed, recorded) is how


@given(st.text(max_size=12), st.text(max_size=12))
def test_agreement_has_no_direction(one: str, other: str) -> None:
    """It does not matter which side is the claim."""
    assert how_texts_agree(one, other) is how_texts_agree(other, one)


@given(st.text(alphabet="абвг", min_size=4, max_size=8), st.integers(1, 7), st.sampled_from("деж"))
def test_one_replaced_letter_is_close(text: str, place: int, letter: str) -> None:
    """A replacement anywhere behind the first letter is one slip, never more; doubled letters are less than one."""
    place = place % (len(text) - 1) + 1
    other = text[:place] + letter + text[place + 1 :]
    assert how_texts_agree(text, other) is How.CLOSE


def test_a_swapped_day_and_month_is_told() -> None:
    """5 September for 9 May is another kind of error than another year."""
    assert how_dates_agree(date(2015, 9, 5), date(2015, 5, 9)) is How.SWAPPED_DAY_MONTH
    assert how_dates_agree(date(2016, 5, 9), date(2015, 5, 9)) is How.CLOSE
    assert how_dates_agree(date(2016, 5, 8), date(2015, 5, 9)) is How.DIFFERS


def test_a_father_whose_surname_differs_by_yo_is_confirmed() -> None:
    """ё and е are no contradiction."""
    claim = RECORD | particulars_of_parent(FullName("Семенов", "Игорь", "Петрович"))
    findings = compare(claim, RECORD)
    assert Finding(Field.PARENT_FAMILY_NAME, How.SAME_BUT_SPELLING) in findings
    assert verdict(findings) == Confirmed()


def test_a_contradiction_names_the_fields_and_nothing_else() -> None:
    """A slip of a letter and a swapped date are both contradictions; values stay in the register."""
    claim = RECORD | {Field.GIVEN_NAME: "Алина", Field.BIRTH_DATE: date(2015, 9, 5)}
    decided = verdict(compare(claim, RECORD))
    assert decided == Contradicted((Field.GIVEN_NAME, Field.BIRTH_DATE))
    assert "Алёна" not in repr(decided)


def test_only_what_both_sides_name_is_compared() -> None:
    """A field that one side leaves out is no evidence."""
    assert compare({Field.SEX: "F"}, RECORD) == []
    assert compare({Field.FAMILY_NAME: "Семёнова", Field.ACT_NUMBER: "17"}, RECORD) == [
        Finding(Field.FAMILY_NAME, How.EQUAL)
    ]


def test_no_patronymic_is_a_statement() -> None:
    """A missing patronymic agrees with a missing one and contradicts any other."""
    assert compare({Field.PATRONYMIC: None}, {Field.PATRONYMIC: None}) == [Finding(Field.PATRONYMIC, How.EQUAL)]
    assert verdict(compare({Field.PATRONYMIC: None}, RECORD)) == Contradicted((Field.PATRONYMIC,))


def test_fields_come_in_their_order() -> None:
    """Whatever order the sides have, the findings stand in the order of the fields."""
    backwards = dict(reversed(RECORD.items()))
    assert [finding.field for finding in compare(backwards, RECORD)] == [field for field in Field if field in RECORD]
