"""The birth certificate: what is repaired, what is refused, and which date may follow which."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.papers.certificates import (
    BirthCertificate,
    CertificateKind,
    check_act_date,
    check_issue_date,
    parse_act_number,
    parse_issuer,
    parse_number,
    parse_series,
)
from myschool.papers.errors import (
    DateTooEarly,
    DateTooLate,
    Empty,
    PaperRefused,
    UnexpectedCharacters,
    WrongLength,
    WrongSeries,
)

RUSSIAN, FOREIGN, SOVIET = CertificateKind.RUSSIAN, CertificateKind.FOREIGN, CertificateKind.SOVIET
FORM = re.compile(r"^[MDCLXVI]{1,6}-[А-Я]{2}$")
SERIES = st.from_regex(r"[MDCLXVI]{1,6}-[А-Я]{2}", fullmatch=True)


@given(SERIES)
def test_a_series_of_the_form_stays_as_it_is(series: str) -> None:
    """Nothing is repaired where nothing is spoiled."""
    assert parse_series(RUSSIAN, series) == series


@given(SERIES, st.sampled_from(["-", " ", "—", " – ", "", " - ", "--"]), st.booleans())
def test_hyphen_and_case_do_not_matter(series: str, hyphen: str, lower: bool) -> None:
    """A long dash, a space, nothing at all, and lower case are put right."""
    roman, letters = series.split("-")
    typed = f" {roman}{hyphen}{letters} "
    assert parse_series(RUSSIAN, typed.lower() if lower else typed) == series


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ХІV-АБ", "XIV-АБ"),
        ("ххiv-аб", "XXIV-АБ"),
        ("МС-АБ", "MC-АБ"),
        ("1-АБ", "I-АБ"),
        ("111-АБ", "III-АБ"),
        ("V1 аб", "VI-АБ"),
        ("II-MP", "II-МР"),
        ("IIIMP", "III-МР"),
        ("П-АК", "II-АК"),
        ("Ш-АК", "III-АК"),
        ("ХУ-АК", "XV-АК"),
        ("Ⅳ-АК", "IV-АК"),
        ("IV-0З", "IV-ОЗ"),
        ("IV\u2011АК", "IV-АК"),
        ("IV-АК №", "IV-АК"),
        ("\u200eIV-АК", "IV-АК"),
    ],
)
def test_only_safe_repairs_are_made_and_they_are_made(typed: str, shown: str) -> None:
    """Letters of the other alphabet that can stand for one thing only."""
    assert parse_series(RUSSIAN, typed) == shown


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", Empty()),
        ("№", Empty()),
        ("АБ", WrongSeries("hyphen")),
        ("IIIIIII-АБ", WrongSeries("roman")),
        ("2-АБ", WrongSeries("roman")),
        ("R-АБ", WrongSeries("roman")),
        ("II-АБВ", WrongSeries("letters")),
        ("II-А", WrongSeries("letters")),
        ("II-А1", WrongSeries("letters")),
        ("II-АЁ", WrongSeries("letters")),
        ("II-QZ", WrongSeries("letters")),
        ("II\x00-АБ", WrongSeries("roman")),
        ("😀-АБ", WrongSeries("roman")),
        ("I" * 10_000, WrongLength(10_000, 1, 2000)),
    ],
)
def test_a_wrong_series_is_refused_by_its_part(typed: str, refusal: PaperRefused) -> None:
    """The page can say whether the roman part or the letters are at fault."""
    with pytest.raises(PaperRefused) as refused:
        parse_series(RUSSIAN, typed)
    assert refused.value == refusal


@pytest.mark.parametrize("kind", list(CertificateKind))
@given(typed=st.text(max_size=40))
def test_any_text_is_a_series_and_a_number_or_a_refusal(kind: CertificateKind, typed: str) -> None:
    """Nothing typed breaks the reader, and what a Russian series becomes has its form."""
    for parse in (parse_series, parse_number):
        try:
            shown = parse(kind, typed)
        except PaperRefused:
            continue
        if parse is parse_series and kind is RUSSIAN:
            assert shown is not None
            assert FORM.fullmatch(shown)
        if shown is not None:
            assert parse(kind, shown) == shown


def test_a_foreign_certificate_may_have_no_series() -> None:
    """None for an empty field, letters and digits otherwise."""
    assert parse_series(FOREIGN, "  ") is None
    assert parse_series(FOREIGN, "ab 12/3") == "AB 12/3"
    assert parse_number(FOREIGN, "№ 0012-AB") == "0012-AB"
    with pytest.raises(UnexpectedCharacters):
        parse_series(FOREIGN, "<script>")


def test_a_soviet_certificate_may_lack_the_roman_part() -> None:
    """Two letters alone, or the same form as a Russian one."""
    assert parse_series(SOVIET, "ЯЩ") == "ЯЩ"
    assert parse_series(SOVIET, "ii-ящ") == "II-ЯЩ"


@pytest.mark.parametrize(
    ("typed", "shown"), [("123456", "123456"), ("№ 123 456", "123456"), ("1234567", "1234567"), ("N123456", "123456")]
)
def test_a_number_has_six_or_seven_digits(typed: str, shown: str) -> None:
    """Spaces and № are dropped."""
    assert parse_number(RUSSIAN, typed) == shown


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("12345", WrongLength(5, 6, 7)),
        ("12345678", WrongLength(8, 6, 7)),
        ("12345б", UnexpectedCharacters(("б",))),
        ("№", Empty()),
    ],
)
def test_a_wrong_number_is_refused_with_facts(typed: str, refusal: PaperRefused) -> None:
    """How many digits were found, or which character is in the way."""
    with pytest.raises(PaperRefused) as refused:
        parse_number(RUSSIAN, typed)
    assert refused.value == refusal


def test_an_issuer_has_up_to_255_characters() -> None:
    """Doubled spaces go, 256 characters and null bytes are refused."""
    assert parse_issuer(" Отдел  ЗАГС  г. Тулы ") == "Отдел ЗАГС г. Тулы"
    assert parse_issuer("я" * 255) == "я" * 255
    for typed in ("", "я" * 256, "Отдел\x00"):
        with pytest.raises(PaperRefused):
            parse_issuer(typed)


def test_the_act_record_is_optional() -> None:
    """An empty field is no act number; 21 digits and «17/2» are ones."""
    assert parse_act_number(" ") is None
    assert parse_act_number("№ 17/2") == "17/2"
    assert parse_act_number("110199710002000123004") == "110199710002000123004"
    with pytest.raises(WrongLength):
        parse_act_number("1" * 31)


def test_a_certificate_is_issued_between_birth_and_today() -> None:
    """Both ends are allowed, a day beyond is refused with the bound."""
    birth, today = date(2015, 5, 9), date(2026, 11, 23)
    check_issue_date(birth, birth_date=birth, today=today)
    check_issue_date(today, birth_date=birth, today=today)
    with pytest.raises(DateTooEarly) as early:
        check_issue_date(date(2015, 5, 8), birth_date=birth, today=today)
    assert early.value == DateTooEarly(birth)
    with pytest.raises(DateTooLate) as late:
        check_issue_date(date(2026, 11, 24), birth_date=birth, today=today)
    assert late.value == DateTooLate(today)


def test_the_act_precedes_the_paper() -> None:
    """The record is made between the birth and the issue of the paper."""
    birth, issued = date(2015, 5, 9), date(2015, 6, 1)
    check_act_date(date(2015, 5, 20), birth_date=birth, issued_on=issued)
    with pytest.raises(DateTooEarly):
        check_act_date(date(2015, 5, 1), birth_date=birth, issued_on=issued)
    with pytest.raises(DateTooLate):
        check_act_date(date(2015, 6, 2), birth_date=birth, issued_on=issued)


def test_a_certificate_is_shown_by_explicit_forms_only() -> None:
    """`repr` and `str` keep the kind and hide the rest."""
    paper = BirthCertificate(RUSSIAN, "III-АБ", "123456", "Отдел ЗАГС", date(2015, 6, 1))
    assert paper.formatted() == "III-АБ № 123456"
    assert paper.masked() == "•••-•• № ••••56"
    assert paper.key() == ("RF_BRTH_CERT", "III-АБ", "123456")
    for shown in (repr(paper), str(paper), f"{paper}"):
        assert "123456" not in shown
        assert "АБ" not in shown
