"""The dialog «Создание учетной записи ребенка»: contacts of the child, a code for each, password.

The same pages open «Временная учётная запись» while the register decides, under an address of their own and without a
telephone: `pages.provisional` says what differs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import account
from myschool.gosuslugi.family.model import Child, EmailTaken, Guardianship, NeedsClerk, Opening, PhoneTaken
from myschool.gosuslugi.family.pages import provisional
from myschool.gosuslugi.family.pages.common import FAMILY, guarded
from myschool.gosuslugi.family.pages.lent import Lent
from myschool.gosuslugi.fields import take_email, take_phone
from myschool.gosuslugi.signin.actions import citizen
from myschool.gosuslugi.signin.model import CODES_AN_HOUR, Judged, Sending
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, outward, post
from myschool.kit.web.visit import Visit
from myschool.papers.numbers import Phone

TITLE = "Создание учетной записи ребенка"
STEPS = ["Почта", "Код", "Пароль"]
TAKEN = "Эта почта уже привязана к другой учётной записи. Укажите другую: ребёнку нужна своя"
PHONE_TAKEN = "Этот телефон уже привязан к другой учётной записи. Укажите другой или оставьте поле пустым"
TOO_MANY = "Слишком много попыток. Подождите час и попробуйте снова"


@dataclass(frozen=True)
class Opened:
    """`child` is None while the register decides: then it is the provisional account that is made."""

    row: Guardianship
    child: Child | None
    opening: Opening | None

    @property
    def here(self) -> str:
        return f"/family/{self.row.id}/{'account' if self.child else provisional.PATH}"

    @property
    def onward(self) -> str:
        """The page whose turn it is."""
        return self.here + _turn(self.opening)


def _turn(opening: Opening | None) -> str:
    if opening is None:
        return ""
    if opening.confirmed_at is None:
        return "/code"
    return "/password" if opening.ready else "/phone-code"


def routes(lent: Lent) -> list[Route]:
    pages = Pages(lent)
    both = [
        route
        for here in ("/family/{id}/account", f"/family/{{id}}/{provisional.PATH}")
        for route in (
            form(here, guarded(show_email), guarded(take_address)),
            form(f"{here}/code", guarded(show_code), guarded(pages.take_code)),
            post(f"{here}/code/again", guarded(pages.send_again)),
            get(f"{here}/password", guarded(pages.show_password)),
            outward(f"{here}/password", pages.choose, pages.hash, pages.create, methods=("POST",)),
        )
    ]
    return [
        *both,
        form("/family/{id}/account/phone-code", guarded(show_phone_code), guarded(pages.take_phone_code)),
        post("/family/{id}/account/without-phone", guarded(without_phone)),
    ]


async def _open(visit: Visit) -> Opened:
    """Raises NotYours, NotNow; a child who has an account already leads to its card."""
    person = await citizen(visit)
    if provisional.is_meant(visit):
        claimed = await provisional.opened(visit, person)
        return Opened(claimed, None, await account.opening_of(visit.tx, visit.house.vault, claimed.id))
    row, child = await account.may_open(visit.tx, visit.house.vault, visit.path_id("id"), person.id, clock.now())
    if child.person_id is not None:
        raise Refusal(
            "Учётная запись ребёнка уже есть",
            "Новая не нужна. Откройте карточку ребёнка: там видно, привязана ли она к вашей.",
            status=409,
            ways=(Way(f"/family/{row.id}", "Открыть карточку"), FAMILY),
        )
    return Opened(row, child, await account.opening_of(visit.tx, visit.house.vault, row.id))


# -- e-mail ------------------------------------------------------------------------------------------------------------


async def show_email(visit: Visit) -> Response:
    opened = await _open(visit)
    known = opened.opening
    typed = {"email": known.email, "phone": Phone(known.phone).formatted() if known.phone else ""} if known else {}
    return _email_page(visit, opened, Form(visit.typed or typed))


async def take_address(visit: Visit) -> Response:
    opened = await _open(visit)
    typed = Form(visit.typed)
    email = take_email(typed, missing="Введите почту ребёнка")
    phone = take_phone(typed) if opened.child and typed.typed["phone"].strip() else None
    if email is None or typed.errors:
        return _email_page(visit, opened, typed, 422)
    try:
        sending = await account.ask_contacts(visit.tx, visit.house.vault, opened.row, email, phone, clock.now())
    except EmailTaken:
        typed.refuse("email", TAKEN)
        return _email_page(visit, opened, typed, 409)
    except PhoneTaken:
        typed.refuse("phone", PHONE_TAKEN)
        return _email_page(visit, opened, typed, 409)
    if sending is Sending.TOO_MANY:
        typed.refuse("email", TOO_MANY)
        return visit.too_many(CODES_AN_HOUR.per.total_seconds(), _email_page(visit, opened, typed))
    return visit.redirect(opened.here + _turn(await account.opening_of(visit.tx, visit.house.vault, opened.row.id)))


def _email_page(visit: Visit, opened: Opened, typed: Form, status: int = 200) -> Response:
    if opened.child is None:
        return provisional.email_page(visit, opened.row, typed, STEPS, status)
    return visit.render(
        "family/account_email.html",
        status=status,
        page_title=TITLE,
        form=typed,
        row=opened.row,
        steps=STEPS,
    )


# -- code --------------------------------------------------------------------------------------------------------------


async def show_code(visit: Visit) -> Response:
    opened = await _open(visit)
    if opened.opening is None or opened.opening.confirmed_at is not None:
        return visit.redirect(opened.onward)
    return _code_page(visit, opened, opened.opening, Form())


def _code_page(visit: Visit, opened: Opened, opening: Opening, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "family/account_code.html",
        status=status,
        page_title="Введите код из письма",
        form=typed,
        row=opened.row,
        here=opened.here,
        email=opening.email,
        phone="",
        steps=STEPS,
    )


async def show_phone_code(visit: Visit) -> Response:
    opened = await _open(visit)
    if opened.opening is None or opened.onward != f"{opened.here}/phone-code":
        return visit.redirect(opened.onward)
    return _phone_code_page(visit, opened, opened.opening, Form())


def _phone_code_page(visit: Visit, opened: Opened, opening: Opening, typed: Form, status: int = 200) -> Response:
    return visit.render(
        "family/account_code.html",
        status=status,
        page_title="Введите код из сообщения",
        form=typed,
        row=opened.row,
        here=opened.here,
        email=opening.email,
        phone=Phone(opening.phone).formatted() if opening.phone else "",
        steps=STEPS,
    )


async def without_phone(visit: Visit) -> Response:
    """«Продолжить без телефона»."""
    opened = await _open(visit)
    if opened.opening is not None:
        await account.go_without_phone(visit.tx, visit.house.vault, opened.row, opened.opening)
    return visit.redirect(f"{opened.here}/password")


# -- password ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    password: str = field(repr=False)


class Pages:
    """The pages that need what sign-in lends."""

    def __init__(self, lent: Lent) -> None:
        self.lent = lent

    async def send_again(self, visit: Visit) -> Response:
        opened = await _open(visit)
        if opened.opening is None:
            return visit.redirect(opened.here)
        sending = await account.send_code_again(visit.tx, visit.house.vault, opened.row, opened.opening, clock.now())
        self.lent.tell_resent(visit, sending)
        return visit.redirect(opened.onward)

    async def take_code(self, visit: Visit) -> Response:
        opened = await _open(visit)
        opening, vault = opened.opening, visit.house.vault
        if opening is None or opening.confirmed_at is not None:
            return visit.redirect(opened.onward)
        known, typed = opening, Form(visit.typed)

        async def enter(digits: str) -> Judged:
            return await account.enter_code(visit.tx, vault, opened.row, known, digits, clock.now())

        async def resend() -> Sending:
            return await account.send_code_again(visit.tx, vault, opened.row, known, clock.now())

        if not await self.lent.take_code(typed, enter, resend):
            return _code_page(visit, opened, opening, typed, 422)
        return visit.redirect(f"{opened.here}/{'phone-code' if opening.phone else 'password'}")

    async def take_phone_code(self, visit: Visit) -> Response:
        opened = await _open(visit)
        opening, vault = opened.opening, visit.house.vault
        if opening is None or opened.onward != f"{opened.here}/phone-code":
            return visit.redirect(opened.onward)
        known, typed = opening, Form(visit.typed)

        async def enter(digits: str) -> Judged:
            return await account.enter_phone_code(visit.tx, vault, opened.row, known, digits, clock.now())

        async def resend() -> Sending:
            return await account.send_code_again(visit.tx, vault, opened.row, known, clock.now())

        if not await self.lent.take_code(typed, enter, resend):
            return _phone_code_page(visit, opened, opening, typed, 422)
        return visit.redirect(f"{opened.here}/password")

    async def show_password(self, visit: Visit) -> Response:
        opened = await _open(visit)
        if opened.opening is None or not opened.opening.ready:
            return visit.redirect(opened.onward)
        return self._password_page(visit, opened, opened.opening.email, Form(once=str(opened.row.id)))

    def _password_page(self, visit: Visit, opened: Opened, email: str, typed: Form, status: int = 200) -> Response:
        return visit.render(
            "family/account_password.html",
            status=status,
            page_title="Придумайте пароль для ребёнка",
            form=typed,
            row=opened.row,
            here=opened.here,
            button="Создать учетную запись" if opened.child else provisional.BUTTON,
            login=email,
            steps=STEPS,
            hint=self.lent.password_hint,
        )

    async def choose(self, visit: Visit) -> Chosen | Response:
        return await guarded_value(self._choose, visit)

    async def _choose(self, visit: Visit) -> Chosen | Response:
        if (known := await _made_before(visit)) is not None:
            return known
        opened = await _open(visit)
        opening, row = opened.opening, opened.row
        if opening is None or not opening.ready:
            return visit.redirect(opened.onward)
        card, typed = row.card, Form(visit.typed, once=str(row.id))
        about = [card.family_name, card.given_name, card.patronymic or "", opening.email, card.snils.digits]
        about += [opening.phone] if opening.phone else []
        chosen = self.lent.take_new_password(typed, about)
        return Chosen(chosen) if chosen is not None else self._password_page(visit, opened, opening.email, typed, 422)

    async def hash(self, chosen: Chosen) -> str | None:
        return await self.lent.hashed(chosen.password)

    async def create(self, visit: Visit, hashed: str | None) -> Response:
        return await guarded(lambda again: self._create(again, hashed))(visit)

    async def _create(self, visit: Visit, hashed: str | None) -> Response:
        if (known := await _made_before(visit)) is not None:
            return known
        opened = await _open(visit)
        row, child, opening = opened.row, opened.child, opened.opening
        if hashed is None:
            typed = Form(once=str(row.id))
            typed.refuse("password", "Сейчас входит очень много людей. Нажмите кнопку ещё раз через несколько секунд")
            return self._password_page(visit, opened, opening.email if opening else "", typed, 503)
        if child is None:
            return await provisional.create(visit, row, hashed)
        vault, now = visit.house.vault, clock.now()
        try:
            made = await account.create(visit.tx, vault, row, child, hashed, now)
        except (EmailTaken, PhoneTaken) as taken:
            what = "почту" if isinstance(taken, EmailTaken) else "телефон"
            raise Refusal(
                "Этот контакт заняли",
                f"Пока вы придумывали пароль, {what} ребёнка привязали к другой учётной записи. Вернитесь и замените.",
                status=409,
                ways=(Way(f"/family/{row.id}/account", f"Заменить {what}"),),
            ) from None
        except NeedsClerk:
            raise Refusal(
                "Нужна помощь центра обслуживания",
                "СНИЛС ребёнка записан за другой учётной записью. Проверьте его. Если ошибки нет, "
                f"придите с документами в центр обслуживания. Номер заявления: {row.number}.",
                status=409,
                ways=(Way(f"/family/{row.id}/checklist", "Какие документы взять"), FAMILY),
            ) from None
        if not made.fresh:
            return _already(visit, row.id)
        visit.tell("success", "Учётная запись ребёнка создана", "Она привязана к вашей. Письмо об этом уже отправлено.")
        return visit.redirect(f"/family/{row.id}")


async def _made_before(visit: Visit) -> Response | None:
    """The last button was pressed before, here or by the other parent. Raises NotYours, NotNow."""
    person, vault = await citizen(visit), visit.house.vault
    if provisional.is_meant(visit):
        return await provisional.made_before(visit, person)
    row, child = await account.may_open(visit.tx, vault, visit.path_id("id"), person.id, clock.now())
    return _already(visit, row.id) if child.person_id is not None else None


def _already(visit: Visit, guardianship_id: UUID) -> Response:
    """Pressed twice, or the other parent was quicker."""
    visit.tell("important", "Учётная запись уже создана", "Вторая не нужна: у ребёнка она одна.")
    return visit.redirect(f"/family/{guardianship_id}")


async def guarded_value(step: Callable[[Visit], Awaitable[Chosen | Response]], visit: Visit) -> Chosen | Response:
    """As `guarded`, for a step that may end with a value instead of a page."""
    kept: list[Chosen] = []

    async def page(again: Visit) -> Response:
        value = await step(again)
        if isinstance(value, Chosen):
            kept.append(value)
            return Response()
        return value

    answer = await guarded(page)(visit)
    return kept[0] if kept else answer
