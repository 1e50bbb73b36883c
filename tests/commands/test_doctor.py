"""`myschool doctor` as people run it: green on what runs, red with a way on when it does not."""

import json

from tests.commands.conftest import Fresh
from tests.commands.running import Up


def test_a_running_system_is_green(running: Up) -> None:
    """Everything that was just started is in order, and the exit code says so."""
    done = running.command("doctor")
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout
    assert "Всё в порядке" in done.stdout


def test_programs_read_json(running: Up) -> None:
    """One object a line, with the check, what was found, and what to do."""
    lines = [json.loads(line) for line in running.command("doctor", "--json").stdout.splitlines()]
    assert {"ok", "check", "found", "remedy"} == set(lines[0])
    assert all(line["ok"] and not line["remedy"] for line in lines)
    assert "Справочник школ" in {line["check"] for line in lines}


def test_a_moved_clock_is_told(running: Up) -> None:
    """It is no fault, but everybody who looks should know."""
    running.command("clock", "advance", "5d")
    assert "сдвинуты на 5 days" in running.command("doctor").stdout
    running.command("clock", "reset")
    assert "сдвинуты" not in running.command("doctor").stdout


def test_what_does_not_run_is_red_and_stays_as_it_is(fresh: Fresh) -> None:
    """Without a first start there is nothing, and looking makes nothing."""
    up = fresh()
    done = up.command("doctor")
    assert done.returncode == 1
    assert "make run" in done.stdout
    assert "Не в порядке" in done.stderr
    assert not up.home.exists()


def test_a_stopped_system_still_shows_its_data(stopped: Up) -> None:
    """The database is started for the look and stopped after it."""
    done = stopped.command("doctor")
    assert "✓ Журнал: «Моя школа»" in done.stdout
    assert f"http://localhost:{stopped.ports['PORTAL']} не отвечает" in done.stdout
    assert done.returncode == 1
    assert stopped.left() == []
