"""`myschool up` as tests of commands run it: in a home of its own, on free ports, with every process it left found."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

PORTS = ("PORTAL", "GOSUSLUGI", "MAILBOX", "REGISTRY", "PLATFORM", "SMTP")
PATIENCE = 120.0
STOPS_WITHIN = 60.0
"""Only against waiting for ever: a slow machine is no fault."""


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def eventually(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@dataclass
class Up:
    """One home; `start` and `stop` as often as a test likes.

    `said` is all that was printed; it and the ready file lie `beside` the home.
    """

    home: Path
    more: dict[str, str] = field(default_factory=dict)
    beside: Path | None = None
    ports: dict[str, int] = field(default_factory=lambda: dict(zip(PORTS, free_ports(len(PORTS)), strict=True)))
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if not name.startswith(("MYSCHOOL_", "DATABASE_"))}
        ports = {f"MYSCHOOL_{name}_PORT": str(port) for name, port in self.ports.items()}
        return {**given, **ports, "MYSCHOOL_HOME": str(self.home), **self.more}

    @property
    def output(self) -> Path:
        return (self.beside or self.home.parent) / "output"

    @property
    def ready_file(self) -> Path:
        return (self.beside or self.home.parent) / "ready.json"

    @property
    def said(self) -> str:
        return self.output.read_text()

    def begin(self) -> None:
        """Returns at once."""
        self.ready_file.unlink(missing_ok=True)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "myschool.cli", "up", "--ready-file", str(self.ready_file)],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def start(self) -> dict[str, Any]:
        """The ready file, once everything answers."""
        self.begin()
        assert self.process is not None
        eventually(lambda: self.ready_file.exists() or self.process.poll() is not None, "not ready")
        assert self.process.poll() is None, self.said + self.log()
        content: dict[str, Any] = json.loads(self.ready_file.read_text())
        return content

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """The exit code. Nothing may be left afterwards."""
        assert self.process is not None
        self.process.send_signal(number)
        begun = time.monotonic()
        try:
            code = self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still there: {[(one.name(), one.status()) for one in self.left()]}") from None
        eventually(lambda: self.left() == [], "processes are left", STOPS_WITHIN - (time.monotonic() - begun))
        return code

    def end(self) -> None:
        """Whatever a failing test left goes away."""
        for one in self.left():
            with suppress(psutil.NoSuchProcess):
                one.kill()

    def left(self) -> list[psutil.Process]:
        """All living processes of this home: known by their environment, those of PostgreSQL by where they work."""
        found = []
        for one in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                ours = one.cwd() == str(self.home / "postgres") or one.environ().get("MYSCHOOL_HOME") == str(self.home)
                if ours and one.status() != psutil.STATUS_ZOMBIE:
                    found.append(one)
        return found

    def part(self, name: str) -> psutil.Process:
        """The process of this name below `up`: portal, gosuslugi, sandbox, worker."""
        assert self.process is not None
        return next(one for one in psutil.Process(self.process.pid).children() if one.name() == name)

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0]))

    def log(self) -> str:
        path = self.home / "log"
        return path.read_text()[-4000:] if path.exists() else ""

    def answers(self, part: str, path: str = "/health/ready") -> bool:
        return self.page(part, path) is not None

    def page(self, part: str, path: str) -> str | None:
        """The body of a good answer; None when there is no good one."""
        try:
            url = f"http://localhost:{self.ports[part]}{path}"
            with urllib.request.urlopen(url, timeout=5) as answer:
                body: str = answer.read().decode()
                return body
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "myschool.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
