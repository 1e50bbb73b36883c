"""What joining does when the directory changed. For the house's wiring."""

from typing import Any

from myschool.kit import clock
from myschool.kit.agenda import Work
from myschool.portal.joining.actions import follow
from myschool.portal.schools.model import SchoolLiquidated, SchoolReorganised


async def school_reorganised(work: Work[Any], event: SchoolReorganised) -> None:
    await follow.school_reorganised(work.tx, event, clock.now())


async def school_liquidated(work: Work[Any], event: SchoolLiquidated) -> None:
    await follow.school_liquidated(work.tx, event, clock.now())
