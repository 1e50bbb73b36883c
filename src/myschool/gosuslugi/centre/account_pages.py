"""The child's account at the desk, after the decision: «Создать без почты», the paper, «Привязать».

The first password is shown once, in the answer to the press of the button: no address shows it again. Who reloads the
page, or presses again, is led to where a new paper can be printed.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import account_actions as actions
from myschool.gosuslugi.centre.account_actions import FirstPassword
from myschool.gosuslugi.centre.children_pages import Opened, opened_here
from myschool.gosuslugi.family.actions.at_desk import Desk, Handed
from myschool.gosuslugi.family.agreement_model import Agreement, AgreementRefused
from myschool.gosuslugi.family.model import FamilyRefused, NeedsClerk, NotNow, TooOld
from myschool.kit import clock, printing
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get, outward, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, worded_date

Hash = Callable[[str], Awaitable[str | None]]
"""None when too many wait for it."""

TITLE = "Первый вход на Госуслуги"
FOOT = "Учебная песочница, не портал Госуслуг. Храните листок дома и порвите, когда смените пароль."
BUSY = "Сейчас слишком много входов. Подождите минуту и нажмите ещё раз"
TOO_OLD = "Ребёнок уже старше предела: учётную запись он создаёт сам, по своему паспорту"
NEEDS_CLERK = "С этим СНИЛС уже есть учётная запись другого человека. Сверьте номер по карточке СНИЛС"


def routes(hashed: Hash) -> list[Route]:
    here = "/centre/children/{id:uuid}/account"

    async def make(_: Making) -> FirstPassword | None:
        text = actions.fresh_password()
        known = await hashed(text)
        return FirstPassword(text, known) if known is not None else None

    return [
        get(here, show),
        outward(here, prepare, make, hand_over, methods=("POST",)),
        post("/centre/children/{id:uuid}/attach", attach),
    ]


@dataclass(frozen=True)
class Making:
    """The press was in order; nothing of it is remembered, the last step judges again."""


async def _at_desk(visit: Visit) -> tuple[Opened, Desk]:
    opened = await opened_here(visit)
    if opened.desk is None:
        words = "Заявитель сейчас не представляет ребёнка: решения ещё нет, или права приостановлены либо закрыты."
        way = Way(f"/centre/children/{opened.entry.guardianship.id}", "К заявлению")
        raise Refusal("Учётную запись создать нельзя", words, status=409, ways=(way,))
    return opened, opened.desk


async def show(visit: Visit) -> Response:
    opened, desk = await _at_desk(visit)
    if not (desk.may_create or desk.may_hand_again):
        return visit.redirect(f"/centre/children/{desk.row.id}")
    return _page(visit, opened, desk, Form())


def _page(visit: Visit, opened: Opened, desk: Desk, typed: Form, status: int = 200) -> Response:
    title = "Создать учётную запись без почты" if desk.may_create else "Напечатать новый листок"
    return visit.render(
        "centre/account.html",
        status=status,
        page_title=title,
        form=typed,
        again=desk.may_hand_again,
        row=desk.row,
        applicant=opened.guardian.name.formal,
        snils=desk.child.card.snils.formatted(),
        instead_of=_named(desk.password_set_at),
        address=f"/centre/children/{desk.row.id}/account",
    )


def _named(at: datetime | None) -> str:
    return at.isoformat() if at else ""


async def prepare(visit: Visit) -> Making | Response:
    opened, desk = await _at_desk(visit)
    typed = Form(visit.typed)
    if _stale(visit, desk):
        return _made_before(visit, desk)
    if typed.typed["present"] != "1":
        typed.refuse("present", "Сверьте паспорт: листок отдают только заявителю")
        return _page(visit, opened, desk, typed, 422)
    return Making()


def _stale(visit: Visit, desk: Desk) -> bool:
    """The form was drawn before the last paper was: pressed twice, reloaded, or of another desk."""
    allowed = desk.may_create or desk.may_hand_again
    return not allowed or visit.typed["instead_of"] != _named(desk.password_set_at)


def _made_before(visit: Visit, desk: Desk) -> Response:
    words = "Пароль показываем один раз. Листок не напечатался? Напечатайте новый: прежний пароль перестанет подходить."
    visit.tell("important", "Учётная запись уже создана", words)
    return visit.redirect(f"/centre/children/{desk.row.id}")


async def hand_over(visit: Visit, made: FirstPassword | None) -> Response:
    opened, desk = await _at_desk(visit)
    typed = Form(visit.typed)
    if _stale(visit, desk):
        return _made_before(visit, desk)
    if made is None:
        typed.refuse("", BUSY)
        return _page(visit, opened, desk, typed, 503)
    try:
        async with visit.tx.begin_nested():
            handed = await _hand(visit, opened, desk, made)
    except NotNow:
        return _made_before(visit, desk)
    except (TooOld, NeedsClerk) as refused:
        typed.refuse("", TOO_OLD if isinstance(refused, TooOld) else NEEDS_CLERK)
        return _page(visit, opened, desk, typed, 409)
    return await _paper(visit, handed, made.text)


async def _hand(visit: Visit, opened: Opened, desk: Desk, made: FirstPassword) -> Handed:
    house, now = visit.house, clock.now()
    at_desk, row = opened.at_desk, opened.entry.guardianship
    if desk.password_set_at is None:
        under = house.settings.child_account_under
        return await actions.create(visit.tx, house.vault, at_desk, row, made.hashed, now, child_under=under)
    instead_of = desk.password_set_at
    return await actions.hand_again(visit.tx, house.vault, at_desk, row, made.hashed, now, instead_of=instead_of)


async def _paper(visit: Visit, handed: Handed, password: str) -> Response:
    """The page is the paper; the PDF comes along in it, so that nothing has to be kept for a second look."""
    sheet = _sheet(handed, password, visit.house.origin)
    printed = await asyncio.to_thread(printing.pdf, sheet, clock.now().astimezone(MOSCOW))
    return visit.render(
        "centre/first_password.html",
        page_title=TITLE,
        row=handed.row,
        snils=handed.child.card.snils.formatted(),
        password=password,
        steps=_steps(handed, visit.house.origin),
        pdf="data:application/pdf;base64," + base64.b64encode(printed).decode(),
        address=f"/centre/children/{handed.row.id}",
    )


def _steps(handed: Handed, origin: str) -> list[str]:
    last = worded_date((handed.until - timedelta(seconds=1)).astimezone(MOSCOW).date())
    return [
        f"Откройте {origin}/login и введите логин и первый пароль. Дефисы в пароле — тоже знаки.",
        "Введите код: он придёт на телефон или почту взрослого, который получил листок.",
        "Придумайте свой пароль. После этого пароль с листка не подойдёт, листок порвите.",
        f"Войдите не позднее {last}. Не успели — новый пароль задаст взрослый в разделе «Семья и дети».",
    ]


def _sheet(handed: Handed, password: str, origin: str) -> printing.Sheet:
    return printing.Sheet(
        title=TITLE,
        lead=handed.row.card.given_name,
        parts=[
            printing.Number("Логин (СНИЛС)", handed.child.card.snils.formatted()),
            printing.Number("Первый пароль", password),
            printing.Heading("Как войти"),
            printing.Steps(_steps(handed, origin)),
            printing.Text("Никому не показывайте этот листок."),
        ],
        foot=FOOT,
    )


async def attach(visit: Visit) -> Response:
    opened = await opened_here(visit)
    row = opened.entry.guardianship
    try:
        done = await actions.attach(visit.tx, visit.house.vault, opened.at_desk, row, clock.now())
    except AgreementRefused:
        visit.tell("important", "Пока спросить нельзя", "Ученик уже ответил. Когда спросить снова, видно в карточке.")
    except FamilyRefused:
        visit.tell("important", "Привязать нельзя", "Права заявителя не действуют, или учётной записи ещё нет.")
    else:
        if isinstance(done, Agreement):
            words = "Учётной записью ученик распоряжается сам. Ему отправлен вопрос; ответ придёт заявителю письмом."
            visit.tell("success", "Мы спросили ученика", words)
        else:
            visit.tell("success", "Учётная запись привязана", "Заявителю отправлено письмо.")
    return visit.redirect(f"/centre/children/{row.id}")
