"""The page for operators names every setting, and only those that exist."""

import re

from myschool.kit.settings import Settings
from tests.house.source import ROOT

ROW = re.compile(r"^\| `((?:MYSCHOOL_|DATABASE_URL)[A-Z_]*)` \|", re.MULTILINE)


def test_every_setting_has_a_row() -> None:
    """The table of docs/operating.md and kit/settings.py agree name by name."""
    told = set(ROW.findall((ROOT / "docs" / "operating.md").read_text()))
    known = {
        name.upper() if name.startswith("database_url") else f"MYSCHOOL_{name.upper()}"
        for name in Settings.__struct_fields__
    }
    assert told == known
