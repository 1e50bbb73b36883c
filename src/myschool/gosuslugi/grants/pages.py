"""«Предоставление прав доступа», the adult's code for a child, and «Согласия и доступы» in the cabinet."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.gosuslugi.grants import actions
from myschool.gosuslugi.grants.model import (
    AlreadyAnswered,
    Answer,
    Grant,
    GuardianDecides,
    InformationSystem,
    NobodyToAsk,
    NotTheGuardian,
    Question,
    TooManyCodes,
    UnknownGrant,
    UnknownQuestion,
    UnknownSystem,
    WrongCode,
    applicable,
    guardian_decides,
    rows,
    withheld,
)
from myschool.gosuslugi.people import actions as people
from myschool.kit import clock
from myschool.kit.web.errors import HOME, NotFound, Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, counted

PAGE = "/access/consent/{id}"
CODE_PAGE = "/access/consent/{id}/code"


def path_of(question_id: UUID) -> str:
    return PAGE.replace("{id}", str(question_id))


def routes() -> list[BaseRoute]:
    return [
        form(PAGE, show_question, take_answer),
        form(CODE_PAGE, show_code, take_code),
        post("/access/consent/{id}/again", send_again),
        get("/access", show_grants),
        form("/access/{id}/withdraw", show_withdraw, take_withdraw),
        form("/access/child/{child}/{system}", show_permit, take_permit),
    ]


# -- the question ------------------------------------------------------------------------------------------------------


async def show_question(visit: Visit) -> Response:
    question = await _question(visit)
    asking = await actions.system(visit.tx, question.mnemonic)
    if question.answer is not Answer.ASKED:
        return visit.render(
            "grants/answered.html", page_title=_answered_title(question.answer), **_of(asking, question)
        )
    now = clock.now()
    person = await people.by_id(visit.tx, visit.house.vault, visit.person_id)
    child = guardian_decides(person, now.astimezone(MOSCOW).date())
    asked = await actions.guardians_to_ask(visit.tx, visit.house.vault, person.id, now) if child else []
    if child and not asked:
        raise _nobody(asking)
    visit.allow_form_to(question.leads_to)
    return visit.render(
        "grants/consent.html",
        page_title="Предоставление прав доступа",
        child=child,
        guardians=[guardian.given_name for guardian in asked],
        back=None,
        **_of(asking, question),
    )


async def take_answer(visit: Visit) -> Response:
    """«Предоставить» or «Отказать»; anything else shows the page again, so nothing is granted by accident."""
    question = await _question(visit)
    asking = await actions.system(visit.tx, question.mnemonic)
    visit.allow_form_to(question.leads_to)
    try:
        if visit.typed["answer"] == "grant":
            question = await actions.grant_to(visit.tx, visit.house.vault, question.id, visit.person_id, clock.now())
        elif visit.typed["answer"] == "refuse":
            question = await actions.refuse(visit.tx, question.id, visit.person_id, clock.now())
        else:
            return visit.redirect(visit.path)
    except GuardianDecides:
        return await _send_codes(visit, question, asking)
    except AlreadyAnswered:
        return visit.redirect(visit.path)
    return visit.redirect(question.return_path)


async def _send_codes(visit: Visit, question: Question, asking: InformationSystem) -> Response:
    try:
        await actions.send_codes(visit.tx, visit.house.vault, question.id, visit.person_id, clock.now())
    except NobodyToAsk:
        raise _nobody(asking) from None
    except TooManyCodes:
        filled = Form()
        filled.refuse("code", "Взрослому ушло слишком много кодов. Новый можно попросить через час")
        return await _code_page(visit, question, filled, 429)
    return visit.redirect(f"{path_of(question.id)}/code")


async def show_code(visit: Visit) -> Response:
    return await _code_page(visit, await _question(visit), Form())


async def take_code(visit: Visit) -> Response:
    question = await _question(visit)
    visit.allow_form_to(question.leads_to)
    filled = Form({"code": "".join(visit.typed["code"].split())})
    if not filled.typed["code"]:
        filled.refuse("code", "Введите код, который пришёл взрослому")
        return await _code_page(visit, question, filled, 422)
    try:
        outcome = await actions.grant_by_code(
            visit.tx, visit.house.vault, question.id, visit.person_id, filled.typed["code"], clock.now()
        )
    except AlreadyAnswered:
        return visit.redirect(path_of(question.id))
    if isinstance(outcome, WrongCode):
        filled.refuse("code", _wrong_code(outcome))
        return await _code_page(visit, question, filled, 422)
    return visit.redirect(outcome.return_path)


async def send_again(visit: Visit) -> Response:
    question = await _question(visit)
    answer = await _send_codes(visit, question, await actions.system(visit.tx, question.mnemonic))
    if answer.status_code == 303:
        visit.tell("success", "Мы отправили код", "Новый код можно попросить раз в минуту.")
    return answer


async def _code_page(visit: Visit, question: Question, filled: Form, status: int = 200) -> Response:
    asking = await actions.system(visit.tx, question.mnemonic)
    asked = await actions.guardians_to_ask(visit.tx, visit.house.vault, question.person_id, clock.now())
    visit.allow_form_to(question.leads_to)
    return visit.render(
        "grants/code.html",
        status=status,
        page_title="Код от взрослого",
        form=filled,
        guardians=[guardian.given_name for guardian in asked],
        **_of(asking, question),
    )


async def _question(visit: Visit) -> Question:
    """Sign-in comes first, so that an ended session returns to this page with its request."""
    person_id = visit.person_id
    try:
        return await actions.question_for(visit.tx, visit.path_id("id"), person_id, clock.now())
    except UnknownQuestion:
        raise Refusal(
            "Запрос доступа не найден",
            "Запрос уже устарел или предназначен другому человеку. "
            "Вернитесь на сайт, с которого вы пришли, и начните вход заново.",
            status=404,
        ) from None


def _of(asking: InformationSystem, question: Question) -> Mapping[str, Any]:
    return {
        "system": asking,
        "question": question,
        "tables": rows(asking, question.scopes),
        "withheld": withheld(question.scopes),
    }


def _answered_title(answer: Answer) -> str:
    return "Доступ уже предоставлен" if answer is Answer.GRANTED else "Вы отказали в доступе"


def _nobody(asking: InformationSystem) -> Refusal:
    return Refusal(
        "Нужно разрешение взрослого",
        f"Войти в сервис «{asking.name}» можно, когда это разрешит родитель или опекун. Сейчас к вашей учётной записи "
        "не привязан взрослый, которому можно отправить код. Попросите родителя открыть раздел «Семья и дети».",
        status=409,
        ways=(Way(asking.home_url, f"Вернуться в «{asking.name}»"), HOME),
    )


def _wrong_code(outcome: WrongCode) -> str:
    if outcome.tries_left == 0:
        return "Код больше не действует. Отправьте новый код"
    left = counted(outcome.tries_left, "попытка", "попытки", "попыток")
    return f"Код не подошёл. Проверьте цифры: осталось {left}"


# -- «Согласия и доступы» ----------------------------------------------------------------------------------------------


async def show_grants(visit: Visit) -> Response:
    """Own grants, and those of the children for whom this adult permits."""
    now, vault = clock.now(), visit.house.vault
    person_id = visit.person_id
    children = await actions.children_of(visit.tx, vault, person_id, now)
    grants = await actions.live_grants(visit.tx, [person_id, *(child.id for child in children)], now)
    known = await actions.systems(visit.tx)

    def of(owner: UUID) -> list[dict[str, Any]]:
        return [_card(grant, known[grant.mnemonic]) for grant in grants if grant.person_id == owner]

    wards = []
    for child in children:
        cards = of(child.id)
        given = {grant.mnemonic for grant in grants if grant.person_id == child.id}
        open_to = [one for one in known.values() if one.for_children and one.mnemonic not in given]
        wards.append({"id": child.id, "name": child.name.given_name, "cards": cards, "open_to": open_to})
    return visit.render("grants/list.html", page_title="Согласия и доступы", own=of(person_id), wards=wards)


async def show_withdraw(visit: Visit) -> Response:
    card, whose = await _withdrawable(visit)
    return visit.render("grants/withdraw.html", page_title=f"Отозвать доступ: {card['name']}", card=card, whose=whose)


async def take_withdraw(visit: Visit) -> Response:
    """A second press finds the grant gone and says so."""
    person_id, now = visit.person_id, clock.now()
    try:
        grant = await actions.withdraw(visit.tx, visit.house.vault, visit.path_id("id"), person_id, now)
    except UnknownGrant:
        visit.tell("important", "Этого доступа уже нет")
        return visit.redirect("/access")
    known = await actions.system(visit.tx, grant.mnemonic)
    visit.tell("success", "Доступ отозван", f"Сервис «{known.name}» больше не получает данные.")
    return visit.redirect("/access")


async def _withdrawable(visit: Visit) -> tuple[dict[str, Any], str | None]:
    now, vault, wanted = clock.now(), visit.house.vault, visit.path_id("id")
    children = {child.id: child for child in await actions.children_of(visit.tx, vault, visit.person_id, now)}
    for grant in await actions.live_grants(visit.tx, [visit.person_id, *children], now):
        if grant.id == wanted:
            known = await actions.system(visit.tx, grant.mnemonic)
            whose = children[grant.person_id].name.given_name if grant.person_id in children else None
            return _card(grant, known), whose
    raise NotFound("Такого доступа нет", "Возможно, вы его уже отозвали. Откройте раздел «Согласия и доступы».")


async def show_permit(visit: Visit) -> Response:
    now, vault = clock.now(), visit.house.vault
    try:
        child = await actions.ward(visit.tx, vault, visit.person_id, visit.path_id("child"), now)
        asking = await actions.system(visit.tx, visit.path_value("system"))
    except (NotTheGuardian, UnknownSystem):
        raise NotFound from None
    scopes = applicable(sorted(asking.wire.scopes), child, now.astimezone(MOSCOW).date())
    return visit.render(
        "grants/permit.html",
        page_title="Предоставление прав доступа",
        system=asking,
        child=child.name.given_name,
        tables=rows(asking, scopes),
        withheld=withheld(scopes),
    )


async def take_permit(visit: Visit) -> Response:
    now, vault, person_id = clock.now(), visit.house.vault, visit.person_id
    child_id, mnemonic = visit.path_id("child"), visit.path_value("system")
    if visit.typed["answer"] != "grant":
        return visit.redirect("/access")
    try:
        asking = await actions.permit_child(visit.tx, vault, person_id, child_id, mnemonic, now)
    except (NotTheGuardian, UnknownSystem):
        raise NotFound from None
    visit.tell("success", "Доступ предоставлен", f"Ребёнок может войти в «{asking.name}» без кода от вас.")
    return visit.redirect("/access")


def _card(grant: Grant, known: InformationSystem) -> dict[str, Any]:
    words = [row.words for _, members in rows(known, sorted(grant.scopes)) for row in members]
    return {
        "id": grant.id,
        "name": known.name,
        "operator": known.operator,
        "given_at": grant.given_at,
        "until": grant.until,
        "words": words,
        "sentence": _sentence(words),
    }


def _sentence(words: list[str]) -> str:
    """«Фамилия, имя и отчество; дата рождения; СНИЛС»: abbreviations keep their capitals."""
    return "; ".join(
        one if place == 0 or one[:2].isupper() else one[0].lower() + one[1:] for place, one in enumerate(words)
    )
