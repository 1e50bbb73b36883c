"""The check that pages of operators begin with."""

from uuid import UUID

from myschool.kit.web.errors import Forbidden
from myschool.kit.web.visit import Visit
from myschool.portal.operators import actions
from myschool.portal.operators.model import NotOperator
from myschool.portal.signin import actions as signin


async def checked(visit: Visit) -> UUID:
    """The operator who is signed in. Raises SignInRequired, Forbidden."""
    person = await signin.person(visit)
    try:
        return (await actions.operator_of(visit.tx, visit.house.vault, person)).person_id
    except NotOperator:
        raise Forbidden("Этот раздел открыт только операторам портала.") from None
