"""The checklist for a visit: a page to print or to show, and the same as PDF. First names only."""

import asyncio
from dataclasses import dataclass
from datetime import date

import segno
from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import actions as centre
from myschool.gosuslugi.centre.visit_model import Bring, visit_until, what_to_bring
from myschool.gosuslugi.family.actions import look
from myschool.gosuslugi.family.model import OVER, Guardianship, NotYours, Relation
from myschool.gosuslugi.family.papers_model import needs_second_look
from myschool.gosuslugi.signin.actions import citizen
from myschool.kit import clock, printing
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.routing import get
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, worded_date

TITLE = "Что взять в центр обслуживания"
PLACES_SHOWN = 5
FOOT = "Учебная песочница, не портал Госуслуг. Здесь нет номеров документов и фамилий: листок можно показать."

PAPERS = {
    Bring.PASSPORT: "Ваш паспорт",
    Bring.CERTIFICATE: "Свидетельство о рождении ребёнка",
    Bring.FOREIGN_CERTIFICATE: "Свидетельство о рождении ребёнка и его перевод на русский, заверенный нотариусом",
    Bring.SOVIET_CERTIFICATE: "Свидетельство о рождении старого образца. Если оно повреждено — ещё и повторное",
    Bring.SNILS: "СНИЛС ребёнка: карточку или распечатку",
    Bring.GUARDIAN_ORDER: "Акт органа опеки о том, что вы назначены опекуном",
    Bring.TRUSTEE_ORDER: "Акт органа опеки о том, что вы назначены попечителем",
    Bring.FOSTER_CONTRACT: "Договор о приёмной семье с органом опеки",
    Bring.ADOPTION: "Свидетельство об усыновлении или решение суда об усыновлении",
    Bring.NAME_CHANGE: "Свидетельство о браке, разводе или перемене имени: в записи о рождении вы записаны иначе",
    Bring.EARLIER_PAPERS: "Прежние свидетельства и карточки СНИЛС ребёнка, если их меняли",
    Bring.COURT_DECISION: "Решение суда или органа опеки с отметкой, что оно вступило в силу",
}
PARENT_COMES = "Ребёнка брать с собой не нужно."


def routes() -> list[Route]:
    return [get("/family/{id}/checklist", show), get("/family/{id}/checklist.pdf", print_out)]


@dataclass(frozen=True)
class Visiting:
    """One application as the checklist tells of it."""

    row: Guardianship
    papers: list[str]
    places: list[str]
    until: date
    two_clerks: bool

    @property
    def steps(self) -> list[str]:
        decided = (
            "Решение подтверждает второй сотрудник: не позднее двух рабочих дней. Ждать в центре не нужно."
            if self.two_clerks
            else "Решение примут при вас."
        )
        made = (
            "После решения создайте учётную запись ребёнка в разделе «Семья и дети». Если у него нет почты — в центре."
            if self.two_clerks
            else "Учётную запись ребёнка можно создать тут же, даже если у него нет почты."
        )
        return [
            "Назовите сотруднику номер заявления или покажите код.",
            "Сотрудник сверит документы с карточкой и вернёт их вам.",
            decided + " Мы напишем вам.",
            made,
        ]

    @property
    def where(self) -> list[str]:
        return self.places or ["Любой центр обслуживания (МФЦ)"]


async def _visiting(visit: Visit) -> Visiting:
    """Of the own application; somebody else's is not found, like one that is not there."""
    person = await citizen(visit)
    try:
        entry = await look.entry(visit.tx, visit.house.vault, visit.path_id("id"), person.id)
    except NotYours:
        words = "Возможно, вы удалили её или вошли под другой учётной записью."
        way = Way("/family", "Семья и дети")
        raise Refusal("Такой карточки нет", words, status=404, ways=(way,)) from None
    row = entry.guardianship
    if row.state in OVER:
        words = "Оно закрыто, и по нему ничего не решат. Откройте карточку: там сказано, что можно сделать."
        way = Way(f"/family/{row.id}", "К карточке ребёнка")
        raise Refusal("Это заявление уже не рассматривают", words, status=409, ways=(way,))
    return Visiting(
        row,
        [PAPERS[one] for one in what_to_bring(row, entry.check)],
        (await centre.places(visit.tx))[:PLACES_SHOWN],
        visit_until(row, visit.house.settings.child_account_under),
        needs_second_look(row.card.relation),
    )


async def show(visit: Visit) -> Response:
    visiting = await _visiting(visit)
    number = visiting.row.number
    return visit.render(
        "centre/checklist.html",
        page_title=TITLE,
        visiting=visiting,
        row=visiting.row,
        until=worded_date(visiting.until),
        made_on=worded_date(clock.now().astimezone(MOSCOW).date()),
        note=_note(visiting.row),
        picture=segno.make(number, error="m", micro=False).svg_data_uri(scale=5, border=4),
    )


async def print_out(visit: Visit) -> Response:
    visiting = await _visiting(visit)
    made = await asyncio.to_thread(printing.pdf, _sheet(visiting), clock.now().astimezone(MOSCOW))
    name = printing.plain_name(f"zayavlenie-{visiting.row.number}")
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _note(row: Guardianship) -> str:
    if row.card.relation in (Relation.MOTHER, Relation.FATHER):
        return PARENT_COMES
    return f"{PARENT_COMES} Решение о вас принимают два сотрудника: так защищают детей."


def _sheet(visiting: Visiting) -> printing.Sheet:
    row = visiting.row
    return printing.Sheet(
        title=TITLE,
        lead=row.card.given_name,
        parts=[
            printing.Number("Номер заявления", row.number),
            printing.Code(
                row.number,
                f"QR-код с номером заявления {row.number}",
                "Покажите код сотруднику: он откроет заявление. В коде только номер.",
            ),
            printing.Heading("Возьмите подлинники"),
            printing.Items(visiting.papers),
            printing.Text(_note(row)),
            printing.Heading("Куда и до какого дня"),
            printing.Rows([("Куда прийти", "; ".join(visiting.where)), ("Не позднее", worded_date(visiting.until))]),
            printing.Heading("Что будет в центре"),
            printing.Steps(visiting.steps),
        ],
        foot=FOOT,
    )
