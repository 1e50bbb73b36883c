"""The pages that ask for passport and СНИЛС, show it all for a last look, and send it. Each page is kept at once."""

from dataclasses import dataclass
from datetime import date

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.fields import (
    take_date,
    take_department,
    take_full_name,
    take_passport,
    take_snils,
    take_text,
)
from myschool.gosuslugi.people.model import PASSPORT_WITHIN, Level, Person, Sex
from myschool.gosuslugi.signin.actions import citizen, identity
from myschool.gosuslugi.signin.identity_model import (
    AnotherPerson,
    Incomplete,
    Said,
    TooYoung,
    check_birth_date,
    check_issue_date,
    check_old_enough,
    papers,
)
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form
from myschool.kit.web.visit import Visit
from myschool.papers.dates import counted, worded_date

STEPS = ["Паспорт", "О себе", "Проверьте и отправьте"]
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}
SEX_WORDS = {"F": "женский", "M": "мужской", "": ""}


def routes() -> list[Route]:
    return [
        form("/identity/name", show_name, take_name),
        form("/identity/passport", show_passport, take_passport_page),
        form("/identity/person", show_person, take_person),
        form("/identity/send", show_send, send),
    ]


def next_page(draft: Said) -> str:
    if not draft.has_passport:
        return "/identity/passport"
    return "/identity/send" if draft.has_person else "/identity/person"


@dataclass(frozen=True)
class Asking:
    """Who may still change the own papers, and what was typed so far."""

    person: Person
    draft: Said

    @property
    def today(self) -> date:
        return self.person.day_at(clock.now())

    @property
    def is_child(self) -> bool:
        """Birth date, sex and СНИЛС are known and not asked."""
        return self.person.level is Level.CHILD


async def _asking(visit: Visit) -> Asking | Response:
    person = await citizen(visit)
    known = await identity.standing(visit.tx, visit.house.vault, person)
    if person.level not in identity.PROVABLE:
        visit.tell("important", "Паспорт и СНИЛС уже подтверждены", "Менять их здесь больше не нужно.")
        return visit.redirect("/identity")
    if (day := too_young_until(person)) is not None:
        return too_young_page(visit, person, day)
    return Asking(person, known.draft)


def too_young_until(person: Person) -> date | None:
    try:
        check_old_enough(person, clock.now())
    except TooYoung as young:
        return young.from_day
    return None


def too_young_page(visit: Visit, person: Person, day: date) -> Response:
    return visit.render(
        "signin/identity_too_young.html",
        status=200 if visit.request.method == "GET" else 403,
        page_title=f"Паспорт можно ввести с {worded_date(day)}",
        left=counted((day - person.day_at(clock.now())).days, "день", "дня", "дней"),
        until=worded_date(day + PASSPORT_WITHIN),
    )


async def _keep(visit: Visit, asking: Asking, **told: str) -> Response:
    draft = msgspec.structs.replace(asking.draft, **told)
    await identity.keep(visit.tx, visit.house.vault, asking.person, draft)
    return visit.redirect(next_page(draft))


def _parts(name: str, iso: str) -> dict[str, str]:
    if not iso:
        return {}
    day = date.fromisoformat(iso)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


async def show_name(visit: Visit) -> Response:
    asking = await _asking(visit)
    if isinstance(asking, Response):
        return asking
    draft = asking.draft
    typed = {"family_name": draft.family_name, "given_name": draft.given_name, "patronymic": draft.patronymic}
    return _name_page(visit, Form(visit.typed or typed))


async def take_name(visit: Visit) -> Response:
    asking, typed = await _asking(visit), Form(visit.typed)
    if isinstance(asking, Response):
        return asking
    name = take_full_name(typed)
    if name is None:
        return _name_page(visit, typed, 422)
    return await _keep(
        visit,
        asking,
        family_name=name.family_name,
        given_name=name.given_name,
        patronymic=name.patronymic or "",
    )


def _name_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    return visit.render("signin/identity_name.html", status=status, page_title="Имя, как в паспорте", form=typed)


async def show_passport(visit: Visit) -> Response:
    asking = await _asking(visit)
    if isinstance(asking, Response):
        return asking
    draft = asking.draft
    typed = {
        "passport": f"{draft.passport[:2]} {draft.passport[2:4]} № {draft.passport[4:]}" if draft.passport else "",
        "issued_by": draft.issued_by,
        "department_code": f"{draft.department_code[:3]}-{draft.department_code[3:]}" if draft.department_code else "",
        "birthplace": draft.birthplace,
        **_parts("issued_on", draft.issued_on),
    }
    return _passport_page(visit, Form(visit.typed or typed))


async def take_passport_page(visit: Visit) -> Response:
    asking, typed = await _asking(visit), Form(visit.typed)
    if isinstance(asking, Response):
        return asking
    born = date.fromisoformat(asking.draft.birth_date) if asking.draft.birth_date else None
    number = take_passport(typed)
    issued_on = take_date(
        typed,
        "issued_on",
        missing="Введите дату выдачи",
        check=lambda day: check_issue_date(day, born=born, today=asking.today),
    )
    issued_by = take_text(typed, "issued_by", missing="Напишите, кем выдан паспорт")
    department = take_department(typed)
    birthplace = take_text(typed, "birthplace", missing="Введите место рождения")
    if number is None or issued_on is None or issued_by is None or department is None or birthplace is None:
        return _passport_page(visit, typed, 422)
    return await _keep(
        visit,
        asking,
        passport=number.digits,
        issued_on=issued_on.isoformat(),
        issued_by=issued_by,
        department_code=department.digits,
        birthplace=birthplace,
    )


def _passport_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    title = "Данные паспорта"
    return visit.render("signin/identity_passport.html", status=status, page_title=title, form=typed, steps=STEPS)


async def show_person(visit: Visit) -> Response:
    asking = await _asking(visit)
    if isinstance(asking, Response):
        return asking
    if asking.is_child:
        return visit.redirect(next_page(asking.draft))
    draft = asking.draft
    snils = draft.snils
    typed = {
        "sex": draft.sex,
        "snils": f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}" if snils else "",
        **_parts("birth_date", draft.birth_date),
    }
    return _person_page(visit, Form(visit.typed or typed))


async def take_person(visit: Visit) -> Response:
    asking, typed = await _asking(visit), Form(visit.typed)
    if isinstance(asking, Response):
        return asking
    if asking.is_child:
        return visit.redirect(next_page(asking.draft))
    born = take_date(
        typed, "birth_date", missing="Введите дату рождения", check=lambda day: check_birth_date(day, asking.today)
    )
    sex = typed.take_choice("sex", SEXES, missing="Выберите пол")
    snils = take_snils(typed, sandbox=visit.house.settings.sandbox)
    if born is not None and asking.draft.issued_on:
        _judge_dates(typed, born, date.fromisoformat(asking.draft.issued_on), asking.today)
    if typed.errors or born is None or sex is None or snils is None:
        return _person_page(visit, typed, 422)
    return await _keep(visit, asking, birth_date=born.isoformat(), sex=sex, snils=snils.digits)


def _judge_dates(typed: Form, born: date, issued_on: date, today: date) -> None:
    try:
        check_issue_date(issued_on, born=born, today=today)
    except ValueError:
        typed.refuse(
            "birth_date",
            f"Паспорт выдают с 14 лет, а ваш выдан {worded_date(issued_on)}. Проверьте дату рождения и дату выдачи",
        )


def _person_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    title = "О себе"
    return visit.render("signin/identity_person.html", status=status, page_title=title, form=typed, steps=STEPS)


# -- last look and sending ---------------------------------------------------------------------------------------------


async def show_send(visit: Visit) -> Response:
    asking = await _asking(visit)
    if isinstance(asking, Response):
        return asking
    draft = asking.draft
    if not draft.complete:
        return visit.redirect(next_page(draft))
    said = papers(draft)
    passport, about = "/identity/passport", "" if asking.is_child else "/identity/person"
    rows = [
        ("Фамилия, имя, отчество", said.name.formal, "/identity/name"),
        ("Паспорт", said.passport.formatted(), passport),
        ("Дата выдачи", worded_date(said.issued_on), passport),
        ("Кем выдан", said.issued_by, passport),
        ("Код подразделения", said.department.formatted(), passport),
        ("Место рождения", said.birthplace, passport),
        ("Дата рождения", worded_date(said.birth_date), about),
        ("Пол", SEX_WORDS[said.sex], about),
        ("СНИЛС", said.snils.formatted(), about),
        ("Гражданство", "Россия"),
    ]
    title = "Проверьте и отправьте"
    return visit.render("signin/identity_send.html", page_title=title, rows=rows, steps=STEPS, child=asking.is_child)


async def send(visit: Visit) -> Response:
    person = await citizen(visit)
    if person.level not in identity.PROVABLE:
        visit.tell("important", "Паспорт и СНИЛС уже подтверждены")
        return visit.redirect("/identity")
    try:
        await identity.submit(visit.tx, visit.house.vault, person, origin=visit.house.origin, now=clock.now())
    except (Incomplete, TooYoung):
        return visit.redirect("/identity")
    except AnotherPerson:
        raise Refusal(
            "Это данные другого человека",
            "Ввести можно только паспорт того, чья это учётная запись. Если дата рождения или СНИЛС в ней записаны "
            "с ошибкой, их исправят в центре обслуживания.",
            status=409,
            ways=(Way("/profile", "Данные и документы"),),
        ) from None
    return visit.redirect("/identity")
