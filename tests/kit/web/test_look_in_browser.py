"""The frame in Chromium, under the content policy that the houses send."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from myschool.kit.web import assets
from myschool.kit.web.security import content_policy
from tests.kit.web.test_look import Visit, drawn, wrong

pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-quic",
)  # fmt: skip
ADDRESS = "http://house.test/"
FORM = """{{ ui.errors(form) }}<form novalidate>
{{ ui.field(form, "snils", "СНИЛС", autocomplete="username") }}{{ ui.password(form) }}{{ ui.button("Да") }}</form>"""
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield chromium
        chromium.close()


def opened(browser: Browser, *, script: bool = True, width: int = 390) -> tuple[Page, list[str]]:
    """The form page as a house would send it, and what the browser complained of."""
    html = drawn(FORM, form=wrong(snils="Проверьте СНИЛС"), visit=Visit("Анна Соколова"))
    complaints: list[str] = []

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS).removeprefix("assets/")
        if not name:
            policy = {"Content-Security-Policy": content_policy()}
            route.fulfill(body=html, content_type="text/html", headers=policy)
        else:
            route.fulfill(body=(assets.FOLDER / name).read_bytes(), content_type=KINDS[name.rpartition(".")[2]])

    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", answer)
    page.goto(ADDRESS)
    return page, complaints


def test_the_script_runs_under_the_content_policy(browser: Browser) -> None:
    """The summary takes the focus, the menu folds and opens, the password can be looked at; nothing is refused."""
    page, complaints = opened(browser)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert page.evaluate("document.fonts.check('19px Golos', 'Ж№₽') && document.fonts.size") == 1
    family = page.get_by_role("link", name="Семья")
    assert not family.is_visible()
    page.get_by_role("button", name="Меню").click()
    assert family.is_visible()
    page.get_by_role("button", name="Показать пароль").click()
    assert page.get_by_label("Пароль", exact=True).get_attribute("type") == "text"
    page.get_by_role("link", name="Проверьте СНИЛС").click()
    assert page.evaluate("document.activeElement.id") == "snils"
    assert complaints == []


def test_without_script_nothing_is_out_of_reach(browser: Browser) -> None:
    """The menu stands open and no button that needs a script is shown."""
    page, complaints = opened(browser, script=False)
    assert page.get_by_role("link", name="Семья").is_visible()
    assert not page.get_by_text("Меню", exact=True).is_visible()
    assert not page.get_by_text("Показать", exact=True).is_visible()
    assert complaints == []


def test_fields_and_buttons_fit_a_finger(browser: Browser) -> None:
    """What is pressed or filled in is at least 48 px high, and nothing sticks out at 320 px."""
    page, _ = opened(browser, width=320)
    for one in page.locator("main :is(input:not([type=hidden]), button), header :is(button, .header__home)").all():
        if one.is_visible():
            box = one.bounding_box()
            assert box is not None
            assert box["height"] >= 48
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_keyboard_always_shows_where_it_is(browser: Browser) -> None:
    """Each stop of the Tab key carries a ring of at least 3 px."""
    page, _ = opened(browser, width=1280)
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "3px" in ring, page.evaluate("document.activeElement.outerHTML")
