"""What the centre does when a day of a proposal has come. For the wiring."""

from typing import Any

from myschool.gosuslugi.centre import proposal_actions
from myschool.gosuslugi.centre.proposal_model import ProposalDue
from myschool.kit import clock
from myschool.kit.agenda import Work


async def proposal_due(work: Work[Any], event: ProposalDue) -> None:
    await proposal_actions.due(work.tx, work.ctx.vault, event, clock.now())
