"""Signing out leads on to registered addresses only."""

import pytest

from myschool.esia.requests import logout_url
from tests.gosuslugi.provider.houses import ESIA, PORTAL, Houses, query_of
from tests.gosuslugi.provider.parts import a_request


async def test_signing_out_leads_back_to_the_system(houses: Houses) -> None:
    """The registered address, to the letter; and the session is over."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    page = await browser.open(logout_url(ESIA, "MYSCHOOL", f"{PORTAL}/signed-out"), until=PORTAL)
    assert page.url == f"{PORTAL}/signed-out"
    waiting = await browser.open((await a_request(houses)).url, until=f"{ESIA}/login")
    assert "next" in query_of(waiting.url)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/",
        f"{PORTAL}/signed-out/",
        f"{PORTAL}/signed-out?x",
        f"{PORTAL}.evil.test/signed-out",
        "//evil",
    ],
)
@pytest.mark.parametrize("mnemonic", ["MYSCHOOL", "NOBODY"])
async def test_signing_out_leads_nowhere_else(houses: Houses, wanted: str, mnemonic: str) -> None:
    """An open redirect would lend the house's name to anybody."""
    browser = houses.browser()
    await browser.sign_in(await houses.person())
    page = await browser.open(logout_url(ESIA, mnemonic, wanted))
    assert (page.status, page.title) == (200, "Вы вышли")
    assert page.url.startswith(ESIA)
