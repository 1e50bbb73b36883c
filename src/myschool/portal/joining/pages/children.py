"""What a parent sees: each child with its state and next step."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.routing import GuardedRoutes
from myschool.kit.web.visit import Visit
from myschool.portal.family import actions as family
from myschool.portal.family.model import Child
from myschool.portal.joining import words
from myschool.portal.joining.actions import submit
from myschool.portal.joining.model import JoinRequest, Membership
from myschool.portal.schools import actions as schools
from myschool.portal.schools.model import School
from myschool.portal.signin import actions as signin


def routes(family_pages: GuardedRoutes) -> list[Route]:
    return [family_pages.get("/family", show)]


@dataclass(frozen=True)
class ChildCard:
    """A child and where it stands on the way to its school."""

    child: Child
    membership: Membership | None = None
    request: JoinRequest | None = None
    school: School | None = None


async def show(visit: Visit) -> Response:
    guardian = await signin.person(visit)
    told = await family.children(visit.tx, visit.house.vault, guardian.id, clock.now())
    cards = [await _card(visit, child) for child in told]
    return visit.render("joining/family.html", cards=cards, states=words.STATES)


async def _card(visit: Visit, child: Child) -> ChildCard:
    if child.person is None:
        return ChildCard(child)
    membership = await submit.membership_of(visit.tx, child.person.id)
    requests = await submit.requests_of(visit.tx, child.person.id)
    request = requests[0] if requests and (requests[0].is_open or membership is None) else None
    meant = request.wish.school if request else membership.school if membership else None
    school = await schools.look_at(visit.tx, meant.digits) if meant else None
    return ChildCard(child, membership, request, school)
