"""A person types; the school is found."""

import pytest

from myschool.portal.schools.model import Filters, Hints, School, SchoolKind
from myschool.portal.schools.search.build import build
from myschool.portal.schools.search.find import find
from myschool.portal.schools.search.index import ImageUnreadable, Index
from myschool.portal.schools.search.reading import read
from tests.portal.schools.rows import (
    MALAKHOV_KINDERGARTEN,
    PETERSBURG_5,
    SCHOOLS,
    TULA_5,
    TULA_12,
    VILLAGE,
    YOUNG_NATURALISTS,
    ZELENOGORSK,
    ZELENOGORSKY,
    school,
)


@pytest.fixture(scope="module")
def index() -> Index:
    return build(SCHOOLS)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (TULA_5.full_name, TULA_5),
        (TULA_5.full_name.upper().replace("№", "N").replace("«", '"').replace("»", '"'), TULA_5),
        ("школа 5 тула", TULA_5),
        ("Тула, шк №5", TULA_5),
        ("школа5 тула", TULA_5),
        ("шкла 5 тлуа", TULA_5),
        ("irjkf 5 nekf", TULA_5),
        ("shkola 5 tula", TULA_5),
        ("шкoлa 5 Tулa", TULA_5),
        ("school 5 tula", TULA_5),
        ("ысрщщд 5 тула", TULA_5),
        ("5 тула", TULA_5),
        ("школа тула ленина", TULA_5),
        ("сош 5 питер", PETERSBURG_5),
        ("школа 5 выборгский р-н", PETERSBURG_5),
        ("с-петербург школа 5", PETERSBURG_5),
        ("гимназия тула", TULA_12),
        ("верхнекаменская сош", VILLAGE),
        ("школа верхняя каменка", VILLAGE),
        ("каменка верхняя лискинский", VILLAGE),
        ("верхне каменская школа", VILLAGE),
        ("школаверхнекаменская", VILLAGE),
        ("верхнекам школа", VILLAGE),
        ("цюн тула", YOUNG_NATURALISTS),
        ("тгцюн", YOUNG_NATURALISTS),
        ("юннаты тула", YOUNG_NATURALISTS),
        ("садик 5 тула", MALAKHOV_KINDERGARTEN),
        ("школа зеленогорский", ZELENOGORSKY),
        ("лицей зеленогорск", ZELENOGORSK),
        ("урта мәктәп 5 тула", TULA_5),
    ],
)
def test_the_school_is_found_whatever_people_type(index: Index, query: str, wanted: School) -> None:
    """Legal name, everyday words, wrong layout, slips, Latin letters, cut and glued words lead to the same school."""
    assert find(query, index)[0].ogrn == wanted.ogrn.digits


@pytest.mark.parametrize("query", [TULA_5.ogrn.digits, f"ОГРН: {TULA_5.ogrn.digits}", f"огрн {TULA_5.ogrn.digits[:9]}"])
def test_an_ogrn_is_found_whole_and_by_its_beginning(index: Index, query: str) -> None:
    """Digits are an ОГРН, or the beginning of one."""
    assert TULA_5.ogrn.digits in {hit.ogrn for hit in find(query, index)}


def test_an_inn_is_found_inside_other_words(index: Index) -> None:
    """A number of ten digits among words is worth more than the words."""
    assert TULA_5.inn is not None
    assert find(f"гимназия инн {TULA_5.inn.digits}", index)[0].ogrn == TULA_5.ogrn.digits


def test_three_digits_begin_no_identifier(index: Index) -> None:
    """From four digits on a number may be the beginning of an ИНН; shorter it is a school's own."""
    assert find("770", index) == []
    assert len(find("7700", index)) == len(SCHOOLS)


def test_numbers_match_as_whole_words() -> None:
    """«школа 1» is neither school 12 nor school 21."""
    index = build([school(n, f"Школа № {n}", place="г Тула", region="Тульская область") for n in (1, 12, 21, 112)])
    assert [hit.ogrn for hit in find("школа 1 тула", index)][:1] == [school(1, "").ogrn.digits]
    scores = [hit.score for hit in find("школа 1 тула", index)]
    assert scores[0] > 1.5 * max(scores[1:], default=0)


def test_a_house_is_no_school_number(index: Index) -> None:
    """«д. 5» after a street is the house of the gymnasium, not school No. 5."""
    assert find("тула ул мира д 5", index)[0].ogrn == TULA_12.ogrn.digits


def test_filters_narrow(index: Index) -> None:
    """Region, municipality and kind each keep the others out."""
    assert [hit.ogrn for hit in find("школа 5", index, filters=Filters(region_code="78"))] == [PETERSBURG_5.ogrn.digits]
    by_district = Filters(municipality="Выборгский Район")
    assert [hit.ogrn for hit in find("школа 5", index, filters=by_district)] == [PETERSBURG_5.ogrn.digits]
    kinds = Filters(kinds=frozenset({SchoolKind.KINDERGARTEN}))
    assert [hit.ogrn for hit in find("5 тула", index, filters=kinds)] == [MALAKHOV_KINDERGARTEN.ogrn.digits]
    assert find("школа 5", index, filters=Filters(region_code="99")) == []


def test_what_the_person_told_before_breaks_ties(index: Index) -> None:
    """With no town in the query the school of the person's own region comes first."""
    assert find("школа 5", index, hints=Hints("78"))[0].ogrn == PETERSBURG_5.ogrn.digits
    assert find("школа 5", index, hints=Hints("71"))[0].ogrn == TULA_5.ogrn.digits


def test_the_answer_explains_itself(index: Index) -> None:
    """Each word says which term answered it, how, and in which field."""
    why = {match.typed: match for match in find("шкoла 5 тлуа", index, explain=True)[0].why}
    assert why["школа"].read_as == "look-alike letters"
    assert why["5"].term == "#5"
    assert why["тлуа"].how == "one slip"
    assert "settlement" in why["тлуа"].fields


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "ш",
        "я" * 10_000,
        "школа " * 2_000,
        "🏫🏫🏫",
        "'; DROP TABLE school; --",
        "(школа|гимназия)+.*[",
        "\x00\x00школа\x00",
        "\u202e\u200f",
        "и в на",
        "#",
        "№№№",
        "-" * 300,
        "мәктәп",
        "the school of rock",
        "0",
        "00000",
        "9" * 40,
        "%_%",
        "&ддт @r71 =тула",
        "\ud800",
        "ІІІ",
        "xxx",
        "''''",
        "٣ ৫",
        "²",
    ],
)
def test_no_query_is_too_bad(index: Index, query: str) -> None:
    """Whatever is typed has an answer, perhaps an empty one."""
    assert len(find(query, index, explain=True, hints=Hints("xx"))) <= 10


def test_bad_queries_find_what_stands_in_them(index: Index) -> None:
    """Rubbish around a school does not hide it."""
    assert find("\x00школа\u200f №5; DROP TABLE тула 🏫", index)[0].ogrn == TULA_5.ogrn.digits


def test_an_index_travels_as_bytes(index: Index) -> None:
    """The index of another process answers in the same way."""
    travelled = Index.from_bytes(index.to_bytes())
    for query in ("шкла 5 тлуа", "цюн тула", "верхнекам школа", TULA_5.ogrn.digits):
        assert find(query, travelled, explain=True) == find(query, index, explain=True)


@pytest.mark.parametrize("spoil", [lambda b: b"", lambda b: b[:-1], lambda b: b"\xff" * 8 + b, lambda b: b[:40]])
def test_a_damaged_image_is_refused(index: Index, spoil: object) -> None:
    """Half an index never answers."""
    with pytest.raises(ImageUnreadable):
        Index.from_bytes(spoil(index.to_bytes()))  # type: ignore[operator]


def test_an_empty_directory_answers() -> None:
    """Before the first import a search finds nothing and does not fail."""
    assert find("школа 5", build([])) == []


@pytest.mark.parametrize("query", ["пятая школа тула", "школа пять тула", "в пятой школе тула", "тула школа пятая"])
def test_a_number_said_in_words_is_a_number(index: Index, query: str) -> None:
    """«Пятая школа» finds № 5 before its neighbours."""
    assert find(query, index)[0].ogrn == TULA_5.ogrn.digits


@pytest.mark.parametrize(
    ("query", "number"), [("двадцать пятая школа", "25"), ("лицей сто семьдесят", "170"), ("двенадцатый лицей", "12")]
)
def test_a_number_of_several_words_is_put_together(index: Index, query: str, number: str) -> None:
    """Tens and ones, hundreds and tens."""
    assert number in [group.word.text for group in read(query, index).groups if group.is_number]


def test_a_number_far_from_a_school_stays_a_word(index: Index) -> None:
    """«Первая Каменка» is a village and no school number 1."""
    assert not any(group.is_number for group in read("первая каменка верхняя", index).groups)


def test_a_misspelt_school_is_not_torn_apart(index: Index) -> None:
    """«шкала» is a slip of «школа», not «шк» and «ала»."""
    assert [group.word.text for group in read("шкала 5 тула", index).groups] == ["шкала", "5", "тула"]
