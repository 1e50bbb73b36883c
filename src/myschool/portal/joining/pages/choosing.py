"""«Изменить»: region → school → «Это ваша школа?» → class → check → «Сохранить». The draft is kept on the server."""

from dataclasses import replace

from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.ids import new_id
from myschool.kit.web.errors import Forbidden, Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Ogrn
from myschool.portal.consents import actions as consents
from myschool.portal.joining.actions import submit
from myschool.portal.joining.model import CannotJoin, Draft, Wish
from myschool.portal.people import actions as people
from myschool.portal.people.model import Person, Profile
from myschool.portal.roll.model import GRADES, SchoolClass, parse_grade, parse_letter, year_of_request
from myschool.portal.schools import actions as schools
from myschool.portal.schools.actions import REGIONS, Directory
from myschool.portal.schools.model import KINDS_WITH_CLASSES, Filters, Hints, School, SchoolUnknown
from myschool.portal.signin import actions as signin

START = "/cabinet/school"
MOST_RESULTS = 10
LONGEST_QUERY = 500


def routes(directory: Directory) -> list[Route]:
    async def show_search(visit: Visit) -> Response:
        """Without `q` an empty field; with it the field and the schools found."""
        person = await learner(visit)
        return await _search_page(
            visit, directory, person, await submit.draft_of(visit.tx, person.id), Form(visit.typed)
        )

    async def take_school(visit: Visit) -> Response:
        return await _take_school(visit, directory)

    return [
        form(START, show_region, take_region),
        form(f"{START}/find", show_search, take_school),
        form(f"{START}/class", show_class, take_class),
        form(f"{START}/check", show_check, send),
    ]


async def learner(visit: Visit) -> Person:
    """Raises Forbidden for a person without the profile of a pupil."""
    person = await signin.person(visit)
    if Profile.LEARNER not in await people.profiles_of(visit.tx, person.id):
        raise Forbidden(
            "Школу указывает ученик. Выберите «Профиль обучающегося», если вы учитесь в школе.",
            ways=(Way("/registration", "Выбрать профиль"), Way("/cabinet", "В личный кабинет")),
        )
    if await consents.standing(visit.tx, person.id) is None:
        raise Forbidden(
            "Нет согласия на обработку данных, поэтому заявку отправить нельзя. За ребёнка младше 14 лет его даёт "
            "родитель: в «Моей школе», в разделе «Согласия».",
            ways=(Way("/consents", "Согласия"), Way("/cabinet", "В личный кабинет")),
        )
    return person


async def show_region(visit: Visit) -> Response:
    person = await learner(visit)
    draft = await submit.draft_of(visit.tx, person.id)
    form = Form({"region": draft.region_code} | visit.typed)
    return visit.render("joining/region.html", form=form, regions=_regions())


async def take_region(visit: Visit) -> Response:
    person = await learner(visit)
    form = Form(visit.typed)
    code = form.take_choice("region", {code: code for code in REGIONS}, missing="Выберите регион из списка")
    if code is None:
        return visit.render("joining/region.html", form=form, regions=_regions(), status=422)
    draft = await submit.draft_of(visit.tx, person.id)
    await submit.keep_draft(visit.tx, person.id, replace(draft, region_code=code), clock.now())
    return visit.redirect(f"{START}/find")


def _regions() -> list[tuple[str, str]]:
    """By name, as people look for theirs."""
    return sorted(REGIONS.items(), key=lambda region: region[1])


async def _search_page(
    visit: Visit, directory: Directory, person: Person, draft: Draft, form: Form, status: int = 200
) -> Response:
    text = (visit.query.get("q", "") or form.typed["q"])[:LONGEST_QUERY].replace("\x00", " ")
    form.typed["q"] = text
    found: list[School] = []
    elsewhere = False
    if text.strip():
        hints = Hints(draft.region_code, await submit.schools_of(visit.tx, person.id))
        found = await _pupils_schools(visit, directory, text, hints, draft.region_code)
        if not found and draft.region_code:
            # The school by a border belongs to the other region, and people choose the wrong one.
            found = await _pupils_schools(visit, directory, text, hints, "")
            elsewhere = bool(found)
    return visit.render(
        "joining/search.html",
        form=form,
        found=found,
        elsewhere=elsewhere,
        text=text,
        region=draft.region_code,
        status=status,
    )


async def _pupils_schools(visit: Visit, directory: Directory, text: str, hints: Hints, region: str) -> list[School]:
    filters = Filters(region_code=region, kinds=KINDS_WITH_CLASSES)
    hits = await schools.search(visit.tx, directory, text, filters=filters, hints=hints, most=MOST_RESULTS)
    return [school for school, _ in hits if school.takes_pupils]


async def _take_school(visit: Visit, directory: Directory) -> Response:
    person = await learner(visit)
    draft = await submit.draft_of(visit.tx, person.id)
    form = Form(visit.typed)
    ogrn = form.take("school", Ogrn.parse, missing="Выберите свою школу", wrong="Выберите школу из списка")
    if ogrn is None:
        return await _search_page(visit, directory, person, draft, form, 422)
    try:
        school = await schools.look_at(visit.tx, ogrn.digits)
    except SchoolUnknown:
        form.refuse("school", "Выберите школу из списка")
        return await _search_page(visit, directory, person, draft, form, 422)
    if form.typed["sure"] != "1":
        return visit.render("joining/is_it_yours.html", form=form, school=school)
    await submit.keep_draft(visit.tx, person.id, replace(draft, school=school.ogrn), clock.now())
    return visit.redirect(f"{START}/class")


async def show_class(visit: Visit) -> Response:
    person = await learner(visit)
    draft = await submit.draft_of(visit.tx, person.id)
    if draft.school is None:
        return visit.redirect(f"{START}/find")
    chosen = draft.school_class
    kept = {"grade": str(chosen.grade), "letter": chosen.letter} if chosen else {}
    return await _class_page(visit, draft.school, Form(kept | visit.typed))


async def _class_page(visit: Visit, ogrn: Ogrn, form: Form, status: int = 200) -> Response:
    return visit.render(
        "joining/class.html",
        form=form,
        grades=GRADES,
        school=await schools.look_at(visit.tx, ogrn.digits),
        year=year_of_request(clock.now().astimezone(MOSCOW).date()),
        status=status,
    )


async def take_class(visit: Visit) -> Response:
    person = await learner(visit)
    draft = await submit.draft_of(visit.tx, person.id)
    if draft.school is None:
        return visit.redirect(f"{START}/find")
    form = Form(visit.typed)
    grade = form.take("grade", parse_grade, missing="Выберите класс", wrong="Выберите класс от 1 до 11")
    letter = form.take_optional("letter", parse_letter, wrong="Укажите одну русскую букву, например А")
    if grade is None or form.errors:
        return await _class_page(visit, draft.school, form, 422)
    chosen = replace(draft, school_class=SchoolClass(grade, letter or ""))
    await submit.keep_draft(visit.tx, person.id, chosen, clock.now())
    return visit.redirect(f"{START}/check")


async def show_check(visit: Visit) -> Response:
    person = await learner(visit)
    wish = await _wish(visit, person)
    if wish is None:
        return await _without_draft(visit, person)
    school = await schools.look_at(visit.tx, wish.school.digits)
    form = Form(visit.typed, once=str(new_id()))
    return visit.render("joining/check.html", form=form, person=person, wish=wish, school=school)


async def _wish(visit: Visit, person: Person) -> Wish | None:
    draft = await submit.draft_of(visit.tx, person.id)
    if draft.school is None or draft.school_class is None:
        return None
    return Wish(draft.school, draft.school_class, year_of_request(clock.now().astimezone(MOSCOW).date()))


async def _without_draft(visit: Visit, person: Person) -> Response:
    """Nothing is chosen, or it was sent already: from another tab, or before Back."""
    open_now = [request for request in await submit.requests_of(visit.tx, person.id) if request.is_open]
    return visit.redirect(f"/requests/{open_now[0].id}?again" if open_now else START)


async def send(visit: Visit) -> Response:
    """«Сохранить». The draft is gone after the first press: a repeated one is recognised by its number, and a press in
    another tab by the request that is open.
    """
    person = await learner(visit)
    wish = await _wish(visit, person)
    once = visit.typed["once"]
    sent = await submit.sent_by_press(visit.tx, person.id, once)
    if sent is not None:
        return visit.redirect(f"/requests/{sent.id}?again")
    if wish is None or not once:
        return await _without_draft(visit, person)
    try:
        submitted = await submit.submit(visit.tx, person.id, person.id, wish, once=once, now=clock.now())
    except CannotJoin:
        raise Refusal(
            "В эту школу нельзя отправить заявку",
            "Школа закрыта, реорганизована или в ней нет классов с 1 по 11. Выберите другую.",
            ways=(Way(f"{START}/find", "Найти школу"),),
        ) from None
    return visit.redirect(f"/requests/{submitted.request.id}?{'sent' if submitted.is_new else 'again'}")
