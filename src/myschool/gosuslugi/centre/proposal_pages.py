"""The list of what waits for a second clerk, and the second look itself."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import proposal_actions as actions
from myschool.gosuslugi.centre.actions import clerk
from myschool.gosuslugi.centre.children_words import MATTERS, PAPERS, RELATIONS, STATES, child_rows
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import (
    AlreadyDecided,
    Matter,
    OtherCentre,
    OwnFamily,
    Proposal,
    ProposalState,
    SameClerk,
)
from myschool.gosuslugi.family.actions import papers, suspending
from myschool.gosuslugi.family.model import FamilyRefused, Guardianship, NotYours
from myschool.gosuslugi.people import actions as people
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form, get, post
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW, short_date, worded_date, worded_moment

BACK = Way("/centre/waiting", "К списку")
LONGEST_COMMENT = 500
CARE = (
    "Права на этого ребёнка приостановлены, прекращены или семья под защитой. Свидетельства о рождении мало: "
    "нужно решение суда или органа опеки"
)

NO_LETTERS = "Писем об этом мы не отправляем."
TOLD = {
    Matter.GUARDIAN_DIED: NO_LETTERS,
    Matter.CHILD_DIED: NO_LETTERS,
    Matter.UNPROTECT: "Права других представителей возвращайте по их заявлениям, по одному.",
}

STATES_OF_PROPOSAL = {
    ProposalState.WAITING: "Ждёт второго сотрудника",
    ProposalState.CONFIRMED: "Подтверждено",
    ProposalState.RETURNED: "Возвращено",
    ProposalState.LAPSED: "Закрыто: никто не посмотрел в срок",
}


def routes() -> list[Route]:
    return [
        get("/centre/waiting", waiting),
        form("/centre/waiting/{id:uuid}", show, confirm),
        post("/centre/waiting/{id:uuid}/return", send_back),
    ]


async def waiting(visit: Visit) -> Response:
    """Numbers, matters and days; names only inside."""
    at_desk, now = await clerk(visit), clock.now()
    found = await actions.waiting(visit.tx, visit.house.vault, at_desk)
    return visit.render(
        "centre/waiting.html",
        page_title="Ждут второго сотрудника",
        centre=at_desk.centre,
        proposals=[
            {
                "id": one.id,
                "number": one.number,
                "matter": MATTERS[one.matter],
                "since": worded_moment(one.at, now, MOSCOW),
                "until": worded_moment(one.ends_at if one.is_overdue(now) else one.due_at, now, MOSCOW),
                "late": one.is_overdue(now),
                "mine": one.clerk_id == at_desk.person_id,
            }
            for one in found
        ],
    )


async def _looked(visit: Visit) -> tuple[Clerk, Proposal, Guardianship]:
    at_desk = await clerk(visit)
    try:
        return at_desk, *await actions.look(visit.tx, visit.house.vault, at_desk, visit.path_id("id"))
    except (NotYours, OtherCentre):
        words = "Возможно, его уже решили, или им занимается другой центр."
        raise Refusal("Такого предложения у вашего центра нет", words, status=404, ways=(BACK,)) from None
    except OwnFamily:
        words = "Решение о вашей семье принимает другой сотрудник."
        raise Refusal("Это дело вашей семьи", words, status=403, ways=(BACK,)) from None


async def show(visit: Visit) -> Response:
    return await _page(visit, *await _looked(visit), Form(visit.typed))


async def _page(
    visit: Visit, at_desk: Clerk, made: Proposal, row: Guardianship, typed: Form, status: int = 200
) -> Response:
    now = clock.now()
    guardian = await people.by_id(visit.tx, visit.house.vault, row.guardian_id)
    first = await people.by_id(visit.tx, visit.house.vault, made.clerk_id)
    return visit.render(
        "centre/second_look.html",
        status=status,
        page_title=f"Заявление {made.number}",
        form=typed,
        made=made,
        matter=MATTERS[made.matter],
        state=STATES_OF_PROPOSAL[made.state],
        waits=made.state is ProposalState.WAITING,
        mine=made.clerk_id == at_desk.person_id,
        first=first.name.initials,
        since=worded_moment(made.at, now, MOSCOW),
        until=worded_moment(made.ends_at if made.is_overdue(now) else made.due_at, now, MOSCOW),
        decided=await _by_whom(visit, made),
        others=await _others(visit, made, row),
        facts=[
            ("Заявитель", guardian.name.formal),
            ("Кто ребёнку", RELATIONS[row.card.relation]),
            ("Сейчас", STATES[row.state]),
            *([("Внимание", CARE)] if await papers.needs_care(visit.tx, visit.house.vault, row) else []),
            *child_rows(row.card),
        ],
        papers=[
            [
                PAPERS[one.paper],
                one.number,
                short_date(one.issued_on) if one.issued_on else "нет",
                one.issued_by or "нет",
            ]
            for one in made.content.papers
        ],
        term=worded_date(made.content.until) if made.content.until else "",
        note=made.content.note,
        address=f"/centre/waiting/{made.id}",
    )


async def _by_whom(visit: Visit, made: Proposal) -> str:
    """For a colleague whose form came second: who decided and when."""
    if made.decided_at is None:
        return ""
    moment = worded_moment(made.decided_at, clock.now(), MOSCOW)
    if made.decided_by is None:
        return moment
    return f"{(await people.by_id(visit.tx, visit.house.vault, made.decided_by)).name.initials}, {moment}"


async def _others(visit: Visit, made: Proposal, row: Guardianship) -> list[list[str]]:
    """Whom it may touch, as who they are to the child: no name, no contact."""
    if made.matter is Matter.PAPERS or row.child_id is None:
        return []
    known = await suspending.of_child(visit.tx, visit.house.vault, row.child_id)
    return [[RELATIONS[one.card.relation], STATES[one.state]] for one in known if one.id != row.id]


async def confirm(visit: Visit) -> Response:
    at_desk, made, row = await _looked(visit)
    house, typed = visit.house, Form(visit.typed)
    if typed.typed["looked"] != "1" and made.state is ProposalState.WAITING:
        typed.refuse("looked", "Отметьте, что сверили документы сами")
        return await _page(visit, at_desk, made, row, typed, 422)
    try:
        async with visit.tx.begin_nested():
            under = house.settings.child_account_under
            await actions.confirm(visit.tx, house.vault, at_desk, made.id, clock.now(), child_under=under)
    except AlreadyDecided:
        return _too_late(visit, made)
    except SameClerk:
        raise _not_the_first() from None
    except FamilyRefused:
        typed.refuse("", "Пока предложение ждало, заявление изменилось. Верните предложение: его внесут заново")
        return await _page(visit, at_desk, made, row, typed, 409)
    visit.tell("success", "Решение принято", TOLD.get(made.matter, "Тем, кого оно касается, отправлены письма."))
    return visit.redirect("/centre/waiting")


async def send_back(visit: Visit) -> Response:
    at_desk, made, row = await _looked(visit)
    typed = Form(visit.typed)
    comment = typed.typed["comment"].strip()
    if not comment and made.state is ProposalState.WAITING:
        typed.refuse("comment", "Напишите, что не так: это прочитает первый сотрудник")
    if len(comment) > LONGEST_COMMENT:
        typed.refuse("comment", f"Сократите до {LONGEST_COMMENT} знаков")
    if typed.errors:
        return await _page(visit, at_desk, made, row, typed, 422)
    try:
        await actions.send_back(visit.tx, visit.house.vault, at_desk, made.id, comment, clock.now())
    except AlreadyDecided:
        return _too_late(visit, made)
    except SameClerk:
        raise _not_the_first() from None
    visit.tell("success", "Предложение возвращено", "Первый сотрудник получит письмо с вашим пояснением.")
    return visit.redirect("/centre/waiting")


def _too_late(visit: Visit, made: Proposal) -> Response:
    visit.tell("important", "Это уже решено", "Ваш ответ не записан. Кто и когда решил, видно ниже.")
    return visit.redirect(f"/centre/waiting/{made.id}")


def _not_the_first() -> Refusal:
    words = "Своё предложение не подтверждают: нужен другой сотрудник вашего центра."
    return Refusal("Здесь нужен второй сотрудник", words, status=403, ways=(BACK,))
