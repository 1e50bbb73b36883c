"""The pages of this slice, put together."""

from starlette.routing import Route

from myschool.gosuslugi.signin.actions.enter import AddressOf, own_address
from myschool.gosuslugi.signin.pages import (
    contacts,
    entrance,
    first_password,
    identity,
    recovery,
    registration,
    security,
)
from myschool.gosuslugi.signin.pages.entrance import LeadsTo, stays_here
from myschool.gosuslugi.signin.passwords import Passwords


def routes(passwords: Passwords, address_of: AddressOf = own_address, leads_to: LeadsTo = stays_here) -> list[Route]:
    """`address_of`: where the second factor of a person goes; `leads_to`: where the person goes after it."""
    return [
        *registration.routes(passwords),
        *entrance.routes(passwords, address_of, leads_to),
        *first_password.routes(passwords, leads_to),
        *recovery.routes(passwords),
        *security.routes(passwords),
        *contacts.routes(),
        *identity.routes(),
    ]
