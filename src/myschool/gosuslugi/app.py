"""Госуслуги put together: the house with its name and band, and the pages of its slices."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from myschool.gosuslugi.centre import pages as centre
from myschool.gosuslugi.checks import api as checks
from myschool.gosuslugi.family import pages as family
from myschool.gosuslugi.family.actions.look import code_address
from myschool.gosuslugi.grants import pages as grants
from myschool.gosuslugi.operating import pages as operating
from myschool.gosuslugi.people import pages as people
from myschool.gosuslugi.people.model import ContactKind
from myschool.gosuslugi.provider import api as provider_api
from myschool.gosuslugi.provider import pages as provider
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.signin import devices
from myschool.gosuslugi.signin import pages as signin
from myschool.gosuslugi.signin.model import Judged, Outcome, Sending
from myschool.gosuslugi.signin.pages import contacts, identity, registration, security, words
from myschool.gosuslugi.signin.passwords import Overloaded, Passwords
from myschool.help import pages as help_pages
from myschool.kit import settings as configuration
from myschool.kit.db import Database
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web.app import build
from myschool.kit.web.forms import Form
from myschool.kit.web.house import House, NavItem
from myschool.kit.web.visit import Visit
from myschool.papers.filters import FILTERS

NAME = "Госуслуги · песочница"
BAND = "Песочница. Это не портал Госуслуг, не вводите настоящие данные"
FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"


def house(settings: Settings, db: Database, vault: Vault) -> House:
    """The band stands on every page in every mode: this house is never the state's portal."""
    return House(
        key="gosuslugi",
        name=NAME,
        band=BAND,
        origin=settings.gosuslugi_url,
        settings=settings,
        db=db,
        vault=vault,
        folder=FOLDER,
        nav=nav,
        filters=FILTERS,
        more_templates={"help": help_pages.TEMPLATES},
    )


SECTIONS = (
    ("/", "Главная"),
    ("/family", "Семья и дети"),
    ("/profile", "Данные и документы"),
    ("/access", "Согласия и доступы"),
    ("/security", "Безопасность"),
)


def nav(visit: Visit) -> list[NavItem]:
    if not visit.signed_in:
        return []
    here = visit.path

    def is_here(href: str) -> bool:
        return here == href or (href != "/" and here.startswith(f"{href}/"))

    return [NavItem(href, words, is_here(href)) for href, words in SECTIONS]


def routes(passwords: Passwords, keys: ProviderKeys) -> list[BaseRoute]:
    lent = Lent(passwords)
    return [
        *people.routes([identity.card, family.card, centre.card, operating.card]),
        *checks.routes(),
        *signin.routes(passwords, code_address, provider.leads_to),
        *family.routes(lent),
        *grants.routes(),
        *centre.routes(lent.hashed),
        *operating.routes(),
        *provider.routes(keys),
        *provider_api.routes(keys),
        *help_pages.routes(),
    ]


class Lent:
    """What sign-in lends to the dialog in which a parent makes a child's account: `family.pages.lent`."""

    password_hint = words.PASSWORD_HINT
    outcomes: Mapping[Outcome, str] = security.OUTCOMES
    taken: Mapping[ContactKind, str] = contacts.TAKEN

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    def device(self, agent: str) -> str:
        return devices.worded(agent)

    async def take_code(
        self, form: Form, enter: Callable[[str], Awaitable[Judged]], resend: Callable[[], Awaitable[Sending]]
    ) -> bool:
        return await words.take_code(form, enter, resend)

    def tell_resent(self, visit: Visit, sending: Sending) -> None:
        words.tell_resent(visit, sending)

    def take_new_password(self, form: Form, about: Sequence[str]) -> str | None:
        return registration.take_new_password(form, list(about))

    async def hashed(self, password: str) -> str | None:
        try:
            return await self._passwords.hashed(password)
        except Overloaded:
            return None


def create() -> Starlette:
    settings = configuration.read()
    prepare_process(settings, "gosuslugi")
    shown = routes(Passwords(), ProviderKeys.of(settings.gosuslugi_url))
    return build(house(settings, open_database(settings, "gosuslugi"), open_vault(settings)), shown)
