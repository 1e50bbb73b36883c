"""The pages of the card of a child: what each asks, and how typed text becomes a card or a sentence at the field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from myschool.gosuslugi.family.model import CITIZENSHIPS, Card, Relation
from myschool.gosuslugi.fields import quoted, take_date, take_full_name, take_snils, take_text, text_refused
from myschool.gosuslugi.people.model import Sex
from myschool.kit.web.forms import Form
from myschool.papers.certificates import (
    CertificateKind,
    check_act_date,
    check_issue_date,
    parse_act_number,
    parse_issuer,
    parse_number,
    parse_series,
)
from myschool.papers.errors import DateTooEarly, DateTooLate, UnexpectedCharacters, WrongLength, WrongSeries
from myschool.papers.names import FullName
from myschool.papers.numbers import Snils

CHILD = ("relation", "family_name", "given_name", "patronymic", "birth-day", "birth-month", "birth-year", "sex")
PAPERS = ("snils", "citizenship", "address")
CERTIFICATE = (
    "kind",
    "series",
    "number",
    "issued_by",
    "issued-day",
    "issued-month",
    "issued-year",
    "act_number",
    "act-day",
    "act-month",
    "act-year",
)
ACT_DATE = ("act-day", "act-month", "act-year")
EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True)
class Who:
    """The first page."""

    relation: Relation
    name: FullName
    birth_date: date
    sex: Sex


@dataclass(frozen=True)
class Numbers:
    """The second page."""

    snils: Snils
    citizenship: str
    address: str | None


def take_who(form: Form, today: date) -> Who | None:
    relation = form.take_choice(
        "relation",
        {one.value: one for one in Relation if one is not Relation.DELEGATE},
        missing="Выберите, кто вы ребёнку",
    )
    name = take_full_name(form)

    def born(day: date) -> None:
        if day > today:
            raise DateTooLate(today)
        if day < EARLIEST_BIRTH:
            raise DateTooEarly(EARLIEST_BIRTH)

    birth_date = take_date(form, "birth", missing="Введите дату рождения ребёнка", check=born)
    sex = form.take_choice("sex", {one.value: one for one in Sex}, missing="Выберите пол ребёнка")
    if relation is None or name is None or birth_date is None or sex is None:
        return None
    return Who(relation, name, birth_date, sex)


def take_numbers(form: Form, *, sandbox: bool) -> Numbers | None:
    snils = take_snils(form, sandbox=sandbox, missing="Введите СНИЛС ребёнка")
    chosen = {code: code for code in CITIZENSHIPS}
    citizenship = form.take_choice("citizenship", chosen, missing="Выберите гражданство ребёнка")
    address = take_text(form, "address", missing="") if form.typed["address"].strip() else None
    if snils is None or citizenship is None or "address" in form.errors:
        return None
    return Numbers(snils, citizenship, address)


def take_certificate(form: Form, who: Who, numbers: Numbers, today: date) -> Card | None:
    """The third page; with what the first two said it makes the card."""
    kind = form.take_choice("kind", {one.value: one for one in CertificateKind}, missing="Выберите вид свидетельства")
    if kind is None:
        return None
    series = _take_series(form, kind)
    number = form.take(
        "number",
        lambda typed: parse_number(kind, typed),
        missing="Введите номер свидетельства",
        wrong=number_refused,
    )
    issued_by = form.take("issued_by", parse_issuer, missing="Введите, кем выдано свидетельство", wrong=text_refused)
    issued_on = take_date(
        form,
        "issued",
        missing="Введите дату выдачи свидетельства",
        check=lambda day: check_issue_date(day, birth_date=who.birth_date, today=today),
    )
    act_number = form.take_optional("act_number", parse_act_number, wrong=act_refused)
    act_date = _take_act_date(form, who.birth_date, issued_on)
    if form.errors or number is None or issued_by is None or issued_on is None:
        return None
    for name, shown in (("series", series), ("number", number), ("issued_by", issued_by), ("act_number", act_number)):
        form.show(name, shown or "")
    return Card(
        relation=who.relation,
        family_name=who.name.family_name,
        given_name=who.name.given_name,
        patronymic=who.name.patronymic,
        birth_date=who.birth_date,
        sex=who.sex,
        snils_digits=numbers.snils.digits,
        citizenship=numbers.citizenship,
        address=numbers.address,
        certificate_kind=kind,
        series=series,
        number=number,
        issued_by=issued_by,
        issued_on=issued_on,
        act_number=act_number,
        act_date=act_date,
    )


def take_card(typed: Mapping[str, str], today: date, *, sandbox: bool) -> Card | None:
    """All three pages at once, as they were kept. None when one of them is not finished."""
    form = Form(typed)
    who = take_who(form, today)
    numbers = take_numbers(form, sandbox=sandbox)
    return take_certificate(form, who, numbers, today) if who and numbers else None


def typed_of(card: Card) -> dict[str, str]:
    """The card as one would have typed it, to be corrected."""

    def parts(name: str, day: date | None) -> dict[str, str]:
        if day is None:
            return {}
        return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}

    return {
        "relation": card.relation,
        "family_name": card.family_name,
        "given_name": card.given_name,
        "patronymic": card.patronymic or "",
        "sex": card.sex,
        "snils": card.snils.formatted(),
        "citizenship": card.citizenship,
        "address": card.address or "",
        "kind": card.certificate_kind,
        "series": card.series or "",
        "number": card.number,
        "issued_by": card.issued_by,
        "act_number": card.act_number or "",
        **parts("birth", card.birth_date),
        **parts("issued", card.issued_on),
        **parts("act", card.act_date),
    }


def _take_series(form: Form, kind: CertificateKind) -> str | None:
    def parse(typed: str) -> str | None:
        return parse_series(kind, typed)

    if kind is CertificateKind.FOREIGN:
        return form.take_optional("series", parse, wrong=act_refused)
    return form.take("series", parse, missing="Введите серию свидетельства, например III‑АБ", wrong=series_refused)


def _take_act_date(form: Form, birth_date: date, issued_on: date | None) -> date | None:
    if not any(form.typed[name].strip() for name in ACT_DATE):
        return None

    def check(day: date) -> None:
        if issued_on is not None:
            check_act_date(day, birth_date=birth_date, issued_on=issued_on)

    return take_date(form, "act", missing="", check=check)


def series_refused(error: Exception) -> str:
    match error:
        case WrongSeries("roman"):
            return "Серия начинается с римских цифр: I, V, X, L, C, D, M. Например, III‑АБ"
        case WrongSeries("letters"):
            return "После дефиса в серии две русские буквы. Например, III‑АБ"
        case WrongSeries():
            return "Серия — римские цифры, дефис и две русские буквы. Например, III‑АБ"
        case _:
            return "Сверьте серию со свидетельством. Например, III‑АБ"


def number_refused(error: Exception) -> str:
    match error:
        case WrongLength(found, needed, longest) if needed > 1:
            return f"В номере {needed} или {longest} цифр, а здесь {found}. Номер напечатан рядом с серией"
        case WrongLength():
            return "Номер слишком длинный. Сверьте его со свидетельством"
        case UnexpectedCharacters(characters):
            return f"В номере не бывает {quoted(characters)}. Серию вводите в отдельное поле"
        case _:
            return "Введите номер свидетельства, например 123456"


def act_refused(error: Exception) -> str:
    match error:
        case UnexpectedCharacters(characters):
            return f"Уберите {quoted(characters)}: здесь только буквы, цифры и дефисы"
        case _:
            return "Слишком длинно. Сверьте со свидетельством"
