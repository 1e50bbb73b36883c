"""Pages anybody may open: finding a school, looking at one, telling that one is not in the list."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.ids import new_id
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get
from myschool.kit.web.visit import Visit
from myschool.papers.numbers import Email, Ogrn
from myschool.portal.schools import actions
from myschool.portal.schools.actions import REGIONS, Described, Directory
from myschool.portal.schools.api import LONGEST_QUERY, RETRY_AFTER
from myschool.portal.schools.missing import LONGEST_NAME, LONGEST_WORDS
from myschool.portal.schools.model import Filters, School, SchoolUnknown
from myschool.portal.schools.regions import REGIONS_TO_CHOOSE

START = "/schools"
MISSING = f"{START}/missing"
MOST = 20
FIND = Way(START, "Найти школу")


def routes(directory: Directory) -> list[Route]:
    async def find(visit: Visit) -> Response:
        return await _find(visit, directory)

    return [get(START, find), form(MISSING, show_missing, take_missing), get(f"{START}/{{ogrn}}", show)]


async def _find(visit: Visit, directory: Directory) -> Response:
    """Without `q` an empty field; with it the field and the schools found."""
    text = typed_query(visit)
    region = visit.query.get("region", "")
    region = region if region in REGIONS else ""
    form = Form({"q": text, "region": region})
    found: list[School] = []
    if text:
        if not await actions.may_ask(visit.tx, visit.address, clock.now()):
            return visit.too_many(RETRY_AFTER)
        hits = await actions.search(visit.tx, directory, text, filters=Filters(region_code=region), most=MOST)
        found = [school for school, _ in hits]
    return visit.render(
        "schools/find.html", form=form, text=text, found=found, regions=REGIONS_TO_CHOOSE, region=region
    )


def typed_query(visit: Visit) -> str:
    """What stands in `q`, with nothing that could not be shown again."""
    shown = "".join(character if character.isprintable() else " " for character in visit.query.get("q", ""))
    return shown[:LONGEST_QUERY].strip()


async def show(visit: Visit) -> Response:
    """One school by its ОГРН; a merged one leads to its successor."""
    try:
        school = await actions.look_at(visit.tx, Ogrn.parse(visit.path_value("ogrn")).digits)
    except (SchoolUnknown, ValueError):
        words = "Проверьте ОГРН в адресе или найдите школу по названию."
        raise Refusal("Такой школы нет", words, status=404, ways=(FIND,)) from None
    successor = await actions.look_at_many(visit.tx, [school.successor.digits]) if school.successor else []
    return visit.render("schools/school.html", school=school, successor=successor[0] if successor else None)


# -- «Моей школы нет в списке» -----------------------------------------------------------------------------------------


async def show_missing(visit: Visit) -> Response:
    if told := visit.query.get("told", ""):
        return visit.render("schools/told.html", number=told[:20])
    asked = typed_query(visit)
    return _missing_page(visit, Form({"asked": asked} | visit.typed, once=str(new_id())))


def _missing_page(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render("schools/missing.html", form=form, regions=REGIONS_TO_CHOOSE, status=status)


async def take_missing(visit: Visit) -> Response:
    form = Form(visit.typed, once=str(new_id()))
    described = _described(form)
    if described is None:
        return _missing_page(visit, form, 422)
    once = str(form.once)
    known = await actions.missing_by_press(visit.tx, visit.house.vault, once)
    if known is None and not await actions.may_tell_missing(visit.tx, visit.address, clock.now()):
        form.refuse("", "Сегодня отсюда пришло слишком много сообщений. Напишите нам завтра")
        return visit.too_many(actions.A_DAY.total_seconds(), _missing_page(visit, form))
    told = known or await actions.tell_missing(visit.tx, visit.house.vault, described, once=once, now=clock.now())
    return visit.redirect(f"{MISSING}?told={told.number}")


def _described(form: Form) -> Described | None:
    """What the person wrote; None when something is wrong with it."""
    too_long = f"Сократите до {LONGEST_NAME} знаков"
    name = form.take("name", _name, missing="Напишите, как называется школа", wrong=too_long)
    settlement = form.take("settlement", _name, missing="Напишите, в каком городе или селе школа", wrong=too_long)
    region = form.take_choice("region", {code: code for code in REGIONS}, missing="Выберите регион")
    note = form.take_optional("note", _words, wrong=f"Сократите до {LONGEST_WORDS} знаков") or ""
    email = form.take(
        "email",
        Email.parse,
        missing="Напишите электронную почту: на неё придёт ответ",
        wrong="Проверьте адрес почты, например name@example.ru",
    )
    if name is None or settlement is None or region is None or email is None or form.errors:
        return None
    return Described(name, settlement, region, note, form.typed["asked"][:LONGEST_QUERY], email)


def _name(text: str) -> str:
    return _bounded(" ".join(text.split()), LONGEST_NAME)


def _words(text: str) -> str:
    return _bounded(text, LONGEST_WORDS)


def _bounded(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(len(text))
    return text
