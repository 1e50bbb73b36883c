"""A browser without script and without a screen: opens pages of this house, fills forms, presses buttons."""

import html
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette

from myschool.gosuslugi.app import house, routes
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.provider.keys import ProviderKeys
from myschool.gosuslugi.signin.passwords import Passwords
from myschool.kit import clock, settings
from myschool.kit.db import Database
from myschool.kit.vault import Vault
from myschool.kit.web import sessions
from myschool.kit.web.app import build
from myschool.kit.web.sessions import Session

ORIGIN = "https://gosuslugi.test"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_TAGS = re.compile(r"<(?:script|style).*?</(?:script|style)>|<[^>]+>", re.DOTALL)


def application(db: Database, vault: Vault, home: Path, **more: str) -> Starlette:
    """`more`: variables of the configuration."""
    configured = settings.read({"MYSCHOOL_HOME": str(home), "MYSCHOOL_GOSUSLUGI_URL": ORIGIN} | more)
    return build(house(configured, db, vault), routes(Passwords(threads=1), ProviderKeys.of(ORIGIN)))


@dataclass
class Browser:
    """One person's. `page` is the last answer."""

    app: Starlette
    client: httpx.AsyncClient
    page: httpx.Response | None = None

    @classmethod
    def of(cls, app: Starlette) -> "Browser":
        return cls(app, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN))

    async def sign_in(self, person: Person) -> "Browser":
        """Without the door: a session as the door would give it."""
        known = self.app.state.house
        session = Session.fresh()
        session.sign_in(person.id, person.name.given_and_family, clock.now())

        async def save(tx: object) -> None:
            await sessions.save(tx, known.vault, session, "test", clock.now(), known_idle)  # type: ignore[arg-type]

        known_idle = sessions.ANONYMOUS_LIFE
        await known.db.run(save)
        self.client.cookies.set(known.cookie, session.token, domain="gosuslugi.test")
        return self

    async def open(self, path: str) -> httpx.Response:
        return await self._follow(await self.client.get(path))

    async def press(self, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """Posts a form of the page shown last."""
        answer = await self.client.post(
            path,
            data={"csrf": self.csrf} | (fields or {}),
            headers={"Origin": ORIGIN, "Referer": str(self.page.url) if self.page else ORIGIN},
        )
        return await self._follow(answer)

    async def _follow(self, answer: httpx.Response) -> httpx.Response:
        """Redirects within the house, as a browser does; every one is a GET."""
        while answer.is_redirect:
            answer = await self.client.get(answer.headers["location"])
        self.page = answer
        return answer

    @property
    def csrf(self) -> str:
        found = _CSRF.search(self.page.text) if self.page else None
        assert found is not None, "the page has no form"
        return found[1]

    @property
    def path(self) -> str:
        assert self.page is not None
        return urlsplit(str(self.page.url)).path

    @property
    def text(self) -> str:
        """The words of the page as they are read."""
        assert self.page is not None
        return " ".join(html.unescape(_TAGS.sub(" ", self.page.text)).split())
