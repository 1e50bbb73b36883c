"""What grants do when an account below is no more. For the house's wiring."""

from typing import Any

from myschool.gosuslugi.family.model import ChildAccountDeleted
from myschool.gosuslugi.grants import actions
from myschool.kit import clock
from myschool.kit.agenda import Work


async def account_deleted(work: Work[Any], event: ChildAccountDeleted) -> None:
    await actions.withdraw_all(work.tx, event.person_id, clock.now())
