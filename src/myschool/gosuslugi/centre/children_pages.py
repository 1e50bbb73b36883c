"""The clerk's screens for a parent who came with papers about a child («Способ №2»)."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import account_actions as accounts
from myschool.gosuslugi.centre import children_actions as actions
from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre import representation_actions as representation
from myschool.gosuslugi.centre.actions import clerk
from myschool.gosuslugi.centre.children_fields import order_of, take_read
from myschool.gosuslugi.centre.children_model import Compared
from myschool.gosuslugi.centre.children_words import (
    CHECKS,
    PAPERS,
    POINTS,
    REFUSALS,
    RELATIONS,
    certificate_rows,
    child_rows,
)
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import OwnFamily, Proposal, WaitsAlready
from myschool.gosuslugi.family.actions import papers
from myschool.gosuslugi.family.actions.at_desk import Desk
from myschool.gosuslugi.family.actions.look import Entry
from myschool.gosuslugi.family.actions.papers import DECIDABLE
from myschool.gosuslugi.family.model import GuardianshipState, NeedsClerk, NotNow, RefusalReason, TooOld
from myschool.gosuslugi.family.papers_model import Decided, needs_second_look
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, counted, worded_moment

OPEN = "centre_application"
BACK = Way("/centre/children", "К поиску заявления")
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Opened:
    at_desk: Clerk
    entry: Entry
    guardian: Person
    proposal: Proposal | None
    desk: Desk | None
    """Of an application in force: what can be done about the child's account."""
    decided: Decided | None

    @property
    def decidable(self) -> bool:
        waits_second = self.entry.guardianship.second_look_until is not None
        return self.entry.guardianship.state in DECIDABLE and not waits_second


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


async def opened_here(visit: Visit) -> Opened:
    """Only what was found by its number a moment ago: an address with an id opens nothing."""
    at_desk, vault = await clerk(visit), visit.house.vault
    guardianship_id = visit.path_id("id")
    found = visit.session.get(OPEN) == str(guardianship_id)
    entry = await actions.opened(visit.tx, vault, guardianship_id) if found else None
    if entry is None:
        words = "Заявление открывается только по номеру. Попросите номер и введите его."
        raise Refusal("Найдите заявление по номеру", words, status=403, ways=(BACK,))
    try:
        await actions.check_clerk(visit.tx, vault, at_desk, entry.guardianship)
    except OwnFamily:
        raise own_family() from None
    guardian = await people.by_id(visit.tx, vault, entry.guardianship.guardian_id)
    proposal = await proposals.waiting_for(visit.tx, vault, guardianship_id)
    decided = await papers.decided_of(visit.tx, guardianship_id)
    return Opened(at_desk, entry, guardian, proposal, await _desk(visit, entry), decided)


async def _desk(visit: Visit, entry: Entry) -> Desk | None:
    now = clock.now()
    if not entry.guardianship.in_force(now):
        return None
    return await accounts.look(visit.tx, visit.house.vault, entry.guardianship, now)


def own_family() -> Refusal:
    words = "Решение о вашей семье принимает другой сотрудник."
    return Refusal("Это ваше заявление", words, status=403, ways=(BACK,))


async def show(visit: Visit) -> Response:
    return await _page(visit, await opened_here(visit), Form(visit.typed), Form())


async def _page(
    visit: Visit,
    opened: Opened,
    typed: Form,
    refusal: Form,
    status: int = 200,
    compared: list[Compared] | None = None,
) -> Response:
    row, check = opened.entry.guardianship, opened.entry.check
    if not opened.decidable:
        return await _done(visit, opened, status)
    second = needs_second_look(row.card.relation)
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
        child=child_rows(row.card),
        certificate=certificate_rows(row.card),
        differing=[[POINTS[one.point], one.read, one.said] for one in compared or [] if not one.agrees],
        order=PAPERS[order_of(row.card)] if second else "",
        second=second,
        reasons=[(reason.value, words) for reason, words in REFUSALS.items()],
        address=f"/centre/children/{row.id}",
    )


async def _done(visit: Visit, opened: Opened, status: int) -> Response:
    row, now = opened.entry.guardianship, clock.now()
    waits, desk = opened.proposal, opened.desk
    return visit.render(
        "centre/children_done.html",
        status=status,
        page_title=f"Заявление {row.number}",
        row=row,
        relation=RELATIONS[row.card.relation],
        applicant=opened.guardian.name.formal,
        approved=row.state is GuardianshipState.ACTIVE,
        has_account=opened.entry.has_account,
        may_create=desk is not None and desk.may_create,
        hands_again=desk is not None and desk.may_hand_again,
        attaches=desk is not None and desk.may_attach,
        decided=await _by_whom(visit, opened.decided),
        waits=waits is not None,
        since=worded_moment(waits.at, now, MOSCOW) if waits else "",
        until=worded_moment(waits.due_at, now, MOSCOW) if waits else "",
        changes=bool(representation.possible(row)) and waits is None,
        address=f"/centre/children/{row.id}",
    )


async def _by_whom(visit: Visit, decided: Decided | None) -> str:
    """«Зайцева Л. Б. и Ильина В. О., 25 ноября в 10:00»: for the colleague whose form came second."""
    if decided is None:
        return ""
    names = await people.by_ids(visit.tx, visit.house.vault, decided.clerks)
    said = " и ".join(names[one].name.initials for one in decided.clerks if one in names)
    return f"{said}, {worded_moment(decided.at, clock.now(), MOSCOW)}"


async def approve(visit: Visit) -> Response:
    opened = await opened_here(visit)
    typed, now = Form(visit.typed), clock.now()
    row, house = opened.entry.guardianship, visit.house
    if not opened.decidable:
        return visit.redirect(visit.path)
    read = take_read(typed, row.card, now.astimezone(MOSCOW).date(), sandbox=house.settings.sandbox)
    note = note_of(typed)
    if read is None or note is None:
        return await _page(visit, opened, typed, Form(), 422)
    try:
        async with visit.tx.begin_nested():
            made = await actions.approve(
                visit.tx,
                house.vault,
                opened.at_desk,
                row,
                read,
                note,
                now,
                child_under=house.settings.child_account_under,
            )
    except actions.Differ as differ:
        wrong = sum(not one.agrees for one in differ.compared)
        typed.refuse("", f"Не сходится {counted(wrong, 'строка', 'строки', 'строк')}: смотрите таблицу")
        return await _page(visit, opened, typed, Form(), 422, differ.compared)
    except TooOld:
        typed.refuse("", "Ребёнку уже есть 18 лет: он решает за себя сам. Откажите ниже")
        return await _page(visit, opened, typed, Form(), 409)
    except NeedsClerk:
        typed.refuse(
            "",
            "СНИЛС или свидетельство уже записаны за другим ребёнком. Сверьте их по цифрам: если в карточке опечатка, "
            "попросите заявителя исправить её и отправить снова",
        )
        return await _page(visit, opened, typed, Form(), 409)
    except (NotNow, WaitsAlready):
        return visit.redirect(visit.path)
    if isinstance(made, Proposal):
        visit.tell("success", "Передано второму сотруднику", "Заявителю отправлено письмо: до какого дня ждать.")
    else:
        visit.tell("success", "Решение записано", "Заявителю отправлено письмо.")
    return visit.redirect(f"/centre/children/{row.id}")


async def refuse(visit: Visit) -> Response:
    opened = await opened_here(visit)
    refusal, row = Form(visit.typed), opened.entry.guardianship
    if not opened.decidable:
        return visit.redirect(f"/centre/children/{row.id}")
    reasons = {one.value: one for one in RefusalReason}
    reason = refusal.take_choice("reason", reasons, missing="Выберите причину отказа")
    note = note_of(refusal)
    if reason is RefusalReason.OTHER and not note:
        refusal.refuse("note", "Напишите причину: её увидит руководитель центра")
    if reason is None or note is None or refusal.errors:
        return await _page(visit, opened, Form(), refusal, 422)
    try:
        await actions.refuse(visit.tx, visit.house.vault, opened.at_desk, row, reason, note, clock.now())
    except NotNow:
        return visit.redirect(f"/centre/children/{row.id}")
    visit.tell("success", "Отказ записан", "Заявителю отправлено письмо: что не так и как подать снова.")
    return visit.redirect("/centre")


def note_of(typed: Form) -> str | None:
    """None with the sentence noted when it is too long."""
    note = typed.typed["note"].strip()
    if len(note) > LONGEST_NOTE:
        typed.refuse("note", f"Сократите до {LONGEST_NOTE} знаков")
        return None
    return note
