"""A portal with a school, its pupils and a parent; «Числарий» beside it; a browser that walks between both origins."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from myschool.kit import clock
from myschool.kit import settings as configuration
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Database
from myschool.kit.schema import metadata as ground
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web import sessions
from myschool.kit.web.app import build
from myschool.kit.web.sessions import Session
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Ogrn, Snils
from myschool.portal import app as portal_app
from myschool.portal import wiring as portal_wiring
from myschool.portal.consents import actions as consents
from myschool.portal.content.actions import fill_catalogue, prepare_keys, register_platform
from myschool.portal.content.actions.catalogue import Card, Connection
from myschool.portal.content.model import Claim
from myschool.portal.joining.actions import decide, submit
from myschool.portal.joining.model import Wish
from myschool.portal.people import actions as people
from myschool.portal.people.model import Level, Person, Profile, Sex, ToldChild, ToldPerson
from myschool.portal.roll.model import AcademicYear, SchoolAdministrator, SchoolClass
from myschool.portal.schools import store as schools_store
from myschool.portal.schools.model import School, SchoolKind
from myschool.portal.signin import attempts
from myschool.portal.signin.gateway import Esia
from myschool.portal.signin.model import FamilyAccess
from myschool.portal.tables import metadata as portal_tables
from myschool.sandbox import app as sandbox_app
from myschool.sandbox.platform import pages as platform_pages
from myschool.sandbox.platform import registration as chislary
from myschool.sandbox.platform.relying_party import RelyingParty
from myschool.sandbox.tables import metadata as sandbox_tables
from tests.conftest import ClockAt, MakeDb

PORTAL, PLATFORM, OTHER = "https://portal.test", "https://platform.test", "https://other.test"
NOON = "2026-11-23T12:00:00+03:00"
SCHOOL = Ogrn("1022402060328")
REDIRECT, OTHER_REDIRECT = f"{PLATFORM}/login/callback", f"{OTHER}/callback"
OTHER_SECRET = "o" * 64
VERIFIER = "v" * 43
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class SilentPostman:
    async def deliver(self, letter: Any, key: str) -> None:
        return None


@dataclass
class World:
    settings: Settings
    db: Database
    vault: Vault
    sandbox: Database
    transport: httpx.AsyncBaseTransport
    pupil: Person
    child: Person
    parent: Person
    stranger: Person
    worker: Worker[Any] = field(repr=False)
    esia: "Families" = field(repr=False)

    def browser(self) -> "Browser":
        mounts = {"all://": self.transport}
        return Browser(httpx.AsyncClient(mounts=mounts, follow_redirects=True), self)

    async def run(self, work: Any, *arguments: Any) -> Any:
        """`work(tx, vault, *arguments, now)` in one transaction."""
        return await self.db.run(lambda tx: work(tx, self.vault, *arguments, clock.now()))

    async def approve(self, person: Person, grade: int = 8, school: Ogrn = SCHOOL) -> None:
        """The whole way: the request, the school's decision, and what follows it on the agenda."""
        wish, now = Wish(school, SchoolClass(grade, "Б"), AcademicYear(2026)), clock.now()

        async def work(tx) -> None:
            sent = await submit.submit(tx, person.id, person.id, wish, once=str(uuid4()), now=now)
            await decide.approve(tx, SchoolAdministrator(self.stranger.id, school), sent.request.id, now)

        await self.db.run(work)
        await self.worker.drain()

    async def drain(self) -> None:
        await self.worker.drain()


@dataclass
class Browser:
    http: httpx.AsyncClient
    world: World

    async def signed_in(self, person: Person) -> "Browser":
        session, now = Session.fresh(), clock.now()
        session.sign_in(person.id, person.name.given_name, now)
        access = FamilyAccess(person.oid, "token", now + timedelta(hours=1))
        session.put(attempts.ACCESS, msgspec.to_builtins(access))
        await self.world.db.run(lambda tx: sessions.save(tx, self.world.vault, session, "test", now, IDLE))
        self.http.cookies.set("__Host-portal", session.token, domain="portal.test", path="/")
        return self

    async def open(self, path: str, **arguments: Any) -> httpx.Response:
        return await self.http.get(path if path.startswith("https:") else PORTAL + path, **arguments)

    async def press(self, page: httpx.Response, action: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """The form of the page that leads there; `action` as it stands in the page."""
        assert f'action="{action}"' in page.text or not action, page.text
        found = CSRF.search(page.text)
        assert found, page.text
        address = urlsplit(str(page.url))
        target = f"{address.scheme}://{address.netloc}{action}" if action else str(page.url)
        return await self.http.post(target, data={"csrf": found[1], **(fields or {})})

    async def authorize(self, **changed: str | None) -> httpx.Response:
        """An authorization request of «Числарий», composed by hand; not followed."""
        query = {
            "client_id": chislary.CLIENT_ID,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": "openid role grade school name email phone",
            "state": "s1",
            "nonce": "n1",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
            **changed,
        }
        given = urlencode({name: text for name, text in query.items() if text is not None})
        return await self.http.get(f"{PORTAL}/oidc/authorize?{given}", follow_redirects=False)

    async def code(self, **changed: str | None) -> str:
        answer = await self.authorize(**changed)
        assert answer.status_code == 303, answer.text
        return query_of(answer.headers["location"])["code"]


IDLE = timedelta(minutes=30)


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def payload_of(token: str) -> dict[str, Any]:
    """What stands in a token, believed without looking at the signature."""
    body = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return decoded


def credentials(settings: Settings) -> tuple[str, str]:
    own = chislary.registration(settings)
    return own.client_id, own.secret


async def redeem(world: World, code: str, **changed: Any) -> httpx.Response:
    """The token request of «Числарий»; `auth` and any field may be changed, None leaves the field out."""
    auth = changed.pop("auth", credentials(world.settings))
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    given = {name: text for name, text in (form | changed).items() if text is not None}
    async with httpx.AsyncClient(transport=world.transport) as http:
        return await http.post(f"{PORTAL}/oidc/token", data=given, auth=auth)


async def userinfo(world: World, token: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=world.transport) as http:
        return await http.get(f"{PORTAL}/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})


def told(oid: int, given: str, birth: date, snils: str, level: Level = Level.CONFIRMED) -> ToldPerson:
    email = Email(f"person{oid}@pochta.example")
    return ToldPerson(oid, FullName("Лесная", given), level, birth, Sex.FEMALE, Snils(snils), email)


class Between(httpx.AsyncBaseTransport):
    """One address bar for two origins."""

    def __init__(self) -> None:
        self.apps: dict[str, httpx.ASGITransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.apps[request.url.host].handle_async_request(request)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = {"MYSCHOOL_HOME": str(tmp_path), "MYSCHOOL_PORTAL_URL": PORTAL, "MYSCHOOL_PLATFORM_URL": PLATFORM}
    return configuration.read(given)


def card(name: str = chislary.NAME, slug: str = chislary.SLUG, claims: set[Claim] | None = None, **other: Any) -> Card:
    return Card(
        slug=slug,
        name=name,
        about=chislary.ABOUT,
        subjects=chislary.SUBJECTS,
        grades=other.pop("grades", chislary.GRADES),
        contact=chislary.CONTACT,
        free_until=other.pop("free_until", date(2027, 5, 31)),
        claims=frozenset(claims or {Claim.ROLE, Claim.GRADE}),
    )


def connection(settings: Settings) -> Connection:
    own = chislary.registration(settings)
    return Connection(
        client_id=own.client_id,
        secret=own.secret,
        redirect_uris=[own.redirect_uri],
        initiate_login_uri=own.initiate_login_uri,
    )


def other_connection() -> Connection:
    return Connection(
        client_id="other",
        secret=OTHER_SECRET,
        redirect_uris=[OTHER_REDIRECT],
        initiate_login_uri=f"{OTHER}/initiate",
    )


async def _school(tx) -> None:
    row = School(
        ogrn=SCHOOL, full_name="Школа номер 148", short_name="Школа № 148", kind=SchoolKind.SCHOOL, region_code="24"
    )
    await schools_store.write(tx, [row], "test", 1, clock.now())


async def _person(db: Database, vault: Vault, one: ToldPerson, *profiles: Profile) -> Person:
    async def work(tx) -> Person:
        person = await people.upsert_from_esia(tx, vault, one, clock.now())
        for profile in profiles:
            await consents.complete(tx, vault, person, profile, agreed=True, now=clock.now())
        return person

    return await db.run(work)


@pytest.fixture
async def world(make_db: MakeDb, settings: Settings, clock_at: ClockAt) -> World:
    clock_at(NOON)
    vault = Vault([VaultKey.fresh()])
    db, sandbox = await make_db(ground, portal_tables, pool_size=12), await make_db(ground, sandbox_tables)
    between = Between()
    party = RelyingParty(settings, {"transport": between})
    esia = Families()
    portal = build(portal_app.house(settings, db, vault), portal_app.routes(settings, cast("Esia", esia)))
    platform = build(sandbox_app.platform_house(settings, sandbox, vault), platform_pages.routes(party))
    between.apps |= {"portal.test": httpx.ASGITransport(portal), "platform.test": httpx.ASGITransport(platform)}
    await db.run(_school)
    await db.run(lambda tx: prepare_keys(tx, vault))
    await db.run(lambda tx: fill_catalogue(tx, clock.now()))
    await db.run(lambda tx: register_platform(tx, card(), connection(settings), clock.now()))
    pupil = await _person(db, vault, told(1000571001, "Вера", date(2012, 4, 5), "00000060001"), Profile.LEARNER)
    small = told(1000571002, "Зоя", date(2016, 2, 3), "00000060002", Level.CHILD)
    child = await _person(db, vault, small, Profile.LEARNER)
    parent = await _person(db, vault, told(1000571003, "Анна", date(1988, 1, 2), "00000060003"), Profile.GUARDIAN)
    stranger = await _person(db, vault, told(1000571004, "Инна", date(1980, 5, 5), "00000060004"), Profile.GUARDIAN)
    zoya = ToldChild("77", small.name, small.birth_date, Sex.FEMALE, small.snils)
    esia.told[parent.oid] = (zoya,)
    await db.run(lambda tx: people.take_children(tx, vault, parent.id, [zoya], clock.now()))
    context = portal_wiring.Context(settings, vault)
    worker = Worker(db, portal_wiring.wiring(context, SilentPostman()), context, concurrency=1)
    return World(settings, db, vault, sandbox, between, pupil, child, parent, stranger, worker, esia)


class Families:
    """ESIA as far as it tells of children; nobody signs in through it here."""

    def __init__(self) -> None:
        self.told: dict[int, tuple[ToldChild, ...]] = {}

    async def children(self, access: FamilyAccess) -> tuple[ToldChild, ...]:
        return self.told.get(access.oid, ())


def slug_of(person_id: UUID) -> str:
    return f"/children/{person_id}/platforms/{chislary.SLUG}"
