"""One request of a person, inside one transaction: who it is, what was typed, what to answer."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from myschool.kit.db import Tx
from myschool.kit.web import display
from myschool.kit.web.errors import SignInRequired
from myschool.kit.web.forms import Typed
from myschool.kit.web.house import House
from myschool.kit.web.sessions import Session

CSRF_PLACE = "web.csrf"


@dataclass
class Visit:
    request: Request
    house: House
    session: Session
    trace: str
    transaction: Tx | None = field(default=None, repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    destinations: set[str] = field(default_factory=set)
    """Other origins that a form of this page may lead to."""
    _csrf_shown: bool = False

    @property
    def tx(self) -> Tx:
        if self.transaction is None:
            raise RuntimeError("this page is drawn outside a transaction")
        return self.transaction

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def query(self) -> QueryParams:
        return self.request.query_params

    def path_value(self, name: str) -> str:
        return str(self.request.path_params[name])

    @property
    def typed(self) -> Typed:
        """The fields of this POST; on GET, what an ended session had kept for this page."""
        if self.request.method == "POST":
            return Typed(self.fields)
        parked = self.session.get("parked")
        if parked is None or parked["path"] != self.path:
            return Typed()
        self.session.pop("parked")
        if self.session.person_id is None or parked["person"] != str(self.session.person_id):
            return Typed()
        return Typed(parked["fields"])

    @property
    def person_id(self) -> UUID:
        """Raises SignInRequired."""
        if self.session.person_id is None:
            raise SignInRequired
        return self.session.person_id

    @property
    def signed_in(self) -> bool:
        return self.session.person_id is not None

    @property
    def person_name(self) -> str | None:
        return self.session.name or None if self.signed_in else None

    @property
    def address(self) -> str:
        """The peer's network address, for throttling only; never logged beside a person."""
        return self.request.client.host if self.request.client else ""

    @property
    def display(self) -> display.Display:
        return display.from_cookie(self.request.cookies.get(display.COOKIE, ""))

    @property
    def csrf_token(self) -> str:
        """Masked anew on each page, so that its bytes do not repeat in compressed answers."""
        self._csrf_shown = True
        secret = self.house.vault.index(self.session.token, place=CSRF_PLACE)
        mask = os.urandom(len(secret))
        masked = bytes(a ^ b for a, b in zip(secret, mask, strict=True))
        return base64.urlsafe_b64encode(mask + masked).decode()

    @property
    def needs_cookie(self) -> bool:
        return self._csrf_shown or self.session.stored or self.session.changed

    @property
    def notice(self) -> dict[str, str] | None:
        """Shown once: reading it forgets it."""
        kept: dict[str, str] | None = self.session.pop("notice")
        return kept

    def tell(self, kind: str, title: str, text: str = "") -> None:
        """`kind`: success or important. Shown at the top of the next page."""
        self.session.put("notice", {"kind": kind, "title": title, "text": text})

    def allow_form_to(self, url: str) -> None:
        """A form of this page ends, by redirect, at another origin."""
        parts = urlsplit(url)
        self.destinations.add(f"{parts.scheme}://{parts.netloc}")

    def render(self, template: str, *, status: int = 200, **context: Any) -> Response:
        page = self.house.templates.get_template(template)
        return HTMLResponse(page.render(visit=self, house=self.house, **context), status)

    def redirect(self, url: str) -> Response:
        return RedirectResponse(url, 303)

    def sign_in_url(self) -> str:
        return f"{self.house.sign_in_path}?next={quote(self.return_path(), safe='')}"

    def return_path(self) -> str:
        """Where to come back to: this page on GET; on POST the page that held the form."""
        if self.request.method == "GET":
            return self.path + (f"?{self.request.url.query}" if self.request.url.query else "")
        referer = urlsplit(self.request.headers.get("referer", ""))
        same = f"{referer.scheme}://{referer.netloc}" == self.house.origin
        return referer.path or "/" if same else "/"


def local_path(text: str) -> str:
    """The path of a page of this house, or "/" for anything that could lead elsewhere (open redirect)."""
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and "\\" not in text
    return text if plain and not parts.scheme and not parts.netloc and text.isprintable() else "/"
