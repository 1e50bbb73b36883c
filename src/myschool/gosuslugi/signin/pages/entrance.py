"""Sign-in: login and password → code → back to the page that was wanted. And the way out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import enter, secrets
from myschool.gosuslugi.signin.actions.enter import AddressOf, Knock
from myschool.gosuslugi.signin.devices import worded
from myschool.gosuslugi.signin.model import CODES_AN_HOUR, LOGIN_HERE, Attempt, CodeAddress, Judged, Sending
from myschool.gosuslugi.signin.pages import words
from myschool.gosuslugi.signin.pages.registration import busy
from myschool.gosuslugi.signin.pages.session import begin
from myschool.gosuslugi.signin.passwords import Compared, Overloaded, Passwords
from myschool.kit import clock
from myschool.kit.ids import new_id
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, outward, post
from myschool.kit.web.visit import Visit, local_path

KEY = "signing_in"
FIRST_PASSWORD = "/login/first-password"  # noqa: S105 - an address
WRONG = "Логин или пароль не подошли. Проверьте раскладку и Caps Lock или задайте новый пароль"


LeadsTo = Callable[[Visit, str], Awaitable[str | None]]
"""The other origin at which signing in for this page of ours ends, if it does: browsers want to know beforehand."""


async def stays_here(_visit: Visit, _path: str) -> str | None:
    return None


def routes(passwords: Passwords, address_of: AddressOf, leads_to: LeadsTo) -> list[Route]:
    codes = CodePages(address_of, leads_to)
    return [
        get("/login", show),
        outward("/login", prepare, comparing(passwords), codes.settle, methods=("POST",)),
        form("/login/code", codes.show, codes.take),
        post("/login/code/again", codes.send_again),
        post("/logout", sign_out),
    ]


def device_of(visit: Visit) -> str:
    return worded(visit.request.headers.get("user-agent", ""))


# -- login and password ------------------------------------------------------------------------------------------------


async def show(visit: Visit) -> Response:
    if visit.signed_in:
        return visit.redirect(_wanted(visit))
    return _login_page(visit, Form())


def _wanted(visit: Visit) -> str:
    return local_path(visit.query.get("next", "/"))


def _login_page(visit: Visit, typed: Form, status: int = 200) -> Response:
    return visit.render("signin/login.html", status=status, page_title="Вход", form=typed, wanted=_wanted(visit))


@dataclass(frozen=True)
class Knocking:
    knock: Knock
    password: str = field(repr=False)


async def prepare(visit: Visit) -> Knocking | Response:
    if visit.signed_in:
        return visit.redirect(_wanted(visit))
    typed = Form(visit.typed)
    password = typed.typed.pop("password", "")
    login = typed.typed["login"].strip()
    if not login:
        typed.refuse("login", "Введите телефон, почту или СНИЛС")
    if not password:
        typed.refuse("password", "Введите пароль")
    if typed.errors:
        return _login_page(visit, typed, 422)
    vault = visit.house.vault
    knock = await enter.knock(visit.tx, vault, login, password, visit.address, clock.now())
    if knock is None:
        typed.refuse("login", words.TOO_MANY_TRIES)
        return visit.too_many(LOGIN_HERE.per.total_seconds(), _login_page(visit, typed))
    return Knocking(knock, password)


@dataclass(frozen=True)
class Answered:
    knock: Knock
    compared: Compared | Overloaded


def comparing(passwords: Passwords) -> Callable[[Knocking], Awaitable[Answered]]:
    async def ask(knocking: Knocking) -> Answered:
        try:
            return Answered(knocking.knock, await passwords.compare(knocking.password, knocking.knock.known))
        except Overloaded as overloaded:
            return Answered(knocking.knock, overloaded)

    return ask


# -- code --------------------------------------------------------------------------------------------------------------


def attempt_of(visit: Visit, now: datetime) -> Attempt | None:
    kept: dict[str, Any] | None = visit.session.get(KEY)
    if kept is None:
        return None
    began_at = datetime.fromisoformat(kept["began_at"])
    proved = kept.get("proved", False)
    attempt = Attempt(UUID(kept["id"]), UUID(kept["person"]), began_at, kept["next"], kept["stranger"], proved)
    return None if attempt.over(now) else attempt


def _same(visit: Visit, person: Person, now: datetime) -> UUID | None:
    """A second press of the button goes on with the first code instead of sending another."""
    known = attempt_of(visit, now)
    return known.id if known is not None and known.person_id == person.id else None


def _is_strangers(visit: Visit) -> bool:
    return visit.typed["stranger"] == "1"


def keep_attempt(visit: Visit, attempt: Attempt) -> None:
    kept = {
        "id": str(attempt.id),
        "person": str(attempt.person_id),
        "began_at": attempt.began_at.isoformat(),
        "next": attempt.next,
        "stranger": attempt.strangers_computer,
        "proved": attempt.proved,
    }
    visit.session.put(KEY, kept)


@dataclass(frozen=True)
class CodePages:
    """The second factor. `address_of` knows where a person's codes go, `leads_to` where the person goes."""

    address_of: AddressOf
    leads_to: LeadsTo

    async def settle(self, visit: Visit, answered: Answered) -> Response:
        typed = Form(visit.typed)
        typed.typed.pop("password", None)
        if isinstance(answered.compared, Overloaded):
            typed.refuse("", words.BUSY)
            return busy(_login_page(visit, typed, 503), answered.compared)
        now, vault = clock.now(), visit.house.vault
        person = await enter.answer_password(
            visit.tx, vault, answered.knock, answered.compared, visit.address, device_of(visit), now
        )
        if person is None:
            typed.refuse("password", WRONG)
            return _login_page(visit, typed, 422)
        if await secrets.locked(visit.tx, person.id):
            return _locked_page(visit, person)
        if not await _paper_still_good(visit, person, now):
            return _paper_over_page(visit, person)
        attempt = Attempt(_same(visit, person, now) or new_id(), person.id, now, _wanted(visit), _is_strangers(visit))
        address = await self._address(visit, person)
        if await enter.send_code(visit.tx, vault, attempt.id, address, now) is Sending.TOO_MANY:
            typed.refuse("login", "Мы отправили слишком много кодов. Попробуйте войти через час")
            return visit.too_many(CODES_AN_HOUR.per.total_seconds(), _login_page(visit, typed))
        keep_attempt(visit, attempt)
        return visit.redirect("/login/code")

    async def show(self, visit: Visit) -> Response:
        attempt = attempt_of(visit, clock.now())
        if attempt is None:
            return login_again(visit)
        if attempt.proved:
            return visit.redirect(FIRST_PASSWORD)
        return await self._page(visit, attempt, await self._address_by_id(visit, attempt.person_id), Form())

    async def take(self, visit: Visit) -> Response:
        now, vault = clock.now(), visit.house.vault
        attempt = attempt_of(visit, now)
        if attempt is None:
            return login_again(visit)
        if attempt.proved:
            return visit.redirect(FIRST_PASSWORD)
        person = await people.by_id(visit.tx, vault, attempt.person_id)
        if not await secrets.still_opens(visit.tx, person.id, attempt.began_at):
            return login_again(visit)
        address = await self._address(visit, person)
        typed = Form(visit.typed)

        async def answer(digits: str) -> Judged:
            device = device_of(visit)
            return await enter.answer_code(visit.tx, vault, attempt.id, person.id, digits, device, now)

        async def resend() -> Sending:
            return await enter.send_code(visit.tx, vault, attempt.id, address, now)

        if not await words.take_code(typed, answer, resend):
            return await self._page(visit, attempt, address, typed, 422)
        if await secrets.handed_until(visit.tx, person.id) is not None:
            keep_attempt(visit, replace(attempt, began_at=now, proved=True))
            return visit.redirect(FIRST_PASSWORD)
        url = f"{visit.house.origin}/security"
        await enter.record_entry(visit.tx, vault, person, device_of(visit), security_url=url, now=now)
        begin(visit, person, now, strangers_computer=attempt.strangers_computer)
        return visit.redirect(attempt.next)

    async def send_again(self, visit: Visit) -> Response:
        now = clock.now()
        attempt = attempt_of(visit, now)
        if (
            attempt is None
            or attempt.proved
            or not await secrets.still_opens(visit.tx, attempt.person_id, attempt.began_at)
        ):
            return login_again(visit)
        address = await self._address_by_id(visit, attempt.person_id)
        words.tell_resent(visit, await enter.send_code(visit.tx, visit.house.vault, attempt.id, address, now))
        return visit.redirect("/login/code")

    async def _address_by_id(self, visit: Visit, person_id: UUID) -> CodeAddress:
        return await self._address(visit, await people.by_id(visit.tx, visit.house.vault, person_id))

    async def _address(self, visit: Visit, person: Person) -> CodeAddress:
        address = await self.address_of(visit.tx, visit.house.vault, person)
        if address is None:
            raise Refusal(
                "Некуда отправить код",
                "В учётной записи нет ни телефона, ни почты. Придите с паспортом в центр обслуживания: там их добавят.",
                status=409,
                ways=(Way("/", "На главную"),),
            )
        return address

    async def _page(
        self, visit: Visit, attempt: Attempt, address: CodeAddress, typed: Form, status: int = 200
    ) -> Response:
        if (there := await self.leads_to(visit, attempt.next)) is not None:
            visit.allow_form_to(there)
        return visit.render(
            "signin/code.html",
            status=status,
            page_title="Введите код",
            form=typed,
            steps=None,
            step=0,
            back=("/login", "К логину и паролю"),
            sent=words.sent_to_masked(address),
            again="/login/code/again",
            help="Код действует 10 минут. Если вы не входите сейчас, никому его не говорите.",
            button="Войти",
        )


def _locked_page(visit: Visit, person: Person) -> Response:
    """The password was right and opens nothing: somebody may know it who must not."""
    return visit.render(
        "signin/locked.html",
        status=403,
        page_title="Нужен новый пароль",
        name=person.name.given_name,
        own=person.in_own_hands,
    )


async def _paper_still_good(visit: Visit, person: Person, now: datetime) -> bool:
    until = await secrets.handed_until(visit.tx, person.id)
    return until is None or now < until


def _paper_over_page(visit: Visit, person: Person) -> Response:
    """A first password from a paper, found too late."""
    name = person.name.given_name
    return visit.render("signin/paper_over.html", status=403, page_title="Листок больше не действует", name=name)


def login_again(visit: Visit) -> Response:
    """The code page without an attempt: Back after the sign-in, or a quarter of an hour went by."""
    kept: dict[str, Any] | None = visit.session.pop(KEY)
    if visit.signed_in:
        return visit.redirect("/")
    visit.tell("important", "Войдите ещё раз", "Прошло больше 15 минут, или этот код уже использован.")
    wanted = kept["next"] if kept else "/"
    return visit.redirect("/login" if wanted == "/" else f"/login?next={quote(wanted, safe='')}")


async def sign_out(visit: Visit) -> Response:
    visit.session.sign_out()
    visit.tell("success", "Вы вышли", "На чужом компьютере закройте ещё и браузер.")
    return visit.redirect("/")
