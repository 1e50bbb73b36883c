"""Change of e-mail and telephone: the new value, then its code. The old one works until then."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.fields import take_email, take_phone
from myschool.gosuslugi.people.model import ContactKind, ContactTaken, ContactValue, Level, Person
from myschool.gosuslugi.signin.actions import citizen, contacts
from myschool.gosuslugi.signin.model import CODES_AN_HOUR, Judged, Sending
from myschool.gosuslugi.signin.pages import words
from myschool.kit import clock
from myschool.kit.web.errors import NotFound, Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, post
from myschool.kit.web.visit import Visit

TAKEN = {
    ContactKind.EMAIL: "Этот адрес почты уже привязан к другой учётной записи. Введите другой",
    ContactKind.MOBILE: "Этот телефон уже привязан к другой учётной записи. Введите другой",
}


@dataclass(frozen=True)
class Page:
    kind: ContactKind
    field: str
    title: str
    done: str


PAGES = {
    "email": Page(ContactKind.EMAIL, "email", "Адрес почты", "Почта подтверждена"),
    "phone": Page(ContactKind.MOBILE, "phone", "Мобильный телефон", "Телефон подтверждён"),
}


def routes() -> list[Route]:
    return [
        form("/contacts/{kind}", show, take),
        form("/contacts/{kind}/code", show_code, take_code),
        post("/contacts/{kind}/code/again", send_again),
        post("/contacts/{kind}/drop", drop),
    ]


def _page_of(visit: Visit) -> Page:
    page = PAGES.get(visit.path_value("kind"))
    if page is None:
        raise NotFound
    return page


async def changeable(visit: Visit) -> Person:
    """Who is signed in, unless the account is provisional: its e-mail is fixed until it becomes the child's own."""
    person = await citizen(visit)
    if person.level is Level.PROVISIONAL:
        raise Refusal(
            "Почту и телефон пока не изменить",
            "Это временная учётная запись. Когда свидетельство о рождении подтвердят, она станет постоянной, "
            "и контакты можно будет менять.",
            status=403,
            ways=(Way("/profile", "Данные и документы"),),
        )
    return person


async def show(visit: Visit) -> Response:
    page, person = _page_of(visit), await changeable(visit)
    typed = Form(visit.typed)
    return await _form(visit, page, person, typed)


async def _form(visit: Visit, page: Page, person: Person, typed: Form, status: int = 200) -> Response:
    now_used = await contacts.current(visit.tx, visit.house.vault, person, page.kind)
    return visit.render(
        "signin/contact.html",
        status=status,
        page_title=page.title,
        form=typed,
        field=page.field,
        current=now_used.formatted() if now_used else "",
    )


async def take(visit: Visit) -> Response:
    page, person, typed = _page_of(visit), await changeable(visit), Form(visit.typed)
    value: ContactValue | None = take_email(typed) if page.kind is ContactKind.EMAIL else take_phone(typed)
    if value is None:
        return await _form(visit, page, person, typed, 422)
    now_used = await contacts.current(visit.tx, visit.house.vault, person, page.kind)
    if now_used is not None and now_used == value:
        typed.refuse(page.field, "Это и есть ваш нынешний контакт: он уже подтверждён")
        return await _form(visit, page, person, typed, 422)
    try:
        sending = await contacts.ask(visit.tx, visit.house.vault, person, value, clock.now())
    except ContactTaken:
        typed.refuse(page.field, TAKEN[page.kind])
        return await _form(visit, page, person, typed, 409)
    if sending is Sending.TOO_MANY:
        typed.refuse(page.field, "Слишком много попыток. Попробуйте через час")
        return visit.too_many(CODES_AN_HOUR.per.total_seconds(), await _form(visit, page, person, typed))
    return visit.redirect(f"/contacts/{page.field}/code")


async def show_code(visit: Visit) -> Response:
    page, person = _page_of(visit), await citizen(visit)
    value = await contacts.pending(visit.tx, visit.house.vault, person, page.kind)
    if value is None:
        return visit.redirect(f"/contacts/{page.field}")
    return _code_page(visit, page, value, Form())


async def take_code(visit: Visit) -> Response:
    page, person = _page_of(visit), await citizen(visit)
    vault, now = visit.house.vault, clock.now()
    value = await contacts.pending(visit.tx, vault, person, page.kind)
    if value is None:
        return visit.redirect("/profile")
    waiting, typed = value, Form(visit.typed)

    async def enter_code(digits: str) -> Judged:
        url = f"{visit.house.origin}/recover"
        return await contacts.enter_code(visit.tx, vault, person, page.kind, digits, recover_url=url, now=now)

    async def resend() -> Sending:
        return await contacts.ask(visit.tx, vault, person, waiting, now)

    try:
        right = await words.take_code(typed, enter_code, resend)
    except ContactTaken:
        # Somebody else proved the same contact first; nothing waits any more.
        typed = Form({page.field: waiting.formatted()})
        typed.refuse(page.field, TAKEN[page.kind])
        return await _form(visit, page, person, typed, 409)
    if not right:
        return _code_page(visit, page, value, typed, 422)
    visit.tell("success", page.done)
    return visit.redirect("/profile")


async def send_again(visit: Visit) -> Response:
    page, person = _page_of(visit), await citizen(visit)
    value = await contacts.pending(visit.tx, visit.house.vault, person, page.kind)
    if value is None:
        return visit.redirect("/profile")
    try:
        words.tell_resent(visit, await contacts.ask(visit.tx, visit.house.vault, person, value, clock.now()))
    except ContactTaken:
        visit.tell("important", "Этот контакт занят", TAKEN[page.kind])
        return visit.redirect(f"/contacts/{page.field}")
    return visit.redirect(f"/contacts/{page.field}/code")


async def drop(visit: Visit) -> Response:
    page, person = _page_of(visit), await citizen(visit)
    await contacts.drop(visit.tx, visit.house.vault, person, page.kind)
    visit.tell("success", "Изменение отменено", "Прежний контакт работает, как раньше.")
    return visit.redirect("/profile")


def _code_page(visit: Visit, page: Page, value: ContactValue, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "signin/code.html",
        status=status,
        page_title="Введите код",
        form=typed,
        steps=None,
        step=0,
        back=(f"/contacts/{page.field}", page.title),
        sent=words.sent_to(value),
        again=f"/contacts/{page.field}/code/again",
        help="Пока код не введён, работает прежний контакт.",
        button="Подтвердить",
    )
