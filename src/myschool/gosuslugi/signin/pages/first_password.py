"""A password that was handed over on a paper opens one page after the code: the one on which another is chosen.

Nobody is signed in before. So who found the paper, or wrote it, has nothing of it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.signin.actions import enter, secrets
from myschool.gosuslugi.signin.model import Attempt
from myschool.gosuslugi.signin.pages import words
from myschool.gosuslugi.signin.pages.entrance import FIRST_PASSWORD, LeadsTo, attempt_of, device_of, login_again
from myschool.gosuslugi.signin.pages.registration import busy, take_new_password
from myschool.gosuslugi.signin.pages.session import begin
from myschool.gosuslugi.signin.passwords import Overloaded, Passwords
from myschool.kit import clock
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get, outward
from myschool.kit.web.visit import Visit


def routes(passwords: Passwords, leads_to: LeadsTo) -> list[Route]:
    pages = Pages(leads_to)
    return [
        get(FIRST_PASSWORD, pages.show),
        outward(FIRST_PASSWORD, pages.prepare, _hashing(passwords), pages.settle, methods=("POST",)),
    ]


@dataclass(frozen=True)
class Chosen:
    password: str = field(repr=False)
    handed: str | None = field(repr=False)


@dataclass(frozen=True)
class TheSame:
    """As on the paper."""


def _hashing(passwords: Passwords) -> Callable[[Chosen], Awaitable[str | TheSame | Overloaded]]:
    async def ask(chosen: Chosen) -> str | TheSame | Overloaded:
        try:
            same = await passwords.compare(chosen.password, chosen.handed)
            return TheSame() if same.matches else await passwords.hashed(chosen.password)
        except Overloaded as overloaded:
            return overloaded

    return ask


async def _proved(visit: Visit) -> Attempt | None:
    """Password and code were right a moment ago, and the password is still the one from the paper."""
    attempt = attempt_of(visit, clock.now())
    if attempt is None or not attempt.proved:
        return None
    opens = await secrets.still_opens(visit.tx, attempt.person_id, attempt.began_at)
    until = await secrets.handed_until(visit.tx, attempt.person_id)
    return attempt if opens and until is not None and clock.now() < until else None


@dataclass(frozen=True)
class Pages:
    leads_to: LeadsTo

    async def show(self, visit: Visit) -> Response:
        attempt = await _proved(visit)
        return login_again(visit) if attempt is None else await self._page(visit, attempt, Form())

    async def _page(self, visit: Visit, attempt: Attempt, typed: Form, status: int = 200) -> Response:
        if (there := await self.leads_to(visit, attempt.next)) is not None:
            visit.allow_form_to(there)
        title = "Придумайте свой пароль"
        hint = words.PASSWORD_HINT
        return visit.render("signin/first_password.html", status=status, page_title=title, form=typed, hint=hint)

    async def prepare(self, visit: Visit) -> Chosen | Response:
        attempt = await _proved(visit)
        if attempt is None:
            return login_again(visit)
        typed = Form(visit.typed)
        person = await people.by_id(visit.tx, visit.house.vault, attempt.person_id)
        about = await secrets.facts_about(visit.tx, visit.house.vault, person)
        chosen = take_new_password(typed, about, "new_password")
        if chosen is None:
            return await self._page(visit, attempt, typed, 422)
        return Chosen(chosen, await secrets.hash_of(visit.tx, person.id))

    async def settle(self, visit: Visit, hashed: str | TheSame | Overloaded) -> Response:
        attempt, typed, now = await _proved(visit), Form(), clock.now()
        if attempt is None:
            return login_again(visit)
        if isinstance(hashed, Overloaded):
            typed.refuse("new_password", words.BUSY)
            return busy(await self._page(visit, attempt, typed, 503), hashed)
        if isinstance(hashed, TheSame):
            typed.refuse("new_password", "Это пароль с листка. Придумайте другой: его будете знать только вы")
            return await self._page(visit, attempt, typed, 422)
        house = visit.house
        person = await people.by_id(visit.tx, house.vault, attempt.person_id)
        actor, url = people.chain_of(person.id), f"{house.origin}/recover"
        await secrets.change(visit.tx, house.vault, person, hashed, actor=actor, recover_url=url, now=now)
        url = f"{house.origin}/security"
        await enter.record_entry(visit.tx, house.vault, person, device_of(visit), security_url=url, now=now)
        begin(visit, person, now, strangers_computer=attempt.strangers_computer)
        visit.tell("success", "Пароль сохранён", "Листок больше не нужен: порвите его.")
        return visit.redirect(attempt.next)
