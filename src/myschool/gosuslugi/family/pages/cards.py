"""«Семья и дети»: a card for each child, with its next step and date; and what can be done with one."""

from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import account, agreeing, attaching, delegating, drafts, look, sending
from myschool.gosuslugi.family.model import OVER, AccountNotConfirmed, Basis, TooOld, may_be_attached
from myschool.gosuslugi.family.pages import agreements
from myschool.gosuslugi.family.pages.adding import answers
from myschool.gosuslugi.family.pages.common import FAMILY, RELATIONS, guarded, own_entry
from myschool.gosuslugi.family.pages.growing_up import growing_up
from myschool.gosuslugi.family.pages.provisional import meanwhile
from myschool.gosuslugi.family.pages.standing import standing, timeline
from myschool.gosuslugi.family.pages.standing_words import day
from myschool.gosuslugi.people.model import Card, Level, Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, worded_date


def routes() -> list[Route]:
    return [
        get("/family", family),
        get("/family/{id}", guarded(card)),
        post("/family/{id}/send-again", guarded(send_again)),
        post("/family/{id}/attach", guarded(attach)),
        form("/family/{id}/not-mine", guarded(ask_not_mine), guarded(not_mine)),
    ]


async def family(visit: Visit) -> Response:
    person, now, vault = await citizen(visit), clock.now(), visit.house.vault
    if person.level in (Level.CHILD, Level.PROVISIONAL):
        return await _of_a_child(visit, person, now)
    entries = await look.family_of(visit.tx, vault, person.id)
    waiting = await drafts.waiting(visit.tx, vault, person.id)
    offers = await delegating.offers_to(visit.tx, vault, person, now)
    return visit.render(
        "family/family.html",
        page_title="Семья и дети",
        confirmed=person.level is Level.CONFIRMED,
        minor=person.birth_date is not None and may_be_attached(person.birth_date, now.astimezone(MOSCOW).date()),
        asked=[(one, agreements.who(one)) for one in await agreeing.asked_of(visit.tx, vault, person.id, now)],
        level=person.level.value,
        under=visit.house.settings.child_account_under,
        cards=[(entry, standing(entry, now), meanwhile(visit, entry)) for entry in entries],
        drafts=[draft for draft in waiting if draft.typed],
        offers=[(one, day(one.delegation.ends_at, now)) for one in offers],
    )


async def _of_a_child(visit: Visit, person: Person, now: datetime) -> Response:
    """A child adds nobody; it sees who may act for it, as «мать» or «отец», and nothing else of them."""
    guardians = await look.guardians_of(visit.tx, visit.house.vault, person.id, now)
    day = person.passport_day
    return visit.render(
        "family/of_a_child.html",
        page_title="Семья",
        provisional=person.level is Level.PROVISIONAL,
        relations=[(RELATIONS[row.card.relation], row.attached_at) for row in guardians],
        fourteen=worded_date(day) if day else "",
        passport_now=day is not None and person.day_at(now) >= day,
    )


async def main_card(visit: Visit, person: Person) -> Card | None:
    """For the main page: a question to the pupil, else the first child for whom it is the parent's turn."""
    if question := await agreements.main_card(visit, person):
        return question
    entries = await look.family_of(visit.tx, visit.house.vault, person.id)
    for entry in entries:
        known, name = standing(entry, clock.now()), entry.guardianship.card.given_name
        here = f"/family/{entry.guardianship.id}"
        if known.dialog:
            return Card(
                f"{name}: создайте учётную запись", known.text, f"{here}/account", "Создать учётную запись", "main"
            )
        if known.who == "Вы":
            return Card(f"{name}. {known.tag}", f"{known.next}.", here, "Открыть карточку", "wait")
    return None


async def card(visit: Visit) -> Response:
    _, entry = await own_entry(visit)
    now = clock.now()
    return visit.render(
        "family/card.html",
        page_title=entry.guardianship.card.name.given_and_family,
        entry=entry,
        row=entry.guardianship,
        standing=standing(entry, now),
        meanwhile=meanwhile(visit, entry),
        lines=timeline(await look.history(visit.tx, entry.guardianship.id), now),
        # A delegate sees whose card it is; the papers stay with the parent.
        parts=[] if entry.guardianship.basis is Basis.DELEGATED else answers(entry.guardianship.card),
        ahead=growing_up(entry.guardianship, now),
        over=entry.guardianship.state in OVER,
    )


async def send_again(visit: Visit) -> Response:
    person = await citizen(visit)
    guardianship_id, under = visit.path_id("id"), visit.house.settings.child_account_under
    try:
        await sending.again(visit.tx, visit.house.vault, guardianship_id, person, clock.now(), child_under=under)
    except AccountNotConfirmed:
        raise Refusal(
            "Сначала подтвердите учётную запись",
            "Отправлять данные детей в ЗАГС можно только из подтверждённой учётной записи. Карточка сохранена.",
            status=403,
            ways=(Way("/identity", "Подтвердить учётную запись"), FAMILY),
        ) from None
    except TooOld:
        raise Refusal(
            f"Ребёнку уже есть {under} лет",
            f"С {under} лет учётную запись создают сами, по своему паспорту.",
            status=409,
            ways=(FAMILY,),
        ) from None
    visit.tell("success", "Данные отправлены в ЗАГС", "Мы напишем вам на почту, когда придёт ответ.")
    return visit.redirect(f"/family/{guardianship_id}")


async def attach(visit: Visit) -> Response:
    person, now, vault = await citizen(visit), clock.now(), visit.house.vault
    row, child = await account.may_open(visit.tx, vault, visit.path_id("id"), person.id, now)
    await attaching.attach(visit.tx, vault, row, child, now)
    visit.tell("success", "Учётная запись ребёнка привязана", "Теперь вы можете действовать за ребёнка.")
    return visit.redirect(f"/family/{row.id}")


async def ask_not_mine(visit: Visit) -> Response:
    _, entry = await own_entry(visit)
    if entry.guardianship.state in OVER:
        return visit.redirect(f"/family/{entry.guardianship.id}")
    return visit.render(
        "family/not_mine.html",
        page_title="Это не мой ребёнок",
        form=Form(),
        entry=entry,
        row=entry.guardianship,
    )


async def not_mine(visit: Visit) -> Response:
    person = await citizen(visit)
    await attaching.not_my_child(visit.tx, visit.house.vault, visit.path_id("id"), person.id, clock.now())
    visit.tell("success", "Карточка закрыта", "Ребёнка больше нет в вашем списке. Другого родителя это не касается.")
    return visit.redirect("/family")
