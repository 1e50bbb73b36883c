"""The pages of this slice, put together."""

from starlette.routing import Route

from myschool.gosuslugi.signin.actions.enter import AddressOf, own_address
from myschool.gosuslugi.signin.pages import contacts, entrance, identity, recovery, registration, security
from myschool.gosuslugi.signin.passwords import Passwords


def routes(passwords: Passwords, address_of: AddressOf = own_address) -> list[Route]:
    """`address_of`: where the second factor of a person goes."""
    return [
        *registration.routes(passwords),
        *entrance.routes(passwords, address_of),
        *recovery.routes(passwords),
        *security.routes(passwords),
        *contacts.routes(),
        *identity.routes(),
    ]
