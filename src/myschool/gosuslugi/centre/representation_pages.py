"""«Изменить представительство»: what changed, on which paper; a second clerk decides."""

from starlette.responses import Response
from starlette.routing import Route

from myschool.gosuslugi.centre import proposal_actions as proposals
from myschool.gosuslugi.centre.children_fields import take_order
from myschool.gosuslugi.centre.children_pages import Opened, note_of, opened_here
from myschool.gosuslugi.centre.children_words import MATTERS, PAPERS, RELATIONS, STATES
from myschool.gosuslugi.centre.proposal_model import PAPER_OF, Content, Matter, WaitsAlready
from myschool.gosuslugi.centre.representation_actions import possible
from myschool.gosuslugi.family.actions import suspending
from myschool.gosuslugi.family.papers_model import SeenPaper
from myschool.kit import clock
from myschool.kit.web.errors import Refusal, Way
from myschool.kit.web.forms import Form
from myschool.kit.web.routing import form
from myschool.kit.web.visit import Visit
from myschool.papers.dates import MOSCOW


def routes() -> list[Route]:
    return [form("/centre/children/{id:uuid}/change", show, propose)]


async def show(visit: Visit) -> Response:
    opened = await _opened(visit)
    await proposals.note_opening(visit.tx, visit.house.vault, opened.at_desk, opened.entry.guardianship, others=True)
    return await _page(visit, opened, Form(visit.typed))


async def _opened(visit: Visit) -> Opened:
    opened = await opened_here(visit)
    row = opened.entry.guardianship
    if not possible(row) or opened.proposal is not None:
        words = "Права ещё не действуют, уже закрыты, или предложение ждёт второго сотрудника."
        way = Way(f"/centre/children/{row.id}", "К заявлению")
        raise Refusal("Сейчас менять нечего", words, status=409, ways=(way,))
    return opened


async def _page(visit: Visit, opened: Opened, typed: Form, status: int = 200) -> Response:
    """Of the child's other representatives: who they are to the child and how it stands, no name and no contact."""
    row = opened.entry.guardianship
    known = await suspending.of_child(visit.tx, visit.house.vault, row.child_id) if row.child_id else []
    return visit.render(
        "centre/change.html",
        status=status,
        page_title="Изменить представительство",
        form=typed,
        row=row,
        applicant=opened.guardian.name.formal,
        relation=RELATIONS[row.card.relation],
        state=STATES[row.state],
        others=[[RELATIONS[one.card.relation], STATES[one.state]] for one in known if one.id != row.id],
        matters=[(one.value, MATTERS[one], f"Нужен документ: {PAPERS[PAPER_OF[one]]}") for one in possible(row)],
        address=f"/centre/children/{row.id}/change",
    )


async def propose(visit: Visit) -> Response:
    opened = await _opened(visit)
    row, typed, now = opened.entry.guardianship, Form(visit.typed), clock.now()
    offered = {one.value: one for one in possible(row)}
    matter = typed.take_choice("matter", offered, missing="Выберите, что изменилось")
    paper = PAPER_OF[matter or Matter.DISPUTE]
    order = take_order(typed, paper, now.astimezone(MOSCOW).date())
    note = note_of(typed)
    if order is not None and order.until and matter is not Matter.COURT_SUSPENDS:
        typed.refuse("order_until", "Срок указывают, только когда суд приостановил права")
    if matter is None or order is None or note is None or typed.errors:
        return await _page(visit, opened, typed, 422)
    seen = SeenPaper(order.paper, order.number, order.issued_on, order.issued_by)
    content = Content([seen], note, order.until)
    try:
        async with visit.tx.begin_nested():
            await proposals.propose(visit.tx, visit.house.vault, opened.at_desk, row, matter, content, now)
    except WaitsAlready:
        return visit.redirect(f"/centre/children/{row.id}")
    visit.tell("success", "Передано второму сотруднику", "Пока он не подтвердит, ничего не меняется.")
    return visit.redirect(f"/centre/children/{row.id}")
