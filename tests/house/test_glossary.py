"""One idea, one word: the glossary and the code agree."""

import ast
import re

import pytest

from tests.house.source import ROOT, Module, modules

FORBIDDEN_IN_NAMES = re.compile(
    r"((?<!OutOf)Service|Manager|Handler|Helper|Util|Utils|Info|Data)$|^(User|Account|Application|Enrollment|Admin)$"
)
GLOSSARY = ROOT / "GLOSSARY.md"


def terms() -> list[str]:
    """Class names the glossary introduces, without those it marks as still to come."""
    rows = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| `") and "(to come)" not in line]
    cells = [row.split("|")[1] for row in rows]
    return [term for cell in cells for term in re.findall(r"`([A-Z][A-Za-z]+)", cell)]


def class_names(module: Module) -> list[str]:
    return [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]


def declared_names() -> set[str]:
    """Classes and type aliases of the package."""
    names = {name for module in modules() for name in class_names(module)}
    for module in modules():
        for node in module.tree.body:
            if isinstance(node, ast.Assign):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def test_no_class_is_called_by_an_empty_word() -> None:
    """Manager, helper, info and the words the glossary rules out name nothing."""
    found = [f"{m.name}.{name}" for m in modules() for name in class_names(m) if FORBIDDEN_IN_NAMES.search(name)]
    assert found == []


@pytest.mark.parametrize("name", ["SchoolManager", "User", "RequestHandler", "PersonInfo", "Enrollment"])
def test_an_empty_word_is_seen(name: str) -> None:
    """The pattern finds what the glossary rules out."""
    assert FORBIDDEN_IN_NAMES.search(name)


def test_every_term_of_the_glossary_exists_in_the_code() -> None:
    """A word that the glossary promises names a class; what is still to come says so."""
    assert [term for term in terms() if term not in declared_names()] == []
