"""The operator's desk for the directory: messages of schools that were not found, and their answers."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get
from myschool.kit.web.visit import Visit
from myschool.papers.numbers import Ogrn
from myschool.portal.schools import actions, texts_missing
from myschool.portal.schools.actions import REGIONS, Directory
from myschool.portal.schools.missing import (
    ANSWERS,
    LONGEST_WORDS,
    Answer,
    AnswerIncomplete,
    MissingAlreadyAnswered,
    MissingSchool,
    MissingState,
    UnknownMissing,
)
from myschool.portal.schools.model import Hints, School, SchoolUnknown

START = "/operator/schools"
MOST_LIKELY = 5

# Who is signed in, checked to be an operator: his id. Raises Forbidden or SignInRequired.
Check = Callable[[Visit], Awaitable[UUID]]


def routes(directory: Directory, check: Check) -> list[Route]:
    """`check` comes from above: this slice knows schools and no people."""

    async def show_list(visit: Visit) -> Response:
        await check(visit)
        return await _list(visit)

    async def show_one(visit: Visit) -> Response:
        await check(visit)
        missing = await _missing(visit)
        return await _one(visit, directory, missing, Form({"state": MissingState.FOUND.value} | visit.typed))

    async def answer(visit: Visit) -> Response:
        return await _answer(visit, directory, await check(visit))

    return [get(START, show_list), form(f"{START}/{{id:uuid}}", show_one, answer)]


async def _list(visit: Visit) -> Response:
    answered = visit.query.get("tab") == "answered"
    typed = visit.query.get("page", "1")
    page = max(1, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
    waiting, done = await actions.missing_counts(visit.tx)
    return visit.render(
        "schools/operator_list.html",
        messages=await actions.missing_page(visit.tx, visit.house.vault, answered=answered, page=page),
        tabs=[
            {"href": START, "text": "Ждут ответа", "active": not answered, "count": waiting},
            {"href": f"{START}?tab=answered", "text": "Отвеченные", "active": answered, "count": done},
        ],
        page=page,
        pages=max(1, -(-(done if answered else waiting) // actions.MISSING_PAGE)),
        href=f"{START}?tab={'answered' if answered else 'open'}&page=",
        regions=REGIONS,
        states=texts_missing.STATES,
    )


async def _missing(visit: Visit) -> MissingSchool:
    try:
        return await actions.look_at_missing(visit.tx, visit.house.vault, visit.path_id("id"))
    except UnknownMissing:
        raise _unknown() from None


def _unknown() -> Refusal:
    return Refusal("Такого сообщения нет", "Откройте список сообщений.", status=404, ways=(Way(START, "К списку"),))


async def _one(visit: Visit, directory: Directory, missing: MissingSchool, form: Form, status: int = 200) -> Response:
    likely: list[School] = []
    if missing.state is MissingState.OPEN:
        query = f"{missing.name} {missing.settlement}"
        hits = await actions.search(visit.tx, directory, query, hints=Hints(missing.region_code), most=MOST_LIKELY)
        likely = [school for school, _ in hits]
    named = await actions.look_at_many(visit.tx, [missing.school.digits]) if missing.school else []
    return visit.render(
        "schools/operator_one.html",
        missing=missing,
        region=REGIONS.get(missing.region_code, ""),
        state=texts_missing.STATES[missing.state],
        likely=likely,
        named=named[0] if named else None,
        answers=[(one.value, texts_missing.ANSWERS[one]) for one in ANSWERS],
        form=form,
        status=status,
    )


async def _answer(visit: Visit, directory: Directory, operator: UUID) -> Response:
    missing = await _missing(visit)
    form = Form(visit.typed)
    answer = _typed_answer(form)
    if answer is None:
        return await _one(visit, directory, missing, form, 422)
    try:
        await actions.answer_missing(
            visit.tx,
            visit.house.vault,
            missing.id,
            answer,
            by=operator,
            origin=visit.house.origin,
            now=clock.now(),
        )
    except SchoolUnknown:
        form.refuse("school", "Школы с таким ОГРН нет в справочнике")
        return await _one(visit, directory, missing, form, 422)
    except MissingAlreadyAnswered:
        visit.tell("important", "На это сообщение уже ответили", "Ниже видно, что ответил ваш коллега.")
        return visit.redirect(f"{START}/{missing.id}")
    visit.tell("success", "Ответ отправлен", f"Сообщение {missing.number}.")
    return visit.redirect(START)


def _typed_answer(form: Form) -> Answer | None:
    state = form.take_choice("state", {one.value: one for one in ANSWERS}, missing="Выберите ответ")
    school = form.take_optional("school", Ogrn.parse, wrong="Проверьте ОГРН: в нём 13 цифр")
    words = form.take_optional("words", _bounded, wrong=f"Сократите до {LONGEST_WORDS} знаков") or ""
    if state is None or form.errors:
        return None
    try:
        return Answer(state, None if state is MissingState.REFUSED else school, words)
    except AnswerIncomplete:
        if state is MissingState.REFUSED:
            form.refuse("words", "Напишите человеку, почему такой школы нет в списке")
        else:
            form.refuse("school", "Укажите ОГРН школы")
        return None


def _bounded(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        raise ValueError(len(text))
    return text
