"""One clerk proposes, another one of the same centre confirms or returns; what nobody looks at lapses with a letter."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from myschool.gosuslugi.centre import proposal_store as store
from myschool.gosuslugi.centre import representation_actions as representation
from myschool.gosuslugi.centre import store as clerks
from myschool.gosuslugi.centre.model import Clerk
from myschool.gosuslugi.centre.proposal_model import (
    Content,
    Matter,
    Proposal,
    ProposalDue,
    ProposalState,
    WaitsAlready,
    check_first,
    check_second,
    days_of,
)
from myschool.gosuslugi.family.actions import letters, papers, suspending
from myschool.gosuslugi.family.actions import look as look_at
from myschool.gosuslugi.family.model import Guardianship, NotNow, NotYours
from myschool.gosuslugi.family.papers_model import PaperDecision, SecondLookEnd
from myschool.gosuslugi.people.actions import chain_of
from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.papers.dates import MOSCOW, worded_day

SYSTEM = "system"
OPENED = "application:opened_by_clerk"


async def propose(
    tx: Tx,
    vault: Vault,
    clerk: Clerk,
    row: Guardianship,
    matter: Matter,
    content: Content,
    now: datetime,
) -> Proposal:
    """Raises OwnFamily, WaitsAlready, and for papers what `family.actions.papers.await_second` raises."""
    check_first(clerk, await concerned(tx, vault, row))
    remind, due, ends = days_of(now)
    waiting = ProposalState.WAITING
    made = Proposal(
        new_id(), row.id, row.number, matter, clerk.person_id, clerk.centre, now, due, ends, waiting, content
    )
    if not await store.add(tx, vault, made):
        raise WaitsAlready
    if matter is Matter.PAPERS:
        await papers.await_second(tx, vault, decision_of(made, None), ends, now)
    for at in (remind, due, ends):
        await agenda.put(tx, ProposalDue(proposal_id=made.id), due_at=at)
    await _note(tx, made, row, "proposal:made", clerk.actor)
    return made


async def confirm(
    tx: Tx, vault: Vault, clerk: Clerk, proposal_id: UUID, now: datetime, *, child_under: int
) -> Proposal:
    """The proposal becomes a decision, once. Raises NotYours, what `check_second` and the deed itself raise."""
    made, row = await _locked(tx, vault, clerk, proposal_id)
    await store.close(tx, vault, made.id, ProposalState.CONFIRMED, clerk.person_id, "", now)
    await _note(tx, made, row, "proposal:confirmed", clerk.actor)
    if made.matter is Matter.PAPERS:
        if row.second_look_until is None:
            raise NotNow(row.id, row.state)
        decision = replace(decision_of(made, clerk.person_id), at=now)
        await papers.decide(tx, vault, decision, now, child_under=child_under)
    else:
        await papers.keep_evidence(tx, vault, row.id, made.content.papers, now, actor=f"clerk:{made.clerk_id}")
        await representation.carry_out(tx, vault, row, made.matter, made.content.until, now, actor=clerk.actor)
    return made


async def send_back(tx: Tx, vault: Vault, clerk: Clerk, proposal_id: UUID, comment: str, now: datetime) -> Proposal:
    """The second clerk does not agree; the first one reads why. Raises NotYours and what `check_second` raises."""
    made, row = await _locked(tx, vault, clerk, proposal_id)
    await store.close(tx, vault, made.id, ProposalState.RETURNED, clerk.person_id, comment, now)
    await _note(tx, made, row, "proposal:returned", clerk.actor)
    if made.matter is Matter.PAPERS:
        await papers.end_second_look(tx, vault, row.id, SecondLookEnd.RETURNED, now, actor=clerk.actor)
    subject = f"Заявление {made.number}: второй сотрудник не согласен"
    text = f"ваше предложение по заявлению {made.number} возвращено. Пояснение: {comment or 'нет'}."
    await letters.write(tx, vault, made.clerk_id, subject, text)
    return made


async def due(tx: Tx, vault: Vault, event: ProposalDue, now: datetime) -> None:
    """A day has come: colleagues are reminded, or it lapses."""
    made = await store.load(tx, vault, event.proposal_id, for_update=True)
    if made is None or made.state is not ProposalState.WAITING:
        return
    if now < made.ends_at:
        await _remind(tx, vault, made, now)
        return
    await store.close(tx, vault, made.id, ProposalState.LAPSED, None, "", now)
    row = await papers.application(tx, vault, made.guardianship_id)
    if row is not None:
        await _note(tx, made, row, "proposal:lapsed", SYSTEM)
    await papers.end_second_look(tx, vault, made.guardianship_id, SecondLookEnd.LAPSED, now, actor=SYSTEM)
    words = f"предложение по заявлению {made.number} никто не посмотрел в срок, оно закрыто. Внесите его снова."
    await letters.write(tx, vault, made.clerk_id, f"Заявление {made.number}: срок прошёл", words)


async def _remind(tx: Tx, vault: Vault, made: Proposal, now: datetime) -> None:
    late = made.is_overdue(now)
    until = worded_day(((made.ends_at if late else made.due_at).astimezone(MOSCOW) - timedelta(seconds=1)).date())
    subject = f"Заявление {made.number} ждёт второго сотрудника"
    text = (
        f"срок по заявлению {made.number} прошёл. Посмотрите его не позднее {until}, потом оно закроется."
        if late
        else f"заявление {made.number} ждёт второго сотрудника. Посмотрите его не позднее {until}."
    )
    for one in await clerks.colleagues(tx, Clerk(made.clerk_id, made.centre)):
        await letters.write(tx, vault, one.person_id, subject, text)


async def waiting(tx: Tx, vault: Vault, clerk: Clerk) -> list[Proposal]:
    """Of the clerk's centre, whose day comes first stands first; the own ones too."""
    return await store.waiting(tx, vault, clerk.centre)


async def waiting_for(tx: Tx, vault: Vault, guardianship_id: UUID) -> Proposal | None:
    return await store.waiting_for(tx, vault, guardianship_id)


async def look(tx: Tx, vault: Vault, clerk: Clerk, proposal_id: UUID) -> tuple[Proposal, Guardianship]:
    """The opening is journaled for everybody whom it concerns. Raises NotYours, OtherCentre, OwnFamily."""
    made = await store.load(tx, vault, proposal_id)
    row = await papers.application(tx, vault, made.guardianship_id) if made else None
    if made is None or row is None:
        raise NotYours
    known = await concerned(tx, vault, row)
    if made.state is ProposalState.WAITING and clerk.person_id != made.clerk_id:
        check_second(clerk, made, known)
    elif clerk.centre != made.centre:
        raise NotYours
    check_first(clerk, known)
    await note_opening(tx, vault, clerk, row, others=made.matter is not Matter.PAPERS)
    return made, row


async def note_opening(tx: Tx, vault: Vault, clerk: Clerk, row: Guardianship, *, others: bool = False) -> None:
    """For the applicant and for the child; `others`: what the page tells of them, too, so they read of it as well.

    They read neither the number nor the centre: from these one would learn where the other one lives.
    """
    facts = {"centre": clerk.centre, "number": row.number}
    await journal.write(tx, chain_of(row.guardian_id), OPENED, actor=clerk.actor, facts=facts)
    child = (await look_at.entry_of(tx, vault, row)).child
    if child is None:
        return
    known = await suspending.of_child(tx, vault, child.id) if others else []
    adults = dict.fromkeys(one.guardian_id for one in known if one.guardian_id != row.guardian_id)
    for person_id in [*adults, *([child.person_id] if child.person_id else [])]:
        await journal.write(tx, chain_of(person_id), OPENED, actor=clerk.actor)


async def concerned(tx: Tx, vault: Vault, row: Guardianship) -> Collection[UUID]:
    """Who must not decide: everybody who represents or represented this child, and the child.

    Of an application that nobody has settled yet, too: the child is known by another one.
    """
    child_id, others = await suspending.family_meant(tx, vault, row)
    known = {row.guardian_id, *(one.guardian_id for one in others)}
    return known | {child_id} if child_id is not None else known


def decision_of(made: Proposal, confirmed_by: UUID | None) -> PaperDecision:
    until = made.content.until
    ends = datetime(until.year, until.month, until.day, tzinfo=MOSCOW) + timedelta(days=1) if until else None
    return PaperDecision(
        made.guardianship_id,
        made.clerk_id,
        made.content.kinds,
        made.content.note,
        made.at,
        confirmed_by=confirmed_by,
        seen=made.content.papers,
        until=ends,
    )


async def _locked(tx: Tx, vault: Vault, clerk: Clerk, proposal_id: UUID) -> tuple[Proposal, Guardianship]:
    made = await store.load(tx, vault, proposal_id, for_update=True)
    row = await papers.application(tx, vault, made.guardianship_id) if made else None
    if made is None or row is None:
        raise NotYours
    check_second(clerk, made, await concerned(tx, vault, row))
    return made, row


async def _note(tx: Tx, made: Proposal, row: Guardianship, tag: str, actor: str) -> None:
    """For the applicant and for the clerk; of protected matters the applicant reads only that something was done."""
    facts = {"number": made.number, "centre": made.centre}
    await journal.write(tx, chain_of(row.guardian_id), tag, actor=actor, facts=facts)
    await journal.write(tx, chain_of(made.clerk_id), tag, actor=actor, facts=facts | {"matter": made.matter.value})
