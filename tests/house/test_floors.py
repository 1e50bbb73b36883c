"""Imports only point down: between the floors, between the slices of a house, between the rooms of a slice."""

from pathlib import Path

import pytest

from tests.house.source import Module, modules

GROUND = {
    "kit": set(),
    "papers": {"kit"},
    "oidc": {"kit"},
    "lti": {"kit", "oidc"},
    "oneroster": {"kit"},
    "esia": {"kit", "papers", "oidc"},
}
BELOW_A_HOUSE = {*GROUND, "help"}
FLOORS = {
    **GROUND,
    "gosuslugi": BELOW_A_HOUSE,
    "portal": BELOW_A_HOUSE,
    "sandbox": {"kit", "papers", "oidc"},
    "help": {"kit", "papers"},
}
SLICES = {
    "gosuslugi": ["people", "checks", "signin", "family", "grants", "provider", "centre", "operating"],
    "portal": ["schools", "people", "signin", "operators", "consents", "family", "roll", "joining", "content"],
}
ROOMS = {
    "model": {"model"},
    "store": {"model", "store"},
    "gateway": {"model", "gateway"},
    "actions": {"model", "store", "gateway", "actions"},
}
OPEN_TO_OTHERS = {"model", "actions"}
"""And `…_model`, where the nouns of a slice fill more than one file."""
TOP_OF_A_HOUSE = {"app", "wiring"}
GROUND_OF_A_HOUSE = {"tables", "fields"}
IMPURE = ("sqlalchemy", "starlette", "httpx", "asyncpg", "myschool.kit.db", "myschool.kit.web", "myschool.kit.clock")


def floor_faults(module: Module) -> list[str]:
    """Imports of a floor that is not below this one."""
    floor = module.name.split(".")[0]
    if floor not in FLOORS:
        return []
    allowed = FLOORS[floor] | {floor}
    return [
        f"{module.name}:{line} imports {name}"
        for line, name in module.own_imports()
        if name.split(".")[0] not in allowed
    ]


def slice_faults(module: Module) -> list[str]:
    """Imports of a higher slice, or of a lower slice's closed rooms."""
    house, *rest = module.name.split(".")
    if house not in SLICES or not rest or rest[0] in TOP_OF_A_HOUSE:
        return []
    if rest[0] in GROUND_OF_A_HOUSE:
        return [
            f"{module.name}:{line} knows a slice: {name}"
            for line, name in module.own_imports()
            if name.startswith(house)
        ]
    order = SLICES[house]
    faults = []
    for line, name in module.own_imports():
        parts = name.split(".")
        if parts[0] != house or parts[1] == rest[0] or parts[1] in GROUND_OF_A_HOUSE:
            continue
        if parts[1] in TOP_OF_A_HOUSE or parts[1] not in order or order.index(parts[1]) > order.index(rest[0]):
            faults.append(f"{module.name}:{line} imports upwards: {name}")
        elif len(parts) < 3 or (parts[2] not in OPEN_TO_OTHERS and not parts[2].endswith("_model")):
            faults.append(f"{module.name}:{line} enters a closed room: {name}")
    return faults


def room_faults(module: Module) -> list[str]:
    """A room that knows what it must not: model ← store, gateway ← actions ← pages."""
    house, *rest = module.name.split(".")
    if house not in SLICES or len(rest) < 2 or rest[0] not in SLICES[house] or rest[1] not in ROOMS:
        return []
    inside = f"{house}.{rest[0]}."
    faults = []
    for line, name in module.own_imports():
        room = name.removeprefix(inside).split(".")[0]
        if (
            name.startswith(inside)
            and room in {"model", "store", "gateway", "actions", "pages", "api"} - ROOMS[rest[1]]
        ):
            faults.append(f"{module.name}:{line} ({rest[1]}) imports {room}")
    return faults


def purity_faults(module: Module) -> list[str]:
    """A model that could do input or output, or look at the clock."""
    if module.name.split(".")[-1] != "model" and not module.name.endswith("_model"):
        return []
    return [
        f"{module.name}:{line} imports {name}"
        for line, name in module.imports()
        if any(name == impure or name.startswith(impure + ".") for impure in IMPURE)
    ]


def query_faults(module: Module) -> list[str]:
    """SQL outside a store: actions and pages never hold a query."""
    rooms = module.name.split(".")
    if rooms[0] not in SLICES or not {"actions", "pages", "api"} & set(rooms):
        return []
    return [
        f"{module.name}:{line} imports {name}" for line, name in module.imports() if name.split(".")[0] == "sqlalchemy"
    ]


@pytest.mark.parametrize("judge", [floor_faults, slice_faults, room_faults, purity_faults, query_faults])
def test_imports_only_point_down(judge) -> None:
    """No file of the package breaks the law of its floor, slice or room."""
    assert [fault for module in modules() for fault in judge(module)] == []


BROKEN = [
    (floor_faults, "kit.x", "from myschool.portal.schools.model import School"),
    (floor_faults, "gosuslugi.people.model", "import myschool.portal.people.model"),
    (floor_faults, "portal.family.actions", "from myschool.gosuslugi.family import actions"),
    (floor_faults, "sandbox.cast", "from myschool.gosuslugi.people.actions import create"),
    (slice_faults, "gosuslugi.people.actions", "from myschool.gosuslugi.family.model import Child"),
    (slice_faults, "gosuslugi.family.actions", "from myschool.gosuslugi.people.store import load"),
    (slice_faults, "portal.joining.pages", "from myschool.portal.roll.pages import show"),
    (slice_faults, "portal.joining.actions", "from myschool.portal.wiring import wiring"),
    (slice_faults, "gosuslugi.fields", "from myschool.gosuslugi.people.model import Person"),
    (room_faults, "portal.joining.model", "from myschool.portal.joining.store import load"),
    (room_faults, "portal.joining.store", "from myschool.portal.joining.actions import submit"),
    (purity_faults, "portal.joining.model", "from myschool.kit.clock import now"),
    (query_faults, "portal.joining.actions", "from sqlalchemy import select"),
]


@pytest.mark.parametrize(("judge", "name", "line"), BROKEN)
def test_a_forbidden_import_is_seen(judge, name: str, line: str, tmp_path: Path) -> None:
    """Each law finds the import it forbids."""
    path = tmp_path / "module.py"
    path.write_text(line)
    assert judge(Module(path, name))
