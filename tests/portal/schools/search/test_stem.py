"""Forms of one word meet."""

import pytest

from myschool.portal.schools.search.stem import stem


@pytest.mark.parametrize(
    "forms",
    [
        ("школа", "школы", "школе", "школу"),
        ("тула", "тулы", "туле"),
        ("москва", "москвы", "москве"),
        ("красноярск", "красноярска", "красноярске"),
        ("выборгский", "выборгского", "выборгском", "выборгская"),
        ("гимназия", "гимназии", "гимназий"),
        ("лицей", "лицея", "лицее"),
        ("череповец", "череповца", "череповце"),
        ("елец", "ельца"),
        ("химки", "химках"),
        ("пермь", "перми"),
        ("уфа", "уфы", "уфе"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]) -> None:
    """Declension makes no difference."""
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("тула", "тульская"), ("школа", "школьная"), ("орск", "омск")])
def test_different_words_stay_different(one: str, other: str) -> None:
    """A stem is no bucket for everything that begins alike."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["", "а", "ой", "ыыы", "ок", "ских"])
def test_what_is_hardly_a_word_has_a_stem_too(word: str) -> None:
    """The shortest words neither vanish nor break anything."""
    assert len(stem(word)) >= min(2, len(word))
