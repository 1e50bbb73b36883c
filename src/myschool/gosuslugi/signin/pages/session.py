"""The session of who has just proved who they are."""

from datetime import datetime

from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.signin.model import STRANGERS_COMPUTER_MINUTES
from myschool.kit.web.visit import Visit

ON_THE_WAY = ("registration", "signing_in", "recovery")


def begin(visit: Visit, person: Person, now: datetime, *, strangers_computer: bool = False) -> None:
    """Under a new token; what lay in the session on the way here is forgotten, what an ended session kept is not."""
    for key in ON_THE_WAY:
        visit.session.pop(key)
    idle = STRANGERS_COMPUTER_MINUTES if strangers_computer else 0
    visit.session.sign_in(person.id, person.name.given_and_family, now, idle_minutes=idle)
