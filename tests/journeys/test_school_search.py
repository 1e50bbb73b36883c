"""An unpractised user looks for his school on a phone: by suggestions, by keyboard, without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Stack
from tests.journeys.people import come_to_portal, sign_in
from tests.journeys.walk import Walk

FIELD = "Номер или название школы"
# A school of the shipped register and how somebody types it: a short word, a number, a part of the town.
TYPED, OGRN, NUMBER = "шк 1541 моск", "1027700532090", "1541"


def field(walk: Walk) -> Locator:
    return walk.page.get_by_label(FIELD)


def options(walk: Walk) -> Locator:
    return walk.page.get_by_role("listbox", name="Подходящие школы").get_by_role("option")


def opened(walk: Walk, stack: Stack) -> Walk:
    walk.go(f"{stack.portal}/schools")
    walk.see("Найти школу")
    return walk


def test_a_school_is_suggested_while_somebody_types(walk: Walk, stack: Stack) -> None:
    """A number and a part of the town are enough; the suggestion opens the school."""
    opened(walk, stack)
    field(walk).press_sequentially(TYPED, delay=20)
    expect(options(walk).first).to_contain_text(NUMBER)
    walk.picture("school_search/suggested")
    options(walk).first.click()
    walk.page.wait_for_url(f"**/schools/{OGRN}")
    walk.read(OGRN)
    walk.picture("school_search/school")


def test_a_school_is_found_by_keyboard_alone(walk: Walk, stack: Stack) -> None:
    """Tab to the field, type, arrow down, Enter: the school; Escape closes the list and keeps what was typed."""
    opened(walk, stack)
    for _ in range(20):
        walk.page.keyboard.press("Tab")
        if field(walk).evaluate("element => element === document.activeElement"):
            break
    walk.page.keyboard.type(TYPED, delay=20)
    expect(options(walk).first).to_be_visible()
    walk.page.keyboard.press("Escape")
    expect(walk.page.get_by_role("listbox")).to_be_hidden()
    expect(field(walk)).to_have_value(TYPED)
    walk.page.keyboard.press("ArrowDown")
    walk.page.keyboard.press("ArrowDown")
    expect(options(walk).first).to_have_attribute("aria-selected", "true")
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url(f"**/schools/{OGRN}")


def test_a_screen_reader_is_told_what_happens(walk: Walk, stack: Stack) -> None:
    """The accessibility tree has a combobox with its name, a list with its name, and a status that counts."""
    opened(walk, stack)
    box = walk.page.get_by_role("combobox", name=FIELD)
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially(TYPED, delay=20)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(walk.page.get_by_role("status")).to_contain_text("Подходящих школ: 1")
    walk.page.keyboard.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    assert chosen
    assert options(walk).first.get_attribute("id") == chosen
    tree = walk.page.locator("main").aria_snapshot()
    assert re.search(r'combobox "Номер или название школы" \[expanded\]', tree)
    assert re.search(r'option ".*1541.*" \[selected\]', tree)
    box.fill("ъъъъъъ")
    expect(walk.page.get_by_role("status")).to_contain_text("Ничего не нашлось")


def test_an_older_answer_never_overtakes_a_newer_one(walk: Walk, stack: Stack) -> None:
    """The answer to the first letters comes late; the list shows what was asked last."""
    held = []
    walk.page.route("**/schools/search.json?*q=%D0%B3%D0%B8%D0%BC*", lambda route: held.append(route))
    opened(walk, stack)
    field(walk).press_sequentially("гим", delay=20)
    walk.page.wait_for_timeout(400)
    walk.page.unroute("**/schools/search.json?*q=%D0%B3%D0%B8%D0%BC*")
    field(walk).fill("")
    field(walk).press_sequentially(TYPED, delay=20)
    expect(options(walk).first).to_contain_text(NUMBER)
    assert held, "the first question was asked"
    expect(options(walk)).to_have_count(1)


def test_the_page_serves_when_suggestions_fail(walk: Walk, stack: Stack) -> None:
    """No answer to the script: «Найти» finds the school all the same."""
    walk.page.route("**/schools/search.json*", lambda route: route.abort())
    opened(walk, stack)
    field(walk).press_sequentially(TYPED, delay=20)
    walk.page.wait_for_timeout(300)
    walk.press("Найти")
    expect(walk.page.locator(f'main a[href="/schools/{OGRN}"]')).to_be_visible()


def test_a_school_is_found_without_javascript(plain_walk: Walk, stack: Stack) -> None:
    """Field, «Найти», a list of links, the school."""
    walk = opened(plain_walk, stack)
    walk.fill(FIELD, TYPED)
    walk.press("Найти")
    walk.read("Нашли: 1")
    walk.page.locator(f'main a[href="/schools/{OGRN}"]').click()
    walk.read(OGRN)


@pytest.mark.parametrize("typed", ["", "ъъъъъъъъ", "<b>", "' OR 1=1", "🏫"])
def test_nothing_found_leads_on(plain_walk: Walk, stack: Stack, typed: str) -> None:
    """Whatever was typed stays in the field, and the page says how to go on."""
    walk = opened(plain_walk, stack)
    walk.fill(FIELD, typed)
    walk.press("Найти")
    expect(field(walk)).to_have_value(typed)
    if typed:
        walk.follow("Моей школы нет в списке")
        walk.see("Моей школы нет в списке")
        walk.picture("school_search/missing")


def test_a_missing_school_is_told_and_answered(plain_walk: Walk, stack: Stack) -> None:
    """The form says what is wrong and keeps what was typed; then it gives a number."""
    walk = plain_walk
    walk.go(f"{stack.portal}/schools/missing")
    walk.press("Отправить")
    walk.read("Напишите, как называется школа")
    walk.fill("Как называется школа", "Лесная школа")
    walk.select("Регион", "Тульская область")
    walk.fill("Город, посёлок или село", "Крапивна")
    walk.fill("Электронная почта для ответа", "mama@pochta.example")
    walk.press("Отправить")
    walk.see("Сообщение отправлено")
    walk.read("Номер Ш")
    walk.picture("school_search/told")


def as_pupil(walk: Walk, stack: Stack) -> None:
    """The cast's pupil, for the first time or again."""
    walk.go(stack.portal)
    walk.enter()
    sign_in(walk, stack.citizen("mikhail"))
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text(re.compile("Предоставление|Здравствуйте"))
    if "Здравствуйте" not in walk.page.get_by_role("heading", level=1).inner_text():
        walk.press("Предоставить")
        walk.choose("Профиль обучающегося")
        walk.page.get_by_role("checkbox").check()
        walk.press("Завершить регистрацию")
    walk.see("Здравствуйте")


def test_a_pupil_chooses_his_school_from_the_suggestions(walk: Walk, stack: Stack) -> None:
    """In the journey of joining a suggestion leads to «Это ваша школа?», and «Нет» back to what was typed."""
    as_pupil(walk, stack)
    walk.go(f"{stack.portal}/cabinet/school")
    walk.select("Регион", "Красноярский край")
    walk.press("Продолжить")
    field(walk).press_sequentially("шк 148 краснояр", delay=20)
    expect(options(walk).first).to_contain_text("СШ № 148")
    walk.picture("school_search/joining")
    walk.page.keyboard.press("ArrowDown")
    walk.page.keyboard.press("Enter")
    walk.see("Это ваша школа?")
    walk.read("СШ № 148")
    walk.follow("Нет, искать дальше")
    expect(field(walk)).to_have_value("шк 148 краснояр")


def test_a_class_is_invited_by_a_link(walk: Walk, another: Walk, stack: Stack) -> None:
    """The head makes a link and a code; whoever opens it reads school and class without having searched."""
    come_to_portal(walk, stack.portal, stack.citizen("galina"), "Профиль педагога")
    walk.go(f"{stack.portal}/school")
    walk.follow("Пригласить класс ссылкой или QR-кодом")
    walk.select("Класс", "8 класс")
    walk.fill("Буква класса", "б")
    walk.press("Показать ссылку и код")
    walk.read("8Б класс")
    code = walk.page.get_by_role("img", name="QR-код со ссылкой для 8Б класса")
    expect(code).to_be_visible()
    assert code.evaluate("picture => picture.naturalWidth") > 100
    walk.picture("school_search/invitation")
    link = walk.page.locator("main a.long").get_attribute("href")
    assert link
    another.go(link)
    another.see("Это ваш класс?")
    another.read("8Б класс")
    another.picture("school_search/invited")
    another.go(link[:-3] + "AAA")
    another.see("Приглашение не открылось")


def test_an_operator_answers_by_letter(walk: Walk, another: Walk, stack: Stack) -> None:
    """What a person wrote stands on the operator's list; the answer comes to the person's mailbox with a link."""
    address = "babushka@pochta.example"
    another.go(f"{stack.portal}/schools/missing")
    another.fill("Как называется школа", "Школа за рекой")
    another.select("Регион", "Красноярский край")
    another.fill("Город, посёлок или село", "Красноярск")
    another.fill("Электронная почта для ответа", address)
    another.press("Отправить")
    another.see("Сообщение отправлено")
    come_to_portal(walk, stack.portal, stack.citizen("andrey"), "Профиль родителя")
    walk.go(f"{stack.portal}/operator/schools")
    walk.picture("school_search/operator_list")
    walk.follow("Школа за рекой", first=True)
    walk.choose("Школа есть в списке под другим названием")
    walk.fill("ОГРН школы", "1022402060328")
    walk.picture("school_search/operator_one")
    walk.press("Ответить письмом")
    walk.see("Школы, которых не нашли")
    letter = another.wait_for_message(address, "Мы нашли вашу школу")
    assert f"{stack.portal}/schools/1022402060328" in letter["text"]
