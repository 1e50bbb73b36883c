"""The main page, for strangers and for citizens, and «Данные и документы»."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.people import actions
from myschool.gosuslugi.people.model import Card, ContactKind, Document, DocumentKind, Level, NoSuchPerson, Person, Sex
from myschool.kit.web.errors import SignInRequired
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit
from myschool.papers.dates import worded_date
from myschool.papers.numbers import PassportNumber

CardOf = Callable[[Visit, Person], Awaitable[Card | None]]
"""A slice above shows a card on the main page, or none to this person."""

LEVELS = {
    Level.SIMPLIFIED: "упрощённая",
    Level.STANDARD: "стандартная",
    Level.CONFIRMED: "подтверждённая",
    Level.CHILD: "учётная запись ребёнка",
    Level.PROVISIONAL: "временная учётная запись ребёнка",
}
SEXES = {Sex.FEMALE: "женский", Sex.MALE: "мужской"}
DOCUMENTS = {
    DocumentKind.RF_PASSPORT: "Паспорт гражданина России",
    DocumentKind.FID_DOC: "Документ иностранного гражданина",
    DocumentKind.RF_BRTH_CERT: "Свидетельство о рождении",
    DocumentKind.FID_BRTH_CERT: "Иностранное свидетельство о рождении",
    DocumentKind.OLD_BRTH_CERT: "Свидетельство о рождении (СССР)",
}
CONTACTS = ((ContactKind.EMAIL, "Почта", "/contacts/email"), (ContactKind.MOBILE, "Телефон", "/contacts/phone"))


def routes(cards: Sequence[CardOf] = ()) -> list[Route]:
    """`cards`: what the slices above show on the main page, in this order."""

    async def main(visit: Visit) -> Response:
        if not visit.signed_in:
            return visit.render("people/welcome.html", page_title="Учётная запись для всех услуг")
        person = await _person(visit)
        shown = [card for card in [await card_of(visit, person) for card_of in cards] if card is not None]
        title = f"Здравствуйте, {person.name.given_and_patronymic}"
        return visit.render("people/cabinet.html", page_title=title, cards=shown)

    return [get("/", main), get("/profile", profile)]


async def _person(visit: Visit) -> Person:
    try:
        return await actions.signed_in(visit.tx, visit.house.vault, visit.person_id)
    except NoSuchPerson:
        raise SignInRequired from None


async def profile(visit: Visit) -> Response:
    person = await _person(visit)
    vault = visit.house.vault
    contacts = {one.kind: one for one in await actions.contacts_of(visit.tx, vault, person.id)}
    contact_rows, waiting = [], []
    for kind, name, href in CONTACTS:
        known = contacts.get(kind)
        value = known.value.formatted() if known and known.value else ""
        fixed = person.level is Level.PROVISIONAL
        contact_rows.append((name, value) if fixed else (name, value, href))
        if known and known.pending:
            waiting.append((known.pending.formatted(), f"{href}/code", f"{href}/drop"))
    return visit.render(
        "people/profile.html",
        page_title="Данные и документы",
        level=LEVELS[person.level],
        provable=person.level in (Level.SIMPLIFIED, Level.CHILD),
        is_child=person.level is Level.CHILD,
        person_rows=_person_rows(person),
        contact_rows=contact_rows,
        waiting=waiting,
        documents=[_document_rows(one) for one in await actions.documents_of(visit.tx, vault, person.id)],
    )


def _person_rows(person: Person) -> list[tuple[str, str]]:
    return [
        ("Фамилия, имя, отчество", person.name.formal),
        ("Дата рождения", worded_date(person.birth_date) if person.birth_date else ""),
        ("Место рождения", person.birthplace or ""),
        ("Пол", SEXES[person.sex] if person.sex else ""),
        ("Гражданство", "Россия" if person.citizenship == "RUS" else person.citizenship or ""),
        ("СНИЛС", person.snils.formatted() if person.snils else ""),
        ("Номер учётной записи", str(person.oid)),
    ]


def _document_rows(paper: Document) -> tuple[str, list[tuple[str, str]]]:
    number = f"{paper.series} № {paper.number}".strip()
    if paper.kind is DocumentKind.RF_PASSPORT:
        number = PassportNumber(paper.series, paper.number).formatted()
    code = paper.department_code or ""
    rows = [
        ("Серия и номер", number),
        ("Дата выдачи", worded_date(paper.issued_on) if paper.issued_on else ""),
        ("Кем выдан", paper.issued_by or ""),
        *([("Код подразделения", f"{code[:3]}-{code[3:]}")] if code else []),
        ("Проверен", worded_date(paper.verified_at.date()) if paper.verified_at else "нет"),
    ]
    return DOCUMENTS[paper.kind], rows
