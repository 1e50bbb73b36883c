"""E-mail and telephone of the child, changed by a parent: the value, then its code; the old one works until then."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import overseeing
from myschool.gosuslugi.family.model import Ward
from myschool.gosuslugi.family.pages.common import guarded
from myschool.gosuslugi.family.pages.lent import Lent
from myschool.gosuslugi.family.pages.manage import home, ward
from myschool.gosuslugi.fields import take_email, take_phone
from myschool.gosuslugi.people.model import ContactKind, ContactTaken, ContactValue
from myschool.gosuslugi.signin.actions import contacts
from myschool.gosuslugi.signin.model import CONTACTS_AN_HOUR, Judged, Sending
from myschool.kit import clock
from myschool.kit.web.errors import NotFound
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, post
from myschool.kit.web.visit import Visit


@dataclass(frozen=True)
class Page:
    kind: ContactKind
    field: str
    title: str
    done: str


PAGES = {
    "email": Page(ContactKind.EMAIL, "email", "Почта ребёнка", "Почта ребёнка подтверждена"),
    "phone": Page(ContactKind.MOBILE, "phone", "Телефон ребёнка", "Телефон ребёнка подтверждён"),
}
SAME = "Это и есть нынешний контакт ребёнка: он уже подтверждён"
TOO_MANY = "Слишком много попыток. Попробуйте через час"


def routes(lent: Lent) -> list[Route]:
    pages = ContactPages(lent)
    return [
        form("/family/{id}/manage/contacts/{kind}", guarded(show), guarded(pages.take)),
        form("/family/{id}/manage/contacts/{kind}/code", guarded(show_code), guarded(pages.take_code)),
        post("/family/{id}/manage/contacts/{kind}/code/again", guarded(pages.send_again)),
        post("/family/{id}/manage/contacts/{kind}/drop", guarded(drop)),
    ]


def _page_of(visit: Visit) -> Page:
    page = PAGES.get(visit.path_value("kind"))
    if page is None:
        raise NotFound
    return page


def _here(of: Ward, page: Page) -> str:
    return f"{home(of)}/contacts/{page.field}"


async def _pending(visit: Visit, of: Ward, page: Page) -> ContactValue | None:
    return await contacts.pending(visit.tx, visit.house.vault, of.person, page.kind)


async def show(visit: Visit) -> Response:
    page, of = _page_of(visit), await ward(visit)
    return await _form(visit, page, of, Form(visit.typed))


async def _form(visit: Visit, page: Page, of: Ward, typed: Form, status: int = 200) -> Response:
    used = await contacts.current(visit.tx, visit.house.vault, of.person, page.kind)
    return visit.render(
        "family/manage_contact.html",
        status=status,
        page_title=page.title,
        form=typed,
        row=of.row,
        field=page.field,
        current=used.formatted() if used else "",
    )


async def show_code(visit: Visit) -> Response:
    page, of = _page_of(visit), await ward(visit)
    value = await _pending(visit, of, page)
    if value is None:
        return visit.redirect(home(of))
    return _code_page(visit, page, of, value, Form())


def _code_page(visit: Visit, page: Page, of: Ward, value: ContactValue, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "family/manage_code.html",
        status=status,
        page_title="Введите код",
        form=typed,
        row=of.row,
        field=page.field,
        title=page.title,
        value=value.formatted(),
    )


async def drop(visit: Visit) -> Response:
    page, of = _page_of(visit), await ward(visit)
    await contacts.drop(visit.tx, visit.house.vault, of.person, page.kind)
    visit.tell("success", "Изменение отменено", "Прежний контакт работает, как раньше.")
    return visit.redirect(home(of))


class ContactPages:
    """The pages that need what sign-in lends."""

    def __init__(self, lent: Lent) -> None:
        self.lent = lent

    async def take(self, visit: Visit) -> Response:
        page, of, typed, vault = _page_of(visit), await ward(visit), Form(visit.typed), visit.house.vault
        value: ContactValue | None = take_email(typed) if page.kind is ContactKind.EMAIL else take_phone(typed)
        if value is not None and value == await contacts.current(visit.tx, vault, of.person, page.kind):
            typed.refuse(page.field, SAME)
        if value is None or typed.errors:
            return await _form(visit, page, of, typed, 422)
        try:
            sending = await overseeing.ask_contact(visit.tx, vault, of, value, clock.now())
        except ContactTaken:
            typed.refuse(page.field, self.lent.taken[page.kind])
            return await _form(visit, page, of, typed, 409)
        if sending is Sending.TOO_MANY:
            typed.refuse(page.field, TOO_MANY)
            return visit.too_many(CONTACTS_AN_HOUR.per.total_seconds(), await _form(visit, page, of, typed))
        return visit.redirect(f"{_here(of, page)}/code")

    async def take_code(self, visit: Visit) -> Response:
        page, of, vault, now = _page_of(visit), await ward(visit), visit.house.vault, clock.now()
        value = await _pending(visit, of, page)
        if value is None:
            return visit.redirect(home(of))
        waiting, typed = value, Form(visit.typed)

        async def enter_code(digits: str) -> Judged:
            url = f"{visit.house.origin}/recover"
            return await overseeing.enter_code(visit.tx, vault, of, page.kind, digits, recover_url=url, now=now)

        async def resend() -> Sending:
            return await overseeing.ask_contact(visit.tx, vault, of, waiting, now)

        try:
            right = await self.lent.take_code(typed, enter_code, resend)
        except ContactTaken:
            typed = Form({page.field: waiting.formatted()})
            typed.refuse(page.field, self.lent.taken[page.kind])
            return await _form(visit, page, of, typed, 409)
        if not right:
            return _code_page(visit, page, of, value, typed, 422)
        visit.tell("success", page.done)
        return visit.redirect(home(of))

    async def send_again(self, visit: Visit) -> Response:
        page, of = _page_of(visit), await ward(visit)
        value = await _pending(visit, of, page)
        if value is None:
            return visit.redirect(home(of))
        try:
            sending = await overseeing.ask_contact(visit.tx, visit.house.vault, of, value, clock.now())
        except ContactTaken:
            visit.tell("important", "Этот контакт занят", self.lent.taken[page.kind])
            return visit.redirect(_here(of, page))
        self.lent.tell_resent(visit, sending)
        return visit.redirect(f"{_here(of, page)}/code")
