"""`myschool agenda`: what failed too often is shown, tried again, or given up."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from myschool import cli
from myschool.commands.houses import opened
from myschool.kit import agenda
from myschool.kit import settings as configuration
from myschool.kit.agenda import Event, State, Work
from myschool.kit.agenda_worker import Worker
from myschool.kit.db import Tx
from myschool.kit.settings import Settings
from tests.commands.installed import installed


class Pushed(Event, frozen=True, tag="tests.pushed"):
    """A push that nobody takes."""


class NobodyThere(Exception):
    pass


async def refuse(_work: Work[None], _event: Pushed) -> None:
    raise NobodyThere


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    with installed(postgres_url, tmp_path) as known:
        monkeypatch.setattr(configuration, "read", lambda: known)
        yield known


@pytest.fixture
def failed(settings: Settings) -> UUID:
    """The identifier of an item of the portal that failed too often."""

    async def fail() -> UUID:
        async with opened(settings, "portal") as portal:
            await portal.run(lambda tx: agenda.put(tx, Pushed(), key="push"))
            await Worker(portal, {Pushed: [refuse]}, None, max_attempts=1).drain()
            (item,) = await portal.run(agenda.dead)
            return item.id

    return asyncio.run(fail())


def states(settings: Settings) -> list[State]:
    async def look(tx: Tx) -> list[State]:
        return [count.state for count in await agenda.counts(tx)]

    async def ask() -> list[State]:
        async with opened(settings, "portal") as portal:
            return await portal.run(look)

    return asyncio.run(ask())


def test_what_failed_is_shown_with_its_identifier(failed: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    """The list names kind, error and tries, so that the operator knows what to retry."""
    assert cli.main(["agenda"]) == 0
    said = capsys.readouterr().out
    assert f"не удалось {failed}: tests.pushed, {NobodyThere.__module__}.NobodyThere, попыток 1" in said
    assert "Госуслуги: дел нет." in said


def test_what_failed_is_tried_again(settings: Settings, failed: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    """It waits again; a second press finds nothing that failed."""
    assert cli.main(["agenda", "retry", str(failed)]) == 0
    assert states(settings) == [State.WAITING]
    assert cli.main(["agenda", "retry", str(failed)]) == 1
    assert "Среди неудавшихся такого дела нет" in capsys.readouterr().out


def test_what_failed_is_given_up(settings: Settings, failed: UUID) -> None:
    """It is gone, and its key stays done, so the same thing is not put again."""
    assert cli.main(["agenda", "discard", str(failed)]) == 0
    assert states(settings) == []

    async def put() -> bool:
        async with opened(settings, "portal") as portal:
            return await portal.run(lambda tx: agenda.put(tx, Pushed(), key="push"))

    assert not asyncio.run(put())


def test_what_only_waits_is_not_given_up(settings: Settings, failed: UUID) -> None:
    """A waiting item is the worker's; nobody loses a letter by a wrong identifier."""
    assert cli.main(["agenda", "retry", str(failed)]) == 0
    assert cli.main(["agenda", "discard", str(failed)]) == 1
    assert states(settings) == [State.WAITING]
