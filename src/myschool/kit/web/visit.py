"""One request of a person, inside one transaction: who it is, what was typed, what to answer."""

import base64
import math
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
from myschool.kit.web.errors import SENTENCES, NotFound, SignInRequired
from myschool.kit.web.forms import Typed
from myschool.kit.web.house import House
from myschool.kit.web.security import origin_of
from myschool.kit.web.sessions import Session

CSRF_PLACE = "web.csrf"
LONGEST_RETURN = 2000


@dataclass
class Visit:
    request: Request = field(repr=False)
    house: House = field(repr=False)
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
        return str(self.request.scope["path"])

    @property
    def query(self) -> QueryParams:
        return self.request.query_params

    def path_value(self, name: str) -> str:
        return str(self.request.path_params[name])

    def path_id(self, name: str) -> UUID:
        """Raises NotFound: an address that holds no identifier leads to nothing."""
        try:
            return UUID(self.path_value(name))
        except ValueError:
            raise NotFound from None

    @property
    def typed(self) -> Typed:
        """The fields of this POST; on GET, what an ended session had kept for this page."""
        if self.request.method == "POST":
            return Typed(self.fields)
        return Typed(self.session.take_form(self.path))

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
        """A form of this page ends, by redirect, at another origin. What is no web address is not let through."""
        if (origin := origin_of(url)) is not None:
            self.destinations.add(origin)

    def render(self, template: str, *, status: int = 200, **context: Any) -> Response:
        page = self.house.templates.get_template(template)
        return HTMLResponse(page.render(visit=self, house=self.house, **context), status)

    def too_many(self, seconds: float, page: Response | None = None) -> Response:
        """429: tried too often, welcome again after `seconds`. With `page`, that page says so itself.

        An answer and no exception, so that what was counted stays counted.
        """
        heading, words = SENTENCES[429]
        words = f"Попробуйте снова через {math.ceil(seconds / 60)} мин. {words}"
        ways = [{"href": self.path, "text": "Открыть снова"}]
        page = page or self.render("error.html", code=429, heading=heading, text=words, ways=ways)
        page.status_code = 429
        page.headers["Retry-After"] = str(math.ceil(seconds))
        return page

    def redirect(self, url: str) -> Response:
        return RedirectResponse(url, 303)

    def sign_in_url(self) -> str:
        return f"{self.house.sign_in_path}?next={quote(self.return_path(), safe='')}"

    def return_path(self) -> str:
        """Where to come back to: this page; after a POST the page that held the form."""
        if self.request.method == "POST" and (page := self._referring_page()) is not None:
            return page
        if self.request.method == "POST" and "GET" not in self.request.scope["route"].methods:
            return "/"
        query = self.request.scope["query_string"].decode("latin-1")
        return local_path(quote(self.path) + (f"?{query}" if query else ""))

    def _referring_page(self) -> str | None:
        referer = self.request.headers.get("referer", "")
        if origin_of(referer) != self.house.origin:
            return None
        parts = urlsplit(referer)
        return local_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def local_path(text: str) -> str:
    """The path of a page of this house, or "/" for anything that could lead elsewhere (open redirect).

    Browsers read "\\" as "/" and drop tabs and line breaks inside an address, so none of these may stand in it.
    """
    leads_here = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if leads_here and text.isprintable() and len(text) <= LONGEST_RETURN else "/"
