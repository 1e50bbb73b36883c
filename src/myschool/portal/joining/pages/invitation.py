"""«Пригласить класс»: the administrator makes a link and its QR code; a pupil who opens it has nothing to search."""

import segno
from starlette.responses import Response
from starlette.routing import Route

from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, short_date
from myschool.portal.joining.actions import submit
from myschool.portal.joining.invitation import (
    Invitation,
    InvitationEnded,
    InvitationInvalid,
    new_invitation,
    read_token,
    token_of,
)
from myschool.portal.joining.model import Draft
from myschool.portal.joining.pages import choosing, school
from myschool.portal.roll.model import GRADES, SchoolClass, parse_grade, parse_letter
from myschool.portal.schools import actions as schools
from myschool.portal.schools.model import SchoolUnknown

SEARCH = Way("/schools", "Найти школу")


def routes() -> list[Route]:
    return [get("/school/{ogrn}/invitation", show_link), form("/join/{token}", show, accept)]


async def show_link(visit: Visit) -> Response:
    """Without a class the form alone; with it the link and the code. A GET: nothing is kept."""
    admin = await school.administrator(visit)
    form = Form(visit.query)
    link, school_class, until = "", None, ""
    if "grade" in visit.query:
        grade = form.take("grade", parse_grade, missing="Выберите класс", wrong="Выберите класс от 1 до 11")
        letter = form.take_optional("letter", parse_letter, wrong="Укажите одну русскую букву, например А")
        if grade is not None and not form.errors:
            school_class = SchoolClass(grade, letter or "")
            invitation = new_invitation(admin.school, school_class, clock.now().astimezone(MOSCOW).date())
            link = f"{visit.house.origin}/join/{token_of(invitation, visit.house.vault)}"
            until = short_date(invitation.until)
    return visit.render(
        "joining/invitation.html",
        school=await schools.look_at(visit.tx, admin.school.digits),
        school_class=school_class,
        until=until,
        link=link,
        # As a picture in the address of an <img>: the page needs no inline style for it.
        picture=segno.make(link, error="m", micro=False).svg_data_uri(scale=6, border=4) if link else "",
        grades=GRADES,
        form=form,
        status=422 if form.errors else 200,
    )


async def show(visit: Visit) -> Response:
    invitation = _invitation(visit)
    try:
        invited_to = await schools.look_at(visit.tx, invitation.school.digits)
    except SchoolUnknown:
        raise _invalid() from None
    return visit.render("joining/invited.html", school=invited_to, school_class=invitation.school_class, form=Form())


async def accept(visit: Visit) -> Response:
    """Fills in the draft; the pupil looks it through on the page of checking and sends it himself."""
    invitation = _invitation(visit)
    person = await choosing.learner(visit)
    try:
        invited_to = await schools.look_at(visit.tx, invitation.school.digits)
    except SchoolUnknown:
        raise _invalid() from None
    draft = Draft(invited_to.region_code, invited_to.ogrn, invitation.school_class)
    await submit.keep_draft(visit.tx, person.id, draft, clock.now())
    return visit.redirect(f"{choosing.START}/check")


def _invitation(visit: Visit) -> Invitation:
    try:
        return read_token(visit.path_value("token"), visit.house.vault, clock.now().astimezone(MOSCOW).date())
    except InvitationEnded as error:
        raise Refusal(
            "Приглашение больше не действует",
            f"Оно действовало до {short_date(error.until)}. Попросите у классного руководителя новое "
            "или найдите школу сами.",
            status=410,
            ways=(SEARCH,),
        ) from None
    except InvitationInvalid:
        raise _invalid() from None


def _invalid() -> Refusal:
    return Refusal(
        "Приглашение не открылось",
        "Скопируйте ссылку целиком или наведите камеру на код ещё раз. Можно и найти школу самому.",
        status=404,
        ways=(SEARCH,),
    )
