"""Letters made one."""

import pytest

from myschool.portal.schools.search.characters import (
    from_lookalikes,
    from_transliteration,
    looks_cyrillic,
    sound,
    tidy,
    typed_on_cyrillic_keys,
    typed_on_latin_keys,
)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Алёшинская ШКОЛА", "алешинская школа"),
        ("№5", "#5"),
        ("школа\u200b №\u00a05", "школа # 5"),
        ("\u202eшкола\u202c", "школа"),
        ("школа\x005", "школа 5"),
        ("Санкт–Петербург", "санкт-петербург"),
        ("мәктәп", "мактап"),
        ("\u0448\u043a\u043e\u043b\u0430 \u0438\u0306", "школа й"),
    ],
)
def test_one_spelling(typed: str, same: str) -> None:
    """Case, ё, №, dashes, invisible marks and letters of neighbours' alphabets make no difference."""
    assert tidy(typed) == same


def test_a_look_alike_is_the_letter_it_looks_like() -> None:
    """Latin letters with a Cyrillic twin are read as the twin; a word with others is not touched."""
    assert from_lookalikes("мocквa") == "москва"
    assert looks_cyrillic("mockba")
    assert not looks_cyrillic("gimnaziya")


def test_both_keyboards_are_understood() -> None:
    """A word typed with the other layout comes back, both ways, signs included."""
    assert typed_on_latin_keys("irjkf cg,") == "школа спб"
    assert typed_on_cyrillic_keys("ысрщщд") == "school"


@pytest.mark.parametrize(
    ("latin", "russian"),
    [
        ("gimnaziya", "гимназия"),
        ("vyborgskogo", "выборгского"),
        ("rajona", "района"),
        ("shkola", "школа"),
        ("verhnyaya", "верхняя"),
        ("troica", "троица"),
        ("krasnoyarskij", "красноярский"),
        ("khabarovsk", "хабаровск"),
    ],
)
def test_transliteration_of_every_scheme(latin: str, russian: str) -> None:
    """Whatever scheme a person follows, the Russian word is found."""
    assert from_transliteration(latin) == russian


def test_letters_lost_in_transliteration_do_not_part_words() -> None:
    """Soft signs and й/ы are no difference after a journey through Latin letters."""
    assert sound("ульяновск") == sound("уляновск")
