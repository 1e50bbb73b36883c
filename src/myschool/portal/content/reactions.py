"""What ЦОК does when something below changed, and when a launch is due. For the house's wiring."""

from typing import Any

from myschool.kit import clock
from myschool.kit.agenda import Work
from myschool.portal.consents.model import ConsentGiven, ConsentWithdrawn
from myschool.portal.content.actions import entitling, launching
from myschool.portal.content.model import LaunchDue
from myschool.portal.joining.model import MembershipEnded, RequestApproved


async def request_approved(work: Work[Any], event: RequestApproved) -> None:
    await entitling.grant_entitlements(work.tx, work.ctx.vault, event.person_id, clock.now())


async def settle(work: Work[Any], event: MembershipEnded | ConsentGiven | ConsentWithdrawn) -> None:
    await entitling.settle_entitlements(work.tx, work.ctx.vault, event.person_id, clock.now())


async def launch_due(work: Work[Any], event: LaunchDue) -> None:
    await launching.on_launch_due(work.tx, event, clock.now())
