"""«Помощь» at the foot of every page of the sandbox leads to the instructions of «Моя школа»."""

from starlette.responses import Response

from myschool.kit.web.visit import Visit


async def open_portal_help(visit: Visit) -> Response:
    return visit.redirect(f"{visit.house.settings.portal_url}/help")
