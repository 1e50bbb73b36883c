"""What tests of the provider compose: requests of a system, sound and unsound."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from myschool.esia.certificates import make_key_pair
from myschool.esia.requests import (
    AUTHORIZE_PATH,
    TOKEN_PATH,
    Client,
    SignInAttempt,
    authorization_request,
    new_attempt,
    token_request,
)
from myschool.esia.systems import InformationSystem as Wire
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants.model import InformationSystem
from myschool.gosuslugi.people.model import Person
from myschool.kit import clock
from myschool.portal.signin.model import SCOPES
from tests.gosuslugi.provider.houses import ESIA, PORTAL, Browser, Houses, Page, query_of

CALLBACK = f"{PORTAL}/esia/callback"


@dataclass(frozen=True)
class Sent:
    """One authorization request as the system remembers it."""

    client: Client
    attempt: SignInAttempt
    url: str

    def changed(self, **other: str) -> str:
        """The same request with other parameters and the old signature."""
        return f"{ESIA}{AUTHORIZE_PATH}?{urlencode({**query_of(self.url), **other})}"


async def a_request(
    houses: Houses, scopes: tuple[str, ...] = SCOPES, redirect_uri: str = CALLBACK, client: Client | None = None
) -> Sent:
    client = client or await houses.client()
    attempt = new_attempt(redirect_uri, scopes)
    return Sent(client, attempt, authorization_request(ESIA, client, attempt, clock.now()))


async def another_system(houses: Houses, mnemonic: str = "OTHER") -> Client:
    """Registered with a certificate of its own, for two scopes, and for the portal's address too."""
    pair = make_key_pair(mnemonic, clock.now())
    addresses = frozenset({"https://other.test/back", CALLBACK})
    wire = Wire(mnemonic, addresses, frozenset({"openid", "fullname"}), (pair.certificate,))
    system = InformationSystem("Чужая система", "ООО", "https://other.test", wire, {}, frozenset())
    await houses.gosuslugi.db.run(lambda tx: grants.register(tx, system, clock.now()))
    return Client(mnemonic, pair)


async def grant(houses: Houses, browser: Browser, person: Person, sent: Sent) -> str:
    """The code, after «Предоставить» or straight through."""
    page = await browser.open(sent.url, until=sent.attempt.redirect_uri)
    if not page.url.startswith(sent.attempt.redirect_uri):
        page = await browser.press(page, {"answer": "grant"}, until=sent.attempt.redirect_uri)
    return query_of(page.url)["code"]


async def redeem(houses: Houses, sent: Sent, code: str, client: Client | None = None, **other: str) -> httpx.Response:
    form = token_request(client or sent.client, sent.attempt, code, clock.now())
    return await houses.wire.post(f"{ESIA}{TOKEN_PATH}", data={**form, **other})


async def access_token(houses: Houses, person: Person, scopes: tuple[str, ...] = SCOPES) -> tuple[str, Browser]:
    """A token for this person's data, and the browser whose session stands behind it."""
    browser = houses.browser()
    await browser.sign_in(person)
    sent = await a_request(houses, scopes)
    answer = await redeem(houses, sent, await grant(houses, browser, person, sent))
    return str(answer.json()["access_token"]), browser


async def read(houses: Houses, path: str, token: str, params: Mapping[str, str] | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await houses.wire.get(f"{ESIA}{path}", headers=headers, params=params)


def error_of(page: Page) -> tuple[str, str]:
    """`error` and the number of ESIA's catalogue, from a redirect."""
    query = query_of(page.url)
    return query["error"], query["error_description"][5:11]
