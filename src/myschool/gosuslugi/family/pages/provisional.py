"""«Временная учётная запись»: what the pages of the dialog say of it, and how it stands on the child's card."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from myschool.gosuslugi.family.actions import provisional
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.model import EmailTaken, Guardianship, GuardianshipState, TooOld, is_too_old
from myschool.gosuslugi.family.pages.common import FAMILY
from myschool.gosuslugi.family.pages.standing_words import day, moment
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.visit import Visit

PATH = "provisional"
TITLE = "Временная учётная запись"
BUTTON = "Открыть временную учётную запись"


def is_meant(visit: Visit) -> bool:
    return f"/{PATH}" in visit.path


async def opened(visit: Visit, person: Person) -> Guardianship:
    """The card, locked, for which one may be opened. Raises NotYours, NotNow; one that is there leads to the card."""
    row = await _may_open(visit, person)
    if await provisional.living_of(visit.tx, row.id, clock.now()) is not None:
        raise Refusal(
            "Временная учётная запись уже открыта",
            "Вторая не нужна: ребёнок входит по почте и паролю, которые вы задали.",
            status=409,
            ways=(Way(f"/family/{row.id}", "Открыть карточку"), FAMILY),
        )
    return row


async def made_before(visit: Visit, person: Person) -> Response | None:
    """The last button pressed twice leads to the card, without an error."""
    row = await _may_open(visit, person)
    if await provisional.living_of(visit.tx, row.id, clock.now()) is None:
        return None
    visit.tell("important", "Временная учётная запись уже открыта", "Вторая не нужна: у ребёнка она одна.")
    return visit.redirect(f"/family/{row.id}")


async def _may_open(visit: Visit, person: Person) -> Guardianship:
    under = visit.house.settings.child_account_under
    try:
        return await provisional.may_open(
            visit.tx, visit.house.vault, visit.path_id("id"), person.id, clock.now(), child_under=under
        )
    except TooOld:
        raise Refusal(
            f"Ребёнку уже есть {under} лет",
            f"С {under} лет учётную запись создают сами, по своему паспорту.",
            status=409,
            ways=(FAMILY,),
        ) from None


def email_page(visit: Visit, row: Guardianship, typed: Form, steps: Sequence[str], status: int) -> Response:
    return visit.render(
        "family/provisional_email.html", status=status, page_title=TITLE, form=typed, row=row, steps=steps
    )


async def create(visit: Visit, row: Guardianship, hashed: str) -> Response:
    """Raises NotNow."""
    try:
        await provisional.create(visit.tx, visit.house.vault, row, hashed, clock.now())
    except EmailTaken:
        raise Refusal(
            "Эту почту заняли",
            "Пока вы придумывали пароль, почту ребёнка привязали к другой учётной записи. Вернитесь и замените.",
            status=409,
            ways=(Way(f"/family/{row.id}/{PATH}", "Заменить почту"),),
        ) from None
    visit.tell(
        "success",
        "Временная учётная запись открыта",
        "Ребёнок уже может войти в «Мою школу». Код для входа придёт вам.",
    )
    return visit.redirect(f"/family/{row.id}")


@dataclass(frozen=True)
class Meanwhile:
    """What a card tells of it; `until` is empty while it may only be opened."""

    since: str = ""
    until: str = ""
    who: str = ""


def meanwhile(visit: Visit, entry: Entry) -> Meanwhile | None:
    """None when there is none and none may be opened."""
    row, now = entry.guardianship, clock.now()
    if (living := entry.provisional) is not None:
        own_turn = row.state in (GuardianshipState.MISMATCH, GuardianshipState.REVIEW)
        return Meanwhile(moment(living.account.opened_at, now), day(living.until, now), "Вы" if own_turn else "ЗАГС")
    young = not is_too_old(row.card.birth_date, row.card.day_at(now), visit.house.settings.child_account_under)
    return Meanwhile() if young and provisional.openable(row, entry.questions, now) else None
