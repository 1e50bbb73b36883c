"""The page for operators tells every setting as the code has it."""

from tools.settings_table import PAGE, SOURCE, fields, with_table

from myschool.cli import COMMANDS


def test_every_setting_says_what_it_is_for() -> None:
    """A field without a docstring would be a row without a meaning."""
    assert [name for name, _, meaning in fields(SOURCE.read_text()) if not meaning] == []


def test_the_table_is_the_code() -> None:
    """Renewed by `python tools/settings_table.py`."""
    page = PAGE.read_text()
    assert with_table(page, SOURCE.read_text()) == page


def test_a_forgotten_renewal_is_seen() -> None:
    """A new field changes the page."""
    source = SOURCE.read_text().replace(
        "    pool_size:", '    colour: str = "red"\n    """Of the door."""\n    pool_size:'
    )
    assert "MYSCHOOL_COLOUR` | `red` | Of the door. |" in with_table(PAGE.read_text(), source)
    assert with_table(PAGE.read_text(), source) != PAGE.read_text()


def test_every_command_is_named() -> None:
    """Whoever operates it finds each command on the page."""
    page = PAGE.read_text()
    assert [name for name in COMMANDS if f"myschool {name}" not in page] == []
