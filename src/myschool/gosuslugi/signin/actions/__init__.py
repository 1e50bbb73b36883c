"""Who is signed in. The other use cases stand in their own rooms.

codes       six digits by letter or SMS, for any purpose
register    an account for somebody who has none
enter       password, then code, then a session
secrets     the password of an account: kept, changed, recovered
contacts    e-mail and telephone, and their change
identity    passport and СНИЛС on their way to the registers
"""

from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import NoSuchPerson, Person
from myschool.kit.web.errors import SignInRequired
from myschool.kit.web.visit import Visit


async def citizen(visit: Visit) -> Person:
    """Who is signed in; the receipt that every page above asks for. Raises SignInRequired."""
    try:
        return await people.signed_in(visit.tx, visit.house.vault, visit.person_id)
    except NoSuchPerson:
        raise SignInRequired from None
