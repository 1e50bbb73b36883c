"""Rules of the ground that hold in every file: one clock, SQL that travels, nothing that only one machine knows."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, modules

OWN_TIME = re.compile(
    r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(|func\.now\(|CURRENT_(TIMESTAMP|DATE)|\bnow\(\)::"
)
NOT_TRAVELLING = re.compile(
    r"(?-i:\bLISTEN\s|\bNOTIFY\s)|pg_(try_)?advisory|\bSERIAL\b|\bIdentity\(|\bSequence\(\s*[\"']|nextval|CREATE\s+TRIGGER"
    r"|autoincrement=True|\bgosuslugi\.[a-z_]+\s+(WHERE|SET|VALUES)|\bLOCK\s+TABLE\b|pg_notify",
    re.IGNORECASE,
)
CLOCK = "kit.clock"


def lines_with(module: Module, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{module.name}:{number} {line.strip()}"
        for number, line in enumerate(module.text.splitlines(), 1)
        if pattern.search(line) and not line.lstrip().startswith(("#", '"', "“"))
    ]


def test_only_the_clock_reads_the_time() -> None:
    """Everything that depends on time can be moved by tests and the demo."""
    assert [hit for m in modules() if m.name != CLOCK for hit in lines_with(m, OWN_TIME)] == []


def test_sql_stays_with_what_a_distributed_engine_runs() -> None:
    """No LISTEN, advisory lock, sequence, trigger or foreign schema stands in any file."""
    prose = {"kit.db"}
    assert [hit for m in modules() if m.name not in prose for hit in lines_with(m, NOT_TRAVELLING)] == []


@pytest.mark.parametrize(
    "line",
    ["LISTEN changes", "pg_advisory_lock(1)", "Column('id', Integer, Identity())", "CREATE TRIGGER x", "nextval('s')"],
)
def test_sql_that_does_not_travel_is_seen(line: str, tmp_path: Path) -> None:
    """The pattern finds what it forbids."""
    path = tmp_path / "store.py"
    path.write_text(line)
    assert lines_with(Module(path, "x.store"), NOT_TRAVELLING)


@pytest.mark.parametrize("line", ["datetime.now(UTC)", "date.today()", "time.time()", "func.now()"])
def test_own_time_is_seen(line: str, tmp_path: Path) -> None:
    """The pattern finds every way around the clock."""
    path = tmp_path / "model.py"
    path.write_text(line)
    assert lines_with(Module(path, "x.model"), OWN_TIME)


def test_the_journal_is_never_changed() -> None:
    """Only kit.journal writes journal rows, and it has no update or delete of an entry."""
    touching = re.compile(
        r"(update|delete)\(\s*(journal\.)?journal_entry\b|UPDATE journal_entry|DELETE FROM journal_entry"
    )
    assert [hit for m in modules() for hit in lines_with(m, touching)] == []


def test_no_file_knows_one_machine() -> None:
    """Nothing that is committed names a home directory, a registry host or a private key."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    private = re.compile(
        r"/(home|root|Users)/[a-z]+/|-----BEGIN (RSA |EC )?PRIVATE KEY|pypi\.org|pythonhosted|registry\.npmjs"
        r"|resolved\":"
    )
    texts = {".py", ".md", ".toml", ".lock", ".json", ".html", ".sh", ".scss", ".js", ".css", ".yml", ""}
    found = []
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in texts and path.is_file() and name != "tests/house/test_rules.py":
            found += [name for line in path.read_text(errors="ignore").splitlines() if private.search(line)]
    assert found == []
