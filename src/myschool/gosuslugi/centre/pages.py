"""The pages of the service centre, put together, and its card in the cabinet."""

from starlette.routing import Route

from myschool.gosuslugi.centre import (
    account_pages,
    actions,
    children_pages,
    identity_pages,
    proposal_pages,
    representation_pages,
    visit_pages,
)
from myschool.gosuslugi.centre.account_pages import Hash
from myschool.gosuslugi.people.model import Card, Person
from myschool.kit.web.visit import Visit


def routes(hashed: Hash) -> list[Route]:
    """`hashed`: how a password becomes its hash, lent by sign-in."""
    return [
        *identity_pages.routes(),
        *children_pages.routes(),
        *account_pages.routes(hashed),
        *proposal_pages.routes(),
        *representation_pages.routes(),
        *visit_pages.routes(),
    ]


async def card(visit: Visit, person: Person) -> Card | None:
    if not await actions.is_clerk(visit.tx, person):
        return None
    text = "Подтвердите личность того, кто пришёл, или решите по документам, чей это ребёнок."
    return Card("Рабочее место", text, "/centre", "Открыть рабочее место")
