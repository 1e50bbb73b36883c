"""«Недоставленное»: sent again exactly once, laid aside with a reason, and no word of whom it was for."""

import asyncio

import pytest

from myschool.gosuslugi.people.model import Person
from myschool.kit import journal
from tests.gosuslugi.family.browser import ORIGIN, Browser
from tests.gosuslugi.family.conftest import Home
from tests.gosuslugi.operating.dead import dead_letter, dead_now, waiting_letters


async def facts_of(home: Home) -> list[tuple[str, str, dict[str, object]]]:
    async with home.db.transaction() as tx:
        entries = await journal.read(tx, "gosuslugi:agenda")
    return [(entry.tag, entry.actor, dict(entry.facts)) for entry in entries]


async def test_an_empty_list_says_so(desk: Browser) -> None:
    """Nothing failed."""
    await desk.open("/operator/agenda")
    assert "Здесь пусто" in desk.text


async def test_the_list_tells_kind_error_age_and_trace_and_nobody(home: Home, desk: Browser, olga: Person) -> None:
    """Enough to find it in the logs, and nothing of the letter."""
    await dead_letter(home)
    await desk.open("/operator/agenda")
    for told in ("Письмо или СМС", "SmtpRefused", "4F7D-29GN", "Попыток 12"):
        assert told in desk.text
    assert "@pochta.example" not in desk.text
    assert "payload" not in desk.text


async def test_one_press_sends_one_again_and_the_second_press_sends_nothing(
    home: Home, desk: Browser, vera: Person
) -> None:
    """Also when both presses come at once."""
    item, other = await dead_letter(home), await dead_letter(home)
    await desk.open("/operator/agenda")
    press = {"csrf": desk.csrf}
    headers = {"Origin": ORIGIN}
    address = f"/operator/agenda/{item}/again"
    await asyncio.gather(*(desk.client.post(address, data=press, headers=headers) for _ in range(4)))
    assert await dead_now(home) == [other]
    assert await waiting_letters(home) == 1
    assert [(tag, actor) for tag, actor, _ in await facts_of(home)] == [("agenda:sent_again", f"operator:{vera.id}")]


async def test_all_of_a_kind_go_again_together_and_only_once(home: Home, desk: Browser) -> None:
    """A replayed form finds nothing more to send."""
    for _ in range(3):
        await dead_letter(home)
    for _ in range(2):
        await desk.open("/display")
        await desk.press("/operator/agenda/again", {"kind": "kit.letter"})
    assert "Таких дел здесь уже нет" in desk.text
    assert (await dead_now(home), await waiting_letters(home)) == ([], 3)
    assert [(tag, facts["count"]) for tag, _, facts in await facts_of(home)] == [("agenda:all_sent_again", 3)]


async def test_laying_aside_needs_a_reason_and_keeps_it_in_the_journal(home: Home, desk: Browser) -> None:
    """The reason is typed, and personal data in it are refused at the field."""
    item = await dead_letter(home)
    address = f"/operator/agenda/{item}/aside"
    await desk.open(address)
    assert (await desk.press(address)).status_code == 422
    page = await desk.press(address, {"reason": "Ящика olga@pochta.example больше нет"})
    assert page.status_code == 422
    assert "Уберите почту" in desk.text
    assert await dead_now(home) == [item]
    await desk.press(address, {"reason": "Ящика больше нет"})
    assert await dead_now(home) == []
    ((tag, _, facts),) = await facts_of(home)
    assert (tag, facts["reason"], facts["trace"]) == ("agenda:laid_aside", "Ящика больше нет", "4F7D-29GN")
    assert (await desk.open(address)).status_code == 404


@pytest.mark.parametrize("kind", ["", "nobody.knows", "<script>"])
async def test_a_kind_that_is_not_there_sends_nothing(home: Home, desk: Browser, kind: str) -> None:
    """Typed into the address or the form."""
    item = await dead_letter(home)
    await desk.open(f"/operator/agenda?kind={kind}")
    assert "<script>" not in desk.text
    await desk.press("/operator/agenda/again", {"kind": kind})
    assert await dead_now(home) == [item]
