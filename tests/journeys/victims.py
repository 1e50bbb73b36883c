"""Parts of a running stack that die with kill -9, and a person who tries again until the page is there."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Error

from tests.journeys.conftest import Stack
from tests.journeys.walk import Walk


def part(stack: Stack, name: str) -> psutil.Process:
    """The process of this name among those that `up` watches over: worker, portal, gosuslugi, registry, sandbox."""
    return _found(lambda: [one for one in psutil.Process(stack.process.pid).children() if one.name() == name])[0]


def kill(stack: Stack, name: str) -> None:
    """kill -9; `up` starts it again."""
    part(stack, name).kill()


def kill_web_process(stack: Stack, house: str) -> None:
    """The processes that answer requests; the one that watches over them stays and starts them again."""
    for one in _found(lambda: part(stack, house).children()):
        one.kill()


def kill_database(stack: Stack) -> None:
    """The postmaster; its processes end by themselves."""
    _found(lambda: [psutil.Process(_postmaster(home)) for home in Path(stack.home).rglob("postmaster.pid")])[0].kill()


def _postmaster(file: Path) -> int:
    return int(file.read_text().splitlines()[0])


def _found(look: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """Those that live; what is just being started again is waited for."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(psutil.NoSuchProcess, OSError, IndexError, ValueError):
            if alive := [one for one in look() if one.status() != psutil.STATUS_ZOMBIE]:
                return alive
        time.sleep(0.05)
    raise AssertionError("nobody of that name lives")


def come_back(walk: Walk, url: str, text: str, *, within: float = 180) -> None:
    """As people do when a page does not open: try again until it says so."""
    deadline = time.monotonic() + within
    while True:
        try:
            answer = walk.page.goto(url)
            if answer is not None and answer.ok and text in walk.page.locator("main").inner_text():
                break
        except Error:
            pass
        assert time.monotonic() < deadline, f"{url} never said «{text}»"
        time.sleep(0.3)
    walk.faults.clear()


def one_letter_of_each(walk: Walk, citizen: dict[str, Any], *subjects: str) -> None:
    """All come, in whatever order: what a dead worker had taken comes when its lease is over. None comes twice."""
    for subject in subjects:
        walk.wait_for_message(citizen["email"], subject, within=180)
    for subject in subjects:
        assert sum(subject in message["subject"] for message in walk.messages(citizen["email"])) == 1, subject
