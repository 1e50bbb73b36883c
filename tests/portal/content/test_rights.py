"""Who may decide for whom: the pupil himself from 14, a parent until 18, nobody else ever."""

from datetime import date, datetime

import pytest

from myschool.kit import clock
from myschool.papers.dates import MOSCOW
from myschool.papers.numbers import Snils
from myschool.portal.consents import actions as consents
from myschool.portal.consents.model import NotYoursToGive
from myschool.portal.content.actions import catalogue, entitling, guardians
from myschool.portal.content.model import EntitlementState, GuardianActivates, NotYourChild
from myschool.portal.people import actions as people
from myschool.portal.people.model import Sex, ToldChild
from tests.portal.content.conftest import World


async def _do(world: World, act, actor, person):
    async def work(tx):
        platform = await catalogue.platform(tx, "chislary")
        return await act(tx, world.vault, actor.id, person.id, platform, clock.now())

    return await world.db.run(work)


async def test_a_stranger_decides_nothing(world: World) -> None:
    """Neither opens nor closes, for a child or for a pupil of 14, whatever ids are known."""
    await world.approve(world.pupil)
    for person in (world.pupil, world.child):
        for act in (entitling.activate, entitling.withdraw):
            with pytest.raises(NotYourChild):
                await _do(world, act, world.stranger, person)


async def test_a_child_may_close_and_not_open(world: World) -> None:
    """To refuse harms nobody; what is closed only the parent opens again."""
    await world.approve(world.child)
    await world.run(consents.give, world.parent.id, world.child.id)
    with pytest.raises(GuardianActivates):
        await _do(world, entitling.activate, world.child, world.child)
    await _do(world, entitling.activate, world.parent, world.child)
    closed = await _do(world, entitling.withdraw, world.child, world.child)
    assert closed.state is EntitlementState.WITHDRAWN
    with pytest.raises(GuardianActivates):
        await _do(world, entitling.activate, world.child, world.child)


async def test_a_parent_of_a_pupil_of_14_may_open_too(world: World) -> None:
    """Until 18 parents and pupil are both heard."""
    await world.approve(world.pupil)
    vera = world.pupil
    told = ToldChild("78", vera.name, vera.birth_date, Sex.FEMALE, vera.snils)
    await world.db.run(lambda tx: people.take_children(tx, world.vault, world.parent.id, [told], clock.now()))
    given = await _do(world, entitling.activate, world.parent, vera)
    assert (given.state, given.activated_by) == (EntitlementState.ACTIVE, world.parent.id)


async def test_an_adult_who_only_reads_sees_the_platforms_and_decides_nothing(world: World) -> None:
    """A pupil with the account in own hands, told to a parent to read; a child of 10 of whom the same is told."""
    browser = await world.browser().signed_in(world.parent)
    for person in (world.pupil, world.child):
        await world.approve(person)
        told = ToldChild("78", person.name, person.birth_date, Sex.FEMALE, person.snils, only_read=True)
        world.esia.told[world.parent.oid] = (told,)
        await world.db.run(
            lambda tx, told=told: people.take_children(tx, world.vault, world.parent.id, [told], clock.now())
        )
        for act in (entitling.activate, entitling.withdraw):
            with pytest.raises(NotYourChild):
                await _do(world, act, world.parent, person)
        with pytest.raises(NotYoursToGive):
            await world.run(consents.give, world.parent.id, person.id)
        path = f"/children/{person.id}/platforms/chislary"
        page = await browser.open(path)
        assert (page.status_code, f'action="{path}/activate"' in page.text) == (200, False)
        assert "Вам видно, какие платформы открыты" in page.text
        pressed = await browser.press(page, f"{path}/activate") if f'action="{path}' in page.text else page
        assert "Доступ открыт" not in pressed.text


@pytest.mark.parametrize(
    ("birth", "snils"), [(date(2016, 2, 4), "00000060002"), (date(2016, 2, 3), "00000060009"), (None, "00000060002")]
)
async def test_a_child_is_matched_by_both_number_and_birthday(world: World, birth, snils: str) -> None:
    """One that agrees in only one of them is somebody else."""
    told = ToldChild("77", world.child.name, birth, Sex.FEMALE, Snils(snils))
    await world.db.run(lambda tx: people.take_children(tx, world.vault, world.parent.id, [told], clock.now()))
    found = await world.db.run(lambda tx: guardians.children_of(tx, world.vault, world.parent.id, clock.now()))
    assert found == []


async def test_at_18_the_parent_sees_nothing_more(world: World) -> None:
    """On the birthday itself the child is no child any more."""
    told = await world.db.run(lambda tx: people.children_named(tx, world.vault, world.parent.id))
    for day, count in ((2, 1), (3, 0)):
        now = datetime(2034, 2, day, 12, tzinfo=MOSCOW)
        await world.db.run(lambda tx, now=now: people.take_children(tx, world.vault, world.parent.id, told, now))
        found = await world.db.run(lambda tx, now=now: guardians.children_of(tx, world.vault, world.parent.id, now))
        assert len(found) == count
