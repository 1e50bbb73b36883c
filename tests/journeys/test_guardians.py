"""Who may act for a child, and who may not any more: a guardian by order, parents who live apart, a court."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Stack, running_stack
from tests.journeys.desk import confirm_second, copy_papers, open_application, propose_change, tell_order
from tests.journeys.people import Record, come_to_gosuslugi, fill_card, make_account
from tests.journeys.test_parent_portal import child_comes_in
from tests.journeys.walk import Walk

PORTAL_PAGES = ("/", "/family", "/cabinet", "/consents", "/platforms")
OF_A_CARD = ("", "/who", "/second-way", "/checklist", "/manage", "/delegate", "/not-mine")
HIS_STREET = "Лесная"
"""Of `people.ADDRESS`, which he types into his card."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack("guardians") as running:
        yield running


@pytest.fixture
def clerks(stack: Stack, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Walk, Walk]]:
    """Людмила and Инна at their desks, signed in."""
    with ExitStack() as opened:
        first, second = (opened.enter_context(Walk.begin(chromium, stack.mailbox, request.config)) for _ in range(2))
        come_to_gosuslugi(first, stack.gosuslugi, stack.citizen("lyudmila"), "/centre")
        come_to_gosuslugi(second, stack.gosuslugi, stack.citizen("inna"), "/centre")
        yield first, second


def number_on_card(walk: Walk) -> str:
    return walk.page.locator(".number").first.inner_text()


def test_a_guardian_is_decided_by_two_clerks(stack: Stack, walk: Walk, clerks: tuple[Walk, Walk]) -> None:
    """Тамара is in no record of birth: ЗАГС confirms the paper, two clerks the order, then the account is made."""
    guardian, child = stack.citizen("tamara"), stack.child("egor")
    first, second = clerks
    come_to_gosuslugi(walk, stack.gosuslugi, guardian)
    fill_card(walk, child, "Опекун")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("Нужно показать документы")
    walk.wait_for_message(guardian["email"], "документ")
    walk.read("Решают два сотрудника")
    walk.picture("gosuslugi/card-guardian-papers")
    card = walk.page.url
    walk.follow("Какие документы взять", first=True)
    walk.see("Что взять в центр обслуживания")
    walk.read("Акт органа опеки о том, что вы назначены опекуном")
    walk.read("Решение о вас принимают два сотрудника")
    walk.picture("gosuslugi/checklist-guardian")
    number = number_on_card(walk)

    open_application(first, stack.gosuslugi, number)
    copy_papers(first, guardian, child)
    tell_order(first, "17-о", "Управление опеки города Песочного")
    first.picture("centre/guardian")
    first.press("Передать второму сотруднику")
    first.see("Ждёт второго сотрудника")
    first.picture("centre/guardian-waits")
    walk.go(card)
    walk.read("Ждёт второго сотрудника")
    walk.read("О таких заявлениях решают двое")
    walk.picture("gosuslugi/card-second-clerk")

    first.go(f"{stack.gosuslugi}/centre/waiting")
    first.follow("Открыть своё предложение")
    first.read("Своё предложение не подтверждают")
    expect(first.page.get_by_role("button", name="Подтвердить", exact=True)).to_have_count(0)
    confirm_second(second, stack.gosuslugi, number, picture="centre/second-look")

    walk.go(f"{stack.gosuslugi}/family")
    walk.read("Документы подтверждены")
    walk.wait_for_message(guardian["email"], "Документы проверены")
    make_account(walk, child)
    walk.read("Учётная запись есть")


@dataclass(frozen=True)
class CardOf:
    """A parent's card of the child: its address and the number of the application."""

    url: str
    number: str


def card_of(walk: Walk) -> CardOf:
    return CardOf(walk.page.url, number_on_card(walk))


def attach_sofia(stack: Stack, walk: Walk, father: Record, child: Record) -> CardOf:
    """The father's card of a child who has an account already."""
    come_to_gosuslugi(walk, stack.gosuslugi, father)
    fill_card(walk, child, "Отец")
    walk.press("Отправить в ЗАГС")
    walk.reload_until("ЗАГС проверяет")
    stack.later("16m")
    walk.reload_until("Учётная запись уже есть")
    walk.press("Привязать")
    walk.read("Учётная запись ребёнка привязана")
    return card_of(walk)


def come_to_portal_again(walk: Walk, portal: str, profile: str) -> None:
    """Signed in at Госуслуги already: the first time in «Моя школа», without a password."""
    walk.go(portal)
    walk.enter()
    walk.see("Предоставление прав доступа")
    walk.press("Предоставить")
    walk.see("Завершение регистрации")
    walk.choose(profile)
    walk.page.get_by_role("checkbox").check()
    walk.press("Завершить регистрацию")
    walk.see("Здравствуйте")


def acts_for_sofia(walk: Walk, stack: Stack, card: CardOf) -> None:
    """At Госуслуги the account can be managed, in «Моя школа» the child is there."""
    walk.go(card.url)
    walk.read("Учётная запись есть")
    walk.go(f"{card.url}/manage")
    walk.see("Учётная запись ребёнка")
    walk.go(f"{stack.portal}/family")
    walk.read("София Орлова")


def status_of(walk: Walk, url: str) -> int:
    answer = walk.page.goto(url)
    assert answer is not None
    return answer.status


def nothing_opens_for(walk: Walk, stack: Stack, card: CardOf, *, picture: str = "") -> None:
    """In the sessions that are open already: the card says why, nothing of the child opens anywhere."""
    walk.go(card.url)
    walk.read("Приостановлено")
    walk.read("Не позднее")
    if picture:
        walk.picture(picture)
    for page in ("manage", "manage/password", "manage/contacts/email", "manage/delete", "delegate"):
        assert status_of(walk, f"{card.url}/{page}") in (403, 404, 409), page
    for page in PORTAL_PAGES:
        walk.go(f"{stack.portal}{page}")
        walk.not_read("София")


def both_act_and_neither_reads_of_the_other(stack: Stack, walk: Walk, another: Walk, his: CardOf, hers: CardOf) -> None:
    acts_for_sofia(walk, stack, his)
    acts_for_sofia(another, stack, hers)
    father, mother = stack.citizen("denis"), stack.citizen("maria")
    no_word_of(walk, stack, father, his, ["Мария", "Марии", "Белова", "Беловой", *known_of(mother)])
    no_word_of(another, stack, mother, hers, ["Романович", HIS_STREET, *known_of(father)])
    assert status_of(walk, hers.url) == 404


def known_of(one: Record) -> list[str]:
    return [one["email"], one["phone"], one["phone"][-4:], one["snils"], one["passport"]["number"]]


def no_word_of(walk: Walk, stack: Stack, reader: Record, card: CardOf, secrets: list[str]) -> None:
    """Neither name nor contact nor address of the other, on no page and in no letter."""
    pages = [f"{card.url}{page}" for page in OF_A_CARD]
    pages += [f"{stack.gosuslugi}{page}" for page in ("/", "/family", "/access", "/profile", "/security")]
    pages += [f"{stack.portal}{page}" for page in PORTAL_PAGES]
    for page in pages:
        walk.page.goto(page)
        shown = walk.page.content()
        assert [one for one in secrets if one in shown] == [], page
    letters = "".join(one["subject"] + one["text"] for one in walk.messages(reader["email"]))
    assert [one for one in secrets if one in letters] == []


def test_parents_who_live_apart(
    stack: Stack,
    walk: Walk,
    another: Walk,
    clerks: tuple[Walk, Walk],
    chromium: Browser,
    request: pytest.FixtureRequest,
) -> None:
    """Both act for София and neither reads of the other; what a court or a dispute stops opens nothing from then on."""
    father, mother, child = stack.citizen("denis"), stack.citizen("maria"), stack.child("sofia")
    with Walk.begin(chromium, stack.mailbox, request.config) as daughter:
        child_comes_in(daughter, stack.portal, child, mother, mother["password"])
    his = attach_sofia(stack, walk, father, child)
    come_to_portal_again(walk, stack.portal, "Профиль родителя")
    come_to_gosuslugi(another, stack.gosuslugi, mother)
    another.follow("Открыть карточку", first=True)
    hers = card_of(another)
    come_to_portal_again(another, stack.portal, "Профиль родителя")
    both_act_and_neither_reads_of_the_other(stack, walk, another, his, hers)

    first, second = clerks
    propose_change(first, stack.gosuslugi, his.number, "Приостановить права по решению суда", picture="centre/change")
    acts_for_sofia(walk, stack, his)
    confirm_second(second, stack.gosuslugi, his.number, picture="centre/second-look-court")
    nothing_opens_for(walk, stack, his, picture="gosuslugi/card-suspended")
    acts_for_sofia(another, stack, hers)
    walk.wait_for_message(father["email"], "Вы пока не можете действовать за ребёнка")

    for matter in ("Вернуть права по решению суда", "Спор родителей"):
        propose_change(first, stack.gosuslugi, his.number, matter)
        confirm_second(second, stack.gosuslugi, his.number)
    acts_for_sofia(walk, stack, his)  # a court has spoken about him: no dispute freezes that
    nothing_opens_for(another, stack, hers, picture="gosuslugi/card-dispute")
    propose_change(first, stack.gosuslugi, hers.number, "Вернуть права по решению суда")
    confirm_second(second, stack.gosuslugi, hers.number)
    acts_for_sofia(another, stack, hers)
    no_word_of(walk, stack, father, his, ["Мария", "Марии", "Белова", "Беловой", *known_of(mother)])
