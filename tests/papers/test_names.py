"""Names: what is taken as typed, what is repaired silently, what is refused and why."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.papers.errors import Empty, NoLetters, PaperRefused, UnexpectedCharacters, WrongLength
from myschool.papers.names import FullName, comparable_name, is_roman_numeral, parse_name, parse_patronymic

TAKEN_AS_TYPED = [
    "Смирнова",
    "Мамин-Сибиряк",
    "О'Нил",
    "Д'Артаньян",
    "Иван IV",
    "Людовик XIV",
    "Ли",
    "Ы",
    "я" * 100,
    "Семёнов",
    "СЕМЁНОВА",
    "Салтыков-Щедрин",
    "Ибн Сина",
    "Кямал оглы",
    "Мария-Антуанетта Жозефа",
    "Гөлнара",
    "Їжакевич",
    "Св. Иоанн",
    "фон дер Гольц",
    "Хан",
    "Сим",
    "ИМ",
]

REPAIRED = [
    ("Cмирнова", "Смирнова"),
    ("CMИPHOBA", "СМИРНОВА"),
    ("OCEEBA", "ОСЕЕВА"),
    ("Cемëнов", "Семёнов"),
    ("Сем\u0435\u0308нов", "Семёнов"),
    ("Мамин — Сибиряк", "Мамин-Сибиряк"),
    ("Мамин–Сибиряк", "Мамин-Сибиряк"),
    ("Анна   Мария", "Анна Мария"),
    ("Анна\u00a0Мария", "Анна Мария"),
    ("  Ольга\t", "Ольга"),
    ("О’Нил", "О'Нил"),
    ("О`Нил", "О'Нил"),
    ("Ольга\u200b", "Ольга"),
    ("\u202eОльга\u202c", "Ольга"),
    ("Иван ХIV", "Иван XIV"),
    ("Карл Х\u0406I", "Карл XII"),
    ("Карл X", "Карл X"),
    ("X", "Х"),
    ("Иванов C.", "Иванов С."),
    ("И\u0306ода", "Йода"),
]

REFUSED = [
    ("", Empty()),
    (" \u200f\u00a0", Empty()),
    ("-", NoLetters()),
    ("'.-", NoLetters()),
    ("я" * 101, WrongLength(101, 1, 100)),
    ("Olga", UnexpectedCharacters(("l", "g"))),
    ("Ольга1", UnexpectedCharacters(("1",))),
    ("Ольга😀", UnexpectedCharacters(("😀",))),
    ("Оль\x00га", UnexpectedCharacters(("U+0000",))),
    ("Ольга;DROP", UnexpectedCharacters((";", "D", "R"))),
    ("<b>Ольга", UnexpectedCharacters(("<", "b", ">"))),
    ("Иван IIIIX", UnexpectedCharacters(("I",))),
    ("王", UnexpectedCharacters(("王",))),
    ("Ольга҈", UnexpectedCharacters(("U+0488",))),
]


@pytest.mark.parametrize("typed", TAKEN_AS_TYPED)
def test_a_name_of_the_papers_stays_as_typed(typed: str) -> None:
    """Double surnames, apostrophes, numerals, particles, one letter and a hundred stay untouched."""
    assert parse_name(typed) == typed


@pytest.mark.parametrize(("typed", "shown"), REPAIRED)
def test_a_spoiled_name_is_repaired(typed: str, shown: str) -> None:
    """Look-alikes, dashes, spaces and invisible marks are put right without a word."""
    assert parse_name(typed) == shown


@pytest.mark.parametrize(("typed", "refusal"), REFUSED)
def test_a_stranger_in_a_name_is_named(typed: str, refusal: PaperRefused) -> None:
    """The refusal says which characters are in the way, or how long the name is."""
    with pytest.raises(PaperRefused) as refused:
        parse_name(typed)
    if isinstance(refusal, UnexpectedCharacters) and isinstance(refused.value, UnexpectedCharacters):
        assert set(refusal.characters) <= set(refused.value.characters)
    else:
        assert refused.value == refusal


def test_ten_kilobytes_are_refused_at_once() -> None:
    """A pasted book is counted, not read."""
    with pytest.raises(WrongLength) as refused:
        parse_name("я" * 10_000)
    assert refused.value.found == 10_000


@given(st.text(max_size=120))
def test_repair_is_stable(typed: str) -> None:
    """A repaired name is repaired to itself and is composed; anything else is refused."""
    try:
        shown = parse_name(typed)
    except PaperRefused:
        return
    assert parse_name(shown) == shown
    assert unicodedata.is_normalized("NFC", shown)
    assert 1 <= len(shown) <= 100


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАЁСХМО", min_size=1, max_size=30))
def test_russian_letters_are_never_changed(typed: str) -> None:
    """What is Russian already is kept letter by letter, ё too."""
    assert parse_name(typed) == typed


@pytest.mark.parametrize("typed", ["", "  ", "-", "—", "нет", "Нет", "отсутствует"])
def test_no_patronymic_is_an_answer(typed: str) -> None:
    """An empty field, a dash and «нет» all mean that there is none."""
    assert parse_patronymic(typed) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Семёнов", "СЕМЕНОВ"),
        ("Мамин-Сибиряк", "Мамин Сибиряк"),
        ("Мамин — Сибиряк", "мамин-сибиряк"),
        ("О’Нил", "О'Нил"),
    ],
)
def test_spelling_does_not_make_another_person(one: str, other: str) -> None:
    """ё and е, capitals, hyphens and apostrophes do not matter in comparison."""
    assert comparable_name(one) == comparable_name(other)


def test_other_letters_make_another_name() -> None:
    """Й is not И, and a name written together is not the same as two."""
    assert comparable_name("Андрей") != comparable_name("Андреи")
    assert comparable_name("Анна Мария") != comparable_name("Аннамария")


def test_full_name_is_worded_for_letters_and_lists() -> None:
    """Formal, polite and short forms."""
    name = FullName.parse("Смирнова", "Ольга", "Сергеевна")
    assert name.formal == "Смирнова Ольга Сергеевна"
    assert name.given_and_patronymic == "Ольга Сергеевна"
    assert name.given_and_family == "Ольга Смирнова"
    assert name.initials == "Смирнова О. С."


def test_full_name_without_patronymic_has_no_holes() -> None:
    """No doubled spaces, no lone dots."""
    name = FullName.parse("Ким", "Анна-Мария", "")
    assert name.patronymic is None
    assert name.formal == "Ким Анна-Мария"
    assert name.given_and_patronymic == "Анна-Мария"
    assert name.initials == "Ким А.-М."
    assert FullName("Алиев", "Вагиф", "Кямал оглы").initials == "Алиев В. К."
    assert FullName("Романов", "Иван IV").initials == "Романов И. IV"


def test_full_names_are_compared_by_key() -> None:
    """The same person typed twice has one key, and a missing patronymic differs from any."""
    assert FullName("Семёнов", "Пётр", None).comparable() == FullName("СЕМЕНОВ", "Петр").comparable()
    assert FullName("Семёнов", "Пётр", "Ильич").comparable() != FullName("Семёнов", "Пётр").comparable()


def test_a_name_never_prints_itself() -> None:
    """`repr`, `str` and format strings hide the name."""
    name = FullName("Смирнова", "Ольга", "Сергеевна")
    for shown in (repr(name), str(name), f"{name}", repr([name])):
        assert "FullName(…)" in shown
        assert "Смирнова" not in shown


@pytest.mark.parametrize(
    ("word", "roman"), [("XIV", True), ("III", True), ("IIII", False), ("", False), ("XIVА", False)]
)
def test_roman_numerals_are_well_formed(word: str, roman: bool) -> None:
    """Only a numeral written by the rules is one."""
    assert is_roman_numeral(word) is roman
