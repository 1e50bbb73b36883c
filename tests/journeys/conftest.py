"""The whole stack as `myschool up` starts it, and a browser that walks through it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.walk import Walk

PORTS = ("PORTAL", "GOSUSLUGI", "MAILBOX", "REGISTRY", "PLATFORM", "SMTP")
LOGS = Path(__file__).parents[2] / "build"
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", type=Path, help="folder for pictures of every step, 390 and 1280 px wide")
    parser.addoption("--renew-pictures", action="store_true", help="renew the pictures of the help pages")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker walks the stories that share a stack; a story with a stack of its own goes to whoever is free."""
    for item in items:
        if "tests/journeys" in item.path.as_posix() and isinstance(item, pytest.Function):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(_walked_with(item)))


def _walked_with(item: pytest.Function) -> str:
    if item.path.stem == "test_kills":
        return item.name
    return item.path.stem if hasattr(item.module, "stack") else "journeys"


@dataclass
class Stack:
    """A running «Моя школа»: addresses, the cast, and the process that keeps it all alive."""

    ready: dict[str, Any]
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def __getattr__(self, name: str) -> Any:
        return self.ready[name]

    def command(self, *arguments: str) -> str:
        """What `myschool …` prints, run against this stack."""
        done = subprocess.run(
            [sys.executable, "-m", "myschool.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    def citizen(self, key: str) -> dict[str, Any]:
        return next(person for person in self.ready["cast"] if person["key"] == key)

    def child(self, key: str) -> dict[str, Any]:
        return next(child for child in self.ready["children"] if child["key"] == key)

    def later(self, by: str) -> None:
        """Moves the clock of all its processes: `10m`, `6d`."""
        self.command("clock", "advance", by)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def start_stack(home: Path) -> Stack:
    """Raises AssertionError with the log's end when the stack does not come up within two minutes."""
    ready_file = home.parent / f"{home.name}.ready.json"
    ports = {f"MYSCHOOL_{name}_PORT": str(port) for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)}
    environment = {**os.environ, **ports, "MYSCHOOL_HOME": str(home)}
    ready_file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "myschool.cli", "up", "--ready-file", str(ready_file)],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not ready_file.exists():
        log = home / "log"
        assert process.poll() is None, log.read_text()[-3000:] if log.exists() else "myschool up ended at once"
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.1)
    return Stack(json.loads(ready_file.read_text()), environment, process)


def stop_stack(stack: Stack) -> None:
    stack.process.send_signal(signal.SIGINT)
    stack.process.wait(30)


@contextmanager
def running_stack(name: str) -> Iterator[Stack]:
    """A stack of its own for one story. Its log is left in `build/`."""
    folder = Path(tempfile.mkdtemp(prefix="myschool-journeys-"))
    folder.chmod(0o755)  # as root the database runs under a system user, who must reach the directory
    running = start_stack(folder / "home")
    try:
        yield running
    finally:
        stop_stack(running)
        LOGS.mkdir(exist_ok=True)
        shutil.copy(folder / "home" / "log", LOGS / f"{name}.log")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Shared by the stories in which no day goes by."""
    with running_stack("journeys") as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed after each story: Playwright keeps a loop running in this thread, and other tests here have their own."""
    expect.set_options(timeout=15_000)
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def walk(stack: Stack, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """A person with a fresh browser, 390 px wide, with JavaScript."""
    with Walk.begin(chromium, stack.mailbox, request.config) as walk:
        yield walk


@pytest.fixture
def another(stack: Stack, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """A second person with a browser of his own."""
    with Walk.begin(chromium, stack.mailbox, request.config) as walk:
        yield walk


@pytest.fixture
def plain_walk(stack: Stack, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """A person whose browser runs no JavaScript."""
    with Walk.begin(chromium, stack.mailbox, request.config, javascript=False) as walk:
        yield walk
