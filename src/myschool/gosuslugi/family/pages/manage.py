"""«Учётная запись ребёнка»: what a parent sees of it and does with it: password, devices, deleting."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import deleting, overseeing
from myschool.gosuslugi.family.model import DELETION_WAITS, Ward
from myschool.gosuslugi.family.pages.common import guarded
from myschool.gosuslugi.family.pages.lent import Lent
from myschool.gosuslugi.family.pages.standing_words import day, moment
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import ContactKind
from myschool.gosuslugi.signin.actions import citizen, enter, secrets
from myschool.kit import clock
from myschool.kit.web import sessions
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, outward, post
from myschool.kit.web.visit import Visit

BUSY = "Сейчас входит очень много людей. Нажмите кнопку ещё раз через несколько секунд"


def routes(lent: Lent) -> list[Route]:
    pages = Pages(lent)
    return [
        get("/family/{id}/manage", guarded(pages.show)),
        post("/family/{id}/manage/sessions/end", guarded(end_session)),
        post("/family/{id}/manage/sessions/end-all", guarded(end_sessions)),
        get("/family/{id}/manage/password", guarded(pages.show_password)),
        outward("/family/{id}/manage/password", pages.choose, pages.hash, pages.change, methods=("POST",)),
        form("/family/{id}/manage/delete", guarded(ask_delete), guarded(delete)),
        post("/family/{id}/manage/delete/cancel", guarded(cancel_delete)),
    ]


async def ward(visit: Visit) -> Ward:
    """The child's account in the address. Raises NotYours, NotNow, RightMissing, OwnAccount: for `guarded`."""
    person = await citizen(visit)
    return await overseeing.ward_of(visit.tx, visit.house.vault, visit.path_id("id"), person.id, clock.now())


def home(of: Ward) -> str:
    return f"/family/{of.row.id}/manage"


# -- sessions ----------------------------------------------------------------------------------------------------------


async def end_session(visit: Visit) -> Response:
    of = await ward(visit)
    if await overseeing.end_session(visit.tx, visit.house.vault, of, visit.typed["session"], clock.now()):
        visit.tell("success", "Сеанс завершён", "На том устройстве ребёнку нужно войти заново.")
    else:
        visit.tell("important", "Этот сеанс уже завершён")
    return visit.redirect(home(of))


async def end_sessions(visit: Visit) -> Response:
    of = await ward(visit)
    if await overseeing.end_sessions(visit.tx, visit.house.vault, of, clock.now()):
        visit.tell("success", "Все сеансы ребёнка завершены", "На каждом устройстве нужно войти заново.")
    else:
        visit.tell("important", "Сеансов уже нет")
    return visit.redirect(home(of))


# -- deleting ----------------------------------------------------------------------------------------------------------


async def ask_delete(visit: Visit) -> Response:
    of, now = await ward(visit), clock.now()
    if await deleting.waiting_for(visit.tx, of.person.id) is not None:
        return visit.redirect(home(of))
    return visit.render(
        "family/manage_delete.html",
        page_title="Удалить учётную запись ребёнка?",
        form=Form(),
        row=of.row,
        until=day(now + DELETION_WAITS, now),
    )


async def delete(visit: Visit) -> Response:
    of, now = await ward(visit), clock.now()
    waiting = await deleting.ask(visit.tx, visit.house.vault, of, now)
    when = moment(waiting.due_at, now)
    visit.tell("important", "Удаление назначено", f"Учётную запись удалим {when}. До этого удаление можно отменить.")
    return visit.redirect(f"/family/{of.row.id}")


async def cancel_delete(visit: Visit) -> Response:
    of = await ward(visit)
    if await deleting.cancel(visit.tx, visit.house.vault, of, clock.now()):
        visit.tell("success", "Удаление отменено", "Учётная запись ребёнка работает, как раньше.")
    else:
        visit.tell("important", "Отменять нечего", "Удаление не назначено или уже отменено.")
    return visit.redirect(f"/family/{of.row.id}")


# -- the account, and its password -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownSession:
    key: str
    device: str
    began: str
    seen: str


@dataclass(frozen=True)
class Chosen:
    password: str = field(repr=False)


class Pages:
    """The pages that need what sign-in lends."""

    def __init__(self, lent: Lent) -> None:
        self.lent = lent

    async def show(self, visit: Visit) -> Response:
        of, now = await ward(visit), clock.now()
        opened = await sessions.open_sessions(visit.tx, of.person.id, now)
        history = await enter.history(visit.tx, of.person.id)
        changed_at = await secrets.set_at(visit.tx, of.person.id)
        deletion = await deleting.waiting_for(visit.tx, of.person.id)
        known = await people.contacts_of(visit.tx, visit.house.vault, of.person.id)
        contacts = {one.kind: one for one in known}
        return visit.render(
            "family/manage.html",
            page_title="Учётная запись ребёнка",
            row=of.row,
            email=contacts.get(ContactKind.EMAIL),
            phone=contacts.get(ContactKind.MOBILE),
            changed=moment(changed_at, now) if changed_at else "",
            deletion=moment(deletion.due_at, now) if deletion else "",
            sessions=[
                ShownSession(
                    one.key, self.lent.device(one.agent), moment(one.signed_in_at, now), moment(one.seen_at, now)
                )
                for one in opened
            ],
            history=[[moment(one.at, now), self.lent.outcomes[one.outcome], one.device] for one in history],
        )

    async def show_password(self, visit: Visit) -> Response:
        return self._password_page(visit, await ward(visit), Form())

    def _password_page(self, visit: Visit, of: Ward, typed: Form, status: int = 200) -> Response:
        return visit.render(
            "family/manage_password.html",
            status=status,
            page_title="Новый пароль ребёнка",
            form=typed,
            row=of.row,
            hint=self.lent.password_hint,
        )

    async def choose(self, visit: Visit) -> Chosen | Response:
        kept: list[Chosen] = []

        async def page(again: Visit) -> Response:
            of, typed = await ward(again), Form(again.typed)
            about = await secrets.facts_about(again.tx, again.house.vault, of.person)
            chosen = self.lent.take_new_password(typed, about)
            if chosen is None:
                return self._password_page(again, of, typed, 422)
            kept.append(Chosen(chosen))
            return Response()

        answer = await guarded(page)(visit)
        return kept[0] if kept else answer

    async def hash(self, chosen: Chosen) -> str | None:
        return await self.lent.hashed(chosen.password)

    async def change(self, visit: Visit, hashed: str | None) -> Response:
        return await guarded(self._changing(hashed))(visit)

    def _changing(self, hashed: str | None) -> Callable[[Visit], Awaitable[Response]]:
        async def page(visit: Visit) -> Response:
            of = await ward(visit)
            if hashed is None:
                typed = Form()
                typed.refuse("password", BUSY)
                return self._password_page(visit, of, typed, 503)
            url = f"{visit.house.origin}/recover"
            await overseeing.change_password(visit.tx, visit.house.vault, of, hashed, recover_url=url, now=clock.now())
            visit.tell("success", "Пароль ребёнка изменён", "На всех устройствах ребёнку нужно войти заново.")
            return visit.redirect(home(of))

        return page
