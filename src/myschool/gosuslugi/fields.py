"""Fields that many forms of this house ask for: parsed by `papers`, refused in one set of words.

Each takes the field from the form and gives its value, or None with the sentence noted at the field.
"""

from collections.abc import Callable
from datetime import date

from myschool.kit.web.forms import Form
from myschool.papers.dates import parse_date, worded_date
from myschool.papers.errors import (
    DateTooEarly,
    DateTooLate,
    EmailWithoutAddress,
    Empty,
    ForeignPhone,
    NoLetters,
    NoSuchDate,
    NumberNotIssued,
    NumberOfTestPerson,
    UnexpectedCharacters,
    WrongControlNumber,
    WrongLength,
)
from myschool.papers.names import FullName, parse_name, parse_patronymic
from myschool.papers.numbers import DepartmentCode, Email, PassportNumber, Phone, Snils
from myschool.papers.typed import tidy

LONGEST_TEXT = 255


def take_full_name(form: Form) -> FullName | None:
    """Fields `family_name`, `given_name`, `patronymic`; the last may be empty."""
    family = form.take("family_name", parse_name, missing="Введите фамилию", wrong=name_refused("Фамилия"))
    given = form.take("given_name", parse_name, missing="Введите имя", wrong=name_refused("Имя"))
    patronymic = form.take_optional("patronymic", parse_patronymic, wrong=name_refused("Отчество"))
    if family is None or given is None or form.errors.keys() & {"patronymic"}:
        return None
    for name, value in (("family_name", family), ("given_name", given), ("patronymic", patronymic or "")):
        form.show(name, value)
    return FullName(family, given, patronymic)


def name_refused(what: str) -> Callable[[Exception], str]:
    def words(error: Exception) -> str:
        match error:
            case UnexpectedCharacters(characters):
                return f"{what}: уберите {quoted(characters)}. Пишите русскими буквами, как в документе"
            case WrongLength(_, _, longest):
                return f"{what}: не больше {longest} букв"
            case NoLetters():
                return f"{what}: здесь нет ни одной буквы"
            case _:
                return f"{what}: напишите русскими буквами, как в документе"

    return words


def quoted(characters: tuple[str, ...]) -> str:
    return ", ".join(f"«{character}»" for character in characters)


def take_snils(form: Form, name: str = "snils", *, sandbox: bool, missing: str = "Введите СНИЛС") -> Snils | None:
    snils = form.take(name, lambda typed: Snils.parse(typed, sandbox=sandbox), missing=missing, wrong=snils_refused)
    if snils is not None:
        form.show(name, snils.formatted())
    return snils


def snils_refused(error: Exception) -> str:
    match error:
        case WrongLength(found, needed):
            return f"В СНИЛС {needed} цифр, а здесь {found}. Проверьте, нет ли лишней или пропущенной"
        case WrongControlNumber():
            return "Такого СНИЛС не бывает: две последние цифры не подходят к остальным. Сверьте номер с карточкой"
        case NumberNotIssued() | NumberOfTestPerson():
            return "Такой СНИЛС не выдаётся. Сверьте номер с карточкой"
        case UnexpectedCharacters(characters):
            return f"СНИЛС состоит из цифр. Уберите {quoted(characters)}"
        case _:
            return "Введите 11 цифр СНИЛС, например 112-233-445 95"


def take_email(form: Form, name: str = "email", *, missing: str = "Введите адрес почты") -> Email | None:
    email = form.take(name, Email.parse, missing=missing, wrong=email_refused)
    if email is not None:
        form.show(name, email.address)
    return email


def email_refused(error: Exception) -> str:
    match error:
        case EmailWithoutAddress("at"):
            return "В адресе почты нет знака @. Пример: olga@mail.example"
        case EmailWithoutAddress("local_part"):
            return "Перед знаком @ ничего нет. Пример: olga@mail.example"
        case EmailWithoutAddress():
            return "После знака @ напишите сайт почты. Пример: olga@mail.example"
        case UnexpectedCharacters(characters):
            return f"В адресе почты не бывает {quoted(characters)}. Проверьте раскладку клавиатуры"
        case WrongLength():
            return "Адрес почты слишком длинный"
        case _:
            return "Введите адрес почты, например olga@mail.example"


def take_phone(form: Form, name: str = "phone", *, missing: str = "Введите номер телефона") -> Phone | None:
    """A mobile number of Russia: it must take SMS."""
    phone = form.take(name, Phone.parse, missing=missing, wrong=phone_refused)
    if phone is None:
        return None
    if not phone.may_receive_sms:
        form.refuse(name, "Нужен мобильный номер: на него придёт сообщение с кодом")
        return None
    form.show(name, phone.formatted())
    return phone


def phone_refused(error: Exception) -> str:
    match error:
        case ForeignPhone():
            return "Нужен российский мобильный номер. Он начинается с +7 9"
        case WrongLength():
            return "В номере 10 цифр после +7. Проверьте, нет ли лишней или пропущенной"
        case UnexpectedCharacters(characters):
            return f"В номере не бывает {quoted(characters)}"
        case _:
            return "Введите номер, например +7 916 123-45-67"


def take_date(form: Form, name: str, *, missing: str, check: Callable[[date], None] | None = None) -> date | None:
    """Fields `<name>-day`, `<name>-month`, `<name>-year`. `check` refuses by DateTooEarly or DateTooLate."""
    try:
        day = parse_date(*(form.typed[f"{name}-{part}"] for part in ("day", "month", "year")))
        if check is not None:
            check(day)
    except ValueError as error:
        form.refuse(name, missing if isinstance(error, Empty) else date_refused(error))
        return None
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        form.show(f"{name}-{part}", str(value))
    return day


def date_refused(error: Exception) -> str:
    match error:
        case NoSuchDate("year"):
            return "Напишите год четырьмя цифрами, например 1988"
        case NoSuchDate("month"):
            return "Месяц — число от 1 до 12 или слово, например «мая»"
        case NoSuchDate():
            return "Такого дня в календаре нет. Проверьте день, месяц и год"
        case DateTooEarly(earliest):
            return f"Дата не может быть раньше {worded_date(earliest)}"
        case DateTooLate(latest):
            return f"Дата не может быть позже {worded_date(latest)}"
        case _:
            return "Введите день, месяц и год"


def take_passport(form: Form, name: str = "passport") -> PassportNumber | None:
    number = form.take(name, PassportNumber.parse, missing="Введите серию и номер паспорта", wrong=passport_refused)
    if number is not None:
        form.show(name, number.formatted())
    return number


def passport_refused(error: Exception) -> str:
    match error:
        case WrongLength(found, needed):
            return f"В серии и номере вместе {needed} цифр, а здесь {found}"
        case UnexpectedCharacters(characters):
            return f"Серия и номер — только цифры. Уберите {quoted(characters)}"
        case _:
            return "Введите 4 цифры серии и 6 цифр номера, например 45 08 № 123456"


def take_department(form: Form, name: str = "department_code") -> DepartmentCode | None:
    wrong = "В коде подразделения 6 цифр, например 770-001"
    code = form.take(name, DepartmentCode.parse, missing="Введите код подразделения", wrong=wrong)
    if code is not None:
        form.show(name, code.formatted())
    return code


def take_text(form: Form, name: str, *, missing: str) -> str | None:
    """Free words from a paper: up to 255 characters, no control characters."""

    def parse(typed: str) -> str:
        text = tidy(typed)
        if len(text) > LONGEST_TEXT:
            raise WrongLength(found=len(text), needed=1, or_up_to=LONGEST_TEXT)
        if not text.isprintable():
            raise UnexpectedCharacters(())
        return text

    text = form.take(name, parse, missing=missing, wrong=text_refused)
    if text is not None:
        form.show(name, text)
    return text


def text_refused(error: Exception) -> str:
    if isinstance(error, WrongLength):
        return f"Сократите до {LONGEST_TEXT} знаков"
    return "Здесь есть знаки, которых не бывает в документе. Наберите текст заново"
