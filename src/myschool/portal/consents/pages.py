"""«Завершение регистрации», the text of the consent, and «Согласия»."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit import clock
from myschool.kit.web.errors import NotFound
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import GuardedRoutes, form, get
from myschool.kit.web.visit import Visit, local_path
from myschool.papers.dates import MOSCOW
from myschool.portal.consents import actions
from myschool.portal.consents.model import VERSION, NotYoursToGive, UnknownConsent, consents_himself
from myschool.portal.people import actions as people
from myschool.portal.people.model import CHOSEN, Hindrance, Person, Profile, ProfileClosed, hindrance
from myschool.portal.signin import actions as signin
from myschool.portal.signin.model import Card

LABELS: Mapping[Profile, tuple[str, str]] = {
    Profile.LEARNER: ("Профиль обучающегося", "Вы учитесь в школе"),
    Profile.GUARDIAN: ("Профиль родителя", "Вы родитель, опекун, попечитель или усыновитель"),
    Profile.TEACHER: ("Профиль педагога", "Вы работаете в школе"),
}


def routes(family_pages: GuardedRoutes) -> list[BaseRoute]:
    return [
        form("/registration", show_registration, take_registration),
        get("/registration/closed", show_closed),
        get("/consents/text", show_text),
        family_pages.get("/consents", show_consents, lenient=True),
        family_pages.post("/consents/{person}/give", take_consent, lenient=True),
        family_pages.form("/consents/{person}/withdraw", show_withdrawal, take_withdrawal, lenient=True),
    ]


# -- «Завершение регистрации» ------------------------------------------------------------------------------------------


async def show_registration(visit: Visit) -> Response:
    return await _registration(visit, await signin.person(visit), Form(visit.typed))


async def take_registration(visit: Visit) -> Response:
    person, now = await signin.person(visit), clock.now()
    filled = Form(visit.typed)
    options = {profile.value: profile for profile in CHOSEN}
    profile = filled.take_choice("profile", options, missing="Выберите профиль")
    agreed = filled.typed["agreed"] == "1"
    if not agreed and await actions.must_agree(visit.tx, person, now):
        filled.refuse("agreed", "Отметьте согласие: без него мы не можем завести профиль")
    if profile is None or filled.errors:
        return await _registration(visit, person, filled, 422)
    try:
        await actions.complete(visit.tx, visit.house.vault, person, profile, agreed=agreed, now=now)
    except ProfileClosed:
        return visit.redirect(f"/registration/closed?profile={profile}")
    wanted = local_path(visit.session.pop("wanted") or "/")
    visit.tell("success", "Регистрация завершена", LABELS[profile][0])
    return visit.redirect("/" if wanted.startswith("/registration") else wanted)


async def _registration(visit: Visit, person: Person, filled: Form, status: int = 200) -> Response:
    has = await people.profiles_of(visit.tx, person.id)
    today = clock.now().astimezone(MOSCOW).date()
    offered = [profile for profile in CHOSEN if profile not in has]
    if hindrance(Profile.GUARDIAN, person, today) is Hindrance.CHILD_ACCOUNT:
        offered = [profile for profile in offered if profile is Profile.LEARNER]
    if not offered:
        return visit.redirect("/")
    return visit.render(
        "consents/registration.html",
        status=status,
        page_title="Новый профиль" if has else "Завершение регистрации",
        form=filled,
        person=person,
        options=[(profile.value, *LABELS[profile]) for profile in offered],
        asks_consent=await actions.must_agree(visit.tx, person, clock.now()),
        parent_consents=not consents_himself(person, today),
    )


async def show_closed(visit: Visit) -> Response:
    """A profile that is not open to the person is a page with a way on, not a red field."""
    person = await signin.person(visit)
    wanted = visit.query.get("profile", "")
    if wanted not in set(CHOSEN):
        raise NotFound
    profile = Profile(wanted)
    found = hindrance(profile, person, clock.now().astimezone(MOSCOW).date())
    if found is None:
        return visit.redirect("/registration")
    return visit.render(
        "consents/closed.html",
        page_title=f"{LABELS[profile][0]}: пока нельзя",
        hindrance=found.value,
        profile=profile.value,
        gosuslugi=visit.house.settings.esia_url,
    )


async def show_text(visit: Visit) -> Response:
    title = "Согласие на обработку персональных данных"
    return visit.render("consents/consent_text.html", page_title=title, version=VERSION)


# -- «Согласия» --------------------------------------------------------------------------------------------------------


async def show_consents(visit: Visit) -> Response:
    person = await signin.person(visit)
    now = clock.now()
    today = now.astimezone(MOSCOW).date()
    people_here = [person, *await actions.children_known(visit.tx, visit.house.vault, person.id, now)]
    entries = [
        {
            "id": one.id,
            "name": one.name.given_name,
            "own": one.id == person.id,
            "consent": await actions.standing(visit.tx, one.id),
            "decides": one.id != person.id or consents_himself(one, today),
        }
        for one in people_here
    ]
    return visit.render("consents/list.html", page_title="Согласия", entries=entries)


async def take_consent(visit: Visit) -> Response:
    giver = (await signin.person(visit)).id
    try:
        await actions.give(visit.tx, visit.house.vault, giver, visit.path_id("person"), clock.now())
    except NotYoursToGive:
        raise NotFound from None
    visit.tell("success", "Согласие дано", "Отозвать его можно в любой день на этой странице.")
    return visit.redirect("/consents")


async def show_withdrawal(visit: Visit) -> Response:
    person, whose = await signin.person(visit), visit.path_id("person")
    if not await actions.may_decide(visit.tx, visit.house.vault, person.id, whose, clock.now()):
        raise NotFound
    if await actions.standing(visit.tx, whose) is None:
        return visit.redirect("/consents")
    return visit.render("consents/withdraw.html", page_title="Отозвать согласие", own=whose == person.id, whose=whose)


async def take_withdrawal(visit: Visit) -> Response:
    by = (await signin.person(visit)).id
    try:
        await actions.withdraw(visit.tx, visit.house.vault, by, visit.path_id("person"), clock.now())
    except UnknownConsent:
        visit.tell("important", "Этого согласия уже нет")
        return visit.redirect("/consents")
    visit.tell("success", "Согласие отозвано")
    return visit.redirect("/consents")


async def card(visit: Visit) -> Card | None:
    """On the main page, while the portal may not act because consent is missing."""
    person = await signin.person(visit)
    if await actions.standing(visit.tx, person.id) is not None:
        return None
    today = clock.now().astimezone(MOSCOW).date()
    if consents_himself(person, today):
        return Card(
            "Нужно ваше согласие",
            "Без согласия на обработку данных мы не можем отправлять заявки и открывать платформы.",
            "/consents",
            "Дать согласие",
            "Нужно действие",
            "wait",
        )
    return Card(
        "Ждём согласие родителя",
        "Попросите родителя войти в «Мою школу» со своей учётной записью и открыть раздел «Согласия». "
        "После этого вам откроются школа и платформы.",
        tag="Ждём взрослого",
        kind="wait",
    )
