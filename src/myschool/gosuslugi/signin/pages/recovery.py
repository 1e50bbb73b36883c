"""A forgotten password: login → code → new password. The answers are the same whether the account exists or not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.signin.actions import recover, secrets
from myschool.gosuslugi.signin.actions.codes import allowed
from myschool.gosuslugi.signin.model import CODES_AN_HOUR, LETTERS_FROM_ADDRESS, SIGN_IN_LIFE, Judged, Sending
from myschool.gosuslugi.signin.pages import words
from myschool.gosuslugi.signin.pages.registration import Chosen, busy, hashing, take_new_password
from myschool.gosuslugi.signin.passwords import Overloaded, Passwords
from myschool.kit import clock
from myschool.kit.ids import new_id
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, outward, post
from myschool.kit.web.visit import Visit

KEY = "recovery"


@dataclass
class Recovery:
    """`person_id` is None while nobody has this login; the pages look the same."""

    id: UUID
    login: str = field(repr=False)
    person_id: UUID | None
    verified_at: datetime | None = None
    done: bool = False

    @property
    def verified(self) -> bool:
        """The right code opens the next page for a quarter of an hour."""
        return self.verified_at is not None and clock.now() - self.verified_at <= SIGN_IN_LIFE

    @classmethod
    def of(cls, visit: Visit) -> "Recovery | None":
        kept: dict[str, Any] | None = visit.session.get(KEY)
        if kept is None:
            return None
        person_id = UUID(kept["person"]) if kept["person"] else None
        verified_at = datetime.fromisoformat(kept["verified_at"]) if kept["verified_at"] else None
        return cls(UUID(kept["id"]), kept["login"], person_id, verified_at, kept["done"])

    def keep(self, visit: Visit) -> None:
        kept = {
            "id": str(self.id),
            "login": self.login,
            "person": str(self.person_id) if self.person_id else None,
            "verified_at": self.verified_at.isoformat() if self.verified_at else None,
            "done": self.done,
        }
        visit.session.put(KEY, kept)


def routes(passwords: Passwords) -> list[Route]:
    return [
        form("/recover", show_login, take_login),
        form("/recover/code", show_code, take_code),
        post("/recover/code/again", send_again),
        get("/recover/password", show_password),
        outward("/recover/password", prepare, hashing(passwords), finish, methods=("POST",)),
    ]


async def show_login(visit: Visit) -> Response:
    known = Recovery.of(visit)
    return _login_page(visit, Form({"login": known.login if known else ""}))


async def take_login(visit: Visit) -> Response:
    typed = Form(visit.typed)
    login = typed.take("login", str, missing="Введите телефон, почту или СНИЛС", wrong="")
    if login is None:
        return _login_page(visit, typed, 422)
    attempt = Recovery(new_id(), login, None)
    if await _send(visit, attempt) is Sending.TOO_MANY:
        typed.refuse("login", "Кодов было слишком много. Попробуйте через час")
        return visit.too_many(CODES_AN_HOUR.per.total_seconds(), _login_page(visit, typed))
    attempt.keep(visit)
    return visit.redirect("/recover/code")


def _login_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    return visit.render("signin/recover.html", status=status, page_title="Новый пароль", form=typed)


async def _send(visit: Visit, attempt: Recovery) -> Sending:
    now, vault = clock.now(), visit.house.vault
    if not await allowed(visit.tx, LETTERS_FROM_ADDRESS, visit.address, now):
        return Sending.TOO_MANY
    sending, attempt.person_id = await recover.send_code(visit.tx, vault, attempt.id, attempt.login, now)
    return sending


async def show_code(visit: Visit) -> Response:
    attempt = Recovery.of(visit)
    if attempt is None:
        return _begin_again(visit)
    if attempt.verified:
        return visit.redirect("/recover/password")
    return _code_page(visit, Form())


async def take_code(visit: Visit) -> Response:
    attempt = Recovery.of(visit)
    if attempt is None:
        return _begin_again(visit)
    if attempt.verified:
        return visit.redirect("/recover/password")
    known, typed = attempt, Form(visit.typed)

    async def enter_code(digits: str) -> Judged:
        return await recover.enter_code(visit.tx, visit.house.vault, known.id, digits, clock.now())

    async def resend() -> Sending:
        return await _send(visit, known)

    if not await words.take_code(typed, enter_code, resend):
        return _code_page(visit, typed, 422)
    attempt.verified_at = clock.now()
    attempt.keep(visit)
    return visit.redirect("/recover/password")


async def send_again(visit: Visit) -> Response:
    attempt = Recovery.of(visit)
    if attempt is None:
        return _begin_again(visit)
    words.tell_resent(visit, await _send(visit, attempt))
    return visit.redirect("/recover/code")


def _code_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "signin/code.html",
        status=status,
        page_title="Введите код",
        form=typed,
        steps=None,
        step=0,
        back=("/recover", "Изменить логин"),
        sent="Если учётная запись с таким логином есть, мы отправили код на её почту или телефон",
        again="/recover/code/again",
        help="Письмо не пришло? Проверьте папку «Спам» и логин. Возможно, вы регистрировались с другим адресом.",
        button="Продолжить",
    )


async def show_password(visit: Visit) -> Response:
    attempt = Recovery.of(visit)
    if attempt is None or not attempt.verified:
        return _begin_again(visit)
    return _password_page(visit, Form())


def _password_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    title = "Придумайте новый пароль"
    hint = words.PASSWORD_HINT
    return visit.render("signin/recover_password.html", status=status, page_title=title, form=typed, hint=hint)


async def prepare(visit: Visit) -> Chosen | Response:
    attempt = Recovery.of(visit)
    if attempt is not None and attempt.done:
        return _changed(visit)
    if attempt is None or not attempt.verified or attempt.person_id is None:
        return _begin_again(visit)
    typed = Form(visit.typed)
    person = await people.by_id(visit.tx, visit.house.vault, attempt.person_id)
    chosen = take_new_password(typed, await secrets.facts_about(visit.tx, visit.house.vault, person))
    return Chosen(chosen) if chosen is not None else _password_page(visit, typed, 422)


async def finish(visit: Visit, hashed: str | Overloaded) -> Response:
    attempt = Recovery.of(visit)
    if attempt is not None and attempt.done:
        return _changed(visit)
    if attempt is None or not attempt.verified or attempt.person_id is None:
        return _begin_again(visit)
    if isinstance(hashed, Overloaded):
        typed = Form()
        typed.refuse("password", words.BUSY)
        return busy(_password_page(visit, typed, 503), hashed)
    house = visit.house
    person = await people.by_id(visit.tx, house.vault, attempt.person_id)
    url = f"{house.origin}/recover"
    await recover.finish(visit.tx, house.vault, person, hashed, recover_url=url, now=clock.now())
    if visit.signed_in:
        visit.session.sign_out()
    attempt.done = True
    attempt.keep(visit)
    return _changed(visit)


def _changed(visit: Visit) -> Response:
    visit.tell("success", "Пароль изменён", "Войдите с новым паролем. На всех устройствах сеансы завершены.")
    return visit.redirect("/login")


def _begin_again(visit: Visit) -> Response:
    visit.tell("important", "Начните сначала", "Введите телефон, почту или СНИЛС, и мы отправим новый код.")
    return visit.redirect("/recover")
