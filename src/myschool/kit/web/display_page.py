"""«Версия для слабовидящих»: one page, a cookie, served by the server."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit.web.display import COOKIE, SIZES, Display
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form
from myschool.kit.web.visit import Visit, local_path

A_YEAR = 365 * 24 * 3600


def routes() -> list[Route]:
    return [form("/display", show, save)]


async def show(visit: Visit) -> Response:
    now = visit.display
    typed = {
        "size": str(now.size),
        "contrast": f"{now.contrast:d}",
        "dark": f"{now.dark:d}",
        "spacing": f"{now.spacing:d}",
        "next": local_path(visit.query.get("next", "/")),
    }
    return visit.render("display.html", form=Form(typed))


async def save(visit: Visit) -> Response:
    typed = visit.typed
    size = int(typed["size"]) if typed["size"] in map(str, SIZES) else 100
    chosen = Display(size, typed["contrast"] == "1", typed["dark"] == "1", typed["spacing"] == "1")
    answer = visit.redirect(local_path(typed["next"]))
    answer.set_cookie(COOKIE, chosen.cookie(), max_age=A_YEAR, path="/", secure=True, httponly=True, samesite="lax")
    return answer
