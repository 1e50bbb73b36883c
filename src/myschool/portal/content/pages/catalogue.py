"""The catalogue, a platform's page with what will be sent, «Получить доступ», «Открыть», «Закрыть доступ».

One set of pages for two readers: the pupil himself under /platforms, and a parent under /children/{child}/platforms.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit import clock
from myschool.kit.web.errors import NotFound
from myschool.kit.web.routing import GuardedRoutes, get, post
from myschool.kit.web.visit import Visit
from myschool.papers.filters import day
from myschool.portal.content.actions import catalogue, entitling, guardians, launching
from myschool.portal.content.model import (
    GIVEN,
    LAUNCHING,
    AccessClosed,
    Claim,
    Entitlement,
    EntitlementState,
    GuardianActivates,
    LearningPlatform,
    NotActive,
    NotAllowed,
    NotYourChild,
    Pupil,
    UnknownPlatform,
)
from myschool.portal.content.pages import words
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person, Profile
from myschool.portal.schools import actions as schools
from myschool.portal.signin import actions as signin
from myschool.portal.signin.model import Card

OWN = "/platforms"
OF_CHILD = "/children/{child:uuid}/platforms"
TITLE = "Образовательные платформы"


def routes(family_pages: GuardedRoutes) -> list[BaseRoute]:
    return [
        family_pages.get(OWN, show_catalogue, lenient=True),
        get(f"{OWN}/{{slug}}", show_platform),
        post(f"{OWN}/{{slug}}/activate", activate),
        post(f"{OWN}/{{slug}}/withdraw", withdraw),
        post(f"{OWN}/{{slug}}/open", open_platform),
        family_pages.get(OF_CHILD, show_catalogue),
        family_pages.get(f"{OF_CHILD}/{{slug}}", show_platform),
        family_pages.post(f"{OF_CHILD}/{{slug}}/activate", activate),
        family_pages.post(f"{OF_CHILD}/{{slug}}/withdraw", withdraw),
    ]


@dataclass(frozen=True)
class Reader:
    """Who reads, and about which pupil; `pupil` None: about nobody in particular. `base` is where the links lead.

    `only_reads`: an adult who sees the child's platforms and decides nothing.
    """

    base: str
    person: Person | None = None
    pupil: Pupil | None = None
    child: Person | None = None
    only_reads: bool = False

    @property
    def only_looks(self) -> bool:
        """A provisional account."""
        return self.person is not None and not self.person.may_act

    @property
    def may_decide(self) -> bool:
        if self.child is not None:
            return not self.only_reads
        return self.pupil is not None and not self.pupil.is_child


@dataclass(frozen=True)
class Tile:
    """One platform as a page shows it. `entitlement` None: nothing is known of the reader."""

    platform: LearningPlatform
    base: str
    entitlement: Entitlement | None = None
    locked: words.Locked | None = None
    may_launch: bool = False
    may_activate: bool = False

    @property
    def href(self) -> str:
        return f"{self.base}/{self.platform.slug}"

    @property
    def state(self) -> tuple[str, str] | None:
        if self.entitlement is None:
            return None if self.platform.client else ("Ещё не подключена", "off")
        if self.platform.client is None:
            return "Ещё не подключена", "off"
        return words.STATES[self.entitlement.state]

    @property
    def is_given(self) -> bool:
        return self.entitlement is not None and self.entitlement.state in GIVEN

    @property
    def failed(self) -> bool:
        return self.entitlement is not None and self.entitlement.state is EntitlementState.PLATFORM_ERROR

    @property
    def for_whom(self) -> str:
        return words.for_whom(self.platform)

    @property
    def subjects(self) -> str:
        return words.subjects(self.platform)

    @property
    def host(self) -> str:
        client = self.platform.client
        return urlsplit(client.initiate_login_uri or "").netloc if client else ""


async def reader(visit: Visit) -> Reader:
    """Raises NotFound for a child that is not the reader's; SignInRequired for a child's page."""
    if "child" in visit.request.path_params:
        return await _guardian(visit)
    if not visit.signed_in:
        return Reader(OWN)
    person = await signin.visitor(visit)
    if person.may_act and Profile.LEARNER not in await people.profiles_of(visit.tx, person.id):
        return Reader(OWN, person)
    return Reader(OWN, person, await entitling.pupil(visit.tx, visit.house.vault, person.id, clock.now()))


async def _guardian(visit: Visit) -> Reader:
    now, vault = clock.now(), visit.house.vault
    person, child_id = await signin.person(visit), visit.path_id("child")
    try:
        ward = await guardians.ward(visit.tx, vault, person.id, child_id, now)
    except NotYourChild:
        raise NotFound("Такой страницы нет", "Здесь видны только ваши дети. Откройте список платформ.") from None
    child = ward.person
    pupil = await entitling.pupil(visit.tx, vault, child.id, now)
    base = OF_CHILD.replace("{child:uuid}", str(child.id))
    return Reader(base, person, pupil, child, only_reads=ward.only_read)


def tile(one: Reader, offer: entitling.Offer) -> Tile:
    held, pupil = offer.entitlement, one.pupil
    assert pupil is not None
    why = held.why if held.state not in (EntitlementState.WITHDRAWN, *LAUNCHING) else None
    locked = words.locked(why, for_guardian=one.child is not None, is_child=pupil.is_child) if why else None
    if locked and one.only_reads:
        locked = words.Locked(locked.why, words.ONLY_READS)
    can_ask = held.state in (EntitlementState.AVAILABLE, EntitlementState.WITHDRAWN) and held.why is None
    return Tile(
        offer.platform,
        one.base,
        held,
        locked,
        may_launch=one.child is None and held.state in LAUNCHING,
        may_activate=one.may_decide and can_ask,
    )


# -- pages -------------------------------------------------------------------------------------------------------------


async def show_catalogue(visit: Visit) -> Response:
    one, now = await reader(visit), clock.now()
    if one.pupil is None:
        tiles = [Tile(platform, OWN) for platform in await catalogue.platforms(visit.tx)]
    else:
        tiles = [tile(one, offer) for offer in await entitling.offers(visit.tx, one.pupil, now)]
    for each in tiles:
        _leads_to(visit, each)
    return visit.render(
        "content/catalogue.html",
        page_title=f"Платформы: {one.child.name.given_name}" if one.child else TITLE,
        awaits_until=signin.awaits_until(visit),
        tiles=tiles,
        reader=one,
        only_reads=words.ONLY_READS,
        children=await _children(visit, one),
    )


async def _children(visit: Visit, one: Reader) -> list[Person]:
    if one.person is None or one.child is not None or one.only_looks:
        return []
    return await guardians.children_of(visit.tx, visit.house.vault, one.person.id, clock.now())


async def show_platform(visit: Visit) -> Response:
    one, platform = await reader(visit), await _platform(visit)
    if one.pupil is None:
        shown = Tile(platform, OWN)
    else:
        shown = tile(one, await entitling.offer(visit.tx, one.pupil, platform, clock.now()))
    _leads_to(visit, shown)
    return visit.render(
        "content/platform.html",
        page_title=f"{platform.name}: {one.child.name.given_name}" if one.child else platform.name,
        tile=shown,
        reader=one,
        only_reads=words.ONLY_READS,
        sent=await _sent(visit, one, platform),
        not_sent=words.not_sent(platform.claims),
        children=await _children(visit, one),
    )


def _leads_to(visit: Visit, shown: Tile) -> None:
    if shown.may_launch and shown.platform.client is not None:
        for address in (shown.platform.client.initiate_login_uri, *shown.platform.client.redirect_uris):
            visit.allow_form_to(address or "")


async def _sent(visit: Visit, one: Reader, platform: LearningPlatform) -> list[list[str]]:
    """Rows of name, value and purpose; without the value while it is not known whose page this is."""
    values = await _values(visit, one, platform)
    name, purpose = words.ALWAYS_SENT
    rows = [[name, "случайный набор знаков, по которому нельзя узнать имя", purpose]]
    for claim, (name, purpose) in words.DATA.items():
        if claim in platform.claims:
            rows.append([name, values.get(claim, "узнаем, когда школа подтвердит"), purpose])
    return rows if one.pupil else [[row[0], row[2]] for row in rows]


async def _values(visit: Visit, one: Reader, platform: LearningPlatform) -> dict[Claim, str]:
    pupil = one.child or one.person
    if one.pupil is None or pupil is None:
        return {}
    values = {Claim.ROLE: "ученик", Claim.NAME: f"{pupil.name.given_name} {pupil.name.family_name}"}
    membership = one.pupil.membership
    if membership is None:
        return values
    values[Claim.GRADE] = str(membership.school_class.grade)
    if Claim.SCHOOL in platform.claims:
        school = await schools.look_at(visit.tx, membership.school.digits)
        values[Claim.SCHOOL] = f"{school.shown_name}, ОГРН {school.ogrn.digits}"
    return values


async def _platform(visit: Visit) -> LearningPlatform:
    try:
        return await catalogue.platform(visit.tx, visit.path_value("slug"))
    except UnknownPlatform:
        raise NotFound("Такой платформы нет", "Посмотрите весь список образовательных платформ.") from None


# -- decisions ---------------------------------------------------------------------------------------------------------


async def activate(visit: Visit) -> Response:
    one, platform = await reader(visit), await _platform(visit)
    back = f"{one.base}/{platform.slug}"
    if visit.signed_in:
        await signin.person(visit)
    if one.pupil is None:
        return visit.redirect(back if visit.signed_in else visit.sign_in_url())
    try:
        given = await entitling.activate(
            visit.tx, visit.house.vault, visit.person_id, one.pupil.person_id, platform, clock.now()
        )
    except AccessClosed:
        visit.tell("important", "Открыть доступ сейчас нельзя", "Ниже написано, почему и что сделать.")
        return visit.redirect(back)
    except NotYourChild:
        return _only_reads(visit, back)
    except GuardianActivates:
        visit.tell("important", "Доступ открывает родитель", "Попросите его войти в «Мою школу».")
        return visit.redirect(back)
    until = f"Бесплатно до {day(given.until)}." if given.until else ""
    visit.tell("success", "Доступ открыт", until)
    return visit.redirect(back)


async def withdraw(visit: Visit) -> Response:
    one, platform = await reader(visit), await _platform(visit)
    back = f"{one.base}/{platform.slug}"
    if visit.signed_in:
        await signin.person(visit)
    if one.pupil is None:
        return visit.redirect(back)
    try:
        await entitling.withdraw(
            visit.tx, visit.house.vault, visit.person_id, one.pupil.person_id, platform, clock.now()
        )
    except NotYourChild:
        return _only_reads(visit, back)
    except NotAllowed:
        visit.tell("important", "Доступ и так закрыт")
    else:
        visit.tell("success", "Доступ закрыт", "Платформа больше ничего не получит. Открыть снова можно в любой день.")
    return visit.redirect(back)


def _only_reads(visit: Visit, back: str) -> Response:
    visit.tell("important", "Решаете не вы", words.ONLY_READS)
    return visit.redirect(back)


async def open_platform(visit: Visit) -> Response:
    """One click: to the platform's own sign-in, which comes straight back for the pupil."""
    person, platform = await signin.person(visit), await _platform(visit)
    try:
        there = await launching.begin_launch(
            visit.tx, visit.house.vault, person.id, platform, visit.house.origin, clock.now()
        )
    except NotActive:
        visit.tell("important", "Открыть платформу сейчас нельзя", "Ниже написано, почему и что сделать.")
        return visit.redirect(f"{OWN}/{platform.slug}")
    visit.allow_form_to(there)
    return visit.redirect(there)


# -- the main page -----------------------------------------------------------------------------------------------------


async def card(visit: Visit) -> Card | None:
    """For a pupil whose school has approved: how many platforms wait for him, or are open."""
    person, now = await signin.person(visit), clock.now()
    pupil = await entitling.pupil(visit.tx, visit.house.vault, person.id, now)
    if pupil.membership is None:
        return None
    states = [offer.entitlement.state for offer in await entitling.offers(visit.tx, pupil, now)]
    opened = sum(state in LAUNCHING for state in states)
    waiting = states.count(EntitlementState.AVAILABLE)
    if not opened and not waiting:
        return None
    if opened:
        return Card(TITLE, f"Открыто платформ: {opened}. Войдите на них одним нажатием.", OWN, "Открыть платформы")
    text = f"Бесплатных платформ для вашего класса: {waiting}. Выберите, какие вам нужны."
    return Card(TITLE, text, OWN, "Выбрать платформы", "Можно получить доступ", "info")
