"""The card as it is typed: repaired silently, refused in plain words, never an error of ours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from myschool.gosuslugi.family.model import Relation
from myschool.gosuslugi.family.pages.fields import (
    CERTIFICATE,
    CHILD,
    PAPERS,
    take_card,
    take_certificate,
    take_numbers,
    take_who,
    typed_of,
)
from myschool.gosuslugi.people.model import Sex
from myschool.kit.web.forms import Form
from myschool.papers.certificates import CertificateKind

TODAY = date(2026, 11, 25)

GOOD = {
    "relation": "mother",
    "family_name": "Смирнова",
    "given_name": "Алёна",
    "patronymic": "Дмитриевна",
    "birth-day": "14",
    "birth-month": "5",
    "birth-year": "2017",
    "sex": "F",
    "snils": "000-000-601 01",
    "citizenship": "RUS",
    "address": "",
    "kind": "RF_BRTH_CERT",
    "series": "III-ПЕ",
    "number": "600101",
    "issued_by": "Отдел ЗАГС",
    "issued-day": "25",
    "issued-month": "5",
    "issued-year": "2017",
    "act_number": "",
    "act-day": "",
    "act-month": "",
    "act-year": "",
}


def refusals(**otherwise: str) -> dict[str, str]:
    """What is said at the fields of all three pages."""
    form = Form(GOOD | {name.replace("__", "-"): text for name, text in otherwise.items()})
    who, numbers = take_who(form, TODAY), take_numbers(form, sandbox=True)
    if who and numbers:
        take_certificate(form, who, numbers, TODAY)
    return form.errors


def test_a_card_typed_well_is_taken_as_it_is() -> None:
    """And read back from itself it is the same."""
    card = take_card(GOOD, TODAY, sandbox=True)
    assert card is not None
    assert (card.relation, card.sex, card.birth_date) == (Relation.MOTHER, Sex.FEMALE, date(2017, 5, 14))
    assert take_card(typed_of(card), TODAY, sandbox=True) == card


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("given_name", "  Aлёна ", "Алёна"),
        ("family_name", "Смирнова — Ким", "Смирнова-Ким"),
        ("patronymic", "нет", ""),
        ("snils", "00000060101", "000-000-601 01"),
        ("series", "ш пе", "III-ПЕ"),
        ("series", "iii–пe", "III-ПЕ"),
        ("number", "№ 600 101", "600101"),
        ("issued_by", "Отдел   ЗАГС ", "Отдел ЗАГС"),
        ("issued-month", "мая", "5"),
    ],
)
def test_what_a_keyboard_spoils_is_repaired_and_shown_repaired(name: str, typed: str, shown: str) -> None:
    """Look-alikes, dashes, spaces, «№», words for «none»."""
    form = Form(GOOD | {name: typed})
    who, numbers = take_who(form, TODAY), take_numbers(form, sandbox=True)
    assert who is not None
    assert numbers is not None
    assert take_certificate(form, who, numbers, TODAY) is not None, form.errors
    assert form.typed[name] == shown


@pytest.mark.parametrize(
    ("otherwise", "field", "words"),
    [
        ({"relation": ""}, "relation", "Выберите, кто вы ребёнку"),
        ({"relation": "sister"}, "relation", "Выберите, кто вы ребёнку"),
        ({"family_name": ""}, "family_name", "Введите фамилию"),
        ({"given_name": "Anna!"}, "given_name", "«!»"),
        ({"birth__day": "31", "birth__month": "2"}, "birth", "Такого дня в календаре нет"),
        ({"birth__year": "2027"}, "birth", "не может быть позже"),
        ({"birth__day": "", "birth__month": "", "birth__year": ""}, "birth", "Введите дату рождения"),
        ({"sex": ""}, "sex", "Выберите пол"),
        ({"snils": "112-233-445 96"}, "snils", "Такого СНИЛС не бывает"),
        ({"snils": "112-233-445"}, "snils", "11 цифр, а здесь 9"),
        ({"citizenship": "XXX"}, "citizenship", "Выберите гражданство"),
        ({"kind": ""}, "kind", "Выберите вид"),
        ({"series": ""}, "series", "Введите серию"),
        ({"series": "АБ"}, "series", "римск"),
        ({"series": "III-А"}, "series", "две русские буквы"),
        ({"number": "12345"}, "number", "6 или 7 цифр, а здесь 5"),
        ({"number": "III-ПЕ 600101"}, "number", "Серию вводите в отдельное поле"),
        ({"issued_by": ""}, "issued_by", "кем выдано"),
        ({"issued__year": "2016"}, "issued", "не может быть раньше 14 мая 2017"),
        ({"issued__year": "2027"}, "issued", "не может быть позже"),
        ({"act_number": "17/а?"}, "act_number", "«?»"),
        ({"act__day": "1", "act__month": "6", "act__year": "2017"}, "act", "не может быть позже 25 мая 2017"),
        ({"act__day": "1"}, "act", "Месяц"),
        ({"address": "\x01"}, "address", "Наберите текст заново"),
    ],
)
def test_what_cannot_be_is_refused_at_its_own_field(otherwise: dict[str, str], field: str, words: str) -> None:
    """In words that say what to do."""
    said = refusals(**otherwise)
    assert list(said) == [field]
    assert words in said[field]


def test_a_foreign_certificate_may_have_no_series() -> None:
    """And a Soviet one two letters only."""
    assert refusals(kind="FID_BRTH_CERT", series="", number="ABC/12-345") == {}
    assert refusals(kind="OLD_BRTH_CERT", series="АБ") == {}
    card = take_card(GOOD | {"kind": "FID_BRTH_CERT", "series": ""}, TODAY, sandbox=True)
    assert card is not None
    assert (card.certificate_kind, card.series) == (CertificateKind.FOREIGN, None)


def test_a_test_persons_snils_is_no_snils_outside_the_sandbox() -> None:
    """000-000-601 01 exists here only."""
    assert take_card(GOOD, TODAY, sandbox=False) is None


@given(some.dictionaries(some.sampled_from([*CHILD, *PAPERS, *CERTIFICATE]), some.text(max_size=40)))
def test_nothing_that_is_typed_breaks_the_page(typed: dict[str, str]) -> None:
    """Any text in any field: a card or a sentence, never an exception."""
    form = Form(GOOD | typed)
    who, numbers = take_who(form, TODAY), take_numbers(form, sandbox=True)
    card = take_certificate(form, who, numbers, TODAY) if who and numbers else None
    assert card is not None or form.errors
