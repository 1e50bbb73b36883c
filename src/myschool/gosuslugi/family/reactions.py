"""What the family does when a check below was decided or moved. For the house's wiring."""

from typing import Any

from myschool.gosuslugi.checks.model import CheckDecided, CheckMoved
from myschool.gosuslugi.family.actions import settling
from myschool.kit import clock
from myschool.kit.agenda import Work


async def check_decided(work: Work[Any], event: CheckDecided) -> None:
    await settling.settle(work.tx, work.ctx.vault, event, clock.now())


async def check_moved(work: Work[Any], event: CheckMoved) -> None:
    await settling.hear(work.tx, work.ctx.vault, event, clock.now())
