"""«Кто получил данные»: the family's ledger, one's own or a child's."""

from starlette.responses import Response
from starlette.routing import BaseRoute

from myschool.kit import clock
from myschool.kit.web.routing import GuardedRoutes
from myschool.kit.web.visit import Visit
from myschool.papers.filters import moment
from myschool.portal.content.actions import catalogue, guardians, launching
from myschool.portal.content.pages import words
from myschool.portal.content.pages.catalogue import reader
from myschool.portal.signin import actions as signin

PAGE = 30


def routes(family_pages: GuardedRoutes) -> list[BaseRoute]:
    of_child = family_pages.get("/children/{child:uuid}/received", show)
    return [family_pages.get("/received", show, lenient=True), of_child]


async def show(visit: Visit) -> Response:
    person, one = await signin.person(visit), await reader(visit)
    shown = one.child or person
    asked = visit.query.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1
    entries = await launching.ledger(visit.tx, shown.id, page=page, size=PAGE)
    names = {platform.id: platform.name for platform in await catalogue.platforms(visit.tx)}
    children = [] if one.child else await guardians.children_of(visit.tx, visit.house.vault, person.id, clock.now())
    return visit.render(
        "content/ledger.html",
        page_title=f"Кто получил данные: {one.child.name.given_name}" if one.child else "Кто получил данные",
        rows=[
            [moment(entry.at), names[entry.platform_id], words.received(entry.claims), words.CHANNELS[entry.channel]]
            for entry in entries[:PAGE]
        ],
        page=page,
        has_more=len(entries) > PAGE,
        children=children,
        reader=one,
    )
