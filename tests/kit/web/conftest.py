"""A small house with every kind of page, and a browser that can also be made to misbehave."""

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from myschool.kit import clock, logs
from myschool.kit import settings as configuration
from myschool.kit.db import Database, Tx
from myschool.kit.ids import new_id
from myschool.kit.schema import metadata as ground
from myschool.kit.vault import Vault, VaultKey
from myschool.kit.web import sessions
from myschool.kit.web.app import build
from myschool.kit.web.errors import Forbidden
from myschool.kit.web.forms import Form
from myschool.kit.web.house import House
from myschool.kit.web.routing import Call, api, form, get, json, outward, post
from myschool.kit.web.visit import Visit, local_path
from tests.conftest import MakeDb

ORIGIN = "https://school.test"
OLGA, IVAN = new_id(), new_id()
NAMES = {OLGA: "Ольга", IVAN: "Иван"}

PAGES = {
    "open": '<h1>Открыто</h1><form method="post">{{ ui.csrf(visit) }}</form>',
    "secret": "<h1>Только для своих</h1>",
    "note": '<form method="post">{{ ui.csrf(visit, form) }}{{ ui.field(form, "text", "Текст") }}'
    '{{ ui.password(form) }}{{ ui.field(form, "department_code", "Код подразделения") }}</form>',
}


@dataclass
class Rooms:
    """A slice of the test house; `when` is called inside a handler, to make trouble there."""

    when: Callable[[Visit], Awaitable[None]] | None = None
    saved: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0

    async def open(self, visit: Visit) -> Response:
        return visit.render("slice/open.html", page_title="Открыто")

    async def take(self, visit: Visit) -> Response:
        if self.when is not None:
            await self.when(visit)
        visit.tell("success", "Записано")
        return visit.redirect("/")

    async def secret(self, visit: Visit) -> Response:
        _ = visit.person_id
        return visit.render("slice/secret.html", page_title="Тайна")

    async def note(self, visit: Visit) -> Response:
        _ = visit.person_id
        return visit.render("slice/note.html", page_title="Заметка", form=Form(visit.typed))

    async def save_note(self, visit: Visit) -> Response:
        _ = visit.person_id
        self.saved.append(dict(visit.typed))
        return visit.redirect("/note")

    async def enter(self, visit: Visit) -> Response:
        who = {"olga": OLGA, "ivan": IVAN}[visit.query["who"]]
        stranger = int(visit.query.get("minutes", "0"))
        visit.session.sign_in(who, NAMES[who], clock.now(), idle_minutes=stranger)
        return visit.redirect(local_path(visit.query.get("next", "/")))

    async def leave(self, visit: Visit) -> Response:
        visit.session.sign_out()
        return visit.redirect("/")

    async def put(self, visit: Visit) -> Response:
        visit.session.put("draft", visit.query["text"])
        return PlainTextResponse("ok")

    async def draft(self, visit: Visit) -> Response:
        return PlainTextResponse(str(visit.session.get("draft")))

    async def whoever(self, visit: Visit) -> Response:
        visit.path_id("id")
        return PlainTextResponse("ok")

    async def broken(self, _visit: Visit) -> Response:
        raise ValueError("СНИЛС 112-233-445 95 не подходит")

    async def cut_off(self, _visit: Visit) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"x" * 5000
            raise ValueError("Ольга Смирнова")

        return StreamingResponse(parts())

    async def forbidden(self, _visit: Visit) -> Response:
        raise Forbidden("Позовите взрослого.")

    async def often(self, visit: Visit) -> Response:
        return visit.too_many(90)

    async def far(self, visit: Visit) -> Response:
        visit.allow_form_to(visit.query["to"])
        return visit.render("slice/open.html", page_title="Далеко")

    async def person(self, call: Call) -> Response:
        return json({"bytes": len(call.body)})

    async def prepare(self, visit: Visit) -> str | Response:
        visit.session.put("began", "да")
        return visit.typed["text"]

    async def ask(self, text: str) -> str:
        self.asked += 1
        return text.upper()

    async def settle(self, visit: Visit, answer: str) -> Response:
        return PlainTextResponse(f"{answer} {visit.session.get('began')}")

    def routes(self) -> list[Any]:
        return [
            form("/", self.open, self.take),
            get("/secret", self.secret),
            form("/note", self.note, self.save_note),
            get("/enter", self.enter),
            post("/leave", self.leave),
            get("/put", self.put),
            get("/draft", self.draft),
            get("/whoever/{id}", self.whoever),
            get("/broken", self.broken),
            get("/cut-off", self.cut_off),
            get("/forbidden", self.forbidden),
            get("/often", self.often),
            get("/far", self.far),
            get("/login", self.open),
            api("/machine", self.person, methods=("GET", "POST")),
            outward("/outward", self.prepare, self.ask, self.settle, methods=("POST",)),
        ]


@dataclass
class TestHouse:
    """`rooms` are its pages, `log` what it wrote to the log, line by line as JSON."""

    __test__ = False

    house: House
    app: Starlette
    rooms: Rooms
    log: io.StringIO
    browsers: list["Browser"] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.house.db

    def browser(self) -> "Browser":
        self.browsers.append(Browser(self.app))
        return self.browsers[-1]

    async def signed_in(self, who: str = "olga", **more: object) -> "Browser":
        browser = self.browser()
        await browser.enter(who, **more)
        return browser

    async def rows(self) -> list[Any]:
        async def read(tx: Tx) -> list[Any]:
            return list(await tx.execute(sessions.web_session.select()))

        return await self.db.run(read)

    def lines(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self.log.getvalue().splitlines()]


class Browser:
    """Keeps cookies and sends what a browser sends along with a form."""

    def __init__(self, app: Starlette) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self.http = httpx.AsyncClient(transport=transport, base_url=ORIGIN)

    @property
    def token(self) -> str | None:
        return self.http.cookies.get("__Host-portal")

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.http.get(path, **more)

    async def enter(self, who: str, **more: object) -> None:
        query = "".join(f"&{name}={value}" for name, value in more.items())
        assert (await self.get(f"/enter?who={who}{query}")).status_code == 303

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """As from the page of the same address; a header given as "" is not sent."""
        sent = {"origin": ORIGIN, "referer": ORIGIN + path} | {k.replace("_", "-"): v for k, v in headers.items()}
        return await self.http.post(path, data=fields, headers={k: v for k, v in sent.items() if v})

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Opens the page, fills in its form and sends it."""
        return await self.post(path, {"csrf": csrf_of(await self.get(path)), **fields})


def csrf_of(page: httpx.Response) -> str:
    """Of the page's own form: the last, after «Выйти» in its head."""
    return unescape(re.findall(r'name="csrf" value="([^"]+)"', page.text)[-1])


@pytest.fixture
async def vault() -> Vault:
    return Vault([VaultKey.fresh()])


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as the process would write it."""
    before = structlog.get_config()
    written = io.StringIO()
    structlog.configure(
        processors=logs.PROCESSORS,
        logger_factory=structlog.WriteLoggerFactory(file=written),
        cache_logger_on_first_use=False,
    )
    yield written
    structlog.configure(**before)


@pytest.fixture
async def test_house(make_db: MakeDb, vault: Vault, tmp_path: Path, log: io.StringIO) -> AsyncIterator[TestHouse]:
    templates = tmp_path / "house" / "slice" / "templates"
    templates.mkdir(parents=True)
    for name, body in PAGES.items():
        frame = '{% extends "layout.html" %}{% import "ui.html" as ui %}{% block content %}'
        (templates / f"{name}.html").write_text(f"{frame}{body}{{% endblock %}}")
    house = House(
        key="portal",
        name="Школа",
        band="",
        origin=ORIGIN,
        settings=configuration.read({"MYSCHOOL_HOME": str(tmp_path), "MYSCHOOL_PORTAL_URL": ORIGIN}),
        db=await make_db(ground),
        vault=vault,
        folder=tmp_path / "house",
    )
    rooms = Rooms()
    made = TestHouse(house, build(house, rooms.routes()), rooms, log)
    yield made
    for browser in made.browsers:
        await browser.http.aclose()


HALF_AN_HOUR = timedelta(minutes=30)
