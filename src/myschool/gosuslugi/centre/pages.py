"""The pages of the service centre, put together, and its card in the cabinet."""

from starlette.routing import Route

from myschool.gosuslugi.centre import (
    actions,
    children_pages,
    identity_pages,
    proposal_pages,
    representation_pages,
    visit_pages,
)
from myschool.gosuslugi.people.model import Card, Person
from myschool.kit.web.visit import Visit


def routes() -> list[Route]:
    return [
        *identity_pages.routes(),
        *children_pages.routes(),
        *proposal_pages.routes(),
        *representation_pages.routes(),
        *visit_pages.routes(),
    ]


async def card(visit: Visit, person: Person) -> Card | None:
    if not await actions.is_clerk(visit.tx, person):
        return None
    text = "Подтвердите личность того, кто пришёл, или решите по документам, чей это ребёнок."
    return Card("Рабочее место", text, "/centre", "Открыть рабочее место")
