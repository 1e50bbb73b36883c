"""«Безопасность»: password, where one is signed in, what happened at the door."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.signin.actions import citizen, enter, secrets
from myschool.gosuslugi.signin.actions.codes import allowed
from myschool.gosuslugi.signin.devices import worded
from myschool.gosuslugi.signin.model import LOGIN_HERE, Outcome
from myschool.gosuslugi.signin.pages import words
from myschool.gosuslugi.signin.pages.registration import busy, take_new_password
from myschool.gosuslugi.signin.passwords import Overloaded, Passwords
from myschool.kit import clock
from myschool.kit.web import sessions
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get, outward, post
from myschool.kit.web.visit import Visit

OUTCOMES = {
    Outcome.PASSED: "Вход выполнен",
    Outcome.WRONG_PASSWORD: "Неверный пароль",
    Outcome.WRONG_CODE: "Неверный код",
}


def routes(passwords: Passwords) -> list[Route]:
    return [
        get("/security", show),
        post("/security/sessions/end", end_session),
        post("/security/sessions/end-others", end_others),
        get("/security/password", show_password),
        outward("/security/password", prepare, _comparing(passwords), change, methods=("POST",)),
    ]


@dataclass(frozen=True)
class ShownSession:
    key: str
    device: str
    began: str
    seen: str
    mine: bool


async def show(visit: Visit) -> Response:
    person, now = await citizen(visit), clock.now()
    mine = sessions.hashed(visit.session.token).hex()
    opened = [
        ShownSession(
            one.key,
            worded(one.agent),
            words.moment(one.signed_in_at, now),
            words.moment(one.seen_at, now),
            one.key == mine,
        )
        for one in await sessions.open_sessions(visit.tx, person.id, now)
    ]
    history = [
        [words.moment(one.at, now), OUTCOMES[one.outcome], one.device]
        for one in await enter.history(visit.tx, person.id)
    ]
    changed_at = await secrets.set_at(visit.tx, person.id)
    return visit.render(
        "signin/security.html",
        page_title="Безопасность",
        sessions=sorted(opened, key=lambda one: not one.mine),
        history=history,
        changed=words.moment(changed_at, now) if changed_at else "",
    )


async def end_session(visit: Visit) -> Response:
    person = await citizen(visit)
    if await sessions.end_one(visit.tx, person.id, visit.typed["session"]):
        visit.tell("success", "Сеанс завершён", "Если на том устройстве были не вы, смените пароль.")
    else:
        visit.tell("important", "Этот сеанс уже завершён")
    return visit.redirect("/security")


async def end_others(visit: Visit) -> Response:
    person = await citizen(visit)
    await sessions.end_others(visit.tx, person.id, visit.session)
    visit.tell("success", "Остальные сеансы завершены", "Вы вошли только на этом устройстве.")
    return visit.redirect("/security")


# -- password ----------------------------------------------------------------------------------------------------------


async def show_password(visit: Visit) -> Response:
    await citizen(visit)
    return _password_page(visit, Form())


def _password_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    hint = words.PASSWORD_HINT
    return visit.render("signin/password.html", status=status, page_title="Смена пароля", form=typed, hint=hint)


@dataclass(frozen=True)
class Change:
    known: str | None = field(repr=False)
    current: str = field(repr=False)
    chosen: str = field(repr=False)


async def prepare(visit: Visit) -> Change | Response:
    person, typed = await citizen(visit), Form(visit.typed)
    current = typed.typed.pop("password", "")
    if not current:
        typed.refuse("password", "Введите нынешний пароль")
    about = await secrets.facts_about(visit.tx, visit.house.vault, person)
    chosen = take_new_password(typed, about, "new_password")
    if typed.errors or chosen is None:
        return _password_page(visit, typed, 422)
    if not await allowed(visit.tx, LOGIN_HERE, f"change:{person.id}", clock.now()):
        typed.refuse("password", "Слишком много попыток. Подождите 15 минут или задайте новый пароль по коду")
        return visit.too_many(LOGIN_HERE.per.total_seconds(), _password_page(visit, typed))
    return Change(await secrets.hash_of(visit.tx, person.id), current, chosen)


def _comparing(passwords: Passwords) -> Callable[[Change], Awaitable[str | Overloaded | None]]:
    async def ask(change: Change) -> str | Overloaded | None:
        """The hash of the new password; None when the present one was wrong."""
        try:
            compared = await passwords.compare(change.current, change.known)
            return await passwords.hashed(change.chosen) if compared.matches else None
        except Overloaded as overloaded:
            return overloaded

    return ask


async def change(visit: Visit, hashed: str | Overloaded | None) -> Response:
    person, typed = await citizen(visit), Form()
    if isinstance(hashed, Overloaded):
        typed.refuse("password", words.BUSY)
        return busy(_password_page(visit, typed, 503), hashed)
    if hashed is None:
        typed.refuse("password", "Нынешний пароль не подошёл. Проверьте раскладку и Caps Lock")
        return _password_page(visit, typed, 422)
    house, actor = visit.house, people.chain_of(person.id)
    url = f"{house.origin}/recover"
    await secrets.change(visit.tx, house.vault, person, hashed, actor=actor, recover_url=url, now=clock.now())
    await sessions.end_others(visit.tx, person.id, visit.session)
    visit.tell("success", "Пароль изменён", "На других устройствах сеансы завершены.")
    return visit.redirect("/security")
