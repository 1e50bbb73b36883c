"""Both houses in one process, a wire between them, people in the identity house, and a browser without a screen."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from myschool.esia.claims import issuer_of
from myschool.esia.requests import Client
from myschool.gosuslugi import app as gosuslugi_app
from myschool.gosuslugi.family.actions import suspending
from myschool.gosuslugi.family.model import (
    ALL_RIGHTS,
    Basis,
    Card,
    Guardianship,
    GuardianshipState,
    Relation,
    SuspendReason,
)
from myschool.gosuslugi.family.store import guardianships as family_store
from myschool.gosuslugi.grants import pages as grants_pages
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Level, Move, Particulars, Person, Sex
from myschool.gosuslugi.provider import api as provider_api
from myschool.gosuslugi.provider import keys as provider_keys
from myschool.gosuslugi.provider import pages as provider_pages
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.tables import metadata as gosuslugi_tables
from myschool.kit import clock, letters
from myschool.kit import settings as configuration
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.kit.keyring import NewKey
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web import sessions
from myschool.kit.web.app import build
from myschool.kit.web.house import House
from myschool.kit.web.sessions import Session
from myschool.papers.certificates import CertificateKind
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Phone, Snils
from myschool.portal import app as portal_app
from myschool.portal.consents import pages as consents_pages
from myschool.portal.joining.pages import children as children_pages
from myschool.portal.signin import home
from myschool.portal.signin import keys as portal_keys
from myschool.portal.signin import pages as signin_pages
from myschool.portal.signin.family_pages import FamilyPages
from myschool.portal.signin.gateway import HttpEsia
from myschool.portal.signin.keys import ClientKeys, ProviderCertificates
from myschool.portal.tables import metadata as portal_tables
from myschool.staging import systems
from tests.conftest import MakeDb

PORTAL = "https://portal.test"
ESIA = "https://esia.test"


@dataclass
class Houses:
    """`post` holds what letters and SMS were put for sending, in order."""

    gosuslugi: House
    portal: House
    apps: Mapping[str, Starlette]
    esia: HttpEsia
    client_keys: ClientKeys
    provider_keys: ProviderKeys
    wire: httpx.AsyncClient
    _born: int = 0
    _browsers: list["Browser"] = field(default_factory=list)

    def browser(self) -> "Browser":
        made = Browser(self)
        self._browsers.append(made)
        return made

    async def client(self) -> Client:
        """The portal as a system of ESIA, with its private key."""
        return await self.portal.db.run(lambda tx: self.client_keys.load(tx, self.portal.vault))

    async def person(
        self, level: Level = Level.CONFIRMED, *, born: date = date(1988, 3, 17), name: FullName | None = None
    ) -> Person:
        """A citizen of this level; a simplified one has neither papers nor birth date."""
        self._born += 1
        full = name or FullName("Смирнова", "Ольга", "Сергеевна")
        vault, number = self.gosuslugi.vault, self._born

        async def make(tx: Tx) -> Person:
            now = clock.now()
            contact = Phone(f"90000000{number:02}")
            made = await people.create(tx, vault, name=full, contact=contact, now=now)
            if level is not Level.SIMPLIFIED:
                said = Particulars(born, Sex.FEMALE, Snils(f"0000006{number:02}00"), "Песочный", "RUS")
                await people.prove(tx, vault, made.id, full, said, [], now)
                await people.raise_level(tx, vault, made.id, Move.PROVE_PAPERS, actor="system", now=now)
            if level is Level.CONFIRMED:
                await people.raise_level(tx, vault, made.id, Move.CONFIRM_IDENTITY, actor="system", now=now)
            return await people.by_id(tx, vault, made.id)

        return await self.gosuslugi.db.run(make)

    async def child(self, *guardians: Person, born: date = date(2017, 5, 14)) -> Person:
        """A child with an account that hangs on each of the guardians."""
        self._born += 1
        card = Card(
            Relation.MOTHER,
            "Смирнова",
            "Алёна",
            "Дмитриевна",
            born,
            Sex.FEMALE,
            f"0000006{self._born:02}01",
            "RUS",
            None,
            CertificateKind.RUSSIAN,
            "III-ПЕ",
            f"6001{self._born:02}",
            "Отдел ЗАГС города Песочного",
            born + timedelta(days=11),
        )
        vault = self.gosuslugi.vault

        async def make(tx: Tx) -> Person:
            now = clock.now()
            (child,) = await family_store.settle_child(tx, vault, card, now)
            person = await people.create_child_account(
                tx,
                vault,
                name=card.name,
                particulars=Particulars(card.birth_date, card.sex, card.snils),
                contacts=[Email(f"child{self._born}@example.test")],
                documents=[],
                actor="system",
                now=now,
                person_id=child.id,
            )
            await family_store.set_account(tx, child, person.id)
            for number, guardian in enumerate(guardians):
                row = Guardianship(
                    id=new_id(),
                    number=f"{self._born:04}-{number:04}",
                    guardian_id=guardian.id,
                    card=card,
                    state=GuardianshipState.ACTIVE,
                    since=now,
                    created_at=now,
                    child_id=child.id,
                    basis=Basis.REGISTRY,
                    rights=ALL_RIGHTS,
                    attached_at=now,
                )
                assert await family_store.add(tx, vault, row)
            return person

        return await self.gosuslugi.db.run(make)

    async def suspend_guardianship(self, guardian: Person) -> None:
        """By a court, as a clerk's decision does it."""

        async def suspend(tx: Tx) -> None:
            vault, now = self.gosuslugi.vault, clock.now()
            for row in await family_store.of_guardian(tx, vault, guardian.id):
                await suspending.suspend(tx, vault, row.id, SuspendReason.COURT, now, actor="clerk:test")

        await self.gosuslugi.db.run(suspend)

    async def end_guardianship(self, guardian: Person) -> None:
        async def end(tx: Tx) -> None:
            for row in await family_store.of_guardian(tx, self.gosuslugi.vault, guardian.id):
                ended = Guardianship(**{**row.__dict__, "state": GuardianshipState.ENDED})
                await family_store.save(tx, ended)

        await self.gosuslugi.db.run(end)

    async def codes(self) -> list[str]:
        """The codes that wait to be sent to people, the oldest first."""

        async def read(tx: Tx) -> list[str]:
            rows = await tx.execute(letters.letter.select().order_by(letters.letter.c.created_at, letters.letter.c.id))
            opened = [self.gosuslugi.vault.open(row.sealed, place=letters.PLACE) for row in rows]
            return [found[0] for text in opened if (found := re.search(r"\b\d{6}\b", text))]

        return await self.gosuslugi.db.run(read)

    async def close(self) -> None:
        for made in self._browsers:
            await made.http.aclose()
        await self.wire.aclose()


_MADE: dict[str, list[NewKey]] = {}


def spare_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are made once a test process: each house of each test takes the same two."""
    turns = count()

    def taken(whose: str, make: Callable[[], NewKey]) -> NewKey:
        known = _MADE.setdefault(whose, [])
        if len(known) < 2:
            with clock.stopped(at("2026-01-01T00:00:00+03:00")):
                known.append(make())
            return known[-1]
        return known[next(turns) % 2]

    provider, client = provider_keys.new_key, portal_keys.new_key
    monkeypatch.setattr(provider_keys, "new_key", lambda: taken("provider", provider))
    monkeypatch.setattr(portal_keys, "new_key", lambda mnemonic: taken("client", lambda: client(mnemonic)))


async def make_houses(make_db: MakeDb, home_folder: Path) -> Houses:
    settings = configuration.read(
        {"MYSCHOOL_HOME": str(home_folder), "MYSCHOOL_PORTAL_URL": PORTAL, "MYSCHOOL_GOSUSLUGI_URL": ESIA}
    )
    vault = Vault([VaultKey.fresh()])
    esia_db: Database = await make_db(ground, gosuslugi_tables)
    portal_db: Database = await make_db(ground, portal_tables)
    identity = gosuslugi_app.house(settings, esia_db, vault)
    school = portal_app.house(settings, portal_db, vault)
    own_keys = ProviderKeys.of(ESIA)
    identity_app = build(
        identity,
        [*grants_pages.routes(), *provider_pages.routes(own_keys), *provider_api.routes(own_keys)],
    )
    wire = httpx.AsyncClient(transport=httpx.ASGITransport(identity_app))
    certificates = ProviderCertificates(portal_keys.provider_certificate_file(settings))
    esia = HttpEsia(ESIA, settings.esia_client_id, issuer_of("esia.test"), certificates, wire)
    client_keys = ClientKeys(settings)
    family_pages = FamilyPages(esia, client_keys)
    school_app = build(
        school,
        [
            *home.routes([consents_pages.card]),
            *signin_pages.routes(esia, client_keys),
            *consents_pages.routes(family_pages),
            *children_pages.routes(family_pages),
        ],
    )
    await systems.introduce(settings, vault, esia_db, portal_db, clock.now())
    return Houses(
        identity,
        school,
        {PORTAL: school_app, ESIA: identity_app},
        esia,
        client_keys,
        own_keys,
        wire,
    )


@dataclass
class Page:
    """What a browser shows. `url` is where it ended up."""

    status: int
    url: str
    text: str
    headers: httpx.Headers

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def words(self) -> str:
        """The text alone, entities undone, one space between words."""
        bare = re.sub(r"<(script|style)\b.*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())

    @property
    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split()) if found else ""

    def forms(self) -> list["FormOnPage"]:
        return [FormOnPage.of(self, found) for found in re.finditer(r"<form\b([^>]*)>(.*?)</form>", self.text, re.S)]

    def form(self, action: str = "") -> "FormOnPage":
        """The form with that action; without one, the first of the page itself: «Выйти» stands in the head."""
        own = self.text[self.text.find("<main") :]
        page = self if action else Page(self.status, self.url, own, self.headers)
        return next(one for one in page.forms() if not action or urlsplit(one.action).path == action)


@dataclass
class FormOnPage:
    action: str
    method: str
    fields: dict[str, str]

    @classmethod
    def of(cls, page: Page, found: re.Match[str]) -> "FormOnPage":
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', found[1]))
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[2])
        return cls(
            unescape(attributes.get("action", page.url)),
            attributes.get("method", "get"),
            {name: unescape(value) for name, value in hidden},
        )


class Browser:
    """Keeps cookies, follows redirects as far as asked, and sends forms as they stand on the page."""

    def __init__(self, houses: Houses) -> None:
        self.houses = houses
        mounts = {f"all://{urlsplit(url).netloc}": httpx.ASGITransport(app) for url, app in houses.apps.items()}
        self.http = httpx.AsyncClient(mounts=mounts, follow_redirects=False)

    async def open(self, url: str, *, until: str | None = None) -> Page:
        """Goes where redirects lead; stops before a URL that begins with `until`."""
        return await self._follow(await self.http.get(url), until)

    async def press(
        self, page: Page, fields: Mapping[str, str] | None = None, *, action: str = "", until: str | None = None
    ) -> Page:
        found = page.form(action)
        url = urljoin(page.url, found.action)
        headers = {"referer": page.url, "origin": "{0.scheme}://{0.netloc}".format(urlsplit(page.url))}
        given = {**found.fields, **(fields or {})}
        if found.method == "get":
            return await self._follow(await self.http.get(url, params=given, headers=headers), until)
        return await self._follow(await self.http.post(url, data=given, headers=headers), until)

    async def _follow(self, answer: httpx.Response, until: str | None) -> Page:
        for _ in range(20):
            if not answer.is_redirect:
                break
            target = urljoin(str(answer.url), answer.headers["location"])
            if until is not None and target.startswith(until):
                return Page(answer.status_code, target, "", answer.headers)
            if "{0.scheme}://{0.netloc}".format(urlsplit(target)) not in self.houses.apps:
                return Page(answer.status_code, target, "", answer.headers)
            answer = await self.http.get(target)
        return Page(answer.status_code, str(answer.url), answer.text, answer.headers)

    async def sign_in(self, person: Person) -> None:
        """As after password and code at the identity house."""
        house = self.houses.gosuslugi
        session = Session.fresh()
        session.sign_in(person.id, person.name.given_name, clock.now())

        async def save(tx: Tx) -> None:
            await sessions.save(tx, house.vault, session, "test", clock.now(), timedelta(minutes=30))

        await house.db.run(save)
        self.http.cookies.set(house.cookie, session.token, domain="esia.test", path="/")

    async def end_session(self, origin: str) -> None:
        """The session runs out, as after half an hour of silence."""
        house = self.houses.gosuslugi if origin == ESIA else self.houses.portal
        token = self.http.cookies.get(house.cookie, domain=urlsplit(origin).netloc)
        assert token is not None
        ended = sessions.web_session.update().where(sessions.web_session.c.token_hash == sessions.hashed(token))
        await house.db.run(lambda tx: tx.execute(ended.values(ends_at=clock.now() - timedelta(seconds=1))))


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
