"""The check that pages of operators begin with."""

from uuid import UUID

from myschool.kit.web.errors import Forbidden
from myschool.kit.web.visit import Visit
from myschool.portal.operators import actions
from myschool.portal.operators.model import NotOperator
from myschool.portal.signin import actions as signin

WORK = {
    "kit.letter": "Письмо или СМС",
    "joining.request_due": "Срок заявки",
    "content.launch_due": "Срок перехода на платформу",
}
"""What kinds of work are called on «Недоставленное»; the others stand there under their own names."""


async def actor(visit: Visit) -> str:
    """As the journal names the operator who is signed in. Raises SignInRequired, Forbidden."""
    return f"operator:{await checked(visit)}"


async def checked(visit: Visit) -> UUID:
    """The operator who is signed in. Raises SignInRequired, Forbidden."""
    person = await signin.person(visit)
    try:
        return (await actions.operator_of(visit.tx, visit.house.vault, person)).person_id
    except NotOperator:
        raise Forbidden("Этот раздел открыт только операторам портала.") from None
