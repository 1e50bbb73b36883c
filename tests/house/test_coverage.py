"""docs/coverage.md names tests that exist, and leaves no row out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
COVERAGE = (ROOT / "docs" / "coverage.md").read_text()
ROWS = 14


def names_in(path: Path) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {one.name for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, functions)}


def test_every_named_test_exists() -> None:
    """A test that was renamed is renamed in the table too."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", COVERAGE)
    assert len(named) >= ROWS
    for path, name in named:
        assert name in names_in(ROOT / path), f"{path}::{name}"


def test_every_row_has_a_page_and_a_test() -> None:
    """The fourteen rows in their order."""
    rows = [line.strip("|").split("|") for line in COVERAGE.splitlines() if re.match(r"\| \d", line)]
    assert [int(row[0].split()[0]) for row in rows] == list(range(1, ROWS + 1))
    for _, page, test in rows:
        assert "`/" in page
        assert "`tests/" in test
