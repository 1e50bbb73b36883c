"""«Моя школа» put together: the house with its name and band, and the pages of its slices."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from myschool.help import pages as help_pages
from myschool.kit import settings as configuration
from myschool.kit.db import Database
from myschool.kit.opening import open_database, open_vault, prepare_process
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web import agenda_pages
from myschool.kit.web.app import build
from myschool.kit.web.house import House, NavItem
from myschool.kit.web.visit import Visit
from myschool.papers.filters import FILTERS
from myschool.portal.consents import pages as consents
from myschool.portal.content import pages as content
from myschool.portal.joining import pages as joining
from myschool.portal.joining import words as joining_words
from myschool.portal.operators import pages as operators
from myschool.portal.schools import api as schools_api
from myschool.portal.schools import operator_pages as schools_operator
from myschool.portal.schools import pages as schools
from myschool.portal.schools.actions import Directory
from myschool.portal.signin import awaiting, gateway, home
from myschool.portal.signin import pages as signin
from myschool.portal.signin.family_pages import FamilyPages
from myschool.portal.signin.gateway import Esia
from myschool.portal.signin.home import HomeCard
from myschool.portal.signin.keys import ClientKeys

NAME = "Моя школа"
BAND = "Песочница. Не вводите настоящие данные"
FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"


def house(settings: Settings, db: Database, vault: Vault) -> House:
    return House(
        key="portal",
        name=NAME,
        band=BAND if settings.sandbox else "",
        origin=settings.portal_url,
        settings=settings,
        db=db,
        vault=vault,
        folder=FOLDER,
        nav=nav,
        filters={**FILTERS, "profile_name": joining_words.profile_name},
        more_templates={"help": help_pages.TEMPLATES},
    )


HOME_CARDS: list[HomeCard] = [
    consents.card,
    *joining.CARDS,
    content.card,
]
"""What the slices put on the main page, in its order."""


def nav(visit: Visit) -> list[NavItem]:
    signin.leads_to_esia(visit)
    if not visit.signed_in:
        return []
    sections = {"/": "Главная", "/cabinet": "Личный кабинет", "/platforms": "Платформы", "/consents": "Согласия"}
    if awaiting.is_awaiting(visit):
        sections = {"/": "Главная", "/platforms": "Платформы"}
    if visit.session.get(joining.ADMINISTERS):
        sections["/school"] = "Заявки школы"
    return [NavItem(href, words, _is_in(visit.path, href)) for href, words in sections.items()]


def _is_in(path: str, section: str) -> bool:
    """Pages below a section belong to it; only the main page stands for itself."""
    return path == section or (section != "/" and path.startswith(f"{section}/"))


def routes(settings: Settings, esia: Esia) -> list[BaseRoute]:
    keys, directory = ClientKeys(settings), Directory()
    family_pages = FamilyPages(esia, keys)
    return [
        *home.routes(HOME_CARDS),
        *signin.routes(esia, keys),
        *consents.routes(family_pages),
        *schools_api.routes(directory),
        *schools.routes(directory),
        *schools_operator.routes(directory, operators.checked),
        *agenda_pages.routes(operators.actor, operators.WORK),
        *joining.routes(directory, family_pages),
        *content.routes(family_pages),
        *help_pages.routes(),
    ]


def create() -> Starlette:
    settings = configuration.read()
    prepare_process(settings, "portal")
    return build(
        house(settings, open_database(settings, "portal"), open_vault(settings)),
        routes(settings, gateway.connect(settings)),
    )
