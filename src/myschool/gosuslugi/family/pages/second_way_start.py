"""«Способ №2» before there is a card: what stands in the way already, and what the other parent can do."""

from datetime import date

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import drafts
from myschool.gosuslugi.family.diagnosis import Diagnosis, Remedy, diagnose_before_card
from myschool.gosuslugi.family.model import Draft
from myschool.gosuslugi.family.pages.common import guarded, own_entry
from myschool.gosuslugi.family.pages.second_way_words import CONFIRM_ACCOUNT, ENTER_OWN_PAPERS, worded
from myschool.gosuslugi.family.pages.standing_words import Act
from myschool.gosuslugi.fields import take_date
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit
from myschool.papers.places import zone_of_address


def routes() -> list[Route]:
    return [get("/family/{id}/other-parent", guarded(other_parent))]


async def other_parent(visit: Visit) -> Response:
    """Words to pass on. Says nothing of any other adult, and nothing of the child but the given name."""
    _, entry = await own_entry(visit)
    return visit.render(
        "family/other_parent.html",
        page_title="Спросить другого родителя",
        row=entry.guardianship,
        link=f"{visit.house.origin}/family/add",
    )


async def page(visit: Visit, person: Person) -> Response:
    """For a parent without a card: the account, the own papers, and the age where it was typed into a card begun."""
    begun = await drafts.waiting(visit.tx, visit.house.vault, person.id)
    draft = begun[0] if begun else None
    under = visit.house.settings.child_account_under
    found = diagnose_before_card(person.level, *_age(draft), child_under=under)
    return visit.render(
        "family/second_way_start.html",
        page_title="Способ №2",
        findings=[worded(one, under) for one in found.findings],
        advice=_advice(found, draft, under),
    )


def _age(draft: Draft | None) -> tuple[date | None, date]:
    """The typed birth date, where it is one, and the day where the child lives."""
    typed = draft.typed if draft is not None else {}
    today = clock.now().astimezone(zone_of_address(typed.get("address"))).date()
    return take_date(Form(dict(typed)), "birth", missing=""), today


def _advice(found: Diagnosis, draft: Draft | None, under: int) -> tuple[str, Act]:
    match found.remedy:
        case Remedy.ENTER_OWN_PAPERS:
            return ENTER_OWN_PAPERS
        case Remedy.CONFIRM_ACCOUNT:
            return CONFIRM_ACCOUNT
        case Remedy.OWN_ACCOUNT if draft is not None:
            words = f"С {under} лет учётную запись создают сами. Её можно привязать к вашей."
            return words, Act("Что сделать дальше", f"/family/drafts/{draft.id}/grown-up")
        case _ if draft is not None:
            words = "Допишите карточку и отправьте её в ЗАГС. Тогда появится номер заявления."
            return words, Act("Продолжить карточку", f"/family/drafts/{draft.id}/child")
        case _:
            words = "Добавьте ребёнка: заполните карточку и отправьте её в ЗАГС. Тогда появится номер заявления."
            return words, Act("Добавить ребёнка", "/family/add")
