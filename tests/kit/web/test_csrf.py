"""A form is taken only when this house drew it for this browser, and it was sent from a page of ours."""

import base64
import gzip
import re

import httpx
import pytest

from myschool.kit.vault import Vault, VaultKey
from tests.kit.web.conftest import TestHouse, csrf_of

TOKEN = re.compile(r'name="csrf" value="[^"]+"')


async def test_a_form_of_ours_is_taken(test_house: TestHouse) -> None:
    """The way things go: opened, filled in, sent."""
    assert (await test_house.browser().send("/")).headers["location"] == "/"


@pytest.mark.parametrize("token", ["", "x", "é" * 44, "A" * 44, "A" * 43 + "=", "%%%", "=" * 44, "\ud800"])
async def test_a_form_without_a_token_is_refused(test_house: TestHouse, token: str) -> None:
    """No token, and nonsense in its place, change nothing."""
    browser = test_house.browser()
    await browser.get("/")
    body = b"csrf=" + token.encode("utf-8", "surrogatepass")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (await browser.http.post("/", content=body, headers=kind)).status_code == 403


async def test_a_token_of_another_browser_is_refused(test_house: TestHouse) -> None:
    """A token that an attacker got for himself is worth nothing in another's browser."""
    attacker, victim = test_house.browser(), await test_house.signed_in()
    token = csrf_of(await attacker.get("/"))
    answer = await victim.post("/", {"csrf": token})
    assert answer.status_code == 403
    assert "Форма устарела" in answer.text


async def test_a_token_from_before_the_sign_in_is_refused(test_house: TestHouse) -> None:
    """A stranger's form is not sent in the name of the person who signed in meanwhile."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    await browser.enter("olga")
    assert (await browser.post("/", {"csrf": token})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "http://school.test"},
        {"origin": "https://school.test:8443"},
        {"origin": "https://school.test.evil.test"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "", "sec_fetch_site": "cross-site"},
    ],
)
async def test_a_foreign_page_sends_nothing(test_house: TestHouse, headers: dict[str, str]) -> None:
    """Even with a good token a form from elsewhere is refused, another port of this machine included."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    assert (await browser.post("/", {"csrf": token}, **headers)).status_code == 403


async def test_an_old_browser_without_origin_may_send(test_house: TestHouse) -> None:
    """A browser that sends neither Origin nor Sec-Fetch-Site is judged by the token alone."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    assert (await browser.post("/", {"csrf": token}, origin="", referer="")).status_code == 303


async def test_the_token_looks_new_on_each_page(test_house: TestHouse) -> None:
    """Masked anew, so neither the token nor the length of a compressed page tells its bytes (BREACH)."""
    browser = test_house.browser()
    pages = [await browser.get("/", headers={"accept-encoding": "gzip"}) for _ in range(20)]
    assert {page.headers["content-encoding"] for page in pages} == {"gzip"}
    raw = [base64.urlsafe_b64decode(csrf_of(page)) for page in pages]
    assert len(set(raw)) == 20
    assert len({one[:16] for one in raw}) == 20
    assert len({one[16:] for one in raw}) == 20
    for page in pages:
        assert (await browser.post("/", {"csrf": csrf_of(page)})).status_code == 303


async def test_guessing_into_the_page_does_not_shorten_it(test_house: TestHouse) -> None:
    """Repeating what one page showed as its token makes the next page no shorter."""
    browser = test_house.browser()
    page = await browser.get("/")
    secret = TOKEN.search(page.text)
    assert secret is not None

    def packed(answer: httpx.Response) -> int:
        return len(gzip.compress((answer.text + secret[0]).encode()))

    same, other = packed(page), packed(await browser.get("/"))
    assert other > same


async def test_a_new_key_of_the_vault_keeps_open_forms_valid(test_house: TestHouse) -> None:
    """A rotation while somebody types costs nobody the form; a key that was taken off the ring does."""
    browser = test_house.browser()
    token = csrf_of(await browser.get("/"))
    old, new = VaultKey.fresh(), VaultKey.fresh()
    test_house.house.vault = Vault([old])
    token = csrf_of(await browser.get("/"))
    test_house.house.vault = Vault([new, old])
    assert (await browser.post("/", {"csrf": token})).status_code == 303
    test_house.house.vault = Vault([new])
    assert (await browser.post("/", {"csrf": token})).status_code == 403
