"""The main page: before sign-in what this is and the way in; afterwards the next steps of whoever came."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit
from myschool.portal.people import actions as people
from myschool.portal.signin import actions, awaiting
from myschool.portal.signin.model import Card
from myschool.portal.signin.pages import REGISTRATION, WHO, leads_to_esia

HomeCard = Callable[[Visit], Awaitable[Card | None]]
"""A slice's card; None when it has nothing to say to this person. It may run twice, as every page."""


def routes(cards: Sequence[HomeCard]) -> list[BaseRoute]:
    """`cards` in the order in which they stand on the page."""

    async def show(visit: Visit) -> Response:
        return await (_for_person(visit, cards) if visit.signed_in else _for_stranger(visit))

    return [get("/", show)]


async def _for_stranger(visit: Visit) -> Response:
    leads_to_esia(visit)
    return visit.render("signin/welcome.html", page_title="Моя школа", people=list(WHO.items()))


async def _for_person(visit: Visit, cards: Sequence[HomeCard]) -> Response:
    person = await actions.visitor(visit)
    title = f"Здравствуйте, {person.name.given_and_patronymic}!"
    if not person.may_act:
        return _for_awaiting(visit, title)
    profiles = await people.profiles_of(visit.tx, person.id)
    if not profiles:
        return visit.redirect(REGISTRATION)
    shown = [card for make in cards if (card := await make(visit)) is not None]
    return visit.render("signin/home.html", page_title=title, cards=shown, profiles=profiles)


def _for_awaiting(visit: Visit, title: str) -> Response:
    """A provisional account: what is awaited, until when, what there is to look at, and a way to ask again."""
    leads_to_esia(visit)
    return visit.render("signin/awaiting.html", page_title=title, until=awaiting.until(visit))
