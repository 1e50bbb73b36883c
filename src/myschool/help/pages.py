"""/help: the guides; /help/<guide>: one of them, step by step with pictures."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from myschool.help.guides import GUIDES
from myschool.kit.web.errors import NotFound
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"
PICTURES = FOLDER / "pictures"


def routes() -> list[BaseRoute]:
    return [
        get("/help", listing),
        Mount("/help/pictures", StaticFiles(directory=PICTURES, check_dir=False)),
        get("/help/{guide}", reading),
    ]


async def listing(visit: Visit) -> Response:
    return visit.render("help/listing.html", guides=list(GUIDES.values()))


async def reading(visit: Visit) -> Response:
    guide = GUIDES.get(visit.path_value("guide"))
    if guide is None:
        raise NotFound("Такой инструкции нет", "Посмотрите список инструкций на странице «Помощь».")
    others = [other for other in GUIDES.values() if other is not guide]
    return visit.render("help/guide.html", guide=guide, others=others)
