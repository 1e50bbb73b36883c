"""Whatever is killed comes back, goes on with the same data, and leaves nothing behind."""

import os
import signal
import smtplib
import time
from email.message import EmailMessage

import psutil
import pytest

from tests.commands.conftest import Fresh
from tests.commands.running import Up, eventually

# Seconds after moving in at which somebody presses Ctrl-C: database, imports, stage, children, ready.
MOMENTS = (0.0, 0.1, 0.3, 0.7, 1.2, 1.8, 2.5, 3.5, 5.0)


def kill(process: psutil.Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


def send_letter(up: Up, subject: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@school.example", "b@pochta.example", subject
    letter.set_content("…")
    with smtplib.SMTP("127.0.0.1", up.ports["SMTP"]) as post:
        post.send_message(letter)


@pytest.mark.parametrize("house", ["portal", "gosuslugi"])
def test_a_killed_web_process_is_replaced(running: Up, house: str) -> None:
    """Granian's supervisor starts another one; the next request is answered."""
    (web,) = running.part(house).children()
    kill(web)
    eventually(lambda: running.answers(house.upper()), "no answer after the web process was killed")
    assert web.pid not in {one.pid for one in running.left()}


@pytest.mark.parametrize("house", ["portal", "gosuslugi"])
def test_a_killed_supervisor_takes_its_web_processes_along(running: Up, house: str) -> None:
    """No orphan goes on answering beside the new one."""
    supervisor = running.part(house)
    family = {supervisor.pid, *(one.pid for one in supervisor.children())}
    kill(supervisor)
    eventually(lambda: house in names(running) and running.answers(house.upper()), "the house did not come back")
    assert family.isdisjoint(one.pid for one in running.left())
    assert f"Процесс {house} упал и запущен снова" in running.said


@pytest.mark.parametrize("part", ["worker", "registry", "sandbox"])
def test_a_killed_part_comes_back(running: Up, part: str) -> None:
    """The worker, the registers and the sandbox are one process each."""
    before = running.part(part)
    kill(before)
    eventually(lambda: part in names(running) and running.part(part).pid != before.pid, f"{part} did not come back")
    eventually(lambda: running.answers("MAILBOX") and running.answers("REGISTRY"), "the sandbox does not answer")


def names(up: Up) -> set[str]:
    assert up.process is not None
    return {one.name() for one in psutil.Process(up.process.pid).children()}


def test_a_killed_database_comes_back_with_everything(running: Up) -> None:
    """What was written before is there after; requests meanwhile are answered or told to come again."""
    send_letter(running, "before the kill")
    postmaster = running.postmaster()
    kill(postmaster)
    assert running.page("PORTAL", "/health/live") == "ok"
    eventually(lambda: running.answers("PORTAL") and running.answers("GOSUSLUGI"), "the database did not come back")
    eventually(lambda: "before the kill" in (running.page("MAILBOX", "/") or ""), "the letter is gone")
    assert "База данных упала" in running.said


def test_killing_up_itself_leaves_nothing(running: Up) -> None:
    """All its processes notice and end; the next start goes on with the same data, at once."""
    send_letter(running, "before the end")
    assert running.process is not None
    running.process.kill()
    running.process.wait(5)
    running.start()
    assert "before the end" in (running.page("MAILBOX", "/") or "")
    of_this_start = {one.pid for one in psutil.Process(running.process.pid).children(recursive=True)}
    assert {one.pid for one in running.left()} <= of_this_start | {running.process.pid}
    assert running.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(stopped: Up, number: signal.Signals) -> None:
    """Ctrl-C, a service manager and a closed terminal are one and the same."""
    stopped.start()
    assert stopped.stop(number) == 0
    assert "Останавливаю" in stopped.said
    assert "Traceback" not in stopped.said


def test_under_nohup_a_closed_terminal_is_survived(stopped: Up) -> None:
    """Whoever asked for that goes home, and it goes on."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stopped.start()
    signal.signal(signal.SIGHUP, before)
    assert stopped.process is not None
    stopped.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert stopped.answers("PORTAL")
    assert stopped.stop() == 0


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_at_any_moment_stops_everything(stopped: Up, moment: float) -> None:
    """During imports, the start of the database, the stage, and the first requests."""
    stopped.begin()
    assert stopped.process is not None
    eventually(lambda: (stopped.home / "lock").read_text() != "", "did not move in")
    time.sleep(moment)
    assert stopped.stop() == 0
    assert "Traceback" not in stopped.said


def test_a_first_start_that_was_interrupted_is_begun_anew(fresh: Fresh) -> None:
    """A database that was half made is never taken for one."""
    up = fresh()
    up.begin()
    eventually(lambda: any(up.home.glob("postgres*")), "the database was not begun")
    up.stop()
    up.start()
    assert up.stop() == 0
