"""The command `myschool schools`."""

import asyncio
import json
import secrets
from argparse import ArgumentParser
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from sqlalchemy import text

from myschool.kit.db import connect
from myschool.kit.schema import metadata as ground
from myschool.kit.settings import Settings, read
from myschool.portal.schools import commands
from myschool.portal.tables import metadata
from tests.portal.schools.rows import ogrn
from tests.portal.schools.test_importing import HEADER, line


@pytest.fixture
def settings() -> Settings:
    return read({})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "schools.csv"
    path.write_text(HEADER + "".join(line(n, f"Школа № {n}") for n in range(1, 30)))
    return path


def commands_database(postgres_url: str) -> str:
    """A database of its own with the tables of the portal, whose schema has the house's fixed name."""
    name = f"c{secrets.token_hex(6)}"

    async def make() -> str:
        server = await asyncpg.connect(postgres_url)
        await server.execute(f"CREATE DATABASE {name}")
        await server.close()
        parts = urlsplit(postgres_url)
        url = urlunsplit(parts._replace(path=f"/{name}"))
        db = connect(url, "portal", pool_size=1)
        async with db.transaction() as tx:
            await tx.execute(text("CREATE SCHEMA portal"))
            for tables in (ground, metadata):
                await tx.run_sync(tables.create_all)
        await db.close()
        return url

    return asyncio.run(make())


def run(settings: Settings, *words: str) -> int:
    parser = ArgumentParser()
    commands.add(parser)
    return commands.run(parser.parse_args(words), settings)


def test_search_in_files_needs_no_database(settings: Settings, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`search --table` prints what people read: name, address or place, numbers, and why."""
    assert run(settings, "search", "шкла", "7", "тула", "--table", str(table), "--explain") == 0
    printed = capsys.readouterr().out
    assert "1. Школа № 7" in printed
    assert f"ОГРН {ogrn(7)}" in printed
    assert "«шкла» ← школ, one slip, name" in printed


def test_search_answers_programs_too(settings: Settings, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` is an array of schools with their scores."""
    run(settings, "search", "школа 7", "--json", "--most", "1", "--table", str(table))
    (only,) = json.loads(capsys.readouterr().out)
    assert (only["ogrn"], only["full_name"]) == (ogrn(7), "Школа № 7")


def test_an_empty_result_says_what_to_type(settings: Settings, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing found is a sentence with a way on."""
    run(settings, "search", "ъъъ", "--table", str(table))
    assert "населённый пункт" in capsys.readouterr().out


def test_eval_measures_quality_and_lists_misses(
    settings: Settings, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shares by kind, milliseconds and every query whose school was not first."""
    queries = tmp_path / "queries.jsonl"
    lines = [
        {"query": "школа 7 тула", "kind": "plain", "expected": [ogrn(7)]},
        {"query": "школа 8 тула", "kind": "wrong", "expected": [ogrn(9)]},
    ]
    queries.write_text("\n".join(json.dumps(one) for one in lines))
    assert run(settings, "eval", str(queries), "--json", "--table", str(table)) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["schools"] == 29
    assert facts["quality"]["plain"]["R@1"] == 1.0
    assert facts["quality"]["wrong"]["R@1"] == 0.0
    assert facts["quality"]["all"]["R@1"] == 0.5
    assert [miss["query"] for miss in facts["misses"]] == ["школа 8 тула"]
    assert set(facts["ms"]) == {"p50", "p95", "p99"}
    assert run(settings, "eval", str(queries), "--table", str(table)) == 0
    assert "«школа 8 тула»" in capsys.readouterr().out


def test_a_bad_file_of_queries_names_the_line(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be read is said with its line."""
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"query": "а", "kind": "б", "expected": []}\n{"query": 5}\n')
    assert run(settings, "eval", str(queries)) == 1
    assert "line 2" in capsys.readouterr().err


def test_a_damaged_table_is_refused_in_words(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same sentence as for an import."""
    assert run(settings, "search", "а", "--table", str(tmp_path / "none.csv")) == 1
    assert "файл не открывается" in capsys.readouterr().err


def test_a_register_is_imported_and_undone(
    postgres_url: str, tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way by commands over a database: dry run, import, brake, search, undo."""
    database = commands_database(postgres_url)
    given = read({"DATABASE_URL": database, "MYSCHOOL_HOME": str(tmp_path)})
    assert run(given, "import", str(table), "--dry-run") == 0
    assert run(given, "import", str(table)) == 0
    table.write_text(HEADER + "".join(line(n, f"Школа № {n}") for n in range(1, 20)))
    assert run(given, "import", str(table)) == 1
    assert run(given, "search", "школа 25 тула", "--most", "1") == 0
    assert run(given, "undo") == 0
    assert run(given, "undo") == 1
    printed = capsys.readouterr()
    assert "Проверка без изменений. Строк 29: новых 29" in printed.out
    assert "1. Школа № 25" in printed.out
    assert "в файле нет 10 из 29" in printed.err
    assert "Отменять нечего" in printed.err
