"""«Способ №2»: always reachable. Says what we see, names the one thing to do, and leads to the service centre."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.family.actions import look
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.diagnosis import Diagnosis, Question, Remedy, diagnose
from myschool.gosuslugi.family.model import CORRECTABLE, OVER, READING
from myschool.gosuslugi.family.pages import second_way_start, standing_snils
from myschool.gosuslugi.family.pages.common import guarded, own_entry
from myschool.gosuslugi.family.pages.provisional import meanwhile
from myschool.gosuslugi.family.pages.second_way_words import (
    CONFIRM_ACCOUNT,
    ENTER_OWN_PAPERS,
    MADE_BY_OTHER,
    TO_BE_ATTACHED,
    worded,
)
from myschool.gosuslugi.family.pages.standing_words import Act, day
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import clock
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit

ADVISE_TO_CORRECT = frozenset({Remedy.CORRECT, Remedy.ENTER_ACT_RECORD, Remedy.CORRECT_SNILS})
"""The first card of the page has the button already."""


def routes() -> list[Route]:
    return [
        get("/family/second-way", overview),
        get("/family/{id}/second-way", guarded(for_one)),
        *second_way_start.routes(),
    ]


def _diagnosis(person: Person, entry: Entry, child_under: int) -> Diagnosis:
    card = entry.guardianship.card
    today = card.day_at(clock.now())
    return diagnose(person.level, entry.guardianship, entry.questions, entry.child, today, child_under=child_under)


async def overview(visit: Visit) -> Response:
    """For whoever comes without a card in mind."""
    person = await citizen(visit)
    child_under = visit.house.settings.child_account_under
    entries = await look.family_of(visit.tx, visit.house.vault, person.id)
    if not entries:
        return await second_way_start.page(visit, person)
    if len(entries) == 1:
        return visit.redirect(f"/family/{entries[0].guardianship.id}/second-way")
    return visit.render(
        "family/second_way_overview.html",
        page_title="Способ №2",
        entries=[(entry, advice(entry, _diagnosis(person, entry, child_under), child_under)) for entry in entries],
    )


async def for_one(visit: Visit) -> Response:
    person, entry = await own_entry(visit)
    if entry.guardianship.state in OVER:
        return visit.redirect(f"/family/{entry.guardianship.id}")
    child_under = visit.house.settings.child_account_under
    found = _diagnosis(person, entry, child_under)
    return visit.render(
        "family/second_way.html",
        page_title="Способ №2",
        entry=entry,
        row=entry.guardianship,
        findings=await _findings(visit, entry, found, child_under),
        advice=advice(entry, found, child_under),
        meanwhile=meanwhile(visit, entry),
        correctable=entry.guardianship.state in CORRECTABLE and found.remedy not in ADVISE_TO_CORRECT,
        decidable=not entry.has_account and found.remedy is not Remedy.OPEN_DIALOG,
    )


async def _findings(visit: Visit, entry: Entry, found: Diagnosis, child_under: int) -> list[tuple[str, str, str]]:
    """In words of this card: whose account it is that is there, and why a pupil of 15 is no obstacle."""
    row, special = entry.guardianship, dict[Question, str]()
    if row.rights == READING:
        special[Question.YOUNG_ENOUGH] = TO_BE_ATTACHED
    elif entry.has_account and row.attached_at is None:
        others = await look.others_in_force(visit.tx, visit.house.vault, row, clock.now())
        if any(one.attached_at for one in others):
            special[Question.NO_ACCOUNT_YET] = MADE_BY_OTHER
    return [
        (special.get(one.question, words), tag, kind)
        for one in found.findings
        for words, tag, kind in [worded(one, child_under)]
    ]


def advice(entry: Entry, found: Diagnosis, child_under: int) -> tuple[str, Act | None]:
    """The one thing to do: a sentence, and the button that does it."""
    row, now = entry.guardianship, clock.now()
    here = f"/family/{row.id}"
    correct = Act("Исправить и отправить снова", f"{here}/correct", posts=True)
    centre = Act("Какие документы взять", f"{here}/checklist")
    match found.remedy:
        case Remedy.ENTER_OWN_PAPERS:
            return ENTER_OWN_PAPERS
        case Remedy.CONFIRM_ACCOUNT:
            return CONFIRM_ACCOUNT
        case Remedy.OWN_ACCOUNT:
            return (
                (
                    f"С {child_under} лет учётную запись создают сами, по своему паспорту. "
                    "Помогите ребёнку зарегистрироваться. Покажите документы в центре обслуживания, "
                    "и его учётную запись привяжут к вашей, когда он согласится."
                ),
                centre,
            )
        case Remedy.WAIT:
            until = day(entry.check.due_at if entry.check else None, now)
            return (
                f"Подождите: ЗАГС ответит не позднее {until}. Мы напишем вам. Ждать не хотите — идите с документами.",
                Act(centre.text, centre.href, kind="secondary"),
            )
        case Remedy.WAIT_OR_CENTRE:
            return "ЗАГС задерживает ответ. Ждать не обязательно: покажите документы в центре обслуживания.", centre
        case Remedy.CORRECT:
            return "Сверьте карточку со свидетельством, исправьте и отправьте снова.", correct
        case Remedy.ENTER_ACT_RECORD:
            return (
                (
                    "Проверьте серию и номер. Ещё впишите номер и дату записи акта: они есть в свидетельстве, "
                    "и по ним ЗАГС находит запись надёжнее."
                ),
                correct,
            )
        case Remedy.CORRECT_SNILS:
            return f"{standing_snils.advice(entry.snils)} Исправьте карточку и отправьте снова.", correct
        case Remedy.WAIT_FOR_SNILS:
            known = standing_snils.checking(row, entry.snils, now)
            return f"{known.text} Не позднее: {known.until}.", Act(centre.text, centre.href, kind="secondary")
        case Remedy.SEND_SNILS_AGAIN:
            return "Социальный фонд не ответил о СНИЛС за 30 дней. Отправьте данные ещё раз.", Act(
                "Отправить ещё раз", f"{here}/send-again", posts=True
            )
        case Remedy.SEND_AGAIN:
            return "ЗАГС не ответил за 30 дней. Отправьте данные ещё раз.", Act(
                "Отправить ещё раз", f"{here}/send-again", posts=True
            )
        case Remedy.GO_TO_CENTRE:
            return "Покажите документы в центре обслуживания: там решат по ним.", centre
        case Remedy.OPEN_DIALOG:
            return "Всё готово: можно создать учётную запись.", Act(
                "Создать учетную запись ребенка на Госуслуги", f"{here}/account"
            )
        case Remedy.ATTACH:
            return "Учётная запись у ребёнка уже есть. Привяжите её к своей: новая не нужна.", Act(
                "Привязать", f"{here}/attach", posts=True
            )
        case Remedy.WAIT_FOR_PUPIL:
            return (
                (
                    "Учётной записью ребёнок распоряжается сам. Мы привяжем её, когда он разрешит: "
                    "ответил ли он, видно в карточке."
                ),
                Act("К карточке ребёнка", here, kind="secondary"),
            )
        case Remedy.NOTHING | Remedy.ADD_CHILD:
            return "Делать ничего не нужно: учётная запись есть и привязана к вашей.", Act(
                "К карточке ребёнка", here, kind="secondary"
            )
