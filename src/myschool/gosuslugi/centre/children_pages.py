"""The clerk's screens for a parent who came with papers about a child («Способ №2»)."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import children_actions as actions
from myschool.gosuslugi.centre.actions import clerk
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.checks.model import CheckState
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.actions.papers import DECIDABLE
from myschool.gosuslugi.family.model import (
    CITIZENSHIPS,
    Card,
    GuardianshipState,
    NeedsClerk,
    NotNow,
    Paper,
    PapersMissing,
    RefusalReason,
    Relation,
    TooOld,
    papers_needed,
)
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import worded_date

OPEN = "centre_application"
BACK = Way("/centre/children", "К поиску заявления")
LONGEST_NOTE = 500

RELATIONS = {
    Relation.MOTHER: "мать",
    Relation.FATHER: "отец",
    Relation.ADOPTER: "усыновитель",
    Relation.GUARDIAN: "опекун",
    Relation.TRUSTEE: "попечитель",
    Relation.FOSTER: "приёмный родитель",
    Relation.DELEGATE: "доверенное лицо",
}
PAPERS = {
    Paper.APPLICANT_PASSPORT: ("Паспорт заявителя", "Имя совпадает, лицо похоже на фото"),
    Paper.BIRTH_CERTIFICATE: ("Свидетельство о рождении", "Подлинник, все поля совпадают с карточкой"),
    Paper.CHILD_SNILS: ("СНИЛС ребёнка", "Номер и имя совпадают с карточкой"),
    Paper.GUARDIANSHIP_ORDER: ("Документ об опеке", "Решение органа опеки или суда, действует сейчас"),
}
REFUSALS = {
    RefusalReason.PAPERS_DIFFER: "Документы не совпадают с карточкой",
    RefusalReason.PAPERS_MISSING: "Не хватает документов",
    RefusalReason.NOT_REPRESENTATIVE: "Документы не подтверждают, что заявитель представляет ребёнка",
    RefusalReason.OTHER: "Другая причина",
}
CHECKS = {
    CheckState.DRAFT: "Запрос ещё не отправлен",
    CheckState.SENT: "Запрос отправлен, ответа нет",
    CheckState.CHECKING: "Проверяет, ответа нет",
    CheckState.UNAVAILABLE: "Реестр недоступен",
    CheckState.OVERDUE: "Не ответил в срок",
    CheckState.CONFIRMED: "Подтвердил свидетельство",
    CheckState.CONTRADICTED: "Часть данных не совпала",
    CheckState.NOT_FOUND: "Не нашёл свидетельство",
    CheckState.EXPIRED: "Не ответил за 30 дней",
    CheckState.SUPERSEDED: "Запрос снят: решение принимает центр",
}


@dataclass(frozen=True)
class Opened:
    at_desk: Clerk
    entry: Entry
    guardian: Person

    @property
    def decidable(self) -> bool:
        return self.entry.guardianship.state in DECIDABLE


def routes() -> list[Route]:
    return [
        form("/centre/children", ask, find),
        form("/centre/children/{id:uuid}", show, approve),
        post("/centre/children/{id:uuid}/refuse", refuse),
    ]


# -- search ------------------------------------------------------------------------------------------------------------


async def ask(visit: Visit) -> Response:
    await clerk(visit)
    return _search(visit, Form(visit.typed))


def _search(visit: Visit, typed: Form, status: int = 200) -> Response:
    return visit.render("centre/children_find.html", status=status, page_title="Заявление о ребёнке", form=typed)


async def find(visit: Visit) -> Response:
    at_desk, typed = await clerk(visit), Form(visit.typed)
    if not typed.typed["number"].strip():
        typed.refuse("number", "Введите номер заявления")
        return _search(visit, typed, 422)
    entry = await actions.find(visit.tx, visit.house.vault, at_desk, typed.typed["number"])
    if entry is None:
        typed.refuse(
            "number", "Заявления с таким номером нет. Номер — в карточке ребёнка и в письме, например 4F7D-29GN"
        )
        return _search(visit, typed, 404)
    visit.session.put(OPEN, str(entry.guardianship.id))
    return visit.redirect(f"/centre/children/{entry.guardianship.id}")


# -- decision ----------------------------------------------------------------------------------------------------------


async def _opened(visit: Visit) -> Opened:
    """Only what was found by its number a moment ago: an address with an id opens nothing."""
    at_desk = await clerk(visit)
    guardianship_id = visit.path_id("id")
    found = visit.session.get(OPEN) == str(guardianship_id)
    entry = await actions.opened(visit.tx, visit.house.vault, guardianship_id) if found else None
    if entry is None:
        words = "Заявление открывается только по номеру. Попросите номер и введите его."
        raise Refusal("Найдите заявление по номеру", words, status=403, ways=(BACK,))
    if entry.guardianship.guardian_id == at_desk.person_id:
        words = "Решение о вашей семье принимает другой сотрудник."
        raise Refusal("Это ваше заявление", words, status=403, ways=(BACK,))
    guardian = await people.by_id(visit.tx, visit.house.vault, entry.guardianship.guardian_id)
    return Opened(at_desk, entry, guardian)


async def show(visit: Visit) -> Response:
    return _page(visit, await _opened(visit), Form(visit.typed), Form())


def _page(visit: Visit, opened: Opened, typed: Form, refusal: Form, status: int = 200) -> Response:
    row = opened.entry.guardianship
    check = opened.entry.check
    if not opened.decidable:
        return visit.render(
            "centre/children_done.html",
            status=status,
            page_title="Заявление рассмотрено",
            row=row,
            approved=row.state is GuardianshipState.ACTIVE,
            has_account=opened.entry.has_account,
            centre=opened.at_desk.centre,
        )
    needed = papers_needed(row.card.relation)
    return visit.render(
        "centre/children.html",
        status=status,
        page_title=f"Заявление {row.number}",
        form=typed,
        refusal=refusal,
        row=row,
        applicant=opened.guardian.name.formal,
        relation=RELATIONS[row.card.relation],
        registry=CHECKS[check.state] if check else "Запроса не было",
        child=_child_rows(row.card),
        certificate=_certificate_rows(row.card),
        papers=[(paper.value, *words) for paper, words in PAPERS.items() if paper in needed],
        reasons=[(reason.value, words) for reason, words in REFUSALS.items()],
        address=f"/centre/children/{row.id}",
    )


def _child_rows(card: Card) -> list[tuple[str, str]]:
    return [
        ("Фамилия, имя, отчество", card.name.formal),
        ("Дата рождения", worded_date(card.birth_date)),
        ("Пол", "женский" if card.sex == "F" else "мужской"),
        ("СНИЛС", card.snils.formatted()),
        ("Гражданство", CITIZENSHIPS.get(card.citizenship, card.citizenship)),
    ]


def _certificate_rows(card: Card) -> list[tuple[str, str]]:
    return [
        ("Серия и номер", card.certificate.formatted()),
        ("Кем выдано", card.issued_by),
        ("Дата выдачи", worded_date(card.issued_on)),
        ("Номер записи акта", card.act_number or ""),
        ("Дата записи акта", worded_date(card.act_date) if card.act_date else ""),
    ]


async def approve(visit: Visit) -> Response:
    opened = await _opened(visit)
    typed = Form(visit.typed)
    if not opened.decidable:
        return visit.redirect(visit.path)
    seen = frozenset(paper for paper in Paper if typed.typed[f"papers-{paper}"] == "1")
    note = _note(typed)
    if note is None:
        return _page(visit, opened, typed, Form(), 422)
    try:
        async with visit.tx.begin_nested():
            row = await actions.approve(
                visit.tx,
                visit.house.vault,
                opened.at_desk,
                opened.entry.guardianship.id,
                seen,
                note,
                clock.now(),
                child_under=visit.house.settings.child_account_under,
            )
    except PapersMissing as missing:
        names = ", ".join(f"«{PAPERS[paper][0]}»" for paper in PAPERS if paper in missing.papers)
        typed.refuse("papers", f"Сверьте и отметьте: {names}. Если документа нет, откажите ниже")
        return _page(visit, opened, typed, Form(), 422)
    except TooOld:
        typed.refuse(
            "papers",
            f"Ребёнку уже {visit.house.settings.child_account_under} лет: учётную запись он создаёт сам, по паспорту. "
            "Откажите ниже",
        )
        return _page(visit, opened, typed, Form(), 409)
    except NeedsClerk:
        typed.refuse(
            "papers",
            "СНИЛС или свидетельство уже записаны за другим ребёнком. Сверьте их по цифрам: если в карточке опечатка, "
            "попросите заявителя исправить её и отправить снова",
        )
        return _page(visit, opened, typed, Form(), 409)
    except NotNow:
        return visit.redirect(visit.path)
    visit.tell("success", "Решение записано", "Заявителю отправлено письмо.")
    return visit.redirect(f"/centre/children/{row.id}")


async def refuse(visit: Visit) -> Response:
    opened = await _opened(visit)
    refusal, row = Form(visit.typed), opened.entry.guardianship
    if not opened.decidable:
        return visit.redirect(f"/centre/children/{row.id}")
    reasons = {one.value: one for one in RefusalReason}
    reason = refusal.take_choice("reason", reasons, missing="Выберите причину отказа")
    note = _note(refusal)
    if reason is RefusalReason.OTHER and not note:
        refusal.refuse("note", "Напишите причину: её увидит руководитель центра")
    if reason is None or note is None or refusal.errors:
        return _page(visit, opened, Form(), refusal, 422)
    try:
        await actions.refuse(visit.tx, visit.house.vault, opened.at_desk, row.id, reason, note, clock.now())
    except NotNow:
        return visit.redirect(f"/centre/children/{row.id}")
    visit.tell("success", "Отказ записан", "Заявителю отправлено письмо: что не так и что делать.")
    return visit.redirect("/centre")


def _note(typed: Form) -> str | None:
    """None with the sentence noted when it is too long."""
    note = typed.typed["note"].strip()
    if len(note) > LONGEST_NOTE:
        typed.refuse("note", f"Сократите до {LONGEST_NOTE} знаков")
        return None
    return note
