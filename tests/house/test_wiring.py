"""Everything that a house may put on its agenda stands in its wiring, else its worker would never take it off."""

from importlib import import_module
from typing import Any

import pytest

from myschool.gosuslugi import wiring as gosuslugi
from myschool.kit import settings
from myschool.kit.agenda import Event
from myschool.kit.vault import Vault, VaultKey
from myschool.portal import wiring as portal
from tests.house.source import modules


class NobodysPostman:
    async def deliver(self, message: Any, message_id: Any) -> None:
        raise AssertionError("no letter is sent here")


def events_of(house: str) -> set[type[Event]]:
    """All kinds of event that the house's slices define."""
    found: set[type[Event]] = set()
    for module in modules():
        if module.name.startswith(f"{house}.") and "Event" in module.text:
            members = vars(import_module(f"myschool.{module.name}")).values()
            found |= {one for one in members if isinstance(one, type) and issubclass(one, Event) and one is not Event}
    return {one for one in found if one.__module__.startswith(f"myschool.{house}.")}


@pytest.mark.parametrize(("house", "table"), [("gosuslugi", gosuslugi), ("portal", portal)])
def test_every_event_of_a_house_is_wired(house: str, table: Any, tmp_path: Any) -> None:
    """An event without a reaction is wired to none, on purpose and in sight."""
    context = table.Context(settings.read({"MYSCHOOL_HOME": str(tmp_path)}), Vault([VaultKey.fresh()]))
    wired = set(table.wiring(context, NobodysPostman()))
    assert {one.__name__ for one in events_of(house) - wired} == set()
