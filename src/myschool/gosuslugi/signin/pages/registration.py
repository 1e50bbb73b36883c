"""Registration: name → mailbox → code → password. What was typed waits in the session, so Back never loses it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.fields import take_email, take_full_name
from myschool.gosuslugi.people.model import ContactTaken
from myschool.gosuslugi.signin import password_rules
from myschool.gosuslugi.signin.actions import enter, register
from myschool.gosuslugi.signin.actions.codes import allowed
from myschool.gosuslugi.signin.devices import worded
from myschool.gosuslugi.signin.model import CODES_AN_HOUR, LETTERS_FROM_ADDRESS, Judged, Sending
from myschool.gosuslugi.signin.pages import words
from myschool.gosuslugi.signin.pages.session import begin
from myschool.gosuslugi.signin.passwords import Overloaded, Passwords
from myschool.kit import clock
from myschool.kit.ids import new_id
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, outward, post
from myschool.kit.web.visit import Visit
from myschool.papers.names import FullName
from myschool.papers.numbers import Email

STEPS = ["Имя", "Почта", "Код", "Пароль"]
KEY = "registration"


@dataclass
class Draft:
    """What is known of who registers now."""

    id: UUID
    name: FullName
    email: Email | None = field(default=None, repr=False)
    verified: bool = False

    @classmethod
    def of(cls, visit: Visit) -> "Draft | None":
        kept: dict[str, Any] | None = visit.session.get(KEY)
        if kept is None:
            return None
        email = Email(kept["email"]) if kept["email"] else None
        return cls(UUID(kept["id"]), FullName(*kept["name"]), email, kept["verified"])

    def keep(self, visit: Visit) -> None:
        name = [self.name.family_name, self.name.given_name, self.name.patronymic]
        address = self.email.address if self.email else None
        visit.session.put(KEY, {"id": str(self.id), "name": name, "email": address, "verified": self.verified})


def routes(passwords: Passwords) -> list[Route]:
    return [
        form("/register", show_name, take_name),
        form("/register/email", show_email, take_address),
        form("/register/code", show_code, take_code),
        post("/register/code/again", send_again),
        get("/register/password", show_password),
        outward("/register/password", prepare, hashing(passwords), finish, methods=("POST",)),
    ]


# -- name --------------------------------------------------------------------------------------------------------------


async def show_name(visit: Visit) -> Response:
    if visit.signed_in:
        return visit.redirect("/")
    draft = Draft.of(visit)
    typed = {}
    if draft is not None:
        name = draft.name
        typed = {
            "family_name": name.family_name,
            "given_name": name.given_name,
            "patronymic": name.patronymic or "",
        }
    return _name_page(visit, Form(typed))


async def take_name(visit: Visit) -> Response:
    typed = Form(visit.typed)
    name = take_full_name(typed)
    if name is None:
        return _name_page(visit, typed, 422)
    draft = Draft.of(visit) or Draft(new_id(), name)
    draft.name = name
    draft.keep(visit)
    return visit.redirect("/register/email")


def _name_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "signin/register_name.html", status=status, page_title="Как вас зовут?", form=typed, steps=STEPS
    )


# -- mailbox -----------------------------------------------------------------------------------------------------------


async def show_email(visit: Visit) -> Response:
    draft = Draft.of(visit)
    if draft is None:
        return _begin_again(visit)
    return _email_page(visit, Form({"email": draft.email.address if draft.email else ""}))


async def take_address(visit: Visit) -> Response:
    draft = Draft.of(visit)
    if draft is None:
        return _begin_again(visit)
    typed = Form(visit.typed)
    email = take_email(typed)
    if email is None:
        return _email_page(visit, typed, 422)
    changed = draft.email is None or draft.email.comparable() != email.comparable()
    if changed or not draft.verified:
        draft.email, draft.verified = email, False
        sending = await _send(visit, draft, anew=changed)
        if sending is Sending.TOO_MANY:
            typed.refuse("email", "На этот адрес ушло слишком много кодов. Подождите час или введите другой адрес")
            return visit.too_many(CODES_AN_HOUR.per.total_seconds(), _email_page(visit, typed))
        draft.keep(visit)
    return visit.redirect("/register/code")


def _email_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    title = "Какой у вас адрес почты?"
    return visit.render("signin/register_email.html", status=status, page_title=title, form=typed, steps=STEPS)


async def _send(visit: Visit, draft: Draft, *, anew: bool) -> Sending:
    assert draft.email is not None
    now = clock.now()
    if not await allowed(visit.tx, LETTERS_FROM_ADDRESS, visit.address, now):
        return Sending.TOO_MANY
    house = visit.house
    return await register.send_code(
        visit.tx, house.vault, draft.id, draft.email, origin=house.origin, anew=anew, now=now
    )


# -- code --------------------------------------------------------------------------------------------------------------


async def show_code(visit: Visit) -> Response:
    draft = Draft.of(visit)
    if draft is None or draft.email is None:
        return _begin_again(visit)
    if draft.verified:
        return visit.redirect("/register/password")
    return _code_page(visit, draft.email, Form())


async def take_code(visit: Visit) -> Response:
    draft = Draft.of(visit)
    if draft is None or draft.email is None:
        return _begin_again(visit)
    if draft.verified:
        return visit.redirect("/register/password")
    known = draft
    typed = Form(visit.typed)

    async def enter_code(digits: str) -> Judged:
        return await register.enter_code(visit.tx, visit.house.vault, known.id, digits, clock.now())

    async def resend() -> Sending:
        return await _send(visit, known, anew=False)

    if not await words.take_code(typed, enter_code, resend):
        return _code_page(visit, draft.email, typed, 422)
    draft.verified = True
    draft.keep(visit)
    return visit.redirect("/register/password")


async def send_again(visit: Visit) -> Response:
    draft = Draft.of(visit)
    if draft is None or draft.email is None:
        return _begin_again(visit)
    words.tell_resent(visit, await _send(visit, draft, anew=False))
    return visit.redirect("/register/code")


def _code_page(visit: Visit, email: Email, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "signin/code.html",
        status=status,
        page_title="Введите код из письма",
        form=typed,
        steps=STEPS,
        step=3,
        back=("/register/email", "Изменить адрес почты"),
        sent=words.sent_to(email),
        again="/register/code/again",
        help="Если на этот адрес уже есть учётная запись, в письме вместо кода будет ссылка для входа.",
        button="Продолжить",
    )


# -- password ----------------------------------------------------------------------------------------------------------


async def show_password(visit: Visit) -> Response:
    draft = Draft.of(visit)
    if draft is None:
        return _begin_again(visit)
    if not draft.verified:
        return visit.redirect("/register/code")
    return _password_page(visit, draft, Form(once=str(draft.id)))


def _password_page(visit: Visit, draft: Draft, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "signin/register_password.html",
        status=status,
        page_title="Придумайте пароль",
        form=typed,
        steps=STEPS,
        login=draft.email.address if draft.email else "",
        hint=words.PASSWORD_HINT,
    )


@dataclass(frozen=True)
class Chosen:
    password: str = field(repr=False)


async def prepare(visit: Visit) -> Chosen | Response:
    draft = Draft.of(visit)
    if draft is None or draft.email is None:
        return await _second_press(visit)
    if not draft.verified:
        return visit.redirect("/register/code")
    typed = Form(visit.typed, once=str(draft.id))
    name = draft.name
    about = [name.family_name, name.given_name, name.patronymic or "", draft.email.address]
    chosen = take_new_password(typed, about)
    return Chosen(chosen) if chosen is not None else _password_page(visit, draft, typed, 422)


def take_new_password(typed: Form, about: list[str], name: str = "password") -> str | None:
    """Not stripped: a space may be part of a password."""
    text = typed.typed.pop(name, "")
    if not text:
        typed.refuse(name, "Придумайте пароль")
        return None
    try:
        return password_rules.check(text, about)
    except password_rules.PasswordRefused as error:
        typed.refuse(name, words.password_refused(error))
        return None


def hashing(passwords: Passwords) -> Callable[[Chosen], Awaitable[str | Overloaded]]:
    async def ask(chosen: Chosen) -> str | Overloaded:
        try:
            return await passwords.hashed(chosen.password)
        except Overloaded as overloaded:
            return overloaded

    return ask


async def finish(visit: Visit, hashed: str | Overloaded) -> Response:
    draft = Draft.of(visit)
    if draft is None or draft.email is None or not draft.verified:
        return await _second_press(visit)
    if isinstance(hashed, Overloaded):
        return busy(_password_page(visit, draft, _with_busy(Form(once=str(draft.id)), "password"), 503), hashed)
    now, house = clock.now(), visit.house
    try:
        person = await register.finish(visit.tx, house.vault, draft.id, draft.name, draft.email, hashed, now)
    except ContactTaken:
        raise Refusal(
            "На этот адрес уже есть учётная запись",
            "Войдите в неё. Если забыли пароль, задайте новый: код придёт на этот же адрес.",
            status=409,
            ways=(Way("/login", "Войти"), Way("/recover", "Задать новый пароль")),
        ) from None
    device = worded(visit.request.headers.get("user-agent", ""))
    security_url = f"{house.origin}/security"
    await enter.record_entry(visit.tx, house.vault, person, device, security_url=security_url, now=now)
    begin(visit, person, now)
    visit.tell("success", "Учётная запись создана", "Пока она упрощённая. Что сделать дальше, написано ниже.")
    return visit.redirect("/")


def _with_busy(typed: Form, name: str) -> Form:
    typed.refuse(name, words.BUSY)
    return typed


def busy(page: Response, overloaded: Overloaded) -> Response:
    page.headers["Retry-After"] = str(overloaded.retry_after)
    return page


async def _second_press(visit: Visit) -> Response:
    """The form was sent twice, or came by Back: the account is there already."""
    if visit.signed_in:
        return visit.redirect("/")
    try:
        draft_id = UUID(visit.typed["once"])
    except ValueError:
        return _begin_again(visit)
    if await register.was_finished(visit.tx, visit.house.vault, draft_id):
        visit.tell("success", "Учётная запись уже создана", "Войдите с паролем, который вы только что придумали.")
        return visit.redirect("/login")
    return _begin_again(visit)


def _begin_again(visit: Visit) -> Response:
    if visit.signed_in:
        return visit.redirect("/")
    visit.tell("important", "Начните с имени", "Прошло больше двух часов, или вы начинали на другом устройстве.")
    return visit.redirect("/register")
