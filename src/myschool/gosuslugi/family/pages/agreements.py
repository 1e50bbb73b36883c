"""A pupil is asked whether a parent may have his account attached: the question, the answer, and taking it back."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import agreeing
from myschool.gosuslugi.family.actions.agreeing import Asked
from myschool.gosuslugi.family.agreement_model import AgreementRefused, AgreementState
from myschool.gosuslugi.family.model import NotYours
from myschool.gosuslugi.family.pages.common import FAMILY, RELATIONS, guarded
from myschool.gosuslugi.family.pages.standing_words import day, moment
from myschool.gosuslugi.people.model import Card, Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import clock
from myschool.kit.web.errors import Refusal
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get, post
from myschool.kit.web.visit import Visit

ANSWERED = {
    AgreementState.AGREED: "Вы уже разрешили привязку. Отозвать согласие можно на странице «Семья и дети».",
    AgreementState.REFUSED: "Вы уже отказали. Если передумаете, взрослый сможет спросить снова через 30 дней.",
    AgreementState.EXPIRED: "Время для ответа прошло. Взрослый может спросить ещё раз.",
    AgreementState.WITHDRAWN: "Вы отозвали согласие. Взрослый может спросить снова через 30 дней.",
    AgreementState.ASKED: "Взрослый ещё ждёт ответа.",
}


def routes() -> list[Route]:
    return [
        get("/family/agreements/{id}", guarded(show)),
        post("/family/agreements/{id}/agree", guarded(agree)),
        post("/family/agreements/{id}/refuse", guarded(refuse)),
        post("/family/agreements/{id}/withdraw", guarded(withdraw)),
        post("/family/{id}/ask-pupil", guarded(ask_again)),
    ]


async def main_card(visit: Visit, person: Person) -> Card | None:
    """For the main page of the pupil: somebody waits for an answer."""
    for one in await agreeing.asked_of(visit.tx, visit.house.vault, person.id, clock.now()):
        if one.agreement.state is AgreementState.ASKED:
            until = day(one.agreement.due_at, clock.now())
            text = f"{who(one)} просит привязать вашу учётную запись к своей. Ответьте до {until}."
            here = f"/family/agreements/{one.row.id}"
            return Card("Разрешить привязку?", text, here, "Посмотреть и ответить", "wait")
    return None


def who(asked: Asked) -> str:
    """«Ольга Сергеевна С., мать»: enough to know who it is."""
    name = asked.parent.name
    called = " ".join(filter(None, [name.given_name, name.patronymic, f"{name.family_name[:1]}."]))
    return f"{called}, {RELATIONS[asked.row.card.relation].lower()},"


async def _question(visit: Visit) -> Asked:
    person = await citizen(visit)
    try:
        return await agreeing.question(visit.tx, visit.house.vault, visit.path_id("id"), person.id, clock.now())
    except NotYours:
        raise Refusal(
            "Такого вопроса нет", "Возможно, он уже не нужен или задан другому человеку.", status=404, ways=(FAMILY,)
        ) from None


async def show(visit: Visit) -> Response:
    asked, now = await _question(visit), clock.now()
    return visit.render(
        "family/agreement.html",
        page_title="Разрешить привязку?",
        form=Form(),
        asked=asked,
        who=who(asked),
        state=asked.agreement.state.value,
        answered=ANSWERED[asked.agreement.state],
        since=moment(asked.agreement.since, now),
        until=day(asked.agreement.due_at, now),
    )


async def agree(visit: Visit) -> Response:
    asked = await _question(visit)
    try:
        await agreeing.agree(visit.tx, visit.house.vault, asked, clock.now())
    except AgreementRefused as refused:
        return _other(visit, refused)
    visit.tell("success", "Вы разрешили привязку", "Отозвать согласие можно в любой день.")
    return visit.redirect("/family")


async def refuse(visit: Visit) -> Response:
    asked = await _question(visit)
    try:
        await agreeing.refuse(visit.tx, visit.house.vault, asked, clock.now())
    except AgreementRefused as refused:
        return _other(visit, refused)
    visit.tell("success", "Вы отказали", "Ничего не изменилось: ваша учётная запись только ваша.")
    return visit.redirect("/family")


async def withdraw(visit: Visit) -> Response:
    asked = await _question(visit)
    try:
        await agreeing.withdraw(visit.tx, visit.house.vault, asked, clock.now())
    except AgreementRefused as refused:
        return _other(visit, refused)
    visit.tell("success", "Согласие отозвано", "Взрослый больше не видит вашу учётную запись.")
    return visit.redirect("/family")


def _other(visit: Visit, refused: AgreementRefused) -> Response:
    """Another tab, or too late."""
    visit.tell("important", "Ответ уже есть", ANSWERED[refused.state])
    return visit.redirect("/family")


async def ask_again(visit: Visit) -> Response:
    """The parent's button."""
    person, row_id = await citizen(visit), visit.path_id("id")
    try:
        await agreeing.ask_again(visit.tx, visit.house.vault, row_id, person.id, clock.now())
    except AgreementRefused:
        visit.tell("important", "Пока спросить нельзя", "Когда можно, написано в карточке.")
        return visit.redirect(f"/family/{row_id}")
    visit.tell("success", "Мы спросили ребёнка", "Ответит он в своей учётной записи. Мы вам напишем.")
    return visit.redirect(f"/family/{row_id}")
