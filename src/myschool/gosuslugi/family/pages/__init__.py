"""The pages of «Семья и дети», put together."""

from starlette.routing import Route

from myschool.gosuslugi.family.pages import (
    account,
    adding,
    agreements,
    cards,
    manage,
    manage_contacts,
    representing,
    second_way,
)
from myschool.gosuslugi.family.pages.cards import main_card as card
from myschool.gosuslugi.family.pages.lent import Lent

__all__ = ["card", "routes"]


def routes(lent: Lent) -> list[Route]:
    """`lent`: the code field and the new password, as sign-in has them."""
    return [
        *adding.routes(),
        *second_way.routes(),
        *account.routes(lent),
        *manage.routes(lent),
        *manage_contacts.routes(lent),
        *agreements.routes(),
        *representing.routes(),
        *cards.routes(),
    ]
