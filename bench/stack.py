"""A whole running stack for a benchmark, and people of the cast who are signed in there.

with Stack.up() as stack: ...
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

PORTS = ("PORTAL", "GOSUSLUGI", "MAILBOX", "REGISTRY", "PLATFORM", "SMTP")


@dataclass
class Stack:
    ready: dict[str, Any]
    process: subprocess.Popen[bytes]
    home: Path
    started_in: float

    @classmethod
    @contextlib.contextmanager
    def up(cls, home: Path | None = None) -> Iterator["Stack"]:
        """Starts `myschool up` on free ports; `home` kept by the caller makes a second start a warm one."""
        folder = home or Path(tempfile.mkdtemp(prefix="bench-")) / "home"
        folder.parent.chmod(0o755)
        ready_file = folder.parent / "ready.json"
        ready_file.unlink(missing_ok=True)
        ports = {f"MYSCHOOL_{name}_PORT": str(_free_port()) for name in PORTS}
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "myschool.cli", "up", "--ready-file", str(ready_file)],
            env={**os.environ, **ports, "MYSCHOOL_HOME": str(folder), "MYSCHOOL_LOG_LEVEL": "warning"},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not ready_file.exists():
            if process.poll() is not None:
                raise RuntimeError("myschool up ended at once")
            time.sleep(0.02)
        try:
            yield cls(json.loads(ready_file.read_text()), process, folder, time.perf_counter() - began)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            if home is None:
                shutil.rmtree(folder.parent, ignore_errors=True)

    def pids(self) -> list[int]:
        """All processes of the stack descend from these; PostgreSQL's too."""
        return [self.process.pid]

    def pss_mb(self) -> float:
        """Memory of all processes, shared pages counted once."""
        total = 0
        for pid in self.pids():
            root = psutil.Process(pid)
            for one in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    total += one.memory_full_info().pss
        return total / 2**20

    def citizen(self, key: str) -> dict[str, Any]:
        return next(one for one in self.ready["cast"] if one["key"] == key)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def csrf_in(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    if found is None:
        raise RuntimeError(f"no form on {page.url}: {page.status_code}")
    return found[1]
