"""Numbers of Russian papers: what is taken, what is refused and why, and what never prints itself."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.papers.errors import (
    EmailWithoutAddress,
    Empty,
    EntrepreneurNumber,
    ForeignPhone,
    NumberNotIssued,
    NumberOfTestPerson,
    PaperRefused,
    UnexpectedCharacters,
    WrongControlNumber,
    WrongLength,
)
from myschool.papers.numbers import DepartmentCode, Email, Inn, Ogrn, PassportNumber, Phone, Snils, snils_control

NINE_DIGITS = st.integers(min_value=1_001_999, max_value=999_999_999).map("{:09d}".format)
NASTY = ["", " ", "\x00", "‏", "😀", "1" * 10_000, "а" * 10_000, "١٢٣٤٥٦٧٨٩٠١", "１１２２３３４４５９５", "-", "()"]
PARSERS = [Snils.parse, Inn.parse, Ogrn.parse, PassportNumber.parse, DepartmentCode.parse, Phone.parse, Email.parse]


def by_the_words_of_the_rule(first_nine: str) -> str:
    """The rule of the control number written as the law says it, branch by branch."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(first_nine))
    if total in (100, 101):
        return "00"
    if total > 101:
        total %= 101
        if total == 100:
            return "00"
    return f"{total:02d}"


@given(NINE_DIGITS)
def test_control_number_follows_the_rule(first_nine: str) -> None:
    """The short formula gives what the long rule gives."""
    assert snils_control(first_nine) == by_the_words_of_the_rule(first_nine)


@given(NINE_DIGITS, st.sampled_from(["{}{}{}{}", "{}-{}-{} {}", "{} {} {} {}", "{}–{}–{} {}", " {}-{}-{}-{} "]))
def test_snils_is_taken_with_any_separators(first_nine: str, form: str) -> None:
    """СНИЛС typed with other separators is the same СНИЛС."""
    digits = first_nine + snils_control(first_nine)
    typed = form.format(digits[:3], digits[3:6], digits[6:9], digits[9:])
    assert Snils.parse(typed) == Snils(digits)
    assert Snils.parse(Snils(digits).formatted()).digits == digits


@given(NINE_DIGITS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first_nine: str, place: int, shift: int) -> None:
    """A slip in one of the first nine digits never passes."""
    wrong = first_nine[:place] + str((int(first_nine[place]) + shift) % 10) + first_nine[place + 1 :]
    if int(wrong) <= Snils.LAST_WITHOUT_CONTROL:
        return
    weight = 9 - place
    if (int(wrong[place]) - int(first_nine[place])) * weight % 101 == 0:
        return
    sums = {by_the_words_of_the_rule(first_nine), by_the_words_of_the_rule(wrong)}
    if len(sums) == 1:  # 100 and 101 share «00»: the only pair the rule itself cannot tell apart
        assert sums == {"00"}
        return
    with pytest.raises(WrongControlNumber):
        Snils.parse(wrong + snils_control(first_nine))


@pytest.mark.parametrize("typed", ["112-233-445 95", "11223344595"])
def test_known_snils_is_taken(typed: str) -> None:
    """The worked example of the rule: 112-233-445 95."""
    assert Snils.parse(typed).formatted() == "112-233-445 95"


@pytest.mark.parametrize("typed", ["000-000-600 06", "000-000-600 01", "001-001-998 00"])
def test_test_persons_live_in_the_sandbox_only(typed: str) -> None:
    """Numbers without a control number are refused outside the sandbox and taken inside."""
    with pytest.raises(NumberOfTestPerson):
        Snils.parse(typed)
    assert Snils.parse(typed, sandbox=True).formatted() == typed


def test_the_sandbox_still_checks_control_numbers() -> None:
    """Sandbox mode forgives nothing above 001-001-998."""
    with pytest.raises(WrongControlNumber):
        Snils.parse("112-233-445 96", sandbox=True)
    with pytest.raises(NumberNotIssued):
        Snils.parse("000-000-000 00", sandbox=True)


def test_refusals_carry_facts() -> None:
    """Each refusal says how many were found and needed, or which characters."""
    with pytest.raises(WrongLength) as short:
        Snils.parse("112-233-445 9")
    assert short.value == WrongLength(found=10, needed=11)
    with pytest.raises(UnexpectedCharacters) as letters:
        Snils.parse("112-233-44О 9\x005")
    assert letters.value == UnexpectedCharacters(("О", "U+0000"))
    with pytest.raises(Empty):
        Snils.parse(" \u00a0 ")


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("typed", NASTY)
def test_nonsense_is_refused_and_never_breaks(parse: object, typed: str) -> None:
    """Empty fields, emoji, null bytes, direction marks, foreign digits and 10 kB are refusals of the domain."""
    assert callable(parse)
    with pytest.raises(PaperRefused):
        parse(typed)


@pytest.mark.parametrize("parse", PARSERS)
@given(typed=st.text(max_size=40))
def test_any_text_is_parsed_or_refused(parse: object, typed: str) -> None:
    """Whatever is typed, the answer is a value or a refusal."""
    assert callable(parse)
    with contextlib.suppress(PaperRefused):
        parse(typed)


@pytest.mark.parametrize("typed", ["7707083893", "500100732259", "77 07 08 38 93"])
def test_inn_with_right_control_digits_is_taken(typed: str) -> None:
    """ИНН of a legal entity and of a person."""
    assert Inn.parse(typed).digits == typed.replace(" ", "")


@pytest.mark.parametrize("typed", ["7707083894", "500100732258", "500100732249"])
def test_inn_with_wrong_control_digits_is_refused(typed: str) -> None:
    """Each control digit is checked, both of a person's."""
    with pytest.raises(WrongControlNumber):
        Inn.parse(typed)


def test_ogrn_is_of_a_legal_entity_only() -> None:
    """Thirteen digits are checked, fifteen are an entrepreneur's and refused as such."""
    assert Ogrn.parse("1027700132195").digits == "1027700132195"
    with pytest.raises(WrongControlNumber):
        Ogrn.parse("1027700132196")
    with pytest.raises(EntrepreneurNumber):
        Ogrn.parse("304500116000157")
    with pytest.raises(NumberNotIssued):
        Ogrn.parse("0" * 13)


@pytest.mark.parametrize("typed", ["45 08 № 123456", "4508123456", "4508 123456", "45-08 123456"])
def test_passport_is_taken_as_people_type_it(typed: str) -> None:
    """Series and number in one field, with any spaces and with №."""
    assert PassportNumber.parse(typed) == PassportNumber("4508", "123456")
    assert PassportNumber.parse(PassportNumber("4508", "123456").formatted()) == PassportNumber("4508", "123456")


def test_passport_fields_are_read_apart() -> None:
    """The form has a field for the series and a field for the number."""
    assert PassportNumber.parse_series("45 08") == "4508"
    assert PassportNumber.parse_number("№ 123456") == "123456"
    with pytest.raises(WrongLength):
        PassportNumber.parse_series("45081")


def test_department_code_is_shown_with_a_hyphen() -> None:
    """Typed with or without the hyphen, shown with it."""
    assert DepartmentCode.parse("770001").formatted() == DepartmentCode.parse("770—001").formatted() == "770-001"


@pytest.mark.parametrize(
    "typed", ["+7 (900) 123-12-34", "89001231234", "9001231234", "7 900 123 12 34", "+7(900)1231234", "8.900.123.12.34"]
)
def test_phone_goes_to_the_wire_in_one_form(typed: str) -> None:
    """However typed, the wire carries +7(NNN)NNNNNNN and the page may mask it."""
    phone = Phone.parse(typed)
    assert phone.wire() == "+7(900)1231234"
    assert phone.masked() == "+7 ••• •••-12-34"
    assert phone.may_receive_sms


@pytest.mark.parametrize("typed", ["+375 29 1234567", "+7 701 123 45 67", "+8 900 123 12 34"])
def test_foreign_phone_is_refused_as_foreign(typed: str) -> None:
    """Belarus, Kazakhstan and «+8» are told apart from a wrong length."""
    with pytest.raises(ForeignPhone):
        Phone.parse(typed)


def test_free_line_keeps_its_eight() -> None:
    """«8 800 …» and «800 …» are the same number."""
    assert Phone.parse("8 800 200-00-00") == Phone.parse("800 200 00 00")
    assert not Phone.parse("8 800 200-00-00").may_receive_sms


def test_email_domain_is_lowered_and_local_part_is_kept() -> None:
    """The local part stays as typed; two spellings are the same mailbox."""
    email = Email.parse(" Olga.Smirnova@Example.RU ")
    assert email.address == "Olga.Smirnova@example.ru"
    assert email.comparable() == Email.parse("olga.smirnova@example.ru").comparable()
    assert email.masked() == "O•••@example.ru"
    assert Email.parse("olga@школа.рф").domain == "школа.рф"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("olga.example.ru", EmailWithoutAddress("at")),
        ("@example.ru", EmailWithoutAddress("local_part")),
        ("olga@", EmailWithoutAddress("domain")),
        ("olga@example", EmailWithoutAddress("domain")),
        ("olga@.ru", EmailWithoutAddress("domain")),
        ("olga@-a.ru", EmailWithoutAddress("domain")),
        ("ol ga@example.ru", UnexpectedCharacters(("U+0020",))),
        ("оlga@example.ru", UnexpectedCharacters(("о",))),
        ("olga@exаmple.ru", UnexpectedCharacters(("а",))),
        (".olga@example.ru", UnexpectedCharacters((".",))),
        ("olga@example.ru\x00", UnexpectedCharacters(("U+0000",))),
        ("olga@@example.ru", UnexpectedCharacters(("@",))),
        ("=?utf-8?q?olga?=@example.ru", UnexpectedCharacters(("=?",))),
        ("a" * 65 + "@example.ru", WrongLength(65, 1, 64)),
    ],
)
def test_email_refusal_says_what_is_missing(typed: str, refusal: PaperRefused) -> None:
    """Each refusal points at the part to mend, a Russian letter in the domain too."""
    with pytest.raises(PaperRefused) as refused:
        Email.parse(typed)
    assert refused.value == refusal


HIDDEN = [
    (Snils("11223344595"), "112"),
    (Inn("500100732259"), "5001"),
    (PassportNumber("4508", "123456"), "45"),
    (Phone("9001231234"), "900"),
    (Email("olga@example.ru"), "olga"),
]


@pytest.mark.parametrize(("value", "secret"), HIDDEN)
def test_personal_numbers_never_print_themselves(value: object, secret: str) -> None:
    """`repr`, `str`, format strings and containers show the type only."""
    for shown in (repr(value), str(value), f"{value}", repr([value]), repr({"a": (value,)})):
        assert secret not in shown
        assert "(…)" in shown


def test_public_numbers_may_show_themselves() -> None:
    """A legal entity's numbers and an office's code are public."""
    assert repr(Ogrn("1027700132195")) == "Ogrn(1027700132195)"
    assert repr(Inn("7707083893")) == "Inn(7707083893)"
    assert repr(DepartmentCode("770001")) == "DepartmentCode(770-001)"


def test_a_constructor_refuses_digits_of_another_shape() -> None:
    """A value read from a store is trusted in its control number, not in its form."""
    with pytest.raises(WrongLength):
        Snils("112-233-445 95")
    with pytest.raises(WrongLength):
        Phone("+79001231234")
