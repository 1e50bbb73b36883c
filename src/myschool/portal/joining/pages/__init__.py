"""Pages of the family («Личный кабинет», choosing a school, the request) and of the school (the queue)."""

from starlette.routing import Route

from myschool.portal.joining.pages import children, choosing, family, invitation, school
from myschool.portal.joining.pages.cards import ADMINISTERS, CARDS
from myschool.portal.schools.actions import Directory

__all__ = ["ADMINISTERS", "CARDS", "routes"]


def routes(directory: Directory) -> list[Route]:
    return [*family.routes(), *children.routes(), *choosing.routes(directory), *school.routes(), *invitation.routes()]
