"""What the pages of a family share: the own card or «не найдено», words of the domain."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from myschool.gosuslugi.family.actions import look
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.model import NotNow, NotYours, OwnAccount, Relation, RightMissing
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.visit import Visit
from myschool.papers.certificates import CertificateKind
from myschool.papers.matching import Field

FAMILY = Way("/family", "Семья и дети")

RELATIONS = {
    Relation.MOTHER: "Мать",
    Relation.FATHER: "Отец",
    Relation.ADOPTER: "Усыновитель",
    Relation.GUARDIAN: "Опекун",
    Relation.TRUSTEE: "Попечитель",
    Relation.FOSTER: "Приёмный родитель",
    Relation.DELEGATE: "Доверенное лицо",
}
CLAIMABLE = {relation: words for relation, words in RELATIONS.items() if relation is not Relation.DELEGATE}
"""What an adult may say of himself; a delegate is made by a parent."""
CERTIFICATES = {
    CertificateKind.RUSSIAN: "Российское",
    CertificateKind.FOREIGN: "Иностранное",
    CertificateKind.SOVIET: "Выдано в СССР",
}
SEXES = {"F": "Женский", "M": "Мужской"}
FIELDS = {
    Field.FAMILY_NAME: "фамилия ребёнка",
    Field.GIVEN_NAME: "имя ребёнка",
    Field.PATRONYMIC: "отчество ребёнка",
    Field.BIRTH_DATE: "дата рождения",
    Field.SEX: "пол",
    Field.SNILS: "СНИЛС",
    Field.DOCUMENT: "серия и номер свидетельства",
    Field.ISSUED_ON: "дата выдачи свидетельства",
    Field.ISSUED_BY: "кем выдано свидетельство",
    Field.DEPARTMENT_CODE: "код подразделения",
    Field.ACT_NUMBER: "номер записи акта",
    Field.ACT_DATE: "дата записи акта",
    Field.PARENT_FAMILY_NAME: "ваша фамилия в записи о рождении",
    Field.PARENT_GIVEN_NAME: "ваше имя в записи о рождении",
    Field.PARENT_PATRONYMIC: "ваше отчество в записи о рождении",
    Field.PARENT_BIRTH_DATE: "ваша дата рождения в записи о рождении",
}


async def own_entry(visit: Visit) -> tuple[Person, Entry]:
    """Who is signed in and the card in the address. A card of another is not found, like one that is not there."""
    person = await citizen(visit)
    try:
        return person, await look.entry(visit.tx, visit.house.vault, visit.path_id("id"), person.id)
    except NotYours:
        raise no_such_card() from None


def no_such_card() -> Refusal:
    return Refusal(
        "Такой карточки нет",
        "Возможно, вы удалили её или вошли под другой учётной записью.",
        status=404,
        ways=(FAMILY,),
    )


Handler = Callable[[Visit], Awaitable[Response]]


def guarded(handler: Handler) -> Handler:
    """Turns what the domain refuses on any page of a card into a page with a way on."""

    async def page(visit: Visit) -> Response:
        try:
            return await handler(visit)
        except NotYours:
            raise no_such_card() from None
        except NotNow:
            raise Refusal(
                "Это уже не нужно",
                "Пока страница была открыта, всё изменилось. Откройте карточку ребёнка: там видно, что делать дальше.",
                status=409,
                ways=(FAMILY,),
            ) from None
        except RightMissing:
            raise Refusal(
                "Это решает другой взрослый",
                "Вам не дано право распоряжаться учётной записью ребёнка. Что вы можете, написано в карточке.",
                status=403,
                ways=(FAMILY,),
            ) from None
        except OwnAccount:
            raise Refusal(
                "Учётной записью распоряжается сам ребёнок",
                "У ребёнка есть паспорт и своя учётная запись. Пароль, почту и устройства меняет только он сам.",
                status=403,
                ways=(FAMILY,),
            ) from None

    return page
