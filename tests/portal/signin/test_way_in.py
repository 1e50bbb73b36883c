"""From «Войти» to the main page, through a real ESIA on a real wire."""

from datetime import date

from myschool.gosuslugi.people.model import Level
from tests.gosuslugi.provider.houses import PORTAL, Houses


async def test_a_pupil_of_14_registers_himself(houses: Houses) -> None:
    """«Войти», «Предоставить», «Профиль обучающегося», and the main page of «Моя школа»."""
    pupil = await houses.person(Level.STANDARD, born=date(2011, 9, 1))
    browser = houses.browser()
    await browser.sign_in(pupil)
    asked = await browser.press(await browser.open(PORTAL), action="/login/esia")
    assert asked.title == "Предоставление прав доступа"
    window = await browser.press(asked, {"answer": "grant"})
    assert window.url == f"{PORTAL}/registration"
    assert window.title == "Завершение регистрации"
    main = await browser.press(window, {"profile": "learner", "agreed": "yes"})
    assert main.url == f"{PORTAL}/"
    assert "Здравствуйте, Ольга Сергеевна!" in main.words
