"""What the family does when a check below was decided or moved, or a day of its own has come. For the wiring."""

from typing import Any

from myschool.gosuslugi.checks.model import CheckDecided, CheckMoved
from myschool.gosuslugi.family.actions import agreeing, deleting, handing, provisional, settling, timing, withdrawing
from myschool.gosuslugi.family.agreement_model import AgreementDue
from myschool.gosuslugi.family.model import DelegationDue, DeletionDue, GuardianshipDue
from myschool.gosuslugi.family.provisional_model import ProvisionalClosed, ProvisionalDue
from myschool.gosuslugi.people.model import LevelRaised
from myschool.kit import clock
from myschool.kit.agenda import Work


async def check_decided(work: Work[Any], event: CheckDecided) -> None:
    await settling.settle(work.tx, work.ctx.vault, event, clock.now())


async def check_moved(work: Work[Any], event: CheckMoved) -> None:
    await settling.hear(work.tx, work.ctx.vault, event, clock.now())


async def guardianship_due(work: Work[Any], event: GuardianshipDue) -> None:
    await timing.due(work.tx, work.ctx.vault, event, clock.now())


async def delegation_due(work: Work[Any], event: DelegationDue) -> None:
    await withdrawing.expire(work.tx, work.ctx.vault, event.delegation_id, clock.now())


async def deletion_due(work: Work[Any], event: DeletionDue) -> None:
    await deleting.carry_out(work.tx, work.ctx.vault, event.person_id, clock.now())


async def agreement_due(work: Work[Any], event: AgreementDue) -> None:
    await agreeing.due(work.tx, work.ctx.vault, event, clock.now())


async def level_raised(work: Work[Any], event: LevelRaised) -> None:
    now = clock.now()
    await handing.hand_over(work.tx, work.ctx.vault, event, now)
    await agreeing.account_appeared(work.tx, work.ctx.vault, event.person_id, now)


async def provisional_due(work: Work[Any], event: ProvisionalDue) -> None:
    await provisional.on_due(work.tx, work.ctx.vault, event.guardianship_id, clock.now())


async def provisional_closed(work: Work[Any], event: ProvisionalClosed) -> None:
    await provisional.tell_closed(work.tx, work.ctx.vault, event)
