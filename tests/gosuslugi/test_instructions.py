"""«Помощь» at the foot of every page of the cabinet opens."""

from tests.gosuslugi.browser import Browser


async def test_the_cabinet_has_the_instructions_too(browser: Browser) -> None:
    """A parent who is in the cabinet reads «Способ №1» there, without signing in."""
    await browser.open("/help")
    assert browser.status == 200
    assert "Способ №1" in browser.text
    await browser.open("/help/sposob-1")
    assert browser.status == 200
    assert "Подождите ответа ЗАГС" in browser.text
