"""What benchmarks share: CPU and memory of the processes under measurement, and one JSON line a scenario.

    with Measured([server.pid, *worker_pids]) as measured:
        with measured.timed():      # as often as there are operations whose latency matters
            ...
    report("agenda", "myschool", ops=20_000, measured=measured)

CPU time is user + system of the given processes and all their descendants, those that ended meanwhile included as far
as they were seen; so operations per CPU-second compare on a busy machine where operations per second do not.
"""

import json
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Self

import psutil

LOOK_EVERY = 0.2


class Measured:
    """Watches process trees for the length of a block. `rss_mb` is the highest sum seen."""

    def __init__(self, pids: Iterable[int], *, with_children: bool = True) -> None:
        self._roots = list(pids)
        self._with_children = with_children
        self._first: dict[tuple[int, float], float] = {}
        self._last: dict[tuple[int, float], float] = {}
        self._done = threading.Event()
        self.latencies: list[float] = []
        self.rss_mb = 0.0
        self.wall_s = 0.0

    def __enter__(self) -> Self:
        self._look(first=True)
        self._begun = time.perf_counter()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_s = time.perf_counter() - self._begun
        self._done.set()
        self._watcher.join()
        self._look()

    @property
    def cpu_s(self) -> float:
        """A process born inside the block counts from its birth."""
        return sum(spent - self._first.get(process, 0.0) for process, spent in self._last.items())

    def also(self, *pids: int) -> None:
        """Watches these too, from now on, with all they have spent since their birth."""
        self._roots.extend(pids)

    @contextmanager
    def timed(self) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.latencies.append(time.perf_counter() - begun)

    def _watch(self) -> None:
        while not self._done.wait(LOOK_EVERY):
            self._look()

    def _look(self, *, first: bool = False) -> None:
        rss = 0
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                key = (process.pid, process.create_time())
                self._last[key] = times.user + times.system
                if first:
                    self._first[key] = self._last[key]
                rss += process.memory_info().rss
        self.rss_mb = max(self.rss_mb, rss / 2**20)

    def _processes(self) -> list[psutil.Process]:
        found: dict[int, psutil.Process] = {}
        for pid in self._roots:
            with suppress(psutil.NoSuchProcess):
                root = psutil.Process(pid)
                found[pid] = root
                if self._with_children:
                    found |= {child.pid: child for child in root.children(recursive=True)}
        return list(found.values())


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank; 0 when there are no values."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0.0


def report(scenario: str, subject: str, *, ops: int, measured: Measured, **more: object) -> None:
    """One JSON line on standard output; `more` adds fields of the scenario."""
    line = {
        "scenario": scenario,
        "subject": subject,
        "ops": ops,
        "cpu_s": round(measured.cpu_s, 3),
        "ops_per_cpu_s": round(ops / measured.cpu_s, 1) if measured.cpu_s else None,
        "p50_ms": round(percentile(measured.latencies, 0.50) * 1000, 3),
        "p99_ms": round(percentile(measured.latencies, 0.99) * 1000, 3),
        "rss_mb": round(measured.rss_mb, 1),
        "wall_s": round(measured.wall_s, 3),
    }
    json.dump(line | more, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()
