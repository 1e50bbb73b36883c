"""The clerk's form: what the papers say, field by field, in the words of the house."""

from collections.abc import Callable
from datetime import date

from myschool.gosuslugi.centre.children_model import Order, Read
from myschool.gosuslugi.family.model import Card
from myschool.gosuslugi.family.papers_model import Paper, needs_second_look, papers_needed
from myschool.gosuslugi.fields import take_date, take_full_name, take_passport, take_snils, take_text
from myschool.kit.web.forms import Form
from myschool.papers.certificates import BirthCertificate, CertificateKind, parse_number, parse_series
from myschool.papers.errors import DateTooLate

ORDERS = (Paper.GUARDIANSHIP_ORDER, Paper.ADOPTION_DECISION, Paper.COURT_DECISION)
LONGEST_NUMBER = 60


def take_read(form: Form, card: Card, today: date, *, sandbox: bool) -> Read | None:
    """None with a sentence at each field that cannot be read."""
    passport = take_passport(form)
    passport_on = take_date(form, "passport_issued", missing="Введите дату выдачи паспорта", check=_past(today))
    passport_by = take_text(form, "passport_by", missing="Введите, кем выдан паспорт")
    name = take_full_name(form)
    born = take_date(form, "birth", missing="Введите дату рождения из свидетельства", check=_past(today))
    certificate = _take_certificate(form, card.certificate_kind, today)
    snils = take_snils(form, sandbox=sandbox, missing="Введите СНИЛС ребёнка")
    order = take_order(form, order_of(card), today) if needs_second_look(card.relation) else None
    if form.errors or not (passport and passport_on and passport_by and name and born and certificate and snils):
        return None
    return Read(passport, passport_on, passport_by, form.typed["face"] == "1", name, born, certificate, snils, order)


def order_of(card: Card) -> Paper:
    return next(paper for paper in ORDERS if paper in papers_needed(card.relation))


def _take_certificate(form: Form, kind: CertificateKind, today: date) -> BirthCertificate | None:
    def series(typed: str) -> str | None:
        return parse_series(kind, typed)

    optional = kind is CertificateKind.FOREIGN
    read = (
        form.take_optional("series", series, wrong="Серия не похожа на серию свидетельства")
        if optional
        else form.take("series", series, missing="Введите серию", wrong="Серия не похожа на серию свидетельства")
    )
    number = form.take(
        "number",
        lambda typed: parse_number(kind, typed),
        missing="Введите номер свидетельства",
        wrong="Номер не похож на номер свидетельства",
    )
    issued_on = take_date(form, "issued", missing="Введите дату выдачи свидетельства", check=_past(today))
    issued_by = take_text(form, "issued_by", missing="Введите, кем выдано свидетельство")
    if number is None or issued_on is None or issued_by is None or form.errors.keys() & {"series"}:
        return None
    return BirthCertificate(kind, read, number, issued_by, issued_on)


def take_order(form: Form, paper: Paper, today: date) -> Order | None:
    """Fields `order_number`, `order_issued`, `order_by`, and `order_until` where the paper names a term."""
    number = take_text(form, "order_number", missing="Введите номер документа. Если номера нет, напишите «б/н»")
    if number is not None and len(number) > LONGEST_NUMBER:
        form.refuse("order_number", f"Сократите до {LONGEST_NUMBER} знаков")
        return None
    issued_on = take_date(form, "order_issued", missing="Введите дату документа", check=_past(today))
    issued_by = take_text(form, "order_by", missing="Введите, кто выдал документ")
    until = None
    if any(form.typed[f"order_until-{part}"].strip() for part in ("day", "month", "year")):
        until = take_date(form, "order_until", missing="Введите дату окончания")
        if until is not None and until < today:
            form.refuse("order_until", "Срок документа уже прошёл. Попросите действующий или откажите")
    if number is None or issued_on is None or issued_by is None:
        return None
    return Order(paper, number, issued_on, issued_by, until)


def _past(today: date) -> Callable[[date], None]:
    def check(day: date) -> None:
        if day > today:
            raise DateTooLate(today)

    return check
