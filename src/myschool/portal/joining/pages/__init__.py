"""Pages of the family («Личный кабинет», choosing a school, the request) and of the school (the queue)."""

from starlette.routing import Route

from myschool.kit.web.routing import GuardedRoutes
from myschool.portal.joining.pages import children, choosing, family, invitation, school
from myschool.portal.joining.pages.cards import ADMINISTERS, CARDS
from myschool.portal.schools.actions import Directory

__all__ = ["ADMINISTERS", "CARDS", "routes"]


def routes(directory: Directory, family_pages: GuardedRoutes) -> list[Route]:
    return [
        *family.routes(),
        *children.routes(family_pages),
        *choosing.routes(directory),
        *school.routes(),
        *invitation.routes(),
    ]
