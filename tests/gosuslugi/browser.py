"""A browser without scripts: keeps cookies, fills in the forms it was shown, reads letters from the outbox."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
from sqlalchemy import select
from starlette.applications import Starlette

from myschool.kit.db import Database
from myschool.kit.letters import PLACE, Letter, Message, Sms, letter
from myschool.kit.vault import Vault

ORIGIN = "https://gosuslugi.test"


@dataclass
class _Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    """What would be sent as it stands."""
    values: dict[str, set[str]] = field(default_factory=dict)
    """Names that can be filled in; for boxes and buttons to choose from, with which values."""


class _Forms(HTMLParser):
    """Every form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(found.get("action", "")))
            self._inside = True
        if not self._inside or "name" not in found:
            return
        form, name = self.forms[-1], found["name"]
        chosen_from = found.get("type") in ("radio", "checkbox")
        if chosen_from:
            form.values.setdefault(name, set()).add(found.get("value", ""))
        elif tag in ("input", "textarea", "select"):
            form.values[name] = set()
        if tag == "input" and (not chosen_from or "checked" in found):
            form.fields[name] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class Browser:
    """`page` is the last answer, after redirects; `url` its path."""

    def __init__(self, app: Starlette, *, agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0") -> None:
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 5000))
        self.client = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers={"user-agent": agent}, follow_redirects=True
        )
        self.page: httpx.Response

    @property
    def status(self) -> int:
        return self.page.status_code

    @property
    def url(self) -> str:
        return self.page.url.raw_path.decode()

    @property
    def text(self) -> str:
        """The words of the page, without tags, spaces folded."""
        body = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", self.page.text)
        words = re.sub(r"<[^>]+>", " ", body).replace("&nbsp;", " ").replace("&#34;", '"').replace("&#39;", "'")
        return " ".join(words.split())

    async def open(self, path: str) -> httpx.Response:
        self.page = await self.client.get(path)
        return self.page

    async def send(self, fields: dict[str, str] | None = None, *, action: str | None = None) -> httpx.Response:
        """Fills in a form of the page (by action; else the first that is not «Выйти») and presses its button."""
        address, typed = self.filled(fields or {}, action)
        self.page = await self.client.post(
            address, data=typed, headers={"origin": ORIGIN, "referer": str(self.page.url)}
        )
        return self.page

    def filled(self, fields: dict[str, str], action: str | None = None) -> tuple[str, dict[str, str]]:
        parser = _Forms()
        parser.feed(self.page.text)
        for form in parser.forms:
            if (action is None and form.action != "/logout") or (action is not None and form.action == action):
                for name, value in fields.items():
                    assert name in form.values, f"no field {name!r} in this form of {self.url}"
                    assert value in (form.values[name] or {value}) or not value, f"{name} has no choice {value!r}"
                return form.action or self.url, form.fields | fields
        raise AssertionError(f"no form {action!r} on {self.url}: {[form.action for form in parser.forms]}")

    def cookie(self) -> str:
        return next(cookie.value or "" for cookie in self.client.cookies.jar)


async def outbox(db: Database, vault: Vault) -> list[Message]:
    """Letters and SMS that wait to be delivered, oldest first."""
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Letter | Sms)
    async with db.transaction() as tx:
        rows = await tx.execute(select(letter.c.sealed).order_by(letter.c.created_at, letter.c.id))
        return [decoder.decode(vault.open(sealed, place=PLACE)) for (sealed,) in rows]


def code_in(messages: Iterable[Message]) -> str:
    """The six digits of the last message that has some."""
    found = [digits for message in messages for digits in re.findall(r"(?<!\d)\d{6}(?!\d)", message.text)]
    return found[-1]


def path_of(url: str) -> str:
    return urlsplit(url).path
