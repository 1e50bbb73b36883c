"""The clerk's screens for a citizen with a passport."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import identity_actions as actions
from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre.actions import clerk
from myschool.gosuslugi.centre.identity_model import (
    Compared,
    DecisionRefused,
    FaceNotCompared,
    NotReady,
    Outcome,
    OwnIdentity,
    PapersDiffer,
    Point,
    Reason,
    Seen,
    check_applicant,
)
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.fields import take_date, take_full_name, take_passport, take_snils
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Person
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, worded_moment

OPEN = "centre_person"
BACK = Way("/centre", "К поиску")
LONGEST_COMMENT = 500

POINTS = {
    Point.FAMILY_NAME: "Фамилия",
    Point.GIVEN_NAME: "Имя",
    Point.PATRONYMIC: "Отчество",
    Point.BIRTH_DATE: "Дата рождения",
    Point.PASSPORT: "Паспорт",
    Point.ISSUED_ON: "Дата выдачи",
}
REASONS = {
    "face_differs": Reason.FACE_DIFFERS,
    "papers_differ": Reason.PAPERS_DIFFER,
    "passport_invalid": Reason.PASSPORT_INVALID,
    "other": Reason.OTHER,
}
REASON_WORDS = {
    Reason.FACE_DIFFERS: "Человек не похож на фото",
    Reason.PAPERS_DIFFER: "Данные паспорта другие",
    Reason.PASSPORT_INVALID: "Паспорт недействителен или повреждён",
    Reason.OTHER: "Другая причина",
}
OUTCOMES = {Outcome.CONFIRMED: "Личность подтверждена", Outcome.REFUSED: "Отказ"}


def routes() -> list[Route]:
    return [
        form("/centre", home, search),
        form("/centre/identity/{id:uuid}", show, confirm),
        post("/centre/identity/{id:uuid}/refuse", refuse),
    ]


# -- search ------------------------------------------------------------------------------------------------------------


async def home(visit: Visit) -> Response:
    return await _home(visit, await clerk(visit), Form(visit.typed))


async def _home(visit: Visit, at_desk: Clerk, typed: Form, status: int = 200) -> Response:
    now = clock.now()
    recent = await actions.recent(visit.tx, at_desk)
    names = await people.by_ids(visit.tx, visit.house.vault, [one.person_id for one in recent])
    rows = [
        [
            worded_moment(one.decided_at, now, MOSCOW),
            names[one.person_id].name.initials,
            OUTCOMES[one.outcome] + (f": {REASON_WORDS[one.reason].lower()}" if one.reason else ""),
        ]
        for one in recent
    ]
    return visit.render(
        "centre/home.html",
        status=status,
        page_title="Рабочее место",
        form=typed,
        centre=at_desk.centre,
        decisions=rows,
        waiting=len(await proposals.waiting(visit.tx, visit.house.vault, at_desk)),
    )


async def search(visit: Visit) -> Response:
    """СНИЛС never stands in an address; what was found is remembered by the session."""
    at_desk, typed = await clerk(visit), Form(visit.typed)
    snils = take_snils(typed, sandbox=visit.house.settings.sandbox, missing="Введите СНИЛС того, кто пришёл")
    if snils is None:
        return await _home(visit, at_desk, typed, 422)
    person = await actions.find(visit.tx, visit.house.vault, at_desk, snils)
    if person is None:
        typed.refuse(
            "snils",
            "С этим СНИЛС нет проверенной учётной записи. Сверьте номер с карточкой. Если он верный, "
            "человеку нужно сначала отправить паспорт и СНИЛС на проверку в своём кабинете",
        )
        return await _home(visit, at_desk, typed, 404)
    visit.session.put(OPEN, str(person.id))
    return visit.redirect(f"/centre/identity/{person.id}")


# -- comparison --------------------------------------------------------------------------------------------------------


async def _opened(visit: Visit) -> tuple[Clerk, Person]:
    """Only who was found by СНИЛС a moment ago: an address with an id opens nobody."""
    at_desk = await clerk(visit)
    person_id = visit.path_id("id")
    if visit.session.get(OPEN) != str(person_id):
        raise Refusal(
            "Найдите человека по СНИЛС",
            "Учётная запись открывается только после поиска. Попросите СНИЛС и введите его.",
            status=403,
            ways=(BACK,),
        )
    person = await people.by_id(visit.tx, visit.house.vault, person_id)
    try:
        check_applicant(at_desk, person)
    except OwnIdentity:
        words = "Свою личность подтверждает другой сотрудник."
        raise Refusal("Это ваша учётная запись", words, status=403, ways=(BACK,)) from None
    except NotReady:
        words = "Человеку нужно сначала отправить паспорт и СНИЛС на проверку в своём кабинете и дождаться ответа."
        raise Refusal("Паспорт и СНИЛС ещё не проверены", words, status=409, ways=(BACK,)) from None
    return at_desk, person


async def show(visit: Visit) -> Response:
    at_desk, person = await _opened(visit)
    if person.level is Level.CONFIRMED:
        return _done(visit, at_desk, person)
    return _comparison(visit, person, Form(visit.typed), Form())


def _comparison(
    visit: Visit, person: Person, typed: Form, refusal: Form, compared: list[Compared] | None = None, status: int = 200
) -> Response:
    rows = [[POINTS[one.point], one.seen, one.held, one.agrees] for one in compared or []]
    return visit.render(
        "centre/identity.html",
        status=status,
        page_title=person.name.formal,
        form=typed,
        refusal=refusal,
        rows=rows,
        reasons=[(key, REASON_WORDS[reason]) for key, reason in REASONS.items()],
        address=f"/centre/identity/{person.id}",
    )


async def confirm(visit: Visit) -> Response:
    at_desk, person = await _opened(visit)
    typed, vault = Form(visit.typed), visit.house.vault
    seen = _seen(typed)
    if seen is None:
        return _comparison(visit, person, typed, Form(), status=422)
    try:
        confirmed = await actions.confirm(visit.tx, vault, at_desk, person.id, seen, clock.now())
    except PapersDiffer as differ:
        for one in differ.compared:
            if not one.agrees:
                typed.refuse(_FIELDS[one.point], f"{POINTS[one.point]}: в учётной записи по-другому")
        return _comparison(visit, person, typed, Form(), list(differ.compared), 409)
    except FaceNotCompared:
        typed.refuse("face", "Сравните человека с фото и отметьте, что это он. Если не похож, откажите ниже")
        compared = await actions.compared_with(visit.tx, vault, person, seen)
        return _comparison(visit, person, typed, Form(), compared, 422)
    if not confirmed:
        visit.tell("important", "Личность уже подтверждена", "Второй раз ничего делать не нужно.")
    return visit.redirect(f"/centre/identity/{person.id}")


_FIELDS = {
    Point.FAMILY_NAME: "family_name",
    Point.GIVEN_NAME: "given_name",
    Point.PATRONYMIC: "patronymic",
    Point.BIRTH_DATE: "birth_date",
    Point.PASSPORT: "passport",
    Point.ISSUED_ON: "issued_on",
}


def _seen(typed: Form) -> Seen | None:
    name = take_full_name(typed)
    born = take_date(typed, "birth_date", missing="Введите дату рождения из паспорта")
    passport = take_passport(typed)
    issued_on = take_date(typed, "issued_on", missing="Введите дату выдачи")
    if name is None or born is None or passport is None or issued_on is None:
        return None
    return Seen(name, born, passport, issued_on, typed.typed["face"] == "1")


async def refuse(visit: Visit) -> Response:
    at_desk, person = await _opened(visit)
    refusal = Form(visit.typed)
    reason = refusal.take_choice("reason", REASONS, missing="Выберите причину отказа")
    comment = refusal.typed["comment"].strip()
    if reason is Reason.OTHER and not comment:
        refusal.refuse("comment", "Напишите причину: её увидит руководитель центра")
    if len(comment) > LONGEST_COMMENT:
        refusal.refuse("comment", f"Сократите до {LONGEST_COMMENT} знаков")
    if reason is None or refusal.errors:
        return _comparison(visit, person, Form(), refusal, status=422)
    try:
        await actions.refuse(visit.tx, visit.house.vault, at_desk, person.id, reason, comment, clock.now())
    except DecisionRefused:
        return visit.redirect(f"/centre/identity/{person.id}")
    visit.session.pop(OPEN)
    visit.tell("success", "Отказ записан", "Человеку отправлено письмо: что не так и что делать.")
    return visit.redirect("/centre")


def _done(visit: Visit, at_desk: Clerk, person: Person) -> Response:
    return visit.render(
        "centre/identity_done.html",
        page_title="Личность подтверждена",
        name=person.name.formal,
        centre=at_desk.centre,
    )
