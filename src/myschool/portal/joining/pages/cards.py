"""What the main page says of schools: the pupil's own, a parent's children, an administrator's queue."""

from myschool.kit import clock
from myschool.kit.web.visit import Visit
from myschool.papers.dates import counted
from myschool.papers.filters import day
from myschool.portal.consents import actions as consents
from myschool.portal.joining import words
from myschool.portal.joining.actions import decide, submit
from myschool.portal.joining.model import RequestState
from myschool.portal.people import actions as people
from myschool.portal.people.model import Profile
from myschool.portal.roll import actions as roll
from myschool.portal.schools import actions as schools
from myschool.portal.signin import actions as signin
from myschool.portal.signin.model import Card

ADMINISTERS = "administers"
"""Kept in the session so that every page can offer the queue; the right itself is checked at the queue."""


async def queue_card(visit: Visit) -> Card | None:
    person = await signin.person(visit)
    own = await roll.administered_by(visit.tx, visit.house.vault, person, clock.now())
    if not own:
        visit.session.pop(ADMINISTERS)
        return None
    if not visit.session.get(ADMINISTERS):
        visit.session.put(ADMINISTERS, True)
    waiting = sum([(await decide.counts(visit.tx, one))["new"] for one in own])
    text = f"Ждут ответа: {counted(waiting, 'заявка', 'заявки', 'заявок')}." if waiting else "Новых заявок нет."
    return Card("Заявки школы", text, "/school", "Открыть заявки", *(("Новые", "wait") if waiting else ("", "")))


async def school_card(visit: Visit) -> Card | None:
    person = await signin.person(visit)
    if Profile.LEARNER not in await people.profiles_of(visit.tx, person.id):
        return None
    requests = await submit.requests_of(visit.tx, person.id)
    newest = requests[0] if requests else None
    if newest is not None and newest.is_open:
        promise = "Ответьте ей" if newest.state is RequestState.NEEDS_INFORMATION else "Школа ответит"
        text = f"Заявка № {newest.number}. {promise} не позднее {day(newest.deadline)}."
        return Card("Моя школа", text, f"/requests/{newest.id}", "Открыть заявку", *words.STATES[newest.state])
    membership = await submit.membership_of(visit.tx, person.id)
    if membership is not None:
        school = await schools.look_at(visit.tx, membership.school.digits)
        text = f"{school.shown_name}, {membership.school_class} класс."
        return Card("Моя школа", text, "/cabinet", "Личный кабинет", "Вы в школе", "good")
    if await consents.standing(visit.tx, person.id) is None:
        text = "Чтобы указать школу, нужно согласие родителя. Он даёт его в «Моей школе», в разделе «Согласия»."
        return Card("Моя школа", text, "/consents", "Посмотреть согласия", "Ждём родителя", "wait")
    text = "Укажите школу и класс: школа проверит заявку, и вам откроются образовательные платформы."
    return Card("Моя школа", text, "/cabinet/school", "Указать школу", "Следующий шаг", "info")


async def children_card(visit: Visit) -> Card | None:
    person = await signin.person(visit)
    if Profile.GUARDIAN not in await people.profiles_of(visit.tx, person.id):
        return None
    told = await people.children_named(visit.tx, visit.house.vault, person.id)
    # No names: this page does not ask ESIA, and of a child who may not be seen any more it says nothing.
    text = "Школа, заявки и что делать дальше." if told else "Госуслуги пока не назвали ваших детей."
    return Card("Мои дети", text, "/family", "Открыть")


CARDS = (queue_card, school_card, children_card)
